#include "services/programmes/programmes_state.h"

#define PAGE_ROWS_MAX 1000
#define ROW_BYTES     120                 /* what a row has beside its programme */
#define CODE_MAX      40          /* of programme.code: a longer one is nobody's */

/* The present spell in the federal registry, or the last one. */
static void row_fill(struct ctx *ctx, const struct programme *programme, struct programme_row *row)
{
    struct registry_change list[REGISTRY_CHANGES_MAX];
    uint32_t n = registry_changes(ctx, &programme->id, list, REGISTRY_CHANGES_MAX);
    struct programme_counts counts = programme_counts_get(ctx, &programme->id);

    *row = (struct programme_row){ .runs = counts.runs, .completions = counts.completions };
    row->programme = arena_copy(ctx->arena, programme, sizeof *programme);
    for (uint32_t i = 0; i < n; i++) {
        if (list[i].included)
            row->included = list[i].day;
        row->excluded = list[i].included ? 0 : list[i].day;
    }
}

enum verdict answer_get(struct ctx *ctx, const void *query)
{
    struct programme programme;
    struct programme_row row;

    if (!programme_get(ctx, &((const struct id *)query)->id, &programme))
        return refuse(ctx, PROBLEM_NOT_FOUND, "programme_unknown");
    row_fill(ctx, &programme, &row);
    reply(ctx, &row);
    return VERDICT_OK;
}

enum verdict answer_find(struct ctx *ctx, const void *query)
{
    const struct codes *codes = query;
    struct found found = { 0 };

    found.ids.n = codes->codes.n;
    found.ids.at = ARENA_LIST(ctx->arena, struct uuid, codes->codes.n);
    for (uint32_t i = 0; i < codes->codes.n; i++)
        if (strlen(codes->codes.at[i]) <= CODE_MAX)
            programme_by_code(ctx, codes->codes.at[i], &found.ids.at[i]);
    reply(ctx, &found);
    return VERDICT_OK;
}

static size_t row_bytes(struct ctx *ctx, const struct uuid *id)
{
    struct key key = key_of_uuid(id);
    struct bytes stored;

    return txn_get(ctx->txn, T_PROGRAMMES, key_bytes(&key), &stored) ? stored.n + ROW_BYTES : 0;
}

enum verdict answer_list(struct ctx *ctx, const void *query)
{
    const struct page *page = query;
    uint32_t limit = page->limit == 0 ? PAGE_ROWS : page->limit > PAGE_ROWS_MAX ? PAGE_ROWS_MAX : (uint32_t)page->limit;
    struct programme_list list = { .rows = { 0, ARENA_LIST(ctx->arena, struct programme_row, limit) } };
    struct bytes key, value, last = { 0 };
    size_t taken = 0;
    struct scan scan;

    scan_begin(&scan, ctx->txn, T_CODES, bytes(NULL, 0));
    if (page->after.n != 0)
        scan_from(&scan, page->after);
    while (scan_next(&scan, &key, &value)) {
        struct programme programme;
        struct uuid id;
        if (bytes_equal(key, page->after))              /* the last row of the page before */
            continue;
        if (!programme_id_of(value, &id))
            continue;
        taken += row_bytes(ctx, &id);
        if (list.rows.n == limit || (list.rows.n > 0 && taken > PAGE_BYTES)) {
            list.next = last;
            break;
        }
        last = arena_bytes(ctx->arena, key);
        if (programme_get(ctx, &id, &programme))
            row_fill(ctx, &programme, &list.rows.at[list.rows.n++]);
    }
    scan_end(&scan);
    reply(ctx, &list);
    return VERDICT_OK;
}
