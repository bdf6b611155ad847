#pragma once
#include "cli/cli.h"
#include "cli/lists/pipe.h"
#include "services/shared/lists/list.h"

/* sheet: a table in a file, its columns found by their titles, ready to be read row by row and again; the reader itself
 * is services/shared/lists/list.h.
 *
 * Ownership  sheet_close() gives back what sheet_open() took; cells live until the next row.
 * Errors     a file that is no such table (binary, another encoding, a quote without end, a missing column)
 *            is refused whole by sheet_open(), with a sentence for a person; it walks the whole file. */
struct sheet {
    const char *path;
    struct buf file;
    struct hash hash;
    struct list list;
};
int  file_read(const char *path, struct buf *out);      /* says on standard error what is wrong */
bool sheet_is_bundle(const char *path);                 /* OneRoster (services/shared/lists/oneroster.h) */
int  sheet_open(struct cli *cli, struct sheet *sheet, const char *path, const struct csv_column *columns, size_t n);
/* The same for a list that people have made: its columns may need a map (columns.h; NULL: the one beside it). */
int  sheet_open_mapped(struct cli *cli, struct sheet *sheet, const char *path, const struct csv_column *columns, size_t n,
                       const char *map);
bool sheet_next(struct sheet *sheet, struct csv_row *row);
const char *sheet_cell(const struct sheet *sheet, const struct csv_row *row, size_t column);   /* never NULL */
void sheet_close(struct sheet *sheet);

/* A row that is no message: what is wrong with it. */
void sheet_refuse(const struct sheet *sheet, struct pipe *pipe, const struct csv_row *row, const struct msg_error *error);

/* Prints what the pipe collected: line, column, what was found, why not, what to do. With --json one object
 * a line: line, column, reason. Walks the sheet again. */
void sheet_say_refused(struct cli *cli, struct sheet *sheet, const struct pipe *pipe);
