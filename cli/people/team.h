#pragma once
#include "cli/cli.h"

/* team: an organisation's leadership team on a day (R3), by identifiers: who they are people show says. */
int verb_org_team(struct cli *cli, int argc, char **argv);
