#pragma once
#include "cli/sheet.h"

/* columns: which column of a list is which field, where its titles alone do not tell (services/shared/lists/list.h).
 *
 * Map        lies beside the list as LIST.columns, or is named by --map.
 * Asked      on a terminal a column that is missing or stands there twice is asked about, and the answers are kept beside the
 *            list for the next time. Elsewhere the list is refused, with the columns it has. */
int columns_find(struct cli *cli, struct sheet *sheet, const struct csv_column *columns, size_t n, const char *map);
