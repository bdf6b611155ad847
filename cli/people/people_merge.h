#pragma once
#include "cli/cli.h"

/* people merge, unmerge, merges: two records of one person. By codes of staff lists or identifiers; no personal field is shown. */
int verb_people_merge(struct cli *cli, int argc, char **argv);
int verb_people_unmerge(struct cli *cli, int argc, char **argv);
int verb_people_merges(struct cli *cli, int argc, char **argv);
