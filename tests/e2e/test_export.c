/* Lists as they leave the command line, and options by a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "services/shared/lists/xlsx.h"
#include "common/codec/csv.h"
#include "common/core/err.h"
#include "common/core/files.h"

static const struct export_column COLUMNS[] = {
    { "code",   "Код",      EXPORT_TEXT,   NULL,   false },
    { "title",  "Название", EXPORT_LONG,   NULL,   false },
    { "kind",   "Вид",      EXPORT_TEXT,   "kind", false },
    { "n",      "Число",    EXPORT_NUMBER, NULL,   false },
    { "day",    "День",     EXPORT_DAY,    NULL,   false },
    { "public", "Открыт",   EXPORT_FLAG,   NULL,   false },
    { "id",     "id",       EXPORT_TEXT,   NULL,   true  },
};
#define COLUMN_COUNT (sizeof COLUMNS / sizeof *COLUMNS)
static const char *const ROWS_OF[][COLUMN_COUNT] = {
    { "70-01", "Школа «Кедр»; \"старая\"", "school", "17", "2024-09-05", "yes", "x1" },
    { "=1+1", "две\nстроки", "unit", "0", NULL, NULL, "x2" },
    { "-7", "@home", "", NULL, "1970-01-02", "", "" },
};

static char folder[] = "/tmp/rsnms-export.XXXXXX";
static const char *in_folder(struct cli *cli, const char *name) { return arena_format(&cli->arena, "%s/%s", folder, name); }

/* The file's rows as the list's own readers read them. */
static struct csv_row row_of(struct csv *csv, struct arena *arena)
{
    struct csv_row row;
    assert_int_equal(csv_row(csv, arena, &row), 1);
    return row;
}

static void write_all(struct cli *cli, const char *csv, const char *xlsx)
{
    struct export out = { .csv = csv, .xlsx = xlsx };
    export_start(&out, cli, COLUMNS, COLUMN_COUNT);
    for (size_t i = 0; i < sizeof ROWS_OF / sizeof *ROWS_OF; i++)
        export_row(&out, ROWS_OF[i]);
    assert_int_equal(export_end(&out), CLI_OK);
}

static void csv_is_read_back_cell_by_cell(void **state)
{
    struct cli cli = { .catalogue_tried = true };
    const char *path = in_folder(&cli, "list.csv");
    struct buf file = { 0 };
    struct csv csv;
    struct stat at;
    (void)state;
    write_all(&cli, path, NULL);
    assert_int_equal(stat(path, &at), 0);
    assert_int_equal(at.st_mode & 0777, 0640);
    assert_int_equal(file_get(path, 1 << 20, &file), ERR_OK);
    assert_memory_equal(file.at, "\xEF\xBB\xBF", 3);
    assert_int_equal(csv_open(&csv, buf_bytes(&file), &cli.arena), ERR_OK);
    assert_int_equal(csv.separator, ';');
    struct csv_row row = row_of(&csv, &cli.arena);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        assert_string_equal(row.cell[i], COLUMNS[i].title);
    row = row_of(&csv, &cli.arena);
    assert_string_equal(row.cell[1], ROWS_OF[0][1]);
    assert_string_equal(row.cell[2], "kind.school");             /* the token, where there is no sentence */
    assert_string_equal(row.cell[3], "17");
    assert_string_equal(row.cell[4], "05.09.2024");
    assert_string_equal(row.cell[5], "export.yes");
    row = row_of(&csv, &cli.arena);
    assert_string_equal(row.cell[0], "'=1+1");
    assert_string_equal(row.cell[1], "две\nстроки");
    row = row_of(&csv, &cli.arena);
    assert_string_equal(row.cell[0], "'-7");
    assert_string_equal(row.cell[1], "'@home");
    buf_free(&file);
    arena_free(&cli.arena);
}

static void a_workbook_says_the_same(void **state)
{
    struct cli cli = { .catalogue_tried = true };
    const char *path = in_folder(&cli, "list.xlsx"), *reason = NULL;
    struct buf file = { 0 }, text = { 0 };
    struct csv csv;
    (void)state;
    write_all(&cli, NULL, path);
    assert_int_equal(file_get(path, 1 << 20, &file), ERR_OK);
    assert_int_equal(xlsx_csv(buf_bytes(&file), 1u << 20, &text, &reason), ERR_OK);
    assert_int_equal(csv_open(&csv, buf_bytes(&text), &cli.arena), ERR_OK);
    struct csv_row row = row_of(&csv, &cli.arena);
    assert_string_equal(row.cell[3], "Число");
    row = row_of(&csv, &cli.arena);
    assert_string_equal(row.cell[1], ROWS_OF[0][1]);
    assert_string_equal(row.cell[3], "17");
    assert_string_equal(row.cell[4], "2024-09-05");
    row = row_of(&csv, &cli.arena);
    assert_string_equal(row.cell[0], "=1+1");                    /* a string is no formula there */
    buf_free(&file);
    buf_free(&text);
    arena_free(&cli.arena);
}

static void a_file_that_cannot_be_written_is_said_and_fails(void **state)
{
    struct cli cli = { .catalogue_tried = true };
    struct export out = { .csv = "/nowhere/at/all/list.csv" };
    (void)state;
    export_start(&out, &cli, COLUMNS, COLUMN_COUNT);
    assert_int_equal(export_end(&out), CLI_FAILED);
    arena_free(&cli.arena);
}

static void more_rows_than_a_sheet_holds_are_refused(void **state)
{
    struct cli cli = { .catalogue_tried = true };
    struct export out = { .csv = in_folder(&cli, "long.csv") };
    static const struct export_column one[] = { { "n", "n", EXPORT_TEXT, NULL, false } };
    (void)state;
    export_start(&out, &cli, one, 1);
    for (uint32_t i = 0; i < EXPORT_ROWS_MAX; i++)
        export_row(&out, (const char *const[]){ NULL });
    assert_false(out.too_many);
    export_row(&out, (const char *const[]){ NULL });
    assert_int_equal(export_end(&out), CLI_FAILED);
    assert_int_equal(access(out.csv, F_OK), -1);
    arena_free(&cli.arena);
}

/* ── options ──────────────────────────────────────────────────────────────── */
struct said { const char *ground; day_t day; bool now; uint64_t n; struct arg_list values; };
static int read_words(char **argv, int *argc, struct said *said)
{
    *said = (struct said){ 0 };
    for (*argc = 0; argv[*argc] != NULL; )
        ++*argc;
    return args_read("test", argc, argv, ARGS({ "ground", ARG_TEXT, &said->ground, true }, { "day", ARG_DAY, &said->day, false },
                     { "now", ARG_FLAG, &said->now, false }, { "n", ARG_NUMBER, &said->n, false }, { "value", ARG_LIST, &said->values, false }),
                     "CODE [PARENT]", 1, 2);
}
#define WORDS(...) (char *[]){ (char *)(uintptr_t)"verb", __VA_ARGS__, NULL }

static void options_stand_anywhere_and_words_come_first(void **state)
{
    struct said said;
    int argc;
    char **argv = WORDS("--ground", "закон", "70-01", "--day=05.09.2024", "--value", "a=1", "--now", "--value=b=2", "--n", "3", "--", "--odd");
    (void)state;
    assert_int_equal(read_words(argv, &argc, &said), CLI_OK);
    assert_int_equal(argc, 3);
    assert_string_equal(argv[1], "70-01");
    assert_string_equal(argv[2], "--odd");
    assert_string_equal(said.ground, "закон");
    assert_int_equal(said.day, day_of(2024, 9, 5));
    assert_true(said.now);
    assert_int_equal(said.n, 3);
    assert_int_equal(said.values.n, 2);
    assert_string_equal(said.values.at[1], "b=2");
}

static void what_is_wrong_is_a_wrong_command_line(void **state)
{
    struct said said;
    int argc;
    (void)state;
    assert_int_equal(read_words(WORDS("70"), &argc, &said), CLI_USAGE);                                     /* no ground */
    assert_int_equal(read_words(WORDS("--ground", "x"), &argc, &said), CLI_USAGE);                          /* no word */
    assert_int_equal(read_words(WORDS("a", "b", "c", "--ground", "x"), &argc, &said), CLI_USAGE);           /* one too many */
    assert_int_equal(read_words(WORDS("a", "--ground"), &argc, &said), CLI_USAGE);                          /* without its value */
    assert_int_equal(read_words(WORDS("a", "--ground", "x", "--day", "31.02.2024"), &argc, &said), CLI_USAGE);
    assert_int_equal(read_words(WORDS("a", "--ground", "x", "--day", "1.1.20245"), &argc, &said), CLI_USAGE);
    assert_int_equal(read_words(WORDS("a", "--ground", "x", "--n", "-1"), &argc, &said), CLI_USAGE);
    assert_int_equal(read_words(WORDS("a", "--ground", "x", "--now=yes"), &argc, &said), CLI_USAGE);
    assert_int_equal(read_words(WORDS("a", "--ground", "x", "--gro", "y"), &argc, &said), CLI_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_read_back_cell_by_cell),
        cmocka_unit_test(a_workbook_says_the_same),
        cmocka_unit_test(a_file_that_cannot_be_written_is_said_and_fails),
        cmocka_unit_test(more_rows_than_a_sheet_holds_are_refused),
        cmocka_unit_test(options_stand_anywhere_and_words_come_first),
        cmocka_unit_test(what_is_wrong_is_a_wrong_command_line),
    };
    if (mkdtemp(folder) == NULL)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    static const char *const FILES[] = { "list.csv", "list.xlsx" };
    for (size_t i = 0; i < 2; i++) {
        char path[100];
        snprintf(path, sizeof path, "%s/%s", folder, FILES[i]);
        unlink(path);
    }
    rmdir(folder);
    return failed;
}
