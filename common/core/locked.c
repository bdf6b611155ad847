#include "common/core/locked.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/core/failpoint.h"
#include "common/core/log.h"

#define STEP    ((size_t)256 * 1024)        /* locked at once */
#define GRAIN   32                          /* sizes are rounded up to it; above SMALL to whole pieces */
#define SMALL   1024
#define CLASSES (SMALL / GRAIN + 1)

struct piece { struct piece *next; };       /* one that was given back */

struct locked {
    uint8_t *at;
    size_t max, used, ready;                /* handed out so far; taken from the machine */
    bool unlocked, swappable;
    enum locked_trouble trouble;
    struct piece *free[CLASSES];
};

static size_t rounded(size_t n) { return n > SMALL ? LOCKED_PIECE : n == 0 ? GRAIN : (n + GRAIN - 1) / GRAIN * GRAIN; }
static size_t class_of(size_t room) { return room > SMALL ? 0 : room / GRAIN; }

struct locked *locked_open(size_t max, bool unlocked)
{
    struct locked *locked = calloc(1, sizeof *locked);

    if (locked == NULL)
        return NULL;
    max = (max + STEP - 1) / STEP * STEP;
    void *at = mmap(NULL, max, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) {
        free(locked);
        return NULL;
    }
    madvise(at, max, MADV_DONTDUMP);
    madvise(at, max, MADV_DONTFORK);
    *locked = (struct locked){ .at = at, .max = max, .unlocked = unlocked };
    return locked;
}

void locked_close(struct locked **locked)
{
    struct locked *l = *locked;

    if (l == NULL)
        return;
    sodium_memzero(l->at, l->used);
    munmap(l->at, l->max);                  /* unlocks as well */
    free(l);
    *locked = NULL;
}

/* Not mlock(): under the sanitizers that does nothing and says that all is well. */
static bool lock(void *at, size_t n) { return syscall(SYS_mlock, at, n) == 0; }

static bool grow(struct locked *locked)
{
    if (locked->ready == locked->max || mprotect(locked->at + locked->ready, STEP, PROT_READ | PROT_WRITE) != 0) {
        log_warning("locked", "no more than %zu KiB", locked->ready / 1024);
        locked->trouble = LOCKED_FULL;
        return false;
    }
    if (!locked->swappable && !lock(locked->at + locked->ready, STEP)) {
        log_warning("locked", "only %zu KiB of memory can be kept out of swap (%s): raise LimitMEMLOCK%s", locked->ready / 1024,
                    strerror(errno), locked->unlocked ? "; going on in memory that may be swapped" : "");
        locked->swappable = locked->unlocked;
        if (!locked->unlocked) {
            locked->trouble = LOCKED_REFUSED;
            return false;
        }
    }
    locked->ready += STEP;
    return true;
}

void *locked_alloc(struct locked *locked, size_t n)
{
    size_t room = rounded(n), class = class_of(room);
    struct piece *piece = n <= LOCKED_PIECE ? locked->free[class] : NULL;

    if (n > LOCKED_PIECE)
        return NULL;
    if (piece != NULL) {
        locked->free[class] = piece->next;
        piece->next = NULL;
        return piece;
    }
    if (locked->used + room > locked->ready && !grow(locked))
        return NULL;
    void *at = locked->at + locked->used;
    locked->used += room;
    return at;
}

void locked_free(struct locked *locked, void *at, size_t n)
{
    size_t room = rounded(n);
    struct piece *piece = at;

    if (at == NULL)
        return;
    sodium_memzero(at, room);
    piece->next = locked->free[class_of(room)];
    locked->free[class_of(room)] = piece;
}

enum locked_trouble locked_trouble(const struct locked *locked) { return locked->trouble; }
size_t locked_used(const struct locked *locked) { return locked->ready; }
bool locked_all(const struct locked *locked) { return !locked->swappable; }

/* ── core dumps ───────────────────────────────────────────────────────────── */

/* One byte: less than the smallest dump into a file, and the one limit that the kernel heeds for a program that collects
 * dumps (core_pattern with a pipe), which gets them in spite of 0 (core(5)). */
#define DUMP_MOST 1

void dumps_none(void)
{
    struct rlimit limit;

    if (SABOTAGE("dumps_made"))
        return;
    bool good = getrlimit(RLIMIT_CORE, &limit) == 0;
    if (good && limit.rlim_max > DUMP_MOST)
        limit.rlim_max = DUMP_MOST;
    limit.rlim_cur = limit.rlim_max;
    if (!good || setrlimit(RLIMIT_CORE, &limit) != 0)
        log_warning("memory", "core dumps cannot be switched off: %s", strerror(errno));
}
