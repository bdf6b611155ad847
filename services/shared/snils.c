#include "services/shared/snils.h"

#include <string.h>

int snils_check(const char digits[9])
{
    int sum = 0;

    for (int i = 0; i < 9; i++)
        sum += (digits[i] - '0') * (9 - i);
    return sum % 101 % 100;             /* 100 and 101 give 00, and so does a remainder of 100 */
}

static long number_of(const char digits[9])
{
    long number = 0;

    for (int i = 0; i < 9; i++)
        number = number * 10 + (digits[i] - '0');
    return number;
}

enum snils_answer snils_read(const char *text, struct snils *snils)
{
    memset(snils, 0, sizeof *snils);
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == ' ')
            continue;
        if (*text < '0' || *text > '9')
            return SNILS_CHARACTER;
        if (snils->length < SNILS_DIGITS)
            snils->digits[snils->length] = *text;
        snils->length++;
    }
    if (snils->length != SNILS_DIGITS)
        return SNILS_LENGTH;
    snils->expected = snils_check(snils->digits);
    snils->found = (snils->digits[9] - '0') * 10 + (snils->digits[10] - '0');
    return snils->expected == snils->found || number_of(snils->digits) <= SNILS_FREE ? SNILS_GOOD : SNILS_CHECK;
}
