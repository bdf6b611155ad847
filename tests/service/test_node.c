/* The node as a machine: what it takes, what it turns away, and what it is told of the region. */
#include "tests/service/node_bench.h"

#include "common/service/vault_intake.h"
#include "proto/roles.h"

/* ── taking in ────────────────────────────────────────────────────────────── */

static void nothing_about_a_person_is_taken_or_kept_in_the_clear(void **state)
{
    struct bench *bench = *state;
    struct taking taking = bench_taking(bench);
    struct worker_record row = anna();
    struct staff_fault fault;
    struct node_enter entry = { .method = "roster.worker.record", .body = msg_encode_in(&bench->rig->arena, &worker_record_desc, &row) };
    struct outcome outcome = bench_enter(bench, &entry);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "personal_in_clear");
    assert_true(take_message(&taking, node_method_find("roster.worker.record"), &row, NULL, "list:2", &entry, &fault));
    outcome = bench_enter(bench, &entry);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "");
    assert_false(bench_holds(bench, row.family));
    assert_false(bench_holds(bench, row.patronymic));
    assert_false(bench_holds(bench, row.born));
    assert_false(bench_holds(bench, "11223344595"));
    assert_true(bench_holds(bench, "учитель"));         /* the search finds what does lie there */
    assert_int_equal(bench_status(bench).waiting, 1);
    outcome = bench_at_region(bench, entry.body, 1);          /* and roster reads it */
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
}

static void the_same_row_is_taken_once_and_a_changed_one_again(void **state)
{
    struct bench *bench = *state;
    struct taking taking = bench_taking(bench);
    int method = node_method_find("roster.worker.record");
    struct worker_record row = anna();
    static const char *const SUBJECTS[] = { "физика", "физика", "химия", "химия", "физика" };
    static const uint64_t WAITING[] = { 1, 1, 2, 2, 3 };
    struct staff_fault fault;
    struct node_enter entry;
    for (int i = 0; i < 5; i++) {
        row.subject = SUBJECTS[i];
        assert_true(take_message(&taking, method, &row, NULL, NULL, &entry, &fault));
        struct outcome outcome = bench_enter(bench, &entry);
        assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "");
        assert_int_equal(bench_status(bench).waiting, WAITING[i]);
    }
}

static void at_its_cap_the_node_takes_answers_and_nothing_else(void **state)
{
    struct bench *bench = *state;
    struct taking taking = bench_taking(bench);
    struct worker_record row = anna();
    struct staff_fault fault;
    struct node_enter entry;
    struct node_entered entered;
    assert_true(take_message(&taking, node_method_find("roster.worker.record"), &row, NULL, NULL, &entry, &fault));
    struct outcome outcome = bench_enter(bench, &entry);
    toy_decode(&node_entered_desc, outcome.body, &entered, &bench->rig->arena);
    bench_close(bench);
    bench_open(bench, 4096);
    row.code = "2";
    taking = bench_taking(bench);
    assert_true(take_message(&taking, node_method_find("roster.worker.record"), &row, NULL, NULL, &entry, &fault));
    outcome = bench_enter(bench, &entry);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "node_full");
    struct node_answered answered = { .item = entered.item, .outcome = NODE_ACCEPTED };
    struct node_answer answer = { .answers = { 1, &answered } };
    outcome = toy_command(bench->node, &bench->own, uuid_derive("x", bytes_of("y")), "node.items.answer", &node_answer_desc, &answer, &bench->rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_PROBLEM);    /* an id without a time */
    uint8_t random[10] = { 9 };
    outcome = toy_command(bench->node, &bench->own, uuid_v7(bench->rig->time.wall / MOMENT_MS, random), "node.items.answer",
                          &node_answer_desc, &answer, &bench->rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    assert_int_equal(bench_status(bench).waiting, 0);
    assert_int_equal(bench_status(bench).accepted, 1);
}

/* A piece of a list that was committed before the process ended is not taken once more, though its rows have no marks by
 * which they would be known. */
static void a_piece_of_a_list_is_taken_once(void **state)
{
    struct bench *bench = *state;
    struct step_submit submit = { .route = bench->rig->north, .step = 1, .evidence = "план урока" };
    struct node_rows_entered entered;
    uint8_t random[10] = { 7 };
    struct node_enter row = { .method = "routes.step.submit", .body = msg_encode_in(&bench->rig->arena, &step_submit_desc, &submit) };
    struct node_enter rows[2] = { row, row };
    struct node_rows piece = { .file = uuid_derive("list", bytes_of("1")), .name = "list.csv", .from = 0, .line = 2, .rows = { 2, rows } };
    struct outcome outcome = toy_command(bench->node, &bench->own, uuid_v7(bench->rig->time.wall / MOMENT_MS, random),
                                         "node.rows.enter", &node_rows_desc, &piece, &bench->rig->arena);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "");
    toy_decode(&node_rows_entered_desc, outcome.body, &entered, &bench->rig->arena);
    assert_int_equal(entered.entered, 2);
    random[9] = 1;
    outcome = toy_command(bench->node, &bench->own, uuid_v7(bench->rig->time.wall / MOMENT_MS, random), "node.rows.enter",
                          &node_rows_desc, &piece, &bench->rig->arena);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "file_moved_on");
    assert_int_equal(bench_status(bench).waiting, 2);
}

/* ── the scope ────────────────────────────────────────────────────────────── */

static void only_the_own_people_come_down(void **state)
{
    struct bench *bench = *state;
    struct page page = { .limit = 100 };
    struct node_persons persons;
    struct worker_record row = anna(), other = boris();
    row.organisation = "S1";
    other.organisation = "S3";
    struct worker_recorded ours = rig_record(bench->rig, row);
    rig_record(bench->rig, other);
    bench_follow(bench);
    struct outcome outcome = toy_ask(bench->node, &bench->local, "node.person.list", &page_desc, &page, &bench->rig->arena);
    toy_decode(&node_persons_desc, outcome.body, &persons, &bench->rig->arena);
    assert_int_equal(persons.rows.n, 1);
    assert_true(uuid_equal(&persons.rows.at[0].person, &ours.person));
    bench->rig->time.wall += MOMENT_DAY;
    bench->rig->time.boot += MOMENT_DAY;
    row.organisation = "S3";                            /* he moves to the other municipality, and is forgotten here */
    row.from = day("2021-09-01");
    rig_record(bench->rig, row);
    bench_follow(bench);
    outcome = toy_ask(bench->node, &bench->local, "node.person.list", &page_desc, &page, &bench->rig->arena);
    toy_decode(&node_persons_desc, outcome.body, &persons, &bench->rig->arena);
    assert_int_equal(persons.rows.n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_about_a_person_is_taken_or_kept_in_the_clear),
        TEST(the_same_row_is_taken_once_and_a_changed_one_again),
        TEST(at_its_cap_the_node_takes_answers_and_nothing_else),
        TEST(a_piece_of_a_list_is_taken_once),
        TEST(only_the_own_people_come_down),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
