#pragma once
#include "common/service/vault_intake.h"
#include "proto/roster_intake.h"
#include "services/roster/roster.h"

/* intake: turning the key that nodes seal to (proto/roster_intake.h). T_INTAKE keeps what the journal has said of it, so
 * that a restored store notices that its vault knows a newer key than its journal, and says so anew.
 *
 * Reasons of refusal:
 *   intake_too_many                 most    conflict: so many generations are kept; drop old ones first
 *   intake_nothing_old                      conflict: there is one generation alone
 *   intake_behind                   behind  conflict: so many have not sent under a newer one
 *   intake_unknown     generation           conflict: no such one has been told
 *   intake_early                    until   conflict: of the errand; an operator may do it at once */
enum verdict decide_intake_turn(struct ctx *ctx, const void *command);
enum verdict decide_intake_drop(struct ctx *ctx, const void *command);
enum verdict decide_intake_took(struct ctx *ctx, const void *command);
enum verdict decide_intake_announce(struct ctx *ctx, const void *command);     /* the service itself */
void apply_intake_turned(struct ctx *ctx, const void *event);
void apply_intake_dropped(struct ctx *ctx, const void *event);
enum verdict query_intake_get(struct ctx *ctx, const void *query);
enum verdict query_intake_standing(struct ctx *ctx, const void *query);

/* What the guard does of it: at its start, and once an hour. */
struct errand;
struct intake_guard { moment_t looked; };
void intake_guard_step(struct errand *errand, struct intake_guard *guard);
