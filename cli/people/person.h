#pragma once
#include "cli/cli.h"

/* people block, unblock, standing, population, renew: how one person's data stand (R8), whom a definition of the profile yields on a
 * day (R2a), and what the calendar changes worked out anew (R2b). */
int verb_people_block(struct cli *cli, int argc, char **argv);
int verb_people_unblock(struct cli *cli, int argc, char **argv);
int verb_people_standing(struct cli *cli, int argc, char **argv);
int verb_people_population(struct cli *cli, int argc, char **argv);
int verb_people_renew(struct cli *cli, int argc, char **argv);
