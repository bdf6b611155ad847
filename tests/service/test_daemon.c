/* A service as a real daemon, over its sockets; those who follow it: test_daemon_followed.c. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

#include "common/service/limits.h"
#include "common/service/system_methods.h"
#include "tests/service/nest.h"

static struct nest nest;

static void assert_serves(void)
{
    struct client *client = nest_client(&nest, "parrot", "node");

    assert_true(nest_count(client, "parrot.word.count") != UINT64_MAX);
    client_close(&client);
}

/* ── requests ─────────────────────────────────────────────────────────────── */

static void a_command_is_answered_once_and_the_same_again(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "node");
    struct uuid id = uuid_new();
    struct position first, second;
    uint64_t count;
    char reason[61];
    (void)state;

    assert_int_equal(nest_say(client, "hello", 2, id, &count, &first, reason), ERR_OK);
    assert_int_equal(count, 2);
    assert_int_equal(nest_say(client, "hello", 2, id, &count, &second, reason), ERR_OK);
    assert_int_equal(count, 2);
    assert_int_equal(first.number, second.number);
    assert_int_equal(nest_count(client, "parrot.word.count"), 2);
    assert_int_equal(nest_say(client, "another body", 1, id, &count, NULL, reason), ERR_OK);
    assert_string_equal(reason, "command_id_reused");
    assert_int_equal(nest_say(client, "no", 1, uuid_new(), &count, NULL, reason), ERR_OK);
    assert_string_equal(reason, "will_not");
    client_close(&client);
}

static void roles_and_methods_are_checked_before_anything_else(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "operator");
    struct client_request request = { .method = "parrot.word.get" };
    struct arena arena = { 0 };
    struct client_reply reply;
    char reason[61];
    (void)state;

    assert_int_equal(nest_say(client, "hello", 1, uuid_new(), NULL, NULL, reason), ERR_OK);
    assert_string_equal(reason, "role");
    assert_int_equal(client_call(client, &request, &arena, &reply), ERR_OK);
    assert_int_equal(reply.problem->code, PROBLEM_DENIED);
    request.method = "parrot.no.such";
    assert_int_equal(client_call(client, &request, &arena, &reply), ERR_OK);
    assert_string_equal(reply.problem->reason, "unknown_method");
    request = (struct client_request){ .method = "parrot.word.count", .actor = uuid_new() };
    assert_int_equal(client_call(client, &request, &arena, &reply), ERR_OK);
    assert_string_equal(reply.problem->reason, "actor");
    client_close(&client);
    client = nest_client(&nest, "parrot", "node");
    assert_int_equal(nest_say(client, "hello", 1, UUID_NIL, NULL, NULL, reason), ERR_OK);
    assert_string_equal(reason, "no_command_id");
    client_close(&client);
    arena_free(&arena);
}

struct tally { uint32_t answers, problems; uint64_t last; bool ordered; };

static void tally_one(void *arg, void *tag, const struct client_reply *reply)
{
    struct tally *tally = arg;
    (void)tag;

    tally->answers++;
    tally->problems += reply->err != ERR_OK || reply->problem != NULL;
    tally->ordered &= reply->position.number > tally->last;
    tally->last = reply->position.number;
}

static void pipelined_commands_are_each_answered_once(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "node");
    struct tally tally = { .ordered = true };
    struct buf body = { 0 };
    const struct parrot_say say = { .text = "many" };
    const uint32_t most = 5000;
    (void)state;

    msg_encode(&parrot_say_desc, &say, &body);
    for (uint32_t sent = 0; tally.answers < most;) {
        const struct client_request request = { .method = "parrot.word.say", .command = uuid_new(),
                                                .body = buf_bytes(&body), .deadline_ms = 60000 };
        if (sent < most && client_send(client, &request, NULL) == ERR_OK)
            sent++;
        else
            client_poll(client, 1000, tally_one, &tally);
    }
    assert_int_equal(tally.answers, most);
    assert_int_equal(tally.problems, 0);
    assert_true(tally.ordered);
    assert_int_equal(nest_count(client, "parrot.word.count"), most);
    buf_free(&body);
    client_close(&client);
}

static void what_waited_past_its_deadline_is_answered_so_and_not_done(void **state)
{
    void *zmq = zmq_ctx_new(), *raw = nest_raw(&nest, zmq, "parrot", "node", true);
    struct arena arena = { 0 };
    const struct parrot_say slow = { .text = "slow", .slow_ms = 400 }, late = { .text = "late" };
    struct wire_header header = { .version = 1, .kind = WIRE_REQUEST, .id = 1, .method = "parrot.word.say",
                                  .command = uuid_new() };
    struct bytes body;
    struct problem problem;
    struct msg_error error;
    (void)state;

    raw_send(raw, &header, msg_encode_in(&arena, &parrot_say_desc, &slow));
    nest_sleep(100);
    header.id = 2;
    header.command = uuid_new();
    header.deadline_ms = 50;
    raw_send(raw, &header, msg_encode_in(&arena, &parrot_say_desc, &late));
    for (int i = 0; i < 2; i++) {
        assert_true(raw_receive(raw, 5000, &arena, &header, &body));
        if (header.id == 2) {
            assert_int_equal(header.kind, WIRE_ERROR);
            assert_int_equal(msg_decode(&problem_desc, body, MSG_LENIENT, &arena, &problem, &error), ERR_OK);
            assert_int_equal(problem.code, PROBLEM_DEADLINE);
        }
    }
    zmq_close(raw);
    zmq_ctx_term(zmq);
    arena_free(&arena);
}

static void a_full_queue_says_busy_and_when_to_come_again(void **state)
{
    void *zmq = zmq_ctx_new(), *raw = nest_raw(&nest, zmq, "parrot", "node", true);
    struct arena arena = { 0 };
    const struct parrot_say slow = { .text = "slow", .slow_ms = 1500 }, quick = { .text = "quick" };
    struct bytes body = msg_encode_in(&arena, &parrot_say_desc, &quick);
    struct wire_header header = { .version = 1, .kind = WIRE_REQUEST, .id = 1, .method = "parrot.word.say" };
    struct problem problem;
    struct msg_error error;
    uint32_t busy = 0, done = 0;
    const uint32_t most = LIMIT_REQUESTS_PRINCIPAL + 500;
    (void)state;

    header.command = uuid_new();
    raw_send(raw, &header, msg_encode_in(&arena, &parrot_say_desc, &slow));
    nest_sleep(100);
    for (uint32_t i = 0; i < most; i++) {
        header.id = i + 2;
        header.command = uuid_new();
        raw_send(raw, &header, body);
    }
    for (uint32_t i = 0; i <= most; i++) {
        assert_true(raw_receive(raw, 20000, &arena, &header, &body));
        done += header.kind == WIRE_REPLY;
        if (header.kind == WIRE_ERROR) {
            assert_int_equal(msg_decode(&problem_desc, body, MSG_LENIENT, &arena, &problem, &error), ERR_OK);
            assert_int_equal(problem.code, PROBLEM_BUSY);
            assert_true(problem.retry_after_ms > 0);
            busy++;
        }
        arena_reset(&arena);
    }
    assert_true(busy >= 400);
    assert_int_equal(done + busy, most + 1);
    zmq_close(raw);
    zmq_ctx_term(zmq);
    arena_free(&arena);
    assert_serves();
}

/* ── who may in ───────────────────────────────────────────────────────────── */

static void an_unknown_key_is_not_heard(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "stranger");
    const struct client_request request = { .method = "parrot.word.count", .deadline_ms = 1000 };
    struct arena arena = { 0 };
    struct client_reply reply;
    (void)state;

    assert_int_equal(client_call(client, &request, &arena, &reply), ERR_DENIED);
    client_close(&client);
    arena_free(&arena);
    assert_serves();
}

static void a_peer_without_curve_is_not_heard(void **state)
{
    void *zmq = zmq_ctx_new(), *raw = nest_raw(&nest, zmq, "parrot", "node", false);
    const struct wire_header header = { .version = 1, .kind = WIRE_REQUEST, .id = 1, .method = "parrot.word.count" };
    struct arena arena = { 0 };
    struct wire_header back;
    struct bytes body;
    (void)state;

    struct wire_message message;
    wire_message_start(&message);
    wire_frame_header(&message.header, &header);
    wire_send(raw, false, &message);            /* may fail: the refused connection is gone already */
    assert_false(raw_receive(raw, 800, &arena, &back, &body));
    zmq_close(raw);
    zmq_ctx_term(zmq);
    arena_free(&arena);
    assert_serves();
}

static void a_revoked_key_is_dead_on_a_living_session(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "console");
    struct key_pair pair = nest_key(&nest, "console");
    const struct client_request request = { .method = "parrot.word.count", .deadline_ms = 3000 };
    struct arena arena = { 0 };
    struct client_reply reply = { 0 };
    char says[400];
    (void)state;

    assert_true(nest_count(client, "parrot.word.count") != UINT64_MAX);
    assert_int_equal(principals_revoke_key(nest.keys, pair.public_key, says), ERR_OK);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(client_call(client, &request, &arena, &reply), ERR_OK);
        if (reply.problem != NULL)
            break;
        nest_sleep(10);
    }
    assert_non_null(reply.problem);
    assert_string_equal(reply.problem->reason, "revoked");
    client_close(&client);
    client = nest_client(&nest, "parrot", "console");       /* and a new session is not let in at all */
    assert_int_equal(client_call(client, &request, &arena, &reply), ERR_DENIED);
    client_close(&client);
    arena_free(&arena);
    assert_serves();
}

static void a_rotated_key_speaks_for_the_same_principal(void **state)
{
    struct client *old = nest_client(&nest, "parrot", "node"), *fresh;
    struct key_pair pair;
    struct uuid id = uuid_new();
    struct position first, second;
    char says[400], reason[61];
    (void)state;

    assert_int_equal(nest_say(old, "before", 1, id, NULL, &first, reason), ERR_OK);
    assert_int_equal(key_rotate(nest.keys, "node", &pair, says), ERR_OK);
    assert_int_equal(principals_rotate(nest.keys, &pair, says), ERR_OK);
    fresh = nest_client(&nest, "parrot", "node");
    assert_int_equal(nest_say(fresh, "before", 1, id, NULL, &second, reason), ERR_OK);
    assert_string_equal(reason, "");
    assert_int_equal(first.number, second.number);
    assert_true(nest_count(old, "parrot.word.count") != UINT64_MAX);        /* both are live */
    client_close(&old);
    client_close(&fresh);
}

/* ── hostile shapes ───────────────────────────────────────────────────────── */

static void messages_of_a_wrong_shape_are_thrown_away(void **state)
{
    static char large[MSG_BYTES_MAX + 100];
    void *zmq = zmq_ctx_new(), *raw = nest_raw(&nest, zmq, "parrot", "node", true);
    struct arena arena = { 0 };
    struct wire_header back;
    struct bytes body;
    (void)state;

    zmq_send(raw, "one", 3, 0);
    for (int i = 0; i < 2000; i++)
        zmq_send(raw, "x", 1, i < 1999 ? ZMQ_SNDMORE : 0);
    zmq_send(raw, large, WIRE_HEADER_MAX + 1, ZMQ_SNDMORE);
    zmq_send(raw, "\x80", 1, 0);
    const struct wire_header good = { .version = 1, .kind = WIRE_REQUEST, .id = 7, .method = "parrot.word.count" };
    raw_send(raw, &good, bytes("\x80", 1));
    assert_true(raw_receive(raw, 5000, &arena, &back, &body));
    assert_int_equal(back.id, 7);
    assert_int_equal(back.kind, WIRE_REPLY);

    zmq_send(raw, "\xc1", 1, ZMQ_SNDMORE);      /* a header that is not msgpack */
    zmq_send(raw, "\x80", 1, 0);
    assert_true(raw_receive(raw, 5000, &arena, &back, &body));
    assert_int_equal(back.kind, WIRE_ERROR);

    zmq_send(raw, "\x80", 1, ZMQ_SNDMORE);      /* beyond the limit of a frame: the connection is cut */
    zmq_send(raw, large, sizeof large, 0);
    nest_sleep(200);
    zmq_close(raw);
    zmq_ctx_term(zmq);
    arena_free(&arena);
    assert_serves();
}

static void a_claimed_routing_id_is_not_heard(void **state)
{
    struct key_pair server = nest_key(&nest, "parrot"), own = nest_key(&nest, "node");
    void *zmq = zmq_ctx_new(), *raw = wire_client(zmq, &own, server.public_key, 100);
    const struct wire_header header = { .version = 1, .kind = WIRE_REQUEST, .id = 1, .method = "parrot.word.count" };
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    struct arena arena = { 0 };
    struct wire_header back;
    struct bytes body;
    (void)state;

    zmq_setsockopt(raw, ZMQ_ROUTING_ID, "somebody", 8);
    nest_endpoint(&nest, "parrot", endpoint);
    assert_int_equal(wire_connect(raw, endpoint), ERR_OK);
    raw_send(raw, &header, bytes("\x80", 1));
    assert_false(raw_receive(raw, 800, &arena, &back, &body));
    zmq_close(raw);
    zmq_ctx_term(zmq);
    arena_free(&arena);
}

static long rss_mb(pid_t pid)
{
    char path[64];
    long size = 0, resident = 0;

    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_int_equal(fscanf(in, "%ld %ld", &size, &resident), 2);
    fclose(in);
    return resident * sysconf(_SC_PAGESIZE) >> 20;
}

static void a_peer_that_never_reads_is_bounded_and_holds_up_nobody(void **state)
{
    struct key_pair server = nest_key(&nest, "parrot"), own = nest_key(&nest, "node");
    void *zmq = zmq_ctx_new(), *raw = wire_client(zmq, &own, server.public_key, 10000);
    struct client *other = nest_client(&nest, "parrot", "console");
    struct arena arena = { 0 };
    const struct parrot_repeat repeat = { .bytes = 200000 };
    struct bytes body = msg_encode_in(&arena, &parrot_repeat_desc, &repeat);
    struct wire_header header = { .version = 1, .kind = WIRE_REQUEST, .method = "parrot.word.repeat" };
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    long before = rss_mb(nest.parrot);
    (void)state;

    zmq_setsockopt(raw, ZMQ_RCVHWM, &(int){ 1 }, sizeof(int));
    nest_endpoint(&nest, "parrot", endpoint);
    assert_int_equal(wire_connect(raw, endpoint), ERR_OK);
    for (uint64_t i = 1; i <= 4000; i++) {
        header.id = i;
        raw_send(raw, &header, body);
        if (i % 500 == 0)
            assert_true(nest_count(other, "parrot.word.count") != UINT64_MAX);
    }
    nest_sleep(2000);
    assert_true(nest_count(other, "parrot.word.count") != UINT64_MAX);
    assert_true(rss_mb(nest.parrot) - before < 400);        /* 800 MB were asked for */
    client_close(&other);
    zmq_close(raw);
    zmq_ctx_term(zmq);
    arena_free(&arena);
}

/* ── what every service has, start and stop ───────────────────────────────── */

static int system_ask(struct client *client, const char *method, const struct msg_desc *takes, const void *body,
                      const struct msg_desc *gives, void *out, struct arena *arena, struct client_reply *reply)
{
    const struct client_request request = { .method = method, .command = uuid_new() };

    return client_ask(client, &request, takes, body, gives, out, arena, reply);
}

static void an_operator_sees_status_and_metrics_and_makes_a_backup(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "operator");
    struct nothing none = { 0 }, nothing;
    struct service_status status;
    struct service_metrics metrics;
    struct store_backup_done done;
    struct store_backup_ask ask = { .dir = "first/one" };
    struct arena arena = { 0 };
    struct client_reply reply;
    (void)state;

    nest_say_many(&nest, 3, 2);
    assert_int_equal(system_ask(client, "parrot.service.status", &nothing_desc, &none, &service_status_desc, &status,
                                &arena, &reply), ERR_OK);
    assert_string_equal(status.name, "parrot");
    assert_int_equal(status.head, 6);
    assert_int_equal(system_ask(client, "parrot.service.metrics", &nothing_desc, &none, &service_metrics_desc,
                                &metrics, &arena, &reply), ERR_OK);
    assert_non_null(strstr(metrics.text, "rsnms_answers_total{method=\"parrot.word.say\",code=\"ok\"} 3"));
    assert_int_equal(system_ask(client, "parrot.store.backup", &store_backup_ask_desc, &ask, &store_backup_done_desc,
                                &done, &arena, &reply), ERR_OK);
    assert_null(reply.problem);
    assert_int_equal(done.head, 6);
    assert_int_equal(access(done.dir, F_OK), 0);
    system_ask(client, "parrot.store.backup", &store_backup_ask_desc, &ask, &store_backup_done_desc, &done, &arena, &reply);
    assert_string_equal(reply.problem->reason, "backup_exists");
    static const char *const outside[] = { "/tmp/x", "../x", "a/../../x", "a/..", ".hidden", "a//b", "a b" };
    for (size_t i = 0; i < COUNT(outside); i++) {
        ask.dir = outside[i];
        system_ask(client, "parrot.store.backup", &store_backup_ask_desc, &ask, &store_backup_done_desc, &done, &arena, &reply);
        assert_string_equal(reply.problem->reason, "outside_backup_directory");
    }
    struct stream_accept_fork fork_body = { .stream = "parrot" };
    system_ask(client, "parrot.stream.accept_fork", &stream_accept_fork_desc, &fork_body, &nothing_desc, &nothing, &arena, &reply);
    assert_string_equal(reply.problem->reason, "no_fork");
    client_close(&client);
    arena_free(&arena);
}

static void a_stop_answers_what_is_under_way(void **state)
{
    struct client *client = nest_client(&nest, "parrot", "node");
    struct arena arena = { 0 };
    struct tally tally = { 0 };
    const struct parrot_say slow = { .text = "slow", .slow_ms = 500 };
    const struct client_request request = { .method = "parrot.word.say", .command = uuid_new(),
                                            .body = msg_encode_in(&arena, &parrot_say_desc, &slow) };
    (void)state;

    assert_true(nest_count(client, "parrot.word.count") != UINT64_MAX);
    assert_int_equal(client_send(client, &request, NULL), ERR_OK);
    client_poll(client, 100, tally_one, &tally);
    kill(nest.parrot, SIGTERM);
    while (client_outstanding(client) > 0)
        client_poll(client, 1000, tally_one, &tally);
    assert_int_equal(tally.answers, 1);
    assert_int_equal(tally.problems, 0);
    assert_int_equal(nest_wait(nest.parrot), 0);
    nest.parrot = nest_start(&nest, "parrotd");
    client_close(&client);
    client = nest_client(&nest, "parrot", "node");
    assert_int_equal(nest_count(client, "parrot.word.count"), 1);
    client_close(&client);
    arena_free(&arena);
}

static void signals_that_would_end_a_library_do_not(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        kill(nest.parrot, SIGHUP);
        kill(nest.parrot, SIGUSR1);
        kill(nest.parrot, SIGPIPE);
        nest_sleep(5);
    }
    assert_serves();
    an_unknown_key_is_not_heard(state);
}

#define IPC(test) cmocka_unit_test_prestate_setup_teardown(test, nest_set_up_ipc, nest_tear_down, &nest)
#define TCP(test) cmocka_unit_test_prestate_setup_teardown(test, nest_set_up_tcp, nest_tear_down, &nest)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IPC(a_command_is_answered_once_and_the_same_again),
        TCP(a_command_is_answered_once_and_the_same_again),
        IPC(roles_and_methods_are_checked_before_anything_else),
        TCP(pipelined_commands_are_each_answered_once),
        IPC(what_waited_past_its_deadline_is_answered_so_and_not_done),
        IPC(a_full_queue_says_busy_and_when_to_come_again),
        TCP(an_unknown_key_is_not_heard),
        TCP(a_peer_without_curve_is_not_heard),
        IPC(a_revoked_key_is_dead_on_a_living_session),
        IPC(a_rotated_key_speaks_for_the_same_principal),
        TCP(messages_of_a_wrong_shape_are_thrown_away),
        IPC(a_claimed_routing_id_is_not_heard),
        TCP(a_peer_that_never_reads_is_bounded_and_holds_up_nobody),
        IPC(an_operator_sees_status_and_metrics_and_makes_a_backup),
        IPC(a_stop_answers_what_is_under_way),
        IPC(signals_that_would_end_a_library_do_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
