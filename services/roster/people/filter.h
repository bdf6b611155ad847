#pragma once
#include "services/roster/people/people.h"

/* filter: who of the workers a list or a search is about (WORKER_FILTER_FIELDS of proto/roster.h), without a personal field:
 * posts, the band and registers alone.
 *
 * Posts      what is asked of a post (title or kind, subject, years in it, the population that makes one of its holder) is
 *            asked of the same one, held on the day. A post cut by a reorganisation counts its years from where it began.
 *
 * Reasons, with field:
 *
 *   post_unknown          post                                            no kind of posts, and no title of the profile
 *   population_unknown, population_not_then                               people.h
 *   band_unknown          band
 *   register_unknown      register_id                                     not_found */
#define FILTER_OF(asked)                                                                                                 \
    ((struct worker_filter){ (asked)->post, (asked)->subject, (asked)->years_from, (asked)->years_under, (asked)->population, \
                             (asked)->band, (asked)->register_id })
struct worker_filter {
    const char *post, *subject;
    uint64_t years_from, years_under;
    const char *population, *band, *register_id;
};
struct filter {
    day_t on;
    int kind;                               /* of posts; -1: any, or a title says it */
    const char *title, *subject;            /* folded; NULL: any */
    uint64_t years_from, years_under;       /* 0: no bound */
    struct population_rule population;      /* defined NULL: any */
    const char *band, *register_id;         /* NULL: none */
};
enum verdict filter_read(struct ctx *ctx, const struct worker_filter *asked, day_t on, struct filter *filter);
bool filter_is_of_posts(const struct filter *filter);           /* asks anything of a post */
bool filter_brief(const struct filter *filter, const struct post_brief *post);      /* false: that post does not fit, whatever else it says */
bool filter_post(struct ctx *ctx, const struct filter *filter, const struct post_opened *post);
bool filter_person(struct ctx *ctx, const struct filter *filter, const struct uuid *person);    /* band and register */
