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
