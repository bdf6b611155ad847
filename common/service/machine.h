#pragma once
#include "common/core/random.h"
#include "common/service/service.h"

/* machine: one service as a state machine over its store, without sockets, threads, signals or the wall
 * clock. The daemon wraps it with them; a test or the simulation drives it by hand.
 *
 * Threads    machine_batch() and the other writing calls: one thread. machine_query(), machine_feed():
 *            any, each with an arena of its own.
 * Errors     ERR_OK, or an error after which the process has to end (see store.h). What is wrong with
 *            a single command is in its outcome. */

struct machine_options {
    const char *dir;
    const char *profile;                    /* region profile file; NULL when the service takes none */
    struct clock clock;
    struct random_source random;
    const struct engine *engine;            /* NULL: LMDB alone */
    const char *master_key_file;            /* vault; NULL when the service keeps no personal data */
    size_t map_size;
    uint64_t reserve_bytes;
    uint64_t cap_bytes;                     /* what service_cap_bytes() says; 0: none */
    bool unlocked;                          /* config_service.unlocked */
    bool no_sync;                           /* simulation only */
    char *says;                             /* 400 bytes: what is wrong, for a person; may be NULL */
};

int  machine_open(struct machine **out, const struct service *service, const struct machine_options *options);
void machine_close(struct machine **machine);           /* marks a clean end */
void machine_drop(struct machine **machine);            /* the simulation's crash: nothing is written */

/* What may come into a batch. */
enum input_kind {
    INPUT_COMMAND, INPUT_ENTRIES, INPUT_ACCEPT_FORK, INPUT_ACCEPT_CLOCK,
    INPUT_SENDER_HOLD, INPUT_SENDER_ACCEPT,     /* chain.h: who, command and body */
};
struct input {
    enum input_kind kind;
    /* COMMAND */
    struct principal who;
    struct uuid command;
    const char *method;
    struct bytes body;
    moment_t made_at;
    const struct position *after; uint32_t after_count;
    struct uuid lane, previous;             /* chain.h; lane nil: not chained */
    /* ENTRIES (an encoded `entries` message of that stream), ACCEPT_FORK (stream) */
    const char *stream;
    void *tag;                              /* the caller's own */
};

enum outcome_kind {
    OUTCOME_REPLY,                          /* body: the reply */
    OUTCOME_PROBLEM,                        /* body: an encoded problem */
    OUTCOME_TAKEN,                          /* ENTRIES: committed, the cursor stands at `cursor` */
    OUTCOME_STOPPED,                        /* ENTRIES: this stream stops until an operator acts; body: problem */
    OUTCOME_IGNORED,                        /* ENTRIES: not what comes after the cursor; follow again from `cursor` */
};
struct outcome {
    enum outcome_kind kind;
    struct bytes body;                      /* lives in the batch's arena */
    struct position position;               /* REPLY, and PROBLEM that is a verdict: where it stands */
    bool has_position;
    struct cursor cursor;                   /* ENTRIES */
};

/* Decides, journals, applies and commits all of them in one transaction with one sync; the outcomes may
 * be told to anybody only after this has returned ERR_OK. Due timers run along (at most
 * MACHINE_TIMERS_BATCH). A command whose apply fails answers `internal`, and the batch is done again
 * without it. count may be 0: timers only. */
#define MACHINE_TIMERS_BATCH 64
int  machine_batch(struct machine *machine, const struct input *inputs, size_t count,
                   struct arena *arena, struct outcome *outcomes);
#ifdef RSNMS_SABOTAGE
/* Controls of the tests only: calls it when all outcomes are known and nothing is committed yet. */
void machine_early_release(struct machine *machine, void (*release)(void *arg), void *arg);
#endif
moment_t machine_next_due(struct machine *machine);     /* of the timers; 0: none */

/* A query in a read transaction of its own. */
void machine_query(struct machine *machine, const struct principal *who, const char *method,
                   struct bytes body, const struct position *after, uint32_t after_count,
                   struct arena *arena, struct outcome *outcome);
enum method_kind { METHOD_UNKNOWN, METHOD_COMMAND, METHOD_QUERY };
enum method_kind machine_method(const struct machine *machine, const char *method, roles_t *roles);

/* sender.check (about `who`) and sender.list of chain.h: body and outcome as in machine_query(). */
enum senders_ask { SENDERS_CHECK, SENDERS_LIST };
void machine_senders(struct machine *machine, enum senders_ask what, const struct principal *who, struct bytes body,
                     struct arena *arena, struct outcome *outcome);

/* The source's side: one ENTRIES message for a follower. */
int  machine_feed(struct machine *machine, const struct feed_wish *wish, struct arena *arena,
                  struct buf *out, struct feed_result *result);

/* Where to begin following so as to get entry `number`: the end of the group before it. ERR_NOTFOUND past the end. */
int  machine_place(struct machine *machine, uint64_t number, struct arena *arena, struct cursor *cursor);

/* The follower's side: which journals this service follows, from where, and which events. */
uint32_t machine_streams(const struct machine *machine);
const char *machine_stream(const struct machine *machine, uint32_t i);
int  machine_follow(struct machine *machine, const char *stream, struct arena *arena, struct follow *follow);
/* The source has answered `fork`. A stream with projections only: their copies are dropped with all
 * cursors and followed again (ERR_OK). One with reactions: it waits (ERR_FORK) for INPUT_ACCEPT_FORK. */
int  machine_forked(struct machine *machine, const char *stream);

const struct service *machine_service(const struct machine *machine);
struct store *machine_store(struct machine *machine);
struct meta machine_meta(const struct machine *machine);
uint64_t machine_head(struct machine *machine);         /* last committed number; any thread */
int  machine_zone(const struct machine *machine);       /* minutes east of UTC */

/* Troubles that an operator has to know of, by a stable token; any thread. */
struct machine_health {
    bool clock_suspect, no_room, careful;               /* careful: batches of one after an unclean end */
    uint32_t stopped_streams;
    uint64_t second_copies;                             /* commands of copies that were refused since start */
    uint64_t internal_errors;                           /* apply or handler failures since start */
};
void machine_health(struct machine *machine, struct machine_health *health);

/* Tools for a store at rest (rsnms verify, rebuild, restore). */
int  machine_verify(struct machine *machine, uint64_t *checked, uint64_t *bad, const char **why);
/* Makes the state again from the journal in a store aside and compares; `same` says whether they agree.
 * With `replace` the live tables are made again in place. */
int  machine_rebuild(struct machine *machine, bool replace, bool *same);
/* Drops the copies of other journals: they are followed again from their start. */
int  machine_refollow(struct machine *machine);
int  machine_restore(const struct service *service, const char *backup_dir, const char *dir, char says[400]);
