#include "cli/lists/columns.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/files.h"

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

static bool column_ask(const struct sheet *sheet, const struct csv_column *columns, size_t n, const char *wanted,
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
    return true;
}

/* ── refused ──────────────────────────────────────────────────────────────── */

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

/* ── kept ─────────────────────────────────────────────────────────────────── */

static const char *folder_of(struct cli *cli, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? "." : arena_string(&cli->arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static const char *kept_folder(struct cli *cli)
{
    return arena_format(&cli->arena, "%s/columns", folder_of(cli, cli_config_file(cli)));
}

static const char *kept_name(struct cli *cli, const struct sheet *sheet)
{
    char name[LIST_TITLES_NAME + 1];

    list_titles_name(&sheet->list, name);
    return arena_format(&cli->arena, "%s.columns", name);
}

/* For lists of these titles. Where it cannot be written, the answers beside the list are all there is. */
static void keep(struct cli *cli, const struct sheet *sheet, struct bytes text)
{
    const char *folder = kept_folder(cli);

    if (dir_make(folder, 0750) == ERR_OK)
        file_put_over(folder, kept_name(cli, sheet), text);
}

static void keep_answers(struct cli *cli, const struct sheet *sheet, const struct list_map *map)
{
    const char *slash = strrchr(sheet->path, '/'), *name = slash != NULL ? slash + 1 : sheet->path;
    struct buf text = { 0 };

    list_map_write(map, &text);
    int err = file_put_over(folder_of(cli, sheet->path), arena_format(&cli->arena, "%s.columns", name), buf_bytes(&text));
    if (err != ERR_OK)
        cli_say(CLI_OK, "%s.columns: %s; ответ не сохранён рядом со списком", sheet->path, err_text(err));
    keep(cli, sheet, buf_bytes(&text));
    buf_free(&text);
}

/* What was answered about a list of these titles before. */
static bool kept_before(struct cli *cli, struct sheet *sheet, const struct csv_column *columns, size_t n, struct list_map *map)
{
    const char *path = arena_format(&cli->arena, "%s/%s", kept_folder(cli), kept_name(cli, sheet));
    struct list_fault fault;

    if (access(path, R_OK) != 0 || map_take(cli, map, path, columns, n) != CLI_OK || !list_columns(&sheet->list, columns, n, map, &fault))
        return false;
    fprintf(stderr, "столбцы поняты так, как было отвечено о списке с теми же заголовками: %s\n", path);
    return true;
}

/* ── the whole ────────────────────────────────────────────────────────────── */

static int told_columns(struct cli *cli, struct sheet *sheet, const struct csv_column *columns, size_t n, struct list_map *known)
{
    struct list_fault fault;
    bool asked = false;

    for (; !list_columns(&sheet->list, columns, n, known, &fault); asked = true)
        if (!column_ask(sheet, columns, n, fault.column, known))
            return refuse_columns(cli, sheet, &fault);
    if (asked)
        keep_answers(cli, sheet, known);
    return CLI_OK;
}

int columns_find(struct cli *cli, struct sheet *sheet, const struct csv_column *columns, size_t n, const char *map)
{
    const char *beside = arena_format(&cli->arena, "%s.columns", sheet->path);
    struct list_map *known = ARENA_NEW(&cli->arena, struct list_map);
    struct list_fault fault;

    if (map == NULL && access(beside, R_OK) != 0) {
        if (list_columns(&sheet->list, columns, n, NULL, &fault) || kept_before(cli, sheet, columns, n, known))
            return CLI_OK;
        *known = (struct list_map){ 0 };
        return told_columns(cli, sheet, columns, n, known);
    }
    int code = map_take(cli, known, map != NULL ? map : beside, columns, n);
    if (code == CLI_OK)
        code = told_columns(cli, sheet, columns, n, known);
    if (code == CLI_OK && map == NULL) {
        struct buf text = { 0 };
        list_map_write(known, &text);
        keep(cli, sheet, buf_bytes(&text));
        buf_free(&text);
    }
    return code;
}
