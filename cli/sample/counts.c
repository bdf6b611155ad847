#include "cli/sample/counts.h"

#include <stdlib.h>

#include "common/core/log.h"

static void *zeroed(size_t n, size_t size)
{
    void *at = calloc(n + 1, size);
    if (at == NULL)
        log_die("sample", "out of memory");
    return at;
}

/* ── who is who ── */
/* On the last day of a year everybody has had his birthday of that year. */
bool is_young(const struct person *person, int year)
{
    int y, m, d;

    if (person->teaching_since == 0 || year - person->born.year >= 35)
        return false;
    day_split(person->teaching_since, &y, &m, &d);
    /* Three years from a day are over on that day of the third year after. So on 31 December those are inside
     * whose career began in this calendar year or the two before. */
    return y <= year && y > year - 3;
}

bool stands_above(const struct region *region, uint32_t unit, uint32_t org)
{
    for (; org != NONE; org = region->orgs.at[org].parent)
        if (org == unit)
            return true;
    return false;
}

static bool post_asked(const struct region *region, const struct side *side, const struct post *post, day_t day)
{
    return post_on(post, day) && (side->posts & BIT(post_kind_of(post))) != 0
        && (side->orgs & BIT(region->orgs.at[post->org].kind)) != 0;
}

/* ── the facts, one list by person ── */
struct fact {
    uint32_t person, place;
    day_t day;
    enum which which;
    int owner, provider;            /* org_kind, -1: none */
    bool by_route, quality, teams, short_course;
};
struct facts { const struct region *region; struct fact *at; uint32_t n, room; uint32_t *of_person; };

static struct fact *fact_add(struct facts *facts, enum which which, uint32_t person, day_t day, uint32_t place)
{
    if (facts->n == facts->room) {
        facts->room = facts->room == 0 ? 4096 : facts->room * 2;
        facts->at = realloc(facts->at, facts->room * sizeof *facts->at);
        if (facts->at == NULL)
            log_die("sample", "out of memory");
    }
    facts->at[facts->n] = (struct fact){ person, place, day, which, -1, -1, false, false, false, false };
    return &facts->at[facts->n++];
}

static uint32_t place_of_fact(const struct region *region, uint32_t person, uint32_t named, day_t day)
{
    return named != NONE ? named : region->posts.at[main_post(region, person, day)].org;
}

static int owner_of(const struct region *region, uint32_t sitting)
{
    return (int)region->orgs.at[region->procedures.at[region->sittings.at[sitting].procedure].owner].kind;
}

/* Step 1 of a route is a programme of sixteen hours or more that was in the federal registry before 2021 and still
 * is, on no topic, by the institute or a university (materials.c); of all others everything is known. */
static void training_describe(const struct region *region, struct fact *fact, uint32_t programme, uint32_t sitting)
{
    if (sitting != NONE) {
        fact->by_route = true;
        fact->owner = owner_of(region, sitting);
    }
    if (programme == NONE)
        return;
    const struct programme_of *p = &region->programmes.at[programme];
    fact->provider = (int)region->orgs.at[p->provider].kind;
    fact->quality = p->quality;
    fact->teams = p->teams;
    fact->short_course = p->hours < 16;
}

static int by_person(const void *left, const void *right)
{
    const struct fact *a = left, *b = right;
    return (a->person > b->person) - (a->person < b->person);
}

static void facts_collect(struct facts *facts)
{
    const struct region *r = facts->region;

    for (uint32_t i = 0; i < r->sittings.n; i++) {
        const struct sitting_of *s = &r->sittings.at[i];
        fact_add(facts, DIAGNOSED, s->person, s->day, place_of_fact(r, s->person, s->org, s->day))->owner = owner_of(r, i);
    }
    for (uint32_t i = 0; i < r->agreements.n; i++) {    /* a route belongs where its sitting does */
        const struct agreement_of *a = &r->agreements.at[i];
        const struct sitting_of *s = &r->sittings.at[a->sitting];
        fact_add(facts, AGREED, s->person, a->day, place_of_fact(r, s->person, s->org, s->day))->owner = owner_of(r, a->sitting);
    }
    for (uint32_t i = 0; i < r->completions.n; i++) {
        const struct completion_of *c = &r->completions.at[i];
        training_describe(r, fact_add(facts, COMPLETED, c->person, c->day, place_of_fact(r, c->person, NONE, c->day)),
                          c->programme, c->sitting);
    }
    for (uint32_t i = 0; i < r->enrolments.n; i++) {
        const struct enrolment_of *e = &r->enrolments.at[i];
        training_describe(r, fact_add(facts, ENROLLED, e->person, e->day, place_of_fact(r, e->person, NONE, e->day)),
                          e->run == NONE ? NONE : r->runs.at[e->run].programme, e->sitting);
    }
    for (uint32_t i = 0; i < r->supports.n; i++) {
        const struct support_of *s = &r->supports.at[i];
        fact_add(facts, SUPPORTED, s->person, s->day, place_of_fact(r, s->person, NONE, s->day));
    }
}

struct facts *facts_make(const struct region *region)
{
    struct facts *facts = zeroed(1, sizeof *facts);

    facts->region = region;
    facts_collect(facts);
    if (facts->n > 0)
        qsort(facts->at, facts->n, sizeof *facts->at, by_person);
    facts->of_person = zeroed(region->persons.n + 1, sizeof *facts->of_person);
    for (uint32_t i = 0; i < facts->n; i++)
        facts->of_person[facts->at[i].person + 1]++;
    for (size_t i = 0; i < region->persons.n; i++)
        facts->of_person[i + 1] += facts->of_person[i];
    return facts;
}

void facts_free(struct facts **facts)
{
    if (*facts != NULL) {
        free((*facts)->at);
        free((*facts)->of_person);
    }
    free(*facts);
    *facts = NULL;
}

static bool fact_is(const struct fact *fact, const struct fact_asked *asked, int year)
{
    if (fact->which != asked->which || day_year(fact->day) != year || fact->short_course)
        return false;
    if ((asked->owners != 0 && (fact->owner < 0 || (asked->owners & BIT(fact->owner)) == 0))
        || (asked->providers != 0 && (fact->provider < 0 || (asked->providers & BIT(fact->provider)) == 0)))
        return false;
    return (!asked->by_route || fact->by_route) && (asked->topic != ON_QUALITY || fact->quality)
        && (asked->topic != FOR_TEAMS || fact->teams);
}

static bool person_has(const struct facts *facts, uint32_t person, const struct fact_asked *asked, int year)
{
    bool has = asked->which == NO_FACT;

    for (uint32_t i = facts->of_person[person]; i < facts->of_person[person + 1] && !has; i++)
        has = fact_is(&facts->at[i], asked, year);
    return has;
}

/* ── persons ── */
struct counting { const struct facts *facts; const struct side *side; struct counted *units; uint32_t *stamp; };

/* In each unit above a post asked for that stands above `place` too (NONE: no matter where), once. */
static void person_count(struct counting *c, uint32_t person, day_t day, uint32_t place)
{
    const struct region *r = c->facts->region;
    const struct person *p = &r->persons.at[person];

    for (uint32_t i = p->first_post; i < p->first_post + p->posts; i++) {
        if (!post_asked(r, c->side, &r->posts.at[i], day))
            continue;
        for (uint32_t unit = r->posts.at[i].org; unit != NONE; unit = r->orgs.at[unit].parent)
            if (c->stamp[unit] != person + 1 && (place == NONE || stands_above(r, unit, place))) {
                c->stamp[unit] = person + 1;
                c->units[unit].n++;
            }
    }
}

static void person_of_year(struct counting *c, uint32_t person, int year)
{
    const struct side *side = c->side;
    day_t end = day_of(year, 12, 31);

    if (side->under_35 && year - c->facts->region->persons.at[person].born.year >= 35)
        return;
    if (side->young && !is_young(&c->facts->region->persons.at[person], year))
        return;
    for (size_t i = 0; i < sizeof side->also / sizeof *side->also; i++)
        if (!person_has(c->facts, person, &side->also[i], year))
            return;
    if (side->fact.which == NO_FACT)
        person_count(c, person, end, NONE);
    for (uint32_t i = c->facts->of_person[person]; i < c->facts->of_person[person + 1]; i++)
        if (fact_is(&c->facts->at[i], &side->fact, year))
            person_count(c, person, side->then ? c->facts->at[i].day : end, c->facts->at[i].place);
}

/* ── teams ── */
static bool is_member(const struct counting *c, const struct post *post, int year)
{
    return post_asked(c->facts->region, c->side, post, day_of(year, 12, 31));
}

/* Which organisations have a team that counts in that year. */
static bool *teams_of_year(const struct counting *c, int year)
{
    const struct region *r = c->facts->region;
    struct { uint32_t members, with, last; } *team = zeroed(r->orgs.n, sizeof *team);
    bool *counts = zeroed(r->orgs.n, sizeof *counts);

    for (uint32_t i = 0; i < r->posts.n; i++) {         /* posts of one person stand together */
        const struct post *post = &r->posts.at[i];
        if (!is_member(c, post, year) || team[post->org].last == post->person + 1)
            continue;
        team[post->org].last = post->person + 1;
        team[post->org].members++;
        team[post->org].with += person_has(c->facts, post->person, &c->side->fact, year);
    }
    for (uint32_t org = 0; org < r->orgs.n; org++)
        counts[org] = team[org].members > 0
                   && (c->side->one_is_enough ? team[org].with > 0 : team[org].with == team[org].members);
    free(team);
    return counts;
}

static void teams_count(struct counting *c, int first, int year)
{
    const struct region *r = c->facts->region;
    bool *any = zeroed(r->orgs.n, sizeof *any);

    for (int y = first; y <= year; y++) {
        bool *counts = teams_of_year(c, y);
        for (uint32_t org = 0; org < r->orgs.n; org++)
            any[org] |= counts[org];
        free(counts);
    }
    for (uint32_t org = 0; org < r->orgs.n; org++)
        for (uint32_t unit = org; unit != NONE && any[org]; unit = r->orgs.at[unit].parent)
            c->units[unit].n++;
    free(any);
}

static void members_count(struct counting *c, int year)
{
    const struct region *r = c->facts->region;
    bool *counts = teams_of_year(c, year);

    for (uint32_t i = 0; i < r->posts.n; i++) {
        const struct post *post = &r->posts.at[i];
        for (uint32_t unit = post->org; unit != NONE && counts[post->org] && is_member(c, post, year);
             unit = r->orgs.at[unit].parent)
            if (c->stamp[unit] != post->person + 1) {
                c->stamp[unit] = post->person + 1;
                c->units[unit].n++;
            }
    }
    free(counts);
}

/* ── programmes ── */
/* Of those with a run in the span; of the institute, and of its centre unless the act's words name it alone. */
static void programmes_count(struct counting *c, int first, int year)
{
    const struct region *r = c->facts->region;
    day_t from = day_of(first, 1, 1), until = day_of(year, 12, 31);

    for (uint32_t i = 0; i < r->programmes.n; i++) {
        const struct programme_of *p = &r->programmes.at[i];
        enum org_kind provider = r->orgs.at[p->provider].kind;
        bool run = false;
        for (size_t j = 0; j < r->runs.n; j++)
            run |= r->runs.at[j].programme == i && r->runs.at[j].day >= from && r->runs.at[j].day <= until;
        if (!run || p->hours < 16 || (provider != ORG_INSTITUTE && (provider != ORG_CENTRE || c->side->of_institute_alone)))
            continue;
        if ((c->side->registry == INCLUDED_IN_SPAN && (p->included < from || p->included > until))
            || (c->side->registry == LISTED_AT_THE_END
                && (p->included == 0 || p->included > until || (p->excluded != 0 && p->excluded <= until))))
            continue;
        c->units[r->region].n++;
        c->units[p->provider].n++;
    }
}

/* ── tutors ── */
/* By unit of the tutor's own workplace: who is appointed on 31 December, with his charges of that day. Without posts
 * asked for any charge is one. Charges and tutors are in the posts of today since they were given (tutors.c). */
static void tutors_count(struct counting *c, int year)
{
    const struct region *r = c->facts->region;
    day_t end = day_of(year, 12, 31);

    for (uint32_t t = 0; t < r->tutors.n; t++) {
        const struct tutor_of *tutor = &r->tutors.at[t];
        uint32_t charges = 0;
        if (tutor->methodologist != c->side->methodologists || tutor->day > end)
            continue;
        for (size_t i = 0; i < r->assignments.n; i++) {
            const struct assignment_of *a = &r->assignments.at[i];
            const struct person *p = &r->persons.at[a->person];
            bool taken = c->side->posts == 0;
            for (uint32_t k = p->first_post; k < p->first_post + p->posts; k++)
                taken |= post_asked(r, c->side, &r->posts.at[k], end);
            charges += a->tutor == t && a->day <= end && taken;
        }
        bool stands = charges > 0 || !c->side->at_work;
        for (uint32_t unit = r->posts.at[main_post(r, tutor->person, WORK_ENDS)].org; unit != NONE && stands;
             unit = r->orgs.at[unit].parent) {
            struct counted *at = &c->units[unit];
            at->least = at->n == 0 || charges < at->least ? charges : at->least;
            at->greatest = charges > at->greatest ? charges : at->greatest;
            at->below += charges < 10;
            at->charges += charges;
            at->n++;
        }
    }
}

struct counted *counts_make(const struct facts *facts, const struct side *side, int year, bool along)
{
    const struct region *region = facts->region;
    struct counting c = { facts, side, zeroed(region->orgs.n, sizeof *c.units),
                          zeroed(region->orgs.n, sizeof *c.stamp) };
    bool population = side->fact.which == NO_FACT && side->what != PROGRAMMES_RUN;
    int first = along && !population ? FIRST_YEAR : year;

    for (uint32_t person = 0; person < region->persons.n && side->what == PERSONS; person++)
        for (int y = first; y <= year; y++)
            person_of_year(&c, person, y);
    if (side->what == TEAMS)
        teams_count(&c, first, year);
    if (side->what == TEAM_MEMBERS)
        members_count(&c, year);
    if (side->what == PROGRAMMES_RUN)
        programmes_count(&c, first, year);
    if (side->what == TUTORS)
        tutors_count(&c, year);
    free(c.stamp);
    return c.units;
}
