#pragma once
#include "proto/roster.h"
#include "proto/roster_life.h"

/* roster, staffing needs (R11): vacancies; how old a staff is and how long it has served, who will leave by year, who teaches
 * what his education does not match, whom to retrain. Numbers and identifiers; nobody's age. */

/* ── vacancies ── */
#define VACANCY_OPEN_FIELDS(X, S)                                                           \
    X(S, UUID, organisation, _, 0, 0,    REQUIRED)                                           \
    X(S, STR,  post,         _, 1, 120,  REQUIRED) /* title, as the profile lists them */    \
    X(S, STR,  subject,      _, 0, 120,  OPTIONAL)                                           \
    X(S, U64,  load,         _, 1, 1000, REQUIRED) /* hundredths of a full post */           \
    X(S, DAY,  from,         _, 0, 0,    REQUIRED) /* vacant since */
MSG_DECLARE(vacancy_open, VACANCY_OPEN_FIELDS)          /* roster.vacancy.open → registered */
#define VACANCY_ENDS(X)                                                                     \
    X(VACANCY_VACANT, "vacant")         X(VACANCY_FILLED, "filled")                         \
    X(VACANCY_WITHDRAWN, "withdrawn")   /* the post or the hours are no more */             \
    X(VACANCY_MISTAKEN, "mistaken")     /* never was: counts on no day */
ENUM_DECLARE(vacancy_end, VACANCY_ENDS)
#define VACANCY_CLOSE_FIELDS(X, S)                                                          \
    X(S, UUID, vacancy, _, 0, 0, REQUIRED)                                                   \
    X(S, ENUM, end,     vacancy_end, 0, 0, REQUIRED)                                         \
    X(S, DAY,  until,   _, 0, 0, OPTIONAL)   /* last day vacant; left out: the eve of the post, else today */ \
    X(S, UUID, by,      _, 0, 0, OPTIONAL)   /* filled: the post of the roster that did */
MSG_DECLARE(vacancy_close, VACANCY_CLOSE_FIELDS)        /* roster.vacancy.close */
#define VACANCY_FIELDS(X, S)                                                                \
    X(S, UUID,  vacancy, _, 0, 0,    REQUIRED)                                               \
    X(S, UUIDS, chain,   _, 1, CHAIN_MAX, REQUIRED) /* of the organisation, as of then */    \
    X(S, ENUM,  kind,    post_kind, 0, 0, REQUIRED)                                          \
    X(S, STR,   post,    _, 1, 120,  REQUIRED)                                               \
    X(S, STR,   subject, _, 0, 120,  OPTIONAL)                                               \
    X(S, U64,   load,    _, 1, 1000, REQUIRED)                                               \
    X(S, DAY,   from,    _, 0, 0,    REQUIRED)                                               \
    X(S, DAY,   until,   _, 0, 0,    OPTIONAL) /* last day; before `from`: never was */      \
    X(S, ENUM,  end,     vacancy_end, 0, 0, OPTIONAL)                                        \
    X(S, UUID,  by,      _, 0, 0,    OPTIONAL)
MSG_DECLARE(vacancy, VACANCY_FIELDS)                    /* roster.vacancy.opened, roster.vacancy.closed: whole */
#define VACANCIES_OF_FIELDS(X, S)                                                           \
    X(S, UUID, unit,    _, 0, 0,    REQUIRED)                                                \
    X(S, DAY,  on,      _, 0, 0,    OPTIONAL) /* vacant on that day; 0: today */             \
    X(S, STR,  subject, _, 0, 120,  OPTIONAL)                                                \
    X(S, STR,  post,    _, 0, 120,  OPTIONAL)                                                \
    X(S, BIN,  after,   _, 0, 511,  OPTIONAL)                                                \
    X(S, U64,  limit,   _, 0, 1000, OPTIONAL)
MSG_DECLARE(vacancies_of, VACANCIES_OF_FIELDS)          /* roster.vacancy.list: those vacant longest first */
#define VACANCY_LIST_FIELDS(X, S)                                                           \
    X(S, LIST, rows, vacancy, 0, 1000, OPTIONAL)                                             \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(vacancy_list, VACANCY_LIST_FIELDS)

/* ── the staff of a unit on a day ── */
#define STAFFING_BANDS_MAX    24
#define STAFFING_YEARS_MAX    30
#define STAFFING_SUBJECTS_MAX 300
#define STAFFING_BAND_FIELDS(X, S)                                                          \
    X(S, STR, band,   _, 1, BAND_ID_MAX, REQUIRED)                                           \
    X(S, STR, title,  _, 1, 300, REQUIRED)                                                   \
    X(S, U64, people, _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(staffing_band, STAFFING_BAND_FIELDS)
#define STAFFING_YEAR_FIELDS(X, S)                                                          \
    X(S, U64, year,   _, 0, 9999, REQUIRED)  /* in which they come to the age at which one leaves; 0: have come to it */ \
    X(S, U64, people, _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(staffing_year, STAFFING_YEAR_FIELDS)
#define STAFFING_SUBJECT_FIELDS(X, S)                                                       \
    X(S, STR, subject,    _, 0, 120, OPTIONAL) /* none: posts without one */                 \
    X(S, U64, posts,      _, 0, INT64_MAX, REQUIRED) /* of the population, held on the day */ \
    X(S, U64, mismatched, _, 0, INT64_MAX, REQUIRED) /* of them: the education does not match the subject */ \
    X(S, U64, vacancies,  _, 0, INT64_MAX, REQUIRED)                                         \
    X(S, U64, load,       _, 0, INT64_MAX, REQUIRED) /* of the vacancies, hundredths */
MSG_DECLARE(staffing_subject, STAFFING_SUBJECT_FIELDS)
#define STAFFING_FIELDS(X, S)                                                               \
    X(S, U64,  people,        _, 0, INT64_MAX, REQUIRED) /* of the population, each once */  \
    X(S, U64,  unpedagogical, _, 0, INT64_MAX, REQUIRED) /* of them: without pedagogical education */ \
    X(S, U64,  mismatched,    _, 0, INT64_MAX, REQUIRED) /* of them: in some post that their education does not match */ \
    X(S, U64,  vacancies,     _, 0, INT64_MAX, REQUIRED)                                     \
    X(S, U64,  load,          _, 0, INT64_MAX, REQUIRED)                                     \
    X(S, LIST, bands,    staffing_band,    0, STAFFING_BANDS_MAX,    OPTIONAL)               \
    X(S, LIST, leaving,  staffing_year,    0, STAFFING_YEARS_MAX,    OPTIONAL)               \
    X(S, LIST, subjects, staffing_subject, 0, STAFFING_SUBJECTS_MAX, OPTIONAL) /* by name */ \
    X(S, BOOL, more,          _, 0, 0, OPTIONAL) /* there are more subjects: the rest is in the sums alone */
MSG_DECLARE(staffing, STAFFING_FIELDS)                  /* roster.staffing.get (population_in) */

/* Whom to retrain: each post held on the day whose holder has no pedagogical education, or none that matches the subject. */
#define RETRAINING_WHYS(X) X(RETRAIN_MISMATCHED, "mismatched") X(RETRAIN_UNPEDAGOGICAL, "unpedagogical") X(RETRAIN_BOTH, "both")
ENUM_DECLARE(retraining_why, RETRAINING_WHYS)
#define RETRAINING_ROW_FIELDS(X, S)                                                         \
    X(S, UUID, person,       _, 0, 0,   REQUIRED)                                            \
    X(S, UUID, post,         _, 0, 0,   REQUIRED)                                            \
    X(S, UUID, organisation, _, 0, 0,   REQUIRED)                                            \
    X(S, STR,  subject,      _, 0, 120, OPTIONAL)                                            \
    X(S, ENUM, why,          retraining_why, 0, 0, OPTIONAL)
MSG_DECLARE(retraining_row, RETRAINING_ROW_FIELDS)
#define RETRAINING_OF_FIELDS(X, S)                                                          \
    X(S, UUID, unit,  _, 0, 0,    REQUIRED)                                                  \
    X(S, DAY,  on,    _, 0, 0,    OPTIONAL)                                                  \
    X(S, BIN,  after, _, 0, 511,  OPTIONAL)                                                  \
    X(S, U64,  limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(retraining_of, RETRAINING_OF_FIELDS)        /* roster.retraining.list */
#define RETRAINING_LIST_FIELDS(X, S)                                                        \
    X(S, LIST, rows, retraining_row, 0, 1000, OPTIONAL)                                      \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(retraining_list, RETRAINING_LIST_FIELDS)
