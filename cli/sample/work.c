/* What was done in 2021–2024: sittings, agreements, support. How much of it differs by
 * municipality and grows by the year, so that some targets are met and some are missed. */
#include <stdlib.h>

#include "cli/sample/records.h"
#include "common/core/log.h"

#define AGAIN_RATE     330      /* of a thousand who have learned by a route sit again */

uint32_t eager(const struct region *region, uint32_t org)
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

/* What is known of a person while the years go by: the sitting whose route he has learned by, and until when. */
struct learned { uint32_t sitting; day_t since; };

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

/* Who has learned since shows it in most of what was missing, and forgets nothing. */
static void answers_better(struct prng *prng, const struct sitting_of *before, struct sitting_of *sitting)
{
    for (uint32_t c = 0; c < COMPETENCIES; c++) {
        bool better = chance(prng, 700);
        uint8_t right = (uint8_t)(RIGHT_LEAST + prng_below(prng, TASKS_EACH - RIGHT_LEAST + 1));
        if (before->right[c] < RIGHT_LEAST && better)
            sitting->right[c] = right;
        else if (sitting->right[c] < before->right[c])
            sitting->right[c] = before->right[c];
    }
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

static void sittings_make(struct region *region, struct prng *prng, uint32_t procedure, const struct learned *learned)
{
    const struct procedure_of *at = &region->procedures.at[procedure];
    uint32_t rate = sitting_rate(region, at);

    for (uint32_t i = 0; i < region->persons.n; i++) {
        day_t day = day_between(prng, at->opens, at->closes);
        uint64_t luck = prng_below(prng, 1000000);
        uint32_t main = main_post(region, i, day);
        bool again = at->owner == region->centre && learned[i].since != 0 && learned[i].since < day;
        if (main == NONE || post_kind_of(&region->posts.at[main]) == POST_OTHER
            || luck >= (uint64_t)(again ? AGAIN_RATE : rate) * eager(region, region->posts.at[main].org))
            continue;
        struct sitting_of sitting = { .procedure = procedure, .person = i, .day = day };
        sitting.org = named_draw(region, prng, i, main, day);
        answers_draw(prng, &region->persons.at[i], &sitting);
        if (again)
            answers_better(prng, &region->sittings.at[learned[i].sitting], &sitting);
        *LIST_ADD(&region->sittings) = sitting;
    }
}

/* ── routes ── */
/* The month whose series he joins: the next that begins after the agreement, or one or two later. */
static uint32_t month_after(day_t day, uint64_t later)
{
    uint32_t month = 0;

    while (month < YEARS * 12 && series_day(month) <= day)
        month++;
    return month + (uint32_t)later < YEARS * 12 ? month + (uint32_t)later : NONE;
}

static void agreement_make(struct region *region, struct prng *prng, uint32_t i, struct learned *learned)
{
    static const uint32_t TAKEN[YEARS] = { 480, 560, 600, 640 };
    const struct sitting_of *sitting = &region->sittings.at[i];
    bool centre = region->procedures.at[sitting->procedure].owner == region->centre;
    bool agreed = chance(prng, centre ? 930 : 500);
    day_t day = sitting->day + 1 + (day_t)prng_below(prng, 30);
    bool taken = chance(prng, TAKEN[day_year(sitting->day) - FIRST_YEAR]);
    uint32_t month = month_after(day, prng_below(prng, 3));

    if (!agreed || !sitting_has_deficit(sitting) || day > WORK_ENDS || main_post(region, sitting->person, day) == NONE)
        return;
    if (!taken || month == NONE || series_day(month) <= learned[sitting->person].since
        || main_post(region, sitting->person, series_day(month)) == NONE)
        month = NONE;
    else
        learned[sitting->person] = (struct learned){ i, series_day(month) + SERIES_DAYS };
    *LIST_ADD(&region->agreements) = (struct agreement_of){ i, day, month };
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
    struct prng facts = region_prng(region, STREAM_FACTS), support = region_prng(region, STREAM_SUPPORT);
    struct learned *learned = calloc(region->persons.n, sizeof *learned);

    if (learned == NULL)
        log_die("sample", "out of memory");
    for (uint32_t i = 0; i < region->procedures.n; i++) {
        uint32_t first = (uint32_t)region->sittings.n;
        sittings_make(region, &facts, i, learned);
        for (uint32_t sitting = first; sitting < region->sittings.n; sitting++)
            agreement_make(region, &facts, sitting, learned);
    }
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
        support_make(region, &support, year);
    free(learned);
}
