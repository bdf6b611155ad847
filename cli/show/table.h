#pragma once
#include <stdio.h>
#include "common/core/arena.h"

/* table: text tables whose columns line up by display width, with Cyrillic in them too.
 *
 * Ownership  cells are copied into the arena given to table_start(); nothing is freed by hand.
 * Width      at most one column wraps: it gets what the others leave of `width` columns, and its text is
 *            broken between words. width 0: nothing wraps. Any cell may hold line breaks of its own. */
enum table_side { SIDE_LEFT, SIDE_RIGHT, SIDE_WRAP };
struct table_column { const char *title; enum table_side side; };

#define TABLE_COLUMNS_MAX 24
#define TABLE_WRAP_MIN    24            /* the wrapping column is never narrower */
struct text_table {
    struct arena *arena;
    const struct table_column *columns;
    uint32_t column_count, row_count, room;
    const char **cell;                  /* row by row; a NULL row start is a rule */
};

void table_start(struct text_table *table, struct arena *arena, const struct table_column *columns, uint32_t n);
void table_row(struct text_table *table, const char *const *cells);     /* NULL: an empty cell */
void table_rule(struct text_table *table);                              /* a line between rows */
void table_print(const struct text_table *table, FILE *out, unsigned width);
