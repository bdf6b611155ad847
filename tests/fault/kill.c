/* fault_kill: the ledger and the mirror as daemons that follow each other are killed again and again, at named
 * failpoints, in the middle of backups, at random moments and while they start, and made to end by failed
 * writes and syncs, while clients repeat their commands until they are answered. In the end everything that was answered
 * has to be there, once; see model.h.
 *
 *   fault_kill --faultd PROGRAM [--per-point 20] [--random 60] [--seed S] [--shim LIBRARY] [--keep]
 * Ends with 0, 1 and "violation found: …", or 2 when the test itself could not go on. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/log.h"
#include "common/service/daemon.h"
#include "common/service/system_methods.h"
#include "tests/fault/load.h"
#include "tests/unit/toy.h"

#define POINT_MS   4000         /* a failpoint that is not reached in that time is counted as missed */
#define RANDOM_MS  150
#define ROW        5            /* ends at the first command, one after the other */
#define SETTLE_MS  90000
#define FOLLOW_MS  60000
#define WINDOW     24
#define DEEDS_MOST 200000       /* a thread */

/* Those up to AT_BACKUP are failpoints. */
enum how { AT_POINT, AT_ROW, AT_BACKUP, AT_RANDOM, AT_START, AT_DISK };
struct fault {
    enum how how;
    int which;
    const char *name;
    unsigned hit, missed;
};
static struct fault FAULTS[] = {
    { AT_POINT,  LEDGER, "after_decide",  0, 0 }, { AT_POINT, LEDGER, "before_commit", 0, 0 },
    { AT_POINT,  LEDGER, "after_commit",  0, 0 }, { AT_POINT, LEDGER, "before_reply",  0, 0 },
    { AT_ROW,    LEDGER, "after_decide",  0, 0 },       /* at the first command, until its id is refused */
    { AT_BACKUP, LEDGER, "backup_middle", 0, 0 },
    { AT_POINT,  MIRROR, "before_commit", 0, 0 }, { AT_POINT, MIRROR, "after_commit",  0, 0 },
    { AT_POINT,  MIRROR, "before_reply",  0, 0 }, { AT_POINT, MIRROR, "between_effects_and_cursor", 0, 0 },
    { AT_RANDOM, LEDGER, "at random",     0, 0 }, { AT_RANDOM, MIRROR, "at random", 0, 0 },
    { AT_START,  LEDGER, "while it starts", 0, 0 }, { AT_START, MIRROR, "while it starts", 0, 0 },
    { AT_DISK,   LEDGER, "a write or sync fails",  0, 0 }, { AT_DISK, MIRROR, "a write or sync fails", 0, 0 },
};
#define FAULT_COUNT (sizeof FAULTS / sizeof *FAULTS)

struct nemesis {
    struct lab lab;
    struct load load;
    struct prng prng;
    struct model model;
    const char *shim;
    unsigned per_point, random;
    struct { struct fault **plan; size_t n, next; struct fault *now; int64_t due; bool by_us; } on[DAEMONS];
    struct client *backups;
    uint64_t backups_asked, backups_made, backup_head;
    char backup_dir[400];
};

/* ── the plan ─────────────────────────────────────────────────────────────── */

static unsigned times(const struct nemesis *n, const struct fault *fault)
{
    switch (fault->how) {
    case AT_RANDOM: return n->random / 3;
    case AT_START:  return n->random / 6;
    case AT_ROW:    return n->per_point / 2 * ROW;
    case AT_DISK:   return n->shim != NULL ? n->per_point / 2 : 0;
    default:        return n->per_point;
    }
}

/* Those of a row stand together, wherever the first of them has come to stand. */
static void rows_gather(struct fault **plan, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1, row = 1; plan[i]->how == AT_ROW && row < ROW && k < n; k++)
            if (plan[k]->how == AT_ROW) {
                struct fault *swap = plan[i + 1];
                plan[++i] = plan[k];
                plan[k] = swap;
                row++;
            }
}

static void plan_make(struct nemesis *n, int which)
{
    size_t count = 0;

    for (size_t i = 0; i < FAULT_COUNT; i++)
        count += FAULTS[i].which == which ? times(n, &FAULTS[i]) : 0;
    n->on[which].plan = calloc(count + 1, sizeof(struct fault *));
    n->on[which].n = count;
    count = 0;
    for (size_t i = 0; i < FAULT_COUNT; i++)
        for (unsigned k = 0; FAULTS[i].which == which && k < times(n, &FAULTS[i]); k++)
            n->on[which].plan[count++] = &FAULTS[i];
    for (size_t i = count; i > 1; i--) {
        size_t k = prng_below(&n->prng, i);
        struct fault *swap = n->on[which].plan[i - 1];
        n->on[which].plan[i - 1] = n->on[which].plan[k];
        n->on[which].plan[k] = swap;
    }
    rows_gather(n->on[which].plan, count);
}

/* Early or late: while the daemon is careful after the last end, and when it has long been itself again. */
static unsigned arrival(struct nemesis *n, const struct fault *fault)
{
    if (fault->how == AT_ROW)
        return 1;
    if (fault->how == AT_BACKUP)
        return 1 + (unsigned)prng_below(&n->prng, 2);
    return 1 + (unsigned)prng_below(&n->prng, prng_below(&n->prng, 2) == 0 ? 8 : 250);
}

/* Starts a daemon with the next fault of its plan in it. */
static void start_next(struct nemesis *n, int which)
{
    static const char *const DISK[][2] = {
        { "sync", "EIO" }, { "sync", "ENOSPC" }, { "write", "EIO" }, { "write", "ENOSPC" }, { "write", "SHORT" },
    };
    char point[100], preload[300], nth[60], below[450];
    const char *env[6] = { NULL };
    struct fault *fault = n->on[which].next < n->on[which].n ? n->on[which].plan[n->on[which].next++] : NULL;

    n->on[which].now = fault;
    n->on[which].by_us = false;
    n->on[which].due = 0;
    if (fault != NULL && fault->how <= AT_BACKUP) {
        snprintf(point, sizeof point, "RSNMS_FAILPOINT=%s:%u", fault->name, arrival(n, fault));
        env[0] = point;
    } else if (fault != NULL && fault->how == AT_DISK) {
        snprintf(preload, sizeof preload, "LD_PRELOAD=%s", n->shim);
        const char *const *what = DISK[prng_below(&n->prng, sizeof DISK / sizeof *DISK)];
        snprintf(nth, sizeof nth, "RSNMS_IO_FAIL=%s:%u:%s", what[0], 30 + arrival(n, fault), what[1]);
        snprintf(below, sizeof below, "RSNMS_IO_DIR=%s", n->lab.data);
        env[0] = preload;
        env[1] = nth;
        env[2] = below;
    }
    if (fault != NULL && fault->how == AT_START) {
        lab_fork(&n->lab, which, env);
        n->on[which].due = lab_now_ms() + (int64_t)prng_below(&n->prng, 25);
        return;
    }
    lab_start(&n->lab, which, env);
    if (fault != NULL)
        n->on[which].due = lab_now_ms() + (fault->how == AT_RANDOM ? (int64_t)prng_below(&n->prng, RANDOM_MS) : POINT_MS);
}

/* A daemon has ended: was that the fault that was planned? */
static void ended(struct nemesis *n, int which, int how)
{
    struct fault *fault = n->on[which].now;
    bool ours = fault != NULL && (fault->how == AT_RANDOM || fault->how == AT_START);

    if (how == -SIGKILL && fault != NULL && (n->on[which].by_us ? ours : fault->how <= AT_BACKUP))
        fault->hit++;
    else if (how == DAEMON_EXIT_COMMIT && fault != NULL && fault->how == AT_DISK)
        fault->hit++;
    else if (how == -SIGKILL && fault != NULL && n->on[which].by_us) {
        if (fault->missed++ < times(n, fault))
            n->on[which].plan[--n->on[which].next] = fault;     /* once more */
    } else
        violation(&n->model, "%s ended by itself: %d", LAB_SERVICE[which], how);
}

/* ── backups ──────────────────────────────────────────────────────────────── */

static void backup_answered(void *arg, void *tag, const struct client_reply *reply)
{
    struct nemesis *n = arg;
    struct store_backup_done done;
    struct msg_error error;
    struct arena arena = { 0 };

    (void)tag;
    if (reply->err == ERR_OK && reply->problem == NULL &&
        msg_decode(&store_backup_done_desc, reply->body, MSG_LENIENT, &arena, &done, &error) == ERR_OK) {
        n->backups_made++;
        n->backup_head = done.head;
        snprintf(n->backup_dir, sizeof n->backup_dir, "%s", done.dir);
    }
    arena_free(&arena);
}

/* One backup after the other, as long as its fault is planned. */
static void backups_drive(struct nemesis *n)
{
    struct fault *fault = n->on[LEDGER].now;
    struct arena arena = { 0 };
    char dir[40];

    client_poll(n->backups, 0, backup_answered, n);
    if (fault == NULL || fault->how != AT_BACKUP || client_outstanding(n->backups) > 0)
        return;
    snprintf(dir, sizeof dir, "b%llu", (unsigned long long)++n->backups_asked);
    const struct store_backup_ask ask = { .dir = dir };
    const struct client_request request = { .method = "toy.store.backup", .command = uuid_new(), .deadline_ms = 2000,
                                            .body = msg_encode_in(&arena, &store_backup_ask_desc, &ask) };
    client_send(n->backups, &request, NULL);
    arena_free(&arena);
}

/* A backup that was reported as made is a store, and holds what it says. */
static void backup_check(struct nemesis *n)
{
    char dir[500], says[400] = "";
    struct machine *machine = NULL;
    uint64_t checked = 0, bad;
    const char *why;

    if (n->backups_made == 0)
        return;
    snprintf(dir, sizeof dir, "%s/restored", n->lab.dir);
    const struct machine_options options = { .dir = dir, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM, .says = says };
    if (machine_restore(&toy_ledger_service, n->backup_dir, dir, says) != ERR_OK ||
        machine_open(&machine, &toy_ledger_service, &options) != ERR_OK)
        violation(&n->model, "the backup cannot be restored: %s", says);
    else if (machine_verify(machine, &checked, &bad, &why) != ERR_OK || checked < n->backup_head)
        violation(&n->model, "the backup holds %llu of %llu entries", (unsigned long long)checked,
                  (unsigned long long)n->backup_head);
    machine_close(&machine);
}

/* ── the run ──────────────────────────────────────────────────────────────── */

static bool all_done(const struct nemesis *n)
{
    return n->on[LEDGER].now == NULL && n->on[MIRROR].now == NULL;
}

static void torment(struct nemesis *n)
{
    start_next(n, LEDGER);
    start_next(n, MIRROR);
    while (!all_done(n)) {
        for (int which = 0; which < DAEMONS; which++) {
            int how = lab_reap(&n->lab, which, 0);
            if (how != LAB_RUNS) {
                ended(n, which, how);
                start_next(n, which);
            } else if (n->on[which].due != 0 && lab_now_ms() >= n->on[which].due && !n->on[which].by_us) {
                n->on[which].by_us = true;
                kill(n->lab.pid[which], SIGKILL);
            }
        }
        backups_drive(n);
        lab_sleep_ms(1);
    }
}

static bool status_of(struct nemesis *n, int which, struct service_status *status, struct arena *arena)
{
    struct client *client = lab_client(&n->lab, which, 1);
    const struct client_request request = { .method = which == LEDGER ? "toy.service.status" : "mirror.service.status" };
    struct nothing none = { 0 };
    struct client_reply reply;
    int err = client_ask(client, &request, &nothing_desc, &none, &service_status_desc, status, arena, &reply);

    client_close(&client);
    return err == ERR_OK && reply.problem == NULL;
}

/* The mirror has time to come to the end of the ledger. */
static void catch_up(struct nemesis *n)
{
    struct arena arena = { 0 };
    struct service_status ledger, mirror = { 0 };
    bool there = false, known = status_of(n, LEDGER, &ledger, &arena);

    for (int64_t until = lab_now_ms() + FOLLOW_MS; known && !there && lab_now_ms() < until; lab_sleep_ms(50)) {
        known = status_of(n, MIRROR, &mirror, &arena) && mirror.streams.n == 1;
        there = known && mirror.streams.at[0].number >= ledger.head;
    }
    if (!there)
        violation(&n->model, "the mirror does not come to the end: %llu of %llu, %s %s",
                  (unsigned long long)(known ? mirror.streams.at[0].number : 0), (unsigned long long)ledger.head,
                  known ? mirror.streams.at[0].state : "", known && mirror.streams.at[0].reason != NULL ? mirror.streams.at[0].reason : "");
    lab_sleep_ms(1200);                     /* a cursor without effects is stored once a second */
    arena_free(&arena);
}

static void check(struct nemesis *n)
{
    struct machine *ledger = lab_machine(&n->lab, LEDGER), *mirror = lab_machine(&n->lab, MIRROR);

    check_ledger(&n->model, ledger, true);
    check_mirror(&n->model, ledger, mirror, false, true);
    printf("%llu entries of the ledger, %llu of the mirror\n", (unsigned long long)machine_head(ledger),
           (unsigned long long)machine_head(mirror));
    machine_close(&ledger);
    machine_close(&mirror);
    backup_check(n);
}

/* `reached`: every kind of fault has happened at least once. */
static void report(struct nemesis *n, int64_t began, bool *reached)
{
    unsigned kills = 0;
    uint64_t timeouts = 0, away = 0, crashed = 0;

    for (size_t i = 0; i < FAULT_COUNT; i++) {
        printf("  %-7s %-28s %3u times, %u not reached\n", LAB_SERVICE[FAULTS[i].which], FAULTS[i].name, FAULTS[i].hit,
               FAULTS[i].missed);
        kills += FAULTS[i].hit;
        *reached &= FAULTS[i].hit > 0 || times(n, &FAULTS[i]) == 0;
    }
    for (int i = 0; i < LOAD_THREADS; i++) {
        timeouts += atomic_load(&n->load.loader[i].timeouts);
        away += atomic_load(&n->load.loader[i].turned_away);
        crashed += atomic_load(&n->load.loader[i].crashed);
    }
    printf("%u ends, %zu deeds, %llu answers, %llu without one in time, %llu turned away, %llu times crashed_before, "
           "%llu backups, %.1f s\n", kills, n->model.n, (unsigned long long)load_answered(&n->load),
           (unsigned long long)timeouts, (unsigned long long)away, (unsigned long long)crashed,
           (unsigned long long)n->backups_made, (double)(lab_now_ms() - began) / 1000);
}

static int run(struct nemesis *n, const char *faultd, uint64_t seed, bool keep)
{
    int64_t began = lab_now_ms();
    bool reached = true;

    prng_seed(&n->prng, seed);
    lab_open(&n->lab, faultd, NULL, 1);
    for (int which = 0; which < DAEMONS; which++)
        plan_make(n, which);
    n->backups = lab_client(&n->lab, LEDGER, 1);
    load_start(&n->load, &n->lab, seed, WINDOW, DEEDS_MOST);
    torment(n);
    if (!load_end(&n->load, &n->model, SETTLE_MS))
        violation(&n->model, "not every command was answered within %d s", SETTLE_MS / 1000);
    catch_up(n);
    client_close(&n->backups);
    for (int which = 0; which < DAEMONS; which++)
        lab_end(&n->lab, which);
    check(n);
    report(n, began, &reached);
    load_free(&n->load);
    lab_close(&n->lab, keep && n->model.violations > 0);
    for (int which = 0; which < DAEMONS; which++)
        free(n->on[which].plan);
    if (n->model.violations > 0)
        printf("%u violations; again with: fault_kill --faultd %s --per-point %u --random %u --seed %llu\n",
               n->model.violations, faultd, n->per_point, n->random, (unsigned long long)seed);
    if (!reached)
        lab_die("a fault that was planned never happened");
    return n->model.violations > 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        { "faultd", required_argument, NULL, 'f' }, { "per-point", required_argument, NULL, 'p' },
        { "random", required_argument, NULL, 'r' }, { "seed", required_argument, NULL, 's' },
        { "shim", required_argument, NULL, 'i' }, { "keep", no_argument, NULL, 'k' }, { 0 },
    };
    static struct nemesis nemesis = { .per_point = 20, .random = 60 };
    const char *faultd = NULL;
    uint64_t seed = (uint64_t)getpid();
    bool keep = false;

    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;)
        switch (c) {
        case 'f': faultd = optarg; break;
        case 'p': nemesis.per_point = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'r': nemesis.random = (unsigned)strtoul(optarg, NULL, 10); break;
        case 's': seed = strtoull(optarg, NULL, 10); break;
        case 'i': nemesis.shim = optarg; break;
        case 'k': keep = true; break;
        default:  return 2;
        }
    if (faultd == NULL)
        lab_die("Usage: fault_kill --faultd PROGRAM [--per-point N] [--random N] [--seed S] [--shim LIBRARY]");
    printf("seed %llu\n", (unsigned long long)seed);
    log_open("fault_kill", LOG_ERROR);
    return run(&nemesis, faultd, seed, keep);
}
