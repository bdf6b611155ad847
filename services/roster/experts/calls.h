#pragma once
#include "proto/roster_calls.h"
#include "services/roster/experts/reviews.h"
#include "services/roster/registers/duties.h"

/* calls: how a status comes about (R7): internship and innovation sites are sought, apply, are judged and admitted
 * (U 3.2.3 (14); S 4.2.2; C раздел IV, задача 1, дорожная карта, п. 12; K 3.2(2), 3.2(3), 3.2.10).
 *
 * Way        call → application → experts' opinions (reviews.h) → decision (roster.entry.decide) → yearly report (duties) →
 *            renewal, or the end of it with a reason. Who decides about the register opens the call; who proposes to it
 *            applies. Entries can be proposed and recorded without a call as well: history, and where there is none.
 * Decision   an application is decided once its review is closed; admitted against a negative outcome with a reason alone; no
 *            more than the call has places for. One whose review was cancelled can only be declined.
 * Reports    the register's `yearly` says when one is due; a timer sets the duty of each year while the entry holds. One that
 *            is owed and over may stand in the way of renewal (`renewal`); nobody loses a status by a timer.
 * Scope      a call is public; an application's as its entry's.
 * Limits     APPLICATIONS_MAX of one call.
 *
 * Reasons, with field and args (and those of registers.h and reviews.h):
 *
 *   call_unknown                                                          not_found
 *   call_until_before_from  until
 *   call_not_open                               from, until               conflict: not on these days
 *   too_many_applications                       most                      conflict
 *   entry_under_review                                                    conflict: experts are still at it
 *   review_cancelled                                                      conflict: it can only be declined
 *   review_against        reason                                          admitting against the experts needs a reason
 *   call_full                                   most                      conflict */
bool state_call(struct ctx *ctx, const struct uuid *id, struct call *call);
bool state_application(struct ctx *ctx, const struct uuid *entry, struct application *application);
uint32_t state_applications(struct ctx *ctx, const struct uuid *call, struct application *list, uint32_t max);
struct key calls_of_register(const char *register_id);

/* That a proposal may be decided so; what was not applied for by a call always may. */
enum verdict call_allows(struct ctx *ctx, const struct listing *listing, bool admit, const char *reason);

enum verdict decide_call_open(struct ctx *ctx, const void *command);
enum verdict decide_call_apply(struct ctx *ctx, const void *command);
void apply_call_opened(struct ctx *ctx, const void *event);
void apply_call_applied(struct ctx *ctx, const void *event);
enum verdict query_call_list(struct ctx *ctx, const void *query);
enum verdict query_call_get(struct ctx *ctx, const void *query);
enum verdict query_duty_due(struct ctx *ctx, const void *query);
