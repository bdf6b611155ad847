#include "tests/service/routes_rig.h"

/* Steps: chosen with the agreement, submitted and accepted by people, ticked by the registry, whatever comes first. */

/* ── chosen ───────────────────────────────────────────────────────────────── */

static void an_agreement_chooses_the_steps_that_are_programmes(void **state)
{
    struct bench *b = *state;
    struct step_chosen chosen;
    struct uuid two = bench_programme_id(2), id = rig_agreed(b);
    assert_int_equal(bench_events(b, b->routes, "routes.step.chosen", &step_chosen_desc, &chosen), 2);
    assert_true(uuid_equal(&chosen.route, &id));
    assert_true(uuid_equal(&chosen.programme, &two));
    assert_true(uuid_equal(&chosen.person, &ANNA));
    assert_true(uuid_equal(&chosen.chain.at[0], &SCHOOL_A));
    assert_int_equal(chosen.step, 2);
    assert_int_equal(chosen.owner_kind, ORG_CENTRE);
    assert_int_equal(chosen.day, TODAY);
    assert_false(chosen.recorded);
    assert_int_equal(rig_step(b, &id, 1).state, STEP_CHOSEN);
    assert_int_equal(rig_route(b, &id).state, ROUTE_AGREED);
    bench_sound(b->routes);
}

static void what_is_no_programme_of_training_is_not_chosen_by_itself(void **state)
{
    struct bench *b = *state;
    const char *method[] = { "method" };
    struct programme seminar = { .id = bench_programme_id(9), .code = "s", .title = "Семинар", .kind = PROGRAMME_NON_FORMAL,
                                 .form = FORM_DISTANCE, .hours = 8, .competencies = { 1, method }, .provider = CENTRE_ORG };
    bench_publish(b);
    source_add(&b->programmes, "programmes.programme.registered", &programme_desc, &seminar);
    bench_follow(b);
    struct uuid id = rig_drafted(b, &ANNA, 1 | 8);
    allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &id));
    assert_int_equal(rig_count(b, "routes.step.chosen"), 0);
    assert_int_equal(rig_step(b, &id, 1).state, STEP_PLANNED);
    allowed(b, rig_submit(b, rig_worker(&ANNA), &id, 1, "была на семинаре"));
    allowed(b, rig_accept(b, rig_tutor(), &id, 1));
    assert_int_equal(rig_route(b, &id).state, ROUTE_CLOSED);
    bench_sound(b->routes);
}

static void history_is_not_chosen(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_two_steps(b);
    allowed(b, rig_record_agreement(b, &id, TODAY));
    assert_int_equal(rig_count(b, "routes.step.chosen"), 0);
    allowed(b, rig_choose(b, rig_tutor(), &id, 2, 2));
    assert_int_equal(rig_count(b, "routes.step.chosen"), 1);
}

static void a_declined_step_is_chosen_again_or_its_alternative(void **state)
{
    struct bench *b = *state;
    struct step_chosen chosen;
    struct uuid three = bench_programme_id(3), id = rig_agreed(b);
    refused(b, rig_choose(b, rig_worker(&ANNA), &id, 1, 1), "step_wrong_state");
    rig_declined(b, 1, &ANNA, &id, 1, DECLINE_NO_PLACES);
    struct step_now now = rig_step(b, &id, 1);
    assert_int_equal(now.state, STEP_DECLINED);
    assert_string_equal(now.reason, "no_places");
    assert_int_equal(rig_route(b, &id).state, ROUTE_AGREED);
    refused(b, rig_choose(b, rig_worker(&ANNA), &id, 1, 2), "not_of_step");
    refused(b, rig_choose(b, rig_worker(&ANNA), &id, 3, 2), "step_unknown");
    refused(b, rig_choose(b, rig_worker(&BORIS), &id, 1, 3), "out_of_reach");
    struct principal console = bench_who(ROLE_CONSOLE, NULL);
    refused(b, rig_choose(b, console, &id, 1, 3), "out_of_reach");
    console.actor = ANNA;
    allowed(b, rig_choose(b, console, &id, 1, 3));
    assert_int_equal(bench_events(b, b->routes, "routes.step.chosen", &step_chosen_desc, &chosen), 3);
    assert_true(uuid_equal(&chosen.programme, &three));
    rig_declined(b, 1, &ANNA, &id, 1, DECLINE_NO_RUN);          /* of the first wish: nobody waits for it any more */
    assert_int_equal(rig_step(b, &id, 1).state, STEP_CHOSEN);
    rig_declined(b, 3, &ANNA, &id, 1, DECLINE_NO_RUN);
    allowed(b, rig_choose(b, rig_tutor(), &id, 1, 1));              /* the first one, again */
    rig_enrolled(b, 1, 1, &ANNA, TODAY, &id, 1);
    now = rig_step(b, &id, 1);
    assert_int_equal(now.state, STEP_ENROLLED);
    assert_int_equal(now.enrolled, TODAY);
    assert_string_equal(now.reason != NULL ? now.reason : "", "");
    assert_int_equal(rig_route(b, &id).state, ROUTE_ACTIVE);
    bench_sound(b->routes);
}

static void who_waited_is_enrolled_later_and_who_left_chooses_again(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_agreed(b), first = rig_fact(1);
    rig_declined(b, 1, &ANNA, &id, 1, DECLINE_NO_PLACES);
    rig_enrolled(b, 1, 1, &ANNA, TODAY, &id, 1);                /* a place came free */
    struct step_now now = rig_step(b, &id, 1);
    assert_true(uuid_equal(&now.enrolment, &first));
    rig_enrolled(b, 1, 1, &ANNA, TODAY, &id, 1);                /* said twice, it is one */
    assert_int_equal(rig_count(b, "routes.step.enrolled"), 1);
    rig_left(b, 1, 1, &ANNA);
    now = rig_step(b, &id, 1);
    assert_int_equal(now.state, STEP_DECLINED);
    assert_string_equal(now.reason, "withdrew");
    assert_true(uuid_is_nil(&now.enrolment));
    allowed(b, rig_choose(b, rig_worker(&ANNA), &id, 1, 3));
    bench_sound(b->routes);
}

/* ── by people ────────────────────────────────────────────────────────────── */

static void evidence_is_accepted_or_returned_with_a_comment(void **state)
{
    struct bench *b = *state;
    struct step_moved moved;
    struct uuid id = rig_agreed(b);
    refused(b, rig_accept(b, rig_tutor(), &id, 1), "step_wrong_state");
    refused(b, rig_submit(b, rig_tutor(), &id, 1, "за неё"), "role");
    refused(b, rig_submit(b, rig_worker(&BORIS), &id, 1, "чужое"), "out_of_reach");
    refused(b, rig_submit(b, bench_who(ROLE_WORKER, &SCHOOL_A, NULL), &id, 1, "чужое"), "out_of_reach");
    refused(b, rig_submit(b, rig_worker(&ANNA), &id, 1, "   "), "message");
    allowed(b, rig_submit(b, rig_worker(&ANNA), &id, 1, "конспект урока\nи фото"));
    assert_int_equal(rig_route(b, &id).state, ROUTE_ACTIVE);
    refused(b, rig_return(b, rig_tutor(), &id, 1, " \n"), "message");
    refused(b, rig_return(b, rig_worker(&ANNA), &id, 1, "нет"), "role");
    refused(b, rig_accept(b, bench_who(ROLE_TUTOR, &TOWN_B, NULL), &id, 1), "out_of_reach");
    allowed(b, rig_return(b, rig_tutor(), &id, 1, "не видно урока"));
    struct step_now now = rig_step(b, &id, 1);
    assert_int_equal(now.state, STEP_RETURNED);
    assert_string_equal(now.comment, "не видно урока");
    assert_string_equal(now.evidence, "конспект урока\nи фото");
    refused(b, rig_accept(b, rig_tutor(), &id, 1), "step_wrong_state");
    allowed(b, rig_submit(b, rig_worker(&ANNA), &id, 1, "видео"));
    allowed(b, rig_submit(b, rig_worker(&ANNA), &id, 1, "видео и конспект"));
    now = rig_step(b, &id, 1);
    assert_int_equal(now.submissions, 3);
    assert_int_equal(now.returns, 1);
    assert_string_equal(now.evidence, "видео и конспект");
    allowed(b, rig_accept(b, rig_tutor(), &id, 1));
    assert_int_equal(bench_events(b, b->routes, "routes.step.accepted", &step_moved_desc, &moved), 1);
    assert_int_equal(moved.by, STEP_BY_PERSON);
    assert_int_equal(moved.day, TODAY);
    refused(b, rig_submit(b, rig_worker(&ANNA), &id, 1, "ещё"), "step_wrong_state");
    assert_int_equal(rig_route(b, &id).state, ROUTE_ACTIVE);
    bench_sound(b->routes);
}

static void a_route_closes_with_its_last_step(void **state)
{
    struct bench *b = *state;
    struct route_moved moved;
    struct uuid id = rig_agreed(b);
    refused(b, rig_move(b, rig_tutor(), "routes.route.close", &id), "wrong_state");
    rig_completed(b, 10, 1, &ANNA, TODAY, &id, 1);
    struct outcome o = rig_move(b, rig_tutor(), "routes.route.close", &id);
    assert_reason(b, o, "steps_open");
    assert_string_equal(bench_arg(b, &o, "open"), "1");
    allowed(b, rig_submit(b, rig_worker(&ANNA), &id, 2, "готово"));
    allowed(b, rig_accept(b, rig_centre(), &id, 2));
    struct route route = rig_route(b, &id);
    assert_int_equal(route.state, ROUTE_CLOSED);
    assert_int_equal(route.over, TODAY);
    assert_int_equal(bench_events(b, b->routes, "routes.route.closed", &route_moved_desc, &moved), 1);
    refused(b, rig_submit(b, rig_worker(&ANNA), &id, 2, "ещё"), "wrong_state");
    refused(b, rig_end(b, rig_tutor(), &id, "передумали"), "wrong_state");
    bench_sound(b->routes);
}

static void a_route_may_end_with_a_reason(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_agreed(b);
    refused(b, rig_end(b, rig_tutor(), &id, "\t "), "message");
    refused(b, rig_end(b, bench_who(ROLE_TUTOR, &TOWN_B, NULL), &id, "нет"), "out_of_reach");
    allowed(b, rig_end(b, rig_tutor(), &id, "ушла в отпуск по уходу за ребёнком"));
    struct route route = rig_route(b, &id);
    assert_int_equal(route.state, ROUTE_ENDED);
    assert_string_equal(route.ended, "ушла в отпуск по уходу за ребёнком");
    refused(b, rig_submit(b, rig_worker(&ANNA), &id, 1, "готово"), "wrong_state");
    refused(b, rig_end(b, rig_tutor(), &id, "ещё раз"), "wrong_state");
    rig_enrolled(b, 1, 1, &ANNA, TODAY, &id, 1);                /* came too late: nothing moves */
    rig_completed(b, 2, 1, &ANNA, TODAY, &id, 1);
    assert_int_equal(rig_step(b, &id, 1).state, STEP_CHOSEN);
    bench_sound(b->routes);
}

static void a_draft_that_ended_does_not_fall_overdue(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_two_steps(b);
    allowed(b, rig_end(b, rig_tutor(), &id, "уволилась"));
    bench_pass(b, 30 * MOMENT_DAY);
    assert_int_equal(rig_count(b, "routes.route.fell_overdue"), 0);
    assert_int_equal(machine_next_due(b->routes), 0);
    bench_sound(b->routes);
}

/* ── by the registry ──────────────────────────────────────────────────────── */

/* Route and step named, the route alone, nothing at all: each ticks. */
static void a_document_ticks_its_step(void **state)
{
    struct bench *b = *state;
    struct step_moved moved;
    struct uuid id = rig_agreed(b), document = rig_fact(11);
    rig_enrolled(b, 1, 1, &ANNA, TODAY, &id, 1);
    rig_completed(b, 10, 1, &ANNA, TODAY, &id, 1);
    struct step_now now = rig_step(b, &id, 1);
    assert_int_equal(now.state, STEP_ACCEPTED);
    assert_int_equal(now.by, STEP_BY_REGISTRY);
    assert_string_equal(now.document, "№ 10");
    assert_int_equal(now.enrolled, TODAY - 10);
    rig_completed(b, 11, 2, &ANNA, TODAY, NULL, 0);
    assert_int_equal(bench_events(b, b->routes, "routes.step.accepted", &step_moved_desc, &moved), 2);
    assert_true(uuid_equal(&moved.completion, &document));
    assert_int_equal(rig_route(b, &id).state, ROUTE_CLOSED);
    assert_int_equal(rig_count(b, "routes.fact.noted"), 0);
    bench_sound(b->routes);
}

static void the_alternative_taken_answers_the_step_too(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_agreed(b), three = bench_programme_id(3);
    rig_completed(b, 10, 3, &ANNA, TODAY, &id, 0);
    struct step_now now = rig_step(b, &id, 1);
    assert_int_equal(now.state, STEP_ACCEPTED);
    assert_true(uuid_equal(&now.programme, &three));
    bench_sound(b->routes);
}

static void a_document_counts_once(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_agreed(b), second;
    rig_completed(b, 10, 1, &ANNA, TODAY, NULL, 0);
    rig_completed(b, 10, 1, &ANNA, TODAY, NULL, 0);         /* the same document, another entry */
    rig_completed(b, 11, 1, &ANNA, TODAY, &id, 1);          /* another document for a step that has one */
    assert_int_equal(rig_count(b, "routes.step.accepted"), 1);
    assert_int_equal(rig_count(b, "routes.fact.noted"), 0);
    second = rig_drafted(b, &ANNA, 1);                      /* a second route with the same step */
    allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &second));
    assert_int_equal(rig_step(b, &second, 1).state, STEP_CHOSEN);
    rig_completed(b, 12, 1, &ANNA, TODAY, NULL, 0);
    assert_int_equal(rig_step(b, &second, 1).state, STEP_ACCEPTED);
    bench_sound(b->routes);
}

/* The older route has the same step open; the document is of the enrolment that stands by the younger one's. */
static void a_document_ticks_the_step_of_its_enrolment_on_whichever_route(void **state)
{
    struct bench *b = *state;
    struct uuid older = rig_two_steps(b), younger;
    rig_enrolled(b, 1, 1, &ANNA, TODAY, NULL, 0);
    younger = rig_drafted(b, &ANNA, 1);
    allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &younger));
    allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &older));
    assert_int_equal(rig_step(b, &younger, 1).state, STEP_ENROLLED);
    rig_completed_enrolled(b, 10, 1, &ANNA, TODAY, 1);
    assert_int_equal(rig_step(b, &younger, 1).state, STEP_ACCEPTED);
    assert_int_equal(rig_step(b, &older, 1).state, STEP_CHOSEN);
    rig_enrolled(b, 1, 1, &ANNA, TODAY, NULL, 0);               /* said again, it is over */
    assert_int_equal(rig_step(b, &older, 1).state, STEP_CHOSEN);
    bench_sound(b->routes);
}

static void what_a_person_accepted_the_registry_confirms(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_agreed(b);
    for (uint64_t step = 1; step <= 2; step++) {
        allowed(b, rig_submit(b, rig_worker(&ANNA), &id, step, "готово"));
        allowed(b, rig_accept(b, rig_tutor(), &id, step));
    }
    assert_int_equal(rig_route(b, &id).state, ROUTE_CLOSED);
    rig_completed(b, 10, 1, &ANNA, TODAY, NULL, 0);
    rig_completed(b, 11, 2, &ANNA, TODAY, &id, 2);
    assert_int_equal(rig_count(b, "routes.step.confirmed"), 2);
    assert_int_equal(rig_count(b, "routes.step.accepted"), 2);
    assert_int_equal(rig_count(b, "routes.route.closed"), 1);
    struct step_now now = rig_step(b, &id, 1);
    assert_int_equal(now.by, STEP_BY_PERSON);
    assert_string_equal(now.document, "№ 10");
    assert_string_equal(now.evidence, "готово");
    bench_sound(b->routes);
}

/* The registry's entries come before the agreement, before the draft, before the result: the end is the same. */
static void what_the_registry_said_before_counts_when_the_route_is_agreed(void **state)
{
    struct bench *b = *state;
    rig_enrolled(b, 1, 1, &ANNA, TODAY, NULL, 0);
    rig_completed(b, 9, 2, &ANNA, TODAY - 1, NULL, 0);      /* before the result: it is what he knew when he sat */
    struct uuid id = rig_two_steps(b);
    rig_completed(b, 10, 1, &ANNA, TODAY, NULL, 0);
    rig_completed(b, 11, 1, &BORIS, TODAY, NULL, 0);
    assert_int_equal(rig_count(b, "routes.fact.noted"), 4);
    assert_int_equal(rig_step(b, &id, 1).state, STEP_PLANNED);
    allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &id));
    struct step_now now = rig_step(b, &id, 1);
    assert_int_equal(now.state, STEP_ACCEPTED);
    assert_string_equal(now.document, "№ 10");
    assert_int_equal(rig_step(b, &id, 2).state, STEP_CHOSEN);
    assert_int_equal(rig_count(b, "routes.step.chosen"), 1);
    assert_int_equal(rig_count(b, "routes.step.enrolled"), 1);
    assert_int_equal(rig_route(b, &id).state, ROUTE_ACTIVE);
    struct uuid second = rig_drafted(b, &ANNA, 1);          /* used up: the next route starts afresh */
    allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &second));
    assert_int_equal(rig_step(b, &second, 1).state, STEP_CHOSEN);
    bench_sound(b->routes);
}

static void a_history_closes_by_itself_whatever_came_first(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    bench_programme(b, 1, 36, "method", NULL);
    bench_follow(b);
    struct uuid sitting[2];
    const struct uuid *person[] = { &ANNA, &BORIS };
    struct route_drafted draft;
    for (int i = 0; i < 2; i++) {
        allowed(b, bench_record(b, person[i], day_of(2024, 9, 2), 1 | 2 | 8));
        struct sitting_scored scored;
        bench_events(b, b->diagnostics, "diagnostics.sitting.scored", &sitting_scored_desc, &scored);
        sitting[i] = scored.sitting;
    }
    struct uuid anna = rig_route_of(&sitting[0]), boris = rig_route_of(&sitting[1]);
    while (source_feed(&b->programmes, b->routes, 100))
        continue;
    struct completion done = { .completion = rig_fact(10), .programme = bench_programme_id(1), .person = ANNA,
                               .chain = { 1, (struct uuid *)(uintptr_t)&SCHOOL_A }, .enrolled = day_of(2024, 9, 4),
                               .day = day_of(2024, 9, 10), .route = anna, .document = "1" };
    source_add(&b->programmes, "programmes.completion.recorded", &completion_desc, &done);
    while (source_feed(&b->programmes, b->routes, 100))     /* the route is not even drafted here */
        continue;
    assert_int_equal(rig_count(b, "routes.fact.noted"), 1);
    bench_follow(b);
    bench_events(b, b->routes, "routes.route.drafted", &route_drafted_desc, &draft);
    allowed(b, rig_record_agreement(b, &anna, day_of(2024, 9, 3)));
    allowed(b, rig_record_agreement(b, &boris, day_of(2024, 9, 12)));
    rig_completed(b, 11, 1, &BORIS, day_of(2024, 9, 10), NULL, 0);      /* the ordinary order; agreed on paper after it */
    struct route one = rig_route(b, &anna), two = rig_route(b, &boris);
    assert_int_equal(one.state, ROUTE_CLOSED);
    assert_int_equal(one.over, day_of(2024, 9, 10));
    assert_int_equal(two.state, ROUTE_CLOSED);
    assert_int_equal(two.over, day_of(2024, 9, 12));        /* not before it was agreed */
    assert_int_equal(rig_count(b, "routes.step.chosen"), 0);
    bench_sound(b->routes);
}

/* ── in any order ─────────────────────────────────────────────────────────── */

/* What the two journals and the tutor say: the registry's four in their order, the draft and the agreement in
 * theirs, and every way to lay the one among the other. */
#define SAID 4
static void say(struct bench *b, int fact, const struct uuid *route)
{
    switch (fact) {
    case 0: rig_enrolled(b, 1, 1, &ANNA, TODAY, NULL, 0); break;
    case 1: rig_completed(b, 10, 1, &ANNA, TODAY, NULL, 0); break;
    case 2: rig_completed(b, 11, 2, &ANNA, TODAY, route, 0); break;
    default: rig_completed(b, 12, 1, &ANNA, TODAY, NULL, 0); break;        /* of a programme that needs no second one */
    }
}

struct end { int state; day_t over; struct step_now step[2]; };

static struct end end_of(int drafted, int agreed_after)
{
    void *state;
    struct end end;
    assert_int_equal(bench_set_up(&state), 0);
    struct bench *b = state;
    bench_publish(b);
    bench_programme(b, 1, 36, "method", NULL);
    bench_programme(b, 2, 40, "digital", NULL);
    bench_follow(b);
    struct uuid sitting = bench_start(b, &ANNA), route = rig_route_of(&sitting);    /* the route's id is known from here on */
    allowed(b, bench_save(b, &ANNA, &sitting, 1));
    for (int fact = 0; fact <= SAID; fact++) {
        struct sitting_id id = { sitting };
        if (fact == drafted) {
            allowed(b, bench_do(b, b->diagnostics, rig_worker(&ANNA), "diagnostics.sitting.submit", &sitting_id_desc, &id));
            bench_follow(b);
        }
        if (fact == agreed_after)
            allowed(b, rig_record_agreement(b, &route, TODAY));
        if (fact < SAID)
            say(b, fact, &route);
    }
    struct route now = rig_route(b, &route);
    end = (struct end){ now.state, now.over, { now.step_states.at[0], now.step_states.at[1] } };
    for (int i = 0; i < 2; i++)         /* the texts go with the bench */
        end.step[i].document = strdup(now.step_states.at[i].document != NULL ? now.step_states.at[i].document : "");
    bench_sound(b->routes);
    bench_tear_down(&state);
    return end;
}

static void the_end_is_the_same_whatever_comes_first(void **state)
{
    struct end first = end_of(0, 0);
    (void)state;
    assert_int_equal(first.state, ROUTE_CLOSED);
    assert_string_equal(first.step[0].document, "№ 10");
    assert_string_equal(first.step[1].document, "№ 11");
    for (int drafted = 0; drafted <= SAID; drafted++)
        for (int after = drafted; after <= SAID; after++) {
            struct end end = end_of(drafted, after);
            assert_int_equal(end.state, first.state);
            assert_int_equal(end.over, first.over);
            for (int i = 0; i < 2; i++) {
                assert_int_equal(end.step[i].state, first.step[i].state);
                assert_int_equal(end.step[i].by, first.step[i].by);
                assert_int_equal(end.step[i].day, first.step[i].day);
                assert_int_equal(end.step[i].enrolled, first.step[i].enrolled);
                assert_true(uuid_equal(&end.step[i].completion, &first.step[i].completion));
                assert_true(uuid_equal(&end.step[i].enrolment, &first.step[i].enrolment));
                assert_string_equal(end.step[i].document, first.step[i].document);
                free((char *)(uintptr_t)end.step[i].document);
            }
        }
    for (int i = 0; i < 2; i++)
        free((char *)(uintptr_t)first.step[i].document);
}

/* The version before this one heard of programmes and nothing else of that journal: its cursor is past them. */
extern const struct service routes_service;

static void not_heard(struct ctx *ctx, const void *event)
{
    (void)ctx;
    (void)event;
}

static struct service version_before(struct bench *b)
{
    struct service old = routes_service;
    struct projection_def *rows = ARENA_LIST(&b->arena, struct projection_def, old.projection_count + 1);
    memcpy(rows, old.projections, old.projection_count * sizeof *rows);
    rows[old.projection_count++] = (struct projection_def){
        "programmes", "programmes.completion.recorded", 1, &completion_desc, not_heard };
    old.projections = rows;
    old.reaction_count = 1;
    old.state_version = old.copy_version = 1;
    return old;
}

static void documents_of_before_are_heard_after_an_upgrade(void **state)
{
    struct bench *b = *state;
    struct service old = version_before(b);
    assert_string_equal(old.reactions[0].event, "diagnostics.sitting.scored");
    bench_reopen_routes(b, &old);
    struct uuid id = rig_two_steps(b);
    allowed(b, rig_record_agreement(b, &id, TODAY));
    rig_completed(b, 10, 1, &ANNA, TODAY, NULL, 0);
    rig_completed(b, 11, 2, &ANNA, TODAY, &id, 0);
    assert_int_equal(rig_route(b, &id).state, ROUTE_AGREED);
    bench_reopen_routes(b, &routes_service);
    bench_follow(b);
    assert_int_equal(rig_route(b, &id).state, ROUTE_CLOSED);
    assert_int_equal(rig_count(b, "routes.route.drafted"), 1);
    bench_sound(b->routes);
}

static void facts_about_others_change_nothing(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_agreed(b);
    rig_completed(b, 10, 1, &BORIS, TODAY, &id, 1);         /* another person's document under her route */
    rig_completed(b, 11, 1, &ANNA, TODAY, &id, 2);          /* step 2 is another programme */
    rig_completed(b, 12, 1, &ANNA, TODAY, &id, STEPS_MAX);
    rig_enrolled(b, 13, 2, &BORIS, TODAY, &id, 2);
    rig_declined(b, 1, &ANNA, &id, STEPS_MAX, DECLINE_NO_RUN);
    rig_declined(b, 1, &ANNA, &NOBODY, 1, DECLINE_NO_RUN);
    rig_left(b, 14, 1, &ANNA);
    assert_int_equal(rig_step(b, &id, 1).state, STEP_CHOSEN);
    assert_int_equal(rig_step(b, &id, 2).state, STEP_CHOSEN);
    assert_int_equal(rig_count(b, "routes.fact.noted"), 0);
    bench_sound(b->routes);
}

static void who_left_before_the_agreement_is_not_enrolled_by_it(void **state)
{
    struct bench *b = *state;
    rig_enrolled(b, 1, 1, &ANNA, TODAY, NULL, 0);
    struct uuid id = rig_two_steps(b);
    rig_left(b, 1, 1, &ANNA);
    assert_int_equal(rig_count(b, "routes.fact.dropped"), 1);
    allowed(b, rig_move(b, rig_tutor(), "routes.route.agree", &id));
    assert_int_equal(rig_step(b, &id, 1).state, STEP_CHOSEN);
    bench_sound(b->routes);
}

static void evidence_with_the_tutor_outlives_an_enrolment(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_agreed(b);
    allowed(b, rig_submit(b, rig_worker(&ANNA), &id, 1, "готово"));
    rig_declined(b, 1, &ANNA, &id, 1, DECLINE_NO_RUN);
    assert_int_equal(rig_step(b, &id, 1).state, STEP_SUBMITTED);
    rig_enrolled(b, 1, 1, &ANNA, TODAY, &id, 1);
    struct step_now now = rig_step(b, &id, 1);
    assert_int_equal(now.state, STEP_SUBMITTED);
    assert_int_equal(now.enrolled, TODAY);
    allowed(b, rig_accept(b, rig_tutor(), &id, 1));
    bench_sound(b->routes);
}

static void lists_leave_the_texts_out(void **state)
{
    struct bench *b = *state;
    struct uuid id = rig_agreed(b);
    struct routes_of of = { .person = ANNA };
    struct route_list list;
    allowed(b, rig_submit(b, rig_worker(&ANNA), &id, 1, "готово"));
    struct outcome o = bench_ask(b, b->routes, rig_centre(), "routes.route.list", &routes_of_desc, &of);
    assert_reason(b, o, "");
    toy_decode(&route_list_desc, o.body, &list, &b->arena);
    assert_int_equal(list.rows.n, 1);
    assert_int_equal(list.rows.at[0].step_states.n, 2);
    assert_int_equal(list.rows.at[0].step_states.at[0].state, STEP_SUBMITTED);
    assert_int_equal(list.rows.at[0].step_states.at[0].submissions, 1);
    assert_null(memmem(o.body.at, o.body.n, "готово", strlen("готово")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_agreement_chooses_the_steps_that_are_programmes),
        TEST(what_is_no_programme_of_training_is_not_chosen_by_itself),
        TEST(history_is_not_chosen),
        TEST(a_declined_step_is_chosen_again_or_its_alternative),
        TEST(who_waited_is_enrolled_later_and_who_left_chooses_again),
        TEST(evidence_is_accepted_or_returned_with_a_comment),
        TEST(a_route_closes_with_its_last_step),
        TEST(a_route_may_end_with_a_reason),
        TEST(a_draft_that_ended_does_not_fall_overdue),
        TEST(a_document_ticks_its_step),
        TEST(the_alternative_taken_answers_the_step_too),
        TEST(a_document_counts_once),
        TEST(a_document_ticks_the_step_of_its_enrolment_on_whichever_route),
        TEST(what_a_person_accepted_the_registry_confirms),
        TEST(what_the_registry_said_before_counts_when_the_route_is_agreed),
        TEST(a_history_closes_by_itself_whatever_came_first),
        cmocka_unit_test(the_end_is_the_same_whatever_comes_first),
        TEST(documents_of_before_are_heard_after_an_upgrade),
        TEST(facts_about_others_change_nothing),
        TEST(who_left_before_the_agreement_is_not_enrolled_by_it),
        TEST(evidence_with_the_tutor_outlives_an_enrolment),
        TEST(lists_leave_the_texts_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
