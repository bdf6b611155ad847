#pragma once
#include "cli/daemons/process.h"

/* keeper: looks after the daemons of a configuration: starts those that are wanted, and starts again, with
 * back-off, what ends by itself. `rsnms up` runs one in the background, `rsnms up --foreground` is one.
 *
 * Wanted     run/NAME.wanted stands while a service is to run: up makes it, down removes it, the keeper looks.
 *            One that gives up by itself before it has ever answered is not wanted any more: what is wrong, a
 *            setting mostly, is for a person.
 * Back-off   0.5 s after the first end, twice as long after each further one, at most 30 s; a minute of
 *            service makes it forget.
 * Says       one line an event in run/keeper.log (in the foreground: on standard error), and run/NAME.ended,
 *            a line with the moment, how often since up, and why: `rsnms status` shows it.
 * One only   run/keeper.lock is locked (fcntl) as long as a keeper lives. A keeper that was killed leaves
 *            its daemons serving; the next one finds them by their pid files and looks after them. */
#define KEEPER_BACK_OFF_MS      500
#define KEEPER_BACK_OFF_MAX_MS  30000
#define KEEPER_GOOD_MS          60000
#define KEEPER_DRAIN_MS         30000
#define KEEPER_LOGS_MS          10000           /* how often it looks at the logs */
#define KEEPER_LOG_MAX          (16 << 20)      /* bytes; a longer one goes to NAME.log.1, in place of an older one */

bool keeper_wanted(struct cli *cli, const char *service);
/* False: the file could not be made (said). */
bool keeper_want(struct cli *cli, const char *service);
void keeper_unwant(struct cli *cli, const char *service);
/* How the service last ended by itself; false when it has not since up. */
struct keeper_end { char moment[32], why[160]; unsigned times; };
bool keeper_ended(struct cli *cli, const char *service, struct keeper_end *end);
void keeper_forget(struct cli *cli, const char *service);

pid_t keeper_find(struct cli *cli);                 /* 0: none runs */
/* One in the background, unless one runs. False: said why not. */
bool keeper_start(struct cli *cli);
/* Tells it to look at once. */
void keeper_wake(struct cli *cli);
/* SIGTERM and wait; it drains its daemons first. True: none runs any more. */
bool keeper_stop(struct cli *cli, uint32_t wait_ms);
/* Is the keeper until SIGTERM or SIGINT, then stops the daemons. An exit code. */
int  keeper_run(struct cli *cli, bool foreground, uint32_t wait_ms);
