#pragma once
#include "common/codec/msg.h"
#include "common/core/hash.h"

/* entry: one line of a journal, as it is stored, hashed and sent to followers.
 *
 * The entries of one command (or reaction, or timer) are a *group*: they are written, followed and
 * applied together. The last of a group carries the verdict: hash of the request and the reply.
 * A refusal is a group of one entry, ENTRY_REFUSED, that changes no state; its scope is the principal.
 * hash(entry) = BLAKE2b-256(hash of the entry before ‖ stored bytes); before the first: the journal id. */

#define ENTRY_SCOPES_MAX 8
#define ENTRY_GROUP_MAX  256                /* entries a command */
#define ENTRY_GROUP_BYTES (192 * 1024)     /* stored bytes of a group: it has to fit into one frame */
#define ENTRY_NAME_MAX   80
#define ENTRY_BODY_MAX   (64 * 1024)

#define ENTRY_REFUSED    "refused"          /* events of common/ have no service in front */
#define ENTRY_UNCHANGED  "unchanged"        /* a verdict without events: everything was so already */
#define ENTRY_FIRED      "timer.fired"
#define ENTRY_FORK_ACCEPTED  "stream.fork_accepted"
#define ENTRY_CLOCK_ACCEPTED "clock.accepted"
#define ENTRY_RESTORED   "journal.restored"
#define ENTRY_SENDER_ACCEPTED "sender.accepted"

/* Why the entry was written: a command (id), or an entry of another journal. */
#define ENTRY_CAUSE_FIELDS(X, S)                                            \
    X(S, UUID, command,   _,  0, 0,              OPTIONAL)                  \
    X(S, STR,  stream,    _,  0, ENTRY_NAME_MAX, OPTIONAL)                  \
    X(S, UUID, journal,   _,  0, 0,              OPTIONAL)                  \
    X(S, U64,  number,    _,  0, INT64_MAX,      OPTIONAL)
MSG_DECLARE(entry_cause, ENTRY_CAUSE_FIELDS)

#define ENTRY_FIELDS(X, S)                                                  \
    X(S, U64,    number,  _,           1, INT64_MAX,        REQUIRED) /* 1, 2, 3 … without gap */           \
    X(S, U64,    group,   _,           1, INT64_MAX,        REQUIRED) /* number of the group's first */     \
    X(S, BOOL,   last,    _,           0, 0,                OPTIONAL) /* of its group */                    \
    X(S, MOMENT, moment,  _,           0, 0,                REQUIRED) /* when it was written, UTC */        \
    X(S, MOMENT, made_at, _,           0, 0,                OPTIONAL) /* what the sender's clock said */    \
    X(S, STR,    event,   _,           1, ENTRY_NAME_MAX,   REQUIRED)                                       \
    X(S, U64,    version, _,           1, 1000,             REQUIRED) /* of the event's form */             \
    X(S, UUID,   who,     _,           0, 0,                OPTIONAL) /* principal; nil: the service itself */ \
    X(S, UUID,   actor,   _,           0, 0,                OPTIONAL) /* person acted for */                \
    X(S, UUIDS,  scope,   _,           0, ENTRY_SCOPES_MAX, OPTIONAL) /* none: public */                    \
    X(S, MSG,    cause,   entry_cause, 0, 0,                REQUIRED)                                       \
    X(S, BIN,    body,    _,           0, ENTRY_BODY_MAX,   REQUIRED)                                       \
    X(S, BIN,    ask,     _,           0, HASH_SIZE,        OPTIONAL) /* keyed hash of the request */       \
    X(S, STR,    method,  _,           0, ENTRY_NAME_MAX,   OPTIONAL)                                       \
    X(S, BIN,    reply,   _,           0, ENTRY_GROUP_BYTES,OPTIONAL)
MSG_DECLARE(entry, ENTRY_FIELDS)

/* A place in a journal. The source compares the hash: where a restore or a failover has made numbers
 * used again, it answers `fork` instead of skipping silently. number 0: before the first. */
#define CURSOR_FIELDS(X, S)                                                 \
    X(S, UUID, journal,     _, 0, 0,         REQUIRED)                      \
    X(S, UUID, incarnation, _, 0, 0,         REQUIRED)                      \
    X(S, U64,  epoch,       _, 0, INT64_MAX, REQUIRED)                      \
    X(S, U64,  number,      _, 0, INT64_MAX, REQUIRED)                      \
    X(S, BIN,  hash,        _, 0, HASH_SIZE, REQUIRED)
MSG_DECLARE(cursor, CURSOR_FIELDS)

/* Where an answer stands: what a sender gives back as `after`, and keeps to know a new incarnation. */
#define POSITION_FIELDS(X, S)                                               \
    X(S, UUID, journal,     _, 0, 0,         REQUIRED)                      \
    X(S, UUID, incarnation, _, 0, 0,         REQUIRED)                      \
    X(S, U64,  number,      _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(position, POSITION_FIELDS)

/* One entry on its way to a follower: the bytes as they are stored and hashed. */
#define FED_FIELDS(X, S)                                                    \
    X(S, BIN, stored, _, 1, MSG_BYTES_MAX, REQUIRED)
MSG_DECLARE(fed, FED_FIELDS)

/* A follower's request: from where, what, and how much it will take. */
#define FOLLOW_PREFIXES_MAX 32
#define FOLLOW_FIELDS(X, S)                                                 \
    X(S, MSG,  cursor,   cursor, 0, 0,           REQUIRED)                  \
    X(S, STRS, prefixes, _,      0, FOLLOW_PREFIXES_MAX, OPTIONAL) /* of event names; none: all */ \
    X(S, U64,  entries,  _,      1, 100000,      REQUIRED) /* credit */     \
    X(S, U64,  bytes,    _,      1, 64 << 20,    REQUIRED)
MSG_DECLARE(follow, FOLLOW_FIELDS)

#define CREDIT_FIELDS(X, S)                                                 \
    X(S, U64,  entries,  _,      0, 100000,      REQUIRED)                  \
    X(S, U64,  bytes,    _,      0, 64 << 20,    REQUIRED)
MSG_DECLARE(credit, CREDIT_FIELDS)

/* Whole groups only. `examined` is the last entry looked at, seen or not: the follower's next cursor. */
#define ENTRIES_FIELDS(X, S)                                                \
    X(S, MSG,  from,     cursor, 0, 0,           REQUIRED) /* what these come after */ \
    X(S, MSG,  examined, cursor, 0, 0,           REQUIRED)                  \
    X(S, U64,  head,     _,      0, INT64_MAX,   REQUIRED) /* last number of the journal */ \
    X(S, LIST, list,     fed,    0, 4096,        OPTIONAL)
MSG_DECLARE(entries, ENTRIES_FIELDS)
