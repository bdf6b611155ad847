#include "common/service/pages.h"
#include "proto/roles.h"
#include "services/roster/experts/reviews.h"
#include "services/roster/merge/one.h"

/* What stands with a work, who could judge it, and how an expert works. */

static bool reaches_person(struct ctx *ctx, const struct uuid *id)
{
    struct person_state state;
    return state_person(ctx, id, &state) && person_reached(ctx, id, &state);
}

/* ── one work ─────────────────────────────────────────────────────────────── */

static bool an_author(struct ctx *ctx, const struct review *review)
{
    for (uint32_t i = 0; i < review->authors.n; i++)
        if (reaches_person(ctx, &review->authors.at[i]))
            return true;
    return false;
}

/* Who decides sees who judges and how; an expert himself alone. Nobody else learns who the experts were. */
static void assignments_shown(struct ctx *ctx, const struct profile_direction *direction, bool decides, struct review_card *card)
{
    uint32_t shares[OPINIONS_MAX], n;

    card->assignments.at = ARENA_LIST(ctx->arena, struct assignment, OPINIONS_MAX);
    n = state_assignments(ctx, &card->review->review, card->assignments.at);
    if (decides) {
        struct opinions opinions = opinions_weigh(direction, shares, opinions_of(card->assignments.at, n, shares));
        card->enough = opinions.missing == 0;
        card->apart = opinions.apart && opinions.missing > 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct assignment *row = &card->assignments.at[card->assignments.n];
        if (!decides && !(ctx->who->role == ROLE_WORKER && reaches_person(ctx, &card->assignments.at[i].expert)))
            continue;
        *row = card->assignments.at[i];
        row->expert = person_now(ctx, &row->expert);
        card->assignments.n++;
    }
}

enum verdict query_review_get(struct ctx *ctx, const void *query)
{
    const struct registered *asked = query;
    const struct profile_direction *direction;
    struct review review;
    struct review_card card = { .review = &review };

    if (!state_review(ctx, &asked->id, &review))
        return refuse(ctx, PROBLEM_NOT_FOUND, "review_unknown");
    direction = direction_named(ctx, review.direction);
    bool reached = review_reached(ctx, &review), decides = reached && direction != NULL && direction_decider(ctx, direction);
    assignments_shown(ctx, direction, decides, &card);
    if (!reached && card.assignments.n == 0 && !an_author(ctx, &review))
        return REFUSE_REACH(ctx);
    review.authors.n = persons_now(ctx, review.authors.at, review.authors.n);
    reply(ctx, &card);
    return VERDICT_OK;
}

enum verdict query_review_list(struct ctx *ctx, const void *query)
{
    const struct reviews_of *asked = query;
    struct key prefix = reviews_of_unit(&asked->unit, asked->direction);
    struct review_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    if (direction_named(ctx, asked->direction) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "direction_unknown");
    if (unit_at_hand(ctx, &asked->unit, NULL) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (pages_open(&pages, ctx, T_UNIT_REVIEWS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct review, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        struct review review;
        if ((asked->open && value.n == 1 && *(const uint8_t *)value.at != REVIEW_OPEN) || !state_review(ctx, &id, &review))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_REVIEWS, &id)))
            break;
        review.authors.n = persons_now(ctx, review.authors.at, review.authors.n);
        list.rows.at[list.rows.n++] = review;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── who could judge it ───────────────────────────────────────────────────── */

struct search { const struct profile_direction *direction; struct review review; const struct expert_party *work;
                struct assignment *given; uint32_t given_n; };

static enum expert_conflict in_the_way(struct ctx *ctx, const struct search *search, const struct candidate *row)
{
    for (uint32_t i = 0; i < search->given_n; i++)
        if (same_person(ctx, &search->given[i].expert, &row->expert))
            return EXPERT_ASSIGNED;
    enum expert_conflict conflict = review_conflict(ctx, search->work, &row->expert);
    return conflict != EXPERT_FREE ? conflict : row->standing->open >= search->direction->load ? EXPERT_LOADED : EXPERT_FREE;
}

static const char *register_asked(const struct profile_direction *direction, const char *id)
{
    if (id == NULL || id[0] == '\0')
        return direction->registers.at[0];
    for (uint32_t i = 0; i < direction->registers.n; i++)
        if (strcmp(direction->registers.at[i], id) == 0)
            return direction->registers.at[i];
    return NULL;
}

static enum verdict search_begun(struct ctx *ctx, const struct uuid *review, struct search *search)
{
    if (!state_review(ctx, review, &search->review))
        return refuse(ctx, PROBLEM_NOT_FOUND, "review_unknown");
    if (!review_reached(ctx, &search->review))
        return REFUSE_REACH(ctx);
    if ((search->direction = direction_named(ctx, search->review.direction)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "direction_unknown");
    search->work = review_party(ctx, &search->review);
    search->given = ARENA_LIST(ctx->arena, struct assignment, OPINIONS_MAX);
    search->given_n = state_assignments(ctx, review, search->given);
    return role_among(ctx, "direction_not_decider", search->direction->deciders.at, search->direction->deciders.n);
}

enum verdict query_review_candidates(struct ctx *ctx, const void *query)
{
    const struct candidates_of *asked = query;
    struct search search = { 0 };
    const struct profile_register *reg;
    struct candidate_list list = { 0 };
    struct listing_brief brief;
    struct bytes key, value;
    struct listing listing;
    struct pages pages;
    struct uuid entry;
    const char *from;

    if (search_begun(ctx, &asked->review, &search) != VERDICT_OK)
        return VERDICT_REFUSED;
    if ((from = register_asked(search.direction, asked->register_id)) == NULL || (reg = register_named(ctx, from)) == NULL)
        return refuse_field(ctx, "register_unknown", "register_id", "profile");
    struct key prefix = listings_of_register(from);
    if (pages_open(&pages, ctx, T_REGISTER_LISTINGS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct candidate, pages.limit);
    while (pages_next(&pages, &key, &value) && state_brief(ctx, key, value, &entry, &brief)) {
        if (!state_listing(ctx, &entry, &listing) || uuid_is_nil(&listing.person) || !listing_holds(&listing, ctx->today) ||
            listing_again(ctx, &listing, NULL, ctx->today))
            continue;
        if (!pages_take(&pages, key, sizeof(struct candidate)))
            break;
        if (!reg->public && !listing_reached(ctx, &listing))
            continue;
        struct candidate *row = &list.rows.at[list.rows.n++];
        *row = (struct candidate){ .expert = person_now(ctx, &listing.person), .standing = ARENA_NEW(ctx->arena, struct expert_standing) };
        *row->standing = state_standing(ctx, &listing.person);
        row->conflict = in_the_way(ctx, &search, row);
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── one expert ───────────────────────────────────────────────────────────── */

static enum verdict expert_reached(struct ctx *ctx, const struct uuid *expert)
{
    struct person_state state;

    if (!state_person(ctx, expert, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    return person_reached(ctx, expert, &state) ? VERDICT_OK : REFUSE_REACH(ctx);
}

enum verdict query_expert_get(struct ctx *ctx, const void *query)
{
    const struct expert_of *asked = query;

    if (expert_reached(ctx, &asked->expert) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct expert_standing standing = state_standing(ctx, &asked->expert);
    reply(ctx, &standing);
    return VERDICT_OK;
}

/* The expert himself sees all of his; others those of works within their reach in directions that they decide. */
static bool work_shown(struct ctx *ctx, const struct assignment *assignment)
{
    const struct profile_direction *direction = direction_named(ctx, assignment->direction);
    struct review review;

    if (ctx->who->role == ROLE_WORKER)
        return true;
    return direction != NULL && direction_decider(ctx, direction) && state_review(ctx, &assignment->review, &review) &&
           review_reached(ctx, &review);
}

enum verdict query_expert_works(struct ctx *ctx, const void *query)
{
    const struct assignments_of *asked = query;
    struct assignment_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    if (expert_reached(ctx, &asked->expert) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (one_pages_open(&pages, ctx, T_EXPERT_ASSIGNMENTS, &asked->expert, asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct assignment, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        struct assignment assignment;
        if (!state_assignment(ctx, &id, &assignment) || (asked->open && !assignment_open(&assignment)))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_ASSIGNMENTS, &id)))
            break;
        assignment.expert = person_now(ctx, &assignment.expert);
        if (work_shown(ctx, &assignment))
            list.rows.at[list.rows.n++] = assignment;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

static bool tie_there(const struct tie *ties, uint32_t n, const struct tie *tie)
{
    for (uint32_t i = 0; i < n; i++)
        if (uuid_equal(&ties[i].other, &tie->other) && ties[i].kind == tie->kind && ties[i].from == tie->from && ties[i].until == tie->until)
            return true;
    return false;
}

/* By the ids that both have now: each tie once, and none of one person's to himself. */
static uint32_t ties_shown(struct ctx *ctx, struct tie *ties, uint32_t n)
{
    uint32_t shown = 0;

    for (uint32_t i = 0; i < n; i++) {
        struct tie tie = ties[i];
        tie.person = person_now(ctx, &tie.person);
        tie.other = person_now(ctx, &tie.other);
        if (!uuid_equal(&tie.person, &tie.other) && !tie_there(ties, shown, &tie))
            ties[shown++] = tie;
    }
    return shown;
}

enum verdict query_tie_list(struct ctx *ctx, const void *query)
{
    const struct expert_of *asked = query;
    struct tie_list list = { .rows.at = ARENA_LIST(ctx->arena, struct tie, TIES_MAX) };

    if (expert_reached(ctx, &asked->expert) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.n = ties_shown(ctx, list.rows.at, state_ties(ctx, &asked->expert, list.rows.at, TIES_MAX));
    reply(ctx, &list);
    return VERDICT_OK;
}
