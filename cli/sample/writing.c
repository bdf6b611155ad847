#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/sample/records.h"

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
