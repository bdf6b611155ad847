#include "common/service/errand.h"
#include "services/node/intake.h"
#include "services/node/node.h"
#include "services/node/sender.h"

/* node: a municipality's queue for the region, and its read copies. */

extern const struct service node_service;

#define LOCAL  ROLE(ROLE_MUNICIPAL)                     /* who sits at this node */
#define OWN    ROLE(ROLE_SERVICE)                       /* its errands */
#define LOOKERS (LOCAL | OWN | ROLE(ROLE_OPERATOR))

static const struct table_def TABLES[] = {
    PLACES_TABLES,
    { "items", TABLE_STATE },       { "ids", TABLE_STATE },             { "waiting", TABLE_STATE },
    { "refused", TABLE_STATE },     { "conflicts", TABLE_STATE },       { "rows", TABLE_STATE },
    { "codes", TABLE_STATE },       { "files", TABLE_STATE },           { "counts", TABLE_STATE },
    { "copy", TABLE_STATE },        { "positions", TABLE_STATE },       { "unit_codes", TABLE_COPY },
    { "persons", TABLE_COPY },      { "programmes", TABLE_COPY },       { "programme_codes", TABLE_COPY },
    { "federal", TABLE_COPY },      { "frameworks", TABLE_COPY },       { "procedures", TABLE_COPY },
    { "routes", TABLE_COPY },       { "enrolments", TABLE_COPY },
    { "intake", TABLE_COPY },
};
_Static_assert(sizeof TABLES / sizeof *TABLES == T_END - TABLE_OWN, "a table without its name");

static const struct command_def COMMANDS[] = {
    { "node.item.enter",     &node_enter_desc,     &node_entered_desc,       LOCAL | OWN, decide_item_enter,     NULL },
    { "node.rows.enter",     &node_rows_desc,      &node_rows_entered_desc,  OWN,         decide_rows_enter,     NULL },
    { "node.file.close",     &node_file_id_desc,   &nothing_desc,            OWN,         decide_file_close,     NULL },
    { "node.items.complete", &node_complete_desc,  &nothing_desc,            OWN,         decide_items_complete, NULL },
    { "node.items.answer",   &node_answer_desc,    &node_answers_taken_desc, LOCAL | OWN, decide_items_answer,   NULL },
    { "node.lane.open",      &node_lane_desc,      &nothing_desc,            OWN,         decide_lane_open,      NULL },
    { "node.copy.hold",      &node_held_desc,      &nothing_desc,            OWN,         decide_copy_hold,      NULL },
    { "node.copy.release",   &node_released_desc,  &nothing_desc,            OWN,         decide_copy_release,   NULL },
};
static const struct event_def EVENTS[] = {
    { "node.item.queued",     1, &node_queued_desc,    apply_item_queued },
    { "node.item.completed",  1, &node_completed_desc, apply_item_completed },
    { "node.item.answered",   1, &node_answered_desc,  apply_item_answered },
    { "node.item.conflicted", 1, &node_answered_desc,  apply_item_conflicted },
    { "node.file.taken",      1, &node_file_desc,      apply_file_taken },
    { "node.file.closed",     1, &node_file_id_desc,   apply_file_closed },
    { "node.lane.opened",     1, &node_lane_desc,      apply_lane_opened },
    { "node.copy.held",       1, &node_held_desc,      apply_copy_held },
    { "node.copy.released",   1, &node_released_desc,  apply_copy_released },
};
static const struct query_def QUERIES[] = {
    { "node.status.get",     &nothing_desc,         &node_status_desc,     LOOKERS, query_status },
    { "node.intake.get",     &nothing_desc,         &intake_key_desc,      LOOKERS, query_intake },
    { "node.item.list",      &node_items_of_desc,   &node_items_desc,      LOOKERS, query_items },
    { "node.letter.list",    &node_letters_of_desc, &node_letters_desc,    LOCAL,   query_letters },
    { "node.person.list",    &page_desc,            &node_persons_desc,    LOCAL,   query_persons },
    { "node.programme.list", &page_desc,            &node_programmes_desc, LOCAL,   query_programmes },
    { "node.framework.list", &page_desc,            &node_frameworks_desc, LOCAL,   query_frameworks },
    { "node.procedure.list", &page_desc,            &procedure_list_desc,  LOCAL,   query_procedures },
    { "node.enrolment.list", &page_desc,            &node_enrolments_desc, LOCAL,   query_enrolments },
    { "node.route.list",     &page_desc,            &route_list_desc,      LOCAL,   query_routes },
};
static const struct projection_def PROJECTIONS[] = {
    { "roster", "roster.organisation.registered", 1, &organisation_desc,       take_organisation },
    { "roster", "roster.post.opened",             1, &post_opened_desc,        take_post_opened },
    { "roster", "roster.post.closed",             1, &post_closed_desc,        places_take_closed },
    { "roster", "roster.person.handed_over",      1, &person_handed_over_desc, take_handed_over },
    { "roster", "roster.person.merged",           1, &person_merged_desc,      places_take_merged },
    { "roster", "roster.person.unmerged",         1, &person_unmerged_desc,    places_take_unmerged },
    { "roster", "roster.person.withdrawn",        1, &person_withdrawn_desc,   take_withdrawn },
    { "roster", "roster.intake.turned",           1, &intake_turned_desc,      take_intake_turned },
    { "diagnostics", "diagnostics.framework.published", 1, &framework_desc, take_framework },
    { "diagnostics", "diagnostics.procedure.opened",    1, &procedure_desc, take_procedure },
    { "programmes", "programmes.programme.registered", 1, &programme_desc,          take_programme },
    { "programmes", "programmes.programme.included",   1, &programme_included_desc, take_included },
    { "programmes", "programmes.programme.excluded",   1, &programme_included_desc, take_excluded },
    { "programmes", "programmes.enrolment.opened",     1, &enrolment_desc,          take_enrolment },
    { "programmes", "programmes.enrolment.ended",      1, &enrolment_ended_desc,    take_enrolment_ended },
    { "routes", "routes.route.drafted",      1, &route_drafted_desc, take_route_drafted },
    { "routes", "routes.route.agreed",       1, &route_moved_desc,   take_route_agreed },
    { "routes", "routes.route.activated",    1, &route_moved_desc,   take_route_activated },
    { "routes", "routes.route.closed",       1, &route_moved_desc,   take_route_closed },
    { "routes", "routes.route.ended",        1, &route_moved_desc,   take_route_ended },
    { "routes", "routes.route.fell_overdue", 1, &route_moved_desc,   take_route_overdue },
    { "routes", "routes.step.chosen",        1, &step_chosen_desc,   take_step_chosen },
    { "routes", "routes.step.enrolled",      1, &step_moved_desc,    take_step_enrolled },
    { "routes", "routes.step.declined",      1, &step_moved_desc,    take_step_declined },
    { "routes", "routes.step.submitted",     1, &step_moved_desc,    take_step_submitted },
    { "routes", "routes.step.returned",      1, &step_moved_desc,    take_step_returned },
    { "routes", "routes.step.accepted",      1, &step_moved_desc,    take_step_accepted },
};
static const struct errand_def ERRANDS[] = {
    { .name = "sender", .memory = sizeof(struct node_sender), .step = sender_step, .end = sender_end },
    { .name = "intake", .memory = sizeof(struct intake), .step = intake_step, .end = intake_end },
};

const struct service node_service = {
    .name = "node", .state_version = 2, .copy_version = 3,
    .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS),
    .events = ROWS(EVENTS),
    .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS),
    .errands = ERRANDS, .errand_count = sizeof ERRANDS / sizeof *ERRANDS,
    .roles = &role_names,
    .configure = node_configure,
    .follow_roles = ROLE(ROLE_OPERATOR),
};
