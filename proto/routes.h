#pragma once
#include "proto/programmes.h"

/* routes: individual routes (ИОМ) and support of young educators (M1–M4 thin, M9). */
#define STEPS_MAX 32

/* Why a step was chosen, as a token; the sentence is made at the edge. */
#define STEP_REASONS(X)                                                                     \
    X(STEP_FEDERAL_FEWEST_HOURS, "federal_fewest_hours")    /* of the federal registry, fewest hours for what it covers */ \
    X(STEP_FEWEST_HOURS, "fewest_hours")                    /* none of the federal registry covers it */
ENUM_DECLARE(step_reason, STEP_REASONS)
#define STEP_FIELDS(X, S)                                                                   \
    X(S, U64,  number,      _,           1, STEPS_MAX, REQUIRED)                             \
    X(S, UUID, programme,   _,           0, 0,    REQUIRED)                                  \
    X(S, STR,  title,       _,           1, 300,  REQUIRED)                                  \
    X(S, U64,  hours,       _,           1, 2000, REQUIRED)                                  \
    X(S, BOOL, federal,     _,           0, 0,    OPTIONAL)                                  \
    X(S, STRS, deficits,    _,           1, DEFICITS_MAX, REQUIRED) /* that it answers */    \
    X(S, ENUM, reason,      step_reason, 0, 0,    REQUIRED)                                  \
    X(S, UUID, alternative, _,           0, 0,    OPTIONAL) /* covers the same, where one exists */ \
    X(S, STR,  alternative_title, _,     0, 300,  OPTIONAL)
MSG_DECLARE(step, STEP_FIELDS)
/* The id of a route is uuid_derive("route", sitting), so that who knows the sitting knows the route. */
#define ROUTE_DRAFTED_FIELDS(X, S)                                                          \
    X(S, UUID,  route,      _,    0, 0,         REQUIRED)                                    \
    X(S, UUID,  sitting,    _,    0, 0,         REQUIRED)                                    \
    X(S, UUID,  procedure,  _,    0, 0,         REQUIRED)                                    \
    X(S, ENUM,  owner_kind, org_kind, 0, 0,     REQUIRED) /* of the procedure */             \
    X(S, UUID,  person,     _,    0, 0,         REQUIRED)                                    \
    X(S, UUIDS, chain,      _,    1, CHAIN_MAX, REQUIRED)                                    \
    X(S, DAY,   day,        _,    0, 0,         REQUIRED)                                    \
    X(S, DAY,   agree_by,   _,    0, 0,         OPTIONAL) /* last day in term; 0: recorded history */ \
    X(S, MOMENT, overdue_at, _,   0, 0,         OPTIONAL) /* when that day ends in the region; 0: never */ \
    X(S, LIST,  steps,      step, 0, STEPS_MAX, OPTIONAL)                                    \
    X(S, STRS,  uncovered,  _,    0, DEFICITS_MAX, OPTIONAL) /* deficits that no programme answers */
MSG_DECLARE(route_drafted, ROUTE_DRAFTED_FIELDS)
#define ROUTE_MOVE_FIELDS(X, S)                                                             \
    X(S, UUID, route, _, 0, 0, REQUIRED)
MSG_DECLARE(route_move, ROUTE_MOVE_FIELDS)          /* routes.route.agree, .activate, .close, .get */
#define AGREEMENT_RECORD_FIELDS(X, S)                                                       \
    X(S, UUID, route, _, 0, 0, REQUIRED)                                                     \
    X(S, DAY,  day,   _, 0, 0, REQUIRED)
MSG_DECLARE(agreement_record, AGREEMENT_RECORD_FIELDS)
#define ROUTE_MOVED_FIELDS(X, S)                                                            \
    X(S, UUID,  route,      _,        0, 0,         REQUIRED)                                \
    X(S, UUID,  person,     _,        0, 0,         REQUIRED)                                \
    X(S, UUIDS, chain,      _,        1, CHAIN_MAX, REQUIRED)                                \
    X(S, ENUM,  owner_kind, org_kind, 0, 0,         REQUIRED)                                \
    X(S, DAY,   day,        _,        0, 0,         REQUIRED)                                \
    X(S, UUIDS, programmes, _,        0, STEPS_MAX, OPTIONAL) /* of its steps */
MSG_DECLARE(route_moved, ROUTE_MOVED_FIELDS)        /* routes.route.agreed, .activated, .closed, .fell_overdue */
#define SUPPORT_RECORD_FIELDS(X, S)                                                         \
    X(S, UUID, person,       _, 0, 0,   REQUIRED)                                            \
    X(S, UUID, organisation, _, 0, 0,   OPTIONAL)                                            \
    X(S, STR,  form,         _, 1, 120, REQUIRED)                                            \
    X(S, DAY,  day,          _, 0, 0,   REQUIRED)
MSG_DECLARE(support_record, SUPPORT_RECORD_FIELDS)
#define SUPPORT_FIELDS(X, S)                                                                \
    X(S, UUID,  support, _, 0, 0,         REQUIRED)                                          \
    X(S, UUID,  person,  _, 0, 0,         REQUIRED)                                          \
    X(S, UUIDS, chain,   _, 1, CHAIN_MAX, REQUIRED)                                          \
    X(S, STR,   form,    _, 1, 120,       REQUIRED)                                          \
    X(S, DAY,   day,     _, 0, 0,         REQUIRED)
MSG_DECLARE(support, SUPPORT_FIELDS)                /* routes.support.recorded */

#define ROUTE_STATES(X) X(ROUTE_DRAFT, "draft") X(ROUTE_AGREED, "agreed") X(ROUTE_ACTIVE, "active") X(ROUTE_CLOSED, "closed")
ENUM_DECLARE(route_state, ROUTE_STATES)
#define ROUTE_FIELDS(X, S)                                                                  \
    X(S, MSG,  draft,   route_drafted, 0, 0, REQUIRED)                                       \
    X(S, ENUM, state,   route_state,   0, 0, REQUIRED)                                       \
    X(S, DAY,  agreed,  _,             0, 0, OPTIONAL)                                       \
    X(S, BOOL, overdue, _,             0, 0, OPTIONAL)
MSG_DECLARE(route, ROUTE_FIELDS)                    /* routes.route.get */
#define ROUTES_OF_FIELDS(X, S)                                                              \
    X(S, UUID, person, _, 0, 0,    OPTIONAL) /* nil: all within reach */                     \
    X(S, BIN,  after,  _, 0, 511,  OPTIONAL)                                                 \
    X(S, U64,  limit,  _, 0, 1000, OPTIONAL)
MSG_DECLARE(routes_of, ROUTES_OF_FIELDS)
#define ROUTE_LIST_FIELDS(X, S)                                                             \
    X(S, LIST, rows, route, 0, 1000, OPTIONAL)                                               \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(route_list, ROUTE_LIST_FIELDS)          /* routes.route.list */
