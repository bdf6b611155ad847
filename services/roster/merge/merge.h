#pragma once
#include "services/roster/merge/one.h"
#include "services/roster/privacy/privacy.h"

/* merge: two records of one person made one, and that undone (proto/roster_merge.h).
 *
 * Posts       each of `gone` is closed as never held, and goes on with `kept` under an id of its own, so that every follower
 *             counts one person without knowing of merging. A main one that would stand beside another main place becomes a part-time one; one that
 *             `kept` has already (organisation, title, days) goes nowhere.
 * Found by    codes, SNILS, name and birth of both lead to `kept`. What his card lacks is filled from the other.
 * Known by    both ids from then on (one.h): entries of registers, parts, expert work, ties, consents, trainings, bookings and
 *             what other services keep stay under the id they have, and are his. What names `gone` in a command means him;
 *             what cannot be taken back (an erasure), and blocking, want the kept record named.
 * Flat        who was merged into somebody is nobody's `kept`: the map is one step long.
 * Undone      posts go back as they are by then (mended, ended, cut by reorganisations), all else as it was, and what
 *             was entered meanwhile stays with `kept`.
 * Erased      who is erased or blocked is so with all the records that were merged into his.
 *
 * Reasons of refusal:
 *   person_itself         gone
 *   merged_already        into                                            conflict: also of an erasure, a block
 *   merged_others                                                         others were merged into `gone`: undo those first
 *   not_merged
 *   snils_differ                                                          both have one: two people
 *   too_many_merges, too_many_posts, too_many_entries, too_many_ties, too_many_consents       most */
bool state_merged(struct ctx *ctx, const struct uuid *gone, struct person_merged *merged);
/* That the record is one of its own; refuses merged_already. */
enum verdict not_merged(struct ctx *ctx, const struct person_state *state);
/* Apply: what leads from one record's codes, SNILS, name to `to`. */
void found_by(struct ctx *ctx, const struct uuid *of, const struct person_state *state, const struct uuid *from, const struct uuid *to);

enum verdict decide_person_merge(struct ctx *ctx, const void *command);
enum verdict decide_person_unmerge(struct ctx *ctx, const void *command);
void apply_person_merged(struct ctx *ctx, const void *event);
void apply_person_unmerged(struct ctx *ctx, const void *event);
enum verdict query_person_merges(struct ctx *ctx, const void *query);
