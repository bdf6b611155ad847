/* keeper: pidfds, so that a number that was used again cannot be hit, and daemons that were started by an
 * earlier keeper are looked after like children. */
#include "cli/daemons/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "common/core/err.h"

#define ENDED_MAX   200
#define KEEPER_START_MS 5000
#define LOOK_MS     500                 /* for wanted files that nobody has woken us for */
#define READY_MS    100                 /* between two questions to one that has not answered yet */

/* ── what stands in the run directory ─────────────────────────────────────── */
static const char *run_file(struct cli *cli, const char *service, const char *ending)
{
    return arena_format(&cli->arena, "%s/%s.%s", cli->config.run, service, ending);
}

bool keeper_wanted(struct cli *cli, const char *service)
{
    return access(run_file(cli, service, "wanted"), F_OK) == 0;
}

bool keeper_want(struct cli *cli, const char *service)
{
    const char *name = run_file(cli, service, "wanted");
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return cli_say(CLI_FAILED, "%s: %s", name, strerror(errno)) == CLI_OK;
    close(fd);
    return true;
}

void keeper_unwant(struct cli *cli, const char *service)
{
    unlink(run_file(cli, service, "wanted"));
}

bool keeper_ended(struct cli *cli, const char *service, struct keeper_end *end)
{
    FILE *file = fopen(run_file(cli, service, "ended"), "re");
    int n = 0;
    *end = (struct keeper_end){ 0 };
    if (file != NULL) {
        n = fscanf(file, "%31s %u %159[^\n]", end->moment, &end->times, end->why);
        fclose(file);
    }
    return n == 3;
}

void keeper_forget(struct cli *cli, const char *service)
{
    unlink(run_file(cli, service, "ended"));
}

/* ── one keeper only ──────────────────────────────────────────────────────── */
static int lock_open(struct cli *cli)
{
    const char *name = run_file(cli, "keeper", "lock");
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        cli_say(CLI_FAILED, "%s: %s", name, strerror(errno));
    return fd;
}

/* Asks who holds it without taking it, even for a moment: a keeper that is just starting would be in its way. */
pid_t keeper_find(struct cli *cli)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = open(run_file(cli, "keeper", "lock"), O_RDWR | O_CLOEXEC);
    bool held = fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    if (fd >= 0)
        close(fd);
    return held ? lock.l_pid : 0;
}

void keeper_wake(struct cli *cli)
{
    pid_t pid = keeper_find(cli);
    if (pid != 0)
        process_signal(pid, SIGHUP);
}

bool keeper_stop(struct cli *cli, uint32_t wait_ms)
{
    pid_t pid = keeper_find(cli);
    return pid == 0 || (process_signal(pid, SIGTERM) && process_wait(pid, wait_ms)) || keeper_find(cli) == 0;
}

bool keeper_start(struct cli *cli)
{
    if (keeper_find(cli) != 0)
        return true;
    const char *name = run_file(cli, "keeper", "log");
    int log = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640), nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (log < 0 || nothing < 0)
        return cli_say(CLI_FAILED, "%s: %s", name, strerror(errno)) == CLI_OK;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {                     /* twice, so that it is nobody's child */
        if (fork() != 0)
            _exit(0);
        setsid();
        dup2(nothing, STDIN_FILENO);
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        _exit(keeper_run(cli, false, KEEPER_DRAIN_MS));
    }
    close(log);
    close(nothing);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    for (int ms = 0; ms < KEEPER_START_MS && keeper_find(cli) == 0; ms += 10)
        usleep(10 * 1000);
    return keeper_find(cli) != 0 || cli_say(CLI_FAILED, "the keeper of the daemons could not be started; see %s", name) == CLI_OK;
}

/* ── logs ─────────────────────────────────────────────────────────────────── */
/* A log that has grown long is copied aside and begun anew: who writes it appends, and need not be told. What is
 * written between the two is lost; it is a log. */
static void log_turn(const char *name)
{
    char aside[4096 + 8];
    struct stat st;
    int from = open(name, O_RDWR | O_CLOEXEC), to = -1;
    if (from >= 0 && fstat(from, &st) == 0 && st.st_size > KEEPER_LOG_MAX) {
        snprintf(aside, sizeof aside, "%.4096s.1", name);
        to = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
        off_t at = 0;
        while (to >= 0 && at < st.st_size && sendfile(to, from, &at, (size_t)(st.st_size - at)) > 0)
            ;
        if (at < st.st_size || ftruncate(from, 0) != 0)
            fprintf(stderr, "%s: cannot be begun anew: %s\n", name, strerror(errno));
    }
    if (to >= 0)
        close(to);
    if (from >= 0)
        close(from);
}

/* ── a keeper at work ─────────────────────────────────────────────────────── */
struct kept {
    const char *name, *wanted_file, *log_file;
    pid_t pid;
    int fd;                             /* pidfd; -1: it does not run */
    bool child, ready, answered;        /* answered: at least once since it became wanted */
    bool failed;                        /* it could not be started: nobody wants it any more */
    unsigned ends, back_off_ms;
    moment_t since, next;               /* next: when to start it, or to ask it again; boot clock */
    struct timespec started;            /* the same moment as files tell it */
};
struct keeper { struct cli *cli; const char *log_file; struct kept at[CONFIG_SERVICES_MAX]; uint32_t n; moment_t logs; };

static volatile sig_atomic_t stop;
static void on_stop(int signal) { (void)signal; stop = 1; }
static void on_wake(int signal) { (void)signal; }

static moment_t now(void) { return CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self); }

static void __attribute__((format(printf, 2, 3))) say(const struct kept *one, const char *format, ...)
{
    char moment[MOMENT_TEXT + 1], text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    moment_format(CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self), moment);
    fprintf(stderr, "%.19sZ %s %s\n", moment, one->name, text);
}

static void note_end(struct keeper *k, const struct kept *one, const char *why)
{
    char moment[MOMENT_TEXT + 1];
    FILE *file = fopen(run_file(k->cli, one->name, "ended"), "we");
    moment_format(CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self), moment);
    if (file != NULL) {
        fprintf(file, "%.19sZ %u %s\n", moment, one->ends, why);
        fclose(file);
    }
}

static bool wanted(const struct kept *one)
{
    return access(one->wanted_file, F_OK) == 0;
}

/* `down` and `up` again have come and gone before its end was looked at. */
static bool wanted_anew(const struct kept *one)
{
    struct stat file;
    return stat(one->wanted_file, &file) == 0 &&
           (file.st_mtim.tv_sec > one->started.tv_sec ||
            (file.st_mtim.tv_sec == one->started.tv_sec && file.st_mtim.tv_nsec > one->started.tv_nsec));
}

static void watch(struct kept *one, pid_t pid, bool child)
{
    one->fd = pidfd_open(pid, 0);
    one->pid = one->fd >= 0 ? pid : 0;
    one->child = child;
    one->ready = false;
    one->since = now();
    one->next = one->since;
    clock_gettime(CLOCK_REALTIME_COARSE, &one->started);    /* what times of files are made with */
}

static void start(struct keeper *k, struct kept *one)
{
    pid_t found = process_find(k->cli, one->name);
    if (found != 0) {
        watch(one, found, false);
        return;
    }
    pid_t pid = process_start(k->cli, one->name, false);
    if (pid != 0) {
        watch(one, pid, true);
        say(one, "starts, pid %d", (int)pid);
        if (one->fd >= 0)
            return;
    }
    one->failed = true;
    keeper_unwant(k->cli, one->name);   /* no program, no pid file: it would not be better next time */
}

static void end_text(const struct kept *one, int status, char text[ENDED_MAX])
{
    if (one->child && WIFSIGNALED(status))
        snprintf(text, ENDED_MAX, "signal %d", WTERMSIG(status));
    else if (one->child)
        snprintf(text, ENDED_MAX, "exit code %d", WEXITSTATUS(status));
    else
        snprintf(text, ENDED_MAX, "no code known");
}

static void wanted_no_more(struct kept *one)
{
    one->answered = false;
    one->ends = one->back_off_ms = 0;
    one->next = 0;
}

/* It has ended: forgotten when nobody wants it, started again later when somebody does. */
static void ended(struct keeper *k, struct kept *one)
{
    char why[ENDED_MAX];
    int status = 0;
    if (one->child)
        waitpid(one->pid, &status, 0);
    close(one->fd);
    one->fd = -1;
    one->pid = 0;
    end_text(one, status, why);
    bool in_order = one->child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!wanted(one) || (in_order && wanted_anew(one))) {
        say(one, "stopped");
        wanted_no_more(one);
        return;
    }
    process_forget(k->cli, one->name);
    one->ends++;
    note_end(k, one, why);
    if (!one->answered && one->child && WIFEXITED(status) && !in_order) {
        say(one, "ended (%s) before it had ever answered: not started again", why);
        one->failed = true;
        keeper_unwant(k->cli, one->name);
        return;
    }
    if (now() - one->since > KEEPER_GOOD_MS * (moment_t)MOMENT_MS)
        one->back_off_ms = 0;
    one->back_off_ms = one->back_off_ms == 0 ? KEEPER_BACK_OFF_MS : one->back_off_ms * 2;
    if (one->back_off_ms > KEEPER_BACK_OFF_MAX_MS)
        one->back_off_ms = KEEPER_BACK_OFF_MAX_MS;
    one->next = now() + one->back_off_ms * (moment_t)MOMENT_MS;
    say(one, "ended by itself (%s), for the %u. time: it is started again in %.1f s", why, one->ends, one->back_off_ms / 1000.0);
}

static void ask_ready(struct keeper *k, struct kept *one)
{
    if (!process_answers(k->cli, one->name)) {
        one->next = now() + READY_MS * (moment_t)MOMENT_MS;
        return;
    }
    one->ready = one->answered = true;
    say(one, "%s, pid %d", one->ends > 0 ? "answers again" : one->child ? "started" : "runs", (int)one->pid);
}

static void look(struct keeper *k, struct kept *one)
{
    if (one->fd >= 0) {
        if (!one->ready && now() >= one->next)
            ask_ready(k, one);
        return;
    }
    if (!wanted(one)) {
        wanted_no_more(one);
    } else if (now() >= one->next) {
        one->failed = false;
        start(k, one);
    }
}

static int until_next(const struct keeper *k)
{
    moment_t least = LOOK_MS * (moment_t)MOMENT_MS, at = now();
    for (uint32_t i = 0; i < k->n; i++) {
        const struct kept *one = &k->at[i];
        if ((one->fd >= 0 ? !one->ready : one->next > 0) && one->next - at < least)
            least = one->next > at ? one->next - at : 0;
    }
    return (int)(least / MOMENT_MS) + 1;
}

static void turn(struct keeper *k)
{
    struct pollfd polls[CONFIG_SERVICES_MAX];
    for (uint32_t i = 0; i < k->n; i++)
        polls[i] = (struct pollfd){ .fd = k->at[i].fd, .events = POLLIN };
    int n = poll(polls, k->n, until_next(k));           /* a signal ends the wait early */
    for (uint32_t i = 0; i < k->n; i++) {
        if (n > 0 && (polls[i].revents & POLLIN) != 0)
            ended(k, &k->at[i]);
        look(k, &k->at[i]);
    }
}

static void logs_look(struct keeper *k)
{
    if (now() < k->logs)
        return;
    k->logs = now() + KEEPER_LOGS_MS * (moment_t)MOMENT_MS;
    log_turn(k->log_file);
    for (uint32_t i = 0; i < k->n; i++)
        log_turn(k->at[i].log_file);
}

/* All at once; waits for the slowest. One that does not drain in time is killed. */
static int drain(struct keeper *k, uint32_t wait_ms)
{
    moment_t until = now() + wait_ms * (moment_t)MOMENT_MS;
    int code = CLI_OK;
    for (uint32_t i = 0; i < k->n; i++) {
        keeper_unwant(k->cli, k->at[i].name);
        if (k->at[i].fd >= 0)
            pidfd_send_signal(k->at[i].fd, SIGTERM, NULL, 0);
    }
    for (uint32_t i = 0; i < k->n; i++) {
        struct kept *one = &k->at[i];
        if (one->fd < 0)
            continue;
        moment_t left = until - now();
        struct pollfd wait = { .fd = one->fd, .events = POLLIN };
        while (poll(&wait, 1, left > 0 ? (int)(left / MOMENT_MS) : 0) < 0 && errno == EINTR)
            left = until - now();
        if ((wait.revents & POLLIN) == 0) {
            say(one, "did not stop within %.0f s and is killed", wait_ms / 1000.0);
            pidfd_send_signal(one->fd, SIGKILL, NULL, 0);
            code = CLI_FAILED;
        }
        ended(k, one);
        process_forget(k->cli, one->name);
    }
    return code;
}

/* In the foreground somebody waits for an exit code: one that cannot start is the end of all. */
static bool one_failed(const struct keeper *k)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].fd < 0 && k->at[i].failed)
            return true;
    return false;
}

static void hold_signals(void)
{
    struct sigaction end = { .sa_handler = on_stop }, wake = { .sa_handler = on_wake }, ignore = { .sa_handler = SIG_IGN };
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGHUP, &wake, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

int keeper_run(struct cli *cli, bool foreground, uint32_t wait_ms)
{
    struct keeper *k = ARENA_NEW(&cli->arena, struct keeper);
    int lock = lock_open(cli);
    char pid[24];
    if (lock < 0)
        return CLI_FAILED;
    hold_signals();                     /* who finds the lock held may wake us at once */
    if (fcntl(lock, F_SETLK, &(struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET }) != 0)
        return cli_say(CLI_FAILED, "a keeper runs already (pid %d): rsnms down ends it", (int)keeper_find(cli));
    int n = snprintf(pid, sizeof pid, "%d\n", (int)getpid());
    if (ftruncate(lock, 0) != 0 || pwrite(lock, pid, (size_t)n, 0) != n)
        return cli_say(CLI_FAILED, "%s: %s", run_file(cli, "keeper", "lock"), strerror(errno));
    k->cli = cli;
    k->log_file = run_file(cli, "keeper", "log");
    for (uint32_t i = 0; i < cli->config.services.n; i++) {
        const char *name = cli->config.services.at[i].name;
        k->at[k->n++] = (struct kept){ .name = name, .wanted_file = run_file(cli, name, "wanted"),
                                         .log_file = process_log(cli, name), .fd = -1 };
    }
    for (uint32_t i = 0; i < k->n && !foreground; i++) {
        pid_t found = process_find(cli, k->at[i].name);
        if (found != 0 && wanted(&k->at[i]))
            watch(&k->at[i], found, false);
    }
    bool failed = false;
    while (!stop && !(failed = foreground && one_failed(k))) {
        turn(k);
        logs_look(k);
    }
    int code = drain(k, wait_ms);
    close(lock);
    return failed ? CLI_DOWN : code;
}
