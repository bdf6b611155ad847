#include "tests/unit/check.h"
#include "services/routes/match.h"

/* Which step a fact of the registry answers. A, B, C are programmes; step 1 is A or else B, step 2 is B, step 3 is A. */
#define ID(n) { { [0] = 0x01, [15] = (n) } }
static const struct uuid A = ID(1), B = ID(2), C = ID(3), OLD = ID(8), FACT = ID(9);

static struct step STEPS[3];
static struct step_now now[3];

static int fresh(void **state)
{
    (void)state;
    STEPS[0] = (struct step){ .number = 1, .programme = A, .alternative = B };
    STEPS[1] = (struct step){ .number = 2, .programme = B };
    STEPS[2] = (struct step){ .number = 3, .programme = A };
    for (uint32_t i = 0; i < 3; i++)
        now[i] = (struct step_now){ .step = i + 1, .state = STEP_PLANNED, .programme = STEPS[i].programme };
    return 0;
}

/* Number of the step, 0: none. */
static unsigned answered(enum match expected, int kind, struct uuid programme, uint64_t step)
{
    struct fact_noted fact = { .fact = FACT, .kind = kind, .programme = programme, .step = step };
    uint32_t at = 99;
    assert_int_equal(match_step(STEPS, now, 3, &fact, &at), expected);
    return expected == MATCH_NONE ? 0 : at + 1;
}

static void its_own_programme_before_an_alternative(void **state)
{
    (void)state;
    assert_int_equal(answered(MATCH_TICK, NOTED_COMPLETION, A, 0), 1);
    assert_int_equal(answered(MATCH_TICK, NOTED_COMPLETION, B, 0), 2);
    answered(MATCH_NONE, NOTED_COMPLETION, C, 0);
    now[1].state = STEP_ACCEPTED;
    now[1].completion = OLD;
    assert_int_equal(answered(MATCH_TICK, NOTED_COMPLETION, B, 0), 1);
}

static void the_one_chosen_last_comes_first(void **state)
{
    (void)state;
    now[0].programme = B;
    now[0].state = STEP_CHOSEN;
    assert_int_equal(answered(MATCH_TICK, NOTED_COMPLETION, B, 0), 1);
    assert_int_equal(answered(MATCH_TICK, NOTED_COMPLETION, A, 0), 3);
}

static void a_step_that_is_named_or_none(void **state)
{
    (void)state;
    assert_int_equal(answered(MATCH_TICK, NOTED_COMPLETION, A, 3), 3);
    assert_int_equal(answered(MATCH_TICK, NOTED_COMPLETION, B, 1), 1);
    answered(MATCH_NONE, NOTED_COMPLETION, B, 3);
    answered(MATCH_NONE, NOTED_COMPLETION, A, 4);
}

static void a_step_is_accepted_once(void **state)
{
    (void)state;
    now[0].state = now[2].state = STEP_ACCEPTED;
    now[0].completion = now[2].completion = OLD;
    answered(MATCH_NONE, NOTED_COMPLETION, A, 0);
    answered(MATCH_NONE, NOTED_COMPLETION, A, 1);
    now[2].completion = FACT;
    assert_int_equal(answered(MATCH_SAME, NOTED_COMPLETION, A, 0), 3);
}

static void what_a_person_accepted_is_confirmed_unless_something_is_open(void **state)
{
    (void)state;
    now[0].state = STEP_ACCEPTED;
    assert_int_equal(answered(MATCH_TICK, NOTED_COMPLETION, A, 0), 3);
    assert_int_equal(answered(MATCH_CONFIRM, NOTED_COMPLETION, A, 1), 1);
    now[2].state = STEP_ACCEPTED;
    assert_int_equal(answered(MATCH_CONFIRM, NOTED_COMPLETION, A, 0), 1);
    now[0].completion = OLD;
    assert_int_equal(answered(MATCH_CONFIRM, NOTED_COMPLETION, A, 0), 3);
}

static void an_enrolment_moves_nothing_that_is_done(void **state)
{
    (void)state;
    now[0].state = STEP_ACCEPTED;
    assert_int_equal(answered(MATCH_TICK, NOTED_ENROLMENT, A, 0), 3);
    answered(MATCH_NONE, NOTED_ENROLMENT, A, 1);
    now[2].state = STEP_ENROLLED;
    now[2].enrolment = OLD;
    answered(MATCH_NONE, NOTED_ENROLMENT, A, 0);            /* enrolled already: not by chance into another */
    assert_int_equal(answered(MATCH_TICK, NOTED_ENROLMENT, A, 3), 3);
    now[2].enrolment = FACT;
    assert_int_equal(answered(MATCH_SAME, NOTED_ENROLMENT, A, 0), 3);
    now[1].state = STEP_SUBMITTED;
    assert_int_equal(answered(MATCH_TICK, NOTED_ENROLMENT, B, 0), 2);
}

/* Whatever else it could answer: step 3 before step 1, and one that a person has accepted before one that is open. */
static void the_document_of_an_enrolment_belongs_to_the_step_enrolled_by_it(void **state)
{
    struct fact_noted fact = { .fact = FACT, .kind = NOTED_COMPLETION, .programme = A, .enrolment = OLD };
    uint32_t at = 99;
    (void)state;
    now[2].state = STEP_ENROLLED;
    now[2].enrolment = OLD;
    assert_int_equal(match_step(STEPS, now, 3, &fact, &at), MATCH_TICK_OWN);
    assert_int_equal(at, 2);
    now[2].state = STEP_ACCEPTED;
    assert_int_equal(match_step(STEPS, now, 3, &fact, &at), MATCH_CONFIRM_OWN);
    assert_int_equal(at, 2);
    now[2].completion = FACT;
    assert_int_equal(match_step(STEPS, now, 3, &fact, &at), MATCH_SAME);
    fact.enrolment = FACT;
    now[2].completion = OLD;
    assert_int_equal(match_step(STEPS, now, 3, &fact, &at), MATCH_TICK);
    assert_int_equal(at, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(its_own_programme_before_an_alternative),
        TEST(the_one_chosen_last_comes_first),
        TEST(a_step_that_is_named_or_none),
        TEST(a_step_is_accepted_once),
        TEST(what_a_person_accepted_is_confirmed_unless_something_is_open),
        TEST(an_enrolment_moves_nothing_that_is_done),
        TEST(the_document_of_an_enrolment_belongs_to_the_step_enrolled_by_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
