#include "cli/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/core/err.h"

/* ── a map ────────────────────────────────────────────────────────────────── */

static int map_refuse(struct cli *cli, const char *path, const struct list_fault *fault)
{
    char line[16];

    snprintf(line, sizeof line, "%u", fault->line);
    const struct catalogue_arg args[] = { { "line", line }, { "column", fault->column != NULL ? fault->column : "" } };
    return cli_say(CLI_FAILED, "%s: %s", path, catalogue_fill(cli->catalogue, &cli->arena,
                   arena_format(&cli->arena, "table.%s", fault->token), args, 2));
}

static int map_take(struct cli *cli, struct list_map *map, const char *path, const struct csv_column *columns, size_t n)
{
    struct list_fault fault;
    struct buf content = { 0 };
    int code = file_read(path, &content);

    if (code == CLI_OK && !list_map_read(map, buf_bytes(&content), &cli->arena, &fault))
        code = map_refuse(cli, path, &fault);
    buf_free(&content);
    fault = (struct list_fault){ .token = "map_field" };
    if (code == CLI_OK && (fault.line = list_map_unknown(map, columns, n, &fault.column)) != 0)
        code = map_refuse(cli, path, &fault);
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

static bool map_add(struct list_map *map, uint32_t column, const char *title, const char *field)
{
    if (map->n == LIST_MAP_MAX)
        return false;
    map->at[map->n].title = title;
    map->at[map->n].field = field;
    map->at[map->n++].column = column + 1;
    return true;
}

/* Where two columns have the title, the one that was not chosen stands for nothing. */
static bool column_chosen(struct list_map *map, const struct sheet *sheet, const struct csv_column *field, uint32_t k)
{
    struct list_fault fault;
    const struct list *list = &sheet->list;

    for (uint32_t other = 0; other < list->titles.n; other++) {
        const struct csv_row one = { .n = 1, .cell = &list->titles.cell[other] };
        struct csv_mapping mapping;
        if (other != k && csv_map(field, 1, &one, &mapping, &fault.token, &fault.column) == ERR_OK && mapping.column[0] == 0 &&
            !map_add(map, other, list->titles.cell[other], "-"))
            return false;
    }
    return map_add(map, k, list->titles.cell[k], field->field);
}

static bool column_ask(struct cli *cli, struct sheet *sheet, const struct csv_column *columns, size_t n, const char *wanted,
                       struct list_map *map)
{
    const struct csv_row *titles = &sheet->list.titles;
    char line[40];
    size_t i = 0;

    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return false;
    while (i < n && strcmp(columns[i].titles[0], wanted) != 0)
        i++;
    for (uint32_t k = 0; k < titles->n; k++)
        fprintf(stderr, "%3u  %s\n", k + 1, titles->cell[k]);
    fprintf(stderr, "Какой столбец — «%s»? Номер: ", wanted);
    if (i == n || fgets(line, sizeof line, stdin) == NULL)
        return false;
    unsigned long k = strtoul(line, NULL, 10);
    if (k == 0 || k > titles->n || !column_chosen(map, sheet, &columns[i], (uint32_t)k - 1))
        return false;
    kept_beside(cli, sheet, titles->cell[k - 1], columns[i].field);
    return true;
}

/* ── the whole ────────────────────────────────────────────────────────────── */

static int refuse_columns(struct cli *cli, const struct sheet *sheet, const struct list_fault *fault)
{
    const struct catalogue_arg args[] = { { "column", fault->column } };
    struct buf line = { 0 };

    for (uint32_t k = 0; k < sheet->list.titles.n; k++)
        buf_format(&line, "%s«%s»", k == 0 ? "" : ", ", sheet->list.titles.cell[k]);
    int code = cli_say(CLI_FAILED, "%s: %s; в файле есть %s. Какой столбец что значит, говорит таблица «Столбец;Поле» в %s.columns или --map",
                       sheet->path, catalogue_fill(cli->catalogue, &cli->arena, arena_format(&cli->arena, "table.%s", fault->token), args, 1),
                       buf_string(&line), sheet->path);
    buf_free(&line);
    return code;
}

int columns_find(struct cli *cli, struct sheet *sheet, const struct csv_column *columns, size_t n, const char *map)
{
    const char *beside = arena_format(&cli->arena, "%s.columns", sheet->path);
    struct list_map *known = ARENA_NEW(&cli->arena, struct list_map);
    struct list_fault fault;
    int code = CLI_OK;

    if (map != NULL || access(beside, R_OK) == 0)
        code = map_take(cli, known, map != NULL ? map : beside, columns, n);
    while (code == CLI_OK && !list_columns(&sheet->list, columns, n, known, &fault))
        if (!column_ask(cli, sheet, columns, n, fault.column, known))
            return refuse_columns(cli, sheet, &fault);
    return code;
}
