#include "services/roster/units/units.h"

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "services/roster/roster.h"
#include "services/shared/staff_rules.h"

MSG_DEFINE(unit_title, UNIT_TITLE_FIELDS)
MSG_DEFINE(unit_state, UNIT_STATE_FIELDS)

/* ── parts of an organisation ─────────────────────────────────────────────── */

bool unit_is_part(int kind)
{
    return kind == ORG_BRANCH || kind == ORG_UNIT || kind == ORG_GROWTH_POINT || kind == ORG_IT_CUBE || kind == ORG_QUANTORIUM;
}

int unit_counted_kind(struct ctx *ctx, const struct organisation *unit)
{
    struct organisation above = *unit;

    for (uint32_t i = 1; i < unit->chain.n && unit_is_part(above.kind) && !SABOTAGE("part_alone"); i++)
        if (!state_organisation(ctx, &unit->chain.at[i], &above))
            return unit->kind;
    return unit_is_part(above.kind) || above.kind == ORG_MUNICIPALITY || above.kind == ORG_REGION ? unit->kind : above.kind;
}

/* ── one unit ─────────────────────────────────────────────────────────────── */

static struct lineage_spans since_ever(struct ctx *ctx, const struct organisation *now)
{
    struct unit_span *span = ARENA_NEW(ctx->arena, struct unit_span);
    *span = (struct unit_span){ 0, { now->chain.n, now->chain.at } };
    return (struct lineage_spans){ 1, span };
}

bool unit_load(struct ctx *ctx, const struct uuid *id, struct unit *unit)
{
    struct key key = key_of_uuid(id);
    struct unit_state state;

    *unit = (struct unit){ .parents = { 0, NULL } };
    if (!state_organisation(ctx, id, &unit->now))
        return false;
    if (txn_get_msg(ctx->txn, T_UNIT_STATES, key_bytes(&key), &unit_state_desc, ctx->arena, &state)) {
        unit->parents = (struct lineage_links){ state.parents.n, state.parents.at };
        unit->founders = (struct lineage_links){ state.founders.n, state.founders.at };
        unit->titles = (struct unit_titles){ state.titles.n, state.titles.at };
        unit->spans[TREE_TERRITORY] = (struct lineage_spans){ state.territory.n, state.territory.at };
        unit->spans[TREE_FOUNDER] = (struct lineage_spans){ state.founder.n, state.founder.at };
    }
    if (unit->parents.n == 0 && unit->now.chain.n > 1)
        lineage_link(&unit->parents, 0, &unit->now.chain.at[1], ctx->arena);
    for (int tree = 0; tree < org_tree_count; tree++)
        if (unit->spans[tree].n == 0)
            unit->spans[tree] = since_ever(ctx, &unit->now);
    return true;
}

void unit_save(struct ctx *ctx, const struct unit *unit)
{
    struct key key = key_of_uuid(&unit->now.id);
    struct unit_state state = {
        .parents = { unit->parents.n, unit->parents.at }, .founders = { unit->founders.n, unit->founders.at },
        .titles = { unit->titles.n, unit->titles.at },
        .territory = { unit->spans[TREE_TERRITORY].n, unit->spans[TREE_TERRITORY].at },
        .founder = { unit->spans[TREE_FOUNDER].n, unit->spans[TREE_FOUNDER].at } };
    txn_put_msg(ctx->txn, T_UNIT_STATES, key_bytes(&key), &unit_state_desc, &state);
}

bool unit_title_set(struct unit *unit, day_t from, const char *title, struct arena *arena)
{
    struct unit_title *at = ARENA_LIST(arena, struct unit_title, unit->titles.n + 2);
    uint32_t n = 0, i = 0;

    if (unit->titles.n == 0)
        at[n++] = (struct unit_title){ 0, unit->now.title };
    for (; i < unit->titles.n && unit->titles.at[i].from < from; i++)
        at[n++] = unit->titles.at[i];
    at[n++] = (struct unit_title){ from, title };
    i += i < unit->titles.n && unit->titles.at[i].from == from;
    for (; i < unit->titles.n; i++)
        at[n++] = unit->titles.at[i];
    unit->titles = (struct unit_titles){ n, at };
    return n <= LINEAGE_MAX;
}

const char *unit_title_on(const struct unit *unit, day_t day)
{
    const char *title = unit->now.title;
    for (uint32_t i = 0; i < unit->titles.n && (i == 0 || unit->titles.at[i].from <= day); i++)
        title = unit->titles.at[i].title;
    return title;
}

struct looking { struct ctx *ctx; enum org_tree tree; };

static struct lineage_spans spans_of(void *arg, const struct uuid *id)
{
    struct looking *looking = arg;
    struct unit unit;
    return unit_load(looking->ctx, id, &unit) ? unit.spans[looking->tree] : (struct lineage_spans){ 0, NULL };
}

bool unit_derive(struct ctx *ctx, struct unit *unit)
{
    for (int tree = 0; tree < org_tree_count; tree++) {
        struct looking looking = { ctx, tree };
        struct lineage_links links = tree == TREE_FOUNDER ? lineage_either(&unit->founders, &unit->parents, ctx->arena) : unit->parents;
        if (!lineage_chains(&unit->now.id, &links, spans_of, &looking, ctx->arena, &unit->spans[tree]))
            return false;
        struct lineage_spans heir = { 0, NULL };
        if (!uuid_is_nil(&unit->now.heir))
            heir = spans_of(&looking, &unit->now.heir);
        if (heir.n > 0 && !lineage_give_way(&unit->spans[tree], unit->now.closed, &heir, ctx->arena))
            return false;
    }
    return true;
}

const struct unit_span *unit_present(const struct unit *unit, day_t today)
{
    return lineage_on(&unit->spans[TREE_TERRITORY], uuid_is_nil(&unit->now.heir) ? today : unit->now.closed - 1);
}

bool unit_there(const struct organisation *unit, day_t day)
{
    return unit->opened <= day && (unit->closed == 0 || day < unit->closed);
}

/* ── what depends on a unit ───────────────────────────────────────────────── */

void unit_depends(struct ctx *ctx, const struct uuid *of, const struct uuid *unit)
{
    struct key key = key_of_uuid(of);
    key_uuid(&key, unit);
    txn_put(ctx->txn, T_UNIT_DEPENDENTS, key_bytes(&key), bytes("", 0));
}

bool unit_has_dependents(struct ctx *ctx, const struct uuid *of)
{
    struct key key = key_of_uuid(of);
    struct uuid one;
    return txn_ids(ctx->txn, T_UNIT_DEPENDENTS, key_bytes(&key), false, &one, 1) == 1;
}

static void units_add(struct ctx *ctx, struct units *units, const struct uuid *id)
{
    if (units->n == units->room) {
        uint32_t room = units->room == 0 ? 64 : units->room * 2;
        struct uuid *more = ARENA_LIST(ctx->arena, struct uuid, room);
        if (units->n > 0)
            memcpy(more, units->at, units->n * sizeof *more);
        *units = (struct units){ units->n, room, more };
    }
    units->at[units->n++] = *id;
}

/* Which of them have been met: slots by the random end of an id. */
struct met { uint32_t room, n; struct uuid *slot; };

static uint32_t met_slot(const struct met *met, const struct uuid *id)
{
    uint32_t at;
    memcpy(&at, &id->b[12], sizeof at);
    for (at &= met->room - 1; !uuid_is_nil(&met->slot[at]) && !uuid_equal(&met->slot[at], id); at = (at + 1) & (met->room - 1))
        ;
    return at;
}

static bool met_before(struct ctx *ctx, struct met *met, const struct uuid *id)
{
    if (met->n * 2 >= met->room) {
        struct met more = { met->room == 0 ? 256 : met->room * 4, met->n, NULL };
        more.slot = ARENA_LIST(ctx->arena, struct uuid, more.room);
        for (uint32_t i = 0; i < met->room; i++)
            if (!uuid_is_nil(&met->slot[i]))
                more.slot[met_slot(&more, &met->slot[i])] = met->slot[i];
        *met = more;
    }
    uint32_t at = met_slot(met, id);
    bool before = !uuid_is_nil(&met->slot[at]);
    met->slot[at] = *id;
    met->n += !before;
    return before;
}

void units_depending(struct ctx *ctx, const struct uuid *of, struct units *units)
{
    struct key prefix = key_of_uuid(of);
    struct bytes key, value;
    struct scan scan;

    *units = (struct units){ 0, 0, NULL };
    scan_begin(&scan, ctx->txn, T_UNIT_DEPENDENTS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        struct uuid id = key_read_uuid(&reader);
        units_add(ctx, units, &id);
    }
    scan_end(&scan);
}

void units_within(struct ctx *ctx, enum org_tree tree, const struct uuid *top, day_t day, struct units *units)
{
    struct met met = { 0, 0, NULL };
    struct units next;

    *units = (struct units){ 0, 0, NULL };
    met_before(ctx, &met, top);
    units_add(ctx, units, top);
    for (uint32_t i = 0; i < units->n; i++) {
        units_depending(ctx, &units->at[i], &next);
        for (uint32_t k = 0; k < next.n; k++) {
            struct unit unit;
            if (!met_before(ctx, &met, &next.at[k]) && unit_load(ctx, &next.at[k], &unit)
                && lineage_within(lineage_on(&unit.spans[tree], day), top))
                units_add(ctx, units, &next.at[k]);
        }
    }
}

uint32_t unit_height(struct ctx *ctx, const struct uuid *top, day_t day)
{
    struct units units;
    uint32_t height = 1;

    units_within(ctx, TREE_TERRITORY, top, day, &units);
    for (uint32_t i = 1; i < units.n; i++) {
        struct unit unit;
        const struct unit_span *span = unit_load(ctx, &units.at[i], &unit) ? lineage_on(&unit.spans[TREE_TERRITORY], day) : NULL;
        for (uint32_t above = 0; span != NULL && above < span->chain.n; above++)
            if (uuid_equal(&span->chain.at[above], top) && above + 1 > height)
                height = above + 1;
    }
    return height;
}

/* ── changes, and people who follow ───────────────────────────────────────── */

void unit_change_put(struct ctx *ctx, const struct uuid *unit, const struct organisation_changed *change)
{
    struct key key = key_of_uuid(unit);
    key_u32(&key, change->day);
    key_u64(&key, ctx->entry->number);
    txn_put_msg(ctx->txn, T_UNIT_CHANGES, key_bytes(&key), &organisation_changed_desc, change);
}

struct uuid unit_followed(struct ctx *ctx, const struct uuid *unit)
{
    struct key key = key_of_uuid(unit);
    struct uuid person = UUID_NIL;
    struct bytes value;

    if (txn_get(ctx->txn, T_UNIT_FOLLOWED, key_bytes(&key), &value) && value.n == sizeof person.b)
        memcpy(person.b, value.at, sizeof person.b);
    return person;
}

void unit_followed_put(struct ctx *ctx, const struct uuid *unit, const struct uuid *person)
{
    struct key key = key_of_uuid(unit);
    if (uuid_is_nil(person))
        txn_delete(ctx->txn, T_UNIT_FOLLOWED, key_bytes(&key));
    else
        txn_put(ctx->txn, T_UNIT_FOLLOWED, key_bytes(&key), bytes(person->b, sizeof person->b));
}

/* ── what is refused of a unit ────────────────────────────────────────────── */

enum verdict unit_at_hand(struct ctx *ctx, const struct uuid *id, struct organisation *unit)
{
    struct organisation here;

    if (unit == NULL)
        unit = &here;
    if (!state_organisation(ctx, id, unit))
        return refuse(ctx, PROBLEM_NOT_FOUND, "organisation_unknown");
    return may_reach(ctx, unit->chain.at, unit->chain.n) ? VERDICT_OK : REFUSE_REACH(ctx);
}

enum verdict not_any_more(struct ctx *ctx, const char *field, const struct organisation *unit)
{
    refuse_field(ctx, "organisation_closed", field, "range");
    return refuse_arg_day(ctx, "day", unit->closed);
}

bool unit_goes_on(struct ctx *ctx, const struct organisation *unit)
{
    struct organisation last = *unit;

    for (uint32_t heirs = 0; heirs < LINEAGE_MAX && !uuid_is_nil(&last.heir); heirs++) {
        struct uuid heir = last.heir;
        if (!state_organisation(ctx, &heir, &last))
            return false;
    }
    return last.closed == 0;
}

enum verdict organisation_holds(struct ctx *ctx, const struct organisation *unit, day_t from, day_t until)
{
    const struct staff_unit is = { unit->closed, unit_goes_on(ctx, unit) };
    return staff_unit_holds(&is, from, until) ? VERDICT_OK : not_any_more(ctx, "organisation", unit);
}
