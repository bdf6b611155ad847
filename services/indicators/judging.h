#pragma once
#include "proto/indicators.h"

/* judging: what the targets of an act say of a value. Values in, values out: neither store nor clock.
 *
 * Applies    a target binds in a year: `year` in that one; `opening` in the year in which the centre opened and
 *            `after_opening` in later ones, both in none before; `any` in each; `from` and `by` from that year
 *            on. `to` ends it. An edition that is no longer in force binds no year that begins later.
 *            Before the year of a `by` target it is the plan ahead: it does not apply, its bound is shown.
 *            `rising` applies where the year before has a value too. A target in another document, whose value
 *            is not known here, never applies: nothing is met or missed by it.
 * Met        a share of nobody meets nothing; all integers, no rounding: 9.999 % is less than 10 %.
 *            A corridor is judged for each tutor: the least and the greatest, not the mean.
 *            Two targets in one year (10 % and, by 2024, 100 %) both hold: met says that all that apply are.
 * Lifetime   verdicts live in the arena. */
bool target_applies(const struct profile *profile, const struct indicator *indicator, const struct target *target, uint64_t year);
/* The least and the greatest that a corridor asks of each in that year; 0: no such bound. */
void corridor_bounds(const struct profile *profile, const struct indicator *indicator, uint64_t year,
                     uint64_t *at_least, uint64_t *at_most);
/* Fills verdicts, has_target, met, bound and bound_op. before: the same of the year before; NULL: there is none. */
void judge(const struct profile *profile, const struct indicator *indicator, const struct value *before,
           struct value *value, struct arena *arena);
