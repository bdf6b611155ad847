#include "common/codec/csv.h"

#include <assert.h>
#include <strings.h>

#include "common/codec/form_parts.h"
#include "common/core/err.h"
#include "common/core/text.h"

static int csv_wrong(struct csv *csv, const char *reason, uint32_t line)
{
    csv->reason = reason;
    csv->reason_line = line;
    return ERR_MALFORMED;
}

/* ── the file ─────────────────────────────────────────────────────────────── */

static const char *find_binary(struct bytes file)
{
    for (const char *at = file.at, *end = at + file.n; at < end; at++)
        if (((unsigned char)*at < ' ' && *at != '\t' && *at != '\r' && *at != '\n') || *at == 0x7f)
            return at;
    return NULL;
}

static uint32_t line_of(struct bytes file, const char *place)
{
    uint32_t line = 1;
    for (const char *at = file.at; at < place; at++)
        line += *at == '\n';
    return line;
}

/* A file put together from two: lines of it are UTF-8 (two letters at least: one may be chance), others are not. The first
 * line of the kind that came second; 0: it is not such a file. */
static uint32_t second_encoding(struct bytes file)
{
    const char *at = file.at, *end = at + file.n;
    uint32_t utf8 = 0, other = 0;

    for (uint32_t line = 1; at < end && (utf8 == 0 || other == 0); line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t n = stop != NULL ? (size_t)(stop - at) : (size_t)(end - at), high = 0;
        for (size_t i = 0; i < n; i++)
            high += (unsigned char)at[i] >= 0x80;
        if (high > 0 && !text_valid(at, n))
            other = other == 0 ? line : other;
        else if (high >= 4)
            utf8 = utf8 == 0 ? line : utf8;
        at += n + 1;
    }
    return utf8 == 0 || other == 0 ? 0 : utf8 > other ? utf8 : other;
}

/* UTF-8 to the middle of its last letter. (That letter alone could be one of Windows-1251: there have to be others.) */
static bool breaks_off(struct bytes file)
{
    const unsigned char *at = file.at;
    size_t n = 0;

    while (n < 3 && n < file.n && (at[file.n - 1 - n] & 0xC0) == 0x80)
        n++;
    if (n == 3 || n >= file.n)
        return false;
    unsigned char lead = at[file.n - 1 - n];
    size_t wants = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0, whole = file.n - 1 - n, high = 0;
    for (size_t i = 0; i < whole && high < 4; i++)
        high += at[i] >= 0x80;
    return n < wants && high == 4 && text_valid(file.at, whole);
}

/* Well-formed UTF-8 by chance is next to impossible in Russian Windows-1251; so it is asked first. */
static int decode_file(struct csv *csv, struct bytes file, struct arena *arena)
{
    bool marked = form_unmarked(file).n < file.n;

    file = form_unmarked(file);
    const char *binary = find_binary(file);
    if (binary != NULL)
        return csv_wrong(csv, "binary", line_of(file, binary));
    if (text_valid(file.at, file.n)) {
        csv->text = file;
        csv->encoding = CSV_UTF8;
        return ERR_OK;
    }
    if (breaks_off(file))
        return csv_wrong(csv, "cut_short", line_of(file, (const char *)file.at + file.n));
    uint32_t mixed = second_encoding(file);
    if (mixed > 0)
        return csv_wrong(csv, "mixed_encoding", mixed);
    const char *text = marked ? NULL : text_from_1251(arena, file.at, file.n);
    if (text == NULL) {
        const char *odd = marked ? NULL : memchr(file.at, 0x98, file.n);     /* the one byte without a character */
        return csv_wrong(csv, "encoding", odd != NULL ? line_of(file, odd) : 1);
    }
    csv->text = bytes_of(text);
    csv->encoding = CSV_1251;
    return ERR_OK;
}

static const char SEPARATORS[] = { ';', ',', '\t' };

/* "sep=;" on a line of its own, as Excel understands it. */
static bool told_separator(struct csv *csv)
{
    const char *at = csv->text.at;

    if (csv->text.n < 6 || strncasecmp(at, "sep=", 4) != 0 || memchr(SEPARATORS, at[4], sizeof SEPARATORS) == NULL ||
        (at[5] != '\r' && at[5] != '\n'))
        return false;
    csv->separator = at[4];
    csv->pos = at[5] == '\r' && csv->text.n > 6 && at[6] == '\n' ? 7 : 6;
    csv->next_line = 2;
    return true;
}

/* The most frequent one outside quotes, in the first line that is not blank. */
static char sniff_separator(struct bytes text)
{
    size_t count[sizeof SEPARATORS] = { 0 }, best = 0;
    bool quoted = false, blank = true;

    for (const char *at = text.at, *end = at + text.n; at < end; at++) {
        if (*at == '"')
            quoted = !quoted;
        if (!quoted && !blank && (*at == '\n' || *at == '\r'))
            break;
        blank = blank && (*at == ' ' || *at == '\n' || *at == '\r');
        for (size_t i = 0; i < sizeof SEPARATORS && !quoted; i++)
            count[i] += *at == SEPARATORS[i];
    }
    for (size_t i = 1; i < sizeof SEPARATORS; i++)
        if (count[i] > count[best])
            best = i;
    return SEPARATORS[best];
}

static bool only_space(struct bytes text)
{
    for (size_t i = 0; i < text.n; i++)
        if (strchr(" \t\r\n", ((const char *)text.at)[i]) == NULL)
            return false;
    return true;
}

int csv_open(struct csv *csv, struct bytes file, struct arena *arena)
{
    *csv = (struct csv){ .next_line = 1 };
    if (file.at == NULL)
        file = bytes_of("");
    int err = decode_file(csv, file, arena);
    if (err != ERR_OK)
        return err;
    if (only_space(csv->text))
        return csv_wrong(csv, "empty", 1);
    if (!told_separator(csv))
        csv->separator = sniff_separator(csv->text);
    return ERR_OK;
}

/* ── rows ─────────────────────────────────────────────────────────────────── */

static int peek(const struct csv *csv)
{
    return csv->pos < csv->text.n ? ((const unsigned char *)csv->text.at)[csv->pos] : -1;
}

/* LF, CRLF or CR. */
static void take_line_end(struct csv *csv)
{
    int c = peek(csv);

    csv->pos++;
    if (c == '\r' && peek(csv) == '\n')
        csv->pos++;
    csv->next_line++;
}

/* The quote is behind us. A line break inside becomes LF; a doubled quote, one. */
static int take_quoted(struct csv *csv, struct buf *cell)
{
    uint32_t line = csv->next_line;

    for (int c; (c = peek(csv)) >= 0; ) {
        if (c == '\r' || c == '\n') {
            take_line_end(csv);
            buf_byte(cell, '\n');
            continue;
        }
        csv->pos++;
        if (c == '"') {
            if (peek(csv) != '"')
                return ERR_OK;
            csv->pos++;
        }
        buf_byte(cell, (uint8_t)c);
    }
    return csv_wrong(csv, "open_quote", line);
}

/* Leading blanks before a quote are not part of the cell; what follows the closing quote is kept, for
 * people write "Ромашка" ООО without doubling the quotes. */
static int take_cell(struct csv *csv, struct buf *cell)
{
    buf_clear(cell);
    while (peek(csv) == ' ')
        csv->pos++;
    if (peek(csv) == '"') {
        csv->pos++;
        int err = take_quoted(csv, cell);
        if (err != ERR_OK)
            return err;
    }
    for (int c; (c = peek(csv)) >= 0 && c != csv->separator && c != '\r' && c != '\n'; csv->pos++)
        buf_byte(cell, (uint8_t)c);
    return ERR_OK;
}

/* Bytes of white space that begin at `at`: the blank, the tab, the line break, the no-break space. */
static size_t space_at(const char *at, size_t n)
{
    if (n > 0 && (*at == ' ' || *at == '\t' || *at == '\n'))
        return 1;
    return n > 1 && memcmp(at, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

static struct bytes trim(const struct buf *cell)
{
    const char *at = (const char *)cell->at;
    size_t n = cell->n;

    for (size_t k; (k = space_at(at, n)) > 0; n -= k)
        at += k;
    while (n > 0) {
        if (space_at(at + n - 1, 1) > 0)
            n -= 1;
        else if (n > 1 && space_at(at + n - 2, 2) == 2)
            n -= 2;
        else
            break;
    }
    return bytes(at, n);
}

/* One line of cells into row; `*said` when any of them holds something. */
static int take_row(struct csv *csv, struct arena *arena, struct csv_row *row, struct buf *cell, bool *said)
{
    const char *cells[CSV_COLUMNS_MAX];

    *said = false;
    row->n = 0;
    csv->line = row->line = csv->next_line;
    while (true) {
        uint32_t line = csv->next_line;
        int err = take_cell(csv, cell);
        if (err != ERR_OK)
            return err;
        struct bytes text = trim(cell);
        if (text.n > CSV_CELL_MAX)
            return csv_wrong(csv, "cell_too_long", line);
        if (row->n == CSV_COLUMNS_MAX)
            return csv_wrong(csv, "too_many_cells", row->line);
        cells[row->n++] = text.n > 0 ? arena_string(arena, text.at, text.n) : "";
        *said = *said || text.n > 0;
        if (peek(csv) != csv->separator)
            break;
        csv->pos++;
    }
    if (peek(csv) >= 0)
        take_line_end(csv);
    row->cell = *said ? arena_copy(arena, cells, row->n * sizeof *cells) : NULL;
    return ERR_OK;
}

/* Rows in which nothing is written are passed over: Excel leaves many of them at the end. */
int csv_row(struct csv *csv, struct arena *arena, struct csv_row *row)
{
    struct buf cell = { 0 };
    bool said = false;
    int err = csv->reason != NULL ? ERR_MALFORMED : ERR_OK;

    *row = (struct csv_row){ 0 };
    while (err == ERR_OK && !said && csv->pos < csv->text.n)
        err = take_row(csv, arena, row, &cell, &said);
    buf_free(&cell);
    if (err != ERR_OK || !said)
        *row = (struct csv_row){ 0 };
    return err != ERR_OK ? err : said;
}

/* ── columns ──────────────────────────────────────────────────────────────── */

static bool is_title(const struct csv_column *column, const char *folded, struct arena *arena)
{
    for (const char *const *title = column->titles; *title != NULL; title++)
        if (strcmp(text_fold(arena, *title), folded) == 0)
            return true;
    return false;
}

int csv_map(const struct csv_column *columns, size_t n, const struct csv_row *header, struct csv_mapping *mapping,
            const char **fault, const char **reason)
{
    struct arena arena = { 0 };
    const char *folded[CSV_COLUMNS_MAX];

    assert(n <= MSG_FIELDS_MAX);
    *fault = *reason = NULL;
    for (size_t i = 0; i < MSG_FIELDS_MAX; i++)
        mapping->column[i] = -1;
    for (uint32_t k = 0; k < header->n; k++)
        folded[k] = text_fold(&arena, header->cell[k]);
    for (size_t i = 0; i < n && *reason == NULL; i++) {
        for (uint32_t k = 0; k < header->n; k++) {
            if (!is_title(&columns[i], folded[k], &arena))
                continue;
            if (mapping->column[i] >= 0)
                *reason = "repeated";
            mapping->column[i] = (int32_t)k;
        }
        if (columns[i].required && mapping->column[i] < 0)
            *reason = "missing";
        if (*reason != NULL)
            *fault = columns[i].titles[0];
    }
    arena_free(&arena);
    return *reason != NULL ? ERR_MALFORMED : ERR_OK;
}

static const char *cell_of(const struct csv_mapping *mapping, const struct csv_row *row, size_t i)
{
    int32_t at = mapping->column[i];
    return at >= 0 && (uint32_t)at < row->n ? row->cell[at] : "";
}

void csv_message(const struct msg_desc *desc, const struct csv_column *columns, size_t n,
                 const struct csv_mapping *mapping, const struct csv_row *row, struct buf *msgpack)
{
    msgpack_packer pk;
    size_t said = 0;

    form_packer(&pk, msgpack);
    for (size_t i = 0; i < n; i++)
        said += cell_of(mapping, row, i)[0] != '\0';
    msgpack_pack_map(&pk, said);
    for (size_t i = 0; i < n; i++) {
        const char *cell = cell_of(mapping, row, i), *field = columns[i].field;
        if (cell[0] == '\0')
            continue;
        struct form_shape shape = form_field(form_root(desc), field, strlen(field));
        form_text(&pk, field, strlen(field));
        form_scalar(&pk, shape, cell, strlen(cell), FORM_CSV);
    }
}

void csv_quote(struct buf *text, const char *cell)
{
    buf_byte(text, '"');
    for (; *cell != '\0'; cell++) {
        if (*cell == '"')
            buf_byte(text, '"');
        buf_byte(text, (unsigned char)*cell < ' ' || *cell == 0x7f ? ' ' : (uint8_t)*cell);
    }
    buf_byte(text, '"');
}
