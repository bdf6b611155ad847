#pragma once
#include "common/core/bytes.h"

/* book: a workbook (XLSX) as bytes: what libxlsxwriter makes of a file without a name, so that nothing is left behind.
 *
 * Temporary  the library builds each sheet in files of its own, with all that stands in it. They are made in memory, in a folder that is
 *            for this workbook and this user alone (BOOK_MEMORY), and never on a disk: a list may hold names.
 * Use        fill() gets the workbook and fills its sheets; ERR_OK, or what book_write() gives back.
 * Same bytes the library writes the time of day into the workbook, unless fill() sets the moment of creation.
 * Errors     ERR_IO, ERR_NOMEM: the library could not write it. ERR_NOTFOUND: no BOOK_MEMORY that may be written. */
#define BOOK_MEMORY "/dev/shm"
struct lxw_workbook;
typedef int book_fill(struct lxw_workbook *book, void *arg);
int book_write(book_fill *fill, void *arg, struct buf *out);
/* The same for very many rows: each is written out when the next begins, so rows are to be filled in their order. */
int book_write_long(book_fill *fill, void *arg, struct buf *out);
