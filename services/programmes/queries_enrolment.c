#include "proto/roles.h"
#include "services/programmes/programmes_state.h"
#include "services/shared/reach.h"

/* Runs, enrolments and wishes, page by page. A page looks at no more keys than it may hold rows: what is out of
 * reach is left out, and `next` says that there is more. */

/* ── pages ────────────────────────────────────────────────────────────────── */

/* What was found of one table: keys' tails are the caller's; the walk is over before a row is read. */
struct found_key { struct bytes key, value; };
struct walk { struct found_key *at; uint32_t n, limit; bool more; };

static struct walk walk(struct ctx *ctx, table_t table, struct bytes prefix, struct bytes after, uint64_t limit)
{
    struct walk w = { .limit = limit == 0 ? PAGE_ROWS : (uint32_t)limit };
    struct bytes key, value;
    struct scan scan;

    w.at = ARENA_LIST(ctx->arena, struct found_key, w.limit);
    scan_begin(&scan, ctx->txn, table, prefix);
    if (after.n != 0)
        scan_after(&scan, after);
    while (!w.more && scan_next(&scan, &key, &value)) {
        w.more = w.n == w.limit;
        if (!w.more)
            w.at[w.n++] = (struct found_key){ arena_bytes(ctx->arena, key), arena_bytes(ctx->arena, value) };
    }
    scan_end(&scan);
    return w;
}

/* `next` of the page after row i was the last one looked at; none where that was all. */
static struct bytes next_of(const struct walk *w, uint32_t looked)
{
    return looked > 0 && (looked < w->n || w->more) ? w->at[looked - 1].key : bytes(NULL, 0);
}

/* Takes the row's stored size into account; false: the page is full without it. */
static bool fits(size_t *taken, size_t size, uint32_t rows)
{
    if (rows > 0 && *taken + size > PAGE_BYTES)
        return false;
    *taken += size;
    return true;
}

static size_t stored_size(struct ctx *ctx, table_t table, const struct uuid *id)
{
    struct key key = key_of_uuid(id);
    struct bytes stored;
    return txn_get(ctx->txn, table, key_bytes(&key), &stored) ? stored.n : 0;
}

/* A page goes on below the prefix that it was begun with. */
static bool page_fits(struct bytes prefix, struct bytes after)
{
    return after.n == 0 || (after.n > prefix.n && memcmp(after.at, prefix.at, prefix.n) == 0);
}
#define REFUSE_PAGE(ctx) refuse_field((ctx), "page_unknown", "after", "range")

/* ── runs ─────────────────────────────────────────────────────────────────── */

enum verdict answer_runs(struct ctx *ctx, const void *query)
{
    const struct runs_of *of = query;
    struct key prefix = { 0 };
    size_t taken = 0;
    uint32_t i = 0;

    if (!uuid_is_nil(&of->programme))
        key_uuid(&prefix, &of->programme);
    if (of->after.n != 0 && !page_fits(key_bytes(&prefix), of->after))
        return REFUSE_PAGE(ctx);
    struct walk w = walk(ctx, T_RUNS, key_bytes(&prefix), of->after, of->limit);
    struct run_list list = { .rows.at = ARENA_LIST(ctx->arena, struct run_row, w.limit) };
    for (; i < w.n; i++) {
        struct key_reader reader = key_read(w.at[i].key);
        key_read_uuid(&reader);
        key_read_u32(&reader);
        struct uuid id = key_read_uuid(&reader);
        if (!fits(&taken, stored_size(ctx, T_RUN, &id), list.rows.n))
            break;
        list.rows.n += run_get(ctx, &id, &list.rows.at[list.rows.n]);
    }
    list.next = next_of(&w, i);
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
    struct key prefix = key_of_uuid(person ? &of->person : &of->run);
    size_t taken = 0;
    uint32_t i = 0;

    if (person == !uuid_is_nil(&of->run))
        return refuse(ctx, PROBLEM_INVALID, "person_or_run");
    if (!page_fits(key_bytes(&prefix), of->after))
        return REFUSE_PAGE(ctx);
    struct walk w = walk(ctx, T_LEARNING, key_bytes(&prefix), of->after, of->limit);
    struct enrolment_list list = { .rows.at = ARENA_LIST(ctx->arena, struct enrolment_row, w.limit) };
    for (; i < w.n; i++) {
        struct enrolment_row *row = &list.rows.at[list.rows.n];
        struct uuid id;
        if (!programme_id_of(w.at[i].value, &id))
            continue;
        if (!fits(&taken, stored_size(ctx, T_ENROLMENTS, &id), list.rows.n))
            break;
        list.rows.n += enrolment_get(ctx, &id, row) && enrolment_seen(ctx, row->enrolment);
    }
    list.next = next_of(&w, i);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── who waits ────────────────────────────────────────────────────────────── */

enum verdict answer_wishes(struct ctx *ctx, const void *query)
{
    const struct runs_of *of = query;
    struct key prefix = { 0 };
    size_t taken = 0;
    uint32_t i = 0;

    if (!uuid_is_nil(&of->programme))
        key_uuid(&prefix, &of->programme);
    if (of->after.n != 0 && !page_fits(key_bytes(&prefix), of->after))
        return REFUSE_PAGE(ctx);
    struct walk w = walk(ctx, T_WAITING, key_bytes(&prefix), of->after, of->limit);
    struct wish_list list = { .rows.at = ARENA_LIST(ctx->arena, struct wish, w.limit) };
    for (; i < w.n; i++) {
        struct wish *wish = &list.rows.at[list.rows.n];
        struct key_reader reader = key_read(w.at[i].key);
        struct uuid programme_id = key_read_uuid(&reader);
        struct programme programme;
        if (!fits(&taken, w.at[i].value.n, list.rows.n))
            break;
        list.rows.n += wish_get(ctx, &programme_id, key_read_u64(&reader), wish) && programme_get(ctx, &programme_id, &programme)
                    && learner_seen(ctx, &wish->person, wish->chain.at, wish->chain.n, &programme.provider);
    }
    list.next = next_of(&w, i);
    reply(ctx, &list);
    return VERDICT_OK;
}
