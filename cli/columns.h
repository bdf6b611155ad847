#pragma once
#include "cli/sheet.h"

/* columns: which column of a list is which field, where its titles alone do not tell.
 *
 * Map        a table of two columns, «Столбец;Поле»: a title of the list and the field it stands for ("-": none). It lies
 *            beside the list as LIST.columns, or is named by --map. Fields are those of the message (rsnms methods).
 * Asked      on a terminal a column that is missing or stands there twice is asked about, and the answers are kept beside the
 *            list for the next time. Elsewhere the list is refused, with the columns it has.
 * Whole name «ФИО» is taken apart where family and given name have no columns of their own: the first word, the
 *            second, the rest. */
int columns_find(struct cli *cli, struct sheet *sheet, const char *map);
/* For a row of such a list: the parts of the name as further cells. */
void columns_split(const struct sheet *sheet, struct arena *arena, struct csv_row *row);
