#pragma once
#include "cli/cli.h"

/* lookup: codes of people's lists to identifiers.
 *
 * Ownership  lookup_free() gives back what it holds; zeroed is an empty one. */
struct lookup { struct lookup_slot *slot; size_t slots, n; struct arena arena; };

void lookup_put(struct lookup *lookup, const char *code, const struct uuid *id);    /* the last one wins */
const struct uuid *lookup_get(const struct lookup *lookup, const char *code);       /* NULL: not there, or nil */
void lookup_free(struct lookup *lookup);
/* All of them in the order of their codes. */
void lookup_each(const struct lookup *lookup, void (*each)(void *arg, const char *code, const struct uuid *id), void *arg);
/* Asks `method` (codes → found) about every code that stands there with a nil id. */
int  lookup_ask(struct lookup *lookup, struct cli *cli, const char *method);
