#include "common/core/failpoint.h"
#include "services/routes/routes.h"
#include "services/shared/reach.h"

/* tutor.appoint, .release, .assign; assignment by itself when a route is drafted (M5). */

#define HAND_OVER_MAX 32            /* charges handed over at once; a timer goes on */
#define POOL_UNITS_MAX (HAND_OVER_MAX * CHAIN_MAX)

/* ── who is free ──────────────────────────────────────────────────────────── */

/* Tutors at hand, read unit by unit as charges need them. As many of a unit as charges can be dealt out at once,
 * fewest charges first: nobody further down could be picked. */
struct pool {
    int kind;
    struct uuid without;            /* who is being released */
    uint32_t units, n;
    struct uuid unit[POOL_UNITS_MAX];
    struct load_tutor *list[POOL_UNITS_MAX];
    uint32_t count[POOL_UNITS_MAX];
};

static bool pool_has(const struct pool *pool, const struct uuid *unit)
{
    for (uint32_t i = 0; i < pool->units; i++)
        if (uuid_equal(&pool->unit[i], unit))
            return true;
    return false;
}

static void pool_read(struct ctx *ctx, struct pool *pool, const struct uuid *unit)
{
    if (pool->units == POOL_UNITS_MAX || pool_has(pool, unit))
        return;
    struct load_tutor *list = ARENA_LIST(ctx->arena, struct load_tutor, HAND_OVER_MAX + 1);
    uint32_t n = tutors_free(ctx, pool->kind, unit, list, HAND_OVER_MAX + 1), kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!uuid_equal(&list[i].person, &pool->without))
            list[kept++] = list[i];
    pool->unit[pool->units] = *unit;
    pool->list[pool->units] = list;
    pool->count[pool->units++] = kept;
}

/* The tutor whose turn it is, nil when there is none. */
static struct uuid pool_take(struct ctx *ctx, struct pool *pool, const struct uuid *charge, const struct uuid *chain, uint32_t n)
{
    struct load_tutor best[CHAIN_MAX];
    struct load_tutor *from[CHAIN_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < n && i < CHAIN_MAX; i++) {
        pool_read(ctx, pool, &chain[i]);
        for (uint32_t u = 0; u < pool->units; u++) {
            uint32_t at = uuid_equal(&pool->unit[u], &chain[i])
                        ? load_pick(pool->list[u], pool->count[u], charge, chain, n) : LOAD_NONE;
            if (at == LOAD_NONE)
                continue;
            from[count] = &pool->list[u][at];
            best[count++] = pool->list[u][at];
        }
    }
    uint32_t at = load_pick(best, count, charge, chain, n);
    if (at == LOAD_NONE)
        return UUID_NIL;
    if (!SABOTAGE("load_as_it_was"))
        from[at]->load++;
    return from[at]->person;
}

/* ── assignment ───────────────────────────────────────────────────────────── */

static void emit_assigned(struct ctx *ctx, const char *event, const struct tutor_assigned *assigned)
{
    struct workplace place = { .chain = { assigned->chain.n, assigned->chain.at } };
    struct uuid scope[ENTRY_SCOPES_MAX];
    uint32_t n = places_scope(&assigned->charge, &place, scope);
    if (n < ENTRY_SCOPES_MAX)
        scope[n++] = assigned->tutor;           /* whose charges they are sees it, wherever they work */
    emit(ctx, event, assigned, scope, n);
}

static void unassign(struct ctx *ctx, const struct tutor_assigned *was, day_t day)
{
    struct tutor_assigned no_longer = *was;
    no_longer.day = day;
    emit_assigned(ctx, "routes.tutor.unassigned", &no_longer);
}

/* Whoever has him by now: two records of his that were merged may have been given to two. */
static void unassign_one(struct ctx *ctx, const struct uuid *charge, int kind, day_t day)
{
    struct uuid ids[PLACES_SAME_MAX];
    uint32_t n = places_same_one(ctx, charge, ids);
    struct tutor_assigned was;
    for (uint32_t i = 0; i < n; i++)
        if (charge_find(ctx, &ids[i], kind, &was))
            unassign(ctx, &was, day);
}

void tutors_for_draft(struct ctx *ctx, const struct route_drafted *draft)
{
    struct tutor_assigned known;
    for (int kind = 0; kind < tutor_kind_count; kind++) {
        struct pool pool = { .kind = kind };
        if (charge_find_of_one(ctx, &draft->person, kind, &known))
            continue;
        struct uuid tutor = pool_take(ctx, &pool, &draft->person, draft->chain.at, draft->chain.n);
        struct tutor_assigned assigned = { .charge = draft->person, .tutor = tutor, .kind = kind,
                                           .chain = { draft->chain.n, draft->chain.at }, .day = ctx->today };
        if (!uuid_is_nil(&tutor))
            emit_assigned(ctx, "routes.tutor.assigned", &assigned);
    }
}

/* Where the person works on that day, today or one of the past that is told of now. */
static enum verdict place_on(struct ctx *ctx, const struct uuid *person, day_t day, struct workplace *place,
                             struct uuid scope[ENTRY_SCOPES_MAX], uint32_t *n)
{
    if (reach_place(ctx, person, NULL, day, place, scope, n) != VERDICT_OK)
        return VERDICT_REFUSED;
    return day == ctx->today ? VERDICT_OK : need_day(ctx, day);
}

static enum verdict named_tutor(struct ctx *ctx, const struct tutor_assign *assign)
{
    struct tutor tutor;
    if (!tutor_find(ctx, assign->kind, &assign->tutor, &tutor) || tutor.released)
        return refuse(ctx, PROBLEM_NOT_FOUND, "tutor_unknown");
    if (places_same_person(ctx, &assign->tutor, &assign->person))
        return refuse(ctx, PROBLEM_CONFLICT, "own_tutor");
    if (tutor.tutor->limit == 0 || tutor.charges < tutor.tutor->limit)
        return VERDICT_OK;
    refuse(ctx, PROBLEM_CONFLICT, "tutor_full");
    refuse_arg(ctx, "limit", arena_format(ctx->arena, "%u", (unsigned)tutor.tutor->limit));
    return VERDICT_REFUSED;
}

/* Somebody named may be given anybody's charge; nobody named: whoever has the fewest, of those who cover the place. */
enum verdict decide_tutor_assign(struct ctx *ctx, const void *command)
{
    const struct tutor_assign *assign = command;
    struct uuid scope[ENTRY_SCOPES_MAX], tutor = assign->tutor;
    struct pool pool = { .kind = assign->kind };
    struct tutor_assigned was;
    struct workplace place;
    day_t day = assign->day != 0 ? assign->day : ctx->today;
    uint32_t n;
    if (place_on(ctx, &assign->person, day, &place, scope, &n) != VERDICT_OK)
        return VERDICT_REFUSED;
    bool had = charge_find_of_one(ctx, &assign->person, assign->kind, &was);
    if (!uuid_is_nil(&tutor) && had && uuid_equal(&was.tutor, &tutor))
        return refuse(ctx, PROBLEM_CONFLICT, "already_assigned");
    if (!uuid_is_nil(&tutor) && named_tutor(ctx, assign) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (had)
        pool.without = was.tutor;               /* nobody named: another one is wanted */
    if (uuid_is_nil(&tutor))
        tutor = pool_take(ctx, &pool, &assign->person, place.chain.at, place.chain.n);
    if (uuid_is_nil(&tutor))
        return refuse(ctx, PROBLEM_CONFLICT, "no_tutor");
    unassign_one(ctx, &assign->person, assign->kind, day);
    struct tutor_assigned assigned = { .charge = assign->person, .tutor = tutor, .kind = assign->kind,
                                       .chain = { place.chain.n, place.chain.at }, .day = day };
    emit_assigned(ctx, "routes.tutor.assigned", &assigned);
    return VERDICT_OK;
}

/* ── appointment and release ──────────────────────────────────────────────── */

/* What the profile allows; 0: it sets none. */
static uint64_t profile_most(const struct ctx *ctx, int kind)
{
    const struct routes_config *config = ctx->config;
    if (config == NULL)
        return 0;
    const struct profile_routes *routes = config->profile->routes;
    return kind == TUTOR_OF_ROUTES ? routes->tutor_most : routes->methodologist_most;
}

/* Again for the same person: another limit, or the place where he works by now. The profile's limit binds all. */
enum verdict decide_tutor_appoint(struct ctx *ctx, const void *command)
{
    const struct tutor_appoint *appoint = command;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct workplace place;
    uint64_t most = profile_most(ctx, appoint->kind);
    day_t day = appoint->day != 0 ? appoint->day : ctx->today;
    uint32_t n;
    if (place_on(ctx, &appoint->person, day, &place, scope, &n) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct tutor_appointed appointed = {
        .person = appoint->person, .kind = appoint->kind, .chain = { place.chain.n, place.chain.at }, .day = day,
        .limit = appoint->limit != 0 && (most == 0 || appoint->limit < most) ? appoint->limit : most,
        .covers = load_covers(place.kind, place.chain.at, place.chain.n),
    };
    emit(ctx, "routes.tutor.appointed", &appointed, scope, n);
    return VERDICT_OK;
}

/* Charges go to others; who finds nobody is without one until the next result or assignment. */
static void hand_over(struct ctx *ctx, int kind, const struct uuid *tutor)
{
    struct tutor_assigned *list = ARENA_LIST(ctx->arena, struct tutor_assigned, HAND_OVER_MAX);
    uint32_t n = charges_of(ctx, kind, tutor, list, HAND_OVER_MAX);
    struct pool *pool = ARENA_NEW(ctx->arena, struct pool);
    *pool = (struct pool){ .kind = kind, .without = *tutor };
    for (uint32_t i = 0; i < n; i++) {
        struct tutor_assigned now = list[i];
        struct workplace place;
        if (places_of(ctx, &now.charge, NULL, ctx->today, &place) == PLACES_FOUND) {
            now.chain.n = place.chain.n;
            now.chain.at = place.chain.at;
        }
        now.tutor = pool_take(ctx, pool, &now.charge, now.chain.at, now.chain.n);
        now.day = ctx->today;
        unassign(ctx, &list[i], ctx->today);
        if (!uuid_is_nil(&now.tutor))
            emit_assigned(ctx, "routes.tutor.assigned", &now);
    }
}

enum verdict decide_tutor_release(struct ctx *ctx, const void *command)
{
    const struct tutor_release *release = command;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct workplace place;
    struct tutor tutor;
    uint32_t n;
    if (!tutor_find(ctx, release->kind, &release->person, &tutor)) {
        if (reach_place(ctx, &release->person, NULL, ctx->today, &place, scope, &n) != VERDICT_OK)
            return VERDICT_REFUSED;
        return refuse(ctx, PROBLEM_NOT_FOUND, "tutor_unknown");
    }
    place = (struct workplace){ .chain = { tutor.tutor->chain.n, tutor.tutor->chain.at } };
    n = places_scope(&release->person, &place, scope);
    if (!may_reach(ctx, scope, n))
        return REFUSE_REACH(ctx);
    if (tutor.released)
        return refuse(ctx, PROBLEM_NOT_FOUND, "tutor_unknown");
    struct tutor_released released = {
        .person = release->person, .kind = release->kind, .chain = { tutor.tutor->chain.n, tutor.tutor->chain.at },
        .day = ctx->today, .reason = release->reason,
    };
    emit(ctx, "routes.tutor.released", &released, scope, n);
    hand_over(ctx, release->kind, &release->person);
    return VERDICT_OK;
}

static enum verdict go_on(struct ctx *ctx, int kind, const struct uuid *tutor)
{
    struct tutor known;
    if (!tutor_find(ctx, kind, tutor, &known) || !known.released)
        return VERDICT_REFUSED;
    hand_over(ctx, kind, tutor);
    return VERDICT_OK;
}

enum verdict fire_hand_over_tutor(struct ctx *ctx, const struct uuid *key, moment_t due)
{
    (void)due;
    return go_on(ctx, TUTOR_OF_ROUTES, key);
}

enum verdict fire_hand_over_methodologist(struct ctx *ctx, const struct uuid *key, moment_t due)
{
    (void)due;
    return go_on(ctx, TUTOR_METHODOLOGIST, key);
}
