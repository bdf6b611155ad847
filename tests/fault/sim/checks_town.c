#include <stdlib.h>

#include "common/core/err.h"
#include "services/node/node.h"
#include "tests/fault/sim/checks.h"
#include "tests/fault/sim/desk.h"
#include "tests/fault/sim/node.h"
#include "tests/fault/sim/town.h"

/* The queue against the region: nothing that was queued is lost, what the screen shows is what the region has decided,
 * and where nobody was made again from a backup and no image was begun, the order of the queue is the order there. */

struct item { struct uuid id; int service; bool answered, refused, there; };
struct queue { struct node *node; struct item *item; size_t n, room; bool held; };

static const void *body(struct world *w, const struct entry *entry, const struct msg_desc *desc, struct arena *arena)
{
    struct msg_error error;
    void *out = arena_alloc(arena, desc->size);
    if (msg_decode(desc, entry->body, MSG_LENIENT, arena, out, &error) != ERR_OK)
        world_violation(w, "%s: its body cannot be read", entry->event);
    return out;
}

static struct item *item_of(struct queue *queue, const struct uuid *id)
{
    for (size_t i = 0; i < queue->n; i++)
        if (uuid_equal(&queue->item[i].id, id))
            return &queue->item[i];
    return NULL;
}

static void see(struct queue *queue, const struct entry *entry, struct arena *arena)
{
    struct world *w = queue->node->w;
    if (strcmp(entry->event, "node.item.queued") == 0) {
        const struct node_queued *queued = body(w, entry, &node_queued_desc, arena);
        if (queue->n == queue->room) {
            queue->room = queue->room != 0 ? queue->room * 2 : 64;
            if ((queue->item = realloc(queue->item, queue->room * sizeof *queue->item)) == NULL)
                abort();
        }
        queue->item[queue->n++] = (struct item){ .id = queued->item, .service = (int)NODE_METHOD[node_method_find(queued->method)].service };
    } else if (strcmp(entry->event, "node.item.answered") == 0 || strcmp(entry->event, "node.item.conflicted") == 0) {
        const struct node_answered *answered = body(w, entry, &node_answered_desc, arena);
        struct item *item = item_of(queue, &answered->item);
        if (item == NULL)
            world_violation(w, "an item was answered that was never queued");
        else {
            item->answered = true;
            item->refused = answered->outcome == NODE_REFUSED;
            item->there = answered->position != NULL;
        }
    } else if (strcmp(entry->event, "node.copy.held") == 0)
        queue->held = true;
}

static void read_queue(struct queue *queue)
{
    struct arena arena = { .keep = 1 << 16 };
    struct entry entry;
    struct txn txn;
    txn_begin(&txn, machine_store(queue->node->process.machine), TXN_READ);
    for (uint64_t number = 1; journal_get(&txn, number, &arena, &entry, NULL); number++) {
        see(queue, &entry, &arena);
        arena_reset(&arena);
    }
    txn_end(&txn);
    arena_free(&arena);
}

/* An item that stands in two images is found out about in each: one may refuse it whose person the other knows. */
static void check_service(struct queue *queue, int service, bool alone, bool undisturbed)
{
    struct world *w = queue->node->w;
    struct node *at = w->node[service_number(NODE_SERVICE[service])];
    struct arena arena = { .keep = 1 << 16 };
    struct uuid who = town_id();
    struct entry entry;
    struct txn txn;
    uint64_t last = 0, number;
    txn_begin(&txn, machine_store(at->process.machine), TXN_READ);
    for (size_t i = 0; i < queue->n && !w->violated; i++) {
        const struct item *item = &queue->item[i];
        if (item->service != service)
            continue;
        bool known = verdict_find(&txn, &item->id, &who, &number) && journal_get(&txn, number, &arena, &entry, NULL);
        if (!item->answered)
            world_violation(w, "%s: an item was never answered", at->service->name);
        else if (item->there && !known)
            world_violation(w, "%s: an item is shown as answered, and has no verdict there", at->service->name);
        else if (!item->there && known && alone)
            world_violation(w, "%s: an item is shown as refused before it was sent, and has a verdict there", at->service->name);
        else if (item->there && known && (strcmp(entry.event, ENTRY_REFUSED) == 0) != item->refused)
            world_violation(w, "%s: an item is shown otherwise than it was decided there", at->service->name);
        else if (known && undisturbed && number < last)
            world_violation(w, "%s: items were run in another order than they were queued in", at->service->name);
        if (known)
            last = number;
        arena_reset(&arena);
    }
    txn_end(&txn);
    arena_free(&arena);
}

static void check_queue(struct node *node)
{
    struct queue queue = { .node = node };
    struct world *w = node->w;
    bool alone = !w->cloned && w->node[TOWN]->lives == 1, undisturbed = alone;
    read_queue(&queue);
    for (int s = 0; s < NODE_SERVICES; s++)
        undisturbed &= w->node[service_number(NODE_SERVICE[s])]->lives == 1;
    if (queue.held && alone)
        world_violation(w, "the node was held back as a copy, and there was never another");
    for (int s = 0; s < NODE_SERVICES && !w->violated; s++)
        check_service(&queue, s, alone, undisturbed);
    free(queue.item);
}

void checks_town(struct world *w)
{
    check_queue(w->node[TOWN]);
    if (!w->node[COPY]->absent && !w->violated)
        check_queue(w->node[COPY]);
}
