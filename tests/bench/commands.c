/* commands: what a daemon does with commands: as many as go, one after another, and reads beside them. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "common/core/err.h"
#include "tests/bench/raw.h"

#define WIDE 1024               /* commands outstanding where batches are to be large; else CLIENT_WINDOW, as clients come */

/* ── pipelined ────────────────────────────────────────────────────────────── */

struct tally { uint64_t answers, problems; };

static void tally_one(void *arg, void *tag, const struct client_reply *reply)
{
    struct tally *tally = arg;

    (void)tag;
    tally->answers++;
    tally->problems += reply->err != ERR_OK || reply->problem != NULL;
}

/* The bodies of the next saves, encoded before the clock runs. */
static struct bytes *bodies(struct site *site, uint64_t saves, struct arena *arena)
{
    struct bytes *list = ARENA_LIST(arena, struct bytes, saves);

    for (uint64_t i = 0; i < saves; i++)
        list[i] = save_body(site, site->saves++, arena);
    return list;
}

static double piped(struct site *site, struct client *client, uint64_t saves, uint32_t window)
{
    struct arena arena = { 0 };
    struct bytes *body = bodies(site, saves, &arena);
    struct tally tally = { 0 };
    double begun = bench_now();

    for (uint64_t sent = 0; tally.answers < saves; ) {
        while (sent < saves && client_outstanding(client) < window) {
            const struct client_request request = { .method = "diagnostics.sitting.save", .command = uuid_new(),
                                                    .body = body[sent] };
            need(client_send(client, &request, NULL) == ERR_OK, "the window is full");
            sent++;
        }
        client_poll(client, 1000, tally_one, &tally);
    }
    double took = bench_now() - begun;
    need(tally.problems == 0, "%llu commands failed", (unsigned long long)tally.problems);
    arena_free(&arena);
    return (double)saves / took;
}

/* CPU seconds that a process has used. */
static double cpu_of(pid_t pid)
{
    struct timespec ts = { 0 };
    clockid_t clock;

    need(clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &ts) == 0, "no clock of process %d", (int)pid);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

struct commands_of { const char *what; bool tcp, grown; uint32_t window; };

static void commands_over(struct bench *bench, const struct commands_of *of)
{
    struct site *site = bench_site(bench);
    const uint64_t saves = bench->quick ? 15000 : 40000;
    struct line *line = line_new(bench, of->what, "1/s", "the same puts, bare, in transactions of the same mean batch");
    struct series one = { 0 }, cpu = { 0 }, bare_cpu = { 0 };
    double batch = 0;

    line->goal[0] = (struct goal){ RATIO_AT_LEAST, 0.6 };
    line->goal[1] = (struct goal){ RATIO_AT_LEAST, 0.75 };
    site_transport(site, of->tcp);
    struct raw_store *raw = raw_open(site);
    site_start(site, P_DIAGNOSTICS);
    struct client *client = site_client(site, P_DIAGNOSTICS, "worker", of->window);
    piped(site, client, saves, of->window);     /* warm, and the batch size has found its place */
    for (uint32_t i = 0; i < bench->pairs; i++) {
        struct batches before = site_batches(site);
        double used = cpu_of(site->pid[P_DIAGNOSTICS]), ours = piped(site, client, saves, of->window);
        series_add(&cpu, (cpu_of(site->pid[P_DIAGNOSTICS]) - used) / (double)saves);
        struct batches after = site_batches(site);
        batch = (after.sum - before.sum) / (after.count - before.count);
        used = cpu_of(getpid());
        line_pair(line, ours, raw_saves(raw, saves, batch));
        series_add(&bare_cpu, (cpu_of(getpid()) - used) / (double)saves);
        series_add(&one, raw_append_one(raw, saves, batch));
    }
    line_note(line, "window %u, mean batch %.0f, %zu bytes an entry, from %llu entries; CPU a command: daemon %.1f us, bare "
              "%.1f us; append + one put: %.0f/s", of->window, batch, site->entry_bytes,
              (unsigned long long)(of->grown ? bench->grown : SITTINGS), series_quantile(&cpu, 0.5) * 1e6,
              series_quantile(&bare_cpu, 0.5) * 1e6, series_quantile(&one, 0.5));
    series_free(&one);
    series_free(&cpu);
    series_free(&bare_cpu);
    client_close(&client);
    site_stop(site, P_DIAGNOSTICS);
    raw_close(&raw);
}

void row_commands(struct bench *bench)
{
    static const struct commands_of OF[] = {
        { "commands a second, few entries, ipc",              false, false, CLIENT_WINDOW },
        { "commands a second, few entries, tcp",              true,  false, CLIENT_WINDOW },
        { "commands a second, few entries, ipc, wide window", false, false, WIDE },
        { "commands a second, many entries, ipc",              false, true, CLIENT_WINDOW },
        { "commands a second, many entries, tcp",              true,  true, CLIENT_WINDOW },
        { "commands a second, many entries, ipc, wide window", false, true, WIDE },
    };
    struct site *site = bench_site(bench);

    for (size_t i = 0; i < sizeof OF / sizeof *OF; i++) {
        site_grow(site, OF[i].grown ? bench->grown : SITTINGS + 10);
        commands_over(bench, &OF[i]);
    }
    site_transport(site, false);
}

/* ── one at a time ────────────────────────────────────────────────────────── */

#define HEADER_BYTES 150        /* of a request, as on the wire */

static double save_once(struct site *site, struct client *client, struct arena *arena)
{
    const struct client_request request = { .method = "diagnostics.sitting.save", .command = uuid_new(),
                                            .body = save_body(site, site->saves++, arena) };
    struct client_reply reply;
    double begun = bench_now();

    need(client_call(client, &request, arena, &reply) == ERR_OK && reply.problem == NULL, "a save failed");
    double took = bench_now() - begun;
    arena_reset(arena);
    return took;
}

void row_round_trip(struct bench *bench)
{
    struct site *site = bench_site(bench);
    struct arena arena = { .keep = 1 << 16 };
    const int times = bench->quick ? 150 : 400;
    struct line *line = line_new(bench, "one durable command, round trip", "us", "CURVE round trip + bare commit");
    struct series parts[2] = { 0 };
    char endpoint[300];

    line->goal[0] = (struct goal){ RATIO_AT_MOST, 1.5 };
    site_grow(site, bench->grown);
    struct raw_store *raw = raw_open(site);
    site_start(site, P_DIAGNOSTICS);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/run/echo.sock", site->dir);
    struct raw_echo *echo = raw_echo_open(endpoint);
    struct client *client = site_client(site, P_DIAGNOSTICS, "worker", 4);
    for (uint32_t pair = 0; pair < bench->pairs; pair++) {
        struct series ours = { 0 }, wire = { 0 }, commit = { 0 };
        for (int i = 0; i < times; i++) {
            series_add(&ours, save_once(site, client, &arena));
            series_add(&wire, raw_echo_once(echo, HEADER_BYTES, 60));
            series_add(&commit, raw_commit(raw));
        }
        line_pair(line, series_quantile(&ours, 0.5) * 1e6,
                  (series_quantile(&wire, 0.5) + series_quantile(&commit, 0.5)) * 1e6);
        series_add(&parts[0], series_quantile(&wire, 0.5));
        series_add(&parts[1], series_quantile(&commit, 0.5));
        series_free(&ours);
        series_free(&wire);
        series_free(&commit);
    }
    line_note(line, "bare: CURVE there and back %.0f us, commit %.0f us", series_quantile(&parts[0], 0.5) * 1e6,
              series_quantile(&parts[1], 0.5) * 1e6);
    series_free(&parts[0]);
    series_free(&parts[1]);
    client_close(&client);
    raw_echo_close(&echo);
    raw_close(&raw);
    site_stop(site, P_DIAGNOSTICS);
    arena_free(&arena);
}

/* ── reads beside commands ────────────────────────────────────────────────── */

struct load { struct site *site; atomic_bool on, ended; _Atomic uint64_t done; pthread_t thread; };

static void *load_run(void *arg)
{
    struct load *load = arg;
    struct client *client = site_client(load->site, P_DIAGNOSTICS, "worker2", WIDE);

    while (!atomic_load(&load->ended))
        if (atomic_load(&load->on)) {
            piped(load->site, client, 4000, WIDE);
            load->done += 4000;
        } else
            bench_shell("sleep 0.02");
    client_close(&client);
    return NULL;
}

/* Microseconds of the reads, one after another, for so long. */
static void reads(struct site *site, struct client *client, double seconds, struct series *out)
{
    struct arena arena = { .keep = 1 << 16 };
    double until = bench_now() + seconds;

    for (uint32_t i = 0; bench_now() < until; i++) {
        struct sitting_id which = { site->sitting[i % SITTINGS] };
        struct sitting sitting;
        double begun = bench_now();
        site_call(client, "diagnostics.sitting.get", false, NULL, &sitting_id_desc, &which, &sitting_desc, &sitting, &arena);
        series_add(out, (bench_now() - begun) * 1e6);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

void row_read_under_load(struct bench *bench)
{
    struct site *site = bench_site(bench);
    struct load load = { .site = site };
    const double seconds = bench->quick ? 1.5 : 3;
    struct line *line = line_new(bench, "a read under full command load, p99", "ms", "a read with no load, p99");
    struct line *half = line_new(bench, "the same, median", "ms", "a read with no load, median");

    line->goal[0] = (struct goal){ OURS_BELOW, 5 };
    site_grow(site, bench->grown);
    site_start(site, P_DIAGNOSTICS);
    struct client *client = site_client(site, P_DIAGNOSTICS, "centre", 4);
    need(pthread_create(&load.thread, NULL, load_run, &load) == 0, "no thread");
    for (uint32_t pair = 0; pair < bench->pairs; pair++) {
        struct series quiet = { 0 }, loaded = { 0 };
        reads(site, client, seconds, &quiet);
        atomic_store(&load.on, true);
        bench_shell("sleep 0.3");
        reads(site, client, seconds, &loaded);
        atomic_store(&load.on, false);
        bench_shell("sleep 0.3");
        line_pair(line, series_quantile(&loaded, 0.99) / 1e3, series_quantile(&quiet, 0.99) / 1e3);
        line_pair(half, series_quantile(&loaded, 0.5) / 1e3, series_quantile(&quiet, 0.5) / 1e3);
        series_free(&quiet);
        series_free(&loaded);
    }
    atomic_store(&load.ended, true);
    pthread_join(load.thread, NULL);
    line_note(line, "beside about %.0f commands a second from a window of %d",
              (double)load.done / (bench->pairs * (seconds + 0.3)), WIDE);
    client_close(&client);
    site_stop(site, P_DIAGNOSTICS);
}
