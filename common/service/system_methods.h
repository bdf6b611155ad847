#pragma once
#include "common/net/letters.h"
#include "common/service/chain.h"

/* system_methods: what every service answers, whatever it is about. Their names begin with the service's:
 * roster.service.status, roster.store.backup … */
#define STREAM_STATUS_FIELDS(X, S)                                                                  \
    X(S, STR,    stream,      _, 1, ENTRY_NAME_MAX, REQUIRED)                                       \
    X(S, STR,    state,       _, 1, 20,             REQUIRED) /* connecting, following, stopped */  \
    X(S, STR,    reason,      _, 0, 60,             OPTIONAL) /* why it stopped */                  \
    X(S, UUID,   journal,     _, 0, 0,              OPTIONAL)                                       \
    X(S, UUID,   incarnation, _, 0, 0,              OPTIONAL)                                       \
    X(S, U64,    number,      _, 0, INT64_MAX,      OPTIONAL) /* its cursor */                      \
    X(S, U64,    head,        _, 0, INT64_MAX,      OPTIONAL) /* the source's, as last heard */     \
    X(S, U64,    lag,         _, 0, INT64_MAX,      OPTIONAL)
MSG_DECLARE(stream_status, STREAM_STATUS_FIELDS)

#define SERVICE_STATUS_FIELDS(X, S)                                                                 \
    X(S, STR,    name,          _, 1, 40,        REQUIRED)                                          \
    X(S, STR,    version,       _, 1, 40,        REQUIRED)                                          \
    X(S, UUID,   region,        _, 0, 0,         REQUIRED)                                          \
    X(S, UUID,   journal,       _, 0, 0,         REQUIRED)                                          \
    X(S, UUID,   incarnation,   _, 0, 0,         REQUIRED)                                          \
    X(S, U64,    head,          _, 0, INT64_MAX, REQUIRED)                                          \
    X(S, U64,    applied,       _, 0, INT64_MAX, REQUIRED)                                          \
    X(S, U64,    uptime_s,      _, 0, INT64_MAX, REQUIRED)                                          \
    X(S, BOOL,   clock_suspect, _, 0, 0,         OPTIONAL)                                          \
    X(S, BOOL,   no_room,       _, 0, 0,         OPTIONAL)                                          \
    X(S, BOOL,   careful,       _, 0, 0,         OPTIONAL)                                          \
    X(S, U64,    internal_errors, _, 0, INT64_MAX, OPTIONAL)                                        \
    X(S, U64,    second_copies, _, 0, INT64_MAX, OPTIONAL) /* commands of copies refused since start: sender.list */ \
    X(S, U64,    followers,     _, 0, INT64_MAX, OPTIONAL)                                          \
    X(S, LIST,   streams,       stream_status, 0, 64, OPTIONAL)
MSG_DECLARE(service_status, SERVICE_STATUS_FIELDS)

#define SERVICE_METRICS_FIELDS(X, S)                                                                \
    X(S, STR,    text, _, 0, 200000, OPTIONAL) /* in the text format of Prometheus */
MSG_DECLARE(service_metrics, SERVICE_METRICS_FIELDS)

/* dir: a name below the configured backup directory; no / at the start, no .. in it. */
#define STORE_BACKUP_FIELDS(X, S)                                                                   \
    X(S, STR,    dir,  _, 1, 120, REQUIRED)
MSG_DECLARE(store_backup_ask, STORE_BACKUP_FIELDS)
#define STORE_BACKUP_DONE_FIELDS(X, S)                                                              \
    X(S, STR,    dir,  _, 1, 400, REQUIRED) /* where it lies now */                                 \
    X(S, U64,    head, _, 0, INT64_MAX, REQUIRED) /* it holds at least the entries up to here */
MSG_DECLARE(store_backup_done, STORE_BACKUP_DONE_FIELDS)

#define STREAM_ACCEPT_FORK_FIELDS(X, S)                                                             \
    X(S, STR,    stream, _, 1, ENTRY_NAME_MAX, REQUIRED)
MSG_DECLARE(stream_accept_fork, STREAM_ACCEPT_FORK_FIELDS)

/* Where to begin following, to get this entry and what comes after it: the end of the group before it. */
#define JOURNAL_PLACE_FIELDS(X, S)                                                                  \
    X(S, U64,    number, _, 1, INT64_MAX, REQUIRED)
MSG_DECLARE(journal_place, JOURNAL_PLACE_FIELDS)

/* One list: enum, name after the service's, message taken and given, roles, and whether it takes a command id like
 * any other command because it changes something. */
#define ROLES_ALL ((roles_t)-1)
#define SYSTEM_METHODS(X)                                                                                              \
    X(STATUS,       "service.status",     nothing,            service_status,    ROLE(ROLE_OPERATOR) | ROLE(ROLE_SERVICE) | ROLE(ROLE_CONSOLE), false) \
    X(METRICS,      "service.metrics",    nothing,            service_metrics,   ROLE(ROLE_OPERATOR), false)           \
    X(CURSOR,       "journal.cursor",     journal_place,      cursor,            ROLE(ROLE_OPERATOR) | ROLE(ROLE_SERVICE), false) \
    X(BACKUP,       "store.backup",       store_backup_ask,   store_backup_done, ROLE(ROLE_OPERATOR), false)           \
    X(ACCEPT_FORK,  "stream.accept_fork", stream_accept_fork, nothing,           ROLE(ROLE_OPERATOR), true)            \
    X(ACCEPT_CLOCK, "clock.accept",       nothing,            nothing,           ROLE(ROLE_OPERATOR), true)            \
    X(SENDER_CHECK, "sender.check",       sender_check,       sender_standing,   ROLES_ALL, false)                     \
    X(SENDER_HOLD,  "sender.hold",        sender_hold,        sender_standing,   ROLES_ALL, true)                      \
    X(SENDER_LIST,  "sender.list",        sender_list,        sender_rows,       ROLE(ROLE_OPERATOR), false)           \
    X(SENDER_ACCEPT, "sender.accept",     sender_accept,      nothing,           ROLE(ROLE_OPERATOR), true)            \
    X(LETTER,       "letter.deliver",     letter_deliver,     letter_delivered,  ROLE(ROLE_OPERATOR), false)
enum system_method {
#define SYSTEM_METHOD_ENUM(name, text, takes, gives, roles, command) SYSTEM_##name,
    SYSTEM_METHODS(SYSTEM_METHOD_ENUM)
#undef SYSTEM_METHOD_ENUM
    SYSTEM_METHOD_COUNT
};
struct system_method_def { const char *name; const struct msg_desc *takes, *gives; roles_t roles; bool command; };
extern const struct system_method_def SYSTEM_METHOD[SYSTEM_METHOD_COUNT];
/* As this service grants it: of its own roles only, and with those that it lets carry letters. */
roles_t system_method_roles(const struct service *service, enum system_method method);
