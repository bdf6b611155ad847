#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* counts: how often each kind of event and of fault came, over all seeds. A simulation that never meets a
 * fault proves nothing about it, so the least of each is part of the test. */
#define FAULTS(X)                                                                                           \
    X(FAULT_DROP, "message dropped")            X(FAULT_REPEAT, "message repeated")                         \
    X(FAULT_LATE, "message late")               X(FAULT_REORDER, "message out of order")                    \
    X(FAULT_CUT, "link cut")                    X(FAULT_STORM, "storm of losses")                           \
    X(FAULT_STALL, "node stalled")              X(FAULT_KILL, "killed between batches")                     \
    X(FAULT_AFTER_DECIDE, "killed after decide") X(FAULT_BEFORE_COMMIT, "killed before commit")             \
    X(FAULT_AFTER_COMMIT, "killed after commit") X(FAULT_BETWEEN, "killed between effects and cursor")      \
    X(FAULT_COMMIT_FAILS, "commit failed")      X(FAULT_COMMIT_UNKNOWN, "commit done and reported failed")  \
    X(FAULT_RESTART, "orderly restart")         X(FAULT_STEP_ON, "clock set on, under ten minutes")         \
    X(FAULT_STEP_BACK, "clock set back, under ten minutes") X(FAULT_JUMP_ON, "clock jumped on")             \
    X(FAULT_JUMP_BACK, "clock jumped back")     X(FAULT_DISK_FULL, "disk full")                             \
    X(FAULT_NEW_STATE, "restart with a new layout of the state") X(FAULT_NEW_COPIES, "restart with a new layout of copies") \
    X(FAULT_START, "died while starting")        X(FAULT_FORKED, "died while dropping copies")          \
    X(FAULT_RESTORE, "backup restored")          X(FAULT_ERRAND, "killed within an errand")                \
    X(FAULT_AWAY, "node without a link for long") X(FAULT_OLD_IMAGE, "node restored from an old image")         \
    X(FAULT_CLONE, "image of the node begun beside it") X(FAULT_REVOKED, "key of the node revoked")
enum fault_kind {
#define FAULT_ENUM(name, text) name,
    FAULTS(FAULT_ENUM)
#undef FAULT_ENUM
    FAULT_KINDS
};
/* Those that a nemesis brings on purpose; the ones before come with every network. */
#define FAULT_FIRST_ON_PURPOSE FAULT_CUT

#define COUNT_EVENTS_MAX 256
struct counts {
    uint64_t fault[FAULT_KINDS];
    uint32_t events;
    struct { const char *name; uint64_t n; } event[COUNT_EVENTS_MAX];
    uint64_t batches, entries, commands, replies, refusals, queries, leaps, backups, forks, resent, copies, errand_steps, packages, receipts;
};

void counts_start(struct counts *counts);           /* the names of all events, each zero */
void counts_event(struct counts *counts, const char *name, uint64_t n);
void counts_print(const struct counts *counts);
/* The first kind that came less often; NULL: none. */
const char *counts_rare(const struct counts *counts, uint64_t least);
const char *fault_text(enum fault_kind kind);
