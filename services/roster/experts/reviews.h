#pragma once
#include "proto/roster_expert.h"
#include "services/roster/experts/expert_rules.h"
#include "services/roster/registers/registers.h"

/* reviews: expert work (R13). Which directions there are, the profile says (proto/profile_expert.h).
 *
 * Life        a work is opened by whom the direction names (or by a service for its own), offered to experts, each accepts
 *             or refuses, gives his opinion, may get it back to mend; with opinions enough it is closed as the points say, or
 *             otherwise with a reason. What is open then is withdrawn from whoever has it. A term that is over is
 *             written down by a timer, with the first day too late, and asks for nothing: a late opinion is taken, and counted.
 * Who         an expert is in one of the direction's registers on the day he is assigned, free of conflict (expert_rules.h)
 *             and has fewer open works than the direction allows. He answers himself; whoever decides in the direction, and
 *             reaches him, may enter on his behalf what he gave on paper.
 * Blind       whoever decides sees all opinions; an expert his own; authors and whoever reaches the work, its result alone.
 * Scope       of a work: its unit's chain and its authors, as far as there is room. Of an assignment: the expert, and the region
 *             (what the work's own place must not learn from the journal either).
 * Merged      who has had two records is one in all of this (merge/one.h); works stay under the id they were given to.
 * Limits      OPINIONS_MAX experts of one work, TIES_MAX ties of one person, DIRECTION_CRITERIA_MAX criteria.
 *
 * Reasons, with field and args (and those of register_fault in opinions: criterion_unknown, criterion_repeated, criterion_missing
 * (criterion), points_over (most)):
 *
 *   direction_unknown     direction                                       not_found
 *   review_unknown, assignment_unknown                                    not_found
 *   direction_not_decider                       roles                     conflict: the profile names others
 *   review_of_it_open                                                     conflict: of the same subject in the direction
 *   author_unknown        authors[]                                       invalid, as party_unknown (parties[])
 *   review_closed                                                         conflict
 *   not_an_expert         expert                                          in none of the direction's registers today
 *   expert_is_author, expert_of_same_place, expert_has_tie   expert      conflict of interest
 *   expert_loaded         expert                most                      so many open works
 *   expert_assigned_already   expert
 *   too_many_experts                            most                      conflict
 *   due_before_today, due_far (latest)   due
 *   assignment_answered                                                   conflict: not offered any more
 *   refusal_reason_missing   reason
 *   assignment_not_open, assignment_not_submitted                         conflict
 *   opinions_missing                            count                     conflict: so many more
 *   outcome_reason_missing   reason                                       to cancel, or against the points
 *   paid_before, paid_in_future   day;  paid_already                      conflict
 *   tie_to_himself, tie_unknown   other;  tie_until_before_from   until;  too_many_ties (most)          */

const struct profile_direction *direction_named(const struct ctx *ctx, const char *id);     /* NULL: none */

/* ── state ── */
bool state_review(struct ctx *ctx, const struct uuid *id, struct review *review);
bool state_assignment(struct ctx *ctx, const struct uuid *id, struct assignment *assignment);
uint32_t state_assignments(struct ctx *ctx, const struct uuid *review, struct assignment list[OPINIONS_MAX]);
/* The last review of a subject in a direction. */
bool state_review_of(struct ctx *ctx, const struct uuid *subject, const char *direction, struct review *review);
/* Of all his ids together, as ties are (merge/one.h). */
struct expert_standing state_standing(struct ctx *ctx, const struct uuid *expert);
uint32_t state_ties(struct ctx *ctx, const struct uuid *person, struct tie *ties, uint32_t max);
struct key reviews_of_unit(const struct uuid *unit, const char *direction);
/* Submitted opinions as shares; their number. */
uint32_t opinions_of(const struct assignment *list, uint32_t n, uint32_t shares[OPINIONS_MAX]);

/* ── who may ── */
bool review_reached(struct ctx *ctx, const struct review *review);
bool direction_decider(const struct ctx *ctx, const struct profile_direction *direction);
/* The work whose it is, and whether an expert may judge it. */
struct expert_party *review_party(struct ctx *ctx, const struct review *review);
enum expert_conflict review_conflict(struct ctx *ctx, const struct expert_party *work, const struct uuid *expert);
/* Of a commanding service or a decider: opens it; makes the id. What `made` says of the work must be complete but for it. */
enum verdict review_opened(struct ctx *ctx, const struct profile_direction *direction, struct review *made);

#define TIMER_REVIEW_OVER "review_over"
enum verdict fire_review_over(struct ctx *ctx, const struct uuid *assignment, moment_t due);
enum verdict decide_review_open(struct ctx *ctx, const void *command);
enum verdict decide_review_assign(struct ctx *ctx, const void *command);
enum verdict decide_review_answer(struct ctx *ctx, const void *command);
enum verdict decide_review_submit(struct ctx *ctx, const void *command);
enum verdict decide_review_return(struct ctx *ctx, const void *command);
enum verdict decide_review_withdraw(struct ctx *ctx, const void *command);
enum verdict decide_review_close(struct ctx *ctx, const void *command);
enum verdict decide_review_pay(struct ctx *ctx, const void *command);
enum verdict decide_tie_declare(struct ctx *ctx, const void *command);
void apply_review_opened(struct ctx *ctx, const void *event);
void apply_review_closed(struct ctx *ctx, const void *event);
void apply_assignment(struct ctx *ctx, const void *event);
void apply_tie_declared(struct ctx *ctx, const void *event);
enum verdict query_review_get(struct ctx *ctx, const void *query);
enum verdict query_review_list(struct ctx *ctx, const void *query);
enum verdict query_review_candidates(struct ctx *ctx, const void *query);
enum verdict query_expert_get(struct ctx *ctx, const void *query);
enum verdict query_expert_works(struct ctx *ctx, const void *query);
enum verdict query_tie_list(struct ctx *ctx, const void *query);
