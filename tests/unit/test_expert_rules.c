#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "services/roster/experts/expert_rules.h"

/* expert_rules: conflict of interest, opinions by criteria, and what several opinions come to. */

enum { ME = 1, AUTHOR, OTHER, SCHOOL, LYCEUM };
static struct uuid id(uint8_t which) { return (struct uuid){ { which } }; }

/* ── conflict ─────────────────────────────────────────────────────────────── */

static const struct {
    uint8_t author, works_at, place;
    struct { uint8_t person, other; day_t from, until; } tie;
    enum expert_conflict conflict;
} CONFLICTS[] = {
    { AUTHOR, SCHOOL, LYCEUM, { 0 }, EXPERT_FREE },
    { ME,     SCHOOL, LYCEUM, { 0 }, EXPERT_HIMSELF },
    { ME,     SCHOOL, SCHOOL, { 0 }, EXPERT_HIMSELF },                          /* the nearer one is said */
    { AUTHOR, SCHOOL, SCHOOL, { 0 }, EXPERT_SAME_PLACE },
    { AUTHOR, SCHOOL, LYCEUM, { ME, AUTHOR, 0, 0 }, EXPERT_TIED },
    { AUTHOR, SCHOOL, LYCEUM, { AUTHOR, ME, 0, 0 }, EXPERT_TIED },              /* whoever of the two has declared it */
    { AUTHOR, SCHOOL, LYCEUM, { ME, LYCEUM, 0, 0 }, EXPERT_TIED },
    { AUTHOR, SCHOOL, LYCEUM, { AUTHOR, SCHOOL, 0, 0 }, EXPERT_TIED },
    { AUTHOR, SCHOOL, LYCEUM, { ME, OTHER, 0, 0 }, EXPERT_FREE },
    { AUTHOR, SCHOOL, LYCEUM, { OTHER, ME, 0, 0 }, EXPERT_FREE },
    { AUTHOR, SCHOOL, LYCEUM, { ME, SCHOOL, 0, 0 }, EXPERT_FREE },              /* to his own place: nothing new */
    { AUTHOR, SCHOOL, LYCEUM, { ME, AUTHOR, 101, 0 }, EXPERT_FREE },            /* not yet */
    { AUTHOR, SCHOOL, LYCEUM, { ME, AUTHOR, 100, 100 }, EXPERT_TIED },
    { AUTHOR, SCHOOL, LYCEUM, { ME, AUTHOR, 1, 99 }, EXPERT_FREE },             /* no longer */
};

static void an_expert_judges_nothing_of_his_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CONFLICTS / sizeof *CONFLICTS; i++) {
        struct uuid me = id(ME), author = id(CONFLICTS[i].author), at = id(CONFLICTS[i].works_at), place = id(CONFLICTS[i].place);
        struct expert_party expert = { &me, 1, &at, 1 }, work = { &author, 1, &place, 1 };
        struct tie tie = { .person = id(CONFLICTS[i].tie.person), .other = id(CONFLICTS[i].tie.other),
                           .from = CONFLICTS[i].tie.from, .until = CONFLICTS[i].tie.until };
        enum expert_conflict conflict = expert_conflict(&expert, &work, &tie, CONFLICTS[i].tie.person != 0, 100);
        if (conflict != CONFLICTS[i].conflict)
            fail_msg("row %zu: %s", i, expert_conflict_names.names[conflict]);
    }
}

/* ── an opinion ───────────────────────────────────────────────────────────── */

static struct expert_criterion CRITERIA[] = { { .code = "a", .title = "первый", .most = 10 }, { .code = "b", .title = "второй", .most = 5 } };
static const struct profile_direction DIRECTION = { .criteria = { 2, CRITERIA }, .opinions = 2, .apart = 20, .pass = 60 };

static const struct { struct expert_point points[3]; uint32_t n; const char *reason, *path; uint32_t share; } OPINIONS[] = {
    { { { "a", 10, NULL }, { "b", 5, NULL } }, 2, NULL, NULL, 1000 },
    { { { "b", 0, NULL }, { "a", 0, NULL } }, 2, NULL, NULL, 0 },
    { { { "a", 5, NULL }, { "b", 5, NULL } }, 2, NULL, NULL, 667 },
    { { { "a", 11, NULL }, { "b", 5, NULL } }, 2, "points_over", "points[0].points", 0 },
    { { { "a", 1, NULL }, { "b", 6, NULL } }, 2, "points_over", "points[1].points", 0 },
    { { { "a", 1, NULL } }, 1, "criterion_missing", "points", 0 },
    { { { "a", 1, NULL }, { "a", 1, NULL } }, 2, "criterion_repeated", "points[1].criterion", 0 },
    { { { "a", 1, NULL }, { "b", 1, NULL }, { "c", 1, NULL } }, 3, "criterion_unknown", "points[2].criterion", 0 },
};

static void an_opinion_gives_points_by_each_criterion(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof OPINIONS / sizeof *OPINIONS; i++) {
        struct register_fault fault = { 0 };
        bool good = opinion_good(&DIRECTION, OPINIONS[i].points, OPINIONS[i].n, &arena, &fault);
        assert_int_equal(good, OPINIONS[i].reason == NULL);
        if (good)
            assert_int_equal(opinion_share(&DIRECTION, OPINIONS[i].points, OPINIONS[i].n), OPINIONS[i].share);
        else {
            assert_string_equal(fault.reason, OPINIONS[i].reason);
            assert_string_equal(fault.path, OPINIONS[i].path);
        }
    }
    arena_free(&arena);
}

/* ── several ──────────────────────────────────────────────────────────────── */

static const struct { uint32_t shares[4], n, share, missing; bool apart, positive; } WEIGHED[] = {
    { { 0 }, 0, 0, 2, false, false },
    { { 700 }, 1, 700, 1, false, true },
    { { 700, 500 }, 2, 600, 0, false, true },               /* 20 percent apart is not further than 20 */
    { { 700, 499 }, 2, 600, 1, true, true },                /* (699.5) a third one is wanted */
    { { 700, 400, 650 }, 3, 650, 0, true, true },           /* the median: one stray opinion does not decide */
    { { 100, 600, 599 }, 3, 599, 0, true, false },
    { { 590, 600 }, 2, 595, 0, false, false },
    { { 600, 600, 600 }, 3, 600, 0, false, true },          /* more than wanted */
    { { 100, 200, 900, 800 }, 4, 500, 0, true, false },
};

static void opinions_apart_want_one_more(void **state)
{
    struct profile_direction never = DIRECTION;
    (void)state;
    for (size_t i = 0; i < sizeof WEIGHED / sizeof *WEIGHED; i++) {
        struct opinions got = opinions_weigh(&DIRECTION, WEIGHED[i].shares, WEIGHED[i].n);
        if (got.share != WEIGHED[i].share || got.missing != WEIGHED[i].missing || got.apart != WEIGHED[i].apart || got.positive != WEIGHED[i].positive)
            fail_msg("row %zu: share %u, missing %u, apart %d, positive %d", i, got.share, got.missing, got.apart, got.positive);
    }
    never.apart = 0;
    assert_false(opinions_weigh(&never, (uint32_t[]){ 0, 1000 }, 2).apart);
}

static void an_opinion_is_held_against_the_others(void **state)
{
    const uint32_t shares[] = { 900, 600, 700 };
    (void)state;
    assert_int_equal(opinion_off(shares, 3, 0), 250);
    assert_int_equal(opinion_off(shares, 3, 1), 200);
    assert_int_equal(opinion_off(shares, 3, 2), 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_expert_judges_nothing_of_his_own),
        cmocka_unit_test(an_opinion_gives_points_by_each_criterion),
        cmocka_unit_test(opinions_apart_want_one_more),
        cmocka_unit_test(an_opinion_is_held_against_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
