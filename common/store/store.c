#include "common/store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/files.h"
#include "common/core/log.h"
#include "common/store/store_mdb.h"

/* The tables of common/, in every store. The journal's fold makes the timers, so they are state. */
static const struct table_def FRAME_TABLES[TABLE_OWN] = {
    [TABLE_META]       = { "meta",       TABLE_FRAME },
    [TABLE_ENTRIES]    = { "entries",    TABLE_FRAME },
    [TABLE_VERDICTS]   = { "verdicts",   TABLE_FRAME },
    [TABLE_CURSORS]    = { "cursors",    TABLE_FRAME },
    [TABLE_TIMERS]     = { "timers",     TABLE_STATE },
    [TABLE_TROUBLE]    = { "trouble",    TABLE_FRAME },
    [TABLE_SENDERS]    = { "senders",    TABLE_FRAME },
    [TABLE_VAULT_KEYS] = { "vault_keys", TABLE_VAULT },
};

int err_of_mdb(int rc)
{
    switch (rc) {
    case MDB_SUCCESS:          return ERR_OK;
    case MDB_NOTFOUND:         return ERR_NOTFOUND;
    case MDB_MAP_FULL:         return ERR_FULL;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH: return ERR_CORRUPT;
    case MDB_PANIC:            return ERR_IO;
    default:                   return rc > 0 ? err_of_errno(rc) : ERR_IO;
    }
}

static int make_dir(const char *dir)
{
    return mkdir(dir, 0700) == 0 || errno == EEXIST ? ERR_OK : err_of_errno(errno);
}

/* One process, one environment: LMDB's own lock file would let a second one in. */
static int take_lock(struct store *s)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/store.lock", s->dir);
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock == -1)
        return err_of_errno(errno);
    return flock(s->lock, LOCK_EX | LOCK_NB) == 0 ? ERR_OK : errno == EWOULDBLOCK ? ERR_BUSY : ERR_IO;
}

static int file_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
    if (fd == -1)
        return err_of_errno(errno);
    rc = fsync(fd);
    int saved = errno;
    close(fd);
    return rc == 0 ? ERR_OK : err_of_errno(saved);
}

/* A new environment is made aside and renamed when it is whole and safe: a crash in the middle of it must not
 * leave a file that looks like a store and does not open. */
static int make_environment(const struct store *s)
{
    MDB_env *env = NULL;
    char file[4096], part[4096], part_file[4200], part_lock[4200];
    int err, rc;

    snprintf(file, sizeof file, "%s/data.mdb", s->dir);
    if (access(file, F_OK) == 0)
        return ERR_OK;
    if (snprintf(part, sizeof part, "%s/new", s->dir) >= (int)sizeof part)
        return ERR_MALFORMED;
    snprintf(part_file, sizeof part_file, "%s/data.mdb", part);
    snprintf(part_lock, sizeof part_lock, "%s/lock.mdb", part);
    unlink(part_file);
    unlink(part_lock);
    if ((err = make_dir(part)) != ERR_OK)
        return err;
    if ((rc = mdb_env_create(&env)) == 0 && (rc = mdb_env_open(env, part, MDB_NOTLS, 0600)) == 0)
        rc = mdb_env_sync(env, 1);
    if (env != NULL)
        mdb_env_close(env);
    if ((err = err_of_mdb(rc)) == ERR_OK && rename(part_file, file) != 0)
        err = err_of_errno(errno);
    unlink(part_file);
    unlink(part_lock);
    rmdir(part);
    return err == ERR_OK ? dir_sync(s->dir) : err;
}

static int open_tables(struct store *s)
{
    MDB_txn *txn = NULL;
    int rc = mdb_txn_begin(s->env, NULL, 0, &txn);
    for (size_t t = 0; t < s->table_count && rc == 0; t++)
        rc = mdb_dbi_open(txn, s->table[t].name, MDB_CREATE, &s->dbi[t]);
    if (rc == 0)
        return mdb_txn_commit(txn);
    if (txn != NULL)
        mdb_txn_abort(txn);
    return rc;
}

static int open_environment(struct store *s, const struct store_options *options)
{
    unsigned flags = MDB_NOTLS;
    int dead = 0, rc;
    if (options->no_sync || SABOTAGE("nosync"))
        flags |= MDB_NOSYNC;
    if ((rc = mdb_env_create(&s->env)) != 0 ||
        (rc = mdb_env_set_maxdbs(s->env, STORE_TABLES_MAX)) != 0 ||
        (rc = mdb_env_set_mapsize(s->env, s->map_size)) != 0 ||
        (rc = mdb_env_open(s->env, options->dir, flags, 0600)) != 0)
        return err_of_mdb(rc);
    mdb_reader_check(s->env, &dead);
    return err_of_mdb(open_tables(s));
}

int store_open(struct store **out, const struct store_options *options)
{
    struct store *s = calloc(1, sizeof *s);
    int err;

    *out = NULL;
    if (s == NULL)
        return ERR_NOMEM;
    assert(TABLE_OWN + options->table_count <= STORE_TABLES_MAX);
    s->lock = -1;
    s->map_size = options->map_size != 0 ? options->map_size : STORE_MAP_SIZE;
    s->reserve = options->reserve_bytes;
    s->table_count = TABLE_OWN + options->table_count;
    memcpy(s->table, FRAME_TABLES, sizeof FRAME_TABLES);
    if (options->table_count > 0)
        memcpy(s->table + TABLE_OWN, options->tables, options->table_count * sizeof *options->tables);
    s->dir = strdup(options->dir);
    if (s->dir == NULL)
        err = ERR_NOMEM;
    else if ((err = make_dir(options->dir)) == ERR_OK && (err = take_lock(s)) == ERR_OK &&
             (options->no_sync || (err = make_environment(s)) == ERR_OK))
        err = open_environment(s, options);
    if (err != ERR_OK)
        store_close(&s);
    *out = s;
    return err;
}

void store_close(struct store **store)
{
    struct store *s = *store;
    if (s == NULL)
        return;
    if (s->env != NULL)
        mdb_env_close(s->env);
    if (s->lock != -1)
        close(s->lock);
    free(s->dir);
    buf_free(&s->scratch);
    free(s);
    *store = NULL;
}

bool store_broken(const struct store *store)
{
    return store->broken;
}

size_t store_table_count(const struct store *store)
{
    return store->table_count;
}

const struct table_def *store_table(const struct store *store, table_t table)
{
    return &store->table[table];
}

const char *store_dir(const struct store *store)
{
    return store->dir;
}

void store_usage(struct store *store, struct store_usage *usage)
{
    MDB_envinfo info;
    MDB_stat stat;
    struct statvfs disk;
    struct stat file;
    char path[4096];

    mdb_env_info(store->env, &info);
    mdb_env_stat(store->env, &stat);
    snprintf(path, sizeof path, "%s/data.mdb", store->dir);
    *usage = (struct store_usage){
        .map_bytes = info.me_mapsize,
        .used_bytes = (uint64_t)(info.me_last_pgno + 1) * stat.ms_psize,
    };
    if (statvfs(store->dir, &disk) == 0)
        usage->disk_free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (stat.ms_psize != 0 && lstat(path, &file) == 0)
        usage->file_bytes = (uint64_t)file.st_blocks * 512;
}

/* Deleting needs pages too, so the map has to keep some: commands stop at nine tenths of it. */
bool store_has_room(struct store *store)
{
    struct store_usage usage;
    store_usage(store, &usage);
    return SABOTAGE("no_reserve") || (usage.disk_free_bytes >= store->reserve && usage.used_bytes < usage.map_bytes / 10 * 9);
}

void store_check_readers(struct store *store)
{
    int dead = 0;
    mdb_reader_check(store->env, &dead);
    if (dead > 0)
        log_warning("store", "freed %d slots of readers that died", dead);
}

/* Copied beside and renamed when it is whole: a directory with the final name is a whole backup. */
int store_backup(struct store *store, const char *dir)
{
    char part[4096], file[4200];
    int err;

    if (access(dir, F_OK) == 0)
        return ERR_EXISTS;
    if (snprintf(part, sizeof part, "%s.part", dir) >= (int)sizeof part)
        return ERR_MALFORMED;
    snprintf(file, sizeof file, "%s/data.mdb", part);
    unlink(file);
    if ((err = make_dir(part)) != ERR_OK)
        return err;
    int rc = mdb_env_copy2(store->env, part, MDB_CP_COMPACT);
    if (rc != 0) {
        unlink(file);
        rmdir(part);
        return err_of_mdb(rc);
    }
    FAILPOINT("backup_middle");
    if ((err = file_sync(file)) != ERR_OK || (err = dir_sync(part)) != ERR_OK)
        return err;
    if (rename(part, dir) != 0)
        return err_of_errno(errno);
    return dir_sync_above(dir);
}
