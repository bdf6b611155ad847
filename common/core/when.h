#pragma once
#include "common/core/bytes.h"

/* when: moments, days and years.
 *
 * moment     microseconds since 1970-01-01T00:00:00Z; 0 is "none".
 * day        local calendar days since 1970-01-01, proleptic Gregorian; 0 is "none". A day has no
 *            zone: only decide turns a moment into a day, with the zone of the region. */
typedef int64_t  moment_t;
typedef uint32_t day_t;

#define MOMENT_MS     INT64_C(1000)
#define MOMENT_SECOND INT64_C(1000000)
#define MOMENT_MINUTE (60 * MOMENT_SECOND)
#define MOMENT_DAY    (86400 * MOMENT_SECOND)
#define DAY_MAX       ((day_t)2932896)                /* 9999-12-31 */
#define DAY_TEXT      10
#define MOMENT_TEXT   27

day_t day_of(int year, int month, int day);         /* 0 when there is no such day after 1970-01-01 */
void  day_split(day_t day, int *year, int *month, int *day_of_month);
int   day_year(day_t day);
day_t day_add_months(day_t day, int months);        /* 31 January + 1 month = the last of February */
day_t day_month_start(day_t day);
bool  day_parse(day_t *day, const char *text, size_t n);   /* 2024-09-15 */
/* 14 марта 1991, 14 Марта 1991 г., 14 марта 1991 года: the parts as they stand there, whether or not there is such a day. */
bool  day_words_ru(const char *text, size_t n, int *year, int *month, int *day_of_month);
void  day_format(day_t day, char text[DAY_TEXT + 1]);
void  day_format_ru(day_t day, char text[DAY_TEXT + 1]);   /* 15.09.2024 */
day_t day_of_moment(moment_t moment, int zone_minutes);
moment_t day_start(day_t day, int zone_minutes);    /* 00:00 there, in UTC */
void  moment_format(moment_t moment, char text[MOMENT_TEXT + 1]);  /* 2024-09-15T07:30:00.123456Z */
bool  moment_parse(moment_t *moment, const char *text, size_t n);

/* Where time comes from. The core of a service never asks the system itself. */
struct clock {
    moment_t (*wall)(void *self);       /* what the system's clock reads */
    moment_t (*boot)(void *self);       /* CLOCK_BOOTTIME: cannot be set */
    void *self;
};
extern const struct clock CLOCK_SYSTEM;
