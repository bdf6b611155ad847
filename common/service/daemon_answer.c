/* daemon_answer: answers: made by any thread, sent by the I/O thread. */
#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "common/core/failpoint.h"
#include "common/service/daemon_parts.h"

#define COUNTED_LEAST 512           /* smaller bodies are bounded well enough by the socket's HWM */
#define SEND_MOST     4096

int64_t now_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

struct job *job_new(enum job_kind kind)
{
    struct job *job = calloc(1, sizeof *job);

    if (job == NULL)
        log_die("daemon", "out of memory");
    job->kind = kind;
    job->code = -1;
    wire_frame_start(&job->body);
    wire_message_start(&job->answer);
    return job;
}

void job_free(struct job *job)
{
    wire_frame_close(&job->body);
    wire_message_close(&job->answer);
    if (job->follower != NULL)
        follower_release(job->follower);
    job_letter_free(job->letter);
    free(job->after);
    free(job);
}

/* ── bodies ───────────────────────────────────────────────────────────────── */

/* A reply on its way: its bytes are counted against the principal until the peer's pipe lets go, so that
 * one who asks and does not read is bounded, on however many connections. */
struct parcel { struct account *account; size_t n; unsigned char at[]; };

static void parcel_done(void *at, void *hint)
{
    struct parcel *parcel = hint;

    (void)at;
    atomic_fetch_sub(&parcel->account->unread, parcel->n);
    free(parcel);
}

static void body_set(struct job *job, struct bytes body)
{
    if (body.n < COUNTED_LEAST || job->peer.account == NULL) {
        wire_frame_copy(&job->answer.body, body);
        return;
    }
    struct parcel *parcel = malloc(sizeof *parcel + body.n);
    if (parcel == NULL)
        log_die("daemon", "out of memory");
    parcel->account = job->peer.account;
    parcel->n = body.n;
    memcpy(parcel->at, body.at, body.n);
    atomic_fetch_add(&parcel->account->unread, body.n);
    wire_frame_give(&job->answer.body, parcel->at, body.n, parcel_done, parcel);
}

static void problem_encoded(const struct problem *problem, struct wire_frame *frame)
{
    struct buf encoded = { 0 };

    msg_encode(&problem_desc, problem, &encoded);
    wire_frame_copy(frame, buf_bytes(&encoded));
    buf_free(&encoded);
}

/* Reasons that are about one field of the header: it is named like a field of a body. */
static const struct { const char *reason; struct problem_field field; } HEADER_FAULTS[] = {
    { "unknown_method", { .path = "method", .rule = "unknown" } },
    { "no_command_id", { .path = "command", .rule = "missing" } },
};

void problem_body(struct wire_frame *frame, enum problem_code code, const char *reason, uint64_t retry_after_ms)
{
    struct problem problem = { .code = code, .reason = reason, .retry_after_ms = retry_after_ms };
    struct problem_field field;

    for (size_t i = 0; i < sizeof HEADER_FAULTS / sizeof *HEADER_FAULTS; i++)
        if (strcmp(HEADER_FAULTS[i].reason, reason) == 0) {
            field = HEADER_FAULTS[i].field;
            problem.fields.n = 1;
            problem.fields.at = &field;
        }
    problem_encoded(&problem, frame);
}

static void header_set(struct job *job, enum wire_kind kind, struct position *position)
{
    const struct wire_header header = { .version = WIRE_VERSION, .kind = (int)kind, .id = job->peer.id,
                                        .position = position };

    job->answer.route = job->peer.route;
    wire_frame_header(&job->answer.header, &header);
}

/* ── one answer ───────────────────────────────────────────────────────────── */

void answer_problem(struct job *job, enum problem_code code, const char *reason, uint64_t retry_after_ms)
{
    job->code = (int)code;
    header_set(job, WIRE_ERROR, NULL);
    problem_body(&job->answer.body, code, reason, retry_after_ms);
}

void answer_field(struct job *job, const char *reason, const struct msg_error *error)
{
    struct problem_field field = { error->path, error->rule, error->limit };
    const struct problem problem = { .code = PROBLEM_INVALID, .reason = reason, .fields = { 1, &field } };

    job->code = PROBLEM_INVALID;
    header_set(job, WIRE_ERROR, NULL);
    problem_encoded(&problem, &job->answer.body);
}

void answer_reply(struct job *job, const struct msg_desc *gives, const void *body)
{
    struct buf encoded = { 0 };

    msg_encode(gives, body, &encoded);
    if (encoded.n > MSG_BYTES_MAX)
        answer_problem(job, PROBLEM_TOO_LARGE, "reply_too_large", 0);
    else {
        header_set(job, WIRE_REPLY, NULL);
        body_set(job, buf_bytes(&encoded));
    }
    buf_free(&encoded);
}

/* Which code an encoded problem has: for the counters alone. */
static int code_of(struct bytes body)
{
    struct arena arena = { 0 };
    struct problem problem;
    struct msg_error error;
    int err = msg_decode(&problem_desc, body, MSG_LENIENT, &arena, &problem, &error);

    arena_free(&arena);
    return err == ERR_OK ? problem.code : PROBLEM_INTERNAL;
}

void answer_outcome(struct job *job, const struct outcome *outcome)
{
    struct position position = outcome->position;
    struct bytes body = outcome->body;

    if (body.n > MSG_BYTES_MAX) {
        answer_problem(job, PROBLEM_TOO_LARGE, "reply_too_large", 0);
        return;
    }
    job->code = outcome->kind == OUTCOME_REPLY ? -1 : code_of(body);
    header_set(job, outcome->kind == OUTCOME_REPLY ? WIRE_REPLY : WIRE_ERROR,
               outcome->has_position ? &position : NULL);
    body_set(job, body.n > 0 ? body : bytes("\x80", 1));
}

bool job_late(struct job *job)
{
    if (job->deadline == 0 || now_us() < job->deadline)
        return false;
    answer_problem(job, PROBLEM_DEADLINE, "deadline_passed", 0);
    return true;
}

/* ── sending ──────────────────────────────────────────────────────────────── */

static void send_now(struct daemon *d, struct wire_message *message)
{
    if (wire_send(d->router, true, message) != ERR_OK)
        metric_add(&d->totals.dropped, 1);  /* the peer asks again with the same command id */
}

void send_problem(struct daemon *d, uint32_t route, uint64_t id, enum problem_code code, const char *reason,
                  uint64_t retry_after_ms)
{
    const struct wire_header header = { .version = WIRE_VERSION, .kind = WIRE_ERROR, .id = id };
    struct wire_message message;

    wire_message_start(&message);
    message.route = route;
    wire_frame_header(&message.header, &header);
    problem_body(&message.body, code, reason, retry_after_ms);
    send_now(d, &message);
}

void send_bare(struct daemon *d, uint32_t route, uint64_t id, enum wire_kind kind)
{
    const struct wire_header header = { .version = WIRE_VERSION, .kind = (int)kind, .id = id };
    struct wire_message message;

    wire_message_start(&message);
    message.route = route;
    wire_frame_header(&message.header, &header);
    wire_frame_copy(&message.body, bytes("\x80", 1));
    send_now(d, &message);
}

static void request_back(struct daemon *d, struct job *job)
{
    struct account *account = job->peer.account;

    if (job->code < 0)
        metric_add(&job->method->ok, 1);
    else
        metric_add(&job->method->problem[job->code], 1);
    histogram_add(&job->method->latency_us, (uint64_t)(now_us() - job->arrived));
    if (job->method->system == SYSTEM_ACCEPT_FORK && job->code < 0)
        source_unstick(d, job->reason);
    if (job->own_thread) {
        pthread_join(d->backup, NULL);
        d->backup_runs = false;
    }
    if (job->letter != NULL)
        letter_answer_of(job);
    if (peer_live(d, &job->peer) && (atomic_load(&account->unread) <= LIMIT_UNREAD_PRINCIPAL || SABOTAGE("no_bounds")))
        send_now(d, &job->answer);
    else
        metric_add(&d->totals.dropped, 1);
    d->requests--;
    d->request_bytes -= job->counted;
    account->requests--;
    account->bytes -= job->counted;
}

/* A follower to whom a message cannot be brought is let go: it will ask again from its own cursor. */
static void fed_back(struct daemon *d, struct job *job)
{
    uint32_t i = 0;

    atomic_fetch_sub(&d->feed_on_the_way, 1);
    while (i < d->follower_count && d->follower[i] != job->follower)
        i++;
    if (i == d->follower_count)
        return;                             /* ended meanwhile */
    bool live = follower_live(d, job->follower);
    if (!live || wire_send(d->router, true, &job->answer) != ERR_OK)
        metric_add(&d->totals.dropped, 1);
    else if (!job->last)
        return;
    follower_end(d, i);
}

void answers_send(struct daemon *d)
{
    bool fed = false;

    for (struct queue_node *node = queue_take(&d->to_io, SEND_MOST), *next; node != NULL; node = next) {
        struct job *job = (struct job *)node;
        next = node->next;
        switch (job->kind) {
        case JOB_REQUEST:
            request_back(d, job);
            break;
        case JOB_FED:
            fed_back(d, job);
            fed = true;
            break;
        default:
            source_back(d, job);
            break;
        }
        job_free(job);
    }
    if (fed)
        queue_wake(&d->to_feeder);
}
