#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/service/machine.h"
#include "tests/unit/check.h"

/* toy: two tiny services for the tests of common/, and a bench that drives machines by hand.
 *
 * ledger   toy.account.add {account, amount} adds to an account; refuses what would pass 1000; amount 13
 *          breaks apply. Timer "close" empties the account at a due moment when `close_at` is given.
 * mirror   follows ledger: a projection keeps totals (a sum: not idempotent on purpose), a reaction emits
 *          mirror.deposit.noted for each deposit. */

#define TOY_ADD_FIELDS(X, S)                            \
    X(S, U64,    account,  _, 1, 1000000, REQUIRED)     \
    X(S, U64,    amount,   _, 0, 1000000, REQUIRED)     \
    X(S, STR,    note,     _, 0, 200,     OPTIONAL)     \
    X(S, UUID,   owner,    _, 0, 0,       OPTIONAL)     \
    X(S, MOMENT, close_at, _, 0, 0,       OPTIONAL)
MSG_DECLARE(toy_add, TOY_ADD_FIELDS)
#define TOY_ADDED_FIELDS(X, S)                          \
    X(S, U64,    account,  _, 1, 1000000, REQUIRED)     \
    X(S, U64,    amount,   _, 0, 1000000, REQUIRED)     \
    X(S, STR,    note,     _, 0, 200,     OPTIONAL)     \
    X(S, MOMENT, close_at, _, 0, 0,       OPTIONAL)
MSG_DECLARE(toy_added, TOY_ADDED_FIELDS)
#define TOY_SUM_FIELDS(X, S)    X(S, U64, sum, _, 0, INT64_MAX, REQUIRED) X(S, U64, count, _, 0, INT64_MAX, REQUIRED)
MSG_DECLARE(toy_sum, TOY_SUM_FIELDS)
#define TOY_WHICH_FIELDS(X, S)  X(S, U64, account, _, 1, 1000000, REQUIRED)
MSG_DECLARE(toy_which, TOY_WHICH_FIELDS)

extern const struct service toy_ledger_service, toy_mirror_service;

/* A clock and random numbers of the test's own. */
struct toy_time { moment_t wall, boot; struct prng prng; };
struct machine_options toy_options(const char *dir, struct toy_time *time);
struct principal toy_principal(int role);

/* One command in a batch of its own; the outcome lives in the arena. */
struct outcome toy_command(struct machine *machine, const struct principal *who, struct uuid id, const char *method,
                           const struct msg_desc *takes, const void *body, struct arena *arena);
struct outcome toy_ask(struct machine *machine, const struct principal *who, const char *method,
                       const struct msg_desc *takes, const void *body, struct arena *arena);
/* Feeds `to` from `from` until nothing is left; returns the entries taken. */
uint64_t toy_follow(struct machine *from, struct machine *to, struct arena *arena);
/* One step of it; `again` sends the same message twice. */
struct outcome toy_follow_once(struct machine *from, struct machine *to, uint64_t entries, bool again, struct arena *arena);
const char *toy_reason(const struct outcome *outcome, struct arena *arena);    /* "" for a reply */
void toy_decode(const struct msg_desc *desc, struct bytes body, void *out, struct arena *arena);
char *toy_dir(void);            /* a fresh directory under the working one */
void toy_remove(char *dir);     /* with all in it; frees the name */
