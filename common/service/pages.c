#include "common/service/pages.h"

#include <string.h>

void pages_begin(struct pages *pages, struct ctx *ctx, table_t table, struct bytes prefix, struct bytes after, uint64_t limit)
{
    *pages = (struct pages){ .limit = limit == 0 ? PAGE_ROWS : (uint32_t)limit };
    key_raw(&pages->prefix, prefix.at, prefix.n);
    scan_begin(&pages->scan, ctx->txn, table, key_bytes(&pages->prefix));
    if (after.n > 0)
        scan_after(&pages->scan, after);
}

enum verdict pages_open(struct pages *pages, struct ctx *ctx, table_t table, struct bytes prefix, struct bytes after, uint64_t limit)
{
    if (!page_of(prefix, after))
        return refuse_field(ctx, "page_unknown", "after", "prefix");
    pages_begin(pages, ctx, table, prefix, after, limit);
    return VERDICT_OK;
}

enum verdict pages_open_ids(struct pages *pages, struct ctx *ctx, table_t table, const struct uuid *ids, uint32_t n, struct bytes after,
                            uint64_t limit)
{
    for (uint32_t at = 0; at < n; at++) {
        struct key prefix = key_of_uuid(&ids[at]);
        if (!page_of(key_bytes(&prefix), after))
            continue;
        pages_begin(pages, ctx, table, key_bytes(&prefix), after, limit);
        pages->ctx = ctx;
        pages->table = table;
        pages->ids = ids;
        pages->ids_n = n;
        pages->at = at;
        return VERDICT_OK;
    }
    return refuse_field(ctx, "page_unknown", "after", "prefix");
}

static void next_id(struct pages *pages)
{
    scan_end(&pages->scan);
    pages->prefix = key_of_uuid(&pages->ids[pages->at]);
    scan_begin(&pages->scan, pages->ctx->txn, pages->table, key_bytes(&pages->prefix));
}

bool pages_next(struct pages *pages, struct bytes *key, struct bytes *value)
{
    while (!scan_next(&pages->scan, key, value)) {
        if (pages->at + 1 >= pages->ids_n)
            return false;
        pages->at++;
        next_id(pages);
    }
    return true;
}

bool pages_pass(struct pages *pages, struct bytes key)
{
    if (++pages->passed < PAGE_LOOKS)
        return true;
    pages->last = (struct key){ 0 };
    key_raw(&pages->last, key.at, key.n);
    pages->full = true;
    return false;
}

bool pages_take(struct pages *pages, struct bytes key, size_t size)
{
    pages->full = pages->n == pages->limit || (pages->n > 0 && pages->bytes + size > PAGE_BYTES);
    if (pages->full)
        return false;
    pages->n++;
    pages->bytes += size;
    pages->last = (struct key){ 0 };
    key_raw(&pages->last, key.at, key.n);
    return true;
}

struct bytes pages_end(struct pages *pages, struct arena *arena)
{
    scan_end(&pages->scan);
    return pages->full ? arena_bytes(arena, key_bytes(&pages->last)) : bytes(NULL, 0);
}

bool page_of(struct bytes prefix, struct bytes after)
{
    return after.n == 0 || (after.n > prefix.n && (prefix.n == 0 || memcmp(after.at, prefix.at, prefix.n) == 0));
}

size_t stored_size(struct ctx *ctx, table_t table, const struct uuid *id)
{
    struct key key = key_of_uuid(id);
    struct bytes stored;

    return txn_get(ctx->txn, table, key_bytes(&key), &stored) ? stored.n : 0;
}
