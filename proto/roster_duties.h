#pragma once
#include "proto/roster_registers.h"

/* roster: who takes part in an entry of a register, and what is to be done by when: parties and obligations of an agreement
 * (R5), members, plan and meetings of a community (R6), yearly reports of a site (R7), team and stages of a project (R12). */
#define PART_JOIN_FIELDS(X, S)                                                              \
    X(S, UUID, entry,        _, 0, 0,   REQUIRED)                                            \
    X(S, UUID, person,       _, 0, 0,   OPTIONAL) /* one of the three */                     \
    X(S, UUID, organisation, _, 0, 0,   OPTIONAL)                                            \
    X(S, STR,  title,        _, 0, 300, OPTIONAL) /* a body that is none of ours */          \
    X(S, STR,  role,         _, 1, 200, REQUIRED) /* one of the register's */                \
    X(S, DAY,  from,         _, 0, 0,   REQUIRED)                                            \
    X(S, DAY,  until,        _, 0, 0,   OPTIONAL) /* last day */
MSG_DECLARE(part_join, PART_JOIN_FIELDS)                    /* roster.part.join → registered */
#define PART_LEAVE_FIELDS(X, S)                                                             \
    X(S, UUID, part,  _, 0, 0, REQUIRED)                                                     \
    X(S, DAY,  until, _, 0, 0, REQUIRED)     /* last day; the one before the first: by mistake */
MSG_DECLARE(part_leave, PART_LEAVE_FIELDS)                  /* roster.part.leave */
#define PART_FIELDS(X, S)                                                                   \
    X(S, UUID, part,         _, 0, 0,   REQUIRED)                                            \
    X(S, UUID, entry,        _, 0, 0,   REQUIRED)                                            \
    X(S, STR,  register_id,  _, 1, REGISTER_ID_MAX, REQUIRED)                                \
    X(S, UUID, person,       _, 0, 0,   OPTIONAL)                                            \
    X(S, UUID, organisation, _, 0, 0,   OPTIONAL)                                            \
    X(S, STR,  title,        _, 0, 300, OPTIONAL)                                            \
    X(S, STR,  role,         _, 1, 200, REQUIRED)                                            \
    X(S, DAY,  from,         _, 0, 0,   REQUIRED)                                            \
    X(S, DAY,  until,        _, 0, 0,   OPTIONAL)
MSG_DECLARE(part, PART_FIELDS)                              /* roster.part.joined; roster.part.left: with its last day */

#define DUTY_SET_FIELDS(X, S)                                                               \
    X(S, UUID, entry, _, 0, 0,   REQUIRED)                                                   \
    X(S, STR,  kind,  _, 1, 200, REQUIRED)   /* one of the register's */                     \
    X(S, STR,  title, _, 1, 600, REQUIRED)                                                   \
    X(S, UUID, part,  _, 0, 0,   OPTIONAL)   /* who answers for it */                        \
    X(S, DAY,  due,   _, 0, 0,   REQUIRED)   /* last day */                                  \
    X(S, STR,  training, _, 0, REGISTER_ID_MAX, OPTIONAL) /* it is to train people: for which training of the profile */ \
    X(S, U64,  number,   _, 0, 1000000, OPTIONAL) /* and how many of them */
MSG_DECLARE(duty_set, DUTY_SET_FIELDS)                      /* roster.duty.set → registered */
#define DUTY_FULFIL_FIELDS(X, S)                                                            \
    X(S, UUID, duty,   _, 0, 0,   REQUIRED)                                                  \
    X(S, DAY,  day,    _, 0, 0,   OPTIONAL)  /* left out: today */                           \
    X(S, STR,  result, _, 0, 600, OPTIONAL)                                                  \
    X(S, UUID, document, _, 0, 0, OPTIONAL)  /* of the register of documents */              \
    X(S, U64,  people, _, 0, 1000000, OPTIONAL) /* so many took part, were trained, were told */
MSG_DECLARE(duty_fulfil, DUTY_FULFIL_FIELDS)                /* roster.duty.fulfil */
#define DUTY_DROP_FIELDS(X, S)                                                              \
    X(S, UUID, duty,   _, 0, 0,   REQUIRED)                                                  \
    X(S, STR,  reason, _, 1, 600, REQUIRED)  /* it was put off (set it anew), taken out of the plan, a mistake */ \
    X(S, DAY,  day,    _, 0, 0,   OPTIONAL)  /* since when; left out: today */
MSG_DECLARE(duty_drop, DUTY_DROP_FIELDS)                    /* roster.duty.drop: it is owed no more */
#define DUTY_FIELDS(X, S)                                                                   \
    X(S, UUID,   duty,        _, 0, 0,   REQUIRED)                                           \
    X(S, UUID,   entry,       _, 0, 0,   REQUIRED)                                           \
    X(S, STR,    register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                               \
    X(S, STR,    kind,        _, 1, 200, REQUIRED)                                           \
    X(S, STR,    title,       _, 1, 600, REQUIRED)                                           \
    X(S, UUID,   part,        _, 0, 0,   OPTIONAL)                                           \
    X(S, DAY,    due,         _, 0, 0,   REQUIRED)                                           \
    X(S, DAY,    fulfilled,   _, 0, 0,   OPTIONAL) /* 0: not yet */                          \
    X(S, STR,    result,      _, 0, 600, OPTIONAL)                                           \
    X(S, UUID,   document,    _, 0, 0,   OPTIONAL)                                           \
    X(S, DAY,    overdue,     _, 0, 0,   OPTIONAL) /* written down as not done in time, since that day */ \
    X(S, MOMENT, over_at,     _, 0, 0,   OPTIONAL) /* in the event: the first moment after the last day */ \
    X(S, MOMENT, again_at,    _, 0, 0,   OPTIONAL) /* in the event: when the next one of the kind is asked for (yearly) */ \
    X(S, STR,    training,    _, 0, REGISTER_ID_MAX, OPTIONAL)                               \
    X(S, U64,    number,      _, 0, 1000000, OPTIONAL)                                       \
    X(S, U64,    people,      _, 0, 1000000, OPTIONAL)                                       \
    X(S, DAY,    dropped,     _, 0, 0,   OPTIONAL) /* not owed any more, since that day; `result` says why */
MSG_DECLARE(duty, DUTY_FIELDS)                              /* roster.duty.set, and a row of lists */
#define DUTY_FULFILLED_FIELDS(X, S)                                                         \
    X(S, UUID, duty,     _, 0, 0,   REQUIRED)                                                \
    X(S, UUID, entry,    _, 0, 0,   REQUIRED)                                                \
    X(S, DAY,  day,      _, 0, 0,   REQUIRED)                                                \
    X(S, STR,  result,   _, 0, 600, OPTIONAL)                                                \
    X(S, UUID, document, _, 0, 0,   OPTIONAL)                                                \
    X(S, U64,  people,   _, 0, 1000000, OPTIONAL)
MSG_DECLARE(duty_fulfilled, DUTY_FULFILLED_FIELDS)          /* roster.duty.fulfilled */
#define DUTY_OVERDUE_FIELDS(X, S)                                                           \
    X(S, UUID, duty,  _, 0, 0, REQUIRED)                                                     \
    X(S, UUID, entry, _, 0, 0, REQUIRED)                                                     \
    X(S, DAY,  day,   _, 0, 0, REQUIRED)     /* the first day too late */
MSG_DECLARE(duty_overdue, DUTY_OVERDUE_FIELDS)              /* roster.duty.overdue: written by a timer */

#define DUTY_DROPPED_FIELDS(X, S)                                                           \
    X(S, UUID, duty,   _, 0, 0,   REQUIRED)                                                  \
    X(S, UUID, entry,  _, 0, 0,   REQUIRED)                                                  \
    X(S, DAY,  day,    _, 0, 0,   REQUIRED)                                                  \
    X(S, STR,  reason, _, 1, 600, REQUIRED)
MSG_DECLARE(duty_dropped, DUTY_DROPPED_FIELDS)              /* roster.duty.dropped */

/* ── queries: of one entry ── */
#define PARTS_OF_FIELDS(X, S)                                                               \
    X(S, UUID, entry, _, 0, 0,    REQUIRED)                                                  \
    X(S, DAY,  on,    _, 0, 0,    OPTIONAL)  /* taking part on that day; 0: all */           \
    X(S, BIN,  after, _, 0, 511,  OPTIONAL)                                                  \
    X(S, U64,  limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(parts_of, PARTS_OF_FIELDS)                      /* roster.part.list */
#define PART_LIST_FIELDS(X, S)                                                              \
    X(S, LIST, rows, part, 0, 1000, OPTIONAL)                                                \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(part_list, PART_LIST_FIELDS)
#define DUTIES_OF_FIELDS(X, S)                                                              \
    X(S, UUID, entry, _, 0, 0,    REQUIRED)                                                  \
    X(S, BOOL, open,  _, 0, 0,    OPTIONAL)  /* only what is owed */                         \
    X(S, BIN,  after, _, 0, 511,  OPTIONAL)                                                  \
    X(S, U64,  limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(duties_of, DUTIES_OF_FIELDS)                    /* roster.duty.list: in the order of their days */
#define DUTY_LIST_FIELDS(X, S)                                                              \
    X(S, LIST, rows, duty, 0, 1000, OPTIONAL)                                                \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(duty_list, DUTY_LIST_FIELDS)
