#include "common/service/queue.h"

#include <assert.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/core/err.h"

int queue_open(struct queue *queue, size_t most)
{
    *queue = (struct queue){ .most = most };
    queue_chain_start(&queue->chain);
    if (pthread_mutex_init(&queue->lock, NULL) != 0)
        return ERR_NOMEM;
    queue->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return queue->fd >= 0 ? ERR_OK : ERR_IO;
}

void queue_close(struct queue *queue)
{
    if (queue->chain.last == NULL)          /* never opened */
        return;
    if (queue->fd >= 0)
        close(queue->fd);
    pthread_mutex_destroy(&queue->lock);
    *queue = (struct queue){ .fd = -1 };
}

void queue_chain_start(struct queue_chain *chain)
{
    *chain = (struct queue_chain){ .last = &chain->first };
}

void queue_chain_add(struct queue_chain *chain, struct queue_node *node)
{
    node->next = NULL;
    *chain->last = node;
    chain->last = &node->next;
    chain->n++;
}

void queue_wake(struct queue *queue)
{
    ssize_t n = write(queue->fd, &(uint64_t){ 1 }, sizeof(uint64_t));
    (void)n;                                /* EAGAIN: it is awake already */
}

bool queue_put(struct queue *queue, struct queue_chain *chain)
{
    if (chain->n == 0)
        return true;
    pthread_mutex_lock(&queue->lock);
    bool fits = chain->n <= queue->most - queue->n, was_empty = queue->n == 0;
    if (fits) {
        *queue->chain.last = chain->first;
        queue->chain.last = chain->last;
        queue->n += chain->n;
    }
    pthread_mutex_unlock(&queue->lock);
    if (fits && was_empty)
        queue_wake(queue);
    if (fits)
        queue_chain_start(chain);
    return fits;
}

bool queue_put_one(struct queue *queue, struct queue_node *node)
{
    struct queue_chain chain;

    queue_chain_start(&chain);
    queue_chain_add(&chain, node);
    return queue_put(queue, &chain);
}

/* The eventfd is cleared under the lock, so that it is readable exactly while something is left. */
struct queue_node *queue_take(struct queue *queue, size_t most)
{
    uint64_t woken;

    assert(most > 0);
    pthread_mutex_lock(&queue->lock);
    struct queue_node *first = queue->chain.first, *last = first;
    size_t n = 0;
    if (first != NULL) {
        for (n = 1; n < most && last->next != NULL; n++)
            last = last->next;
        queue->chain.first = last->next;
        last->next = NULL;
        queue->n -= n;
    }
    if (queue->chain.first == NULL) {
        queue_chain_start(&queue->chain);
        ssize_t got = read(queue->fd, &woken, sizeof woken);
        (void)got;
    }
    pthread_mutex_unlock(&queue->lock);
    return first;
}

size_t queue_length(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t n = queue->n;
    pthread_mutex_unlock(&queue->lock);
    return n;
}

void queue_wait(struct queue *queue, int ms)
{
    struct pollfd item = { .fd = queue->fd, .events = POLLIN };

    poll(&item, 1, ms);
}
