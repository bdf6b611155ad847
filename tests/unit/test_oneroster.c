#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "services/shared/lists/list.h"
#include "services/shared/staff_columns.h"
#include "tests/unit/archive.h"

/* OneRoster bundles as staff lists: a usual one, and those that each rule needs. */

static struct list list;
static struct list_fault fault;
static struct archive archive;

static int tear_down(void **state)
{
    (void)state;
    list_end(&list);
    buf_free(&archive.file);
    buf_free(&archive.directory);
    archive = (struct archive){ 0 };
    return 0;
}

static bool read_bundle(void)
{
    list_end(&list);
    archive_end(&archive);
    return list_begin(&list, buf_bytes(&archive.file), 1 << 20, &fault) &&
           list_columns(&list, STAFF_COLUMN, STAFF_COLUMN_COUNT, NULL, &fault) && list_walk(&list, &fault);
}

static const char *cell(const struct csv_row *row, const char *field)
{
    return list_cell(&list, row, list_column(&list, field));
}

/* line|code|family|given|patronymic|born|snils|organisation|post|subject|part_time|from|until */
static void expect_row(const char *wanted)
{
    static const char *const FIELDS[] = { "code", "family", "given", "patronymic", "born", "snils", "organisation", "post", "subject",
                                          "part_time", "from", "until" };
    struct csv_row row;
    char text[600];

    assert_true(list_next(&list, &row));
    snprintf(text, sizeof text, "%u", row.line);
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "|%s", cell(&row, FIELDS[i]));
    assert_string_equal(text, wanted);
}

#define MANIFEST_11 "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.orgs,bulk\nfile.users,bulk\n" \
                    "file.demographics,bulk\nfile.classes,bulk\nfile.enrollments,bulk\n"
#define MANIFEST_12 "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\nfile.orgs,bulk\nfile.users,delta\nfile.roles,delta\n" \
                    "file.demographics,delta\nfile.classes,absent\nfile.enrollments,absent\n"
#define ORGS "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\no1,,,Школа 1,school,S1,\no2,,,Школа 2,school,,\n"

/* As exporters write them: all that a manifest may name, columns of their own, no line break at the end. What the
 * manifest names, and is read, has to be there. */
static void put_usual(void)
{
    archive_put(&archive, "manifest.csv", "propertyName,value\nsource.systemName,Manual\nsource.systemCode,Область\nmanifest.version,1.0\n"
                "oneroster.version,1.1\nfile.academicSessions,bulk\nfile.orgs,bulk\nfile.courses,bulk\nfile.classes,bulk\nfile.users,bulk\n"
                "file.enrollments,bulk\nfile.demographics,bulk\nfile.resources,absent\nfile.results,absent");
    archive_put(&archive, "orgs.csv", "sourcedId,status,dateLastModified,name,type,identifier,metadata.boarding,parentSourcedId,ext_vendor_id\n"
                "12345,active,\"2017-05-06 08:01:05\",Школа 1,school,S1,FALSE,54321,\n54321,,,Школа 2,school,S2,,,");
    archive_put(&archive, "users.csv", "sourcedId,enabledUser,status,dateLastModified,orgSourcedIds,role,username,userId,givenName,familyName,"
                "identifier,email,sms,phone,agents,ext_vendor_id,ext_vendor_grade\n"
                "p1,TRUE,,,12345,student,anna,x,Анна,Малая,1,,,,,7,\np2,TRUE,,,54321,student,olga,x,Ольга,Малая,2,,,,,,");
}

static void a_usual_bundle_is_read(void **state)
{
    (void)state;
    put_usual();
    assert_false(read_bundle());
    assert_string_equal(fault.token, "bundle_part");
    assert_string_equal(fault.column, "demographics.csv");
    tear_down(NULL);
    put_usual();
    archive_put(&archive, "demographics.csv", "sourcedId,birthDate\np1,1990-01-02\n");
    archive_put(&archive, "classes.csv", "sourcedId,subjects\n");
    archive_put(&archive, "enrollments.csv", "sourcedId\n");
    assert_true(read_bundle());
    assert_true(list.bundle && !list.delta);
    assert_int_equal(list.rows, 0);                     /* both are students */
}

static void in_1_1_a_user_is_a_row_for_each_organisation(void **state)
{
    (void)state;
    archive_put(&archive, "manifest.csv", MANIFEST_11);
    archive_put(&archive, "orgs.csv", ORGS);
    archive_put(&archive, "users.csv",
                "sourcedId,status,dateLastModified,orgSourcedIds,role,userIds,givenName,familyName,middleName,identifier,metadata.from\n"
                "u1,,,o1,teacher,{СНИЛС:112-233-445 95},Анна,Орлова,Ильинична,К-1,2015-09-01\n"
                "u2,,,o1,student,,Пётр,Малый,,,\n"
                "u3,,,\"o2,o1,o9\",principal,\"{x:1},{snils:7}\",Ольга,\"Зорина\nБелая\",,К-3,2016-09-01\n"
                "u4,tobedeleted,2024-05-31T10:00:00Z,o1,aide,,Мария,Лесная,,К-4,2017-09-01\n"
                "u5,tobedeleted,,o1,teacher,,Вера,Лесная,,К-5,2017-09-01\n");
    archive_put(&archive, "demographics.csv", "sourcedId,status,dateLastModified,birthDate\nu3,,,1981-03-02\nu1,,,1980-02-01\n");
    archive_put(&archive, "classes.csv", "sourcedId,title,subjects\nc1,8А,физика\nc2,8Б,химия\nc3,9А,химия\n");
    archive_put(&archive, "enrollments.csv", "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n"
                "e1,c1,o1,u1,teacher\ne2,c2,o1,u1,teacher\ne3,c3,o1,u1,teacher\ne4,c1,o1,u2,student\ne5,c1,o2,u3,student\n");
    assert_true(read_bundle());
    assert_true(list.bundle && !list.delta);
    assert_int_equal(list.rows, 6);
    expect_row("2|u1|Орлова|Анна|Ильинична|1980-02-01|112-233-445 95|S1|учитель|химия||2015-09-01|");
    expect_row("4|u3|Зорина Белая|Ольга||1981-03-02|7|o2|директор|||2016-09-01|");
    expect_row("6|u4|Лесная|Мария||||S1|aide|||2017-09-01|2024-05-31");
    expect_row("7|u5|Лесная|Вера||||S1|учитель|||2017-09-01|tobedeleted");      /* no day: it will be refused */
    expect_row("8|u3|Зорина Белая|Ольга||1981-03-02|7|S1|директор||да|2016-09-01|");
    expect_row("9|u3|Зорина Белая|Ольга||1981-03-02|7|o9|директор||да|2016-09-01|");
}

static void in_1_2_a_role_is_a_row(void **state)
{
    struct list_map map = { 2, { { "identifier", "code", 0, 0 }, { "ставка", "subject", 0, 0 } } };
    (void)state;
    archive_put(&archive, "manifest.csv", MANIFEST_12);
    archive_put(&archive, "orgs.csv", ORGS);
    archive_put(&archive, "users.csv",
                "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,metadata.должность\n"
                "u1,active,2024-01-01T00:00:00Z,true,,,Анна,Орлова,,К-1,\n"
                "u2,tobedeleted,2024-06-30T00:00:00Z,true,,,Ольга,Зорина,,К-2,учитель химии\n"
                "u3,active,,true,,,Пётр,Малый,,К-3,\nu4,tobedeleted,2024-02-02,true,,,Мария,Лесная,,К-4,\n");
    archive_put(&archive, "roles.csv",
                "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,metadata.ставка\n"
                "r1,active,,u1,primary,teacher,2015-09-01,,o1,1\nr2,tobedeleted,2024-03-03,u1,secondary,counselor,2019-09-01,2024-02-29,o2,0.5\n"
                "r3,active,,u2,primary,teacher,2016-09-01,,o1,1\nr4,active,,u8,primary,student,2016-09-01,,o1,\n"
                "r5,active,,u9,primary,principal,2020-01-01,,o1,1\n");
    archive_put(&archive, "demographics.csv", "sourcedId,birthDate\n");
    assert_true(read_bundle());
    assert_true(list.bundle && list.delta);
    assert_int_equal(list.no_role, 1);
    /* The sender's own column of posts stands instead of the roles. */
    expect_row("2|u1|Орлова|Анна||||S1||||2015-09-01|");
    expect_row("3|u1|Орлова|Анна||||o2|||да|2019-09-01|2024-02-29");
    expect_row("4|u2|Зорина|Ольга||||S1|учитель химии|||2016-09-01|2024-06-30");
    expect_row("6|u9||||||S1||||2020-01-01|");          /* the bundle does not say who that is */
    expect_row("7|u4|Лесная|Мария|||||||||2024-02-02");
    assert_true(list_columns(&list, STAFF_COLUMN, STAFF_COLUMN_COUNT, &map, &fault));
    list_rewind(&list);
    expect_row("2|К-1|Орлова|Анна||||S1||1||2015-09-01|");
}

static void refused(const char *manifest, const char *users, const char *token, const char *column, uint32_t line)
{
    tear_down(NULL);
    archive_put(&archive, "manifest.csv", manifest);
    if (users != NULL)
        archive_put(&archive, "users.csv", users);
    assert_false(read_bundle());
    assert_string_equal(fault.token, token);
    assert_true(column == NULL ? fault.column == NULL : strcmp(fault.column, column) == 0);
    assert_int_equal(fault.line, line);
}

static void what_is_no_bundle_is_told(void **state)
{
    (void)state;
    refused("", NULL, "bundle_manifest", NULL, 0);
    refused("a,b\nc,d\n", NULL, "bundle_manifest", NULL, 0);
    refused("propertyName,value\noneroster.version,2.0\n", NULL, "bundle_version", NULL, 0);
    refused("propertyName,value\noneroster.version,1.1\nfile.users,absent\n", "sourcedId\n", "bundle_part", "users.csv", 0);
    refused("propertyName,value\noneroster.version,1.1\nfile.users,bulk\n", NULL, "bundle_part", "users.csv", 0);
    refused("propertyName,value\noneroster.version,1.2\nfile.users,bulk\n", "sourcedId\nx\n", "bundle_part", "roles.csv", 0);
    refused("propertyName,value\noneroster.version,1.1\nfile.users,bulk\n", "sourcedId,role\nx,teacher\n\"y,teacher\n", "bundle_table", "users.csv", 3);
    tear_down(NULL);
    archive_put(&archive, "manifest.csv", "propertyName,value\noneroster.version,1.1\nfile.users,bulk\n");
    char *much = malloc((1 << 20) + 100);
    assert_non_null(much);
    memset(much, 'x', (1 << 20) + 99);
    much[(1 << 20) + 99] = '\0';
    archive_put(&archive, "users.csv", much);
    free(much);
    assert_false(read_bundle());
    assert_string_equal(fault.token, "bundle_too_big");
}

/* Few bytes that would say much: a user at two thousand organisations, rows of nothing but commas. */
static void what_little_says_has_its_bound(void **state)
{
    struct buf text = { 0 };
    (void)state;
    archive_put(&archive, "manifest.csv", "propertyName,value\noneroster.version,1.1\nfile.users,bulk\n");
    buf_text(&text, "sourcedId,orgSourcedIds,role");
    for (int i = 0; i < 40; i++)
        buf_format(&text, ",ext_%d", i);
    for (int row = 0; row < 20; row++) {
        buf_format(&text, "\nu%d,\"", row);
        for (int i = 0; i < 1900; i++)
            buf_text(&text, "o,");
        buf_text(&text, "\",teacher");
    }
    archive_put(&archive, "users.csv", buf_string(&text));
    assert_false(read_bundle());
    assert_string_equal(fault.token, "bundle_too_big");

    tear_down(NULL);
    archive_put(&archive, "manifest.csv", "propertyName,value\noneroster.version,1.2\nfile.users,bulk\nfile.roles,bulk\n");
    archive_put(&archive, "roles.csv", "sourcedId\n");
    buf_clear(&text);
    buf_text(&text, "sourcedId");
    for (int i = 0; i < 60; i++)
        buf_format(&text, ",ext_%d", i);
    for (int row = 0; row < 1500; row++) {
        buf_text(&text, "\nu0");
        for (int i = 0; i < 60; i++)
            buf_byte(&text, ',');
    }
    archive_put(&archive, "users.csv", buf_string(&text));
    assert_false(read_bundle());
    assert_string_equal(fault.token, "bundle_too_big");
    buf_free(&text);
}

/* Bytes turned over anywhere: refused or read, never worse. */
static void a_damaged_bundle_breaks_nothing(void **state)
{
    (void)state;
    archive_put(&archive, "manifest.csv", MANIFEST_12);
    archive_put(&archive, "orgs.csv", ORGS);
    archive_put(&archive, "users.csv", "sourcedId,userIds,givenName,familyName\nu1,{снилс:1},Анна,Орлова\n");
    archive_put(&archive, "roles.csv", "sourcedId,userSourcedId,role,orgSourcedId\nr1,u1,teacher,o1\n");
    archive_put(&archive, "demographics.csv", "sourcedId,birthDate\nu1,1980-01-01\n");
    archive_end(&archive);
    uint32_t good = 0;
    for (size_t i = 4; i < archive.file.n; i++) {
        archive.file.at[i] ^= (uint8_t)(1u << i % 8);
        good += list_begin(&list, buf_bytes(&archive.file), 1 << 20, &fault);
        list_end(&list);
        archive.file.at[i] ^= (uint8_t)(1u << i % 8);
    }
    assert_true(list_begin(&list, buf_bytes(&archive.file), 1 << 20, &fault));
    assert_true(good < archive.file.n / 2);             /* the checksums are looked at */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_usual_bundle_is_read, tear_down),
        cmocka_unit_test_teardown(in_1_1_a_user_is_a_row_for_each_organisation, tear_down),
        cmocka_unit_test_teardown(in_1_2_a_role_is_a_row, tear_down),
        cmocka_unit_test_teardown(what_is_no_bundle_is_told, tear_down),
        cmocka_unit_test_teardown(what_little_says_has_its_bound, tear_down),
        cmocka_unit_test_teardown(a_damaged_bundle_breaks_nothing, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
