#include "services/routes/routes.h"
#include "services/shared/reach.h"

/* A page has to fit into one frame. */
#define PAGE_ROWS  100
#define PAGE_BYTES (160u * 1024)

enum verdict answer_route_get(struct ctx *ctx, const void *query)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct route route;
    if (!route_find(ctx, &((const struct route_move *)query)->route, &route))
        return refuse(ctx, PROBLEM_NOT_FOUND, "route_unknown");
    if (!reach_seen(ctx, scope, route_scope(route.draft, scope)))
        return REFUSE_REACH(ctx);
    reply(ctx, &route);
    return VERDICT_OK;
}

/* ── lists ────────────────────────────────────────────────────────────────── */

/* The lists that make up an answer, one after the other: one for all, or one for each id in reach. */
struct lists { uint32_t n; struct uuid at[ENTRY_SCOPES_MAX]; };

static struct lists lists_of(const struct ctx *ctx, const struct uuid *person)
{
    const struct reach *reach = &ctx->who->reach;
    struct lists lists = { 0 };
    if (!uuid_is_nil(person))
        lists.at[lists.n++] = *person;
    else if (!uuid_is_nil(&ctx->who->actor))
        lists.at[lists.n++] = ctx->who->actor;
    else if (reach->all)
        lists.at[lists.n++] = UUID_NIL;
    else
        for (uint32_t i = 0; i < reach->n; i++)
            if (!uuid_is_nil(&reach->id[i]))
                lists.at[lists.n++] = reach->id[i];
    return lists;
}

/* Of a school and its municipality in one reach, the first list that has a route gives it. */
static bool given_before(const struct lists *lists, uint32_t now, const struct uuid *scope, uint32_t n)
{
    for (uint32_t i = 0; i < now; i++)
        for (uint32_t k = 0; k < n; k++)
            if (uuid_equal(&lists->at[i], &scope[k]))
                return true;
    return false;
}

/* Where a walk stands: in which list, and after which entry's number. */
struct place_in_lists { uint8_t list; uint64_t number; };

/* `next` is the list's number among the lists, its id, and the number. Reach may have changed since: what
 * does not fit any more begins again. */
static struct place_in_lists place_read(struct bytes after, const struct lists *lists)
{
    struct key_reader reader = key_read(after);
    struct place_in_lists at = { 0, 0 };
    uint8_t list = key_read_u8(&reader);
    struct uuid id = key_read_uuid(&reader);
    uint64_t number = key_read_u64(&reader);
    if (!reader.bad && list < lists->n && uuid_equal(&id, &lists->at[list]))
        at = (struct place_in_lists){ list, number };
    return at;
}

static struct bytes place_write(struct arena *arena, const struct lists *lists, struct place_in_lists at)
{
    struct key key = { 0 };
    key_u8(&key, at.list);
    key_uuid(&key, &lists->at[at.list]);
    key_u64(&key, at.number);
    return arena_bytes(arena, key_bytes(&key));
}

struct filling {
    struct route_list *list;
    uint32_t limit;
    size_t bytes;
    struct place_in_lists at;
    bool full;
    uint32_t hidden;                    /* rows of somebody else's reach */
};
struct numbered { uint64_t number; struct uuid route; };

/* Rows are read when the walk is over: one more than there is room for says that there is more. */
static uint32_t walk(struct ctx *ctx, const struct uuid *list, uint64_t after, uint32_t most, struct numbered *found)
{
    struct key prefix = key_of_uuid(list), from = prefix;
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0;
    key_u64(&from, after + 1);
    scan_begin(&scan, ctx->txn, T_ROUTE_UNDER, key_bytes(&prefix));
    scan_from(&scan, key_bytes(&from));
    while (n < most && scan_next(&scan, &key, &value)) {
        struct key_reader at = key_read(key), route = key_read(value);
        key_read_uuid(&at);
        found[n].number = key_read_u64(&at);
        found[n++].route = key_read_uuid(&route);
    }
    scan_end(&scan);
    return n;
}

static void fill_row(struct ctx *ctx, const struct lists *lists, const struct uuid *id, struct filling *filling)
{
    struct route *route = &filling->list->rows.at[filling->list->rows.n];
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct key key = key_of_uuid(id);
    struct bytes stored;
    if (!txn_get(ctx->txn, T_ROUTE, key_bytes(&key), &stored))
        return;
    size_t size = stored.n;
    filling->full = filling->bytes + size > PAGE_BYTES;
    if (filling->full || !route_find(ctx, id, route))
        return;
    uint32_t n = route_scope(route->draft, scope);
    if (!may_reach(ctx, scope, n)) {
        filling->hidden++;
    } else if (!given_before(lists, filling->at.list, scope, n)) {
        filling->bytes += size;
        filling->list->rows.n++;
    }
}

static void fill(struct ctx *ctx, const struct lists *lists, struct filling *filling)
{
    uint32_t room = filling->limit - filling->list->rows.n;
    struct numbered *found = ARENA_LIST(ctx->arena, struct numbered, room + 1);
    uint32_t n = walk(ctx, &lists->at[filling->at.list], filling->at.number, room + 1, found);
    for (uint32_t i = 0; i < n; i++) {
        if (i == room)
            filling->full = true;
        else
            fill_row(ctx, lists, &found[i].route, filling);
        if (filling->full)
            return;
        filling->at.number = found[i].number;
    }
}

enum verdict answer_route_list(struct ctx *ctx, const void *query)
{
    const struct routes_of *of = query;
    uint32_t limit = of->limit == 0 ? PAGE_ROWS : (uint32_t)of->limit;
    struct lists lists = lists_of(ctx, &of->person);
    struct route_list list = { .rows.at = ARENA_LIST(ctx->arena, struct route, limit) };
    struct filling filling = { .list = &list, .limit = limit, .at = place_read(of->after, &lists) };
    if (ctx->who->role == ROLE_CONSOLE && uuid_is_nil(&ctx->who->actor))
        return REFUSE_REACH(ctx);
    while (filling.at.list < lists.n) {
        fill(ctx, &lists, &filling);
        if (filling.full)
            break;
        filling.at = (struct place_in_lists){ (uint8_t)(filling.at.list + 1), 0 };
    }
    if (list.rows.n == 0 && filling.hidden > 0 && !uuid_is_nil(&of->person))
        return REFUSE_REACH(ctx);
    if (filling.full)
        list.next = place_write(ctx->arena, &lists, filling.at);
    reply(ctx, &list);
    return VERDICT_OK;
}
