#include <sys/resource.h>

#include "tests/unit/machine_rig.h"

/* The machine in trouble: handlers and timers that fail, clocks, want of room, unclean ends. */

static void a_handler_that_fails_spoils_nothing_else(void **state)
{
    struct rig *rig = *state;
    struct toy_add body[3] = { { .account = 1, .amount = 5 }, { .account = 1, .amount = 13 }, { .account = 1, .amount = 7 } };
    struct input inputs[3];
    struct outcome outcomes[3];
    for (unsigned i = 0; i < 3; i++)
        inputs[i] = (struct input){ .kind = INPUT_COMMAND, .who = rig->who, .command = rig_id(rig, i),
                                    .method = "toy.account.add",
                                    .body = msg_encode_in(&rig->arena, &toy_add_desc, &body[i]) };
    assert_int_equal(machine_batch(rig->ledger, inputs, 3, &rig->arena, outcomes), ERR_OK);
    assert_int_equal(outcomes[0].kind, OUTCOME_REPLY);
    assert_string_equal(toy_reason(&outcomes[1], &rig->arena), "handler");
    assert_int_equal(outcomes[2].kind, OUTCOME_REPLY);
    assert_int_equal(machine_head(rig->ledger), 2);
    assert_int_equal(rig_sum(rig, rig->ledger, "toy.account.get", 1), 12);
    struct machine_health health;
    machine_health(rig->ledger, &health);
    assert_int_equal(health.internal_errors, 1);
    rig_check(rig->ledger);
}

/* The timer of account 1 makes an event that breaks apply. */
static enum verdict fire_badly(struct ctx *ctx, const struct uuid *key, moment_t due)
{
    const uint64_t one = 1;
    struct uuid first = uuid_derive("account", bytes(&one, sizeof one));
    struct toy_added added = { .account = 77, .amount = uuid_equal(key, &first) ? 13 : 1 };
    (void)due;
    emit(ctx, "toy.account.added", &added, NULL, 0);
    return VERDICT_OK;
}

static void a_timer_that_fails_is_put_aside_and_the_rest_goes_on(void **state)
{
    struct rig *rig = *state;
    struct service service = toy_ledger_service;
    const struct timer_def timers[] = { { "close", fire_badly } };
    struct machine_options options = toy_options(rig->dir, &rig->time);
    struct machine_health health;
    service.timers = timers;
    machine_close(&rig->ledger);
    assert_int_equal(machine_open(&rig->ledger, &service, &options), ERR_OK);
    for (unsigned i = 1; i <= 2; i++) {
        struct toy_add body = { .account = i, .amount = 5, .close_at = rig->time.wall + i * MOMENT_SECOND };
        toy_command(rig->ledger, &rig->who, rig_id(rig, i), "toy.account.add", &toy_add_desc, &body, &rig->arena);
    }
    rig->time.wall += 5 * MOMENT_SECOND;
    rig->time.boot += 5 * MOMENT_SECOND;
    for (unsigned i = 3; i <= 4; i++)
        assert_int_equal(rig_add(rig, i, 3, 1).kind, OUTCOME_REPLY);
    assert_int_equal(rig_sum(rig, rig->ledger, "toy.account.get", 77), 1);       /* the other one has fired, once */
    assert_int_equal(rig_sum(rig, rig->ledger, "toy.account.get", 3), 2);
    assert_int_equal(machine_next_due(rig->ledger), 0);
    machine_health(rig->ledger, &health);
    assert_int_equal(health.internal_errors, 1);
    machine_close(&rig->ledger);
    rig_open_ledger(rig);                                   /* a binary in which it is mended: it fires late */
    rig_add(rig, 5, 3, 1);
    assert_int_equal(rig_sum(rig, rig->ledger, "toy.account.get", 999999), 1);
    rig_check(rig->ledger);
}

static void a_clock_that_jumped_waits_for_an_operator(void **state)
{
    struct rig *rig = *state;
    rig_add(rig, 1, 1, 1);
    rig->time.wall += 11 * MOMENT_MINUTE;                   /* and the boot clock has not moved */
    struct outcome outcome = rig_add(rig, 2, 1, 1);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "clock");
    struct input accept = { .kind = INPUT_ACCEPT_CLOCK, .who = rig->who, .command = rig_id(rig, 3) };
    assert_int_equal(machine_batch(rig->ledger, &accept, 1, &rig->arena, &outcome), ERR_OK);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    assert_int_equal(rig_add(rig, 4, 1, 1).kind, OUTCOME_REPLY);
    rig->time.wall -= 9 * MOMENT_MINUTE;                    /* less than ten: smoothed over */
    assert_int_equal(rig_add(rig, 5, 1, 1).kind, OUTCOME_REPLY);
    machine_close(&rig->ledger);
    rig->time.wall -= MOMENT_DAY;                           /* a start before the last entry */
    rig_open_ledger(rig);
    outcome = rig_add(rig, 6, 1, 1);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "clock");
}

#define TOY_LONG_FIELDS(X, S) X(S, STR, text, _, 0, 300000, OPTIONAL)
MSG_DECLARE(toy_long, TOY_LONG_FIELDS)
MSG_DEFINE(toy_long, TOY_LONG_FIELDS)

static enum verdict decide_long(struct ctx *ctx, const void *command)
{
    char *text = arena_alloc(ctx->arena, 200001);
    struct toy_long said = { text };
    (void)command;
    memset(text, 'x', 200000);
    reply(ctx, &said);
    return VERDICT_OK;
}

/* It is kept in the last entry of its group, and that has to fit into a frame to followers. */
static void a_reply_too_long_to_be_kept_is_refused(void **state)
{
    struct rig *rig = *state;
    struct service service = toy_ledger_service;
    const struct command_def command = { "toy.long.say", &nothing_desc, &toy_long_desc, ROLE(ROLE_OPERATOR),
                                         decide_long, NULL };
    struct machine_options options = toy_options(rig->dir, &rig->time);
    service.commands = &command;
    machine_close(&rig->ledger);
    assert_int_equal(machine_open(&rig->ledger, &service, &options), ERR_OK);
    struct outcome outcome = toy_command(rig->ledger, &rig->who, rig_id(rig, 1), "toy.long.say", &nothing_desc,
                                         &(struct nothing){ 0 }, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "too_much_for_one_command");
    rig_check(rig->ledger);
}

static enum verdict react_greedily(struct ctx *ctx, const void *event)
{
    const struct toy_added *added = event;
    struct toy_added *noted = ARENA_NEW(ctx->arena, struct toy_added);
    arena_alloc(ctx->arena, 1u << 20);
    *noted = (struct toy_added){ added->account, added->amount, NULL, 0 };
    emit(ctx, "mirror.deposit.noted", noted, NULL, 0);
    return VERDICT_OK;
}

/* A message brings hundreds of entries: what one reaction needs is not kept for all of them. */
static void reactions_give_back_what_they_needed(void **state)
{
    struct rig *rig = *state;
    struct service service = toy_mirror_service;
    struct reaction_def reaction = toy_mirror_service.reactions[0];
    struct machine_options options = toy_options(rig->dir2, &rig->time);
    struct rusage before, after;
    reaction.react = react_greedily;
    service.reactions = &reaction;
    machine_close(&rig->mirror);
    assert_int_equal(machine_open(&rig->mirror, &service, &options), ERR_OK);
    for (unsigned i = 1; i <= 600; i++)
        rig_add(rig, i, 1, 1);
    getrusage(RUSAGE_SELF, &before);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(rig_sum(rig, rig->mirror, "mirror.noted.get", 1), 600);
    assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 400 * 1024);     /* a sanitizer keeps what is freed for a while */
    rig_check(rig->mirror);
}

static enum verdict react_never(struct ctx *ctx, const void *event)
{
    (void)ctx, (void)event;
    return VERDICT_OK;
}

/* A batch is done again without what failed in it; the operator's word in it stands. */
static void an_accepted_fork_is_accepted_beside_a_command_that_fails(void **state)
{
    struct rig *rig = *state;
    struct service service = toy_ledger_service;
    const struct reaction_def reaction = { "other", "toy.account.added", 1, &toy_added_desc, react_never };
    struct machine_options options = toy_options(rig->dir, &rig->time);
    struct toy_add breaks = { .account = 1, .amount = 13 };
    struct outcome outcomes[2];
    struct follow follow;
    service.reactions = &reaction;
    service.reaction_count = 1;
    machine_close(&rig->ledger);
    assert_int_equal(machine_open(&rig->ledger, &service, &options), ERR_OK);
    assert_int_equal(machine_forked(rig->ledger, "other"), ERR_FORK);
    struct input inputs[2] = {
        { .kind = INPUT_ACCEPT_FORK, .who = rig->who, .command = rig_id(rig, 1), .stream = "other" },
        { .kind = INPUT_COMMAND, .who = rig->who, .command = rig_id(rig, 2), .method = "toy.account.add",
          .body = msg_encode_in(&rig->arena, &toy_add_desc, &breaks) },
    };
    assert_int_equal(machine_batch(rig->ledger, inputs, 2, &rig->arena, outcomes), ERR_OK);
    assert_int_equal(outcomes[0].kind, OUTCOME_REPLY);
    assert_string_equal(toy_reason(&outcomes[1], &rig->arena), "handler");
    assert_int_equal(machine_head(rig->ledger), 1);
    assert_int_equal(machine_follow(rig->ledger, "other", &rig->arena, &follow), ERR_OK);
}

static void commands_one_by_one_after_an_unclean_end_and_a_crasher_is_refused(void **state)
{
    struct rig *rig = *state;
    struct machine_health health;
    rig_add(rig, 1, 1, 1);
    for (int crash = 0; crash < 2; crash++) {               /* it crashes while its id is noted */
        machine_drop(&rig->ledger);
        rig_open_ledger(rig);
        machine_health(rig->ledger, &health);
        assert_true(health.careful);
        struct txn txn;
        struct uuid id = rig_id(rig, 66);
        struct key key = key_of_uuid(&id), count = key_of_u64((uint64_t)crash + 1);
        txn_begin(&txn, machine_store(rig->ledger), TXN_WRITE);
        txn_put(&txn, TABLE_TROUBLE, key_bytes(&key), key_bytes(&count));
        assert_int_equal(txn_end(&txn), ERR_OK);
    }
    struct outcome outcome = rig_add(rig, 66, 1, 1);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "crashed_before");
    struct uuid done = rig_id(rig, 1);                      /* what has its verdict is never refused */
    struct key done_key = key_of_uuid(&done), often = key_of_u64(9);
    struct txn noted;
    txn_begin(&noted, machine_store(rig->ledger), TXN_WRITE);
    txn_put(&noted, TABLE_TROUBLE, key_bytes(&done_key), key_bytes(&often));
    assert_int_equal(txn_end(&noted), ERR_OK);
    assert_int_equal(rig_add(rig, 1, 1, 1).kind, OUTCOME_REPLY);
    for (unsigned i = 100; i < 200; i++)
        assert_int_equal(rig_add(rig, i, 2, 1).kind, OUTCOME_REPLY);
    machine_health(rig->ledger, &health);
    assert_false(health.careful);
}

static void batches_of_nothing_do_not_end_the_careful_time(void **state)
{
    struct rig *rig = *state;
    struct machine_health health;
    struct outcome none;
    rig_add(rig, 1, 1, 1);
    machine_drop(&rig->ledger);
    rig_open_ledger(rig);
    for (int i = 0; i < 200; i++)
        assert_int_equal(machine_batch(rig->ledger, NULL, 0, &rig->arena, &none), ERR_OK);
    machine_health(rig->ledger, &health);
    assert_true(health.careful);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_handler_that_fails_spoils_nothing_else),
        TEST(a_timer_that_fails_is_put_aside_and_the_rest_goes_on),
        TEST(a_clock_that_jumped_waits_for_an_operator),
        TEST(a_reply_too_long_to_be_kept_is_refused),
        TEST(reactions_give_back_what_they_needed),
        TEST(an_accepted_fork_is_accepted_beside_a_command_that_fails),
        TEST(commands_one_by_one_after_an_unclean_end_and_a_crasher_is_refused),
        TEST(batches_of_nothing_do_not_end_the_careful_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
