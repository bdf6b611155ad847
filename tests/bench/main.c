/* rsnms-bench: the figures of the design as a table and as JSON.
 *
 *   rsnms-bench [--quick] [--json FILE] [--dir DIR] [--pairs N] [--list] [ROW…] */
#include "tests/bench/bench.h"

#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <time.h>
#include <unistd.h>

#include "common/core/hash.h"
#include "common/core/log.h"
#include "tests/bench/site.h"

#define TMPFS_ID 0x01021994

const struct row ROWS_OF_BENCH[] = {
    { "idle",       "RssAnon of each daemon, idle",                          "-", "under 16 MiB", row_idle },
    { "commands",   "pipelined durable commands a second, CURVE, audit and hashes on",
      "a bare loop doing the same puts into the same tables in transactions of the same mean batch",
      "at least 0.6, then 0.75", row_commands },
    { "round_trip", "one durable command, round trip",  "raw CURVE round trip + raw commit", "at most 1.5 x", row_round_trip },
    { "read",       "a read under full command load",   "a read with no load", "p99 at most 5 ms", row_read_under_load },
    { "source",     "following: the source",            "raw scan + CURVE transfer of the same bytes", "at least 0.5", row_source },
    { "follower",   "following: the follower",          "raw puts of the same facts in the same batches", "at least 0.5", row_follower },
    { "fifty",      "a lock-step command while 50 followers catch up", "the same without them", "at most 1.5 x", row_fifty },
    { "chain",      "submitted -> drafted; agreed -> indicator visible, at 20 submits + 700 saves/s",
      "three raw commits in series", "p99 at most 5 x, and under 50 ms", row_chain },
    { "indicator",  "an indicator read", "-", "under 1 ms", row_indicator },
    { "lists",      "a staff list checked against what is known",            "-",
      "100,000 rows in 10 s, 1,000,000 in 100 s, each within 500 MiB", row_lists },
    { "search",     "the first page of people found by words of their names, of 100,000",
      "a bare reading of the same people's rows", "under 20 ms", row_search },
    { "entering",   "rows a second of a checked staff list entered by its job",
      "a bare loop doing the same puts into the same tables in transactions of the same mean batch", "at least 0.6", row_entering },
    { "recount",    "all indicators recounted in memory", "the same shares by SQL in PostgreSQL, warm", "at most 3 x", row_recount },
};
const size_t ROWS_OF_BENCH_COUNT = sizeof ROWS_OF_BENCH / sizeof *ROWS_OF_BENCH;

static struct bench bench;
static pid_t owner;

double bench_now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void bench_say(const char *format, ...)
{
    static double begun;
    va_list args;

    if (begun == 0)
        begun = bench_now();
    fprintf(stderr, "%6.1f s  ", bench_now() - begun);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

void bench_die(const char *file, int line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s:%d: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

void bench_shell(const char *format, ...)
{
    char command[1200];
    va_list args;

    va_start(args, format);
    int n = vsnprintf(command, sizeof command, format, args);
    va_end(args);
    need(n > 0 && (size_t)n < sizeof command, "a command that is too long");
    need(system(command) == 0, "failed: %s", command);
}

/* Whatever happens: no daemon stays and no file. */
static void clean(void)
{
    char command[300];

    if (getpid() != owner)
        return;
    if (bench.site != NULL)
        site_kill(bench.site);
    if (bench.dir[0] != '\0') {
        snprintf(command, sizeof command, "rm -rf -- '%s'", bench.dir);
        if (system(command) != 0)
            fprintf(stderr, "%s could not be removed\n", bench.dir);
    }
}

/* Interrupted: as after a failure. The daemons go with us (site_start). */
static void on_signal(int signal)
{
    exit(128 + signal);
}

static void dir_open(const char *under)
{
    struct statfs fs;

    snprintf(bench.dir, sizeof bench.dir, "%s/rsnms-bench-XXXXXX", under);
    if (mkdtemp(bench.dir) == NULL) {
        bench.dir[0] = '\0';
        need(false, "%s: no directory can be made there", under);
    }
    need(statfs(bench.dir, &fs) == 0 && fs.f_type != TMPFS_ID,
         "%s is memory: its syncs cost nothing; --dir names a directory on a disk", under);
    owner = getpid();
    atexit(clean);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
}

/* The programs lie beside our own directory: build/tests/rsnms-bench, build/rsnms-roster. */
static const char *build_dir(void)
{
    static char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

    need(n > 0, "/proc/self/exe cannot be read");
    path[n] = '\0';
    for (int up = 0; up < 2; up++)
        *strrchr(path, '/') = '\0';
    return path;
}

static bool chosen(const char *name, int argc, char **argv)
{
    for (int i = optind; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return optind == argc;
}

static int usage(int code)
{
    fprintf(code == 0 ? stdout : stderr,
            "usage: rsnms-bench [--quick] [--json FILE] [--dir DIR] [--pairs N] [--list] [ROW...]\n"
            "  --quick     a run of about a minute: fewer pairs, smaller stores\n"
            "  --dir DIR   where stores are made (default /var/tmp): on a disk, with some GB free\n");
    return code;
}

static int list(void)
{
    for (size_t i = 0; i < ROWS_OF_BENCH_COUNT; i++)
        printf("%-11s %s\n            against: %s; goal: %s\n", ROWS_OF_BENCH[i].name, ROWS_OF_BENCH[i].what,
               ROWS_OF_BENCH[i].against, ROWS_OF_BENCH[i].goal);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "quick", no_argument, NULL, 'q' }, { "json", required_argument, NULL, 'j' }, { "list", no_argument, NULL, 'l' },
        { "dir", required_argument, NULL, 'd' }, { "pairs", required_argument, NULL, 'p' },
        { "help", no_argument, NULL, 'h' }, { 0 } };
    const char *json = NULL, *under = "/var/tmp";
    unsigned long pairs = 0;
    char *end;

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'q': bench.quick = true; break;
        case 'j': json = optarg; break;
        case 'd': under = optarg; break;
        case 'p':
            pairs = strtoul(optarg, &end, 10);
            if (end == optarg || *end != '\0' || pairs == 0 || pairs > 1000)
                return usage(2);
            break;
        case 'l': return list();
        case 'h': return usage(0);
        default:  return usage(2);
        }
    bench.pairs = pairs > 0 ? (uint32_t)pairs : bench.quick ? 3 : 7;
    bench.grown = bench.quick ? 200000 : 2000000;
    bench.build = build_dir();
    bench.source = getenv("RSNMS_SOURCE") != NULL ? getenv("RSNMS_SOURCE") : BENCH_SOURCE;
    log_open("bench", LOG_WARNING);
    need(crypto_start() == 0, "no cryptography");
    dir_open(under);
    for (size_t i = 0; i < ROWS_OF_BENCH_COUNT; i++)
        if (chosen(ROWS_OF_BENCH[i].name, argc, argv)) {
            bench.row = ROWS_OF_BENCH[i].name;
            bench_say("%s: %s", bench.row, ROWS_OF_BENCH[i].what);
            ROWS_OF_BENCH[i].run(&bench);
        }
    need(bench.lines > 0, "no such row; --list names them");
    report_print(&bench);
    if (json != NULL)
        report_json(&bench, json);
    return 0;
}
