#include "services/node/intake_parts.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/core/files.h"
#include "common/core/log.h"
#include "common/core/text.h"

#define LOOK_MS   1000
#define LATER     (30 * MOMENT_SECOND)

/* ── the folder ───────────────────────────────────────────────────────────── */

struct names { uint32_t n; char (*at)[NAME_MAX + 1]; };

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static struct names names_of(struct errand *errand, const char *dir)
{
    struct names names = { 0, arena_alloc(errand->arena, INTAKE_NAMES * sizeof *names.at) };
    DIR *open = opendir(dir);
    struct dirent *entry;

    while (open != NULL && names.n < INTAKE_NAMES && (entry = readdir(open)) != NULL) {
        size_t n = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || n > NAME_MAX)
            continue;
        memcpy(names.at[names.n++], entry->d_name, n + 1);
    }
    if (open != NULL)
        closedir(open);
    qsort(names.at, names.n, sizeof *names.at, by_name);
    return names;
}

static struct intake_seen *seen_of(struct intake *intake, const char *name)
{
    for (uint32_t i = 0; i < intake->seen_n; i++)
        if (strcmp(intake->seen[i].name, name) == 0)
            return &intake->seen[i];
    return NULL;
}

static void seen_forget(struct intake *intake, const struct names *names)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < intake->seen_n; i++)
        if (names->n > 0 && bsearch(intake->seen[i].name, names->at, names->n, sizeof *names->at, by_name) != NULL)
            intake->seen[kept++] = intake->seen[i];
    intake->seen_n = kept;
}

/* True when it has not changed for a while and is not done with. */
static bool is_still(struct intake *intake, const char *name, const struct stat *st, moment_t now)
{
    struct intake_seen *seen = seen_of(intake, name);
    uint64_t changed = (uint64_t)st->st_mtim.tv_sec * 1000000000u + (uint64_t)st->st_mtim.tv_nsec;

    if (seen == NULL) {
        if (intake->seen_n == INTAKE_SEEN_MAX)
            return false;                   /* its turn comes when others are done */
        seen = &intake->seen[intake->seen_n++];
        *seen = (struct intake_seen){ 0 };
        snprintf(seen->name, sizeof seen->name, "%s", name);
    } else if (seen->size == (uint64_t)st->st_size && seen->changed == changed && seen->node == (uint64_t)st->st_ino) {
        return !seen->done && now >= seen->again && now - seen->since >= INTAKE_STILL;
    }
    seen->size = (uint64_t)st->st_size;
    seen->changed = changed;
    seen->node = (uint64_t)st->st_ino;
    seen->since = now;
    seen->again = 0;
    seen->done = false;
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

/* A list whose file has gone, or has become another one under its name, is not under way any more. */
static void close_gone(struct errand *errand, const struct names *names, const char *name, const struct uuid *now)
{
    struct under_way *under_way = ARENA_NEW(errand->arena, struct under_way);

    if (errand_read(errand, read_under_way, under_way) != ERR_OK)
        return;
    for (uint32_t i = 0; i < under_way->n; i++) {
        const struct node_file *file = &under_way->at[i];
        bool there = names->n > 0 && bsearch(file->name, names->at, names->n, sizeof *names->at, by_name) != NULL;
        bool other = name != NULL && strcmp(file->name, name) == 0 && !uuid_equal(&file->file, now);
        if (!there || other)
            file_close(errand, &file->file);
    }
}

/* ── one file ─────────────────────────────────────────────────────────────── */

static void refuse_whole(struct errand *errand, struct intake *intake, const char *name, const char *token)
{
    struct arena arena = { 0 };
    struct report report;
    char limit[16];

    snprintf(limit, sizeof limit, "%u", INTAKE_FILE_MAX >> 20);
    report_start(&report, intake->sentences, &arena);
    report_say(&report, token, &(struct catalogue_arg){ "mb", limit }, 1);
    report_say(&report, "report.whole", NULL, 0);
    report_put(&report, errand->files, name);
    report_end(&report);
    arena_free(&arena);
}

static void file_take(struct errand *errand, struct intake *intake, const struct names *names, const char *dir, const char *name)
{
    struct intake_seen *seen = seen_of(intake, name);
    struct buf content = { 0 };
    char path[900];
    struct stat st;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    int err = file_get(path, INTAKE_FILE_MAX, &content);
    if (err == ERR_OK && (stat(path, &st) != 0 || (uint64_t)st.st_size != content.n))
        err = ERR_BUSY;                     /* it grew while it was read */
    if (err != ERR_OK) {
        if (err == ERR_FULL || err == ERR_MALFORMED) {
            refuse_whole(errand, intake, name, err == ERR_FULL ? "table.too_large" : "table.not_a_file");
            seen->done = true;
        }
        buf_free(&content);
        return;
    }
    struct hash hash = hash_two(bytes(name, strlen(name) + 1), buf_bytes(&content));
    struct uuid id = uuid_derive("list", bytes(hash.b, sizeof hash.b));
    close_gone(errand, names, name, &id);
    enum rows_end end = intake_rows(errand, intake, name, buf_bytes(&content));
    buf_free(&content);
    seen = seen_of(intake, name);
    if (end == ROWS_DONE && !SABOTAGE("node_keep_list")) {
        FAILPOINT("node_list_before_drop");
        if (file_drop(dir, name) == ERR_OK)
            file_close(errand, &id);
        FAILPOINT("node_list_dropped");
    } else if (end == ROWS_LATER)
        seen->again = errand->now + LATER;
    else
        seen->done = true;
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
static void refuse_name(struct errand *errand, struct intake *intake, const char *name)
{
    struct hash hash = hash_two(bytes("name", 4), bytes(name, strlen(name)));
    char as[24] = "list-";

    for (int i = 0; i < 8; i++)
        snprintf(as + 5 + 2 * i, 3, "%02x", hash.b[i]);
    log_warning("intake", "a file whose name is no text, or too long, is left in the folder: see the report %s", as);
    refuse_whole(errand, intake, as, "table.bad_name");
    seen_of(intake, name)->done = true;
}

static void look_at(struct errand *errand, struct intake *intake, const struct names *names, const char *dir, const char *name)
{
    char path[900];
    struct stat st;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    if (lstat(path, &st) != 0 || !is_still(intake, name, &st, errand->now))
        return;
    if (!name_good(name)) {
        refuse_name(errand, intake, name);
    } else if (!S_ISREG(st.st_mode)) {
        refuse_whole(errand, intake, name, "table.not_a_file");
        seen_of(intake, name)->done = true;
    } else if ((uint64_t)st.st_size > INTAKE_FILE_MAX) {
        refuse_whole(errand, intake, name, "table.too_large");
        seen_of(intake, name)->done = true;
    } else
        file_take(errand, intake, names, dir, name);
}

/* ── the step ─────────────────────────────────────────────────────────────── */

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
    if (config->sentences == NULL || catalogue_load(&intake->sentences, config->sentences, says) != ERR_OK)
        log_warning("intake", "no sentences for reports: they will name reasons alone %s", says);
    return intake->ready = true;
}

uint32_t intake_step(struct errand *errand)
{
    struct intake *intake = errand->memory;
    char dir[800];

    if (!make_ready(errand, intake))
        return LOOK_MS;
    snprintf(dir, sizeof dir, "%s/" INTAKE_DROP, errand->files);
    struct names names = names_of(errand, dir);
    seen_forget(intake, &names);
    close_gone(errand, &names, NULL, NULL);
    for (uint32_t i = 0; i < names.n && !errand_ending(errand); i++)
        look_at(errand, intake, &names, dir, names.at[i]);
    return LOOK_MS;
}

void intake_end(struct errand *errand)
{
    struct intake *intake = errand->memory;
    catalogue_free(&intake->sentences);
}
