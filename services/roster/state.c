#include "services/roster/state.h"

#include "common/core/err.h"
#include "services/roster/search/search.h"

MSG_DEFINE(person_state, PERSON_STATE_FIELDS)
MSG_DEFINE(person_bands, PERSON_BANDS_FIELDS)

static struct bytes id_bytes(const struct uuid *id) { return bytes(id->b, sizeof id->b); }

bool state_id(struct ctx *ctx, table_t table, const struct key *key, struct uuid *id)
{
    struct bytes value;

    if (!txn_get(ctx->txn, table, key_bytes(key), &value))
        return false;
    if (value.n != sizeof id->b) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        return false;
    }
    memcpy(id->b, value.at, sizeof id->b);
    return true;
}

static struct key two_ids(const struct uuid *first, const struct uuid *second)
{
    struct key key = key_of_uuid(first);
    key_uuid(&key, second);
    return key;
}

static struct key hash_key(const void *hash)
{
    struct key key = { 0 };
    key_raw(&key, hash, HASH_SIZE);
    return key;
}

static struct key code_key(const char *code)
{
    struct key key = { 0 };
    key_text(&key, code);
    return key;
}

/* ── organisations ────────────────────────────────────────────────────────── */

bool state_organisation(struct ctx *ctx, const struct uuid *id, struct organisation *organisation)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_ORGANISATIONS, key_bytes(&key), &organisation_desc, ctx->arena, organisation);
}

bool state_organisation_code(struct ctx *ctx, const char *code, struct uuid *id)
{
    struct key key = code_key(code);
    return state_id(ctx, T_ORGANISATION_CODES, &key, id);
}

void state_organisation_put(struct ctx *ctx, const struct organisation *organisation)
{
    struct key key = key_of_uuid(&organisation->id), code = code_key(organisation->code);
    txn_put_msg(ctx->txn, T_ORGANISATIONS, key_bytes(&key), &organisation_desc, organisation);
    txn_put(ctx->txn, T_ORGANISATION_CODES, key_bytes(&code), id_bytes(&organisation->id));
}

/* ── persons ──────────────────────────────────────────────────────────────── */

bool state_person(struct ctx *ctx, const struct uuid *id, struct person_state *person)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_PERSONS, key_bytes(&key), &person_state_desc, ctx->arena, person);
}

void state_person_put(struct ctx *ctx, const struct uuid *id, const struct person_state *person)
{
    struct key key = key_of_uuid(id);
    txn_put_msg(ctx->txn, T_PERSONS, key_bytes(&key), &person_state_desc, person);
    search_mark(ctx, id, person->sealed.n == 0 || !uuid_is_nil(&person->into));
}

bool state_bands(struct ctx *ctx, const struct uuid *person, struct person_bands *bands)
{
    struct key key = key_of_uuid(person);

    *bands = (struct person_bands){ 0 };
    return txn_get_msg(ctx->txn, T_BANDS, key_bytes(&key), &person_bands_desc, ctx->arena, bands);
}

void state_bands_put(struct ctx *ctx, const struct uuid *person, const struct person_bands *bands)
{
    struct key key = key_of_uuid(person);
    txn_put_msg(ctx->txn, T_BANDS, key_bytes(&key), &person_bands_desc, bands);
}

bool state_young(struct ctx *ctx, const struct uuid *person, day_t day)
{
    struct person_bands bands;
    return state_bands(ctx, person, &bands) && bands_hold(bands.spans.at, bands.spans.n, BAND_YOUNG, day);
}

bool state_match(struct ctx *ctx, table_t table, const void *hash, struct uuid *person)
{
    struct key key = hash_key(hash);
    return state_id(ctx, table, &key, person);
}

void state_match_put(struct ctx *ctx, table_t table, const void *hash, const struct uuid *person)
{
    struct key key = hash_key(hash);
    txn_put(ctx->txn, table, key_bytes(&key), id_bytes(person));
}

/* Only what is this person's: another may have been given it since. */
void state_match_drop(struct ctx *ctx, table_t table, const void *hash, const struct uuid *person)
{
    struct key key = hash_key(hash);
    struct uuid holder;

    if (state_id(ctx, table, &key, &holder) && uuid_equal(&holder, person))
        txn_delete(ctx->txn, table, key_bytes(&key));
}

void state_code_put(struct ctx *ctx, const void *hash, const struct uuid *person)
{
    struct key of = key_of_uuid(person);

    state_match_put(ctx, T_MATCH_CODES, hash, person);
    key_raw(&of, hash, HASH_SIZE);
    txn_put(ctx->txn, T_PERSON_CODES, key_bytes(&of), bytes("", 0));
}

static struct key name_key(const void *hash, const struct uuid *person)
{
    struct key key = hash_key(hash);
    key_uuid(&key, person);
    return key;
}

uint32_t state_namesakes(struct ctx *ctx, const void *hash, struct uuid *persons, uint32_t max, bool *more)
{
    struct key prefix = hash_key(hash);
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0;

    scan_begin(&scan, ctx->txn, T_MATCH_NAMES, key_bytes(&prefix));
    while (n < max && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(bytes((const uint8_t *)key.at + HASH_SIZE, key.n - HASH_SIZE));
        persons[n++] = key_read_uuid(&reader);
    }
    *more = n == max && scan_next(&scan, &key, NULL);
    scan_end(&scan);
    return n;
}

void state_name_put(struct ctx *ctx, const void *hash, const struct uuid *person)
{
    struct key key = name_key(hash, person);
    txn_put(ctx->txn, T_MATCH_NAMES, key_bytes(&key), bytes("", 0));
}

void state_name_drop(struct ctx *ctx, const void *hash, const struct uuid *person)
{
    struct key key = name_key(hash, person);
    txn_delete(ctx->txn, T_MATCH_NAMES, key_bytes(&key));
}

void state_names_put(struct ctx *ctx, const struct uuid *person, const struct person_state *state)
{
    const struct bytes hashes[] = { state->match_name, state->match_full, state->match_given };

    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        if (hashes[i].n == HASH_SIZE)
            state_name_put(ctx, hashes[i].at, person);
}

void state_names_drop(struct ctx *ctx, const struct uuid *person, const struct person_state *state)
{
    const struct bytes hashes[] = { state->match_name, state->match_full, state->match_given };

    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        if (hashes[i].n == HASH_SIZE)
            state_name_drop(ctx, hashes[i].at, person);
}

/* ── posts ────────────────────────────────────────────────────────────────── */

bool state_post(struct ctx *ctx, const struct uuid *id, struct post_opened *post)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_POSTS, key_bytes(&key), &post_opened_desc, ctx->arena, post);
}

static struct key unit_post_key(const struct uuid *unit, const struct post_opened *post)
{
    struct key key = two_ids(unit, &post->person);
    key_uuid(&key, &post->post);
    return key;
}

/* A post whose chain is told anew leaves the units that are above it no more. */
static void unit_posts_leave(struct ctx *ctx, const struct post_opened *post)
{
    struct post_opened was;

    if (!state_post(ctx, &post->post, &was))
        return;
    for (uint32_t i = 0; i < was.chain.n; i++) {
        bool stays = false;
        for (uint32_t k = 0; k < post->chain.n; k++)
            stays |= uuid_equal(&was.chain.at[i], &post->chain.at[k]);
        struct key row = unit_post_key(&was.chain.at[i], post);
        if (!stays)
            txn_delete(ctx->txn, T_UNIT_POSTS, key_bytes(&row));
    }
}

void state_post_put(struct ctx *ctx, const struct post_opened *post)
{
    struct key key = key_of_uuid(&post->post), of = two_ids(&post->person, &post->post), value = { 0 };

    unit_posts_leave(ctx, post);
    txn_put_msg(ctx->txn, T_POSTS, key_bytes(&key), &post_opened_desc, post);
    txn_put(ctx->txn, T_PERSON_POSTS, key_bytes(&of), bytes("", 0));
    key_u32(&value, post->from);
    key_u32(&value, post->until);
    key_u8(&value, (uint8_t)post->kind);
    key_u8(&value, (uint8_t)post->organisation_kind);
    key_u8(&value, (uint8_t)post->matching);
    key_u8(&value, post->main);
    key_uuid(&value, &post->chain.at[0]);
    for (uint32_t i = 0; i < post->chain.n; i++) {
        struct key row = unit_post_key(&post->chain.at[i], post);
        txn_put(ctx->txn, T_UNIT_POSTS, key_bytes(&row), key_bytes(&value));
    }
}

uint32_t state_posts_of(struct ctx *ctx, const struct uuid *person, struct post_opened *posts, uint32_t max)
{
    struct key prefix = key_of_uuid(person);
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, max);
    uint32_t n = txn_ids(ctx->txn, T_PERSON_POSTS, key_bytes(&prefix), false, ids, max), taken = 0;

    for (uint32_t i = 0; i < n; i++)
        taken += state_post(ctx, &ids[i], &posts[taken]);
    return taken;
}

bool state_unit_post(struct ctx *ctx, struct bytes key, struct bytes value, struct unit_post *row)
{
    struct key_reader k = key_read(key), v = key_read(value);

    row->unit = key_read_uuid(&k);
    row->person = key_read_uuid(&k);
    row->post = key_read_uuid(&k);
    row->brief.from = key_read_u32(&v);
    row->brief.until = key_read_u32(&v);
    row->brief.kind = key_read_u8(&v);
    row->brief.organisation_kind = key_read_u8(&v);
    row->brief.matching = key_read_u8(&v);
    row->brief.main = key_read_u8(&v) != 0;
    row->brief.organisation = key_read_uuid(&v);
    if (k.bad || v.bad)
        txn_fail(ctx->txn, ERR_CORRUPT);
    return !k.bad && !v.bad;
}
