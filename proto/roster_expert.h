#pragma once
#include "proto/profile_expert.h"
#include "proto/roster.h"

/* roster, expert work (R13): a work is given to experts, each gives points by criteria, the work is decided. One mechanism for
 * programmes, practices, sites, contests, drafts and open answers: `direction` is the profile's, `subject` is whatever the
 * service that asks calls it. Texts are about works; a person is an identifier here. */
#define REVIEW_PARTIES_MAX 16

#define REVIEW_OUTCOMES(X)                                                                  \
    X(REVIEW_OPEN, "open")              X(REVIEW_POSITIVE, "positive")                      \
    X(REVIEW_NEGATIVE, "negative")      X(REVIEW_CANCELLED, "cancelled") /* taken back, without a result */
ENUM_DECLARE(review_outcome, REVIEW_OUTCOMES)

#define REVIEW_OPEN_FIELDS(X, S)                                                            \
    X(S, STR,   direction, _, 1, REGISTER_ID_MAX, REQUIRED)                                  \
    X(S, UUID,  unit,      _, 0, 0,   REQUIRED) /* whose work it is: the place that it counts for */ \
    X(S, STR,   title,     _, 1, 300, REQUIRED)                                              \
    X(S, UUID,  subject,   _, 0, 0,   OPTIONAL) /* programme, practice, entry of a register …: one open review of it in a direction */ \
    X(S, UUIDS, authors,   _, 0, REVIEW_PARTIES_MAX, OPTIONAL) /* persons */                 \
    X(S, UUIDS, parties,   _, 0, REVIEW_PARTIES_MAX, OPTIONAL) /* organisations with an interest, beside `unit` */
MSG_DECLARE(review_open, REVIEW_OPEN_FIELDS)            /* roster.review.open → registered */
#define REVIEW_FIELDS(X, S)                                                                 \
    X(S, UUID,  review,    _, 0, 0,   REQUIRED)                                              \
    X(S, STR,   direction, _, 1, REGISTER_ID_MAX, REQUIRED)                                  \
    X(S, STR,   title,     _, 1, 300, REQUIRED)                                              \
    X(S, UUIDS, chain,     _, 1, CHAIN_MAX, REQUIRED) /* of the unit, as of then */          \
    X(S, UUID,  subject,   _, 0, 0,   OPTIONAL)                                              \
    X(S, UUIDS, authors,   _, 0, REVIEW_PARTIES_MAX, OPTIONAL)                               \
    X(S, UUIDS, parties,   _, 0, REVIEW_PARTIES_MAX, OPTIONAL)                               \
    X(S, DAY,   opened,    _, 0, 0,   REQUIRED)                                              \
    X(S, ENUM,  outcome,   review_outcome, 0, 0, OPTIONAL)                                   \
    X(S, DAY,   closed,    _, 0, 0,   OPTIONAL)                                              \
    X(S, U64,   share,     _, 0, 1000, OPTIONAL) /* per mille of the most points, as it was decided by */ \
    X(S, STR,   reason,    _, 0, 600, OPTIONAL)
MSG_DECLARE(review, REVIEW_FIELDS)                      /* roster.review.opened, roster.review.closed: whole */
#define REVIEW_CLOSE_FIELDS(X, S)                                                           \
    X(S, UUID, review,  _, 0, 0,   REQUIRED)                                                 \
    X(S, ENUM, outcome, review_outcome, 0, 0, OPTIONAL) /* open, or left out: as the points say */ \
    X(S, STR,  reason,  _, 0, 600, OPTIONAL) /* needed where it is not what the points say, and to cancel */
MSG_DECLARE(review_close, REVIEW_CLOSE_FIELDS)          /* roster.review.close */

/* ── one expert on one work ── */
#define ASSIGNMENT_STAGES(X)                                                                \
    X(ASSIGNMENT_OFFERED, "offered")        X(ASSIGNMENT_ACCEPTED, "accepted")              \
    X(ASSIGNMENT_SUBMITTED, "submitted")    X(ASSIGNMENT_RETURNED, "returned") /* to be mended */ \
    X(ASSIGNMENT_REFUSED, "refused")        X(ASSIGNMENT_WITHDRAWN, "withdrawn")
ENUM_DECLARE(assignment_stage, ASSIGNMENT_STAGES)
#define EXPERT_POINT_FIELDS(X, S)                                                           \
    X(S, STR, criterion, _, 1, 40,   REQUIRED)                                               \
    X(S, U64, points,    _, 0, 1000, REQUIRED)                                               \
    X(S, STR, remark,    _, 0, 1000, OPTIONAL)
MSG_DECLARE(expert_point, EXPERT_POINT_FIELDS)
#define ASSIGNMENT_FIELDS(X, S)                                                             \
    X(S, UUID,   assignment, _, 0, 0,   REQUIRED)                                            \
    X(S, UUID,   review,     _, 0, 0,   REQUIRED)                                            \
    X(S, STR,    direction,  _, 1, REGISTER_ID_MAX, REQUIRED)                                \
    X(S, UUID,   expert,     _, 0, 0,   REQUIRED)                                            \
    X(S, ENUM,   stage,      assignment_stage, 0, 0, OPTIONAL)                               \
    X(S, DAY,    assigned,   _, 0, 0,   REQUIRED)                                            \
    X(S, DAY,    due,        _, 0, 0,   REQUIRED) /* last day */                             \
    X(S, DAY,    answered,   _, 0, 0,   OPTIONAL)                                            \
    X(S, DAY,    submitted,  _, 0, 0,   OPTIONAL)                                            \
    X(S, DAY,    overdue,    _, 0, 0,   OPTIONAL) /* written down as not done in time, since that day */ \
    X(S, U64,    returns,    _, 0, 1000, OPTIONAL) /* how often it was returned */           \
    X(S, LIST,   points,     expert_point, 0, DIRECTION_CRITERIA_MAX, OPTIONAL)              \
    X(S, U64,    share,      _, 0, 1000, OPTIONAL) /* per mille of the most points */        \
    X(S, STR,    summary,    _, 0, 4000, OPTIONAL)                                           \
    X(S, STR,    reason,     _, 0, 600, OPTIONAL) /* of the refusal, the return, the withdrawal */ \
    X(S, DAY,    paid,       _, 0, 0,   OPTIONAL)                                            \
    X(S, UUID,   document,   _, 0, 0,   OPTIONAL) /* act of acceptance, payment order: of the register of documents */ \
    X(S, MOMENT, over_at,    _, 0, 0,   OPTIONAL) /* in the event: the first moment after the last day, while it is open */
/* roster.review.{assigned,accepted,refused,submitted,returned,withdrawn,overdue,paid}: whole, as it then stands. */
MSG_DECLARE(assignment, ASSIGNMENT_FIELDS)
#define REVIEW_ASSIGN_FIELDS(X, S)                                                          \
    X(S, UUID, review, _, 0, 0, REQUIRED)                                                    \
    X(S, UUID, expert, _, 0, 0, REQUIRED)                                                    \
    X(S, DAY,  due,    _, 0, 0, OPTIONAL)    /* left out: as the direction's term has it */
MSG_DECLARE(review_assign, REVIEW_ASSIGN_FIELDS)        /* roster.review.assign → registered */
#define REVIEW_ANSWER_FIELDS(X, S)                                                          \
    X(S, UUID, assignment, _, 0, 0,   REQUIRED)                                              \
    X(S, BOOL, accept,     _, 0, 0,   REQUIRED)                                              \
    X(S, STR,  reason,     _, 0, 600, OPTIONAL) /* refused: why */
MSG_DECLARE(review_answer, REVIEW_ANSWER_FIELDS)        /* roster.review.answer: by the expert */
#define REVIEW_SUBMIT_FIELDS(X, S)                                                          \
    X(S, UUID, assignment, _, 0, 0,    REQUIRED)                                             \
    X(S, LIST, points,     expert_point, 1, DIRECTION_CRITERIA_MAX, REQUIRED)                \
    X(S, STR,  summary,    _, 1, 4000, REQUIRED)
MSG_DECLARE(review_submit, REVIEW_SUBMIT_FIELDS)        /* roster.review.submit: his opinion */
#define REVIEW_RETURN_FIELDS(X, S)                                                          \
    X(S, UUID, assignment, _, 0, 0,   REQUIRED)                                              \
    X(S, STR,  reason,     _, 1, 600, REQUIRED)                                              \
    X(S, DAY,  due,        _, 0, 0,   OPTIONAL) /* left out: as the direction's term has it */
MSG_DECLARE(review_return, REVIEW_RETURN_FIELDS)        /* roster.review.return */
#define REVIEW_WITHDRAW_FIELDS(X, S)                                                        \
    X(S, UUID, assignment, _, 0, 0,   REQUIRED)                                              \
    X(S, STR,  reason,     _, 1, 600, REQUIRED)
MSG_DECLARE(review_withdraw, REVIEW_WITHDRAW_FIELDS)    /* roster.review.withdraw: the work is taken back from him */
#define REVIEW_PAY_FIELDS(X, S)                                                             \
    X(S, UUID, assignment, _, 0, 0, REQUIRED)                                                \
    X(S, DAY,  day,        _, 0, 0, REQUIRED)                                                \
    X(S, UUID, document,   _, 0, 0, OPTIONAL)
MSG_DECLARE(review_pay, REVIEW_PAY_FIELDS)              /* roster.review.pay: that it was paid for, no sums */

/* ── declared ties ── */
#define TIE_KINDS(X)                                                                        \
    X(TIE_KIN, "kin")                   X(TIE_WORK, "work") /* works or worked together, under the other */ \
    X(TIE_AUTHORS, "authors")           /* wrote together */                                \
    X(TIE_TEACHING, "teaching")         /* teacher and pupil */ X(TIE_OTHER, "other")
ENUM_DECLARE(tie_kind, TIE_KINDS)
#define TIE_FIELDS(X, S)                                                                    \
    X(S, UUID, person, _, 0, 0, REQUIRED)                                                    \
    X(S, UUID, other,  _, 0, 0, REQUIRED)    /* a person or an organisation */               \
    X(S, ENUM, kind,   tie_kind, 0, 0, OPTIONAL)                                             \
    X(S, DAY,  from,   _, 0, 0, OPTIONAL)                                                    \
    X(S, DAY,  until,  _, 0, 0, OPTIONAL)    /* last day; 0: it lasts */
MSG_DECLARE(tie, TIE_FIELDS)    /* roster.tie.declare (the same two again: as it now stands) and roster.tie.declared */

/* ── queries ── */
#define REVIEW_CARD_FIELDS(X, S)                                                            \
    X(S, MSG,  review,      review,     0, 0, REQUIRED)                                      \
    X(S, LIST, assignments, assignment, 0, OPINIONS_MAX, OPTIONAL) /* all for who decides, his own for an expert */ \
    X(S, BOOL, enough,      _,          0, 0, OPTIONAL) /* for who decides: it can be closed by its points */ \
    X(S, BOOL, apart,       _,          0, 0, OPTIONAL) /* opinions lie apart and one more is wanted */
MSG_DECLARE(review_card, REVIEW_CARD_FIELDS)            /* roster.review.get: registered → review_card */
#define REVIEWS_OF_FIELDS(X, S)                                                             \
    X(S, UUID, unit,      _, 0, 0,    REQUIRED)                                              \
    X(S, STR,  direction, _, 1, REGISTER_ID_MAX, REQUIRED)                                   \
    X(S, BOOL, open,      _, 0, 0,    OPTIONAL) /* only what is not closed */                \
    X(S, BIN,  after,     _, 0, 511,  OPTIONAL)                                              \
    X(S, U64,  limit,     _, 0, 1000, OPTIONAL)
MSG_DECLARE(reviews_of, REVIEWS_OF_FIELDS)              /* roster.review.list */
#define REVIEW_LIST_FIELDS(X, S)                                                            \
    X(S, LIST, rows, review, 0, 1000, OPTIONAL)                                              \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(review_list, REVIEW_LIST_FIELDS)
#define EXPERT_CONFLICTS(X)                                                                 \
    X(EXPERT_FREE, "free")              X(EXPERT_HIMSELF, "himself")                        \
    X(EXPERT_SAME_PLACE, "same_place")  X(EXPERT_TIED, "tied")                              \
    X(EXPERT_LOADED, "loaded")          X(EXPERT_ASSIGNED, "assigned") /* to this work already */
ENUM_DECLARE(expert_conflict, EXPERT_CONFLICTS)
/* How he has worked so far. `off`: how far his points lay from the mean of the others' on the same works, per mille. */
#define EXPERT_STANDING_FIELDS(X, S)                                                        \
    X(S, U64, assigned,  _, 0, INT64_MAX, OPTIONAL)                                          \
    X(S, U64, open,      _, 0, INT64_MAX, OPTIONAL)                                          \
    X(S, U64, done,      _, 0, INT64_MAX, OPTIONAL)                                          \
    X(S, U64, late,      _, 0, INT64_MAX, OPTIONAL)                                          \
    X(S, U64, refused,   _, 0, INT64_MAX, OPTIONAL)                                          \
    X(S, U64, withdrawn, _, 0, INT64_MAX, OPTIONAL)                                          \
    X(S, U64, returned,  _, 0, INT64_MAX, OPTIONAL)                                          \
    X(S, U64, unpaid,    _, 0, INT64_MAX, OPTIONAL) /* done and not yet paid for */          \
    X(S, U64, compared,  _, 0, INT64_MAX, OPTIONAL) /* closed works with other opinions beside his */ \
    X(S, U64, off,       _, 0, INT64_MAX, OPTIONAL) /* sum over them */
MSG_DECLARE(expert_standing, EXPERT_STANDING_FIELDS)    /* roster.expert.get (expert_of) */
#define EXPERT_OF_FIELDS(X, S) X(S, UUID, expert, _, 0, 0, REQUIRED)
MSG_DECLARE(expert_of, EXPERT_OF_FIELDS)
#define CANDIDATES_OF_FIELDS(X, S)                                                          \
    X(S, UUID, review,      _, 0, 0,   REQUIRED)                                             \
    X(S, STR,  register_id, _, 0, REGISTER_ID_MAX, OPTIONAL) /* left out: the direction's first */ \
    X(S, BIN,  after,       _, 0, 511, OPTIONAL)                                             \
    X(S, U64,  limit,       _, 0, 200, OPTIONAL)
MSG_DECLARE(candidates_of, CANDIDATES_OF_FIELDS)        /* roster.review.candidates: the register's members of today */
#define CANDIDATE_FIELDS(X, S)                                                              \
    X(S, UUID, expert,   _, 0, 0, REQUIRED)                                                  \
    X(S, ENUM, conflict, expert_conflict, 0, 0, OPTIONAL)                                    \
    X(S, MSG,  standing, expert_standing, 0, 0, REQUIRED)
MSG_DECLARE(candidate, CANDIDATE_FIELDS)
#define CANDIDATE_LIST_FIELDS(X, S)                                                         \
    X(S, LIST, rows, candidate, 0, 200, OPTIONAL)                                            \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(candidate_list, CANDIDATE_LIST_FIELDS)
#define ASSIGNMENTS_OF_FIELDS(X, S)                                                         \
    X(S, UUID, expert, _, 0, 0,    REQUIRED)                                                 \
    X(S, BOOL, open,   _, 0, 0,    OPTIONAL)                                                 \
    X(S, BIN,  after,  _, 0, 511,  OPTIONAL)                                                 \
    X(S, U64,  limit,  _, 0, 1000, OPTIONAL)
MSG_DECLARE(assignments_of, ASSIGNMENTS_OF_FIELDS)      /* roster.expert.works: in the order of their assignment */
#define ASSIGNMENT_LIST_FIELDS(X, S)                                                        \
    X(S, LIST, rows, assignment, 0, 1000, OPTIONAL)                                          \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(assignment_list, ASSIGNMENT_LIST_FIELDS)
#define TIES_MAX 64         /* of one person */
#define TIE_LIST_FIELDS(X, S) X(S, LIST, rows, tie, 0, TIES_MAX, OPTIONAL)
MSG_DECLARE(tie_list, TIE_LIST_FIELDS)                  /* roster.tie.list (expert_of): what he has declared */
