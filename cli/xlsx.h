#pragma once
#include "common/core/bytes.h"

/* xlsx: the first sheet of a workbook (ECMA-376, as Excel and LibreOffice save it) as the text of a CSV table, so that
 * one reader knows rows, columns and titles. A row keeps its number as the line; line breaks in cells become spaces;
 * dates become 2024-09-15, whole numbers are written as such.
 *
 * Limits     of what a small file may unfold to: bytes of each part and of the text, entries, strings, columns, the
 *            ratio of packed to unpacked. A document type (entities) is refused; nothing outside the file is read.
 * Errors     ERR_MALFORMED with a reason token: xlsx_damaged, xlsx_too_big, xlsx_packed (encrypted or not deflated),
 *            xlsx_no_sheet. */
#define XLSX_PART_MAX    (512u << 20)       /* unpacked */
#define XLSX_RATIO_MAX   200                /* a sheet of one repeated word packs to about 1 : 100 */
#define XLSX_TEXT_MAX    (256u << 20)
#define XLSX_ENTRIES_MAX 4096
#define XLSX_STRINGS_MAX (128u << 20)       /* bytes of shared strings */
#define XLSX_COLUMNS_MAX 64
#define XLSX_ROWS_MAX    1048576

bool xlsx_is(struct bytes file);            /* begins as a zip archive does */
int  xlsx_csv(struct bytes file, struct buf *text, const char **reason);
