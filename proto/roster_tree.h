#pragma once
#include "proto/roster.h"

/* roster: organisations through time (R1). Every change has the first day on which it holds, a ground and a document (its name
 * and number as text), and rewrites nothing of the days before it.
 *
 * Forms      of reorganisation: ГК РФ ст. 57–58. merge: слияние (`into` is new) or присоединение (`into` was there); split:
 *            разделение, or with `goes_on` выделение. An organisation that ends by one of them has an *heir*: who works there
 *            goes on working for the heir from that day (ТК РФ ст. 75), and what was counted there counts for the heir when it
 *            is asked "as now".
 * Trees      territory: in whose municipality it lies; founder: whose it is. Without a founder said it is that of what it
 *            stands under (S 4.2.4, K п. 3.2.10: a region's own school lies in a municipality and is not the municipality's). */
#define ORG_TREES(X)    X(TREE_TERRITORY, "territory")  X(TREE_FOUNDER, "founder")
ENUM_DECLARE(org_tree, ORG_TREES)
#define ORG_AS(X)       X(AS_THEN, "then")  X(AS_NOW, "now")        /* as the tree was on the day, as it is today */
ENUM_DECLARE(org_as, ORG_AS)
#define ORG_CHANGES(X)                                                                          \
    X(CHANGE_RENAMED, "renamed")    X(CHANGE_MOVED, "moved")    X(CHANGE_FOUNDED, "founded")    \
    X(CHANGE_CLOSED, "closed")      X(CHANGE_REOPENED, "reopened")                              \
    X(CHANGE_MERGED, "merged")      X(CHANGE_SPLIT, "split")
ENUM_DECLARE(org_change, ORG_CHANGES)

#define LINEAGE_MAX 64      /* changes of one unit's place in a tree */
#define MERGE_MAX   32      /* units in one merger, parts of one split */

/* ── commands ── */
#define CHANGE_FIELDS(X, S)                                                                 \
    X(S, DAY,  day,      _, 0, 0,   REQUIRED) /* the first on which it holds; not in the future */ \
    X(S, STR,  ground,   _, 1, 500, REQUIRED)                                                \
    X(S, STR,  document, _, 0, 300, OPTIONAL) /* its kind, number and day */
#define ORGANISATION_RENAME_FIELDS(X, S)                                                    \
    X(S, UUID, id,       _, 0, 0,   REQUIRED)                                                \
    X(S, STR,  title,    _, 1, 300, REQUIRED)                                                \
    CHANGE_FIELDS(X, S)
MSG_DECLARE(organisation_rename, ORGANISATION_RENAME_FIELDS)
#define ORGANISATION_MOVE_FIELDS(X, S)                                                      \
    X(S, UUID, id,       _, 0, 0,   REQUIRED)                                                \
    X(S, UUID, parent,   _, 0, 0,   REQUIRED)                                                \
    CHANGE_FIELDS(X, S)
MSG_DECLARE(organisation_move, ORGANISATION_MOVE_FIELDS)
#define ORGANISATION_FOUND_FIELDS(X, S)                                                     \
    X(S, UUID, id,       _, 0, 0,   REQUIRED)                                                \
    X(S, UUID, founder,  _, 0, 0,   REQUIRED)                                                \
    CHANGE_FIELDS(X, S)
MSG_DECLARE(organisation_found, ORGANISATION_FOUND_FIELDS)
#define ORGANISATION_CLOSE_FIELDS(X, S)                                                     \
    X(S, UUID, id,       _, 0, 0,   REQUIRED)                                                \
    CHANGE_FIELDS(X, S)
MSG_DECLARE(organisation_close, ORGANISATION_CLOSE_FIELDS)     /* and .reopen: it was closed by mistake, `day` is the correction's own */
#define ORGANISATION_MERGE_FIELDS(X, S)                                                     \
    X(S, UUIDS, units,   _, 1, MERGE_MAX, REQUIRED)                                          \
    X(S, UUID,  into,    _, 0, 0,   REQUIRED)                                                \
    CHANGE_FIELDS(X, S)
MSG_DECLARE(organisation_merge, ORGANISATION_MERGE_FIELDS)
#define ORGANISATION_SPLIT_FIELDS(X, S)                                                     \
    X(S, UUID,  id,      _, 0, 0,   REQUIRED)                                                \
    X(S, UUIDS, into,    _, 1, MERGE_MAX, REQUIRED) /* registered already; the first is the heir */ \
    X(S, BOOL,  goes_on, _, 0, 0,   OPTIONAL)      /* it stays, beside what left it: nobody is its heir */ \
    CHANGE_FIELDS(X, S)
MSG_DECLARE(organisation_split, ORGANISATION_SPLIT_FIELDS)

/* Who of a split organisation goes on elsewhere than with its heir, and any transfer that is no new employment (ТК РФ ст. 72.1,
 * 75): the post ends on the day before, and goes on there with `began`. */
#define POST_TRANSFER_FIELDS(X, S)                                                          \
    X(S, UUID, post,         _, 0, 0, REQUIRED)                                              \
    X(S, UUID, organisation, _, 0, 0, REQUIRED)                                              \
    X(S, DAY,  day,          _, 0, 0, REQUIRED) /* the first one there; not in the future */
MSG_DECLARE(post_transfer, POST_TRANSFER_FIELDS)   /* → registered: the post that goes on */

/* ── events (public) ── */
/* One fact: roster.organisation.renamed, .moved, .founded, .closed, .reopened; .succeeded: `other` follows `id`, as its heir
 * where `heir` says so. The present state follows in the same group as roster.organisation.registered. */
#define ORGANISATION_CHANGED_FIELDS(X, S)                                                   \
    X(S, UUID, id,       _,          0, 0,   REQUIRED)                                       \
    X(S, ENUM, how,      org_change, 0, 0,   REQUIRED)                                       \
    X(S, UUID, other,    _,          0, 0,   OPTIONAL) /* parent, founder, what follows it */ \
    X(S, STR,  title,    _,          0, 300, OPTIONAL)                                       \
    X(S, BOOL, heir,     _,          0, 0,   OPTIONAL)                                       \
    CHANGE_FIELDS(X, S)
MSG_DECLARE(organisation_changed, ORGANISATION_CHANGED_FIELDS)
/* roster.organisation.placed: the chains of a unit from day to day, in both trees; after it ended by a reorganisation they
 * are its heir's (the first id is then the heir). It replaces what was said before. */
#define UNIT_SPAN_FIELDS(X, S)                                                              \
    X(S, DAY,   from,  _, 0, 0,         OPTIONAL) /* none: since ever */                     \
    X(S, UUIDS, chain, _, 1, CHAIN_MAX, REQUIRED)
MSG_DECLARE(unit_span, UNIT_SPAN_FIELDS)
#define UNIT_PLACED_FIELDS(X, S)                                                            \
    X(S, UUID, id,        _,         0, 0,           REQUIRED)                               \
    X(S, LIST, territory, unit_span, 1, LINEAGE_MAX, REQUIRED)                               \
    X(S, LIST, founder,   unit_span, 1, LINEAGE_MAX, REQUIRED)
MSG_DECLARE(unit_placed, UNIT_PLACED_FIELDS)
/* roster.organisation.following: so far its people have followed it; more of them come next. */
#define UNIT_FOLLOWING_FIELDS(X, S)                                                         \
    X(S, UUID, id,    _, 0, 0, REQUIRED)                                                     \
    X(S, UUID, after, _, 0, 0, OPTIONAL)          /* person; nil: it is about the units below */
MSG_DECLARE(unit_following, UNIT_FOLLOWING_FIELDS)

/* ── queries ── */
#define ORGANISATION_AT_FIELDS(X, S)                                                        \
    X(S, UUID, id, _,      0, 0, REQUIRED)                                                   \
    X(S, DAY,  on, _,      0, 0, OPTIONAL)        /* none: today */                          \
    X(S, ENUM, as, org_as, 0, 0, OPTIONAL)        /* now: what has become of it, by its heirs */
MSG_DECLARE(organisation_at, ORGANISATION_AT_FIELDS)
#define ORGANISATIONS_AT_FIELDS(X, S)                                                       \
    X(S, BIN, after, _, 0, 511,  OPTIONAL)                                                   \
    X(S, U64, limit, _, 0, 1000, OPTIONAL)                                                   \
    X(S, DAY, on,    _, 0, 0,    OPTIONAL)        /* those that there were on that day; none: all, as they are today */
MSG_DECLARE(organisations_at, ORGANISATIONS_AT_FIELDS)
#define ORGANISATION_HISTORY_FIELDS(X, S)                                                   \
    X(S, LIST, rows, organisation_changed, 0, 1000, OPTIONAL) /* by day, then as they were entered */ \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(organisation_history, ORGANISATION_HISTORY_FIELDS)
#define HISTORY_OF_FIELDS(X, S)                                                             \
    X(S, UUID, id,    _, 0, 0,    REQUIRED)                                                  \
    X(S, BIN,  after, _, 0, 511,  OPTIONAL)                                                  \
    X(S, U64,  limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(history_of, HISTORY_OF_FIELDS)
#define POPULATION_IN_FIELDS(X, S)                                                          \
    X(S, UUID, unit, _,        0, 0, REQUIRED)                                               \
    X(S, DAY,  on,   _,        0, 0, REQUIRED)                                               \
    X(S, ENUM, as,   org_as,   0, 0, OPTIONAL)                                               \
    X(S, ENUM, tree, org_tree, 0, 0, OPTIONAL)
MSG_DECLARE(population_in, POPULATION_IN_FIELDS)   /* roster.population.count */
