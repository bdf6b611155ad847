#include "services/roster/roster.h"

#include "services/roster/merge/doubts.h"
#include "services/roster/units/units.h"

/* What each event makes of the tables. The scope of an entry about a person is kept with him, so that the
 * next decision knows to whom he was told. */

struct ids { uint32_t n; struct uuid *at; };

/* The ids of the entry, without the person. */
static struct ids entry_scope(const struct ctx *ctx, const struct uuid *person)
{
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, ENTRY_SCOPES_MAX);
    struct ids span = { 0, ids };

    for (uint32_t i = 0; i < ctx->entry->scope.n && span.n < SCOPE_IDS_MAX; i++)
        if (!uuid_equal(&ctx->entry->scope.at[i], person))
            ids[span.n++] = ctx->entry->scope.at[i];
    return span;
}

void apply_organisation_registered(struct ctx *ctx, const void *event)
{
    const struct organisation *registered = event;
    struct unit unit;

    state_organisation_put(ctx, registered);
    if (registered->chain.n > 1)
        unit_depends(ctx, &registered->chain.at[1], &registered->id);
    if (!unit_load(ctx, &registered->id, &unit) || unit.titles.n == 0)
        return;
    unit.titles.at[unit.titles.n - 1].title = registered->title;    /* the present one, mended without a day */
    unit_save(ctx, &unit);
}

static void person_fold(struct ctx *ctx, const struct person_registered *event, struct person_state *state)
{
    state->sealed = event->sealed;
    state->match_snils = event->match_snils;
    state->match_name = event->match_name;
    state->match_full = event->match_full;
    state->match_given = event->match_given;
    state_person_put(ctx, &event->person, state);
    state_bands_put(ctx, &event->person, &(struct person_bands){ event->told, { event->bands.n, event->bands.at } });
    state_code_put(ctx, event->match_code.at, &event->person);
    if (event->match_snils.n > 0)
        state_match_put(ctx, T_MATCH_SNILS, event->match_snils.at, &event->person);
    state_names_put(ctx, &event->person, state);
}

void apply_person_registered(struct ctx *ctx, const void *event)
{
    const struct person_registered *registered = event;
    struct ids scope = entry_scope(ctx, &registered->person);
    struct person_state state = { .scope = { scope.n, scope.at } };
    person_fold(ctx, registered, &state);
    if (registered->decided.n == HASH_SIZE)
        state_decision_put(ctx, registered->decided.at, &registered->person);
}

/* Codes stay: a person is known by one in each list that names him. SNILS and name give way. */
void apply_person_changed(struct ctx *ctx, const void *event)
{
    const struct person_registered *changed = event;
    struct person_state state;

    if (!state_person(ctx, &changed->person, &state) || state.sealed.n == 0)
        return;
    if (state.match_snils.n > 0 && !bytes_equal(state.match_snils, changed->match_snils))
        state_match_drop(ctx, T_MATCH_SNILS, state.match_snils.at, &changed->person);
    state_names_drop(ctx, &changed->person, &state);
    person_fold(ctx, changed, &state);
}

void apply_person_handed_over(struct ctx *ctx, const void *event)
{
    const struct person_handed_over *handed = event;
    struct ids scope = entry_scope(ctx, &handed->person);
    struct person_state state;

    if (!state_person(ctx, &handed->person, &state))
        return;
    state.scope.n = scope.n;
    state.scope.at = scope.at;
    state_person_put(ctx, &handed->person, &state);
}

void apply_person_withdrawn(struct ctx *ctx, const void *event)
{
    const struct person_withdrawn *withdrawn = event;
    struct ids lost = entry_scope(ctx, &withdrawn->person);
    struct person_state state;
    uint32_t kept = 0;

    if (!state_person(ctx, &withdrawn->person, &state))
        return;
    for (uint32_t i = 0; i < state.scope.n; i++)
        if (!id_among(&state.scope.at[i], lost.at, lost.n))
            state.scope.at[kept++] = state.scope.at[i];
    state.scope.n = kept;
    state_person_put(ctx, &withdrawn->person, &state);
}

/* The entry itself is all there is to keep of a reading. */
void apply_person_was_read(struct ctx *ctx, const void *event)
{
    (void)ctx;
    (void)event;
}

/* The timer's table keeps the moment: the post itself, as lists give it, is without it. */
static void post_fold(struct ctx *ctx, struct post_opened *post, moment_t over_at)
{
    struct unit unit;

    post->over_at = 0;
    state_post_put(ctx, post);
    if (unit_load(ctx, &post->chain.at[0], &unit) && !post_lies_as_its_unit(post, &unit.spans[TREE_TERRITORY]))
        units_people_follow(ctx, &unit.now.id);     /* a list that came late: it is cut like those that were there */
    if (over_at != 0)
        timer_set(ctx, TIMER_POST_OVER, &post->post, over_at);
    else
        timer_clear(ctx, TIMER_POST_OVER, &post->post);
}

void apply_post_opened(struct ctx *ctx, const void *event)
{
    const struct post_opened *opened = event;
    struct post_opened post = *opened;
    post_fold(ctx, &post, opened->over_at);
}

void apply_post_closed(struct ctx *ctx, const void *event)
{
    const struct post_closed *closed = event;
    struct post_opened post;

    if (!state_post(ctx, &closed->post, &post))
        return;
    post.until = closed->until;
    post_fold(ctx, &post, closed->over_at);
}
