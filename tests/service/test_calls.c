#include "proto/roles.h"
#include "proto/roster_calls.h"
#include "tests/service/roster_rig.h"

/* roster: a status is sought by a call, judged by experts, decided, reported on each year and renewed or not. */

static struct entry_ground plan[] = { { .ground = "plan" } };

static struct uuid call_of(struct rig *rig, uint64_t seats)
{
    struct call_open body = { .register_id = "labs", .direction = "practices", .title = "Отбор 2022 года", .from = day("2022-09-01"),
                              .until = day("2022-09-30"), .seats = seats };
    return rig_made(rig, "roster.call.open", &call_open_desc, &body);
}

static struct call_apply by(const struct uuid *call, const struct uuid *organisation)
{
    return (struct call_apply){ .call = *call, .organisation = *organisation, .grounds = { 1, plan } };
}

static struct application applied(struct rig *rig, struct call_apply body)
{
    struct application application;
    struct outcome outcome = rig_send(rig, "roster.call.apply", &call_apply_desc, &body);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&application_desc, outcome.body, &application, &rig->arena);
    return application;
}

/* Two experts who work elsewhere; the second time they are the same ones. */
static void experts(struct rig *rig, struct uuid two[2])
{
    static const char *const codes[] = { "Э-1", "Э-2" }, *const families[] = { "Первый", "Второй" };
    static struct entry_ground passed[] = { { .ground = "passed" } };
    for (int i = 0; i < 2; i++) {
        struct worker_record row = anna();
        row.code = codes[i];
        row.family = families[i];
        row.snils = NULL;
        row.organisation = "S3";
        two[i] = rig_record(rig, row).person;
        struct entry_record body = { .register_id = "experts", .person = two[i], .grounds = { 1, passed }, .from = day("2022-01-01") };
        rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
    }
}

static void judged(struct rig *rig, const struct uuid *review, const struct uuid two[2], uint64_t points)
{
    for (int i = 0; i < 2; i++) {
        struct review_assign assign = { .review = *review, .expert = two[i] };
        struct expert_point given[] = { { .criterion = "use", .points = points }, { .criterion = "spread", .points = points } };
        struct review_submit submit = { .assignment = rig_made(rig, "roster.review.assign", &review_assign_desc, &assign),
                                        .points = { 2, given }, .summary = "заключение" };
        assert_string_equal(rig_reason(rig, "roster.review.submit", &review_submit_desc, &submit), "");
    }
    struct review_close over = { .review = *review };
    assert_string_equal(rig_reason(rig, "roster.review.close", &review_close_desc, &over), "");
}

static const char *decide(struct rig *rig, const struct uuid *entry, bool admit, const char *reason)
{
    struct entry_decide body = { .entry = *entry, .admit = admit, .reason = reason };
    return rig_reason(rig, "roster.entry.decide", &entry_decide_desc, &body);
}

static struct call_card card_as(struct rig *rig, const struct principal *who, const struct uuid *call)
{
    struct registered body = { *call };
    struct outcome outcome = toy_ask(rig->machine, who, "roster.call.get", &registered_desc, &body, &rig->arena);
    struct call_card card;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&call_card_desc, outcome.body, &card, &rig->arena);
    return card;
}

static struct duty_list due(struct rig *rig, const struct uuid *unit, bool open, uint64_t limit, struct bytes after)
{
    struct duties_in body = { .register_id = "labs", .unit = *unit, .open = open, .limit = limit, .after = after };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.duty.due", &duties_in_desc, &body, &rig->arena);
    struct duty_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&duty_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static void idle_on(struct rig *rig, const char *to)
{
    rig_clock(rig, day(to));
    for (int i = 0; i < 8; i++)     /* what one timer sets at once, the next batch does */
        rig_idle(rig);
}

/* ── from the call to the status ──────────────────────────────────────────── */

static void an_application_is_decided_by_what_experts_said(void **state)
{
    struct rig *rig = *state;
    struct uuid two[2], call = call_of(rig, 1);
    experts(rig, two);
    uint64_t head = machine_head(rig->machine);
    struct application first = applied(rig, by(&call, &rig->school1));
    assert_string_equal(rig_entries_after(rig, head, &rig->school1), "entry.proposed review.opened call.applied");
    assert_string_equal(rig_entries_after(rig, head, &rig->school3), "");
    struct application second = applied(rig, by(&call, &rig->school2)), third = applied(rig, by(&call, &rig->north));
    assert_string_equal(decide(rig, &first.entry, true, NULL), "entry_under_review");
    judged(rig, &first.review, two, 7);
    judged(rig, &second.review, two, 9);
    judged(rig, &third.review, two, 3);
    struct call_card card = card_as(rig, &rig->centre, &call);
    assert_int_equal(card.rows.n, 3);
    assert_memory_equal(&card.rows.at[0].entry, &second.entry, 16);         /* the most points first */
    assert_int_equal(card.rows.at[0].rank, 1);
    assert_int_equal(card.rows.at[2].rank, 3);
    assert_int_equal(card.rows.at[2].outcome, REVIEW_NEGATIVE);
    struct principal school = reaching(ROLE_SCHOOL, &rig->school1);
    card = card_as(rig, &school, &call);
    assert_true(card.rows.n == 1 && card.rows.at[0].rank == 2 && card.applied == 3);     /* its own place, and no others */
    assert_string_equal(decide(rig, &third.entry, true, NULL), "review_against");
    assert_string_equal(decide(rig, &second.entry, true, NULL), "");
    assert_string_equal(decide(rig, &first.entry, true, NULL), "call_full");
    assert_string_equal(decide(rig, &first.entry, false, "мест нет"), "");
    assert_int_equal(card_as(rig, &rig->centre, &call).admitted, 1);
    rig_check(rig);
}

static void applications_are_taken_on_the_days_of_the_call(void **state)
{
    struct rig *rig = *state;
    struct uuid call = call_of(rig, 0);
    struct call_open body = { .register_id = "labs", .direction = "practices", .title = "Отбор", .from = day("2022-10-01"), .until = day("2022-09-30") };
    assert_string_equal(rig_reason(rig, "roster.call.open", &call_open_desc, &body), "call_until_before_from");
    body.until = day("2022-10-31");
    struct uuid later = rig_made(rig, "roster.call.open", &call_open_desc, &body);
    struct call_apply apply = by(&later, &rig->school1);
    assert_string_equal(rig_reason(rig, "roster.call.apply", &call_apply_desc, &apply), "call_not_open");
    apply.call = (struct uuid){ { 4 } };
    assert_string_equal(rig_reason(rig, "roster.call.apply", &call_apply_desc, &apply), "call_unknown");
    apply.call = call;
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    assert_string_equal(rig_reason_as(rig, &south, "roster.call.apply", &call_apply_desc, &apply), "out_of_reach");
    struct application made = applied(rig, apply);
    assert_string_equal(rig_reason(rig, "roster.call.apply", &call_apply_desc, &apply), "already_proposed");
    struct review_close over = { made.review, REVIEW_CANCELLED, "заявка отозвана" };
    assert_string_equal(rig_reason(rig, "roster.review.close", &review_close_desc, &over), "");
    assert_string_equal(decide(rig, &made.entry, true, "всё равно"), "review_cancelled");
    assert_string_equal(decide(rig, &made.entry, false, "отозвана"), "");
    rig_check(rig);
}

static void an_expert_of_the_applicant_judges_others(void **state)
{
    struct rig *rig = *state;
    struct uuid two[2], call = call_of(rig, 0);
    experts(rig, two);
    struct application own = applied(rig, by(&call, &rig->school3));
    struct review_assign assign = { .review = own.review, .expert = two[0] };
    assert_string_equal(rig_reason(rig, "roster.review.assign", &review_assign_desc, &assign), "expert_of_same_place");
}

/* ── reports ──────────────────────────────────────────────────────────────── */

static struct uuid lab(struct rig *rig, const struct uuid *organisation, const char *from)
{
    struct entry_record body = { .register_id = "labs", .organisation = *organisation, .grounds = { 1, plan }, .from = day(from) };
    return rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
}

static void a_report_is_owed_each_year_while_the_status_lasts(void **state)
{
    struct rig *rig = *state;
    struct uuid entry = lab(rig, &rig->school1, "2020-09-01");              /* ends on 2023-08-31; history owes nothing */
    idle_on(rig, "2022-09-20");
    struct duty_list list = due(rig, &rig->north, false, 0, bytes(NULL, 0));
    assert_int_equal(list.rows.n, 1);
    assert_int_equal(list.rows.at[0].due, day("2022-12-20"));
    struct entry_renew renew = { .entry = entry };
    idle_on(rig, "2023-03-01");
    assert_int_equal(due(rig, &rig->north, true, 0, bytes(NULL, 0)).rows.at[0].overdue, day("2022-12-21"));
    assert_string_equal(rig_reason(rig, "roster.entry.renew", &entry_renew_desc, &renew), "report_missing");
    struct duty_fulfil done = { .duty = list.rows.at[0].duty, .result = "отчёт принят" };
    assert_string_equal(rig_reason(rig, "roster.duty.fulfil", &duty_fulfil_desc, &done), "");
    assert_int_equal(due(rig, &rig->north, false, 0, bytes(NULL, 0)).rows.n, 1);     /* none of 2023: it ends before */
    assert_string_equal(rig_reason(rig, "roster.entry.renew", &entry_renew_desc, &renew), "");
    idle_on(rig, "2023-09-02");
    assert_int_equal(due(rig, &rig->north, true, 0, bytes(NULL, 0)).rows.n, 1);
    assert_int_equal(due(rig, &rig->north, true, 0, bytes(NULL, 0)).rows.at[0].due, day("2023-12-20"));
    idle_on(rig, "2025-02-01");                                              /* a machine that slept for a year and a half */
    assert_int_equal(due(rig, &rig->north, true, 0, bytes(NULL, 0)).rows.n, 3);
    struct entry_end end = { entry, day("2025-02-01"), "отчётов нет", UUID_NIL };
    assert_string_equal(rig_reason(rig, "roster.entry.end", &entry_end_desc, &end), "");
    idle_on(rig, "2027-02-01");
    assert_int_equal(due(rig, &rig->north, true, 0, bytes(NULL, 0)).rows.n, 3);
    rig_check(rig);
}

static void what_is_owed_comes_in_pages_of_whole_entries(void **state)
{
    struct rig *rig = *state;
    lab(rig, &rig->school1, "2022-09-01");
    lab(rig, &rig->school2, "2022-09-01");
    lab(rig, &rig->school3, "2022-09-01");
    idle_on(rig, "2022-09-20");
    struct bytes after = bytes(NULL, 0);
    uint32_t seen = 0, pages = 0;
    do {
        struct duty_list list = due(rig, &REGION, true, 1, after);
        assert_in_range(list.rows.n, 0, 1);
        seen += list.rows.n;
        pages++;
        after = list.next;
    } while (after.n > 0 && pages < 9);
    assert_int_equal(seen, 3);
    assert_int_equal(due(rig, &rig->south, true, 0, bytes(NULL, 0)).rows.n, 1);
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    struct duties_in body = { .register_id = "labs", .unit = rig->north };
    struct outcome outcome = toy_ask(rig->machine, &south, "roster.duty.due", &duties_in_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
}

static void a_register_may_want_another_one_first(void **state)
{
    struct rig *rig = *state;
    static struct entry_ground ground[] = { { .ground = "lab" } };
    struct entry_record body = { .register_id = "bases", .organisation = rig->school1, .grounds = { 1, ground }, .from = day("2022-09-01") };
    assert_string_equal(rig_reason(rig, "roster.entry.record", &entry_record_desc, &body), "membership_required");
    lab(rig, &rig->school1, "2022-09-02");
    assert_string_equal(rig_reason(rig, "roster.entry.record", &entry_record_desc, &body), "membership_required");    /* not yet on that day */
    body.from = day("2022-09-02");
    assert_string_equal(rig_reason(rig, "roster.entry.record", &entry_record_desc, &body), "");
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_application_is_decided_by_what_experts_said),
        TEST(applications_are_taken_on_the_days_of_the_call),
        TEST(an_expert_of_the_applicant_judges_others),
        TEST(a_report_is_owed_each_year_while_the_status_lasts),
        TEST(what_is_owed_comes_in_pages_of_whole_entries),
        TEST(a_register_may_want_another_one_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
