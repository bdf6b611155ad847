#include <stdio.h>
#include <time.h>

#include "common/store/store.h"
#include "services/indicators/indicators_state.h"

#define PAGE_ROWS     100
#define PAGE_ROWS_MAX 1000
#define PAGE_BYTES    (200u * 1024)      /* of rows: a page has to fit into one frame */
#define ROW_BYTES     330                 /* names and numbers of a row, beside its texts */

/* ── indicators.value.list ────────────────────────────────────────────────── */

/* Rows run unit by unit in order of their codes, then by indicator as the act prints them, then by year.
 * `after` is the index key of the last row's unit and the number of its next cell. */
struct listing {
    struct ctx *ctx;
    const struct rules *rules;
    uint32_t indicator_from, indicator_end, year_from, year_end;   /* asked for */
    uint32_t limit;
    size_t bytes;
    struct value_list list;
    uint32_t skip;                          /* cells of the first unit that earlier pages have shown */
    uint64_t (*cell)[SIDES];
    bool full;
};

static void row_fill(const struct listing *l, const struct organisation *unit, uint32_t indicator, uint32_t year, struct value *row)
{
    const struct indicator *from = &l->rules->profile->indicators.at[indicator];
    const uint64_t *cell = l->cell[cell_of(l->rules, indicator, year)];

    *row = (struct value){
        .act = from->act, .edition = "?", .indicator = from->code, .year = l->rules->profile->first_year + year,
        .unit = unit->id, .unit_code = unit->code, .unit_title = unit->title,
        .numerator = cell[SIDE_NUMERATOR], .denominator = cell[SIDE_DENOMINATOR],
    };
    for (uint32_t i = 0; i < l->rules->profile->acts.n; i++)
        if (strcmp(l->rules->profile->acts.at[i].code, from->act) == 0)
            row->edition = l->rules->profile->acts.at[i].number;
    for (uint32_t i = 0; i < from->targets.n; i++)
        if (from->targets.at[i].when == WHEN_YEAR && from->targets.at[i].year == row->year) {
            row->has_target = true;
            row->bound = from->targets.at[i].value;
            row->met = row->denominator != 0 && row->numerator * 100 >= row->bound * row->denominator;
        }
}

/* Adds the unit's rows; cells in which nobody counts are left out, but for the region's own. */
static void unit_rows(struct listing *l, const struct organisation *unit, const struct key *index)
{
    bool found = counters_get(l->ctx, &unit->id, l->cell);
    const size_t row_bytes = ROW_BYTES + strlen(unit->code) + strlen(unit->title);

    for (uint32_t i = l->indicator_from; i < l->indicator_end; i++)
        for (uint32_t y = l->year_from; y < l->year_end; y++) {
            uint32_t number = cell_of(l->rules, i, y);
            const uint64_t *cell = l->cell[number];
            if (number < l->skip || (level_of_kind(unit->kind) != LEVEL_REGION
                                     && (!found || (cell[SIDE_NUMERATOR] == 0 && cell[SIDE_DENOMINATOR] == 0))))
                continue;
            if (l->list.rows.n == l->limit || l->bytes + row_bytes > PAGE_BYTES) {
                struct key next = *index;
                key_u32(&next, number);
                l->list.next = arena_bytes(l->ctx->arena, key_bytes(&next));
                l->full = true;
                return;
            }
            l->bytes += row_bytes;
            row_fill(l, unit, i, y, &l->list.rows.at[l->list.rows.n++]);
        }
    l->skip = 0;
}

/* The region's own row is known before roster's entry of it arrives. */
static bool unit_find(struct ctx *ctx, const struct uuid *id, struct organisation *unit)
{
    const struct profile *profile = ((const struct rules *)ctx->config)->profile;
    struct key key = key_of_uuid(id);

    if (txn_get_msg(ctx->txn, T_UNITS, key_bytes(&key), &organisation_desc, ctx->arena, unit))
        return true;
    if (!uuid_equal(id, &profile->region->id))
        return false;
    *unit = (struct organisation){ .id = *id, .kind = ORG_REGION, .code = "", .title = profile->region->title };
    unit->chain.n = 1;
    unit->chain.at = arena_copy(ctx->arena, id, sizeof *id);
    return true;
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

/* Which cells are asked for; years that have not begun are not shown. */
static enum verdict listing_ask(struct listing *l, const struct values_of *of)
{
    const struct profile *profile = l->rules->profile;
    char text[24];

    l->indicator_end = l->rules->indicators;
    for (l->year_end = 0; l->year_end < l->rules->years && l->rules->starts[l->year_end] <= l->ctx->today; )
        l->year_end++;
    if (of->indicator != NULL && of->indicator[0] != '\0') {
        while (l->indicator_from < l->indicator_end
               && strcmp(profile->indicators.at[l->indicator_from].code, of->indicator) != 0)
            l->indicator_from++;
        if (l->indicator_from == l->indicator_end) {
            refuse(l->ctx, PROBLEM_NOT_FOUND, "indicator_unknown");
            refuse_arg(l->ctx, "indicator", of->indicator);
            return VERDICT_REFUSED;
        }
        l->indicator_end = l->indicator_from + 1;
    }
    if (of->year == 0)
        return VERDICT_OK;
    if (of->year < profile->first_year || of->year > profile->last_year) {
        snprintf(text, sizeof text, "%llu", (unsigned long long)of->year);
        refuse(l->ctx, PROBLEM_NOT_FOUND, "year_unknown");
        refuse_arg(l->ctx, "year", text);
        return VERDICT_REFUSED;
    }
    l->year_from = (uint32_t)(of->year - profile->first_year);
    l->year_end = l->year_from + 1;
    return VERDICT_OK;
}

static enum verdict unit_list(struct listing *l, const struct uuid *id)
{
    struct key index = { 0 };
    struct organisation unit;
    char text[UUID_TEXT + 1];

    if (!unit_find(l->ctx, id, &unit)) {
        uuid_format(id, text);
        refuse(l->ctx, PROBLEM_NOT_FOUND, "unit_unknown");
        refuse_arg(l->ctx, "unit", text);
        return VERDICT_REFUSED;
    }
    if (!unit_open(l->ctx, &unit))
        return REFUSE_REACH(l->ctx);
    key_u8(&index, (uint8_t)level_of_kind(unit.kind));
    key_text(&index, unit.code);
    key_uuid(&index, &unit.id);
    unit_rows(l, &unit, &index);
    return VERDICT_OK;
}

enum verdict answer_values(struct ctx *ctx, const void *query)
{
    const struct values_of *of = query;
    struct bytes from = { 0 };              /* the unit that the page begins with */
    struct listing l = { .ctx = ctx, .rules = ctx->config,
                         .limit = of->limit == 0 ? PAGE_ROWS : of->limit > PAGE_ROWS_MAX ? PAGE_ROWS_MAX : (uint32_t)of->limit };

    if (listing_ask(&l, of) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!counters_current(ctx) && txn_count(ctx->txn, T_COUNTERS) != 0)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "counting_changed");
    if (of->after.n != 0 && !page_split(&l, of->after, &from))
        return refuse(ctx, PROBLEM_INVALID, "page_unknown");
    l.list.rows.at = ARENA_LIST(ctx->arena, struct value, l.limit);
    l.cell = arena_alloc(ctx->arena, l.rules->cells * sizeof *l.cell);
    if (!uuid_is_nil(&of->unit)) {
        if (unit_list(&l, &of->unit) != VERDICT_OK)
            return VERDICT_REFUSED;
    } else if (of->level == LEVEL_REGION) {
        if (unit_list(&l, &l.rules->profile->region->id) != VERDICT_OK)
            return VERDICT_REFUSED;
    } else {
        level_rows(&l, of->level, from);
    }
    reply(ctx, &l.list);
    return VERDICT_OK;
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
