/* msg_decode: msgpack to a struct, by the descriptor. */
#include "common/codec/msg_parts.h"

#include <assert.h>
#include <msgpack.h>
#include <stddef.h>

#include "common/core/err.h"

/* Objects of an ordinary message fit on the stack; a zone of its own would be a malloc() for each. */
#define ZONE_FIRST 4096
#define ZONE_CHUNK 8192

struct decoder {
    enum msg_mode     mode;
    struct arena     *arena;
    size_t            budget;       /* arena bytes that this message may still take */
    struct msg_error *error;
};

static int get_message(struct decoder *d, const struct msg_desc *desc, const msgpack_object *from, char *out,
                       const struct msg_at *at);

/* NULL when the message would take more than its budget. The arena rounds up to 16. */
static void *take(struct decoder *d, size_t n)
{
    size_t rounded = (n + 15) / 16 * 16;

    if (n > MSG_DECODED_MAX || rounded > d->budget)
        return NULL;
    d->budget -= rounded;
    return arena_alloc(d->arena, n);
}

static int too_big(const struct decoder *d, const struct msg_at *at)
{
    return msg_wrong(at, "too_big", MSG_DECODED_MAX, d->error);
}

static int get_text(struct decoder *d, const msgpack_object *from, int64_t min, int64_t max, const char **slot,
                    const struct msg_at *at)
{
    int64_t limit;
    const char *rule;
    char *text;

    if (from->type != MSGPACK_OBJECT_STR)
        return msg_wrong(at, "type", 0, d->error);
    if ((rule = msg_rule_text(from->via.str.ptr, from->via.str.size, min, max, &limit)) != NULL)
        return msg_wrong(at, rule, limit, d->error);
    if ((text = take(d, (size_t)from->via.str.size + 1)) == NULL)
        return too_big(d, at);
    if (from->via.str.size > 0)     /* of an empty one the pointer is NULL */
        memcpy(text, from->via.str.ptr, from->via.str.size);
    *slot = text;
    return ERR_OK;
}

static int get_bin(struct decoder *d, const struct msg_field *f, const msgpack_object *from, struct bytes *slot,
                   const struct msg_at *at)
{
    int64_t limit;
    const char *rule;
    void *copy;

    if (from->type != MSGPACK_OBJECT_BIN)
        return msg_wrong(at, "type", 0, d->error);
    if ((rule = msg_rule_bytes(from->via.bin.size, f->min, f->max, &limit)) != NULL)
        return msg_wrong(at, rule, limit, d->error);
    if ((copy = take(d, from->via.bin.size)) == NULL)
        return too_big(d, at);
    if (from->via.bin.size > 0)
        memcpy(copy, from->via.bin.ptr, from->via.bin.size);
    *slot = bytes(copy, from->via.bin.size);
    return ERR_OK;
}

static int get_uuid(struct decoder *d, const msgpack_object *from, struct uuid *slot, const struct msg_at *at)
{
    if (from->type != MSGPACK_OBJECT_BIN)
        return msg_wrong(at, "type", 0, d->error);
    if (from->via.bin.size != sizeof slot->b)
        return msg_wrong(at, from->via.bin.size < sizeof slot->b ? "too_short" : "too_long", sizeof slot->b, d->error);
    memcpy(slot->b, from->via.bin.ptr, sizeof slot->b);
    return ERR_OK;
}

static int get_number(struct decoder *d, const struct msg_field *f, const msgpack_object *from, int64_t *value,
                      const struct msg_at *at)
{
    int64_t limit;
    const char *rule;
    bool negative = from->type == MSGPACK_OBJECT_NEGATIVE_INTEGER;

    if (from->type != MSGPACK_OBJECT_POSITIVE_INTEGER && !(negative && f->kind == MSG_I64))
        return msg_wrong(at, negative ? "range" : "type", negative ? f->min : 0, d->error);
    *value = negative || from->via.u64 <= INT64_MAX ? from->via.i64 : INT64_MAX;
    rule = msg_rule_range(f, *value, &limit);
    if (rule == NULL && !negative && from->via.u64 > INT64_MAX)
        rule = "range";
    return rule != NULL ? msg_wrong(at, rule, limit, d->error) : ERR_OK;
}

static int get_moment(struct decoder *d, const msgpack_object *from, moment_t *slot, const struct msg_at *at)
{
    msgpack_timestamp ts;

    if (from->type != MSGPACK_OBJECT_EXT || !msgpack_object_to_timestamp(from, &ts))
        return msg_wrong(at, "type", 0, d->error);
    if (ts.tv_sec < 0)
        return msg_wrong(at, "range", 0, d->error);
    if (ts.tv_sec > MSG_MOMENT_MAX / MOMENT_SECOND || ts.tv_nsec > 999999999)
        return msg_wrong(at, "range", MSG_MOMENT_MAX, d->error);
    *slot = ts.tv_sec * MOMENT_SECOND + ts.tv_nsec / 1000;
    return ERR_OK;
}

static int get_enum(struct decoder *d, const struct msg_field *f, const msgpack_object *from, int *slot,
                    const struct msg_at *at)
{
    if (from->type != MSGPACK_OBJECT_STR)
        return msg_wrong(at, "type", 0, d->error);
    int value = enum_find(f->names, from->via.str.ptr, from->via.str.size);
    if (value < 0)
        return msg_wrong(at, "no_such_name", 0, d->error);
    *slot = value;
    return ERR_OK;
}

static size_t item_size(const struct msg_field *f)
{
    switch (f->kind) {
    case MSG_LIST:  return f->of->size;
    case MSG_UUIDS: return sizeof(struct uuid);
    case MSG_STRS:  return sizeof(const char *);
    default:        return sizeof(uint64_t);
    }
}

static int get_item(struct decoder *d, const struct msg_field *f, const msgpack_object *from, void *slot,
                    const struct msg_at *at)
{
    switch (f->kind) {
    case MSG_LIST:  return get_message(d, f->of, from, slot, at);
    case MSG_UUIDS: return get_uuid(d, from, slot, at);
    case MSG_STRS:  return get_text(d, from, 0, MSG_STRS_BYTES, slot, at);
    default:
        if (from->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
            return msg_wrong(at, "range", 0, d->error);
        if (from->type != MSGPACK_OBJECT_POSITIVE_INTEGER)
            return msg_wrong(at, "type", 0, d->error);
        *(uint64_t *)slot = from->via.u64;
        return ERR_OK;
    }
}

static int get_list(struct decoder *d, const struct msg_field *f, const msgpack_object *from, struct msg_list *slot,
                    const struct msg_at *at)
{
    int64_t limit;
    const char *rule;
    size_t size = item_size(f);
    char *items = NULL;

    if (from->type != MSGPACK_OBJECT_ARRAY)
        return msg_wrong(at, "type", 0, d->error);
    if ((rule = msg_rule_items(f, from->via.array.size, &limit)) != NULL)
        return msg_wrong(at, rule, limit, d->error);
    if (from->via.array.size > 0 && (items = take(d, size * from->via.array.size)) == NULL)
        return too_big(d, at);
    for (uint32_t i = 0; i < from->via.array.size; i++) {
        struct msg_at here = { .up = at, .i = i };
        int err = get_item(d, f, &from->via.array.ptr[i], items + i * size, &here);
        if (err != ERR_OK)
            return err;
    }
    *slot = (struct msg_list){ from->via.array.size, items };
    return ERR_OK;
}

static int get_inner(struct decoder *d, const struct msg_field *f, const msgpack_object *from, void **slot,
                     const struct msg_at *at)
{
    if (from->type != MSGPACK_OBJECT_MAP)
        return msg_wrong(at, "type", 0, d->error);
    if ((*slot = take(d, f->of->size)) == NULL)
        return too_big(d, at);
    return get_message(d, f->of, from, *slot, at);
}

static int get_value(struct decoder *d, const struct msg_field *f, const msgpack_object *from, void *slot,
                     const struct msg_at *at)
{
    int64_t number;
    int err;

    switch (f->kind) {
    case MSG_BOOL:
        if (from->type != MSGPACK_OBJECT_BOOLEAN)
            return msg_wrong(at, "type", 0, d->error);
        *(bool *)slot = from->via.boolean;
        return ERR_OK;
    case MSG_U64:
    case MSG_I64:
        return get_number(d, f, from, slot, at);
    case MSG_DAY:
        if ((err = get_number(d, f, from, &number, at)) == ERR_OK)
            *(day_t *)slot = (day_t)number;
        return err;
    case MSG_STR:    return get_text(d, from, f->min, f->max, slot, at);
    case MSG_BIN:    return get_bin(d, f, from, slot, at);
    case MSG_UUID:   return get_uuid(d, from, slot, at);
    case MSG_MOMENT: return get_moment(d, from, slot, at);
    case MSG_ENUM:   return get_enum(d, f, from, slot, at);
    case MSG_MSG:    return get_inner(d, f, from, slot, at);
    case MSG_LIST:
    case MSG_UUIDS:
    case MSG_STRS:
    case MSG_U64S:   return get_list(d, f, from, slot, at);
    }
    assert(!"an unknown msg_kind");
    return ERR_MALFORMED;
}

static int get_message(struct decoder *d, const struct msg_desc *desc, const msgpack_object *from, char *out,
                       const struct msg_at *at)
{
    uint64_t seen = 0;
    size_t next = 0;

    if (from->type != MSGPACK_OBJECT_MAP)
        return msg_wrong(at, "type", 0, d->error);
    for (uint32_t i = 0; i < from->via.map.size; i++) {
        const msgpack_object_kv *kv = &from->via.map.ptr[i];
        if (kv->key.type != MSGPACK_OBJECT_STR)
            return msg_wrong(at, "type", 0, d->error);
        const msgpack_object_str key = kv->key.via.str;
        struct msg_at here = { at, key.size > 0 ? key.ptr : "", key.size, 0 };
        size_t row = msg_field_find(desc, here.name, here.n, next);
        if (row == desc->count) {
            if (d->mode == MSG_STRICT)
                return msg_wrong(&here, "unknown", 0, d->error);
            continue;
        }
        if (seen & UINT64_C(1) << row)
            return msg_wrong(&here, "repeated", 0, d->error);
        seen |= UINT64_C(1) << row;
        next = row + 1;
        const struct msg_field *f = &desc->field[row];
        int err = get_value(d, f, &kv->val, out + f->offset, &here);
        if (err != ERR_OK)
            return err;
    }
    for (size_t i = 0; i < desc->count; i++) {
        const struct msg_field *f = &desc->field[i];
        struct msg_at here = { at, f->name, f->name_n, 0 };
        if (f->need == MSG_REQUIRED && !(seen & UINT64_C(1) << i))
            return msg_wrong(&here, "missing", 0, d->error);
    }
    return ERR_OK;
}

int msg_decode(const struct msg_desc *desc, struct bytes from, enum msg_mode mode, struct arena *arena, void *out,
               struct msg_error *error)
{
    struct decoder d = { mode, arena, MSG_DECODED_MAX, error };
    const struct msg_at top = { 0 };
    _Alignas(max_align_t) char first[ZONE_FIRST];
    msgpack_zone zone = { .chunk_list = { .free = sizeof first, .ptr = first }, .chunk_size = ZONE_CHUNK };
    msgpack_object root;
    size_t pos = 0;
    int err;

    memset(out, 0, desc->size);
    if (!msg_sane(from, error))
        return ERR_MALFORMED;
    /* Strings of the objects point into `from`; get_text() and get_bin() copy them. */
    if (msgpack_unpack(from.at, from.n, &pos, &zone, &root) != MSGPACK_UNPACK_SUCCESS || pos != from.n)
        err = msg_wrong(&top, "not_msgpack", 0, error);
    else
        err = get_message(&d, desc, &root, out, &top);
    if (zone.chunk_list.head != NULL)       /* more than the first was needed */
        msgpack_zone_destroy(&zone);
    if (err != ERR_OK)
        memset(out, 0, desc->size);
    return err;
}
