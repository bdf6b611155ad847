#pragma once
#include "proto/roster_activity.h"
#include "services/roster/registers/duties.h"

/* activity: what came of the entries of a register in a period (C VI, 6): «анализ состояния и результатов деятельности
 * методических объединений и/или профессиональных сообществ»; дорожная карта, пп. 12–15; U 5.2, K 5.2: what was promised, and
 * what has been done of it).
 *
 * Numbers    parts and duties as they stood on the last day of the period, or stand today if that is earlier; whoever asks for
 *            a past year again is told the same, unless something was entered for it since.
 * Who        reaches the unit. Numbers and titles; nobody who takes part is named.
 * Limits     ACTIVITY_PARTS_MAX, ACTIVITY_DUTIES_MAX of one entry: `more` says that there are others.
 *
 * Reasons (and those of registers.h): period_until_before_from   until */

/* Pure: adds a duty whose last day lies in the period. */
void activity_add(struct activity_kind *kind, const struct duty *duty, day_t as_of);

enum verdict query_register_activity(struct ctx *ctx, const void *query);
