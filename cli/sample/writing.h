#pragma once
#include "cli/sample/records.h"

/* writing: rows of tables as Excel saves them: semicolons, CRLF, quotes where they are needed. */
#define BOM "\xEF\xBB\xBF"

const char *ru_day(day_t day, char text[DAY_TEXT + 1]);     /* 15.09.2024; empty for 0 */
const char *person_code(const struct region *region, uint32_t person);  /* empty for NONE, as the next */
const char *org_code(const struct region *region, uint32_t org);
void row_put(struct buf *out, const char *const *cell, size_t n);
#define ROW_PUT(out, ...) row_put((out), (const char *const[]){ __VA_ARGS__ }, \
                                  sizeof (const char *const[]){ __VA_ARGS__ } / sizeof(const char *))
