#pragma once
#include "proto/indicators.h"
#include "proto/routes.h"

/* counting: which shares one person, one leadership team or one programme counts in. Values in, values
 * out: neither store nor clock.
 *
 * Source     the region's profile: each indicator is two `count`s (numerator, denominator) with the act's
 *            clause beside them; here is only what such a count can say.
 * Rules      A *person* counts in a unit when a post of the kinds and organisations asked for, below that
 *            unit, is held on the day asked for: 31 December (`on: date`; a post without end is held) or
 *            the day of the fact (`on: fact`). A fact counts in the units above its own place only, so
 *            that a numerator never counts where its person is not in the population. Each person once in
 *            each unit, however many posts or facts.
 *            A *team* is who holds the posts asked for in one organisation on 31 December; it counts when
 *            its members have the fact in the year, by the team rule.
 *            A *programme* counts in the region and at its provider. Under 16 hours nothing is a ДПП:
 *            neither the programme nor its completion counts.
 *            cumulative: the span of a year begins with the profile's first year.
 * Lifetime   the rules point into the profile it was made from; marks live in the arena given. */

/* ── records: what is known of one subject; lists are ordered by id, so that the same facts in any order
 *    make the same record ── */
struct place { uint32_t n; const struct uuid *at; };            /* ids: organisation first, region last */
struct worker_post       { struct uuid id; int kind, org_kind; day_t from, until; struct place place; };
struct worker_sitting    { struct uuid id; int owner; day_t day; struct place place; };
struct worker_route      { struct uuid id; int owner; day_t agreed; struct place place, programmes; };
struct worker_completion { struct uuid id; day_t day; bool federal, raises; struct uuid route, programme;
                           struct place place; struct { uint32_t n; const char *const *at; } topics; };
struct worker_support    { struct uuid id; day_t day; struct place place; };
struct worker {
    day_t young_from, young_until;
    struct { uint32_t n; struct worker_post       *at; } posts;
    struct { uint32_t n; struct worker_sitting    *at; } sittings;
    struct { uint32_t n; struct worker_route      *at; } routes;
    struct { uint32_t n; struct worker_completion *at; } completions;
    struct { uint32_t n; struct worker_support    *at; } supports;
};
struct team_record { struct uuid organisation; uint32_t n; const struct worker *const *member; };
struct days { uint32_t n; day_t *at; };                         /* ascending, distinct */
struct programme_record { int kind, provider_kind; struct uuid provider; struct days runs, included; };

/* ── the rules: the profile's counts, ready to be judged by ── */
struct rule {
    int subject, on, fact, members, owner;                      /* owner -1: anybody's */
    uint32_t posts, organisations;                              /* bits by kind; organisations 0: all */
    bool young, federal, by_route, cumulative;
    const char *topic;
};
enum side { SIDE_NUMERATOR, SIDE_DENOMINATOR, SIDES };
struct rules {
    const struct profile *profile;
    struct rule (*rule)[SIDES];                                 /* by indicator */
    uint32_t indicators, years, cells;                          /* cells = indicators × years */
    uint32_t team_facts;                                        /* bits: facts that can change what a team counts */
    day_t *starts, *ends;                                       /* first and last day, by year */
    struct bytes says;                                          /* the counting part, encoded: equal when the counts are */
};
/* False when the counts say what cannot be counted; `fault` then names it: counts_nobody, fact_of_another_subject,
 * owner_unknown, kind_unknown, qualifier_without_completion,
 * owner_without_fact. */
bool rules_make(struct rules *rules, const struct profile *profile, struct arena *arena,
                    const char **code, const char **fault);
static inline uint32_t cell_of(const struct rules *c, uint32_t indicator, uint32_t year)
{
    return indicator * c->years + year;
}

/* ── marks: in which cells of which units one subject counts ── */
struct unit_marks { struct uuid unit; uint8_t *cell; };         /* bits: 1 << side */
struct marks { const struct rules *rules; struct arena *arena; uint32_t n, room; struct unit_marks *at; };

void count_worker(const struct rules *rules, const struct worker *worker, struct arena *arena, struct marks *marks);
void count_team(const struct rules *rules, const struct team_record *team, struct arena *arena, struct marks *marks);
void count_programme(const struct rules *rules, const struct programme_record *programme,
                     struct arena *arena, struct marks *marks);

/* ── tally: marks of many subjects added up, by unit ── */
struct tally_unit { struct uuid unit; int64_t (*cell)[SIDES]; };
struct tally {
    const struct rules *rules; struct arena *arena;
    uint32_t n, room; struct tally_unit *at;
    uint32_t *slot, slots;                                      /* open addressing: 1 + index */
};
void tally_start(struct tally *tally, const struct rules *rules, struct arena *arena);
void tally_add(struct tally *tally, const struct marks *marks, int sign);
const struct tally_unit *tally_find(const struct tally *tally, const struct uuid *unit);    /* NULL: nothing there */
