#include "services/roster/civil.h"

#include <stdio.h>

static bool number(const char *at, int n, int *value)
{
    *value = 0;
    for (int i = 0; i < n; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        *value = *value * 10 + (at[i] - '0');
    }
    return true;
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
    bool iso = strlen(text) == CIVIL_TEXT && text[4] == '-' && text[7] == '-' && number(text, 4, &d.year) &&
               number(text + 5, 2, &d.month) && number(text + 8, 2, &d.day);
    bool russian = !iso && strlen(text) == CIVIL_TEXT && text[2] == '.' && text[5] == '.' &&
                   number(text, 2, &d.day) && number(text + 3, 2, &d.month) && number(text + 6, 4, &d.year);

    if ((!iso && !russian) || d.year < CIVIL_YEAR_MIN || d.month < 1 || d.month > 12 || d.day < 1 ||
        d.day > month_days(d.year, d.month))
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
