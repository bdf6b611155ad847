#include "common/core/err.h"
#include "proto/roster_merge.h"
#include "services/indicators/indicators_state.h"
#include "services/indicators/records.h"

/* Records that are one person's (roster: merge.h). Each keeps what is said of it in T_APART; in T_WORKERS, which all counting reads,
 * the kept one has everything and the others nothing. So it does not matter whether a fact comes before the merging or
 * after it, and undoing it gives each back his own. */

static struct key pair_key(const struct uuid *kept, const struct uuid *gone)
{
    struct key key = key_of_uuid(kept);
    key_uuid(&key, gone);
    return key;
}

static void own_load(struct ctx *ctx, table_t table, const struct uuid *person, struct worker *worker)
{
    struct key key = key_of_uuid(person);
    struct bytes value;

    *worker = (struct worker){ 0 };
    if (txn_get(ctx->txn, table, key_bytes(&key), &value) && !worker_decode(arena_bytes(ctx->arena, value), ctx->arena, worker))
        txn_fail(ctx->txn, ERR_CORRUPT);
}

static void apart_put(struct ctx *ctx, const struct uuid *person, const struct worker *worker)
{
    struct key key = key_of_uuid(person);
    struct buf buf = { 0 };

    worker_encode(worker, &buf);
    txn_put(ctx->txn, T_APART, key_bytes(&key), buf_bytes(&buf));
    buf_free(&buf);
}

static bool apart_has(struct ctx *ctx, const struct uuid *person)
{
    struct key key = key_of_uuid(person);
    struct bytes value;
    return txn_get(ctx->txn, T_APART, key_bytes(&key), &value);
}

bool merged_head(struct ctx *ctx, const struct uuid *person, struct uuid *head)
{
    struct key key = key_of_uuid(person);
    struct bytes value;

    *head = *person;
    if (txn_get(ctx->txn, T_INTO, key_bytes(&key), &value) && value.n == sizeof head->b)
        memcpy(head->b, value.at, sizeof head->b);
    return apart_has(ctx, person);
}

static struct worker whole_of(struct ctx *ctx, const struct uuid *head)
{
    struct key prefix = key_of_uuid(head);
    struct uuid *others = ARENA_LIST(ctx->arena, struct uuid, MERGE_OTHERS_MAX);
    uint32_t n = txn_ids(ctx->txn, T_MERGED, key_bytes(&prefix), false, others, MERGE_OTHERS_MAX);
    struct worker whole, other;

    own_load(ctx, T_APART, head, &whole);
    for (uint32_t i = 0; i < n; i++) {
        own_load(ctx, T_APART, &others[i], &other);
        worker_join(&whole, &other, ctx->arena);
    }
    return whole;
}

void worker_apart_change(struct ctx *ctx, const struct uuid *person, const struct uuid *head, int fact, worker_edit *edit, const void *event)
{
    const struct rules *rules = ctx->config;
    struct worker own;

    own_load(ctx, T_APART, person, &own);
    edit(&own, event, ctx->arena);
    apart_put(ctx, person, &own);
    own = whole_of(ctx, head);
    worker_recount(ctx, head, &own, (rules->team_facts & (1u << fact)) != 0);
}

static void set_apart(struct ctx *ctx, const struct uuid *person)
{
    struct worker own;

    if (apart_has(ctx, person))
        return;
    own_load(ctx, T_WORKERS, person, &own);
    apart_put(ctx, person, &own);
}

void follow_merged(struct ctx *ctx, const void *event)
{
    const struct person_merged *merged = event;
    struct key into = key_of_uuid(&merged->gone), pair = pair_key(&merged->kept, &merged->gone);
    const struct worker nothing = { 0 };

    set_apart(ctx, &merged->kept);
    set_apart(ctx, &merged->gone);
    txn_put(ctx->txn, T_INTO, key_bytes(&into), bytes(merged->kept.b, sizeof merged->kept.b));
    txn_put(ctx->txn, T_MERGED, key_bytes(&pair), bytes("", 0));
    worker_recount(ctx, &merged->gone, &nothing, true);
    struct worker whole = whole_of(ctx, &merged->kept);
    worker_recount(ctx, &merged->kept, &whole, true);
}

void follow_unmerged(struct ctx *ctx, const void *event)
{
    const struct person_unmerged *undone = event;
    struct key into = key_of_uuid(&undone->gone), pair = pair_key(&undone->kept, &undone->gone);
    struct worker own;

    txn_delete(ctx->txn, T_INTO, key_bytes(&into));
    txn_delete(ctx->txn, T_MERGED, key_bytes(&pair));
    struct worker whole = whole_of(ctx, &undone->kept);
    worker_recount(ctx, &undone->kept, &whole, true);
    own_load(ctx, T_APART, &undone->gone, &own);
    txn_delete(ctx->txn, T_APART, key_bytes(&into));
    worker_recount(ctx, &undone->gone, &own, true);
}
