#include <stdio.h>

#include "common/store/store.h"
#include "services/indicators/judging.h"
#include "services/indicators/tutors.h"

/* A value of one unit, indicator and year: from counters, tutors and judgements, with what its targets say. */

void figures_start(struct figures *f, struct ctx *ctx)
{
    const struct rules *rules = ctx->config;

    *f = (struct figures){ .ctx = ctx, .rules = rules, .cell = ARENA_LIST(ctx->arena, uint64_t, rules->cells) };
}

static const struct tutors *tutors_of(struct figures *f)
{
    if (f->tutors == NULL)
        f->tutors = tutors_load(f->ctx, f->rules);
    return f->tutors;
}

void figures_of(struct figures *f, const struct organisation *unit)
{
    f->unit = unit;
    f->any = counters_get(f->ctx, &unit->id, f->cell);
}

static uint64_t side_of(struct figures *f, uint32_t column, uint32_t year)
{
    uint64_t with;

    if (column == NO_COLUMN)
        return 0;
    if (f->rules->column[column].subject != SUBJECT_TUTOR)
        return f->cell[cell_of(f->rules, column, year)];
    tutors_corridor(tutors_of(f), &f->unit->id, column, year, 0, 0, &with);
    return with;
}

static void fill_corridor(struct figures *f, const struct indicator *in, uint32_t column, uint32_t year, struct value *v)
{
    uint64_t at_least, at_most, with;

    corridor_bounds(f->rules->profile, in, v->year, &at_least, &at_most);
    struct corridor c = tutors_corridor(tutors_of(f), &f->unit->id, column, year, at_least, at_most, &with);
    v->numerator = c.sum;
    v->denominator = c.n;
    v->least = c.least;
    v->greatest = c.greatest;
    v->below = c.below;
    v->above = c.above;
}

static void fill_counted(struct figures *f, uint32_t indicator, uint32_t year, struct value *v)
{
    const struct indicator *in = &f->rules->profile->indicators.at[indicator];
    const struct line *line = f->rules->line[indicator];
    const struct line *along = &line[LINE_CUMULATIVE];

    if (in->measure == MEASURE_CORRIDOR && in->awaits.n == 0) {
        fill_corridor(f, in, line[LINE_MAIN].column[SIDE_NUMERATOR], year, v);
    } else {
        v->numerator = side_of(f, line[LINE_MAIN].column[SIDE_NUMERATOR], year);
        v->denominator = side_of(f, line[LINE_MAIN].column[SIDE_DENOMINATOR], year);
    }
    v->has_cumulative = along->column[SIDE_NUMERATOR] != NO_COLUMN;
    v->cumulative_numerator = side_of(f, along->column[SIDE_NUMERATOR], year);
    v->cumulative_denominator = side_of(f, along->column[SIDE_DENOMINATOR], year);
    v->beside.n = in->beside.n;
    v->beside.at = ARENA_LIST(f->ctx->arena, struct value_beside, in->beside.n);
    for (uint32_t b = 0; b < in->beside.n; b++)
        v->beside.at[b] = (struct value_beside){ side_of(f, line[LINE_BESIDE_1 + b].column[SIDE_NUMERATOR], year),
                                                 side_of(f, line[LINE_BESIDE_1 + b].column[SIDE_DENOMINATOR], year) };
}

/* At most so many bytes, and no part of a letter. */
static const char *cut(struct arena *arena, const char *text, size_t most)
{
    size_t n = strlen(text);

    if (n <= most)
        return text;
    for (n = most; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; )
        n--;
    return arena_format(arena, "%.*s", (int)n, text);
}

static void fill_judged(struct figures *f, const struct indicator *in, struct value *v)
{
    struct judgement judgement;

    v->state = VALUE_NOT_JUDGED;
    if (!judgement_newest(f->ctx, in, v->year, &judgement))
        return;
    v->state = VALUE_JUDGED;
    v->yes = judgement.yes;
    v->graded = judgement.graded;
    v->grade = judgement.grade;
    v->judged_on = judgement.day;
    v->judged = cut(f->ctx->arena, judgement.text, 600);
}

static bool is_zero(const struct value *v)
{
    uint64_t all = v->numerator | v->denominator | v->cumulative_numerator | v->cumulative_denominator;

    for (uint32_t b = 0; b < v->beside.n; b++)
        all |= v->beside.at[b].numerator | v->beside.at[b].denominator;
    return all == 0;
}

/* What waits for its facts, and what a person says, is of the region alone. */
static bool figure(struct figures *f, uint32_t indicator, uint32_t year, struct value *v)
{
    const struct profile *profile = f->rules->profile;
    const struct indicator *in = &profile->indicators.at[indicator];
    bool of_region = level_of_kind(f->unit->kind) == LEVEL_REGION;

    *v = (struct value){
        .act = in->act, .edition = "", .indicator = in->code, .year = profile->first_year + year, .unit = f->unit->id,
        .unit_code = f->unit->code, .unit_title = f->unit->title, .measure = in->measure,
        .numerator_origin = in->numerator_origin, .denominator_origin = in->denominator_origin,
    };
    for (uint32_t i = 0; i < profile->acts.n; i++)
        if (strcmp(profile->acts.at[i].code, in->act) == 0)
            v->edition = profile->acts.at[i].number;
    if (in->measure == MEASURE_YES_NO || in->measure == MEASURE_JUDGED) {
        fill_judged(f, in, v);
        return of_region;
    }
    if (in->awaits.n != 0) {
        v->state = VALUE_NO_FACTS;
        v->awaits.n = in->awaits.n;
        v->awaits.at = in->awaits.at;
    }
    fill_counted(f, indicator, year, v);
    return of_region || (v->state == VALUE_COUNTED && !is_zero(v));
}

static bool asks_for_rise(const struct indicator *in)
{
    for (uint32_t i = 0; i < in->targets.n; i++)
        if (in->targets.at[i].op == OP_RISING)
            return true;
    return false;
}

bool figures_value(struct figures *f, uint32_t indicator, uint32_t year, struct value *v)
{
    const struct indicator *in = &f->rules->profile->indicators.at[indicator];
    struct value before;
    bool rises = year > 0 && asks_for_rise(in);

    if (!figure(f, indicator, year, v))
        return false;
    if (rises)
        figure(f, indicator, year - 1, &before);
    judge(f->rules->profile, in, rises ? &before : NULL, v, f->ctx->arena);
    return true;
}
