#pragma once
#include "proto/roster_privacy.h"

/* roster_merge: two records of one person made one, and that undone (R9). Identifiers alone.
 *
 * `kept` goes on, `gone` stays as a name for him: what others have entered under it keeps its place there, and is found with
 * `kept` by the map that roster.person.merged and .unmerged make (services/shared/places.h), as organisations have heirs. */
#define MERGE_MOVED_MAX   64        /* posts */
#define MERGE_OTHERS_MAX  16        /* records merged into one */

#define PERSON_MERGE_FIELDS(X, S)                                                           \
    X(S, UUID, kept,   _, 0, 0,   REQUIRED)                                                  \
    X(S, UUID, gone,   _, 0, 0,   REQUIRED)                                                  \
    X(S, STR,  ground, _, 3, 300, REQUIRED) /* how it is known that they are one; nothing personal */
MSG_DECLARE(person_merge, PERSON_MERGE_FIELDS)
#define PERSON_UNMERGE_FIELDS(X, S)                                                         \
    X(S, UUID, gone,   _, 0, 0,   REQUIRED)                                                  \
    X(S, STR,  ground, _, 3, 300, REQUIRED)
MSG_DECLARE(person_unmerge, PERSON_UNMERGE_FIELDS)

/* A post of `gone`: closed as never held, and held by `kept` under another id; or there already. */
#define MERGED_POST_FIELDS(X, S)                                                            \
    X(S, UUID, was,   _, 0, 0, REQUIRED)                                                     \
    X(S, UUID, is,    _, 0, 0, OPTIONAL) /* nil: `kept` had the same one */                  \
    X(S, DAY,  until, _, 0, 0, OPTIONAL) /* what the last day was */
MSG_DECLARE(merged_post, MERGED_POST_FIELDS)
/* filled: fields of the card that `kept` did not have. */
#define PERSON_MERGED_FIELDS(X, S)                                                          \
    X(S, UUID,  kept,     _,              0, 0,   REQUIRED)                                  \
    X(S, UUID,  gone,     _,              0, 0,   REQUIRED)                                  \
    X(S, DAY,   day,      _,              0, 0,   REQUIRED)                                  \
    X(S, STR,   ground,   _,              1, 300, REQUIRED)                                  \
    X(S, LIST,  posts,    merged_post,    0, MERGE_MOVED_MAX, OPTIONAL)                      \
    X(S, STRS,  filled,   _,              0, 8,   OPTIONAL)
MSG_DECLARE(person_merged, PERSON_MERGED_FIELDS)            /* roster.person.merged */
#define PERSON_UNMERGED_FIELDS(X, S)                                                        \
    X(S, UUID,  kept,   _, 0, 0,   REQUIRED)                                                 \
    X(S, UUID,  gone,   _, 0, 0,   REQUIRED)                                                 \
    X(S, DAY,   day,    _, 0, 0,   REQUIRED)                                                 \
    X(S, STR,   ground, _, 1, 300, REQUIRED)
MSG_DECLARE(person_unmerged, PERSON_UNMERGED_FIELDS)        /* roster.person.unmerged */

/* roster.person.merges (person_of): where his record went, and which went into it. */
#define MERGES_FIELDS(X, S)                                                                 \
    X(S, UUID, into, _, 0, 0, OPTIONAL)                                                      \
    X(S, LIST, rows, person_merged, 0, MERGE_OTHERS_MAX, OPTIONAL)
MSG_DECLARE(merges, MERGES_FIELDS)
