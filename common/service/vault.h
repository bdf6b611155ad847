#pragma once
#include "common/service/service.h"

/* vault: personal data sealed with a key for each person (libsodium XChaCha20-Poly1305, the person's id as associated
 * data). Those keys lie in TABLE_VAULT_KEYS, outside journal and rebuild, wrapped by the key-encryption key ("master
 * key"), which is a file apart from the store and its backups (mode 0600).
 *
 * vault_seal() and vault_erase() are the things that decide may write: a new person's key, and its end, in the same
 * transaction. Without its key a sealed value is noise: erasing the key erases the person from every copy of the store,
 * the old ones too, once the key-encryption key under which they hold it has been turned (below).
 *
 * What vault_match() gives away. To who holds a copy of the store alone: that two rows were given the same code, SNILS or
 * name and birth, or the same parts of them that whoever is alike is found by (whole name; given name, patronymic and birth): the
 * hashes are equal; how many people there are, and when each came. Nothing of it can be guessed
 * without the key of matching, which is 32 random bytes in the vault. To who holds store and master key: whether somebody
 * of a SNILS or a name and birth that he has already is among them, and under which identifier; the SNILS are only
 * 10^9, so he can go through all of them; but he can open the cards as well, and so it tells him no more. Erasing
 * takes a person's hashes out of the tables; in the entries of his registration they stay, so that who holds the journal
 * *and* the key of matching can still tell under which identifier a given SNILS was once known: posts and days, no
 * name. No other service, node or follower is ever handed the key; hashes they see in roster's entries are noise to them.
 */
int  vault_master_new(const char *file);                    /* ERR_EXISTS when there is one */
struct bytes vault_seal(struct ctx *ctx, const struct uuid *person, struct bytes plain);
/* False: no key (erased) or not what was sealed for this person. */
bool vault_open(struct ctx *ctx, const struct uuid *person, struct bytes sealed, struct bytes *plain);
/* A keyed hash for matching (SNILS, name and birth date). Its key stays the same when keys are turned. */
struct hash vault_match(struct ctx *ctx, const char *kind, const char *text);

/* ── erasing ──────────────────────────────────────────────────────────────── */
/* The person's key is gone, and none is ever made for him again: vault_seal() fails the transaction. `act` (nothing
 * personal, at most VAULT_ACT_MAX bytes) stays in its place, so that a store that is restored from before hears of it. Asks for the
 * key-encryption key to be turned. Like vault_seal() for decide and timers alone, and the last thing that they do. */
#define VAULT_ACT_MAX 400
void vault_erase(struct ctx *ctx, const struct uuid *person, struct bytes act);
bool vault_erased(struct ctx *ctx, const struct uuid *person, struct bytes *act);       /* act may be NULL */
/* Those whose key was destroyed, in the order of their ids, from behind `after` on (nil: the first); at most `most`. */
uint32_t vault_erased_after(struct ctx *ctx, const struct uuid *after, struct uuid *persons, uint32_t most);

/* ── turning the key-encryption key ───────────────────────────────────────── */
/* All keys are wrapped under a new one, and the old one is destroyed: a copy of the store from before, and the keys in it,
 * are noise from then on to who has no copy of the old file. What is sealed stays as it is. Nothing is interrupted: rows are
 * wrapped anew in batches by vault_turn_step(), an errand, killed anywhere it goes on:
 *
 *   1  FILE.next is made (synced). From here on new rows are wrapped under it; a start reads both.
 *   2  SERVICE.vault.rewrap, again and again: VAULT_BATCH rows each, until the last one.
 *   3  FILE is overwritten, FILE.next takes its name (synced).
 *   4  SERVICE.vault.finish: the entry SERVICE.vault.turned says that it is done, and for how many keys.
 *
 * An erasure that comes while a turn is under way asks for another one after it. A service with a vault has the
 * commands, queries and the event of VAULT_… below in its tables, and vault_turn_step() in an errand. */
#define VAULT_BATCH 400
#define VAULT_STANDING_FIELDS(X, S)                                                                 \
    X(S, U64,    keys,    _, 0, INT64_MAX, REQUIRED) /* of persons */                               \
    X(S, U64,    erased,  _, 0, INT64_MAX, REQUIRED)                                                \
    X(S, U64,    asked,   _, 0, INT64_MAX, REQUIRED) /* turns asked for: by each erasure, and by operators */ \
    X(S, U64,    covered, _, 0, INT64_MAX, REQUIRED) /* of them: done */                            \
    X(S, U64,    turns,   _, 0, INT64_MAX, REQUIRED) /* how often the key-encryption key was turned */ \
    X(S, MOMENT, turned,  _, 0, 0,         OPTIONAL) /* the last time */                            \
    X(S, BOOL,   turning, _, 0, 0,         OPTIONAL)
MSG_DECLARE(vault_standing, VAULT_STANDING_FIELDS)      /* SERVICE.vault.get */
#define VAULT_REWRAP_FIELDS(X, S) X(S, UUID, after, _, 0, 0, OPTIONAL)
MSG_DECLARE(vault_rewrap, VAULT_REWRAP_FIELDS)
#define VAULT_REWRAPPED_FIELDS(X, S)                                                                \
    X(S, UUID, last,  _, 0, 0,           OPTIONAL)                                                  \
    X(S, BOOL, done,  _, 0, 0,           OPTIONAL)                                                  \
    X(S, U64,  noise, _, 0, VAULT_BATCH, OPTIONAL) /* rows that neither key opens: left as they are */
MSG_DECLARE(vault_rewrapped, VAULT_REWRAPPED_FIELDS)
#define VAULT_FINISH_FIELDS(X, S) X(S, U64, covers, _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(vault_finish, VAULT_FINISH_FIELDS)
#define VAULT_TURNED_FIELDS(X, S)                                                                   \
    X(S, U64, turns, _, 1, INT64_MAX, REQUIRED)                                                     \
    X(S, U64, keys,  _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(vault_turned, VAULT_TURNED_FIELDS)          /* event SERVICE.vault.turned, for who reaches all */
void vault_read_standing(struct ctx *ctx, struct vault_standing *standing);
enum verdict decide_vault_rotate(struct ctx *ctx, const void *command);     /* asks for a turn */
enum verdict decide_vault_rewrap(struct ctx *ctx, const void *command);     /* the service itself */
enum verdict decide_vault_finish(struct ctx *ctx, const void *command);     /* the service itself */
void apply_vault_turned(struct ctx *ctx, const void *event);
enum verdict query_vault_get(struct ctx *ctx, const void *query);

struct errand;
/* What the errand remembers between steps, zeroed at start. */
struct vault_turn { bool on; uint64_t covers, noise; struct uuid after; moment_t failed; };
uint32_t vault_turn_step(struct errand *errand, struct vault_turn *turn);   /* ms until it wants to run again */

/* ── the vault's own backup ───────────────────────────────────────────────── */
/* The store's backups hold the keys as they were wrapped when they were made: after a turn nothing in them opens any more.
 * The keys are therefore copied apart, after each turn and as often as the store: SERVICE.vault.export gives the rows
 * as they are (wrapped; whoever has them needs the master key as well), and vault_import() puts them into a store at
 * rest. An erasure that either of the two knows of holds: no copy, however old, brings a key back. */
#define VAULT_PAGE 1000
#define VAULT_EXPORT_FIELDS(X, S)                                                                   \
    X(S, BIN, after, _, 0, 32,         OPTIONAL)                                                    \
    X(S, U64, limit, _, 0, VAULT_PAGE, OPTIONAL)
MSG_DECLARE(vault_export, VAULT_EXPORT_FIELDS)
#define VAULT_ROW_FIELDS(X, S)                                                                      \
    X(S, BIN, key,   _, 1, 32,  REQUIRED)                                                           \
    X(S, BIN, value, _, 0, 480, REQUIRED)
MSG_DECLARE(vault_row, VAULT_ROW_FIELDS)
#define VAULT_ROWS_FIELDS(X, S)                                                                     \
    X(S, LIST, rows,  vault_row, 0, VAULT_PAGE, OPTIONAL)                                           \
    X(S, BIN,  next,  _,         0, 32,         OPTIONAL) /* empty: this was the last page */       \
    X(S, U64,  turns, _,         0, INT64_MAX,  REQUIRED) /* another number than on the page before: begin anew */
MSG_DECLARE(vault_rows, VAULT_ROWS_FIELDS)
enum verdict query_vault_export(struct ctx *ctx, const void *query);
/* All at once, in one transaction. */
int  vault_import(struct store *store, const struct vault_row *rows, uint32_t n);
