#include "services/roster/roster.h"

#include "services/roster/units/units.h"

/* What the changes of organisations make of the tables: facts change links and titles, `placed` the chains that were made of
 * them; whatever depends on those, and the people, are looked at by timer. */

static void look_below(struct ctx *ctx, const struct uuid *id)
{
    if (unit_has_dependents(ctx, id))
        timer_set(ctx, TIMER_UNITS_FOLLOW, id, timer_at_once(ctx));
}

void apply_organisation_changed(struct ctx *ctx, const void *event)
{
    const struct organisation_changed *change = event;
    struct unit unit;

    if (!unit_load(ctx, &change->id, &unit))
        return;
    unit_change_put(ctx, &change->id, change);
    if (!uuid_is_nil(&change->other))
        unit_change_put(ctx, &change->other, change);
    if (change->how == CHANGE_RENAMED)
        unit_title_set(&unit, change->day, change->title, ctx->arena);
    else if (change->how == CHANGE_MOVED)
        lineage_link(&unit.parents, change->day, &change->other, ctx->arena);
    else if (change->how == CHANGE_FOUNDED)
        lineage_link(&unit.founders, change->day, &change->other, ctx->arena);
    if (change->how == CHANGE_MOVED || change->how == CHANGE_FOUNDED || change->heir)
        unit_depends(ctx, &change->other, &change->id);
    unit_save(ctx, &unit);
}

/* Everybody of the unit is looked at, from the first. */
void units_people_follow(struct ctx *ctx, const struct uuid *id)
{
    unit_followed_put(ctx, id, &UUID_NIL);
    timer_set(ctx, TIMER_PEOPLE_FOLLOW, id, timer_at_once(ctx));
}

void apply_unit_placed(struct ctx *ctx, const void *event)
{
    const struct unit_placed *placed = event;
    struct unit unit;

    if (!unit_load(ctx, &placed->id, &unit))
        return;
    struct lineage_spans territory = { placed->territory.n, placed->territory.at }, was = unit.spans[TREE_TERRITORY];
    unit.spans[TREE_TERRITORY] = territory;
    unit.spans[TREE_FOUNDER] = (struct lineage_spans){ placed->founder.n, placed->founder.at };
    unit_save(ctx, &unit);
    look_below(ctx, &placed->id);
    struct key posts = key_of_uuid(&placed->id);
    struct uuid one;
    if (!lineage_equal(&was, &territory) && txn_ids(ctx->txn, T_UNIT_POSTS, key_bytes(&posts), false, &one, 1) == 1)
        units_people_follow(ctx, &placed->id);
}

void apply_unit_following(struct ctx *ctx, const void *event)
{
    const struct unit_following *following = event;

    if (uuid_is_nil(&following->after)) {
        look_below(ctx, &following->id);
        return;
    }
    unit_followed_put(ctx, &following->id, &following->after);
    timer_set(ctx, TIMER_PEOPLE_FOLLOW, &following->id, timer_at_once(ctx));
}
