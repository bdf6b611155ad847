#include "common/core/files.h"

#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"

#define PATH_ROOM 1024
#define BLOCK     (64 * 1024)

static bool name_good(const char *name)
{
    size_t n = strlen(name);

    return n > 0 && n <= FILE_NAME_MAX && name[0] != '.' && memchr(name, '/', n) == NULL;
}

static bool path_of(char path[PATH_ROOM], const char *dir, const char *before, const char *name)
{
    return (size_t)snprintf(path, PATH_ROOM, "%s/%s%s", dir, before, name) < PATH_ROOM;
}

int dir_sync(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return err_of_errno(errno);
    int err = SABOTAGE("folder_nosync") || fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
    close(fd);
    return err;
}

int dir_sync_above(const char *path)
{
    const char *slash = strrchr(path, '/');
    char above[PATH_ROOM];

    if (slash == NULL || slash == path)
        return dir_sync(slash == NULL ? "." : "/");
    if ((size_t)snprintf(above, sizeof above, "%.*s", (int)(slash - path), path) >= sizeof above)
        return ERR_MALFORMED;
    return dir_sync(above);
}

/* ── writing ──────────────────────────────────────────────────────────────── */

static int write_synced(int fd, struct bytes bytes)
{
    const char *at = bytes.at;

    for (size_t left = bytes.n; left > 0;) {
        ssize_t n = write(fd, at, left);
        if (n < 0 && errno != EINTR)
            return err_of_errno(errno);
        if (n > 0) {
            at += n;
            left -= (size_t)n;
        }
    }
    return SABOTAGE("file_nosync") || fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
}

static int write_aside(const char *aside, struct bytes bytes)
{
    unlink(aside);                          /* of an attempt that was cut off */
    int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0)
        return err_of_errno(errno);
    int err = write_synced(fd, bytes);
    if (close(fd) != 0 && err == ERR_OK)
        err = err_of_errno(errno);
    if (SABOTAGE("write_unchecked"))
        err = ERR_OK;
    if (err != ERR_OK)
        unlink(aside);
    return err;
}

static int put(const char *dir, const char *name, struct bytes bytes)
{
    char path[PATH_ROOM], aside[PATH_ROOM];

    if (!name_good(name) || !path_of(path, dir, "", name) || !path_of(aside, dir, ".", name))
        return ERR_MALFORMED;
    int err = write_aside(aside, bytes);
    if (err != ERR_OK)
        return err;
    FAILPOINT("file_written");
    if (rename(aside, path) != 0) {
        err = err_of_errno(errno);
        unlink(aside);
        return err;
    }
    FAILPOINT("file_renamed");
    return dir_sync(dir);
}

/* ERR_OK: these bytes; ERR_EXISTS: others. */
static int compare(const char *path, struct bytes wanted)
{
    struct buf found = { 0 };
    int err = file_get(path, wanted.n, &found);

    if (err == ERR_FULL || err == ERR_MALFORMED)
        err = ERR_EXISTS;
    else if (err == ERR_OK && !bytes_equal(buf_bytes(&found), wanted))
        err = ERR_EXISTS;
    buf_free(&found);
    return err;
}

int file_put(const char *dir, const char *name, struct bytes bytes)
{
    char path[PATH_ROOM];

    if (!name_good(name) || !path_of(path, dir, "", name))
        return ERR_MALFORMED;
    int err = SABOTAGE("put_blindly") ? ERR_NOTFOUND : compare(path, bytes);
    if (err == ERR_OK)
        return dir_sync(dir);               /* the one who renamed it may have died before he could */
    return err == ERR_NOTFOUND ? put(dir, name, bytes) : err;
}

int file_put_over(const char *dir, const char *name, struct bytes bytes)
{
    return put(dir, name, bytes);
}

/* Whether the name is taken there is decided in the same step. */
int file_move(const char *dir, const char *name, const char *to_dir, const char *to_name)
{
    char from[PATH_ROOM], to[PATH_ROOM];

    if (!name_good(name) || !name_good(to_name) || !path_of(from, dir, "", name) || !path_of(to, to_dir, "", to_name))
        return ERR_MALFORMED;
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0)
        return errno == EEXIST ? ERR_EXISTS : err_of_errno(errno);
    FAILPOINT("file_moved");
    int err = dir_sync(to_dir);
    return err == ERR_OK ? dir_sync(dir) : err;
}

int file_drop(const char *dir, const char *name)
{
    char path[PATH_ROOM];

    if (!name_good(name) || !path_of(path, dir, "", name))
        return ERR_MALFORMED;
    if (unlink(path) != 0 && errno != ENOENT)
        return err_of_errno(errno);
    FAILPOINT("file_dropped");
    return dir_sync(dir);
}

/* ── reading ──────────────────────────────────────────────────────────────── */

/* Reading has errors of its own: ERR_FULL says that the file is too large, and no disk may say it. What can never be
 * read (a socket, a link to itself) is told from what cannot be read now. */
static int unreadable(int saved_errno)
{
    if (saved_errno == ENXIO || saved_errno == ELOOP)
        return ERR_MALFORMED;
    int err = err_of_errno(saved_errno);
    return err == ERR_FULL ? ERR_IO : err;
}

static int read_all(int fd, size_t max, struct buf *out)
{
    size_t before = out->n;
    ssize_t n = 0;

    do {
        buf_reserve(out, BLOCK);
        n = read(fd, out->at + out->n, BLOCK);
        if (n > 0)
            out->n += (size_t)n;
    } while ((n > 0 || (n < 0 && errno == EINTR)) && out->n - before <= max);
    int err = n < 0 ? unreadable(errno) : out->n - before > max ? ERR_FULL : ERR_OK;
    if (err != ERR_OK)
        out->n = before;
    return err;
}

int file_get(const char *path, size_t max, struct buf *out)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return unreadable(errno);
    int err = fstat(fd, &st) != 0 ? err_of_errno(errno) : !S_ISREG(st.st_mode) ? ERR_MALFORMED : ERR_OK;
    if (err == ERR_OK)
        err = read_all(fd, max, out);
    close(fd);
    return err;
}

/* ── walking ──────────────────────────────────────────────────────────────── */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names { char **at; size_t n; };

static void names_cut(struct names *names, size_t most)
{
    qsort(names->at, names->n, sizeof *names->at, by_name);
    while (names->n > most)
        free(names->at[--names->n]);
}

static bool is_file(int dir, const struct dirent *entry)
{
    struct stat st;

    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_REG;
    return fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

/* However many there are, no more than twice DIR_EACH_MAX names are held. */
static int names_read(DIR *dir, const char *after, struct names *names)
{
    const size_t room = 2 * DIR_EACH_MAX;
    struct dirent *entry;

    if ((names->at = calloc(room, sizeof *names->at)) == NULL)
        return ERR_NOMEM;
    while ((errno = 0, entry = readdir(dir)) != NULL) {
        if (!name_good(entry->d_name) || strcmp(entry->d_name, after) <= 0 || !is_file(dirfd(dir), entry))
            continue;
        if (names->n == room)
            names_cut(names, DIR_EACH_MAX);
        if ((names->at[names->n] = strdup(entry->d_name)) == NULL)
            return ERR_NOMEM;
        names->n++;
    }
    if (errno != 0)
        return err_of_errno(errno);
    names_cut(names, DIR_EACH_MAX);
    return ERR_OK;
}

int dir_each(const char *path, int (*each)(void *arg, const char *name), void *arg)
{
    return dir_each_after(path, "", each, arg);
}

int dir_each_after(const char *path, const char *after, int (*each)(void *arg, const char *name), void *arg)
{
    struct names names = { 0 };
    DIR *dir = opendir(path);

    if (dir == NULL)
        return err_of_errno(errno);
    int err = names_read(dir, after, &names);
    closedir(dir);
    for (size_t i = 0; i < names.n && err == ERR_OK; i++)
        err = each(arg, names.at[i]);
    for (size_t i = 0; i < names.n; i++)
        free(names.at[i]);
    free(names.at);
    return err;
}

/* The folder above is synced with what was made in it: a file that is safe in a folder that is not there is lost. */
static int make_one(const char *path, unsigned mode)
{
    if (mkdir(path, mode) != 0)
        return errno == EEXIST ? ERR_OK : err_of_errno(errno);
    int err = dir_sync_above(path);
    return err == ERR_DENIED ? ERR_OK : err;    /* it may be written to and not be read */
}

int dir_make(const char *dir, unsigned mode)
{
    char path[PATH_ROOM];
    struct stat st;
    int err = ERR_OK;

    if ((size_t)snprintf(path, sizeof path, "%s", dir) >= sizeof path || path[0] == '\0')
        return ERR_MALFORMED;
    for (char *slash = strchr(path + 1, '/'); slash != NULL && err == ERR_OK; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        err = make_one(path, mode);
        *slash = '/';
    }
    if (err == ERR_OK)
        err = make_one(path, mode);
    if (err != ERR_OK)
        return err;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? ERR_OK : ERR_EXISTS;
}
