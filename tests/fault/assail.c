/* fault_assail: all of assault.h against one running daemon, by its configuration and a key that it lets in. Says on
 * standard output what has been done; what the daemon has suffered is for whoever runs it to see.
 *
 *   fault_assail --config FILE --service NAME --key NAME
 * Ends with 0, or 2 when an assault could not be made. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "common/core/err.h"
#include "common/core/random.h"
#include "common/service/config.h"
#include "proto/node.h"
#include "tests/fault/assault.h"

#define STANDS_MS 300

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

static void aim(struct assault *a, struct arena *arena)
{
    const struct node_items_of all = { .list = NODE_LIST_ALL, .limit = 0 };

    a->method = a->asked = arena_format(arena, "%s.service.status", a->service);
    a->body = a->ask = bytes("\x80", 1);
    if (strcmp(a->service, "node") == 0) {
        a->method = "node.item.enter";
        a->body = node_body(arena);
        a->asked = "node.item.list";
        a->ask = msg_encode_in(arena, &node_items_of_desc, &all);
    }
}

static int assail(const char *file, const char *service, const char *name)
{
    static bool (*const ALL[])(const struct assault *a) = { assault_prefixes, assault_flips, assault_bombs, assault_frames,
        assault_unread, assault_followers, assault_garbage, assault_half_open };
    struct arena arena = { 0 };
    struct config config;
    struct key_pair server;
    char says[400] = "", endpoint[WIRE_ENDPOINT_MAX + 1];
    struct assault a = { .service = service, .endpoint = endpoint, .look = look, .stands = stands };

    if (config_load(file, &arena, &config, says) != ERR_OK || key_load(config.keys, name, &a.own, says) != ERR_OK ||
        key_load(config.keys, service, &server, says) != ERR_OK)
        return die(file, says);
    const struct config_service *of = config_find(&config, service);
    if (of == NULL || config_endpoint(&config, of, endpoint) != ERR_OK)
        return die(service, "no endpoint");
    a.server_key = server.public_key;
    aim(&a, &arena);
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (!ALL[i](&a))
            return die(endpoint, "an assault could not be made");
    arena_free(&arena);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = { { "config", required_argument, NULL, 'c' }, { "service", required_argument, NULL, 's' },
                                             { "key", required_argument, NULL, 'k' }, { 0 } };
    struct rlimit limit = { ASSAULT_HALF_OPEN + 500, ASSAULT_HALF_OPEN + 500 };
    const char *file = NULL, *service = NULL, *key = NULL;

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'c': file = optarg; break;
        case 's': service = optarg; break;
        case 'k': key = optarg; break;
        default:  return 2;
        }
    if (file == NULL || service == NULL || key == NULL)
        return die("usage", "--config FILE --service NAME --key NAME");
    setrlimit(RLIMIT_NOFILE, &limit);
    if (crypto_start() != ERR_OK)
        return die("start", "no crypto");
    return assail(file, service, key);
}
