#include "proto/roles.h"
#include "proto/roster_expert.h"
#include "proto/roster_merge.h"
#include "proto/roster_registers.h"
#include "tests/service/roster_rig.h"

/* roster: a work given to experts: who may judge it, how long he has, what he says, who sees it, and what comes of it. */

static struct worker_record someone(const char *code, const char *family, const char *organisation)
{
    struct worker_record row = anna();
    row.code = code;
    row.family = family;
    row.snils = NULL;
    row.organisation = organisation;
    return row;
}

/* A teacher of that school who stands in the register of experts. */
static struct uuid expert(struct rig *rig, const char *code, const char *family, const char *organisation)
{
    static struct entry_ground passed[] = { { .ground = "passed" } };
    struct uuid person = rig_record(rig, someone(code, family, organisation)).person;
    struct entry_record body = { .register_id = "experts", .person = person, .grounds = { 1, passed }, .from = day("2022-01-01") };
    rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
    return person;
}

static struct uuid work_of(struct rig *rig, const struct uuid *unit, const struct uuid *author)
{
    struct review_open body = { .direction = "practices", .unit = *unit, .title = "Урок химии в лаборатории" };
    body.authors.n = author != NULL;
    body.authors.at = (struct uuid *)author;
    return rig_made(rig, "roster.review.open", &review_open_desc, &body);
}

static const char *assign(struct rig *rig, const struct uuid *review, const struct uuid *to)
{
    struct review_assign body = { .review = *review, .expert = *to };
    return rig_reason(rig, "roster.review.assign", &review_assign_desc, &body);
}

static struct uuid assigned(struct rig *rig, const struct uuid *review, const struct uuid *to)
{
    struct review_assign body = { .review = *review, .expert = *to };
    return rig_made(rig, "roster.review.assign", &review_assign_desc, &body);
}

static const char *submit_as(struct rig *rig, const struct principal *who, const struct uuid *assignment, uint64_t use, uint64_t spread)
{
    struct expert_point points[] = { { .criterion = "use", .points = use }, { .criterion = "spread", .points = spread } };
    struct review_submit body = { .assignment = *assignment, .points = { 2, points }, .summary = "рекомендуется" };
    return rig_reason_as(rig, who, "roster.review.submit", &review_submit_desc, &body);
}

static const char *submit(struct rig *rig, const struct uuid *assignment, uint64_t use, uint64_t spread)
{
    return submit_as(rig, &rig->centre, assignment, use, spread);
}

static struct review_card card_as(struct rig *rig, const struct principal *who, const struct uuid *review)
{
    struct registered body = { *review };
    struct outcome outcome = toy_ask(rig->machine, who, "roster.review.get", &registered_desc, &body, &rig->arena);
    struct review_card card;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&review_card_desc, outcome.body, &card, &rig->arena);
    return card;
}

static struct expert_standing standing(struct rig *rig, const struct uuid *of)
{
    struct expert_of body = { *of };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.expert.get", &expert_of_desc, &body, &rig->arena);
    struct expert_standing got;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&expert_standing_desc, outcome.body, &got, &rig->arena);
    return got;
}

static const char *close_as(struct rig *rig, const struct uuid *review, enum review_outcome outcome, const char *reason)
{
    struct review_close body = { *review, outcome, reason };
    return rig_reason(rig, "roster.review.close", &review_close_desc, &body);
}

static void idle_on(struct rig *rig, const char *to)
{
    moment_t by = day_start(day(to), 7 * 60) - rig->time.wall;
    rig->time.wall += by;
    rig->time.boot += by;
    assert_int_equal(machine_batch(rig->machine, NULL, 0, &rig->arena, NULL), ERR_OK);
}

/* ── who may judge it ─────────────────────────────────────────────────────── */

static void an_expert_is_in_the_register_and_free_of_conflict(void **state)
{
    struct rig *rig = *state;
    struct uuid author = rig_record(rig, anna()).person, near = expert(rig, "Э-1", "Ближний", "S1"), far = expert(rig, "Э-2", "Дальний", "S3"),
                nobody = rig_record(rig, someone("Н-1", "Посторонний", "S2")).person, review = work_of(rig, &rig->school1, &author);
    assert_string_equal(assign(rig, &review, &nobody), "not_an_expert");
    assert_string_equal(assign(rig, &review, &near), "expert_of_same_place");
    struct tie tie = { .person = far, .other = author, .kind = TIE_AUTHORS, .from = day("2020-01-01") };
    assert_string_equal(rig_reason(rig, "roster.tie.declare", &tie_desc, &tie), "");
    assert_string_equal(assign(rig, &review, &far), "expert_has_tie");
    tie.until = day("2021-12-31");
    assert_string_equal(rig_reason(rig, "roster.tie.declare", &tie_desc, &tie), "");     /* it ended */
    assert_string_equal(assign(rig, &review, &far), "");
    assert_string_equal(assign(rig, &review, &far), "expert_assigned_already");
    struct uuid own = work_of(rig, &rig->school2, &far);
    assert_string_equal(assign(rig, &own, &far), "expert_is_author");
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    struct review_assign body = { .review = review, .expert = far };
    assert_string_equal(rig_reason_as(rig, &south, "roster.review.assign", &review_assign_desc, &body), "out_of_reach");
    rig_check(rig);
}

static void who_had_two_records_is_one(void **state)
{
    struct rig *rig = *state;
    struct uuid other = rig_record(rig, someone("Н-1", "Двойная", "S2")).person, one = expert(rig, "Э-1", "Первый", "S3"),
                review = work_of(rig, &rig->school1, &other);
    struct person_merge merge = { one, other, "одна и та же" };
    assert_string_equal(rig_reason(rig, "roster.person.merge", &person_merge_desc, &merge), "");
    assert_string_equal(assign(rig, &review, &one), "expert_is_author");
    rig_check(rig);
}

static void a_branch_is_the_organisation_that_it_belongs_to(void **state)
{
    struct rig *rig = *state;
    struct uuid branch = rig_organise(rig, "S1-1", ORG_BRANCH, &rig->school1), near = expert(rig, "Э-1", "Ближний", "S1"),
                review = work_of(rig, &branch, NULL);
    assert_string_equal(assign(rig, &review, &near), "expert_of_same_place");
}

static void ties_are_of_somebody_with_somebody_else(void **state)
{
    struct rig *rig = *state;
    struct uuid one = expert(rig, "Э-1", "Первый", "S1");
    struct tie tie = { .person = one, .other = one };
    assert_string_equal(rig_reason(rig, "roster.tie.declare", &tie_desc, &tie), "tie_to_himself");
    tie.other = (struct uuid){ { 7 } };
    assert_string_equal(rig_reason(rig, "roster.tie.declare", &tie_desc, &tie), "tie_unknown");
    tie.other = rig->school3;
    tie.from = day("2022-01-02");
    tie.until = day("2022-01-01");
    assert_string_equal(rig_reason(rig, "roster.tie.declare", &tie_desc, &tie), "tie_until_before_from");
    tie.until = 0;
    struct principal himself = reaching(ROLE_WORKER, &one), other = reaching(ROLE_WORKER, &rig->school3);
    assert_string_equal(rig_reason_as(rig, &other, "roster.tie.declare", &tie_desc, &tie), "out_of_reach");
    uint64_t head = machine_head(rig->machine);
    assert_string_equal(rig_reason_as(rig, &himself, "roster.tie.declare", &tie_desc, &tie), "");
    assert_string_equal(rig_entries_after(rig, head, &one), "tie.declared");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "");     /* his employer does not hear of it */
    struct uuid review = work_of(rig, &rig->school3, NULL);
    assert_string_equal(assign(rig, &review, &one), "expert_has_tie");
    rig_check(rig);
}

static void the_load_has_a_limit_and_candidates_say_what_is_in_the_way(void **state)
{
    struct rig *rig = *state;
    struct uuid near = expert(rig, "Э-1", "Ближний", "S1"), far = expert(rig, "Э-2", "Дальний", "S3"), third = expert(rig, "Э-3", "Третий", "S3"),
                first = work_of(rig, &rig->school1, NULL), second = work_of(rig, &rig->school1, NULL), last = work_of(rig, &rig->school1, NULL);
    struct uuid given = assigned(rig, &first, &far);
    assigned(rig, &second, &far);
    assert_string_equal(assign(rig, &last, &far), "expert_loaded");
    assigned(rig, &last, &third);
    struct candidates_of of = { .review = last };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.review.candidates", &candidates_of_desc, &of, &rig->arena);
    struct candidate_list list;
    toy_decode(&candidate_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 3);
    for (uint32_t i = 0; i < list.rows.n; i++) {
        const struct candidate *row = &list.rows.at[i];
        enum expert_conflict expected = uuid_equal(&row->expert, &near) ? EXPERT_SAME_PLACE : uuid_equal(&row->expert, &far) ? EXPERT_LOADED
                                      : EXPERT_ASSIGNED;
        assert_int_equal(row->conflict, expected);
        assert_int_equal(row->standing->open, expected == EXPERT_LOADED ? 2 : expected == EXPERT_ASSIGNED);
    }
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    outcome = toy_ask(rig->machine, &south, "roster.review.candidates", &candidates_of_desc, &of, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    struct review_withdraw withdraw = { given, "заменён" };
    assert_string_equal(rig_reason(rig, "roster.review.withdraw", &review_withdraw_desc, &withdraw), "");
    assert_string_equal(assign(rig, &last, &far), "");                      /* room again */
    rig_check(rig);
}

/* ── the way of a work ────────────────────────────────────────────────────── */

static void opinions_decide_and_are_blind_until_then(void **state)
{
    struct rig *rig = *state;
    struct uuid author = rig_record(rig, anna()).person, one = expert(rig, "Э-1", "Первый", "S3"), two = expert(rig, "Э-2", "Второй", "S3"),
                three = expert(rig, "Э-3", "Третий", "S2"), review = work_of(rig, &rig->school1, &author);
    struct principal himself = reaching(ROLE_WORKER, &one), other = reaching(ROLE_WORKER, &two), writer = reaching(ROLE_WORKER, &author),
                     school = reaching(ROLE_SCHOOL, &rig->school1);
    uint64_t head = machine_head(rig->machine);
    struct uuid a = assigned(rig, &review, &one), b = assigned(rig, &review, &two);
    assert_string_equal(rig_entries_after(rig, head, &rig->school1), "");       /* whose work it is learns nothing of it */
    assert_string_equal(rig_entries_after(rig, head, &one), "review.assigned");
    struct review_answer answer = { .assignment = a, .accept = true };
    assert_string_equal(rig_reason_as(rig, &other, "roster.review.answer", &review_answer_desc, &answer), "out_of_reach");
    assert_string_equal(rig_reason_as(rig, &himself, "roster.review.answer", &review_answer_desc, &answer), "");
    assert_string_equal(rig_reason_as(rig, &himself, "roster.review.answer", &review_answer_desc, &answer), "assignment_answered");
    assert_string_equal(submit_as(rig, &himself, &a, 11, 1), "points_over");
    assert_string_equal(submit_as(rig, &other, &a, 1, 1), "out_of_reach");
    assert_string_equal(submit_as(rig, &himself, &a, 9, 9), "");
    assert_string_equal(submit_as(rig, &himself, &a, 9, 9), "assignment_not_open");
    assert_string_equal(close_as(rig, &review, REVIEW_OPEN, NULL), "opinions_missing");
    assert_int_equal(card_as(rig, &himself, &review).assignments.n, 1);
    assert_int_equal(card_as(rig, &other, &review).assignments.n, 1);           /* his own, without the other's points */
    assert_int_equal(card_as(rig, &other, &review).assignments.at[0].points.n, 0);
    assert_int_equal(card_as(rig, &writer, &review).assignments.n, 0);
    assert_int_equal(card_as(rig, &school, &review).assignments.n, 0);
    assert_string_equal(submit(rig, &b, 5, 5), "");                             /* on paper, entered by who decides */
    struct review_card card = card_as(rig, &rig->centre, &review);
    assert_true(card.apart && !card.enough && card.assignments.n == 2);         /* 900 and 500 */
    assert_string_equal(close_as(rig, &review, REVIEW_OPEN, NULL), "opinions_missing");
    struct uuid c = assigned(rig, &review, &three);
    assert_string_equal(submit(rig, &c, 8, 6), "");
    assert_true(card_as(rig, &rig->centre, &review).enough);
    assert_string_equal(close_as(rig, &review, REVIEW_NEGATIVE, NULL), "outcome_reason_missing");
    head = machine_head(rig->machine);
    assert_string_equal(close_as(rig, &review, REVIEW_OPEN, NULL), "");
    assert_string_equal(rig_entries_after(rig, head, &author), "review.closed");
    card = card_as(rig, &writer, &review);
    assert_int_equal(card.review->outcome, REVIEW_POSITIVE);
    assert_int_equal(card.review->share, 700);
    assert_int_equal(card.assignments.n, 0);
    assert_string_equal(close_as(rig, &review, REVIEW_OPEN, NULL), "review_closed");
    struct expert_standing first = standing(rig, &one), third = standing(rig, &three);
    assert_true(first.done == 1 && first.open == 0 && first.compared == 1 && first.off == 300);     /* 900 against 600 */
    assert_int_equal(third.off, 0);                                                                 /* 700 against 700 */
    rig_check(rig);
}

static void a_term_that_is_over_is_written_down_and_a_late_opinion_is_taken(void **state)
{
    struct rig *rig = *state;
    struct uuid one = expert(rig, "Э-1", "Первый", "S3"), review = work_of(rig, &rig->school1, NULL), a = assigned(rig, &review, &one);
    uint64_t head = machine_head(rig->machine);
    idle_on(rig, "2022-09-29");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");                /* the last day: 14 after the 15th */
    idle_on(rig, "2022-10-20");
    assert_string_equal(rig_entries_after(rig, head, &one), "review.overdue");
    assert_int_equal(card_as(rig, &rig->centre, &review).assignments.at[0].overdue, day("2022-09-30"));
    assert_string_equal(submit(rig, &a, 5, 5), "");
    assert_int_equal(standing(rig, &one).late, 1);
    struct review_return back = { .assignment = a, .reason = "не обоснованы баллы" };
    assert_string_equal(rig_reason(rig, "roster.review.return", &review_return_desc, &back), "");
    assert_string_equal(rig_reason(rig, "roster.review.return", &review_return_desc, &back), "assignment_not_submitted");
    struct expert_standing now = standing(rig, &one);
    assert_true(now.late == 0 && now.returned == 1 && now.open == 1 && now.done == 0);
    assert_string_equal(submit(rig, &a, 6, 5), "");                             /* in the new term */
    assert_int_equal(standing(rig, &one).late, 0);
    rig_check(rig);
}

static void refusals_payments_and_what_is_cancelled(void **state)
{
    struct rig *rig = *state;
    struct uuid one = expert(rig, "Э-1", "Первый", "S3"), two = expert(rig, "Э-2", "Второй", "S3"), review = work_of(rig, &rig->school1, NULL),
                a = assigned(rig, &review, &one), b = assigned(rig, &review, &two);
    struct review_answer answer = { .assignment = a };
    assert_string_equal(rig_reason(rig, "roster.review.answer", &review_answer_desc, &answer), "refusal_reason_missing");
    answer.reason = "не моя область";
    assert_string_equal(rig_reason(rig, "roster.review.answer", &review_answer_desc, &answer), "");
    struct review_pay pay = { .assignment = b, .day = day("2022-09-15") };
    assert_string_equal(rig_reason(rig, "roster.review.pay", &review_pay_desc, &pay), "assignment_not_submitted");
    assert_string_equal(submit(rig, &b, 7, 7), "");
    pay.day = day("2022-09-14");
    assert_string_equal(rig_reason(rig, "roster.review.pay", &review_pay_desc, &pay), "paid_before");
    pay.day = day("2022-09-16");
    assert_string_equal(rig_reason(rig, "roster.review.pay", &review_pay_desc, &pay), "paid_in_future");
    assert_string_equal(close_as(rig, &review, REVIEW_CANCELLED, NULL), "outcome_reason_missing");
    assert_string_equal(close_as(rig, &review, REVIEW_CANCELLED, "заявка отозвана"), "");
    assert_int_equal(standing(rig, &two).compared, 0);
    assert_int_equal(standing(rig, &two).unpaid, 1);
    pay.day = day("2022-09-15");
    assert_string_equal(rig_reason(rig, "roster.review.pay", &review_pay_desc, &pay), "");         /* after the end, too */
    assert_string_equal(rig_reason(rig, "roster.review.pay", &review_pay_desc, &pay), "paid_already");
    assert_int_equal(standing(rig, &two).unpaid, 0);
    assert_int_equal(standing(rig, &one).refused, 1);
    rig_check(rig);
}

static void closing_takes_back_what_is_open(void **state)
{
    struct rig *rig = *state;
    struct uuid one = expert(rig, "Э-1", "Первый", "S3"), review = work_of(rig, &rig->school1, NULL);
    assigned(rig, &review, &one);
    assert_string_equal(close_as(rig, &review, REVIEW_CANCELLED, "ошибка"), "");
    struct expert_standing now = standing(rig, &one);
    assert_true(now.open == 0 && now.withdrawn == 1);
    uint64_t head = machine_head(rig->machine);
    idle_on(rig, "2022-11-20");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");                /* nobody is late with it */
    rig_check(rig);
}

static void a_subject_is_reviewed_once_at_a_time_in_a_direction(void **state)
{
    struct rig *rig = *state;
    struct review_open body = { .direction = "practices", .unit = rig->school1, .title = "Практика", .subject = { { 9 } } };
    struct uuid first = rig_made(rig, "roster.review.open", &review_open_desc, &body);
    assert_string_equal(rig_reason(rig, "roster.review.open", &review_open_desc, &body), "review_of_it_open");
    assert_string_equal(close_as(rig, &first, REVIEW_CANCELLED, "ошибка"), "");
    assert_string_equal(rig_reason(rig, "roster.review.open", &review_open_desc, &body), "");
    body.direction = "танцы";
    assert_string_equal(rig_reason(rig, "roster.review.open", &review_open_desc, &body), "direction_unknown");
    struct principal institute = reaching(ROLE_INSTITUTE, &REGION);
    body.direction = "practices";
    assert_string_equal(rig_reason_as(rig, &institute, "roster.review.open", &review_open_desc, &body), "direction_not_decider");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_expert_is_in_the_register_and_free_of_conflict),
        TEST(who_had_two_records_is_one),
        TEST(a_branch_is_the_organisation_that_it_belongs_to),
        TEST(ties_are_of_somebody_with_somebody_else),
        TEST(the_load_has_a_limit_and_candidates_say_what_is_in_the_way),
        TEST(opinions_decide_and_are_blind_until_then),
        TEST(a_term_that_is_over_is_written_down_and_a_late_opinion_is_taken),
        TEST(refusals_payments_and_what_is_cancelled),
        TEST(closing_takes_back_what_is_open),
        TEST(a_subject_is_reviewed_once_at_a_time_in_a_direction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
