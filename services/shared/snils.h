#pragma once
#include <stdbool.h>
#include <stddef.h>

/* snils: the insurance number of a person (СНИЛС): nine digits and two that check them.
 *
 * Rule       weights 9 … 1 over the first nine digits; a sum under 100 is the check itself, 100 and 101
 *            give 00, a greater sum its remainder by 101, of which 100 gives 00. Numbers up to
 *            001-001-998 were given out before there were checks (Пенсионный фонд, порядок присвоения
 *            страхового номера; КонсультантПлюс, LAW 124607).
 * Use        pure: values in, values out. */
#define SNILS_DIGITS 11
#define SNILS_FREE   1001998            /* the last number without a check */

enum snils_answer { SNILS_GOOD, SNILS_LENGTH, SNILS_CHARACTER, SNILS_CHECK };
struct snils {
    char digits[SNILS_DIGITS + 1];      /* GOOD and CHECK: as digits alone */
    size_t length;                      /* digits found */
    int expected, found;                /* CHECK: the two digits */
};

/* "112-233-445 95" or digits alone; hyphens and spaces anywhere between the digits are passed over. */
enum snils_answer snils_read(const char *text, struct snils *snils);
int snils_check(const char digits[9]);  /* 0 … 99 */
