#pragma once
#include "cli/cli.h"

/* people: finding and listing people. search and show read personal data: each is an entry with its purpose; list and count
 * are without a personal field. */
int verb_people_search(struct cli *cli, int argc, char **argv);
int verb_people_list(struct cli *cli, int argc, char **argv);
int verb_people_show(struct cli *cli, int argc, char **argv);
int verb_people_count(struct cli *cli, int argc, char **argv);
