#include "services/programmes/programmes_state.h"

/* The steps of routes find their runs by themselves (P4, M6): the reactions to the journal of routes, and the
 * timer that hands places out to those who wait. */

/* One hand-out: the runs of a programme that can still be entered, and who was entered now. */
struct handing {
    const struct programme *programme;
    struct run_choice *choices; uint32_t n;
    struct wish *wishes; uint32_t wish_n;
    bool done[WAITING_BATCH], entered[WAITING_BATCH];
    uint32_t count;                             /* of what was said */
};

static void say_opened(struct ctx *ctx, struct handing *handing, int pick, const struct wish *wish)
{
    struct run_choice *choice = &handing->choices[pick];
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct enrolment_row known;
    uint64_t again = 0;
    struct enrolment opened = {
        .run = choice->run, .programme = wish->programme, .person = wish->person, .chain = { wish->chain.n, wish->chain.at },
        .day = ctx->today, .route = wish->route, .step = wish->step,
        .provider = handing->programme->provider, .provider_kind = handing->programme->provider_kind,
    };
    do
        opened.enrolment = enrolment_id(&wish->route, wish->step, &wish->programme, again++);
    while (enrolment_get(ctx, &opened.enrolment, &known));
    if (choice->free != RUN_UNLIMITED)
        choice->free--;
    emit(ctx, "programmes.enrolment.opened", &opened, scope, enrolment_scope(&wish->person, wish->chain.at, wish->chain.n, scope));
}

static void say_declined(struct ctx *ctx, const struct wish *wish, enum decline_reason reason)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct enrolment_declined declined = {
        .route = wish->route, .step = wish->step, .programme = wish->programme, .person = wish->person,
        .chain = { wish->chain.n, wish->chain.at }, .day = ctx->today, .reason = (int)reason,
    };
    emit(ctx, "programmes.enrolment.declined", &declined, scope,
         enrolment_scope(&wish->person, wish->chain.at, wish->chain.n, scope));
}

static bool entered_now(const struct handing *handing, const struct uuid *person)
{
    for (uint32_t i = 0; i < handing->wish_n; i++)
        if (handing->entered[i] && uuid_equal(&handing->wishes[i].person, person))
            return true;
    return false;
}

/* Why the person needs no place in the programme; -1: he does. */
static int no_need(struct ctx *ctx, const struct handing *handing, const struct wish *wish)
{
    struct uuid other;

    if (completed_before(ctx, &wish->person, &wish->programme))
        return DECLINE_ALREADY_COMPLETED;
    if (entered_now(handing, &wish->person) || enrolment_open_in(ctx, &wish->person, &wish->programme, &other))
        return DECLINE_ALREADY_ENROLLED;
    return -1;
}

/* The first of those who wait, in the order of their wishes, as far as places go. */
static void hand_out(struct ctx *ctx, struct handing *handing)
{
    handing->wishes = ARENA_LIST(ctx->arena, struct wish, WAITING_BATCH);
    handing->wish_n = wishes_first(ctx, &handing->programme->id, handing->wishes, WAITING_BATCH);
    for (uint32_t i = 0; i < handing->wish_n; i++) {
        const struct wish *wish = &handing->wishes[i];
        int pick = run_pick(handing->choices, handing->n, wish->day), why = no_need(ctx, handing, wish);
        if (why < 0 && pick < 0)
            continue;
        if (why >= 0)
            say_declined(ctx, wish, (enum decline_reason)why);
        else
            say_opened(ctx, handing, pick, wish);
        handing->entered[i] = why < 0;
        handing->done[i] = true;
        handing->count++;
    }
}

/* ── a step is chosen ─────────────────────────────────────────────────────── */

/* The open enrolment that answers the step; the person's own, whatever was recorded about the step. */
static bool enrolment_open_of(struct ctx *ctx, const struct step_stands *stands, const struct uuid *person, struct enrolment_row *row)
{
    return !uuid_is_nil(&stands->enrolment) && enrolment_get(ctx, &stands->enrolment, row) && row->state == ENROLMENT_OPEN
        && uuid_equal(&row->enrolment->person, person);
}

/* What has not begun ends; what has begun is finished, or ended by its provider. */
static void give_up(struct ctx *ctx, const struct enrolment *enrolment)
{
    struct run_row run;

    if (run_get(ctx, &enrolment->run, &run) && run.run->day > ctx->today)
        emit_ended(ctx, enrolment, ctx->today > enrolment->day ? ctx->today : enrolment->day, END_WITHDREW);
}

/* Another programme gives up the one before. True: the step has this very enrolment already, which is said again. */
static bool settle_older(struct ctx *ctx, const struct wish *wish, const struct step_stands *stands)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct enrolment_row row;

    if (!enrolment_open_of(ctx, stands, &wish->person, &row))
        return false;
    if (!uuid_equal(&row.enrolment->programme, &wish->programme)) {
        give_up(ctx, row.enrolment);
        return false;
    }
    emit(ctx, "programmes.enrolment.opened", row.enrolment, scope,
         enrolment_scope(&row.enrolment->person, row.enrolment->chain.at, row.enrolment->chain.n, scope));
    return true;
}

/* Those who have waited longer come first; `waited`: this step is among them. */
static void answer_wish(struct ctx *ctx, struct handing *handing, const struct wish *wish, bool waited)
{
    bool queue = somebody_waits(ctx, &wish->programme), last = !queue;
    int why = no_need(ctx, handing, wish);

    if (queue && run_pick(handing->choices, handing->n, ctx->today) >= 0) {
        hand_out(ctx, handing);
        last = handing->wish_n < WAITING_BATCH && handing->count == handing->wish_n;
        for (uint32_t i = 0; i < handing->wish_n; i++)
            if (handing->done[i] && uuid_equal(&handing->wishes[i].route, &wish->route) && handing->wishes[i].step == wish->step)
                return;
        if (why < 0)
            why = no_need(ctx, handing, wish);
    }
    int pick = last && !waited ? run_pick(handing->choices, handing->n, wish->day) : -1;
    if (why >= 0)
        say_declined(ctx, wish, (enum decline_reason)why);
    else if (pick >= 0)
        say_opened(ctx, handing, pick, wish);
    else
        say_declined(ctx, wish, run_lack(handing->choices, handing->n, wish->day));
}

static struct wish wish_made(const struct step_chosen *chosen)
{
    return (struct wish){
        .route = chosen->route, .step = chosen->step, .programme = chosen->programme, .person = chosen->person,
        .chain = { chosen->chain.n, chosen->chain.at }, .day = chosen->day,
    };
}

enum verdict react_step_chosen(struct ctx *ctx, const void *event)
{
    const struct step_chosen *chosen = event;
    struct wish wish = wish_made(chosen);
    struct run_choice *choices = ARENA_LIST(ctx->arena, struct run_choice, CHOICES_MAX);
    struct programme programme;
    struct handing handing = { .programme = &programme, .choices = choices };
    struct step_stands stands = { 0 };

    if (chosen->recorded)                           /* history brings its own enrolments */
        return VERDICT_OK;
    if (step_get(ctx, &wish.route, wish.step, &stands) && settle_older(ctx, &wish, &stands))
        return VERDICT_OK;
    if (!programme_get(ctx, &wish.programme, &programme)) {
        say_declined(ctx, &wish, DECLINE_PROGRAMME_UNKNOWN);
        return VERDICT_OK;
    }
    handing.n = run_choices(ctx, &wish.programme, ctx->today, choices);
    answer_wish(ctx, &handing, &wish, stands.number != 0 && uuid_equal(&stands.programme, &wish.programme));
    return VERDICT_OK;
}

/* An enrolment of which nothing is known here was made in a life that a restore has ended: the step is chosen anew. */
enum verdict react_step_asked(struct ctx *ctx, const void *event)
{
    const struct step_asked *asked = event;
    struct enrolment_unknown unknown = { asked->enrolment, asked->route, asked->step, asked->person };
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct enrolment_row row;

    if (!enrolment_get(ctx, &asked->enrolment, &row))
        emit(ctx, "programmes.enrolment.unknown", &unknown, scope,
             enrolment_scope(&asked->person, asked->chain.at, asked->chain.n, scope));
    return VERDICT_OK;
}

/* ── a step, or its route, needs no run any more ──────────────────────────── */

static void drop_wish(struct ctx *ctx, const struct step_stands *stands)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct wish wish;

    if (stands->number == 0 || !wish_get(ctx, &stands->programme, stands->number, &wish))
        return;
    wish.day = ctx->today;
    emit(ctx, "programmes.wish.dropped", &wish, scope, enrolment_scope(&wish.person, wish.chain.at, wish.chain.n, scope));
}

enum verdict react_step_accepted(struct ctx *ctx, const void *event)
{
    const struct step_moved *moved = event;
    struct step_stands stands;

    if (step_get(ctx, &moved->route, moved->step, &stands))
        drop_wish(ctx, &stands);
    return VERDICT_OK;
}

/* What has begun goes on: the learner may want his document without the route. */
enum verdict react_route_ended(struct ctx *ctx, const void *event)
{
    const struct route_moved *moved = event;
    struct step_stands stands;

    for (uint64_t step = 1; step <= STEPS_MAX; step++) {
        struct enrolment_row row;
        if (!step_get(ctx, &moved->route, step, &stands))
            continue;
        drop_wish(ctx, &stands);
        if (enrolment_open_of(ctx, &stands, &moved->person, &row))
            give_up(ctx, row.enrolment);
    }
    return VERDICT_OK;
}

/* ── the timer ────────────────────────────────────────────────────────────── */

enum verdict fire_waiting(struct ctx *ctx, const struct uuid *key, moment_t due)
{
    struct run_choice *choices = ARENA_LIST(ctx->arena, struct run_choice, CHOICES_MAX);
    struct programme programme;
    struct handing handing = { .programme = &programme, .choices = choices };
    (void)due;

    if (!programme_get(ctx, key, &programme))
        return VERDICT_REFUSED;
    handing.n = run_choices(ctx, key, ctx->today, choices);
    if (handing.n == 0)
        return VERDICT_REFUSED;
    hand_out(ctx, &handing);
    return handing.count > 0 ? VERDICT_OK : VERDICT_REFUSED;
}
