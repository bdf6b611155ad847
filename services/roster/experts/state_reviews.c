#include "services/roster/experts/reviews.h"
#include "services/roster/merge/one.h"

/* The tables of expert work, and what its events make of them. */

bool state_review(struct ctx *ctx, const struct uuid *id, struct review *review)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_REVIEWS, key_bytes(&key), &review_desc, ctx->arena, review);
}

bool state_assignment(struct ctx *ctx, const struct uuid *id, struct assignment *assignment)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_ASSIGNMENTS, key_bytes(&key), &assignment_desc, ctx->arena, assignment);
}

uint32_t state_assignments(struct ctx *ctx, const struct uuid *review, struct assignment list[OPINIONS_MAX])
{
    struct key prefix = key_of_uuid(review);
    struct uuid ids[OPINIONS_MAX];
    uint32_t n = txn_ids(ctx->txn, T_REVIEW_ASSIGNMENTS, key_bytes(&prefix), false, ids, OPINIONS_MAX), taken = 0;

    for (uint32_t i = 0; i < n; i++)
        taken += state_assignment(ctx, &ids[i], &list[taken]);
    return taken;
}

static struct key subject_in(const struct uuid *subject, const char *direction)
{
    struct key key = key_of_uuid(subject);
    key_text(&key, direction);
    return key;
}

bool state_review_of(struct ctx *ctx, const struct uuid *subject, const char *direction, struct review *review)
{
    struct key prefix = subject_in(subject, direction);
    struct uuid id;
    return txn_ids(ctx->txn, T_SUBJECT_REVIEWS, key_bytes(&prefix), true, &id, 1) == 1 && state_review(ctx, &id, review);
}

static struct expert_standing standing_of(struct ctx *ctx, const struct uuid *expert)
{
    struct key key = key_of_uuid(expert);
    struct expert_standing standing = { 0 };
    txn_get_msg(ctx->txn, T_EXPERTS, key_bytes(&key), &expert_standing_desc, ctx->arena, &standing);
    return standing;
}

struct expert_standing state_standing(struct ctx *ctx, const struct uuid *expert)
{
    struct expert_standing sum = { 0 };
    struct uuid ids[SAME_ONE_MAX];
    uint32_t n = same_one(ctx, expert, ids);

    for (uint32_t i = 0; i < n; i++) {
        struct expert_standing one = standing_of(ctx, &ids[i]);
        sum.assigned += one.assigned;
        sum.open += one.open;
        sum.done += one.done;
        sum.late += one.late;
        sum.refused += one.refused;
        sum.withdrawn += one.withdrawn;
        sum.returned += one.returned;
        sum.unpaid += one.unpaid;
        sum.compared += one.compared;
        sum.off += one.off;
    }
    return sum;
}

static void standing_put(struct ctx *ctx, const struct uuid *expert, const struct expert_standing *standing)
{
    struct key key = key_of_uuid(expert);
    txn_put_msg(ctx->txn, T_EXPERTS, key_bytes(&key), &expert_standing_desc, standing);
}

uint32_t state_ties(struct ctx *ctx, const struct uuid *person, struct tie *ties, uint32_t max)
{
    struct uuid *others = ARENA_LIST(ctx->arena, struct uuid, max), ids[SAME_ONE_MAX];
    uint32_t same = same_one(ctx, person, ids), n = 0;

    for (uint32_t k = 0; k < same && n < max; k++) {
        struct key prefix = key_of_uuid(&ids[k]);
        uint32_t known = txn_ids(ctx->txn, T_TIES, key_bytes(&prefix), false, others, max - n);
        for (uint32_t i = 0; i < known; i++) {
            struct key key = prefix;
            key_uuid(&key, &others[i]);
            n += txn_get_msg(ctx->txn, T_TIES, key_bytes(&key), &tie_desc, ctx->arena, &ties[n]);
        }
    }
    return n;
}

struct key reviews_of_unit(const struct uuid *unit, const char *direction)
{
    struct key key = key_of_uuid(unit);
    key_text(&key, direction);
    return key;
}

uint32_t opinions_of(const struct assignment *list, uint32_t n, uint32_t shares[OPINIONS_MAX])
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < n; i++)
        if (list[i].stage == ASSIGNMENT_SUBMITTED)
            shares[count++] = (uint32_t)list[i].share;
    return count;
}

/* ── events ───────────────────────────────────────────────────────────────── */

static void review_put(struct ctx *ctx, const struct review *review)
{
    struct key key = key_of_uuid(&review->review), value = { 0 };

    txn_put_msg(ctx->txn, T_REVIEWS, key_bytes(&key), &review_desc, review);
    key_u8(&value, (uint8_t)review->outcome);
    for (uint32_t i = 0; i < review->chain.n; i++) {
        struct key by_unit = reviews_of_unit(&review->chain.at[i], review->direction);
        key_uuid(&by_unit, &review->review);
        txn_put(ctx->txn, T_UNIT_REVIEWS, key_bytes(&by_unit), key_bytes(&value));
    }
}

void apply_review_opened(struct ctx *ctx, const void *event)
{
    const struct review *review = event;

    review_put(ctx, review);
    if (uuid_is_nil(&review->subject))
        return;
    struct key key = subject_in(&review->subject, review->direction);
    key_uuid(&key, &review->review);
    txn_put(ctx->txn, T_SUBJECT_REVIEWS, key_bytes(&key), bytes("", 0));
}

static uint64_t moved(uint64_t sum, uint64_t from, uint64_t to) { return sum + to - from; }

/* The expert's standing is the sum over his assignments: what it was goes, what it is comes. */
static void standing_fold(struct ctx *ctx, const struct assignment *before, const struct assignment *after)
{
    struct expert_standing old = { 0 }, new = assignment_counts(after), sum = standing_of(ctx, &after->expert);

    if (before != NULL)
        old = assignment_counts(before);
    sum.assigned = moved(sum.assigned, old.assigned, new.assigned);
    sum.open = moved(sum.open, old.open, new.open);
    sum.done = moved(sum.done, old.done, new.done);
    sum.late = moved(sum.late, old.late, new.late);
    sum.refused = moved(sum.refused, old.refused, new.refused);
    sum.withdrawn = moved(sum.withdrawn, old.withdrawn, new.withdrawn);
    sum.returned = moved(sum.returned, old.returned, new.returned);
    sum.unpaid = moved(sum.unpaid, old.unpaid, new.unpaid);
    standing_put(ctx, &after->expert, &sum);
}

static void assignment_fold(struct ctx *ctx, const struct assignment *after)
{
    struct key key = key_of_uuid(&after->assignment), of_review = key_of_uuid(&after->review), of_expert = key_of_uuid(&after->expert);
    struct assignment before;
    bool known = state_assignment(ctx, &after->assignment, &before);

    standing_fold(ctx, known ? &before : NULL, after);
    key_uuid(&of_review, &after->assignment);
    key_uuid(&of_expert, &after->assignment);
    txn_put_msg(ctx->txn, T_ASSIGNMENTS, key_bytes(&key), &assignment_desc, after);
    txn_put(ctx->txn, T_REVIEW_ASSIGNMENTS, key_bytes(&of_review), bytes("", 0));
    txn_put(ctx->txn, T_EXPERT_ASSIGNMENTS, key_bytes(&of_expert), bytes("", 0));
}

/* The timer's table keeps the moment. */
void apply_assignment(struct ctx *ctx, const void *event)
{
    struct assignment assignment = *(const struct assignment *)event;

    if (assignment.over_at != 0)
        timer_set(ctx, TIMER_REVIEW_OVER, &assignment.assignment, assignment.over_at);
    else
        timer_clear(ctx, TIMER_REVIEW_OVER, &assignment.assignment);
    assignment.over_at = 0;
    assignment_fold(ctx, &assignment);
}

/* What is open is taken back; where there is a result, each opinion is held against the others. */
void apply_review_closed(struct ctx *ctx, const void *event)
{
    const struct review *review = event;
    struct assignment *list = ARENA_LIST(ctx->arena, struct assignment, OPINIONS_MAX);
    uint32_t n = state_assignments(ctx, &review->review, list), shares[OPINIONS_MAX], count = opinions_of(list, n, shares), at = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (assignment_open(&list[i])) {
            list[i].stage = ASSIGNMENT_WITHDRAWN;
            timer_clear(ctx, TIMER_REVIEW_OVER, &list[i].assignment);
            assignment_fold(ctx, &list[i]);
        } else if (list[i].stage == ASSIGNMENT_SUBMITTED && review->outcome != REVIEW_CANCELLED) {
            struct expert_standing standing = standing_of(ctx, &list[i].expert);
            standing.compared += count > 1;
            standing.off += count > 1 ? opinion_off(shares, count, at) : 0;
            standing_put(ctx, &list[i].expert, &standing);
            at++;
        }
    }
    review_put(ctx, review);
}

void apply_tie_declared(struct ctx *ctx, const void *event)
{
    const struct tie *tie = event;
    struct key key = key_of_uuid(&tie->person);

    key_uuid(&key, &tie->other);
    txn_put_msg(ctx->txn, T_TIES, key_bytes(&key), &tie_desc, tie);
}
