#include "proto/roles.h"
#include "proto/roster_documents.h"
#include "proto/roster_duties.h"
#include "tests/service/roster_rig.h"

/* roster: parties of an agreement and what they owe; who took part on a day; what the calendar says of a duty. */

static struct uuid agreement(struct rig *rig)
{
    static struct entry_ground grounds[] = { { .ground = "signed", .evidence = "экземпляр 1", .day = 18900 } };
    struct entry_record body = { .register_id = "agreements", .organisation = rig->north, .title = "О взаимодействии",
                                 .grounds = { 1, grounds }, .from = day("2022-03-01") };
    return rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
}

static struct part_join party(const struct uuid *entry, const struct uuid *organisation, const char *from)
{
    return (struct part_join){ .entry = *entry, .organisation = *organisation, .role = "сторона", .from = day(from) };
}

static const char *join(struct rig *rig, struct part_join body)
{
    return rig_reason(rig, "roster.part.join", &part_join_desc, &body);
}

static struct uuid joined(struct rig *rig, struct part_join body) { return rig_made(rig, "roster.part.join", &part_join_desc, &body); }

static struct part_list parts_as(struct rig *rig, const struct principal *who, const struct uuid *entry, const char *on)
{
    struct parts_of of = { .entry = *entry, .on = day(on) };
    struct outcome outcome = toy_ask(rig->machine, who, "roster.part.list", &parts_of_desc, &of, &rig->arena);
    struct part_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&part_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static struct duty_list duties(struct rig *rig, const struct uuid *entry, bool open)
{
    struct duties_of of = { .entry = *entry, .open = open };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.duty.list", &duties_of_desc, &of, &rig->arena);
    struct duty_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&duty_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

/* ── taking part ──────────────────────────────────────────────────────────── */

static void parties_are_dated(void **state)
{
    struct rig *rig = *state;
    struct uuid entry = agreement(rig), first = joined(rig, party(&entry, &rig->north, "2022-03-01"));
    joined(rig, party(&entry, &rig->school1, "2022-05-01"));
    joined(rig, (struct part_join){ .entry = entry, .title = "Академия", .role = "сторона", .from = day("2022-03-01") });
    assert_int_equal(parts_as(rig, &rig->centre, &entry, "2022-04-30").rows.n, 2);
    assert_int_equal(parts_as(rig, &rig->centre, &entry, "2022-05-01").rows.n, 3);
    struct part_leave leave = { first, day("2022-02-27") };
    assert_string_equal(rig_reason(rig, "roster.part.leave", &part_leave_desc, &leave), "part_until_before_from");
    leave.until = day("2022-08-31");
    assert_string_equal(rig_reason(rig, "roster.part.leave", &part_leave_desc, &leave), "");
    uint64_t head = machine_head(rig->machine);
    assert_string_equal(rig_reason(rig, "roster.part.leave", &part_leave_desc, &leave), "");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");            /* said already */
    assert_int_equal(parts_as(rig, &rig->centre, &entry, "2022-08-31").rows.n, 3);
    assert_int_equal(parts_as(rig, &rig->centre, &entry, "2022-09-01").rows.n, 2);
    assert_int_equal(parts_as(rig, &rig->centre, &entry, NULL).rows.n, 3);
    assert_string_equal(join(rig, party(&entry, &rig->north, "2022-08-31")), "part_overlaps");
    joined(rig, party(&entry, &rig->north, "2022-09-01"));                  /* again, later */
    rig_check(rig);
}

static void who_takes_part_is_somebody_in_a_role_of_the_register(void **state)
{
    struct rig *rig = *state;
    struct uuid entry = agreement(rig), anna_is = rig_record(rig, anna()).person;
    struct part_join body = party(&entry, &UUID_NIL, "2022-03-01");
    assert_string_equal(join(rig, body), "part_of_whom");
    body.organisation = rig->north;
    body.person = anna_is;
    assert_string_equal(join(rig, body), "part_of_whom");
    body.organisation = UUID_NIL;
    body.role = "тамада";
    assert_string_equal(join(rig, body), "role_unknown");
    body.role = "свидетель";
    body.until = day("2022-02-01");
    assert_string_equal(join(rig, body), "part_until_before_from");
    body.until = 0;
    body.from = day("2024-01-01");
    assert_string_equal(join(rig, body), "entry_day_far");
    body.from = day("2022-03-01");
    body.person = (struct uuid){ { 5 } };
    assert_string_equal(join(rig, body), "person_unknown");
    body.person = anna_is;
    body.entry = (struct uuid){ { 5 } };
    assert_string_equal(join(rig, body), "entry_unknown");
    body.entry = entry;
    uint64_t head = machine_head(rig->machine);
    joined(rig, body);
    assert_string_equal(rig_entries_after(rig, head, &anna_is), "part.joined");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "");
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    assert_string_equal(rig_reason_as(rig, &south, "roster.part.join", &part_join_desc, &body), "out_of_reach");
    struct parts_of of = { .entry = entry };
    struct outcome outcome = toy_ask(rig->machine, &south, "roster.part.list", &parts_of_desc, &of, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    rig_check(rig);
}

static void the_same_one_takes_part_so_often_and_can_still_leave(void **state)
{
    struct rig *rig = *state;
    struct uuid entry = agreement(rig), last = UUID_NIL;
    for (int i = 0; i < 32; i++) {
        struct part_join body = party(&entry, &rig->north, NULL);
        body.from = day("2022-03-01") + 2 * (day_t)i;
        body.until = i < 31 ? body.from : 0;
        last = joined(rig, body);
    }
    struct part_join more = party(&entry, &rig->north, "2022-01-01");
    more.until = more.from;
    assert_string_equal(join(rig, more), "too_many_parts");
    struct part_leave leave = { last, day("2022-06-01") };
    assert_string_equal(rig_reason(rig, "roster.part.leave", &part_leave_desc, &leave), "");
}

/* ── duties ───────────────────────────────────────────────────────────────── */

static void a_duty_is_fulfilled_or_written_down_as_overdue(void **state)
{
    struct rig *rig = *state;
    struct uuid entry = agreement(rig), part = joined(rig, party(&entry, &rig->north, "2022-03-01"));
    struct duty_set set = { .entry = entry, .kind = "обязательство", .title = "Обучить тьюторов", .part = part, .due = day("2022-10-01") };
    struct uuid kept = rig_made(rig, "roster.duty.set", &duty_set_desc, &set);
    set.title = "Представить отчёт";
    struct uuid late = rig_made(rig, "roster.duty.set", &duty_set_desc, &set);
    struct duty_fulfil fulfil = { .duty = kept, .day = day("2022-09-16") };
    assert_string_equal(rig_reason(rig, "roster.duty.fulfil", &duty_fulfil_desc, &fulfil), "duty_day_future");
    fulfil.day = 0;
    fulfil.document = (struct uuid){ { 3 } };
    assert_string_equal(rig_reason(rig, "roster.duty.fulfil", &duty_fulfil_desc, &fulfil), "document_unknown");
    struct document_register minutes = { .kind = DOCUMENT_MINUTES, .issuer_title = "ММС", .number = "4", .day = day("2022-09-10"),
                                         .title = "Протокол", .unit = rig->north };
    fulfil.document = rig_made(rig, "roster.document.register", &document_register_desc, &minutes);
    assert_string_equal(rig_reason(rig, "roster.duty.fulfil", &duty_fulfil_desc, &fulfil), "");
    assert_string_equal(rig_reason(rig, "roster.duty.fulfil", &duty_fulfil_desc, &fulfil), "duty_done");
    assert_int_equal(duties(rig, &entry, false).rows.n, 2);
    assert_int_equal(duties(rig, &entry, true).rows.n, 1);
    uint64_t head = machine_head(rig->machine);
    rig_pass(rig, "2022-10-01");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");            /* its last day */
    rig_pass(rig, "2022-11-20");
    assert_string_equal(rig_entries_after(rig, head, NULL), "duty.overdue");
    struct duty_list open = duties(rig, &entry, true);
    assert_memory_equal(&open.rows.at[0].duty, &late, sizeof late);
    assert_int_equal(open.rows.at[0].overdue, day("2022-10-02"));           /* however late the timer */
    fulfil = (struct duty_fulfil){ .duty = late, .day = day("2022-09-30"), .result = "отчёт принят" };
    assert_string_equal(rig_reason(rig, "roster.duty.fulfil", &duty_fulfil_desc, &fulfil), "");
    assert_int_equal(duties(rig, &entry, false).rows.at[1].overdue, 0);     /* in time, as it turns out */
    rig_check(rig);
}

static void a_duty_is_of_a_kind_of_the_register_and_of_its_parties(void **state)
{
    struct rig *rig = *state;
    struct uuid entry = agreement(rig);
    struct entry_ground grounds[] = { { .ground = "signed", .evidence = "экземпляр 2", .day = 18900 } };
    struct entry_record second = { .register_id = "agreements", .organisation = rig->south, .title = "Другое", .grounds = { 1, grounds }, .from = day("2022-03-01") };
    struct uuid other = rig_made(rig, "roster.entry.record", &entry_record_desc, &second), theirs = joined(rig, party(&other, &rig->south, "2022-03-01"));
    struct duty_set set = { .entry = entry, .kind = "праздник", .title = "т", .due = day("2022-10-01") };
    assert_string_equal(rig_reason(rig, "roster.duty.set", &duty_set_desc, &set), "duty_kind_unknown");
    set.kind = "обязательство";
    set.part = (struct uuid){ { 8 } };
    assert_string_equal(rig_reason(rig, "roster.duty.set", &duty_set_desc, &set), "part_unknown");
    set.part = theirs;
    assert_string_equal(rig_reason(rig, "roster.duty.set", &duty_set_desc, &set), "part_of_another_entry");
    set.part = UUID_NIL;
    set.title = "  ";
    assert_string_equal(rig_reason(rig, "roster.duty.set", &duty_set_desc, &set), "empty");
    set.title = "т";
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    assert_string_equal(rig_reason_as(rig, &south, "roster.duty.set", &duty_set_desc, &set), "out_of_reach");
    struct duty_fulfil fulfil = { .duty = { { 8 } } };
    assert_string_equal(rig_reason(rig, "roster.duty.fulfil", &duty_fulfil_desc, &fulfil), "duty_unknown");
    struct part_leave leave = { { { 8 } }, day("2022-09-01") };
    assert_string_equal(rig_reason(rig, "roster.part.leave", &part_leave_desc, &leave), "part_unknown");
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(parties_are_dated),
        TEST(who_takes_part_is_somebody_in_a_role_of_the_register),
        TEST(the_same_one_takes_part_so_often_and_can_still_leave),
        TEST(a_duty_is_fulfilled_or_written_down_as_overdue),
        TEST(a_duty_is_of_a_kind_of_the_register_and_of_its_parties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
