#pragma once
#include "proto/roster_training.h"
#include "services/roster/registers/registers.h"
#include "services/roster/training/training_rules.h"

/* trainings: who must be trained by the acts, who has been, who is due (R4a; proto/profile_training.h).
 *
 * Facts      documents of programmes come from the journal of programmes, which roster follows for this alone (a copy: nobody
 *            enters them twice; decide and apply never read it). Training outside of the region is entered with its document's
 *            number by who decides about the register, and struck when it was a mistake.
 * Day        everything is asked for a day: who was in the register then, what had been documented by then.
 * Agreed     a duty of an agreement may say how many it trains for which training (duty.training, duty.number); a unit's sum are
 *            those of agreements whose place is the unit or lies below it, in force on the day.
 * Scope      of a training: the person and those above him today.
 * Limits     TRAINED_MAX documents of one person are looked at, the latest; TRAINING_UNITS_MAX units in one sum.
 *
 * Reasons, with field and args:
 *
 *   training_unknown      training                                        not_found
 *   training_not_outside  training                                        only programmes here count for it
 *   training_future       day
 *   training_repeated     document                                        the same document of the same person
 *   training_not_recorded                                                 not_found (strike)                    */
#define TRAINED_MAX OUTSIDE_TRAININGS_MAX

const struct profile_training *training_named(const struct ctx *ctx, const char *id);

enum verdict decide_training_record(struct ctx *ctx, const void *command);
enum verdict decide_training_strike(struct ctx *ctx, const void *command);
void apply_training_recorded(struct ctx *ctx, const void *event);
void apply_training_struck(struct ctx *ctx, const void *event);
void take_trained(struct ctx *ctx, const void *event);
enum verdict query_training_kinds(struct ctx *ctx, const void *query);
enum verdict query_training_list(struct ctx *ctx, const void *query);
enum verdict query_training_of(struct ctx *ctx, const void *query);
enum verdict query_training_count(struct ctx *ctx, const void *query);
