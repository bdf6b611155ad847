#pragma once
#include "cli/cli.h"

/* staffing, vacancy on the command line: what a unit's staff needs (R11). A unit is named by its code, and is the region where none is
 * named; a vacancy by its mark. */
int verb_staffing_show(struct cli *cli, int argc, char **argv);
int verb_staffing_retrain(struct cli *cli, int argc, char **argv);
int verb_staffing_propose(struct cli *cli, int argc, char **argv);     /* proposal.c */
int verb_vacancy_list(struct cli *cli, int argc, char **argv);
int verb_vacancy_open(struct cli *cli, int argc, char **argv);
int verb_vacancy_close(struct cli *cli, int argc, char **argv);
