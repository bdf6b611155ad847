#include <time.h>

#include "common/service/pages.h"
#include "services/indicators/indicators_state.h"

/* ── indicators.value.list ────────────────────────────────────────────────── */

/* Rows run unit by unit in order of their codes, then by indicator as the acts print them, then by year.
 * `after` is the index key of the last row's unit and the number of its next row. */
struct listing {
    struct ctx *ctx;
    const struct rules *rules;
    const struct values_of *of;
    uint32_t year_from, year_end;           /* asked for */
    uint32_t limit;
    size_t bytes;
    struct value_list list;
    uint32_t skip;                          /* rows of the first unit that earlier pages have shown */
    struct figures figures;
    struct buf size;                        /* a row as it goes out, to know how long it is */
    bool full;
};

static bool asked(const struct listing *l, uint32_t indicator)
{
    const struct indicator *in = &l->rules->profile->indicators.at[indicator];
    const char *act = l->of->act, *code = l->of->indicator;

    return (act == NULL || act[0] == '\0' || strcmp(act, in->act) == 0)
        && (code == NULL || code[0] == '\0' || profile_code_is(in->code, code));
}

/* False when the page is full: the row is the next one's first. */
static bool row_add(struct listing *l, const struct value *row, const struct key *index, uint32_t number)
{
    buf_clear(&l->size);
    msg_encode(&value_desc, row, &l->size);
    if (l->list.rows.n == l->limit || l->bytes + l->size.n > PAGE_BYTES) {
        struct key next = *index;
        key_u32(&next, number);
        l->list.next = arena_bytes(l->ctx->arena, key_bytes(&next));
        l->full = true;
        return false;
    }
    l->bytes += l->size.n;
    l->list.rows.at[l->list.rows.n++] = *row;
    return true;
}

/* Adds the unit's rows; those in which nobody counts are left out, but for the region's own. */
static void unit_rows(struct listing *l, const struct organisation *unit, const struct key *index)
{
    struct value row;

    figures_of(&l->figures, unit);
    if (!l->figures.any && !l->rules->tutors && level_of_kind(unit->kind) != LEVEL_REGION)
        return;
    for (uint32_t i = 0; i < l->rules->indicators; i++)
        for (uint32_t y = l->year_from; y < l->year_end && asked(l, i); y++) {
            uint32_t number = i * l->rules->years + y;
            if (number >= l->skip && figures_value(&l->figures, i, y, &row) && !row_add(l, &row, index, number))
                return;
        }
    l->skip = 0;
}

/* Values of the region are open to all who may ask; those of other units, within reach. */
static bool unit_open(struct ctx *ctx, const struct organisation *unit)
{
    return level_of_kind(unit->kind) == LEVEL_REGION || may_reach(ctx, unit->chain.at, unit->chain.n);
}

/* The units of a level in order of their codes, from the page's key on. */
static void level_rows(struct listing *l, int level, struct bytes after)
{
    struct key prefix = { 0 };
    struct bytes key, value;
    struct scan scan;

    key_u8(&prefix, (uint8_t)level);
    scan_begin(&scan, l->ctx->txn, T_UNITS_BY, key_bytes(&prefix));
    if (after.n != 0)
        scan_from(&scan, after);
    while (!l->full && scan_next(&scan, &key, &value)) {
        struct key index = { 0 };
        struct organisation unit;
        struct uuid id;
        key_raw(&index, key.at, key.n);
        memcpy(&id, index.b + index.n - sizeof id, sizeof id);
        if (after.n != 0 && !bytes_equal(key_bytes(&index), after))
            l->skip = 0;                    /* the page's unit is gone: go on with the next */
        after.n = 0;
        if (unit_find(l->ctx, &id, &unit) && unit_open(l->ctx, &unit))
            unit_rows(l, &unit, &index);
    }
    scan_end(&scan);
}

/* A page begins with a unit of the index and a cell of it; false: not a page of such a list. */
static bool page_split(struct listing *l, struct bytes page, struct bytes *unit)
{
    struct key_reader reader = key_read(page);

    key_read_u8(&reader);
    key_read_text(&reader);
    key_read_uuid(&reader);
    l->skip = key_read_u32(&reader);
    *unit = bytes(page.at, page.n - sizeof l->skip);
    return !reader.bad && reader.left == 0;
}

/* Which rows are asked for; years that have not begun are not shown. */
static enum verdict listing_ask(struct listing *l, const struct values_of *of)
{
    const struct profile *profile = l->rules->profile;
    uint32_t found = 0;

    for (l->year_end = 0; l->year_end < l->rules->years && l->rules->starts[l->year_end] <= l->ctx->today; )
        l->year_end++;
    for (uint32_t i = 0; i < l->rules->indicators; i++)
        found += asked(l, i);
    if (found == 0)
        return refuse_indicator(l->ctx, "indicator_unknown",
                                of->indicator != NULL && of->indicator[0] != '\0' ? of->indicator : of->act);
    if (of->year == 0)
        return VERDICT_OK;
    if (of->year < profile->first_year || of->year > profile->last_year)
        return refuse_year(l->ctx, of->year, "year_unknown");
    l->year_from = (uint32_t)(of->year - profile->first_year);
    l->year_end = l->year_from + 1;
    return VERDICT_OK;
}

static enum verdict unit_list(struct listing *l, const struct uuid *id)
{
    struct key index = { 0 };
    struct organisation unit;

    if (!unit_find(l->ctx, id, &unit))
        return refuse_unit(l->ctx, id);
    if (!unit_open(l->ctx, &unit))
        return REFUSE_REACH(l->ctx);
    key_u8(&index, (uint8_t)level_of_kind(unit.kind));
    key_text(&index, unit.code);
    key_uuid(&index, &unit.id);
    unit_rows(l, &unit, &index);
    return VERDICT_OK;
}

static enum verdict listing_fill(struct listing *l, const struct values_of *of, struct bytes from)
{
    l->list.rows.at = ARENA_LIST(l->ctx->arena, struct value, l->limit);
    figures_start(&l->figures, l->ctx);
    if (!uuid_is_nil(&of->unit))
        return unit_list(l, &of->unit);
    if (of->level == LEVEL_REGION)
        return unit_list(l, &l->rules->profile->region->id);
    level_rows(l, of->level, from);
    return VERDICT_OK;
}

enum verdict answer_values(struct ctx *ctx, const void *query)
{
    const struct values_of *of = query;
    struct bytes from = { 0 };              /* the unit that the page begins with */
    struct listing l = { .ctx = ctx, .rules = ctx->config, .of = of,
                         .limit = of->limit == 0 ? PAGE_ROWS : (uint32_t)of->limit };

    if (listing_ask(&l, of) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!counters_current(ctx) && txn_count(ctx->txn, T_COUNTERS) != 0)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "counting_changed");
    if (of->after.n != 0 && !page_split(&l, of->after, &from))
        return refuse(ctx, PROBLEM_INVALID, "page_unknown");
    enum verdict verdict = listing_fill(&l, of, from);
    buf_free(&l.size);
    if (verdict == VERDICT_OK)
        reply(ctx, &l.list);
    return verdict;
}

/* ── the rest ─────────────────────────────────────────────────────────────── */

enum verdict answer_catalogue(struct ctx *ctx, const void *query)
{
    const struct profile *profile = ((const struct rules *)ctx->config)->profile;
    struct catalogue catalogue = { .region = profile->region, .first_year = profile->first_year,
                                   .last_year = profile->last_year, .centre_opened = profile->centre_opened };

    (void)query;
    catalogue.acts.n = profile->acts.n;
    catalogue.acts.at = profile->acts.at;
    catalogue.indicators.n = profile->indicators.n;
    catalogue.indicators.at = profile->indicators.at;
    reply(ctx, &catalogue);
    return VERDICT_OK;
}

/* How long it took is for people; nothing is decided by it, so the process's own stop-watch will do. */
static uint64_t stopwatch_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

enum verdict answer_recount(struct ctx *ctx, const void *query)
{
    uint64_t began = stopwatch_us();
    struct recount recount = { 0 };
    struct tally tally;

    (void)query;
    if (!counters_current(ctx) && txn_count(ctx->txn, T_COUNTERS) != 0)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "counting_changed");
    tally_start(&tally, ctx->config, ctx->arena);
    recount.records = records_tally(ctx, &tally);
    recount.counters = counters_compare(ctx, &tally, &recount.differences);
    recount.microseconds = stopwatch_us() - began;
    reply(ctx, &recount);
    return VERDICT_OK;
}
