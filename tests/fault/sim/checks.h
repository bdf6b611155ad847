#pragma once
#include "tests/fault/sim/ids.h"
#include "tests/fault/sim/world.h"

/* checks: what has to hold once everything is at rest (the invariants that hold at each step are looked at
 * where the steps are: client.c, node.c, node_source.c).
 *
 *   answers    each stands at its position with its words; one verdict for an id, none that nobody asked for
 *   journals   numbers without gap, whole chain; the state is their fold; no timer fired before its time
 *   followers  the auditor's counts and notes are exactly the entries; each result has one route; copies
 *              made again in another order of the streams are equal
 *   places     nobody was entered by himself in a run that is full, nor is a learner twice
 *   steps      what routes shows of a step is what programmes has of it; closed is a route with all steps accepted
 *   town       nothing queued at the node is lost, each item has one effect, is shown as decided, in its order
 *   federal    one package a name with the same bytes, signed; answered once
 *   registry   whoever was erased is nowhere, whoever was merged holds nothing of his own, nobody works where nothing is
 *              any more; registers, rooms, calls, documents and expert work are as roster's journal says, within their limits
 *   numbers    indicators recounted from records show no difference, and equal what the clients count */
void checks_run(struct world *w, struct hash *journals);    /* one hash over all journals' last hashes */

/* ── one file each ── */
void checks_copies(struct world *w, uint32_t node);
void checks_numbers(struct world *w);
void checks_places(struct world *w);
void checks_steps(struct world *w);
void checks_town(struct world *w);
void checks_federal(struct world *w);
void checks_registry(struct world *w);

const void *checks_body(struct world *w, const struct entry *entry, const struct msg_desc *desc, struct arena *arena);
