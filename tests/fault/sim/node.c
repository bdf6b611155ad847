#include "tests/fault/sim/node.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/service/vault.h"
#include "tests/fault/sim/desk.h"
#include "tests/fault/sim/nemesis.h"
#include "tests/fault/sim/office.h"
#include "tests/fault/sim/town.h"

#define BEGINS        ((moment_t)day_of(2025, 3, 3) * MOMENT_DAY + 3 * 60 * MOMENT_MINUTE)
#define MAP_SIZE      ((size_t)48 << 20)
#define RESERVE       (1u << 20)
#define BATCH_MOST    24
#define TIMERS_PAUSE  (100 * MS)

/* ── what a process has from outside ──────────────────────────────────────── */

moment_t node_wall(void *self)
{
    const struct node *node = self;
    return BEGINS + node->w->now + node->w->spells + node->skew;
}

static moment_t node_boot(void *self)
{
    const struct node *node = self;
    return 1000 * MOMENT_SECOND + node->w->now + node->w->spells;
}

static void node_fill(void *self, void *at, size_t n)
{
    prng_fill(&((struct node *)self)->random, at, n);
}

struct machine_options node_options(struct node *node, const char *dir)
{
    static char key[260];
    struct machine_options options = {
        .dir = dir, .profile = node->number == AUDITOR ? NULL : node->number == TOWN || node->number == COPY ? town_profile(node->w) : node->w->profile,
        .clock = { node_wall, node_boot, node }, .random = { node_fill, node },
        .map_size = MAP_SIZE, .reserve_bytes = RESERVE, .no_sync = true,
    };
    snprintf(key, sizeof key, "%s/master.key", node->w->dir);
    if (node->number == ROSTER)
        options.master_key_file = key;
    return options;
}

/* Personal data is sealed with it, so it comes from the seed like everything else. */
static void make_master_key(struct world *w)
{
    struct prng prng;
    char path[300];
    uint8_t key[32];
    prng_seed(&prng, w->seed ^ 0x6b6579);
    prng_fill(&prng, key, sizeof key);
    snprintf(path, sizeof path, "%s/master.key", w->dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd == -1 || write(fd, key, sizeof key) != sizeof key || close(fd) != 0)
        world_violation(w, "%s cannot be written", path);
}

/* ── birth and death ──────────────────────────────────────────────────────── */

/* What was in its memory, and on its way to the queue of its writer. */
static void forget_memory(struct node *node)
{
    for (uint32_t i = 0; i < node->waiting; i++)
        letter_free(node->inbox[i]);
    node->waiting = 0;
    for (uint32_t i = 0; i < NODES; i++)
        node->follower[i].there = false;
    node->run_planned = node->accept_clock = false;
    node->admits = 0;
    if (node->desk != NULL)
        desk_end(node->desk);
    node->life++;
    arena_reset(&node->arena);
}

void node_died(struct node *node, const char *how, int64_t down)
{
    world_say(node->w, "%s: died: %s", node->service->name, how);
    town_forget(node);
    forget_memory(node);
    world_plan(node->w, down, EVENT_START, node->number, node->life, NULL);
}

static void note_life(struct node *node)
{
    struct meta meta = machine_meta(node->process.machine);
    if (node_life_of(node, &meta.incarnation) != LIVES_MAX || node->lives == LIVES_MAX)
        return;
    node->life_of[node->lives].id = meta.incarnation;
    node->life_of[node->lives++].kept = node->backup_head;
}

uint32_t node_life_of(const struct node *node, const struct uuid *incarnation)
{
    for (uint32_t i = 0; i < node->lives; i++)
        if (uuid_equal(&node->life_of[i].id, incarnation))
            return i;
    return LIVES_MAX;
}

void node_start(struct node *node, uint64_t life)
{
    char says[400] = "";
    if (life != node->life || node_up(node) || node->absent || node->w->violated)
        return;
    struct machine_options options = node_options(node, node->dir);
    options.says = says;
    const char *how = NULL;
    nemesis_start(node);
    int err = process_open(&node->process, node->service, &options, &how);
    if (how != NULL) {
        world_fault(node->w, FAULT_START);
        node_died(node, how, world_between(node->w, 5 * MS, 100 * MS));
        return;
    }
    if (err != ERR_OK) {
        world_violation(node->w, "%s does not start: %s: %s", node->service->name, err_text(err), says);
        return;
    }
    note_life(node);
    sources_begin(node);
    if (node->desk != NULL)
        desk_begin(node->desk);
    node_plan(node);
}

struct node *node_new(struct world *w, uint32_t number, bool early_answers)
{
    struct node *node = calloc(1, sizeof *node);
    if (node == NULL)
        abort();
    node->w = w;
    node->number = number;
    node->layout = *service_of((int)number);
    node->service = &node->layout;
    node->early_answers = early_answers;
    node->arena.keep = node->scratch.keep = 1 << 20;
    prng_seed(&node->random, w->seed * 64 + number);
    node->absent = number == COPY;
    snprintf(node->dir, sizeof node->dir, "%s/%s%s", w->dir, node->service->name, number == COPY ? ".copy" : "");
    snprintf(node->backup, sizeof node->backup, "%s.backup", node->dir);
    node->process.wall = node_wall;
    node->process.boot = node_boot;
    node->process.self = node;
    node->process.prng = &node->random;
    if (number == ROSTER)
        make_master_key(w);
    node->desk = desk_new(node);
    node_start(node, 0);
    return node;
}

void node_free(struct node **node)
{
    forget_memory(*node);
    process_kill(&(*node)->process);
    desk_free(&(*node)->desk);
    for (uint32_t i = 0; i < NODES; i++)
        arena_free(&(*node)->follower[i].arena);
    arena_free(&(*node)->arena);
    arena_free(&(*node)->scratch);
    buf_free(&(*node)->out);
    free((*node)->orders.at);
    free(*node);
    *node = NULL;
}

void node_kill(struct node *node, int64_t down)
{
    process_kill(&node->process);
    node_died(node, "killed", down);
}

bool node_restart(struct node *node, uint32_t state, uint32_t copies)
{
    if (!node_up(node))
        return false;
    machine_close(&node->process.machine);
    node->layout.state_version += state;
    node->layout.copy_version += copies;
    node_died(node, "restarted in order", 5 * MS);
    return true;
}

/* ── backups ──────────────────────────────────────────────────────────────── */

void node_remove_store(const char *dir)
{
    static const char *const files[] = { "data.mdb", "lock.mdb", "store.lock" };
    char path[400];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    rmdir(dir);
}

bool node_back_up(struct node *node)
{
    if (!node_up(node))
        return false;
    node_remove_store(node->backup);
    int err = store_backup(machine_store(node->process.machine), node->backup);
    if (err != ERR_OK)
        world_violation(node->w, "%s: backup: %s", node->service->name, err_text(err));
    node->has_backup = err == ERR_OK;
    node->backup_head = machine_head(node->process.machine);
    node->w->counts->backups++;
    world_say(node->w, "%s: backup at %llu", node->service->name, (unsigned long long)node->backup_head);
    return err == ERR_OK;
}

/* As `rsnms vault restore` does it: where keys have been turned since, the backup's own open nothing any more. */
struct vault_held { struct arena arena; struct vault_row *rows; uint32_t n; };

static struct store *store_at_rest(struct node *node)
{
    const struct store_options options = { .dir = node->dir, .tables = node->service->tables, .table_count = node->service->table_count,
                                           .map_size = MAP_SIZE, .no_sync = true };
    struct store *store = NULL;
    int err = store_open(&store, &options);
    if (err != ERR_OK)
        world_violation(node->w, "%s: its store does not open: %s", node->service->name, err_text(err));
    return store;
}

static void vault_take(struct node *node, struct vault_held *held)
{
    struct store *store = store_at_rest(node);
    struct bytes key, value;
    struct scan scan;
    struct txn txn;
    if (store == NULL)
        return;
    txn_begin(&txn, store, TXN_READ);
    held->rows = ARENA_LIST(&held->arena, struct vault_row, (uint32_t)txn_count(&txn, TABLE_VAULT_KEYS) + 1);
    scan_begin(&scan, &txn, TABLE_VAULT_KEYS, bytes(NULL, 0));
    while (scan_next(&scan, &key, &value))
        held->rows[held->n++] = (struct vault_row){ arena_bytes(&held->arena, key), arena_bytes(&held->arena, value) };
    scan_end(&scan);
    txn_end(&txn);
    store_close(&store);
}

static void vault_give(struct node *node, struct vault_held *held)
{
    struct store *store = store_at_rest(node);
    int err = store != NULL ? vault_import(store, held->rows, held->n) : ERR_OK;
    if (err != ERR_OK)
        world_violation(node->w, "%s: its keys cannot be put back: %s", node->service->name, err_text(err));
    store_close(&store);
    arena_free(&held->arena);
}

bool node_restore(struct node *node)
{
    struct vault_held held = { .arena = { .keep = 1 << 16 } };
    bool keys = node->number == ROSTER && node->w->registry;
    char says[400] = "";
    if (!node->has_backup || node->lives == LIVES_MAX)
        return false;
    if (node->desk != NULL)
        desk_end(node->desk);
    process_kill(&node->process);
    if (keys)
        vault_take(node, &held);
    node_remove_store(node->dir);
    int err = process_restore(&node->process, node->service, node->backup, node->dir, says);
    if (err != ERR_OK)
        world_violation(node->w, "%s: restoring: %s", node->service->name, says);
    if (keys)
        vault_give(node, &held);
    town_restored(node, node->backup_head);
    node_died(node, "restored", 20 * MS);
    return err == ERR_OK;
}

/* ── batches ──────────────────────────────────────────────────────────────── */

void node_plan(struct node *node)
{
    if (node->run_planned || !node_up(node))
        return;
    node->run_planned = true;
    world_plan(node->w, world_between(node->w, 200, 3000), EVENT_RUN, node->number, node->life, NULL);
}

static void answer(struct node *node, const struct letter *to, const struct outcome *outcome)
{
    struct letter *letter = letter_new(LETTER_ANSWER, node->number, to->from, to->id, outcome->body);
    letter->command = to->command;
    letter->life = node->life;
    letter->outcome = outcome->kind;
    letter->has_position = outcome->has_position;
    letter->position = outcome->position;
    world_post(node->w, letter);
}

struct batch {
    struct node *node;
    struct input input[BATCH_MOST + STREAMS + ADMITS_MAX + 1];
    struct outcome outcome[BATCH_MOST + STREAMS + ADMITS_MAX + 1];
    struct letter *letter[BATCH_MOST];      /* of the first inputs; the others are the operator's */
    uint32_t letters, n;
    uint64_t head;                          /* before it */
    bool answered;
};

static void answer_all(void *arg)
{
    struct batch *batch = arg;
    if (batch->answered)
        return;
    batch->answered = true;
    for (uint32_t i = 0; i < batch->letters; i++)
        if (batch->letter[i]->kind == LETTER_ENTRIES)
            source_taken(batch->node, batch->letter[i], &batch->outcome[i]);
        else {
            if (!uuid_is_nil(&batch->letter[i]->lane))
                town_ran(batch->node, batch->letter[i], &batch->outcome[i], batch->outcome[i].position.number > batch->head);
            answer(batch->node, batch->letter[i], &batch->outcome[i]);
        }
}

static void take_letters(struct node *node, struct batch *batch, uint32_t most)
{
    uint32_t n = node->waiting < most ? node->waiting : most;
    for (uint32_t i = 0; i < n; i++) {
        struct letter *letter = batch->letter[i] = node->inbox[i];
        struct input *input = &batch->input[batch->n++];
        *input = (struct input){ .body = buf_bytes(&letter->body) };
        if (letter->kind == LETTER_ENTRIES) {
            input->kind = INPUT_ENTRIES;
            input->stream = service_of((int)letter->from)->name;
            continue;
        }
        input->who = letter->who;
        input->command = letter->command;
        input->method = letter->method;
        input->after = letter->after;
        input->after_count = letter->after_count;
        input->made_at = letter->made_at;
        input->lane = letter->lane;
        input->previous = letter->previous;
    }
    batch->letters = n;
    node->waiting -= n;
    memmove(node->inbox, node->inbox + n, node->waiting * sizeof *node->inbox);
}

void node_order(struct node *node, const struct uuid *command, const struct uuid *who)
{
    struct uuid verdict = ids_verdict(command, who);
    ids_add_one(&node->orders, &verdict);
}

static struct uuid operator_id(struct node *node, const struct principal *who)
{
    uint8_t random[10];
    prng_fill(&node->random, random, sizeof random);
    struct uuid id = uuid_v7(node_wall(node) / MOMENT_MS, random);
    node_order(node, &id, &who->id);
    return id;
}

/* The operator sits beside the machine: what he says is not lost on the way, only with the process. */
static void take_operator(struct node *node, struct batch *batch)
{
    struct principal who = { .id = uuid_derive("operator", bytes("", 0)), .role = ROLE_OPERATOR, .reach.all = true };
    if (node->accept_clock)
        batch->input[batch->n++] = (struct input){ .kind = INPUT_ACCEPT_CLOCK, .who = who, .command = operator_id(node, &who) };
    node->accept_clock = false;
    for (uint32_t i = 0; i < node->sources; i++)
        if (node->source[i].accept)
            batch->input[batch->n++] = (struct input){ .kind = INPUT_ACCEPT_FORK, .who = who,
                                                       .command = operator_id(node, &who), .stream = node->source[i].name };
    for (uint32_t i = 0; i < node->admits; i++)
        batch->input[batch->n++] = (struct input){ .kind = INPUT_SENDER_ACCEPT, .who = who, .command = operator_id(node, &who),
                                                   .body = msg_encode_in(&node->arena, &sender_accept_desc, &node->admit[i]) };
    node->admits = 0;
}

void node_told(struct node *node)
{
    struct machine_health health;
    machine_health(node->process.machine, &health);
    if (health.internal_errors > 0)
        world_violation(node->w, "%s: a handler failed", node->service->name);
    if (node->process.asked > 0 && !node->w->verbose)
        world_violation(node->w, "%s: a handler asked the system for the time", node->service->name);
    for (uint32_t i = 0; i < node->sources; i++)
        if (node->source[i].accept) {
            node->source[i].accept = false;
            for (uint32_t k = 0; k < node->sources; k++)
                if (node->source[k].state != SOURCE_WAITS)      /* copies are of several streams at once */
                    source_follow(node, &node->source[k]);
        }
    feed_all(node);
    if (node->desk != NULL)
        desk_wake(node->desk);
    if (node->waiting > 0)
        node_plan(node);
}

static bool timers_due(const struct node *node)
{
    moment_t due = machine_next_due(node->process.machine);
    return due != 0 && due <= node_wall((void *)(uintptr_t)node) && node->w->now - node->timers_at >= TIMERS_PAUSE;
}

bool node_batch(struct node *node, const struct input *inputs, size_t n, struct arena *arena, struct outcome *outcomes, const char **how)
{
    node->process.disk_full = node->w->now < node->full_until;
    return process_batch(&node->process, inputs, n, arena, outcomes, how);
}

void node_run(struct node *node, uint64_t life)
{
    struct world *w = node->w;
    struct machine_health health;
    struct batch *batch;
    const char *how = NULL;

    if (life != node->life || !node_up(node))
        return;
    node->run_planned = false;
    if (w->now < node->stalled_until) {
        node->run_planned = true;
        world_plan(w, node->stalled_until - w->now + 1, EVENT_RUN, node->number, node->life, NULL);
        return;
    }
    batch = ARENA_NEW(&node->arena, struct batch);
    batch->node = node;
    batch->head = machine_head(node->process.machine);
    machine_health(node->process.machine, &health);
    take_letters(node, batch, health.careful ? 1 : (uint32_t)world_between(w, 1, BATCH_MOST));
    take_operator(node, batch);
    node->timers_at = w->now;
#ifdef RSNMS_SABOTAGE
    if (node->early_answers)
        machine_early_release(node->process.machine, answer_all, batch);
#endif
    bool lives = node_batch(node, batch->input, batch->n, &node->arena, batch->outcome, &how);
    w->batches += batch->n > 0;
    w->counts->batches += batch->n > 0;
    nemesis_died(w, how);
    if (lives)
        answer_all(batch);
    for (uint32_t i = 0; i < batch->letters; i++)
        letter_free(batch->letter[i]);
    arena_reset(&node->arena);
    if (lives)
        node_told(node);
    else
        node_died(node, how, world_between(w, 5 * MS, 300 * MS));
}

/* ── letters ──────────────────────────────────────────────────────────────── */

static void query(struct node *node, const struct letter *letter)
{
    struct outcome outcome;
    machine_query(node->process.machine, &letter->who, letter->method, buf_bytes(&letter->body),
                  letter->after, letter->after_count, &node->scratch, &outcome);
    node->w->counts->queries++;
    answer(node, letter, &outcome);
    arena_reset(&node->scratch);
}

static bool entries_wanted(struct node *node, const struct letter *letter)
{
    struct source *source = source_of(node, letter->from);
    if (source == NULL || source->state != SOURCE_FOLLOWS || letter->id != source->id)
        return false;
    source->heard = node->w->now;
    return true;
}

void node_letter(struct node *node, struct letter *letter)
{
    bool work = letter->kind == LETTER_COMMAND || letter->kind == LETTER_ENTRIES;
    if (town_is_revoked(node->w, letter->from) && node->number < TOWN) {     /* its key is turned away before anything is read */
        letter_free(letter);
        return;
    }
    if (node_up(node) && work && node->waiting < INBOX_MAX &&
        (letter->kind == LETTER_COMMAND || entries_wanted(node, letter))) {
        node->inbox[node->waiting++] = letter;
        node_plan(node);
        return;
    }
    if (!node_up(node) || work)
        ;                                   /* lost: nobody is there, or the queue is full */
    else if (letter->kind == LETTER_QUERY)
        query(node, letter);
    else if (letter->kind == LETTER_ANSWER && node->desk != NULL)
        desk_letter(node->desk, letter);
    else if (letter->kind == LETTER_FOLLOW || letter->kind == LETTER_CREDIT)
        feed_letter(node, letter);
    else
        source_letter(node, source_of(node, letter->from), letter);
    letter_free(letter);
}

/* ── now and then ─────────────────────────────────────────────────────────── */

/* A process that is careful after its crashes is started anew in order once all is calm: it may be refusing
 * an id that only met two crashes, and goes on doing so while nothing else comes. */
static bool operator_restarts(struct node *node, const struct machine_health *health)
{
    return node->w->calm && health->careful && node_restart(node, 0, 0);
}

static void operator_look(struct node *node)
{
    struct machine_health health;
    machine_health(node->process.machine, &health);
    if (operator_restarts(node, &health))
        return;
    if (health.clock_suspect && world_chance(node->w, node->w->calm ? 1000 : 60))
        node->accept_clock = true;
    for (uint32_t i = 0; i < node->sources; i++)
        if (node->source[i].state == SOURCE_STOPPED && world_chance(node->w, node->w->calm ? 1000 : 60))
            node->source[i].accept = true;
    if (node->number <= ROUTES && (node->w->cloned || node->w->node[TOWN]->lives > 1) && world_chance(node->w, node->w->calm ? 1000 : 30))
        town_operator(node->w, node);
    bool asked = node->accept_clock;
    for (uint32_t i = 0; i < node->sources; i++)
        asked |= node->source[i].accept;
    if (asked)
        node_plan(node);
}

void node_tick(struct node *node)
{
    if (!node_up(node) || node->w->now < node->stalled_until)
        return;
    operator_look(node);
    if (!node_up(node))
        return;
    sources_look(node);
    if (timers_due(node))
        node_plan(node);
}

/* Everything committed is followed by everybody, and no hand of a clock is about to do something. */
bool node_rests(struct node *node)
{
    struct follow follow;
    if (node->absent)
        return true;
    bool rests = node_up(node) && node->waiting == 0 && (node->desk == NULL || desk_rests(node->desk));
    if (rests && (node->number == TOWN || node->number == COPY))
        rests = town_rests(node);
    if (rests && node->number == FEDERAL && node->w->late)
        rests = !office_waits(node->w);
    moment_t due = rests ? machine_next_due(node->process.machine) : 0;
    rests = rests && (due == 0 || due > node_wall(node));
    for (uint32_t i = 0; i < node->sources && rests; i++) {
        const struct node *from = node->w->node[node->source[i].node];
        rests = node_up(from) &&
                machine_follow(node->process.machine, node->source[i].name, &node->scratch, &follow) == ERR_OK &&
                follow.cursor->number == machine_head(from->process.machine);
        if (rests) {
            struct meta meta = machine_meta(from->process.machine);
            rests = uuid_equal(&meta.incarnation, &follow.cursor->incarnation) || follow.cursor->number == 0;
        }
    }
    arena_reset(&node->scratch);
    return rests;
}
