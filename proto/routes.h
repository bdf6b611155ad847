#pragma once
#include "proto/programmes.h"

/* routes: individual routes (ИОМ), their steps, the effect of repeated diagnostics, tutors and methodologists, and
 * the support of educators (M1, M2, M4, M5, M6, M9).
 *
 * Who does   routes says that a step was chosen; programmes answers with an enrolment or declines it, and later says
 * what       that the document was issued: routes ticks the step by itself. Nothing known is entered twice. */
#define STEPS_MAX ROUTE_STEPS_MAX
#define STEP_TEXT 2000          /* bytes of evidence, of a comment */

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
    X(S, STRS,  uncovered,  _,    0, DEFICITS_MAX, OPTIONAL) /* deficits that no programme answers */ \
    X(S, LIST,  shares,     share, 0, DEFICITS_MAX, OPTIONAL) /* as scored; none in journals older than it */
MSG_DECLARE(route_drafted, ROUTE_DRAFTED_FIELDS)
#define ROUTE_MOVE_FIELDS(X, S)                                                             \
    X(S, UUID, route, _, 0, 0, REQUIRED)
MSG_DECLARE(route_move, ROUTE_MOVE_FIELDS)          /* routes.route.agree, .activate, .close, .get */
#define ROUTE_END_FIELDS(X, S)                                                              \
    X(S, UUID, route,  _, 0, 0,         REQUIRED)                                            \
    X(S, STR,  reason, _, 1, STEP_TEXT, REQUIRED)
MSG_DECLARE(route_end, ROUTE_END_FIELDS)            /* routes.route.end */
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
    X(S, UUIDS, programmes, _,        0, STEPS_MAX, OPTIONAL) /* of its steps */             \
    X(S, STR,   reason,     _,        0, STEP_TEXT, OPTIONAL) /* .ended */
MSG_DECLARE(route_moved, ROUTE_MOVED_FIELDS)        /* routes.route.agreed, .activated, .closed, .ended, .fell_overdue */

/* ── the steps of a route that is agreed ──
 * planned → chosen → enrolled or declined → … accepted. A worker may submit at any time before; what was
 * returned is submitted again. Only the registry or who supports the worker accepts. */
#define STEP_STATES(X)                                                                      \
    X(STEP_PLANNED, "planned")      X(STEP_CHOSEN, "chosen")        X(STEP_ENROLLED, "enrolled")                        \
    X(STEP_DECLINED, "declined")    X(STEP_SUBMITTED, "submitted")  X(STEP_RETURNED, "returned")                        \
    X(STEP_ACCEPTED, "accepted")
ENUM_DECLARE(step_state, STEP_STATES)
#define STEP_MOVERS(X) X(STEP_BY_REGISTRY, "registry") X(STEP_BY_PERSON, "person")
ENUM_DECLARE(step_mover, STEP_MOVERS)
#define STEP_CHOSEN_FIELDS(X, S)                                                            \
    X(S, UUID,  route,      _,        0, 0,         REQUIRED)                                \
    X(S, U64,   step,       _,        1, STEPS_MAX, REQUIRED)                                \
    X(S, UUID,  programme,  _,        0, 0,         REQUIRED) /* the step's, or its alternative */ \
    X(S, UUID,  person,     _,        0, 0,         REQUIRED)                                \
    X(S, UUIDS, chain,      _,        1, CHAIN_MAX, REQUIRED)                                \
    X(S, ENUM,  owner_kind, org_kind, 0, 0,         REQUIRED)                                \
    X(S, DAY,   day,        _,        0, 0,         REQUIRED)                                \
    X(S, BOOL,  recorded,   _,        0, 0,         OPTIONAL) /* history: nobody is enrolled for it */
MSG_DECLARE(step_chosen, STEP_CHOSEN_FIELDS)        /* routes.step.chosen; programmes reacts */
/* routes.step.asked: does the enrolment still stand? programmes was made again from a backup, and reacts; nothing here
 * changes by the question. */
#define STEP_ASKED_FIELDS(X, S)                                                             \
    X(S, UUID,  route,      _, 0, 0,         REQUIRED)                                       \
    X(S, U64,   step,       _, 1, STEPS_MAX, REQUIRED)                                       \
    X(S, UUID,  programme,  _, 0, 0,         REQUIRED)                                       \
    X(S, UUID,  person,     _, 0, 0,         REQUIRED)                                       \
    X(S, UUIDS, chain,      _, 1, CHAIN_MAX, REQUIRED)                                       \
    X(S, UUID,  enrolment,  _, 0, 0,         REQUIRED)                                       \
    X(S, DAY,   day,        _, 0, 0,         REQUIRED)
MSG_DECLARE(step_asked, STEP_ASKED_FIELDS)
#define ASKING_WENT_ON_FIELDS(X, S) X(S, UUID, after, _, 0, 0, REQUIRED)    /* the last route whose steps were asked about */
MSG_DECLARE(asking_went_on, ASKING_WENT_ON_FIELDS)  /* routes.asking.went_on */
#define STEP_MOVED_FIELDS(X, S)                                                             \
    X(S, UUID,  route,      _,          0, 0,         REQUIRED)                              \
    X(S, U64,   step,       _,          1, STEPS_MAX, REQUIRED)                              \
    X(S, UUID,  programme,  _,          0, 0,         REQUIRED)                              \
    X(S, UUID,  person,     _,          0, 0,         REQUIRED)                              \
    X(S, UUIDS, chain,      _,          1, CHAIN_MAX, REQUIRED)                              \
    X(S, ENUM,  owner_kind, org_kind,   0, 0,         REQUIRED)                              \
    X(S, DAY,   day,        _,          0, 0,         REQUIRED) /* of the document, of the enrolment, of the act */ \
    X(S, STR,   reason,     _,          0, 40,        OPTIONAL) /* .declined: a token, from programmes */ \
    X(S, STR,   evidence,   _,          0, STEP_TEXT, OPTIONAL)                              \
    X(S, STR,   comment,    _,          0, STEP_TEXT, OPTIONAL)                              \
    X(S, UUID,  enrolment,  _,          0, 0,         OPTIONAL)                              \
    X(S, UUID,  completion, _,          0, 0,         OPTIONAL)                              \
    X(S, STR,   document,   _,          0, 80,        OPTIONAL) /* of the completion */      \
    X(S, DAY,   enrolled,   _,          0, 0,         OPTIONAL)                              \
    X(S, ENUM,  by,         step_mover, 0, 0,         OPTIONAL)
MSG_DECLARE(step_moved, STEP_MOVED_FIELDS)
/* step_moved: routes.step.enrolled, .declined, .submitted, .returned, .accepted (once for a step); .confirmed: the
 * registry's document for a step that a person has accepted before it. */
#define STEP_CHOOSE_FIELDS(X, S)                                                            \
    X(S, UUID, route,     _, 0, 0,         REQUIRED)                                         \
    X(S, U64,  step,      _, 1, STEPS_MAX, REQUIRED)                                         \
    X(S, UUID, programme, _, 0, 0,         REQUIRED)
MSG_DECLARE(step_choose, STEP_CHOOSE_FIELDS)        /* routes.step.choose */
#define STEP_SUBMIT_FIELDS(X, S)                                                            \
    X(S, UUID, route,    _, 0, 0,         REQUIRED)                                          \
    X(S, U64,  step,     _, 1, STEPS_MAX, REQUIRED)                                          \
    X(S, STR,  evidence, _, 1, STEP_TEXT, REQUIRED)
MSG_DECLARE(step_submit, STEP_SUBMIT_FIELDS)        /* routes.step.submit */
#define STEP_ACCEPT_FIELDS(X, S)                                                            \
    X(S, UUID, route,   _, 0, 0,         REQUIRED)                                           \
    X(S, U64,  step,    _, 1, STEPS_MAX, REQUIRED)                                           \
    X(S, STR,  comment, _, 0, STEP_TEXT, OPTIONAL)
MSG_DECLARE(step_accept, STEP_ACCEPT_FIELDS)        /* routes.step.accept */
#define STEP_RETURN_FIELDS(X, S)                                                            \
    X(S, UUID, route,   _, 0, 0,         REQUIRED)                                           \
    X(S, U64,  step,    _, 1, STEPS_MAX, REQUIRED)                                           \
    X(S, STR,  comment, _, 1, STEP_TEXT, REQUIRED)
MSG_DECLARE(step_return, STEP_RETURN_FIELDS)        /* routes.step.return */
/* What the registry says of a person and no step stands for yet: kept until a route that has it is agreed, since
 * journals have no order between them and nothing is reacted to twice. */
#define NOTED_KINDS(X) X(NOTED_ENROLMENT, "enrolment") X(NOTED_COMPLETION, "completion")
ENUM_DECLARE(noted_kind, NOTED_KINDS)
#define FACT_NOTED_FIELDS(X, S)                                                             \
    X(S, UUID,  fact,      _,         0, 0,         REQUIRED) /* the enrolment's or completion's id */ \
    X(S, ENUM,  kind,      noted_kind, 0, 0,         REQUIRED)                                \
    X(S, UUID,  programme, _,         0, 0,         REQUIRED)                                \
    X(S, UUID,  person,    _,         0, 0,         REQUIRED)                                \
    X(S, UUIDS, chain,     _,         1, CHAIN_MAX, REQUIRED)                                \
    X(S, DAY,   day,       _,         0, 0,         REQUIRED)                                \
    X(S, DAY,   enrolled,  _,         0, 0,         OPTIONAL)                                \
    X(S, UUID,  enrolment, _,         0, 0,         OPTIONAL)                                \
    X(S, STR,   document,  _,         0, 80,        OPTIONAL)                                \
    X(S, UUID,  route,     _,         0, 0,         OPTIONAL)                                \
    X(S, U64,   step,      _,         0, STEPS_MAX, OPTIONAL)
MSG_DECLARE(fact_noted, FACT_NOTED_FIELDS)          /* routes.fact.noted */
#define FACT_DROPPED_FIELDS(X, S)                                                           \
    X(S, UUID, fact,   _, 0, 0, REQUIRED)                                                    \
    X(S, UUID, person, _, 0, 0, REQUIRED)
MSG_DECLARE(fact_dropped, FACT_DROPPED_FIELDS)      /* routes.fact.dropped: the enrolment has ended before */

/* ── repeated diagnostics: what has become of the deficits of an earlier route ── */
#define EFFECT_ROW_FIELDS(X, S)                                                             \
    X(S, STR,  competency,     _, 1, COMPETENCY_CODE, REQUIRED)                              \
    X(S, U64,  before_got,     _, 0, 100000, REQUIRED)                                       \
    X(S, U64,  before_of,      _, 1, 100000, REQUIRED)                                       \
    X(S, U64,  after_got,      _, 0, 100000, REQUIRED)                                       \
    X(S, U64,  after_of,       _, 1, 100000, REQUIRED)                                       \
    X(S, BOOL, deficit_before, _, 0, 0,      OPTIONAL)                                       \
    X(S, BOOL, deficit_after,  _, 0, 0,      OPTIONAL)
MSG_DECLARE(effect_row, EFFECT_ROW_FIELDS)
#define EFFECT_FIELDS(X, S)                                                                 \
    X(S, UUID,  route,  _,          0, 0,            REQUIRED) /* the earlier one */         \
    X(S, UUID,  person, _,          0, 0,            REQUIRED)                               \
    X(S, UUIDS, chain,  _,          1, CHAIN_MAX,    REQUIRED)                               \
    X(S, DAY,   day,    _,          0, 0,            REQUIRED) /* of the later result */     \
    X(S, UUID,  before, _,          0, 0,            REQUIRED) /* sitting */                 \
    X(S, UUID,  after,  _,          0, 0,            REQUIRED) /* sitting */                 \
    X(S, LIST,  rows,   effect_row, 1, DEFICITS_MAX, REQUIRED) /* competencies in both results */
MSG_DECLARE(effect, EFFECT_FIELDS)                  /* routes.effect.shown */
#define EFFECTS_OF_FIELDS(X, S)                                                             \
    X(S, UUID, person, _, 0, 0,    OPTIONAL)                                                 \
    X(S, UUID, unit,   _, 0, 0,    OPTIONAL) /* organisation, municipality, region; neither: all within reach */ \
    X(S, BIN,  after,  _, 0, 511,  OPTIONAL)                                                 \
    X(S, U64,  limit,  _, 0, 1000, OPTIONAL)
MSG_DECLARE(effects_of, EFFECTS_OF_FIELDS)
#define EFFECT_LIST_FIELDS(X, S)                                                            \
    X(S, LIST, rows, effect, 0, 1000, OPTIONAL)                                              \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(effect_list, EFFECT_LIST_FIELDS)        /* routes.effect.list */

/* ── tutors and methodologists ── */
#define TUTOR_KINDS(X) X(TUTOR_OF_ROUTES, "tutor") X(TUTOR_METHODOLOGIST, "methodologist")
ENUM_DECLARE(tutor_kind, TUTOR_KINDS)
#define CHARGES_MAX 100000
#define TUTOR_APPOINT_FIELDS(X, S)                                                          \
    X(S, UUID, person, _,          0, 0,           REQUIRED)                                 \
    X(S, ENUM, kind,   tutor_kind, 0, 0,           REQUIRED)                                 \
    X(S, U64,  limit,  _,          0, CHARGES_MAX, OPTIONAL) /* charges at most; 0: the profile's limit */ \
    X(S, DAY,  day,    _,          0, 0,           OPTIONAL) /* history: from that day on; none: from today */
MSG_DECLARE(tutor_appoint, TUTOR_APPOINT_FIELDS)    /* routes.tutor.appoint; again: another limit or place */
#define TUTOR_APPOINTED_FIELDS(X, S)                                                        \
    X(S, UUID,  person, _,          0, 0,           REQUIRED)                                \
    X(S, ENUM,  kind,   tutor_kind, 0, 0,           REQUIRED)                                \
    X(S, U64,   limit,  _,          0, CHARGES_MAX, OPTIONAL) /* in force; 0: none */        \
    X(S, UUIDS, chain,  _,          1, CHAIN_MAX,   REQUIRED) /* where he works */           \
    X(S, UUID,  covers, _,          0, 0,           REQUIRED) /* unit whose workers he may be given */ \
    X(S, DAY,   day,    _,          0, 0,           REQUIRED)
MSG_DECLARE(tutor_appointed, TUTOR_APPOINTED_FIELDS)        /* routes.tutor.appointed */
#define TUTOR_RELEASE_FIELDS(X, S)                                                          \
    X(S, UUID, person, _,          0, 0,         REQUIRED)                                   \
    X(S, ENUM, kind,   tutor_kind, 0, 0,         REQUIRED)                                   \
    X(S, STR,  reason, _,          0, STEP_TEXT, OPTIONAL)
MSG_DECLARE(tutor_release, TUTOR_RELEASE_FIELDS)    /* routes.tutor.release */
#define TUTOR_RELEASED_FIELDS(X, S)                                                         \
    X(S, UUID,  person, _,          0, 0,         REQUIRED)                                  \
    X(S, ENUM,  kind,   tutor_kind, 0, 0,         REQUIRED)                                  \
    X(S, UUIDS, chain,  _,          1, CHAIN_MAX, REQUIRED)                                  \
    X(S, DAY,   day,    _,          0, 0,         REQUIRED)                                  \
    X(S, STR,   reason, _,          0, STEP_TEXT, OPTIONAL)
MSG_DECLARE(tutor_released, TUTOR_RELEASED_FIELDS)  /* routes.tutor.released */
#define TUTOR_ASSIGN_FIELDS(X, S)                                                           \
    X(S, UUID, person, _,          0, 0, REQUIRED) /* the charge */                          \
    X(S, ENUM, kind,   tutor_kind, 0, 0, REQUIRED)                                           \
    X(S, UUID, tutor,  _,          0, 0, OPTIONAL) /* nil: whose load is least */            \
    X(S, DAY,  day,    _,          0, 0, OPTIONAL) /* history: from that day on; none: from today */
MSG_DECLARE(tutor_assign, TUTOR_ASSIGN_FIELDS)      /* routes.tutor.assign */
#define TUTOR_ASSIGNED_FIELDS(X, S)                                                         \
    X(S, UUID,  charge, _,          0, 0,         REQUIRED)                                  \
    X(S, UUID,  tutor,  _,          0, 0,         REQUIRED)                                  \
    X(S, ENUM,  kind,   tutor_kind, 0, 0,         REQUIRED)                                  \
    X(S, UUIDS, chain,  _,          1, CHAIN_MAX, REQUIRED) /* of the charge */              \
    X(S, DAY,   day,    _,          0, 0,         REQUIRED)
MSG_DECLARE(tutor_assigned, TUTOR_ASSIGNED_FIELDS)  /* routes.tutor.assigned, .unassigned */
#define TUTOR_FIELDS(X, S)                                                                  \
    X(S, MSG,  tutor,    tutor_appointed, 0, 0,           REQUIRED)                          \
    X(S, U64,  charges,  _,               0, INT64_MAX,   REQUIRED)                          \
    X(S, U64,  least,    _,               0, CHARGES_MAX, OPTIONAL) /* the profile's corridor, where it sets one */ \
    X(S, BOOL, released, _,               0, 0,           OPTIONAL) /* charges are being handed over */
MSG_DECLARE(tutor, TUTOR_FIELDS)
#define TUTORS_OF_FIELDS(X, S)                                                              \
    X(S, BIN, after, _, 0, 511,  OPTIONAL)                                                   \
    X(S, U64, limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(tutors_of, TUTORS_OF_FIELDS)
#define TUTOR_LIST_FIELDS(X, S)                                                             \
    X(S, LIST, rows, tutor, 0, 1000, OPTIONAL)                                               \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(tutor_list, TUTOR_LIST_FIELDS)          /* routes.tutor.list: the load of each within reach */

/* ── support ── */
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

#define ROUTE_STATES(X) X(ROUTE_DRAFT, "draft") X(ROUTE_AGREED, "agreed") X(ROUTE_ACTIVE, "active") X(ROUTE_CLOSED, "closed") \
    X(ROUTE_ENDED, "ended")             /* given up, with a reason */
ENUM_DECLARE(route_state, ROUTE_STATES)
/* The present state of one step; every submission and return is an entry of the journal, here is the last. */
#define STEP_NOW_FIELDS(X, S)                                                               \
    X(S, U64,  step,        _,          1, STEPS_MAX, REQUIRED)                              \
    X(S, ENUM, state,       step_state, 0, 0,         REQUIRED)                              \
    X(S, UUID, programme,   _,          0, 0,         REQUIRED) /* chosen last; the step's own at first */ \
    X(S, DAY,  day,         _,          0, 0,         OPTIONAL) /* of the last move */       \
    X(S, STR,  evidence,    _,          0, STEP_TEXT, OPTIONAL) /* texts stand in .get, not in .list */ \
    X(S, U64,  submissions, _,          0, INT64_MAX, OPTIONAL)                              \
    X(S, STR,  comment,     _,          0, STEP_TEXT, OPTIONAL)                              \
    X(S, U64,  returns,     _,          0, INT64_MAX, OPTIONAL)                              \
    X(S, STR,  reason,      _,          0, 40,        OPTIONAL) /* of the last decline */    \
    X(S, UUID, enrolment,   _,          0, 0,         OPTIONAL)                              \
    X(S, DAY,  enrolled,    _,          0, 0,         OPTIONAL)                              \
    X(S, UUID, completion,  _,          0, 0,         OPTIONAL)                              \
    X(S, STR,  document,    _,          0, 80,        OPTIONAL)                              \
    X(S, ENUM, by,          step_mover, 0, 0,         OPTIONAL) /* who accepted */
MSG_DECLARE(step_now, STEP_NOW_FIELDS)
#define ROUTE_FIELDS(X, S)                                                                  \
    X(S, MSG,  draft,   route_drafted, 0, 0, REQUIRED)                                       \
    X(S, ENUM, state,   route_state,   0, 0, REQUIRED)                                       \
    X(S, DAY,  agreed,  _,             0, 0, OPTIONAL)                                       \
    X(S, BOOL, overdue, _,             0, 0, OPTIONAL)                                       \
    X(S, DAY,  over,    _,             0, 0, OPTIONAL) /* the day it was closed or ended */  \
    X(S, STR,  ended,   _,             0, STEP_TEXT, OPTIONAL) /* why */                     \
    X(S, UUID, tutor,   _,             0, 0, OPTIONAL)                                       \
    X(S, UUID, methodologist, _,       0, 0, OPTIONAL)                                       \
    X(S, LIST, step_states, step_now,  0, STEPS_MAX, OPTIONAL) /* one for each step, in their order */
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
