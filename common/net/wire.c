/* wire: sockets with the options that every one of them needs, and messages of two frames. */
#include "common/net/wire.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <zmq.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "common/net/keys.h"

#define ZAP_ENFORCE_DOMAIN 93       /* a draft option: no macro in Debian's header, but the library has it */
#define CURVE_OVERHEAD     64       /* MAXMSGSIZE is compared with the sealed frame */
#define HANDSHAKE_MS       3000
#define SERVER_RCVHWM      500      /* read at once, so what waits is what came since */
#define THROW_FRAMES       256      /* of one hostile message, in one call */

ENUM_DEFINE(wire_kind, WIRE_KINDS)
MSG_DEFINE(wire_header, WIRE_HEADER_FIELDS)

_Static_assert(sizeof(struct wire_frame) == sizeof(zmq_msg_t), "wire_frame is a zmq_msg_t");

static zmq_msg_t *msg_of(const struct wire_frame *frame)
{
    return (zmq_msg_t *)(uintptr_t)frame;
}

/* ── sockets ──────────────────────────────────────────────────────────────── */

struct option { int name, value; };

static bool set_all(void *socket, const struct option *options, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (zmq_setsockopt(socket, options[i].name, &options[i].value, sizeof options[i].value) != 0) {
            log_error("wire", "socket option %d: %s", options[i].name, zmq_strerror(zmq_errno()));
            return false;
        }
    return true;
}

static bool set_common(void *socket, int hwm)
{
    const int64_t size_max = MSG_BYTES_MAX + CURVE_OVERHEAD;
    const struct option options[] = {
        { ZMQ_SNDHWM, hwm }, { ZMQ_RCVHWM, hwm }, { ZMQ_SNDTIMEO, 0 }, { ZMQ_RCVTIMEO, 0 }, { ZMQ_LINGER, 0 },
        { ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS }, { ZMQ_HEARTBEAT_IVL, 0 },
        { ZMQ_TCP_KEEPALIVE, 1 }, { ZMQ_TCP_KEEPALIVE_IDLE, 30 }, { ZMQ_IPV6, 1 },
    };

    return set_all(socket, options, sizeof options / sizeof *options)
        && zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &size_max, sizeof size_max) == 0;
}

static bool set_text(void *socket, int name, const char *text)
{
    return zmq_setsockopt(socket, name, text, strlen(text)) == 0;
}

/* A CURVE key in Z85 is passed with its NUL. */
static bool set_key(void *socket, int name, const char *key)
{
    return strlen(key) == KEY_TEXT && zmq_setsockopt(socket, name, key, KEY_TEXT + 1) == 0;
}

static void *unless(bool ok, void *socket, const char *what)
{
    if (ok)
        return socket;
    log_error("wire", "%s: %s", what, zmq_strerror(zmq_errno()));
    if (socket != NULL)
        zmq_close(socket);
    return NULL;
}

void *wire_server(void *zmq, const struct key_pair *key, int hwm)
{
    static const struct option options[] = {
        { ZMQ_CURVE_SERVER, 1 }, { ZAP_ENFORCE_DOMAIN, 1 }, { ZMQ_ROUTER_MANDATORY, 1 }, { ZMQ_BACKLOG, 1024 },
        { ZMQ_RCVHWM, SERVER_RCVHWM },
    };
    void *socket = zmq_socket(zmq, ZMQ_ROUTER);

    return unless(socket != NULL && set_common(socket, hwm) && set_text(socket, ZMQ_ZAP_DOMAIN, WIRE_ZAP_DOMAIN)
                      && set_all(socket, options, sizeof options / sizeof *options)
                      && (!SABOTAGE("fail_open") || zmq_setsockopt(socket, ZAP_ENFORCE_DOMAIN, &(int){ 0 }, sizeof(int)) == 0)
                      && set_key(socket, ZMQ_CURVE_SECRETKEY, key->secret_key),
                  socket, "server socket");
}

void *wire_client(void *zmq, const struct key_pair *key, const char *server_key, int hwm)
{
    static const struct option options[] = {
        { ZMQ_RECONNECT_IVL, 100 }, { ZMQ_RECONNECT_IVL_MAX, 2000 },
    };
    void *socket = zmq_socket(zmq, ZMQ_DEALER);

    return unless(socket != NULL && set_common(socket, hwm) && set_all(socket, options, sizeof options / sizeof *options)
                      && set_key(socket, ZMQ_CURVE_SERVERKEY, server_key)
                      && set_key(socket, ZMQ_CURVE_PUBLICKEY, key->public_key)
                      && set_key(socket, ZMQ_CURVE_SECRETKEY, key->secret_key),
                  socket, "client socket");
}

int wire_bind(void *socket, const char *endpoint, char actual[WIRE_ENDPOINT_MAX + 1])
{
    char last[WIRE_ENDPOINT_MAX + 1];
    size_t n = sizeof last;

    if (zmq_bind(socket, endpoint) != 0)
        return err_of_errno(zmq_errno());
    if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, last, &n) != 0)
        return ERR_IO;
    snprintf(actual, WIRE_ENDPOINT_MAX + 1, "%s", last);
    return ERR_OK;
}

int wire_connect(void *socket, const char *endpoint)
{
    return zmq_connect(socket, endpoint) == 0 ? ERR_OK : err_of_errno(zmq_errno());
}

/* ── frames ───────────────────────────────────────────────────────────────── */

void wire_frame_start(struct wire_frame *frame)
{
    zmq_msg_init(msg_of(frame));
}

static void frame_room(struct wire_frame *frame, size_t n)
{
    zmq_msg_close(msg_of(frame));
    if (zmq_msg_init_size(msg_of(frame), n) != 0)
        log_die("wire", "out of memory for a frame of %zu bytes", n);
}

void wire_frame_copy(struct wire_frame *frame, struct bytes bytes)
{
    frame_room(frame, bytes.n);
    if (bytes.n > 0)
        memcpy(zmq_msg_data(msg_of(frame)), bytes.at, bytes.n);
}

void wire_frame_close(struct wire_frame *frame)
{
    zmq_msg_close(msg_of(frame));
    zmq_msg_init(msg_of(frame));
}

void wire_frame_move(struct wire_frame *to, struct wire_frame *from)
{
    int rc = zmq_msg_move(msg_of(to), msg_of(from));
    assert(rc == 0);
}

struct bytes wire_frame_bytes(const struct wire_frame *frame)
{
    return bytes(zmq_msg_data(msg_of(frame)), zmq_msg_size(msg_of(frame)));
}

void wire_frame_give(struct wire_frame *frame, void *at, size_t n, void (*done)(void *at, void *hint), void *hint)
{
    zmq_msg_close(msg_of(frame));
    if (zmq_msg_init_data(msg_of(frame), at, n, done, hint) != 0)
        log_die("wire", "out of memory for a frame");
}

void wire_frame_header(struct wire_frame *frame, const struct wire_header *header)
{
    struct buf encoded = { 0 };

    msg_encode(&wire_header_desc, header, &encoded);
    wire_frame_copy(frame, buf_bytes(&encoded));
    buf_free(&encoded);
}

const char *wire_frame_property(struct wire_frame *frame, const char *name)
{
    return zmq_msg_gets(msg_of(frame), name);
}

/* ── messages ─────────────────────────────────────────────────────────────── */

void wire_message_start(struct wire_message *message)
{
    message->route = 0;
    wire_frame_start(&message->header);
    wire_frame_start(&message->body);
}

void wire_message_close(struct wire_message *message)
{
    wire_frame_close(&message->header);
    wire_frame_close(&message->body);
}

static bool more_of(void *socket)
{
    int more = 0;
    size_t n = sizeof more;

    return zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &n) == 0 && more != 0;
}

static int throw_rest(void *socket)
{
    zmq_msg_t part;

    for (int i = 0; i < THROW_FRAMES && more_of(socket); i++) {
        zmq_msg_init(&part);
        zmq_msg_recv(&part, socket, ZMQ_DONTWAIT);
        zmq_msg_close(&part);
    }
    return ERR_MALFORMED;
}

/* Ids that the ROUTER gives itself are a zero byte and four more. */
static bool route_read(zmq_msg_t *part, uint32_t *route)
{
    const unsigned char *at = zmq_msg_data(part);

    if (zmq_msg_size(part) != 1 + sizeof *route || at[0] != 0)
        return false;
    memcpy(route, at + 1, sizeof *route);
    return true;
}

static bool take(void *socket, zmq_msg_t *part)
{
    return zmq_msg_recv(part, socket, ZMQ_DONTWAIT) >= 0;
}

int wire_receive(void *socket, bool routed, struct wire_message *message)
{
    zmq_msg_t *header = msg_of(&message->header), *body = msg_of(&message->body), first;
    bool known = true;

    if (more_of(socket))                    /* what is left of one with too many frames */
        return throw_rest(socket);
    if (routed) {
        zmq_msg_init(&first);
        if (!take(socket, &first))
            return 0;
        known = route_read(&first, &message->route);
        known = zmq_msg_more(&first) && known;
        zmq_msg_close(&first);
        if (!known)
            return throw_rest(socket);
    }
    if (!take(socket, header))
        return 0;
    if (!zmq_msg_more(header) || !take(socket, body) || zmq_msg_more(body)
        || zmq_msg_size(header) > WIRE_HEADER_MAX || zmq_msg_size(body) > MSG_BYTES_MAX) {
        wire_message_close(message);
        return throw_rest(socket);
    }
    return 1;
}

static int give(void *socket, zmq_msg_t *part, int flags)
{
    while (zmq_msg_send(part, socket, flags | ZMQ_DONTWAIT) < 0)
        if (zmq_errno() != EINTR)
            return zmq_errno() == EHOSTUNREACH ? ERR_NOTFOUND : ERR_BUSY;
    return ERR_OK;
}

/* Only the first frame can be refused; those after it belong to a message that has its place. */
int wire_send(void *socket, bool routed, struct wire_message *message)
{
    zmq_msg_t first;
    int err = ERR_OK;

    if (routed) {
        zmq_msg_init_size(&first, 1 + sizeof message->route);
        unsigned char *at = zmq_msg_data(&first);
        at[0] = 0;
        memcpy(at + 1, &message->route, sizeof message->route);
        err = give(socket, &first, ZMQ_SNDMORE);
        zmq_msg_close(&first);
    }
    if (err == ERR_OK)
        err = give(socket, msg_of(&message->header), ZMQ_SNDMORE);
    if (err == ERR_OK)
        err = give(socket, msg_of(&message->body), 0);
    wire_message_close(message);
    return err;
}

int wire_header_read(struct bytes from, struct arena *arena, struct wire_header *header, struct msg_error *error)
{
    return msg_decode(&wire_header_desc, from, MSG_LENIENT, arena, header, error);
}
