/* A workbook leaves nothing behind: what stands in a list is on no disk but in the file that was asked for. */
#include "tests/unit/toy.h"

#include <dirent.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "common/book/book.h"

static int fill(lxw_workbook *book, void *arg)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    const unsigned *rows = arg;
    for (unsigned i = 0; i < *rows; i++)
        worksheet_write_string(sheet, i, 0, "Чижикова Аграфена Епифановна", NULL);
    return ERR_OK;
}

static unsigned left_in_memory(void)
{
    DIR *dir = opendir(BOOK_MEMORY);
    unsigned n = 0;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL; )
        n += strncmp(entry->d_name, "rsnms-book.", 11) == 0;
    closedir(dir);
    return n;
}

static void nothing_of_a_workbook_touches_the_disk(void **state)
{
    char *dir = toy_dir(), events[4096];
    unsigned rows = 20000, before = left_in_memory();
    struct buf bytes = { 0 };
    (void)state;
    assert_int_equal(setenv("TMPDIR", dir, 1), 0);
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_true(watch != -1);
    assert_true(inotify_add_watch(watch, dir, IN_CREATE | IN_OPEN) != -1);
    assert_true(inotify_add_watch(watch, "/tmp", IN_CREATE) != -1);
    for (int longer = 0; longer < 2; longer++) {
        assert_int_equal(longer ? book_write_long(fill, &rows, &bytes) : book_write(fill, &rows, &bytes), ERR_OK);
        assert_true(bytes.n > 1000);
        assert_memory_equal(buf_bytes(&bytes).at, "PK", 2);
        buf_clear(&bytes);
    }
    ssize_t n = read(watch, events, sizeof events);
    for (ssize_t at = 0; at < n; ) {            /* others may use /tmp: the library's own names alone are looked for */
        const struct inotify_event *event = (const void *)(events + at);
        if (event->wd == 1 || strncmp(event->name, "tmp.", 4) == 0)
            fail_msg("a file %s was made on the disk", event->name);
        at += (ssize_t)sizeof *event + event->len;
    }
    assert_int_equal(left_in_memory(), before);
    close(watch);
    buf_free(&bytes);
    toy_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_of_a_workbook_touches_the_disk) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
