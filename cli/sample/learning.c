/* What was learned in 2021–2024: enrolments by route, of leadership teams, of the centre's learners and of others;
 * attestations; documents. Most documents rest on an enrolment and a final attestation; some were brought from
 * elsewhere, some learners withdrew, some have not passed, some are still learning when the years end. */
#include <stdlib.h>

#include "cli/sample/records.h"
#include "common/core/log.h"

static void document_add(struct region *region, const struct completion_of *completion)
{
    if (completion->day <= WORK_ENDS && main_post(region, completion->person, completion->enrolled) != NONE
        && main_post(region, completion->person, completion->day) != NONE)
        *LIST_ADD(&region->completions) = *completion;
}

/* A document without an enrolment of ours. */
static void elsewhere_add(struct region *region, uint32_t person, uint32_t programme, day_t enrolled, day_t day)
{
    document_add(region, &(struct completion_of){ .person = person, .sitting = NONE, .programme = programme,
                                                  .enrolment = NONE, .enrolled = enrolled, .day = day });
}

static void attest(struct region *region, uint32_t enrolment, day_t day, bool final, bool passed)
{
    *LIST_ADD(&region->attestations) = (struct attestation_of){ enrolment, day, final, passed };
}

/* `run` of `programme`, or by route that of the month; begins and ends: of the run. `sure`: he stays and passes. */
struct course { uint32_t person, sitting, programme, run, month; day_t begins, ends; bool sure; };

static void course_take(struct region *region, struct prng *prng, const struct course *course)
{
    uint32_t enrolment = (uint32_t)region->enrolments.n;
    bool leaves = chance(prng, 25), expelled = chance(prng, 300), interim = chance(prng, 500), fails = chance(prng, 50);
    bool again = chance(prng, 600);
    day_t issued = course->ends + 1 + (day_t)prng_below(prng, 4);

    if (main_post(region, course->person, course->begins) == NONE)
        return;
    struct enrolment_of *add = LIST_ADD(&region->enrolments);
    *add = (struct enrolment_of){ .person = course->person, .sitting = course->sitting, .run = course->run,
                                  .month = course->month, .day = course->begins };
    if (course->run != NONE)
        region->runs.at[course->run].learners++;
    leaves = leaves && !course->sure;
    fails = fails && !course->sure;
    if (leaves || main_post(region, course->person, issued) == NONE) {
        add->left = course->begins + (course->ends - course->begins) / 2;
        add->expelled = expelled;
        return;
    }
    if (interim && course->begins + 7 <= WORK_ENDS)
        attest(region, enrolment, course->begins + 7, false, true);
    if (course->ends > WORK_ENDS)
        return;
    attest(region, enrolment, course->ends, true, !fails);
    if (fails && !again)
        return;
    if (fails && issued <= WORK_ENDS)
        attest(region, enrolment, issued, true, true);
    document_add(region, &(struct completion_of){ course->person, course->sitting, course->programme, enrolment,
                                                  course->begins, issued });
}

static void run_take(struct region *region, struct prng *prng, uint32_t person, uint32_t run, bool sure)
{
    const struct run_of *at = &region->runs.at[run];
    course_take(region, prng, &(struct course){ .person = person, .sitting = NONE, .programme = at->programme,
                                                .run = run, .begins = at->day, .ends = at->until, .sure = sure });
}

/* ── by route ── */
static void routes_learn(struct region *region, struct prng *prng)
{
    for (size_t i = 0; i < region->agreements.n; i++) {
        const struct agreement_of *a = &region->agreements.at[i];
        if (a->month == NONE)
            continue;
        day_t begins = series_day(a->month);
        course_take(region, prng, &(struct course){ .person = region->sittings.at[a->sitting].person,
                                                    .sitting = a->sitting, .programme = NONE, .run = NONE,
                                                    .month = a->month, .begins = begins, .ends = begins + SERIES_DAYS });
    }
}

/* ── without a route ── */
/* The run of that programme in that year, NONE where there is none. */
static uint32_t run_of_year(const struct region *region, uint32_t programme, int year)
{
    for (uint32_t i = 0; i < region->runs.n; i++)
        if (region->runs.at[i].programme == programme && day_year(region->runs.at[i].day) == year)
            return i;
    return NONE;
}

/* Any programme; one of quality management only from teams_make(), since one more document would make a team. */
static void other_learn(struct region *region, struct prng *prng, uint32_t person, int year)
{
    uint32_t programme = (uint32_t)prng_below(prng, PROGRAMME_CENTRE);
    day_t enrolled = day_between(prng, day_of(year, 1, 12), day_of(year, 11, 20));
    bool elsewhere = chance(prng, 300);
    uint32_t run = programme_is_series(programme) ? NONE : run_of_year(region, programme, year);

    if (region->programmes.at[programme].quality)
        return;
    if (run != NONE && !elsewhere)
        run_take(region, prng, person, run, false);
    else
        elsewhere_add(region, person, programme, enrolled, enrolled + 14);
}

static bool is_school_educator(const struct region *region, uint32_t post)
{
    return post != NONE && post_kind_of(&region->posts.at[post]) == POST_EDUCATOR
        && region->orgs.at[region->posts.at[post].org].kind == ORG_SCHOOL;
}

/* The centre's own short programmes: educators of schools, for the most part. */
static void centre_learn(struct region *region, struct prng *prng, const uint32_t *series, uint32_t person, int year)
{
    static const uint32_t RATE[YEARS] = { 45, 85, 120, 150 };
    uint32_t month = (uint32_t)(year - FIRST_YEAR) * 12 + (uint32_t)prng_below(prng, 11);
    uint32_t programme = (uint32_t)prng_below(prng, CENTRE_PROGRAMMES);
    uint64_t luck = prng_below(prng, 1000000);
    uint32_t post = main_post(region, person, series_day(month));
    uint32_t rate = is_school_educator(region, post) ? RATE[year - FIRST_YEAR] : 10;

    if (post != NONE && post_kind_of(&region->posts.at[post]) != POST_OTHER
        && luck < (uint64_t)rate * eager(region, region->posts.at[post].org))
        run_take(region, prng, person, series[PROGRAMME_CENTRE + programme] + month, false);
}

/* ── leadership teams ── */
static bool member_on(const struct post *post, uint32_t org, day_t day)
{
    return post->org == org && post_on(post, day)
        && (post_kind_of(post) == POST_HEAD || post_kind_of(post) == POST_DEPUTY);
}

/* In the first series of the year's months that begins in the post, from one drawn on; where there is none any
 * more, elsewhere. */
static void member_train(struct region *region, struct prng *prng, const uint32_t *series, const struct post *post,
                         int year, uint32_t programme)
{
    uint32_t first = (uint32_t)(year - FIRST_YEAR) * 12, month = first + (uint32_t)prng_below(prng, 12);
    day_t from = post->from;

    while (month < first + 12 && series_day(month) < from)
        month++;
    if (month < first + 12)
        run_take(region, prng, post->person, series[programme] + month, true);
    else
        elsewhere_add(region, post->person, programme, from, day_between(prng, from, YEAR_END(year)));
}

/* A whole team goes on one of the programmes; now and then one member alone, or all to the short seminar,
 * which raises nobody's qualification. */
static void teams_make(struct region *region, struct prng *prng, const uint32_t *series, const uint32_t *by_org,
                       const uint32_t *leaders, int year)
{
    static const uint32_t RATE[YEARS] = { 80, 125, 78, 150 };

    for (uint32_t org = 0; org < region->orgs.n; org++) {
        uint64_t luck = prng_below(prng, 1000000), rate = (uint64_t)RATE[year - FIRST_YEAR] * eager(region, org);
        uint32_t programme = PROGRAMME_QUALITY + (uint32_t)prng_below(prng, QUALITY_PROGRAMMES - 1);
        bool alone = luck >= rate, seminar = alone && luck < rate * 7 / 5;
        if (luck >= rate * 8 / 5)
            continue;
        for (uint32_t i = by_org[org]; i < by_org[org + 1]; i++) {
            const struct post post = region->posts.at[leaders[i]];
            if (!member_on(&post, org, YEAR_END(year)))
                continue;
            member_train(region, prng, series, &post, year, seminar ? QUALITY_SEMINAR : programme);
            if (alone && !seminar)
                break;
        }
    }
}

/* Posts of heads and deputies, sorted by organisation: those of org stand in [by_org[org], by_org[org + 1]). */
static void leaders_sort(const struct region *region, uint32_t *by_org, uint32_t *leaders)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < region->posts.n; i++)
        if (member_on(&region->posts.at[i], region->posts.at[i].org, region->posts.at[i].from))
            by_org[region->posts.at[i].org + 1]++;
    for (uint32_t org = 0; org < region->orgs.n; org++)
        by_org[org + 1] += by_org[org];
    /* Filled from the end of each organisation's part, which brings by_org[org + 1] down to where it begins. */
    for (uint32_t i = (uint32_t)region->posts.n; i-- > 0;)
        if (member_on(&region->posts.at[i], region->posts.at[i].org, region->posts.at[i].from)) {
            leaders[--by_org[region->posts.at[i].org + 1]] = i;
            n++;
        }
    for (uint32_t org = 0; org < region->orgs.n; org++)
        by_org[org] = by_org[org + 1];
    by_org[region->orgs.n] = n;
}

/* ── the whole ── */
static int by_person_and_day(const void *left, const void *right, void *arg)
{
    const struct region *region = arg;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    const struct completion_of *x = &region->completions.at[a], *y = &region->completions.at[b];

    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return x->day != y->day ? (x->day > y->day) - (x->day < y->day) : (a > b) - (a < b);
}

static void *zeroed(size_t n, size_t size)
{
    void *at = calloc(n + 1, size);
    if (at == NULL)
        log_die("sample", "out of memory");
    return at;
}

/* Nobody gets two documents on one day: of the same programme, they would be one to the registry. */
static void documents_part(struct region *region)
{
    size_t n = region->completions.n, kept = 0;
    uint32_t *order = zeroed(n, sizeof *order);
    bool *drop = zeroed(n, sizeof *drop);

    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, by_person_and_day, region);
    for (size_t i = 1; i < n; i++) {
        const struct completion_of *a = &region->completions.at[order[i - 1]], *b = &region->completions.at[order[i]];
        drop[order[i]] = a->person == b->person && a->day == b->day;
    }
    for (size_t i = 0; i < n; i++)
        if (!drop[i])
            region->completions.at[kept++] = region->completions.at[i];
    region->completions.n = kept;
    free(order);
    free(drop);
}

void learning_make(struct region *region)
{
    struct prng prng = region_prng(region, STREAM_LEARNING), teams = region_prng(region, STREAM_TEAMS);
    uint32_t *by_org = zeroed(region->orgs.n, sizeof *by_org), *leaders = zeroed(region->posts.n, sizeof *leaders);
    uint32_t *series = zeroed(region->programmes.n, sizeof *series);

    for (uint32_t i = 0; i < region->programmes.n; i++)
        series[i] = programme_is_series(i) ? series_run(region, i, 0) : NONE;
    routes_learn(region, &prng);
    leaders_sort(region, by_org, leaders);
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        for (uint32_t i = 0; i < region->persons.n; i++) {
            if (chance(&prng, 60))
                other_learn(region, &prng, i, year);
            centre_learn(region, &prng, series, i, year);
        }
        teams_make(region, &teams, series, by_org, leaders, year);
    }
    documents_part(region);
    free(by_org);
    free(leaders);
    free(series);
}
