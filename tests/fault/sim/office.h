#pragma once
#include "tests/fault/sim/world.h"

/* office: the federal operator. Takes what lies in the outbox, and puts receipts into the inbox: agreed, returned,
 * the same twice, of another package, with somebody else's signature, and what is no receipt at all. */
void office_tick(struct world *w);
bool office_waits(struct world *w);             /* something lies in the inbox */
void office_free(struct world *w);

#define PACKAGES_MAX 64
struct seen_package { char name[120]; struct hash hash; uint32_t letters; };
struct office { struct seen_package seen[PACKAGES_MAX]; uint32_t n, letters; };
/* Reads the outbox; a name whose bytes are others than before is a violation. */
void office_look(struct world *w);
