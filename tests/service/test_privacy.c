/* roster: consent, blocking, erasure. */
#include "tests/service/privacy_rig.h"

#include "common/service/vault.h"
#include "proto/roles.h"

/* ── consent ──────────────────────────────────────────────────────────────── */

static const struct { bool gives; int purpose; const char *text, *day, *reason; } CONSENTS[] = {
    { false, CONSENT_SUPPORT, NULL, "2022-09-01", "consent_none" },
    { true,  CONSENT_SUPPORT, "1",  "2022-09-16", "consent_future" },       /* today is the 15th */
    { true,  CONSENT_SUPPORT, "1",  "2022-09-01", "" },
    { true,  CONSENT_SUPPORT, "1",  "2022-09-01", "" },                     /* said twice */
    { true,  CONSENT_SUPPORT, "2",  "2022-08-01", "consent_before" },
    { true,  CONSENT_SUPPORT, "2",  "2022-09-05", "" },                     /* takes the first one's place */
    { false, CONSENT_SUPPORT, NULL, "2022-09-04", "consent_before" },
    { false, CONSENT_SUPPORT, NULL, "2022-09-10", "" },
    { false, CONSENT_SUPPORT, NULL, "2022-09-10", "" },
    { false, CONSENT_SUPPORT, NULL, "2022-09-11", "consent_none" },
    { true,  CONSENT_SUPPORT, "2",  "2022-09-09", "consent_before" },
    { true,  CONSENT_FEDERAL, "1",  "2022-09-09", "" },                     /* each purpose by itself */
};

static void consents_of_a_purpose_follow_one_another(void **state)
{
    struct rig *rig = *state;
    struct uuid person = rig_record(rig, anna()).person;
    struct principal self = reaching(ROLE_WORKER, &person);
    for (size_t i = 0; i < sizeof CONSENTS / sizeof *CONSENTS; i++) {
        struct consent_give give = { .person = person, .purpose = CONSENTS[i].purpose, .text = CONSENTS[i].text, .day = day(CONSENTS[i].day) };
        struct consent_withdraw withdraw = { .person = person, .purpose = CONSENTS[i].purpose, .day = day(CONSENTS[i].day) };
        const char *reason = CONSENTS[i].gives ? rig_reason_as(rig, &self, "roster.consent.give", &consent_give_desc, &give)
                                               : rig_reason_as(rig, &self, "roster.consent.withdraw", &consent_withdraw_desc, &withdraw);
        if (strcmp(reason, CONSENTS[i].reason) != 0)
            fail_msg("row %zu: %s", i, reason);
    }
    struct person_of body = { person };
    struct consent_list list;
    struct outcome outcome = toy_ask(rig->machine, &self, "roster.consent.list", &person_of_desc, &body, &rig->arena);
    toy_decode(&consent_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 3);
    assert_string_equal(list.rows.at[0].text, "1");
    assert_int_equal(list.rows.at[0].withdrawn, day("2022-09-05"));
    assert_int_equal(list.rows.at[1].withdrawn, day("2022-09-10"));
    assert_int_equal(list.rows.at[2].purpose, CONSENT_FEDERAL);
    assert_int_equal(list.rows.at[2].withdrawn, 0);
    rig_check(rig);
}

static void consents_have_an_end(void **state)
{
    struct rig *rig = *state;
    struct uuid person = rig_record(rig, anna()).person;
    struct consent_give give = { .person = person, .text = "1" };
    for (day_t i = 0; i < CONSENTS_MAX; i++) {
        give.day = day("2022-01-01") + i;
        assert_string_equal(rig_reason(rig, "roster.consent.give", &consent_give_desc, &give), "");
    }
    give.day++;
    assert_string_equal(rig_reason(rig, "roster.consent.give", &consent_give_desc, &give), "too_many_consents");
    rig_check(rig);
}

/* ── blocking ─────────────────────────────────────────────────────────────── */

static void a_blocked_card_is_for_the_centre_and_for_himself(void **state)
{
    struct rig *rig = *state;
    struct uuid person = rig_record(rig, anna()).person;
    struct principal town = reaching(ROLE_MUNICIPAL, &rig->north), school = reaching(ROLE_SCHOOL, &rig->school1), self = reaching(ROLE_WORKER, &person);
    struct person_block block = { .person = person, .act = "3", .ground = BLOCK_INACCURATE, .until = day("2022-09-14") };
    struct person_unblock lift = { person, "4" };
    struct worker_record row = anna();
    assert_string_equal(rig_reason(rig, "roster.person.unblock", &person_unblock_desc, &lift), "not_blocked");
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "block_until_past");
    block.act = "  ";
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "act_empty");
    block.act = "3";
    block.until = 0;
    block.erase = true;
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "erase_needs_until");
    block.until = day("2022-10-01");
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "in_post");
    block.erase = false;
    assert_string_equal(privacy_read(rig, &town, &person), "");
    struct person_read again = { person, "сверка списков" };
    struct uuid id = uuid_v7(rig->time.wall / MOMENT_MS, (const uint8_t[10]){ 0xee });
    struct outcome outcome = toy_command(rig->machine, &town, id, "roster.person.read", &person_read_desc, &again, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "");
    outcome = toy_command(rig->machine, &town, id, "roster.person.read", &person_read_desc, &again, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "person_blocked");       /* the lost answer is asked about anew */
    assert_string_equal(privacy_read(rig, &town, &person), "person_blocked");
    assert_string_equal(privacy_read(rig, &school, &person), "person_blocked");
    assert_string_equal(privacy_read(rig, &self, &person), "");
    assert_string_equal(privacy_read(rig, &rig->centre, &person), "");
    row.family = "Соколова";
    assert_string_equal(rig_refused(rig, &town, row).reason, "person_blocked");     /* lists do not change it */
    assert_false(rig_record(rig, anna()).changed);                                  /* and may say what is known */
    assert_int_equal(privacy_standing(rig, &person).blocked->until, day("2022-10-01"));
    rig_pass(rig, "2022-10-01");
    assert_string_equal(privacy_read(rig, &town, &person), "person_blocked");            /* its last day */
    rig_pass(rig, "2022-10-02");
    assert_string_equal(privacy_read(rig, &town, &person), "");
    assert_null(privacy_standing(rig, &person).blocked);
    rig_check(rig);
}

static void what_is_blocked_for_its_term_is_erased_after_it(void **state)
{
    struct rig *rig = *state;
    struct uuid person = privacy_anna_who_left(rig).person;
    struct person_block block = { .person = person, .act = "3", .ground = BLOCK_STORAGE, .until = day("2022-10-01"), .erase = true };
    assert_string_equal(rig_reason(rig, "roster.person.block", &person_block_desc, &block), "");
    assert_string_equal(privacy_erase(rig, &person), "person_blocked");
    assert_string_equal(privacy_read(rig, &rig->centre, &person), "");
    uint64_t head = machine_head(rig->machine);
    rig_pass(rig, "2022-10-02");
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.unblocked person.erased");
    assert_string_equal(privacy_read(rig, &rig->centre, &person), "person_unreadable");
    assert_int_equal(privacy_standing(rig, &person).erased->ground, ERASE_TERM);
    rig_check(rig);
}

/* ── erasing ──────────────────────────────────────────────────────────────── */

/* Whether the entry of his registration, which stays, can be opened still. */
static bool entry_opens(struct rig *rig, const struct uuid *person)
{
    struct txn txn;
    struct ctx ctx = { .txn = &txn, .arena = &rig->arena, .machine = rig->machine };
    struct entry entry;
    struct bytes plain;
    bool found = false, opens = false;
    txn_begin(&txn, machine_store(rig->machine), TXN_READ);
    for (uint64_t n = 1; n <= machine_head(rig->machine) && !found; n++) {
        struct person_registered registered;
        assert_true(journal_get(&txn, n, &rig->arena, &entry, NULL));
        if (strcmp(entry.event, "roster.person.registered") != 0)
            continue;
        toy_decode(&person_registered_desc, entry.body, &registered, &rig->arena);
        if ((found = uuid_equal(&registered.person, person)))
            opens = vault_open(&ctx, person, registered.sealed, &plain);
    }
    txn_end(&txn);
    assert_true(found);
    return opens;
}

static void who_is_erased_is_gone_and_what_was_counted_stays(void **state)
{
    struct rig *rig = *state;
    struct worker_record second = anna(), back = anna();
    struct uuid person = privacy_anna_who_left(rig).person;
    second.code = "Ю-7";                        /* known by another list's code as well */
    second.organisation = "S3";
    second.part_time = true;
    second.from = day("2021-09-01");
    struct post_close close = { rig_record(rig, second).post, day("2022-06-30") };
    rig_record(rig, boris());
    struct population before = rig_population(rig, &REGION, "2022-03-01");
    assert_string_equal(privacy_erase(rig, &person), "in_post");
    assert_string_equal(rig_reason(rig, "roster.post.close", &post_close_desc, &close), "");
    assert_true(entry_opens(rig, &person));
    uint64_t head = machine_head(rig->machine);
    struct principal nobody = reaching(ROLE_CENTRE, &rig->school2);
    struct person_erase body = { person, "12-у", ERASE_CONSENT };
    assert_string_equal(rig_reason_as(rig, &nobody, "roster.person.erase", &person_erase_desc, &body), "out_of_reach");
    assert_string_equal(privacy_erase(rig, &person), "");
    assert_false(entry_opens(rig, &person));
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.erased");
    assert_string_equal(rig_entries_after(rig, head, &person), "person.erased");
    assert_string_equal(privacy_erase(rig, &person), "erased_already");
    assert_string_equal(privacy_read(rig, &rig->centre, &person), "person_unreadable");
    struct uuid id = rig_find(rig, &rig->centre, "roster.person.find", "Т-101");
    assert_true(uuid_is_nil(&id));
    id = rig_find(rig, &rig->centre, "roster.person.find", "Ю-7");
    assert_true(uuid_is_nil(&id));
    struct population after = rig_population(rig, &REGION, "2022-03-01");
    assert_memory_equal(&after, &before, sizeof before);
    assert_string_equal(privacy_standing(rig, &person).erased->act, "12-у");
    back.from = day("2022-09-01");              /* hired again: a new person */
    struct worker_recorded new = rig_record(rig, back);
    assert_true(new.new_person);
    assert_string_equal(privacy_read(rig, &rig->centre, &new.person), "");
    assert_string_equal(privacy_read(rig, &rig->centre, &person), "person_unreadable");
    struct consent_give give = { .person = person, .text = "1", .day = day("2022-09-01") };
    assert_string_equal(rig_reason(rig, "roster.consent.give", &consent_give_desc, &give), "erased_already");
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(consents_of_a_purpose_follow_one_another),
        TEST(consents_have_an_end),
        TEST(a_blocked_card_is_for_the_centre_and_for_himself),
        TEST(what_is_blocked_for_its_term_is_erased_after_it),
        TEST(who_is_erased_is_gone_and_what_was_counted_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
