#include "common/core/err.h"
#include "services/indicators/indicators_state.h"
#include "services/indicators/records.h"

/* All counters again from the records. The read transaction keeps the pages still, so records are decoded
 * where they lie; each one's working memory is used again for the next. */

static void tally_workers(struct ctx *ctx, struct arena *scratch, struct tally *tally, uint64_t *records)
{
    struct bytes key, value;
    struct scan scan;

    scan_begin(&scan, ctx->txn, T_WORKERS, bytes(NULL, 0));
    while (scan_next(&scan, &key, &value)) {
        struct worker worker;
        struct marks marks;
        if (!worker_decode(value, scratch, &worker)) {
            txn_fail(ctx->txn, ERR_CORRUPT);
            break;
        }
        count_worker(ctx->config, &worker, scratch, &marks);
        tally_add(tally, &marks, +1);
        if (((const struct rules *)ctx->config)->members) {
            member_count(ctx, ctx->config, &worker, scratch, NULL, NULL, &marks);
            tally_add(tally, &marks, +1);
        }
        arena_reset(scratch);
        ++*records;
    }
    scan_end(&scan);
}

static void tally_teams(struct ctx *ctx, struct arena *scratch, struct tally *tally, uint64_t *records)
{
    struct bytes key, value;
    struct scan scan;

    scan_begin(&scan, ctx->txn, T_TEAMS, bytes(NULL, 0));
    while (scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        struct uuid organisation = key_read_uuid(&reader);
        struct team_record team;
        struct marks marks;
        if (team_load(ctx, &organisation, scratch, NULL, NULL, &team)) {
            count_team(ctx->config, &team, scratch, &marks);
            tally_add(tally, &marks, +1);
        }
        arena_reset(scratch);
        ++*records;
    }
    scan_end(&scan);
}

static void tally_programmes(struct ctx *ctx, struct arena *scratch, struct tally *tally, uint64_t *records)
{
    struct bytes key, value;
    struct scan scan;

    scan_begin(&scan, ctx->txn, T_PROGRAMMES, bytes(NULL, 0));
    while (scan_next(&scan, &key, &value)) {
        struct programme_record programme;
        struct marks marks;
        if (!programme_decode(value, scratch, &programme)) {
            txn_fail(ctx->txn, ERR_CORRUPT);
            break;
        }
        count_programme(ctx->config, &programme, scratch, &marks);
        tally_add(tally, &marks, +1);
        arena_reset(scratch);
        ++*records;
    }
    scan_end(&scan);
}

uint64_t records_tally(struct ctx *ctx, struct tally *tally)
{
    struct arena scratch = { .keep = 256 * 1024 };
    uint64_t records = 0;

    tally_workers(ctx, &scratch, tally, &records);
    tally_teams(ctx, &scratch, tally, &records);
    tally_programmes(ctx, &scratch, tally, &records);
    arena_free(&scratch);
    return records;
}

/* A counter is one cell of one unit that is not zero, stored or counted. */
uint64_t counters_compare(struct ctx *ctx, const struct tally *tally, uint64_t *differences)
{
    const struct rules *rules = ctx->config;
    uint64_t *stored = ARENA_LIST(ctx->arena, uint64_t, rules->cells), counters = 0;
    struct bytes key, value;
    struct scan scan;

    *differences = 0;
    for (uint32_t i = 0; i < tally->n; i++) {
        counters_get(ctx, &tally->at[i].unit, stored);
        for (uint32_t c = 0; c < rules->cells; c++) {
            counters += stored[c] != 0 || tally->at[i].cell[c] != 0;
            *differences += stored[c] != (uint64_t)tally->at[i].cell[c];
        }
    }
    scan_begin(&scan, ctx->txn, T_COUNTERS, bytes(NULL, 0));
    while (scan_next(&scan, &key, &value)) {                /* rows that no record answers for */
        struct key_reader reader = key_read(key);
        struct uuid unit = key_read_uuid(&reader);
        if (tally_find(tally, &unit) != NULL)
            continue;
        counters_get(ctx, &unit, stored);
        for (uint32_t c = 0; c < rules->cells; c++) {
            counters += stored[c] != 0;
            *differences += stored[c] != 0;
        }
    }
    scan_end(&scan);
    return counters;
}

/* ── made again ───────────────────────────────────────────────────────────── */

static const struct bytes COUNTED_KEY = { "", 1 };

bool counters_current(struct ctx *ctx)
{
    const struct rules *rules = ctx->config;
    struct bytes value;

    return txn_get(ctx->txn, T_COUNTED, COUNTED_KEY, &value) && bytes_equal(value, rules->says);
}

static void counters_remake(struct ctx *ctx)
{
    const struct rules *rules = ctx->config;
    struct tally tally;

    tally_start(&tally, rules, ctx->arena);
    records_tally(ctx, &tally);
    txn_clear(ctx->txn, T_COUNTERS);
    counters_move(ctx, &tally);
    txn_put(ctx->txn, T_COUNTED, COUNTED_KEY, rules->says);
}

void counters_ready(struct ctx *ctx)
{
    if (!counters_current(ctx))
        counters_remake(ctx);
}
