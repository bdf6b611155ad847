#define SAMPLE_DEFINE
#include "tests/unit/check.h"

#include <stdlib.h>

#include "common/codec/csv.h"
#include "common/codec/text_forms.h"
#include "common/core/err.h"
#include "tests/unit/sample_msg.h"

/* All the rows of a file: cells joined by '|', rows by '/', each after its line; or "line reason". */
static const char *rows_of(const char *file, size_t n, struct csv *csv, struct arena *arena)
{
    struct buf text = { 0 };
    struct csv_row row;
    char *exact = malloc(n > 0 ? n : 1);
    int err, got = 0;

    memcpy(exact, file, n);
    if ((err = csv_open(csv, bytes(exact, n), arena)) == ERR_OK) {
        while ((got = csv_row(csv, arena, &row)) == 1) {
            assert_int_equal(row.line, csv->line);
            buf_format(&text, "%s%u:", text.n > 0 ? "/" : "", row.line);
            for (uint32_t i = 0; i < row.n; i++)
                buf_format(&text, "%s%s", i > 0 ? "|" : "", row.cell[i]);
        }
        err = got;
        if (err < 0)
            assert_int_equal(csv_row(csv, arena, &row), ERR_MALFORMED);     /* and stays refused */
    }
    if (err < 0) {
        assert_int_equal(err, ERR_MALFORMED);
        buf_clear(&text);
        buf_format(&text, "%u %s", csv->reason_line, csv->reason);
    }
    const char *said = arena_string(arena, buf_string(&text), text.n);
    buf_free(&text);
    free(exact);
    return said;
}

#define F(s) s, sizeof(s) - 1
static const struct { const char *file; size_t n; const char *rows; char separator; enum csv_encoding encoding; } FILES[] = {
    { F("a;b\r\nc;d\r\n"), "1:a|b/2:c|d", ';', CSV_UTF8 },
    { F("a,b\nc,d"), "1:a|b/2:c|d", ',', CSV_UTF8 },
    { F("a\tb\rc\td\r"), "1:a|b/2:c|d", '\t', CSV_UTF8 },
    { F("a,b;c\n1,2;3\n"), "1:a,b|c/2:1,2|3", ';', CSV_UTF8 },             /* a tie: the semicolon */
    { F("a,b,c;d\n"), "1:a|b|c;d", ',', CSV_UTF8 },
    { F("\"a;b;c\",d\n"), "1:a;b;c|d", ',', CSV_UTF8 },                    /* quoted ones are not counted */
    { F("word\nother\n"), "1:word/2:other", ';', CSV_UTF8 },
    { F("\n\r\n  \na,b\n"), "4:a|b", ',', CSV_UTF8 },
    { F("sep=,\r\na;x,b\n"), "2:a;x|b", ',', CSV_UTF8 },
    { F("\xef\xbb\xbfимя;год\nАнна;1990\n"), "1:имя|год/2:Анна|1990", ';', CSV_UTF8 },
    { F("\xe8\xec\xff;\xe3\xee\xe4\n\xc0\xed\xed\xe0;\xb9 5\n"), "1:имя|год/2:Анна|№ 5", ';', CSV_1251 },
    { F("\"a\"\"b\";\"x\r\ny\";z\nnext;;\n"), "1:a\"b|x\ny|z/3:next||", ';', CSV_UTF8 },
    { F("\"1\n2\n3\";b\nc;d\n"), "1:1\n2\n3|b/4:c|d", ';', CSV_UTF8 },
    { F("  a ; \"b \" ;\xc2\xa0" "c\xc2\xa0\n"), "1:a|b|c", ';', CSV_UTF8 },
    { F("ООО \"Ромашка\";\"Ромашка\" ООО\n"), "1:ООО \"Ромашка\"|Ромашка ООО", ';', CSV_UTF8 },
    { F("a;b\n;;;\n\n;x\n;;\n"), "1:a|b/4:|x", ';', CSV_UTF8 },              /* rows of nothing are passed over */
    { F(""), "1 empty", 0, CSV_UTF8 },
    { F("\xef\xbb\xbf\r\n \t\n"), "1 empty", 0, CSV_UTF8 },
    { F("a;b\nc\0;d\n"), "2 binary", 0, CSV_UTF8 },
    { F("PK\x03\x04rest"), "1 binary", 0, CSV_UTF8 },
    { F("\xff\xfe" "a\0;\0b\0"), "1 binary", 0, CSV_UTF8 },
    { F("a\n\x7f\n"), "2 binary", 0, CSV_UTF8 },
    { F("a\n\xe8\x98\n"), "2 encoding", 0, CSV_UTF8 },
    { F("\xd0\x90\xd0\x91\n\xc0\xe1\xe2\xe3\n"), "2 mixed_encoding", 0, CSV_UTF8 },
    { F("x\n\xc0\xe1\xe2\xe3\nx\n\xd0\x90\xd0\x91\n"), "4 mixed_encoding", 0, CSV_UTF8 },
    { F("\xd0\x90\xd0\x91\nx\xd0"), "2 cut_short", 0, CSV_UTF8 },
    { F("\xd0\x90\xd0\x91\n\xe2\x84"), "2 cut_short", 0, CSV_UTF8 },
    { F("a\n\xd0"), "1:a/2:Р", ';', CSV_1251 },                            /* a letter alone */
    { F("\xc2\xb8\n\xc0\xe1\xe2\xe3\n"), "1:Вё/2:Абвг", ';', CSV_1251 },     /* one letter is chance */
    { F("\xef\xbb\xbf" "a\xe8\n"), "1 encoding", 0, CSV_UTF8 },              /* it said it was UTF-8 */
    { F("a;b\nc;\"d\ne\n"), "2 open_quote", ';', CSV_UTF8 },
    { F("\""), "1 open_quote", ';', CSV_UTF8 },
};
static void tables_are_read_as_people_save_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(FILES); i++) {
        struct arena arena = { 0 };
        struct csv csv;
        const char *rows = rows_of(FILES[i].file, FILES[i].n, &csv, &arena);
        if (strcmp(rows, FILES[i].rows) != 0)
            fail_msg("row %zu: %s, not %s", i, rows, FILES[i].rows);
        assert_int_equal(csv.separator, FILES[i].separator);
        assert_int_equal(csv.encoding, FILES[i].encoding);
        arena_free(&arena);
    }
}

static void cells_have_a_size_and_rows_a_width(void **state)
{
    struct arena arena = { 0 };
    struct buf file = { 0 };
    struct csv csv;
    struct csv_row row;
    (void)state;

    buf_text(&file, "a;b\n");
    for (int i = 0; i < CSV_CELL_MAX; i++)
        buf_byte(&file, 'x');
    assert_int_equal(csv_open(&csv, buf_bytes(&file), &arena), ERR_OK);
    assert_int_equal(csv_row(&csv, &arena, &row), 1);
    assert_int_equal(csv_row(&csv, &arena, &row), 1);
    assert_int_equal(strlen(row.cell[0]), CSV_CELL_MAX);
    buf_byte(&file, 'x');
    assert_string_equal(rows_of((char *)file.at, file.n, &csv, &arena), "2 cell_too_long");

    buf_clear(&file);
    buf_text(&file, "x");
    for (int i = 1; i < CSV_COLUMNS_MAX; i++)
        buf_text(&file, ";x");
    assert_int_equal(csv_open(&csv, buf_bytes(&file), &arena), ERR_OK);
    assert_int_equal(csv_row(&csv, &arena, &row), 1);
    assert_int_equal(row.n, CSV_COLUMNS_MAX);
    buf_byte(&file, ';');
    assert_string_equal(rows_of((char *)file.at, file.n, &csv, &arena), "1 too_many_cells");
    buf_free(&file);
    arena_free(&arena);
}

static const char *const T_NAME[] = { "Имя", "Фамилия, имя", NULL }, *const T_COUNT[] = { "Количество", "Учёт", NULL };
static const char *const T_DAY[] = { "День", NULL }, *const T_FLAG[] = { "Признак", NULL };
static const char *const T_TAGS[] = { "Метки", NULL }, *const T_COLOUR[] = { "Цвет", NULL };
static const char *const T_ID[] = { "Код", NULL }, *const T_NUMBERS[] = { "Числа", NULL };
static const struct csv_column COLUMNS[] = {
    { "name", T_NAME, true }, { "count", T_COUNT, true }, { "day", T_DAY, false }, { "flag", T_FLAG, false },
    { "tags", T_TAGS, false }, { "colour", T_COLOUR, false }, { "id", T_ID, false }, { "numbers", T_NUMBERS, false },
};

static const struct { const char *header, *fault, *reason; int32_t column[3]; } HEADERS[] = {
    { "имя;количество\n", NULL, NULL, { 0, 1, -1 } },
    { "Лишнее;УЧЕТ;фамилия,\xc2\xa0 имя;День\n", NULL, NULL, { 2, 1, 3 } },
    { "имя;день\n", "Количество", "missing", { 0 } },
    { "имя;учет;Имя\n", "Имя", "repeated", { 0 } },
    { "имя;учет;количество\n", "Количество", "repeated", { 0 } },
    { "имя;учет;день;день\n", "День", "repeated", { 0 } },
};
static void columns_are_found_by_any_of_their_titles(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(HEADERS); i++) {
        struct arena arena = { 0 };
        struct csv csv;
        struct csv_row row;
        struct csv_mapping mapping;
        const char *fault, *reason;
        assert_int_equal(csv_open(&csv, bytes_of(HEADERS[i].header), &arena), ERR_OK);
        assert_int_equal(csv_row(&csv, &arena, &row), 1);
        int err = csv_map(COLUMNS, COUNT(COLUMNS), &row, &mapping, &fault, &reason);
        assert_int_equal(err, HEADERS[i].reason == NULL ? ERR_OK : ERR_MALFORMED);
        if (err != ERR_OK) {
            assert_string_equal(fault, HEADERS[i].fault);
            assert_string_equal(reason, HEADERS[i].reason);
        } else {
            assert_memory_equal(mapping.column, HEADERS[i].column, sizeof HEADERS[i].column);
        }
        arena_free(&arena);
    }
}

/* A row under the header "Имя;Количество;День;Признак;Метки;Цвет;Код;Числа", with no list of answers. */
static const struct { const char *row, *json; } CELLS[] = {
    { "Анна;7", "{\"count\":7,\"name\":\"Анна\"}" },
    { "Анна;7;2024-09-15", "{\"count\":7,\"name\":\"Анна\",\"day\":\"2024-09-15\"}" },
    { "Анна;7;15.09.2024", "{\"count\":7,\"name\":\"Анна\",\"day\":\"2024-09-15\"}" },
    { "Анна;7;1.9.24", "{\"count\":7,\"name\":\"Анна\",\"day\":\"2024-09-01\"}" },
    { "Анна;7;01.01.49", "{\"count\":7,\"name\":\"Анна\",\"day\":\"2049-01-01\"}" },
    { "Анна;7;01.01.71", "{\"count\":7,\"name\":\"Анна\",\"day\":\"1971-01-01\"}" },
    { "Анна;7;01.01.50", "day type" },      /* 1950: before the days begin */
    { "Анна;7;31.02.2024", "day type" }, { "Анна;7;1.9.024", "day type" }, { "Анна;7;1.9", "day type" },
    { "Анна;7;1.9.24.1", "day type" }, { "Анна;7;001.9.24", "day type" }, { "Анна;7;..2024", "day type" },
    { "Анна;7;;да", "{\"flag\":true,\"count\":7,\"name\":\"Анна\"}" },
    { "Анна;7;;ДА", "{\"flag\":true,\"count\":7,\"name\":\"Анна\"}" },
    { "Анна;7;;1", "{\"flag\":true,\"count\":7,\"name\":\"Анна\"}" },
    { "Анна;7;;TRUE", "{\"flag\":true,\"count\":7,\"name\":\"Анна\"}" },
    { "Анна;7;;нет", "{\"count\":7,\"name\":\"Анна\"}" },
    { "Анна;7;;0", "{\"count\":7,\"name\":\"Анна\"}" },
    { "Анна;7;;может быть", "flag type" },
    { "Анна;7;;;школа | вуз", "{\"count\":7,\"name\":\"Анна\",\"tags\":[\"школа\",\"вуз\"]}" },
    { "Анна;7;;;a|b|c|d", "tags too_many" },
    { "Анна;7;;;;blue", "{\"count\":7,\"name\":\"Анна\",\"colour\":\"blue\"}" },
    { "Анна;7;;;;синий", "colour no_such_name" },
    { "Анна;7;;;;;0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d",
      "{\"count\":7,\"name\":\"Анна\",\"id\":\"0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d\"}" },
    { "Анна;7;;;;;;1|2", "{\"count\":7,\"name\":\"Анна\",\"numbers\":[1,2]}" },
    { "Анна;7;;;;;;1|x", "numbers[1] type" },
    { "Анна;007", "{\"count\":7,\"name\":\"Анна\"}" },
    { "Анна;7.0", "count type" }, { "Анна;1 000", "count type" }, { "Анна;-7", "count range" }, { "Анна;1001", "count range" },
    { "Анна;", "count missing" }, { "Анна", "count missing" }, { "012345678901;7", "{\"count\":7,\"name\":\"012345678901\"}" },
    { "0123456789012;7", "name too_long" },
};
#define ROW_FIELDS(X, S)                                            \
    X(S, BOOL,   flag,      _,      0,    0,            OPTIONAL)   \
    X(S, U64,    count,     _,      1,    1000,         REQUIRED)   \
    X(S, STR,    name,      _,      3,    12,           REQUIRED)   \
    X(S, UUID,   id,        _,      0,    0,            OPTIONAL)   \
    X(S, DAY,    day,       _,      1,    DAY_MAX,      OPTIONAL)   \
    X(S, ENUM,   colour,    colour, 0,    0,            OPTIONAL)   \
    X(S, STRS,   tags,      _,      1,    3,            OPTIONAL)   \
    X(S, U64S,   numbers,   _,      1,    3,            OPTIONAL)
MSG_DECLARE(row, ROW_FIELDS)
MSG_DEFINE(row, ROW_FIELDS)

static void cells_become_a_message_by_its_descriptor(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CELLS); i++) {
        struct arena arena = { 0 };
        struct csv csv;
        struct csv_row header, cells;
        struct csv_mapping mapping;
        struct buf wire = { 0 }, said = { 0 };
        struct row out;
        struct msg_error error;
        const char *fault, *reason;
        const char *file = arena_format(&arena, "Имя;Количество;День;Признак;Метки;Цвет;Код;Числа\n%s\n", CELLS[i].row);

        assert_int_equal(csv_open(&csv, bytes_of(file), &arena), ERR_OK);
        assert_int_equal(csv_row(&csv, &arena, &header), 1);
        assert_int_equal(csv_map(COLUMNS, COUNT(COLUMNS), &header, &mapping, &fault, &reason), ERR_OK);
        assert_int_equal(csv_row(&csv, &arena, &cells), 1);
        csv_message(&row_desc, COLUMNS, COUNT(COLUMNS), &mapping, &cells, &wire);
        if (msg_decode(&row_desc, buf_bytes(&wire), MSG_STRICT, &arena, &out, &error) != ERR_OK)
            buf_format(&said, "%s %s", error.path, error.rule);
        else
            json_write(&row_desc, buf_bytes(&wire), false, &said);
        if (strcmp(buf_string(&said), CELLS[i].json) != 0)
            fail_msg("row %zu: %s", i, buf_string(&said));
        buf_free(&wire);
        buf_free(&said);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_read_as_people_save_them),
        cmocka_unit_test(cells_have_a_size_and_rows_a_width),
        cmocka_unit_test(columns_are_found_by_any_of_their_titles),
        cmocka_unit_test(cells_become_a_message_by_its_descriptor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
