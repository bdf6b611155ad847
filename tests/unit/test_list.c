#include "tests/unit/check.h"

#include <stdio.h>

#include "common/codec/csv.h"
#include "services/shared/lists/list.h"
#include "services/shared/staff_columns.h"
#include "tests/unit/archive.h"

/* One reader for whatever people call a list. */

static struct list list;
static struct list_map map;
static struct arena arena;
static struct list_fault fault;

static int tear_down(void **state)
{
    (void)state;
    list_end(&list);
    arena_free(&arena);
    return 0;
}

static bool open_staff(struct bytes content, const char *columns)
{
    list_end(&list);
    return list_begin(&list, content, 1 << 20, &fault) &&
           (columns == NULL || list_map_read(&map, bytes_of(columns), &arena, &fault)) &&
           list_columns(&list, STAFF_COLUMN, STAFF_COLUMN_COUNT, columns != NULL ? &map : NULL, &fault) && list_walk(&list, &fault);
}

static const char *cell(const struct csv_row *row, const char *field)
{
    return list_cell(&list, row, list_column(&list, field));
}

#define TITLES "Код;Фамилия;Имя;Дата рождения;Код ОО;Должность;Принят"
static void a_table_and_a_workbook_say_the_same(void **state)
{
    static const char TABLE[] = TITLES "\n1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015\n2;Зорина;Ольга;02.03.1981;S2;учитель;01.09.2016\n";
    struct archive book = { 0 };
    struct csv_row row;

    (void)state;
    archive_workbook(&book, TABLE);
    for (int i = 0; i < 2; i++) {
        assert_true(open_staff(i == 0 ? bytes_of(TABLE) : buf_bytes(&book.file), NULL));
        assert_int_equal(list.rows, 2);
        assert_int_equal(list.last_line, 3);
        assert_true(list_next(&list, &row));
        uint32_t line;
        size_t second = list_at(&list, &line);
        assert_string_equal(cell(&row, "family"), "Орлова");
        assert_string_equal(cell(&row, "snils"), "");
        assert_true(list_next(&list, &row) && !list_next(&list, &row));
        list_seek(&list, second, line);
        assert_true(list_next(&list, &row));
        assert_string_equal(cell(&row, "organisation"), "S2");
        assert_int_equal(row.line, 3);
        list_rewind(&list);
        assert_true(list_next(&list, &row));
        assert_string_equal(cell(&row, "code"), "1");
    }
    list_end(&list);                                    /* what a workbook unfolds to has its bound */
    assert_false(list_begin(&list, buf_bytes(&book.file), 100, &fault));
    assert_string_equal(fault.token, "xlsx_too_big");
    buf_free(&book.file);
    buf_free(&book.directory);
}

static void a_whole_name_is_taken_apart(void **state)
{
    struct csv_row row;
    (void)state;
    assert_true(open_staff(bytes_of("Код;ФИО;Дата рождения;Код ОО;Должность;Принят\n"
                                    "1; Салтыков-Щедрин  Михаил   Евграфович ибн Ата;01.02.1980;S1;учитель;01.09.2015\n"
                                    "2;Орлова;01.02.1980;S1;учитель;01.09.2015\n"), NULL));
    assert_true(list_next(&list, &row));
    assert_string_equal(cell(&row, "family"), "Салтыков-Щедрин");
    assert_string_equal(cell(&row, "given"), "Михаил");
    assert_string_equal(cell(&row, "patronymic"), "Евграфович ибн Ата");
    assert_string_equal(list_title(&list, "given"), "Имя");
    assert_true(list_next(&list, &row));
    assert_string_equal(cell(&row, "given"), "");
    assert_string_equal(cell(&row, "patronymic"), "");
    /* Not where the parts have columns of their own, and not in a table that has no use for them. */
    assert_true(open_staff(bytes_of("ФИО;" TITLES "\nx;1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015\n"), NULL));
    assert_true(list_next(&list, &row));
    assert_string_equal(cell(&row, "family"), "Орлова");
    assert_false(list_columns(&list, &STAFF_COLUMN[9], 4, NULL, &fault) && list.whole_name != 0);
}

static void a_map_says_what_titles_do_not(void **state)
{
    static const char TABLE[] = "№;Код;Фамилия;Имя;Д.р.;Код ОО;Должность;Принят\n7;1;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015\n";
    const char *field;
    struct csv_row row;

    (void)state;
    assert_false(open_staff(bytes_of(TABLE), NULL));
    assert_string_equal(fault.token, "column_missing");
    assert_string_equal(fault.column, "Дата рождения");
    assert_false(open_staff(bytes_of(TABLE), "Столбец;Поле\nд.р.;born\n№;code\nКод;code\n"));
    assert_string_equal(fault.token, "column_repeated");
    assert_true(open_staff(bytes_of(TABLE), "Столбец;Поле\nд.р.;born\n№;code\nнет такого;subject\n"));
    assert_true(list_next(&list, &row));
    assert_string_equal(cell(&row, "code"), "7");
    assert_string_equal(cell(&row, "born"), "01.02.1980");
    assert_int_equal(list_map_unknown(&map, STAFF_COLUMN, STAFF_COLUMN_COUNT, &field), 0);
    assert_true(list_map_read(&map, bytes_of("Поле;Столбец\nborn;а\n-;б\nbirthday;в\n"), &arena, &fault));
    assert_int_equal(list_map_unknown(&map, STAFF_COLUMN, STAFF_COLUMN_COUNT, &field), 4);
    assert_string_equal(field, "birthday");
    /* By number, where two have one title. */
    list_end(&list);
    assert_true(list_begin(&list, bytes_of("Код;" TITLES "\n1;2;Орлова;Анна;01.02.1980;S1;учитель;01.09.2015\n"), 0, &fault));
    map = (struct list_map){ 1, { { "Код", "-", 0, 1 } } };
    assert_true(list_columns(&list, STAFF_COLUMN, STAFF_COLUMN_COUNT, &map, &fault));
    assert_true(list_next(&list, &row));
    assert_string_equal(cell(&row, "code"), "2");
}

static void a_map_that_is_none_is_refused(void **state)
{
    char text[4000] = "Столбец;Поле\n";
    (void)state;
    assert_false(list_map_read(&map, bytes_of("Столбец\nа\n"), &arena, &fault));
    assert_string_equal(fault.token, "column_missing");
    assert_false(list_map_read(&map, bytes_of(""), &arena, &fault));
    assert_string_equal(fault.token, "empty");
    assert_false(list_map_read(&map, bytes_of("Столбец;Поле\nа;b\n\"в;c\n"), &arena, &fault));
    assert_string_equal(fault.token, "open_quote");
    assert_int_equal(fault.line, 3);
    for (int i = 0; i <= LIST_MAP_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "а%d;born\n", i);
    assert_false(list_map_read(&map, bytes_of(text), &arena, &fault));
    assert_string_equal(fault.token, "map_many");
    assert_int_equal(fault.line, 2 + LIST_MAP_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_table_and_a_workbook_say_the_same, tear_down),
        cmocka_unit_test_teardown(a_whole_name_is_taken_apart, tear_down),
        cmocka_unit_test_teardown(a_map_says_what_titles_do_not, tear_down),
        cmocka_unit_test_teardown(a_map_that_is_none_is_refused, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
