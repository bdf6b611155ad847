#include "proto/roles.h"
#include "services/programmes/programmes_state.h"

/* programmes: the registry of programmes, runs, enrolments, attestations and completions. The table of contents. */
extern const struct service programmes_service;

#define MAKERS    (ROLE(ROLE_INSTITUTE) | ROLE(ROLE_CENTRE))
#define RECORDERS (MAKERS | ROLE(ROLE_MUNICIPAL))                /* of their own people: reach */
#define READERS   (MAKERS | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_MUNICIPAL) | ROLE(ROLE_SCHOOL) | ROLE(ROLE_TUTOR) | ROLE(ROLE_WORKER) | ROLE(ROLE_CONSOLE))
#define EVERYBODY (((roles_t)1 << role_count) - 1)          /* the registry is open to all */

static const struct table_def TABLES[] = {
    PLACES_TABLES,
    { "programmes",  TABLE_STATE },
    { "codes",       TABLE_STATE },
    { "registry",    TABLE_STATE },
    { "runs",        TABLE_STATE },
    { "completions", TABLE_STATE },
    { "counts",      TABLE_STATE },
    { "run",         TABLE_STATE },
    { "run_codes",   TABLE_STATE },
    { "enrolments",  TABLE_STATE },
    { "learning",    TABLE_STATE },
    { "in_run",      TABLE_STATE },
    { "open",        TABLE_STATE },
    { "waiting",     TABLE_STATE },
    { "wishes",      TABLE_STATE },
    { "steps",       TABLE_STATE },
    { "documents",   TABLE_STATE },
};

static const struct command_def COMMANDS[] = {
    { "programmes.programme.register", &programme_desc,          &registered_desc, MAKERS, decide_register,         NULL },
    { "programmes.programme.include",  &programme_included_desc, &nothing_desc,    MAKERS, decide_include,          NULL },
    { "programmes.programme.exclude",  &programme_included_desc, &nothing_desc,    MAKERS, decide_exclude,          NULL },
    { "programmes.run.record",         &run_desc,                &registered_desc, MAKERS, decide_run,              NULL },
    { "programmes.enrolment.open",     &enrolment_open_desc,     &registered_desc, MAKERS, decide_enrolment_open,   NULL },
    { "programmes.enrolment.record",   &enrolment_record_desc,   &registered_desc, MAKERS, decide_enrolment_record, NULL },
    { "programmes.enrolment.end",      &enrolment_end_desc,      &nothing_desc,    MAKERS, decide_enrolment_end,    NULL },
    { "programmes.attestation.record", &attestation_record_desc, &nothing_desc,    MAKERS, decide_attestation,      NULL },
    { "programmes.certificate.issue",  &certificate_issue_desc,  &registered_desc, MAKERS, decide_certificate,      NULL },
    { "programmes.completion.record",  &completion_record_desc,  &registered_desc, RECORDERS, decide_completion,    NULL },
};

static const struct event_def EVENTS[] = {
    { "programmes.programme.registered", 1, &programme_desc,          apply_registered },
    { "programmes.programme.included",   1, &programme_included_desc, apply_included },
    { "programmes.programme.excluded",   1, &programme_included_desc, apply_excluded },
    { "programmes.run.recorded",         1, &run_desc,                apply_run },
    { "programmes.enrolment.opened",     1, &enrolment_desc,          apply_opened },
    { "programmes.enrolment.declined",   1, &enrolment_declined_desc, apply_declined },
    { "programmes.enrolment.unknown",    1, &enrolment_unknown_desc, apply_unknown },
    { "programmes.enrolment.ended",      1, &enrolment_ended_desc,    apply_ended },
    { "programmes.wish.dropped",         1, &wish_desc,               apply_dropped },
    { "programmes.attestation.recorded", 1, &attestation_desc,        apply_attested },
    { "programmes.completion.recorded",  1, &completion_desc,         apply_completion },
};

static const struct query_def QUERIES[] = {
    { "programmes.programme.get",  &id_desc,            &programme_row_desc,  EVERYBODY, answer_get },
    { "programmes.programme.find", &codes_desc,         &found_desc,          EVERYBODY, answer_find },
    { "programmes.programme.list", &page_desc,          &programme_list_desc, EVERYBODY, answer_list },
    { "programmes.run.list",       &runs_of_desc,       &run_list_desc,       EVERYBODY, answer_runs },
    { "programmes.enrolment.get",  &id_desc,            &enrolment_row_desc,  READERS,   answer_enrolment },
    { "programmes.enrolment.list", &enrolments_of_desc, &enrolment_list_desc, READERS,   answer_enrolments },
    { "programmes.wish.list",      &runs_of_desc,       &wish_list_desc,      READERS,   answer_wishes },
};

static const struct projection_def PROJECTIONS[] = { PLACES_PROJECTIONS };

static const struct reaction_def REACTIONS[] = {
    { "routes", "routes.step.chosen",   1, &step_chosen_desc, react_step_chosen },
    { "routes", "routes.step.asked",    1, &step_asked_desc,  react_step_asked },
    { "routes", "routes.step.accepted", 1, &step_moved_desc,  react_step_accepted },
    { "routes", "routes.route.ended",   1, &route_moved_desc, react_route_ended },
};

static const struct timer_def TIMERS[] = {
    { TIMER_WAITING, fire_waiting },
};

const struct service programmes_service = {
    .name = "programmes",
    .state_version = 3,
    .copy_version = 3,
    .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS),
    .events = ROWS(EVENTS),
    .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS),
    .reactions = ROWS(REACTIONS),
    .timers = ROWS(TIMERS),
    .roles = &role_names,
    .configure = profile_configure,
    .follow_roles = ROLE(ROLE_SERVICE) | ROLE(ROLE_OPERATOR) | ROLE(ROLE_MUNICIPAL),
    .carry_roles = ROLE(ROLE_CENTRE),
};
