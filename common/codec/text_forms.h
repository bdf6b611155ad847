#pragma once
#include <stdio.h>
#include "common/codec/msg.h"

/* text_forms: JSON, YAML and CSV to msgpack and back, with the descriptor at hand, so that one
 * validator (msg_decode) serves the wire, the configuration, the imports and the command line.
 *
 * A reader turns text into msgpack by the descriptor: a STR stays text whatever it looks like
 * ("012…", no, 2.10), a DAY is 2024-09-15 (in CSV also 15.09.2024, 1.9.24), a MOMENT is RFC 3339,
 * a UUID its usual text, BIN is base64 in JSON, a U64 past 2^53 may be a string in JSON. What does not
 * fit the descriptor (an unknown field, a word where a number stands) is passed on as it is, so that
 * msg_decode() names it by path; `places` then gives line and column for that path.
 *
 * Ownership  places is filled by the reader and lives in its arena.
 * Errors     a syntax error: ERR_MALFORMED with error->line, column and text. */
struct place  { const char *path; uint32_t line, column; };
struct places { struct place *at; uint32_t n, room; struct arena *arena; };
struct text_error { uint32_t line, column; char text[200]; };

int json_read(const struct msg_desc *desc, struct bytes text, struct buf *msgpack,
              struct places *places, struct text_error *error);
int yaml_read(const struct msg_desc *desc, struct bytes text, struct buf *msgpack,
              struct places *places, struct text_error *error);
/* The place of the path, or of the longest prefix of it that was seen. */
const struct place *place_of(const struct places *places, const char *path);

/* One line of JSON, fields in the order of the list; fails with ERR_MALFORMED when the bytes are not
 * such a message (unknown fields are skipped). `pretty` indents by two. */
int json_write(const struct msg_desc *desc, struct bytes msgpack, bool pretty, struct buf *out);
/* The same without a descriptor: for bodies of an unknown kind. */
int json_write_any(struct bytes msgpack, struct buf *out);

/* Reads a whole configuration file: yaml_read + msg_decode. On a fault logs nothing and fills
 * `says` with "file:line:column: path: what is wrong, what is allowed". */
int config_read(const char *file, const struct msg_desc *desc, struct arena *arena, void *out,
                char says[400]);
