#pragma once
#include "services/federal/package.h"

/* sheet: the package as a workbook (XLSX), for who has only a personal cabinet to type it into: one sheet a block, in
 * Russian, rows and columns in the order of the document, gaps with what will fill them, and where each row is from.
 * The same package gives the same bytes: what a workbook says of its making is the moment of the sending.
 * Errors     ERR_IO, ERR_NOMEM: the library could not write it (its temporary files need $TMPDIR or /tmp). */
int sheet_write(const struct package_facts *facts, const struct cell *cells, uint32_t n, struct arena *arena, struct buf *out);
