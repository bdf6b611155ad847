#include "services/roster/merge/one.h"
#include "services/roster/roster.h"

/* Posts of one person against each other, and whose he is. */

bool id_among(const struct uuid *id, const struct uuid *ids, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (uuid_equal(id, &ids[i]))
            return true;
    return false;
}

uint32_t scope_of(const struct uuid *person, const struct uuid *first, uint32_t first_n,
                  const struct uuid *ids, uint32_t n, struct uuid scope[ENTRY_SCOPES_MAX])
{
    uint32_t used = 0;

    scope[used++] = *person;
    for (uint32_t i = 0; i < first_n && used < ENTRY_SCOPES_MAX; i++)
        scope[used++] = first[i];
    for (uint32_t i = 0; i < n && used < ENTRY_SCOPES_MAX; i++)
        if (!id_among(&ids[i], scope, used))
            scope[used++] = ids[i];
    return used;
}

/* ── posts in time ────────────────────────────────────────────────────────── */

bool post_empty(const struct post_opened *post)
{
    return post->until != 0 && post->until < post->from;
}

static day_t post_end(const struct post_opened *post) { return post->until != 0 ? post->until : DAY_MAX; }

bool posts_overlap(const struct post_opened *a, const struct post_opened *b)
{
    return !post_empty(a) && !post_empty(b) && a->from <= post_end(b) && b->from <= post_end(a);
}

void moves_load(struct ctx *ctx, const struct uuid *person, struct moves *moves)
{
    moves->posts = ARENA_LIST(ctx->arena, struct post_opened, POSTS_MAX + 1);
    moves->n = state_posts_of(ctx, person, moves->posts, POSTS_MAX);
    moves->ended_n = 0;
    moves->bands = NULL;
}

/* The main place of work is one employer (ТК РФ ст. 60.1, 282), so only posts elsewhere collide: a deputy
 * who teaches has two main posts in one school. */
static bool elsewhere(const struct post_opened *post, const struct post_opened *other)
{
    return other->main && !uuid_equal(&post->post, &other->post) &&
           !uuid_equal(&post->chain.at[0], &other->chain.at[0]);
}

static enum verdict refuse_overlap(struct ctx *ctx, const struct post_opened *other)
{
    refuse_field(ctx, "main_post_overlaps", "from", "overlap");
    refuse_days(ctx, other->from, other->until);
    return VERDICT_REFUSED;
}

enum verdict moves_main(struct ctx *ctx, struct moves *moves, struct post_opened *post)
{
    if (post->until == 0)       /* lists come in any order: a later post elsewhere says when this one ended */
        for (uint32_t i = 0; i < moves->n; i++) {
            const struct post_opened *other = &moves->posts[i];
            if (elsewhere(post, other) && posts_overlap(post, other) && other->from > post->from)
                post->until = other->from - 1;
        }
    for (uint32_t i = 0; i < moves->n; i++) {
        struct post_opened *other = &moves->posts[i];
        if (!elsewhere(post, other) || !posts_overlap(post, other))
            continue;
        if (other->until != 0 || other->from >= post->from)
            return refuse_overlap(ctx, other);
        other->until = post->from - 1;
        moves->ended[moves->ended_n++] = i;
    }
    return VERDICT_OK;
}

void refuse_days(struct ctx *ctx, day_t from, day_t until)
{
    refuse_arg_day(ctx, "from", from);
    refuse_arg_day(ctx, "until", until);
}

/* ── whose he is ──────────────────────────────────────────────────────────── */

static bool post_lasts(const struct post_opened *post, day_t today)
{
    return !post_empty(post) && post_end(post) >= today;
}

/* The place that answers for him: the main post begun last of those that last, else any of those, else
 * the one that ended last. */
static bool better(const struct post_opened *post, const struct post_opened *best, day_t today)
{
    bool lasts = post_lasts(post, today);

    if (post_empty(post))
        return false;
    if (best == NULL)
        return true;
    if (lasts != post_lasts(best, today))
        return lasts;
    if (!lasts)
        return post->until > best->until;
    return post->main != best->main ? post->main : post->from > best->from;
}

const struct post_opened *moves_owner(const struct moves *moves, day_t today)
{
    const struct post_opened *best = NULL;

    for (uint32_t i = 0; i < moves->n; i++)
        if (better(&moves->posts[i], best, today))
            best = &moves->posts[i];
    return best;
}

uint32_t moves_scope(const struct moves *moves, day_t today, struct uuid ids[SCOPE_IDS_MAX])
{
    const struct post_opened *owner = moves_owner(moves, today);
    uint32_t n = 0;

    for (uint32_t i = 0; owner != NULL && i < owner->chain.n && n < SCOPE_IDS_MAX; i++)
        ids[n++] = owner->chain.at[i];
    for (uint32_t p = 0; p < moves->n; p++)
        for (uint32_t i = 0; i < moves->posts[p].chain.n && n < SCOPE_IDS_MAX; i++)
            if (post_lasts(&moves->posts[p], today) && !id_among(&moves->posts[p].chain.at[i], ids, n))
                ids[n++] = moves->posts[p].chain.at[i];
    return n;
}

void moves_emit(struct ctx *ctx, const struct uuid *person, const struct person_state *state, const struct moves *moves)
{
    struct uuid now[SCOPE_IDS_MAX], lost[SCOPE_IDS_MAX], scope[ENTRY_SCOPES_MAX];
    uint32_t n = moves_scope(moves, ctx->today, now), gained = 0, lost_n = 0;
    const struct post_opened *owner = moves_owner(moves, ctx->today);

    if (owner == NULL)
        return;                 /* nothing left but mistakes: he stays with whom he was */
    for (uint32_t i = 0; i < n; i++)
        gained += !id_among(&now[i], state->scope.at, state->scope.n);
    for (uint32_t i = 0; i < state->scope.n; i++)
        if (!id_among(&state->scope.at[i], now, n))
            lost[lost_n++] = state->scope.at[i];
    if (gained > 0) {
        struct person_bands bands;
        if (moves->bands != NULL)
            bands = *moves->bands;
        else
            state_bands(ctx, person, &bands);
        struct person_handed_over handed = {
            .person = *person, .chain = { owner->chain.n, owner->chain.at }, .bands = { bands.spans.n, bands.spans.at },
            .posts = { moves->n, moves->posts } };
        emit(ctx, "roster.person.handed_over", &handed, scope, scope_of(person, now, n, NULL, 0, scope));
    }
    if (lost_n > 0) {
        struct person_withdrawn withdrawn = { *person };
        emit(ctx, "roster.person.withdrawn", &withdrawn, lost, lost_n);
    }
}

/* By those whose he is today, or by himself under any of his ids. */
bool person_reached(struct ctx *ctx, const struct uuid *person, const struct person_state *state)
{
    struct uuid ids[SCOPE_IDS_MAX], scope[ENTRY_SCOPES_MAX], same[SAME_ONE_MAX];
    struct person_state kept;
    struct moves moves;

    if (ctx->who != NULL && ctx->who->reach.all && uuid_is_nil(&ctx->who->actor))
        return true;                        /* wherever he works: a list with many who are alike asks this often */
    if (!uuid_is_nil(&state->into) && state_person(ctx, &state->into, &kept)) {
        person = &state->into;
        state = &kept;
    }
    moves_load(ctx, person, &moves);
    uint32_t n = moves_scope(&moves, ctx->today, ids);
    n = n > 0 ? scope_of(person, ids, n, NULL, 0, scope) : scope_of(person, state->scope.at, state->scope.n, NULL, 0, scope);
    if (may_reach(ctx, scope, n))
        return true;
    for (uint32_t i = same_one(ctx, person, same); i > 1; i--)
        if (may_reach(ctx, &same[i - 1], 1))
            return true;
    return false;
}

/* ── posts that end by their date ─────────────────────────────────────────── */

/* Apply has neither a clock nor a zone: it is told. The calendar's last day is as good as an open end. */
static moment_t over_at(const struct ctx *ctx, const struct post_opened *post)
{
    bool comes = post->until >= ctx->today && post->until < DAY_MAX;
    return comes ? day_start(post->until + 1, roster_config(ctx)->zone_minutes) : 0;
}

void emit_post_opened(struct ctx *ctx, const struct post_opened *post, const struct uuid *ids, uint32_t n)
{
    struct post_opened opened = *post;
    struct uuid scope[ENTRY_SCOPES_MAX];

    opened.over_at = over_at(ctx, post);
    emit(ctx, "roster.post.opened", &opened, scope,
         scope_of(&post->person, post->chain.at, post->chain.n, ids, n, scope));
}

void emit_post_closed(struct ctx *ctx, const struct post_opened *post, const struct uuid *ids, uint32_t n)
{
    struct post_closed closed = { post->post, post->person, post->until, over_at(ctx, post) };
    struct uuid scope[ENTRY_SCOPES_MAX];

    emit(ctx, "roster.post.closed", &closed, scope,
         scope_of(&post->person, post->chain.at, post->chain.n, ids, n, scope));
}

enum verdict fire_post_over(struct ctx *ctx, const struct uuid *id, moment_t due)
{
    struct person_state state;
    struct post_opened post;
    struct moves moves;

    (void)due;
    if (!state_post(ctx, id, &post) || !state_person(ctx, &post.person, &state))
        return VERDICT_OK;
    moves_load(ctx, &post.person, &moves);
    moves_emit(ctx, &post.person, &state, &moves);
    return VERDICT_OK;
}
