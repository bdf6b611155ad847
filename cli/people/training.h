#pragma once
#include "cli/cli.h"

/* training on the command line: what acts demand of particular people (R4a): which there are, who must, who has, who is due, and what
 * somebody learned outside of the region, named by its document's number or its mark. */
int verb_training_kinds(struct cli *cli, int argc, char **argv);
int verb_training_list(struct cli *cli, int argc, char **argv);
int verb_training_count(struct cli *cli, int argc, char **argv);
int verb_training_of(struct cli *cli, int argc, char **argv);
int verb_training_record(struct cli *cli, int argc, char **argv);
int verb_training_strike(struct cli *cli, int argc, char **argv);
