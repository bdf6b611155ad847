#include "tests/unit/toy.h"

/* The chain that notices any change, and feeding: whole groups, scope, credit, forks. */

struct rig { char *dir; struct store *store; struct meta meta; struct journal_head head; struct arena arena; };

static const struct uuid NORTH = { { 1 } }, SOUTH = { { 2 } };

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    rig->dir = toy_dir();
    struct store_options options = { .dir = rig->dir, .map_size = (size_t)16 << 20 };
    assert_int_equal(store_open(&rig->store, &options), ERR_OK);
    rig->meta = (struct meta){ .service = "test", .journal = uuid_new(), .incarnation = uuid_new(), .epoch = 1,
                               .reader_min = 1, .ask_key = bytes(rig->dir, 0) };
    static const uint8_t key[32];
    rig->meta.ask_key = bytes(key, sizeof key);
    struct txn txn;
    txn_begin(&txn, rig->store, TXN_WRITE);
    journal_meta_put(&txn, &rig->meta);
    assert_int_equal(txn_end(&txn), ERR_OK);
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    store_close(&rig->store);
    toy_remove(rig->dir);
    arena_free(&rig->arena);
    free(rig);
    return 0;
}

/* One group of `size` entries. */
static void append(struct rig *rig, uint32_t size, const char *event, const struct uuid *scope, uint32_t scopes)
{
    struct txn txn;
    struct entry_cause cause = { .command = uuid_new() };
    uint64_t group = rig->head.number + 1;
    txn_begin(&txn, rig->store, TXN_WRITE);
    for (uint32_t i = 0; i < size; i++) {
        struct entry entry = { .number = rig->head.number + 1, .group = group, .last = i + 1 == size, .moment = 1000000,
                               .made_at = 2000000, .event = event, .version = 1, .who = SOUTH, .cause = &cause,
                               .scope = { scopes, (struct uuid *)(uintptr_t)scope }, .body = bytes("\x80", 1) };
        journal_append(&txn, &rig->head, &rig->meta.journal, &entry);
    }
    assert_int_equal(txn_end(&txn), ERR_OK);
}

static void every_flipped_bit_of_the_journal_is_noticed(void **state)
{
    struct rig *rig = *state;
    uint64_t checked, bad;
    const char *why;
    for (int i = 0; i < 3; i++)
        append(rig, 2, "a.b.c", NULL, 0);
    assert_int_equal(journal_verify(rig->store, &checked, &bad, &why), ERR_OK);
    assert_int_equal(checked, 6);
    for (uint64_t number = 1; number <= 6; number++) {
        struct key key = key_of_u64(number);
        struct bytes value;
        struct txn txn;
        uint8_t copy[600];
        txn_begin(&txn, rig->store, TXN_READ);
        assert_true(txn_get(&txn, TABLE_ENTRIES, key_bytes(&key), &value));
        size_t n = value.n;
        memcpy(copy, value.at, n);
        txn_end(&txn);
        for (size_t bit = 0; bit < n * 8; bit += 3) {
            copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
            txn_begin(&txn, rig->store, TXN_WRITE);
            txn_put(&txn, TABLE_ENTRIES, key_bytes(&key), bytes(copy, n));
            assert_int_equal(txn_end(&txn), ERR_OK);
            assert_int_equal(journal_verify(rig->store, &checked, &bad, &why), ERR_CORRUPT);
            assert_true(bad == number || bad == number + 1);
            copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        txn_begin(&txn, rig->store, TXN_WRITE);
        txn_put(&txn, TABLE_ENTRIES, key_bytes(&key), bytes(copy, n));
        assert_int_equal(txn_end(&txn), ERR_OK);
    }
    assert_int_equal(journal_verify(rig->store, &checked, &bad, &why), ERR_OK);
}

static void a_missing_entry_is_a_gap(void **state)
{
    struct rig *rig = *state;
    uint64_t checked, bad;
    const char *why;
    struct txn txn;
    struct key key = key_of_u64(2);
    for (int i = 0; i < 3; i++)
        append(rig, 1, "a.b.c", NULL, 0);
    txn_begin(&txn, rig->store, TXN_WRITE);
    txn_delete(&txn, TABLE_ENTRIES, key_bytes(&key));
    txn_end(&txn);
    assert_int_equal(journal_verify(rig->store, &checked, &bad, &why), ERR_CORRUPT);
    assert_string_equal(why, "gap");
    assert_int_equal(bad, 3);
}

struct fed_out { uint64_t n, examined; bool at_head; int err; };

static struct fed_out feed(struct rig *rig, struct cursor *cursor, const struct reach *reach, const char *prefix,
                           uint64_t entries, uint64_t limit)
{
    struct feed_wish wish = { .cursor = *cursor, .prefixes = &prefix, .prefix_count = prefix != NULL, .reach = *reach,
                              .entries = entries, .bytes = limit };
    struct feed_result result = { 0 };
    struct buf out = { 0 };
    struct entries message;
    struct fed_out fed = { .err = feed_next(rig->store, &rig->meta, &wish, &rig->arena, &out, &result) };
    if (fed.err == ERR_OK) {
        toy_decode(&entries_desc, buf_bytes(&out), &message, &rig->arena);
        assert_int_equal(message.list.n, result.sent);
        assert_true(message.examined->number == result.cursor.number);
        fed.n = result.sent;
        fed.examined = result.cursor.number;
        fed.at_head = result.at_head;
        *cursor = result.cursor;
        cursor->hash = arena_bytes(&rig->arena, result.cursor.hash);
    }
    buf_free(&out);
    return fed;
}

static const struct reach ALL = { .all = true };

static void a_follower_sees_what_is_public_and_what_is_his(void **state)
{
    struct rig *rig = *state;
    struct uuid both[2] = { NORTH, SOUTH };
    struct reach north = { .n = 1, .id = { NORTH } }, nobody = { 0 };
    append(rig, 1, "a.public.done", NULL, 0);
    append(rig, 1, "a.north.done", &NORTH, 1);
    append(rig, 1, "a.south.done", &SOUTH, 1);
    append(rig, 1, "b.both.done", both, 2);
    const struct { const struct reach *reach; const char *prefix; uint64_t n; } rows[] = {
        { &ALL, NULL, 4 }, { &north, NULL, 3 }, { &nobody, NULL, 1 }, { &ALL, "a.", 3 }, { &north, "b.", 1 }, { &ALL, "c", 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cursor cursor = cursor_start();
        struct fed_out fed = feed(rig, &cursor, rows[i].reach, rows[i].prefix, 100, 100000);
        assert_int_equal(fed.n, rows[i].n);
        assert_int_equal(fed.examined, 4);          /* the cursor moves over what was not for him */
        assert_true(fed.at_head);
    }
}

static void groups_are_never_split_whatever_the_credit(void **state)
{
    struct rig *rig = *state;
    static const uint32_t sizes[] = { 1, 3, 2, 5, 1 };
    for (size_t i = 0; i < 5; i++)
        append(rig, sizes[i], "a.b.c", NULL, 0);
    for (uint64_t credit = 5; credit < 12; credit++) {
        struct cursor cursor = cursor_start();
        uint64_t seen = 0;
        for (int step = 0; step < 12; step++) {
            struct fed_out fed = feed(rig, &cursor, &ALL, NULL, credit, 100000);
            seen += fed.n;
            assert_true(fed.examined == 0 || fed.examined == 1 || fed.examined == 4 || fed.examined == 6 ||
                        fed.examined == 11 || fed.examined == 12);
            assert_true(fed.n <= credit);
        }
        assert_int_equal(seen, 12);
    }
    struct cursor cursor = cursor_start();
    feed(rig, &cursor, &ALL, NULL, 1, 100000);
    assert_int_equal(feed(rig, &cursor, &ALL, NULL, 2, 100000).n, 0);     /* less credit than the group: it waits */
    assert_int_equal(feed(rig, &cursor, &ALL, NULL, 3, 10).n, 0);
}

static void a_cursor_of_another_history_is_a_fork(void **state)
{
    struct rig *rig = *state;
    for (int i = 0; i < 4; i++)
        append(rig, 1, "a.b.c", NULL, 0);
    struct cursor good = cursor_start(), cursor;
    uint8_t wrong[HASH_SIZE] = { 9 };
    feed(rig, &good, &ALL, NULL, 2, 100000);
    cursor = good;
    assert_int_equal(feed(rig, &cursor, &ALL, NULL, 9, 100000).err, ERR_OK);
    cursor = good;
    cursor.hash = bytes(wrong, sizeof wrong);
    assert_int_equal(feed(rig, &cursor, &ALL, NULL, 9, 100000).err, ERR_FORK);
    cursor = good;
    cursor.number = 40;
    assert_int_equal(feed(rig, &cursor, &ALL, NULL, 9, 100000).err, ERR_FORK);
    cursor = good;
    cursor.journal = NORTH;
    assert_int_equal(feed(rig, &cursor, &ALL, NULL, 9, 100000).err, ERR_FORK);
    cursor = good;
    cursor.incarnation = NORTH;                     /* restored, but not before this place: no fork */
    assert_int_equal(feed(rig, &cursor, &ALL, NULL, 9, 100000).err, ERR_OK);
}

static void verdicts_are_found_and_trimmed_by_age(void **state)
{
    struct rig *rig = *state;
    struct txn txn;
    uint64_t number = 0;
    uint8_t random[10] = { 0 };
    struct uuid old = uuid_v7(1000, random), young = uuid_v7(9000, random);
    txn_begin(&txn, rig->store, TXN_WRITE);
    verdict_keep(&txn, &old, &NORTH, 11);
    verdict_keep(&txn, &young, &NORTH, 12);
    assert_true(verdict_find(&txn, &old, &NORTH, &number));
    assert_int_equal(number, 11);
    assert_false(verdict_find(&txn, &old, &SOUTH, &number));
    verdict_trim(&txn, 5000 * MOMENT_MS, 8);
    assert_false(verdict_find(&txn, &old, &NORTH, &number));
    assert_true(verdict_find(&txn, &young, &NORTH, &number));
    assert_int_equal(txn_end(&txn), ERR_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_flipped_bit_of_the_journal_is_noticed),
        TEST(a_missing_entry_is_a_gap),
        TEST(a_follower_sees_what_is_public_and_what_is_his),
        TEST(groups_are_never_split_whatever_the_credit),
        TEST(a_cursor_of_another_history_is_a_fork),
        TEST(verdicts_are_found_and_trimmed_by_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
