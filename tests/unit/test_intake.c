#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "services/node/intake_parts.h"

/* What the node's intake remembers of its folder from one look to the next. */

static char dir[40];
static struct intake intake;
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/rsnms-intake-XXXXXX");
    intake = (struct intake){ 0 };
    assert_non_null(mkdtemp(dir));
    return 0;
}

static int tear_down(void **state)
{
    char command[80];
    (void)state;
    folder_forget(&intake);
    arena_free(&arena);
    snprintf(command, sizeof command, "rm -rf -- '%s'", dir);
    return system(command);
}

static void put(const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static void take_away(const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(unlink(path), 0);
}

/* Every name with what is remembered of it, in their order. */
static const char *seen(void)
{
    static char text[200];
    text[0] = '\0';
    arena_reset(&arena);
    assert_int_equal(folder_look(&intake, dir, &arena), ERR_OK);
    for (uint32_t i = 0; i < intake.seen_n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s=%u ", intake.seen[i].name, intake.seen[i].unread);
    return text;
}

static void what_is_known_of_a_file_stays_while_it_does(void **state)
{
    (void)state;
    put("b");
    put("d");
    put(".hidden");
    assert_string_equal(seen(), "b=0 d=0 ");
    intake.seen[0].unread = 1;
    intake.seen[1].unread = 2;
    put("a");
    put("c");
    put("e");
    assert_string_equal(seen(), "a=0 b=1 c=0 d=2 e=0 ");
    take_away("b");
    take_away("e");
    assert_string_equal(seen(), "a=0 c=0 d=2 ");
    put("b");                               /* another one of that name */
    assert_string_equal(seen(), "a=0 b=0 c=0 d=2 ");
    take_away("a");
    take_away("b");
    take_away("c");
    take_away("d");
    assert_string_equal(seen(), "");
}

static void a_folder_that_cannot_be_read_is_no_empty_one(void **state)
{
    char away[60];
    (void)state;
    put("a");
    assert_string_equal(seen(), "a=0 ");
    intake.seen[0].unread = 3;
    snprintf(away, sizeof away, "%s-away", dir);
    assert_int_equal(rename(dir, away), 0);
    assert_int_equal(folder_look(&intake, dir, &arena), ERR_NOTFOUND);
    assert_int_equal(intake.seen_n, 1);
    assert_int_equal(rename(away, dir), 0);
    assert_string_equal(seen(), "a=3 ");
}

static void more_files_than_are_looked_at_are_told_of_and_waited_for(void **state)
{
    char name[20];
    (void)state;
    for (unsigned i = 0; i <= INTAKE_NAMES; i++) {
        snprintf(name, sizeof name, "%05u", i);
        put(name);
    }
    assert_int_equal(folder_look(&intake, dir, &arena), ERR_OK);
    assert_int_equal(intake.seen_n, INTAKE_NAMES);
    assert_true(intake.too_many);
    for (unsigned i = 0; i < INTAKE_NAMES; i++)
        assert_true(i == 0 || strcmp(intake.seen[i - 1].name, intake.seen[i].name) < 0);
    take_away("00007");
    assert_int_equal(folder_look(&intake, dir, &arena), ERR_OK);
    assert_int_equal(intake.seen_n, INTAKE_NAMES);
    assert_false(intake.too_many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_known_of_a_file_stays_while_it_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_read_is_no_empty_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_files_than_are_looked_at_are_told_of_and_waited_for, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
