#include "proto/roles.h"
#include "services/shared/reach.h"

enum verdict reach_place(struct ctx *ctx, const struct uuid *person, const struct uuid *organisation, day_t day,
                         struct workplace *place, struct uuid scope[ENTRY_SCOPES_MAX], uint32_t *n)
{
    *place = (struct workplace){ .kind = 0 };
    bool found = places_of(ctx, person, organisation, day, place) == PLACES_FOUND;
    *n = places_scope(person, place, scope);
    if (!may_reach(ctx, scope, *n))
        return REFUSE_REACH(ctx);
    return found ? VERDICT_OK : places_need(ctx, person, organisation, day, place);
}

bool reach_self(const struct ctx *ctx, const struct uuid *person, const struct uuid *scope, uint32_t n)
{
    if (ctx->who->role == ROLE_CONSOLE && !uuid_equal(&ctx->who->actor, person))
        return false;
    return may_reach(ctx, scope, n);
}

bool reach_seen(const struct ctx *ctx, const struct uuid *scope, uint32_t n)
{
    if (ctx->who->role == ROLE_CONSOLE && uuid_is_nil(&ctx->who->actor))
        return false;
    return may_reach(ctx, scope, n);
}
