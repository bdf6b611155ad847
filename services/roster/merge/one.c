#include "services/roster/merge/one.h"

#include "common/core/failpoint.h"

/* Whose record it was merged into; false: it is one of its own. */
static bool went_into(struct ctx *ctx, const struct uuid *person, struct uuid *kept)
{
    struct key key = key_of_uuid(person);
    struct person_merged merged;

    if (!txn_get_msg(ctx->txn, T_MERGES, key_bytes(&key), &person_merged_desc, ctx->arena, &merged))
        return false;
    *kept = merged.kept;
    return true;
}

struct merge_others merged_into(struct ctx *ctx, const struct uuid *kept)
{
    struct key prefix = key_of_uuid(kept);
    struct merge_others others = { 0, ARENA_LIST(ctx->arena, struct uuid, MERGE_OTHERS_MAX) };

    others.n = txn_ids(ctx->txn, T_MERGED_INTO, key_bytes(&prefix), false, others.at, MERGE_OTHERS_MAX);
    return others;
}

struct uuid person_now(struct ctx *ctx, const struct uuid *person)
{
    struct uuid kept = *person;

    went_into(ctx, person, &kept);
    return kept;
}

uint32_t same_one(struct ctx *ctx, const struct uuid *person, struct uuid ids[SAME_ONE_MAX])
{
    struct key prefix;

    ids[0] = person_now(ctx, person);
    prefix = key_of_uuid(&ids[0]);
    if (SABOTAGE("old_ids_forgotten"))
        return 1;
    return 1 + txn_ids(ctx->txn, T_MERGED_INTO, key_bytes(&prefix), false, ids + 1, MERGE_OTHERS_MAX);
}

uint32_t persons_now(struct ctx *ctx, struct uuid *persons, uint32_t n)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < n; i++) {
        struct uuid now = person_now(ctx, &persons[i]);
        bool there = false;
        for (uint32_t k = 0; k < kept; k++)
            there |= uuid_equal(&persons[k], &now);
        if (!there)
            persons[kept++] = now;
    }
    return kept;
}

bool same_person(struct ctx *ctx, const struct uuid *a, const struct uuid *b)
{
    struct uuid first = person_now(ctx, a), second = person_now(ctx, b);
    return uuid_equal(&first, &second);
}

enum verdict one_pages_open(struct pages *pages, struct ctx *ctx, table_t table, const struct uuid *person, struct bytes after, uint64_t limit)
{
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, SAME_ONE_MAX);
    return pages_open_ids(pages, ctx, table, ids, same_one(ctx, person, ids), after, limit);
}
