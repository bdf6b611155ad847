/* follow: the command line as one more follower. It keeps no cursor: it begins where it is told. */
#include "cli/daemons/follow.h"

#include "cli/describe.h"
#include "common/core/err.h"
#include "common/service/system_methods.h"

#define WAIT_MS 250

struct run { const struct follow_ask *ask; follow_each *each; void *arg; uint64_t head; struct cursor start; };

/* false: enough, or nothing more to come. */
static bool hand_out(const struct run *run, const struct client_entries *entries, struct arena *arena)
{
    for (uint32_t i = 0; i < entries->n; i++) {
        struct entry entry;
        struct msg_error error;
        if (msg_decode(&entry_desc, entries->list[i].stored, MSG_LENIENT, arena, &entry, &error) != ERR_OK)
            cli_say(CLI_FAILED, "%s: an entry cannot be read: %s: %s", run->ask->service, error.path, error.rule);
        else if ((entry.number > run->head && !run->ask->forever) || !run->each(run->arg, &entry))
            return false;
    }
    return run->ask->forever || entries->examined.number < run->head;
}

static bool stopped(const struct follow_ask *ask)
{
    return ask->stop != NULL && *ask->stop;
}

static int outcome(struct cli *cli, const char *service, int err, const struct problem *problem)
{
    if (err == ERR_OK)
        return CLI_OK;
    if (problem != NULL)
        return cli_say(CLI_FAILED, "%s: %s", service, catalogue_problem(cli_catalogue(cli), &cli->arena, problem));
    if (err == ERR_TIMEOUT)
        return cli_say(CLI_DOWN, "%s stopped sending: nothing for %.1f s", service, cli->timeout_ms / 1000.0);
    return cli_say(CLI_FAILED, "%s: %s", service, err_text(err));
}

static int run_loop(struct cli *cli, struct client *client, const struct run *run)
{
    struct arena arena = { 0 };
    struct cursor start = run->start;
    const struct problem *problem = NULL;
    struct follow wish = { .cursor = &start, .entries = 4096, .bytes = 4 << 20 };
    moment_t patience = (moment_t)cli->timeout_ms * MOMENT_MS, heard = CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self);
    if (run->ask->event != NULL) {
        wish.prefixes.n = 1;
        wish.prefixes.at = arena_copy(&cli->arena, &run->ask->event, sizeof run->ask->event);
    }
    int err = run->head > 0 || run->ask->forever ? client_follow(client, run->ask->service, &wish) : ERR_OK;
    for (bool more = err == ERR_OK && (run->head > 0 || run->ask->forever); more && !stopped(run->ask); ) {
        struct client_entries entries;
        arena_reset(&arena);
        err = client_entries(client, WAIT_MS, &arena, &entries, &problem);
        moment_t now = CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self);
        if (err == ERR_OK) {
            more = hand_out(run, &entries, &arena);
            client_committed(client);
            heard = now;
        } else if (err == ERR_TIMEOUT && (run->ask->forever || now - heard < patience)) {
            err = ERR_OK;
        } else {
            break;
        }
    }
    int code = outcome(cli, run->ask->service, err, problem);
    arena_free(&arena);
    return code;
}

int follow_journal(struct cli *cli, const struct follow_ask *ask, follow_each *each, void *arg)
{
    struct service_status status;
    const struct service *service = describe_service(ask->service);
    int err = ERR_OK;
    if (service == NULL)
        return cli_say(CLI_USAGE, "no such service: %s", ask->service);
    int code = cli_ask(cli, arena_format(&cli->arena, "%s.service.status", ask->service), NULL, &status);
    if (code != CLI_OK)
        return code;
    struct client *client = cli_client(cli, ask->service, service->follow_roles, &err);
    if (client == NULL)
        return cli_say(CLI_FAILED, "%s: none of the keys in %s may follow its journal", ask->service, cli->config.keys);
    struct run run = { ask, each, arg, status.head, cursor_start() };
    const struct journal_place place = { ask->from };
    if (ask->from > 1 && ask->from <= status.head &&
        (code = cli_ask(cli, arena_format(&cli->arena, "%s.journal.cursor", ask->service), &place, &run.start)) != CLI_OK)
        return code;
    return run_loop(cli, client, &run);
}
