#pragma once
#include "cli/cli.h"

/* roster_import: a staff list (CSV as Excel saves it) to roster.worker.record, row by row, pipelined.
 *
 * Again      as in history.h: the same file does nothing twice.
 * Errors     a file that is not what it says (binary, wrong encoding, a missing column) is refused whole
 *            before anything is sent. A refused row is said with line, column, what was found, what should
 *            be there, and what to do.
 *
 * rsnms roster import FILE    (with --full or --delta: roster_check.h) CLI_OK all taken, CLI_PARTLY some rows refused, CLI_FAILED nothing done. */
int verb_roster_import(struct cli *cli, int argc, char **argv);
