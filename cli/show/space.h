#pragma once
#include "common/core/when.h"

/* space: how long a disk will do. Whoever looks at the status notes what is used, once a day, in the file `space` beside the
 * stores ("2026-11-22 123456" a line, the newest SPACE_ROWS_MAX of them); the pace is that since the oldest day kept.
 *
 * Not told   before SPACE_DAYS_LEAST days have passed, when nothing grows, and where it would do for longer than SPACE_DAYS_MOST.
 * Errors     a file that cannot be read or written is none: the forecast is left out, nothing else. */
#define SPACE_FILE       "space"
#define SPACE_ROWS_MAX   90
#define SPACE_DAYS_LEAST 3
#define SPACE_DAYS_MOST  3650

struct space_row { day_t day; uint64_t used; };

/* Reads what is noted and notes today's; the rows in their order, today's last. How many there are. */
uint32_t space_note(const char *dir, day_t today, uint64_t used, struct space_row rows[SPACE_ROWS_MAX]);
/* Days until `left` bytes are used up, rounded down, at least 1; 0: not told. a_day: growth of one day. */
uint64_t space_lasts(const struct space_row *rows, uint32_t n, day_t today, uint64_t used, uint64_t left, uint64_t *a_day);
