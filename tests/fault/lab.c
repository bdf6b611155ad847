/* lab: see lab.h. */
#include "tests/fault/lab.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/service/config.h"
#include "tests/unit/toy.h"

#define START_MS 20000
#define END_MS   20000
#define RETRY_MS 120        /* of the clients: daemons come back soon */

const char *const LAB_SERVICE[DAEMONS] = { "toy", "mirror" };

void lab_die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}

int64_t lab_now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void lab_sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

static void key_add(struct lab *lab, const char *name, const char *role)
{
    struct key_pair pair;
    char says[400] = "";
    int err = key_new(lab->keys, name, NULL, &pair, says);
    const struct principal_row row = { .id = pair.id, .name = name, .role = role, .public_key = pair.public_key, .all = true };

    if (err != ERR_OK || principals_add(lab->keys, &row, says) != ERR_OK)
        lab_die("key %s: %s", name, says);
}

void lab_open(struct lab *lab, const char *faultd, const char *data, unsigned reserve_mb)
{
    *lab = (struct lab){ .faultd = faultd };
    snprintf(lab->dir, sizeof lab->dir, "/tmp/rsnms-fault-XXXXXX");
    if (mkdtemp(lab->dir) == NULL || crypto_start() != ERR_OK)
        lab_die("%s: %s", lab->dir, strerror(errno));
    snprintf(lab->config, sizeof lab->config, "%s/rsnms.yaml", lab->dir);
    snprintf(lab->keys, sizeof lab->keys, "%s/keys", lab->dir);
    if (data != NULL)
        snprintf(lab->data, sizeof lab->data, "%s", data);
    else
        snprintf(lab->data, sizeof lab->data, "%s/data", lab->dir);
    FILE *out = fopen(lab->config, "we");
    if (out == NULL)
        lab_die("%s: %s", lab->config, strerror(errno));
    fprintf(out, "region: 018f0000-0000-7000-8000-000000000001\ndata: %s\nkeys: keys\nbackup: backup\nrun: run\n"
                 "reserve_mb: %u\nlog: %s\nservices:\n  - name: toy\n  - name: mirror\n", lab->data, reserve_mb,
            getenv("RSNMS_FAULT_LOG") != NULL ? "info" : "error");
    fclose(out);
    key_add(lab, "toy", "service");
    key_add(lab, "mirror", "service");
    key_add(lab, "operator", "operator");
}

void lab_close(struct lab *lab, bool keep)
{
    char command[120];

    for (int which = 0; which < DAEMONS; which++)
        if (lab->pid[which] > 0) {
            kill(lab->pid[which], SIGKILL);
            lab_reap(lab, which, END_MS);
        }
    snprintf(command, sizeof command, "rm -rf -- '%s'", lab->dir);
    if (keep)
        printf("left for a look: %s\n", lab->dir);
    else if (system(command) != 0)
        lab_die("%s", command);
}

/* ── daemons ──────────────────────────────────────────────────────────────── */

static void endpoint_file(const struct lab *lab, int which, char path[200])
{
    snprintf(path, 200, "%s/run/%s.endpoint", lab->dir, LAB_SERVICE[which]);
}

void lab_fork(struct lab *lab, int which, const char *const *env)
{
    char endpoint[200];

    endpoint_file(lab, which, endpoint);
    unlink(endpoint);
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0)
        lab_die("fork: %s", strerror(errno));
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);   /* none is left behind */
        for (int i = 0; env != NULL && env[i] != NULL; i++)
            putenv((char *)(uintptr_t)env[i]);
        execl(lab->faultd, "faultd", LAB_SERVICE[which], "--config", lab->config, (char *)NULL);
        fprintf(stderr, "%s: %s\n", lab->faultd, strerror(errno));
        _exit(127);
    }
    lab->pid[which] = pid;
}

bool lab_start(struct lab *lab, int which, const char *const *env)
{
    char endpoint[200];
    struct stat st;

    lab_fork(lab, which, env);
    endpoint_file(lab, which, endpoint);
    for (int64_t until = lab_now_ms() + START_MS; lab_now_ms() < until; lab_sleep_ms(2)) {
        siginfo_t info = { 0 };
        if (stat(endpoint, &st) == 0)
            return true;
        if (waitid(P_PID, (id_t)lab->pid[which], &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0)
            return false;
    }
    lab_die("%s does not start within %d ms", LAB_SERVICE[which], START_MS);
}

int lab_reap(struct lab *lab, int which, int wait_ms)
{
    int64_t until = lab_now_ms() + wait_ms;
    int status;

    for (;;) {
        pid_t pid = waitpid(lab->pid[which], &status, WNOHANG);
        if (pid == lab->pid[which])
            break;
        if (pid < 0)
            lab_die("waitpid: %s", strerror(errno));
        if (lab_now_ms() >= until)
            return LAB_RUNS;
        lab_sleep_ms(1);
    }
    lab->pid[which] = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void lab_end(struct lab *lab, int which)
{
    kill(lab->pid[which], SIGTERM);
    int how = lab_reap(lab, which, END_MS);
    if (how != 0)
        lab_die("%s did not end in order: %d", LAB_SERVICE[which], how);
}

/* ── clients and stores ───────────────────────────────────────────────────── */

struct client *lab_client(struct lab *lab, int which, uint32_t window)
{
    struct client_options options = { .window = window, .retry_ms = RETRY_MS };
    struct key_pair server;
    struct client *client;
    char says[400] = "", endpoint[200];

    if (key_load(lab->keys, "operator", &options.key, says) != ERR_OK ||
        key_load(lab->keys, LAB_SERVICE[which], &server, says) != ERR_OK)
        lab_die("%s", says);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/run/%s.sock", lab->dir, LAB_SERVICE[which]);
    options.endpoint = endpoint;
    memcpy(options.server_key, server.public_key, sizeof options.server_key);
    if (client_open(&client, &options) != ERR_OK)
        lab_die("%s: no client", endpoint);
    return client;
}

struct machine *lab_machine(struct lab *lab, int which)
{
    struct machine *machine;
    char dir[500], says[400] = "";

    snprintf(dir, sizeof dir, "%s/%s", lab->data, LAB_SERVICE[which]);
    const struct machine_options options = { .dir = dir, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM, .says = says };
    if (machine_open(&machine, which == LEDGER ? &toy_ledger_service : &toy_mirror_service, &options) != ERR_OK)
        lab_die("%s: %s", dir, says);
    return machine;
}
