#include "services/node/node.h"

/* The read copies: frameworks, procedures, the catalogue, organisations, and of the own people alone posts, enrolments
 * and routes. The source filters by scope; who has left it is forgotten. Streams have no order between them: a route
 * may come before its person is known, so routes and enrolments are kept as they come and shown by who is known. */

static struct key id_key(const struct uuid *id)
{
    return key_of_uuid(id);
}

/* ── roster ───────────────────────────────────────────────────────────────── */

void take_organisation(struct ctx *ctx, const void *event)
{
    const struct organisation *organisation = event;
    struct key key = { 0 };

    places_take_organisation(ctx, event);
    key_text(&key, organisation->code);
    txn_put(ctx->txn, T_UNIT_CODES, key_bytes(&key), bytes(organisation->id.b, sizeof organisation->id.b));
}

static void person_known(struct ctx *ctx, const struct uuid *person)
{
    struct key key = id_key(person);
    txn_put(ctx->txn, T_PERSONS, key_bytes(&key), bytes("", 0));
}

void take_post_opened(struct ctx *ctx, const void *event)
{
    places_take_opened(ctx, event);
    person_known(ctx, &((const struct post_opened *)event)->person);
}

void take_handed_over(struct ctx *ctx, const void *event)
{
    places_take_handed_over(ctx, event);
    person_known(ctx, &((const struct person_handed_over *)event)->person);
}

/* He works elsewhere now: nothing of him is kept. A node with two municipalities is told by handed_over that it
 * keeps him through the other. */
void take_withdrawn(struct ctx *ctx, const void *event)
{
    const struct uuid *person = &((const struct person_withdrawn *)event)->person;
    struct post_opened *posts = ARENA_LIST(ctx->arena, struct post_opened, 64);
    uint32_t n = places_posts(ctx, person, posts, 64);
    struct key key = id_key(person);

    txn_delete(ctx->txn, T_PERSONS, key_bytes(&key));
    for (uint32_t i = 0; i < n; i++) {
        struct key post = id_key(person);
        key_uuid(&post, &posts[i].post);
        txn_delete(ctx->txn, PLACES_POSTS, key_bytes(&post));
    }
}

/* Public: every node hears of it, and seals under it from the next list on. */
void take_intake_turned(struct ctx *ctx, const void *event)
{
    const struct intake_turned *turned = event;
    const struct key key = { .n = 1 };          /* one byte: 0 */
    struct intake_turned known;

    if (!txn_get_msg(ctx->txn, T_INTAKE, key_bytes(&key), &intake_turned_desc, ctx->arena, &known) || known.generation < turned->generation)
        txn_put_msg(ctx->txn, T_INTAKE, key_bytes(&key), &intake_turned_desc, turned);
}

/* ── programmes, diagnostics ──────────────────────────────────────────────── */

void take_programme(struct ctx *ctx, const void *event)
{
    const struct programme *programme = event;
    struct key key = id_key(&programme->id), code = { 0 };

    txn_put_msg(ctx->txn, T_PROGRAMMES, key_bytes(&key), &programme_desc, programme);
    key_text(&code, programme->code);
    txn_put(ctx->txn, T_PROGRAMME_CODES, key_bytes(&code), bytes(programme->id.b, sizeof programme->id.b));
}

static void take_federal(struct ctx *ctx, const struct programme_included *change, uint8_t in)
{
    struct key key = id_key(&change->programme);
    key_u32(&key, change->day);
    txn_put(ctx->txn, T_FEDERAL, key_bytes(&key), bytes(&in, 1));
}

void take_included(struct ctx *ctx, const void *event)
{
    take_federal(ctx, event, 1);
}

void take_excluded(struct ctx *ctx, const void *event)
{
    take_federal(ctx, event, 0);
}

void take_framework(struct ctx *ctx, const void *event)
{
    struct key key = id_key(&((const struct framework *)event)->id);
    txn_put_msg(ctx->txn, T_FRAMEWORKS, key_bytes(&key), &framework_desc, event);
}

void take_procedure(struct ctx *ctx, const void *event)
{
    struct key key = id_key(&((const struct procedure *)event)->id);
    txn_put_msg(ctx->txn, T_PROCEDURES, key_bytes(&key), &procedure_desc, event);
}

void take_enrolment(struct ctx *ctx, const void *event)
{
    struct key key = id_key(&((const struct enrolment *)event)->enrolment);
    txn_put_msg(ctx->txn, T_ENROLMENTS, key_bytes(&key), &enrolment_desc, event);
}

void take_enrolment_ended(struct ctx *ctx, const void *event)
{
    struct key key = id_key(&((const struct enrolment_ended *)event)->enrolment);
    txn_delete(ctx->txn, T_ENROLMENTS, key_bytes(&key));
}

/* ── routes ───────────────────────────────────────────────────────────────── */

static bool route_load(struct ctx *ctx, const struct uuid *id, struct route *route)
{
    struct key key = id_key(id);
    return txn_get_msg(ctx->txn, T_ROUTES, key_bytes(&key), &route_desc, ctx->arena, route);
}

static void route_save(struct ctx *ctx, const struct route *route)
{
    struct key key = id_key(&route->draft->route);
    txn_put_msg(ctx->txn, T_ROUTES, key_bytes(&key), &route_desc, route);
}

void take_route_drafted(struct ctx *ctx, const void *event)
{
    const struct route_drafted *draft = event;
    struct step_now *steps = ARENA_LIST(ctx->arena, struct step_now, draft->steps.n + 1);
    struct route route = { .draft = (struct route_drafted *)(uintptr_t)draft, .state = ROUTE_DRAFT,
                           .step_states = { draft->steps.n, steps } };

    for (uint32_t i = 0; i < draft->steps.n; i++)
        steps[i] = (struct step_now){ .step = draft->steps.at[i].number, .state = STEP_PLANNED,
                                      .programme = draft->steps.at[i].programme };
    route_save(ctx, &route);
}

/* A route that came within the scope half way, with the person, is not known from its draft on: left out. */
static void route_move(struct ctx *ctx, const struct route_moved *moved, int state)
{
    struct route route;

    if (!route_load(ctx, &moved->route, &route))
        return;
    route.state = state;
    if (state == ROUTE_AGREED)
        route.agreed = moved->day;
    if (state == ROUTE_CLOSED || state == ROUTE_ENDED)
        route.over = moved->day;
    route_save(ctx, &route);
}

void take_route_agreed(struct ctx *ctx, const void *event)    { route_move(ctx, event, ROUTE_AGREED); }
void take_route_activated(struct ctx *ctx, const void *event) { route_move(ctx, event, ROUTE_ACTIVE); }
void take_route_closed(struct ctx *ctx, const void *event)    { route_move(ctx, event, ROUTE_CLOSED); }
void take_route_ended(struct ctx *ctx, const void *event)     { route_move(ctx, event, ROUTE_ENDED); }

void take_route_overdue(struct ctx *ctx, const void *event)
{
    struct route route;

    if (!route_load(ctx, &((const struct route_moved *)event)->route, &route))
        return;
    route.overdue = true;
    route_save(ctx, &route);
}

static struct step_now *step_of(const struct route *route, uint64_t number)
{
    for (uint32_t i = 0; i < route->step_states.n; i++)
        if (route->step_states.at[i].step == number)
            return &route->step_states.at[i];
    return NULL;
}

void take_step_chosen(struct ctx *ctx, const void *event)
{
    const struct step_chosen *chosen = event;
    struct step_now *step;
    struct route route;

    if (!route_load(ctx, &chosen->route, &route) || (step = step_of(&route, chosen->step)) == NULL)
        return;
    step->state = STEP_CHOSEN;
    step->programme = chosen->programme;
    step->day = chosen->day;
    route_save(ctx, &route);
}

static void step_move(struct ctx *ctx, const struct step_moved *moved, int state)
{
    struct step_now *step;
    struct route route;

    if (!route_load(ctx, &moved->route, &route) || (step = step_of(&route, moved->step)) == NULL)
        return;
    step->state = state;
    step->programme = moved->programme;
    step->day = moved->day;
    step->by = moved->by;
    if (moved->reason != NULL)
        step->reason = moved->reason;
    if (moved->comment != NULL)
        step->comment = moved->comment;
    if (!uuid_is_nil(&moved->enrolment))
        step->enrolment = moved->enrolment;
    if (!uuid_is_nil(&moved->completion))
        step->completion = moved->completion;
    route_save(ctx, &route);
}

void take_step_enrolled(struct ctx *ctx, const void *event)  { step_move(ctx, event, STEP_ENROLLED); }
void take_step_declined(struct ctx *ctx, const void *event)  { step_move(ctx, event, STEP_DECLINED); }
void take_step_submitted(struct ctx *ctx, const void *event) { step_move(ctx, event, STEP_SUBMITTED); }
void take_step_returned(struct ctx *ctx, const void *event)  { step_move(ctx, event, STEP_RETURNED); }
void take_step_accepted(struct ctx *ctx, const void *event)  { step_move(ctx, event, STEP_ACCEPTED); }
