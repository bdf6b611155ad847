/* journal: entries of a running service as JSON lines, by following it. */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include "cli/cli.h"
#include "cli/describe.h"
#include "common/core/err.h"
#include "common/service/system_methods.h"

struct journal_ask { const char *service, *event; uint64_t from, to; bool follow; };

static volatile sig_atomic_t stop;
static void on_stop(int signal)
{
    (void)signal;
    stop = 1;
}

static void put_body(const char *service, const struct entry *entry, struct buf *out)
{
    const struct msg_desc *desc = describe_event(service, entry->event);
    size_t start = out->n;
    if (desc == NULL || json_write(desc, entry->body, false, out) != ERR_OK) {
        out->n = start;
        if (json_write_any(entry->body, out) != ERR_OK) {
            out->n = start;
            buf_text(out, "null");
        }
    }
}

static void put_id(struct buf *out, const char *name, const struct uuid *id)
{
    char text[UUID_TEXT + 1];
    if (uuid_is_nil(id))
        return;
    uuid_format(id, text);
    buf_format(out, ",\"%s\":\"%s\"", name, text);
}

/* The entry without what is only of use to the machine: hashes and kept replies. */
static void print_entry(const char *service, const struct entry *e)
{
    char moment[MOMENT_TEXT + 1];
    struct buf out = { 0 };
    moment_format(e->moment, moment);
    buf_format(&out, "{\"number\":%" PRIu64 ",\"group\":%" PRIu64 ",\"moment\":\"%s\",\"event\":\"%s\",\"version\":%" PRIu64,
               e->number, e->group, moment, e->event, e->version);
    if (e->method != NULL && *e->method != '\0')
        buf_format(&out, ",\"method\":\"%s\"", e->method);
    put_id(&out, "who", &e->who);
    put_id(&out, "actor", &e->actor);
    put_id(&out, "command", &e->cause->command);
    if (e->cause->stream != NULL && *e->cause->stream != '\0')
        buf_format(&out, ",\"cause\":{\"stream\":\"%s\",\"number\":%" PRIu64 "}", e->cause->stream, e->cause->number);
    if (e->scope.n > 0) {
        buf_text(&out, ",\"scope\":[");
        for (uint32_t i = 0; i < e->scope.n; i++) {
            char id[UUID_TEXT + 1];
            uuid_format(&e->scope.at[i], id);
            buf_format(&out, "%s\"%s\"", i > 0 ? "," : "", id);
        }
        buf_text(&out, "]");
    }
    buf_text(&out, ",\"body\":");
    put_body(service, e, &out);
    printf("%s}\n", buf_string(&out));
    buf_free(&out);
}

/* Prints one message of entries; false: enough. */
static bool print_entries(const struct journal_ask *ask, const struct client_entries *entries, struct arena *arena)
{
    for (uint32_t i = 0; i < entries->n; i++) {
        struct entry e;
        struct msg_error error;
        if (msg_decode(&entry_desc, entries->list[i].stored, MSG_LENIENT, arena, &e, &error) != ERR_OK) {
            cli_say(CLI_FAILED, "an entry cannot be read: %s: %s", error.path, error.rule);
            continue;
        }
        if (ask->to > 0 && e.number > ask->to)
            return false;
        if (e.number >= ask->from)
            print_entry(ask->service, &e);
    }
    fflush(stdout);
    bool at_head = entries->examined.number >= entries->head;
    return ask->follow || (!at_head && (ask->to == 0 || entries->examined.number < ask->to));
}

static int run(struct cli *cli, struct client *client, const struct journal_ask *ask, uint64_t head)
{
    struct arena arena = { 0 };
    struct cursor start = cursor_start();
    const struct problem *problem = NULL;
    struct follow wish = { .cursor = &start, .entries = 4096, .bytes = 4 << 20 };
    if (ask->event != NULL) {
        wish.prefixes.n = 1;
        wish.prefixes.at = arena_copy(&cli->arena, &ask->event, sizeof ask->event);
    }
    int err = client_follow(client, ask->service, &wish), code = CLI_OK;
    moment_t until = CLOCK_SYSTEM.boot(NULL) + (moment_t)cli->timeout_ms * MOMENT_MS;
    for (bool more = err == ERR_OK && (ask->follow || head > 0); more && !stop; ) {
        struct client_entries entries;
        arena_reset(&arena);
        err = client_entries(client, 250, &arena, &entries, &problem);
        if (err == ERR_OK) {
            more = print_entries(ask, &entries, &arena) && (ask->follow || entries.examined.number < head);
            client_committed(client);
            until = CLOCK_SYSTEM.boot(NULL) + (moment_t)cli->timeout_ms * MOMENT_MS;
        } else if (err != ERR_TIMEOUT || (!ask->follow && CLOCK_SYSTEM.boot(NULL) > until)) {
            break;
        }
        if (ferror(stdout))
            more = false;
    }
    if (err != ERR_OK && err != ERR_TIMEOUT)
        code = problem != NULL ? cli_say(CLI_FAILED, "%s: %s", ask->service,
                                         catalogue_problem(cli_catalogue(cli), &cli->arena, problem))
                               : cli_say(CLI_FAILED, "%s: %s", ask->service, err_text(err));
    else if (err == ERR_TIMEOUT && !ask->follow)
        code = cli_say(CLI_DOWN, "%s stopped sending: nothing for %.1f s", ask->service, cli->timeout_ms / 1000.0);
    arena_free(&arena);
    return code;
}

/* The head as it is now, so that without --follow there is an end even while others write. */
static int journal_print(struct cli *cli, const struct service *service, const struct journal_ask *ask)
{
    struct service_status status;
    int code = cli_ask(cli, arena_format(&cli->arena, "%s.service.status", service->name), NULL, &status), err;
    if (code != CLI_OK)
        return code;
    struct client *client = cli_client(cli, service->name, service->follow_roles | ROLE(ROLE_OPERATOR), &err);
    if (client == NULL)
        return cli_say(CLI_FAILED, "%s: no key that may follow its journal", service->name);
    signal(SIGINT, on_stop);
    signal(SIGTERM, on_stop);
    return run(cli, client, ask, status.head);
}

static bool number_of(const char *text, uint64_t *number)
{
    char *end;
    *number = strtoull(text, &end, 10);
    return end != text && *end == '\0' && *text != '-';
}

int verb_journal(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        { "from", required_argument, NULL, 'f' }, { "to", required_argument, NULL, 't' },
        { "event", required_argument, NULL, 'e' }, { "follow", no_argument, NULL, 'F' }, { 0 } };
    struct journal_ask ask = { 0 };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; ) {
        bool good = true;
        switch (c) {
        case 'f': good = number_of(optarg, &ask.from); break;
        case 't': good = number_of(optarg, &ask.to); break;
        case 'e': ask.event = optarg; break;
        case 'F': ask.follow = true; break;
        default:  return CLI_USAGE;
        }
        if (!good)
            return cli_usage("journal", "not a number: %s", optarg);
    }
    if (optind + 1 != argc)
        return cli_usage("journal", "one SERVICE is needed");
    const struct service *service = describe_service(argv[optind]);
    if (service == NULL)
        return cli_say(CLI_USAGE, "no such service: %s", argv[optind]);
    ask.service = service->name;
    return journal_print(cli, service, &ask);
}
