#include "services/shared/places.h"

#include "common/core/failpoint.h"

/* A person holds a few posts in a lifetime; more than these are not looked at. */
#define PLACES_POSTS_MAX 64
/* Nor does an organisation give way to one after the other for ever. */

static struct key two_ids(const struct uuid *first, const struct uuid *second)
{
    struct key key = key_of_uuid(first);
    key_uuid(&key, second);
    return key;
}

/* ── the copy ─────────────────────────────────────────────────────────────── */

void places_take_organisation(struct ctx *ctx, const void *event)
{
    const struct organisation *organisation = event;
    struct key key = key_of_uuid(&organisation->id);
    txn_put_msg(ctx->txn, PLACES_UNITS, key_bytes(&key), &organisation_desc, organisation);
}

void places_take_opened(struct ctx *ctx, const void *event)
{
    const struct post_opened *post = event;
    struct key key = two_ids(&post->person, &post->post);
    txn_put_msg(ctx->txn, PLACES_POSTS, key_bytes(&key), &post_opened_desc, post);
}

/* A follower of a part of the region may hear of the end of a post that it never saw open. */
void places_take_closed(struct ctx *ctx, const void *event)
{
    const struct post_closed *closed = event;
    struct key key = two_ids(&closed->person, &closed->post);
    struct post_opened post;

    if (!txn_get_msg(ctx->txn, PLACES_POSTS, key_bytes(&key), &post_opened_desc, ctx->arena, &post))
        return;
    post.until = closed->until;
    txn_put_msg(ctx->txn, PLACES_POSTS, key_bytes(&key), &post_opened_desc, &post);
}

void places_take_handed_over(struct ctx *ctx, const void *event)
{
    const struct person_handed_over *handed = event;
    for (uint32_t i = 0; i < handed->posts.n; i++)
        places_take_opened(ctx, &handed->posts.at[i]);
}

void places_take_merged(struct ctx *ctx, const void *event)
{
    const struct person_merged *merged = event;
    struct key key = key_of_uuid(&merged->gone), of = two_ids(&merged->kept, &merged->gone);

    txn_put(ctx->txn, PLACES_PERSONS, key_bytes(&key), bytes(merged->kept.b, sizeof merged->kept.b));
    txn_put(ctx->txn, PLACES_MERGED, key_bytes(&of), bytes("", 0));
}

void places_take_unmerged(struct ctx *ctx, const void *event)
{
    const struct person_unmerged *undone = event;
    struct key key = key_of_uuid(&undone->gone), of = two_ids(&undone->kept, &undone->gone);

    txn_delete(ctx->txn, PLACES_PERSONS, key_bytes(&key));
    txn_delete(ctx->txn, PLACES_MERGED, key_bytes(&of));
}

/* ── looking up ───────────────────────────────────────────────────────────── */

bool places_organisation(struct ctx *ctx, const struct uuid *id, struct organisation *organisation)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, PLACES_UNITS, key_bytes(&key), &organisation_desc, ctx->arena, organisation);
}

bool places_unit(struct ctx *ctx, const struct uuid *id, struct workplace *place)
{
    struct organisation organisation;

    if (!places_organisation(ctx, id, &organisation))
        return false;
    *place = (struct workplace){ organisation.id, organisation.kind, { organisation.chain.n, organisation.chain.at } };
    return true;
}

bool places_now(struct ctx *ctx, const struct uuid *id, struct workplace *place)
{
    struct organisation organisation;
    struct uuid now = *id;

    for (uint32_t heirs = 0; heirs < PLACES_HEIRS_MAX && places_organisation(ctx, &now, &organisation); heirs++) {
        if (uuid_is_nil(&organisation.heir))
            break;
        now = organisation.heir;
    }
    return places_unit(ctx, &now, place);
}

uint32_t places_posts(struct ctx *ctx, const struct uuid *person, struct post_opened *posts, uint32_t max)
{
    struct key prefix = key_of_uuid(person), keys[PLACES_POSTS_MAX];
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0, taken = 0;

    scan_begin(&scan, ctx->txn, PLACES_POSTS, key_bytes(&prefix));
    while (n < max && n < PLACES_POSTS_MAX && scan_next(&scan, &key, &value)) {
        keys[n] = (struct key){ 0 };
        key_raw(&keys[n++], key.at, key.n);
    }
    scan_end(&scan);
    for (uint32_t i = 0; i < n; i++)
        taken += txn_get_msg(ctx->txn, PLACES_POSTS, key_bytes(&keys[i]), &post_opened_desc, ctx->arena, &posts[taken]);
    return taken;
}

bool places_held(const struct post_opened *post, day_t day)
{
    return post->from <= day && (post->until == 0 || day <= post->until);
}

struct uuid places_person_now(struct ctx *ctx, const struct uuid *person)
{
    struct key key = key_of_uuid(person);
    struct bytes value;
    struct uuid now = *person;

    if (txn_get(ctx->txn, PLACES_PERSONS, key_bytes(&key), &value) && value.n == sizeof now.b)
        memcpy(now.b, value.at, sizeof now.b);
    return now;
}

uint32_t places_same_one(struct ctx *ctx, const struct uuid *person, struct uuid ids[PLACES_SAME_MAX])
{
    struct key prefix;

    ids[0] = places_person_now(ctx, person);
    prefix = key_of_uuid(&ids[0]);
    if (SABOTAGE("merged_apart"))
        return 1;
    return 1 + txn_ids(ctx->txn, PLACES_MERGED, key_bytes(&prefix), false, ids + 1, MERGE_OTHERS_MAX);
}

bool places_same_person(struct ctx *ctx, const struct uuid *a, const struct uuid *b)
{
    struct uuid first = places_person_now(ctx, a), second = places_person_now(ctx, b);
    return uuid_equal(&first, &second);
}

enum places_answer places_of(struct ctx *ctx, const struct uuid *person, const struct uuid *organisation,
                             day_t day, struct workplace *place)
{
    struct post_opened *posts = ARENA_LIST(ctx->arena, struct post_opened, PLACES_POSTS_MAX), *best = NULL;
    struct uuid now = places_person_now(ctx, person);
    uint32_t n = places_posts(ctx, &now, posts, PLACES_POSTS_MAX);

    if (n == 0)
        return PLACES_NO_PERSON;
    if (organisation != NULL && !uuid_is_nil(organisation))
        return places_unit(ctx, organisation, place) ? PLACES_FOUND : PLACES_NO_ORGANISATION;
    for (uint32_t i = 0; i < n; i++)
        if (places_held(&posts[i], day) && (best == NULL || (posts[i].main && !best->main)))
            best = &posts[i];
    if (best == NULL)
        return PLACES_NO_POST;
    *place = (struct workplace){ best->chain.at[0], best->organisation_kind, { best->chain.n, best->chain.at } };
    return PLACES_FOUND;
}

/* The last day of the last post of somebody who has left before `day` and not come back; 0: no such thing. */
static day_t left_before(struct ctx *ctx, const struct uuid *person, day_t day)
{
    struct post_opened *posts = ARENA_LIST(ctx->arena, struct post_opened, PLACES_POSTS_MAX);
    struct uuid now = places_person_now(ctx, person);
    uint32_t n = places_posts(ctx, &now, posts, PLACES_POSTS_MAX);
    day_t last = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (posts[i].until != 0 && posts[i].until < posts[i].from)
            continue;                       /* never held */
        if (posts[i].until == 0 || posts[i].until >= day)
            return 0;
        last = posts[i].until > last ? posts[i].until : last;
    }
    return last;
}

enum verdict places_need(struct ctx *ctx, const struct uuid *person, const struct uuid *organisation,
                         day_t day, struct workplace *place)
{
    static const char *const REASON[] = {
        [PLACES_NO_PERSON] = "person_unknown", [PLACES_NO_ORGANISATION] = "organisation_unknown",
        [PLACES_NO_POST] = "no_post_on_day",
    };
    enum places_answer answer = places_of(ctx, person, organisation, day, place);

    if (answer == PLACES_FOUND)
        return VERDICT_OK;
    day_t left = answer == PLACES_NO_POST ? left_before(ctx, person, day) : 0;
    refuse(ctx, PROBLEM_NOT_FOUND, left != 0 ? "person_left" : REASON[answer]);
    if (left != 0)
        refuse_arg_day(ctx, "until", left);
    return answer == PLACES_NO_POST ? refuse_arg_day(ctx, "day", day) : VERDICT_REFUSED;
}

uint32_t places_scope(const struct uuid *person, const struct workplace *place,
                      struct uuid scope[ENTRY_SCOPES_MAX])
{
    uint32_t n = 0;

    scope[n++] = *person;
    for (uint32_t i = 0; i < place->chain.n && n < ENTRY_SCOPES_MAX; i++)
        scope[n++] = place->chain.at[i];
    return n;
}
