/* daemon: options, configuration, start, and the end in named phases: drain what is under way, join the
 * threads, close the store, flush the sockets. */
#include "common/service/daemon.h"

#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/core/hash.h"
#include "common/core/locked.h"
#include "common/service/daemon_parts.h"

#define EXIT_USAGE 2
#define JOIN_MS    5000
#define SAYS       400

static void usage(const struct service *service, FILE *to)
{
    fprintf(to,
            "Usage: rsnms-%s --config rsnms.yaml [--data DIR]\n"
            "  --config FILE  where things lie and which services there are\n"
            "  --data DIR     the store, instead of DATA/%s of the configuration\n"
            "  --version      prints the version\n"
            "  --help         prints this\n"
            "SIGTERM and SIGINT end it in order (a second one at once), SIGHUP reads the keys again.\n",
            service->name, service->name);
}

struct options { const char *config, *data; int exit; };        /* exit: -1 to go on */

static struct options options_read(const struct service *service, int argc, char **argv)
{
    static const struct option names[] = {
        { "config", required_argument, NULL, 'c' }, { "data", required_argument, NULL, 'd' },
        { "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'v' }, { 0 },
    };
    struct options options = { .exit = -1 };

    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "c:d:hv", names, NULL)) != -1;)
        switch (c) {
        case 'c': options.config = optarg; break;
        case 'd': options.data = optarg; break;
        case 'h': usage(service, stdout); options.exit = 0; return options;
        case 'v': printf("rsnms-%s %s\n", service->name, RSNMS_VERSION); options.exit = 0; return options;
        default:  usage(service, stderr); options.exit = EXIT_USAGE; return options;
        }
    if (options.config == NULL || optind < argc) {
        usage(service, stderr);
        options.exit = EXIT_USAGE;
    }
    return options;
}

/* Before the first thread, so that all inherit it: no signal can end a thread or a library's wait. */
static void signals_block(void)
{
    sigset_t all;

    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGABRT);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
}

/* ── start ────────────────────────────────────────────────────────────────── */

static int config_take(struct daemon *d, const struct options *options, char says[SAYS])
{
    int err = config_load(options->config, &d->arena, &d->config, says);

    if (err != ERR_OK)
        return err;
    d->own = config_find(&d->config, d->service->name);
    if (d->own == NULL) {
        snprintf(says, SAYS, "%.200s: services: %s is not listed", options->config, d->service->name);
        return ERR_NOTFOUND;
    }
    if (d->service->configure != NULL && d->config.profile == NULL) {
        snprintf(says, SAYS, "%.200s: profile: missing: %s works by the region's settings", options->config, d->service->name);
        return ERR_MALFORMED;
    }
    if (d->service->personal && d->own->vault_key == NULL) {
        snprintf(says, SAYS, "%.200s: services[%zu].vault_key: missing: %s seals personal data", options->config,
                 (size_t)(d->own - d->config.services.at), d->service->name);
        return ERR_MALFORMED;
    }
    if (options->data != NULL)
        snprintf(d->store_dir, sizeof d->store_dir, "%s", options->data);
    else
        snprintf(d->store_dir, sizeof d->store_dir, "%s/%s", d->config.data, d->service->name);
    if ((mkdir(d->config.data, 0700) != 0 && errno != EEXIST) || (mkdir(d->config.run, 0755) != 0 && errno != EEXIST)) {
        snprintf(says, SAYS, "%.150s or %.150s: %s", d->config.data, d->config.run, strerror(errno));
        return ERR_IO;
    }
    log_open(d->service->name, (enum log_level)d->config.log);
    return key_load(d->config.keys, d->own->key, &d->key, says);
}

static int machine_start(struct daemon *d, char says[SAYS])
{
    const struct machine_options options = {
        .dir = d->store_dir, .profile = d->config.profile, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM,
        .master_key_file = d->own->vault_key, .reserve_bytes = d->config.reserve_mb << 20,
        .cap_bytes = d->own->cap_mb << 20, .unlocked = d->own->unlocked, .says = says,
    };
    int err;

    says[0] = '\0';
    err = machine_open(&d->machine, d->service, &options);
    if (err != ERR_OK && says[0] == '\0')
        snprintf(says, SAYS, "%.300s: %s", d->store_dir, err_text(err));
    return err;
}

static int queues_open(struct daemon *d, char says[SAYS])
{
    const size_t unbounded = SIZE_MAX / 2;  /* what goes back was admitted, and so is bounded already */

    snprintf(says, SAYS, "queues: %s", strerror(errno));
    if (queue_open(&d->to_writer, unbounded) != ERR_OK || queue_open(&d->to_readers, LIMIT_REQUESTS) != ERR_OK
        || queue_open(&d->to_feeder, LIMIT_FOLLOWERS) != ERR_OK || queue_open(&d->to_io, unbounded) != ERR_OK)
        return ERR_IO;
    queue_chain_start(&d->writer_chain);
    queue_chain_start(&d->reader_chain);
    return ERR_OK;
}

static int threads_start(struct daemon *d, char says[SAYS])
{
    static const struct { size_t at; void *(*run)(void *daemon); } THREAD[] = {
        { offsetof(struct daemon, writer), writer_run }, { offsetof(struct daemon, reader[0]), reader_run },
        { offsetof(struct daemon, reader[1]), reader_run }, { offsetof(struct daemon, feeder), feeder_run },
    };

    for (d->threads = 0; d->threads < sizeof THREAD / sizeof *THREAD; d->threads++) {
        int rc = pthread_create((pthread_t *)(void *)((char *)d + THREAD[d->threads].at), NULL,
                                THREAD[d->threads].run, d);
        if (rc != 0) {
            snprintf(says, SAYS, "threads: %s", strerror(rc));
            return ERR_NOMEM;
        }
    }
    return ERR_OK;
}

static int start(struct daemon *d, const struct options *options, char says[SAYS])
{
    int err = config_take(d, options, says);

    if (err == ERR_OK)
        err = queues_open(d, says);
    if (err == ERR_OK)
        err = machine_start(d, says);
    if (err == ERR_OK) {
        methods_open(&d->methods, d->machine, &d->arena);
        err = io_open(d, says);
    }
    if (err == ERR_OK)
        err = errands_start(d, says);       /* before the writer: it wakes them */
    if (err == ERR_OK)
        err = threads_start(d, says);
    return err;
}

/* ── end ──────────────────────────────────────────────────────────────────── */

static void join(pthread_t thread)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += JOIN_MS / 1000;
    if (pthread_timedjoin_np(thread, NULL, &until) == 0)
        return;
    log_warning("daemon", "a thread does not end: ending without it");
    _exit(EXIT_FAILURE);                    /* as safe as a crash: what was answered is on disk */
}

static void threads_end(struct daemon *d)
{
    const pthread_t thread[] = { d->writer, d->reader[0], d->reader[1], d->feeder };

    errands_end(d, join);                   /* the writer answers them still */
    atomic_store(&d->ended, true);
    if (d->threads > 0) {
        queue_wake(&d->to_writer);
        queue_wake(&d->to_readers);
        queue_wake(&d->to_feeder);
    }
    for (uint32_t i = 0; i < d->threads; i++)
        join(thread[i]);
    if (d->backup_runs)
        join(d->backup);
    errands_close(d);
}

static void jobs_drop(struct queue *queue)
{
    if (queue->chain.last == NULL)
        return;
    for (struct queue_node *node = queue_take(queue, SIZE_MAX), *next; node != NULL; node = next) {
        next = node->next;
        job_free((struct job *)node);
    }
}

static void finish(struct daemon *d)
{
    threads_end(d);
    jobs_drop(&d->to_writer);
    jobs_drop(&d->to_readers);
    jobs_drop(&d->to_io);
    machine_close(&d->machine);
    io_close(d);
    queue_close(&d->to_writer);
    queue_close(&d->to_readers);
    queue_close(&d->to_feeder);
    queue_close(&d->to_io);
    pthread_mutex_destroy(&d->source_lock);
    arena_free(&d->arena);
    key_wipe(&d->key);
}

/* Blocks of a large message go back to the system when it is gone: glibc would raise its threshold after
 * the first and keep what a burst once needed, in a heap for each thread. */
static void memory_settle(void)
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 64 * 1024);
    mallopt(M_TRIM_THRESHOLD, 1024 * 1024);
}

int daemon_main(const struct service *service, int argc, char **argv)
{
    struct options options = options_read(service, argc, argv);
    struct daemon *d = calloc(1, sizeof *d);
    char says[SAYS] = "";
    int err;

    if (options.exit >= 0 || d == NULL) {
        free(d);
        return options.exit >= 0 ? options.exit : EXIT_FAILURE;
    }
    signals_block();
    memory_settle();
    log_open(service->name, LOG_INFO);
    failpoint_open();
    dumps_none();
    d->service = service;
    d->started = now_us();
    d->scratch.keep = 1u << 20;
    pthread_mutex_init(&d->source_lock, NULL);
    err = crypto_start();
    if (err == ERR_OK)
        err = start(d, &options, says);
    if (err != ERR_OK)
        log_error("start", "%s", says[0] != '\0' ? says : err_text(err));
    else
        err = io_run(d);
    finish(d);
    free(d);
    if (err == ERR_OK)
        log_info("daemon", "ended");
    return err == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
