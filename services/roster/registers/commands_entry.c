#include "common/core/text.h"
#include "services/roster/documents/documents.h"
#include "services/roster/experts/calls.h"
#include "services/roster/people/people.h"
#include "services/roster/merge/one.h"
#include "services/roster/registers/registers.h"

/* roster.entry.*: who is proposed, admitted, renewed, ended; and the timer that writes down that a term is over. */

const struct profile_register *register_named(const struct ctx *ctx, const char *id)
{
    const struct profile *profile = roster_config(ctx)->profile;

    for (uint32_t i = 0; i < profile->registers.n; i++)
        if (strcmp(profile->registers.at[i].id, id) == 0)
            return &profile->registers.at[i];
    return NULL;
}

enum verdict register_refuse(struct ctx *ctx, const struct register_fault *fault)
{
    refuse_field(ctx, fault->reason, fault->path, fault->rule);
    if (fault->arg != NULL)
        refuse_arg(ctx, fault->arg, fault->value);
    return VERDICT_REFUSED;
}

/* ── who may, and who hears of it ─────────────────────────────────────────── */

/* Of a person as of today, wherever the entry counts; of anything else, its place as it stands today. */
bool listing_reached(struct ctx *ctx, const struct listing *listing)
{
    struct person_state state;
    struct organisation place;

    if (!uuid_is_nil(&listing->person))
        return state_person(ctx, &listing->person, &state) && person_reached(ctx, &listing->person, &state);
    if (state_organisation(ctx, &listing->chain.at[0], &place))
        return may_reach(ctx, place.chain.at, place.chain.n);
    return may_reach(ctx, listing->chain.at, listing->chain.n);
}

uint32_t listing_scope(struct ctx *ctx, const struct listing *listing, struct uuid scope[ENTRY_SCOPES_MAX])
{
    struct uuid ids[SCOPE_IDS_MAX], person = person_now(ctx, &listing->person);
    struct moves moves;
    uint32_t n;

    if (uuid_is_nil(&listing->person)) {
        n = listing->chain.n < ENTRY_SCOPES_MAX ? listing->chain.n : ENTRY_SCOPES_MAX;
        memcpy(scope, listing->chain.at, n * sizeof *scope);
        return n;
    }
    moves_load(ctx, &person, &moves);
    n = moves_scope(&moves, ctx->today, ids);
    return scope_of(&person, listing->chain.at, listing->chain.n, ids, n, scope);
}

enum verdict role_among(struct ctx *ctx, const char *reason, const char *const *names, uint32_t n)
{
    struct buf line = { 0 };

    if (register_role(names, n, ctx->who->role))
        return VERDICT_OK;
    for (uint32_t i = 0; i < n; i++)
        buf_format(&line, "%s%s", i == 0 ? "" : ", ", names[i]);
    refuse(ctx, PROBLEM_CONFLICT, reason);
    refuse_arg(ctx, "roles", n != 0 ? arena_format(ctx->arena, "%s", buf_string(&line)) : "…");
    buf_free(&line);
    return VERDICT_REFUSED;
}

static enum verdict may_decide(struct ctx *ctx, const struct profile_register *reg)
{
    return role_among(ctx, "register_not_decider", reg->deciders.at, reg->deciders.n);
}

/* ── the place that an entry counts for ───────────────────────────────────── */

static void chain_set(struct ctx *ctx, struct listing *made, const struct uuid *chain, uint32_t n)
{
    made->chain.at = ARENA_LIST(ctx->arena, struct uuid, n);
    made->chain.n = n;
    memcpy(made->chain.at, chain, n * sizeof *chain);
}

/* The post that a fact of that day belongs to: a main one before others, the one begun last. */
static const struct post_opened *post_on(const struct moves *moves, day_t day)
{
    const struct post_opened *best = NULL;

    for (uint32_t i = 0; i < moves->n; i++) {
        const struct post_opened *post = &moves->posts[i];
        if (post_held(post->from, post->until, day) &&
            (best == NULL || (post->main != best->main ? post->main : post->from > best->from)))
            best = post;
    }
    return best != NULL ? best : moves_owner(moves, day);
}

/* He works there, or below it, on that day or later. */
static bool works_there(const struct moves *moves, const struct uuid *unit, day_t from)
{
    for (uint32_t i = 0; i < moves->n; i++) {
        const struct post_opened *post = &moves->posts[i];
        bool lasts = post->until == 0 || (post->until >= from && post->until >= post->from);
        if (lasts && id_among(unit, post->chain.at, post->chain.n))
            return true;
    }
    return false;
}

static enum verdict place_of_person(struct ctx *ctx, const struct uuid *organisation, day_t from, struct listing *made)
{
    const struct post_opened *owner;
    struct person_state state;
    struct organisation place;
    struct moves moves;

    if (!state_person(ctx, &made->person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, &made->person, &state))
        return REFUSE_REACH(ctx);
    made->member = made->person;
    moves_load(ctx, &made->person, &moves);
    if (!uuid_is_nil(organisation)) {
        if (!state_organisation(ctx, organisation, &place))
            return refuse_field(ctx, "organisation_unknown", "organisation", "unknown");
        if (!works_there(&moves, organisation, from))
            return refuse_field(ctx, "not_his_place", "organisation", "conflict");
        chain_set(ctx, made, place.chain.at, place.chain.n);
    } else if ((owner = post_on(&moves, from)) != NULL)
        chain_set(ctx, made, owner->chain.at, owner->chain.n);
    else
        chain_set(ctx, made, &roster_config(ctx)->profile->region->id, 1);
    return VERDICT_OK;
}

static struct uuid titled_member(struct ctx *ctx, const struct uuid *place, const char *title)
{
    const char *folded = text_fold(ctx->arena, title);
    struct buf key = { 0 };

    buf_put(&key, place->b, sizeof place->b);
    buf_text(&key, folded);
    struct uuid id = uuid_derive("roster titled member", buf_bytes(&key));
    buf_free(&key);
    return id;
}

static enum verdict place_of_thing(struct ctx *ctx, const struct uuid *organisation, struct listing *made)
{
    struct organisation place;

    if (uuid_is_nil(organisation))
        return refuse_field(ctx, "member_missing", "organisation", "missing");
    if (!state_organisation(ctx, organisation, &place))
        return refuse_field(ctx, "organisation_unknown", "organisation", "unknown");
    if (!may_reach(ctx, place.chain.at, place.chain.n))
        return REFUSE_REACH(ctx);
    chain_set(ctx, made, place.chain.at, place.chain.n);
    made->member = made->title != NULL && made->title[0] != '\0' ? titled_member(ctx, organisation, made->title) : *organisation;
    return VERDICT_OK;
}

/* ── what is said of it ───────────────────────────────────────────────────── */

static void about_tidied(struct ctx *ctx, const struct entry_propose *in, struct listing *made)
{
    made->register_id = in->register_id;
    made->person = person_now(ctx, &in->person);
    made->title = tidied(ctx, in->title);
    made->grounds.n = in->grounds.n;
    made->grounds.at = ARENA_LIST(ctx->arena, struct entry_ground, in->grounds.n);
    for (uint32_t i = 0; i < in->grounds.n; i++) {
        made->grounds.at[i] = in->grounds.at[i];
        made->grounds.at[i].evidence = tidied(ctx, in->grounds.at[i].evidence);
    }
    made->values.n = in->values.n;
    made->values.at = ARENA_LIST(ctx->arena, struct entry_value, in->values.n + 1);
    for (uint32_t i = 0; i < in->values.n; i++) {
        made->values.at[i] = in->values.at[i];
        made->values.at[i].id = person_now(ctx, &in->values.at[i].id);
        made->values.at[i].text = tidied(ctx, in->values.at[i].text);
    }
}

/* Whom and what grounds and fields name is there, and a person within reach: an entry tells nobody of somebody else's people. */
static enum verdict named_known(struct ctx *ctx, const struct profile_register *reg, const struct listing *made)
{
    for (uint32_t i = 0; i < made->grounds.n; i++) {
        const struct uuid *id = &made->grounds.at[i].document;
        struct document document;
        if (!uuid_is_nil(id) && (!state_document(ctx, id, &document) || !document_seen(ctx, &document)))
            return refuse_field(ctx, "document_unknown", arena_format(ctx->arena, "grounds[%u].document", i), "unknown");
    }
    for (uint32_t i = 0; i < made->values.n; i++) {
        const struct register_field *field = register_field_of(reg, made->values.at[i].name);
        const struct uuid *id = &made->values.at[i].id;
        const char *path = arena_format(ctx->arena, "values[%u].id", i);
        struct person_state state;
        struct organisation place;
        if (field->kind == VALUE_PERSON && (!state_person(ctx, id, &state) || !person_reached(ctx, id, &state)))
            return refuse_field(ctx, "person_unknown", path, "unknown");
        if (field->kind == VALUE_ORGANISATION && !state_organisation(ctx, id, &place))
            return refuse_field(ctx, "organisation_unknown", path, "unknown");
    }
    return VERDICT_OK;
}

/* A kind of subject is of an organisation, or of what stands in one, of the kinds that the act has in mind (R1). */
static enum verdict grounds_of_kind(struct ctx *ctx, const struct profile_register *reg, const struct listing *made)
{
    struct organisation place;

    if (!state_organisation(ctx, &made->chain.at[0], &place))
        return VERDICT_OK;
    for (uint32_t i = 0; i < made->grounds.n; i++) {
        const struct register_ground *ground = register_ground_of(reg, made->grounds.at[i].ground);
        if (ground == NULL || register_kind(ground->organisations.at, ground->organisations.n, (int)place.kind))
            continue;
        refuse_field(ctx, "ground_not_of_kind", arena_format(ctx->arena, "grounds[%u].ground", i), "conflict");
        refuse_arg(ctx, "ground", ground->title);
        return VERDICT_REFUSED;
    }
    return VERDICT_OK;
}

/* A ground that the staff lists show by themselves. */
static enum verdict grounds_hold(struct ctx *ctx, const struct profile_register *reg, const struct listing *made, day_t on)
{
    const struct profile *profile = roster_config(ctx)->profile;

    for (uint32_t i = 0; i < made->grounds.n; i++) {
        const struct register_ground *ground = register_ground_of(reg, made->grounds.at[i].ground);
        struct population_rule rule;
        if (ground == NULL || ground->population == NULL || ground->population[0] == '\0' ||
            (population_on(profile, ground->population, on, &rule) && population_has(ctx, &rule, &made->person, on)))
            continue;
        refuse_field(ctx, "ground_not_so", arena_format(ctx->arena, "grounds[%u].ground", i), "conflict");
        refuse_arg(ctx, "ground", ground->title);
        return refuse_arg_day(ctx, "day", on);
    }
    return VERDICT_OK;
}

/* Reach first, then the register's rules: who may not touch the member learns nothing from the refusal. */
static enum verdict about_read(struct ctx *ctx, const struct entry_propose *in, day_t from, const struct profile_register *reg,
                               struct listing *made)
{
    struct register_fault fault;
    enum verdict verdict;

    about_tidied(ctx, in, made);
    verdict = !uuid_is_nil(&made->person) ? place_of_person(ctx, &in->organisation, from, made)
                                          : place_of_thing(ctx, &in->organisation, made);
    if (verdict != VERDICT_OK)
        return verdict;
    struct register_about about = { &in->person, &in->organisation, made->title, made->grounds.at, made->grounds.n,
                                    made->values.at, made->values.n };
    if (!register_about_good(reg, &about, ctx->today, ctx->arena, &fault))
        return register_refuse(ctx, &fault);
    if (grounds_of_kind(ctx, reg, made) != VERDICT_OK)
        return VERDICT_REFUSED;
    return grounds_hold(ctx, reg, made, from) == VERDICT_OK ? named_known(ctx, reg, made) : VERDICT_REFUSED;
}

/* ── against what there is ────────────────────────────────────────────────── */

static enum verdict refuse_span(struct ctx *ctx, const struct entry_span *span)
{
    refuse(ctx, PROBLEM_CONFLICT, "already_listed");
    refuse_days(ctx, span->from, span->until);
    return VERDICT_REFUSED;
}

/* Nobody stands twice in one register on one day; `self` is the entry at hand. */
static enum verdict no_other(struct ctx *ctx, const struct listing *made, const struct entry_span *span, const struct uuid *self)
{
    struct listing *known = ARENA_LIST(ctx->arena, struct listing, MEMBERSHIPS_MAX);
    uint32_t n = state_memberships(ctx, &made->member, made->register_id, known, MEMBERSHIPS_MAX);

    for (uint32_t i = 0; i < n; i++) {
        const struct entry_span *overlap;
        if (uuid_equal(&known[i].entry, self))
            continue;
        if (known[i].stage == STAGE_PROPOSED)
            return refuse(ctx, PROBLEM_CONFLICT, "already_proposed");
        if ((overlap = listing_overlap(&known[i], span)) != NULL)
            return refuse_span(ctx, overlap);
    }
    return uuid_is_nil(self) && n == MEMBERSHIPS_MAX ? refuse_most(ctx, "too_many_entries", MEMBERSHIPS_MAX) : VERDICT_OK;
}

enum verdict entry_day_near(struct ctx *ctx, day_t day, const char *path)
{
    char latest[DAY_TEXT + 1];

    if (!staff_day_ahead(day, ctx->today))
        return VERDICT_OK;
    day_format(day_add_months(ctx->today, STAFF_AHEAD_MONTHS), latest);
    refuse_field(ctx, "entry_day_far", path, "range");
    refuse_arg(ctx, "latest", latest);
    return VERDICT_REFUSED;
}

/* The first moment after the last day; a term that is over long since is due at once. */
static moment_t over_at(const struct ctx *ctx, day_t until)
{
    return until != 0 && until < DAY_MAX ? day_start(until + 1, roster_config(ctx)->zone_minutes) : 0;
}

static enum verdict emit_listing(struct ctx *ctx, const char *event, const struct listing *made)
{
    struct uuid scope[ENTRY_SCOPES_MAX];

    if (texts_fit(ctx, &listing_desc, made) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, event, made, scope, listing_scope(ctx, made, scope));
    return reply_made(ctx, &made->entry);
}

/* «Имеющих статус в инновационной инфраструктуре»: who is not in the other register on the day is not let into this one. */
static enum verdict in_the_other(struct ctx *ctx, const struct profile_register *reg, const struct uuid *member, day_t on)
{
    const struct profile_register *other = reg->requires != NULL && reg->requires[0] != '\0' ? register_named(ctx, reg->requires) : NULL;
    struct listing *known = ARENA_LIST(ctx->arena, struct listing, MEMBERSHIPS_MAX);
    uint32_t n = other != NULL ? state_memberships(ctx, member, other->id, known, MEMBERSHIPS_MAX) : 0;

    for (uint32_t i = 0; i < n; i++)
        if (listing_holds(&known[i], on))
            return VERDICT_OK;
    if (other == NULL)
        return VERDICT_OK;
    refuse(ctx, PROBLEM_CONFLICT, "membership_required");
    refuse_arg(ctx, "register", other->title);
    return VERDICT_REFUSED;
}

/* The document by which it is decided, where one is named. */
static enum verdict decision_known(struct ctx *ctx, const struct uuid *id)
{
    struct document document;

    if (uuid_is_nil(id) || (state_document(ctx, id, &document) && document_seen(ctx, &document)))
        return VERDICT_OK;
    return refuse_field(ctx, "document_unknown", "document", "unknown");
}

static enum verdict admit(struct ctx *ctx, const struct profile_register *reg, struct listing *made, const struct entry_span *asked,
                          const struct uuid *self)
{
    struct entry_span *span = ARENA_NEW(ctx->arena, struct entry_span);
    day_t from = asked->from;
    struct register_fault fault;

    *span = (struct entry_span){ .from = from, .document = asked->document };
    if (entry_day_near(ctx, from, "from") != VERDICT_OK || decision_known(ctx, &asked->document) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!register_term(reg, from, asked->until, ctx->arena, &span->until, &fault))
        return register_refuse(ctx, &fault);
    if (no_other(ctx, made, span, self) != VERDICT_OK || in_the_other(ctx, reg, &made->member, from) != VERDICT_OK)
        return VERDICT_REFUSED;
    made->stage = STAGE_ADMITTED;
    made->spans.n = 1;
    made->spans.at = span;
    made->over_at = over_at(ctx, span->until);
    made->report_at = report_at(ctx, reg, from);
    return emit_listing(ctx, "roster.entry.admitted", made);
}

/* ── commands ─────────────────────────────────────────────────────────────── */

enum verdict entry_proposal(struct ctx *ctx, const struct entry_propose *in, const struct profile_register *reg, struct listing *made)
{
    struct entry_span today = { .from = ctx->today, .until = ctx->today };

    *made = (struct listing){ .stage = STAGE_PROPOSED, .proposed = ctx->today };
    if (about_read(ctx, in, ctx->today, reg, made) != VERDICT_OK ||
        role_among(ctx, "register_not_proposer", reg->proposers.at, reg->proposers.n) != VERDICT_OK)
        return VERDICT_REFUSED;
    return no_other(ctx, made, &today, &UUID_NIL);
}

enum verdict decide_entry_propose(struct ctx *ctx, const void *command)
{
    const struct entry_propose *in = command;
    const struct profile_register *reg = register_named(ctx, in->register_id);
    struct listing made;

    if (reg == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if (entry_proposal(ctx, in, reg, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    made.entry = decide_id(ctx);
    return emit_listing(ctx, "roster.entry.proposed", &made);
}

enum verdict decide_entry_record(struct ctx *ctx, const void *command)
{
    const struct entry_record *in = command;
    const struct profile_register *reg = register_named(ctx, in->register_id);
    struct entry_propose about = { .register_id = in->register_id, .person = in->person, .organisation = in->organisation,
                                   .title = in->title, .grounds = { in->grounds.n, in->grounds.at },
                                   .values = { in->values.n, in->values.at } };
    struct listing made = { .stage = STAGE_ADMITTED };

    if (reg == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    if (about_read(ctx, &about, in->from, reg, &made) != VERDICT_OK || may_decide(ctx, reg) != VERDICT_OK)
        return VERDICT_REFUSED;
    made.entry = decide_id(ctx);
    return admit(ctx, reg, &made, &(struct entry_span){ in->from, in->until, in->document }, &UUID_NIL);
}

enum verdict entry_at_hand(struct ctx *ctx, const struct uuid *id, struct listing *listing, const struct profile_register **reg)
{
    if (!state_listing(ctx, id, listing))
        return refuse(ctx, PROBLEM_NOT_FOUND, "entry_unknown");
    if (!listing_reached(ctx, listing))
        return REFUSE_REACH(ctx);
    if ((*reg = register_named(ctx, listing->register_id)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    return may_decide(ctx, *reg);
}

static enum verdict decline(struct ctx *ctx, const struct listing *listing, const struct entry_decide *in)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct entry_declined declined = { .entry = listing->entry, .register_id = listing->register_id, .member = listing->member,
                                       .person = listing->person, .day = ctx->today, .reason = tidied(ctx, in->reason),
                                       .document = in->document };

    if (declined.reason == NULL)
        return refuse_field(ctx, "decline_reason_missing", "reason", "missing");
    if (decision_known(ctx, &in->document) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (texts_fit(ctx, &entry_declined_desc, &declined) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.entry.declined", &declined, scope, listing_scope(ctx, listing, scope));
    return VERDICT_OK;
}

enum verdict decide_entry_decide(struct ctx *ctx, const void *command)
{
    const struct entry_decide *in = command;
    const struct profile_register *reg;
    struct listing listing;

    if (entry_at_hand(ctx, &in->entry, &listing, &reg) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (listing.stage != STAGE_PROPOSED)
        return refuse(ctx, PROBLEM_CONFLICT, "entry_not_proposed");
    if (call_allows(ctx, &listing, in->admit, in->reason) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!in->admit)
        return decline(ctx, &listing, in);
    return admit(ctx, reg, &listing, &(struct entry_span){ in->from != 0 ? in->from : ctx->today, in->until, in->document }, &listing.entry);
}

static enum verdict nothing_owed(struct ctx *ctx, const struct profile_register *reg, const struct uuid *entry)
{
    bool asked = reg->yearly != NULL && reg->yearly->renewal;
    day_t owed = asked ? report_owed(ctx, entry, reg->yearly->duty) : 0;

    if (owed == 0)
        return VERDICT_OK;
    refuse(ctx, PROBLEM_CONFLICT, "report_missing");
    return refuse_arg_day(ctx, "day", owed);
}

enum verdict decide_entry_renew(struct ctx *ctx, const void *command)
{
    const struct entry_renew *in = command;
    const struct profile_register *reg;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct register_fault fault;
    struct listing listing;

    if (entry_at_hand(ctx, &in->entry, &listing, &reg) != VERDICT_OK)
        return VERDICT_REFUSED;
    if ((listing.stage != STAGE_ADMITTED && listing.stage != STAGE_LAPSED) || listing.spans.n == 0)
        return refuse(ctx, PROBLEM_CONFLICT, "entry_not_admitted");
    if (listing.spans.n == SPANS_MAX)
        return refuse_most(ctx, "too_many_spans", SPANS_MAX);
    const struct entry_span *last = &listing.spans.at[listing.spans.n - 1], *overlap;
    if (last->until == 0)
        return refuse(ctx, PROBLEM_CONFLICT, "entry_has_no_term");
    struct entry_span span = { .from = in->from != 0 ? in->from : last->until + 1 };
    if (entry_day_near(ctx, span.from, "from") != VERDICT_OK || decision_known(ctx, &in->document) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!register_term(reg, span.from, in->until, ctx->arena, &span.until, &fault))
        return register_refuse(ctx, &fault);
    if ((overlap = listing_overlap(&listing, &span)) != NULL)
        return refuse_span(ctx, overlap);
    if (span.from < last->from)                 /* spans stand in the order of days */
        return refuse_span(ctx, last);
    if (no_other(ctx, &listing, &span, &listing.entry) != VERDICT_OK || nothing_owed(ctx, reg, &listing.entry) != VERDICT_OK ||
        in_the_other(ctx, reg, &listing.member, span.from) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct entry_renewed renewed = { .entry = listing.entry, .register_id = listing.register_id, .member = listing.member,
                                     .person = listing.person, .from = span.from, .until = span.until,
                                     .over_at = over_at(ctx, span.until), .report_at = report_at(ctx, reg, span.from),
                                     .document = in->document };
    emit(ctx, "roster.entry.renewed", &renewed, scope, listing_scope(ctx, &listing, scope));
    return VERDICT_OK;
}

/* Also mends the last day of one that has ended or lapsed. */
enum verdict decide_entry_end(struct ctx *ctx, const void *command)
{
    const struct entry_end *in = command;
    const struct profile_register *reg;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct register_fault fault;
    struct listing listing;
    day_t until;

    if (entry_at_hand(ctx, &in->entry, &listing, &reg) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (listing.stage == STAGE_PROPOSED || listing.stage == STAGE_DECLINED || listing.spans.n == 0)
        return refuse(ctx, PROBLEM_CONFLICT, "entry_not_admitted");
    const struct entry_span *last = &listing.spans.at[listing.spans.n - 1];
    if (in->until + 1 < last->from)
        return refuse_field(ctx, "entry_until_before_from", "until", "order");
    if (entry_day_near(ctx, in->until, "until") != VERDICT_OK)
        return VERDICT_REFUSED;
    if (in->until >= last->from && !register_term(reg, last->from, in->until, ctx->arena, &until, &fault))
        return register_refuse(ctx, &fault);
    if (last->until != 0 && last->until >= last->from && listing.stage != STAGE_ENDED && in->until > last->until) {
        refuse_field(ctx, "until_after_term", "until", "range");
        return refuse_arg_day(ctx, "until", last->until);
    }
    struct entry_ended ended = { .entry = listing.entry, .register_id = listing.register_id, .member = listing.member,
                                 .person = listing.person, .until = in->until, .reason = tidied(ctx, in->reason),
                                 .document = in->document };
    if (ended.reason == NULL)
        return refuse_field(ctx, "empty", "reason", "empty");
    if (texts_fit(ctx, &entry_ended_desc, &ended) != VERDICT_OK || decision_known(ctx, &in->document) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (listing.stage == STAGE_ENDED && last->until == in->until)
        return VERDICT_OK;
    struct entry_span mended = { .from = last->from, .until = in->until };
    if (no_other(ctx, &listing, &mended, &listing.entry) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.entry.ended", &ended, scope, listing_scope(ctx, &listing, scope));
    return VERDICT_OK;
}

/* ── a term that is over ──────────────────────────────────────────────────── */

/* The day is the one after the last, however late the timer is. */
enum verdict fire_entry_over(struct ctx *ctx, const struct uuid *id, moment_t due)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct listing listing;

    (void)due;
    if (!state_listing(ctx, id, &listing) || listing.stage != STAGE_ADMITTED || listing.spans.n == 0)
        return VERDICT_OK;
    day_t until = listing.spans.at[listing.spans.n - 1].until;
    if (until == 0 || until >= ctx->today)
        return VERDICT_OK;
    struct entry_lapsed lapsed = { .entry = listing.entry, .register_id = listing.register_id, .member = listing.member,
                                   .person = listing.person, .day = until + 1 };
    emit(ctx, "roster.entry.lapsed", &lapsed, scope, listing_scope(ctx, &listing, scope));
    return VERDICT_OK;
}
