/* msg_encode: a struct to msgpack, by the descriptor. What left msg_check() is written without a
 * further question; integers take their shortest form. */
#include "common/codec/msg_parts.h"

#include <msgpack.h>
#include <stdlib.h>

#include "common/core/err.h"
#include "common/core/log.h"

static int write_to_buf(void *data, const char *at, size_t n)
{
    buf_put(data, at, n);
    return 0;
}

static void put_message(msgpack_packer *pk, const struct msg_desc *desc, const char *in);

static void put_text(msgpack_packer *pk, const char *text)
{
    msgpack_pack_str_with_body(pk, text, text != NULL ? strlen(text) : 0);
}

/* Always the 64-bit form: 30 bits of nanoseconds, 34 of seconds. */
static void put_moment(msgpack_packer *pk, moment_t moment)
{
    uint64_t seconds = (uint64_t)moment / MOMENT_SECOND, nanos = (uint64_t)moment % MOMENT_SECOND * 1000;
    uint64_t both = nanos << 34 | seconds;
    uint8_t body[8];

    for (int i = 0; i < 8; i++)
        body[i] = (uint8_t)(both >> (56 - 8 * i));
    msgpack_pack_ext(pk, sizeof body, -1);
    msgpack_pack_ext_body(pk, body, sizeof body);
}

static void put_list(msgpack_packer *pk, const struct msg_field *f, const struct msg_list *list)
{
    msgpack_pack_array(pk, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        switch (f->kind) {
        case MSG_LIST:  put_message(pk, f->of, (const char *)list->at + i * f->of->size); break;
        case MSG_UUIDS: msgpack_pack_bin_with_body(pk, ((const struct uuid *)list->at)[i].b, 16); break;
        case MSG_STRS:  put_text(pk, ((const char *const *)list->at)[i]); break;
        default:        msgpack_pack_uint64(pk, ((const uint64_t *)list->at)[i]); break;
        }
    }
}

static void put_value(msgpack_packer *pk, const struct msg_field *f, const void *slot)
{
    const struct bytes *bin = slot;

    switch (f->kind) {
    case MSG_BOOL:   *(const bool *)slot ? msgpack_pack_true(pk) : msgpack_pack_false(pk); break;
    case MSG_U64:    msgpack_pack_uint64(pk, *(const uint64_t *)slot); break;
    case MSG_I64:    msgpack_pack_int64(pk, *(const int64_t *)slot); break;
    case MSG_STR:    put_text(pk, *(const char *const *)slot); break;
    case MSG_BIN:    msgpack_pack_bin_with_body(pk, bin->at, bin->n); break;
    case MSG_UUID:   msgpack_pack_bin_with_body(pk, slot, 16); break;
    case MSG_DAY:    msgpack_pack_uint32(pk, *(const day_t *)slot); break;
    case MSG_MOMENT: put_moment(pk, *(const moment_t *)slot); break;
    case MSG_ENUM:   put_text(pk, f->names->names[*(const int *)slot]); break;
    case MSG_MSG:    put_message(pk, f->of, *(const char *const *)slot); break;
    case MSG_LIST:
    case MSG_UUIDS:
    case MSG_STRS:
    case MSG_U64S:   put_list(pk, f, slot); break;
    }
}

static void put_message(msgpack_packer *pk, const struct msg_desc *desc, const char *in)
{
    uint64_t written = 0;

    for (size_t i = 0; i < desc->count; i++) {
        const struct msg_field *f = &desc->field[i];
        if (f->need == MSG_REQUIRED || !msg_is_zero(f, in + f->offset))
            written |= UINT64_C(1) << i;
    }
    msgpack_pack_map(pk, (size_t)__builtin_popcountll(written));
    for (size_t i = 0; i < desc->count; i++) {
        if (written & UINT64_C(1) << i) {
            msgpack_pack_str_with_body(pk, desc->field[i].name, desc->field[i].name_n);
            put_value(pk, &desc->field[i], in + desc->field[i].offset);
        }
    }
}

void msg_encode(const struct msg_desc *desc, const void *in, struct buf *out)
{
    struct msg_error error;
    msgpack_packer pk;

    if (msg_check(desc, in, &error) != ERR_OK) {
        log_error("msg", "%s.%s cannot be written: %s", desc->name, error.path, error.rule);
        abort();
    }
    msgpack_packer_init(&pk, out, write_to_buf);
    put_message(&pk, desc, in);
}

struct bytes msg_encode_in(struct arena *arena, const struct msg_desc *desc, const void *in)
{
    struct buf buf = { 0 };

    msg_encode(desc, in, &buf);
    struct bytes copy = arena_bytes(arena, buf_bytes(&buf));
    buf_free(&buf);
    return copy;
}
