#pragma once
#include "common/service/errand.h"
#include "tests/fault/sim/node.h"

/* desk: the errands of one machine, stepped by hand. What they send pipelined goes through the simulated network, is
 * sent again on silence and honours `busy`, as the client library does it; a call that waits for its answer is made at
 * once, over a link that may lose the question or the answer.
 *
 * A step may die at a failpoint of the errand's own, or of the batch that it submits. */
#define DESK_ERRANDS 4

struct desk;
struct desk *desk_new(struct node *node);           /* NULL: the service has no errands */
void desk_free(struct desk **desk);
void desk_begin(struct desk *desk);                 /* the process has started */
void desk_end(struct desk *desk);                   /* it is gone */
void desk_wake(struct desk *desk);                  /* it has committed something */
void desk_run(struct desk *desk, uint32_t errand, uint64_t turn);
void desk_letter(struct desk *desk, const struct letter *letter);   /* an answer to what was sent */
bool desk_rests(struct desk *desk);
struct bytes desk_status(struct machine *machine, struct arena *arena);     /* desk_status.c */
const char *desk_files(const struct desk *desk);
/* Whom the machine is at others. */
struct principal desk_who(const struct node *node);
