#pragma once
#include "proto/roster_duties.h"
#include "proto/roster_expert.h"

/* roster, calls (R7): a register's members are sought: call, applications, expert work on each, decision, and a status that has to
 * be reported on. An application is a proposal to the register (roster.entry.proposed) and a work for experts
 * (roster.review.opened), tied together; a decision is roster.entry.decide, reports are duties. */
#define APPLICATIONS_MAX 500        /* of one call */

#define CALL_OPEN_FIELDS(X, S)                                                              \
    X(S, STR,  register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, STR,  direction,   _, 1, REGISTER_ID_MAX, REQUIRED) /* of expert work: whose criteria the applications are given points by */ \
    X(S, STR,  title,       _, 1, 300, REQUIRED)                                             \
    X(S, DAY,  from,        _, 0, 0,   REQUIRED) /* applications are taken from this day */  \
    X(S, DAY,  until,       _, 0, 0,   REQUIRED) /* to this one */                           \
    X(S, U64,  seats,       _, 0, 10000, OPTIONAL) /* so many are admitted at most; 0: any number */ \
    X(S, UUID, document,    _, 0, 0,   OPTIONAL) /* order, regulations: of the register of documents */
MSG_DECLARE(call_open, CALL_OPEN_FIELDS)                /* roster.call.open → registered */
#define CALL_FIELDS(X, S)                                                                   \
    X(S, UUID, call,        _, 0, 0,   REQUIRED)                                             \
    X(S, STR,  register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, STR,  direction,   _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, STR,  title,       _, 1, 300, REQUIRED)                                             \
    X(S, DAY,  from,        _, 0, 0,   REQUIRED)                                             \
    X(S, DAY,  until,       _, 0, 0,   REQUIRED)                                             \
    X(S, U64,  seats,       _, 0, 10000, OPTIONAL)                                           \
    X(S, UUID, document,    _, 0, 0,   OPTIONAL)
MSG_DECLARE(call, CALL_FIELDS)                          /* roster.call.opened: public */
#define CALL_APPLY_FIELDS(X, S)                                                             \
    X(S, UUID, call,         _, 0, 0,   REQUIRED)                                            \
    X(S, UUID, person,       _, 0, 0,   OPTIONAL) /* the applicant, as a proposal to the register says it */ \
    X(S, UUID, organisation, _, 0, 0,   OPTIONAL)                                            \
    X(S, STR,  title,        _, 0, 300, OPTIONAL)                                            \
    X(S, LIST, grounds,      entry_ground, 1, REGISTER_GROUNDS_MAX, REQUIRED)                \
    X(S, LIST, values,       entry_value,  0, REGISTER_FIELDS_MAX,  OPTIONAL)
MSG_DECLARE(call_apply, CALL_APPLY_FIELDS)              /* roster.call.apply → application */
#define APPLICATION_FIELDS(X, S)                                                            \
    X(S, UUID, call,   _, 0, 0, REQUIRED)                                                    \
    X(S, UUID, entry,  _, 0, 0, REQUIRED)                                                    \
    X(S, UUID, review, _, 0, 0, REQUIRED)
MSG_DECLARE(application, APPLICATION_FIELDS)            /* roster.call.applied */

/* ── queries ── */
#define CALLS_OF_FIELDS(X, S)                                                               \
    X(S, STR, register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                                  \
    X(S, BIN, after,       _, 0, 511,  OPTIONAL)                                             \
    X(S, U64, limit,       _, 0, 1000, OPTIONAL)
MSG_DECLARE(calls_of, CALLS_OF_FIELDS)                  /* roster.call.list: in the order of their opening */
#define CALL_LIST_FIELDS(X, S)                                                              \
    X(S, LIST, rows, call, 0, 1000, OPTIONAL)                                                \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(call_list, CALL_LIST_FIELDS)
#define APPLICATION_ROW_FIELDS(X, S)                                                        \
    X(S, UUID, entry,   _, 0, 0, REQUIRED)                                                   \
    X(S, UUID, review,  _, 0, 0, REQUIRED)                                                   \
    X(S, UUID, member,  _, 0, 0, REQUIRED)                                                   \
    X(S, STR,  title,   _, 0, 300, OPTIONAL)                                                 \
    X(S, ENUM, stage,   entry_stage, 0, 0, OPTIONAL)                                         \
    X(S, ENUM, outcome, review_outcome, 0, 0, OPTIONAL)                                      \
    X(S, U64,  share,   _, 0, 1000, OPTIONAL) /* per mille, once the review is closed */     \
    X(S, U64,  rank,    _, 0, APPLICATIONS_MAX, OPTIONAL) /* among all applications that have a result; the same share, the same rank */
MSG_DECLARE(application_row, APPLICATION_ROW_FIELDS)
#define CALL_CARD_FIELDS(X, S)                                                              \
    X(S, MSG,  call,     call, 0, 0, REQUIRED)                                               \
    X(S, U64,  applied,  _, 0, INT64_MAX, OPTIONAL) /* of all, whoever asks */               \
    X(S, U64,  admitted, _, 0, INT64_MAX, OPTIONAL)                                          \
    X(S, LIST, rows,     application_row, 0, APPLICATIONS_MAX, OPTIONAL) /* those within reach, best first */
MSG_DECLARE(call_card, CALL_CARD_FIELDS)                /* roster.call.get: registered → call_card */

/* What is owed in a register: obligations of agreements (R5), meetings (R6), reports of sites (R7). */
#define DUTIES_IN_FIELDS(X, S)                                                              \
    X(S, STR,  register_id, _, 1, REGISTER_ID_MAX, REQUIRED)                                 \
    X(S, UUID, unit,        _, 0, 0,    REQUIRED)                                            \
    X(S, DAY,  from,        _, 0, 0,    OPTIONAL) /* last days within these; 0: any */       \
    X(S, DAY,  until,       _, 0, 0,    OPTIONAL)                                            \
    X(S, BOOL, open,        _, 0, 0,    OPTIONAL) /* only what is not fulfilled */           \
    X(S, STR,  kind,        _, 0, 200,  OPTIONAL)                                            \
    X(S, BIN,  after,       _, 0, 511,  OPTIONAL)                                            \
    X(S, U64,  limit,       _, 0, 500,  OPTIONAL) /* the entry that reaches it is still told of whole */
MSG_DECLARE(duties_in, DUTIES_IN_FIELDS)                /* roster.duty.due → duty_list: entry by entry */
