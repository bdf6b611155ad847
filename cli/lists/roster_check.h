#pragma once
#include "cli/cli.h"

/* roster_check: a staff list held against what is known, and entered as it was shown (R9).
 *
 * rsnms roster check FILE [--full] [--vanished OUT] [--map MAP]   enters nothing: what would be new, changed, refused …
 * rsnms roster check FILE --full --keep [--dismiss DAY | --answers FILE]   keeps what was shown as a job; rsnms roster import FILE enters that
 * rsnms roster import FILE --delta                          enters what check shows; nobody is dismissed by silence
 * rsnms roster import FILE --full [--share PERCENT] [--dismiss DAY | --answers FILE]
 *
 * Stop       a full list in which more than the profile's share of people is missing does nothing at all; --share says
 *            that so many may be. Who is missing stays in his post unless --dismiss or the answers say his last day.
 * Again      what is to be entered is a job beside the list (job.h): an import that was cut off goes on where it was, by the same
 *            command, and enters what was shown. A row whose ground has moved between check and entry is refused.
 * Codes      CLI_OK nothing refused or doubtful, CLI_PARTLY some rows are, CLI_FAILED stopped. */
int verb_roster_check(struct cli *cli, int argc, char **argv);

struct import_how {
    bool full, delta, keep;
    const char *share, *dismiss, *answers, *vanished, *map, *job;   /* as they stand on the command line; NULL: not said */
};
/* A job of this list lies there already, and where. */
bool roster_begun(struct cli *cli, const char *path, const struct import_how *how, const char **at);
/* Of a OneRoster bundle `how` gets what its manifest says: --full for bulk, unless it was said to be a delta. */
int roster_reconcile(struct cli *cli, const char *path, struct import_how *how);
/* Takes the options out of the words; the file is what is left. False: said on standard error. */
bool import_options(const char *verb, int argc, char **argv, const char **path, struct import_how *how);
