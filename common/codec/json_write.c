/* json_write: msgpack to JSON. Numbers that a double cannot hold are written as strings. */
#include "common/codec/form_parts.h"

#include <math.h>
#include <sodium.h>

#include "common/core/err.h"
#include "common/core/log.h"
#include "common/core/text.h"

#define EXACT_MAX (UINT64_C(1) << 53)

struct writer { struct buf *out; bool pretty; unsigned depth; };

static void put_string(struct buf *out, const char *text, size_t n)
{
    buf_byte(out, '"');
    for (size_t i = 0, start = 0; i <= n; i++) {
        unsigned char c = i < n ? (unsigned char)text[i] : '"';
        if (i < n && c >= ' ' && c != '"' && c != '\\')
            continue;
        buf_put(out, text + start, i - start);
        start = i + 1;
        if (i == n)
            break;
        if (c == '"' || c == '\\')
            buf_format(out, "\\%c", c);
        else if (c == '\n')
            buf_text(out, "\\n");
        else
            buf_format(out, "\\u%04x", c);
    }
    buf_byte(out, '"');
}

static void put_unsigned(struct buf *out, uint64_t value)
{
    buf_format(out, value > EXACT_MAX ? "\"%llu\"" : "%llu", (unsigned long long)value);
}

static void put_signed(struct buf *out, int64_t value)
{
    bool exact = value <= (int64_t)EXACT_MAX && value >= -(int64_t)EXACT_MAX;
    buf_format(out, exact ? "%lld" : "\"%lld\"", (long long)value);
}

static void put_base64(struct buf *out, const void *at, size_t n)
{
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);

    buf_byte(out, '"');
    buf_reserve(out, room);
    sodium_bin2base64((char *)out->at + out->n, room, at, n, sodium_base64_VARIANT_ORIGINAL);
    out->n += room - 1;     /* without its NUL */
    buf_byte(out, '"');
}

static void put_uuid(struct buf *out, const struct uuid *id)
{
    char text[UUID_TEXT + 1];
    uuid_format(id, text);
    put_string(out, text, UUID_TEXT);
}

static void put_moment(struct buf *out, moment_t moment)
{
    char text[MOMENT_TEXT + 1];
    moment_format(moment, text);
    put_string(out, text, MOMENT_TEXT);
}

static void put_day(struct buf *out, day_t day)
{
    char text[DAY_TEXT + 1];
    day_format(day, text);
    put_string(out, text, DAY_TEXT);
}

static void put_line(const struct writer *w)
{
    if (!w->pretty)
        return;
    buf_byte(w->out, '\n');
    for (unsigned i = 0; i < w->depth; i++)
        buf_text(w->out, "  ");
}

static void open_with(struct writer *w, char bracket)
{
    buf_byte(w->out, (uint8_t)bracket);
    w->depth++;
}

static void item_before(struct writer *w, bool first)
{
    if (!first)
        buf_byte(w->out, ',');
    put_line(w);
}

static void close_with(struct writer *w, char bracket, bool empty)
{
    w->depth--;
    if (!empty)
        put_line(w);
    buf_byte(w->out, (uint8_t)bracket);
}

/* ── with a descriptor ────────────────────────────────────────────────────── */

static void put_message(struct writer *w, const struct msg_desc *desc, const char *in);

static void put_list(struct writer *w, const struct msg_field *f, const struct msg_list *list)
{
    open_with(w, '[');
    for (uint32_t i = 0; i < list->n; i++) {
        const char *text = f->kind == MSG_STRS ? ((const char **)list->at)[i] : NULL;
        item_before(w, i == 0);
        switch (f->kind) {
        case MSG_LIST:  put_message(w, f->of, (const char *)list->at + i * f->of->size); break;
        case MSG_UUIDS: put_uuid(w->out, (const struct uuid *)list->at + i); break;
        case MSG_STRS:  put_string(w->out, text, strlen(text)); break;
        default:        put_unsigned(w->out, ((const uint64_t *)list->at)[i]); break;
        }
    }
    close_with(w, ']', list->n == 0);
}

static void put_value(struct writer *w, const struct msg_field *f, const void *slot)
{
    const struct bytes *bin = slot;
    const char *text;

    switch (f->kind) {
    case MSG_BOOL:   buf_text(w->out, *(const bool *)slot ? "true" : "false"); break;
    case MSG_U64:    put_unsigned(w->out, *(const uint64_t *)slot); break;
    case MSG_I64:    put_signed(w->out, *(const int64_t *)slot); break;
    case MSG_STR:
        text = *(const char *const *)slot;
        put_string(w->out, text, strlen(text));
        break;
    case MSG_BIN:    put_base64(w->out, bin->at, bin->n); break;
    case MSG_UUID:   put_uuid(w->out, slot); break;
    case MSG_DAY:    put_day(w->out, *(const day_t *)slot); break;
    case MSG_MOMENT: put_moment(w->out, *(const moment_t *)slot); break;
    case MSG_ENUM:
        text = f->names->names[*(const int *)slot];
        put_string(w->out, text, strlen(text));
        break;
    case MSG_MSG:    put_message(w, f->of, *(const char *const *)slot); break;
    case MSG_LIST:
    case MSG_UUIDS:
    case MSG_STRS:
    case MSG_U64S:   put_list(w, f, slot); break;
    }
}

static void put_message(struct writer *w, const struct msg_desc *desc, const char *in)
{
    bool first = true;

    open_with(w, '{');
    for (size_t i = 0; i < desc->count; i++) {
        const struct msg_field *f = &desc->field[i];
        if (f->need == MSG_OPTIONAL && msg_is_zero(f, in + f->offset))
            continue;
        item_before(w, first);
        first = false;
        put_string(w->out, f->name, strlen(f->name));
        buf_text(w->out, w->pretty ? ": " : ":");
        put_value(w, f, in + f->offset);
    }
    close_with(w, '}', first);
}

int json_write(const struct msg_desc *desc, struct bytes msgpack, bool pretty, struct buf *out)
{
    struct writer w = { .out = out, .pretty = pretty };
    struct arena arena = { 0 };
    void *in = arena_alloc(&arena, desc->size);

    int err = msg_decode(desc, msgpack, MSG_LENIENT, &arena, in, NULL);
    if (err == ERR_OK)
        put_message(&w, desc, in);
    arena_free(&arena);
    return err;
}

/* ── without one ──────────────────────────────────────────────────────────── */

static void any_value(struct writer *w, const msgpack_object *from);

/* Bytes that are not text cannot stand in JSON. */
static void any_string(struct buf *out, const char *text, size_t n)
{
    if (n == 0)                 /* its pointer may be NULL */
        put_string(out, "", 0);
    else if (text_valid(text, n))
        put_string(out, text, n);
    else
        put_base64(out, text, n);
}

static void any_bin(struct buf *out, const char *at, size_t n)
{
    struct uuid id;

    if (n != sizeof id.b) {
        put_base64(out, at, n);
        return;
    }
    memcpy(id.b, at, sizeof id.b);      /* nearly always an identifier */
    put_uuid(out, &id);
}

static void any_ext(struct buf *out, const msgpack_object *from)
{
    msgpack_timestamp ts;

    if (msgpack_object_to_timestamp(from, &ts) && ts.tv_sec >= 0 && ts.tv_sec <= MSG_MOMENT_MAX / MOMENT_SECOND)
        put_moment(out, ts.tv_sec * MOMENT_SECOND + ts.tv_nsec / 1000 % MOMENT_SECOND);
    else
        buf_text(out, "null");
}

static void any_map(struct writer *w, const msgpack_object_map *map)
{
    open_with(w, '{');
    for (uint32_t i = 0; i < map->size; i++) {
        const msgpack_object *key = &map->ptr[i].key;
        item_before(w, i == 0);
        if (key->type == MSGPACK_OBJECT_STR)
            any_string(w->out, key->via.str.ptr, key->via.str.size);
        else if (key->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
            buf_format(w->out, "\"%llu\"", (unsigned long long)key->via.u64);
        else
            buf_text(w->out, "\"?\"");
        buf_byte(w->out, ':');
        any_value(w, &map->ptr[i].val);
    }
    close_with(w, '}', map->size == 0);
}

static void any_value(struct writer *w, const msgpack_object *from)
{
    switch (from->type) {
    case MSGPACK_OBJECT_BOOLEAN:          buf_text(w->out, from->via.boolean ? "true" : "false"); break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER: put_unsigned(w->out, from->via.u64); break;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER: put_signed(w->out, from->via.i64); break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        if (isfinite(from->via.f64))
            buf_format(w->out, "%.17g", from->via.f64);
        else
            buf_text(w->out, "null");
        break;
    case MSGPACK_OBJECT_STR:              any_string(w->out, from->via.str.ptr, from->via.str.size); break;
    case MSGPACK_OBJECT_BIN:              any_bin(w->out, from->via.bin.ptr, from->via.bin.size); break;
    case MSGPACK_OBJECT_EXT:              any_ext(w->out, from); break;
    case MSGPACK_OBJECT_MAP:              any_map(w, &from->via.map); break;
    case MSGPACK_OBJECT_ARRAY:
        open_with(w, '[');
        for (uint32_t i = 0; i < from->via.array.size; i++) {
            item_before(w, i == 0);
            any_value(w, &from->via.array.ptr[i]);
        }
        close_with(w, ']', from->via.array.size == 0);
        break;
    default:                              buf_text(w->out, "null"); break;
    }
}

int json_write_any(struct bytes msgpack, struct buf *out)
{
    struct writer w = { .out = out };
    msgpack_object root;
    msgpack_zone zone;
    size_t pos = 0;

    if (!msg_sane(msgpack, NULL))
        return ERR_MALFORMED;
    if (!msgpack_zone_init(&zone, 8192))
        log_die("json", "out of memory");
    bool whole = msgpack_unpack(msgpack.at, msgpack.n, &pos, &zone, &root) == MSGPACK_UNPACK_SUCCESS;
    if (whole)
        any_value(&w, &root);
    msgpack_zone_destroy(&zone);
    return whole ? ERR_OK : ERR_MALFORMED;
}
