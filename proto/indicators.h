#pragma once
#include "proto/profile.h"

/* indicators: shares by unit and year, against targets (I1–I3 thin). */
#define LEVELS(X) X(LEVEL_REGION, "region") X(LEVEL_MUNICIPALITY, "municipality") X(LEVEL_ORGANISATION, "organisation")
ENUM_DECLARE(level, LEVELS)
#define VALUES_OF_FIELDS(X, S)                                                              \
    X(S, U64,  year,      _,     0, 9999, OPTIONAL) /* 0: all of the profile */              \
    X(S, STR,  indicator, _,     0, 20,   OPTIONAL)                                          \
    X(S, ENUM, level,     level, 0, 0,    OPTIONAL)                                          \
    X(S, UUID, unit,      _,     0, 0,    OPTIONAL) /* this one only */                      \
    X(S, BIN,  after,     _,     0, 511,  OPTIONAL)                                          \
    X(S, U64,  limit,     _,     0, 1000, OPTIONAL)
MSG_DECLARE(values_of, VALUES_OF_FIELDS)
#define VALUE_FIELDS(X, S)                                                                  \
    X(S, STR,  indicator,   _, 1, 20,   REQUIRED)                                            \
    X(S, U64,  year,        _, 1970, 9999, REQUIRED)                                         \
    X(S, UUID, unit,        _, 0, 0,    REQUIRED)                                            \
    X(S, STR,  unit_code,   _, 0, 40,   OPTIONAL)                                            \
    X(S, STR,  unit_title,  _, 0, 300,  OPTIONAL)                                            \
    X(S, U64,  numerator,   _, 0, INT64_MAX, REQUIRED)                                       \
    X(S, U64,  denominator, _, 0, INT64_MAX, REQUIRED)                                       \
    X(S, U64,  at_least,    _, 0, 100,  REQUIRED) /* target of the year, percent */          \
    X(S, BOOL, has_target,  _, 0, 0,    OPTIONAL)                                            \
    X(S, BOOL, met,         _, 0, 0,    OPTIONAL)
MSG_DECLARE(value, VALUE_FIELDS)
#define VALUE_LIST_FIELDS(X, S)                                                             \
    X(S, LIST, rows, value, 0, 1000, OPTIONAL)                                               \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(value_list, VALUE_LIST_FIELDS)          /* indicators.value.list (values_of) */
/* indicators.catalogue.get (nothing) answers with the profile's list */
#define CATALOGUE_FIELDS(X, S)                                                              \
    X(S, MSG,  region,     profile_region, 0, 0, REQUIRED)                                   \
    X(S, LIST, indicators, indicator, 1, 64, REQUIRED)
MSG_DECLARE(catalogue, CATALOGUE_FIELDS)
/* indicators.value.recount (nothing): all counters again from the records of persons, teams and
 * programmes; every difference is an alarm. */
#define RECOUNT_FIELDS(X, S)                                                                \
    X(S, U64,  counters,    _, 0, INT64_MAX, REQUIRED)                                       \
    X(S, U64,  records,     _, 0, INT64_MAX, REQUIRED)                                       \
    X(S, U64,  differences, _, 0, INT64_MAX, REQUIRED)                                       \
    X(S, U64,  microseconds, _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(recount, RECOUNT_FIELDS)
