#include "services/routes/routes.h"

/* Deciding about the steps of one route. Several facts may be counted in one group, so what is emitted is also
 * written into the copy at hand. */

#define NOTED_LOOKED_AT 256         /* of a person, at an agreement */

void route_move_emit(struct ctx *ctx, const char *event, const struct route_drafted *draft, day_t day, const char *reason)
{
    struct uuid scope[ENTRY_SCOPES_MAX], programmes[STEPS_MAX];
    struct route_moved moved = {
        .route = draft->route, .person = draft->person, .chain = { draft->chain.n, draft->chain.at },
        .owner_kind = draft->owner_kind, .day = day, .programmes = { draft->steps.n, programmes },
        .reason = reason,
    };
    for (uint32_t i = 0; i < draft->steps.n; i++)
        programmes[i] = draft->steps.at[i].programme;
    emit(ctx, event, &moved, scope, route_scope(draft, scope));
}

void ticking_begin(struct ctx *ctx, const struct route *route, struct ticking *ticking)
{
    *ticking = (struct ticking){ .route = *route, .n = route->draft->steps.n };
    ticking->now = ARENA_LIST(ctx->arena, struct step_now, ticking->n + 1);
    steps_read(ctx, route->draft, ticking->now);
}

uint32_t ticking_open(const struct ticking *ticking)
{
    uint32_t open = 0;
    for (uint32_t i = 0; i < ticking->n; i++)
        open += ticking->now[i].state != STEP_ACCEPTED;
    return open;
}

/* What was recorded late keeps its day, but a route does not begin or end before it is agreed. */
static day_t day_on_route(const struct ticking *ticking, day_t day)
{
    return day > ticking->route.agreed ? day : ticking->route.agreed;
}

static void activate(struct ctx *ctx, struct ticking *ticking, day_t day)
{
    route_move_emit(ctx, "routes.route.activated", ticking->route.draft, day_on_route(ticking, day), NULL);
    ticking->route.state = ROUTE_ACTIVE;
}

void tick_step(struct ctx *ctx, struct ticking *ticking, uint32_t at, const char *event, enum step_state to, struct step_moved moved)
{
    const struct route_drafted *draft = ticking->route.draft;
    struct step_now *now = &ticking->now[at];
    struct uuid scope[ENTRY_SCOPES_MAX];
    bool moves = to == STEP_ENROLLED || to == STEP_SUBMITTED || to == STEP_ACCEPTED;
    if (moves && ticking->route.state == ROUTE_AGREED)
        activate(ctx, ticking, moved.day);
    moved.route = draft->route;
    moved.step = now->step;
    moved.person = draft->person;
    moved.chain.n = draft->chain.n;
    moved.chain.at = draft->chain.at;
    moved.owner_kind = draft->owner_kind;
    if (uuid_is_nil(&moved.programme))
        moved.programme = now->programme;
    emit(ctx, event, &moved, scope, route_scope(draft, scope));
    now->state = to;
    now->programme = moved.programme;
    now->day = moved.day;
    if (!uuid_is_nil(&moved.enrolment))
        now->enrolment = moved.enrolment;
    if (!uuid_is_nil(&moved.completion))
        now->completion = moved.completion;
}

void tick_chosen(struct ctx *ctx, struct ticking *ticking, uint32_t at, const struct uuid *programme)
{
    const struct route_drafted *draft = ticking->route.draft;
    struct step_now *now = &ticking->now[at];
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct step_chosen chosen = {
        .route = draft->route, .step = now->step, .programme = *programme, .person = draft->person,
        .chain = { draft->chain.n, draft->chain.at }, .owner_kind = draft->owner_kind, .day = ctx->today,
    };
    emit(ctx, "routes.step.chosen", &chosen, scope, route_scope(draft, scope));
    now->state = STEP_CHOSEN;
    now->programme = *programme;
}

static void tick_document(struct ctx *ctx, struct ticking *ticking, uint32_t at, bool confirms, const struct fact_noted *fact)
{
    struct step_moved moved = {
        .programme = fact->programme, .day = fact->day, .completion = fact->fact, .document = fact->document,
        .enrolled = fact->enrolled, .enrolment = fact->enrolment, .by = STEP_BY_REGISTRY,
    };
    tick_step(ctx, ticking, at, confirms ? "routes.step.confirmed" : "routes.step.accepted", STEP_ACCEPTED, moved);
}

/* Evidence that lies with the tutor is not lost because the registry has enrolled the worker too. */
static void tick_enrolment(struct ctx *ctx, struct ticking *ticking, uint32_t at, const struct fact_noted *fact)
{
    enum step_state now = ticking->now[at].state;
    struct step_moved moved = { .programme = fact->programme, .day = fact->day, .enrolled = fact->day,
                                .enrolment = fact->fact, .by = STEP_BY_REGISTRY };
    tick_step(ctx, ticking, at, "routes.step.enrolled",
              now == STEP_SUBMITTED || now == STEP_RETURNED ? now : STEP_ENROLLED, moved);
}

void tick_fact(struct ctx *ctx, struct ticking *ticking, uint32_t at, enum match match, const struct fact_noted *fact)
{
    if (fact->kind == NOTED_COMPLETION)
        tick_document(ctx, ticking, at, match_confirms(match), fact);
    else
        tick_enrolment(ctx, ticking, at, fact);
}

/* A fact that names no route counts when it is not older than the draft: what was learned before the result was
 * there when it was measured. */
static bool counts_here(const struct ticking *ticking, const struct fact_noted *fact)
{
    const struct route_drafted *draft = ticking->route.draft;
    return uuid_is_nil(&fact->route) ? fact->day >= draft->day : uuid_equal(&fact->route, &draft->route);
}

void tick_noted(struct ctx *ctx, struct ticking *ticking)
{
    const struct route_drafted *draft = ticking->route.draft;
    struct fact_noted *facts = ARENA_LIST(ctx->arena, struct fact_noted, NOTED_LOOKED_AT);
    uint32_t n = noted_of(ctx, &draft->person, facts, NOTED_LOOKED_AT), at = 0;
    for (uint32_t i = 0; i < n; i++) {              /* enrolments before documents */
        if (!counts_here(ticking, &facts[i]))
            continue;
        enum match match = match_step(draft->steps.at, ticking->now, ticking->n, &facts[i], &at);
        if (!match_ticks(match) && !match_confirms(match))
            continue;
        tick_fact(ctx, ticking, at, match, &facts[i]);
    }
}

void ticking_end(struct ctx *ctx, struct ticking *ticking)
{
    day_t last = 0;
    if (ticking->route.state != ROUTE_ACTIVE || ticking->n == 0 || ticking_open(ticking) > 0)
        return;
    for (uint32_t i = 0; i < ticking->n; i++)
        last = ticking->now[i].day > last ? ticking->now[i].day : last;
    route_move_emit(ctx, "routes.route.closed", ticking->route.draft, day_on_route(ticking, last), NULL);
    ticking->route.state = ROUTE_CLOSED;
}
