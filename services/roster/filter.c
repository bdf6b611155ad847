#include "services/roster/filter.h"

#include "common/core/text.h"
#include "services/roster/registers.h"

static const char *said(const char *text) { return text != NULL && *text != '\0' ? text : NULL; }

enum verdict filter_read(struct ctx *ctx, const struct worker_filter *asked, day_t on, struct filter *filter)
{
    const char *post = said(asked->post), *subject = said(asked->subject), *band = said(asked->band);

    *filter = (struct filter){ .on = on, .kind = -1, .years_from = asked->years_from, .years_under = asked->years_under,
                               .population = asked->population, .register_id = said(asked->register_id) };
    if (post != NULL && (filter->kind = enum_find(&post_kind_names, post, strlen(post))) < 0) {
        if (staff_post_kind(&roster_config(ctx)->posts, post, ctx->arena) < 0)
            return refuse_field(ctx, "post_unknown", "post", "unknown");
        filter->title = text_fold(ctx->arena, post);
    }
    if (subject != NULL)
        filter->subject = text_fold(ctx->arena, subject);
    if (band != NULL && strcmp(band, "young") != 0)
        return refuse_field(ctx, "band_unknown", "band", "no_such_name");
    filter->young = band != NULL;
    if (filter->register_id != NULL && register_named(ctx, filter->register_id) == NULL)
        return refuse(ctx, PROBLEM_NOT_FOUND, "register_unknown");
    return VERDICT_OK;
}

bool filter_is_of_posts(const struct filter *filter)
{
    return filter->kind >= 0 || filter->title != NULL || filter->subject != NULL || filter->years_from > 0 ||
           filter->years_under > 0 || filter->population != POPULATION_ANY;
}

static bool of_population(int population, int kind)
{
    switch (population) {
    case POPULATION_WORKERS:   return kind == POST_EDUCATOR || post_leads(kind);
    case POPULATION_EDUCATORS: return kind == POST_EDUCATOR;
    case POPULATION_LEADERS:   return post_leads(kind);
    case POPULATION_YOUNG:     return kind == POST_EDUCATOR;         /* and the band, of the person */
    case POPULATION_TEAMS:     return post_in_team(kind);
    default:                   return true;
    }
}

bool filter_kind(const struct filter *filter, int kind)
{
    return (filter->kind < 0 || filter->kind == kind) && of_population(filter->population, kind);
}

static bool text_is(struct ctx *ctx, const char *folded, const char *text)
{
    return folded == NULL || (text != NULL && strcmp(folded, text_fold(ctx->arena, text)) == 0);
}

bool filter_post(struct ctx *ctx, const struct filter *filter, const struct post_opened *post)
{
    day_t began = post->began != 0 ? post->began : post->from;

    return post_held(post->from, post->until, filter->on) && filter_kind(filter, post->kind) &&
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

bool filter_person(struct ctx *ctx, const struct filter *filter, const struct uuid *person)
{
    bool young = filter->young || filter->population == POPULATION_YOUNG;

    return (!young || state_young(ctx, person, filter->on)) &&
           (filter->register_id == NULL || in_register(ctx, person, filter->register_id, filter->on));
}
