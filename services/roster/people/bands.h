#pragma once
#include "proto/profile.h"
#include "services/shared/civil.h"

/* bands: what the calendar changes of a person, as spans of days: all that other services know of his dates (R2b).
 *
 * Rule       «в возрасте до 35 лет … в первые 3 года работы» (T показатель 5, U 6.1.5, K пок. 3.1): the
 *            35th birthday is no longer under 35, the day three years after the first teaching post is
 *            no longer in the first three; both figures are the profile's. "Up to 35" ends on the birthday
 *            itself; 29 February ends on 28 in a common year (ГК РФ ст. 192 п. 3). The others likewise.
 * Unknown    what is not said makes no band that needs it: who has no day of first work is in no band of service, and
 *            who has said nothing of his education is neither with nor without a pedagogical one.
 * Step       both ends are rounded down to the first of their month (quarter, year: the profile's step), so that no
 *            birthday can be read off them. On every last day of a step, on which shares are taken, the band is exact.
 * Closed     a year is closed so many months (profile: years_close_months) after its end; its figures have been reported. When a date is
 *            mended later, what was told of the days of closed years stays, and the new dates hold outside of them:
 *            bands_mend(). A year that closed before the person was first told here had nothing reported of
 *            him, and is mended like an open one. So a band of one person may have several spans.
 * Use        pure: values in, values out. */
struct band { day_t from, until; };         /* from 0: ever since; until: the first day no longer, 0: open. BAND_NONE: never */
#define BAND_NONE ((struct band){ 1, 1 })

struct life {
    struct civil born;
    day_t working_since, teaching_since;    /* 0: not said */
    int pedagogical;                        /* enum yes_no */
    day_t pedagogical_since;                /* of the document; 0: ever since */
};
struct band band_of(const struct profile_band *defined, const struct life *life, int step);
struct profile_band band_young_defined(const struct profile_young *young);
bool band_holds(struct band band, day_t day);

/* All bands of a profile for one life: `young` first; at most BANDS_MAX + 1 spans. */
uint32_t bands_of(const struct profile *profile, const struct life *life, struct band_span *spans);
bool bands_hold(const struct band_span *spans, uint32_t n, const char *id, day_t day);
bool bands_equal(const struct band_span *a, uint32_t a_n, const struct band_span *b, uint32_t b_n);

/* Days whose years were closed after `told` and are closed on `today`; false: none. */
struct closed { day_t from, until; };       /* first and last day */
bool bands_closed(const struct profile *profile, day_t told, day_t today, struct closed *closed);
/* `now` outside of the closed days, `was` inside of them; `out` has room for BAND_SPANS_MAX. False: it would take more. */
bool bands_mend(const struct band_span *was, uint32_t was_n, const struct band_span *now, uint32_t now_n, const struct closed *closed,
                struct band_span *out, uint32_t *out_n);
