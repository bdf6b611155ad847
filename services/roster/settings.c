#include "services/roster/roster.h"

#include "common/core/err.h"
#include "common/core/text.h"

/* What roster makes of the profile: titles of posts ready to be compared, and the zone of its days. */
int roster_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400])
{
    struct roster_config *made = ARENA_NEW(arena, struct roster_config);
    int err = profile_read(file, arena, &made->profile, zone_minutes, says);

    if (err != ERR_OK)
        return err;
    made->zone_minutes = *zone_minutes;
    made->post_folded = ARENA_LIST(arena, const char *, made->profile->posts.n);
    for (uint32_t i = 0; i < made->profile->posts.n; i++)
        made->post_folded[i] = text_fold(arena, made->profile->posts.at[i].title);
    *config = made;
    return ERR_OK;
}

int roster_post_kind(const struct ctx *ctx, const char *title)
{
    const struct roster_config *config = roster_config(ctx);
    const char *folded = text_fold(ctx->arena, title);

    for (uint32_t i = 0; i < config->profile->posts.n; i++)
        if (strcmp(config->post_folded[i], folded) == 0)
            return config->profile->posts.at[i].kind;
    return -1;
}
