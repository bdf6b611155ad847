#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "services/diagnostics/scoring.h"

static uint64_t KEY_1[] = { 1 }, KEY_13[] = { 1, 3 };

static struct task TASKS[] = {
    { .number = 1, .kind = TASK_SINGLE,   .competency = "subject", .key = { 1, KEY_1 },  .points = 1 },
    { .number = 2, .kind = TASK_MULTIPLE, .competency = "method",  .key = { 2, KEY_13 }, .points = 3 },
    { .number = 5, .kind = TASK_SINGLE,   .competency = "subject", .key = { 1, KEY_1 },  .points = 4 },
};
static const struct instrument INSTRUMENT = { .cut_percent = 60, .tasks = { 3, TASKS } };

static void gives_points_for_exactly_the_key(void **state)
{
    static const struct { uint32_t task; uint32_t n; uint64_t chosen[3]; bool right; } ROWS[] = {
        { 0, 1, { 1 },       true  },
        { 0, 1, { 2 },       false },
        { 0, 0, { 0 },       false },
        { 0, 2, { 1, 2 },    false },
        { 1, 2, { 1, 3 },    true  },
        { 1, 1, { 1 },       false },
        { 1, 3, { 1, 2, 3 }, false },
        { 1, 2, { 1, 2 },    false },
        { 1, 0, { 0 },       false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_int_equal(scoring_right(&TASKS[ROWS[i].task], ROWS[i].chosen, ROWS[i].n), ROWS[i].right);
}

static void a_share_that_equals_the_cut_is_no_deficit(void **state)
{
    static const struct { uint64_t got, of, cut; bool deficit; } ROWS[] = {
        { 3, 5, 60, false }, { 2, 5, 60, true }, { 59, 100, 60, true }, { 60, 100, 60, false },
        { 0, 1, 1, true }, { 1, 1, 100, false }, { 99, 100, 100, true },
        { 2, 3, 66, false },            /* 66.67 % */
        { 2, 3, 67, true },
        { 100000, 100000, 100, false }, { 99999, 100000, 100, true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_int_equal(scoring_is_deficit(ROWS[i].got, ROWS[i].of, ROWS[i].cut), ROWS[i].deficit);
}

static void sums_by_competency_in_the_order_of_tasks(void **state)
{
    uint64_t one[] = { 1 }, two[] = { 2 };
    struct answer answers[] = { { 5, { 1, one } }, { 2, { 1, two } } };
    struct share shares[DEFICITS_MAX];
    (void)state;
    assert_int_equal(scoring_shares(&INSTRUMENT, answers, 2, shares), 2);
    assert_string_equal(shares[0].competency, "subject");
    assert_int_equal(shares[0].got, 4);
    assert_int_equal(shares[0].of, 5);
    assert_false(shares[0].deficit);
    assert_string_equal(shares[1].competency, "method");
    assert_int_equal(shares[1].got, 0);
    assert_int_equal(shares[1].of, 3);
    assert_true(shares[1].deficit);
}

static void nothing_answered_is_nothing_got(void **state)
{
    struct share shares[DEFICITS_MAX];
    (void)state;
    assert_int_equal(scoring_shares(&INSTRUMENT, NULL, 0, shares), 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(shares[i].got, 0);
        assert_true(shares[i].deficit);
    }
}

static void the_last_of_two_answers_counts(void **state)
{
    uint64_t one[] = { 1 }, two[] = { 2 };
    struct answer answers[] = { { 1, { 1, one } }, { 1, { 1, two } }, { 9, { 1, one } } };
    struct share shares[DEFICITS_MAX];
    (void)state;
    scoring_shares(&INSTRUMENT, answers, 3, shares);
    assert_int_equal(shares[0].got, 0);
    scoring_shares(&INSTRUMENT, answers, 1, shares);
    assert_int_equal(shares[0].got, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_points_for_exactly_the_key),
        cmocka_unit_test(a_share_that_equals_the_cut_is_no_deficit),
        cmocka_unit_test(sums_by_competency_in_the_order_of_tasks),
        cmocka_unit_test(nothing_answered_is_nothing_got),
        cmocka_unit_test(the_last_of_two_answers_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
