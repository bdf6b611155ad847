#pragma once
#include "common/journal/feed.h"
#include "common/net/problem.h"     /* errors as they go out: code, reason, args, fields */

/* service: how a service says what it can do. Its main.c is one `struct service` with a table each for
 * commands, events, queries, projections, reactions and timers, one row each.
 *
 *   decide   reads the state (own tables and copies), refuses with a reason or emits events. It changes
 *            nothing (the vault's keys of persons excepted: vault.h).
 *   apply    changes own STATE tables by an event that has been decided. It refuses nothing, asks nobody,
 *            reads no clock and no random number, and reads only STATE tables.
 *   project  folds an entry of another journal into COPY tables; commutative across streams.
 *   react    decides own events with a foreign entry as the cause; never run twice for an entry.
 *   query    reads STATE and COPY tables in a short read transaction.
 *
 * All of them run on one thread at a time for writing (decide, apply, project, react) and on reader
 * threads (query). Everything they are handed lives until they return; memory comes from ctx->arena. */

/* ── who speaks ───────────────────────────────────────────────────────────── */
/* Roles are bits. The first three are common/'s own; a region's are declared in proto/roles.h. */
enum { ROLE_SERVICE, ROLE_OPERATOR, ROLE_CONSOLE, ROLE_OWN };
typedef uint32_t roles_t;
#define ROLE(r) ((roles_t)1 << (r))

struct principal {
    struct uuid id;             /* survives rotation of its key */
    int role;
    bool self;                  /* an errand of the service itself: cannot be claimed over a socket */
    struct reach reach;         /* all, or ids: rights = role × reach */
    struct uuid actor;          /* the person a console acts for; nil: none. Reach is narrowed to it. */
    const char *name;           /* for logs */
};

/* ── what a handler is given ──────────────────────────────────────────────── */
struct service;
struct machine;

/* Handlers share one context; which parts are set depends on the handler (see the comments). */
struct ctx {
    struct txn   *txn;          /* decide, apply, project, react: the writer's; query: a read one */
    struct arena *arena;        /* lives until the handler returns and its results are written */
    const void   *config;       /* what the service's configure() made: profile and settings, read only */
    const struct principal *who;/* decide, query; NULL in reactions and timers */
    moment_t now;               /* decide, react, timer, query; apply: the entry's moment */
    day_t    today;             /* the same, as the local day of the region; apply: 0 */
    moment_t made_at;           /* decide: as the sender claims; 0: not said */
    struct uuid command;        /* decide, timer: the command's id */
    const struct entry *entry;  /* apply: own entry; project, react: the foreign one; answer of a command: the last
                                   entry of its verdict; else NULL */
    struct machine *machine;    /* for common/ only */
    struct decision *decision;  /* for common/ only */
};

/* ── decide's vocabulary ──────────────────────────────────────────────────── */
/* What a decide, react or timer handler returns. */
enum verdict { VERDICT_OK, VERDICT_REFUSED };

/* An event of this service, by its name in the table of events; `scope` are the ids above its subject
 * (at most ENTRY_SCOPES_MAX; n = 0: public). The body is encoded at once. */
void emit(struct ctx *ctx, const char *event, const void *body, const struct uuid *scope, uint32_t n);
/* The reply of the command (its row's `gives`); not called: an empty reply. */
void reply(struct ctx *ctx, const void *body);
/* return refuse(ctx, PROBLEM_CONFLICT, "already_submitted"); */
enum verdict refuse(struct ctx *ctx, enum problem_code code, const char *reason);
enum verdict refuse_field(struct ctx *ctx, const char *reason, const char *path, const char *rule);  /* invalid */
void refuse_arg(struct ctx *ctx, const char *name, const char *value);      /* after refuse(): more for the sentence */
enum verdict refuse_arg_day(struct ctx *ctx, const char *name, day_t day);  /* the same, a day; 0: "…". VERDICT_REFUSED */
/* What was refused last, taken back: for a query that answers for many and says of each. NULL: nothing was. */
const struct problem *refusal_take(struct ctx *ctx);
/* True when the principal's reach covers a subject with these ids above it (itself first). */
bool may_reach(const struct ctx *ctx, const struct uuid *scope, uint32_t n);
/* What the pages of the tables take by now, this transaction's own included; the free ones are left out. */
uint64_t store_used(const struct ctx *ctx);
uint64_t service_cap_bytes(const struct ctx *ctx);      /* config_service.cap_mb; 0: none */
void *service_memory(const struct ctx *ctx);            /* what memory_open() gave */
#define REFUSE_REACH(ctx) refuse((ctx), PROBLEM_DENIED, "out_of_reach")
/* A new identifier: version 7, derived from command and counter, so that a retry gives the same. */
struct uuid decide_id(struct ctx *ctx);
/* A counted fact's day: not in the future, at most `back_max` days back. */
bool day_allowed(const struct ctx *ctx, day_t day, uint32_t back_max);

/* ── apply's vocabulary ───────────────────────────────────────────────────── */
/* A timer of this service falls due at `due`; one per (kind, key). Setting it again moves it. */
void timer_set(struct ctx *ctx, const char *kind, const struct uuid *key, moment_t due);
/* For what is due at once, however the clock is set next: long past, and another one for each entry. (A handler's
 * decide_id() begins with it.) */
moment_t timer_at_once(const struct ctx *ctx);
void timer_clear(struct ctx *ctx, const char *kind, const struct uuid *key);

/* ── the tables ───────────────────────────────────────────────────────────── */
struct command_def {
    const char *name;                       /* service.noun.verb */
    const struct msg_desc *takes, *gives;
    roles_t roles;
    enum verdict (*decide)(struct ctx *ctx, const void *command);
    /* For readings of personal data: the entry is committed, then the answer is built from state by
     * this and not kept. NULL: the reply of decide is the answer. Returns VERDICT_REFUSED to answer with refuse(). A decide
     * that has all at hand replies itself: that is the answer then, not kept either, and this makes it anew for a sender
     * whose answer was lost. */
    enum verdict (*answer)(struct ctx *ctx, const void *command);
};
struct event_def {
    const char *name;                       /* service.noun.past_participle */
    uint32_t version;
    const struct msg_desc *body;
    void (*apply)(struct ctx *ctx, const void *event);
};
struct query_def {
    const char *name;
    const struct msg_desc *takes, *gives;
    roles_t roles;
    enum verdict (*answer)(struct ctx *ctx, const void *query);     /* uses reply(), refuse() */
};
struct projection_def {
    const char *stream;                     /* service whose journal is followed */
    const char *event;                      /* full name */
    uint32_t version_max;                   /* newer: the follower stops and says so */
    const struct msg_desc *body;
    void (*project)(struct ctx *ctx, const void *event);
};
struct reaction_def {
    const char *stream, *event;
    uint32_t version_max;
    const struct msg_desc *body;
    enum verdict (*react)(struct ctx *ctx, const void *event);      /* REFUSED: noted, nothing emitted */
};
struct timer_def {
    const char *kind;
    enum verdict (*fire)(struct ctx *ctx, const struct uuid *key, moment_t due);
};

struct errand_def;                          /* errand.h */

struct service {
    const char *name;
    uint32_t state_version;                 /* changes with the layout of STATE tables: they are rebuilt */
    uint32_t copy_version;                  /* the same for COPY tables: followed again */
    const struct table_def *tables;         size_t table_count;
    const struct command_def *commands;     size_t command_count;
    const struct event_def *events;         size_t event_count;
    const struct query_def *queries;        size_t query_count;
    const struct projection_def *projections; size_t projection_count;
    const struct reaction_def *reactions;   size_t reaction_count;
    const struct timer_def *timers;         size_t timer_count;
    const struct errand_def *errands;       size_t errand_count;
    const struct enum_desc *roles;          /* names of all roles, common/'s first */
    /* The service's settings from the region's profile: file → opaque, in the arena, read only afterwards.
     * `says` gets file, line and field on a fault. NULL: none. */
    int (*configure)(const char *profile_file, struct arena *arena, const void **config, int *zone_minutes,
                     char says[400]);
    /* Brings COPY tables in line with settings that have changed: at each start, in a transaction of its own. */
    void (*prepare)(struct ctx *ctx);
    /* Apply: an operator has accepted that a stream's history is another one than was followed. What was heard of the
     * lost one may have to be asked about: sets timers. NULL: nothing has to. */
    void (*forked)(struct ctx *ctx, const char *stream);
    roles_t follow_roles;                   /* who may follow this journal */
    roles_t follow_public;                  /* those of them who get what is public alone, whatever their reach */
    roles_t carry_roles;                    /* who may hand in letters of others (net/letters.h), beside operators */
    bool personal;                          /* keeps personal data: a daemon needs the vault's master key */
    /* What is held in memory beside the tables, made of them alone and gone with the process: an index over what lies
     * sealed. Made when a machine is opened, before anything is applied. `unlocked`: config_service.unlocked. Apply may
     * say in it that something has changed, and never reads it. NULL: none. */
    void *(*memory_open)(bool unlocked);
    void (*memory_close)(void *memory);
};
#define ROWS(table) (table), sizeof(table) / sizeof *(table)
