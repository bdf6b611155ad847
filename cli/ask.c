/* ask: from a method's name to an answer. Which service, which messages, whose key, where: all of it comes
 * from the services' own tables and the configuration, so that a verb only names the method. */
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "cli/cli.h"
#include "cli/describe.h"
#include "common/core/err.h"
#include "proto/roles.h"

#define PROBE_MS 1500

/* ── is anybody there ─────────────────────────────────────────────────────── */
static bool connects(int family, const struct sockaddr *address, socklen_t length)
{
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0;
    if (fd < 0)
        return true;                            /* cannot tell: let the client try */
    bool there = connect(fd, address, length) == 0 || errno == EAGAIN;
    if (!there && errno == EINPROGRESS) {
        struct pollfd wait = { .fd = fd, .events = POLLOUT };
        socklen_t n = sizeof error;
        there = poll(&wait, 1, PROBE_MS) == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 && error == 0;
    }
    close(fd);
    return there;
}

/* A socket of libzmq waits for its peer for ever; a bare connect says at once that nobody listens. */
static bool listens(const char *endpoint)
{
    if (strncmp(endpoint, "ipc://", 6) == 0) {
        struct sockaddr_un unix_address = { .sun_family = AF_UNIX };
        if (strlen(endpoint + 6) >= sizeof unix_address.sun_path)
            return false;
        memcpy(unix_address.sun_path, endpoint + 6, strlen(endpoint + 6) + 1);
        return connects(AF_UNIX, (struct sockaddr *)&unix_address, sizeof unix_address);
    }
    const char *host = strstr(endpoint, "://"), *colon = strrchr(endpoint, ':');
    if (strncmp(endpoint, "tcp://", 6) != 0 || colon <= host)
        return true;
    char name[WIRE_ENDPOINT_MAX + 1] = "";
    host += 3;
    size_t n = (size_t)(colon - host);
    if (n >= 2 && host[0] == '[' && host[n - 1] == ']')
        host++, n -= 2;
    memcpy(name, host, n);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
    if (getaddrinfo(name, colon + 1, &hints, &list) != 0)
        return false;
    bool there = false;
    for (const struct addrinfo *a = list; a != NULL && !there; a = a->ai_next)
        there = connects(a->ai_family, a->ai_addr, a->ai_addrlen);
    freeaddrinfo(list);
    return there;
}

/* ── who asks ─────────────────────────────────────────────────────────────── */
static int load_principals(struct cli *cli)
{
    char says[400] = "";
    if (cli->principals != NULL)
        return ERR_OK;
    int err = principals_load(&cli->principals, cli->config.keys, &role_names, says);
    if (err != ERR_OK)
        cli_say(0, "%s/%s: %s", cli->config.keys, PRINCIPALS_FILE, *says != '\0' ? says : err_text(err));
    return err;
}

static bool holds_secret(struct cli *cli, const char *name)
{
    return access(arena_format(&cli->arena, "%s/%s.secret", cli->config.keys, name), R_OK) == 0;
}

const char *cli_key(struct cli *cli, roles_t roles)
{
    /* An operator first: least of personal data; then the widest of the rest. A daemon's own key only
     * where nobody else may. */
    static const int order[] = { ROLE_OPERATOR, ROLE_CENTRE, ROLE_INSTITUTE, ROLE_AUTHORITY, ROLE_MUNICIPAL,
                                 ROLE_SCHOOL, ROLE_TUTOR, ROLE_WORKER, ROLE_SERVICE };
    if (cli->key != NULL)
        return cli->key;
    if (load_principals(cli) != ERR_OK)
        return NULL;
    for (size_t o = 0; o < sizeof order / sizeof *order; o++)
        for (uint32_t i = 0; (roles & ROLE(order[o])) != 0 && i < principals_count(cli->principals); i++) {
            const struct principal_key *p = principals_at(cli->principals, i);
            if (!p->revoked && p->role == order[o] && holds_secret(cli, p->name))
                return p->name;
        }
    return NULL;
}

static int options_of(struct cli *cli, const struct config_service *service, const char *key,
                      struct client_options *options)
{
    char says[400] = "";
    const struct principal_key *server = principals_by_name(cli->principals, service->key);
    if (server == NULL)
        return cli_say(ERR_DENIED, "%s: no live key named %s in %s/%s", service->name, service->key,
                       cli->config.keys, PRINCIPALS_FILE);
    int err = key_load(cli->config.keys, key, &options->key, says);
    if (err != ERR_OK)
        return cli_say(ERR_DENIED, "%s", *says != '\0' ? says : err_text(err));
    snprintf(options->server_key, sizeof options->server_key, "%s", server->public_key);
    return ERR_OK;
}

static struct client *kept_client(struct cli *cli, const char *service, roles_t roles)
{
    for (uint32_t i = 0; i < cli->client_count; i++) {
        const char *key = strcmp(cli->client[i].service, service) == 0 ? cli_key(cli, roles) : NULL;
        if (key != NULL && strcmp(cli->client[i].key, key) == 0)
            return cli->client[i].client;
    }
    return NULL;
}

/* Opens and keeps one client for each service and key. */
static struct client *open_client(struct cli *cli, const char *name, roles_t roles, char where[], int *err)
{
    struct client_options options = { .retry_ms = cli->timeout_ms < CLIENT_RETRY_MS ? cli->timeout_ms : 0 };
    const struct config_service *service = config_find(&cli->config, name);
    *err = ERR_NOTFOUND;
    if (service == NULL) {
        snprintf(where, WIRE_ENDPOINT_MAX + 1, "nowhere: %s does not list it", cli_config_file(cli));
        return NULL;
    }
    if (config_endpoint(&cli->config, service, where) != ERR_OK) {
        snprintf(where, WIRE_ENDPOINT_MAX + 1, "%s (port not known: it has not started)", service->listen);
        return NULL;
    }
    struct client *open = kept_client(cli, name, roles);
    if (open != NULL) {
        *err = ERR_OK;
        return open;
    }
    if (!listens(where))
        return NULL;
    *err = load_principals(cli);
    const char *key = *err == ERR_OK ? cli_key(cli, roles) : NULL;
    if (key == NULL) {
        *err = ERR_DENIED;
        return NULL;
    }
    struct client *client = NULL;
    options.endpoint = where;
    if (cli->client_count == CLI_CLIENTS_MAX)
        *err = ERR_FULL;
    else if ((*err = options_of(cli, service, key, &options)) == ERR_OK)
        *err = client_open(&client, &options);
    key_wipe(&options.key);
    if (*err == ERR_OK)
        cli->client[cli->client_count++] = (struct cli_client){ service->name,
            arena_string(&cli->arena, key, strlen(key)), client };
    return client;
}

struct client *cli_client(struct cli *cli, const char *service, roles_t roles, int *err)
{
    char where[WIRE_ENDPOINT_MAX + 1] = "";
    return open_client(cli, service, roles, where, err);
}

/* ── asking ───────────────────────────────────────────────────────────────── */
int cli_call(struct cli *cli, const char *name, struct bytes body, const struct uuid *command,
             struct client_reply *reply, char where[WIRE_ENDPOINT_MAX + 1])
{
    char unused[WIRE_ENDPOINT_MAX + 1], *place = where != NULL ? where : unused;
    struct method method;
    *reply = (struct client_reply){ .err = ERR_NOTFOUND };
    *place = '\0';
    if (!describe_method(name, &method))
        return reply->err;
    struct client *client = open_client(cli, method.service, method.roles, place, &reply->err);
    if (client == NULL)
        return reply->err;
    struct client_request request = { .method = method.name, .body = body, .deadline_ms = cli->timeout_ms };
    if (method.command)
        request.command = command != NULL && !uuid_is_nil(command) ? *command : uuid_new();
    return client_call(client, &request, &cli->arena, reply);
}

/* What was typed does not fit into the message: the refusal that the service would give. */
static const struct problem *not_sent(struct arena *arena, const struct msg_error *error)
{
    struct problem_field *field = ARENA_NEW(arena, struct problem_field);
    struct problem *problem = ARENA_NEW(arena, struct problem);
    *field = (struct problem_field){ .path = arena_string(arena, error->path, strlen(error->path)), .rule = error->rule, .limit = error->limit };
    *problem = (struct problem){ .code = PROBLEM_INVALID, .reason = "message", .fields = { 1, field } };
    return problem;
}

int cli_try(struct cli *cli, const char *name, const void *takes, void *gives,
            struct client_reply *reply, char where[WIRE_ENDPOINT_MAX + 1])
{
    struct method method;
    struct msg_error error;
    if (!describe_method(name, &method)) {
        *reply = (struct client_reply){ .err = ERR_NOTFOUND };
        return reply->err;
    }
    static const struct nothing none;
    if (takes != NULL && msg_check(method.takes, takes, &error) != ERR_OK) {
        *reply = (struct client_reply){ .problem = not_sent(&cli->arena, &error) };
        return ERR_OK;
    }
    struct bytes body = msg_encode_in(&cli->arena, method.takes, takes != NULL ? takes : &none);
    int err = cli_call(cli, name, body, NULL, reply, where);
    if (err != ERR_OK || reply->problem != NULL || gives == NULL)
        return err;
    return msg_decode(method.gives, reply->body, MSG_LENIENT, &cli->arena, gives, &error);
}

int cli_outcome(struct cli *cli, const char *name, int err, const struct client_reply *reply, const char *where)
{
    struct method method = { .service = name };
    if (!describe_method(name, &method))
        return cli_say(CLI_FAILED, "no such method: %s, see rsnms methods", name);
    switch (err) {
    case ERR_OK:
        break;
    case ERR_NOTFOUND:
        return cli_say(CLI_DOWN, "%s is down: nobody listens at %s", method.service, where);
    case ERR_TIMEOUT:
        return cli_say(CLI_DOWN, "%s does not answer: nothing came from %s within %.1f s%s", method.service, where,
                       cli->timeout_ms / 1000.0,
                       method.command ? "; whether it was done cannot be known" : "");
    case ERR_DENIED:
        return cli_say(CLI_FAILED, "%s: none of the keys in %s may use it (--key NAME names one)", name,
                       cli->config.keys);
    default:
        return cli_say(CLI_FAILED, "%s: %s", name, err_text(err));
    }
    if (reply->problem == NULL)
        return CLI_OK;
    if (cli->json)
        cli_print_json(&problem_desc, reply->problem);
    return cli_say(CLI_FAILED, "%s: %s", name, catalogue_problem(cli_catalogue(cli), &cli->arena, reply->problem));
}

int cli_ask(struct cli *cli, const char *method, const void *takes, void *gives)
{
    char where[WIRE_ENDPOINT_MAX + 1] = "";
    struct client_reply reply;
    int code = cli_config(cli);
    if (code != CLI_OK)
        return code;
    int err = cli_try(cli, method, takes, gives, &reply, where);
    return cli_outcome(cli, method, err, &reply, where);
}

/* A query for pages without one of these is a programmer's error. */
static const struct msg_field *field_of(const struct msg_desc *desc, const char *name, enum msg_kind kind)
{
    size_t i = 0;
    while (i < desc->count && (desc->field[i].kind != kind || strcmp(desc->field[i].name, name) != 0))
        i++;
    assert(i < desc->count);
    return &desc->field[i];
}

int cli_each(struct cli *cli, const char *name, void *ask, void (*each)(void *arg, const void *row), void *arg)
{
    struct method method;
    if (!describe_method(name, &method))
        return cli_say(CLI_FAILED, "no such method: %s, see rsnms methods", name);
    const struct msg_field *listed = field_of(method.gives, "rows", MSG_LIST);
    char *list = arena_alloc(&cli->arena, method.gives->size);
    const struct msg_list *rows = (const struct msg_list *)(list + listed->offset);
    const struct bytes *next = (const struct bytes *)(list + field_of(method.gives, "next", MSG_BIN)->offset);
    struct bytes *after = (struct bytes *)((char *)ask + field_of(method.takes, "after", MSG_BIN)->offset);
    do {
        int code = cli_ask(cli, name, ask, list);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < rows->n; i++)
            each(arg, (const char *)rows->at + i * listed->of->size);
        *after = *next;
    } while (after->n > 0);
    return CLI_OK;
}

int cli_do(struct cli *cli, const char *method, const void *takes)
{
    int code = cli_ask(cli, method, takes, NULL);
    if (code == CLI_OK && !cli->json)
        printf("%s\n", cli_word(cli, "export.done"));
    return code;
}
