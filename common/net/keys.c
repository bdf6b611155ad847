/* keys: the files of a key directory: NAME.secret, and principals.yaml as it is changed. */
#include "common/net/keys_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "common/codec/text_forms.h"
#include "common/core/err.h"
#include "common/core/files.h"

#define PATH_ROOM 512
#define LOCK_FILE ".lock"

MSG_DEFINE(principal_row, PRINCIPAL_ROW_FIELDS)
MSG_DEFINE(principal_table, PRINCIPAL_TABLE_FIELDS)

#define SECRET_FIELDS(X, S)                              \
    X(S, UUID, id,         _, 0,        0,        REQUIRED) \
    X(S, STR,  public_key, _, KEY_TEXT, KEY_TEXT, REQUIRED) \
    X(S, STR,  secret_key, _, KEY_TEXT, KEY_TEXT, REQUIRED)
MSG_DECLARE(secret, SECRET_FIELDS)
MSG_DEFINE(secret, SECRET_FIELDS)

int says_fault(char says[SAYS], int err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(says, SAYS, format, args);
    va_end(args);
    return err;
}

static int says_errno(char says[SAYS], const char *what, const char *path)
{
    int saved = errno;

    return says_fault(says, err_of_errno(saved), "%s: %s: %s", path, what, strerror(saved));
}

static bool path_of(char path[PATH_ROOM], const char *dir, const char *name, const char *ending)
{
    return (size_t)snprintf(path, PATH_ROOM, "%s/%s%s", dir, name, ending) < PATH_ROOM;
}

static bool name_good(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");

    return n > 0 && n <= KEY_NAME_MAX && name[n] == '\0';
}

/* ── a whole file, or none of it ──────────────────────────────────────────── */

static int write_all(int fd, struct bytes bytes)
{
    const char *at = bytes.at;

    for (size_t left = bytes.n; left > 0;) {
        ssize_t n = write(fd, at, left);
        if (n < 0 && errno != EINTR)
            return -1;
        if (n > 0) {
            at += n;
            left -= (size_t)n;
        }
    }
    return fsync(fd);
}

static int file_replace(const char *dir, const char *path, struct bytes bytes, mode_t mode, char says[SAYS])
{
    char aside[PATH_ROOM + 8];

    snprintf(aside, sizeof aside, "%s.new", path);
    unlink(aside);
    int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return says_errno(says, "cannot be made", aside);
    int rc = fchmod(fd, mode) != 0 || write_all(fd, bytes) != 0 ? -1 : 0;
    int saved = errno;
    if (close(fd) != 0 && rc == 0) {
        rc = -1;
        saved = errno;
    }
    errno = saved;
    if (rc != 0 || rename(aside, path) != 0) {
        int err = says_errno(says, "cannot be written", path);
        unlink(aside);
        return err;
    }
    int err = dir_sync(dir);
    if (err != ERR_OK)
        snprintf(says, SAYS, "%s: cannot be synced: %s", dir, err_text(err));
    return err;
}

/* The directory's lock, held while files in it change; closing gives it back. */
static int dir_lock(const char *dir, char says[SAYS])
{
    char path[PATH_ROOM];

    if (!path_of(path, dir, LOCK_FILE, ""))
        return says_fault(says, -1, "%s: the path is too long", dir);
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        says_errno(says, "cannot be made", dir);
        return -1;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) {
        says_errno(says, "cannot be locked", path);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

/* ── key pairs ────────────────────────────────────────────────────────────── */

void key_wipe(struct key_pair *pair)
{
    explicit_bzero(pair, sizeof *pair);
}

static int pair_write(const char *dir, const struct key_pair *pair, char says[SAYS])
{
    char path[PATH_ROOM], text[400], id[UUID_TEXT + 1];

    if (!path_of(path, dir, pair->name, ".secret"))
        return says_fault(says, ERR_MALFORMED, "%s: the path is too long", dir);
    uuid_format(&pair->id, id);
    int n = snprintf(text, sizeof text,
                     "# A secret key: whoever can read this file can speak in its principal's name.\n"
                     "id: %s\npublic_key: \"%s\"\nsecret_key: \"%s\"\n", id, pair->public_key, pair->secret_key);
    int err = file_replace(dir, path, bytes(text, (size_t)n), 0600, says);
    explicit_bzero(text, sizeof text);
    return err;
}

static int pair_make(struct key_pair *pair, const char *name, const struct uuid *id, char says[SAYS])
{
    *pair = (struct key_pair){ .id = id != NULL && !uuid_is_nil(id) ? *id : uuid_new() };
    snprintf(pair->name, sizeof pair->name, "%s", name);
    if (zmq_curve_keypair(pair->public_key, pair->secret_key) == 0)
        return ERR_OK;
    return says_fault(says, ERR_IO, "this libzmq was built without CURVE");
}

static int name_check(const char *name, char says[SAYS])
{
    if (name_good(name))
        return ERR_OK;
    return says_fault(says, ERR_MALFORMED, "key name: 1 to %d of a-z, 0-9, - and _", KEY_NAME_MAX);
}

int key_new(const char *dir, const char *name, const struct uuid *id, struct key_pair *pair, char says[SAYS])
{
    char path[PATH_ROOM];
    int err = name_check(name, says);
    int lock = err == ERR_OK ? dir_lock(dir, says) : -1;

    if (lock < 0)
        return err != ERR_OK ? err : ERR_IO;
    if (path_of(path, dir, name, ".secret") && access(path, F_OK) == 0)
        err = says_fault(says, ERR_EXISTS, "%s: is there already", path);
    else if ((err = pair_make(pair, name, id, says)) == ERR_OK)
        err = pair_write(dir, pair, says);
    close(lock);
    return err;
}

int key_rotate(const char *dir, const char *name, struct key_pair *pair, char says[SAYS])
{
    struct key_pair old;
    int err = key_load(dir, name, &old, says);
    int lock = err == ERR_OK ? dir_lock(dir, says) : -1;

    if (lock < 0)
        return err != ERR_OK ? err : ERR_IO;
    if ((err = pair_make(pair, name, &old.id, says)) == ERR_OK)
        err = pair_write(dir, pair, says);
    key_wipe(&old);
    close(lock);
    return err;
}

static int secret_private(const char *path, char says[SAYS])
{
    struct stat st;

    if (stat(path, &st) != 0)
        return says_errno(says, "cannot be read", path);
    if ((st.st_mode & 077) == 0)
        return ERR_OK;
    return says_fault(says, ERR_DENIED, "%s: mode %04o lets others at a secret key; it has to be 0600",
                      path, st.st_mode & 07777);
}

int key_load(const char *dir, const char *name, struct key_pair *pair, char says[SAYS])
{
    struct arena arena = { 0 };
    struct secret secret;
    char path[PATH_ROOM], public_key[KEY_TEXT + 1];
    int err = name_check(name, says);

    if (err != ERR_OK || !path_of(path, dir, name, ".secret") || (err = secret_private(path, says)) != ERR_OK)
        return err != ERR_OK ? err : ERR_MALFORMED;
    if ((err = config_read(path, &secret_desc, &arena, &secret, says)) == ERR_OK) {
        *pair = (struct key_pair){ .id = secret.id };
        snprintf(pair->name, sizeof pair->name, "%s", name);
        snprintf(pair->public_key, sizeof pair->public_key, "%s", secret.public_key);
        snprintf(pair->secret_key, sizeof pair->secret_key, "%s", secret.secret_key);
        explicit_bzero((char *)(uintptr_t)secret.secret_key, KEY_TEXT);
        if (zmq_curve_public(public_key, pair->secret_key) != 0 || strcmp(public_key, pair->public_key) != 0)
            err = says_fault(says, ERR_MALFORMED, "%s: public_key is not that of secret_key", path);
    }
    arena_free(&arena);
    return err;
}

/* ── changing the table ───────────────────────────────────────────────────── */

struct change { int lock; char path[PATH_ROOM]; struct arena arena; struct principal_table table; };

static int change_begin(struct change *change, const char *dir, char says[SAYS])
{
    *change = (struct change){ .lock = dir_lock(dir, says) };
    if (change->lock < 0 || !path_of(change->path, dir, PRINCIPALS_FILE, ""))
        return ERR_IO;
    if (access(change->path, F_OK) != 0)
        return errno == ENOENT ? ERR_OK : says_errno(says, "cannot be read", change->path);
    return config_read(change->path, &principal_table_desc, &change->arena, &change->table, says);
}

/* Text in double quotes as YAML reads it; a name is UTF-8 without zero bytes by its descriptor. */
static void quote(struct buf *out, const char *text)
{
    buf_byte(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            buf_byte(out, '\\');
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            buf_format(out, "\\x%02x", (unsigned char)*text);
        else
            buf_byte(out, (uint8_t)*text);
    }
    buf_byte(out, '"');
}

static void row_write(struct buf *out, const struct principal_row *row)
{
    char id[UUID_TEXT + 1];

    uuid_format(&row->id, id);
    buf_format(out, "  - id: %s\n    name: ", id);
    quote(out, row->name);
    buf_text(out, "\n    role: ");
    quote(out, row->role);
    buf_text(out, "\n    public_key: ");
    quote(out, row->public_key);
    if (row->all)
        buf_text(out, "\n    all: true");
    for (uint32_t i = 0; i < row->scopes.n; i++) {
        uuid_format(&row->scopes.at[i], id);
        buf_format(out, "%s%s", i == 0 ? "\n    scopes: [" : ", ", id);
    }
    if (row->scopes.n > 0)
        buf_byte(out, ']');
    if (row->revoked)
        buf_text(out, "\n    revoked: true");
    buf_byte(out, '\n');
}

static int change_end(struct change *change, const char *dir, int err, char says[SAYS])
{
    struct buf out = { 0 };
    struct msg_error error;

    if (err == ERR_OK && msg_check(&principal_table_desc, &change->table, &error) != ERR_OK) {
        err = says_fault(says, ERR_MALFORMED, "%s: %s: %s, limit %lld", change->path, error.path, error.rule, (long long)error.limit);
    }
    if (err == ERR_OK) {
        buf_text(&out, "# Who may speak. Public keys alone: copied to every machine. Nothing is deleted, only revoked.\n");
        buf_text(&out, change->table.principals.n > 0 ? "principals:\n" : "principals: []\n");
        for (uint32_t i = 0; i < change->table.principals.n; i++)
            row_write(&out, &change->table.principals.at[i]);
        err = file_replace(dir, change->path, buf_bytes(&out), 0644, says);
    }
    buf_free(&out);
    arena_free(&change->arena);
    if (change->lock >= 0)
        close(change->lock);
    return err;
}

static int table_add(struct change *change, const struct principal_row *row, char says[SAYS])
{
    uint32_t n = change->table.principals.n;
    struct principal_row *rows = ARENA_LIST(&change->arena, struct principal_row, n + 1);

    for (uint32_t i = 0; i < n; i++) {
        const struct principal_row *other = &change->table.principals.at[i];
        bool same_name = strcmp(other->name, row->name) == 0, same_id = uuid_equal(&other->id, &row->id);
        if (same_name != same_id)
            return says_fault(says, ERR_EXISTS, "%s: %s belongs to another %s", change->path,
                              same_name ? row->name : "the id", same_name ? "principal" : "name");
        if (strcmp(other->public_key, row->public_key) == 0)
            return says_fault(says, ERR_EXISTS, "%s: the key is listed already", change->path);
        rows[i] = *other;
    }
    rows[n] = *row;
    change->table.principals.at = rows;
    change->table.principals.n = n + 1;
    return ERR_OK;
}

int principals_add(const char *dir, const struct principal_row *row, char says[SAYS])
{
    struct change change;
    int err = change_begin(&change, dir, says);

    if (err == ERR_OK)
        err = table_add(&change, row, says);
    return change_end(&change, dir, err, says);
}

static int mark_revoked(const char *dir, const char *public_key, const struct uuid *id, char says[SAYS])
{
    struct change change;
    uint32_t found = 0;
    int err = change_begin(&change, dir, says);

    for (uint32_t i = 0; err == ERR_OK && i < change.table.principals.n; i++) {
        struct principal_row *row = &change.table.principals.at[i];
        if (public_key != NULL ? strcmp(row->public_key, public_key) == 0 : uuid_equal(&row->id, id)) {
            row->revoked = true;
            found++;
        }
    }
    if (err == ERR_OK && found == 0) {
        err = says_fault(says, ERR_NOTFOUND, "%s: no such %s", change.path, public_key != NULL ? "key" : "principal");
    }
    return change_end(&change, dir, err, says);
}

int principals_revoke_key(const char *dir, const char *public_key, char says[SAYS])
{
    return mark_revoked(dir, public_key, NULL, says);
}

int principals_revoke(const char *dir, const struct uuid *id, char says[SAYS])
{
    return mark_revoked(dir, NULL, id, says);
}

int principals_rotate(const char *dir, const struct key_pair *pair, char says[SAYS])
{
    struct change change;
    struct principal_row row = { 0 };
    int err = change_begin(&change, dir, says);

    for (uint32_t i = 0; err == ERR_OK && i < change.table.principals.n; i++)
        if (uuid_equal(&change.table.principals.at[i].id, &pair->id) && !change.table.principals.at[i].revoked)
            row = change.table.principals.at[i];
    if (err == ERR_OK && row.name == NULL) {
        err = says_fault(says, ERR_NOTFOUND, "%s: no live key of this principal", change.path);
    }
    row.public_key = pair->public_key;
    if (err == ERR_OK)
        err = table_add(&change, &row, says);
    return change_end(&change, dir, err, says);
}
