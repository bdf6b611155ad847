#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/core/err.h"
#include "services/programmes/enrolment_rules.h"

/* Which run a learner gets, and in what order the acts of an enrolment may follow one another. */

#define ID(n) ((struct uuid){ { [15] = (n) } })
#define assert_fault(fault, text) assert_string_equal((fault) != NULL ? (fault) : "", (text))

static void a_run_has_places_until_they_are_taken(void **state)
{
    static const struct { uint64_t places, learners, free; } rows[] = {
        { 0, 0, RUN_UNLIMITED }, { 0, 9, RUN_UNLIMITED }, { 3, 0, 3 }, { 3, 2, 1 }, { 3, 3, 0 }, { 3, 4, 0 } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run run = { .places = rows[i].places };
        struct run_row row = { &run, rows[i].learners };
        assert_true(run_free(&row) == rows[i].free);
    }
}

static void a_run_is_over_after_its_last_day(void **state)
{
    struct run said = { .day = 100, .until = 110 }, not_said = { .day = 100 };
    (void)state;
    assert_false(run_over(&said, 110));
    assert_true(run_over(&said, 111));
    assert_false(run_over(&not_said, 100));
    assert_true(run_over(&not_said, 101));
}

static void the_first_run_with_a_place_is_taken(void **state)
{
    static const struct run_choice list[] = { { .day = 100, .free = 1 }, { .day = 110, .free = 0 }, { .day = 110, .free = 2 }, { .day = 120, .free = 0 } };
    static const struct { day_t day; int pick; enum decline_reason lack; } rows[] = {
        { 99, 0, DECLINE_NO_PLACES }, { 100, 0, DECLINE_NO_PLACES }, { 101, 2, DECLINE_NO_PLACES }, { 110, 2, DECLINE_NO_PLACES },
        { 111, -1, DECLINE_NO_PLACES }, { 121, -1, DECLINE_NO_RUN } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(run_pick(list, 4, rows[i].day), rows[i].pick);
        assert_int_equal(run_lack(list, 4, rows[i].day), rows[i].lack);
    }
    assert_int_equal(run_pick(list, 0, 1), -1);
    assert_int_equal(run_lack(list, 0, 1), DECLINE_NO_RUN);
}

static void only_who_can_get_a_place_later_waits(void **state)
{
    (void)state;
    for (int reason = 0; reason < decline_reason_count; reason++)
        assert_int_equal(decline_waits(reason), reason == DECLINE_NO_RUN || reason == DECLINE_NO_PLACES);
}

/* Enrolled on day 100 in a run that begins on day 105. */
static void attestations_follow_the_run(void **state)
{
    enum { I = ATTESTATION_INTERIM, F = ATTESTATION_FINAL };
    static const struct { struct attested known[2]; uint32_t n; int state; struct attested wanted; const char *fault; } rows[] = {
        { { { 0 } }, 0, ENROLMENT_OPEN, { I, true, 105 }, "" },
        { { { 0 } }, 0, ENROLMENT_OPEN, { I, true, 99 }, "day_before_enrolment" },
        { { { 0 } }, 0, ENROLMENT_OPEN, { I, true, 104 }, "run_not_begun" },
        { { { 0 } }, 0, ENROLMENT_ENDED, { I, true, 105 }, "enrolment_over" },
        { { { 0 } }, 0, ENROLMENT_COMPLETED, { I, true, 105 }, "enrolment_over" },
        { { { I, false, 106 } }, 1, ENROLMENT_OPEN, { I, true, 106 }, "already_recorded" },
        { { { I, false, 106 } }, 1, ENROLMENT_OPEN, { F, true, 106 }, "" },
        { { { F, false, 106 } }, 1, ENROLMENT_OPEN, { F, true, 107 }, "" },
        { { { F, true, 106 } }, 1, ENROLMENT_OPEN, { F, true, 107 }, "already_attested" },
        { { { F, true, 106 } }, 1, ENROLMENT_OPEN, { F, false, 105 }, "already_attested" },
        { { { F, true, 106 } }, 1, ENROLMENT_OPEN, { I, true, 107 }, "already_attested" },
        { { { F, true, 106 } }, 1, ENROLMENT_OPEN, { I, true, 106 }, "" },      /* written down late */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct enrolment enrolment = { .day = 100 };
        struct attested known[2] = { rows[i].known[0], rows[i].known[1] };
        struct enrolment_row row = { .enrolment = &enrolment, .state = rows[i].state, .attestations = { rows[i].n, known } };
        assert_fault(attestation_fault(&row, 105, &rows[i].wanted), rows[i].fault);
    }
}

static void attestations_of_an_enrolment_are_bounded(void **state)
{
    struct enrolment enrolment = { .day = 100 };
    struct attested list[ATTESTATIONS_MAX], wanted = { ATTESTATION_INTERIM, true, 200 };
    struct enrolment_row row = { .enrolment = &enrolment, .attestations = { ATTESTATIONS_MAX - 1, list } };
    (void)state;
    for (uint32_t i = 0; i < ATTESTATIONS_MAX; i++)
        list[i] = (struct attested){ ATTESTATION_INTERIM, true, 101 + i };
    assert_fault(attestation_fault(&row, 100, &wanted), "");
    row.attestations.n++;
    assert_fault(attestation_fault(&row, 100, &wanted), "attestations_full");
}

static void a_certificate_follows_the_final_attestation(void **state)
{
    static const struct { struct attested held; uint32_t n; int state; day_t day; const char *fault; } rows[] = {
        { { 0 }, 0, ENROLMENT_OPEN, 120, "no_final_attestation" },
        { { ATTESTATION_INTERIM, true, 110 }, 1, ENROLMENT_OPEN, 120, "no_final_attestation" },
        { { ATTESTATION_FINAL, false, 110 }, 1, ENROLMENT_OPEN, 120, "no_final_attestation" },
        { { ATTESTATION_FINAL, true, 110 }, 1, ENROLMENT_OPEN, 109, "day_before_attestation" },
        { { ATTESTATION_FINAL, true, 110 }, 1, ENROLMENT_OPEN, 110, "" },
        { { ATTESTATION_FINAL, true, 110 }, 1, ENROLMENT_ENDED, 110, "enrolment_over" },
        { { ATTESTATION_FINAL, true, 110 }, 1, ENROLMENT_COMPLETED, 110, "already_issued" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct enrolment enrolment = { .day = 100 };
        struct attested held = rows[i].held;
        struct enrolment_row row = { .enrolment = &enrolment, .state = rows[i].state, .attestations = { rows[i].n, &held } };
        assert_fault(certificate_fault(&row, rows[i].day), rows[i].fault);
    }
}

static void the_id_of_an_enrolment_comes_from_its_step(void **state)
{
    struct uuid ids[] = { enrolment_id(&ID(1), 1, &ID(2), 0), enrolment_id(&ID(1), 2, &ID(2), 0), enrolment_id(&ID(1), 1, &ID(3), 0),
                          enrolment_id(&ID(4), 1, &ID(2), 0), enrolment_id(&ID(1), 1, &ID(2), 1), enrolment_id(&ID(1), 1, &ID(2), 2) };
    struct uuid again = enrolment_id(&ID(1), 1, &ID(2), 0);
    (void)state;
    assert_true(uuid_equal(&ids[0], &again));
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        for (size_t k = 0; k < i; k++)
            assert_false(uuid_equal(&ids[i], &ids[k]));
}

/* ── journals of before ───────────────────────────────────────────────────── */

#define OLD_COMPLETION_FIELDS(X, S)                                     \
    X(S, UUID,  completion, _, 0, 0,         REQUIRED)                   \
    X(S, UUID,  programme,  _, 0, 0,         REQUIRED)                   \
    X(S, UUID,  person,     _, 0, 0,         REQUIRED)                   \
    X(S, UUIDS, chain,      _, 1, CHAIN_MAX, REQUIRED)                   \
    X(S, DAY,   enrolled,   _, 0, 0,         REQUIRED)                   \
    X(S, DAY,   day,        _, 0, 0,         REQUIRED)                   \
    X(S, STR,   document,   _, 1, 80,        REQUIRED)
MSG_DECLARE(old_completion, OLD_COMPLETION_FIELDS)
MSG_DEFINE(old_completion, OLD_COMPLETION_FIELDS)
#define OLD_RUN_FIELDS(X, S)                                            \
    X(S, UUID, id,        _, 0, 0, OPTIONAL)                             \
    X(S, UUID, programme, _, 0, 0, REQUIRED)                             \
    X(S, DAY,  day,       _, 0, 0, REQUIRED)
MSG_DECLARE(old_run, OLD_RUN_FIELDS)
MSG_DEFINE(old_run, OLD_RUN_FIELDS)

static void entries_of_before_are_read(void **state)
{
    struct arena arena = { 0 };
    struct uuid unit = ID(9);
    struct old_completion done = { .completion = ID(1), .programme = ID(2), .person = ID(3), .chain = { 1, &unit }, .enrolled = 10, .day = 20, .document = "У" };
    struct old_run began = { ID(4), ID(2), 10 };
    struct completion completion;
    struct run run;
    struct msg_error error;
    (void)state;
    assert_int_equal(msg_decode(&completion_desc, msg_encode_in(&arena, &old_completion_desc, &done), MSG_LENIENT, &arena, &completion, &error), ERR_OK);
    assert_true(uuid_is_nil(&completion.provider) && uuid_is_nil(&completion.enrolment) && completion.step == 0);
    assert_int_equal(msg_decode(&run_desc, msg_encode_in(&arena, &old_run_desc, &began), MSG_LENIENT, &arena, &run, &error), ERR_OK);
    assert_true(run.until == 0 && run.places == 0 && run.code == NULL);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_has_places_until_they_are_taken), cmocka_unit_test(a_run_is_over_after_its_last_day),
        cmocka_unit_test(the_first_run_with_a_place_is_taken), cmocka_unit_test(only_who_can_get_a_place_later_waits),
        cmocka_unit_test(attestations_follow_the_run), cmocka_unit_test(attestations_of_an_enrolment_are_bounded),
        cmocka_unit_test(a_certificate_follows_the_final_attestation), cmocka_unit_test(the_id_of_an_enrolment_comes_from_its_step),
        cmocka_unit_test(entries_of_before_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
