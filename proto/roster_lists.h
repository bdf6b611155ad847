#pragma once
#include "proto/roster.h"

/* roster_lists: a staff list held against what is known, before anything is entered (R9): roster.list.check.
 *
 * Nothing is kept of what was asked. Rows of one person have to stand in one question, in the order in which they
 * will be entered: each is answered as it will be after those before it.
 *
 * Who asks has names, births and numbers in his hands, and is told which of them agree with what is known: a reading of personal
 * data, so a command, with the entry roster.list.checked: who, why, against whom his rows were held, by which fields. */
#define LIST_ROWS_MAX 200
#define LIST_OUTCOMES(X)                                                                    \
    X(LIST_UNCHANGED, "unchanged")      X(LIST_NEW_PERSON, "new_person")                    \
    X(LIST_NEW_POST, "new_post")                                                            \
    X(LIST_MOVED, "moved")              /* a new main post, which ends the one elsewhere */ \
    X(LIST_CHANGED, "changed")                                                              \
    X(LIST_REFUSED, "refused")                                                              \
    X(LIST_DOUBTFUL, "doubtful")        /* refused, since only a person can tell who is meant */
ENUM_DECLARE(list_outcome, LIST_OUTCOMES)

#define LIST_CHECK_FIELDS(X, S)                                                             \
    X(S, LIST, rows,    worker_record, 1, LIST_ROWS_MAX, REQUIRED)                           \
    X(S, STR,  purpose, _,             3, 200,           REQUIRED)
MSG_DECLARE(list_check, LIST_CHECK_FIELDS)

/* A field of the row that says other than is known. Of what is personal the name alone. */
#define LIST_CHANGE_FIELDS(X, S)                                                            \
    X(S, STR, field, _, 1, 20,  REQUIRED)                                                    \
    X(S, STR, from,  _, 0, 120, OPTIONAL)                                                    \
    X(S, STR, to,    _, 0, 120, OPTIONAL)
MSG_DECLARE(list_change, LIST_CHANGE_FIELDS)
/* A main post elsewhere that a new one ends. */
#define LIST_END_FIELDS(X, S)                                                               \
    X(S, UUID, post,         _, 0, 0, REQUIRED)                                              \
    X(S, UUID, organisation, _, 0, 0, REQUIRED)                                              \
    X(S, DAY,  until,        _, 0, 0, REQUIRED)
MSG_DECLARE(list_end, LIST_END_FIELDS)
/* score: 0 to 100, services/roster/people/match.c. Only those whom the asker reaches. */
#define LIST_CANDIDATE_FIELDS(X, S)                                                         \
    X(S, UUID, person, _, 0, 0,   REQUIRED)                                                  \
    X(S, U64,  score,  _, 0, 100, REQUIRED)
MSG_DECLARE(list_candidate, LIST_CANDIDATE_FIELDS)
#define LIST_ARG_FIELDS(X, S)                                                               \
    X(S, STR, name,  _, 1, 40,  REQUIRED)                                                    \
    X(S, STR, value, _, 0, 400, REQUIRED)
MSG_DECLARE(list_arg, LIST_ARG_FIELDS)
#define LIST_CANDIDATES_MAX 5
#define LIST_ENDS_MAX       4
/* person, post: what is known already; of a refused row, whom its code is known to mean.
 * reason, field, rule, limit, args: as in a problem. */
#define LISTED_FIELDS(X, S)                                                                 \
    X(S, ENUM, outcome,    list_outcome,   0,  0,  REQUIRED)                                 \
    X(S, BIN,  ground,     _,              0,  32, OPTIONAL) /* for roster.worker.record; of a row that is not refused */ \
    X(S, UUID, person,     _,              0,  0,  OPTIONAL)                                 \
    X(S, UUID, post,       _,              0,  0,  OPTIONAL)                                 \
    X(S, LIST, changes,    list_change,    0,  20, OPTIONAL)                                 \
    X(S, LIST, ends,       list_end,       0,  LIST_ENDS_MAX, OPTIONAL)                      \
    X(S, BOOL, head,       _,              0,  0,  OPTIONAL) /* a post of a head: one at a time is usual, and a list often has two */ \
    X(S, U64,  heads,      _,              0,  1000, OPTIONAL) /* of a new one: others who are known to hold such a post there on its first day */ \
    X(S, STR,  reason,     _,              0,  60, OPTIONAL)                                 \
    X(S, STR,  field,      _,              0,  MSG_PATH_MAX, OPTIONAL)                       \
    X(S, STR,  rule,       _,              0,  40, OPTIONAL)                                 \
    X(S, I64,  limit,      _,              INT64_MIN, INT64_MAX, OPTIONAL)                   \
    X(S, LIST, args,       list_arg,       0,  4,  OPTIONAL)                                 \
    X(S, LIST, candidates, list_candidate, 0,  LIST_CANDIDATES_MAX, OPTIONAL) /* likeliest first */ \
    X(S, BOOL, more,       _,              0,  0,  OPTIONAL) /* and others as like, who are not looked at */
MSG_DECLARE(listed, LISTED_FIELDS)
#define LIST_CHECKED_FIELDS(X, S)                                                           \
    X(S, LIST, rows,           listed, 1, LIST_ROWS_MAX, REQUIRED) /* in the order asked */  \
    X(S, U64,  vanish_percent, _,      0, 100,           REQUIRED) /* the profile's: a full list in which more are missing is stopped */
MSG_DECLARE(list_checked, LIST_CHECKED_FIELDS)

/* roster.list.checked: for who reaches the region. persons: whose cards were held against a row, and were spoken of; fields: of the
 * person, that some row says. */
#define LIST_READ_EACH (2 + LIST_CANDIDATES_MAX)
#define LIST_READ_MAX  (LIST_ROWS_MAX * LIST_READ_EACH)
#define LIST_READ_FIELDS(X, S)                                                              \
    X(S, U64,   rows,    _, 1, LIST_ROWS_MAX, REQUIRED)                                      \
    X(S, UUIDS, persons, _, 0, LIST_READ_MAX, OPTIONAL)                                      \
    X(S, STRS,  fields,  _, 1, 16,            REQUIRED)                                      \
    X(S, STR,   purpose, _, 3, 200,           REQUIRED)
MSG_DECLARE(list_read, LIST_READ_FIELDS)
