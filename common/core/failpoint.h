#pragma once
#include <stdbool.h>

/* failpoint: named places where a test lets the process die, and, in a build made for the
 * controls of the tests only (RSNMS_SABOTAGE), named things done wrong on purpose.
 *
 * RSNMS_FAILPOINT=name[:n]     the n-th arrival at the name ends the process as kill -9 would.
 * RSNMS_SABOTAGE=name          in a sabotage build: SABOTAGE("name") is true. In every other build
 *                              it is the constant false, and the code behind it is not there. */
void failpoint_open(void);                  /* reads the environment once, before the first thread */
extern bool failpoint_armed;
void failpoint_reach(const char *name);
/* In-process tests (the simulation) arm a hook instead of the environment. NULL takes it away. */
void failpoint_hook(void (*hook)(void *arg, const char *name), void *arg);
#define FAILPOINT(name) do { if (__builtin_expect(failpoint_armed, 0)) failpoint_reach(name); } while (0)

#ifdef RSNMS_SABOTAGE
bool sabotage(const char *name);
#define SABOTAGE(name) sabotage(name)
#else
#define SABOTAGE(name) false
#endif
