#include <stdlib.h>
#include "services/routes/routes.h"

/* Steps, the registry's facts that wait, effects. */

static struct key step_key(const struct uuid *route, uint64_t step)
{
    struct key key = key_of_uuid(route);
    key_u8(&key, (uint8_t)step);
    return key;
}

bool step_now_find(struct ctx *ctx, const struct uuid *route, uint64_t step, struct step_now *now)
{
    struct key key = step_key(route, step);
    return txn_get_msg(ctx->txn, T_STEP, key_bytes(&key), &step_now_desc, ctx->arena, now);
}

void step_now_put(struct ctx *ctx, const struct uuid *route, const struct step_now *now)
{
    struct key key = step_key(route, now->step);
    txn_put_msg(ctx->txn, T_STEP, key_bytes(&key), &step_now_desc, now);
}

void steps_read(struct ctx *ctx, const struct route_drafted *draft, struct step_now *now)
{
    for (uint32_t i = 0; i < draft->steps.n; i++) {
        const struct step *step = &draft->steps.at[i];
        if (!step_now_find(ctx, &draft->route, step->number, &now[i]))
            now[i] = (struct step_now){ .step = step->number, .state = STEP_PLANNED, .programme = step->programme };
    }
}

/* ── facts that wait ──────────────────────────────────────────────────────── */

static struct key noted_key(const struct uuid *person, const struct uuid *fact)
{
    struct key key = key_of_uuid(person);
    key_uuid(&key, fact);
    return key;
}

bool noted_find(struct ctx *ctx, const struct uuid *person, const struct uuid *fact, struct fact_noted *noted)
{
    struct key key = noted_key(person, fact);
    return txn_get_msg(ctx->txn, T_NOTED, key_bytes(&key), &fact_noted_desc, ctx->arena, noted);
}

void noted_put(struct ctx *ctx, const struct fact_noted *fact)
{
    struct key key = noted_key(&fact->person, &fact->fact);
    txn_put_msg(ctx->txn, T_NOTED, key_bytes(&key), &fact_noted_desc, fact);
}

void noted_delete(struct ctx *ctx, const struct uuid *person, const struct uuid *fact)
{
    struct key key = noted_key(person, fact);
    txn_delete(ctx->txn, T_NOTED, key_bytes(&key));
}

static int fact_order(const void *left, const void *right)
{
    const struct fact_noted *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return uuid_compare(&a->fact, &b->fact);
}

uint32_t noted_of(struct ctx *ctx, const struct uuid *person, struct fact_noted *facts, uint32_t max)
{
    struct key prefix = key_of_uuid(person);
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, max);
    /* ids begin with their time: the latest, should there be too many */
    uint32_t n = txn_ids(ctx->txn, T_NOTED, key_bytes(&prefix), true, ids, max), taken = 0;
    for (uint32_t i = 0; i < n; i++)
        taken += noted_find(ctx, person, &ids[i], &facts[taken]);
    qsort(facts, taken, sizeof *facts, fact_order);
    return taken;
}

bool document_known(struct ctx *ctx, const struct uuid *completion)
{
    struct key key = key_of_uuid(completion);
    struct bytes value;
    return txn_get(ctx->txn, T_DOCUMENT, key_bytes(&key), &value);
}

void document_put(struct ctx *ctx, const struct uuid *completion)
{
    struct key key = key_of_uuid(completion);
    txn_put(ctx->txn, T_DOCUMENT, key_bytes(&key), bytes("", 0));
}

/* ── effects ──────────────────────────────────────────────────────────────── */

bool effect_find(struct ctx *ctx, const struct uuid *after, struct effect *effect)
{
    struct key key = key_of_uuid(after);
    return txn_get_msg(ctx->txn, T_EFFECT, key_bytes(&key), &effect_desc, ctx->arena, effect);
}

void effect_put(struct ctx *ctx, const struct effect *effect)
{
    struct key key = key_of_uuid(&effect->after);
    txn_put_msg(ctx->txn, T_EFFECT, key_bytes(&key), &effect_desc, effect);
}
