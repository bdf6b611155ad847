#include "common/service/pages.h"
#include "services/routes/routes.h"
#include "services/shared/reach.h"

/* What is not in the route's own row: who accompanies the worker, and where each step stands. */
static void fill_route(struct ctx *ctx, struct route *route)
{
    const struct route_drafted *draft = route->draft;
    struct tutor_assigned assigned;
    if (charge_find_of_one(ctx, &draft->person, TUTOR_OF_ROUTES, &assigned))
        route->tutor = assigned.tutor;
    if (charge_find_of_one(ctx, &draft->person, TUTOR_METHODOLOGIST, &assigned))
        route->methodologist = assigned.tutor;
    route->step_states.n = draft->steps.n;
    route->step_states.at = ARENA_LIST(ctx->arena, struct step_now, draft->steps.n + 1);
    steps_read(ctx, draft, route->step_states.at);
}

enum verdict answer_route_get(struct ctx *ctx, const void *query)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct route route;
    if (!route_find(ctx, &((const struct route_move *)query)->route, &route))
        return refuse(ctx, PROBLEM_NOT_FOUND, "route_unknown");
    if (!reach_seen(ctx, scope, route_scope(route.draft, scope)))
        return REFUSE_REACH(ctx);
    fill_route(ctx, &route);
    reply(ctx, &route);
    return VERDICT_OK;
}

/* ── lists ────────────────────────────────────────────────────────────────── */

static uint32_t limit_of(uint64_t asked)
{
    return asked == 0 ? PAGE_ROWS : (uint32_t)asked;
}

static uint32_t route_row(struct ctx *ctx, const struct uuid *id, uint32_t at, void *arg,
                          struct uuid scope[ENTRY_SCOPES_MAX], size_t *size)
{
    struct route *route = &((struct route_list *)arg)->rows.at[at];
    if (!route_find(ctx, id, route))
        return 0;
    fill_route(ctx, route);
    for (uint32_t i = 0; i < route->step_states.n; i++)
        route->step_states.at[i].evidence = route->step_states.at[i].comment = NULL;
    *size = msg_encode_in(ctx->arena, &route_desc, route).n;
    return route_scope(route->draft, scope);
}

enum verdict answer_route_list(struct ctx *ctx, const void *query)
{
    const struct routes_of *of = query;
    uint32_t limit = limit_of(of->limit);
    struct route_list list = { .rows.at = ARENA_LIST(ctx->arena, struct route, limit) };
    struct list_wish wish = { T_ROUTE_UNDER, of->person, of->after, limit, route_row, &list };
    if (list_page(ctx, &wish, &list.rows.n, &list.next) != VERDICT_OK)
        return VERDICT_REFUSED;
    reply(ctx, &list);
    return VERDICT_OK;
}

static uint32_t effect_line(struct ctx *ctx, const struct uuid *id, uint32_t at, void *arg,
                            struct uuid scope[ENTRY_SCOPES_MAX], size_t *size)
{
    struct effect *effect = &((struct effect_list *)arg)->rows.at[at];
    if (!effect_find(ctx, id, effect))
        return 0;
    struct workplace place = { .chain = { effect->chain.n, effect->chain.at } };
    *size = msg_encode_in(ctx->arena, &effect_desc, effect).n;
    return places_scope(&effect->person, &place, scope);
}

enum verdict answer_effect_list(struct ctx *ctx, const void *query)
{
    const struct effects_of *of = query;
    uint32_t limit = limit_of(of->limit);
    struct effect_list list = { .rows.at = ARENA_LIST(ctx->arena, struct effect, limit) };
    struct list_wish wish = { T_EFFECT_UNDER, uuid_is_nil(&of->person) ? of->unit : of->person, of->after, limit,
                              effect_line, &list };
    if (list_page(ctx, &wish, &list.rows.n, &list.next) != VERDICT_OK)
        return VERDICT_REFUSED;
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── tutors ───────────────────────────────────────────────────────────────── */

#define TUTORS_LOOKED_AT 2000       /* of a page; who is out of reach is among them */

static bool tutor_seen(struct ctx *ctx, const struct tutor *tutor)
{
    struct workplace place = { .chain = { tutor->tutor->chain.n, tutor->tutor->chain.at } };
    struct uuid scope[ENTRY_SCOPES_MAX];
    return reach_seen(ctx, scope, places_scope(&tutor->tutor->person, &place, scope));
}

static uint64_t methodologist_least(const struct ctx *ctx)
{
    const struct routes_config *config = ctx->config;
    return config != NULL ? config->profile->routes->methodologist_least : 0;
}

enum verdict answer_tutor_list(struct ctx *ctx, const void *query)
{
    const struct tutors_of *of = query;
    uint32_t limit = limit_of(of->limit), looked = 0;
    struct tutor_list list = { .rows.at = ARENA_LIST(ctx->arena, struct tutor, limit) };
    struct bytes key, value, last = of->after;
    struct scan scan;
    bool more = false;
    scan_begin(&scan, ctx->txn, T_TUTOR, bytes(NULL, 0));
    if (of->after.n > 0)
        scan_after(&scan, of->after);
    while (!more && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        struct tutor *tutor = &list.rows.at[list.rows.n];
        int kind = key_read_u8(&reader);
        struct uuid person = key_read_uuid(&reader);
        more = list.rows.n == limit || looked == TUTORS_LOOKED_AT;
        if (more)
            break;
        looked++;
        last = arena_bytes(ctx->arena, key);
        if (!tutor_find(ctx, kind, &person, tutor) || !tutor_seen(ctx, tutor))
            continue;
        tutor->least = kind == TUTOR_METHODOLOGIST ? methodologist_least(ctx) : 0;
        list.rows.n++;
    }
    scan_end(&scan);
    if (more)
        list.next = last;
    reply(ctx, &list);
    return VERDICT_OK;
}
