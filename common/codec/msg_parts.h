#pragma once
#include "common/codec/msg.h"

/* msg_parts: what the parts of msg share and nobody else includes. */

/* Where we are, as a chain on the stack: rendered only when something is wrong. */
struct msg_at {
    const struct msg_at *up;        /* NULL: the whole message */
    const char          *name;      /* a field, or NULL for item number i */
    size_t               n;         /* bytes of the name */
    uint32_t             i;
};

/* The 64-bit timestamp holds 34 bits of seconds: until the year 2514. */
#define MSG_MOMENT_MAX ((INT64_C(1) << 34) * MOMENT_SECOND - 1)

void msg_path(const struct msg_at *at, char path[MSG_PATH_MAX]);
int  msg_wrong(const struct msg_at *at, const char *rule, int64_t limit, struct msg_error *error);

/* The limits of the list: NULL, or the rule that is broken, with its bound. */
const char *msg_rule_range(const struct msg_field *f, int64_t value, int64_t *limit);
const char *msg_rule_bytes(int64_t n, int64_t min, int64_t max, int64_t *limit);
const char *msg_rule_text(const char *at, size_t n, int64_t min, int64_t max, int64_t *limit);
const char *msg_rule_items(const struct msg_field *f, uint32_t n, int64_t *limit);

/* The row of a field by its name, looked for from `from` on: fields mostly come in order. */
size_t msg_field_find(const struct msg_desc *desc, const char *name, size_t n, size_t from);
/* True when the field is zero: left out, if it is an optional one. */
bool msg_is_zero(const struct msg_field *f, const void *slot);
