#pragma once
#include "common/service/service.h"

/* vault: personal data sealed with a key for each person (libsodium secretbox_xchacha20poly1305, the
 * person's id as associated data). Those keys lie in TABLE_VAULT_KEYS, outside journal and rebuild,
 * wrapped by the master key, which is a file apart from the store and its backups (mode 0600).
 *
 * vault_seal() is the one thing that decide may write: a new person's key, in the same transaction.
 * Without its key a sealed value is noise: erasing the key erases the person from every copy. */
int  vault_master_new(const char *file);                    /* ERR_EXISTS when there is one */
struct bytes vault_seal(struct ctx *ctx, const struct uuid *person, struct bytes plain);
/* False: no key (erased) or not what was sealed for this person. */
bool vault_open(struct ctx *ctx, const struct uuid *person, struct bytes sealed, struct bytes *plain);
/* A keyed hash for matching (SNILS, name and birth date): equal inputs are seen to be equal by who holds
 * the store, and can be guessed only by who holds the master key. */
struct hash vault_match(struct ctx *ctx, const char *kind, const char *text);

/* ── intake: what others seal for this service as it is entered ───────────── */
/* An X25519 pair that is made with the vault, its secret wrapped by the master key and kept beside the persons' keys,
 * so that it is in the backups. Who has the public one (a node, over the network or out of a file) seals personal
 * fields with crypto_box_seal and cannot read them any more; this service opens them in decide. */
#define INTAKE_KEY      32
#define INTAKE_OVERHEAD 48
/* NULL: no vault. Lives in ctx->arena. */
const uint8_t *vault_intake_public(struct ctx *ctx);
/* False: not sealed for this service, or damaged. */
bool vault_intake_open(struct ctx *ctx, struct bytes sealed, struct bytes *plain);
/* The sender's side; needs neither vault nor ctx. Not repeatable: the ephemeral pair is of `random`. */
struct random_source;
int  intake_seal(const uint8_t public_key[INTAKE_KEY], struct bytes plain, const struct random_source *random,
                 struct arena *arena, struct bytes *sealed);
