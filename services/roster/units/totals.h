#pragma once
#include "proto/roster_tree.h"
#include "services/roster/units/units.h"

/* totals: what counts for a unit on a day, as the tree was then or as it is now, in either tree (R1). Every total of people, posts,
 * vacancies and entries is made by it.
 *
 * Then       by the chains that were written down with each row: nothing that was reorganised since moves it.
 * Now        each organisation of then counts for what goes on in its place today (proto/roster_tree.h), where that is within
 *            the unit today. In the founders' tree: within the unit by its founders.
 * Lifetime   of `ctx->arena`. For read transactions. */
struct total_place { struct uuid unit, as; };   /* an organisation of then, and what it counts as */
struct total {
    struct ctx *ctx;
    day_t on;
    bool own;                   /* only what is the place's own: what is below it has a place of its own */
    uint32_t n;
    struct total_place *at;
};
struct total total_of(struct ctx *ctx, const struct uuid *unit, day_t on, enum org_as as, enum org_tree tree);
/* That a row found under the place counts for it; `house`: the organisation that the row itself names. */
bool total_takes(const struct total *total, const struct total_place *place, const struct uuid *house);

/* The posts held on the day, person by person; `organisation` of the brief is what its own counts as. */
typedef void total_post(void *arg, const struct unit_post *row);
void total_posts(const struct total *total, total_post *each, void *arg);

/* How many different ones there are among ids (uuid after uuid); puts them in order. */
uint64_t total_distinct(struct buf *ids);
