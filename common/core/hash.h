#pragma once
#include "common/core/bytes.h"

/* hash: BLAKE2b-256 (RFC 7693), through libsodium. */
#define HASH_SIZE 32
struct hash { uint8_t b[HASH_SIZE]; };
struct hash_key { uint8_t b[32]; };

struct hash_state { unsigned char opaque[384] __attribute__((aligned(64))); };

int  crypto_start(void);                                    /* once a process, before anything here */
void hash_start(struct hash_state *state, const struct hash_key *key);   /* key may be NULL */
void hash_more(struct hash_state *state, const void *at, size_t n);
struct hash hash_end(struct hash_state *state);
struct hash hash_two(struct bytes first, struct bytes second);
struct hash hash_keyed(const struct hash_key *key, struct bytes bytes);
bool hash_equal(const struct hash *a, const struct hash *b);
#define HASH_TEXT 64
void hash_format(const struct hash *hash, char text[HASH_TEXT + 1]);
