/* What was done in 2021–2024: sittings, agreements, completions, support. How much of it differs by
 * municipality and grows by the year, so that some targets are met and some are missed. */
#include <stdlib.h>

#include "cli/sample/records.h"
#include "common/core/log.h"

#define YEAR_END(year) day_of((year), 12, 31)
#define WORK_ENDS      day_of(LAST_YEAR, 12, 31)

/* How eager a municipality is, in thousandths of the region's rate. */
static uint32_t eager(const struct region *region, uint32_t org)
{
    uint32_t m = region->orgs.at[org].municipality;
    return m == NONE ? 1000 : region->table->municipality[m].eager;
}

bool sitting_has_deficit(const struct sitting_of *sitting)
{
    for (uint32_t c = 0; c < COMPETENCIES; c++)
        if (sitting->right[c] < RIGHT_LEAST)
            return true;
    return false;
}

/* ── sittings ── */
static void answers_draw(struct prng *prng, const struct person *person, struct sitting_of *sitting)
{
    sitting->salt = prng_next(prng);
    for (uint32_t c = 0; c < COMPETENCIES; c++) {
        int right = (int)(person->knack * 6 / 1000) + (int)prng_below(prng, 3) - 1;
        sitting->right[c] = (uint8_t)(right < 0 ? 0 : right > TASKS_EACH ? TASKS_EACH : right);
    }
    if (!chance(prng, 40) && !sitting_has_deficit(sitting))
        sitting->right[sitting->salt % COMPETENCIES] = 1;
}

/* The organisation named: the main post's, now and then that of another post, else none. */
static uint32_t named_draw(const struct region *region, struct prng *prng, uint32_t person, uint32_t main, day_t day)
{
    const struct person *p = &region->persons.at[person];
    bool other = chance(prng, 300), named = chance(prng, 700);

    for (uint32_t i = p->first_post; other && i < p->first_post + p->posts; i++)
        if (region->posts.at[i].part_time && post_on(&region->posts.at[i], day))
            return region->posts.at[i].org;
    return named ? region->posts.at[main].org : NONE;
}

static uint32_t sitting_rate(const struct region *region, const struct procedure_of *procedure)
{
    static const uint32_t ENTRY[YEARS] = { 58, 84, 100, 112 }, INTERIM[YEARS] = { 6, 12, 22, 30 };
    int year = day_year(procedure->opens) - FIRST_YEAR;

    return procedure->owner != region->centre ? 15 : procedure->purpose == PURPOSE_ENTRY ? ENTRY[year] : INTERIM[year];
}

static void sittings_make(struct region *region, struct prng *prng, uint32_t procedure)
{
    const struct procedure_of *at = &region->procedures.at[procedure];
    uint32_t rate = sitting_rate(region, at);

    for (uint32_t i = 0; i < region->persons.n; i++) {
        day_t day = day_between(prng, at->opens, at->closes);
        uint64_t luck = prng_below(prng, 1000000);
        uint32_t main = main_post(region, i, day);
        if (main == NONE || post_kind_of(&region->posts.at[main]) == POST_OTHER
            || luck >= (uint64_t)rate * eager(region, region->posts.at[main].org))
            continue;
        struct sitting_of sitting = { .procedure = procedure, .person = i, .day = day };
        sitting.org = named_draw(region, prng, i, main, day);
        answers_draw(prng, &region->persons.at[i], &sitting);
        *LIST_ADD(&region->sittings) = sitting;
    }
}

/* ── routes and completions ── */
static void completion_add(struct region *region, uint32_t person, uint32_t sitting, uint32_t programme,
                           day_t enrolled, day_t day)
{
    if (day > WORK_ENDS || main_post(region, person, enrolled) == NONE || main_post(region, person, day) == NONE)
        return;
    *LIST_ADD(&region->completions) = (struct completion_of){ person, sitting, programme, enrolled, day };
}

/* Any programme, without a route; one of quality management only from teams_make(). */
static void other_completion(struct region *region, struct prng *prng, uint32_t person, int year)
{
    uint32_t programme = (uint32_t)prng_below(prng, region->programmes.n);
    day_t enrolled = day_between(prng, day_of(year, 1, 12), day_of(year, 11, 20));

    if (!region->programmes.at[programme].quality)
        completion_add(region, person, NONE, programme, enrolled, enrolled + 14);
}

static void routes_make(struct region *region, struct prng *prng)
{
    static const uint32_t TAKEN[YEARS] = { 480, 560, 600, 640 };

    for (uint32_t i = 0; i < region->sittings.n; i++) {
        const struct sitting_of *sitting = &region->sittings.at[i];
        bool agreed = chance(prng, 930);
        day_t day = sitting->day + 1 + (day_t)prng_below(prng, 30);
        bool taken = chance(prng, TAKEN[day_year(sitting->day) - FIRST_YEAR]);
        day_t enrolled = day + 5 + (day_t)prng_below(prng, 60), done = enrolled + 10 + (day_t)prng_below(prng, 40);
        if (!agreed || !sitting_has_deficit(sitting)
            || region->procedures.at[sitting->procedure].owner != region->centre
            || day > WORK_ENDS || main_post(region, sitting->person, day) == NONE)
            continue;
        *LIST_ADD(&region->agreements) = (struct agreement_of){ i, day };
        if (taken)
            completion_add(region, sitting->person, i, NONE, enrolled, done);
    }
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
        for (uint32_t i = 0; i < region->persons.n; i++)
            if (chance(prng, 60))
                other_completion(region, prng, i, year);
}

/* ── leadership teams ── */
static bool member_on(const struct post *post, uint32_t org, day_t day)
{
    return post->org == org && post_on(post, day)
        && (post_kind_of(post) == POST_HEAD || post_kind_of(post) == POST_DEPUTY);
}

static void member_train(struct region *region, struct prng *prng, const struct post *post, int year,
                         uint32_t programme)
{
    day_t first = day_of(year, 1, 20), from = post->from > first ? post->from : first;
    day_t day = day_between(prng, from, day_of(year, 12, 28));
    day_t enrolled = day > from + 12 ? day - 12 : from;

    completion_add(region, post->person, NONE, programme, enrolled, day);
}

/* A whole team goes on one of the programmes; now and then one member alone, or all to the short seminar,
 * which raises nobody's qualification. */
static void teams_make(struct region *region, struct prng *prng, const uint32_t *by_org, const uint32_t *leaders,
                       int year)
{
    static const uint32_t RATE[YEARS] = { 80, 125, 78, 150 };

    for (uint32_t org = 0; org < region->orgs.n; org++) {
        uint64_t luck = prng_below(prng, 1000000), rate = (uint64_t)RATE[year - FIRST_YEAR] * eager(region, org);
        uint32_t programme = 12 + (uint32_t)prng_below(prng, 4);    /* the long ones on quality management */
        bool alone = luck >= rate, seminar = alone && luck < rate * 7 / 5;
        if (luck >= rate * 8 / 5)
            continue;
        for (uint32_t i = by_org[org]; i < by_org[org + 1]; i++) {
            const struct post post = region->posts.at[leaders[i]];
            if (!member_on(&post, org, YEAR_END(year)))
                continue;
            member_train(region, prng, &post, year, seminar ? 16 : programme);
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

/* ── support ── */
/* As one may be young on the last day of that year; whether he is counted, expected.c says. */
static bool perhaps_young(const struct person *person, int year)
{
    return person->teaching_since != 0 && person->teaching_since <= YEAR_END(year)
        && day_add_months(person->teaching_since, 36) > day_of(year, 1, 1) && year - person->born.year < 36;
}

static void support_make(struct region *region, struct prng *prng, int year)
{
    static const uint32_t RATE[YEARS] = { 130, 185, 330, 440 };
    static const char *const FORM[] = {
        "наставничество", "школа молодого педагога", "консультация методиста", "посещение и разбор урока",
        "стажировка", "клуб молодых педагогов",
    };

    for (uint32_t i = 0; i < region->persons.n; i++) {
        day_t from = region->posts.at[region->persons.at[i].first_post].from;
        day_t day = day_between(prng, from > day_of(year, 1, 12) ? from : day_of(year, 1, 12), day_of(year, 12, 28));
        uint64_t luck = prng_below(prng, 1000000);
        uint64_t rate = perhaps_young(&region->persons.at[i], year) ? RATE[year - FIRST_YEAR] : 8;
        uint64_t form = prng_below(prng, sizeof FORM / sizeof *FORM);
        uint32_t main = day_year(day) == year ? main_post(region, i, day) : NONE;
        if (main == NONE || post_kind_of(&region->posts.at[main]) == POST_OTHER
            || luck >= rate * eager(region, region->posts.at[main].org))
            continue;
        *LIST_ADD(&region->supports) = (struct support_of){ i, FORM[form], day };
    }
}

void work_make(struct region *region)
{
    struct prng facts = region_prng(region, STREAM_FACTS), teams = region_prng(region, STREAM_TEAMS);
    struct prng support = region_prng(region, STREAM_SUPPORT);
    uint32_t *by_org = calloc(region->orgs.n + 1, sizeof *by_org), *leaders = calloc(region->posts.n, sizeof *leaders);

    if (by_org == NULL || leaders == NULL)
        log_die("sample", "out of memory");
    for (uint32_t i = 0; i < region->procedures.n; i++)
        sittings_make(region, &facts, i);
    routes_make(region, &facts);
    leaders_sort(region, by_org, leaders);
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        teams_make(region, &teams, by_org, leaders, year);
        support_make(region, &support, year);
    }
    free(by_org);
    free(leaders);
}
