#include "services/routes/routes.h"

/* The service of routes and support: its table of contents. */

extern const struct service routes_service;

#define CENTRE     ROLE(ROLE_CENTRE)
#define TUTORS     (CENTRE | ROLE(ROLE_TUTOR))
#define SUPPORTERS (CENTRE | ROLE(ROLE_MUNICIPAL) | ROLE(ROLE_SCHOOL))
#define READERS    (TUTORS | SUPPORTERS | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_WORKER) | ROLE(ROLE_CONSOLE))

static const struct table_def TABLES[] = {
    PLACES_TABLES,
    { "routes",       TABLE_STATE },
    { "routes_under", TABLE_STATE },
    { "supports",     TABLE_STATE },
    { "programmes",   TABLE_COPY },
    { "answers",      TABLE_COPY },
    { "federal",      TABLE_COPY },
};

static const struct command_def COMMANDS[] = {
    { "routes.route.agree",      &route_move_desc,       &nothing_desc,    TUTORS,     decide_route_agree,      NULL },
    { "routes.agreement.record", &agreement_record_desc, &nothing_desc,    CENTRE,     decide_agreement_record, NULL },
    { "routes.route.activate",   &route_move_desc,       &nothing_desc,    TUTORS,     decide_route_activate,   NULL },
    { "routes.route.close",      &route_move_desc,       &nothing_desc,    TUTORS,     decide_route_close,      NULL },
    { "routes.support.record",   &support_record_desc,   &registered_desc, SUPPORTERS, decide_support_record,   NULL },
};

static const struct event_def EVENTS[] = {
    { "routes.route.drafted",      1, &route_drafted_desc, apply_route_drafted },
    { "routes.route.agreed",       1, &route_moved_desc,   apply_route_agreed },
    { "routes.route.activated",    1, &route_moved_desc,   apply_route_activated },
    { "routes.route.closed",       1, &route_moved_desc,   apply_route_closed },
    { "routes.route.fell_overdue", 1, &route_moved_desc,   apply_route_fell_overdue },
    { "routes.support.recorded",   1, &support_desc,       apply_support_recorded },
};

static const struct query_def QUERIES[] = {
    { "routes.route.get",  &route_move_desc, &route_desc,      READERS, answer_route_get },
    { "routes.route.list", &routes_of_desc,  &route_list_desc, READERS, answer_route_list },
};

static const struct projection_def PROJECTIONS[] = {
    PLACES_PROJECTIONS,
    { "programmes", "programmes.programme.registered", 1, &programme_desc,          take_programme_registered },
    { "programmes", "programmes.programme.included",   1, &programme_included_desc, take_programme_included },
    { "programmes", "programmes.programme.excluded",   1, &programme_included_desc, take_programme_excluded },
};

static const struct reaction_def REACTIONS[] = {
    { "diagnostics", "diagnostics.sitting.scored", 1, &sitting_scored_desc, react_sitting_scored },
};

static const struct timer_def TIMERS[] = {
    { TIMER_AGREE_OVERDUE, fire_agree_overdue },
};

const struct service routes_service = {
    .name = "routes",
    .state_version = 1,
    .copy_version = 1,
    .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS),
    .events = ROWS(EVENTS),
    .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS),
    .reactions = ROWS(REACTIONS),
    .timers = ROWS(TIMERS),
    .roles = &role_names,
    .configure = routes_configure,
    .follow_roles = ROLE(ROLE_SERVICE) | ROLE(ROLE_OPERATOR),
};
