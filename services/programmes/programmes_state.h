#pragma once
#include "proto/profile.h"
#include "proto/routes.h"
#include "services/programmes/enrolment_rules.h"
#include "services/shared/places.h"

/* programmes: what the files of this service share. The registry of programmes (ДПП), their time in the
 * federal registry (ФР ДПП), runs, enrolments, attestations and completions (P1, P3, P4, M6).
 *
 * Learning   A step of a route that is chosen finds its enrolment by itself: in the run of its programme that
 *            begins first on that day or later and has a place. Where there is none it waits, in the order of
 *            the wishes; a run that is recorded, or a place that comes free, is handed out by a timer, some at
 *            a time. Attestations follow, and the document, which names route and step again: nobody types in
 *            a second time what the system knows (P4, M6).
 *
 * Refusals   hours_do_not_fit      invalid; field hours: out of bounds for the kind (programme_rules.h)
 *            provider_unknown, programme_unknown, run_unknown, enrolment_unknown       not_found
 *            code_taken            conflict; arg code: of a programme; of another run of this programme
 *            already_registered    conflict: a programme with this id
 *            not_for_registry      conflict: under 16 hours it is no ДПП
 *            day_out_of_range      invalid; field day or enrolled: in the future (a run: too far ahead), or
 *                                  further back than the profile lets
 *            until_before_day      invalid; field until: the last day of a run before its first, or too long after
 *            enrolled_after_day    invalid; field enrolled
 *            already_included, not_included    conflict: state in the federal registry on that day
 *            out_of_order          conflict; arg last: a later change of the registry is known
 *            already_recorded      conflict: this person, programme and day of document; this run; this enrolment;
 *                                  this attestation on this day
 *            run_over              conflict; arg day: nobody can be entered any more
 *            no_places             conflict; arg places
 *            already_enrolled      conflict; arg enrolment: open, in this programme; in this run
 *            already_completed     conflict: has a document of this programme (again: on purpose)
 *            enrolment_over        conflict; arg state
 *            day_before_enrolment, run_not_begun, already_attested, attestations_full,
 *            already_issued, no_final_attestation, day_before_attestation     conflict (enrolment_rules.h); arg day
 *            document_taken        conflict; arg document: the provider has given out this number
 *            enrolment_differs     conflict; arg field
 *            step_of_another       conflict: somebody else learns, or waits, for this step of this route
 *            person_or_run         invalid: a list wants one of the two
 *            person_unknown, organisation_unknown, no_post_on_day, person_left    see places.h
 *            out_of_reach          denied
 *            page_unknown          invalid */
enum {
    T_PROGRAMMES = PLACES_END,      /* programme → programme */
    T_CODES,                        /* code text → programme */
    T_REGISTRY,                     /* programme, day → u8: 1 included from that day on, 0 excluded */
    T_RUNS,                         /* programme, day, run → nothing */
    T_COMPLETIONS,                  /* person, programme, day → completion */
    T_COUNTS,                       /* programme → u64 runs, u64 completions */
    T_RUN,                          /* run → run_row */
    T_RUN_CODES,                    /* programme, code text → run */
    T_ENROLMENTS,                   /* enrolment → enrolment_row */
    T_LEARNING,                     /* run or person, u64 number of the entry → enrolment: the lists */
    T_IN_RUN,                       /* run, person → enrolment: holds a place */
    T_OPEN,                         /* person, programme, enrolment → nothing: neither ended nor completed */
    T_WAITING,                      /* programme, u64 number of the entry → wish */
    T_WISHES,                       /* person, programme, u64 number → nothing: the same by person */
    T_STEPS,                        /* route, u32 step → step_stands: what it was last answered */
    T_DOCUMENTS,                    /* provider, uuid of the number → completion: the first with it */
};

#define TIMER_WAITING "waiting"     /* key: the programme whose places are to be handed out */
/* Handed out at one time, and runs looked at for it. */
#define WAITING_BATCH 64
#define CHOICES_MAX   64

/* A programme enters and leaves the federal registry a few times in its life. */
#define REGISTRY_CHANGES_MAX 64

static inline uint32_t back_days(const struct ctx *ctx)
{
    return (uint32_t)((const struct profile *)ctx->config)->routes->back_days;
}

/* ── state.c: the registry ── */
bool programme_get(struct ctx *ctx, const struct uuid *id, struct programme *programme);
bool programme_by_code(struct ctx *ctx, const char *code, struct uuid *id);
bool programme_id_of(struct bytes value, struct uuid *id);
/* The changes of a programme's state in the federal registry, ascending by day; at most `max`. */
struct registry_change { day_t day; bool included; };
uint32_t registry_changes(struct ctx *ctx, const struct uuid *programme, struct registry_change *list, uint32_t max);
struct programme_counts { uint64_t runs, completions; };
struct programme_counts programme_counts_get(struct ctx *ctx, const struct uuid *programme);
void programme_counts_put(struct ctx *ctx, const struct uuid *programme, struct programme_counts counts);
struct key completion_key(const struct uuid *person, const struct uuid *programme, day_t day);
/* What is asked of a person is asked of all his ids (places.h), so never in apply. True when he has a document of the programme, of
 * whatever day. */
bool completed_before(struct ctx *ctx, const struct uuid *person, const struct uuid *programme);
bool completed_on(struct ctx *ctx, const struct uuid *person, const struct uuid *programme, day_t day);
/* Codes and numbers are compared as people read them: normalised. */
struct key code_key(struct ctx *ctx, const char *code);
struct key document_key(struct ctx *ctx, const struct uuid *provider, const char *document);

/* ── state_runs.c ── */
struct key run_key(const struct run *run);
struct key run_code_key(struct ctx *ctx, const struct run *run);
bool run_get(struct ctx *ctx, const struct uuid *id, struct run_row *row);
void run_put(struct ctx *ctx, const struct run_row *row);
/* The runs of a programme that begin on `from` or later, in order of first day and id. */
uint32_t run_choices(struct ctx *ctx, const struct uuid *programme, day_t from, struct run_choice list[CHOICES_MAX]);

/* ── state_enrolments.c ── */
bool enrolment_get(struct ctx *ctx, const struct uuid *id, struct enrolment_row *row);
void enrolment_put(struct ctx *ctx, const struct enrolment_row *row);
void enrolment_enter(struct ctx *ctx, const struct enrolment *enrolment, uint64_t number);    /* into lists and indexes */
void enrolment_leave(struct ctx *ctx, const struct enrolment *enrolment, bool place);         /* open no longer; place: comes free */
/* The open enrolment of the person in the programme (the lowest id); with `run`: the one that holds a place there. */
bool enrolment_open_in(struct ctx *ctx, const struct uuid *person, const struct uuid *programme, struct uuid *id);
bool enrolment_in_run(struct ctx *ctx, const struct uuid *run, const struct uuid *person, struct uuid *id);
uint32_t enrolment_scope(const struct uuid *person, const struct uuid *chain, uint32_t n, struct uuid scope[ENTRY_SCOPES_MAX]);

/* What a step was last answered. `enrolment` nil and `number` 0: it neither learns nor waits. */
#define STEP_STANDS_FIELDS(X, S)                                \
    X(S, UUID, programme, _, 0, 0,         REQUIRED)            \
    X(S, UUID, enrolment, _, 0, 0,         OPTIONAL)            \
    X(S, U64,  number,    _, 0, INT64_MAX, OPTIONAL) /* in the waiting list of the programme */
MSG_DECLARE(step_stands, STEP_STANDS_FIELDS)
bool step_get(struct ctx *ctx, const struct uuid *route, uint64_t step, struct step_stands *stands);
void step_put(struct ctx *ctx, const struct uuid *route, uint64_t step, const struct step_stands *stands);

bool wish_get(struct ctx *ctx, const struct uuid *programme, uint64_t number, struct wish *wish);
void wish_put(struct ctx *ctx, uint64_t number, const struct wish *wish);
void wish_drop(struct ctx *ctx, const struct uuid *programme, uint64_t number);
/* The first ones of the waiting list. */
uint32_t wishes_first(struct ctx *ctx, const struct uuid *programme, struct wish *list, uint32_t most);
/* The first wish of the person for the programme. */
bool wish_of(struct ctx *ctx, const struct uuid *person, const struct uuid *programme, struct wish *wish);
bool somebody_waits(struct ctx *ctx, const struct uuid *programme);

/* ── commands.c: the registry and runs ── */
/* The programme, within the principal's reach by its provider. */
enum verdict programme_need(struct ctx *ctx, const struct uuid *id, struct programme *programme);
enum verdict day_need(struct ctx *ctx, day_t day, const char *field);
enum verdict decide_register(struct ctx *ctx, const void *command);
enum verdict decide_include(struct ctx *ctx, const void *command);
enum verdict decide_exclude(struct ctx *ctx, const void *command);
enum verdict decide_run(struct ctx *ctx, const void *command);

/* ── commands_enrolment.c ── */
/* The enrolment, within the principal's reach by its provider. */
enum verdict enrolment_need(struct ctx *ctx, const struct uuid *id, struct enrolment_row *row, struct programme *programme);
enum verdict refuse_day(struct ctx *ctx, const char *reason, day_t day);       /* conflict, with its arg day */
void emit_ended(struct ctx *ctx, const struct enrolment *enrolment, day_t day, enum end_reason reason);
enum verdict decide_enrolment_open(struct ctx *ctx, const void *command);
enum verdict decide_enrolment_record(struct ctx *ctx, const void *command);
enum verdict decide_enrolment_end(struct ctx *ctx, const void *command);

/* ── commands_completion.c: attestations and documents ── */
enum verdict decide_attestation(struct ctx *ctx, const void *command);
enum verdict decide_certificate(struct ctx *ctx, const void *command);
enum verdict decide_completion(struct ctx *ctx, const void *command);

/* ── follows.c: the steps of routes, and the timer ── */
enum verdict react_step_chosen(struct ctx *ctx, const void *event);
enum verdict react_step_asked(struct ctx *ctx, const void *event);
enum verdict react_step_accepted(struct ctx *ctx, const void *event);
enum verdict react_route_ended(struct ctx *ctx, const void *event);
enum verdict fire_waiting(struct ctx *ctx, const struct uuid *key, moment_t due);

/* ── events.c ── */
void apply_registered(struct ctx *ctx, const void *event);
void apply_included(struct ctx *ctx, const void *event);
void apply_excluded(struct ctx *ctx, const void *event);
void apply_run(struct ctx *ctx, const void *event);
/* ── events_enrolment.c ── */
void apply_opened(struct ctx *ctx, const void *event);
void apply_declined(struct ctx *ctx, const void *event);
void apply_unknown(struct ctx *ctx, const void *event);
void apply_dropped(struct ctx *ctx, const void *event);
void apply_ended(struct ctx *ctx, const void *event);
void apply_attested(struct ctx *ctx, const void *event);
void apply_completion(struct ctx *ctx, const void *event);

/* ── queries.c ── */
enum verdict answer_get(struct ctx *ctx, const void *query);
enum verdict answer_find(struct ctx *ctx, const void *query);
enum verdict answer_list(struct ctx *ctx, const void *query);
/* ── queries_enrolment.c ── */
enum verdict answer_runs(struct ctx *ctx, const void *query);
enum verdict answer_enrolment(struct ctx *ctx, const void *query);
enum verdict answer_enrolments(struct ctx *ctx, const void *query);
enum verdict answer_wishes(struct ctx *ctx, const void *query);
