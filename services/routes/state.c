#include "services/routes/routes.h"

int routes_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400])
{
    struct routes_config *own = ARENA_NEW(arena, struct routes_config);
    int err = profile_read(file, arena, &own->profile, &own->zone_minutes, says);
    if (err == ERR_OK) {
        *zone_minutes = own->zone_minutes;
        *config = own;
    }
    return err;
}

bool route_find(struct ctx *ctx, const struct uuid *id, struct route *route)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_ROUTE, key_bytes(&key), &route_desc, ctx->arena, route);
}

void route_put(struct ctx *ctx, const struct route *route)
{
    struct key key = key_of_uuid(&route->draft->route);
    txn_put_msg(ctx->txn, T_ROUTE, key_bytes(&key), &route_desc, route);
}

uint32_t route_scope(const struct route_drafted *draft, struct uuid scope[ENTRY_SCOPES_MAX])
{
    struct workplace place = { .chain = { draft->chain.n, draft->chain.at } };
    return places_scope(&draft->person, &place, scope);
}

static void list_under(struct ctx *ctx, table_t table, const struct uuid *list, uint64_t number, const struct uuid *id)
{
    struct key key = key_of_uuid(list);
    key_u64(&key, number);
    txn_put(ctx->txn, table, key_bytes(&key), bytes(id->b, sizeof id->b));
}

void list_put(struct ctx *ctx, table_t table, const struct uuid *scope, uint32_t n, uint64_t number, const struct uuid *id)
{
    list_under(ctx, table, &UUID_NIL, number, id);
    for (uint32_t i = 0; i < n; i++)
        list_under(ctx, table, &scope[i], number, id);
}

uint32_t routes_of_person(struct ctx *ctx, const struct uuid *person, struct route *routes, uint32_t max)
{
    struct key prefix = key_of_uuid(person);
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, max);
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0, taken = 0;
    scan_begin(&scan, ctx->txn, T_ROUTE_UNDER, key_bytes(&prefix));
    scan_backwards(&scan);
    while (n < max && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(value);
        ids[n++] = key_read_uuid(&reader);
    }
    scan_end(&scan);
    while (n > 0)
        taken += route_find(ctx, &ids[--n], &routes[taken]);
    return taken;
}

static struct key support_key(const struct uuid *person, day_t day, const char *form)
{
    struct key key = key_of_uuid(person);
    key_u32(&key, day);
    key_text(&key, form);
    return key;
}

bool support_find(struct ctx *ctx, const struct uuid *person, day_t day, const char *form, struct uuid *id)
{
    struct key key = support_key(person, day, form);
    struct bytes value;
    if (!txn_get(ctx->txn, T_SUPPORT, key_bytes(&key), &value))
        return false;
    struct key_reader reader = key_read(value);
    *id = key_read_uuid(&reader);
    return true;
}

void support_put(struct ctx *ctx, const struct support *support)
{
    struct key key = support_key(&support->person, support->day, support->form);
    txn_put(ctx->txn, T_SUPPORT, key_bytes(&key), bytes(support->support.b, sizeof support->support.b));
}
