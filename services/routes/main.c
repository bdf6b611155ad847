#include "services/routes/routes.h"

/* The service of routes and support: its table of contents. */

extern const struct service routes_service;

#define CENTRE     ROLE(ROLE_CENTRE)
#define TUTORS     (CENTRE | ROLE(ROLE_TUTOR))
#define LEADERS    (CENTRE | ROLE(ROLE_MUNICIPAL))
#define HIMSELF    (ROLE(ROLE_WORKER) | ROLE(ROLE_CONSOLE))
#define SUPPORTERS (CENTRE | ROLE(ROLE_MUNICIPAL) | ROLE(ROLE_SCHOOL))
#define READERS    (TUTORS | SUPPORTERS | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_WORKER) | ROLE(ROLE_CONSOLE))

static const struct table_def TABLES[] = {
    PLACES_TABLES,
    { "routes",       TABLE_STATE },
    { "routes_under", TABLE_STATE },
    { "supports",     TABLE_STATE },
    { "steps",        TABLE_STATE },
    { "noted",        TABLE_STATE },
    { "documents",    TABLE_STATE },
    { "effects",      TABLE_STATE },
    { "effects_under", TABLE_STATE },
    { "tutors",       TABLE_STATE },
    { "tutors_free",  TABLE_STATE },
    { "charges",      TABLE_STATE },
    { "charges_of",   TABLE_STATE },
    { "programmes",   TABLE_COPY },
    { "answers",      TABLE_COPY },
    { "federal",      TABLE_COPY },
    { "doubt",        TABLE_STATE },
};

static const struct command_def COMMANDS[] = {
    { "routes.route.agree",      &route_move_desc,       &nothing_desc,    TUTORS,     decide_route_agree,      NULL },
    { "routes.agreement.record", &agreement_record_desc, &nothing_desc,    CENTRE,     decide_agreement_record, NULL },
    { "routes.route.activate",   &route_move_desc,       &nothing_desc,    TUTORS,     decide_route_activate,   NULL },
    { "routes.route.close",      &route_move_desc,       &nothing_desc,    TUTORS,     decide_route_close,      NULL },
    { "routes.route.end",        &route_end_desc,        &nothing_desc,    TUTORS,     decide_route_end,        NULL },
    { "routes.step.choose",      &step_choose_desc,      &nothing_desc,    TUTORS | HIMSELF, decide_step_choose, NULL },
    { "routes.step.submit",      &step_submit_desc,      &nothing_desc,    HIMSELF | ROLE(ROLE_MUNICIPAL), decide_step_submit,      NULL },
    { "routes.step.accept",      &step_accept_desc,      &nothing_desc,    TUTORS,     decide_step_accept,      NULL },
    { "routes.step.return",      &step_return_desc,      &nothing_desc,    TUTORS,     decide_step_return,      NULL },
    { "routes.tutor.appoint",    &tutor_appoint_desc,    &nothing_desc,    LEADERS,    decide_tutor_appoint,    NULL },
    { "routes.tutor.release",    &tutor_release_desc,    &nothing_desc,    LEADERS,    decide_tutor_release,    NULL },
    { "routes.tutor.assign",     &tutor_assign_desc,     &nothing_desc,    LEADERS,    decide_tutor_assign,     NULL },
    { "routes.support.record",   &support_record_desc,   &registered_desc, SUPPORTERS, decide_support_record,   NULL },
};

static const struct event_def EVENTS[] = {
    { "routes.route.drafted",      1, &route_drafted_desc, apply_route_drafted },
    { "routes.route.agreed",       1, &route_moved_desc,   apply_route_agreed },
    { "routes.route.activated",    1, &route_moved_desc,   apply_route_activated },
    { "routes.route.closed",       1, &route_moved_desc,   apply_route_closed },
    { "routes.route.ended",        1, &route_moved_desc,   apply_route_ended },
    { "routes.route.fell_overdue", 1, &route_moved_desc,   apply_route_fell_overdue },
    { "routes.step.chosen",        1, &step_chosen_desc,   apply_step_chosen },
    { "routes.step.asked",         1, &step_asked_desc,    apply_step_asked },
    { "routes.step.enrolled",      1, &step_moved_desc,    apply_step_enrolled },
    { "routes.step.declined",      1, &step_moved_desc,    apply_step_declined },
    { "routes.step.submitted",     1, &step_moved_desc,    apply_step_submitted },
    { "routes.step.returned",      1, &step_moved_desc,    apply_step_returned },
    { "routes.step.accepted",      1, &step_moved_desc,    apply_step_accepted },
    { "routes.step.confirmed",     1, &step_moved_desc,    apply_step_confirmed },
    { "routes.fact.noted",         1, &fact_noted_desc,    apply_fact_noted },
    { "routes.fact.dropped",       1, &fact_dropped_desc,  apply_fact_dropped },
    { "routes.asking.went_on",     1, &asking_went_on_desc, apply_asking_went_on },
    { "routes.effect.shown",       1, &effect_desc,        apply_effect_shown },
    { "routes.tutor.appointed",    1, &tutor_appointed_desc, apply_tutor_appointed },
    { "routes.tutor.released",     1, &tutor_released_desc, apply_tutor_released },
    { "routes.tutor.assigned",     1, &tutor_assigned_desc, apply_tutor_assigned },
    { "routes.tutor.unassigned",   1, &tutor_assigned_desc, apply_tutor_unassigned },
    { "routes.support.recorded",   1, &support_desc,       apply_support_recorded },
};

static const struct query_def QUERIES[] = {
    { "routes.route.get",  &route_move_desc, &route_desc,      READERS, answer_route_get },
    { "routes.route.list", &routes_of_desc,  &route_list_desc, READERS, answer_route_list },
    { "routes.effect.list", &effects_of_desc, &effect_list_desc, READERS, answer_effect_list },
    { "routes.tutor.list", &tutors_of_desc,  &tutor_list_desc, READERS, answer_tutor_list },
};

static const struct projection_def PROJECTIONS[] = {
    PLACES_PROJECTIONS,
    { "programmes", "programmes.programme.registered", 1, &programme_desc,          registry_take_registered },
    { "programmes", "programmes.programme.included",   1, &programme_included_desc, registry_take_included },
    { "programmes", "programmes.programme.excluded",   1, &programme_included_desc, registry_take_excluded },
};

static const struct reaction_def REACTIONS[] = {
    { "diagnostics", "diagnostics.sitting.scored", 1, &sitting_scored_desc, react_sitting_scored },
    { "programmes", "programmes.enrolment.opened",    1, &enrolment_desc,          react_enrolment_opened },
    { "programmes", "programmes.enrolment.declined",  1, &enrolment_declined_desc, react_enrolment_declined },
    { "programmes", "programmes.enrolment.unknown",   1, &enrolment_unknown_desc,  react_enrolment_unknown },
    { "programmes", "programmes.enrolment.ended",     1, &enrolment_ended_desc,    react_enrolment_ended },
    { "programmes", "programmes.completion.recorded", 1, &completion_desc,         react_completion_recorded },
};

static const struct timer_def TIMERS[] = {
    { TIMER_AGREE_OVERDUE, fire_agree_overdue },
    { TIMER_HAND_OVER_TUTOR, fire_hand_over_tutor },
    { TIMER_HAND_OVER_METHODOLOGIST, fire_hand_over_methodologist },
    { TIMER_ASK_AGAIN, fire_ask_again },
};

const struct service routes_service = {
    .name = "routes",
    .state_version = 3,
    .copy_version = 4,      /* 2: programmes is followed again, for the enrolments and documents that 1 did not hear */
    .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS),
    .events = ROWS(EVENTS),
    .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS),
    .reactions = ROWS(REACTIONS),
    .timers = ROWS(TIMERS),
    .roles = &role_names,
    .configure = routes_configure,
    .forked = routes_forked,
    .follow_roles = ROLE(ROLE_SERVICE) | ROLE(ROLE_OPERATOR) | ROLE(ROLE_MUNICIPAL),
    .carry_roles = ROLE(ROLE_CENTRE),
};
