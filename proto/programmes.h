#pragma once
#include "proto/diagnostics.h"

/* programmes: the registry of programmes, runs and completions (P1, P3, P4 thin). */
#define PROGRAMME_KINDS(X)                                                                  \
    X(PROGRAMME_DEVELOPMENT, "development")     /* from 16 hours */                         \
    X(PROGRAMME_RETRAINING, "retraining")       /* from 250 hours */                        \
    X(PROGRAMME_NON_FORMAL, "non_formal")       /* under 16 hours: no ДПП */
ENUM_DECLARE(programme_kind, PROGRAMME_KINDS)
#define PROGRAMME_FORMS(X) X(FORM_FULL_TIME, "full_time") X(FORM_PART_TIME, "part_time") X(FORM_DISTANCE, "distance")
ENUM_DECLARE(programme_form, PROGRAMME_FORMS)

#define PROGRAMME_FIELDS(X, S)                                                              \
    X(S, UUID, id,            _,              0, 0,    OPTIONAL)                             \
    X(S, STR,  code,          _,              1, 40,   REQUIRED)                             \
    X(S, STR,  title,         _,              1, 300,  REQUIRED)                             \
    X(S, ENUM, kind,          programme_kind, 0, 0,    REQUIRED)                             \
    X(S, ENUM, form,          programme_form, 0, 0,    REQUIRED)                             \
    X(S, U64,  hours,         _,              1, 2000, REQUIRED)                             \
    X(S, STRS, competencies,  _,              0, 32,   OPTIONAL) /* codes */                 \
    X(S, STRS, topics,        _,              0, 16,   OPTIONAL) /* «управление качеством образования» */ \
    X(S, UUID, provider,      _,              0, 0,    REQUIRED)                             \
    X(S, ENUM, provider_kind, org_kind,       0, 0,    OPTIONAL) /* set by decide */
MSG_DECLARE(programme, PROGRAMME_FIELDS)            /* programmes.programme.register, .registered (public) */
/* In the federal registry (ФР ДПП) from a day on; excluded: no longer from that day on. */
#define PROGRAMME_INCLUDED_FIELDS(X, S)                                                     \
    X(S, UUID, programme, _, 0, 0,  REQUIRED)                                                \
    X(S, DAY,  day,       _, 0, 0,  REQUIRED)                                                \
    X(S, STR,  number,    _, 0, 80, OPTIONAL)
MSG_DECLARE(programme_included, PROGRAMME_INCLUDED_FIELDS)  /* .programme.include, .exclude; .included, .excluded */
#define RUN_FIELDS(X, S)                                                                    \
    X(S, UUID, id,            _,        0, 0, OPTIONAL)                                      \
    X(S, UUID, programme,     _,        0, 0, REQUIRED)                                      \
    X(S, ENUM, provider_kind, org_kind, 0, 0, OPTIONAL) /* set by decide */                  \
    X(S, DAY,  day,           _,        0, 0, REQUIRED) /* first day */
MSG_DECLARE(run, RUN_FIELDS)                        /* programmes.run.record, .recorded (public) */
#define COMPLETION_RECORD_FIELDS(X, S)                                                      \
    X(S, UUID, programme,    _, 0, 0,  REQUIRED)                                             \
    X(S, UUID, person,       _, 0, 0,  REQUIRED)                                             \
    X(S, UUID, organisation, _, 0, 0,  OPTIONAL) /* nil: main post on that day */            \
    X(S, DAY,  enrolled,     _, 0, 0,  REQUIRED)                                             \
    X(S, DAY,  day,          _, 0, 0,  REQUIRED) /* of the document */                       \
    X(S, STR,  document,     _, 1, 80, REQUIRED)                                             \
    X(S, UUID, route,        _, 0, 0,  OPTIONAL) /* whose step this answers */
MSG_DECLARE(completion_record, COMPLETION_RECORD_FIELDS)
#define COMPLETION_FIELDS(X, S)                                                             \
    X(S, UUID,  completion, _, 0, 0,         REQUIRED)                                       \
    X(S, UUID,  programme,  _, 0, 0,         REQUIRED)                                       \
    X(S, UUID,  person,     _, 0, 0,         REQUIRED)                                       \
    X(S, UUIDS, chain,      _, 1, CHAIN_MAX, REQUIRED)                                       \
    X(S, DAY,   enrolled,   _, 0, 0,         REQUIRED)                                       \
    X(S, DAY,   day,        _, 0, 0,         REQUIRED)                                       \
    X(S, BOOL,  federal,    _, 0, 0,         OPTIONAL) /* in the federal registry on the day of enrolment */ \
    X(S, ENUM,  kind,       programme_kind, 0, 0, OPTIONAL) /* under 16 hours nobody's qualification is raised */ \
    X(S, STRS,  topics,     _, 0, 16,        OPTIONAL)                                       \
    X(S, UUID,  route,      _, 0, 0,         OPTIONAL)                                       \
    X(S, STR,   document,   _, 1, 80,        REQUIRED)
MSG_DECLARE(completion, COMPLETION_FIELDS)          /* programmes.completion.recorded */

#define PROGRAMME_ROW_FIELDS(X, S)                                                          \
    X(S, MSG, programme,      programme, 0, 0, REQUIRED)                                     \
    X(S, DAY, included,       _,         0, 0, OPTIONAL) /* first day in the federal registry */ \
    X(S, DAY, excluded,       _,         0, 0, OPTIONAL)                                     \
    X(S, U64, runs,           _,         0, INT64_MAX, REQUIRED)                             \
    X(S, U64, completions,    _,         0, INT64_MAX, REQUIRED)
MSG_DECLARE(programme_row, PROGRAMME_ROW_FIELDS)    /* programmes.programme.get (id) */
#define PROGRAMME_LIST_FIELDS(X, S)                                                         \
    X(S, LIST, rows, programme_row, 0, 1000, OPTIONAL)                                       \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(programme_list, PROGRAMME_LIST_FIELDS)  /* programmes.programme.list (page) */
