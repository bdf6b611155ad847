#include <stdio.h>
#include "tests/unit/check.h"
#include "services/routes/effect.h"

/* What a later result shows of an earlier route. */
static struct share FIRST[] = { { "subject", 1, 4, true }, { "method", 2, 4, true }, { "digital", 4, 4, false } };
static struct share SECOND[] = { { "law", 0, 2, true }, { "digital", 1, 4, true }, { "subject", 3, 4, false }, { "method", 1, 4, true } };
static struct share FOREIGN[] = { { "people", 1, 2, true } };

static void compares_what_both_results_have(void **state)
{
    struct effect_row rows[DEFICITS_MAX];
    (void)state;
    assert_int_equal(effect_rows(FIRST, 3, SECOND, 4, rows), 3);
    assert_string_equal(rows[0].competency, "digital");         /* in the order of the later one; "law" is not comparable */
    assert_int_equal(rows[0].before_got, 4);
    assert_int_equal(rows[0].after_got, 1);
    assert_string_equal(rows[1].competency, "subject");
    assert_int_equal(rows[1].before_got, 1);
    assert_int_equal(rows[1].before_of, 4);
    assert_int_equal(rows[1].after_got, 3);
    assert_int_equal(rows[1].after_of, 4);
    assert_true(rows[1].deficit_before);
    assert_false(rows[1].deficit_after);
    struct effect_sum sum = effect_sum(rows, 3);
    assert_int_equal(sum.closed, 1);
    assert_int_equal(sum.left, 1);
    assert_int_equal(sum.fresh, 1);
    assert_int_equal(effect_rows(FIRST, 3, FOREIGN, 1, rows), 0);
    assert_int_equal(effect_rows(FIRST, 0, SECOND, 4, rows), 0);
}

static void takes_the_latest_earlier_route_with_something_in_common(void **state)
{
    const struct effect_earlier list[] = {
        { 100, FIRST, 3 }, { 300, FOREIGN, 1 }, { 200, FIRST, 2 }, { 200, FIRST, 3 }, { 400, SECOND, 4 }, { 350, NULL, 0 },
    };
    (void)state;
    assert_int_equal(effect_choose(list, 6, 401, SECOND, 4), 4);
    assert_int_equal(effect_choose(list, 6, 400, SECOND, 4), 3);    /* not of the same day; of two, the one drafted later */
    assert_int_equal(effect_choose(list, 3, 400, SECOND, 4), 2);
    assert_int_equal(effect_choose(list, 6, 200, SECOND, 4), 0);
    assert_int_equal(effect_choose(list, 6, 400, FOREIGN, 1), 1);
    assert_int_equal(effect_choose(list, 6, 100, SECOND, 4), EFFECT_NONE);
    assert_int_equal(effect_choose(list, 0, 400, SECOND, 4), EFFECT_NONE);
}

static void never_more_rows_than_competencies(void **state)
{
    static char code[DEFICITS_MAX + 6][8];
    struct share many[DEFICITS_MAX + 6];
    struct effect_row rows[DEFICITS_MAX];
    (void)state;
    for (int i = 0; i < DEFICITS_MAX + 6; i++) {
        snprintf(code[i], sizeof code[i], "c%d", i);
        many[i] = (struct share){ code[i], 1, 2, true };
    }
    assert_int_equal(effect_rows(many, DEFICITS_MAX + 6, many, DEFICITS_MAX + 6, rows), DEFICITS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_what_both_results_have),
        cmocka_unit_test(takes_the_latest_earlier_route_with_something_in_common),
        cmocka_unit_test(never_more_rows_than_competencies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
