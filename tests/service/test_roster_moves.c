#include "tests/service/roster_rig.h"

#include "proto/roles.h"

/* roster: posts that begin and end, and whose the person is. */

/* ── moving ───────────────────────────────────────────────────────────────── */

static void a_new_main_post_ends_the_old_one_and_hands_over(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    struct worker_recorded one = rig_record(rig, anna());
    uint64_t head = machine_head(rig->machine);
    row.organisation = "S3";
    row.from = day("2022-02-01");
    struct worker_recorded two = rig_record(rig, row);
    assert_memory_equal(&one.person, &two.person, sizeof one.person);
    assert_string_equal(rig_entries_after(rig, head, NULL), "post.closed post.opened person.handed_over person.withdrawn");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "post.closed post.opened person.handed_over");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "post.closed person.withdrawn");
    assert_string_equal(rig_entries_after(rig, head, &rig->school1), "post.closed person.withdrawn");
    assert_string_equal(rig_entries_after(rig, head, &rig->school2), "");
    assert_int_equal(rig_population(rig, &rig->north, "2022-01-31").workers, 1);
    assert_int_equal(rig_population(rig, &rig->south, "2022-01-31").workers, 0);
    assert_int_equal(rig_population(rig, &rig->north, "2022-02-01").workers, 0);
    assert_int_equal(rig_population(rig, &rig->south, "2022-02-01").workers, 1);
    head = machine_head(rig->machine);
    rig_record(rig, anna());                                    /* the old school's list, sent again */
    rig_record(rig, row);
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    rig_check(rig);
}

static void moves_give_the_same_in_either_order(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    row.organisation = "S3";
    row.from = day("2022-02-01");
    rig_record(rig, row);
    rig_record(rig, anna());                                    /* the earlier post comes later */
    assert_int_equal(rig_population(rig, &rig->north, "2022-01-31").workers, 1);
    assert_int_equal(rig_population(rig, &rig->north, "2022-02-01").workers, 0);
    assert_int_equal(rig_population(rig, &rig->south, "2022-02-01").workers, 1);
    row.from = day("2021-02-01");
    row.until = day("2021-12-31");
    row.organisation = "S2";
    struct problem problem = rig_refused(rig, &rig->centre, row);    /* two main employers at once */
    assert_string_equal(problem.reason, "main_post_overlaps");
    assert_string_equal(arg(&problem, "until"), "2022-01-31");
    rig_check(rig);
}

static void a_part_time_post_shows_the_person_to_its_municipality(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    rig_record(rig, anna());
    uint64_t head = machine_head(rig->machine);
    row.organisation = "S3";
    row.part_time = true;
    row.from = day("2022-02-01");
    struct worker_recorded two = rig_record(rig, row);
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "post.opened person.handed_over");
    head = machine_head(rig->machine);
    struct post_close close = { two.post, day("2022-08-31") };
    struct outcome outcome = rig_send(rig, "roster.post.close", &post_close_desc, &close);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "post.closed person.withdrawn");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "post.closed");
    head = machine_head(rig->machine);
    outcome = rig_send(rig, "roster.post.close", &post_close_desc, &close);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    close.until = day("2022-08-30");                            /* mended: south is not his any more, told once */
    outcome = rig_send(rig, "roster.post.close", &post_close_desc, &close);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    assert_string_equal(rig_entries_after(rig, head, NULL), "post.closed");
    rig_check(rig);
}

static void a_post_is_closed_within_bounds(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded one = rig_record(rig, anna());
    static const struct { const char *until, *reason; } ROWS[] = {
        { "2020-08-30", "until_before_from" }, { "2023-09-16", "until_future" }, { "2023-09-15", "" },
        { "2020-09-01", "" }, { "2020-08-31", "" },             /* the day before: entered by mistake */
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct post_close close = { one.post, day(ROWS[i].until) };
        struct outcome outcome = rig_send(rig, "roster.post.close", &post_close_desc, &close);
        assert_string_equal(toy_reason(&outcome, &rig->arena), ROWS[i].reason);
    }
    assert_int_equal(rig_population(rig, &REGION, "2020-09-01").workers, 0);
    struct post_close none = { rig->school1, day("2022-01-01") };
    struct outcome outcome = rig_send(rig, "roster.post.close", &post_close_desc, &none);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "post_not_found");
    assert_true(rig_record(rig, anna()).new_post);              /* and entered anew, rightly */
    rig_check(rig);
}

/* ── posts that end by their date ─────────────────────────────────────────── */

static const char *read_by(struct rig *rig, const struct uuid *unit, const struct uuid *person)
{
    struct person_read read = { *person, "сверка списков" };
    struct principal who = reaching(ROLE_MUNICIPAL, unit);
    struct outcome outcome = rig_send_as(rig, &who, "roster.person.read", &person_read_desc, &read);
    return toy_reason(&outcome, &rig->arena);
}

static void close_at(struct rig *rig, const struct uuid *post, const char *until)
{
    struct post_close close = { *post, day(until) };
    struct outcome outcome = rig_send(rig, "roster.post.close", &post_close_desc, &close);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
}

/* In the north until the end of September, in the south from October on; both said in advance. */
static struct worker_recorded moves_in_october(struct rig *rig)
{
    struct worker_record row = anna();
    row.until = day("2022-09-30");
    struct worker_recorded first = rig_record(rig, row);
    row.organisation = "S3";
    row.from = day("2022-10-01");
    row.until = 0;
    uint64_t head = machine_head(rig->machine);
    rig_record(rig, row);
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "post.opened person.handed_over");
    return first;
}

static void a_place_is_left_the_day_after_the_last(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded one = moves_in_october(rig);
    struct principal north = reaching(ROLE_MUNICIPAL, &rig->north), south = reaching(ROLE_MUNICIPAL, &rig->south);
    uint64_t head = machine_head(rig->machine);
    rig_clock(rig, day("2022-10-01"));
    rig->time.wall -= MOMENT_SECOND;                            /* the last second of the last day */
    rig_idle(rig);
    assert_int_equal(machine_head(rig->machine), head);
    assert_string_equal(read_by(rig, &rig->north, &one.person), "");
    head = machine_head(rig->machine);
    rig_clock(rig, day("2022-10-01"));
    struct uuid found = rig_find(rig, &north, "roster.person.find", "Т-101");   /* the timer has not fired */
    assert_true(uuid_is_nil(&found));
    found = rig_find(rig, &south, "roster.person.find", "Т-101");
    assert_true(uuid_equal(&found, &one.person));
    rig_idle(rig);
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.withdrawn");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "person.withdrawn");
    assert_string_equal(rig_entries_after(rig, head, &rig->school1), "person.withdrawn");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "");
    assert_string_equal(rig_entries_after(rig, head, &rig->school2), "");
    assert_string_equal(read_by(rig, &rig->north, &one.person), "out_of_reach");
    assert_string_equal(read_by(rig, &rig->south, &one.person), "");
    head = machine_head(rig->machine);
    rig_pass(rig, "2023-07-18");
    assert_int_equal(machine_head(rig->machine), head);         /* once */
    assert_string_equal(read_by(rig, &rig->school1, &one.person), "out_of_reach");
    rig_check(rig);
}

static void a_last_day_that_is_mended_moves_the_timer(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    struct worker_recorded one = moves_in_october(rig);
    assert_int_equal(machine_next_due(rig->machine), day_start(day("2022-10-01"), 7 * 60));
    close_at(rig, &one.post, "2022-09-20");
    assert_int_equal(machine_next_due(rig->machine), day_start(day("2022-09-21"), 7 * 60));
    close_at(rig, &one.post, "2022-09-25");
    row.subject = "физика";                                     /* the post told again: the day stands */
    rig_record(rig, row);
    assert_int_equal(machine_next_due(rig->machine), day_start(day("2022-09-26"), 7 * 60));
    uint64_t head = machine_head(rig->machine);
    rig_pass(rig, "2022-09-22");
    assert_int_equal(machine_head(rig->machine), head);
    rig_check(rig);
    close_at(rig, &one.post, "2022-09-21");                     /* past already: the command tells it */
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "post.closed person.withdrawn");
    assert_int_equal(machine_next_due(rig->machine), 0);
    rig_check(rig);
}

/* An entry has room for so many ids: the fifth place gets in when one of the others is given up. */
static void a_place_gained_by_the_calendar_is_told_too(void **state)
{
    struct rig *rig = *state;
    static const char *const PLACE[] = { "S2", "S3", "S4", "S5" };
    struct worker_record row = anna();
    rig_organise(rig, "S4", ORG_SCHOOL, &rig->north);
    struct uuid last = rig_organise(rig, "S5", ORG_SCHOOL, &rig->south);
    struct worker_recorded one = rig_record(rig, row);
    row.part_time = true;
    for (size_t i = 0; i < sizeof PLACE / sizeof *PLACE; i++) {
        rig->time.wall += MOMENT_SECOND;                        /* posts in the order of their ids */
        rig->time.boot += MOMENT_SECOND;
        row.organisation = PLACE[i];
        row.until = i == 0 ? day("2022-09-15") : 0;             /* today is the last day of the first one */
        rig_record(rig, row);
    }
    assert_string_equal(read_by(rig, &last, &one.person), "out_of_reach");
    uint64_t head = machine_head(rig->machine);
    rig_pass(rig, "2022-09-16");
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.handed_over person.withdrawn");
    assert_string_equal(rig_entries_after(rig, head, &last), "person.handed_over");
    assert_string_equal(rig_entries_after(rig, head, &rig->school2), "person.withdrawn");
    assert_string_equal(read_by(rig, &last, &one.person), "");
    rig_check(rig);
}

static void one_who_has_left_stays_with_the_last_place(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    row.until = day("2022-09-30");
    struct worker_recorded one = rig_record(rig, row);
    uint64_t head = machine_head(rig->machine);
    rig_pass(rig, "2022-12-01");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    assert_int_equal(machine_next_due(rig->machine), 0);
    assert_string_equal(read_by(rig, &rig->north, &one.person), "");
    assert_string_equal(read_by(rig, &rig->south, &one.person), "out_of_reach");
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_main_post_ends_the_old_one_and_hands_over),
        TEST(moves_give_the_same_in_either_order),
        TEST(a_part_time_post_shows_the_person_to_its_municipality),
        TEST(a_post_is_closed_within_bounds),
        TEST(a_place_is_left_the_day_after_the_last),
        TEST(a_last_day_that_is_mended_moves_the_timer),
        TEST(a_place_gained_by_the_calendar_is_told_too),
        TEST(one_who_has_left_stays_with_the_last_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
