#include "common/service/machine_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* ── looking things up ────────────────────────────────────────────────────── */

const struct event_def *machine_event(const struct machine *machine, const char *name)
{
    for (size_t i = 0; i < machine->service->event_count; i++)
        if (strcmp(machine->service->events[i].name, name) == 0)
            return &machine->service->events[i];
    return NULL;
}

const struct command_def *machine_command(const struct machine *machine, const char *name)
{
    for (size_t i = 0; i < machine->service->command_count; i++)
        if (strcmp(machine->service->commands[i].name, name) == 0)
            return &machine->service->commands[i];
    return NULL;
}

const struct query_def *machine_query_def(const struct machine *machine, const char *name)
{
    for (size_t i = 0; i < machine->service->query_count; i++)
        if (strcmp(machine->service->queries[i].name, name) == 0)
            return &machine->service->queries[i];
    return NULL;
}

enum method_kind machine_method(const struct machine *machine, const char *method, roles_t *roles)
{
    const struct command_def *command = machine_command(machine, method);
    const struct query_def *query = command == NULL ? machine_query_def(machine, method) : NULL;
    if (command != NULL)
        *roles = command->roles;
    else if (query != NULL)
        *roles = query->roles;
    return command != NULL ? METHOD_COMMAND : query != NULL ? METHOD_QUERY : METHOD_UNKNOWN;
}

struct stream *machine_stream_named(struct machine *machine, const char *name)
{
    for (uint32_t i = 0; i < machine->stream_count; i++)
        if (strcmp(machine->stream[i].name, name) == 0)
            return &machine->stream[i];
    return NULL;
}

/* ── opening ──────────────────────────────────────────────────────────────── */

static int say(const struct machine_options *options, int err, const char *what)
{
    if (options->says != NULL && options->says[0] == '\0')
        snprintf(options->says, 400, "%s: %s: %s", options->dir, what, err_text(err));
    return err;
}

static struct stream *stream_add(struct machine *m, const char *name)
{
    struct stream *s = machine_stream_named(m, name);
    if (s == NULL) {
        assert(m->stream_count < STREAMS_MAX);
        s = &m->stream[m->stream_count++];
        s->name = name;
    }
    return s;
}

static void streams_find(struct machine *m)
{
    for (size_t i = 0; i < m->service->projection_count; i++)
        stream_add(m, m->service->projections[i].stream)->projects = true;
    for (size_t i = 0; i < m->service->reaction_count; i++)
        stream_add(m, m->service->reactions[i].stream)->reacts = true;
}

/* Where each stream stands, as it was committed. */
void streams_load(struct machine *machine, struct txn *txn, struct arena *arena)
{
    pthread_mutex_lock(&machine->lock);
    for (uint32_t i = 0; i < machine->stream_count; i++) {
        struct stream *s = &machine->stream[i];
        struct cursor cursor = cursor_start();
        cursor_get(txn, s->name, arena, &cursor);
        if (cursor.hash.n == HASH_SIZE)
            memcpy(s->hash, cursor.hash.at, HASH_SIZE);
        s->cursor = cursor;
        s->cursor.hash = bytes(s->hash, cursor.hash.n);
        s->moved = false;
    }
    pthread_mutex_unlock(&machine->lock);
}

static struct uuid fresh_id(struct machine *m)
{
    uint8_t random[10];
    m->random.fill(m->random.self, random, sizeof random);
    return uuid_v7(m->clock.wall(m->clock.self) / MOMENT_MS, random);
}

static void make_meta(struct machine *m)
{
    m->random.fill(m->random.self, m->ask_key, sizeof m->ask_key);
    m->meta = (struct meta){
        .service = m->service->name, .journal = fresh_id(m), .incarnation = fresh_id(m), .epoch = 1,
        .reader_min = JOURNAL_FORMAT, .state_version = m->service->state_version,
        .copy_version = m->service->copy_version, .clean = true,
    };
}

/* The meta record, made or read; what it points to moves into the machine. */
static int load_meta(struct machine *m, const struct machine_options *options)
{
    struct txn txn;
    struct arena arena = { 0 };
    txn_begin(&txn, m->store, TXN_READ);
    bool known = journal_meta(&txn, &arena, &m->meta);
    journal_head(&txn, &arena, &m->head);
    int err = txn_end(&txn);
    if (err == ERR_OK && known) {
        memcpy(m->ask_key, m->meta.ask_key.at, sizeof m->ask_key);
        if (strcmp(m->meta.service, m->service->name) != 0)
            err = say(options, ERR_MALFORMED, "this is the store of another service");
        else if (m->meta.reader_min > JOURNAL_FORMAT)
            err = say(options, ERR_NEWER, "journal");
    } else if (err == ERR_OK)
        make_meta(m);
    m->meta.service = m->service->name;
    m->meta.ask_key = bytes(m->ask_key, sizeof m->ask_key);
    m->head_number = m->head.number;
    arena_free(&arena);
    return err;
}

static int store_meta(struct machine *m, bool clean, bool drop_copies)
{
    struct txn txn;
    txn_begin(&txn, m->store, TXN_WRITE);
    m->meta.clean = clean;
    journal_meta_put(&txn, &m->meta);
    if (drop_copies)
        copies_drop(m, &txn);
    return txn_end(&txn);
}

void copies_prepare(struct machine *machine, struct txn *txn)
{
    struct ctx ctx = { .txn = txn, .arena = &machine->scratch, .config = machine->config, .machine = machine };
    if (machine->service->prepare == NULL || machine->config == NULL)
        return;                             /* a store that is restored or checked has no settings */
    if (txn->err == ERR_OK)
        machine->service->prepare(&ctx);
}

static int prepare(struct machine *m)
{
    struct txn txn;
    txn_begin(&txn, m->store, TXN_WRITE);
    struct ctx ctx = { .txn = &txn, .arena = &m->scratch, .machine = m };
    txn_fail(&txn, vault_prepare(&ctx));
    copies_prepare(m, &txn);
    return txn_end(&txn);
}

static int bring_up_to_date(struct machine *m, const struct machine_options *options)
{
    bool copies = m->meta.copy_version != m->service->copy_version;
    bool rebuild = m->meta.rebuilding || m->meta.state_version != m->service->state_version;
    struct txn txn;
    int err;

    if (!m->meta.clean && m->head.number > 0) {
        m->careful = CAREFUL_BATCHES;
        log_warning("store", "the last process ended without closing: careful for %u batches", m->careful);
    }
    m->meta.copy_version = m->service->copy_version;
    if ((err = store_meta(m, false, copies)) != ERR_OK)
        return say(options, err, "meta");
    if (rebuild) {
        bool same;
        log_warning("store", "the state is made again from the journal");
        if ((err = machine_rebuild(m, true, &same)) != ERR_OK)
            return say(options, err, "rebuilding the state");
    }
    txn_begin(&txn, m->store, TXN_READ);
    streams_load(m, &txn, &m->arena);
    if ((err = txn_end(&txn)) != ERR_OK)
        return say(options, err, "cursors");
    err = prepare(m);
    return say(options, err, err == ERR_DENIED ? "the vault: this master key is not the one of this store (a store from before the key was turned wants its keys: rsnms vault restore)" : "copies");
}

int machine_open(struct machine **out, const struct service *service, const struct machine_options *options)
{
    struct machine *m = calloc(1, sizeof *m);
    struct store_options store = {
        .dir = options->dir, .tables = service->tables, .table_count = service->table_count,
        .map_size = options->map_size, .reserve_bytes = options->reserve_bytes, .no_sync = options->no_sync,
    };
    char unsaid[400];
    int err;

    *out = NULL;
    if (m == NULL)
        return ERR_NOMEM;
    if (options->says != NULL)
        options->says[0] = '\0';
    m->service = service;
    m->clock = options->clock;
    m->random = options->random;
    m->engine = options->engine;
    m->cap_bytes = options->cap_bytes;
    m->scratch.keep = 256 * 1024;
    if (service->memory_open != NULL && (m->memory = service->memory_open(options->unlocked)) == NULL)
        log_die("machine", "out of memory");
    m->memory_close = service->memory_close;
    pthread_mutex_init(&m->lock, NULL);
    streams_find(m);
    m->clock_offset = m->clock.wall(m->clock.self) - m->clock.boot(m->clock.self);

    if ((err = crypto_start()) != ERR_OK)
        say(options, err, "libsodium");
    else if (service->configure != NULL && options->profile != NULL)
        err = service->configure(options->profile, &m->arena, &m->config, &m->zone,
                                 options->says != NULL ? options->says : unsaid);
    if (err == ERR_OK && options->master_key_file != NULL)
        err = vault_open_master(&m->vault, options->master_key_file, options->says);
    if (err == ERR_OK && (err = store_open(&m->store, &store)) != ERR_OK)
        say(options, err, "store");
    if (err == ERR_OK && (err = load_meta(m, options)) == ERR_OK)
        err = bring_up_to_date(m, options);
    else if (err != ERR_OK)
        say(options, err, "opening");
    if (err != ERR_OK)
        machine_drop(&m);
    *out = m;
    return err;
}

void machine_drop(struct machine **machine)
{
    struct machine *m = *machine;
    if (m == NULL)
        return;
    store_close(&m->store);
    vault_close_master(&m->vault);
    if (m->memory_close != NULL)
        m->memory_close(m->memory);
    arena_free(&m->arena);
    arena_free(&m->scratch);
    pthread_mutex_destroy(&m->lock);
    free(m);
    *machine = NULL;
}

void machine_close(struct machine **machine)
{
    if (*machine != NULL && !store_broken((*machine)->store) && store_meta(*machine, true, false) != ERR_OK)
        log_error("store", "could not be marked as closed");
    machine_drop(machine);
}

/* ── reading ──────────────────────────────────────────────────────────────── */

static void query_problem(struct outcome *outcome, struct bytes body)
{
    outcome->kind = OUTCOME_PROBLEM;
    outcome->body = body;
}

void machine_query(struct machine *machine, const struct principal *who, const char *method,
                   struct bytes body, const struct position *after, uint32_t after_count,
                   struct arena *arena, struct outcome *outcome)
{
    const struct query_def *def = machine_query_def(machine, method);
    struct decision decision = { 0 };
    struct msg_error error;
    struct txn txn;

    *outcome = (struct outcome){ .kind = OUTCOME_REPLY };
    if (def == NULL)
        return query_problem(outcome, problem_simple(arena, PROBLEM_INVALID, "unknown_method", 0));
    if ((def->roles & ROLE(who->role)) == 0)
        return query_problem(outcome, problem_simple(arena, PROBLEM_DENIED, "role", 0));
    if (!uuid_is_nil(&who->actor) && who->role != ROLE_CONSOLE)
        return query_problem(outcome, problem_simple(arena, PROBLEM_DENIED, "actor", 0));
    if (!positions_reached(machine, machine_head(machine), after, after_count))
        return query_problem(outcome, problem_simple(arena, PROBLEM_BUSY, "behind", 2));
    void *query = arena_alloc(arena, def->takes->size);
    if (msg_decode(def->takes, body.n > 0 ? body : bytes("\x80", 1), MSG_STRICT, arena, query, &error) != ERR_OK)
        return query_problem(outcome, problem_of_message(arena, &error));

    moment_t now = machine->clock.wall(machine->clock.self);
    struct ctx ctx = { .txn = &txn, .arena = arena, .config = machine->config, .who = who, .now = now,
                       .today = day_of_moment(now, machine->zone), .machine = machine, .decision = &decision };
    decision.gives = def->gives;
    txn_begin(&txn, machine->store, TXN_READ);
    enum verdict verdict = txn.err == ERR_OK ? def->answer(&ctx, query) : VERDICT_OK;
    int err = txn_end(&txn);
    if (err != ERR_OK) {
        log_error("query", "%s: %s", method, err_text(err));
        pthread_mutex_lock(&machine->lock);
        machine->internal_errors++;
        pthread_mutex_unlock(&machine->lock);
        query_problem(outcome, problem_simple(arena, PROBLEM_INTERNAL, "store", 0));
    } else if (verdict == VERDICT_REFUSED)
        query_problem(outcome, problem_encode(arena, decision.problem));
    else if (decision.reply.n > MSG_BYTES_MAX)
        query_problem(outcome, problem_simple(arena, PROBLEM_TOO_LARGE, "reply", 0));
    else
        outcome->body = decision.reply.n > 0 ? decision.reply : bytes("\x80", 1);
}

int machine_feed(struct machine *machine, const struct feed_wish *wish, struct arena *arena,
                 struct buf *out, struct feed_result *result)
{
    return feed_next(machine->store, &machine->meta, wish, arena, out, result);
}

int machine_place(struct machine *machine, uint64_t number, struct arena *arena, struct cursor *cursor)
{
    struct entry entry;
    struct hash hash = { { 0 } };
    struct txn txn;
    uint64_t at = 0;
    txn_begin(&txn, machine->store, TXN_READ);
    bool found = journal_get(&txn, number, arena, &entry, NULL);
    if (found && (at = entry.group - 1) > 0)
        found = journal_get(&txn, at, arena, &entry, &hash);
    *cursor = journal_cursor(&machine->meta, at, &hash, arena);
    int err = txn_end(&txn);
    return err != ERR_OK ? err : found ? ERR_OK : ERR_NOTFOUND;
}

uint32_t machine_streams(const struct machine *machine)
{
    return machine->stream_count;
}

const char *machine_stream(const struct machine *machine, uint32_t i)
{
    return machine->stream[i].name;
}

/* The event of a row, projections first; NULL: it is of another stream. */
static const char *wanted(const struct service *service, const struct stream *s, size_t i)
{
    bool first = i < service->projection_count;
    const struct projection_def *projection = &service->projections[first ? i : 0];
    const struct reaction_def *reaction = &service->reactions[first ? 0 : i - service->projection_count];
    return strcmp(first ? projection->stream : reaction->stream, s->name) != 0 ? NULL : first ? projection->event : reaction->event;
}

/* What the rows name and `names` does not cover yet, each once; false: there is not room for all of it. */
static bool wanted_events(const struct service *service, const struct stream *s, const char **names, uint32_t *n)
{
    for (size_t i = 0; i < service->projection_count + service->reaction_count; i++) {
        const char *event = wanted(service, s, i);
        bool known = event == NULL;
        for (uint32_t k = 0; k < *n && !known; k++)
            known = strncmp(names[k], event, strlen(names[k])) == 0;
        if (!known && *n == FOLLOW_PREFIXES_MAX)
            return false;
        if (!known)
            names[(*n)++] = event;
    }
    return true;
}

/* More events than a wish holds: all that the journal's own service names, and the others one by one. */
static void wish_events(const struct machine *m, const struct stream *s, struct arena *arena, struct follow *follow)
{
    const char **names = ARENA_LIST(arena, const char *, FOLLOW_PREFIXES_MAX);
    uint32_t n = 0;
    if (!wanted_events(m->service, s, names, &n)) {
        names[0] = arena_format(arena, "%s.", s->name);
        n = 1;
        if (!wanted_events(m->service, s, names, &n))
            n = 0;                          /* all there are */
    }
    follow->prefixes.at = names;
    follow->prefixes.n = n;
}

#define FOLLOW_ENTRIES 20000
#define FOLLOW_BYTES   (4u << 20)

int machine_follow(struct machine *machine, const char *stream, struct arena *arena, struct follow *follow)
{
    struct stream *s = machine_stream_named(machine, stream);
    if (s == NULL)
        return ERR_NOTFOUND;
    struct cursor *cursor = ARENA_NEW(arena, struct cursor);
    pthread_mutex_lock(&machine->lock);
    *cursor = s->cursor;
    cursor->hash = arena_bytes(arena, s->cursor.hash);
    const char *stopped = s->stopped;
    pthread_mutex_unlock(&machine->lock);
    *follow = (struct follow){ .cursor = cursor, .entries = FOLLOW_ENTRIES, .bytes = FOLLOW_BYTES };
    wish_events(machine, s, arena, follow);
    return stopped == NULL ? ERR_OK : strcmp(stopped, "fork") == 0 ? ERR_FORK : ERR_NEWER;
}

const struct service *machine_service(const struct machine *machine)
{
    return machine->service;
}

struct store *machine_store(struct machine *machine)
{
    return machine->store;
}

struct meta machine_meta(const struct machine *machine)
{
    return machine->meta;
}

uint64_t machine_head(struct machine *machine)
{
    pthread_mutex_lock(&machine->lock);
    uint64_t number = machine->head_number;
    pthread_mutex_unlock(&machine->lock);
    return number;
}

int machine_zone(const struct machine *machine)
{
    return machine->zone;
}

bool clock_jumped(const struct machine *m)
{
    moment_t wall = m->clock.wall(m->clock.self), drift = wall - m->clock.boot(m->clock.self) - m->clock_offset;
    return drift > CLOCK_JUMP || drift < -CLOCK_JUMP || wall + CLOCK_JUMP < m->head.moment;
}

/* Room and clock as they are now: a service that has nothing to do has not looked for a while. */
void machine_health(struct machine *machine, struct machine_health *health)
{
    bool room = store_has_room(machine->store);
    pthread_mutex_lock(&machine->lock);
    *health = (struct machine_health){
        .clock_suspect = machine->clock_suspect || clock_jumped(machine), .no_room = machine->no_room || !room, .careful = machine->careful > 0,
        .internal_errors = machine->internal_errors, .second_copies = machine->second_copies,
    };
    for (uint32_t i = 0; i < machine->stream_count; i++)
        health->stopped_streams += machine->stream[i].stopped != NULL;
    pthread_mutex_unlock(&machine->lock);
}

#ifdef RSNMS_SABOTAGE
void machine_early_release(struct machine *machine, void (*release)(void *arg), void *arg)
{
    machine->early_release = release;
    machine->early_arg = arg;
}
#endif
