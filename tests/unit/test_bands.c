#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "services/roster/people/bands.h"

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

/* The band of the acts: under 35, in the first three years. */
static struct band young(const struct civil *date, day_t since)
{
    const struct profile_young terms = { 35, 36 };
    const struct profile_band defined = band_young_defined(&terms);
    const struct life life = { .born = *date, .teaching_since = since };
    return band_of(&defined, &life, STEP_MONTH);
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
        struct band band = young(&date, D(ROWS[i].since));
        bool never = ROWS[i].until[0] == '\0';
        assert_int_equal(band.from, never ? BAND_NONE.from : D(ROWS[i].from));
        assert_int_equal(band.until, never ? BAND_NONE.until : D(ROWS[i].until));
    }
}

static void the_first_day_is_in_and_the_end_is_out(void **state)
{
    struct civil date = born("1990-05-20");
    struct band band = young(&date, D("2015-09-15"));
    (void)state;
    assert_false(band_holds(band, D("2015-08-31")));
    assert_true(band_holds(band, D("2015-09-01")));
    assert_true(band_holds(band, D("2018-08-31")));
    assert_false(band_holds(band, D("2018-09-01")));
    assert_false(band_holds(BAND_NONE, D("2018-09-01")));
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
            struct band band = young(&date, since);
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
    struct band band = young(&first, D("2018-09-03"));
    (void)state;
    for (int day_of_month = 2; day_of_month <= 31; day_of_month++) {
        struct civil other = { 1985, 5, day_of_month };
        struct band same = young(&other, D("2018-09-03"));
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
        { "15 марта 1961 г.", "1961-03-15" }, { "5 МАЯ 1961", "1961-05-05" }, { "29 Февраля 1960 года", "1960-02-29" },
        { "9  сентября  1999  г ", "1999-09-09" }, { "31 июня 1961", NULL }, { "15 марта", NULL }, { "15 марта 61", NULL }, { "15 март 1961", NULL },
        { "15 марта 1961 г. р.", NULL }, { "марта 15 1961", NULL }, { "1234567890123456789012345 марта 1961", NULL },
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

/* ── the others that a profile may define ─────────────────────────────────── */

#define OPEN "open"
static const struct { struct profile_band defined; const char *born, *works, *teaches; int pedagogical; const char *document; int step;
                      const char *from, *until; } DEFINED[] = {
    { { .under_years = 35 }, "1990-05-20", "", "", 0, "", STEP_MONTH, "", "2025-05-01" },
    { { .from_years = 35, .under_years = 60 }, "1990-05-20", "", "", 0, "", STEP_MONTH, "2025-05-01", "2050-05-01" },
    { { .from_years = 60 }, "1990-05-20", "", "", 0, "", STEP_MONTH, "2050-05-01", OPEN },
    { { .from_years = 35, .under_years = 60 }, "1920-05-20", "", "", 0, "", STEP_MONTH, "", "1980-05-01" },
    { { .under_years = 35 }, "1920-05-20", "", "", 0, "", STEP_MONTH, NULL, NULL },
    { { .under_years = 35 }, "1990-05-20", "", "", 0, "", STEP_QUARTER, "", "2025-04-01" },
    { { .under_years = 35 }, "1990-05-20", "", "", 0, "", STEP_YEAR, "", "2025-01-01" },
    { { .service = SERVICE_WORK, .under_months = 36 }, "1990-05-20", "2010-09-15", "2015-09-01", 0, "", STEP_MONTH, "2010-09-01", "2013-09-01" },
    { { .under_months = 36 }, "1990-05-20", "2010-09-15", "2015-09-01", 0, "", STEP_MONTH, "2015-09-01", "2018-09-01" },
    { { .service = SERVICE_WORK, .under_months = 36 }, "1990-05-20", "", "2015-09-01", 0, "", STEP_MONTH, NULL, NULL },  /* not said */
    { { .from_months = 240 }, "1970-05-20", "", "1995-09-01", 0, "", STEP_MONTH, "2015-09-01", OPEN },
    { { .pedagogical = SAID_YES }, "1990-05-20", "", "", SAID_YES, "2012-06-28", STEP_MONTH, "2012-06-01", OPEN },
    { { .pedagogical = SAID_YES }, "1990-05-20", "", "", SAID_YES, "", STEP_MONTH, "", OPEN },
    { { .pedagogical = SAID_NO }, "1990-05-20", "", "", SAID_YES, "2012-06-28", STEP_MONTH, "", "2012-06-01" },   /* retrained */
    { { .pedagogical = SAID_NO }, "1990-05-20", "", "", SAID_YES, "", STEP_MONTH, NULL, NULL },
    { { .pedagogical = SAID_NO }, "1990-05-20", "", "", SAID_NO, "", STEP_MONTH, "", OPEN },
    { { .pedagogical = SAID_YES }, "1990-05-20", "", "", SAID_NO, "", STEP_MONTH, NULL, NULL },
    { { .pedagogical = SAID_NO }, "1990-05-20", "", "", SAID_NOTHING, "", STEP_MONTH, NULL, NULL },               /* nobody knows */
    { { .pedagogical = SAID_YES }, "1990-05-20", "", "", SAID_NOTHING, "", STEP_MONTH, NULL, NULL },
};

static void a_band_is_what_the_profile_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof DEFINED / sizeof *DEFINED; i++) {
        const struct life life = { born(DEFINED[i].born), D(DEFINED[i].works), D(DEFINED[i].teaches), DEFINED[i].pedagogical, D(DEFINED[i].document) };
        struct band band = band_of(&DEFINED[i].defined, &life, DEFINED[i].step), wanted = BAND_NONE;
        if (DEFINED[i].from != NULL)
            wanted = (struct band){ D(DEFINED[i].from), strcmp(DEFINED[i].until, OPEN) == 0 ? 0 : D(DEFINED[i].until) };
        if (band.from != wanted.from || band.until != wanted.until)
            fail_msg("row %zu: %u to %u, not %u to %u", i, band.from, band.until, wanted.from, wanted.until);
    }
}

/* ── closed years ─────────────────────────────────────────────────────────── */

static const struct { const char *told, *today; uint64_t months; const char *from, *until; } CLOSED[] = {
    { "2022-09-15", "2022-12-31", 0, NULL, NULL },
    { "2022-09-15", "2023-03-31", 0, NULL, NULL },                  /* 2022 closes on 1 April: three months after its end */
    { "2022-09-15", "2023-04-01", 0, "2022-01-01", "2022-12-31" },
    { "2022-04-01", "2023-04-01", 0, "2021-01-01", "2022-12-31" },  /* told on the day on which 2021 closed */
    { "2022-04-02", "2023-04-01", 0, "2022-01-01", "2022-12-31" },
    { "2022-01-01", "2025-07-01", 6, "2021-01-01", "2024-12-31" },
    { "2022-09-15", "2023-01-31", 1, NULL, NULL },
    { "2022-09-15", "2023-02-01", 1, "2022-01-01", "2022-12-31" },
};

static void a_year_is_closed_some_months_after_its_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CLOSED / sizeof *CLOSED; i++) {
        const struct profile profile = { .years_close_months = CLOSED[i].months };
        struct closed closed;
        bool any = bands_closed(&profile, D(CLOSED[i].told), D(CLOSED[i].today), &closed);
        if (any != (CLOSED[i].from != NULL))
            fail_msg("row %zu", i);
        if (any && (closed.from != D(CLOSED[i].from) || closed.until != D(CLOSED[i].until)))
            fail_msg("row %zu: %u to %u", i, closed.from, closed.until);
    }
}

/* Whatever was told and whatever is found out: inside of the closed days nothing moves, outside everything does. Spans come as
 * months of a few years, so that each day that could differ is looked at. */
static void mending_moves_no_closed_day(void **state)
{
    static const char *const IDS[] = { "a", "b", "c" };
    const struct closed closed = { D("2021-01-01"), D("2022-12-31") };
    (void)state;
    for (unsigned seed = 0; seed < 3000; seed++) {
        struct band_span was[4], now[4], out[BAND_SPANS_MAX], again[BAND_SPANS_MAX];
        uint32_t was_n = seed % 5, now_n = seed / 5 % 4, n, m;
        for (uint32_t i = 0; i < was_n; i++) {          /* the last two are of one band, apart */
            day_t from = seed % 7 == 0 ? 0 : D("2019-06-01") + (seed * 31 + i * 457) % 1200;
            was[i] = (struct band_span){ IDS[i < 3 ? i : 2], i == 3 ? from + 900 : from, i == 3 ? 0 : from + 1 + seed % 600 };
        }
        for (uint32_t i = 0; i < now_n; i++) {
            day_t from = seed % 11 == 0 ? 0 : D("2019-06-01") + (seed * 17 + i * 911) % 1900;
            now[i] = (struct band_span){ IDS[(i + seed) % 3], from, seed % 3 == 0 ? 0 : from + 1 + seed % 1300 };
        }
        assert_true(bands_mend(was, was_n, now, now_n, &closed, out, &n));
        for (day_t d = D("2019-01-01"); d < D("2026-01-01"); d += 5)
            for (size_t b = 0; b < 3; b++) {
                bool in_closed = closed.from <= d && d <= closed.until;
                bool wanted = in_closed ? bands_hold(was, was_n, IDS[b], d) : bands_hold(now, now_n, IDS[b], d);
                if (bands_hold(out, n, IDS[b], d) != wanted)
                    fail_msg("seed %u, band %s, day %u", seed, IDS[b], d);
            }
        assert_true(bands_mend(out, n, now, now_n, &closed, again, &m));        /* and said again it is the same, to the byte */
        assert_true(bands_equal(out, n, again, m));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_band_is_a_span_of_whole_months),
        cmocka_unit_test(the_first_day_is_in_and_the_end_is_out),
        cmocka_unit_test(exact_on_every_last_day_of_a_month),
        cmocka_unit_test(no_birthday_can_be_read_off_it),
        cmocka_unit_test(a_band_is_what_the_profile_says),
        cmocka_unit_test(a_year_is_closed_some_months_after_its_end),
        cmocka_unit_test(mending_moves_no_closed_day),
        cmocka_unit_test(births_are_read_in_both_ways_of_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
