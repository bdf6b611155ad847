#include "services/roster/roster.h"

#include <stdlib.h>

#include "common/service/pages.h"
#include "services/roster/units/units.h"

/* Organisations as they were and as they are. */

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
