#include "tests/service/nest.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define START_MS 10000

const struct uuid NEST_SCOPE = { { 0x5c, 0x0b, 0xe0, 1 } };

static void file_write(const char *dir, const char *name, const char *text)
{
    char path[200];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void key_add(struct nest *nest, const char *name, const char *role, bool all)
{
    struct uuid scope = NEST_SCOPE;
    struct key_pair pair;
    char says[400] = "";

    assert_int_equal(key_new(nest->keys, name, NULL, &pair, says), ERR_OK);
    const struct principal_row row = { .id = pair.id, .name = name, .role = role, .public_key = pair.public_key,
                                       .all = all, .scopes = { all ? 0 : 1, &scope } };
    if (role != NULL)
        assert_int_equal(principals_add(nest->keys, &row, says), ERR_OK);
}

void nest_open(struct nest *nest, bool tcp)
{
    char text[1200];

    *nest = (struct nest){ 0 };
    snprintf(nest->dir, sizeof nest->dir, "/tmp/rsnms-nest-XXXXXX");
    assert_non_null(mkdtemp(nest->dir));
    snprintf(nest->config, sizeof nest->config, "%s/rsnms.yaml", nest->dir);
    snprintf(nest->keys, sizeof nest->keys, "%s/keys", nest->dir);
    assert_int_equal(crypto_start(), ERR_OK);
    snprintf(text, sizeof text,
             "region: 018f0000-0000-7000-8000-000000000001\ndata: data\nkeys: keys\nbackup: backup\nrun: run\n"
             "reserve_mb: 1\nlog: warning\nservices:\n  - name: parrot\n%s  - name: echo\n%s  - name: pigeon\n    cap_mb: 3\n",
             tcp ? "    listen: tcp://127.0.0.1:*\n" : "", tcp ? "    listen: tcp://127.0.0.1:*\n" : "");
    file_write(nest->dir, "rsnms.yaml", text);
    key_add(nest, "parrot", "service", true);
    key_add(nest, "echo", "service", true);
    key_add(nest, "pigeon", "service", true);
    key_add(nest, "node", "service", true);
    key_add(nest, "console", "console", true);
    key_add(nest, "clerk", "service", false);
    key_add(nest, "operator", "operator", true);
    key_add(nest, "stranger", NULL, true);
}

int nest_wait(pid_t pid)
{
    int status = 0;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int nest_stop(pid_t pid, int signal)
{
    if (pid <= 0)
        return 0;
    kill(pid, signal);
    return nest_wait(pid);
}

void nest_close(struct nest *nest)
{
    char command[120];
    int pigeon = nest_stop(nest->pigeon, SIGTERM);
    int echo = nest_stop(nest->echo, SIGTERM), parrot = nest_stop(nest->parrot, SIGTERM);

    snprintf(command, sizeof command, "rm -rf -- '%s'", nest->dir);
    assert_int_equal(system(command), 0);
    assert_int_equal(pigeon, 0);
    assert_int_equal(echo, 0);
    assert_int_equal(parrot, 0);
}

void nest_sleep(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

pid_t nest_start(struct nest *nest, const char *program)
{
    const char *build = getenv("RSNMS_BUILD");
    char path[400], endpoint[200];
    struct stat st;

    snprintf(path, sizeof path, "%s/tests/%s", build != NULL ? build : ".", program);
    snprintf(endpoint, sizeof endpoint, "%s/run/%.*s.endpoint", nest->dir, (int)strlen(program) - 1, program);
    ino_t before = stat(endpoint, &st) == 0 ? st.st_ino : 0;     /* it writes another file when it listens */
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        execl(path, program, "--config", nest->config, (char *)NULL);
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        _exit(127);
    }
    for (int waited = 0; (stat(endpoint, &st) != 0 || st.st_ino == before) && waited < START_MS; waited += 10)
        nest_sleep(10);
    assert_int_equal(stat(endpoint, &st), 0);
    return pid;
}

void nest_endpoint(struct nest *nest, const char *service, char endpoint[WIRE_ENDPOINT_MAX + 1])
{
    struct arena arena = { 0 };
    struct config config;
    char says[400];

    assert_int_equal(config_load(nest->config, &arena, &config, says), ERR_OK);
    assert_int_equal(config_endpoint(&config, config_find(&config, service), endpoint), ERR_OK);
    arena_free(&arena);
}

struct key_pair nest_key(struct nest *nest, const char *name)
{
    struct key_pair pair;
    char says[400];

    assert_int_equal(key_load(nest->keys, name, &pair, says), ERR_OK);
    return pair;
}

struct client *nest_client(struct nest *nest, const char *service, const char *name)
{
    struct key_pair server = nest_key(nest, service);
    struct client_options options = { .key = nest_key(nest, name), .window = 512 };
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    struct client *client;

    nest_endpoint(nest, service, endpoint);
    options.endpoint = endpoint;
    memcpy(options.server_key, server.public_key, sizeof options.server_key);
    assert_int_equal(client_open(&client, &options), ERR_OK);
    return client;
}

void *nest_raw(struct nest *nest, void *zmq, const char *service, const char *name, bool curve)
{
    struct key_pair server = nest_key(nest, service), own = nest_key(nest, name);
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    void *socket = curve ? wire_client(zmq, &own, server.public_key, 10000) : zmq_socket(zmq, ZMQ_DEALER);

    assert_non_null(socket);
    nest_endpoint(nest, service, endpoint);
    if (!curve)
        zmq_setsockopt(socket, ZMQ_LINGER, &(int){ 0 }, sizeof(int));
    assert_int_equal(wire_connect(socket, endpoint), ERR_OK);
    return socket;
}

void raw_send(void *socket, const struct wire_header *header, struct bytes body)
{
    struct wire_message message;

    wire_message_start(&message);
    wire_frame_header(&message.header, header);
    wire_frame_copy(&message.body, body);
    assert_int_equal(wire_send(socket, false, &message), ERR_OK);
}

bool raw_receive(void *socket, int ms, struct arena *arena, struct wire_header *header, struct bytes *body)
{
    zmq_pollitem_t item = { .socket = socket, .events = ZMQ_POLLIN };
    struct wire_message message;
    struct msg_error error;

    if (zmq_poll(&item, 1, ms) <= 0)
        return false;
    wire_message_start(&message);
    bool got = wire_receive(socket, false, &message) == 1
        && wire_header_read(wire_frame_bytes(&message.header), arena, header, &error) == ERR_OK;
    if (got)
        *body = arena_bytes(arena, wire_frame_bytes(&message.body));
    wire_message_close(&message);
    return got;
}

int nest_say(struct client *client, const char *text, uint64_t times, struct uuid command, uint64_t *count,
             struct position *position, char reason[61])
{
    const struct client_request request = { .method = "parrot.word.say", .command = command };
    const struct parrot_say say = { .text = text, .times = times };
    struct parrot_count said;
    struct client_reply reply;
    struct arena arena = { 0 };
    int err = client_ask(client, &request, &parrot_say_desc, &say, &parrot_count_desc, &said, &arena, &reply);

    reason[0] = '\0';
    if (err == ERR_OK && reply.problem != NULL)
        snprintf(reason, 61, "%s", reply.problem->reason);
    if (count != NULL)
        *count = said.count;
    if (position != NULL)
        *position = reply.position;
    arena_free(&arena);
    return err;
}

uint64_t nest_say_many(struct nest *nest, uint64_t groups, uint64_t times)
{
    struct client *client = nest_client(nest, "parrot", "node");
    char reason[61];
    uint64_t count = 0;

    for (uint64_t i = 0; i < groups; i++) {
        assert_int_equal(nest_say(client, "слово", times, uuid_new(), &count, NULL, reason), ERR_OK);
        assert_string_equal(reason, "");
    }
    client_close(&client);
    return count;
}

uint64_t nest_count(struct client *client, const char *method)
{
    const struct client_request request = { .method = method };
    struct nothing none = { 0 };
    struct parrot_count count;
    struct client_reply reply;
    struct arena arena = { 0 };
    int err = client_ask(client, &request, &nothing_desc, &none, &parrot_count_desc, &count, &arena, &reply);
    bool good = err == ERR_OK && reply.problem == NULL;

    arena_free(&arena);
    return good ? count.count : UINT64_MAX;
}

/* ── fixtures ─────────────────────────────────────────────────────────────── */

static int set_up(struct nest *nest, bool tcp)
{
    nest_open(nest, tcp);
    nest->parrot = nest_start(nest, "parrotd");
    return 0;
}

int nest_set_up_ipc(void **state) { return set_up(*state, false); }
int nest_set_up_tcp(void **state) { return set_up(*state, true); }

int nest_tear_down(void **state)
{
    nest_close(*state);
    return 0;
}
