#pragma once
#include "cli/cli.h"

/* org: organisations on the command line, by their codes (R1): the two trees on a day, one unit, what has become of it, and
 * the changes, each with its first day, ground and document. */
int verb_org_tree(struct cli *cli, int argc, char **argv);
int verb_org_show(struct cli *cli, int argc, char **argv);
int verb_org_history(struct cli *cli, int argc, char **argv);
int verb_org_add(struct cli *cli, int argc, char **argv);
int verb_org_rename(struct cli *cli, int argc, char **argv);
int verb_org_move(struct cli *cli, int argc, char **argv);
int verb_org_found(struct cli *cli, int argc, char **argv);
int verb_org_merge(struct cli *cli, int argc, char **argv);
int verb_org_split(struct cli *cli, int argc, char **argv);
int verb_org_close(struct cli *cli, int argc, char **argv);
int verb_org_reopen(struct cli *cli, int argc, char **argv);
