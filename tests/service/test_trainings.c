#include "proto/roles.h"
#include "proto/roster_duties.h"
#include "proto/roster_merge.h"
#include "proto/roster_training.h"
#include "tests/service/roster_rig.h"
#include "tests/service/source.h"

/* roster: training that acts demand: who must, who has (by a programme here, by a document from outside), who is due, and how
 * a municipality stands against its agreement. */

static struct uuid expert(struct rig *rig, const char *code, const char *family, const char *organisation, const char *from)
{
    static struct entry_ground passed[] = { { .ground = "passed" } };
    struct worker_record row = anna();
    row.code = code;
    row.family = family;
    row.snils = NULL;
    row.organisation = organisation;
    struct uuid person = rig_record(rig, row).person;
    struct entry_record body = { .register_id = "experts", .person = person, .grounds = { 1, passed }, .from = day(from) };
    rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
    return person;
}

static struct training_list list_on(struct rig *rig, const struct uuid *unit, const char *on, enum training_state state, const char *due_by)
{
    struct trainings_of body = { .training = "experts_school", .unit = *unit, .on = day(on), .state = state, .due_by = day(due_by) };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.training.list", &trainings_of_desc, &body, &rig->arena);
    struct training_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&training_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static struct training_sum sum_of(struct rig *rig, const struct uuid *unit, const struct uuid *of, const char *on)
{
    struct training_count_of body = { "experts_school", *unit, day(on) };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.training.count", &training_count_of_desc, &body, &rig->arena);
    struct training_counts counts;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&training_counts_desc, outcome.body, &counts, &rig->arena);
    for (uint32_t i = 0; i < counts.rows.n; i++)
        if (uuid_equal(&counts.rows.at[i].unit, of))
            return counts.rows.at[i];
    fail_msg("no sum of this unit");
    return (struct training_sum){ 0 };
}

static void documented(struct rig *rig, struct source *source, const struct uuid *person, const char *on, enum org_kind provider, const char *topic)
{
    static uint8_t number;
    const char *topics[] = { topic };
    struct completion body = { .completion = { { ++number } }, .programme = { { 1 } }, .person = *person, .chain = { 1, &rig->north },
                               .enrolled = day(on), .day = day(on), .kind = PROGRAMME_DEVELOPMENT, .topics = { 1, topics }, .document = "1",
                               .provider_kind = provider };
    source_add(source, "programmes.completion.recorded", &completion_desc, &body);
    while (source_feed(source, rig->machine, 10))
        ;
}

static void what_programmes_document_is_known_without_being_entered(void **state)
{
    struct rig *rig = *state;
    struct source source;
    source_start(&source, "programmes", &rig->arena);
    struct uuid one = expert(rig, "Э-1", "Первый", "S1", "2022-02-01"), two = expert(rig, "Э-2", "Второй", "S3", "2022-02-01");
    assert_int_equal(list_on(rig, &REGION, "2022-07-31", TRAINING_DUE, NULL).rows.n, 2);
    assert_int_equal(list_on(rig, &REGION, "2022-08-01", TRAINING_OVERDUE, NULL).rows.n, 2);
    documented(rig, &source, &one, "2022-04-01", ORG_CENTRE, "экспертиза");         /* another provider */
    documented(rig, &source, &one, "2022-05-01", ORG_INSTITUTE, "право");           /* another topic */
    assert_int_equal(list_on(rig, &REGION, "2022-07-31", TRAINING_DONE, NULL).rows.n, 0);
    documented(rig, &source, &one, "2022-06-01", ORG_INSTITUTE, "экспертиза");
    struct training_list done = list_on(rig, &REGION, "2022-07-31", TRAINING_DONE, NULL);
    assert_int_equal(done.rows.n, 1);
    assert_memory_equal(&done.rows.at[0].person, &one, 16);
    assert_int_equal(done.rows.at[0].trained, day("2022-06-01"));
    assert_int_equal(done.rows.at[0].due, day("2025-05-31"));
    assert_int_equal(list_on(rig, &REGION, "2022-05-31", TRAINING_DONE, NULL).rows.n, 0);       /* not yet, on that day */
    assert_int_equal(list_on(rig, &REGION, "2022-09-15", TRAINING_ANY, "2022-12-31").rows.n, 1);
    assert_memory_equal(&list_on(rig, &REGION, "2022-09-15", TRAINING_ANY, "2022-12-31").rows.at[0].person, &two, 16);
    assert_int_equal(list_on(rig, &rig->north, "2022-09-15", TRAINING_ANY, NULL).rows.n, 1);
    assert_int_equal(list_on(rig, &REGION, "2022-01-31", TRAINING_ANY, NULL).rows.n, 0);        /* nobody in the register yet */
    rig_check(rig);
}

static void training_outside_is_entered_with_its_document(void **state)
{
    struct rig *rig = *state;
    struct uuid one = expert(rig, "Э-1", "Первый", "S1", "2022-02-01");
    struct training_record body = { .person = one, .training = "here_only", .day = day("2022-03-01"), .document = "77-1", .provider = "Академия" };
    assert_string_equal(rig_reason(rig, "roster.training.record", &training_record_desc, &body), "training_not_outside");
    body.training = "никакое";
    assert_string_equal(rig_reason(rig, "roster.training.record", &training_record_desc, &body), "training_unknown");
    body.training = "experts_school";
    body.day = day("2022-09-16");
    assert_string_equal(rig_reason(rig, "roster.training.record", &training_record_desc, &body), "training_future");
    body.day = day("2022-03-01");
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south), institute = reaching(ROLE_INSTITUTE, &REGION);
    assert_string_equal(rig_reason_as(rig, &south, "roster.training.record", &training_record_desc, &body), "out_of_reach");
    assert_string_equal(rig_reason_as(rig, &institute, "roster.training.record", &training_record_desc, &body), "register_not_decider");
    uint64_t head = machine_head(rig->machine);
    struct uuid made = rig_made(rig, "roster.training.record", &training_record_desc, &body);
    assert_string_equal(rig_entries_after(rig, head, &rig->school1), "training.recorded");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "");
    assert_string_equal(rig_reason(rig, "roster.training.record", &training_record_desc, &body), "training_repeated");
    assert_int_equal(list_on(rig, &REGION, "2022-09-15", TRAINING_DONE, NULL).rows.n, 1);
    struct training_strike strike = { made, "не тот человек" };
    assert_string_equal(rig_reason(rig, "roster.training.strike", &training_strike_desc, &strike), "");
    assert_string_equal(rig_reason(rig, "roster.training.strike", &training_strike_desc, &strike), "training_not_recorded");
    assert_int_equal(list_on(rig, &REGION, "2022-09-15", TRAINING_DONE, NULL).rows.n, 0);
    rig_check(rig);
}

static void what_was_documented_under_another_record_is_his(void **state)
{
    struct rig *rig = *state;
    struct source source;
    source_start(&source, "programmes", &rig->arena);
    struct worker_record row = anna();
    row.snils = NULL;
    struct uuid one = expert(rig, "Э-1", "Первый", "S1", "2022-02-01"), other = rig_record(rig, row).person;
    documented(rig, &source, &other, "2022-06-01", ORG_INSTITUTE, "экспертиза");
    assert_int_equal(list_on(rig, &REGION, "2022-07-31", TRAINING_DONE, NULL).rows.n, 0);
    struct person_merge merge = { one, other, "одна и та же" };
    assert_string_equal(rig_reason(rig, "roster.person.merge", &person_merge_desc, &merge), "");
    assert_int_equal(list_on(rig, &REGION, "2022-07-31", TRAINING_DONE, NULL).rows.n, 1);
    rig_check(rig);
}

static void a_municipality_stands_against_its_agreement(void **state)
{
    struct rig *rig = *state;
    static struct entry_ground signed_[] = { { .ground = "signed", .evidence = "экземпляр 1", .day = 18900 } };
    struct uuid one = expert(rig, "Э-1", "Первый", "S1", "2022-02-01");
    expert(rig, "Э-2", "Второй", "S1", "2022-08-01");
    expert(rig, "Э-3", "Третий", "S3", "2022-08-01");
    struct entry_record agreement = { .register_id = "agreements", .organisation = rig->north, .title = "О тьюторах", .grounds = { 1, signed_ },
                                      .from = day("2022-03-01"), .until = day("2023-03-01") };
    struct uuid entry = rig_made(rig, "roster.entry.record", &entry_record_desc, &agreement);
    struct duty_set set = { .entry = entry, .kind = "обязательство", .title = "Обучить", .due = day("2022-09-01"), .training = "никакое", .number = 2 };
    assert_string_equal(rig_reason(rig, "roster.duty.set", &duty_set_desc, &set), "training_unknown");
    set.training = "experts_school";
    rig_made(rig, "roster.duty.set", &duty_set_desc, &set);
    set.due = day("2022-12-01");
    set.number = 3;
    rig_made(rig, "roster.duty.set", &duty_set_desc, &set);
    struct training_record body = { .person = one, .training = "experts_school", .day = day("2022-03-01"), .document = "77-1", .provider = "Академия" };
    rig_made(rig, "roster.training.record", &training_record_desc, &body);
    struct training_sum north = sum_of(rig, &REGION, &rig->north, "2022-09-15"), south = sum_of(rig, &REGION, &rig->south, "2022-09-15"),
                        all = sum_of(rig, &REGION, &REGION, "2022-09-15");
    assert_true(north.obliged == 2 && north.done == 1 && north.due == 1 && north.overdue == 0 && north.agreed == 5 && north.agreed_by_now == 2);
    assert_true(south.obliged == 1 && south.done == 0 && south.agreed == 0);
    assert_true(all.obliged == 3 && all.done == 1 && all.agreed == 5);
    assert_int_equal(sum_of(rig, &rig->north, &rig->north, "2023-03-02").agreed, 0);            /* not in force any more */
    struct principal municipal = reaching(ROLE_MUNICIPAL, &rig->south);
    struct training_count_of asked = { "experts_school", rig->north, 0 };
    struct outcome outcome = toy_ask(rig->machine, &municipal, "roster.training.count", &training_count_of_desc, &asked, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    rig_check(rig);
}

/* ── who takes part, who is in a population ───────────────────────────────── */

static struct training_list must(struct rig *rig, const char *training, const struct uuid *unit, const char *on)
{
    struct trainings_of body = { .training = training, .unit = *unit, .on = day(on) };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.training.list", &trainings_of_desc, &body, &rig->arena);
    struct training_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&training_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static uint64_t obliged_in(struct rig *rig, const char *training, const struct uuid *unit, const char *on)
{
    struct training_count_of body = { training, *unit, day(on) };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.training.count", &training_count_of_desc, &body, &rig->arena);
    struct training_counts counts;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&training_counts_desc, outcome.body, &counts, &rig->arena);
    return counts.rows.at[0].obliged;
}

static struct uuid team(struct rig *rig, const char *title, const char *kind, const struct uuid *place)
{
    struct entry_ground formed[] = { { .ground = "formed" } };
    struct entry_value values[] = { { .name = "kind", .text = kind } };
    struct entry_record body = { .register_id = "teams", .organisation = *place, .title = title, .grounds = { 1, formed }, .values = { 1, values },
                                 .from = day("2022-02-01") };
    return rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
}

static struct uuid joins(struct rig *rig, const struct uuid *entry, const struct uuid *person, const char *role, const char *from)
{
    struct part_join body = { .entry = *entry, .person = *person, .role = role, .from = day(from) };
    return rig_made(rig, "roster.part.join", &part_join_desc, &body);
}

static void who_takes_part_in_a_team_must(void **state)
{
    struct rig *rig = *state;
    struct uuid school = team(rig, "Команда школы", "школьная", &rig->school1), other = team(rig, "Иная команда", "иная", &rig->school1),
                south = team(rig, "Команда юга", "школьная", &rig->school3);
    struct uuid anna_is = rig_record(rig, anna()).person, boris_is = rig_record(rig, boris()).person;
    struct uuid part = joins(rig, &school, &anna_is, "участник", "2022-03-01");
    joins(rig, &school, &boris_is, "гость", "2022-03-01");                      /* not in that role */
    joins(rig, &other, &boris_is, "участник", "2022-03-01");                    /* not such a team */
    struct training_list list = must(rig, "parties_school", &REGION, "2022-07-01");
    assert_int_equal(list.rows.n, 1);
    assert_memory_equal(&list.rows.at[0].person, &anna_is, sizeof anna_is);
    assert_memory_equal(&list.rows.at[0].entry, &school, sizeof school);
    assert_true(list.rows.at[0].obliged == day("2022-03-01") && list.rows.at[0].due == day("2022-08-31") && list.rows.at[0].state == TRAINING_DUE);
    assert_int_equal(must(rig, "parties_school", &REGION, "2022-02-28").rows.n, 0);
    joins(rig, &south, &anna_is, "участник", "2022-04-01");
    assert_int_equal(must(rig, "parties_school", &REGION, "2022-07-01").rows.n, 2);         /* by both teams, */
    assert_int_equal(obliged_in(rig, "parties_school", &REGION, "2022-07-01"), 1);          /* and once */
    assert_int_equal(obliged_in(rig, "parties_school", &rig->south, "2022-07-01"), 1);
    assert_int_equal(obliged_in(rig, "parties_school", &rig->school2, "2022-07-01"), 0);
    struct part_leave leave = { part, day("2022-06-30") };
    assert_string_equal(rig_reason(rig, "roster.part.leave", &part_leave_desc, &leave), "");
    assert_int_equal(must(rig, "parties_school", &rig->north, "2022-07-01").rows.n, 0);
    struct training_record body = { .person = anna_is, .training = "parties_school", .day = day("2022-05-01"), .document = "1", .provider = "Институт" };
    struct principal municipal = reaching(ROLE_MUNICIPAL, &rig->north);
    assert_string_equal(rig_reason_as(rig, &municipal, "roster.training.record", &training_record_desc, &body), "register_not_decider");
    assert_string_equal(rig_reason(rig, "roster.training.record", &training_record_desc, &body), "");
    assert_int_equal(must(rig, "parties_school", &rig->south, "2022-07-01").rows.at[0].state, TRAINING_DONE);
    rig_check(rig);
}

static void who_is_in_a_population_must(void **state)
{
    struct rig *rig = *state;
    struct worker_record second = anna();
    struct uuid anna_is = rig_record(rig, anna()).person;
    rig_record(rig, boris());
    second.organisation = "S2";
    second.part_time = true;
    second.from = day("2021-09-01");
    rig_record(rig, second);                                                   /* a second post of hers: she is one */
    struct training_list list = must(rig, "beginners_school", &REGION, "2021-10-01");
    assert_int_equal(list.rows.n, 1);
    assert_memory_equal(&list.rows.at[0].person, &anna_is, sizeof anna_is);
    assert_true(list.rows.at[0].obliged == day("2020-09-01") && list.rows.at[0].due == day("2021-08-31"));
    assert_true(list.rows.at[0].state == TRAINING_OVERDUE && uuid_is_nil(&list.rows.at[0].entry));
    assert_int_equal(must(rig, "beginners_school", &rig->south, "2021-10-01").rows.n, 0);
    assert_int_equal(must(rig, "beginners_school", &REGION, "2020-08-31").rows.n, 0);
    assert_int_equal(obliged_in(rig, "beginners_school", &REGION, "2021-10-01"), 1);
    struct training_record body = { .person = anna_is, .training = "beginners_school", .day = day("2021-05-01"), .document = "1", .provider = "Институт" };
    struct principal institute = reaching(ROLE_INSTITUTE, &REGION);
    assert_string_equal(rig_reason_as(rig, &institute, "roster.training.record", &training_record_desc, &body), "register_not_decider");
    assert_string_equal(rig_reason(rig, "roster.training.record", &training_record_desc, &body), "");
    assert_int_equal(must(rig, "beginners_school", &REGION, "2021-10-01").rows.at[0].state, TRAINING_DONE);
    rig_check(rig);
}

/* A ground that the staff lists show is held against them. */
static void a_ground_is_held_against_the_staff_lists(void **state)
{
    struct rig *rig = *state;
    struct uuid anna_is = rig_record(rig, anna()).person, boris_is = rig_record(rig, boris()).person;
    struct entry_ground works[] = { { .ground = "works" } };
    struct entry_record body = { .register_id = "teaching", .person = boris_is, .grounds = { 1, works }, .from = day("2022-02-01") };
    assert_string_equal(rig_reason(rig, "roster.entry.record", &entry_record_desc, &body), "ground_not_so");    /* a head */
    body.person = anna_is;
    body.from = day("2020-08-31");
    assert_string_equal(rig_reason(rig, "roster.entry.record", &entry_record_desc, &body), "ground_not_so");    /* not yet */
    body.from = day("2020-09-01");
    assert_string_equal(rig_reason(rig, "roster.entry.record", &entry_record_desc, &body), "");
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_programmes_document_is_known_without_being_entered),
        TEST(training_outside_is_entered_with_its_document),
        TEST(what_was_documented_under_another_record_is_his),
        TEST(a_municipality_stands_against_its_agreement),
        TEST(who_takes_part_in_a_team_must),
        TEST(who_is_in_a_population_must),
        TEST(a_ground_is_held_against_the_staff_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
