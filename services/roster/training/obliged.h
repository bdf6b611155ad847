#pragma once
#include "services/roster/people/populations.h"
#include "services/roster/training/trainings.h"

/* obliged: who must be trained, as the profile says it: members of a register, those who take part in its entries in certain roles
 * (school methodological teams: K 3.3.1), or a population; and since when. A person of two entries must once.
 *
 * Since      the first day of the stay in the register; the day on which he joined the team; the first day of the post, as it
 *            was before a reorganisation.
 * Limits     OBLIGED_OF_ENTRY_MAX people of one entry. */
#define OBLIGED_OF_ENTRY_MAX 500

struct obliged { struct uuid person, entry; day_t since; };     /* entry: nil of a population */
struct crowd { struct obliged *at; uint32_t n, room; };         /* in ctx->arena */

/* Of an entry that holds on the day; `list` has room for OBLIGED_OF_ENTRY_MAX. */
uint32_t obliged_of_entry(struct ctx *ctx, const struct profile_training *training, const struct listing *listing, day_t on, struct obliged *list);
/* Of a row of T_UNIT_POSTS: once a person, at the first of his posts there that the population takes. */
bool obliged_of_post(struct ctx *ctx, const struct population_rule *rule, const struct unit_post *row, day_t on, struct obliged *one);
/* All of a unit, each once. `rule`: of the training's population, NULL where it has none. */
struct crowd obliged_of_unit(struct ctx *ctx, const struct profile_training *training, const struct population_rule *rule,
                             const struct uuid *unit, day_t on);
