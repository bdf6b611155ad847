#pragma once
#include "cli/cli.h"

/* post: a person's post in one organisation, named by both: ended, or going on elsewhere without a new employment. */
int verb_post_close(struct cli *cli, int argc, char **argv);
int verb_post_transfer(struct cli *cli, int argc, char **argv);
