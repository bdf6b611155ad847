#pragma once
#include "services/shared/civil.h"

/* bands: the age band "young", all that other services know of a person's dates.
 *
 * Rule       «в возрасте до 35 лет … в первые 3 года работы» (T показатель 5, U 6.1.5, K пок. 3.1): the
 *            35th birthday is no longer under 35, the day three years after the first teaching post is
 *            no longer in the first three; both figures are the profile's. "Up to 35" ends on the birthday
 *            itself; 29 February ends on 28 in a common year (ГК РФ ст. 192 п. 3).
 * Step       both ends are rounded down to the first of their month, so that no birthday can be read off
 *            them (R2b). On every last day of a month, on which shares are taken, the band is exact. */
struct band { day_t from, until; };         /* until: first day no longer; both 0: never young */

struct band band_young(const struct civil *born, day_t teaching_since, uint64_t under_years, uint64_t first_months);
bool band_holds(struct band band, day_t day);
