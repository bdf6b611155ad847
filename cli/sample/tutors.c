/* Who accompanies: tutors of routes and methodologists, of the institute and its centre, and whom they have now.
 * How many a methodologist has goes from fewer than ten to a hundred, as many as the region lets him have: the
 * lower end of a corridor is missed by somebody. */
#include <stdlib.h>

#include "cli/sample/records.h"
#include "common/core/log.h"

#define ROUTES_OF_ONE 40        /* charges of a tutor, about */

static bool works_still(const struct region *region, uint32_t person)
{
    uint32_t main = main_post(region, person, WORK_ENDS);
    return main != NONE && region->posts.at[main].until == 0 && post_kind_of(&region->posts.at[main]) != POST_OTHER;
}

static bool may_accompany(const struct region *region, uint32_t person)
{
    uint32_t main = main_post(region, person, WORK_ENDS);
    return works_still(region, person) && (region->posts.at[main].org == region->centre
                                           || region->posts.at[main].org == region->institute);
}

/* From that day on both are in the posts they still have. */
static day_t since_both(const struct region *region, uint32_t tutor, uint32_t person, day_t day)
{
    day_t begins = region->tutors.at[tutor].day, works = region->posts.at[main_post(region, person, WORK_ENDS)].from;
    day = day > begins ? day : begins;
    return day > works ? day : works;
}

static uint32_t tutor_add(struct region *region, uint32_t person, bool methodologist, uint32_t limit)
{
    day_t works = region->posts.at[main_post(region, person, WORK_ENDS)].from, begins = day_of(FIRST_YEAR, 9, 1);
    *LIST_ADD(&region->tutors) = (struct tutor_of){ person, methodologist, limit, works > begins ? works : begins };
    return (uint32_t)(region->tutors.n - 1);
}

static void assign(struct region *region, uint32_t person, uint32_t tutor, day_t day)
{
    *LIST_ADD(&region->assignments) = (struct assignment_of){ person, tutor, since_both(region, tutor, person, day) };
}

/* Educators are given out in the order of the staff list, each to one methodologist, over the years. */
static void methodologists_make(struct region *region, struct prng *prng, const uint32_t *pool, uint32_t n)
{
    static const uint32_t CHARGES[] = { 8, 36, 100, 58, 22, 77, 15, 93, 46, 10, 64, 30 };
    uint32_t person = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t charges = CHARGES[i % (sizeof CHARGES / sizeof *CHARGES)];
        uint32_t tutor = tutor_add(region, pool[i], true, charges);
        for (uint32_t given = 0; given < charges && person < region->persons.n; person++) {
            uint32_t main = main_post(region, person, WORK_ENDS);
            if (!works_still(region, person) || post_kind_of(&region->posts.at[main]) != POST_EDUCATOR
                || may_accompany(region, person))
                continue;
            assign(region, person, tutor, day_between(prng, day_of(FIRST_YEAR, 9, 1), day_of(LAST_YEAR, 12, 1)));
            given++;
        }
    }
}

/* Whose route is agreed is given to a tutor, as long as there are tutors. */
static void tutors_of_routes_make(struct region *region, const uint32_t *pool, uint32_t n)
{
    bool *has = calloc(region->persons.n, sizeof *has);
    uint32_t given = 0, tutor = NONE;

    if (has == NULL)
        log_die("sample", "out of memory");
    for (size_t i = 0; i < region->agreements.n; i++) {
        const struct agreement_of *a = &region->agreements.at[i];
        uint32_t person = region->sittings.at[a->sitting].person;
        if (has[person] || !works_still(region, person) || may_accompany(region, person))
            continue;
        if (given % ROUTES_OF_ONE == 0) {
            if (given / ROUTES_OF_ONE == n)
                break;
            tutor = tutor_add(region, pool[given / ROUTES_OF_ONE], false, 0);
        }
        has[person] = true;
        assign(region, person, tutor, a->day);
        given++;
    }
    free(has);
}

void tutors_make(struct region *region)
{
    struct prng prng = region_prng(region, STREAM_TUTORS);
    uint32_t *pool = calloc(region->persons.n, sizeof *pool), n = 0;
    uint32_t methodologists = 3 + (uint32_t)(region->workers / 1000);

    if (pool == NULL)
        log_die("sample", "out of memory");
    for (uint32_t i = 0; i < region->persons.n; i++)
        if (may_accompany(region, i))
            pool[n++] = i;
    methodologists_make(region, &prng, pool, methodologists < n ? methodologists : n);
    tutors_of_routes_make(region, pool, n);
    free(pool);
}
