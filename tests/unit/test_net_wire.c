/* wire and zap: what passes over a socket, and who is let in. */
#include "tests/unit/check.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#include "common/core/err.h"
#include "common/core/hash.h"
#include "common/net/wire.h"
#include "common/net/zap.h"

static struct key_pair pair_new(void)
{
    struct key_pair pair = { .id = uuid_new() };

    assert_int_equal(zmq_curve_keypair(pair.public_key, pair.secret_key), 0);
    return pair;
}

static void a_header_comes_back_as_it_was_and_unknown_fields_are_skipped(void **state)
{
    struct position after = { uuid_new(), uuid_new(), 7 };
    const struct wire_header in = { .version = 1, .kind = WIRE_REQUEST, .id = INT64_MAX, .method = "a.b.c",
                                    .deadline_ms = 1000, .command = uuid_new(), .after = { 1, &after },
                                    .made_at = 1726385400123456 };
    struct wire_frame frame;
    struct wire_header out;
    struct msg_error error;
    struct arena arena = { 0 };
    (void)state;

    wire_frame_start(&frame);
    wire_frame_header(&frame, &in);
    assert_int_equal(wire_header_read(wire_frame_bytes(&frame), &arena, &out, &error), ERR_OK);
    assert_int_equal(out.id, INT64_MAX);
    assert_string_equal(out.method, "a.b.c");
    assert_true(uuid_equal(&out.command, &in.command));
    assert_int_equal(out.after.n, 1);
    assert_int_equal(out.after.at[0].number, 7);
    assert_int_equal(out.made_at, in.made_at);
    assert_null(out.position);
    static const char more[] = "\x84\xa7version\x01\xa4kind\xa4ping\xa2id\x00\xa5later\xc0";
    assert_int_equal(wire_header_read(LITERAL(more), &arena, &out, &error), ERR_OK);
    static const char none[] = "\x83\xa7version\x01\xa4kind\xa4pung\xa2id\x00";
    assert_int_equal(wire_header_read(LITERAL(none), &arena, &out, &error), ERR_MALFORMED);
    assert_string_equal(error.path, "kind");
    wire_frame_close(&frame);
    arena_free(&arena);
}

static void done_once(void *at, void *hint)
{
    free(at);
    ++*(int *)hint;
}

static void given_bytes_are_let_go_once(void **state)
{
    struct wire_frame frame, other;
    int done = 0;
    (void)state;

    wire_frame_start(&frame);
    wire_frame_start(&other);
    wire_frame_give(&frame, malloc(100), 100, done_once, &done);
    wire_frame_move(&other, &frame);
    assert_int_equal(wire_frame_bytes(&frame).n, 0);
    assert_int_equal(wire_frame_bytes(&other).n, 100);
    wire_frame_close(&frame);
    assert_int_equal(done, 0);
    wire_frame_copy(&other, LITERAL("short"));
    assert_int_equal(done, 1);
    wire_frame_close(&other);
    wire_frame_close(&other);
}

/* ── over a socket ────────────────────────────────────────────────────────── */

struct pair_of { void *zmq, *server, *client; struct key_pair server_key, client_key; char endpoint[WIRE_ENDPOINT_MAX + 1]; };

static void pair_open(struct pair_of *p, int hwm)
{
    *p = (struct pair_of){ .zmq = zmq_ctx_new(), .server_key = pair_new(), .client_key = pair_new() };
    p->server = wire_server(p->zmq, &p->server_key, hwm);
    p->client = wire_client(p->zmq, &p->client_key, p->server_key.public_key, hwm);
    assert_non_null(p->server);
    assert_non_null(p->client);
    assert_int_equal(wire_bind(p->server, "tcp://127.0.0.1:*", p->endpoint), ERR_OK);
    assert_int_equal(wire_connect(p->client, p->endpoint), ERR_OK);
}

static void pair_close(struct pair_of *p)
{
    zmq_close(p->server);
    zmq_close(p->client);
    zmq_ctx_term(p->zmq);
}

static bool readable(void *socket, int ms)
{
    zmq_pollitem_t item = { .socket = socket, .events = ZMQ_POLLIN };

    return zmq_poll(&item, 1, ms) > 0;
}

static void put(void *socket, const char *text)
{
    struct wire_message message;

    wire_message_start(&message);
    wire_frame_copy(&message.header, bytes_of(text));
    wire_frame_copy(&message.body, bytes_of(text));
    assert_int_equal(wire_send(socket, false, &message), ERR_OK);
}

static void a_server_without_a_zap_handler_refuses_everybody(void **state)
{
    struct pair_of p;
    (void)state;

    pair_open(&p, 10);
    put(p.client, "hello");
    assert_false(readable(p.server, 500));
    pair_close(&p);
}

/* A table of one key, in a directory of its own. */
static struct principals *table_of(const struct key_pair *pair, bool revoked, char dir[32])
{
    struct principals *table;
    char says[400], command[64];
    const struct principal_row row = { .id = pair->id, .name = "one", .role = "service",
                                       .public_key = pair->public_key, .all = true, .revoked = revoked };

    snprintf(dir, 32, "/tmp/rsnms-zap-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(principals_add(dir, &row, says), ERR_OK);
    assert_int_equal(principals_load(&table, dir, NULL, says), ERR_OK);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
    return table;
}

static void serve(struct zap *zap, struct principals *table, void *server, int ms, struct zap_count *count)
{
    for (int waited = 0; waited < ms && !readable(server, 10); waited += 10)
        zap_serve(zap, table, count);
}

static void a_live_key_is_let_in_with_its_principal_and_a_revoked_one_is_not(void **state)
{
    char dir[32], id[UUID_TEXT + 1];
    (void)state;

    for (int revoked = 0; revoked < 2; revoked++) {
        struct zap_count count = { 0 };
        struct wire_message message;
        struct zap *zap;
        struct pair_of p = { .zmq = zmq_ctx_new(), .server_key = pair_new(), .client_key = pair_new() };
        struct principals *table = table_of(&p.client_key, revoked, dir);
        assert_int_equal(zap_open(&zap, p.zmq), ERR_OK);
        p.server = wire_server(p.zmq, &p.server_key, 10);
        p.client = wire_client(p.zmq, &p.client_key, p.server_key.public_key, 10);
        assert_int_equal(wire_bind(p.server, "tcp://127.0.0.1:*", p.endpoint), ERR_OK);
        assert_int_equal(wire_connect(p.client, p.endpoint), ERR_OK);
        put(p.client, "hello");
        serve(zap, table, p.server, 500, &count);
        wire_message_start(&message);
        assert_int_equal(wire_receive(p.server, true, &message), revoked ? 0 : 1);
        assert_int_equal(count.accepted, !revoked);
        assert_true(count.refused >= (uint64_t)revoked);
        if (!revoked) {
            uuid_format(&p.client_key.id, id);
            assert_string_equal(wire_frame_property(&message.header, "User-Id"), id);
            assert_string_equal(wire_frame_property(&message.header, "Key"), p.client_key.public_key);
            assert_null(wire_frame_property(&message.header, "No-Such"));
            wire_frame_close(&message.header);
            wire_frame_copy(&message.header, LITERAL("answer"));
            assert_int_equal(wire_send(p.server, true, &message), ERR_OK);
            message.route++;
            wire_frame_copy(&message.header, LITERAL("to nobody"));
            assert_int_equal(wire_send(p.server, true, &message), ERR_NOTFOUND);
            assert_true(readable(p.client, 2000));
        }
        wire_message_close(&message);
        zap_close(&zap);
        principals_free(&table);
        pair_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_comes_back_as_it_was_and_unknown_fields_are_skipped),
        cmocka_unit_test(given_bytes_are_let_go_once),
        cmocka_unit_test(a_server_without_a_zap_handler_refuses_everybody),
        cmocka_unit_test(a_live_key_is_let_in_with_its_principal_and_a_revoked_one_is_not),
    };

    assert_int_equal(crypto_start(), ERR_OK);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
