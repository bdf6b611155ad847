#pragma once
#include "common/core/bytes.h"

/* files: a folder in which files come and go: whole or not at all, and there after a power cut.
 *
 * Names      one component: no '/', not beginning with '.'. Dot files are what is being written: dir_each() leaves
 *            them out, and file_put() overwrites those of an attempt that was cut off.
 * Errors     ERR_OK, ERR_NOTFOUND, ERR_EXISTS, ERR_FULL, ERR_IO, ERR_MALFORMED (a bad name or too long a path).
 * Threads    any; two that write the same name at once: the caller's business. */
#define FILE_NAME_MAX  200
#define DIR_EACH_MAX   10000

/* Written aside, synced, renamed, the folder synced; mode 0640. The same name with the same bytes is there already:
 * ERR_OK and nothing is done; with other bytes: ERR_EXISTS. */
int  file_put(const char *dir, const char *name, struct bytes bytes);
/* The same, but in place of what is there. */
int  file_put_over(const char *dir, const char *name, struct bytes bytes);
/* The whole file, appended to `out`. ERR_FULL: it is larger than `max` bytes, and nothing was appended. ERR_MALFORMED:
 * not a regular file (nobody waits for the other end of a pipe). */
int  file_get(const char *path, size_t max, struct buf *out);
/* To another folder of the same file system, both synced. ERR_EXISTS: the name is taken there. */
int  file_move(const char *dir, const char *name, const char *to_dir, const char *to_name);
int  file_drop(const char *dir, const char *name);     /* ERR_OK also when it has gone */
/* Regular files in the order of their names (memcmp), the first DIR_EACH_MAX of them; each() returning other than
 * ERR_OK ends it and is returned. */
int  dir_each(const char *dir, int (*each)(void *arg, const char *name), void *arg);
/* The same from behind a name on: so a folder of any size is walked page by page. */
int  dir_each_after(const char *dir, const char *after, int (*each)(void *arg, const char *name), void *arg);
/* What was made, renamed or removed in a folder is safe when the folder is. */
int  dir_sync(const char *dir);
int  dir_sync_above(const char *path);                  /* the folder that the path stands in */
int  dir_make(const char *dir, unsigned mode);          /* with those above it; ERR_OK when it is there */
