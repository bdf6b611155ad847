#pragma once
#include "common/core/bytes.h"

/* archive: zip files made by tests, members as they are (method 0). archive_end() writes the directory; the caller
 * frees both bufs. */
struct archive { struct buf file, directory; uint16_t n; };
void archive_put(struct archive *archive, const char *name, const char *text);
void archive_end(struct archive *archive);
/* The smallest workbook: one sheet, a line of `rows` a row, cells parted by ';'. */
void archive_workbook(struct archive *archive, const char *rows);
