#pragma once
#include "common/service/machine.h"
#include "tests/fault/sim/counts.h"
#include "tests/fault/sim/services.h"

/* world: one run of the whole chain from one seed: virtual time, the network, and what happens next.
 *
 * Time       `now` moves from event to event, in microseconds; `spells` is what quiet spells (nights, in which
 *            nobody does anything) have added. A node's wall clock is both, and what was done to that clock.
 * Order      events of the same time come in the order they were planned in: nothing depends on addresses,
 *            the system's clock or its random numbers, so the same seed is the same run.
 * Violation  the first one ends the run; it says what does not hold. */
#define CLIENTS 9
#define PARTIES (NODES + CLIENTS)       /* nodes first */
#define MS      INT64_C(1000)

struct node;
struct client;
struct town;
struct world;

/* ── letters ──────────────────────────────────────────────────────────────── */
enum letter_kind {
    LETTER_COMMAND, LETTER_QUERY, LETTER_ANSWER,            /* client → service → client */
    LETTER_FOLLOW, LETTER_CREDIT, LETTER_ENTRIES, LETTER_FORK, LETTER_NOT_FOLLOWING,
};
#define AFTER_MAX NODES
struct letter {
    enum letter_kind kind;
    uint32_t from, to;
    uint64_t order;                     /* on its link */
    uint64_t id;                        /* of the request or of the following */
    uint64_t life;                      /* ANSWER: of the process that gave it */
    struct principal who;
    struct uuid command;
    const char *method;
    moment_t made_at;
    struct uuid lane, previous;         /* a chained command */
    struct position after[AFTER_MAX];
    uint32_t after_count;
    enum outcome_kind outcome;
    bool has_position;
    struct position position;
    uint64_t entries, bytes;            /* ENTRIES, CREDIT */
    struct buf body;
};
struct letter *letter_new(enum letter_kind kind, uint32_t from, uint32_t to, uint64_t id, struct bytes body);
struct letter *letter_copy(const struct letter *letter);
void letter_free(struct letter *letter);
void world_post(struct world *w, struct letter *letter);    /* takes it */

/* ── events ───────────────────────────────────────────────────────────────── */
enum event_kind { EVENT_LETTER, EVENT_RUN, EVENT_START, EVENT_TICK, EVENT_ACT, EVENT_ERRAND };
struct event { int64_t at; uint64_t order; enum event_kind kind; uint32_t whom; uint64_t life; struct letter *letter; };
void world_plan(struct world *w, int64_t in, enum event_kind kind, uint32_t whom, uint64_t life, struct letter *letter);

/* ── the whole ────────────────────────────────────────────────────────────── */
struct weather { uint32_t drop, repeat, late; };            /* of a thousand letters */
struct world {
    uint64_t seed;
    struct prng prng;
    int64_t now, spells;
    struct event *heap;
    size_t planned, room;
    uint64_t order;
    uint64_t posted[PARTIES][PARTIES], delivered[PARTIES][PARTIES];
    int64_t cut_until[PARTIES][PARTIES], storm_until;
    struct weather weather;
    bool calm;                          /* healed: what is sent arrives, nothing more is done to anybody */
    struct node *node[NODES];
    struct client *client[CLIENTS];
    struct town *town;
    struct office *office;
    int64_t revoked_until;              /* the node's key; 0: it is good */
    bool cloned;                        /* there has been an image of the node */
    bool registry;                      /* this seed is one in which the registrar plays (registrar.h) */
    bool late;                          /* days have passed since it was healed */
    struct counts *counts;
    uint64_t batches, batches_wanted, faults, next_fault, next_spell;
    char dir[200], profile[240];
    bool backups, verbose, violated;
    char violation[800];
};

struct world_options { uint64_t seed, batches; const char *dir, *profile; bool backups, verbose, early_answers; struct counts *counts; };
struct world *world_new(const struct world_options *options);
void world_free(struct world **world);
void world_run(struct world *w);        /* until enough has happened, then heals and waits for rest */
void world_spell(struct world *w, int64_t length);          /* time passes, and nothing happens */
void world_fault(struct world *w, enum fault_kind kind);    /* counts it */

void world_violation(struct world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool world_chance(struct world *w, uint32_t of_thousand);
int64_t world_between(struct world *w, int64_t least, int64_t most);
void world_say(struct world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));    /* when verbose */
