#include "proto/profile_people.h"

#include <string.h>

ENUM_DEFINE(service_of, SERVICES_OF)
ENUM_DEFINE(band_step, BAND_STEPS)
MSG_DEFINE(profile_band, PROFILE_BAND_FIELDS)
MSG_DEFINE(profile_population, PROFILE_POPULATION_FIELDS)

static bool empty_range(uint64_t from, uint64_t under) { return under != 0 && from >= under; }

static const char *band_fault(const struct profile_band *band, const char **field)
{
    *field = "id";
    if (strcmp(band->id, BAND_YOUNG) == 0)
        return "this is the band of the section young";
    *field = "under_years";
    if (empty_range(band->from_years, band->under_years))
        return "not more than from_years: nobody could be in it";
    *field = "under_months";
    if (empty_range(band->from_months, band->under_months))
        return "not more than from_months: nobody could be in it";
    *field = "id";
    if (band->from_years + band->under_years + band->from_months + band->under_months == 0 && band->pedagogical == SAID_NOTHING)
        return "says nothing: everybody would be in it";
    return NULL;
}

const char *profile_bands_fault(const struct profile_band *bands, uint32_t n, struct arena *arena, const char **path)
{
    for (uint32_t i = 0; i < n; i++) {
        const char *field, *what = band_fault(&bands[i], &field);
        for (uint32_t j = 0; j < i && what == NULL; j++)
            if (strcmp(bands[i].id, bands[j].id) == 0)
                field = "id", what = "this band is there already";
        if (what != NULL)
            return *path = arena_format(arena, "bands[%u].%s", i, field), what;
    }
    return NULL;
}

static bool names_known(const struct enum_desc *names, const char *const *at, uint32_t n, uint32_t *bad)
{
    for (*bad = 0; *bad < n; (*bad)++)
        if (enum_find(names, at[*bad], strlen(at[*bad])) < 0)
            return false;
    return true;
}

bool profile_band_known(const struct profile_band *bands, uint32_t n, const char *id)
{
    bool known = strcmp(id, BAND_YOUNG) == 0;

    for (uint32_t i = 0; i < n && !known; i++)
        known = strcmp(bands[i].id, id) == 0;
    return known;
}

static bool bands_known(const struct profile_band *bands, uint32_t bands_n, const char *const *at, uint32_t n, uint32_t *bad)
{
    for (*bad = 0; *bad < n; (*bad)++)
        if (!profile_band_known(bands, bands_n, at[*bad]))
            return false;
    return true;
}

static bool days_meet(const struct profile_population *a, const struct profile_population *b)
{
    return (a->until == 0 || b->from <= a->until) && (b->until == 0 || a->from <= b->until);
}

const char *profile_populations_fault(const struct profile_population *populations, uint32_t n, const struct profile_band *bands,
                                      uint32_t bands_n, struct arena *arena, const char **path)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct profile_population *p = &populations[i];
        const char *at = arena_format(arena, "populations[%u]", i);
        uint32_t bad;

        if (p->until != 0 && p->until < p->from)
            return *path = arena_format(arena, "%s.until", at), "before from";
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(p->id, populations[j].id) == 0 && days_meet(p, &populations[j]))
                return *path = arena_format(arena, "%s.id", at), "this population has a definition for some of these days already";
        if (!names_known(&post_kind_names, p->posts.at, p->posts.n, &bad))
            return *path = arena_format(arena, "%s.posts[%u]", at, bad), "no such kind of post";
        if (!names_known(&org_kind_names, p->organisations.at, p->organisations.n, &bad))
            return *path = arena_format(arena, "%s.organisations[%u]", at, bad), "no such kind of organisation";
        if (!bands_known(bands, bands_n, p->bands.at, p->bands.n, &bad))
            return *path = arena_format(arena, "%s.bands[%u]", at, bad), "no such band";
        if (!bands_known(bands, bands_n, p->outside.at, p->outside.n, &bad))
            return *path = arena_format(arena, "%s.outside[%u]", at, bad), "no such band";
    }
    return NULL;
}
