#pragma once
#include "common/net/keys.h"
#include "common/net/problem.h"
#include "common/net/wire.h"

/* client: asks a service, sends it commands, follows its journal. For the command line, tests and nodes.
 *
 * Ownership  client_open() hands over a client, client_close() takes it back with all that is outstanding.
 * Threads    one thread uses a client; as many clients as one likes.
 * Retries    a request that is not answered is sent again, with the same command id, over a new connection
 *            when the old one is silent (Lazy Pirate), all of them in the order of sending; `busy` is honoured
 *            with its retry_after. Both end at the request's deadline.
 * Errors     ERR_TIMEOUT: nobody answered in time. For a command that means: it cannot be known whether it
 *            happened; ask again with the same command id. A refusal is not an error: see reply.problem. */
#define CLIENT_WINDOW       256             /* requests outstanding, unless told otherwise */
#define CLIENT_WINDOW_MAX   4096
#define CLIENT_DEADLINE_MS  10000
#define CLIENT_RETRY_MS     2500            /* silence after which a request is sent again */

struct client;
struct client_options {
    const char *endpoint;                   /* ipc:// or tcp:// */
    struct key_pair key;                    /* who we are */
    char server_key[KEY_TEXT + 1];          /* whom we mean to speak to */
    uint32_t window;                        /* 0: CLIENT_WINDOW */
    uint32_t retry_ms;                      /* 0: CLIENT_RETRY_MS */
};
int  client_open(struct client **out, const struct client_options *options);
void client_close(struct client **client);

struct client_request {
    const char *method;
    struct bytes body;                      /* an encoded message; copied. n = 0: an empty message */
    struct uuid command;                    /* a command's id (uuid_new()); nil: a query */
    struct uuid actor;                      /* role console: the person acted for */
    moment_t made_at;
    struct uuid lane, previous;             /* a chained command (service/chain.h); lane nil: not chained */
    const struct position *after; uint32_t after_count;
    uint32_t deadline_ms;                   /* 0: CLIENT_DEADLINE_MS */
};
struct client_reply {
    int err;                                /* ERR_OK: the service answered; ERR_TIMEOUT: it did not; ERR_DENIED: nor
                                               will it: it turns our key away (revoked, or not listed), or is another one */
    struct bytes body;                      /* of a reply */
    const struct problem *problem;          /* NULL: it was done */
    bool has_position;
    struct position position;
    uint32_t tries;
};

/* Waits for the answer; what the reply points to lives in the arena. Returns reply->err. Not while other
 * requests are outstanding. */
int  client_call(struct client *client, const struct client_request *request, struct arena *arena,
                 struct client_reply *reply);
/* Copies what a reply points to into the arena: for an `each` that keeps it. */
void client_reply_keep(struct arena *arena, const struct client_reply *from, struct client_reply *to);
/* The same with messages: encodes, calls, decodes into `gives` (arena). ERR_MALFORMED: the answer is not
 * such a message. */
int  client_ask(struct client *client, const struct client_request *request,
                const struct msg_desc *takes, const void *body,
                const struct msg_desc *gives, void *out, struct arena *arena, struct client_reply *reply);

/* Pipelined: ERR_BUSY when the window is full: poll, then send again. Answers come in any order, each once,
 * ERR_TIMEOUT included; what a reply points to lives until `each` returns. `each` may send. */
int  client_send(struct client *client, const struct client_request *request, void *tag);
typedef void client_each(void *arg, void *tag, const struct client_reply *reply);
uint32_t client_poll(struct client *client, int timeout_ms, client_each *each, void *arg);   /* answers handed out */
uint32_t client_outstanding(const struct client *client);

/* Following: one journal a client. Entries come in whole groups; the source sends no more than the credit
 * of the wish; client_committed() gives back what the last client_entries() brought, after the caller has
 * made it safe. A connection that is silent for 10 s is made anew from the last committed cursor. */
struct client_entries {
    struct cursor from, examined;           /* examined: the next cursor, to be kept with the effects */
    uint64_t head;                          /* the source's last number */
    uint32_t n;
    const struct fed *list;                 /* stored bytes: decode with entry_desc, check with journal hashes */
    struct bytes message;                   /* as it came: an encoded `entries` */
};
int  client_follow(struct client *client, const char *stream, const struct follow *wish);
/* ERR_OK; ERR_TIMEOUT: nothing new yet; ERR_FORK: the source's history differs from the cursor; ERR_DENIED,
 * ERR_NOTFOUND and other ends: `problem` (arena) says why, and the following is over. */
int  client_entries(struct client *client, int timeout_ms, struct arena *arena, struct client_entries *entries,
                    const struct problem **problem);
void client_committed(struct client *client);
