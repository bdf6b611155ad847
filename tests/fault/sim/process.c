#include "tests/fault/sim/process.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <setjmp.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include "common/core/failpoint.h"

#define OPEN_MAX_TXNS 8

#define FDS_MAX       1024

static struct process *current;         /* whose code runs now */
static struct process *outer;           /* whose errand has called it */
static jmp_buf death, errand_death;
static const char *death_at;
static struct { MDB_txn *txn; bool write; } open_txn[OPEN_MAX_TXNS];
static uint32_t open_count;

/* ── what the linker puts in the way ──────────────────────────────────────── */

int __real_mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn);
int __real_mdb_txn_commit(MDB_txn *txn);
void __real_mdb_txn_abort(MDB_txn *txn);
int __real_statvfs(const char *path, struct statvfs *out);
int __real_clock_gettime(clockid_t id, struct timespec *out);
ssize_t __real_getrandom(void *at, size_t n, unsigned flags);

int __wrap_mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);
void __wrap_mdb_txn_abort(MDB_txn *txn);
int __wrap_statvfs(const char *path, struct statvfs *out);
int __wrap_clock_gettime(clockid_t id, struct timespec *out);
ssize_t __wrap_getrandom(void *at, size_t n, unsigned flags);

int __wrap_mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn)
{
    int rc = __real_mdb_txn_begin(env, parent, flags, txn);
    if (rc == 0 && open_count < OPEN_MAX_TXNS) {
        open_txn[open_count].txn = *txn;
        open_txn[open_count++].write = (flags & MDB_RDONLY) == 0;
    }
    return rc;
}

static bool forget(const MDB_txn *txn)
{
    for (uint32_t i = 0; i < open_count; i++)
        if (open_txn[i].txn == txn) {
            bool write = open_txn[i].write;
            open_txn[i] = open_txn[--open_count];
            return write;
        }
    return false;
}

int __wrap_mdb_txn_commit(MDB_txn *txn)
{
    bool write = forget(txn);
    if (!write || current == NULL || !current->in_batch || current->commit == COMMIT_WELL)
        return __real_mdb_txn_commit(txn);
    if (current->commits > 0) {
        current->commits--;
        return __real_mdb_txn_commit(txn);
    }
    int rc = 0;
    current->commit_was = current->commit == COMMIT_UNKNOWN ? "commit unknown" : "commit failed";
    if (current->commit == COMMIT_UNKNOWN)
        rc = __real_mdb_txn_commit(txn);
    else
        __real_mdb_txn_abort(txn);
    current->commit = COMMIT_WELL;
    return rc != 0 ? rc : EIO;
}

void __wrap_mdb_txn_abort(MDB_txn *txn)
{
    forget(txn);
    __real_mdb_txn_abort(txn);
}

int __wrap_statvfs(const char *path, struct statvfs *out)
{
    int rc = __real_statvfs(path, out);
    if (current != NULL && current->disk_full)
        out->f_bavail = 0;
    return rc;
}

int __wrap_clock_gettime(clockid_t id, struct timespec *out)
{
    if (current == NULL)
        return __real_clock_gettime(id, out);
    moment_t at = id == CLOCK_REALTIME ? current->wall(current->self) : current->boot(current->self);
    current->asked += current->in_batch;
    *out = (struct timespec){ at / MOMENT_SECOND, at % MOMENT_SECOND * 1000 };
    return 0;
}

ssize_t __wrap_getrandom(void *at, size_t n, unsigned flags)
{
    if (current == NULL)
        return __real_getrandom(at, n, flags);
    prng_fill(current->prng, at, n);
    return (ssize_t)n;
}

/* ── living and dying ─────────────────────────────────────────────────────── */

static void reach(void *arg, const char *name)
{
    (void)arg;
    if (current == NULL || current->die_at == NULL || strcmp(current->die_at, name) != 0 || --current->arrivals > 0)
        return;
    if (!current->in_batch && !current->in_errand)
        return;
    death_at = current->die_at;
    current->die_at = NULL;
    if (!current->in_batch)
        longjmp(errand_death, 1);
    longjmp(death, 1);
}

void process_begin(void)
{
    failpoint_hook(reach, NULL);
}

void process_kill(struct process *p)
{
    while (open_count > 0) {
        open_count--;
        __real_mdb_txn_abort(open_txn[open_count].txn);
    }
    machine_drop(&p->machine);
    current = outer;
    p->in_batch = false;
    p->die_at = NULL;
    p->commit = COMMIT_WELL;
    p->commits = 0;
}

static void enter(struct process *p)
{
    outer = current;
    current = p;
    p->in_batch = true;
}

/* `err` of what was planted: the process ends. */
static int leave(struct process *p, int err, const char **how)
{
    current = outer;
    p->in_batch = false;
    *how = p->commit_was;
    p->commit_was = NULL;
    if (*how != NULL)
        process_kill(p);
    return err;
}

bool process_batch(struct process *p, const struct input *inputs, size_t n, struct arena *arena,
                   struct outcome *outcomes, const char **how)
{
    enter(p);
    if (setjmp(death) != 0) {
        process_kill(current);
        *how = death_at;
        return false;
    }
    int err = leave(p, machine_batch(p->machine, inputs, n, arena, outcomes), how);
    if (err == 0)
        return true;
    if (*how == NULL) {
        process_kill(p);
        *how = "an error that nobody planted";
    }
    return false;
}

int process_open(struct process *p, const struct service *service, const struct machine_options *options, const char **how)
{
    enter(p);
    return leave(p, machine_open(&p->machine, service, options), how);
}

int process_forked(struct process *p, const char *stream, const char **how)
{
    enter(p);
    return leave(p, machine_forked(p->machine, stream), how);
}

int process_restore(struct process *p, const struct service *service, const char *backup, const char *dir, char says[400])
{
    outer = current;
    current = p;
    int err = machine_restore(service, backup, dir, says);
    current = outer;
    return err;
}

/* ── errands ──────────────────────────────────────────────────────────────── */

/* What a process that was killed had open goes with it. */
struct opened { bool fd[FDS_MAX]; };

static void look_open(struct opened *opened)
{
    for (int fd = 0; fd < FDS_MAX; fd++)
        opened->fd[fd] = fcntl(fd, F_GETFD) != -1;
}

static void close_new(const struct opened *before)
{
    for (int fd = 0; fd < FDS_MAX; fd++)
        if (!before->fd[fd])
            close(fd);
}

static void forgive_leaks(bool on)      /* and so does its memory */
{
#ifdef __SANITIZE_ADDRESS__
    if (on)
        __lsan_disable();
    else
        __lsan_enable();
#else
    (void)on;
#endif
}

bool process_errand(struct process *p, void (*work)(void *arg), void *arg, const char **how)
{
    static struct opened before;
    static bool planted;
    planted = p->die_at != NULL || p->commit != COMMIT_WELL;
    if (planted) {
        look_open(&before);
        forgive_leaks(true);
    }
    outer = NULL;
    current = p;
    p->in_errand = true;
    if (setjmp(errand_death) == 0) {
        work(arg);
        *how = NULL;
    } else {
        outer = NULL;
        if (p->machine != NULL)
            process_kill(p);
        *how = death_at;
    }
    p->in_errand = false;
    current = outer = NULL;
    if (planted) {
        forgive_leaks(false);
        if (*how != NULL)
            close_new(&before);
    }
    return *how == NULL;
}

_Noreturn void process_errand_dies(const char *how)
{
    death_at = how;
    longjmp(errand_death, 1);
}
