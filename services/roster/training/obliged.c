#include "services/roster/training/obliged.h"

#include <stdlib.h>

#include "services/roster/merge/one.h"
#include "services/roster/people/people.h"
#include "services/roster/registers/duties.h"

static bool said(const char *text) { return text != NULL && text[0] != '\0'; }

/* ── by a register ────────────────────────────────────────────────────────── */

/* The spans of days are those of one stay: the first day of the one that holds, or of what it goes on from. */
static day_t stays_since(const struct listing *listing, day_t on)
{
    day_t since = 0, end = 0;

    for (uint32_t i = 0; i < listing->spans.n && listing->spans.at[i].from <= on; i++) {
        if (span_empty(&listing->spans.at[i]))
            continue;
        if (since == 0 || end == 0 || listing->spans.at[i].from > end + 1)
            since = listing->spans.at[i].from;
        end = listing->spans.at[i].until;
    }
    return since;
}

static bool entry_meant(const struct profile_training *training, const struct listing *listing)
{
    if (!said(training->field))
        return true;
    for (uint32_t i = 0; i < listing->values.n; i++)
        if (strcmp(listing->values.at[i].name, training->field) == 0)
            return said(listing->values.at[i].text) && strcmp(listing->values.at[i].text, training->choice) == 0;
    return false;
}

static bool in_a_role(const struct profile_training *training, const struct part *part, day_t on)
{
    const struct entry_span span = { .from = part->from, .until = part->until };

    for (uint32_t i = 0; i < training->roles.n && !uuid_is_nil(&part->person); i++)
        if (strcmp(training->roles.at[i], part->role) == 0)
            return span_holds(&span, on);
    return false;
}

uint32_t obliged_of_entry(struct ctx *ctx, const struct profile_training *training, const struct listing *listing, day_t on, struct obliged *list)
{
    struct key prefix = key_of_uuid(&listing->entry);
    struct bytes key, value;
    struct scan scan;
    struct part part;
    uint32_t n = 0;

    if (!listing_holds(listing, on) || !entry_meant(training, listing))
        return 0;
    if (training->roles.n == 0) {
        list[0] = (struct obliged){ person_now(ctx, &listing->person), listing->entry, stays_since(listing, on) };
        return !uuid_is_nil(&listing->person);
    }
    scan_begin(&scan, ctx->txn, T_ENTRY_PARTS, key_bytes(&prefix));
    while (n < OBLIGED_OF_ENTRY_MAX && scan_next(&scan, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        if (state_part(ctx, &id, &part) && in_a_role(training, &part, on) && !part_again(ctx, &part, on))
            list[n++] = (struct obliged){ person_now(ctx, &part.person), listing->entry, part.from };
    }
    scan_end(&scan);
    return n;
}

/* ── by a population ──────────────────────────────────────────────────────── */

bool obliged_of_post(struct ctx *ctx, const struct population_rule *rule, const struct unit_post *row, day_t on, struct obliged *one)
{
    struct key prefix = key_of_uuid(&row->unit);
    struct uuid first = UUID_NIL;
    struct bytes key, value;
    struct unit_post other;
    struct scan scan;

    if (!population_takes_post(rule, &row->brief, on))
        return false;
    *one = (struct obliged){ .person = row->person };
    key_uuid(&prefix, &row->person);
    scan_begin(&scan, ctx->txn, T_UNIT_POSTS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value) && state_unit_post(ctx, key, value, &other)) {
        struct post_opened post;
        if (!population_takes_post(rule, &other.brief, on) || !state_post(ctx, &other.post, &post))
            continue;
        day_t since = post.began != 0 ? post.began : post.from;
        one->since = one->since == 0 || since < one->since ? since : one->since;
        first = uuid_is_nil(&first) ? other.post : first;
    }
    scan_end(&scan);
    return uuid_equal(&first, &row->post) && population_takes(ctx, rule, &row->person, on);
}

/* ── all of a unit ────────────────────────────────────────────────────────── */

static void crowd_add(struct ctx *ctx, struct crowd *crowd, const struct obliged *list, uint32_t n)
{
    if (n == 0)
        return;
    if (crowd->n + n > crowd->room) {
        uint32_t room = 2 * crowd->room + n;
        struct obliged *at = ARENA_LIST(ctx->arena, struct obliged, room);
        if (crowd->n > 0)
            memcpy(at, crowd->at, crowd->n * sizeof *at);
        crowd->at = at;
        crowd->room = room;
    }
    memcpy(crowd->at + crowd->n, list, n * sizeof *list);
    crowd->n += n;
}

static int by_person(const void *a, const void *b)
{
    const struct obliged *one = a, *other = b;
    int order = memcmp(one->person.b, other->person.b, sizeof one->person.b);

    return order != 0 ? order : (one->since > other->since) - (one->since < other->since);
}

/* Each person once, since the earliest day. */
static void crowd_once(struct crowd *crowd)
{
    uint32_t n = 0;

    if (crowd->n > 0)
        qsort(crowd->at, crowd->n, sizeof *crowd->at, by_person);
    for (uint32_t i = 0; i < crowd->n; i++)
        if (n == 0 || !uuid_equal(&crowd->at[n - 1].person, &crowd->at[i].person))
            crowd->at[n++] = crowd->at[i];
    crowd->n = n;
}

static void crowd_of_register(struct ctx *ctx, const struct profile_training *training, const struct uuid *unit, day_t on, struct crowd *crowd)
{
    struct obliged *list = ARENA_LIST(ctx->arena, struct obliged, OBLIGED_OF_ENTRY_MAX);
    struct key prefix = listings_of_unit(unit, training->register_id);
    struct listing_brief brief;
    struct bytes key, value;
    struct listing listing;
    struct uuid entry;
    struct scan scan;

    scan_begin(&scan, ctx->txn, T_UNIT_LISTINGS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value) && state_brief(ctx, key, value, &entry, &brief))
        if (state_listing(ctx, &entry, &listing) && !listing_again(ctx, &listing, unit, on))
            crowd_add(ctx, crowd, list, obliged_of_entry(ctx, training, &listing, on, list));
    scan_end(&scan);
}

struct crowd obliged_of_unit(struct ctx *ctx, const struct profile_training *training, const struct population_rule *rule,
                             const struct uuid *unit, day_t on)
{
    struct key prefix = key_of_uuid(unit);
    struct crowd crowd = { 0 };
    struct bytes key, value;
    struct unit_post row;
    struct obliged one;
    struct scan scan;

    if (rule == NULL) {
        crowd_of_register(ctx, training, unit, on, &crowd);
        crowd_once(&crowd);
        return crowd;
    }
    scan_begin(&scan, ctx->txn, T_UNIT_POSTS, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value) && state_unit_post(ctx, key, value, &row))
        if (obliged_of_post(ctx, rule, &row, on, &one))
            crowd_add(ctx, &crowd, &one, 1);
    scan_end(&scan);
    return crowd;                   /* rows of one person come together: each is there once */
}
