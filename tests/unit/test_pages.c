#include "tests/unit/toy.h"

#include "common/service/pages.h"

/* Pages of a table: each row once whatever the size of a page, by rows and by bytes, within one prefix. */

enum { T_ROWS = TABLE_OWN };
static const struct table_def TABLES[] = { { "rows", TABLE_STATE } };
#define LISTS    3
#define PER_LIST 25

struct shelf { char *dir; struct store *store; struct txn txn; struct arena arena; struct ctx ctx; };

static struct key row_key(uint32_t list, uint32_t row)
{
    struct key key = { 0 };
    key_u32(&key, list);
    key_u32(&key, row);
    return key;
}

/* Three lists with the same rows; a row's value is its number. */
static void shelf_open(struct shelf *shelf)
{
    *shelf = (struct shelf){ .dir = toy_dir() };
    struct store_options options = { .dir = shelf->dir, .tables = TABLES, .table_count = 1, .map_size = (size_t)16 << 20 };
    assert_int_equal(store_open(&shelf->store, &options), ERR_OK);
    txn_begin(&shelf->txn, shelf->store, TXN_WRITE);
    for (uint32_t list = 0; list < LISTS; list++)
        for (uint32_t row = 0; row < PER_LIST; row++) {
            struct key key = row_key(list, row);
            txn_put(&shelf->txn, T_ROWS, key_bytes(&key), bytes(&row, sizeof row));
        }
    assert_int_equal(txn_end(&shelf->txn), ERR_OK);
    txn_begin(&shelf->txn, shelf->store, TXN_READ);
    shelf->ctx = (struct ctx){ .txn = &shelf->txn, .arena = &shelf->arena };
}

static void shelf_close(struct shelf *shelf)
{
    assert_int_equal(txn_end(&shelf->txn), ERR_OK);
    store_close(&shelf->store);
    toy_remove(shelf->dir);
    arena_free(&shelf->arena);
}

/* One page of list 1: how many rows, each the one that is due; `next` for the page after. */
static uint32_t page_read(struct shelf *shelf, uint64_t limit, size_t row_size, uint32_t due, struct bytes *next)
{
    struct key prefix = { 0 };
    struct bytes key, value;
    struct pages pages;
    uint32_t n = 0, row;

    key_u32(&prefix, 1);
    assert_true(page_of(key_bytes(&prefix), *next));
    pages_begin(&pages, &shelf->ctx, T_ROWS, key_bytes(&prefix), *next, limit);
    while (pages_next(&pages, &key, &value) && pages_take(&pages, key, row_size)) {
        assert_int_equal(value.n, sizeof row);
        memcpy(&row, value.at, sizeof row);
        assert_int_equal(row, due + n++);
    }
    *next = pages_end(&pages, &shelf->arena);
    return n;
}

static void every_row_comes_once_whatever_the_page(void **state)
{
    struct shelf shelf;
    (void)state;
    shelf_open(&shelf);
    for (uint64_t limit = 1; limit <= PER_LIST + 1; limit++) {
        struct bytes next = { 0 };
        uint32_t seen = 0, full = 0;
        do {
            uint32_t n = page_read(&shelf, limit, 1, seen, &next);
            seen += n;
            full += next.n != 0;
            assert_true(next.n == 0 || n == limit);
        } while (next.n != 0);
        assert_int_equal(seen, PER_LIST);
        assert_int_equal(full, (PER_LIST - 1) / limit);         /* no empty page at the end */
    }
    shelf_close(&shelf);
}

static void a_page_ends_where_a_frame_would(void **state)
{
    static const struct { size_t size; uint32_t rows; } rows[] = {
        { PAGE_BYTES / 4, 4 }, { PAGE_BYTES / 4 + 1, 3 }, { PAGE_BYTES, 1 }, { PAGE_BYTES * 2, 1 }, { 0, PER_LIST },
    };
    struct shelf shelf;
    (void)state;
    shelf_open(&shelf);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes next = { 0 };
        assert_int_equal(page_read(&shelf, 0, rows[i].size, 0, &next), rows[i].rows);
        assert_int_equal(next.n != 0, rows[i].rows < PER_LIST);
    }
    shelf_close(&shelf);
}

/* One row in the middle of many that are not shown: two pages pass them over, and it stands on one of the two. */
static void a_page_passes_over_so_many_and_no_more(void **state)
{
    enum { LIST = 7, ROWS_OF = PAGE_LOOKS + 100, SHOWN = PAGE_LOOKS / 2 };
    struct shelf shelf;
    struct key prefix = { 0 };
    struct bytes key, value, next = { 0 };
    uint32_t pages_n = 0, shown = 0, looked = 0, row;
    (void)state;
    shelf_open(&shelf);
    assert_int_equal(txn_end(&shelf.txn), ERR_OK);
    txn_begin(&shelf.txn, shelf.store, TXN_WRITE);
    for (row = 0; row < ROWS_OF; row++) {
        struct key one = row_key(LIST, row);
        txn_put(&shelf.txn, T_ROWS, key_bytes(&one), bytes(&row, sizeof row));
    }
    assert_int_equal(txn_end(&shelf.txn), ERR_OK);
    txn_begin(&shelf.txn, shelf.store, TXN_READ);
    key_u32(&prefix, LIST);
    do {
        struct pages pages;
        uint32_t here = 0;
        pages_begin(&pages, &shelf.ctx, T_ROWS, key_bytes(&prefix), next, 0);
        while (pages_next(&pages, &key, &value)) {
            memcpy(&row, value.at, sizeof row);
            assert_int_equal(row, looked++);
            if (row == SHOWN ? !pages_take(&pages, key, 10) : !pages_pass(&pages, key))
                break;
            shown += row == SHOWN;
            here++;
        }
        assert_true(here <= PAGE_LOOKS);
        next = pages_end(&pages, &shelf.arena);
        assert_true(next.n == 0 || page_of(key_bytes(&prefix), next));
    } while (pages_n++ < 3 && next.n > 0);
    assert_int_equal(pages_n, 2);
    assert_int_equal(looked, ROWS_OF);
    assert_int_equal(shown, 1);
    shelf_close(&shelf);
}

static void a_page_of_another_list_is_known(void **state)
{
    struct key one = { 0 }, other = row_key(2, 7);
    (void)state;
    key_u32(&one, 1);
    assert_false(page_of(key_bytes(&one), key_bytes(&other)));
    assert_false(page_of(key_bytes(&one), key_bytes(&one)));
    assert_true(page_of(key_bytes(&one), bytes(NULL, 0)));
    assert_true(page_of(bytes(NULL, 0), key_bytes(&other)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_comes_once_whatever_the_page),
        cmocka_unit_test(a_page_ends_where_a_frame_would),
        cmocka_unit_test(a_page_passes_over_so_many_and_no_more),
        cmocka_unit_test(a_page_of_another_list_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
