#include <assert.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/store/store_mdb.h"

void txn_begin(struct txn *txn, struct store *store, enum txn_mode mode)
{
    *txn = (struct txn){ .store = store, .write = mode == TXN_WRITE };
    if (store->broken) {
        txn->err = ERR_IO;
        return;
    }
    unsigned flags = mode == TXN_READ ? MDB_RDONLY : 0;
    int rc = mdb_txn_begin(store->env, NULL, flags, &txn->handle);
    if (rc == MDB_READERS_FULL) {           /* slots of dead readers, perhaps: once more */
        store_check_readers(store);
        rc = mdb_txn_begin(store->env, NULL, flags, &txn->handle);
    }
    txn_fail(txn, err_of_mdb(rc));
}

void txn_fail(struct txn *txn, int err)
{
    if (txn->err == ERR_OK)
        txn->err = err;
}

/* mdb_txn_commit() frees the handle even when it fails. */
int txn_end(struct txn *txn)
{
    MDB_txn *handle = txn->handle;
    txn->handle = NULL;
    if (handle == NULL)
        return txn->err;
    if (!txn->write || txn->err != ERR_OK) {
        mdb_txn_abort(handle);
        return txn->err;
    }
    int rc = mdb_txn_commit(handle);
    if (rc != 0 && !SABOTAGE("deaf_commit")) {
        txn->store->broken = true;
        txn_fail(txn, err_of_mdb(rc));
    }
    return txn->err;
}

void txn_abort(struct txn *txn)
{
    if (txn->handle != NULL)
        mdb_txn_abort(txn->handle);
    txn->handle = NULL;
}

static MDB_val val(struct bytes b)
{
    return (MDB_val){ b.n, (void *)(uintptr_t)b.at };
}

bool txn_get(struct txn *txn, table_t table, struct bytes key, struct bytes *value)
{
    if (txn->err != ERR_OK)
        return false;
    assert(key.n > 0 && key.n <= KEY_MAX);
    MDB_val k = val(key), v;
    int rc = mdb_get(txn->handle, txn->store->dbi[table], &k, &v);
    if (rc == 0)
        *value = bytes(v.mv_data, v.mv_size);
    else if (rc != MDB_NOTFOUND)
        txn_fail(txn, err_of_mdb(rc));
    return rc == 0;
}

static void put(struct txn *txn, table_t table, struct bytes key, struct bytes value, unsigned flags)
{
    if (txn->err != ERR_OK)
        return;
    assert(txn->write && key.n > 0 && key.n <= KEY_MAX);
    MDB_val k = val(key), v = val(value);
    txn_fail(txn, err_of_mdb(mdb_put(txn->handle, txn->store->dbi[table], &k, &v, flags)));
}

void txn_put(struct txn *txn, table_t table, struct bytes key, struct bytes value)
{
    put(txn, table, key, value, 0);
}

void txn_append(struct txn *txn, table_t table, struct bytes key, struct bytes value)
{
    put(txn, table, key, value, MDB_APPEND);
}

bool txn_delete(struct txn *txn, table_t table, struct bytes key)
{
    if (txn->err != ERR_OK)
        return false;
    MDB_val k = val(key);
    int rc = mdb_del(txn->handle, txn->store->dbi[table], &k, NULL);
    if (rc != 0 && rc != MDB_NOTFOUND)
        txn_fail(txn, err_of_mdb(rc));
    return rc == 0;
}

void txn_clear(struct txn *txn, table_t table)
{
    if (txn->err == ERR_OK)
        txn_fail(txn, err_of_mdb(mdb_drop(txn->handle, txn->store->dbi[table], 0)));
}

uint64_t txn_count(struct txn *txn, table_t table)
{
    MDB_stat stat = { 0 };
    if (txn->err == ERR_OK)
        txn_fail(txn, err_of_mdb(mdb_stat(txn->handle, txn->store->dbi[table], &stat)));
    return stat.ms_entries;
}

/* Pages that hold something: the file also has free ones, which come back to use and are nobody's load. */
uint64_t txn_used_bytes(struct txn *txn)
{
    uint64_t used = 0;
    for (size_t t = 0; t < txn->store->table_count && txn->err == ERR_OK; t++) {
        MDB_stat stat;
        int rc = mdb_stat(txn->handle, txn->store->dbi[t], &stat);
        if (rc != 0)
            txn_fail(txn, err_of_mdb(rc));
        else
            used += (uint64_t)stat.ms_psize * (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages);
    }
    return used;
}

bool txn_get_msg(struct txn *txn, table_t table, struct bytes key, const struct msg_desc *desc,
                 struct arena *arena, void *out)
{
    struct bytes value;
    struct msg_error error;
    if (!txn_get(txn, table, key, &value))
        return false;
    if (msg_decode(desc, value, MSG_LENIENT, arena, out, &error) == ERR_OK)
        return true;
    txn_fail(txn, ERR_CORRUPT);
    return false;
}

void txn_put_msg(struct txn *txn, table_t table, struct bytes key, const struct msg_desc *desc, const void *in)
{
    struct buf *scratch = txn_scratch(txn);
    msg_encode(desc, in, scratch);
    txn_put(txn, table, key, buf_bytes(scratch));
}

struct buf *txn_scratch(struct txn *txn)
{
    buf_clear(&txn->store->scratch);
    return &txn->store->scratch;
}

/* ── walking ──────────────────────────────────────────────────────────────── */

void scan_begin(struct scan *scan, struct txn *txn, table_t table, struct bytes prefix)
{
    scan->txn = txn;
    scan->cursor = NULL;
    scan->prefix = prefix;
    scan->start.n = 0;
    scan->begun = scan->back = scan->past = false;
    if (txn->err == ERR_OK)
        txn_fail(txn, err_of_mdb(mdb_cursor_open(txn->handle, txn->store->dbi[table], &scan->cursor)));
}

void scan_from(struct scan *scan, struct bytes key)
{
    scan->start.n = 0;
    key_raw(&scan->start, key.at, key.n);
}

void scan_after(struct scan *scan, struct bytes key)
{
    scan_from(scan, key);
    scan->past = true;
}

void scan_backwards(struct scan *scan)
{
    scan->back = true;
}

/* The first key of a walk towards greater keys. */
static int first_forwards(struct scan *scan, MDB_val *k, MDB_val *v)
{
    struct bytes from = scan->start.n > 0 ? key_bytes(&scan->start) : scan->prefix;
    if (from.n == 0)
        return mdb_cursor_get(scan->cursor, k, v, MDB_FIRST);
    *k = val(from);
    int rc = mdb_cursor_get(scan->cursor, k, v, MDB_SET_RANGE);
    if (rc == 0 && scan->past && bytes_equal(bytes(k->mv_data, k->mv_size), key_bytes(&scan->start)))
        rc = mdb_cursor_get(scan->cursor, k, v, MDB_NEXT);
    return rc;
}

/* The first key of a walk towards lesser keys: at the start, or the last below the prefix's successor. */
static int first_backwards(struct scan *scan, MDB_val *k, MDB_val *v)
{
    struct key bound = scan->start;
    bool keep_equal = scan->start.n > 0 && !scan->past;
    if (bound.n == 0) {
        key_raw(&bound, scan->prefix.at, scan->prefix.n);
        while (bound.n > 0 && bound.b[bound.n - 1] == 0xff)
            bound.n--;
        if (bound.n > 0)
            bound.b[bound.n - 1]++;
    }
    if (bound.n == 0)
        return mdb_cursor_get(scan->cursor, k, v, MDB_LAST);
    *k = val(key_bytes(&bound));
    int rc = mdb_cursor_get(scan->cursor, k, v, MDB_SET_RANGE);
    if (rc == MDB_NOTFOUND)
        return mdb_cursor_get(scan->cursor, k, v, MDB_LAST);
    if (rc == 0 && keep_equal && bytes_equal(bytes(k->mv_data, k->mv_size), key_bytes(&bound)))
        return 0;
    return rc == 0 ? mdb_cursor_get(scan->cursor, k, v, MDB_PREV) : rc;
}

bool scan_next(struct scan *scan, struct bytes *key, struct bytes *value)
{
    MDB_val k, v;
    int rc;
    if (scan->txn->err != ERR_OK || scan->cursor == NULL)
        return false;
    if (scan->begun)
        rc = mdb_cursor_get(scan->cursor, &k, &v, scan->back ? MDB_PREV : MDB_NEXT);
    else
        rc = scan->back ? first_backwards(scan, &k, &v) : first_forwards(scan, &k, &v);
    scan->begun = true;
    if (rc != 0 && rc != MDB_NOTFOUND)
        txn_fail(scan->txn, err_of_mdb(rc));
    if (rc != 0 || k.mv_size < scan->prefix.n ||
        (scan->prefix.n > 0 && memcmp(k.mv_data, scan->prefix.at, scan->prefix.n) != 0))
        return false;
    *key = bytes(k.mv_data, k.mv_size);
    if (value != NULL)
        *value = bytes(v.mv_data, v.mv_size);
    return true;
}

void scan_end(struct scan *scan)
{
    if (scan->cursor != NULL)
        mdb_cursor_close(scan->cursor);
    scan->cursor = NULL;
}

bool txn_last(struct txn *txn, table_t table, struct bytes *key, struct bytes *value)
{
    struct scan scan;
    scan_begin(&scan, txn, table, bytes(NULL, 0));
    scan_backwards(&scan);
    bool found = scan_next(&scan, key, value);
    scan_end(&scan);
    return found;
}

uint32_t txn_ids(struct txn *txn, table_t table, struct bytes prefix, bool back, struct uuid *ids, uint32_t max)
{
    struct bytes key;
    struct scan scan;
    uint32_t n = 0;

    scan_begin(&scan, txn, table, prefix);
    if (back)
        scan_backwards(&scan);
    while (n < max && scan_next(&scan, &key, NULL))
        if (key.n >= prefix.n + sizeof *ids)
            memcpy(&ids[n++], (const uint8_t *)key.at + prefix.n, sizeof *ids);
    scan_end(&scan);
    return n;
}

static void digest_value(struct hash_state *state, struct bytes b)
{
    uint64_t n = b.n;
    hash_more(state, &n, sizeof n);
    hash_more(state, b.at, b.n);
}

int store_digest(struct store *store, enum table_kind kind, struct hash *digest)
{
    struct hash_state state;
    struct txn txn;
    txn_begin(&txn, store, TXN_READ);
    hash_start(&state, NULL);
    for (table_t t = 0; t < store->table_count; t++) {
        struct scan scan;
        struct bytes k, v;
        if (store->table[t].kind != kind)
            continue;
        digest_value(&state, bytes_of(store->table[t].name));
        scan_begin(&scan, &txn, t, bytes(NULL, 0));
        while (scan_next(&scan, &k, &v)) {
            digest_value(&state, k);
            digest_value(&state, v);
        }
        scan_end(&scan);
    }
    *digest = hash_end(&state);
    return txn_end(&txn);
}
