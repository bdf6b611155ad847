#include "common/core/err.h"
#include "services/indicators/indicators_state.h"
#include "services/indicators/records.h"

/* Persons' records as they are kept, and the teams that they make. */

void worker_load(struct ctx *ctx, struct bytes key, struct worker *worker, struct arena *arena)
{
    struct bytes value;

    *worker = (struct worker){ 0 };
    if (txn_get(ctx->txn, T_WORKERS, key, &value)
        && !worker_decode(arena_bytes(arena, value), arena, worker)) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        *worker = (struct worker){ 0 };
    }
}

bool team_load(struct ctx *ctx, const struct uuid *organisation, struct arena *arena, const struct uuid *swapped,
               const struct worker *swap, struct team_record *team)
{
    struct key key = key_of_uuid(organisation);
    struct bytes value;

    if (!txn_get(ctx->txn, T_TEAMS, key_bytes(&key), &value))
        return false;
    value = arena_bytes(arena, value);
    uint32_t n = (uint32_t)(value.n / sizeof(struct uuid));
    const struct uuid *id = value.at;
    const struct worker **member = ARENA_LIST(arena, const struct worker *, n);
    for (uint32_t i = 0; i < n; i++) {
        struct key person = key_of_uuid(&id[i]);
        struct worker *worker = ARENA_NEW(arena, struct worker);
        member[i] = worker;
        if (swap != NULL && uuid_equal(&id[i], swapped))
            member[i] = swap;
        else
            worker_load(ctx, key_bytes(&person), worker, arena);
    }
    *team = (struct team_record){ *organisation, n, member };
    return true;
}

static bool leads_team(const struct worker_post *post)
{
    return post->kind == POST_HEAD || post->kind == POST_DEPUTY || post->kind == POST_UNIT_HEAD;
}

void teams_of(const struct worker *worker, struct place *organisations, struct arena *arena)
{
    for (uint32_t i = 0; i < worker->posts.n; i++)
        if (leads_team(&worker->posts.at[i]))
            ids_add(organisations, &worker->posts.at[i].place.at[0], arena);
}

void member_count(struct ctx *ctx, const struct rules *rules, const struct worker *worker, struct arena *arena,
                  const struct uuid *swapped, const struct worker *swap, struct marks *marks)
{
    struct place organisations = { 0 };
    uint32_t n = 0;

    teams_of(worker, &organisations, arena);
    struct team_record *teams = ARENA_LIST(arena, struct team_record, organisations.n);
    for (uint32_t i = 0; i < organisations.n; i++)
        n += team_load(ctx, &organisations.at[i], arena, swapped, swap, &teams[n]);
    count_member(rules, worker, teams, n, arena, marks);
}
