#include "services/routes/routes.h"

/* What has happened, folded into the state. */

void apply_route_drafted(struct ctx *ctx, const void *event)
{
    const struct route_drafted *draft = event;
    struct route_drafted copy = *draft;
    struct route route = { .draft = &copy, .state = ROUTE_DRAFT };
    route_put(ctx, &route);
    route_list_put(ctx, draft, ctx->entry->number);
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

static void apply_state(struct ctx *ctx, const struct route_moved *moved, enum route_state state)
{
    struct route route;
    if (!moved_route(ctx, moved, &route))
        return;
    route.state = state;
    route_put(ctx, &route);
}

void apply_route_activated(struct ctx *ctx, const void *event)
{
    apply_state(ctx, event, ROUTE_ACTIVE);
}

void apply_route_closed(struct ctx *ctx, const void *event)
{
    apply_state(ctx, event, ROUTE_CLOSED);
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
