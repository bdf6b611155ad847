/* "values" of expected.json: every line of the region's acts, by unit and year; what cannot be counted yet or is said
 * by a person stands there as such, for the region. */
#include <stdlib.h>

#include "cli/sample/indicators.h"
#include "common/core/log.h"

const char *org_level(const struct org *org)
{
    return org->kind == ORG_REGION ? "region" : org->kind == ORG_MUNICIPALITY ? "municipality" : "organisation";
}

/* Of one line in one year, by unit. */
struct figures { struct counted *above, *below, *beside_above, *beside_below, *along_above, *along_below; };

static struct counted *side_count(const struct facts *facts, const struct side *side, int year, bool along)
{
    return side->what == NOBODY ? NULL : counts_make(facts, side, year, along);
}

static struct figures figures_make(const struct facts *facts, const struct line_of_act *line, int year)
{
    bool along = line->plan.along_at_last != 0;

    return (struct figures){
        .above = side_count(facts, &line->above, year, line->cumulative),
        .below = side_count(facts, &line->below, year, line->cumulative),
        .beside_above = side_count(facts, &line->beside.above, year, line->cumulative),
        .beside_below = side_count(facts, &line->beside.below, year, line->cumulative),
        .along_above = along ? side_count(facts, &line->above, year, true) : NULL,
        .along_below = along ? side_count(facts, &line->below, year, true) : NULL,
    };
}

static void figures_free(struct figures *f)
{
    free(f->above);
    free(f->below);
    free(f->beside_above);
    free(f->beside_below);
    free(f->along_above);
    free(f->along_below);
}

static uint32_t n_of(const struct counted *list, uint32_t unit)
{
    return list != NULL ? list[unit].n : 0;
}

/* ── the plan: does the region meet what the act asks for that year? ── */
static bool share_met(uint64_t above, uint64_t below, uint64_t percent)
{
    return below != 0 && above * 100 >= below * percent;
}

/* More than the year before: shares by their fractions, numbers as they are. */
static bool has_risen(const struct line_of_act *line, const struct figures *f, const struct figures *before, uint32_t unit)
{
    uint64_t now = n_of(f->above, unit), then = n_of(before->above, unit);

    if (line->kind == A_NUMBER)
        return now > then;
    return n_of(f->below, unit) != 0 && n_of(before->below, unit) != 0
        && now * n_of(before->below, unit) > then * n_of(f->below, unit);
}

/* 1 met, 0 missed, -1 nothing binds. */
static int plan_of_region(const struct line_of_act *line, const struct figures *f, const struct figures *before, uint32_t unit,
                          int year)
{
    const struct plan *plan = &line->plan;
    uint32_t least = plan->at_least[year - FIRST_YEAR];
    bool last = year == LAST_YEAR;

    if (plan->rising)
        return year == FIRST_YEAR ? -1 : has_risen(line, f, before, unit);
    if (line->kind == A_CORRIDOR) {
        const struct counted *at = &f->above[unit];
        return at->n == 0 ? 0 : at->least >= least && (!last || at->greatest <= plan->at_most_at_last);
    }
    if (least == 0)
        return -1;
    return share_met(n_of(f->above, unit), n_of(f->below, unit), least)
        && (!last || plan->along_at_last == 0
            || share_met(n_of(f->along_above, unit), n_of(f->along_below, unit), plan->along_at_last));
}

/* ── rows ── */
struct rows { struct buf *out; const struct region *region; const char *comma; };

static void row_begin(struct rows *rows, const struct line_of_act *line, int year, uint32_t unit)
{
    const struct org *org = &rows->region->orgs.at[unit];

    buf_format(rows->out, "%s\n    {\"act\": \"%s\", \"indicator\": \"%s\", \"year\": %d, \"level\": \"%s\", \"unit\": \"%s\"",
               rows->comma, line->act, line->code, year, org_level(org), org->code);
    rows->comma = ",";
}

static void row_put(struct rows *rows, const struct line_of_act *line, const struct figures *f, uint32_t unit)
{
    if (line->kind == A_CORRIDOR) {
        const struct counted *at = &f->above[unit];
        buf_format(rows->out, ", \"numerator\": %u, \"denominator\": %u, \"least\": %u, \"greatest\": %u, \"below\": %u, "
                   "\"above\": 0", at->charges, at->n, at->least, at->greatest, at->below);
        return;
    }
    buf_format(rows->out, ", \"numerator\": %u, \"denominator\": %u", n_of(f->above, unit), n_of(f->below, unit));
    if (f->along_above != NULL)
        buf_format(rows->out, ", \"cumulative_numerator\": %u, \"cumulative_denominator\": %u", n_of(f->along_above, unit),
                   n_of(f->along_below, unit));
    if (f->beside_above != NULL)
        buf_format(rows->out, ", \"beside_numerator\": %u, \"beside_denominator\": %u", n_of(f->beside_above, unit),
                   n_of(f->beside_below, unit));
}

static bool worth_saying(const struct figures *f, uint32_t unit)
{
    return n_of(f->above, unit) != 0 || n_of(f->below, unit) != 0 || n_of(f->beside_above, unit) != 0
        || n_of(f->beside_below, unit) != 0 || n_of(f->along_above, unit) != 0;
}

static void counted_put(struct rows *rows, const struct facts *facts, const struct line_of_act *line)
{
    struct figures before = { 0 };

    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        struct figures now = figures_make(facts, line, year);
        for (uint32_t unit = 0; unit < rows->region->orgs.n; unit++) {
            bool region = unit == rows->region->region;
            if (!region && !worth_saying(&now, unit))
                continue;
            int met = region ? plan_of_region(line, &now, &before, unit, year) : -1;
            row_begin(rows, line, year, unit);
            row_put(rows, line, &now, unit);
            buf_text(rows->out, !region ? "}" : met < 0 ? ", \"has_target\": false}"
                               : met > 0 ? ", \"has_target\": true, \"met\": true}" : ", \"has_target\": true, \"met\": false}");
        }
        figures_free(&before);
        before = now;
    }
    figures_free(&before);
}

static const struct judgement_of *said_of(const struct line_of_act *line, const struct region *region, int year)
{
    size_t n;
    const struct judgement_of *said = judgements_of_region(region->table->name, &n), *last = NULL;

    for (size_t i = 0; i < n; i++)
        if (strcmp(said[i].act, line->act) == 0 && strcmp(said[i].code, line->code) == 0 && said[i].year == year)
            last = &said[i];
    return last;
}

/* What is not counted: awaited, or said by a person, or by nobody yet. */
static void uncounted_put(struct rows *rows, const struct line_of_act *line)
{
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        const struct judgement_of *said = said_of(line, rows->region, year);
        row_begin(rows, line, year, rows->region->region);
        if (line->kind == AWAITED)
            buf_text(rows->out, ", \"state\": \"no_facts\"}");
        else if (said == NULL)
            buf_text(rows->out, ", \"state\": \"not_judged\"}");
        else if (said->graded)
            buf_format(rows->out, ", \"state\": \"judged\", \"grade\": %u}", said->grade);
        else
            buf_format(rows->out, ", \"state\": \"judged\", \"yes\": %s}", said->yes ? "true" : "false");
    }
}

void values_put(const struct region *region, struct buf *out)
{
    size_t n;
    const struct line_of_act *lines = lines_of_region(region->table->name, &n);
    struct facts *facts = facts_make(region);
    struct rows rows = { out, region, "" };

    buf_text(out, "  \"values\": [");
    for (size_t i = 0; i < n; i++)
        if (lines[i].kind == A_SHARE || lines[i].kind == A_NUMBER || lines[i].kind == A_CORRIDOR)
            counted_put(&rows, facts, &lines[i]);
        else
            uncounted_put(&rows, &lines[i]);
    buf_text(out, "\n  ],\n");
    facts_free(&facts);
}
