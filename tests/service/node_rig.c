#include "tests/service/node_rig.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "common/service/vault.h"
#include "proto/roster.h"

#define START_MS 15000

extern const struct service roster_service, routes_service, programmes_service, diagnostics_service, node_service;
static const struct { const char *name; const struct service *service; } SERVICES[] = {
    { "roster", &roster_service }, { "diagnostics", &diagnostics_service }, { "programmes", &programmes_service },
    { "routes", &routes_service }, { "node", &node_service },
};

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? value : ".";
}

void node_rig_sleep(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

/* ── processes ────────────────────────────────────────────────────────────── */

static pid_t start(const char *dir, const char *service, const char *failpoint)
{
    char program[400], config[200], endpoint[200];
    struct stat st;

    snprintf(program, sizeof program, "%s/rsnms-%s", environment("RSNMS_BUILD"), service);
    snprintf(config, sizeof config, "%s/rsnms.yaml", dir);
    snprintf(endpoint, sizeof endpoint, "%s/run/%s.endpoint", dir, service);
    unlink(endpoint);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (failpoint != NULL)
            setenv("RSNMS_FAILPOINT", failpoint, 1);
        char log[200];
        snprintf(log, sizeof log, "%s/run/%s.log", dir, service);
        if (freopen(log, "a", stderr) != NULL && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
            execl(program, program, "--config", config, (char *)NULL);
        _exit(127);
    }
    for (int waited = 0; stat(endpoint, &st) != 0 && waited < START_MS; waited += 10) {
        int status;
        if (waitpid(pid, &status, WNOHANG) == pid) {
            if (failpoint == NULL)
                fail_msg("rsnms-%s of %s ended at its start", service, dir);
            return 0;
        }
        node_rig_sleep(10);
    }
    return pid;
}

static int ended(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int node_rig_stop(pid_t *pid, int signal)
{
    int status = 0;
    if (*pid <= 0)
        return 0;
    kill(*pid, signal);
    assert_int_equal(waitpid(*pid, &status, 0), *pid);
    *pid = 0;
    return ended(status);
}

int node_rig_waited(pid_t *pid, int ms)
{
    int status = 0;
    for (int waited = 0; waited < ms && *pid > 0; waited += 10) {
        if (waitpid(*pid, &status, WNOHANG) == *pid) {
            *pid = 0;
            return ended(status);
        }
        node_rig_sleep(10);
    }
    return INT_MAX;
}

/* Remembered, so that a test that fails leaves nobody behind. */
pid_t node_rig_start(struct node_rig *rig, const char *dir, const char *failpoint)
{
    pid_t pid = start(dir, "node", failpoint);
    rig->started[rig->started_n++ % NODE_STARTED_MAX] = pid;
    return pid;
}

void node_rig_region(struct node_rig *rig, bool up)
{
    for (int i = 0; i < 4; i++)
        if (up && rig->daemon[i] == 0)
            rig->daemon[i] = start(rig->region, SERVICES[i].name, NULL);
    for (int i = 3; i >= 0 && !up; i--)
        assert_int_equal(node_rig_stop(&rig->daemon[i], SIGTERM), 0);
}

int node_rig_rsnms(struct node_rig *rig, const char *dir, const char *args, char *out, size_t room)
{
    char command[1000];
    (void)rig;
    snprintf(command, sizeof command, "RSNMS_MESSAGES='%s/config/messages' '%s/rsnms' --config '%s/rsnms.yaml' %s 2>&1",
             environment("RSNMS_SOURCE"), environment("RSNMS_BUILD"), dir, args);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char text[8192];
    size_t n = fread(text, 1, sizeof text - 1, pipe);
    text[n] = '\0';
    while (fgetc(pipe) != EOF)
        continue;
    int status = pclose(pipe);
    if (out != NULL)
        snprintf(out, room, "%s", text);
    else if (WEXITSTATUS(status) != 0)
        print_error("rsnms %s: %s\n", args, text);
    return WEXITSTATUS(status);
}

/* ── asking ───────────────────────────────────────────────────────────────── */

bool node_rig_status(struct node_rig *rig, const char *dir, struct node_status *status)
{
    struct config config;
    struct key_pair server, own;
    struct client_options options = { 0 };
    struct client *client;
    struct client_reply reply;
    char file[200], endpoint[WIRE_ENDPOINT_MAX + 1], says[400];
    static const struct nothing none;
    const struct client_request request = { .method = "node.status.get", .deadline_ms = 2000 };

    snprintf(file, sizeof file, "%s/rsnms.yaml", dir);
    arena_reset(&rig->arena);
    assert_int_equal(config_load(file, &rig->arena, &config, says), ERR_OK);
    if (config_endpoint(&config, config_find(&config, "node"), endpoint) != ERR_OK ||
        key_load(config.keys, "node", &server, says) != ERR_OK || key_load(config.keys, "operator", &own, says) != ERR_OK)
        return false;
    options.endpoint = endpoint;
    options.key = own;
    memcpy(options.server_key, server.public_key, sizeof options.server_key);
    if (client_open(&client, &options) != ERR_OK)
        return false;
    int err = client_ask(client, &request, &nothing_desc, &none, &node_status_desc, status, &rig->arena, &reply);
    client_close(&client);
    return err == ERR_OK && reply.problem == NULL;
}

static long rss_of(pid_t pid)
{
    char path[64], line[200];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "RssAnon: %ld", &kib) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return kib;
}

bool node_rig_drained(struct node_rig *rig, const char *dir, int ms, long *rss)
{
    struct node_status status;
    for (int waited = 0; waited < ms; waited += 100) {
        long now = rss_of(rig->node_pid);
        if (rss != NULL && now > *rss)
            *rss = now;
        bool known = node_rig_status(rig, dir, &status);
        if (known && status.waiting == 0)
            return true;
        if (known && status.copy == NODE_COPY_HELD)
            return false;                   /* it will not come to it */
        node_rig_sleep(100);
    }
    return false;
}

bool node_rig_becomes(struct node_rig *rig, const char *dir, int state, int ms)
{
    struct node_status status = { 0 };
    for (int waited = 0; waited < ms; waited += 100) {
        if (node_rig_status(rig, dir, &status) && status.copy == state)
            return true;
        node_rig_sleep(100);
    }
    return false;
}

void node_rig_tell(struct node_rig *rig, const char *dir)
{
    char out[8192], command[300];
    node_rig_rsnms(rig, dir, "node status", out, sizeof out);
    print_error("%s", out);
    fflush(stdout);
    snprintf(command, sizeof command, "tail -12 '%s/run/node.log' >&2", dir);
    if (system(command) != 0)
        print_error("no log\n");
}

/* ── stores at rest ───────────────────────────────────────────────────────── */

static struct machine *machine_by(struct node_rig *rig, const char *dir, const char *service, struct clock clock)
{
    static char store[200], profile[200], master[200], says[400];
    struct machine_options options;
    struct machine *machine = NULL;

    snprintf(store, sizeof store, "%s/data/%s", dir, service);
    snprintf(profile, sizeof profile, "%s/region.yaml", dir);
    snprintf(master, sizeof master, "%s/keys/vault.key", dir);
    options = toy_options(store, &rig->time);
    options.clock = clock;
    options.map_size = 0;
    options.profile = profile;
    options.master_key_file = strcmp(service, "roster") == 0 ? master : NULL;
    options.says = says;
    says[0] = '\0';
    for (size_t i = 0; i < sizeof SERVICES / sizeof *SERVICES; i++)
        if (strcmp(SERVICES[i].name, service) == 0 && machine_open(&machine, SERVICES[i].service, &options) != ERR_OK)
            fail_msg("%s: %s", store, says);
    return machine;
}

struct machine *node_rig_machine(struct node_rig *rig, const char *dir, const char *service)
{
    return machine_by(rig, dir, service, CLOCK_SYSTEM);
}

/* A clock that walks: both its hands move by what is added to them, and not by themselves. */
static moment_t walking_wall(void *self) { return ((struct toy_time *)self)->wall; }
static moment_t walking_boot(void *self) { return ((struct toy_time *)self)->boot; }

static struct uuid next_id(struct node_rig *rig, moment_t now)
{
    uint8_t random[10] = { 0 };
    rig->commands++;
    memcpy(random + 4, &rig->commands, sizeof rig->commands);
    random[9] = (uint8_t)getpid();
    return uuid_v7(now / MOMENT_MS, random);
}

/* Supports number `from` to `from` + `count` − 1, on days before `before`; the clock, if it is one that walks, goes
 * `step` further with each. */
static void fill(struct node_rig *rig, struct machine *machine, struct clock clock, moment_t step, day_t before, unsigned from,
                 unsigned count)
{
    enum { TOGETHER = 512 };
    static struct input inputs[TOGETHER];
    static struct outcome outcomes[TOGETHER];
    struct principal own = toy_principal(ROLE_SERVICE);
    own.self = true;
    for (unsigned done = 0; done < count; ) {
        unsigned n = 0;
        arena_reset(&rig->arena);
        for (; n < TOGETHER && done < count; n++, done++) {
            unsigned number = from + done;
            struct support_record support = { .person = rig->worker[number % NODE_WORKERS],
                                              .form = arena_format(&rig->arena, "форма %u", number / NODE_WORKERS / 300),
                                              .day = before - 1 - number / NODE_WORKERS % 300 };
            struct node_enter enter = { .method = "routes.support.record",
                                        .body = msg_encode_in(&rig->arena, &support_record_desc, &support) };
            if (step > 0) {
                rig->time.wall += step;
                rig->time.boot += step;
            }
            moment_t now = clock.wall(clock.self);
            inputs[n] = (struct input){ .kind = INPUT_COMMAND, .who = own, .command = next_id(rig, now), .method = "node.item.enter",
                                        .body = msg_encode_in(&rig->arena, &node_enter_desc, &enter), .made_at = now };
        }
        assert_int_equal(machine_batch(machine, inputs, n, &rig->arena, outcomes), ERR_OK);
        for (unsigned i = 0; i < n; i++)
            assert_string_equal(toy_reason(&outcomes[i], &rig->arena), "");
    }
}

void node_rig_fill(struct node_rig *rig, const char *dir, unsigned from, unsigned count)
{
    struct machine *machine = node_rig_machine(rig, dir, "node");
    fill(rig, machine, CLOCK_SYSTEM, 0, day_of_moment(CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self), 420), from, count);
    machine_close(&machine);
}

void node_rig_fill_away(struct node_rig *rig, const char *dir, unsigned count, unsigned days)
{
    const struct clock clock = { walking_wall, walking_boot, &rig->time };
    moment_t now = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self), away = (moment_t)days * MOMENT_DAY;

    rig->time.wall = now - away;
    rig->time.boot = away;
    struct machine *machine = machine_by(rig, dir, "node", clock);
    fill(rig, machine, clock, away / count, day_of_moment(now - away, 420), 0, count);
    machine_close(&machine);
}

unsigned node_rig_events(struct node_rig *rig, const char *service, const char *event)
{
    struct machine *machine = node_rig_machine(rig, rig->region, service);
    struct entry entry;
    struct hash hash;
    struct txn txn;
    unsigned n = 0;
    txn_begin(&txn, machine_store(machine), TXN_READ);
    for (uint64_t i = 1; journal_get(&txn, i, &rig->arena, &entry, &hash); i++) {
        n += strcmp(entry.event, event) == 0;
        if (i % 1000 == 0)
            arena_reset(&rig->arena);
    }
    assert_int_equal(txn_end(&txn), ERR_OK);
    machine_close(&machine);
    return n;
}

bool node_rig_holds(struct node_rig *rig, const char *dir, const char *text)
{
    char command[400];
    (void)rig;
    snprintf(command, sizeof command, "grep -rqaF -- '%s' '%s/data' '%s/run'", text, dir, dir);
    return system(command) == 0;
}

/* ── the region ───────────────────────────────────────────────────────────── */

static struct outcome say(struct node_rig *rig, struct machine *machine, const char *method, const struct msg_desc *takes, const void *body)
{
    struct principal centre = toy_principal(ROLE_CENTRE);
    struct outcome outcome = toy_command(machine, &centre, next_id(rig, CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self)), method, takes, body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    return outcome;
}

static struct uuid organise(struct node_rig *rig, struct machine *machine, const char *code, int kind, const struct uuid *parent,
                            const struct uuid *id)
{
    struct organisation_register body = { .code = code, .kind = kind, .title = code, .id = id != NULL ? *id : UUID_NIL,
                                          .parent = parent != NULL ? *parent : UUID_NIL };
    struct registered made;
    struct outcome outcome = say(rig, machine, "roster.organisation.register", &organisation_register_desc, &body);
    toy_decode(&registered_desc, outcome.body, &made, &rig->arena);
    return made.id;
}

static struct uuid employ(struct node_rig *rig, struct machine *machine, const char *code, const char *family, const char *school)
{
    struct worker_record row = { .code = code, .family = family, .given = "Анна", .born = "1985-04-12", .organisation = school,
                                 .post = "учитель", .from = day_of(2015, 9, 1) };
    struct worker_recorded made;
    struct outcome outcome = say(rig, machine, "roster.worker.record", &worker_record_desc, &row);
    toy_decode(&worker_recorded_desc, outcome.body, &made, &rig->arena);
    return made.person;
}

static void people(struct node_rig *rig)
{
    static const char *const FAMILY[NODE_WORKERS] = { "Аверина", "Белова", "Волкова", "Гусева", "Дёмина", "Ершова", "Жукова", "Зимина" };
    const struct uuid region = { { 0x70, 0, 0, 0, 0x12, 0x33, 0x80, 0, 0x80, 0x21, 0x07, 0x15, 0, 0, 0, 0x70 } };
    struct machine *machine = node_rig_machine(rig, rig->region, "roster");

    organise(rig, machine, "70", ORG_REGION, NULL, &region);
    rig->town_a = organise(rig, machine, "town-a", ORG_MUNICIPALITY, &region, NULL);
    struct uuid town_b = organise(rig, machine, "town-b", ORG_MUNICIPALITY, &region, NULL);
    rig->school_a = organise(rig, machine, "school-a", ORG_SCHOOL, &rig->town_a, NULL);
    organise(rig, machine, "school-b", ORG_SCHOOL, &town_b, NULL);
    for (int i = 0; i < NODE_WORKERS; i++)
        rig->worker[i] = employ(rig, machine, arena_format(&rig->arena, "a%d", i), FAMILY[i], "school-a");
    rig->stranger = employ(rig, machine, "b1", "Чужая", "school-b");
    machine_close(&machine);
}

void node_rig_school(struct node_rig *rig, const char *code)
{
    struct machine *machine = node_rig_machine(rig, rig->region, "roster");
    organise(rig, machine, code, ORG_SCHOOL, &rig->town_a, NULL);
    machine_close(&machine);
}

void node_rig_open(struct node_rig *rig)
{
    char args[400];

    *rig = (struct node_rig){ 0 };
    snprintf(rig->dir, sizeof rig->dir, "/tmp/rsnms-node-XXXXXX");
    assert_non_null(mkdtemp(rig->dir));
    snprintf(rig->region, sizeof rig->region, "%s/region", rig->dir);
    snprintf(rig->node, sizeof rig->node, "%s/node", rig->dir);
    snprintf(args, sizeof args, "init --profile '%s/config/regions/tomsk.yaml' '%s'", environment("RSNMS_SOURCE"), rig->region);
    assert_int_equal(node_rig_rsnms(rig, rig->dir, args, NULL, 0), 0);
    people(rig);
    node_rig_region(rig, true);
    snprintf(args, sizeof args, "node init --municipality town-a --name town-a '%s'", rig->node);
    assert_int_equal(node_rig_rsnms(rig, rig->region, args, NULL, 0), 0);
}

void node_rig_close(struct node_rig *rig)
{
    char command[120];
    node_rig_stop(&rig->node_pid, SIGTERM);
    for (unsigned i = 0; i < rig->started_n && i < NODE_STARTED_MAX; i++)
        if (rig->started[i] > 0 && waitpid(rig->started[i], NULL, WNOHANG) == 0) {     /* a child of ours that still runs */
            kill(rig->started[i], SIGKILL);
            waitpid(rig->started[i], NULL, 0);
        }
    for (int i = 3; i >= 0; i--)
        node_rig_stop(&rig->daemon[i], SIGTERM);
    arena_free(&rig->arena);
    snprintf(command, sizeof command, "rm -rf -- '%s'", rig->dir);
    assert_int_equal(system(command), 0);
}
