#pragma once
#include "common/core/arena.h"
#include "proto/roster_tree.h"

/* lineage: where a unit stands in a tree from day to day. Values in, values out.
 *
 * Links      say under what a unit stands from a day on, the first one from day 0 ("since ever"). Spans are its chains from
 *            day to day, itself first, the root last: made of its links and of the spans of what it stands under, so that no
 *            reader walks the tree, and changes may be entered in any order of their days.
 * Succession from the day on which a unit gives way to its heir, its spans are the heir's (ГК РФ ст. 58): what stood under it
 *            stands under the heir, without a word about each.
 * Lifetime   what is made lies in the arena; chains of equal content are shared. */
#define UNIT_LINK_FIELDS(X, S)                                                              \
    X(S, DAY,  from, _, 0, 0, OPTIONAL)                                                      \
    X(S, UUID, to,   _, 0, 0, OPTIONAL)           /* nil: of the founder tree, as in the territory */
MSG_DECLARE(unit_link, UNIT_LINK_FIELDS)

struct lineage_links { uint32_t n; struct unit_link *at; };     /* `from` ascending */
struct lineage_spans { uint32_t n; struct unit_span *at; };     /* the same */

/* The spans of another unit; none: it is not known, and nothing stands under it. */
typedef struct lineage_spans lineage_of(void *arg, const struct uuid *unit);

/* From that day on, until the next link; false: LINEAGE_MAX of them already. */
bool lineage_link(struct lineage_links *links, day_t from, const struct uuid *to, struct arena *arena);
/* Where a founder is said, it; else the parent of the day. */
struct lineage_links lineage_either(const struct lineage_links *founders, const struct lineage_links *parents, struct arena *arena);
/* False: deeper than CHAIN_MAX, in a circle, or more spans than LINEAGE_MAX. No links: a root. */
bool lineage_chains(const struct uuid *unit, const struct lineage_links *links, lineage_of *of, void *arg,
                    struct arena *arena, struct lineage_spans *spans);
bool lineage_give_way(struct lineage_spans *spans, day_t day, const struct lineage_spans *heir, struct arena *arena);

const struct unit_span *lineage_on(const struct lineage_spans *spans, day_t day);   /* NULL: there are none */
bool lineage_chain_equal(const struct unit_span *a, const struct uuid *chain, uint32_t n);
bool lineage_equal(const struct lineage_spans *a, const struct lineage_spans *b);
bool lineage_within(const struct unit_span *span, const struct uuid *unit);         /* the unit or something below it */

/* What a stay from `from` until `until` (0: open) is cut into. At least one piece; an empty stay is not asked about. */
struct lineage_piece { day_t from, until; const struct unit_span *span; };
uint32_t lineage_cut(const struct lineage_spans *spans, day_t from, day_t until, struct lineage_piece pieces[LINEAGE_MAX]);
