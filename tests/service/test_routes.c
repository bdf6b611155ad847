#include "tests/service/routes_rig.h"

/* Routes by the command: what a result makes of the registry, the life of a route, its term, who may what. */

static unsigned drafts(struct bench *b)
{
    return bench_events(b, b->routes, "routes.route.drafted", NULL, NULL);
}

/* ── drafting ─────────────────────────────────────────────────────────────── */

static void a_result_becomes_a_draft_by_itself(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    bench_programme(b, 1, 36, "method", NULL);
    bench_programme(b, 2, 72, "method", "digital");
    bench_programme(b, 3, 16, "digital", NULL);
    bench_federal(b, 2, day_of(2024, 1, 1), true);
    bench_follow(b);
    struct uuid id = rig_drafted(b, &ANNA, 1);              /* method and digital are missing */
    struct route route = rig_route(b, &id);
    assert_int_equal(route.state, ROUTE_DRAFT);
    assert_int_equal(route.draft->day, TODAY);
    assert_int_equal(route.draft->agree_by, CLOSES + 7);
    assert_int_equal(route.draft->steps.n, 1);          /* the federal one, though 1 and 3 take fewer hours */
    struct step *step = &route.draft->steps.at[0];
    struct uuid two = bench_programme_id(2);
    assert_true(uuid_equal(&step->programme, &two));
    assert_string_equal(step->title, "p2");
    assert_true(step->federal);
    assert_int_equal(step->hours, 72);
    assert_int_equal(step->reason, STEP_FEDERAL_FEWEST_HOURS);
    assert_int_equal(step->deficits.n, 2);
    assert_true(uuid_is_nil(&step->alternative));
    assert_int_equal(route.draft->uncovered.n, 0);

    bench_federal(b, 2, TODAY, false);                  /* no longer from today on */
    bench_follow(b);
    id = rig_drafted(b, &BORIS, 1);
    route = rig_route(b, &id);
    assert_int_equal(route.draft->steps.n, 2);
    assert_int_equal(route.draft->steps.at[0].reason, STEP_FEWEST_HOURS);
    assert_true(uuid_equal(&route.draft->steps.at[0].alternative, &two));
    assert_string_equal(route.draft->steps.at[0].alternative_title, "p2");
    bench_sound(b->routes);
}

static void says_which_deficits_nothing_answers(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    bench_programme(b, 1, 36, "method", NULL);
    bench_follow(b);
    struct uuid id = rig_drafted(b, &ANNA, 0);
    struct route route = rig_route(b, &id);
    assert_int_equal(route.draft->steps.n, 1);
    assert_int_equal(route.draft->uncovered.n, 2);
    assert_string_equal(route.draft->uncovered.at[0], "subject");
    assert_string_equal(route.draft->uncovered.at[1], "digital");
    bench_programme(b, 1, 36, "digital", NULL);         /* its new form answers something else */
    bench_follow(b);
    id = rig_drafted(b, &BORIS, 0);
    route = rig_route(b, &id);
    assert_string_equal(route.draft->steps.at[0].deficits.at[0], "digital");
    assert_string_equal(route.draft->uncovered.at[1], "method");
}

static void without_a_deficit_there_is_a_route_all_the_same(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    struct uuid id = rig_drafted(b, &ANNA, 15);
    assert_int_equal(rig_route(b, &id).draft->steps.n, 0);
    struct outcome o = rig_move(b, rig_tutor(), "routes.route.agree", &id);
    assert_reason(b, o, "");
    assert_int_equal(rig_route(b, &id).state, ROUTE_AGREED);
    bench_sound(b->routes);
}

static void a_result_is_drafted_once(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    bench_sitting(b, &ANNA, 1);
    struct outcome o = toy_follow_once(b->diagnostics, b->routes, 1000, true, &b->arena);  /* the same message twice */
    assert_int_equal(o.kind, OUTCOME_IGNORED);
    assert_int_equal(drafts(b), 1);
    bench_follow(b);
    bench_reopen(b);
    bench_follow(b);
    assert_int_equal(drafts(b), 1);
    bench_sitting(b, &ANNA, 1);
    bench_follow(b);
    assert_int_equal(drafts(b), 2);
    bench_sound(b->routes);
}

/* ── the life of a route ──────────────────────────────────────────────────── */

static void a_route_takes_no_other_way(void **state)
{
    struct bench *b = *state;
    static const char *const METHOD[] = { "routes.route.agree", "routes.route.activate", "routes.route.close" };
    struct route_moved moved;
    bench_publish(b);
    struct uuid id = rig_drafted(b, &ANNA, 15);         /* without steps: those close by themselves (test_routes_steps.c) */
    for (int now = 0; now <= 3; now++) {
        for (int m = 0; m < 3; m++) {
            if (m == now)
                continue;
            struct outcome o = rig_move(b, rig_tutor(), METHOD[m], &id);
            assert_reason(b, o, "wrong_state");
            assert_string_equal(bench_arg(b, &o, "state"), route_state_names.names[now]);
        }
        assert_int_equal(rig_route(b, &id).state, now);
        if (now < 3) {
            struct outcome o = rig_move(b, rig_tutor(), METHOD[now], &id);
            assert_reason(b, o, "");
        }
    }
    assert_int_equal(bench_events(b, b->routes, "routes.route.agreed", &route_moved_desc, &moved), 1);
    assert_int_equal(moved.day, TODAY);
    assert_int_equal(moved.owner_kind, ORG_CENTRE);
    assert_int_equal(moved.programmes.n, 0);
    struct outcome o = rig_move(b, rig_tutor(), "routes.route.agree", &NOBODY);
    assert_reason(b, o, "route_unknown");
    bench_sound(b->routes);
}

static void what_is_not_agreed_in_its_term_falls_overdue(void **state)
{
    struct bench *b = *state;
    struct route_moved moved;
    bench_publish(b);
    struct uuid late = rig_drafted(b, &ANNA, 15), in_time = rig_drafted(b, &BORIS, 15);
    bench_pass(b, 11 * MOMENT_DAY + 12 * 60 * MOMENT_MINUTE - 1);       /* the last moment of 27 September, +07:00 */
    assert_int_equal(bench_events(b, b->routes, "routes.route.fell_overdue", NULL, NULL), 0);
    struct outcome o = rig_move(b, rig_centre(), "routes.route.agree", &in_time);
    assert_reason(b, o, "");
    bench_pass(b, 1);
    assert_int_equal(bench_events(b, b->routes, "routes.route.fell_overdue", &route_moved_desc, &moved), 1);
    assert_true(uuid_equal(&moved.route, &late));
    assert_int_equal(moved.day, day_of(2024, 9, 28));
    assert_true(rig_route(b, &late).overdue);
    assert_false(rig_route(b, &in_time).overdue);
    o = rig_move(b, rig_centre(), "routes.route.agree", &late);                 /* late is better than never, and stays late */
    assert_reason(b, o, "");
    assert_true(rig_route(b, &late).overdue);
    assert_int_equal(machine_next_due(b->routes), 0);
    bench_sound(b->routes);
}

static void agreed_on_paper_in_time_is_agreed_in_time(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    struct uuid id = rig_drafted(b, &ANNA, 15);
    bench_pass(b, 30 * MOMENT_DAY);
    assert_true(rig_route(b, &id).overdue);
    struct outcome o = rig_record_agreement(b, &id, TODAY - 1);
    assert_reason(b, o, "day_before_draft");
    assert_string_equal(bench_arg(b, &o, "draft"), "2024-09-16");
    o = rig_record_agreement(b, &id, TODAY + 31);
    assert_reason(b, o, "day_not_allowed");
    o = rig_record_agreement(b, &id, TODAY + 2);
    assert_reason(b, o, "");
    struct route route = rig_route(b, &id);
    assert_int_equal(route.agreed, TODAY + 2);
    assert_false(route.overdue);
    o = rig_record_agreement(b, &id, TODAY + 2);
    assert_reason(b, o, "wrong_state");
    bench_sound(b->routes);
}

static void history_has_no_term(void **state)
{
    struct bench *b = *state;
    struct route_drafted draft;
    bench_publish(b);
    bench_record(b, &ANNA, day_of(2024, 9, 2), 15);
    bench_follow(b);
    bench_events(b, b->routes, "routes.route.drafted", &route_drafted_desc, &draft);
    assert_int_equal(draft.day, day_of(2024, 9, 2));
    assert_int_equal(draft.agree_by, 0);
    assert_int_equal(machine_next_due(b->routes), 0);
    struct outcome o = rig_record_agreement(b, &draft.route, day_of(2024, 9, 3));
    assert_reason(b, o, "");
    bench_pass(b, 100 * MOMENT_DAY);
    assert_int_equal(bench_events(b, b->routes, "routes.route.fell_overdue", NULL, NULL), 0);
}

/* ── reach ────────────────────────────────────────────────────────────────── */

static void touches_only_what_is_in_reach(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    struct uuid id = rig_drafted(b, &BORIS, 15);
    struct route_move query = { id };
    struct outcome o = rig_move(b, rig_tutor(), "routes.route.agree", &id);
    assert_reason(b, o, "out_of_reach");
    o = rig_move(b, bench_who(ROLE_WORKER, &BORIS, NULL), "routes.route.agree", &id);
    assert_reason(b, o, "role");
    const struct { struct principal who; const char *reason; } ROWS[] = {
        { bench_who(ROLE_WORKER, &BORIS, NULL), "" },           { bench_who(ROLE_WORKER, &ANNA, NULL), "out_of_reach" },
        { bench_who(ROLE_SCHOOL, &SCHOOL_B, NULL), "" },        { bench_who(ROLE_SCHOOL, &SCHOOL_A, NULL), "out_of_reach" },
        { bench_who(ROLE_MUNICIPAL, &TOWN_B, NULL), "" },       { bench_who(ROLE_MUNICIPAL, &TOWN_A, NULL), "out_of_reach" },
        { bench_who(ROLE_CONSOLE, NULL), "out_of_reach" },      { bench_who(ROLE_OPERATOR, NULL), "role" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        o = bench_ask(b, b->routes, ROWS[i].who, "routes.route.get", &route_move_desc, &query);
        assert_reason(b, o, ROWS[i].reason);
    }
    struct routes_of of = { .person = BORIS };
    o = bench_ask(b, b->routes, bench_who(ROLE_SCHOOL, &SCHOOL_A, NULL), "routes.route.list", &routes_of_desc, &of);
    assert_reason(b, o, "out_of_reach");
}

/* All pages; every route at most once. */
static unsigned listed(struct bench *b, struct principal who, const struct uuid *person, uint64_t limit, unsigned *pages)
{
    struct routes_of of = { .limit = limit };
    struct route_list list;
    struct uuid seen[64];
    unsigned n = 0;
    if (person != NULL)
        of.person = *person;
    *pages = 0;
    do {
        struct outcome o = bench_ask(b, b->routes, who, "routes.route.list", &routes_of_desc, &of);
        assert_reason(b, o, "");
        toy_decode(&route_list_desc, o.body, &list, &b->arena);
        assert_true(list.rows.n <= limit);
        for (uint32_t i = 0; i < list.rows.n; i++) {
            for (unsigned k = 0; k < n; k++)
                assert_false(uuid_equal(&seen[k], &list.rows.at[i].draft->route));
            seen[n++] = list.rows.at[i].draft->route;
        }
        of.after = list.next;
        (*pages)++;
        assert_true(*pages < 50);
    } while (list.next.n > 0);
    return n;
}

static void lists_what_is_in_reach_page_by_page(void **state)
{
    struct bench *b = *state;
    unsigned pages;
    bench_publish(b);
    for (int i = 0; i < 5; i++) {
        rig_drafted(b, &ANNA, 15);
        if (i < 3)
            rig_drafted(b, &BORIS, 15);
    }
    assert_int_equal(listed(b, rig_centre(), NULL, 3, &pages), 8);
    assert_int_equal(pages, 3);
    assert_int_equal(listed(b, rig_centre(), NULL, 4, &pages), 8);
    assert_int_equal(pages, 2);
    assert_int_equal(listed(b, bench_who(ROLE_CENTRE, NULL), NULL, 100, &pages), 8);
    assert_int_equal(listed(b, bench_who(ROLE_SCHOOL, &SCHOOL_A, NULL), NULL, 2, &pages), 5);
    assert_int_equal(listed(b, bench_who(ROLE_WORKER, &BORIS, NULL), NULL, 100, &pages), 3);
    assert_int_equal(listed(b, rig_centre(), &ANNA, 100, &pages), 5);
    /* one reach inside the other, and the page that ends where a list does */
    for (uint64_t limit = 1; limit <= 9; limit++)
        assert_int_equal(listed(b, bench_who(ROLE_MUNICIPAL, &SCHOOL_A, &TOWN_A, &TOWN_B, NULL), NULL, limit, &pages), 8);
    struct principal console = bench_who(ROLE_CONSOLE, NULL);
    console.actor = ANNA;
    assert_int_equal(listed(b, console, NULL, 100, &pages), 5);
}

/* ── support ──────────────────────────────────────────────────────────────── */

static struct outcome support(struct bench *b, struct principal who, const struct uuid *person,
                              const struct uuid *organisation, const char *form, day_t day)
{
    struct support_record body = { *person, organisation != NULL ? *organisation : UUID_NIL, form, day };
    return bench_do(b, b->routes, who, "routes.support.record", &support_record_desc, &body);
}

static void support_belongs_to_the_post_of_its_day(void **state)
{
    struct bench *b = *state;
    struct support said;
    struct outcome o = support(b, rig_centre(), &ANNA, NULL, "Клуб молодых педагогов", TODAY);
    assert_reason(b, o, "");
    assert_int_equal(bench_events(b, b->routes, "routes.support.recorded", &support_desc, &said), 1);
    assert_true(uuid_equal(&said.chain.at[0], &SCHOOL_A));
    o = support(b, rig_centre(), &ANNA, NULL, "Клуб  молодых педагогов", TODAY);     /* however it was typed */
    assert_reason(b, o, "already_recorded");
    o = support(b, rig_centre(), &ANNA, &SCHOOL_B, "мастер-класс", TODAY);
    assert_reason(b, o, "");
    bench_events(b, b->routes, "routes.support.recorded", &support_desc, &said);
    assert_true(uuid_equal(&said.chain.at[0], &SCHOOL_B));
    assert_true(uuid_equal(&said.chain.at[1], &TOWN_B));
    o = support(b, rig_centre(), &DORA, NULL, "наставничество", TODAY);
    assert_reason(b, o, "person_left");
    o = support(b, rig_centre(), &ANNA, NULL, "наставничество", TODAY + 1);
    assert_reason(b, o, "day_not_allowed");
    o = support(b, rig_centre(), &ANNA, NULL, " ", TODAY);
    assert_reason(b, o, "message");
    o = support(b, bench_who(ROLE_SCHOOL, &SCHOOL_B, NULL), &ANNA, NULL, "наставничество", TODAY);
    assert_reason(b, o, "out_of_reach");
    o = support(b, bench_who(ROLE_SCHOOL, &SCHOOL_B, NULL), &ANNA, &SCHOOL_B, "наставничество", TODAY);
    assert_reason(b, o, "out_of_reach");    /* naming one's own school makes nobody one's own */
    o = support(b, bench_who(ROLE_SCHOOL, &SCHOOL_A, NULL), &NOBODY, NULL, "наставничество", TODAY);
    assert_reason(b, o, "person_unknown");
    o = support(b, bench_who(ROLE_SCHOOL, &SCHOOL_A, NULL), &ANNA, NULL, "наставничество", TODAY);
    assert_reason(b, o, "");
    o = support(b, rig_tutor(), &ANNA, NULL, "наставничество", TODAY);
    assert_reason(b, o, "role");
    bench_sound(b->routes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_result_becomes_a_draft_by_itself),
        TEST(says_which_deficits_nothing_answers),
        TEST(without_a_deficit_there_is_a_route_all_the_same),
        TEST(a_result_is_drafted_once),
        TEST(a_route_takes_no_other_way),
        TEST(what_is_not_agreed_in_its_term_falls_overdue),
        TEST(agreed_on_paper_in_time_is_agreed_in_time),
        TEST(history_has_no_term),
        TEST(touches_only_what_is_in_reach),
        TEST(lists_what_is_in_reach_page_by_page),
        TEST(support_belongs_to_the_post_of_its_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
