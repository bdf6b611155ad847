#include "common/service/machine_parts.h"

/* Chained commands (chain.h): which may run now, and what an operator says about copies. */

#define ALARM_EVERY MOMENT_MINUTE

/* ── rows ─────────────────────────────────────────────────────────────────── */

static struct key sender_key(const struct uuid *principal, const struct uuid *lane)
{
    struct key key = key_of_uuid(principal);
    key_uuid(&key, lane);
    return key;
}

static bool sender_get(struct txn *txn, struct arena *arena, const struct uuid *principal, const struct uuid *lane,
                       struct sender *row)
{
    struct key key = sender_key(principal, lane);
    return txn_get_msg(txn, TABLE_SENDERS, key_bytes(&key), &sender_desc, arena, row);
}

static void sender_put(struct work *work, const struct sender *row)
{
    struct key key = sender_key(&row->principal, &row->lane);
    txn_put_msg(&work->txn, TABLE_SENDERS, key_bytes(&key), &sender_desc, row);
    work->wrote = true;
}

/* How many lanes of the principal are in that state; `oldest` gets the one that has not moved for longest. A principal
 * has a handful of rows: each state but live is bounded, and there is one live. */
static uint32_t senders_in(struct txn *txn, struct arena *arena, const struct uuid *principal, enum sender_state state,
                           struct sender *oldest)
{
    struct key prefix = key_of_uuid(principal);
    struct bytes key, value;
    struct msg_error error;
    struct scan scan;
    uint32_t n = 0;

    scan_begin(&scan, txn, TABLE_SENDERS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value)) {
        struct sender row;
        if (msg_decode(&sender_desc, value, MSG_LENIENT, arena, &row, &error) != ERR_OK) {
            txn_fail(txn, ERR_CORRUPT);
            break;
        }
        if (row.state != (int)state)
            continue;
        if (n++ == 0 || row.moved < oldest->moved)
            *oldest = row;
    }
    scan_end(&scan);
    return n;
}

static bool sender_live(struct txn *txn, struct arena *arena, const struct uuid *principal, struct sender *live)
{
    return senders_in(txn, arena, principal, SENDER_LIVE, live) > 0;
}

/* Before one more comes into that state. A closed lane that is forgotten is refused as an unknown one is, as long as
 * there is a live one; a held one that was pushed out says again what it holds. */
static void senders_make_room(struct work *work, const struct uuid *principal, enum sender_state state)
{
    struct sender oldest;
    while (senders_in(&work->txn, work->arena, principal, state, &oldest) >= SENDER_LANES_MAX &&
           work->txn.err == ERR_OK) {
        struct key key = sender_key(principal, &oldest.lane);
        txn_delete(&work->txn, TABLE_SENDERS, key_bytes(&key));
    }
}

static void sender_close(struct work *work, struct sender *row)
{
    senders_make_room(work, &row->principal, SENDER_CLOSED);
    row->state = SENDER_CLOSED;
    row->moved = work->now;
    sender_put(work, row);
}

/* ── may it run? ──────────────────────────────────────────────────────────── */

/* Under the lock. A principal has as many alarms as lanes can be held of it: one that makes up a lane for each command
 * takes its own again, with the time of its last line, and pushes out nobody's. */
static struct alarm *alarm_of(struct machine *m, const struct uuid *principal, const struct uuid *lane)
{
    struct alarm *oldest = NULL, *alarm;
    uint32_t own = 0;

    for (alarm = m->alarm; alarm < m->alarm + ALARMS_MAX; alarm++) {
        if (!uuid_equal(&alarm->principal, principal))
            continue;
        if (uuid_equal(&alarm->lane, lane))
            return alarm;
        if (own++ == 0 || alarm->refused < oldest->refused)
            oldest = alarm;
    }
    if (own >= SENDER_LANES_MAX) {
        oldest->lane = *lane;
        return oldest;
    }
    alarm = &m->alarm[m->next_alarm++ % ALARMS_MAX];
    *alarm = (struct alarm){ .principal = *principal, .lane = *lane };
    return alarm;
}

/* An operator has to see it, and a copy that tries all day must not fill the log. */
static struct bytes second_copy(struct work *work, const struct input *input)
{
    struct machine *m = work->machine;
    char principal[UUID_TEXT + 1], lane[UUID_TEXT + 1];

    work->second_copies++;
    pthread_mutex_lock(&m->lock);
    struct alarm *alarm = alarm_of(m, &input->who.id, &input->lane);
    bool silent = alarm->logged != 0 && work->now - alarm->logged < ALARM_EVERY && work->now >= alarm->logged;
    alarm->refused = work->now;
    if (!silent)
        alarm->logged = work->now;
    pthread_mutex_unlock(&m->lock);
    if (!silent) {
        uuid_format(&input->who.id, principal);
        uuid_format(&input->lane, lane);
        log_error("senders", "a second copy of %s (%s) is refused: lane %s, %s", input->who.name != NULL ? input->who.name : "?",
                  principal, lane, input->method);
    }
    return problem_simple(work->arena, PROBLEM_FORK, "second_copy", 0);
}

static struct bytes too_early(struct work *work)
{
    return problem_simple(work->arena, PROBLEM_BUSY, "predecessor_missing", SENDER_RETRY_MS);
}

/* Its predecessor is not the head. Has it been here, or can it not come any more? Then what stands after it is another
 * command than this one. */
static struct bytes out_of_turn(struct work *work, const struct input *input)
{
    uint64_t number;
    if (SABOTAGE("any_predecessor"))
        return bytes(NULL, 0);
    if (uuid_is_nil(&input->previous) || verdict_find(&work->txn, &input->previous, &input->who.id, &number) ||
        work->now - uuid_ms(&input->previous) * MOMENT_MS > VERDICT_KEEP)
        return SABOTAGE("two_copies") ? bytes(NULL, 0) : second_copy(work, input);
    return too_early(work);
}

struct bytes chain_check(struct work *work, const struct input *input, struct chain *chain)
{
    struct sender live;

    *chain = (struct chain){ .on = !uuid_is_nil(&input->lane) };
    if (!chain->on)
        return bytes(NULL, 0);
    if (!uuid_is_nil(&input->previous) && uuid_ms(&input->previous) < 0)
        return problem_simple(work->arena, PROBLEM_INVALID, "command_id", 0);
    if (!sender_get(&work->txn, work->arena, &input->who.id, &input->lane, &chain->row)) {
        chain->row = (struct sender){ .principal = input->who.id, .lane = input->lane, .state = SENDER_LIVE,
                                      .first = work->now };
        if (sender_live(&work->txn, work->arena, &input->who.id, &live) && !SABOTAGE("two_copies"))
            return second_copy(work, input);
        return uuid_is_nil(&input->previous) ? bytes(NULL, 0) : too_early(work);
    }
    if (chain->row.state != SENDER_LIVE && chain->row.state != SENDER_TAKEN)
        return second_copy(work, input);
    if (uuid_equal(&input->previous, &chain->row.head))
        return bytes(NULL, 0);
    return out_of_turn(work, input);
}

/* In the transaction of the verdict: neither is there without the other. */
void chain_move(struct work *work, const struct input *input, struct chain *chain)
{
    struct sender *row = &chain->row;

    if (!chain->on || work->txn.err != ERR_OK)
        return;
    row->head = input->command;
    row->moved = work->now;
    if (SABOTAGE("head_apart") && work->head.number % 5 == 0)
        return;
    if (row->state == SENDER_TAKEN && uuid_equal(&row->head, &row->last))
        sender_close(work, row);
    else
        sender_put(work, row);
}

/* A command that was answered before moves its lane all the same, when it is its turn: what a copy holds may begin
 * with what the live one has sent already. */
void chain_again(struct work *work, const struct input *input)
{
    struct chain chain = { .on = true };
    struct sender live;

    if (uuid_is_nil(&input->lane) || work->machine->no_room || work->machine->clock_suspect)
        return;
    if (sender_get(&work->txn, work->arena, &input->who.id, &input->lane, &chain.row)) {
        if ((chain.row.state != SENDER_LIVE && chain.row.state != SENDER_TAKEN) ||
            !uuid_equal(&input->previous, &chain.row.head))
            return;
    } else {
        if (!uuid_is_nil(&input->previous) || sender_live(&work->txn, work->arena, &input->who.id, &live))
            return;
        chain.row = (struct sender){ .principal = input->who.id, .lane = input->lane, .state = SENDER_LIVE,
                                     .first = work->now };
    }
    chain_move(work, input, &chain);
}

/* ── what is said about lanes ─────────────────────────────────────────────── */

static void answer(struct work *work, struct outcome *outcome, const struct msg_desc *gives, const void *body)
{
    outcome->kind = OUTCOME_REPLY;
    outcome->body = msg_encode_in(work->arena, gives, body);
}

static void refused(struct work *work, struct outcome *outcome, enum problem_code code, const char *reason)
{
    outcome->kind = OUTCOME_PROBLEM;
    outcome->body = problem_simple(work->arena, code, reason, 0);
}

static bool body_read(struct work *work, const struct input *input, const struct msg_desc *desc, void *body,
                      struct outcome *outcome)
{
    struct msg_error error;
    if (msg_decode(desc, input->body, MSG_STRICT, work->arena, body, &error) == ERR_OK)
        return true;
    outcome->kind = OUTCOME_PROBLEM;
    outcome->body = problem_of_message(work->arena, &error);
    return false;
}

static const char *behind_whom(struct machine *m, struct txn *txn)
{
    for (uint32_t i = 0; i < m->stream_count; i++)
        if (m->stream[i].projects && !cursor_caught_up(txn, m->stream[i].name))
            return m->stream[i].name;
    return NULL;
}

static struct sender_standing standing_of(struct machine *m, struct txn *txn, struct arena *arena,
                                          const struct uuid *principal, const struct uuid *lane)
{
    struct sender_standing standing = { .journal = m->meta.journal, .incarnation = m->meta.incarnation,
                                        .behind = behind_whom(m, txn) };
    struct sender row;
    if (sender_get(txn, arena, principal, lane, &row)) {
        standing.state = row.state;
        standing.head = row.head;
        standing.last = row.last;
    }
    if (sender_live(txn, arena, principal, &row))
        standing.live_lane = row.lane;
    return standing;
}

void sender_hold_run(struct work *work, const struct input *input, struct outcome *outcome)
{
    struct sender row = { 0 };
    struct sender_hold hold;

    if (!body_read(work, input, &sender_hold_desc, &hold, outcome))
        return;
    if (work->machine->no_room || work->machine->clock_suspect)
        return refused(work, outcome, PROBLEM_UNAVAILABLE, work->machine->no_room ? "no_space" : "clock");
    bool known = sender_get(&work->txn, work->arena, &input->who.id, &hold.lane, &row);
    if (uuid_is_nil(&hold.lane) || (known && row.state == SENDER_LIVE))
        return refused(work, outcome, PROBLEM_CONFLICT, "lane_is_live");
    if (!known) {
        senders_make_room(work, &input->who.id, SENDER_HELD);
        row = (struct sender){ .principal = input->who.id, .lane = hold.lane, .first = work->now };
    }
    if (!known || row.state == SENDER_HELD) {
        row.state = SENDER_HELD;
        row.moved = work->now;
        row.head = hold.after;
        row.last = hold.last;
        row.count = hold.count;
        row.from = hold.from;
        row.until = hold.until;
        row.list.n = hold.list.n;
        row.list.at = hold.list.at;
        sender_put(work, &row);
    }
    struct sender_standing standing = standing_of(work->machine, &work->txn, work->arena, &input->who.id, &hold.lane);
    answer(work, outcome, &sender_standing_desc, &standing);
}

/* NULL: it may. */
static const char *accept_refusal(const struct sender_accept *accept, const struct sender *row)
{
    if (row->state == SENDER_LIVE)
        return "lane_is_live";
    return accept->how == SENDER_TAKE && row->state != SENDER_HELD ? "lane_not_held" : NULL;
}

/* Before one more is taken. A copy that is still sending what it was taken for is told so, and says anew what it holds. */
static void close_oldest_taken(struct work *work, const struct uuid *principal)
{
    struct sender oldest;
    while (senders_in(&work->txn, work->arena, principal, SENDER_TAKEN, &oldest) >= SENDER_LANES_MAX && work->txn.err == ERR_OK)
        sender_close(work, &oldest);
}

void sender_accept_run(struct work *work, const struct input *input, struct outcome *outcome)
{
    struct sender_accept accept;
    struct sender row, live;
    const char *why;

    if (!body_read(work, input, &sender_accept_desc, &accept, outcome) || system_again(work, input, outcome))
        return;
    if (!sender_get(&work->txn, work->arena, &accept.principal, &accept.lane, &row))
        return refused(work, outcome, PROBLEM_NOT_FOUND, "no_such_lane");
    if ((why = accept_refusal(&accept, &row)) != NULL)
        return refused(work, outcome, PROBLEM_CONFLICT, why);
    if (accept.how == SENDER_REPLACE && sender_live(&work->txn, work->arena, &accept.principal, &live))
        sender_close(work, &live);
    if (accept.how == SENDER_TAKE)
        close_oldest_taken(work, &accept.principal);
    row.state = accept.how == SENDER_REPLACE ? SENDER_LIVE : SENDER_TAKEN;
    row.moved = work->now;
    if (row.state == SENDER_TAKEN && uuid_is_nil(&row.last))
        sender_close(work, &row);           /* it holds nothing here */
    else
        sender_put(work, &row);
    system_keep(work, input, ENTRY_SENDER_ACCEPTED, input->body, &accept.principal, outcome);
}

/* ── asking ───────────────────────────────────────────────────────────────── */

static void sender_check_answer(struct ctx *ctx, const struct sender_check *check, struct outcome *outcome)
{
    struct sender_standing standing = standing_of(ctx->machine, ctx->txn, ctx->arena, &ctx->who->id, &check->lane);
    outcome->body = msg_encode_in(ctx->arena, &sender_standing_desc, &standing);
}

static moment_t refused_at(struct machine *m, const struct sender *row)
{
    moment_t refused = 0;
    pthread_mutex_lock(&m->lock);
    for (uint32_t i = 0; i < ALARMS_MAX; i++)
        if (uuid_equal(&m->alarm[i].principal, &row->principal) && uuid_equal(&m->alarm[i].lane, &row->lane))
            refused = m->alarm[i].refused;
    pthread_mutex_unlock(&m->lock);
    return refused;
}

static void sender_list_answer(struct ctx *ctx, const struct sender_list *ask, struct outcome *outcome)
{
    uint32_t most = ask->limit == 0 || ask->limit > SENDER_PAGE_MAX ? SENDER_PAGE_MAX : (uint32_t)ask->limit;
    struct sender_rows page = { .list.at = ARENA_LIST(ctx->arena, struct sender, most) };
    struct key after = sender_key(&ask->after_principal, &ask->after_lane);
    struct bytes key, value;
    struct msg_error error;
    struct scan scan;

    scan_begin(&scan, ctx->txn, TABLE_SENDERS, bytes(NULL, 0));
    if (!uuid_is_nil(&ask->after_principal))
        scan_after(&scan, key_bytes(&after));
    while (scan_next(&scan, &key, &value)) {
        if ((page.more = page.list.n == most))
            break;
        struct sender *row = &page.list.at[page.list.n++];
        if (msg_decode(&sender_desc, value, MSG_LENIENT, ctx->arena, row, &error) != ERR_OK)
            txn_fail(ctx->txn, ERR_CORRUPT);
        else
            row->refused = refused_at(ctx->machine, row);
    }
    scan_end(&scan);
    outcome->body = msg_encode_in(ctx->arena, &sender_rows_desc, &page);
}

/* A page of full lists could pass a frame: fewer rows then. */
static void list_fitting(struct ctx *ctx, struct sender_list *ask, struct outcome *outcome)
{
    sender_list_answer(ctx, ask, outcome);
    for (uint64_t most = SENDER_PAGE_MAX / 2; outcome->body.n > MSG_BYTES_MAX && most > 0; most /= 2) {
        ask->limit = most;
        sender_list_answer(ctx, ask, outcome);
    }
}

void machine_senders(struct machine *machine, enum senders_ask what, const struct principal *who, struct bytes body,
                     struct arena *arena, struct outcome *outcome)
{
    const struct msg_desc *takes = what == SENDERS_CHECK ? &sender_check_desc : &sender_list_desc;
    union { struct sender_check check; struct sender_list list; } ask;
    struct msg_error error;
    struct txn txn;
    struct ctx ctx = { .txn = &txn, .arena = arena, .who = who, .machine = machine };

    *outcome = (struct outcome){ .kind = OUTCOME_REPLY };
    if (msg_decode(takes, body.n > 0 ? body : bytes("\x80", 1), MSG_STRICT, arena, &ask, &error) != ERR_OK) {
        outcome->kind = OUTCOME_PROBLEM;
        outcome->body = problem_of_message(arena, &error);
        return;
    }
    txn_begin(&txn, machine->store, TXN_READ);
    if (what == SENDERS_CHECK)
        sender_check_answer(&ctx, &ask.check, outcome);
    else
        list_fitting(&ctx, &ask.list, outcome);
    if (txn_end(&txn) != ERR_OK) {
        outcome->kind = OUTCOME_PROBLEM;
        outcome->body = problem_simple(arena, PROBLEM_INTERNAL, "store", 0);
    }
}
