#pragma once
#include "common/core/err.h"
#include "proto/profile.h"
#include "proto/roles.h"
#include "services/routes/load.h"
#include "services/routes/match.h"
#include "services/routes/planner.h"
#include "services/shared/places.h"

/* routes: what its files share and nobody else includes. main.c is the table of contents.
 *
 * Rules      a route is drafted by itself as soon as a result is scored (M1; Чукотка, дор. карта п. 17;
 *            Югра п. 4.6), also where there is no deficit: its draft then has no steps and is agreed like
 *            any other (Томск, показатели 1 и 2: the targets are equal). A draft is not «разработан»: the
 *            act of a person is, hence route.agree.
 *            draft → agreed → active → closed, or ended with a reason, nothing else (M4). A route is active by
 *            itself with the first step that moves, and closed by itself with the last one accepted.
 *            The term runs from the last day of the procedure (Югра п. 4.6), in the region's time; 0 in the
 *            profile: the act sets none. Recorded history has none.
 *            The steps of a live agreement that are programmes are chosen with it, so that programmes enrols; one
 *            declined may be chosen again, or its alternative. The worker submits, who accompanies him accepts or
 *            returns with a comment; the registry's document accepts by itself (M6; match.h). What the registry says
 *            before there is an agreed route is kept (fact.noted) and counted when one is agreed, if it is not older
 *            than the draft.
 *
 * Reasons of refusals, and their args:
 *   out_of_reach                 the subject is not the principal's
 *   organisation_unknown person_unknown  no_post_on_day {day}, person_left {until, day}      see places.h
 *   route_unknown
 *   wrong_state {state, needed}
 *   steps_open {open}            a route is closed when all its steps are accepted
 *   step_unknown                 the route has no step of that number
 *   step_wrong_state {state, needed}
 *   not_of_step                  neither the step's programme nor its alternative
 *   tutor_unknown                not appointed, or released
 *   tutor_full {limit}
 *   no_tutor                     nobody below his limit covers the charge's place
 *   own_tutor  already_assigned
 *   day_before_draft {draft}     nothing is agreed before it is drafted
 *   day_not_allowed {back_days}  in the future, or too far back
 *   no_profile                   the service was started without the region's settings
 *   already_recorded {support}   the same person, form and day
 * Of reactions, in the log only:
 *   already_drafted  already_noted  already_so  other_person  not_of_route  route_over  not_waiting */

enum {
    T_ROUTE = PLACES_END,   /* route → route */
    T_ROUTE_UNDER,          /* id, u64 number of the draft's entry → route. Ids: nil (all), the person, his chain */
    T_SUPPORT,              /* person, u32 day, text form → support id */
    T_STEP,                 /* route, u8 step → step_now; no row: planned */
    T_NOTED,                /* person, fact → fact_noted: said by the registry, no step stands for it yet */
    T_DOCUMENT,             /* completion, or the enrolment that one has ended → nothing: noted or counted once */
    T_EFFECT,               /* later sitting → effect */
    T_EFFECT_UNDER,         /* id, u64 number of its entry → later sitting; ids as in T_ROUTE_UNDER */
    T_TUTOR,                /* u8 kind, person → tutor */
    T_TUTOR_FREE,           /* u8 kind, unit covered, u64 charges, person → u64 limit: who is below his limit */
    T_CHARGE,               /* charge, u8 kind → tutor_assigned */
    T_CHARGE_OF,            /* u8 kind, tutor, charge → nothing */
    T_PROGRAMME,            /* programme → programme: copy of the registry, with the two that follow */
    T_ANSWERS,              /* text competency, u32 hours, programme → text code */
    T_FEDERAL,              /* programme, u32 day → u8: in the federal registry from that day on, or out of it */
    T_DOUBT,                /* stream → nothing: there has been another history of it, what is noted may be of that */
};

#define TIMER_AGREE_OVERDUE "agree_overdue"
#define TIMER_HAND_OVER_TUTOR "hand_over_tutor"                     /* key: the tutor who was released */
#define TIMER_HAND_OVER_METHODOLOGIST "hand_over_methodologist"
#define TIMER_ASK_AGAIN "ask_again"                                 /* key: the route after which to go on; nil: from the first */

struct routes_config { const struct profile *profile; int zone_minutes; };
int routes_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400]);

/* ── state.c: routes, their lists, support ── */
bool route_find(struct ctx *ctx, const struct uuid *id, struct route *route);
void route_put(struct ctx *ctx, const struct route *route);
/* Under nil, the person and all above him, by the number of the entry: each list only grows at its end. */
void list_put(struct ctx *ctx, table_t table, const struct uuid *scope, uint32_t n, uint64_t number, const struct uuid *id);
uint32_t route_scope(const struct route_drafted *draft, struct uuid scope[ENTRY_SCOPES_MAX]);
/* The latest routes of the person (under all his ids, places.h; so not in apply), at most `max`, in the order of drafting. */
uint32_t routes_of_person(struct ctx *ctx, const struct uuid *person, struct route *routes, uint32_t max);
#define ROUTES_LOOKED_AT 64             /* of a person: one for each result */
bool support_find(struct ctx *ctx, const struct uuid *person, day_t day, const char *form, struct uuid *id);
bool support_find_of_one(struct ctx *ctx, const struct uuid *person, day_t day, const char *form, struct uuid *id);     /* under all his ids */
void support_put(struct ctx *ctx, const struct support *support);

/* ── state_steps.c: steps, facts, effects ── */
/* The present states of all steps of the draft, in their order. */
void steps_read(struct ctx *ctx, const struct route_drafted *draft, struct step_now *now);
bool step_now_find(struct ctx *ctx, const struct uuid *route, uint64_t step, struct step_now *now);
void step_now_put(struct ctx *ctx, const struct uuid *route, const struct step_now *now);
bool noted_find(struct ctx *ctx, const struct uuid *person, const struct uuid *fact, struct fact_noted *noted);
void noted_put(struct ctx *ctx, const struct fact_noted *fact);
void noted_delete(struct ctx *ctx, const struct uuid *person, const struct uuid *fact);
/* Enrolments before documents, then by day and id. */
uint32_t noted_of(struct ctx *ctx, const struct uuid *person, struct fact_noted *facts, uint32_t max);
bool document_known(struct ctx *ctx, const struct uuid *completion);
void document_put(struct ctx *ctx, const struct uuid *completion);
bool effect_find(struct ctx *ctx, const struct uuid *after, struct effect *effect);
void effect_put(struct ctx *ctx, const struct effect *effect);

/* ── state_tutors.c ── */
bool tutor_find(struct ctx *ctx, int kind, const struct uuid *person, struct tutor *tutor);
/* Writes the row and where it stands among those who are free; `old`: as it was, NULL for a new one. */
void tutor_put(struct ctx *ctx, const struct tutor *old, const struct tutor *tutor);
void tutor_delete(struct ctx *ctx, const struct tutor *old);
/* Those who cover the unit and are below their limit, fewest charges first. */
uint32_t tutors_free(struct ctx *ctx, int kind, const struct uuid *unit, struct load_tutor *list, uint32_t max);
bool charge_find(struct ctx *ctx, const struct uuid *charge, int kind, struct tutor_assigned *assigned);
bool charge_find_of_one(struct ctx *ctx, const struct uuid *charge, int kind, struct tutor_assigned *assigned);     /* under any of his ids; not in apply */
void charge_put(struct ctx *ctx, const struct tutor_assigned *assigned);
void charge_delete(struct ctx *ctx, const struct tutor_assigned *assigned);
uint32_t charges_of(struct ctx *ctx, int kind, const struct uuid *tutor, struct tutor_assigned *list, uint32_t max);

/* ── ticks.c: a route being decided about: what is emitted is seen by what is decided next in the same group ── */
/* Emits the event about the route, on that day; reason may be NULL. */
void route_move_emit(struct ctx *ctx, const char *event, const struct route_drafted *draft, day_t day, const char *reason);
struct ticking { struct route route; uint32_t n; struct step_now *now; };
void ticking_begin(struct ctx *ctx, const struct route *route, struct ticking *ticking);
/* Moves step `at` by `event` with what `moved` adds; makes an agreed route active. */
void tick_step(struct ctx *ctx, struct ticking *ticking, uint32_t at, const char *event, enum step_state to, struct step_moved moved);
void tick_chosen(struct ctx *ctx, struct ticking *ticking, uint32_t at, const struct uuid *programme);
/* Does what the fact makes of the step, as match_step() has said. */
void tick_fact(struct ctx *ctx, struct ticking *ticking, uint32_t at, enum match match, const struct fact_noted *fact);
/* All that was noted before the route was agreed. */
void tick_noted(struct ctx *ctx, struct ticking *ticking);
uint32_t ticking_open(const struct ticking *ticking);       /* steps not accepted */
/* Closes the route when something has moved and nothing is open. */
void ticking_end(struct ctx *ctx, struct ticking *ticking);

/* ── registry.c: the copy of the registry of programmes, indexed by what a programme answers ── */
void registry_take_registered(struct ctx *ctx, const void *event);
void registry_take_included(struct ctx *ctx, const void *event);
void registry_take_excluded(struct ctx *ctx, const void *event);
bool programme_find(struct ctx *ctx, const struct uuid *id, struct programme *programme);
/* Steps and uncovered of the draft, for its day, from the shares that are deficits. */
void registry_plan(struct ctx *ctx, const struct sitting_scored *scored, struct route_drafted *draft);

/* ── follows.c: results and the term ── */
enum verdict react_sitting_scored(struct ctx *ctx, const void *event);
enum verdict fire_agree_overdue(struct ctx *ctx, const struct uuid *key, moment_t due);

/* ── follows_registry.c: what programmes says of a person ── */
enum verdict react_enrolment_opened(struct ctx *ctx, const void *event);
enum verdict react_enrolment_unknown(struct ctx *ctx, const void *event);
enum verdict react_enrolment_declined(struct ctx *ctx, const void *event);
enum verdict react_enrolment_ended(struct ctx *ctx, const void *event);
enum verdict react_completion_recorded(struct ctx *ctx, const void *event);

/* ── commands.c ── */
enum verdict decide_route_agree(struct ctx *ctx, const void *command);
enum verdict decide_agreement_record(struct ctx *ctx, const void *command);
enum verdict decide_route_activate(struct ctx *ctx, const void *command);
enum verdict decide_route_close(struct ctx *ctx, const void *command);
enum verdict decide_route_end(struct ctx *ctx, const void *command);
enum verdict decide_support_record(struct ctx *ctx, const void *command);
/* A recorded day: not in the future, nor further back than the profile lets. */
enum verdict need_day(struct ctx *ctx, day_t day);
/* A text that a person wrote, without what is around it; NULL: refused, for there is nothing in it. */
const char *need_text(struct ctx *ctx, const char *field, const char *text);

/* ── asking.c: after programmes was made again from a backup ── */
void routes_forked(struct ctx *ctx, const char *stream);
/* After what was noted has ticked: since when it was may be before the backup. */
void ask_if_in_doubt(struct ctx *ctx, const struct ticking *ticking);
enum verdict fire_ask_again(struct ctx *ctx, const struct uuid *key, moment_t due);
void apply_step_asked(struct ctx *ctx, const void *event);
void apply_asking_went_on(struct ctx *ctx, const void *event);

/* ── commands_step.c ── */
enum verdict decide_step_choose(struct ctx *ctx, const void *command);
enum verdict decide_step_submit(struct ctx *ctx, const void *command);
enum verdict decide_step_accept(struct ctx *ctx, const void *command);
enum verdict decide_step_return(struct ctx *ctx, const void *command);

/* ── commands_tutor.c ── */
enum verdict decide_tutor_appoint(struct ctx *ctx, const void *command);
enum verdict decide_tutor_release(struct ctx *ctx, const void *command);
enum verdict decide_tutor_assign(struct ctx *ctx, const void *command);
enum verdict fire_hand_over_tutor(struct ctx *ctx, const struct uuid *key, moment_t due);
enum verdict fire_hand_over_methodologist(struct ctx *ctx, const struct uuid *key, moment_t due);
/* A new live route: whoever is free accompanies a worker that nobody does yet. History says its own. */
void tutors_for_draft(struct ctx *ctx, const struct route_drafted *draft);

/* ── events.c ── */
void apply_route_drafted(struct ctx *ctx, const void *event);
void apply_route_agreed(struct ctx *ctx, const void *event);
void apply_route_activated(struct ctx *ctx, const void *event);
void apply_route_closed(struct ctx *ctx, const void *event);
void apply_route_ended(struct ctx *ctx, const void *event);
void apply_route_fell_overdue(struct ctx *ctx, const void *event);
void apply_support_recorded(struct ctx *ctx, const void *event);
void apply_effect_shown(struct ctx *ctx, const void *event);

/* ── events_step.c ── */
void apply_step_chosen(struct ctx *ctx, const void *event);
void apply_step_enrolled(struct ctx *ctx, const void *event);
void apply_step_declined(struct ctx *ctx, const void *event);
void apply_step_submitted(struct ctx *ctx, const void *event);
void apply_step_returned(struct ctx *ctx, const void *event);
void apply_step_accepted(struct ctx *ctx, const void *event);
void apply_step_confirmed(struct ctx *ctx, const void *event);
void apply_fact_noted(struct ctx *ctx, const void *event);
void apply_fact_dropped(struct ctx *ctx, const void *event);

/* ── events_tutor.c ── */
void apply_tutor_appointed(struct ctx *ctx, const void *event);
void apply_tutor_released(struct ctx *ctx, const void *event);
void apply_tutor_assigned(struct ctx *ctx, const void *event);
void apply_tutor_unassigned(struct ctx *ctx, const void *event);

/* ── lists.c: pages over what is within reach ── */
/* Fills row `at` with what stands under the id; its scope goes to `scope`, what it takes to `size`. 0: there is none. */
typedef uint32_t list_row(struct ctx *ctx, const struct uuid *id, uint32_t at, void *arg,
                          struct uuid scope[ENTRY_SCOPES_MAX], size_t *size);
struct list_wish { table_t table; struct uuid only; struct bytes after; uint32_t limit; list_row *row; void *arg; };
/* Rows given; `next` for the next page. Refuses, where `only` is nobody's within reach. */
enum verdict list_page(struct ctx *ctx, const struct list_wish *wish, uint32_t *n, struct bytes *next);

/* ── queries.c ── */
enum verdict answer_route_get(struct ctx *ctx, const void *query);
enum verdict answer_route_list(struct ctx *ctx, const void *query);
enum verdict answer_effect_list(struct ctx *ctx, const void *query);
enum verdict answer_tutor_list(struct ctx *ctx, const void *query);
