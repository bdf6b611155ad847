/* daemon_writer: the one thread that writes. It takes what has arrived, up to a size that keeps a commit
 * short, lets the machine decide, apply and commit it, and only then lets the answers go. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/service/daemon_parts.h"

#define ARENA_KEEP  (4u << 20)
#define BATCH_START 64
#define IDLE_MS     1000
#define DUE_LEAST   (100 * MS)      /* between batches of timers alone */

struct writer {
    struct daemon *d;
    struct arena arena;
    struct job *job[LIMIT_BATCH];           /* those with an input, in order */
    struct input input[LIMIT_BATCH];
    struct outcome outcome[LIMIT_BATCH];
    size_t n, size;
    struct queue_chain back;                /* answered without the machine */
    struct queue_chain later;               /* JOB_FOLLOW, JOB_FORKED: after the batch */
    bool released;
    int64_t timers_at;
    uint64_t head;
};

/* ── before the batch ─────────────────────────────────────────────────────── */

static bool input_fork(struct writer *w, struct job *job, struct input *input)
{
    struct stream_accept_fork *body = ARENA_NEW(&w->arena, struct stream_accept_fork);
    struct msg_error error;

    if (msg_decode(&stream_accept_fork_desc, wire_frame_bytes(&job->body), MSG_STRICT, &w->arena, body, &error)
        != ERR_OK) {
        answer_field(job, "malformed", &error);
        return false;
    }
    input->kind = INPUT_ACCEPT_FORK;
    input->stream = body->stream;
    snprintf(job->reason, sizeof job->reason, "%.60s", body->stream);
    return true;
}

/* False: it has its answer already. */
static bool input_of(struct writer *w, struct job *job, struct input *input)
{
    *input = (struct input){ .body = wire_frame_bytes(&job->body), .tag = job };
    if (job->kind == JOB_ENTRIES) {
        input->kind = INPUT_ENTRIES;
        input->stream = job->source->name;
        return true;
    }
    if (job->kind == JOB_OWN) {
        errand_input_of(job, input);
        return true;
    }
    input->kind = INPUT_COMMAND;
    input->who = job->who;
    input->command = job->command;
    input->method = job->method->name;
    input->made_at = job->made_at;
    input->after = job->after;
    input->after_count = job->after_count;
    input->lane = job->lane;
    input->previous = job->previous;
    if (job_late(job))
        return false;
    if (job->method->system == SYSTEM_ACCEPT_FORK)
        return input_fork(w, job, input);
    if (job->method->system >= 0)
        input->kind = job->method->system == SYSTEM_ACCEPT_CLOCK ? INPUT_ACCEPT_CLOCK
                    : job->method->system == SYSTEM_SENDER_HOLD ? INPUT_SENDER_HOLD : INPUT_SENDER_ACCEPT;
    return true;
}

static void batch_take(struct writer *w, struct queue_node *node)
{
    for (struct queue_node *next; node != NULL; node = next) {
        struct job *job = (struct job *)node;
        next = node->next;
        if (job->kind == JOB_FOLLOW || job->kind == JOB_FORKED)
            queue_chain_add(&w->later, node);
        else if (input_of(w, job, &w->input[w->n]))
            w->job[w->n++] = job;
        else
            queue_chain_add(&w->back, node);
    }
}

/* ── after it ─────────────────────────────────────────────────────────────── */

static void entries_outcome(struct job *job, const struct outcome *outcome)
{
    job->outcome = outcome->kind;
    job->number = outcome->cursor.number;
    job->journal = outcome->cursor.journal;
    job->incarnation = outcome->cursor.incarnation;
    if (outcome->kind == OUTCOME_STOPPED) {
        struct arena arena = { 0 };
        struct problem problem;
        struct msg_error error;
        if (msg_decode(&problem_desc, outcome->body, MSG_LENIENT, &arena, &problem, &error) == ERR_OK)
            snprintf(job->reason, sizeof job->reason, "%s", problem.reason);
        arena_free(&arena);
    }
}

/* Lets the answers go. In a sabotage build the machine calls it before its commit. */
static void batch_release(void *arg)
{
    struct writer *w = arg;

    if (w->released)
        return;
    w->released = true;
    FAILPOINT("before_reply");
    for (size_t i = 0; i < w->n; i++) {
        if (w->job[i]->kind == JOB_OWN) {
            errand_answer(w->job[i], &w->outcome[i]);
            job_free(w->job[i]);
            continue;
        }
        if (w->job[i]->kind == JOB_ENTRIES)
            entries_outcome(w->job[i], &w->outcome[i]);
        else
            answer_outcome(w->job[i], &w->outcome[i]);
        queue_chain_add(&w->back, &w->job[i]->node);
    }
    queue_put(&w->d->to_io, &w->back);
}

/* Where to go on following: asked here, so that what was queued before it is done. */
static void follow_answer(struct writer *w, struct job *job)
{
    struct daemon *d = w->d;
    struct follow follow = { 0 };
    int err = job->kind == JOB_FORKED ? machine_forked(d->machine, job->source->name) : ERR_OK;

    job->waits = err == ERR_FORK;
    if (err == ERR_OK)
        err = machine_follow(d->machine, job->source->name, &w->arena, &follow);
    if (job->waits)
        snprintf(job->reason, sizeof job->reason, "fork");
    else if (err != ERR_OK) {
        job->waits = true;
        snprintf(job->reason, sizeof job->reason, "%.60s", err_text(err));
        if (store_broken(machine_store(d->machine))) {
            log_error("writer", "the store is broken: ending at once");
            _exit(DAEMON_EXIT_COMMIT);
        }
    } else {
        struct buf body = { 0 };
        msg_encode(&follow_desc, &follow, &body);
        wire_frame_copy(&job->body, buf_bytes(&body));
        buf_free(&body);
        job->number = follow.cursor->number;
        job->journal = follow.cursor->journal;
        job->incarnation = follow.cursor->incarnation;
    }
}

static void follows_answer(struct writer *w)
{
    for (struct queue_node *node = w->later.first, *next; node != NULL; node = next) {
        next = node->next;
        follow_answer(w, (struct job *)node);
        queue_chain_add(&w->back, node);
    }
    queue_chain_start(&w->later);
    queue_put(&w->d->to_io, &w->back);
}

/* The size follows what a commit took: it shrinks at once and grows slowly. */
static void size_adapt(struct writer *w, int64_t took)
{
    struct machine_health health;

    if (took > LIMIT_COMMIT_US && w->n > 1) {
        size_t fitting = w->n * (size_t)LIMIT_COMMIT_US / (size_t)took;
        w->size = fitting < 1 ? 1 : fitting;
    } else if (w->n >= w->size && took < LIMIT_COMMIT_US * 8 / 10)
        w->size = w->size + w->size / 4 + 1 < LIMIT_BATCH ? w->size + w->size / 4 + 1 : LIMIT_BATCH;
    machine_health(w->d->machine, &health);
    if (health.careful)
        w->size = 1;
    else if (w->size < 4)
        w->size = 4;
}

/* ── the loop ─────────────────────────────────────────────────────────────── */

static bool timers_due(struct writer *w, int *wait_ms)
{
    moment_t due = machine_next_due(w->d->machine);
    int64_t now = now_us();

    *wait_ms = IDLE_MS;
    if (due == 0)
        return false;
    int64_t left = due - CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self);
    if (left < w->timers_at + DUE_LEAST - now)
        left = w->timers_at + DUE_LEAST - now;
    if (left < IDLE_MS * (int64_t)MS)
        *wait_ms = left <= 0 ? 0 : (int)(left / MS) + 1;
    return left <= 0;
}

static void batch_run(struct writer *w, bool timers)
{
    struct daemon *d = w->d;
    int64_t begun = now_us();

    w->released = false;
    if (w->n > 0 || timers) {
        int err = machine_batch(d->machine, w->input, w->n, &w->arena, w->outcome);
        if (err != ERR_OK) {
            log_error("writer", "commit: %s: ending at once, nothing of it was answered", err_text(err));
            _exit(DAEMON_EXIT_COMMIT);
        }
        int64_t took = now_us() - begun;
        if (w->n > 0) {
            metric_add(&d->totals.batches, 1);
            histogram_add(&d->totals.batch_size, w->n);
            histogram_add(&d->totals.commit_us, (uint64_t)took);
            size_adapt(w, took);
        }
        if (timers)
            w->timers_at = now_us();
    }
    batch_release(w);
    follows_answer(w);
    uint64_t head = machine_head(d->machine);
    if (head != w->head) {
        queue_wake(&d->to_feeder);
        errands_wake(d);
    }
    w->head = head;
    w->n = 0;
    arena_reset(&w->arena);
}

void *writer_run(void *daemon)
{
    struct daemon *d = daemon;
    struct writer *w = calloc(1, sizeof *w);
    struct machine_health health;
    int wait_ms;

    if (w == NULL)
        log_die("writer", "out of memory");
    w->d = d;
    w->arena.keep = ARENA_KEEP;
    queue_chain_start(&w->back);
    queue_chain_start(&w->later);
    machine_health(d->machine, &health);
    w->size = health.careful ? 1 : BATCH_START;
#ifdef RSNMS_SABOTAGE
    if (SABOTAGE("reply_before_commit"))    /* for the control of a test: it has to notice */
        machine_early_release(d->machine, batch_release, w);
#endif
    while (!atomic_load(&d->ended)) {
        bool due = timers_due(w, &wait_ms);
        if (!due)
            queue_wait(&d->to_writer, wait_ms);
        struct queue_node *node = queue_take(&d->to_writer, w->size);
        if (node == NULL && !due)
            continue;
        batch_take(w, node);
        batch_run(w, due);
    }
    arena_free(&w->arena);
    free(w);
    return NULL;
}
