#include "tests/fault/assault.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "common/core/err.h"
#include "common/core/random.h"

#define SEED      20261122
#define GIANT     (32u << 20)
#define FRAMES    50000
#define FOLLOWERS 32
#define UNREAD    3000

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

/* ── over an authenticated connection ─────────────────────────────────────── */

struct talk { void *zmq, *socket; struct arena arena; struct bytes header; };

static void *dial(const struct assault *a, const struct key_pair *own, void *zmq, int window)
{
    void *socket = wire_client(zmq, own, a->server_key, 10000);

    if (socket == NULL)
        return NULL;
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &(int){ 200 }, sizeof(int));
    if (window > 0)
        zmq_setsockopt(socket, ZMQ_RCVHWM, &window, sizeof window);
    if (wire_connect(socket, a->endpoint) == ERR_OK)
        return socket;
    zmq_close(socket);
    return NULL;
}

static bool talk_open(struct talk *talk, const struct assault *a)
{
    const struct wire_header header = { .version = 1, .kind = WIRE_REQUEST, .id = 1, .method = a->method, .command = uuid_new(),
                                        .deadline_ms = 1000 };

    *talk = (struct talk){ .zmq = zmq_ctx_new() };
    talk->socket = dial(a, &a->own, talk->zmq, 0);
    talk->header = msg_encode_in(&talk->arena, &wire_header_desc, &header);
    return talk->socket != NULL;
}

static bool talk_close(struct talk *talk)
{
    bool was_open = talk->socket != NULL;
    if (was_open)
        zmq_close(talk->socket);
    zmq_ctx_term(talk->zmq);
    arena_free(&talk->arena);
    return was_open;
}

/* A daemon that does not take them in time loses nothing by it. */
static void send_frames(void *socket, const struct bytes *frames, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (zmq_send(socket, frames[i].at, frames[i].n, i + 1 < n ? ZMQ_SNDMORE : 0) < 0)
            return;
}

static void send_request(void *socket, const struct wire_header *header, struct bytes body)
{
    struct wire_message message;

    wire_message_start(&message);
    wire_frame_header(&message.header, header);
    wire_frame_copy(&message.body, body);
    wire_send(socket, false, &message);
}

bool assault_prefixes(const struct assault *a)
{
    struct talk talk;

    if (!talk_open(&talk, a))
        return talk_close(&talk);
    for (int round = 0; round < 20; round++) {
        for (size_t n = 0; n < talk.header.n; n++)
            send_frames(talk.socket, (struct bytes[]){ bytes(talk.header.at, n), a->body }, 2);
        for (size_t n = 0; n < a->body.n; n++)
            send_frames(talk.socket, (struct bytes[]){ talk.header, bytes(a->body.at, n) }, 2);
        a->look("prefixes");
    }
    a->stands("prefixes");
    return talk_close(&talk);
}

bool assault_flips(const struct assault *a)
{
    struct talk talk;
    struct prng prng;

    prng_seed(&prng, SEED);
    if (!talk_open(&talk, a) || a->body.n == 0)
        return talk_close(&talk);
    uint8_t *body = arena_alloc(&talk.arena, a->body.n);
    for (int round = 0; round < 3000; round++) {
        memcpy(body, a->body.at, a->body.n);
        for (uint64_t n = 1 + prng_below(&prng, 4); n > 0; n--)
            body[prng_below(&prng, a->body.n)] ^= (uint8_t)(1u << prng_below(&prng, 8));
        send_frames(talk.socket, (struct bytes[]){ talk.header, bytes(body, a->body.n) }, 2);
        if (round % 100 == 0)
            a->look("flips");
    }
    a->stands("flips");
    return talk_close(&talk);
}

bool assault_bombs(const struct assault *a)
{
    static const char *const COUNTS[] = { "\xdd\xff\xff\xff\xff", "\xdf\xff\xff\xff\xff", "\xdb\xff\xff\xff\xff", "\xc6\xff\xff\xff\xff",
                                          "\xdc\xff\xff", "\xde\xff\xff" };
    struct talk talk;

    if (!talk_open(&talk, a))
        return talk_close(&talk);
    uint8_t *deep = arena_alloc(&talk.arena, MSG_BYTES_MAX), *wide = arena_alloc(&talk.arena, MSG_BYTES_MAX);
    memset(deep, 0x91, MSG_BYTES_MAX);
    memset(wide, 0x80, MSG_BYTES_MAX);
    memcpy(wide, "\xdd\x00\x03\xff\xf0", 5);
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++) {
            struct bytes bomb = bytes(COUNTS[i], strlen(COUNTS[i]));
            send_frames(talk.socket, (struct bytes[]){ talk.header, bomb }, 2);
            send_frames(talk.socket, (struct bytes[]){ bomb, a->body }, 2);
        }
        send_frames(talk.socket, (struct bytes[]){ talk.header, bytes(deep, MSG_BYTES_MAX) }, 2);
        send_frames(talk.socket, (struct bytes[]){ talk.header, bytes(wide, MSG_BYTES_MAX) }, 2);
        send_frames(talk.socket, (struct bytes[]){ bytes(wide, 4000), a->body }, 2);
        if (round % 20 == 0)
            a->look("bombs");
    }
    a->stands("bombs");
    return talk_close(&talk);
}

bool assault_frames(const struct assault *a)
{
    struct talk talk;

    if (!talk_open(&talk, a))
        return talk_close(&talk);
    struct bytes *frames = arena_alloc(&talk.arena, FRAMES * sizeof *frames);
    uint8_t *block = arena_alloc(&talk.arena, GIANT);
    for (size_t i = 0; i < FRAMES; i++)
        frames[i] = bytes("x", 1);
    for (size_t n = 1; n < 12; n++)
        if (n != 2)
            send_frames(talk.socket, frames, n);
    for (int round = 0; round < 4; round++) {
        send_frames(talk.socket, frames, FRAMES);
        a->look("frames");
    }
    for (int round = 0; round < 4; round++) {
        send_frames(talk.socket, (struct bytes[]){ talk.header, bytes(block, GIANT) }, 2);
        sleep_ms(100);
        a->look("giants");
    }
    a->stands("giants");
    return talk_close(&talk);
}

bool assault_unread(const struct assault *a)
{
    struct wire_header header = { .version = 1, .kind = WIRE_REQUEST, .method = a->asked };
    void *zmq = zmq_ctx_new(), *raw = dial(a, &a->own, zmq, 1);

    for (uint64_t i = 1; i <= UNREAD && raw != NULL; i++) {
        header.id = i;
        send_request(raw, &header, a->ask);
        if (i % 100 == 0)
            a->look("unread replies");
    }
    for (int i = 0; i < 20 && raw != NULL; i++) {       /* until the daemon has come to the last of them */
        sleep_ms(100);
        a->look("unread replies");
    }
    if (raw != NULL) {
        a->stands("unread replies");
        zmq_close(raw);
    }
    zmq_ctx_term(zmq);
    return raw != NULL;
}

bool assault_followers(const struct assault *a)
{
    struct arena arena = { 0 };
    struct cursor start = cursor_start();
    struct follow follow = { .cursor = &start, .entries = 100000, .bytes = 64 << 20 };
    struct bytes body = msg_encode_in(&arena, &follow_desc, &follow);
    void *zmq = zmq_ctx_new(), *raw[FOLLOWERS];
    bool all = true;

    for (size_t i = 0; i < FOLLOWERS; i++) {
        struct wire_header header = { .version = 1, .kind = WIRE_FOLLOW, .id = i + 1, .method = a->service };
        raw[i] = dial(a, &a->follower, zmq, 1);
        all = all && raw[i] != NULL;
        if (raw[i] != NULL)
            send_request(raw[i], &header, body);
    }
    a->stands("unread entries");
    for (size_t i = 0; i < FOLLOWERS; i++)
        if (raw[i] != NULL)
            zmq_close(raw[i]);
    zmq_ctx_term(zmq);
    arena_free(&arena);
    return all;
}

/* ── before any handshake ─────────────────────────────────────────────────── */

static int plain_connect(const char *endpoint)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    bool local = strncmp(endpoint, "ipc://", 6) == 0;

    if (local)
        memcpy(un.sun_path, endpoint + 6, strnlen(endpoint + 6, sizeof un.sun_path - 1));
    else
        in.sin_port = htons((uint16_t)strtoul(strrchr(endpoint, ':') + 1, NULL, 10));
    int fd = socket(local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd == -1)
        return -1;
    int rc = local ? connect(fd, (struct sockaddr *)&un, sizeof un) : connect(fd, (struct sockaddr *)&in, sizeof in);
    if (rc == 0 || errno == EINPROGRESS)
        return fd;
    close(fd);
    return -1;
}

/* Waits a little where the daemon has not taken in those before it. */
static int patient_connect(const char *endpoint)
{
    int fd = plain_connect(endpoint);
    for (int i = 0; i < 500 && fd == -1 && (errno == EAGAIN || errno == ECONNREFUSED); i++) {
        sleep_ms(2);
        fd = plain_connect(endpoint);
    }
    return fd;
}

bool assault_garbage(const struct assault *a)
{
    static const uint8_t greeting[64] = { 0xff, [9] = 0x7f, 3, 0, 'C', 'U', 'R', 'V', 'E' };
    struct prng prng;
    uint8_t noise[4096];
    bool all = true;

    prng_seed(&prng, SEED);
    for (int i = 0; i < 2000; i++) {
        int fd = patient_connect(a->endpoint);
        if (fd == -1) {
            all = false;
            continue;
        }
        prng_fill(&prng, noise, sizeof noise);
        sleep_ms(i % 10 == 0);
        if (i % 3 == 1)                     /* a greeting as it should be, then noise in place of HELLO */
            (void)!send(fd, greeting, sizeof greeting, MSG_NOSIGNAL);
        (void)!send(fd, noise, prng_below(&prng, sizeof noise), MSG_NOSIGNAL);
        close(fd);
        if (i % 100 == 0)
            a->look("garbage");
    }
    a->stands("garbage");
    return all;
}

bool assault_half_open(const struct assault *a)
{
    static int fds[ASSAULT_HALF_OPEN];
    size_t opened = 0;

    for (size_t i = 0; i < ASSAULT_HALF_OPEN; i++) {
        fds[i] = patient_connect(a->endpoint);
        opened += fds[i] != -1;
        if (i % 3 == 0 && fds[i] != -1)     /* some say a little, and then nothing */
            (void)!send(fds[i], "\xff\0\0\0", 4, MSG_NOSIGNAL);
        if (i % 500 == 0)
            a->look("half open");
    }
    a->stands("half open");
    for (size_t i = 0; i < ASSAULT_HALF_OPEN; i++)
        if (fds[i] != -1)
            close(fds[i]);
    a->look("half open, closed");
    return opened == ASSAULT_HALF_OPEN;
}
