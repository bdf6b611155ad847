#pragma once
#include "proto/roster_privacy.h"
#include "services/roster/roster.h"

/* privacy: consent, blocking and erasure of a person's data (proto/roster_privacy.h; 152-FZ).
 *
 * Erased      the key is destroyed (vault_erase), and the hashes that he was found by leave the tables. His posts keep
 *             their days, his band stays: what was counted stays as it was. A list that names him later finds a new
 *             person. Who is in post cannot be erased: his list would bring him back the next day, and twice.
 * Blocked     the card is read by the centre, which is to clear it up, and by the person himself; nobody else, and
 *             lists do not change it. At the end of a term a timer lifts it, and erases where that was decided.
 *
 * Reasons of refusal:
 *   erased_already                                 act              also of a consent, and of a row that is sent again
 *   in_post                                        from, until      of a post that has not ended
 *   person_blocked                                 until            also denied, in roster.person.read; until: … or a day
 *   not_blocked
 *   block_until_past               until
 *   erase_needs_until              erase                            without a last day there is no moment for it
 *   act_empty                      act                              nothing but white space
 *   consent_future                 day             latest
 *   consent_before                 day             from, until      an earlier one that still holds, or ended later
 *   consent_none                                                    nothing of that purpose holds
 *   too_many_consents                              most */

/* The person within reach, and not erased. */
enum verdict privacy_person(struct ctx *ctx, const struct uuid *person, struct person_state *state);
uint32_t privacy_scope(const struct uuid *person, const struct person_state *state, struct uuid scope[ENTRY_SCOPES_MAX]);
enum verdict privacy_act(struct ctx *ctx, const char **act);
static inline bool person_gone(const struct person_state *state) { return state->sealed.n == 0; }

/* ── erasure.c ── */
void erase_now(struct ctx *ctx, const struct person_state *state, struct person_erased *erased);
/* That somebody who is about to be registered was not erased in a history that a restore has dropped. */
enum verdict not_erased_since(struct ctx *ctx, const struct uuid *person);
/* A post that has not ended by today; false: none. */
bool post_unended(struct ctx *ctx, const struct uuid *person, struct post_opened *post);
enum verdict decide_person_erase(struct ctx *ctx, const void *command);
enum verdict decide_erasure_repeat(struct ctx *ctx, const void *command);
void apply_person_erased(struct ctx *ctx, const void *event);
enum verdict query_person_standing(struct ctx *ctx, const void *query);

/* ── blocking.c ── */
#define TIMER_BLOCK_OVER "block_over"
bool state_blocked(struct ctx *ctx, const struct uuid *person, struct person_blocked *blocked);
/* As answer to who may not while it lasts; `code` says how. */
enum verdict refuse_blocked(struct ctx *ctx, enum problem_code code, const struct person_blocked *blocked);
/* True: the principal sees and mends the card of a blocked one all the same. */
bool block_passes(const struct ctx *ctx);
enum verdict decide_person_block(struct ctx *ctx, const void *command);
enum verdict decide_person_unblock(struct ctx *ctx, const void *command);
void apply_person_blocked(struct ctx *ctx, const void *event);
void apply_person_unblocked(struct ctx *ctx, const void *event);
void block_lift(struct ctx *ctx, const struct uuid *person);        /* apply: the row and its timer */
enum verdict fire_block_over(struct ctx *ctx, const struct uuid *person, moment_t due);

/* ── consent.c ── */
uint32_t consents_count(struct ctx *ctx, const struct uuid *person);
enum verdict decide_consent_give(struct ctx *ctx, const void *command);
enum verdict decide_consent_withdraw(struct ctx *ctx, const void *command);
void apply_consent_given(struct ctx *ctx, const void *event);
void apply_consent_withdrawn(struct ctx *ctx, const void *event);
enum verdict query_consent_list(struct ctx *ctx, const void *query);

/* ── guard.c: the errand ── */
/* Turns the vault's key-encryption key after erasures, and erases again whom a restored store still has. */
struct errand;
#define GUARD_MEMORY 256
uint32_t guard_step(struct errand *errand);
