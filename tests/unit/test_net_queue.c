/* queue: bounded, in order, woken once for many. */
#include "tests/unit/check.h"

#include <poll.h>
#include <stdlib.h>

#include "common/core/err.h"
#include "common/service/queue.h"

struct thing { struct queue_node node; unsigned from, number; };

static struct thing *thing_new(unsigned from, unsigned number)
{
    struct thing *thing = calloc(1, sizeof *thing);

    assert_non_null(thing);
    thing->from = from;
    thing->number = number;
    return thing;
}

static bool readable(const struct queue *queue)
{
    return poll(&(struct pollfd){ .fd = queue->fd, .events = POLLIN }, 1, 0) == 1;
}

static void what_is_put_comes_out_in_order_and_the_fd_says_so(void **state)
{
    struct queue queue;
    struct queue_chain chain;
    (void)state;

    assert_int_equal(queue_open(&queue, 10), ERR_OK);
    assert_false(readable(&queue));
    assert_null(queue_take(&queue, 5));
    queue_chain_start(&chain);
    for (unsigned i = 0; i < 7; i++)
        queue_chain_add(&chain, &thing_new(0, i)->node);
    assert_true(queue_put(&queue, &chain));
    assert_int_equal(chain.n, 0);
    assert_true(readable(&queue));
    unsigned next = 0;
    for (size_t most = 3; next < 7; most++)
        for (struct queue_node *node = queue_take(&queue, most), *after; node != NULL; node = after, next++) {
            after = node->next;
            assert_int_equal(((struct thing *)node)->number, next);
            assert_int_equal(readable(&queue), queue_length(&queue) > 0);
            free(node);
        }
    assert_false(readable(&queue));
    queue_close(&queue);
    queue_close(&queue);
}

static void a_full_queue_takes_all_of_a_chain_or_nothing(void **state)
{
    struct queue queue;
    struct queue_chain chain;
    (void)state;

    assert_int_equal(queue_open(&queue, 3), ERR_OK);
    struct thing *a = thing_new(0, 0), *b = thing_new(0, 1), *c = thing_new(0, 2), *d = thing_new(0, 3);
    assert_true(queue_put_one(&queue, &a->node));
    queue_chain_start(&chain);
    queue_chain_add(&chain, &b->node);
    queue_chain_add(&chain, &c->node);
    queue_chain_add(&chain, &d->node);
    assert_false(queue_put(&queue, &chain));
    assert_int_equal(chain.n, 3);
    assert_int_equal(queue_length(&queue), 1);
    assert_ptr_equal(queue_take(&queue, 9), &a->node);
    assert_true(queue_put(&queue, &chain));
    assert_int_equal(queue_length(&queue), 3);
    free(a);
    for (struct queue_node *node = queue_take(&queue, 9), *after; node != NULL; node = after) {
        after = node->next;
        free(node);
    }
    queue_close(&queue);
}

enum { PUTTERS = 3, EACH = 20000 };
static struct queue shared;

static void *putter(void *arg)
{
    for (unsigned i = 0; i < EACH;) {
        struct thing *thing = thing_new((unsigned)(uintptr_t)arg, i);
        while (!queue_put_one(&shared, &thing->node))
            sched_yield();
        i++;
    }
    return NULL;
}

static void many_threads_lose_nothing_and_keep_their_order(void **state)
{
    pthread_t thread[PUTTERS];
    unsigned next[PUTTERS] = { 0 }, got = 0;
    (void)state;

    assert_int_equal(queue_open(&shared, 100), ERR_OK);
    for (uintptr_t i = 0; i < PUTTERS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, putter, (void *)i), 0);
    while (got < PUTTERS * EACH) {
        queue_wait(&shared, 1000);
        for (struct queue_node *node = queue_take(&shared, 16), *after; node != NULL; node = after, got++) {
            const struct thing *thing = (const struct thing *)node;
            after = node->next;
            assert_int_equal(thing->number, next[thing->from]++);
            free(node);
        }
    }
    for (int i = 0; i < PUTTERS; i++)
        pthread_join(thread[i], NULL);
    assert_int_equal(queue_length(&shared), 0);
    queue_close(&shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_comes_out_in_order_and_the_fd_says_so),
        cmocka_unit_test(a_full_queue_takes_all_of_a_chain_or_nothing),
        cmocka_unit_test(many_threads_lose_nothing_and_keep_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
