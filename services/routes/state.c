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

struct drafted { uint64_t number; struct uuid route; };

/* Puts the latest of an id in among those of others, in the order of drafting: at most `max` stay, the latest. */
static uint32_t drafted_under(struct ctx *ctx, const struct uuid *id, struct drafted *latest, uint32_t n, uint32_t max)
{
    struct key prefix = key_of_uuid(id);
    struct bytes key, value;
    struct scan scan;
    scan_begin(&scan, ctx->txn, T_ROUTE_UNDER, key_bytes(&prefix));
    scan_backwards(&scan);
    while (scan_next(&scan, &key, &value)) {
        struct key_reader at = key_read(key), is = key_read(value);
        key_read_uuid(&at);
        struct drafted one = { key_read_u64(&at), key_read_uuid(&is) };
        if (n == max && one.number < latest[0].number)
            break;
        if (n == max)
            memmove(latest, latest + 1, --n * sizeof *latest);
        uint32_t place = n++;
        for (; place > 0 && latest[place - 1].number > one.number; place--)
            latest[place] = latest[place - 1];
        latest[place] = one;
    }
    scan_end(&scan);
    return n;
}

uint32_t routes_of_person(struct ctx *ctx, const struct uuid *person, struct route *routes, uint32_t max)
{
    struct drafted *latest = ARENA_LIST(ctx->arena, struct drafted, max);
    struct uuid ids[PLACES_SAME_MAX];
    uint32_t same = places_same_one(ctx, person, ids), n = 0, taken = 0;
    for (uint32_t i = 0; i < same; i++)
        n = drafted_under(ctx, &ids[i], latest, n, max);
    for (uint32_t i = 0; i < n; i++)
        taken += route_find(ctx, &latest[i].route, &routes[taken]);
    return taken;
}

static struct key support_key(const struct uuid *person, day_t day, const char *form)
{
    struct key key = key_of_uuid(person);
    key_u32(&key, day);
    key_text(&key, form);
    return key;
}

bool support_find_of_one(struct ctx *ctx, const struct uuid *person, day_t day, const char *form, struct uuid *id)
{
    struct uuid ids[PLACES_SAME_MAX];
    for (uint32_t i = places_same_one(ctx, person, ids); i > 0; i--)
        if (support_find(ctx, &ids[i - 1], day, form, id))
            return true;
    return false;
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
