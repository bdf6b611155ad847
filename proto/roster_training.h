#pragma once
#include "proto/profile_training.h"
#include "proto/programmes.h"
#include "proto/roster.h"
#include "proto/roster_privacy.h"

/* roster, training that the acts demand (R4a): who must, who has, who is due, and how that stands against agreements. */
#define TRAINING_RECORD_FIELDS(X, S)                                                        \
    X(S, UUID, person,   _, 0, 0,   REQUIRED)                                                \
    X(S, STR,  training, _, 1, REGISTER_ID_MAX, REQUIRED) /* of the profile: one that counts training outside */ \
    X(S, DAY,  day,      _, 0, 0,   REQUIRED) /* of the document */                          \
    X(S, STR,  document, _, 1, 80,  REQUIRED) /* its number */                               \
    X(S, STR,  provider, _, 1, 300, REQUIRED) /* who taught */                               \
    X(S, STR,  title,    _, 0, 300, OPTIONAL) /* of the programme */
MSG_DECLARE(training_record, TRAINING_RECORD_FIELDS)    /* roster.training.record → registered */
#define TRAINING_FIELDS(X, S)                                                               \
    X(S, UUID, id,       _, 0, 0,   REQUIRED)                                                \
    TRAINING_RECORD_FIELDS(X, S)
MSG_DECLARE(training, TRAINING_FIELDS)                  /* roster.training.recorded */
#define TRAINING_STRIKE_FIELDS(X, S)                                                        \
    X(S, UUID, id,       _, 0, 0,   REQUIRED)                                                \
    X(S, STR,  reason,   _, 1, 600, REQUIRED)
MSG_DECLARE(training_strike, TRAINING_STRIKE_FIELDS)    /* roster.training.strike: it was entered by mistake */
#define TRAINING_STRUCK_FIELDS(X, S)                                                        \
    X(S, UUID, id,       _, 0, 0,   REQUIRED)                                                \
    X(S, UUID, person,   _, 0, 0,   REQUIRED)                                                \
    X(S, STR,  training, _, 1, REGISTER_ID_MAX, REQUIRED)                                    \
    X(S, STR,  reason,   _, 1, 600, REQUIRED)
MSG_DECLARE(training_struck, TRAINING_STRUCK_FIELDS)    /* roster.training.struck */

/* What counts as training, whichever it is: a document of a programme here, or of one outside. */
#define TRAINED_FIELDS(X, S)                                                                \
    X(S, UUID, id,            _, 0, 0,   REQUIRED) /* the completion, or the training */     \
    X(S, DAY,  day,           _, 0, 0,   REQUIRED)                                           \
    X(S, STR,  training,      _, 0, REGISTER_ID_MAX, OPTIONAL) /* outside: for which one */  \
    X(S, ENUM, kind,          programme_kind, 0, 0, OPTIONAL)                                \
    X(S, ENUM, provider_kind, org_kind, 0, 0, OPTIONAL)                                      \
    X(S, STRS, topics,        _, 0, 16,  OPTIONAL)
MSG_DECLARE(trained, TRAINED_FIELDS)

/* ── queries ── */
#define TRAINING_LINES_FIELDS(X, S) X(S, LIST, rows, profile_training, 0, TRAININGS_MAX, OPTIONAL)
MSG_DECLARE(training_lines, TRAINING_LINES_FIELDS)      /* roster.training.kinds: takes nothing, all of the profile's */
#define OUTSIDE_TRAININGS_MAX 200
#define OUTSIDE_LIST_FIELDS(X, S) X(S, LIST, rows, training, 0, OUTSIDE_TRAININGS_MAX, OPTIONAL)
MSG_DECLARE(outside_list, OUTSIDE_LIST_FIELDS)          /* roster.training.of (person_of): outside of the region, as it was entered; the newest entries */
#define TRAINING_STATES(X)                                                                  \
    X(TRAINING_ANY, "any")              X(TRAINING_DONE, "done")                            \
    X(TRAINING_DUE, "due") /* not yet, or again, in time */ X(TRAINING_OVERDUE, "overdue")
ENUM_DECLARE(training_state, TRAINING_STATES)
#define TRAININGS_OF_FIELDS(X, S)                                                           \
    X(S, STR,  training, _, 1, REGISTER_ID_MAX, REQUIRED)                                    \
    X(S, UUID, unit,     _, 0, 0,    REQUIRED)                                               \
    X(S, DAY,  on,       _, 0, 0,    OPTIONAL) /* 0: today */                                \
    X(S, ENUM, state,    training_state, 0, 0, OPTIONAL)                                     \
    X(S, DAY,  due_by,   _, 0, 0,    OPTIONAL) /* whose term ends by that day, the trained who must again included */ \
    X(S, BIN,  after,    _, 0, 511,  OPTIONAL)                                               \
    X(S, U64,  limit,    _, 0, 1000, OPTIONAL)
MSG_DECLARE(trainings_of, TRAININGS_OF_FIELDS)          /* roster.training.list */
#define TRAINING_ROW_FIELDS(X, S)                                                           \
    X(S, UUID, person,  _, 0, 0, REQUIRED)                                                   \
    X(S, DAY,  obliged, _, 0, 0, REQUIRED)   /* since */                                     \
    X(S, ENUM, state,   training_state, 0, 0, OPTIONAL)                                      \
    X(S, DAY,  trained, _, 0, 0, OPTIONAL)   /* the last document's day */                   \
    X(S, UUID, by,      _, 0, 0, OPTIONAL)   /* that document: completion or training */     \
    X(S, DAY,  due,     _, 0, 0, OPTIONAL)   /* last day in time, of the first or the next; 0: never again */ \
    X(S, UUID, entry,   _, 0, 0, OPTIONAL)   /* of the register, by which he must; nil: by a population */
MSG_DECLARE(training_row, TRAINING_ROW_FIELDS)
#define TRAINING_LIST_FIELDS(X, S)                                                          \
    X(S, LIST, rows, training_row, 0, 1500, OPTIONAL) /* those of one entry stand in one page */ \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(training_list, TRAINING_LIST_FIELDS)
#define TRAINING_COUNT_OF_FIELDS(X, S)                                                      \
    X(S, STR,  training, _, 1, REGISTER_ID_MAX, REQUIRED)                                    \
    X(S, UUID, unit,     _, 0, 0,    REQUIRED)                                               \
    X(S, DAY,  on,       _, 0, 0,    OPTIONAL)
MSG_DECLARE(training_count_of, TRAINING_COUNT_OF_FIELDS)
#define TRAINING_SUM_FIELDS(X, S)                                                           \
    X(S, UUID, unit,    _, 0, 0, REQUIRED)                                                   \
    X(S, U64,  obliged, _, 0, INT64_MAX, OPTIONAL)                                           \
    X(S, U64,  done,    _, 0, INT64_MAX, OPTIONAL)                                           \
    X(S, U64,  due,     _, 0, INT64_MAX, OPTIONAL)                                           \
    X(S, U64,  overdue, _, 0, INT64_MAX, OPTIONAL)                                           \
    X(S, U64,  agreed,  _, 0, INT64_MAX, OPTIONAL) /* to be trained by agreements in force on that day */ \
    X(S, U64,  agreed_by_now, _, 0, INT64_MAX, OPTIONAL) /* of them: the last day has come */
MSG_DECLARE(training_sum, TRAINING_SUM_FIELDS)
#define TRAINING_UNITS_MAX 200
#define TRAINING_COUNTS_FIELDS(X, S)                                                        \
    X(S, LIST, rows, training_sum, 0, TRAINING_UNITS_MAX, OPTIONAL) /* the unit first, then each municipality below it */
MSG_DECLARE(training_counts, TRAINING_COUNTS_FIELDS)    /* roster.training.count */
