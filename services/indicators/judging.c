#include "services/indicators/judging.h"

static bool act_binds(const struct profile *profile, const char *act, uint64_t year)
{
    for (uint32_t i = 0; i < profile->acts.n; i++)
        if (strcmp(profile->acts.at[i].code, act) == 0)
            return profile->acts.at[i].until == 0 || (uint64_t)day_year(profile->acts.at[i].until) >= year;
    return false;
}

bool target_applies(const struct profile *profile, const struct indicator *indicator, const struct target *t, uint64_t year)
{
    uint64_t opened = profile->centre_opened != 0 ? (uint64_t)day_year(profile->centre_opened) : UINT64_MAX;

    if (t->op == OP_DOCUMENT || (t->to != 0 && year > t->to) || !act_binds(profile, indicator->act, year))
        return false;
    switch (t->when) {
    case WHEN_YEAR:          return year == t->year;
    case WHEN_OPENING:       return year == opened;
    case WHEN_AFTER_OPENING: return opened != UINT64_MAX && year > opened;
    case WHEN_FROM:
    case WHEN_BY:            return year >= t->year;
    default:                 return true;
    }
}

void corridor_bounds(const struct profile *profile, const struct indicator *indicator, uint64_t year,
                     uint64_t *at_least, uint64_t *at_most)
{
    *at_least = *at_most = 0;
    for (uint32_t i = 0; i < indicator->targets.n; i++) {
        const struct target *t = &indicator->targets.at[i];
        if (!target_applies(profile, indicator, t, year))
            continue;
        if (t->op == OP_AT_LEAST && t->value > *at_least)
            *at_least = t->value;
        if (t->op == OP_AT_MOST && (*at_most == 0 || t->value < *at_most))
            *at_most = t->value;
    }
}

/* ── is it met ────────────────────────────────────────────────────────────── */

/* Percent of a share, or units, against the bound; the products of two u64 need more than 64 bits. */
static int against(int measure, uint64_t numerator, uint64_t denominator, uint64_t bound)
{
    unsigned __int128 is = numerator, asked = bound;

    if (measure == MEASURE_SHARE) {
        is *= 100;
        asked *= denominator;
    }
    return (is > asked) - (is < asked);
}

static bool number_met(const struct value *v, const struct target *t)
{
    uint64_t numerator = t->cumulative ? v->cumulative_numerator : v->numerator;
    uint64_t denominator = t->cumulative ? v->cumulative_denominator : v->denominator;

    if (v->state != VALUE_COUNTED || (v->measure != MEASURE_COUNT && denominator == 0))
        return false;
    if (v->measure == MEASURE_CORRIDOR)
        return t->op == OP_AT_LEAST ? v->least >= t->value : v->greatest <= t->value;
    int order = against(v->measure, numerator, denominator, t->value);
    return t->op == OP_AT_LEAST ? order >= 0 : order <= 0;
}

static bool has_number(const struct value *v)
{
    return v != NULL && v->state == VALUE_COUNTED && (v->measure == MEASURE_COUNT || v->denominator != 0);
}

static bool has_risen(const struct value *v, const struct value *before)
{
    if (v->measure == MEASURE_COUNT)
        return v->numerator > before->numerator;
    return (unsigned __int128)v->numerator * before->denominator > (unsigned __int128)before->numerator * v->denominator;
}

static bool target_met(const struct value *v, const struct value *before, const struct target *t)
{
    switch (t->op) {
    case OP_YES:       return v->state == VALUE_JUDGED && v->yes;
    case OP_JUDGEMENT: return v->state == VALUE_JUDGED && (t->value != 0 ? v->graded && v->grade >= t->value : v->yes);
    case OP_RISING:    return has_number(v) && has_risen(v, before);
    case OP_DOCUMENT:  return false;
    default:           return number_met(v, t);
    }
}

/* ── all targets of one value ─────────────────────────────────────────────── */

/* For a table with room for one number: of the yearly bounds that apply the highest that has to be reached,
 * or, where none has, the lowest that must not be passed. */
static void bound_note(struct value *v, const struct target *t)
{
    if (t->cumulative || (t->op != OP_AT_LEAST && t->op != OP_AT_MOST))
        return;
    bool first = v->bound == 0, stricter = t->op == OP_AT_LEAST ? t->value > v->bound : t->value < v->bound;
    if (first || (t->op == v->bound_op ? stricter : t->op == OP_AT_LEAST)) {
        v->bound = t->value;
        v->bound_op = t->op;
    }
}

void judge(const struct profile *profile, const struct indicator *indicator, const struct value *before,
           struct value *v, struct arena *arena)
{
    v->verdicts.n = indicator->targets.n;
    v->verdicts.at = ARENA_LIST(arena, struct target_verdict, indicator->targets.n);
    v->has_target = false;
    v->met = true;
    v->bound = 0;
    for (uint32_t i = 0; i < indicator->targets.n; i++) {
        const struct target *t = &indicator->targets.at[i];
        struct target_verdict *verdict = &v->verdicts.at[i];
        *verdict = (struct target_verdict){ .target = i, .op = t->op, .bound = t->value, .cumulative = t->cumulative };
        verdict->applies = target_applies(profile, indicator, t, v->year) && (t->op != OP_RISING || has_number(before));
        verdict->met = verdict->applies && target_met(v, before, t);
        if (!verdict->applies)
            continue;
        v->has_target = true;
        v->met &= verdict->met;
        bound_note(v, t);
    }
    v->met &= v->has_target;
}
