/* expected.json: what the system has to find, counted from the generator's own records by plain loops. A second
 * implementation, on purpose: it shares no code, no table and no rule file with the services (counts.h). */
#include <stdlib.h>

#include "cli/sample/indicators.h"
#include "common/core/log.h"

/* Distinct pairs of unit and person. */
struct distinct { uint64_t *slot; size_t slots, n; };

struct population_of_unit { uint32_t workers, educators, leaders, young, teams; };
struct expected {
    const struct region *region;
    struct distinct seen;
    struct population_of_unit (*population)[YEARS];     /* by unit */
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

/* ── population: the roster's, staff of higher education included ── */
static bool post_counts(const struct post *post, uint32_t kinds, day_t day)
{
    return post_on(post, day) && (kinds & BIT(post_kind_of(post))) != 0;
}

static void persons_count(struct expected *e, int year, uint32_t kinds, bool young, size_t field)
{
    const struct region *r = e->region;

    distinct_clear(&e->seen);
    for (size_t i = 0; i < r->posts.n; i++) {
        const struct post *post = &r->posts.at[i];
        if (!post_counts(post, kinds, YEAR_END(year)) || (young && !is_young(&r->persons.at[post->person], year)))
            continue;
        for (uint32_t unit = post->org; unit != NONE; unit = r->orgs.at[unit].parent)
            if (distinct_add(&e->seen, unit, post->person))
                ++*(uint32_t *)((char *)&e->population[unit][year - FIRST_YEAR] + field);
    }
}

static void teams_count(struct expected *e, int year)
{
    const struct region *r = e->region;
    bool *has = zeroed(r->orgs.n, sizeof *has);

    for (size_t i = 0; i < r->posts.n; i++)
        has[r->posts.at[i].org] |= post_counts(&r->posts.at[i], HEADS, YEAR_END(year));
    for (uint32_t org = 0; org < r->orgs.n; org++)
        for (uint32_t unit = org; unit != NONE && has[org]; unit = r->orgs.at[unit].parent)
            e->population[unit][year - FIRST_YEAR].teams++;
    free(has);
}

static void population_count(struct expected *e, int year)
{
    persons_count(e, year, ANY_WORKER, false, offsetof(struct population_of_unit, workers));
    persons_count(e, year, EDUCATORS, false, offsetof(struct population_of_unit, educators));
    persons_count(e, year, LEADERS, false, offsetof(struct population_of_unit, leaders));
    persons_count(e, year, EDUCATORS, true, offsetof(struct population_of_unit, young));
    teams_count(e, year);
}

/* ── the file ── */
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
                       e->region->orgs.at[unit].code, org_level(&e->region->orgs.at[unit]), FIRST_YEAR + y,
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

/* How many of a list are so: `is` speaks of `one`. */
#define HOW_MANY(name, list, is)                                                                        \
    static size_t name(const struct region *r)                                                          \
    {                                                                                                   \
        size_t n = 0;                                                                                   \
        for (size_t i = 0; i < r->list.n; i++) {                                                        \
            const __typeof__(*r->list.at) *one = &r->list.at[i];                                        \
            n += (is);                                                                                  \
        }                                                                                               \
        return n;                                                                                       \
    }
HOW_MANY(departures_of, enrolments, one->left != 0)
HOW_MANY(proposals_of, entries, one->from == 0)
HOW_MANY(fulfilled_of, duties, one->done != 0)
HOW_MANY(acknowledged_of, sendings, one->acknowledged != 0)
HOW_MANY(withdrawals_of, consents, one->withdrawn != 0)
HOW_MANY(applications_of, works, one->contest != NONE)
HOW_MANY(decided_of, works, one->closed)
HOW_MANY(opinions_of, opinions, one->given)
#undef HOW_MANY

/* A result shows an effect when the person has an earlier one: all are of one instrument. */
static size_t effects_of(const struct region *r)
{
    day_t *first = zeroed(r->persons.n, sizeof *first);
    size_t n = 0;

    for (size_t i = 0; i < r->sittings.n; i++) {
        const struct sitting_of *s = &r->sittings.at[i];
        if (first[s->person] == 0 || s->day < first[s->person])
            first[s->person] = s->day;
    }
    for (size_t i = 0; i < r->sittings.n; i++)
        n += r->sittings.at[i].day > first[r->sittings.at[i].person];
    free(first);
    return n;
}

/* ── registers, documents, reorganisations ── */
static size_t changes_of(const struct region *r, enum change_how how)
{
    size_t n = 0;

    for (size_t i = 0; i < r->changes.n; i++)
        n += r->changes.at[i].how == how;
    return n;
}

/* Who stands in each register on the last day of each year, the whole region's. */
static void registers_write_expected(const struct region *r, struct buf *out)
{
    const char *comma = "";

    buf_text(out, "  \"registers\": [");
    for (size_t i = 0; i < r->entries.n; i++) {
        bool first = true;
        for (size_t k = 0; k < i && first; k++)
            first = strcmp(r->entries.at[k].reg, r->entries.at[i].reg) != 0;
        for (int year = FIRST_YEAR; first && year <= LAST_YEAR; year++) {
            unsigned members = 0;
            for (size_t k = i; k < r->entries.n; k++) {
                const struct entry_of *e = &r->entries.at[k];
                members += strcmp(e->reg, r->entries.at[i].reg) == 0 && e->from != 0 && e->from <= YEAR_END(year)
                        && (e->until == 0 || e->until >= YEAR_END(year));
            }
            buf_format(out, "%s\n    {\"register\": \"%s\", \"unit\": \"%s\", \"on\": \"%d-12-31\", \"members\": %u}", comma,
                       r->entries.at[i].reg, r->table->code, year, members);
            comma = ",";
        }
    }
    buf_text(out, "\n  ],\n");
}

/* Every scored sitting drafts a route, also one that leaves nothing to learn. */
static void counts_write(const struct region *r, struct buf *out)
{
    size_t judgements;

    judgements_of_region(r->table->name, &judgements);
    buf_format(out, "  \"counts\": {\"organisations\": %zu, \"persons\": %zu, \"posts\": %zu, \"unchanged\": %d, "
               "\"refused\": %zu, \"programmes\": %zu, \"runs\": %zu, \"procedures\": %zu, \"sittings\": %zu, "
               "\"routes\": %zu, \"agreements\": %zu, \"completions\": %zu, \"support\": %zu, \"enrolments\": %zu, "
               "\"departures\": %zu, \"attestations\": %zu, \"effects\": %zu, \"tutors\": %zu, \"assignments\": %zu, "
               "\"judgements\": %zu, \"entries\": %zu, \"proposals\": %zu, \"parts\": %zu, \"fulfilled\": %zu, "
               "\"documents\": %zu, \"sendings\": %zu, \"acknowledged\": %zu, \"renamed\": %zu, \"founded\": %zu, "
               "\"consents\": %zu, \"withdrawals\": %zu, \"trainings\": %zu, \"bookings\": %zu, \"contests\": %zu, \"applications\": %zu, "
               "\"works\": %zu, \"experts_asked\": %zu, \"opinions\": %zu, \"works_decided\": %zu},\n",
               r->orgs.n + changes_of(r, HOW_OPENED), r->persons.n, r->posts.n, REPEATED_ROWS, FAULTY_ROWS, r->programmes.n, r->runs.n,
               r->procedures.n, r->sittings.n, r->sittings.n, r->agreements.n, r->completions.n, r->supports.n,
               r->enrolments.n, departures_of(r), r->attestations.n, effects_of(r), r->tutors.n, r->assignments.n, judgements,
               r->entries.n - proposals_of(r), proposals_of(r) + applications_of(r), r->parts.n, fulfilled_of(r), r->papers.n, r->sendings.n,
               acknowledged_of(r), changes_of(r, HOW_RENAMED), changes_of(r, HOW_FOUNDED), r->consents.n,
               withdrawals_of(r), r->outsides.n, r->bookings.n, r->contests.n, applications_of(r), r->works.n, r->opinions.n, opinions_of(r),
               decided_of(r));
}

static void refused_write(const struct region *r, struct buf *out)
{
    buf_text(out, "  \"refused\": [");
    for (size_t i = 0; i < FAULTY_ROWS; i++)
        buf_format(out, "%s\n    {\"line\": %u, \"column\": \"%s\", \"reason\": \"%s\"}", i == 0 ? "" : ",",
                   faulty_line(r, i), FAULTY[i].column, FAULTY[i].reason);
    buf_text(out, "\n  ]\n}\n");
}

int expected_write(const struct region *region, const char *dir)
{
    struct expected e = { .region = region, .seen = { zeroed(1024, sizeof(uint64_t)), 1024, 0 } };
    struct buf out = { 0 };

    e.population = zeroed(region->orgs.n, sizeof *e.population);
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
        population_count(&e, year);
    buf_format(&out, "{\n  \"region\": \"%s\", \"workers\": %llu, \"seed\": %llu,\n", region->table->name,
               (unsigned long long)region->workers, (unsigned long long)region->seed);
    counts_write(region, &out);
    registers_write_expected(region, &out);
    population_write(&e, &out);
    values_put(region, &out);
    deficits_write(&e, &out);
    refused_write(region, &out);
    int err = file_write(dir, "expected.json", &out);
    free(e.seen.slot);
    free(e.population);
    return err;
}
