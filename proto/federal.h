#pragma once
#include "common/core/hash.h"
#include "proto/profile.h"

/* federal: the passport of the regional system (F1), its life (F2), and what goes to the federal operator and
 * comes back (F7).
 *
 * A passport is one version of one year: eight blocks of cells. Each cell is a value with its origin, or a gap
 * that says why and which function will fill it (a row of the requirements: R14, P11 …). Югра п. 3.2.1 (2),
 * 3.2.2 (3), прил. № 1; Хабаровский край п. 3.2 (3), 4.1.
 *
 * Cells stand by (block, row, column); `line` orders rows, `place` columns: in both the order of the document. */
#define PASSPORT_BLOCKS    8
#define PASSPORT_CELLS_MAX 20000
#define PACKAGE_NAME_MAX   100

#define PASSPORT_STATES(X)                                                                                          \
    X(PASSPORT_DRAFT, "draft")          /* filled from the services, cells typed in */                              \
    X(PASSPORT_SUBMITTED, "submitted")  /* for approval by the authority (РОИВ) */                                  \
    X(PASSPORT_APPROVED, "approved")    /* frozen by its content's hash */                                          \
    X(PASSPORT_SENT, "sent")            /* to the federal operator */                                               \
    X(PASSPORT_AGREED, "agreed") X(PASSPORT_RETURNED, "returned")       /* by the federal operator */
ENUM_DECLARE(passport_state, PASSPORT_STATES)

/* ── cells ── */
#define CELL_KINDS(X)                                                                                               \
    X(CELL_GAP, "gap")                  /* nothing is known yet: `gap` says why, `functions` what will bring it */   \
    X(CELL_SERVICE, "service")          /* counted or kept by a service: the block's sources say up to where */     \
    X(CELL_DOCUMENT, "document")        /* typed in from a document */
ENUM_DECLARE(cell_kind, CELL_KINDS)
/* A gap's reason, as a token: the sentence is the document's own (services/federal/words.c) and the edge's. */
#define GAP_REASONS(X)                                                                                              \
    X(GAP_NO_FUNCTION, "no_function")   /* the system does not keep it yet */                                       \
    X(GAP_NO_FACTS, "no_facts")         /* the facts that it is counted from do not exist yet */                    \
    X(GAP_NOT_JUDGED, "not_judged")     /* waits for a judgement with its documents */                              \
    X(GAP_NO_TARGET, "no_target")       /* the act sets none for this year */                                       \
    X(GAP_NOT_SAID, "not_said")         /* may be kept, and was not entered */                                      \
    X(GAP_TOO_MANY, "too_many")         /* more than is read for a passport: what was read is not the whole */
ENUM_DECLARE(gap_reason, GAP_REASONS)
#define CELL_FIELDS(X, S)                                                                                           \
    X(S, U64,  block,     _,          1, PASSPORT_BLOCKS, REQUIRED)                                                  \
    X(S, STR,  row,       _,          1, 80,   REQUIRED) /* key: act/indicator, code of a programme … */             \
    X(S, STR,  column,    _,          1, 40,   REQUIRED) /* key: value, target, hours … */                           \
    X(S, U64,  line,      _,          0, 100000, OPTIONAL)                                                           \
    X(S, U64,  place,     _,          0, 100,  OPTIONAL)                                                             \
    X(S, STR,  title,     _,          0, 1200, OPTIONAL) /* of the row, as people read it */                         \
    X(S, ENUM, kind,      cell_kind,  0, 0,    REQUIRED)                                                             \
    X(S, STR,  text,      _,          0, 2000, OPTIONAL) /* the value as it is to be retyped */                      \
    X(S, BOOL, counted,   _,          0, 0,    OPTIONAL) /* `number` is said */                                      \
    X(S, U64,  number,    _,          0, INT64_MAX, OPTIONAL)                                                        \
    X(S, U64,  of,        _,          0, INT64_MAX, OPTIONAL) /* a share's denominator */                            \
    X(S, STR,  unit,      _,          0, 80,   OPTIONAL)                                                             \
    X(S, STR,  service,   _,          0, 40,   OPTIONAL) /* SERVICE: one of the block's sources */                   \
    X(S, STR,  act,       _,          0, 8,    OPTIONAL) /* code of the act's edition */                             \
    X(S, STR,  edition,   _,          0, 400,  OPTIONAL) /* its name, number and day */                              \
    X(S, STR,  indicator, _,          0, 20,   OPTIONAL)                                                             \
    X(S, STR,  data,      _,          0, 120,  OPTIONAL) /* where numerator and denominator come from, as tokens */  \
    X(S, STR,  document,  _,          0, 300,  OPTIONAL) /* DOCUMENT: letter, its number */                          \
    X(S, DAY,  day,       _,          0, 0,    OPTIONAL) /* DOCUMENT: of it */                                       \
    X(S, ENUM, gap,       gap_reason, 0, 0,    OPTIONAL)                                                             \
    X(S, STRS, functions, _,          0, 4,    OPTIONAL) /* GAP: that will fill it */
MSG_DECLARE(cell, CELL_FIELDS)
/* Up to which entry of which journal a block was counted. `by`: the service that answered read that journal;
 * empty: its own. */
#define CELL_SOURCE_FIELDS(X, S)                                                                                    \
    X(S, STR,  service,     _, 1, 40,        REQUIRED)                                                               \
    X(S, STR,  by,          _, 0, 40,        OPTIONAL)                                                               \
    X(S, UUID, journal,     _, 0, 0,         OPTIONAL)                                                               \
    X(S, UUID, incarnation, _, 0, 0,         OPTIONAL)                                                               \
    X(S, U64,  number,      _, 0, INT64_MAX, OPTIONAL)
MSG_DECLARE(cell_source, CELL_SOURCE_FIELDS)
#define CELL_SOURCES_MAX 16

/* ── commands of people ── */
#define PASSPORT_OPEN_FIELDS(X, S) X(S, U64, year, _, 1970, 9999, REQUIRED)
MSG_DECLARE(passport_open, PASSPORT_OPEN_FIELDS)        /* federal.passport.open → registered */
#define PASSPORT_ID_FIELDS(X, S)   X(S, UUID, passport, _, 0, 0, REQUIRED)
MSG_DECLARE(passport_id, PASSPORT_ID_FIELDS)            /* .fill (again), .submit, .send; query .get */
#define CELL_ENTER_FIELDS(X, S)                                                                                     \
    X(S, UUID, passport, _, 0, 0,    REQUIRED)                                                                       \
    X(S, U64,  block,    _, 1, PASSPORT_BLOCKS, REQUIRED)                                                            \
    X(S, STR,  row,      _, 1, 80,   REQUIRED)                                                                       \
    X(S, STR,  column,   _, 1, 40,   REQUIRED)                                                                       \
    X(S, STR,  title,    _, 0, 1200, OPTIONAL)                                                                       \
    X(S, STR,  value,    _, 1, 2000, REQUIRED)                                                                       \
    X(S, STR,  unit,     _, 0, 80,   OPTIONAL)                                                                       \
    X(S, STR,  document, _, 1, 300,  REQUIRED)                                                                       \
    X(S, DAY,  day,      _, 0, 0,    REQUIRED)
MSG_DECLARE(cell_enter, CELL_ENTER_FIELDS)              /* federal.cell.enter */
#define CELL_AT_FIELDS(X, S)                                                                                        \
    X(S, UUID, passport, _, 0, 0,    REQUIRED)                                                                       \
    X(S, U64,  block,    _, 1, PASSPORT_BLOCKS, REQUIRED)                                                            \
    X(S, STR,  row,      _, 1, 80,   REQUIRED)                                                                       \
    X(S, STR,  column,   _, 1, 40,   REQUIRED)
MSG_DECLARE(cell_at, CELL_AT_FIELDS)                    /* federal.cell.withdraw: what was typed in, taken back */
#define PASSPORT_APPROVE_FIELDS(X, S)                                                                               \
    X(S, UUID, passport, _, 0, 0,         REQUIRED)                                                                  \
    X(S, BIN,  content,  _, 0, HASH_SIZE, OPTIONAL) /* the content that was read; another one is refused */          \
    X(S, STR,  document, _, 0, 300,       OPTIONAL) /* of the approval */
MSG_DECLARE(passport_approve, PASSPORT_APPROVE_FIELDS)
#define PASSPORT_RETURN_FIELDS(X, S)                                                                                \
    X(S, UUID, passport, _, 0, 0,    REQUIRED)                                                                       \
    X(S, STR,  remarks,  _, 1, 4000, REQUIRED)
MSG_DECLARE(passport_return, PASSPORT_RETURN_FIELDS)    /* by the authority, submitted or approved: a draft again */
#define PASSPORT_RECALL_FIELDS(X, S)                                                                                \
    X(S, UUID, passport, _, 0, 0,    REQUIRED)                                                                       \
    X(S, STR,  reason,   _, 1, 1000, REQUIRED)
MSG_DECLARE(passport_recall, PASSPORT_RECALL_FIELDS)    /* federal.passport.recall: sent and not delivered: approved again */

/* ── commands of the service's own errands ── */
/* One part of a block. Part 1 begins an attempt and drops what earlier fillings put into the block; the next ones
 * have to follow in order, with the same digest. The last one ends the block's filling. */
#define BLOCK_FILL_FIELDS(X, S)                                                                                     \
    X(S, UUID, passport, _,           0, 0,                REQUIRED)                                                 \
    X(S, U64,  fill,     _,           1, 1000000,          REQUIRED) /* the passport's filling that this answers */  \
    X(S, U64,  block,    _,           1, PASSPORT_BLOCKS,  REQUIRED)                                                 \
    X(S, U64,  attempt,  _,           1, 1000000,          REQUIRED)                                                 \
    X(S, BIN,  digest,   _,           HASH_SIZE, HASH_SIZE, REQUIRED) /* of all parts together */                    \
    X(S, U64,  part,     _,           1, 1000,             REQUIRED)                                                 \
    X(S, U64,  parts,    _,           1, 1000,             REQUIRED)                                                 \
    X(S, LIST, sources,  cell_source, 0, CELL_SOURCES_MAX, OPTIONAL)                                                 \
    X(S, LIST, cells,    cell,        0, 1000,             OPTIONAL)
MSG_DECLARE(block_fill, BLOCK_FILL_FIELDS)              /* federal.block.fill; event federal.block.filled */
#define PACKAGE_DELIVER_FIELDS(X, S)                                                                                \
    X(S, UUID, passport,  _, 0, 0,                REQUIRED)                                                          \
    X(S, STR,  name,      _, 1, PACKAGE_NAME_MAX, REQUIRED)                                                          \
    X(S, BIN,  hash,      _, HASH_SIZE, HASH_SIZE, REQUIRED) /* of NAME.json */                                      \
    X(S, BIN,  signature, _, 64, 64,              REQUIRED)                                                          \
    X(S, BIN,  key,       _, 32, 32,              REQUIRED) /* the public one that checks it */                      \
    X(S, U64,  bytes,     _, 1, INT64_MAX,        REQUIRED)
MSG_DECLARE(package_deliver, PACKAGE_DELIVER_FIELDS)    /* federal.package.deliver; event .delivered: the files are there */
#define PACKAGE_FAULT_FIELDS(X, S)                                                                                  \
    X(S, UUID, passport, _, 0, 0,  REQUIRED)                                                                         \
    X(S, STR,  reason,   _, 1, 60, REQUIRED)
MSG_DECLARE(package_fault, PACKAGE_FAULT_FIELDS)        /* federal.package.fault; event .faulted: why they are not */

#define ANSWER_OUTCOMES(X) X(ANSWER_AGREED, "agreed") X(ANSWER_RETURNED, "returned")
ENUM_DECLARE(answer_outcome, ANSWER_OUTCOMES)
/* The federal operator's answer: from a signed receipt (hash, file), or typed in from the personal cabinet. */
#define OPERATOR_ANSWER_FIELDS(X, S)                                                                                         \
    X(S, UUID, passport, _,              0, 0,         REQUIRED)                                                     \
    X(S, ENUM, outcome,  answer_outcome, 0, 0,         REQUIRED)                                                     \
    X(S, STR,  number,   _,              1, 80,        REQUIRED) /* of the operator's document */                    \
    X(S, DAY,  day,      _,              0, 0,         REQUIRED)                                                     \
    X(S, STR,  remarks,  _,              0, 4000,      OPTIONAL)                                                     \
    X(S, BIN,  package,  _,              0, HASH_SIZE, OPTIONAL) /* the package's hash that it speaks of */          \
    X(S, BIN,  receipt,  _,              0, HASH_SIZE, OPTIONAL) /* hash of the receipt's bytes; none: typed in */   \
    X(S, STR,  file,     _,              0, 255,       OPTIONAL)
MSG_DECLARE(operator_answer, OPERATOR_ANSWER_FIELDS)      /* federal.receipt.take, federal.answer.enter; event federal.answer.taken */
#define LETTER_ARG_FIELDS(X, S)                                                                                     \
    X(S, STR,  name,  _, 1, 40,  REQUIRED)                                                                           \
    X(S, STR,  value, _, 0, 400, REQUIRED)
MSG_DECLARE(letter_arg, LETTER_ARG_FIELDS)              /* of the reason, as a refusal has them */
#define LETTER_REFUSED_FIELDS(X, S)                                                                                 \
    X(S, STR,  file,   _, 1, 255,        REQUIRED) /* where it lies in inbox/refused */                              \
    X(S, BIN,  hash,   _, 0, HASH_SIZE,  OPTIONAL) /* of its bytes, where they were read */                          \
    X(S, U64,  bytes,  _, 0, INT64_MAX,  OPTIONAL)                                                                   \
    X(S, STR,  reason, _, 1, 60,         REQUIRED)                                                                   \
    X(S, LIST, args,   letter_arg, 0, 16, OPTIONAL)
MSG_DECLARE(letter_refused, LETTER_REFUSED_FIELDS)      /* federal.letter.refuse; event federal.letter.refused */

/* ── events ── */
#define PASSPORT_OPENED_FIELDS(X, S)                                                                                \
    X(S, UUID, passport, _,    0, 0,    REQUIRED)                                                                    \
    X(S, U64,  year,     _,    1970, 9999, REQUIRED)                                                                 \
    X(S, U64,  version,  _,    1, 1000, REQUIRED)                                                                    \
    X(S, UUID, previous, _,    0, 0,    OPTIONAL) /* the version before: what was typed into it is taken over */     \
    X(S, STR,  title,    _,    1, 300,  REQUIRED) /* «Паспорт ДППО» …, as the act has it */                          \
    X(S, STR,  operator, _,    0, 300,  OPTIONAL) /* the federal one */                                              \
    X(S, STR,  region,   _,    1, 300,  REQUIRED) /* its title then, and the act's: a package says what was said */  \
    X(S, STR,  act,      _,    0, 300,  OPTIONAL)                                                                    \
    X(S, DAY,  day,      _,    0, 0,    REQUIRED)                                                                    \
    X(S, LIST, gaps,     cell, 0, 100,  OPTIONAL) /* of the blocks that nothing fills yet */
MSG_DECLARE(passport_opened, PASSPORT_OPENED_FIELDS)    /* federal.passport.opened */
#define PASSPORT_MOVED_FIELDS(X, S)                                                                                 \
    X(S, UUID, passport, _, 0, 0,         REQUIRED)                                                                  \
    X(S, DAY,  day,      _, 0, 0,         REQUIRED)                                                                  \
    X(S, STR,  remarks,  _, 0, 4000,      OPTIONAL)                                                                  \
    X(S, STR,  document, _, 0, 300,       OPTIONAL)                                                                  \
    X(S, BIN,  content,  _, 0, HASH_SIZE, OPTIONAL) /* approved, sent */                                             \
    X(S, U64,  words,    _, 0, 1000,      OPTIONAL) /* approved: the edition of the words that it was read in; 0: 1 */
MSG_DECLARE(passport_moved, PASSPORT_MOVED_FIELDS)      /* .filling_begun, .submitted, .approved, .returned, .sent, .recalled;
                                                         * federal.recall.asked */
#define CELL_ENTERED_FIELDS(X, S)                                                                                   \
    X(S, UUID, passport, _,    0, 0, REQUIRED)                                                                       \
    X(S, MSG,  cell,     cell, 0, 0, REQUIRED)
MSG_DECLARE(cell_entered, CELL_ENTERED_FIELDS)          /* federal.cell.entered */

/* ── what can be asked ── */
#define BLOCK_STATE_FIELDS(X, S)                                                                                    \
    X(S, U64,  number,  _,           1, PASSPORT_BLOCKS,  REQUIRED)                                                  \
    X(S, U64,  filled,  _,           0, 1000000,          OPTIONAL) /* by which filling of the passport, whole */    \
    X(S, U64,  attempt, _,           0, 1000000,          OPTIONAL)                                                  \
    X(S, BIN,  digest,  _,           0, HASH_SIZE,        OPTIONAL) /* of the attempt under way */                   \
    X(S, U64,  done,    _,           0, 1000,             OPTIONAL) /* its parts that are in */                      \
    X(S, U64,  of_fill, _,           0, 1000000,          OPTIONAL) /* the filling that the attempt answers */       \
    X(S, LIST, sources, cell_source, 0, CELL_SOURCES_MAX, OPTIONAL)                                                  \
    X(S, U64,  cells,   _,           0, INT64_MAX,        OPTIONAL) /* gaps included */                              \
    X(S, U64,  gaps,    _,           0, INT64_MAX,        OPTIONAL)
MSG_DECLARE(block_state, BLOCK_STATE_FIELDS)
#define PASSPORT_FIELDS(X, S)                                                                                       \
    X(S, UUID, id,        _,              0, 0,             REQUIRED)                                                \
    X(S, U64,  year,      _,              1970, 9999,       REQUIRED)                                                \
    X(S, U64,  version,   _,              1, 1000,          REQUIRED)                                                \
    X(S, STR,  title,     _,              1, 300,           REQUIRED)                                                \
    X(S, STR,  operator,  _,              0, 300,           OPTIONAL)                                                \
    X(S, STR,  region,    _,              1, 300,           REQUIRED)                                                \
    X(S, STR,  act,       _,              0, 300,           OPTIONAL)                                                \
    X(S, ENUM, state,     passport_state, 0, 0,             REQUIRED)                                                \
    X(S, UUID, previous,  _,              0, 0,             OPTIONAL)                                                \
    X(S, U64,  fill,      _,              0, 1000000,       OPTIONAL) /* fillings begun */                           \
    X(S, MOMENT, filling_at, _,           0, 0,             OPTIONAL) /* when the last one was */                    \
    X(S, LIST, blocks,    block_state,    0, PASSPORT_BLOCKS, OPTIONAL)                                              \
    X(S, DAY,  opened,    _,              0, 0,             OPTIONAL)                                                \
    X(S, DAY,  submitted, _,              0, 0,             OPTIONAL)                                                \
    X(S, DAY,  approved,  _,              0, 0,             OPTIONAL)                                                \
    X(S, STR,  approval,  _,              0, 300,           OPTIONAL) /* document of the approval */                 \
    X(S, STR,  remarks,   _,              0, 4000,          OPTIONAL) /* of the authority's last return */           \
    X(S, BIN,  content,   _,              0, HASH_SIZE,     OPTIONAL) /* hash of what was approved; when asked: or submitted */ \
    X(S, U64,  words,     _,              0, 1000,          OPTIONAL) /* edition of its words, see passport_moved */ \
    X(S, DAY,  sent,      _,              0, 0,             OPTIONAL)                                                \
    X(S, MOMENT, sent_at, _,              0, 0,             OPTIONAL)                                                \
    X(S, U64,  sending,   _,              0, INT64_MAX,     OPTIONAL) /* number of the entry */                      \
    X(S, STR,  name,      _,              0, PACKAGE_NAME_MAX, OPTIONAL) /* of the package, once it lies in the outbox */ \
    X(S, BIN,  package,   _,              0, HASH_SIZE,     OPTIONAL)                                                \
    X(S, BIN,  signature, _,              0, 64,            OPTIONAL)                                                \
    X(S, BIN,  key,       _,              0, 32,            OPTIONAL)                                                \
    X(S, STR,  fault,     _,              0, 60,            OPTIONAL) /* why it does not lie there */                \
    X(S, STR,  recall,    _,              0, 1000,          OPTIONAL) /* asked back for this reason, not yet known whether in time */ \
    X(S, STR,  recalled,  _,              0, 1000,          OPTIONAL) /* why the last sending was taken back */      \
    X(S, MSG,  answer,    operator_answer, 0, 0,             OPTIONAL)
MSG_DECLARE(passport, PASSPORT_FIELDS)                  /* federal.passport.get */
#define PASSPORTS_OF_FIELDS(X, S)                                                                                   \
    X(S, U64, year,  _, 0, 9999, OPTIONAL) /* 0: all */                                                              \
    X(S, BIN, after, _, 0, 511,  OPTIONAL)                                                                           \
    X(S, U64, limit, _, 0, 100,  OPTIONAL)
MSG_DECLARE(passports_of, PASSPORTS_OF_FIELDS)
#define PASSPORT_LIST_FIELDS(X, S)                                                                                  \
    X(S, LIST, rows, passport, 0, 100, OPTIONAL) /* newest version of the newest year first */                       \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(passport_list, PASSPORT_LIST_FIELDS)        /* federal.passport.list */
#define CELLS_OF_FIELDS(X, S)                                                                                       \
    X(S, UUID, passport, _, 0, 0,    REQUIRED)                                                                       \
    X(S, U64,  block,    _, 0, PASSPORT_BLOCKS, OPTIONAL) /* 0: all */                                               \
    X(S, BIN,  after,    _, 0, 511,  OPTIONAL)                                                                       \
    X(S, U64,  limit,    _, 0, 1000, OPTIONAL)
MSG_DECLARE(cells_of, CELLS_OF_FIELDS)
#define CELL_LIST_FIELDS(X, S)                                                                                      \
    X(S, LIST, rows, cell, 0, 1000, OPTIONAL)                                                                        \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(cell_list, CELL_LIST_FIELDS)                /* federal.cell.list: in order of block, row and column keys */
#define COMPARE_OF_FIELDS(X, S)                                                                                     \
    X(S, UUID, before, _, 0, 0,    REQUIRED)                                                                         \
    X(S, UUID, after,  _, 0, 0,    REQUIRED)                                                                         \
    X(S, BIN,  page,   _, 0, 511,  OPTIONAL)                                                                         \
    X(S, U64,  limit,  _, 0, 1000, OPTIONAL)
MSG_DECLARE(compare_of, COMPARE_OF_FIELDS)
#define DIFFERENCE_FIELDS(X, S)                                                                                     \
    X(S, MSG, before, cell, 0, 0, OPTIONAL) /* none: it was not there */                                             \
    X(S, MSG, after,  cell, 0, 0, OPTIONAL) /* none: it is gone */
MSG_DECLARE(difference, DIFFERENCE_FIELDS)
#define DIFFERENCE_LIST_FIELDS(X, S)                                                                                \
    X(S, LIST, rows, difference, 0, 1000, OPTIONAL)                                                                  \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(difference_list, DIFFERENCE_LIST_FIELDS)    /* federal.passport.compare */
#define DEAD_LETTER_FIELDS(X, S)                                                                                         \
    X(S, MOMENT, moment, _,              0, 0, REQUIRED)                                                             \
    X(S, MSG,    refused, letter_refused, 0, 0, REQUIRED)
MSG_DECLARE(dead_letter, DEAD_LETTER_FIELDS)
#define LETTERS_OF_FIELDS(X, S)                                                                                     \
    X(S, BIN, after, _, 0, 511,  OPTIONAL)                                                                           \
    X(S, U64, limit, _, 0, 1000, OPTIONAL)
MSG_DECLARE(letters_of, LETTERS_OF_FIELDS)
#define LETTER_LIST_FIELDS(X, S)                                                                                    \
    X(S, LIST, rows, dead_letter, 0, 1000, OPTIONAL)                                                                      \
    X(S, BIN,  next, _, 0, 511, OPTIONAL)
MSG_DECLARE(letter_list, LETTER_LIST_FIELDS)            /* federal.letter.list: what was put into the inbox and not taken */
