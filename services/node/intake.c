#include "services/node/intake_parts.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/core/files.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "proto/roster_intake.h"

#define LOOK_MS   1000
#define UNREAD_HOLDS 5                      /* looks; then those behind it do not wait for it any more */
#define LATER     (10 * MOMENT_SECOND)


static uint64_t changed_at(const struct stat *st)
{
    return (uint64_t)st->st_mtim.tv_sec * 1000000000u + (uint64_t)st->st_mtim.tv_nsec;
}

static bool is_same(const struct intake_seen *seen, const struct stat *st)
{
    return seen->size == (uint64_t)st->st_size && seen->changed == changed_at(st) && seen->node == (uint64_t)st->st_ino;
}

/* True when it has not changed for a while and is not done with. */
static bool is_still(struct intake_seen *seen, const struct stat *st, moment_t now)
{
    if (seen->since != 0 && is_same(seen, st)) {
        if (seen->since > now)              /* the clock was set back */
            seen->since = now;
        return !seen->done && now - seen->since >= INTAKE_STILL;
    }
    *seen = (struct intake_seen){ .name = seen->name, .size = (uint64_t)st->st_size, .changed = changed_at(st),
                                  .node = (uint64_t)st->st_ino, .since = now };
    return false;
}

/* ── lists under way ──────────────────────────────────────────────────────── */

#define UNDER_WAY_MAX 64
struct under_way { uint32_t n; struct node_file at[UNDER_WAY_MAX]; };

static void read_under_way(struct ctx *ctx, void *arg)
{
    struct under_way *under_way = arg;
    struct bytes key, value;
    struct scan scan;
    struct msg_error error;

    scan_begin(&scan, ctx->txn, T_FILES, bytes(NULL, 0));
    while (under_way->n < UNDER_WAY_MAX && scan_next(&scan, &key, &value))
        under_way->n += msg_decode(&node_file_desc, arena_bytes(ctx->arena, value), MSG_LENIENT, ctx->arena,
                                   &under_way->at[under_way->n], &error) == ERR_OK;
    scan_end(&scan);
}

static void file_close(struct errand *errand, const struct uuid *file)
{
    const struct node_file_id id = { *file };
    const struct problem *problem = NULL;
    struct hash hash = hash_two(bytes(file->b, 16), bytes(&errand->now, sizeof errand->now));
    struct uuid command = uuid_v7(errand->now / MOMENT_MS, hash.b);
    errand_submit(errand, &command, "node.file.close", &node_file_id_desc, &id, NULL, NULL, &problem);
}

static bool is_gone(const char *dir, const char *name)
{
    char path[1100];
    struct stat st;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return lstat(path, &st) != 0 && errno == ENOENT;
}

/* A list whose file has gone, or has become another one under its name, is not under way any more. */
static void close_gone(struct errand *errand, const char *dir, const char *name, const struct uuid *now)
{
    struct under_way *under_way = ARENA_NEW(errand->arena, struct under_way);

    if (errand_read(errand, read_under_way, under_way) != ERR_OK)
        return;
    for (uint32_t i = 0; i < under_way->n; i++) {
        const struct node_file *file = &under_way->at[i];
        bool other = name != NULL && strcmp(file->name, name) == 0 && !uuid_equal(&file->file, now);
        if (other || is_gone(dir, file->name))
            file_close(errand, &file->file);
    }
}

/* ── one file ─────────────────────────────────────────────────────────────── */

/* Of the whole file, under the name of a report: what is wrong, and what becomes of it. */
static int say_whole(struct errand *errand, struct intake *intake, const char *as, const char *token, const char *then)
{
    struct arena arena = { 0 };
    struct report report;
    char limit[16];

    snprintf(limit, sizeof limit, "%u", INTAKE_FILE_MAX >> 20);
    report_start(&report, intake->sentences, &arena);
    report_say(&report, token, &(struct catalogue_arg){ "mb", limit }, 1);
    report_say(&report, then, NULL, 0);
    int err = report_put(&report, errand->files, as);
    report_end(&report);
    arena_free(&arena);
    return err;
}

/* Done with once its report is there. */
static void refuse_whole(struct errand *errand, struct intake *intake, struct intake_seen *seen, const char *as, const char *token)
{
    seen->done = say_whole(errand, intake, as, token, "report.whole") == ERR_OK;
    if (!seen->done) {
        intake->ready = false;              /* its folder has gone, perhaps */
        seen->again = errand->now + LATER;
    }
}

/* What comes after a list may rest on it, and waits; not for ever, where it is this file that is broken. */
static bool unread(struct errand *errand, struct intake *intake, struct intake_seen *seen, int err)
{
    if (err == ERR_NOTFOUND || err == ERR_BUSY)
        return true;                        /* it has gone, or is being written */
    if (++seen->unread < UNREAD_HOLDS)
        return SABOTAGE("node_overtakes");
    if (seen->unread == UNREAD_HOLDS) {
        log_warning("intake", "a list in the folder cannot be read (%s): see its report", err_text(err));
        say_whole(errand, intake, seen->name, "table.unreadable", "report.kept");
    }
    seen->again = errand->now + LATER;
    return true;
}

static int list_get(const char *dir, const char *name, struct buf *content)
{
    char path[1100];
    struct stat st;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    int err = file_get(path, INTAKE_FILE_MAX, content);
    return err == ERR_OK && (stat(path, &st) != 0 || (uint64_t)st.st_size != content->n) ? ERR_BUSY : err;     /* it grew meanwhile */
}

/* ── its map ──────────────────────────────────────────────────────────────── */

static void map_path(const struct errand *errand, const char *dir, const char *name, bool own, char path[1100])
{
    if (own)
        snprintf(path, 1100, "%s/%s" INTAKE_MAP, dir, name);
    else
        snprintf(path, 1100, "%s/" INTAKE_COLUMNS, errand->files);
}

static bool is_map(const char *name)
{
    size_t n = strlen(name), end = sizeof INTAKE_MAP - 1;
    return n > end && strcmp(name + n - end, INTAKE_MAP) == 0;
}

/* Another number when either of the two has come, gone or changed: what was refused for want of it is looked at again. */
static uint64_t map_stamp(const struct errand *errand, const char *dir, const char *name)
{
    uint64_t stamp = 0;
    char path[1100];
    struct stat st;

    for (int own = 0; own < 2; own++) {
        map_path(errand, dir, name, own, path);
        stamp = stamp * 31 + (lstat(path, &st) == 0 ? changed_at(&st) ^ (uint64_t)st.st_size << 48 ^ (uint64_t)st.st_ino : 0);
    }
    return stamp;
}

static int map_get(const struct errand *errand, const char *dir, const char *name, struct buf *map, bool *own)
{
    char path[1100];

    map_path(errand, dir, name, true, path);
    int err = file_get(path, INTAKE_MAP_MAX, map);
    *own = err != ERR_NOTFOUND;
    if (!*own) {
        map_path(errand, dir, name, false, path);
        err = file_get(path, INTAKE_MAP_MAX, map);
    }
    return err == ERR_NOTFOUND ? ERR_OK : err;
}

static void map_drop(const char *dir, const char *name)
{
    char as[NAME_MAX + sizeof INTAKE_MAP];
    snprintf(as, sizeof as, "%s" INTAKE_MAP, name);
    file_drop(dir, as);                     /* titles of columns alone: if it stays, it stays */
}

/* ── its end ──────────────────────────────────────────────────────────────── */

/* Its rows are safe and told of: what is left is a file full of personal data. Not if another one was put in its place
 * meanwhile, whose turn comes. */
static void list_drop(struct errand *errand, const char *dir, const struct intake_seen *seen, const struct uuid *id)
{
    char path[1100];
    struct stat st;

    FAILPOINT("node_list_before_drop");
    snprintf(path, sizeof path, "%s/%s", dir, seen->name);
    bool same = lstat(path, &st) == 0 && is_same(seen, &st);
    if ((same || SABOTAGE("node_drop_any")) && file_drop(dir, seen->name) == ERR_OK) {
        map_drop(dir, seen->name);
        file_close(errand, id);
    }
    FAILPOINT("node_list_dropped");
}

/* The list and its map, each whole or refused. */
static int both_get(const struct errand *errand, const char *dir, const char *name, struct buf *content, struct buf *map, bool *of_map, bool *own)
{
    int err = list_get(dir, name, content);

    *of_map = err == ERR_OK;
    return err == ERR_OK ? map_get(errand, dir, name, map, own) : err;
}

static bool rows_take(struct errand *errand, struct intake *intake, const char *dir, struct intake_seen *seen, struct bytes content,
                      struct bytes map, bool own)
{
    struct uuid id = intake_list_id(seen->name, content, map);

    seen->unread = 0;
    close_gone(errand, dir, seen->name, &id);
    if (SABOTAGE("node_drop_early"))
        list_drop(errand, dir, seen, &id);
    enum rows_end end = intake_rows(errand, intake, seen->name, content, map, own);
    if (end == ROWS_DONE && !SABOTAGE("node_keep_list")) {
        list_drop(errand, dir, seen, &id);
    } else if (end == ROWS_LATER || end == ROWS_UNTOLD) {
        seen->again = errand->now + LATER;
        intake->ready &= end == ROWS_LATER;
    } else
        seen->done = true;
    return end != ROWS_LATER || SABOTAGE("node_overtakes");
}

/* False: what comes after it waits. */
static bool file_take(struct errand *errand, struct intake *intake, const char *dir, struct intake_seen *seen)
{
    struct buf content = { 0 }, map = { 0 };
    bool of_map, own = false, on;
    int err = both_get(errand, dir, seen->name, &content, &map, &of_map, &own);

    if (err == ERR_OK) {
        on = rows_take(errand, intake, dir, seen, buf_bytes(&content), buf_bytes(&map), own);
    } else if (err == ERR_FULL || err == ERR_MALFORMED) {
        refuse_whole(errand, intake, seen, seen->name, of_map ? "table.map_file" : err == ERR_FULL ? "table.too_large" : "table.not_a_file");
        on = true;
    } else
        on = unread(errand, intake, seen, err);
    buf_free(&content);
    buf_free(&map);
    return on;
}

/* A name stands in entries, on screens and in the name of a report: text, of one line, with room for what is added. */
static bool name_good(const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 127)
            return false;
    return n <= INTAKE_NAME_MAX && text_valid(name, n);
}

/* The report has a name of its own, which says the same of the same file. */
static void refuse_name(struct errand *errand, struct intake *intake, struct intake_seen *seen)
{
    struct hash hash = hash_two(bytes("name", 4), bytes(seen->name, strlen(seen->name)));
    char as[24] = "list-";

    for (int i = 0; i < 8; i++)
        snprintf(as + 5 + 2 * i, 3, "%02x", hash.b[i]);
    log_warning("intake", "a file whose name is no text, or too long, is left in the folder: see the report %s", as);
    refuse_whole(errand, intake, seen, as, "table.bad_name");
}

/* False: what comes after it waits. */
static bool look_at(struct errand *errand, struct intake *intake, const char *dir, struct intake_seen *seen)
{
    char path[1100];
    struct stat st;

    snprintf(path, sizeof path, "%s/%s", dir, seen->name);
    if (is_map(seen->name) || lstat(path, &st) != 0)
        return true;
    uint64_t map = map_stamp(errand, dir, seen->name);
    if (seen->map != map)
        seen->done = false;
    if (!is_still(seen, &st, errand->now))
        return true;
    seen->map = map;
    if (seen->again > errand->now + LATER)
        seen->again = errand->now;          /* the clock was set back */
    if (seen->again > errand->now)
        return !seen->holds;
    if (!name_good(seen->name))
        refuse_name(errand, intake, seen);
    else if (!S_ISREG(st.st_mode) && !SABOTAGE("node_follows_links"))
        refuse_whole(errand, intake, seen, seen->name, "table.not_a_file");
    else if ((uint64_t)st.st_size > INTAKE_FILE_MAX)
        refuse_whole(errand, intake, seen, seen->name, "table.too_large");
    else
        return !(seen->holds = !file_take(errand, intake, dir, seen));
    return true;
}

/* ── the step ─────────────────────────────────────────────────────────────── */

/* Again after whatever went wrong with a folder: somebody may have removed it. */
static bool make_ready(struct errand *errand, struct intake *intake)
{
    const struct node_config *config = errand->config;
    char path[800], says[400] = "";

    if (intake->ready || config == NULL)
        return intake->ready;
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", errand->files, i == 0 ? INTAKE_DROP : INTAKE_REPORTS);
        int err = dir_make(path, 0750);
        if (err != ERR_OK) {
            log_error("intake", "%s: %s", path, err_text(err));
            return false;
        }
    }
    if (intake->sentences == NULL &&
        (config->sentences == NULL || catalogue_load(&intake->sentences, config->sentences, says) != ERR_OK))
        log_warning("intake", "no sentences for reports: they will name reasons alone %s", says);
    return intake->ready = true;
}

/* ── the key ──────────────────────────────────────────────────────────────── */

static void read_generation(struct ctx *ctx, void *arg)
{
    uint64_t *generation = arg;
    uint8_t key[32];

    if (node_config(ctx) != NULL && (*generation = intake_now(ctx, key)) == node_config(ctx)->settings.generation)
        *generation = 0;                    /* the one that it was made with */
}

/* Known as a row is, by what it says: entered once, whatever is killed or restored. Refused: not before the next start. */
static void took_tell(struct errand *errand, struct intake *intake)
{
    static const char KEY[] = "roster.intake.took";
    uint64_t generation = 0;

    if (errand_read(errand, read_generation, &generation) != ERR_OK || generation <= intake->told)
        return;
    const struct intake_took took = { generation };
    struct hash key = hash_two(bytes_of(KEY), bytes(NULL, 0)), mark = hash_two(bytes_of(KEY), bytes(&generation, sizeof generation));
    struct node_enter enter = { .method = KEY, .body = msg_encode_in(errand->arena, &intake_took_desc, &took),
                                .row_key = bytes(key.b, NODE_MARK), .row_mark = bytes(mark.b, NODE_MARK) };
    struct uuid id = uuid_v7(errand->now / MOMENT_MS, mark.b);
    const struct problem *problem = NULL;

    int err = errand_submit(errand, &id, "node.item.enter", &node_enter_desc, &enter, NULL, NULL, &problem);
    if (err == ERR_OK && (problem == NULL || problem->code != PROBLEM_UNAVAILABLE))
        intake->told = generation;
}

uint32_t intake_step(struct errand *errand)
{
    struct intake *intake = errand->memory;
    char dir[800];

    if (!make_ready(errand, intake))
        return LOOK_MS;
    snprintf(dir, sizeof dir, "%s/" INTAKE_DROP, errand->files);
    int err = folder_look(intake, dir, errand->arena);
    if (err != ERR_OK) {
        log_warning("intake", "%s: %s", dir, err_text(err));
        intake->ready = false;
        return LOOK_MS;
    }
    close_gone(errand, dir, NULL, NULL);
    took_tell(errand, intake);
    for (uint32_t i = 0; i < intake->seen_n && !errand_ending(errand); i++)
        if (!look_at(errand, intake, dir, &intake->seen[i]))
            break;
    return LOOK_MS;
}

void intake_end(struct errand *errand)
{
    struct intake *intake = errand->memory;
    folder_forget(intake);
    catalogue_free(&intake->sentences);
}
