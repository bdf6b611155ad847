#include "tests/service/indicators_rig.h"

/* What is asked of indicators and said to it: values within reach and page by page, who is counted in each
 * number, and the judgements of persons. */

/* ── values ───────────────────────────────────────────────────────────────── */

static void values_are_read_within_reach_and_page_by_page(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal municipal = toy_principal(ROLE_MUNICIPAL), worker = toy_principal(ROLE_WORKER), centre = toy_principal(ROLE_CENTRE);
    struct value_list list;
    (void)state;
    world_by_dice(&w, 13, 40, 6);
    rig_open(&rig, NULL);
    feed_all(&rig, &w);
    municipal.reach = (struct reach){ .n = 1, .id = { id_of("municipality", 1) } };

    struct values_of of = { .level = LEVEL_ORGANISATION, .indicator = "1", .year = 2022 };
    struct outcome outcome = ask_values(&rig, &municipal, &of);
    toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
    assert_int_equal(list.rows.n, 2);                       /* its two schools, by their codes */
    assert_string_equal(list.rows.at[0].unit_code, "ш-02");
    assert_string_equal(list.rows.at[1].unit_code, "ш-03");
    of.unit = id_of("school", 0);
    outcome = ask_values(&rig, &municipal, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "out_of_reach");
    of = (struct values_of){ .year = 2022 };                /* the region's own are open to all who may ask */
    outcome = ask_values(&rig, &municipal, &of);
    toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
    assert_int_equal(list.rows.n, 6);
    assert_true(list.rows.at[0].has_target);
    assert_int_equal(list.rows.at[0].bound, 10);
    outcome = ask_values(&rig, &worker, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "role");
    of.indicator = "7";
    outcome = ask_values(&rig, &centre, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "indicator_unknown");
    of = (struct values_of){ .year = 2020 };
    outcome = ask_values(&rig, &centre, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "year_unknown");
    of = (struct values_of){ .level = LEVEL_ORGANISATION, .after = bytes("xx", 2) };
    outcome = ask_values(&rig, &centre, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "page_unknown");

    of = (struct values_of){ .level = LEVEL_ORGANISATION, .limit = 1000 };
    outcome = ask_values(&rig, &centre, &of);
    struct value_list whole;
    toy_decode(&value_list_desc, outcome.body, &whole, &rig.arena);
    assert_int_equal(whole.next.n, 0);
    uint32_t rows = 0;
    of.limit = 7;
    do {
        outcome = ask_values(&rig, &centre, &of);
        toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
        for (uint32_t i = 0; i < list.rows.n; i++, rows++) {
            assert_true(uuid_equal(&list.rows.at[i].unit, &whole.rows.at[rows].unit));
            assert_string_equal(list.rows.at[i].indicator, whole.rows.at[rows].indicator);
            assert_int_equal(list.rows.at[i].year, whole.rows.at[rows].year);
        }
        of.after = list.next;
    } while (list.next.n != 0);
    assert_int_equal(rows, whole.rows.n);
    rig_close(&rig);
    arena_free(&w.arena);
}

/* Titles as the register of legal persons has them: the page ends where the frame would. */
static void a_page_of_long_titles_fits_into_a_frame(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal centre = toy_principal(ROLE_CENTRE);
    struct values_of of = { .level = LEVEL_ORGANISATION, .limit = 1000 };
    struct value_list list;
    uint32_t rows = 0, pages = 0;
    char title[301] = "";
    (void)state;
    memset(title, 'x', 300);
    world_by_dice(&w, 15, 1500, 60);
    for (uint32_t s = 0; s < 60; s++) {
        struct organisation unit = { .id = id_of("school", s), .kind = ORG_SCHOOL, .title = title,
                                     .code = arena_format(&w.arena, "ш-%02u", s) };
        CHAIN(unit, s);
        source_add(&w.source[STREAM_ROSTER], "roster.organisation.registered", &organisation_desc, &unit);
    }
    rig_open(&rig, NULL);
    feed_all(&rig, &w);
    do {
        struct outcome outcome = ask_values(&rig, &centre, &of);
        assert_string_equal(toy_reason(&outcome, &rig.arena), "");
        toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
        rows += list.rows.n;
        pages++;
        of.after = list.next;
    } while (list.next.n != 0);
    assert_in_range(rows, 700, 60 * 24);
    assert_in_range(pages, 2, 8);
    rig_close(&rig);
    arena_free(&w.arena);
}

/* ── who is counted ───────────────────────────────────────────────────────── */

static struct outcome ask_subjects(struct rig *rig, const struct principal *who, const struct subjects_of *of)
{
    return toy_ask(rig->machine, who, "indicators.value.subjects", &subjects_of_desc, of, &rig->arena);
}

/* How many there are over all pages; each once, unless they are the charges of a corridor. */
static uint64_t subjects_count(struct rig *rig, struct subjects_of of, bool repeats, int *kind)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    struct subject_ids found;
    struct uuid last = UUID_NIL;
    uint64_t n = 0;
    do {
        struct outcome outcome = ask_subjects(rig, &who, &of);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&subject_ids_desc, outcome.body, &found, &rig->arena);
        assert_true(found.ids.n <= of.limit || repeats);
        for (uint32_t i = 0; i < found.ids.n; i++) {
            int order = uuid_compare(&last, &found.ids.at[i]);
            assert_true(order < 0 || (repeats && order == 0));
            last = found.ids.at[i];
        }
        n += found.ids.n;
        of.after = found.next;
    } while (found.next.n != 0);
    *kind = found.kind;
    return n;
}

static void one_side_agrees(struct rig *rig, const struct value *v, int line, int side, uint64_t number, uint64_t seen[subject_count])
{
    struct subjects_of of = { .act = v->act, .indicator = v->indicator, .year = v->year, .unit = v->unit, .side = side, .line = line,
                              .limit = 1 + v->year % 7 };
    int kind;
    uint64_t n = subjects_count(rig, of, v->measure == MEASURE_CORRIDOR && side == OF_NUMERATOR, &kind);
    if (n != number)
        fail_msg("%s %s of %llu, %s, %s %s: %llu are named, %llu were counted", v->act, v->indicator, (unsigned long long)v->year,
                 v->unit_code, value_line_names.names[line], value_side_names.names[side], (unsigned long long)n, (unsigned long long)number);
    seen[kind] += n;
}

static void value_agrees(struct rig *rig, const struct value *v, uint64_t seen[subject_count])
{
    if (v->state == VALUE_JUDGED || v->state == VALUE_NOT_JUDGED)
        return;
    if (v->state == VALUE_COUNTED)
        one_side_agrees(rig, v, LINE_MAIN, OF_NUMERATOR, v->numerator, seen);
    if (v->measure != MEASURE_COUNT)
        one_side_agrees(rig, v, LINE_MAIN, OF_DENOMINATOR, v->denominator, seen);
    if (v->has_cumulative) {
        one_side_agrees(rig, v, LINE_CUMULATIVE, OF_NUMERATOR, v->cumulative_numerator, seen);
        one_side_agrees(rig, v, LINE_CUMULATIVE, OF_DENOMINATOR, v->cumulative_denominator, seen);
    }
    for (uint32_t b = 0; b < v->beside.n; b++) {
        one_side_agrees(rig, v, LINE_BESIDE_1 + (int)b, OF_NUMERATOR, v->beside.at[b].numerator, seen);
        one_side_agrees(rig, v, LINE_BESIDE_1 + (int)b, OF_DENOMINATOR, v->beside.at[b].denominator, seen);
    }
}

static void who_is_counted_agrees_with_every_number(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal who = toy_principal(ROLE_CENTRE);
    uint64_t seen[subject_count] = { 0 }, rows = 0;
    (void)state;
    world_by_dice(&w, 21, 40, 12);
    rig_open(&rig, rich_profile(&rig));
    feed_all(&rig, &w);
    for (int level = 0; level < level_count; level++) {
        struct values_of of = { .level = level, .limit = 1000 };
        struct value_list list;
        do {
            struct outcome outcome = ask_values(&rig, &who, &of);
            assert_string_equal(toy_reason(&outcome, &rig.arena), "");
            toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
            for (uint32_t i = 0; i < list.rows.n; i++, rows++)
                value_agrees(&rig, &list.rows.at[i], seen);
            of.after = list.next;
        } while (list.next.n != 0);
    }
    assert_true(rows > 150);
    for (int kind = 0; kind < subject_count; kind++)
        if (seen[kind] == 0)
            fail_msg("nobody of the kind %s was counted", subject_names.names[kind]);
    rig_close(&rig);
    arena_free(&w.arena);
}

static void who_is_counted_is_told_within_reach(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal municipal = toy_principal(ROLE_MUNICIPAL), operator = toy_principal(ROLE_OPERATOR), centre = toy_principal(ROLE_CENTRE);
    struct uuid s0 = id_of("school", 0);
    (void)state;
    world_by_dice(&w, 22, 40, 4);
    rig_open(&rig, rich_profile(&rig));
    feed_all(&rig, &w);
    municipal.reach = (struct reach){ .n = 1, .id = { id_of("municipality", 0) } };
    const struct { const struct principal *who; struct subjects_of of; const char *reason; } rows[] = {
        { &municipal, { .act = "A", .indicator = "1", .year = 2022, .unit = s0 }, "" },
        { &municipal, { .act = "A", .indicator = "1", .year = 2022, .unit = id_of("school", 2) }, "out_of_reach" },
        { &municipal, { .act = "A", .indicator = "1", .year = 2022 }, "out_of_reach" },       /* the region's number is open, its people are not */
        { &operator, { .act = "A", .indicator = "1", .year = 2022, .unit = s0 }, "role" },
        { &centre, { .indicator = "1", .year = 2022 }, "act_needed" },
        { &centre, { .act = "C", .indicator = "1", .year = 2022 }, "indicator_unknown" },
        { &centre, { .act = "A", .indicator = "1", .year = 2020 }, "year_unknown" },
        { &centre, { .act = "A", .indicator = "1", .year = 2022, .unit = id_of("nobody", 1) }, "unit_unknown" },
        { &centre, { .act = "A", .indicator = "1", .year = 2022, .line = LINE_CUMULATIVE }, "side_not_counted" },
        { &centre, { .act = "A", .indicator = "6", .year = 2022 }, "side_not_counted" },
        { &centre, { .act = "A", .indicator = "7", .year = 2022 }, "side_not_counted" },
        { &centre, { .act = "A", .indicator = "1", .year = 2022, .after = bytes("xx", 2) }, "page_unknown" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct outcome outcome = ask_subjects(&rig, rows[i].who, &rows[i].of);
        assert_string_equal(toy_reason(&outcome, &rig.arena), rows[i].reason);
    }
    rig_close(&rig);
    arena_free(&w.arena);
}

/* ── what persons say ─────────────────────────────────────────────────────── */

static const char *record(struct rig *rig, int role, struct judgement said)
{
    static const char *documents[] = { "приказ № 1", "отчёт" };
    struct principal who = toy_principal(role);
    if (said.documents.n == 0) {
        said.documents.n = 2;
        said.documents.at = documents;
    }
    uint8_t random[10] = { 0 };
    static uint8_t next;
    random[9] = ++next;
    said.text = said.text != NULL ? said.text : "утверждён и исполняется";
    said.day = said.day != 0 ? said.day : date("2024-06-01");
    struct outcome outcome = toy_command(rig->machine, &who, uuid_v7(rig->time.wall / MOMENT_MS, random), "indicators.judgement.record", &judgement_desc, &said, &rig->arena);
    return toy_reason(&outcome, &rig->arena);
}

static void what_persons_say_counts_from_its_newest_word(void **state)
{
    struct rig rig = { 0 };
    struct principal who = toy_principal(ROLE_SCHOOL);
    static const char *empty[] = { "" };
    struct judgement_list list;
    (void)state;
    rig_open(&rig, rich_profile(&rig));
    struct value v = value_of(&rig, "A", "7", 2023, region);
    assert_true(v.state == VALUE_NOT_JUDGED && v.has_target && !v.met);
    const struct { struct judgement said; const char *reason; } refused[] = {
        { { .indicator = "1", .year = 2023 }, "act_needed" },
        { { .act = "A", .indicator = "1", .year = 2023 }, "indicator_not_judged" },
        { { .act = "A", .indicator = "9", .year = 2023 }, "indicator_unknown" },
        { { .indicator = "7", .year = 2023, .graded = true, .grade = 50 }, "grade_not_asked" },
        { { .act = "B", .indicator = "6", .year = 2023, .grade = 50 }, "grade_not_said" },
        { { .indicator = "7", .year = 2020 }, "year_unknown" },
        { { .indicator = "7", .year = 2025 }, "year_to_come" },
        { { .indicator = "7", .year = 2023, .day = date("2024-06-16") }, "day_not_allowed" },
        { { .indicator = "7", .year = 2023, .day = date("2023-01-01") }, "day_not_allowed" },
        { { .indicator = "7", .year = 2023, .documents = { 1, empty } }, "document_empty" },
    };
    for (size_t i = 0; i < COUNT(refused); i++)
        assert_string_equal(record(&rig, ROLE_CENTRE, refused[i].said), refused[i].reason);
    assert_string_equal(record(&rig, ROLE_MUNICIPAL, (struct judgement){ .indicator = "7", .year = 2023, .yes = true }), "role");

    assert_string_equal(record(&rig, ROLE_AUTHORITY, (struct judgement){ .indicator = "7", .year = 2023, .yes = true }), "");
    v = value_of(&rig, "A", "7", 2023, region);
    assert_true(v.state == VALUE_JUDGED && v.yes && v.met && v.judged_on == date("2024-06-01"));
    assert_string_equal(v.judged, "утверждён и исполняется");
    assert_string_equal(record(&rig, ROLE_CENTRE, (struct judgement){ .indicator = "7", .year = 2023, .text = "план не исполнен" }), "");
    v = value_of(&rig, "A", "7", 2023, region);
    assert_true(v.state == VALUE_JUDGED && !v.yes && !v.met);
    assert_string_equal(v.judged, "план не исполнен");
    assert_string_equal(record(&rig, ROLE_CENTRE, (struct judgement){ .act = "B", .indicator = "6", .year = 2023, .graded = true, .grade = 60 }), "");
    v = value_of(&rig, "B", "6", 2023, region);
    assert_true(v.state == VALUE_JUDGED && v.graded && v.grade == 60 && v.met);

    struct judgements_of of = { .act = "A", .limit = 1 };
    uint32_t n = 0, counting = 0;
    do {
        struct outcome outcome = toy_ask(rig.machine, &who, "indicators.judgement.list", &judgements_of_desc, &of, &rig.arena);
        assert_string_equal(toy_reason(&outcome, &rig.arena), "");
        toy_decode(&judgement_list_desc, outcome.body, &list, &rig.arena);
        for (uint32_t i = 0; i < list.rows.n; i++, n++) {
            counting += list.rows.at[i].counts;
            assert_int_equal(list.rows.at[i].counts, n == 1);
            assert_int_equal(list.rows.at[i].judgement->documents.n, 2);
            assert_string_equal(list.rows.at[i].judgement->act, "A");
        }
        of.after = list.next;
    } while (list.next.n != 0);
    assert_int_equal(n, 2);
    assert_int_equal(counting, 1);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_within_reach_and_page_by_page),
        cmocka_unit_test(a_page_of_long_titles_fits_into_a_frame),
        cmocka_unit_test(who_is_counted_agrees_with_every_number),
        cmocka_unit_test(who_is_counted_is_told_within_reach),
        cmocka_unit_test(what_persons_say_counts_from_its_newest_word),
    };
    rig_region();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
