#pragma once
#include "common/journal/entry.h"

/* wire: what passes over a socket. After the routing frame of a ROUTER there are exactly two frames,
 * header and body; the header is this list as a map, read leniently, the body is the method's message.
 *
 * Threads    any, each on sockets and scratch of its own.
 * Sockets    are those of libzmq itself. Nothing here waits: a send that would have to is refused.
 * Errors     ERR_MALFORMED: not two frames, or a header that cannot be read. */
#define WIRE_VERSION     1
#define WIRE_HEADER_MAX  4096
#define WIRE_AFTER_MAX   8
#define WIRE_DEADLINE_MS_MAX 3600000

#define WIRE_KINDS(X)                                                                       \
    X(WIRE_REQUEST, "request") X(WIRE_REPLY, "reply")     X(WIRE_ERROR, "error")            \
    X(WIRE_FOLLOW, "follow")   X(WIRE_ENTRIES, "entries") X(WIRE_CREDIT, "credit")          \
    X(WIRE_PING, "ping")       X(WIRE_PONG, "pong")
ENUM_DECLARE(wire_kind, WIRE_KINDS)

/* id: chosen by the asker and given back in the answer; that of a FOLLOW names the following in its
 * ENTRIES, CREDIT and PING. Only PING and PONG may have 0: "are you there". */
#define WIRE_HEADER_FIELDS(X, S)                                                                        \
    X(S, U64,    version,  _,         1, 1000,                 REQUIRED)                                \
    X(S, ENUM,   kind,     wire_kind, 0, 0,                    REQUIRED)                                \
    X(S, U64,    id,       _,         0, INT64_MAX,            REQUIRED)                                \
    X(S, STR,    method,   _,         0, ENTRY_NAME_MAX,       OPTIONAL) /* FOLLOW: the stream */       \
    X(S, U64,    deadline_ms, _,      0, WIRE_DEADLINE_MS_MAX, OPTIONAL) /* left; none: no deadline */  \
    X(S, UUID,   command,  _,         0, 0,                    OPTIONAL) /* REQUEST of a command */     \
    X(S, UUID,   lane,     _,         0, 0,                    OPTIONAL) /* … that is chained: whose queue … */ \
    X(S, UUID,   previous, _,         0, 0,                    OPTIONAL) /* … and what comes before it; none: its first */ \
    X(S, LIST,   after,    position,  0, WIRE_AFTER_MAX,       OPTIONAL) /* what it depends on */       \
    X(S, UUID,   actor,    _,         0, 0,                    OPTIONAL) /* role console alone */       \
    X(S, MOMENT, made_at,  _,         0, 0,                    OPTIONAL) /* by the sender's clock */    \
    X(S, MSG,    position, position,  0, 0,                    OPTIONAL) /* REPLY, ERROR: where it stands */ \
    X(S, U64,    entries,  _,         0, 100000,               OPTIONAL) /* ENTRIES: what they take of the credit … */ \
    X(S, U64,    bytes,    _,         0, 64 << 20,             OPTIONAL) /* … to be given back as they are committed */
MSG_DECLARE(wire_header, WIRE_HEADER_FIELDS)

/* ── sockets ──────────────────────────────────────────────────────────────── */
struct key_pair;

/* Every server socket: CURVE server with our ZAP domain, enforced, so that it refuses all peers while
 * nobody answers for the domain; frames of at most MSG_BYTES_MAX; handshake within 3 s; a peer that does
 * not read is seen as EAGAIN, one that has gone as EHOSTUNREACH. No heartbeats of libzmq (4.3.4 can abort
 * the process on one): PING and PONG are messages. */
#define WIRE_ZAP_DOMAIN "rsnms"
void *wire_server(void *zmq, const struct key_pair *key, int hwm);  /* ROUTER; hwm: of sending */
void *wire_client(void *zmq, const struct key_pair *key, const char *server_key, int hwm);  /* DEALER */
#define WIRE_ENDPOINT_MAX 255
/* `actual` gets the endpoint as bound (a port of * becomes a number). */
int  wire_bind(void *socket, const char *endpoint, char actual[WIRE_ENDPOINT_MAX + 1]);
int  wire_connect(void *socket, const char *endpoint);

/* ── messages ─────────────────────────────────────────────────────────────── */
/* One frame that owns its memory, moved and closed like a zmq_msg_t (which it is). */
struct wire_frame { _Alignas(8) unsigned char opaque[64]; };
void wire_frame_start(struct wire_frame *frame);                    /* an empty one */
void wire_frame_copy(struct wire_frame *frame, struct bytes bytes); /* closed first, as by all that fill one */
void wire_frame_close(struct wire_frame *frame);                    /* leaves an empty one */
void wire_frame_move(struct wire_frame *to, struct wire_frame *from);
struct bytes wire_frame_bytes(const struct wire_frame *frame);
/* Zero-copy: bytes of malloc(); done(at, hint) is called, from any thread, when the peer's pipe has let go. */
void wire_frame_give(struct wire_frame *frame, void *at, size_t n, void (*done)(void *at, void *hint), void *hint);
void wire_frame_header(struct wire_frame *frame, const struct wire_header *header);
/* What the ZAP handler said of the connection a received frame came over ("User-Id", "Key"); NULL: nothing. */
const char *wire_frame_property(struct wire_frame *frame, const char *name);

/* A whole message. route: the number that the ROUTER gave to the connection; unused on a DEALER. A peer that
 * claims a routing id of its own could wait for the replies of one that has gone: it is not heard. */
struct wire_message { uint32_t route; struct wire_frame header, body; };
void wire_message_start(struct wire_message *message);
void wire_message_close(struct wire_message *message);
/* 1: a message of the right shape; 0: nothing there; ERR_MALFORMED: one that was thrown away (wrong count of
 * frames, a frame over its limit, a claimed routing id). Many frames are thrown away in several calls. */
int  wire_receive(void *socket, bool routed, struct wire_message *message);
/* Sends and leaves an empty message. ERR_BUSY: the peer does not read; ERR_NOTFOUND: it has gone. Either
 * way the message is given up. */
int  wire_send(void *socket, bool routed, struct wire_message *message);
int  wire_header_read(struct bytes bytes, struct arena *arena, struct wire_header *header, struct msg_error *error);
