#include "tests/service/region.h"

/* The whole chain, routes and programmes following one another: a step of ANNA's route is chosen → she is enrolled →
 * attested → her document is issued → the step is accepted, the route is closed. Nobody types in a second time what
 * the system knows: route and step are named by nobody but the service of routes. */

static int set_up(void **state)
{
    *state = region_open();
    return 0;
}

static int tear_down(void **state)
{
    struct region *r = *state;
    static const int services[] = { R_PROGRAMMES, R_ROUTES };
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        uint64_t checked, bad;
        const char *why;
        bool same;
        assert_int_equal(machine_verify(r->machine[services[i]], &checked, &bad, &why), ERR_OK);
        assert_int_equal(machine_rebuild(r->machine[services[i]], false, &same), ERR_OK);
        assert_true(same);
    }
    region_close(r);
    return 0;
}

static day_t today(const struct region *r)
{
    return day_of_moment(r->time.wall, 420);
}

/* Days go by; what is due fires, and everybody hears of it. */
static void pass(struct region *r, day_t days)
{
    r->time.wall += days * MOMENT_DAY + MOMENT_SECOND;
    r->time.boot += days * MOMENT_DAY + MOMENT_SECOND;
    for (int i = 0; i < R_SERVICES; i++)
        assert_int_equal(machine_batch(r->machine[i], NULL, 0, &r->arena, NULL), ERR_OK);
    region_follow(r);
}

static const char *as(struct region *r, int role, int service, const char *method, const struct msg_desc *takes, const void *body)
{
    struct principal who = role == ROLE_INSTITUTE ? region_who(role, &r->institute) : region_who(role, role == ROLE_WORKER ? &r->anna : NULL);
    struct outcome outcome = region_do(r, service, who, method, takes, body);
    region_follow(r);
    return toy_reason(&outcome, &r->arena);
}

static struct uuid announce(struct region *r, const struct uuid *programme, day_t in, uint64_t places)
{
    struct run run = { .programme = *programme, .day = today(r) + in, .places = places };
    struct registered made;
    struct outcome outcome = region_do(r, R_PROGRAMMES, region_who(ROLE_INSTITUTE, &r->institute), "programmes.run.record", &run_desc, &run);
    assert_string_equal(toy_reason(&outcome, &r->arena), "");
    toy_decode(&registered_desc, outcome.body, &made, &r->arena);
    region_follow(r);
    return made.id;
}

static void agree(struct region *r)
{
    struct route_move move = { r->route };
    assert_string_equal(as(r, ROLE_CENTRE, R_ROUTES, "routes.route.agree", &route_move_desc, &move), "");
}

static struct route route_now(struct region *r)
{
    struct route_move move = { r->route };
    struct route route;
    struct outcome outcome = region_ask(r, R_ROUTES, region_who(ROLE_CENTRE, NULL), "routes.route.get", &route_move_desc, &move);
    assert_string_equal(toy_reason(&outcome, &r->arena), "");
    toy_decode(&route_desc, outcome.body, &route, &r->arena);
    return route;
}

static void assert_step(struct region *r, enum step_state state, const char *reason)
{
    struct route route = route_now(r);
    assert_int_equal(route.step_states.n, 1);
    assert_string_equal(step_state_names.names[route.step_states.at[0].state], step_state_names.names[state]);
    assert_string_equal(route.step_states.at[0].reason != NULL ? route.step_states.at[0].reason : "", reason);
}

static struct enrolment_row enrolment_now(struct region *r, const struct uuid *id)
{
    struct id query = { *id };
    struct enrolment_row row;
    struct outcome outcome = region_ask(r, R_PROGRAMMES, region_who(ROLE_INSTITUTE, &r->institute), "programmes.enrolment.get", &id_desc, &query);
    assert_string_equal(toy_reason(&outcome, &r->arena), "");
    toy_decode(&enrolment_row_desc, outcome.body, &row, &r->arena);
    return row;
}

static const char *attest(struct region *r, const struct uuid *enrolment, int kind)
{
    struct attestation_record record = { *enrolment, kind, true, today(r) };
    return as(r, ROLE_INSTITUTE, R_PROGRAMMES, "programmes.attestation.record", &attestation_record_desc, &record);
}

static const char *issue(struct region *r, const struct uuid *enrolment)
{
    struct certificate_issue certificate = { *enrolment, "У-2024-1", today(r) };
    return as(r, ROLE_INSTITUTE, R_PROGRAMMES, "programmes.certificate.issue", &certificate_issue_desc, &certificate);
}

/* Entries of that event in the journal of programmes that somebody with this reach is shown. */
static unsigned seen(struct region *r, const struct uuid *reach, const char *event, const struct msg_desc *desc, void *last)
{
    struct feed_wish wish = { .cursor = cursor_start(), .reach = { .n = 1, .id = { *reach } }, .entries = 10000, .bytes = FEED_BYTES_MAX };
    struct feed_result result;
    struct entries message;
    struct buf out = { 0 };
    unsigned n = 0;
    assert_int_equal(machine_feed(r->machine[R_PROGRAMMES], &wish, &r->arena, &out, &result), ERR_OK);
    assert_true(result.at_head);
    toy_decode(&entries_desc, buf_bytes(&out), &message, &r->arena);
    for (uint32_t i = 0; i < message.list.n; i++) {
        struct entry entry;
        toy_decode(&entry_desc, message.list.at[i].stored, &entry, &r->arena);
        if (strcmp(entry.event, event) == 0) {
            n++;
            if (last != NULL)
                toy_decode(desc, entry.body, last, &r->arena);
        }
    }
    buf_free(&out);
    return n;
}

/* ── the chain ────────────────────────────────────────────────────────────── */

static void a_step_becomes_a_document_and_the_route_is_closed(void **state)
{
    struct region *r = *state;
    struct uuid run = announce(r, &r->programme, 20, 25), enrolment = enrolment_id(&r->route, 1, &r->programme, 0);
    struct completion done;
    agree(r);
    assert_step(r, STEP_ENROLLED, "");
    struct route route = route_now(r);
    assert_int_equal(route.state, ROUTE_ACTIVE);
    assert_true(uuid_equal(&route.step_states.at[0].enrolment, &enrolment));
    struct enrolment_row row = enrolment_now(r, &enrolment);
    assert_true(uuid_equal(&row.enrolment->run, &run));
    assert_true(uuid_equal(&row.enrolment->person, &r->anna));

    assert_string_equal(attest(r, &enrolment, ATTESTATION_INTERIM), "run_not_begun");
    pass(r, 25);
    assert_string_equal(attest(r, &enrolment, ATTESTATION_INTERIM), "");
    assert_string_equal(issue(r, &enrolment), "no_final_attestation");
    pass(r, 10);
    assert_string_equal(attest(r, &enrolment, ATTESTATION_FINAL), "");
    assert_step(r, STEP_ENROLLED, "");
    assert_string_equal(issue(r, &enrolment), "");

    assert_int_equal(seen(r, &r->anna, "programmes.completion.recorded", &completion_desc, &done), 1);
    assert_true(uuid_equal(&done.route, &r->route));
    assert_int_equal(done.step, 1);
    assert_true(uuid_equal(&done.enrolment, &enrolment));
    assert_true(done.federal);                          /* in the registry on the day of enrolment */
    assert_true(uuid_equal(&done.provider, &r->institute));
    assert_step(r, STEP_ACCEPTED, "");
    route = route_now(r);
    assert_int_equal(route.state, ROUTE_CLOSED);
    assert_int_equal(route.step_states.at[0].by, STEP_BY_REGISTRY);
    assert_string_equal(route.step_states.at[0].document, "У-2024-1");
    assert_int_equal(enrolment_now(r, &enrolment).state, ENROLMENT_COMPLETED);
    assert_string_equal(issue(r, &enrolment), "already_issued");
}

static void a_step_without_a_run_waits_for_one(void **state)
{
    struct region *r = *state;
    struct uuid enrolment = enrolment_id(&r->route, 1, &r->programme, 0);
    agree(r);
    assert_step(r, STEP_DECLINED, "no_run");
    assert_int_equal(route_now(r).state, ROUTE_AGREED);
    pass(r, 3);
    assert_step(r, STEP_DECLINED, "no_run");
    announce(r, &r->programme, 10, 1);
    pass(r, 0);
    assert_step(r, STEP_ENROLLED, "");
    assert_int_equal(enrolment_now(r, &enrolment).enrolment->day, today(r));
}

static void who_withdraws_is_declined_and_may_choose_again(void **state)
{
    struct region *r = *state;
    struct uuid enrolment = enrolment_id(&r->route, 1, &r->programme, 0), second = enrolment_id(&r->route, 1, &r->programme, 1);
    struct step_choose choose = { r->route, 1, r->programme };
    announce(r, &r->programme, 10, 1);
    agree(r);
    struct enrolment_end end = { enrolment, today(r), END_WITHDREW };
    assert_string_equal(as(r, ROLE_INSTITUTE, R_PROGRAMMES, "programmes.enrolment.end", &enrolment_end_desc, &end), "");
    assert_step(r, STEP_DECLINED, "withdrew");
    assert_string_equal(as(r, ROLE_WORKER, R_ROUTES, "routes.step.choose", &step_choose_desc, &choose), "");
    assert_step(r, STEP_ENROLLED, "");
    struct route route = route_now(r);
    assert_true(uuid_equal(&route.step_states.at[0].enrolment, &second));
}

static void a_route_that_ends_frees_its_place(void **state)
{
    struct region *r = *state;
    struct uuid enrolment = enrolment_id(&r->route, 1, &r->programme, 0);
    struct route_end end = { r->route, "уволилась" };
    announce(r, &r->programme, 10, 1);
    agree(r);
    assert_string_equal(as(r, ROLE_CENTRE, R_ROUTES, "routes.route.end", &route_end_desc, &end), "");
    assert_int_equal(enrolment_now(r, &enrolment).state, ENROLMENT_ENDED);
    assert_int_equal(enrolment_now(r, &enrolment).reason, END_WITHDREW);
}

static void evidence_that_is_accepted_ends_the_waiting(void **state)
{
    struct region *r = *state;
    struct step_submit submit = { r->route, 1, "сертификат другой организации" };
    struct step_accept accept = { r->route, 1, NULL };
    agree(r);
    assert_string_equal(as(r, ROLE_WORKER, R_ROUTES, "routes.step.submit", &step_submit_desc, &submit), "");
    assert_string_equal(as(r, ROLE_CENTRE, R_ROUTES, "routes.step.accept", &step_accept_desc, &accept), "");
    assert_int_equal(seen(r, &r->anna, "programmes.wish.dropped", &wish_desc, NULL), 1);
    announce(r, &r->programme, 10, 1);
    pass(r, 0);
    assert_int_equal(seen(r, &r->anna, "programmes.enrolment.opened", &enrolment_desc, NULL), 1);   /* the fixture's own */
    assert_step(r, STEP_ACCEPTED, "");
}

/* What the paper says: an enrolment that names its step, and a document that names neither. */
static void history_ticks_its_step(void **state)
{
    struct region *r = *state;
    struct agreement_record agreement = { r->route, today(r) };
    assert_string_equal(as(r, ROLE_CENTRE, R_ROUTES, "routes.agreement.record", &agreement_record_desc, &agreement), "");
    struct uuid run = announce(r, &r->programme, 0, 0);
    assert_int_equal(seen(r, &r->anna, "programmes.enrolment.opened", &enrolment_desc, NULL), 1);
    struct enrolment_record record = { .run = run, .person = r->anna, .day = today(r), .route = r->route, .step = 1 };
    assert_string_equal(as(r, ROLE_INSTITUTE, R_PROGRAMMES, "programmes.enrolment.record", &enrolment_record_desc, &record), "");
    assert_step(r, STEP_ENROLLED, "");
    pass(r, 30);
    struct completion_record done = { .programme = r->programme, .person = r->anna, .enrolled = record.day, .day = today(r), .document = "У-5" };
    assert_string_equal(as(r, ROLE_INSTITUTE, R_PROGRAMMES, "programmes.completion.record", &completion_record_desc, &done), "");
    assert_step(r, STEP_ACCEPTED, "");
    assert_int_equal(route_now(r).state, ROUTE_CLOSED);
}

/* A municipality's node follows this journal: its people, the catalogue, and nobody else's. */
static void a_municipality_follows_its_own_learners(void **state)
{
    struct region *r = *state;
    struct uuid enrolment = enrolment_id(&r->route, 1, &r->programme, 0);
    static const char *const events[] = { "programmes.enrolment.opened", "programmes.attestation.recorded", "programmes.completion.recorded" };
    announce(r, &r->programme, 10, 1);
    agree(r);
    pass(r, 20);
    assert_string_equal(attest(r, &enrolment, ATTESTATION_FINAL), "");
    assert_string_equal(issue(r, &enrolment), "");
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        assert_true(seen(r, &r->town_a, events[i], NULL, NULL) > 0);
        assert_int_equal(seen(r, &r->town_b, events[i], NULL, NULL), 0);
    }
    assert_int_equal(seen(r, &r->town_b, "programmes.run.recorded", NULL, NULL), 2);
    assert_true((REGION_SERVICE[R_PROGRAMMES]->follow_roles & ROLE(ROLE_MUNICIPAL)) != 0);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_step_becomes_a_document_and_the_route_is_closed), CASE(a_step_without_a_run_waits_for_one),
        CASE(who_withdraws_is_declined_and_may_choose_again), CASE(a_route_that_ends_frees_its_place),
        CASE(evidence_that_is_accepted_ends_the_waiting), CASE(history_ticks_its_step),
        CASE(a_municipality_follows_its_own_learners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
