#include "common/service/pages.h"
#include "services/roster/documents/documents.h"
#include "services/roster/merge/one.h"
#include "services/roster/registers/duties.h"
#include "services/roster/training/trainings.h"

/* roster.part.*, roster.duty.*: who takes part in an entry, and what is to be done by when. */

static bool named(const char *const *names, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* ── taking part ──────────────────────────────────────────────────────────── */

static enum verdict whom(struct ctx *ctx, const struct profile_register *reg, const struct part *made)
{
    int said = !uuid_is_nil(&made->person) + !uuid_is_nil(&made->organisation) + (made->title != NULL);
    struct organisation organisation;
    struct person_state state;

    if (said != 1)
        return refuse_field(ctx, "part_of_whom", "person", said == 0 ? "missing" : "repeated");
    if (!uuid_is_nil(&made->person) && (!state_person(ctx, &made->person, &state) || !person_reached(ctx, &made->person, &state)))
        return refuse_field(ctx, "person_unknown", "person", "unknown");
    if (!uuid_is_nil(&made->organisation) && !state_organisation(ctx, &made->organisation, &organisation))
        return refuse_field(ctx, "organisation_unknown", "organisation", "unknown");
    if (reg->partners.n > 0 && (uuid_is_nil(&made->organisation) || !register_kind(reg->partners.at, reg->partners.n, (int)organisation.kind)))
        return refuse_field(ctx, "part_not_of_kind", "organisation", "profile");
    return VERDICT_OK;
}

/* The same one, in the same role, once on a day. */
static enum verdict no_other_part(struct ctx *ctx, const struct part *made)
{
    struct part *known = ARENA_LIST(ctx->arena, struct part, PARTS_OF_ONE_MAX);
    uint32_t n = state_parts_of_one(ctx, made, known, PARTS_OF_ONE_MAX);
    struct entry_span span = { .from = made->from, .until = made->until };

    for (uint32_t i = 0; i < n; i++) {
        struct entry_span other = { .from = known[i].from, .until = known[i].until };
        if (uuid_equal(&known[i].part, &made->part) || strcmp(known[i].role, made->role) != 0 || !spans_overlap(&span, &other))
            continue;
        refuse_field(ctx, "part_overlaps", "from", "overlap");
        refuse_days(ctx, other.from, other.until);
        return VERDICT_REFUSED;
    }
    if (!uuid_is_nil(&made->part) || n < PARTS_OF_ONE_MAX)
        return VERDICT_OK;
    return refuse_most(ctx, "too_many_parts", PARTS_OF_ONE_MAX);
}

/* The entry's, and of a person: he and whose he is today. */
static uint32_t part_scope(struct ctx *ctx, const struct listing *listing, const struct part *part, struct uuid scope[ENTRY_SCOPES_MAX])
{
    struct uuid ids[SCOPE_IDS_MAX], person = person_now(ctx, &part->person);
    struct moves moves;

    if (uuid_is_nil(&part->person))
        return listing_scope(ctx, listing, scope);
    moves_load(ctx, &person, &moves);
    uint32_t n = moves_scope(&moves, ctx->today, ids);
    return scope_of(&person, listing->chain.at, listing->chain.n, ids, n, scope);
}

enum verdict decide_part_join(struct ctx *ctx, const void *command)
{
    const struct part_join *in = command;
    struct part made = { .entry = in->entry, .person = person_now(ctx, &in->person), .organisation = in->organisation, .title = tidied(ctx, in->title),
                         .role = in->role, .from = in->from, .until = in->until };
    const struct profile_register *reg;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct listing listing;

    if (entry_at_hand(ctx, &in->entry, &listing, &reg) != VERDICT_OK || whom(ctx, reg, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!named(reg->roles.at, reg->roles.n, in->role))
        return refuse_field(ctx, "role_unknown", "role", "profile");
    if (made.until != 0 && made.until < made.from)
        return refuse_field(ctx, "part_until_before_from", "until", "order");
    if (entry_day_near(ctx, made.from, "from") != VERDICT_OK || no_other_part(ctx, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    made.part = decide_id(ctx);
    made.register_id = listing.register_id;
    if (texts_fit(ctx, &part_desc, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.part.joined", &made, scope, part_scope(ctx, &listing, &made, scope));
    return reply_made(ctx, &made.part);
}

enum verdict decide_part_leave(struct ctx *ctx, const void *command)
{
    const struct part_leave *in = command;
    const struct profile_register *reg;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct listing listing;
    struct part part;

    if (!state_part(ctx, &in->part, &part))
        return refuse(ctx, PROBLEM_NOT_FOUND, "part_unknown");
    if (entry_at_hand(ctx, &part.entry, &listing, &reg) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (in->until + 1 < part.from)
        return refuse_field(ctx, "part_until_before_from", "until", "order");
    if (entry_day_near(ctx, in->until, "until") != VERDICT_OK)
        return VERDICT_REFUSED;
    if (part.until == in->until)
        return VERDICT_OK;
    part.until = in->until;
    if (no_other_part(ctx, &part) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.part.left", &part, scope, part_scope(ctx, &listing, &part, scope));
    return VERDICT_OK;
}

/* ── duties ───────────────────────────────────────────────────────────────── */

enum verdict decide_duty_set(struct ctx *ctx, const void *command)
{
    const struct duty_set *in = command;
    struct duty made = { .entry = in->entry, .kind = in->kind, .title = tidied(ctx, in->title), .part = in->part, .due = in->due,
                         .training = in->training, .number = in->number };
    const struct profile_register *reg;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct listing listing;
    struct part part;

    if (entry_at_hand(ctx, &in->entry, &listing, &reg) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!named(reg->duties.at, reg->duties.n, in->kind))
        return refuse_field(ctx, "duty_kind_unknown", "kind", "profile");
    if (made.title == NULL)
        return refuse_field(ctx, "empty", "title", "empty");
    if (in->training != NULL && in->training[0] != '\0' && training_named(ctx, in->training) == NULL)
        return refuse_field(ctx, "training_unknown", "training", "profile");
    if (!uuid_is_nil(&in->part) && !state_part(ctx, &in->part, &part))
        return refuse_field(ctx, "part_unknown", "part", "unknown");
    if (!uuid_is_nil(&in->part) && !uuid_equal(&part.entry, &in->entry))
        return refuse_field(ctx, "part_of_another_entry", "part", "conflict");
    made.duty = decide_id(ctx);
    made.register_id = listing.register_id;
    made.over_at = made.due < DAY_MAX ? day_start(made.due + 1, roster_config(ctx)->zone_minutes) : 0;
    if (texts_fit(ctx, &duty_desc, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.duty.set", &made, scope, listing_scope(ctx, &listing, scope));
    return reply_made(ctx, &made.duty);
}

/* One that is still owed, of an entry that the asker decides about. */
static enum verdict duty_at_hand(struct ctx *ctx, const struct uuid *id, struct duty *duty, struct listing *listing)
{
    const struct profile_register *reg;

    if (!state_duty(ctx, id, duty))
        return refuse(ctx, PROBLEM_NOT_FOUND, "duty_unknown");
    if (entry_at_hand(ctx, &duty->entry, listing, &reg) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (duty->dropped != 0)
        return refuse(ctx, PROBLEM_CONFLICT, "duty_is_dropped");
    return duty->fulfilled == 0 ? VERDICT_OK : refuse(ctx, PROBLEM_CONFLICT, "duty_done");
}

enum verdict decide_duty_drop(struct ctx *ctx, const void *command)
{
    const struct duty_drop *in = command;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct listing listing;
    struct duty duty;

    if (duty_at_hand(ctx, &in->duty, &duty, &listing) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct duty_dropped dropped = { duty.duty, duty.entry, in->day != 0 ? in->day : ctx->today, tidied(ctx, in->reason) };
    if (dropped.reason == NULL)
        return refuse_field(ctx, "empty", "reason", "empty");
    if (dropped.day > ctx->today)
        return refuse_field(ctx, "duty_day_future", "day", "range");
    if (texts_fit(ctx, &duty_dropped_desc, &dropped) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.duty.dropped", &dropped, scope, listing_scope(ctx, &listing, scope));
    return VERDICT_OK;
}

enum verdict decide_duty_fulfil(struct ctx *ctx, const void *command)
{
    const struct duty_fulfil *in = command;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct document document;
    struct listing listing;
    struct duty duty;

    if (duty_at_hand(ctx, &in->duty, &duty, &listing) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct duty_fulfilled fulfilled = { duty.duty, duty.entry, in->day != 0 ? in->day : ctx->today, tidied(ctx, in->result), in->document,
                                        in->people };
    if (fulfilled.day > ctx->today)
        return refuse_field(ctx, "duty_day_future", "day", "range");
    if (!uuid_is_nil(&in->document) && (!state_document(ctx, &in->document, &document) || !document_seen(ctx, &document)))
        return refuse_field(ctx, "document_unknown", "document", "unknown");
    if (texts_fit(ctx, &duty_fulfilled_desc, &fulfilled) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.duty.fulfilled", &fulfilled, scope, listing_scope(ctx, &listing, scope));
    return VERDICT_OK;
}

/* The day is the one after the last, however late the timer is. */
enum verdict fire_duty_over(struct ctx *ctx, const struct uuid *id, moment_t due)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct listing listing;
    struct duty duty;

    (void)due;
    if (!state_duty(ctx, id, &duty) || !duty_owed(&duty) || duty.overdue != 0 || !state_listing(ctx, &duty.entry, &listing))
        return VERDICT_OK;
    struct duty_overdue overdue = { duty.duty, duty.entry, duty.due + 1 };
    emit(ctx, "roster.duty.overdue", &overdue, scope, listing_scope(ctx, &listing, scope));
    return VERDICT_OK;
}

/* ── queries ──────────────────────────────────────────────────────────────── */

/* The entry, and that the asker may see it. */
static enum verdict entry_seen(struct ctx *ctx, const struct uuid *id, struct listing *listing, bool *reached, bool *public)
{
    const struct profile_register *reg;

    if (!state_listing(ctx, id, listing))
        return refuse(ctx, PROBLEM_NOT_FOUND, "entry_unknown");
    reg = register_named(ctx, listing->register_id);
    *reached = listing_reached(ctx, listing);
    *public = reg != NULL && reg->public && listing_holds(listing, ctx->today);
    return *reached || *public ? VERDICT_OK : REFUSE_REACH(ctx);
}

static bool part_seen(struct ctx *ctx, const struct part *part, bool reached, bool public)
{
    struct person_state state;

    if (public || uuid_is_nil(&part->person))
        return public || reached;
    return state_person(ctx, &part->person, &state) && person_reached(ctx, &part->person, &state);
}

bool part_holds(const struct part *part, day_t on)
{
    return on == 0 || span_holds(&(struct entry_span){ .from = part->from, .until = part->until }, on);
}

bool part_again(struct ctx *ctx, const struct part *part, day_t on)
{
    struct uuid ids[SAME_ONE_MAX];

    if (on == 0 || uuid_is_nil(&part->person) || same_one(ctx, &part->person, ids) == 1)
        return false;
    struct part *known = ARENA_LIST(ctx->arena, struct part, PARTS_OF_ONE_MAX);
    uint32_t n = state_parts_of_one(ctx, part, known, PARTS_OF_ONE_MAX);
    for (uint32_t i = 0; i < n; i++)
        if (uuid_compare(&known[i].part, &part->part) < 0 && strcmp(known[i].role, part->role) == 0 && part_holds(&known[i], on))
            return true;
    return false;
}

enum verdict query_part_list(struct ctx *ctx, const void *query)
{
    const struct parts_of *asked = query;
    struct key prefix = key_of_uuid(&asked->entry);
    struct part_list list = { 0 };
    struct listing listing;
    struct bytes key, value;
    struct pages pages;
    bool reached, public;

    if (entry_seen(ctx, &asked->entry, &listing, &reached, &public) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (pages_open(&pages, ctx, T_ENTRY_PARTS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct part, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        struct part part;
        if (!state_part(ctx, &id, &part) || !part_holds(&part, asked->on) || part_again(ctx, &part, asked->on))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_PARTS, &id)))
            break;
        if (!part_seen(ctx, &part, reached, public))
            continue;
        part.person = person_now(ctx, &part.person);
        list.rows.at[list.rows.n++] = part;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* What a public register shows to everybody are its members, not what they owe. */
enum verdict query_duty_list(struct ctx *ctx, const void *query)
{
    const struct duties_of *asked = query;
    struct key prefix = key_of_uuid(&asked->entry);
    struct duty_list list = { 0 };
    struct listing listing;
    struct bytes key, value;
    struct pages pages;
    bool reached, public;

    if (entry_seen(ctx, &asked->entry, &listing, &reached, &public) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!reached)
        return REFUSE_REACH(ctx);
    if (pages_open(&pages, ctx, T_ENTRY_DUTIES, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct duty, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        struct duty duty;
        if (!state_duty(ctx, &id, &duty) || (asked->open && !duty_owed(&duty)))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_DUTIES, &id)))
            break;
        list.rows.at[list.rows.n++] = duty;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}
