#include "cli/sample/records.h"

#include <stdlib.h>

#include "common/core/log.h"

void *list_room(void *at, size_t n, size_t *room, size_t size)
{
    if (n == *room) {
        *room = *room == 0 ? 256 : *room * 2;
        at = realloc(at, *room * size);
        if (at == NULL)
            log_die("sample", "out of memory");
    }
    memset((char *)at + n * size, 0, size);
    return at;
}

void region_free(struct region *region)
{
    free(region->names.slot);
    free(region->orgs.at);
    free(region->persons.at);
    free(region->posts.at);
    free(region->programmes.at);
    free(region->runs.at);
    free(region->procedures.at);
    free(region->sittings.at);
    free(region->agreements.at);
    free(region->enrolments.at);
    free(region->attestations.at);
    free(region->completions.at);
    free(region->tutors.at);
    free(region->assignments.at);
    free(region->supports.at);
    free(region->entries.at);
    free(region->parts.at);
    free(region->duties.at);
    free(region->papers.at);
    free(region->sendings.at);
    free(region->changes.at);
    free(region->consents.at);
    free(region->outsides.at);
    free(region->bookings.at);
    free(region->contests.at);
    free(region->works.at);
    free(region->opinions.at);
    *region = (struct region){ 0 };
}

struct prng region_prng(const struct region *region, enum stream stream)
{
    struct prng prng;
    prng_seed(&prng, region->seed * 64 + stream);
    return prng;
}

bool chance(struct prng *prng, uint64_t permille)
{
    return prng_below(prng, 1000) < permille;
}

day_t day_between(struct prng *prng, day_t first, day_t last)
{
    return last <= first ? first : first + (day_t)prng_below(prng, last - first + 1);
}

bool post_on(const struct post *post, day_t day)
{
    return post->from <= day && (post->until == 0 || day <= post->until);
}

uint32_t main_post(const struct region *region, uint32_t person, day_t day)
{
    const struct person *p = &region->persons.at[person];

    for (uint32_t i = p->first_post; i < p->first_post + p->posts; i++)
        if (!region->posts.at[i].part_time && post_on(&region->posts.at[i], day))
            return i;
    return NONE;
}

enum post_kind post_kind_of(const struct post *post)
{
    return POST_TITLE[post->title].kind;
}
