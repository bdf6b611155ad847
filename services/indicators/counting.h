#pragma once
#include "proto/indicators.h"
#include "proto/routes.h"

/* counting: which columns one person, one leadership team or one programme counts in. Values in, values
 * out: neither store nor clock.
 *
 * Source     the region's profile: each indicator is up to four lines (main, cumulative, beside) of one or two
 *            `count`s, with the act's clause beside them; here is only what such a count can say. Counts that
 *            say the same are one *column*.
 * Rules      A *person* counts in a unit when a post of the kinds and organisations asked for, below that
 *            unit, is held on the day asked for: 31 December (`on: date`; a post without end is held) or
 *            the day of the fact (`on: fact`). A fact counts in the units above its own place only, so
 *            that a numerator never counts where its person is not in the population. Each person once in
 *            each unit, however many posts or facts. `also`: the same person's further facts, wherever.
 *            A *team* is who holds the posts asked for in one organisation on 31 December; it counts when
 *            its members have the fact in the year, by the team rule. A *team member* is a person who holds
 *            such a post in a team that counts.
 *            A *programme* counts in the region and at its provider. Under 16 hours nothing is a ДПП:
 *            neither the programme nor its completion counts.
 *            A *tutor* is counted by his charges: each person assigned to him on 31 December who holds a post
 *            asked for. The tutor stands as a unit of his own; tutors.h makes units' figures of them.
 *            A fact that lasts (assigned) counts in each year in which it holds.
 *            cumulative: a person, team or member counts in a year when it counted in that year or in one
 *            before, from the profile's first year on; a population (no fact) is that of the year. For a
 *            programme the span of a year begins with the first year.
 * Lifetime   the rules point into the profile it was made from; marks live in the arena given. */

/* ── records: what is known of one subject; lists are ordered by id, so that the same facts in any order
 *    make the same record ── */
struct place { uint32_t n; const struct uuid *at; };            /* ids: organisation first, region last */
struct topics { uint32_t n; const char *const *at; };
struct worker_post       { struct uuid id; int kind, org_kind; day_t from, until; struct place place; };
struct worker_sitting    { struct uuid id; int owner; day_t day; struct place place; };
struct worker_route      { struct uuid id; int owner; day_t agreed; struct place place, programmes; };
struct worker_training   { struct uuid id; day_t day; bool federal, raises; int provider_kind; struct uuid route, programme;
                           struct place place; struct topics topics; };        /* enrolled, or completed */
struct worker_support    { struct uuid id; day_t day; struct place place; };
/* until: the first day no longer; 0: still. */
struct worker_assignment { struct uuid id, tutor; int kind; day_t from, until; struct place place; };
struct worker_tutoring   { struct uuid id; int kind; day_t from, until; struct place place; };     /* his own appointment */
struct worker {
    struct { uint32_t n; struct band_span *at; } bands;         /* proto/roster_life.h */
    struct { uint32_t n; struct worker_post       *at; } posts;
    struct { uint32_t n; struct worker_sitting    *at; } sittings;
    struct { uint32_t n; struct worker_route      *at; } routes;
    struct { uint32_t n; struct worker_training   *at; } completions;
    struct { uint32_t n; struct worker_training   *at; } enrolments;
    struct { uint32_t n; struct worker_support    *at; } supports;
    struct { uint32_t n; struct worker_assignment *at; } assignments;
    struct { uint32_t n; struct worker_tutoring   *at; } tutorings;
};
struct team_record { struct uuid organisation; uint32_t n; const struct worker *const *member; };
struct days { uint32_t n; day_t *at; };                         /* ascending, distinct */
struct programme_record { int kind, provider_kind; struct uuid provider; struct days runs, included, excluded; struct topics topics; };

/* ── the rules: the profile's counts, ready to be judged by ── */
#define ALSO_MAX 4
struct want {                                                   /* a fact asked for; bits by kind, 0: any */
    int fact;
    uint32_t owners, providers, tutors;
    bool federal, by_route, ever;
    const char *topic;
};
struct rule {
    int subject, on, members;
    uint32_t posts, organisations;                              /* bits by kind; organisations 0: all */
    bool cumulative;
    struct { uint32_t n; const char *const *at; } bands;        /* the person is inside all of them */
    struct want want;
    uint32_t also_n;
    struct want also[ALSO_MAX];
};
enum side { SIDE_NUMERATOR, SIDE_DENOMINATOR, SIDES };
#define NO_COLUMN UINT32_MAX
struct line { uint32_t column[SIDES]; };                        /* NO_COLUMN: there is no such side */
struct rules {
    const struct profile *profile;
    struct rule *column;
    struct line (*line)[value_line_count];                      /* by indicator */
    uint32_t columns, indicators, years, cells;                 /* cells = columns × years */
    uint32_t team_facts;                                        /* bits: facts that can change what a team counts */
    bool members, tutors;                                       /* some column counts such */
    day_t *starts, *ends;                                       /* first and last day, by year */
    struct bytes says;                                          /* the counting part, encoded: equal when the counts are */
};
/* False when the counts say what cannot be counted; `fault` then names it: counts_nobody, kind_unknown,
 * fact_of_another_subject, qualifier_without_training, owner_without_procedure, provider_without_programme,
 * tutors_without_assignment, also_of_no_person, tutors_are_counted_on_a_date, catalogue_too_long. */
bool rules_make(struct rules *rules, const struct profile *profile, struct arena *arena,
                const char **code, const char **fault);
/* The same rules with that column alone: its cells are the years. */
struct rules rules_of_column(const struct rules *rules, uint32_t column);
static inline uint32_t cell_of(const struct rules *c, uint32_t column, uint32_t year)
{
    return column * c->years + year;
}

/* ── marks: in which cells of which units one subject counts ── */
struct unit_marks { struct uuid unit; uint64_t *bits; };        /* by cell */
struct marks { const struct rules *rules; struct arena *arena; uint32_t n, room; struct unit_marks *at; };
bool marked(const struct marks *marks, const struct uuid *unit, uint32_t cell);

void count_worker(const struct rules *rules, const struct worker *worker, struct arena *arena, struct marks *marks);
void count_team(const struct rules *rules, const struct team_record *team, struct arena *arena, struct marks *marks);
/* The person as a member of the teams in which he has led. */
void count_member(const struct rules *rules, const struct worker *worker, const struct team_record *teams, uint32_t n,
                  struct arena *arena, struct marks *marks);
void count_programme(const struct rules *rules, const struct programme_record *programme,
                     struct arena *arena, struct marks *marks);

/* ── tally: marks of many subjects added up, by unit ── */
struct tally_unit { struct uuid unit; int64_t *cell; };
struct tally {
    const struct rules *rules; struct arena *arena;
    uint32_t n, room; struct tally_unit *at;
    uint32_t *slot, slots;                                      /* open addressing: 1 + index */
};
void tally_start(struct tally *tally, const struct rules *rules, struct arena *arena);
void tally_add(struct tally *tally, const struct marks *marks, int sign);
const struct tally_unit *tally_find(const struct tally *tally, const struct uuid *unit);    /* NULL: nothing there */
