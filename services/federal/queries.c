#include "services/federal/federal.h"
#include "services/federal/words.h"

/* passport.get, .list, .compare; cell.list; letter.list. */

/* What was submitted has no hash of its own yet: its reader is told the one that an approval of it would freeze, so
 * that he can approve that and nothing else. It is made anew for each reader; one version of a year is submitted at most. */
static void put_reading(struct ctx *ctx, struct passport *passport)
{
    if (passport->state != PASSPORT_SUBMITTED)
        return;
    struct hash hash = content_hash(ctx, passport);
    passport->content = arena_bytes(ctx->arena, bytes(hash.b, HASH_SIZE));
    passport->words = WORDS_EDITION;
}

enum verdict answer_passport_get(struct ctx *ctx, const void *query)
{
    struct passport passport;
    if (need_passport(ctx, &((const struct passport_id *)query)->passport, -1, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    put_reading(ctx, &passport);
    reply(ctx, &passport);
    return VERDICT_OK;
}

/* Newest year first, newest version first: backwards over the index, from before the key of the page. */
enum verdict answer_passport_list(struct ctx *ctx, const void *query)
{
    const struct passports_of *of = query;
    uint32_t limit = of->limit == 0 ? 20 : (uint32_t)of->limit;
    struct passport_list list = { .rows.at = ARENA_LIST(ctx->arena, struct passport, limit) };
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, limit);
    struct key prefix = { 0 }, last = { 0 };
    struct bytes key, value;
    struct scan scan;
    bool more = false;
    uint32_t n = 0;
    if (need_region(ctx) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (of->year != 0)
        key_u32(&prefix, (uint32_t)of->year);
    scan_begin(&scan, ctx->txn, T_BY_YEAR, key_bytes(&prefix));
    scan_backwards(&scan);
    if (of->after.n != 0)
        scan_after(&scan, of->after);
    while (scan_next(&scan, &key, &value) && value.n == sizeof *ids) {
        if (n == limit) {
            more = true;
            break;
        }
        memcpy(&ids[n++], value.at, sizeof *ids);
        last.n = 0;
        key_raw(&last, key.at, key.n);
    }
    scan_end(&scan);
    for (uint32_t i = 0; i < n; i++)
        if (passport_find(ctx, &ids[i], &list.rows.at[list.rows.n])) {
            if (of->year != 0)              /* of all years: it would be many hashes, and nobody reads them there */
                put_reading(ctx, &list.rows.at[list.rows.n]);
            list.rows.n++;
        }
    if (more)
        list.next = arena_bytes(ctx->arena, key_bytes(&last));
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── cells ────────────────────────────────────────────────────────────────── */

/* A walk over one passport's cells in the order of their keys, decoded one by one. */
struct walk { struct scan scan; struct key prefix; struct ctx *ctx; bool some; struct key key; struct cell cell; size_t bytes; };

static void walk_next(struct walk *walk)
{
    struct bytes key, value;
    struct msg_error error;
    walk->some = scan_next(&walk->scan, &key, &value);
    if (!walk->some)
        return;
    walk->key.n = 0;
    key_raw(&walk->key, (const uint8_t *)key.at + sizeof(struct uuid), key.n - sizeof(struct uuid));   /* without the passport */
    walk->bytes = value.n;
    if (msg_decode(&cell_desc, arena_bytes(walk->ctx->arena, value), MSG_LENIENT, walk->ctx->arena, &walk->cell, &error) != ERR_OK) {
        txn_fail(walk->ctx->txn, ERR_CORRUPT);
        walk->some = false;
    }
}

static void walk_begin(struct walk *walk, struct ctx *ctx, const struct uuid *passport, uint64_t block, struct bytes after)
{
    struct key from = key_of_uuid(passport);
    *walk = (struct walk){ .ctx = ctx, .prefix = from };    /* the scan reads its prefix as long as it lives */
    if (block != 0)
        key_u8(&walk->prefix, (uint8_t)block);
    scan_begin(&walk->scan, ctx->txn, T_CELL, key_bytes(&walk->prefix));
    if (after.n != 0 && after.n + from.n <= KEY_MAX) {
        key_raw(&from, after.at, after.n);
        scan_after(&walk->scan, key_bytes(&from));
    }
    walk_next(walk);
}

enum verdict answer_cell_list(struct ctx *ctx, const void *query)
{
    const struct cells_of *of = query;
    uint32_t limit = of->limit == 0 ? 100 : (uint32_t)of->limit;
    struct cell_list list = { .rows.at = ARENA_LIST(ctx->arena, struct cell, limit) };
    struct passport passport;
    struct walk walk;
    struct key last = { 0 };
    size_t bytes = 0;
    if (need_passport(ctx, &of->passport, -1, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    for (walk_begin(&walk, ctx, &of->passport, of->block, of->after); walk.some; walk_next(&walk)) {
        bytes += walk.bytes;
        if (list.rows.n == limit || bytes > PAGE_BYTES) {
            list.next = arena_bytes(ctx->arena, key_bytes(&last));
            break;
        }
        list.rows.at[list.rows.n++] = walk.cell;
        last = walk.key;
    }
    scan_end(&walk.scan);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* What is said, whoever says it: a value that is the same now counted and then typed is no difference of the figure,
 * but it is one of its origin. */
static bool same_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
    return a->kind == b->kind && a->gap == b->gap && a->counted == b->counted && a->number == b->number && a->of == b->of &&
           a->day == b->day && same_text(a->text, b->text) && same_text(a->unit, b->unit) && same_text(a->document, b->document) &&
           same_text(a->title, b->title) && same_text(a->edition, b->edition);
}

static struct cell *kept(struct ctx *ctx, const struct walk *walk)
{
    return arena_copy(ctx->arena, &walk->cell, sizeof walk->cell);
}

/* Two walks side by side, in the order of keys. */
enum verdict answer_passport_compare(struct ctx *ctx, const void *query)
{
    const struct compare_of *of = query;
    uint32_t limit = of->limit == 0 ? 100 : (uint32_t)of->limit;
    struct difference_list list = { .rows.at = ARENA_LIST(ctx->arena, struct difference, limit) };
    struct passport passport;
    struct walk before, after;
    struct key last = { 0 };
    size_t bytes = 0;
    if (need_passport(ctx, &of->before, -1, &passport) != VERDICT_OK || need_passport(ctx, &of->after, -1, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    walk_begin(&before, ctx, &of->before, 0, of->page);
    walk_begin(&after, ctx, &of->after, 0, of->page);
    while (before.some || after.some) {
        size_t n = before.key.n < after.key.n ? before.key.n : after.key.n;
        int order = !before.some ? 1 : !after.some ? -1 : memcmp(before.key.b, after.key.b, n);
        if (order == 0 && before.some && after.some)
            order = before.key.n < after.key.n ? -1 : before.key.n > after.key.n;
        struct difference row = { order <= 0 ? kept(ctx, &before) : NULL, order >= 0 ? kept(ctx, &after) : NULL };
        if (order != 0 || !same_cell(&before.cell, &after.cell)) {
            bytes += (order <= 0 ? before.bytes : 0) + (order >= 0 ? after.bytes : 0);
            if (list.rows.n == limit || bytes > PAGE_BYTES) {
                list.next = arena_bytes(ctx->arena, key_bytes(&last));
                break;
            }
            list.rows.at[list.rows.n++] = row;
        }
        last = order <= 0 ? before.key : after.key;
        if (order <= 0)
            walk_next(&before);
        if (order >= 0)
            walk_next(&after);
    }
    scan_end(&before.scan);
    scan_end(&after.scan);
    reply(ctx, &list);
    return VERDICT_OK;
}

enum verdict answer_letter_list(struct ctx *ctx, const void *query)
{
    const struct letters_of *of = query;
    uint32_t limit = of->limit == 0 ? 100 : (uint32_t)of->limit;
    struct letter_list list = { .rows.at = ARENA_LIST(ctx->arena, struct dead_letter, limit) };
    struct bytes key, value;
    struct scan scan;
    struct key last = { 0 };
    struct msg_error error;
    if (need_region(ctx) != VERDICT_OK)
        return VERDICT_REFUSED;
    scan_begin(&scan, ctx->txn, T_LETTER, bytes(NULL, 0));
    if (of->after.n != 0)
        scan_after(&scan, of->after);
    while (scan_next(&scan, &key, &value)) {
        if (list.rows.n == limit) {
            list.next = arena_bytes(ctx->arena, key_bytes(&last));
            break;
        }
        if (msg_decode(&dead_letter_desc, arena_bytes(ctx->arena, value), MSG_LENIENT, ctx->arena, &list.rows.at[list.rows.n], &error) != ERR_OK)
            txn_fail(ctx->txn, ERR_CORRUPT);
        else
            list.rows.n++;
        last.n = 0;
        key_raw(&last, key.at, key.n);
    }
    scan_end(&scan);
    reply(ctx, &list);
    return VERDICT_OK;
}
