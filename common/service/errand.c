/* errand: what is the same whoever runs it. */
#include "common/service/errand.h"

#include <assert.h>
#include <stdlib.h>

#include "common/service/errand_parts.h"
#include "common/service/machine_parts.h"

#define ARENA_KEEP (256 * 1024)
#define TOGETHER   256                      /* commands handed to the writer at once */

/* ── its life ─────────────────────────────────────────────────────────────── */

void errand_start(struct errand *errand, struct machine *machine, size_t i, const struct errand_world *world)
{
    const struct service *service = machine_service(machine);

    assert(i < service->errand_count);
    *errand = (struct errand){
        .service = service, .config = machine->config, .def = &service->errands[i], .machine = machine, .world = world,
        .journal = machine->meta.journal, .incarnation = machine->meta.incarnation,
        .who = { .role = ROLE_SERVICE, .self = true, .reach = { .all = true }, .name = service->name },
        .memory = calloc(1, service->errands[i].memory + 1), .arena = calloc(1, sizeof *errand->arena),
    };
    if (errand->memory == NULL || errand->arena == NULL)
        log_die("errand", "out of memory");
    errand->arena->keep = ARENA_KEEP;
}

uint32_t errand_step(struct errand *errand, moment_t now)
{
    arena_reset(errand->arena);
    errand->now = now;
    errand->today = day_of_moment(now, machine_zone(errand->machine));
    return errand->def->step(errand);
}

void errand_end(struct errand *errand)
{
    if (errand->memory == NULL)
        return;
    if (errand->def->end != NULL)
        errand->def->end(errand);
    free(errand->memory);
    arena_free(errand->arena);
    free(errand->arena);
    errand->memory = NULL;
    errand->arena = NULL;
}

/* ── the own service ──────────────────────────────────────────────────────── */

int errand_read(struct errand *errand, void (*read)(struct ctx *ctx, void *arg), void *arg)
{
    struct machine *m = errand->machine;
    struct txn txn;
    struct ctx ctx = { .txn = &txn, .arena = errand->arena, .config = m->config, .now = errand->now,
                       .today = errand->today, .machine = m };

    txn_begin(&txn, m->store, TXN_READ);
    if (txn.err == ERR_OK)
        read(&ctx, arg);
    return txn_end(&txn);
}

void *errand_service_memory(const struct errand *errand)
{
    return errand->machine->memory;
}

int errand_submit_all(struct errand *errand, struct errand_command *list, size_t n)
{
    int first = ERR_OK;

    for (size_t i = 0; i < n; i += TOGETHER) {
        size_t some = n - i < TOGETHER ? n - i : TOGETHER;
        int err = errand->world->submit(errand, list + i, some);
        if (first == ERR_OK)
            first = err;
    }
    return first;
}

int errand_submit(struct errand *errand, const struct uuid *command, const char *method, const struct msg_desc *takes,
                  const void *body, const struct msg_desc *gives, void *out, const struct problem **problem)
{
    struct errand_command one = { .command = *command, .method = method,
                                  .body = msg_encode_in(errand->arena, takes, body) };
    struct msg_error error;
    int err = errand_submit_all(errand, &one, 1);

    *problem = one.problem;
    if (err == ERR_OK && one.problem == NULL && gives != NULL && out != NULL)
        err = msg_decode(gives, one.reply, MSG_LENIENT, errand->arena, out, &error);
    return err;
}

/* What is not decided is no refusal: nothing has happened, and the same id may be asked again. */
void errand_outcome(struct errand *errand, struct errand_command *command, const struct outcome *outcome)
{
    struct problem *problem;
    struct msg_error error;

    command->err = ERR_OK;
    command->problem = NULL;
    command->reply = bytes(NULL, 0);
    if (outcome->kind == OUTCOME_REPLY) {
        command->reply = arena_bytes(errand->arena, outcome->body.n > 0 ? outcome->body : bytes("\x80", 1));
        return;
    }
    problem = ARENA_NEW(errand->arena, struct problem);
    if (msg_decode(&problem_desc, outcome->body, MSG_LENIENT, errand->arena, problem, &error) != ERR_OK)
        *problem = (struct problem){ .code = PROBLEM_INTERNAL, .reason = "unreadable_error" };
    command->problem = problem;
    if (problem->code == PROBLEM_BUSY || problem->code == PROBLEM_UNAVAILABLE || problem->code == PROBLEM_DEADLINE)
        command->err = ERR_BUSY;
}

void errand_input(const struct errand *errand, const struct errand_command *command, struct input *input)
{
    *input = (struct input){ .kind = INPUT_COMMAND, .who = errand->who, .command = command->command,
                             .method = command->method, .body = command->body, .made_at = errand->now };
}

int errand_submit_direct(struct errand *errand, struct errand_command *list, size_t n)
{
    struct arena arena = { 0 };
    struct input *input = ARENA_LIST(&arena, struct input, n);
    struct outcome *outcome = ARENA_LIST(&arena, struct outcome, n);
    struct machine_health health;
    size_t together = n;
    int err = ERR_OK;

    machine_health(errand->machine, &health);
    if (health.careful)
        together = 1;
    for (size_t i = 0; i < n; i++)
        errand_input(errand, &list[i], &input[i]);
    for (size_t i = 0; i < n && err == ERR_OK; i += together)
        err = machine_batch(errand->machine, input + i, together, &arena, outcome + i);
    for (size_t i = 0; i < n && err == ERR_OK; i++)
        errand_outcome(errand, &list[i], &outcome[i]);
    for (size_t i = 0; i < n && err != ERR_OK; i++)
        list[i].err = ERR_TIMEOUT;          /* the machine has to end: what was committed, its journal knows */
    arena_free(&arena);
    return errand_first_err(list, n);
}

int errand_first_err(const struct errand_command *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].err != ERR_OK)
            return list[i].err;
    return ERR_OK;
}

/* ── other daemons ────────────────────────────────────────────────────────── */

int errand_send(struct errand *errand, const char *service, const struct client_request *request, void *tag)
{
    return errand->world->send(errand, service, request, tag);
}

uint32_t errand_poll(struct errand *errand, const char *service, int timeout_ms, client_each *each, void *arg)
{
    return errand->world->poll(errand, service, timeout_ms, each, arg);
}

uint32_t errand_outstanding(struct errand *errand, const char *service)
{
    return errand->world->outstanding(errand, service);
}

int errand_call(struct errand *errand, const char *service, const struct client_request *request,
                struct client_reply *reply)
{
    *reply = (struct client_reply){ 0 };
    reply->err = errand->world->call(errand, service, request, reply);
    return reply->err;
}

int errand_ask(struct errand *errand, const char *service, const char *method, const struct msg_desc *takes,
               const void *body, const struct msg_desc *gives, void *out, uint32_t deadline_ms,
               const struct problem **problem)
{
    const struct client_request request = { .method = method, .body = msg_encode_in(errand->arena, takes, body),
                                            .deadline_ms = deadline_ms };
    struct client_reply reply;
    struct msg_error error;
    int err = errand_call(errand, service, &request, &reply);

    memset(out, 0, gives->size);
    *problem = reply.problem;
    if (err == ERR_OK && reply.problem == NULL)
        err = msg_decode(gives, reply.body, MSG_LENIENT, errand->arena, out, &error);
    return err;
}

void errand_hang_up(struct errand *errand, const char *service)
{
    errand->world->hang_up(errand, service);
}

int errand_keys(struct errand *errand, const char *service, struct key_pair *own, char public_key[KEY_TEXT + 1])
{
    return errand->world->keys(errand, service, own, public_key);
}

bool errand_ending(struct errand *errand)
{
    return errand->world->ending != NULL && errand->world->ending(errand);
}
