#pragma once
#include "common/service/service.h"

/* pages: a query's rows in the order of a table's keys, a page at a time; `next` is the key that the page ended with.
 *
 *   if (pages_open(&pages, ctx, T_X, prefix, of->after, of->limit) != VERDICT_OK)
 *       return VERDICT_REFUSED;
 *   list.rows.at = ARENA_LIST(ctx->arena, struct row, pages.limit);
 *   while (pages_next(&pages, &key, &value)) { …; if (!pages_take(&pages, key, size)) break; …}
 *   list.next = pages_end(&pages, ctx->arena);
 *
 * What is taken counts, shown or not: a query that takes each key before it asks who may see it looks at no more
 * keys than a page may hold rows, and `next` says that there is more. One that takes only what it shows goes on
 * until the page is full.
 *
 * For read transactions: other tables may be read during the walk. `struct pages` stays where it is meanwhile. */
#define PAGE_ROWS  100                      /* where a query says 0 */
#define PAGE_BYTES (160u * 1024)            /* of rows, about: a page has to fit into one frame */

#define PAGE_LOOKS 20000                     /* rows that a page may pass over */

struct pages {
    struct scan scan; struct key prefix, last; uint32_t limit, n, passed; size_t bytes; bool full;
    struct ctx *ctx; table_t table; const struct uuid *ids; uint32_t ids_n, at;     /* pages_open_ids */
};
void pages_begin(struct pages *pages, struct ctx *ctx, table_t table, struct bytes prefix, struct bytes after, uint64_t limit);
/* Likewise, of a part of the table; refuses an `after` that is of another part: page_unknown. */
enum verdict pages_open(struct pages *pages, struct ctx *ctx, table_t table, struct bytes prefix, struct bytes after, uint64_t limit);
bool pages_next(struct pages *pages, struct bytes *key, struct bytes *value);
/* Likewise, of all keys that begin with one of the ids (at least one; they stay where they are), one id after the other. */
enum verdict pages_open_ids(struct pages *pages, struct ctx *ctx, table_t table, const struct uuid *ids, uint32_t n, struct bytes after,
                            uint64_t limit);
/* False: no room for a row of that size, the page is full. The first row always has. */
bool pages_take(struct pages *pages, struct bytes key, size_t size);
/* A row that is not shown. False: so many were passed over that the page ends here, short or empty, and `next` goes on. */
bool pages_pass(struct pages *pages, struct bytes key);
struct bytes pages_end(struct pages *pages, struct arena *arena);      /* `next`; empty: that was all */

/* True when `after` is empty or belongs to a list with this prefix. */
bool page_of(struct bytes prefix, struct bytes after);
/* What a record takes as it is stored: about what it takes in a reply. */
size_t stored_size(struct ctx *ctx, table_t table, const struct uuid *id);
