/* export: rows are kept as text and written once in the form that was asked for. */
#include "cli/show/export.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <xlsxwriter.h>

#include "cli/refer/names.h"
#include "cli/show/table.h"
#include "common/book/book.h"
#include "common/core/err.h"
#include "common/core/files.h"

_Static_assert(EXPORT_COLUMNS_MAX <= TABLE_COLUMNS_MAX, "a list is printed as a table");
_Static_assert(EXPORT_ROWS_MAX == LXW_ROW_MAX - 1, "the first row of a sheet holds the titles");

void export_start(struct export *out, struct cli *cli, const struct export_column *columns, uint32_t n)
{
    *out = (struct export){ .csv = out->csv, .xlsx = out->xlsx, .names = out->names, .purpose = out->purpose, .cli = cli,
                            .columns = columns, .column_count = n < EXPORT_COLUMNS_MAX ? n : EXPORT_COLUMNS_MAX };
}

void export_row(struct export *out, const char *const *cells)
{
    uint32_t n = out->column_count;
    struct arena *arena = &out->cli->arena;
    if (out->n == EXPORT_ROWS_MAX) {
        out->too_many = true;
        return;
    }
    if (out->n == out->room) {
        out->room = out->room > 0 ? out->room * 2 : 64;
        const char **more = ARENA_LIST(arena, const char *, (size_t)out->room * n);
        if (out->n > 0)
            memcpy(more, out->cell, sizeof *more * out->n * n);
        out->cell = more;
    }
    const char **row = &out->cell[(size_t)out->n++ * n];
    for (uint32_t i = 0; i < n; i++)
        row[i] = cells[i] == NULL || *cells[i] == '\0' ? "" : arena_string(arena, cells[i], strlen(cells[i]));
}

/* Leading spaces draw a tree on the terminal; elsewhere a level is a column of its own. */
static const char *unindented(const char *text)
{
    return text + strspn(text, " ");
}

static const char *cell_at(const struct export *out, uint32_t row, uint32_t column)
{
    return out->cell[(size_t)row * out->column_count + column];
}

/* As a person reads it. */
static const char *said(const struct export *out, uint32_t row, uint32_t column)
{
    const struct export_column *of = &out->columns[column];
    const char *cell = cell_at(out, row, column);
    day_t day;
    if (*cell == '\0')
        return cell;
    if (of->words != NULL)
        return cli_word(out->cli, arena_format(&out->cli->arena, "%s.%s", of->words, cell));
    if (of->kind == EXPORT_FLAG)
        return cli_word(out->cli, "export.yes");
    if (of->kind != EXPORT_DAY || !day_parse(&day, cell, strlen(cell)))
        return cell;
    return export_day_said(out->cli, day);
}

/* ── whose the identifiers are ────────────────────────────────────────────── */
#define NAME_COLUMNS 3
static const struct export_column NAMED_COLUMNS[NAME_COLUMNS] = {
    { "family",     "column.family",     EXPORT_TEXT, NULL, false },
    { "given",      "column.given_name", EXPORT_TEXT, NULL, false },
    { "patronymic", "column.patronymic", EXPORT_TEXT, NULL, false },
};

/* Nil where the cell is empty, or a code. */
static struct uuid person_at(const struct export *out, uint32_t row, uint32_t column)
{
    const char *cell = cell_at(out, row, column);
    struct uuid person;
    return strlen(cell) == UUID_TEXT && uuid_parse(&person, cell, UUID_TEXT) ? person : UUID_NIL;
}

/* The same rows with three columns before them. */
static void names_put(struct export *out, uint32_t column, const struct names_known *known)
{
    static const struct found_person nobody;
    struct arena *arena = &out->cli->arena;
    uint32_t n = out->column_count, wide = n + NAME_COLUMNS;
    struct export_column *columns = ARENA_LIST(arena, struct export_column, wide);
    const char **cells = ARENA_LIST(arena, const char *, (size_t)wide * (out->n + 1));
    for (uint32_t i = 0; i < out->n; i++) {
        struct uuid person = person_at(out, i, column);
        const struct found_person *who = names_find(known, &person);
        const char **row = &cells[(size_t)i * wide];
        who = who != NULL ? who : &nobody;
        const char *const name[NAME_COLUMNS] = { who->family, who->given, who->patronymic };
        for (uint32_t k = 0; k < NAME_COLUMNS; k++)
            row[k] = name[k] != NULL ? name[k] : "";
        memcpy(row + NAME_COLUMNS, &out->cell[(size_t)i * n], sizeof *row * n);
    }
    memcpy(columns, NAMED_COLUMNS, sizeof NAMED_COLUMNS);
    memcpy(columns + NAME_COLUMNS, out->columns, sizeof *columns * n);
    out->columns = columns;
    out->column_count = wide;
    out->cell = cells;
}

static int names_add(struct export *out)
{
    struct names_known known;
    uint32_t column = 0;
    if (!out->names && out->purpose == NULL)
        return CLI_OK;
    if (!out->names || out->purpose == NULL)
        return cli_say(CLI_USAGE, "--names and --purpose go together: names are personal data");
    while (column < out->column_count && out->columns[column].kind != EXPORT_PERSON)
        column++;
    if (column == out->column_count || out->column_count + NAME_COLUMNS > EXPORT_COLUMNS_MAX)
        return cli_say(CLI_USAGE, "--names: nobody is named in this list");
    struct uuid *persons = ARENA_LIST(&out->cli->arena, struct uuid, out->n + 1);
    for (uint32_t i = 0; i < out->n; i++)
        persons[i] = person_at(out, i, column);
    int code = names_fetch(out->cli, out->purpose, persons, out->n, &known);
    if (code == CLI_OK)
        names_put(out, column, &known);
    return code;
}

/* ── on the terminal ──────────────────────────────────────────────────────── */
static void table_write(const struct export *out)
{
    struct table_column columns[EXPORT_COLUMNS_MAX];
    uint32_t at[EXPORT_COLUMNS_MAX], n = 0;
    struct text_table table;
    for (uint32_t i = 0; i < out->column_count; i++) {
        const struct export_column *of = &out->columns[i];
        if (of->apart)
            continue;
        columns[n] = (struct table_column){ cli_word(out->cli, of->title), of->kind == EXPORT_NUMBER ? SIDE_RIGHT
                                                                        : of->kind == EXPORT_LONG ? SIDE_WRAP : SIDE_LEFT };
        at[n++] = i;
    }
    table_start(&table, &out->cli->arena, columns, n);
    for (uint32_t row = 0; row < out->n; row++) {
        const char *cells[EXPORT_COLUMNS_MAX];
        for (uint32_t i = 0; i < n; i++)
            cells[i] = said(out, row, at[i]);
        table_row(&table, cells);
    }
    table_print(&table, stdout, cli_width());
}

/* ── for programs ─────────────────────────────────────────────────────────── */
static json_t *member_of(const struct export_column *of, const char *cell)
{
    if (of->kind == EXPORT_NUMBER)
        return json_integer((json_int_t)strtoll(cell, NULL, 10));
    return of->kind == EXPORT_FLAG ? json_true() : json_string(cell);
}

static int lines_write(const struct export *out)
{
    for (uint32_t row = 0; row < out->n; row++) {
        json_t *object = json_object();
        for (uint32_t i = 0; i < out->column_count; i++)
            if (*cell_at(out, row, i) != '\0')
                json_object_set_new(object, out->columns[i].key, member_of(&out->columns[i], unindented(cell_at(out, row, i))));
        int bad = json_dumpf(object, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
        json_decref(object);
        if (bad != 0)
            return cli_say(CLI_FAILED, "a row that cannot be written as JSON");
        putchar('\n');
    }
    return CLI_OK;
}

/* ── files ────────────────────────────────────────────────────────────────── */
static void cell_put(struct buf *to, const char *text, bool plain, bool last)
{
    bool formula = !plain && *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
    bool quoted = formula || strpbrk(text, ";\"\r\n") != NULL;
    if (quoted)
        buf_byte(to, '"');
    if (formula)
        buf_byte(to, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buf_byte(to, '"');
        buf_byte(to, (uint8_t)*text);
    }
    if (quoted)
        buf_byte(to, '"');
    buf_text(to, last ? "\r\n" : ";");
}

static int csv_fill(const struct export *out, struct buf *to)
{
    buf_text(to, "\xEF\xBB\xBF");
    for (uint32_t i = 0; i < out->column_count; i++)
        cell_put(to, cli_word(out->cli, out->columns[i].title), false, i + 1 == out->column_count);
    for (uint32_t row = 0; row < out->n && to->n <= EXPORT_FILE_MAX; row++)
        for (uint32_t i = 0; i < out->column_count; i++)
            cell_put(to, unindented(said(out, row, i)), out->columns[i].kind == EXPORT_NUMBER, i + 1 == out->column_count);
    return to->n <= EXPORT_FILE_MAX ? ERR_OK : ERR_FULL;
}

struct looks { lxw_format *head, *text, *day; };

static void sheet_cell(lxw_worksheet *sheet, const struct export *out, const struct looks *looks, uint32_t row, uint32_t column)
{
    const char *cell = cell_at(out, row, column);
    enum export_kind kind = out->columns[column].kind;
    lxw_row_t at = row + 1;
    lxw_col_t to = (lxw_col_t)column;
    day_t day;
    int year, month, date;
    if (*cell == '\0')
        return;
    if (kind == EXPORT_NUMBER) {
        worksheet_write_number(sheet, at, to, strtod(cell, NULL), NULL);
    } else if (kind == EXPORT_DAY && day_parse(&day, cell, strlen(cell))) {
        day_split(day, &year, &month, &date);
        lxw_datetime when = { .year = year, .month = month, .day = date };
        worksheet_write_datetime(sheet, at, to, &when, looks->day);
    } else {
        const char *text = unindented(said(out, row, column));
        worksheet_write_string(sheet, at, to, text, strchr(text, '\n') != NULL ? looks->text : NULL);
    }
}

static double width_of(enum export_kind kind)
{
    return kind == EXPORT_LONG ? 60 : kind == EXPORT_TEXT ? 24 : 12;
}

static int sheet_fill(lxw_workbook *book, void *arg)
{
    const struct export *out = arg;
    struct looks looks = { workbook_add_format(book), workbook_add_format(book), workbook_add_format(book) };
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    if (sheet == NULL || looks.head == NULL || looks.text == NULL || looks.day == NULL)
        return ERR_NOMEM;
    format_set_bold(looks.head);
    format_set_text_wrap(looks.head);
    format_set_text_wrap(looks.text);
    format_set_num_format(looks.day, "dd.mm.yyyy");
    for (uint32_t i = 0; i < out->column_count; i++) {
        worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i, width_of(out->columns[i].kind), NULL);
        worksheet_write_string(sheet, 0, (lxw_col_t)i, cli_word(out->cli, out->columns[i].title), looks.head);
    }
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_autofilter(sheet, 0, 0, out->n, (lxw_col_t)(out->column_count - 1));
    for (uint32_t row = 0; row < out->n; row++)
        for (uint32_t i = 0; i < out->column_count; i++)
            sheet_cell(sheet, out, &looks, row, i);
    return ERR_OK;
}

static int file_save(const struct export *out, const char *path, int err, struct buf *bytes)
{
    const char *slash = strrchr(path, '/');
    const char *dir = slash == NULL ? "." : slash == path ? "/" : arena_string(&out->cli->arena, path, (size_t)(slash - path));
    if (err == ERR_OK)
        err = file_put_over(dir, slash == NULL ? path : slash + 1, buf_bytes(bytes));
    buf_free(bytes);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s: %s", path, err_text(err));
    const struct catalogue_arg args[] = { { "file", path }, { "rows", export_number(out->cli, out->n) } };
    fprintf(stderr, "%s\n", cli_words(out->cli, "export.written", args, 2));
    return CLI_OK;
}

static int book_save(const struct export *out, struct buf *bytes)
{
    int err = book_write_long(sheet_fill, (void *)(uintptr_t)out, bytes);
    if (err != ERR_NOTFOUND)
        return file_save(out, out->xlsx, err, bytes);
    return cli_say(CLI_FAILED, "%s: a workbook is put together in memory, and " BOOK_MEMORY " cannot be written: use --csv", out->xlsx);
}

int export_end(struct export *out)
{
    struct buf bytes = { 0 };
    if (out->too_many)
        return cli_say(CLI_FAILED, "more than %u rows: ask for a part of the list", EXPORT_ROWS_MAX);
    int code = names_add(out);
    if (code != CLI_OK)
        return code;
    if (out->csv != NULL)
        code = file_save(out, out->csv, csv_fill(out, &bytes), &bytes);
    if (code == CLI_OK && out->xlsx != NULL)
        code = book_save(out, &bytes);
    if (out->csv != NULL || out->xlsx != NULL)
        return code;
    if (out->cli->json)
        return lines_write(out);
    table_write(out);
    return CLI_OK;
}

/* ── one thing ────────────────────────────────────────────────────────────── */
void export_line(struct cli *cli, const char *token, const char *value)
{
    if (value != NULL && value[0] != '\0')
        printf("%s: %s\n", cli_word(cli, token), value);
}

const char *export_day_said(struct cli *cli, day_t day)
{
    char text[DAY_TEXT + 1] = "";
    if (day != 0)
        day_format_ru(day, text);
    return arena_string(&cli->arena, text, strlen(text));
}

/* ── cells ────────────────────────────────────────────────────────────────── */
const char *export_day(struct cli *cli, day_t day)
{
    char text[DAY_TEXT + 1] = "";
    if (day != 0)
        day_format(day, text);
    return arena_string(&cli->arena, text, strlen(text));
}

const char *export_number(struct cli *cli, uint64_t number)
{
    return arena_format(&cli->arena, "%" PRIu64, number);
}

const char *export_id(struct cli *cli, const struct uuid *id)
{
    char text[UUID_TEXT + 1] = "";
    if (!uuid_is_nil(id))
        uuid_format(id, text);
    return arena_string(&cli->arena, text, strlen(text));
}

const char *export_hundredths(struct cli *cli, uint64_t hundredths)
{
    return arena_format(&cli->arena, "%llu,%02llu", (unsigned long long)(hundredths / 100), (unsigned long long)(hundredths % 100));
}
