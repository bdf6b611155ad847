/* daemon_readers: the threads that answer queries, each from short read transactions of its own, and the one
 * that makes a backup. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/service/daemon_parts.h"

#define ARENA_KEEP (1u << 20)
#define TAKE_MOST  8

/* ── status ───────────────────────────────────────────────────────────────── */

static const char *const STATE[] = {
    [SOURCE_ASKING] = "connecting", [SOURCE_FOLLOWING] = "following",
    [SOURCE_WAITING] = "connecting", [SOURCE_STOPPED] = "stopped",
};

static void status_streams(struct daemon *d, struct arena *arena, struct service_status *status)
{
    status->streams.n = d->source_count;
    status->streams.at = ARENA_LIST(arena, struct stream_status, d->source_count);
    pthread_mutex_lock(&d->source_lock);
    for (uint32_t i = 0; i < d->source_count; i++) {
        const struct source *source = &d->source[i];
        status->streams.at[i] = (struct stream_status){
            /* FOLLOW was said, but nobody has answered since it fell silent. */
            .stream = source->name, .state = STATE[strcmp(source->reason, "silent") == 0 ? SOURCE_ASKING : source->state],
            .reason = arena_string(arena, source->reason, strlen(source->reason)),
            .journal = source->journal, .incarnation = source->incarnation,
            .number = source->number, .head = source->head,
            .lag = source->head > source->number ? source->head - source->number : 0,
        };
    }
    pthread_mutex_unlock(&d->source_lock);
}

static void answer_status(struct daemon *d, struct job *job, struct arena *arena)
{
    struct meta meta = machine_meta(d->machine);
    struct machine_health health;
    struct service_status status = {
        .name = d->service->name, .version = RSNMS_VERSION, .region = d->config.region,
        .journal = meta.journal, .incarnation = meta.incarnation, .head = machine_head(d->machine),
        .uptime_s = (uint64_t)(now_us() - d->started) / 1000000, .followers = metric_get(&d->totals.followers),
    };

    machine_health(d->machine, &health);
    status.applied = status.head;           /* entry and effects are committed together */
    status.clock_suspect = health.clock_suspect;
    status.no_room = health.no_room;
    status.careful = health.careful;
    status.internal_errors = health.internal_errors;
    status.second_copies = health.second_copies;
    status_streams(d, arena, &status);
    answer_reply(job, &service_status_desc, &status);
}

static void answer_metrics(struct daemon *d, struct job *job)
{
    struct buf text = { 0 };

    metrics_text(d, &text);
    const struct service_metrics metrics = { .text = buf_string(&text) };
    answer_reply(job, &service_metrics_desc, &metrics);
    buf_free(&text);
}

static void answer_cursor(struct daemon *d, struct job *job, struct arena *arena)
{
    struct journal_place place;
    struct msg_error error;
    struct cursor cursor;

    if (msg_decode(&journal_place_desc, wire_frame_bytes(&job->body), MSG_STRICT, arena, &place, &error) != ERR_OK)
        answer_field(job, "message", &error);
    else if (machine_place(d->machine, place.number, arena, &cursor) != ERR_OK)
        answer_problem(job, PROBLEM_NOT_FOUND, "no_such_entry", 0);
    else
        answer_reply(job, &cursor_desc, &cursor);
}

/* ── queries ──────────────────────────────────────────────────────────────── */

static void answer_query(struct daemon *d, struct job *job, struct arena *arena)
{
    struct outcome outcome = { 0 };

    if (job_late(job))
        return;
    if (job->method->system == SYSTEM_STATUS)
        answer_status(d, job, arena);
    else if (job->method->system == SYSTEM_METRICS)
        answer_metrics(d, job);
    else if (job->method->system == SYSTEM_CURSOR)
        answer_cursor(d, job, arena);
    else if (job->method->system == SYSTEM_SENDER_CHECK || job->method->system == SYSTEM_SENDER_LIST) {
        machine_senders(d->machine, job->method->system == SYSTEM_SENDER_CHECK ? SENDERS_CHECK : SENDERS_LIST, &job->who,
                        wire_frame_bytes(&job->body), arena, &outcome);
        answer_outcome(job, &outcome);
    } else {
        machine_query(d->machine, &job->who, job->method->name, wire_frame_bytes(&job->body), job->after,
                      job->after_count, arena, &outcome);
        answer_outcome(job, &outcome);
    }
}

void *reader_run(void *daemon)
{
    struct daemon *d = daemon;
    struct arena arena = { .keep = ARENA_KEEP };

    while (!atomic_load(&d->ended)) {
        queue_wait(&d->to_readers, -1);
        if (atomic_load(&d->ended))
            break;                          /* and leave the eventfd readable for the other */
        for (struct queue_node *node = queue_take(&d->to_readers, TAKE_MOST), *next; node != NULL; node = next) {
            next = node->next;
            if (!atomic_load(&d->ended))    /* a few long ones in a row would outlast who waits for this thread */
                answer_query(d, (struct job *)node, &arena);
            queue_put_one(&d->to_io, node);
            arena_reset(&arena);
        }
    }
    arena_free(&arena);
    return NULL;
}

/* ── backup ───────────────────────────────────────────────────────────────── */

/* A name below the backup directory, and nothing that leads out of it. */
static bool name_inside(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/");

    return n > 0 && name[n] == '\0' && name[0] != '/' && name[0] != '.' && strstr(name, "..") == NULL
        && strstr(name, "//") == NULL && strstr(name, "/.") == NULL && name[n - 1] != '/';
}

static bool make_dirs(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int rc = mkdir(path, 0700);
        *slash = '/';
        if (rc != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static void backup_make(struct daemon *d, struct job *job, const char *name)
{
    char path[CONFIG_PATH_MAX + 200];
    uint64_t head = machine_head(d->machine);

    snprintf(path, sizeof path, "%s/%s/%s", d->config.backup, name, d->service->name);
    int err = make_dirs(path) ? store_backup(machine_store(d->machine), path) : ERR_IO;
    const struct store_backup_done done = { .dir = path, .head = head };
    if (err == ERR_OK) {
        log_info("backup", "%s: %llu entries", path, (unsigned long long)head);
        answer_reply(job, &store_backup_done_desc, &done);
    } else if (err == ERR_EXISTS)
        answer_problem(job, PROBLEM_CONFLICT, "backup_exists", 0);
    else {
        log_error("backup", "%s: %s", path, err_text(err));
        answer_problem(job, PROBLEM_UNAVAILABLE, "backup_failed", 0);
    }
}

void *backup_run(void *arg)
{
    struct job *job = arg;
    struct daemon *d = job->daemon;
    struct arena arena = { 0 };
    struct store_backup_ask ask;
    struct msg_error error = { 0 };

    if (msg_decode(&store_backup_ask_desc, wire_frame_bytes(&job->body), MSG_STRICT, &arena, &ask, &error) != ERR_OK)
        answer_field(job, "malformed", &error);
    else if (d->config.backup == NULL)
        answer_problem(job, PROBLEM_UNAVAILABLE, "no_backup_directory", 0);
    else if (!name_inside(ask.dir))
        answer_problem(job, PROBLEM_INVALID, "outside_backup_directory", 0);
    else
        backup_make(d, job, ask.dir);
    queue_put_one(&d->to_io, &job->node);
    arena_free(&arena);
    return NULL;
}
