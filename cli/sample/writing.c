#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/sample/writing.h"

int file_write(const char *dir, const char *name, struct buf *out)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    file = fopen(path, "wb");
    bool good = file != NULL && fwrite(out->at, 1, out->n, file) == out->n;
    if (file != NULL && fclose(file) != 0)
        good = false;
    if (!good)
        fprintf(stderr, "rsnms: %s: %s\n", path, strerror(errno));
    buf_free(out);
    return good ? 0 : -1;
}

const char *person_code(const struct region *region, uint32_t person)
{
    return person == NONE ? "" : region->persons.at[person].code;
}

const char *org_code(const struct region *region, uint32_t org)
{
    return org == NONE ? "" : region->orgs.at[org].code;
}

const char *ru_day(day_t day, char text[DAY_TEXT + 1])
{
    text[0] = '\0';
    if (day != 0)
        day_format_ru(day, text);
    return text;
}

/* Quoted where the separator or a quote stands inside. */
static void cell_put(struct buf *out, const char *text, bool last)
{
    if (text != NULL && strpbrk(text, ";\"") != NULL) {
        buf_byte(out, '"');
        for (; *text != '\0'; text++) {
            if (*text == '"')
                buf_byte(out, '"');
            buf_byte(out, (uint8_t)*text);
        }
        buf_byte(out, '"');
    } else if (text != NULL) {
        buf_text(out, text);
    }
    buf_text(out, last ? "\r\n" : ";");
}

void row_put(struct buf *out, const char *const *cell, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cell_put(out, cell[i], i + 1 == n);
}
