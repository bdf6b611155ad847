#include "services/shared/civil.h"

#include <stdio.h>
#include <string.h>

/* A number of `least` to `most` digits; the text after it, NULL when there is none. */
static const char *number(const char *at, int least, int most, int *value)
{
    int n = 0;

    for (*value = 0; n < most && at[n] >= '0' && at[n] <= '9'; n++)
        *value = *value * 10 + (at[n] - '0');
    return n >= least ? at + n : NULL;
}

static const char *mark(const char *at, char c) { return at != NULL && *at == c ? at + 1 : NULL; }

static bool parse_iso(struct civil *d, const char *at)
{
    return (at = mark(number(at, 4, 4, &d->year), '-')) != NULL && (at = mark(number(at, 2, 2, &d->month), '-')) != NULL &&
           (at = number(at, 2, 2, &d->day)) != NULL && *at == '\0';
}

/* 15.03.1961, 5.3.1961, 15/03/1961, 15-03-1961: the day first, as it is written here. */
static bool parse_russian(struct civil *d, const char *at)
{
    const char *day = number(at, 1, 2, &d->day);
    char c = day != NULL ? *day : '\0';

    return (c == '.' || c == '/' || c == '-') && (at = mark(number(day + 1, 1, 2, &d->month), c)) != NULL &&
           (at = number(at, 4, 4, &d->year)) != NULL && *at == '\0';
}

static int month_days(int year, int month)
{
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return DAYS[month - 1] + (month == 2 && leap);
}

bool civil_parse(struct civil *date, const char *text)
{
    struct civil d;

    if ((!parse_iso(&d, text) && !parse_russian(&d, text) && !day_words_ru(text, strlen(text), &d.year, &d.month, &d.day)) || d.year < CIVIL_YEAR_MIN || d.month < 1 || d.month > 12 ||
        d.day < 1 || d.day > month_days(d.year, d.month))
        return false;
    *date = d;
    return true;
}

void civil_format(const struct civil *date, char text[CIVIL_TEXT + 1])
{
    snprintf(text, CIVIL_TEXT + 1, "%04u-%02u-%02u", (unsigned)date->year % 10000, (unsigned)date->month % 100,
             (unsigned)date->day % 100);
}

day_t civil_after_years(const struct civil *date, int years)
{
    int year = date->year + years, last = month_days(year, date->month);
    return day_of(year, date->month, date->day < last ? date->day : last);
}
