/* daemon_sources: the journals that this service follows. The I/O thread keeps the connections; the writer
 * says from where to follow and takes what comes. Credit is given back when the writer has committed. */
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#include "common/service/daemon_parts.h"

#define CREDIT_ENTRIES 16384
#define CREDIT_BYTES   (4u << 20)
#define HELD_MOST      4096                 /* messages; those that only move the cursor cost no credit */
#define HELD_BYTES     (3 * CREDIT_BYTES)
#define PING_US        (2000 * (int64_t)MS)
#define SILENCE_US     (10000 * (int64_t)MS)
#define AGAIN_US       (1000 * (int64_t)MS)     /* after an error that may pass */
#define RECEIVE_MOST   64
#define SOURCE_HWM     1024

static void state_set(struct daemon *d, struct source *source, enum source_state state, const char *reason)
{
    pthread_mutex_lock(&d->source_lock);
    source->state = state;
    if (reason != source->reason)
        snprintf(source->reason, sizeof source->reason, "%s", reason);
    pthread_mutex_unlock(&d->source_lock);
}

static void put(struct source *source, enum wire_kind kind, const struct msg_desc *desc, const void *body)
{
    const struct wire_header header = { .version = WIRE_VERSION, .kind = (int)kind, .id = source->id,
                                        .method = kind == WIRE_FOLLOW ? source->name : NULL };
    struct wire_message message;
    struct buf encoded = { 0 };

    if (source->socket == NULL)
        return;
    msg_encode(desc, body, &encoded);
    wire_message_start(&message);
    wire_frame_header(&message.header, &header);
    wire_frame_copy(&message.body, buf_bytes(&encoded));
    wire_send(source->socket, false, &message);         /* lost: silence is noticed */
    buf_free(&encoded);
}

/* The writer is asked: what was queued before is done by the time it answers. */
static void ask(struct daemon *d, struct source *source, enum job_kind kind)
{
    struct job *job = job_new(kind);

    if (source->state == SOURCE_FOLLOWING)              /* a credit of nothing ends it */
        put(source, WIRE_CREDIT, &credit_desc, &(struct credit){ 0, 0 });
    job->source = source;
    job->following = source->id = ++d->next_id;         /* what is on its way for an older one is not heard */
    state_set(d, source, SOURCE_ASKING, source->silent ? "silent" : "");
    queue_chain_add(&d->writer_chain, &job->node);
}

static bool connect_source(struct daemon *d, struct source *source)
{
    char endpoint[WIRE_ENDPOINT_MAX + 1];
    const struct principal_key *server = principals_by_name(d->principals, source->config->key);

    if (source->socket != NULL)
        zmq_close(source->socket);
    source->socket = NULL;
    if (server == NULL || config_endpoint(&d->config, source->config, endpoint) != ERR_OK)
        return false;
    source->socket = wire_client(d->zmq, &d->key, server->public_key, SOURCE_HWM);
    return source->socket != NULL && wire_connect(source->socket, endpoint) == ERR_OK;
}

/* A new connection, and from where to go on. Tried again later when the source cannot be reached yet. */
static void source_start(struct daemon *d, struct source *source, int64_t now)
{
    source->heard = source->pinged = now;
    if (connect_source(d, source)) {
        ask(d, source, JOB_FOLLOW);
        return;
    }
    source->again = now + AGAIN_US;
    state_set(d, source, SOURCE_WAITING, "no_endpoint_or_key");
}

int sources_open(struct daemon *d, char says[400])
{
    for (uint32_t i = 0; i < machine_streams(d->machine); i++) {
        struct source *source = &d->source[i];
        if (i >= SOURCES_MAX) {
            snprintf(says, 400, "more than %d streams", SOURCES_MAX);
            return ERR_MALFORMED;
        }
        *source = (struct source){ .name = machine_stream(d->machine, i), .state = SOURCE_WAITING };
        source->config = config_find(&d->config, source->name);
        if (source->config == NULL) {
            snprintf(says, 400, "services: %s follows %s, which is not listed", d->service->name, source->name);
            return ERR_NOTFOUND;
        }
        d->source_count = i + 1;
    }
    return ERR_OK;
}

void sources_close(struct daemon *d)
{
    for (uint32_t i = 0; i < d->source_count; i++)
        if (d->source[i].socket != NULL)
            zmq_close(d->source[i].socket);
    d->source_count = 0;
}

void sources_look(struct daemon *d, int64_t now)
{
    static const struct nothing none;

    for (uint32_t i = 0; i < d->source_count && d->phase == PHASE_SERVE; i++) {
        struct source *source = &d->source[i];
        if (source->state == SOURCE_WAITING && now >= source->again)
            source_start(d, source, now);
        else if (source->state == SOURCE_FOLLOWING && now - source->heard > SILENCE_US) {
            if (!source->silent)            /* once: a month without a link is no month of lines */
                log_warning("sources", "%s: silent: connecting anew until it is heard again", source->name);
            source->silent = true;
            source_start(d, source, now);
            state_set(d, source, source->state, "silent");
        } else if (source->state == SOURCE_FOLLOWING && now - source->pinged > PING_US) {
            source->pinged = now;
            put(source, WIRE_PING, &nothing_desc, &none);
        }
    }
}

/* Where one history has changed, all copies may have been dropped: each source is asked anew. */
static void others_again(struct daemon *d, const struct source *changed)
{
    for (uint32_t i = 0; i < d->source_count; i++)
        if (&d->source[i] != changed && d->source[i].state == SOURCE_FOLLOWING)
            ask(d, &d->source[i], JOB_FOLLOW);
}

void source_unstick(struct daemon *d, const char *name)
{
    for (uint32_t i = 0; i < d->source_count; i++)
        if (strcmp(d->source[i].name, name) == 0) {
            source_start(d, &d->source[i], now_us());
            others_again(d, &d->source[i]);
        }
}

/* ── what comes from a source ─────────────────────────────────────────────── */

/* A source keeps to its credit. One that does not is left alone for a while: it must not fill our memory. */
static bool beyond_credit(struct daemon *d, struct source *source, size_t more)
{
    if (source->held < HELD_MOST && source->held_bytes + more <= HELD_BYTES)
        return false;
    log_warning("sources", "%s: sends more than its credit", source->name);
    source->again = now_us() + AGAIN_US;
    state_set(d, source, SOURCE_WAITING, "beyond_credit");
    return true;
}

static void take_entries(struct daemon *d, struct source *source, const struct wire_header *header,
                         struct wire_frame *body)
{
    size_t n = wire_frame_bytes(body).n;

    if (beyond_credit(d, source, n))
        return;
    struct job *job = job_new(JOB_ENTRIES);
    source->held++;
    source->held_bytes += job->counted = n;
    job->source = source;
    job->following = source->id;
    job->entries = header->entries;
    job->bytes = header->bytes;
    wire_frame_move(&job->body, body);
    queue_chain_add(&d->writer_chain, &job->node);
}

static void take_error(struct daemon *d, struct source *source, struct bytes body)
{
    struct problem problem;
    struct msg_error error;

    if (msg_decode(&problem_desc, body, MSG_LENIENT, &d->scratch, &problem, &error) != ERR_OK)
        problem = (struct problem){ .code = PROBLEM_INTERNAL, .reason = "unreadable_error" };
    if (problem.code == PROBLEM_FORK) {
        log_warning("sources", "%s: its history differs from the one that was followed", source->name);
        ask(d, source, JOB_FORKED);
    } else if (strcmp(problem.reason, "not_following") == 0)
        ask(d, source, JOB_FOLLOW);
    else {
        source->again = now_us() + AGAIN_US + (int64_t)problem.retry_after_ms * MS;
        state_set(d, source, SOURCE_WAITING, problem.reason);
    }
}

void source_receive(struct daemon *d, struct source *source)
{
    struct wire_message message;
    struct wire_header header;
    struct msg_error error;
    int got = 1;

    wire_message_start(&message);
    for (int i = 0; i < RECEIVE_MOST && source->socket != NULL
                    && (got = wire_receive(source->socket, false, &message)) != 0; i++) {
        arena_reset(&d->scratch);
        if (got < 0 || wire_header_read(wire_frame_bytes(&message.header), &d->scratch, &header, &error) != ERR_OK)
            continue;
        source->heard = now_us();
        if (source->silent) {
            log_info("sources", "%s: heard again", source->name);
            source->silent = false;
            state_set(d, source, source->state, "");
        }
        if (source->state != SOURCE_FOLLOWING || header.id != source->id)
            continue;
        if (header.kind == WIRE_ENTRIES)
            take_entries(d, source, &header, &message.body);
        else if (header.kind == WIRE_ERROR)
            take_error(d, source, wire_frame_bytes(&message.body));
    }
    wire_message_close(&message);
}

/* ── what comes back from the writer ──────────────────────────────────────── */

static void back_entries(struct daemon *d, struct source *source, const struct job *job)
{
    if (job->outcome == OUTCOME_STOPPED) {
        log_error("sources", "%s: stopped: %s", source->name, job->reason);
        state_set(d, source, SOURCE_STOPPED, job->reason);
    } else if (job->outcome == OUTCOME_IGNORED) {
        if (source->state == SOURCE_FOLLOWING)
            ask(d, source, JOB_FOLLOW);
    } else if (job->outcome == OUTCOME_PROBLEM) {       /* no room, a suspect clock: the cursor has not moved */
        source->again = now_us() + AGAIN_US;
        state_set(d, source, SOURCE_WAITING, "not_taken");
    } else if (job->entries > 0 || job->bytes > 0) {
        const struct credit credit = { job->entries, job->bytes };
        put(source, WIRE_CREDIT, &credit_desc, &credit);
    }
}

static void back_follow(struct daemon *d, struct source *source, struct job *job)
{
    struct follow follow;
    struct msg_error error;

    if (job->waits) {
        log_error("sources", "%s: stopped: %s", source->name, job->reason);
        state_set(d, source, SOURCE_STOPPED, job->reason);
        return;
    }
    if (source->socket == NULL || msg_decode(&follow_desc, wire_frame_bytes(&job->body), MSG_LENIENT, &d->scratch,
                                             &follow, &error) != ERR_OK)
        return;
    follow.entries = CREDIT_ENTRIES;
    follow.bytes = CREDIT_BYTES;
    source->heard = source->pinged = now_us();
    put(source, WIRE_FOLLOW, &follow_desc, &follow);
    state_set(d, source, SOURCE_FOLLOWING, source->silent ? "silent" : "");
    if (job->kind == JOB_FORKED)
        others_again(d, source);
}

void source_back(struct daemon *d, struct job *job)
{
    struct source *source = job->source;

    if (job->kind == JOB_ENTRIES) {
        source->held--;
        source->held_bytes -= job->counted;
    }
    pthread_mutex_lock(&d->source_lock);
    if (job->kind != JOB_ENTRIES || job->outcome == OUTCOME_TAKEN) {
        source->number = job->number;
        source->journal = job->journal;
        source->incarnation = job->incarnation;
    }
    pthread_mutex_unlock(&d->source_lock);
    if (job->following != source->id)
        return;                             /* of a following that is over */
    arena_reset(&d->scratch);
    if (job->kind == JOB_ENTRIES)
        back_entries(d, source, job);
    else
        back_follow(d, source, job);
}
