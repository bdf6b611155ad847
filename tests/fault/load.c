/* load: see load.h. */
#include "tests/fault/load.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/err.h"
#include "tests/unit/toy.h"

#define DEADLINE_MS 1500
#define OLD_EVERY   8                       /* one request in so many asks for an old deed */
#define POLL_MS     20
#define PACE_MS     4                       /* between handfuls: a journal that can be checked in seconds */

static void answered(void *arg, void *tag, const struct client_reply *reply)
{
    struct loader *l = arg;
    struct deed *deed = tag;
    struct arena arena = { 0 };

    if (reply->err == ERR_OK && reply->has_position) {
        struct bytes body = reply->problem != NULL ? msg_encode_in(&arena, &problem_desc, reply->problem) : reply->body;
        model_answered(&l->model, deed, reply->problem == NULL, reply->position.number, deed_answer(body));
        arena_free(&arena);
        atomic_fetch_add(&l->answered, 1);
        return;
    }
    bool crashed = reply->err == ERR_OK && reply->problem != NULL && strcmp(reply->problem->reason, "crashed_before") == 0;
    if (crashed && deed->state != DEED_UNKNOWN)
        violation(&l->model, "what was answered at %llu is now refused: crashed_before", (unsigned long long)deed->number);
    if (crashed)
        atomic_fetch_add(&l->crashed, 1);
    else if (reply->err != ERR_OK)
        atomic_fetch_add(&l->timeouts, 1);
    else
        atomic_fetch_add(&l->turned_away, 1);
    if (deed->state != DEED_UNKNOWN && atomic_load(&l->load->phase) != LOAD_REPEAT)
        return;                             /* an old one, asked again: it has its answer */
    if (crashed)
        l->aside[l->aside_n++] = deed;
    else
        l->again[l->again_n++] = deed;
}

static struct deed *deed_new(struct loader *l)
{
    struct deed *deed = malloc(sizeof *deed);

    if (deed == NULL || l->made >= l->load->most) {
        free(deed);
        return NULL;
    }
    *deed = deed_make(l->seed, l->load->base_ms, l->made++);
    model_add(&l->model, deed);
    return deed;
}

static struct deed *deed_old(struct loader *l)
{
    struct deed *deed = l->model.n > 0 ? l->model.list[prng_below(&l->prng, l->model.n)] : NULL;

    return deed != NULL && deed->state != DEED_UNKNOWN ? deed : NULL;
}

/* What to send next; NULL: nothing more. */
static struct deed *deed_next(struct loader *l, enum load_phase phase)
{
    struct deed *deed = NULL;

    if (phase == LOAD_REPEAT && l->next < l->model.n)
        return l->model.list[l->next++];
    if (l->again_n > 0)
        return l->again[--l->again_n];
    if (phase == LOAD_REPEAT)
        return l->aside_n > 0 ? l->aside[--l->aside_n] : NULL;
    if (phase == LOAD_SETTLE) {             /* old ones move the careful time on, in which ids are put aside */
        if (l->aside_n > 0 && prng_below(&l->prng, 4) != 0 && (deed = deed_old(l)) != NULL)
            return deed;
        return l->aside_n > 0 ? l->aside[--l->aside_n] : NULL;
    }
    if (prng_below(&l->prng, OLD_EVERY) == 0)
        deed = deed_old(l);
    return deed != NULL ? deed : deed_new(l);
}

static bool send(struct loader *l, struct deed *deed)
{
    struct arena arena = { 0 };
    const struct client_request request = { .method = "toy.account.add", .command = deed->id,
                                            .body = deed_body(deed, &arena), .deadline_ms = DEADLINE_MS };
    int err = client_send(l->client, &request, deed);

    arena_free(&arena);
    return err == ERR_OK;
}

static void phase_run(struct loader *l, enum load_phase phase)
{
    while (atomic_load(&l->load->phase) == (int)phase) {
        struct deed *deed = NULL;
        while (client_outstanding(l->client) < l->load->window && (deed = deed_next(l, phase)) != NULL)
            if (!send(l, deed))
                lab_die("client_send failed");
        client_poll(l->client, POLL_MS, answered, l);
        if (phase == LOAD_SEND)
            lab_sleep_ms(PACE_MS);
        if (deed != NULL || client_outstanding(l->client) > 0)
            continue;
        if (phase == LOAD_SEND)
            lab_sleep_ms(POLL_MS);          /* all are made */
        else if (l->again_n + l->aside_n == 0)
            return;
    }
}

static void *loader_run(void *loader)
{
    struct loader *l = loader;

    for (int phase = LOAD_SEND; phase <= LOAD_REPEAT; phase++) {
        phase_run(l, (enum load_phase)phase);
        if (phase != LOAD_SEND)
            atomic_fetch_add(&l->load->done, 1);
        while (phase != LOAD_REPEAT && atomic_load(&l->load->phase) == phase)
            lab_sleep_ms(2);
    }
    return NULL;
}

void load_start(struct load *load, struct lab *lab, uint64_t seed, uint32_t window, uint64_t most)
{
    *load = (struct load){ .lab = lab, .window = window, .most = most };
    load->base_ms = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self) / MOMENT_MS - MOMENT_DAY / MOMENT_MS;
    for (uint64_t i = 0; i < LOAD_THREADS; i++) {
        struct loader *l = &load->loader[i];
        l->load = load;
        l->seed = seed * LOAD_THREADS + i;
        prng_seed(&l->prng, l->seed);
        l->client = lab_client(lab, LEDGER, window);
        l->again = calloc(most + window, sizeof *l->again);
        l->aside = calloc(most + window, sizeof *l->aside);
        if (l->again == NULL || l->aside == NULL || pthread_create(&l->thread, NULL, loader_run, l) != 0)
            lab_die("out of memory");
    }
}

static bool phase_wait(struct load *load, enum load_phase phase, int64_t until)
{
    atomic_store(&load->done, 0);
    atomic_store(&load->phase, (int)phase);
    while (atomic_load(&load->done) < LOAD_THREADS && lab_now_ms() < until)
        lab_sleep_ms(5);
    return atomic_load(&load->done) == LOAD_THREADS;
}

bool load_end(struct load *load, struct model *model, int within_ms)
{
    int64_t until = lab_now_ms() + within_ms;
    bool done = phase_wait(load, LOAD_SETTLE, until) && phase_wait(load, LOAD_REPEAT, until);

    atomic_store(&load->phase, LOAD_REPEAT + 1);
    for (int i = 0; i < LOAD_THREADS; i++) {
        struct loader *l = &load->loader[i];
        pthread_join(l->thread, NULL);
        client_close(&l->client);
        for (size_t k = 0; k < l->model.n; k++)
            model_add(model, l->model.list[k]);
        model->violations += l->model.violations;
    }
    return done;
}

void load_free(struct load *load)
{
    for (int i = 0; i < LOAD_THREADS; i++) {
        struct loader *l = &load->loader[i];
        for (size_t k = 0; k < l->model.n; k++)
            free(l->model.list[k]);
        model_free(&l->model);
        free(l->again);
        free(l->aside);
    }
}

uint64_t load_answered(struct load *load)
{
    uint64_t n = 0;

    for (int i = 0; i < LOAD_THREADS; i++)
        n += atomic_load(&load->loader[i].answered);
    return n;
}
