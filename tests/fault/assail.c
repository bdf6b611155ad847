/* fault_assail: all of assault.h against one running daemon, by its configuration and a key that it lets in. Says on
 * standard output what has been done; what the daemon has suffered is for whoever runs it to see.
 *
 *   fault_assail --config FILE --service NAME --key NAME --follower NAME [--passport ID]
 * --key:      who may give the command and ask the query of aim()
 * --follower: who may follow the service
 * --passport: of the federal gateway alone, whose cells are asked for
 * Ends with 0, or 2 when an assault could not be made; also when it would hit nothing, being refused at the door. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "common/core/err.h"
#include "common/core/random.h"
#include "common/core/when.h"
#include "common/net/client.h"
#include "common/service/config.h"
#include "proto/federal.h"
#include "proto/node.h"
#include "tests/fault/assault.h"

#define STANDS_MS 300

struct victim { const char *config, *service, *key, *follower, *passport; };

static void look(const char *when)
{
    (void)when;
}

static void stands(const char *what)
{
    printf("%s\n", what);
    fflush(stdout);
    nanosleep(&(struct timespec){ 0, STANDS_MS * 1000000L }, NULL);
}

static int die(const char *what, const char *says)
{
    fprintf(stderr, "fault_assail: %s: %s\n", what, says);
    return 2;
}

/* A command that would be taken, if it were whole: for a route that nobody has. */
static struct bytes node_body(struct arena *arena)
{
    const struct step_submit submit = { .route = uuid_new(), .step = 1, .evidence = "конспект урока" };
    const struct node_enter enter = { .method = "routes.step.submit", .body = msg_encode_in(arena, &step_submit_desc, &submit),
                                      .source = "a.csv:2" };
    return msg_encode_in(arena, &node_enter_desc, &enter);
}

static void aim_at_node(struct assault *a, struct arena *arena)
{
    const struct node_items_of all = { .list = NODE_LIST_ALL, .limit = 0 };

    a->method = "node.item.enter";
    a->body = node_body(arena);
    a->asked = "node.item.list";
    a->ask = msg_encode_in(arena, &node_items_of_desc, &all);
}

/* A cell that would be entered, into a passport that nobody has: whatever of it can be read changes nothing. */
static bool aim_at_federal(struct assault *a, struct arena *arena, const char *passport)
{
    const struct cell_enter enter = { .passport = uuid_new(), .block = 2, .row = "hostile", .column = "value", .title = "показатель",
                                      .value = "12", .unit = "человек", .document = "письмо № 1", .day = day_of(2025, 10, 1) };
    struct cells_of cells = { .limit = 1000 };

    if (!uuid_parse(&cells.passport, passport, strlen(passport)))
        return false;
    a->method = "federal.cell.enter";
    a->body = msg_encode_in(arena, &cell_enter_desc, &enter);
    a->asked = "federal.cell.list";
    a->ask = msg_encode_in(arena, &cells_of_desc, &cells);
    return true;
}

static bool aim(struct assault *a, struct arena *arena, const struct victim *victim)
{
    a->method = a->asked = arena_format(arena, "%s.service.status", a->service);
    a->body = a->ask = bytes("\x80", 1);
    if (strcmp(a->service, "node") == 0)
        aim_at_node(a, arena);
    return strcmp(a->service, "federal") != 0 || aim_at_federal(a, arena, victim->passport);
}

static struct client *client_of(const struct assault *a, const struct key_pair *own)
{
    struct client_options options = { .endpoint = a->endpoint, .key = *own };
    struct client *client = NULL;

    memcpy(options.server_key, a->server_key, sizeof options.server_key);
    return client_open(&client, &options) == ERR_OK ? client : NULL;
}

/* NULL: they come as far as they have to, the command to its decision and the query to its answer. */
static const char *requests_refused(const struct assault *a, struct arena *arena)
{
    const struct client_request command = { .method = a->method, .body = a->body, .command = uuid_new() },
                                query = { .method = a->asked, .body = a->ask };
    struct client_reply reply = { 0 };
    struct client *client = client_of(a, &a->own);
    const char *reason = NULL;

    if (client == NULL)
        return "no connection";
    if (client_call(client, &command, arena, &reply) != ERR_OK)
        reason = "the command gets no answer";
    else if (reply.problem != NULL && reply.problem->code != PROBLEM_NOT_FOUND)
        reason = reply.problem->reason;
    else if (client_call(client, &query, arena, &reply) != ERR_OK)
        reason = "the query gets no answer";
    else if (reply.problem != NULL)
        reason = reply.problem->reason;
    client_close(&client);
    return reason;
}

/* NULL: there are entries for who follows. */
static const char *follower_refused(const struct assault *a, struct arena *arena)
{
    struct cursor start = cursor_start();
    const struct follow wish = { .cursor = &start, .entries = 1, .bytes = 1 << 20 };
    const struct problem *problem = NULL;
    struct client_entries entries;
    struct client *client = client_of(a, &a->follower);

    if (client == NULL)
        return "no connection";
    int err = client_follow(client, a->service, &wish);
    if (err == ERR_OK)
        err = client_entries(client, CLIENT_DEADLINE_MS, arena, &entries, &problem);
    client_close(&client);
    return err == ERR_OK ? NULL : problem != NULL ? problem->reason : err_text(err);
}

static int assail(const struct victim *victim)
{
    static bool (*const ALL[])(const struct assault *a) = { assault_prefixes, assault_flips, assault_bombs, assault_frames,
        assault_unread, assault_followers, assault_garbage, assault_half_open };
    struct arena arena = { 0 };
    struct config config;
    struct key_pair server;
    char says[400] = "", endpoint[WIRE_ENDPOINT_MAX + 1];
    struct assault a = { .service = victim->service, .endpoint = endpoint, .look = look, .stands = stands };

    if (config_load(victim->config, &arena, &config, says) != ERR_OK || key_load(config.keys, victim->key, &a.own, says) != ERR_OK ||
        key_load(config.keys, victim->follower, &a.follower, says) != ERR_OK ||
        key_load(config.keys, victim->service, &server, says) != ERR_OK)
        return die(victim->config, says);
    const struct config_service *of = config_find(&config, victim->service);
    if (of == NULL || config_endpoint(&config, of, endpoint) != ERR_OK)
        return die(victim->service, "no endpoint");
    a.server_key = server.public_key;
    if (!aim(&a, &arena, victim))
        return die("--passport", "not an id");
    const char *reason = requests_refused(&a, &arena);
    if (reason != NULL)
        return die(victim->key, reason);
    reason = follower_refused(&a, &arena);
    if (reason != NULL)
        return die(victim->follower, reason);
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (!ALL[i](&a))
            return die(endpoint, "an assault could not be made");
    arena_free(&arena);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = { { "config", required_argument, NULL, 'c' }, { "service", required_argument, NULL, 's' },
                                             { "key", required_argument, NULL, 'k' }, { "follower", required_argument, NULL, 'f' },
                                             { "passport", required_argument, NULL, 'p' }, { 0 } };
    struct rlimit limit = { ASSAULT_HALF_OPEN + 500, ASSAULT_HALF_OPEN + 500 };
    struct victim victim = { .passport = "" };

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'c': victim.config = optarg; break;
        case 's': victim.service = optarg; break;
        case 'k': victim.key = optarg; break;
        case 'f': victim.follower = optarg; break;
        case 'p': victim.passport = optarg; break;
        default:  return 2;
        }
    if (victim.config == NULL || victim.service == NULL || victim.key == NULL || victim.follower == NULL)
        return die("usage", "--config FILE --service NAME --key NAME --follower NAME [--passport ID]");
    setrlimit(RLIMIT_NOFILE, &limit);
    if (crypto_start() != ERR_OK)
        return die("start", "no crypto");
    return assail(&victim);
}
