#pragma once
#include "common/service/service.h"

/* chain: commands whose order must be kept, of a sender who must not be two.
 *
 * A sender that keeps a queue (a municipal node) gives each command the id of the one before (`previous`) and names
 * the queue (`lane`). A service runs a chained command only when its predecessor is the last command of that lane
 * with a verdict here, so that nothing is left out or overtaken on the way, however often it is sent. And a
 * principal has one live lane: yesterday's disk image beside the live node is noticed by the first command that does
 * not fit, and refused; what it holds is listed, and an operator says what becomes of it.
 *
 *   live     the principal's queue. One at most.
 *   held     a copy was refused and has said what it holds; nothing of it is run
 *   taken    an operator has let a held one send what it said it holds, up to `last`; then it is closed
 *   closed   done, or replaced by another
 *
 * TABLE_SENDERS: principal, lane → sender_row. Of common/, like cursors: no part of the fold of the journal, written
 * in the transaction of the command, and so in every backup. The id of a command is its identity, lane and previous
 * are not: a sender may send it again with another predecessor (after a restore of the service; after one before it
 * was denied), and a known id gets its old answer whatever they say. */
#define SENDER_STATES(X) \
    X(SENDER_UNKNOWN, "unknown") X(SENDER_LIVE, "live") X(SENDER_HELD, "held") X(SENDER_TAKEN, "taken") X(SENDER_CLOSED, "closed")
ENUM_DECLARE(sender_state, SENDER_STATES)
#define SENDER_HOWS(X) X(SENDER_TAKE, "take") X(SENDER_REPLACE, "replace")
ENUM_DECLARE(sender_how, SENDER_HOWS)

#define SENDER_METHODS_MAX 64           /* different methods that a copy lists */
#define SENDER_LANES_MAX   4            /* of one principal in each state: the oldest held and closed ones go */
#define SENDER_PAGE_MAX    100
#define SENDER_RETRY_MS    20           /* predecessor_missing: it is on its way, as a rule */

#define SENDER_COUNT_FIELDS(X, S)                                                                   \
    X(S, STR,  method, _, 1, ENTRY_NAME_MAX, REQUIRED)                                              \
    X(S, U64,  count,  _, 1, INT64_MAX,      REQUIRED)
MSG_DECLARE(sender_count, SENDER_COUNT_FIELDS)

/* sender.check, a query of any role about oneself. */
#define SENDER_CHECK_FIELDS(X, S)                                                                   \
    X(S, UUID, lane, _, 0, 0, REQUIRED)
MSG_DECLARE(sender_check, SENDER_CHECK_FIELDS)
/* head: go on after it. unknown, or an incarnation that is not the one of the last position: the service was made
 * again from a backup; send again what it does not have. live_lane: another than the one asked for: this is a copy.
 * behind: a service that it follows, and at whose head it has not been since its store or its copies were made: what it
 * would refuse now it may only not know yet. */
#define SENDER_STANDING_FIELDS(X, S)                                                                \
    X(S, ENUM, state,       sender_state, 0, 0, REQUIRED)                                           \
    X(S, UUID, head,        _,            0, 0, OPTIONAL) /* its last command with a verdict here */ \
    X(S, UUID, last,        _,            0, 0, OPTIONAL) /* of a held or taken one: its end */     \
    X(S, UUID, live_lane,   _,            0, 0, OPTIONAL)                                           \
    X(S, UUID, journal,     _,            0, 0, REQUIRED)                                           \
    X(S, UUID, incarnation, _,            0, 0, REQUIRED)                                           \
    X(S, STR,  behind,      _,            1, ENTRY_NAME_MAX, OPTIONAL)
MSG_DECLARE(sender_standing, SENDER_STANDING_FIELDS)

/* sender.hold, of any role about oneself: a copy says what it holds, in a lane of its own that it has made for it
 * (a copy's old lane is the live one's too). `after` is where its queue stood: a lane that begins in the middle must
 * not pass for a new sender's where a service made again from a backup knows neither. A copy whose answers are of
 * another incarnation holds all that it has sent: it cannot know what came back. Takes a command id like all that
 * changes something, but keeps no verdict: said again, it is written again. Gives where the lane stands: taken, once an
 * operator has accepted it. */
#define SENDER_HOLD_FIELDS(X, S)                                                                    \
    X(S, UUID,   lane,  _, 0, 0,         REQUIRED)                                                  \
    X(S, UUID,   after, _, 0, 0,         OPTIONAL) /* what its first command has as `previous`; none: it holds all from its start */ \
    X(S, UUID,   last,  _, 0, 0,         OPTIONAL) /* id of the last command it would send; none: it holds nothing here */ \
    X(S, U64,    count, _, 0, INT64_MAX, REQUIRED)                                                  \
    X(S, MOMENT, from,  _, 0, 0,         OPTIONAL) /* made_at of the first … */                     \
    X(S, MOMENT, until, _, 0, 0,         OPTIONAL) /* … and of the last */                          \
    X(S, LIST,   list,  sender_count, 0, SENDER_METHODS_MAX, OPTIONAL)
MSG_DECLARE(sender_hold, SENDER_HOLD_FIELDS)

/* sender.list, a query of operators. Pages go on after {principal, lane}. */
#define SENDER_LIST_FIELDS(X, S)                                                                    \
    X(S, UUID, after_principal, _, 0, 0,               OPTIONAL)                                    \
    X(S, UUID, after_lane,      _, 0, 0,               OPTIONAL)                                    \
    X(S, U64,  limit,           _, 0, SENDER_PAGE_MAX, OPTIONAL) /* none: SENDER_PAGE_MAX */
MSG_DECLARE(sender_list, SENDER_LIST_FIELDS)
#define SENDER_FIELDS(X, S)                                                                         \
    X(S, UUID,   principal, _,            0, 0,         REQUIRED)                                   \
    X(S, UUID,   lane,      _,            0, 0,         REQUIRED)                                   \
    X(S, ENUM,   state,     sender_state, 0, 0,         REQUIRED)                                   \
    X(S, UUID,   head,      _,            0, 0,         OPTIONAL)                                   \
    X(S, UUID,   last,      _,            0, 0,         OPTIONAL)                                   \
    X(S, MOMENT, first,     _,            0, 0,         REQUIRED) /* first seen */                  \
    X(S, MOMENT, moved,     _,            0, 0,         REQUIRED) /* its head, or its state */      \
    X(S, MOMENT, refused,   _,            0, 0,         OPTIONAL) /* last time as a second copy: of this process's life */ \
    X(S, U64,    count,     _,            0, INT64_MAX, OPTIONAL) /* what a held one said it holds, with what follows */ \
    X(S, MOMENT, from,      _,            0, 0,         OPTIONAL)                                   \
    X(S, MOMENT, until,     _,            0, 0,         OPTIONAL)                                   \
    X(S, LIST,   list,      sender_count, 0, SENDER_METHODS_MAX, OPTIONAL)
MSG_DECLARE(sender, SENDER_FIELDS)
#define SENDER_ROWS_FIELDS(X, S)                                                                    \
    X(S, LIST, list, sender, 0, SENDER_PAGE_MAX, OPTIONAL)                                          \
    X(S, BOOL, more, _,      0, 0,               OPTIONAL)
MSG_DECLARE(sender_rows, SENDER_ROWS_FIELDS)

/* sender.accept, a command of operators, journaled as ENTRY_SENDER_ACCEPTED with this as its body.
 *   take     the held lane may send what it said it holds, then it is closed; the live one stays live
 *   replace  the held (or taken, or closed) lane becomes the live one, and the live one is closed */
#define SENDER_ACCEPT_FIELDS(X, S)                                                                  \
    X(S, UUID, principal, _,          0, 0, REQUIRED)                                               \
    X(S, UUID, lane,      _,          0, 0, REQUIRED)                                               \
    X(S, ENUM, how,       sender_how, 0, 0, REQUIRED)
MSG_DECLARE(sender_accept, SENDER_ACCEPT_FIELDS)
