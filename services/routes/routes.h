#pragma once
#include "common/core/err.h"
#include "proto/profile.h"
#include "proto/roles.h"
#include "services/routes/planner.h"
#include "services/shared/places.h"

/* routes: what its files share and nobody else includes. main.c is the table of contents.
 *
 * Rules      a route is drafted by itself as soon as a result is scored (M1; Чукотка, дор. карта п. 17;
 *            Югра п. 4.6), also where there is no deficit: its draft then has no steps and is agreed like
 *            any other (Томск, показатели 1 и 2: the targets are equal). A draft is not «разработан»: the
 *            act of a person is, hence route.agree.
 *            draft → agreed → active → closed, nothing else (M4).
 *            The term runs from the last day of the procedure (Югра п. 4.6), in the region's time; 0 in the
 *            profile: the act sets none. Recorded history has none.
 *
 * Reasons of refusals, and their args:
 *   out_of_reach                 the subject is not the principal's
 *   organisation_unknown person_unknown  no_post_on_day {day}      see places.h
 *   route_unknown
 *   wrong_state {state, needed}
 *   day_before_draft {draft}     nothing is agreed before it is drafted
 *   day_not_allowed {back_days}  in the future, or too far back
 *   no_profile                   the service was started without the region's settings
 *   already_recorded {support}   the same person, form and day
 *   already_drafted              the reaction has met this sitting before (log only) */

enum {
    T_ROUTE = PLACES_END,   /* route → route */
    T_ROUTE_UNDER,          /* id, u64 number of the draft's entry → route. Ids: nil (all), the person, his chain */
    T_SUPPORT,              /* person, u32 day, text form → support id */
    T_PROGRAMME,            /* programme → programme: copy of the registry, with the two that follow */
    T_ANSWERS,              /* text competency, u32 hours, programme → text code */
    T_FEDERAL,              /* programme, u32 day → u8: in the federal registry from that day on, or out of it */
};

#define TIMER_AGREE_OVERDUE "agree_overdue"

struct routes_config { const struct profile *profile; int zone_minutes; };
int routes_configure(const char *file, struct arena *arena, const void **config, int *zone_minutes, char says[400]);

/* ── state.c: own tables ── */
bool route_find(struct ctx *ctx, const struct uuid *id, struct route *route);
void route_put(struct ctx *ctx, const struct route *route);
void route_list_put(struct ctx *ctx, const struct route_drafted *draft, uint64_t number);
bool support_find(struct ctx *ctx, const struct uuid *person, day_t day, const char *form, struct uuid *id);
void support_put(struct ctx *ctx, const struct support *support);
uint32_t route_scope(const struct route_drafted *draft, struct uuid scope[ENTRY_SCOPES_MAX]);

/* ── catalogue.c: the copy of the registry, indexed by what a programme answers ── */
void take_programme_registered(struct ctx *ctx, const void *event);
void take_programme_included(struct ctx *ctx, const void *event);
void take_programme_excluded(struct ctx *ctx, const void *event);
/* Steps and uncovered of the draft, for its day, from the shares that are deficits. */
void catalogue_plan(struct ctx *ctx, const struct sitting_scored *scored, struct route_drafted *draft);

/* ── follows.c: the reaction and the timer ── */
enum verdict react_sitting_scored(struct ctx *ctx, const void *event);
enum verdict fire_agree_overdue(struct ctx *ctx, const struct uuid *key, moment_t due);

/* ── commands.c ── */
enum verdict decide_route_agree(struct ctx *ctx, const void *command);
enum verdict decide_agreement_record(struct ctx *ctx, const void *command);
enum verdict decide_route_activate(struct ctx *ctx, const void *command);
enum verdict decide_route_close(struct ctx *ctx, const void *command);
enum verdict decide_support_record(struct ctx *ctx, const void *command);
/* Emits the event about the route, on that day. */
void route_move_emit(struct ctx *ctx, const char *event, const struct route_drafted *draft, day_t day);

/* ── events.c ── */
void apply_route_drafted(struct ctx *ctx, const void *event);
void apply_route_agreed(struct ctx *ctx, const void *event);
void apply_route_activated(struct ctx *ctx, const void *event);
void apply_route_closed(struct ctx *ctx, const void *event);
void apply_route_fell_overdue(struct ctx *ctx, const void *event);
void apply_support_recorded(struct ctx *ctx, const void *event);

/* ── queries.c ── */
enum verdict answer_route_get(struct ctx *ctx, const void *query);
enum verdict answer_route_list(struct ctx *ctx, const void *query);
