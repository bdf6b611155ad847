#include "services/roster/merge/merge.h"

#include "services/roster/units/units.h"
#include "services/shared/staff_rules.h"

/* roster.post.close: the last day in a post, said or mended. The day before the first one says that the
 * post was entered by mistake: it then counts nowhere and on no day. */

static enum verdict refuse_until(struct ctx *ctx)
{
    char latest[DAY_TEXT + 1];

    day_format(day_add_months(ctx->today, STAFF_AHEAD_MONTHS), latest);
    refuse_field(ctx, "until_future", "until", "range");
    refuse_arg(ctx, "latest", latest);
    return VERDICT_REFUSED;
}

static struct post_opened *post_of(struct moves *moves, const struct uuid *id)
{
    for (uint32_t i = 0; i < moves->n; i++)
        if (uuid_equal(&moves->posts[i].post, id))
            return &moves->posts[i];
    return NULL;
}

/* The same employment has another post from the day after this one ends, made when the organisation was reorganised. */
static bool post_goes_on(const struct moves *moves, const struct post_opened *post)
{
    day_t began = post->began != 0 ? post->began : post->from;

    for (uint32_t i = 0; i < moves->n; i++)
        if (moves->posts[i].began == began && post->until != 0 && moves->posts[i].from == post->until + 1
            && (moves->posts[i].until == 0 || moves->posts[i].until >= moves->posts[i].from)
            && strcmp(moves->posts[i].title, post->title) == 0)
            return true;
    return false;
}

enum verdict decide_post_close(struct ctx *ctx, const void *command)
{
    const struct post_close *close = command;
    struct uuid ids[SCOPE_IDS_MAX];
    struct person_state state;
    struct organisation unit;
    struct post_opened post, *kept;
    struct moves moves;
    enum verdict verdict;

    if (!state_post(ctx, &close->post, &post) || !state_person(ctx, &post.person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "post_not_found");
    if (!may_reach(ctx, post.chain.at, post.chain.n))
        return REFUSE_REACH(ctx);
    if (not_merged(ctx, &state) != VERDICT_OK)          /* the other record holds it now, under an id of its own */
        return VERDICT_REFUSED;
    if (close->until + 1 < post.from)
        return refuse_field(ctx, "until_before_from", "until", "order");
    if (staff_day_ahead(close->until, ctx->today))
        return refuse_until(ctx);
    if (post.until == close->until)
        return VERDICT_OK;
    moves_load(ctx, &post.person, &moves);
    if (post_goes_on(&moves, &post) && close->until >= post.until)
        return refuse_field(ctx, "post_goes_on", "until", "order");
    if (close->until > post.until && post.until != 0 && state_organisation(ctx, &post.chain.at[0], &unit) &&
        organisation_holds(ctx, &unit, post.from, close->until) != VERDICT_OK)
        return VERDICT_REFUSED;
    if ((kept = post_of(&moves, &post.post)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "post_not_found");
    post.until = close->until;
    if (post.main && (verdict = moves_main(ctx, &moves, &post)) != VERDICT_OK)
        return verdict;
    *kept = post;
    uint32_t n = moves_scope(&moves, ctx->today, ids);
    emit_post_closed(ctx, &post, ids, n);
    moves_emit(ctx, &post.person, &state, &moves);
    return VERDICT_OK;
}

/* ── transfer ─────────────────────────────────────────────────────────────── */

static enum verdict transfer_allowed(struct ctx *ctx, const struct post_transfer *in, const struct post_opened *post,
                                     const struct organisation *to, const struct moves *moves)
{
    bool held = post->from <= in->day && (post->until == 0 || (post->until >= in->day && post->until >= post->from));

    if (uuid_equal(&to->id, &post->chain.at[0]))
        return refuse_field(ctx, "organisation_itself", "organisation", "conflict");
    if (in->day > ctx->today || !held) {
        refuse_field(ctx, in->day > ctx->today ? "day_future" : "post_not_held", "day", "range");
        return refuse_arg_day(ctx, "day", in->day > ctx->today ? ctx->today : in->day);
    }
    if (post_goes_on(moves, post))
        return refuse_field(ctx, "post_goes_on", "post", "order");
    if (moves->n == POSTS_MAX) {
        refuse_field(ctx, "too_many_posts", "post", "too_many");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%d", POSTS_MAX));
        return VERDICT_REFUSED;
    }
    return organisation_holds(ctx, to, in->day, post->until);
}

enum verdict decide_post_transfer(struct ctx *ctx, const void *command)
{
    const struct post_transfer *in = command;
    struct uuid ids[SCOPE_IDS_MAX];
    struct person_state state;
    struct organisation to;
    struct post_opened post, *kept;
    struct moves moves;
    enum verdict verdict;

    if (!state_post(ctx, &in->post, &post) || !state_person(ctx, &post.person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "post_not_found");
    if (!may_reach(ctx, post.chain.at, post.chain.n))
        return REFUSE_REACH(ctx);
    if (!state_organisation(ctx, &in->organisation, &to))
        return refuse_field(ctx, "organisation_unknown", "organisation", "unknown");
    if (!may_reach(ctx, to.chain.at, to.chain.n))
        return REFUSE_REACH(ctx);
    moves_load(ctx, &post.person, &moves);
    if ((kept = post_of(&moves, &post.post)) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "post_not_found");
    if ((verdict = transfer_allowed(ctx, in, &post, &to, &moves)) != VERDICT_OK)
        return verdict;
    struct post_opened *next = &moves.posts[moves.n++];
    *next = post;
    next->post = decide_id(ctx);
    next->chain.n = to.chain.n;
    next->chain.at = to.chain.at;
    next->organisation_kind = unit_counted_kind(ctx, &to);
    next->from = in->day;
    next->began = post.began != 0 ? post.began : post.from;
    kept->until = in->day - 1;          /* of a post begun that day: it was never there */
    uint32_t n = moves_scope(&moves, ctx->today, ids);
    emit_post_closed(ctx, kept, ids, n);
    emit_post_opened(ctx, next, ids, n);
    moves_emit(ctx, &post.person, &state, &moves);
    reply(ctx, &(struct registered){ next->post });
    return VERDICT_OK;
}
