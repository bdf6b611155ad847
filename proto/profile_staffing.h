#pragma once
#include "proto/profile_people.h"

/* profile_staffing: how a region looks at its staff (R11): the section `staffing:` of its profile. Sources: C раздел IV, задача 2;
 * раздел VI, 7); табл. 1, кр. 8. Populations and bands are those that the profile defines anyway. */
#define PROFILE_STAFFING_FIELDS(X, S)                                                       \
    X(S, STR,  clause,        _, 1, 300, REQUIRED)                                           \
    X(S, STR,  population,    _, 1, POPULATION_ID_MAX, REQUIRED) /* whose structure it is */ \
    X(S, STRS, bands,         _, 1, BANDS_MAX, REQUIRED) /* by age, by years of service: how many are inside each */ \
    X(S, STR,  leaving,       _, 0, BAND_ID_MAX, OPTIONAL) /* who enters this band is expected to leave */ \
    X(S, U64,  years,         _, 0, 29,  OPTIONAL) /* so many are looked ahead; 0: 10 */     \
    X(S, STR,  unpedagogical, _, 0, BAND_ID_MAX, OPTIONAL) /* the band of who has no pedagogical education */
MSG_DECLARE(profile_staffing, PROFILE_STAFFING_FIELDS)

/* What a field list cannot say. NULL: all is well (none is well, too); else what is wrong, and `*path` where. */
const char *profile_staffing_fault(const struct profile_staffing *staffing, const struct profile_population *populations, uint32_t n,
                                   const struct profile_band *bands, uint32_t bands_n, struct arena *arena, const char **path);
