/* fault_small_disk: the stores stand on a small filesystem that fills, by their own growth and by somebody else's
 * file, and is freed again, several times. Below the reserve commands get unavailable/no_space and are not
 * journaled, queries and kept answers go on, the mirror waits; when there is room again everything goes on.
 * With the disk wholly full, in one moment or bit by bit, the ledger is killed and has to come back to answer
 * queries; over a batch that found room and then none a daemon may end once, as after any failed commit.
 *
 *   fault_small_disk --faultd PROGRAM [--rounds 9] [--seed S] [--fs ext4|xfs]
 * Ends with 0, 1 and "violation found: …", 2 when the test could not go on, 77 where nothing can be mounted. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/log.h"
#include "common/service/daemon.h"
#include "tests/fault/lab.h"
#include "tests/fault/model.h"
#include "tests/unit/toy.h"

#define RESERVE_MB  4
#define WINDOW      64
#define ROUND_MOST  60000       /* deeds of a round: the disk has to be full before */
#define ROUND_MS    60000
#define SKIP        77
#define DEEDS_MOST  500000

struct disk {
    char where[64], image[90], point[90], ballast[120];
    bool mounted;
};
struct small {
    struct disk disk;
    struct lab lab;
    struct model model;
    struct client *client, *mirror;
    struct deed *deed; size_t made;
    struct deed *away[WINDOW * 2]; size_t away_n;           /* turned away: to be sent again */
    int64_t base_ms;
    uint64_t seed, answered, no_space, ends;
    pid_t snatcher;
};

/* ── the disk ─────────────────────────────────────────────────────────────── */

static bool shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static bool shell(const char *format, ...)
{
    char command[400];
    va_list args;

    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    return system(command) == 0;
}

static bool disk_open(struct disk *disk, const char *fs)
{
    bool xfs = strcmp(fs, "xfs") == 0;

    *disk = (struct disk){ 0 };
    snprintf(disk->where, sizeof disk->where, "/tmp/rsnms-disk-XXXXXX");
    if (mkdtemp(disk->where) == NULL)
        lab_die("%s: %s", disk->where, strerror(errno));
    snprintf(disk->image, sizeof disk->image, "%s/image", disk->where);
    snprintf(disk->point, sizeof disk->point, "%s/disk", disk->where);
    snprintf(disk->ballast, sizeof disk->ballast, "%s/ballast", disk->point);
    if (mkdir(disk->point, 0700) != 0)
        lab_die("%s: %s", disk->point, strerror(errno));
    if (!shell("truncate -s %dM '%s' && %s '%s' >/dev/null", xfs ? 320 : 64, disk->image,
               xfs ? "mkfs.xfs -q" : "mkfs.ext4 -q -m 0", disk->image))
        lab_die("no %s can be made", fs);
    disk->mounted = shell("mount -o loop '%s' '%s'", disk->image, disk->point);
    return disk->mounted;
}

static struct small small;                  /* so that the end of the process finds the mount */

static void disk_close(struct disk *disk)
{
    if (disk->where[0] == '\0')
        return;
    if (disk->mounted && !shell("umount '%s'", disk->point))
        shell("umount -l '%s'", disk->point);
    shell("rm -rf -- '%s'", disk->where);
    disk->where[0] = '\0';
}

/* Whatever way it ends: no daemon and no mount is left. */
static void leave(void)
{
    for (int which = 0; which < DAEMONS; which++)
        if (small.lab.pid[which] > 0) {
            kill(small.lab.pid[which], SIGKILL);
            lab_reap(&small.lab, which, 10000);
        }
    disk_close(&small.disk);
}

static void told_to_end(int number)
{
    exit(128 + number);
}

static uint64_t disk_free(const struct disk *disk)
{
    struct statvfs vfs;

    if (statvfs(disk->point, &vfs) != 0)
        lab_die("%s: %s", disk->point, strerror(errno));
    return (uint64_t)vfs.f_bavail * vfs.f_frsize;
}

/* Somebody else's file takes all but `left` bytes (0: every last one). */
static void ballast_put(const struct disk *disk, uint64_t left)
{
    static const char block[1 << 16];
    int fd = open(disk->ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if (fd < 0)
        lab_die("%s: %s", disk->ballast, strerror(errno));
    for (uint64_t have = disk_free(disk); have > left; have = disk_free(disk)) {
        size_t n = have - left < sizeof block ? (size_t)(have - left) : sizeof block;
        if (write(fd, block, n) <= 0)
            break;
    }
    fsync(fd);
    close(fd);
}

/* The same in one moment, behind the back of a batch that found room. */
static pid_t ballast_snatch(const struct disk *disk, int after_ms)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    lab_sleep_ms(after_ms);
    int fd = open(disk->ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (uint64_t n = disk_free(disk); n >= 4096 && fd >= 0; n -= n < 262144 ? 4096 : 65536)
        if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)n) == 0)
            break;
    ballast_put(disk, 0);
    _exit(0);
}

static void ballast_take(const struct disk *disk)
{
    if (unlink(disk->ballast) != 0)
        lab_die("%s: %s", disk->ballast, strerror(errno));
}

/* ── clients ──────────────────────────────────────────────────────────────── */

static void answered(void *arg, void *tag, const struct client_reply *reply)
{
    struct small *s = arg;
    struct deed *deed = tag;
    struct arena arena = { 0 };

    if (reply->err == ERR_OK && reply->has_position) {
        struct bytes body = reply->problem != NULL ? msg_encode_in(&arena, &problem_desc, reply->problem) : reply->body;
        model_answered(&s->model, deed, reply->problem == NULL, reply->position.number, deed_answer(body));
        s->answered++;
    } else if (deed->state == DEED_UNKNOWN) {
        s->away[s->away_n++] = deed;
        if (reply->err == ERR_OK && strcmp(reply->problem->reason, "no_space") == 0)
            s->no_space++;
        else if (reply->err == ERR_OK && strcmp(reply->problem->reason, "crashed_before") != 0)
            violation(&s->model, "a command was turned away as %s", reply->problem->reason);
    } else
        violation(&s->model, "a kept answer is not given again: %s", reply->err == ERR_OK ? reply->problem->reason : "silence");
    arena_free(&arena);
}

static void send(struct small *s, struct deed *deed)
{
    struct arena arena = { 0 };
    const struct client_request request = { .method = "toy.account.add", .command = deed->id, .body = deed_body(deed, &arena) };

    if (client_send(s->client, &request, deed) != ERR_OK)
        lab_die("client_send failed");
    arena_free(&arena);
}

/* A daemon may end over a full disk (a commit that failed), once; then it is started again. */
static void look_after(struct small *s, bool may_end)
{
    for (int which = 0; which < DAEMONS; which++) {
        int how = lab_reap(&s->lab, which, 0);
        if (how == LAB_RUNS)
            continue;
        s->ends++;
        if (!may_end || how != DAEMON_EXIT_COMMIT)
            violation(&s->model, "%s ended by itself: %d", LAB_SERVICE[which], how);
        if (!lab_start(&s->lab, which, NULL))
            violation(&s->model, "%s does not start again: %d", LAB_SERVICE[which], lab_reap(&s->lab, which, 1000));
    }
}

/* Sends deeds until so many have been answered, or until the first is turned away for want of space. */
static bool work(struct small *s, uint64_t wanted, bool until_full, bool may_end)
{
    uint64_t goal = s->answered + wanted, full = s->no_space;
    int64_t until = lab_now_ms() + ROUND_MS;

    while (lab_now_ms() < until && (until_full ? s->no_space == full : s->answered < goal || s->away_n > 0)) {
        while (client_outstanding(s->client) < WINDOW && s->away_n > 0)
            send(s, s->away[--s->away_n]);
        while (client_outstanding(s->client) < WINDOW && (until_full || s->answered + client_outstanding(s->client) < goal) &&
               s->made < DEEDS_MOST) {
            s->deed[s->made] = deed_make(s->seed, s->base_ms, s->made);
            model_add(&s->model, &s->deed[s->made]);
            send(s, &s->deed[s->made++]);
        }
        client_poll(s->client, 10, answered, s);
        look_after(s, may_end);
    }
    bool reached = lab_now_ms() < until;
    while (client_outstanding(s->client) > 0) {
        client_poll(s->client, 10, answered, s);
        look_after(s, may_end);
    }
    return reached;
}

/* Asked again when the daemon has ended in between, where it may. */
static void query(struct small *s, struct client *client, const char *method, bool may_end)
{
    const struct client_request request = { .method = method, .deadline_ms = 5000 };
    const struct toy_which which = { .account = 1 };
    struct toy_sum sum;
    struct client_reply reply = { .err = ERR_TIMEOUT };
    struct arena arena = { 0 };

    for (int try = 0; try < 3 && reply.err != ERR_OK; try++) {
        look_after(s, may_end);
        client_ask(client, &request, &toy_which_desc, &which, &toy_sum_desc, &sum, &arena, &reply);
    }
    if (reply.err != ERR_OK || reply.problem != NULL)
        violation(&s->model, "%s is not answered: %s", method, reply.problem != NULL ? reply.problem->reason : err_text(reply.err));
    arena_free(&arena);
}

/* ── a round ──────────────────────────────────────────────────────────────── */

/* While there is no space: reads go on, kept answers are given again, new commands are not taken. */
static void while_full(struct small *s, bool may_end)
{
    uint64_t full = s->no_space;

    for (int i = 0; i < 50 && s->model.violations == 0; i++) {
        query(s, s->client, "toy.account.get", may_end);
        query(s, s->mirror, "mirror.total.get", may_end);
    }
    for (size_t i = 0; i < WINDOW - 1 && i < s->made; i++)
        if (s->deed[i].state != DEED_UNKNOWN)
            send(s, &s->deed[i]);
    if (s->away_n > 0)
        send(s, s->away[--s->away_n]);
    while (client_outstanding(s->client) > 0) {
        client_poll(s->client, 10, answered, s);
        look_after(s, may_end);
    }
    if (s->away_n > 0 && s->no_space == full)
        violation(&s->model, "a command was not told that there is no space");
}

static void kill_and_return(struct small *s)
{
    kill(s->lab.pid[LEDGER], SIGKILL);
    lab_reap(&s->lab, LEDGER, 10000);
    if (!lab_start(&s->lab, LEDGER, NULL)) {
        violation(&s->model, "with a full disk the ledger does not start: %d", lab_reap(&s->lab, LEDGER, 1000));
        ballast_take(&s->disk);
        ballast_put(&s->disk, (uint64_t)RESERVE_MB << 19);
        lab_start(&s->lab, LEDGER, NULL);
    }
}

static void round_run(struct small *s, uint64_t round)
{
    bool snatched = round % 3 == 2, wholly = round % 3 == 1 || snatched;
    uint64_t ends = s->ends;

    if (snatched)
        s->snatcher = ballast_snatch(&s->disk, 100 + (int)(round * 37 % 100));
    else
        ballast_put(&s->disk, ((uint64_t)RESERVE_MB << 20) + (2 << 20));
    if (!work(s, ROUND_MOST, true, snatched))
        violation(&s->model, "round %llu: no command was ever turned away", (unsigned long long)round);
    if (snatched)
        waitpid(s->snatcher, NULL, 0);
    else if (wholly)
        ballast_put(&s->disk, 0);
    while_full(s, wholly);
    if (wholly) {
        kill_and_return(s);
        while_full(s, wholly);
    }
    ballast_take(&s->disk);
    if (s->ends > ends + DAEMONS)
        violation(&s->model, "round %llu: the daemons ended %llu times", (unsigned long long)round,
                  (unsigned long long)(s->ends - ends));
    int64_t freed = lab_now_ms();
    if (!work(s, 500, false, false))
        violation(&s->model, "round %llu: commands do not go on after there is room", (unsigned long long)round);
    printf("round %llu: %llu answered, %llu turned away, %llu KiB free, going on after %lld ms\n", (unsigned long long)round,
           (unsigned long long)s->answered, (unsigned long long)s->no_space, (unsigned long long)(disk_free(&s->disk) >> 10),
           (long long)(lab_now_ms() - freed));
}

static int run(struct small *s, const char *faultd, uint64_t rounds)
{
    char data[120];
    int64_t began = lab_now_ms();

    snprintf(data, sizeof data, "%s/data", s->disk.point);
    lab_open(&s->lab, faultd, data, RESERVE_MB);
    s->base_ms = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self) / MOMENT_MS - DEEDS_MOST;
    s->deed = calloc(DEEDS_MOST, sizeof *s->deed);
    if (s->deed == NULL || !lab_start(&s->lab, LEDGER, NULL) || !lab_start(&s->lab, MIRROR, NULL))
        lab_die("the daemons do not start");
    s->client = lab_client(&s->lab, LEDGER, WINDOW);
    s->mirror = lab_client(&s->lab, MIRROR, 1);
    for (uint64_t round = 0; round < rounds && s->model.violations == 0; round++)
        round_run(s, round);
    lab_sleep_ms(4000);                     /* what was held back is asked for again within a second */
    client_close(&s->client);
    client_close(&s->mirror);
    for (int which = 0; which < DAEMONS; which++)
        lab_end(&s->lab, which);
    struct machine *ledger = lab_machine(&s->lab, LEDGER), *mirror = lab_machine(&s->lab, MIRROR);
    check_ledger(&s->model, ledger, true);
    check_mirror(&s->model, ledger, mirror, true, true);
    machine_close(&ledger);
    machine_close(&mirror);
    printf("%zu deeds, %llu answered, %llu turned away, %llu ends, %.1f s\n", s->made, (unsigned long long)s->answered,
           (unsigned long long)s->no_space, (unsigned long long)s->ends, (double)(lab_now_ms() - began) / 1000);
    lab_close(&s->lab, false);
    return s->model.violations > 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        { "faultd", required_argument, NULL, 'f' }, { "rounds", required_argument, NULL, 'r' },
        { "seed", required_argument, NULL, 's' }, { "fs", required_argument, NULL, 't' }, { 0 },
    };
    const char *faultd = NULL, *fs = "ext4";
    uint64_t rounds = 9;

    small.seed = (uint64_t)getpid();
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;)
        switch (c) {
        case 'f': faultd = optarg; break;
        case 'r': rounds = strtoull(optarg, NULL, 10); break;
        case 's': small.seed = strtoull(optarg, NULL, 10); break;
        case 't': fs = optarg; break;
        default:  return 2;
        }
    if (faultd == NULL)
        lab_die("Usage: fault_small_disk --faultd PROGRAM [--rounds N] [--seed S] [--fs ext4|xfs]");
    printf("seed %llu\n", (unsigned long long)small.seed);
    log_open("fault_small_disk", LOG_ERROR);
    atexit(leave);
    signal(SIGTERM, told_to_end);
    signal(SIGINT, told_to_end);
    if (!disk_open(&small.disk, fs)) {
        printf("SKIPPED: loop mounts are not allowed here\n");
        return SKIP;
    }
    int code = run(&small, faultd, rounds);
    model_free(&small.model);
    free(small.deed);
    if (code != 0)
        printf("again with: fault_small_disk --faultd %s --rounds %llu --seed %llu --fs %s\n", faultd,
               (unsigned long long)rounds, (unsigned long long)small.seed, fs);
    return code;
}
