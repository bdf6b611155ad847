#include "tests/unit/toy.h"

#include <sys/wait.h>

/* Keys in the order of their values, transactions with a sticky error, walks both ways, backups. */

enum { T_X = TABLE_OWN, T_Y };
static const struct table_def TABLES[] = { { "x", TABLE_STATE }, { "y", TABLE_COPY } };

static int open_store(void **state)
{
    char *dir = toy_dir();
    struct store *store;
    struct store_options options = { .dir = dir, .tables = TABLES, .table_count = 2, .map_size = (size_t)1 << 20 };
    int err = store_open(&store, &options);
    *state = store;
    free(dir);
    return err;
}

static int close_store(void **state)
{
    struct store *store = *state;
    char *dir = strdup(store_dir(store));
    store_close(&store);
    toy_remove(dir);
    return 0;
}

static void keys_sort_as_their_values_do(void **state)
{
    static const int64_t signed_values[] = { INT64_MIN, -1000000, -1, 0, 1, 255, 256, INT64_MAX };
    static const uint64_t values[] = { 0, 1, 255, 256, 65535, 65536, UINT64_MAX };
    static const char *const texts[] = { "", "а", "аб", "б", "я" };
    (void)state;
    for (size_t i = 0; i + 1 < sizeof signed_values / sizeof *signed_values; i++) {
        struct key a = { 0 }, b = { 0 };
        key_i64(&a, signed_values[i]);
        key_i64(&b, signed_values[i + 1]);
        assert_true(memcmp(a.b, b.b, a.n) < 0);
        struct key_reader reader = key_read(key_bytes(&a));
        assert_true(key_read_i64(&reader) == signed_values[i] && !reader.bad && reader.left == 0);
    }
    for (size_t i = 0; i + 1 < sizeof values / sizeof *values; i++) {
        struct key a = key_of_u64(values[i]), b = key_of_u64(values[i + 1]);
        assert_true(memcmp(a.b, b.b, a.n) < 0);
    }
    for (size_t i = 0; i + 1 < sizeof texts / sizeof *texts; i++) {
        struct key a = { 0 }, b = { 0 };
        key_text(&a, texts[i]);                 /* a text and what follows it never run into one another */
        key_u8(&a, 0xff);
        key_text(&b, texts[i + 1]);
        key_u8(&b, 0);
        assert_true(memcmp(a.b, b.b, a.n < b.n ? a.n : b.n) < 0);
    }
}

static void a_key_that_is_too_short_is_noticed_and_stays_bad(void **state)
{
    struct key key = { 0 };
    (void)state;
    key_u32(&key, 7);
    struct key_reader reader = key_read(key_bytes(&key));
    assert_int_equal(key_read_u64(&reader), 0);
    assert_true(reader.bad);
    assert_int_equal(key_read_u32(&reader), 0);
    reader = key_read(bytes("abc", 3));
    assert_string_equal(key_read_text(&reader), "");
    assert_true(reader.bad);
}

static void put_u64(struct txn *txn, table_t table, uint64_t n)
{
    struct key key = key_of_u64(n);
    txn_put(txn, table, key_bytes(&key), key_bytes(&key));
}

static void the_first_error_sticks_and_nothing_of_the_transaction_stays(void **state)
{
    struct txn txn;
    struct bytes value;
    struct key key = key_of_u64(1);
    txn_begin(&txn, *state, TXN_WRITE);
    put_u64(&txn, T_X, 1);
    txn_fail(&txn, ERR_NEWER);
    txn_fail(&txn, ERR_IO);
    put_u64(&txn, T_X, 2);
    assert_false(txn_get(&txn, T_X, key_bytes(&key), &value));
    assert_int_equal(txn_end(&txn), ERR_NEWER);
    assert_int_equal(txn_end(&txn), ERR_NEWER);
    txn_begin(&txn, *state, TXN_READ);
    assert_int_equal(txn_count(&txn, T_X), 0);
    assert_int_equal(txn_end(&txn), ERR_OK);
    assert_false(store_broken(*state));
}

static uint64_t walk(struct txn *txn, struct bytes prefix, const struct key *from, bool after, bool back, uint64_t *first)
{
    struct scan scan;
    struct bytes key, value;
    uint64_t n = 0;
    scan_begin(&scan, txn, T_X, prefix);
    if (from != NULL && after)
        scan_after(&scan, key_bytes(from));
    else if (from != NULL)
        scan_from(&scan, key_bytes(from));
    if (back)
        scan_backwards(&scan);
    while (scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(value);
        uint64_t found = key_read_u64(&reader);
        if (n++ == 0)
            *first = found;
    }
    scan_end(&scan);
    return n;
}

static void walks_go_both_ways_within_a_prefix(void **state)
{
    struct txn txn;
    static const uint8_t top[7] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, zero[7] = { 0 };
    struct key three = key_of_u64(3), four = key_of_u64(4), hundred = key_of_u64(100);
    uint64_t first = 0;
    txn_begin(&txn, *state, TXN_WRITE);
    for (uint64_t i = 1; i <= 5; i++)
        if (i != 4)
            put_u64(&txn, T_X, i);
    put_u64(&txn, T_X, UINT64_MAX);
    const struct { struct bytes prefix; const struct key *from; bool after, back; uint64_t n, first; } rows[] = {
        { bytes(NULL, 0), NULL,     false, false, 5, 1 }, { bytes(NULL, 0), NULL,     false, true, 5, UINT64_MAX },
        { bytes(zero, 7), NULL,     false, false, 4, 1 }, { bytes(zero, 7), NULL,     false, true, 4, 5 },
        { bytes(top, 7),  NULL,     false, true,  1, UINT64_MAX },
        { bytes(zero, 7), &three,   false, false, 2, 3 }, { bytes(zero, 7), &three,   true,  false, 1, 5 },
        { bytes(zero, 7), &four,    false, false, 1, 5 }, { bytes(zero, 7), &four,    false, true, 3, 3 },
        { bytes(zero, 7), &three,   false, true,  3, 3 }, { bytes(zero, 7), &three,   true,  true, 2, 2 },
        { bytes(zero, 7), &hundred, false, false, 0, 0 }, { bytes(zero, 7), &hundred, false, true, 4, 5 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(walk(&txn, rows[i].prefix, rows[i].from, rows[i].after, rows[i].back, &first), rows[i].n);
        if (rows[i].n > 0)
            assert_true(first == rows[i].first);
    }
    txn_abort(&txn);
}

static void a_full_map_fails_the_transaction_and_not_the_store(void **state)
{
    struct txn txn;
    uint8_t big[2000] = { 1 };
    txn_begin(&txn, *state, TXN_WRITE);
    for (uint64_t i = 1; i < 2000; i++) {
        struct key key = key_of_u64(i);
        txn_put(&txn, T_X, key_bytes(&key), bytes(big, sizeof big));
    }
    assert_int_equal(txn_end(&txn), ERR_FULL);
    txn_begin(&txn, *state, TXN_WRITE);
    put_u64(&txn, T_X, 1);
    assert_int_equal(txn_end(&txn), ERR_OK);
}

static void digests_tell_contents_apart_and_kinds_from_one_another(void **state)
{
    struct hash empty, one, copy;
    struct txn txn;
    assert_int_equal(store_digest(*state, TABLE_STATE, &empty), ERR_OK);
    txn_begin(&txn, *state, TXN_WRITE);
    put_u64(&txn, T_X, 1);
    assert_int_equal(txn_end(&txn), ERR_OK);
    assert_int_equal(store_digest(*state, TABLE_STATE, &one), ERR_OK);
    assert_int_equal(store_digest(*state, TABLE_COPY, &copy), ERR_OK);
    assert_false(hash_equal(&empty, &one));
    txn_begin(&txn, *state, TXN_WRITE);
    struct key key = key_of_u64(1);
    assert_true(txn_delete(&txn, T_X, key_bytes(&key)));
    assert_false(txn_delete(&txn, T_X, key_bytes(&key)));
    assert_int_equal(txn_end(&txn), ERR_OK);
    assert_int_equal(store_digest(*state, TABLE_STATE, &one), ERR_OK);
    assert_true(hash_equal(&empty, &one));
}

static void a_record_that_cannot_be_decoded_is_an_error_not_a_guess(void **state)
{
    struct txn txn;
    struct arena arena = { 0 };
    struct toy_sum sum;
    struct key key = key_of_u64(1);
    txn_begin(&txn, *state, TXN_WRITE);
    txn_put(&txn, T_X, key_bytes(&key), bytes("\xc1", 1));
    assert_false(txn_get_msg(&txn, T_X, key_bytes(&key), &toy_sum_desc, &arena, &sum));
    assert_int_equal(txn_end(&txn), ERR_CORRUPT);
    arena_free(&arena);
}

/* Of two owners, whose ids differ in the last byte; what is too short to hold an id is passed over. */
static void ids_behind_a_prefix_come_from_either_end(void **state)
{
    struct store *store = *state;
    struct uuid owner = { { [0] = 7, [15] = 1 } }, other = { { [0] = 7, [15] = 2 } }, ids[4];
    struct txn txn;
    struct key mine = key_of_uuid(&owner), short_one = mine;

    txn_begin(&txn, store, TXN_WRITE);
    for (uint8_t i = 0; i < 3; i++) {
        struct uuid one = { { [0] = i, [15] = 9 } };
        struct key key = key_of_uuid(&owner), foreign = key_of_uuid(&other);
        key_uuid(&key, &one);
        key_u8(&key, i);                            /* what comes after the id is the caller's */
        key_uuid(&foreign, &one);
        txn_put(&txn, T_X, key_bytes(&key), bytes("", 0));
        txn_put(&txn, T_X, key_bytes(&foreign), bytes("", 0));
    }
    key_u8(&short_one, 1);
    txn_put(&txn, T_X, key_bytes(&short_one), bytes("", 0));
    assert_int_equal(txn_ids(&txn, T_X, key_bytes(&mine), false, ids, 4), 3);
    for (uint8_t i = 0; i < 3; i++)
        assert_int_equal(ids[i].b[0], i);
    assert_int_equal(txn_ids(&txn, T_X, key_bytes(&mine), true, ids, 2), 2);
    assert_true(ids[0].b[0] == 2 && ids[1].b[0] == 1);
    assert_int_equal(txn_end(&txn), ERR_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_sort_as_their_values_do),
        cmocka_unit_test(a_key_that_is_too_short_is_noticed_and_stays_bad),
        TEST(the_first_error_sticks_and_nothing_of_the_transaction_stays),
        TEST(walks_go_both_ways_within_a_prefix),
        TEST(ids_behind_a_prefix_come_from_either_end),
        TEST(a_full_map_fails_the_transaction_and_not_the_store),
        TEST(digests_tell_contents_apart_and_kinds_from_one_another),
        TEST(a_record_that_cannot_be_decoded_is_an_error_not_a_guess),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
