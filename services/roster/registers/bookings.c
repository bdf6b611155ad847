#include "services/roster/registers/bookings.h"

#include "common/service/pages.h"
#include "services/roster/merge/one.h"

static bool touches(const struct booking *booking, day_t from, day_t until)
{
    return !booking->cancelled && booking->from <= until && booking->until >= from;
}

/* More are taken on no day than on the first one, or on one with which some booking begins. */
uint64_t bookings_peak(const struct booking *bookings, uint32_t n, day_t from, day_t until)
{
    uint64_t peak = 0;

    for (uint32_t i = 0; i <= n; i++) {
        day_t day = i == n ? from : bookings[i].from;
        uint64_t taken = 0;
        if (day < from || day > until)
            continue;
        for (uint32_t j = 0; j < n; j++)
            taken += touches(&bookings[j], day, day) ? bookings[j].places : 0;
        peak = taken > peak ? taken : peak;
    }
    return peak;
}

/* ── tables ───────────────────────────────────────────────────────────────── */

static bool state_booking(struct ctx *ctx, const struct uuid *id, struct booking *booking)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_BOOKINGS, key_bytes(&key), &booking_desc, ctx->arena, booking);
}

void apply_booking(struct ctx *ctx, const void *event)
{
    const struct booking *booking = event;
    struct key key = key_of_uuid(&booking->booking), of = key_of_uuid(&booking->entry);

    key_u32(&of, booking->until);
    key_uuid(&of, &booking->booking);
    txn_put_msg(ctx->txn, T_BOOKINGS, key_bytes(&key), &booking_desc, booking);
    txn_put(ctx->txn, T_ENTRY_BOOKINGS, key_bytes(&of), bytes("", 0));
}

/* Those of an entry that end on `from` or later and are not cancelled; at most BOOKINGS_MAX. */
static uint32_t bookings_from(struct ctx *ctx, const struct uuid *entry, day_t from, struct booking *list)
{
    struct key prefix = key_of_uuid(entry), start = key_of_uuid(entry);
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0;

    key_u32(&start, from);
    scan_begin(&scan, ctx->txn, T_ENTRY_BOOKINGS, key_bytes(&prefix));
    scan_from(&scan, key_bytes(&start));
    while (n < BOOKINGS_MAX && scan_next(&scan, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        n += state_booking(ctx, &id, &list[n]) && !list[n].cancelled;
    }
    scan_end(&scan);
    return n;
}

/* ── what there is ────────────────────────────────────────────────────────── */

/* 0: it cannot be booked. */
static uint64_t capacity_of(const struct profile_register *reg, const struct listing *listing)
{
    for (uint32_t i = 0; reg->capacity != NULL && i < listing->values.n; i++)
        if (strcmp(listing->values.at[i].name, reg->capacity) == 0)
            return listing->values.at[i].number;
    return 0;
}

static bool holds_on_all(const struct listing *listing, day_t from, day_t until)
{
    for (uint32_t i = 0; i < listing->spans.n; i++)
        if (span_holds(&listing->spans.at[i], from) && span_holds(&listing->spans.at[i], until))
            return true;
    return false;
}

/* ── commands ─────────────────────────────────────────────────────────────── */

static enum verdict for_whom(struct ctx *ctx, const struct booking_make *in)
{
    struct organisation organisation;
    struct person_state person;

    if (!uuid_is_nil(&in->person) && !uuid_is_nil(&in->organisation))
        return refuse_field(ctx, "booking_of_two", "person", "conflict");
    if (!uuid_is_nil(&in->person) && (!state_person(ctx, &in->person, &person) || !person_reached(ctx, &in->person, &person)))
        return refuse_field(ctx, "person_unknown", "person", "unknown");
    if (!uuid_is_nil(&in->organisation) && !state_organisation(ctx, &in->organisation, &organisation))
        return refuse_field(ctx, "organisation_unknown", "organisation", "unknown");
    return VERDICT_OK;
}

static enum verdict days_good(struct ctx *ctx, const struct booking_make *in, const struct listing *listing)
{
    if (in->until < in->from)
        return refuse_field(ctx, "booking_until_before_from", "until", "order");
    if (in->until - in->from >= BOOKING_DAYS_MAX) {
        refuse_field(ctx, "booking_too_long", "until", "range");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%d", BOOKING_DAYS_MAX));
        return VERDICT_REFUSED;
    }
    if (in->from < ctx->today)
        return refuse_field(ctx, "booking_past", "from", "range");
    if (entry_day_near(ctx, in->until, "until") != VERDICT_OK)
        return VERDICT_REFUSED;
    return holds_on_all(listing, in->from, in->until) ? VERDICT_OK : refuse_field(ctx, "entry_not_then", "from", "conflict");
}

static enum verdict places_left(struct ctx *ctx, const struct booking_make *in, uint64_t capacity)
{
    struct booking *list = ARENA_LIST(ctx->arena, struct booking, BOOKINGS_MAX);
    uint32_t n = bookings_from(ctx, &in->entry, ctx->today, list);

    if (n == BOOKINGS_MAX)
        return refuse_most(ctx, "too_many_bookings", BOOKINGS_MAX);
    uint64_t taken = bookings_peak(list, n, in->from, in->until), left = taken < capacity ? capacity - taken : 0;
    if (in->places <= left)
        return VERDICT_OK;
    refuse_field(ctx, "places_taken", "places", "range");
    refuse_arg(ctx, "free", arena_format(ctx->arena, "%llu", (unsigned long long)left));
    return VERDICT_REFUSED;
}

static enum verdict emit_booking(struct ctx *ctx, const char *event, const struct listing *listing, const struct booking *booking)
{
    struct uuid ids[SCOPE_IDS_MAX], scope[ENTRY_SCOPES_MAX];
    struct moves moves;

    if (texts_fit(ctx, &booking_desc, booking) != VERDICT_OK)
        return VERDICT_REFUSED;
    uint32_t n = listing_scope(ctx, listing, scope);
    if (!uuid_is_nil(&booking->person)) {
        struct uuid person = person_now(ctx, &booking->person);
        moves_load(ctx, &person, &moves);
        n = scope_of(&person, listing->chain.at, listing->chain.n, ids, moves_scope(&moves, ctx->today, ids), scope);
    }
    emit(ctx, event, booking, scope, n);
    return VERDICT_OK;
}

enum verdict decide_booking_make(struct ctx *ctx, const void *command)
{
    const struct booking_make *in = command;
    const struct profile_register *reg;
    struct listing listing;

    if (entry_at_hand(ctx, &in->entry, &listing, &reg) != VERDICT_OK)
        return VERDICT_REFUSED;
    uint64_t capacity = capacity_of(reg, &listing);
    if (capacity == 0)
        return refuse_field(ctx, "not_bookable", "entry", "profile");
    if (days_good(ctx, in, &listing) != VERDICT_OK || for_whom(ctx, in) != VERDICT_OK || places_left(ctx, in, capacity) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct booking made = { .booking = decide_id(ctx), .entry = in->entry, .register_id = listing.register_id, .from = in->from,
                            .until = in->until, .places = in->places, .organisation = in->organisation, .person = person_now(ctx, &in->person),
                            .purpose = tidied(ctx, in->purpose) };
    if (made.purpose == NULL)
        return refuse_field(ctx, "empty", "purpose", "empty");
    if (emit_booking(ctx, "roster.booking.made", &listing, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    return reply_made(ctx, &made.booking);
}

enum verdict decide_booking_cancel(struct ctx *ctx, const void *command)
{
    const struct booking_cancel *in = command;
    const struct profile_register *reg;
    struct booking booking;
    struct listing listing;

    if (!state_booking(ctx, &in->booking, &booking))
        return refuse(ctx, PROBLEM_NOT_FOUND, "booking_unknown");
    if (entry_at_hand(ctx, &booking.entry, &listing, &reg) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (booking.cancelled)
        return refuse(ctx, PROBLEM_CONFLICT, "booking_cancelled");
    if (booking.until < ctx->today)
        return refuse(ctx, PROBLEM_CONFLICT, "booking_over");
    booking.cancelled = true;
    if ((booking.reason = tidied(ctx, in->reason)) == NULL)
        return refuse_field(ctx, "empty", "reason", "empty");
    return emit_booking(ctx, "roster.booking.cancelled", &listing, &booking);
}

/* ── queries ──────────────────────────────────────────────────────────────── */

enum verdict query_booking_list(struct ctx *ctx, const void *query)
{
    const struct bookings_of *asked = query;
    struct key prefix = key_of_uuid(&asked->entry);
    day_t until = asked->until != 0 ? asked->until : DAY_MAX;
    struct booking_list list = { 0 };
    struct bytes key, value;
    struct listing listing;
    struct pages pages;

    if (!state_listing(ctx, &asked->entry, &listing))
        return refuse(ctx, PROBLEM_NOT_FOUND, "entry_unknown");
    if (!listing_reached(ctx, &listing))
        return REFUSE_REACH(ctx);
    if (pages_open(&pages, ctx, T_ENTRY_BOOKINGS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct booking, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        struct booking booking;
        if (!state_booking(ctx, &id, &booking) || booking.from > until || booking.until < asked->from || (booking.cancelled && !asked->all))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_BOOKINGS, &id)))
            break;
        booking.person = person_now(ctx, &booking.person);
        list.rows.at[list.rows.n++] = booking;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

enum verdict query_booking_free(struct ctx *ctx, const void *query)
{
    const struct free_of *asked = query;
    const struct profile_register *reg = register_named(ctx, asked->register_id);
    struct key prefix = listings_of_unit(&asked->unit, asked->register_id);
    struct booking *bookings = ARENA_LIST(ctx->arena, struct booking, BOOKINGS_MAX);
    struct free_list list = { 0 };
    struct listing_brief brief;
    struct organisation unit;
    struct bytes key, value;
    struct listing listing;
    struct pages pages;
    struct uuid entry;

    if (reg == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if (!state_organisation(ctx, &asked->unit, &unit))
        return refuse(ctx, PROBLEM_NOT_FOUND, "organisation_unknown");
    if (!may_reach(ctx, unit.chain.at, unit.chain.n) && !reg->public)
        return REFUSE_REACH(ctx);
    if (asked->until < asked->from)
        return refuse_field(ctx, "booking_until_before_from", "until", "order");
    if (pages_open(&pages, ctx, T_UNIT_LISTINGS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct free_row, pages.limit);
    while (pages_next(&pages, &key, &value) && state_brief(ctx, key, value, &entry, &brief)) {
        if (!state_listing(ctx, &entry, &listing) || !holds_on_all(&listing, asked->from, asked->until))
            continue;
        uint64_t capacity = capacity_of(reg, &listing);
        uint64_t taken = bookings_peak(bookings, bookings_from(ctx, &entry, asked->from, bookings), asked->from, asked->until);
        if (taken >= capacity || capacity - taken < asked->places)
            continue;
        if (!pages_take(&pages, key, sizeof(struct free_row) + (listing.title != NULL ? strlen(listing.title) : 0)))
            break;
        list.rows.at[list.rows.n++] = (struct free_row){ entry, listing.chain.at[0], listing.title, capacity, capacity - taken };
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}
