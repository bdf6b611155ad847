/* raw: bare loops over LMDB and libzmq. */
#include "tests/bench/raw.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#include "common/core/err.h"
#include "common/core/hash.h"

#define STOCK 4096              /* keys made at once, outside the measured time */

/* ── a bare store ─────────────────────────────────────────────────────────── */

static table_t table_named(const struct service *service, const char *name)
{
    for (size_t i = 0; i < service->table_count; i++)
        if (strcmp(service->tables[i].name, name) == 0)
            return (table_t)(TABLE_OWN + i);
    need(false, "no table %s", name);
    return 0;
}

struct raw_store *raw_open(struct site *site)
{
    struct raw_store *raw = calloc(1, sizeof *raw);
    char from[300], to[300];
    struct bytes key, value;
    struct txn txn;

    need(raw != NULL, "out of memory");
    snprintf(to, sizeof to, "%s/raw", site->bench->dir);
    bench_shell("rm -rf '%s' && mkdir -m 700 '%s' && cp --sparse=always '%s/data.mdb' '%s/' && sync -f '%s'", to, to,
                site_store(site, P_DIAGNOSTICS, from), to, to);
    const struct store_options options = { .dir = to, .tables = diagnostics_service.tables,
                                           .table_count = diagnostics_service.table_count };
    need(store_open(&raw->store, &options) == ERR_OK, "%s cannot be opened", to);
    raw->site = site;
    raw->answers = table_named(&diagnostics_service, "answers");
    txn_begin(&txn, raw->store, TXN_READ);
    need(txn_last(&txn, TABLE_ENTRIES, &key, &value), "no entry");
    struct key_reader reader = key_read(key);
    raw->number = key_read_u64(&reader);
    raw->entry_bytes = site->entry_bytes;
    raw->entry = malloc(raw->entry_bytes);
    need(raw->entry != NULL, "out of memory");
    for (size_t i = 0; i < raw->entry_bytes; i++)
        raw->entry[i] = i < value.n ? ((const uint8_t *)value.at)[i] : 0;
    need(txn_end(&txn) == ERR_OK, "reading");
    return raw;
}

void raw_close(struct raw_store **closing)
{
    struct raw_store *raw = *closing;

    *closing = NULL;
    if (raw == NULL)
        return;
    store_close(&raw->store);
    free(raw->entry);
    free(raw);
}

struct stock { struct key verdict[STOCK], answer[STOCK][SAVE_ANSWERS]; };

static void stock_fill(struct raw_store *raw, struct stock *stock, uint32_t n)
{
    struct uuid who = uuid_derive("bench", bytes_of("who"));

    for (uint32_t i = 0; i < n; i++) {
        struct uuid command = uuid_new();
        uint64_t save = raw->n + i;
        stock->verdict[i] = key_of_uuid(&command);
        key_uuid(&stock->verdict[i], &who);
        for (uint32_t k = 0; k < SAVE_ANSWERS; k++) {
            stock->answer[i][k] = key_of_uuid(&raw->site->sitting[save % SITTINGS]);
            key_u32(&stock->answer[i][k], (uint32_t)(1 + (save + k) % SAVE_TASKS));
        }
    }
}

/* What one diagnostics.sitting.save puts: its entry, its verdict, its answers. */
static void put_save(struct raw_store *raw, struct txn *txn, const struct stock *stock, uint32_t i, bool all)
{
    struct key number = key_of_u64(++raw->number);
    uint8_t chosen = (uint8_t)(1 + raw->n++ / 7 % 4);

    memcpy(raw->entry + 8, &raw->number, sizeof raw->number);      /* no two alike */
    txn_append(txn, TABLE_ENTRIES, key_bytes(&number), bytes(raw->entry, raw->entry_bytes));
    txn_put(txn, TABLE_VERDICTS, key_bytes(&stock->verdict[i]), key_bytes(&number));
    for (uint32_t k = 0; k < SAVE_ANSWERS && all; k++)
        txn_put(txn, raw->answers, key_bytes(&stock->answer[i][k]), bytes(&chosen, 1));
}

static double saves_put(struct raw_store *raw, uint64_t saves, double batch, bool all)
{
    struct stock *stock = malloc(sizeof *stock);
    double took = 0, due = 0;

    need(stock != NULL, "out of memory");
    for (uint64_t done = 0; done < saves; ) {
        uint32_t n = saves - done < STOCK ? (uint32_t)(saves - done) : STOCK, at = 0;
        stock_fill(raw, stock, n);
        double begun = bench_now();
        while (at < n) {
            struct txn txn;
            due += batch;                   /* 96.4 a batch is 96, 96, 97, 96, 97 … */
            uint32_t size = (uint32_t)due < 1 ? 1 : (uint32_t)due;
            due -= size;
            txn_begin(&txn, raw->store, TXN_WRITE);
            for (uint32_t end = at + size < n ? at + size : n; at < end; at++)
                put_save(raw, &txn, stock, at, all);
            need(txn_end(&txn) == ERR_OK, "a bare commit");
        }
        took += bench_now() - begun;
        done += n;
    }
    free(stock);
    return (double)saves / took;
}

double raw_saves(struct raw_store *raw, uint64_t saves, double batch)
{
    return saves_put(raw, saves, batch, true);
}

double raw_append_one(struct raw_store *raw, uint64_t saves, double batch)
{
    return saves_put(raw, saves, batch, false);
}

double raw_commit(struct raw_store *raw)
{
    return 1 / saves_put(raw, 1, 1, true);
}

/* ── bare CURVE ───────────────────────────────────────────────────────────── */

struct keys { char public_key[41], secret_key[41]; };

static void *socket_open(void *zmq, int type, const struct keys *own, const char *server)
{
    void *socket = zmq_socket(zmq, type);
    int one = 1, none = 0, hwm = 64;

    need(socket != NULL, "no socket");
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    if (server == NULL) {
        zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &one, sizeof one);
        zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &one, sizeof one);     /* waits where it would drop */
    } else {
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server, 41);
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, own->public_key, 41);
    }
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, own->secret_key, 41);
    return socket;
}

/* Two ends, each with a context of its own, as daemon and client have. */
struct raw_echo {
    void *zmq_near, *zmq_far, *near, *far;
    pthread_t thread;
    struct raw_store *raw; uint64_t entries; size_t frame;      /* of a stream */
};

static void ends_open(struct raw_echo *echo, const char *endpoint)
{
    struct keys server, client;
    char at[256];
    size_t n = sizeof at;

    zmq_curve_keypair(server.public_key, server.secret_key);
    zmq_curve_keypair(client.public_key, client.secret_key);
    echo->zmq_near = zmq_ctx_new();
    echo->zmq_far = zmq_ctx_new();
    echo->far = socket_open(echo->zmq_far, ZMQ_ROUTER, &server, NULL);
    echo->near = socket_open(echo->zmq_near, ZMQ_DEALER, &client, server.public_key);
    need(zmq_bind(echo->far, endpoint) == 0, "%s: %s", endpoint, zmq_strerror(zmq_errno()));
    need(zmq_getsockopt(echo->far, ZMQ_LAST_ENDPOINT, at, &n) == 0, "no endpoint");
    need(zmq_connect(echo->near, at) == 0, "%s: %s", at, zmq_strerror(zmq_errno()));
}

static void *echo_run(void *arg)
{
    struct raw_echo *echo = arg;

    for (;;) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, echo->far, 0) < 0) {
            zmq_msg_close(&part);
            zmq_close(echo->far);
            return NULL;
        }
        int more = zmq_msg_more(&part);
        if (zmq_msg_send(&part, echo->far, more ? ZMQ_SNDMORE : 0) < 0)
            zmq_msg_close(&part);
    }
}

struct raw_echo *raw_echo_open(const char *endpoint)
{
    struct raw_echo *echo = calloc(1, sizeof *echo);

    need(echo != NULL, "out of memory");
    ends_open(echo, endpoint);
    need(pthread_create(&echo->thread, NULL, echo_run, echo) == 0, "no thread");
    raw_echo_once(echo, 1, 1);
    return echo;
}

void raw_echo_close(struct raw_echo **closing)
{
    struct raw_echo *echo = *closing;

    *closing = NULL;
    zmq_close(echo->near);
    zmq_ctx_term(echo->zmq_near);
    zmq_ctx_shutdown(echo->zmq_far);
    pthread_join(echo->thread, NULL);
    zmq_ctx_term(echo->zmq_far);
    free(echo);
}

double raw_echo_once(struct raw_echo *echo, size_t header, size_t body)
{
    static uint8_t bytes_[4096];
    double begun = bench_now();

    need(header <= sizeof bytes_ && body <= sizeof bytes_, "too long an echo");
    need(zmq_send(echo->near, bytes_, header, ZMQ_SNDMORE) >= 0 && zmq_send(echo->near, bytes_, body, 0) >= 0, "sending");
    need(zmq_recv(echo->near, bytes_, sizeof bytes_, 0) == (int)header && zmq_recv(echo->near, bytes_, sizeof bytes_, 0)
             == (int)body, "no echo");
    return bench_now() - begun;
}

/* ── a bare stream ────────────────────────────────────────────────────────── */

static void frame_send(struct raw_echo *echo, const zmq_msg_t *id, const struct buf *frame)
{
    need(zmq_send(echo->far, zmq_msg_data((zmq_msg_t *)(uintptr_t)id), zmq_msg_size(id), ZMQ_SNDMORE) >= 0
         && zmq_send(echo->far, "header", 6, ZMQ_SNDMORE) >= 0 && zmq_send(echo->far, frame->at, frame->n, 0) >= 0, "sending");
}

static void *stream_run(void *arg)
{
    struct raw_echo *echo = arg;
    struct buf frame = { 0 };
    struct bytes key, value;
    struct scan scan;
    struct txn txn;
    zmq_msg_t id, rest;

    zmq_msg_init(&id);
    zmq_msg_init(&rest);
    need(zmq_msg_recv(&id, echo->far, 0) >= 0 && zmq_msg_recv(&rest, echo->far, 0) >= 0, "nobody asks");
    txn_begin(&txn, echo->raw->store, TXN_READ);
    scan_begin(&scan, &txn, TABLE_ENTRIES, bytes(NULL, 0));
    for (uint64_t i = 0; i < echo->entries && scan_next(&scan, &key, &value); i++) {
        if (frame.n + value.n > echo->frame) {
            frame_send(echo, &id, &frame);
            buf_clear(&frame);
        }
        buf_put(&frame, (const uint8_t *)value.at + HASH_SIZE, value.n - HASH_SIZE);
    }
    frame_send(echo, &id, &frame);
    buf_clear(&frame);
    frame_send(echo, &id, &frame);          /* an empty one: the end */
    scan_end(&scan);
    txn_end(&txn);
    buf_free(&frame);
    zmq_msg_close(&id);
    zmq_msg_close(&rest);
    return NULL;
}

double raw_stream(struct raw_store *raw, const char *endpoint, uint64_t entries, size_t frame)
{
    struct raw_echo stream = { .raw = raw, .entries = entries, .frame = frame };
    uint64_t got = 0;
    double begun;

    ends_open(&stream, endpoint);
    need(pthread_create(&stream.thread, NULL, stream_run, &stream) == 0, "no thread");
    begun = bench_now();
    need(zmq_send(stream.near, "go", 2, 0) == 2, "sending");
    for (size_t last = 1; last > 0; ) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        need(zmq_msg_recv(&part, stream.near, 0) >= 0, "receiving");
        if (!zmq_msg_more(&part)) {
            last = zmq_msg_size(&part);
            got += last;
        }
        zmq_msg_close(&part);
    }
    double took = bench_now() - begun;
    pthread_join(stream.thread, NULL);
    zmq_close(stream.near);
    zmq_close(stream.far);
    zmq_ctx_term(stream.zmq_near);
    zmq_ctx_term(stream.zmq_far);
    return (double)got / took;
}
