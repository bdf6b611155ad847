#pragma once
#include <stdio.h>
#include <sys/types.h>

#include "common/net/client.h"
#include "common/service/machine.h"
#include "common/service/system_methods.h"
#include "proto/indicators.h"
#include "proto/roles.h"
#include "proto/routes.h"
#include "tests/bench/bench.h"

/* site: a small region on disk with its five services: keys, configuration and stores; filled by the real
 * commands, in this process while no daemon runs; then served by the real daemons.
 *
 * Filling    machines are open without syncs, and what they wrote is synced when they are closed.
 * Stores     P_DIAGNOSTICS grows by diagnostics.sitting.save alone, over SITTINGS open sittings. */
enum { P_ROSTER, P_DIAGNOSTICS, P_PROGRAMMES, P_ROUTES, P_INDICATORS, P_SERVICES };
extern const struct service roster_service, diagnostics_service, programmes_service, routes_service, indicators_service;
extern const struct service *const SITE_SERVICE[P_SERVICES];

#define SITTINGS    500         /* open, for the saves */
#define SAVE_TASKS  20          /* tasks of the instrument */
#define SAVE_ANSWERS 2          /* in one save */
#define SCHOOLS     100

struct site {
    struct bench *bench;
    char dir[220], config[260], keys[260], profile[260];
    bool tcp;
    pid_t pid[P_SERVICES];
    struct machine *machine[P_SERVICES];
    struct uuid region, centre, institute, procedure, sitting[SITTINGS];
    struct uuid *person; uint32_t persons;
    uint64_t saves;                         /* made so far: which sitting is next */
    size_t entry_bytes;                     /* of one save, as it lies in the table of entries */
};

struct site *bench_site(struct bench *bench);
void site_kill(struct site *site);
void site_grow(struct site *site, uint64_t entries);     /* diagnostics' journal to at least so many */

/* ── daemons ── */
void site_start(struct site *site, int service);         /* and waits until it listens */
void site_stop(struct site *site, int service);
void site_stop_all(struct site *site);
void site_transport(struct site *site, bool tcp);        /* of diagnostics, from its next start on */
struct client *site_client(struct site *site, int service, const char *key, uint32_t window);
/* One that has to succeed; `out` may be NULL. */
struct position site_call(struct client *client, const char *method, bool command, const struct position *after,
                           const struct msg_desc *takes, const void *body, const struct msg_desc *gives, void *out,
                           struct arena *arena);
/* Mean commands a batch between two looks at the metrics. */
struct batches { double count, sum; };
struct batches site_batches(struct site *site);          /* of diagnostics */
struct batches site_batches_of(struct site *site, int service);
char *site_store(struct site *site, int service, char path[300]);

/* ── filling ── */
void bench_given_and_birth(FILE *file, uint32_t i);        /* three cells of a staff list, with their separators before; lists.c */
void site_fill(struct site *site);                       /* the region; fill.c */
struct machine *site_machine(struct site *site, int service);    /* open here */
void site_release(struct site *site);                    /* closes them, and what they wrote is on disk */
struct bytes save_body(struct site *site, uint64_t n, struct arena *arena);   /* the n-th save */
/* Follows until nothing is left; returns the messages taken. */
uint64_t site_follow(struct machine *from, struct machine *to, struct arena *arena);
