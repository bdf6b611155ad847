#include "tests/service/routes_rig.h"

/* What programmes has lost: it was made again from a backup, and the steps that stand by its enrolments are asked about. */

static void accept_fork(struct bench *b)
{
    struct input input = { .kind = INPUT_ACCEPT_FORK, .who = toy_principal(ROLE_OPERATOR), .command = uuid_v7(b->time.wall / MOMENT_MS, (const uint8_t[10]){ 90 }), .stream = "programmes" };
    struct outcome outcome;
    assert_int_equal(machine_forked(b->routes, "programmes"), ERR_FORK);
    assert_int_equal(machine_batch(b->routes, &input, 1, &b->arena, &outcome), ERR_OK);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    bench_follow(b);
    bench_pass(b, MOMENT_SECOND);
}

static void programmes_knows_nothing_of(struct bench *b, uint8_t enrolment, const struct uuid *route, uint64_t step)
{
    struct enrolment_unknown unknown = { rig_fact(enrolment), *route, step, ANNA };
    source_add(&b->programmes, "programmes.enrolment.unknown", &enrolment_unknown_desc, &unknown);
    bench_follow(b);
}

static void enrolments_of_a_lost_history_are_asked_about_and_chosen_anew(void **state)
{
    struct bench *b = *state;
    struct step_asked asked;
    struct uuid id = rig_agreed(b), first = rig_fact(1);
    rig_enrolled(b, 1, 1, &ANNA, TODAY, &id, 1);
    accept_fork(b);
    assert_int_equal(bench_events(b, b->routes, "routes.step.asked", &step_asked_desc, &asked), 1);     /* step 2 has none */
    assert_true(uuid_equal(&asked.enrolment, &first));
    assert_int_equal(asked.step, 1);
    unsigned chosen = rig_count(b, "routes.step.chosen");
    programmes_knows_nothing_of(b, 2, &id, 1);                  /* another than the one it stands by */
    assert_int_equal(rig_step(b, &id, 1).state, STEP_ENROLLED);
    programmes_knows_nothing_of(b, 1, &id, 1);
    struct step_now now = rig_step(b, &id, 1);
    assert_int_equal(now.state, STEP_CHOSEN);
    assert_true(uuid_is_nil(&now.enrolment));
    assert_int_equal(rig_count(b, "routes.step.chosen"), chosen + 1);
    rig_enrolled(b, 3, 1, &ANNA, TODAY, &id, 1);
    assert_int_equal(rig_step(b, &id, 1).state, STEP_ENROLLED);
    assert_int_equal(machine_next_due(b->routes), 0);
    bench_sound(b->routes);
}

/* More than one batch of questions: each is asked once. */
static void many_enrolments_are_asked_about_some_at_a_time(void **state)
{
    enum { MANY = 130 };
    struct bench *b = *state;
    struct uuid id = rig_two_steps(b);
    for (uint8_t i = 0; i < MANY; i++) {
        if (i > 0)
            id = rig_drafted(b, &ANNA, 1);
        allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &id));
        rig_enrolled(b, i, 1, &ANNA, TODAY, &id, 1);
    }
    accept_fork(b);
    bench_pass(b, MOMENT_SECOND);
    assert_int_equal(rig_count(b, "routes.step.asked"), MANY);
    assert_int_equal(rig_count(b, "routes.asking.went_on"), 1);
    assert_int_equal(machine_next_due(b->routes), 0);
    bench_sound(b->routes);
}

/* What was noted before the fork ticks at an agreement after it. */
static void an_enrolment_noted_of_a_lost_history_is_asked_about_when_it_ticks(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_two_steps(b);
    rig_enrolled(b, 1, 1, &ANNA, TODAY, NULL, 0);
    accept_fork(b);
    assert_int_equal(rig_count(b, "routes.step.asked"), 0);
    allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &id));
    assert_int_equal(rig_step(b, &id, 1).state, STEP_ENROLLED);
    assert_int_equal(rig_count(b, "routes.step.asked"), 1);
    bench_sound(b->routes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(enrolments_of_a_lost_history_are_asked_about_and_chosen_anew),
        TEST(many_enrolments_are_asked_about_some_at_a_time),
        TEST(an_enrolment_noted_of_a_lost_history_is_asked_about_when_it_ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
