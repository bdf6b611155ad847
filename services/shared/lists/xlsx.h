#pragma once
#include "common/core/bytes.h"

/* xlsx: the first sheet of a workbook (ECMA-376, as Excel and LibreOffice save it) as the text of a CSV table, so that
 * one reader knows rows, columns and titles. A row keeps its number as the line; line breaks in cells become spaces;
 * dates become 2024-09-15, whole numbers are written as such.
 *
 * Limits     of what a small file may unfold to: those of zip.h, and bytes of the text and of the strings, rows,
 *            columns. A document type (entities) is refused; nothing outside the file is read.
 * Errors     ERR_MALFORMED with the token of a sentence (table.TOKEN): xlsx_damaged, xlsx_too_big, xlsx_packed (encrypted or not deflated),
 *            xlsx_no_sheet. */
#define XLSX_COLUMNS_MAX 64
#define XLSX_ROWS_MAX    1048576

/* most: bytes of the text, and as many of shared strings. */
int  xlsx_csv(struct bytes file, size_t most, struct buf *text, const char **token);
