#include "cli/show/space.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/core/err.h"
#include "common/core/files.h"

static bool row_parse(const char *line, struct space_row *row)
{
    int end = -1;
    return strlen(line) > DAY_TEXT && day_parse(&row->day, line, DAY_TEXT) && sscanf(line + DAY_TEXT, " %" SCNu64 "%n", &row->used, &end) == 1
           && end > 0;
}

static uint32_t rows_read(const char *dir, day_t today, struct space_row *rows)
{
    char path[4200], line[80];
    uint32_t n = 0;
    FILE *file = (size_t)snprintf(path, sizeof path, "%s/" SPACE_FILE, dir) < sizeof path ? fopen(path, "r") : NULL;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        struct space_row row;
        if (!row_parse(line, &row) || row.day > today || (n > 0 && row.day <= rows[n - 1].day))
            continue;
        if (n == SPACE_ROWS_MAX)
            memmove(rows, rows + 1, --n * sizeof *rows);
        rows[n++] = row;
    }
    if (file != NULL)
        fclose(file);
    return n;
}

uint32_t space_note(const char *dir, day_t today, uint64_t used, struct space_row rows[SPACE_ROWS_MAX])
{
    uint32_t n = rows_read(dir, today, rows);
    struct buf text = { 0 };

    if (n > 0 && rows[n - 1].day == today)
        return n;                               /* what it was when the day was first looked at */
    if (n == SPACE_ROWS_MAX)
        memmove(rows, rows + 1, --n * sizeof *rows);
    rows[n++] = (struct space_row){ today, used };
    for (uint32_t i = 0; i < n; i++) {
        char day[DAY_TEXT + 1];
        day_format(rows[i].day, day);
        buf_format(&text, "%s %" PRIu64 "\n", day, rows[i].used);
    }
    (void)file_put_over(dir, SPACE_FILE, buf_bytes(&text));     /* whoever may only read notes nothing */
    buf_free(&text);
    return n;
}

uint64_t space_lasts(const struct space_row *rows, uint32_t n, day_t today, uint64_t used, uint64_t left, uint64_t *a_day)
{
    *a_day = 0;
    if (n == 0 || today < rows[0].day + SPACE_DAYS_LEAST || used <= rows[0].used)
        return 0;
    *a_day = (used - rows[0].used) / (today - rows[0].day);
    if (*a_day == 0 || left / *a_day > SPACE_DAYS_MOST)
        return 0;
    return left / *a_day > 0 ? left / *a_day : 1;
}
