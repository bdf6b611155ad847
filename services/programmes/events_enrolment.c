#include "common/core/err.h"
#include "services/programmes/programmes_state.h"

/* Learning, folded into the state. */

static bool enrolment_found(struct ctx *ctx, const struct uuid *id, struct enrolment_row *row)
{
    if (enrolment_get(ctx, id, row))
        return true;
    txn_fail(ctx->txn, ERR_CORRUPT);                /* decide has seen it: the journal is not whole */
    return false;
}

/* What is left of the waiting list goes on: the timer stops by itself where there is nothing to hand out. */
static void waiting_goes_on(struct ctx *ctx, const struct uuid *programme)
{
    if (somebody_waits(ctx, programme))
        timer_set(ctx, TIMER_WAITING, programme, timer_at_once(ctx));
}

/* The step waits no longer for what it waited for. */
static void step_waits_no_more(struct ctx *ctx, const struct step_stands *stands)
{
    if (stands->number == 0)
        return;
    wish_drop(ctx, &stands->programme, stands->number);
    waiting_goes_on(ctx, &stands->programme);
}

void apply_opened(struct ctx *ctx, const void *event)
{
    const struct enrolment *opened = event;
    struct enrolment copy = *opened;
    struct enrolment_row row = { .enrolment = &copy, .state = ENROLMENT_OPEN }, known;
    struct step_stands before, stands = { .programme = opened->programme, .enrolment = opened->enrolment };

    if (enrolment_get(ctx, &opened->enrolment, &known))
        return;                                     /* said again */
    enrolment_put(ctx, &row);
    enrolment_enter(ctx, opened, ctx->entry->number);
    if (uuid_is_nil(&opened->route))
        return;
    if (step_get(ctx, &opened->route, opened->step, &before))
        step_waits_no_more(ctx, &before);
    step_put(ctx, &opened->route, opened->step, &stands);
}

/* Who waits already for the same keeps his place. */
void apply_declined(struct ctx *ctx, const void *event)
{
    const struct enrolment_declined *declined = event;
    struct step_stands before, stands = { .programme = declined->programme };
    bool waits = decline_waits(declined->reason), known = step_get(ctx, &declined->route, declined->step, &before);

    if (known && waits && before.number != 0 && uuid_equal(&before.programme, &declined->programme))
        return;
    if (known)
        step_waits_no_more(ctx, &before);
    if (waits) {
        struct wish wish = {
            .route = declined->route, .step = declined->step, .programme = declined->programme, .person = declined->person,
            .chain = { declined->chain.n, declined->chain.at }, .day = declined->day,
        };
        stands.number = ctx->entry->number;
        wish_put(ctx, stands.number, &wish);
    }
    step_put(ctx, &declined->route, declined->step, &stands);
}

void apply_unknown(struct ctx *ctx, const void *event)
{
    (void)ctx, (void)event;                         /* an answer: nothing here changes by it */
}

void apply_dropped(struct ctx *ctx, const void *event)
{
    const struct wish *dropped = event;
    struct step_stands stands;

    if (!step_get(ctx, &dropped->route, dropped->step, &stands))
        return;
    step_waits_no_more(ctx, &stands);
    stands.number = 0;
    step_put(ctx, &dropped->route, dropped->step, &stands);
}

void apply_ended(struct ctx *ctx, const void *event)
{
    const struct enrolment_ended *ended = event;
    struct enrolment_row row;

    if (!enrolment_found(ctx, &ended->enrolment, &row))
        return;
    row.state = ENROLMENT_ENDED;
    row.ended = ended->day;
    row.reason = ended->reason;
    enrolment_put(ctx, &row);
    enrolment_leave(ctx, row.enrolment, true);
    waiting_goes_on(ctx, &row.enrolment->programme);
}

void apply_attested(struct ctx *ctx, const void *event)
{
    const struct attestation *held = event;
    struct attested list[ATTESTATIONS_MAX + 1];
    struct enrolment_row row;

    if (!enrolment_found(ctx, &held->enrolment, &row))
        return;
    for (uint32_t i = 0; i < row.attestations.n; i++)
        list[i] = row.attestations.at[i];
    list[row.attestations.n] = (struct attested){ held->kind, held->passed, held->day };
    row.attestations.at = list;
    row.attestations.n++;
    enrolment_put(ctx, &row);
}

static void enrolment_complete(struct ctx *ctx, const struct completion *done)
{
    struct enrolment_row row;

    if (!enrolment_found(ctx, &done->enrolment, &row))
        return;
    row.state = ENROLMENT_COMPLETED;
    row.ended = done->day;
    row.completion = done->completion;
    enrolment_put(ctx, &row);
    enrolment_leave(ctx, row.enrolment, false);
}

/* Journals older than the field name no provider: it is the programme's. */
static void document_put(struct ctx *ctx, const struct completion *done)
{
    struct programme programme;
    struct bytes known;

    if (!programme_get(ctx, &done->programme, &programme)) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        return;
    }
    struct key key = document_key(ctx, &programme.provider, done->document);
    if (!txn_get(ctx->txn, T_DOCUMENTS, key_bytes(&key), &known))
        txn_put(ctx->txn, T_DOCUMENTS, key_bytes(&key), bytes(&done->completion, sizeof done->completion));
}

void apply_completion(struct ctx *ctx, const void *event)
{
    const struct completion *done = event;
    struct programme_counts counts = programme_counts_get(ctx, &done->programme);
    struct key key = completion_key(&done->person, &done->programme, done->day);

    txn_put(ctx->txn, T_COMPLETIONS, key_bytes(&key), bytes(&done->completion, sizeof done->completion));
    counts.completions++;
    programme_counts_put(ctx, &done->programme, counts);
    document_put(ctx, done);
    if (!uuid_is_nil(&done->enrolment))
        enrolment_complete(ctx, done);
}
