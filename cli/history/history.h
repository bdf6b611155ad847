#pragma once
#include "cli/cli.h"

/* history: loads a folder (organisations, staff, diagnostics, programmes, completions; as `rsnms sample`
 * writes it) into a running system: pipelined, each file after those it rests on, with `after` positions
 * so that services have caught up.
 *
 * Again      the id of every command is derived from the file's hash and the line, so a second run of the
 *            same folder does nothing twice.
 * Errors     a file that cannot be read as what it should be stops before anything of it is sent; a row
 *            that is refused is said with line, column and reason, and the rest goes on.
 *
 * rsnms history load DIR      CLI_OK all taken, CLI_PARTLY some rows refused, CLI_FAILED nothing done. */
int verb_history_load(struct cli *cli, int argc, char **argv);
