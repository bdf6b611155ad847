#include "tests/unit/check.h"

#include "services/indicators/judging.h"

/* What targets say of values, a row for each kind of rule and each boundary of it. The acts' own: Ставрополь
 * (opening year and after), Хабаровск (from a year on, by 2024 beside the yearly one, corridor, two rules in
 * 2024), Югра (rising, judged), Томск (by year). */

static struct arena arena;

#define ACT(until_) { .code = "A", .title = "t", .number = "1", .day = 1, .from = 1, .until = (until_) }

struct row {
    const char *says;
    struct target target;
    struct value value;
    const struct value *before;
    bool applies, met;
};
#define SHARE(y, num, den) { .measure = MEASURE_SHARE, .year = (y), .numerator = (num), .denominator = (den) }
#define LOAD(y, n, lo, hi) { .measure = MEASURE_CORRIDOR, .year = (y), .denominator = (n), .least = (lo), .greatest = (hi) }
static const struct value TEN = SHARE(2022, 10, 100), NOBODY = SHARE(2022, 0, 0), NO_FACTS = { .year = 2022, .state = VALUE_NO_FACTS },
                          FOUR = { .measure = MEASURE_COUNT, .year = 2022, .numerator = 4 };

/* The centre opened on 1 September 2021; the profile's years are 2019 to 2030. */
static const struct row ROWS_OF_TARGETS[] = {
    { "in its year, just reached", { .year = 2021, .value = 5 }, SHARE(2021, 5, 100), NULL, true, true },
    { "one in ten thousand short", { .year = 2021, .value = 10 }, SHARE(2021, 9999, 100000), NULL, true, false },
    { "of another year", { .year = 2022, .value = 5 }, SHARE(2021, 5, 100), NULL, false, false },
    { "a share of nobody meets nothing", { .year = 2021, .value = 5 }, SHARE(2021, 0, 0), NULL, true, false },
    { "over a hundred percent: leaders above, educators below", { .year = 2021, .value = 10 }, SHARE(2021, 130, 100), NULL, true, true },
    { "numbers near the end of 64 bits", { .year = 2021, .value = 100 }, SHARE(2021, INT64_MAX - 1, INT64_MAX), NULL, true, false },

    { "opening year", { .when = WHEN_OPENING, .value = 5 }, SHARE(2021, 5, 100), NULL, true, true },
    { "opening year's bound is not the later years'", { .when = WHEN_OPENING, .value = 5 }, SHARE(2022, 5, 100), NULL, false, false },
    { "nor of years before opening", { .when = WHEN_OPENING, .value = 5 }, SHARE(2020, 5, 100), NULL, false, false },
    { "after opening", { .when = WHEN_AFTER_OPENING, .value = 10 }, SHARE(2022, 9, 100), NULL, true, false },
    { "after opening is not the opening year", { .when = WHEN_AFTER_OPENING, .value = 10 }, SHARE(2021, 10, 100), NULL, false, false },
    { "after opening is no year before it", { .when = WHEN_AFTER_OPENING, .value = 10 }, SHARE(2020, 10, 100), NULL, false, false },
    { "after opening, until", { .when = WHEN_AFTER_OPENING, .value = 10, .to = 2023 }, SHARE(2024, 10, 100), NULL, false, false },
    { "any year, before opening too", { .when = WHEN_ANY, .value = 5 }, SHARE(2019, 5, 100), NULL, true, true },

    { "from a year on: the year before", { .when = WHEN_FROM, .year = 2023, .op = OP_YES }, { .measure = MEASURE_YES_NO, .year = 2022, .state = VALUE_JUDGED, .yes = true }, NULL, false, false },
    { "from a year on: that year, yes", { .when = WHEN_FROM, .year = 2023, .op = OP_YES }, { .measure = MEASURE_YES_NO, .year = 2023, .state = VALUE_JUDGED, .yes = true }, NULL, true, true },
    { "from a year on: later, no", { .when = WHEN_FROM, .year = 2023, .op = OP_YES }, { .measure = MEASURE_YES_NO, .year = 2025, .state = VALUE_JUDGED }, NULL, true, false },
    { "nobody has said yes yet", { .when = WHEN_FROM, .year = 2023, .op = OP_YES }, { .measure = MEASURE_YES_NO, .year = 2023, .state = VALUE_NOT_JUDGED, .yes = true }, NULL, true, false },
    { "from 2021 to 2024: 2024", { .when = WHEN_FROM, .year = 2021, .to = 2024, .op = OP_YES }, { .measure = MEASURE_YES_NO, .year = 2024, .state = VALUE_JUDGED, .yes = true }, NULL, true, true },
    { "from 2021 to 2024: 2025", { .when = WHEN_FROM, .year = 2021, .to = 2024, .op = OP_YES }, { .measure = MEASURE_YES_NO, .year = 2025, .state = VALUE_JUDGED, .yes = true }, NULL, false, false },

    { "by 2024, in 2023: the plan ahead", { .when = WHEN_BY, .year = 2024, .value = 40, .cumulative = true },
      { .year = 2023, .numerator = 10, .denominator = 100, .has_cumulative = true, .cumulative_numerator = 41, .cumulative_denominator = 100 }, NULL, false, false },
    { "by 2024: the sum is judged, not the year", { .when = WHEN_BY, .year = 2024, .value = 40, .cumulative = true },
      { .year = 2024, .numerator = 10, .denominator = 100, .has_cumulative = true, .cumulative_numerator = 41, .cumulative_denominator = 100 }, NULL, true, true },
    { "by 2024: a good year with a poor sum", { .when = WHEN_BY, .year = 2024, .value = 40, .cumulative = true },
      { .year = 2024, .numerator = 90, .denominator = 100, .has_cumulative = true, .cumulative_numerator = 39, .cumulative_denominator = 100 }, NULL, true, false },
    { "by 2024 holds afterwards", { .when = WHEN_BY, .year = 2024, .value = 100 }, SHARE(2026, 99, 100), NULL, true, false },

    { "corridor: the least of them", { .when = WHEN_ANY, .value = 10 }, LOAD(2024, 3, 10, 96), NULL, true, true },
    { "corridor: one is below, whatever the mean", { .when = WHEN_ANY, .value = 10 }, LOAD(2024, 3, 7, 96), NULL, true, false },
    { "corridor: the greatest", { .when = WHEN_BY, .year = 2024, .op = OP_AT_MOST, .value = 100 }, LOAD(2024, 3, 7, 100), NULL, true, true },
    { "corridor: one is above", { .when = WHEN_BY, .year = 2024, .op = OP_AT_MOST, .value = 100 }, LOAD(2024, 3, 7, 101), NULL, true, false },
    { "corridor: nobody in it", { .when = WHEN_ANY, .op = OP_AT_MOST, .value = 100 }, LOAD(2024, 0, 0, 0), NULL, true, false },

    { "a count", { .when = WHEN_ANY, .value = 4 }, { .measure = MEASURE_COUNT, .year = 2024, .numerator = 4 }, NULL, true, true },
    { "a count short by one", { .when = WHEN_ANY, .value = 4 }, { .measure = MEASURE_COUNT, .year = 2024, .numerator = 3 }, NULL, true, false },
    { "without facts nothing is met, zero is not", { .when = WHEN_ANY, .op = OP_AT_MOST, .value = 4 }, { .measure = MEASURE_COUNT, .year = 2024, .state = VALUE_NO_FACTS }, NULL, true, false },

    { "risen by one in a hundred", { .when = WHEN_ANY, .op = OP_RISING }, SHARE(2023, 11, 100), &TEN, true, true },
    { "the same share of other numbers has not risen", { .when = WHEN_ANY, .op = OP_RISING }, SHARE(2023, 20, 200), &TEN, true, false },
    { "more people, smaller share", { .when = WHEN_ANY, .op = OP_RISING }, SHARE(2023, 19, 200), &TEN, true, false },
    { "no year before", { .when = WHEN_ANY, .op = OP_RISING }, SHARE(2019, 11, 100), NULL, false, false },
    { "nobody in the year before", { .when = WHEN_ANY, .op = OP_RISING }, SHARE(2023, 11, 100), &NOBODY, false, false },
    { "no facts in the year before", { .when = WHEN_ANY, .op = OP_RISING }, SHARE(2023, 11, 100), &NO_FACTS, false, false },
    { "nobody any more", { .when = WHEN_ANY, .op = OP_RISING }, SHARE(2023, 0, 0), &TEN, true, false },
    { "a count that rises", { .when = WHEN_ANY, .op = OP_RISING }, { .measure = MEASURE_COUNT, .year = 2023, .numerator = 5 }, &FOUR, true, true },
    { "a count that stays", { .when = WHEN_ANY, .op = OP_RISING }, { .measure = MEASURE_COUNT, .year = 2023, .numerator = 4 }, &FOUR, true, false },

    { "in another document: nothing to be met by", { .when = WHEN_ANY, .op = OP_DOCUMENT, .document = "паспорт" }, SHARE(2023, 100, 100), NULL, false, false },
    { "in another document, its value known", { .year = 2023, .value = 30, .document = "паспорт" }, SHARE(2023, 30, 100), NULL, true, true },

    { "judged: done", { .when = WHEN_ANY, .op = OP_JUDGEMENT }, { .measure = MEASURE_JUDGED, .year = 2023, .state = VALUE_JUDGED, .yes = true }, NULL, true, true },
    { "judged: of that grade", { .when = WHEN_ANY, .op = OP_JUDGEMENT, .value = 60 }, { .measure = MEASURE_JUDGED, .year = 2023, .state = VALUE_JUDGED, .graded = true, .grade = 60 }, NULL, true, true },
    { "judged: below it", { .when = WHEN_ANY, .op = OP_JUDGEMENT, .value = 60 }, { .measure = MEASURE_JUDGED, .year = 2023, .state = VALUE_JUDGED, .graded = true, .grade = 59, .yes = true }, NULL, true, false },
    { "judged without the grade that is asked for", { .when = WHEN_ANY, .op = OP_JUDGEMENT, .value = 60 }, { .measure = MEASURE_JUDGED, .year = 2023, .state = VALUE_JUDGED, .yes = true }, NULL, true, false },
    { "not judged", { .when = WHEN_ANY, .op = OP_JUDGEMENT }, { .measure = MEASURE_JUDGED, .year = 2023, .state = VALUE_NOT_JUDGED }, NULL, true, false },
};

static struct profile profile_of(struct act_edition *act, day_t opened)
{
    struct profile profile = { .first_year = 2019, .last_year = 2030, .centre_opened = opened };
    profile.acts.n = 1;
    profile.acts.at = act;
    return profile;
}

static struct indicator indicator_of(const struct target *target, uint32_t n, int measure)
{
    struct indicator in = { .act = "A", .code = "1", .measure = measure };
    in.targets.n = n;
    in.targets.at = arena_copy(&arena, target, n * sizeof *target);
    return in;
}

static void each_rule_binds_in_its_years_and_is_met_by_its_numbers(void **state)
{
    struct act_edition act = ACT(0);
    struct profile profile = profile_of(&act, day_of(2021, 9, 1));
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS_OF_TARGETS); i++) {
        const struct row *row = &ROWS_OF_TARGETS[i];
        struct indicator in = indicator_of(&row->target, 1, row->value.measure);
        struct value value = row->value;
        judge(&profile, &in, row->before, &value, &arena);
        assert_int_equal(value.verdicts.n, 1);
        const struct target_verdict *verdict = &value.verdicts.at[0];
        if (verdict->applies != row->applies || verdict->met != row->met || value.has_target != row->applies || value.met != row->met)
            fail_msg("%s: applies %d, met %d", row->says, verdict->applies, verdict->met);
        assert_int_equal(verdict->bound, row->target.value);
        assert_int_equal(verdict->op, row->target.op);
    }
}

static void without_an_opening_there_is_no_year_after_it(void **state)
{
    struct act_edition act = ACT(0);
    struct profile profile = profile_of(&act, 0);
    const struct target after = { .when = WHEN_AFTER_OPENING, .value = 1 }, opening = { .when = WHEN_OPENING, .value = 1 };
    struct indicator in = indicator_of(&after, 1, MEASURE_SHARE);
    (void)state;
    for (uint64_t year = 2019; year <= 2030; year++) {
        assert_false(target_applies(&profile, &in, &after, year));
        assert_false(target_applies(&profile, &in, &opening, year));
    }
}

static void an_edition_no_longer_in_force_binds_no_later_year(void **state)
{
    struct act_edition act = ACT(day_of(2023, 6, 30));
    struct profile profile = profile_of(&act, 0);
    const struct target any = { .when = WHEN_ANY, .value = 1 };
    struct indicator in = indicator_of(&any, 1, MEASURE_SHARE), stranger = in;
    (void)state;
    stranger.act = "B";
    assert_true(target_applies(&profile, &in, &any, 2022));
    assert_true(target_applies(&profile, &in, &any, 2023));
    assert_false(target_applies(&profile, &in, &any, 2024));
    assert_false(target_applies(&profile, &stranger, &any, 2022));
}

/* К 3.1: 5 % in the opening year, 10 % after it, and 100 % by 2024: in 2024 both hold. */
static void two_rules_in_one_year_both_hold(void **state)
{
    const struct target targets[] = { { .when = WHEN_OPENING, .value = 5 }, { .when = WHEN_AFTER_OPENING, .value = 10 },
                                      { .when = WHEN_BY, .year = 2024, .value = 100 } };
    static const struct { uint64_t year, num, bound; bool met; } ROWS_OF_YEARS[] = {
        { 2021, 5, 5, true }, { 2022, 10, 10, true }, { 2023, 9, 10, false }, { 2024, 50, 100, false }, { 2024, 100, 100, true },
    };
    struct act_edition act = ACT(0);
    struct profile profile = profile_of(&act, day_of(2021, 9, 1));
    struct indicator in = indicator_of(targets, 3, MEASURE_SHARE);
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS_OF_YEARS); i++) {
        struct value v = SHARE(ROWS_OF_YEARS[i].year, ROWS_OF_YEARS[i].num, 100);
        judge(&profile, &in, NULL, &v, &arena);
        assert_true(v.has_target);
        assert_int_equal(v.met, ROWS_OF_YEARS[i].met);
        assert_int_equal(v.bound, ROWS_OF_YEARS[i].bound);
        assert_int_equal(v.bound_op, OP_AT_LEAST);
    }
    struct value half = SHARE(2024, 50, 100);
    judge(&profile, &in, NULL, &half, &arena);
    assert_true(half.verdicts.at[1].met && !half.verdicts.at[2].met && !half.verdicts.at[0].applies);
}

/* К 2.4 and 3.2: the bound for a table is of the yearly value; of a corridor the least, where there is one. */
static void the_bound_of_a_table_is_the_strictest_of_the_year(void **state)
{
    const struct target along[] = { { .when = WHEN_ANY, .value = 10 }, { .when = WHEN_BY, .year = 2024, .value = 40, .cumulative = true } };
    const struct target corridor[] = { { .when = WHEN_BY, .year = 2024, .op = OP_AT_MOST, .value = 100 },
                                       { .when = WHEN_BY, .year = 2024, .op = OP_AT_MOST, .value = 90 }, { .when = WHEN_ANY, .value = 10 } };
    struct act_edition act = ACT(0);
    struct profile profile = profile_of(&act, 0);
    struct indicator in = indicator_of(along, 2, MEASURE_SHARE);
    struct value v = SHARE(2024, 10, 100);
    uint64_t at_least, at_most;
    (void)state;
    judge(&profile, &in, NULL, &v, &arena);
    assert_int_equal(v.bound, 10);
    assert_false(v.met);                                    /* the sum is of nobody */
    in = indicator_of(corridor, 2, MEASURE_CORRIDOR);
    v = (struct value)LOAD(2024, 2, 50, 90);
    judge(&profile, &in, NULL, &v, &arena);
    assert_int_equal(v.bound, 90);
    assert_int_equal(v.bound_op, OP_AT_MOST);
    in = indicator_of(corridor, 3, MEASURE_CORRIDOR);
    judge(&profile, &in, NULL, &v, &arena);
    assert_int_equal(v.bound, 10);
    assert_int_equal(v.bound_op, OP_AT_LEAST);
    corridor_bounds(&profile, &in, 2024, &at_least, &at_most);
    assert_int_equal(at_least, 10);
    assert_int_equal(at_most, 90);
    corridor_bounds(&profile, &in, 2023, &at_least, &at_most);
    assert_int_equal(at_least, 10);
    assert_int_equal(at_most, 0);
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_binds_in_its_years_and_is_met_by_its_numbers),
        cmocka_unit_test(without_an_opening_there_is_no_year_after_it),
        cmocka_unit_test(an_edition_no_longer_in_force_binds_no_later_year),
        cmocka_unit_test(two_rules_in_one_year_both_hold),
        cmocka_unit_test(the_bound_of_a_table_is_the_strictest_of_the_year),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
