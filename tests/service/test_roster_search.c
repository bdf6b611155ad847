/* roster: people found by words of their names, and lists of workers by what they do. */
#include "tests/service/search_rig.h"
#include "tests/unit/traces.h"

#include "proto/roles.h"
#include "proto/roster_merge.h"
#include "proto/roster_privacy.h"
#include "proto/roster_registers.h"
#include "services/roster/search/search.h"

static struct uuid a_few(struct rig *rig)
{
    rig_record(rig, anna());
    rig_record(rig, boris());
    rig_record(rig, search_someone(rig, 1, "Мамин-Сибиряк", "Пётр", "Ильич", "S2"));
    rig_record(rig, search_someone(rig, 2, "Воробьев", "Сергей", NULL, "S3"));
    return rig_record(rig, search_someone(rig, 3, "О’Нил", "Анна Мария", NULL, "S3")).person;
}

/* ── words ────────────────────────────────────────────────────────────────── */

static const struct { const char *words, *families; } SEARCHES[] = {
    { "вороб",             "Воробьев Воробьёва" },
    { "ВОРОБЬЁВ",          "Воробьев Воробьёва" },
    { "воробьева",         "Воробьёва" },
    { "анна",              "Воробьёва О’Нил" },
    { "анна вороб",        "Воробьёва" },
    { "  вороб   анна ",   "Воробьёва" },
    { "сер вор",           "Воробьев Воробьёва" },          /* Сергей, Сергеевна */
    { "анна с",            "Воробьёва" },
    { "сибиряк",           "Мамин-Сибиряк" },
    { "сибиряк мамин",     "Мамин-Сибиряк" },
    { "мамин-сиб",         "Мамин-Сибиряк" },
    { "мамин–сиб",         "Мамин-Сибиряк" },
    { "петр",              "Мамин-Сибиряк" },
    { "о'нил",             "О’Нил" },
    { "онил мар",          "О’Нил" },
    { "ильич",             "Кедров Мамин-Сибиряк" },
    { "робьев",            "" },                            /* not the beginning */
    { "анна борис",        "" },
};

static void everybody_is_found_by_beginnings_in_any_order(void **state)
{
    struct rig *rig = *state;
    a_few(rig);
    search_index_built(rig);
    assert_int_equal(search_standing(rig).people, 5);
    assert_int_equal(search_standing(rig).marks, 0);
    for (size_t i = 0; i < sizeof SEARCHES / sizeof *SEARCHES; i++)
        if (strcmp(search(rig, SEARCHES[i].words), SEARCHES[i].families) != 0)
            fail_msg("«%s»: %s", SEARCHES[i].words, search(rig, SEARCHES[i].words));
    struct person_search many = search_asking(rig, "а б в г д е ж");
    assert_string_equal(search_refused(rig, &rig->centre, search_asking(rig, "а")), "search_short");
    assert_string_equal(search_refused(rig, &rig->centre, search_asking(rig, "- ’ .")), "search_no_word");
    assert_string_equal(search_refused(rig, &rig->centre, many), "search_many_words");
    many = search_asking(rig, "анна");
    many.after = bytes("short", 5);
    assert_string_equal(search_refused(rig, &rig->centre, many), "page_unknown");
}

/* ── what is known of a search ────────────────────────────────────────────── */

static void met(const char *file, const struct trace *trace) { fail_msg("%s: %s, %s", file, trace->form, trace->coding); }

static struct person_searched entry_of(struct rig *rig, uint64_t number)
{
    struct person_searched said;
    struct entry entry;
    struct txn txn;
    txn_begin(&txn, machine_store(rig->machine), TXN_READ);
    assert_true(journal_get(&txn, number, &rig->arena, &entry, NULL));
    txn_end(&txn);
    assert_int_equal(entry.reply.n, 0);
    toy_decode(&person_searched_desc, entry.body, &said, &rig->arena);
    return said;
}

static void the_entry_says_who_was_shown_and_why_and_no_word(void **state)
{
    struct rig *rig = *state;
    a_few(rig);
    search_index_built(rig);
    uint64_t head = machine_head(rig->machine);
    struct person_search body = search_asking(rig, "вороб анна");
    struct people_found found = search_found(rig, &rig->centre, &body);
    assert_int_equal(found.rows.n, 1);
    assert_string_equal(found.rows.at[0].organisation_title, "S1");
    assert_string_equal(found.rows.at[0].subject, "химия");
    assert_int_equal(found.rows.at[0].posts, 1);
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.searched");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "");          /* who looks at whom: for the region alone */
    assert_string_equal(rig_entries_after(rig, head, &REGION), "person.searched");
    struct person_searched said = entry_of(rig, head + 1);
    assert_int_equal(said.persons.n, 1);
    assert_true(uuid_equal(&said.persons.at[0], &found.rows.at[0].person));
    assert_string_equal(said.purpose, WHY);
    assert_int_equal(said.words, 2);
    assert_string_equal(search(rig, "нетутакого"), "");                          /* nobody found: an entry as well */
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.searched person.searched");
    struct traces traces = { .arena = &rig->arena };
    traces_add(&traces, "вороб");
    traces_add(&traces, "нетутакого");
    machine_close(&rig->machine);
    assert_true(traces_walk(&traces, rig->dir, met) > 0);
    rig_open(rig);
    rig_check(rig);
}

/* Asked again under its id, a search shows those of its entry, and of them who may still be seen. */
static void the_same_search_again_shows_nobody_new(void **state)
{
    struct rig *rig = *state;
    a_few(rig);
    search_index_built(rig);
    struct person_search body = search_asking(rig, "вороб");
    struct person_erase erase = { .act = "1", .ground = ERASE_PURPOSE };
    struct uuid id = uuid_v7(rig->time.wall / MOMENT_MS, (const uint8_t[10]){ 0xee });
    struct worker_record gone = search_someone(rig, 9, "Воробей", "Лев", NULL, "S1");
    gone.until = day("2020-06-30");
    erase.person = rig_record(rig, gone).person;
    struct outcome outcome = toy_command(rig->machine, &rig->centre, id, "roster.person.search", &person_search_desc, &body, &rig->arena);
    struct people_found found;
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    assert_string_equal(search_families(rig, &found), "Воробей Воробьев Воробьёва");
    rig_record(rig, search_someone(rig, 10, "Воробьин", "Лев", NULL, "S1"));
    assert_string_equal(rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase), "");
    outcome = toy_command(rig->machine, &rig->centre, id, "roster.person.search", &person_search_desc, &body, &rig->arena);
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    assert_string_equal(search_families(rig, &found), "Воробьев Воробьёва");
    assert_string_equal(search(rig, "вороб"), "Воробьев Воробьёва Воробьин");
}

/* ── who is found by whom ─────────────────────────────────────────────────── */

static void nobody_finds_who_is_out_of_reach(void **state)
{
    struct rig *rig = *state;
    a_few(rig);
    search_index_built(rig);
    struct principal north = reaching(ROLE_MUNICIPAL, &rig->north), south = reaching(ROLE_MUNICIPAL, &rig->south),
                     school = reaching(ROLE_SCHOOL, &rig->school2), worker = reaching(ROLE_WORKER, &rig->school2);
    assert_string_equal(search_as(rig, &north, "вороб"), "Воробьёва");
    assert_string_equal(search_as(rig, &south, "вороб"), "Воробьев");
    assert_string_equal(search_as(rig, &school, "вороб"), "");
    assert_string_equal(search_as(rig, &school, "мамин"), "Мамин-Сибиряк");
    assert_string_equal(search_refused(rig, &worker, search_asking(rig, "мамин")), "role");
    struct person_search body = search_asking(rig, "вороб");
    body.unit = rig->south;
    assert_string_equal(search_refused(rig, &north, body), "out_of_reach");
    struct people_found found = search_found(rig, &rig->centre, &body);
    assert_string_equal(search_families(rig, &found), "Воробьев");
    body.unit = UUID_NIL;
    body.post = "учитель";
    body.subject = "ХИМИЯ";
    found = search_found(rig, &rig->centre, &body);
    assert_string_equal(search_families(rig, &found), "Воробьёва");
}

static void names_are_told_of_whom_a_list_holds_and_the_asker_reaches(void **state)
{
    struct rig *rig = *state;
    struct uuid persons[4] = { rig_record(rig, boris()).person, rig_record(rig, search_someone(rig, 2, "Воробьев", "Сергей", NULL, "S3")).person,
                               rig->north, rig_record(rig, anna()).person };
    struct principal north = reaching(ROLE_MUNICIPAL, &rig->north);
    struct person_block block = { .person = persons[0], .act = "3", .ground = BLOCK_ASKED };
    struct person_name body = { .persons = { 4, persons }, .purpose = WHY };
    struct person_searched said;
    struct people_found found;
    uint64_t head = machine_head(rig->machine);
    struct outcome outcome = rig_send_as(rig, &north, "roster.person.name", &person_name_desc, &body);
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    assert_string_equal(search_families(rig, &found), "Кедров Воробьёва");             /* in the order of the list; without an index */
    assert_string_equal(found.rows.at[0].post, "директор");
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.searched");
    said = entry_of(rig, head + 1);
    assert_int_equal(said.words, 0);
    assert_int_equal(said.persons.n, 2);
    assert_true(uuid_equal(&said.persons.at[1], &persons[3]));
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "");
    outcome = rig_send(rig, "roster.person.name", &person_name_desc, &body);
    toy_decode(&people_found_desc, outcome.body, &found, &rig->arena);
    assert_string_equal(search_families(rig, &found), "Воробьев Воробьёва");
}

static void blocked_and_erased_are_gone_with_the_next_command(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    row.until = day("2022-05-31");
    struct uuid person = rig_record(rig, row).person;
    search_index_built(rig);
    struct person_block block = { .person = person, .act = "3", .ground = BLOCK_ASKED };
    struct person_unblock lift = { person, "4" };
    struct person_erase erase = { person, "5", ERASE_CONSENT };
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "");
    assert_int_equal(search_standing(rig).people, 0);          /* out of memory at once, whatever the errand does */
    assert_string_equal(search(rig, "вороб"), "");
    search_index_built(rig);
    assert_string_equal(search(rig, "вороб"), "");
    assert_string_equal(rig_reason(rig, "roster.person.unblock", &person_unblock_desc, &lift), "");
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    search_index_built(rig);
    assert_int_equal(search_standing(rig).people, 1);
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    assert_string_equal(rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase), "");
    assert_int_equal(search_standing(rig).people, 0);
    assert_string_equal(search(rig, "вороб"), "");
    search_index_built(rig);
    assert_int_equal(search_standing(rig).people, 0);
    rig_check(rig);
}

static void two_records_made_one_are_found_once(void **state)
{
    struct rig *rig = *state;
    struct worker_record second = search_someone(rig, 5, "Воробьева", "Анна", NULL, "S2");
    struct person_merge merge = { .ground = "один СНИЛС в двух списках" };
    struct person_unmerge apart = { .ground = "разные люди" };
    second.part_time = true;
    merge.kept = rig_record(rig, anna()).person;
    merge.gone = apart.gone = rig_record(rig, second).person;
    search_index_built(rig);
    assert_string_equal(search(rig, "вороб"), "Воробьева Воробьёва");
    assert_string_equal(rig_reason(rig, "roster.person.merge", &person_merge_desc, &merge), "");
    assert_string_equal(search(rig, "вороб"), "Воробьёва");      /* before the errand has looked, and after */
    search_index_built(rig);
    assert_string_equal(search(rig, "вороб"), "Воробьёва");
    assert_string_equal(rig_reason(rig, "roster.person.unmerge", &person_unmerge_desc, &apart), "");
    assert_string_equal(search(rig, "вороб"), "Воробьева Воробьёва");
    search_index_built(rig);
    assert_string_equal(search(rig, "вороб"), "Воробьева Воробьёва");
    assert_int_equal(search_standing(rig).people, 2);
    rig_check(rig);
}

/* ── pages ────────────────────────────────────────────────────────────────── */

static void pages_hold_everybody_once_whatever_is_changed_between_them(void **state)
{
    struct rig *rig = *state;
    static const char *const PART[10] = { "ва", "ро", "ми", "ле", "ну", "ко", "та", "си", "бо", "ди" };
    struct uuid erased = UUID_NIL;
    for (unsigned i = 0; i < 90; i++) {
        struct worker_record row = search_someone(rig, 100 + i, arena_format(&rig->arena, "Ла%s%s", PART[i / 10], PART[i % 10]), "Анна", NULL, "S1");
        if (i == 47)
            row.until = day("2020-01-31");
        struct uuid id = rig_record(rig, row).person;
        if (i == 47)
            erased = id;
    }
    search_index_built(rig);
    struct person_search body = search_asking(rig, "ла");
    const char *last = "";
    unsigned seen = 0, pages = 0;
    body.limit = 20;
    do {
        struct people_found found = search_found(rig, &rig->centre, &body);
        for (uint32_t i = 0; i < found.rows.n; i++, seen++) {
            assert_true(strcmp(last, found.rows.at[i].family) < 0);
            last = found.rows.at[i].family;
        }
        body.after = found.next;
        if (pages++ == 1) {                             /* between two pages: one more before, one behind, one gone */
            struct person_erase erase = { erased, "5", ERASE_CONSENT };
            rig_record(rig, search_someone(rig, 200, "Лаааа", "Анна", NULL, "S1"));
            rig_record(rig, search_someone(rig, 201, "Ляяяя", "Лаврентия", NULL, "S1"));
            rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase);
        }
    } while (body.after.n > 0);
    assert_string_equal(last, "Ляяяя");
    assert_true(seen == 90 || seen == 91);              /* the one who is gone may have been shown before */
    assert_int_equal(pages, 5);
}

/* ── lists of workers ─────────────────────────────────────────────────────── */

static const char *listed(struct rig *rig, struct workers_of body, uint32_t *rows)
{
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.worker.list", &workers_of_desc, &body, &rig->arena);
    struct worker_list list = { 0 };
    const char *reason = toy_reason(&outcome, &rig->arena);
    if (*reason == '\0')
        toy_decode(&worker_list_desc, outcome.body, &list, &rig->arena);
    *rows = list.rows.n;
    return reason;
}

static void lists_of_workers_are_filtered(void **state)
{
    struct rig *rig = *state;
    a_few(rig);                             /* Анна: химия since 2020, young; Борис: head since 2010; three more: физика since 2015 */
    const struct { struct workers_of body; uint32_t rows; const char *reason; } ROWS_OF[] = {
        { { .unit = REGION }, 5, "" },
        { { .unit = rig->north }, 3, "" },
        { { .unit = REGION, .post = "учитель" }, 4, "" },
        { { .unit = REGION, .post = "Учитель" }, 4, "" },
        { { .unit = REGION, .post = "head" }, 1, "" },
        { { .unit = REGION, .post = "educator", .subject = "Физика" }, 3, "" },
        { { .unit = REGION, .subject = "астрономия" }, 0, "" },
        { { .unit = REGION, .population = "educators" }, 4, "" },
        { { .unit = REGION, .population = "leaders" }, 1, "" },
        { { .unit = REGION, .population = "teams" }, 1, "" },
        { { .unit = REGION, .population = "young" }, 1, "" },
        { { .unit = REGION, .band = "young" }, 1, "" },
        { { .unit = REGION, .years_from = 5 }, 4, "" },         /* on 15 September 2022 */
        { { .unit = REGION, .years_under = 3 }, 1, "" },
        { { .unit = REGION, .years_from = 7, .years_under = 8 }, 3, "" },
        { { .unit = REGION, .years_from = 1, .on = day("2015-10-01") }, 1, "" },
        { { .unit = REGION, .post = "космонавт" }, 0, "post_unknown" },
        { { .unit = REGION, .band = "old" }, 0, "band_unknown" },
        { { .unit = REGION, .population = "nobody" }, 0, "population_unknown" },
        { { .unit = REGION, .band = "under_35" }, 1, "" },
        { { .unit = REGION, .band = "under_35", .population = "leaders" }, 0, "" },
        { { .unit = REGION, .register_id = "no_such" }, 0, "register_unknown" },
    };
    for (size_t i = 0; i < sizeof ROWS_OF / sizeof *ROWS_OF; i++) {
        uint32_t rows;
        const char *reason = listed(rig, ROWS_OF[i].body, &rows);
        if (strcmp(reason, ROWS_OF[i].reason) != 0 || rows != ROWS_OF[i].rows)
            fail_msg("row %zu: %u %s", i, rows, reason);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everybody_is_found_by_beginnings_in_any_order),
        TEST(the_entry_says_who_was_shown_and_why_and_no_word),
        TEST(the_same_search_again_shows_nobody_new),
        TEST(nobody_finds_who_is_out_of_reach),
        TEST(names_are_told_of_whom_a_list_holds_and_the_asker_reaches),
        TEST(blocked_and_erased_are_gone_with_the_next_command),
        TEST(two_records_made_one_are_found_once),
        TEST(pages_hold_everybody_once_whatever_is_changed_between_them),
        TEST(lists_of_workers_are_filtered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
