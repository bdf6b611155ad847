/* The key that nodes seal to is turned: a node that has not heard of it gets its rows in, one that has uses the new key,
 * the older one goes when nobody needs it, whatever is killed, restored or put back. */
#include "tests/service/keys_rig.h"
#include "tests/service/node_bench.h"

#include "common/service/vault_intake.h"
#include "proto/roles.h"
#include "proto/roster_intake.h"

extern const struct service roster_service;

/* ── a row that a node has sealed ─────────────────────────────────────────── */

/* Under the key that the node knows of now. */
static struct bytes sealed_row(struct bench *bench, const char *code)
{
    static const struct nothing none;
    struct taking taking = bench_taking(bench);
    struct worker_record row = anna();
    struct intake_key key;
    struct node_enter entry;
    struct staff_fault fault;
    struct outcome outcome = toy_ask(bench->node, &bench->local, "node.intake.get", &nothing_desc, &none, &bench->rig->arena);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "");
    toy_decode(&intake_key_desc, outcome.body, &key, &bench->rig->arena);
    memcpy(taking.intake, key.key.at, sizeof taking.intake);
    row.code = code;
    assert_true(take_message(&taking, node_method_find("roster.worker.record"), &row, NULL, code, &entry, &fault));
    return entry.body;
}

static const char *sent(struct bench *bench, struct bytes body)
{
    static unsigned number;
    struct outcome outcome = bench_at_region(bench, body, ++number);
    bench->rig->time.wall += MOMENT_MS;
    return toy_reason(&outcome, &bench->rig->arena);
}

static uint64_t node_generation(struct bench *bench)
{
    static const struct nothing none;
    struct intake_key key;
    struct outcome outcome = toy_ask(bench->node, &bench->local, "node.intake.get", &nothing_desc, &none, &bench->rig->arena);
    toy_decode(&intake_key_desc, outcome.body, &key, &bench->rig->arena);
    return key.generation;
}

static struct intake_standing standing(struct rig *rig)
{
    static const struct nothing none;
    struct principal operator = toy_principal(ROLE_OPERATOR);
    struct intake_standing standing;
    struct outcome outcome = toy_ask(rig->machine, &operator, "roster.intake.standing", &nothing_desc, &none, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&intake_standing_desc, outcome.body, &standing, &rig->arena);
    return standing;
}

static const char *turn(struct rig *rig)
{
    static const struct nothing none;
    struct principal operator = toy_principal(ROLE_OPERATOR);
    return rig_reason_as(rig, &operator, "roster.intake.turn", &nothing_desc, &none);
}

static const char *drop(struct rig *rig, bool anyway)
{
    const struct intake_drop body = { anyway };
    struct principal operator = toy_principal(ROLE_OPERATOR);
    return rig_reason_as(rig, &operator, "roster.intake.drop", &intake_drop_desc, &body);
}

/* ── the turn ─────────────────────────────────────────────────────────────── */

static void who_has_not_heard_gets_his_rows_in(void **state)
{
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    assert_string_equal(sent(bench, sealed_row(bench, "Т-1")), "");
    assert_string_equal(drop(rig, true), "intake_nothing_old");
    struct bytes before = sealed_row(bench, "Т-2");
    uint64_t head = machine_head(rig->machine);
    assert_string_equal(turn(rig), "");
    assert_string_equal(rig_entries_after(rig, head, NULL), "intake.turned");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "intake.turned");    /* every node hears of it */
    assert_int_equal(node_generation(bench), 0);                /* not yet */
    assert_string_equal(sent(bench, before), "");
    assert_string_equal(sent(bench, sealed_row(bench, "Т-3")), "");
    struct intake_standing now = standing(rig);
    assert_int_equal(now.kept.n, 2);
    assert_int_equal(now.behind, 1);
    assert_string_equal(drop(rig, false), "intake_behind");
    bench_follow(bench);
    assert_int_equal(node_generation(bench), 1);
    struct bytes old = before;
    assert_string_equal(sent(bench, sealed_row(bench, "Т-4")), "");
    now = standing(rig);
    assert_int_equal(now.behind, 0);
    assert_int_equal(now.senders.at[0].generation, 1);
    assert_true(now.senders.at[0].since > 0);
    assert_string_equal(drop(rig, false), "");
    assert_int_equal(standing(rig).kept.n, 1);
    assert_int_equal(standing(rig).kept.at[0].generation, 1);
    assert_string_equal(sent(bench, old), "sealed_unreadable");
    assert_string_equal(sent(bench, sealed_row(bench, "Т-5")), "");
    keys_guard_run(rig, 40);
    assert_string_equal(sent(bench, sealed_row(bench, "Т-6")), "");
    machine_close(&rig->machine);
    rig_open(rig);
    assert_int_equal(standing(rig).kept.n, 1);                  /* none is made anew in the place of the first */
    assert_string_equal(sent(bench, sealed_row(bench, "Т-7")), "");
    bench_close(bench);
    bench_open(bench, 0);
    assert_int_equal(node_generation(bench), 1);
    rig_check(rig);
}

/* A refused row tells what it was sealed under as well as a good one. */
static void a_row_that_is_refused_tells_its_key(void **state)
{
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    struct bytes body;
    assert_string_equal(turn(rig), "");
    bench_follow(bench);
    body = sealed_row(bench, "Т-1");
    struct worker_record row;
    struct msg_error error;
    assert_int_equal(msg_decode(&worker_record_desc, body, MSG_STRICT, &rig->arena, &row, &error), 0);
    row.organisation = "нет такой";
    assert_string_not_equal(sent(bench, msg_encode_in(&rig->arena, &worker_record_desc, &row)), "");
    assert_int_equal(standing(rig).senders.n, 1);
    assert_int_equal(standing(rig).senders.at[0].generation, 1);
}

/* A node that has nothing to send says once, in its queue, that it has taken the new key: nobody waits for its next list. */
static void a_quiet_node_says_that_it_has_taken_the_key(void **state)
{
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    struct intake_took took = { 1 };
    assert_string_equal(sent(bench, sealed_row(bench, "Т-1")), "");
    errand_step(&bench->intake, rig->time.wall);
    assert_int_equal(bench_status(bench).waiting, 0);           /* of the key that it was made with there is nothing to say */
    assert_string_equal(rig_reason_as(rig, &bench->town, "roster.intake.took", &intake_took_desc, &took), "intake_unknown");
    assert_string_equal(turn(rig), "");
    errand_step(&bench->intake, rig->time.wall);
    assert_int_equal(bench_status(bench).waiting, 0);
    bench_follow(bench);
    for (int i = 0; i < 3; i++) {
        errand_step(&bench->intake, rig->time.wall += MOMENT_SECOND);
        rig->time.boot += MOMENT_SECOND;
        assert_int_equal(bench_status(bench).waiting, 1);
        bench_close(bench);
        bench_open(bench, 0);
    }
    assert_string_equal(drop(rig, false), "intake_behind");
    assert_string_equal(rig_reason_as(rig, &bench->town, "roster.intake.took", &intake_took_desc, &took), "");
    assert_int_equal(standing(rig).behind, 0);
    assert_string_equal(drop(rig, false), "");
    rig_check(rig);
}

static void so_many_are_kept_and_no_more(void **state)
{
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    struct bytes first = sealed_row(bench, "Т-1");
    for (int i = 1; i < INTAKE_KEPT_MAX; i++)
        assert_string_equal(turn(rig), "");
    assert_string_equal(turn(rig), "intake_too_many");
    bench_follow(bench);
    assert_int_equal(node_generation(bench), INTAKE_KEPT_MAX - 1);
    assert_string_equal(sent(bench, sealed_row(bench, "Т-2")), "");
    assert_string_equal(sent(bench, first), "");
    assert_string_equal(drop(rig, false), "intake_behind");     /* his last one was under the first */
    assert_string_equal(drop(rig, true), "");
    assert_int_equal(standing(rig).kept.n, 1);
    assert_int_equal(keys_vault(rig).keys, 1);                  /* of persons: the intake's are none */
    assert_string_equal(turn(rig), "");
    rig_check(rig);
}

/* ── by itself ────────────────────────────────────────────────────────────── */

static void days_pass(struct rig *rig, int days)
{
    rig->time.wall += days * MOMENT_DAY;
    rig->time.boot += days * MOMENT_DAY;
    keys_guard_run(rig, 40);
}

static void the_older_one_goes_by_itself_when_nobody_needs_it(void **state)
{
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    assert_string_equal(sent(bench, sealed_row(bench, "Т-1")), "");
    assert_string_equal(turn(rig), "");
    days_pass(rig, INTAKE_KEEP_DAYS + 20);
    assert_int_equal(standing(rig).kept.n, 2);                  /* he is away, and his rows are under the older one */
    assert_string_equal(sent(bench, sealed_row(bench, "Т-2")), "");
    bench_follow(bench);
    assert_string_equal(sent(bench, sealed_row(bench, "Т-3")), "");
    assert_string_equal(turn(rig), "");
    bench_follow(bench);
    assert_string_equal(sent(bench, sealed_row(bench, "Т-4")), "");
    days_pass(rig, INTAKE_KEEP_DAYS - 1);                       /* who was set up before and has never been heard of */
    assert_int_equal(standing(rig).kept.n, 3);
    uint64_t head = machine_head(rig->machine), turns = keys_vault(rig).turns;
    days_pass(rig, 2);
    assert_int_equal(standing(rig).kept.n, 1);
    assert_int_equal(standing(rig).kept.at[0].generation, 2);
    assert_non_null(strstr(rig_entries_after(rig, head, NULL), "intake.dropped"));
    assert_true(keys_vault(rig).turns > turns);                 /* copies of the store hold noise in its place */
    assert_string_equal(sent(bench, sealed_row(bench, "Т-5")), "");
    rig_check(rig);
}

static void killed_anywhere_everything_that_was_sealed_opens(void **state)
{
    static const char *const DEATHS[] = { "vault_part_made", "vault_next_made", "vault_rewrapped", "vault_old_wiped", "vault_renamed" };
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    for (size_t i = 0; i < 2 * COUNT(DEATHS); i++) {
        struct bytes before = sealed_row(bench, arena_format(&rig->arena, "А-%zu", i));
        assert_string_equal(turn(rig), "");
        if (i >= COUNT(DEATHS)) {                               /* at the end of an older one, too */
            bench_follow(bench);
            before = sealed_row(bench, arena_format(&rig->arena, "А-%zu", i));
            assert_string_equal(sent(bench, before), "");
            assert_string_equal(drop(rig, true), "");
        }
        keys_killed_at(rig, DEATHS[i % COUNT(DEATHS)], 1);
        assert_string_equal(sent(bench, before), "");
        bench_follow(bench);
        assert_string_equal(sent(bench, sealed_row(bench, arena_format(&rig->arena, "Б-%zu", i))), "");
        keys_guard_run(rig, 60);
        assert_int_equal(keys_vault(rig).covered, keys_vault(rig).asked);
        assert_string_equal(sent(bench, sealed_row(bench, arena_format(&rig->arena, "В-%zu", i))), "");
        if (i < COUNT(DEATHS))
            assert_string_equal(sent(bench, before), "");
    }
    rig_check(rig);
}

/* ── a backup from before ─────────────────────────────────────────────────── */

/* Nodes seal to the new key; a store from before it does not know the key, so it must not open without the newest keys. */
static void a_store_from_before_the_turn_wants_the_newest_keys_and_says_them_again(void **state)
{
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    char says[400], *backup = toy_dir(), *restored = toy_dir();
    uint32_t n;
    assert_string_equal(sent(bench, sealed_row(bench, "Т-1")), "");
    rmdir(backup);
    assert_int_equal(store_backup(machine_store(rig->machine), backup), ERR_OK);
    assert_string_equal(turn(rig), "");
    bench_follow(bench);
    keys_guard_run(rig, 40);
    struct bytes after = sealed_row(bench, "Т-2");
    struct vault_row *rows = keys_export(rig, &n);
    machine_close(&rig->machine);
    toy_remove(rig->dir);
    rig->dir = restored;
    rmdir(rig->dir);
    assert_int_equal(machine_restore(&roster_service, backup, rig->dir, says), ERR_OK);
    assert_int_equal(keys_open_again(rig, says), ERR_DENIED);
    keys_import(rig, rows, n);
    rig->time.wall = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self) + MOMENT_MINUTE;      /* a restore is made by the real clock */
    assert_int_equal(keys_open_again(rig, says), ERR_OK);
    assert_string_equal(sent(bench, after), "");
    uint64_t head = machine_head(rig->machine);
    keys_guard_run(rig, 40);
    assert_non_null(strstr(rig_entries_after(rig, head, NULL), "intake.turned"));
    head = machine_head(rig->machine);
    days_pass(rig, 1);
    assert_null(strstr(rig_entries_after(rig, head, NULL), "intake.turned"));   /* once */
    rig_check(rig);
    toy_remove(backup);
}

static void no_older_copy_of_the_keys_brings_a_dropped_one_back(void **state)
{
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    char says[400];
    uint32_t n;
    struct bytes before = sealed_row(bench, "Т-1");
    struct vault_row *rows = keys_export(rig, &n);
    assert_string_equal(turn(rig), "");
    assert_string_equal(drop(rig, true), "");
    machine_close(&rig->machine);
    keys_import(rig, rows, n);
    assert_int_equal(keys_open_again(rig, says), ERR_OK);
    assert_int_equal(standing(rig).kept.n, 1);
    assert_int_equal(standing(rig).kept.at[0].generation, 1);
    assert_string_equal(sent(bench, before), "sealed_unreadable");
    bench_follow(bench);
    assert_string_equal(sent(bench, sealed_row(bench, "Т-2")), "");
    rig_check(rig);
}

static void nobody_else_drops_or_announces(void **state)
{
    struct bench *bench = *state;
    static const struct nothing none;
    const struct intake_drop body = { true };
    struct principal service = toy_principal(ROLE_SERVICE);
    assert_string_equal(turn(bench->rig), "");
    assert_string_equal(rig_reason_as(bench->rig, &service, "roster.intake.drop", &intake_drop_desc, &body), "not_ours");
    assert_string_equal(rig_reason_as(bench->rig, &service, "roster.intake.announce", &nothing_desc, &none), "not_ours");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_has_not_heard_gets_his_rows_in),
        TEST(a_row_that_is_refused_tells_its_key),
        TEST(a_quiet_node_says_that_it_has_taken_the_key),
        TEST(so_many_are_kept_and_no_more),
        TEST(the_older_one_goes_by_itself_when_nobody_needs_it),
        TEST(killed_anywhere_everything_that_was_sealed_opens),
        TEST(a_store_from_before_the_turn_wants_the_newest_keys_and_says_them_again),
        TEST(no_older_copy_of_the_keys_brings_a_dropped_one_back),
        TEST(nobody_else_drops_or_announces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
