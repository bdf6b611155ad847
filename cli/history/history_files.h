#pragma once
#include "common/codec/csv.h"
#include "proto/indicators.h"
#include "proto/routes.h"

/* history_files: what stands in the files of a history folder: rows of its tables and its documents, which
 * refer to one another by the codes that people use. */
#define HISTORY_CODE 40

#define ORGANISATION_ROW_FIELDS(X, S)                                       \
    X(S, STR, code,   _, 1, HISTORY_CODE, REQUIRED)                         \
    X(S, STR, kind,   _, 1, 60,  REQUIRED) /* «школа» or school */          \
    X(S, STR, title,  _, 1, 300, REQUIRED)                                  \
    X(S, STR, parent, _, 0, HISTORY_CODE, OPTIONAL)                         \
    X(S, DAY, opened, _, 0, 0,   OPTIONAL)
MSG_DECLARE(organisation_row, ORGANISATION_ROW_FIELDS)
#define RUN_LINE_FIELDS(X, S)                                                \
    X(S, STR, programme, _, 1, HISTORY_CODE, REQUIRED)                      \
    X(S, STR, code,      _, 0, HISTORY_CODE, OPTIONAL) /* within the programme; none: the day alone tells */ \
    X(S, DAY, day,       _, 0, 0, REQUIRED)                                 \
    X(S, DAY, until,     _, 0, 0, OPTIONAL)                                 \
    X(S, U64, places,    _, 1, 100000, OPTIONAL)
MSG_DECLARE(run_line, RUN_LINE_FIELDS)
#define SITTING_ROW_FIELDS(X, S)                                            \
    X(S, STR, procedure,    _, 1, HISTORY_CODE, REQUIRED)                   \
    X(S, STR, person,       _, 1, HISTORY_CODE, REQUIRED)                   \
    X(S, STR, organisation, _, 0, HISTORY_CODE, OPTIONAL) /* none: main post on that day */ \
    X(S, DAY, day,          _, 0, 0, REQUIRED)                              \
    X(S, STR, answers,      _, 0, CSV_CELL_MAX, OPTIONAL) /* 1:2|2:1,3 */
MSG_DECLARE(sitting_row_of, SITTING_ROW_FIELDS)
#define AGREEMENT_ROW_FIELDS(X, S)                                          \
    X(S, STR, procedure, _, 1, HISTORY_CODE, REQUIRED)                      \
    X(S, STR, person,    _, 1, HISTORY_CODE, REQUIRED)                      \
    X(S, DAY, day,       _, 0, 0, REQUIRED)
MSG_DECLARE(agreement_row, AGREEMENT_ROW_FIELDS)
/* A run is named «programme/run»; of a step only the route knows the programme: there by «run» alone. */
#define RUN_NAME (2 * HISTORY_CODE + 1)
#define ENROLMENT_LINE_FIELDS(X, S)                                         \
    X(S, STR, code,      _, 1, HISTORY_CODE, REQUIRED) /* of this folder */ \
    X(S, STR, person,    _, 1, HISTORY_CODE, REQUIRED)                      \
    X(S, STR, run,       _, 1, RUN_NAME, REQUIRED)                          \
    X(S, STR, procedure, _, 0, HISTORY_CODE, OPTIONAL) /* whose route it answers, and by which step: both or none */ \
    X(S, U64, step,      _, 1, 1000, OPTIONAL)                              \
    X(S, DAY, day,       _, 0, 0, REQUIRED)                                 \
    X(S, DAY, left,      _, 0, 0, OPTIONAL) /* did not stay to the end */   \
    X(S, STR, reason,    _, 0, 60, OPTIONAL) /* «отчислен», expelled; else of his own */
MSG_DECLARE(enrolment_line, ENROLMENT_LINE_FIELDS)
#define ATTESTATION_LINE_FIELDS(X, S)                                       \
    X(S, STR,  enrolment, _, 1, HISTORY_CODE, REQUIRED)                     \
    X(S, STR,  kind,      _, 1, 60, REQUIRED) /* «промежуточная», «итоговая», interim, final */ \
    X(S, BOOL, passed,    _, 0, 0, REQUIRED)                                \
    X(S, DAY,  day,       _, 0, 0, REQUIRED)
MSG_DECLARE(attestation_line, ATTESTATION_LINE_FIELDS)
#define TUTOR_LINE_FIELDS(X, S)                                             \
    X(S, STR, person, _, 1, HISTORY_CODE, REQUIRED)                         \
    X(S, STR, kind,   _, 1, 60, REQUIRED) /* «тьютор», «методист», tutor, methodologist */ \
    X(S, U64, limit,  _, 0, 100000, OPTIONAL)                               \
    X(S, DAY, day,    _, 0, 0, OPTIONAL) /* since when; none: from today */
MSG_DECLARE(tutor_line, TUTOR_LINE_FIELDS)
#define ASSIGNMENT_LINE_FIELDS(X, S)                                        \
    X(S, STR, person, _, 1, HISTORY_CODE, REQUIRED)                         \
    X(S, STR, kind,   _, 1, 60, REQUIRED)                                   \
    X(S, STR, tutor,  _, 1, HISTORY_CODE, REQUIRED)                         \
    X(S, DAY, day,    _, 0, 0, OPTIONAL)
MSG_DECLARE(assignment_line, ASSIGNMENT_LINE_FIELDS)
#define COMPLETION_ROW_FIELDS(X, S)                                         \
    X(S, STR, person,    _, 1, HISTORY_CODE, REQUIRED)                      \
    X(S, STR, procedure, _, 0, HISTORY_CODE, OPTIONAL) /* whose route it answers */ \
    X(S, STR, what,      _, 1, HISTORY_CODE, REQUIRED) /* number of a step, or code of a programme */ \
    X(S, DAY, enrolled,  _, 0, 0, REQUIRED)                                 \
    X(S, DAY, day,       _, 0, 0, REQUIRED)                                 \
    X(S, STR, document,  _, 1, 80, REQUIRED)                                \
    X(S, STR, enrolment, _, 0, HISTORY_CODE, OPTIONAL) /* none: a document brought from elsewhere */
MSG_DECLARE(completion_row, COMPLETION_ROW_FIELDS)
#define SUPPORT_ROW_FIELDS(X, S)                                            \
    X(S, STR, person, _, 1, HISTORY_CODE, REQUIRED)                         \
    X(S, STR, form,   _, 1, 120, REQUIRED)                                  \
    X(S, DAY, day,    _, 0, 0, REQUIRED)
MSG_DECLARE(support_row, SUPPORT_ROW_FIELDS)

/* ── registers, documents, reorganisations ── */
#define HISTORY_LINE 600
#define ENTRY_LINE_FIELDS(X, S)                                             \
    X(S, STR, register_id,  _, 1, 40, REQUIRED)                             \
    X(S, STR, person,       _, 0, HISTORY_CODE, OPTIONAL)                   \
    X(S, STR, organisation, _, 0, HISTORY_CODE, OPTIONAL)                   \
    X(S, STR, title,        _, 0, 300, OPTIONAL)                            \
    X(S, STR, grounds,      _, 1, HISTORY_LINE, REQUIRED) /* CODE@DAY=EVIDENCE|… */ \
    X(S, STR, values,       _, 0, HISTORY_LINE, OPTIONAL) /* NAME=VALUE|… */ \
    X(S, DAY, from,         _, 0, 0, OPTIONAL) /* none: proposed */         \
    X(S, DAY, until,        _, 0, 0, OPTIONAL)
MSG_DECLARE(entry_line, ENTRY_LINE_FIELDS)
#define PART_LINE_FIELDS(X, S)                                              \
    X(S, STR, register_id,  _, 1, 40,  REQUIRED)                            \
    X(S, STR, entry,        _, 1, 300, REQUIRED) /* its title */            \
    X(S, STR, person,       _, 0, HISTORY_CODE, OPTIONAL)                   \
    X(S, STR, organisation, _, 0, HISTORY_CODE, OPTIONAL)                   \
    X(S, STR, title,        _, 0, 300, OPTIONAL)                            \
    X(S, STR, role,         _, 1, 200, REQUIRED)                            \
    X(S, DAY, from,         _, 0, 0,   REQUIRED)
MSG_DECLARE(part_line, PART_LINE_FIELDS)
#define DUTY_LINE_FIELDS(X, S)                                              \
    X(S, STR, register_id, _, 1, 40,  REQUIRED)                             \
    X(S, STR, entry,       _, 1, 300, REQUIRED)                             \
    X(S, STR, kind,        _, 1, 200, REQUIRED)                             \
    X(S, STR, title,       _, 1, 600, REQUIRED)                             \
    X(S, DAY, due,         _, 0, 0,   REQUIRED)                             \
    X(S, DAY, fulfilled,   _, 0, 0,   OPTIONAL)
MSG_DECLARE(duty_line, DUTY_LINE_FIELDS)
#define PAPER_LINE_FIELDS(X, S)                                             \
    X(S, STR,  number,   _, 1, 80,  REQUIRED)                               \
    X(S, DAY,  day,      _, 0, 0,   REQUIRED)                               \
    X(S, STR,  kind,     _, 1, 60,  REQUIRED) /* «распоряжение» or order */ \
    X(S, STR,  title,    _, 1, 600, REQUIRED)                               \
    X(S, STR,  issuer,   _, 0, HISTORY_CODE, OPTIONAL)                      \
    X(S, STR,  issued_by, _, 0, 300, OPTIONAL)                              \
    X(S, STR,  previous, _, 0, 80,  OPTIONAL) /* number of the one whose next edition it is */ \
    X(S, BOOL, public,   _, 0, 0,   OPTIONAL)
MSG_DECLARE(paper_line, PAPER_LINE_FIELDS)
#define SENDING_LINE_FIELDS(X, S)                                           \
    X(S, STR, number,       _, 1, 80, REQUIRED)                             \
    X(S, STR, organisation, _, 1, HISTORY_CODE, REQUIRED)                   \
    X(S, DAY, day,          _, 0, 0,  REQUIRED)                             \
    X(S, STR, how,          _, 0, 80, OPTIONAL)                             \
    X(S, DAY, acknowledged, _, 0, 0,  OPTIONAL)
MSG_DECLARE(sending_line, SENDING_LINE_FIELDS)
#define CHANGE_LINE_FIELDS(X, S)                                            \
    X(S, STR, change,   _, 1, 60,  REQUIRED) /* «переименована», «учредитель», «переведена», «присоединение», «выделение», «открыта» */ \
    X(S, STR, code,     _, 1, HISTORY_CODE, REQUIRED)                       \
    X(S, STR, other,    _, 0, HISTORY_CODE, OPTIONAL)                       \
    X(S, STR, title,    _, 0, 300, OPTIONAL)                                \
    X(S, DAY, day,      _, 0, 0,   REQUIRED)                                \
    X(S, STR, ground,   _, 1, 500, REQUIRED)                                \
    X(S, STR, document, _, 0, 300, OPTIONAL)
MSG_DECLARE(change_line, CHANGE_LINE_FIELDS)

/* ── consents, training outside, rooms booked, works of experts ── */
#define CONSENT_LINE_FIELDS(X, S)                                           \
    X(S, STR, person,    _, 1, HISTORY_CODE, REQUIRED)                      \
    X(S, STR, purpose,   _, 1, 60,  REQUIRED) /* «методическая поддержка» or support */ \
    X(S, STR, text,      _, 1, 40,  REQUIRED)                               \
    X(S, DAY, day,       _, 0, 0,   REQUIRED)                               \
    X(S, STR, document,  _, 0, 120, OPTIONAL)                               \
    X(S, DAY, withdrawn, _, 0, 0,   OPTIONAL)
MSG_DECLARE(consent_line, CONSENT_LINE_FIELDS)
#define OUTSIDE_LINE_FIELDS(X, S)                                           \
    X(S, STR, person,   _, 1, HISTORY_CODE, REQUIRED)                       \
    X(S, STR, training, _, 1, 40,  REQUIRED)                                \
    X(S, DAY, day,      _, 0, 0,   REQUIRED)                                \
    X(S, STR, document, _, 1, 80,  REQUIRED)                                \
    X(S, STR, provider, _, 1, 300, REQUIRED)                                \
    X(S, STR, title,    _, 0, 300, OPTIONAL)
MSG_DECLARE(outside_line, OUTSIDE_LINE_FIELDS)
/* Days are counted from the day of loading, and may be below zero: -10. */
#define HISTORY_DAYS 40
#define BOOKING_LINE_FIELDS(X, S)                                           \
    X(S, STR, register_id,  _, 1, 40,  REQUIRED)                            \
    X(S, STR, entry,        _, 1, 300, REQUIRED)                            \
    X(S, STR, from,         _, 1, HISTORY_DAYS, REQUIRED)                   \
    X(S, STR, until,        _, 1, HISTORY_DAYS, REQUIRED)                   \
    X(S, U64, places,       _, 1, 100000, REQUIRED)                         \
    X(S, STR, organisation, _, 0, HISTORY_CODE, OPTIONAL)                   \
    X(S, STR, purpose,      _, 1, 300, REQUIRED)
MSG_DECLARE(booking_line, BOOKING_LINE_FIELDS)
#define CONTEST_LINE_FIELDS(X, S)                                           \
    X(S, STR, register_id, _, 1, 40,  REQUIRED)                             \
    X(S, STR, direction,   _, 1, 40,  REQUIRED)                             \
    X(S, STR, title,       _, 1, 300, REQUIRED)                             \
    X(S, STR, from,        _, 1, HISTORY_DAYS, REQUIRED)                    \
    X(S, STR, until,       _, 1, HISTORY_DAYS, REQUIRED)                    \
    X(S, U64, seats,       _, 0, 10000, OPTIONAL)
MSG_DECLARE(contest_line, CONTEST_LINE_FIELDS)
#define WORK_LINE_FIELDS(X, S)                                              \
    X(S, STR,  direction,    _, 1, 40,  REQUIRED)                           \
    X(S, STR,  contest,      _, 0, 300, OPTIONAL) /* its title; then the work is an application to it */ \
    X(S, STR,  work,         _, 1, 300, REQUIRED) /* its title; of an application any name, by which opinions call it */ \
    X(S, STR,  organisation, _, 0, HISTORY_CODE, OPTIONAL) /* whose it is; of an application the applicant */ \
    X(S, STR,  person,       _, 0, HISTORY_CODE, OPTIONAL) /* author; of an application the applicant */ \
    X(S, STR,  grounds,      _, 0, HISTORY_LINE, OPTIONAL) /* of an application, as in registers.csv */ \
    X(S, STR,  values,       _, 0, HISTORY_LINE, OPTIONAL)                  \
    X(S, BOOL, closed,       _, 0, 0,   OPTIONAL) /* decided by its points when the opinions are in */
MSG_DECLARE(work_line, WORK_LINE_FIELDS)
#define OPINION_LINE_FIELDS(X, S)                                           \
    X(S, STR,  direction, _, 1, 40,   REQUIRED)                             \
    X(S, STR,  work,      _, 1, 300,  REQUIRED)                             \
    X(S, STR,  person,    _, 1, HISTORY_CODE, REQUIRED) /* the expert */    \
    X(S, STR,  term,      _, 1, HISTORY_DAYS, REQUIRED)                     \
    X(S, BOOL, taken,     _, 0, 0,    OPTIONAL) /* he has accepted it */    \
    X(S, STR,  points,    _, 0, HISTORY_LINE, OPTIONAL) /* CRITERION=POINTS|…; none: not given yet */ \
    X(S, STR,  summary,   _, 0, 4000, OPTIONAL)
MSG_DECLARE(opinion_line, OPINION_LINE_FIELDS)

/* framework.json is proto's own `framework`, without id. */
#define INSTRUMENT_FILE_FIELDS(X, S)                                        \
    X(S, STR,  code,        _,    1, HISTORY_CODE, REQUIRED)                \
    X(S, STR,  title,       _,    1, 300,  REQUIRED)                        \
    X(S, STR,  framework,   _,    1, HISTORY_CODE, REQUIRED)                \
    X(S, U64,  minutes,     _,    1, 1440, REQUIRED)                        \
    X(S, U64,  cut_percent, _,    1, 100,  REQUIRED)                        \
    X(S, LIST, tasks,       task, 1, TASKS_MAX, REQUIRED)
MSG_DECLARE(instrument_file, INSTRUMENT_FILE_FIELDS)
#define PROCEDURE_OF_FILE_FIELDS(X, S)                                      \
    X(S, STR,  code,       _,       1, HISTORY_CODE, REQUIRED)              \
    X(S, STR,  title,      _,       1, 300, REQUIRED)                       \
    X(S, STR,  instrument, _,       1, HISTORY_CODE, REQUIRED)              \
    X(S, ENUM, purpose,    purpose, 0, 0,   REQUIRED)                       \
    X(S, STR,  owner,      _,       1, HISTORY_CODE, REQUIRED)              \
    X(S, DAY,  opens,      _,       0, 0,   REQUIRED)                       \
    X(S, DAY,  closes,     _,       0, 0,   REQUIRED)
MSG_DECLARE(procedure_of_file, PROCEDURE_OF_FILE_FIELDS)
#define PROCEDURES_FILE_FIELDS(X, S) X(S, LIST, procedures, procedure_of_file, 1, 1000, REQUIRED)
MSG_DECLARE(procedures_file, PROCEDURES_FILE_FIELDS)
#define PROGRAMME_OF_FILE_FIELDS(X, S)                                      \
    X(S, STR,  code,         _,              1, HISTORY_CODE, REQUIRED)     \
    X(S, STR,  title,        _,              1, 300,  REQUIRED)             \
    X(S, ENUM, kind,         programme_kind, 0, 0,    REQUIRED)             \
    X(S, ENUM, form,         programme_form, 0, 0,    REQUIRED)             \
    X(S, U64,  hours,        _,              1, 2000, REQUIRED)             \
    X(S, STRS, competencies, _,              0, 32,   OPTIONAL)             \
    X(S, STRS, topics,       _,              0, 16,   OPTIONAL)             \
    X(S, STR,  provider,     _,              1, HISTORY_CODE, REQUIRED)     \
    X(S, DAY,  included,     _,              0, 0,    OPTIONAL)             \
    X(S, DAY,  excluded,     _,              0, 0,    OPTIONAL)             \
    X(S, STR,  number,       _,              0, 80,   OPTIONAL)
MSG_DECLARE(programme_of_file, PROGRAMME_OF_FILE_FIELDS)
#define PROGRAMMES_FILE_FIELDS(X, S) X(S, LIST, programmes, programme_of_file, 1, 2000, REQUIRED)
MSG_DECLARE(programmes_file, PROGRAMMES_FILE_FIELDS)

#define JUDGEMENTS_FILE_FIELDS(X, S) X(S, LIST, judgements, judgement, 1, 2000, REQUIRED)
MSG_DECLARE(judgements_file, JUDGEMENTS_FILE_FIELDS)

/* The columns of the tables, in the order of the fields above. */
#define HISTORY_COLUMNS(name) extern const struct csv_column name[]; extern const size_t name##_N
HISTORY_COLUMNS(ORGANISATION_COLUMN);
HISTORY_COLUMNS(RUN_COLUMN);
HISTORY_COLUMNS(SITTING_COLUMN);
HISTORY_COLUMNS(AGREEMENT_COLUMN);
HISTORY_COLUMNS(COMPLETION_COLUMN);
HISTORY_COLUMNS(ENROLMENT_COLUMN);
HISTORY_COLUMNS(ATTESTATION_COLUMN);
HISTORY_COLUMNS(TUTOR_COLUMN);
HISTORY_COLUMNS(ASSIGNMENT_COLUMN);
HISTORY_COLUMNS(SUPPORT_COLUMN);
HISTORY_COLUMNS(ENTRY_COLUMN);
HISTORY_COLUMNS(PART_COLUMN);
HISTORY_COLUMNS(DUTY_COLUMN);
HISTORY_COLUMNS(PAPER_COLUMN);
HISTORY_COLUMNS(SENDING_COLUMN);
HISTORY_COLUMNS(CHANGE_COLUMN);
HISTORY_COLUMNS(CONSENT_COLUMN);
HISTORY_COLUMNS(OUTSIDE_COLUMN);
HISTORY_COLUMNS(BOOKING_COLUMN);
HISTORY_COLUMNS(CONTEST_COLUMN);
HISTORY_COLUMNS(WORK_COLUMN);
HISTORY_COLUMNS(OPINION_COLUMN);

/* «детский сад» or kindergarten; -1: neither. Likewise the others. */
int organisation_kind_read(const char *text);
int attestation_kind_read(const char *text);
int tutor_kind_read(const char *text);
int end_reason_read(const char *text);
int paper_kind_read(const char *text);
int consent_purpose_read(const char *text);
/* What becomes of an organisation, in the order in which it is loaded: what is new is entered before it is spoken of. */
enum history_change { CHANGE_TO_OPEN, CHANGE_TO_FOUND, CHANGE_TO_RENAME, CHANGE_TO_MOVE, CHANGE_TO_SPLIT, CHANGE_TO_MERGE, CHANGES_TO };
int change_read(const char *text);
/* 1:2|2:1,3 to answers (arena); false: not in that form. */
struct answers_read { uint32_t n; struct answer *at; };
bool answers_read(const char *text, struct arena *arena, struct answers_read *answers);
