#pragma once
#include "cli/cli.h"

/* support: forms of support of young educators (T показатель 5, U 6.1.5, K пок. 3.1), entered one by one; lists of them come
 * through a node's drop folder or history load. */
int verb_support_record(struct cli *cli, int argc, char **argv);
