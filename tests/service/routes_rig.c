#include "tests/service/routes_rig.h"

struct principal rig_centre(void)                           { return bench_who(ROLE_CENTRE, &REGION, NULL); }
struct principal rig_tutor(void)                            { return bench_who(ROLE_TUTOR, &TOWN_A, NULL); }
struct principal rig_worker(const struct uuid *person)      { return bench_who(ROLE_WORKER, person, NULL); }

struct uuid rig_route_of(const struct uuid *sitting)
{
    return uuid_derive("route", bytes(sitting->b, sizeof sitting->b));
}

struct route rig_route(struct bench *b, const struct uuid *id)
{
    struct route_move query = { *id };
    struct route route;
    struct outcome o = bench_ask(b, b->routes, rig_centre(), "routes.route.get", &route_move_desc, &query);
    assert_reason(b, o, "");
    toy_decode(&route_desc, o.body, &route, &b->arena);
    return route;
}

struct step_now rig_step(struct bench *b, const struct uuid *id, uint64_t step)
{
    struct route route = rig_route(b, id);
    assert_true(step >= 1 && step <= route.step_states.n);
    assert_int_equal(route.step_states.at[step - 1].step, step);
    return route.step_states.at[step - 1];
}

struct uuid rig_drafted(struct bench *b, const struct uuid *person, unsigned right)
{
    struct uuid sitting = bench_sitting(b, person, right);
    bench_follow(b);
    return rig_route_of(&sitting);
}

struct uuid rig_two_steps(struct bench *b)
{
    bench_publish(b);
    bench_programme(b, 1, 36, "method", NULL);
    bench_programme(b, 2, 40, "digital", NULL);
    bench_programme(b, 3, 72, "method", NULL);
    bench_follow(b);
    struct uuid id = rig_drafted(b, &ANNA, 1);
    struct route route = rig_route(b, &id);
    struct uuid one = bench_programme_id(1), two = bench_programme_id(2), three = bench_programme_id(3);
    assert_int_equal(route.draft->steps.n, 2);
    assert_true(uuid_equal(&route.draft->steps.at[0].programme, &one));
    assert_true(uuid_equal(&route.draft->steps.at[0].alternative, &three));
    assert_true(uuid_equal(&route.draft->steps.at[1].programme, &two));
    return id;
}

struct uuid rig_agreed(struct bench *b)
{
    struct uuid id = rig_two_steps(b);
    allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &id));
    return id;
}

/* ── commands ─────────────────────────────────────────────────────────────── */

struct outcome rig_move(struct bench *b, struct principal who, const char *method, const struct uuid *route)
{
    struct route_move body = { *route };
    return bench_do(b, b->routes, who, method, &route_move_desc, &body);
}

struct outcome rig_record_agreement(struct bench *b, const struct uuid *route, day_t day)
{
    struct agreement_record body = { *route, day };
    return bench_do(b, b->routes, rig_centre(), "routes.agreement.record", &agreement_record_desc, &body);
}

struct outcome rig_end(struct bench *b, struct principal who, const struct uuid *route, const char *reason)
{
    struct route_end body = { *route, reason };
    return bench_do(b, b->routes, who, "routes.route.end", &route_end_desc, &body);
}

struct outcome rig_choose(struct bench *b, struct principal who, const struct uuid *route, uint64_t step, uint8_t programme)
{
    struct step_choose body = { *route, step, bench_programme_id(programme) };
    return bench_do(b, b->routes, who, "routes.step.choose", &step_choose_desc, &body);
}

struct outcome rig_submit(struct bench *b, struct principal who, const struct uuid *route, uint64_t step, const char *evidence)
{
    struct step_submit body = { *route, step, evidence };
    return bench_do(b, b->routes, who, "routes.step.submit", &step_submit_desc, &body);
}

struct outcome rig_accept(struct bench *b, struct principal who, const struct uuid *route, uint64_t step)
{
    struct step_accept body = { *route, step, NULL };
    return bench_do(b, b->routes, who, "routes.step.accept", &step_accept_desc, &body);
}

struct outcome rig_return(struct bench *b, struct principal who, const struct uuid *route, uint64_t step, const char *comment)
{
    struct step_return body = { *route, step, comment };
    return bench_do(b, b->routes, who, "routes.step.return", &step_return_desc, &body);
}

unsigned rig_count(struct bench *b, const char *event)
{
    return bench_events(b, b->routes, event, NULL, NULL);
}

/* ── the registry ─────────────────────────────────────────────────────────── */

struct uuid rig_fact(uint8_t number)
{
    return (struct uuid){ { [0] = 0x05, [15] = number } };
}

static struct uuid chain[] = { { { 0 } }, { { 0 } }, { { 0 } } };

static struct uuid *chain_of(const struct uuid *person)
{
    bool boris = uuid_equal(person, &BORIS);
    chain[0] = boris ? SCHOOL_B : SCHOOL_A;
    chain[1] = boris ? TOWN_B : TOWN_A;
    chain[2] = REGION;
    return chain;
}

void rig_enrolled(struct bench *b, uint8_t number, uint8_t programme, const struct uuid *person, day_t day,
                  const struct uuid *route, uint64_t step)
{
    struct enrolment opened = {
        .enrolment = rig_fact(number), .run = rig_fact(200), .programme = bench_programme_id(programme), .person = *person,
        .chain = { 3, chain_of(person) }, .day = day, .route = route != NULL ? *route : UUID_NIL, .step = step,
    };
    source_add(&b->programmes, "programmes.enrolment.opened", &enrolment_desc, &opened);
    bench_follow(b);
}

void rig_declined(struct bench *b, uint8_t programme, const struct uuid *person, const struct uuid *route, uint64_t step, int reason)
{
    struct enrolment_declined declined = { *route, step, bench_programme_id(programme), *person, { 3, chain_of(person) }, TODAY, reason };
    source_add(&b->programmes, "programmes.enrolment.declined", &enrolment_declined_desc, &declined);
    bench_follow(b);
}

void rig_left(struct bench *b, uint8_t number, uint8_t programme, const struct uuid *person)
{
    struct enrolment_ended ended = {
        .enrolment = rig_fact(number), .run = rig_fact(200), .programme = bench_programme_id(programme), .person = *person,
        .chain = { 3, chain_of(person) }, .day = TODAY, .reason = END_WITHDREW,
    };
    source_add(&b->programmes, "programmes.enrolment.ended", &enrolment_ended_desc, &ended);
    bench_follow(b);
}

static void completed(struct bench *b, uint8_t number, uint8_t programme, const struct uuid *person, day_t day,
                      const struct uuid *route, uint64_t step, struct uuid enrolment)
{
    struct completion done = {
        .completion = rig_fact(number), .programme = bench_programme_id(programme), .person = *person,
        .chain = { 3, chain_of(person) }, .enrolled = day - 10, .day = day, .route = route != NULL ? *route : UUID_NIL,
        .step = step, .document = arena_format(&b->arena, "№ %u", number), .enrolment = enrolment,
    };
    source_add(&b->programmes, "programmes.completion.recorded", &completion_desc, &done);
    bench_follow(b);
}

void rig_completed(struct bench *b, uint8_t number, uint8_t programme, const struct uuid *person, day_t day,
                   const struct uuid *route, uint64_t step)
{
    completed(b, number, programme, person, day, route, step, UUID_NIL);
}

void rig_completed_enrolled(struct bench *b, uint8_t number, uint8_t programme, const struct uuid *person, day_t day, uint8_t enrolment)
{
    completed(b, number, programme, person, day, NULL, 0, rig_fact(enrolment));
}
