/* The journal of a real daemon, followed over its sockets: credit, resuming, scopes, forks, crashes. */
#include <signal.h>

#include "tests/service/nest.h"

static struct nest nest;

/* Takes entries until `until` is examined; returns how many came. */
static uint64_t follow_until(struct client *client, uint64_t until, struct cursor *cursor, uint8_t hash[HASH_SIZE])
{
    uint64_t seen = 0;

    for (int idle = 0; cursor->number < until && idle < 50;) {
        struct arena arena = { 0 };
        struct client_entries entries;
        const struct problem *problem;
        if (client_entries(client, 200, &arena, &entries, &problem) == ERR_OK) {
            seen += entries.n;
            *cursor = entries.examined;
            memcpy(hash, entries.examined.hash.at, entries.examined.hash.n);
            cursor->hash.at = hash;
            client_committed(client);
        } else
            idle++;
        assert_null(problem);
        arena_free(&arena);
    }
    return seen;
}

static void a_follower_gets_all_within_its_credit_and_resumes_where_it_was(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "node");
    struct cursor cursor = cursor_start(), none = cursor_start();
    struct follow wish = { .cursor = &none, .entries = 10, .bytes = 100000 };
    uint8_t hash[HASH_SIZE];
    (void)state;

    nest_say_many(&nest, 40, 3);
    assert_int_equal(client_follow(client, "parrot", &wish), ERR_OK);
    assert_int_equal(follow_until(client, 120, &cursor, hash), 120);
    client_close(&client);

    nest_say_many(&nest, 10, 3);
    client = nest_client(&nest, "parrot", "node");
    wish.cursor = &cursor;
    assert_int_equal(client_follow(client, "parrot", &wish), ERR_OK);
    assert_int_equal(follow_until(client, 150, &cursor, hash), 30);
    client_close(&client);
}

static void a_group_larger_than_the_credit_still_comes(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "node");
    struct cursor cursor = cursor_start(), none = cursor_start();
    const struct follow wish = { .cursor = &none, .entries = 1, .bytes = 1 };
    uint8_t hash[HASH_SIZE];
    (void)state;

    nest_say_many(&nest, 3, 200);
    assert_int_equal(client_follow(client, "parrot", &wish), ERR_OK);
    assert_int_equal(follow_until(client, 600, &cursor, hash), 600);
    client_close(&client);
}

static void without_credit_nothing_comes(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "node");
    struct cursor none = cursor_start();
    const struct follow wish = { .cursor = &none, .entries = 20, .bytes = 100000 };
    struct client_entries entries;
    const struct problem *problem;
    struct arena arena = { 0 };
    uint64_t seen = 0;
    (void)state;

    nest_say_many(&nest, 50, 2);
    assert_int_equal(client_follow(client, "parrot", &wish), ERR_OK);
    while (client_entries(client, 700, &arena, &entries, &problem) == ERR_OK)
        seen += entries.n;
    assert_int_equal(seen, 20);
    client_close(&client);
    arena_free(&arena);
}

/* What that follower gets of these words, said by somebody else. */
static uint64_t heard_of(const char *follower, const struct parrot_say *const *words, uint32_t n)
{
    struct client *client = nest_client(&nest, "parrot", "node"), *listener = nest_client(&nest, "parrot", follower);
    struct cursor cursor = cursor_start(), none = cursor_start();
    const struct follow wish = { .cursor = &none, .entries = 1000, .bytes = 100000 };
    struct arena arena = { 0 };
    struct client_reply reply;
    uint8_t hash[HASH_SIZE];

    for (uint32_t i = 0; i < n; i++) {
        const struct client_request request = { .method = "parrot.word.say", .command = uuid_new(),
                                                .body = msg_encode_in(&arena, &parrot_say_desc, words[i]) };
        assert_int_equal(client_call(client, &request, &arena, &reply), ERR_OK);
    }
    assert_int_equal(client_follow(listener, "parrot", &wish), ERR_OK);
    uint64_t seen = follow_until(listener, n, &cursor, hash);
    client_close(&client);
    client_close(&listener);
    arena_free(&arena);
    return seen;
}

static void a_follower_sees_what_is_public_or_its_own(void **state)
{
    const struct parrot_say own = { .text = "own", .scope = NEST_SCOPE },
                            other = { .text = "other", .scope = { { 9 } } }, open = { .text = "open" };
    const struct parrot_say *all[] = { &own, &other, &open };
    (void)state;
    assert_int_equal(heard_of("clerk", all, COUNT(all)), 2);
}

/* Reach over everything gives a role nothing of a journal that is open to it in its public part alone. */
static void a_role_that_may_follow_what_is_public_gets_nothing_else(void **state)
{
    const struct parrot_say own = { .text = "own", .scope = NEST_SCOPE }, open = { .text = "open" };
    const struct parrot_say *all[] = { &own, &open, &own };
    (void)state;
    assert_int_equal(heard_of("console", all, COUNT(all)), 1);
}

static void a_cursor_of_another_history_is_a_fork_and_an_operator_may_not_follow(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "node");
    uint8_t hash[HASH_SIZE] = { 1 };
    struct cursor cursor = { .number = 1, .hash = { hash, sizeof hash } };
    const struct follow wish = { .cursor = &cursor, .entries = 10, .bytes = 100000 };
    struct client_entries entries;
    const struct problem *problem;
    struct arena arena = { 0 };
    (void)state;

    nest_say_many(&nest, 1, 1);
    assert_int_equal(client_follow(client, "parrot", &wish), ERR_OK);
    assert_int_equal(client_entries(client, 5000, &arena, &entries, &problem), ERR_FORK);
    assert_int_equal(problem->code, PROBLEM_FORK);
    client_close(&client);
    client = nest_client(&nest, "parrot", "operator");
    assert_int_equal(client_follow(client, "parrot", &wish), ERR_OK);
    assert_int_equal(client_entries(client, 5000, &arena, &entries, &problem), ERR_DENIED);
    client_close(&client);
    arena_free(&arena);
}

static void wait_for_echo(uint64_t wanted)
{
    struct client *client = nest_client(&nest, "echo", "node");
    uint64_t count = 0;

    for (int i = 0; i < 200 && count != wanted; i++) {
        count = nest_count(client, "echo.word.count");
        nest_sleep(50);
    }
    assert_int_equal(count, wanted);
    client_close(&client);
}

static void a_service_follows_another_through_stops_and_crashes(void **state)
{
    (void)state;
    nest.echo = nest_start(&nest, "echod");
    wait_for_echo(nest_say_many(&nest, 20, 5));
    assert_int_equal(nest_stop(nest.parrot, SIGKILL), -SIGKILL);
    nest.parrot = nest_start(&nest, "parrotd");
    wait_for_echo(nest_say_many(&nest, 20, 5));
    assert_int_equal(nest_stop(nest.echo, SIGKILL), -SIGKILL);
    uint64_t count = nest_say_many(&nest, 20, 5);
    nest.echo = nest_start(&nest, "echod");
    wait_for_echo(count);
}

#define IPC(test) cmocka_unit_test_prestate_setup_teardown(test, nest_set_up_ipc, nest_tear_down, &nest)
#define TCP(test) cmocka_unit_test_prestate_setup_teardown(test, nest_set_up_tcp, nest_tear_down, &nest)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IPC(a_follower_gets_all_within_its_credit_and_resumes_where_it_was),
        IPC(a_group_larger_than_the_credit_still_comes),
        IPC(without_credit_nothing_comes),
        IPC(a_follower_sees_what_is_public_or_its_own),
        IPC(a_role_that_may_follow_what_is_public_gets_nothing_else),
        IPC(a_cursor_of_another_history_is_a_fork_and_an_operator_may_not_follow),
        TCP(a_service_follows_another_through_stops_and_crashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
