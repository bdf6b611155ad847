#pragma once
#include <limits.h>
#include <sys/types.h>

#include "common/net/client.h"
#include "common/service/config.h"
#include "proto/node.h"
#include "proto/roles.h"
#include "tests/unit/toy.h"

/* node_rig: a region's four daemons and a municipal node as real processes in a folder of their own: town A with a
 * school and NODE_WORKERS educators, town B with a school and one; the node is A's.
 *
 * The stores of daemons that are down can be opened as machines, to fill a queue or to count what has come of it. */
#define NODE_WORKERS 8
#define NODE_STARTED_MAX 64

struct node_rig {
    char dir[64], region[100], node[100];
    pid_t daemon[4], node_pid;              /* roster, diagnostics, programmes, routes */
    pid_t started[NODE_STARTED_MAX]; unsigned started_n;        /* nodes */
    struct arena arena;
    struct uuid town_a, school_a, worker[NODE_WORKERS], stranger;
    struct toy_time time;
    unsigned commands;
};
void node_rig_open(struct node_rig *rig);
void node_rig_close(struct node_rig *rig);
void node_rig_region(struct node_rig *rig, bool up);        /* all four; down: in order */
pid_t node_rig_start(struct node_rig *rig, const char *dir, const char *failpoint);     /* rsnms-node of that folder; waits */
int  node_rig_stop(pid_t *pid, int signal);                 /* exit code, or −signal */
int  node_rig_waited(pid_t *pid, int ms);                   /* the same of one that ends by itself; INT_MAX: it has not */
/* The node's command line: rsnms --config DIR/rsnms.yaml ARGS; exit code. `out` (may be NULL) gets what it printed. */
int  node_rig_rsnms(struct node_rig *rig, const char *dir, const char *args, char *out, size_t room);
bool node_rig_status(struct node_rig *rig, const char *dir, struct node_status *status);
/* Until nothing waits (true), or `ms` are over; rss gets the greatest RssAnon seen, in KiB. */
bool node_rig_drained(struct node_rig *rig, const char *dir, int ms, long *rss);
/* Until the copy is in that state, or `ms` are over. */
bool node_rig_becomes(struct node_rig *rig, const char *dir, int state, int ms);
void node_rig_tell(struct node_rig *rig, const char *dir);  /* status and the end of the log, for whom a test fails */
void node_rig_sleep(int ms);
/* A store whose daemon is down. */
struct machine *node_rig_machine(struct node_rig *rig, const char *dir, const char *service);
/* Queues supports of the workers from number `from` on: each a form, a person and a day of its own. */
void node_rig_fill(struct node_rig *rig, const char *dir, unsigned from, unsigned count);
/* The same into a store that has not been opened yet, as they would have been entered through `days` up to now: by a
 * clock that walks from then to now, so that ids, moments and entries are that old. */
void node_rig_fill_away(struct node_rig *rig, const char *dir, unsigned count, unsigned days);
void node_rig_school(struct node_rig *rig, const char *code);     /* one more of town A; roster is down */
unsigned node_rig_events(struct node_rig *rig, const char *service, const char *event);    /* in the region's journal */
bool node_rig_holds(struct node_rig *rig, const char *dir, const char *text);      /* any file of the store has these bytes */
