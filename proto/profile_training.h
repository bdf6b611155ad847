#pragma once
#include "proto/profile_people.h"
#include "proto/profile_registers.h"

/* profile_training: the training that acts demand of particular people (R4a): the section `training:` of a region's profile.
 *
 * Who must is who is in a register, who takes part in the entries of one (a school's methodological team), or who is in a population;
 * what counts are documents of programmes of these kinds, providers and topics, which the
 * system knows anyway, or of training outside of it, entered with its document. Sources: U 3.2.3 (5), 3.3.1; S 4.2.2, 4.3.1;
 * T 3.2.2, 3.3.1 (municipal methodologists as tutors, under the tripartite agreement); K 3.2(3), 3.3.1, indicator 2.7 (the centre's
 * staff at the federal coordinator). */
#define TRAININGS_MAX 24

#define PROFILE_TRAINING_FIELDS(X, S)                                                       \
    X(S, STR,  id,            _, 1, REGISTER_ID_MAX, REQUIRED)                               \
    X(S, STR,  title,         _, 1, 300, REQUIRED)                                           \
    X(S, STR,  clause,        _, 1, 300, REQUIRED)                                           \
    X(S, STR,  register_id,   _, 0, REGISTER_ID_MAX, OPTIONAL) /* whose members must: of persons; with `roles`: who takes part in its entries */ \
    X(S, STRS, roles,         _, 0, 16,  OPTIONAL) /* in one of these */                     \
    X(S, STR,  field,         _, 0, 40,  OPTIONAL) /* only of entries whose field of that name … */ \
    X(S, STR,  choice,        _, 0, 300, OPTIONAL) /* … says this */                         \
    X(S, STR,  population,    _, 0, POPULATION_ID_MAX, OPTIONAL) /* or, in place of a register: who is in it must */ \
    X(S, STRS, deciders,      _, 0, 8,   OPTIONAL) /* with a population: roles that enter training outside */ \
    X(S, STRS, kinds,         _, 0, 3,   OPTIONAL) /* names of programme_kind; none: development, retraining */ \
    X(S, STRS, providers,     _, 0, 16,  OPTIONAL) /* names of org_kind: who teaches; none: anybody */ \
    X(S, STR,  topic,         _, 0, 240, OPTIONAL) /* among the topics of the programme */   \
    X(S, BOOL, outside,       _, 0, 0,   OPTIONAL) /* training outside of the region counts, entered with its document … */ \
    X(S, BOOL, outside_only,  _, 0, 0,   OPTIONAL) /* … and nothing else does: at the federal coordinator */ \
    X(S, U64,  within_months, _, 1, 240, REQUIRED) /* of the first day in the register, the team, the post */    \
    X(S, U64,  valid_months,  _, 0, 240, OPTIONAL) /* then again; 0: once is enough */       \
    X(S, STR,  agreements,    _, 0, REGISTER_ID_MAX, OPTIONAL) /* in duties of its entries it is agreed how many are trained */
MSG_DECLARE(profile_training, PROFILE_TRAINING_FIELDS)

/* What a field list cannot say. NULL: all is well; else what is wrong, and `*path` where. */
const char *profile_training_fault(const struct profile_training *trainings, uint32_t n, const struct profile_register *registers,
                                   uint32_t register_n, const struct profile_population *populations, uint32_t population_n,
                                   struct arena *arena, const char **path);
