#include "tests/unit/toy.h"

MSG_DEFINE(toy_add, TOY_ADD_FIELDS)
MSG_DEFINE(toy_added, TOY_ADDED_FIELDS)
MSG_DEFINE(toy_sum, TOY_SUM_FIELDS)
MSG_DEFINE(toy_which, TOY_WHICH_FIELDS)

/* ── ledger ───────────────────────────────────────────────────────────────── */
enum { T_ACCOUNTS = TABLE_OWN };
static const struct table_def LEDGER_TABLES[] = { { "accounts", TABLE_STATE } };

static struct toy_sum sum_get(struct ctx *ctx, table_t table, uint64_t account)
{
    struct key key = key_of_u64(account);
    struct toy_sum sum = { 0 };
    txn_get_msg(ctx->txn, table, key_bytes(&key), &toy_sum_desc, ctx->arena, &sum);
    return sum;
}

static void sum_add(struct ctx *ctx, table_t table, uint64_t account, uint64_t amount)
{
    struct key key = key_of_u64(account);
    struct toy_sum sum = sum_get(ctx, table, account);
    sum.sum += amount;
    sum.count++;
    txn_put_msg(ctx->txn, table, key_bytes(&key), &toy_sum_desc, &sum);
}

static enum verdict decide_add(struct ctx *ctx, const void *command)
{
    const struct toy_add *add = command;
    struct toy_sum sum = sum_get(ctx, T_ACCOUNTS, add->account);
    if (!uuid_is_nil(&add->owner) && !may_reach(ctx, &add->owner, 1))
        return refuse(ctx, PROBLEM_DENIED, "out_of_reach");
    if (sum.sum + add->amount > 1000)
        return refuse(ctx, PROBLEM_CONFLICT, "over_limit");
    if (add->amount > 0) {
        struct toy_added added = { add->account, add->amount, add->note, add->close_at };
        emit(ctx, "toy.account.added", &added, &add->owner, uuid_is_nil(&add->owner) ? 0 : 1);
    }
    sum.sum += add->amount;
    reply(ctx, &sum);
    return VERDICT_OK;
}

static void apply_added(struct ctx *ctx, const void *event)
{
    const struct toy_added *added = event;
    struct uuid key = uuid_derive("account", bytes(&added->account, sizeof added->account));
    if (added->amount == 13)
        txn_fail(ctx->txn, ERR_CORRUPT);
    sum_add(ctx, T_ACCOUNTS, added->account, added->amount);
    if (added->close_at != 0)
        timer_set(ctx, "close", &key, added->close_at);
}

static enum verdict fire_close(struct ctx *ctx, const struct uuid *key, moment_t due)
{
    struct toy_added closed = { .account = 999999, .amount = 1, .note = "closed" };
    (void)key, (void)due;
    emit(ctx, "toy.account.added", &closed, NULL, 0);
    return VERDICT_OK;
}

static enum verdict query_sum(struct ctx *ctx, const void *query)
{
    const struct toy_which *which = query;
    struct toy_sum sum = sum_get(ctx, T_ACCOUNTS, which->account);
    reply(ctx, &sum);
    return VERDICT_OK;
}

static const struct command_def LEDGER_COMMANDS[] = {
    { "toy.account.add", &toy_add_desc, &toy_sum_desc, ROLE(ROLE_OPERATOR) | ROLE(ROLE_CONSOLE), decide_add, NULL },
};
static const struct event_def LEDGER_EVENTS[] = { { "toy.account.added", 1, &toy_added_desc, apply_added } };
static const struct query_def LEDGER_QUERIES[] = {
    { "toy.account.get", &toy_which_desc, &toy_sum_desc, ROLE(ROLE_OPERATOR), query_sum },
};
static const struct timer_def LEDGER_TIMERS[] = { { "close", fire_close } };
const struct service toy_ledger_service = {
    .name = "toy", .state_version = 1, .tables = LEDGER_TABLES, .table_count = 1,
    .commands = LEDGER_COMMANDS, .command_count = 1, .events = LEDGER_EVENTS, .event_count = 1,
    .queries = LEDGER_QUERIES, .query_count = 1, .timers = LEDGER_TIMERS, .timer_count = 1,
};

/* ── mirror ───────────────────────────────────────────────────────────────── */
enum { T_TOTALS = TABLE_OWN, T_NOTED };
static const struct table_def MIRROR_TABLES[] = { { "totals", TABLE_COPY }, { "noted", TABLE_STATE } };

static void project_added(struct ctx *ctx, const void *event)
{
    const struct toy_added *added = event;
    sum_add(ctx, T_TOTALS, added->account, added->amount);
}

static enum verdict react_added(struct ctx *ctx, const void *event)
{
    const struct toy_added *added = event;
    struct toy_added noted = { added->account, added->amount, NULL, 0 };
    emit(ctx, "mirror.deposit.noted", &noted, NULL, 0);
    return VERDICT_OK;
}

static void apply_noted(struct ctx *ctx, const void *event)
{
    const struct toy_added *noted = event;
    sum_add(ctx, T_NOTED, noted->account, noted->amount);
}

static enum verdict query_mirror(struct ctx *ctx, const void *query)
{
    const struct toy_which *which = query;
    struct toy_sum sum = sum_get(ctx, T_TOTALS, which->account);
    reply(ctx, &sum);
    return VERDICT_OK;
}

static enum verdict query_noted(struct ctx *ctx, const void *query)
{
    const struct toy_which *which = query;
    struct toy_sum sum = sum_get(ctx, T_NOTED, which->account);
    reply(ctx, &sum);
    return VERDICT_OK;
}

static const struct event_def MIRROR_EVENTS[] = { { "mirror.deposit.noted", 1, &toy_added_desc, apply_noted } };
static const struct query_def MIRROR_QUERIES[] = {
    { "mirror.total.get", &toy_which_desc, &toy_sum_desc, ROLE(ROLE_OPERATOR), query_mirror },
    { "mirror.noted.get", &toy_which_desc, &toy_sum_desc, ROLE(ROLE_OPERATOR), query_noted },
};
static const struct projection_def MIRROR_PROJECTIONS[] = { { "toy", "toy.account.added", 1, &toy_added_desc, project_added } };
static const struct reaction_def MIRROR_REACTIONS[] = { { "toy", "toy.account.added", 1, &toy_added_desc, react_added } };
const struct service toy_mirror_service = {
    .name = "mirror", .state_version = 1, .copy_version = 1, .tables = MIRROR_TABLES, .table_count = 2,
    .events = MIRROR_EVENTS, .event_count = 1, .queries = MIRROR_QUERIES, .query_count = 2,
    .projections = MIRROR_PROJECTIONS, .projection_count = 1, .reactions = MIRROR_REACTIONS, .reaction_count = 1,
};

/* ── the bench ────────────────────────────────────────────────────────────── */
static moment_t toy_wall(void *self) { return ((struct toy_time *)self)->wall; }
static moment_t toy_boot(void *self) { return ((struct toy_time *)self)->boot; }
static void toy_fill(void *self, void *at, size_t n) { prng_fill(&((struct toy_time *)self)->prng, at, n); }

struct machine_options toy_options(const char *dir, struct toy_time *time)
{
    if (time->wall == 0) {
        time->wall = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self);
        time->boot = 1000 * MOMENT_SECOND;
        prng_seed(&time->prng, 7);
    }
    return (struct machine_options){ .dir = dir, .clock = { toy_wall, toy_boot, time }, .random = { toy_fill, time },
                                     .map_size = (size_t)64 << 20 };
}

struct principal toy_principal(int role)
{
    struct principal who = { .role = role, .reach = { .all = true }, .name = "test" };
    who.id = uuid_derive("principal", bytes(&role, sizeof role));
    return who;
}

struct outcome toy_command(struct machine *machine, const struct principal *who, struct uuid id, const char *method,
                           const struct msg_desc *takes, const void *body, struct arena *arena)
{
    struct outcome outcome;
    struct input input = { .kind = INPUT_COMMAND, .who = *who, .command = id, .method = method,
                           .body = msg_encode_in(arena, takes, body) };
    assert_int_equal(machine_batch(machine, &input, 1, arena, &outcome), ERR_OK);
    return outcome;
}

struct outcome toy_ask(struct machine *machine, const struct principal *who, const char *method,
                       const struct msg_desc *takes, const void *body, struct arena *arena)
{
    struct outcome outcome;
    machine_query(machine, who, method, msg_encode_in(arena, takes, body), NULL, 0, arena, &outcome);
    return outcome;
}

struct outcome toy_follow_once(struct machine *from, struct machine *to, uint64_t entries, bool again, struct arena *arena)
{
    const char *stream = machine_service(from)->name;
    struct follow follow;
    struct feed_result result;
    struct outcome outcome = { 0 };
    struct buf *message = ARENA_NEW(arena, struct buf);
    assert_int_equal(machine_follow(to, stream, arena, &follow), ERR_OK);
    struct feed_wish wish = { .cursor = *follow.cursor, .prefixes = follow.prefixes.at, .prefix_count = follow.prefixes.n,
                              .reach = { .all = true }, .entries = entries, .bytes = follow.bytes };
    int err = machine_feed(from, &wish, arena, message, &result);
    if (err != ERR_OK) {
        outcome.kind = OUTCOME_STOPPED;
        return outcome;
    }
    struct input input = { .kind = INPUT_ENTRIES, .stream = stream, .body = arena_bytes(arena, buf_bytes(message)) };
    buf_free(message);
    for (int i = 0; i < 1 + again; i++)
        assert_int_equal(machine_batch(to, &input, 1, arena, &outcome), ERR_OK);
    return outcome;
}

uint64_t toy_follow(struct machine *from, struct machine *to, struct arena *arena)
{
    uint64_t steps = 0;
    for (;;) {
        struct follow before, after;
        assert_int_equal(machine_follow(to, machine_service(from)->name, arena, &before), ERR_OK);
        if (toy_follow_once(from, to, 1000, false, arena).kind != OUTCOME_TAKEN)
            return steps;
        assert_int_equal(machine_follow(to, machine_service(from)->name, arena, &after), ERR_OK);
        if (after.cursor->number == before.cursor->number)
            return steps;
        steps++;
    }
}

const char *toy_reason(const struct outcome *outcome, struct arena *arena)
{
    struct problem problem;
    if (outcome->kind == OUTCOME_REPLY || outcome->kind == OUTCOME_TAKEN)
        return "";
    toy_decode(&problem_desc, outcome->body, &problem, arena);
    return problem.reason;
}

void toy_decode(const struct msg_desc *desc, struct bytes body, void *out, struct arena *arena)
{
    struct msg_error error;
    assert_int_equal(msg_decode(desc, body, MSG_LENIENT, arena, out, &error), ERR_OK);
}

char *toy_dir(void)
{
    char name[] = "/tmp/rsnms-test-XXXXXX";
    assert_non_null(mkdtemp(name));
    return strdup(name);
}

void toy_remove(char *dir)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf -- '%s'", dir);
    assert_int_equal(system(command), 0);
    free(dir);
}
