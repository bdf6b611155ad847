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

static void list_under(struct ctx *ctx, const struct uuid *id, uint64_t number, const struct uuid *route)
{
    struct key key = key_of_uuid(id);
    key_u64(&key, number);
    txn_put(ctx->txn, T_ROUTE_UNDER, key_bytes(&key), bytes(route->b, sizeof route->b));
}

/* By the number of the entry, so that each list only grows at its end. */
void route_list_put(struct ctx *ctx, const struct route_drafted *draft, uint64_t number)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    uint32_t n = route_scope(draft, scope);
    list_under(ctx, &UUID_NIL, number, &draft->route);
    for (uint32_t i = 0; i < n; i++)
        list_under(ctx, &scope[i], number, &draft->route);
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
