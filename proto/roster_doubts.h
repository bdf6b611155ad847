#pragma once
#include "proto/roster_lists.h"

/* roster_doubts: rows of a list that only a person can tell the meaning of wait for one (R9).
 *
 * Nothing personal waits: of the row a keyed hash (code, name, birth, SNILS), its organisation and post, why it is in
 * doubt, and who it may be. Who decides has the list at hand, and reads the candidates' cards. A decision holds for the row:
 * the list is sent again, and this time the row is taken as was decided. */
#define DOUBTS_MAX 2000             /* that wait, in the region */
#define DOUBT_OUTCOMES(X)                                                                   \
    X(DOUBT_PERSON, "person")           /* it is about this one */                          \
    X(DOUBT_NEW, "new")                 /* about somebody who is not known yet */           \
    X(DOUBT_DROP, "drop")               /* the list is mended, or the row was wrong: nothing is remembered */
ENUM_DECLARE(doubt_outcome, DOUBT_OUTCOMES)

#define DOUBT_RAISE_FIELDS(X, S)                                                            \
    X(S, MSG, row,  worker_record, 0, 0, REQUIRED) /* as it was refused */                   \
    X(S, STR, list, _, 0, 80, OPTIONAL)  /* what the sender calls the list; nothing personal */ \
    X(S, U64, line, _, 0, 10000000, OPTIONAL)
MSG_DECLARE(doubt_raise, DOUBT_RAISE_FIELDS)        /* → registered; the same row again: the same doubt */
#define DOUBT_FIELDS(X, S)                                                                  \
    X(S, UUID,  doubt,      _, 0,  0,   REQUIRED)                                            \
    X(S, BIN,   row,        _, 32, 32,  REQUIRED) /* keyed hash */                           \
    X(S, UUIDS, chain,      _, 1,  CHAIN_MAX, REQUIRED) /* of the organisation in the row */ \
    X(S, STR,   post,       _, 1,  120, REQUIRED)                                            \
    X(S, STR,   reason,     _, 1,  60,  REQUIRED)                                            \
    X(S, LIST,  candidates, list_candidate, 0, LIST_CANDIDATES_MAX, OPTIONAL)                \
    X(S, STR,   list,       _, 0,  80,  OPTIONAL)                                            \
    X(S, U64,   line,       _, 0,  10000000, OPTIONAL)                                       \
    X(S, DAY,   day,        _, 0,  0,   REQUIRED)
MSG_DECLARE(doubt, DOUBT_FIELDS)                    /* roster.doubt.raised, and a row of lists */
#define DOUBT_DECIDE_FIELDS(X, S)                                                           \
    X(S, UUID, doubt,   _,             0, 0, REQUIRED)                                       \
    X(S, ENUM, outcome, doubt_outcome, 0, 0, REQUIRED)                                       \
    X(S, UUID, person,  _,             0, 0, OPTIONAL)
MSG_DECLARE(doubt_decide, DOUBT_DECIDE_FIELDS)
#define DOUBT_DECIDED_FIELDS(X, S)                                                          \
    X(S, UUID, doubt,   _,             0, 0,   REQUIRED)                                     \
    X(S, BIN,  row,     _,             32, 32, REQUIRED)                                     \
    X(S, ENUM, outcome, doubt_outcome, 0, 0,   REQUIRED)                                     \
    X(S, UUID, person,  _,             0, 0,   OPTIONAL)                                     \
    X(S, DAY,  day,     _,             0, 0,   REQUIRED)
MSG_DECLARE(doubt_decided, DOUBT_DECIDED_FIELDS)    /* roster.doubt.decided */

/* roster.doubt.list: those of organisations under a unit, longest waiting first within one. Candidates whom the asker reaches. */
#define DOUBTS_OF_FIELDS(X, S)                                                              \
    X(S, UUID, unit,  _, 0, 0,    REQUIRED)                                                  \
    X(S, BIN,  after, _, 0, 511,  OPTIONAL)                                                  \
    X(S, U64,  limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(doubts_of, DOUBTS_OF_FIELDS)
#define DOUBT_LIST_FIELDS(X, S)                                                             \
    X(S, LIST, rows, doubt, 0, 1000, OPTIONAL)                                               \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(doubt_list, DOUBT_LIST_FIELDS)
