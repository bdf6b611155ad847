#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/files.h"
#include "common/service/machine_parts.h"

/* For a store at rest: is the chain whole, is the state its fold, a backup made into a store again. */

#define REBUILD_BATCH 500

int machine_verify(struct machine *machine, uint64_t *checked, uint64_t *bad, const char **why)
{
    return journal_verify(machine->store, checked, bad, why);
}

/* Applies up to REBUILD_BATCH entries after `*applied`, read from one store, to the tables of another
 * (perhaps the same). Group borders do not matter: apply looks at one entry at a time. */
static int fold_some(struct machine *m, struct txn *from, struct txn *to, struct arena *arena, uint64_t *applied)
{
    struct bytes stored;
    struct hash hash;
    struct msg_error error;
    for (int i = 0; i < REBUILD_BATCH && journal_raw(from, *applied + 1, &stored, &hash); i++) {
        struct entry entry;
        arena_reset(arena);
        if (msg_decode(&entry_desc, stored, MSG_LENIENT, arena, &entry, &error) != ERR_OK)
            txn_fail(to, ERR_CORRUPT);
        entry_apply(m, to, arena, &entry);
        if (to->err != ERR_OK) {
            log_error("rebuild", "entry %llu, %s: %s", (unsigned long long)entry.number, entry.event, err_text(to->err));
            return to->err;
        }
        ++*applied;
    }
    return from->err;
}

static void clear_state(struct store *store, struct txn *txn)
{
    for (table_t t = 0; t < store_table_count(store); t++)
        if (store_table(store, t)->kind == TABLE_STATE)
            txn_clear(txn, t);
}

/* In place, in batches; `rebuilding` and `applied` in the meta record let a later start go on. */
static int rebuild_in_place(struct machine *m)
{
    struct arena arena = { 0 };
    int err = ERR_OK;
    bool first = !m->meta.rebuilding || m->meta.state_version != m->service->state_version;
    uint64_t applied = first ? 0 : m->meta.applied;

    m->meta.rebuilding = true;
    m->meta.state_version = m->service->state_version;
    while (err == ERR_OK && m->meta.rebuilding) {
        struct txn txn;
        txn_begin(&txn, m->store, TXN_WRITE);
        if (first)
            clear_state(m->store, &txn);
        first = false;
        txn_fail(&txn, fold_some(m, &txn, &txn, &arena, &applied));
        m->meta.applied = applied;
        m->meta.rebuilding = applied < m->head.number;
        journal_meta_put(&txn, &m->meta);
        err = txn_end(&txn);
    }
    arena_free(&arena);
    return err;
}

static void remove_store(const char *dir)
{
    static const char *const files[] = { "data.mdb", "lock.mdb", "store.lock" };
    char path[4096];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    rmdir(dir);
}

static int fold_aside(struct machine *m, struct store *aside)
{
    struct arena arena = { 0 };
    uint64_t applied = 0, before;
    int err = ERR_OK;
    do {
        struct txn from, to;
        before = applied;
        txn_begin(&from, m->store, TXN_READ);
        txn_begin(&to, aside, TXN_WRITE);
        txn_fail(&to, fold_some(m, &from, &to, &arena, &applied));
        err = txn_end(&to);
        int err_from = txn_end(&from);
        err = err != ERR_OK ? err : err_from;
    } while (err == ERR_OK && applied > before);
    arena_free(&arena);
    return err;
}

int machine_rebuild(struct machine *machine, bool replace, bool *same)
{
    char dir[4096];
    struct store *aside = NULL;
    struct hash live, again;

    *same = true;
    if (replace)
        return rebuild_in_place(machine);
    if (snprintf(dir, sizeof dir, "%s/rebuild", store_dir(machine->store)) >= (int)sizeof dir)
        return ERR_MALFORMED;
    remove_store(dir);
    struct store_options options = { .dir = dir, .tables = machine->service->tables,
                                     .table_count = machine->service->table_count, .no_sync = true };
    int err = store_open(&aside, &options);
    if (err == ERR_OK)
        err = fold_aside(machine, aside);
    if (err == ERR_OK)
        err = store_digest(aside, TABLE_STATE, &again);
    if (err == ERR_OK)
        err = store_digest(machine->store, TABLE_STATE, &live);
    if (err == ERR_OK)
        *same = hash_equal(&live, &again);
    store_close(&aside);
    remove_store(dir);
    return err;
}

/* ── restoring ────────────────────────────────────────────────────────────── */

static int copy_file(const char *from, const char *to)
{
    char block[1 << 16];
    ssize_t n = 0;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in == -1 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int err = out == -1 ? err_of_errno(errno) : ERR_OK;
    while (err == ERR_OK && (n = read(in, block, sizeof block)) > 0)
        for (ssize_t done = 0, w; done < n && err == ERR_OK; done += w)
            if ((w = write(out, block + done, (size_t)(n - done))) <= 0) {
                err = err_of_errno(errno);
                w = n;
            }
    if (n < 0 || (err == ERR_OK && fsync(out) != 0))
        err = err_of_errno(errno);
    if (in != -1)
        close(in);
    if (out != -1 && close(out) != 0 && err == ERR_OK)
        err = err_of_errno(errno);
    return err;
}

/* A restored store is another incarnation: its numbers will be used again for other entries, and who
 * followed further than this has to notice. The restoring is an entry itself. */
static int begin_incarnation(struct machine *m)
{
    struct txn txn;
    struct arena arena = { 0 };
    struct entry_cause cause = { .command = uuid_new() };
    m->meta.incarnation = uuid_new();
    moment_t now = m->clock.wall(m->clock.self);
    struct entry entry = { .number = m->head.number + 1, .group = m->head.number + 1, .last = true,
                           .moment = now > m->head.moment ? now : m->head.moment, .event = ENTRY_RESTORED,
                           .version = 1, .cause = &cause, .body = bytes("\x80", 1) };
    txn_begin(&txn, m->store, TXN_WRITE);
    journal_append(&txn, &m->head, &m->meta.journal, &entry);
    journal_meta_put(&txn, &m->meta);
    int err = txn_end(&txn);
    arena_free(&arena);
    return err;
}

/* Checked, and another incarnation, before it has the name by which a daemon would find it. */
static int restore_aside(const struct service *bare, const char *backup_dir, const char *part, char says[400])
{
    struct machine_options options = { .dir = part, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM, .says = says };
    struct machine *m = NULL;
    uint64_t checked, bad;
    const char *why;
    int err = machine_open(&m, bare, &options);
    if (err == ERR_OK && (err = machine_verify(m, &checked, &bad, &why)) != ERR_OK)
        snprintf(says, 400, "%s: entry %llu: %s", backup_dir, (unsigned long long)bad, why != NULL ? why : err_text(err));
    if (err == ERR_OK && (err = begin_incarnation(m)) != ERR_OK)
        snprintf(says, 400, "%s: %s", part, err_text(err));
    machine_close(&m);
    return err;
}

int machine_restore(const struct service *service, const char *backup_dir, const char *dir, char says[400])
{
    char from[4096], to[4200], part[4096];
    /* The service's settings are not needed to bring its store back. */
    struct service bare = *service;
    bare.configure = NULL;

    snprintf(from, sizeof from, "%s/data.mdb", backup_dir);
    snprintf(to, sizeof to, "%s/data.mdb", dir);
    if (access(to, F_OK) == 0) {
        snprintf(says, 400, "%s: there is a store already; move it away first", dir);
        return ERR_EXISTS;
    }
    if (snprintf(part, sizeof part, "%s.restoring", dir) >= (int)sizeof part)
        return ERR_MALFORMED;
    remove_store(part);                     /* of a restore that did not come to its end */
    if (mkdir(part, 0700) != 0) {
        snprintf(says, 400, "%s: %s", part, strerror(errno));
        return err_of_errno(errno);
    }
    snprintf(to, sizeof to, "%s/data.mdb", part);
    int err = copy_file(from, to);
    if (err != ERR_OK)
        snprintf(says, 400, "%s: %s", from, err_text(err));
    else
        err = restore_aside(&bare, backup_dir, part, says);
    if (err == ERR_OK && rename(part, dir) != 0) {
        err = err_of_errno(errno);
        snprintf(says, 400, "%s: %s", dir, strerror(errno));
    }
    if (err != ERR_OK)
        remove_store(part);
    return err == ERR_OK ? dir_sync_above(dir) : err;
}
