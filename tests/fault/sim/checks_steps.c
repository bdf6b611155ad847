#include <stdlib.h>

#include "common/core/err.h"
#include "proto/routes.h"
#include "tests/fault/sim/checks.h"
#include "tests/fault/sim/node.h"

/* Two journals that follow each other have to end up saying the same: what routes shows of a step is what programmes
 * has of its enrolment; a route is closed when all its steps are accepted, and not before. */

struct learner { struct uuid id; bool ended, completed; };
struct stepped { bool chosen; int state; struct uuid programme, enrolment; };
struct walked { struct uuid id; int state; uint32_t steps; struct stepped step[STEPS_MAX]; };
struct circle {
    struct world *w;
    struct arena arena;
    struct learner *learner; size_t learners, learner_room;
    struct walked *route; size_t routes, route_room;
};

static void *grown(void *list, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return list;
    *room = *room != 0 ? *room * 2 : 64;
    if ((list = realloc(list, *room * size)) == NULL)
        abort();
    return list;
}

static const void *body(struct circle *circle, const struct entry *entry, const struct msg_desc *desc)
{
    struct msg_error error;
    void *out = arena_alloc(&circle->arena, desc->size);
    if (msg_decode(desc, entry->body, MSG_LENIENT, &circle->arena, out, &error) != ERR_OK)
        world_violation(circle->w, "%s: its body cannot be read", entry->event);
    return out;
}

/* ── programmes ───────────────────────────────────────────────────────────── */

static struct learner *learner_of(struct circle *circle, const struct uuid *id, bool make)
{
    for (size_t i = 0; i < circle->learners; i++)
        if (uuid_equal(&circle->learner[i].id, id))
            return &circle->learner[i];
    if (!make)
        return NULL;
    circle->learner = grown(circle->learner, circle->learners, &circle->learner_room, sizeof *circle->learner);
    circle->learner[circle->learners] = (struct learner){ .id = *id };
    return &circle->learner[circle->learners++];
}

static void see_programmes(struct circle *circle, const struct entry *entry)
{
    struct learner *learner;
    if (strcmp(entry->event, "programmes.enrolment.opened") == 0)
        learner_of(circle, &((const struct enrolment *)body(circle, entry, &enrolment_desc))->enrolment, true);
    else if (strcmp(entry->event, "programmes.enrolment.ended") == 0 &&
             (learner = learner_of(circle, &((const struct enrolment_ended *)body(circle, entry, &enrolment_ended_desc))->enrolment, false)) != NULL)
        learner->ended = true;
    else if (strcmp(entry->event, "programmes.completion.recorded") == 0) {
        const struct completion *done = body(circle, entry, &completion_desc);
        if (!uuid_is_nil(&done->enrolment) && (learner = learner_of(circle, &done->enrolment, false)) != NULL)
            learner->completed = true;
    }
}

/* ── routes ───────────────────────────────────────────────────────────────── */

static struct walked *route_of(struct circle *circle, const struct uuid *id)
{
    static struct walked none;
    for (size_t i = 0; i < circle->routes; i++)
        if (uuid_equal(&circle->route[i].id, id))
            return &circle->route[i];
    world_violation(circle->w, "something is said of a route that was never drafted");
    none = (struct walked){ .steps = STEPS_MAX };
    return &none;
}

static void see_drafted(struct circle *circle, const struct route_drafted *draft)
{
    circle->route = grown(circle->route, circle->routes, &circle->route_room, sizeof *circle->route);
    struct walked *route = &circle->route[circle->routes++];
    *route = (struct walked){ .id = draft->route, .state = ROUTE_DRAFT, .steps = draft->steps.n };
    for (uint32_t i = 0; i < draft->steps.n; i++)
        route->step[i].programme = draft->steps.at[i].programme;
}

static void see_moved(struct circle *circle, const struct entry *entry, int state)
{
    const struct step_moved *moved = body(circle, entry, &step_moved_desc);
    struct stepped *step = &route_of(circle, &moved->route)->step[moved->step - 1];
    if (state == STEP_ENROLLED && (step->state == STEP_SUBMITTED || step->state == STEP_RETURNED))
        state = step->state;
    if (step->state == STEP_ACCEPTED)
        world_violation(circle->w, "a step that was accepted moves: %s", entry->event);
    step->state = state;
    step->programme = moved->programme;
    if (state == STEP_DECLINED)
        step->enrolment = UUID_NIL;
    else if (!uuid_is_nil(&moved->enrolment))
        step->enrolment = moved->enrolment;
}

static void see_routes(struct circle *circle, const struct entry *entry)
{
    static const struct { const char *event; int state; } moves[] = {
        { "routes.step.enrolled", STEP_ENROLLED }, { "routes.step.declined", STEP_DECLINED }, { "routes.step.submitted", STEP_SUBMITTED },
        { "routes.step.returned", STEP_RETURNED }, { "routes.step.accepted", STEP_ACCEPTED },
    };
    static const struct { const char *event; int state; } ends[] = {
        { "routes.route.agreed", ROUTE_AGREED }, { "routes.route.activated", ROUTE_ACTIVE }, { "routes.route.closed", ROUTE_CLOSED },
        { "routes.route.ended", ROUTE_ENDED },
    };
    if (strcmp(entry->event, "routes.route.drafted") == 0)
        see_drafted(circle, body(circle, entry, &route_drafted_desc));
    else if (strcmp(entry->event, "routes.step.chosen") == 0) {
        const struct step_chosen *chosen = body(circle, entry, &step_chosen_desc);
        struct stepped *step = &route_of(circle, &chosen->route)->step[chosen->step - 1];
        step->state = STEP_CHOSEN;
        step->programme = chosen->programme;
    }
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (strcmp(entry->event, moves[i].event) == 0)
            see_moved(circle, entry, moves[i].state);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(entry->event, ends[i].event) == 0)
            route_of(circle, &((const struct route_moved *)body(circle, entry, &route_moved_desc))->route)->state = ends[i].state;
}

/* ── both together ────────────────────────────────────────────────────────── */

static void check_step(struct circle *circle, const struct stepped *step)
{
    const struct learner *learner = learner_of(circle, &step->enrolment, false);
    if (step->state == STEP_CHOSEN)
        world_violation(circle->w, "a step was chosen, and programmes has never answered");
    if (step->state != STEP_ENROLLED)
        return;
    if (learner == NULL)
        world_violation(circle->w, "a step is enrolled, and programmes has no such enrolment");
    else if (learner->ended)
        world_violation(circle->w, "a step is enrolled whose enrolment has ended");
    else if (learner->completed)
        world_violation(circle->w, "a step is enrolled, and the document of its enrolment is there");
}

static void check_route(struct circle *circle, const struct walked *route)
{
    uint32_t open = 0;
    for (uint32_t i = 0; i < route->steps; i++)
        open += route->step[i].state != STEP_ACCEPTED;
    if (route->state == ROUTE_CLOSED && open > 0)
        world_violation(circle->w, "a route is closed with %u open steps", open);
    if (route->state == ROUTE_ACTIVE && open == 0 && route->steps > 0)
        world_violation(circle->w, "all steps of a route are accepted, and it is not closed");
    for (uint32_t i = 0; i < route->steps && (route->state == ROUTE_AGREED || route->state == ROUTE_ACTIVE) && !circle->w->violated; i++)
        check_step(circle, &route->step[i]);
}

static void walk(struct circle *circle, uint32_t service, void (*see)(struct circle *circle, const struct entry *entry))
{
    struct entry entry;
    struct txn txn;
    txn_begin(&txn, machine_store(circle->w->node[service]->process.machine), TXN_READ);
    for (uint64_t number = 1; !circle->w->violated && journal_get(&txn, number, &circle->arena, &entry, NULL); number++) {
        see(circle, &entry);
        arena_reset(&circle->arena);
    }
    txn_end(&txn);
}

void checks_steps(struct world *w)
{
    struct circle circle = { .w = w, .arena = { .keep = 1 << 16 } };
    walk(&circle, PROGRAMMES, see_programmes);
    walk(&circle, ROUTES, see_routes);
    for (size_t i = 0; i < circle.routes && !w->violated; i++)
        check_route(&circle, &circle.route[i]);
    free(circle.learner), free(circle.route);
    arena_free(&circle.arena);
}
