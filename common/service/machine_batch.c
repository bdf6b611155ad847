#include "common/service/machine_parts.h"

/* One batch: decide, journal, apply, commit; then, and only then, the outcomes. */

static void note_appended(struct work *work, struct bytes stored)
{
    if (work->appended_n == work->appended_room) {
        size_t room = work->appended_room == 0 ? 64 : work->appended_room * 2;
        struct bytes *more = ARENA_LIST(work->arena, struct bytes, room);
        if (work->appended_n > 0)
            memcpy(more, work->appended, work->appended_n * sizeof *more);
        work->appended = more;
        work->appended_room = room;
    }
    work->appended[work->appended_n++] = arena_bytes(work->arena, stored);
}

static void write_entry(struct work *work, struct entry *entry)
{
    struct machine *m = work->machine;
    journal_append(&work->txn, &work->head, &m->meta.journal, entry);
    if (m->engine != NULL && work->txn.err == ERR_OK) {
        struct bytes stored;
        struct hash hash;
        if (journal_raw(&work->txn, entry->number, &stored, &hash))
            note_appended(work, stored);
    }
    entry_apply(m, &work->txn, work->arena, entry);
    work->wrote = true;
}

void group_write(struct work *work, struct decision *decision, const struct origin *origin, struct bytes answer)
{
    struct entry_cause cause = origin->cause;
    uint64_t group = work->head.number + 1;

    for (uint32_t i = 0; i < decision->count && work->txn.err == ERR_OK; i++) {
        struct emitted *e = &decision->list[i];
        struct entry entry = {
            .number = work->head.number + 1, .group = group, .last = i + 1 == decision->count,
            .moment = work->now, .made_at = origin->made_at, .event = e->name,
            .version = e->def != NULL ? e->def->version : 1, .who = origin->who, .actor = origin->actor,
            .scope = { e->scope_n, (struct uuid *)(uintptr_t)e->scope }, .cause = &cause, .body = e->body,
        };
        if (entry.last && origin->ask.n > 0) {
            entry.ask = origin->ask;
            entry.method = origin->method;
            entry.reply = answer;
        }
        write_entry(work, &entry);
    }
    if (origin->ask.n > 0)
        verdict_keep(&work->txn, &origin->cause.command, &origin->who, work->head.number);
}

/* The events of common/ change no state, but for a timer's and what a service makes of a fork. */
static bool is_frame_event(const char *name)
{
    return strcmp(name, ENTRY_REFUSED) == 0 || strcmp(name, ENTRY_UNCHANGED) == 0 ||
           strcmp(name, ENTRY_CLOCK_ACCEPTED) == 0 || strcmp(name, ENTRY_RESTORED) == 0 ||
           strcmp(name, ENTRY_SENDER_ACCEPTED) == 0;
}

static void apply_forked(struct ctx *ctx, const struct service *service, const struct entry *entry)
{
    struct stream_named named;
    struct msg_error error;
    if (service->forked == NULL)
        return;
    if (msg_decode(&stream_named_desc, entry->body, MSG_LENIENT, ctx->arena, &named, &error) != ERR_OK)
        txn_fail(ctx->txn, ERR_CORRUPT);
    else
        service->forked(ctx, named.stream);
}

void entry_apply(struct machine *machine, struct txn *txn, struct arena *arena, const struct entry *entry)
{
    const struct event_def *def = machine_event(machine, entry->event);
    struct ctx ctx = { .txn = txn, .arena = arena, .config = machine->config, .now = entry->moment,
                       .entry = entry, .machine = machine };
    struct msg_error error;

    if (txn->err != ERR_OK || is_frame_event(entry->event))
        return;
    if (strcmp(entry->event, ENTRY_FIRED) == 0) {
        timer_apply_fired(&ctx, entry);
    } else if (strcmp(entry->event, ENTRY_FORK_ACCEPTED) == 0) {
        apply_forked(&ctx, machine->service, entry);
    } else if (def == NULL || entry->version > def->version) {
        txn_fail(txn, ERR_NEWER);
    } else {
        void *event = arena_alloc(arena, def->body->size);
        if (msg_decode(def->body, entry->body, MSG_LENIENT, arena, event, &error) != ERR_OK)
            txn_fail(txn, ERR_CORRUPT);
        else
            def->apply(&ctx, event);
    }
}

/* ── one command ──────────────────────────────────────────────────────────── */

static void answer_problem(struct outcome *outcome, struct bytes body)
{
    outcome->kind = OUTCOME_PROBLEM;
    outcome->body = body;
}

static void set_position(const struct machine *m, struct outcome *outcome, uint64_t number)
{
    outcome->position = (struct position){ m->meta.journal, m->meta.incarnation, number };
    outcome->has_position = true;
}

static struct hash request_hash(const struct machine *m, const char *method, const struct input *input)
{
    struct hash_key key;
    struct hash_state state;
    memcpy(key.b, m->ask_key, sizeof key.b);
    hash_start(&state, &key);
    hash_more(&state, method, strlen(method) + 1);
    hash_more(&state, input->who.actor.b, sizeof input->who.actor.b);
    hash_more(&state, input->body.at, input->body.n);
    return hash_end(&state);
}

/* The verdict that this id was given before: true, and the same answer again. A reading of personal data is
 * repeated for a sender whose answer was lost, not for one who would read on without a new entry. */
static bool answer_again(struct work *work, const struct input *input, const struct command_def *def,
                         const struct hash *ask, struct outcome *outcome)
{
    struct entry entry;
    uint64_t number;
    if (SABOTAGE("forget_verdict") || !verdict_find(&work->txn, &input->command, &input->who.id, &number) ||
        !journal_get(&work->txn, number, work->arena, &entry, NULL))
        return false;
    if (!bytes_equal(entry.ask, bytes(ask->b, sizeof ask->b))) {
        answer_problem(outcome, problem_simple(work->arena, PROBLEM_CONFLICT, "command_id_reused", 0));
        return true;
    }
    set_position(work->machine, outcome, number);
    if (def->answer != NULL && work->now - entry.moment > READING_AGAIN) {
        answer_problem(outcome, problem_simple(work->arena, PROBLEM_EXPIRED, "reading_over", 0));
        return true;
    }
    outcome->kind = strcmp(entry.event, ENTRY_REFUSED) == 0 ? OUTCOME_PROBLEM : OUTCOME_REPLY;
    outcome->body = entry.reply;
    return true;
}

/* Reasons to turn a command away that are no verdict: nothing is kept, the sender may ask again. */
static struct bytes turn_away(struct work *work, const struct input *input, const struct command_def *def)
{
    struct machine *m = work->machine;
    int64_t age_ms = work->now / MOMENT_MS - uuid_ms(&input->command);

    if (def == NULL)
        return problem_simple(work->arena, PROBLEM_INVALID, "unknown_method", 0);
    if ((def->roles & ROLE(input->who.role)) == 0)
        return problem_simple(work->arena, PROBLEM_DENIED, "role", 0);
    if (!uuid_is_nil(&input->who.actor) && input->who.role != ROLE_CONSOLE)
        return problem_simple(work->arena, PROBLEM_DENIED, "actor", 0);
    if (uuid_ms(&input->command) < 0)
        return problem_simple(work->arena, PROBLEM_INVALID, "command_id", 0);
    if (m->clock_suspect)
        return problem_simple(work->arena, PROBLEM_UNAVAILABLE, "clock", 60000);
    if (age_ms * MOMENT_MS > VERDICT_KEEP)
        return problem_simple(work->arena, PROBLEM_EXPIRED, "command_id", 0);
    if (-age_ms * MOMENT_MS > VERDICT_KEEP)
        return problem_simple(work->arena, PROBLEM_INVALID, "command_id", 0);
    return bytes(NULL, 0);
}

static bool is_no_verdict(enum problem_code code)
{
    return code == PROBLEM_DENIED || code == PROBLEM_BUSY || code == PROBLEM_UNAVAILABLE ||
           code == PROBLEM_DEADLINE || code == PROBLEM_INTERNAL;
}

/* Writes what decide has come to: the events with the reply, or the refusal. False: it is no verdict. */
static bool keep_verdict(struct work *work, struct decision *decision, const struct origin *origin,
                         struct outcome *outcome)
{
    struct bytes answer = decision->reply;
    outcome->kind = OUTCOME_REPLY;
    if (decision->problem != NULL) {
        answer = problem_encode(work->arena, decision->problem);
        answer_problem(outcome, answer);
        if (is_no_verdict(decision->problem->code))
            return false;
    }
    if (decision->problem != NULL || decision->count == 0) {
        struct uuid *scope = arena_copy(work->arena, &origin->who, sizeof origin->who);
        decision->count = 0;
        decision_add(decision, work->arena, (struct emitted){
            NULL, decision->problem != NULL ? ENTRY_REFUSED : ENTRY_UNCHANGED, bytes("", 0), scope, 1 });
    }
    group_write(work, decision, origin, decision->passing && decision->problem == NULL ? bytes(NULL, 0) : answer);
    outcome->body = answer;
    set_position(work->machine, outcome, work->head.number);
    return true;
}

void command_run(struct work *work, const struct input *input, struct outcome *outcome)
{
    struct machine *m = work->machine;
    const struct command_def *def = machine_command(m, input->method);
    struct bytes away = turn_away(work, input, def);
    struct hash ask = request_hash(m, input->method, input);
    struct msg_error error;
    struct chain chain;

    if (away.n > 0)
        return answer_problem(outcome, away);
    if (answer_again(work, input, def, &ask, outcome)) {
        if (outcome->has_position)          /* not for another body under its id */
            chain_again(work, input);
        return;
    }
    if ((away = chain_check(work, input, &chain)).n > 0 || work->txn.err != ERR_OK)
        return answer_problem(outcome, away);
    if (m->no_room)
        return answer_problem(outcome, problem_simple(work->arena, PROBLEM_UNAVAILABLE, "no_space", 5000));
    if (!positions_reached(m, work->head.number, input->after, input->after_count))
        return answer_problem(outcome, problem_simple(work->arena, PROBLEM_BUSY, "behind", 50));

    void *command = arena_alloc(work->arena, def->takes->size);
    if (msg_decode(def->takes, input->body.n > 0 ? input->body : bytes("\x80", 1), MSG_STRICT,
                   work->arena, command, &error) != ERR_OK)
        return answer_problem(outcome, problem_of_message(work->arena, &error));

    struct decision *decision = ARENA_NEW(work->arena, struct decision);
    decision->gives = def->gives;
    decision->passing = def->answer != NULL;
    struct ctx ctx = { .txn = &work->txn, .arena = work->arena, .config = m->config, .who = &input->who,
                       .now = work->now, .today = work->today, .made_at = input->made_at,
                       .command = input->command, .machine = m, .decision = decision };
    struct origin origin = { .who = input->who.id, .actor = input->who.actor, .made_at = input->made_at,
                             .cause.command = input->command, .ask = bytes(ask.b, sizeof ask.b), .method = def->name };
    if (def->decide(&ctx, command) == VERDICT_OK && (decision->too_large || decision->bytes > ENTRY_GROUP_BYTES || decision->reply.n > MSG_BYTES_MAX))
        refuse(&ctx, PROBLEM_TOO_LARGE, "too_much_for_one_command");
    FAILPOINT("after_decide");
    if (work->txn.err == ERR_OK && keep_verdict(work, decision, &origin, outcome))
        chain_move(work, input, &chain);
}

/* Readings of personal data: the entry stands, now the answer is built from the state and not kept, unless decide has built it. */
static void build_answers(struct work *work, const struct input *inputs, size_t count, struct outcome *outcomes)
{
    struct machine *m = work->machine;
    for (size_t i = 0; i < count; i++) {
        const struct command_def *def = inputs[i].kind == INPUT_COMMAND && outcomes[i].kind == OUTCOME_REPLY
                                      ? machine_command(m, inputs[i].method) : NULL;
        struct msg_error error;
        struct entry entry;
        struct txn txn;
        if (def == NULL || def->answer == NULL || outcomes[i].body.n > 0)
            continue;
        struct decision decision = { .gives = def->gives };
        struct ctx ctx = { .txn = &txn, .arena = work->arena, .config = m->config, .who = &inputs[i].who,
                           .now = work->now, .today = work->today, .command = inputs[i].command,
                           .machine = m, .decision = &decision };
        void *command = arena_alloc(work->arena, def->takes->size);
        txn_begin(&txn, m->store, TXN_READ);
        if (journal_get(&txn, outcomes[i].position.number, work->arena, &entry, NULL))
            ctx.entry = &entry;
        if (ctx.entry == NULL || msg_decode(def->takes, inputs[i].body, MSG_STRICT, work->arena, command, &error) != ERR_OK ||
            def->answer(&ctx, command) == VERDICT_REFUSED)
            answer_problem(&outcomes[i], decision.problem != NULL ? problem_encode(work->arena, decision.problem)
                           : problem_simple(work->arena, PROBLEM_INTERNAL, "answer", 0));
        else
            outcomes[i].body = decision.reply;
        if (txn_end(&txn) != ERR_OK)
            answer_problem(&outcomes[i], problem_simple(work->arena, PROBLEM_INTERNAL, "store", 0));
    }
}

/* ── the batch ────────────────────────────────────────────────────────────── */

/* The clock as it reads; a step back of less than CLOCK_JUMP is smoothed over, more is for an operator. */
static void look_around(struct machine *m, struct work *work)
{
    moment_t wall = m->clock.wall(m->clock.self);
    bool suspect = clock_jumped(m);
    bool no_room = !store_has_room(m->store);

    if (suspect && !m->clock_suspect)
        log_error("clock", "it jumped: commands wait until an operator accepts it");
    if (no_room && !m->no_room)
        log_error("store", "no space left: commands are turned away, reading goes on");
    pthread_mutex_lock(&m->lock);
    m->clock_suspect = suspect;
    m->no_room = no_room;
    pthread_mutex_unlock(&m->lock);
    work->now = wall > m->head.moment || suspect ? wall : m->head.moment;
    work->today = day_of_moment(work->now, m->zone);
}

/* The method's part in the hash of a request to common/ itself. */
static const char *const SYSTEM_ASKED[] = {
    [INPUT_ACCEPT_FORK] = ENTRY_FORK_ACCEPTED, [INPUT_ACCEPT_CLOCK] = ENTRY_CLOCK_ACCEPTED,
    [INPUT_SENDER_ACCEPT] = ENTRY_SENDER_ACCEPTED,
};

bool system_again(struct work *work, const struct input *input, struct outcome *outcome)
{
    static const struct command_def none = { 0 };
    struct machine *m = work->machine;
    struct hash ask = request_hash(m, SYSTEM_ASKED[input->kind], input);
    int64_t age_ms = work->now / MOMENT_MS - uuid_ms(&input->command);

    if (uuid_ms(&input->command) < 0)
        answer_problem(outcome, problem_simple(work->arena, PROBLEM_INVALID, "command_id", 0));
    else if (answer_again(work, input, &none, &ask, outcome) || work->txn.err != ERR_OK)
        return true;
    else if (!m->clock_suspect && age_ms * MOMENT_MS > VERDICT_KEEP)
        answer_problem(outcome, problem_simple(work->arena, PROBLEM_EXPIRED, "command_id", 0));
    else
        return false;
    return true;
}

void system_keep(struct work *work, const struct input *input, const char *event, struct bytes body,
                 const struct uuid *scope, struct outcome *outcome)
{
    struct decision *decision = ARENA_NEW(work->arena, struct decision);
    struct hash ask = request_hash(work->machine, SYSTEM_ASKED[input->kind], input);
    struct origin origin = { .who = input->who.id, .cause.command = input->command, .made_at = input->made_at,
                             .ask = arena_bytes(work->arena, bytes(ask.b, sizeof ask.b)), .method = SYSTEM_ASKED[input->kind] };

    decision_add(decision, work->arena, (struct emitted){ NULL, event, body, scope, scope != NULL });
    outcome->kind = OUTCOME_REPLY;
    outcome->body = bytes("\x80", 1);
    group_write(work, decision, &origin, outcome->body);
    set_position(work->machine, outcome, work->head.number);
}

static void accept_clock(struct work *work, const struct input *input, struct outcome *outcome)
{
    struct machine *m = work->machine;

    if (system_again(work, input, outcome))
        return;
    work->now = m->clock.wall(m->clock.self);
    work->clock_accepted = true;
    system_keep(work, input, ENTRY_CLOCK_ACCEPTED, bytes("\x80", 1), NULL, outcome);
}

static void run_input(struct work *work, const struct input *input, struct outcome *outcome)
{
    switch (input->kind) {
    case INPUT_COMMAND:      command_run(work, input, outcome); break;
    case INPUT_ENTRIES:      entries_take(work, input, outcome); break;
    case INPUT_ACCEPT_FORK:  fork_accept(work, input, outcome); break;
    case INPUT_ACCEPT_CLOCK: accept_clock(work, input, outcome); break;
    case INPUT_SENDER_HOLD:  sender_hold_run(work, input, outcome); break;
    case INPUT_SENDER_ACCEPT: sender_accept_run(work, input, outcome); break;
    }
}

static int engine_append(struct work *work)
{
    struct machine *m = work->machine;
    if (m->engine == NULL || work->appended_n == 0)
        return ERR_OK;
    struct journal_batch batch = { m->head.number, m->meta.epoch, m->head.hash, work->appended, work->appended_n };
    return m->engine->append(m->engine->self, &batch);
}

/* After the commit: what others may now see. */
static void publish(struct work *work, bool stored)
{
    struct machine *m = work->machine;
    pthread_mutex_lock(&m->lock);
    m->head = work->head;
    m->head_number = work->head.number;
    m->second_copies += work->second_copies;
    for (uint32_t i = 0; i < m->stream_count; i++) {
        struct stream *s = &m->stream[i];
        if (s->moved) {
            memcpy(s->hash, s->next_hash, sizeof s->hash);
            s->cursor = s->next;
            s->cursor.hash = bytes(s->hash, s->next.hash.n);
            if (stored && s->put)
                s->stored_at = work->now;
        }
        if (s->accepted)
            s->stopped = NULL;
        s->moved = s->put = s->accepted = false;
    }
    pthread_mutex_unlock(&m->lock);
}

/* An input whose handler failed: the command is answered, the stream stands still. */
static void leave_out(struct work *work, const struct input *input, struct outcome *outcome)
{
    answer_problem(outcome, problem_simple(work->arena, PROBLEM_INTERNAL, "handler", 0));
    if (input->kind == INPUT_ENTRIES) {
        outcome->kind = OUTCOME_STOPPED;
        outcome->body = stream_stopped(work, input);
    }
}

/* Tries the batch without the excluded inputs. `*bad` gets the one whose handler failed. */
static int attempt(struct work *work, const struct input *inputs, size_t count, struct outcome *outcomes,
                   const bool *excluded, size_t *bad)
{
    struct machine *m = work->machine;
    *bad = count;
    for (uint32_t i = 0; i < m->stream_count; i++)
        m->stream[i].moved = m->stream[i].put = m->stream[i].accepted = false;
    work->head = m->head;
    work->wrote = work->bare = work->timer_failed = work->clock_accepted = false;
    work->second_copies = 0;
    work->appended_n = 0;
    txn_begin(&work->txn, m->store, TXN_WRITE);
    if (!m->clock_suspect && !m->no_room)
        timers_fire(work);
    if (work->txn.err != ERR_OK)
        return txn_end(&work->txn);
    for (size_t i = 0; i < count; i++) {
        outcomes[i] = (struct outcome){ 0 };
        if (excluded[i])
            leave_out(work, &inputs[i], &outcomes[i]);
        else
            run_input(work, &inputs[i], &outcomes[i]);
        if (work->txn.err != ERR_OK) {
            *bad = i;
            return txn_end(&work->txn);
        }
    }
    if (m->careful > 0 && count == 1 && inputs[0].kind == INPUT_COMMAND) {
        struct key key = key_of_uuid(&inputs[0].command);
        work->wrote |= txn_delete(&work->txn, TABLE_TROUBLE, key_bytes(&key));
    }
    if (!work->wrote) {
        txn_abort(&work->txn);
        publish(work, false);
        return ERR_OK;
    }
    verdict_trim(&work->txn, work->now - VERDICT_KEEP, VERDICT_TRIM_BATCH);
    int err = engine_append(work);
    if (err != ERR_OK) {
        txn_abort(&work->txn);
        return err;
    }
    if (m->early_release != NULL)
        m->early_release(m->early_arg);
    FAILPOINT("before_commit");
    err = txn_end(&work->txn);
    if (err == ERR_OK) {
        FAILPOINT("after_commit");
        publish(work, true);
    }
    return err;
}

/* After an unclean end commands come one by one, and each is noted before it runs, so that one that
 * brings the process down is known by its second time. False: it is refused. */
static int note_trouble(struct machine *m, const struct input *input, bool *refused)
{
    struct key key = key_of_uuid(&input->command);
    struct bytes value;
    struct txn txn;
    uint64_t crashes = 0, number;
    txn_begin(&txn, m->store, TXN_WRITE);
    if (verdict_find(&txn, &input->command, &input->who.id, &number)) {
        txn_abort(&txn);                    /* it is done, and only answered again */
        return ERR_OK;
    }
    if (txn_get(&txn, TABLE_TROUBLE, key_bytes(&key), &value)) {
        struct key_reader reader = key_read(value);
        crashes = key_read_u64(&reader);
    }
    *refused = crashes >= CRASHES_MAX;
    if (*refused) {
        txn_abort(&txn);
        return ERR_OK;
    }
    struct key more = key_of_u64(crashes + 1);
    txn_put(&txn, TABLE_TROUBLE, key_bytes(&key), key_bytes(&more));
    return txn_end(&txn);
}

static int end_careful(struct machine *m)
{
    struct txn txn;
    txn_begin(&txn, m->store, TXN_WRITE);
    txn_clear(&txn, TABLE_TROUBLE);
    return txn_end(&txn);
}

/* What failed is told and not tried again: an input of this batch, or a timer. */
static void leave_out_next_time(struct work *work, const struct input *inputs, size_t bad, int err, bool *excluded)
{
    struct machine *m = work->machine;
    pthread_mutex_lock(&m->lock);
    m->internal_errors++;
    pthread_mutex_unlock(&m->lock);
    if (work->timer_failed) {
        timer_put_aside(m, &work->timer);
        return;
    }
    log_error("batch", "%s failed (%s) and is left out",
              inputs[bad].kind == INPUT_COMMAND ? inputs[bad].method : "a batch of entries", err_text(err));
    excluded[bad] = true;
}

int machine_batch(struct machine *machine, const struct input *inputs, size_t count,
                  struct arena *arena, struct outcome *outcomes)
{
    bool *excluded = ARENA_LIST(arena, bool, count + 1), refused = false;
    struct work work = { .machine = machine, .arena = arena };
    size_t bad;
    int err;

    look_around(machine, &work);
    if (machine->careful > 0 && count == 1 && inputs[0].kind == INPUT_COMMAND && !machine->no_room &&
        (err = note_trouble(machine, &inputs[0], &refused)) != ERR_OK)
        return err;
    if (refused) {
        outcomes[0] = (struct outcome){ 0 };
        answer_problem(&outcomes[0], problem_simple(arena, PROBLEM_INTERNAL, "crashed_before", 0));
        return ERR_OK;
    }
    while ((err = attempt(&work, inputs, count, outcomes, excluded, &bad)) != ERR_OK && (bad < count || work.timer_failed)) {
        if (err == ERR_FULL && !machine->no_room) {         /* the map: turn away what would grow it */
            pthread_mutex_lock(&machine->lock);
            machine->no_room = true;
            pthread_mutex_unlock(&machine->lock);
            continue;
        }
        if (err == ERR_IO || err == ERR_FULL || (work.timer_failed && machine->timers_aside == TIMERS_ASIDE_MAX))
            return err;
        leave_out_next_time(&work, inputs, bad, err, excluded);
    }
    if (err != ERR_OK)
        return err;
    if (work.clock_accepted) {
        pthread_mutex_lock(&machine->lock);
        machine->clock_offset = machine->clock.wall(machine->clock.self) - machine->clock.boot(machine->clock.self);
        pthread_mutex_unlock(&machine->lock);
    }
    build_answers(&work, inputs, count, outcomes);
    if (machine->careful > 0 && count > 0) {
        pthread_mutex_lock(&machine->lock);
        machine->careful--;
        pthread_mutex_unlock(&machine->lock);
        if (machine->careful == 0)
            err = end_careful(machine);
    }
    return err;
}
