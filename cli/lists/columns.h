#pragma once
#include "cli/lists/sheet.h"

/* columns: which column of a list is which field, where its titles alone do not tell (services/shared/lists/list.h).
 *
 * Map        lies beside the list as LIST.columns, or is named by --map.
 * Asked      on a terminal a column that is missing or stands there twice is asked about. Elsewhere the list is refused, with the
 *            columns it has.
 * Kept       answers, and a map that lay beside a list, are kept for the next time: beside the list, and by its titles in `columns` beside the
 *            configuration. So next month's list of the same titles is not asked about again; it is said that it is understood so. What titles
 *            alone tell needs no answers, and no kept ones are looked at. */
int columns_find(struct cli *cli, struct sheet *sheet, const struct csv_column *columns, size_t n, const char *map);
