/* expected.json: what the system has to find, counted from the generator's own records by plain loops.
 * A second implementation of the six indicators of Томская область, on purpose: it shares no code, no
 * table and no rule file with the services. The readings are those of config/regions/tomsk.yaml. */
#include <stdlib.h>

#include "cli/sample/records.h"
#include "common/core/log.h"

#define INDICATORS 6
#define ANY_WORKER (1u << POST_EDUCATOR | 1u << POST_HEAD | 1u << POST_DEPUTY | 1u << POST_UNIT_HEAD)
#define EDUCATORS  (1u << POST_EDUCATOR)
#define TEAM       (1u << POST_HEAD | 1u << POST_DEPUTY)

/* Distinct pairs of unit and person. */
struct distinct { uint64_t *slot; size_t slots, n; };

struct count_of { uint32_t numerator, denominator; };
struct population_of_unit { uint32_t workers, educators, leaders, young, teams; };
struct expected {
    const struct region *region;
    struct distinct seen;
    struct count_of (*value)[YEARS][INDICATORS];        /* by unit */
    struct population_of_unit (*population)[YEARS];     /* by unit */
    bool (*trained)[YEARS];                             /* by person: holds a document on quality management */
};

static void *zeroed(size_t n, size_t size)
{
    void *at = calloc(n + 1, size);
    if (at == NULL)
        log_die("sample", "out of memory");
    return at;
}

static void distinct_clear(struct distinct *set)
{
    memset(set->slot, 0, set->slots * sizeof *set->slot);
    set->n = 0;
}

/* True when the pair is new. */
static bool distinct_add(struct distinct *set, uint32_t unit, uint32_t person)
{
    uint64_t key = ((uint64_t)unit << 32 | person) + 1;

    if (set->n * 2 >= set->slots) {
        struct distinct larger = { zeroed(set->slots * 2, sizeof *set->slot), set->slots * 2, 0 };
        for (size_t i = 0; i < set->slots; i++)
            if (set->slot[i] != 0)
                distinct_add(&larger, (uint32_t)((set->slot[i] - 1) >> 32), (uint32_t)(set->slot[i] - 1));
        free(set->slot);
        *set = larger;
    }
    size_t at = (key * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (set->slots - 1);
    while (set->slot[at] != 0 && set->slot[at] != key)
        at = (at + 1) & (set->slots - 1);
    if (set->slot[at] == key)
        return false;
    set->slot[at] = key;
    set->n++;
    return true;
}

/* ── who is who ── */
/* Staff of higher education is left out (T 1.3). */
static bool kind_counts(enum org_kind kind)
{
    return kind == ORG_SCHOOL || kind == ORG_KINDERGARTEN || kind == ORG_FURTHER || kind == ORG_COLLEGE
        || kind == ORG_INSTITUTE || kind == ORG_CENTRE;
}

static bool post_counts(const struct region *region, const struct post *post, uint32_t kinds, day_t day)
{
    return post_on(post, day) && (kinds & 1u << post_kind_of(post)) != 0
        && kind_counts(region->orgs.at[post->org].kind);
}

/* On the last day of a year everybody has had his birthday of that year. */
static bool is_young(const struct person *person, int year)
{
    int y, m, d;

    if (person->teaching_since == 0 || year - person->born.year >= 35)
        return false;
    day_split(person->teaching_since, &y, &m, &d);
    /* Three years from a day are over on that day of the third year after. So on 31 December those are inside
     * whose career began in this calendar year or the two before. */
    return y <= year && y > year - 3;
}

static bool stands_above(const struct region *region, uint32_t unit, uint32_t org)
{
    for (; org != NONE; org = region->orgs.at[org].parent)
        if (org == unit)
            return true;
    return false;
}

static bool person_in(const struct region *region, uint32_t person, uint32_t unit, uint32_t kinds, day_t day)
{
    const struct person *p = &region->persons.at[person];

    for (uint32_t i = p->first_post; i < p->first_post + p->posts; i++)
        if (post_counts(region, &region->posts.at[i], kinds, day)
            && stands_above(region, unit, region->posts.at[i].org))
            return true;
    return false;
}

/* ── numerators ── */
/* A fact counts in the units above its place in which the person is in the population on `day`. */
static void fact_count(struct expected *e, int indicator, int year, uint32_t person, uint32_t place, uint32_t kinds,
                       day_t day)
{
    for (uint32_t unit = place; unit != NONE; unit = e->region->orgs.at[unit].parent)
        if (person_in(e->region, person, unit, kinds, day) && distinct_add(&e->seen, unit, person))
            e->value[unit][year - FIRST_YEAR][indicator - 1].numerator++;
}

static uint32_t place_of_fact(const struct region *region, uint32_t person, uint32_t named, day_t day)
{
    return named != NONE ? named : region->posts.at[main_post(region, person, day)].org;
}

static bool by_centre(const struct region *region, const struct sitting_of *sitting)
{
    return region->orgs.at[region->procedures.at[sitting->procedure].owner].kind == ORG_CENTRE;
}

static void diagnosed_count(struct expected *e, int year)
{
    const struct region *r = e->region;

    distinct_clear(&e->seen);
    for (size_t i = 0; i < r->sittings.n; i++) {
        const struct sitting_of *s = &r->sittings.at[i];
        if (day_year(s->day) == year && by_centre(r, s))
            fact_count(e, 1, year, s->person, place_of_fact(r, s->person, s->org, s->day), ANY_WORKER, s->day);
    }
}

static void agreed_count(struct expected *e, int year)
{
    const struct region *r = e->region;

    distinct_clear(&e->seen);
    for (size_t i = 0; i < r->agreements.n; i++) {
        const struct agreement_of *a = &r->agreements.at[i];
        const struct sitting_of *s = &r->sittings.at[a->sitting];
        if (day_year(a->day) == year && by_centre(r, s))    /* a route belongs where its sitting does */
            fact_count(e, 2, year, s->person, place_of_fact(r, s->person, s->org, s->day), ANY_WORKER, a->day);
    }
}

/* Step 1 of a route is a programme that was in the federal registry before 2021 and still is (materials.c). */
static void completed_count(struct expected *e, int year)
{
    const struct region *r = e->region;

    distinct_clear(&e->seen);
    for (size_t i = 0; i < r->completions.n; i++) {
        const struct completion_of *c = &r->completions.at[i];
        bool by_step = c->sitting != NONE && c->programme == NONE;
        if (by_step && day_year(c->day) == year && by_centre(r, &r->sittings.at[c->sitting]))
            fact_count(e, 3, year, c->person, place_of_fact(r, c->person, NONE, c->day), EDUCATORS, c->day);
    }
}

static void supported_count(struct expected *e, int year)
{
    const struct region *r = e->region;

    distinct_clear(&e->seen);
    for (size_t i = 0; i < r->supports.n; i++) {
        const struct support_of *s = &r->supports.at[i];
        if (day_year(s->day) == year && is_young(&r->persons.at[s->person], year))
            fact_count(e, 5, year, s->person, place_of_fact(r, s->person, NONE, s->day), EDUCATORS,
                       day_of(year, 12, 31));
    }
}

/* ── denominators and population ── */
static void persons_count(struct expected *e, int year, uint32_t kinds, bool young, size_t field)
{
    const struct region *r = e->region;

    distinct_clear(&e->seen);
    for (size_t i = 0; i < r->posts.n; i++) {
        const struct post *post = &r->posts.at[i];
        if (!post_counts(r, post, kinds, day_of(year, 12, 31))
            || (young && !is_young(&r->persons.at[post->person], year)))
            continue;
        for (uint32_t unit = post->org; unit != NONE; unit = r->orgs.at[unit].parent)
            if (distinct_add(&e->seen, unit, post->person))
                ++*(uint32_t *)((char *)&e->population[unit][year - FIRST_YEAR] + field);
    }
}

static void population_count(struct expected *e, int year)
{
    persons_count(e, year, ANY_WORKER, false, offsetof(struct population_of_unit, workers));
    persons_count(e, year, EDUCATORS, false, offsetof(struct population_of_unit, educators));
    persons_count(e, year, ANY_WORKER & ~EDUCATORS, false, offsetof(struct population_of_unit, leaders));
    persons_count(e, year, EDUCATORS, true, offsetof(struct population_of_unit, young));
    for (uint32_t unit = 0; unit < e->region->orgs.n; unit++) {
        const struct population_of_unit *p = &e->population[unit][year - FIRST_YEAR];
        struct count_of *value = e->value[unit][year - FIRST_YEAR];
        value[0].denominator = value[1].denominator = p->workers;
        value[2].denominator = p->educators;
        value[4].denominator = p->young;
    }
}

/* ── teams ── */
/* A course of less than 16 hours raises nobody's qualification. */
static void trained_find(struct expected *e)
{
    const struct region *r = e->region;

    for (size_t i = 0; i < r->completions.n; i++) {
        const struct completion_of *c = &r->completions.at[i];
        if (c->programme != NONE && r->programmes.at[c->programme].quality
            && r->programmes.at[c->programme].kind != PROGRAMME_NON_FORMAL)
            e->trained[c->person][day_year(c->day) - FIRST_YEAR] = true;
    }
}

static void teams_count(struct expected *e, int year)
{
    const struct region *r = e->region;
    struct { uint32_t members, trained; } *team = zeroed(r->orgs.n, sizeof *team);

    distinct_clear(&e->seen);
    for (size_t i = 0; i < r->posts.n; i++) {
        const struct post *post = &r->posts.at[i];
        if (!post_counts(r, post, TEAM, day_of(year, 12, 31)) || !distinct_add(&e->seen, post->org, post->person))
            continue;
        team[post->org].members++;
        team[post->org].trained += e->trained[post->person][year - FIRST_YEAR];
    }
    for (uint32_t org = 0; org < r->orgs.n; org++)
        for (uint32_t unit = org; unit != NONE && team[org].members != 0; unit = r->orgs.at[unit].parent) {
            struct count_of *value = &e->value[unit][year - FIRST_YEAR][3];
            value->denominator++;
            value->numerator += team[org].trained == team[org].members;
            e->population[unit][year - FIRST_YEAR].teams++;
        }
    free(team);
}

/* ── programmes: from the first year to the end of this one ── */
static void programmes_count(struct expected *e, int year)
{
    const struct region *r = e->region;
    day_t from = day_of(FIRST_YEAR, 1, 1), until = day_of(year, 12, 31);

    for (uint32_t i = 0; i < r->programmes.n; i++) {
        const struct programme_of *p = &r->programmes.at[i];
        bool run = false, included = p->included >= from && p->included <= until;
        for (size_t j = 0; j < r->runs.n; j++)
            run |= r->runs.at[j].programme == i && r->runs.at[j].day >= from && r->runs.at[j].day <= until;
        if (!run || p->kind == PROGRAMME_NON_FORMAL || r->orgs.at[p->provider].kind != ORG_INSTITUTE)
            continue;
        uint32_t units[] = { r->region, p->provider };
        for (int u = 0; u < 2; u++) {
            e->value[units[u]][year - FIRST_YEAR][5].denominator++;
            e->value[units[u]][year - FIRST_YEAR][5].numerator += included;
        }
    }
}

/* ── the file ── */
static const char *level_of(const struct org *org)
{
    return org->kind == ORG_REGION ? "region" : org->kind == ORG_MUNICIPALITY ? "municipality" : "organisation";
}

static void values_write(const struct expected *e, struct buf *out)
{
    const char *comma = "";

    buf_text(out, "  \"values\": [");
    for (uint32_t unit = 0; unit < e->region->orgs.n; unit++)
        for (int y = 0; y < YEARS; y++)
            for (int i = 0; i < INDICATORS; i++) {
                const struct count_of *v = &e->value[unit][y][i];
                if (v->numerator == 0 && v->denominator == 0)
                    continue;
                buf_format(out, "%s\n    {\"indicator\": \"%d\", \"year\": %d, \"level\": \"%s\", \"unit\": \"%s\", "
                           "\"numerator\": %u, \"denominator\": %u}", comma, i + 1, FIRST_YEAR + y,
                           level_of(&e->region->orgs.at[unit]), e->region->orgs.at[unit].code, v->numerator, v->denominator);
                comma = ",";
            }
    buf_text(out, "\n  ],\n");
}

static void population_write(const struct expected *e, struct buf *out)
{
    const char *comma = "";

    buf_text(out, "  \"population\": [");
    for (uint32_t unit = 0; unit < e->region->orgs.n; unit++)
        for (int y = 0; y < YEARS; y++) {
            const struct population_of_unit *p = &e->population[unit][y];
            if (p->workers == 0 && p->teams == 0)
                continue;
            buf_format(out, "%s\n    {\"unit\": \"%s\", \"level\": \"%s\", \"on\": \"%d-12-31\", \"workers\": %u, "
                       "\"educators\": %u, \"leaders\": %u, \"young\": %u, \"teams\": %u}", comma,
                       e->region->orgs.at[unit].code, level_of(&e->region->orgs.at[unit]), FIRST_YEAR + y,
                       p->workers, p->educators, p->leaders, p->young, p->teams);
            comma = ",";
        }
    buf_text(out, "\n  ],\n");
}

/* Distinct persons with the deficit in a sitting of the year, anybody's procedure. */
static void deficits_write(struct expected *e, struct buf *out)
{
    const struct region *r = e->region;
    const char *comma = "";

    buf_text(out, "  \"deficits\": [");
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
        for (uint32_t c = 0; c < COMPETENCIES; c++) {
            distinct_clear(&e->seen);
            for (size_t i = 0; i < r->sittings.n; i++)
                if (day_year(r->sittings.at[i].day) == year && r->sittings.at[i].right[c] < RIGHT_LEAST)
                    distinct_add(&e->seen, 0, r->sittings.at[i].person);
            buf_format(out, "%s\n    {\"year\": %d, \"competency\": \"%s\", \"persons\": %zu}", comma, year,
                       COMPETENCY_OF[c], e->seen.n);
            comma = ",";
        }
    buf_text(out, "\n  ],\n");
}

/* Every scored sitting drafts a route, also one that leaves nothing to learn. */
static void counts_write(const struct region *r, struct buf *out)
{
    buf_format(out, "  \"counts\": {\"organisations\": %zu, \"persons\": %zu, \"posts\": %zu, \"unchanged\": %d, "
               "\"refused\": %zu, \"programmes\": %zu, \"runs\": %zu, \"procedures\": %zu, \"sittings\": %zu, "
               "\"routes\": %zu, \"agreements\": %zu, \"completions\": %zu, \"support\": %zu},\n",
               r->orgs.n, r->persons.n, r->posts.n, REPEATED_ROWS, FAULTY_ROWS, r->programmes.n, r->runs.n,
               r->procedures.n, r->sittings.n, r->sittings.n, r->agreements.n, r->completions.n, r->supports.n);
}

static void refused_write(const struct region *r, struct buf *out)
{
    buf_text(out, "  \"refused\": [");
    for (size_t i = 0; i < FAULTY_ROWS; i++)
        buf_format(out, "%s\n    {\"line\": %u, \"column\": \"%s\", \"reason\": \"%s\"}", i == 0 ? "" : ",",
                   faulty_line(r, i), FAULTY[i].column, FAULTY[i].reason);
    buf_text(out, "\n  ]\n}\n");
}

static void all_count(struct expected *e)
{
    trained_find(e);
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        population_count(e, year);
        diagnosed_count(e, year);
        agreed_count(e, year);
        completed_count(e, year);
        teams_count(e, year);
        supported_count(e, year);
        programmes_count(e, year);
    }
}

int expected_write(const struct region *region, const char *dir)
{
    struct expected e = { .region = region, .seen = { zeroed(1024, sizeof(uint64_t)), 1024, 0 } };
    struct buf out = { 0 };

    e.value = zeroed(region->orgs.n, sizeof *e.value);
    e.population = zeroed(region->orgs.n, sizeof *e.population);
    e.trained = zeroed(region->persons.n, sizeof *e.trained);
    all_count(&e);
    buf_format(&out, "{\n  \"workers\": %llu, \"seed\": %llu,\n", (unsigned long long)region->workers,
               (unsigned long long)region->seed);
    counts_write(region, &out);
    population_write(&e, &out);
    values_write(&e, &out);
    deficits_write(&e, &out);
    refused_write(region, &out);
    int err = file_write(dir, "expected.json", buf_bytes(&out));
    buf_free(&out);
    free(e.seen.slot);
    free(e.value);
    free(e.population);
    free(e.trained);
    return err;
}
