#include "services/roster/roster.h"

#include <stdlib.h>

#include "common/service/pages.h"
#include "services/roster/units/units.h"

/* Organisations as they were and as they are; whom they have on a day when the tree is another one than that of the day. */

#define HEIRS_MAX 64        /* one after the other */

/* ── one and all ──────────────────────────────────────────────────────────── */

/* As it was on that day: name, chain, founder; what has happened since is not said. */
static void unit_then(const struct unit *unit, day_t day, struct organisation *then)
{
    const struct unit_span *span = lineage_on(&unit->spans[TREE_TERRITORY], day);

    *then = unit->now;
    then->title = unit_title_on(unit, day);
    then->founder = UUID_NIL;
    for (uint32_t i = 0; i < unit->founders.n && unit->founders.at[i].from <= day; i++)
        then->founder = unit->founders.at[i].to;
    if (then->closed > day) {
        then->closed = 0;
        then->heir = UUID_NIL;
    }
    if (uuid_equal(&span->chain.at[0], &unit->now.id)) {
        then->chain.n = span->chain.n;
        then->chain.at = span->chain.at;
    }
}

enum verdict query_organisation_get(struct ctx *ctx, const void *query)
{
    const struct organisation_at *asked = query;
    struct uuid id = asked->id;
    struct organisation then;
    struct unit unit;
    uint32_t heirs = 0;

    do {
        if (!unit_load(ctx, &id, &unit))
            return refuse(ctx, PROBLEM_NOT_FOUND, "organisation_unknown");
        id = unit.now.heir;
    } while (asked->as == AS_NOW && !uuid_is_nil(&id) && ++heirs < HEIRS_MAX);
    unit_then(&unit, asked->on != 0 && asked->as == AS_THEN ? asked->on : ctx->today, &then);
    reply(ctx, &then);
    return VERDICT_OK;
}

enum verdict query_organisation_list(struct ctx *ctx, const void *query)
{
    const struct organisations_at *asked = query;
    struct organisation_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    pages_begin(&pages, ctx, T_ORGANISATION_CODES, bytes(NULL, 0), asked->after, asked->limit);
    list.rows.at = ARENA_LIST(ctx->arena, struct organisation, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct organisation one;
        struct unit unit;
        struct uuid id;
        memcpy(id.b, value.at, sizeof id.b);
        if (!unit_load(ctx, &id, &unit) || (asked->on != 0 && !unit_there(&unit.now, asked->on)))
            continue;
        unit_then(&unit, asked->on != 0 ? asked->on : ctx->today, &one);
        if (!pages_take(&pages, key, 160 + strlen(one.code) + strlen(one.title) + 18 * one.chain.n))
            break;
        list.rows.at[list.rows.n++] = one;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

enum verdict query_organisation_history(struct ctx *ctx, const void *query)
{
    const struct history_of *asked = query;
    struct key prefix = key_of_uuid(&asked->id);
    struct organisation_history list = { 0 };
    struct organisation unit;
    struct bytes key, value;
    struct pages pages;

    if (!state_organisation(ctx, &asked->id, &unit))
        return refuse(ctx, PROBLEM_NOT_FOUND, "organisation_unknown");
    if (pages_open(&pages, ctx, T_UNIT_CHANGES, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct organisation_changed, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct organisation_changed *row = &list.rows.at[list.rows.n];
        if (!txn_get_msg(ctx->txn, T_UNIT_CHANGES, key, &organisation_changed_desc, ctx->arena, row))
            continue;
        if (!pages_take(&pages, key, value.n))
            break;
        list.rows.n++;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── populations ──────────────────────────────────────────────────────────── */

struct held { struct uuid person, organisation; int kind; };       /* a post on the day, and whose it is in that tree */

static int held_in_order(const void *a, const void *b)
{
    return uuid_compare(&((const struct held *)a)->person, &((const struct held *)b)->person);
}

static int ids_in_order(const void *a, const void *b) { return uuid_compare(a, b); }

static void posts_of_unit(struct ctx *ctx, const struct uuid *id, const struct uuid *counts_for, day_t on, struct buf *posts)
{
    struct key prefix = key_of_uuid(id);
    struct bytes key, value;
    struct unit_post row;
    struct scan scan;

    scan_begin(&scan, ctx->txn, T_UNIT_POSTS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value) && state_unit_post(ctx, key, value, &row)) {
        struct held held = { row.person, *counts_for, row.brief.kind };
        if (uuid_equal(&row.brief.organisation, id) && post_held(row.brief.from, row.brief.until, on))
            buf_put(posts, &held, sizeof held);
    }
    scan_end(&scan);
}

static uint64_t teams_among(struct ctx *ctx, const struct held *held, size_t n)
{
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, n + 1);
    uint64_t teams = 0;
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        if (post_in_team(held[i].kind))
            ids[count++] = held[i].organisation;
    if (count > 1)
        qsort(ids, count, sizeof *ids, ids_in_order);
    for (size_t i = 0; i < count; i++)
        teams += i == 0 || !uuid_equal(&ids[i - 1], &ids[i]);
    return teams;
}

static void tally(struct ctx *ctx, struct held *held, size_t n, day_t on, struct population *sum)
{
    struct population_tally tally = { 0 };

    if (n > 1)
        qsort(held, n, sizeof *held, held_in_order);
    for (size_t i = 0; i < n; i++) {
        population_post(&tally, held[i].kind);
        if (i + 1 == n || !uuid_equal(&held[i].person, &held[i + 1].person))
            population_person(&tally, tally.educator && state_young(ctx, &held[i].person, on));
    }
    *sum = tally.sum;
    sum->teams = teams_among(ctx, held, n);
}

void population_by_tree(struct ctx *ctx, const struct population_in *asked, struct population *sum)
{
    day_t day = asked->as == AS_NOW ? ctx->today : asked->on;
    struct buf posts = { 0 };
    struct units units;

    units_within(ctx, asked->tree, &asked->unit, day, &units);
    for (uint32_t i = 0; i < units.n; i++) {
        struct unit unit;
        const struct unit_span *span = unit_load(ctx, &units.at[i], &unit) ? lineage_on(&unit.spans[asked->tree], day) : NULL;
        if (lineage_within(span, &asked->unit))         /* the unit itself may have given way since */
            posts_of_unit(ctx, &units.at[i], &span->chain.at[0], asked->on, &posts);
    }
    tally(ctx, (struct held *)posts.at, posts.n / sizeof(struct held), asked->on, sum);
    buf_free(&posts);
}
