#include "services/roster/people/populations.h"

#include <string.h>

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

bool post_off_staff(int kind)
{
    return kind == POST_STUDENT || kind == POST_GIFTED || kind == POST_GUEST;
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

/* ── those that the profile defines ───────────────────────────────────────── */

/* Names that exist: the profile was read. */
static uint32_t bits_of(const struct enum_desc *names, const char *const *at, uint32_t n)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < n; i++)
        bits |= 1u << enum_find(names, at[i], strlen(at[i]));
    return bits;
}

struct population_rule population_rule_of(const struct profile_population *defined)
{
    return (struct population_rule){ defined, bits_of(&post_kind_names, defined->posts.at, defined->posts.n),
                                     bits_of(&org_kind_names, defined->organisations.at, defined->organisations.n) };
}

bool population_on(const struct profile *profile, const char *id, day_t day, struct population_rule *rule)
{
    for (uint32_t i = 0; i < profile->populations.n; i++) {
        const struct profile_population *p = &profile->populations.at[i];
        if (strcmp(p->id, id) != 0 || p->from > day || (p->until != 0 && p->until < day))
            continue;
        *rule = population_rule_of(p);
        return true;
    }
    return false;
}

bool population_named(const struct profile *profile, const char *id)
{
    for (uint32_t i = 0; i < profile->populations.n; i++)
        if (strcmp(profile->populations.at[i].id, id) == 0)
            return true;
    return false;
}

bool population_takes_post(const struct population_rule *rule, const struct post_brief *post, day_t day)
{
    return post_held(post->from, post->until, day) && (rule->posts >> post->kind & 1) != 0
        && (rule->organisations == 0 || (rule->organisations >> post->organisation_kind & 1) != 0)
        && (!rule->defined->main || post->main)
        && (rule->defined->matching == SAID_NOTHING || (int)rule->defined->matching == post->matching);
}

bool population_takes_person(const struct population_rule *rule, const struct band_span *bands, uint32_t n, day_t day)
{
    for (uint32_t i = 0; i < rule->defined->bands.n; i++)
        if (!bands_hold(bands, n, rule->defined->bands.at[i], day))
            return false;
    for (uint32_t i = 0; i < rule->defined->outside.n; i++)
        if (bands_hold(bands, n, rule->defined->outside.at[i], day))
            return false;
    return true;
}
