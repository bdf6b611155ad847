/* zap: version, request id, domain, address, routing id, mechanism, credentials in; six frames out. */
#include "common/net/zap.h"

#include <stdlib.h>
#include <zmq.h>

#include "common/core/err.h"
#include "common/core/log.h"
#include "common/net/wire.h"

#define ENDPOINT   "inproc://zeromq.zap.01"
#define SERVE_MOST 64               /* handshakes a call */
#define PARTS      7
#define PART_MAX   256

enum { PART_VERSION, PART_REQUEST, PART_DOMAIN, PART_ADDRESS, PART_ROUTE, PART_MECHANISM, PART_KEY };

struct zap { void *socket; };
struct question { uint32_t n; struct { unsigned char at[PART_MAX]; size_t n; } part[PARTS]; };

int zap_open(struct zap **out, void *zmq)
{
    struct zap *zap = calloc(1, sizeof *zap);
    const int none = 0;

    *out = NULL;
    if (zap == NULL)
        return ERR_NOMEM;
    zap->socket = zmq_socket(zmq, ZMQ_REP);
    if (zap->socket == NULL || zmq_setsockopt(zap->socket, ZMQ_LINGER, &none, sizeof none) != 0
        || zmq_bind(zap->socket, ENDPOINT) != 0) {
        log_error("zap", "%s: %s", ENDPOINT, zmq_strerror(zmq_errno()));
        zap_close(&zap);
        return ERR_IO;
    }
    *out = zap;
    return ERR_OK;
}

void zap_close(struct zap **zap)
{
    if (*zap == NULL)
        return;
    if ((*zap)->socket != NULL)
        zmq_close((*zap)->socket);
    free(*zap);
    *zap = NULL;
}

void *zap_socket(const struct zap *zap)
{
    return zap->socket;
}

/* False: nothing there. A part too many or too long leaves n past PARTS. */
static bool question_read(void *socket, struct question *q)
{
    zmq_msg_t part;
    bool more = true;

    q->n = 0;
    while (more) {
        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&part);
            return false;
        }
        size_t n = zmq_msg_size(&part);
        more = zmq_msg_more(&part);
        if (q->n < PARTS && n <= PART_MAX) {
            memcpy(q->part[q->n].at, zmq_msg_data(&part), n);
            q->part[q->n++].n = n;
        } else
            q->n = PARTS + 1;
        zmq_msg_close(&part);
    }
    return true;
}

static bool part_is(const struct question *q, int i, const char *text)
{
    return q->part[i].n == strlen(text) && memcmp(q->part[i].at, text, q->part[i].n) == 0;
}

static const struct principal_key *find(const struct question *q, const struct principals *live)
{
    char key[KEY_TEXT + 1];

    if (q->n != PARTS || !part_is(q, PART_VERSION, "1.0") || !part_is(q, PART_DOMAIN, WIRE_ZAP_DOMAIN)
        || !part_is(q, PART_MECHANISM, "CURVE") || q->part[PART_KEY].n != 32
        || zmq_z85_encode(key, q->part[PART_KEY].at, 32) == NULL)
        return NULL;
    const struct principal_key *found = principals_by_key(live, key);
    return found != NULL && !found->revoked ? found : NULL;
}

/* Property of a connection as ZMTP writes it: length of the name, name, length of the value, value. */
static size_t property(unsigned char *at, const char *name, const char *value, size_t n)
{
    size_t name_n = strlen(name);

    at[0] = (unsigned char)name_n;
    memcpy(at + 1, name, name_n);
    memcpy(at + 1 + name_n, (const unsigned char[]){ 0, 0, 0, (unsigned char)n }, 4);
    memcpy(at + 5 + name_n, value, n);
    return 5 + name_n + n;
}

static void answer(void *socket, const struct question *q, const struct principal_key *found)
{
    unsigned char properties[64];
    char user[UUID_TEXT + 1] = "";
    size_t properties_n = 0;

    if (found != NULL) {
        uuid_format(&found->id, user);
        properties_n = property(properties, "Key", found->public_key, KEY_TEXT);
    }
    const struct bytes parts[] = {
        bytes("1.0", 3), bytes(q->part[PART_REQUEST].at, q->n > PART_REQUEST ? q->part[PART_REQUEST].n : 0),
        bytes(found != NULL ? "200" : "400", 3), bytes_of(found != NULL ? "OK" : "no such key"),
        bytes_of(user), bytes(properties, properties_n),
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        zmq_send(socket, parts[i].at, parts[i].n,
                 ZMQ_DONTWAIT | (i + 1 < sizeof parts / sizeof *parts ? ZMQ_SNDMORE : 0));
}

void zap_serve(struct zap *zap, const struct principals *live, struct zap_count *count)
{
    struct question q;

    for (int i = 0; i < SERVE_MOST && question_read(zap->socket, &q); i++) {
        const struct principal_key *found = q.n == PARTS ? find(&q, live) : NULL;
        answer(zap->socket, &q, found);
        count->accepted += found != NULL;
        count->refused += found == NULL;
    }
}
