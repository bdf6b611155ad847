/* The node as a machine: lists that are put into its folder become items of its queue, or a report says why not. */
#include "tests/service/node_bench.h"
#include "tests/unit/archive.h"

#include <dirent.h>
#include <sys/stat.h>

static void drop(struct bench *bench, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/drop/%s", bench->intake.files, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void step(struct bench *bench, int seconds)
{
    bench->rig->time.wall += seconds * MOMENT_SECOND;
    bench->rig->time.boot += seconds * MOMENT_SECOND;
    errand_step(&bench->intake, bench->rig->time.wall);
}

static bool there(struct bench *bench, const char *folder, const char *name)
{
    char path[300];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s/%s", bench->intake.files, folder, name);
    return lstat(path, &st) == 0;
}

static bool report_has(struct bench *bench, const char *name, const char *text)
{
    char command[500];
    snprintf(command, sizeof command, "grep -qF -- '%s' '%s/reports/%s'", text, bench->intake.files, name);
    return system(command) == 0;
}

#define HEADER "Код;Фамилия;Имя;Дата рождения;Код организации;Должность;Работает с;СНИЛС\r\n"
static void lists_become_rows_and_their_faults_a_report(void **state)
{
    struct bench *bench = *state;
    char path[300];
    step(bench, 1);
    drop(bench, "staff.csv", HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n"
         "2;Соколова;Ольга;01.02.1980;S1;учитель;01.09.2015;112-233-445 96\r\n"
         "3;Воронова;Мария;01.02.1980;S3;учитель;01.09.2015;\r\n");
    step(bench, 1);
    step(bench, 1);
    assert_true(there(bench, "drop", "staff.csv"));     /* it may still be growing */
    step(bench, 3);
    assert_false(there(bench, "drop", "staff.csv"));
    assert_int_equal(bench_status(bench).waiting, 1);
    assert_true(report_has(bench, "staff.csv", "\"3\";\"СНИЛС\";\"контрольное число 96, по остальным цифрам выходит 95\""));
    assert_true(report_has(bench, "staff.csv", "\"4\";\"Код организации\""));
    assert_true(report_has(bench, "staff.csv", "внесено строк 1"));
    assert_true(report_has(bench, "staff.csv", "удалён"));
    assert_false(report_has(bench, "staff.csv", "Соколова"));
    assert_false(report_has(bench, "staff.csv", "112-233-445"));
    assert_false(bench_holds(bench, "Орлова"));
    drop(bench, "again.csv", HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n5;Зорина;Анна;01.02.1981;S2;учитель;01.09.2015;\r\n");
    drop(bench, "binary.csv", "\x01\x02\x03");
    drop(bench, "what.csv", "А;Б\r\n1;2\r\n");
    snprintf(path, sizeof path, "%s/drop/folder", bench->intake.files);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/drop/link.csv", bench->intake.files);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/drop/large.csv", bench->intake.files);
    drop(bench, "large.csv", "");
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    step(bench, 1);
    step(bench, 4);
    assert_int_equal(bench_status(bench).waiting, 2);
    assert_false(there(bench, "drop", "again.csv"));
    assert_true(report_has(bench, "again.csv", "были внесены раньше 1"));
    assert_true(there(bench, "drop", "binary.csv") && report_has(bench, "binary.csv", "не принят целиком"));
    assert_true(report_has(bench, "what.csv", "не принят целиком"));
    assert_true(report_has(bench, "folder.csv", "не файл"));
    assert_true(report_has(bench, "link.csv", "не файл"));
    assert_true(report_has(bench, "large.csv", "больше 8 МБ"));
}

static void drop_bytes(struct bench *bench, const char *folder, const char *name, struct bytes content)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s/%s", bench->intake.files, folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content.at, 1, content.n, file), content.n);
    assert_int_equal(fclose(file), 0);
}

/* By the reader of the command line: workbooks, «ФИО» in one column, and maps for what titles do not tell. */
static void workbooks_and_maps_of_columns_are_taken(void **state)
{
    struct bench *bench = *state;
    struct archive book = { 0 }, torn = { 0 };
    step(bench, 1);
    archive_workbook(&book, "№;ФИО;Д.р.;Код организации;Должность;Принят\n"
                     "1;Орлова  Анна Ивановна;01.02.1980;S1;учитель;01.09.2015\n2;Соколова;01.02.1980;S1;учитель;01.09.2015\n");
    archive_workbook(&torn, "Код\n1\n");
    drop_bytes(bench, "drop", "staff.xlsx", buf_bytes(&book.file));
    drop_bytes(bench, "drop", "torn.xlsx", bytes(torn.file.at, torn.file.n / 2));
    step(bench, 1);
    step(bench, 4);
    assert_true(there(bench, "drop", "staff.xlsx") && report_has(bench, "staff.xlsx.csv", "нет столбца «Код работника»"));
    assert_true(there(bench, "drop", "torn.xlsx") && report_has(bench, "torn.xlsx.csv", "книга Excel повреждена"));

    drop(bench, "staff.xlsx.columns", "Столбец;Поле\n№;code\nД.р.;birthday\n");       /* a field that there is none of */
    step(bench, 1);
    step(bench, 4);
    assert_true(there(bench, "drop", "staff.xlsx") && report_has(bench, "staff.xlsx.csv", "строка 3: нет такого поля: «birthday»"));
    assert_false(there(bench, "reports", "staff.xlsx.columns.csv"));       /* a map is no list */

    drop(bench, "staff.xlsx.columns", "Столбец;Поле\n№;code\nД.р.;born\n");
    step(bench, 1);
    step(bench, 4);
    assert_false(there(bench, "drop", "staff.xlsx"));
    assert_false(there(bench, "drop", "staff.xlsx.columns"));
    assert_int_equal(bench_status(bench).waiting, 1);
    assert_true(report_has(bench, "staff.xlsx.csv", "внесено строк 1"));
    assert_true(report_has(bench, "staff.xlsx.csv", "\"3\";\"Имя\""));
    assert_false(bench_holds(bench, "Орлова"));

    /* One for all lists that come; a list's own goes before it. */
    drop_bytes(bench, ".", "columns.csv", bytes_of("Столбец;Поле\nНомер;code\nЧисло;day\n"));
    drop(bench, "more.csv", "Номер;ФИО;Дата рождения;Код организации;Должность;Принят\r\n1;Орлова Анна Ивановна;01.02.1980;S1;учитель;01.09.2015\r\n");
    drop(bench, "own.csv", "Номер;Табель;ФИО;Дата рождения;Код организации;Должность;Принят\r\n1;7;Зорина Анна;01.02.1981;S1;учитель;01.09.2015\r\n");
    drop(bench, "own.csv.columns", "Столбец;Поле\nТабель;code\n");
    step(bench, 1);
    step(bench, 4);
    assert_true(report_has(bench, "more.csv", "были внесены раньше 1"));
    assert_true(report_has(bench, "own.csv", "внесено строк 1"));
    assert_int_equal(bench_status(bench).waiting, 2);
    buf_free(&book.file);
    buf_free(&book.directory);
    buf_free(&torn.file);
    buf_free(&torn.directory);
}

static uint32_t reports_of_names(struct bench *bench)
{
    char path[300];
    uint32_t n = 0;
    snprintf(path, sizeof path, "%s/reports", bench->intake.files);
    DIR *dir = opendir(path);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL; )
        if (strncmp(entry->d_name, "list-", 5) == 0) {
            assert_true(report_has(bench, entry->d_name, "переименуйте файл"));
            n++;
        }
    closedir(dir);
    return n;
}

/* A name in Windows-1251, of two lines, or too long is refused with a report; the longest good one is taken. */
static void names_that_are_no_text_are_refused(void **state)
{
    struct bench *bench = *state;
    char longest[200] = "1", longer[240] = "";
    for (int i = 0; i < 14; i++)
        text_append(longest, sizeof longest, "список");
    text_append(longest, sizeof longest, "аб.csv");
    assert_int_equal(strlen(longest), 177);
    for (int i = 0; i < 16; i++)
        text_append(longer, sizeof longer, "список");
    step(bench, 1);
    static const char *const bad[] = { "\xf1\xef\xe8\xf1\xee\xea.csv", "two\nlines.csv" };
    drop(bench, bad[0], HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n");
    drop(bench, bad[1], HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n");
    drop(bench, longer, HEADER "1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015;\r\n");
    drop(bench, longest, HEADER "2;Зорина;Анна;01.02.1981;S2;учитель;01.09.2015;\r\n");
    step(bench, 1);
    step(bench, 4);
    assert_int_equal(bench_status(bench).waiting, 1);
    assert_false(there(bench, "drop", longest));
    assert_true(there(bench, "drop", bad[0]) && there(bench, "drop", bad[1]) && there(bench, "drop", longer));
    assert_int_equal(reports_of_names(bench), 3);
    step(bench, 40);
    assert_int_equal(reports_of_names(bench), 3);
}

static void the_state_is_the_fold_of_the_journal(void **state)
{
    struct bench *bench = *state;
    bool same = false;
    lists_become_rows_and_their_faults_a_report(state);
    assert_int_equal(machine_rebuild(bench->node, false, &same), ERR_OK);
    assert_true(same);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(lists_become_rows_and_their_faults_a_report),
        TEST(workbooks_and_maps_of_columns_are_taken),
        TEST(names_that_are_no_text_are_refused),
        TEST(the_state_is_the_fold_of_the_journal),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
