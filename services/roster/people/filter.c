#include "services/roster/people/filter.h"

#include "common/core/text.h"
#include "services/roster/registers/registers.h"

static const char *said(const char *text) { return text != NULL && *text != '\0' ? text : NULL; }

static bool band_known(const struct profile *profile, const char *id)
{
    bool known = strcmp(id, "young") == 0;

    for (uint32_t i = 0; i < profile->bands.n && !known; i++)
        known = strcmp(profile->bands.at[i].id, id) == 0;
    return known;
}

enum verdict filter_read(struct ctx *ctx, const struct worker_filter *asked, day_t on, struct filter *filter)
{
    const char *post = said(asked->post), *subject = said(asked->subject), *population = said(asked->population);

    *filter = (struct filter){ .on = on, .kind = -1, .years_from = asked->years_from, .years_under = asked->years_under,
                               .band = said(asked->band), .register_id = said(asked->register_id) };
    if (post != NULL && (filter->kind = enum_find(&post_kind_names, post, strlen(post))) < 0) {
        if (staff_post_kind(&roster_config(ctx)->posts, post, ctx->arena) < 0)
            return refuse_field(ctx, "post_unknown", "post", "unknown");
        filter->title = text_fold(ctx->arena, post);
    }
    if (subject != NULL)
        filter->subject = text_fold(ctx->arena, subject);
    if (population != NULL && population_need(ctx, population, on, &filter->population) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (filter->band != NULL && !band_known(roster_config(ctx)->profile, filter->band))
        return refuse_field(ctx, "band_unknown", "band", "no_such_name");
    if (filter->register_id != NULL && register_named(ctx, filter->register_id) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    return VERDICT_OK;
}

bool filter_is_of_posts(const struct filter *filter)
{
    return filter->kind >= 0 || filter->title != NULL || filter->subject != NULL || filter->years_from > 0 ||
           filter->years_under > 0 || filter->population.defined != NULL;
}

bool filter_brief(const struct filter *filter, const struct post_brief *post)
{
    return post_held(post->from, post->until, filter->on) && (filter->kind < 0 || filter->kind == post->kind) &&
           (filter->population.defined == NULL || population_takes_post(&filter->population, post, filter->on));
}

static bool text_is(struct ctx *ctx, const char *folded, const char *text)
{
    return folded == NULL || (text != NULL && strcmp(folded, text_fold(ctx->arena, text)) == 0);
}

bool filter_post(struct ctx *ctx, const struct filter *filter, const struct post_opened *post)
{
    const struct post_brief brief = { .from = post->from, .until = post->until, .kind = post->kind, .matching = post->matching,
                                      .organisation_kind = post->organisation_kind, .main = post->main, .organisation = post->chain.at[0] };
    day_t began = post->began != 0 ? post->began : post->from;

    return filter_brief(filter, &brief) &&
           (filter->years_from == 0 || day_add_months(began, (int)filter->years_from * 12) <= filter->on) &&
           (filter->years_under == 0 || day_add_months(began, (int)filter->years_under * 12) > filter->on) &&
           text_is(ctx, filter->title, post->title) && text_is(ctx, filter->subject, post->subject);
}

static bool in_register(struct ctx *ctx, const struct uuid *person, const char *register_id, day_t on)
{
    struct listing *listings = ARENA_LIST(ctx->arena, struct listing, MEMBERSHIPS_MAX);
    uint32_t n = state_memberships(ctx, person, register_id, listings, MEMBERSHIPS_MAX);

    for (uint32_t i = 0; i < n; i++)
        if (listing_holds(&listings[i], on))
            return true;
    return false;
}

static bool in_band(struct ctx *ctx, const struct uuid *person, const char *band, day_t on)
{
    struct person_bands bands;
    return state_bands(ctx, person, &bands) && bands_hold(bands.spans.at, bands.spans.n, band, on);
}

bool filter_person(struct ctx *ctx, const struct filter *filter, const struct uuid *person)
{
    return (filter->population.defined == NULL || population_takes(ctx, &filter->population, person, filter->on)) &&
           (filter->band == NULL || in_band(ctx, person, filter->band, filter->on)) &&
           (filter->register_id == NULL || in_register(ctx, person, filter->register_id, filter->on));
}
