#include "tests/service/nest.h"

#include <signal.h>

/* Many followers of one journal: a stalled one holds up nobody, fifty catch up, one that was away resumes. */

#define FOLLOWERS 50
#define GROUPS    2000
#define TIMES     5
#define ENTRIES   (GROUPS * TIMES)

static struct nest nest;

struct follower {
    struct client *client;
    struct cursor cursor;
    uint8_t hash[HASH_SIZE];
    uint64_t seen, last_number;
    bool in_order;
};

static int set_up(void **state)
{
    (void)state;
    nest_open(&nest, false);
    nest.parrot = nest_start(&nest, "parrotd");
    nest_say_many(&nest, GROUPS, TIMES);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    nest_close(&nest);
    return 0;
}

/* Principals have a bound on their followers, so the fifty speak as several. */
static void follow_from(struct follower *f, const char *name, uint64_t entries)
{
    struct follow wish = { .cursor = &f->cursor, .entries = entries, .bytes = 1 << 20 };
    f->client = nest_client(&nest, "parrot", name);
    f->in_order = true;
    assert_int_equal(client_follow(f->client, "parrot", &wish), ERR_OK);
}

/* Takes what has come, if it has; gives credit back when `commits`. */
static void take(struct follower *f, int wait_ms, bool commits)
{
    struct arena arena = { 0 };
    struct client_entries entries;
    const struct problem *problem = NULL;
    if (client_entries(f->client, wait_ms, &arena, &entries, &problem) == ERR_OK) {
        for (uint32_t i = 0; i < entries.n; i++) {
            struct entry entry;
            struct msg_error error;
            assert_int_equal(msg_decode(&entry_desc, entries.list[i].stored, MSG_LENIENT, &arena, &entry, &error), ERR_OK);
            f->in_order = f->in_order && entry.number == f->last_number + 1;
            f->last_number = entry.number;
        }
        f->seen += entries.n;
        f->cursor = entries.examined;
        memcpy(f->hash, entries.examined.hash.at, entries.examined.hash.n);
        f->cursor.hash = bytes(f->hash, entries.examined.hash.n);
        if (commits)
            client_committed(f->client);
    }
    assert_null(problem);
    arena_free(&arena);
}

static void reach_head(struct follower *followers, size_t n, uint64_t head)
{
    bool all = false;
    for (int round = 0; !all && round < 20000; round++) {
        all = true;
        for (size_t i = 0; i < n; i++)
            if (followers[i].cursor.number < head) {
                take(&followers[i], 1, true);
                all = false;
            }
    }
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(followers[i].cursor.number, head);
        assert_true(followers[i].in_order);
    }
}

static void the_others_reach_the_head_while_a_stalled_one_has_not_moved(void **state)
{
    struct follower stalled = { 0 }, others[5] = { 0 };
    (void)state;
    follow_from(&stalled, "node", 10);
    take(&stalled, 5000, false);                    /* it takes its ten, and never says so */
    assert_true(stalled.seen > 0 && stalled.seen <= 10);
    uint64_t stood = stalled.cursor.number;
    for (size_t i = 0; i < 5; i++)
        follow_from(&others[i], "echo", 500);
    reach_head(others, 5, ENTRIES);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(others[i].seen, ENTRIES);
    take(&stalled, 300, false);
    assert_int_equal(stalled.cursor.number, stood); /* without credit nothing more has come */
    client_committed(stalled.client);               /* and once it goes on, it gets the rest */
    while (stalled.cursor.number < ENTRIES && stalled.in_order)
        take(&stalled, 5000, true);
    assert_int_equal(stalled.seen, ENTRIES);
    client_close(&stalled.client);
    for (size_t i = 0; i < 5; i++)
        client_close(&others[i].client);
}

static void fifty_followers_catch_up_while_commands_go_on(void **state)
{
    static struct follower followers[FOLLOWERS];
    static const char *const names[] = { "node", "echo" };
    struct client *client = nest_client(&nest, "parrot", "console");
    char reason[61];
    (void)state;
    for (size_t i = 0; i < FOLLOWERS; i++)
        follow_from(&followers[i], names[i % 2], 1000);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(nest_say(client, "слово", 1, uuid_new(), NULL, NULL, reason), ERR_OK);
        for (size_t k = 0; k < FOLLOWERS; k++)
            take(&followers[k], 0, true);
    }
    reach_head(followers, FOLLOWERS, ENTRIES + 100);
    for (size_t i = 0; i < FOLLOWERS; i++) {
        assert_int_equal(followers[i].seen, ENTRIES + 100);
        client_close(&followers[i].client);
    }
    client_close(&client);
}

static void one_that_was_away_resumes_where_it_was(void **state)
{
    struct follower f = { 0 };
    (void)state;
    follow_from(&f, "node", 100);
    while (f.cursor.number < 700)
        take(&f, 5000, true);
    client_close(&f.client);
    uint64_t seen = f.seen;
    assert_int_equal(nest_stop(nest.parrot, SIGKILL), -SIGKILL);     /* and the source went down meanwhile */
    nest.parrot = nest_start(&nest, "parrotd");
    nest_say_many(&nest, 20, TIMES);
    follow_from(&f, "node", 100);
    reach_head(&f, 1, ENTRIES + 100 + 20 * TIMES);
    assert_true(f.seen > seen);
    assert_int_equal(f.seen, ENTRIES + 100 + 20 * TIMES);            /* none twice, none left out */
    client_close(&f.client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_others_reach_the_head_while_a_stalled_one_has_not_moved),
        cmocka_unit_test(fifty_followers_catch_up_while_commands_go_on),
        cmocka_unit_test(one_that_was_away_resumes_where_it_was),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
