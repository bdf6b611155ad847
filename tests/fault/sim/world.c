#include "tests/fault/sim/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fault/sim/client.h"
#include "tests/fault/sim/desk.h"
#include "tests/fault/sim/nemesis.h"
#include "tests/fault/sim/node.h"
#include "tests/fault/sim/office.h"
#include "tests/fault/sim/registrar.h"
#include "tests/fault/sim/town.h"

#define TICK      (20 * MS)
#define LONGEST   (1800 * INT64_C(1000000))     /* of virtual time: a run that takes longer stands still */
#define REST      (300 * INT64_C(1000000))      /* for everybody to catch up once all is healed */

/* ── what does not hold, and what is said ─────────────────────────────────── */

void world_violation(struct world *w, const char *format, ...)
{
    va_list args;
    if (w->violated)
        return;
    w->violated = true;
    va_start(args, format);
    vsnprintf(w->violation, sizeof w->violation, format, args);
    va_end(args);
}

void world_say(struct world *w, const char *format, ...)
{
    va_list args;
    if (!w->verbose)
        return;
    printf("%9.3f ", (double)w->now / 1e6);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

bool world_chance(struct world *w, uint32_t of_thousand)
{
    return prng_below(&w->prng, 1000) < of_thousand;
}

int64_t world_between(struct world *w, int64_t least, int64_t most)
{
    return least + (int64_t)prng_below(&w->prng, (uint64_t)(most - least + 1));
}

void world_fault(struct world *w, enum fault_kind kind)
{
    w->counts->fault[kind]++;
    w->faults += kind >= FAULT_FIRST_ON_PURPOSE;
}

/* ── events: a heap by time, then by order of planning ────────────────────── */

static bool earlier(const struct event *a, const struct event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void world_plan(struct world *w, int64_t in, enum event_kind kind, uint32_t whom, uint64_t life, struct letter *letter)
{
    struct event event = { w->now + in, ++w->order, kind, whom, life, letter };
    if (w->planned == w->room) {
        w->room = w->room != 0 ? w->room * 2 : 256;
        w->heap = realloc(w->heap, w->room * sizeof *w->heap);
        if (w->heap == NULL)
            abort();
    }
    size_t at = w->planned++;
    for (size_t up; at > 0 && earlier(&event, &w->heap[up = (at - 1) / 2]); at = up)
        w->heap[at] = w->heap[up];
    w->heap[at] = event;
}

static struct event next_event(struct world *w)
{
    struct event first = w->heap[0], last = w->heap[--w->planned];
    size_t at = 0;
    for (size_t down; (down = at * 2 + 1) < w->planned; at = down) {
        if (down + 1 < w->planned && earlier(&w->heap[down + 1], &w->heap[down]))
            down++;
        if (earlier(&last, &w->heap[down]))
            break;
        w->heap[at] = w->heap[down];
    }
    w->heap[at] = last;
    return first;
}

/* ── the network ──────────────────────────────────────────────────────────── */

struct letter *letter_new(enum letter_kind kind, uint32_t from, uint32_t to, uint64_t id, struct bytes body)
{
    struct letter *letter = calloc(1, sizeof *letter);
    if (letter == NULL)
        abort();
    letter->kind = kind;
    letter->from = from;
    letter->to = to;
    letter->id = id;
    buf_put(&letter->body, body.at, body.n);
    return letter;
}

void letter_free(struct letter *letter)
{
    buf_free(&letter->body);
    free(letter);
}

struct letter *letter_copy(const struct letter *letter)
{
    struct letter *copy = letter_new(letter->kind, letter->from, letter->to, letter->id, buf_bytes(&letter->body));
    struct buf body = copy->body;
    *copy = *letter;
    copy->body = body;
    return copy;
}

static void send_off(struct world *w, struct letter *letter)
{
    int64_t takes = world_between(w, 100, 2500);
    if (!w->calm && world_chance(w, w->weather.late)) {
        takes += world_between(w, 10 * MS, 2000 * MS);
        world_fault(w, FAULT_LATE);
    }
    world_plan(w, takes, EVENT_LETTER, letter->to, 0, letter);
}

void world_post(struct world *w, struct letter *letter)
{
    bool storm = w->now < w->storm_until;
    letter->order = ++w->posted[letter->from][letter->to];
    if (!w->calm && (w->now < w->cut_until[letter->from][letter->to] ||
                     world_chance(w, storm ? 350 : w->weather.drop))) {
        world_fault(w, FAULT_DROP);
        letter_free(letter);
        return;
    }
    if (!w->calm && world_chance(w, storm ? 200 : w->weather.repeat)) {
        world_fault(w, FAULT_REPEAT);
        send_off(w, letter_copy(letter));
    }
    send_off(w, letter);
}

static void deliver(struct world *w, struct letter *letter)
{
    uint64_t *last = &w->delivered[letter->from][letter->to];
    if (letter->order < *last)
        world_fault(w, FAULT_REORDER);
    else
        *last = letter->order;
    if (letter->to < NODES)
        node_letter(w->node[letter->to], letter);
    else
        client_letter(w->client[letter->to - NODES], letter);
}

/* ── what happens next ────────────────────────────────────────────────────── */

static void tick(struct world *w)
{
    for (int i = 0; i < NODES && !w->violated; i++)
        node_tick(w->node[i]);
    for (int i = 0; i < CLIENTS && !w->violated; i++)
        client_tick(w->client[i]);
    office_tick(w);
    world_plan(w, TICK, EVENT_TICK, 0, 0, NULL);
}

static void step(struct world *w)
{
    struct event event = next_event(w);
    w->now = event.at;
    switch (event.kind) {
    case EVENT_LETTER: deliver(w, event.letter); break;
    case EVENT_RUN:    node_run(w->node[event.whom], event.life); break;
    case EVENT_START:  node_start(w->node[event.whom], event.life); break;
    case EVENT_TICK:   tick(w); break;
    case EVENT_ACT:    client_act(w->client[event.whom]); break;
    case EVENT_ERRAND: desk_run(w->node[event.whom / DESK_ERRANDS]->desk, event.whom % DESK_ERRANDS, event.life); break;
    }
}

void world_spell(struct world *w, int64_t length)
{
    w->spells += length;
    w->counts->leaps++;
}

static bool at_rest(struct world *w)
{
    for (int i = 0; i < CLIENTS; i++)
        if (!client_rests(w->client[i]))
            return false;
    for (int i = 0; i < NODES; i++)
        if (!node_rests(w->node[i]))
            return false;
    return true;
}

static void say_restless(struct world *w)
{
    char text[500] = "";
    size_t n = 0;
    for (int i = 0; i < NODES && n < sizeof text - 80; i++)
        if (!node_rests(w->node[i]))
            n += (size_t)snprintf(text + n, sizeof text - n, " %s%s", service_of(i)->name, i == COPY ? " (the image)" : "");
    for (int i = 0; i < CLIENTS && n < sizeof text - 80; i++)
        if (!client_rests(w->client[i]))
            n += (size_t)snprintf(text + n, sizeof text - n, " client %d (%s)", i, client_waits_for(w->client[i]));
    town_say(w);
    world_violation(w, "healed, and not at rest after %d s:%s", (int)(REST / 1000000), text);
}

/* Until everything that was begun has ended: nobody is behind, nobody waits for an answer. */
static void come_to_rest(struct world *w)
{
    int64_t until = w->now + REST;
    while (!w->violated && !at_rest(w)) {
        if (w->now > until)
            say_restless(w);
        else
            step(w);
    }
}

void world_run(struct world *w)
{
    while (!w->violated && (w->batches < w->batches_wanted || w->faults < NEMESIS_LEAST)) {
        step(w);
        nemesis_look(w);
        if (w->now > LONGEST)
            world_violation(w, "after %d s of virtual time only %llu batches and %llu faults", (int)(LONGEST / 1000000),
                            (unsigned long long)w->batches, (unsigned long long)w->faults);
    }
    nemesis_heal(w);
    come_to_rest(w);
    for (int i = 0; i < CLIENTS; i++)
        client_ask_again(w->client[i]);         /* who has been silent since a restore learns of it */
    come_to_rest(w);
    for (int i = 0; i < 3; i++) {               /* terms end, sittings run out */
        world_spell(w, 4 * MOMENT_DAY);
        w->late = true;
        step(w);
        come_to_rest(w);
    }
}

/* ── making and unmaking ──────────────────────────────────────────────────── */

struct world *world_new(const struct world_options *options)
{
    struct world *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    w->seed = options->seed;
    w->batches_wanted = options->batches;
    w->counts = options->counts;
    w->backups = options->backups;
    w->registry = options->seed % REGISTRY_EVERY == 0;
    w->verbose = options->verbose;
    snprintf(w->dir, sizeof w->dir, "%s", options->dir);
    snprintf(w->profile, sizeof w->profile, "%s", options->profile);
    prng_seed(&w->prng, options->seed);
    w->weather = (struct weather){ (uint32_t)prng_below(&w->prng, 60), (uint32_t)prng_below(&w->prng, 40),
                                   (uint32_t)prng_below(&w->prng, 30) };
    if ((w->office = calloc(1, sizeof *w->office)) == NULL)
        abort();
    w->next_fault = 20;
    w->next_spell = 40;
    for (uint32_t i = 0; i < NODES; i++) {
        w->node[i] = node_new(w, i, options->early_answers);
        if (i == ROSTER)
            town_prepare(w);
    }
    for (uint32_t i = 0; i < CLIENTS; i++)
        w->client[i] = client_new(w, i);
    tick(w);
    return w;
}

void world_free(struct world **world)
{
    struct world *w = *world;
    for (size_t i = 0; i < w->planned; i++)
        if (w->heap[i].letter != NULL)
            letter_free(w->heap[i].letter);
    for (int i = 0; i < CLIENTS; i++)
        client_free(&w->client[i]);
    for (int i = 0; i < NODES; i++)
        node_free(&w->node[i]);
    town_free(w);
    office_free(w);
    free(w->heap);
    free(w);
    *world = NULL;
}
