#include "tests/fault/sim/client.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/core/err.h"
#include "proto/roster.h"
#include "tests/fault/sim/node.h"
#include "tests/fault/sim/story.h"

#define WINDOW      3               /* commands on the way to one service; one while sending again */

uint64_t client_below(struct client *client, uint64_t n)
{
    return prng_below(&client->random, n);
}

struct client *client_new(struct world *w, uint32_t number)
{
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL)
        abort();
    client->w = w;
    client->number = number;
    client->arena.keep = 1 << 16;
    prng_seed(&client->random, w->seed * 64 + NODES + number);
    client->story = story_new(client);
    if (number != REGISTRAR || w->registry)
        world_plan(w, 1 + number, EVENT_ACT, number, 0, NULL);
    return client;
}

void client_free(struct client **client)
{
    for (uint32_t i = 0; i < (*client)->count; i++) {
        buf_free(&(*client)->sent[i]->body);
        buf_free(&(*client)->sent[i]->answer);
        free((*client)->sent[i]);
    }
    free((*client)->sent);
    story_free(&(*client)->story);
    arena_free(&(*client)->arena);
    free(*client);
    *client = NULL;
}

/* ── sending ──────────────────────────────────────────────────────────────── */

static const struct command_def *command_of(const char *method, uint32_t *service)
{
    for (*service = 0; *service < NODES; ++*service)
        for (size_t i = 0; i < service_of((int)*service)->command_count; i++)
            if (strcmp(service_of((int)*service)->commands[i].name, method) == 0)
                return &service_of((int)*service)->commands[i];
    return NULL;
}

static struct uuid new_id(struct client *client)
{
    uint8_t random[10];
    prng_fill(&client->random, random, sizeof random);
    return uuid_v7((node_wall(client->w->node[ROSTER]) - client->w->node[ROSTER]->skew) / MOMENT_MS, random);
}

/* What the sender depends on: all that he has seen. */
static uint32_t positions(const struct client *client, struct position *after)
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < NODES; s++)
        if (client->seen[s] > 0)
            after[n++] = (struct position){ client->journal[s], client->now_at[s], client->seen[s] };
    return n;
}

static void fly(struct client *client, struct sent *sent, uint32_t index)
{
    struct letter *letter = letter_new(LETTER_COMMAND, NODES + client->number, sent->service, index, buf_bytes(&sent->body));
    letter->who = sent->who;
    letter->command = sent->id;
    letter->method = sent->method;
    if (sent->behind < BEHIND_MOST)
        letter->after_count = positions(client, letter->after);
    sent->bare |= sent->behind >= BEHIND_MOST;
    if (sent->tries == 0)
        sent->flown_at = client->w->now;
    sent->flying = true;
    sent->retry_at = client->w->now + (sent->tries < 3 ? 60 : 250) * MS + (int64_t)client_below(client, 40 * MS);
    sent->tries++;
    world_post(client->w, letter);
}

/* First what was answered before, in that order, then the new. */
static int by_rank(const struct sent *a, const struct sent *b)
{
    if (a->ever != b->ever)
        return a->ever ? -1 : 1;
    return !a->ever || a->position.number == b->position.number ? 0 : a->position.number < b->position.number ? -1 : 1;
}

static void pump(struct client *client, uint32_t service)
{
    for (;;) {
        uint32_t flying = 0, best = client->count;
        for (uint32_t i = 0; i < client->count; i++) {
            const struct sent *sent = client->sent[i];
            if (sent->service != service || sent->state != SENT_WAITS)
                continue;
            flying += sent->flying;
            if (!sent->flying && (best == client->count || by_rank(sent, client->sent[best]) < 0))
                best = i;
        }
        if (best == client->count)
            return;
        client->resending[service] = client->resending[service] && (flying > 0 || client->sent[best]->ever);
        if (flying >= (client->resending[service] ? 1 : WINDOW))
            return;
        fly(client, client->sent[best], best);
    }
}

void client_says(struct client *client, const struct principal *who, const char *method, const void *body, uint32_t subject)
{
    struct sent *sent = calloc(1, sizeof *sent);
    struct msg_error error;
    uint32_t service;
    const struct command_def *def = command_of(method, &service);
    if (service == TOWN && client->number == COPY_CLERK)
        service = COPY;
    if (client->count == client->room) {
        client->room = client->room != 0 ? client->room * 2 : 64;
        client->sent = realloc(client->sent, client->room * sizeof *client->sent);
    }
    if (sent == NULL || client->sent == NULL)
        abort();
    *sent = (struct sent){ .id = new_id(client), .service = service, .method = def->name, .takes = def->takes,
                           .gives = def->gives, .who = *who, .subject = subject };
    if (msg_check(def->takes, body, &error) != ERR_OK)
        world_violation(client->w, "the simulation's own %s is no such command: %s: %s", method, error.path, error.rule);
    else
        msg_encode(def->takes, body, &sent->body);
    client->sent[client->count++] = sent;
    client->w->counts->commands++;
    pump(client, service);
}

void client_query(struct client *client, const struct principal *who, uint32_t service, const char *method,
                  const struct msg_desc *takes, const void *body, uint32_t subject)
{
    struct bytes encoded = msg_encode_in(&client->arena, takes, body);
    struct letter *letter = letter_new(LETTER_QUERY, NODES + client->number, service, UINT64_MAX - subject, encoded);
    letter->who = *who;
    letter->command = UUID_NIL;
    letter->method = method;
    letter->after_count = positions(client, letter->after);
    world_post(client->w, letter);
    arena_reset(&client->arena);
}

uint32_t client_waiting(const struct client *client, uint32_t service)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < client->count; i++)
        n += client->sent[i]->service == service && client->sent[i]->state == SENT_WAITS;
    return n;
}

void client_hear(struct client *client, const struct client *from)
{
    for (uint32_t s = 0; s < NODES; s++) {
        if (uuid_is_nil(&client->now_at[s]) && from->seen[s] > 0) {
            client->now_at[s] = from->now_at[s];
            client->journal[s] = from->journal[s];
        }
        if (uuid_equal(&client->now_at[s], &from->now_at[s]) && client->seen[s] < from->seen[s])
            client->seen[s] = from->seen[s];
    }
}

/* ── what must hold of answers ────────────────────────────────────────────── */

/* Which entries both incarnations have in common. */
static uint64_t kept_since(const struct node *node, uint32_t from, uint32_t to)
{
    uint64_t kept = UINT64_MAX;
    for (uint32_t life = from + 1; life <= to; life++)
        if (node->life_of[life].kept < kept)
            kept = node->life_of[life].kept;
    return kept;
}

bool client_answer_is_own(const struct sent *sent)
{
    uint32_t service;
    return command_of(sent->method, &service)->answer != NULL;
}

static void look_at_answer(struct client *client, const struct sent *sent, const struct letter *letter, uint32_t life)
{
    const struct node *node = client->w->node[sent->service];
    bool refused = letter->outcome == OUTCOME_PROBLEM;
    if (!sent->ever || life < sent->life)
        return;
    if (sent->position.number <= kept_since(node, sent->life, life)) {
        if (letter->position.number != sent->position.number || (!client_answer_is_own(sent) && (refused != sent->refused ||
            !bytes_equal(buf_bytes(&letter->body), buf_bytes(&sent->answer)))))
            world_violation(client->w, "%s was answered at %llu, and then otherwise at %llu", sent->method,
                            (unsigned long long)sent->position.number, (unsigned long long)letter->position.number);
        return;
    }
    /* The first one went with the restore. Made again, it has to make the same things. */
    if (sent->gives == &registered_desc && !refused && !sent->refused &&
        !bytes_equal(buf_bytes(&letter->body), buf_bytes(&sent->answer)))
        world_violation(client->w, "%s sent again after a restore has made something else", sent->method);
}

/* ── answers ──────────────────────────────────────────────────────────────── */

static void send_again(struct client *client, uint32_t service)
{
    client->resending[service] = true;
    for (uint32_t i = 0; i < client->count; i++) {
        struct sent *sent = client->sent[i];
        if (sent->service != service || sent->state != SENT_ANSWERED ||
            uuid_equal(&sent->position.incarnation, &client->now_at[service]))
            continue;
        sent->state = SENT_WAITS;
        sent->flying = false;
        sent->tries = sent->behind = 0;
        client->w->counts->resent++;
    }
}

/* False: from an incarnation that is over. */
static bool place_answer(struct client *client, uint32_t service, const struct position *position)
{
    for (uint32_t i = 0; i < client->befores[service]; i++)
        if (uuid_equal(&client->before[service][i], &position->incarnation))
            return false;
    if (!uuid_equal(&client->now_at[service], &position->incarnation)) {
        bool first = uuid_is_nil(&client->now_at[service]);
        if (!first && client->befores[service] < 16)
            client->before[service][client->befores[service]++] = client->now_at[service];
        client->now_at[service] = position->incarnation;
        client->seen[service] = 0;
        if (!first)
            send_again(client, service);
    }
    client->journal[service] = position->journal;
    if (client->seen[service] < position->number)
        client->seen[service] = position->number;
    return true;
}

/* No verdict: asked again later, or never. */
static void put_off(struct client *client, struct sent *sent, const struct letter *letter)
{
    struct problem problem = { .reason = "" };
    struct msg_error error;
    if (letter->outcome != OUTCOME_PROBLEM ||
        msg_decode(&problem_desc, buf_bytes(&letter->body), MSG_LENIENT, &client->arena, &problem, &error) != ERR_OK) {
        world_violation(client->w, "%s: an answer without a position", sent->method);
        return;
    }
    world_say(client->w, "client %u: %s: %s", client->number, sent->method, problem.reason);
    sent->behind += strcmp(problem.reason, "behind") == 0;
    if (problem.code == PROBLEM_DENIED)
        sent->state = SENT_GIVEN_UP;
    else if (problem.code == PROBLEM_BUSY || problem.code == PROBLEM_UNAVAILABLE ||
             strcmp(problem.reason, "crashed_before") == 0)
        sent->retry_at = client->w->now + 40 * MS;
    else
        world_violation(client->w, "%s: %s: %s", sent->method, problem_code_names.names[problem.code], problem.reason);
    arena_reset(&client->arena);
}

const char *client_reason(struct client *client, const struct sent *sent)
{
    struct problem problem;
    struct msg_error error;
    bool read = msg_decode(&problem_desc, buf_bytes(&sent->answer), MSG_LENIENT, &client->arena, &problem, &error) == ERR_OK;
    return read ? problem.reason : "";
}

static void take_verdict(struct client *client, struct sent *sent, const struct letter *letter)
{
    uint32_t life = node_life_of(client->w->node[sent->service], &letter->position.incarnation);
    look_at_answer(client, sent, letter, life);
    sent->fresh = !sent->ever || sent->position.number != letter->position.number;
    sent->refused = letter->outcome == OUTCOME_PROBLEM;
    buf_clear(&sent->answer);
    buf_put(&sent->answer, letter->body.at, letter->body.n);
    sent->position = letter->position;
    sent->life = life;
    sent->ever = true;
    sent->answered_at = client->w->now;
    if (sent->state != SENT_WAITS)
        return;
    sent->state = SENT_ANSWERED;
    sent->flying = false;
    client->w->counts->replies += !sent->refused;
    client->w->counts->refusals += sent->refused;
    if (sent->refused)
        world_say(client->w, "client %u: %s refused: %s", client->number, sent->method, client_reason(client, sent));
    story_told(client, sent);
}

void client_letter(struct client *client, struct letter *letter)
{
    struct sent *sent = letter->id < client->count ? client->sent[letter->id] : NULL;
    bool gone = letter->life < client->life[letter->from];      /* over a connection that did not outlive its end */
    if (!gone)
        client->life[letter->from] = letter->life;
    if (!gone && sent == NULL && letter->outcome == OUTCOME_REPLY)
        story_read(client, letter->from, (uint32_t)(UINT64_MAX - letter->id), buf_bytes(&letter->body));
    if (gone || sent == NULL) {
        letter_free(letter);
        return;
    }
    if (!uuid_equal(&sent->id, &letter->command))
        world_violation(client->w, "%s: the answer of another command", sent->method);
    else if (!letter->has_position && sent->state == SENT_WAITS)
        put_off(client, sent, letter);
    else if (letter->has_position && place_answer(client, sent->service, &letter->position))
        take_verdict(client, sent, letter);
    uint32_t service = sent->service;
    letter_free(letter);
    pump(client, service);
}

void client_tick(struct client *client)
{
    for (uint32_t i = 0; i < client->count; i++) {
        struct sent *sent = client->sent[i];
        if (sent->state == SENT_WAITS && sent->flying && client->w->now >= sent->retry_at)
            fly(client, sent, i);
    }
}

void client_act(struct client *client)
{
    struct world *w = client->w;
    if (w->calm)
        return;
    story_act(client);
    world_plan(w, world_between(w, 1 * MS, 8 * MS), EVENT_ACT, client->number, 0, NULL);
}

/* One command to each service that was ever spoken to: its answer says which incarnation is there. */
void client_ask_again(struct client *client)
{
    bool asked[NODES] = { false };
    for (uint32_t i = 0; i < client->count; i++) {
        struct sent *sent = client->sent[i];
        if (sent->state != SENT_ANSWERED || asked[sent->service])
            continue;
        asked[sent->service] = true;
        sent->state = SENT_WAITS;
        sent->tries = sent->behind = 0;
        fly(client, sent, i);
    }
}

bool client_rests(struct client *client)
{
    for (uint32_t i = 0; i < client->count; i++)
        if (client->sent[i]->state == SENT_WAITS)
            return false;
    return true;
}

const char *client_waits_for(struct client *client)
{
    for (uint32_t i = 0; i < client->count; i++)
        if (client->sent[i]->state == SENT_WAITS)
            return client->sent[i]->method;
    return "nothing";
}
