#pragma once
#include <pthread.h>
#include <sodium.h>

#include "common/service/machine_parts.h"
#include "common/service/vault.h"
#include "common/service/vault_intake.h"

/* What the files of the vault share; nobody else includes this.
 *
 * A sealed value is nonce (24) ‖ ciphertext ‖ tag (16), XChaCha20-Poly1305, the id as associated data.
 * TABLE_VAULT_KEYS:
 *   id (16 bytes)        → that person's key, sealed in the same way under the key-encryption key: 72 bytes. Some ids are
 *                          nobody's (version 7 never begins with eight zeros): VAULT_MATCH has the key of vault_match(),
 *                          vault_intake_id() the secrets of the intake, nil the first of them.
 *   VAULT_GONE, id (17)  → the act by which that person's key was destroyed
 *   VAULT_TURNS (1)      → counters of vault_standing
 *   VAULT_FLOOR (1)      → u64: the generation below which secrets of the intake were destroyed
 *   VAULT_SEALS, id (17) → u64 generation, i64 moment: under which one a sender seals, and since when */

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG   crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY   crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define VAULT_WRAPPED (NONCE + KEY + TAG)
#define VAULT_GONE    0xFF                      /* behind all ids: those of version 7 begin with their time */
#define VAULT_TURNS   0xFE
#define VAULT_FLOOR   0xFD
#define VAULT_SEALS   0xFC
#define VAULT_ID      16
#define VAULT_OWN     8                         /* zeros that an id which is nobody's begins with */
static const struct uuid VAULT_MATCH = { { [15] = 1 } };
static inline bool vault_own_id(const struct uuid *id) { return memcmp(id->b, UUID_NIL.b, VAULT_OWN) == 0; }

struct vault {
    char file[3800], next_file[3808];
    pthread_mutex_t lock;                       /* of the three that follow */
    uint8_t now[KEY], next[KEY];
    bool turning;                               /* `next` is there: what is wrapped is wrapped under it */
    struct hash_key match;                      /* set at the start, before the first command */
};

enum vault_under { VAULT_NOISE, VAULT_UNDER_NOW, VAULT_UNDER_NEXT };
/* Wraps the key anew when it is under the old one. Says how it was found. */
enum vault_under vault_rewrap_one(struct ctx *ctx, const struct uuid *id);
/* False: there is none, or it opens under neither key-encryption key. */
bool vault_key_get(struct ctx *ctx, const struct uuid *id, struct bytes *key);
void vault_key_put(struct ctx *ctx, const struct uuid *id, struct bytes key);
/* The key-encryption key is to be turned once more. */
void vault_turn_ask(struct ctx *ctx);
struct uuid vault_intake_id(uint64_t generation);
/* Rows of the intake: secrets, floor, who seals under what. */
uint64_t vault_intake_rows(struct ctx *ctx);
uint64_t vault_intake_floor(struct ctx *ctx);
/* No secret below the floor is left, and the floor is at least this one. */
void vault_intake_floor_put(struct ctx *ctx, uint64_t floor);
/* Takes FILE.next as the key to come; *why says what is wrong. */
bool vault_next_read(struct vault *vault, const char **why);
