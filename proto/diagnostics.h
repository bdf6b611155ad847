#pragma once
#include "proto/roster.h"

/* diagnostics: frameworks, instruments, procedures, sittings, deficits (D1–D5). */
#define COMPETENCY_CODE 40
#define TASKS_MAX       200
#define OPTIONS_MAX     12
#define DEFICITS_MAX    64      /* competencies of one framework */
#define DEFICITS_OF_REGION_MAX 512      /* of all its frameworks */

#define COMPETENCY_FIELDS(X, S)                                                             \
    X(S, STR, code,   _, 1, COMPETENCY_CODE, REQUIRED) /* unique in the region */            \
    X(S, STR, title,  _, 1, 300, REQUIRED)                                                   \
    X(S, STR, parent, _, 0, COMPETENCY_CODE, OPTIONAL)
MSG_DECLARE(competency, COMPETENCY_FIELDS)
#define FRAMEWORK_FIELDS(X, S)                                                              \
    X(S, UUID, id,           _,          0, 0,   OPTIONAL) /* nil in the command: a new one */ \
    X(S, STR,  code,         _,          1, 40,  REQUIRED)                                   \
    X(S, STR,  title,        _,          1, 300, REQUIRED)                                   \
    X(S, LIST, competencies, competency, 1, DEFICITS_MAX, REQUIRED)
MSG_DECLARE(framework, FRAMEWORK_FIELDS)            /* diagnostics.framework.publish, .published */

#define TASK_KINDS(X) X(TASK_SINGLE, "single") X(TASK_MULTIPLE, "multiple")
ENUM_DECLARE(task_kind, TASK_KINDS)
#define TASK_FIELDS(X, S)                                                                   \
    X(S, U64,  number,     _,         1, TASKS_MAX, REQUIRED)                                \
    X(S, ENUM, kind,       task_kind, 0, 0,   REQUIRED)                                      \
    X(S, STR,  competency, _,         1, COMPETENCY_CODE, REQUIRED)                          \
    X(S, STR,  element,    _,         0, 200, OPTIONAL) /* of content */                     \
    X(S, STR,  text,       _,         1, 2000, REQUIRED)                                     \
    X(S, STRS, options,    _,         2, OPTIONS_MAX, REQUIRED)                              \
    X(S, U64S, key,        _,         0, OPTIONS_MAX, OPTIONAL) /* numbers of right options from 1, ascending */ \
    X(S, U64,  points,     _,         1, 100, REQUIRED)
MSG_DECLARE(task, TASK_FIELDS)
/* Frozen from the first: a change is a new instrument. A deficit is a share under cut_percent. */
#define INSTRUMENT_FIELDS(X, S)                                                             \
    X(S, UUID, id,          _,    0, 0,    OPTIONAL)                                         \
    X(S, STR,  code,        _,    1, 40,   REQUIRED)                                         \
    X(S, STR,  title,       _,    1, 300,  REQUIRED)                                         \
    X(S, UUID, framework,   _,    0, 0,    REQUIRED)                                         \
    X(S, U64,  minutes,     _,    1, 1440, REQUIRED)                                         \
    X(S, U64,  cut_percent, _,    1, 100,  REQUIRED)                                         \
    X(S, LIST, tasks,       task, 1, TASKS_MAX, REQUIRED)
MSG_DECLARE(instrument, INSTRUMENT_FIELDS)          /* diagnostics.instrument.publish, .published */

#define PURPOSES(X) X(PURPOSE_ENTRY, "entry") X(PURPOSE_INTERIM, "interim") X(PURPOSE_FINAL, "final") X(PURPOSE_INDEPENDENT, "independent")
ENUM_DECLARE(purpose, PURPOSES)
#define PROCEDURE_FIELDS(X, S)                                                              \
    X(S, UUID, id,         _,        0, 0,   OPTIONAL)                                       \
    X(S, STR,  code,       _,        1, 40,  REQUIRED)                                       \
    X(S, STR,  title,      _,        1, 300, REQUIRED)                                       \
    X(S, UUID, instrument, _,        0, 0,   REQUIRED)                                       \
    X(S, ENUM, purpose,    purpose,  0, 0,   REQUIRED)                                       \
    X(S, UUID, owner,      _,        0, 0,   REQUIRED) /* organisation */                    \
    X(S, ENUM, owner_kind, org_kind, 0, 0,   OPTIONAL) /* set by decide */                   \
    X(S, DAY,  opens,      _,        0, 0,   REQUIRED)                                       \
    X(S, DAY,  closes,     _,        0, 0,   REQUIRED) /* last day */
MSG_DECLARE(procedure, PROCEDURE_FIELDS)            /* diagnostics.procedure.open, .opened (public) */

/* ── a sitting ── */
#define SITTING_START_FIELDS(X, S)                                                          \
    X(S, UUID, procedure, _, 0, 0, REQUIRED)                                                 \
    X(S, UUID, person,    _, 0, 0, REQUIRED)
MSG_DECLARE(sitting_start, SITTING_START_FIELDS)
#define SITTING_BEGUN_FIELDS(X, S)                                                          \
    X(S, UUID,   sitting, _, 0, 0, REQUIRED)                                                 \
    X(S, MOMENT, until,   _, 0, 0, REQUIRED)
MSG_DECLARE(sitting_begun, SITTING_BEGUN_FIELDS)    /* reply */
#define SITTING_STARTED_FIELDS(X, S)                                                        \
    X(S, UUID,   sitting,   _, 0, 0,         REQUIRED)                                       \
    X(S, UUID,   procedure, _, 0, 0,         REQUIRED)                                       \
    X(S, UUID,   person,    _, 0, 0,         REQUIRED)                                       \
    X(S, UUIDS,  chain,     _, 1, CHAIN_MAX, REQUIRED)                                       \
    X(S, DAY,    day,       _, 0, 0,         REQUIRED)                                       \
    X(S, MOMENT, until,     _, 0, 0,         OPTIONAL) /* 0: recorded history */
MSG_DECLARE(sitting_started, SITTING_STARTED_FIELDS)
#define ANSWER_FIELDS(X, S)                                                                 \
    X(S, U64,  task,   _, 1, TASKS_MAX,   REQUIRED)                                          \
    X(S, U64S, chosen, _, 0, OPTIONS_MAX, OPTIONAL) /* numbers of options from 1, ascending */
MSG_DECLARE(answer, ANSWER_FIELDS)
#define SITTING_SAVE_FIELDS(X, S)                                                           \
    X(S, UUID, sitting, _,      0, 0,  REQUIRED)                                             \
    X(S, LIST, answers, answer, 1, 40, REQUIRED)
MSG_DECLARE(sitting_save, SITTING_SAVE_FIELDS)      /* and event diagnostics.sitting.saved */
#define SITTING_ID_FIELDS(X, S) X(S, UUID, sitting, _, 0, 0, REQUIRED)
MSG_DECLARE(sitting_id, SITTING_ID_FIELDS)          /* .submit, .get; event .submitted, .timed_out */
#define SITTING_RECORD_FIELDS(X, S)                                                         \
    X(S, UUID, procedure,    _,      0, 0,         REQUIRED)                                 \
    X(S, UUID, person,       _,      0, 0,         REQUIRED)                                 \
    X(S, UUID, organisation, _,      0, 0,         OPTIONAL) /* nil: main post on that day */ \
    X(S, DAY,  day,          _,      0, 0,         REQUIRED)                                 \
    X(S, LIST, answers,      answer, 0, TASKS_MAX, REQUIRED)
MSG_DECLARE(sitting_record, SITTING_RECORD_FIELDS)

#define SHARE_FIELDS(X, S)                                                                  \
    X(S, STR,  competency, _, 1, COMPETENCY_CODE, REQUIRED)                                  \
    X(S, U64,  got,        _, 0, 100000, REQUIRED)                                           \
    X(S, U64,  of,         _, 1, 100000, REQUIRED)                                           \
    X(S, BOOL, deficit,    _, 0, 0,      OPTIONAL)
MSG_DECLARE(share, SHARE_FIELDS)
#define SITTING_SCORED_FIELDS(X, S)                                                         \
    X(S, UUID,  sitting,    _,        0, 0,         REQUIRED)                                \
    X(S, UUID,  procedure,  _,        0, 0,         REQUIRED)                                \
    X(S, UUID,  person,     _,        0, 0,         REQUIRED)                                \
    X(S, UUIDS, chain,      _,        1, CHAIN_MAX, REQUIRED) /* organisation first */       \
    X(S, ENUM,  owner_kind, org_kind, 0, 0,         REQUIRED) /* of the procedure */         \
    X(S, DAY,   day,        _,        0, 0,         REQUIRED) /* of the counted fact */      \
    X(S, DAY,   ends,       _,        0, 0,         REQUIRED) /* last day of the procedure */ \
    X(S, BOOL,  recorded,   _,        0, 0,         OPTIONAL) /* loaded as history */        \
    X(S, LIST,  shares,     share,    1, DEFICITS_MAX, REQUIRED)
MSG_DECLARE(sitting_scored, SITTING_SCORED_FIELDS)  /* diagnostics.sitting.scored */

/* ── queries ── */
#define SITTING_STATES(X) X(SITTING_OPEN, "open") X(SITTING_SUBMITTED, "submitted") X(SITTING_TIMED_OUT, "timed_out") X(SITTING_RECORDED, "recorded")
ENUM_DECLARE(sitting_state, SITTING_STATES)
#define SITTING_FIELDS(X, S)                                                                \
    X(S, UUID,   sitting,    _,             0, 0,         REQUIRED)                          \
    X(S, UUID,   procedure,  _,             0, 0,         REQUIRED)                          \
    X(S, UUID,   person,     _,             0, 0,         REQUIRED)                          \
    X(S, UUIDS,  chain,      _,             1, CHAIN_MAX, REQUIRED)                          \
    X(S, ENUM,   state,      sitting_state, 0, 0,         REQUIRED)                          \
    X(S, DAY,    day,        _,             0, 0,         REQUIRED)                          \
    X(S, MOMENT, until,      _,             0, 0,         OPTIONAL)                          \
    X(S, LIST,   answers,    answer,        0, TASKS_MAX, OPTIONAL)                          \
    X(S, LIST,   shares,     share,         0, DEFICITS_MAX, OPTIONAL)
MSG_DECLARE(sitting, SITTING_FIELDS)                /* diagnostics.sitting.get */
#define UNIT_YEAR_FIELDS(X, S)                                                              \
    X(S, UUID, unit, _, 0, 0, REQUIRED)                                                      \
    X(S, U64,  year, _, 1970, 9999, REQUIRED)
MSG_DECLARE(unit_year, UNIT_YEAR_FIELDS)            /* diagnostics.deficit.summary */
#define DEFICIT_COUNT_FIELDS(X, S)                                                          \
    X(S, STR, competency, _, 1, COMPETENCY_CODE, REQUIRED)                                   \
    X(S, STR, title,      _, 0, 300, OPTIONAL)                                               \
    X(S, U64, persons,    _, 0, INT64_MAX, REQUIRED) /* distinct, with this deficit in the year */
MSG_DECLARE(deficit_count, DEFICIT_COUNT_FIELDS)
#define DEFICIT_SUMMARY_FIELDS(X, S)                                                        \
    X(S, U64,  persons, _,             0, INT64_MAX, REQUIRED) /* distinct, scored in the year */ \
    X(S, LIST, rows,    deficit_count, 0, DEFICITS_OF_REGION_MAX, OPTIONAL) /* most frequent first */
MSG_DECLARE(deficit_summary, DEFICIT_SUMMARY_FIELDS)
#define ID_FIELDS(X, S)         X(S, UUID, id, _, 0, 0, REQUIRED)
MSG_DECLARE(id, ID_FIELDS)                          /* framework.get, instrument.get (keys left out for workers), procedure.get */
#define PROCEDURE_LIST_FIELDS(X, S)                                                         \
    X(S, LIST, rows, procedure, 0, 1000, OPTIONAL)                                           \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(procedure_list, PROCEDURE_LIST_FIELDS)  /* diagnostics.procedure.list (page) */
