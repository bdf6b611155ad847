#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "services/roster/training/training_rules.h"

/* training_rules: what counts, and until when one has time. */

static const char *const TOPICS[] = { "право", "экспертиза" }, *const INSTITUTES[] = { "institute", "centre" }, *const RETRAINING[] = { "retraining" };
static struct trained course(void)
{
    return (struct trained){ .id = { { 1 } }, .day = 100, .kind = PROGRAMME_DEVELOPMENT, .provider_kind = ORG_INSTITUTE, .topics = { 2, (const char **)TOPICS } };
}

static const struct { const char *what; struct profile_training training; bool counts, outside; } COUNTS[] = {
    { "nothing asked", { .id = "t" }, true, false },
    { "its topic", { .id = "t", .topic = "экспертиза" }, true, false },
    { "another topic", { .id = "t", .topic = "экспертизы" }, false, false },
    { "its provider", { .id = "t", .providers = { 2, (const char **)INSTITUTES } }, true, false },
    { "another provider", { .id = "t", .providers = { 1, (const char **)INSTITUTES + 1 } }, false, false },
    { "another kind", { .id = "t", .kinds = { 1, (const char **)RETRAINING } }, false, false },
    { "only outside", { .id = "t", .outside = true, .outside_only = true }, false, true },
    { "outside as well", { .id = "t", .outside = true }, true, true },
    { "outside, for another", { .id = "u", .outside = true }, true, false },
};

static void a_document_counts_by_kind_provider_and_topic(void **state)
{
    struct trained here = course(), outside = { .id = { { 2 } }, .day = 100, .training = "t" }, short_one = course();
    (void)state;
    for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++) {
        if (training_counts(&COUNTS[i].training, &here) != COUNTS[i].counts || training_counts(&COUNTS[i].training, &outside) != COUNTS[i].outside)
            fail_msg("%s", COUNTS[i].what);
    }
    short_one.kind = PROGRAMME_NON_FORMAL;
    assert_false(training_counts(&COUNTS[0].training, &short_one));       /* under 16 hours nobody's qualification is raised */
}

static day_t D(const char *text)
{
    day_t d = 0;
    if (text != NULL && text[0] != '\0')
        assert_true(day_parse(&d, text, strlen(text)));
    return d;
}

static const struct { const char *obliged, *days[2]; uint64_t valid; const char *on; enum training_state state; const char *trained, *due; } TERMS[] = {
    { "2022-01-01", { NULL }, 36, "2022-06-30", TRAINING_DUE, NULL, "2022-06-30" },
    { "2022-01-01", { NULL }, 36, "2022-07-01", TRAINING_OVERDUE, NULL, "2022-06-30" },
    { "2022-01-01", { "2022-03-10" }, 36, "2022-07-01", TRAINING_DONE, "2022-03-10", "2025-03-09" },
    { "2022-01-01", { "2022-03-10" }, 36, "2025-03-09", TRAINING_DONE, "2022-03-10", "2025-03-09" },
    { "2022-01-01", { "2022-03-10" }, 36, "2025-03-10", TRAINING_OVERDUE, "2022-03-10", "2025-03-09" },
    { "2022-01-01", { "2022-03-10" }, 0, "2040-01-01", TRAINING_DONE, "2022-03-10", NULL },                 /* once is enough */
    { "2022-01-01", { "2022-03-10", "2024-05-01" }, 36, "2025-03-10", TRAINING_DONE, "2024-05-01", "2027-04-30" },
    { "2022-01-01", { "2024-05-01", "2022-03-10" }, 36, "2023-01-01", TRAINING_DONE, "2022-03-10", "2025-03-09" },  /* a past day does not know the later one */
    { "2022-01-01", { "2021-11-01" }, 36, "2022-07-01", TRAINING_DONE, "2021-11-01", "2024-10-31" },        /* from before he had to */
    { "2022-01-01", { "2018-11-01" }, 36, "2022-03-01", TRAINING_DUE, "2018-11-01", "2022-06-30" },         /* worth nothing by then: the first term */
    { "2022-08-31", { NULL }, 36, "2023-02-28", TRAINING_OVERDUE, NULL, "2023-02-27" },                     /* half a year of the last of August */
};

static void terms_are_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof TERMS / sizeof *TERMS; i++) {
        struct profile_training training = { .id = "t", .within_months = 6, .valid_months = TERMS[i].valid };
        struct trained list[2] = { course(), course() };
        uint32_t n = 0;
        for (; n < 2 && TERMS[i].days[n] != NULL; n++)
            list[n].day = D(TERMS[i].days[n]);
        struct training_row row = training_standing(&training, D(TERMS[i].obliged), list, n, D(TERMS[i].on));
        if (row.state != (int)TERMS[i].state || row.trained != D(TERMS[i].trained) || row.due != D(TERMS[i].due)) {
            char due[DAY_TEXT + 1];
            day_format(row.due, due);
            fail_msg("row %zu: %s, due %s", i, training_state_names.names[row.state], due);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_counts_by_kind_provider_and_topic),
        cmocka_unit_test(terms_are_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
