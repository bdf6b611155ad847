#include "services/routes/routes.h"

/* Tutors and their charges. A row of somebody released stays until the last of them is handed over. */

static const char *hand_over_timer(int kind)
{
    return kind == TUTOR_OF_ROUTES ? TIMER_HAND_OVER_TUTOR : TIMER_HAND_OVER_METHODOLOGIST;
}

/* Set anew by each entry that leaves some over, so that it falls due after this group. */
static void go_on_or_end(struct ctx *ctx, const struct tutor *tutor)
{
    const struct uuid *person = &tutor->tutor->person;
    if (tutor->released && tutor->charges > 0)
        timer_set(ctx, hand_over_timer(tutor->tutor->kind), person, timer_at_once(ctx));
    else
        timer_clear(ctx, hand_over_timer(tutor->tutor->kind), person);
    if (tutor->released && tutor->charges == 0)
        tutor_delete(ctx, tutor);
}

void apply_tutor_appointed(struct ctx *ctx, const void *event)
{
    struct tutor_appointed appointed = *(const struct tutor_appointed *)event;
    struct tutor old, tutor = { .tutor = &appointed };
    bool known = tutor_find(ctx, appointed.kind, &appointed.person, &old);
    if (known)
        tutor.charges = old.charges;
    tutor_put(ctx, known ? &old : NULL, &tutor);
    go_on_or_end(ctx, &tutor);
}

void apply_tutor_released(struct ctx *ctx, const void *event)
{
    const struct tutor_released *released = event;
    struct tutor old;
    if (!tutor_find(ctx, released->kind, &released->person, &old)) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        return;
    }
    struct tutor tutor = old;
    tutor.released = true;
    tutor_put(ctx, &old, &tutor);
    go_on_or_end(ctx, &tutor);
}

/* One charge more, or one fewer. */
static void count_charge(struct ctx *ctx, const struct tutor_assigned *assigned, bool more)
{
    struct tutor old;
    if (!tutor_find(ctx, assigned->kind, &assigned->tutor, &old) || (!more && old.charges == 0)) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        return;
    }
    struct tutor tutor = old;
    tutor.charges += more ? 1 : (uint64_t)-1;
    tutor_put(ctx, &old, &tutor);
    if (!more)
        go_on_or_end(ctx, &tutor);
}

void apply_tutor_assigned(struct ctx *ctx, const void *event)
{
    charge_put(ctx, event);
    count_charge(ctx, event, true);
}

void apply_tutor_unassigned(struct ctx *ctx, const void *event)
{
    charge_delete(ctx, event);
    count_charge(ctx, event, false);
}
