#pragma once
#include "tests/fault/sim/world.h"

/* town: the municipal node (the service `node`) as a machine of the simulation, and its copy: an image of it beside
 * the live one, made on the way. Both speak with one key.
 *
 * Operator   of the region: lets what is held in. Of an image that was restored he says `replace`, of the copy `take`.
 * Ledger     what has been run of the chained commands, as it was answered: for the invariants of their order. */
struct town;
struct node;
struct outcome;
struct taking;

void town_prepare(struct world *w);             /* its folders and keys; roster has started */
void town_free(struct world *w);
struct principal town_who(void);
struct reach town_reach(void);
struct uuid town_id(void);
const char *town_profile(const struct world *w);
const struct taking *town_taking(const struct world *w);

/* ── what is done to it (nemesis) ── */
void town_clone(struct world *w);               /* the copy begins beside it */
void town_revoke(struct world *w, bool revoked);
bool town_rests(struct node *node);             /* its queue is empty, and it is what it should be */
void town_say(struct world *w);                 /* where it stands, for who looks for a fault */
bool town_is_revoked(const struct world *w, uint32_t party);

/* ── the region's operator, now and then ── */
void town_operator(struct world *w, struct node *node);

/* ── the ledger ── */
void town_ran(struct node *node, const struct letter *letter, const struct outcome *outcome, bool fresh);
void town_forget(struct node *node);            /* its process died: answers may have gone with it */
void town_restored(struct node *node, uint64_t kept);       /* what came after `kept` has gone */
