#include "tests/fault/sim/node.h"

#include "common/core/err.h"
#include "tests/fault/sim/nemesis.h"

/* As the daemon's sources: a following has an id, and what comes for an older one is not heard. */

#define SILENCE (1000 * MS)
#define AGAIN   (100 * MS)

void sources_begin(struct node *node)
{
    node->sources = machine_streams(node->process.machine);
    for (uint32_t i = 0; i < node->sources; i++) {
        const char *name = machine_stream(node->process.machine, i);
        node->source[i] = (struct source){ .name = name, .node = (uint32_t)service_number(name) };
    }
}

struct source *source_named(struct node *node, const char *name)
{
    for (uint32_t i = 0; i < node->sources; i++)
        if (strcmp(node->source[i].name, name) == 0)
            return &node->source[i];
    return NULL;
}

struct source *source_of(struct node *node, uint32_t from)
{
    for (uint32_t i = 0; i < node->sources; i++)
        if (node->source[i].node == from)
            return &node->source[i];
    return NULL;
}

static void stopped(struct node *node, struct source *source, const char *reason)
{
    source->state = SOURCE_STOPPED;
    world_say(node->w, "%s: %s: stopped: %s", node->service->name, source->name, reason);
    if (strcmp(reason, "fork") != 0)
        world_violation(node->w, "%s stops following %s: %s", node->service->name, source->name, reason);
}

/* Small credits now and then, so that messages are many and stop for want of it. */
static void grant(struct node *node, struct follow *follow)
{
    struct world *w = node->w;
    if (w->calm || world_chance(w, 400))
        return;
    follow->entries = (uint64_t)world_between(w, 1, 60);
    follow->bytes = (uint64_t)world_between(w, 200, 20000);
}

void source_follow(struct node *node, struct source *source)
{
    struct follow follow;
    int err = machine_follow(node->process.machine, source->name, &node->scratch, &follow);
    source->heard = node->w->now;
    source->id = ++node->following;
    if (err != ERR_OK) {
        stopped(node, source, err == ERR_FORK ? "fork" : err_text(err));
        return;
    }
    source->state = SOURCE_FOLLOWS;
    grant(node, &follow);
    struct bytes body = msg_encode_in(&node->scratch, &follow_desc, &follow);
    world_post(node->w, letter_new(LETTER_FOLLOW, node->number, source->node, source->id, body));
    arena_reset(&node->scratch);
}

void sources_look(struct node *node)
{
    for (uint32_t i = 0; i < node->sources; i++) {
        struct source *source = &node->source[i];
        bool silent = source->state == SOURCE_FOLLOWS && node->w->now - source->heard > SILENCE;
        if (silent || (source->state == SOURCE_WAITS && node->w->now >= source->again))
            source_follow(node, source);
    }
}

static void forked(struct node *node, struct source *source)
{
    const char *how = NULL;
    nemesis_forked(node);
    int err = process_forked(&node->process, source->name, &how);
    node->w->counts->forks++;
    world_say(node->w, "%s: %s: another history", node->service->name, source->name);
    if (how != NULL) {
        world_fault(node->w, FAULT_FORKED);
        node_died(node, how, world_between(node->w, 5 * MS, 100 * MS));
        return;
    }
    if (err == ERR_FORK)
        stopped(node, source, "fork");
    else if (err != ERR_OK)
        world_violation(node->w, "%s: fork of %s: %s", node->service->name, source->name, err_text(err));
    else                                    /* its copies are dropped with all cursors */
        for (uint32_t i = 0; i < node->sources; i++)
            if (node->source[i].state == SOURCE_FOLLOWS)
                source_follow(node, &node->source[i]);
}

void source_letter(struct node *node, struct source *source, const struct letter *letter)
{
    if (source->state != SOURCE_FOLLOWS || letter->id != source->id)
        return;
    source->heard = node->w->now;
    if (letter->kind == LETTER_FORK)
        forked(node, source);
    else
        source_follow(node, source);
}

/* Never ahead of what the source has committed (as long as it is the history that was followed). */
static void look_ahead(struct node *node, const struct source *source, const struct cursor *cursor)
{
    const struct node *from = node->w->node[source->node];
    if (!node_up(from))
        return;
    struct meta meta = machine_meta(from->process.machine);
    if (uuid_equal(&meta.incarnation, &cursor->incarnation) && cursor->number > machine_head(from->process.machine))
        world_violation(node->w, "%s has followed %s to %llu, which has committed %llu", node->service->name, source->name,
                        (unsigned long long)cursor->number, (unsigned long long)machine_head(from->process.machine));
}

static const char *reason_of(struct node *node, struct bytes body)
{
    struct problem problem;
    struct msg_error error;
    return msg_decode(&problem_desc, body, MSG_LENIENT, &node->scratch, &problem, &error) == ERR_OK ? problem.reason : "?";
}

void source_taken(struct node *node, const struct letter *letter, const struct outcome *outcome)
{
    struct source *source = source_of(node, letter->from);
    if (outcome->kind == OUTCOME_TAKEN)
        look_ahead(node, source, &outcome->cursor);
    if (outcome->kind == OUTCOME_STOPPED) {
        stopped(node, source, reason_of(node, outcome->body));
        return;
    }
    if (letter->id != source->id || source->state != SOURCE_FOLLOWS)
        return;
    if (outcome->kind == OUTCOME_IGNORED)
        source_follow(node, source);
    else if (outcome->kind == OUTCOME_PROBLEM) {    /* no room, a suspect clock: the cursor has not moved */
        source->state = SOURCE_WAITS;
        source->again = node->w->now + AGAIN;
    } else if (letter->entries > 0 || letter->bytes > 0) {
        struct letter *credit = letter_new(LETTER_CREDIT, node->number, source->node, source->id, bytes(NULL, 0));
        credit->entries = letter->entries;
        credit->bytes = letter->bytes;
        world_post(node->w, credit);
    }
}
