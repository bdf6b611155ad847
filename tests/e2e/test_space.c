/* For how long a disk will do: what is noted once a day, and what is told from it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/show/space.h"
#include "tests/unit/check.h"

#define GIB (UINT64_C(1) << 30)
#define TODAY day_of(2026, 3, 20)

static void the_pace_is_that_since_the_oldest_day(void **state)
{
    static const struct { uint32_t n, since; uint64_t was, left, a_day, days; } ROWS[] = {
        { 1, 10, 100, 41,   1,  41 }, { 1, 10, 100, 0,    1,  1 },      /* full today */
        { 1, 2,  100, 41,   0,  0 },                                    /* too soon to tell */
        { 1, 10, 110, 41,   0,  0 },  { 1, 10, 120, 41, 0, 0 },         /* nothing grows */
        { 0, 0,  0,   41,   0,  0 },  { 1, 10, 100, 4000, 1, 0 },       /* for longer than is worth a word */
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const struct space_row rows[2] = { { TODAY - ROWS[i].since, ROWS[i].was * GIB }, { TODAY, 110 * GIB } };
        uint64_t a_day;
        assert_int_equal(space_lasts(rows, ROWS[i].n, TODAY, 110 * GIB, ROWS[i].left * GIB, &a_day), ROWS[i].days);
        assert_int_equal(a_day, ROWS[i].a_day * GIB);
    }
}

static void a_day_is_noted_once_and_old_ones_go(void **state)
{
    char dir[] = "/tmp/rsnms-space.XXXXXX", path[80];
    struct space_row rows[SPACE_ROWS_MAX];
    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(space_note(dir, TODAY, 7, rows), 1);
    assert_int_equal(space_note(dir, TODAY, 8, rows), 1);
    assert_int_equal(rows[0].used, 7);
    for (uint32_t i = 1; i < 200; i++)
        assert_int_equal(space_note(dir, TODAY + i, 8 + i, rows), i + 1 < SPACE_ROWS_MAX ? i + 1 : SPACE_ROWS_MAX);
    assert_int_equal(rows[SPACE_ROWS_MAX - 1].day, TODAY + 199);
    assert_int_equal(rows[0].day, TODAY + 200 - SPACE_ROWS_MAX);
    assert_int_equal(space_note(dir, TODAY + 150, 8, rows), SPACE_ROWS_MAX - 49);       /* a clock that was set back: what is ahead is forgotten */
    snprintf(path, sizeof path, "%s/" SPACE_FILE, dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("rubbish\n2026-03-19 5\n2026-03-18 9\n2026-03-20\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(space_note(dir, TODAY, 8, rows), 2);
    assert_int_equal(rows[0].used, 5);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
    assert_int_equal(space_note(dir, TODAY, 8, rows), 1);       /* nowhere to note it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pace_is_that_since_the_oldest_day),
        cmocka_unit_test(a_day_is_noted_once_and_old_ones_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
