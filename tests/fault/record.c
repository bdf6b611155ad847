/* fault_record: preloaded into fault_driver, writes down all that happens to data.mdb and each acknowledgement.
 *
 *   RSNMS_RECORD=FILE   the record (see record.h)
 *   RSNMS_RECORD_ACKS=FILE   writes to this one are acknowledgements
 * One thread is expected to write. */
#include "tests/fault/record.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum what { NEITHER, DATA, ACKS };
static int record_fd = -1;

__attribute__((constructor)) static void record_start(void)
{
    const char *file = getenv("RSNMS_RECORD");

    if (file != NULL)
        record_fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static enum what what_is(int fd)
{
    const char *acks = getenv("RSNMS_RECORD_ACKS");
    char link[40], path[400];

    if (record_fd < 0)
        return NEITHER;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    const char *last = strrchr(path, '/');
    if (acks != NULL && strcmp(path, acks) == 0)
        return ACKS;
    return last != NULL && strcmp(last, "/data.mdb") == 0 ? DATA : NEITHER;
}

static void put(enum record_kind kind, const void *at, size_t n, uint64_t offset, bool synced)
{
    struct record record = { .kind = kind, .n = (uint32_t)n, .offset = offset, .synced = synced };

    if (syscall(SYS_write, record_fd, &record, sizeof record) != (long)sizeof record ||
        (n > 0 && syscall(SYS_write, record_fd, at, n) != (long)n))
        abort();
}

static void wrote(int fd, const void *at, ssize_t n, off_t offset)
{
    if (n > 0)
        put(RECORD_WRITE, at, (size_t)n, (uint64_t)offset, (fcntl(fd, F_GETFL) & O_DSYNC) != 0);
}

ssize_t pwrite(int fd, const void *at, size_t n, off_t offset)
{
    ssize_t done = REAL(pwrite)(fd, at, n, offset);

    if (what_is(fd) == DATA)
        wrote(fd, at, done, offset);
    return done;
}

ssize_t write(int fd, const void *at, size_t n)
{
    enum what what = what_is(fd);
    off_t offset = what == DATA ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = REAL(write)(fd, at, n);

    if (what == ACKS && done > 0)
        put(RECORD_ACK, at, (size_t)done, 0, false);
    else if (what == DATA)
        wrote(fd, at, done, offset);
    return done;
}

ssize_t writev(int fd, const struct iovec *iov, int count)
{
    bool data = what_is(fd) == DATA;
    off_t offset = data ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = REAL(writev)(fd, iov, count);

    for (ssize_t left = done; data && left > 0; iov++) {
        ssize_t n = left < (ssize_t)iov->iov_len ? left : (ssize_t)iov->iov_len;
        wrote(fd, iov->iov_base, n, offset);
        offset += n;
        left -= n;
    }
    return done;
}

int fdatasync(int fd)
{
    int rc = REAL(fdatasync)(fd);

    if (rc == 0 && what_is(fd) == DATA)
        put(RECORD_SYNC, NULL, 0, 0, true);
    return rc;
}

int fsync(int fd)
{
    int rc = REAL(fsync)(fd);

    if (rc == 0 && what_is(fd) == DATA)
        put(RECORD_SYNC, NULL, 0, 0, true);
    return rc;
}

int ftruncate(int fd, off_t length)
{
    int rc = REAL(ftruncate)(fd, length);

    if (rc == 0 && what_is(fd) == DATA)
        put(RECORD_SIZE, NULL, 0, (uint64_t)length, false);
    return rc;
}

int rename(const char *from, const char *to)
{
    const char *last = strrchr(to, '/');
    int rc = REAL(rename)(from, to);

    if (rc == 0 && record_fd >= 0 && last != NULL && strcmp(last, "/data.mdb") == 0)
        put(RECORD_NAME, NULL, 0, 0, false);
    return rc;
}
