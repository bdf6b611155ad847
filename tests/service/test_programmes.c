#include "tests/service/programmes_rig.h"

/* The registry of programmes driven by hand: refusals and their reasons, standing in the federal registry
 * on a day, what a completion carries, runs. */

static const char *registry(struct rig *rig, const char *what, uint8_t id, const char *day)
{
    struct programme_included change = { .programme = ID(id), .day = date(day) };
    return rig_reason(rig, arena_format(&rig->arena, "programmes.programme.%s", what), &programme_included_desc, &change);
}

static void hours_fit_the_kind(void **state)
{
    static const struct { int kind; uint64_t hours; const char *reason; } rows[] = {
        { PROGRAMME_DEVELOPMENT, 15, "hours_do_not_fit" }, { PROGRAMME_DEVELOPMENT, 16, "" }, { PROGRAMME_DEVELOPMENT, 250, "" },
        { PROGRAMME_RETRAINING, 249, "hours_do_not_fit" }, { PROGRAMME_RETRAINING, 250, "" },
        { PROGRAMME_NON_FORMAL, 15, "" }, { PROGRAMME_NON_FORMAL, 16, "hours_do_not_fit" },
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct programme programme = programme_like((uint8_t)(100 + i), rows[i].kind, rows[i].hours);
        assert_string_equal(rig_reason(rig, "programmes.programme.register", &programme_desc, &programme), rows[i].reason);
    }
}

static void a_programme_is_registered_once_and_by_its_provider(void **state)
{
    struct rig *rig = *state;
    struct programme programme = programme_like(100, PROGRAMME_DEVELOPMENT, 36);
    rig_register(rig, 100, PROGRAMME_DEVELOPMENT, 36);
    assert_string_equal(rig_reason(rig, "programmes.programme.register", &programme_desc, &programme), "code_taken");
    programme.code = "другой";
    assert_string_equal(rig_reason(rig, "programmes.programme.register", &programme_desc, &programme), "already_registered");
    programme.id = UUID_NIL;
    programme.provider = ID(99);
    assert_string_equal(rig_reason(rig, "programmes.programme.register", &programme_desc, &programme), "provider_unknown");
    programme.provider = ID(ACADEMY);
    struct outcome outcome = rig_send(rig, &rig->school_institute, "programmes.programme.register", &programme_desc, &programme);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
}

static bool federal_on(struct rig *rig, uint8_t id, const char *enrolled, const char *day)
{
    struct completion_record record = { .programme = ID(id), .person = ID(50), .enrolled = date(enrolled), .day = date(day), .document = "У-1" };
    struct outcome outcome = rig_send(rig, &rig->institute, "programmes.completion.record", &completion_record_desc, &record);
    struct feed_wish wish = { .cursor = cursor_start(), .reach = { .all = true }, .entries = 10000, .bytes = 1 << 20 };
    struct feed_result result;
    struct entries message;
    struct entry entry;
    struct completion done;
    struct buf buf = { 0 };

    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    assert_int_equal(machine_feed(rig->machine, &wish, &rig->arena, &buf, &result), ERR_OK);
    toy_decode(&entries_desc, buf_bytes(&buf), &message, &rig->arena);
    toy_decode(&entry_desc, message.list.at[message.list.n - 1].stored, &entry, &rig->arena);
    assert_string_equal(entry.event, "programmes.completion.recorded");
    assert_int_equal(entry.scope.n, 4);                         /* the person, then the chain */
    assert_true(uuid_equal(&entry.scope.at[0], &record.person));
    toy_decode(&completion_desc, entry.body, &done, &rig->arena);
    assert_true(uuid_equal(&done.chain.at[0], &ID(SCHOOL)));    /* the main post */
    assert_int_equal(done.topics.n, 1);
    buf_free(&buf);
    return done.federal;
}

static void the_federal_registry_is_asked_on_the_day_of_enrolment(void **state)
{
    struct rig *rig = *state;
    rig_register(rig, 100, PROGRAMME_DEVELOPMENT, 36);
    assert_string_equal(registry(rig, "include", 100, "2022-03-01"), "");
    assert_string_equal(registry(rig, "exclude", 100, "2023-03-01"), "");
    assert_false(federal_on(rig, 100, "2022-02-28", "2022-05-01"));
    assert_true(federal_on(rig, 100, "2022-03-01", "2022-05-02"));      /* the day of inclusion is in */
    assert_true(federal_on(rig, 100, "2023-02-28", "2023-05-03"));      /* excluded after enrolment: still federal */
    assert_false(federal_on(rig, 100, "2023-03-01", "2023-05-04"));     /* the day of exclusion is out */
}

static void the_registry_changes_in_order(void **state)
{
    struct rig *rig = *state;
    rig_register(rig, 100, PROGRAMME_DEVELOPMENT, 36);
    rig_register(rig, 101, PROGRAMME_NON_FORMAL, 8);
    assert_string_equal(registry(rig, "exclude", 100, "2022-03-01"), "not_included");
    assert_string_equal(registry(rig, "include", 100, "2024-03-16"), "day_out_of_range");       /* tomorrow */
    assert_string_equal(registry(rig, "include", 100, "2022-03-01"), "");
    assert_string_equal(registry(rig, "include", 100, "2022-04-01"), "already_included");
    assert_string_equal(registry(rig, "exclude", 100, "2022-03-01"), "out_of_order");
    assert_string_equal(registry(rig, "exclude", 100, "2022-03-02"), "");
    assert_string_equal(registry(rig, "include", 100, "2023-01-01"), "");                       /* and back again */
    assert_string_equal(registry(rig, "include", 101, "2023-01-01"), "not_for_registry");
    assert_string_equal(registry(rig, "include", 99, "2023-01-01"), "programme_unknown");
}

static void a_completion_that_cannot_be_is_refused(void **state)
{
    struct rig *rig = *state;
    const struct completion_record good = { .programme = ID(100), .person = ID(50), .enrolled = date("2023-01-10"), .day = date("2023-02-10"), .document = "У-7" };
    struct completion_record rows[7];
    static const char *const reasons[] = { "programme_unknown", "person_unknown", "enrolled_after_day", "day_out_of_range", "person_left", "organisation_unknown", "" };
    rig_register(rig, 100, PROGRAMME_DEVELOPMENT, 36);
    for (size_t i = 0; i < 7; i++)
        rows[i] = good;
    rows[0].programme = ID(99);
    rows[1].person = ID(99);
    rows[2].enrolled = date("2023-02-11");
    rows[3].day = date("2024-03-16");
    rows[4].person = ID(51);
    rows[5].organisation = ID(99);
    rows[6].enrolled = rows[6].day;                         /* a course of one day */
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &rows[i]), reasons[i]);
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &good), "already_recorded");
    rows[6].day = date("2023-02-12");
    struct principal outsider = rig->school_institute;
    outsider.reach.id[0] = ID(OTHER_SCHOOL);
    struct outcome outcome = rig_send(rig, &outsider, "programmes.completion.record", &completion_record_desc, &rows[6]);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    outcome = rig_send(rig, &rig->school_institute, "programmes.completion.record", &completion_record_desc, &rows[6]);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");         /* the provider of the programme may */
    struct principal school = toy_principal(ROLE_SCHOOL);
    outcome = rig_send(rig, &school, "programmes.completion.record", &completion_record_desc, &rows[6]);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "role");
}

static void the_registry_is_listed_page_by_page(void **state)
{
    struct rig *rig = *state;
    struct principal worker = toy_principal(ROLE_WORKER);
    struct programme_list list;
    struct page page = { .limit = 2 };
    uint32_t rows = 0;
    for (uint8_t i = 0; i < 5; i++)
        rig_register(rig, (uint8_t)(100 + i), PROGRAMME_DEVELOPMENT, 36);
    struct run run = { .programme = ID(100), .day = date("2023-01-10") };
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), "");
    assert_string_equal(registry(rig, "include", 100, "2022-03-01"), "");
    do {
        struct outcome outcome = toy_ask(rig->machine, &worker, "programmes.programme.list", &page_desc, &page, &rig->arena);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&programme_list_desc, outcome.body, &list, &rig->arena);
        if (rows == 0) {
            assert_int_equal(list.rows.at[0].runs, 1);
            assert_int_equal(list.rows.at[0].included, date("2022-03-01"));
            assert_int_equal(list.rows.at[0].programme->provider_kind, ORG_INSTITUTE);
        }
        rows += list.rows.n;
        page.after = list.next;
    } while (list.next.n != 0);
    assert_int_equal(rows, 5);

    const char *texts[] = { "П-103", "нет такой" };
    struct codes codes = { .codes = { 2, texts } };
    struct found found;
    struct outcome outcome = toy_ask(rig->machine, &worker, "programmes.programme.find", &codes_desc, &codes, &rig->arena);
    toy_decode(&found_desc, outcome.body, &found, &rig->arena);
    assert_true(uuid_equal(&found.ids.at[0], &ID(103)));
    assert_true(uuid_is_nil(&found.ids.at[1]));
}

/* Rows may be long: a page ends where the frame would. */
static void a_page_of_long_rows_fits_into_a_frame(void **state)
{
    struct rig *rig = *state;
    struct principal worker = toy_principal(ROLE_WORKER);
    struct page page = { .limit = 1000 };
    struct programme_list list;
    const char *texts[32];
    uint32_t rows = 0, pages = 0;
    char *text = arena_alloc(&rig->arena, 1001);
    memset(text, 'x', 1000);
    for (int i = 0; i < 32; i++)
        texts[i] = text;
    for (uint8_t i = 0; i < 12; i++) {
        struct programme programme = programme_like((uint8_t)(100 + i), PROGRAMME_DEVELOPMENT, 36);
        programme.competencies.n = 32;
        programme.competencies.at = texts;
        assert_string_equal(rig_reason(rig, "programmes.programme.register", &programme_desc, &programme), "");
    }
    do {
        struct outcome outcome = toy_ask(rig->machine, &worker, "programmes.programme.list", &page_desc, &page, &rig->arena);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&programme_list_desc, outcome.body, &list, &rig->arena);
        rows += list.rows.n;
        pages++;
        page.after = list.next;
    } while (list.next.n != 0);
    assert_int_equal(rows, 12);
    assert_in_range(pages, 2, 4);
}

static void a_run_is_recorded_once(void **state)
{
    struct rig *rig = *state;
    struct programme_row row;
    struct id id = { ID(100) };
    struct run run = { .id = ID(77), .programme = ID(100), .day = date("2023-01-10") };
    rig_register(rig, 100, PROGRAMME_DEVELOPMENT, 36);
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), "");
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), "already_recorded");
    struct outcome outcome = toy_ask(rig->machine, &rig->institute, "programmes.programme.get", &id_desc, &id, &rig->arena);
    toy_decode(&programme_row_desc, outcome.body, &row, &rig->arena);
    assert_int_equal(row.runs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hours_fit_the_kind, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(a_programme_is_registered_once_and_by_its_provider, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(the_federal_registry_is_asked_on_the_day_of_enrolment, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(the_registry_changes_in_order, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(a_completion_that_cannot_be_is_refused, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(the_registry_is_listed_page_by_page, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(a_page_of_long_rows_fits_into_a_frame, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(a_run_is_recorded_once, rig_set_up, rig_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
