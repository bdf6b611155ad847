#include "tests/service/region.h"

#include "proto/roster_merge.h"

/* What the other services keep of two records that roster has made one: ANNA's is kept, BORIS's is gone. Each of them has
 * sat, has a route, a tutor's charge and an enrolment in the same run before it. Nothing moves; whoever asks is told of one. */

static struct uuid cora;

static int tear_down(void **state)
{
    struct region *r = *state;
    for (int i = 0; i < R_SERVICES; i++) {
        uint64_t checked, bad;
        const char *why;
        bool same;
        assert_int_equal(machine_verify(r->machine[i], &checked, &bad, &why), ERR_OK);
        assert_int_equal(machine_rebuild(r->machine[i], false, &same), ERR_OK);
        assert_true(same);
    }
    region_close(r);
    return 0;
}

static const char *as(struct region *r, struct principal who, int service, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = region_do(r, service, who, method, takes, body);
    region_follow(r);
    return toy_reason(&outcome, &r->arena);
}

static void has_to(struct region *r, struct principal who, int service, const char *method, const struct msg_desc *takes, const void *body)
{
    assert_string_equal(as(r, who, service, method, takes, body), "");
}

static void told(struct region *r, struct principal who, int service, const char *method, const struct msg_desc *takes, const void *body,
                 const struct msg_desc *gives, void *answer)
{
    struct outcome outcome = region_ask(r, service, who, method, takes, body);
    assert_string_equal(toy_reason(&outcome, &r->arena), "");
    toy_decode(gives, outcome.body, answer, &r->arena);
}

static struct principal centre(void) { return region_who(ROLE_CENTRE, NULL); }

/* BORIS sits like ANNA, is enrolled like her; both are CORA's charges. */
static int set_up(void **state)
{
    struct region *r = region_open();
    struct sitting_start start = { r->procedure, r->boris };
    struct sitting_begun begun;
    struct enrolment_open open = { .run = r->run, .person = r->boris };
    struct worker_record row = { .code = "c", .family = "Сидорова", .given = "Вера", .born = "1975-02-02", .organisation = "school-a",
                                 .post = "учитель", .from = day_of_moment(r->time.wall, 420) - 900 };
    struct worker_recorded recorded;
    struct principal boris = region_who(ROLE_WORKER, &r->boris);

    struct outcome outcome = region_do(r, R_DIAGNOSTICS, boris, "diagnostics.sitting.start", &sitting_start_desc, &start);
    assert_string_equal(toy_reason(&outcome, &r->arena), "");
    toy_decode(&sitting_begun_desc, outcome.body, &begun, &r->arena);
    struct sitting_id submit = { begun.sitting };
    has_to(r, boris, R_DIAGNOSTICS, "diagnostics.sitting.submit", &sitting_id_desc, &submit);
    has_to(r, region_who(ROLE_INSTITUTE, &r->institute), R_PROGRAMMES, "programmes.enrolment.open", &enrolment_open_desc, &open);
    outcome = region_do(r, R_ROSTER, centre(), "roster.worker.record", &worker_record_desc, &row);
    assert_string_equal(toy_reason(&outcome, &r->arena), "");
    toy_decode(&worker_recorded_desc, outcome.body, &recorded, &r->arena);
    cora = recorded.person;
    region_follow(r);
    struct tutor_appoint appoint = { .person = cora, .kind = TUTOR_OF_ROUTES };
    has_to(r, centre(), R_ROUTES, "routes.tutor.appoint", &tutor_appoint_desc, &appoint);
    const struct uuid *charges[] = { &r->anna, &r->boris };
    for (size_t i = 0; i < 2; i++) {
        struct tutor_assign assign = { .person = *charges[i], .kind = TUTOR_OF_ROUTES, .tutor = cora };
        has_to(r, centre(), R_ROUTES, "routes.tutor.assign", &tutor_assign_desc, &assign);
    }
    *state = r;
    return 0;
}

static void merge(struct region *r)
{
    struct person_merge body = { r->anna, r->boris, "паспорт сверен" };
    has_to(r, centre(), R_ROSTER, "roster.person.merge", &person_merge_desc, &body);
}

static void unmerge(struct region *r)
{
    struct person_unmerge body = { r->boris, "это разные люди" };
    has_to(r, centre(), R_ROSTER, "roster.person.unmerge", &person_unmerge_desc, &body);
}

/* ── what is told ─────────────────────────────────────────────────────────── */

static struct deficit_summary summary_of(struct region *r, const struct uuid *unit)
{
    struct unit_year of = { *unit, (uint64_t)day_year(day_of_moment(r->time.wall, 420)) };
    struct deficit_summary summary;
    told(r, centre(), R_DIAGNOSTICS, "diagnostics.deficit.summary", &unit_year_desc, &of, &deficit_summary_desc, &summary);
    return summary;
}

static struct route_list routes_of(struct region *r, struct principal who, const struct uuid *person, uint64_t limit, struct bytes after)
{
    struct routes_of of = { .person = *person, .after = after, .limit = limit };
    struct route_list list;
    told(r, who, R_ROUTES, "routes.route.list", &routes_of_desc, &of, &route_list_desc, &list);
    return list;
}

static struct enrolment_list enrolments_of(struct region *r, const struct uuid *person, uint64_t limit, struct bytes after)
{
    struct enrolments_of of = { .person = *person, .after = after, .limit = limit };
    struct enrolment_list list;
    told(r, centre(), R_PROGRAMMES, "programmes.enrolment.list", &enrolments_of_desc, &of, &enrolment_list_desc, &list);
    return list;
}

static uint64_t diagnosed(struct region *r)
{
    struct values_of of = { .year = (uint64_t)day_year(day_of_moment(r->time.wall, 420)), .indicator = "1", .unit = r->id };
    struct value_list list;
    told(r, centre(), R_INDICATORS, "indicators.value.list", &values_of_desc, &of, &value_list_desc, &list);
    assert_int_equal(list.rows.n, 1);
    return list.rows.at[0].numerator;
}

/* ── tests ────────────────────────────────────────────────────────────────── */

static void he_is_counted_once_and_twice_again(void **state)
{
    struct region *r = *state;
    assert_int_equal(summary_of(r, &r->id).persons, 2);
    assert_int_equal(summary_of(r, &r->id).rows.at[0].persons, 2);
    assert_int_equal(diagnosed(r), 2);
    merge(r);
    assert_int_equal(summary_of(r, &r->id).persons, 1);
    assert_int_equal(summary_of(r, &r->id).rows.at[0].persons, 1);
    assert_int_equal(summary_of(r, &r->town_b).persons, 1);        /* there he was counted once: he has sat there */
    assert_int_equal(diagnosed(r), 1);
    unmerge(r);
    assert_int_equal(summary_of(r, &r->id).persons, 2);
    assert_int_equal(summary_of(r, &r->id).rows.at[0].persons, 2);
    assert_int_equal(diagnosed(r), 2);
}

static void his_lists_hold_what_was_entered_under_both(void **state)
{
    struct region *r = *state;
    const struct uuid *both[] = { &r->anna, &r->boris };
    assert_int_equal(routes_of(r, centre(), &r->anna, 0, bytes(NULL, 0)).rows.n, 1);
    assert_int_equal(enrolments_of(r, &r->anna, 0, bytes(NULL, 0)).rows.n, 1);
    merge(r);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(routes_of(r, centre(), both[i], 0, bytes(NULL, 0)).rows.n, 2);
        assert_int_equal(enrolments_of(r, both[i], 0, bytes(NULL, 0)).rows.n, 2);
        struct enrolment_list first = enrolments_of(r, both[i], 1, bytes(NULL, 0));
        assert_int_equal(first.rows.n, 1);
        assert_true(first.next.n > 0);
        struct enrolment_list rest = enrolments_of(r, both[i], 1, first.next);
        assert_int_equal(rest.rows.n, 1);
        assert_false(uuid_equal(&first.rows.at[0].enrolment->enrolment, &rest.rows.at[0].enrolment->enrolment));
    }
    unmerge(r);
    assert_int_equal(routes_of(r, centre(), &r->boris, 0, bytes(NULL, 0)).rows.n, 1);
    assert_int_equal(enrolments_of(r, &r->boris, 0, bytes(NULL, 0)).rows.n, 1);
}

/* Whoever was let in under one of the two ids sees all that is his, and nobody sees him who did not. */
static void he_reaches_his_own_by_either_id(void **state)
{
    struct region *r = *state;
    struct principal under_gone = region_who(ROLE_WORKER, &r->boris), another = region_who(ROLE_WORKER, &cora);
    struct sitting_id annas = { r->sitting };
    struct sitting sitting;
    struct outcome outcome = region_ask(r, R_DIAGNOSTICS, under_gone, "diagnostics.sitting.get", &sitting_id_desc, &annas);
    assert_string_equal(toy_reason(&outcome, &r->arena), "out_of_reach");
    merge(r);
    told(r, under_gone, R_DIAGNOSTICS, "diagnostics.sitting.get", &sitting_id_desc, &annas, &sitting_desc, &sitting);
    assert_int_equal(routes_of(r, under_gone, &r->boris, 0, bytes(NULL, 0)).rows.n, 2);
    outcome = region_ask(r, R_DIAGNOSTICS, another, "diagnostics.sitting.get", &sitting_id_desc, &annas);
    assert_string_equal(toy_reason(&outcome, &r->arena), "out_of_reach");
    unmerge(r);
    outcome = region_ask(r, R_DIAGNOSTICS, under_gone, "diagnostics.sitting.get", &sitting_id_desc, &annas);
    assert_string_equal(toy_reason(&outcome, &r->arena), "out_of_reach");
}

/* What one may have once, he may not have again under the other id. */
static void nothing_is_entered_twice_under_two_ids(void **state)
{
    struct region *r = *state;
    struct principal institute = region_who(ROLE_INSTITUTE, &r->institute), anna = region_who(ROLE_WORKER, &r->anna),
                     boris = region_who(ROLE_WORKER, &r->boris);
    struct sitting_start start = { r->procedure, r->boris };
    struct enrolment_end end = { .enrolment = r->enrolment, .day = day_of_moment(r->time.wall, 420), .reason = END_WITHDREW };
    struct enrolment_open open = { .run = r->run, .person = r->anna };
    struct tutor_assign himself = { .person = r->boris, .kind = TUTOR_OF_ROUTES, .tutor = r->anna };
    struct tutor_appoint appoint = { .person = r->anna, .kind = TUTOR_OF_ROUTES };

    has_to(r, boris, R_DIAGNOSTICS, "diagnostics.sitting.start", &sitting_start_desc, &start);
    has_to(r, institute, R_PROGRAMMES, "programmes.enrolment.end", &enrolment_end_desc, &end);
    merge(r);
    start.person = r->anna;
    assert_string_equal(as(r, anna, R_DIAGNOSTICS, "diagnostics.sitting.start", &sitting_start_desc, &start), "sitting_open");
    assert_string_equal(as(r, institute, R_PROGRAMMES, "programmes.enrolment.open", &enrolment_open_desc, &open), "already_enrolled");
    has_to(r, centre(), R_ROUTES, "routes.tutor.appoint", &tutor_appoint_desc, &appoint);
    assert_string_equal(as(r, centre(), R_ROUTES, "routes.tutor.assign", &tutor_assign_desc, &himself), "own_tutor");
    unmerge(r);
    has_to(r, anna, R_DIAGNOSTICS, "diagnostics.sitting.start", &sitting_start_desc, &start);
    has_to(r, institute, R_PROGRAMMES, "programmes.enrolment.open", &enrolment_open_desc, &open);
    has_to(r, centre(), R_ROUTES, "routes.tutor.assign", &tutor_assign_desc, &himself);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(he_is_counted_once_and_twice_again),
        TEST(his_lists_hold_what_was_entered_under_both),
        TEST(he_reaches_his_own_by_either_id),
        TEST(nothing_is_entered_twice_under_two_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
