#pragma once
#include "common/core/bytes.h"

#include <pthread.h>

/* queue: how threads of a daemon hand work on: a list under a mutex, with an eventfd that is readable
 * while there is something in it.
 *
 * Ownership  what is put belongs to the queue until it is taken; what is left at queue_close() is the
 *            caller's to take first.
 * Threads    any may put and take. Many items pass under one lock, and one wake-up serves them all.
 * Bounds     at most `most` items: more are refused, the caller says `busy`.
 * Use        struct thing { struct queue_node node; … }, the node first. */
struct queue_node { struct queue_node *next; };
struct queue_chain { struct queue_node *first, **last; size_t n; };     /* built without a lock */
struct queue {
    pthread_mutex_t lock;
    int fd;
    size_t n, most;
    struct queue_chain chain;
};

int  queue_open(struct queue *queue, size_t most);
void queue_close(struct queue *queue);
void queue_chain_start(struct queue_chain *chain);
void queue_chain_add(struct queue_chain *chain, struct queue_node *node);
/* All of the chain or, when it does not fit, nothing (false). Leaves an empty chain on success. */
bool queue_put(struct queue *queue, struct queue_chain *chain);
bool queue_put_one(struct queue *queue, struct queue_node *node);
/* At most `most` items, in order; NULL: none. The last one's next is NULL. */
struct queue_node *queue_take(struct queue *queue, size_t most);
size_t queue_length(struct queue *queue);
/* Waits until there is something or the time is over (ms < 0: for ever). For threads that do nothing else. */
void queue_wait(struct queue *queue, int ms);
/* Makes one queue_wait() return though nothing was put. */
void queue_wake(struct queue *queue);
