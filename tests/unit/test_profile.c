#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/core/err.h"
#include "proto/profile.h"

/* The whole of a good profile is read; each fault, put in alone, is said with its line and field. */

static char *good_text(void)
{
    char path[500], *text = calloc(1, 1 << 16);
    snprintf(path, sizeof path, "%s/tests/data/roster_profile.yaml", getenv("RSNMS_SOURCE") != NULL ? getenv("RSNMS_SOURCE") : ".");
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

/* `what` replaced by `by`, read back; ERR and the words. */
static int read_changed(const char *what, const char *by, int *zone, char says[400])
{
    char name[] = "/tmp/rsnms-profile-XXXXXX", *text = good_text();
    const char *at = strstr(text, what);
    const struct profile *profile = NULL;
    struct arena arena = { 0 };
    FILE *file = fdopen(mkstemp(name), "wb");

    assert_non_null(at);
    fprintf(file, "%.*s%s%s", (int)(at - text), text, by, at + strlen(what));
    fclose(file);
    int err = profile_read(name, &arena, &profile, zone, says);
    assert_int_equal(err == ERR_OK, profile != NULL);
    arena_free(&arena);
    unlink(name);
    free(text);
    return err;
}

static const struct { const char *what, *by, *says; } FAULTS[] = {
    { "+07:00", "+7:000", ":2:" },
    { "+07:00", "+07:60", "region.time_zone: not a time zone" },
    { "+07:00", "+14:01", "region.time_zone: not a time zone" },
    { "+07:00", " 07:00", "region.time_zone: not a time zone" },
    { "+07:00", "+07-00", "region.time_zone: not a time zone" },
    { "00000000-0000-8000-8000-0000000000a1", "00000000-0000-0000-0000-000000000000", "region.id" },
    { "last_year: 2024", "last_year: 2020", ":5:" },
    { "last_year: 2024", "last_year: 2020", "last_year: before first_year" },
    { "kind: head}", "kind: deputy}", "posts: no title of the kind head" },
    { "\"секретарь\"", "\"УЧИТЕЛЬ\"", "posts[4].title: the same title as posts[3]" },
    { "kind: other", "kind: others", "posts[4].kind" },
    { "[educator, head]", "[educator, heads]", "indicators[0].denominator.posts[1]: no such name, one of: other, educator" },
    { "[school]", "[schools]", "indicators[0].denominator.organisations[0]: no such name" },
    { "owners: [centre]", "owners: [center]", "indicators[0].numerator.owners[0]: no such name" },
    { "{year: 2022,", "{year: 2021,", "indicators[0].targets[1].year: this year has a target already" },
    { "{year: 2022,", "{year: 2025,", "indicators[0].targets[1].year: outside of first_year" },
    { "first_year:", "erste_jahr:", "erste_jahr" },
};

static void each_fault_is_said_with_its_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
        char says[400] = "";
        int zone;
        assert_int_equal(read_changed(FAULTS[i].what, FAULTS[i].by, &zone, says), ERR_MALFORMED);
        if (strstr(says, FAULTS[i].says) == NULL)
            print_message("%s → %s: %s\n", FAULTS[i].what, FAULTS[i].by, says);
        assert_non_null(strstr(says, FAULTS[i].says));
    }
}

static void zones_lie_on_both_sides_of_greenwich(void **state)
{
    static const struct { const char *zone; int minutes; } ZONES[] = {
        { "+07:00", 420 }, { "+00:00", 0 }, { "-03:30", -210 }, { "+14:00", 840 }, { "-14:00", -840 }, { "+05:45", 345 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof ZONES / sizeof *ZONES; i++) {
        char says[400];
        int zone = 1;
        assert_int_equal(read_changed("+07:00", ZONES[i].zone, &zone, says), ERR_OK);
        assert_int_equal(zone, ZONES[i].minutes);
    }
}

static void a_file_that_is_not_there_is_said(void **state)
{
    const struct profile *profile = NULL;
    struct arena arena = { 0 };
    char says[400] = "";
    int zone;
    (void)state;
    assert_int_not_equal(profile_read("/nonexistent.yaml", &arena, &profile, &zone, says), ERR_OK);
    assert_non_null(strstr(says, "/nonexistent.yaml"));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_said_with_its_field),
        cmocka_unit_test(zones_lie_on_both_sides_of_greenwich),
        cmocka_unit_test(a_file_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
