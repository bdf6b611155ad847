/* site: directories, keys, daemons and clients. */
#include "tests/bench/site.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/log.h"
#include "common/service/config.h"
#include "common/service/vault.h"
#include "proto/profile.h"

#define START_MS 60000

const struct service *const SITE_SERVICE[P_SERVICES] = {
    &roster_service, &diagnostics_service, &programmes_service, &routes_service, &indicators_service };

/* ── on disk ──────────────────────────────────────────────────────────────── */

static void config_write(struct site *site)
{
    char region[UUID_TEXT + 1];
    FILE *out = fopen(site->config, "w");

    need(out != NULL, "%s: %s", site->config, strerror(errno));
    uuid_format(&site->region, region);
    fprintf(out, "region: %s\nprofile: region.yaml\ndata: data\nkeys: keys\nrun: run\nreserve_mb: 64\n"
                 "log: error\nservices:\n", region);
    for (int i = 0; i < P_SERVICES; i++)
        fprintf(out, "  - name: %s\n%s%s", SITE_SERVICE[i]->name, i == P_ROSTER ? "    vault_key: keys/vault.key\n" : "",
                i == P_DIAGNOSTICS && site->tcp ? "    listen: tcp://127.0.0.1:*\n" : "");
    need(fclose(out) == 0, "%s: %s", site->config, strerror(errno));
}

static void key_add(struct site *site, const char *name, const char *role)
{
    char says[400] = "";
    struct key_pair pair;

    need(key_new(site->keys, name, NULL, &pair, says) == ERR_OK, "key %s: %s", name, says);
    const struct principal_row row = { .id = pair.id, .name = name, .role = role, .public_key = pair.public_key,
                                       .all = true };
    need(principals_add(site->keys, &row, says) == ERR_OK, "key %s: %s", name, says);
}

static void region_read(struct site *site)
{
    const struct profile *profile;
    struct arena arena = { 0 };
    char says[400] = "";
    int zone;

    need(profile_read(site->profile, &arena, &profile, &zone, says) == ERR_OK, "%s", says);
    site->region = profile->region->id;
    arena_free(&arena);
}

struct site *bench_site(struct bench *bench)
{
    static const struct { const char *name, *role; } PEOPLE[] = {
        { "operator", "operator" }, { "centre", "centre" }, { "worker", "worker" }, { "worker2", "worker" },
        { "follower", "service" }, { "authority", "authority" } };
    char vault[300];

    if (bench->site != NULL)
        return bench->site;
    struct site *site = bench->site = calloc(1, sizeof *site);
    need(site != NULL, "out of memory");
    site->bench = bench;
    snprintf(site->dir, sizeof site->dir, "%s/region", bench->dir);
    snprintf(site->config, sizeof site->config, "%s/rsnms.yaml", site->dir);
    snprintf(site->keys, sizeof site->keys, "%s/keys", site->dir);
    snprintf(site->profile, sizeof site->profile, "%s/region.yaml", site->dir);
    snprintf(vault, sizeof vault, "%s/keys/vault.key", site->dir);
    bench_shell("mkdir -p '%s/run' '%s/data' && cp '%s/config/regions/tomsk.yaml' '%s' && cp '%s/config/posts.yaml' '%s' && "
                "mkdir -m 700 '%s'", site->dir, site->dir, bench->source, site->profile, bench->source, site->dir, site->keys);
    region_read(site);
    for (int i = 0; i < P_SERVICES; i++)
        key_add(site, SITE_SERVICE[i]->name, "service");
    for (size_t i = 0; i < sizeof PEOPLE / sizeof *PEOPLE; i++)
        key_add(site, PEOPLE[i].name, PEOPLE[i].role);
    need(vault_master_new(vault) == ERR_OK, "%s cannot be made", vault);
    config_write(site);
    site_fill(site);
    site_release(site);
    return site;
}

char *site_store(struct site *site, int service, char path[300])
{
    snprintf(path, 300, "%s/data/%s", site->dir, SITE_SERVICE[service]->name);
    return path;
}

/* ── machines in this process ─────────────────────────────────────────────── */

struct machine *site_machine(struct site *site, int service)
{
    char dir[300], vault[300], says[400] = "";

    if (site->machine[service] != NULL)
        return site->machine[service];
    snprintf(vault, sizeof vault, "%s/vault.key", site->keys);
    const struct machine_options options = {
        .dir = site_store(site, service, dir), .profile = site->profile, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM,
        .master_key_file = service == P_ROSTER ? vault : NULL, .no_sync = true, .says = says };
    int err = machine_open(&site->machine[service], SITE_SERVICE[service], &options);
    need(err == ERR_OK, "%s: %s %s", SITE_SERVICE[service]->name, err_text(err), says);
    return site->machine[service];
}

void site_release(struct site *site)
{
    for (int i = 0; i < P_SERVICES; i++)
        machine_close(&site->machine[i]);
    bench_shell("sync -f '%s'", site->dir);
}

/* ── daemons ──────────────────────────────────────────────────────────────── */

void site_start(struct site *site, int service)
{
    const char *name = SITE_SERVICE[service]->name;
    char program[400], endpoint[400];
    struct stat st;

    need(site->pid[service] == 0 && site->machine[service] == NULL, "%s is in use already", name);
    snprintf(program, sizeof program, "%s/rsnms-%s", site->bench->build, name);
    snprintf(endpoint, sizeof endpoint, "%s/run/%s.endpoint", site->dir, name);
    unlink(endpoint);
    pid_t pid = fork();
    need(pid >= 0, "fork: %s", strerror(errno));
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execl(program, program, "--config", site->config, (char *)NULL);
        fprintf(stderr, "%s: %s\n", program, strerror(errno));
        _exit(127);
    }
    site->pid[service] = pid;
    for (int waited = 0; stat(endpoint, &st) != 0 && waited < START_MS && waitpid(pid, NULL, WNOHANG) == 0; waited += 10)
        usleep(10000);
    need(stat(endpoint, &st) == 0, "%s does not start", program);
}

void site_stop(struct site *site, int service)
{
    int status = 0;

    if (site->pid[service] == 0)
        return;
    kill(site->pid[service], SIGTERM);
    need(waitpid(site->pid[service], &status, 0) == site->pid[service] && WIFEXITED(status) && WEXITSTATUS(status) == 0,
         "%s did not end in order: status %x", SITE_SERVICE[service]->name, (unsigned)status);
    site->pid[service] = 0;
}

void site_stop_all(struct site *site)
{
    for (int i = P_SERVICES; i-- > 0; )
        site_stop(site, i);
}

void site_kill(struct site *site)
{
    for (int i = 0; i < P_SERVICES; i++)
        if (site->pid[i] > 0) {
            kill(site->pid[i], SIGKILL);
            waitpid(site->pid[i], NULL, 0);
            site->pid[i] = 0;
        }
}

void site_transport(struct site *site, bool tcp)
{
    site->tcp = tcp;
    config_write(site);
}

/* ── clients ──────────────────────────────────────────────────────────────── */

struct client *site_client(struct site *site, int service, const char *key, uint32_t window)
{
    struct client_options options = { .window = window };
    char endpoint[WIRE_ENDPOINT_MAX + 1], says[400] = "";
    struct arena arena = { 0 };
    struct client *client;
    struct key_pair server;
    struct config config;

    need(config_load(site->config, &arena, &config, says) == ERR_OK, "%s", says);
    need(config_endpoint(&config, config_find(&config, SITE_SERVICE[service]->name), endpoint) == ERR_OK, "no endpoint");
    need(key_load(site->keys, key, &options.key, says) == ERR_OK, "%s", says);
    need(key_load(site->keys, SITE_SERVICE[service]->name, &server, says) == ERR_OK, "%s", says);
    memcpy(options.server_key, server.public_key, sizeof options.server_key);
    options.endpoint = endpoint;
    need(client_open(&client, &options) == ERR_OK, "no client");
    arena_free(&arena);
    return client;
}

struct position site_call(struct client *client, const char *method, bool command, const struct position *after,
                           const struct msg_desc *takes, const void *body, const struct msg_desc *gives, void *out,
                           struct arena *arena)
{
    struct client_request request = { .method = method, .after = after, .after_count = after != NULL,
                                      .body = msg_encode_in(arena, takes, body), .deadline_ms = 30000 };
    struct client_reply reply;
    struct msg_error error;

    if (command)
        request.command = uuid_new();
    int err = client_call(client, &request, arena, &reply);
    need(err == ERR_OK && reply.problem == NULL, "%s: %s", method,
         err != ERR_OK ? err_text(err) : reply.problem->reason);
    if (out != NULL)
        need(msg_decode(gives, reply.body, MSG_LENIENT, arena, out, &error) == ERR_OK, "%s: unreadable answer", method);
    return reply.position;
}

static double metric_of(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    need(at != NULL, "no metric %s", name);
    return atof(at + strcspn(at, " \n"));
}

struct batches site_batches(struct site *site)
{
    return site_batches_of(site, P_DIAGNOSTICS);
}

struct batches site_batches_of(struct site *site, int service)
{
    struct client *client = site_client(site, service, "operator", 4);
    struct service_metrics metrics;
    struct arena arena = { 0 };
    struct nothing none = { 0 };

    site_call(client, arena_format(&arena, "%s.service.metrics", SITE_SERVICE[service]->name), false, NULL, &nothing_desc, &none, &service_metrics_desc, &metrics, &arena);
    struct batches batches = { metric_of(metrics.text, "_batch_size_count"), metric_of(metrics.text, "_batch_size_sum") };
    client_close(&client);
    arena_free(&arena);
    return batches;
}
