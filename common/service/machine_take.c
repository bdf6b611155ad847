#include "common/service/machine_parts.h"

/* The follower's side: foreign entries become copies (projections) or own events (reactions), and the
 * cursor moves in the same transaction. */

MSG_DEFINE(stream_named, STREAM_NAMED_FIELDS)

static bool same_place(const struct cursor *a, const struct cursor *b)
{
    if (a->number != b->number)
        return false;
    return a->number == 0 || (uuid_equal(&a->journal, &b->journal) && bytes_equal(a->hash, b->hash));
}

static void move_cursor(struct stream *s, const struct cursor *to)
{
    s->next = *to;
    memset(s->next_hash, 0, sizeof s->next_hash);
    if (to->hash.n == HASH_SIZE)
        memcpy(s->next_hash, to->hash.at, HASH_SIZE);
    s->next.hash = bytes(s->next_hash, to->hash.n == HASH_SIZE ? HASH_SIZE : 0);
    s->moved = true;
}

static void stop(struct work *work, struct stream *s, struct outcome *outcome, const char *reason, const struct entry *entry)
{
    if (entry != NULL)
        log_error(s->name, "following stops at entry %llu, %s: %s", (unsigned long long)entry->number, entry->event, reason);
    else
        log_error(s->name, "following stops: %s", reason);
    pthread_mutex_lock(&work->machine->lock);
    s->stopped = reason;
    pthread_mutex_unlock(&work->machine->lock);
    outcome->kind = OUTCOME_STOPPED;
    outcome->body = problem_simple(work->arena, PROBLEM_UNAVAILABLE, reason, 0);
}

/* After a failed take: the reason why the stream stands still, a handler's failure if none was said. */
struct bytes stream_stopped(struct work *work, const struct input *input)
{
    struct stream *s = machine_stream_named(work->machine, input->stream);
    pthread_mutex_lock(&work->machine->lock);
    if (s->stopped == NULL)
        s->stopped = "handler";
    pthread_mutex_unlock(&work->machine->lock);
    return problem_simple(work->arena, PROBLEM_UNAVAILABLE, s->stopped, 0);
}

/* Time-first, like every id in the verdicts, but behind all those of commands, that are trimmed after 400 days:
 * a stream may be followed from its start again at any age, and reacts to nothing twice. */
static struct uuid reaction_id(const char *stream, const struct entry *entry, struct bytes stored)
{
    struct hash hash = hash_two(bytes_of(stream), stored);
    return uuid_v7((INT64_C(0xff) << 40) | ((entry->moment / MOMENT_MS) >> 8), hash.b);
}

static const void *body_of(struct arena *arena, const struct msg_desc *desc, const struct entry *entry)
{
    struct msg_error error;
    void *body = arena_alloc(arena, desc->size);
    return msg_decode(desc, entry->body, MSG_LENIENT, arena, body, &error) == ERR_OK ? body : NULL;
}

static struct ctx context(struct work *work, const struct entry *entry, struct decision *decision)
{
    return (struct ctx){ .txn = &work->txn, .arena = work->arena, .config = work->machine->config, .now = work->now,
                         .today = work->today, .entry = entry, .machine = work->machine, .decision = decision };
}

/* What one entry needs is given back after it: a message may bring thousands. */
static const char *project(struct work *work, const struct projection_def *row, const struct entry *entry)
{
    struct arena *arena = &work->machine->scratch;
    arena_reset(arena);
    const void *body = entry->version <= row->version_max ? body_of(arena, row->body, entry) : NULL;
    struct ctx ctx = context(work, entry, NULL);
    ctx.arena = arena;
    if (entry->version > row->version_max)
        return "event_too_new";
    if (body == NULL)
        return "event_unreadable";
    row->project(&ctx, body);
    work->wrote = true;
    return NULL;
}

/* Once for an entry, whatever happens to cursors: its identity is kept among the verdicts. What it needs is
 * given back after it too. */
static const char *react(struct work *work, const struct reaction_def *row, struct stream *s, const struct entry *entry,
                         const struct uuid *journal, struct bytes stored)
{
    struct uuid id = reaction_id(s->name, entry, stored);
    struct arena *arena = &work->machine->scratch;
    arena_reset(arena);
    const void *body = entry->version <= row->version_max ? body_of(arena, row->body, entry) : NULL;
    uint64_t number;
    if (entry->version > row->version_max)
        return "event_too_new";
    if (body == NULL)
        return "event_unreadable";
    if (!SABOTAGE("cursor_apart") && verdict_find(&work->txn, &id, &UUID_NIL, &number))
        return NULL;
    struct decision *decision = ARENA_NEW(arena, struct decision);
    struct origin origin = { .cause = { .command = id, .stream = s->name, .journal = *journal, .number = entry->number } };
    struct ctx ctx = context(work, entry, decision);
    ctx.arena = arena;
    ctx.command = id;
    if (row->react(&ctx, body) == VERDICT_REFUSED || decision->too_large) {
        log_warning(s->name, "entry %llu, %s: no reaction (%s)", (unsigned long long)entry->number, entry->event,
                    decision->problem != NULL ? decision->problem->reason : "too large");
        decision->count = 0;
    }
    group_write(work, decision, &origin, bytes(NULL, 0));
    verdict_keep(&work->txn, &id, &UUID_NIL, work->head.number);
    work->wrote = true;
    return NULL;
}

static const char *take_entry(struct work *work, struct stream *s, const struct entry *entry,
                              const struct uuid *journal, struct bytes stored)
{
    const struct service *service = work->machine->service;
    const char *why = NULL;
    bool known = false;
    for (size_t i = 0; i < service->projection_count && why == NULL; i++)
        if (strcmp(service->projections[i].event, entry->event) == 0 && strcmp(service->projections[i].stream, s->name) == 0) {
            known = true;
            why = project(work, &service->projections[i], entry);
        }
    for (size_t i = 0; i < service->reaction_count && why == NULL; i++)
        if (strcmp(service->reactions[i].event, entry->event) == 0 && strcmp(service->reactions[i].stream, s->name) == 0) {
            known = true;
            why = react(work, &service->reactions[i], s, entry, journal, stored);
        }
    return known ? why : "event_unknown";
}

/* Copies were dropped with the cursor, and the journal is followed from its start again. Its source has been made again
 * from a backup since: what was reacted to may stand in no history any more. */
static bool comes_from_another(struct work *work, const struct stream *s, const struct entries *message)
{
    struct cursor before;
    return s->reacts && !SABOTAGE("fork_forgotten") && cursor_laid_aside(&work->txn, s->name, work->arena, &before) &&
           message->from->number < before.number && !uuid_equal(&message->examined->incarnation, &before.incarnation);
}

/* Is this what comes after our cursor? If not it is a repetition or a gap: follow again from the cursor. */
static struct stream *accept(struct work *work, const struct input *input, struct entries *message, struct outcome *outcome)
{
    struct machine *m = work->machine;
    struct stream *s = machine_stream_named(m, input->stream);
    struct msg_error error;
    if (s == NULL || s->stopped != NULL) {
        outcome->kind = OUTCOME_STOPPED;
        outcome->body = problem_simple(work->arena, PROBLEM_UNAVAILABLE, s != NULL ? s->stopped : "unknown_stream", 0);
        return NULL;
    }
    const struct cursor *here = s->moved ? &s->next : &s->cursor;
    if (m->no_room || (m->clock_suspect && s->reacts)) {
        outcome->kind = OUTCOME_PROBLEM;
        outcome->body = problem_simple(work->arena, PROBLEM_UNAVAILABLE, m->no_room ? "no_space" : "clock", 1000);
        return NULL;
    }
    if (msg_decode(&entries_desc, input->body, MSG_LENIENT, work->arena, message, &error) != ERR_OK ||
        (!same_place(message->from, here) && !SABOTAGE("take_any")) || message->examined->number < message->from->number) {
        outcome->kind = OUTCOME_IGNORED;
        outcome->cursor = *here;
        return NULL;
    }
    if (comes_from_another(work, s, message)) {
        stop(work, s, outcome, "fork", NULL);
        return NULL;
    }
    return s;
}

void entries_take(struct work *work, const struct input *input, struct outcome *outcome)
{
    struct entries message;
    struct stream *s = accept(work, input, &message, outcome);
    if (s == NULL)
        return;
    bool wrote_before = work->wrote;
    work->wrote = false;
    for (uint32_t i = 0; i < message.list.n && work->txn.err == ERR_OK; i++) {
        struct bytes stored = message.list.at[i].stored;
        struct entry *entry = ARENA_NEW(work->arena, struct entry);
        struct msg_error error;
        const char *why = "entry_unreadable";
        if (msg_decode(&entry_desc, stored, MSG_LENIENT, work->arena, entry, &error) == ERR_OK)
            why = take_entry(work, s, entry, &message.examined->journal, stored);
        if (why != NULL && work->txn.err == ERR_OK) {
            /* What came before in this message must not stand without its cursor: all or nothing. */
            stop(work, s, outcome, why, entry->event != NULL ? entry : NULL);
            txn_fail(&work->txn, ERR_NEWER);
            return;
        }
    }
    bool effects = work->wrote;
    move_cursor(s, message.examined);
    FAILPOINT("between_effects_and_cursor");
    if (SABOTAGE("cursor_apart"))
        effects = false;
    /* The cursor with it, whatever it brought: copies that are dropped with the cursor are not caught up. */
    if (message.examined->number >= message.head && !cursor_caught_up(&work->txn, s->name)) {
        cursor_catch_up(&work->txn, s->name);
        effects = true;
    }
    if (effects || work->now - s->stored_at >= BARE_CURSOR_EVERY || work->now < s->stored_at) {
        cursor_put(&work->txn, s->name, &s->next);
        s->put = work->wrote = true;
    }
    work->wrote |= wrote_before;
    outcome->kind = OUTCOME_TAKEN;
    outcome->cursor = s->next;
    outcome->cursor.hash = arena_bytes(work->arena, s->next.hash);
}

/* ── forks ────────────────────────────────────────────────────────────────── */

/* Copies are of several streams at once and cannot be told apart: all of them go, and all streams that
 * feed them are followed from the start. Reactions among them know what they have done already. */
void copies_drop(struct machine *machine, struct txn *txn)
{
    for (table_t t = 0; t < store_table_count(machine->store); t++)
        if (store_table(machine->store, t)->kind == TABLE_COPY)
            txn_clear(txn, t);
    for (uint32_t i = 0; i < machine->stream_count; i++)
        if (machine->stream[i].projects)
            cursor_lay_aside(txn, machine->stream[i].name);
    copies_prepare(machine, txn);
}

int machine_refollow(struct machine *machine)
{
    struct arena arena = { 0 };
    struct txn txn;
    txn_begin(&txn, machine->store, TXN_WRITE);
    copies_drop(machine, &txn);
    int err = txn_end(&txn);
    if (err == ERR_OK) {
        txn_begin(&txn, machine->store, TXN_READ);
        streams_load(machine, &txn, &arena);
        err = txn_end(&txn);
    }
    arena_free(&arena);
    return err;
}

int machine_forked(struct machine *machine, const char *stream)
{
    struct stream *s = machine_stream_named(machine, stream);
    if (s == NULL)
        return ERR_NOTFOUND;
    if (s->reacts) {
        log_error(stream, "its history differs from the one that was followed: an operator has to accept it");
        pthread_mutex_lock(&machine->lock);
        s->stopped = "fork";
        pthread_mutex_unlock(&machine->lock);
        return ERR_FORK;
    }
    log_warning(stream, "its history differs from the one that was followed: copies are made again");
    return machine_refollow(machine);
}

/* The operator's act: the new history is followed from its start, and each entry is reacted to that has
 * not been seen before. */
void fork_accept(struct work *work, const struct input *input, struct outcome *outcome)
{
    struct machine *m = work->machine;
    struct stream *s = machine_stream_named(m, input->stream);
    if (system_again(work, input, outcome))
        return;
    if (s == NULL || s->accepted || s->stopped == NULL || strcmp(s->stopped, "fork") != 0) {
        outcome->kind = OUTCOME_PROBLEM;
        outcome->body = problem_simple(work->arena, PROBLEM_CONFLICT, "no_fork", 0);
        return;
    }
    struct stream_named body = { .stream = s->name };
    struct cursor start = cursor_start();
    system_keep(work, input, ENTRY_FORK_ACCEPTED, msg_encode_in(work->arena, &stream_named_desc, &body), NULL, outcome);
    if (s->projects)
        copies_drop(m, &work->txn);
    cursor_forget(&work->txn, s->name);
    for (uint32_t i = 0; i < m->stream_count; i++)
        if (&m->stream[i] == s || (s->projects && m->stream[i].projects))
            move_cursor(&m->stream[i], &start);
    s->accepted = true;                     /* it goes on when this is committed: the batch may be done again */
}

bool positions_reached(struct machine *machine, uint64_t own_head, const struct position *after, uint32_t n)
{
    bool reached = true;
    pthread_mutex_lock(&machine->lock);
    for (uint32_t i = 0; i < n && reached; i++) {
        bool known = false, unstarted = false;
        /* Of this journal, but before a restore: never reached any more, and the answer tells the sender so. */
        if (uuid_equal(&after[i].journal, &machine->meta.journal)) {
            reached = own_head >= after[i].number || !uuid_equal(&after[i].incarnation, &machine->meta.incarnation);
            continue;
        }
        for (uint32_t k = 0; k < machine->stream_count; k++) {
            const struct stream *s = &machine->stream[k];
            if (uuid_equal(&s->cursor.journal, &after[i].journal)) {
                known = true;               /* numbers of two incarnations say nothing about each other */
                reached = s->cursor.number >= after[i].number &&
                          (SABOTAGE("after_by_number") || uuid_equal(&s->cursor.incarnation, &after[i].incarnation));
            }
            unstarted |= uuid_is_nil(&s->cursor.journal);     /* at 0 with a name: its journal is empty */
        }
        reached = reached && (known || !unstarted);
    }
    pthread_mutex_unlock(&machine->lock);
    return reached;
}
