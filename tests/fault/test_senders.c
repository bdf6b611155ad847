/* A sender with a queue, a network that loses, repeats and overtakes, a service that dies and is restored from backups,
 * and copies of the sender at any moment: the order is kept, nothing happens twice, and one copy at most gets in.
 *
 * Each run comes from its seed. After every step the journal is read again and held against the queues:
 *   prefix    what the journal has of a queue is its beginning, in its order, each command once
 *   one copy  of two queues that differ, one alone has come in beyond the place where they part (but for what an
 *             operator has taken)
 *   no alarm  a sender without a copy is never called one
 * At the end the network heals, an operator takes what is held, and everything of every queue is there. */
#include "common/service/chain.h"
#include "common/service/machine_parts.h"
#include "tests/unit/machine_rig.h"

#define RUNS     150
#define STEPS    500
#define SENDERS  4
#define QUEUE    50
#define POOL     48
#define WINDOW   6

enum kind { PLAIN, REFUSED, FAILS, DENIED };           /* the last two never get a verdict: they are left out */
struct item { struct uuid id; enum kind kind; bool settled, out; };
enum place { LIVE, HELD, DONE };
struct mail { uint32_t sender, item; struct uuid lane, previous; };
struct sender_model {
    struct item queue[QUEUE];
    uint32_t n, base;                       /* base: where its lane begins */
    struct uuid lane, incarnation;
    enum place place;
    bool taken;
};
struct world {
    struct rig *rig;
    struct prng prng;
    struct sender_model sender[SENDERS];
    uint32_t senders;
    struct mail pool[POOL];
    uint32_t mails;
    unsigned ids, dirs;
    char dir[300], backup[300];
    bool has_backup, calm;
    uint64_t step, seed, refused_copies;
};

static bool one_in(struct world *w, uint32_t n) { return prng_below(&w->prng, n) == 0; }

static _Noreturn void violation(struct world *w, const char *what, uint32_t sender)
{
    fail_msg("seed %llu, step %llu, sender %u: %s", (unsigned long long)w->seed, (unsigned long long)w->step, sender, what);
    abort();
}

/* ── the service ──────────────────────────────────────────────────────────── */

static void service_open(struct world *w)
{
    struct machine_options options = toy_options(w->dir, &w->rig->time);
    options.no_sync = true;                 /* no power is cut here */
    assert_int_equal(machine_open(&w->rig->ledger, &toy_ledger_service, &options), ERR_OK);
}

static struct sender_standing check(struct world *w, const struct uuid *lane)
{
    struct sender_check body = { *lane };
    struct sender_standing standing;
    struct outcome outcome;
    machine_senders(w->rig->ledger, SENDERS_CHECK, &w->rig->who, msg_encode_in(&w->rig->arena, &sender_check_desc, &body),
                    &w->rig->arena, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    toy_decode(&sender_standing_desc, outcome.body, &standing, &w->rig->arena);
    return standing;
}

static struct uuid fresh(struct world *w)
{
    w->rig->time.wall += MOMENT_MS, w->rig->time.boot += MOMENT_MS;
    return rig_id(w->rig, ++w->ids);
}

static bool say(struct world *w, enum input_kind kind, const struct msg_desc *desc, const void *body)
{
    struct input input = { .kind = kind, .who = w->rig->who, .command = fresh(w), .body = msg_encode_in(&w->rig->arena, desc, body) };
    struct outcome outcome;
    assert_int_equal(machine_batch(w->rig->ledger, &input, 1, &w->rig->arena, &outcome), ERR_OK);
    return outcome.kind == OUTCOME_REPLY;
}

static void backup(struct world *w)
{
    snprintf(w->backup, sizeof w->backup, "%s/b%u", w->rig->dir2, w->dirs++);
    assert_int_equal(store_backup(machine_store(w->rig->ledger), w->backup), ERR_OK);
    w->has_backup = true;
}

static void restore(struct world *w)
{
    char says[400];
    machine_close(&w->rig->ledger);
    snprintf(w->dir, sizeof w->dir, "%s/d%u", w->rig->dir2, w->dirs++);
    assert_int_equal(machine_restore(&toy_ledger_service, w->backup, w->dir, says), ERR_OK);
    service_open(w);
}

/* ── senders, as the protocol tells them to be ────────────────────────────── */

static int64_t place_of(const struct sender_model *s, const struct uuid *id)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (uuid_equal(&s->queue[i].id, id))
            return i;
    return -1;
}

static void unsettle(struct sender_model *s, uint32_t from)
{
    for (uint32_t i = from; i < s->n; i++)
        s->queue[i].settled = false;
}

static struct uuid previous_of(const struct sender_model *s, uint32_t item)
{
    while (item-- > 0)
        if (!s->queue[item].out)
            return s->queue[item].id;
    return UUID_NIL;
}

/* A lane of its own for what it holds: all that has no answer, or everything when the answers were another incarnation's. */
static void hold(struct world *w, struct sender_model *s, const struct uuid *incarnation)
{
    if (!uuid_equal(&s->incarnation, incarnation))
        unsettle(s, 0);
    s->incarnation = *incarnation;
    s->base = 0;
    while (s->base < s->n && s->queue[s->base].settled)
        s->base++;
    s->place = DONE;
    uint64_t left = 0;
    struct sender_hold body = { 0 };
    for (uint32_t i = s->base; i < s->n; i++)
        if (!s->queue[i].out) {
            body.last = s->queue[i].id;
            left++;
        }
    if (left == 0)
        return;
    body.lane = s->lane = fresh(w);
    body.after = previous_of(s, s->base);
    body.count = left;
    s->place = HELD;
    assert_true(say(w, INPUT_SENDER_HOLD, &sender_hold_desc, &body));
}

static void ask(struct world *w, struct sender_model *s)
{
    struct sender_standing at = check(w, &s->lane);
    bool mine = at.state == SENDER_LIVE || at.state == SENDER_TAKEN || at.state == SENDER_CLOSED;
    int64_t head = uuid_is_nil(&at.head) ? (int64_t)s->base - 1 : place_of(s, &at.head);

    if (mine && (head >= 0 || uuid_is_nil(&at.head))) {
        s->incarnation = at.incarnation;
        for (uint32_t i = s->base; i < s->n; i++)
            s->queue[i].settled = i <= head;
        if (at.state == SENDER_TAKEN)
            s->taken = true;
        s->place = at.state == SENDER_LIVE ? LIVE : at.state == SENDER_TAKEN ? HELD : DONE;
    } else if (at.state == SENDER_UNKNOWN && uuid_is_nil(&at.live_lane) && s->place == LIVE) {
        s->incarnation = at.incarnation;
        unsettle(s, s->base);
    } else if (at.state != SENDER_HELD) {
        if (w->senders == 1)
            violation(w, "called a copy, and there is none", 0);
        w->refused_copies++;
        hold(w, s, &at.incarnation);
    }
}

static void hear(struct world *w, struct sender_model *s, const struct mail *mail, const struct outcome *outcome)
{
    struct item *item = &s->queue[mail->item];
    const char *reason = toy_reason(outcome, &w->rig->arena);

    if (item->settled || item->out || !uuid_equal(&mail->lane, &s->lane))
        return;
    if (outcome->has_position) {
        item->settled = true;
        s->incarnation = outcome->position.incarnation;
    } else if (strcmp(reason, "handler") == 0 || strcmp(reason, "out_of_reach") == 0)
        item->out = true;
    else if (strcmp(reason, "predecessor_missing") == 0)
        ask(w, s);
    else if (strcmp(reason, "second_copy") == 0) {
        if (w->senders == 1)
            violation(w, "refused as a copy, and there is none", mail->sender);
        ask(w, s);
    } else
        violation(w, reason, mail->sender);
}

static bool mail_of(struct world *w, uint32_t sender, uint32_t ahead, struct mail *mail)
{
    struct sender_model *s = &w->sender[sender];
    uint32_t i = s->base;
    while (i < s->n && (s->queue[i].settled || s->queue[i].out || ahead-- > 0))
        i++;
    if (i == s->n || s->place == DONE)
        return false;
    *mail = (struct mail){ sender, i, s->lane, previous_of(s, i) };
    return true;
}

static void make(struct world *w, struct sender_model *s)
{
    if (s->place != LIVE || s->n == QUEUE)
        return;
    uint64_t draw = prng_below(&w->prng, 20);
    s->queue[s->n++] = (struct item){ .id = fresh(w), .kind = draw == 0 ? FAILS : draw == 1 ? DENIED : draw < 4 ? REFUSED : PLAIN };
}

/* ── the network ──────────────────────────────────────────────────────────── */

static struct input input_of(struct world *w, const struct mail *mail)
{
    static const uint64_t amount[] = { [PLAIN] = 1, [REFUSED] = 5000, [FAILS] = 13, [DENIED] = 1 };
    const struct item *item = &w->sender[mail->sender].queue[mail->item];
    struct toy_add body = { .account = 1, .amount = amount[item->kind] };
    if (item->kind == DENIED)
        body.owner = (struct uuid){ { 9 } };
    return (struct input){ .kind = INPUT_COMMAND, .who = w->rig->who, .command = item->id, .lane = mail->lane,
                           .previous = mail->previous, .method = "toy.account.add",
                           .body = msg_encode_in(&w->rig->arena, &toy_add_desc, &body) };
}

static void arrive(struct world *w, const struct mail *mails, uint32_t n)
{
    struct input input[POOL];
    struct outcome outcome[POOL];
    struct machine_health health;
    machine_health(w->rig->ledger, &health);
    for (uint32_t i = 0; i < n; i++)
        input[i] = input_of(w, &mails[i]);
    for (uint32_t i = 0, together = health.careful ? 1 : n; i < n; i += together)
        assert_int_equal(machine_batch(w->rig->ledger, input + i, together, &w->rig->arena, outcome + i), ERR_OK);
    for (uint32_t i = 0; i < n; i++)
        if (w->calm || !one_in(w, 5))
            hear(w, &w->sender[mails[i].sender], &mails[i], &outcome[i]);
}

static void deliver(struct world *w)
{
    struct mail batch[POOL];
    uint32_t n = 0, most = 1 + (uint32_t)prng_below(&w->prng, 8);
    while (n < most && w->mails > 0) {
        uint32_t i = (uint32_t)prng_below(&w->prng, w->mails);
        batch[n++] = w->pool[i];
        if (!one_in(w, 4))                  /* else it comes once more, some time */
            w->pool[i] = w->pool[--w->mails];
        if (one_in(w, 8))
            n--;                            /* lost */
    }
    arrive(w, batch, n);
}

/* ── what must hold ───────────────────────────────────────────────────────── */

struct history { struct uuid id[2048]; uint32_t n; };

static void history_read(struct world *w, struct history *h)
{
    struct entry entry;
    struct txn txn;
    uint64_t head = machine_head(w->rig->ledger);
    h->n = 0;
    txn_begin(&txn, machine_store(w->rig->ledger), TXN_READ);
    for (uint64_t i = 1; i <= head && h->n < 2048; i++)
        if (journal_get(&txn, i, &w->rig->arena, &entry, NULL) && entry.method != NULL && strcmp(entry.method, "toy.account.add") == 0)
            h->id[h->n++] = entry.cause->command;
    assert_int_equal(txn_end(&txn), ERR_OK);
}

/* How far the journal has its queue; its order and that nothing is left out, on the way. */
static uint32_t prefix_of(struct world *w, const struct history *h, uint32_t sender)
{
    const struct sender_model *s = &w->sender[sender];
    uint32_t next = 0;
    for (uint32_t i = 0; i < h->n; i++) {
        int64_t at = place_of(s, &h->id[i]);
        if (at < 0)
            continue;
        while (next < s->n && s->queue[next].kind >= FAILS)
            next++;
        if (at != next)
            violation(w, at < next ? "a command has happened twice, or after a later one" : "a command was left out", sender);
        next++;
    }
    return next;
}

/* What a queue has at that place may have come in by another copy of it, that was taken. */
static bool taken_by(const struct world *w, const struct sender_model *s, uint32_t at)
{
    for (uint32_t i = 0; i < w->senders; i++)
        if (w->sender[i].taken && w->sender[i].n > at && uuid_equal(&w->sender[i].queue[at].id, &s->queue[at].id))
            return true;
    return false;
}

static void look(struct world *w)
{
    static struct history h;
    uint32_t prefix[SENDERS];
    history_read(w, &h);
    for (uint32_t i = 0; i < w->senders; i++)
        prefix[i] = prefix_of(w, &h, i);
    for (uint32_t a = 0; a < w->senders; a++)
        for (uint32_t b = a + 1; b < w->senders; b++) {
            uint32_t same = 0;
            while (same < w->sender[a].n && same < w->sender[b].n && uuid_equal(&w->sender[a].queue[same].id, &w->sender[b].queue[same].id))
                same++;
            if (prefix[a] > same && prefix[b] > same && !taken_by(w, &w->sender[a], same) && !taken_by(w, &w->sender[b], same))
                violation(w, "two copies have come in", b);
        }
}

/* ── a run ────────────────────────────────────────────────────────────────── */

static void take_held(struct world *w)
{
    for (uint32_t i = 0; i < w->senders; i++)
        if (w->sender[i].place == HELD && check(w, &w->sender[i].lane).state == SENDER_HELD) {
            struct sender_accept accept = { w->rig->who.id, w->sender[i].lane, SENDER_TAKE };
            w->sender[i].taken = true;
            assert_true(say(w, INPUT_SENDER_ACCEPT, &sender_accept_desc, &accept));
        }
}

static void step(struct world *w)
{
    struct sender_model *s = &w->sender[prng_below(&w->prng, w->senders)];
    struct mail mail;
    uint64_t draw = prng_below(&w->prng, 1000);

    if (draw < 180)
        make(w, s);
    else if (draw < 600) {
        if (w->mails < POOL && mail_of(w, (uint32_t)(s - w->sender), (uint32_t)prng_below(&w->prng, WINDOW), &mail))
            w->pool[w->mails++] = mail;
    } else if (draw < 960)
        deliver(w);
    else if (draw < 970) {
        machine_drop(&w->rig->ledger);
        service_open(w);
    } else if (draw < 980)
        backup(w);
    else if (draw < 984 && w->has_backup)
        restore(w);
    else if (draw < 988 && w->senders < SENDERS && w->seed % 3 != 0 && s->place == LIVE)
        w->sender[w->senders++] = *s;       /* yesterday's disk image */
    else if (draw < 992)
        take_held(w);
    if (w->mails > 0 || draw >= 960)
        look(w);
}

static void heal(struct world *w)
{
    w->calm = true;
    w->mails = 0;
    for (int round = 0; round < 4; round++)
        for (uint32_t i = 0; i < w->senders; i++) {
            struct mail mail;
            ask(w, &w->sender[i]);
            take_held(w);
            for (int n = 0; mail_of(w, i, 0, &mail); n++) {
                if (n > 3 * QUEUE)
                    violation(w, "it does not come to an end", i);
                arrive(w, &mail, 1);
                take_held(w);
                look(w);
            }
        }
}

static void all_is_there(struct world *w)
{
    static struct history h;
    uint64_t checked, bad;
    const char *why;
    bool same;
    history_read(w, &h);
    for (uint32_t i = 0; i < w->senders; i++) {
        uint32_t n = prefix_of(w, &h, i);
        while (n < w->sender[i].n && w->sender[i].queue[n].kind >= FAILS)
            n++;
        if (n != w->sender[i].n)
            violation(w, "something of its queue is missing", i);
    }
    assert_int_equal(machine_verify(w->rig->ledger, &checked, &bad, &why), ERR_OK);
    assert_int_equal(machine_rebuild(w->rig->ledger, false, &same), ERR_OK);
    assert_true(same);
}

static uint64_t run(uint64_t seed)
{
    void *state;
    struct world *w = calloc(1, sizeof *w);
    rig_set_up(&state);
    w->rig = state;
    w->seed = seed;
    prng_seed(&w->prng, seed);
    w->rig->who.reach = (struct reach){ .n = 1, .id = { { { 8 } } } };
    snprintf(w->dir, sizeof w->dir, "%s", w->rig->dir);
    machine_close(&w->rig->ledger);
    service_open(w);
    w->senders = 1;
    w->sender[0].lane = fresh(w);
    for (w->step = 0; w->step < STEPS; w->step++) {
        step(w);
        arena_reset(&w->rig->arena);
    }
    heal(w);
    all_is_there(w);
    uint64_t refused = w->refused_copies;
    free(w);
    rig_tear_down(&state);
    return refused;
}

static void order_is_kept_and_one_copy_alone_gets_in(void **state)
{
    const char *only = getenv("SENDERS_SEED");
    const char *most = getenv("SENDERS_RUNS");
    uint64_t refused = 0, runs = most != NULL ? strtoull(most, NULL, 10) : RUNS;
    (void)state;
    log_open("senders", LOG_ERROR + 1);     /* what is said of copies is said a thousand times here */
    if (only != NULL) {
        run(strtoull(only, NULL, 10));
        return;
    }
    for (uint64_t seed = 1; seed <= runs; seed++)
        refused += run(seed);
    assert_true(refused > runs / 4);        /* copies there were */
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(order_is_kept_and_one_copy_alone_gets_in) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
