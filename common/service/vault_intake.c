#include "common/service/vault_intake.h"

#include <sodium.h>
#include <stdlib.h>

#include "common/core/failpoint.h"
#include "common/core/random.h"
#include "common/service/chain.h"
#include "common/service/vault_parts.h"

_Static_assert(INTAKE_KEY == crypto_box_PUBLICKEYBYTES && INTAKE_KEY == crypto_box_SECRETKEYBYTES && KEY == INTAKE_KEY &&
               INTAKE_OVERHEAD == crypto_box_SEALBYTES, "the intake is crypto_box_seal's");

/* ── generations ──────────────────────────────────────────────────────────── */

#define GENERATION_AT 8                         /* four bytes, big-endian, so that ids are in the order of generations */
#define GENERATION_END 2                        /* the last byte of all but the first, which is nil */

struct uuid vault_intake_id(uint64_t generation)
{
    struct uuid id = UUID_NIL;
    if (generation == 0)
        return id;
    for (int i = 0; i < 4; i++)
        id.b[GENERATION_AT + i] = (uint8_t)(generation >> (24 - 8 * i));
    id.b[VAULT_ID - 1] = GENERATION_END;
    return id;
}

static uint64_t generation_of(const uint8_t *id)
{
    uint64_t generation = 0;
    for (int i = 0; i < 4; i++)
        generation = generation << 8 | id[GENERATION_AT + i];
    return generation;
}

uint32_t vault_intake_kept(struct ctx *ctx, uint64_t generations[INTAKE_KEPT_MAX])
{
    struct bytes key;
    struct scan scan;
    uint32_t n = 0;
    scan_begin(&scan, ctx->txn, TABLE_VAULT_KEYS, bytes(UUID_NIL.b, VAULT_OWN));
    while (n < INTAKE_KEPT_MAX && scan_next(&scan, &key, NULL))
        if (key.n == VAULT_ID && memcmp(key.at, VAULT_MATCH.b, VAULT_ID) != 0)
            generations[n++] = generation_of(key.at);
    scan_end(&scan);
    return n;
}

static bool newest(struct ctx *ctx, struct uuid *id)
{
    uint64_t kept[INTAKE_KEPT_MAX];
    uint32_t n = vault_intake_kept(ctx, kept);
    if (n > 0)
        *id = vault_intake_id(kept[n - 1]);
    return n > 0;
}

bool vault_intake_turn(struct ctx *ctx, uint64_t *generation)
{
    uint64_t kept[INTAKE_KEPT_MAX];
    uint32_t n = vault_intake_kept(ctx, kept);
    uint8_t fresh[KEY];
    if (n == 0 || n == INTAKE_KEPT_MAX)
        return false;
    *generation = kept[n - 1] + 1;
    struct uuid id = vault_intake_id(*generation);
    ctx->machine->random.fill(ctx->machine->random.self, fresh, KEY);
    vault_key_put(ctx, &id, bytes(fresh, KEY));
    sodium_memzero(fresh, sizeof fresh);
    if (!SABOTAGE("intake_turned_alone"))
        vault_turn_ask(ctx);
    return true;
}

/* ── the end of the older ones ────────────────────────────────────────────── */

static const uint8_t FLOOR_KEY[] = { VAULT_FLOOR };

uint64_t vault_intake_floor(struct ctx *ctx)
{
    struct bytes value;
    if (!txn_get(ctx->txn, TABLE_VAULT_KEYS, bytes(FLOOR_KEY, sizeof FLOOR_KEY), &value))
        return 0;
    struct key_reader reader = key_read(value);
    return key_read_u64(&reader);
}

void vault_intake_floor_put(struct ctx *ctx, uint64_t floor)
{
    uint64_t kept[INTAKE_KEPT_MAX], before = vault_intake_floor(ctx);
    struct key value = { 0 };
    if (floor < before)
        floor = before;
    if (floor == 0)
        return;
    key_u64(&value, floor);
    txn_put(ctx->txn, TABLE_VAULT_KEYS, bytes(FLOOR_KEY, sizeof FLOOR_KEY), key_bytes(&value));
    uint32_t n = vault_intake_kept(ctx, kept);
    for (uint32_t i = 0; i < n && kept[i] < floor; i++) {
        struct uuid id = vault_intake_id(kept[i]);
        struct key key = key_of_uuid(&id);
        txn_delete(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&key));
    }
}

void vault_intake_drop(struct ctx *ctx, uint64_t below)
{
    uint64_t kept[INTAKE_KEPT_MAX];
    uint32_t n = vault_intake_kept(ctx, kept);
    if (n == 0 || below > kept[n - 1])
        return;
    vault_intake_floor_put(ctx, below);
    vault_turn_ask(ctx);
}

/* ── opening ──────────────────────────────────────────────────────────────── */

const uint8_t *vault_intake_public(struct ctx *ctx)
{
    struct bytes secret;
    struct uuid id;
    if (!newest(ctx, &id) || !vault_key_get(ctx, &id, &secret))
        return NULL;
    uint8_t *public = arena_alloc(ctx->arena, INTAKE_KEY);
    crypto_scalarmult_base(public, secret.at);
    sodium_memzero((void *)(uintptr_t)secret.at, secret.n);
    return public;
}

static bool open_with(struct ctx *ctx, uint64_t generation, struct bytes sealed, uint8_t *out)
{
    struct uuid id = vault_intake_id(generation);
    uint8_t public[INTAKE_KEY];
    struct bytes secret;
    if (!vault_key_get(ctx, &id, &secret))
        return false;
    crypto_scalarmult_base(public, secret.at);
    bool good = crypto_box_seal_open(out, sealed.at, sealed.n, public, secret.at) == 0;
    sodium_memzero((void *)(uintptr_t)secret.at, secret.n);
    return good;
}

bool vault_intake_open(struct ctx *ctx, struct bytes sealed, struct bytes *plain, uint64_t *generation)
{
    uint64_t kept[INTAKE_KEPT_MAX];
    if (sealed.n < INTAKE_OVERHEAD)
        return false;
    uint8_t *out = arena_alloc(ctx->arena, sealed.n);
    for (uint32_t n = vault_intake_kept(ctx, kept), tried = 0; n-- > 0; tried++) {
        if (tried > 0 && SABOTAGE("intake_newest_alone"))
            break;
        if (!open_with(ctx, kept[n], sealed, out))
            continue;
        *plain = bytes(out, sealed.n - INTAKE_OVERHEAD);
        if (generation != NULL)
            *generation = kept[n];
        return true;
    }
    return false;
}

/* ── who seals under what ─────────────────────────────────────────────────── */

static struct key seals_key(const struct uuid *sender)
{
    struct key key = { 0 };
    key_u8(&key, VAULT_SEALS);
    key_uuid(&key, sender);
    return key;
}

static bool seals_get(struct ctx *ctx, const struct uuid *sender, uint64_t *generation, moment_t *since)
{
    struct key key = seals_key(sender);
    struct bytes value;
    if (!txn_get(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&key), &value))
        return false;
    struct key_reader reader = key_read(value);
    *generation = key_read_u64(&reader);
    *since = key_read_i64(&reader);
    return !reader.bad;
}

void vault_intake_note(struct ctx *ctx, const struct uuid *sender, uint64_t generation)
{
    struct key key = seals_key(sender), value = { 0 };
    uint64_t before;
    moment_t since;
    if (seals_get(ctx, sender, &before, &since) && before == generation)
        return;                                 /* a row is written when it changes, not with each command */
    key_u64(&value, generation);
    key_i64(&value, ctx->now);
    txn_put(ctx->txn, TABLE_VAULT_KEYS, key_bytes(&key), key_bytes(&value));
}

static struct intake_seals *seals_of(struct intake_seals *list, uint32_t *n, uint32_t most, const struct uuid *sender)
{
    for (uint32_t i = *n; i-- > 0; )            /* rows of one sender stand together: found at once, as a rule */
        if (uuid_equal(&list[i].sender, sender))
            return &list[i];
    if (*n == most)
        return NULL;
    list[*n] = (struct intake_seals){ .sender = *sender };
    return &list[(*n)++];
}

/* What has not moved for so long would be answered `expired`: nothing of it is opened any more. */
static bool lane_counts(const struct ctx *ctx, const struct sender *lane)
{
    return (lane->state == SENDER_LIVE || lane->state == SENDER_HELD || lane->state == SENDER_TAKEN) &&
           ctx->now - lane->moved < VERDICT_KEEP;
}

static void lanes_add(struct ctx *ctx, struct intake_seals *list, uint32_t *n, uint32_t most, bool *more)
{
    struct bytes key, value;
    struct msg_error error;
    struct sender lane;
    struct scan scan;
    scan_begin(&scan, ctx->txn, TABLE_SENDERS, bytes(NULL, 0));
    while (!*more && scan_next(&scan, &key, &value)) {
        if (msg_decode(&sender_desc, value, MSG_LENIENT, ctx->arena, &lane, &error) != ERR_OK) {
            txn_fail(ctx->txn, ERR_CORRUPT);
            break;
        }
        if (!lane_counts(ctx, &lane))
            continue;
        struct intake_seals *of = seals_of(list, n, most, &lane.principal);
        if (of == NULL)
            *more = true;
        else
            of->apart |= lane.state != SENDER_LIVE && lane.count > 0;
    }
    scan_end(&scan);
}

static int by_sender(const void *a, const void *b)
{
    return memcmp(((const struct intake_seals *)a)->sender.b, ((const struct intake_seals *)b)->sender.b, VAULT_ID);
}

uint32_t vault_intake_senders(struct ctx *ctx, struct intake_seals *list, uint32_t most, bool *more)
{
    const uint8_t prefix = VAULT_SEALS;
    struct bytes key;
    struct scan scan;
    uint32_t n = 0;
    *more = false;
    lanes_add(ctx, list, &n, most, more);
    for (uint32_t i = 0; i < n; i++)
        list[i].sealed = seals_get(ctx, &list[i].sender, &list[i].generation, &list[i].since);
    /* Those without a queue, whose commands stand in no order: they count as long as a command of theirs may be under way. */
    scan_begin(&scan, ctx->txn, TABLE_VAULT_KEYS, bytes(&prefix, 1));
    while (!*more && scan_next(&scan, &key, NULL)) {
        struct uuid sender;
        struct intake_seals *of, one = { 0 };
        memcpy(sender.b, (const uint8_t *)key.at + 1, VAULT_ID);
        if (!seals_get(ctx, &sender, &one.generation, &one.since) || ctx->now - one.since >= VERDICT_KEEP)
            continue;
        if ((of = seals_of(list, &n, most, &sender)) == NULL)
            *more = true;
        else if (!of->sealed) {
            of->sealed = true;
            of->generation = one.generation;
            of->since = one.since;
        }
    }
    scan_end(&scan);
    qsort(list, n, sizeof *list, by_sender);
    return n;
}

uint64_t vault_intake_rows(struct ctx *ctx)
{
    const uint8_t prefix = VAULT_SEALS;
    uint64_t kept[INTAKE_KEPT_MAX], rows = vault_intake_kept(ctx, kept) + (vault_intake_floor(ctx) > 0);
    struct bytes key;
    struct scan scan;
    scan_begin(&scan, ctx->txn, TABLE_VAULT_KEYS, bytes(&prefix, 1));
    while (scan_next(&scan, &key, NULL))
        rows++;
    scan_end(&scan);
    return rows;
}

/* ── the sender's side ────────────────────────────────────────────────────── */

/* crypto_box_seal() with an ephemeral pair of the caller's random numbers: public key ‖ box, the nonce from both keys. */
int intake_seal(const uint8_t public_key[INTAKE_KEY], struct bytes plain, const struct random_source *random,
                struct arena *arena, struct bytes *sealed)
{
    uint8_t seed[crypto_box_SEEDBYTES], secret[crypto_box_SECRETKEYBYTES], nonce[crypto_box_NONCEBYTES];
    crypto_generichash_state state;
    uint8_t *out = arena_alloc(arena, plain.n + INTAKE_OVERHEAD);

    random->fill(random->self, seed, sizeof seed);
    crypto_box_seed_keypair(out, secret, seed);
    crypto_generichash_init(&state, NULL, 0, sizeof nonce);
    crypto_generichash_update(&state, out, INTAKE_KEY);
    crypto_generichash_update(&state, public_key, INTAKE_KEY);
    crypto_generichash_final(&state, nonce, sizeof nonce);
    int rc = crypto_box_easy(out + INTAKE_KEY, plain.at, plain.n, nonce, public_key, secret);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(secret, sizeof secret);
    *sealed = bytes(out, plain.n + INTAKE_OVERHEAD);
    return rc == 0 ? ERR_OK : ERR_MALFORMED;            /* a public key that is none */
}
