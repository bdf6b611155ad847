#pragma once
#include "proto/roster_people.h"
#include "services/roster/roster.h"

/* people: whom the profile's populations yield, and their sizes (R2a; populations.h, bands.h).
 *
 * Reasons:
 *   population_unknown    population                                      not_found: not in the profile
 *   population_not_then   population              day                     it has no definition for that day */

/* That the person's bands let him in; `rule`: the definition of that day. */
bool population_takes(struct ctx *ctx, const struct population_rule *rule, const struct uuid *person, day_t day);
/* In some post, and by his bands. */
bool population_has(struct ctx *ctx, const struct population_rule *rule, const struct uuid *person, day_t day);
/* The definition of that id for the day; refuses otherwise. */
enum verdict population_need(struct ctx *ctx, const char *id, day_t day, struct population_rule *rule);

/* ── renew_bands.c ── */
#define TIMER_BANDS_RENEW "bands_renew"         /* its key: the person behind whom it goes on */
enum verdict decide_bands_renew(struct ctx *ctx, const void *command);
void apply_bands_renewing(struct ctx *ctx, const void *event);
enum verdict fire_bands_renew(struct ctx *ctx, const struct uuid *after, moment_t due);

enum verdict query_population_list(struct ctx *ctx, const void *query);
enum verdict query_population_sizes(struct ctx *ctx, const void *query);
