#include "services/routes/effect.h"
#include "services/routes/routes.h"

/* What the result shows of an earlier route (M6). */
static void show_effect(struct ctx *ctx, const struct sitting_scored *scored, const struct uuid *scope, uint32_t scope_n)
{
    struct route *routes = ARENA_LIST(ctx->arena, struct route, ROUTES_LOOKED_AT);
    struct effect_earlier earlier[ROUTES_LOOKED_AT];
    uint32_t n = routes_of_person(ctx, &scored->person, routes, ROUTES_LOOKED_AT);
    for (uint32_t i = 0; i < n; i++)
        earlier[i] = (struct effect_earlier){ routes[i].draft->day, routes[i].draft->shares.at, routes[i].draft->shares.n };
    uint32_t at = effect_choose(earlier, n, scored->day, scored->shares.at, scored->shares.n);
    if (at == EFFECT_NONE)
        return;
    struct effect effect = {
        .route = routes[at].draft->route, .person = scored->person, .chain = { scored->chain.n, scored->chain.at },
        .day = scored->day, .before = routes[at].draft->sitting, .after = scored->sitting,
        .rows.at = ARENA_LIST(ctx->arena, struct effect_row, DEFICITS_MAX),
    };
    effect.rows.n = effect_rows(earlier[at].shares, earlier[at].n, scored->shares.at, scored->shares.n, effect.rows.at);
    emit(ctx, "routes.effect.shown", &effect, scope, scope_n);
}

/* A result is final: its route is drafted by itself (M1). The day of the draft is the day of the result,
 * so that an agreement recorded as history can carry its own day. */
enum verdict react_sitting_scored(struct ctx *ctx, const void *event)
{
    const struct sitting_scored *scored = event;
    const struct routes_config *config = ctx->config;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct route known;
    struct route_drafted draft = {
        .route = uuid_derive("route", bytes(scored->sitting.b, sizeof scored->sitting.b)),
        .sitting = scored->sitting, .procedure = scored->procedure, .owner_kind = scored->owner_kind,
        .person = scored->person, .chain = { scored->chain.n, scored->chain.at }, .day = scored->day,
        .shares = { scored->shares.n, scored->shares.at },
    };
    if (config == NULL) {               /* without the region's term no draft is right: the stream waits */
        txn_fail(ctx->txn, ERR_NOTFOUND);
        return VERDICT_REFUSED;
    }
    if (route_find(ctx, &draft.route, &known))
        return refuse(ctx, PROBLEM_CONFLICT, "already_drafted");
    uint64_t term = config->profile->routes->agree_days;
    if (term > 0 && !scored->recorded && scored->ends + term < DAY_MAX) {
        draft.agree_by = (day_t)(scored->ends + term);
        draft.overdue_at = day_start(draft.agree_by + 1, config->zone_minutes);
    }
    registry_plan(ctx, scored, &draft);
    uint32_t n = route_scope(&draft, scope);
    emit(ctx, "routes.route.drafted", &draft, scope, n);
    show_effect(ctx, scored, scope, n);
    if (!scored->recorded)
        tutors_for_draft(ctx, &draft);
    return VERDICT_OK;
}

/* The last day of the term is over. The day of the fact is the first one past the term, also where the
 * service stood still and the timer comes late. */
enum verdict fire_agree_overdue(struct ctx *ctx, const struct uuid *key, moment_t due)
{
    struct route route;
    (void)due;
    if (!route_find(ctx, key, &route) || route.state != ROUTE_DRAFT)
        return VERDICT_REFUSED;
    route_move_emit(ctx, "routes.route.fell_overdue", route.draft, route.draft->agree_by + 1, NULL);
    return VERDICT_OK;
}
