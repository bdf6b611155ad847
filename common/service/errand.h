#pragma once
#include "common/net/client.h"
#include "common/service/service.h"

/* errand: a service's work in the world outside: files, other daemons. Never in decide or apply.
 *
 * Its state is the service's own: an errand reads it, does something outside, and submits commands that say what
 * has come of it. A step may be killed at any instruction, so everything that it does outside has to be repeatable
 * with the same bytes, and the ids of its commands have to come from what they are about, not from chance.
 *
 * Threads    in the daemon a thread of its own for each errand; the simulation calls step() by hand. So a step
 *            does not sleep, and asks neither clock nor chance but what the errand is handed. Blocking file I/O is
 *            fine; bounded. All functions below: the errand's own thread, inside of step() or end().
 * Stopping   errand_poll() and errand_ask() come back at once when the daemon is about to end, a submit as soon as
 *            it is answered, and errand_ending() is true: a step that does much in a row looks at it.
 * Lifetime   what is handed out lives in errand->arena until the step returns. */
struct errand {
    const struct service *service;
    const void *config;             /* as in ctx->config */
    void *memory;                   /* errand_def.memory bytes, zeroed at start: volatile, lost with the process */
    struct arena *arena;            /* reset before each step */
    moment_t now; day_t today;      /* of the step's beginning */
    const char *files;              /* the service's folder for files that come and go (config_service.files) */
    const char *keys;               /* the key directory */
    const char *sign_key;           /* file of the Ed25519 seed (config_service.sign_key); NULL: none */
    struct uuid journal, incarnation;   /* of the own journal */
    struct principal who;           /* the service itself: role service, reach all, self */
    struct machine *machine;        /* for common/ only, with what follows */
    const struct errand_def *def;
    const struct errand_world *world; void *self;
};

struct errand_def {
    const char *name;               /* for logs; a-z, 0-9 and _ */
    size_t memory;
    /* One bounded piece of work; returns the milliseconds until it wants to run again (0: at once). It is woken
     * earlier by every commit of its own service that has appended entries. */
    uint32_t (*step)(struct errand *errand);
    void (*end)(struct errand *errand);     /* gives back what `memory` holds; may be NULL */
};

/* ── the own service ──────────────────────────────────────────────────────── */
/* Reads state and copies in one short read transaction: ctx->txn, arena = errand->arena, who = NULL. No file and
 * no other daemon in it. */
int  errand_read(struct errand *errand, void (*read)(struct ctx *ctx, void *arg), void *arg);
void *errand_service_memory(const struct errand *errand);       /* as service_memory(), without a transaction */

/* Runs one of the service's own commands as the service itself (role service, which its row has to allow; its
 * decide can tell by ctx->who->self), through the writer; returns after its commit.
 *   ERR_OK       *problem NULL: done, and `out` is filled (`gives` and `out` may be NULL).
 *                *problem set: refused, nothing changed, and the same id would be refused again if it is a verdict.
 *   ERR_TIMEOUT  the service is stopping, or busy with itself: it cannot be known whether it happened. Do it again
 *                with the same command id. */
int  errand_submit(struct errand *errand, const struct uuid *command, const char *method, const struct msg_desc *takes,
                   const void *body, const struct msg_desc *gives, void *out, const struct problem **problem);
/* Several in their order, as few commits as they fit into: answers from a region come by the hundred. Returns the
 * first err that is not ERR_OK; each has its own. */
struct errand_command {
    struct uuid command;
    const char *method;
    struct bytes body;                      /* encoded */
    int err;                                /* from here on filled: as errand_submit() returns */
    const struct problem *problem;
    struct bytes reply;
};
int  errand_submit_all(struct errand *errand, struct errand_command *list, size_t n);

/* ── other daemons ────────────────────────────────────────────────────────── */
/* By the name they have in the configuration, with the server's key from principals.yaml and the service's own key;
 * pipelined like client_send() and client_poll(). ERR_NOTFOUND: not configured, or no key of it is listed; ERR_BUSY:
 * the window is full, poll. One that is down is met as ERR_TIMEOUT in its reply, never by waiting. */
int  errand_send(struct errand *errand, const char *service, const struct client_request *request, void *tag);
/* Waits at most timeout_ms; the answers handed out. What a reply points to lives until `each` returns. */
uint32_t errand_poll(struct errand *errand, const char *service, int timeout_ms, client_each *each, void *arg);
uint32_t errand_outstanding(struct errand *errand, const char *service);
/* One query, and waits for its answer, at most deadline_ms. Goes beside what is outstanding. ERR_OK, and *problem
 * says whether it was refused; ERR_TIMEOUT, ERR_NOTFOUND; ERR_MALFORMED: the answer is not such a message. */
int  errand_ask(struct errand *errand, const char *service, const char *method, const struct msg_desc *takes,
                const void *body, const struct msg_desc *gives, void *out, uint32_t deadline_ms,
                const struct problem **problem);
/* The same for a request that takes more than a method (a command that the errand waits for); what the reply points
 * to lives in errand->arena. Returns reply->err. */
int  errand_call(struct errand *errand, const char *service, const struct client_request *request,
                 struct client_reply *reply);
/* Drops the connection with all that is outstanding; none of it is handed out any more. */
void errand_hang_up(struct errand *errand, const char *service);
/* Key pair (own) and public key (its), for what is sealed between the two outside of a connection (net/letters.h).
 * ERR_NOTFOUND: no key of that name is listed. The caller wipes `own` (key_wipe). */
int  errand_keys(struct errand *errand, const char *service, struct key_pair *own, char public_key[KEY_TEXT + 1]);
bool errand_ending(struct errand *errand);

/* ── who runs it ──────────────────────────────────────────────────────────── */
/* What is different in the daemon (threads, sockets) and in the simulation (one process, one thread). */
struct errand_world {
    int (*submit)(struct errand *errand, struct errand_command *list, size_t n);   /* errand_submit_direct() will do */
    int (*send)(struct errand *errand, const char *service, const struct client_request *request, void *tag);
    uint32_t (*poll)(struct errand *errand, const char *service, int timeout_ms, client_each *each, void *arg);
    uint32_t (*outstanding)(struct errand *errand, const char *service);
    int (*call)(struct errand *errand, const char *service, const struct client_request *request,
                struct client_reply *reply);
    void (*hang_up)(struct errand *errand, const char *service);
    int (*keys)(struct errand *errand, const char *service, struct key_pair *own, char public_key[KEY_TEXT + 1]);
    bool (*ending)(struct errand *errand);          /* NULL: never */
};
/* Fills `errand` for row i of the machine's service; the caller then sets files, keys, sign_key, who.id, self. */
void errand_start(struct errand *errand, struct machine *machine, size_t i, const struct errand_world *world);
uint32_t errand_step(struct errand *errand, moment_t now);      /* one step; ms until the next */
void errand_end(struct errand *errand);                         /* runs `end`, gives back memory and arena */
/* A world's `submit` where nobody else writes: machine_batch() in this thread. */
int  errand_submit_direct(struct errand *errand, struct errand_command *list, size_t n);
