#pragma once
#include <sys/types.h>
#include "cli/cli.h"

/* process: the daemons of a configuration as processes of this machine: found by run/NAME.pid, and only
 * believed when the process of that number is still that program. Nothing is ended by name.
 *
 * Errors     functions that return a pid return 0 for "not running". */
pid_t process_find(struct cli *cli, const char *service);
/* Starts rsnms-SERVICE with its output appended to run/SERVICE.log; 0 when it could not be started (said). */
pid_t process_start(struct cli *cli, const char *service, bool keep);
bool process_signal(pid_t pid, int signal);
bool process_wait(pid_t pid, uint32_t ms);              /* true: it has ended */
void process_forget(struct cli *cli, const char *service);
bool process_answers(struct cli *cli, const char *service);         /* within a second; nothing is kept of it */
const char *process_log(struct cli *cli, const char *service);      /* file name */
void process_print_tail(struct cli *cli, const char *service, unsigned lines);
/* The service's data directory. */
const char *process_store(struct cli *cli, const char *service);
/* CLI_OK; or says that the daemon runs and has to be stopped, with CLI_DOWN. */
int process_must_rest(struct cli *cli, const char *service);
