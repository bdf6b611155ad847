#include "proto/roles.h"
#include "services/programmes/programmes_state.h"

/* programmes: the registry of programmes, runs and completions. The table of contents. */
extern const struct service programmes_service;

#define MAKERS    (ROLE(ROLE_INSTITUTE) | ROLE(ROLE_CENTRE))
#define EVERYBODY (((roles_t)1 << role_count) - 1)          /* the registry is open to all */

static const struct table_def TABLES[] = {
    PLACES_TABLES,
    { "programmes",  TABLE_STATE },
    { "codes",       TABLE_STATE },
    { "registry",    TABLE_STATE },
    { "runs",        TABLE_STATE },
    { "completions", TABLE_STATE },
    { "counts",      TABLE_STATE },
};

static const struct command_def COMMANDS[] = {
    { "programmes.programme.register", &programme_desc,          &registered_desc, MAKERS, decide_register,   NULL },
    { "programmes.programme.include",  &programme_included_desc, &nothing_desc,    MAKERS, decide_include,    NULL },
    { "programmes.programme.exclude",  &programme_included_desc, &nothing_desc,    MAKERS, decide_exclude,    NULL },
    { "programmes.run.record",         &run_desc,                &registered_desc, MAKERS, decide_run,        NULL },
    { "programmes.completion.record",  &completion_record_desc,  &registered_desc, MAKERS, decide_completion, NULL },
};

static const struct event_def EVENTS[] = {
    { "programmes.programme.registered", 1, &programme_desc,          apply_registered },
    { "programmes.programme.included",   1, &programme_included_desc, apply_included },
    { "programmes.programme.excluded",   1, &programme_included_desc, apply_excluded },
    { "programmes.run.recorded",         1, &run_desc,                apply_run },
    { "programmes.completion.recorded",  1, &completion_desc,         apply_completion },
};

static const struct query_def QUERIES[] = {
    { "programmes.programme.get",  &id_desc,    &programme_row_desc,  EVERYBODY, answer_get },
    { "programmes.programme.find", &codes_desc, &found_desc,          EVERYBODY, answer_find },
    { "programmes.programme.list", &page_desc,  &programme_list_desc, EVERYBODY, answer_list },
};

static const struct projection_def PROJECTIONS[] = { PLACES_PROJECTIONS };

const struct service programmes_service = {
    .name = "programmes",
    .state_version = 1,
    .copy_version = 1,
    .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS),
    .events = ROWS(EVENTS),
    .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS),
    .roles = &role_names,
    .configure = profile_configure,
    .follow_roles = ROLE(ROLE_SERVICE) | ROLE(ROLE_OPERATOR),
};
