#pragma once
#include "cli/cli.h"

/* consent: what a person agrees to, for each purpose by itself, with the version of the text that was signed (R8). */
int verb_consent_list(struct cli *cli, int argc, char **argv);
int verb_consent_give(struct cli *cli, int argc, char **argv);
int verb_consent_withdraw(struct cli *cli, int argc, char **argv);
