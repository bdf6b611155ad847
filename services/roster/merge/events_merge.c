#include "services/roster/merge/merge.h"

/* What merging makes of the tables, and what undoing it leaves of that. */

static struct key pair_key(const struct uuid *kept, const struct uuid *gone)
{
    struct key key = key_of_uuid(kept);
    key_uuid(&key, gone);
    return key;
}

bool state_merged(struct ctx *ctx, const struct uuid *gone, struct person_merged *merged)
{
    struct key key = key_of_uuid(gone);
    return txn_get_msg(ctx->txn, T_MERGES, key_bytes(&key), &person_merged_desc, ctx->arena, merged);
}

/* ── what he is found by ──────────────────────────────────────────────────── */

struct code_list { uint32_t n; struct hash *at; };

static struct code_list codes_of(struct ctx *ctx, const struct uuid *person)
{
    struct key prefix = key_of_uuid(person);
    struct buf found = { 0 };
    struct bytes key;
    struct scan scan;

    scan_begin(&scan, ctx->txn, T_PERSON_CODES, key_bytes(&prefix));
    while (scan_next(&scan, &key, NULL))
        buf_put(&found, (const uint8_t *)key.at + sizeof person->b, HASH_SIZE);
    scan_end(&scan);
    struct bytes kept = arena_bytes(ctx->arena, buf_bytes(&found));
    buf_free(&found);
    return (struct code_list){ (uint32_t)(kept.n / HASH_SIZE), (struct hash *)(uintptr_t)kept.at };
}

/* A code that a list has given to somebody else since is left with him. */
void found_by(struct ctx *ctx, const struct uuid *of, const struct person_state *state, const struct uuid *from, const struct uuid *to)
{
    struct code_list codes = codes_of(ctx, of);
    struct uuid holder;

    for (uint32_t i = 0; i < codes.n; i++)
        if (state_match(ctx, T_MATCH_CODES, codes.at[i].b, &holder) && uuid_equal(&holder, from))
            state_match_put(ctx, T_MATCH_CODES, codes.at[i].b, to);
    if (state->match_snils.n > 0)
        state_match_put(ctx, T_MATCH_SNILS, state->match_snils.at, to);
    state_name_drop(ctx, state->match_name.at, from);
    state_name_put(ctx, state->match_name.at, to);
}

/* ── the events ───────────────────────────────────────────────────────────── */

void apply_person_merged(struct ctx *ctx, const void *event)
{
    const struct person_merged *merged = event;
    struct key key = key_of_uuid(&merged->gone), pair = pair_key(&merged->kept, &merged->gone);
    struct person_state state;

    if (!state_person(ctx, &merged->gone, &state))
        return;
    state.into = merged->kept;
    state_person_put(ctx, &merged->gone, &state);
    txn_put_msg(ctx->txn, T_MERGES, key_bytes(&key), &person_merged_desc, merged);
    txn_put(ctx->txn, T_MERGED_INTO, key_bytes(&pair), bytes("", 0));
    found_by(ctx, &merged->gone, &state, &merged->gone, &merged->kept);
}

void apply_person_unmerged(struct ctx *ctx, const void *event)
{
    const struct person_unmerged *undone = event;
    struct key key = key_of_uuid(&undone->gone), pair = pair_key(&undone->kept, &undone->gone);
    struct person_state state, kept;

    if (!state_person(ctx, &undone->gone, &state) || uuid_is_nil(&state.into) || !state_person(ctx, &undone->kept, &kept))
        return;
    state.into = UUID_NIL;
    state_person_put(ctx, &undone->gone, &state);
    txn_delete(ctx->txn, T_MERGES, key_bytes(&key));
    txn_delete(ctx->txn, T_MERGED_INTO, key_bytes(&pair));
    found_by(ctx, &undone->gone, &state, &undone->kept, &undone->gone);
    state_name_put(ctx, kept.match_name.at, &undone->kept);     /* he may bear the same name */
}
