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

void apply_run(struct ctx *ctx, const void *event)
{
    const struct run *run = event;
    struct programme_counts counts = programme_counts_get(ctx, &run->programme);
    struct key key = run_key(run);

    txn_put(ctx->txn, T_RUNS, key_bytes(&key), bytes("", 0));
    counts.runs++;
    programme_counts_put(ctx, &run->programme, counts);
}

void apply_completion(struct ctx *ctx, const void *event)
{
    const struct completion *done = event;
    struct programme_counts counts = programme_counts_get(ctx, &done->programme);
    struct key key = completion_key(&done->person, &done->programme, done->day);

    txn_put(ctx->txn, T_COMPLETIONS, key_bytes(&key), bytes(&done->completion, sizeof done->completion));
    counts.completions++;
    programme_counts_put(ctx, &done->programme, counts);
}
