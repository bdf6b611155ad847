#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "services/roster/bands.h"

#define D(text) day(text)

static day_t day(const char *text)
{
    day_t d = 0;
    if (text[0] != '\0')
        assert_true(day_parse(&d, text, strlen(text)));
    return d;
}

static struct civil born(const char *text)
{
    struct civil date = { 0 };
    assert_true(civil_parse(&date, text));
    return date;
}

static const struct { const char *born, *since, *from, *until; } ROWS[] = {
    { "1990-05-20", "2015-09-01", "2015-09-01", "2018-09-01" },     /* three years end first */
    { "1990-05-20", "2015-09-15", "2015-09-01", "2018-09-01" },     /* both ends go to the first of the month */
    { "1985-05-20", "2018-09-01", "2018-09-01", "2020-05-01" },     /* the birthday ends it first */
    { "1985-05-01", "2018-09-01", "2018-09-01", "2020-05-01" },
    { "1985-05-31", "2018-09-01", "2018-09-01", "2020-05-01" },
    { "1985-09-01", "2017-09-01", "2017-09-01", "2020-09-01" },     /* both on one day */
    { "1984-02-29", "2018-09-01", "2018-09-01", "2019-02-01" },     /* 35 on 28 February of a common year */
    { "1990-01-01", "2016-02-29", "2016-02-01", "2019-02-01" },
    { "1980-05-20", "2015-05-19", "2015-05-01", "" },               /* a day in May: on no last day of a month */
    { "1980-05-20", "2015-04-30", "2015-04-01", "2015-05-01" },     /* exactly one last day */
    { "1980-05-20", "2015-05-20", "", "" },                         /* 35 is not under 35 */
    { "1980-05-20", "2015-06-01", "", "" },
    { "1990-05-20", "", "", "" },                                   /* nothing said of teaching */
    { "1930-05-20", "1990-09-01", "", "" },                         /* 35 before the calendar of days begins */
};

static void the_band_is_a_span_of_whole_months(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct civil date = born(ROWS[i].born);
        struct band band = band_young(&date, D(ROWS[i].since), 35, 36);
        bool never = ROWS[i].until[0] == '\0';
        assert_int_equal(band.from, never ? 0 : D(ROWS[i].from));
        assert_int_equal(band.until, D(ROWS[i].until));
    }
}

static void the_first_day_is_in_and_the_end_is_out(void **state)
{
    struct civil date = born("1990-05-20");
    struct band band = band_young(&date, D("2015-09-15"), 35, 36);
    (void)state;
    assert_false(band_holds(band, D("2015-08-31")));
    assert_true(band_holds(band, D("2015-09-01")));
    assert_true(band_holds(band, D("2018-08-31")));
    assert_false(band_holds(band, D("2018-09-01")));
    assert_false(band_holds((struct band){ 0, 0 }, D("2018-09-01")));
}

/* Shares are taken on last days of months: there, the rounded band says what the dates themselves say. */
static void exact_on_every_last_day_of_a_month(void **state)
{
    (void)state;
    for (int birth = 0; birth < 40; birth++)
        for (day_t since = D("2014-12-25"); since < D("2016-03-05"); since += 3) {
            day_t b = D("1979-11-20") + (day_t)birth * 11, end35, end3;
            struct civil date;
            day_split(b, &date.year, &date.month, &date.day);
            struct band band = band_young(&date, since, 35, 36);
            end35 = day_add_months(b, 35 * 12);
            end3 = day_add_months(since, 36);
            for (day_t month = D("2014-01-01"); month < D("2020-01-01"); month = day_add_months(month, 1)) {
                day_t last = day_add_months(month, 1) - 1;
                assert_int_equal(band_holds(band, last), since <= last && last < end35 && last < end3);
            }
        }
}

static void no_birthday_can_be_read_off_it(void **state)
{
    struct civil first = born("1985-05-01");
    struct band band = band_young(&first, D("2018-09-03"), 35, 36);
    (void)state;
    for (int day_of_month = 2; day_of_month <= 31; day_of_month++) {
        struct civil other = { 1985, 5, day_of_month };
        struct band same = band_young(&other, D("2018-09-03"), 35, 36);
        assert_int_equal(same.from, band.from);
        assert_int_equal(same.until, band.until);
    }
}

static void births_are_read_in_both_ways_of_writing(void **state)
{
    static const struct { const char *text, *iso; } DATES[] = {
        { "1961-03-15", "1961-03-15" }, { "15.03.1961", "1961-03-15" }, { "5.3.1961", "1961-03-05" },
        { "29.02.1960", "1960-02-29" }, { "29.02.1961", NULL },         { "31.04.1979", NULL },
        { "1900-01-01", "1900-01-01" }, { "1899-12-31", NULL },         { "15.03.61", NULL },
        { "1961-3-15", NULL },          { "15-03-1961", "1961-03-15" }, { "15.03/1961", NULL },
        { "15-03-61", NULL },          { "15/03/1961", "1961-03-15" },         { "", NULL },
        { "15.03.1961 г.", NULL },      { "1961-13-01", NULL },         { "00.03.1961", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof DATES / sizeof *DATES; i++) {
        struct civil date;
        char text[CIVIL_TEXT + 1];
        assert_int_equal(civil_parse(&date, DATES[i].text), DATES[i].iso != NULL);
        if (DATES[i].iso != NULL) {
            civil_format(&date, text);
            assert_string_equal(text, DATES[i].iso);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_band_is_a_span_of_whole_months),
        cmocka_unit_test(the_first_day_is_in_and_the_end_is_out),
        cmocka_unit_test(exact_on_every_last_day_of_a_month),
        cmocka_unit_test(no_birthday_can_be_read_off_it),
        cmocka_unit_test(births_are_read_in_both_ways_of_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
