#include "proto/roles.h"
#include "proto/roster_activity.h"
#include "proto/roster_documents.h"
#include "services/roster/registers/activity.h"
#include "tests/service/roster_rig.h"

/* roster: what came of a register's entries in a period; duties that are dropped; decisions and exits with their documents. */

static struct uuid agreement(struct rig *rig, const char *title, const struct uuid *place, const char *from, const char *until)
{
    static struct entry_ground grounds[] = { { .ground = "signed", .evidence = "экземпляр 1", .day = 18000 } };
    struct entry_record body = { .register_id = "agreements", .organisation = *place, .title = title, .grounds = { 1, grounds },
                                 .from = day(from), .until = day(until) };
    return rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
}

static struct uuid party(struct rig *rig, const struct uuid *entry, const char *title, const char *from, const char *until)
{
    struct part_join body = { .entry = *entry, .title = title, .role = "сторона", .from = day(from), .until = day(until) };
    return rig_made(rig, "roster.part.join", &part_join_desc, &body);
}

static struct uuid duty(struct rig *rig, const struct uuid *entry, const struct uuid *part, const char *due)
{
    struct duty_set body = { .entry = *entry, .kind = "обязательство", .title = "Семинар", .part = *part, .due = day(due) };
    return rig_made(rig, "roster.duty.set", &duty_set_desc, &body);
}

static const char *done(struct rig *rig, const struct uuid *duty, const char *on, uint64_t people)
{
    struct duty_fulfil body = { .duty = *duty, .day = day(on), .people = people };
    return rig_reason(rig, "roster.duty.fulfil", &duty_fulfil_desc, &body);
}

static struct outcome asked(struct rig *rig, const struct principal *who, struct activity_of body)
{
    body.register_id = body.register_id != NULL ? body.register_id : "agreements";
    return toy_ask(rig->machine, who, "roster.register.activity", &activity_of_desc, &body, &rig->arena);
}

static struct activity_list activity(struct rig *rig, const struct uuid *unit, const char *from, const char *until)
{
    struct outcome outcome = asked(rig, &rig->centre, (struct activity_of){ .unit = *unit, .from = day(from), .until = day(until) });
    struct activity_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&activity_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static void a_year_is_told_in_numbers(void **state)
{
    struct rig *rig = *state;
    struct uuid entry = agreement(rig, "О взаимодействии", &rig->north, "2021-03-01", NULL);
    struct uuid first = party(rig, &entry, "Институт", "2021-03-01", NULL);
    party(rig, &entry, "Колледж", "2022-02-01", "2022-05-31");
    struct part_leave mistake = { party(rig, &entry, "По ошибке", "2022-04-01", NULL), day("2022-03-31") };
    assert_string_equal(rig_reason(rig, "roster.part.leave", &part_leave_desc, &mistake), "");
    struct uuid in_time = duty(rig, &entry, &first, "2022-03-01"), late = duty(rig, &entry, &first, "2022-04-01"),
                off = duty(rig, &entry, &UUID_NIL, "2022-05-01"), last_year = duty(rig, &entry, &first, "2021-12-31");
    duty(rig, &entry, &UUID_NIL, "2022-06-01");                                 /* overdue, and nobody's */
    duty(rig, &entry, &first, "2022-09-15");                                    /* today: in time yet */
    duty(rig, &entry, &first, "2023-01-01");                                    /* not of this year */
    assert_string_equal(done(rig, &in_time, "2022-03-01", 40), "");
    assert_string_equal(done(rig, &late, "2022-04-02", 2), "");
    assert_string_equal(done(rig, &last_year, "2022-01-10", 9), "");
    struct duty_drop drop = { off, "перенесено", day("2022-04-20") };
    assert_string_equal(rig_reason(rig, "roster.duty.drop", &duty_drop_desc, &drop), "");
    struct activity_list list = activity(rig, &REGION, NULL, NULL);
    assert_int_equal(list.rows.n, 1);
    const struct activity_row *row = &list.rows.at[0];
    assert_true(row->parts == 1 && row->joined == 1 && row->left == 1 && row->holds && !row->more);
    assert_int_equal(row->missing.n, 1);
    assert_string_equal(row->missing.at[0], "свидетель");
    assert_int_equal(row->kinds.n, 1);
    const struct activity_kind *kind = &row->kinds.at[0];
    assert_true(kind->planned == 4 && kind->done == 2 && kind->late == 1 && kind->overdue == 1 && kind->dropped == 1);
    assert_true(kind->nobodys == 1 && kind->people == 42 && kind->last == day("2022-04-02"));
    kind = &activity(rig, &REGION, "2021-01-01", "2021-12-31").rows.at[0].kinds.at[0];
    assert_true(kind->planned == 1 && kind->done == 0 && kind->overdue == 0);   /* as it stood on the year's last day */
    kind = &activity(rig, &REGION, "2021-12-01", "2022-01-31").rows.at[0].kinds.at[0];
    assert_true(kind->planned == 1 && kind->done == 1 && kind->late == 1);
    rig_check(rig);
}

static void entries_of_the_period_and_the_unit_are_told_of(void **state)
{
    struct rig *rig = *state;
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    agreement(rig, "Первое", &rig->north, "2021-03-01", "2021-12-31");
    agreement(rig, "Второе", &rig->north, "2022-01-01", NULL);
    agreement(rig, "Третье", &rig->south, "2022-12-01", NULL);
    assert_int_equal(activity(rig, &REGION, NULL, NULL).rows.n, 1);
    assert_int_equal(activity(rig, &REGION, "2021-01-01", "2022-12-31").rows.n, 3);
    assert_int_equal(activity(rig, &rig->north, "2021-01-01", "2022-12-31").rows.n, 2);
    struct outcome outcome = asked(rig, &south, (struct activity_of){ .unit = rig->north });
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    outcome = asked(rig, &south, (struct activity_of){ .unit = rig->south, .from = day("2022-02-01"), .until = day("2022-01-31") });
    assert_string_equal(toy_reason(&outcome, &rig->arena), "period_until_before_from");
    outcome = asked(rig, &rig->centre, (struct activity_of){ .unit = REGION, .register_id = "никакой" });
    assert_string_equal(toy_reason(&outcome, &rig->arena), "register_unknown");
    struct activity_of page = { .unit = REGION, .from = day("2021-01-01"), .until = day("2022-12-31"), .limit = 2 };
    uint32_t seen = 0;
    for (int pages = 0; pages < 3; pages++) {
        struct activity_list list;
        outcome = asked(rig, &rig->centre, page);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&activity_list_desc, outcome.body, &list, &rig->arena);
        seen += list.rows.n;
        page.after = list.next;
        if (page.after.n == 0)
            break;
    }
    assert_int_equal(seen, 3);
    rig_check(rig);
}

static void what_is_dropped_is_owed_no_more(void **state)
{
    struct rig *rig = *state;
    struct uuid entry = agreement(rig, "О взаимодействии", &rig->north, "2022-03-01", NULL), first = duty(rig, &entry, &UUID_NIL, "2022-10-01"),
                second = duty(rig, &entry, &UUID_NIL, "2022-10-02");
    struct duty_drop drop = { .duty = first, .reason = " " };
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    assert_string_equal(rig_reason(rig, "roster.duty.drop", &duty_drop_desc, &drop), "empty");
    drop.reason = "вычеркнуто из плана";
    drop.day = day("2022-09-16");
    assert_string_equal(rig_reason(rig, "roster.duty.drop", &duty_drop_desc, &drop), "duty_day_future");
    drop.day = 0;
    assert_string_equal(rig_reason_as(rig, &south, "roster.duty.drop", &duty_drop_desc, &drop), "out_of_reach");
    assert_string_equal(rig_reason(rig, "roster.duty.drop", &duty_drop_desc, &drop), "");
    assert_string_equal(rig_reason(rig, "roster.duty.drop", &duty_drop_desc, &drop), "duty_is_dropped");
    assert_string_equal(done(rig, &first, NULL, 0), "duty_is_dropped");
    struct duties_of of = { .entry = entry, .open = true };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.duty.list", &duties_of_desc, &of, &rig->arena);
    struct duty_list list;
    toy_decode(&duty_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 1);
    assert_memory_equal(&list.rows.at[0].duty, &second, sizeof second);
    uint64_t head = machine_head(rig->machine);
    rig_pass(rig, "2022-10-10");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "duty.overdue");     /* of the second alone */
    rig_check(rig);
}

/* ── decisions and exits point at their documents ─────────────────────────── */

static struct uuid order(struct rig *rig, const char *number, const struct uuid *unit)
{
    struct document_register body = { .kind = DOCUMENT_ORDER, .issuer_title = "Институт", .number = number, .day = day("2022-09-10"),
                                      .title = "О составе", .unit = *unit };
    return rig_made(rig, "roster.document.register", &document_register_desc, &body);
}

static struct listing listing_of(struct rig *rig, const struct uuid *entry)
{
    struct registered body = { *entry };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.entry.get", &registered_desc, &body, &rig->arena);
    struct listing listing;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&listing_desc, outcome.body, &listing, &rig->arena);
    return listing;
}

static void a_decision_names_its_document(void **state)
{
    struct rig *rig = *state;
    struct principal north = reaching(ROLE_MUNICIPAL, &rig->north);
    struct uuid in = order(rig, "1", &UUID_NIL), again = order(rig, "2", &UUID_NIL), out = order(rig, "3", &UUID_NIL), theirs = order(rig, "4", &rig->south);
    struct entry_ground grounds[] = { { .ground = "experience" } };
    struct entry_propose propose = { .register_id = "sites", .organisation = rig->school1, .grounds = { 1, grounds } };
    struct uuid entry = rig_made_as(rig, &north, "roster.entry.propose", &entry_propose_desc, &propose);
    struct entry_decide decide = { .entry = entry, .admit = true, .from = day("2022-09-12"), .until = day("2022-09-14"), .document = { { 7 } } };
    assert_string_equal(rig_reason(rig, "roster.entry.decide", &entry_decide_desc, &decide), "document_unknown");
    decide.document = theirs;
    assert_string_equal(rig_reason_as(rig, &north, "roster.entry.decide", &entry_decide_desc, &decide), "document_unknown");   /* not his to read */
    decide.document = in;
    assert_string_equal(rig_reason(rig, "roster.entry.decide", &entry_decide_desc, &decide), "");
    struct entry_renew renew = { .entry = entry, .document = again };
    assert_string_equal(rig_reason(rig, "roster.entry.renew", &entry_renew_desc, &renew), "");
    struct entry_end end = { entry, day("2022-10-01"), "отказ от статуса", out };
    assert_string_equal(rig_reason(rig, "roster.entry.end", &entry_end_desc, &end), "");
    struct listing listing = listing_of(rig, &entry);
    assert_memory_equal(&listing.spans.at[0].document, &in, sizeof in);
    assert_memory_equal(&listing.spans.at[1].document, &again, sizeof again);
    assert_memory_equal(&listing.exit, &out, sizeof out);
    propose.organisation = rig->school2;
    entry = rig_made_as(rig, &north, "roster.entry.propose", &entry_propose_desc, &propose);
    decide = (struct entry_decide){ .entry = entry, .reason = "опыта мало", .document = out };
    assert_string_equal(rig_reason(rig, "roster.entry.decide", &entry_decide_desc, &decide), "");
    listing = listing_of(rig, &entry);
    assert_memory_equal(&listing.exit, &out, sizeof out);
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_year_is_told_in_numbers),
        TEST(entries_of_the_period_and_the_unit_are_told_of),
        TEST(what_is_dropped_is_owed_no_more),
        TEST(a_decision_names_its_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
