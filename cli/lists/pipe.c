#include "cli/lists/pipe.h"

#include <stdlib.h>
#include <time.h>

#include "common/core/err.h"
#include "common/core/log.h"
#include "common/service/system_methods.h"

#define DEADLINE_MS 300000                      /* services may have much to take in first */
#define PERIOD_MS   (INT64_C(200) * 86400000)

/* One row on its way, kept so that it can be asked once more. */
struct sent { uint32_t line; bool again; struct bytes body; };

/* A service keeps ids for 400 days by the time inside them. Periods of 200 days, counted from 1970, give a
 * time that the same load repeats and that is never old. */
int64_t pipe_period(void)
{
    int64_t now = (int64_t)time(NULL) * 1000;
    return now - now % PERIOD_MS;
}

static struct uuid command_id(const struct pipe *pipe, uint32_t line)
{
    struct hash_state state;

    hash_start(&state, NULL);
    hash_more(&state, pipe->file.b, sizeof pipe->file.b);
    hash_more(&state, &(uint8_t[4]){ line >> 24, line >> 16, line >> 8, line }, 4);
    hash_more(&state, pipe->method.name, strlen(pipe->method.name));
    hash_more(&state, pipe->salt.at, pipe->salt.n);
    struct hash hash = hash_end(&state);
    return uuid_v7(pipe->id_ms, hash.b);
}

/* Where the service stands; not known to keys that may not ask. */
static void began_find(struct pipe *pipe)
{
    struct client_reply reply;
    struct service_status status;
    const char *method = arena_format(&pipe->arena, "%s.service.status", pipe->method.service);

    if (cli_try(pipe->cli, method, NULL, &status, &reply, NULL) == ERR_OK && reply.problem == NULL) {
        pipe->began = status.head;
        pipe->began_known = true;
    }
}

int pipe_open(struct pipe *pipe, struct cli *cli, const char *method, const struct hash *file, const char *what,
              uint64_t total)
{
    struct client_reply none = { 0 };

    *pipe = (struct pipe){ .cli = cli, .file = *file, .id_ms = pipe_period() };
    if (!describe_method(method, &pipe->method))
        return cli_say(CLI_FAILED, "no such method: %s", method);
    pipe->client = cli_client(cli, pipe->method.service, pipe->method.roles, &pipe->err);
    if (pipe->client == NULL)
        return cli_outcome(cli, method, pipe->err, &none, "its endpoint");
    if (pipe->method.command)
        began_find(pipe);
    progress_start(&pipe->progress, what, total);
    return CLI_OK;
}

void pipe_after(struct pipe *pipe, const struct position *position)
{
    if (pipe->after_n < WIRE_AFTER_MAX)
        pipe->after[pipe->after_n++] = *position;
}

/* ── answers ──────────────────────────────────────────────────────────────── */
void pipe_refused(struct pipe *pipe, uint32_t line, const struct problem *problem)
{
    if (pipe->refused.n == pipe->refused.room) {
        uint32_t room = pipe->refused.room == 0 ? 64 : pipe->refused.room * 2;
        struct refusal *at = ARENA_LIST(&pipe->arena, struct refusal, room);
        if (pipe->refused.n > 0)
            memcpy(at, pipe->refused.at, pipe->refused.n * sizeof *at);
        pipe->refused.at = at;
        pipe->refused.room = room;
    }
    pipe->refused.at[pipe->refused.n++] = (struct refusal){ line, msg_encode_in(&pipe->arena, &problem_desc, problem) };
}

/* Like a failed connection it sticks, and is said once by pipe_close(). */
static void standstill_note(struct pipe *pipe, const struct problem *problem)
{
    if (pipe->err == ERR_OK) {
        pipe->err = ERR_BUSY;
        pipe->standstill = msg_encode_in(&pipe->arena, &problem_desc, problem);
    }
}

/* What a second load of the same facts meets. */
static bool known_already(const struct problem *problem)
{
    static const char *const REASONS[] = {
        "already_recorded", "already_published", "already_registered", "code_taken", "region_only_one",
    };

    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (strcmp(problem->reason, REASONS[i]) == 0)
            return true;
    return false;
}

static int sent_send(struct pipe *pipe, struct sent *sent);

static void sent_free(struct sent **sent)
{
    free((void *)(uintptr_t)(*sent)->body.at);
    free(*sent);
    *sent = NULL;
}

static void position_keep(struct pipe *pipe, const struct client_reply *reply)
{
    if (reply->has_position && (!pipe->has_last || reply->position.number > pipe->last.number
                                || !uuid_equal(&reply->position.incarnation, &pipe->last.incarnation))) {
        pipe->last = reply->position;
        pipe->has_last = true;
    }
}

static void answer_take(void *arg, void *tag, const struct client_reply *reply)
{
    struct pipe *pipe = arg;
    struct sent *sent = tag;
    bool known = reply->err == ERR_OK && reply->problem != NULL && known_already(reply->problem);

    pipe->replayed = pipe->began_known && reply->has_position && reply->position.number <= pipe->began;
    position_keep(pipe, reply);
    /* No room, a suspect clock: the service's state, and no verdict on this row. */
    bool standstill = reply->err == ERR_OK && reply->problem != NULL && reply->problem->code == PROBLEM_UNAVAILABLE;
    if (reply->err == ERR_OK && reply->problem != NULL && !known && !standstill && !sent->again
        && (pipe->replayed || !pipe->began_known)) {
        sent->again = true;
        if (sent_send(pipe, sent) == ERR_OK)
            return;
    }
    pipe->answered++;
    if (reply->err != ERR_OK)
        pipe->err = pipe->err == ERR_OK ? reply->err : pipe->err;
    else if (standstill)
        standstill_note(pipe, reply->problem);
    else if (reply->problem != NULL && !known)
        pipe_refused(pipe, sent->line, reply->problem);
    else if (pipe->taken != NULL)
        pipe->taken(pipe->arg, sent->line, reply);
    if (pipe->settled != NULL && reply->err == ERR_OK && !standstill)
        pipe->settled(pipe->arg, sent->line, reply->problem != NULL && !known);
    pipe->known += known || (pipe->replayed && reply->problem == NULL);
    sent_free(&sent);
    progress_at(&pipe->progress, pipe->answered);
}

/* ── sending ──────────────────────────────────────────────────────────────── */
static int sent_send(struct pipe *pipe, struct sent *sent)
{
    const struct client_request request = {
        .method = pipe->method.name, .body = sent->body, .deadline_ms = DEADLINE_MS,
        .command = !pipe->method.command ? UUID_NIL : sent->again ? uuid_new() : command_id(pipe, sent->line),
        .after = pipe->after, .after_count = pipe->after_n,
    };
    return client_send(pipe->client, &request, sent);
}

void pipe_send(struct pipe *pipe, uint32_t line, struct bytes body)
{
    if (pipe->err != ERR_OK)
        return;
    struct sent *sent = calloc(1, sizeof *sent);
    void *copy = malloc(body.n + 1);
    if (sent == NULL || copy == NULL)
        log_die("pipe", "out of memory");
    memcpy(copy, body.at, body.n);
    *sent = (struct sent){ .line = line, .body = bytes(copy, body.n) };
    pipe->sent++;
    int err;
    while ((err = sent_send(pipe, sent)) == ERR_BUSY && pipe->err == ERR_OK)
        client_poll(pipe->client, 100, answer_take, pipe);
    if (err != ERR_OK) {
        pipe->err = pipe->err == ERR_OK ? err : pipe->err;
        sent_free(&sent);
    }
}

void pipe_message(struct pipe *pipe, uint32_t line, const void *message)
{
    struct msg_error error;
    struct buf body = { 0 };

    if (msg_check(pipe->method.takes, message, &error) != ERR_OK) {
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", error.path, error.rule, error.limit);
        return;
    }
    msg_encode(pipe->method.takes, message, &body);
    pipe_send(pipe, line, buf_bytes(&body));
    buf_free(&body);
}

void pipe_refuse(struct pipe *pipe, uint32_t line, enum problem_code code, const char *reason, const char *field,
                 const char *rule, int64_t limit)
{
    struct problem_field of = { .path = field, .rule = rule, .limit = limit };
    struct problem problem = { .code = code, .reason = reason, .fields = { field != NULL ? 1 : 0, &of } };

    pipe_refused(pipe, line, &problem);
    pipe->answered++;
}

void pipe_drain(struct pipe *pipe)
{
    while (client_outstanding(pipe->client) > 0 && pipe->err == ERR_OK)
        client_poll(pipe->client, 100, answer_take, pipe);
}

static int by_line(const void *a, const void *b)
{
    const struct refusal *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

int pipe_close(struct pipe *pipe)
{
    struct client_reply none = { .err = pipe->err };

    /* After a failure, too: what is outstanding comes back, answered or not, and is given back. */
    while (client_outstanding(pipe->client) > 0)
        client_poll(pipe->client, 100, answer_take, pipe);
    progress_end(&pipe->progress);
    if (pipe->refused.n > 0)
        qsort(pipe->refused.at, pipe->refused.n, sizeof *pipe->refused.at, by_line);
    none.err = pipe->err;
    if (pipe->standstill.n > 0) {
        struct problem problem;
        struct msg_error error;
        none.err = msg_decode(&problem_desc, pipe->standstill, MSG_LENIENT, &pipe->arena, &problem, &error);
        none.problem = &problem;
        return cli_outcome(pipe->cli, pipe->method.name, none.err, &none, "its endpoint");
    }
    return pipe->err == ERR_OK ? CLI_OK : cli_outcome(pipe->cli, pipe->method.name, pipe->err, &none, "its endpoint");
}

void pipe_free(struct pipe *pipe)
{
    arena_free(&pipe->arena);
    *pipe = (struct pipe){ 0 };
}
