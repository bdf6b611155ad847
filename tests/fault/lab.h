#pragma once
#include <sys/types.h>

#include "common/net/client.h"
#include "common/service/machine.h"

/* lab: a directory with keys and a configuration, the ledger and the mirror as daemons in it, and clients to
 * them. Everything that fails for another reason than the one under test ends the process with 2.
 *
 * Threads    one thread starts and ends daemons; lab_client() may be called from any. */
enum { LEDGER, MIRROR, DAEMONS };
extern const char *const LAB_SERVICE[DAEMONS];      /* toy, mirror */

struct lab {
    char dir[64], config[100], keys[100], data[400];
    const char *faultd;                             /* the program */
    pid_t pid[DAEMONS];                             /* 0: does not run */
};

/* data NULL: below the lab's own directory. */
void lab_open(struct lab *lab, const char *faultd, const char *data, unsigned reserve_mb);
void lab_close(struct lab *lab, bool keep);         /* kills what runs; keep: the directory stays */
/* `env`: NAME=value for it alone, then NULL; or NULL. */
void lab_fork(struct lab *lab, int which, const char *const *env);
/* The same, and waits until it listens: false when it ended before (lab_reap() says how). */
bool lab_start(struct lab *lab, int which, const char *const *env);
/* How one has ended: exit code, or −signal. wait_ms: at most so long; LAB_RUNS: it has not ended. */
#define LAB_RUNS 1000
int  lab_reap(struct lab *lab, int which, int wait_ms);
void lab_end(struct lab *lab, int which);           /* SIGTERM; anything but a clean end is said */

struct client *lab_client(struct lab *lab, int which, uint32_t window);
struct machine *lab_machine(struct lab *lab, int which);    /* its store at rest */
int64_t lab_now_ms(void);
void lab_sleep_ms(int ms);
_Noreturn void lab_die(const char *format, ...) __attribute__((format(printf, 1, 2)));
