#include "common/core/failpoint.h"
#include "services/routes/routes.h"

/* What programmes says of a person ticks his steps by itself (M6). Two journals have no order between them, and
 * nothing is reacted to twice: a fact that no route stands for yet is noted, and looked for at each agreement. */

_Static_assert(ROUTE_STEPS_MAX <= STEPS_MAX, "the step that programmes names fits into a fact");

static enum verdict note(struct ctx *ctx, const struct fact_noted *fact)
{
    struct workplace place = { .chain = { fact->chain.n, fact->chain.at } };
    struct uuid scope[ENTRY_SCOPES_MAX];
    if (SABOTAGE("fact_forgotten"))
        return VERDICT_OK;
    emit(ctx, "routes.fact.noted", fact, scope, places_scope(&fact->person, &place, scope));
    return VERDICT_OK;
}

static enum verdict not_here(struct ctx *ctx, const char *reason)
{
    return refuse(ctx, PROBLEM_CONFLICT, reason);
}

/* On a route that is over nothing moves any more; a document may still come for what a person has accepted. */
static enum match match_on(struct ctx *ctx, const struct route *route, const struct fact_noted *fact,
                           struct ticking *ticking, uint32_t *at)
{
    ticking_begin(ctx, route, ticking);
    enum match match = match_step(route->draft->steps.at, ticking->now, ticking->n, fact, at);
    return match_ticks(match) && route->state == ROUTE_CLOSED ? MATCH_NONE : match;
}

static void tick(struct ctx *ctx, struct ticking *ticking, uint32_t at, enum match match, const struct fact_noted *fact)
{
    tick_fact(ctx, ticking, at, match, fact);
    ticking_end(ctx, ticking);
}

static enum verdict take_named(struct ctx *ctx, const struct fact_noted *fact)
{
    struct ticking ticking;
    struct route route;
    uint32_t at = 0;
    if (!route_find(ctx, &fact->route, &route))
        return note(ctx, fact);
    if (!uuid_equal(&route.draft->person, &fact->person))
        return not_here(ctx, "other_person");
    if (route.state == ROUTE_DRAFT)
        return note(ctx, fact);
    if (route.state == ROUTE_ENDED)
        return not_here(ctx, "route_over");
    enum match match = match_on(ctx, &route, fact, &ticking, &at);
    if (match == MATCH_NONE || match == MATCH_SAME)
        return not_here(ctx, match == MATCH_SAME ? "already_so" : "not_of_route");
    tick(ctx, &ticking, at, match, fact);
    return VERDICT_OK;
}

/* The route with the step that the document's enrolment has enrolled; else the oldest of the person with such a step
 * open; else one that only lacks the document. */
static enum verdict take_of_person(struct ctx *ctx, const struct fact_noted *fact)
{
    struct route *routes = ARENA_LIST(ctx->arena, struct route, ROUTES_LOOKED_AT);
    uint32_t n = routes_of_person(ctx, &fact->person, routes, ROUTES_LOOKED_AT), best_at = 0, at = 0;
    struct ticking ticking, best = { .n = 0 };
    enum match match = MATCH_NONE;
    for (uint32_t i = 0; i < n; i++) {
        if (routes[i].state == ROUTE_DRAFT || routes[i].state == ROUTE_ENDED || routes[i].draft->day > fact->day)
            continue;
        enum match here = match_on(ctx, &routes[i], fact, &ticking, &at);
        if (here == MATCH_SAME)
            return not_here(ctx, "already_so");
        if (here > match) {
            match = here;
            best = ticking;
            best_at = at;
        }
    }
    if (match == MATCH_NONE)
        return note(ctx, fact);
    tick(ctx, &best, best_at, match, fact);
    return VERDICT_OK;
}

static enum verdict take(struct ctx *ctx, const struct fact_noted *fact)
{
    return uuid_is_nil(&fact->route) ? take_of_person(ctx, fact) : take_named(ctx, fact);
}

enum verdict react_completion_recorded(struct ctx *ctx, const void *event)
{
    const struct completion *done = event;
    struct fact_noted fact = {
        .fact = done->completion, .kind = NOTED_COMPLETION, .programme = done->programme, .person = done->person,
        .chain = { done->chain.n, done->chain.at }, .day = done->day, .enrolled = done->enrolled,
        .enrolment = done->enrolment, .document = done->document, .route = done->route, .step = done->step,
    };
    return document_known(ctx, &done->completion) ? not_here(ctx, "already_noted") : take(ctx, &fact);
}

enum verdict react_enrolment_opened(struct ctx *ctx, const void *event)
{
    const struct enrolment *opened = event;
    struct fact_noted known, fact = {
        .fact = opened->enrolment, .kind = NOTED_ENROLMENT, .programme = opened->programme, .person = opened->person,
        .chain = { opened->chain.n, opened->chain.at }, .day = opened->day, .enrolled = opened->day,
        .route = opened->route, .step = opened->step,
    };
    bool noted = noted_find(ctx, &opened->person, &opened->enrolment, &known) || document_known(ctx, &opened->enrolment);
    return noted ? not_here(ctx, "already_noted") : take(ctx, &fact);
}

/* ── no enrolment, or none any more ───────────────────────────────────────── */

static bool step_of_route(struct ctx *ctx, const struct uuid *id, uint64_t step, struct ticking *ticking, uint32_t *at)
{
    struct route route;
    if (!route_find(ctx, id, &route) || step == 0 || step > route.draft->steps.n)
        return false;
    ticking_begin(ctx, &route, ticking);
    *at = (uint32_t)step - 1;
    return true;
}

enum verdict react_enrolment_declined(struct ctx *ctx, const void *event)
{
    const struct enrolment_declined *declined = event;
    struct ticking ticking;
    uint32_t at = 0;
    if (!step_of_route(ctx, &declined->route, declined->step, &ticking, &at))
        return not_here(ctx, "not_of_route");
    const struct step_now *now = &ticking.now[at];
    if (now->state != STEP_CHOSEN || !uuid_equal(&now->programme, &declined->programme) || ticking.route.state == ROUTE_ENDED)
        return not_here(ctx, "not_waiting");
    tick_step(ctx, &ticking, at, "routes.step.declined", STEP_DECLINED,
              (struct step_moved){ .day = declined->day, .reason = decline_reason_names.names[declined->reason] });
    return VERDICT_OK;
}

/* An enrolment without a route may stand for a step all the same. */
static bool step_of_enrolment(struct ctx *ctx, const struct enrolment_ended *ended, struct ticking *ticking, uint32_t *at)
{
    struct route *routes = ARENA_LIST(ctx->arena, struct route, ROUTES_LOOKED_AT);
    uint32_t n = routes_of_person(ctx, &ended->person, routes, ROUTES_LOOKED_AT);
    for (uint32_t i = 0; i < n; i++) {
        ticking_begin(ctx, &routes[i], ticking);
        for (uint32_t k = 0; k < ticking->n; k++)
            if (uuid_equal(&ticking->now[k].enrolment, &ended->enrolment)) {
                *at = k;
                return true;
            }
    }
    return false;
}

enum verdict react_enrolment_ended(struct ctx *ctx, const void *event)
{
    const struct enrolment_ended *ended = event;
    struct workplace place = { .chain = { ended->chain.n, ended->chain.at } };
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct fact_noted known;
    struct ticking ticking;
    uint32_t at = 0;
    if (noted_find(ctx, &ended->person, &ended->enrolment, &known)) {
        emit(ctx, "routes.fact.dropped", &(struct fact_dropped){ ended->enrolment, ended->person }, scope,
             places_scope(&ended->person, &place, scope));
        return VERDICT_OK;
    }
    if (!step_of_enrolment(ctx, ended, &ticking, &at) || ticking.now[at].state != STEP_ENROLLED ||
        ticking.route.state == ROUTE_ENDED)
        return not_here(ctx, "not_waiting");
    tick_step(ctx, &ticking, at, "routes.step.declined", STEP_DECLINED,
              (struct step_moved){ .day = ended->day, .reason = end_reason_names.names[ended->reason] });
    return VERDICT_OK;
}

/* The answer to what asking.c asks: the step is chosen anew. What the worker has submitted stays with who looks at it. */
enum verdict react_enrolment_unknown(struct ctx *ctx, const void *event)
{
    const struct enrolment_unknown *unknown = event;
    struct ticking ticking;
    uint32_t at = 0;
    if (!step_of_route(ctx, &unknown->route, unknown->step, &ticking, &at))
        return not_here(ctx, "not_of_route");
    const struct step_now *now = &ticking.now[at];
    if (now->state != STEP_ENROLLED || !uuid_equal(&now->enrolment, &unknown->enrolment) ||
        (ticking.route.state != ROUTE_AGREED && ticking.route.state != ROUTE_ACTIVE))
        return not_here(ctx, "not_waiting");
    tick_chosen(ctx, &ticking, at, &now->programme);
    return VERDICT_OK;
}
