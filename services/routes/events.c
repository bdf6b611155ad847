#include "services/routes/routes.h"

/* What has happened, folded into the state. */

void apply_route_drafted(struct ctx *ctx, const void *event)
{
    const struct route_drafted *draft = event;
    struct route_drafted copy = *draft;
    struct route route = { .draft = &copy, .state = ROUTE_DRAFT };
    struct uuid scope[ENTRY_SCOPES_MAX];
    route_put(ctx, &route);
    list_put(ctx, T_ROUTE_UNDER, scope, route_scope(draft, scope), ctx->entry->number, &draft->route);
    if (draft->overdue_at != 0)
        timer_set(ctx, TIMER_AGREE_OVERDUE, &draft->route, draft->overdue_at);
}

static bool moved_route(struct ctx *ctx, const struct route_moved *moved, struct route *route)
{
    if (route_find(ctx, &moved->route, route))
        return true;
    txn_fail(ctx->txn, ERR_CORRUPT);            /* decide has seen it: the journal is not whole */
    return false;
}

/* What was agreed on paper in time and written down late was agreed in time. */
void apply_route_agreed(struct ctx *ctx, const void *event)
{
    const struct route_moved *moved = event;
    struct route route;
    if (!moved_route(ctx, moved, &route))
        return;
    route.state = ROUTE_AGREED;
    route.agreed = moved->day;
    route.overdue = route.draft->agree_by != 0 && moved->day > route.draft->agree_by;
    route_put(ctx, &route);
    timer_clear(ctx, TIMER_AGREE_OVERDUE, &moved->route);
}

void apply_route_activated(struct ctx *ctx, const void *event)
{
    const struct route_moved *moved = event;
    struct route route;
    if (!moved_route(ctx, moved, &route))
        return;
    route.state = ROUTE_ACTIVE;
    route_put(ctx, &route);
}

static void apply_over(struct ctx *ctx, const struct route_moved *moved, enum route_state state)
{
    struct route route;
    if (!moved_route(ctx, moved, &route))
        return;
    route.state = state;
    route.over = moved->day;
    route.ended = moved->reason;
    route_put(ctx, &route);
    timer_clear(ctx, TIMER_AGREE_OVERDUE, &moved->route);
}

void apply_route_closed(struct ctx *ctx, const void *event)
{
    apply_over(ctx, event, ROUTE_CLOSED);
}

void apply_route_ended(struct ctx *ctx, const void *event)
{
    apply_over(ctx, event, ROUTE_ENDED);
}

void apply_route_fell_overdue(struct ctx *ctx, const void *event)
{
    const struct route_moved *moved = event;
    struct route route;
    if (!moved_route(ctx, moved, &route))
        return;
    route.overdue = true;
    route_put(ctx, &route);
    timer_clear(ctx, TIMER_AGREE_OVERDUE, &moved->route);
}

void apply_support_recorded(struct ctx *ctx, const void *event)
{
    support_put(ctx, event);
}

void apply_effect_shown(struct ctx *ctx, const void *event)
{
    const struct effect *effect = event;
    struct workplace place = { .chain = { effect->chain.n, effect->chain.at } };
    struct uuid scope[ENTRY_SCOPES_MAX];
    effect_put(ctx, effect);
    list_put(ctx, T_EFFECT_UNDER, scope, places_scope(&effect->person, &place, scope), ctx->entry->number, &effect->after);
}
