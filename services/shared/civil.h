#pragma once
#include "common/core/when.h"

/* civil: a date by its parts, for births: the calendar of days (when.h) begins in 1970, and half of the
 * staff was born before it. Pure: values in, values out. */
#define CIVIL_TEXT      10
#define CIVIL_YEAR_MIN  1900

struct civil { int year, month, day; };

/* 1961-03-15, 15.03.1961, 5.3.1961, 15/03/1961, 15-03-1961 or 15 марта 1961 г.; false: not a date of a year from 1900 to 9999. */
bool  civil_parse(struct civil *date, const char *text);
void  civil_format(const struct civil *date, char text[CIVIL_TEXT + 1]);     /* 1961-03-15 */
/* So many years later, 29 February becoming 28 in a common year; 0: before the calendar of days. */
day_t civil_after_years(const struct civil *date, int years);
