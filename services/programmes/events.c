#include "services/programmes/programmes_state.h"

void apply_registered(struct ctx *ctx, const void *event)
{
    const struct programme *programme = event;
    struct key key = key_of_uuid(&programme->id), code = code_key(ctx, programme->code);

    txn_put_msg(ctx->txn, T_PROGRAMMES, key_bytes(&key), &programme_desc, programme);
    txn_put(ctx->txn, T_CODES, key_bytes(&code), bytes(&programme->id, sizeof programme->id));
}

static void registry_put(struct ctx *ctx, const struct programme_included *change, uint8_t included)
{
    struct key key = key_of_uuid(&change->programme);

    key_u32(&key, change->day);
    txn_put(ctx->txn, T_REGISTRY, key_bytes(&key), bytes(&included, 1));
}

void apply_included(struct ctx *ctx, const void *event)
{
    registry_put(ctx, event, 1);
}

void apply_excluded(struct ctx *ctx, const void *event)
{
    registry_put(ctx, event, 0);
}

/* Whoever waits for the programme is entered by the timer, at once and some at a time. */
void apply_run(struct ctx *ctx, const void *event)
{
    const struct run *run = event;
    struct programme_counts counts = programme_counts_get(ctx, &run->programme);
    struct run copy = *run;
    struct run_row row = { .run = &copy };
    struct key key = run_key(run);

    txn_put(ctx->txn, T_RUNS, key_bytes(&key), bytes("", 0));
    run_put(ctx, &row);
    if (run->code != NULL) {
        struct key code = run_code_key(ctx, run);
        txn_put(ctx->txn, T_RUN_CODES, key_bytes(&code), bytes(&run->id, sizeof run->id));
    }
    counts.runs++;
    programme_counts_put(ctx, &run->programme, counts);
    if (somebody_waits(ctx, &run->programme))
        timer_set(ctx, TIMER_WAITING, &run->programme, timer_at_once(ctx));
}
