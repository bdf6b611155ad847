#include "services/federal/sheet.h"

#include <xlsxwriter.h>

#include "common/book/book.h"
#include "common/core/err.h"
#include "services/federal/words.h"

#define COLUMNS_MAX 32
#define HEAD_ROWS   4                       /* above the table */

static const char *const SHORT[PASSPORT_BLOCKS + 1] = {
    NULL, "1 Кадры", "2 Программы", "3 Инфраструктура", "4 Финансы", "5 Вовлечение", "6 Ресурсы", "7 Результативность", "8 Корреляция",
};

struct looks { lxw_format *title, *head, *wrap, *gap; };
struct sheet {
    lxw_worksheet *to;
    unsigned words;                         /* their edition */
    const struct looks *looks;
    struct arena *arena;
    const char *column[COLUMNS_MAX];
    uint32_t columns;
};

/* The columns that the block has, in the order of their first cell; COLUMNS_MAX: there is no room for one more. */
static uint32_t column_of(struct sheet *sheet, const struct cell *cell)
{
    uint32_t i = 0;
    while (i < sheet->columns && strcmp(sheet->column[i], cell->column) != 0)
        i++;
    if (i == sheet->columns && i < COLUMNS_MAX)
        sheet->column[sheet->columns++] = cell->column;
    return i;
}

static void collect_columns(struct sheet *sheet, const struct cell *cells, uint32_t n)
{
    for (uint64_t place = 0; place <= 100; place++)         /* of what a service fills; typed ones follow in their order */
        for (uint32_t i = 0; i < n; i++)
            if (cells[i].place == place)
                column_of(sheet, &cells[i]);
}

static void put_head(struct sheet *sheet, const struct package_facts *facts, uint64_t block)
{
    const struct passport *passport = facts->passport;
    const char *line = arena_format(sheet->arena, "%s, %llu год, версия %llu; пакет %s", passport->region,
                                    (unsigned long long)passport->year, (unsigned long long)passport->version, facts->name);
    worksheet_write_string(sheet->to, 0, 0, passport->title, sheet->looks->title);
    worksheet_write_string(sheet->to, 1, 0, words_block(facts->words, block), sheet->looks->title);
    worksheet_write_string(sheet->to, 2, 0, line, NULL);
    worksheet_write_string(sheet->to, HEAD_ROWS, 0, "Код", sheet->looks->head);
    worksheet_write_string(sheet->to, HEAD_ROWS, 1, "Наименование", sheet->looks->head);
    for (uint32_t i = 0; i < sheet->columns; i++)
        worksheet_write_string(sheet->to, HEAD_ROWS, (lxw_col_t)(2 + i), words_column(facts->words, block, sheet->column[i]), sheet->looks->head);
    worksheet_write_string(sheet->to, HEAD_ROWS, (lxw_col_t)(2 + sheet->columns), "Единица", sheet->looks->head);
    worksheet_write_string(sheet->to, HEAD_ROWS, (lxw_col_t)(3 + sheet->columns), "Источник", sheet->looks->head);
    worksheet_set_column(sheet->to, 0, 0, 14, NULL);
    worksheet_set_column(sheet->to, 1, 1, 60, NULL);
    worksheet_set_column(sheet->to, 2, (lxw_col_t)(2 + sheet->columns), 20, NULL);
    worksheet_set_column(sheet->to, (lxw_col_t)(3 + sheet->columns), (lxw_col_t)(3 + sheet->columns), 50, NULL);
    worksheet_freeze_panes(sheet->to, HEAD_ROWS + 1, 2);
    worksheet_set_landscape(sheet->to);
}

static void put_value(struct sheet *sheet, lxw_row_t row, lxw_col_t column, const struct cell *cell)
{
    const char *text = cell->text != NULL ? cell->text : "";
    if (cell->kind == CELL_GAP)
        worksheet_write_string(sheet->to, row, column, words_gap(sheet->words, cell, sheet->arena), sheet->looks->gap);
    else if (cell->counted && cell->of > 0)
        worksheet_write_string(sheet->to, row, column, arena_format(sheet->arena, "%s (%llu из %llu)", text,
                               (unsigned long long)cell->number, (unsigned long long)cell->of), sheet->looks->wrap);
    else
        worksheet_write_string(sheet->to, row, column, text, sheet->looks->wrap);
}

/* A row's source is that of its first cell with a value. A cell whose column has no room gets a row of its own. */
static void put_rows(struct sheet *sheet, const struct cell *cells, uint32_t n)
{
    lxw_row_t row = HEAD_ROWS;
    bool told = false, apart = false;
    for (uint32_t i = 0; i < n; i++) {
        const struct cell *cell = &cells[i];
        const char *title = cell->title != NULL ? cell->title : "";
        uint32_t column = column_of(sheet, cell);
        if (i == 0 || apart || column == COLUMNS_MAX || strcmp(cells[i - 1].row, cell->row) != 0) {
            row++;
            told = false;
            apart = column == COLUMNS_MAX;
            worksheet_write_string(sheet->to, row, 0, cell->row, sheet->looks->wrap);
            worksheet_write_string(sheet->to, row, 1, apart ? arena_format(sheet->arena, "%s, графа «%s»", title, cell->column) : title,
                                   sheet->looks->wrap);
        }
        put_value(sheet, row, (lxw_col_t)(2 + (apart ? 0 : column)), cell);
        if (!told && cell->unit != NULL && cell->unit[0] != '\0')
            worksheet_write_string(sheet->to, row, (lxw_col_t)(2 + sheet->columns), cell->unit, sheet->looks->wrap);
        if (!told && cell->kind != CELL_GAP) {
            worksheet_write_string(sheet->to, row, (lxw_col_t)(3 + sheet->columns), words_origin(sheet->words, cell, sheet->arena), sheet->looks->wrap);
            told = true;
        }
    }
}

static struct looks looks_of(lxw_workbook *book)
{
    struct looks looks = { workbook_add_format(book), workbook_add_format(book), workbook_add_format(book), workbook_add_format(book) };
    format_set_bold(looks.title);
    format_set_bold(looks.head);
    format_set_text_wrap(looks.head);
    format_set_border(looks.head, LXW_BORDER_THIN);
    format_set_text_wrap(looks.wrap);
    format_set_align(looks.wrap, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(looks.gap);
    format_set_italic(looks.gap);
    format_set_align(looks.gap, LXW_ALIGN_VERTICAL_TOP);
    return looks;
}

static int fill_sheets(lxw_workbook *book, const struct package_facts *facts, const struct cell *cells, uint32_t n, struct arena *arena)
{
    lxw_doc_properties properties = { .title = (char *)facts->passport->title, .author = "rsnms",
                                      .created = (time_t)(facts->passport->sent_at / MOMENT_SECOND) };
    struct looks looks = looks_of(book);
    workbook_set_properties(book, &properties);
    for (uint64_t block = 1; block <= PASSPORT_BLOCKS; block++) {
        struct sheet sheet = { .to = workbook_add_worksheet(book, SHORT[block]), .words = facts->words, .looks = &looks,
                               .arena = arena };
        uint32_t from = 0, to;
        if (sheet.to == NULL)
            return ERR_NOMEM;
        while (from < n && cells[from].block < block)
            from++;
        for (to = from; to < n && cells[to].block == block; )
            to++;
        collect_columns(&sheet, cells + from, to - from);
        put_head(&sheet, facts, block);
        put_rows(&sheet, cells + from, to - from);
    }
    return ERR_OK;
}

struct filling { const struct package_facts *facts; const struct cell *cells; uint32_t n; struct arena *arena; };

static int fill_book(lxw_workbook *book, void *arg)
{
    const struct filling *filling = arg;
    return fill_sheets(book, filling->facts, filling->cells, filling->n, filling->arena);
}

int sheet_write(const struct package_facts *facts, const struct cell *cells, uint32_t n, struct arena *arena, struct buf *out)
{
    struct filling filling = { facts, cells, n, arena };
    return book_write(fill_book, &filling, out);
}
