#pragma once
#include "tests/fault/sim/ids.h"
#include "common/service/chain.h"
#include "tests/fault/sim/process.h"

/* node: one service as the daemon would run it, without its threads: an inbox, batches, queries at once,
 * followers served within their credit, journals followed by the protocol (FOLLOW, ENTRIES, CREDIT after
 * the commit, again on silence or when entries do not fit, waiting for an operator after a fork).
 *
 *   node.c         its life: start, kill, restore; batches and answers; the operator
 *   node_source.c  following others    node_feed.c  serving followers */
#define INBOX_MAX   256
#define STREAMS     8
#define ADMITS_MAX  4
#define LIVES_MAX   64

enum source_state { SOURCE_WAITS, SOURCE_FOLLOWS, SOURCE_STOPPED };
struct source { const char *name; uint32_t node; enum source_state state; uint64_t id; int64_t heard, again; bool accept; };
struct follower {
    bool there, at_head, stuck;
    uint64_t id;
    struct arena arena;                 /* of its wish */
    struct follow wish;
    struct cursor cursor;
    uint8_t hash[HASH_SIZE];
    int64_t credit_entries, credit_bytes, stuck_entries, stuck_bytes;
};
struct node {
    struct world *w;
    uint32_t number;
    struct service layout;              /* the service, with the versions of its layouts now */
    const struct service *service;      /* that */
    struct process process;
    struct prng random;
    char dir[260], backup[300];
    uint64_t life;                      /* of the process: what was planned for an older one is void */
    uint64_t following;                 /* ids of followings */
    int64_t skew;                       /* of the wall clock */
    int64_t stalled_until, full_until, timers_at;
    bool run_planned, accept_clock;
    bool absent;                        /* its store has not been made yet */
    struct sender_accept admit[ADMITS_MAX]; uint32_t admits;     /* the operator's, on their way */
    struct desk *desk;                  /* its errands; NULL: none */
    struct letter *inbox[INBOX_MAX];
    uint32_t waiting;
    struct source source[STREAMS];
    uint32_t sources;
    struct follower follower[NODES];
    struct arena arena, scratch;        /* of a batch; of what is done meanwhile */
    struct buf out;
    bool early_answers;                 /* the sabotage of answering before the commit is allowed to work */
    /* what the checks know: incarnations in their order, and where each began */
    struct { struct uuid id; uint64_t kept; } life_of[LIVES_MAX];
    uint32_t lives;
    struct ids orders;                  /* verdicts of what its operator and its errands have told it */
    bool has_backup;
    uint64_t backup_head;
};

struct node *node_new(struct world *w, uint32_t number, bool early_answers);
void node_free(struct node **node);
void node_start(struct node *node, uint64_t life);
void node_letter(struct node *node, struct letter *letter);     /* takes it */
void node_run(struct node *node, uint64_t life);
void node_tick(struct node *node);
bool node_rests(struct node *node);     /* nothing to do, nobody behind */
/* A batch of its machine, with the disk as it is now; false: it died, and `how`. */
bool node_batch(struct node *node, const struct input *inputs, size_t n, struct arena *arena, struct outcome *outcomes, const char **how);
void node_plan(struct node *node);      /* a batch soon */
void node_told(struct node *node);      /* a batch has been committed: who follows, who waits */
/* A command that no client has sent: its verdict is expected by nobody. */
void node_order(struct node *node, const struct uuid *command, const struct uuid *who);

/* What may be done to it. */
void node_died(struct node *node, const char *how, int64_t down);      /* its machine is gone already */
void node_kill(struct node *node, int64_t down);                /* starts again after that */
bool node_restart(struct node *node, uint32_t state, uint32_t copies);      /* versions to add */
bool node_back_up(struct node *node);
bool node_restore(struct node *node);                           /* from the last backup */
void node_remove_store(const char *dir);
moment_t node_wall(void *node);
/* The machine is there, and answers. */
static inline bool node_up(const struct node *node) { return node->process.machine != NULL; }
/* A reader that writes nothing: for the checks. */
struct machine_options node_options(struct node *node, const char *dir);
uint32_t node_life_of(const struct node *node, const struct uuid *incarnation);     /* LIVES_MAX: not one of its own */

/* ── node_source.c ── */
void sources_begin(struct node *node);
void sources_look(struct node *node);
struct source *source_named(struct node *node, const char *name);
struct source *source_of(struct node *node, uint32_t from);
void source_follow(struct node *node, struct source *source);
void source_letter(struct node *node, struct source *source, const struct letter *letter);  /* not ENTRIES */
void source_taken(struct node *node, const struct letter *letter, const struct outcome *outcome);

/* ── node_feed.c ── */
void feed_letter(struct node *node, const struct letter *letter);
void feed_all(struct node *node);
