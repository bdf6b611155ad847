#include <stdio.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/service/service.h"
#include "services/indicators/indicators_state.h"
#include "services/indicators/records.h"

int indicators_configure(const char *profile_file, struct arena *arena, const void **config, int *zone_minutes, char says[400])
{
    const struct profile *profile;
    struct rules *rules = ARENA_NEW(arena, struct rules);
    const char *code = "", *fault = "";
    int err = profile_read(profile_file, arena, &profile, zone_minutes, says);

    if (err != ERR_OK)
        return err;
    if (!rules_make(rules, profile, arena, &code, &fault)) {
        if (says != NULL)
            snprintf(says, 400, "%s: indicator %s: %s", profile_file, code, fault);
        return ERR_MALFORMED;
    }
    *config = rules;
    return ERR_OK;
}

enum level level_of_kind(int org_kind)
{
    return org_kind == ORG_REGION ? LEVEL_REGION : org_kind == ORG_MUNICIPALITY ? LEVEL_MUNICIPALITY : LEVEL_ORGANISATION;
}

/* ── persons and their teams ──────────────────────────────────────────────── */

static void worker_put(struct ctx *ctx, struct bytes key, const struct worker *worker)
{
    struct buf buf = { 0 };

    worker_encode(worker, &buf);
    txn_put(ctx->txn, T_WORKERS, key, buf_bytes(&buf));
    buf_free(&buf);
}

static void team_tally(struct ctx *ctx, const struct uuid *organisation, const struct uuid *person,
                       const struct worker *worker, struct tally *tally, int sign)
{
    struct team_record team;
    struct marks marks;

    if (!team_load(ctx, organisation, tally->arena, person, worker, &team))
        return;
    count_team(ctx->config, &team, tally->arena, &marks);
    tally_add(tally, &marks, sign);
}

static void team_join(struct ctx *ctx, const struct uuid *organisation, const struct uuid *person, struct arena *arena)
{
    struct key key = key_of_uuid(organisation);
    struct bytes value = { 0 };
    struct place members = { 0 };

    if (txn_get(ctx->txn, T_TEAMS, key_bytes(&key), &value)) {
        value = arena_bytes(arena, value);
        members = (struct place){ (uint32_t)(value.n / sizeof(struct uuid)), value.at };
    }
    if (ids_add(&members, person, arena))
        txn_put(ctx->txn, T_TEAMS, key_bytes(&key), bytes(members.at, members.n * sizeof *members.at));
}

/* One entry's change of one person's record: what counts before it is taken off, what counts after it added. */
struct change {
    struct ctx *ctx; const struct uuid *person;
    struct worker was, is;
    struct place teams, members;            /* that can count otherwise; the person among the members */
    struct tally tally;
};

static void change_members(struct change *c, struct arena *arena)
{
    struct team_record team;
    struct key key;
    struct bytes value;

    ids_add(&c->members, c->person, arena);
    for (uint32_t i = 0; i < c->teams.n && !SABOTAGE("himself_alone"); i++) {
        key = key_of_uuid(&c->teams.at[i]);
        if (!txn_get(c->ctx->txn, T_TEAMS, key_bytes(&key), &value))
            continue;
        value = arena_bytes(arena, value);
        team.n = (uint32_t)(value.n / sizeof(struct uuid));
        for (uint32_t m = 0; m < team.n; m++)
            ids_add(&c->members, (const struct uuid *)value.at + m, arena);
    }
}

static void change_count(struct change *c, const struct worker *worker, int sign)
{
    const struct rules *rules = c->ctx->config;
    struct arena *arena = c->tally.arena;
    struct marks marks;

    count_worker(rules, worker, arena, &marks);
    tally_add(&c->tally, &marks, sign);
    for (uint32_t i = 0; i < c->teams.n; i++)
        team_tally(c->ctx, &c->teams.at[i], c->person, worker, &c->tally, sign);
    for (uint32_t i = 0; i < c->members.n; i++) {
        struct key key = key_of_uuid(&c->members.at[i]);
        struct worker other;
        bool self = uuid_equal(&c->members.at[i], c->person);
        if (!self)
            worker_load(c->ctx, key_bytes(&key), &other, arena);
        member_count(c->ctx, rules, self ? worker : &other, arena, c->person, worker, &marks);
        tally_add(&c->tally, &marks, sign);
    }
}

/* From what is stored to what is given, in records and counters. */
void worker_recount(struct ctx *ctx, const struct uuid *person, const struct worker *is, bool teams)
{
    const struct rules *rules = ctx->config;
    struct key key = key_of_uuid(person);
    struct change c = { .ctx = ctx, .person = person, .is = *is };

    counters_ready(ctx);
    tally_start(&c.tally, rules, ctx->arena);
    worker_load(ctx, key_bytes(&key), &c.was, ctx->arena);
    if (teams) {
        teams_of(&c.was, &c.teams, ctx->arena);
        teams_of(&c.is, &c.teams, ctx->arena);
    }
    if (rules->members && c.teams.n != 0)
        change_members(&c, ctx->arena);
    change_count(&c, &c.was, -1);
    worker_put(ctx, key_bytes(&key), &c.is);
    for (uint32_t i = 0; i < c.teams.n; i++)
        team_join(ctx, &c.teams.at[i], person, ctx->arena);
    change_count(&c, &c.is, +1);
    counters_move(ctx, &c.tally);
}

void worker_change(struct ctx *ctx, const struct uuid *person, int fact, worker_edit *edit, const void *event)
{
    const struct rules *rules = ctx->config;
    struct key key = key_of_uuid(person);
    struct worker worker;
    struct uuid head;

    if (merged_head(ctx, person, &head)) {
        worker_apart_change(ctx, person, &head, fact, edit, event);
        return;
    }
    worker_load(ctx, key_bytes(&key), &worker, ctx->arena);
    edit(&worker, event, ctx->arena);
    worker_recount(ctx, person, &worker, (rules->team_facts & (1u << fact)) != 0);
}

void tutor_note(struct ctx *ctx, const struct uuid *tutor)
{
    struct key key = key_of_uuid(tutor);
    txn_put(ctx->txn, T_TUTORS, key_bytes(&key), bytes("", 0));
}

/* ── programmes and units ─────────────────────────────────────────────────── */

void programme_load(struct ctx *ctx, const struct uuid *id, struct programme_record *programme)
{
    struct key key = key_of_uuid(id);
    struct bytes value;

    *programme = (struct programme_record){ .kind = PROGRAMME_NON_FORMAL };     /* counts nowhere until registered */
    if (txn_get(ctx->txn, T_PROGRAMMES, key_bytes(&key), &value)
        && !programme_decode(arena_bytes(ctx->arena, value), ctx->arena, programme))
        txn_fail(ctx->txn, ERR_CORRUPT);
}

void programme_change(struct ctx *ctx, const struct uuid *id, programme_edit *edit, const void *event)
{
    struct key key = key_of_uuid(id);
    struct programme_record programme;
    struct buf buf = { 0 };
    struct marks marks;
    struct tally tally;
    struct arena *arena = ctx->arena;

    counters_ready(ctx);
    tally_start(&tally, ctx->config, arena);
    programme_load(ctx, id, &programme);
    count_programme(ctx->config, &programme, arena, &marks);
    tally_add(&tally, &marks, -1);
    edit(&programme, event, arena);
    count_programme(ctx->config, &programme, arena, &marks);
    tally_add(&tally, &marks, +1);
    programme_encode(&programme, &buf);
    txn_put(ctx->txn, T_PROGRAMMES, key_bytes(&key), buf_bytes(&buf));
    buf_free(&buf);
    counters_move(ctx, &tally);
}

static struct key unit_by(const struct organisation *unit)
{
    struct key key = { 0 };

    key_u8(&key, (uint8_t)level_of_kind(unit->kind));
    key_text(&key, unit->code);
    key_uuid(&key, &unit->id);
    return key;
}

void unit_put(struct ctx *ctx, const struct organisation *unit)
{
    struct key key = key_of_uuid(&unit->id), by = unit_by(unit);
    struct organisation was;

    if (txn_get_msg(ctx->txn, T_UNITS, key_bytes(&key), &organisation_desc, ctx->arena, &was)) {
        struct key old = unit_by(&was);
        txn_delete(ctx->txn, T_UNITS_BY, key_bytes(&old));
    }
    txn_put_msg(ctx->txn, T_UNITS, key_bytes(&key), &organisation_desc, unit);
    txn_put(ctx->txn, T_UNITS_BY, key_bytes(&by), bytes("", 0));
}
