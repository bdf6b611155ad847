#pragma once
#include "proto/profile.h"

/* indicators: shares, counts, corridors and judgements by unit and year, against the targets of several acts
 * at once (I1–I3). What is counted, and when a target binds, is data: proto/profile.h. */
#define LEVELS(X) X(LEVEL_REGION, "region") X(LEVEL_MUNICIPALITY, "municipality") X(LEVEL_ORGANISATION, "organisation")
ENUM_DECLARE(level, LEVELS)
#define VALUES_OF_FIELDS(X, S)                                                              \
    X(S, U64,  year,      _,     0, 9999, OPTIONAL) /* 0: all of the profile */              \
    X(S, STR,  act,       _,     0, 8,    OPTIONAL) /* none: of all acts */                  \
    X(S, STR,  indicator, _,     0, 20,   OPTIONAL)                                          \
    X(S, ENUM, level,     level, 0, 0,    OPTIONAL)                                          \
    X(S, UUID, unit,      _,     0, 0,    OPTIONAL) /* this one only */                      \
    X(S, BIN,  after,     _,     0, 511,  OPTIONAL)                                          \
    X(S, U64,  limit,     _,     0, 1000, OPTIONAL)
MSG_DECLARE(values_of, VALUES_OF_FIELDS)

/* A value is never silently zero: where the facts do not exist yet, or nobody has judged, it says so. */
#define VALUE_STATES(X)                                                                     \
    X(VALUE_COUNTED, "counted")         X(VALUE_NO_FACTS, "no_facts") /* `awaits` names what will bring them */ \
    X(VALUE_NOT_JUDGED, "not_judged")   X(VALUE_JUDGED, "judged")
ENUM_DECLARE(value_state, VALUE_STATES)
/* One of the indicator's targets over this value. applies: it binds in this year, here. */
#define VERDICT_FIELDS(X, S)                                                                \
    X(S, U64,  target,     _,         0, 31,      REQUIRED) /* its place in the profile's list, from 0 */ \
    X(S, ENUM, op,         target_op, 0, 0,       REQUIRED)                                  \
    X(S, U64,  bound,      _,         0, 1000000, OPTIONAL)                                  \
    X(S, BOOL, cumulative, _,         0, 0,       OPTIONAL) /* judged on the cumulative value */ \
    X(S, BOOL, applies,    _,         0, 0,       OPTIONAL)                                  \
    X(S, BOOL, met,        _,         0, 0,       OPTIONAL)
MSG_DECLARE(target_verdict, VERDICT_FIELDS)
#define VALUE_BESIDE_FIELDS(X, S)                                                           \
    X(S, U64,  numerator,   _, 0, INT64_MAX, REQUIRED)                                       \
    X(S, U64,  denominator, _, 0, INT64_MAX, REQUIRED) /* 0 where it is a number */
MSG_DECLARE(value_beside, VALUE_BESIDE_FIELDS)
#define VALUE_FIELDS(X, S)                                                                  \
    X(S, STR,  act,         _, 1, 8,    REQUIRED)                                            \
    X(S, STR,  edition,     _, 1, 80,   REQUIRED) /* number of the act: "1233-р от 15.07.2021" */ \
    X(S, STR,  indicator,   _, 1, 20,   REQUIRED)                                            \
    X(S, U64,  year,        _, 1970, 9999, REQUIRED)                                         \
    X(S, UUID, unit,        _, 0, 0,    REQUIRED)                                            \
    X(S, STR,  unit_code,   _, 0, 40,   OPTIONAL)                                            \
    X(S, STR,  unit_title,  _, 0, 300,  OPTIONAL)                                            \
    X(S, ENUM, measure,     measure,     0, 0, OPTIONAL)                                     \
    X(S, ENUM, state,       value_state, 0, 0, OPTIONAL)                                     \
    X(S, STRS, awaits,      _, 0, 4,    OPTIONAL)                                            \
    X(S, U64,  numerator,   _, 0, INT64_MAX, REQUIRED) /* corridor: all charges */           \
    X(S, U64,  denominator, _, 0, INT64_MAX, REQUIRED) /* corridor: how many tutors; count: 0 */ \
    X(S, BOOL, has_cumulative,         _, 0, 0,         OPTIONAL)                            \
    X(S, U64,  cumulative_numerator,   _, 0, INT64_MAX, OPTIONAL)                            \
    X(S, U64,  cumulative_denominator, _, 0, INT64_MAX, OPTIONAL)                            \
    X(S, U64,  least,       _, 0, INT64_MAX, OPTIONAL) /* corridor: charges of one tutor */  \
    X(S, U64,  greatest,    _, 0, INT64_MAX, OPTIONAL)                                       \
    X(S, U64,  below,       _, 0, INT64_MAX, OPTIONAL) /* tutors under the least that is asked for */ \
    X(S, U64,  above,       _, 0, INT64_MAX, OPTIONAL)                                       \
    X(S, BOOL, yes,         _, 0, 0,    OPTIONAL) /* state judged */                         \
    X(S, BOOL, graded,      _, 0, 0,    OPTIONAL)                                            \
    X(S, U64,  grade,       _, 0, 100,  OPTIONAL)                                            \
    X(S, DAY,  judged_on,   _, 0, 0,    OPTIONAL)                                            \
    X(S, STR,  judged,      _, 0, 600,  OPTIONAL) /* its words, cut where they are longer: indicators.judgement.list has all */ \
    X(S, ENUM, numerator_origin,   origin, 0, 0, OPTIONAL)                                   \
    X(S, ENUM, denominator_origin, origin, 0, 0, OPTIONAL)                                   \
    X(S, LIST, beside,      value_beside,   0, BESIDE_MAX, OPTIONAL)                         \
    X(S, LIST, verdicts,    target_verdict, 0, 32, OPTIONAL)                                 \
    X(S, BOOL, has_target,  _, 0, 0,    OPTIONAL) /* some target applies */                  \
    X(S, BOOL, met,         _, 0, 0,    OPTIONAL) /* and all that do are met */              \
    X(S, U64,  bound,       _, 0, 1000000, OPTIONAL) /* the strictest that applies to the yearly value, for a table */ \
    X(S, ENUM, bound_op,    target_op, 0, 0, OPTIONAL)
MSG_DECLARE(value, VALUE_FIELDS)
#define VALUE_LIST_FIELDS(X, S)                                                             \
    X(S, LIST, rows, value, 0, 1000, OPTIONAL)                                               \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(value_list, VALUE_LIST_FIELDS)          /* indicators.value.list (values_of) */

/* ── who or what is counted ── */
#define SIDES_OF(X) X(OF_NUMERATOR, "numerator") X(OF_DENOMINATOR, "denominator")
ENUM_DECLARE(value_side, SIDES_OF)
#define VALUE_LINES(X)                                                                      \
    X(LINE_MAIN, "main")                X(LINE_CUMULATIVE, "cumulative")                    \
    X(LINE_BESIDE_1, "beside_1")        X(LINE_BESIDE_2, "beside_2")
ENUM_DECLARE(value_line, VALUE_LINES)
#define SUBJECTS_OF_FIELDS(X, S)                                                            \
    X(S, STR,  act,       _,          0, 8,    OPTIONAL) /* needed where two acts have the code */ \
    X(S, STR,  indicator, _,          1, 20,   REQUIRED)                                     \
    X(S, U64,  year,      _,          1970, 9999, REQUIRED)                                  \
    X(S, UUID, unit,      _,          0, 0,    OPTIONAL) /* nil: the region */               \
    X(S, ENUM, side,      value_side, 0, 0,    OPTIONAL)                                     \
    X(S, ENUM, line,      value_line, 0, 0,    OPTIONAL)                                     \
    X(S, BIN,  after,     _,          0, 511,  OPTIONAL)                                     \
    X(S, U64,  limit,     _,          0, 1000, OPTIONAL)
MSG_DECLARE(subjects_of, SUBJECTS_OF_FIELDS)
/* Identifiers only. A page may be short, even empty, and still have a next: so many records were looked at. */
#define SUBJECT_IDS_FIELDS(X, S)                                                            \
    X(S, ENUM,  kind, subject, 0, 0,    REQUIRED) /* team: its organisation */               \
    X(S, UUIDS, ids,  _,       0, 1000, OPTIONAL)                                            \
    X(S, BIN,   next, _,       0, 511,  OPTIONAL)
MSG_DECLARE(subject_ids, SUBJECT_IDS_FIELDS)        /* indicators.value.subjects */

/* ── what a person says: yes or no, or a grade, with the documents it rests on ── */
#define JUDGEMENT_FIELDS(X, S)                                                              \
    X(S, STR,  act,       _, 0, 8,    OPTIONAL) /* needed where two acts have the code */    \
    X(S, STR,  indicator, _, 1, 20,   REQUIRED)                                              \
    X(S, U64,  year,      _, 1970, 9999, REQUIRED)                                           \
    X(S, BOOL, yes,       _, 0, 0,    OPTIONAL)                                              \
    X(S, BOOL, graded,    _, 0, 0,    OPTIONAL) /* `grade` is said; of measure judged only */ \
    X(S, U64,  grade,     _, 0, 100,  OPTIONAL)                                              \
    X(S, STR,  text,      _, 1, 4000, REQUIRED)                                              \
    X(S, STRS, documents, _, 1, 16,   REQUIRED)                                              \
    X(S, DAY,  day,       _, 0, 0,    REQUIRED)                                              \
    X(S, UUID, by,        _, 0, 0,    OPTIONAL) /* set by decide: who recorded it */         \
    X(S, UUIDS, references, _, 0, 16, OPTIONAL) /* those of the documents that stand in the register of documents (R10) */
MSG_DECLARE(judgement, JUDGEMENT_FIELDS)            /* indicators.judgement.record, .recorded: the newest entry counts */
#define JUDGEMENTS_OF_FIELDS(X, S)                                                          \
    X(S, STR, act,       _, 0, 8,    OPTIONAL)                                               \
    X(S, STR, indicator, _, 0, 20,   OPTIONAL)                                               \
    X(S, U64, year,      _, 0, 9999, OPTIONAL)                                               \
    X(S, BIN, after,     _, 0, 511,  OPTIONAL)                                               \
    X(S, U64, limit,     _, 0, 1000, OPTIONAL)
MSG_DECLARE(judgements_of, JUDGEMENTS_OF_FIELDS)
#define JUDGEMENT_ROW_FIELDS(X, S)                                                          \
    X(S, U64,  number,    _,         1, INT64_MAX, REQUIRED) /* of its entry */              \
    X(S, BOOL, counts,    _,         0, 0,         OPTIONAL) /* no newer one of that year */ \
    X(S, MSG,  judgement, judgement, 0, 0,         REQUIRED)
MSG_DECLARE(judgement_row, JUDGEMENT_ROW_FIELDS)
#define JUDGEMENT_LIST_FIELDS(X, S)                                                         \
    X(S, LIST, rows, judgement_row, 0, 1000, OPTIONAL) /* the newest last */                 \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(judgement_list, JUDGEMENT_LIST_FIELDS)  /* indicators.judgement.list */

/* indicators.catalogue.get (nothing) answers with the profile's lists */
#define CATALOGUE_FIELDS(X, S)                                                              \
    X(S, MSG,  region,        profile_region, 0, 0, REQUIRED)                                \
    X(S, U64,  first_year,    _, 1970, 9999, REQUIRED)                                       \
    X(S, U64,  last_year,     _, 1970, 9999, REQUIRED)                                       \
    X(S, DAY,  centre_opened, _, 0, 0, OPTIONAL)                                             \
    X(S, LIST, acts,          act_edition, 1, 8, REQUIRED)                                   \
    X(S, LIST, indicators,    indicator, 1, INDICATORS_MAX, REQUIRED)
MSG_DECLARE(catalogue, CATALOGUE_FIELDS)
/* indicators.value.recount (nothing): all counters again from the records of persons, teams and
 * programmes; every difference is an alarm. */
#define RECOUNT_FIELDS(X, S)                                                                \
    X(S, U64,  counters,    _, 0, INT64_MAX, REQUIRED)                                       \
    X(S, U64,  records,     _, 0, INT64_MAX, REQUIRED)                                       \
    X(S, U64,  differences, _, 0, INT64_MAX, REQUIRED)                                       \
    X(S, U64,  microseconds, _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(recount, RECOUNT_FIELDS)
