/* client: requests, their retries and their answers. */
#include "common/net/client_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zmq.h>

#include "common/core/err.h"

#define SLOT_BITS     12
#define LOOK_MS       2             /* how often the timers of all requests are looked at */
#define FULL_RETRY_MS 10            /* when the socket takes no more */
#define BUSY_LEAST_MS 2
#define RECEIVE_MOST  1024
#define ARENA_KEEP    (64 * 1024)

_Static_assert(CLIENT_WINDOW_MAX <= 1 << SLOT_BITS, "a slot fits into an id");

int64_t client_now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ── the connection ───────────────────────────────────────────────────────── */

/* A key that is turned away is told so in the handshake, and then only by silence. */
static void monitor_open(struct client *client)
{
    char at[40];

    snprintf(at, sizeof at, "inproc://handshake-%u", client->connections++);
    if (client->socket == NULL || zmq_socket_monitor(client->socket, at, ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) != 0)
        return;
    client->monitor = zmq_socket(client->zmq, ZMQ_PAIR);
    if (client->monitor == NULL)
        return;
    zmq_setsockopt(client->monitor, ZMQ_LINGER, &(int){ 0 }, sizeof(int));
    zmq_connect(client->monitor, at);
}

static void monitor_look(struct client *client)
{
    char frame[256];

    while (client->monitor != NULL && zmq_recv(client->monitor, frame, sizeof frame, ZMQ_DONTWAIT) >= 0)
        client->turned_away = true;         /* it is asked for no other event */
}

static void socket_close(struct client *client)
{
    if (client->socket != NULL) {
        zmq_socket_monitor(client->socket, NULL, 0);
        zmq_close(client->socket);
    }
    if (client->monitor != NULL)
        zmq_close(client->monitor);
    client->socket = client->monitor = NULL;
}

int client_reconnect(struct client *client)
{
    monitor_look(client);
    socket_close(client);
    client->socket = wire_client(client->zmq, &client->options.key, client->options.server_key, CLIENT_WINDOW_MAX);
    monitor_open(client);
    client->connected = client->heard = client_now();
    client->follow.lost = client->follow.on;
    client->following = 0;
    return client->socket != NULL ? wire_connect(client->socket, client->endpoint) : ERR_MALFORMED;
}

int client_open(struct client **out, const struct client_options *options)
{
    struct client *client = calloc(1, sizeof *client);
    int err = ERR_NOMEM;

    *out = NULL;
    if (client == NULL)
        return err;
    client->options = *options;
    snprintf(client->endpoint, sizeof client->endpoint, "%s", options->endpoint);
    client->window = options->window == 0 ? CLIENT_WINDOW : options->window;
    if (client->window > CLIENT_WINDOW_MAX)
        client->window = CLIENT_WINDOW_MAX;
    if (options->retry_ms == 0)
        client->options.retry_ms = CLIENT_RETRY_MS;
    client->arena.keep = ARENA_KEEP;
    client->call = calloc(client->window, sizeof *client->call);
    client->free_slot = calloc(client->window, sizeof *client->free_slot);
    client->due = calloc(client->window, sizeof *client->due);
    client->zmq = zmq_ctx_new();
    if (client->call != NULL && client->free_slot != NULL && client->due != NULL && client->zmq != NULL)
        err = client_reconnect(client);
    for (uint32_t i = 0; err == ERR_OK && i < client->window; i++)
        client->free_slot[client->free_n++] = client->window - 1 - i;
    if (err != ERR_OK)
        client_close(&client);
    *out = client;
    return err;
}

void client_close(struct client **closing)
{
    struct client *client = *closing;

    *closing = NULL;
    if (client == NULL)
        return;
    for (uint32_t i = 0; client->call != NULL && i < client->window; i++) {
        buf_free(&client->call[i].memory);
        buf_free(&client->call[i].body);
    }
    following_end(client);
    following_forget(&client->follow);
    socket_close(client);
    if (client->zmq != NULL)
        zmq_ctx_term(client->zmq);
    arena_free(&client->arena);
    free(client->call);
    free(client->free_slot);
    free(client->due);
    key_wipe(&client->options.key);
    free(client);
}

void client_wait(struct client *client, int64_t ms)
{
    zmq_pollitem_t item = { .socket = client->socket, .events = ZMQ_POLLIN };

    zmq_poll(&item, 1, ms < 0 ? 0 : (long)ms);
}

int client_put(struct client *client, const struct wire_header *header, struct bytes body)
{
    struct wire_message message;

    wire_message_start(&message);
    wire_frame_header(&message.header, header);
    wire_frame_copy(&message.body, body);
    return wire_send(client->socket, false, &message);
}

/* ── requests ─────────────────────────────────────────────────────────────── */

static const unsigned char EMPTY_MAP[] = { 0x80 };

/* Sends it (again); deadline_ms says what is left of its time by now. */
static void call_try(struct client *client, struct call *call, int64_t now)
{
    int64_t left = call->deadline - now;

    call->header.deadline_ms = left < 1 ? 1 : (uint64_t)left;
    if (client_put(client, &call->header, buf_bytes(&call->body)) != ERR_OK) {
        call->next_try = now + FULL_RETRY_MS;
        return;
    }
    call->tries++;
    call->sent = now;
    call->next_try = now + client->options.retry_ms;
}

/* The header's method and positions are kept behind one another in the call's own memory. */
static void call_header(struct call *call, const struct client_request *request)
{
    uint32_t n = request->after_count < WIRE_AFTER_MAX ? request->after_count : WIRE_AFTER_MAX;
    size_t positions = n * sizeof(struct position);

    buf_clear(&call->memory);
    buf_reserve(&call->memory, positions + strlen(request->method) + 1);
    buf_put(&call->memory, request->after, positions);
    buf_put(&call->memory, request->method, strlen(request->method) + 1);
    call->header = (struct wire_header){
        .version = WIRE_VERSION, .kind = WIRE_REQUEST, .id = call->id, .command = request->command,
        .actor = request->actor, .made_at = request->made_at, .lane = request->lane, .previous = request->previous,
        .method = (const char *)call->memory.at + positions,
        .after = { n, (struct position *)(void *)call->memory.at },
    };
}

int client_send(struct client *client, const struct client_request *request, void *tag)
{
    if (request->body.n > MSG_BYTES_MAX || request->method == NULL || strlen(request->method) > ENTRY_NAME_MAX)
        return ERR_MALFORMED;
    if (client->free_n == 0)
        return ERR_BUSY;
    uint32_t slot = client->free_slot[--client->free_n];
    struct call *call = &client->call[slot];
    int64_t now = client_now();
    uint32_t ms = request->deadline_ms == 0 ? CLIENT_DEADLINE_MS : request->deadline_ms;

    call->used = true;
    call->id = (++client->counter << SLOT_BITS) | slot;
    call->tag = tag;
    call->tries = 0;
    call->deadline = now + (ms < WIRE_DEADLINE_MS_MAX ? ms : WIRE_DEADLINE_MS_MAX);
    call_header(call, request);
    buf_clear(&call->body);
    if (request->body.n > 0)
        buf_put(&call->body, request->body.at, request->body.n);
    else
        buf_put(&call->body, EMPTY_MAP, sizeof EMPTY_MAP);
    client->outstanding++;
    call_try(client, call, now);
    return ERR_OK;
}

uint32_t client_outstanding(const struct client *client)
{
    return client->outstanding;
}

/* The slot is free before the answer is handed out: `each` may send the next. */
static void call_end(struct client *client, struct call *call, struct client_reply *reply, client_each *each, void *arg)
{
    void *tag = call->tag;

    reply->tries = call->tries;
    call->used = false;
    client->free_slot[client->free_n++] = (uint32_t)(call - client->call);
    client->outstanding--;
    if (each != NULL)
        each(arg, tag, reply);
}

/* True when the service is busy and there is time to ask again. */
static bool call_again(struct call *call, const struct problem *problem)
{
    int64_t wait = (int64_t)problem->retry_after_ms, now = client_now();

    if (problem->code != PROBLEM_BUSY)
        return false;
    wait = wait < BUSY_LEAST_MS ? BUSY_LEAST_MS : wait;
    wait += (int64_t)(call->id % (3 + (uint64_t)wait / 8));     /* not all at once */
    if (now + wait >= call->deadline)
        return false;
    call->next_try = now + wait;
    return true;
}

static uint32_t call_answer(struct client *client, const struct wire_header *header, struct bytes body,
                            client_each *each, void *arg)
{
    uint64_t slot = header->id & ((1u << SLOT_BITS) - 1);
    struct client_reply reply = { .err = ERR_OK };
    struct problem problem;
    struct msg_error error;

    if (slot >= client->window || !client->call[slot].used || client->call[slot].id != header->id)
        return 0;                           /* an answer to a second try, or after the deadline */
    struct call *call = &client->call[slot];
    if (header->kind == WIRE_ERROR) {
        if (msg_decode(&problem_desc, body, MSG_LENIENT, &client->arena, &problem, &error) != ERR_OK)
            problem = (struct problem){ .code = PROBLEM_INTERNAL, .reason = "unreadable_error" };
        if (call_again(call, &problem))
            return 0;
        reply.problem = &problem;
    } else
        reply.body = body;
    if (header->position != NULL) {
        reply.has_position = true;
        reply.position = *header->position;
    }
    call_end(client, call, &reply, each, arg);
    return 1;
}

uint32_t client_receive(struct client *client, client_each *each, void *arg)
{
    struct wire_message message;
    struct wire_header header;
    struct msg_error error;
    uint32_t done = 0;
    int got = 1;

    wire_message_start(&message);
    for (int i = 0; i < RECEIVE_MOST && (got = wire_receive(client->socket, false, &message)) != 0; i++) {
        if (got < 0 || wire_header_read(wire_frame_bytes(&message.header), &client->arena, &header, &error) != ERR_OK)
            continue;
        client->heard = client_now();
        client->turned_away = false;
        if (header.kind == WIRE_REPLY || (header.kind == WIRE_ERROR && header.id != client->follow.id))
            done += call_answer(client, &header, wire_frame_bytes(&message.body), each, arg);
        else
            following_heard(client, &header, &message.body);
        arena_reset(&client->arena);
    }
    wire_message_close(&message);
    return done;
}

static int in_order_of_sending(const void *a, const void *b)
{
    const struct call *const *x = a, *const *y = b;

    return (*x)->id < (*y)->id ? -1 : (*x)->id > (*y)->id;      /* the slot is in the low bits */
}

static bool is_silent(const struct client *client, const struct call *call, int64_t now)
{
    return call->tries > 0 && now >= call->next_try && client->heard <= call->sent
        && now - client->connected >= client->options.retry_ms;
}

/* A connection on which nothing came since is given up, and all that it has not answered is to be sent anew. */
static void silence_look(struct client *client, int64_t now)
{
    bool silent = false;

    for (uint32_t i = 0; i < client->window && !silent; i++)
        silent = client->call[i].used && is_silent(client, &client->call[i], now);
    if (!silent)
        return;
    client_reconnect(client);
    for (uint32_t i = 0; i < client->window; i++)
        client->call[i].next_try = now;
}

/* Ends what is past its deadline, sends again what was not answered: in the order in which it was sent first, since
 * one command may rest on another. */
static uint32_t look_at_calls(struct client *client, client_each *each, void *arg)
{
    int64_t now = client_now();
    uint32_t done = 0, due = 0;

    if (now - client->looked < LOOK_MS)
        return 0;
    client->looked = now;
    silence_look(client, now);
    for (uint32_t i = 0; i < client->window && client->outstanding > 0; i++) {
        struct call *call = &client->call[i];
        if (!call->used)
            continue;
        if (now >= call->deadline) {
            monitor_look(client);
            struct client_reply reply = { .err = client->turned_away ? ERR_DENIED : ERR_TIMEOUT };
            call_end(client, call, &reply, each, arg);
            done++;
        } else if (now >= call->next_try)
            client->due[due++] = call;
    }
    if (due > 1)
        qsort(client->due, due, sizeof *client->due, in_order_of_sending);
    for (uint32_t i = 0; i < due; i++)
        if (client->due[i]->used && now >= client->due[i]->next_try)
            call_try(client, client->due[i], now);
    return done;
}

uint32_t client_poll(struct client *client, int timeout_ms, client_each *each, void *arg)
{
    int64_t until = client_now() + (timeout_ms > 0 ? timeout_ms : 0);

    for (;;) {
        uint32_t done = client_receive(client, each, arg);
        done += look_at_calls(client, each, arg);
        int64_t left = until - client_now();
        if (done > 0 || left <= 0 || client->outstanding == 0)
            return done;
        client_wait(client, left < LOOK_MS ? left : LOOK_MS);
    }
}

/* ── one at a time ────────────────────────────────────────────────────────── */

struct waiting { struct arena *arena; struct client_reply *reply; };

static void problem_keep(struct arena *arena, const struct problem *from, struct client_reply *reply)
{
    struct problem *kept = ARENA_NEW(arena, struct problem);
    struct msg_error error;
    struct bytes encoded = msg_encode_in(arena, &problem_desc, from);

    if (msg_decode(&problem_desc, encoded, MSG_LENIENT, arena, kept, &error) == ERR_OK)
        reply->problem = kept;
}

void client_reply_keep(struct arena *arena, const struct client_reply *from, struct client_reply *to)
{
    *to = *from;
    to->body = arena_bytes(arena, from->body);
    if (from->problem != NULL)
        problem_keep(arena, from->problem, to);
}

static void keep(void *arg, void *tag, const struct client_reply *reply)
{
    struct waiting *waiting = arg;

    (void)tag;
    client_reply_keep(waiting->arena, reply, waiting->reply);
}

int client_call(struct client *client, const struct client_request *request, struct arena *arena,
                struct client_reply *reply)
{
    struct waiting waiting = { arena, reply };

    assert(client->outstanding == 0);
    *reply = (struct client_reply){ .err = client_send(client, request, NULL) };
    while (client->outstanding > 0)
        client_poll(client, 1000, keep, &waiting);
    return reply->err;
}

int client_ask(struct client *client, const struct client_request *request, const struct msg_desc *takes,
               const void *body, const struct msg_desc *gives, void *out, struct arena *arena,
               struct client_reply *reply)
{
    struct client_request whole = *request;
    struct msg_error error;

    memset(out, 0, gives->size);
    whole.body = msg_encode_in(arena, takes, body);
    if (client_call(client, &whole, arena, reply) == ERR_OK && reply->problem == NULL)
        reply->err = msg_decode(gives, reply->body, MSG_LENIENT, arena, out, &error);
    return reply->err;
}
