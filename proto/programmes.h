#pragma once
#include "proto/diagnostics.h"

/* programmes: the registry of programmes, runs, enrolments, attestations and completions (P1, P3, P4, M6). */
#define PROGRAMME_KINDS(X)                                                                  \
    X(PROGRAMME_DEVELOPMENT, "development")     /* from 16 hours */                         \
    X(PROGRAMME_RETRAINING, "retraining")       /* from 250 hours */                        \
    X(PROGRAMME_NON_FORMAL, "non_formal")       /* under 16 hours: no ДПП */
ENUM_DECLARE(programme_kind, PROGRAMME_KINDS)
#define PROGRAMME_FORMS(X) X(FORM_FULL_TIME, "full_time") X(FORM_PART_TIME, "part_time") X(FORM_DISTANCE, "distance")
ENUM_DECLARE(programme_form, PROGRAMME_FORMS)

#define PROGRAMME_FIELDS(X, S)                                                              \
    X(S, UUID, id,            _,              0, 0,    OPTIONAL)                             \
    X(S, STR,  code,          _,              1, 40,   REQUIRED)                             \
    X(S, STR,  title,         _,              1, 300,  REQUIRED)                             \
    X(S, ENUM, kind,          programme_kind, 0, 0,    REQUIRED)                             \
    X(S, ENUM, form,          programme_form, 0, 0,    REQUIRED)                             \
    X(S, U64,  hours,         _,              1, 2000, REQUIRED)                             \
    X(S, STRS, competencies,  _,              0, 32,   OPTIONAL) /* codes */                 \
    X(S, STRS, topics,        _,              0, 16,   OPTIONAL) /* «управление качеством образования» */ \
    X(S, UUID, provider,      _,              0, 0,    REQUIRED)                             \
    X(S, ENUM, provider_kind, org_kind,       0, 0,    OPTIONAL) /* set by decide */
MSG_DECLARE(programme, PROGRAMME_FIELDS)            /* programmes.programme.register, .registered (public) */
/* In the federal registry (ФР ДПП) from a day on; excluded: no longer from that day on. */
#define PROGRAMME_INCLUDED_FIELDS(X, S)                                                     \
    X(S, UUID, programme, _, 0, 0,  REQUIRED)                                                \
    X(S, DAY,  day,       _, 0, 0,  REQUIRED)                                                \
    X(S, STR,  number,    _, 0, 80, OPTIONAL)
MSG_DECLARE(programme_included, PROGRAMME_INCLUDED_FIELDS)  /* .programme.include, .exclude; .included, .excluded */
/* One delivery of a programme (поток). Its code is unique within the programme. */
#define RUN_FIELDS(X, S)                                                                    \
    X(S, UUID, id,            _,        0, 0,    OPTIONAL)                                   \
    X(S, UUID, programme,     _,        0, 0,    REQUIRED)                                   \
    X(S, ENUM, provider_kind, org_kind, 0, 0,    OPTIONAL) /* set by decide */               \
    X(S, DAY,  day,           _,        0, 0,    REQUIRED) /* first day */                   \
    X(S, DAY,  until,         _,        0, 0,    OPTIONAL) /* last day; 0: not said */       \
    X(S, U64,  places,        _,        1, 100000, OPTIONAL) /* 0: no limit */               \
    X(S, STR,  code,          _,        1, 40,   OPTIONAL)
MSG_DECLARE(run, RUN_FIELDS)                        /* programmes.run.record, .recorded (public) */

/* ── enrolment ────────────────────────────────────────────────────────────── */
#define ROUTE_STEPS_MAX 32                          /* steps of a route (proto/routes.h), numbered from 1 */
/* programmes.enrolment.open: today, in a run that is not over. `again`: though he has completed the programme. */
#define ENROLMENT_OPEN_FIELDS(X, S)                                                         \
    X(S, UUID, run,          _, 0, 0, REQUIRED)                                              \
    X(S, UUID, person,       _, 0, 0, REQUIRED)                                              \
    X(S, UUID, organisation, _, 0, 0, OPTIONAL) /* nil: main post on that day */             \
    X(S, BOOL, again,        _, 0, 0, OPTIONAL)
MSG_DECLARE(enrolment_open, ENROLMENT_OPEN_FIELDS)
/* programmes.enrolment.record: history; what happened is not bound by the places of the run. `id`: the
 * sender's own, so that later rows may name it; nil: made by decide. */
#define ENROLMENT_RECORD_FIELDS(X, S)                                                       \
    X(S, UUID, id,           _, 0, 0,         OPTIONAL)                                      \
    X(S, UUID, run,          _, 0, 0,         REQUIRED)                                      \
    X(S, UUID, person,       _, 0, 0,         REQUIRED)                                      \
    X(S, UUID, organisation, _, 0, 0,         OPTIONAL)                                      \
    X(S, DAY,  day,          _, 0, 0,         REQUIRED)                                      \
    X(S, UUID, route,        _, 0, 0,         OPTIONAL) /* whose step it answers: both or none */ \
    X(S, U64,  step,         _, 1, ROUTE_STEPS_MAX, OPTIONAL)
MSG_DECLARE(enrolment_record, ENROLMENT_RECORD_FIELDS)
/* programmes.enrolment.opened. By reaction the id is enrolment_id(route, step, programme) (below); the same step
 * chosen again while it is open says the same entry again: same id, same day, nobody counts it twice. */
#define ENROLMENT_FIELDS(X, S)                                                              \
    X(S, UUID,  enrolment,     _,        0, 0,         REQUIRED)                             \
    X(S, UUID,  run,           _,        0, 0,         REQUIRED)                             \
    X(S, UUID,  programme,     _,        0, 0,         REQUIRED)                             \
    X(S, UUID,  person,        _,        0, 0,         REQUIRED)                             \
    X(S, UUIDS, chain,         _,        1, CHAIN_MAX, REQUIRED)                             \
    X(S, DAY,   day,           _,        0, 0,         REQUIRED)                             \
    X(S, UUID,  route,         _,        0, 0,         OPTIONAL)                             \
    X(S, U64,   step,          _,        1, ROUTE_STEPS_MAX, OPTIONAL)                             \
    X(S, BOOL,  recorded,      _,        0, 0,         OPTIONAL) /* history */               \
    X(S, UUID,  provider,      _,        0, 0,         OPTIONAL) /* set by decide, always */ \
    X(S, ENUM,  provider_kind, org_kind, 0, 0,         OPTIONAL)
MSG_DECLARE(enrolment, ENROLMENT_FIELDS)
/* The id that a reaction gives; `again` counts the earlier ones of the same three that have ended: 0, 1 … */
struct uuid enrolment_id(const struct uuid *route, uint64_t step, const struct uuid *programme, uint64_t again);

/* Why a step found no enrolment. The first two wait: they are enrolled by themselves, in the order of their
 * wish, as soon as there is a run with a place (then .enrolment.opened follows). */
#define DECLINE_REASONS(X)                                                                  \
    X(DECLINE_NO_RUN,            "no_run")              /* none begins on that day or later */ \
    X(DECLINE_NO_PLACES,         "no_places")           /* all that do are full */          \
    X(DECLINE_ALREADY_ENROLLED,  "already_enrolled")    /* in this programme, for something else */ \
    X(DECLINE_ALREADY_COMPLETED, "already_completed")   /* has a document of this programme */ \
    X(DECLINE_PROGRAMME_UNKNOWN, "programme_unknown")
ENUM_DECLARE(decline_reason, DECLINE_REASONS)
#define ENROLMENT_DECLINED_FIELDS(X, S)                                                     \
    X(S, UUID,  route,     _,              0, 0,         REQUIRED)                           \
    X(S, U64,   step,      _,              1, ROUTE_STEPS_MAX, REQUIRED)                           \
    X(S, UUID,  programme, _,              0, 0,         REQUIRED)                           \
    X(S, UUID,  person,    _,              0, 0,         REQUIRED)                           \
    X(S, UUIDS, chain,     _,              1, CHAIN_MAX, REQUIRED)                           \
    X(S, DAY,   day,       _,              0, 0,         REQUIRED)                           \
    X(S, ENUM,  reason,    decline_reason, 0, 0,         REQUIRED)
MSG_DECLARE(enrolment_declined, ENROLMENT_DECLINED_FIELDS)  /* programmes.enrolment.declined */
/* programmes.wish.dropped: a step that waited wants it no longer (it was accepted otherwise, its route has ended). */
#define WISH_FIELDS(X, S)                                                                   \
    X(S, UUID,  route,     _, 0, 0,         REQUIRED)                                        \
    X(S, U64,   step,      _, 1, ROUTE_STEPS_MAX, REQUIRED)                                        \
    X(S, UUID,  programme, _, 0, 0,         REQUIRED)                                        \
    X(S, UUID,  person,    _, 0, 0,         REQUIRED)                                        \
    X(S, UUIDS, chain,     _, 1, CHAIN_MAX, REQUIRED)                                        \
    X(S, DAY,   day,       _, 0, 0,         REQUIRED) /* in a list: of the wish */
MSG_DECLARE(wish, WISH_FIELDS)

#define END_REASONS(X) X(END_WITHDREW, "withdrew") X(END_EXPELLED, "expelled")
ENUM_DECLARE(end_reason, END_REASONS)
#define ENROLMENT_END_FIELDS(X, S)                                                          \
    X(S, UUID, enrolment, _,          0, 0, REQUIRED)                                        \
    X(S, DAY,  day,       _,          0, 0, REQUIRED)                                        \
    X(S, ENUM, reason,    end_reason, 0, 0, REQUIRED)
MSG_DECLARE(enrolment_end, ENROLMENT_END_FIELDS)    /* programmes.enrolment.end */
/* programmes.enrolment.unknown: routes has asked about an enrolment that is not here; the answer after a restore. */
#define ENROLMENT_UNKNOWN_FIELDS(X, S)                                                      \
    X(S, UUID, enrolment, _, 0, 0, REQUIRED)                                                 \
    X(S, UUID, route,     _, 0, 0, REQUIRED)                                                 \
    X(S, U64,  step,      _, 1, ROUTE_STEPS_MAX, REQUIRED)                                   \
    X(S, UUID, person,    _, 0, 0, REQUIRED)
MSG_DECLARE(enrolment_unknown, ENROLMENT_UNKNOWN_FIELDS)
#define ENROLMENT_ENDED_FIELDS(X, S)                                                        \
    X(S, UUID,  enrolment, _,          0, 0,         REQUIRED)                               \
    X(S, UUID,  run,       _,          0, 0,         REQUIRED)                               \
    X(S, UUID,  programme, _,          0, 0,         REQUIRED)                               \
    X(S, UUID,  person,    _,          0, 0,         REQUIRED)                               \
    X(S, UUIDS, chain,     _,          1, CHAIN_MAX, REQUIRED)                               \
    X(S, DAY,   day,       _,          0, 0,         REQUIRED)                               \
    X(S, ENUM,  reason,    end_reason, 0, 0,         REQUIRED)                               \
    X(S, UUID,  route,     _,          0, 0,         OPTIONAL)                               \
    X(S, U64,   step,      _,          1, ROUTE_STEPS_MAX, OPTIONAL)
MSG_DECLARE(enrolment_ended, ENROLMENT_ENDED_FIELDS)    /* programmes.enrolment.ended */

/* ── attestation and document ─────────────────────────────────────────────── */
#define ATTESTATION_KINDS(X) X(ATTESTATION_INTERIM, "interim") X(ATTESTATION_FINAL, "final")
ENUM_DECLARE(attestation_kind, ATTESTATION_KINDS)
#define ATTESTATION_RECORD_FIELDS(X, S)                                                     \
    X(S, UUID, enrolment, _,                0, 0, REQUIRED)                                  \
    X(S, ENUM, kind,      attestation_kind, 0, 0, REQUIRED)                                  \
    X(S, BOOL, passed,    _,                0, 0, REQUIRED)                                  \
    X(S, DAY,  day,       _,                0, 0, REQUIRED)
MSG_DECLARE(attestation_record, ATTESTATION_RECORD_FIELDS)  /* programmes.attestation.record */
#define ATTESTATION_FIELDS(X, S)                                                            \
    X(S, UUID,  enrolment, _,                0, 0,         REQUIRED)                         \
    X(S, UUID,  run,       _,                0, 0,         REQUIRED)                         \
    X(S, UUID,  programme, _,                0, 0,         REQUIRED)                         \
    X(S, UUID,  person,    _,                0, 0,         REQUIRED)                         \
    X(S, UUIDS, chain,     _,                1, CHAIN_MAX, REQUIRED)                         \
    X(S, ENUM,  kind,      attestation_kind, 0, 0,         REQUIRED)                         \
    X(S, BOOL,  passed,    _,                0, 0,         REQUIRED)                         \
    X(S, DAY,   day,       _,                0, 0,         REQUIRED)                         \
    X(S, UUID,  route,     _,                0, 0,         OPTIONAL)                         \
    X(S, U64,   step,      _,                1, ROUTE_STEPS_MAX, OPTIONAL)
MSG_DECLARE(attestation, ATTESTATION_FIELDS)        /* programmes.attestation.recorded */
/* programmes.certificate.issue: needs a final attestation passed on or before that day; the number of the
 * document is unique within the provider. Gives programmes.completion.recorded. */
#define CERTIFICATE_ISSUE_FIELDS(X, S)                                                      \
    X(S, UUID, enrolment, _, 0, 0,  REQUIRED)                                                \
    X(S, STR,  document,  _, 1, 80, REQUIRED)                                                \
    X(S, DAY,  day,       _, 0, 0,  REQUIRED)
MSG_DECLARE(certificate_issue, CERTIFICATE_ISSUE_FIELDS)
/* programmes.completion.record: history and documents of outside providers. With `enrolment` the document is
 * tied to it: programme, person and day of enrolment have to agree, and route and step where they are given;
 * left out, they are the enrolment's. */
#define COMPLETION_RECORD_FIELDS(X, S)                                                      \
    X(S, UUID, programme,    _, 0, 0,  REQUIRED)                                             \
    X(S, UUID, person,       _, 0, 0,  REQUIRED)                                             \
    X(S, UUID, organisation, _, 0, 0,  OPTIONAL) /* nil: main post on that day */            \
    X(S, DAY,  enrolled,     _, 0, 0,  REQUIRED)                                             \
    X(S, DAY,  day,          _, 0, 0,  REQUIRED) /* of the document */                       \
    X(S, STR,  document,     _, 1, 80, REQUIRED)                                             \
    X(S, UUID, route,        _, 0, 0,  OPTIONAL) /* whose step this answers */               \
    X(S, U64,  step,         _, 1, ROUTE_STEPS_MAX, OPTIONAL)                                      \
    X(S, UUID, enrolment,    _, 0, 0,  OPTIONAL)
MSG_DECLARE(completion_record, COMPLETION_RECORD_FIELDS)
#define COMPLETION_FIELDS(X, S)                                                             \
    X(S, UUID,  completion, _, 0, 0,         REQUIRED)                                       \
    X(S, UUID,  programme,  _, 0, 0,         REQUIRED)                                       \
    X(S, UUID,  person,     _, 0, 0,         REQUIRED)                                       \
    X(S, UUIDS, chain,      _, 1, CHAIN_MAX, REQUIRED)                                       \
    X(S, DAY,   enrolled,   _, 0, 0,         REQUIRED)                                       \
    X(S, DAY,   day,        _, 0, 0,         REQUIRED)                                       \
    X(S, BOOL,  federal,    _, 0, 0,         OPTIONAL) /* in the federal registry on the day of enrolment */ \
    X(S, ENUM,  kind,       programme_kind, 0, 0, OPTIONAL) /* under 16 hours nobody's qualification is raised */ \
    X(S, STRS,  topics,     _, 0, 16,        OPTIONAL)                                       \
    X(S, UUID,  route,      _, 0, 0,         OPTIONAL)                                       \
    X(S, STR,   document,   _, 1, 80,        REQUIRED)                                       \
    X(S, U64,   step,       _, 1, ROUTE_STEPS_MAX, OPTIONAL)                                       \
    X(S, UUID,  enrolment,  _, 0, 0,         OPTIONAL)                                       \
    X(S, UUID,  provider,   _, 0, 0,         OPTIONAL) /* always, but in the oldest journals: nil, and then no kind */ \
    X(S, ENUM,  provider_kind, org_kind, 0, 0, OPTIONAL)
MSG_DECLARE(completion, COMPLETION_FIELDS)          /* programmes.completion.recorded */

/* ── reading ──────────────────────────────────────────────────────────────── */
#define PROGRAMME_ROW_FIELDS(X, S)                                                          \
    X(S, MSG, programme,      programme, 0, 0, REQUIRED)                                     \
    X(S, DAY, included,       _,         0, 0, OPTIONAL) /* first day in the federal registry */ \
    X(S, DAY, excluded,       _,         0, 0, OPTIONAL)                                     \
    X(S, U64, runs,           _,         0, INT64_MAX, REQUIRED)                             \
    X(S, U64, completions,    _,         0, INT64_MAX, REQUIRED)
MSG_DECLARE(programme_row, PROGRAMME_ROW_FIELDS)    /* programmes.programme.get (id) */
#define PROGRAMME_LIST_FIELDS(X, S)                                                         \
    X(S, LIST, rows, programme_row, 0, 1000, OPTIONAL)                                       \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(programme_list, PROGRAMME_LIST_FIELDS)  /* programmes.programme.list (page) */

#define RUN_ROW_FIELDS(X, S)                                                                \
    X(S, MSG, run,      run, 0, 0,         REQUIRED)                                         \
    X(S, U64, learners, _,   0, INT64_MAX, REQUIRED) /* who hold a place: who left do not */
MSG_DECLARE(run_row, RUN_ROW_FIELDS)
#define RUNS_OF_FIELDS(X, S)                                                                \
    X(S, UUID, programme, _, 0, 0,    OPTIONAL) /* nil: of all */                            \
    X(S, BIN,  after,     _, 0, 511,  OPTIONAL)                                              \
    X(S, U64,  limit,     _, 0, 1000, OPTIONAL)
MSG_DECLARE(runs_of, RUNS_OF_FIELDS)
#define RUN_LIST_FIELDS(X, S)                                                               \
    X(S, LIST, rows, run_row, 0, 1000, OPTIONAL)                                             \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(run_list, RUN_LIST_FIELDS)              /* programmes.run.list: by programme, then by first day */

#define ENROLMENT_STATES(X) X(ENROLMENT_OPEN, "open") X(ENROLMENT_ENDED, "ended") X(ENROLMENT_COMPLETED, "completed")
ENUM_DECLARE(enrolment_state, ENROLMENT_STATES)
#define ATTESTATIONS_MAX 16                         /* of an enrolment */
#define ATTESTED_FIELDS(X, S)                                                               \
    X(S, ENUM, kind,   attestation_kind, 0, 0, REQUIRED)                                     \
    X(S, BOOL, passed, _,                0, 0, REQUIRED)                                     \
    X(S, DAY,  day,    _,                0, 0, REQUIRED)
MSG_DECLARE(attested, ATTESTED_FIELDS)
#define ENROLMENT_ROW_FIELDS(X, S)                                                          \
    X(S, MSG,  enrolment,    enrolment,       0, 0, REQUIRED)                                \
    X(S, ENUM, state,        enrolment_state, 0, 0, REQUIRED)                                \
    X(S, DAY,  ended,        _,               0, 0, OPTIONAL) /* ended or completed: when */ \
    X(S, ENUM, reason,       end_reason,      0, 0, OPTIONAL) /* of an ended one */          \
    X(S, UUID, completion,   _,               0, 0, OPTIONAL)                                \
    X(S, LIST, attestations, attested,        0, ATTESTATIONS_MAX, OPTIONAL)
MSG_DECLARE(enrolment_row, ENROLMENT_ROW_FIELDS)    /* programmes.enrolment.get (id) */
#define ENROLMENTS_OF_FIELDS(X, S)                                                          \
    X(S, UUID, person, _, 0, 0,    OPTIONAL) /* either */                                    \
    X(S, UUID, run,    _, 0, 0,    OPTIONAL) /* or */                                        \
    X(S, BIN,  after,  _, 0, 511,  OPTIONAL)                                                 \
    X(S, U64,  limit,  _, 0, 1000, OPTIONAL)
MSG_DECLARE(enrolments_of, ENROLMENTS_OF_FIELDS)
#define ENROLMENT_LIST_FIELDS(X, S)                                                         \
    X(S, LIST, rows, enrolment_row, 0, 1000, OPTIONAL)                                       \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(enrolment_list, ENROLMENT_LIST_FIELDS)  /* programmes.enrolment.list: in the order of entry */
#define WISH_LIST_FIELDS(X, S)                                                              \
    X(S, LIST, rows, wish, 0, 1000, OPTIONAL)                                                \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(wish_list, WISH_LIST_FIELDS)            /* programmes.wish.list (runs_of): who waits, in order */
