#pragma once
#include "proto/routes.h"

/* effect: what repeated diagnostics show of an earlier route (M6; U 4.7). Values in, values out.
 *
 * Rules      the earlier route is the latest one of the person that was drafted on an earlier day from a result
 *            that has a competency in common with this one; of two on one day, the one drafted later.
 *            Compared are the competencies of both results, in the order of the later one. A deficit is closed when
 *            it was one before and is none after; it is new when it is the other way round. */
struct effect_earlier { day_t day; const struct share *shares; uint32_t n; };
struct effect_sum { uint32_t closed, left, fresh; };
#define EFFECT_NONE UINT32_MAX

/* Number in the list, in the order of drafting, or EFFECT_NONE. */
uint32_t effect_choose(const struct effect_earlier *list, uint32_t count, day_t day, const struct share *after, uint32_t n);
/* At most DEFICITS_MAX rows; returns how many. */
uint32_t effect_rows(const struct share *before, uint32_t before_n, const struct share *after, uint32_t after_n,
                     struct effect_row rows[DEFICITS_MAX]);
struct effect_sum effect_sum(const struct effect_row *rows, uint32_t n);
