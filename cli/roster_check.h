#pragma once
#include "cli/cli.h"

/* roster_check: a staff list held against what is known, and entered as it was shown (R9).
 *
 * rsnms roster check FILE [--full] [--vanished OUT] [--map MAP]   enters nothing: what would be new, changed, refused …
 * rsnms roster import FILE --delta                          enters what check shows; nobody is dismissed by silence
 * rsnms roster import FILE --full [--share PERCENT] [--dismiss DAY | --answers FILE]
 *
 * Stop       a full list in which more than the profile's share of people is missing does nothing at all; --share says
 *            that so many may be. Who is missing stays in his post unless --dismiss or the answers say his last day.
 * Again      an import that was cut off goes on where it was: what has been entered is unchanged by then. A row whose ground has
 *            moved between check and entry is refused, and shown anew the next time.
 * Codes      CLI_OK nothing refused or doubtful, CLI_PARTLY some rows are, CLI_FAILED stopped. */
int verb_roster_check(struct cli *cli, int argc, char **argv);

struct import_how {
    bool full, delta;
    const char *share, *dismiss, *answers, *vanished, *map; /* as they stand on the command line; NULL: not said */
};
int roster_reconcile(struct cli *cli, const char *path, const struct import_how *how);
/* Takes the options out of the words; the file is what is left. False: said on standard error. */
bool import_options(const char *verb, int argc, char **argv, const char **path, struct import_how *how);
