#pragma once
#include "common/core/arena.h"
#include "common/core/uuid.h"
#include "common/core/when.h"

/* msg: one field list gives a message its struct, decoder, encoder, limits and error paths.
 *
 *   X(S, kind, field, of, min, max, need)
 *
 * kind   struct member                on the wire (msgpack)       min, max bound
 * BOOL   bool                         bool                        —
 * U64    uint64_t                     unsigned integer            the value
 * I64    int64_t                      integer                     the value
 * STR    const char *                 str, UTF-8, no zero byte    the bytes
 * BIN    struct bytes                 bin                         the bytes
 * UUID   struct uuid                  bin of 16                   —
 * DAY    day_t                        unsigned integer            the value (DAY_MAX at most)
 * MOMENT moment_t                     timestamp extension (-1)    —
 * ENUM   int                          str, a name of `of`         —
 * MSG    struct of *                  map                         —
 * LIST   struct { uint32_t n; struct of *at; }            array of maps     the items
 * UUIDS  struct { uint32_t n; struct uuid *at; }          array of bin 16   the items
 * STRS   struct { uint32_t n; const char **at; }          array of str      the items (each ≤ MSG_STRS_BYTES)
 * U64S   struct { uint32_t n; uint64_t *at; }             array of uint     the items
 *
 * need: REQUIRED or OPTIONAL. An optional field that was left out holds zero (nil, 0, NULL, false,
 * an empty list), and a zero is not written: so zero means "not said". Where zero is a value of its
 * own, the field is REQUIRED. An empty required list is written as an empty array.
 *
 * On the wire a message is a map from field name to value. Unknown fields are refused under
 * MSG_STRICT and skipped under MSG_LENIENT; a repeated field and a trailing byte are always refused.
 *
 * Lifetime   a decoded message lives in the arena: nothing points into the bytes it came from.
 * Errors     ERR_MALFORMED with a path, a rule and the limit: "responses[3].answer", "too_long", 4000.
 *            Bytes are walked without allocation first (msgpack-c would allocate what a header
 *            declares); what decoding may then allocate is bounded by MSG_DECODED_MAX. */

#define MSG_BYTES_MAX   (256u * 1024)       /* one frame */
#define MSG_DEPTH_MAX   12
#define MSG_DECODED_MAX (8u * 1024 * 1024)  /* arena bytes that one message may take */
#define MSG_STRS_BYTES  1024
#define MSG_PATH_MAX    120
#define MSG_FIELDS_MAX  64

enum msg_kind {
    MSG_BOOL, MSG_U64, MSG_I64, MSG_STR, MSG_BIN, MSG_UUID, MSG_DAY, MSG_MOMENT, MSG_ENUM,
    MSG_MSG, MSG_LIST, MSG_UUIDS, MSG_STRS, MSG_U64S,
};
enum msg_need { MSG_OPTIONAL, MSG_REQUIRED };
enum msg_mode { MSG_STRICT, MSG_LENIENT };

struct enum_desc { const char *name; const char *const *names; int count; };   /* names[0] is value 0 */

struct msg_field {
    const char             *name;
    enum msg_kind           kind;
    enum msg_need           need;
    size_t                  offset;
    int64_t                 min, max;
    const struct msg_desc  *of;             /* MSG, LIST */
    const struct enum_desc *names;          /* ENUM */
    size_t                  name_n;         /* bytes of the name */
};
struct msg_desc { const char *name; size_t size, count; const struct msg_field *field; };

/* rule is a stable token: missing, unknown, repeated, type, range, too_short, too_long, too_few,
 * too_many, utf8, zero_byte, no_such_name, not_msgpack, too_deep, too_big. limit: the bound that was
 * passed, where there is one. */
struct msg_error { char path[MSG_PATH_MAX]; const char *rule; int64_t limit; };

int  msg_decode(const struct msg_desc *desc, struct bytes from, enum msg_mode mode,
                struct arena *arena, void *out, struct msg_error *error);
/* Encodes what msg_check() would pass; anything else is a programmer's error and asserted. */
void msg_encode(const struct msg_desc *desc, const void *in, struct buf *out);
struct bytes msg_encode_in(struct arena *arena, const struct msg_desc *desc, const void *in);
/* The limits of the list over a struct filled by hand. */
int  msg_check(const struct msg_desc *desc, const void *in, struct msg_error *error);
/* True when the bytes are exactly one msgpack value within the limits; allocates nothing. */
bool msg_sane(struct bytes from, struct msg_error *error);

/* All the list kinds have this shape. */
struct msg_list { uint32_t n; void *at; };

int enum_find(const struct enum_desc *names, const char *text, size_t n);       /* -1: no such name */

/* ── what the lists expand to ─────────────────────────────────────────────── */
#define MSG_DECLARE(name, FIELDS)                                                   \
    struct name { FIELDS(MSG_MEMBER, name) };                                       \
    extern const struct msg_desc name##_desc;

#define MSG_DEFINE(name_, FIELDS)                                                   \
    static const struct msg_field name_##_fields[] = { FIELDS(MSG_FIELD, name_) };  \
    _Static_assert(sizeof name_##_fields / sizeof *name_##_fields <= MSG_FIELDS_MAX, "too many fields"); \
    const struct msg_desc name_##_desc = {                                          \
        #name_, sizeof(struct name_), sizeof name_##_fields / sizeof *name_##_fields, name_##_fields };

/* A message without fields (a command that takes nothing, a reply that says nothing more). */
struct nothing { char none; };
extern const struct msg_desc nothing_desc;

/* ENUM_DECLARE(post_kind, POST_KINDS) with POST_KINDS(X) X(POST_HEAD, "head") … */
#define ENUM_DECLARE(name, LIST)  enum name { LIST(ENUM_VALUE) name##_count }; extern const struct enum_desc name##_names;
#define ENUM_DEFINE(name_, LIST)                                                    \
    static const char *const name_##_texts[] = { LIST(ENUM_TEXT) };                 \
    const struct enum_desc name_##_names = { #name_, name_##_texts, name_##_count };
#define ENUM_VALUE(value, text) value,
#define ENUM_TEXT(value, text)  text,

#define MSG_MEMBER(S, kind, f, of, min, max, need) MSG_MEMBER_##kind(f, of)
#define MSG_MEMBER_BOOL(f, of)   bool f;
#define MSG_MEMBER_U64(f, of)    uint64_t f;
#define MSG_MEMBER_I64(f, of)    int64_t f;
#define MSG_MEMBER_STR(f, of)    const char *f;
#define MSG_MEMBER_BIN(f, of)    struct bytes f;
#define MSG_MEMBER_UUID(f, of)   struct uuid f;
#define MSG_MEMBER_DAY(f, of)    day_t f;
#define MSG_MEMBER_MOMENT(f, of) moment_t f;
#define MSG_MEMBER_ENUM(f, of)   int f;
#define MSG_MEMBER_MSG(f, of)    struct of *f;
#define MSG_MEMBER_LIST(f, of)   struct { uint32_t n; struct of *at; } f;
#define MSG_MEMBER_UUIDS(f, of)  struct { uint32_t n; struct uuid *at; } f;
#define MSG_MEMBER_STRS(f, of)   struct { uint32_t n; const char **at; } f;
#define MSG_MEMBER_U64S(f, of)   struct { uint32_t n; uint64_t *at; } f;

#define MSG_FIELD(S, kind, f, of, min, max, need) \
    { #f, MSG_##kind, MSG_##need, offsetof(struct S, f), min, max, MSG_OF_##kind(of), MSG_NAMES_##kind(of), \
      sizeof #f - 1 },
#define MSG_OF_BOOL(of)   NULL
#define MSG_OF_U64(of)    NULL
#define MSG_OF_I64(of)    NULL
#define MSG_OF_STR(of)    NULL
#define MSG_OF_BIN(of)    NULL
#define MSG_OF_UUID(of)   NULL
#define MSG_OF_DAY(of)    NULL
#define MSG_OF_MOMENT(of) NULL
#define MSG_OF_ENUM(of)   NULL
#define MSG_OF_MSG(of)    &of##_desc
#define MSG_OF_LIST(of)   &of##_desc
#define MSG_OF_UUIDS(of)  NULL
#define MSG_OF_STRS(of)   NULL
#define MSG_OF_U64S(of)   NULL
#define MSG_NAMES_BOOL(of)   NULL
#define MSG_NAMES_U64(of)    NULL
#define MSG_NAMES_I64(of)    NULL
#define MSG_NAMES_STR(of)    NULL
#define MSG_NAMES_BIN(of)    NULL
#define MSG_NAMES_UUID(of)   NULL
#define MSG_NAMES_DAY(of)    NULL
#define MSG_NAMES_MOMENT(of) NULL
#define MSG_NAMES_ENUM(of)   &of##_names
#define MSG_NAMES_MSG(of)    NULL
#define MSG_NAMES_LIST(of)   NULL
#define MSG_NAMES_UUIDS(of)  NULL
#define MSG_NAMES_STRS(of)   NULL
#define MSG_NAMES_U64S(of)   NULL
