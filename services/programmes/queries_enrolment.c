#include "common/service/pages.h"
#include "proto/roles.h"
#include "services/programmes/programmes_state.h"
#include "services/shared/reach.h"

/* Runs, enrolments and wishes, page by page. A page looks at no more keys than it may hold rows: what is out of
 * reach is left out, and `next` says that there is more. */

/* ── runs ─────────────────────────────────────────────────────────────────── */

/* Of one programme, or of all. */
static enum verdict pages_of_programme(struct ctx *ctx, const struct runs_of *of, table_t table, struct pages *pages)
{
    struct key prefix = { 0 };

    if (!uuid_is_nil(&of->programme))
        key_uuid(&prefix, &of->programme);
    return pages_open(pages, ctx, table, key_bytes(&prefix), of->after, of->limit);
}

enum verdict answer_runs(struct ctx *ctx, const void *query)
{
    struct run_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    if (pages_of_programme(ctx, query, T_RUNS, &pages) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct run_row, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        key_read_u32(&reader);
        struct uuid id = key_read_uuid(&reader);
        if (!pages_take(&pages, key, stored_size(ctx, T_RUN, &id)))
            break;
        list.rows.n += run_get(ctx, &id, &list.rows.at[list.rows.n]);
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── who may see a learner ────────────────────────────────────────────────── */

/* Who has the person in reach, and those who teach him. */
static bool learner_seen(struct ctx *ctx, const struct uuid *person, const struct uuid *chain, uint32_t n, const struct uuid *provider)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct workplace unit;

    if (reach_seen(ctx, scope, enrolment_scope(person, chain, n, scope)))
        return true;
    return (ctx->who->role == ROLE_INSTITUTE || ctx->who->role == ROLE_CENTRE) && places_unit(ctx, provider, &unit)
        && may_reach(ctx, unit.chain.at, unit.chain.n);
}

static bool enrolment_seen(struct ctx *ctx, const struct enrolment *of)
{
    return learner_seen(ctx, &of->person, of->chain.at, of->chain.n, &of->provider);
}

enum verdict answer_enrolment(struct ctx *ctx, const void *query)
{
    struct enrolment_row row;

    if (!enrolment_get(ctx, &((const struct id *)query)->id, &row))
        return refuse(ctx, PROBLEM_NOT_FOUND, "enrolment_unknown");
    if (!enrolment_seen(ctx, row.enrolment))
        return REFUSE_REACH(ctx);
    reply(ctx, &row);
    return VERDICT_OK;
}

enum verdict answer_enrolments(struct ctx *ctx, const void *query)
{
    const struct enrolments_of *of = query;
    bool person = !uuid_is_nil(&of->person);
    struct uuid ids[PLACES_SAME_MAX] = { of->run };
    struct enrolment_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    if (person == !uuid_is_nil(&of->run))
        return refuse(ctx, PROBLEM_INVALID, "person_or_run");
    if (pages_open_ids(&pages, ctx, T_LEARNING, ids, person ? places_same_one(ctx, &of->person, ids) : 1, of->after, of->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct enrolment_row, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct enrolment_row *row = &list.rows.at[list.rows.n];
        struct uuid id;
        if (!programme_id_of(value, &id))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_ENROLMENTS, &id)))
            break;
        list.rows.n += enrolment_get(ctx, &id, row) && enrolment_seen(ctx, row->enrolment);
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── who waits ────────────────────────────────────────────────────────────── */

enum verdict answer_wishes(struct ctx *ctx, const void *query)
{
    struct wish_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    if (pages_of_programme(ctx, query, T_WAITING, &pages) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct wish, pages.limit);
    while (pages_next(&pages, &key, &value) && pages_take(&pages, key, value.n)) {
        struct wish *wish = &list.rows.at[list.rows.n];
        struct key_reader reader = key_read(key);
        struct uuid programme_id = key_read_uuid(&reader);
        struct programme programme;
        list.rows.n += wish_get(ctx, &programme_id, key_read_u64(&reader), wish) && programme_get(ctx, &programme_id, &programme)
                    && learner_seen(ctx, &wish->person, wish->chain.at, wish->chain.n, &programme.provider);
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}
