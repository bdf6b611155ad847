#pragma once
#include "proto/routes.h"

/* node: a municipality's durable queue of commands and its read copies (N1–N5).
 *
 * item       a command for the region, with the id that it will have there from the first. Once queued it waits until
 *            the region has given its verdict, however often it has to be sent.
 * body       the command's message as it will go out, personal fields sealed to roster's intake key. Nothing personal
 *            can be read in the queue; marks are keyed hashes, under a key that lies apart from the store.
 * copy       the store that speaks: the live one, or an older or second image of it, which is held back. */
#define NODE_BODY_MAX     (32 * 1024)
#define NODE_REPLY_MAX    1000
#define NODE_PROBLEM_MAX  8000
#define NODE_ROWS_MAX     64            /* of a list in one command: each is an entry with its body */
#define NODE_ANSWERS_MAX  64
#define NODE_MARK         16
#define NODE_SOURCE_MAX   240
#define NODE_FILE_NAME    200
#define NODE_SERVICES_MAX 8

#define NODE_ITEM_STATES(X)                                                                             \
    X(NODE_ITEM_WAITING, "waiting")     X(NODE_ITEM_ACCEPTED, "accepted")   X(NODE_ITEM_REFUSED, "refused")
ENUM_DECLARE(node_item_state, NODE_ITEM_STATES)
#define NODE_OUTCOMES(X)                                                                                \
    X(NODE_ACCEPTED, "accepted")                                                                        \
    X(NODE_REFUSED, "refused")          /* with its reason */
ENUM_DECLARE(node_outcome, NODE_OUTCOMES)
#define NODE_COPY_STATES(X)                                                                             \
    X(NODE_COPY_LIVE, "live")                                                                           \
    X(NODE_COPY_HELD, "held")           /* the region knows another: nothing is sent */                 \
    X(NODE_COPY_TAKEN, "taken")         /* what it held is being taken over */                          \
    X(NODE_COPY_CLOSED, "closed")       /* it was taken over: this copy may be switched off */
ENUM_DECLARE(node_copy_state, NODE_COPY_STATES)
#define NODE_LANE_REASONS(X)                                                                            \
    X(NODE_LANE_FIRST, "first")         X(NODE_LANE_RESTORED, "restored")   X(NODE_LANE_SECOND, "second_copy")
ENUM_DECLARE(node_lane_reason, NODE_LANE_REASONS)
#define NODE_LINK_STATES(X)                                                                             \
    X(NODE_LINK_NEVER, "never")         /* nothing was to be sent there yet */                          \
    X(NODE_LINK_UP, "up")               X(NODE_LINK_DOWN, "down")                                       \
    X(NODE_LINK_REVOKED, "revoked")     /* the region turns this node's key away */                     \
    X(NODE_LINK_REFUSED, "refused")     /* it answers, but lets nothing in: the reason says why */      \
    X(NODE_LINK_SILENT, "silent")       /* it was up, and what it is asked since then has no answer */
ENUM_DECLARE(node_link_state, NODE_LINK_STATES)

#define NODE_POSITION_FIELDS(X, S)                                                                      \
    X(S, UUID, journal,     _, 0, 0,         REQUIRED)                                                  \
    X(S, UUID, incarnation, _, 0, 0,         REQUIRED)                                                  \
    X(S, U64,  number,      _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(node_position, NODE_POSITION_FIELDS)

/* ── taking in ── */
/* Marks are 16 bytes of a keyed hash: row_key of what makes a row that row, row_mark of all it says, code_mark of the
 * person's code in the list. person_sealed: that code under the node's own key, where the body's `person` is still
 * to be found out. */
#define NODE_ENTER_FIELDS(X, S)                                                                         \
    X(S, STR, method,        _, 1,         100,             REQUIRED)                                   \
    X(S, BIN, body,          _, 1,         NODE_BODY_MAX,   REQUIRED)                                   \
    X(S, BIN, row_key,       _, NODE_MARK, NODE_MARK,       OPTIONAL)                                   \
    X(S, BIN, row_mark,      _, NODE_MARK, NODE_MARK,       OPTIONAL)                                   \
    X(S, BIN, code_mark,     _, NODE_MARK, NODE_MARK,       OPTIONAL)                                   \
    X(S, BIN, person_sealed, _, 0,         300,             OPTIONAL)                                   \
    X(S, STR, source,        _, 0,         NODE_SOURCE_MAX, OPTIONAL) /* file and line; without personal data */
MSG_DECLARE(node_enter, NODE_ENTER_FIELDS)          /* node.item.enter */
#define NODE_ENTERED_FIELDS(X, S)                                                                       \
    X(S, UUID, item,  _, 0, 0, REQUIRED)                                                                \
    X(S, BOOL, known, _, 0, 0, OPTIONAL) /* the same row waits already, or was accepted: nothing is queued anew */
MSG_DECLARE(node_entered, NODE_ENTERED_FIELDS)

/* A piece of a list: the good ones of the rows after line `from` up to line `line`. */
#define NODE_ROWS_FIELDS(X, S)                                                                          \
    X(S, UUID, file,    _,          0, 0,              REQUIRED) /* of name and content */              \
    X(S, STR,  name,    _,          1, NODE_FILE_NAME, REQUIRED)                                        \
    X(S, U64,  from,    _,          0, INT64_MAX,      REQUIRED)                                        \
    X(S, U64,  line,    _,          0, INT64_MAX,      REQUIRED)                                        \
    X(S, LIST, rows,    node_enter, 0, NODE_ROWS_MAX,  OPTIONAL)                                        \
    X(S, U64,  refused, _,          0, INT64_MAX,      OPTIONAL)
MSG_DECLARE(node_rows, NODE_ROWS_FIELDS)            /* node.rows.enter */
#define NODE_ROWS_ENTERED_FIELDS(X, S)                                                                  \
    X(S, U64, entered, _, 0, INT64_MAX, REQUIRED)                                                       \
    X(S, U64, known,   _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(node_rows_entered, NODE_ROWS_ENTERED_FIELDS)
#define NODE_FILE_FIELDS(X, S)                                                                          \
    X(S, UUID, file,    _, 0, 0,              REQUIRED)                                                 \
    X(S, STR,  name,    _, 1, NODE_FILE_NAME, REQUIRED)                                                 \
    X(S, U64,  line,    _, 0, INT64_MAX,      REQUIRED) /* the last one that is safe */                 \
    X(S, U64,  entered, _, 0, INT64_MAX,      REQUIRED)                                                 \
    X(S, U64,  known,   _, 0, INT64_MAX,      REQUIRED)                                                 \
    X(S, U64,  refused, _, 0, INT64_MAX,      REQUIRED)
MSG_DECLARE(node_file, NODE_FILE_FIELDS)            /* event node.file.taken, and what is kept while it is under way */
#define NODE_FILE_ID_FIELDS(X, S) X(S, UUID, file, _, 0, 0, REQUIRED)
MSG_DECLARE(node_file_id, NODE_FILE_ID_FIELDS)      /* node.file.close, event node.file.closed: the list has gone */

#define NODE_QUEUED_FIELDS(X, S)                                                                        \
    X(S, UUID,   item,          _, 0,         0,               REQUIRED) /* the command's id at the region */ \
    X(S, STR,    method,        _, 1,         100,             REQUIRED)                                \
    X(S, BIN,    body,          _, 1,         NODE_BODY_MAX,   REQUIRED)                                \
    X(S, U64,    order,         _, 1,         INT64_MAX,       REQUIRED) /* among the items of its service */ \
    X(S, MOMENT, made_at,       _, 0,         0,               OPTIONAL)                                \
    X(S, BIN,    row_key,       _, NODE_MARK, NODE_MARK,       OPTIONAL)                                \
    X(S, BIN,    row_mark,      _, NODE_MARK, NODE_MARK,       OPTIONAL)                                \
    X(S, BIN,    code_mark,     _, NODE_MARK, NODE_MARK,       OPTIONAL)                                \
    X(S, BIN,    person_sealed, _, 0,         300,             OPTIONAL)                                \
    X(S, STR,    source,        _, 0,         NODE_SOURCE_MAX, OPTIONAL)
MSG_DECLARE(node_queued, NODE_QUEUED_FIELDS)        /* node.item.queued */

/* ── sending ── */
/* Whom a code means was found out: the body as it will be sent, and as it will be sent again. */
#define NODE_COMPLETED_FIELDS(X, S)                                                                     \
    X(S, UUID, item, _, 0, 0,             REQUIRED)                                                     \
    X(S, BIN,  body, _, 1, NODE_BODY_MAX, REQUIRED)
MSG_DECLARE(node_completed, NODE_COMPLETED_FIELDS)  /* node.item.completed */
#define NODE_COMPLETE_FIELDS(X, S)                                                                      \
    X(S, LIST, items, node_completed, 1, NODE_ANSWERS_MAX, REQUIRED)
MSG_DECLARE(node_complete, NODE_COMPLETE_FIELDS)    /* node.items.complete */

#define NODE_ANSWERED_FIELDS(X, S)                                                                      \
    X(S, UUID, item,     _,             0, 0,                REQUIRED)                                  \
    X(S, ENUM, outcome,  node_outcome,  0, 0,                REQUIRED)                                  \
    X(S, BIN,  problem,  _,             1, NODE_PROBLEM_MAX, OPTIONAL) /* an encoded problem */         \
    X(S, BIN,  reply,    _,             1, NODE_REPLY_MAX,   OPTIONAL) /* as it came: identifiers */    \
    X(S, MSG,  position, node_position, 0, 0,                OPTIONAL)                                  \
    X(S, BOOL, unsent,   _,             0, 0,                OPTIONAL) /* refused here: whom it means is not known there */ \
    X(S, BOOL, letter,   _,             0, 0,                OPTIONAL) /* it went by stick */
MSG_DECLARE(node_answered, NODE_ANSWERED_FIELDS)    /* node.item.answered; node.item.conflicted: another verdict than before */
#define NODE_ANSWER_FIELDS(X, S)                                                                        \
    X(S, LIST, answers, node_answered, 1, NODE_ANSWERS_MAX, REQUIRED)
MSG_DECLARE(node_answer, NODE_ANSWER_FIELDS)        /* node.items.answer */
#define NODE_ANSWERS_TAKEN_FIELDS(X, S)                                                                 \
    X(S, U64, taken,    _, 0, INT64_MAX, REQUIRED)                                                      \
    X(S, U64, known,    _, 0, INT64_MAX, REQUIRED) /* the same verdict as before */                     \
    X(S, U64, conflicts, _, 0, INT64_MAX, REQUIRED)                                                     \
    X(S, U64, strange,  _, 0, INT64_MAX, REQUIRED) /* of items that are not in this queue */
MSG_DECLARE(node_answers_taken, NODE_ANSWERS_TAKEN_FIELDS)

/* ── who speaks ── */
#define NODE_LANE_FIELDS(X, S)                                                                          \
    X(S, UUID, lane,        _,                0, 0, REQUIRED)                                           \
    X(S, UUID, incarnation, _,                0, 0, REQUIRED) /* of this store: another one is another copy */ \
    X(S, ENUM, reason,      node_lane_reason, 0, 0, REQUIRED)
MSG_DECLARE(node_lane, NODE_LANE_FIELDS)            /* node.lane.open, event .opened */
#define NODE_HELD_FIELDS(X, S)                                                                          \
    X(S, UUID, lane,      _, 0, 0,   REQUIRED) /* under which it says what it holds */                  \
    X(S, STR,  service,   _, 1, 40,  REQUIRED) /* that told us */                                       \
    X(S, UUID, live_lane, _, 0, 0,   OPTIONAL)                                                          \
    X(S, UUID, incarnation, _, 0, 0, REQUIRED)
MSG_DECLARE(node_held, NODE_HELD_FIELDS)            /* node.copy.hold, event .held */
#define NODE_RELEASED_FIELDS(X, S)                                                                      \
    X(S, UUID, lane,  _,               0, 0, REQUIRED)                                                  \
    X(S, ENUM, state, node_copy_state, 0, 0, REQUIRED) /* live, taken or closed */
MSG_DECLARE(node_released, NODE_RELEASED_FIELDS)    /* node.copy.release, event .released */

/* ── queries ── */
#define NODE_LINK_FIELDS(X, S)                                                                          \
    X(S, STR,    service,     _,               1, 40,        REQUIRED)                                  \
    X(S, ENUM,   state,       node_link_state, 0, 0,         REQUIRED)                                  \
    X(S, MOMENT, since,       _,               0, 0,         OPTIONAL)                                  \
    X(S, MOMENT, heard,       _,               0, 0,         OPTIONAL) /* the last answer */            \
    X(S, U64,    waiting,     _,               0, INT64_MAX, REQUIRED)                                  \
    X(S, U64,    on_the_way,  _,               0, INT64_MAX, REQUIRED)                                  \
    X(S, STR,    reason,      _,               0, 60,        OPTIONAL)
MSG_DECLARE(node_link, NODE_LINK_FIELDS)
#define NODE_STATUS_FIELDS(X, S)                                                                        \
    X(S, UUID,   municipality, _,              0, 0,         REQUIRED)                                  \
    X(S, STR,    title,     _,                 0, 300,       OPTIONAL)                                  \
    X(S, U64,    waiting,   _,                 0, INT64_MAX, REQUIRED)                                  \
    X(S, U64,    sent,      _,                 0, INT64_MAX, REQUIRED) /* answered, or on the way */    \
    X(S, U64,    accepted,  _,                 0, INT64_MAX, REQUIRED)                                  \
    X(S, U64,    refused,   _,                 0, INT64_MAX, REQUIRED)                                  \
    X(S, U64,    conflicts, _,                 0, INT64_MAX, REQUIRED) /* verdicts that a restored service changed */ \
    X(S, ENUM,   copy,      node_copy_state,   0, 0,         REQUIRED)                                  \
    X(S, MOMENT, since,     _,                 0, 0,         OPTIONAL) /* of that */                    \
    X(S, STR,    told_by,   _,                 0, 40,        OPTIONAL)                                  \
    X(S, MOMENT, oldest,    _,                 0, 0,         OPTIONAL) /* made_at of the first that waits */ \
    X(S, U64,    used_bytes, _,                0, INT64_MAX, REQUIRED)                                  \
    X(S, U64,    cap_bytes, _,                 0, INT64_MAX, OPTIONAL)                                  \
    X(S, LIST,   links,     node_link,         0, NODE_SERVICES_MAX, OPTIONAL)
MSG_DECLARE(node_status, NODE_STATUS_FIELDS)        /* node.status.get */

#define NODE_LISTS(X)                                                                                   \
    X(NODE_LIST_WAITING, "waiting") X(NODE_LIST_REFUSED, "refused") X(NODE_LIST_CONFLICTS, "conflicts") X(NODE_LIST_ALL, "all")
ENUM_DECLARE(node_list, NODE_LISTS)
#define NODE_ITEMS_OF_FIELDS(X, S)                                                                      \
    X(S, ENUM, list,  node_list, 0, 0,         REQUIRED)                                                \
    X(S, U64,  after, _,         0, INT64_MAX, OPTIONAL) /* number of the last row of the page before */ \
    X(S, U64,  limit, _,         0, 1000,      OPTIONAL)
MSG_DECLARE(node_items_of, NODE_ITEMS_OF_FIELDS)
#define NODE_ITEM_FIELDS(X, S)                                                                          \
    X(S, U64,    number,   _,               1, INT64_MAX,        REQUIRED) /* of its entry: the order of entering */ \
    X(S, UUID,   item,     _,               0, 0,                REQUIRED)                              \
    X(S, STR,    method,   _,               1, 100,              REQUIRED)                              \
    X(S, ENUM,   state,    node_item_state, 0, 0,                REQUIRED)                              \
    X(S, BOOL,   conflict, _,               0, 0,                OPTIONAL) /* the first verdict was another */ \
    X(S, STR,    source,   _,               0, NODE_SOURCE_MAX,  OPTIONAL)                              \
    X(S, MOMENT, entered,  _,               0, 0,                REQUIRED)                              \
    X(S, MOMENT, answered, _,               0, 0,                OPTIONAL)                              \
    X(S, STR,    reason,   _,               0, 60,               OPTIONAL)                              \
    X(S, BIN,    problem,  _,               1, NODE_PROBLEM_MAX, OPTIONAL)                              \
    X(S, BIN,    reply,    _,               1, NODE_REPLY_MAX,   OPTIONAL)
MSG_DECLARE(node_item, NODE_ITEM_FIELDS)
#define NODE_ITEMS_FIELDS(X, S)                                                                         \
    X(S, LIST, rows, node_item, 0, 1000,      OPTIONAL)                                                 \
    X(S, U64,  next, _,         0, INT64_MAX, OPTIONAL) /* 0: this was the last page */
MSG_DECLARE(node_items, NODE_ITEMS_FIELDS)          /* node.item.list */

/* What goes onto a stick: items that wait, as they would be sent now. */
#define NODE_LETTERS_OF_FIELDS(X, S)                                                                    \
    X(S, U64, after, _, 0, INT64_MAX, OPTIONAL)                                                         \
    X(S, U64, limit, _, 0, 200,       OPTIONAL)
MSG_DECLARE(node_letters_of, NODE_LETTERS_OF_FIELDS)
#define NODE_LETTER_FIELDS(X, S)                                                                        \
    X(S, U64,    number,   _,             1, INT64_MAX,     REQUIRED)                                   \
    X(S, UUID,   item,     _,             0, 0,             REQUIRED)                                   \
    X(S, STR,    service,  _,             1, 40,            REQUIRED)                                   \
    X(S, STR,    method,   _,             1, 100,           REQUIRED)                                   \
    X(S, UUID,   lane,     _,             0, 0,             REQUIRED)                                   \
    X(S, UUID,   previous, _,             0, 0,             OPTIONAL)                                   \
    X(S, MOMENT, made_at,  _,             0, 0,             OPTIONAL)                                   \
    X(S, BIN,    body,     _,             1, NODE_BODY_MAX, REQUIRED)
MSG_DECLARE(node_letter, NODE_LETTER_FIELDS)
#define NODE_LETTERS_FIELDS(X, S)                                                                       \
    X(S, LIST, rows,    node_letter, 0, 200,       OPTIONAL)                                            \
    X(S, U64,  next,    _,           0, INT64_MAX, OPTIONAL)                                            \
    X(S, U64,  unknown, _,           0, INT64_MAX, OPTIONAL) /* items from the first one on whose person only the region can tell */
MSG_DECLARE(node_letters, NODE_LETTERS_FIELDS)      /* node.letter.list */

/* A record of a stick's file (docs: cli/node/node_letters.c): a letter on its way, or the answer to it on its way back. */
#define NODE_STICK_FIELDS(X, S)                                                                         \
    X(S, STR,  service, _, 1,  40,         REQUIRED)                                                    \
    X(S, UUID, item,    _, 0,  0,          REQUIRED)                                                    \
    X(S, BIN,  nonce,   _, 24, 24,         REQUIRED)                                                    \
    X(S, BIN,  box,     _, 1,  250 * 1024, REQUIRED)
MSG_DECLARE(node_stick, NODE_STICK_FIELDS)

/* Read copies: what the scope may see. */
#define NODE_PERSON_FIELDS(X, S)                                                                        \
    X(S, UUID, person, _,           0, 0,  REQUIRED)                                                    \
    X(S, LIST, posts,  post_opened, 0, 64, OPTIONAL)                                                    \
    X(S, STRS, places, _,           0, 64, OPTIONAL) /* titles of the organisations of the posts */
MSG_DECLARE(node_person, NODE_PERSON_FIELDS)
#define NODE_PERSONS_FIELDS(X, S)                                                                       \
    X(S, LIST, rows, node_person, 0, 1000, OPTIONAL)                                                    \
    X(S, BIN,  next, _,           0, 511,  OPTIONAL)
MSG_DECLARE(node_persons, NODE_PERSONS_FIELDS)      /* node.person.list (page) */
#define NODE_PROGRAMME_FIELDS(X, S)                                                                     \
    X(S, MSG,  programme, programme, 0, 0,   REQUIRED)                                                  \
    X(S, BOOL, federal,   _,         0, 0,   OPTIONAL) /* in the federal registry today */
MSG_DECLARE(node_programme, NODE_PROGRAMME_FIELDS)
#define NODE_PROGRAMMES_FIELDS(X, S)                                                                    \
    X(S, LIST, rows, node_programme, 0, 1000, OPTIONAL)                                                 \
    X(S, BIN,  next, _,              0, 511,  OPTIONAL)
MSG_DECLARE(node_programmes, NODE_PROGRAMMES_FIELDS) /* node.programme.list (page) */
#define NODE_FRAMEWORKS_FIELDS(X, S)                                                                    \
    X(S, LIST, rows, framework, 0, 1000, OPTIONAL)                                                      \
    X(S, BIN,  next, _,         0, 511,  OPTIONAL)
MSG_DECLARE(node_frameworks, NODE_FRAMEWORKS_FIELDS) /* node.framework.list (page); node.procedure.list gives procedure_list */
#define NODE_ENROLMENTS_FIELDS(X, S)                                                                    \
    X(S, LIST, rows, enrolment, 0, 1000, OPTIONAL)                                                      \
    X(S, BIN,  next, _,         0, 511,  OPTIONAL)
MSG_DECLARE(node_enrolments, NODE_ENROLMENTS_FIELDS) /* node.enrolment.list (page): those that are open */
/* node.route.list (page) gives proto/routes.h's route_list, without the texts of its steps. */
