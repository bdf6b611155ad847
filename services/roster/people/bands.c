#include "services/roster/people/bands.h"

#include <string.h>

/* ── one band ─────────────────────────────────────────────────────────────── */

/* While it is worked out: days from `from` on, before `until`; DAY_MAX: open. */
struct range { day_t from, until; };

static void not_before(struct range *range, day_t day) { range->from = day > range->from ? day : range->from; }
static void before(struct range *range, day_t day) { range->until = day < range->until ? day : range->until; }

static void by_age(struct range *range, const struct profile_band *defined, const struct civil *born)
{
    if (defined->from_years != 0)
        not_before(range, civil_after_years(born, (int)defined->from_years));
    if (defined->under_years != 0)
        before(range, civil_after_years(born, (int)defined->under_years));     /* 0: before the calendar of days, so never */
}

static void by_service(struct range *range, const struct profile_band *defined, day_t since)
{
    if (since == 0) {
        range->until = 0;                   /* nothing is said of it */
        return;
    }
    not_before(range, day_add_months(since, (int)defined->from_months));
    if (defined->under_months != 0)
        before(range, day_add_months(since, (int)defined->under_months));
}

static void by_education(struct range *range, int wanted, const struct life *life)
{
    if (life->pedagogical == SAID_NOTHING)
        range->until = 0;
    else if (wanted == SAID_YES)
        life->pedagogical == SAID_YES ? not_before(range, life->pedagogical_since) : before(range, 0);
    else if (life->pedagogical == SAID_YES)
        before(range, life->pedagogical_since);     /* until he had it; 0: ever since */
}

static day_t step_start(day_t day, int step)
{
    int year, month, of_month;

    if (step == STEP_MONTH)
        return day_month_start(day);
    day_split(day, &year, &month, &of_month);
    return day_of(year, step == STEP_YEAR ? 1 : (month - 1) / 3 * 3 + 1, 1);
}

struct band band_of(const struct profile_band *defined, const struct life *life, int step)
{
    struct range range = { 0, DAY_MAX };
    struct band band = { 0, 0 };

    by_age(&range, defined, &life->born);
    if (defined->from_months != 0 || defined->under_months != 0)
        by_service(&range, defined, defined->service == SERVICE_WORK ? life->working_since : life->teaching_since);
    if (defined->pedagogical != SAID_NOTHING)
        by_education(&range, defined->pedagogical, life);
    if (range.until <= range.from)
        return BAND_NONE;
    if (range.from != 0)
        band.from = step_start(range.from, step);
    if (range.until == DAY_MAX)
        return band;
    band.until = step_start(range.until, step);
    return band.until > band.from ? band : BAND_NONE;
}

struct profile_band band_young_defined(const struct profile_young *young)
{
    return (struct profile_band){ .id = BAND_YOUNG, .under_years = young->under_years, .under_months = young->first_months };
}

static bool span_holds(day_t from, day_t until, day_t day) { return from <= day && (until == 0 || day < until); }

bool band_holds(struct band band, day_t day) { return span_holds(band.from, band.until, day); }

/* ── all of a person ──────────────────────────────────────────────────────── */

static uint32_t span_add(struct band_span *spans, uint32_t n, const char *id, struct band band)
{
    if (band.from == band.until && band.until != 0)
        return n;
    spans[n] = (struct band_span){ id, band.from, band.until };
    return n + 1;
}

uint32_t bands_of(const struct profile *profile, const struct life *life, struct band_span *spans)
{
    const struct profile_band young = band_young_defined(profile->young);
    uint32_t n = span_add(spans, 0, young.id, band_of(&young, life, profile->bands_step));

    for (uint32_t i = 0; i < profile->bands.n; i++)
        n = span_add(spans, n, profile->bands.at[i].id, band_of(&profile->bands.at[i], life, profile->bands_step));
    return n;
}

bool bands_hold(const struct band_span *spans, uint32_t n, const char *id, day_t day)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(spans[i].band, id) == 0 && span_holds(spans[i].from, spans[i].until, day))
            return true;
    return false;
}

bool bands_equal(const struct band_span *a, uint32_t a_n, const struct band_span *b, uint32_t b_n)
{
    if (a_n != b_n)
        return false;
    for (uint32_t i = 0; i < a_n; i++)
        if (strcmp(a[i].band, b[i].band) != 0 || a[i].from != b[i].from || a[i].until != b[i].until)
            return false;
    return true;
}

/* ── closed years ─────────────────────────────────────────────────────────── */

static day_t closes(const struct profile *profile, int year)
{
    uint64_t months = profile->years_close_months != 0 ? profile->years_close_months : YEARS_CLOSE_MONTHS;
    return day_add_months(day_of(year + 1, 1, 1), (int)months);
}

bool bands_closed(const struct profile *profile, day_t told, day_t today, struct closed *closed)
{
    int first = day_year(told) - 2, last = day_year(today);

    while (first <= last && closes(profile, first) < told)
        first++;
    while (last >= first && closes(profile, last) > today)
        last--;
    if (first > last)
        return false;
    *closed = (struct closed){ day_of(first, 1, 1), day_of(last, 12, 31) };
    return true;
}

/* Puts the part of the span that lies in [from, until) behind what is there, joined to what it follows on. */
static bool piece_add(struct band_span *out, uint32_t *n, uint32_t first, const struct band_span *span, day_t from, day_t until)
{
    day_t begins = span->from > from ? span->from : from, ends = until;

    if (span->until != 0 && (ends == 0 || span->until < ends))
        ends = span->until;
    if (ends != 0 && ends <= begins)
        return true;
    if (*n > first && out[*n - 1].until == begins) {
        out[*n - 1].until = ends;
        return true;
    }
    if (*n == BAND_SPANS_MAX)
        return false;
    out[(*n)++] = (struct band_span){ span->band, begins, ends };
    return true;
}

static bool pieces_add(struct band_span *out, uint32_t *n, uint32_t first, const char *id, const struct band_span *spans, uint32_t spans_n,
                       day_t from, day_t until)
{
    for (uint32_t i = 0; i < spans_n; i++)
        if (strcmp(spans[i].band, id) == 0 && !piece_add(out, n, first, &spans[i], from, until))
            return false;
    return true;
}

static bool mend_one(const char *id, const struct band_span *was, uint32_t was_n, const struct band_span *now, uint32_t now_n,
                     const struct closed *closed, struct band_span *out, uint32_t *n)
{
    uint32_t first = *n;

    return pieces_add(out, n, first, id, now, now_n, 0, closed->from)
        && pieces_add(out, n, first, id, was, was_n, closed->from, closed->until + 1)
        && pieces_add(out, n, first, id, now, now_n, closed->until + 1, 0);
}

static bool among(const struct band_span *spans, uint32_t n, const char *id)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(spans[i].band, id) == 0)
            return true;
    return false;
}

/* Bands in the order of the new spans, then those that are left of the old ones. */
bool bands_mend(const struct band_span *was, uint32_t was_n, const struct band_span *now, uint32_t now_n, const struct closed *closed,
                struct band_span *out, uint32_t *out_n)
{
    *out_n = 0;
    for (uint32_t i = 0; i < now_n; i++)
        if (!among(now, i, now[i].band) && !mend_one(now[i].band, was, was_n, now, now_n, closed, out, out_n))
            return false;
    for (uint32_t i = 0; i < was_n; i++)
        if (!among(was, i, was[i].band) && !among(now, now_n, was[i].band)
            && !mend_one(was[i].band, was, was_n, now, now_n, closed, out, out_n))
            return false;
    return true;
}
