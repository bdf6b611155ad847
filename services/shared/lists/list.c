#include "services/shared/lists/list.h"

#include <stdlib.h>

#include "common/core/err.h"
#include "common/core/hash.h"
#include "common/core/text.h"
#include "services/shared/lists/oneroster.h"
#include "services/shared/lists/xlsx.h"
#include "services/shared/lists/zip.h"

static const char *const MAP_TITLE[] = { "Столбец", "column", NULL };
static const char *const MAP_FIELD[] = { "Поле", "field", NULL };
static const char *const MAP_NUMBER[] = { "Номер", "number", NULL };
static const struct csv_column MAP_COLUMN[] = { { "column", MAP_TITLE, true }, { "field", MAP_FIELD, true }, { "number", MAP_NUMBER, false } };
#define MAP_COLUMNS (sizeof MAP_COLUMN / sizeof *MAP_COLUMN)
static const char *const WHOLE_NAME[] = { "ФИО", "Ф.И.О.", "Ф. И. О.", "Ф.И.О", "Фамилия Имя Отчество", "Фамилия, имя, отчество",
                                          "ФИО работника", "ФИО педагога", "ФИО сотрудника" };
static const char *const PARTS[] = { "Фамилия", "Имя", "Отчество" };
static const char *const PART_FIELD[] = { "family", "given" };          /* without which there is nothing to take apart for */
#define PART_COUNT (sizeof PARTS / sizeof *PARTS)

static bool fault_of(struct list_fault *fault, const char *token, const char *column, uint32_t line)
{
    *fault = (struct list_fault){ token, column, line };
    return false;
}

static bool csv_fault(const struct list *list, struct list_fault *fault)
{
    return fault_of(fault, list->csv.reason != NULL ? list->csv.reason : "empty", NULL, list->csv.reason_line);
}

/* ── opening ──────────────────────────────────────────────────────────────── */

/* To the text of a table. */
static bool unfold(struct list *list, struct bytes content, size_t most, struct list_fault *fault)
{
    struct bundle_said said = { 0 };
    const char *token;

    list->bundle = oneroster_is(content);
    if (list->bundle && !oneroster_csv(content, most, &list->text, &said, fault))
        return false;
    if (!list->bundle && xlsx_csv(content, most, &list->text, &token) != ERR_OK)
        return fault_of(fault, token, NULL, 0);
    list->delta = said.delta;
    list->no_role = said.no_role;
    list->content = buf_bytes(&list->text);
    return true;
}

bool list_begin(struct list *list, struct bytes content, size_t most, struct list_fault *fault)
{
    *list = (struct list){ .content = content };
    if (zip_is(content) && !unfold(list, content, most, fault))
        return false;
    if (csv_open(&list->csv, list->content, &list->arena) != ERR_OK || csv_row(&list->csv, &list->arena, &list->titles) != 1)
        return csv_fault(list, fault);
    list->header = list->titles;
    list->first = list->csv;
    return true;
}

bool list_walk(struct list *list, struct list_fault *fault)
{
    struct csv_row row;

    list_rewind(list);
    for (list->rows = 0; list_next(list, &row); list->rows++)
        list->last_line = row.line;
    if (list->csv.reason != NULL)
        return csv_fault(list, fault);
    list_rewind(list);
    return true;
}

void list_end(struct list *list)
{
    buf_free(&list->text);
    arena_free(&list->arena);
    arena_free(&list->row_arena);
    *list = (struct list){ 0 };
}

/* ── columns ──────────────────────────────────────────────────────────────── */

static uint32_t title_find(struct list *list, const char *title)
{
    const char *folded = text_fold(&list->arena, title);
    uint32_t k = 0;

    while (k < list->header.n && strcmp(text_fold(&list->arena, list->header.cell[k]), folded) != 0)
        k++;
    return k;
}

size_t list_column(const struct list *list, const char *path)
{
    size_t i = 0;
    while (i < list->n && strcmp(list->columns[i].field, path) != 0)
        i++;
    return i;
}

static bool is_title_of(const struct csv_column *column, const char **title)
{
    const struct csv_row one = { .n = 1, .cell = title };
    struct csv_mapping mapping;
    const char *fault, *reason;
    return csv_map(column, 1, &one, &mapping, &fault, &reason) == ERR_OK && mapping.column[0] == 0;
}

static uint32_t map_column(struct list *list, const char *title, uint32_t number)
{
    uint32_t k = number - 1;

    if (number != 0 && k < list->titles.n && strcmp(text_fold(&list->arena, list->titles.cell[k]), text_fold(&list->arena, title)) == 0)
        return k;
    return title_find(list, title);
}

/* A column that the map names then has the title by which the field is known, or none; one that merely has such a title
 * has none then. A field that another kind of list has is none of this one's. */
static void map_use(struct list *list, const struct list_map *map)
{
    const char **cells = arena_copy(&list->arena, list->titles.cell, list->titles.n * sizeof *cells);
    bool named[CSV_COLUMNS_MAX] = { 0 }, given[MSG_FIELDS_MAX] = { 0 };

    for (uint32_t i = 0; i < map->n; i++) {
        size_t field = list_column(list, map->at[i].field);
        uint32_t k = map_column(list, map->at[i].title, map->at[i].column);
        if (k >= list->titles.n)
            continue;
        cells[k] = field < list->n ? list->columns[field].titles[0] : "";
        named[k] = true;
        if (field < list->n)
            given[field] = true;
    }
    for (size_t field = 0; field < list->n; field++)
        for (uint32_t k = 0; k < list->titles.n && given[field]; k++)
            if (!named[k] && is_title_of(&list->columns[field], &cells[k]))
                cells[k] = "";
    list->header.cell = cells;
}

static bool has_parts(const struct list *list)
{
    return list_column(list, PART_FIELD[0]) < list->n && list_column(list, PART_FIELD[1]) < list->n;
}

static bool whole_name(struct list *list)
{
    uint32_t k = list->header.n;

    if (list->whole_name != 0 || !has_parts(list) || k + PART_COUNT > CSV_COLUMNS_MAX || title_find(list, PARTS[0]) < k)
        return false;
    for (size_t i = 0; i < sizeof WHOLE_NAME / sizeof *WHOLE_NAME && k == list->header.n; i++)
        k = title_find(list, WHOLE_NAME[i]);
    if (k == list->header.n)
        return false;
    const char **cells = ARENA_LIST(&list->arena, const char *, list->header.n + PART_COUNT);
    memcpy(cells, list->header.cell, list->header.n * sizeof *cells);
    memcpy(cells + list->header.n, PARTS, sizeof PARTS);
    list->whole_name = k + 1;
    list->header.cell = cells;
    list->header.n += PART_COUNT;
    return true;
}

bool list_columns(struct list *list, const struct csv_column *columns, size_t n, const struct list_map *map, struct list_fault *fault)
{
    const char *wanted, *reason;

    list->columns = columns;
    list->n = n;
    list->whole_name = 0;
    list->header = list->titles;
    if (map != NULL)
        map_use(list, map);
    while (csv_map(columns, n, &list->header, &list->mapping, &wanted, &reason) != ERR_OK) {
        bool missing = strcmp(reason, "missing") == 0;
        if (!missing || !whole_name(list))
            return fault_of(fault, missing ? "column_missing" : "column_repeated", wanted, list->titles.line);
    }
    return true;
}

static void name_split(const struct list *list, struct arena *arena, struct csv_row *row)
{
    uint32_t own = list->header.n - PART_COUNT;
    const char **cells = ARENA_LIST(arena, const char *, list->header.n);

    for (uint32_t k = 0; k < list->header.n; k++)
        cells[k] = k < own && k < row->n ? row->cell[k] : "";
    const char *at = text_nfc(arena, cells[list->whole_name - 1]);
    for (size_t i = 0; i < PART_COUNT; i++) {
        size_t n = i + 1 < PART_COUNT ? strcspn(at, " ") : strlen(at);
        cells[own + i] = arena_string(arena, at, n);
        at += n + (at[n] == ' ');
    }
    row->n = list->header.n;
    row->cell = cells;
}

/* ── rows ─────────────────────────────────────────────────────────────────── */

bool list_row(struct list *list, struct arena *arena, struct csv_row *row)
{
    if (csv_row(&list->csv, arena, row) != 1)
        return false;
    if (list->whole_name != 0)
        name_split(list, arena, row);
    return true;
}

bool list_next(struct list *list, struct csv_row *row)
{
    arena_reset(&list->row_arena);
    return list_row(list, &list->row_arena, row);
}

void list_rewind(struct list *list)
{
    list->csv = list->first;
}

size_t list_at(const struct list *list, uint32_t *line)
{
    *line = list->csv.next_line;
    return list->csv.pos;
}

void list_seek(struct list *list, size_t at, uint32_t line)
{
    list->csv.pos = at;
    list->csv.next_line = line;
}

const char *list_cell(const struct list *list, const struct csv_row *row, size_t column)
{
    int32_t at = list->mapping.column[column];
    return at >= 0 && (uint32_t)at < row->n ? row->cell[at] : "";
}

void list_message(const struct list *list, const struct msg_desc *desc, const struct csv_row *row, struct buf *body)
{
    csv_message(desc, list->columns, list->n, &list->mapping, row, body);
}

bool list_repeats_titles(const struct list *list, const struct csv_row *row)
{
    for (uint32_t i = 0; i < row->n; i++)
        if (i >= list->titles.n ? row->cell[i][0] != '\0' : strcmp(row->cell[i], list->titles.cell[i]) != 0)
            return false;
    return row->n > 1;
}

const char *list_title(const struct list *list, const char *path)
{
    size_t i = list_column(list, path);
    if (i == list->n)
        return "";
    return list->mapping.column[i] >= 0 ? list->header.cell[list->mapping.column[i]] : list->columns[i].titles[0];
}

/* ── a map ────────────────────────────────────────────────────────────────── */

bool list_map_read(struct list_map *map, struct bytes content, struct arena *arena, struct list_fault *fault)
{
    struct csv_row row;
    struct list table;

    *map = (struct list_map){ 0 };
    bool good = list_begin(&table, content, 1 << 20, fault) && list_columns(&table, MAP_COLUMN, MAP_COLUMNS, NULL, fault);
    while (good && list_next(&table, &row)) {
        const char *title = list_cell(&table, &row, 0), *field = list_cell(&table, &row, 1);
        if (map->n == LIST_MAP_MAX) {
            good = fault_of(fault, "map_many", NULL, row.line);
            break;
        }
        map->at[map->n].title = arena_string(arena, title, strlen(title));
        map->at[map->n].field = arena_string(arena, field, strlen(field));
        unsigned long number = strtoul(list_cell(&table, &row, 2), NULL, 10);
        map->at[map->n].column = number <= CSV_COLUMNS_MAX ? (uint32_t)number : 0;
        map->at[map->n++].line = row.line;
    }
    if (good && table.csv.reason != NULL)
        good = csv_fault(&table, fault);
    list_end(&table);
    return good;
}

static void put_quoted(struct buf *text, const char *cell)
{
    buf_byte(text, '"');
    for (; *cell != '\0'; cell++) {
        if (*cell == '"')
            buf_byte(text, '"');
        buf_byte(text, (uint8_t)*cell);
    }
    buf_byte(text, '"');
}

void list_map_write(const struct list_map *map, struct buf *text)
{
    buf_text(text, "Столбец;Поле;Номер\n");
    for (uint32_t i = 0; i < map->n; i++) {
        put_quoted(text, map->at[i].title);
        buf_format(text, ";%s;", map->at[i].field);
        if (map->at[i].column != 0)
            buf_format(text, "%u", map->at[i].column);
        buf_text(text, "\n");
    }
}

void list_titles_name(const struct list *list, char name[LIST_TITLES_NAME + 1])
{
    struct arena arena = { 0 };
    struct hash_state state;
    char text[HASH_TEXT + 1];

    hash_start(&state, NULL);
    for (uint32_t k = 0; k < list->titles.n; k++) {
        const char *title = text_fold(&arena, list->titles.cell[k]);
        hash_more(&state, title, strlen(title) + 1);
    }
    struct hash hash = hash_end(&state);
    hash_format(&hash, text);
    memcpy(name, text, LIST_TITLES_NAME);
    name[LIST_TITLES_NAME] = '\0';
    arena_free(&arena);
}

uint32_t list_map_unknown(const struct list_map *map, const struct csv_column *columns, size_t n, const char **field)
{
    for (uint32_t i = 0; i < map->n; i++) {
        size_t k = 0;
        while (k < n && strcmp(columns[k].field, map->at[i].field) != 0)
            k++;
        *field = map->at[i].field;
        if (k == n && strcmp(map->at[i].field, "-") != 0)
            return map->at[i].line;
    }
    return 0;
}
