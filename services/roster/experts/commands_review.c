#include "proto/roles.h"
#include "services/roster/documents/documents.h"
#include "services/roster/experts/reviews.h"
#include "services/roster/merge/one.h"
#include "services/roster/units/units.h"

/* roster.review.*, roster.tie.declare: works given to experts, what they say of them, and what comes of it. */

const struct profile_direction *direction_named(const struct ctx *ctx, const char *id)
{
    const struct profile *profile = roster_config(ctx)->profile;

    for (uint32_t i = 0; i < profile->expert_work.n; i++)
        if (strcmp(profile->expert_work.at[i].id, id) == 0)
            return &profile->expert_work.at[i];
    return NULL;
}

/* ── who may, and who hears of it ─────────────────────────────────────────── */

bool direction_decider(const struct ctx *ctx, const struct profile_direction *direction)
{
    return register_role(direction->deciders.at, direction->deciders.n, ctx->who->role);
}

static enum verdict may_decide(struct ctx *ctx, const struct profile_direction *direction)
{
    return role_among(ctx, "direction_not_decider", direction->deciders.at, direction->deciders.n);
}

/* By its place as it stands today. */
bool review_reached(struct ctx *ctx, const struct review *review)
{
    struct organisation place;

    if (state_organisation(ctx, &review->chain.at[0], &place))
        return may_reach(ctx, place.chain.at, place.chain.n);
    return may_reach(ctx, review->chain.at, review->chain.n);
}

static uint32_t review_scope(const struct review *review, struct uuid scope[ENTRY_SCOPES_MAX])
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < review->chain.n && n < ENTRY_SCOPES_MAX; i++)
        scope[n++] = review->chain.at[i];
    for (uint32_t i = 0; i < review->authors.n && n < ENTRY_SCOPES_MAX; i++)
        scope[n++] = review->authors.at[i];
    return n;
}

static moment_t over_at(const struct ctx *ctx, const struct assignment *assignment)
{
    return assignment_open(assignment) && assignment->overdue == 0 && assignment->due < DAY_MAX
         ? day_start(assignment->due + 1, roster_config(ctx)->zone_minutes) : 0;
}

static enum verdict emit_assignment(struct ctx *ctx, const char *event, struct assignment *assignment)
{
    struct uuid scope[2] = { person_now(ctx, &assignment->expert), roster_config(ctx)->profile->region->id };

    assignment->over_at = over_at(ctx, assignment);
    if (texts_fit(ctx, &assignment_desc, assignment) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, event, assignment, scope, 2);
    return VERDICT_OK;
}

/* A work that is open, of a direction that this role decides, within reach. */
static enum verdict open_review(struct ctx *ctx, const struct uuid *id, struct review *review, const struct profile_direction **direction)
{
    if (!state_review(ctx, id, review))
        return refuse(ctx, PROBLEM_NOT_FOUND, "review_unknown");
    if (!review_reached(ctx, review))
        return REFUSE_REACH(ctx);
    if ((*direction = direction_named(ctx, review->direction)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "direction_unknown");
    if (may_decide(ctx, *direction) != VERDICT_OK)
        return VERDICT_REFUSED;
    return review->outcome == REVIEW_OPEN ? VERDICT_OK : refuse(ctx, PROBLEM_CONFLICT, "review_closed");
}

/* ── a work ───────────────────────────────────────────────────────────────── */

static enum verdict parties_known(struct ctx *ctx, const struct review *made)
{
    struct organisation organisation;
    struct person_state person;

    for (uint32_t i = 0; i < made->authors.n; i++)
        if (!state_person(ctx, &made->authors.at[i], &person) || !person_reached(ctx, &made->authors.at[i], &person))
            return refuse_field(ctx, "author_unknown", arena_format(ctx->arena, "authors[%u]", i), "unknown");
    for (uint32_t i = 0; i < made->parties.n; i++)
        if (!state_organisation(ctx, &made->parties.at[i], &organisation))
            return refuse_field(ctx, "party_unknown", arena_format(ctx->arena, "parties[%u]", i), "unknown");
    return VERDICT_OK;
}

enum verdict review_opened(struct ctx *ctx, const struct profile_direction *direction, struct review *made)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct review other;

    if (parties_known(ctx, made) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!uuid_is_nil(&made->subject) && state_review_of(ctx, &made->subject, direction->id, &other) && other.outcome == REVIEW_OPEN)
        return refuse(ctx, PROBLEM_CONFLICT, "review_of_it_open");
    made->review = decide_id(ctx);
    made->direction = direction->id;
    made->opened = ctx->today;
    if (texts_fit(ctx, &review_desc, made) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.review.opened", made, scope, review_scope(made, scope));
    return VERDICT_OK;
}

enum verdict decide_review_open(struct ctx *ctx, const void *command)
{
    const struct review_open *in = command;
    const struct profile_direction *direction = direction_named(ctx, in->direction);
    struct review made = { .title = tidied(ctx, in->title), .subject = in->subject, .authors = { in->authors.n, arena_copy(ctx->arena, in->authors.at, in->authors.n * sizeof *in->authors.at) },
                           .parties = { in->parties.n, in->parties.at } };
    struct organisation unit;

    if (direction == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "direction_unknown");
    made.authors.n = persons_now(ctx, made.authors.at, made.authors.n);
    if (!state_organisation(ctx, &in->unit, &unit))
        return refuse_field(ctx, "organisation_unknown", "unit", "unknown");
    if (!may_reach(ctx, unit.chain.at, unit.chain.n))
        return REFUSE_REACH(ctx);
    if (ctx->who->role != ROLE_SERVICE && may_decide(ctx, direction) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (made.title == NULL)
        return refuse_field(ctx, "empty", "title", "empty");
    made.chain.n = unit.chain.n;
    made.chain.at = unit.chain.at;
    if (review_opened(ctx, direction, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    return reply_made(ctx, &made.review);
}

static bool as_the_points_say(const struct opinions *opinions, enum review_outcome outcome)
{
    return outcome == REVIEW_OPEN || (outcome == REVIEW_POSITIVE && opinions->positive) || (outcome == REVIEW_NEGATIVE && !opinions->positive);
}

enum verdict decide_review_close(struct ctx *ctx, const void *command)
{
    const struct review_close *in = command;
    struct assignment *list = ARENA_LIST(ctx->arena, struct assignment, OPINIONS_MAX);
    const struct profile_direction *direction = NULL;
    struct uuid scope[ENTRY_SCOPES_MAX];
    uint32_t shares[OPINIONS_MAX], n;
    struct review review;

    if (open_review(ctx, &in->review, &review, &direction) != VERDICT_OK)
        return VERDICT_REFUSED;
    n = opinions_of(list, state_assignments(ctx, &review.review, list), shares);
    struct opinions opinions = opinions_weigh(direction, shares, n);
    if (in->outcome != REVIEW_CANCELLED && opinions.missing > 0) {
        refuse(ctx, PROBLEM_CONFLICT, "opinions_missing");
        refuse_arg(ctx, "count", arena_format(ctx->arena, "%u", opinions.missing));
        return VERDICT_REFUSED;
    }
    review.reason = tidied(ctx, in->reason);
    if (!as_the_points_say(&opinions, in->outcome) && review.reason == NULL)
        return refuse_field(ctx, "outcome_reason_missing", "reason", "missing");
    review.outcome = in->outcome != REVIEW_OPEN ? in->outcome : opinions.positive ? REVIEW_POSITIVE : REVIEW_NEGATIVE;
    review.share = in->outcome != REVIEW_CANCELLED ? opinions.share : 0;
    review.closed = ctx->today;
    if (texts_fit(ctx, &review_desc, &review) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "roster.review.closed", &review, scope, review_scope(&review, scope));
    return VERDICT_OK;
}

/* ── conflict of interest ─────────────────────────────────────────────────── */

/* A branch or a unit is a part of what it belongs to. */
static struct uuid house_of(struct ctx *ctx, struct uuid id)
{
    struct organisation unit;

    for (int depth = 0; depth < CHAIN_MAX && state_organisation(ctx, &id, &unit) && unit.chain.n > 1; depth++) {
        if (!unit_is_part(unit.kind))
            break;
        id = unit.chain.at[1];
    }
    return id;
}

static uint32_t houses_of(struct ctx *ctx, const struct uuid *person, struct uuid *houses, uint32_t max)
{
    struct moves moves;
    uint32_t n = 0;

    moves_load(ctx, person, &moves);
    for (uint32_t i = 0; i < moves.n && n < max; i++)
        if (post_held(moves.posts[i].from, moves.posts[i].until, ctx->today))
            houses[n++] = house_of(ctx, moves.posts[i].chain.at[0]);
    return n;
}

/* Under every id that he has or had. */
static void party_person(struct ctx *ctx, const struct uuid *person, struct expert_party *party, struct uuid *persons, struct uuid *houses,
                         uint32_t most_houses)
{
    struct uuid ids[SAME_ONE_MAX];
    uint32_t n = same_one(ctx, person, ids);

    memcpy(persons + party->person_n, ids, n * sizeof *ids);
    party->person_n += n;
    party->house_n += houses_of(ctx, &ids[0], houses + party->house_n, most_houses - party->house_n);
}

struct expert_party *review_party(struct ctx *ctx, const struct review *review)
{
    uint32_t max = 1 + review->parties.n + review->authors.n * POSTS_MAX;
    struct uuid *houses = ARENA_LIST(ctx->arena, struct uuid, max);
    struct uuid *persons = ARENA_LIST(ctx->arena, struct uuid, review->authors.n * SAME_ONE_MAX + 1);
    struct expert_party *work = ARENA_NEW(ctx->arena, struct expert_party);

    houses[work->house_n++] = house_of(ctx, review->chain.at[0]);
    for (uint32_t i = 0; i < review->parties.n; i++)
        houses[work->house_n++] = house_of(ctx, review->parties.at[i]);
    for (uint32_t i = 0; i < review->authors.n; i++)
        party_person(ctx, &review->authors.at[i], work, persons, houses, max);
    work->persons = persons;
    work->houses = houses;
    return work;
}

enum expert_conflict review_conflict(struct ctx *ctx, const struct expert_party *work, const struct uuid *expert)
{
    struct tie *ties = ARENA_LIST(ctx->arena, struct tie, TIES_MAX);
    struct uuid houses[POSTS_MAX], persons[SAME_ONE_MAX];
    struct expert_party himself = { .persons = persons, .houses = houses };
    enum expert_conflict conflict;

    party_person(ctx, expert, &himself, persons, houses, POSTS_MAX);
    if ((conflict = expert_conflict(&himself, work, NULL, 0, ctx->today)) != EXPERT_FREE)
        return conflict;
    for (uint32_t i = 0; i < himself.person_n + work->person_n; i++) {
        const struct uuid *of = i < himself.person_n ? &himself.persons[i] : &work->persons[i - himself.person_n];
        uint32_t n = state_ties(ctx, of, ties, TIES_MAX);
        if (expert_conflict(&himself, work, ties, n, ctx->today) == EXPERT_TIED)
            return EXPERT_TIED;
    }
    return EXPERT_FREE;
}

static enum verdict free_of_conflict(struct ctx *ctx, const struct review *review, const struct uuid *expert)
{
    static const char *const REASON[] = { [EXPERT_HIMSELF] = "expert_is_author", [EXPERT_SAME_PLACE] = "expert_of_same_place",
                                           [EXPERT_TIED] = "expert_has_tie" };
    enum expert_conflict conflict = review_conflict(ctx, review_party(ctx, review), expert);

    if (conflict == EXPERT_FREE)
        return VERDICT_OK;
    return register_refuse(ctx, &(struct register_fault){ REASON[conflict], "expert", "conflict", NULL, NULL });
}

/* ── an assignment ────────────────────────────────────────────────────────── */

/* In one of the registers today, and no stranger to the asker: reached, or in a register that everybody may see. */
static enum verdict an_expert(struct ctx *ctx, const struct profile_direction *direction, const struct uuid *person)
{
    struct listing *known = ARENA_LIST(ctx->arena, struct listing, MEMBERSHIPS_MAX);

    for (uint32_t r = 0; r < direction->registers.n; r++) {
        const struct profile_register *reg = register_named(ctx, direction->registers.at[r]);
        uint32_t n = state_memberships(ctx, person, direction->registers.at[r], known, MEMBERSHIPS_MAX);
        for (uint32_t i = 0; i < n; i++)
            if (listing_holds(&known[i], ctx->today) && ((reg != NULL && reg->public) || listing_reached(ctx, &known[i])))
                return VERDICT_OK;
    }
    return refuse_field(ctx, "not_an_expert", "expert", "unknown");
}

static enum verdict not_assigned(struct ctx *ctx, const struct review *review, const struct uuid *expert)
{
    struct assignment *list = ARENA_LIST(ctx->arena, struct assignment, OPINIONS_MAX);
    uint32_t n = state_assignments(ctx, &review->review, list);

    for (uint32_t i = 0; i < n; i++)
        if (same_person(ctx, &list[i].expert, expert))
            return refuse_field(ctx, "expert_assigned_already", "expert", "repeated");
    return n < OPINIONS_MAX ? VERDICT_OK : refuse_most(ctx, "too_many_experts", OPINIONS_MAX);
}

/* The last day: as asked for, at most a year ahead, else as the direction has it. */
static enum verdict due_day(struct ctx *ctx, const struct profile_direction *direction, day_t asked, day_t *due)
{
    char latest[DAY_TEXT + 1];

    *due = asked != 0 ? asked : ctx->today + (day_t)direction->term_days;
    if (*due < ctx->today)
        return refuse_field(ctx, "due_before_today", "due", "order");
    if (*due <= ctx->today + 366)
        return VERDICT_OK;
    day_format(ctx->today + 366, latest);
    refuse_field(ctx, "due_far", "due", "range");
    refuse_arg(ctx, "latest", latest);
    return VERDICT_REFUSED;
}

enum verdict decide_review_assign(struct ctx *ctx, const void *command)
{
    const struct review_assign *in = command;
    const struct profile_direction *direction = NULL;
    struct assignment made = { .expert = person_now(ctx, &in->expert), .stage = ASSIGNMENT_OFFERED, .assigned = ctx->today };
    struct review review;

    if (open_review(ctx, &in->review, &review, &direction) != VERDICT_OK || an_expert(ctx, direction, &made.expert) != VERDICT_OK ||
        not_assigned(ctx, &review, &made.expert) != VERDICT_OK || free_of_conflict(ctx, &review, &made.expert) != VERDICT_OK ||
        due_day(ctx, direction, in->due, &made.due) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (state_standing(ctx, &made.expert).open >= direction->load) {
        refuse_field(ctx, "expert_loaded", "expert", "range");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%u", (unsigned)direction->load));
        return VERDICT_REFUSED;
    }
    made.assignment = decide_id(ctx);
    made.review = review.review;
    made.direction = direction->id;
    if (emit_assignment(ctx, "roster.review.assigned", &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    return reply_made(ctx, &made.assignment);
}

/* The expert himself, or whoever decides and reaches him: an opinion on paper. */
static enum verdict his_own(struct ctx *ctx, const struct uuid *id, struct assignment *assignment, const struct profile_direction **direction)
{
    struct person_state expert;
    struct review review;

    if (!state_assignment(ctx, id, assignment) || !state_review(ctx, &assignment->review, &review) ||
        !state_person(ctx, &assignment->expert, &expert))
        return refuse(ctx, PROBLEM_NOT_FOUND, "assignment_unknown");
    if (!person_reached(ctx, &assignment->expert, &expert))
        return REFUSE_REACH(ctx);
    if ((*direction = direction_named(ctx, assignment->direction)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "direction_unknown");
    if (ctx->who->role != ROLE_WORKER && may_decide(ctx, *direction) != VERDICT_OK)
        return VERDICT_REFUSED;
    return review.outcome == REVIEW_OPEN ? VERDICT_OK : refuse(ctx, PROBLEM_CONFLICT, "review_closed");
}

enum verdict decide_review_answer(struct ctx *ctx, const void *command)
{
    const struct review_answer *in = command;
    const struct profile_direction *direction = NULL;
    struct assignment assignment;

    if (his_own(ctx, &in->assignment, &assignment, &direction) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (assignment.stage != ASSIGNMENT_OFFERED && !(assignment.stage == ASSIGNMENT_ACCEPTED && !in->accept))
        return refuse(ctx, PROBLEM_CONFLICT, "assignment_answered");
    assignment.reason = tidied(ctx, in->reason);
    if (!in->accept && assignment.reason == NULL)
        return refuse_field(ctx, "refusal_reason_missing", "reason", "missing");
    assignment.stage = in->accept ? ASSIGNMENT_ACCEPTED : ASSIGNMENT_REFUSED;
    assignment.answered = ctx->today;
    return emit_assignment(ctx, in->accept ? "roster.review.accepted" : "roster.review.refused", &assignment);
}

enum verdict decide_review_submit(struct ctx *ctx, const void *command)
{
    const struct review_submit *in = command;
    const struct profile_direction *direction = NULL;
    struct assignment assignment;
    struct register_fault fault;

    if (his_own(ctx, &in->assignment, &assignment, &direction) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!assignment_open(&assignment))
        return refuse(ctx, PROBLEM_CONFLICT, "assignment_not_open");
    if (!opinion_good(direction, in->points.at, in->points.n, ctx->arena, &fault))
        return register_refuse(ctx, &fault);
    assignment.points.n = in->points.n;
    assignment.points.at = ARENA_LIST(ctx->arena, struct expert_point, in->points.n);
    for (uint32_t i = 0; i < in->points.n; i++) {
        assignment.points.at[i] = in->points.at[i];
        assignment.points.at[i].remark = tidied(ctx, in->points.at[i].remark);
    }
    if ((assignment.summary = tidied(ctx, in->summary)) == NULL)
        return refuse_field(ctx, "empty", "summary", "empty");
    assignment.share = opinion_share(direction, in->points.at, in->points.n);
    assignment.stage = ASSIGNMENT_SUBMITTED;
    assignment.submitted = ctx->today;
    return emit_assignment(ctx, "roster.review.submitted", &assignment);
}

/* ── what is decided about an assignment ──────────────────────────────────── */

static enum verdict assignment_at_hand(struct ctx *ctx, const struct uuid *id, struct assignment *assignment,
                                       const struct profile_direction **direction)
{
    struct review review;

    if (!state_assignment(ctx, id, assignment))
        return refuse(ctx, PROBLEM_NOT_FOUND, "assignment_unknown");
    return open_review(ctx, &assignment->review, &review, direction);
}

enum verdict decide_review_return(struct ctx *ctx, const void *command)
{
    const struct review_return *in = command;
    const struct profile_direction *direction = NULL;
    struct assignment assignment;

    if (assignment_at_hand(ctx, &in->assignment, &assignment, &direction) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (assignment.stage != ASSIGNMENT_SUBMITTED)
        return refuse(ctx, PROBLEM_CONFLICT, "assignment_not_submitted");
    if (due_day(ctx, direction, in->due, &assignment.due) != VERDICT_OK)
        return VERDICT_REFUSED;
    if ((assignment.reason = tidied(ctx, in->reason)) == NULL)
        return refuse_field(ctx, "empty", "reason", "empty");
    assignment.stage = ASSIGNMENT_RETURNED;
    assignment.submitted = assignment.overdue = 0;
    assignment.returns++;
    return emit_assignment(ctx, "roster.review.returned", &assignment);
}

enum verdict decide_review_withdraw(struct ctx *ctx, const void *command)
{
    const struct review_withdraw *in = command;
    const struct profile_direction *direction = NULL;
    struct assignment assignment;

    if (assignment_at_hand(ctx, &in->assignment, &assignment, &direction) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!assignment_open(&assignment))
        return refuse(ctx, PROBLEM_CONFLICT, "assignment_not_open");
    if ((assignment.reason = tidied(ctx, in->reason)) == NULL)
        return refuse_field(ctx, "empty", "reason", "empty");
    assignment.stage = ASSIGNMENT_WITHDRAWN;
    return emit_assignment(ctx, "roster.review.withdrawn", &assignment);
}

/* Also after the work is closed: that is when it is paid for. */
enum verdict decide_review_pay(struct ctx *ctx, const void *command)
{
    const struct review_pay *in = command;
    const struct profile_direction *direction = NULL;
    struct assignment assignment;
    struct document document;
    struct review review;

    if (!state_assignment(ctx, &in->assignment, &assignment) || !state_review(ctx, &assignment.review, &review))
        return refuse(ctx, PROBLEM_NOT_FOUND, "assignment_unknown");
    if (!review_reached(ctx, &review))
        return REFUSE_REACH(ctx);
    if ((direction = direction_named(ctx, assignment.direction)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "direction_unknown");
    if (may_decide(ctx, direction) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (assignment.stage != ASSIGNMENT_SUBMITTED)
        return refuse(ctx, PROBLEM_CONFLICT, "assignment_not_submitted");
    if (assignment.paid != 0)
        return refuse(ctx, PROBLEM_CONFLICT, "paid_already");
    if (in->day < assignment.submitted)
        return refuse_field(ctx, "paid_before", "day", "order");
    if (in->day > ctx->today)
        return refuse_field(ctx, "paid_in_future", "day", "range");
    if (!uuid_is_nil(&in->document) && (!state_document(ctx, &in->document, &document) || !document_seen(ctx, &document)))
        return refuse_field(ctx, "document_unknown", "document", "unknown");
    assignment.paid = in->day;
    assignment.document = in->document;
    return emit_assignment(ctx, "roster.review.paid", &assignment);
}

/* The day is the one after the last, however late the timer is. */
enum verdict fire_review_over(struct ctx *ctx, const struct uuid *id, moment_t due)
{
    struct assignment assignment;

    (void)due;
    if (!state_assignment(ctx, id, &assignment) || !assignment_open(&assignment) || assignment.overdue != 0 || assignment.due >= ctx->today)
        return VERDICT_OK;
    assignment.overdue = assignment.due + 1;
    return emit_assignment(ctx, "roster.review.overdue", &assignment);
}

/* ── ties ─────────────────────────────────────────────────────────────────── */

enum verdict decide_tie_declare(struct ctx *ctx, const void *command)
{
    const struct tie *in = command;
    struct tie *known = ARENA_LIST(ctx->arena, struct tie, TIES_MAX), made = *in;
    struct uuid scope[2] = { person_now(ctx, &in->person), roster_config(ctx)->profile->region->id };
    struct person_state person, other;
    struct organisation organisation;
    bool again = false;

    if (!state_person(ctx, &in->person, &person))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, &in->person, &person))
        return REFUSE_REACH(ctx);
    if (same_person(ctx, &in->person, &in->other))
        return refuse_field(ctx, "tie_to_himself", "other", "conflict");
    if (!state_person(ctx, &in->other, &other) && !state_organisation(ctx, &in->other, &organisation))
        return refuse_field(ctx, "tie_unknown", "other", "unknown");
    if (in->until != 0 && in->until < in->from)
        return refuse_field(ctx, "tie_until_before_from", "until", "order");
    uint32_t n = state_ties(ctx, &in->person, known, TIES_MAX);
    for (uint32_t i = 0; i < n; i++) {
        if (!same_person(ctx, &known[i].other, &in->other))
            continue;
        again = true;                       /* under whichever ids of the two it was declared */
        made.person = known[i].person;
        made.other = known[i].other;
        emit(ctx, "roster.tie.declared", &made, scope, 2);
    }
    if (again)
        return VERDICT_OK;
    if (n == TIES_MAX)
        return refuse_most(ctx, "too_many_ties", TIES_MAX);
    made.person = scope[0];
    made.other = person_now(ctx, &in->other);
    emit(ctx, "roster.tie.declared", &made, scope, 2);
    return VERDICT_OK;
}
