#pragma once
#include "common/codec/csv.h"

/* list: a table that people have made, whole in memory, ready to be read row by row and again: the one reader for
 * the command line and for the node's drop folder (R9).
 *
 * Formats    CSV as csv.h knows it; a workbook (xlsx.h); a OneRoster bundle (oneroster.h). What it is, its bytes tell, not its name.
 * Columns    are found by their titles. Where those do not tell, a map does: a table of two columns, «Столбец;Поле»: a title
 *            of the list and the field it stands for ("-": none), whatever other titles say. Where a title stands twice, a third one,
 *            «Номер», says which is meant. Fields are those of the message (rsnms methods).
 * Whole name «ФИО» is taken apart where family and given name have no columns of their own: the first word, the
 *            second, the rest.
 * Order      list_begin(), then list_columns() until one fits, then list_walk(), then list_next().
 * Ownership  `content` stays the caller's and has to outlive the list, unless list->text holds what it unfolded to; list_end()
 *            gives back the rest. Cells live until the next row, titles as long as the list.
 * Errors     false, and the fault: table.TOKEN of the catalogue, with the column's title and the line. What it says lives as long
 *            as the program, or as the map that it is about. */
#define LIST_MAP_MAX CSV_COLUMNS_MAX
struct list_fault { const char *token, *column; uint32_t line; };
struct list_map { uint32_t n; struct { const char *title, *field; uint32_t line, column; } at[LIST_MAP_MAX]; };   /* column: 1 + the one that is meant, if it has that title; 0: the first that has */
struct list {
    struct bytes content;               /* CSV: the caller's, or that of `text` */
    struct buf text;
    bool bundle, delta;                 /* a OneRoster bundle: whether it says all, or what has changed */
    uint64_t no_role;                   /* its users of whom no role is told: no rows of the list */
    struct csv csv, first;              /* first: where the rows begin */
    struct csv_row titles;              /* as the file has them */
    const struct csv_column *columns; size_t n;
    struct csv_row header;              /* the same as the map names them, with the parts of a whole name */
    struct csv_mapping mapping;
    uint32_t whole_name;                /* 1 + the column that holds all of a name; 0: none */
    uint64_t rows;
    uint32_t last_line;
    struct arena arena, row_arena;
};
/* most: bytes that a workbook or a part of a bundle may unfold to. */
bool list_begin(struct list *list, struct bytes content, size_t most, struct list_fault *fault);
/* map: NULL, or from list_map_read(). Tokens column_missing, column_repeated. May be called again, with other columns too. */
bool list_columns(struct list *list, const struct csv_column *columns, size_t n, const struct list_map *map, struct list_fault *fault);
/* Every row is walked before anything is done, so that a file broken in the middle does nothing at all. */
bool list_walk(struct list *list, struct list_fault *fault);
void list_end(struct list *list);

bool list_next(struct list *list, struct csv_row *row);
bool list_row(struct list *list, struct arena *arena, struct csv_row *row);     /* into an arena of the caller's: lives as long as that */
void list_rewind(struct list *list);
/* Where the next row is read from, and reading on from there. */
size_t list_at(const struct list *list, uint32_t *line);
void list_seek(struct list *list, size_t at, uint32_t line);
const char *list_cell(const struct list *list, const struct csv_row *row, size_t column);   /* never NULL */
/* The row as a message of that kind, in msgpack. */
void list_message(const struct list *list, const struct msg_desc *desc, const struct csv_row *row, struct buf *body);
/* The header once more, as in a list put together from two. */
bool list_repeats_titles(const struct list *list, const struct csv_row *row);
/* The column that a field's path means, by its title here; "": none. */
const char *list_title(const struct list *list, const char *path);
size_t list_column(const struct list *list, const char *path);      /* list->n: none */

/* What it says lives in the arena. Tokens of a table, and map_many. */
bool list_map_read(struct list_map *map, struct bytes content, struct arena *arena, struct list_fault *fault);
void list_map_write(const struct list_map *map, struct buf *text);
/* For whom the answers to one list are those to another: the same titles in the same order. */
#define LIST_TITLES_NAME 16
void list_titles_name(const struct list *list, char name[LIST_TITLES_NAME + 1]);
/* A line of the map whose field is none of these columns: its number and field; 0: all are known. */
uint32_t list_map_unknown(const struct list_map *map, const struct csv_column *columns, size_t n, const char **field);
