#include "cli/lists/sheet.h"

#include <errno.h>
#include <jansson.h>

#include "cli/lists/columns.h"
#include "common/core/err.h"
#include "common/core/files.h"
#include "services/shared/lists/oneroster.h"

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
static int refuse_file(struct cli *cli, const struct sheet *sheet, const struct list_fault *fault)
{
    char number[16];

    snprintf(number, sizeof number, "%u", fault->line);
    const struct catalogue_arg args[] = { { "line", number }, { "column", fault->column != NULL ? fault->column : "" } };
    return cli_say(CLI_FAILED, "%s: %s", sheet->path, catalogue_fill(cli->catalogue, &cli->arena,
                   arena_format(&cli->arena, "table.%s", fault->token), args, 2));
}

static void hash_of_file(struct sheet *sheet)
{
    struct hash_state state;
    hash_start(&state, NULL);
    hash_more(&state, sheet->file.at, sheet->file.n);
    sheet->hash = hash_end(&state);
}

static int open_any(struct cli *cli, struct sheet *sheet, const char *path, const struct csv_column *columns, size_t n,
                    bool mapped, const char *map)
{
    struct list_fault fault;

    *sheet = (struct sheet){ .path = path };
    int code = file_read(path, &sheet->file);
    if (code != CLI_OK)
        return code;
    hash_of_file(sheet);
    if (!list_begin(&sheet->list, buf_bytes(&sheet->file), FILE_MAX, &fault))
        return refuse_file(cli, sheet, &fault);
    if (sheet->list.text.n > 0)
        buf_free(&sheet->file);             /* the list holds what it unfolded to */
    if (mapped && (code = columns_find(cli, sheet, columns, n, map)) != CLI_OK)
        return code;
    if ((!mapped && !list_columns(&sheet->list, columns, n, NULL, &fault)) || !list_walk(&sheet->list, &fault))
        return refuse_file(cli, sheet, &fault);
    return CLI_OK;
}

/* A file that cannot be read is said by who opens it. */
bool sheet_is_bundle(const char *path)
{
    struct buf file = { 0 };
    bool is = file_get(path, FILE_MAX, &file) == ERR_OK && oneroster_is(buf_bytes(&file));
    buf_free(&file);
    return is;
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

bool sheet_next(struct sheet *sheet, struct csv_row *row)
{
    return list_next(&sheet->list, row);
}

const char *sheet_cell(const struct sheet *sheet, const struct csv_row *row, size_t column)
{
    return list_cell(&sheet->list, row, column);
}

void sheet_close(struct sheet *sheet)
{
    buf_free(&sheet->file);
    list_end(&sheet->list);
    *sheet = (struct sheet){ 0 };
}

/* ── what was refused ─────────────────────────────────────────────────────── */
/* The column that a field path means; list.n: none. */
static size_t column_of(const struct sheet *sheet, const struct problem *problem)
{
    return problem->fields.n > 0 ? list_column(&sheet->list, problem->fields.at[0].path) : sheet->list.n;
}

static const char *title_of(const struct sheet *sheet, size_t column)
{
    return column < sheet->list.n ? list_title(&sheet->list, sheet->list.columns[column].field) : "";
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
                             title_of(sheet, column), "reason", reason_of(problem));
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
    if (column < sheet->list.n) {
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

void sheet_refuse(const struct sheet *sheet, struct pipe *pipe, const struct csv_row *row, const struct msg_error *error)
{
    if (list_repeats_titles(&sheet->list, row))
        pipe_refuse(pipe, row->line, PROBLEM_INVALID, "header_again", NULL, NULL, 0);
    else
        pipe_refuse(pipe, row->line, PROBLEM_INVALID, "message", error->path, error->rule, error->limit);
}

void sheet_say_refused(struct cli *cli, struct sheet *sheet, const struct pipe *pipe)
{
    struct arena arena = { 0 };
    struct csv_row row = { 0 };

    list_rewind(&sheet->list);
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
    list_rewind(&sheet->list);
}
