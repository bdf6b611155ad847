#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "common/core/when.h"

/* progress: how far a long work has come: a bar that redraws itself on a terminal, otherwise a plain line
 * every two seconds and at the end. Writes to standard error, so that output stays clean. */
struct progress {
    const char *what;
    uint64_t done, total;
    moment_t began, drawn, said;
    bool terminal;
};
void progress_start(struct progress *progress, const char *what, uint64_t total);   /* total 0: not known */
void progress_at(struct progress *progress, uint64_t done);
void progress_end(struct progress *progress);                                       /* the last line stays */
