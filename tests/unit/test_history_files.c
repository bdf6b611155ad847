#include "tests/unit/check.h"

#include "cli/history/history_files.h"
#include "cli/refer/lookup.h"

/* What the tables of a history folder hold, besides plain fields; and codes looked up. */
static void answers_are_read_in_their_compact_form(void **unused)
{
    struct arena arena = { 0 };
    struct answers_read answers;

    (void)unused;
    assert_true(answers_read("1:2|2:1,3|40:4", &arena, &answers));
    assert_int_equal(answers.n, 3);
    assert_int_equal(answers.at[1].task, 2);
    assert_int_equal(answers.at[1].chosen.n, 2);
    assert_int_equal(answers.at[1].chosen.at[1], 3);
    assert_int_equal(answers.at[2].task, 40);
    assert_true(answers_read("", &arena, &answers));
    assert_int_equal(answers.n, 0);
    assert_true(answers_read(NULL, &arena, &answers));
    arena_free(&arena);
}

static void answers_in_another_form_are_refused(void **unused)
{
    static const char *const WRONG[] = {
        "1", "1:", ":1", "1:2|", "|1:2", "1:2,", "1;2", "0:1", "1:0", "201:1", "1:13", "-1:2", "1:2 |2:1", "x",
        "99999999999999999999999:1", "1:1,2,3,4,5,6,7,8,9,10,11,12,1",
    };
    struct arena arena = { 0 };
    struct answers_read answers;

    (void)unused;
    for (size_t i = 0; i < COUNT(WRONG); i++)
        assert_false(answers_read(WRONG[i], &arena, &answers));
    arena_free(&arena);
}

static void kinds_are_read_in_both_languages(void **unused)
{
    (void)unused;
    assert_int_equal(organisation_kind_read("школа"), ORG_SCHOOL);
    assert_int_equal(organisation_kind_read("Детский сад"), ORG_KINDERGARTEN);
    assert_int_equal(organisation_kind_read("kindergarten"), ORG_KINDERGARTEN);
    assert_int_equal(organisation_kind_read("вуз"), ORG_UNIVERSITY);
    assert_int_equal(organisation_kind_read("замок"), -1);
}

static void codes_are_found_after_the_table_grew(void **unused)
{
    struct lookup lookup = { 0 };
    struct uuid id = { { 1 } };
    char code[16];

    (void)unused;
    assert_null(lookup_get(&lookup, "1"));
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(code, sizeof code, "%u", i);
        id.b[14] = (uint8_t)(i >> 8);
        id.b[15] = (uint8_t)i;
        lookup_put(&lookup, code, &id);
    }
    assert_int_equal(lookup.n, 5000);
    assert_int_equal(lookup_get(&lookup, "4097")->b[14], 16);
    assert_int_equal(lookup_get(&lookup, "4097")->b[15], 1);
    assert_null(lookup_get(&lookup, "5000"));
    lookup_put(&lookup, "17", &UUID_NIL);           /* known by its code, not yet by its id */
    assert_null(lookup_get(&lookup, "17"));
    assert_int_equal(lookup.n, 5000);
    lookup_free(&lookup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_read_in_their_compact_form),
        cmocka_unit_test(answers_in_another_form_are_refused),
        cmocka_unit_test(kinds_are_read_in_both_languages),
        cmocka_unit_test(codes_are_found_after_the_table_grew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
