/* daemon_metrics: what the counters say, in the text format of Prometheus. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "common/service/daemon_parts.h"

#define US 1e-6
#define TEXT_MOST (180 * 1024)              /* of the reply's limit: what is left is not said */

static double resident_bytes(void)
{
    unsigned long size = 0, resident = 0;
    FILE *in = fopen("/proc/self/statm", "re");

    if (in == NULL)
        return 0;
    int n = fscanf(in, "%lu %lu", &size, &resident);
    fclose(in);
    return n == 2 ? (double)resident * (double)sysconf(_SC_PAGESIZE) : 0;
}

static void one(struct buf *out, const char *name, const char *type, const char *help, double value)
{
    metric_help(out, name, type, help);
    metric_write(out, name, "", value);
}

static void methods_text(const struct methods *methods, struct buf *out)
{
    char labels[200];

    metric_help(out, "answers_total", "counter", "answers by method and code");
    for (size_t i = 0; i < methods->n; i++) {
        const struct method *method = &methods->list[i];
        snprintf(labels, sizeof labels, "method=\"%s\",code=\"ok\"", method->name);
        if (metric_get(&method->ok) > 0)
            metric_write(out, "answers_total", labels, (double)metric_get(&method->ok));
        for (int code = 0; code < problem_code_count; code++) {
            snprintf(labels, sizeof labels, "method=\"%s\",code=\"%s\"", method->name, problem_code_names.names[code]);
            if (metric_get(&method->problem[code]) > 0)
                metric_write(out, "answers_total", labels, (double)metric_get(&method->problem[code]));
        }
    }
    metric_help(out, "answer_seconds", "histogram", "from arrival to answer, by method");
    for (size_t i = 0; i < methods->n && out->n < TEXT_MOST; i++) {
        snprintf(labels, sizeof labels, "method=\"%s\"", methods->list[i].name);
        if (metric_get(&methods->list[i].latency_us.count) > 0)
            histogram_write(out, "answer_seconds", labels, US, &methods->list[i].latency_us);
    }
}

static void store_text(struct daemon *d, struct buf *out)
{
    struct store_usage usage;

    store_usage(machine_store(d->machine), &usage);
    one(out, "store_map_bytes", "gauge", "address space of the store", (double)usage.map_bytes);
    one(out, "store_used_bytes", "gauge", "pages in use", (double)usage.used_bytes);
    one(out, "store_file_bytes", "gauge", "size of the file", (double)usage.file_bytes);
    one(out, "disk_free_bytes", "gauge", "free on the store's disk", (double)usage.disk_free_bytes);
}

static void streams_text(struct daemon *d, struct buf *out)
{
    char labels[120];

    metric_help(out, "stream_number", "gauge", "cursor in a followed journal");
    pthread_mutex_lock(&d->source_lock);
    for (uint32_t i = 0; i < d->source_count; i++) {
        snprintf(labels, sizeof labels, "stream=\"%s\",state=\"%d\"", d->source[i].name, d->source[i].state);
        metric_write(out, "stream_number", labels, (double)d->source[i].number);
    }
    pthread_mutex_unlock(&d->source_lock);
}

void metrics_text(struct daemon *d, struct buf *out)
{
    struct totals *t = &d->totals;
    struct machine_health health;

    machine_health(d->machine, &health);
    one(out, "head", "gauge", "last number of the journal", (double)machine_head(d->machine));
    one(out, "uptime_seconds", "gauge", "since the start", (double)(now_us() - d->started) * US);
    one(out, "resident_bytes", "gauge", "memory of the process", resident_bytes());
    one(out, "batches_total", "counter", "commits with something in them", (double)metric_get(&t->batches));
    metric_help(out, "batch_size", "histogram", "commands and entries in a commit");
    histogram_write(out, "batch_size", "", 1, &t->batch_size);
    metric_help(out, "commit_seconds", "histogram", "deciding, applying and committing a batch");
    histogram_write(out, "commit_seconds", "", US, &t->commit_us);
    one(out, "queued_commands", "gauge", "waiting for the writer", (double)queue_length(&d->to_writer));
    one(out, "queued_queries", "gauge", "waiting for a reader", (double)queue_length(&d->to_readers));
    one(out, "followers", "gauge", "of this journal", (double)metric_get(&t->followers));
    one(out, "feed_lag_entries", "gauge", "how far the last follower is behind", (double)metric_get(&t->feed_lag));
    one(out, "feed_messages_total", "counter", "ENTRIES sent", (double)metric_get(&t->feed_messages));
    one(out, "feed_entries_total", "counter", "entries in them", (double)metric_get(&t->feed_entries));
    one(out, "feed_bytes_total", "counter", "bytes of them", (double)metric_get(&t->feed_bytes));
    one(out, "handshakes_accepted_total", "counter", "connections let in", (double)metric_get(&t->handshakes_accepted));
    one(out, "handshakes_refused_total", "counter", "connections refused", (double)metric_get(&t->handshakes_refused));
    one(out, "malformed_total", "counter", "messages of a wrong shape", (double)metric_get(&t->malformed));
    one(out, "denied_total", "counter", "refused by role", (double)metric_get(&t->refused_role));
    one(out, "revoked_total", "counter", "messages of keys that are not live", (double)metric_get(&t->revoked));
    one(out, "busy_total", "counter", "refused for want of room", (double)metric_get(&t->busy));
    one(out, "dropped_total", "counter", "answers that could not be brought", (double)metric_get(&t->dropped));
    one(out, "clock_suspect", "gauge", "commands wait for an operator to accept the clock", health.clock_suspect);
    one(out, "no_room", "gauge", "free disk is below the reserve", health.no_room);
    one(out, "careful", "gauge", "batches of one after an unclean end", health.careful);
    one(out, "second_copies_total", "counter", "commands of copies of a sender, refused", (double)health.second_copies);
    one(out, "internal_errors_total", "counter", "failures of apply and handlers", (double)health.internal_errors);
    one(out, "stopped_streams", "gauge", "wait for an operator", health.stopped_streams);
    store_text(d, out);
    streams_text(d, out);
    methods_text(&d->methods, out);
}
