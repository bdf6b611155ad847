#pragma once
#include "proto/routes.h"

/* load: who accompanies whom, so that the load is even (M5). Values in, values out.
 *
 * Rules      a tutor may be given whoever belongs to the unit that he covers, up to his limit (0: none), and never
 *            himself. Of those who may: the one with the fewest charges; of these the nearest (his unit comes first
 *            in the charge's chain: his own municipality before the whole region); of these the lowest id. So the
 *            order in which tutors are handed in does not matter. */
struct load_tutor {
    struct uuid person, covers;
    uint64_t load, limit;
};
#define LOAD_NONE UINT32_MAX

/* Number in the list, or LOAD_NONE: nobody may. */
uint32_t load_pick(const struct load_tutor *list, uint32_t n, const struct uuid *charge,
                   const struct uuid *chain, uint32_t chain_n);
/* The unit whose workers somebody of this workplace may be given: a municipality or the region covers itself, an
 * organisation what stands above it (a school's teacher his town, the centre's staff the region). */
struct uuid load_covers(int org_kind, const struct uuid *chain, uint32_t n);
