#pragma once
#include "proto/roster_doubts.h"
#include "services/roster/roster.h"

/* doubts: rows of lists that wait for a person, and what was decided of them (proto/roster_doubts.h).
 *
 * Scope      an entry about a doubt is for the region alone: candidates may work anywhere.
 * Erased     who is erased takes the decisions about him along; the keyed hash in old entries leads nowhere then.
 *
 * Reasons of refusal:
 *   not_doubtful                                                          the row would be taken, or is refused for itself (then that reason)
 *   too_many_doubts                           most                        decide those that wait first
 *   doubt_unknown                                                         not_found: or decided
 *   doubt_needs_person    person
 *   doubt_has_no_person   person                                          only of outcome person
 *   snils_taken                                                           new: the SNILS of the row is another's, one of the two is wrong
 *   merged_already        into                                            the record was merged: name the kept one */
bool doubt_reason(const char *reason);          /* of a refused row: only a person can tell who is meant */

/* What was decided of a row with these hashes; person nil: somebody new. False: nothing was. */
bool state_decision(struct ctx *ctx, const struct hash *row, struct uuid *person);
void state_decision_put(struct ctx *ctx, const void *row, const struct uuid *person);      /* apply */
void state_decisions_drop(struct ctx *ctx, const struct uuid *person);                     /* apply */

enum verdict decide_doubt_raise(struct ctx *ctx, const void *command);
enum verdict decide_doubt_decide(struct ctx *ctx, const void *command);
void apply_doubt_raised(struct ctx *ctx, const void *event);
void apply_doubt_decided(struct ctx *ctx, const void *event);
enum verdict query_doubt_list(struct ctx *ctx, const void *query);
