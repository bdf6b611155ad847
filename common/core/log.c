#include "common/core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static const char *const LEVEL[] = {
    [LOG_DEBUG] = "DEBUG", [LOG_INFO] = "INFO", [LOG_WARNING] = "WARN", [LOG_ERROR] = "ERROR",
};
static char log_program[32] = "rsnms";
static enum log_level log_least = LOG_INFO;

void log_open(const char *program, enum log_level least)
{
    snprintf(log_program, sizeof log_program, "%s", program);
    log_least = least;
}

/* One write(2) a line: lines of several threads and processes do not mix. */
static void log_line(enum log_level level, const char *subject, const char *format, va_list args)
{
    char line[LINE_MAX_BYTES], when[32];
    struct timespec now;
    struct tm utc;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &utc);
    int head = snprintf(line, sizeof line / 2, "%s.%03dZ %-5s %s %s: ", when, (int)(now.tv_nsec / 1000000),
                        LEVEL[level], log_program, subject);
    size_t used = (size_t)head < sizeof line / 2 ? (size_t)head : sizeof line / 2 - 1;
    int body = vsnprintf(line + used, sizeof line - used - 1, format, args);
    if (body > 0)
        used += (size_t)body < sizeof line - used - 1 ? (size_t)body : sizeof line - used - 2;
    for (size_t i = 0; i < used; i++)       /* what came from outside must not forge a line */
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = ' ';
    line[used++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, used);
    (void)written;                          /* there is nowhere to say so */
}

void log_at(enum log_level level, const char *subject, const char *format, ...)
{
    va_list args;

    if (level < log_least)
        return;
    va_start(args, format);
    log_line(level, subject, format, args);
    va_end(args);
}

void log_die(const char *subject, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_line(LOG_ERROR, subject, format, args);
    va_end(args);
    _exit(EXIT_FAILURE);                    /* no atexit handlers: threads are still at work */
}
