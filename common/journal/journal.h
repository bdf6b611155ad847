#pragma once
#include "common/journal/entry.h"
#include "common/store/store.h"

/* journal: numbered entries, never edited, hash-chained; verdicts; cursors into other journals.
 *
 * Stored     TABLE_ENTRIES: u64 number → hash (32) ‖ stored bytes of the entry.
 *            TABLE_VERDICTS: command id, principal id → u64 number of the group's last entry.
 *            TABLE_CURSORS: stream name → struct cursor, and where it stood before it was laid aside.  TABLE_META: see meta_fields.
 * Threads    appending: the writer, inside its write transaction. Reading: any, inside a read one.
 * Lifetime   an entry read is decoded into the arena. */

#define JOURNAL_FORMAT 1            /* least version of a reader */

#define META_FIELDS(X, S)                                                                             \
    X(S, STR,  service,       _, 1, 40,        REQUIRED)                                              \
    X(S, UUID, journal,       _, 0, 0,         REQUIRED)                                              \
    X(S, UUID, incarnation,   _, 0, 0,         REQUIRED) /* changes at each restore */                \
    X(S, U64,  epoch,         _, 0, INT64_MAX, REQUIRED) /* changes at each take-over of the engine */ \
    X(S, U64,  reader_min,    _, 1, 1000,      REQUIRED)                                              \
    X(S, U64,  state_version, _, 0, 1000000,   REQUIRED)                                              \
    X(S, U64,  copy_version,  _, 0, 1000000,   REQUIRED)                                              \
    X(S, BOOL, rebuilding,    _, 0, 0,         OPTIONAL) /* the state is the fold of 1…applied only */ \
    X(S, U64,  applied,       _, 0, INT64_MAX, OPTIONAL)                                              \
    X(S, BOOL, clean,         _, 0, 0,         OPTIONAL) /* the last process ended in order */        \
    X(S, BIN,  ask_key,       _, 32, 32,       REQUIRED) /* keys the hashes of requests */
MSG_DECLARE(meta, META_FIELDS)

struct journal_head { uint64_t number; struct hash hash; moment_t moment; };

/* meta: read once at start, then kept by its owner; journal_meta_put() writes it in a transaction. */
bool journal_meta(struct txn *txn, struct arena *arena, struct meta *meta);         /* false: a new store */
void journal_meta_put(struct txn *txn, const struct meta *meta);
bool journal_head(struct txn *txn, struct arena *arena, struct journal_head *head); /* number 0 when empty */

/* Appends one entry after `head` and moves `head`. entry->number must be head->number + 1. */
void journal_append(struct txn *txn, struct journal_head *head, const struct uuid *journal,
                    const struct entry *entry);
bool journal_get(struct txn *txn, uint64_t number, struct arena *arena, struct entry *entry, struct hash *hash);
bool journal_raw(struct txn *txn, uint64_t number, struct bytes *stored, struct hash *hash);
struct cursor journal_cursor(const struct meta *meta, uint64_t number, const struct hash *hash, struct arena *arena);

/* The verdict given to this command of this principal: number of the entry that keeps it. */
bool verdict_find(struct txn *txn, const struct uuid *command, const struct uuid *who, uint64_t *number);
void verdict_keep(struct txn *txn, const struct uuid *command, const struct uuid *who, uint64_t number);
void verdict_trim(struct txn *txn, moment_t older_than, unsigned most);

bool cursor_get(struct txn *txn, const char *stream, struct arena *arena, struct cursor *cursor);
void cursor_put(struct txn *txn, const char *stream, const struct cursor *cursor);
/* A stream is followed from its start again, and what was followed of it is remembered: whether the history that comes
 * now is another one would not be seen from its start. */
void cursor_lay_aside(struct txn *txn, const char *stream);
bool cursor_laid_aside(struct txn *txn, const char *stream, struct arena *arena, struct cursor *cursor);
/* A stream that has been at its source's head since it was begun from the start. Before that what is not found in its
 * copies may exist all the same. */
bool cursor_caught_up(struct txn *txn, const char *stream);
void cursor_catch_up(struct txn *txn, const char *stream);
void cursor_forget(struct txn *txn, const char *stream);    /* all of it */

/* Walks the whole chain. ERR_CORRUPT names the first bad number in `bad` and the reason in `why`:
 * gap, hash, unreadable, group, number. */
int journal_verify(struct store *store, uint64_t *checked, uint64_t *bad, const char **why);

/* The engine's one call, once a batch, between decide and commit. `entries` are the batch's stored
 * bytes in order. OK: it is safe, commit. FENCED: another writer took over, step down. UNKNOWN: ask
 * again by reading. NULL as engine: LMDB alone, the commit itself makes it safe. */
struct journal_batch {
    uint64_t expected_last, epoch; struct hash previous;
    const struct bytes *entries; size_t count;
};
struct engine {
    int (*append)(void *self, const struct journal_batch *batch);       /* ERR_OK, ERR_FENCED, ERR_UNKNOWN */
    void *self;
};
