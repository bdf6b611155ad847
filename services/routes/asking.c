#include "common/core/failpoint.h"
#include "services/routes/routes.h"

/* programmes was made again from a backup, and an operator has accepted its other history. Enrolments that only the lost
 * one had are nowhere taken back: so each that stands at an open step is asked about, a batch of routes at a time. A step
 * whose enrolment programmes does not know is chosen anew (follows_registry.c). */

#define ROUTES_LOOKED_THROUGH 500       /* at once */
#define STEPS_ASKED           100       /* then the next batch */
_Static_assert(STEPS_ASKED + STEPS_MAX < ENTRY_GROUP_MAX, "a batch fits into a group");

void routes_forked(struct ctx *ctx, const char *stream)
{
    if (strcmp(stream, "programmes") != 0 || SABOTAGE("routes_never_asks"))
        return;
    txn_put(ctx->txn, T_DOUBT, bytes_of(stream), bytes("", 0));
    timer_set(ctx, TIMER_ASK_AGAIN, &UUID_NIL, timer_at_once(ctx));
}

static void ask_step(struct ctx *ctx, const struct route_drafted *draft, const struct step_now *now)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct step_asked asked = {
        .route = draft->route, .step = now->step, .programme = now->programme, .person = draft->person,
        .chain = { draft->chain.n, draft->chain.at }, .enrolment = now->enrolment, .day = ctx->today,
    };
    emit(ctx, "routes.step.asked", &asked, scope, route_scope(draft, scope));
}

/* How many of its steps have an enrolment and are not done. */
static uint32_t ask_steps(struct ctx *ctx, const struct ticking *ticking)
{
    uint32_t asked = 0;
    for (uint32_t i = 0; i < ticking->n; i++)
        if (ticking->now[i].state != STEP_ACCEPTED && !uuid_is_nil(&ticking->now[i].enrolment)) {
            ask_step(ctx, ticking->route.draft, &ticking->now[i]);
            asked++;
        }
    return asked;
}

void ask_if_in_doubt(struct ctx *ctx, const struct ticking *ticking)
{
    struct bytes value;
    if (txn_get(ctx->txn, T_DOUBT, bytes_of("programmes"), &value))
        ask_steps(ctx, ticking);
}

static uint32_t ask_route(struct ctx *ctx, const struct uuid *id)
{
    struct ticking ticking;
    struct route route;
    if (!route_find(ctx, id, &route) || (route.state != ROUTE_AGREED && route.state != ROUTE_ACTIVE))
        return 0;
    ticking_begin(ctx, &route, &ticking);
    return ask_steps(ctx, &ticking);
}

static uint32_t routes_after(struct ctx *ctx, const struct uuid *after, struct uuid *ids, uint32_t max)
{
    struct key key = key_of_uuid(after);
    struct bytes at, value;
    struct scan scan;
    uint32_t n = 0;
    scan_begin(&scan, ctx->txn, T_ROUTE, bytes(NULL, 0));
    scan_after(&scan, key_bytes(&key));
    while (n < max && scan_next(&scan, &at, &value)) {
        struct key_reader reader = key_read(at);
        ids[n++] = key_read_uuid(&reader);
    }
    scan_end(&scan);
    return n;
}

enum verdict fire_ask_again(struct ctx *ctx, const struct uuid *key, moment_t due)
{
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, ROUTES_LOOKED_THROUGH);
    uint32_t n = routes_after(ctx, key, ids, ROUTES_LOOKED_THROUGH), seen = 0, asked = 0;
    (void)due;
    while (seen < n && asked < STEPS_ASKED)
        asked += ask_route(ctx, &ids[seen++]);
    if (seen == ROUTES_LOOKED_THROUGH || seen < n)
        emit(ctx, "routes.asking.went_on", &(struct asking_went_on){ ids[seen - 1] }, NULL, 0);
    else if (asked == 0)
        return VERDICT_REFUSED;
    return VERDICT_OK;
}

void apply_step_asked(struct ctx *ctx, const void *event)
{
    (void)ctx, (void)event;                 /* a question changes nothing */
}

void apply_asking_went_on(struct ctx *ctx, const void *event)
{
    const struct asking_went_on *went = event;
    timer_set(ctx, TIMER_ASK_AGAIN, &went->after, timer_at_once(ctx));
}
