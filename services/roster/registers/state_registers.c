#include "common/core/err.h"
#include "services/roster/merge/one.h"
#include "services/roster/registers/registers.h"

/* The tables of registers: entries, and what finds them by register, by place and by member. */

struct key listings_of_register(const char *register_id)
{
    struct key key = { 0 };
    key_text(&key, register_id);
    return key;
}

struct key listings_of_unit(const struct uuid *unit, const char *register_id)
{
    struct key key = key_of_uuid(unit);
    key_text(&key, register_id);
    return key;
}

struct key listings_of_member(const struct uuid *member, const char *register_id)
{
    struct key key = key_of_uuid(member);
    if (register_id != NULL)
        key_text(&key, register_id);
    return key;
}

bool state_listing(struct ctx *ctx, const struct uuid *entry, struct listing *listing)
{
    struct key key = key_of_uuid(entry);
    return txn_get_msg(ctx->txn, T_LISTINGS, key_bytes(&key), &listing_desc, ctx->arena, listing);
}

/* Spans that never were do not count; with none left there is no day on which it holds. */
static struct listing_brief brief_of(const struct listing *listing)
{
    struct listing_brief brief = { .stage = (uint8_t)listing->stage, .from = DAY_MAX, .until = 1 };

    for (uint32_t i = 0; i < listing->spans.n; i++) {
        const struct entry_span *span = &listing->spans.at[i];
        if (span_empty(span))
            continue;
        if (span->from < brief.from)
            brief.from = span->from;
        if (span->until == 0 || (brief.until != 0 && span->until > brief.until))
            brief.until = span->until;
    }
    return brief;
}

void state_listing_put(struct ctx *ctx, const struct listing *listing)
{
    struct key key = key_of_uuid(&listing->entry), by_register = listings_of_register(listing->register_id),
               by_member = listings_of_member(&listing->member, listing->register_id), value = { 0 };
    struct listing_brief brief = brief_of(listing);

    key_u8(&value, brief.stage);
    key_u32(&value, brief.from);
    key_u32(&value, brief.until);
    key_uuid(&by_register, &listing->entry);
    key_uuid(&by_member, &listing->entry);
    txn_put_msg(ctx->txn, T_LISTINGS, key_bytes(&key), &listing_desc, listing);
    txn_put(ctx->txn, T_REGISTER_LISTINGS, key_bytes(&by_register), key_bytes(&value));
    txn_put(ctx->txn, T_MEMBER_LISTINGS, key_bytes(&by_member), key_bytes(&value));
    for (uint32_t i = 0; i < listing->chain.n; i++) {
        struct key by_unit = listings_of_unit(&listing->chain.at[i], listing->register_id);
        key_uuid(&by_unit, &listing->entry);
        txn_put(ctx->txn, T_UNIT_LISTINGS, key_bytes(&by_unit), key_bytes(&value));
    }
}

/* In all three the entry is what the key ends with. */
bool state_brief(struct ctx *ctx, struct bytes key, struct bytes value, struct uuid *entry, struct listing_brief *brief)
{
    struct key_reader v = key_read(value);

    brief->stage = key_read_u8(&v);
    brief->from = key_read_u32(&v);
    brief->until = key_read_u32(&v);
    if (v.bad || key.n < sizeof entry->b) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        return false;
    }
    *entry = key_last_uuid(key);
    return true;
}

uint32_t state_memberships(struct ctx *ctx, const struct uuid *member, const char *register_id, struct listing *listings, uint32_t max)
{
    struct uuid *entries = ARENA_LIST(ctx->arena, struct uuid, max), ids[SAME_ONE_MAX];
    uint32_t same = same_one(ctx, member, ids), taken = 0;

    for (uint32_t k = 0; k < same && taken < max; k++) {
        struct key prefix = listings_of_member(&ids[k], register_id);
        uint32_t n = txn_ids(ctx->txn, T_MEMBER_LISTINGS, key_bytes(&prefix), false, entries, max - taken);
        for (uint32_t i = 0; i < n; i++)
            taken += state_listing(ctx, &entries[i], &listings[taken]);
    }
    return taken;
}

bool listing_again(struct ctx *ctx, const struct listing *listing, const struct uuid *unit, day_t on)
{
    struct uuid ids[SAME_ONE_MAX];

    if (uuid_is_nil(&listing->person) || same_one(ctx, &listing->person, ids) == 1)
        return false;
    struct listing *known = ARENA_LIST(ctx->arena, struct listing, MEMBERSHIPS_MAX);
    uint32_t n = state_memberships(ctx, &listing->person, listing->register_id, known, MEMBERSHIPS_MAX);
    for (uint32_t i = 0; i < n; i++)
        if (uuid_compare(&known[i].entry, &listing->entry) < 0 && known[i].stage != STAGE_PROPOSED && known[i].stage != STAGE_DECLINED &&
            listing_holds(&known[i], on) && (unit == NULL || id_among(unit, known[i].chain.at, known[i].chain.n)))
            return true;
    return false;
}
