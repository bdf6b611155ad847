#pragma once
#include "common/service/machine.h"

/* daemon: what puts a machine on the network: sockets, threads, signals, the wall clock.
 *
 * Threads    the I/O thread (main) alone touches sockets; the writer owns the write transaction; two readers
 *            answer queries; the feeder serves followers; a backup has one of its own while it lasts. They
 *            hand work on through bounded queues.
 * Returns    the exit code: 0 a clean end, 1 a fault at start (said on standard error), 2 wrong options,
 *            DAEMON_EXIT_COMMIT at once and without answering when a commit has failed. */
#define DAEMON_EXIT_COMMIT 70

int daemon_main(const struct service *service, int argc, char **argv);
