#include "common/core/err.h"
#include "proto/programmes.h"
#include "tests/fault/sim/checks.h"
#include "tests/fault/sim/node.h"

#include <stdlib.h>

/* Places are handed out by reactions and timers, over restarts, restores and journals that are followed anew: the
 * journal of programmes, read by itself, may not show more learners in a run than it has places, nor an enrolment
 * that begins twice. What was recorded as history is not bound, and counts. */

struct seat { struct uuid run; uint64_t places, learners; };
struct learner { struct uuid enrolment; bool over; };
struct hall {
    struct world *w;
    struct arena arena;
    struct seat *seat; size_t seats, seat_room;
    struct learner *learner; size_t learners, learner_room;
};

static void *grown(void *list, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return list;
    *room = *room != 0 ? *room * 2 : 64;
    list = realloc(list, *room * size);
    if (list == NULL)
        abort();
    return list;
}

static const void *body(struct hall *hall, const struct entry *entry, const struct msg_desc *desc)
{
    struct msg_error error;
    void *out = arena_alloc(&hall->arena, desc->size);
    if (msg_decode(desc, entry->body, MSG_LENIENT, &hall->arena, out, &error) != ERR_OK)
        world_violation(hall->w, "%s: its body cannot be read", entry->event);
    return out;
}

static struct seat *seat_of(struct hall *hall, const struct uuid *run)
{
    static struct seat none;
    for (size_t i = 0; i < hall->seats; i++)
        if (uuid_equal(&hall->seat[i].run, run))
            return &hall->seat[i];
    world_violation(hall->w, "somebody is enrolled in a run that is not there");
    return &none;
}

static struct learner *learner_of(struct hall *hall, const struct uuid *enrolment)
{
    for (size_t i = 0; i < hall->learners; i++)
        if (uuid_equal(&hall->learner[i].enrolment, enrolment))
            return &hall->learner[i];
    return NULL;
}

static void see_run(struct hall *hall, const struct run *run)
{
    hall->seat = grown(hall->seat, hall->seats, &hall->seat_room, sizeof *hall->seat);
    hall->seat[hall->seats++] = (struct seat){ .run = run->id, .places = run->places };
}

static void see_opened(struct hall *hall, const struct enrolment *opened)
{
    const struct learner *known = learner_of(hall, &opened->enrolment);
    struct seat *seat = seat_of(hall, &opened->run);
    if (known != NULL) {                    /* said again */
        if (known->over)
            world_violation(hall->w, "an enrolment that is over begins again");
        return;
    }
    seat->learners++;
    if (!opened->recorded && seat->places > 0 && seat->learners > seat->places)
        world_violation(hall->w, "%llu learners in a run of %llu places", (unsigned long long)seat->learners,
                        (unsigned long long)seat->places);
    hall->learner = grown(hall->learner, hall->learners, &hall->learner_room, sizeof *hall->learner);
    hall->learner[hall->learners++] = (struct learner){ opened->enrolment, false };
}

static void see_ended(struct hall *hall, const struct enrolment_ended *ended)
{
    struct learner *learner = learner_of(hall, &ended->enrolment);
    if (learner == NULL || learner->over) {
        world_violation(hall->w, "an enrolment ends that is not open");
        return;
    }
    learner->over = true;
    seat_of(hall, &ended->run)->learners--;
}

static void see(struct hall *hall, const struct entry *entry)
{
    if (strcmp(entry->event, "programmes.run.recorded") == 0)
        see_run(hall, body(hall, entry, &run_desc));
    else if (strcmp(entry->event, "programmes.enrolment.opened") == 0)
        see_opened(hall, body(hall, entry, &enrolment_desc));
    else if (strcmp(entry->event, "programmes.enrolment.ended") == 0)
        see_ended(hall, body(hall, entry, &enrolment_ended_desc));
}

void checks_places(struct world *w)
{
    struct hall hall = { .w = w, .arena = { .keep = 1 << 16 } };
    struct entry entry;
    struct txn txn;
    txn_begin(&txn, machine_store(w->node[PROGRAMMES]->process.machine), TXN_READ);
    for (uint64_t number = 1; !w->violated && journal_get(&txn, number, &hall.arena, &entry, NULL); number++) {
        see(&hall, &entry);
        arena_reset(&hall.arena);
    }
    txn_end(&txn);
    free(hall.seat), free(hall.learner);
    arena_free(&hall.arena);
}
