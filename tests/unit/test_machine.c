#include <sys/resource.h>

#include "tests/unit/toy.h"

#include "common/core/failpoint.h"

/* The machine driven by hand: commands, verdicts, following, timers, clocks, rebuilding, restoring. */

struct rig { char *dir, *dir2; struct toy_time time; struct machine *ledger, *mirror; struct arena arena; struct principal who; };

static struct uuid id_at(struct rig *rig, unsigned n)
{
    uint8_t random[10] = { (uint8_t)(n >> 8), (uint8_t)n };
    return uuid_v7(rig->time.wall / MOMENT_MS, random);
}

static void open_ledger(struct rig *rig)
{
    struct machine_options options = toy_options(rig->dir, &rig->time);
    assert_int_equal(machine_open(&rig->ledger, &toy_ledger_service, &options), ERR_OK);
}

static void open_mirror(struct rig *rig)
{
    struct machine_options options = toy_options(rig->dir2, &rig->time);
    assert_int_equal(machine_open(&rig->mirror, &toy_mirror_service, &options), ERR_OK);
}

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    rig->dir = toy_dir();
    rig->dir2 = toy_dir();
    rig->who = toy_principal(ROLE_OPERATOR);
    open_ledger(rig);
    open_mirror(rig);
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    machine_close(&rig->ledger);
    machine_close(&rig->mirror);
    arena_free(&rig->arena);
    toy_remove(rig->dir);
    toy_remove(rig->dir2);
    free(rig);
    return 0;
}

static struct outcome add(struct rig *rig, unsigned n, uint64_t account, uint64_t amount)
{
    struct toy_add body = { .account = account, .amount = amount };
    return toy_command(rig->ledger, &rig->who, id_at(rig, n), "toy.account.add", &toy_add_desc, &body, &rig->arena);
}

static uint64_t sum_of(struct rig *rig, struct machine *machine, const char *method, uint64_t account)
{
    struct toy_which which = { account };
    struct toy_sum sum;
    struct outcome outcome = toy_ask(machine, &rig->who, method, &toy_which_desc, &which, &rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    toy_decode(&toy_sum_desc, outcome.body, &sum, &rig->arena);
    return sum.sum;
}

static void check_sound(struct machine *machine)
{
    uint64_t checked, bad;
    const char *why;
    bool same;
    assert_int_equal(machine_verify(machine, &checked, &bad, &why), ERR_OK);
    assert_int_equal(machine_rebuild(machine, false, &same), ERR_OK);
    assert_true(same);
}

static void the_same_id_gets_the_same_answer_and_no_second_effect(void **state)
{
    struct rig *rig = *state;
    struct outcome first = add(rig, 1, 5, 100), again = add(rig, 1, 5, 100);
    assert_int_equal(first.kind, OUTCOME_REPLY);
    assert_true(bytes_equal(first.body, again.body));
    assert_int_equal(first.position.number, 1);
    assert_int_equal(again.position.number, 1);
    assert_int_equal(sum_of(rig, rig->ledger, "toy.account.get", 5), 100);
    assert_string_equal(toy_reason(&(struct outcome){ 0 }, &rig->arena), "");
    struct outcome other = add(rig, 1, 5, 101);
    assert_string_equal(toy_reason(&other, &rig->arena), "command_id_reused");
    assert_int_equal(machine_head(rig->ledger), 1);
    check_sound(rig->ledger);
}

static void a_refusal_is_kept_like_any_verdict(void **state)
{
    struct rig *rig = *state;
    struct outcome first = add(rig, 1, 5, 2000);
    assert_string_equal(toy_reason(&first, &rig->arena), "over_limit");
    assert_true(first.has_position);
    machine_drop(&rig->ledger);
    open_ledger(rig);
    struct outcome again = add(rig, 1, 5, 2000);
    assert_true(bytes_equal(first.body, again.body));
    assert_int_equal(machine_head(rig->ledger), 1);
}

static void a_command_that_changes_nothing_is_a_verdict_too(void **state)
{
    struct rig *rig = *state;
    struct outcome first = add(rig, 1, 5, 0);
    assert_int_equal(first.kind, OUTCOME_REPLY);
    assert_int_equal(machine_head(rig->ledger), 1);
    assert_int_equal(add(rig, 1, 5, 0).position.number, 1);
}

static void what_is_no_verdict_is_not_kept(void **state)
{
    struct rig *rig = *state;
    struct principal console = toy_principal(ROLE_CONSOLE), service = toy_principal(ROLE_SERVICE), narrowed = rig->who;
    struct toy_add body = { .account = 1, .amount = 1, .owner = id_at(rig, 99) }, none = { 0 };
    console.actor = id_at(rig, 98);
    narrowed.reach = (struct reach){ .n = 1, .id = { id_at(rig, 97) } };
    const struct { struct principal who; struct uuid id; const char *method; const void *body; const char *reason; } rows[] = {
        { rig->who, id_at(rig, 1), "toy.account.nothing", &body, "unknown_method" },
        { service, id_at(rig, 2), "toy.account.add", &body, "role" },
        { rig->who, uuid_derive("x", bytes_of("y")), "toy.account.add", &body, "command_id" },
        { console, id_at(rig, 4), "toy.account.add", &body, "out_of_reach" },
        { narrowed, id_at(rig, 5), "toy.account.add", &body, "out_of_reach" },
        { rig->who, id_at(rig, 6), "toy.account.add", &none, "message" },
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

static void a_handler_that_fails_spoils_nothing_else(void **state)
{
    struct rig *rig = *state;
    struct toy_add body[3] = { { .account = 1, .amount = 5 }, { .account = 1, .amount = 13 }, { .account = 1, .amount = 7 } };
    struct input inputs[3];
    struct outcome outcomes[3];
    for (unsigned i = 0; i < 3; i++)
        inputs[i] = (struct input){ .kind = INPUT_COMMAND, .who = rig->who, .command = id_at(rig, i), .method = "toy.account.add",
                                    .body = msg_encode_in(&rig->arena, &toy_add_desc, &body[i]) };
    assert_int_equal(machine_batch(rig->ledger, inputs, 3, &rig->arena, outcomes), ERR_OK);
    assert_int_equal(outcomes[0].kind, OUTCOME_REPLY);
    assert_string_equal(toy_reason(&outcomes[1], &rig->arena), "handler");
    assert_int_equal(outcomes[2].kind, OUTCOME_REPLY);
    assert_int_equal(machine_head(rig->ledger), 2);
    assert_int_equal(sum_of(rig, rig->ledger, "toy.account.get", 1), 12);
    struct machine_health health;
    machine_health(rig->ledger, &health);
    assert_int_equal(health.internal_errors, 1);
    check_sound(rig->ledger);
}

static void a_follower_takes_each_entry_once(void **state)
{
    struct rig *rig = *state;
    for (unsigned i = 1; i <= 20; i++)
        assert_int_equal(add(rig, i, 1 + i % 3, 10).kind, OUTCOME_REPLY);
    struct outcome outcome = toy_follow_once(rig->ledger, rig->mirror, 7, true, &rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_IGNORED);        /* the repetition */
    assert_int_equal(outcome.cursor.number, 7);
    machine_drop(&rig->mirror);                             /* a crash: goes on where it was */
    open_mirror(rig);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    for (uint64_t account = 1; account <= 3; account++) {
        uint64_t truth = sum_of(rig, rig->ledger, "toy.account.get", account);
        assert_int_equal(sum_of(rig, rig->mirror, "mirror.total.get", account), truth);
        assert_int_equal(sum_of(rig, rig->mirror, "mirror.noted.get", account), truth);
    }
    assert_int_equal(machine_head(rig->mirror), 20);
    check_sound(rig->mirror);
}

static void after_makes_a_service_that_is_behind_say_busy(void **state)
{
    struct rig *rig = *state;
    struct outcome done = add(rig, 1, 1, 10), outcome;
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
    toy_command(rig->ledger, &rig->who, id_at(rig, 1), "toy.account.add", &toy_add_desc, &body, &rig->arena);
    assert_int_equal(machine_next_due(rig->ledger), body.close_at);
    assert_int_equal(machine_batch(rig->ledger, NULL, 0, &rig->arena, NULL), ERR_OK);
    assert_int_equal(machine_head(rig->ledger), 1);
    machine_drop(&rig->ledger);
    rig->time.wall += 3 * MOMENT_DAY;
    rig->time.boot += 3 * MOMENT_DAY;
    open_ledger(rig);
    for (int i = 0; i < 3; i++)
        assert_int_equal(machine_batch(rig->ledger, NULL, 0, &rig->arena, NULL), ERR_OK);
    assert_int_equal(machine_head(rig->ledger), 3);         /* added, timer.fired, its effect */
    assert_int_equal(sum_of(rig, rig->ledger, "toy.account.get", 999999), 1);
    assert_int_equal(machine_next_due(rig->ledger), 0);
    check_sound(rig->ledger);
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
        toy_command(rig->ledger, &rig->who, id_at(rig, i), "toy.account.add", &toy_add_desc, &body, &rig->arena);
    }
    rig->time.wall += 5 * MOMENT_SECOND;
    rig->time.boot += 5 * MOMENT_SECOND;
    for (unsigned i = 3; i <= 4; i++)
        assert_int_equal(add(rig, i, 3, 1).kind, OUTCOME_REPLY);
    assert_int_equal(sum_of(rig, rig->ledger, "toy.account.get", 77), 1);       /* the other one has fired, once */
    assert_int_equal(sum_of(rig, rig->ledger, "toy.account.get", 3), 2);
    assert_int_equal(machine_next_due(rig->ledger), 0);
    machine_health(rig->ledger, &health);
    assert_int_equal(health.internal_errors, 1);
    machine_close(&rig->ledger);
    open_ledger(rig);                                       /* a binary in which it is mended: it fires late */
    add(rig, 5, 3, 1);
    assert_int_equal(sum_of(rig, rig->ledger, "toy.account.get", 999999), 1);
    check_sound(rig->ledger);
}

static void a_clock_that_jumped_waits_for_an_operator(void **state)
{
    struct rig *rig = *state;
    add(rig, 1, 1, 1);
    rig->time.wall += 11 * MOMENT_MINUTE;                   /* and the boot clock has not moved */
    struct outcome outcome = add(rig, 2, 1, 1);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "clock");
    struct input accept = { .kind = INPUT_ACCEPT_CLOCK, .who = rig->who, .command = id_at(rig, 3) };
    assert_int_equal(machine_batch(rig->ledger, &accept, 1, &rig->arena, &outcome), ERR_OK);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    assert_int_equal(add(rig, 4, 1, 1).kind, OUTCOME_REPLY);
    rig->time.wall -= 9 * MOMENT_MINUTE;                    /* less than ten: smoothed over */
    assert_int_equal(add(rig, 5, 1, 1).kind, OUTCOME_REPLY);
    machine_close(&rig->ledger);
    rig->time.wall -= MOMENT_DAY;                           /* a start before the last entry */
    open_ledger(rig);
    outcome = add(rig, 6, 1, 1);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "clock");
}

static void a_rebuilt_state_equals_the_live_one_and_a_new_version_rebuilds(void **state)
{
    struct rig *rig = *state;
    struct hash before, after;
    bool same;
    for (unsigned i = 1; i <= 700; i++)
        add(rig, i, 1 + i % 50, i % 9);
    check_sound(rig->ledger);
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
    add(rig, 1, 5, 10);
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
        add(rig, i, 1, 10);
    snprintf(backup, sizeof backup, "%s/backup", rig->dir2);
    assert_int_equal(store_backup(machine_store(rig->ledger), backup), ERR_OK);
    assert_int_equal(store_backup(machine_store(rig->ledger), backup), ERR_EXISTS);
    for (unsigned i = 6; i <= 9; i++)
        add(rig, i, 1, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    struct meta old = machine_meta(rig->ledger);
    machine_close(&rig->ledger);
    char *moved = toy_dir();
    char *kept = rig->dir;
    rig->dir = moved;
    assert_int_equal(machine_restore(&toy_ledger_service, backup, rig->dir, says), ERR_OK);
    open_ledger(rig);
    struct meta now = machine_meta(rig->ledger);
    assert_true(uuid_equal(&old.journal, &now.journal));
    assert_false(uuid_equal(&old.incarnation, &now.incarnation));
    assert_int_equal(machine_head(rig->ledger), 6);         /* five, and the restoring */
    for (unsigned i = 10; i <= 20; i++)                     /* numbers are used again */
        add(rig, i, 2, 10);

    struct follow follow;
    struct outcome outcome = toy_follow_once(rig->ledger, rig->mirror, 100, false, &rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_STOPPED);
    assert_int_equal(machine_forked(rig->mirror, "toy"), ERR_FORK);         /* it reacts: it waits */
    assert_int_equal(machine_follow(rig->mirror, "toy", &rig->arena, &follow), ERR_FORK);
    struct input accept = { .kind = INPUT_ACCEPT_FORK, .who = rig->who, .command = id_at(rig, 50), .stream = "toy" };
    assert_int_equal(machine_batch(rig->mirror, &accept, 1, &rig->arena, &outcome), ERR_OK);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    for (unsigned i = 6; i <= 9; i++)                       /* senders send again what they kept */
        add(rig, i, 1, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    assert_int_equal(sum_of(rig, rig->mirror, "mirror.total.get", 1), 90);
    assert_int_equal(sum_of(rig, rig->mirror, "mirror.total.get", 2), 110);
    assert_int_equal(sum_of(rig, rig->mirror, "mirror.noted.get", 2), 110);
    check_sound(rig->ledger);
    check_sound(rig->mirror);
    toy_remove(kept);
}

/* What does not come to its end leaves nothing that a daemon would start on in the old incarnation. */
static void a_restore_that_fails_leaves_no_store(void **state)
{
    struct rig *rig = *state;
    char backup[200], to[200], command[500], says[400];
    struct toy_add body = { .account = 1, .amount = 3, .note = "needle-needle" };
    toy_command(rig->ledger, &rig->who, id_at(rig, 1), "toy.account.add", &toy_add_desc, &body, &rig->arena);
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
    add(rig, 1, 1, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    rig->time.wall += 401 * MOMENT_DAY;
    rig->time.boot += 401 * MOMENT_DAY;
    add(rig, 2, 2, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);      /* trims on the way */
    newer.copy_version++;
    machine_close(&rig->mirror);
    assert_int_equal(machine_open(&rig->mirror, &newer, &options), ERR_OK);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    assert_int_equal(sum_of(rig, rig->mirror, "mirror.total.get", 1), 10);
    assert_int_equal(sum_of(rig, rig->mirror, "mirror.noted.get", 1), 10);
    check_sound(rig->mirror);
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
    const struct command_def command = { "toy.long.say", &nothing_desc, &toy_long_desc, ROLE(ROLE_OPERATOR), decide_long, NULL };
    struct machine_options options = toy_options(rig->dir, &rig->time);
    service.commands = &command;
    machine_close(&rig->ledger);
    assert_int_equal(machine_open(&rig->ledger, &service, &options), ERR_OK);
    struct outcome outcome = toy_command(rig->ledger, &rig->who, id_at(rig, 1), "toy.long.say", &nothing_desc,
                                         &(struct nothing){ 0 }, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "too_much_for_one_command");
    check_sound(rig->ledger);
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
        add(rig, i, 1, 1);
    getrusage(RUSAGE_SELF, &before);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(sum_of(rig, rig->mirror, "mirror.noted.get", 1), 600);
    assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 400 * 1024);     /* a sanitizer keeps what is freed for a while */
    check_sound(rig->mirror);
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
        { .kind = INPUT_ACCEPT_FORK, .who = rig->who, .command = id_at(rig, 1), .stream = "other" },
        { .kind = INPUT_COMMAND, .who = rig->who, .command = id_at(rig, 2), .method = "toy.account.add",
          .body = msg_encode_in(&rig->arena, &toy_add_desc, &breaks) },
    };
    assert_int_equal(machine_batch(rig->ledger, inputs, 2, &rig->arena, outcomes), ERR_OK);
    assert_int_equal(outcomes[0].kind, OUTCOME_REPLY);
    assert_string_equal(toy_reason(&outcomes[1], &rig->arena), "handler");
    assert_int_equal(machine_head(rig->ledger), 1);
    assert_int_equal(machine_follow(rig->ledger, "other", &rig->arena, &follow), ERR_OK);
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
        add(rig, i, 1, 10);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    machine_close(&rig->ledger);
    toy_remove(rig->dir);
    rig->dir = toy_dir();
    rig->time.wall += MOMENT_SECOND;
    open_ledger(rig);                                       /* another history altogether */
    add(rig, 7, 1, 3);
    assert_int_equal(toy_follow_once(rig->ledger, rig->mirror, 100, false, &rig->arena).kind, OUTCOME_STOPPED);
    assert_int_equal(machine_forked(rig->mirror, "toy"), ERR_OK);
    toy_follow(rig->ledger, rig->mirror, &rig->arena);
    assert_int_equal(sum_of(rig, rig->mirror, "mirror.total.get", 1), 3);
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
    add(rig, 1, 1, 10);
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
    open_ledger(rig);
}

static void commands_one_by_one_after_an_unclean_end_and_a_crasher_is_refused(void **state)
{
    struct rig *rig = *state;
    struct machine_health health;
    add(rig, 1, 1, 1);
    for (int crash = 0; crash < 2; crash++) {               /* it crashes while its id is noted */
        machine_drop(&rig->ledger);
        open_ledger(rig);
        machine_health(rig->ledger, &health);
        assert_true(health.careful);
        struct txn txn;
        struct uuid id = id_at(rig, 66);
        struct key key = key_of_uuid(&id), count = key_of_u64((uint64_t)crash + 1);
        txn_begin(&txn, machine_store(rig->ledger), TXN_WRITE);
        txn_put(&txn, TABLE_TROUBLE, key_bytes(&key), key_bytes(&count));
        assert_int_equal(txn_end(&txn), ERR_OK);
    }
    struct outcome outcome = add(rig, 66, 1, 1);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "crashed_before");
    struct uuid done = id_at(rig, 1);                       /* what has its verdict is never refused */
    struct key done_key = key_of_uuid(&done), often = key_of_u64(9);
    struct txn noted;
    txn_begin(&noted, machine_store(rig->ledger), TXN_WRITE);
    txn_put(&noted, TABLE_TROUBLE, key_bytes(&done_key), key_bytes(&often));
    assert_int_equal(txn_end(&noted), ERR_OK);
    assert_int_equal(add(rig, 1, 1, 1).kind, OUTCOME_REPLY);
    for (unsigned i = 100; i < 200; i++)
        assert_int_equal(add(rig, i, 2, 1).kind, OUTCOME_REPLY);
    machine_health(rig->ledger, &health);
    assert_false(health.careful);
}

static void batches_of_nothing_do_not_end_the_careful_time(void **state)
{
    struct rig *rig = *state;
    struct machine_health health;
    struct outcome none;
    add(rig, 1, 1, 1);
    machine_drop(&rig->ledger);
    open_ledger(rig);
    for (int i = 0; i < 200; i++)
        assert_int_equal(machine_batch(rig->ledger, NULL, 0, &rig->arena, &none), ERR_OK);
    machine_health(rig->ledger, &health);
    assert_true(health.careful);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_same_id_gets_the_same_answer_and_no_second_effect),
        TEST(a_refusal_is_kept_like_any_verdict),
        TEST(a_command_that_changes_nothing_is_a_verdict_too),
        TEST(what_is_no_verdict_is_not_kept),
        TEST(ids_older_than_400_days_are_expired),
        TEST(a_handler_that_fails_spoils_nothing_else),
        TEST(a_follower_takes_each_entry_once),
        TEST(after_makes_a_service_that_is_behind_say_busy),
        TEST(a_timer_fires_once_late_or_not_and_survives_a_crash),
        TEST(a_timer_that_fails_is_put_aside_and_the_rest_goes_on),
        TEST(a_clock_that_jumped_waits_for_an_operator),
        TEST(a_rebuilt_state_equals_the_live_one_and_a_new_version_rebuilds),
        TEST(rebuilding_notices_a_state_that_is_not_the_fold),
        TEST(a_restored_backup_is_a_fork),
        TEST(a_restore_that_fails_leaves_no_store),
        TEST(nothing_is_reacted_to_twice_however_old),
        TEST(a_reply_too_long_to_be_kept_is_refused),
        TEST(reactions_give_back_what_they_needed),
        TEST(an_accepted_fork_is_accepted_beside_a_command_that_fails),
        TEST(a_projection_alone_makes_itself_again_after_a_fork),
        TEST(an_event_unknown_under_a_subscribed_prefix_stops_that_follower),
        TEST(a_store_is_opened_once_and_by_its_own_service),
        TEST(commands_one_by_one_after_an_unclean_end_and_a_crasher_is_refused),
        TEST(batches_of_nothing_do_not_end_the_careful_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
