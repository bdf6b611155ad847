#include <stdlib.h>
#include "common/service/pages.h"
#include "services/diagnostics/diagnostics.h"
#include "services/shared/reach.h"

enum verdict answer_framework_get(struct ctx *ctx, const void *query)
{
    struct framework framework;
    if (!framework_find(ctx, &((const struct id *)query)->id, &framework))
        return refuse(ctx, PROBLEM_NOT_FOUND, "framework_unknown");
    reply(ctx, &framework);
    return VERDICT_OK;
}

enum verdict answer_instrument_get(struct ctx *ctx, const void *query)
{
    struct instrument instrument;
    if (!instrument_find(ctx, &((const struct id *)query)->id, &instrument))
        return refuse(ctx, PROBLEM_NOT_FOUND, "instrument_unknown");
    for (uint32_t i = 0; i < instrument.tasks.n && ctx->who->role != ROLE_CENTRE; i++)
        instrument.tasks.at[i].key.n = 0;
    reply(ctx, &instrument);
    return VERDICT_OK;
}

enum verdict answer_procedure_get(struct ctx *ctx, const void *query)
{
    struct procedure procedure;
    if (!procedure_find(ctx, &((const struct id *)query)->id, &procedure))
        return refuse(ctx, PROBLEM_NOT_FOUND, "procedure_unknown");
    reply(ctx, &procedure);
    return VERDICT_OK;
}

enum verdict answer_procedure_list(struct ctx *ctx, const void *query)
{
    const struct page *page = query;
    struct procedure_list list = { 0 };
    struct bytes key, value;
    struct pages pages;
    pages_begin(&pages, ctx, T_PROCEDURE, bytes(NULL, 0), page->after, page->limit);
    list.rows.at = ARENA_LIST(ctx->arena, struct procedure, pages.limit);
    while (pages_next(&pages, &key, &value) && pages_take(&pages, key, value.n)) {
        struct key_reader reader = key_read(key);
        struct uuid id = key_read_uuid(&reader);
        list.rows.n += procedure_find(ctx, &id, &list.rows.at[list.rows.n]);
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* Also how a sitting is gone on with on another machine: the answers saved so far come back (D4). */
enum verdict answer_sitting_get(struct ctx *ctx, const void *query)
{
    const struct uuid *id = &((const struct sitting_id *)query)->sitting;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct sitting_scored scored;
    struct sitting_row row;
    if (!sitting_find(ctx, id, &row))
        return refuse(ctx, PROBLEM_NOT_FOUND, "sitting_unknown");
    if (!reach_seen(ctx, scope, sitting_scope(&row, scope)))
        return REFUSE_REACH(ctx);
    struct answer_list answers = answers_of(ctx, id);
    struct sitting sitting = {
        .sitting = *id, .procedure = row.procedure, .person = row.person,
        .chain = { row.chain.n, row.chain.at }, .state = row.state, .day = row.day, .until = row.until,
        .answers = { answers.n, answers.at },
    };
    if (score_find(ctx, id, &scored)) {
        sitting.shares.n = scored.shares.n;
        sitting.shares.at = scored.shares.at;
    }
    reply(ctx, &sitting);
    return VERDICT_OK;
}

/* ── deficits of a unit in a year ─────────────────────────────────────────── */

static int most_frequent_first(const void *left, const void *right)
{
    const struct deficit_count *a = left, *b = right;
    if (a->persons != b->persons)
        return a->persons > b->persons ? -1 : 1;
    return strcmp(a->competency, b->competency);
}

static void count_rows(struct ctx *ctx, const struct unit_year *of, struct deficit_summary *summary)
{
    struct key prefix = key_of_uuid(&of->unit);
    struct bytes key, value;
    struct scan scan;
    key_u32(&prefix, (uint32_t)of->year);
    scan_begin(&scan, ctx->txn, T_COUNT, key_bytes(&prefix));
    while (summary->rows.n < DEFICITS_OF_REGION_MAX && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key), count = key_read(value);
        key_read_uuid(&reader);
        key_read_u32(&reader);
        const char *competency = key_read_text(&reader);
        if (competency[0] == '\0')
            summary->persons = key_read_u64(&count);
        else
            summary->rows.at[summary->rows.n++] = (struct deficit_count){
                .competency = arena_string(ctx->arena, competency, strlen(competency)),
                .persons = key_read_u64(&count) };
    }
    scan_end(&scan);
}

static void not_twice(void *arg, const char *competency)
{
    struct deficit_summary *summary = arg;
    if (competency[0] == '\0' && summary->persons > 0)
        summary->persons--;
    for (uint32_t i = 0; i < summary->rows.n; i++)
        if (strcmp(summary->rows.at[i].competency, competency) == 0)
            summary->rows.at[i].persons--;
}

enum verdict answer_deficit_summary(struct ctx *ctx, const void *query)
{
    const struct unit_year *of = query;
    struct deficit_summary summary = { .rows.at = ARENA_LIST(ctx->arena, struct deficit_count, DEFICITS_OF_REGION_MAX) };
    struct competency_row row;
    struct workplace unit;
    if (!places_unit(ctx, &of->unit, &unit))
        return refuse(ctx, PROBLEM_NOT_FOUND, "organisation_unknown");
    if (!reach_seen(ctx, unit.chain.at, unit.chain.n))
        return REFUSE_REACH(ctx);
    count_rows(ctx, of, &summary);
    count_doubles(ctx, &of->unit, (uint32_t)of->year, not_twice, &summary);
    for (uint32_t i = 0; i < summary.rows.n; i++)
        if (competency_find(ctx, summary.rows.at[i].competency, &row))
            summary.rows.at[i].title = row.title;
    qsort(summary.rows.at, summary.rows.n, sizeof *summary.rows.at, most_frequent_first);
    reply(ctx, &summary);
    return VERDICT_OK;
}
