#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "common/core/random.h"
#include "tests/service/nest.h"

/* Hostile bytes on every way into a daemon, one attack after the other on the same process: its own memory
 * (RssAnon) stays within 64 MiB of its start, and honest commands are answered all the while. */

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define GROWTH_MAX_KB (2 * 1024 * 1024)     /* a sanitizer's shadow and quarantine: there it is only survival */
#else
#define GROWTH_MAX_KB (64 * 1024)
#endif
#define HONEST_EACH   125               /* commands after each attack: a thousand in all */
#define HALF_OPEN     10000

static struct nest nest;
static struct client *honest;
static unsigned honest_done;
static long start_kb, worst_kb;

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

static long rss_anon_kb(void)
{
    char path[64], line[200];
    long kb = -1;
    snprintf(path, sizeof path, "/proc/%d/status", nest.parrot);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "RssAnon: %ld", &kb) == 1)
            break;
    fclose(file);
    assert_true(kb > 0);
    return kb;
}

static void look(const char *when)
{
    long grown = rss_anon_kb() - start_kb;
    if (grown > worst_kb)
        worst_kb = grown;
    if (grown > GROWTH_MAX_KB)
        fail_msg("%s: RssAnon grew by %ld KiB", when, grown);
}

static void be_honest(const char *when)
{
    char reason[61];
    print_message("%s: RssAnon grown by %ld KiB\n", when, rss_anon_kb() - start_kb);
    for (int i = 0; i < HONEST_EACH; i++) {
        assert_int_equal(nest_say(honest, "слово", 1, uuid_new(), NULL, NULL, reason), ERR_OK);
        assert_string_equal(reason, "");
        honest_done++;
        if (i % 25 == 0)
            look(when);
    }
}

static int set_up(void **state)
{
    struct rlimit limit = { HALF_OPEN + 500, HALF_OPEN + 500 };
    char reason[61];
    (void)state;
    setrlimit(RLIMIT_NOFILE, &limit);
    nest_open(&nest, true);
    nest.parrot = nest_start(&nest, "parrotd");
    honest = nest_client(&nest, "parrot", "console");
    for (int i = 0; i < 300; i++)           /* past the careful batches of a start, arenas and caches filled */
        assert_int_equal(nest_say(honest, "слово", 1, uuid_new(), NULL, NULL, reason), ERR_OK);
    start_kb = rss_anon_kb();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&honest);
    nest_close(&nest);
    print_message("honest commands %u, RssAnon %ld KiB at the start, grown by %ld KiB at most\n", honest_done, start_kb, worst_kb);
    return 0;
}

/* ── over an authenticated connection ─────────────────────────────────────── */

static void send_frames(void *socket, const struct bytes *frames, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (zmq_send(socket, frames[i].at, frames[i].n, i + 1 < n ? ZMQ_SNDMORE : 0) < 0)
            assert_int_equal(errno, EAGAIN);
}

struct talk { void *zmq, *socket; struct buf header, body; };

static void talk_open(struct talk *talk, struct arena *arena)
{
    const struct parrot_say say = { .text = "слово", .times = 1 };
    const struct wire_header header = { .version = 1, .kind = WIRE_REQUEST, .id = 1, .method = "parrot.word.say",
                                        .command = uuid_new(), .deadline_ms = 1000 };
    *talk = (struct talk){ .zmq = zmq_ctx_new() };
    talk->socket = nest_raw(&nest, talk->zmq, "parrot", "node", true);
    zmq_setsockopt(talk->socket, ZMQ_SNDTIMEO, &(int){ 200 }, sizeof(int));
    struct bytes body = msg_encode_in(arena, &parrot_say_desc, &say);
    buf_put(&talk->body, body.at, body.n);
    struct bytes head = msg_encode_in(arena, &wire_header_desc, &header);
    buf_put(&talk->header, head.at, head.n);
}

static void talk_close(struct talk *talk)
{
    zmq_close(talk->socket);
    zmq_ctx_term(talk->zmq);
    buf_free(&talk->header);
    buf_free(&talk->body);
}

static void every_prefix_of_a_message(void **state)
{
    struct arena arena = { 0 };
    struct talk talk;
    (void)state;
    talk_open(&talk, &arena);
    for (int round = 0; round < 20; round++) {
        for (size_t n = 0; n < talk.header.n; n++)
            send_frames(talk.socket, (struct bytes[]){ bytes(talk.header.at, n), buf_bytes(&talk.body) }, 2);
        for (size_t n = 0; n < talk.body.n; n++)
            send_frames(talk.socket, (struct bytes[]){ buf_bytes(&talk.header), bytes(talk.body.at, n) }, 2);
    }
    be_honest("prefixes");
    talk_close(&talk);
    arena_free(&arena);
}

static void bombs_of_size_depth_and_count(void **state)
{
    static const char *const counts[] = { "\xdd\xff\xff\xff\xff", "\xdf\xff\xff\xff\xff", "\xdb\xff\xff\xff\xff", "\xc6\xff\xff\xff\xff",
                                          "\xdc\xff\xff", "\xde\xff\xff" };
    struct arena arena = { 0 };
    struct talk talk;
    uint8_t *deep = arena_alloc(&arena, MSG_BYTES_MAX), *wide = arena_alloc(&arena, MSG_BYTES_MAX);
    (void)state;
    talk_open(&talk, &arena);
    memset(deep, 0x91, MSG_BYTES_MAX);
    memset(wide, 0x80, MSG_BYTES_MAX);
    memcpy(wide, "\xdd\x00\x03\xff\xf0", 5);
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            struct bytes bomb = bytes(counts[i], strlen(counts[i]));
            send_frames(talk.socket, (struct bytes[]){ buf_bytes(&talk.header), bomb }, 2);
            send_frames(talk.socket, (struct bytes[]){ bomb, buf_bytes(&talk.body) }, 2);
        }
        send_frames(talk.socket, (struct bytes[]){ buf_bytes(&talk.header), bytes(deep, MSG_BYTES_MAX) }, 2);
        send_frames(talk.socket, (struct bytes[]){ buf_bytes(&talk.header), bytes(wide, MSG_BYTES_MAX) }, 2);
        send_frames(talk.socket, (struct bytes[]){ bytes(wide, 4000), buf_bytes(&talk.body) }, 2);
        if (round % 20 == 0)
            look("bombs");
    }
    be_honest("bombs");
    talk_close(&talk);
    arena_free(&arena);
}

static void wrong_numbers_of_frames_and_giants(void **state)
{
    struct arena arena = { 0 };
    struct talk talk;
    const size_t giant = 32u << 20, many = 50000;
    struct bytes *frames = arena_alloc(&arena, many * sizeof *frames);
    uint8_t *block = calloc(1, giant);
    (void)state;
    talk_open(&talk, &arena);
    for (size_t i = 0; i < many; i++)
        frames[i] = bytes("x", 1);
    for (size_t n = 1; n < 12; n++)
        if (n != 2)
            send_frames(talk.socket, frames, n);
    for (int round = 0; round < 4; round++) {
        send_frames(talk.socket, frames, many);
        look("frames");
    }
    for (int round = 0; round < 4; round++) {
        send_frames(talk.socket, (struct bytes[]){ buf_bytes(&talk.header), bytes(block, giant) }, 2);
        sleep_ms(100);
        look("giants");
    }
    be_honest("giants");
    talk_close(&talk);
    free(block);
    arena_free(&arena);
}

static void a_peer_that_asks_much_and_never_reads(void **state)
{
    struct key_pair server = nest_key(&nest, "parrot"), own = nest_key(&nest, "node");
    void *zmq = zmq_ctx_new(), *raw = wire_client(zmq, &own, server.public_key, 10000);
    const struct parrot_repeat repeat = { .bytes = 200000 };
    struct arena arena = { 0 };
    struct bytes body = msg_encode_in(&arena, &parrot_repeat_desc, &repeat);
    struct wire_header header = { .version = 1, .kind = WIRE_REQUEST, .method = "parrot.word.repeat" };
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    (void)state;
    zmq_setsockopt(raw, ZMQ_RCVHWM, &(int){ 1 }, sizeof(int));
    nest_endpoint(&nest, "parrot", endpoint);
    assert_int_equal(wire_connect(raw, endpoint), ERR_OK);
    for (uint64_t i = 1; i <= 3000; i++) {
        header.id = i;
        raw_send(raw, &header, body);
        if (i % 100 == 0)
            look("unread replies");
    }
    for (int i = 0; i < 20; i++) {          /* until the daemon has come to the last of them */
        sleep_ms(100);
        look("unread replies");
    }
    be_honest("unread replies");
    zmq_close(raw);
    zmq_ctx_term(zmq);
    arena_free(&arena);
}

static void followers_that_give_credit_and_never_read(void **state)
{
    struct key_pair server = nest_key(&nest, "parrot"), own = nest_key(&nest, "node");
    struct arena arena = { 0 };
    struct cursor start = cursor_start();
    struct follow follow = { .cursor = &start, .entries = 100000, .bytes = 64 << 20 };
    struct bytes body = msg_encode_in(&arena, &follow_desc, &follow);
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    void *zmq = zmq_ctx_new(), *raw[32];
    (void)state;
    nest_endpoint(&nest, "parrot", endpoint);
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
        struct wire_header header = { .version = 1, .kind = WIRE_FOLLOW, .id = i + 1, .method = "parrot" };
        raw[i] = wire_client(zmq, &own, server.public_key, 10000);
        zmq_setsockopt(raw[i], ZMQ_RCVHWM, &(int){ 1 }, sizeof(int));
        assert_int_equal(wire_connect(raw[i], endpoint), ERR_OK);
        raw_send(raw[i], &header, body);
    }
    be_honest("unread entries");
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        zmq_close(raw[i]);
    zmq_ctx_term(zmq);
    arena_free(&arena);
}

/* ── before any handshake ─────────────────────────────────────────────────── */

static int tcp_connect(void)
{
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    nest_endpoint(&nest, "parrot", endpoint);
    to.sin_port = htons((uint16_t)strtoul(strrchr(endpoint, ':') + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd != -1 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}

static void garbage_on_the_port(void **state)
{
    static const uint8_t greeting[64] = { 0xff, [9] = 0x7f, 3, 0, 'C', 'U', 'R', 'V', 'E' };
    struct prng prng;
    uint8_t noise[4096];
    (void)state;
    prng_seed(&prng, 20261122);
    for (int i = 0; i < 2000; i++) {
        int fd = tcp_connect();
        if (fd == -1)
            continue;
        prng_fill(&prng, noise, sizeof noise);
        sleep_ms(i % 10 == 0);
        if (i % 3 == 1)                     /* a greeting as it should be, then noise in place of HELLO */
            if (send(fd, greeting, sizeof greeting, MSG_NOSIGNAL) < 0 && errno != EAGAIN && errno != ECONNRESET && errno != EPIPE)
                fail_msg("send: %s", strerror(errno));
        size_t n = prng_below(&prng, sizeof noise);
        if (send(fd, noise, n, MSG_NOSIGNAL) < 0 && errno != EAGAIN && errno != ECONNRESET && errno != EPIPE)
            fail_msg("send: %s", strerror(errno));
        close(fd);
        if (i % 100 == 0)
            look("garbage");
    }
    be_honest("garbage");
}

static void ten_thousand_half_open_connections(void **state)
{
    static int fds[HALF_OPEN];
    size_t opened = 0;
    (void)state;
    for (size_t i = 0; i < HALF_OPEN; i++) {
        fds[i] = tcp_connect();
        opened += fds[i] != -1;
        if (i % 3 == 0 && fds[i] != -1)     /* some say a little, and then nothing */
            (void)!send(fds[i], "\xff\0\0\0", 4, MSG_NOSIGNAL);
        if (i % 500 == 0)
            look("half open");
    }
    assert_true(opened == HALF_OPEN);
    be_honest("half open");
    be_honest("half open");
    for (size_t i = 0; i < HALF_OPEN; i++)
        close(fds[i]);
    look("half open, closed");
}

static void a_thousand_honest_commands_were_answered(void **state)
{
    char reason[61];
    (void)state;
    assert_true(honest_done >= 1000);
    struct client *fresh = nest_client(&nest, "parrot", "operator");   /* and a newcomer gets in */
    assert_int_equal(nest_say(fresh, "слово", 1, uuid_new(), NULL, NULL, reason), ERR_OK);
    client_close(&fresh);
    look("the end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prefix_of_a_message),
        cmocka_unit_test(bombs_of_size_depth_and_count),
        cmocka_unit_test(wrong_numbers_of_frames_and_giants),
        cmocka_unit_test(a_peer_that_asks_much_and_never_reads),
        cmocka_unit_test(followers_that_give_credit_and_never_read),
        cmocka_unit_test(garbage_on_the_port),
        cmocka_unit_test(ten_thousand_half_open_connections),
        cmocka_unit_test(a_thousand_honest_commands_were_answered),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
