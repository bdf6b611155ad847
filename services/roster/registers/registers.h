#pragma once
#include "proto/roster_registers.h"
#include "services/roster/registers/register_rules.h"
#include "services/roster/roster.h"

/* registers: who and what stands in which list of the region, since when, on what ground, until when (R4, R4b, R6, R7,
 * R12, R14). Which registers there are is the profile's (proto/profile_registers.h); nothing here knows one by name.
 *
 * Life        proposed → admitted or declined; recorded: admitted at once (history, and registers without proposals).
 *             Admitted: renewed; ended by somebody with a reason; lapsed when its term is over, which a timer writes
 *             down with the first day no longer, however late it is. Lapsed: renewed, with a gap if there was one.
 * Days        whoever asks who was in it on a day is answered by the spans of days alone, never by the stage: a past
 *             day is not moved by a renewal, a lapse or the clock. An end of the day before the first says that
 *             the entry was made by mistake; it then counts on no day.
 * Place       an entry counts for one place and what is above it, fixed when it is proposed or recorded: the organisation
 *             named, else the main post of the person on the first day, else the region.
 * Scope       of an entry about a person: he, that place's chain, and those above him today. Of an organisation or a
 *             title: its chain. Nothing about a person is public to followers; a `public` register says to every role
 *             who is in it and since when, by identifiers, without evidence and fields.
 * Personal    texts (evidence, titles, fields) are about documents and things. A person is an identifier here.
 * Limits      REGISTERS_MAX registers, MEMBERSHIPS_MAX entries of one member in one of them, SPANS_MAX spans of one.
 * Moves       who moves to another municipality keeps his entries with the place they were made for; the new one
 *             sees them by asking (roster.entry.of), its node does not get them again.
 *
 * Reasons, with field and args (those of register_rules.h: member_missing … term_exceeded, entry_until_before_from):
 *
 *   register_unknown      register_id                                     not_found: not in the profile
 *   register_not_proposer                       roles                     conflict: the profile names others
 *   register_not_decider                        roles
 *   entry_unknown                                                         not_found
 *   entry_not_proposed                                                    conflict: it was decided
 *   entry_not_admitted                                                    conflict: proposed, declined; renew: ended too
 *   already_listed        from                  from, until               conflict
 *   already_proposed                                                      conflict
 *   too_many_entries                            most                      conflict
 *   too_many_spans                              most                      conflict
 *   entry_day_far         from, until           latest
 *   entry_has_no_term                                                     conflict: renew of an open one
 *   until_after_term      until                 until
 *   document_unknown      grounds[].document, document                    not there, or not to be read by the asker
 *   ground_not_so         grounds[].ground          ground, day           the staff lists do not show it on that day
 *   ground_not_of_kind    grounds[].ground          ground                not for an organisation of this kind
 *   not_his_place         organisation                                    the person works there on no day from then on
 *   decline_reason_missing  reason
 *   membership_required                         register                  conflict: the member is not in the other register
 *   report_missing                              day                       conflict: renewal, of one who owes a report     */

/* ── the profile ── */
const struct profile_register *register_named(const struct ctx *ctx, const char *id);       /* NULL: none */
enum verdict register_refuse(struct ctx *ctx, const struct register_fault *fault);

/* ── state ── */
#define MEMBERSHIPS_MAX 64
/* What indexes hold of an entry, so that lists and counts need not open each. */
struct listing_brief { uint8_t stage; day_t from, until; };     /* of all spans: the first day, the last (0: open) */
bool state_listing(struct ctx *ctx, const struct uuid *entry, struct listing *listing);
void state_listing_put(struct ctx *ctx, const struct listing *listing);
struct key listings_of_register(const char *register_id);
struct key listings_of_unit(const struct uuid *unit, const char *register_id);
struct key listings_of_member(const struct uuid *member, const char *register_id);  /* NULL: of all registers */
bool state_brief(struct ctx *ctx, struct bytes key, struct bytes value, struct uuid *entry, struct listing_brief *brief);
/* Of one member in one register; of a person, under all his ids (merge/one.h). */
uint32_t state_memberships(struct ctx *ctx, const struct uuid *member, const char *register_id, struct listing *listings, uint32_t max);
/* That the same person stands in the register on that day by an earlier entry too (two records of his were merged): he is
 * counted by that one. `unit`: which both count for; NULL: whichever. */
bool listing_again(struct ctx *ctx, const struct listing *listing, const struct uuid *unit, day_t on);
/* Persons in it as they go by now. */
void listing_now(struct ctx *ctx, struct listing *listing);

/* ── who may, and who hears of it ── */
bool listing_reached(struct ctx *ctx, const struct listing *listing);
uint32_t listing_scope(struct ctx *ctx, const struct listing *listing, struct uuid scope[ENTRY_SCOPES_MAX]);

/* That the asker's role is one of those named; else refused, conflict, with `roles`. */
enum verdict role_among(struct ctx *ctx, const char *reason, const char *const *names, uint32_t n);
/* The entry, within reach, of a register that the profile still has and that this role decides. */
enum verdict entry_at_hand(struct ctx *ctx, const struct uuid *id, struct listing *listing, const struct profile_register **reg);
/* At most STAFF_AHEAD_MONTHS ahead. */
enum verdict entry_day_near(struct ctx *ctx, day_t day, const char *path);

/* ── commands, events, the timer, queries ── */
/* What a proposal comes to, but for its id and its being said; refuses. */
enum verdict entry_proposal(struct ctx *ctx, const struct entry_propose *in, const struct profile_register *reg, struct listing *made);

/* ── reports.c: a duty each year, set on the first day after the last one's, as long as the entry holds ── */
#define TIMER_ENTRY_REPORT "entry_report"
enum verdict fire_entry_report(struct ctx *ctx, const struct uuid *entry, moment_t due);
/* When the first one is asked for of a membership that begins on `from`: never for what is past; 0: none are. */
moment_t report_at(const struct ctx *ctx, const struct profile_register *reg, day_t from);
/* The day of a report of that entry that is owed and over; 0: none. */
day_t report_owed(struct ctx *ctx, const struct uuid *entry, const char *kind);

#define TIMER_ENTRY_OVER "entry_over"
enum verdict fire_entry_over(struct ctx *ctx, const struct uuid *entry, moment_t due);
enum verdict decide_entry_propose(struct ctx *ctx, const void *command);
enum verdict decide_entry_record(struct ctx *ctx, const void *command);
enum verdict decide_entry_decide(struct ctx *ctx, const void *command);
enum verdict decide_entry_renew(struct ctx *ctx, const void *command);
enum verdict decide_entry_end(struct ctx *ctx, const void *command);
void apply_entry_proposed(struct ctx *ctx, const void *event);
void apply_entry_admitted(struct ctx *ctx, const void *event);
void apply_entry_declined(struct ctx *ctx, const void *event);
void apply_entry_renewed(struct ctx *ctx, const void *event);
void apply_entry_ended(struct ctx *ctx, const void *event);
void apply_entry_lapsed(struct ctx *ctx, const void *event);
enum verdict query_register_list(struct ctx *ctx, const void *query);
enum verdict query_register_get(struct ctx *ctx, const void *query);
enum verdict query_register_count(struct ctx *ctx, const void *query);
enum verdict query_entry_list(struct ctx *ctx, const void *query);
enum verdict query_entry_of(struct ctx *ctx, const void *query);
enum verdict query_entry_get(struct ctx *ctx, const void *query);
