#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "services/shared/snils.h"

static const struct { const char *text; enum snils_answer answer; const char *digits; int expected; } ROWS[] = {
    { "112-233-445 95",  SNILS_GOOD,      "11223344595", 95 },
    { "11223344595",     SNILS_GOOD,      "11223344595", 95 },
    { " 112 233 445-95", SNILS_GOOD,      "11223344595", 95 },
    { "112-233-445 96",  SNILS_CHECK,     "11223344596", 95 },
    { "112-233-445 94",  SNILS_CHECK,     "11223344594", 95 },
    { "087-654-303 00",  SNILS_GOOD,      "08765430300", 0 },      /* a leading zero is a digit */
    { "112-233-445 9",   SNILS_LENGTH,    NULL, 0 },
    { "112-233-445 955", SNILS_LENGTH,    NULL, 0 },
    { "",                SNILS_LENGTH,    NULL, 0 },
    { "112-233-44О 95",  SNILS_CHARACTER, NULL, 0 },               /* the letter О for a zero */
    { "1.12234E+10",     SNILS_CHARACTER, NULL, 0 },               /* what a spreadsheet makes of it */
    { "001-001-998 77",  SNILS_GOOD,      "00100199877", 0 },      /* the last number without a check */
    { "000-000-001 42",  SNILS_GOOD,      "00000000142", 0 },
};

static void numbers_are_read_and_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct snils snils;
        assert_int_equal(snils_read(ROWS[i].text, &snils), ROWS[i].answer);
        if (ROWS[i].digits != NULL)
            assert_string_equal(snils.digits, ROWS[i].digits);
        if (ROWS[i].expected != 0)
            assert_int_equal(snils.expected, ROWS[i].expected);
    }
}

/* The sum decides: under 100 as it is, 100 and 101 as 00, then by 101 with 100 as 00. */
static void each_branch_of_the_rule_holds(void **state)
{
    static const struct { const char *digits; int sum, check; } SUMS[] = {
        { "031182305", 99, 99 },  { "214070124", 100, 0 },  { "311150634", 101, 0 },  { "210065713", 102, 1 },
        { "923360559", 200, 99 }, { "660550973", 201, 0 },  { "841443398", 202, 0 },  { "777001467", 203, 1 },
        { "863899905", 302, 0 },  { "697499435", 303, 0 },  { "000000000", 0, 0 },    { "999999999", 405, 1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof SUMS / sizeof *SUMS; i++)
        assert_int_equal(snils_check(SUMS[i].digits), SUMS[i].check);
    for (long n = 0; n < 1000000000; n += 7919) {       /* and the short form of the rule is the long one */
        char digits[10];
        int sum = 0;
        snprintf(digits, sizeof digits, "%09ld", n);
        for (int d = 0; d < 9; d++)
            sum += (digits[d] - '0') * (9 - d);
        assert_int_equal(snils_check(digits), sum < 100 ? sum : sum <= 101 || sum % 101 == 100 ? 0 : sum % 101);
    }
}

/* 001-001-999 is the first that is checked: weights give 1·7 + 1·4 + 9·3 + 9·2 + 9·1 = 65. */
static void the_first_number_with_a_check(void **state)
{
    struct snils snils;
    (void)state;
    assert_int_equal(snils_read("001-001-999 65", &snils), SNILS_GOOD);
    assert_int_equal(snils_read("001-001-999 64", &snils), SNILS_CHECK);
    assert_int_equal(snils.expected, 65);
    assert_int_equal(snils.found, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_and_checked),
        cmocka_unit_test(each_branch_of_the_rule_holds),
        cmocka_unit_test(the_first_number_with_a_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
