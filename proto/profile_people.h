#pragma once
#include "proto/roster.h"

/* profile_people: whom a region counts, as data: the sections `bands:` and `populations:` of its profile (R2a, R2b).
 *
 * A band is what the calendar changes of one person; a population is who holds posts of these kinds, in organisations of
 * these kinds, inside (or outside of) these bands, on a day. Both name the act and clause whose words they are. The band
 * `young` is the section of that name: which every profile has; it must not be defined again. */
#define POPULATIONS_MAX      40
#define POPULATION_ID_MAX    40
#define YEARS_CLOSE_MONTHS   3      /* where the profile says nothing */

/* From which day years of work are counted: «первые 3 года работы» is the first post at all, or as educator. */
#define SERVICES_OF(X)                                                                      \
    X(SERVICE_TEACHING, "teaching")         X(SERVICE_WORK, "work")
ENUM_DECLARE(service_of, SERVICES_OF)
#define BAND_STEPS(X) X(STEP_MONTH, "month") X(STEP_QUARTER, "quarter") X(STEP_YEAR, "year")
ENUM_DECLARE(band_step, BAND_STEPS)

/* All that is said has to hold. 0 and "nothing": not said. */
#define PROFILE_BAND_FIELDS(X, S)                                                           \
    X(S, STR,  id,           _,          1, BAND_ID_MAX, REQUIRED)                           \
    X(S, STR,  title,        _,          1, 300, REQUIRED)                                   \
    X(S, STR,  clause,       _,          1, 300, REQUIRED) /* act and clause */              \
    X(S, U64,  from_years,   _,          0, 100, OPTIONAL) /* of age: on that birthday or later */ \
    X(S, U64,  under_years,  _,          0, 100, OPTIONAL) /* before that birthday */        \
    X(S, ENUM, service,      service_of, 0, 0,   OPTIONAL)                                   \
    X(S, U64,  from_months,  _,          0, 1200, OPTIONAL) /* of service, whole ones */     \
    X(S, U64,  under_months, _,          0, 1200, OPTIONAL)                                  \
    X(S, ENUM, pedagogical,  yes_no,       0, 0,   OPTIONAL) /* has pedagogical education by then; no: it is said that he has not */
MSG_DECLARE(profile_band, PROFILE_BAND_FIELDS)

#define PROFILE_POPULATION_FIELDS(X, S)                                                     \
    X(S, STR,  id,            _,    1, POPULATION_ID_MAX, REQUIRED) /* may stand several times, with days that do not overlap */ \
    X(S, STR,  title,         _,    1, 300, REQUIRED)                                        \
    X(S, STR,  clause,        _,    1, 300, REQUIRED)                                        \
    X(S, DAY,  from,          _,    0, 0,   OPTIONAL) /* first day on which this definition is asked for; 0: ever since */ \
    X(S, DAY,  until,         _,    0, 0,   OPTIONAL) /* last day */                         \
    X(S, STRS, posts,         _,    1, 8,   REQUIRED) /* names of post_kind: any of them */  \
    X(S, STRS, organisations, _,    0, 20,  OPTIONAL) /* names of org_kind where the post is; none: all */ \
    X(S, STRS, bands,         _,    0, 8,   OPTIONAL) /* the person is inside all of them */ \
    X(S, STRS, outside,       _,    0, 8,   OPTIONAL) /* and in none of these */             \
    X(S, BOOL, main,          _,    0, 0,   OPTIONAL) /* main posts only */                  \
    X(S, ENUM, matching,      yes_no, 0, 0,   OPTIONAL) /* education matches the subject of the post */ \
    X(S, BOOL, teams,         _,    0, 0,   OPTIONAL) /* organisations are counted, not people: where somebody holds such a post */
MSG_DECLARE(profile_population, PROFILE_POPULATION_FIELDS)

/* What a field list cannot say: ids without repetition, names of kinds that exist, bands that are defined, days that do not overlap.
 * NULL: all is well; else what is wrong, and `*path` where. */
/* `young`, or one of them. */
bool profile_band_known(const struct profile_band *bands, uint32_t n, const char *id);
const char *profile_bands_fault(const struct profile_band *bands, uint32_t n, struct arena *arena, const char **path);
const char *profile_populations_fault(const struct profile_population *populations, uint32_t n, const struct profile_band *bands,
                                      uint32_t bands_n, struct arena *arena, const char **path);
