#include <stdio.h>
#include <unistd.h>

#include "common/core/err.h"
#include "tests/fault/sim/checks.h"
#include "tests/fault/sim/node.h"
#include "tests/fault/sim/town.h"

/* A projection can be thrown away and followed again, and the order in which the streams come does not
 * matter: a machine with an empty store follows the final journals, now a few entries of one and now of
 * another, and its copies have to equal those that were made as things happened. */

/* One message of one stream; false: nothing is left of it. */
static bool follow_some(struct world *w, uint32_t node, struct machine *m, const char *stream, struct arena *arena)
{
    const struct node *from = w->node[service_number(stream)];
    struct follow follow;
    struct feed_result result;
    struct outcome outcome;
    struct buf out = { 0 };
    if (machine_follow(m, stream, arena, &follow) != ERR_OK) {
        world_violation(w, "%s cannot be followed anew", stream);
        return false;
    }
    struct feed_wish wish = { .cursor = *follow.cursor, .prefixes = follow.prefixes.at, .prefix_count = follow.prefixes.n,
                              .reach = node == TOWN || node == COPY ? town_reach() : (struct reach){ .all = true }, .entries = (uint64_t)world_between(w, 1, 50), .bytes = FEED_BYTES_MAX };
    int err = machine_feed(from->process.machine, &wish, arena, &out, &result);
    if (err == ERR_OK && result.cursor.number == follow.cursor->number && !result.at_head) {
        wish.entries = ENTRY_GROUP_MAX;
        buf_clear(&out);
        err = machine_feed(from->process.machine, &wish, arena, &out, &result);
    }
    struct input input = { .kind = INPUT_ENTRIES, .stream = stream, .body = buf_bytes(&out) };
    if (err == ERR_OK && (err = machine_batch(m, &input, 1, arena, &outcome)) == ERR_OK && outcome.kind != OUTCOME_TAKEN)
        err = ERR_UNKNOWN;
    if (err != ERR_OK)
        world_violation(w, "%s, followed anew: %s", stream, err_text(err));
    buf_free(&out);
    return err == ERR_OK && !(result.at_head && result.sent == 0);
}

static void follow_all(struct world *w, uint32_t node, struct machine *m)
{
    struct arena arena = { .keep = 1 << 20 };
    bool done[STREAMS] = { false };
    for (uint32_t left = machine_streams(m); left > 0 && !w->violated; ) {
        uint32_t i = (uint32_t)prng_below(&w->prng, machine_streams(m));
        if (done[i])
            continue;
        done[i] = !follow_some(w, node, m, machine_stream(m, i), &arena);
        left -= done[i];
        arena_reset(&arena);
    }
    arena_free(&arena);
}

void checks_copies(struct world *w, uint32_t number)
{
    struct node *node = w->node[number];
    struct service alone = *node->service;
    struct machine *m = NULL;
    struct hash live, again;
    char dir[300];
    alone.reaction_count = 0;
    if (alone.projection_count == 0 || node->absent || w->violated)
        return;
    snprintf(dir, sizeof dir, "%s.again", node->dir);
    struct machine_options options = node_options(node, dir);
    int err = machine_open(&m, &alone, &options);
    if (err == ERR_OK) {
        follow_all(w, number, m);
        err = store_digest(machine_store(m), TABLE_COPY, &again);
    }
    if (err == ERR_OK)
        err = store_digest(machine_store(node->process.machine), TABLE_COPY, &live);
    if (err != ERR_OK)
        world_violation(w, "%s, copied anew: %s", alone.name, err_text(err));
    else if (!hash_equal(&live, &again))
        world_violation(w, "%s: its copies are others than the journals make in another order", alone.name);
    machine_drop(&m);
    node_remove_store(dir);
    w->counts->copies++;
}
