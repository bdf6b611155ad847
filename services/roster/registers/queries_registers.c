#include "common/service/pages.h"
#include "services/roster/merge/one.h"
#include "services/roster/registers/duties.h"
#include "services/roster/registers/registers.h"
#include "services/roster/units/totals.h"

/* Which registers there are, who is in them on a day, and where somebody stands. */

enum verdict query_register_list(struct ctx *ctx, const void *query)
{
    const struct profile *profile = roster_config(ctx)->profile;
    struct register_list list = { .rows.at = ARENA_LIST(ctx->arena, struct register_line, profile->registers.n + 1) };

    (void)query;
    for (; list.rows.n < profile->registers.n; list.rows.n++) {
        const struct profile_register *reg = &profile->registers.at[list.rows.n];
        list.rows.at[list.rows.n] = (struct register_line){ .id = reg->id, .title = reg->title, .clause = reg->clause,
                                                            .members = reg->members, .public = reg->public };
    }
    reply(ctx, &list);
    return VERDICT_OK;
}

enum verdict query_register_get(struct ctx *ctx, const void *query)
{
    const struct register_of *asked = query;
    const struct profile_register *reg = register_named(ctx, asked->register_id);

    if (reg == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    reply(ctx, reg);
    return VERDICT_OK;
}

static bool decided(uint8_t stage) { return stage != STAGE_PROPOSED && stage != STAGE_DECLINED; }

/* Whether it may hold on that day: its spans have the last word. */
static bool brief_holds(const struct listing_brief *brief, day_t on)
{
    return decided(brief->stage) && brief->from <= on && (brief->until == 0 || on <= brief->until);
}

/* Whom an entry is about, as he or it goes by in this total: a member twice in the register is one. */
static struct uuid counted_as(struct ctx *ctx, const struct listing *listing, const struct total_place *place)
{
    if (!uuid_is_nil(&listing->person))
        return person_now(ctx, &listing->person);
    return uuid_equal(&listing->member, &place->unit) ? place->as : listing->member;
}

/* Where spans leave gaps the brief does not know them, so an entry is opened then. */
static void count_of(const struct total *total, const struct total_place *place, const char *register_id, struct register_count *count,
                     struct buf *members)
{
    struct key prefix = listings_of_unit(&place->unit, register_id);
    struct listing_brief brief;
    struct listing listing;
    struct bytes key, value;
    struct uuid entry;
    struct scan scan;

    scan_begin(&scan, total->ctx->txn, T_UNIT_LISTINGS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value) && state_brief(total->ctx, key, value, &entry, &brief)) {
        bool proposed = brief.stage == STAGE_PROPOSED;
        if ((!proposed && !brief_holds(&brief, total->on)) || !state_listing(total->ctx, &entry, &listing) ||
            !total_takes(total, place, &listing.chain.at[0]))
            continue;
        struct uuid member = counted_as(total->ctx, &listing, place);
        if (proposed)
            count->proposed++;
        else if (listing_holds(&listing, total->on))
            buf_put(members, member.b, sizeof member.b);
    }
    scan_end(&scan);
}

enum verdict query_register_count(struct ctx *ctx, const void *query)
{
    const struct register_count_of *asked = query;
    day_t on = asked->on != 0 ? asked->on : ctx->today;
    struct register_count count = { 0, 0 };
    struct organisation unit;
    struct buf members = { 0 };

    if (register_named(ctx, asked->register_id) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if (unit_at_hand(ctx, &asked->unit, &unit) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct total total = total_of(ctx, &asked->unit, on, asked->as, asked->tree);
    for (uint32_t i = 0; i < total.n; i++)
        count_of(&total, &total.at[i], asked->register_id, &count, &members);
    count.members = total_distinct(&members);
    buf_free(&members);
    reply(ctx, &count);
    return VERDICT_OK;
}

/* ── lists ────────────────────────────────────────────────────────────────── */

static bool wanted(const struct entries_of *asked, const struct listing_brief *brief, day_t on)
{
    switch (asked->which) {
    case LIST_PROPOSED: return brief->stage == STAGE_PROPOSED;
    case LIST_ALL:      return true;
    default:            return brief_holds(brief, on);
    }
}

/* What everybody may know of an entry of a public register: who, since when, on which grounds. */
static void to_the_public(struct listing *listing)
{
    for (uint32_t i = 0; i < listing->grounds.n; i++) {
        listing->grounds.at[i].evidence = NULL;
        listing->grounds.at[i].document = UUID_NIL;
    }
    for (uint32_t i = 0; i < listing->spans.n; i++)
        listing->spans.at[i].document = UUID_NIL;
    listing->values.n = 0;
    listing->reason = NULL;
    listing->exit = UUID_NIL;
}

/* What of it the asker may see; false: nothing. */
static bool shown(struct ctx *ctx, const struct profile_register *reg, struct listing *listing, day_t on)
{
    if (listing_reached(ctx, listing))
        return true;
    if (reg == NULL || !reg->public || !decided((uint8_t)listing->stage) || !listing_holds(listing, on))
        return false;
    to_the_public(listing);
    return true;
}

void listing_now(struct ctx *ctx, struct listing *listing)
{
    if (!uuid_is_nil(&listing->person))
        listing->member = listing->person = person_now(ctx, &listing->person);
    for (uint32_t i = 0; i < listing->values.n; i++)
        if (!uuid_is_nil(&listing->values.at[i].id))        /* a person's, or one that no record of a person has */
            listing->values.at[i].id = person_now(ctx, &listing->values.at[i].id);
}

static void listing_add(struct ctx *ctx, struct entry_list *list, struct listing *listing)
{
    listing_now(ctx, listing);
    list->rows.at[list->rows.n++] = *listing;
}

/* Which service serves this municipality: a register is walked, and each entry asked for the one partner. */
static bool takes_part(struct ctx *ctx, const struct listing *listing, const struct uuid *partner, day_t on)
{
    struct part *parts = ARENA_LIST(ctx->arena, struct part, PARTS_OF_ONE_MAX);
    uint32_t n = state_parts_of_one(ctx, &(struct part){ .entry = listing->entry, .organisation = *partner }, parts, PARTS_OF_ONE_MAX);

    for (uint32_t i = 0; i < n; i++)
        if (part_holds(&parts[i], on))
            return true;
    return false;
}

/* On a day the list is of members, each once; otherwise of entries. */
static bool listed_on(struct ctx *ctx, const struct entries_of *asked, const struct listing *listing, day_t on)
{
    if (!uuid_is_nil(&asked->partner) && !takes_part(ctx, listing, &asked->partner, asked->which == LIST_ON_DAY ? on : 0))
        return false;
    if (asked->which != LIST_ON_DAY)
        return true;
    return listing_holds(listing, on) && !listing_again(ctx, listing, uuid_is_nil(&asked->unit) ? NULL : &asked->unit, on);
}

/* Each key is taken before it is asked who may see it: a page looks at no more of them than it may hold rows. */
enum verdict query_entry_list(struct ctx *ctx, const void *query)
{
    const struct entries_of *asked = query;
    const struct profile_register *reg = register_named(ctx, asked->register_id);
    bool of_unit = !uuid_is_nil(&asked->unit);
    struct key prefix = of_unit ? listings_of_unit(&asked->unit, asked->register_id) : listings_of_register(asked->register_id);
    day_t on = asked->on != 0 ? asked->on : ctx->today;
    struct entry_list list = { 0 };
    struct listing_brief brief;
    struct organisation unit;
    struct bytes key, value;
    struct listing listing;
    struct pages pages;
    struct uuid entry;
    bool reached = false;

    if (reg == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if (of_unit && !state_organisation(ctx, &asked->unit, &unit))
        return refuse(ctx, PROBLEM_NOT_FOUND, "organisation_unknown");
    if (of_unit && !(reached = may_reach(ctx, unit.chain.at, unit.chain.n)) && !reg->public)
        return REFUSE_REACH(ctx);
    if (pages_open(&pages, ctx, of_unit ? T_UNIT_LISTINGS : T_REGISTER_LISTINGS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct listing, pages.limit);
    while (pages_next(&pages, &key, &value) && state_brief(ctx, key, value, &entry, &brief)) {
        if (!wanted(asked, &brief, on) || !state_listing(ctx, &entry, &listing) || !listed_on(ctx, asked, &listing, on))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_LISTINGS, &entry)))
            break;
        if (reached || shown(ctx, reg, &listing, on))
            listing_add(ctx, &list, &listing);
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* Everything about one member, proposals and what has ended included. */
enum verdict query_entry_of(struct ctx *ctx, const void *query)
{
    const struct memberships_of *asked = query;
    struct entry_list list = { 0 };
    struct listing_brief brief;
    struct bytes key, value;
    struct pages pages;
    struct listing listing;
    struct uuid entry;

    if (one_pages_open(&pages, ctx, T_MEMBER_LISTINGS, &asked->member, asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct listing, pages.limit);
    while (pages_next(&pages, &key, &value) && state_brief(ctx, key, value, &entry, &brief)) {
        if (!state_listing(ctx, &entry, &listing))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_LISTINGS, &entry)))
            break;
        if (shown(ctx, register_named(ctx, listing.register_id), &listing, ctx->today))
            listing_add(ctx, &list, &listing);
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

enum verdict query_entry_get(struct ctx *ctx, const void *query)
{
    const struct registered *asked = query;
    struct listing listing;

    if (!state_listing(ctx, &asked->id, &listing))
        return refuse(ctx, PROBLEM_NOT_FOUND, "entry_unknown");
    if (!shown(ctx, register_named(ctx, listing.register_id), &listing, ctx->today))
        return REFUSE_REACH(ctx);
    listing_now(ctx, &listing);
    reply(ctx, &listing);
    return VERDICT_OK;
}
