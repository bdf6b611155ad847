#include "common/core/when.h"

#include <stdio.h>
#include <time.h>

static const moment_t MOMENT_LAST = ((moment_t)DAY_MAX + 1) * MOMENT_DAY - 1;

static int month_days(int year, int month)
{
    static const uint8_t DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return DAYS[month - 1] + (month == 2 && leap);
}

/* Days since 1970-01-01; -1 when there is no such day. Years are counted from March, so that the leap
 * day comes last; an era is the 400 years after which the calendar repeats. */
static int64_t day_number(int year, int month, int day)
{
    if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
        return -1;
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400, of_era = y % 400;
    int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return (int64_t)era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

day_t day_of(int year, int month, int day)
{
    int64_t number = day_number(year, month, day);
    return number > 0 ? (day_t)number : 0;
}

void day_split(day_t day, int *year, int *month, int *day_of_month)
{
    uint32_t z = (day > DAY_MAX ? DAY_MAX : day) + 719468;
    uint32_t era = z / 146097, of_era = z % 146097;
    uint32_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t of_year = of_era - (365 * y + y / 4 - y / 100);
    uint32_t m = (5 * of_year + 2) / 153;

    *day_of_month = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400) + (*month <= 2);
}

int day_year(day_t day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return year;
}

/* 0 when it would be outside of the calendar, or when there was no day to begin with. */
day_t day_add_months(day_t day, int months)
{
    int year, month, of_month;

    if (day == 0)
        return 0;
    day_split(day, &year, &month, &of_month);
    int64_t count = (int64_t)year * 12 + (month - 1) + months;
    if (count < 1970 * 12 || count > 9999 * 12 + 11)
        return 0;
    year = (int)(count / 12);
    month = (int)(count % 12) + 1;
    int last = month_days(year, month);
    return day_of(year, month, of_month < last ? of_month : last);
}

day_t day_month_start(day_t day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return day_of(year, month, 1);
}

static bool digits(const char *text, size_t n, int *value)
{
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

static int64_t date_number(const char *text)
{
    int year, month, day;
    if (!digits(text, 4, &year) || text[4] != '-' || !digits(text + 5, 2, &month) || text[7] != '-' ||
        !digits(text + 8, 2, &day))
        return -1;
    return day_number(year, month, day);
}

bool day_parse(day_t *day, const char *text, size_t n)
{
    int64_t number = n == DAY_TEXT ? date_number(text) : -1;
    if (number <= 0)
        return false;
    *day = (day_t)number;
    return true;
}

/* The next word, Russian letters in lower case; its bytes, 0: none, or too long for a month. */
static size_t word_next(const char **at, const char *end, char word[24])
{
    size_t n = 0;

    while (*at < end && **at == ' ')
        (*at)++;
    for (; *at < end && **at != ' '; (*at)++) {
        unsigned char c = (unsigned char)**at;
        bool letter = n > 0 && word[n - 1] == '\xd0';
        if (n == 23)
            return 0;
        if (letter && c >= 0xA0 && c <= 0xAF) {         /* Р to Я: р to я begin another page */
            word[n - 1] = '\xd1';
            c -= 0x20;
        } else if (letter && c >= 0x90 && c <= 0x9F) {
            c += 0x20;
        }
        word[n++] = (char)c;
    }
    word[n] = '\0';
    return n;
}

static bool digits_value(const char *word, size_t least, size_t most, int *value)
{
    size_t n = strspn(word, "0123456789");

    if (n < least || n > most || word[n] != '\0')
        return false;
    for (*value = 0; *word != '\0'; word++)
        *value = *value * 10 + (*word - '0');
    return true;
}

bool day_words_ru(const char *text, size_t n, int *year, int *month, int *day_of_month)
{
    static const char *const MONTHS[] = { "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября",
                                          "ноября", "декабря" };
    const char *at = text, *end = text + n;
    char day[24], name[24], of_year[24], rest[24];

    if (word_next(&at, end, day) == 0 || word_next(&at, end, name) == 0 || word_next(&at, end, of_year) == 0)
        return false;
    size_t left = word_next(&at, end, rest);
    for (*month = 12; *month > 0 && strcmp(MONTHS[*month - 1], name) != 0; )
        (*month)--;
    while (at < end && *at == ' ')
        at++;
    return *month > 0 && at == end && digits_value(day, 1, 2, day_of_month) && digits_value(of_year, 4, 4, year) &&
           (left == 0 || strcmp(rest, "г.") == 0 || strcmp(rest, "г") == 0 || strcmp(rest, "года") == 0);
}

/* The remainders say nothing new about a day; they show the compiler that the text fits. */
void day_format(day_t day, char text[DAY_TEXT + 1])
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    snprintf(text, DAY_TEXT + 1, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100, (unsigned)of_month % 100);
}

void day_format_ru(day_t day, char text[DAY_TEXT + 1])
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    snprintf(text, DAY_TEXT + 1, "%02u.%02u.%04u", (unsigned)of_month % 100, (unsigned)month % 100, (unsigned)year % 10000);
}

day_t day_of_moment(moment_t moment, int zone_minutes)
{
    if (moment <= 0 || moment > MOMENT_LAST)
        return 0;
    moment_t local = moment + zone_minutes * MOMENT_MINUTE;
    return local < 0 || local > MOMENT_LAST ? 0 : (day_t)(local / MOMENT_DAY);
}

moment_t day_start(day_t day, int zone_minutes)
{
    return (moment_t)day * MOMENT_DAY - zone_minutes * MOMENT_MINUTE;
}

void moment_format(moment_t moment, char text[MOMENT_TEXT + 1])
{
    moment_t m = moment < 0 ? 0 : moment > MOMENT_LAST ? MOMENT_LAST : moment;
    unsigned in_day = (unsigned)(m % MOMENT_DAY / MOMENT_SECOND), micros = (unsigned)(m % MOMENT_SECOND);

    day_format((day_t)(m / MOMENT_DAY), text);
    snprintf(text + DAY_TEXT, MOMENT_TEXT + 1 - DAY_TEXT, "T%02u:%02u:%02u.%06uZ",
             in_day / 3600 % 100, in_day / 60 % 60, in_day % 60, micros % 1000000);
}

/* Fraction of a second, in microseconds; what is finer is cut off. */
static bool fraction_parse(const char **at, const char *end, int64_t *micros)
{
    int64_t unit = 100000;
    int count = 0;

    *micros = 0;
    if (*at == end || **at != '.')
        return true;
    for (++*at; *at < end && **at >= '0' && **at <= '9'; ++*at, ++count, unit /= 10)
        *micros += (**at - '0') * unit;
    return count >= 1 && count <= 9;
}

static bool zone_parse(const char *at, const char *end, int *minutes)
{
    int hour, minute;

    *minutes = 0;
    if (end - at == 1)
        return *at == 'Z' || *at == 'z';
    if (end - at != 6 || (*at != '+' && *at != '-') || !digits(at + 1, 2, &hour) || at[3] != ':' ||
        !digits(at + 4, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *minutes = (*at == '-' ? -1 : 1) * (hour * 60 + minute);
    return true;
}

/* RFC 3339. */
bool moment_parse(moment_t *moment, const char *text, size_t n)
{
    const char *at = text + 19, *end = text + n;
    int hour, minute, second, zone;
    int64_t day, micros;

    if (n < 20 || (day = date_number(text)) < 0)
        return false;
    if ((text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' || text[16] != ':')
        return false;
    if (!digits(text + 11, 2, &hour) || !digits(text + 14, 2, &minute) || !digits(text + 17, 2, &second) ||
        hour > 23 || minute > 59 || second > 59)
        return false;
    if (!fraction_parse(&at, end, &micros) || !zone_parse(at, end, &zone))
        return false;
    moment_t got = day * MOMENT_DAY + (hour * 3600 + minute * 60 + second) * MOMENT_SECOND + micros -
                   zone * MOMENT_MINUTE;
    if (got < 0 || got > MOMENT_LAST)
        return false;
    *moment = got;
    return true;
}

static moment_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (moment_t)now.tv_sec * MOMENT_SECOND + now.tv_nsec / 1000;
}

static moment_t system_wall(void *self) { (void)self; return read_clock(CLOCK_REALTIME); }
static moment_t system_boot(void *self) { (void)self; return read_clock(CLOCK_BOOTTIME); }

const struct clock CLOCK_SYSTEM = { system_wall, system_boot, NULL };
