/* Files that come and go: whole or not at all. */
#include <sys/stat.h>

#include "common/core/failpoint.h"
#include "common/core/files.h"
#include "tests/unit/toy.h"

static char *dir;

static int set_up(void **state)
{
    (void)state;
    dir = toy_dir();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    toy_remove(dir);
    return 0;
}

static void assert_content(const char *name, const char *text)
{
    struct buf found = { 0 };
    char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(file_get(path, 1000, &found), ERR_OK);
    assert_string_equal(buf_string(&found), text);
    buf_free(&found);
}

static void a_name_has_one_content_for_ever(void **state)
{
    (void)state;
    assert_int_equal(file_put(dir, "a", bytes_of("text")), ERR_OK);
    assert_int_equal(file_put(dir, "a", bytes_of("text")), ERR_OK);
    assert_int_equal(file_put(dir, "a", bytes_of("other")), ERR_EXISTS);
    assert_int_equal(file_put(dir, "a", bytes_of("tex")), ERR_EXISTS);
    assert_int_equal(file_put(dir, "a", bytes_of("text and more")), ERR_EXISTS);
    assert_content("a", "text");
    assert_int_equal(file_put(dir, "empty", bytes("", 0)), ERR_OK);
    assert_int_equal(file_put(dir, "empty", bytes_of("x")), ERR_EXISTS);
    assert_int_equal(file_put_over(dir, "a", bytes_of("other")), ERR_OK);
    assert_content("a", "other");
}

static void names_that_lead_elsewhere_are_refused(void **state)
{
    static const char *const bad[] = { "", ".", "..", ".hidden", "a/b", "/a", "../a" };
    char longest[FILE_NAME_MAX + 2];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(file_put(dir, bad[i], bytes_of("x")), ERR_MALFORMED);
        assert_int_equal(file_drop(dir, bad[i]), ERR_MALFORMED);
        assert_int_equal(file_move(dir, "a", dir, bad[i]), ERR_MALFORMED);
    }
    memset(longest, 'a', sizeof longest);
    longest[FILE_NAME_MAX + 1] = '\0';
    assert_int_equal(file_put(dir, longest, bytes_of("x")), ERR_MALFORMED);
    longest[FILE_NAME_MAX] = '\0';
    assert_int_equal(file_put(dir, longest, bytes_of("x")), ERR_OK);
}

static void only_whole_regular_files_within_the_limit_are_read(void **state)
{
    struct buf found = { 0 };
    char path[300];
    (void)state;
    assert_int_equal(file_put(dir, "a", bytes_of("0123456789")), ERR_OK);
    snprintf(path, sizeof path, "%s/a", dir);
    assert_int_equal(file_get(path, 10, &found), ERR_OK);
    assert_int_equal(found.n, 10);
    assert_int_equal(file_get(path, 9, &found), ERR_FULL);
    assert_int_equal(found.n, 10);
    snprintf(path, sizeof path, "%s/none", dir);
    assert_int_equal(file_get(path, 9, &found), ERR_NOTFOUND);
    snprintf(path, sizeof path, "%s/pipe", dir);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(file_get(path, 9, &found), ERR_MALFORMED);
    assert_int_equal(file_get(dir, 9, &found), ERR_MALFORMED);
    snprintf(path, sizeof path, "%s/loop", dir);
    assert_int_equal(symlink("loop", path), 0);
    assert_int_equal(file_get(path, 9, &found), ERR_MALFORMED);
    buf_free(&found);
}

struct seen { char all[200]; int stop_after; };

static int see(void *arg, const char *name)
{
    struct seen *seen = arg;
    text_append(seen->all, sizeof seen->all, name);
    text_append(seen->all, sizeof seen->all, " ");
    return --seen->stop_after == 0 ? ERR_TIMEOUT : ERR_OK;
}

static void a_folder_is_walked_in_the_order_of_its_names(void **state)
{
    struct seen seen = { .stop_after = 100 };
    char path[300];
    (void)state;
    assert_int_equal(file_put(dir, "b", bytes_of("x")), ERR_OK);
    assert_int_equal(file_put(dir, "a", bytes_of("x")), ERR_OK);
    assert_int_equal(file_put(dir, "Б", bytes_of("x")), ERR_OK);
    snprintf(path, sizeof path, "%s/.half", dir);
    fclose(fopen(path, "w"));
    snprintf(path, sizeof path, "%s/folder", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(dir_each(dir, see, &seen), ERR_OK);
    assert_string_equal(seen.all, "a b Б ");
    seen = (struct seen){ .stop_after = 2 };
    assert_int_equal(dir_each(dir, see, &seen), ERR_TIMEOUT);
    assert_string_equal(seen.all, "a b ");
    assert_int_equal(dir_each(path, see, &seen), ERR_OK);
    assert_int_equal(dir_each("/none/such", see, &seen), ERR_NOTFOUND);
}

static void a_move_takes_no_name_away(void **state)
{
    char to[300], file[310];
    (void)state;
    snprintf(to, sizeof to, "%s/x/y", dir);
    snprintf(file, sizeof file, "%s/b", to);
    assert_int_equal(dir_make(to, 0750), ERR_OK);
    assert_int_equal(dir_make(to, 0750), ERR_OK);
    assert_int_equal(file_put(dir, "a", bytes_of("one")), ERR_OK);
    assert_int_equal(file_put(to, "b", bytes_of("two")), ERR_OK);
    assert_int_equal(file_move(dir, "a", to, "b"), ERR_EXISTS);
    assert_int_equal(file_move(dir, "none", to, "c"), ERR_NOTFOUND);
    assert_int_equal(file_move(dir, "a", to, "c"), ERR_OK);
    assert_int_equal(file_move(dir, "a", to, "c"), ERR_NOTFOUND);
    assert_content("x/y/b", "two");
    assert_content("x/y/c", "one");
    assert_int_equal(file_drop(to, "c"), ERR_OK);
    assert_int_equal(file_drop(to, "c"), ERR_OK);
    assert_int_equal(dir_make(file, 0750), ERR_EXISTS);
}

static void an_attempt_that_was_cut_off_leaves_nothing_to_be_seen(void **state)
{
    struct seen seen = { .stop_after = 100 };
    char path[300];
    (void)state;
    snprintf(path, sizeof path, "%s/.a", dir);
    FILE *half = fopen(path, "w");
    fputs("ha", half);
    fclose(half);
    assert_int_equal(dir_each(dir, see, &seen), ERR_OK);
    assert_string_equal(seen.all, "");
    assert_int_equal(file_put(dir, "a", bytes_of("whole")), ERR_OK);
    assert_content("a", "whole");
    assert_int_not_equal(access(path, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_name_has_one_content_for_ever, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_that_lead_elsewhere_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_whole_regular_files_within_the_limit_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_is_walked_in_the_order_of_its_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_move_takes_no_name_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_attempt_that_was_cut_off_leaves_nothing_to_be_seen, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
