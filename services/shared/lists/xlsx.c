#include "services/shared/lists/xlsx.h"

#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/codec/csv.h"
#include "common/core/err.h"
#include "services/shared/lists/zip.h"

#define SERIAL_1970 25569                   /* 1 January 1970, in days as Excel counts them from 1900 */
#define SERIAL_1904 1462                    /* the other calendar begins so much later */
#define PART_NAME_MAX 200

struct book {
    struct zip zip;
    size_t most;
    const char *token;
    XML_Parser parser;
    /* of the workbook */
    char sheet_id[PART_NAME_MAX], target[PART_NAME_MAX];
    bool date1904;
    struct buf strings, offsets;            /* shared: texts one after another, where each begins */
    struct buf date_formats;                /* numbers of formats of the book's own that show a date */
    struct buf styles;                      /* a byte a style: it shows a date */
    bool in_styles;
    /* where we are */
    bool collect, phonetic;
    struct buf value;
    uint32_t line, row, column, written, style;
    char type;
    struct buf *text;
};

static void stop(struct book *book, const char *token)
{
    book->token = book->token != NULL ? book->token : token;
    XML_StopParser(book->parser, XML_FALSE);
}

static bool is(const char *name, const char *wanted)
{
    const char *colon = strrchr(name, ':');
    return strcmp(colon != NULL ? colon + 1 : name, wanted) == 0;
}

static const char *attribute(const char **attributes, const char *wanted)
{
    for (; attributes[0] != NULL; attributes += 2)
        if (is(attributes[0], wanted))
            return attributes[1];
    return NULL;
}

static uint32_t attribute_number(const char **attributes, const char *wanted, uint32_t otherwise)
{
    const char *text = attribute(attributes, wanted);
    return text != NULL ? (uint32_t)strtoul(text, NULL, 10) : otherwise;
}

static void name_copy(char out[PART_NAME_MAX], const char *text)
{
    if (text != NULL && strlen(text) < PART_NAME_MAX)
        memcpy(out, text, strlen(text) + 1);
}

/* ── one part of the archive ──────────────────────────────────────────────── */

static bool piece_parse(void *arg, const char *at, size_t n, bool last)
{
    struct book *book = arg;

    if (XML_Parse(book->parser, at, (int)n, last) != XML_STATUS_OK)
        book->token = book->token != NULL ? book->token : "xlsx_damaged";
    return book->token == NULL;
}

static void no_doctype(void *arg, const char *name, const char *system, const char *public, int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    stop(arg, "xlsx_damaged");
}

static void characters(void *arg, const char *at, int n)
{
    struct book *book = arg;

    if (book->collect && !book->phonetic)
        buf_put(&book->value, at, (size_t)n);
    if (book->value.n > book->most)
        stop(book, "xlsx_too_big");
}

/* False: there is no such part. What is wrong with it is book->token. */
static bool part_parse(struct book *book, const char *name, XML_StartElementHandler start, XML_EndElementHandler end)
{
    struct zip_member member;

    if (book->token != NULL || !zip_find(&book->zip, name, &member))
        return false;
    book->parser = XML_ParserCreate(NULL);
    if (book->parser == NULL) {
        book->token = "xlsx_too_big";
        return true;
    }
    book->collect = book->phonetic = false;
    buf_clear(&book->value);
    XML_SetUserData(book->parser, book);
    XML_SetElementHandler(book->parser, start, end);
    XML_SetCharacterDataHandler(book->parser, characters);
    XML_SetStartDoctypeDeclHandler(book->parser, no_doctype);
    enum zip_end ended = zip_unpack(&book->zip, &member, piece_parse, book);
    if (book->token == NULL && ended != ZIP_OK)
        book->token = ended == ZIP_TOO_BIG ? "xlsx_too_big" : ended == ZIP_METHOD ? "xlsx_packed" : "xlsx_damaged";
    XML_ParserFree(book->parser);
    book->parser = NULL;
    return true;
}

static void nothing_ends(void *arg, const char *name)
{
    (void)arg;
    (void)name;
}

/* ── which sheet, which styles, which strings ─────────────────────────────── */

static void workbook_start(void *arg, const char *name, const char **attributes)
{
    struct book *book = arg;
    const char *flag;

    if (is(name, "workbookPr") && (flag = attribute(attributes, "date1904")) != NULL)
        book->date1904 = strcmp(flag, "1") == 0 || strcmp(flag, "true") == 0;
    if (is(name, "sheet") && book->sheet_id[0] == '\0')
        for (const char **at = attributes; at[0] != NULL; at += 2)
            if (strchr(at[0], ':') != NULL && is(at[0], "id"))      /* r:id; sheetId is another thing */
                name_copy(book->sheet_id, at[1]);
}

static void relation_start(void *arg, const char *name, const char **attributes)
{
    struct book *book = arg;
    const char *id = attribute(attributes, "Id");

    if (is(name, "Relationship") && id != NULL && strcmp(id, book->sheet_id) == 0)
        name_copy(book->target, attribute(attributes, "Target"));
}

/* A format shows a date when it has a letter of one outside quotes, brackets and escapes. */
static bool format_of_date(const char *code)
{
    for (; *code != '\0'; code++) {
        if (*code == '"' || *code == '[') {
            const char *end = strchr(code + 1, *code == '"' ? '"' : ']');
            if (end == NULL)
                return false;
            code = end;
        } else if (*code == '\\' && code[1] != '\0') {
            code++;
        } else if (strchr("dDyY", *code) != NULL) {
            return true;
        }
    }
    return false;
}

static bool number_of_date(const struct book *book, uint32_t id)
{
    for (size_t i = 0; i + sizeof id <= book->date_formats.n; i += sizeof id)
        if (memcmp(book->date_formats.at + i, &id, sizeof id) == 0)
            return true;
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

static void style_start(void *arg, const char *name, const char **attributes)
{
    struct book *book = arg;
    uint32_t id = attribute_number(attributes, "numFmtId", 0);
    const char *code = attribute(attributes, "formatCode");

    if (is(name, "cellXfs"))
        book->in_styles = true;
    else if (is(name, "numFmt") && code != NULL && format_of_date(code))
        buf_put(&book->date_formats, &id, sizeof id);
    else if (is(name, "xf") && book->in_styles)
        buf_byte(&book->styles, number_of_date(book, id));
}

static void style_end(void *arg, const char *name)
{
    if (is(name, "cellXfs"))
        ((struct book *)arg)->in_styles = false;
}

static void string_start(void *arg, const char *name, const char **attributes)
{
    struct book *book = arg;
    uint32_t at = (uint32_t)book->strings.n;

    (void)attributes;
    if (is(name, "si"))
        buf_put(&book->offsets, &at, sizeof at);
    book->phonetic |= is(name, "rPh");
    book->collect = is(name, "t");
}

static void string_end(void *arg, const char *name)
{
    struct book *book = arg;

    if (is(name, "t") && !book->phonetic)
        buf_put(&book->strings, book->value.at, book->value.n);
    if (is(name, "t"))
        buf_clear(&book->value);
    if (is(name, "rPh"))
        book->phonetic = false;
    if (is(name, "si"))
        buf_byte(&book->strings, '\0');
    book->collect = false;
    if (book->strings.n > book->most)
        stop(book, "xlsx_too_big");
}

/* ── the cells ────────────────────────────────────────────────────────────── */

/* "AB12": the column, counted from 0; the row is the row's own. */
static uint32_t column_of(const char *reference)
{
    uint32_t column = 0;

    for (; *reference >= 'A' && *reference <= 'Z' && column < 100000; reference++)
        column = column * 26 + (uint32_t)(*reference - 'A' + 1);
    return column - 1;
}

static void row_begin(struct book *book, uint32_t row)
{
    if (row < book->line || row == 0 || row > XLSX_ROWS_MAX) {
        stop(book, "xlsx_damaged");
        return;
    }
    for (; book->line < row; book->line++)
        buf_byte(book->text, '\n');
    book->row = row;
    book->column = UINT32_MAX;
    book->written = 0;
}

static void cell_begin(struct book *book, const char **attributes)
{
    const char *reference = attribute(attributes, "r"), *type = attribute(attributes, "t");
    uint32_t column = reference != NULL ? column_of(reference) : book->column + 1;

    if (column >= XLSX_ROWS_MAX || (book->column != UINT32_MAX && column <= book->column))
        stop(book, "xlsx_damaged");
    book->column = column;
    book->type = type == NULL ? 'n' : strcmp(type, "inlineStr") == 0 ? 'i' : strcmp(type, "str") == 0 ? 't' : type[0];
    book->style = attribute_number(attributes, "s", 0);
    buf_clear(&book->value);
}

static void sheet_start(void *arg, const char *name, const char **attributes)
{
    struct book *book = arg;

    if (is(name, "row"))
        row_begin(book, attribute_number(attributes, "r", book->line));
    else if (is(name, "c"))
        cell_begin(book, attributes);
    book->phonetic |= is(name, "rPh");
    book->collect = is(name, "v") || is(name, "t");
}

static void day_put(struct book *book, double serial)
{
    double days = floor(serial) + (book->date1904 ? SERIAL_1904 : 0) - SERIAL_1970;
    char text[40];
    struct tm tm;
    time_t at = (time_t)days * 86400;

    if (days < -40000 || days > 40000 || gmtime_r(&at, &tm) == NULL)
        snprintf(text, sizeof text, "%.15g", serial);
    else
        strftime(text, sizeof text, "%Y-%m-%d", &tm);           /* births are before 1970, which days do not know */
    csv_quote(book->text, text);
}

static void number_put(struct book *book, const char *text)
{
    char *end, out[40];
    double value = strtod(text, &end);
    bool date = book->style < book->styles.n && book->styles.at[book->style] != 0;

    if (end == text || *end != '\0' || !isfinite(value)) {
        csv_quote(book->text, text);
        return;
    }
    if (date) {
        day_put(book, value);
        return;
    }
    snprintf(out, sizeof out, value == floor(value) && fabs(value) < 1e15 ? "%.0f" : "%.15g", value);
    csv_quote(book->text, out);
}

static void shared_put(struct book *book, const char *text)
{
    size_t i = strtoul(text, NULL, 10);
    uint32_t at;

    if ((i + 1) * sizeof at > book->offsets.n) {
        stop(book, "xlsx_damaged");
        return;
    }
    memcpy(&at, book->offsets.at + i * sizeof at, sizeof at);
    csv_quote(book->text, (const char *)book->strings.at + at);
}

static void cell_end(struct book *book)
{
    const char *text = buf_string(&book->value);

    if (text[0] == '\0' || book->token != NULL)
        return;
    if (book->column >= XLSX_COLUMNS_MAX) {
        stop(book, "xlsx_too_big");
        return;
    }
    for (; book->written < book->column; book->written++)
        buf_byte(book->text, ';');
    if (book->type == 's')
        shared_put(book, text);
    else if (book->type == 'n')
        number_put(book, text);
    else if (book->type != 'e')                             /* #N/A is nothing */
        csv_quote(book->text, text);
    if (book->text->n > book->most)
        stop(book, "xlsx_too_big");
}

static void sheet_end(void *arg, const char *name)
{
    struct book *book = arg;

    if (is(name, "rPh"))
        book->phonetic = false;
    else if (is(name, "c"))
        cell_end(book);
    else if (is(name, "row") && book->token == NULL) {
        buf_byte(book->text, '\n');
        book->line = book->row + 1;
    }
    book->collect = false;
}

/* ── the whole ────────────────────────────────────────────────────────────── */

static void book_read(struct book *book)
{
    char path[PART_NAME_MAX + 10];

    if (!part_parse(book, "xl/workbook.xml", workbook_start, nothing_ends) ||
        !part_parse(book, "xl/_rels/workbook.xml.rels", relation_start, nothing_ends) || book->target[0] == '\0') {
        book->token = book->token != NULL ? book->token : "xlsx_no_sheet";
        return;
    }
    part_parse(book, "xl/styles.xml", style_start, style_end);
    part_parse(book, "xl/sharedStrings.xml", string_start, string_end);
    snprintf(path, sizeof path, "%s%s", book->target[0] == '/' ? "" : "xl/", book->target + (book->target[0] == '/'));
    book->line = 1;
    if (!part_parse(book, path, sheet_start, sheet_end))
        book->token = book->token != NULL ? book->token : "xlsx_no_sheet";
}

int xlsx_csv(struct bytes file, size_t most, struct buf *text, const char **token)
{
    struct book book = { .text = text, .most = most };

    if (!zip_open(&book.zip, file))
        book.token = "xlsx_damaged";
    else
        book_read(&book);
    buf_free(&book.strings);
    buf_free(&book.offsets);
    buf_free(&book.date_formats);
    buf_free(&book.styles);
    buf_free(&book.value);
    *token = book.token;
    return book.token == NULL ? ERR_OK : ERR_MALFORMED;
}
