#pragma once
#include <msgpack.h>

#include "common/codec/msg_parts.h"
#include "common/codec/text_forms.h"

/* form_parts: what the readers of JSON, YAML and CSV share and nobody else includes. */
#define FORM_BYTES_MAX  (1024u * 1024)
#define FORM_PLACES_MAX 65536u

enum form { FORM_JSON, FORM_YAML, FORM_CSV };

/* What the descriptor expects at a place; known is false where it says nothing. */
struct form_shape { bool known; enum msg_kind kind; const struct msg_desc *of; };

struct form_shape form_root(const struct msg_desc *desc);
struct form_shape form_field(struct form_shape map, const char *name, size_t n);
struct form_shape form_item(struct form_shape list);

struct bytes form_unmarked(struct bytes text);      /* without the byte order mark of UTF-8 */
void form_packer(msgpack_packer *pk, struct buf *out);
void form_text(msgpack_packer *pk, const char *text, size_t n);
void form_moment(msgpack_packer *pk, moment_t moment);
/* A word as the expected kind; as text, when it is no such thing. */
void form_scalar(msgpack_packer *pk, struct form_shape shape, const char *text, size_t n, enum form form);

void places_add(struct places *places, const struct msg_at *at, uint32_t line, uint32_t column);
int  form_wrong(struct text_error *error, size_t line, size_t column, const char *format, ...)
     __attribute__((format(printf, 4, 5)));
