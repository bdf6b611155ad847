#pragma once
#include "tests/unit/check.h"

#include <sys/types.h>

#include "common/core/err.h"
#include "common/core/hash.h"
#include "common/net/client.h"
#include "common/service/config.h"
#include "tests/service/parrot.h"

/* nest: a directory with keys and a configuration, daemons as children in it, and clients to them. */
struct nest {
    char dir[64], config[100], keys[100];
    pid_t parrot, echo, pigeon;
};

/* tcp: listens on a free port of loopback instead of ipc. */
void nest_open(struct nest *nest, bool tcp);
void nest_close(struct nest *nest);             /* ends the daemons and removes it all */
/* Fixtures of a test whose *state is its nest to begin with: with parrotd in it. */
int nest_set_up_ipc(void **state);
int nest_set_up_tcp(void **state);
int nest_tear_down(void **state);
pid_t nest_start(struct nest *nest, const char *program);   /* parrotd, echod: and waits until it listens */
int  nest_stop(pid_t pid, int signal);          /* exit code, or −signal */
int  nest_wait(pid_t pid);                      /* of one that was told to end */
void nest_sleep(int ms);
void nest_endpoint(struct nest *nest, const char *service, char endpoint[WIRE_ENDPOINT_MAX + 1]);

/* Names with a key in the table: parrot, echo, node (service), console, clerk (service, one scope), operator.
 * `stranger` has a key that is not. */
struct key_pair nest_key(struct nest *nest, const char *name);
extern const struct uuid NEST_SCOPE;
struct client *nest_client(struct nest *nest, const char *service, const char *name);
/* A DEALER of its own, without the client's manners. curve: with the key of `name`. */
void *nest_raw(struct nest *nest, void *zmq, const char *service, const char *name, bool curve);
void raw_send(void *socket, const struct wire_header *header, struct bytes body);
/* Waits for one answer: header in the arena; false: nothing came. */
bool raw_receive(void *socket, int ms, struct arena *arena, struct wire_header *header, struct bytes *body);

/* One command; returns reply.err; `reason` gets "" or the problem's. */
int  nest_say(struct client *client, const char *text, uint64_t times, struct uuid command, uint64_t *count,
              struct position *position, char reason[61]);
/* So many commands of the principal `node`, `times` events each; returns how often the word is said by then. */
uint64_t nest_say_many(struct nest *nest, uint64_t groups, uint64_t times);
uint64_t nest_count(struct client *client, const char *method);     /* UINT64_MAX: no answer */
