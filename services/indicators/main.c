#include "proto/roles.h"
#include "proto/roster_merge.h"
#include "services/indicators/indicators_state.h"

/* indicators: what the acts ask for by region, municipality and organisation, up to date as entries
 * arrive, and what persons judge (I1–I3). The table of contents. */
extern const struct service indicators_service;

#define EVERYBODY_BUT_WORKERS                                                                               \
    (ROLE(ROLE_SERVICE) | ROLE(ROLE_OPERATOR) | ROLE(ROLE_CONSOLE) | ROLE(ROLE_CENTRE)                \
     | ROLE(ROLE_INSTITUTE) | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_MUNICIPAL) | ROLE(ROLE_SCHOOL) | ROLE(ROLE_TUTOR))
#define KEEPERS (ROLE(ROLE_OPERATOR) | ROLE(ROLE_CENTRE) | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_SERVICE))

/* Who may know which persons stand behind a number, within reach. */
#define KNOWERS (ROLE(ROLE_CENTRE) | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_MUNICIPAL) | ROLE(ROLE_SCHOOL) | ROLE(ROLE_INSTITUTE))
#define JUDGES  (ROLE(ROLE_CENTRE) | ROLE(ROLE_AUTHORITY))

static const struct command_def COMMANDS[] = {
    { "indicators.judgement.record", &judgement_desc, &nothing_desc, JUDGES, decide_judgement, NULL },
};

static const struct event_def EVENTS[] = {
    { "indicators.judgement.recorded", 1, &judgement_desc, apply_judgement },
};

static const struct query_def QUERIES[] = {
    { "indicators.value.list",    &values_of_desc, &value_list_desc, EVERYBODY_BUT_WORKERS, answer_values },
    { "indicators.catalogue.get", &nothing_desc,   &catalogue_desc,  EVERYBODY_BUT_WORKERS, answer_catalogue },
    { "indicators.value.recount", &nothing_desc,   &recount_desc,    KEEPERS,               answer_recount },
    { "indicators.value.subjects", &subjects_of_desc, &subject_ids_desc, KNOWERS,           answer_subjects },
    { "indicators.judgement.list", &judgements_of_desc, &judgement_list_desc, EVERYBODY_BUT_WORKERS, answer_judgements },
};

static const struct projection_def PROJECTIONS[] = {
    { "roster",      "roster.organisation.registered",  1, &organisation_desc,       follow_organisation },
    { "roster",      "roster.person.registered",        1, &person_registered_desc,  follow_person },
    { "roster",      "roster.person.changed",           1, &person_registered_desc,  follow_person },
    { "roster",      "roster.person.merged",            1, &person_merged_desc,      follow_merged },
    { "roster",      "roster.person.unmerged",          1, &person_unmerged_desc,    follow_unmerged },
    { "roster",      "roster.post.opened",              1, &post_opened_desc,        follow_post_opened },
    { "roster",      "roster.post.closed",              1, &post_closed_desc,        follow_post_closed },
    { "diagnostics", "diagnostics.sitting.scored",      1, &sitting_scored_desc,     follow_sitting },
    { "routes",      "routes.route.drafted",            1, &route_drafted_desc,      follow_route_drafted },
    { "routes",      "routes.route.agreed",             1, &route_moved_desc,        follow_route_agreed },
    { "routes",      "routes.support.recorded",         1, &support_desc,            follow_support },
    { "routes",      "routes.tutor.appointed",          1, &tutor_appointed_desc,    follow_tutor_appointed },
    { "routes",      "routes.tutor.released",           1, &tutor_released_desc,     follow_tutor_released },
    { "routes",      "routes.tutor.assigned",           1, &tutor_assigned_desc,     follow_tutor_assigned },
    { "routes",      "routes.tutor.unassigned",         1, &tutor_assigned_desc,     follow_tutor_unassigned },
    { "programmes",  "programmes.programme.registered", 1, &programme_desc,          follow_programme },
    { "programmes",  "programmes.programme.included",   1, &programme_included_desc, follow_included },
    { "programmes",  "programmes.programme.excluded",   1, &programme_included_desc, follow_excluded },
    { "programmes",  "programmes.run.recorded",         1, &run_desc,                follow_run },
    { "programmes",  "programmes.enrolment.opened",     1, &enrolment_desc,          follow_enrolment },
    { "programmes",  "programmes.completion.recorded",  1, &completion_desc,         follow_completion },
};

static const struct table_def TABLES[] = {
    { "units",      TABLE_COPY },
    { "units_by",   TABLE_COPY },
    { "workers",    TABLE_COPY },
    { "teams",      TABLE_COPY },
    { "programmes", TABLE_COPY },
    { "tutors",     TABLE_COPY },
    { "counters",   TABLE_COPY },
    { "apart",      TABLE_COPY },
    { "into",       TABLE_COPY },
    { "merged",     TABLE_COPY },
    { "counted",    TABLE_COPY },
    { "judgements", TABLE_STATE },
    { "judged",     TABLE_STATE },
};

const struct service indicators_service = {
    .name = "indicators",
    .state_version = 2,
    .copy_version = 4,
    .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS),
    .events = ROWS(EVENTS),
    .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS),
    .roles = &role_names,
    .configure = indicators_configure,
    .prepare = counters_ready,
    .follow_roles = ROLE(ROLE_SERVICE) | ROLE(ROLE_OPERATOR),
    .carry_roles = ROLE(ROLE_CENTRE),
};
