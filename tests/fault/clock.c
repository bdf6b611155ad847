/* fault_clock: preloaded into a process, lets its wall and its boot clock run RSNMS_CLOCK_RATE times as fast from its
 * start on, so that what waits for minutes is met in seconds. Deadlines go by the monotonic clock, which stays as it is. */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

#define SECOND 1000000000LL

static long long rate, began[2];            /* wall, boot: nanoseconds */
static int (*real)(clockid_t id, struct timespec *now);

static long long nanoseconds(clockid_t id)
{
    struct timespec now;
    return real(id, &now) == 0 ? now.tv_sec * SECOND + now.tv_nsec : 0;
}

__attribute__((constructor)) static void clock_start(void)
{
    const char *wanted = getenv("RSNMS_CLOCK_RATE");
    real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    began[0] = nanoseconds(CLOCK_REALTIME);
    began[1] = nanoseconds(CLOCK_BOOTTIME);
    rate = wanted != NULL ? strtoll(wanted, NULL, 10) : 1;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    if (rate <= 1 || (id != CLOCK_REALTIME && id != CLOCK_BOOTTIME)) {
        if (real == NULL)                   /* called before our own start */
            real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
        return real(id, now);
    }
    long long from = began[id == CLOCK_BOOTTIME], then = from + (nanoseconds(id) - from) * rate;
    *now = (struct timespec){ then / SECOND, then % SECOND };
    return 0;
}
