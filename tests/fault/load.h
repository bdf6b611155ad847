#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "tests/fault/lab.h"
#include "tests/fault/model.h"

/* load: threads that send deeds to the ledger, pipelined, and repeat each under the same id until it is
 * answered; now and then they ask for an old one again and hold the answer against the first.
 *
 * An id that was under way in two crashes is answered internal/crashed_before, which is no verdict: it is put
 * aside, as one that was done or not, and asked again in the end. */
#define LOAD_THREADS 3

enum load_phase {
    LOAD_SEND,                              /* new deeds, repeats, old ones again */
    LOAD_SETTLE,                            /* no new ones: until each has its answer */
    LOAD_REPEAT,                            /* each once more: the same answers */
};
struct load;
struct loader {
    struct load *load;
    pthread_t thread;
    struct client *client;
    uint64_t seed, made;
    struct prng prng;
    struct model model;                     /* its deeds; merged in the end */
    struct deed **again; size_t again_n;    /* to be sent (again) */
    struct deed **aside; size_t aside_n;
    size_t next;                            /* LOAD_REPEAT: index into the model's list */
    atomic_uint_fast64_t answered, timeouts, turned_away, crashed;
};
struct load {
    struct lab *lab;
    int64_t base_ms;
    uint32_t window;
    uint64_t most;                          /* deeds a thread */
    _Atomic int phase;
    atomic_int done;                        /* threads that have finished the phase */
    struct loader loader[LOAD_THREADS];
};
void load_start(struct load *load, struct lab *lab, uint64_t seed, uint32_t window, uint64_t most);
/* Settles, repeats, joins the threads; the deeds of all are in `model` afterwards. False: not within the time. */
bool load_end(struct load *load, struct model *model, int within_ms);
void load_free(struct load *load);          /* with the deeds */
uint64_t load_answered(struct load *load);
