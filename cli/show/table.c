/* table: measures every column, gives the wrapping one what is left, prints. */
#include "cli/show/table.h"

#include <assert.h>
#include <stdlib.h>
#include "common/core/text.h"

#define GAP 2           /* columns between columns */

void table_start(struct text_table *table, struct arena *arena, const struct table_column *columns, uint32_t n)
{
    assert(n > 0 && n <= TABLE_COLUMNS_MAX);
    *table = (struct text_table){ .arena = arena, .columns = columns, .column_count = n };
}

static const char **row_new(struct text_table *table)
{
    uint32_t n = table->column_count;
    if (table->row_count == table->room) {
        uint32_t room = table->room > 0 ? table->room * 2 : 32;
        const char **more = ARENA_LIST(table->arena, const char *, (size_t)room * n);
        if (table->row_count > 0)
            memcpy(more, table->cell, sizeof *more * table->row_count * n);
        table->cell = more;
        table->room = room;
    }
    return &table->cell[(size_t)table->row_count++ * n];
}

void table_row(struct text_table *table, const char *const *cells)
{
    const char **row = row_new(table);
    for (uint32_t i = 0; i < table->column_count; i++)
        row[i] = cells[i] != NULL ? arena_string(table->arena, cells[i], strlen(cells[i])) : "";
}

void table_rule(struct text_table *table)
{
    row_new(table)[0] = NULL;
}

/* A cell may hold several lines of its own. */
static size_t cell_width(const char *text)
{
    size_t most = 0;
    for (;;) {
        size_t n = strcspn(text, "\n");
        char *line = strndup(text, n);
        size_t w = line != NULL ? text_width(line) : 0;
        free(line);
        if (w > most)
            most = w;
        if (text[n] == '\0')
            return most;
        text += n + 1;
    }
}

/* Widths of all columns. The wrapping one shrinks when the whole is wider than the terminal. */
static size_t measure(const struct text_table *table, unsigned width, size_t wide[TABLE_COLUMNS_MAX])
{
    size_t whole = 0;
    for (uint32_t c = 0; c < table->column_count; c++) {
        wide[c] = text_width(table->columns[c].title);
        for (uint32_t r = 0; r < table->row_count; r++) {
            const char *const *row = &table->cell[(size_t)r * table->column_count];
            size_t w = row[0] != NULL ? cell_width(row[c]) : 0;
            if (w > wide[c])
                wide[c] = w;
        }
        whole += wide[c] + (c > 0 ? GAP : 0);
    }
    for (uint32_t c = 0; c < table->column_count && width > 0 && whole > width; c++) {
        if (table->columns[c].side != SIDE_WRAP)
            continue;
        size_t over = whole - width, was = wide[c];
        wide[c] = was > over + TABLE_WRAP_MIN ? was - over : was < TABLE_WRAP_MIN ? was : TABLE_WRAP_MIN;
        whole -= was - wide[c];
        break;
    }
    return whole;
}

/* Bytes of `text` that go on one line of so many columns: up to the last space that fits, or, where a
 * single word is longer, as much of it as fits. */
static size_t line_bytes(const char *text, size_t columns)
{
    size_t fit = text_clip(text, columns), line = strcspn(text, "\n");
    if (line <= fit)
        return line;
    if (text[fit] == '\0' || text[fit] == ' ')
        return fit;
    for (size_t n = fit; n > 0; n--)
        if (text[n - 1] == ' ')
            return n - 1;
    if (fit == 0)                               /* a character wider than the column: one of them anyway */
        for (fit = 1; ((unsigned char)text[fit] & 0xC0) == 0x80; fit++)
            ;
    return fit;
}

static void print_cell(FILE *out, const char *text, size_t bytes, size_t wide, enum table_side side, bool last)
{
    char *part = strndup(text, bytes);
    size_t w = part != NULL ? text_width(part) : 0, pad = wide > w ? wide - w : 0;
    if (side == SIDE_RIGHT)
        fprintf(out, "%*s", (int)pad, "");
    fprintf(out, "%s", part != NULL ? part : "");
    if (side != SIDE_RIGHT && !last)
        fprintf(out, "%*s", (int)pad, "");
    free(part);
}

static void print_row(const struct text_table *table, const char *const *row, const size_t wide[], FILE *out)
{
    const char *rest[TABLE_COLUMNS_MAX];
    memcpy(rest, row, sizeof *rest * table->column_count);
    for (bool more = true; more; ) {
        more = false;
        uint32_t last = 0;                      /* nothing is written after the last cell with text */
        for (uint32_t c = 0; c < table->column_count; c++)
            if (*rest[c] != '\0')
                last = c;
        for (uint32_t c = 0; c <= last; c++) {
            enum table_side side = table->columns[c].side;
            size_t n = side == SIDE_WRAP ? line_bytes(rest[c], wide[c]) : strcspn(rest[c], "\n");
            if (c > 0)
                fprintf(out, "%*s", GAP, "");
            print_cell(out, rest[c], n, wide[c], side, c == last);
            rest[c] += n;
            rest[c] += *rest[c] == '\n' ? 1 : strspn(rest[c], " ");
            more = more || *rest[c] != '\0';
        }
        fputc('\n', out);
    }
}

static void print_rule(FILE *out, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        fputs("─", out);
    fputc('\n', out);
}

void table_print(const struct text_table *table, FILE *out, unsigned width)
{
    size_t wide[TABLE_COLUMNS_MAX];
    size_t whole = measure(table, width, wide);
    const char *titles[TABLE_COLUMNS_MAX];
    bool titled = false;
    for (uint32_t c = 0; c < table->column_count; c++) {
        titles[c] = table->columns[c].title;
        titled = titled || *titles[c] != '\0';
    }
    if (titled) {
        print_row(table, titles, wide, out);
        print_rule(out, whole);
    }
    for (uint32_t r = 0; r < table->row_count; r++) {
        const char *const *row = &table->cell[(size_t)r * table->column_count];
        if (row[0] == NULL)
            print_rule(out, whole);
        else
            print_row(table, row, wide, out);
    }
}
