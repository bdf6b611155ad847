#include "services/roster/roster.h"

#include "common/core/text.h"
#include "services/roster/units/units.h"

/* Organisations through time: what is decided about one unit, and the chains that follow for it at once. Those of what
 * depends on it, and its people, follow by timer (follow_units.c). */

/* ── what all changes ask ─────────────────────────────────────────────────── */

static enum verdict unit_reached(struct ctx *ctx, const struct uuid *id, struct unit *unit)
{
    if (!unit_load(ctx, id, unit))
        return refuse(ctx, PROBLEM_NOT_FOUND, "organisation_unknown");
    return may_reach(ctx, unit->now.chain.at, unit->now.chain.n) ? VERDICT_OK : REFUSE_REACH(ctx);
}

/* The unit of a change, which was there on its day; texts of the change tidied and within their limits. */
static enum verdict change_begin(struct ctx *ctx, struct organisation_changed *change, struct unit *unit)
{
    enum verdict verdict = unit_reached(ctx, &change->id, unit);

    if (verdict != VERDICT_OK)
        return verdict;
    change->ground = text_nfc(ctx->arena, change->ground);
    change->document = change->document != NULL ? text_nfc(ctx->arena, change->document) : NULL;
    change->title = change->title != NULL ? text_nfc(ctx->arena, change->title) : NULL;
    if (texts_fit(ctx, &organisation_changed_desc, change) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (change->ground[0] == '\0' || (change->title != NULL && change->title[0] == '\0'))
        return refuse_field(ctx, "empty", change->ground[0] == '\0' ? "ground" : "title", "empty");
    if (change->day > ctx->today) {
        refuse_field(ctx, "day_future", "day", "range");
        return refuse_arg_day(ctx, "day", ctx->today);
    }
    if (unit->now.opened != 0 && change->day < unit->now.opened) {
        refuse_field(ctx, "day_before_opened", "day", "range");
        return refuse_arg_day(ctx, "day", unit->now.opened);
    }
    if (unit->now.closed != 0 && change->how != CHANGE_REOPENED)
        return not_any_more(ctx, "id", &unit->now);
    return VERDICT_OK;
}

/* Another unit that the change needs on its day. */
static enum verdict other_begin(struct ctx *ctx, const char *field, const struct organisation_changed *change, struct unit *other)
{
    if (!unit_load(ctx, &change->other, other))
        return refuse_field(ctx, "organisation_unknown", field, "unknown");
    if (!may_reach(ctx, other->now.chain.at, other->now.chain.n))
        return REFUSE_REACH(ctx);
    if (uuid_equal(&change->other, &change->id))
        return refuse_field(ctx, "organisation_itself", field, "conflict");
    if (other->now.closed != 0)
        return not_any_more(ctx, field, &other->now);
    if (other->now.opened != 0 && change->day < other->now.opened) {
        refuse_field(ctx, "day_before_opened", "day", "range");
        return refuse_arg_day(ctx, "day", other->now.opened);
    }
    return VERDICT_OK;
}

/* What is `height` deep has room below a chain of `above`; and the unit does not stand above itself. */
static enum verdict fits_below(struct ctx *ctx, const char *field, const struct unit *unit, const struct unit *above,
                               enum org_tree tree, day_t day, uint32_t height)
{
    const struct lineage_spans *spans = &above->spans[tree];
    for (uint32_t i = 0; i < spans->n; i++) {
        if (i + 1 < spans->n && spans->at[i + 1].from <= day)
            continue;
        if (lineage_within(&spans->at[i], &unit->now.id))
            return refuse_field(ctx, "unit_circle", field, "conflict");
        if (height + spans->at[i].chain.n > CHAIN_MAX)
            return refuse_field(ctx, "too_deep", field, "depth");
    }
    return VERDICT_OK;
}

static const char *event_of(enum org_change how)
{
    static const char *const NAME[] = {
        [CHANGE_RENAMED] = "roster.organisation.renamed",   [CHANGE_MOVED] = "roster.organisation.moved",
        [CHANGE_FOUNDED] = "roster.organisation.founded",   [CHANGE_CLOSED] = "roster.organisation.closed",
        [CHANGE_REOPENED] = "roster.organisation.reopened", [CHANGE_MERGED] = "roster.organisation.succeeded",
        [CHANGE_SPLIT] = "roster.organisation.succeeded",
    };
    return NAME[how];
}

void emit_placed(struct ctx *ctx, struct unit *unit)
{
    const struct unit_span *present = unit_present(unit, ctx->today);
    struct unit_placed placed = {
        .id = unit->now.id, .territory = { unit->spans[TREE_TERRITORY].n, unit->spans[TREE_TERRITORY].at },
        .founder = { unit->spans[TREE_FOUNDER].n, unit->spans[TREE_FOUNDER].at } };

    emit(ctx, "roster.organisation.placed", &placed, NULL, 0);
    if (lineage_chain_equal(present, unit->now.chain.at, unit->now.chain.n))
        return;
    unit->now.chain.n = present->chain.n;
    unit->now.chain.at = present->chain.at;
    emit(ctx, "roster.organisation.registered", &unit->now, NULL, 0);
}

/* The fact, its chains where they changed, and how the unit stands now. */
static enum verdict change_emit(struct ctx *ctx, const struct organisation_changed *change, struct unit *unit)
{
    struct lineage_spans was[org_tree_count] = { unit->spans[TREE_TERRITORY], unit->spans[TREE_FOUNDER] };

    if (!unit_derive(ctx, unit))
        return refuse_field(ctx, "too_many_changes", "id", "too_many");
    emit(ctx, event_of(change->how), change, NULL, 0);
    struct organisation now = unit->now;
    now.title = unit_title_on(unit, ctx->today);
    now.chain.n = unit_present(unit, ctx->today)->chain.n;
    now.chain.at = unit_present(unit, ctx->today)->chain.at;
    emit(ctx, "roster.organisation.registered", &now, NULL, 0);
    unit->now = now;
    if (!lineage_equal(&was[TREE_TERRITORY], &unit->spans[TREE_TERRITORY]) || !lineage_equal(&was[TREE_FOUNDER], &unit->spans[TREE_FOUNDER]))
        emit_placed(ctx, unit);
    return VERDICT_OK;
}

/* ── one unit's own changes ───────────────────────────────────────────────── */

enum verdict decide_organisation_rename(struct ctx *ctx, const void *command)
{
    const struct organisation_rename *in = command;
    struct organisation_changed change = { in->id, CHANGE_RENAMED, .title = in->title, .day = in->day, .ground = in->ground, .document = in->document };
    struct unit unit;
    enum verdict verdict = change_begin(ctx, &change, &unit);

    if (verdict != VERDICT_OK || strcmp(unit_title_on(&unit, change.day), change.title) == 0)
        return verdict;
    if (!unit_title_set(&unit, change.day, change.title, ctx->arena))
        return refuse_field(ctx, "too_many_changes", "id", "too_many");
    return change_emit(ctx, &change, &unit);
}

static const struct uuid *link_on(const struct lineage_links *links, day_t day)
{
    const struct uuid *to = &UUID_NIL;
    for (uint32_t i = 0; i < links->n && links->at[i].from <= day; i++)
        to = &links->at[i].to;
    return to;
}

/* A municipality stands under the region alone, as when it is registered; nothing takes the region's place. */
static enum verdict kind_fits(struct ctx *ctx, const char *field, const struct organisation *unit, const struct organisation *above)
{
    bool fits = unit->kind != ORG_REGION && (unit->kind != ORG_MUNICIPALITY || above->kind == ORG_REGION);
    return fits ? VERDICT_OK : refuse_field(ctx, "parent_kind", field, "region");
}

enum verdict decide_organisation_move(struct ctx *ctx, const void *command)
{
    const struct organisation_move *in = command;
    struct organisation_changed change = { in->id, CHANGE_MOVED, in->parent, .day = in->day, .ground = in->ground, .document = in->document };
    struct unit unit, parent;
    enum verdict verdict = change_begin(ctx, &change, &unit);

    if (verdict != VERDICT_OK || (verdict = other_begin(ctx, "parent", &change, &parent)) != VERDICT_OK
        || (verdict = kind_fits(ctx, "parent", &unit.now, &parent.now)) != VERDICT_OK)
        return verdict;
    if (uuid_equal(link_on(&unit.parents, change.day), &change.other))
        return VERDICT_OK;                  /* it stands there already */
    uint32_t height = unit_height(ctx, &unit.now.id, ctx->today);
    if ((verdict = fits_below(ctx, "parent", &unit, &parent, TREE_TERRITORY, change.day, height)) != VERDICT_OK)
        return verdict;
    if (!lineage_link(&unit.parents, change.day, &change.other, ctx->arena))
        return refuse_field(ctx, "too_many_changes", "id", "too_many");
    return change_emit(ctx, &change, &unit);
}

enum verdict decide_organisation_found(struct ctx *ctx, const void *command)
{
    const struct organisation_found *in = command;
    struct organisation_changed change = { in->id, CHANGE_FOUNDED, in->founder, .day = in->day, .ground = in->ground, .document = in->document };
    struct unit unit, founder;
    enum verdict verdict = change_begin(ctx, &change, &unit);

    if (verdict != VERDICT_OK || (verdict = other_begin(ctx, "founder", &change, &founder)) != VERDICT_OK)
        return verdict;
    if (uuid_equal(link_on(&unit.founders, change.day), &change.other))
        return VERDICT_OK;
    uint32_t height = unit_height(ctx, &unit.now.id, ctx->today);
    if ((verdict = fits_below(ctx, "founder", &unit, &founder, TREE_FOUNDER, change.day, height)) != VERDICT_OK)
        return verdict;
    if (!lineage_link(&unit.founders, change.day, &change.other, ctx->arena))
        return refuse_field(ctx, "too_many_changes", "id", "too_many");
    unit.now.founder = *link_on(&unit.founders, ctx->today);
    return change_emit(ctx, &change, &unit);
}

/* ── closing ──────────────────────────────────────────────────────────────── */

/* Nobody is dismissed by silence: people who would still be in post there are ended or moved one by one, first. */
static uint32_t people_after(struct ctx *ctx, const struct uuid *id, day_t day)
{
    struct key prefix = key_of_uuid(id);
    struct bytes key, value;
    struct unit_post row;
    struct scan scan;
    uint32_t n = 0;

    scan_begin(&scan, ctx->txn, T_UNIT_POSTS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value) && state_unit_post(ctx, key, value, &row)) {
        bool mistake = row.brief.until != 0 && row.brief.until < row.brief.from;
        n += !mistake && (row.brief.until == 0 || row.brief.until >= day);
    }
    scan_end(&scan);
    return n;
}

static uint32_t units_after(struct ctx *ctx, const struct uuid *id, day_t day)
{
    struct units units;
    uint32_t n = 0;

    units_within(ctx, TREE_TERRITORY, id, day, &units);
    for (uint32_t i = 1; i < units.n; i++) {
        struct organisation one;
        n += state_organisation(ctx, &units.at[i], &one) && (one.closed == 0 || one.closed > day);
    }
    return n;
}

static enum verdict refuse_rest(struct ctx *ctx, const char *reason, uint32_t n)
{
    refuse(ctx, PROBLEM_CONFLICT, reason);
    refuse_arg(ctx, "count", arena_format(ctx->arena, "%u", n));
    return VERDICT_REFUSED;
}

enum verdict decide_organisation_close(struct ctx *ctx, const void *command)
{
    const struct organisation_close *in = command;
    struct organisation_changed change = { in->id, CHANGE_CLOSED, .day = in->day, .ground = in->ground, .document = in->document };
    struct unit unit;
    enum verdict verdict = change_begin(ctx, &change, &unit);
    uint32_t n;

    if (verdict != VERDICT_OK)
        return verdict;
    if (unit.now.kind == ORG_REGION)
        return refuse_field(ctx, "region_only_one", "id", "profile");
    if ((n = units_after(ctx, &change.id, change.day)) > 0)
        return refuse_rest(ctx, "units_remain", n);
    if ((n = people_after(ctx, &change.id, change.day)) > 0)
        return refuse_rest(ctx, "people_remain", n);
    unit.now.closed = change.day;
    return change_emit(ctx, &change, &unit);
}

enum verdict decide_organisation_reopen(struct ctx *ctx, const void *command)
{
    const struct organisation_close *in = command;
    struct organisation_changed change = { in->id, CHANGE_REOPENED, .day = in->day, .ground = in->ground, .document = in->document };
    struct unit unit;
    enum verdict verdict = change_begin(ctx, &change, &unit);

    if (verdict != VERDICT_OK)
        return verdict;
    if (unit.now.closed == 0)
        return refuse(ctx, PROBLEM_CONFLICT, "not_closed");
    if (!uuid_is_nil(&unit.now.heir))
        return refuse(ctx, PROBLEM_CONFLICT, "has_an_heir");
    unit.now.closed = 0;
    return change_emit(ctx, &change, &unit);
}

/* ── reorganisation ───────────────────────────────────────────────────────── */

/* The unit ends on the day, and `heir` goes on in its place. */
static enum verdict give_way(struct ctx *ctx, const char *field, const struct organisation_changed *change, struct unit *unit,
                             const struct unit *heir)
{
    if (unit->now.kind == ORG_REGION)
        return refuse_field(ctx, "region_only_one", field, "profile");
    if ((unit->now.kind == ORG_MUNICIPALITY) != (heir->now.kind == ORG_MUNICIPALITY))
        return refuse_field(ctx, "heir_kind", field, "conflict");
    uint32_t height = unit_height(ctx, &unit->now.id, ctx->today);
    enum verdict verdict = fits_below(ctx, field, unit, heir, TREE_TERRITORY, change->day, height - 1);
    if (verdict != VERDICT_OK)
        return verdict;
    unit->now.closed = change->day;
    unit->now.heir = heir->now.id;
    return change_emit(ctx, change, unit);
}

static bool twice(const struct uuid *ids, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (id_among(&ids[i], ids, i))
            return true;
    return false;
}

enum verdict decide_organisation_merge(struct ctx *ctx, const void *command)
{
    const struct organisation_merge *in = command;

    if (twice(in->units.at, in->units.n))
        return refuse_field(ctx, "organisation_twice", "units", "unique");
    for (uint32_t i = 0; i < in->units.n; i++) {
        struct organisation_changed change = { in->units.at[i], CHANGE_MERGED, in->into, .heir = true,
                                               .day = in->day, .ground = in->ground, .document = in->document };
        struct unit unit, into;
        enum verdict verdict = change_begin(ctx, &change, &unit);
        if (verdict != VERDICT_OK || (verdict = other_begin(ctx, "into", &change, &into)) != VERDICT_OK
            || (verdict = give_way(ctx, "into", &change, &unit, &into)) != VERDICT_OK)
            return verdict;
    }
    return VERDICT_OK;
}

enum verdict decide_organisation_split(struct ctx *ctx, const void *command)
{
    const struct organisation_split *in = command;
    struct organisation_changed change = { in->id, CHANGE_SPLIT, in->into.at[0], .heir = !in->goes_on,
                                           .day = in->day, .ground = in->ground, .document = in->document };
    struct unit unit, other = { .parents = { 0, NULL } }, heir = other;
    enum verdict verdict = change_begin(ctx, &change, &unit);

    if (verdict == VERDICT_OK && twice(in->into.at, in->into.n))
        return refuse_field(ctx, "organisation_twice", "into", "unique");
    if (verdict == VERDICT_OK && in->into.n < 2 && !in->goes_on)
        return refuse_field(ctx, "split_in_one", "into", "too_few");
    for (uint32_t i = 0; verdict == VERDICT_OK && i < in->into.n; i++) {
        change.other = in->into.at[i];
        change.heir = i == 0 && !in->goes_on;
        verdict = other_begin(ctx, "into", &change, &other);
        if (i == 0)
            heir = other;
        if (verdict == VERDICT_OK && !change.heir)
            emit(ctx, event_of(CHANGE_SPLIT), &change, NULL, 0);
    }
    if (verdict != VERDICT_OK || in->goes_on)
        return verdict;
    change.other = heir.now.id;
    change.heir = true;
    return give_way(ctx, "into", &change, &unit, &heir);
}
