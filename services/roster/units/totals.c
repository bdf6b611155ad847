#include "services/roster/units/totals.h"

#include <stdlib.h>

struct total total_of(struct ctx *ctx, const struct uuid *unit, day_t on, enum org_as as, enum org_tree tree)
{
    struct total total = { .ctx = ctx, .on = on, .own = as == AS_NOW || tree != TREE_TERRITORY };
    day_t day = as == AS_NOW ? ctx->today : on;
    struct units units = { 0, 0, NULL };

    if (total.own)
        units_within(ctx, tree, unit, day, &units);
    total.at = ARENA_LIST(ctx->arena, struct total_place, units.n + 1);
    if (!total.own)
        total.at[total.n++] = (struct total_place){ *unit, *unit };
    for (uint32_t i = 0; i < units.n; i++) {
        struct unit one;
        const struct unit_span *span = unit_load(ctx, &units.at[i], &one) ? lineage_on(&one.spans[tree], day) : NULL;
        if (lineage_within(span, unit))         /* the unit itself may have given way since */
            total.at[total.n++] = (struct total_place){ units.at[i], span->chain.at[0] };
    }
    return total;
}

bool total_takes(const struct total *total, const struct total_place *place, const struct uuid *house)
{
    return !total->own || uuid_equal(&place->unit, house);
}

/* ── posts ────────────────────────────────────────────────────────────────── */

static int persons_in_order(const void *a, const void *b)
{
    const struct unit_post *left = a, *right = b;
    int order = uuid_compare(&left->person, &right->person);
    return order != 0 ? order : uuid_compare(&left->post, &right->post);
}

static void posts_of(const struct total *total, const struct total_place *place, struct buf *kept, total_post *each, void *arg)
{
    struct key prefix = key_of_uuid(&place->unit);
    struct bytes key, value;
    struct unit_post row;
    struct scan scan;

    scan_begin(&scan, total->ctx->txn, T_UNIT_POSTS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value) && state_unit_post(total->ctx, key, value, &row)) {
        if (!post_held(row.brief.from, row.brief.until, total->on) || !total_takes(total, place, &row.brief.organisation))
            continue;
        if (!total->own) {
            each(arg, &row);
            continue;
        }
        row.brief.organisation = place->as;
        buf_put(kept, &row, sizeof row);
    }
    scan_end(&scan);
}

/* Rows of one unit come person by person; those of several are put in order first. */
void total_posts(const struct total *total, total_post *each, void *arg)
{
    struct buf kept = { 0 };

    for (uint32_t i = 0; i < total->n; i++)
        posts_of(total, &total->at[i], &kept, each, arg);
    struct unit_post *rows = (struct unit_post *)kept.at;
    size_t n = kept.n / sizeof *rows;
    if (n > 1)
        qsort(rows, n, sizeof *rows, persons_in_order);
    for (size_t i = 0; i < n; i++)
        each(arg, &rows[i]);
    buf_free(&kept);
}

/* ── ids ──────────────────────────────────────────────────────────────────── */

static int ids_in_order(const void *a, const void *b) { return uuid_compare(a, b); }

uint64_t total_distinct(struct buf *ids)
{
    struct uuid *at = (struct uuid *)ids->at;
    size_t n = ids->n / sizeof *at;
    uint64_t count = n > 0;

    if (n > 1)
        qsort(at, n, sizeof *at, ids_in_order);
    for (size_t i = 1; i < n; i++)
        count += !uuid_equal(&at[i - 1], &at[i]);
    return count;
}
