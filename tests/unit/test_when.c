#include "tests/unit/check.h"

#include <time.h>

#include "common/core/when.h"

/* The calendar of the C library is the other opinion, for every day there is. */
static void every_day_splits_and_joins_as_the_c_library_has_it(void **state)
{
    (void)state;
    for (day_t day = 1; day <= DAY_MAX; day += day < 100000 ? 1 : 17) {
        int year, month, of_month;
        time_t seconds = (time_t)day * 86400;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        day_split(day, &year, &month, &of_month);
        if (year != tm.tm_year + 1900 || month != tm.tm_mon + 1 || of_month != tm.tm_mday)
            fail_msg("day %u is %d-%d-%d", day, year, month, of_month);
        assert_int_equal(day_of(year, month, of_month), day);
        assert_int_equal(day_year(day), year);
    }
}

static const struct { int year, month, day; day_t is; } DAYS[] = {
    { 1970, 1, 1, 0 }, { 1970, 1, 2, 1 }, { 1969, 12, 31, 0 }, { 2000, 2, 29, 11016 }, { 1900, 2, 29, 0 },
    { 2100, 2, 29, 0 }, { 2024, 2, 29, 19782 }, { 2023, 2, 29, 0 }, { 2024, 9, 15, 19981 }, { 2024, 13, 1, 0 },
    { 2024, 0, 1, 0 }, { 2024, 4, 31, 0 }, { 2024, 4, 0, 0 }, { 9999, 12, 31, DAY_MAX }, { 10000, 1, 1, 0 },
};
static void days_that_are_not_in_the_calendar_are_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(DAYS); i++)
        assert_int_equal(day_of(DAYS[i].year, DAYS[i].month, DAYS[i].day), DAYS[i].is);
}

static const struct { const char *from; int months; const char *to; } ADDED[] = {
    { "2024-01-31", 1, "2024-02-29" }, { "2023-01-31", 1, "2023-02-28" }, { "2024-02-29", 12, "2025-02-28" },
    { "2024-03-31", -1, "2024-02-29" }, { "2024-01-15", -1, "2023-12-15" }, { "2024-12-31", 2, "2025-02-28" },
    { "2024-05-05", 0, "2024-05-05" }, { "2024-05-05", 120, "2034-05-05" }, { "9999-12-01", 0, "9999-12-01" },
};
static void months_are_added_to_the_last_day_there_is(void **state)
{
    day_t from, to;
    (void)state;
    for (size_t i = 0; i < COUNT(ADDED); i++) {
        assert_true(day_parse(&from, ADDED[i].from, 10) && day_parse(&to, ADDED[i].to, 10));
        assert_int_equal(day_add_months(from, ADDED[i].months), to);
    }
    assert_int_equal(day_add_months(0, 1), 0);
    assert_int_equal(day_add_months(DAY_MAX, 1), 0);
    assert_int_equal(day_add_months(40, -2), 0);
    assert_int_equal(day_add_months(from, INT32_MAX), 0);
    assert_int_equal(day_add_months(from, INT32_MIN), 0);
    assert_int_equal(day_month_start(day_of(2024, 2, 29)), day_of(2024, 2, 1));
}

static void days_are_read_in_one_form_only(void **state)
{
    static const char *const BAD[] = {
        "", "2024-9-15", "2024-09-15 ", "15.09.2024", "2024/09/15", "2024-02-30", "1970-01-01", "+024-09-15",
        "2024-09-1x", "20240915",
    };
    char text[DAY_TEXT + 1];
    day_t day;
    (void)state;

    assert_true(day_parse(&day, "2024-09-15T00:00", 10));
    day_format(day, text);
    assert_string_equal(text, "2024-09-15");
    day_format_ru(day, text);
    assert_string_equal(text, "15.09.2024");
    day_format(DAY_MAX, text);
    assert_string_equal(text, "9999-12-31");
    day_format(UINT32_MAX, text);
    assert_string_equal(text, "9999-12-31");
    for (size_t i = 0; i < COUNT(BAD); i++)
        assert_false(day_parse(&day, BAD[i], strlen(BAD[i])));
}

static const struct { const char *text; moment_t is; } MOMENTS[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "2024-09-15T07:30:00.123456Z", 1726385400123456 },
    { "2024-09-15T07:30:00Z", 1726385400000000 },
    { "2024-09-15t07:30:00z", 1726385400000000 },
    { "2024-09-15 07:30:00Z", 1726385400000000 },
    { "2024-09-15T10:30:00+03:00", 1726385400000000 },
    { "2024-09-15T02:00:00-05:30", 1726385400000000 },
    { "2024-09-15T07:30:00.5Z", 1726385400500000 },
    { "2024-09-15T07:30:00.123456789Z", 1726385400123456 },
    { "2024-09-15T07:30:00", -1 }, { "2024-09-15T07:30Z", -1 }, { "2024-09-15", -1 }, { "", -1 },
    { "2024-09-15T24:00:00Z", -1 }, { "2024-09-15T07:60:00Z", -1 }, { "2024-09-15T07:30:60Z", -1 },
    { "2024-09-15T07:30:00.Z", -1 }, { "2024-09-15T07:30:00.1234567890Z", -1 }, { "2024-09-15T07:30:00+3:00", -1 },
    { "2024-09-15T07:30:00+24:00", -1 }, { "2024-09-15T07:30:00Zx", -1 }, { "2024-09-31T07:30:00Z", -1 },
    { "1969-12-31T23:59:59Z", -1 }, { "1970-01-01T00:30:00+01:00", -1 }, { "9999-12-31T23:59:59-01:00", -1 },
};
static void moments_are_read_as_rfc_3339(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(MOMENTS); i++) {
        moment_t moment = -1;
        bool read = moment_parse(&moment, MOMENTS[i].text, strlen(MOMENTS[i].text));
        if (read != (MOMENTS[i].is >= 0) || moment != MOMENTS[i].is)
            fail_msg("%s → %lld", MOMENTS[i].text, (long long)moment);
    }
}

static void moments_are_written_in_utc_with_microseconds(void **state)
{
    char text[MOMENT_TEXT + 1];
    (void)state;

    moment_format(1726385400123456, text);
    assert_string_equal(text, "2024-09-15T07:30:00.123456Z");
    moment_format(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
    moment_format(INT64_MIN, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
    moment_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
}

static void a_moment_falls_on_the_day_of_its_zone(void **state)
{
    moment_t late;
    (void)state;

    assert_true(moment_parse(&late, "2024-09-15T20:59:59Z", 20));
    assert_int_equal(day_of_moment(late, 180), day_of(2024, 9, 15));
    assert_int_equal(day_of_moment(late + MOMENT_SECOND, 180), day_of(2024, 9, 16));
    assert_int_equal(day_of_moment(late, -720), day_of(2024, 9, 15));
    assert_int_equal(day_start(day_of(2024, 9, 16), 180), late + MOMENT_SECOND);
    assert_int_equal(day_of_moment(day_start(20000, 180), 180), 20000);
    assert_int_equal(day_of_moment(day_start(20000, 180) - 1, 180), 19999);
    assert_int_equal(day_of_moment(0, 180), 0);
    assert_int_equal(day_of_moment(-5, 180), 0);
    assert_int_equal(day_of_moment(INT64_MAX, 180), 0);
}

static void the_system_clocks_go_forward(void **state)
{
    moment_t boot = CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self);
    (void)state;
    assert_true(CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self) > INT64_C(1600000000000000));
    assert_true(CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self) >= boot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_splits_and_joins_as_the_c_library_has_it),
        cmocka_unit_test(days_that_are_not_in_the_calendar_are_none),
        cmocka_unit_test(months_are_added_to_the_last_day_there_is),
        cmocka_unit_test(days_are_read_in_one_form_only),
        cmocka_unit_test(moments_are_read_as_rfc_3339),
        cmocka_unit_test(moments_are_written_in_utc_with_microseconds),
        cmocka_unit_test(a_moment_falls_on_the_day_of_its_zone),
        cmocka_unit_test(the_system_clocks_go_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
