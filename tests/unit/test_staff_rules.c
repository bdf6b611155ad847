#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "services/shared/education.h"
#include "services/shared/staff_rules.h"

/* Every rule from both sides of its boundary. A row is changed in one field at a time. */

#define TODAY day("2022-09-15")

static day_t day(const char *text)
{
    day_t d = 0;
    if (text != NULL && text[0] != '\0')
        assert_true(day_parse(&d, text, strlen(text)));
    return d;
}

struct change { const char *family, *given, *patronymic, *born, *snils, *since, *from, *until, *works; };

static bool read_row(const struct change *change, struct staff_row *row, struct staff_fault *fault)
{
    struct worker_record record = {
        .code = "1", .organisation = "S1", .post = "учитель",
        .family = change->family != NULL ? change->family : "Иванова",
        .given = change->given != NULL ? change->given : "Анна",
        .patronymic = change->patronymic, .born = change->born != NULL ? change->born : "1985-04-12",
        .snils = change->snils, .teaching_since = day(change->since), .working_since = day(change->works),
        .from = day(change->from != NULL ? change->from : "2015-09-01"), .until = day(change->until) };
    return staff_row_read(&record, TODAY, row, fault);
}

static const struct { struct change change; const char *reason, *path, *arg, *value; } ROWS[] = {
    { { 0 }, NULL, NULL, NULL, NULL },
    { { .patronymic = "Ильинична" }, NULL, NULL, NULL, NULL },
    { { .family = "Мамин-Сибиряк" }, NULL, NULL, NULL, NULL },
    { { .family = "О’Нил" }, NULL, NULL, NULL, NULL },
    { { .family = "Д'Артаньян" }, NULL, NULL, NULL, NULL },
    { { .patronymic = "Мамед оглы" }, NULL, NULL, NULL, NULL },
    { { .family = "Семёнов" }, NULL, NULL, NULL, NULL },
    { { .family = "Ибраһимов" }, NULL, NULL, NULL, NULL },                  /* letters of other Cyrillic alphabets */
    { { .family = "Ивaнова" }, "name_latin", "family", "letter", "a" },     /* a Latin a */
    { { .family = "Ивaнова" }, "name_latin", "family", "position", "3" },
    { { .given = "Anna" }, "name_latin", "given", "letter", "A" },
    { { .patronymic = "Ивановнa" }, "name_latin", "patronymic", "position", "8" },
    { { .given = "А." }, "name_character", "given", "letter", "." },
    { { .given = "Анна1" }, "name_character", "given", "letter", "1" },
    { { .family = "Иванова (Петрова)" }, "name_character", "family", "letter", "(" },
    { { .family = "Иван—ов" }, "name_character", "family", "letter", "—" },
    { { .family = "-" }, "name_empty", "family", NULL, NULL },
    { { .family = "" }, "name_empty", "family", NULL, NULL },
    { { .works = "2006-07-01", .since = "2006-07-01" }, NULL, NULL, NULL, NULL },
    { { .works = "2006-07-02", .since = "2006-07-01" }, "teaching_before_work", "working_since", NULL, NULL },
    { { .works = "2023-09-15" }, NULL, NULL, NULL, NULL },
    { { .works = "2023-09-16" }, "working_future", "working_since", "latest", "2023-09-15" },
    { { .works = "1999-04-12" }, NULL, NULL, NULL, NULL },
    { { .works = "1999-04-11" }, "working_under_age", "working_since", "least", "14" },
    { { .born = "12.04.1985" }, NULL, NULL, NULL, NULL },
    { { .born = "1961-03-15" }, NULL, NULL, NULL, NULL },                   /* before the calendar of days */
    { { .born = "1985-02-30" }, "born_malformed", "born", NULL, NULL },
    { { .born = "1899-12-31" }, "born_malformed", "born", NULL, NULL },
    { { .born = "2015-09-01" }, "born_after_from", "born", NULL, NULL },
    { { .born = "2015-08-31" }, "age_under", "born", "least", "14" },
    { { .born = "2001-09-02" }, "age_under", "born", "least", "14" },
    { { .born = "2001-09-01" }, NULL, NULL, NULL, NULL },                   /* fourteen on the day */
    { { .born = "1914-09-02" }, NULL, NULL, NULL, NULL },                   /* a hundred, not yet 101 */
    { { .born = "1914-09-01" }, "age_over", "born", "most", "100" },
    { { .from = "2023-09-15" }, NULL, NULL, NULL, NULL },                   /* a year ahead */
    { { .from = "2023-09-16" }, "from_future", "from", "latest", "2023-09-15" },
    { { .from = "2199-01-01" }, "from_future", "from", "latest", "2023-09-15" },
    { { .until = "2015-09-01" }, NULL, NULL, NULL, NULL },                  /* one day */
    { { .until = "2015-08-31" }, "until_before_from", "until", NULL, NULL },
    { { .until = "2035-08-31" }, NULL, NULL, NULL, NULL },                  /* a term may lie ahead */
    { { .since = "1999-04-12" }, NULL, NULL, NULL, NULL },
    { { .since = "1999-04-11" }, "teaching_under_age", "teaching_since", "least", "14" },
    { { .since = "2023-09-15" }, NULL, NULL, NULL, NULL },
    { { .since = "2023-09-16" }, "teaching_future", "teaching_since", "latest", "2023-09-15" },
    { { .snils = "112-233-445 95" }, NULL, NULL, NULL, NULL },
    { { .snils = "" }, NULL, NULL, NULL, NULL },
    { { .snils = "112-233-445 96" }, "snils_check", "snils", "expected", "95" },
    { { .snils = "112-233-445 96" }, "snils_check", "snils", "found", "96" },
    { { .snils = "112-233-445" }, "snils_length", "snils", "found", "9" },
    { { .snils = "нет" }, "snils_character", "snils", NULL, NULL },
};

static const char *arg_of(const struct staff_fault *fault, const char *name)
{
    for (uint32_t i = 0; i < fault->n; i++)
        if (strcmp(fault->arg[i].name, name) == 0)
            return fault->arg[i].value;
    return "";
}

static void each_rule_holds_on_both_sides_of_its_boundary(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct staff_row row;
        struct staff_fault fault = { 0 };
        bool good = read_row(&ROWS[i].change, &row, &fault);
        if (good != (ROWS[i].reason == NULL))
            print_message("row %zu: %s\n", i, good ? "taken" : fault.reason);
        assert_int_equal(good, ROWS[i].reason == NULL);
        if (good)
            continue;
        assert_string_equal(fault.reason, ROWS[i].reason);
        assert_string_equal(fault.path, ROWS[i].path);
        if (ROWS[i].arg != NULL)
            assert_string_equal(arg_of(&fault, ROWS[i].arg), ROWS[i].value);
    }
}

static void a_good_row_gives_its_birth_and_number(void **state)
{
    struct change change = { .born = "5.3.1961", .snils = "112-233-445 95" };
    struct staff_row row;
    struct staff_fault fault;
    (void)state;
    assert_true(read_row(&change, &row, &fault));
    assert_int_equal(row.born.year, 1961);
    assert_int_equal(row.born.month, 3);
    assert_int_equal(row.born.day, 5);
    assert_string_equal(row.snils, "11223344595");
    change.snils = NULL;
    assert_true(read_row(&change, &row, &fault));
    assert_string_equal(row.snils, "");
}

/* Refusals are kept in the journal in the clear. */
static void no_fault_repeats_a_name_or_a_number(void **state)
{
    static const struct change SECRETS[] = {
        { .family = "Секретнaя" }, { .given = "Секретнaя" }, { .patronymic = "Секретная1" }, { .snils = "11223344596" },
        { .snils = "112233445961" }, { .born = "31.02.1985" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof SECRETS / sizeof *SECRETS; i++) {
        struct staff_row row;
        struct staff_fault fault;
        assert_false(read_row(&SECRETS[i], &row, &fault));
        for (uint32_t a = 0; a < fault.n; a++) {
            assert_null(strstr(fault.arg[a].value, "Секр"));
            assert_null(strstr(fault.arg[a].value, "112"));
            assert_null(strstr(fault.arg[a].value, "1985"));
        }
    }
}

/* ── education and terms, as lists write them ─────────────────────────────── */

static const struct { const char *text; bool good; int level, pedagogical; } EDUCATIONS[] = {
    { NULL, true, EDUCATION_UNKNOWN, SAID_NOTHING },            { "", true, EDUCATION_UNKNOWN, SAID_NOTHING },
    { "Высшее педагогическое", true, EDUCATION_HIGHER, SAID_YES }, { "высшее", true, EDUCATION_HIGHER, SAID_NOTHING },
    { "высшее (непедагогическое)", true, EDUCATION_HIGHER, SAID_NO }, { "ВЫСШЕЕ НЕ ПЕДАГОГИЧЕСКОЕ", true, EDUCATION_HIGHER, SAID_NO },
    { "среднее профессиональное, педагогическое", true, EDUCATION_VOCATIONAL, SAID_YES },
    { "среднее специальное", true, EDUCATION_VOCATIONAL, SAID_NOTHING }, { "среднее общее", true, EDUCATION_GENERAL, SAID_NOTHING },
    { "педагогическое", true, EDUCATION_UNKNOWN, SAID_YES },    { "техникум", false, 0, 0 }, { "есть", false, 0, 0 },
};
static const struct { const char *text; bool good; unsigned hundredths; } RATES[] = {
    { NULL, true, 0 }, { "", true, 0 }, { "1", true, 100 }, { "0,5", true, 50 }, { "1.25", true, 125 }, { "1,", true, 100 }, { "3", true, 300 },
    { "3,01", false, 0 }, { "0", false, 0 }, { "0,00", false, 0 }, { "-1", false, 0 }, { ",5", false, 0 }, { "1/2", false, 0 },
    { "0,333", false, 0 }, { "100000000000", false, 0 }, { "полставки", false, 0 },
};
static const struct { const char *text; bool good; int said; } ANSWERS[] = {
    { NULL, true, SAID_NOTHING }, { "да", true, SAID_YES }, { "Да", true, SAID_YES }, { "нет", true, SAID_NO }, { "может быть", false, 0 },
};

static void education_and_terms_are_read_as_they_are_written(void **state)
{
    struct arena arena = { 0 };
    int level, said;
    unsigned rate;
    (void)state;
    for (size_t i = 0; i < sizeof EDUCATIONS / sizeof *EDUCATIONS; i++) {
        assert_int_equal(education_read(EDUCATIONS[i].text, &arena, &level, &said), EDUCATIONS[i].good);
        if (EDUCATIONS[i].good && (level != EDUCATIONS[i].level || said != EDUCATIONS[i].pedagogical))
            fail_msg("%s: %d, %d", EDUCATIONS[i].text, level, said);
    }
    for (size_t i = 0; i < sizeof RATES / sizeof *RATES; i++)
        if (rate_read(RATES[i].text, &rate) != RATES[i].good || (RATES[i].good && rate != RATES[i].hundredths))
            fail_msg("%s: %u", RATES[i].text, rate);
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++)
        if (said_read(ANSWERS[i].text, &arena, &said) != ANSWERS[i].good || (ANSWERS[i].good && said != ANSWERS[i].said))
            fail_msg("%s: %d", ANSWERS[i].text, said);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(education_and_terms_are_read_as_they_are_written),
        cmocka_unit_test(each_rule_holds_on_both_sides_of_its_boundary),
        cmocka_unit_test(a_good_row_gives_its_birth_and_number),
        cmocka_unit_test(no_fault_repeats_a_name_or_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
