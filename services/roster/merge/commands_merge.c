#include "services/roster/merge/merge.h"

#include "common/core/failpoint.h"
#include "common/core/text.h"
#include "services/roster/experts/reviews.h"
#include "services/roster/registers/registers.h"

/* ── whom it is about ─────────────────────────────────────────────────────── */

/* Both records, opened. */
struct pair { struct known kept, gone; struct moves kept_moves, gone_moves; };

enum verdict not_merged(struct ctx *ctx, const struct person_state *state)
{
    char text[UUID_TEXT + 1];

    if (uuid_is_nil(&state->into))
        return VERDICT_OK;
    uuid_format(&state->into, text);
    refuse(ctx, PROBLEM_CONFLICT, "merged_already");
    refuse_arg(ctx, "into", text);
    return VERDICT_REFUSED;
}

static enum verdict one_of_pair(struct ctx *ctx, const struct uuid *id, struct known *known, struct moves *moves)
{
    struct person_blocked blocked;
    struct person_state state;

    if (privacy_person(ctx, id, &state) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (state_blocked(ctx, id, &blocked))
        return refuse_blocked(ctx, PROBLEM_CONFLICT, &blocked);
    known->id = *id;
    if (!match_open(ctx, &state, known))
        return refuse(ctx, PROBLEM_CONFLICT, "person_unreadable");
    moves_load(ctx, id, moves);
    return VERDICT_OK;
}

static enum verdict merge_allowed(struct ctx *ctx, const struct person_merge *in, const struct pair *pair)
{
    const char *ours = pair->kept.card.snils, *theirs = pair->gone.card.snils;

    if (uuid_equal(&in->kept, &in->gone))
        return refuse_field(ctx, "person_itself", "gone", "conflict");
    if (not_merged(ctx, &pair->kept.state) != VERDICT_OK || not_merged(ctx, &pair->gone.state) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (merged_into(ctx, &in->gone).n > 0)
        return refuse(ctx, PROBLEM_CONFLICT, "merged_others");
    if (merged_into(ctx, &in->kept).n == MERGE_OTHERS_MAX)
        return refuse_most(ctx, "too_many_merges", MERGE_OTHERS_MAX);
    if (ours != NULL && ours[0] != '\0' && theirs != NULL && theirs[0] != '\0' && strcmp(ours, theirs) != 0)
        return refuse(ctx, PROBLEM_CONFLICT, "snils_differ");
    return VERDICT_OK;
}

/* ── the posts ────────────────────────────────────────────────────────────── */

static bool posts_same(struct ctx *ctx, const struct post_opened *a, const struct post_opened *b)
{
    return uuid_equal(&a->chain.at[0], &b->chain.at[0]) && posts_overlap(a, b)
        && strcmp(text_fold(ctx->arena, a->title), text_fold(ctx->arena, b->title)) == 0;
}

/* Another main place at the same time: the main place of work is one. */
static bool main_elsewhere(const struct moves *moves, const struct post_opened *post)
{
    for (uint32_t i = 0; i < moves->n; i++)
        if (moves->posts[i].main && posts_overlap(&moves->posts[i], post) && !uuid_equal(&moves->posts[i].post, &post->post)
            && !uuid_equal(&moves->posts[i].chain.at[0], &post->chain.at[0]))
            return true;
    return false;
}

static bool is_there(struct ctx *ctx, const struct moves *moves, const struct post_opened *post)
{
    for (uint32_t i = 0; i < moves->n; i++)
        if (posts_same(ctx, &moves->posts[i], post))
            return true;
    return false;
}

/* Where each post of `gone` goes; those that go are in kept_moves then, behind what was there. */
static enum verdict posts_go(struct ctx *ctx, struct pair *pair, struct merged_post *moved, uint32_t *n)
{
    struct moves *to = &pair->kept_moves;

    *n = 0;
    for (uint32_t i = 0; i < pair->gone_moves.n; i++) {
        struct post_opened *post = &pair->gone_moves.posts[i];
        if (post_empty(post))
            continue;
        moved[*n] = (struct merged_post){ .was = post->post, .until = post->until };
        if (!is_there(ctx, to, post)) {
            if (to->n == POSTS_MAX)
                return refuse_most(ctx, "too_many_posts", POSTS_MAX);
            struct post_opened *next = &to->posts[to->n];
            *next = *post;
            next->post = moved[*n].is = decide_id(ctx);
            next->person = pair->kept.id;
            next->main &= !main_elsewhere(to, next);
            to->n++;
        }
        post->until = post->from - 1;
        (*n)++;
    }
    return VERDICT_OK;
}

static const struct post_opened *post_in(const struct moves *moves, const struct uuid *id)
{
    for (uint32_t i = 0; i < moves->n; i++)
        if (uuid_equal(&moves->posts[i].post, id))
            return &moves->posts[i];
    return NULL;
}

/* ── what else ────────────────────────────────────────────────────────────── */

/* What is asked of all that he is known by has its limits: both together are within them. */
static enum verdict fit_together(struct ctx *ctx, const struct pair *pair)
{
    const struct profile *profile = roster_config(ctx)->profile;
    struct listing *entries = ARENA_LIST(ctx->arena, struct listing, MEMBERSHIPS_MAX);
    struct tie *ties = ARENA_LIST(ctx->arena, struct tie, TIES_MAX);

    for (uint32_t i = 0; i < profile->registers.n; i++) {
        const char *id = profile->registers.at[i].id;
        uint32_t n = state_memberships(ctx, &pair->kept.id, id, entries, MEMBERSHIPS_MAX);
        if (n + state_memberships(ctx, &pair->gone.id, id, entries, MEMBERSHIPS_MAX) > MEMBERSHIPS_MAX)
            return refuse_most(ctx, "too_many_entries", MEMBERSHIPS_MAX);
    }
    if (state_ties(ctx, &pair->kept.id, ties, TIES_MAX) + state_ties(ctx, &pair->gone.id, ties, TIES_MAX) > TIES_MAX)
        return refuse_most(ctx, "too_many_ties", TIES_MAX);
    if (consents_count(ctx, &pair->kept.id) + consents_count(ctx, &pair->gone.id) > CONSENTS_MAX)
        return refuse_most(ctx, "too_many_consents", CONSENTS_MAX);
    return VERDICT_OK;
}

/* ── the card ─────────────────────────────────────────────────────────────── */

static bool said(const char *text) { return text != NULL && text[0] != '\0'; }

/* The names of what `kept` lacks; `fill`: it is put into his card. */
static uint32_t card_fill(struct person_card *card, const struct person_card *other, const char *filled[8])
{
    uint32_t n = 0;

    if (!said(card->patronymic) && said(other->patronymic))
        card->patronymic = other->patronymic, filled[n++] = "patronymic";
    if (!said(card->snils) && said(other->snils))
        card->snils = other->snils, filled[n++] = "snils";
    if (card->teaching_since == 0 && other->teaching_since != 0)
        card->teaching_since = other->teaching_since, filled[n++] = "teaching_since";
    if (card->working_since == 0 && other->working_since != 0)
        card->working_since = other->working_since, filled[n++] = "working_since";
    if (card->education == EDUCATION_UNKNOWN && other->education != EDUCATION_UNKNOWN)
        card->education = other->education, filled[n++] = "education";
    if (card->pedagogical == SAID_NOTHING && other->pedagogical != SAID_NOTHING) {
        card->pedagogical = other->pedagogical;
        card->pedagogical_since = other->pedagogical_since;
        filled[n++] = "pedagogical";
    }
    return n;
}

static bool texts_equal(const char *a, const char *b) { return said(a) && said(b) && strcmp(a, b) == 0; }

/* Takes back what was filled and is still as it was. */
static void card_empty(struct person_card *card, const struct person_card *other, const char *const *filled, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(filled[i], "patronymic") == 0 && texts_equal(card->patronymic, other->patronymic))
            card->patronymic = NULL;
        if (strcmp(filled[i], "snils") == 0 && texts_equal(card->snils, other->snils))
            card->snils = NULL;
        if (strcmp(filled[i], "teaching_since") == 0 && card->teaching_since == other->teaching_since)
            card->teaching_since = 0;
        if (strcmp(filled[i], "working_since") == 0 && card->working_since == other->working_since)
            card->working_since = 0;
        if (strcmp(filled[i], "education") == 0 && card->education == other->education)
            card->education = EDUCATION_UNKNOWN;
        if (strcmp(filled[i], "pedagogical") == 0 && card->pedagogical == other->pedagogical
            && card->pedagogical_since == other->pedagogical_since) {
            card->pedagogical = SAID_NOTHING;
            card->pedagogical_since = 0;
        }
    }
}

/* roster.person.changed; `bands` is what he has then. */
static enum verdict card_emit(struct ctx *ctx, const struct known *known, const struct person_card *card, struct person_bands *bands)
{
    struct match_hashes hashes = match_hash(ctx, card);
    struct uuid scope[ENTRY_SCOPES_MAX];

    if (bands_of_card(ctx, card, &known->bands, bands) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct person_registered event = {
        .person = known->id, .sealed = vault_seal(ctx, &known->id, msg_encode_in(ctx->arena, &person_card_desc, card)),
        .bands = { bands->spans.n, bands->spans.at }, .told = bands->told };
    match_said(&hashes, &event);
    emit(ctx, "roster.person.changed", &event, scope, scope_of(&known->id, NULL, 0, known->state.scope.at, known->state.scope.n, scope));
    return VERDICT_OK;
}

/* ── merging ──────────────────────────────────────────────────────────────── */

static uint32_t pair_scope(const struct pair *pair, struct uuid scope[ENTRY_SCOPES_MAX])
{
    struct uuid first[1 + SCOPE_IDS_MAX] = { pair->gone.id };
    uint32_t n = pair->kept.state.scope.n;

    memcpy(first + 1, pair->kept.state.scope.at, n * sizeof *first);
    return scope_of(&pair->kept.id, first, 1 + n, pair->gone.state.scope.at, pair->gone.state.scope.n, scope);
}

static void posts_told(struct ctx *ctx, const struct pair *pair, const struct merged_post *moved, uint32_t n)
{
    struct uuid ids[SCOPE_IDS_MAX];
    uint32_t ids_n = moves_scope(&pair->kept_moves, ctx->today, ids);

    for (uint32_t i = 0; i < n; i++) {
        if (!SABOTAGE("merged_twice"))
            emit_post_closed(ctx, post_in(&pair->gone_moves, &moved[i].was), pair->gone.state.scope.at, pair->gone.state.scope.n);
        if (!uuid_is_nil(&moved[i].is))
            emit_post_opened(ctx, post_in(&pair->kept_moves, &moved[i].is), ids, ids_n);
    }
}

enum verdict decide_person_merge(struct ctx *ctx, const void *command)
{
    const struct person_merge *in = command;
    struct pair *pair = ARENA_NEW(ctx->arena, struct pair);
    struct person_merged merged = { .kept = in->kept, .gone = in->gone, .day = ctx->today, .ground = tidied(ctx, in->ground) };
    struct merged_post *posts = ARENA_LIST(ctx->arena, struct merged_post, MERGE_MOVED_MAX);
    struct uuid scope[ENTRY_SCOPES_MAX];
    const char *filled[8];
    struct person_bands bands;

    if (one_of_pair(ctx, &in->kept, &pair->kept, &pair->kept_moves) != VERDICT_OK
        || one_of_pair(ctx, &in->gone, &pair->gone, &pair->gone_moves) != VERDICT_OK
        || merge_allowed(ctx, in, pair) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (merged.ground == NULL)
        return refuse_field(ctx, "empty", "ground", "empty");
    if (posts_go(ctx, pair, posts, &merged.posts.n) != VERDICT_OK || fit_together(ctx, pair) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct person_card card = pair->kept.card;
    merged.filled.n = card_fill(&card, &pair->gone.card, filled);
    merged.filled.at = filled;
    merged.posts.at = posts;
    emit(ctx, "roster.person.merged", &merged, scope, pair_scope(pair, scope));
    if (merged.filled.n > 0) {
        if (card_emit(ctx, &pair->kept, &card, &bands) != VERDICT_OK)
            return VERDICT_REFUSED;
        pair->kept_moves.bands = &bands;
    }
    posts_told(ctx, pair, posts, merged.posts.n);
    moves_emit(ctx, &pair->kept.id, &pair->kept.state, &pair->kept_moves);
    return VERDICT_OK;
}

/* ── undoing it ───────────────────────────────────────────────────────────── */

/* What goes on from a post that was handed over, made of it by a reorganisation or a transfer since. */
static bool goes_on_from(const struct post_opened *post, const struct post_opened *first)
{
    day_t began = first->began != 0 ? first->began : first->from;

    return !uuid_equal(&post->post, &first->post) && post->began == began && post->from > first->from && !post_empty(post)
        && strcmp(post->title, first->title) == 0;
}

struct giving { struct ctx *ctx; struct pair *pair; bool opened[POSTS_MAX + 1], closed[POSTS_MAX + 1]; };

static void post_back(struct giving *g, struct post_opened *of_gone, const struct post_opened *from)
{
    struct uuid id = of_gone->post;
    bool main = of_gone->main;

    *of_gone = *from;
    of_gone->post = id;
    of_gone->person = g->pair->gone.id;
    of_gone->main = main;
}

static enum verdict pieces_back(struct giving *g, const struct post_opened *first, bool main)
{
    struct moves *from = &g->pair->kept_moves, *to = &g->pair->gone_moves;

    for (uint32_t i = 0; i < from->n; i++) {
        if (!goes_on_from(&from->posts[i], first))
            continue;
        if (to->n == POSTS_MAX)
            return refuse_most(g->ctx, "too_many_posts", POSTS_MAX);
        struct post_opened *next = &to->posts[to->n];
        *next = (struct post_opened){ .post = decide_id(g->ctx), .main = main };
        post_back(g, next, &from->posts[i]);
        g->opened[to->n++] = true;
        from->posts[i].until = from->posts[i].from - 1;
        g->closed[i] = true;
    }
    return VERDICT_OK;
}

static enum verdict posts_come_back(struct giving *g, const struct person_merged *merged)
{
    struct moves *from = &g->pair->kept_moves, *to = &g->pair->gone_moves;

    for (uint32_t i = 0; i < merged->posts.n; i++) {
        const struct merged_post *moved = &merged->posts.at[i];
        struct post_opened *was = (struct post_opened *)post_in(to, &moved->was);
        struct post_opened *is = (struct post_opened *)post_in(from, &moved->is);
        if (was == NULL)
            continue;
        g->opened[was - to->posts] = true;
        if (is == NULL) {                       /* he had the same one: it stays his */
            was->until = moved->until;
            continue;
        }
        bool main = was->main;
        if (pieces_back(g, is, main) != VERDICT_OK)
            return VERDICT_REFUSED;
        post_back(g, was, is);
        is->until = is->from - 1;
        g->closed[is - from->posts] = true;
    }
    return VERDICT_OK;
}

static void posts_told_back(struct giving *g)
{
    struct uuid ids[SCOPE_IDS_MAX];
    struct pair *pair = g->pair;
    uint32_t n = moves_scope(&pair->gone_moves, g->ctx->today, ids);

    for (uint32_t i = 0; i < pair->kept_moves.n; i++)
        if (g->closed[i])
            emit_post_closed(g->ctx, &pair->kept_moves.posts[i], pair->kept.state.scope.at, pair->kept.state.scope.n);
    for (uint32_t i = 0; i < pair->gone_moves.n; i++)
        if (g->opened[i])
            emit_post_opened(g->ctx, &pair->gone_moves.posts[i], ids, n);
}

enum verdict decide_person_unmerge(struct ctx *ctx, const void *command)
{
    const struct person_unmerge *in = command;
    struct pair *pair = ARENA_NEW(ctx->arena, struct pair);
    struct giving *giving = ARENA_NEW(ctx->arena, struct giving);
    struct person_merged merged;
    struct person_bands bands;
    struct person_state state;
    struct uuid scope[ENTRY_SCOPES_MAX];

    if (privacy_person(ctx, &in->gone, &state) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!state_merged(ctx, &in->gone, &merged))
        return refuse(ctx, PROBLEM_CONFLICT, "not_merged");
    if (one_of_pair(ctx, &merged.kept, &pair->kept, &pair->kept_moves) != VERDICT_OK
        || one_of_pair(ctx, &merged.gone, &pair->gone, &pair->gone_moves) != VERDICT_OK)
        return VERDICT_REFUSED;
    *giving = (struct giving){ .ctx = ctx, .pair = pair };
    struct person_unmerged undone = { merged.kept, merged.gone, ctx->today, tidied(ctx, in->ground) };
    if (undone.ground == NULL)
        return refuse_field(ctx, "empty", "ground", "empty");
    if (posts_come_back(giving, &merged) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct person_card card = pair->kept.card;
    card_empty(&card, &pair->gone.card, merged.filled.at, merged.filled.n);
    if (merged.filled.n > 0) {
        if (card_emit(ctx, &pair->kept, &card, &bands) != VERDICT_OK)
            return VERDICT_REFUSED;
        pair->kept_moves.bands = &bands;
    }
    emit(ctx, "roster.person.unmerged", &undone, scope, pair_scope(pair, scope));
    posts_told_back(giving);
    moves_emit(ctx, &pair->kept.id, &pair->kept.state, &pair->kept_moves);
    moves_emit(ctx, &pair->gone.id, &pair->gone.state, &pair->gone_moves);
    return VERDICT_OK;
}

/* ── asked ────────────────────────────────────────────────────────────────── */

enum verdict query_person_merges(struct ctx *ctx, const void *query)
{
    const struct person_of *asked = query;
    struct merges merges = { 0 };
    struct person_state state;

    if (!state_person(ctx, &asked->person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, &asked->person, &state))
        return REFUSE_REACH(ctx);
    merges.into = state.into;
    struct merge_others others = merged_into(ctx, &asked->person);
    merges.rows.at = ARENA_LIST(ctx->arena, struct person_merged, others.n);
    for (uint32_t i = 0; i < others.n; i++)
        merges.rows.n += state_merged(ctx, &others.at[i], &merges.rows.at[merges.rows.n]);
    reply(ctx, &merges);
    return VERDICT_OK;
}
