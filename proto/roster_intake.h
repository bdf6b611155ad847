#pragma once
#include "proto/roster.h"

/* roster_intake: the key that nodes seal personal fields to, as they are entered, is turned (common/service/vault_intake.h).
 *
 * Turned     a new pair of the next generation; the entry is public and carries the key, so that each node seals under it as
 *            soon as it has heard. What was sealed before opens as before.
 * Dropped    an older secret goes when all who seal here have sent under a newer one. By itself that happens
 *            INTAKE_KEEP_DAYS after the turn at the earliest, so that a node which was set up and has never been
 *            heard of gets its rows in; an operator may do it at once, and `anyway` in spite of those who are behind: their
 *            rows under it are refused then (sealed_unreadable). A sender who has not moved for 400 days does not count: his
 *            commands are not run any more.
 * Public     nothing here is personal. */
#define INTAKE_KEEP_DAYS 30
#define INTAKE_SENDERS_MAX 1000                 /* looked at and shown; with more of them nothing is dropped by itself */

#define INTAKE_TURNED_FIELDS(X, S)                                                                  \
    X(S, U64, generation, _, 1,  INT64_MAX, REQUIRED)                                               \
    X(S, BIN, key,        _, 32, 32,        REQUIRED)                                               \
    X(S, DAY, day,        _, 0,  0,         REQUIRED)
MSG_DECLARE(intake_turned, INTAKE_TURNED_FIELDS)    /* roster.intake.turn, .announce; event roster.intake.turned */
/* A node says in its queue that all behind it is sealed under this one: so nobody waits for a node that has nothing to send. */
#define INTAKE_TOOK_FIELDS(X, S) X(S, U64, generation, _, 1, INT64_MAX, REQUIRED)
MSG_DECLARE(intake_took, INTAKE_TOOK_FIELDS)        /* roster.intake.took */
#define INTAKE_DROP_FIELDS(X, S)                                                                    \
    X(S, BOOL, anyway, _, 0, 0, OPTIONAL)
MSG_DECLARE(intake_drop, INTAKE_DROP_FIELDS)        /* roster.intake.drop */
#define INTAKE_DROPPED_FIELDS(X, S)                                                                 \
    X(S, U64, below, _, 1, INT64_MAX, REQUIRED) /* generations before this one open no more */      \
    X(S, DAY, day,   _, 0, 0,         REQUIRED)
MSG_DECLARE(intake_dropped, INTAKE_DROPPED_FIELDS)  /* event roster.intake.dropped */

#define INTAKE_KEPT_FIELDS(X, S)                                                                    \
    X(S, U64, generation, _, 0, INT64_MAX, REQUIRED)                                                \
    X(S, DAY, day,        _, 0, 0,         OPTIONAL) /* since when; none: made with the vault */
MSG_DECLARE(intake_kept, INTAKE_KEPT_FIELDS)
#define INTAKE_SENDER_FIELDS(X, S)                                                                  \
    X(S, UUID,   sender,     _, 0, 0,         REQUIRED) /* a principal */                           \
    X(S, U64,    generation, _, 0, INT64_MAX, OPTIONAL) /* under which he sealed last; none: nothing yet */ \
    X(S, MOMENT, since,      _, 0, 0,         OPTIONAL)                                             \
    X(S, BOOL,   apart,      _, 0, 0,         OPTIONAL) /* a second copy of it holds rows that are not sent */ \
    X(S, BOOL,   behind,     _, 0, 0,         OPTIONAL) /* waited for */
MSG_DECLARE(intake_sender, INTAKE_SENDER_FIELDS)
#define INTAKE_STANDING_FIELDS(X, S)                                                                \
    X(S, BIN,  key,     _,             32, 32,                REQUIRED) /* of the newest */         \
    X(S, LIST, kept,    intake_kept,   1,  8,                 REQUIRED) /* the newest last */       \
    X(S, LIST, senders, intake_sender, 0,  INTAKE_SENDERS_MAX, OPTIONAL)                            \
    X(S, BOOL, more,    _,             0,  0,                 OPTIONAL) /* senders than are listed */ \
    X(S, U64,  behind,  _,             0,  INT64_MAX,         REQUIRED) /* of the listed */         \
    X(S, DAY,  drops,   _,             0,  0,                 OPTIONAL) /* not before it by itself; none: nothing is to be dropped */
MSG_DECLARE(intake_standing, INTAKE_STANDING_FIELDS) /* roster.intake.standing */
