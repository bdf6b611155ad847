/* Parts of the command line that need no daemon: tables, sentences, shares, the list of methods. */
#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/describe.h"
#include "cli/show/table.h"
#include "cli/show/values.h"
#include "common/core/err.h"
#include "common/core/text.h"
#include "proto/routes.h"

#define LINES_MAX 32
struct printed { char text[8192]; const char *line[LINES_MAX]; uint32_t n; };

static void print(const struct text_table *table, unsigned width, struct printed *out)
{
    FILE *file = fmemopen(out->text, sizeof out->text, "w");
    assert_non_null(file);
    table_print(table, file, width);
    fclose(file);
    out->n = 0;
    for (char *at = strtok(out->text, "\n"); at != NULL && out->n < LINES_MAX; at = strtok(NULL, "\n"))
        out->line[out->n++] = at;
}

static void columns_line_up_with_cyrillic_in_them(void **state)
{
    static const struct table_column columns[] = { { "Имя", SIDE_LEFT }, { "n", SIDE_RIGHT }, { "end", SIDE_LEFT } };
    struct arena arena = { 0 };
    struct text_table table;
    struct printed out;
    (void)state;
    table_start(&table, &arena, columns, 3);
    table_row(&table, (const char *[]){ "Стрежевой", "7", "x" });
    table_row(&table, (const char *[]){ "Tomsk", "1024", "x" });
    table_row(&table, (const char *[]){ "й", "—", "x" });        /* a letter and a combining breve */
    print(&table, 0, &out);
    assert_int_equal(out.n, 5);
    for (uint32_t i = 2; i < 5; i++) {
        char *x = strrchr((char *)(uintptr_t)out.line[i], 'x');
        *x = '\0';
        assert_int_equal(text_width(out.line[i]), 9 + 2 + 4 + 2);
    }
    arena_free(&arena);
}

static void a_wrapping_column_breaks_between_words_and_keeps_to_the_width(void **state)
{
    static const struct table_column columns[] = { { "", SIDE_LEFT }, { "", SIDE_WRAP }, { "", SIDE_RIGHT } };
    struct arena arena = { 0 };
    struct text_table table;
    struct printed out;
    char all[4096] = "";
    (void)state;
    table_start(&table, &arena, columns, 3);
    table_row(&table, (const char *[]){ "1", "Доля педагогических работников и управленческих кадров, прошедших диагностику", "11,3\n2 / 4" });
    print(&table, 40, &out);
    assert_true(out.n >= 3);
    for (uint32_t i = 0; i < out.n; i++) {
        assert_true(text_width(out.line[i]) <= 40);
        text_append(all, sizeof all, out.line[i]);
        text_append(all, sizeof all, " ");
    }
    assert_non_null(strstr(all, "педагогических"));
    assert_non_null(strstr(all, "диагностику"));
    assert_non_null(strstr(out.line[0], "11,3"));
    assert_non_null(strstr(out.line[1], "2 / 4"));
    arena_free(&arena);
}

static void a_word_longer_than_its_column_is_cut_not_lost(void **state)
{
    static const struct table_column columns[] = { { "", SIDE_WRAP } };
    struct arena arena = { 0 };
    struct text_table table;
    struct printed out;
    size_t whole = 0;
    (void)state;
    table_start(&table, &arena, columns, 1);
    table_row(&table, (const char *[]){ "абвгдежзийклмнопрстуфхцчшщъыьэюяабвгдежзийклмнопрстуфхцчшщъыьэюя" });
    print(&table, 30, &out);
    for (uint32_t i = 0; i < out.n; i++)
        whole += text_width(out.line[i]);
    assert_int_equal(whole, 64);
    arena_free(&arena);
}

/* ── sentences ────────────────────────────────────────────────────────────── */
static struct sentences *russian(const char *lang)
{
    char file[4096], says[400] = "";
    struct sentences *sentences;
    snprintf(file, sizeof file, "%s/config/messages/%s.yaml", getenv("RSNMS_SOURCE"), lang);
    if (catalogue_load(&sentences, file, says) != ERR_OK)
        fail_msg("%s", says);
    return sentences;
}

static void a_missing_token_shows_itself_and_its_values(void **state)
{
    struct arena arena = { 0 };
    struct sentences *ru = russian("ru");
    const struct catalogue_arg args[] = { { "day", "01.09.2024" } };
    (void)state;
    assert_string_equal(catalogue_text(ru, "reason.not_written_yet"), "reason.not_written_yet");
    assert_string_equal(catalogue_fill(ru, &arena, "no.such", args, 1), "no.such (day=01.09.2024)");
    assert_string_equal(catalogue_fill(NULL, &arena, "no.such", args, 1), "no.such (day=01.09.2024)");
    assert_non_null(strstr(catalogue_fill(ru, &arena, "reason.no_post_on_day", args, 1), "01.09.2024"));
    const struct catalogue_arg iso[] = { { "day", "2024-09-01" } };     /* as a service says it */
    assert_non_null(strstr(catalogue_fill(ru, &arena, "reason.no_post_on_day", iso, 1), "01.09.2024"));
    /* a value that did not come leaves its place standing */
    assert_non_null(strstr(catalogue_fill(ru, &arena, "reason.no_post_on_day", NULL, 0), "{day}"));
    catalogue_free(&ru);
    arena_free(&arena);
}

static void a_refusal_says_code_reason_and_every_field(void **state)
{
    struct arena arena = { 0 };
    struct sentences *ru = russian("ru");
    struct problem_arg args[] = { { "found", "96" }, { "expected", "95" } };
    struct problem_field fields[] = { { "snils", "check", 0 }, { "born", "never_heard_of", 7 } };
    const struct problem problem = { .code = PROBLEM_INVALID, .reason = "snils_check", .args = { 2, args }, .fields = { 2, fields } };
    (void)state;
    const char *text = catalogue_problem(ru, &arena, &problem);
    assert_non_null(strstr(text, "96"));
    assert_non_null(strstr(text, "95"));
    assert_non_null(strstr(text, "\n  snils: "));
    assert_non_null(strstr(text, "never_heard_of (limit=7)"));
    catalogue_free(&ru);
    arena_free(&arena);
}

static void a_bound_that_nobody_named_is_not_said(void **state)
{
    static const char *const rules[] = { "range", "too_short", "too_long", "too_few", "too_many", "too_deep", "too_big" };
    static const char *const languages[] = { "ru", "en" };
    struct arena arena = { 0 };
    (void)state;
    for (size_t l = 0; l < 2; l++) {
        struct sentences *sentences = russian(languages[l]);
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
            const char *plain = catalogue_rule(sentences, &arena, rules[i], 0);
            assert_null(strpbrk(plain, "0{_"));
            assert_non_null(strstr(catalogue_rule(sentences, &arena, rules[i], 48), "48"));
        }
        catalogue_free(&sentences);
    }
    assert_string_equal(catalogue_rule(NULL, &arena, "range", 0), "range");
    assert_string_equal(catalogue_rule(NULL, &arena, "range", 7), "range (limit=7)");
    arena_free(&arena);
}

static void a_state_in_a_refusal_is_said_in_words(void **state)
{
    struct arena arena = { 0 };
    struct sentences *ru = russian("ru");
    struct problem_arg args[] = { { "state", "closed" }, { "needed", "never_heard_of" } };
    const struct problem problem = { .code = PROBLEM_CONFLICT, .reason = "wrong_state", .args = { 2, args } };
    (void)state;
    const char *text = catalogue_problem(ru, &arena, &problem);
    assert_non_null(strstr(text, "«завершён»"));
    assert_null(strstr(text, "closed"));
    assert_non_null(strstr(text, "«never_heard_of»"));
    struct problem_arg passport_args[] = { { "state", "sent" }, { "needed", "approved" } };
    const struct problem passport = { .code = PROBLEM_CONFLICT, .reason = "passport_wrong_state", .args = { 2, passport_args } };
    assert_string_equal(catalogue_reason(ru, &arena, &passport), "паспорт не в том состоянии: сейчас «отправлен», нужно «утверждён»");
    catalogue_free(&ru);
    arena_free(&arena);
}

static void need(const struct sentences *sentences, const char *prefix, const struct enum_desc *names)
{
    char token[160];
    for (int i = 0; i < names->count; i++) {
        snprintf(token, sizeof token, "%s.%s", prefix, names->names[i]);
        if (!catalogue_has(sentences, token))
            fail_msg("no sentence for %s", token);
    }
}

static void every_code_and_every_reason_of_a_step_has_a_sentence(void **state)
{
    static const char *const languages[] = { "ru", "en" };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct sentences *sentences = russian(languages[i]);
        need(sentences, "code", &problem_code_names);
        need(sentences, "step_reason", &step_reason_names);
        need(sentences, "step_state", &step_state_names);
        need(sentences, "step_mover", &step_mover_names);
        need(sentences, "decline", &decline_reason_names);
        need(sentences, "decline", &end_reason_names);
        need(sentences, "route_state", &route_state_names);
        catalogue_free(&sentences);
    }
}

/* ── figures ──────────────────────────────────────────────────────────────── */
static void a_share_below_its_target_is_never_shown_as_if_it_met_it(void **state)
{
    struct cli cli = { .catalogue_tried = true };
    struct value value = { .numerator = 9999, .denominator = 100000, .bound = 10, .has_target = true };
    (void)state;
    cli.catalogue = russian("ru");
    assert_string_equal(share_text(&cli, &value), "9,9");
    assert_string_equal(share_against(&cli, &value), "9,9 < 10 ✗");
    value.numerator = 10000;
    value.met = true;
    assert_string_equal(share_against(&cli, &value), "10,0 ≥ 10 ✓");
    value.denominator = 0;
    assert_string_equal(share_against(&cli, &value), "— (10)");
    catalogue_free(&cli.catalogue);
    arena_free(&cli.arena);
}

static void values_of_every_kind_are_said_in_words(void **state)
{
    static const char *awaits[] = { "R4", "R4a" };
    struct target_verdict corridor[] = { { .op = OP_AT_LEAST, .bound = 10, .applies = true }, { .op = OP_AT_MOST, .bound = 100 } };
    struct target_verdict by[] = { { .op = OP_AT_LEAST, .bound = 10, .applies = true, .met = true },
                                   { .op = OP_AT_LEAST, .bound = 40, .cumulative = true, .applies = true } };
    struct target_verdict rising[] = { { .op = OP_RISING, .applies = true, .met = true } };
    struct cli cli = { .catalogue_tried = true };
    (void)state;
    cli.catalogue = russian("ru");
    struct value v = { .measure = MEASURE_CORRIDOR, .numerator = 115, .denominator = 3, .least = 7, .greatest = 96, .below = 2,
                       .has_target = true, .verdicts = { 2, corridor } };
    assert_string_equal(value_line_text(&cli, &v), "в среднем 38; от 7 до 96; ниже 10 — 2 ✗");
    v.above = 1;                                            /* its bound does not apply yet */
    assert_string_equal(value_line_text(&cli, &v), "в среднем 38; от 7 до 96; ниже 10 — 2 ✗");
    corridor[1].applies = true;
    assert_string_equal(value_line_text(&cli, &v), "в среднем 38; от 7 до 96; ниже 10 — 2; выше 100 — 1 ✗");
    v.denominator = 0;
    assert_string_equal(value_text(&cli, &v), "—");

    v = (struct value){ .state = VALUE_NO_FACTS, .awaits = { 2, awaits }, .has_target = true, .bound = 10 };
    assert_string_equal(value_line_text(&cli, &v), "нет данных: появятся с R4, R4a");
    v = (struct value){ .measure = MEASURE_YES_NO, .state = VALUE_NOT_JUDGED, .has_target = true };
    assert_string_equal(value_text(&cli, &v), "не оценено");
    v = (struct value){ .measure = MEASURE_YES_NO, .state = VALUE_JUDGED, .yes = true, .has_target = true, .met = true };
    assert_string_equal(value_text(&cli, &v), "да ✓");
    v = (struct value){ .measure = MEASURE_JUDGED, .state = VALUE_JUDGED, .graded = true, .grade = 60 };
    assert_string_equal(value_text(&cli, &v), "60 из 100");

    /* The year's target is met although the sum's is not: each shows its own mark. */
    v = (struct value){ .numerator = 104, .denominator = 1000, .has_cumulative = true, .cumulative_numerator = 399, .cumulative_denominator = 1000,
                        .has_target = true, .bound = 10, .verdicts = { 2, by } };
    assert_string_equal(value_text(&cli, &v), "10,4 ≥ 10 ✓\n104 / 1000");
    assert_string_equal(cumulative_text(&cli, &v), "39,9 < 40 ✗\n399 / 1000");
    by[1].applies = false;
    assert_string_equal(cumulative_text(&cli, &v), "39,9\n399 / 1000");
    v = (struct value){ .numerator = 11, .denominator = 100, .has_target = true, .met = true, .verdicts = { 1, rising } };
    assert_string_equal(value_line_text(&cli, &v), "11,0 ↑ ✓");
    v = (struct value){ .measure = MEASURE_COUNT, .numerator = 3, .has_target = true, .bound = 4 };
    assert_string_equal(value_text(&cli, &v), "3 < 4 ✗");
    assert_string_equal(beside_text(&cli, &(struct value_beside){ 2, 0 }, true), "—\n2 / 0");
    assert_string_equal(beside_text(&cli, &(struct value_beside){ 2, 0 }, false), "2");
    catalogue_free(&cli.catalogue);
    arena_free(&cli.arena);
}

/* ── methods ──────────────────────────────────────────────────────────────── */
struct seen { uint32_t n; char name[512][ENTRY_NAME_MAX + 1]; };

static void note(void *arg, const struct method *method)
{
    struct seen *seen = arg;
    struct method found;
    for (uint32_t i = 0; i < seen->n; i++)
        assert_string_not_equal(seen->name[i], method->name);
    assert_true(describe_method(method->name, &found));
    assert_ptr_equal(found.takes, method->takes);
    assert_ptr_equal(found.gives, method->gives);
    assert_int_equal(found.command, method->command);
    assert_true(method->roles != 0);
    assert_true(strncmp(method->name, method->service, strlen(method->service)) == 0);
    assert_true(seen->n < 512);
    snprintf(seen->name[seen->n++], ENTRY_NAME_MAX + 1, "%s", method->name);
}

static void every_method_is_listed_once_and_found_by_its_name(void **state)
{
    static struct seen seen;
    struct method method;
    (void)state;
    describe_each(note, &seen);
    assert_int_equal(describe_services(), 6);
    assert_true(seen.n >= 6 * 5);
    assert_true(describe_method("roster.service.status", &method));
    assert_false(method.command);
    assert_true(describe_method("routes.store.backup", &method));
    assert_true(method.command);
    assert_false(describe_method("roster", &method));
    assert_false(describe_method("roster.", &method));
    assert_false(describe_method("nobody.service.status", &method));
    assert_non_null(describe_event("diagnostics", "diagnostics.sitting.scored"));
    assert_non_null(describe_event("routes", ENTRY_REFUSED));
    assert_null(describe_event("roster", "diagnostics.sitting.scored"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_line_up_with_cyrillic_in_them),
        cmocka_unit_test(a_wrapping_column_breaks_between_words_and_keeps_to_the_width),
        cmocka_unit_test(a_word_longer_than_its_column_is_cut_not_lost),
        cmocka_unit_test(a_missing_token_shows_itself_and_its_values),
        cmocka_unit_test(a_refusal_says_code_reason_and_every_field),
        cmocka_unit_test(a_bound_that_nobody_named_is_not_said),
        cmocka_unit_test(a_state_in_a_refusal_is_said_in_words),
        cmocka_unit_test(every_code_and_every_reason_of_a_step_has_a_sentence),
        cmocka_unit_test(a_share_below_its_target_is_never_shown_as_if_it_met_it),
        cmocka_unit_test(values_of_every_kind_are_said_in_words),
        cmocka_unit_test(every_method_is_listed_once_and_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
