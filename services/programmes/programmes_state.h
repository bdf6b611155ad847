#pragma once
#include "proto/profile.h"
#include "services/shared/places.h"

/* programmes: what the files of this service share. The registry of programmes (ДПП), their time in the
 * federal registry (ФР ДПП), runs and completions (P1, P3, P4).
 *
 * Refusals   hours_do_not_fit      invalid; field hours: out of bounds for the kind (programme_rules.h)
 *            provider_unknown      not_found
 *            programme_unknown     not_found
 *            code_taken            conflict; arg code
 *            already_registered    conflict: a programme with this id
 *            not_for_registry      conflict: under 16 hours it is no ДПП
 *            day_out_of_range      invalid; field day or enrolled: in the future, or further back than the profile lets
 *            enrolled_after_day    invalid; field enrolled
 *            already_included, not_included    conflict: state in the federal registry on that day
 *            out_of_order          conflict; arg last: a later change of the registry is known
 *            already_recorded      conflict: this person, programme and day of document; this run
 *            person_unknown, organisation_unknown, no_post_on_day    see places.h
 *            out_of_reach          denied
 *            page_unknown          invalid */
enum {
    T_PROGRAMMES = PLACES_END,      /* programme → programme */
    T_CODES,                        /* code text → programme */
    T_REGISTRY,                     /* programme, day → u8: 1 included from that day on, 0 excluded */
    T_RUNS,                         /* programme, day, run → nothing */
    T_COMPLETIONS,                  /* person, programme, day → completion */
    T_COUNTS,                       /* programme → u64 runs, u64 completions */
};

/* ── state.c ── */
bool programme_get(struct ctx *ctx, const struct uuid *id, struct programme *programme);
bool programme_by_code(struct ctx *ctx, const char *code, struct uuid *id);
bool programme_id_of(struct bytes value, struct uuid *id);
/* The changes of a programme's state in the federal registry, ascending by day; at most `max`. */
struct registry_change { day_t day; bool included; };
uint32_t registry_changes(struct ctx *ctx, const struct uuid *programme, struct registry_change *list, uint32_t max);
struct programme_counts { uint64_t runs, completions; };
struct programme_counts programme_counts_get(struct ctx *ctx, const struct uuid *programme);
void programme_counts_put(struct ctx *ctx, const struct uuid *programme, struct programme_counts counts);
struct key run_key(const struct run *run);
struct key completion_key(const struct uuid *person, const struct uuid *programme, day_t day);
/* Codes are compared as people read them: normalised. */
struct key code_key(struct ctx *ctx, const char *code);

/* ── commands.c ── */
enum verdict decide_register(struct ctx *ctx, const void *command);
enum verdict decide_include(struct ctx *ctx, const void *command);
enum verdict decide_exclude(struct ctx *ctx, const void *command);
enum verdict decide_run(struct ctx *ctx, const void *command);
enum verdict decide_completion(struct ctx *ctx, const void *command);

/* ── events.c ── */
void apply_registered(struct ctx *ctx, const void *event);
void apply_included(struct ctx *ctx, const void *event);
void apply_excluded(struct ctx *ctx, const void *event);
void apply_run(struct ctx *ctx, const void *event);
void apply_completion(struct ctx *ctx, const void *event);

/* ── queries.c ── */
enum verdict answer_get(struct ctx *ctx, const void *query);
enum verdict answer_find(struct ctx *ctx, const void *query);
enum verdict answer_list(struct ctx *ctx, const void *query);
