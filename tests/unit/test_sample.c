#include "tests/unit/check.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/sample/names.h"
#include "cli/sample/sample.h"
#include "common/codec/csv.h"
#include "common/core/err.h"
#include "common/core/hash.h"

/* The sample region: the same bytes for the same seed, rows as they should be, and figures that agree with
 * what is plain to see in the written files. */
static const char *const FILES[] = {
    "organisations.csv", "staff.csv", "framework.json", "instrument.json", "procedures.json", "programmes.json",
    "runs.csv", "sittings.csv", "agreements.csv", "enrolments.csv", "attestations.csv", "completions.csv", "support.csv",
    "tutors.csv", "assignments.csv", "judgements.json", "registers.csv", "parts.csv", "duties.csv", "papers.csv", "sendings.csv",
    "changes.csv", "consents.csv", "trainings.csv", "bookings.csv", "contests.csv", "works.csv", "opinions.csv", "expected.json",
};

struct folder { char path[64]; struct arena arena; };

static void folder_of(struct folder *folder, const char *region, const char *workers, const char *seed)
{
    *folder = (struct folder){ .path = "/tmp/rsnms-sample-XXXXXX" };
    assert_non_null(mkdtemp(folder->path));
    char *argv[] = { "sample", (char *)(uintptr_t)region, "--workers", (char *)(uintptr_t)workers, "--seed", (char *)(uintptr_t)seed,
                     folder->path };
    assert_int_equal(sample_main(COUNT(argv), argv), 0);
}

static void folder_make(struct folder *folder, const char *workers, const char *seed)
{
    folder_of(folder, "tomsk", workers, seed);
}

static struct bytes folder_file(struct folder *folder, const char *name)
{
    struct buf text = { 0 };
    char part[4096];
    size_t n;
    FILE *file = fopen(arena_format(&folder->arena, "%s/%s", folder->path, name), "rb");

    assert_non_null(file);
    while ((n = fread(part, 1, sizeof part, file)) > 0)
        buf_put(&text, part, n);
    fclose(file);
    struct bytes kept = arena_bytes(&folder->arena, buf_bytes(&text));
    buf_free(&text);
    return kept;
}

static uint64_t number_of(const char *digits)
{
    char *end;
    unsigned long long number = strtoull(digits, &end, 10);
    assert_true(end > digits && *end == '\0');
    return number;
}

static json_t *expected_of(struct folder *folder)
{
    struct bytes text = folder_file(folder, "expected.json");
    json_t *expected = json_loadb(text.at, text.n, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(expected);
    return expected;
}

static void folder_drop(struct folder *folder)
{
    for (size_t i = 0; i < COUNT(FILES); i++)
        unlink(arena_format(&folder->arena, "%s/%s", folder->path, FILES[i]));
    rmdir(folder->path);
    arena_free(&folder->arena);
}

static struct hash folder_hash(struct folder *folder)
{
    struct hash_state state;

    hash_start(&state, NULL);
    for (size_t i = 0; i < COUNT(FILES); i++) {
        struct bytes file = folder_file(folder, FILES[i]);
        hash_more(&state, file.at, file.n);
    }
    return hash_end(&state);
}

static void the_same_seed_gives_the_same_bytes(void **unused)
{
    struct folder first, again, other;

    (void)unused;
    folder_of(&first, "khabarovsk", "300", "7");        /* it has every file */
    folder_of(&again, "khabarovsk", "300", "7");
    folder_of(&other, "khabarovsk", "300", "8");
    struct hash hash = folder_hash(&first), same = folder_hash(&again), differs = folder_hash(&other);
    assert_true(hash_equal(&hash, &same));
    assert_false(hash_equal(&hash, &differs));
    folder_drop(&first);
    folder_drop(&again);
    folder_drop(&other);
}

/* Its code, the number of people, organisations of all kinds (with the staff's own above them), schools. */
static void regions_have_their_published_sizes(void **unused)
{
    static const struct { const char *name, *workers, *code; uint32_t municipalities, organisations, schools; } REGION[] = {
        { "tomsk", "11500", "70", 20, 520, 300 }, { "yugra", "37000", "86", 22, 699, 300 },
        { "stavropol", "29000", "26", 33, 980, 439 }, { "khabarovsk", "23000", "27", 19, 788, 368 },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT(REGION); i++) {
        struct folder folder;
        struct csv csv;
        struct csv_row row;
        uint32_t municipalities = 0, schools = 0, others = 0;
        folder_of(&folder, REGION[i].name, REGION[i].workers, "1");
        assert_int_equal(csv_open(&csv, folder_file(&folder, "organisations.csv"), &folder.arena), ERR_OK);
        csv_row(&csv, &folder.arena, &row);
        while (csv_row(&csv, &folder.arena, &row) == 1) {
            assert_memory_equal(row.cell[0], REGION[i].code, 2);
            municipalities += strcmp(row.cell[1], "муниципалитет") == 0;
            schools += strcmp(row.cell[1], "школа") == 0;
            others += strcmp(row.cell[1], "детский сад") == 0 || strcmp(row.cell[1], "колледж") == 0
                   || strcmp(row.cell[1], "дополнительное образование") == 0;
        }
        assert_int_equal(municipalities, REGION[i].municipalities);
        assert_int_equal(schools, REGION[i].schools);
        assert_int_equal(schools + others, REGION[i].organisations);
        json_t *expected = expected_of(&folder);
        assert_int_equal(json_integer_value(json_object_get(json_object_get(expected, "counts"), "persons")),
                         number_of(REGION[i].workers));
        json_decref(expected);
        folder_drop(&folder);
    }
}

/* ── what goes on today ── */
static uint32_t rows_of(struct folder *folder, const char *file, struct csv_row *rows, uint32_t most)
{
    struct csv csv;
    uint32_t n = 0;

    assert_int_equal(csv_open(&csv, folder_file(folder, file), &folder->arena), ERR_OK);
    csv_row(&csv, &folder->arena, &rows[0]);
    while (n < most && csv_row(&csv, &folder->arena, &rows[n]) == 1)
        n++;
    assert_true(n < most);
    return n;
}

#define ROWS_MOST 4000
static struct csv_row WORKS[ROWS_MOST], OPINIONS[ROWS_MOST], CONSENTS[ROWS_MOST], AGREED[ROWS_MOST];

static const struct csv_row *work_of(uint32_t works, const struct csv_row *opinion)
{
    for (uint32_t i = 0; i < works; i++)
        if (strcmp(WORKS[i].cell[0], opinion->cell[0]) == 0 && strcmp(WORKS[i].cell[2], opinion->cell[1]) == 0)
            return &WORKS[i];
    fail_msg("an opinion on no work: %s", opinion->cell[1]);
    return NULL;
}

/* In each region: as many works as its size asks for, each expert with no more than the profiles let him have, none with his own. */
static void experts_get_what_they_may_judge(void **unused)
{
    static const char *const NAME[] = { "tomsk", "yugra", "stavropol", "khabarovsk" };

    (void)unused;
    for (size_t i = 0; i < COUNT(NAME); i++) {
        struct folder folder;
        uint32_t applications = 0;
        folder_of(&folder, NAME[i], "2000", "5");
        uint32_t works = rows_of(&folder, "works.csv", WORKS, ROWS_MOST), opinions = rows_of(&folder, "opinions.csv", OPINIONS, ROWS_MOST);
        for (uint32_t k = 0; k < works; k++)
            applications += *WORKS[k].cell[1] != '\0';
        assert_int_equal(applications, 4 + 2000 / 500);
        assert_int_equal(works - applications, 2 * (2 + 2000 / 1000));
        assert_true(opinions > works);
        for (uint32_t k = 0; k < opinions; k++) {
            uint32_t load = 0;
            for (uint32_t j = 0; j < opinions; j++)
                load += strcmp(OPINIONS[j].cell[2], OPINIONS[k].cell[2]) == 0;
            assert_true(load <= 5);
            assert_string_not_equal(work_of(works, &OPINIONS[k])->cell[4], OPINIONS[k].cell[2]);
        }
        folder_drop(&folder);
    }
}

/* Nobody has a route without having agreed to be supported, once. */
static void whoever_has_a_route_has_consented(void **unused)
{
    struct folder folder;

    (void)unused;
    folder_make(&folder, "2000", "5");
    uint32_t agreed = rows_of(&folder, "agreements.csv", AGREED, ROWS_MOST), consents = rows_of(&folder, "consents.csv", CONSENTS, ROWS_MOST);
    assert_true(agreed > 100);
    for (uint32_t i = 0; i < agreed; i++) {
        uint32_t times = 0;
        for (uint32_t k = 0; k < consents; k++)
            times += strcmp(CONSENTS[k].cell[0], AGREED[i].cell[1]) == 0 && strcmp(CONSENTS[k].cell[1], "методическая поддержка") == 0;
        assert_int_equal(times, 1);
    }
    folder_drop(&folder);
}

static void a_wrong_command_line_is_refused(void **unused)
{
    static char *const WRONG[][6] = {
        { "sample", "tomsk", NULL },
        { "sample", "atlantis", "/tmp/none", NULL },
        { "sample", "tomsk", "/tmp/none", "--workers", "5", NULL },
        { "sample", "tomsk", "/tmp/none", "--workers", "many", NULL },
        { "sample", "tomsk", "/tmp/none", "--seed", NULL },
        { "sample", "tomsk", "/tmp/none", "--colour", "red", NULL },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT(WRONG); i++) {
        int argc = 0;
        while (argc < 6 && WRONG[i][argc] != NULL)
            argc++;
        assert_int_equal(sample_main(argc, (char **)(uintptr_t)WRONG[i]), 2);
    }
    assert_int_equal(access("/tmp/none", F_OK), -1);
}

static void the_check_of_a_snils_is_the_published_one(void **unused)
{
    (void)unused;
    assert_int_equal(snils_checksum(112233445), 95);
    assert_int_equal(snils_checksum(102234567), 0);         /* a sum of 100 is written 00 */
    assert_int_equal(snils_checksum(87654302), 0);          /* 201 leaves 100, written 00 too */
}

/* ── the staff list ───────────────────────────────────────────────────────── */
static void check_snils(const char *text)
{
    char digits[16] = "";
    size_t n = 0;

    for (; *text != '\0'; text++)
        if (*text >= '0' && *text <= '9' && n < sizeof digits - 1)
            digits[n++] = *text;
    if (n == 0)
        return;
    assert_int_equal(n, 11);
    uint64_t check = number_of(digits + 9);
    digits[9] = '\0';
    assert_int_equal(check, snils_checksum(number_of(digits)));
}

static bool is_refused_line(const json_t *refused, uint32_t line)
{
    size_t i;
    const json_t *row;

    json_array_foreach((json_t *)(uintptr_t)refused, i, row)
        if (json_integer_value(json_object_get(row, "line")) == line)
            return true;
    return false;
}

static void the_staff_list_is_as_excel_saves_it(void **unused)
{
    struct folder folder;
    struct csv csv;
    struct csv_row row;
    uint32_t rows = 0, faulty = 0;

    (void)unused;
    folder_make(&folder, "500", "3");
    json_t *expected = expected_of(&folder), *refused = json_object_get(expected, "refused");
    struct bytes file = folder_file(&folder, "staff.csv");
    assert_int_equal(csv_open(&csv, file, &folder.arena), ERR_OK);
    assert_int_equal(csv.encoding, CSV_1251);
    assert_int_equal(csv.separator, ';');
    assert_non_null(memmem(file.at, file.n, "\r\n", 2));
    assert_int_equal(csv_row(&csv, &folder.arena, &row), 1);
    assert_int_equal(row.n, 13);
    assert_string_equal(row.cell[5], "СНИЛС");
    while (csv_row(&csv, &folder.arena, &row) == 1) {
        bool wrong = is_refused_line(refused, row.line);
        assert_int_equal(wrong, strncmp(row.cell[0], "Ф", strlen("Ф")) == 0);
        rows++;
        faulty += wrong;
        if (!wrong)
            check_snils(row.cell[5]);
    }
    json_t *counts = json_object_get(expected, "counts");
    assert_int_equal(faulty, json_array_size(refused));
    assert_int_equal(rows, json_integer_value(json_object_get(counts, "posts")) + faulty
                           + json_integer_value(json_object_get(counts, "unchanged")));
    json_decref(expected);
    folder_drop(&folder);
}

/* ── the figures ──────────────────────────────────────────────────────────── */
static json_int_t value_of(const json_t *expected, const char *unit, const char *indicator, int year, const char *side)
{
    size_t i;
    const json_t *row;

    json_array_foreach(json_object_get(expected, "values"), i, row)
        if (strcmp(json_string_value(json_object_get(row, "unit")), unit) == 0
            && strcmp(json_string_value(json_object_get(row, "indicator")), indicator) == 0
            && json_integer_value(json_object_get(row, "year")) == year)
            return json_integer_value(json_object_get(row, side));
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whom the act leaves out: staff of higher education. */
static bool is_of_university(struct folder *folder, const char *person)
{
    struct csv csv;
    struct csv_row row;
    bool found = false;

    assert_int_equal(csv_open(&csv, folder_file(folder, "staff.csv"), &folder->arena), ERR_OK);
    while (!found && csv_row(&csv, &folder->arena, &row) == 1)
        found = strcmp(row.cell[0], person) == 0 && strcmp(row.cell[6], "70-00-003") == 0;
    return found;
}

/* Distinct workers in a table whose procedure is one of the centre's, by the year of a day column. */
static size_t distinct_in(struct folder *folder, const char *file, uint32_t day_column, int year)
{
    struct csv csv;
    struct csv_row row;
    const char *code[4096];
    size_t n = 0, distinct = 0;

    assert_int_equal(csv_open(&csv, folder_file(folder, file), &folder->arena), ERR_OK);
    csv_row(&csv, &folder->arena, &row);
    while (csv_row(&csv, &folder->arena, &row) == 1)
        if (strncmp(row.cell[0], "ИН", strlen("ИН")) != 0 && number_of(row.cell[day_column] + strlen("01.09.")) == (uint64_t)year) {
            assert_true(n < COUNT(code));
            code[n++] = row.cell[1];
        }
    qsort(code, n, sizeof *code, by_text);
    for (size_t i = 0; i < n; i++)
        distinct += (i == 0 || strcmp(code[i], code[i - 1]) != 0) && !is_of_university(folder, code[i]);
    return distinct;
}

static void the_figures_agree_with_the_files(void **unused)
{
    struct folder folder;

    (void)unused;
    folder_make(&folder, "1000", "11");
    json_t *expected = expected_of(&folder);
    for (int year = 2021; year <= 2024; year++) {
        assert_int_equal(value_of(expected, "70", "1", year, "numerator"),
                         distinct_in(&folder, "sittings.csv", 3, year));
        assert_int_equal(value_of(expected, "70", "2", year, "numerator"),
                         distinct_in(&folder, "agreements.csv", 2, year));
    }
    json_decref(expected);
    folder_drop(&folder);
}

static void no_share_is_above_its_whole_and_units_add_up(void **unused)
{
    struct folder folder;
    size_t i;
    const json_t *row;

    (void)unused;
    folder_make(&folder, "2000", "12");
    json_t *expected = expected_of(&folder);
    for (int year = 2021; year <= 2024; year++) {
        json_int_t persons = 0, teams = 0;
        json_array_foreach(json_object_get(expected, "values"), i, row) {
            const char *indicator = json_string_value(json_object_get(row, "indicator"));
            bool municipal = strcmp(json_string_value(json_object_get(row, "level")), "municipality") == 0;
            json_int_t below = json_integer_value(json_object_get(row, "denominator"));
            if (strcmp(indicator, "1") != 0 && strcmp(indicator, "2") != 0 && strcmp(indicator, "3") != 0)
                assert_true(json_integer_value(json_object_get(row, "numerator")) <= below);    /* not counted on 31 December alone */
            if (!municipal || json_integer_value(json_object_get(row, "year")) != year)
                continue;
            persons += strcmp(indicator, "1") == 0 ? below : 0;
            teams += strcmp(indicator, "4") == 0 ? below : 0;
        }
        /* A person of two municipalities is in both; the institute and the centre are in none. */
        assert_true(persons + value_of(expected, "70-00-001", "1", year, "denominator")
                    >= value_of(expected, "70", "1", year, "denominator"));
        assert_int_equal(teams, value_of(expected, "70", "4", year, "denominator"));
    }
    json_decref(expected);
    folder_drop(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(regions_have_their_published_sizes),
        cmocka_unit_test(experts_get_what_they_may_judge),
        cmocka_unit_test(whoever_has_a_route_has_consented),
        cmocka_unit_test(a_wrong_command_line_is_refused),
        cmocka_unit_test(the_check_of_a_snils_is_the_published_one),
        cmocka_unit_test(the_staff_list_is_as_excel_saves_it),
        cmocka_unit_test(the_figures_agree_with_the_files),
        cmocka_unit_test(no_share_is_above_its_whole_and_units_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
