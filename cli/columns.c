#include "cli/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/text.h"

static const char *const MAP_TITLE[] = { "Столбец", "column", NULL };
static const char *const MAP_FIELD[] = { "Поле", "field", NULL };
static const struct csv_column MAP_COLUMN[] = { { "column", MAP_TITLE, true }, { "field", MAP_FIELD, true } };
static const char *const WHOLE_NAME[] = { "ФИО", "Ф.И.О.", "Ф. И. О.", "Ф.И.О", "Фамилия Имя Отчество", "Фамилия, имя, отчество",
                                          "ФИО работника", "ФИО педагога", "ФИО сотрудника" };
static const char *const PARTS[] = { "Фамилия", "Имя", "Отчество" };
#define PART_COUNT (sizeof PARTS / sizeof *PARTS)

/* ── a map ────────────────────────────────────────────────────────────────── */

static size_t field_find(const struct sheet *sheet, const char *field)
{
    size_t i = 0;
    while (i < sheet->n && strcmp(sheet->columns[i].field, field) != 0)
        i++;
    return i;
}

static uint32_t title_find(struct sheet *sheet, const char *title)
{
    const char *folded = text_fold(&sheet->arena, title);
    uint32_t k = 0;

    while (k < sheet->header.n && strcmp(text_fold(&sheet->arena, sheet->header.cell[k]), folded) != 0)
        k++;
    return k;
}

/* The column then has the title by which the field is known, or none. */
static void column_name(struct sheet *sheet, uint32_t k, const char *title)
{
    const char **cells = arena_copy(&sheet->arena, sheet->header.cell, sheet->header.n * sizeof *cells);
    cells[k] = title;
    sheet->header.cell = cells;
}

static int map_row(struct sheet *sheet, const char *map, uint32_t line, const char *title, const char *field)
{
    size_t i = field_find(sheet, field);
    uint32_t k = title_find(sheet, title);

    if (i == sheet->n && strcmp(field, "-") != 0)
        return cli_say(CLI_FAILED, "%s, строка %u: нет такого поля: «%s»", map, line, field);
    if (k < sheet->header.n)
        column_name(sheet, k, i < sheet->n ? sheet->columns[i].titles[0] : "");
    return CLI_OK;
}

static int map_take(struct cli *cli, struct sheet *sheet, const char *map)
{
    struct sheet table;
    struct csv_row row;
    int code = sheet_open(cli, &table, map, MAP_COLUMN, sizeof MAP_COLUMN / sizeof *MAP_COLUMN);

    while (code == CLI_OK && sheet_next(&table, &row))
        code = map_row(sheet, map, row.line, sheet_cell(&table, &row, 0), sheet_cell(&table, &row, 1));
    sheet_close(&table);
    return code;
}

/* ── asked ────────────────────────────────────────────────────────────────── */

static void kept_beside(struct cli *cli, const struct sheet *sheet, const char *title, const char *field)
{
    const char *path = arena_format(&cli->arena, "%s.columns", sheet->path);
    bool fresh = access(path, F_OK) != 0;
    FILE *file = fopen(path, "a");

    if (file == NULL) {
        cli_say(CLI_OK, "%s: %s; ответ не сохранён", path, strerror(errno));
        return;
    }
    fprintf(file, "%s\"%s\";%s\n", fresh ? "Столбец;Поле\n" : "", title, field);
    fclose(file);
}

static bool column_ask(struct cli *cli, struct sheet *sheet, const char *wanted)
{
    char line[40];
    size_t i = 0;

    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return false;
    while (i < sheet->n && strcmp(sheet->columns[i].titles[0], wanted) != 0)
        i++;
    for (uint32_t k = 0; k < sheet->header.n; k++)
        fprintf(stderr, "%3u  %s\n", k + 1, sheet->header.cell[k]);
    fprintf(stderr, "Какой столбец — «%s»? Номер: ", wanted);
    if (i == sheet->n || fgets(line, sizeof line, stdin) == NULL)
        return false;
    unsigned long k = strtoul(line, NULL, 10);
    if (k == 0 || k > sheet->header.n)
        return false;
    kept_beside(cli, sheet, sheet->header.cell[k - 1], sheet->columns[i].field);
    for (uint32_t other = 0; other < sheet->header.n; other++)       /* asked since two had the title: the other has none */
        if (other != k - 1 && title_find(sheet, sheet->columns[i].titles[0]) == other)
            column_name(sheet, other, "");
    column_name(sheet, (uint32_t)k - 1, sheet->columns[i].titles[0]);
    return true;
}

/* ── one column for all of the name ───────────────────────────────────────── */

static bool whole_name(struct sheet *sheet)
{
    uint32_t k = sheet->header.n;

    if (sheet->whole_name != 0 || sheet->header.n + PART_COUNT > CSV_COLUMNS_MAX || title_find(sheet, PARTS[0]) < k)
        return false;
    for (size_t i = 0; i < sizeof WHOLE_NAME / sizeof *WHOLE_NAME && k == sheet->header.n; i++)
        k = title_find(sheet, WHOLE_NAME[i]);
    if (k == sheet->header.n)
        return false;
    const char **cells = ARENA_LIST(&sheet->arena, const char *, sheet->header.n + PART_COUNT);
    memcpy(cells, sheet->header.cell, sheet->header.n * sizeof *cells);
    memcpy(cells + sheet->header.n, PARTS, sizeof PARTS);
    sheet->whole_name = k + 1;
    sheet->header.cell = cells;
    sheet->header.n += PART_COUNT;
    return true;
}

void columns_split(const struct sheet *sheet, struct arena *arena, struct csv_row *row)
{
    uint32_t own = sheet->header.n - PART_COUNT;
    const char **cells = ARENA_LIST(arena, const char *, sheet->header.n);

    for (uint32_t k = 0; k < sheet->header.n; k++)
        cells[k] = k < own && k < row->n ? row->cell[k] : "";
    const char *at = text_nfc(arena, cells[sheet->whole_name - 1]);
    for (size_t i = 0; i < PART_COUNT; i++) {
        size_t n = i + 1 < PART_COUNT ? strcspn(at, " ") : strlen(at);
        cells[own + i] = arena_string(arena, at, n);
        at += n + (at[n] == ' ');
    }
    row->n = sheet->header.n;
    row->cell = cells;
}

/* ── the whole ────────────────────────────────────────────────────────────── */

static int refuse_columns(struct cli *cli, const struct sheet *sheet, const char *wanted, const char *reason)
{
    const struct catalogue_arg args[] = { { "column", wanted } };
    struct buf line = { 0 };

    for (uint32_t k = 0; k < sheet->header.n - (sheet->whole_name != 0 ? PART_COUNT : 0); k++)
        buf_format(&line, "%s«%s»", k == 0 ? "" : ", ", sheet->header.cell[k]);
    int code = cli_say(CLI_FAILED, "%s: %s; в файле есть %s. Какой столбец что значит, говорит таблица «Столбец;Поле» в %s.columns или --map",
                       sheet->path, catalogue_fill(cli->catalogue, &cli->arena, strcmp(reason, "missing") == 0 ?
                       "table.column_missing" : "table.column_repeated", args, 1), buf_string(&line), sheet->path);
    buf_free(&line);
    return code;
}

int columns_find(struct cli *cli, struct sheet *sheet, const char *map)
{
    const char *beside = arena_format(&cli->arena, "%s.columns", sheet->path), *wanted, *reason;
    int code = CLI_OK;

    if (map != NULL || access(beside, R_OK) == 0)
        code = map_take(cli, sheet, map != NULL ? map : beside);
    while (code == CLI_OK && csv_map(sheet->columns, sheet->n, &sheet->header, &sheet->mapping, &wanted, &reason) != ERR_OK)
        if (!(strcmp(reason, "missing") == 0 && whole_name(sheet)) && !column_ask(cli, sheet, wanted))
            return refuse_columns(cli, sheet, wanted, reason);
    return code;
}
