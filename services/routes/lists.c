#include "common/service/pages.h"
#include "services/routes/routes.h"
#include "services/shared/reach.h"

/* Pages over the lists that list_put() keeps: what is within reach, each row once. */

/* The lists that make up an answer, one after the other: one for all, or one for each id in reach; of a person, under all his ids. */
struct lists { uint32_t n; struct uuid at[ENTRY_SCOPES_MAX > PLACES_SAME_MAX ? ENTRY_SCOPES_MAX : PLACES_SAME_MAX]; };

static struct lists lists_of(struct ctx *ctx, const struct uuid *only)
{
    const struct reach *reach = &ctx->who->reach;
    struct lists lists = { 0 };
    if (!uuid_is_nil(only))
        lists.n = places_same_one(ctx, only, lists.at);
    else if (!uuid_is_nil(&ctx->who->actor))
        lists.n = places_same_one(ctx, &ctx->who->actor, lists.at);
    else if (reach->all)
        lists.at[lists.n++] = UUID_NIL;
    else
        for (uint32_t i = 0; i < reach->n; i++)
            if (!uuid_is_nil(&reach->id[i]))
                lists.at[lists.n++] = reach->id[i];
    return lists;
}

/* Of a school and its municipality in one reach, the first list that has a row gives it. */
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
    const struct list_wish *wish;
    uint32_t n;
    size_t bytes;
    struct place_in_lists at;
    bool full;
    uint32_t hidden;                    /* rows of somebody else's reach */
};
struct numbered { uint64_t number; struct uuid id; };

/* Rows are read when the walk is over: one more than there is room for says that there is more. */
static uint32_t walk(struct ctx *ctx, table_t table, const struct uuid *list, uint64_t after, uint32_t most, struct numbered *found)
{
    struct key prefix = key_of_uuid(list), from = prefix;
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0;
    key_u64(&from, after + 1);
    scan_begin(&scan, ctx->txn, table, key_bytes(&prefix));
    scan_from(&scan, key_bytes(&from));
    while (n < most && scan_next(&scan, &key, &value)) {
        struct key_reader at = key_read(key), id = key_read(value);
        key_read_uuid(&at);
        found[n].number = key_read_u64(&at);
        found[n++].id = key_read_uuid(&id);
    }
    scan_end(&scan);
    return n;
}

static void fill_row(struct ctx *ctx, const struct lists *lists, const struct uuid *id, struct filling *filling)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    size_t size = 0;
    uint32_t n = filling->wish->row(ctx, id, filling->n, filling->wish->arg, scope, &size);
    if (n == 0)
        return;
    filling->full = filling->n > 0 && filling->bytes + size > PAGE_BYTES;
    if (filling->full)
        return;
    if (!reach_one(ctx, scope, n)) {
        filling->hidden++;
    } else if (!given_before(lists, filling->at.list, scope, n)) {
        filling->bytes += size;
        filling->n++;
    }
}

static void fill(struct ctx *ctx, const struct lists *lists, struct filling *filling)
{
    uint32_t room = filling->wish->limit - filling->n;
    struct numbered *found = ARENA_LIST(ctx->arena, struct numbered, room + 1);
    uint32_t n = walk(ctx, filling->wish->table, &lists->at[filling->at.list], filling->at.number, room + 1, found);
    for (uint32_t i = 0; i < n; i++) {
        if (i == room)
            filling->full = true;
        else
            fill_row(ctx, lists, &found[i].id, filling);
        if (filling->full)
            return;
        filling->at.number = found[i].number;
    }
}

enum verdict list_page(struct ctx *ctx, const struct list_wish *wish, uint32_t *n, struct bytes *next)
{
    struct lists lists = lists_of(ctx, &wish->only);
    struct filling filling = { .wish = wish, .at = place_read(wish->after, &lists) };
    if (ctx->who->role == ROLE_CONSOLE && uuid_is_nil(&ctx->who->actor))
        return REFUSE_REACH(ctx);
    while (filling.at.list < lists.n) {
        fill(ctx, &lists, &filling);
        if (filling.full)
            break;
        filling.at = (struct place_in_lists){ (uint8_t)(filling.at.list + 1), 0 };
    }
    if (filling.n == 0 && filling.hidden > 0 && !uuid_is_nil(&wish->only))
        return REFUSE_REACH(ctx);
    *n = filling.n;
    *next = filling.full ? place_write(ctx->arena, &lists, filling.at) : bytes(NULL, 0);
    return VERDICT_OK;
}
