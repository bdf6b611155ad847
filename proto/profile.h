#pragma once
#include "proto/programmes.h"

/* profile: what one act edition makes of the system in one region: config/regions/NAME.yaml. Indicators are
 * data; no name or number of a region stands in code. */
#define PROFILE_REGION_FIELDS(X, S)                                                         \
    X(S, UUID, id,        _, 0, 0,   REQUIRED)                                               \
    X(S, STR,  title,     _, 1, 300, REQUIRED)                                               \
    X(S, STR,  time_zone, _, 6, 6,   REQUIRED) /* +07:00 */                                  \
    X(S, STR,  act,       _, 1, 300, REQUIRED) /* edition in force */
MSG_DECLARE(profile_region, PROFILE_REGION_FIELDS)
#define PROFILE_POST_FIELDS(X, S)                                                           \
    X(S, STR,  title, _,         1, 120, REQUIRED)                                           \
    X(S, ENUM, kind,  post_kind, 0, 0,   REQUIRED)
MSG_DECLARE(profile_post, PROFILE_POST_FIELDS)
#define PROFILE_YOUNG_FIELDS(X, S)                                                          \
    X(S, U64, under_years,  _, 1, 100, REQUIRED) /* до 35 лет: 35 is not */                  \
    X(S, U64, first_months, _, 1, 600, REQUIRED) /* первые 3 года работы: 36 */
MSG_DECLARE(profile_young, PROFILE_YOUNG_FIELDS)
#define PROFILE_ROUTES_FIELDS(X, S)                                                         \
    X(S, U64, agree_days, _, 0, 365, OPTIONAL) /* after the procedure ends; 0: the act sets no term */ \
    X(S, U64, back_days,  _, 0, 3660, REQUIRED) /* how far back a recorded day may lie */
MSG_DECLARE(profile_routes, PROFILE_ROUTES_FIELDS)

#define SUBJECTS(X) X(SUBJECT_PERSON, "person") X(SUBJECT_TEAM, "team") X(SUBJECT_PROGRAMME, "programme")
ENUM_DECLARE(subject, SUBJECTS)
#define FACTS(X)                                                                            \
    X(FACT_NONE, "none")                /* the population itself */                         \
    X(FACT_DIAGNOSED, "diagnosed")      X(FACT_ROUTE_AGREED, "route_agreed")                \
    X(FACT_COMPLETED, "completed")      X(FACT_SUPPORTED, "supported")                      \
    X(FACT_RUN, "run")                  X(FACT_INCLUDED, "included") /* of the programmes run in the span */
ENUM_DECLARE(fact, FACTS)
#define POPULATION_DAYS(X)                                                                  \
    X(ON_DATE, "date")                  /* 31 December of the year */                       \
    X(ON_FACT, "fact")                  /* the day of the fact */
ENUM_DECLARE(population_day, POPULATION_DAYS)
#define TEAM_RULES(X) X(TEAM_ALL, "all") X(TEAM_ANY, "any") X(TEAM_HEAD_AND_ONE, "head_and_one")
ENUM_DECLARE(team_rule, TEAM_RULES)
/* One side of a share. Distinct subjects for which everything said here holds. */
#define COUNT_FIELDS(X, S)                                                                  \
    X(S, ENUM, subject,       subject,        0, 0,   REQUIRED)                              \
    X(S, STRS, posts,         _,              0, 8,   OPTIONAL) /* names of post_kind; persons: any of them; teams: members */ \
    X(S, STRS, organisations, _,              0, 16,  OPTIONAL) /* names of org_kind where the post is; none: all */ \
    X(S, BOOL, young,         _,              0, 0,   OPTIONAL)                              \
    X(S, ENUM, on,            population_day, 0, 0,   OPTIONAL)                              \
    X(S, ENUM, fact,          fact,           0, 0,   OPTIONAL)                              \
    X(S, STR,  owner,         _,              0, 40,  OPTIONAL) /* org_kind: persons: of the owner of the procedure behind the fact; programmes: of the provider */ \
    X(S, BOOL, federal,       _,              0, 0,   OPTIONAL) /* in the federal registry on enrolment */ \
    X(S, BOOL, by_route,      _,              0, 0,   OPTIONAL) /* answers a step of a route that rests on a result */ \
    X(S, STR,  topic,         _,              0, 120, OPTIONAL)                              \
    X(S, ENUM, members,       team_rule,      0, 0,   OPTIONAL)
MSG_DECLARE(count, COUNT_FIELDS)
#define TARGET_FIELDS(X, S)                                                                 \
    X(S, U64, year,     _, 1970, 9999, REQUIRED)                                             \
    X(S, U64, at_least, _, 0,    100,  REQUIRED) /* percent */
MSG_DECLARE(target, TARGET_FIELDS)
#define INDICATOR_FIELDS(X, S)                                                              \
    X(S, STR,  code,        _,      1, 20,   REQUIRED)                                       \
    X(S, STR,  title,       _,      1, 600,  REQUIRED) /* the act's own words */             \
    X(S, STR,  unit,        _,      1, 40,   REQUIRED)                                       \
    X(S, BOOL, cumulative,  _,      0, 0,    OPTIONAL) /* нарастающим итогом from the first year */ \
    X(S, MSG,  numerator,   count,  0, 0,    REQUIRED)                                       \
    X(S, MSG,  denominator, count,  0, 0,    REQUIRED)                                       \
    X(S, STR,  date_rule,   _,      1, 400,  REQUIRED)                                       \
    X(S, STR,  reading,     _,      1, 1200, REQUIRED) /* which reading of the act was taken, and why */ \
    X(S, STR,  clause,      _,      1, 200,  REQUIRED)                                       \
    X(S, LIST, targets,     target, 1, 32,   REQUIRED)
MSG_DECLARE(indicator, INDICATOR_FIELDS)
#define PROFILE_FIELDS(X, S)                                                                \
    X(S, MSG,  region,     profile_region, 0, 0,    REQUIRED)                                \
    X(S, U64,  first_year, _,              1970, 9999, REQUIRED)                             \
    X(S, U64,  last_year,  _,              1970, 9999, REQUIRED)                             \
    X(S, LIST, posts,      profile_post,   1, 400,  REQUIRED)                                \
    X(S, MSG,  young,      profile_young,  0, 0,    REQUIRED)                                \
    X(S, MSG,  routes,     profile_routes, 0, 0,    REQUIRED)                                \
    X(S, LIST, indicators, indicator,      1, 64,   REQUIRED)
MSG_DECLARE(profile, PROFILE_FIELDS)

/* Reads a profile; also checks what a field list cannot (zone, years, names of kinds). For configure(). */
int profile_read(const char *file, struct arena *arena, const struct profile **profile, int *zone_minutes, char says[400]);
/* fits struct service.configure: config is a struct profile */
int profile_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400]);
