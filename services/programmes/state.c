#include "common/core/err.h"
#include "common/core/text.h"
#include "services/programmes/programmes_state.h"

bool programme_get(struct ctx *ctx, const struct uuid *id, struct programme *programme)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_PROGRAMMES, key_bytes(&key), &programme_desc, ctx->arena, programme);
}

bool programme_id_of(struct bytes value, struct uuid *id)
{
    if (value.n != sizeof *id)
        return false;
    memcpy(id, value.at, sizeof *id);
    return true;
}

struct key code_key(struct ctx *ctx, const char *code)
{
    struct key key = { 0 };
    key_text(&key, text_nfc(ctx->arena, code));
    return key;
}

bool programme_by_code(struct ctx *ctx, const char *code, struct uuid *id)
{
    struct key key = code_key(ctx, code);
    struct bytes value;
    return txn_get(ctx->txn, T_CODES, key_bytes(&key), &value) && programme_id_of(value, id);
}

uint32_t registry_changes(struct ctx *ctx, const struct uuid *programme, struct registry_change *list, uint32_t max)
{
    struct key prefix = key_of_uuid(programme);
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0;

    scan_begin(&scan, ctx->txn, T_REGISTRY, key_bytes(&prefix));
    while (n < max && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        list[n].day = key_read_u32(&reader);
        list[n++].included = value.n == 1 && *(const uint8_t *)value.at == 1;
    }
    scan_end(&scan);
    return n;
}

struct programme_counts programme_counts_get(struct ctx *ctx, const struct uuid *programme)
{
    struct key key = key_of_uuid(programme);
    struct programme_counts counts = { 0, 0 };
    struct bytes value;

    if (txn_get(ctx->txn, T_COUNTS, key_bytes(&key), &value)) {
        struct key_reader reader = key_read(value);         /* big-endian, as keys are */
        counts.runs = key_read_u64(&reader);
        counts.completions = key_read_u64(&reader);
        if (reader.bad)
            txn_fail(ctx->txn, ERR_CORRUPT);
    }
    return counts;
}

void programme_counts_put(struct ctx *ctx, const struct uuid *programme, struct programme_counts counts)
{
    struct key key = key_of_uuid(programme), value = { 0 };

    key_u64(&value, counts.runs);
    key_u64(&value, counts.completions);
    txn_put(ctx->txn, T_COUNTS, key_bytes(&key), key_bytes(&value));
}

struct key completion_key(const struct uuid *person, const struct uuid *programme, day_t day)
{
    struct key key = key_of_uuid(person);

    key_uuid(&key, programme);
    key_u32(&key, day);
    return key;
}

bool completed_before(struct ctx *ctx, const struct uuid *person, const struct uuid *programme)
{
    struct uuid ids[PLACES_SAME_MAX];
    struct bytes key, value;
    struct scan scan;
    bool found = false;

    for (uint32_t i = places_same_one(ctx, person, ids); i > 0 && !found; i--) {
        struct key prefix = key_of_uuid(&ids[i - 1]);
        key_uuid(&prefix, programme);
        scan_begin(&scan, ctx->txn, T_COMPLETIONS, key_bytes(&prefix));
        found = scan_next(&scan, &key, &value);
        scan_end(&scan);
    }
    return found;
}

bool completed_on(struct ctx *ctx, const struct uuid *person, const struct uuid *programme, day_t day)
{
    struct uuid ids[PLACES_SAME_MAX];
    struct bytes known;

    for (uint32_t i = places_same_one(ctx, person, ids); i > 0; i--) {
        struct key key = completion_key(&ids[i - 1], programme, day);
        if (txn_get(ctx->txn, T_COMPLETIONS, key_bytes(&key), &known))
            return true;
    }
    return false;
}

/* A number may be longer, normalised, than a text in a key: it stands there as an id made of it. */
struct key document_key(struct ctx *ctx, const struct uuid *provider, const char *document)
{
    struct uuid number = uuid_derive("document", bytes_of(text_nfc(ctx->arena, document)));
    struct key key = key_of_uuid(provider);

    key_uuid(&key, &number);
    return key;
}
