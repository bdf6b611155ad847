#pragma once
#include "proto/roster_merge.h"
#include "services/roster/privacy/privacy.h"

/* merge: two records of one person made one, and that undone (proto/roster_merge.h).
 *
 * Posts       each of `gone` is closed as never held, and goes on with `kept` under an id of its own, so that every follower
 *             counts one person without knowing of merging. A main one that would stand beside another main place becomes a part-time one; one that
 *             `kept` has already (organisation, title, days) goes nowhere.
 * Found by    codes, SNILS, name and birth of both lead to `kept`. What his card lacks is filled from the other.
 * Registers   entries of `gone` have `kept` for their member, unless he is in the same register already; consents of
 *             purposes of which he has none are his; the others stay where they are. Parts, expert work and all that
 *             other services keep stay under the id they have.
 * Flat        who was merged into somebody is nobody's `kept`: the map is one step long.
 * Undone      posts go back as they are by then (mended, ended, cut by reorganisations), all else as it was, and what
 *             was entered about `kept` meanwhile stays his.
 * Erased      who is erased is so with all the records that were merged into his.
 *
 * Reasons of refusal:
 *   person_itself         gone
 *   merged_already        into                                            conflict: also of an erasure, a block
 *   merged_others                                                         others were merged into `gone`: undo those first
 *   not_merged
 *   snils_differ                                                          both have one: two people
 *   too_many_merges, too_many_posts, too_many_entries       most */
struct merge_others { uint32_t n; struct uuid *at; };
struct merge_others merged_into(struct ctx *ctx, const struct uuid *kept);
/* All ids of the same one, `kept` first: what is kept under any of them is his. Their number. */
#define SAME_ONE_MAX (1 + MERGE_OTHERS_MAX)
uint32_t same_one(struct ctx *ctx, const struct uuid *person, struct uuid ids[SAME_ONE_MAX]);
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

/* ── consent.c ── */
uint32_t consents_of(struct ctx *ctx, const struct uuid *person, struct consent *list, uint32_t most);
void consent_move(struct ctx *ctx, const struct uuid *from, const struct uuid *to, int purpose, day_t day);     /* apply */
/* ── state_registers.c ── */
void state_listing_hand(struct ctx *ctx, const struct uuid *entry, const struct uuid *from, const struct uuid *to);     /* apply: its member */
