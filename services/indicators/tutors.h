#pragma once
#include "services/indicators/indicators_state.h"

/* tutors: units' figures of tutors, made of each tutor's own counters when somebody asks.
 *
 * A tutor stands in the units above the posts that he holds on 31 December (where he has none: above the place
 * of his appointment), and in the region. He is one of those counted when he is in office then, or still has
 * charges: who has none pulls the least of a corridor down to zero. */
struct corridor { uint64_t n, sum, least, greatest, below, above; };
struct tutors;

const struct tutors *tutors_load(struct ctx *ctx, const struct rules *rules);
/* Of the column (of subject tutor) in that unit and year. at_least, at_most: 0 for no such bound. `with`: how many have charges. */
struct corridor tutors_corridor(const struct tutors *tutors, const struct uuid *unit, uint32_t column, uint32_t year,
                                uint64_t at_least, uint64_t at_most, uint64_t *with);
/* Whether the tutor stands in that unit then. */
bool tutor_in(const struct rules *rules, const struct worker *tutor, const struct uuid *unit, uint32_t year);
bool tutor_in_office(const struct rules *rules, const struct worker *tutor, uint32_t column, uint32_t year);
