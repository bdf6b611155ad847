#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>
#include "common/core/random.h"
#include "services/routes/planner.h"

static struct plan_deficit DEFICITS[] = {       /* worst: 2, then 0, then 1 */
    { "subject", 3, 10 }, { "method", 1, 2 }, { "digital", 0, 7 }, { "people", 4, 8 },
};

static struct plan_programme programme(uint8_t id, const char *code, uint64_t hours, bool federal, uint64_t answers)
{
    return (struct plan_programme){ { { id } }, code, hours, federal, answers };
}

static void prefers_the_federal_registry_whatever_the_hours(void **state)
{
    struct arena arena = { 0 };
    struct plan plan;
    struct plan_programme list[] = {
        programme(1, "a", 16, false, 3), programme(2, "b", 72, true, 1), programme(3, "c", 24, false, 2),
        programme(4, "d", 20, false, 4),
    };
    (void)state;
    plan_route(DEFICITS, 3, list, 4, &arena, &plan);
    assert_int_equal(plan.n, 3);
    assert_int_equal(plan.uncovered, 0);
    assert_int_equal(plan.step[0].programme, 3);                /* the worst deficit first */
    assert_int_equal(plan.step[0].reason, STEP_FEWEST_HOURS);
    assert_int_equal(plan.step[0].alternative, PLAN_NONE);
    assert_int_equal(plan.step[1].programme, 1);
    assert_int_equal(plan.step[1].reason, STEP_FEDERAL_FEWEST_HOURS);
    assert_int_equal(plan.step[1].answers, 1);
    assert_int_equal(plan.step[1].alternative, PLAN_NONE);      /* the one that could is a step itself */
    assert_int_equal(plan.step[2].programme, 0);
    assert_int_equal(plan.step[2].answers, 2);
    assert_int_equal(plan.step[2].alternative, 2);
    arena_free(&arena);
}

static void one_programme_for_two_is_better_than_two(void **state)
{
    struct arena arena = { 0 };
    struct plan plan;
    struct plan_programme list[] = {
        programme(1, "a", 36, true, 1), programme(2, "b", 36, true, 2), programme(3, "c", 72, true, 3),
        programme(4, "d", 71, true, 4),
    };
    (void)state;
    plan_route(DEFICITS, 2, list, 4, &arena, &plan);
    assert_int_equal(plan.n, 1);                                /* of equal hours the fewer steps */
    assert_int_equal(plan.step[0].programme, 2);
    assert_int_equal(plan.step[0].answers, 3);
    assert_int_equal(plan.step[0].alternative, PLAN_NONE);
    list[2].hours = 73;
    plan_route(DEFICITS, 2, list, 4, &arena, &plan);
    assert_int_equal(plan.n, 2);
    assert_int_equal(plan.step[0].programme, 0);
    assert_int_equal(plan.step[0].alternative, 2);
    arena_free(&arena);
}

static void says_what_nothing_answers(void **state)
{
    struct arena arena = { 0 };
    struct plan plan;
    struct plan_programme list[] = { programme(1, "a", 16, false, 4) };
    (void)state;
    plan_route(DEFICITS, 4, list, 1, &arena, &plan);
    assert_int_equal(plan.n, 1);
    assert_int_equal(plan.uncovered, 1 | 2 | 8);
    plan_route(DEFICITS, 4, NULL, 0, &arena, &plan);
    assert_int_equal(plan.n, 0);
    assert_int_equal(plan.uncovered, 15);
    plan_route(DEFICITS, 0, list, 1, &arena, &plan);
    assert_int_equal(plan.n, 0);
    assert_int_equal(plan.uncovered, 0);
    arena_free(&arena);
}

static void an_alternative_of_the_federal_registry_comes_first(void **state)
{
    struct arena arena = { 0 };
    struct plan plan;
    struct plan_programme list[] = {
        programme(1, "a", 16, true, 1), programme(2, "b", 18, false, 1), programme(3, "c", 90, true, 3),
        programme(4, "d", 80, true, 5), programme(5, "e", 80, true, 1),
    };
    (void)state;
    plan_route(DEFICITS, 1, list, 3, &arena, &plan);
    assert_int_equal(plan.step[0].alternative, 2);
    plan_route(DEFICITS, 1, list, 5, &arena, &plan);
    assert_int_equal(plan.step[0].alternative, 3);              /* equal hours: by code */
    arena_free(&arena);
}

/* ── against all sets of programmes ── */
#define SMALL_DEFICITS   6
#define SMALL_PROGRAMMES 9

static struct plan_programme random_programme(struct prng *prng, uint32_t i, uint32_t deficits)
{
    static const char *const CODES[] = { "k", "l", "m" };
    return programme((uint8_t)(i + 1), CODES[prng_below(prng, 3)], 1 + prng_below(prng, 6) * 4, prng_below(prng, 3) == 0,
                     1 + prng_below(prng, (UINT64_C(1) << deficits) - 1));
}

/* The fewest hours for which `sets` of the allowed programmes answer all the targets. */
static uint64_t brute_force(const struct plan_programme *list, uint32_t n, bool federal, uint64_t targets)
{
    uint64_t best = UINT64_MAX;
    for (uint32_t set = 0; set < 1u << n; set++) {
        uint64_t hours = 0, answered = 0;
        for (uint32_t i = 0; i < n; i++)
            if ((set >> i & 1) && list[i].federal == federal) {
                hours += list[i].hours;
                answered |= list[i].answers;
            }
        if ((targets & ~answered) == 0 && hours < best)
            best = hours;
    }
    return best;
}

static void check_rules(const struct plan *plan, const struct plan_programme *list, uint32_t n, uint64_t all)
{
    uint64_t any = 0, federal = 0, answered = 0;
    for (uint32_t i = 0; i < n; i++) {
        any |= list[i].answers & all;
        federal |= list[i].federal ? list[i].answers & all : 0;
    }
    assert_int_equal(plan->uncovered, all & ~any);
    for (uint32_t i = 0; i < plan->n; i++) {
        const struct plan_step *step = &plan->step[i];
        const struct plan_programme *p = &list[step->programme];
        assert_true(step->answers != 0);
        assert_int_equal(step->answers & ~p->answers, 0);
        assert_int_equal(step->answers & answered, 0);          /* in one step only */
        answered |= step->answers;
        assert_int_equal((step->answers & federal) != 0, p->federal);
        assert_int_equal(step->reason == STEP_FEDERAL_FEWEST_HOURS, p->federal);
        if (step->alternative != PLAN_NONE) {
            assert_int_equal(step->answers & ~list[step->alternative].answers, 0);
            for (uint32_t k = 0; k < plan->n; k++)
                assert_int_not_equal(step->alternative, plan->step[k].programme);
        }
    }
    assert_int_equal(answered, all & any);
}

static void is_the_best_of_all_sets_in_small_cases(void **state)
{
    struct arena arena = { .keep = 1 << 16 };
    struct prng prng;
    (void)state;
    prng_seed(&prng, 20240915);
    for (int round = 0; round < 3000; round++) {
        struct plan_programme list[SMALL_PROGRAMMES];
        struct plan_deficit deficits[SMALL_DEFICITS];
        uint32_t n = (uint32_t)prng_below(&prng, SMALL_PROGRAMMES + 1);
        uint32_t d = 1 + (uint32_t)prng_below(&prng, SMALL_DEFICITS);
        uint64_t all = (UINT64_C(1) << d) - 1, hours = 0, any = 0, federal = 0;
        struct plan plan;
        for (uint32_t i = 0; i < d; i++)
            deficits[i] = (struct plan_deficit){ "c", prng_below(&prng, 5), 10 };
        for (uint32_t i = 0; i < n; i++) {
            list[i] = random_programme(&prng, i, d);
            any |= list[i].answers;
            federal |= list[i].federal ? list[i].answers : 0;
        }
        plan_route(deficits, d, list, n, &arena, &plan);
        check_rules(&plan, list, n, all);
        for (uint32_t i = 0; i < plan.n; i++)
            hours += list[plan.step[i].programme].hours;
        assert_int_equal(hours, brute_force(list, n, true, federal) + brute_force(list, n, false, any & ~federal));
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void does_not_depend_on_the_order_of_programmes(void **state)
{
    struct arena arena = { .keep = 1 << 16 };
    struct prng prng;
    (void)state;
    prng_seed(&prng, 7);
    for (int round = 0; round < 500; round++) {
        struct plan_programme list[SMALL_PROGRAMMES], mixed[SMALL_PROGRAMMES];
        struct plan plan, again;
        for (uint32_t i = 0; i < SMALL_PROGRAMMES; i++)
            mixed[i] = list[i] = random_programme(&prng, i, 4);
        for (uint32_t i = SMALL_PROGRAMMES - 1; i > 0; i--) {
            uint32_t k = (uint32_t)prng_below(&prng, i + 1);
            struct plan_programme held = mixed[i];
            mixed[i] = mixed[k];
            mixed[k] = held;
        }
        plan_route(DEFICITS, 4, list, SMALL_PROGRAMMES, &arena, &plan);
        plan_route(DEFICITS, 4, mixed, SMALL_PROGRAMMES, &arena, &again);
        assert_int_equal(plan.n, again.n);
        for (uint32_t i = 0; i < plan.n; i++) {
            const struct plan_step *a = &plan.step[i], *b = &again.step[i];
            assert_true(uuid_equal(&list[a->programme].id, &mixed[b->programme].id));
            assert_int_equal(a->alternative == PLAN_NONE, b->alternative == PLAN_NONE);
            if (a->alternative != PLAN_NONE)
                assert_true(uuid_equal(&list[a->alternative].id, &mixed[b->alternative].id));
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
}

/* Above PLAN_EXACT_MAX the cover is greedy, and 33 steps do not fit: the least severe stay open. */
static void keeps_the_rules_where_it_is_greedy(void **state)
{
    struct arena arena = { .keep = 1 << 16 };
    struct plan_deficit deficits[PLAN_DEFICITS_MAX];
    struct plan_programme list[40];
    struct prng prng;
    struct plan plan;
    (void)state;
    prng_seed(&prng, 3);
    for (uint32_t i = 0; i < PLAN_DEFICITS_MAX; i++)
        deficits[i] = (struct plan_deficit){ "c", i, 100 };
    for (int round = 0; round < 200; round++) {
        uint32_t d = PLAN_EXACT_MAX + 1 + (uint32_t)prng_below(&prng, 12);
        for (uint32_t i = 0; i < 40; i++)
            list[i] = programme((uint8_t)(i + 1), "k", 1 + prng_below(&prng, 50), prng_below(&prng, 2) == 0,
                                prng_next(&prng) & prng_next(&prng) & prng_next(&prng));
        plan_route(deficits, d, list, 40, &arena, &plan);
        check_rules(&plan, list, 40, (UINT64_C(1) << d) - 1);
        arena_reset(&arena);
    }
    for (uint32_t i = 0; i < 40; i++)
        list[i] = programme((uint8_t)(i + 1), "k", 10, false, UINT64_C(1) << i);
    plan_route(deficits, 64, list, 40, &arena, &plan);
    assert_int_equal(plan.n, STEPS_MAX);
    assert_int_equal(plan.uncovered, UINT64_MAX << STEPS_MAX);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prefers_the_federal_registry_whatever_the_hours),
        cmocka_unit_test(one_programme_for_two_is_better_than_two),
        cmocka_unit_test(says_what_nothing_answers),
        cmocka_unit_test(an_alternative_of_the_federal_registry_comes_first),
        cmocka_unit_test(is_the_best_of_all_sets_in_small_cases),
        cmocka_unit_test(does_not_depend_on_the_order_of_programmes),
        cmocka_unit_test(keeps_the_rules_where_it_is_greedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
