#pragma once
#include "tests/fault/sim/world.h"

/* process: a machine in a process that can die at any step, within ours.
 *
 * How        the program is linked with --wrap for what a process has from outside: LMDB's transactions, the
 *            free disk, the clock and the random numbers of the system. A failpoint jumps out of
 *            machine_batch(); the transactions that were open then are aborted, as the next process would
 *            find it, and the machine is dropped. Memory is the caller's arena, so nothing leaks.
 * Threads    one. */
struct process {
    struct machine *machine;            /* NULL: it does not run */
    const char *die_at;                 /* failpoint; NULL: none */
    uint32_t arrivals;                  /* at it, still to go */
    enum { COMMIT_WELL, COMMIT_FAILS, COMMIT_UNKNOWN } commit;      /* of a write transaction to come */
    uint32_t commits;                   /* that go well before it */
    const char *commit_was;             /* how the last one went that did not go well */
    bool disk_full;
    moment_t (*wall)(void *self);       /* for who asks the system, which restoring does */
    moment_t (*boot)(void *self);
    void *self;
    struct prng *prng;
    uint64_t asked;                     /* how often the system's clock was asked in a batch: it may not be */
    bool in_batch, in_errand;
};

void process_begin(void);               /* once, before the first */
/* False: it died on the way, `how` says by what, and the machine is gone. */
bool process_batch(struct process *p, const struct input *inputs, size_t n, struct arena *arena,
                   struct outcome *outcomes, const char **how);
/* Both may meet what was planted for a commit: then the machine is gone, and `how` is set. */
int  process_open(struct process *p, const struct service *service, const struct machine_options *options, const char **how);
int  process_forked(struct process *p, const char *stream, const char **how);
/* A step of an errand: may die at a failpoint of its own too. Batches of others, and its own, run within it. */
bool process_errand(struct process *p, void (*work)(void *arg), void *arg, const char **how);
_Noreturn void process_errand_dies(const char *how);    /* within a step: its own batch has ended the process */
void process_kill(struct process *p);
int  process_restore(struct process *p, const struct service *service, const char *backup, const char *dir, char says[400]);
