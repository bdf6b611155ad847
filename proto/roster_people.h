#pragma once
#include "proto/roster.h"

/* roster_people: whom a definition of the profile yields on a day (R2a): roster.population.list, .sizes and .defined. */
#define POPULATION_YIELDS_FIELDS(X, S)                                                      \
    X(S, UUID, unit,       _, 0, 0,    REQUIRED)                                             \
    X(S, STR,  population, _, 1, 40,   REQUIRED) /* its id in the profile */                 \
    X(S, DAY,  on,         _, 0, 0,    OPTIONAL) /* 0: today */                              \
    X(S, BIN,  after,      _, 0, 511,  OPTIONAL)                                             \
    X(S, U64,  limit,      _, 0, 1000, OPTIONAL)
MSG_DECLARE(population_yields, POPULATION_YIELDS_FIELDS)
/* Each person once, with the first post that makes him one of them. Of a population that counts teams: its members. */
#define POPULATION_MEMBER_FIELDS(X, S)                                                      \
    X(S, UUID, person,       _,         0, 0, REQUIRED)                                      \
    X(S, UUID, post,         _,         0, 0, REQUIRED)                                      \
    X(S, UUID, organisation, _,         0, 0, REQUIRED)                                      \
    X(S, ENUM, kind,         post_kind, 0, 0, REQUIRED)
MSG_DECLARE(population_member, POPULATION_MEMBER_FIELDS)
#define POPULATION_LIST_FIELDS(X, S)                                                        \
    X(S, LIST, rows, population_member, 0, 1000, OPTIONAL)                                   \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(population_list, POPULATION_LIST_FIELDS)

/* roster.bands.renew, without fields: after the profile's bands were changed, everybody's are worked out again. */
#define BANDS_RENEWING_FIELDS(X, S) X(S, UUID, after, _, 0, 0, OPTIONAL) /* so far it has come; nil: it begins */
MSG_DECLARE(bands_renewing, BANDS_RENEWING_FIELDS)  /* roster.bands.renewing */

/* roster.population.sizes (population_in): of all that are defined for the day, in the profile's order. A deputy who teaches
 * is in the educators and in the leaders, and once in who is both. */
#define POPULATION_SIZE_FIELDS(X, S)                                                        \
    X(S, STR,  id,    _, 1, 40,  REQUIRED)                                                   \
    X(S, STR,  title, _, 1, 300, REQUIRED)                                                   \
    X(S, STR,  clause, _, 1, 300, REQUIRED)                                                  \
    X(S, BOOL, teams, _, 0, 0,   OPTIONAL)                                                   \
    X(S, U64,  size,  _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(population_size, POPULATION_SIZE_FIELDS)
#define POPULATION_SIZES_FIELDS(X, S) X(S, LIST, rows, population_size, 0, 40, OPTIONAL)
MSG_DECLARE(population_sizes, POPULATION_SIZES_FIELDS)
