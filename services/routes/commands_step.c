#include "proto/roles.h"
#include "services/routes/routes.h"
#include "services/shared/reach.h"

/* step.choose, .submit, .accept, .return (M4). The worker submits for himself, or his municipality's
 * service for him (what he brought to it); who reaches him accepts or returns. */

static enum verdict refuse_step(struct ctx *ctx, const struct step_now *now, enum step_state needed)
{
    refuse(ctx, PROBLEM_CONFLICT, "step_wrong_state");
    refuse_arg(ctx, "state", step_state_names.names[now->state]);
    refuse_arg(ctx, "needed", step_state_names.names[needed]);
    return VERDICT_REFUSED;
}

/* A step of a route that is agreed and not over; `at` is where it stands. */
static enum verdict need_step(struct ctx *ctx, const struct uuid *id, uint64_t step, bool himself,
                              struct ticking *ticking, uint32_t *at)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct route route;
    if (!route_find(ctx, id, &route))
        return refuse(ctx, PROBLEM_NOT_FOUND, "route_unknown");
    uint32_t n = route_scope(route.draft, scope);
    if (!(himself ? reach_self(ctx, &route.draft->person, scope, n) : reach_seen(ctx, scope, n)))
        return REFUSE_REACH(ctx);
    if (step > route.draft->steps.n)
        return refuse(ctx, PROBLEM_NOT_FOUND, "step_unknown");
    if (route.state != ROUTE_AGREED && route.state != ROUTE_ACTIVE) {
        refuse(ctx, PROBLEM_CONFLICT, "wrong_state");
        refuse_arg(ctx, "state", route_state_names.names[route.state]);
        refuse_arg(ctx, "needed", route_state_names.names[ROUTE_ACTIVE]);
        return VERDICT_REFUSED;
    }
    ticking_begin(ctx, &route, ticking);
    *at = (uint32_t)step - 1;
    return VERDICT_OK;
}

enum verdict decide_step_choose(struct ctx *ctx, const void *command)
{
    const struct step_choose *choose = command;
    struct ticking ticking;
    uint32_t at = 0;
    if (need_step(ctx, &choose->route, choose->step, false, &ticking, &at) != VERDICT_OK)
        return VERDICT_REFUSED;
    const struct step *step = &ticking.route.draft->steps.at[at];
    const struct step_now *now = &ticking.now[at];
    if (uuid_is_nil(&choose->programme) ||
        (!uuid_equal(&choose->programme, &step->programme) && !uuid_equal(&choose->programme, &step->alternative)))
        return refuse(ctx, PROBLEM_CONFLICT, "not_of_step");
    if (now->state != STEP_PLANNED && now->state != STEP_DECLINED)
        return refuse_step(ctx, now, STEP_DECLINED);
    tick_chosen(ctx, &ticking, at, &choose->programme);
    return VERDICT_OK;
}

/* Again before it was looked at: what was submitted last is what counts. */
enum verdict decide_step_submit(struct ctx *ctx, const void *command)
{
    const struct step_submit *submit = command;
    struct ticking ticking;
    uint32_t at = 0;
    if (need_step(ctx, &submit->route, submit->step, ctx->who->role != ROLE_MUNICIPAL, &ticking, &at) != VERDICT_OK ||
        need_text(ctx, "evidence", submit->evidence) == NULL)
        return VERDICT_REFUSED;
    if (ticking.now[at].state == STEP_ACCEPTED)
        return refuse_step(ctx, &ticking.now[at], STEP_RETURNED);
    tick_step(ctx, &ticking, at, "routes.step.submitted", STEP_SUBMITTED,
              (struct step_moved){ .day = ctx->today, .evidence = submit->evidence, .by = STEP_BY_PERSON });
    return VERDICT_OK;
}

static enum verdict need_submitted(struct ctx *ctx, const struct uuid *route, uint64_t step, struct ticking *ticking, uint32_t *at)
{
    if (need_step(ctx, route, step, false, ticking, at) != VERDICT_OK)
        return VERDICT_REFUSED;
    return ticking->now[*at].state == STEP_SUBMITTED ? VERDICT_OK : refuse_step(ctx, &ticking->now[*at], STEP_SUBMITTED);
}

enum verdict decide_step_accept(struct ctx *ctx, const void *command)
{
    const struct step_accept *accept = command;
    struct ticking ticking;
    uint32_t at = 0;
    if (need_submitted(ctx, &accept->route, accept->step, &ticking, &at) != VERDICT_OK)
        return VERDICT_REFUSED;
    tick_step(ctx, &ticking, at, "routes.step.accepted", STEP_ACCEPTED,
              (struct step_moved){ .day = ctx->today, .comment = accept->comment, .by = STEP_BY_PERSON });
    ticking_end(ctx, &ticking);
    return VERDICT_OK;
}

enum verdict decide_step_return(struct ctx *ctx, const void *command)
{
    const struct step_return *back = command;
    struct ticking ticking;
    uint32_t at = 0;
    if (need_submitted(ctx, &back->route, back->step, &ticking, &at) != VERDICT_OK ||
        need_text(ctx, "comment", back->comment) == NULL)
        return VERDICT_REFUSED;
    tick_step(ctx, &ticking, at, "routes.step.returned", STEP_RETURNED,
              (struct step_moved){ .day = ctx->today, .comment = back->comment, .by = STEP_BY_PERSON });
    return VERDICT_OK;
}
