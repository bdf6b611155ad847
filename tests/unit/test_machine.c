#include "tests/unit/machine_rig.h"

/* The machine driven by hand: commands, verdicts, following, timers, rebuilding, restoring. */

static void the_same_id_gets_the_same_answer_and_no_second_effect(void **state)
{
    struct rig *rig = *state;
    struct outcome first = rig_add(rig, 1, 5, 100), again = rig_add(rig, 1, 5, 100);
    assert_int_equal(first.kind, OUTCOME_REPLY);
    assert_true(bytes_equal(first.body, again.body));
    assert_int_equal(first.position.number, 1);
    assert_int_equal(again.position.number, 1);
    assert_int_equal(rig_sum(rig, rig->ledger, "toy.account.get", 5), 100);
    assert_string_equal(toy_reason(&(struct outcome){ 0 }, &rig->arena), "");
    struct outcome other = rig_add(rig, 1, 5, 101);
    assert_string_equal(toy_reason(&other, &rig->arena), "command_id_reused");
    assert_int_equal(machine_head(rig->ledger), 1);
    rig_check(rig->ledger);
}

static void a_refusal_is_kept_like_any_verdict(void **state)
{
    struct rig *rig = *state;
    struct outcome first = rig_add(rig, 1, 5, 2000);
    assert_string_equal(toy_reason(&first, &rig->arena), "over_limit");
    assert_true(first.has_position);
    machine_drop(&rig->ledger);
    rig_open_ledger(rig);
    struct outcome again = rig_add(rig, 1, 5, 2000);
    assert_true(bytes_equal(first.body, again.body));
    assert_int_equal(machine_head(rig->ledger), 1);
}

static void a_command_that_changes_nothing_is_a_verdict_too(void **state)
{
    struct rig *rig = *state;
    struct outcome first = rig_add(rig, 1, 5, 0);
    assert_int_equal(first.kind, OUTCOME_REPLY);
    assert_int_equal(machine_head(rig->ledger), 1);
    assert_int_equal(rig_add(rig, 1, 5, 0).position.number, 1);
}

static void what_is_no_verdict_is_not_kept(void **state)
{
    struct rig *rig = *state;
    struct principal console = toy_principal(ROLE_CONSOLE), service = toy_principal(ROLE_SERVICE), narrowed = rig->who;
    struct toy_add body = { .account = 1, .amount = 1, .owner = rig_id(rig, 99) }, none = { 0 };
    console.actor = rig_id(rig, 98);
    narrowed.reach = (struct reach){ .n = 1, .id = { rig_id(rig, 97) } };
    const struct { struct principal who; struct uuid id; const char *method; const void *body; const char *reason; } rows[] = {
        { rig->who, rig_id(rig, 1), "toy.account.nothing", &body, "unknown_method" },
        { service, rig_id(rig, 2), "toy.account.add", &body, "role" },
        { rig->who, uuid_derive("x", bytes_of("y")), "toy.account.add", &body, "command_id" },
        { console, rig_id(rig, 4), "toy.account.add", &body, "out_of_reach" },
        { narrowed, rig_id(rig, 5), "toy.account.add", &body, "out_of_reach" },
        { rig->who, rig_id(rig, 6), "toy.account.add", &none, "message" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf wire = { 0 };
        struct outcome outcome;
        if (rows[i].body == &none)
            buf_put(&wire, "\x80", 1);
        else
            msg_encode(&toy_add_desc, rows[i].body, &wire);
        struct input input = { .kind = INPUT_COMMAND, .who = rows[i].who, .command = rows[i].id,
                               .method = rows[i].method, .body = buf_bytes(&wire) };
        assert_int_equal(machine_batch(rig->ledger, &input, 1, &rig->arena, &outcome), ERR_OK);
        assert_string_equal(toy_reason(&outcome, &rig->arena), rows[i].reason);
        assert_false(outcome.has_position);
        buf_free(&wire);
    }
    assert_int_equal(machine_head(rig->ledger), 0);
}

static void ids_older_than_400_days_are_expired(void **state)
{
    struct rig *rig = *state;
    struct toy_add body = { .account = 1, .amount = 1 };
    const struct { moment_t age; const char *reason; } rows[] = {
        { 400 * MOMENT_DAY, "" }, { 400 * MOMENT_DAY + MOMENT_SECOND, "command_id" },
        { -399 * MOMENT_DAY, "" }, { -401 * MOMENT_DAY, "command_id" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t random[10] = { (uint8_t)i };
        struct uuid id = uuid_v7((rig->time.wall - rows[i].age) / MOMENT_MS, random);
        struct outcome outcome = toy_command(rig->ledger, &rig->who, id, "toy.account.add", &toy_add_desc, &body, &rig->arena);
        assert_string_equal(toy_reason(&outcome, &rig->arena), rows[i].reason);
    }
}

static void a_follower_takes_each_entry_once(void **state)
{
    struct rig *rig = *state;
    for (unsigned i = 1; i <= 20; i++)
        assert_int_equal(rig_add(rig, i, 1 + i % 3, 10).kind, OUTCOME_REPLY);
    struct outcome outcome = toy_follow_once(rig->ledger, rig->mirror, 7, true, &rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_IGNORED);        /* the repetition */
    assert_int_equal(outcome.cursor.number, 7);
    machine_drop(&rig->mirror);                             /* a crash: goes on where it was */
    rig_open_mirror(rig);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    for (uint64_t account = 1; account <= 3; account++) {
        uint64_t truth = rig_sum(rig, rig->ledger, "toy.account.get", account);
        assert_int_equal(rig_sum(rig, rig->mirror, "mirror.total.get", account), truth);
        assert_int_equal(rig_sum(rig, rig->mirror, "mirror.noted.get", account), truth);
    }
    assert_int_equal(machine_head(rig->mirror), 20);
    rig_check(rig->mirror);
}

static void after_makes_a_service_that_is_behind_say_busy(void **state)
{
    struct rig *rig = *state;
    struct outcome done = rig_add(rig, 1, 1, 10), outcome;
    struct toy_which which = { 1 };
    struct bytes body = msg_encode_in(&rig->arena, &toy_which_desc, &which);
    machine_query(rig->mirror, &rig->who, "mirror.total.get", body, &done.position, 1, &rig->arena, &outcome);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "behind");
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    machine_query(rig->mirror, &rig->who, "mirror.total.get", body, &done.position, 1, &rig->arena, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
}

static void a_timer_fires_once_late_or_not_and_survives_a_crash(void **state)
{
    struct rig *rig = *state;
    struct toy_add body = { .account = 3, .amount = 1, .close_at = rig->time.wall + MOMENT_MINUTE };
    toy_command(rig->ledger, &rig->who, rig_id(rig, 1), "toy.account.add", &toy_add_desc, &body, &rig->arena);
    assert_int_equal(machine_next_due(rig->ledger), body.close_at);
    assert_int_equal(machine_batch(rig->ledger, NULL, 0, &rig->arena, NULL), ERR_OK);
    assert_int_equal(machine_head(rig->ledger), 1);
    machine_drop(&rig->ledger);
    rig->time.wall += 3 * MOMENT_DAY;
    rig->time.boot += 3 * MOMENT_DAY;
    rig_open_ledger(rig);
    for (int i = 0; i < 3; i++)
        assert_int_equal(machine_batch(rig->ledger, NULL, 0, &rig->arena, NULL), ERR_OK);
    assert_int_equal(machine_head(rig->ledger), 3);         /* added, timer.fired, its effect */
    assert_int_equal(rig_sum(rig, rig->ledger, "toy.account.get", 999999), 1);
    assert_int_equal(machine_next_due(rig->ledger), 0);
    rig_check(rig->ledger);
}

static void a_rebuilt_state_equals_the_live_one_and_a_new_version_rebuilds(void **state)
{
    struct rig *rig = *state;
    struct hash before, after;
    bool same;
    for (unsigned i = 1; i <= 700; i++)
        rig_add(rig, i, 1 + i % 50, i % 9);
    rig_check(rig->ledger);
    assert_int_equal(store_digest(machine_store(rig->ledger), TABLE_STATE, &before), ERR_OK);
    assert_int_equal(machine_rebuild(rig->ledger, true, &same), ERR_OK);
    machine_close(&rig->ledger);
    struct service newer = toy_ledger_service;
    struct machine_options options = toy_options(rig->dir, &rig->time);
    newer.state_version++;
    assert_int_equal(machine_open(&rig->ledger, &newer, &options), ERR_OK);
    assert_int_equal(store_digest(machine_store(rig->ledger), TABLE_STATE, &after), ERR_OK);
    assert_true(hash_equal(&before, &after));
}

static void rebuilding_notices_a_state_that_is_not_the_fold(void **state)
{
    struct rig *rig = *state;
    struct txn txn;
    bool same;
    struct key key = key_of_u64(5);
    struct toy_sum wrong = { 77, 1 };
    rig_add(rig, 1, 5, 10);
    txn_begin(&txn, machine_store(rig->ledger), TXN_WRITE);
    txn_put_msg(&txn, TABLE_OWN, key_bytes(&key), &toy_sum_desc, &wrong);
    assert_int_equal(txn_end(&txn), ERR_OK);
    assert_int_equal(machine_rebuild(rig->ledger, false, &same), ERR_OK);
    assert_false(same);
}

static void a_restored_backup_is_a_fork(void **state)
{
    struct rig *rig = *state;
    char backup[200], says[400];
    for (unsigned i = 1; i <= 5; i++)
        rig_add(rig, i, 1, 10);
    snprintf(backup, sizeof backup, "%s/backup", rig->dir2);
    assert_int_equal(store_backup(machine_store(rig->ledger), backup), ERR_OK);
    assert_int_equal(store_backup(machine_store(rig->ledger), backup), ERR_EXISTS);
    for (unsigned i = 6; i <= 9; i++)
        rig_add(rig, i, 1, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    struct meta old = machine_meta(rig->ledger);
    machine_close(&rig->ledger);
    char *moved = toy_dir();
    char *kept = rig->dir;
    rig->dir = moved;
    assert_int_equal(machine_restore(&toy_ledger_service, backup, rig->dir, says), ERR_OK);
    rig_open_ledger(rig);
    struct meta now = machine_meta(rig->ledger);
    assert_true(uuid_equal(&old.journal, &now.journal));
    assert_false(uuid_equal(&old.incarnation, &now.incarnation));
    assert_int_equal(machine_head(rig->ledger), 6);         /* five, and the restoring */
    for (unsigned i = 10; i <= 20; i++)                     /* numbers are used again */
        rig_add(rig, i, 2, 10);

    struct follow follow;
    struct outcome outcome = toy_follow_once(rig->ledger, rig->mirror, 100, false, &rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_STOPPED);
    assert_int_equal(machine_forked(rig->mirror, "toy"), ERR_FORK);         /* it reacts: it waits */
    assert_int_equal(machine_follow(rig->mirror, "toy", &rig->arena, &follow), ERR_FORK);
    struct input accept = { .kind = INPUT_ACCEPT_FORK, .who = rig->who, .command = rig_id(rig, 50), .stream = "toy" };
    assert_int_equal(machine_batch(rig->mirror, &accept, 1, &rig->arena, &outcome), ERR_OK);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    uint64_t accepted = machine_head(rig->mirror);
    assert_int_equal(machine_batch(rig->mirror, &accept, 1, &rig->arena, &outcome), ERR_OK);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);          /* his answer was lost: the same again, and no second entry */
    assert_int_equal(outcome.position.number, accepted);
    assert_int_equal(machine_head(rig->mirror), accepted);
    for (unsigned i = 6; i <= 9; i++)                       /* senders send again what they kept */
        rig_add(rig, i, 1, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    assert_int_equal(rig_sum(rig, rig->mirror, "mirror.total.get", 1), 90);
    assert_int_equal(rig_sum(rig, rig->mirror, "mirror.total.get", 2), 110);
    assert_int_equal(rig_sum(rig, rig->mirror, "mirror.noted.get", 2), 110);
    rig_check(rig->ledger);
    rig_check(rig->mirror);
    toy_remove(kept);
}

/* What does not come to its end leaves nothing that a daemon would start on in the old incarnation. */
static void a_restore_that_fails_leaves_no_store(void **state)
{
    struct rig *rig = *state;
    char backup[200], to[200], command[500], says[400];
    struct toy_add body = { .account = 1, .amount = 3, .note = "needle-needle" };
    toy_command(rig->ledger, &rig->who, rig_id(rig, 1), "toy.account.add", &toy_add_desc, &body, &rig->arena);
    snprintf(backup, sizeof backup, "%s/backup", rig->dir2);
    snprintf(to, sizeof to, "%s/restored", rig->dir2);
    assert_int_equal(store_backup(machine_store(rig->ledger), backup), ERR_OK);
    snprintf(command, sizeof command, "cp -r '%s' '%s.good' && sed -i s/needle-needle/needle-noodle/ '%s/data.mdb'",
             backup, backup, backup);
    assert_int_equal(system(command), 0);
    assert_int_equal(machine_restore(&toy_ledger_service, backup, to, says), ERR_CORRUPT);
    assert_int_not_equal(access(to, F_OK), 0);
    snprintf(backup, sizeof backup, "%s/backup.good", rig->dir2);
    assert_int_equal(machine_restore(&toy_ledger_service, backup, to, says), ERR_OK);
    assert_int_equal(machine_restore(&toy_ledger_service, backup, to, says), ERR_EXISTS);
}

/* Copies are made again from the start of the stream; verdicts of commands are long trimmed by then. */
static void nothing_is_reacted_to_twice_however_old(void **state)
{
    struct rig *rig = *state;
    struct service newer = toy_mirror_service;
    struct machine_options options = toy_options(rig->dir2, &rig->time);
    rig_add(rig, 1, 1, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    rig->time.wall += 401 * MOMENT_DAY;
    rig->time.boot += 401 * MOMENT_DAY;
    rig_add(rig, 2, 2, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);      /* trims on the way */
    newer.copy_version++;
    machine_close(&rig->mirror);
    assert_int_equal(machine_open(&rig->mirror, &newer, &options), ERR_OK);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    assert_int_equal(rig_sum(rig, rig->mirror, "mirror.total.get", 1), 10);
    assert_int_equal(rig_sum(rig, rig->mirror, "mirror.noted.get", 1), 10);
    rig_check(rig->mirror);
}

/* Followed from the start again, a journal shows no fork by itself: that is remembered with the cursor. */
static void copies_made_again_do_not_hide_a_fork(void **state)
{
    struct rig *rig = *state;
    struct service newer = toy_mirror_service;
    struct machine_options options = toy_options(rig->dir2, &rig->time);
    struct outcome outcome;
    char backup[200], says[400], *kept = rig->dir;
    rig_add(rig, 1, 1, 10);
    snprintf(backup, sizeof backup, "%s/backup", rig->dir2);
    assert_int_equal(store_backup(machine_store(rig->ledger), backup), ERR_OK);
    for (unsigned i = 2; i <= 5; i++)
        rig_add(rig, i, 1, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    machine_close(&rig->ledger);
    rig->dir = toy_dir();
    assert_int_equal(machine_restore(&toy_ledger_service, backup, rig->dir, says), ERR_OK);
    rig_open_ledger(rig);
    rig_add(rig, 7, 2, 10);
    newer.copy_version++;
    machine_close(&rig->mirror);
    assert_int_equal(machine_open(&rig->mirror, &newer, &options), ERR_OK);
    outcome = toy_follow_once(rig->ledger, rig->mirror, 1, false, &rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_STOPPED);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "fork");
    machine_close(&rig->mirror);
    assert_int_equal(machine_open(&rig->mirror, &newer, &options), ERR_OK);         /* nor does an end of the process */
    assert_int_equal(toy_follow_once(rig->ledger, rig->mirror, 1, false, &rig->arena).kind, OUTCOME_STOPPED);
    struct input accept = { .kind = INPUT_ACCEPT_FORK, .who = rig->who, .command = rig_id(rig, 50), .stream = "toy" };
    assert_int_equal(machine_batch(rig->mirror, &accept, 1, &rig->arena, &outcome), ERR_OK);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    assert_int_equal(rig_sum(rig, rig->mirror, "mirror.total.get", 2), 10);
    rig_check(rig->mirror);
    toy_remove(kept);
}

static void a_projection_alone_makes_itself_again_after_a_fork(void **state)
{
    struct rig *rig = *state;
    struct service reader = toy_mirror_service;
    struct machine_options options;
    reader.reaction_count = 0;
    machine_close(&rig->mirror);
    options = toy_options(rig->dir2, &rig->time);
    assert_int_equal(machine_open(&rig->mirror, &reader, &options), ERR_OK);
    for (unsigned i = 1; i <= 5; i++)
        rig_add(rig, i, 1, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    machine_close(&rig->ledger);
    toy_remove(rig->dir);
    rig->dir = toy_dir();
    rig->time.wall += MOMENT_SECOND;
    rig_open_ledger(rig);                                   /* another history altogether */
    rig_add(rig, 7, 1, 3);
    assert_int_equal(toy_follow_once(rig->ledger, rig->mirror, 100, false, &rig->arena).kind, OUTCOME_STOPPED);
    assert_int_equal(machine_forked(rig->mirror, "toy"), ERR_OK);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    assert_int_equal(rig_sum(rig, rig->mirror, "mirror.total.get", 1), 3);
}

static void an_event_unknown_under_a_subscribed_prefix_stops_that_follower(void **state)
{
    struct rig *rig = *state;
    struct service old = toy_mirror_service;
    struct projection_def older = toy_mirror_service.projections[0];
    struct machine_options options = toy_options(rig->dir2, &rig->time);
    struct follow follow;
    older.version_max = 0;                                  /* it knows only versions before the first */
    old.projections = &older;
    machine_close(&rig->mirror);
    assert_int_equal(machine_open(&rig->mirror, &old, &options), ERR_OK);
    rig_add(rig, 1, 1, 10);
    struct outcome outcome = toy_follow_once(rig->ledger, rig->mirror, 100, false, &rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_STOPPED);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "event_too_new");
    assert_int_equal(machine_follow(rig->mirror, "toy", &rig->arena, &follow), ERR_NEWER);
    assert_int_equal(follow.cursor->number, 0);
    assert_int_equal(machine_head(rig->mirror), 0);
}

static void a_store_is_opened_once_and_by_its_own_service(void **state)
{
    struct rig *rig = *state;
    struct machine *second;
    char says[400];
    struct machine_options options = toy_options(rig->dir, &rig->time);
    options.says = says;
    assert_int_equal(machine_open(&second, &toy_ledger_service, &options), ERR_BUSY);
    machine_close(&rig->ledger);
    assert_int_equal(machine_open(&second, &toy_mirror_service, &options), ERR_MALFORMED);
    assert_non_null(strstr(says, "another service"));
    rig_open_ledger(rig);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_same_id_gets_the_same_answer_and_no_second_effect),
        TEST(a_refusal_is_kept_like_any_verdict),
        TEST(a_command_that_changes_nothing_is_a_verdict_too),
        TEST(what_is_no_verdict_is_not_kept),
        TEST(ids_older_than_400_days_are_expired),
        TEST(a_follower_takes_each_entry_once),
        TEST(after_makes_a_service_that_is_behind_say_busy),
        TEST(a_timer_fires_once_late_or_not_and_survives_a_crash),
        TEST(a_rebuilt_state_equals_the_live_one_and_a_new_version_rebuilds),
        TEST(rebuilding_notices_a_state_that_is_not_the_fold),
        TEST(a_restored_backup_is_a_fork),
        TEST(a_restore_that_fails_leaves_no_store),
        TEST(nothing_is_reacted_to_twice_however_old),
        TEST(copies_made_again_do_not_hide_a_fork),
        TEST(a_projection_alone_makes_itself_again_after_a_fork),
        TEST(an_event_unknown_under_a_subscribed_prefix_stops_that_follower),
        TEST(a_store_is_opened_once_and_by_its_own_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
