#pragma once
#include "cli/cli.h"

/* doubt: rows of lists that only a person can tell the meaning of (R9). No personal field is shown: whoever decides has the list at hand
 * and reads the candidates' cards (people show). */
struct plan;
/* The doubtful rows of a plan wait from now on (those that wait already, once); how many do. CLI_PARTLY: some were refused, and it was said.
 * list: as what it is named; NULL: the file. */
int doubts_raise(struct plan *plan, const char *list, uint64_t *waiting);
int verb_doubt_list(struct cli *cli, int argc, char **argv);
int verb_doubt_raise(struct cli *cli, int argc, char **argv);
int verb_doubt_show(struct cli *cli, int argc, char **argv);
int verb_doubt_decide(struct cli *cli, int argc, char **argv);
