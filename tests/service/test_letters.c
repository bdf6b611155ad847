/* Letters and chains at a real daemon: a request that somebody carried in is the sender's own. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/net/letters.h"
#include "common/service/system_methods.h"
#include "tests/service/nest.h"

static struct nest nest;
static struct arena arena;
static struct client *carrier;

static int set_up(void **state)
{
    (void)state;
    nest_open(&nest, false);
    nest.parrot = nest_start(&nest, "parrotd");
    carrier = nest_client(&nest, "parrot", "operator");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&carrier);
    nest_close(&nest);
    arena_free(&arena);
    return 0;
}

static struct letter_key key_of(const struct key_pair *pair)
{
    struct key_pair server = nest_key(&nest, "parrot");
    struct letter_key key;
    assert_int_equal(letter_key(&key, server.public_key, pair->secret_key), ERR_OK);
    return key;
}

/* What the carrier hears ("": brought, and `answer` is opened by the sender) of a letter as it is. */
static const char *bring(struct client *by, const struct uuid *principal, const struct envelope *sealed,
                         const struct letter_key *key, struct letter_answer *answer)
{
    const struct client_request request = { .method = "parrot.letter.deliver", .deadline_ms = 3000 };
    const struct letter_deliver deliver = { *principal, sealed->nonce, sealed->box };
    struct letter_delivered delivered;
    struct client_reply reply;
    assert_int_equal(client_ask(by, &request, &letter_deliver_desc, &deliver, &letter_delivered_desc, &delivered, &arena, &reply), ERR_OK);
    if (reply.problem != NULL)
        return reply.problem->reason;
    const struct envelope back = { delivered.nonce, delivered.box };
    assert_int_equal(letter_answer_open(key, &back, &arena, answer), ERR_OK);
    assert_int_equal(answer->outcome, delivered.outcome);
    return "";
}

static const char *reason_of(const struct letter_answer *answer)
{
    struct problem *problem = ARENA_NEW(&arena, struct problem);
    struct msg_error error;
    if (answer->outcome == LETTER_REPLY)
        return "";
    assert_int_equal(msg_decode(&problem_desc, answer->body, MSG_LENIENT, &arena, problem, &error), ERR_OK);
    return problem->reason;
}

static struct letter saying(const char *text, struct uuid command, struct uuid lane, struct uuid previous)
{
    const struct parrot_say say = { .text = text };
    return (struct letter){ .service = "parrot", .method = "parrot.word.say", .command = command, .lane = lane,
                            .previous = previous, .body = msg_encode_in(&arena, &parrot_say_desc, &say) };
}

/* Sealed by a pair, brought by the operator: the carrier's refusal, or what the sender reads. */
static const char *post(const struct key_pair *pair, const struct letter *letter, struct letter_answer *answer)
{
    struct letter_key key = key_of(pair);
    struct envelope sealed;
    assert_int_equal(letter_seal(&key, letter, &arena, &sealed), ERR_OK);
    const char *refused = bring(carrier, &pair->id, &sealed, &key, answer);
    return *refused != '\0' ? refused : reason_of(answer);
}

static void a_letter_is_the_senders_own_request_and_has_one_answer(void **state)
{
    struct key_pair node = nest_key(&nest, "node"), clerk = nest_key(&nest, "clerk");
    struct uuid id = uuid_new(), lane = uuid_new();
    struct letter letter = saying("hello", id, lane, UUID_NIL);
    struct letter_answer first, again;
    struct parrot_count count;
    struct msg_error error;
    (void)state;

    assert_string_equal(post(&node, &letter, &first), "");
    assert_int_equal(msg_decode(&parrot_count_desc, first.body, MSG_LENIENT, &arena, &count, &error), ERR_OK);
    assert_int_equal(count.count, 1);
    assert_true(uuid_equal(&first.command, &id));
    assert_non_null(first.position);
    assert_string_equal(post(&node, &letter, &again), "");                  /* the stick comes twice */
    assert_true(bytes_equal(first.body, again.body));
    assert_int_equal(first.position->number, again.position->number);
    struct client *direct = nest_client(&nest, "parrot", "node");           /* and then the link is back */
    uint64_t said;
    char reason[61];
    assert_int_equal(nest_say(direct, "hello", 0, id, &said, NULL, reason), ERR_OK);
    assert_int_equal(said, 1);
    assert_int_equal(nest_count(direct, "parrot.word.count"), 1);
    /* Refusals are sealed for the sender too; a chain goes on whatever way its commands come. */
    struct uuid second = uuid_new(), third = uuid_new();
    letter = saying("no", second, lane, id);
    assert_string_equal(post(&node, &letter, &first), "will_not");
    letter = saying("again", third, lane, second);
    const struct client_request request = { .method = "parrot.word.say", .command = third, .lane = lane, .previous = second,
                                            .body = letter.body };
    struct client_reply reply;
    assert_int_equal(client_call(direct, &request, &arena, &reply), ERR_OK);
    assert_null(reply.problem);
    letter = saying("a copy", uuid_new(), lane, id);
    assert_string_equal(post(&node, &letter, &first), "second_copy");
    letter = saying("early", uuid_new(), lane, uuid_new());
    assert_string_equal(post(&node, &letter, &first), "predecessor_missing");   /* the carrier hears it: he comes again */
    client_close(&direct);
    /* The journal says who it was. */
    letter = saying("scoped", uuid_new(), UUID_NIL, UUID_NIL);
    assert_string_equal(post(&clerk, &letter, &first), "");
    assert_int_equal(nest_count(carrier, "parrot.word.count"), 3);
}

static void what_is_not_a_living_senders_letter_is_not_read(void **state)
{
    struct key_pair node = nest_key(&nest, "node"), stranger = nest_key(&nest, "stranger"), clerk = nest_key(&nest, "clerk");
    struct letter letter = saying("hello", uuid_new(), UUID_NIL, UUID_NIL);
    struct letter_key key = key_of(&node);
    struct letter_answer answer;
    struct envelope sealed;
    struct uuid nobody = uuid_new();
    char says[400];
    (void)state;

    assert_string_equal(post(&stranger, &letter, &answer), "letter_unreadable");
    assert_int_equal(letter_seal(&key, &letter, &arena, &sealed), ERR_OK);
    assert_string_equal(bring(carrier, &clerk.id, &sealed, &key, &answer), "letter_unreadable");    /* in another's name */
    assert_string_equal(bring(carrier, &nobody, &sealed, &key, &answer), "letter_unreadable");
    struct envelope cut = { sealed.nonce, bytes(sealed.box.at, sealed.box.n - 1) };
    assert_string_equal(bring(carrier, &node.id, &cut, &key, &answer), "letter_unreadable");
    cut.box.n = LETTER_TAG;
    assert_string_equal(bring(carrier, &node.id, &cut, &key, &answer), "letter_unreadable");
    const struct client_request empty = { .method = "parrot.letter.deliver" };
    struct client_reply reply;
    assert_int_equal(client_call(carrier, &empty, &arena, &reply), ERR_OK);
    assert_string_equal(reply.problem->reason, "malformed");
    letter.service = "echo";
    assert_string_equal(post(&node, &letter, &answer), "letter_elsewhere");
    struct client *other = nest_client(&nest, "parrot", "node");                                    /* may not carry */
    assert_string_equal(bring(other, &node.id, &sealed, &key, &answer), "role");
    client_close(&other);
    assert_int_equal(nest_count(carrier, "parrot.word.count"), 0);

    /* Rotated: both keys speak for him; revoked: neither. */
    struct key_pair fresh;
    letter = saying("with the old key", uuid_new(), UUID_NIL, UUID_NIL);
    assert_int_equal(key_rotate(nest.keys, "node", &fresh, says), ERR_OK);
    assert_int_equal(principals_rotate(nest.keys, &fresh, says), ERR_OK);
    for (int tries = 0; strcmp(post(&fresh, &letter, &answer), "letter_unreadable") == 0 && tries < 500; tries++)
        usleep(10000);                      /* the daemon reads the table when it sees that it has changed */
    assert_string_equal(post(&fresh, &letter, &answer), "");
    assert_string_equal(post(&node, &letter, &answer), "");
    assert_int_equal(principals_revoke_key(nest.keys, node.public_key, says), ERR_OK);
    for (int tries = 0; strcmp(post(&node, &letter, &answer), "letter_unreadable") != 0 && tries < 500; tries++)
        usleep(10000);
    assert_string_equal(post(&node, &letter, &answer), "letter_unreadable");
    assert_string_equal(post(&fresh, &letter, &answer), "");
    assert_int_equal(nest_count(carrier, "parrot.word.count"), 1);
}

static void a_letter_may_what_its_sender_may_and_no_more(void **state)
{
    struct key_pair node = nest_key(&nest, "node"), operator = nest_key(&nest, "operator");
    struct letter letter = saying("hello", uuid_new(), UUID_NIL, UUID_NIL);
    struct letter_answer answer;
    (void)state;

    assert_string_equal(post(&operator, &letter, &answer), "role");         /* operators say nothing … */
    letter = (struct letter){ .service = "parrot", .method = "parrot.word.count" };
    assert_string_equal(post(&operator, &letter, &answer), "");             /* … but may ask */
    letter.method = "parrot.no.such";
    assert_string_equal(post(&node, &letter, &answer), "unknown_method");
    letter.method = "parrot.store.backup";
    assert_string_equal(post(&node, &letter, &answer), "role");
    assert_string_equal(post(&operator, &letter, &answer), "not_by_letter");
    letter.method = "parrot.letter.deliver";
    assert_string_equal(post(&operator, &letter, &answer), "not_by_letter");
    letter = saying("no id", UUID_NIL, UUID_NIL, UUID_NIL);
    assert_string_equal(post(&node, &letter, &answer), "no_command_id");
    letter = saying("for whom", uuid_new(), UUID_NIL, UUID_NIL);
    letter.actor = uuid_new();
    assert_string_equal(post(&node, &letter, &answer), "actor");
    letter = saying("what", uuid_new(), UUID_NIL, UUID_NIL);
    letter.body = bytes("\x81\xa1x\x01", 4);
    assert_string_equal(post(&node, &letter, &answer), "message");
    assert_int_equal(nest_count(carrier, "parrot.word.count"), 0);
}

static void a_copy_tells_by_letter_what_it_holds_and_an_operator_takes_it(void **state)
{
    struct key_pair node = nest_key(&nest, "node");
    struct uuid lane = uuid_new(), held = uuid_new(), one = uuid_new(), two = uuid_new();
    struct sender_hold hold = { .lane = held, .last = two, .count = 2 };
    struct letter letter = saying("live", uuid_new(), lane, UUID_NIL);
    struct letter_answer answer;
    struct client_reply reply;
    struct service_status status;
    struct nothing none = { 0 };
    (void)state;

    assert_string_equal(post(&node, &letter, &answer), "");
    letter = saying("one", one, held, UUID_NIL);
    assert_string_equal(post(&node, &letter, &answer), "second_copy");
    letter = (struct letter){ .service = "parrot", .method = "parrot.sender.hold", .command = uuid_new(),
                              .body = msg_encode_in(&arena, &sender_hold_desc, &hold) };
    assert_string_equal(post(&node, &letter, &answer), "");
    struct client_request request = { .method = "parrot.service.status" };
    assert_int_equal(client_ask(carrier, &request, &nothing_desc, &none, &service_status_desc, &status, &arena, &reply), ERR_OK);
    assert_int_equal(status.second_copies, 1);
    struct sender_list ask = { 0 };
    struct sender_rows rows;
    request.method = "parrot.sender.list";
    assert_int_equal(client_ask(carrier, &request, &sender_list_desc, &ask, &sender_rows_desc, &rows, &arena, &reply), ERR_OK);
    assert_int_equal(rows.list.n, 2);
    const struct sender_accept accept = { node.id, held, SENDER_TAKE };
    request = (struct client_request){ .method = "parrot.sender.accept", .command = uuid_new() };
    assert_int_equal(client_ask(carrier, &request, &sender_accept_desc, &accept, &nothing_desc, &none, &arena, &reply), ERR_OK);
    assert_null(reply.problem);
    assert_true(reply.has_position);
    letter = saying("one", one, held, UUID_NIL);
    assert_string_equal(post(&node, &letter, &answer), "");
    letter = saying("two", two, held, one);
    assert_string_equal(post(&node, &letter, &answer), "");
    letter = saying("three", uuid_new(), held, two);
    assert_string_equal(post(&node, &letter, &answer), "second_copy");
    assert_int_equal(nest_count(carrier, "parrot.word.count"), 3);
}

/* A queue through one connection at full window, each waiting for the one before: in order, each once. */
static void tally(void *arg, void *tag, const struct client_reply *reply)
{
    (void)tag;
    assert_int_equal(reply->err, ERR_OK);
    assert_null(reply->problem);
    ++*(uint32_t *)arg;
}

static void a_chained_queue_goes_through_at_full_window(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "node");
    struct uuid lane = uuid_new(), previous = UUID_NIL;
    const struct parrot_say say = { .text = "queued" };
    struct bytes body = msg_encode_in(&arena, &parrot_say_desc, &say);
    const uint32_t most = 3000;
    uint32_t answered = 0;
    (void)state;

    for (uint32_t sent = 0; answered < most;) {
        struct client_request request = { .method = "parrot.word.say", .command = uuid_new(), .lane = lane, .previous = previous,
                                          .body = body, .deadline_ms = 60000 };
        if (sent < most && client_send(client, &request, NULL) == ERR_OK) {
            previous = request.command;
            sent++;
        } else
            client_poll(client, 1000, tally, &answered);
    }
    assert_int_equal(nest_count(client, "parrot.word.count"), most);
    client_close(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_letter_is_the_senders_own_request_and_has_one_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_a_living_senders_letter_is_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_letter_may_what_its_sender_may_and_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_tells_by_letter_what_it_holds_and_an_operator_takes_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_chained_queue_goes_through_at_full_window, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
