#pragma once
#include "proto/roster_duties.h"

/* roster, activity: what came of the entries of a register in a period: who took part, what was planned, done, late (R5 how
 * an agreement is fulfilled; R6 plan, meetings, yearly analysis of a community; R7 reports and spreading of results; R12 stages). */
#define ACTIVITY_ROWS_MAX   200     /* of one page */
#define ACTIVITY_PARTS_MAX  5000    /* of one entry that are looked at, ... */
#define ACTIVITY_DUTIES_MAX 2000    /* ... of its duties in the period */

#define ACTIVITY_OF_FIELDS(X, S)                                                            \
    X(S, STR,  register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, UUID, unit,        _, 0, 0,   REQUIRED) /* counted for it or below */               \
    X(S, DAY,  from,        _, 0, 0,   OPTIONAL) /* 0: the first day of that year */         \
    X(S, DAY,  until,       _, 0, 0,   OPTIONAL) /* last day; 0: today */                    \
    X(S, BIN,  after,       _, 0, 511, OPTIONAL)                                             \
    X(S, U64,  limit,       _, 0, ACTIVITY_ROWS_MAX, OPTIONAL)
MSG_DECLARE(activity_of, ACTIVITY_OF_FIELDS)            /* roster.register.activity: entries that hold on a day of the period */

/* Duties of one kind whose last day lies in the period, as they stood on its last day (or stand today, if that is earlier). */
#define ACTIVITY_KIND_FIELDS(X, S)                                                          \
    X(S, STR, kind,    _, 1, 200, REQUIRED)                                                  \
    X(S, U64, planned, _, 0, INT64_MAX, OPTIONAL) /* without those that were dropped */      \
    X(S, U64, done,    _, 0, INT64_MAX, OPTIONAL)                                            \
    X(S, U64, late,    _, 0, INT64_MAX, OPTIONAL) /* of those done: after their last day */  \
    X(S, U64, overdue, _, 0, INT64_MAX, OPTIONAL) /* not done, and their last day is over */ \
    X(S, U64, dropped, _, 0, INT64_MAX, OPTIONAL)                                            \
    X(S, U64, nobodys, _, 0, INT64_MAX, OPTIONAL) /* of those planned: nobody is named who answers */ \
    X(S, U64, people,  _, 0, INT64_MAX, OPTIONAL) /* took part in those done */              \
    X(S, DAY, last,    _, 0, 0,   OPTIONAL)      /* when the last one was done */
MSG_DECLARE(activity_kind, ACTIVITY_KIND_FIELDS)
#define ACTIVITY_ROW_FIELDS(X, S)                                                           \
    X(S, UUID, entry,   _, 0, 0,   REQUIRED)                                                 \
    X(S, UUID, member,  _, 0, 0,   REQUIRED)                                                 \
    X(S, STR,  title,   _, 0, 300, OPTIONAL)                                                 \
    X(S, UUID, place,   _, 0, 0,   REQUIRED)                                                 \
    X(S, BOOL, holds,   _, 0, 0,   OPTIONAL) /* on the last day still */                     \
    X(S, U64,  parts,   _, 0, INT64_MAX, OPTIONAL) /* take part on the last day */           \
    X(S, U64,  joined,  _, 0, INT64_MAX, OPTIONAL) /* began to in the period */              \
    X(S, U64,  left,    _, 0, INT64_MAX, OPTIONAL) /* ended in it */                         \
    X(S, STRS, missing, _, 0, 16,  OPTIONAL) /* roles of the register in which nobody takes part on the last day */ \
    X(S, LIST, kinds,   activity_kind, 0, 16, OPTIONAL) /* those of the register, in its order */ \
    X(S, BOOL, more,    _, 0, 0,   OPTIONAL) /* there is more than is looked at: the numbers are too small */
MSG_DECLARE(activity_row, ACTIVITY_ROW_FIELDS)
#define ACTIVITY_LIST_FIELDS(X, S)                                                          \
    X(S, LIST, rows, activity_row, 0, ACTIVITY_ROWS_MAX, OPTIONAL)                           \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(activity_list, ACTIVITY_LIST_FIELDS)
