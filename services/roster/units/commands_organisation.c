#include "services/roster/roster.h"

#include "common/core/text.h"
#include "services/roster/units/units.h"
#include "services/shared/staff_rules.h"

/* The territory tree: region → municipality → organisation → unit of it (R1). One region, the profile's;
 * a municipality stands under the region; anything else under anything. An organisation that is
 * registered again by the same code is the same: its title and day may be mended, its kind and place may
 * not (what was counted hangs on them). */

static const struct uuid *region_id(const struct ctx *ctx)
{
    return &roster_config(ctx)->profile->region->id;
}

/* Who is meant: by id, else by code. A new one has the nil id. */
static enum verdict known_as(struct ctx *ctx, const struct organisation_register *in, struct organisation *was)
{
    struct uuid by_code = UUID_NIL;
    bool coded = state_organisation_code(ctx, in->code, &by_code);
    struct uuid id = !uuid_is_nil(&in->id) ? in->id : coded ? by_code : UUID_NIL;

    memset(was, 0, sizeof *was);
    if (coded && !uuid_equal(&id, &by_code)) {
        refuse_field(ctx, "code_taken", "code", "unique");
        refuse_arg(ctx, "code", in->code);
        return VERDICT_REFUSED;
    }
    if (uuid_is_nil(&id) || !state_organisation(ctx, &id, was))
        was->id = UUID_NIL;
    else if (strcmp(was->code, in->code) != 0)
        return refuse_field(ctx, "code_differs", "code", "fixed");
    return VERDICT_OK;
}

static enum verdict root(struct ctx *ctx, const struct organisation_register *in, struct organisation *made)
{
    if (!uuid_is_nil(&in->parent))
        return refuse_field(ctx, "region_has_no_parent", "parent", "nil");
    if (!uuid_is_nil(&in->id) && !uuid_equal(&in->id, region_id(ctx)))
        return refuse_field(ctx, "region_only_one", "id", "profile");
    if (!may_reach(ctx, region_id(ctx), 1))
        return REFUSE_REACH(ctx);
    made->id = *region_id(ctx);
    made->chain.at[made->chain.n++] = made->id;
    return VERDICT_OK;
}

static enum verdict under(struct ctx *ctx, const struct organisation_register *in, struct organisation *made)
{
    struct organisation parent;

    if (uuid_is_nil(&in->parent))
        return refuse_field(ctx, "parent_missing", "parent", "missing");
    if (!state_organisation(ctx, &in->parent, &parent))
        return refuse_field(ctx, "parent_unknown", "parent", "unknown");
    if (!may_reach(ctx, parent.chain.at, parent.chain.n))
        return REFUSE_REACH(ctx);
    if (parent.closed != 0)
        return not_any_more(ctx, "parent", &parent);
    if (in->kind == ORG_MUNICIPALITY && parent.kind != ORG_REGION)
        return refuse_field(ctx, "parent_kind", "parent", "region");
    if (parent.chain.n == CHAIN_MAX)
        return refuse_field(ctx, "too_deep", "parent", "depth");
    made->chain.n = 1 + parent.chain.n;
    memcpy(&made->chain.at[1], parent.chain.at, parent.chain.n * sizeof *parent.chain.at);
    return VERDICT_OK;
}

static enum verdict refuse_opened(struct ctx *ctx)
{
    char latest[DAY_TEXT + 1];

    day_format(day_add_months(ctx->today, STAFF_AHEAD_MONTHS), latest);
    refuse_field(ctx, "opened_future", "opened", "range");
    refuse_arg(ctx, "latest", latest);
    return VERDICT_REFUSED;
}

static enum verdict reply_id(struct ctx *ctx, const struct uuid *id)
{
    return reply_made(ctx, id);
}

/* What stands under it now may have stood elsewhere before, or have a founder of its own: so it with it. */
static void place_new(struct ctx *ctx, const struct organisation *made)
{
    struct unit_span now = { 0, { made->chain.n, made->chain.at } };
    const struct lineage_spans ever = { 1, &now };
    struct unit unit = { .now = *made };

    lineage_link(&unit.parents, 0, &made->chain.at[1], ctx->arena);
    if (unit_derive(ctx, &unit) && (!lineage_equal(&unit.spans[TREE_TERRITORY], &ever) || !lineage_equal(&unit.spans[TREE_FOUNDER], &ever)))
        emit_placed(ctx, &unit);
}

enum verdict decide_organisation_register(struct ctx *ctx, const void *command)
{
    const struct organisation_register *given = command;
    struct organisation_register in = *given;
    struct organisation was, made = { .kind = in.kind, .opened = in.opened };
    enum verdict verdict;

    in.code = made.code = text_nfc(ctx->arena, given->code);
    in.title = made.title = text_nfc(ctx->arena, given->title);
    if (texts_fit(ctx, &organisation_register_desc, &in) != VERDICT_OK)
        return VERDICT_REFUSED;
    made.chain.at = ARENA_LIST(ctx->arena, struct uuid, CHAIN_MAX + 1);
    verdict = in.kind == ORG_REGION ? root(ctx, &in, &made) : under(ctx, &in, &made);
    if (verdict != VERDICT_OK)
        return verdict;
    if (in.kind == ORG_REGION)
        in.id = made.id;
    if ((verdict = known_as(ctx, &in, &was)) != VERDICT_OK)
        return verdict;
    if (in.opened != 0 && staff_day_ahead(in.opened, ctx->today))
        return refuse_opened(ctx);
    if (in.code[0] == '\0' || in.title[0] == '\0')
        return refuse_field(ctx, "empty", in.code[0] == '\0' ? "code" : "title", "empty");
    if (!uuid_is_nil(&was.id)) {
        if (was.kind != in.kind)
            return refuse_field(ctx, "kind_differs", "kind", "fixed");
        if (was.chain.n > 1 && !uuid_equal(&was.chain.at[1], &in.parent))
            return refuse_field(ctx, "parent_differs", "parent", "fixed");
        if (in.opened == 0)
            made.opened = was.opened;       /* left out: not said */
        if (strcmp(was.title, made.title) == 0 && was.opened == made.opened)
            return reply_id(ctx, &was.id);
        made.id = was.id;
        made.closed = was.closed;
        made.heir = was.heir;
        made.founder = was.founder;
        made.chain.n = was.chain.n;
        made.chain.at = was.chain.at;
    }
    if (in.kind != ORG_REGION && uuid_is_nil(&made.id))
        made.id = !uuid_is_nil(&in.id) ? in.id : decide_id(ctx);
    made.chain.at[0] = made.id;
    emit(ctx, "roster.organisation.registered", &made, NULL, 0);
    if (uuid_is_nil(&was.id) && made.chain.n > 1)
        place_new(ctx, &made);
    return reply_id(ctx, &made.id);
}
