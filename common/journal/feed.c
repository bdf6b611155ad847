#include "common/journal/feed.h"

#include "common/core/err.h"
#include "common/core/failpoint.h"

bool reach_sees(const struct reach *reach, const struct uuid *scope, uint32_t n)
{
    if (reach->all || n == 0)
        return true;
    for (uint32_t i = 0; i < reach->n; i++)
        for (uint32_t k = 0; k < n; k++)
            if (uuid_equal(&reach->id[i], &scope[k]))
                return true;
    return false;
}

struct cursor cursor_start(void)
{
    return (struct cursor){ .number = 0 };
}

/* ── a quick look at stored bytes ─────────────────────────────────────────── */
/* What feeding needs of an entry, read without decoding all of it: most of a feed is looking. The bytes
 * are our own and were hashed; anything unexpected makes the look fail, never read past the end. */
struct look {
    uint64_t group;
    bool last;
    const char *event; size_t event_n;
    struct uuid scope[ENTRY_SCOPES_MAX]; uint32_t scope_n;
};

struct walk { const uint8_t *at, *end; bool bad; };

static const uint8_t *take(struct walk *w, size_t n)
{
    static const uint8_t zero[8];
    if (w->bad || (size_t)(w->end - w->at) < n) {
        w->bad = true;
        return zero;
    }
    w->at += n;
    return w->at - n;
}

static uint64_t take_be(struct walk *w, size_t n)
{
    const uint8_t *b = take(w, n);
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | b[i];
    return value;
}

/* Length of a str or bin header; its bytes come next. */
static size_t take_length(struct walk *w)
{
    uint8_t tag = *take(w, 1);
    if (tag >= 0xa0 && tag <= 0xbf)
        return tag & 0x1f;
    switch (tag) {
    case 0xc4: case 0xd9: return take_be(w, 1);
    case 0xc5: case 0xda: return take_be(w, 2);
    case 0xc6: case 0xdb: return take_be(w, 4);
    }
    w->bad = true;
    return 0;
}

static uint64_t take_uint(struct walk *w)
{
    uint8_t tag = *take(w, 1);
    if (tag <= 0x7f)
        return tag;
    if (tag >= 0xcc && tag <= 0xcf)
        return take_be(w, (size_t)1 << (tag - 0xcc));
    w->bad = true;
    return 0;
}

static uint32_t take_array(struct walk *w)
{
    uint8_t tag = *take(w, 1);
    if (tag >= 0x90 && tag <= 0x9f)
        return tag & 0x0f;
    w->bad = true;                          /* ours are short */
    return 0;
}

static void take_scope(struct walk *w, struct look *look)
{
    uint32_t n = take_array(w);
    for (uint32_t i = 0; i < n && !w->bad; i++) {
        size_t size = take_length(w);
        const uint8_t *id = take(w, size);
        if (size != 16 || i >= ENTRY_SCOPES_MAX)
            w->bad = true;
        else if (!w->bad)
            memcpy(look->scope[look->scope_n++].b, id, 16);
    }
}

/* Passes over a value of the kinds that stand before the scope in an entry. */
static void take_over(struct walk *w)
{
    uint8_t tag = w->at < w->end ? *w->at : 0xc1;
    if (tag == 0xd6 || tag == 0xd7)                             /* timestamps of 32 and 64 bits */
        take(w, tag == 0xd6 ? 6 : 10);
    else if (tag == 0xc7)
        take(w, 2 + (size_t)(w->end - w->at > 1 ? w->at[1] : 0) + 1);
    else if (tag == 0xc2 || tag == 0xc3 || tag == 0xc0)
        take(w, 1);
    else if (tag <= 0x7f || (tag >= 0xcc && tag <= 0xcf))
        take_uint(w);
    else
        take(w, take_length(w));
}

static bool name_is(const uint8_t *at, size_t n, const char *name)
{
    return strlen(name) == n && memcmp(at, name, n) == 0;
}

/* Fields are written in the order of the list: all that is looked at stands before the cause. */
static bool look_at(struct bytes stored, struct look *look)
{
    struct walk w = { stored.at, (const uint8_t *)stored.at + stored.n, false };
    uint8_t tag = *take(&w, 1);
    uint32_t fields = (tag & 0xf0) == 0x80 ? tag & 0x0f : tag == 0xde ? (uint32_t)take_be(&w, 2) : 0;

    look->group = 0;
    look->last = false;
    look->event = NULL;
    look->scope_n = 0;
    for (uint32_t i = 0; i < fields && !w.bad; i++) {
        size_t n = take_length(&w);
        const uint8_t *name = take(&w, n);
        if (w.bad || name_is(name, n, "cause"))
            break;
        if (name_is(name, n, "group"))
            look->group = take_uint(&w);
        else if (name_is(name, n, "last"))
            look->last = *take(&w, 1) == 0xc3;
        else if (name_is(name, n, "scope"))
            take_scope(&w, look);
        else if (name_is(name, n, "event")) {
            look->event_n = take_length(&w);
            look->event = (const char *)take(&w, look->event_n);
        } else
            take_over(&w);
    }
    return !w.bad && look->event != NULL && look->group != 0;
}

static bool wanted(const struct feed_wish *wish, const struct look *look)
{
    if (!reach_sees(&wish->reach, look->scope, look->scope_n) && !SABOTAGE("no_scope"))
        return false;
    for (uint32_t i = 0; i < wish->prefix_count; i++) {
        size_t n = strlen(wish->prefixes[i]);
        if (look->event_n >= n && memcmp(look->event, wish->prefixes[i], n) == 0)
            return true;
    }
    return wish->prefix_count == 0;
}

/* ── feeding ──────────────────────────────────────────────────────────────── */

/* Is the cursor of this history? Numbers may have been used again after a restore or a failover. */
static int check_cursor(struct txn *txn, const struct meta *meta, const struct cursor *cursor)
{
    struct bytes stored;
    struct hash hash;
    if (SABOTAGE("blind_feed"))
        return ERR_OK;
    if (cursor->number == 0)
        return uuid_is_nil(&cursor->journal) || uuid_equal(&cursor->journal, &meta->journal) ? ERR_OK : ERR_FORK;
    if (!uuid_equal(&cursor->journal, &meta->journal))
        return ERR_FORK;
    if (!journal_raw(txn, cursor->number, &stored, &hash))
        return txn->err != ERR_OK ? txn->err : ERR_FORK;
    return cursor->hash.n == HASH_SIZE && memcmp(cursor->hash.at, hash.b, HASH_SIZE) == 0 ? ERR_OK : ERR_FORK;
}

struct pick { struct fed *list; uint32_t n; uint64_t bytes; uint64_t number; struct hash hash; };

/* Walks from the cursor; what a group adds is kept only once the whole group fits. */
static void pick_groups(struct txn *txn, const struct feed_wish *wish, struct arena *arena, struct pick *pick)
{
    struct scan scan;
    struct bytes k, v;
    struct key from = key_of_u64(wish->cursor.number + 1);
    uint64_t open_bytes = pick->bytes, examined = 0;
    uint32_t open_n = 0;
    const uint32_t most = wish->entries < FEED_SCAN_MAX ? (uint32_t)wish->entries : FEED_SCAN_MAX;
    const uint64_t most_bytes = wish->bytes < FEED_BYTES_MAX ? wish->bytes : FEED_BYTES_MAX;

    pick->list = ARENA_LIST(arena, struct fed, FEED_SCAN_MAX);
    scan_begin(&scan, txn, TABLE_ENTRIES, bytes(NULL, 0));
    scan_from(&scan, key_bytes(&from));
    while (examined++ < FEED_SCAN_MAX + ENTRY_GROUP_MAX && scan_next(&scan, &k, &v)) {
        struct bytes stored = bytes((const uint8_t *)v.at + HASH_SIZE, v.n > HASH_SIZE ? v.n - HASH_SIZE : 0);
        struct look look;
        if (!look_at(stored, &look)) {
            txn_fail(txn, ERR_CORRUPT);
            break;
        }
        if (wanted(wish, &look)) {
            if (open_n >= most || open_bytes + stored.n + 8 > most_bytes)
                break;
            pick->list[open_n++].stored = stored;
            open_bytes += stored.n + 8;
        }
        if (look.last) {
            struct key_reader reader = key_read(k);
            pick->number = key_read_u64(&reader);
            memcpy(pick->hash.b, v.at, HASH_SIZE);
            pick->n = open_n;
            pick->bytes = open_bytes;
            if (examined >= FEED_SCAN_MAX)
                break;
        }
    }
    scan_end(&scan);
}

int feed_next(struct store *store, const struct meta *meta, const struct feed_wish *wish,
              struct arena *arena, struct buf *out, struct feed_result *result)
{
    struct txn txn;
    struct bytes key, value;
    struct pick pick = { .number = wish->cursor.number };
    uint64_t head = 0;

    txn_begin(&txn, store, TXN_READ);
    int err = txn.err != ERR_OK ? txn.err : check_cursor(&txn, meta, &wish->cursor);
    if (err == ERR_OK && txn_last(&txn, TABLE_ENTRIES, &key, &value)) {
        struct key_reader reader = key_read(key);
        head = key_read_u64(&reader);
    }
    if (err == ERR_OK && wish->entries > 0 && wish->bytes > 0)
        pick_groups(&txn, wish, arena, &pick);
    if (err == ERR_OK && txn.err == ERR_OK) {
        struct cursor to = pick.number == wish->cursor.number
                         ? wish->cursor : journal_cursor(meta, pick.number, &pick.hash, arena);
        to.journal = meta->journal;
        to.incarnation = meta->incarnation;
        to.epoch = meta->epoch;
        struct cursor from = wish->cursor;
        struct entries message = { .from = &from, .examined = &to, .head = head, .list = { pick.n, pick.list } };
        msg_encode(&entries_desc, &message, out);
        *result = (struct feed_result){ to, pick.n, pick.bytes, pick.number == head };
    }
    int end = txn_end(&txn);
    return err != ERR_OK ? err : end;
}
