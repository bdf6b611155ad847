/* up, down: the daemons of a configuration on this machine. A keeper looks after them (keeper.h). */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/daemons/keeper.h"
#include "common/core/err.h"

#define UP_WAIT_MS     20000        /* for the first answer; a rebuild of a state may take longer: --wait */
#define DOWN_WAIT_MS   30000
#define TAIL_LINES     8

struct one { const char *name; pid_t pid; bool was_running, ready, failed; };
struct set { uint32_t n; struct one at[CONFIG_SERVICES_MAX]; };

static moment_t now(void)
{
    return CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self);
}

/* The services named, or all of the configuration that run on this machine. */
static int choose(struct cli *cli, int argc, char **argv, int from, struct set *set)
{
    set->n = 0;
    for (uint32_t i = 0; i < cli->config.services.n && from == argc; i++)
        if (!cli->config.services.at[i].remote)
            set->at[set->n++] = (struct one){ .name = cli->config.services.at[i].name };
    for (int i = from; i < argc && set->n < CONFIG_SERVICES_MAX; i++) {
        const struct config_service *service = config_find(&cli->config, argv[i]);
        if (service == NULL)
            return cli_say(CLI_USAGE, "%s lists no service %s", cli_config_file(cli), argv[i]);
        if (service->remote)
            return cli_say(CLI_USAGE, "%s runs on another machine", argv[i]);
        set->at[set->n++] = (struct one){ .name = service->name };
    }
    return CLI_OK;
}

/* ── up ───────────────────────────────────────────────────────────────────── */
/* What nobody keeps may have been wanted once: it is not started along. */
static int want_all(struct cli *cli, struct set *set)
{
    for (uint32_t i = 0; i < cli->config.services.n && keeper_find(cli) == 0; i++)
        if (process_find(cli, cli->config.services.at[i].name) == 0)
            keeper_unwant(cli, cli->config.services.at[i].name);
    for (uint32_t i = 0; i < set->n; i++) {
        struct one *one = &set->at[i];
        one->pid = process_find(cli, one->name);
        one->was_running = one->pid != 0;
        if (!one->was_running)
            keeper_forget(cli, one->name);
        if (!keeper_want(cli, one->name))
            return CLI_FAILED;
    }
    return CLI_OK;
}

static void say_failed(struct cli *cli, const struct one *one)
{
    struct keeper_end end;
    bool known = keeper_ended(cli, one->name, &end);
    cli_say(CLI_FAILED, "%s did not start%s%s; the end of %s:", one->name, known ? ": it ended with " : "", end.why,
            process_log(cli, one->name));
    process_print_tail(cli, one->name, TAIL_LINES);
}

/* The keeper does not want one any more that ended before it had answered. */
static void look_at(struct cli *cli, struct one *one)
{
    one->ready = process_answers(cli, one->name);
    if (!one->ready && !keeper_wanted(cli, one->name) && process_find(cli, one->name) == 0) {
        one->failed = true;
        say_failed(cli, one);
    }
}

static int say_ready(struct cli *cli, const struct set *set, uint32_t wait_ms)
{
    int code = CLI_OK;
    for (uint32_t i = 0; i < set->n; i++) {
        const struct one *one = &set->at[i];
        int pid = (int)process_find(cli, one->name);
        if (one->ready)
            printf("%-14s %s, pid %d\n", one->name, one->was_running ? "was running" : "started", pid);
        else
            code = CLI_DOWN;
        if (!one->ready && !one->failed) {
            cli_say(CLI_DOWN, "%s (pid %d) does not answer after %.0f s; the end of %s:", one->name, pid,
                    wait_ms / 1000.0, process_log(cli, one->name));
            process_print_tail(cli, one->name, TAIL_LINES);
            if (one->was_running)
                cli_say(CLI_DOWN, "%s was running before: when %s has changed since, rsnms down %s and up again", one->name,
                        cli_config_file(cli), one->name);
        }
    }
    fflush(stdout);
    return code;
}

static int wait_ready(struct cli *cli, struct set *set, uint32_t wait_ms)
{
    moment_t until = now() + (moment_t)wait_ms * MOMENT_MS;
    for (bool open = true; open && now() < until; ) {
        open = false;
        for (uint32_t i = 0; i < set->n; i++) {
            struct one *one = &set->at[i];
            if (!one->ready && !one->failed)
                look_at(cli, one);
            open = open || (!one->ready && !one->failed);
        }
        if (open)
            usleep(50 * 1000);
    }
    return say_ready(cli, set, wait_ms);
}

int verb_up(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        { "foreground", no_argument, NULL, 'f' }, { "wait", required_argument, NULL, 'w' }, { 0 } };
    struct set set;
    bool foreground = false;
    uint32_t wait_ms = UP_WAIT_MS;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'f': foreground = true; break;
        case 'w':
            if (!cli_seconds(optarg, &wait_ms))
                return cli_usage("up", "--wait %s: not a number of seconds", optarg);
            break;
        default:  return CLI_USAGE;
        }
    int code = cli_config(cli);
    if (code == CLI_OK)
        code = choose(cli, argc, argv, optind, &set);
    if (code != CLI_OK)
        return code;
    if (mkdir(cli->config.run, 0750) != 0 && errno != EEXIST)
        return cli_say(CLI_FAILED, "%s: %s", cli->config.run, strerror(errno));
    if (foreground && keeper_find(cli) != 0)
        return cli_say(CLI_FAILED, "a keeper runs already (pid %d): rsnms down ends it", (int)keeper_find(cli));
    code = want_all(cli, &set);
    if (code == CLI_OK && foreground)
        return keeper_run(cli, true, DOWN_WAIT_MS);
    if (code == CLI_OK && !keeper_start(cli))
        code = CLI_FAILED;
    keeper_wake(cli);
    return code == CLI_OK ? wait_ready(cli, &set, wait_ms) : code;
}

/* ── down ─────────────────────────────────────────────────────────────────── */
/* Stops them all at once and waits for the slowest. */
static int stop_all(struct cli *cli, struct set *set, uint32_t wait_ms)
{
    int code = CLI_OK;
    moment_t until = now() + (moment_t)wait_ms * MOMENT_MS;
    for (uint32_t i = 0; i < set->n; i++)
        keeper_unwant(cli, set->at[i].name);
    for (uint32_t i = 0; i < set->n; i++) {
        set->at[i].pid = process_find(cli, set->at[i].name);
        if (set->at[i].pid != 0)
            process_signal(set->at[i].pid, SIGTERM);
    }
    for (uint32_t i = 0; i < set->n; i++) {
        struct one *one = &set->at[i];
        if (one->pid == 0) {
            printf("%-14s was not running\n", one->name);
            process_forget(cli, one->name);
            continue;
        }
        moment_t left = until - now();
        if (process_wait(one->pid, left > 0 ? (uint32_t)(left / MOMENT_MS) : 0)) {
            printf("%-14s stopped\n", one->name);
        } else {
            process_signal(one->pid, SIGKILL);
            process_wait(one->pid, 5000);
            code = cli_say(CLI_FAILED, "%s (pid %d) did not stop within %.0f s and was killed", one->name,
                           (int)one->pid, wait_ms / 1000.0);
        }
        process_forget(cli, one->name);
    }
    fflush(stdout);
    return code;
}

static bool any_wanted(struct cli *cli)
{
    for (uint32_t i = 0; i < cli->config.services.n; i++)
        if (keeper_wanted(cli, cli->config.services.at[i].name))
            return true;
    return false;
}

int verb_down(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "wait", required_argument, NULL, 'w' }, { 0 } };
    struct set set;
    uint32_t wait_ms = DOWN_WAIT_MS;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c != 'w')
            return CLI_USAGE;
        else if (!cli_seconds(optarg, &wait_ms))
            return cli_usage("down", "--wait %s: not a number of seconds", optarg);
    int code = cli_config(cli);
    if (code == CLI_OK)
        code = choose(cli, argc, argv, optind, &set);
    if (code != CLI_OK)
        return code;
    code = stop_all(cli, &set, wait_ms);
    /* One that the keeper had just started before it saw that it is not wanted is its to end. */
    if (!any_wanted(cli) && !keeper_stop(cli, wait_ms))
        code = cli_say(CLI_FAILED, "the keeper (pid %d) does not end", (int)keeper_find(cli));
    return code;
}
