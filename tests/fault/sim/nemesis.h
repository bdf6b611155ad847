#pragma once
#include "tests/fault/sim/world.h"

/* nemesis: what is done to the nodes and the network, every so many batches. */
#define NEMESIS_LEAST 20                /* faults of a seed, beside what every network does */

void nemesis_look(struct world *w);     /* after each event */
void nemesis_died(struct world *w, const char *how);    /* of what was planted; NULL: it lives */
struct node;
void nemesis_start(struct node *node);  /* perhaps it will not come up */
void nemesis_forked(struct node *node); /* perhaps it dies of dropping its copies */
void nemesis_heal(struct world *w);
