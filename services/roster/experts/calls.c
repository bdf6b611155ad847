#include "services/roster/experts/calls.h"

#include "services/roster/documents/documents.h"

/* Calls and applications: tables, commands, events. */

bool state_call(struct ctx *ctx, const struct uuid *id, struct call *call)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_CALLS, key_bytes(&key), &call_desc, ctx->arena, call);
}

bool state_application(struct ctx *ctx, const struct uuid *entry, struct application *application)
{
    struct key key = key_of_uuid(entry);
    return txn_get_msg(ctx->txn, T_APPLICATIONS, key_bytes(&key), &application_desc, ctx->arena, application);
}

uint32_t state_applications(struct ctx *ctx, const struct uuid *call, struct application *list, uint32_t max)
{
    struct key prefix = key_of_uuid(call);
    struct uuid *entries = ARENA_LIST(ctx->arena, struct uuid, max);
    uint32_t n = txn_ids(ctx->txn, T_CALL_APPLICATIONS, key_bytes(&prefix), false, entries, max), taken = 0;

    for (uint32_t i = 0; i < n; i++)
        taken += state_application(ctx, &entries[i], &list[taken]);
    return taken;
}

struct key calls_of_register(const char *register_id)
{
    struct key key = { 0 };
    key_text(&key, register_id);
    return key;
}

void apply_call_opened(struct ctx *ctx, const void *event)
{
    const struct call *call = event;
    struct key key = key_of_uuid(&call->call), of = calls_of_register(call->register_id);

    key_uuid(&of, &call->call);
    txn_put_msg(ctx->txn, T_CALLS, key_bytes(&key), &call_desc, call);
    txn_put(ctx->txn, T_REGISTER_CALLS, key_bytes(&of), bytes("", 0));
}

void apply_call_applied(struct ctx *ctx, const void *event)
{
    const struct application *application = event;
    struct key key = key_of_uuid(&application->entry), of = key_of_uuid(&application->call);

    key_uuid(&of, &application->entry);
    txn_put_msg(ctx->txn, T_APPLICATIONS, key_bytes(&key), &application_desc, application);
    txn_put(ctx->txn, T_CALL_APPLICATIONS, key_bytes(&of), bytes("", 0));
}

/* ── a call ───────────────────────────────────────────────────────────────── */

enum verdict decide_call_open(struct ctx *ctx, const void *command)
{
    const struct call_open *in = command;
    const struct profile_register *reg = register_named(ctx, in->register_id);
    struct call made = { .register_id = in->register_id, .direction = in->direction, .title = tidied(ctx, in->title), .from = in->from,
                         .until = in->until, .seats = in->seats, .document = in->document };
    struct document document;

    if (!may_reach(ctx, &roster_config(ctx)->profile->region->id, 1))       /* the whole region may apply */
        return REFUSE_REACH(ctx);
    if (reg == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if (direction_named(ctx, in->direction) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "direction_unknown");
    if (role_among(ctx, "register_not_decider", reg->deciders.at, reg->deciders.n) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (made.title == NULL)
        return refuse_field(ctx, "empty", "title", "empty");
    if (made.until < made.from)
        return refuse_field(ctx, "call_until_before_from", "until", "order");
    if (entry_day_near(ctx, made.until, "until") != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!uuid_is_nil(&in->document) && (!state_document(ctx, &in->document, &document) || !document_seen(ctx, &document)))
        return refuse_field(ctx, "document_unknown", "document", "unknown");
    made.call = decide_id(ctx);
    if (texts_fit(ctx, &call_desc, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.call.opened", &made, NULL, 0);
    return reply_made(ctx, &made.call);
}

/* ── an application ───────────────────────────────────────────────────────── */

/* What experts are given: the application's title or the call's, the place, and the person whose status it is to be. */
static enum verdict work_opened(struct ctx *ctx, const struct call *call, const struct profile_direction *direction,
                                const struct listing *listing, struct review *work)
{
    *work = (struct review){ .title = listing->title != NULL ? listing->title : call->title, .subject = listing->entry,
                             .chain = { listing->chain.n, listing->chain.at } };
    if (!uuid_is_nil(&listing->person)) {
        work->authors.n = 1;
        work->authors.at = ARENA_NEW(ctx->arena, struct uuid);
        work->authors.at[0] = listing->person;
    }
    return review_opened(ctx, direction, work);
}

enum verdict decide_call_apply(struct ctx *ctx, const void *command)
{
    const struct call_apply *in = command;
    const struct profile_direction *direction;
    const struct profile_register *reg;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct listing listing;
    struct review work;
    struct call call;

    if (!state_call(ctx, &in->call, &call))
        return refuse(ctx, PROBLEM_NOT_FOUND, "call_unknown");
    if ((reg = register_named(ctx, call.register_id)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if ((direction = direction_named(ctx, call.direction)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "direction_unknown");
    struct entry_propose about = { .register_id = call.register_id, .person = in->person, .organisation = in->organisation, .title = in->title,
                                   .grounds = { in->grounds.n, in->grounds.at }, .values = { in->values.n, in->values.at } };
    if (entry_proposal(ctx, &about, reg, &listing) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (ctx->today < call.from || ctx->today > call.until) {
        refuse(ctx, PROBLEM_CONFLICT, "call_not_open");
        refuse_days(ctx, call.from, call.until);
        return VERDICT_REFUSED;
    }
    struct application *list = ARENA_LIST(ctx->arena, struct application, APPLICATIONS_MAX);
    if (state_applications(ctx, &call.call, list, APPLICATIONS_MAX) == APPLICATIONS_MAX)
        return refuse_most(ctx, "too_many_applications", APPLICATIONS_MAX);
    listing.entry = decide_id(ctx);
    if (texts_fit(ctx, &listing_desc, &listing) != VERDICT_OK)
        return VERDICT_REFUSED;
    uint32_t n = listing_scope(ctx, &listing, scope);
    emit(ctx, "roster.entry.proposed", &listing, scope, n);
    if (work_opened(ctx, &call, direction, &listing, &work) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct application made = { call.call, listing.entry, work.review };
    emit(ctx, "roster.call.applied", &made, scope, n);
    reply(ctx, &made);
    return VERDICT_OK;
}

/* ── the decision ─────────────────────────────────────────────────────────── */

static uint32_t admitted_by(struct ctx *ctx, const struct uuid *call)
{
    struct application *list = ARENA_LIST(ctx->arena, struct application, APPLICATIONS_MAX);
    uint32_t n = state_applications(ctx, call, list, APPLICATIONS_MAX), admitted = 0;
    struct listing listing;

    for (uint32_t i = 0; i < n; i++)
        admitted += state_listing(ctx, &list[i].entry, &listing) && listing.stage != STAGE_PROPOSED && listing.stage != STAGE_DECLINED;
    return admitted;
}

enum verdict call_allows(struct ctx *ctx, const struct listing *listing, bool admit, const char *reason)
{
    struct application application;
    struct review review;
    struct call call;

    if (!state_application(ctx, &listing->entry, &application) || !state_call(ctx, &application.call, &call) ||
        !state_review(ctx, &application.review, &review))
        return VERDICT_OK;
    if (review.outcome == REVIEW_OPEN)
        return refuse(ctx, PROBLEM_CONFLICT, "entry_under_review");
    if (!admit)
        return VERDICT_OK;
    if (review.outcome == REVIEW_CANCELLED)
        return refuse(ctx, PROBLEM_CONFLICT, "review_cancelled");
    if (review.outcome == REVIEW_NEGATIVE && tidied(ctx, reason) == NULL)
        return refuse_field(ctx, "review_against", "reason", "missing");
    return call.seats == 0 || admitted_by(ctx, &call.call) < call.seats ? VERDICT_OK : refuse_most(ctx, "call_full", (unsigned)call.seats);
}
