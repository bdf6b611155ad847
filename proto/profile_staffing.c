#include "proto/profile_staffing.h"

#include <string.h>

MSG_DEFINE(profile_staffing, PROFILE_STAFFING_FIELDS)

static bool band_known(const char *id, const struct profile_band *bands, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(bands[i].id, id) == 0)
            return true;
    return id[0] == '\0' || strcmp(id, BAND_YOUNG) == 0;
}

const char *profile_staffing_fault(const struct profile_staffing *staffing, const struct profile_population *populations, uint32_t n,
                                   const struct profile_band *bands, uint32_t bands_n, struct arena *arena, const char **path)
{
    bool known = staffing == NULL;

    for (uint32_t i = 0; i < n && !known; i++)
        known = strcmp(populations[i].id, staffing->population) == 0;
    if (!known)
        return *path = "staffing.population", "no population has this id";
    for (uint32_t i = 0; staffing != NULL && i < staffing->bands.n; i++)
        if (!band_known(staffing->bands.at[i], bands, bands_n))
            return *path = arena_format(arena, "staffing.bands[%u]", i), "no band has this id";
    if (staffing != NULL && staffing->leaving != NULL && !band_known(staffing->leaving, bands, bands_n))
        return *path = "staffing.leaving", "no band has this id";
    if (staffing != NULL && staffing->unpedagogical != NULL && !band_known(staffing->unpedagogical, bands, bands_n))
        return *path = "staffing.unpedagogical", "no band has this id";
    return NULL;
}
