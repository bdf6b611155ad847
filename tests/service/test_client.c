#include "tests/service/nest.h"

#include <signal.h>
#include <stdlib.h>

/* The client's manners towards a daemon that goes and comes back. */

#define MANY 60

struct answers { uint32_t good, other; };

static void each(void *arg, void *tag, const struct client_reply *reply)
{
    struct answers *answers = arg;

    (void)tag;
    if (reply->err == ERR_OK && reply->problem == NULL)
        answers->good++;
    else
        answers->other++;
}

static void say(struct client *client, uint32_t number)
{
    char text[16];
    struct arena arena = { 0 };

    snprintf(text, sizeof text, "%u", number);
    struct parrot_say word = { .text = text, .times = 1 };
    struct client_request request = { .method = "parrot.word.say", .command = uuid_new(), .deadline_ms = 30000,
                                      .body = msg_encode_in(&arena, &parrot_say_desc, &word) };
    assert_int_equal(client_send(client, &request, NULL), ERR_OK);
    arena_free(&arena);
}

static void say_all(struct client *client, uint32_t from)
{
    for (uint32_t i = 0; i < MANY; i++)
        say(client, from + i);
}

static void take_all(struct client *client, struct answers *answers)
{
    while (client_outstanding(client) > 0)
        client_poll(client, 100, each, answers);
}

/* The words of the journal from `from` on, in its order. */
static void check_order(struct nest *nest, uint32_t from)
{
    struct client *client = nest_client(nest, "parrot", "echo");
    struct cursor start = { 0 };
    const char *prefix = "parrot.";
    struct follow wish = { .cursor = &start, .entries = 1000, .bytes = 1 << 20, .prefixes = { 1, &prefix } };
    struct arena arena = { 0 };
    uint32_t seen = 0;

    assert_int_equal(client_follow(client, "parrot", &wish), ERR_OK);
    while (seen < from + MANY) {
        struct client_entries entries;
        const struct problem *problem = NULL;
        assert_int_equal(client_entries(client, 10000, &arena, &entries, &problem), ERR_OK);
        for (uint32_t i = 0; i < entries.n; i++) {
            struct entry entry;
            struct parrot_said said;
            struct msg_error error;
            assert_int_equal(msg_decode(&entry_desc, entries.list[i].stored, MSG_LENIENT, &arena, &entry, &error), ERR_OK);
            assert_int_equal(msg_decode(&parrot_said_desc, entry.body, MSG_LENIENT, &arena, &said, &error), ERR_OK);
            assert_int_equal(strtoul(said.text, NULL, 10), seen++);
        }
        client_committed(client);
    }
    client_close(&client);
    arena_free(&arena);
}

/* What was sent while nobody was there is sent again, more than once: in the order of sending. The first round turns
 * the order of the client's slots around. */
static void resends_in_order(void **state)
{
    struct nest nest;
    struct answers answers = { 0 };

    (void)state;
    nest_open(&nest, false);
    nest.parrot = nest_start(&nest, "parrotd");
    struct key_pair key = nest_key(&nest, "node"), server = nest_key(&nest, "parrot");
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    nest_endpoint(&nest, "parrot", endpoint);
    struct client_options options = { .endpoint = endpoint, .key = key, .window = MANY, .retry_ms = 150 };
    snprintf(options.server_key, sizeof options.server_key, "%s", server.public_key);
    struct client *client = NULL;
    assert_int_equal(client_open(&client, &options), ERR_OK);
    say_all(client, 0);
    take_all(client, &answers);
    assert_int_equal(answers.good, MANY);

    assert_int_equal(nest_stop(nest.parrot, SIGKILL), -SIGKILL);
    say_all(client, MANY);
    for (int i = 0; i < 10; i++)            /* long enough for a few tries */
        client_poll(client, 50, each, &answers);
    nest.parrot = nest_start(&nest, "parrotd");
    take_all(client, &answers);
    assert_int_equal(answers.good, 2 * MANY);
    assert_int_equal(answers.other, 0);
    check_order(&nest, MANY);
    client_close(&client);
    nest_close(&nest);
}

/* A port that was any free one is the same again after a restart: who was connected is served. */
static void finds_again(void **state)
{
    struct nest nest;
    char before[WIRE_ENDPOINT_MAX + 1], after[WIRE_ENDPOINT_MAX + 1];
    struct answers answers = { 0 };

    (void)state;
    nest_open(&nest, true);
    nest.parrot = nest_start(&nest, "parrotd");
    nest_endpoint(&nest, "parrot", before);
    struct client *client = nest_client(&nest, "parrot", "node");
    say(client, 0);
    take_all(client, &answers);
    assert_int_equal(nest_stop(nest.parrot, SIGKILL), -SIGKILL);
    say(client, 1);
    nest.parrot = nest_start(&nest, "parrotd");
    nest_endpoint(&nest, "parrot", after);
    assert_string_equal(before, after);
    take_all(client, &answers);
    assert_int_equal(answers.good, 2);
    client_close(&client);
    nest_close(&nest);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(resends_in_order), cmocka_unit_test(finds_again) };

    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
