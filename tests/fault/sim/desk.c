#include "tests/fault/sim/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/core/err.h"
#include "common/service/chain.h"
#include "common/service/errand_parts.h"
#include "tests/fault/sim/nemesis.h"
#include "tests/fault/sim/town.h"

#define WINDOW     512
#define AT_ONCE    (2 * MS)
#define LONG_WAIT  1000             /* milliseconds: who asks for so much has nothing to do now */
#define RETRY      (80 * MS)
#define BUSY_AGAIN (20 * MS)

struct asked {
    bool used;
    uint64_t id;
    uint32_t to;
    void *tag;
    struct letter *question, *answer;
    int64_t retry_at, until;
};
struct desk {
    struct node *node;
    char files[300], keys[300], sign_key[340];
    struct errand errand[DESK_ERRANDS];
    uint32_t errands;
    uint64_t turn[DESK_ERRANDS];
    int64_t planned_at[DESK_ERRANDS];
    uint32_t rest_ms[DESK_ERRANDS];
    bool there;
    struct asked asked[WINDOW];
    uint64_t next_id;
    struct arena arena;             /* of a batch within a step */
};

const char *desk_files(const struct desk *desk)
{
    return desk->files;
}

struct principal desk_who(const struct node *node)
{
    if (node->number == TOWN || node->number == COPY)
        return town_who();
    return (struct principal){ .id = uuid_derive("service", bytes_of(node->service->name)), .role = ROLE_SERVICE, .reach.all = true,
                               .name = node->service->name };
}

static struct desk *desk_of(const struct errand *errand)
{
    return errand->self;
}

/* ── to the own machine ───────────────────────────────────────────────────── */

static bool run_some(struct desk *desk, struct errand *errand, struct errand_command *list, size_t n, const char **how)
{
    struct node *node = desk->node;
    struct input *input = ARENA_LIST(&desk->arena, struct input, n);
    struct outcome *outcome = ARENA_LIST(&desk->arena, struct outcome, n);
    for (size_t i = 0; i < n; i++) {
        errand_input(errand, &list[i], &input[i]);
        node_order(node, &list[i].command, &errand->who.id);
    }
    bool lives = node_batch(node, input, n, &desk->arena, outcome, how);
    node->w->counts->batches++;
    for (size_t i = 0; i < n && lives; i++)
        errand_outcome(errand, &list[i], &outcome[i]);
    return lives;
}

static int submit(struct errand *errand, struct errand_command *list, size_t n)
{
    struct desk *desk = desk_of(errand);
    struct machine_health health;
    const char *how = NULL;
    bool lives = true;
    machine_health(errand->machine, &health);
    for (size_t done = 0, some; done < n && lives; done += some) {
        some = health.careful ? 1 : n - done;
        lives = run_some(desk, errand, list + done, some, &how);
    }
    arena_reset(&desk->arena);
    if (!lives)
        process_errand_dies(how);
    node_told(desk->node);
    return errand_first_err(list, n);
}

/* ── pipelined ────────────────────────────────────────────────────────────── */

static void asked_free(struct asked *asked)
{
    if (asked->question != NULL)
        letter_free(asked->question);
    if (asked->answer != NULL)
        letter_free(asked->answer);
    *asked = (struct asked){ 0 };
}

static void fly(struct desk *desk, struct asked *asked)
{
    struct letter *letter = letter_copy(asked->question);
    asked->retry_at = desk->node->w->now + RETRY + world_between(desk->node->w, 0, 40 * MS);
    world_say(desk->node->w, "%s: sends %s", desk->node->number == COPY ? "node (the image)" : desk->node->service->name, letter->method);
    world_post(desk->node->w, letter);
}

static int send(struct errand *errand, const char *service, const struct client_request *request, void *tag)
{
    struct desk *desk = desk_of(errand);
    struct node *node = desk->node;
    int to = service_number(service);
    uint32_t at = 0;
    while (at < WINDOW && desk->asked[at].used)
        at++;
    if (to < 0)
        return ERR_NOTFOUND;
    if (at == WINDOW)
        return ERR_BUSY;
    struct asked *asked = &desk->asked[at];
    *asked = (struct asked){ .used = true, .id = ++desk->next_id, .to = (uint32_t)to, .tag = tag,
                             .until = node->w->now + (int64_t)request->deadline_ms * MS };
    struct letter *letter = asked->question = letter_new(LETTER_COMMAND, node->number, asked->to, asked->id, request->body);
    letter->who = desk_who(node);
    letter->command = request->command;
    letter->method = request->method;
    letter->made_at = request->made_at;
    letter->lane = request->lane;
    letter->previous = request->previous;
    for (uint32_t i = 0; i < request->after_count && i < AFTER_MAX; i++)
        letter->after[letter->after_count++] = request->after[i];
    node_order(node->w->node[asked->to], &letter->command, &letter->who.id);
    fly(desk, asked);
    return ERR_OK;
}

void desk_letter(struct desk *desk, const struct letter *letter)
{
    for (uint32_t i = 0; i < WINDOW; i++) {
        struct asked *asked = &desk->asked[i];
        if (asked->used && asked->id == letter->id && asked->to == letter->from && asked->answer == NULL)
            asked->answer = letter_copy(letter);
    }
}

static const struct problem *problem_of(struct bytes body, struct arena *arena)
{
    struct problem *problem = ARENA_NEW(arena, struct problem);
    struct msg_error error;
    return msg_decode(&problem_desc, body, MSG_LENIENT, arena, problem, &error) == ERR_OK ? problem : NULL;
}

static void reply_of(const struct letter *answer, struct arena *arena, struct client_reply *reply)
{
    *reply = (struct client_reply){ .has_position = answer->has_position, .position = answer->position };
    if (answer->outcome == OUTCOME_PROBLEM)
        reply->problem = problem_of(buf_bytes(&answer->body), arena);
    else
        reply->body = arena_bytes(arena, buf_bytes(&answer->body));
}

/* True when there is something to hand out. */
static bool look(struct desk *desk, struct asked *asked, struct arena *arena, struct client_reply *reply)
{
    int64_t now = desk->node->w->now;
    *reply = (struct client_reply){ .err = ERR_TIMEOUT };
    if (asked->answer != NULL) {
        reply_of(asked->answer, arena, reply);
        if (reply->problem == NULL || reply->problem->code != PROBLEM_BUSY || reply->has_position)
            return true;
        world_say(desk->node->w, "%s: %s: %s", desk->node->service->name, asked->question->method, reply->problem->reason);
        letter_free(asked->answer);
        asked->answer = NULL;
        asked->retry_at = now + BUSY_AGAIN;
        *reply = (struct client_reply){ .err = ERR_TIMEOUT };
    }
    if (now >= asked->until)
        return true;
    if (now >= asked->retry_at)
        fly(desk, asked);
    return false;
}

static uint32_t hand_out(struct errand *errand, const char *service, int timeout_ms, client_each *each, void *arg)
{
    struct desk *desk = desk_of(errand);
    struct client_reply reply;
    uint32_t done = 0;
    int to = service_number(service);
    (void)timeout_ms;                       /* time does not pass within a step: it comes again soon */
    for (uint32_t i = 0; i < WINDOW; i++) {
        struct asked *asked = &desk->asked[i];
        if (!asked->used || (int)asked->to != to || !look(desk, asked, errand->arena, &reply))
            continue;
        void *tag = asked->tag;
        asked_free(asked);
        done++;
        each(arg, tag, &reply);
    }
    return done;
}

static uint32_t outstanding(struct errand *errand, const char *service)
{
    struct desk *desk = desk_of(errand);
    uint32_t n = 0;
    for (uint32_t i = 0; i < WINDOW; i++)
        n += desk->asked[i].used && (int)desk->asked[i].to == service_number(service);
    return n;
}

static void hang_up(struct errand *errand, const char *service)
{
    struct desk *desk = desk_of(errand);
    for (uint32_t i = 0; i < WINDOW; i++)
        if (desk->asked[i].used && (int)desk->asked[i].to == service_number(service))
            asked_free(&desk->asked[i]);
}

/* ── and waited for ───────────────────────────────────────────────────────── */

/* False: it died of it. */
static bool hold(struct node *at, const struct principal *who, const struct client_request *request, struct arena *arena, struct outcome *outcome)
{
    const struct input input = { .kind = INPUT_SENDER_HOLD, .who = *who, .command = request->command, .body = request->body };
    const char *how = NULL;
    bool lives = node_batch(at, &input, 1, arena, outcome, &how);
    nemesis_died(at->w, how);
    if (lives)
        node_told(at);
    else
        node_died(at, how, world_between(at->w, 5 * MS, 300 * MS));
    return lives;
}

static bool link_loses(struct world *w, uint32_t from, uint32_t to)
{
    return !w->calm && (w->now < w->cut_until[from][to] || world_chance(w, w->now < w->storm_until ? 350 : w->weather.drop));
}

static int call(struct errand *errand, const char *service, const struct client_request *request, struct client_reply *reply)
{
    struct desk *desk = desk_of(errand);
    struct node *node = desk->node, *at;
    struct world *w = node->w;
    struct principal who = desk_who(node);
    struct outcome outcome = { .kind = OUTCOME_REPLY };
    int to = service_number(service);
    if (to < 0)
        return ERR_NOTFOUND;
    at = w->node[to];
    if (town_is_revoked(w, node->number))
        return ERR_DENIED;
    if (!node_up(at) || w->now < at->stalled_until || link_loses(w, node->number, at->number))
        return ERR_TIMEOUT;
    const char *verb = strchr(request->method, '.') + 1;
    if (strcmp(verb, "service.status") == 0)
        outcome.body = desk_status(at->process.machine, errand->arena);
    else if (strcmp(verb, "sender.check") == 0)
        machine_senders(at->process.machine, SENDERS_CHECK, &who, request->body, errand->arena, &outcome);
    else if (strcmp(verb, "sender.hold") != 0)
        machine_query(at->process.machine, &who, request->method, request->body, request->after, request->after_count, errand->arena, &outcome);
    else if (!hold(at, &who, request, errand->arena, &outcome))
        return ERR_TIMEOUT;
    if (link_loses(w, at->number, node->number))
        return ERR_TIMEOUT;
    if (outcome.kind == OUTCOME_REPLY)
        reply->body = outcome.body;
    else
        reply->problem = problem_of(outcome.body, errand->arena);
    world_say(w, "%s: asked %s%s%s", node->service->name, request->method, reply->problem != NULL ? ": " : "", reply->problem != NULL ? reply->problem->reason : "");
    return ERR_OK;
}

static const struct errand_world WORLD = { .submit = submit, .send = send, .poll = hand_out, .outstanding = outstanding,
                                           .call = call, .hang_up = hang_up };

/* ── steps ────────────────────────────────────────────────────────────────── */

static void plan(struct desk *desk, uint32_t i, int64_t in)
{
    struct world *w = desk->node->w;
    desk->turn[i]++;
    desk->planned_at[i] = w->now + in;
    world_plan(w, in, EVENT_ERRAND, desk->node->number * DESK_ERRANDS + i, desk->turn[i], NULL);
}

void desk_wake(struct desk *desk)
{
    for (uint32_t i = 0; desk->there && i < desk->errands; i++)
        if (desk->planned_at[i] > desk->node->w->now + AT_ONCE)
            plan(desk, i, AT_ONCE);
}

struct stepping { struct desk *desk; uint32_t i; uint32_t ms; };

static void step(void *arg)
{
    struct stepping *stepping = arg;
    struct desk *desk = stepping->desk;
    stepping->ms = errand_step(&desk->errand[stepping->i], node_wall(desk->node));
}

void desk_run(struct desk *desk, uint32_t i, uint64_t turn)
{
    struct node *node = desk->node;
    struct stepping stepping = { desk, i, 0 };
    const char *how = NULL;
    if (!desk->there || turn != desk->turn[i] || !node_up(node))
        return;
    if (node->w->now < node->stalled_until) {
        plan(desk, i, node->stalled_until - node->w->now + 1);
        return;
    }
    node->w->counts->errand_steps++;
    if (process_errand(&node->process, step, &stepping, &how)) {
        desk->rest_ms[i] = stepping.ms;
        plan(desk, i, stepping.ms == 0 ? AT_ONCE : (int64_t)stepping.ms * MS);
        return;
    }
    nemesis_died(node->w, how);
    node_died(node, how, world_between(node->w, 5 * MS, 300 * MS));
}

void desk_begin(struct desk *desk)
{
    struct node *node = desk->node;
    for (uint32_t i = 0; i < desk->errands; i++) {
        errand_start(&desk->errand[i], node->process.machine, i, &WORLD);
        desk->errand[i].files = desk->files;
        desk->errand[i].keys = desk->keys;
        desk->errand[i].sign_key = desk->sign_key;
        desk->errand[i].who.id = uuid_derive("self", bytes_of(node->service->name));
        desk->errand[i].self = desk;
        desk->rest_ms[i] = 0;
    }
    desk->there = true;
    for (uint32_t i = 0; i < desk->errands; i++)
        plan(desk, i, AT_ONCE);
}

void desk_end(struct desk *desk)
{
    for (uint32_t i = 0; desk->there && i < desk->errands; i++)
        errand_end(&desk->errand[i]);
    for (uint32_t i = 0; i < WINDOW; i++)
        asked_free(&desk->asked[i]);
    desk->there = false;
}

bool desk_rests(struct desk *desk)
{
    for (uint32_t i = 0; i < desk->errands; i++)
        if (desk->rest_ms[i] < LONG_WAIT)
            return false;
    return desk->there;
}

struct desk *desk_new(struct node *node)
{
    if (node->service->errand_count == 0)
        return NULL;
    struct desk *desk = calloc(1, sizeof *desk);
    if (desk == NULL)
        abort();
    desk->node = node;
    desk->errands = (uint32_t)node->service->errand_count;
    snprintf(desk->files, sizeof desk->files, "%s.files", node->dir);
    snprintf(desk->keys, sizeof desk->keys, "%s/keys", node->w->dir);
    snprintf(desk->sign_key, sizeof desk->sign_key, "%s/federal.sign", desk->keys);
    mkdir(desk->files, 0750);
    desk->arena.keep = 1 << 18;
    return desk;
}

void desk_free(struct desk **desk)
{
    if (*desk == NULL)
        return;
    desk_end(*desk);
    arena_free(&(*desk)->arena);
    free(*desk);
    *desk = NULL;
}
