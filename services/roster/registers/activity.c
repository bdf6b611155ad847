#include "services/roster/registers/activity.h"

#include "common/service/pages.h"
#include "services/roster/merge/one.h"

/* roster.register.activity: a register's entries in a period, in numbers. */

void activity_add(struct activity_kind *kind, const struct duty *duty, day_t as_of)
{
    bool done = duty->fulfilled != 0 && duty->fulfilled <= as_of;

    if (duty->dropped != 0 && duty->dropped <= as_of) {
        kind->dropped++;
        return;
    }
    kind->planned++;
    kind->nobodys += uuid_is_nil(&duty->part);
    kind->overdue += !done && duty->due < as_of;
    if (!done)
        return;
    kind->done++;
    kind->late += duty->fulfilled > duty->due;
    kind->people += duty->people;
    kind->last = duty->fulfilled > kind->last ? duty->fulfilled : kind->last;
}

/* The period, and the day on which it is looked at. */
struct period { day_t from, until, as_of; };

/* One part in the numbers of the row; `held` by the register's roles. */
static void part_counted(struct ctx *ctx, const struct profile_register *reg, const struct period *period, const struct part *part, struct activity_row *row,
                         bool *held)
{
    const struct entry_span span = { .from = part->from, .until = part->until };

    if (span_empty(&span))
        return;
    row->joined += part->from >= period->from && part->from <= period->as_of;
    row->left += part->until != 0 && part->until >= period->from && part->until < period->as_of;
    if (!span_holds(&span, period->as_of) || part_again(ctx, part, period->as_of))
        return;
    row->parts++;
    for (uint32_t i = 0; i < reg->roles.n; i++)
        held[i] |= strcmp(reg->roles.at[i], part->role) == 0;
}

static void parts_counted(struct ctx *ctx, const struct profile_register *reg, const struct period *period, struct activity_row *row)
{
    struct key prefix = key_of_uuid(&row->entry);
    bool *held = ARENA_LIST(ctx->arena, bool, reg->roles.n + 1);
    uint32_t looked = 0;
    struct bytes key, value;
    struct scan scan;
    struct part part;

    memset(held, 0, reg->roles.n + 1);
    scan_begin(&scan, ctx->txn, T_ENTRY_PARTS, key_bytes(&prefix));
    for (; looked < ACTIVITY_PARTS_MAX && scan_next(&scan, &key, &value); looked++) {
        struct uuid id = key_last_uuid(key);
        if (state_part(ctx, &id, &part))
            part_counted(ctx, reg, period, &part, row, held);
    }
    scan_end(&scan);
    row->more |= looked == ACTIVITY_PARTS_MAX;
    row->missing.at = ARENA_LIST(ctx->arena, const char *, reg->roles.n + 1);
    for (uint32_t i = 0; i < reg->roles.n; i++)
        if (!held[i])
            row->missing.at[row->missing.n++] = reg->roles.at[i];
}

/* Keys are in the order of last days: those before the period are passed over unread. */
static void duties_counted(struct ctx *ctx, const struct profile_register *reg, const struct period *period, struct activity_row *row)
{
    struct key prefix = key_of_uuid(&row->entry), first = prefix;
    uint32_t looked = 0;
    struct bytes key, value;
    struct scan scan;
    struct duty duty;

    row->kinds.at = ARENA_LIST(ctx->arena, struct activity_kind, reg->duties.n + 1);
    for (; row->kinds.n < reg->duties.n; row->kinds.n++)
        row->kinds.at[row->kinds.n] = (struct activity_kind){ .kind = reg->duties.at[row->kinds.n] };
    key_u32(&first, period->from);
    scan_begin(&scan, ctx->txn, T_ENTRY_DUTIES, key_bytes(&prefix));
    scan_from(&scan, key_bytes(&first));
    for (; looked < ACTIVITY_DUTIES_MAX && scan_next(&scan, &key, &value); looked++) {
        struct uuid id = key_last_uuid(key);
        if (!state_duty(ctx, &id, &duty))
            continue;
        if (duty.due > period->until)
            break;
        for (uint32_t i = 0; i < row->kinds.n; i++)
            if (strcmp(row->kinds.at[i].kind, duty.kind) == 0)
                activity_add(&row->kinds.at[i], &duty, period->as_of);
    }
    scan_end(&scan);
    row->more |= looked == ACTIVITY_DUTIES_MAX;
}

static struct activity_row row_of(struct ctx *ctx, const struct profile_register *reg, const struct listing *listing, const struct period *period)
{
    struct activity_row row = { .entry = listing->entry, .member = uuid_is_nil(&listing->person) ? listing->member : person_now(ctx, &listing->person),
                                .title = listing->title, .place = listing->chain.at[0], .holds = listing_holds(listing, period->as_of) };

    parts_counted(ctx, reg, period, &row);
    duties_counted(ctx, reg, period, &row);
    return row;
}

/* About what a row takes in a reply. */
static size_t row_size(const struct activity_row *row)
{
    size_t size = 160 + (row->title != NULL ? strlen(row->title) : 0);

    for (uint32_t i = 0; i < row->kinds.n; i++)
        size += 80 + strlen(row->kinds.at[i].kind);
    for (uint32_t i = 0; i < row->missing.n; i++)
        size += 4 + strlen(row->missing.at[i]);
    return size;
}

static enum verdict period_of(struct ctx *ctx, const struct activity_of *asked, struct period *period)
{
    period->until = asked->until != 0 ? asked->until : ctx->today;
    period->from = asked->from != 0 ? asked->from : day_of(day_year(period->until), 1, 1);
    period->as_of = period->until < ctx->today ? period->until : ctx->today;
    return period->until >= period->from ? VERDICT_OK : refuse_field(ctx, "period_until_before_from", "until", "order");
}

enum verdict query_register_activity(struct ctx *ctx, const void *query)
{
    const struct activity_of *asked = query;
    const struct profile_register *reg = register_named(ctx, asked->register_id);
    struct key prefix = listings_of_unit(&asked->unit, asked->register_id);
    struct activity_list list = { 0 };
    struct listing_brief brief;
    struct bytes key, value;
    struct listing listing;
    struct period period;
    struct pages pages;
    struct uuid entry;

    if (reg == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if (unit_at_hand(ctx, &asked->unit, NULL) != VERDICT_OK || period_of(ctx, asked, &period) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (pages_open(&pages, ctx, T_UNIT_LISTINGS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    const struct entry_span whole = { .from = period.from, .until = period.until };
    list.rows.at = ARENA_LIST(ctx->arena, struct activity_row, pages.limit);
    while (pages_next(&pages, &key, &value) && state_brief(ctx, key, value, &entry, &brief)) {
        if (!state_listing(ctx, &entry, &listing) || listing_overlap(&listing, &whole) == NULL) {
            if (!pages_pass(&pages, key))
                break;
            continue;
        }
        struct activity_row row = row_of(ctx, reg, &listing, &period);
        if (!pages_take(&pages, key, row_size(&row)))
            break;
        list.rows.at[list.rows.n++] = row;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}
