#pragma once
#include <signal.h>
#include "cli/cli.h"

/* follow: a service's journal from its first entry to where it stood when asked, or on and on.
 *
 * Errors     gives back an exit code; what is wrong has been said. */
struct follow_ask {
    const char *service;
    uint64_t from;                          /* begins here; 0: with the first entry */
    const char *event;                      /* prefix of event names; NULL: all */
    bool forever;
    volatile sig_atomic_t *stop;            /* ends it; may be NULL */
};
/* Each entry in order, decoded, living until it returns; false: enough. */
typedef bool follow_each(void *arg, const struct entry *entry);
int follow_journal(struct cli *cli, const struct follow_ask *ask, follow_each *each, void *arg);
