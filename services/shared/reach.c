#include "proto/roles.h"
#include "services/shared/reach.h"

#define REACH_POSTS_MAX 64

bool reach_one(struct ctx *ctx, const struct uuid *scope, uint32_t n)
{
    struct uuid ids[PLACES_SAME_MAX], as[ENTRY_SCOPES_MAX];

    if (may_reach(ctx, scope, n))
        return true;
    if (n == 0 || n > ENTRY_SCOPES_MAX)
        return false;
    memcpy(as, scope, n * sizeof *as);
    for (uint32_t i = places_same_one(ctx, &scope[0], ids); i > 0; i--) {
        as[0] = ids[i - 1];
        if (!uuid_equal(&as[0], &scope[0]) && may_reach(ctx, as, n))
            return true;
    }
    return false;
}

/* Somebody whose reach is a school, a town or the region, and not himself alone. */
static bool is_staff(struct ctx *ctx)
{
    const struct reach *reach = &ctx->who->reach;
    struct workplace unit;
    for (uint32_t i = 0; i < reach->n; i++)
        if (places_unit(ctx, &reach->id[i], &unit))
            return true;
    return reach->all;
}

/* Through himself, or through a post that he has or has had. */
static bool reaches_person(struct ctx *ctx, const struct uuid *person, bool *known)
{
    struct post_opened *posts = ARENA_LIST(ctx->arena, struct post_opened, REACH_POSTS_MAX);
    struct uuid now = places_person_now(ctx, person);
    uint32_t n = places_posts(ctx, &now, posts, REACH_POSTS_MAX);
    *known = n > 0;
    for (uint32_t i = 0; i < n; i++) {
        struct workplace place = { .chain = { posts[i].chain.n, posts[i].chain.at } };
        struct uuid scope[ENTRY_SCOPES_MAX];
        if (may_reach(ctx, scope, places_scope(person, &place, scope)))
            return true;
    }
    return reach_one(ctx, person, 1);
}

/* Of a person whom nobody knows those may hear that could reach anybody. */
static bool may_hear(struct ctx *ctx, const struct uuid *person)
{
    bool known;
    return reaches_person(ctx, person, &known) || (!known && uuid_is_nil(&ctx->who->actor) && is_staff(ctx));
}

enum verdict reach_place(struct ctx *ctx, const struct uuid *person, const struct uuid *organisation, day_t day,
                         struct workplace *place, struct uuid scope[ENTRY_SCOPES_MAX], uint32_t *n)
{
    *place = (struct workplace){ .kind = 0 };
    const struct uuid *named = organisation != NULL ? organisation : &UUID_NIL;
    bool known, found = places_of(ctx, person, organisation, day, place) == PLACES_FOUND;
    *n = places_scope(person, place, scope);
    if (found && !uuid_is_nil(named) && !reaches_person(ctx, person, &known))
        return REFUSE_REACH(ctx);           /* naming one's own organisation makes nobody one's own */
    if (found ? !reach_one(ctx, scope, *n) : !may_hear(ctx, person))
        return REFUSE_REACH(ctx);
    return found ? VERDICT_OK : places_need(ctx, person, organisation, day, place);
}

bool reach_self(struct ctx *ctx, const struct uuid *person, const struct uuid *scope, uint32_t n)
{
    if (ctx->who->role == ROLE_CONSOLE)
        return places_same_person(ctx, &ctx->who->actor, person) && reach_one(ctx, scope, n);
    return reach_one(ctx, person, 1);       /* a reach of his school does not make anybody him */
}

bool reach_seen(struct ctx *ctx, const struct uuid *scope, uint32_t n)
{
    if (ctx->who->role == ROLE_CONSOLE && uuid_is_nil(&ctx->who->actor))
        return false;
    return reach_one(ctx, scope, n);
}
