#pragma once
#include <stdbool.h>

/* log: one line to standard error: time, level, program, subject, message. No personal data, ever.
 * Threads    any. Lines are written whole. */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

void log_open(const char *program, enum log_level least);
void log_at(enum log_level level, const char *subject, const char *format, ...) __attribute__((format(printf, 3, 4)));
#define log_debug(subject, ...)   log_at(LOG_DEBUG, subject, __VA_ARGS__)
#define log_info(subject, ...)    log_at(LOG_INFO, subject, __VA_ARGS__)
#define log_warning(subject, ...) log_at(LOG_WARNING, subject, __VA_ARGS__)
#define log_error(subject, ...)   log_at(LOG_ERROR, subject, __VA_ARGS__)
_Noreturn void log_die(const char *subject, const char *format, ...) __attribute__((format(printf, 2, 3)));
