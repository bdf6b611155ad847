#include "cli/sheet.h"

#include <errno.h>
#include <jansson.h>

#include "cli/columns.h"
#include "cli/xlsx.h"
#include "common/core/err.h"

#define FILE_MAX ((size_t)256 * 1024 * 1024)

int file_read(const char *path, struct buf *out)
{
    char part[65536];
    size_t n;
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
    while (out->n <= FILE_MAX && (n = fread(part, 1, sizeof part, file)) > 0)
        buf_put(out, part, n);
    bool failed = ferror(file) != 0;
    int saved = errno;
    fclose(file);
    if (failed)
        return cli_say(CLI_FAILED, "%s: %s", path, strerror(saved));
    return out->n <= FILE_MAX ? CLI_OK : cli_say(CLI_FAILED, "%s: больше %zu МБ", path, FILE_MAX >> 20);
}

/* ── opening ──────────────────────────────────────────────────────────────── */
static int refuse_file(struct cli *cli, const struct sheet *sheet, const char *token, const char *what, uint32_t line)
{
    char number[16];

    snprintf(number, sizeof number, "%u", line);
    const struct catalogue_arg args[] = { { "line", number }, { "column", what != NULL ? what : "" } };
    return cli_say(CLI_FAILED, "%s: %s", sheet->path,
                   catalogue_fill(cli->catalogue, &cli->arena, arena_format(&cli->arena, "table.%s", token), args, 2));
}

static int header_read(struct cli *cli, struct sheet *sheet, bool mapped, const char *map)
{
    const char *fault, *reason;

    if (csv_row(&sheet->csv, &sheet->arena, &sheet->header) != 1)
        return refuse_file(cli, sheet, sheet->csv.reason != NULL ? sheet->csv.reason : "empty", NULL,
                           sheet->csv.reason_line);
    if (mapped)
        return columns_find(cli, sheet, map);
    if (csv_map(sheet->columns, sheet->n, &sheet->header, &sheet->mapping, &fault, &reason) == ERR_OK)
        return CLI_OK;
    return refuse_file(cli, sheet, strcmp(reason, "missing") == 0 ? "column_missing" : "column_repeated", fault, 1);
}

/* Every row is walked before anything is sent, so that a file broken in the middle does nothing at all. */
static int rows_walk(struct cli *cli, struct sheet *sheet)
{
    struct csv_row row;

    sheet->first = sheet->csv;
    for (; sheet_next(sheet, &row); sheet->rows++)
        sheet->last_line = row.line;
    if (sheet->csv.reason != NULL)
        return refuse_file(cli, sheet, sheet->csv.reason, NULL, sheet->csv.reason_line);
    sheet_rewind(sheet);
    return CLI_OK;
}

/* Its first sheet, in the place of the file. */
static int workbook_read(struct cli *cli, struct sheet *sheet)
{
    struct buf text = { 0 };
    const char *reason;

    if (xlsx_csv(buf_bytes(&sheet->file), &text, &reason) != ERR_OK) {
        buf_free(&text);
        return refuse_file(cli, sheet, reason, NULL, 0);
    }
    buf_free(&sheet->file);
    sheet->file = text;
    return CLI_OK;
}

static int open_any(struct cli *cli, struct sheet *sheet, const char *path, const struct csv_column *columns, size_t n,
                    bool mapped, const char *map)
{
    *sheet = (struct sheet){ .path = path, .columns = columns, .n = n };
    int code = file_read(path, &sheet->file);
    if (code != CLI_OK)
        return code;
    struct hash_state state;
    hash_start(&state, NULL);
    hash_more(&state, sheet->file.at, sheet->file.n);
    sheet->hash = hash_end(&state);
    if (xlsx_is(buf_bytes(&sheet->file)) && (code = workbook_read(cli, sheet)) != CLI_OK)
        return code;
    if (csv_open(&sheet->csv, buf_bytes(&sheet->file), &sheet->arena) != ERR_OK)
        return refuse_file(cli, sheet, sheet->csv.reason, NULL, sheet->csv.reason_line);
    if ((code = header_read(cli, sheet, mapped, map)) != CLI_OK)
        return code;
    return rows_walk(cli, sheet);
}

int sheet_open(struct cli *cli, struct sheet *sheet, const char *path, const struct csv_column *columns, size_t n)
{
    return open_any(cli, sheet, path, columns, n, false, NULL);
}

int sheet_open_mapped(struct cli *cli, struct sheet *sheet, const char *path, const struct csv_column *columns, size_t n,
                      const char *map)
{
    return open_any(cli, sheet, path, columns, n, true, map);
}

void sheet_rewind(struct sheet *sheet)
{
    sheet->csv = sheet->first;
}

size_t sheet_at(const struct sheet *sheet, uint32_t *line)
{
    *line = sheet->csv.next_line;
    return sheet->csv.pos;
}

void sheet_seek(struct sheet *sheet, size_t at, uint32_t line)
{
    sheet->csv.pos = at;
    sheet->csv.next_line = line;
}

bool sheet_next(struct sheet *sheet, struct csv_row *row)
{
    arena_reset(&sheet->row_arena);
    if (csv_row(&sheet->csv, &sheet->row_arena, row) != 1)
        return false;
    if (sheet->whole_name != 0)
        columns_split(sheet, &sheet->row_arena, row);
    return true;
}

const char *sheet_cell(const struct sheet *sheet, const struct csv_row *row, size_t column)
{
    int32_t at = sheet->mapping.column[column];
    return at >= 0 && (uint32_t)at < row->n ? row->cell[at] : "";
}

void sheet_close(struct sheet *sheet)
{
    buf_free(&sheet->file);
    arena_free(&sheet->arena);
    arena_free(&sheet->row_arena);
    *sheet = (struct sheet){ 0 };
}

/* ── what was refused ─────────────────────────────────────────────────────── */
/* The column that a field path means; n: none. */
static size_t column_of(const struct sheet *sheet, const struct problem *problem)
{
    size_t i = 0;
    const char *path = problem->fields.n > 0 ? problem->fields.at[0].path : "";

    while (i < sheet->n && strcmp(sheet->columns[i].field, path) != 0)
        i++;
    return i;
}

static const char *title_of(const struct sheet *sheet, size_t column)
{
    return sheet->mapping.column[column] >= 0 ? sheet->header.cell[sheet->mapping.column[column]] : sheet->columns[column].titles[0];
}

/* The token that says what is wrong: where only the form of the message is, the rule that was broken. */
static const char *reason_of(const struct problem *problem)
{
    return strcmp(problem->reason,
                  "message") == 0 && problem->fields.n > 0 ? problem->fields.at[0].rule : problem->reason;
}

static void say_json(const struct sheet *sheet, const struct refusal *refusal, const struct problem *problem,
                     size_t column)
{
    json_t *line = json_pack("{s:i, s:s, s:s}", "line", (int)refusal->line, "column",
                             column < sheet->n ? title_of(sheet, column) : "", "reason", reason_of(problem));
    if (line != NULL)
        json_dumpf(line, stdout, JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(line);
}

static void say_words(struct cli *cli, const struct sheet *sheet, const struct csv_row *row,
                      const struct refusal *refusal,
                      const struct problem *problem, size_t column)
{
    struct arena *arena = &cli->arena;
    const char *reason = reason_of(problem);
    bool by_rule = reason != problem->reason;
    struct catalogue_arg *args = ARENA_LIST(arena, struct catalogue_arg, problem->args.n + 1);
    uint32_t n = problem->args.n;

    for (uint32_t i = 0; i < n; i++)
        args[i] = (struct catalogue_arg){ problem->args.at[i].name, problem->args.at[i].value };
    const char *why = by_rule ? catalogue_rule(cli->catalogue, arena, reason, problem->fields.at[0].limit)
                              : catalogue_fill(cli->catalogue, arena, arena_format(arena, "reason.%s", reason), args, n);
    const char *todo = arena_format(arena, "do.%s", reason);
    printf("строка %u", refusal->line);
    if (column < sheet->n) {
        const char *cell = sheet_cell(sheet, row, column);
        printf(", столбец «%s»: ", title_of(sheet, column));
        if (cell[0] != '\0')
            printf("найдено «%s»; ", cell);
        else
            printf("пусто; ");
    } else {
        printf(": ");
    }
    printf("%s", why);
    if (catalogue_has(cli->catalogue, todo))
        printf("; %s", catalogue_text(cli->catalogue, todo));
    putchar('\n');
}

void sheet_say_refused(struct cli *cli, struct sheet *sheet, const struct pipe *pipe)
{
    struct arena arena = { 0 };
    struct csv_row row = { 0 };

    sheet_rewind(sheet);
    for (uint32_t i = 0; i < pipe->refused.n; i++) {
        const struct refusal *refusal = &pipe->refused.at[i];
        struct problem problem;
        struct msg_error error;
        while (row.line < refusal->line && sheet_next(sheet, &row))
            ;
        if (msg_decode(&problem_desc, refusal->problem, MSG_LENIENT, &arena, &problem, &error) != ERR_OK)
            continue;
        if (cli->json)
            say_json(sheet, refusal, &problem, column_of(sheet, &problem));
        else
            say_words(cli, sheet, &row, refusal, &problem, column_of(sheet, &problem));
        arena_reset(&arena);
    }
    arena_free(&arena);
    sheet_rewind(sheet);
}
