#include "services/roster/people/people.h"

#include "common/service/pages.h"
#include "services/roster/units/totals.h"

#define MEMBER_BYTES 90         /* in a reply, about */

bool population_takes(struct ctx *ctx, const struct population_rule *rule, const struct uuid *person, day_t day)
{
    struct person_bands bands;

    if (rule->defined->bands.n + rule->defined->outside.n == 0)
        return true;
    state_bands(ctx, person, &bands);
    return population_takes_person(rule, bands.spans.at, bands.spans.n, day);
}

bool population_has(struct ctx *ctx, const struct population_rule *rule, const struct uuid *person, day_t day)
{
    struct moves moves;
    bool takes = false;

    moves_load(ctx, person, &moves);
    for (uint32_t i = 0; i < moves.n; i++) {
        const struct post_opened *post = &moves.posts[i];
        const struct post_brief brief = { .from = post->from, .until = post->until, .kind = post->kind, .matching = post->matching,
                                          .organisation_kind = post->organisation_kind, .main = post->main };
        takes |= population_takes_post(rule, &brief, day);
    }
    return takes && population_takes(ctx, rule, person, day);
}

enum verdict population_need(struct ctx *ctx, const char *id, day_t day, struct population_rule *rule)
{
    const struct profile *profile = roster_config(ctx)->profile;
    if (population_on(profile, id, day, rule))
        return VERDICT_OK;
    if (!population_named(profile, id)) {
        refuse(ctx, PROBLEM_NOT_FOUND, "population_unknown");
        refuse_arg(ctx, "population", id);
        return VERDICT_REFUSED;
    }
    refuse(ctx, PROBLEM_NOT_FOUND, "population_not_then");
    refuse_arg(ctx, "population", id);
    return refuse_arg_day(ctx, "day", day);
}

/* Who the page before ended with: his other posts may come first on this one. */
static struct uuid person_behind(struct bytes after)
{
    struct key_reader reader = key_read(after);

    key_read_uuid(&reader);
    struct uuid person = key_read_uuid(&reader);
    return reader.bad ? UUID_NIL : person;
}

enum verdict query_population_list(struct ctx *ctx, const void *query)
{
    const struct population_yields *asked = query;
    day_t on = asked->on != 0 ? asked->on : ctx->today;
    struct key prefix = key_of_uuid(&asked->unit);
    struct uuid last = person_behind(asked->after);
    struct population_list list = { 0 };
    struct population_rule rule;
    struct bytes key, value;
    struct unit_post row;
    struct pages pages;

    if (unit_at_hand(ctx, &asked->unit, NULL) != VERDICT_OK || population_need(ctx, asked->population, on, &rule) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (pages_open(&pages, ctx, T_UNIT_POSTS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct population_member, pages.limit);
    while (pages_next(&pages, &key, &value) && state_unit_post(ctx, key, value, &row)) {
        if (uuid_equal(&row.person, &last) || !population_takes_post(&rule, &row.brief, on) || !population_takes(ctx, &rule, &row.person, on))
            continue;
        if (!pages_take(&pages, key, MEMBER_BYTES))
            break;
        list.rows.at[list.rows.n++] = (struct population_member){ row.person, row.post, row.brief.organisation, (uint32_t)row.brief.kind };
        last = row.person;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* ── sizes of all of them, in one walk ────────────────────────────────────── */

struct sized {
    struct population_rule rule;
    uint64_t size;
    bool seen;                  /* of the person at hand: some post is of it */
    struct buf teams;           /* organisations */
};
struct sizing { struct ctx *ctx; day_t on; uint32_t n; struct sized *of; struct uuid person; };

static void post_sized(struct sizing *sizing, const struct unit_post *row)
{
    for (uint32_t i = 0; i < sizing->n; i++) {
        struct sized *of = &sizing->of[i];
        if (!population_takes_post(&of->rule, &row->brief, sizing->on))
            continue;
        of->seen = true;
        if (of->rule.defined->teams)
            buf_put(&of->teams, row->brief.organisation.b, sizeof row->brief.organisation.b);
    }
}

/* Bands are asked for once a person, and of who is in some post alone. */
static void person_sized(struct sizing *sizing, const struct uuid *person)
{
    struct person_bands bands;
    bool read = false;

    for (uint32_t i = 0; i < sizing->n; i++) {
        struct sized *of = &sizing->of[i];
        if (!of->seen)
            continue;
        of->seen = false;
        if (!read && of->rule.defined->bands.n + of->rule.defined->outside.n > 0) {
            state_bands(sizing->ctx, person, &bands);
            read = true;
        }
        of->size += !read || population_takes_person(&of->rule, bands.spans.at, bands.spans.n, sizing->on);
    }
}

static void row_sized(void *arg, const struct unit_post *row)
{
    struct sizing *sizing = arg;

    if (!uuid_equal(&row->person, &sizing->person)) {
        person_sized(sizing, &sizing->person);
        sizing->person = row->person;
    }
    post_sized(sizing, row);
}

enum verdict query_population_sizes(struct ctx *ctx, const void *query)
{
    const struct population_in *asked = query;
    const struct profile *profile = roster_config(ctx)->profile;
    struct sizing sizing = { .ctx = ctx, .on = asked->on, .of = ARENA_LIST(ctx->arena, struct sized, profile->populations.n) };
    struct population_sizes sizes = { .rows = { 0, ARENA_LIST(ctx->arena, struct population_size, profile->populations.n) } };

    if (unit_at_hand(ctx, &asked->unit, NULL) != VERDICT_OK)
        return VERDICT_REFUSED;
    for (uint32_t i = 0; i < profile->populations.n; i++)
        if (population_on(profile, profile->populations.at[i].id, asked->on, &sizing.of[sizing.n].rule)
            && sizing.of[sizing.n].rule.defined == &profile->populations.at[i])
            sizing.n++;
    struct total total = total_of(ctx, &asked->unit, asked->on, asked->as, asked->tree);
    total_posts(&total, row_sized, &sizing);
    person_sized(&sizing, &sizing.person);
    for (uint32_t i = 0; i < sizing.n; i++) {
        struct sized *of = &sizing.of[i];
        const struct profile_population *defined = of->rule.defined;
        sizes.rows.at[sizes.rows.n++] = (struct population_size){ defined->id, defined->title, defined->clause, defined->teams,
                                                                  defined->teams ? total_distinct(&of->teams) : of->size };
        buf_free(&of->teams);
    }
    reply(ctx, &sizes);
    return VERDICT_OK;
}
