#include "services/diagnostics/diagnostics.h"

/* What has happened, folded into the state. */

void apply_framework_published(struct ctx *ctx, const void *event)
{
    const struct framework *framework = event;
    framework_put(ctx, framework);
    code_put(ctx, CODE_FRAMEWORK, framework->code, &framework->id);
}

void apply_instrument_published(struct ctx *ctx, const void *event)
{
    const struct instrument *instrument = event;
    instrument_put(ctx, instrument);
    code_put(ctx, CODE_INSTRUMENT, instrument->code, &instrument->id);
}

void apply_procedure_opened(struct ctx *ctx, const void *event)
{
    const struct procedure *procedure = event;
    procedure_put(ctx, procedure);
    code_put(ctx, CODE_PROCEDURE, procedure->code, &procedure->id);
}

void apply_sitting_started(struct ctx *ctx, const void *event)
{
    const struct sitting_started *started = event;
    struct procedure procedure;
    if (!procedure_find(ctx, &started->procedure, &procedure)) {
        txn_fail(ctx->txn, ERR_CORRUPT);        /* decide has seen it: the journal is not whole */
        return;
    }
    struct sitting_row row = {
        .procedure = started->procedure, .instrument = procedure.instrument, .person = started->person,
        .chain = { started->chain.n, started->chain.at }, .day = started->day, .until = started->until,
        .state = started->until != 0 ? SITTING_OPEN : SITTING_RECORDED,
    };
    sitting_put(ctx, &started->sitting, &row);
    if (started->until != 0)
        timer_set(ctx, TIMER_SITTING_END, &started->sitting, started->until);
}

void apply_sitting_saved(struct ctx *ctx, const void *event)
{
    const struct sitting_save *saved = event;
    for (uint32_t i = 0; i < saved->answers.n; i++)
        answer_put(ctx, &saved->sitting, &saved->answers.at[i]);
}

static void end_sitting(struct ctx *ctx, const struct uuid *id, enum sitting_state state)
{
    struct sitting_row row;
    timer_clear(ctx, TIMER_SITTING_END, id);
    if (!sitting_find(ctx, id, &row)) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        return;
    }
    row.state = state;
    sitting_put(ctx, id, &row);
}

void apply_sitting_submitted(struct ctx *ctx, const void *event)
{
    end_sitting(ctx, &((const struct sitting_id *)event)->sitting, SITTING_SUBMITTED);
}

void apply_sitting_timed_out(struct ctx *ctx, const void *event)
{
    end_sitting(ctx, &((const struct sitting_id *)event)->sitting, SITTING_TIMED_OUT);
}

void apply_sitting_scored(struct ctx *ctx, const void *event)
{
    const struct sitting_scored *scored = event;
    score_put(ctx, scored);
    count_scored(ctx, scored);
}
