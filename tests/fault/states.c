/* fault_states: every state in which a power cut could have left a store. The driver runs with each write,
 * sync and acknowledgement recorded; then, for every write, images are made of what was safe by then and of a
 * random part, in sectors of 512 bytes, of what was not, and each image is opened like a store after a crash:
 * it opens, its chain is whole, all that was acknowledged by then stands where it was said, and the state is
 * the fold of the journal (looked at in one image of eight).
 *
 *   fault_states --driver PROGRAM --recorder LIBRARY [--seconds 40] [--seed S] [--count 240] [--workers 2]
 * Ends with 0, or 1 and "violation found: …". LMDB asserts on broken pages: the images are looked at by
 * children, and one that dies counts as a violation. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/core/log.h"
#include "tests/fault/model.h"
#include "tests/fault/record.h"
#include "tests/unit/toy.h"

#define SECTOR      512
#define MAP_SIZE    ((size_t)64 << 20)
#define FOLD_EVERY  8
#define BREACH_MOST 10                      /* then the run is stopped: it is broken */
#define WORKERS_MAX 16

struct ack { uint64_t deed, number; struct hash answer; };
struct event { struct record record; const uint8_t *at; uint64_t ack; };     /* ack: index into acks, when it is one */
struct part { uint64_t offset; uint32_t n; const uint8_t *at; };             /* of a write, within one sector */
struct image { uint8_t *at; size_t n, room; };

/* What a child tells its parent, in shared memory. */
struct progress { uint64_t round, event, states, breaches; };

struct states {
    char dir[64];
    const char *driver, *recorder;
    uint64_t seed, count, seconds, workers;
    int64_t base_ms;
    struct event *event; size_t event_n;
    struct ack *ack; size_t ack_n;
    uint8_t *record;
    uint64_t named;                         /* from this event on the file has its name */
    struct progress *progress;              /* one a worker */
};

/* ── the record ───────────────────────────────────────────────────────────── */

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(2);
}

/* Twice: the first one is killed before a commit, the second goes on with what it left. */
static void run_driver(struct states *s)
{
    char run[80], env[500], command[1500];

    snprintf(env, sizeof env, "RSNMS_RECORD='%s/record' RSNMS_RECORD_ACKS='%s/acks' LD_PRELOAD='%s'", s->dir, s->dir,
             s->recorder);
    snprintf(command, sizeof command,
             "drive() { '%s' run '%s/run' --acks '%s/acks' --count %" PRIu64 " --seed %" PRIu64 " --batch 6; }; "
             "export %s; (RSNMS_FAILPOINT=before_commit:%" PRIu64 "; export RSNMS_FAILPOINT; drive 2>/dev/null); drive",
             s->driver, s->dir, s->dir, s->count, s->seed, env, s->count / 8);
    snprintf(run, sizeof run, "%s/run", s->dir);
    if (mkdir(run, 0700) != 0 || system(command) != 0)
        die("the driver");
}

static void ack_add(struct states *s, const struct event *event)
{
    char line[200], kind, answer[HASH_TEXT + 1];
    struct ack *ack = &s->ack[s->ack_n];

    snprintf(line, sizeof line, "%.*s", (int)event->record.n, (const char *)event->at);
    if (sscanf(line, "base %" SCNd64, &s->base_ms) == 1)
        return;
    if (sscanf(line, "%" SCNu64 " %c %" SCNu64 " %64s", &ack->deed, &kind, &ack->number, answer) != 4)
        die("an acknowledgement that cannot be read");
    for (int i = 0; i < HASH_SIZE; i++) {
        unsigned byte = 0;
        sscanf(answer + 2 * i, "%2x", &byte);
        ack->answer.b[i] = (uint8_t)byte;
    }
    s->ack_n++;
}

static void read_record(struct states *s)
{
    char path[100];
    struct stat st;

    snprintf(path, sizeof path, "%s/record", s->dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
        die(path);
    s->record = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    s->event = calloc((size_t)st.st_size / sizeof(struct record) + 1, sizeof *s->event);
    s->ack = calloc(s->count + 1, sizeof *s->ack);
    if (s->record == MAP_FAILED || s->event == NULL || s->ack == NULL)
        die(path);
    for (size_t at = 0; at < (size_t)st.st_size;) {
        struct event *event = &s->event[s->event_n++];
        memcpy(&event->record, s->record + at, sizeof event->record);
        event->at = s->record + at + sizeof event->record;
        at += sizeof event->record + event->record.n;
        if (event->record.kind == RECORD_ACK)
            ack_add(s, event);
        else if (event->record.kind == RECORD_NAME)
            s->named = s->event_n - 1;
        event->ack = s->ack_n;
    }
    close(fd);
}

/* ── images ───────────────────────────────────────────────────────────────── */

static void image_size(struct image *image, size_t n)
{
    if (n > image->room) {
        image->room = n * 2;
        image->at = realloc(image->at, image->room);
        if (image->at == NULL)
            die("memory");
    }
    if (n > image->n)
        memset(image->at + image->n, 0, n - image->n);
    image->n = n;
}

static void image_put(struct image *image, const struct part *part)
{
    if (part->offset + part->n > image->n)
        image_size(image, part->offset + part->n);
    memcpy(image->at + part->offset, part->at, part->n);
}

static size_t split(const struct event *event, struct part *parts, size_t n)
{
    for (uint64_t done = 0; done < event->record.n;) {
        uint64_t offset = event->record.offset + done, left = event->record.n - done;
        uint64_t room = SECTOR - offset % SECTOR, take = left < room ? left : room;
        parts[n++] = (struct part){ offset, (uint32_t)take, event->at + done };
        done += take;
    }
    return n;
}

static void image_write(const struct image *image, const char *dir)
{
    char path[120];
    int fd;

    snprintf(path, sizeof path, "%s/lock.mdb", dir);
    unlink(path);
    snprintf(path, sizeof path, "%s/data.mdb", dir);
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || pwrite(fd, image->at, image->n, 0) != (ssize_t)image->n)
        die(path);
    close(fd);
}

/* ── looking at one ───────────────────────────────────────────────────────── */

static const char *check_acks(const struct states *s, struct machine *machine, size_t acks)
{
    struct arena arena = { 0 };
    struct entry entry;
    struct txn txn;
    const char *wrong = NULL;

    txn_begin(&txn, machine_store(machine), TXN_READ);
    for (size_t i = 0; i < acks && wrong == NULL; i++) {
        struct deed deed = deed_make(s->seed, s->base_ms, s->ack[i].deed);
        arena_reset(&arena);
        if (!journal_get(&txn, s->ack[i].number, &arena, &entry, NULL))
            wrong = "what was acknowledged is not there";
        else {
            struct hash answer = deed_answer(entry.reply);
            if (!uuid_equal(&entry.cause->command, &deed.id) || !hash_equal(&answer, &s->ack[i].answer))
                wrong = "another entry stands where one was acknowledged";
        }
    }
    if (txn_end(&txn) != ERR_OK)
        wrong = "it cannot be read";
    arena_free(&arena);
    return wrong;
}

/* NULL: it is sound. */
static const char *look(const struct states *s, const char *dir, size_t acks, bool fold)
{
    const struct machine_options options = { .dir = dir, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM, .map_size = MAP_SIZE };
    struct machine *machine;
    uint64_t checked, bad;
    const char *wrong = NULL, *why;
    bool same = true;

    if (machine_open(&machine, &toy_ledger_service, &options) != ERR_OK)
        return "it does not open";
    if (machine_verify(machine, &checked, &bad, &why) != ERR_OK)
        wrong = why != NULL ? why : "the chain cannot be read";
    if (wrong == NULL)
        wrong = check_acks(s, machine, acks);
    if (wrong == NULL && fold && (machine_rebuild(machine, false, &same) != ERR_OK || !same))
        wrong = "the state is not the fold of the journal";
    machine_drop(&machine);
    return wrong;
}

/* ── one worker ───────────────────────────────────────────────────────────── */

struct worker {
    const struct states *s;
    struct progress *progress;
    char dir[100];
    struct image safe, image;
    struct part *pending; size_t pending_n;
    struct prng prng;
};

/* Round 0: nothing of what is not safe; round 1: all of it; then a part, great or small. */
static void choose(struct worker *w, uint64_t round)
{
    static const uint64_t SHARE[] = { 1, 5, 9, 5 };         /* of ten */
    uint64_t share = SHARE[prng_below(&w->prng, 4)];

    image_size(&w->image, 0);
    image_size(&w->image, w->safe.n);
    memcpy(w->image.at, w->safe.at, w->safe.n);
    for (size_t i = 0; i < w->pending_n && round > 0; i++)
        if (round == 1 || prng_below(&w->prng, 10) < share)
            image_put(&w->image, &w->pending[i]);
}

static void try_state(struct worker *w, uint64_t round, uint64_t event)
{
    struct progress *p = w->progress;

    choose(w, round);
    image_write(&w->image, w->dir);
    p->states++;
    const char *wrong = look(w->s, w->dir, w->s->event[event].ack, p->states % FOLD_EVERY == 0);
    if (wrong == NULL)
        return;
    p->breaches++;
    printf("violation found: round %" PRIu64 ", event %" PRIu64 " of %zu, %zu parts not safe: %s\n", round, event,
           w->s->event_n, w->pending_n, wrong);
    fflush(stdout);
}

/* Plays the record from its beginning; states are tried from event `from` on. */
static void play(struct worker *w, uint64_t round, uint64_t from)
{
    const struct states *s = w->s;

    image_size(&w->safe, 0);
    w->pending_n = 0;
    for (uint64_t i = 0; i < s->event_n && w->progress->breaches < BREACH_MOST; i++) {
        const struct event *event = &s->event[i];
        bool last_ack = event->record.kind == RECORD_ACK && (i + 1 == s->event_n || s->event[i + 1].record.kind != RECORD_ACK);
        size_t before = w->pending_n;

        w->progress->event = i;
        prng_seed(&w->prng, (s->seed * 7919 + round) * UINT64_C(1000003) + i);
        if (event->record.kind == RECORD_WRITE)
            w->pending_n = split(event, w->pending, w->pending_n);
        if (i >= from && i >= s->named && (event->record.kind == RECORD_WRITE || event->record.kind == RECORD_NAME || (last_ack && (round == 0 || w->pending_n > 0))))
            try_state(w, round, i);
        if (event->record.kind == RECORD_SYNC || (event->record.kind == RECORD_WRITE && event->record.synced)) {
            size_t first = event->record.kind == RECORD_SYNC ? 0 : before;   /* O_DSYNC: this write alone */
            for (size_t k = first; k < w->pending_n; k++)
                image_put(&w->safe, &w->pending[k]);
            w->pending_n = first;
        } else if (event->record.kind == RECORD_SIZE)
            image_size(&w->safe, event->record.offset);
    }
}

static void work(const struct states *s, uint64_t me, struct progress *p, uint64_t from, time_t until)
{
    struct worker w = { .s = s, .progress = p };
    size_t parts = 0;

    for (size_t i = 0; i < s->event_n; i++)
        parts += s->event[i].record.n / SECTOR + 2;
    w.pending = calloc(parts, sizeof *w.pending);
    if (w.pending == NULL)
        die("memory");
    snprintf(w.dir, sizeof w.dir, "%s/w%" PRIu64, s->dir, me);
    if (mkdir(w.dir, 0700) != 0 && errno != EEXIST)
        die(w.dir);
    for (; (time(NULL) < until || p->round <= 1) && p->breaches < BREACH_MOST; p->round += s->workers) {
        play(&w, p->round, from);
        from = 0;
    }
    _exit(0);
}

/* ── all of them ──────────────────────────────────────────────────────────── */

/* A child that died did so over an image: that counts, and another goes on behind it. */
static void worker_ended(struct progress *p, int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    p->breaches++;
    printf("violation found: round %" PRIu64 ", event %" PRIu64 ": the one who opened it died (%s %d)\n", p->round,
           p->event, WIFSIGNALED(status) ? "signal" : "code", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    fflush(stdout);
}

static void explore(struct states *s)
{
    time_t until = time(NULL) + (time_t)s->seconds;
    pid_t pid[WORKERS_MAX];
    uint64_t running = s->workers;

    for (uint64_t i = 0; i < s->workers; i++) {
        s->progress[i].round = i;
        if ((pid[i] = fork()) == 0)
            work(s, i, &s->progress[i], 0, until);
    }
    while (running > 0) {
        int status;
        pid_t ended = waitpid(-1, &status, 0);
        for (uint64_t i = 0; i < s->workers; i++) {
            struct progress *p = &s->progress[i];
            if (pid[i] != ended)
                continue;
            worker_ended(p, status);
            running--;
            if ((WIFEXITED(status) && WEXITSTATUS(status) == 0) || p->breaches >= BREACH_MOST)
                continue;
            running++;
            if ((pid[i] = fork()) == 0)
                work(s, i, p, p->event + 1, until);
        }
    }
}

static int report(const struct states *s)
{
    uint64_t states = 0, breaches = 0;
    size_t writes = 0, syncs = 0;

    for (uint64_t i = 0; i < s->workers; i++) {
        states += s->progress[i].states;
        breaches += s->progress[i].breaches;
    }
    for (size_t i = 0; i < s->event_n; i++) {
        writes += s->event[i].record.kind == RECORD_WRITE;
        syncs += s->event[i].record.kind == RECORD_SYNC || (s->event[i].record.kind == RECORD_WRITE && s->event[i].record.synced);
    }
    printf("%" PRIu64 " states of %zu writes, %zu of them or syncs safe, %zu acknowledgements: %" PRIu64 " bad\n",
           states, writes, syncs, s->ack_n, breaches);
    if (breaches > 0)
        printf("again with: fault_states --driver %s --recorder %s --seed %" PRIu64 " --count %" PRIu64 "\n", s->driver,
               s->recorder, s->seed, s->count);
    return breaches > 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        { "driver", required_argument, NULL, 'd' }, { "recorder", required_argument, NULL, 'r' },
        { "seconds", required_argument, NULL, 't' }, { "seed", required_argument, NULL, 's' },
        { "count", required_argument, NULL, 'n' }, { "workers", required_argument, NULL, 'w' }, { 0 },
    };
    struct states s = { .seed = (uint64_t)getpid(), .count = 240, .seconds = 40, .workers = 2 };
    char command[120];

    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;)
        switch (c) {
        case 'd': s.driver = optarg; break;
        case 'r': s.recorder = optarg; break;
        case 't': s.seconds = strtoull(optarg, NULL, 10); break;
        case 's': s.seed = strtoull(optarg, NULL, 10); break;
        case 'n': s.count = strtoull(optarg, NULL, 10); break;
        case 'w': s.workers = strtoull(optarg, NULL, 10); break;
        default:  return 2;
        }
    if (s.driver == NULL || s.recorder == NULL || s.workers == 0 || s.workers > WORKERS_MAX) {
        fprintf(stderr, "Usage: fault_states --driver PROGRAM --recorder LIBRARY\n");
        return 2;
    }
    printf("seed %" PRIu64 "\n", s.seed);
    fflush(stdout);
    snprintf(s.dir, sizeof s.dir, "%s/rsnms-states-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    s.progress = mmap(NULL, sizeof *s.progress * WORKERS_MAX, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (mkdtemp(s.dir) == NULL || s.progress == MAP_FAILED || crypto_start() != ERR_OK)
        die(s.dir);
    log_open("fault_states", LOG_ERROR + 1);
    run_driver(&s);
    read_record(&s);
    explore(&s);
    int code = report(&s);
    snprintf(command, sizeof command, "rm -rf -- '%s'", s.dir);
    return system(command) == 0 ? code : 2;
}
