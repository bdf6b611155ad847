#include "services/node/node.h"

/* The read copies, as they were brought down: pages by identifier. */

#define PAGE_ROWS  100
#define PAGE_BYTES (180 * 1024)

struct walk { struct uuid *ids; uint32_t n; bool more; };

/* The ids of a table after `after`, one more than a page when there is more. */
static struct walk walk_of(struct ctx *ctx, table_t table, const struct page *page)
{
    uint32_t limit = page->limit == 0 ? PAGE_ROWS : (uint32_t)page->limit;
    struct walk walk = { .ids = ARENA_LIST(ctx->arena, struct uuid, limit) };
    struct bytes key, value;
    struct scan scan;

    scan_begin(&scan, ctx->txn, table, bytes(NULL, 0));
    if (page->after.n > 0)
        scan_after(&scan, page->after);
    while (!walk.more && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        if (walk.n == limit)
            walk.more = true;
        else
            walk.ids[walk.n++] = key_read_uuid(&reader);
    }
    scan_end(&scan);
    return walk;
}

static struct bytes next_of(struct ctx *ctx, const struct walk *walk, uint32_t done)
{
    if (done == 0 || (done == walk->n && !walk->more))
        return bytes(NULL, 0);
    return arena_bytes(ctx->arena, bytes(walk->ids[done - 1].b, sizeof walk->ids[done - 1].b));
}

static size_t stored_size(struct ctx *ctx, table_t table, const struct uuid *id)
{
    struct key key = key_of_uuid(id);
    struct bytes value = { 0 };
    return txn_get(ctx->txn, table, key_bytes(&key), &value) ? value.n : 0;
}

enum verdict query_persons(struct ctx *ctx, const void *query)
{
    struct walk walk = walk_of(ctx, T_PERSONS, query);
    struct node_persons persons = { .rows.at = ARENA_LIST(ctx->arena, struct node_person, walk.n + 1) };
    uint32_t i = 0;
    size_t used = 0;

    for (; i < walk.n && used < PAGE_BYTES; i++) {
        struct node_person *row = &persons.rows.at[persons.rows.n++];
        row->person = walk.ids[i];
        row->posts.at = ARENA_LIST(ctx->arena, struct post_opened, 64);
        row->posts.n = places_posts(ctx, &walk.ids[i], row->posts.at, 64);
        used += 40 + row->posts.n * 500;
    }
    persons.next = next_of(ctx, &walk, i);
    reply(ctx, &persons);
    return VERDICT_OK;
}

/* In the federal registry by the last change up to the day. */
static bool federal_on(struct ctx *ctx, const struct uuid *programme, day_t day)
{
    struct key prefix = key_of_uuid(programme), from = prefix;
    struct bytes key, value;
    struct scan scan;
    bool in = false;

    key_u32(&from, day);
    scan_begin(&scan, ctx->txn, T_FEDERAL, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        if (key_read_u32(&reader) > day)
            break;
        in = value.n == 1 && *(const uint8_t *)value.at == 1;
    }
    scan_end(&scan);
    return in;
}

enum verdict query_programmes(struct ctx *ctx, const void *query)
{
    struct walk walk = walk_of(ctx, T_PROGRAMMES, query);
    struct node_programmes programmes = { .rows.at = ARENA_LIST(ctx->arena, struct node_programme, walk.n + 1) };
    uint32_t i = 0;
    size_t used = 0;

    for (; i < walk.n && used < PAGE_BYTES; i++) {
        struct key key = key_of_uuid(&walk.ids[i]);
        struct programme *programme = ARENA_NEW(ctx->arena, struct programme);
        if (!txn_get_msg(ctx->txn, T_PROGRAMMES, key_bytes(&key), &programme_desc, ctx->arena, programme))
            continue;
        programmes.rows.at[programmes.rows.n++] = (struct node_programme){ programme, federal_on(ctx, &programme->id, ctx->today) };
        used += 40 + stored_size(ctx, T_PROGRAMMES, &walk.ids[i]);
    }
    programmes.next = next_of(ctx, &walk, i);
    reply(ctx, &programmes);
    return VERDICT_OK;
}

static bool person_here(struct ctx *ctx, const struct uuid *person)
{
    struct key key = key_of_uuid(person);
    struct bytes value;
    return txn_get(ctx->txn, T_PERSONS, key_bytes(&key), &value);
}

enum verdict query_routes(struct ctx *ctx, const void *query)
{
    struct walk walk = walk_of(ctx, T_ROUTES, query);
    struct route_list routes = { .rows.at = ARENA_LIST(ctx->arena, struct route, walk.n + 1) };
    uint32_t i = 0;
    size_t used = 0;

    for (; i < walk.n && used < PAGE_BYTES; i++) {
        struct key key = key_of_uuid(&walk.ids[i]);
        struct route *route = &routes.rows.at[routes.rows.n];
        if (!txn_get_msg(ctx->txn, T_ROUTES, key_bytes(&key), &route_desc, ctx->arena, route) ||
            !person_here(ctx, &route->draft->person))
            continue;
        routes.rows.n++;
        used += stored_size(ctx, T_ROUTES, &walk.ids[i]);
    }
    routes.next = next_of(ctx, &walk, i);
    reply(ctx, &routes);
    return VERDICT_OK;
}
