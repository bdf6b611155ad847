#pragma once
#include "common/core/uuid.h"
#include "common/core/when.h"

/* key: typed keys whose byte order (memcmp) is the order of their values.
 *
 * A key is built from parts in a fixed order that the table's comment names; the same parts in the
 * same order read it back. Text is NFC, at most KEY_TEXT_MAX bytes, ended by a zero byte; there are
 * no doubles. LMDB takes 1 to 511 bytes: more is a programmer's error and asserted.
 * Reading past the end or a text without its end makes the reader `bad`, and it stays so. */
#define KEY_MAX      511
#define KEY_TEXT_MAX 120

struct key { uint16_t n; uint8_t b[KEY_MAX]; };

void key_u8(struct key *key, uint8_t value);
void key_u32(struct key *key, uint32_t value);          /* also a day */
void key_u64(struct key *key, uint64_t value);
void key_i64(struct key *key, int64_t value);           /* also a moment; sign flipped */
void key_uuid(struct key *key, const struct uuid *id);
void key_text(struct key *key, const char *text);
void key_raw(struct key *key, const void *at, size_t n);

static inline struct bytes key_bytes(const struct key *key) { return bytes(key->b, key->n); }
/* One-part keys, the common case: struct key k = key_of_uuid(&id); */
struct key key_of_uuid(const struct uuid *id);
struct key key_of_u64(uint64_t value);

struct key_reader { const uint8_t *at; size_t left; bool bad; };
struct key_reader key_read(struct bytes key);
uint8_t     key_read_u8(struct key_reader *reader);
uint32_t    key_read_u32(struct key_reader *reader);
uint64_t    key_read_u64(struct key_reader *reader);
int64_t     key_read_i64(struct key_reader *reader);
struct uuid key_read_uuid(struct key_reader *reader);
const char *key_read_text(struct key_reader *reader);   /* points into the key */
/* The id that a key ends with, whatever stands before it: what most indexes lead to. */
struct uuid key_last_uuid(struct bytes key);
