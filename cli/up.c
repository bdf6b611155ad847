/* up, down: the daemons of a configuration on this machine. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/process.h"
#include "common/core/err.h"
#include "common/service/system_methods.h"

#define UP_WAIT_MS     20000        /* for the first answer; a rebuild of a state may take longer: --wait */
#define DOWN_WAIT_MS   30000
#define TAIL_LINES     8

struct one { const char *name; pid_t pid; bool started, ready, failed; };
struct set { uint32_t n; struct one at[CONFIG_SERVICES_MAX]; };

static volatile sig_atomic_t stop;
static void on_stop(int signal)
{
    (void)signal;
    stop = 1;
}

static moment_t now(void)
{
    return CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self);
}

/* The services named, or all of the configuration. */
static int choose(struct cli *cli, int argc, char **argv, int from, struct set *set)
{
    set->n = 0;
    for (uint32_t i = 0; i < cli->config.services.n && from == argc; i++)
        set->at[set->n++] = (struct one){ .name = cli->config.services.at[i].name };
    for (int i = from; i < argc && set->n < CONFIG_SERVICES_MAX; i++) {
        const struct config_service *service = config_find(&cli->config, argv[i]);
        if (service == NULL)
            return cli_say(CLI_USAGE, "%s lists no service %s", cli_config_file(cli), argv[i]);
        set->at[set->n++] = (struct one){ .name = service->name };
    }
    return CLI_OK;
}

static bool answers(struct cli *cli, const char *service)
{
    struct client_reply reply;
    uint32_t timeout = cli->timeout_ms;
    cli->timeout_ms = 1000;
    int err = cli_try(cli, arena_format(&cli->arena, "%s.service.status", service), NULL, NULL, &reply, NULL);
    cli->timeout_ms = timeout;
    return err == ERR_OK && reply.problem == NULL;
}

static void start_all(struct cli *cli, struct set *set, bool keep)
{
    for (uint32_t i = 0; i < set->n; i++) {
        struct one *one = &set->at[i];
        one->pid = process_find(cli, one->name);
        if (one->pid == 0) {
            one->pid = process_start(cli, one->name, keep);
            one->started = one->pid != 0;
            one->failed = one->pid == 0;
        }
    }
}

/* Looks after one that has not answered yet. */
static void look_at(struct cli *cli, struct one *one)
{
    int status = 0;
    if (one->started && process_ended(one->pid, &status)) {
        one->failed = true;
        process_forget(cli, one->name);
        if (WIFEXITED(status))
            cli_say(CLI_FAILED, "%s did not start: it ended with exit code %d; the end of %s:", one->name,
                    WEXITSTATUS(status), process_log(cli, one->name));
        else
            cli_say(CLI_FAILED, "%s did not start: it was ended by signal %d; the end of %s:", one->name,
                    WTERMSIG(status), process_log(cli, one->name));
        process_print_tail(cli, one->name, TAIL_LINES);
    } else {
        one->ready = answers(cli, one->name);
    }
}

static int wait_ready(struct cli *cli, struct set *set, uint32_t wait_ms)
{
    moment_t until = now() + (moment_t)wait_ms * MOMENT_MS;
    int code = CLI_OK;
    for (bool open = true; open && now() < until && !stop; ) {
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
    for (uint32_t i = 0; i < set->n; i++) {
        struct one *one = &set->at[i];
        if (one->ready)
            printf("%-14s %s, pid %d\n", one->name, one->started ? "started" : "was running", (int)one->pid);
        else
            code = CLI_DOWN;
        if (!one->ready && !one->failed) {
            cli_say(CLI_DOWN, "%s (pid %d) does not answer after %.0f s; the end of %s:", one->name, (int)one->pid,
                    wait_ms / 1000.0, process_log(cli, one->name));
            process_print_tail(cli, one->name, TAIL_LINES);
        }
    }
    fflush(stdout);
    return code;
}

/* Stops them all at once and waits for the slowest. */
static int stop_all(struct cli *cli, struct set *set, uint32_t wait_ms)
{
    int code = CLI_OK;
    moment_t until = now() + (moment_t)wait_ms * MOMENT_MS;
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

/* Until Ctrl-C, or until one of them ends by itself. */
static int stay(struct cli *cli, struct set *set)
{
    int code = CLI_OK;
    while (!stop && code == CLI_OK) {
        for (uint32_t i = 0; i < set->n; i++) {
            int status;
            struct one *one = &set->at[i];
            if (!one->started || !process_ended(one->pid, &status))
                continue;
            code = cli_say(CLI_DOWN, "%s ended by itself; the end of %s:", one->name, process_log(cli, one->name));
            process_print_tail(cli, one->name, TAIL_LINES);
            one->started = false;
        }
        usleep(200 * 1000);
    }
    int stopped = stop_all(cli, set, DOWN_WAIT_MS);
    return code != CLI_OK ? code : stopped;
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
    signal(SIGINT, on_stop);
    signal(SIGTERM, on_stop);
    start_all(cli, &set, foreground);
    code = wait_ready(cli, &set, wait_ms);
    if (!foreground)
        return code;
    if (code != CLI_OK) {
        stop_all(cli, &set, DOWN_WAIT_MS);
        return code;
    }
    return stay(cli, &set);
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
    return code == CLI_OK ? stop_all(cli, &set, wait_ms) : code;
}
