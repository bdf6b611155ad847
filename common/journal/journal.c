#include "common/journal/journal.h"

#include <assert.h>

#include "common/core/err.h"

MSG_DEFINE(meta, META_FIELDS)

static const char META_KEY[] = "meta";

bool journal_meta(struct txn *txn, struct arena *arena, struct meta *meta)
{
    return txn_get_msg(txn, TABLE_META, bytes_of(META_KEY), &meta_desc, arena, meta);
}

void journal_meta_put(struct txn *txn, const struct meta *meta)
{
    txn_put_msg(txn, TABLE_META, bytes_of(META_KEY), &meta_desc, meta);
}

/* value → hash and stored bytes; false (and the transaction failed) when it is too short to be one. */
static bool split(struct txn *txn, struct bytes value, struct bytes *stored, struct hash *hash)
{
    if (value.n <= HASH_SIZE) {
        txn_fail(txn, ERR_CORRUPT);
        return false;
    }
    memcpy(hash->b, value.at, HASH_SIZE);
    *stored = bytes((const uint8_t *)value.at + HASH_SIZE, value.n - HASH_SIZE);
    return true;
}

static bool decode(struct txn *txn, struct bytes stored, struct arena *arena, struct entry *entry)
{
    struct msg_error error;
    if (msg_decode(&entry_desc, stored, MSG_LENIENT, arena, entry, &error) == ERR_OK)
        return true;
    txn_fail(txn, ERR_CORRUPT);
    return false;
}

bool journal_head(struct txn *txn, struct arena *arena, struct journal_head *head)
{
    struct bytes key, value, stored;
    struct entry entry;
    *head = (struct journal_head){ 0 };
    if (!txn_last(txn, TABLE_ENTRIES, &key, &value) || !split(txn, value, &stored, &head->hash) ||
        !decode(txn, stored, arena, &entry))
        return false;
    head->number = entry.number;
    head->moment = entry.moment;
    return true;
}

static struct hash chain(const struct uuid *journal, const struct journal_head *head, struct bytes stored)
{
    return head->number == 0 ? hash_two(bytes(journal->b, sizeof journal->b), stored)
                             : hash_two(bytes(head->hash.b, HASH_SIZE), stored);
}

void journal_append(struct txn *txn, struct journal_head *head, const struct uuid *journal,
                    const struct entry *entry)
{
    assert(entry->number == head->number + 1);
    struct buf *encoded = txn_scratch(txn);

    buf_reserve(encoded, HASH_SIZE);
    encoded->n = HASH_SIZE;
    msg_encode(&entry_desc, entry, encoded);
    struct bytes stored = bytes(encoded->at + HASH_SIZE, encoded->n - HASH_SIZE);
    struct hash hash = chain(journal, head, stored);
    memcpy(encoded->at, hash.b, HASH_SIZE);
    struct key key = key_of_u64(entry->number);
    txn_append(txn, TABLE_ENTRIES, key_bytes(&key), buf_bytes(encoded));
    *head = (struct journal_head){ entry->number, hash, entry->moment };
}

bool journal_raw(struct txn *txn, uint64_t number, struct bytes *stored, struct hash *hash)
{
    struct key key = key_of_u64(number);
    struct bytes value;
    return txn_get(txn, TABLE_ENTRIES, key_bytes(&key), &value) && split(txn, value, stored, hash);
}

bool journal_get(struct txn *txn, uint64_t number, struct arena *arena, struct entry *entry, struct hash *hash)
{
    struct bytes stored;
    struct hash unwanted;
    return journal_raw(txn, number, &stored, hash != NULL ? hash : &unwanted) && decode(txn, stored, arena, entry);
}

struct cursor journal_cursor(const struct meta *meta, uint64_t number, const struct hash *hash, struct arena *arena)
{
    return (struct cursor){
        .journal = meta->journal, .incarnation = meta->incarnation, .epoch = meta->epoch, .number = number,
        .hash = number == 0 ? bytes(NULL, 0) : arena_bytes(arena, bytes(hash->b, HASH_SIZE)),
    };
}

/* ── verdicts ─────────────────────────────────────────────────────────────── */

static struct key verdict_key(const struct uuid *command, const struct uuid *who)
{
    struct key key = key_of_uuid(command);
    key_uuid(&key, who);
    return key;
}

bool verdict_find(struct txn *txn, const struct uuid *command, const struct uuid *who, uint64_t *number)
{
    struct key key = verdict_key(command, who);
    struct bytes value;
    if (!txn_get(txn, TABLE_VERDICTS, key_bytes(&key), &value))
        return false;
    struct key_reader reader = key_read(value);
    *number = key_read_u64(&reader);
    if (reader.bad)
        txn_fail(txn, ERR_CORRUPT);
    return !reader.bad;
}

void verdict_keep(struct txn *txn, const struct uuid *command, const struct uuid *who, uint64_t number)
{
    struct key key = verdict_key(command, who), value = key_of_u64(number);
    txn_put(txn, TABLE_VERDICTS, key_bytes(&key), key_bytes(&value));
}

void verdict_trim(struct txn *txn, moment_t older_than, unsigned most)
{
    struct bytes key;
    for (unsigned i = 0; i < most; i++) {
        struct scan scan;
        scan_begin(&scan, txn, TABLE_VERDICTS, bytes(NULL, 0));
        bool found = scan_next(&scan, &key, NULL);
        struct key copy = { 0 };
        if (found)
            key_raw(&copy, key.at, key.n);
        scan_end(&scan);
        struct key_reader reader = key_read(key_bytes(&copy));
        struct uuid command = key_read_uuid(&reader);
        if (!found || uuid_ms(&command) < 0 || uuid_ms(&command) * MOMENT_MS >= older_than)
            return;
        txn_delete(txn, TABLE_VERDICTS, key_bytes(&copy));
    }
}

/* ── cursors ──────────────────────────────────────────────────────────────── */

bool cursor_get(struct txn *txn, const char *stream, struct arena *arena, struct cursor *cursor)
{
    return txn_get_msg(txn, TABLE_CURSORS, bytes_of(stream), &cursor_desc, arena, cursor);
}

void cursor_put(struct txn *txn, const char *stream, const struct cursor *cursor)
{
    txn_put_msg(txn, TABLE_CURSORS, bytes_of(stream), &cursor_desc, cursor);
}

enum beside { BESIDE_LAID_ASIDE, BESIDE_CAUGHT_UP };       /* rows beside the cursor's own: no name ends so */

static struct key beside(const char *stream, enum beside what)
{
    struct key key = { 0 };
    key_raw(&key, stream, strlen(stream));
    key_u8(&key, (uint8_t)what);
    return key;
}

bool cursor_caught_up(struct txn *txn, const char *stream)
{
    struct key key = beside(stream, BESIDE_CAUGHT_UP);
    struct bytes value;
    return txn_get(txn, TABLE_CURSORS, key_bytes(&key), &value);
}

void cursor_catch_up(struct txn *txn, const char *stream)
{
    struct key key = beside(stream, BESIDE_CAUGHT_UP);
    txn_put(txn, TABLE_CURSORS, key_bytes(&key), bytes("", 0));
}

/* The cursor itself, and with it that it was caught up. */
static void cursor_drop(struct txn *txn, const char *stream)
{
    struct key key = beside(stream, BESIDE_CAUGHT_UP);
    txn_delete(txn, TABLE_CURSORS, key_bytes(&key));
    txn_delete(txn, TABLE_CURSORS, bytes_of(stream));
}

bool cursor_laid_aside(struct txn *txn, const char *stream, struct arena *arena, struct cursor *cursor)
{
    struct key key = beside(stream, BESIDE_LAID_ASIDE);
    return txn_get_msg(txn, TABLE_CURSORS, key_bytes(&key), &cursor_desc, arena, cursor);
}

/* Laid aside twice on the way: the farther one counts. */
void cursor_lay_aside(struct txn *txn, const char *stream)
{
    struct arena arena = { 0 };
    struct cursor now, before = { .number = 0 };
    struct key key = beside(stream, BESIDE_LAID_ASIDE);
    cursor_laid_aside(txn, stream, &arena, &before);
    if (cursor_get(txn, stream, &arena, &now) && now.number >= before.number)
        txn_put_msg(txn, TABLE_CURSORS, key_bytes(&key), &cursor_desc, &now);
    cursor_drop(txn, stream);
    arena_free(&arena);
}

void cursor_forget(struct txn *txn, const char *stream)
{
    struct key key = beside(stream, BESIDE_LAID_ASIDE);
    txn_delete(txn, TABLE_CURSORS, key_bytes(&key));
    cursor_drop(txn, stream);
}

/* ── the whole chain ──────────────────────────────────────────────────────── */

/* What is wrong with this entry as the next one; NULL: nothing. `open` is the first number of a group
 * that has not ended, 0 when none is open. */
static const char *fault(const struct journal_head *head, const struct entry *entry, uint64_t key, uint64_t *open)
{
    if (key != head->number + 1)
        return "gap";
    if (entry->number != key)
        return "number";
    if (entry->group != (*open != 0 ? *open : key))
        return "group";
    *open = entry->last ? 0 : entry->group;
    return NULL;
}

int journal_verify(struct store *store, uint64_t *checked, uint64_t *bad, const char **why)
{
    struct arena arena = { 0 };
    struct journal_head head = { 0 };
    struct meta meta;
    struct txn txn;
    struct scan scan;
    struct bytes k, v, stored;
    uint64_t open = 0;

    *checked = *bad = 0;
    *why = NULL;
    txn_begin(&txn, store, TXN_READ);
    bool known = journal_meta(&txn, &arena, &meta);
    scan_begin(&scan, &txn, TABLE_ENTRIES, bytes(NULL, 0));
    while (*why == NULL && known && scan_next(&scan, &k, &v)) {
        struct key_reader reader = key_read(k);
        uint64_t number = key_read_u64(&reader);
        struct entry entry;
        struct hash hash;
        struct msg_error error;
        arena_reset(&arena);
        *bad = number;
        if (!split(&txn, v, &stored, &hash) ||
            msg_decode(&entry_desc, stored, MSG_LENIENT, &arena, &entry, &error) != ERR_OK)
            *why = "unreadable";
        else if ((*why = fault(&head, &entry, number, &open)) == NULL) {
            struct hash expected = chain(&meta.journal, &head, stored);
            if (!hash_equal(&expected, &hash))
                *why = "hash";
            head = (struct journal_head){ number, hash, entry.moment };
        }
        *checked += *why == NULL;
    }
    scan_end(&scan);
    if (*why == NULL && open != 0) {
        *bad = open;
        *why = "group";
    }
    if (*why == NULL)
        *bad = 0;
    int err = txn_end(&txn);
    arena_free(&arena);
    return *why != NULL ? ERR_CORRUPT : err;
}
