#include "common/core/failpoint.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool failpoint_armed;

static char fail_name[64];                  /* written before the first thread, then only read */
static atomic_long fail_left;
static void (*fail_hook)(void *arg, const char *name);
static void *fail_hook_arg;

void failpoint_open(void)
{
    const char *wanted = getenv("RSNMS_FAILPOINT");
    if (wanted == NULL || *wanted == '\0')
        return;
    const char *colon = strchr(wanted, ':');
    long n = colon != NULL ? strtol(colon + 1, NULL, 10) : 1;
    snprintf(fail_name, sizeof fail_name, "%.*s",
             (int)(colon != NULL ? colon - wanted : (long)strlen(wanted)), wanted);
    atomic_store(&fail_left, n > 0 ? n : 1);
    failpoint_armed = true;
}

void failpoint_hook(void (*hook)(void *arg, const char *name), void *arg)
{
    fail_hook = hook;
    fail_hook_arg = arg;
    failpoint_armed = hook != NULL || fail_name[0] != '\0';
}

void failpoint_reach(const char *name)
{
    if (fail_hook != NULL)
        fail_hook(fail_hook_arg, name);
    if (fail_name[0] != '\0' && strcmp(name, fail_name) == 0 && atomic_fetch_sub(&fail_left, 1) == 1)
        raise(SIGKILL);
}

#ifdef RSNMS_SABOTAGE
bool sabotage(const char *name)
{
    const char *wanted = getenv("RSNMS_SABOTAGE");
    return wanted != NULL && strcmp(wanted, name) == 0;
}
#endif
