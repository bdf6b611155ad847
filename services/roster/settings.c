#include "services/roster/roster.h"

#include "common/core/err.h"
#include "common/core/failpoint.h"

/* What roster makes of the profile: titles of posts ready to be compared, and the zone of its days. */
int roster_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400])
{
    struct roster_config *made = ARENA_NEW(arena, struct roster_config);
    int err = profile_read(file, arena, &made->profile, zone_minutes, says);

    if (err != ERR_OK)
        return err;
    if (SABOTAGE("days_of_greenwich"))
        *zone_minutes = 0;
    made->zone_minutes = *zone_minutes;
    staff_posts_read(&made->posts, made->profile, arena);
    *config = made;
    return ERR_OK;
}
