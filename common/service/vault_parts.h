#pragma once
#include <pthread.h>
#include <sodium.h>

#include "common/service/machine_parts.h"
#include "common/service/vault.h"

/* What the files of the vault share; nobody else includes this.
 *
 * A sealed value is nonce (24) ‖ ciphertext ‖ tag (16), XChaCha20-Poly1305, the id as associated data.
 * TABLE_VAULT_KEYS:
 *   id (16 bytes)        → that person's key, sealed in the same way under the key-encryption key: 72 bytes. Two ids are
 *                          nobody's: nil holds the secret of the intake, VAULT_MATCH the key of vault_match().
 *   VAULT_GONE, id (17)  → the act by which that person's key was destroyed
 *   VAULT_TURNS (1)      → counters of vault_standing */

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG   crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY   crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define VAULT_WRAPPED (NONCE + KEY + TAG)
#define VAULT_GONE    0xFF                      /* behind all ids: those of version 7 begin with their time */
#define VAULT_TURNS   0xFE
#define VAULT_ID      16
static const struct uuid VAULT_MATCH = { { [15] = 1 } };

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
/* Takes FILE.next as the key to come; *why says what is wrong. */
bool vault_next_read(struct vault *vault, const char **why);
