/* The link cut at every byte of the dialogue, handshake included: nothing lost, nothing twice. The sender errand is
 * stepped by hand over real connections to the region's daemons; a relay between it and one of them ends the connection
 * after the N-th byte, N from 0 until the dialogue is shorter. Every STRIDE-th byte (RSNMS_NODE_STRIDE; 1: every one),
 * beginning at another offset in each third of it, so that no field is passed over by a period of the stride. */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/service/errand.h"
#include "services/node/node.h"
#include "tests/service/node_rig.h"

#define STRIDE      7u
#define EACH        3u                      /* commands of one dialogue */
#define PAIRS_MAX   16
#define ROUNDS_MAX   2000
#define RETRY_MS    60

static struct node_rig rig;

/* ── the relay ────────────────────────────────────────────────────────────── */

static struct {
    int listener, port;
    char to[200];
    pthread_t thread;
    atomic_bool over;
    atomic_long left;                       /* bytes until the cut; −1: none is armed */
    atomic_uint cuts;
} relay;
struct pair { int one, two; };

static void pair_close(struct pair *pair)
{
    close(pair->one);
    close(pair->two);
    *pair = (struct pair){ -1, -1 };
}

/* False: this connection is over. */
static bool carry(int from, int to)
{
    char bytes[4096];
    ssize_t n = recv(from, bytes, sizeof bytes, 0);
    long left = atomic_load(&relay.left);
    bool cut = left >= 0 && n >= left;
    if (n <= 0)
        return false;
    if (cut)
        n = left;
    for (ssize_t sent = 0; sent < n; ) {
        ssize_t some = send(to, bytes + sent, (size_t)(n - sent), MSG_NOSIGNAL);
        if (some <= 0)
            return false;
        sent += some;
    }
    if (cut) {
        atomic_store(&relay.left, -1);
        atomic_fetch_add(&relay.cuts, 1);
    } else if (left >= 0)
        atomic_store(&relay.left, left - n);
    return !cut;
}

static void pair_new(struct pair *pairs)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int one = accept(relay.listener, NULL, NULL), two = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", relay.to);
    for (int i = 0; i < PAIRS_MAX && one >= 0; i++)
        if (pairs[i].one < 0 && connect(two, (struct sockaddr *)&address, sizeof address) == 0) {
            pairs[i] = (struct pair){ one, two };
            return;
        }
    close(one);
    close(two);
}

static void *relay_run(void *arg)
{
    struct pair pairs[PAIRS_MAX];
    (void)arg;
    for (int i = 0; i < PAIRS_MAX; i++)
        pairs[i] = (struct pair){ -1, -1 };
    while (!atomic_load(&relay.over)) {
        struct pollfd items[1 + 2 * PAIRS_MAX] = { { .fd = relay.listener, .events = POLLIN } };
        for (int i = 0; i < PAIRS_MAX; i++) {
            items[1 + 2 * i] = (struct pollfd){ .fd = pairs[i].one, .events = POLLIN };
            items[2 + 2 * i] = (struct pollfd){ .fd = pairs[i].two, .events = POLLIN };
        }
        if (poll(items, 1 + 2 * PAIRS_MAX, 20) <= 0)
            continue;
        for (int i = 0; i < PAIRS_MAX; i++)
            if (pairs[i].one >= 0 &&
                ((items[1 + 2 * i].revents != 0 && !carry(pairs[i].one, pairs[i].two)) ||
                 (items[2 + 2 * i].revents != 0 && !carry(pairs[i].two, pairs[i].one))))
                pair_close(&pairs[i]);
        if (items[0].revents != 0)
            pair_new(pairs);
    }
    for (int i = 0; i < PAIRS_MAX; i++)
        if (pairs[i].one >= 0)
            pair_close(&pairs[i]);
    return NULL;
}

static void relay_open(const char *to)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof address;
    snprintf(relay.to, sizeof relay.to, "%s", to);
    relay.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(relay.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(relay.listener, 16), 0);
    assert_int_equal(getsockname(relay.listener, (struct sockaddr *)&address, &n), 0);
    relay.port = ntohs(address.sin_port);
    atomic_store(&relay.left, -1);
    assert_int_equal(pthread_create(&relay.thread, NULL, relay_run, NULL), 0);
}

static void relay_close(void)
{
    atomic_store(&relay.over, true);
    pthread_join(relay.thread, NULL);
    close(relay.listener);
}

/* ── the errand's world: its own connections, impatient ones ──────────────── */

static struct { const char *service; struct client *piped, *asked; } lines[NODE_SERVICES];
static struct config config;
static struct key_pair own;

static struct client **line_of(const char *service, bool asked)
{
    for (int i = 0; i < NODE_SERVICES; i++)
        if (strcmp(NODE_SERVICE[i], service) == 0)
            return asked ? &lines[i].asked : &lines[i].piped;
    fail();
    return NULL;
}

static int open_line(const char *service, bool asked, struct client **client)
{
    struct client **line = line_of(service, asked);
    struct client_options options = { .key = own, .window = 512, .retry_ms = RETRY_MS };
    struct principals *principals;
    char endpoint[WIRE_ENDPOINT_MAX + 1], says[400];
    if (*line == NULL) {
        assert_int_equal(config_endpoint(&config, config_find(&config, service), endpoint), ERR_OK);
        if (strcmp(service, "routes") == 0)
            snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", relay.port);
        options.endpoint = endpoint;
        assert_int_equal(principals_load(&principals, config.keys, NULL, says), ERR_OK);
        memcpy(options.server_key, principals_by_name(principals, service)->public_key, sizeof options.server_key);
        principals_free(&principals);
        assert_int_equal(client_open(line, &options), ERR_OK);
    }
    *client = *line;
    return ERR_OK;
}

static int world_send(struct errand *errand, const char *service, const struct client_request *request, void *tag)
{
    struct client *client;
    (void)errand;
    open_line(service, false, &client);
    return client_send(client, request, tag);
}

static uint32_t world_poll(struct errand *errand, const char *service, int timeout_ms, client_each *each, void *arg)
{
    struct client *client = *line_of(service, false);
    (void)errand;
    return client != NULL ? client_poll(client, timeout_ms, each, arg) : 0;
}

static uint32_t world_outstanding(struct errand *errand, const char *service)
{
    struct client *client = *line_of(service, false);
    (void)errand;
    return client != NULL ? client_outstanding(client) : 0;
}

static int world_call(struct errand *errand, const char *service, const struct client_request *request, struct client_reply *reply)
{
    struct client *client;
    open_line(service, true, &client);
    return client_call(client, request, errand->arena, reply);
}

static void world_hang_up(struct errand *errand, const char *service)
{
    (void)errand;
    client_close(line_of(service, false));
    client_close(line_of(service, true));
}

static const struct errand_world WORLD = { .submit = errand_submit_direct, .send = world_send, .poll = world_poll,
    .outstanding = world_outstanding, .call = world_call, .hang_up = world_hang_up };

/* ── the test ─────────────────────────────────────────────────────────────── */

static void hang_up_all(struct errand *errand)
{
    for (int i = 0; i < NODE_SERVICES; i++)
        world_hang_up(errand, NODE_SERVICE[i]);
}

struct counting { uint64_t waiting, accepted; };
static void read_counts(struct ctx *ctx, void *arg)
{
    struct counting *counting = arg;
    counting->waiting = counts_waiting(ctx, -1);
    counting->accepted = counts_get(ctx, (uint32_t)node_method_find("routes.support.record")).accepted;
}

static bool drained(struct errand *errand, unsigned queued)
{
    for (int i = 0; i < ROUNDS_MAX; i++) {
        struct counting counting;
        uint32_t rest = errand_step(errand, CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self));
        assert_int_equal(errand_read(errand, read_counts, &counting), ERR_OK);
        if (counting.waiting == 0) {
            assert_int_equal(counting.accepted, queued);    /* a second effect would be refused as known */
            return true;
        }
        if (rest > 0)
            node_rig_sleep(rest < 20 ? (int)rest : 20);
    }
    return false;
}

static int set_up(void **state)
{
    (void)state;
    node_rig_open(&rig);
    return 0;
}

/* After a failure too: no daemon is left behind. */
static int tear_down(void **state)
{
    (void)state;
    node_rig_close(&rig);
    return 0;
}

static void a_link_cut_at_every_byte_loses_and_doubles_nothing(void **state)
{
    const char *wanted = getenv("RSNMS_NODE_STRIDE");
    unsigned stride = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : STRIDE, queued = 0, dialogues = 0, at = 0;
    char file[200], socket[200], says[400];
    struct errand errand;
    (void)state;

    snprintf(file, sizeof file, "%s/rsnms.yaml", rig.node);
    snprintf(socket, sizeof socket, "%s/run/routes.sock", rig.region);
    struct arena arena = { 0 };
    assert_int_equal(config_load(file, &arena, &config, says), ERR_OK);
    assert_int_equal(key_load(config.keys, "node", &own, says), ERR_OK);
    relay_open(socket);
    for (bool reached = true; reached; dialogues++) {
        node_rig_fill(&rig, rig.node, queued, EACH);
        queued += EACH;
        struct machine *machine = node_rig_machine(&rig, rig.node, "node");
        errand_start(&errand, machine, 0, &WORLD);
        errand.keys = config.keys;
        errand.who.id = own.id;
        unsigned before = atomic_load(&relay.cuts);
        atomic_store(&relay.left, (long)at);
        if (!drained(&errand, queued))
            fail_msg("cut at byte %u: it does not come to an end", at);
        reached = atomic_load(&relay.cuts) > before;
        atomic_store(&relay.left, -1);
        hang_up_all(&errand);
        errand_end(&errand);
        machine_close(&machine);
        at += dialogues % 3 == 2 && stride > 1 ? stride - 1 : stride;
    }
    print_message("%u dialogues of %u commands, cut at bytes 0 to %u by steps of %u\n", dialogues, EACH, at, stride);
    assert_true(at > 1000);
    relay_close();
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), queued);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(a_link_cut_at_every_byte_loses_and_doubles_nothing, set_up, tear_down) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
