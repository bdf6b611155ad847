/* fault_shim: preloaded into a process, lets the n-th of one kind of call on the files below a directory fail.
 *
 *   RSNMS_IO_FAIL=CALL:N:ERROR   CALL: open, read, write (write, pwrite, writev, pwritev), sync (fsync, fdatasync),
 *                                rename (rename, renameat2, link), unlink, mkdir, list (opendir, readdir), or one of
 *                                these alone by name, ftruncate. ERROR: EIO, ENOSPC, SHORT (half of it is written).
 *                                N may be followed by +: that call and all after it.
 *   RSNMS_IO_DIR=DIR[:DIR]       which files
 *   RSNMS_IO_FROM=FILE           they are counted from when it is there; none: from the start
 *   RSNMS_IO_FIRED=FILE          is made when the failure has happened */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char fail_call[20], fail_dir[800];
static int fail_error;                      /* 0: SHORT */
static long fail_at;
static bool fail_after;
static atomic_long seen;

__attribute__((constructor)) static void shim_start(void)
{
    const char *what = getenv("RSNMS_IO_FAIL"), *dir = getenv("RSNMS_IO_DIR");
    char nth[20], error[20];

    if (what == NULL || dir == NULL || sscanf(what, "%19[^:]:%19[^:]:%19s", fail_call, nth, error) != 3) {
        fail_call[0] = '\0';
        return;
    }
    fail_at = strtol(nth, NULL, 10);
    fail_after = strchr(nth, '+') != NULL;
    fail_error = strcmp(error, "EIO") == 0 ? EIO : strcmp(error, "ENOSPC") == 0 ? ENOSPC : 0;
    snprintf(fail_dir, sizeof fail_dir, "%s", dir);
}

static bool below_dir(const char *path)
{
    for (const char *dir = fail_dir; *dir != '\0';) {
        size_t n = strcspn(dir, ":");
        if (strncmp(path, dir, n) == 0)
            return true;
        dir += n + (dir[n] == ':');
    }
    return false;
}

static void tell(void)
{
    const char *file = getenv("RSNMS_IO_FIRED");
    long fd = file != NULL ? syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (fd >= 0)
        syscall(SYS_close, fd);
}

static bool begun(void)
{
    static atomic_bool there;
    const char *file = getenv("RSNMS_IO_FROM");

    if (!atomic_load(&there))
        atomic_store(&there, file == NULL || syscall(SYS_faccessat, AT_FDCWD, file, F_OK) == 0);
    return atomic_load(&there);
}

static bool is_call(const char *call, const char *group)
{
    return strcmp(call, fail_call) == 0 || strcmp(group, fail_call) == 0;
}

/* Counts this call when it is one of those; true: it is its turn. */
static bool turn(const char *call, const char *group, int fd, const char *opened)
{
    char link[40], path[400] = "";

    if (fail_call[0] == '\0' || !is_call(call, group))
        return false;
    if (opened == NULL) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, path, sizeof path - 1);
        path[n > 0 ? n : 0] = '\0';
    }
    if (!below_dir(opened != NULL ? opened : path) || !begun())
        return false;
    long now = atomic_fetch_add(&seen, 1) + 1;
    if (now != fail_at && !(fail_after && now > fail_at))
        return false;
    tell();
    return true;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define SYNC(name)                                              \
    int name(int fd)                                            \
    {                                                           \
        if (!turn(#name, "sync", fd, NULL))                     \
            return REAL(name)(fd);                              \
        errno = fail_error != 0 ? fail_error : EIO;             \
        return -1;                                              \
    }
SYNC(fsync)
SYNC(fdatasync)

static ssize_t failed(void)
{
    errno = fail_error;
    return -1;
}

ssize_t write(int fd, const void *at, size_t n)
{
    if (!turn("write", "write", fd, NULL))
        return REAL(write)(fd, at, n);
    return fail_error != 0 ? failed() : REAL(write)(fd, at, n / 2);
}

#define PWRITE(name, off_type)                                                          \
    ssize_t name(int fd, const void *at, size_t n, off_type offset)                     \
    {                                                                                   \
        if (!turn("pwrite", "write", fd, NULL))                                         \
            return REAL(name)(fd, at, n, offset);                                       \
        return fail_error != 0 ? failed() : REAL(name)(fd, at, n / 2, offset);          \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

/* Half of a vector: its first part, or half of that. */
static struct iovec half(const struct iovec *iov, int count)
{
    return (struct iovec){ iov[0].iov_base, count > 1 ? iov[0].iov_len : iov[0].iov_len / 2 };
}

ssize_t writev(int fd, const struct iovec *iov, int count)
{
    if (!turn("writev", "write", fd, NULL))
        return REAL(writev)(fd, iov, count);
    struct iovec part = half(iov, count);
    return fail_error != 0 ? failed() : REAL(writev)(fd, &part, 1);
}

#define PWRITEV(name, off_type)                                                         \
    ssize_t name(int fd, const struct iovec *iov, int count, off_type offset)           \
    {                                                                                   \
        if (!turn("pwritev", "write", fd, NULL))                                        \
            return REAL(name)(fd, iov, count, offset);                                  \
        struct iovec part = half(iov, count);                                           \
        return fail_error != 0 ? failed() : REAL(name)(fd, &part, 1, offset);           \
    }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

#define OPEN(name)                                                                      \
    int name(const char *path, int flags, ...)                                          \
    {                                                                                   \
        va_list args;                                                                   \
        va_start(args, flags);                                                          \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;  \
        va_end(args);                                                                   \
        if (!turn("open", "open", -1, path))                                            \
            return REAL(name)(path, flags, mode);                                       \
        errno = fail_error != 0 ? fail_error : EMFILE;                                  \
        return -1;                                                                      \
    }
OPEN(open)
OPEN(open64)

#define FTRUNCATE(name, off_type)                                                       \
    int name(int fd, off_type length)                                                   \
    {                                                                                   \
        if (!turn("ftruncate", "ftruncate", fd, NULL))                                  \
            return REAL(name)(fd, length);                                              \
        errno = fail_error != 0 ? fail_error : EIO;                                     \
        return -1;                                                                      \
    }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

/* ── names ────────────────────────────────────────────────────────────────── */

static bool fails(const char *call, const char *group, int fd, const char *path)
{
    if (!turn(call, group, fd, path))
        return false;
    errno = fail_error != 0 ? fail_error : EIO;
    return true;
}

ssize_t read(int fd, void *at, size_t n)
{
    return fails("read", "read", fd, NULL) ? -1 : REAL(read)(fd, at, n);
}

int rename(const char *from, const char *to)
{
    return fails("rename", "rename", -1, to) ? -1 : REAL(rename)(from, to);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    return fails("renameat2", "rename", -1, to) ? -1 : REAL(renameat2)(from_dir, from, to_dir, to, flags);
}

int link(const char *from, const char *to)
{
    return fails("link", "rename", -1, to) ? -1 : REAL(link)(from, to);
}

int unlink(const char *path)
{
    return fails("unlink", "unlink", -1, path) ? -1 : REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode)
{
    return fails("mkdir", "mkdir", -1, path) ? -1 : REAL(mkdir)(path, mode);
}

DIR *opendir(const char *path)
{
    return fails("opendir", "list", -1, path) ? NULL : REAL(opendir)(path);
}

struct dirent *readdir(DIR *dir)
{
    return fails("readdir", "list", dirfd(dir), NULL) ? NULL : REAL(readdir)(dir);
}
