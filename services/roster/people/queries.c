#include "services/roster/people/filter.h"

#include "common/core/text.h"
#include "common/service/pages.h"
#include "proto/roster_privacy.h"
#include "services/roster/merge/one.h"
#include "services/roster/units/totals.h"

/* ── finding by code ──────────────────────────────────────────────────────── */

/* A person out of reach is as one who is not there: whether somebody exists is personal data too. */
enum verdict query_person_find(struct ctx *ctx, const void *query)
{
    const struct codes *codes = query;
    struct found found = { .ids = { codes->codes.n, ARENA_LIST(ctx->arena, struct uuid, codes->codes.n) } };
    struct person_state state;

    for (uint32_t i = 0; i < codes->codes.n; i++) {
        struct hash hash = match_code(ctx, text_nfc(ctx->arena, codes->codes.at[i]));
        struct uuid id;
        if (state_match(ctx, T_MATCH_CODES, hash.b, &id) && state_person(ctx, &id, &state) &&
            person_reached(ctx, &id, &state))
            found.ids.at[i] = id;
    }
    reply(ctx, &found);
    return VERDICT_OK;
}

enum verdict query_organisation_find(struct ctx *ctx, const void *query)
{
    const struct codes *codes = query;
    struct found found = { .ids = { codes->codes.n, ARENA_LIST(ctx->arena, struct uuid, codes->codes.n) } };

    for (uint32_t i = 0; i < codes->codes.n; i++) {
        const char *code = text_nfc(ctx->arena, codes->codes.at[i]);
        if (strlen(code) <= KEY_TEXT_MAX)
            state_organisation_code(ctx, code, &found.ids.at[i]);
    }
    reply(ctx, &found);
    return VERDICT_OK;
}

/* ── lists ────────────────────────────────────────────────────────────────── */

static size_t post_bytes(const struct post_opened *post)
{
    return 200 + 18 * post->chain.n + strlen(post->title) + (post->subject != NULL ? strlen(post->subject) : 0);
}

enum verdict query_worker_list(struct ctx *ctx, const void *query)
{
    const struct workers_of *asked = query;
    day_t on = asked->on != 0 ? asked->on : ctx->today;
    struct worker_filter wanted = FILTER_OF(asked);
    struct key prefix = key_of_uuid(&asked->unit);
    struct worker_list list = { 0 };
    struct filter filter;
    struct bytes key, value;
    struct unit_post row;
    struct pages pages;
    enum verdict verdict;

    if ((verdict = unit_at_hand(ctx, &asked->unit, NULL)) != VERDICT_OK ||
        (verdict = filter_read(ctx, &wanted, on, &filter)) != VERDICT_OK)
        return verdict;
    if (pages_open(&pages, ctx, T_UNIT_POSTS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct post_opened, pages.limit);
    while (pages_next(&pages, &key, &value) && state_unit_post(ctx, key, value, &row)) {
        struct post_opened post;
        bool fits = filter_brief(&filter, &row.brief) && filter_person(ctx, &filter, &row.person) && state_post(ctx, &row.post, &post) && filter_post(ctx, &filter, &post);
        if (!fits && pages_pass(&pages, key))
            continue;
        if (!fits || !pages_take(&pages, key, post_bytes(&post)))
            break;
        list.rows.at[list.rows.n++] = post;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* All posts of one person, those that have ended too, in the order of their ids. */
enum verdict query_post_of(struct ctx *ctx, const void *query)
{
    const struct person_of *asked = query;
    struct worker_list list = { .rows.at = ARENA_LIST(ctx->arena, struct post_opened, POSTS_MAX) };
    struct uuid person = person_now(ctx, &asked->person);
    struct person_state state;

    if (!state_person(ctx, &asked->person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, &asked->person, &state))
        return REFUSE_REACH(ctx);
    uint32_t n = state_posts_of(ctx, &person, list.rows.at, POSTS_MAX);
    for (uint32_t i = 0; i < n; i++)
        if (!post_empty(&list.rows.at[i]))
            list.rows.at[list.rows.n++] = list.rows.at[i];
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── counting ─────────────────────────────────────────────────────────────── */

struct counting { struct ctx *ctx; day_t on; struct population_tally tally; struct uuid person; struct buf teams; };

static void person_counted(struct counting *counting)
{
    population_person(&counting->tally, counting->tally.educator && state_young(counting->ctx, &counting->person, counting->on));
}

/* Rows come person by person, so each is counted once without remembering anybody. */
static void post_counted(void *arg, const struct unit_post *row)
{
    struct counting *counting = arg;

    if (!uuid_equal(&row->person, &counting->person)) {
        person_counted(counting);
        counting->person = row->person;
    }
    population_post(&counting->tally, row->brief.kind);
    if (post_in_team(row->brief.kind))
        buf_put(&counting->teams, row->brief.organisation.b, sizeof row->brief.organisation.b);
}

enum verdict query_population_count(struct ctx *ctx, const void *query)
{
    const struct population_in *asked = query;
    struct counting counting = { .ctx = ctx, .on = asked->on };
    enum verdict verdict;

    if ((verdict = unit_at_hand(ctx, &asked->unit, NULL)) != VERDICT_OK)
        return verdict;
    struct total total = total_of(ctx, &asked->unit, asked->on, asked->as, asked->tree);
    total_posts(&total, post_counted, &counting);
    person_counted(&counting);
    counting.tally.sum.teams = total_distinct(&counting.teams);
    buf_free(&counting.teams);
    reply(ctx, &counting.tally.sum);
    return VERDICT_OK;
}

enum verdict query_team_get(struct ctx *ctx, const void *query)
{
    const struct population_of *asked = query;
    struct key prefix = key_of_uuid(&asked->unit);
    struct team team = { .members = { 0, ARENA_LIST(ctx->arena, struct post_opened, POSTS_MAX) } };
    struct bytes key, value;
    struct unit_post row;
    struct scan scan;
    enum verdict verdict;

    if ((verdict = unit_at_hand(ctx, &asked->unit, NULL)) != VERDICT_OK)
        return verdict;
    scan_begin(&scan, ctx->txn, T_UNIT_POSTS, key_bytes(&prefix));
    while (team.members.n < POSTS_MAX && scan_next(&scan, &key, &value) && state_unit_post(ctx, key, value, &row))
        if (post_in_team(row.brief.kind) && uuid_equal(&row.brief.organisation, &asked->unit) &&
            post_held(row.brief.from, row.brief.until, asked->on))
            team.members.n += state_post(ctx, &row.post, &team.members.at[team.members.n]);
    scan_end(&scan);
    reply(ctx, &team);
    return VERDICT_OK;
}
