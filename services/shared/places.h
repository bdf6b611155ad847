#pragma once
#include "common/service/service.h"
#include "proto/roster.h"
#include "proto/roster_merge.h"

/* places: a service's own read copy of roster's organisations and posts, so that it can tell where a
 * person belongs on a day, and of what kind an organisation is, without asking anybody.
 *
 * Use        the three tables stand first in the service's list of tables, its own come after:
 *                enum { T_SITTINGS = PLACES_END, T_… };
 *                static const struct table_def TABLES[] = { PLACES_TABLES, { "sittings", TABLE_STATE }, … };
 *                static const struct projection_def PROJECTIONS[] = { PLACES_PROJECTIONS, … };
 *            Both macros end without a comma.
 * Reads      COPY tables: in decide, react, timer, query; never in apply.
 * Lifetime   what is found lives in ctx->arena.
 * Errors     not found is an answer; places_need() turns it into a refusal. A copy that is behind looks
 *            the same as a person who is not there: the sender says `after` what he depends on.
 * Rule       a counted fact belongs to the post named in it, else to the main post on its day; fixed
 *            when it is first counted (design, part 4 "Facts and places").
 *
 * Records of one person that were merged (roster_merge.h) are known by all their ids: what others keep under an id that has
 * gone stays there, and belongs to the one that was kept: commands, lists and counts look under all his ids.
 *
 * A post.opened with the id of a known post is its present state, and replaces what was known. */
enum {
    PLACES_UNITS = TABLE_OWN,           /* organisation → organisation */
    PLACES_POSTS,                       /* person, post → post_opened, `until` kept up to date */
    PLACES_PERSONS,                     /* person whose record was merged → the kept one */
    PLACES_MERGED,                      /* the kept one, person whose record was merged → nothing */
    PLACES_END,
};
#define PLACES_TABLES                                                                                       \
    { "places_units", TABLE_COPY }, { "places_posts", TABLE_COPY },               \
    { "places_persons", TABLE_COPY }, { "places_merged", TABLE_COPY }
#define PLACES_PROJECTIONS                                                                                  \
    { "roster", "roster.organisation.registered", 1, &organisation_desc,       places_take_organisation },  \
    { "roster", "roster.post.opened",             1, &post_opened_desc,        places_take_opened },        \
    { "roster", "roster.post.closed",             1, &post_closed_desc,        places_take_closed },        \
    { "roster", "roster.person.handed_over",      1, &person_handed_over_desc, places_take_handed_over },  \
    { "roster", "roster.person.merged",           1, &person_merged_desc,      places_take_merged },       \
    { "roster", "roster.person.unmerged",         1, &person_unmerged_desc,    places_take_unmerged }

void places_take_organisation(struct ctx *ctx, const void *event);
void places_take_opened(struct ctx *ctx, const void *event);
void places_take_closed(struct ctx *ctx, const void *event);
void places_take_handed_over(struct ctx *ctx, const void *event);
void places_take_merged(struct ctx *ctx, const void *event);
void places_take_unmerged(struct ctx *ctx, const void *event);

/* An organisation and the ids above it: itself first, the region last. */
struct workplace {
    struct uuid organisation;
    int kind;                                               /* enum org_kind */
    struct { uint32_t n; struct uuid *at; } chain;
};

#define PLACES_HEIRS_MAX 64     /* one after the other */
bool places_organisation(struct ctx *ctx, const struct uuid *id, struct organisation *organisation);
/* Chain and kind of an organisation; false: there is no such organisation. */
bool places_unit(struct ctx *ctx, const struct uuid *id, struct workplace *place);

/* Where what was counted for an organisation counts when it is asked "as now": with what goes on in its place today
 * (proto/roster_tree.h); itself, where it was not reorganised. */
bool places_now(struct ctx *ctx, const struct uuid *id, struct workplace *place);

/* Whose record goes on for this one: himself, where it was not merged. */
struct uuid places_person_now(struct ctx *ctx, const struct uuid *person);
/* All ids of the same one, the kept one first; their number. What a service keeps under any of them is his. */
#define PLACES_SAME_MAX (1 + MERGE_OTHERS_MAX)
uint32_t places_same_one(struct ctx *ctx, const struct uuid *person, struct uuid ids[PLACES_SAME_MAX]);
bool places_same_person(struct ctx *ctx, const struct uuid *a, const struct uuid *b);

/* Where a fact about the person on that day belongs: `organisation` when it is given (not nil), else the
 * main post on the day (the lowest id, should there be two), else any post on the day (the lowest id). */
enum places_answer { PLACES_FOUND, PLACES_NO_PERSON, PLACES_NO_ORGANISATION, PLACES_NO_POST };
enum places_answer places_of(struct ctx *ctx, const struct uuid *person, const struct uuid *organisation,
                             day_t day, struct workplace *place);
/* The same for decide; refuses not_found with person_unknown, organisation_unknown, no_post_on_day (arg
 * day, 2024-09-15) or, of somebody whose last post had ended before, person_left (args until, day). Says nothing about reach: ask may_reach(ctx, place.chain.at, place.chain.n). */
enum verdict places_need(struct ctx *ctx, const struct uuid *person, const struct uuid *organisation,
                         day_t day, struct workplace *place);

/* The posts of a record in order of their ids: `posts` gets at most `max`, the count is returned. */
uint32_t places_posts(struct ctx *ctx, const struct uuid *person, struct post_opened *posts, uint32_t max);
/* True when the post is held on that day. */
bool places_held(const struct post_opened *post, day_t day);
/* Scope of an entry about a person: himself, then the chain of the place. Returns how many. */
uint32_t places_scope(const struct uuid *person, const struct workplace *place,
                      struct uuid scope[ENTRY_SCOPES_MAX]);
