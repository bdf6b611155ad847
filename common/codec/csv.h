#pragma once
#include "common/codec/msg.h"

/* csv: a table as Excel saves it: UTF-8 (with or without BOM) or Windows-1251; comma, semicolon or
 * tab; CRLF or LF; quoted cells with line breaks and doubled quotes. RFC 4180 and what people do to it.
 *
 * Use        csv_open() on the whole file in memory, csv_row() until 0.
 * Lifetime   cells live in the arena given to csv_row().
 * Errors     a file that is not such a table (zero bytes, neither UTF-8 nor Windows-1251 text, a quote
 *            that never ends, more than CSV_COLUMNS_MAX cells) is refused whole: ERR_MALFORMED with
 *            the line and a reason token. */
#define CSV_COLUMNS_MAX 64
#define CSV_CELL_MAX    4000

enum csv_encoding { CSV_UTF8, CSV_1251 };
struct csv {
    struct bytes text;              /* decoded, UTF-8 */
    size_t pos;
    uint32_t line;                  /* of the row last read, counted from 1 */
    uint32_t next_line;             /* of what comes at pos */
    char separator;
    enum csv_encoding encoding;
    const char *reason;             /* binary, encoding, cut_short, mixed_encoding, open_quote, too_many_cells, cell_too_long, empty */
    uint32_t reason_line;
};
struct csv_row { uint32_t line; uint32_t n; const char **cell; };   /* trimmed of outer white space */

int csv_open(struct csv *csv, struct bytes file, struct arena *arena);
int csv_row(struct csv *csv, struct arena *arena, struct csv_row *row);     /* 1 a row, 0 the end, < 0 an error */

/* Columns of a table: the field of a message that each stands for, with the titles people use. */
struct csv_column { const char *field; const char *const *titles; bool required; };  /* titles end with NULL */
struct csv_mapping { int32_t column[MSG_FIELDS_MAX]; };     /* by row of the csv_column list; -1: not in this file */
/* Matches a header row (case and ё folded, spaces collapsed). A missing required column or a column
 * given twice fails; `fault` then holds the field's first title. */
int csv_map(const struct csv_column *columns, size_t n, const struct csv_row *header,
            struct csv_mapping *mapping, const char **fault, const char **reason);
/* One row to msgpack under the descriptor; empty cells are left out. */
void csv_message(const struct msg_desc *desc, const struct csv_column *columns, size_t n,
                 const struct csv_mapping *mapping, const struct csv_row *row, struct buf *msgpack);
/* A cell as csv_row() reads it again, always quoted; line breaks and other control characters become blanks. */
void csv_quote(struct buf *text, const char *cell);
