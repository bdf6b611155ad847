#pragma once
#include <pthread.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "common/net/wire.h"
#include "common/net/zap.h"
#include "common/service/config.h"
#include "common/service/daemon.h"
#include "common/service/limits.h"
#include "common/service/metrics.h"
#include "common/service/queue.h"
#include "common/service/system_methods.h"

/* daemon_parts: what the files of the daemon share; nobody else includes this.
 *
 *   daemon.c          options, configuration, start and stop
 *   daemon_io.c       the loop: sockets, signals, the table of principals
 *   daemon_admit.c    one message in: who is it, may it, is there room
 *   daemon_answer.c   one message out, and what waits for it
 *   daemon_writer.c   batches of commands and entries
 *   daemon_readers.c  queries, status, metrics; backups
 *   daemon_feeder.c   followers of this journal
 *   daemon_sources.c  journals that this service follows
 *   daemon_letters.c  requests of others that somebody carried here
 *   daemon_errands.c  the service's work in the world outside */

#define SAYS_MAX 400

struct daemon;

/* ── who asks ─────────────────────────────────────────────────────────────── */
/* What one principal has under way, whatever number of connections it uses. Made when first seen, kept until
 * the process ends: as many as ever stood in the table. */
struct account {
    struct account *next;
    struct uuid id;
    char id_text[UUID_TEXT + 1], name[KEY_NAME_MAX + 1];
    uint32_t requests, followers;           /* the I/O thread's */
    uint64_t bytes;
    _Atomic uint64_t unread;                /* bytes of replies that are still in its pipes */
};

/* Where a message came from, and how to know that it may still have the answer. */
struct peer {
    uint32_t route;
    uint64_t id;                            /* of the request or the following */
    uint32_t generation;                    /* of the table in which the key was last seen live */
    char key[KEY_TEXT];
    struct account *account;
};

/* ── methods ──────────────────────────────────────────────────────────────── */
struct method {
    const char *name;
    enum method_kind kind;                  /* system methods: where they run */
    int system;                             /* enum system_method, or -1 */
    roles_t roles;
    _Atomic uint64_t ok, problem[problem_code_count];
    struct histogram latency_us;
};
#define METHOD_SLOTS 1024
struct methods { struct method *list; size_t n; uint16_t slot[METHOD_SLOTS]; };
void methods_open(struct methods *methods, struct machine *machine, struct arena *arena);
struct method *methods_find(const struct methods *methods, const char *name);

/* ── work that goes round ─────────────────────────────────────────────────── */
enum job_kind {
    JOB_REQUEST,                            /* I/O → writer or readers → I/O, with an answer */
    JOB_ENTRIES,                            /* I/O → writer → I/O: foreign entries and what became of them */
    JOB_FOLLOW,                             /* I/O → writer → I/O: from where to follow a source */
    JOB_FORKED,                             /* the same, after the source has answered `fork` */
    JOB_FED,                                /* feeder → I/O: ENTRIES or an end for a follower */
    JOB_OWN,                                /* errand → writer, who answers it and frees it */
};
struct job_letter { struct letter_key key; struct uuid command; };      /* for whom the answer is sealed */
struct source;
struct follower;
struct errand;
struct errand_command;
struct job {
    struct queue_node node;
    enum job_kind kind;
    int64_t arrived, deadline;              /* microseconds, monotonic; deadline 0: none */
    /* REQUEST */
    struct peer peer;
    struct method *method;
    struct principal who;
    struct uuid command, lane, previous;
    moment_t made_at;
    struct position *after; uint32_t after_count;
    size_t counted;                         /* body bytes, as counted on admission */
    struct wire_frame body;
    int code;                               /* of the answer: problem_code, or -1 for a reply */
    struct job_letter *letter;              /* it came in an envelope, and goes back in one; NULL: it did not */
    struct daemon *daemon;                  /* a backup: its thread has nothing else to know it by */
    bool own_thread;                        /* … and is to be joined */
    struct wire_message answer;
    /* ENTRIES, FOLLOW, FORKED */
    struct source *source;
    uint64_t following, entries, bytes;
    enum outcome_kind outcome;
    uint64_t number;                        /* where the cursor stands now */
    struct uuid journal, incarnation;
    char reason[61];
    bool waits;                             /* stopped until an operator acts */
    /* FED */
    struct follower *follower;
    bool last;
    /* OWN */
    struct errand *errand;
    struct errand_command *own;
};
struct job *job_new(enum job_kind kind);
void job_free(struct job *job);

/* ── a follower of this journal ───────────────────────────────────────────── */
/* Made by the I/O thread, shared with the feeder and with frames that are still in a pipe. */
struct follower {
    struct queue_node node;                 /* on its way to the feeder */
    _Atomic int holders;
    struct peer peer;
    int role;
    struct arena arena;
    struct follow wish;
    struct reach reach;
    struct daemon *daemon;
    _Atomic int64_t credit_entries, credit_bytes;
    _Atomic uint64_t unread;
    _Atomic bool over;
    int64_t heard;                          /* the I/O thread's */
    struct cursor cursor;                   /* the feeder's, with what follows */
    uint8_t hash[HASH_SIZE];
    bool at_head, stuck;
    int64_t not_before, stuck_entries, stuck_bytes;
    struct follower *next;
};
void follower_release(struct follower *follower);

/* ── a journal that is followed ───────────────────────────────────────────── */
enum source_state { SOURCE_ASKING, SOURCE_FOLLOWING, SOURCE_WAITING, SOURCE_STOPPED };
struct source {
    const char *name;
    const struct config_service *config;
    void *socket;
    enum source_state state;
    bool silent;                            /* and it has been said */
    uint64_t id;                            /* of the following */
    int64_t heard, pinged, again;           /* again: when to ask anew, in SOURCE_WAITING */
    uint32_t held;                          /* ENTRIES with the writer, and their bytes */
    size_t held_bytes;
    /* for status, under the daemon's source_lock */
    char reason[61];
    struct uuid journal, incarnation;
    uint64_t number, head;
};
#define SOURCES_MAX 16

/* ── the daemon ───────────────────────────────────────────────────────────── */
enum phase { PHASE_SERVE, PHASE_DRAIN, PHASE_END };
struct totals {
    _Atomic uint64_t malformed, refused_role, revoked, busy, dropped, feed_messages, feed_entries, feed_bytes, feed_lag,
        batches, handshakes_accepted, handshakes_refused, followers;
    struct histogram batch_size, commit_us;
};
struct daemon {
    const struct service *service;
    struct machine *machine;
    struct arena arena;
    struct config config;
    const struct config_service *own;
    char store_dir[512], endpoint[WIRE_ENDPOINT_MAX + 1];
    struct key_pair key;
    int64_t started;

    /* the I/O thread's */
    void *zmq, *router;
    struct zap *zap;
    struct zap_count zap_count;
    struct principals *principals;
    struct account **row_account;           /* by row of the table */
    struct row_letter { struct letter_key key; int state; } *row_letter;    /* likewise; state 0: not looked at yet */
    uint32_t row_letters;
    uint32_t generation;
    struct account *accounts;
    int signals, watch;
    enum phase phase;
    int64_t drain_until, readers_checked;
    uint32_t requests;
    uint64_t request_bytes;
    struct queue_chain writer_chain, reader_chain;
    struct follower *follower[LIMIT_FOLLOWERS];
    uint32_t follower_count;
    struct source source[SOURCES_MAX];
    uint32_t source_count;
    uint64_t next_id;
    bool backup_runs;
    pthread_t backup;
    struct arena scratch;

    struct queue to_writer, to_readers, to_feeder, to_io;
    struct errand_thread *errand;
    size_t errand_count;
    atomic_bool errands_ended;
    pthread_t writer, reader[2], feeder;
    uint32_t threads;                       /* started, in that order */
    atomic_bool ended;
    _Atomic int64_t command_at;             /* when the last command was admitted */
    _Atomic uint32_t feed_on_the_way;
    pthread_mutex_t source_lock;
    struct methods methods;
    struct totals totals;
};

int64_t now_us(void);
#define MS 1000                             /* microseconds */

int  io_open(struct daemon *d, char says[400]);
int  io_run(struct daemon *d);
void io_close(struct daemon *d);
int  principals_take(struct daemon *d, char says[400]);

void admit(struct daemon *d, struct wire_message *message);
/* NULL: not in the live table (any more). */
const struct principal_key *peer_find(struct daemon *d, struct wire_frame *frame, struct account **account);
/* Looks again only when the table has changed since. */
bool peer_live(struct daemon *d, struct peer *peer);
/* The same, and with the role and reach it had when it began to follow. */
bool follower_live(struct daemon *d, struct follower *follower);
void follower_end(struct daemon *d, uint32_t i);
void followers_look(struct daemon *d, int64_t now);

void problem_body(struct wire_frame *frame, enum problem_code code, const char *reason, uint64_t retry_after_ms);
void send_problem(struct daemon *d, uint32_t route, uint64_t id, enum problem_code code, const char *reason,
                  uint64_t retry_after_ms);
void send_bare(struct daemon *d, uint32_t route, uint64_t id, enum wire_kind kind);
/* Any thread: fills job->answer. */
void answer_problem(struct job *job, enum problem_code code, const char *reason, uint64_t retry_after_ms);
void answer_field(struct job *job, const char *reason, const struct msg_error *error);
void answer_reply(struct job *job, const struct msg_desc *gives, const void *body);
void answer_outcome(struct job *job, const struct outcome *outcome);
bool job_late(struct job *job);             /* its deadline has passed: answered so */
void answers_send(struct daemon *d);        /* the I/O thread: what has come back */

void *writer_run(void *daemon);
void *reader_run(void *daemon);
void *backup_run(void *job);
void *feeder_run(void *daemon);

void letters_take(struct daemon *d, uint32_t n);            /* another table, of n rows */
void letters_forget(struct daemon *d);
/* Who has sealed it, and the letter, in d->scratch. NULL: error->rule says what is wrong with its form; no rule: it is
 * not to be read. */
const struct principal_key *letter_read(struct daemon *d, struct bytes body, struct letter *letter,
                                        const struct letter_key **key, struct msg_error *error);
void letter_header(const struct letter *letter, const struct wire_header *outer, struct wire_header *header);
struct job_letter *job_letter_new(const struct letter_key *key, const struct uuid *command);
void job_letter_free(struct job_letter *letter);
void letter_answer_of(struct job *job);     /* seals job->answer */

int  errands_start(struct daemon *d, char says[SAYS_MAX]);
void errands_wake(struct daemon *d);        /* the writer: entries were appended */
void errands_stop(struct daemon *d);        /* they are told to end */
void errands_end(struct daemon *d, void (*join)(pthread_t thread));
void errands_close(struct daemon *d);       /* when nobody can wake them any more */
void errand_input_of(struct job *job, struct input *input);
void errand_answer(struct job *job, const struct outcome *outcome);

int  sources_open(struct daemon *d, char says[400]);
void sources_close(struct daemon *d);
void sources_look(struct daemon *d, int64_t now);
void source_receive(struct daemon *d, struct source *source);
void source_back(struct daemon *d, struct job *job);        /* a JOB_ENTRIES, FOLLOW or FORKED has come back */
void source_unstick(struct daemon *d, const char *name);    /* an operator has acted */

void metrics_text(struct daemon *d, struct buf *out);
