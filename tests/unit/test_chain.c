/* Chained commands, row by row: what runs, what waits, what is refused, and what an operator may say. */
#include <fcntl.h>
#include <unistd.h>

#include "common/service/chain.h"
#include "tests/unit/machine_rig.h"

#define LANE(n) ((struct uuid){ { 0x1a, 0xae, (n) } })

struct sent { struct uuid lane, previous, command; uint64_t amount; };

static void assert_same(struct uuid a, struct uuid b)
{
    assert_memory_equal(&a, &b, sizeof a);
}

static struct input input_of(struct rig *rig, const struct sent *sent)
{
    struct toy_add body = { .account = 1, .amount = sent->amount > 0 ? sent->amount : 1 };
    return (struct input){ .kind = INPUT_COMMAND, .who = rig->who, .command = sent->command, .lane = sent->lane,
                           .previous = sent->previous, .method = "toy.account.add",
                           .body = msg_encode_in(&rig->arena, &toy_add_desc, &body) };
}

static const char *send(struct rig *rig, struct sent sent)
{
    struct input input = input_of(rig, &sent);
    struct outcome outcome;
    assert_int_equal(machine_batch(rig->ledger, &input, 1, &rig->arena, &outcome), ERR_OK);
    return toy_reason(&outcome, &rig->arena);
}

#define assert_sent(rig, reason, lane_, previous_, command_) \
    assert_string_equal(send(rig, (struct sent){ .lane = lane_, .previous = previous_, .command = command_ }), reason)

static struct sender_standing check(struct rig *rig, struct uuid lane)
{
    struct sender_check body = { lane };
    struct sender_standing standing;
    struct outcome outcome;
    machine_senders(rig->ledger, SENDERS_CHECK, &rig->who, msg_encode_in(&rig->arena, &sender_check_desc, &body),
                    &rig->arena, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    toy_decode(&sender_standing_desc, outcome.body, &standing, &rig->arena);
    return standing;
}

static void assert_stands(struct rig *rig, struct uuid lane, enum sender_state state, struct uuid head)
{
    struct sender_standing standing = check(rig, lane);
    assert_int_equal(standing.state, state);
    assert_true(uuid_equal(&standing.head, &head));
}

static struct outcome said(struct rig *rig, enum input_kind kind, struct uuid command, const struct msg_desc *desc, const void *body)
{
    struct input input = { .kind = kind, .who = rig->who, .command = command, .body = msg_encode_in(&rig->arena, desc, body) };
    struct outcome outcome;
    assert_int_equal(machine_batch(rig->ledger, &input, 1, &rig->arena, &outcome), ERR_OK);
    return outcome;
}

static const char *hold(struct rig *rig, struct uuid lane, struct uuid last, uint64_t count)
{
    struct sender_count list = { "toy.account.add", count };
    struct sender_hold body = { .lane = lane, .last = last, .count = count, .list = { 1, &list } };
    struct outcome outcome = said(rig, INPUT_SENDER_HOLD, rig_id(rig, 9000), &sender_hold_desc, &body);
    return toy_reason(&outcome, &rig->arena);
}

static const char *say_accept(struct rig *rig, unsigned n, struct uuid lane, enum sender_how how)
{
    struct sender_accept body = { rig->who.id, lane, how };
    struct outcome outcome = said(rig, INPUT_SENDER_ACCEPT, rig_id(rig, n), &sender_accept_desc, &body);
    return toy_reason(&outcome, &rig->arena);
}

static struct uuid id(struct rig *rig, unsigned n) { return rig_id(rig, n); }

/* Lane 1 with commands 1, 2, 3. */
static void begin(struct rig *rig)
{
    assert_sent(rig, "", LANE(1), UUID_NIL, id(rig, 1));
    assert_sent(rig, "", LANE(1), id(rig, 1), id(rig, 2));
    assert_sent(rig, "", LANE(1), id(rig, 2), id(rig, 3));
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 3));
}

static void a_command_waits_for_the_one_before_it(void **state)
{
    struct rig *rig = *state;
    assert_sent(rig, "predecessor_missing", LANE(1), id(rig, 1), id(rig, 2));       /* nothing of the lane yet */
    assert_stands(rig, LANE(1), SENDER_UNKNOWN, UUID_NIL);
    begin(rig);
    assert_sent(rig, "predecessor_missing", LANE(1), id(rig, 4), id(rig, 5));
    assert_sent(rig, "", LANE(1), id(rig, 3), id(rig, 4));
    assert_sent(rig, "", LANE(1), id(rig, 4), id(rig, 5));
    assert_sent(rig, "", LANE(1), id(rig, 2), id(rig, 3));                          /* known: the old answer, and no step back */
    assert_sent(rig, "", LANE(1), id(rig, 77), id(rig, 1));
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 5));
    assert_int_equal(rig_sum(rig, rig->ledger, "toy.account.get", 1), 5);
    rig_check(rig->ledger);
}

static void a_predecessor_may_stand_in_the_same_batch(void **state)
{
    struct rig *rig = *state;
    struct sent sent[] = {
        { LANE(1), UUID_NIL, id(rig, 1), 0 }, { LANE(1), id(rig, 1), id(rig, 2), 0 },
        { LANE(1), id(rig, 3), id(rig, 4), 0 },                                     /* too early: its turn is after the next */
        { LANE(1), id(rig, 2), id(rig, 3), 13 },                                    /* apply fails: the batch is done again without it */
        { LANE(1), id(rig, 3), id(rig, 5), 0 }, { LANE(1), id(rig, 2), id(rig, 6), 0 },
    };
    const char *reasons[] = { "", "", "predecessor_missing", "handler", "predecessor_missing", "" };
    struct input input[6];
    struct outcome outcome[6];
    for (size_t i = 0; i < 6; i++)
        input[i] = input_of(rig, &sent[i]);
    assert_int_equal(machine_batch(rig->ledger, input, 6, &rig->arena, outcome), ERR_OK);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(toy_reason(&outcome[i], &rig->arena), reasons[i]);
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 6));
}

static void a_refusal_is_a_step_and_what_is_no_verdict_is_none(void **state)
{
    struct rig *rig = *state;
    struct toy_add reach = { .account = 1, .amount = 1, .owner = LANE(9) };
    begin(rig);
    assert_string_equal(send(rig, (struct sent){ LANE(1), id(rig, 3), id(rig, 4), 5000 }), "over_limit");
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 4));
    assert_string_equal(send(rig, (struct sent){ LANE(1), id(rig, 4), id(rig, 5), 13 }), "handler");
    struct sent denied = { LANE(1), id(rig, 4), id(rig, 5), 1 };
    struct input input = input_of(rig, &denied);
    struct outcome outcome;
    input.who.reach = (struct reach){ .n = 1, .id = { LANE(8) } };
    input.body = msg_encode_in(&rig->arena, &toy_add_desc, &reach);
    assert_int_equal(machine_batch(rig->ledger, &input, 1, &rig->arena, &outcome), ERR_OK);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    input.body = bytes("\x81", 1);
    assert_int_equal(machine_batch(rig->ledger, &input, 1, &rig->arena, &outcome), ERR_OK);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "message");
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 4));
    assert_sent(rig, "predecessor_missing", LANE(1), id(rig, 5), id(rig, 6));       /* it was left out, so … */
    assert_sent(rig, "", LANE(1), id(rig, 4), id(rig, 6));                          /* … the next names the one before it */
}

static void a_second_copy_is_refused_counted_and_listed(void **state)
{
    struct rig *rig = *state;
    struct machine_health health;
    begin(rig);
    assert_sent(rig, "second_copy", LANE(1), id(rig, 2), id(rig, 20));              /* yesterday's image: another third */
    assert_sent(rig, "second_copy", LANE(1), UUID_NIL, id(rig, 21));
    assert_sent(rig, "second_copy", LANE(2), UUID_NIL, id(rig, 22));                /* a new lane beside the live one */
    assert_sent(rig, "second_copy", LANE(2), id(rig, 3), id(rig, 23));
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 3));
    machine_health(rig->ledger, &health);
    assert_int_equal(health.second_copies, 4);
    assert_same(check(rig, LANE(2)).live_lane, LANE(1));
    assert_int_equal(rig_sum(rig, rig->ledger, "toy.account.get", 1), 3);
    /* A predecessor that is so old that it can never come is not waited for. */
    struct uuid ancient = uuid_v7((rig->time.wall - 401 * MOMENT_DAY) / MOMENT_MS, LANE(3).b);
    assert_sent(rig, "second_copy", LANE(1), ancient, id(rig, 24));
    /* Another principal has lanes of its own. */
    rig->who = toy_principal(ROLE_CONSOLE);
    assert_sent(rig, "", LANE(1), UUID_NIL, id(rig, 1));
}

/* Lines with this word that fd 2 got into `file` since it was turned there. */
static unsigned lines_with(const char *file, const char *word)
{
    char line[2048];
    unsigned n = 0;
    FILE *log = fopen(file, "r");
    assert_non_null(log);
    while (fgets(line, sizeof line, log) != NULL)
        n += strstr(line, word) != NULL;
    fclose(log);
    return n;
}

/* A copy is seen in the log, and one that makes up a lane for each command does not fill it. */
static void a_copy_with_ever_new_lanes_does_not_fill_the_log(void **state)
{
    struct rig *rig = *state;
    char file[] = "/tmp/rsnms-log.XXXXXX";
    int log = mkstemp(file), err = dup(STDERR_FILENO);
    assert_true(log >= 0 && err >= 0);
    begin(rig);
    dup2(log, STDERR_FILENO);
    for (unsigned i = 0; i < 200; i++)
        send(rig, (struct sent){ .lane = LANE(2 + i), .previous = UUID_NIL, .command = id(rig, 20 + i) });
    dup2(err, STDERR_FILENO);
    close(err);
    close(log);
    assert_in_range(lines_with(file, "second copy"), 1, SENDER_LANES_MAX);
    unlink(file);
}

static struct sender_rows list_page(struct rig *rig, struct sender_list ask)
{
    struct sender_rows rows;
    struct outcome outcome;
    machine_senders(rig->ledger, SENDERS_LIST, &rig->who, msg_encode_in(&rig->arena, &sender_list_desc, &ask), &rig->arena, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    toy_decode(&sender_rows_desc, outcome.body, &rows, &rig->arena);
    return rows;
}

static void what_a_copy_holds_is_taken_as_far_as_it_said(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    assert_string_equal(hold(rig, LANE(1), id(rig, 30), 3), "lane_is_live");
    assert_string_equal(hold(rig, LANE(2), id(rig, 30), 3), "");
    assert_string_equal(hold(rig, LANE(2), id(rig, 22), 3), "");                    /* said again: written again */
    assert_sent(rig, "second_copy", LANE(2), UUID_NIL, id(rig, 20));
    struct sender_rows rows = list_page(rig, (struct sender_list){ 0 });
    assert_int_equal(rows.list.n, 2);
    assert_int_equal(rows.list.at[1].state, SENDER_HELD);
    assert_int_equal(rows.list.at[1].count, 3);
    assert_int_equal(rows.list.at[1].list.at[0].count, 3);
    assert_true(rows.list.at[1].refused > 0);
    assert_string_equal(say_accept(rig, 100, LANE(3), SENDER_TAKE), "no_such_lane");
    assert_string_equal(say_accept(rig, 100, LANE(1), SENDER_TAKE), "lane_is_live");
    assert_string_equal(say_accept(rig, 100, LANE(2), SENDER_TAKE), "");
    uint64_t head = machine_head(rig->ledger);
    assert_string_equal(say_accept(rig, 100, LANE(2), SENDER_TAKE), "");            /* again: the same answer, no second entry */
    assert_int_equal(machine_head(rig->ledger), head);
    assert_string_equal(say_accept(rig, 101, LANE(2), SENDER_TAKE), "lane_not_held");
    assert_string_equal(hold(rig, LANE(2), id(rig, 99), 50), "");                   /* too late to hold more */
    assert_same(check(rig, LANE(2)).last, id(rig, 22));
    /* It begins with a command that the live one has sent too, and both send on. */
    assert_sent(rig, "", LANE(2), UUID_NIL, id(rig, 3));
    assert_sent(rig, "", LANE(1), id(rig, 3), id(rig, 4));
    assert_sent(rig, "predecessor_missing", LANE(2), id(rig, 21), id(rig, 22));
    assert_sent(rig, "", LANE(2), id(rig, 3), id(rig, 21));
    assert_stands(rig, LANE(2), SENDER_TAKEN, id(rig, 21));
    assert_sent(rig, "", LANE(2), id(rig, 21), id(rig, 22));
    assert_stands(rig, LANE(2), SENDER_CLOSED, id(rig, 22));
    assert_sent(rig, "second_copy", LANE(2), id(rig, 22), id(rig, 23));             /* nothing beyond what it said */
    assert_sent(rig, "", LANE(2), id(rig, 21), id(rig, 22));
    assert_sent(rig, "", LANE(1), id(rig, 4), id(rig, 5));
    rig_check(rig->ledger);
}

static void a_taken_lane_whose_end_is_known_already_closes_too(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    assert_string_equal(hold(rig, LANE(2), id(rig, 3), 2), "");
    assert_string_equal(say_accept(rig, 100, LANE(2), SENDER_TAKE), "");
    assert_sent(rig, "", LANE(2), UUID_NIL, id(rig, 2));
    assert_sent(rig, "", LANE(2), id(rig, 2), id(rig, 3));
    assert_stands(rig, LANE(2), SENDER_CLOSED, id(rig, 3));
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 3));
}

static void a_lane_that_begins_in_the_middle_is_never_taken_for_a_new_sender(void **state)
{
    struct rig *rig = *state;
    struct sender_hold body = { .lane = LANE(2), .after = id(rig, 2), .last = id(rig, 22), .count = 2 };
    assert_sent(rig, "predecessor_missing", LANE(2), id(rig, 2), id(rig, 21));      /* a service that knows of neither */
    begin(rig);
    struct outcome outcome = said(rig, INPUT_SENDER_HOLD, rig_id(rig, 9000), &sender_hold_desc, &body);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    assert_stands(rig, LANE(2), SENDER_HELD, id(rig, 2));
    assert_string_equal(say_accept(rig, 100, LANE(2), SENDER_TAKE), "");
    assert_sent(rig, "second_copy", LANE(2), UUID_NIL, id(rig, 21));
    assert_sent(rig, "", LANE(2), id(rig, 2), id(rig, 21));
    assert_sent(rig, "", LANE(2), id(rig, 21), id(rig, 22));
    assert_stands(rig, LANE(2), SENDER_CLOSED, id(rig, 22));
}

static void a_copy_can_be_put_in_the_place_of_the_live_one(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    assert_string_equal(hold(rig, LANE(2), id(rig, 22), 2), "");
    assert_string_equal(say_accept(rig, 100, LANE(2), SENDER_REPLACE), "");
    assert_stands(rig, LANE(1), SENDER_CLOSED, id(rig, 3));
    assert_sent(rig, "second_copy", LANE(1), id(rig, 3), id(rig, 4));
    assert_sent(rig, "", LANE(2), UUID_NIL, id(rig, 21));
    assert_sent(rig, "", LANE(2), id(rig, 21), id(rig, 22));
    assert_sent(rig, "", LANE(2), id(rig, 22), id(rig, 23));
    assert_string_equal(say_accept(rig, 101, LANE(2), SENDER_REPLACE), "lane_is_live");
    assert_string_equal(say_accept(rig, 102, LANE(1), SENDER_REPLACE), "");         /* and back again */
    assert_sent(rig, "second_copy", LANE(2), id(rig, 23), id(rig, 24));
    assert_sent(rig, "", LANE(1), id(rig, 3), id(rig, 4));
    rig_check(rig->ledger);
}

static void rows_of_one_principal_stay_few(void **state)
{
    struct rig *rig = *state;
    uint32_t in[sender_state_count] = { 0 };
    begin(rig);
    for (uint8_t n = 0; n < 200; n++) {
        rig->time.wall += MOMENT_SECOND, rig->time.boot += MOMENT_SECOND;
        assert_string_equal(hold(rig, LANE(2 + n), id(rig, 22), 2), "");
        if (n <= SENDER_LANES_MAX)          /* one more than there is room for: the oldest is closed */
            assert_string_equal(say_accept(rig, 1000 + n, LANE(2 + n), SENDER_TAKE), "");
        else if (n % 3 == 0)
            assert_string_equal(say_accept(rig, 1000 + n, LANE(2 + n), SENDER_REPLACE), "");
    }
    struct sender_rows rows = list_page(rig, (struct sender_list){ 0 });
    for (uint32_t i = 0; i < rows.list.n; i++)
        in[rows.list.at[i].state]++;
    assert_int_equal(in[SENDER_LIVE], 1);
    assert_int_equal(in[SENDER_HELD], SENDER_LANES_MAX);
    assert_int_equal(in[SENDER_TAKEN], SENDER_LANES_MAX);
    assert_int_equal(in[SENDER_CLOSED], SENDER_LANES_MAX);
    /* In pages it is the same. */
    struct sender_list ask = { .limit = 5 };
    uint32_t n = 0;
    for (struct sender_rows page = { .more = true }; page.more;) {
        page = list_page(rig, ask);
        n += page.list.n;
        ask.after_principal = page.list.at[page.list.n - 1].principal;
        ask.after_lane = page.list.at[page.list.n - 1].lane;
    }
    assert_int_equal(n, rows.list.n);
}

static void lanes_are_in_the_backup_and_outlive_a_rebuild(void **state)
{
    struct rig *rig = *state;
    char backup[300], dir[300], says[400];
    bool same;
    begin(rig);
    assert_string_equal(hold(rig, LANE(2), id(rig, 22), 2), "");
    snprintf(backup, sizeof backup, "%s/backup", rig->dir2);
    snprintf(dir, sizeof dir, "%s/restored", rig->dir2);
    assert_int_equal(store_backup(machine_store(rig->ledger), backup), ERR_OK);
    assert_sent(rig, "", LANE(1), id(rig, 3), id(rig, 4));
    assert_sent(rig, "", LANE(1), id(rig, 4), id(rig, 5));
    assert_int_equal(machine_rebuild(rig->ledger, true, &same), ERR_OK);
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 5));
    struct uuid before = check(rig, LANE(1)).incarnation;
    machine_close(&rig->ledger);
    assert_int_equal(machine_restore(&toy_ledger_service, backup, dir, says), ERR_OK);
    struct machine_options options = toy_options(dir, &rig->time);
    assert_int_equal(machine_open(&rig->ledger, &toy_ledger_service, &options), ERR_OK);
    /* The sender goes on where it was, learns that the service is not, and sends again from there. */
    assert_sent(rig, "predecessor_missing", LANE(1), id(rig, 5), id(rig, 6));
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 3));
    struct uuid now = check(rig, LANE(1)).incarnation;
    assert_false(uuid_equal(&now, &before));
    assert_int_equal(check(rig, LANE(2)).state, SENDER_HELD);
    assert_sent(rig, "", LANE(1), id(rig, 3), id(rig, 4));
    assert_sent(rig, "", LANE(1), id(rig, 4), id(rig, 5));
    assert_sent(rig, "", LANE(1), id(rig, 5), id(rig, 6));
    assert_int_equal(rig_sum(rig, rig->ledger, "toy.account.get", 1), 6);
    rig_check(rig->ledger);
}

static void an_unclean_end_changes_nothing_for_a_lane(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    machine_drop(&rig->ledger);
    rig_open_ledger(rig);                   /* careful now: batches of one */
    assert_sent(rig, "", LANE(1), id(rig, 2), id(rig, 3));
    assert_sent(rig, "predecessor_missing", LANE(1), id(rig, 4), id(rig, 5));
    assert_sent(rig, "", LANE(1), id(rig, 3), id(rig, 4));
    assert_sent(rig, "second_copy", LANE(1), id(rig, 2), id(rig, 20));
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 4));
}

static void commands_that_expired_are_left_out_of_the_chain(void **state)
{
    struct rig *rig = *state;
    struct uuid first = id(rig, 1), second = id(rig, 2), third = id(rig, 3);
    assert_sent(rig, "", LANE(1), UUID_NIL, first);
    assert_sent(rig, "", LANE(1), first, second);
    rig->time.wall += 401 * MOMENT_DAY, rig->time.boot += 401 * MOMENT_DAY;
    assert_sent(rig, "command_id", LANE(1), second, third);                         /* a year in a drawer */
    assert_sent(rig, "", LANE(1), second, id(rig, 4));                              /* the old head still counts */
    for (unsigned n = 5; n < 30; n++)                                               /* verdicts of that age go */
        assert_sent(rig, "", LANE(1), id(rig, n - 1), id(rig, n));
    assert_sent(rig, "second_copy", LANE(1), first, id(rig, 50));
    assert_sent(rig, "command_id", LANE(1), id(rig, 29), LANE(7));
    assert_sent(rig, "command_id", LANE(1), LANE(7), id(rig, 51));
}

static void another_body_under_a_known_id_is_no_step(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    assert_sent(rig, "", UUID_NIL, UUID_NIL, id(rig, 4));
    assert_string_equal(send(rig, (struct sent){ LANE(1), id(rig, 3), id(rig, 4), 2 }), "command_id_reused");
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 3));
    assert_sent(rig, "", LANE(1), id(rig, 3), id(rig, 5));
}

static void without_a_lane_nothing_is_chained(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    assert_sent(rig, "", UUID_NIL, id(rig, 77), id(rig, 10));
    assert_sent(rig, "", UUID_NIL, UUID_NIL, id(rig, 11));
    assert_stands(rig, LANE(1), SENDER_LIVE, id(rig, 3));
}

static void accepting_a_clock_keeps_its_verdict(void **state)
{
    struct rig *rig = *state;
    struct input input = { .kind = INPUT_ACCEPT_CLOCK, .who = rig->who, .command = id(rig, 1) };
    struct outcome first, again;
    rig->time.wall += 3600 * MOMENT_SECOND;
    assert_int_equal(machine_batch(rig->ledger, &input, 1, &rig->arena, &first), ERR_OK);
    assert_int_equal(machine_batch(rig->ledger, &input, 1, &rig->arena, &again), ERR_OK);
    assert_int_equal(first.kind, OUTCOME_REPLY);
    assert_true(first.has_position && again.has_position);
    assert_int_equal(first.position.number, again.position.number);
    assert_int_equal(machine_head(rig->ledger), first.position.number);
    assert_sent(rig, "", LANE(1), UUID_NIL, id(rig, 2));
    /* The old word does not stand for a new jump. */
    rig->time.wall += 3600 * MOMENT_SECOND;
    assert_int_equal(machine_batch(rig->ledger, &input, 1, &rig->arena, &again), ERR_OK);
    assert_sent(rig, "clock", LANE(1), id(rig, 2), id(rig, 3));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_command_waits_for_the_one_before_it), TEST(a_predecessor_may_stand_in_the_same_batch),
        TEST(a_refusal_is_a_step_and_what_is_no_verdict_is_none), TEST(a_second_copy_is_refused_counted_and_listed),
        TEST(a_copy_with_ever_new_lanes_does_not_fill_the_log),
        TEST(what_a_copy_holds_is_taken_as_far_as_it_said), TEST(a_taken_lane_whose_end_is_known_already_closes_too),
        TEST(a_lane_that_begins_in_the_middle_is_never_taken_for_a_new_sender),
        TEST(a_copy_can_be_put_in_the_place_of_the_live_one), TEST(rows_of_one_principal_stay_few),
        TEST(lanes_are_in_the_backup_and_outlive_a_rebuild), TEST(an_unclean_end_changes_nothing_for_a_lane),
        TEST(commands_that_expired_are_left_out_of_the_chain), TEST(another_body_under_a_known_id_is_no_step), TEST(without_a_lane_nothing_is_chained),
        TEST(accepting_a_clock_keeps_its_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
