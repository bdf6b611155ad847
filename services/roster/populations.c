#include "services/roster/populations.h"

bool post_held(day_t from, day_t until, day_t day)
{
    return from <= day && (until == 0 || day <= until);
}

bool post_leads(int kind)
{
    return kind == POST_HEAD || kind == POST_DEPUTY || kind == POST_UNIT_HEAD;
}

bool post_in_team(int kind)
{
    return kind == POST_HEAD || kind == POST_DEPUTY;
}

void population_post(struct population_tally *tally, int kind)
{
    tally->educator |= kind == POST_EDUCATOR;
    tally->leader |= post_leads(kind);
}

void population_person(struct population_tally *tally, bool young)
{
    tally->sum.educators += tally->educator;
    tally->sum.leaders += tally->leader;
    tally->sum.workers += tally->educator || tally->leader;
    tally->sum.young += tally->educator && young;
    tally->educator = tally->leader = false;
}
