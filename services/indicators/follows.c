#include "common/core/failpoint.h"
#include "services/indicators/indicators_state.h"
#include "services/indicators/records.h"

/* What each followed entry adds to the records. Facts may come before the posts that make them count, and
 * entries of different streams in any order; within its own stream an entry comes in its place. */

static struct place place_in(struct arena *arena, uint32_t n, const struct uuid *at)
{
    return (struct place){ n, arena_copy(arena, at, n * sizeof *at) };
}
#define PLACE(list) place_in(arena, (list).n, (list).at)

/* ── roster ───────────────────────────────────────────────────────────────── */

void follow_organisation(struct ctx *ctx, const void *event)
{
    unit_put(ctx, event);
}

static void edit_band(struct worker *worker, const void *event, struct arena *arena)
{
    const struct person_registered *person = event;

    worker->bands.n = person->bands.n;
    worker->bands.at = arena_copy(arena, person->bands.at, person->bands.n * sizeof *person->bands.at);
}

void follow_person(struct ctx *ctx, const void *event)
{
    const struct person_registered *person = event;
    worker_change(ctx, &person->person, FACT_NONE, edit_band, event);
}

static void edit_post_opened(struct worker *worker, const void *event, struct arena *arena)
{
    const struct post_opened *from = event;
    struct worker_post *post = worker_post_edit(worker, &from->post, arena);

    *post = (struct worker_post){ from->post, from->kind, from->organisation_kind, from->from, from->until, PLACE(from->chain) };
}

void follow_post_opened(struct ctx *ctx, const void *event)
{
    const struct post_opened *post = event;
    worker_change(ctx, &post->person, FACT_NONE, edit_post_opened, event);
}

static void edit_post_closed(struct worker *worker, const void *event, struct arena *arena)
{
    const struct post_closed *closed = event;

    for (uint32_t i = 0; i < worker->posts.n; i++)
        if (uuid_equal(&worker->posts.at[i].id, &closed->post))
            worker_post_edit(worker, &closed->post, arena)->until = closed->until;
}

void follow_post_closed(struct ctx *ctx, const void *event)
{
    const struct post_closed *closed = event;
    worker_change(ctx, &closed->person, FACT_NONE, edit_post_closed, event);
}

/* ── diagnostics, routes ──────────────────────────────────────────────────── */

static void edit_sitting(struct worker *worker, const void *event, struct arena *arena)
{
    if (SABOTAGE("early_facts") && worker->posts.n == 0)
        return;
    const struct sitting_scored *from = event;
    struct worker_sitting *sitting = worker_sitting_edit(worker, &from->sitting, arena);

    *sitting = (struct worker_sitting){ from->sitting, from->owner_kind, from->day, PLACE(from->chain) };
}

void follow_sitting(struct ctx *ctx, const void *event)
{
    const struct sitting_scored *sitting = event;
    worker_change(ctx, &sitting->person, FACT_DIAGNOSED, edit_sitting, event);
}

static void edit_route_drafted(struct worker *worker, const void *event, struct arena *arena)
{
    const struct route_drafted *from = event;
    struct worker_route *route = worker_route_edit(worker, &from->route, arena);

    route->owner = from->owner_kind;
    for (uint32_t i = 0; i < from->steps.n; i++)
        ids_add(&route->programmes, &from->steps.at[i].programme, arena);
}

void follow_route_drafted(struct ctx *ctx, const void *event)
{
    const struct route_drafted *route = event;
    worker_change(ctx, &route->person, FACT_ROUTE_AGREED, edit_route_drafted, event);
}

static void edit_route_agreed(struct worker *worker, const void *event, struct arena *arena)
{
    const struct route_moved *from = event;
    struct worker_route *route = worker_route_edit(worker, &from->route, arena);

    route->owner = from->owner_kind;
    route->agreed = from->day;
    route->place = PLACE(from->chain);
    for (uint32_t i = 0; i < from->programmes.n; i++)
        ids_add(&route->programmes, &from->programmes.at[i], arena);
}

void follow_route_agreed(struct ctx *ctx, const void *event)
{
    const struct route_moved *route = event;
    worker_change(ctx, &route->person, FACT_ROUTE_AGREED, edit_route_agreed, event);
}

static void edit_support(struct worker *worker, const void *event, struct arena *arena)
{
    const struct support *from = event;
    struct worker_support *support = worker_support_edit(worker, &from->support, arena);

    *support = (struct worker_support){ from->support, from->day, PLACE(from->chain) };
}

void follow_support(struct ctx *ctx, const void *event)
{
    const struct support *support = event;
    worker_change(ctx, &support->person, FACT_SUPPORTED, edit_support, event);
}

/* ── tutors: who accompanies whom, from a day until a day ─────────────────── */

static struct uuid spell_id(const char *kind, const struct uuid *of, int tutor_kind, day_t from)
{
    uint8_t key[sizeof *of + 5] = { 0 };

    memcpy(key, of, sizeof *of);
    key[sizeof *of] = (uint8_t)tutor_kind;
    for (int i = 0; i < 4; i++)
        key[sizeof *of + 1 + i] = (uint8_t)(from >> 8 * i);
    return uuid_derive(kind, bytes(key, sizeof key));
}

static void edit_assigned(struct worker *worker, const void *event, struct arena *arena)
{
    const struct tutor_assigned *from = event;
    struct uuid id = spell_id("assignment", &from->tutor, from->kind, from->day);

    *worker_assignment_edit(worker, &id, arena) = (struct worker_assignment){ id, from->tutor, from->kind, from->day, 0, PLACE(from->chain) };
}

void follow_tutor_assigned(struct ctx *ctx, const void *event)
{
    const struct tutor_assigned *assigned = event;
    tutor_note(ctx, &assigned->tutor);
    worker_change(ctx, &assigned->charge, FACT_ASSIGNED, edit_assigned, event);
}

static void edit_unassigned(struct worker *worker, const void *event, struct arena *arena)
{
    const struct tutor_assigned *from = event;

    for (uint32_t i = 0; i < worker->assignments.n; i++) {
        const struct worker_assignment *a = &worker->assignments.at[i];
        struct uuid id = a->id;
        if (a->until == 0 && a->kind == from->kind && uuid_equal(&a->tutor, &from->tutor))
            worker_assignment_edit(worker, &id, arena)->until = from->day;
    }
}

void follow_tutor_unassigned(struct ctx *ctx, const void *event)
{
    const struct tutor_assigned *unassigned = event;
    worker_change(ctx, &unassigned->charge, FACT_ASSIGNED, edit_unassigned, event);
}

/* Appointed again: another limit or place; the same spell. */
static void edit_appointed(struct worker *worker, const void *event, struct arena *arena)
{
    const struct tutor_appointed *from = event;
    struct uuid id = spell_id("tutoring", &from->person, from->kind, from->day);
    day_t since = from->day;

    for (uint32_t i = 0; i < worker->tutorings.n; i++)
        if (worker->tutorings.at[i].until == 0 && worker->tutorings.at[i].kind == from->kind) {
            id = worker->tutorings.at[i].id;
            since = worker->tutorings.at[i].from;
        }
    *worker_tutoring_edit(worker, &id, arena) = (struct worker_tutoring){ id, from->kind, since, 0, PLACE(from->chain) };
}

void follow_tutor_appointed(struct ctx *ctx, const void *event)
{
    const struct tutor_appointed *appointed = event;
    tutor_note(ctx, &appointed->person);
    worker_change(ctx, &appointed->person, FACT_ASSIGNED, edit_appointed, event);
}

static void edit_released(struct worker *worker, const void *event, struct arena *arena)
{
    const struct tutor_released *from = event;

    for (uint32_t i = 0; i < worker->tutorings.n; i++) {
        struct uuid id = worker->tutorings.at[i].id;
        if (worker->tutorings.at[i].until == 0 && worker->tutorings.at[i].kind == from->kind)
            worker_tutoring_edit(worker, &id, arena)->until = from->day;
    }
}

void follow_tutor_released(struct ctx *ctx, const void *event)
{
    const struct tutor_released *released = event;
    worker_change(ctx, &released->person, FACT_ASSIGNED, edit_released, event);
}

/* ── programmes ───────────────────────────────────────────────────────────── */

/* What an entry of training does not say itself stands in its programme's, which came before it in the same
 * journal. */
struct training { const void *event; struct programme_record programme; };

static struct training training_of(struct ctx *ctx, const void *event, const struct uuid *programme)
{
    struct training training = { .event = event };

    programme_load(ctx, programme, &training.programme);
    return training;
}

static void edit_completion(struct worker *worker, const void *edited, struct arena *arena)
{
    const struct training *training = edited;
    const struct completion *from = training->event;
    struct worker_training *done = worker_completion_edit(worker, &from->completion, arena);

    *done = (struct worker_training){
        .id = from->completion, .day = from->day, .federal = from->federal,
        .raises = from->kind != PROGRAMME_NON_FORMAL, .route = from->route, .programme = from->programme,
        .provider_kind = uuid_is_nil(&from->provider) ? training->programme.provider_kind : from->provider_kind,
        .place = PLACE(from->chain), .topics = { from->topics.n, from->topics.at },
    };
}

void follow_completion(struct ctx *ctx, const void *event)
{
    const struct completion *completion = event;
    const struct training training = training_of(ctx, event, &completion->programme);
    worker_change(ctx, &completion->person, FACT_COMPLETED, edit_completion, &training);
}

static void edit_enrolment(struct worker *worker, const void *edited, struct arena *arena)
{
    const struct training *training = edited;
    const struct enrolment *from = training->event;
    struct worker_training *begun = worker_enrolment_edit(worker, &from->enrolment, arena);

    *begun = (struct worker_training){
        .id = from->enrolment, .day = from->day, .raises = training->programme.kind != PROGRAMME_NON_FORMAL,
        .route = from->route, .programme = from->programme,
        .provider_kind = uuid_is_nil(&from->provider) ? training->programme.provider_kind : from->provider_kind,
        .place = PLACE(from->chain), .topics = training->programme.topics,
    };
}

void follow_enrolment(struct ctx *ctx, const void *event)
{
    const struct enrolment *enrolment = event;
    const struct training training = training_of(ctx, event, &enrolment->programme);
    worker_change(ctx, &enrolment->person, FACT_ENROLLED, edit_enrolment, &training);
}

static void edit_programme(struct programme_record *programme, const void *event, struct arena *arena)
{
    const struct programme *from = event;

    (void)arena;
    programme->kind = from->kind;
    programme->provider_kind = from->provider_kind;
    programme->provider = from->provider;
    programme->topics = (struct topics){ from->topics.n, from->topics.at };
}

void follow_programme(struct ctx *ctx, const void *event)
{
    const struct programme *programme = event;
    programme_change(ctx, &programme->id, edit_programme, event);
}

static void edit_included(struct programme_record *programme, const void *event, struct arena *arena)
{
    days_add(&programme->included, ((const struct programme_included *)event)->day, arena);
}

void follow_included(struct ctx *ctx, const void *event)
{
    const struct programme_included *included = event;
    programme_change(ctx, &included->programme, edit_included, event);
}

static void edit_excluded(struct programme_record *programme, const void *event, struct arena *arena)
{
    days_add(&programme->excluded, ((const struct programme_included *)event)->day, arena);
}

void follow_excluded(struct ctx *ctx, const void *event)
{
    const struct programme_included *excluded = event;
    programme_change(ctx, &excluded->programme, edit_excluded, event);
}

static void edit_run(struct programme_record *programme, const void *event, struct arena *arena)
{
    days_add(&programme->runs, ((const struct run *)event)->day, arena);
}

void follow_run(struct ctx *ctx, const void *event)
{
    const struct run *run = event;
    programme_change(ctx, &run->programme, edit_run, event);
}
