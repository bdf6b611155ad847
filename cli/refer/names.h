#pragma once
#include "cli/cli.h"
#include "proto/roster_search.h"

/* names: whose the identifiers of a list are. Asked a hundred at a time, and each asking is an entry in roster's journal: who
 * asked, why, and who was shown (roster.person.name). Whoever is erased, blocked or out of reach has no name here.
 *
 * Ownership  cli->arena holds what is handed out. Errors: an exit code, said. */
struct names_known { const struct found_person **at; uint32_t n; };        /* in the order of their identifiers */

/* `persons` is put in order, and repeated ones are asked for once. */
int names_fetch(struct cli *cli, const char *purpose, struct uuid *persons, uint32_t n, struct names_known *known);
const struct found_person *names_find(const struct names_known *known, const struct uuid *person);      /* NULL: none to be shown */
