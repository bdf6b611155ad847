#pragma once
#include "cli/cli.h"
#include "cli/describe.h"
#include "cli/show/progress.h"
#include "common/core/hash.h"

/* pipe: commands of one method, one a row of a file, sent with a window and counted.
 *
 * Again      a command's id comes from (file, line, method), so that the same row of the same file is done
 *            once. A refusal is kept by the service too, though what it missed may have come since: so a
 *            row with a refusal from before is asked once more under a new id.
 * Errors     the first failure of the connection sticks, later sends do nothing, pipe_close() says it. So does a service
 *            that takes nothing in (no room, a suspect clock): that is nothing about a row. */
struct refusal { uint32_t line; struct bytes problem; };        /* an encoded problem, in the pipe's arena */
struct pipe {
    struct cli *cli;
    struct method method;
    struct client *client;
    struct hash file;
    int64_t id_ms;
    struct position after[WIRE_AFTER_MAX]; uint32_t after_n;
    struct position last; bool has_last;        /* where the service stood at the last answer */
    uint64_t began; bool began_known;           /* where it stood before the first */
    bool replayed;                              /* while taken() runs: an answer from before, nothing was done */
    /* An answer that is no refusal. problem: known already (the reason and args say what). May be NULL. */
    void (*taken)(void *arg, uint32_t line, const struct client_reply *reply);
    void (*settled)(void *arg, uint32_t line, bool refused);    /* every verdict on a row; may be NULL */
    void *arg;
    struct bytes salt;                          /* of the row to be sent: makes its command another one; may be empty */
    uint64_t sent, answered, known;             /* known: done before, now or then */
    struct { uint32_t n, room; struct refusal *at; } refused;
    struct bytes standstill;                    /* an encoded problem: why the service takes nothing in */
    struct arena arena;
    struct progress progress;
    int err;
};
int64_t pipe_period(void);                      /* the time inside the ids of today's commands: id_ms */
int  pipe_open(struct pipe *pipe, struct cli *cli, const char *method, const struct hash *file,
               const char *what, uint64_t total);
void pipe_after(struct pipe *pipe, const struct position *position);        /* before the first send */
void pipe_send(struct pipe *pipe, uint32_t line, struct bytes body);
void pipe_message(struct pipe *pipe, uint32_t line, const void *message);   /* of the method's own kind */
/* A row that is not worth sending: the same form of refusal, from here. */
void pipe_refuse(struct pipe *pipe, uint32_t line, enum problem_code code, const char *reason,
                 const char *field, const char *rule, int64_t limit);
void pipe_refused(struct pipe *pipe, uint32_t line, const struct problem *problem);     /* the same with all its words */
void pipe_drain(struct pipe *pipe);
/* Waits for all answers. CLI_OK also when rows were refused; the lists live until pipe_free(). */
int  pipe_close(struct pipe *pipe);
void pipe_free(struct pipe *pipe);
