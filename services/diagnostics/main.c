#include "services/diagnostics/diagnostics.h"

/* The service of frameworks, instruments, procedures and sittings: its table of contents. */

extern const struct service diagnostics_service;

#define MAKERS   (ROLE(ROLE_CENTRE) | ROLE(ROLE_INSTITUTE))
#define SELF     (ROLE(ROLE_WORKER) | ROLE(ROLE_CONSOLE))
#define READERS  (MAKERS | SELF | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_MUNICIPAL) | ROLE(ROLE_SCHOOL) | ROLE(ROLE_TUTOR))
#define RECORDERS (ROLE(ROLE_CENTRE) | ROLE(ROLE_MUNICIPAL))      /* of their own people: reach */
#define RESULTS  (SELF | ROLE(ROLE_CENTRE) | ROLE(ROLE_TUTOR))
#define ANALYSTS (MAKERS | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_MUNICIPAL) | ROLE(ROLE_SCHOOL))

static const struct table_def TABLES[] = {
    PLACES_TABLES,
    { "codes",        TABLE_STATE },
    { "frameworks",   TABLE_STATE },
    { "competencies", TABLE_STATE },
    { "instruments",  TABLE_STATE },
    { "forms",        TABLE_STATE },
    { "procedures",   TABLE_STATE },
    { "sittings",     TABLE_STATE },
    { "sittings_of",  TABLE_STATE },
    { "answers",      TABLE_STATE },
    { "scores",       TABLE_STATE },
    { "marks",        TABLE_STATE },
    { "counts",       TABLE_STATE },
};

static const struct command_def COMMANDS[] = {
    { "diagnostics.framework.publish",  &framework_desc,      &registered_desc,    MAKERS, decide_framework_publish,  NULL },
    { "diagnostics.instrument.publish", &instrument_desc,     &registered_desc,    MAKERS, decide_instrument_publish, NULL },
    { "diagnostics.procedure.open",     &procedure_desc,      &registered_desc,    MAKERS, decide_procedure_open,     NULL },
    { "diagnostics.sitting.start",      &sitting_start_desc,  &sitting_begun_desc, SELF,   decide_sitting_start,      NULL },
    { "diagnostics.sitting.save",       &sitting_save_desc,   &nothing_desc,       SELF,   decide_sitting_save,       NULL },
    { "diagnostics.sitting.submit",     &sitting_id_desc,     &nothing_desc,       SELF,   decide_sitting_submit,     NULL },
    { "diagnostics.sitting.record",     &sitting_record_desc, &registered_desc,    RECORDERS, decide_sitting_record, NULL },
};

static const struct event_def EVENTS[] = {
    { "diagnostics.framework.published",  1, &framework_desc,       apply_framework_published },
    { "diagnostics.instrument.published", 1, &instrument_desc,      apply_instrument_published },
    { "diagnostics.procedure.opened",     1, &procedure_desc,       apply_procedure_opened },
    { "diagnostics.sitting.started",      1, &sitting_started_desc, apply_sitting_started },
    { "diagnostics.sitting.saved",        1, &sitting_save_desc,    apply_sitting_saved },
    { "diagnostics.sitting.submitted",    1, &sitting_id_desc,      apply_sitting_submitted },
    { "diagnostics.sitting.timed_out",    1, &sitting_id_desc,      apply_sitting_timed_out },
    { "diagnostics.sitting.scored",       1, &sitting_scored_desc,  apply_sitting_scored },
};

static const struct query_def QUERIES[] = {
    { "diagnostics.framework.get",  &id_desc,         &framework_desc,       READERS,  answer_framework_get },
    { "diagnostics.instrument.get", &id_desc,         &instrument_desc,      READERS,  answer_instrument_get },
    { "diagnostics.procedure.get",  &id_desc,         &procedure_desc,       READERS,  answer_procedure_get },
    { "diagnostics.procedure.list", &page_desc,       &procedure_list_desc,  READERS,  answer_procedure_list },
    { "diagnostics.sitting.get",    &sitting_id_desc, &sitting_desc,         RESULTS,  answer_sitting_get },
    { "diagnostics.deficit.summary", &unit_year_desc, &deficit_summary_desc, ANALYSTS, answer_deficit_summary },
};

static const struct projection_def PROJECTIONS[] = { PLACES_PROJECTIONS };

static const struct timer_def TIMERS[] = {
    { TIMER_SITTING_END, fire_sitting_end },
};

const struct service diagnostics_service = {
    .name = "diagnostics",
    .state_version = 1,
    .copy_version = 3,
    .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS),
    .events = ROWS(EVENTS),
    .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS),
    .timers = ROWS(TIMERS),
    .roles = &role_names,
    .configure = profile_configure,
    .follow_roles = ROLE(ROLE_SERVICE) | ROLE(ROLE_OPERATOR) | ROLE(ROLE_MUNICIPAL),
    .follow_public = ROLE(ROLE_MUNICIPAL),  /* frameworks and procedures: neither keys nor anybody's answers */
    .carry_roles = ROLE(ROLE_CENTRE),
};
