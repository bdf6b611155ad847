#include <stdio.h>

#include "common/core/err.h"
#include "common/service/service.h"
#include "services/indicators/indicators_state.h"
#include "services/indicators/records.h"

#define CELL_BYTES (SIDES * sizeof(uint64_t))

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

/* ── counters ─────────────────────────────────────────────────────────────── */

static uint64_t load_u64(const uint8_t *b)
{
    uint64_t v = 0;

    for (int i = 0; i < 8; i++)
        v = v << 8 | b[i];
    return v;
}

static void store_u64(uint8_t *b, uint64_t v)
{
    for (int i = 7; i >= 0; i--, v >>= 8)
        b[i] = (uint8_t)v;
}

bool counters_get(struct ctx *ctx, const struct uuid *unit, uint64_t (*cell)[SIDES])
{
    const struct rules *rules = ctx->config;
    struct key key = key_of_uuid(unit);
    struct bytes value;
    bool found = txn_get(ctx->txn, T_COUNTERS, key_bytes(&key), &value);

    if (found && value.n != rules->cells * CELL_BYTES) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        found = false;
    }
    for (uint32_t i = 0; i < rules->cells; i++)
        for (enum side side = 0; side < SIDES; side++)
            cell[i][side] = found ? load_u64((const uint8_t *)value.at + i * CELL_BYTES + side * 8) : 0;
    return found;
}

/* A difference in one unit. A row of zeroes is no row: equal records make equal tables. */
static void counters_move(struct ctx *ctx, const struct tally_unit *by, struct arena *arena)
{
    const struct rules *rules = ctx->config;
    uint64_t (*cell)[SIDES] = arena_alloc(arena, rules->cells * sizeof *cell);
    uint8_t *row = arena_alloc(arena, rules->cells * CELL_BYTES);
    struct key key = key_of_uuid(&by->unit);
    uint64_t any = 0, moved = 0;

    for (uint32_t i = 0; i < rules->cells; i++)
        moved |= (uint64_t)by->cell[i][SIDE_NUMERATOR] | (uint64_t)by->cell[i][SIDE_DENOMINATOR];
    if (moved == 0)
        return;
    counters_get(ctx, &by->unit, cell);
    for (uint32_t i = 0; i < rules->cells; i++)
        for (enum side side = 0; side < SIDES; side++) {
            cell[i][side] += (uint64_t)by->cell[i][side];
            store_u64(row + i * CELL_BYTES + side * 8, cell[i][side]);
            any |= cell[i][side];
        }
    if (any != 0)
        txn_put(ctx->txn, T_COUNTERS, key_bytes(&key), bytes(row, rules->cells * CELL_BYTES));
    else
        txn_delete(ctx->txn, T_COUNTERS, key_bytes(&key));
}

static void counters_move_all(struct ctx *ctx, const struct tally *tally)
{
    for (uint32_t i = 0; i < tally->n; i++)
        counters_move(ctx, &tally->at[i], tally->arena);
}

static const struct bytes COUNTED_KEY = { "", 1 };

bool counters_current(struct ctx *ctx)
{
    const struct rules *rules = ctx->config;
    struct bytes value;

    return txn_get(ctx->txn, T_COUNTED, COUNTED_KEY, &value) && bytes_equal(value, rules->says);
}

void counters_ready(struct ctx *ctx)
{
    if (!counters_current(ctx))
        counters_remake(ctx);
}

void counters_remake(struct ctx *ctx)
{
    const struct rules *rules = ctx->config;
    struct tally tally;

    tally_start(&tally, rules, ctx->arena);
    records_tally(ctx, &tally);
    txn_clear(ctx->txn, T_COUNTERS);
    counters_move_all(ctx, &tally);
    txn_put(ctx->txn, T_COUNTED, COUNTED_KEY, rules->says);
}

/* ── persons and their teams ──────────────────────────────────────────────── */

static bool leads_team(const struct worker_post *post)
{
    return post->kind == POST_HEAD || post->kind == POST_DEPUTY || post->kind == POST_UNIT_HEAD;
}

static void teams_of(const struct worker *worker, struct place *organisations, struct arena *arena)
{
    for (uint32_t i = 0; i < worker->posts.n; i++)
        if (leads_team(&worker->posts.at[i]))
            ids_add(organisations, &worker->posts.at[i].place.at[0], arena);
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

static void worker_load(struct ctx *ctx, struct bytes key, struct worker *worker, struct arena *arena)
{
    struct bytes value;

    *worker = (struct worker){ 0 };
    if (txn_get(ctx->txn, T_WORKERS, key, &value)
        && !worker_decode(arena_bytes(arena, value), arena, worker)) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        *worker = (struct worker){ 0 };
    }
}

static void worker_put(struct ctx *ctx, struct bytes key, const struct worker *worker)
{
    struct buf buf = { 0 };

    worker_encode(worker, &buf);
    txn_put(ctx->txn, T_WORKERS, key, buf_bytes(&buf));
    buf_free(&buf);
}

void worker_change(struct ctx *ctx, const struct uuid *person, int fact, worker_edit *edit, const void *event)
{
    struct key key = key_of_uuid(person);
    struct worker was, is;
    struct place teams = { 0 };
    struct marks marks;
    struct tally tally;
    struct arena *arena = ctx->arena;

    counters_ready(ctx);
    tally_start(&tally, ctx->config, arena);
    worker_load(ctx, key_bytes(&key), &was, arena);
    is = was;
    edit(&is, event, arena);
    if (((const struct rules *)ctx->config)->team_facts & (1u << fact)) {
        teams_of(&was, &teams, arena);
        teams_of(&is, &teams, arena);
    }

    count_worker(ctx->config, &was, arena, &marks);
    tally_add(&tally, &marks, -1);
    for (uint32_t i = 0; i < teams.n; i++)
        team_tally(ctx, &teams.at[i], person, &was, &tally, -1);

    worker_put(ctx, key_bytes(&key), &is);
    for (uint32_t i = 0; i < teams.n; i++)
        team_join(ctx, &teams.at[i], person, arena);

    count_worker(ctx->config, &is, arena, &marks);
    tally_add(&tally, &marks, +1);
    for (uint32_t i = 0; i < teams.n; i++)
        team_tally(ctx, &teams.at[i], person, &is, &tally, +1);
    counters_move_all(ctx, &tally);
}

/* ── programmes and units ─────────────────────────────────────────────────── */

void programme_change(struct ctx *ctx, const struct uuid *id, programme_edit *edit, const void *event)
{
    struct key key = key_of_uuid(id);
    struct programme_record programme = { .kind = PROGRAMME_NON_FORMAL };   /* counts nowhere until registered */
    struct bytes value;
    struct buf buf = { 0 };
    struct marks marks;
    struct tally tally;
    struct arena *arena = ctx->arena;

    counters_ready(ctx);
    tally_start(&tally, ctx->config, arena);
    if (txn_get(ctx->txn, T_PROGRAMMES, key_bytes(&key), &value)
        && !programme_decode(arena_bytes(arena, value), arena, &programme))
        txn_fail(ctx->txn, ERR_CORRUPT);
    count_programme(ctx->config, &programme, arena, &marks);
    tally_add(&tally, &marks, -1);
    edit(&programme, event, arena);
    count_programme(ctx->config, &programme, arena, &marks);
    tally_add(&tally, &marks, +1);
    programme_encode(&programme, &buf);
    txn_put(ctx->txn, T_PROGRAMMES, key_bytes(&key), buf_bytes(&buf));
    buf_free(&buf);
    counters_move_all(ctx, &tally);
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
