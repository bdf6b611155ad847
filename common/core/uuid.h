#pragma once
#include "common/core/bytes.h"

/* uuid: identifiers, RFC 9562. New ones are version 7 (time first, so that they append to an
 * index); derived ones are version 8: the same inputs give the same identifier. All-zero is "none". */
struct uuid { uint8_t b[16]; };

#define UUID_TEXT 36        /* characters, without the NUL */

extern const struct uuid UUID_NIL;

bool uuid_is_nil(const struct uuid *id);
bool uuid_equal(const struct uuid *a, const struct uuid *b);
int  uuid_compare(const struct uuid *a, const struct uuid *b);
struct uuid uuid_v7(int64_t unix_ms, const uint8_t random[10]);
struct uuid uuid_new(void);                                  /* system clock and randomness: for clients */
struct uuid uuid_derive(const char *kind, struct bytes key); /* BLAKE2b of kind and key */
int64_t uuid_ms(const struct uuid *id);                      /* milliseconds since 1970; -1 when not version 7 */
bool uuid_parse(struct uuid *id, const char *text, size_t n);
void uuid_format(const struct uuid *id, char text[UUID_TEXT + 1]);
