#include "common/service/pages.h"
#include "services/programmes/programmes_state.h"

#define ROW_BYTES 120               /* what a row has beside its programme */
#define CODE_MAX  40                /* of programme.code: a longer one is nobody's */

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

enum verdict answer_list(struct ctx *ctx, const void *query)
{
    const struct page *page = query;
    struct programme_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    pages_begin(&pages, ctx, T_CODES, bytes(NULL, 0), page->after, page->limit);
    list.rows.at = ARENA_LIST(ctx->arena, struct programme_row, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct programme programme;
        struct uuid id;
        if (!programme_id_of(value, &id))
            continue;
        if (!pages_take(&pages, key, ROW_BYTES + stored_size(ctx, T_PROGRAMMES, &id)))
            break;
        if (programme_get(ctx, &id, &programme))
            row_fill(ctx, &programme, &list.rows.at[list.rows.n++]);
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}
