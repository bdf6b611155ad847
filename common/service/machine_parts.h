#pragma once
#include <pthread.h>
#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "common/service/chain.h"
#include "common/service/machine.h"

/* What the files of the machine share; nobody else includes this. */

#define VERDICT_KEEP       (400 * MOMENT_DAY)       /* an older command id is `expired` */
#define VERDICT_TRIM_BATCH 8
#define READING_AGAIN      (10 * MOMENT_MINUTE)      /* a reading of personal data, under the same id */
#define CLOCK_JUMP         (10 * MOMENT_MINUTE)
#define CAREFUL_BATCHES    100
#define CRASHES_MAX        2                        /* an id that crashed the service so often is refused */
#define BARE_CURSOR_EVERY  MOMENT_SECOND
#define STREAMS_MAX        16
#define TIMERS_ASIDE_MAX   32                       /* fewer than MACHINE_TIMERS_BATCH: the others go on */

/* One journal that is followed. `cursor` is where to go on; it may be ahead of the stored one by entries
 * that had no effect here. `next` is the batch's own, until its commit. */
struct stream {
    const char *name;
    bool projects, reacts;
    struct cursor cursor, next;
    uint8_t hash[HASH_SIZE], next_hash[HASH_SIZE];
    bool accepted;                          /* the batch has an operator's word: `stopped` ends with its commit */
    bool moved, put;                        /* next holds something; it is in the batch's transaction */
    moment_t stored_at;                     /* when the cursor was last committed */
    const char *stopped;                    /* reason token; NULL: it runs */
};

/* A copy that was refused: of the last few, for the operator. */
#define ALARMS_MAX 32
struct alarm { struct uuid principal, lane; moment_t logged, refused; };

struct machine {
    const struct service *service;
    struct store *store;
    struct arena arena;                     /* lives as long as the machine */
    struct arena scratch;                   /* the writer's, for one projected entry */
    const void *config;
    int zone;
    struct clock clock;
    struct random_source random;
    const struct engine *engine;
    struct meta meta;
    uint8_t ask_key[32];
    struct journal_head head;               /* committed; the writer's */
    struct stream stream[STREAMS_MAX];
    uint32_t stream_count;
    moment_t clock_offset;                  /* wall − boot, as accepted */
    bool clock_suspect, no_room;
    uint32_t careful;                       /* batches of one still to go */
    uint64_t internal_errors, second_copies;
    struct alarm alarm[ALARMS_MAX];         /* under the lock */
    uint32_t next_alarm;
    struct uuid timer_aside[TIMERS_ASIDE_MAX];      /* those whose handler failed, until the next start */
    uint32_t timers_aside;
    struct vault *vault;
    uint64_t cap_bytes;
    void *memory;                           /* service->memory_open() */
    void (*memory_close)(void *memory);     /* NULL: it has none; the service itself may be gone by then */
    pthread_mutex_t lock;                   /* streams' cursors, health, published head */
    uint64_t head_number;                   /* for other threads, under the lock */
    void (*early_release)(void *arg);       /* sabotage builds only */
    void *early_arg;
};

/* ── decision: what a handler has said so far ─────────────────────────────── */
struct emitted {
    const struct event_def *def;
    const char *name;                       /* def->name, or an event of common/ */
    struct bytes body;
    const struct uuid *scope; uint32_t scope_n;
};
struct decision {
    struct emitted *list;
    uint32_t count, room;
    size_t bytes;
    bool too_large;
    struct bytes reply;                     /* encoded; n = 0: none */
    bool passing;                           /* the reply is not kept, so it is no part of the group */
    const struct msg_desc *gives;
    struct problem *problem;
    uint64_t ids;                           /* given out by decide_id() */
};

/* Adds one; the place for it is made. */
void decision_add(struct decision *decision, struct arena *arena, struct emitted emitted);

/* A batch at work. */
struct work {
    struct machine *machine;
    struct txn txn;
    struct arena *arena;
    struct journal_head head;
    moment_t now;
    day_t today;
    bool wrote;                             /* something that needs a commit */
    bool bare;                              /* only cursors moved */
    bool clock_accepted;
    uint32_t second_copies;
    bool timer_failed; struct uuid timer;   /* the one that was at work when the transaction failed */
    struct bytes *appended; size_t appended_n, appended_room;   /* for the engine */
};

/* Names of a group's origin, on all its entries. */
struct origin {
    struct uuid who, actor;
    moment_t made_at;
    struct entry_cause cause;
    struct bytes ask;                       /* n = 0: not a command */
    const char *method;
};

const struct event_def *machine_event(const struct machine *machine, const char *name);
const struct command_def *machine_command(const struct machine *machine, const char *name);
const struct query_def *machine_query_def(const struct machine *machine, const char *name);
struct stream *machine_stream_named(struct machine *machine, const char *name);

struct bytes problem_encode(struct arena *arena, const struct problem *problem);
struct bytes problem_simple(struct arena *arena, enum problem_code code, const char *reason, uint64_t retry_after_ms);
struct bytes problem_of_message(struct arena *arena, const struct msg_error *error);

/* Writes the group: entries, then their effects, then the verdict. txn.err says whether it held. */
void group_write(struct work *work, struct decision *decision, const struct origin *origin, struct bytes reply);
/* The effects of one own entry on the state; the fold of the journal is this and nothing else. */
void entry_apply(struct machine *machine, struct txn *txn, struct arena *arena, const struct entry *entry);

/* Against the boot clock, or before the last entry. Under the lock, or on the writer's own thread. */
bool clock_jumped(const struct machine *machine);

void timers_fire(struct work *work);
void timer_put_aside(struct machine *machine, const struct uuid *timer);
void timer_apply_fired(struct ctx *ctx, const struct entry *entry);
void command_run(struct work *work, const struct input *input, struct outcome *outcome);
void entries_take(struct work *work, const struct input *input, struct outcome *outcome);
/* A chained command: where its lane stands. */
struct chain { bool on; struct sender row; };
struct bytes chain_check(struct work *work, const struct input *input, struct chain *chain);   /* n = 0: it may run */
void chain_move(struct work *work, const struct input *input, struct chain *chain);            /* its verdict is kept */
void chain_again(struct work *work, const struct input *input);                                /* it had one already */
void sender_hold_run(struct work *work, const struct input *input, struct outcome *outcome);
void sender_accept_run(struct work *work, const struct input *input, struct outcome *outcome);
/* Commands of common/ with a verdict: true when this id has had it, and the same answer again (or is too old). And
 * the entry with the verdict, whose answer is an empty message. scope NULL: public. */
bool system_again(struct work *work, const struct input *input, struct outcome *outcome);
void system_keep(struct work *work, const struct input *input, const char *event, struct bytes body,
                 const struct uuid *scope, struct outcome *outcome);
struct bytes stream_stopped(struct work *work, const struct input *input);
void fork_accept(struct work *work, const struct input *input, struct outcome *outcome);
bool positions_reached(struct machine *machine, uint64_t own_head, const struct position *after, uint32_t n);
void copies_prepare(struct machine *machine, struct txn *txn);
void copies_drop(struct machine *machine, struct txn *txn);
void streams_load(struct machine *machine, struct txn *txn, struct arena *arena);

#define TIMER_FIRED_FIELDS(X, S)                        \
    X(S, STR,    kind, _, 1, 40, REQUIRED)              \
    X(S, UUID,   key,  _, 0, 0,  REQUIRED)              \
    X(S, MOMENT, due,  _, 0, 0,  REQUIRED)
MSG_DECLARE(timer_fired, TIMER_FIRED_FIELDS)
#define STREAM_NAMED_FIELDS(X, S) X(S, STR, stream, _, 1, 40, REQUIRED)
MSG_DECLARE(stream_named, STREAM_NAMED_FIELDS)

struct vault;
int  vault_prepare(struct ctx *ctx);         /* ERR_DENIED: the master key is not this store's */
int  vault_open_master(struct vault **out, const char *file, char *says);
void vault_close_master(struct vault **vault);
