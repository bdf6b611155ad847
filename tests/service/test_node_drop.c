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

    /* What lay beside a list that was taken is kept for the next one of its titles, in whatever form. */
    drop(bench, "next.csv", "№;ФИО;Д.р.;Код организации;Должность;Принят\r\n9;Лебедева Ирина Петровна;01.02.1983;S1;учитель;01.09.2015\r\n");
    drop(bench, "other.csv", "№;ФИО;Д.р.;Код организации;Должность;Принят;Класс\r\n9;Лебедева Ирина;01.02.1983;S1;учитель;01.09.2015;5А\r\n");
    step(bench, 1);
    step(bench, 4);
    assert_false(there(bench, "drop", "next.csv"));
    assert_true(report_has(bench, "next.csv", "внесено строк 1") && report_has(bench, "next.csv", "было сказано раньше"));
    assert_true(there(bench, "drop", "other.csv") && report_has(bench, "other.csv", "нет столбца"));      /* other titles: nobody has said */
    assert_int_equal(bench_status(bench).waiting, 3);
    buf_free(&book.file);
    buf_free(&book.directory);
    buf_free(&torn.file);
    buf_free(&torn.directory);
}

/* mode: bulk or delta, of users and roles. */
static void drop_bundle(struct bench *bench, const char *name, const char *mode, const char *users, const char *roles)
{
    struct archive bundle = { 0 };
    char manifest[400];
    snprintf(manifest, sizeof manifest, "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\nfile.orgs,bulk\nfile.users,%s\n"
             "file.roles,%s\nfile.demographics,bulk\nfile.classes,absent\nfile.enrollments,absent\n", mode, mode);
    archive_put(&bundle, "manifest.csv", manifest);
    archive_put(&bundle, "orgs.csv", "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\no1,,,Школа 1,school,S1,\n");
    archive_put(&bundle, "demographics.csv", "sourcedId,status,dateLastModified,birthDate,sex\nu1,,,1980-02-01,\nu2,,,1981-02-01,\nu3,,,1982-02-01,\n"
                "u4,,,2012-02-01,\nu5,,,1979-02-01,\n");
    archive_put(&bundle, "users.csv", users);
    archive_put(&bundle, "roles.csv", roles);
    archive_end(&bundle);
    drop_bytes(bench, "drop", name, buf_bytes(&bundle.file));
    buf_free(&bundle.file);
    buf_free(&bundle.directory);
}

#define BUNDLE_USERS "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName\n"
#define BUNDLE_ROLES "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId,metadata.since\n"

/* A bundle by the reader of the command line: its roles are the rows, a fault is told by the line of its file; a bulk one dismisses nobody,
 * of a delta a deleted role ends. */
static void oneroster_bundles_are_taken(void **state)
{
    struct bench *bench = *state;
    step(bench, 1);
    drop_bundle(bench, "all.zip", "bulk",
                BUNDLE_USERS "u1,,,true,,,Анна,Орлова,\nu2,,,true,,,Ольга,Coколова,\nu3,,,true,,{СНИЛС:112-233-445 96},Вера,Зорина,\nu4,,,true,,,Пётр,Малый,\n"
                "u5,,,true,,,Игорь,Лунин,\n",
                BUNDLE_ROLES "r1,,,u1,primary,teacher,2015-09-01,,o1,,\nr2,,,u2,primary,teacher,2015-09-01,,o1,,\nr3,,,u3,primary,principal,2015-09-01,,o1,,\n"
                "r4,,,u4,primary,student,2020-09-01,,o1,,\n");
    step(bench, 1);
    step(bench, 4);
    assert_false(there(bench, "drop", "all.zip"));
    assert_int_equal(bench_status(bench).waiting, 1);
    assert_true(report_has(bench, "all.zip.csv", "внесено строк 1, были внесены раньше 0, не принято 2"));
    assert_true(report_has(bench, "all.zip.csv", "\"3\";\"Фамилия\""));
    assert_true(report_has(bench, "all.zip.csv", "\"4\";\"СНИЛС\";\"контрольное число 96"));
    assert_true(report_has(bench, "all.zip.csv", "пользователей без роли 1"));
    assert_true(report_has(bench, "all.zip.csv", "узел никого не увольняет"));
    assert_false(report_has(bench, "all.zip.csv", "Зорина"));
    assert_false(bench_holds(bench, "Орлова"));
    assert_false(bench_holds(bench, "1980-02-01"));

    drop_bundle(bench, "changes.zip", "delta", BUNDLE_USERS "u1,active,2022-05-01T00:00:00Z,true,,,Анна,Орлова,\n",
                BUNDLE_ROLES "r1,tobedeleted,2022-05-31T09:30:00Z,u1,primary,teacher,2015-09-01,,o1,,\n");
    step(bench, 1);
    step(bench, 4);
    assert_int_equal(bench_status(bench).waiting, 2);                           /* the same role, now with its last day */
    assert_true(report_has(bench, "changes.zip.csv", "внесено строк 1"));
    assert_false(report_has(bench, "changes.zip.csv", "узел никого не увольняет"));

    drop_bundle(bench, "again.zip", "delta", BUNDLE_USERS "u1,active,2022-05-01T00:00:00Z,true,,,Анна,Орлова,\n",
                BUNDLE_ROLES "r1,tobedeleted,2022-05-31T09:30:00Z,u1,primary,teacher,2015-09-01,,o1,,\n");
    step(bench, 1);
    step(bench, 4);
    assert_true(report_has(bench, "again.zip.csv", "были внесены раньше 1"));
    assert_int_equal(bench_status(bench).waiting, 2);
}

/* What is no such bundle, or wants a map, waits in the folder with a report; the map lies beside it. */
static void a_bundle_that_does_not_tell_waits_for_who_put_it(void **state)
{
    static const char *const users = BUNDLE_USERS "u1,,,true,,,Анна,Орлова,\n";
    struct bench *bench = *state;
    struct archive none = { 0 };
    step(bench, 1);
    archive_put(&none, "manifest.csv", "propertyName,value\noneroster.version,1.2\nfile.users,bulk\nfile.roles,bulk\n");
    archive_put(&none, "users.csv", users);
    archive_end(&none);
    drop_bytes(bench, "drop", "none.zip", buf_bytes(&none.file));
    drop_bytes(bench, "drop", "torn.zip", bytes(none.file.at, none.file.n - 30));
    drop_bundle(bench, "since.zip", "bulk", users, BUNDLE_ROLES "r1,,,u1,primary,teacher,,,o1,,2015-09-01\n");
    step(bench, 1);
    step(bench, 4);
    assert_int_equal(bench_status(bench).waiting, 0);
    assert_true(there(bench, "drop", "none.zip") && report_has(bench, "none.zip.csv", "нет файла roles.csv"));
    assert_true(there(bench, "drop", "torn.zip") && report_has(bench, "torn.zip.csv", "не принят целиком"));
    assert_true(report_has(bench, "since.zip.csv", "внесено строк 0, были внесены раньше 0, не принято 1"));
    drop_bundle(bench, "mapped.zip", "bulk", users, BUNDLE_ROLES "r1,,,u1,primary,teacher,,,o1,,2015-09-01\n");
    drop(bench, "mapped.zip.columns", "Столбец;Поле\nsince;from\n");
    step(bench, 1);
    step(bench, 4);
    assert_int_equal(bench_status(bench).waiting, 1);
    assert_true(report_has(bench, "mapped.zip.csv", "внесено строк 1"));
    assert_false(there(bench, "drop", "mapped.zip") || there(bench, "drop", "mapped.zip.columns"));
    buf_free(&none.file);
    buf_free(&none.directory);
}

/* The lists of tests/data/lists, as they come to the command line too (tests/e2e/list_files.sh). */
static void a_list_is_taken_in_whatever_form_it_comes(void **state)
{
    static const struct { const char *file, *summary, *fault; } LISTS[] = {
        { "utf8.csv", "внесено строк 10, были внесены раньше 0, не принято 0", NULL },
        { "utf8_bom.csv", "внесено строк 0, были внесены раньше 10, не принято 0", NULL },
        { "lf.csv", "внесено строк 0, были внесены раньше 10, не принято 0", NULL },
        { "comma.csv", "внесено строк 0, были внесены раньше 10, не принято 0", NULL },
        { "tab.csv", "внесено строк 0, были внесены раньше 10, не принято 0", NULL },
        { "quoted_breaks.csv", "не принято 0", NULL },
        { "cp1251.csv", "не принято 0", NULL },
        { "dates.csv", "не принято 0", NULL },
        { "yo.csv", "не принято 0", NULL },
        { "spaces.csv", "не принято 0", NULL },
        { "whole_name.csv", "не принято 0", NULL },
        { "book.xlsx", "не принято 0", NULL },
        { "oneroster.zip", "не принято 0", NULL },
        { "two_heads.csv", "не принято 0", NULL },
        { "truncated.csv", "не принято 1", "\"7\";\"Код ОО\"" },
        { "header_again.csv", "не принято 1", "\"7\";\"\";\"это снова заголовок списка\"" },
        { "latin.csv", "не принято 3", "\"3\";\"Фамилия\";\"латинская буква «o» на месте 2" },
        { "snils.csv", "не принято 2", "\"2\";\"СНИЛС\";\"контрольное число 96" },
        { "unknown_school.csv", "не принято 2", "\"6\";\"Код ОО\"" },
        { "ragged.csv", "не принято 1", "\"4\";\"Код ОО\"" },
        { "truncated_quote.csv", NULL, "строка 6: файл обрывается на середине буквы" },
        { "truncated.xlsx", NULL, "книга Excel повреждена" },
        { "column_twice.csv", NULL, "столбец «Фамилия» стоит дважды" },
        { "mixed_encodings.csv", NULL, "строка 7: с этой строки другая кодировка" },
        { "utf16.csv", NULL, "это не текст" },
        { "koi8.csv", NULL, "не понять, что это за список" },
    };
    struct bench *bench = *state;
    char command[600], report[60];
    step(bench, 1);
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        const char *file = LISTS[i].file;
        snprintf(command, sizeof command, "cp '%s/tests/data/lists/%s' '%s/drop/'", getenv("RSNMS_SOURCE"), file, bench->intake.files);
        assert_int_equal(system(command), 0);
        step(bench, 1);
        step(bench, 4);
        snprintf(report, sizeof report, "%s%s", file, strstr(file, ".csv") != NULL ? "" : ".csv");
        if (there(bench, "drop", file) != (LISTS[i].summary == NULL) || (LISTS[i].fault != NULL && !report_has(bench, report, LISTS[i].fault)) ||
            !report_has(bench, report, LISTS[i].summary != NULL ? LISTS[i].summary : "не принят целиком")) {
            snprintf(command, sizeof command, "cat '%s/reports/%s'", bench->intake.files, report);
            assert_int_equal(system(command), 0);
            fail_msg("%s: not as expected", file);
        }
    }
    assert_false(bench_holds(bench, "Берёзкина"));
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
        TEST(a_list_is_taken_in_whatever_form_it_comes),
        TEST(oneroster_bundles_are_taken),
        TEST(a_bundle_that_does_not_tell_waits_for_who_put_it),
        TEST(names_that_are_no_text_are_refused),
        TEST(the_state_is_the_fold_of_the_journal),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
