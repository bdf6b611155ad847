#pragma once
#include "common/codec/msg.h"
#include "common/core/hash.h"
#include "common/store/key.h"

/* store: the one LMDB environment that a daemon owns, and its transactions.
 *
 * Ownership  store_open() hands the caller a store, store_close() takes it back. One process opens
 *            an environment, once (a lock file beside it sees to that: ERR_BUSY).
 * Threads    any thread may hold one read transaction at a time; one thread alone, the writer, begins
 *            write transactions. No transaction lives across a wait, a send or a slow disk.
 * Lifetime   bytes from txn_get() and scan_next() live until the next put, delete or the end of the
 *            transaction; txn_get_msg() copies into the arena before it decodes.
 * Errors     a transaction remembers its first error and then does nothing more; check once, at
 *            txn_end(). After a failed commit of a write transaction the store is of no more use: the
 *            next sync may lie, so the process has to end (store_broken() says so).
 * Disk       MDB_NOTLS; never NOSYNC, NOMETASYNC or WRITEMAP; no DUPSORT. The map is STORE_MAP_SIZE
 *            of address space over a sparse file. */

#define STORE_MAP_SIZE   ((size_t)64 << 30)
#define STORE_TABLES_MAX 96

/* What a table is to the one who rebuilds, compares or backs up. */
enum table_kind {
    TABLE_FRAME,        /* journal, verdicts, cursors, meta: kept by common/ */
    TABLE_STATE,        /* made by apply of the own journal alone: rebuilt from it */
    TABLE_COPY,         /* made by projections of other journals: can be thrown away and followed again */
    TABLE_VAULT,        /* keys of persons: outside the journal and outside rebuild */
};
struct table_def { const char *name; enum table_kind kind; };
typedef uint32_t table_t;                       /* index into the list given to store_open() */

/* Tables of common/ come first in every store; a service's own start at TABLE_OWN. */
enum {
    TABLE_META, TABLE_ENTRIES, TABLE_VERDICTS, TABLE_CURSORS, TABLE_TIMERS, TABLE_TROUBLE,
    TABLE_SENDERS, TABLE_VAULT_KEYS, TABLE_OWN,
};

struct store;
struct store_options {
    const char *dir;                            /* made when missing, mode 0700 */
    const struct table_def *tables;             /* the service's own; table_t of row i is TABLE_OWN + i */
    size_t table_count;
    size_t map_size;                            /* 0: STORE_MAP_SIZE */
    uint64_t reserve_bytes;                     /* free disk below which store_has_room() says no */
    bool no_sync;                               /* simulation on tmpfs, rebuilding aside, and tests in which nothing cuts the power */
};

int  store_open(struct store **out, const struct store_options *options);
void store_close(struct store **store);
bool store_broken(const struct store *store);   /* a commit failed: end the process */
bool store_has_room(struct store *store);       /* statvfs and the map, before a batch */
size_t store_table_count(const struct store *store);        /* with those of common/ */
const struct table_def *store_table(const struct store *store, table_t table);
const char *store_dir(const struct store *store);
struct store_usage { uint64_t map_bytes, used_bytes, file_bytes, disk_free_bytes; };
void store_usage(struct store *store, struct store_usage *usage);
void store_check_readers(struct store *store);  /* frees slots of readers that died */
/* A consistent hot copy into a new directory (data.mdb, compacted, synced). ERR_EXISTS when not empty. */
int  store_backup(struct store *store, const char *dir);

enum txn_mode { TXN_READ, TXN_WRITE };
struct txn { struct store *store; struct MDB_txn *handle; int err; bool write; };

void txn_begin(struct txn *txn, struct store *store, enum txn_mode mode);
int  txn_end(struct txn *txn);                  /* commits a write unless err is set; safe to repeat */
void txn_abort(struct txn *txn);
void txn_fail(struct txn *txn, int err);        /* the first one wins */

bool txn_get(struct txn *txn, table_t table, struct bytes key, struct bytes *value);
void txn_put(struct txn *txn, table_t table, struct bytes key, struct bytes value);
void txn_append(struct txn *txn, table_t table, struct bytes key, struct bytes value);  /* key after all others */
bool txn_delete(struct txn *txn, table_t table, struct bytes key);                      /* true: it was there */
void txn_clear(struct txn *txn, table_t table);
uint64_t txn_count(struct txn *txn, table_t table);
uint64_t txn_used_bytes(struct txn *txn);       /* pages of all tables, what this transaction has changed included */

/* Records are messages of the same field lists. A record that cannot be decoded fails the
 * transaction with ERR_CORRUPT. */
bool txn_get_msg(struct txn *txn, table_t table, struct bytes key, const struct msg_desc *desc,
                 struct arena *arena, void *out);
void txn_put_msg(struct txn *txn, table_t table, struct bytes key, const struct msg_desc *desc, const void *in);
/* Memory for encoding one record, emptied: for a write transaction, until the next that asks for it. */
struct buf *txn_scratch(struct txn *txn);

/* A walk over the keys that begin with `prefix` (empty: all), from `from` on (empty: the first; past
 * it when `after`). Values may change underneath only through scan-safe use: collect, then put.
 *   struct scan scan; scan_begin(&scan, txn, T_X, prefix); while (scan_next(&scan, &k, &v)) … scan_end(&scan); */
struct scan { struct txn *txn; struct MDB_cursor *cursor; struct bytes prefix; struct key start; bool begun, back, past; };
void scan_begin(struct scan *scan, struct txn *txn, table_t table, struct bytes prefix);
void scan_from(struct scan *scan, struct bytes key);        /* before the first scan_next(): start at key or after it */
void scan_after(struct scan *scan, struct bytes key);       /* likewise, but never at key itself: pages */
void scan_backwards(struct scan *scan);                     /* before the first scan_next() */
bool scan_next(struct scan *scan, struct bytes *key, struct bytes *value);
void scan_end(struct scan *scan);
bool txn_last(struct txn *txn, table_t table, struct bytes *key, struct bytes *value);
/* The ids that stand behind the prefix in keys that begin with it, at most `max`; `back`: from the last one on. */
uint32_t txn_ids(struct txn *txn, table_t table, struct bytes prefix, bool back, struct uuid *ids, uint32_t max);

/* BLAKE2b over names, keys and values of every table of that kind: two stores of equal content are equal. */
int  store_digest(struct store *store, enum table_kind kind, struct hash *digest);
