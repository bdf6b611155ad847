#pragma once
#include "proto/profile_registers.h"

/* profile_expert: what experts are asked to judge in a region, and how (R13): the section `expert_work:` of its profile.
 *
 * A direction says from which registers its experts come, by which criteria they give points, how many opinions are wanted,
 * when two of them lie apart, how long an expert has and how many works he has at once. Sources: C раздел IV, задача 2 (РСЭС);
 * дорожная карта C, п. 11 («профессионально-общественная экспертиза по всем направлениям экспертной деятельности»);
 * K 3.2.6, 3.2.8. The acts name neither numbers nor criteria: both are the region's own. */
#define DIRECTIONS_MAX         24
#define DIRECTION_CRITERIA_MAX 32
#define DIRECTION_REGISTERS_MAX 4
#define OPINIONS_MAX           16       /* of one work: as many experts as it can have */

#define EXPERT_CRITERION_FIELDS(X, S)                                                       \
    X(S, STR, code,  _, 1, 40,   REQUIRED)                                                   \
    X(S, STR, title, _, 1, 600,  REQUIRED)                                                   \
    X(S, U64, most,  _, 1, 1000, REQUIRED)   /* points, from 0 */
MSG_DECLARE(expert_criterion, EXPERT_CRITERION_FIELDS)
#define PROFILE_DIRECTION_FIELDS(X, S)                                                      \
    X(S, STR,  id,        _, 1, REGISTER_ID_MAX, REQUIRED)                                   \
    X(S, STR,  title,     _, 1, 300, REQUIRED)                                               \
    X(S, STR,  clause,    _, 1, 300, REQUIRED)                                               \
    X(S, STRS, registers, _, 1, DIRECTION_REGISTERS_MAX, REQUIRED) /* whose members are its experts: of persons */ \
    X(S, STRS, deciders,  _, 1, 8,   REQUIRED) /* roles that open, assign, return and close */ \
    X(S, LIST, criteria,  expert_criterion, 1, DIRECTION_CRITERIA_MAX, REQUIRED)             \
    X(S, U64,  opinions,  _, 1, OPINIONS_MAX - 1, REQUIRED) /* so many are wanted */         \
    X(S, U64,  apart,     _, 0, 100, OPTIONAL) /* further apart than so many percent: one more is asked; 0: never */ \
    X(S, U64,  pass,      _, 0, 100, OPTIONAL) /* positive from so many percent of the most */ \
    X(S, U64,  term_days, _, 1, 366, REQUIRED) /* an expert has so long */                   \
    X(S, U64,  load,      _, 1, 100, REQUIRED) /* works of one expert at once, over all directions */
MSG_DECLARE(profile_direction, PROFILE_DIRECTION_FIELDS)

/* What a field list cannot say: ids and codes without repetition, registers that exist and hold persons, roles that have
 * the commands. NULL: all is well; else what is wrong, and `*path` where. */
const char *profile_expert_fault(const struct profile_direction *directions, uint32_t n, const struct profile_register *registers,
                                 uint32_t register_n, struct arena *arena, const char **path);
