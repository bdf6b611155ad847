/* process: pid files, pidfds (a number that was used again cannot be hit), logs. */
#include "cli/daemons/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "common/core/err.h"

static const char *run_file(struct cli *cli, const char *service, const char *ending)
{
    return arena_format(&cli->arena, "%s/%s.%s", cli->config.run, service, ending);
}

const char *process_log(struct cli *cli, const char *service)
{
    return run_file(cli, service, "log");
}

const char *process_store(struct cli *cli, const char *service)
{
    return arena_format(&cli->arena, "%s/%s", cli->config.data, service);
}

void process_forget(struct cli *cli, const char *service)
{
    unlink(run_file(cli, service, "pid"));
}

/* The pid is of our daemon when its program is rsnms-SERVICE; "(deleted)" after an upgrade is still it. */
static bool is_ours(pid_t pid, const char *service)
{
    char link[64], path[4096], name[80];
    snprintf(link, sizeof link, "/proc/%d/exe", (int)pid);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0)
        return false;                           /* gone, a zombie, or not ours to look at */
    path[n] = '\0';
    char *gone = strstr(path, " (deleted)"), *slash = strrchr(path, '/');
    if (gone != NULL)
        *gone = '\0';
    snprintf(name, sizeof name, "/rsnms-%s", service);
    return slash != NULL && strcmp(slash, name) == 0;
}

pid_t process_find(struct cli *cli, const char *service)
{
    FILE *file = fopen(run_file(cli, service, "pid"), "re");
    int pid = 0;
    if (file == NULL)
        return 0;
    if (fscanf(file, "%d", &pid) != 1)
        pid = 0;
    fclose(file);
    return pid > 1 && is_ours(pid, service) ? pid : 0;
}

static bool write_pid(struct cli *cli, const char *service, pid_t pid)
{
    const char *name = run_file(cli, service, "pid");
    FILE *file = fopen(name, "we");
    bool written = file != NULL && fprintf(file, "%d\n", (int)pid) > 0;
    if (file != NULL && fclose(file) != 0)
        written = false;
    if (!written)
        cli_say(CLI_FAILED, "%s: %s", name, strerror(errno));
    return written;
}

static const char *program_of(struct cli *cli, const char *service)
{
    const char *dirs[] = { cli_here(cli), arena_format(&cli->arena, "%s/../libexec/rsnms", cli_here(cli)) };
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        const char *path = arena_format(&cli->arena, "%s/rsnms-%s", dirs[i], service);
        if (access(path, X_OK) == 0)
            return path;
    }
    cli_say(CLI_FAILED, "no program rsnms-%s, neither in %s nor in %s", service, dirs[0], dirs[1]);
    return NULL;
}

/* Between fork and exec: only what is safe there. */
static _Noreturn void become(const char *program, const char *config, int log, bool keep)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (dup2(nothing, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
        _exit(127);
    if (keep)
        setpgid(0, 0);                          /* Ctrl-C is ours to pass on */
    else
        setsid();
    execl(program, program, "--config", config, (char *)NULL);
    _exit(127);
}

pid_t process_start(struct cli *cli, const char *service, bool keep)
{
    const char *program = program_of(cli, service), *log_name = process_log(cli, service);
    if (program == NULL)
        return 0;
    int log = open(log_name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (log < 0) {
        cli_say(CLI_FAILED, "%s: %s", log_name, strerror(errno));
        return 0;
    }
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        become(program, cli_config_file(cli), log, keep);
    close(log);
    if (pid < 0) {
        cli_say(CLI_FAILED, "%s: %s", program, strerror(errno));
        return 0;
    }
    if (!write_pid(cli, service, pid)) {
        kill(pid, SIGTERM);
        return 0;
    }
    return pid;
}

bool process_signal(pid_t pid, int signal)
{
    return kill(pid, signal) == 0;
}

bool process_wait(pid_t pid, uint32_t ms)
{
    int fd = pidfd_open(pid, 0);
    if (fd < 0)
        return errno == ESRCH;
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    bool ended = poll(&wait, 1, (int)ms) == 1;
    close(fd);
    return ended;
}

/* A command line of its own, since a keeper asks for months and memory and connections would add up. */
bool process_answers(struct cli *cli, const char *service)
{
    struct cli probe = { .config_file = cli->config_file, .key = cli->key, .timeout_ms = 1000,
                         .config = cli->config, .config_loaded = true };
    struct client_reply reply;
    int err = cli_try(&probe, arena_format(&probe.arena, "%s.service.status", service), NULL, NULL, &reply, NULL);
    bool there = err == ERR_OK && reply.problem == NULL;
    cli_close(&probe);
    return there;
}

void process_print_tail(struct cli *cli, const char *service, unsigned lines)
{
    FILE *file = fopen(process_log(cli, service), "re");
    if (file == NULL)
        return;
    char text[8192];
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file), from = size > (long)sizeof text - 1 ? size - (long)sizeof text + 1 : 0;
        fseek(file, from, SEEK_SET);
        size_t n = fread(text, 1, sizeof text - 1, file);
        text[n] = '\0';
        char *at = text + n;
        for (unsigned seen = 0; at > text; at--)
            if (at[-1] == '\n' && at < text + n && ++seen == lines)
                break;
        char *rest = NULL;
        for (char *line = strtok_r(at, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
            fprintf(stderr, "  | %s\n", line);
    }
    fclose(file);
}

int process_must_rest(struct cli *cli, const char *service)
{
    pid_t pid = process_find(cli, service);
    if (pid == 0)
        return CLI_OK;
    return cli_say(CLI_DOWN, "%s is running (pid %d): stop it first, rsnms down %s", service, (int)pid, service);
}
