#include "common/core/text.h"
#include "services/routes/routes.h"
#include "services/shared/fact_rules.h"
#include "services/shared/reach.h"

/* route.agree, .activate, .close, .end; agreement.record; support.record (M4, M9). */

/* ── the life of a route ──────────────────────────────────────────────────── */

static enum verdict route_within_reach(struct ctx *ctx, const struct uuid *id, struct route *route)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    if (!route_find(ctx, id, route))
        return refuse(ctx, PROBLEM_NOT_FOUND, "route_unknown");
    return reach_one(ctx, scope, route_scope(route->draft, scope)) ? VERDICT_OK : REFUSE_REACH(ctx);
}

static enum verdict refuse_state(struct ctx *ctx, const struct route *route, enum route_state needed)
{
    refuse(ctx, PROBLEM_CONFLICT, "wrong_state");
    refuse_arg(ctx, "state", route_state_names.names[route->state]);
    refuse_arg(ctx, "needed", route_state_names.names[needed]);
    return VERDICT_REFUSED;
}

/* A route within reach, in the state that the command starts from. */
static enum verdict need_route(struct ctx *ctx, const struct uuid *id, enum route_state state, struct route *route)
{
    if (route_within_reach(ctx, id, route) != VERDICT_OK)
        return VERDICT_REFUSED;
    return route->state == (int)state ? VERDICT_OK : refuse_state(ctx, route, state);
}

/* The agreement, and what the registry knew of its steps before. What is left open and is a programme is
 * chosen with it, where the agreement is live: programmes then enrols. */
static void agree(struct ctx *ctx, struct route *route, day_t day, bool live)
{
    struct ticking ticking;
    struct programme known;
    route_move_emit(ctx, "routes.route.agreed", route->draft, day, NULL);
    route->state = ROUTE_AGREED;
    route->agreed = day;
    ticking_begin(ctx, route, &ticking);
    tick_noted(ctx, &ticking);
    ask_if_in_doubt(ctx, &ticking);         /* what ticked may be of a history that a restore has ended */
    for (uint32_t i = 0; i < ticking.n && live; i++) {
        const struct uuid *programme = &ticking.now[i].programme;
        bool formal = !programme_find(ctx, programme, &known) || known.kind != PROGRAMME_NON_FORMAL;
        if (ticking.now[i].state == STEP_PLANNED && formal)
            tick_chosen(ctx, &ticking, i, programme);
    }
    ticking_end(ctx, &ticking);
}

enum verdict decide_route_agree(struct ctx *ctx, const void *command)
{
    struct route route;
    if (need_route(ctx, &((const struct route_move *)command)->route, ROUTE_DRAFT, &route) != VERDICT_OK)
        return VERDICT_REFUSED;
    agree(ctx, &route, ctx->today, true);
    return VERDICT_OK;
}

enum verdict decide_route_activate(struct ctx *ctx, const void *command)
{
    struct route route;
    if (need_route(ctx, &((const struct route_move *)command)->route, ROUTE_AGREED, &route) != VERDICT_OK)
        return VERDICT_REFUSED;
    route_move_emit(ctx, "routes.route.activated", route.draft, ctx->today, NULL);
    return VERDICT_OK;
}

/* For a route without steps, or of a journal older than its steps: the others close by themselves. */
enum verdict decide_route_close(struct ctx *ctx, const void *command)
{
    struct ticking ticking;
    struct route route;
    if (need_route(ctx, &((const struct route_move *)command)->route, ROUTE_ACTIVE, &route) != VERDICT_OK)
        return VERDICT_REFUSED;
    ticking_begin(ctx, &route, &ticking);
    uint32_t open = ticking_open(&ticking);
    if (open > 0) {
        refuse(ctx, PROBLEM_CONFLICT, "steps_open");
        refuse_arg(ctx, "open", arena_format(ctx->arena, "%u", (unsigned)open));
        return VERDICT_REFUSED;
    }
    route_move_emit(ctx, "routes.route.closed", route.draft, ctx->today, NULL);
    return VERDICT_OK;
}

const char *need_text(struct ctx *ctx, const char *field, const char *text)
{
    if (text != NULL && text_nfc(ctx->arena, text)[0] != '\0')
        return text;
    refuse_field(ctx, "message", field, "too_short");
    return NULL;
}

enum verdict decide_route_end(struct ctx *ctx, const void *command)
{
    const struct route_end *end = command;
    struct route route;
    if (route_within_reach(ctx, &end->route, &route) != VERDICT_OK || need_text(ctx, "reason", end->reason) == NULL)
        return VERDICT_REFUSED;
    if (route.state == ROUTE_CLOSED || route.state == ROUTE_ENDED)
        return refuse_state(ctx, &route, ROUTE_ACTIVE);
    route_move_emit(ctx, "routes.route.ended", route.draft, ctx->today, end->reason);
    return VERDICT_OK;
}

enum verdict need_day(struct ctx *ctx, day_t day)
{
    const struct routes_config *config = ctx->config;
    if (config == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_profile");
    uint32_t back_days = (uint32_t)config->profile->routes->back_days;
    if (day_allowed(ctx, day, back_days))
        return VERDICT_OK;
    refuse(ctx, PROBLEM_INVALID, "day_not_allowed");
    refuse_arg(ctx, "back_days", arena_format(ctx->arena, "%u", (unsigned)back_days));
    return VERDICT_REFUSED;
}

/* History: an agreement that was made on paper on that day. */
enum verdict decide_agreement_record(struct ctx *ctx, const void *command)
{
    const struct agreement_record *record = command;
    char text[DAY_TEXT + 1];
    struct route route;
    if (need_route(ctx, &record->route, ROUTE_DRAFT, &route) != VERDICT_OK || need_day(ctx, record->day) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (record->day < route.draft->day) {
        day_format(route.draft->day, text);
        refuse(ctx, PROBLEM_INVALID, "day_before_draft");
        refuse_arg(ctx, "draft", text);
        return VERDICT_REFUSED;
    }
    agree(ctx, &route, record->day, false);
    return VERDICT_OK;
}

/* ── support of educators ─────────────────────────────────────────────────── */

/* By the rules that a node checks by as well. */
static enum verdict need_support(struct ctx *ctx, const struct support_record *record, const char **form)
{
    const struct routes_config *config = ctx->config;
    struct staff_fault fault;
    if (config == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_profile");
    return support_check(record, ctx->today, config->profile->routes->back_days, ctx->arena, form, &fault)
         ? VERDICT_OK : staff_refuse(ctx, &fault);
}

enum verdict decide_support_record(struct ctx *ctx, const void *command)
{
    const struct support_record *record = command;
    struct uuid scope[ENTRY_SCOPES_MAX], there;
    struct workplace place;
    char text[UUID_TEXT + 1];
    uint32_t n;
    const char *form;
    if (need_support(ctx, record, &form) != VERDICT_OK ||
        reach_place(ctx, &record->person, &record->organisation, record->day, &place, scope, &n) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (support_find_of_one(ctx, &record->person, record->day, form, &there)) {
        uuid_format(&there, text);
        refuse(ctx, PROBLEM_CONFLICT, "already_recorded");
        refuse_arg(ctx, "support", text);
        return VERDICT_REFUSED;
    }
    struct support support = {
        .support = decide_id(ctx), .person = record->person, .chain = { place.chain.n, place.chain.at },
        .form = form, .day = record->day,
    };
    struct registered answer = { support.support };
    emit(ctx, "routes.support.recorded", &support, scope, n);
    reply(ctx, &answer);
    return VERDICT_OK;
}
