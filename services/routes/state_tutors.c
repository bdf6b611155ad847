#include "services/routes/routes.h"

/* Tutors and methodologists, and whom they accompany. */

static struct key tutor_key(int kind, const struct uuid *person)
{
    struct key key = { 0 };
    key_u8(&key, (uint8_t)kind);
    key_uuid(&key, person);
    return key;
}

static struct key free_prefix(int kind, const struct uuid *unit)
{
    struct key key = { 0 };
    key_u8(&key, (uint8_t)kind);
    key_uuid(&key, unit);
    return key;
}

static struct key free_key(const struct tutor *tutor)
{
    struct key key = free_prefix(tutor->tutor->kind, &tutor->tutor->covers);
    key_u64(&key, tutor->charges);
    key_uuid(&key, &tutor->tutor->person);
    return key;
}

static bool is_free(const struct tutor *tutor)
{
    return !tutor->released && (tutor->tutor->limit == 0 || tutor->charges < tutor->tutor->limit);
}

bool tutor_find(struct ctx *ctx, int kind, const struct uuid *person, struct tutor *tutor)
{
    struct key key = tutor_key(kind, person);
    return txn_get_msg(ctx->txn, T_TUTOR, key_bytes(&key), &tutor_desc, ctx->arena, tutor);
}

static void free_drop(struct ctx *ctx, const struct tutor *old)
{
    struct key key = free_key(old);
    if (is_free(old))
        txn_delete(ctx->txn, T_TUTOR_FREE, key_bytes(&key));
}

void tutor_put(struct ctx *ctx, const struct tutor *old, const struct tutor *tutor)
{
    struct key key = tutor_key(tutor->tutor->kind, &tutor->tutor->person), at = free_key(tutor), limit = { 0 };
    if (old != NULL)
        free_drop(ctx, old);
    txn_put_msg(ctx->txn, T_TUTOR, key_bytes(&key), &tutor_desc, tutor);
    key_u64(&limit, tutor->tutor->limit);
    if (is_free(tutor))
        txn_put(ctx->txn, T_TUTOR_FREE, key_bytes(&at), key_bytes(&limit));
}

void tutor_delete(struct ctx *ctx, const struct tutor *old)
{
    struct key key = tutor_key(old->tutor->kind, &old->tutor->person);
    free_drop(ctx, old);
    txn_delete(ctx->txn, T_TUTOR, key_bytes(&key));
}

uint32_t tutors_free(struct ctx *ctx, int kind, const struct uuid *unit, struct load_tutor *list, uint32_t max)
{
    struct key prefix = free_prefix(kind, unit);
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0;
    scan_begin(&scan, ctx->txn, T_TUTOR_FREE, key_bytes(&prefix));
    while (n < max && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key), limit = key_read(value);
        key_read_u8(&reader);
        list[n].covers = key_read_uuid(&reader);
        list[n].load = key_read_u64(&reader);
        list[n].person = key_read_uuid(&reader);
        list[n++].limit = key_read_u64(&limit);
        if (reader.bad || limit.bad)
            txn_fail(ctx->txn, ERR_CORRUPT);
    }
    scan_end(&scan);
    return n;
}

/* ── charges ──────────────────────────────────────────────────────────────── */

static struct key charge_key(const struct uuid *charge, int kind)
{
    struct key key = key_of_uuid(charge);
    key_u8(&key, (uint8_t)kind);
    return key;
}

static struct key charge_of_key(const struct tutor_assigned *assigned)
{
    struct key key = tutor_key(assigned->kind, &assigned->tutor);
    key_uuid(&key, &assigned->charge);
    return key;
}

bool charge_find(struct ctx *ctx, const struct uuid *charge, int kind, struct tutor_assigned *assigned)
{
    struct key key = charge_key(charge, kind);
    return txn_get_msg(ctx->txn, T_CHARGE, key_bytes(&key), &tutor_assigned_desc, ctx->arena, assigned);
}

bool charge_find_of_one(struct ctx *ctx, const struct uuid *charge, int kind, struct tutor_assigned *assigned)
{
    struct uuid ids[PLACES_SAME_MAX];
    uint32_t n = places_same_one(ctx, charge, ids);
    for (uint32_t i = 0; i < n; i++)
        if (charge_find(ctx, &ids[i], kind, assigned))
            return true;
    return false;
}

void charge_put(struct ctx *ctx, const struct tutor_assigned *assigned)
{
    struct key key = charge_key(&assigned->charge, assigned->kind), of = charge_of_key(assigned);
    txn_put_msg(ctx->txn, T_CHARGE, key_bytes(&key), &tutor_assigned_desc, assigned);
    txn_put(ctx->txn, T_CHARGE_OF, key_bytes(&of), bytes("", 0));
}

void charge_delete(struct ctx *ctx, const struct tutor_assigned *assigned)
{
    struct key key = charge_key(&assigned->charge, assigned->kind), of = charge_of_key(assigned);
    txn_delete(ctx->txn, T_CHARGE, key_bytes(&key));
    txn_delete(ctx->txn, T_CHARGE_OF, key_bytes(&of));
}

uint32_t charges_of(struct ctx *ctx, int kind, const struct uuid *tutor, struct tutor_assigned *list, uint32_t max)
{
    struct key prefix = tutor_key(kind, tutor);
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, max);
    uint32_t n = txn_ids(ctx->txn, T_CHARGE_OF, key_bytes(&prefix), false, ids, max), taken = 0;
    for (uint32_t i = 0; i < n; i++)
        taken += charge_find(ctx, &ids[i], kind, &list[taken]);
    return taken;
}
