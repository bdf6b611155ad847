#pragma once
#include "common/core/err.h"
#include "proto/profile.h"
#include "proto/roles.h"
#include "services/diagnostics/scoring.h"
#include "services/shared/places.h"

/* diagnostics: what its files share and nobody else includes. main.c is the table of contents.
 *
 * Rules      frameworks, instruments and procedures are frozen once published (D1–D3): a change is a new
 *            one with a new code. A sitting belongs to the post of the day it was begun on, and its result
 *            counts on that day, also where the clock ended it after midnight (design, part 4).
 *            One sitting of a person in a procedure may be open at a time; what was saved before its end
 *            is scored, whether it was handed in or the time ran out: nothing answered is lost (D4).
 * Keys       of an instrument leave the service for the centre alone; the entry that holds them carries
 *            the instrument's own id as scope, so that only a reach of the whole region sees it.
 *
 * Reasons of refusals, and their args:
 *   out_of_reach                 the subject is not the principal's
 *   framework_unknown instrument_unknown procedure_unknown sitting_unknown
 *   organisation_unknown person_unknown  no_post_on_day {day}, person_left {until, day}      see places.h
 *   already_published {id}       this id is in use: what is published stays as it is
 *   code_taken {code}            another framework, instrument or procedure has it
 *   competency_taken {code}      a competency of another framework has it
 *   bad_competency               field; rules: repeated, no_such_parent, parent_circle
 *   bad_task                     field; rules: repeated, not_in_framework, key_missing, key_not_one,
 *                                key_range, key_order
 *   bad_dates                    field; rule: before_opens
 *   procedure_not_open {opens, closes}
 *   sitting_open {sitting}       go on with that one
 *   sitting_over                 it was handed in, or its time is up
 *   bad_answer                   field; rules: no_such_task, repeated, range, order, only_one
 *   day_not_allowed {back_days}  in the future, or too far back
 *   no_profile                   the service was started without the region's settings
 *   day_outside_procedure {opens, closes}
 *   already_recorded {sitting}   the same person, procedure and day */

enum {
    T_CODE = PLACES_END,    /* u8 what, text code → uuid */
    T_FRAMEWORK,            /* framework → framework */
    T_COMPETENCY,           /* text code → competency_row */
    T_INSTRUMENT,           /* instrument → instrument */
    T_FORM,                 /* instrument, u32 task → u8 kind, u8 options: all that checking an answer needs */
    T_PROCEDURE,            /* procedure → procedure */
    T_SITTING,              /* sitting → sitting_row */
    T_SITTING_OF,           /* person, procedure, sitting → u8 open, u32 day */
    T_ANSWER,               /* sitting, u32 task → u8 chosen … : a save is one small put beside the last one */
    T_SCORE,                /* sitting → sitting_scored */
    T_MARK,                 /* person, u32 year, unit, text competency → : already counted in T_COUNT */
    T_COUNT,                /* unit, u32 year, text competency ("": scored at all) → u64 distinct persons */
};

enum code_of { CODE_FRAMEWORK, CODE_INSTRUMENT, CODE_PROCEDURE };
#define TIMER_SITTING_END "sitting_end"
#define SAVE_MAX 40             /* answers of one sitting.saved, as in SITTING_SAVE_FIELDS */

#define COMPETENCY_ROW_FIELDS(X, S)                                         \
    X(S, UUID, framework, _, 0, 0,   REQUIRED)                              \
    X(S, STR,  title,     _, 1, 300, REQUIRED)
MSG_DECLARE(competency_row, COMPETENCY_ROW_FIELDS)
#define SITTING_ROW_FIELDS(X, S)                                            \
    X(S, UUID,   procedure,  _,             0, 0,         REQUIRED)         \
    X(S, UUID,   instrument, _,             0, 0,         REQUIRED)         \
    X(S, UUID,   person,     _,             0, 0,         REQUIRED)         \
    X(S, UUIDS,  chain,      _,             1, CHAIN_MAX, REQUIRED)         \
    X(S, ENUM,   state,      sitting_state, 0, 0,         REQUIRED)         \
    X(S, DAY,    day,        _,             0, 0,         REQUIRED)         \
    X(S, MOMENT, until,      _,             0, 0,         OPTIONAL)
MSG_DECLARE(sitting_row, SITTING_ROW_FIELDS)

struct answer_list { uint32_t n; struct answer *at; };

/* ── state.c: reading and writing the tables ── */
bool code_find(struct ctx *ctx, enum code_of of, const char *code, struct uuid *id);
void code_put(struct ctx *ctx, enum code_of of, const char *code, const struct uuid *id);
bool framework_find(struct ctx *ctx, const struct uuid *id, struct framework *framework);
bool competency_find(struct ctx *ctx, const char *code, struct competency_row *row);
bool instrument_find(struct ctx *ctx, const struct uuid *id, struct instrument *instrument);
bool form_find(struct ctx *ctx, const struct uuid *instrument, uint64_t task, enum task_kind *kind, uint32_t *options);
bool procedure_find(struct ctx *ctx, const struct uuid *id, struct procedure *procedure);
bool sitting_find(struct ctx *ctx, const struct uuid *id, struct sitting_row *row);
bool score_find(struct ctx *ctx, const struct uuid *sitting, struct sitting_scored *scored);
struct answer_list answers_of(struct ctx *ctx, const struct uuid *sitting);
/* The person's sitting (under any of his ids, places.h) in the procedure that is open, or, with a day, any one of that day. */
bool sitting_of_one(struct ctx *ctx, const struct uuid *person, const struct uuid *procedure, day_t day, struct uuid *sitting);
void framework_put(struct ctx *ctx, const struct framework *framework);
void instrument_put(struct ctx *ctx, const struct instrument *instrument);
void procedure_put(struct ctx *ctx, const struct procedure *procedure);
void sitting_put(struct ctx *ctx, const struct uuid *id, const struct sitting_row *row);
void answer_put(struct ctx *ctx, const struct uuid *sitting, const struct answer *answer);
void score_put(struct ctx *ctx, const struct sitting_scored *scored);
/* Each competency ("": scored at all) for which a person is counted in T_COUNT once too often, since he had two records then. Not in apply. */
typedef void count_double(void *arg, const char *competency);
void count_doubles(struct ctx *ctx, const struct uuid *unit, uint32_t year, count_double *each, void *arg);
/* Counts the person once in each unit of the chain, for the year and for each deficit of it. */
void count_scored(struct ctx *ctx, const struct sitting_scored *scored);
uint64_t count_get(struct ctx *ctx, const struct uuid *unit, uint32_t year, const char *competency);

/* ── commands_instrument.c ── */
enum verdict decide_framework_publish(struct ctx *ctx, const void *command);
enum verdict decide_instrument_publish(struct ctx *ctx, const void *command);
enum verdict decide_procedure_open(struct ctx *ctx, const void *command);
void refuse_window(struct ctx *ctx, const struct procedure *procedure);     /* args opens, closes */

/* ── commands_sitting.c ── */
enum verdict decide_sitting_start(struct ctx *ctx, const void *command);
enum verdict decide_sitting_save(struct ctx *ctx, const void *command);
enum verdict decide_sitting_submit(struct ctx *ctx, const void *command);
enum verdict decide_sitting_record(struct ctx *ctx, const void *command);
uint32_t sitting_scope(const struct sitting_row *row, struct uuid scope[ENTRY_SCOPES_MAX]);
/* Emits the result of these answers. */
void sitting_score(struct ctx *ctx, const struct uuid *id, const struct sitting_row *row, struct answer_list answers);

/* ── events.c ── */
void apply_framework_published(struct ctx *ctx, const void *event);
void apply_instrument_published(struct ctx *ctx, const void *event);
void apply_procedure_opened(struct ctx *ctx, const void *event);
void apply_sitting_started(struct ctx *ctx, const void *event);
void apply_sitting_saved(struct ctx *ctx, const void *event);
void apply_sitting_submitted(struct ctx *ctx, const void *event);
void apply_sitting_timed_out(struct ctx *ctx, const void *event);
void apply_sitting_scored(struct ctx *ctx, const void *event);

/* ── queries.c ── */
enum verdict answer_framework_get(struct ctx *ctx, const void *query);
enum verdict answer_instrument_get(struct ctx *ctx, const void *query);
enum verdict answer_procedure_get(struct ctx *ctx, const void *query);
enum verdict answer_procedure_list(struct ctx *ctx, const void *query);
enum verdict answer_sitting_get(struct ctx *ctx, const void *query);
enum verdict answer_deficit_summary(struct ctx *ctx, const void *query);

/* ── follows.c: what the clock brings (places are followed by services/shared) ── */
enum verdict fire_sitting_end(struct ctx *ctx, const struct uuid *key, moment_t due);
