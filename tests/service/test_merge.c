#include "tests/service/roster_rig.h"

#include "proto/roles.h"
#include "proto/roster_merge.h"
#include "proto/roster_people.h"
#include "proto/roster_registers.h"
#include "proto/roster_tree.h"

/* roster: two records of one person made one, and that undone. */

static uint32_t posts_in(struct rig *rig, const struct uuid *unit, const struct uuid *person, const char *on)
{
    struct workers_of body = { .unit = *unit, .on = day(on) };
    struct worker_list list;
    uint32_t n = 0;
    rig_ask(rig, "roster.worker.list", &workers_of_desc, &body, &worker_list_desc, &list);
    for (uint32_t i = 0; i < list.rows.n; i++)
        n += uuid_equal(&list.rows.at[i].person, person);
    return n;
}

static struct merges merges_of(struct rig *rig, const struct uuid *person)
{
    struct person_of body = { *person };
    struct merges merges;
    rig_ask(rig, "roster.person.merges", &person_of_desc, &body, &merges_desc, &merges);
    return merges;
}

/* What is told of each day of two years, as bytes. */
static struct bytes told(struct rig *rig)
{
    struct buf all = { 0 };
    const struct uuid *units[] = { &REGION, &rig->north, &rig->south, &rig->school1, &rig->school3 };
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        for (day_t on = day("2020-12-31"); on < day("2023-01-01"); on += 11) {
            struct population_of body = { *units[u], on };
            struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.population.sizes", &population_of_desc, &body, &rig->arena);
            buf_put(&all, outcome.body.at, outcome.body.n);
        }
    struct bytes kept = arena_bytes(&rig->arena, buf_bytes(&all));
    buf_free(&all);
    return kept;
}

static void who_was_entered_twice_is_counted_once(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded one = rig_record(rig, anna()), two = rig_record(rig, anna_again());
    assert_false(uuid_equal(&one.person, &two.person));
    assert_int_equal(rig_population(rig, &REGION, "2022-06-01").educators, 2);
    struct bytes before = told(rig);
    assert_string_equal(rig_merge(rig, &one.person, &two.person), "");
    assert_int_equal(rig_population(rig, &REGION, "2022-06-01").educators, 1);
    assert_int_equal(rig_population(rig, &rig->south, "2022-06-01").educators, 1);
    assert_int_equal(posts_in(rig, &rig->school3, &one.person, "2022-06-01"), 1);
    assert_int_equal(posts_in(rig, &rig->school3, &two.person, "2022-06-01"), 0);
    assert_int_equal(merges_of(rig, &one.person).rows.n, 1);
    struct merges of_gone = merges_of(rig, &two.person);
    assert_memory_equal(&of_gone.into, &one.person, sizeof one.person);
    assert_string_equal(rig_unmerge(rig, &two.person), "");
    struct bytes after = told(rig);
    assert_true(bytes_equal(before, after));
    assert_int_equal(posts_in(rig, &rig->school3, &two.person, "2022-06-01"), 1);
    assert_int_equal(merges_of(rig, &one.person).rows.n, 0);
    rig_check(rig);
}

static void the_same_post_twice_is_one(void **state)
{
    struct rig *rig = *state;
    struct worker_record again = anna_again();
    again.organisation = "S1";
    again.until = day("2023-05-31");
    struct worker_recorded one = rig_record(rig, anna()), two = rig_record(rig, again);
    struct bytes before = told(rig);
    assert_string_equal(rig_merge(rig, &one.person, &two.person), "");
    assert_int_equal(posts_in(rig, &rig->school1, &one.person, "2022-06-01"), 1);
    assert_int_equal(posts_in(rig, &rig->school1, &two.person, "2022-06-01"), 0);
    assert_string_equal(rig_unmerge(rig, &two.person), "");
    assert_int_equal(posts_in(rig, &rig->school1, &one.person, "2022-06-01"), 1);
    assert_int_equal(posts_in(rig, &rig->school1, &two.person, "2023-05-31"), 1);
    assert_int_equal(posts_in(rig, &rig->school1, &two.person, "2023-06-01"), 0);
    struct bytes after = told(rig);
    assert_true(bytes_equal(before, after));
    rig_check(rig);
}

/* Whatever a list names him by leads to the record that was kept; and after that was undone, to his own again. */
static void every_list_finds_the_record_that_was_kept(void **state)
{
    struct rig *rig = *state;
    struct worker_record by_code = anna_again(), by_name = anna_again();
    struct worker_recorded one = rig_record(rig, anna()), two = rig_record(rig, anna_again());
    by_name.code = "Ю-8";
    assert_string_equal(rig_merge(rig, &one.person, &two.person), "");
    struct uuid found = rig_find(rig, &rig->centre, "roster.person.find", "Ю-7");
    assert_memory_equal(&found, &one.person, sizeof found);
    const struct post_close handed_over = { two.post, day("2022-03-31") };      /* its days are not said there any more */
    assert_string_equal(rig_problem_as(rig, &rig->centre, "roster.post.close", &post_close_desc, &handed_over).reason, "merged_already");
    by_code.born = by_name.born = "1991-03-14";
    struct worker_recorded again = rig_record(rig, by_code);
    assert_memory_equal(&again.person, &one.person, sizeof found);
    assert_false(again.new_person || again.new_post);
    again = rig_record(rig, by_name);
    assert_memory_equal(&again.person, &one.person, sizeof found);
    assert_string_equal(rig_unmerge(rig, &two.person), "");
    found = rig_find(rig, &rig->centre, "roster.person.find", "Ю-7");
    assert_memory_equal(&found, &two.person, sizeof found);
    again = rig_record(rig, anna_again());
    assert_memory_equal(&again.person, &two.person, sizeof found);
    assert_false(again.new_person || again.new_post || again.changed);
    again = rig_record(rig, anna());
    assert_memory_equal(&again.person, &one.person, sizeof found);
    assert_false(again.new_person || again.new_post || again.changed);
    rig_check(rig);
}

static struct person_card card_of(struct rig *rig, const struct uuid *person)
{
    struct person_read read = { *person, "проверка" };
    struct person_card card;
    struct outcome outcome = rig_send(rig, "roster.person.read", &person_read_desc, &read);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&person_card_desc, outcome.body, &card, &rig->arena);
    return card;
}

static void what_the_card_lacks_is_filled_and_taken_back(void **state)
{
    struct rig *rig = *state;
    struct worker_record bare = anna_again();
    bare.patronymic = NULL;
    bare.teaching_since = 0;
    struct worker_recorded one = rig_record(rig, bare), two = rig_record(rig, anna());
    assert_int_equal(rig_population(rig, &rig->south, "2022-06-01").young, 0);
    assert_string_equal(rig_merge(rig, &one.person, &two.person), "");
    struct person_card card = card_of(rig, &one.person);
    assert_string_equal(card.patronymic, "Сергеевна");
    assert_string_equal(card.snils, "11223344595");
    assert_int_equal(rig_population(rig, &rig->south, "2022-06-01").young, 1);
    struct worker_record by_snils = anna();
    by_snils.code = "Н-1";
    struct worker_recorded again = rig_record(rig, by_snils);
    assert_memory_equal(&again.person, &one.person, sizeof one.person);
    by_snils.born = "1991-03-15";                               /* as his card has it: no mending by the other list */
    rig_record(rig, by_snils);
    assert_string_equal(rig_unmerge(rig, &two.person), "");
    card = card_of(rig, &one.person);
    assert_true(card.snils == NULL || card.snils[0] == '\0');
    assert_true(card.patronymic == NULL || card.patronymic[0] == '\0');
    assert_int_equal(rig_population(rig, &rig->south, "2022-06-01").young, 0);
    rig_check(rig);
}

static struct uuid listed(struct rig *rig, const struct uuid *person, const char *register_id, const char *from)
{
    struct entry_ground grounds[] = { { .ground = "federal", .evidence = "протокол 1", .day = day("2021-01-10") },
                                      { .ground = "regional", .evidence = "протокол 2", .day = day("2021-01-11") } };
    struct entry_record body = { .register_id = register_id, .person = *person, .grounds = { 2, grounds }, .from = day(from) };
    return rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
}

static uint32_t entries_of(struct rig *rig, const struct uuid *person)
{
    struct memberships_of body = { .member = *person };
    struct entry_list list;
    rig_ask(rig, "roster.entry.of", &memberships_of_desc, &body, &entry_list_desc, &list);
    return list.rows.n;
}

static uint32_t consents_in(struct rig *rig, const struct uuid *person)
{
    struct person_of body = { *person };
    struct consent_list list;
    rig_ask(rig, "roster.consent.list", &person_of_desc, &body, &consent_list_desc, &list);
    return list.rows.n;
}

static void registers_and_consents_are_his(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded one = rig_record(rig, anna()), two = rig_record(rig, anna_again());
    listed(rig, &two.person, "selected", "2021-10-01");
    const struct { const struct uuid *person; int purpose; } GIVEN[] = {
        { &one.person, CONSENT_SUPPORT }, { &two.person, CONSENT_SUPPORT }, { &two.person, CONSENT_PUBLIC } };
    for (size_t i = 0; i < sizeof GIVEN / sizeof *GIVEN; i++) {
        struct consent_give give = { .person = *GIVEN[i].person, .purpose = GIVEN[i].purpose, .text = "1", .day = day("2022-09-01") };
        assert_string_equal(rig_reason(rig, "roster.consent.give", &consent_give_desc, &give), "");
    }
    assert_string_equal(rig_merge(rig, &one.person, &two.person), "");
    assert_int_equal(entries_of(rig, &one.person), 1);
    assert_int_equal(entries_of(rig, &two.person), 1);          /* by whichever name he is asked for */
    assert_int_equal(consents_in(rig, &one.person), 3);
    assert_int_equal(consents_in(rig, &two.person), 3);
    assert_string_equal(rig_unmerge(rig, &two.person), "");
    assert_int_equal(entries_of(rig, &one.person), 0);
    assert_int_equal(entries_of(rig, &two.person), 1);
    assert_int_equal(consents_in(rig, &one.person), 1);
    assert_int_equal(consents_in(rig, &two.person), 2);
    rig_check(rig);
}

/* Between the two his school is merged into another, and his post mended: he gets back what has become of it. */
static void posts_come_back_as_they_have_become(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded one = rig_record(rig, anna()), two = rig_record(rig, anna_again());
    assert_string_equal(rig_merge(rig, &one.person, &two.person), "");
    struct organisation_merge into = { .units = { 1, &rig->school3 }, .into = rig->school2, .day = day("2022-02-01"), .ground = "приказ" };
    assert_string_equal(rig_reason(rig, "roster.organisation.merge", &organisation_merge_desc, &into), "");
    rig_pass(rig, "2022-09-16");
    assert_int_equal(posts_in(rig, &rig->school2, &one.person, "2022-06-01"), 1);
    assert_string_equal(rig_unmerge(rig, &two.person), "");
    assert_int_equal(posts_in(rig, &rig->school2, &one.person, "2022-06-01"), 0);
    assert_int_equal(posts_in(rig, &rig->school2, &two.person, "2022-06-01"), 1);
    assert_int_equal(posts_in(rig, &rig->south, &two.person, "2022-01-31"), 1);
    assert_int_equal(posts_in(rig, &rig->south, &two.person, "2022-02-01"), 0);
    assert_int_equal(rig_population(rig, &REGION, "2022-06-01").educators, 2);
    rig_check(rig);
}

static void what_cannot_be_one_is_refused(void **state)
{
    struct rig *rig = *state;
    struct worker_record other = boris(), third = boris();
    other.snils = "087-654-303 00";
    third.code = "Т-120";
    third.family = "Лесков";
    third.organisation = "S2";
    struct worker_recorded a = rig_record(rig, anna()), b = rig_record(rig, other), c = rig_record(rig, third);
    struct principal north = reaching(ROLE_MUNICIPAL, &rig->north), south = reaching(ROLE_MUNICIPAL, &rig->south);
    struct uuid nobody = a.post;
    assert_string_equal(rig_merge(rig, &a.person, &a.person), "person_itself");
    assert_string_equal(rig_merge(rig, &a.person, &nobody), "person_unknown");
    assert_string_equal(rig_merge(rig, &a.person, &b.person), "snils_differ");
    assert_string_equal(rig_merge_as(rig, &south, &b.person, &c.person), "out_of_reach");
    assert_string_equal(rig_unmerge(rig, &c.person), "not_merged");
    assert_string_equal(rig_merge_as(rig, &north, &b.person, &c.person), "");
    assert_string_equal(rig_merge(rig, &a.person, &c.person), "merged_already");
    assert_string_equal(rig_merge(rig, &a.person, &b.person), "merged_others");
    struct person_erase erase = { c.person, "12-у", ERASE_CONSENT };
    assert_string_equal(rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase), "merged_already");
    rig_check(rig);
}

static void who_is_erased_is_so_with_all_his_records(void **state)
{
    struct rig *rig = *state;
    struct worker_record left = anna(), left_too = anna_again();
    left.until = left_too.until = day("2022-05-31");
    struct worker_recorded one = rig_record(rig, left), two = rig_record(rig, left_too);
    assert_string_equal(rig_merge(rig, &one.person, &two.person), "");
    struct bytes before = told(rig);
    struct person_erase erase = { one.person, "12-у", ERASE_CONSENT };
    assert_string_equal(rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase), "");
    const struct uuid *both[] = { &one.person, &two.person };
    for (size_t i = 0; i < 2; i++) {
        struct person_read read = { *both[i], "проверка" };
        assert_string_equal(rig_reason(rig, "roster.person.read", &person_read_desc, &read), "person_unreadable");
    }
    struct uuid found = rig_find(rig, &rig->centre, "roster.person.find", "Ю-7");
    assert_true(uuid_is_nil(&found));
    found = rig_find(rig, &rig->centre, "roster.person.find", "Т-101");
    assert_true(uuid_is_nil(&found));
    struct bytes after = told(rig);
    assert_true(bytes_equal(before, after));
    left.code = "Н-1";
    assert_true(rig_record(rig, left).new_person);              /* neither SNILS nor name lead anywhere */
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_was_entered_twice_is_counted_once),
        TEST(the_same_post_twice_is_one),
        TEST(every_list_finds_the_record_that_was_kept),
        TEST(what_the_card_lacks_is_filled_and_taken_back),
        TEST(registers_and_consents_are_his),
        TEST(posts_come_back_as_they_have_become),
        TEST(what_cannot_be_one_is_refused),
        TEST(who_is_erased_is_so_with_all_his_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
