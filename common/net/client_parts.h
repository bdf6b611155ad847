#pragma once
#include "common/net/client.h"

/* client_parts: what client.c and client_follow.c share and nobody else includes. */
#define CLIENT_PING_MS     2000
#define CLIENT_SILENCE_MS  10000
#define CLIENT_PENDING_MAX 256              /* ENTRIES held for client_entries() */

/* One request on its way. Its id is counter and slot in one, so that an answer finds it at once. */
struct call {
    bool used;
    uint64_t id;
    void *tag;
    struct wire_header header;              /* method and after lie in `memory` */
    struct buf memory, body;
    int64_t deadline, next_try, sent;       /* milliseconds, monotonic */
    uint32_t tries;
};

struct following {
    bool ponged;                            /* it has answered that it is there */
    bool on, lost;                          /* lost: FOLLOW has to be sent (again) */
    uint64_t id;
    char stream[ENTRY_NAME_MAX + 1];
    struct buf wish;                        /* the caller's follow, encoded */
    struct cursor expected, committed;
    uint8_t expected_hash[HASH_SIZE], committed_hash[HASH_SIZE];
    uint64_t owed_entries, owed_bytes;      /* of the last client_entries(): credit to give back */
    int64_t pinged;
    struct wire_frame pending[CLIENT_PENDING_MAX];
    struct credit cost[CLIENT_PENDING_MAX];
    uint32_t pending_first, pending_n;
    struct buf ended;                       /* the problem that ended it, encoded */
    bool has_ended;
};

struct client {
    struct client_options options;
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    void *zmq, *socket, *monitor;           /* monitor: of the socket's handshakes */
    uint32_t connections;
    bool turned_away;                       /* the last handshake was, and nothing has been heard since */
    struct call *call;
    uint32_t window, outstanding, next_slot;
    uint32_t *free_slot, free_n;
    struct call **due;                      /* room for all: those to be sent again */
    uint64_t counter;
    int64_t heard, connected, looked;       /* last message; last connect; last look at the timers */
    struct arena arena;                     /* of the answer that is being handed out */
    struct following follow;
    uint64_t following;                     /* id of the last FOLLOW over this connection; 0: none */
};

int64_t client_now(void);
int  client_reconnect(struct client *client);
int  client_put(struct client *client, const struct wire_header *header, struct bytes body);
void client_wait(struct client *client, int64_t ms);
/* Takes what has come. Requests' answers go to `each`, what belongs to the following is kept. */
uint32_t client_receive(struct client *client, client_each *each, void *arg);
void following_heard(struct client *client, const struct wire_header *header, struct wire_frame *body);
void following_end(struct client *client);  /* before its connection is closed */
void following_forget(struct following *follow);
