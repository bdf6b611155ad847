#include "tests/service/routes_rig.h"

/* Tutors and methodologists: whoever is free accompanies, the load stays even, and who is released hands over. The
 * effect of repeated diagnostics. */

static struct uuid person(unsigned number)
{
    return (struct uuid){ { [0] = 0x07, [14] = (uint8_t)(number >> 8), [15] = (uint8_t)number } };
}

/* Somebody who works in school A, school B or the centre. */
static struct uuid somebody(struct bench *b, unsigned number, const struct uuid *where)
{
    struct uuid id = person(number), chain[] = { CENTRE_ORG, REGION };
    struct post_opened post = { .post = uuid_derive("post", bytes(id.b, 16)), .person = id, .chain = { 2, chain },
                                .organisation_kind = ORG_CENTRE, .kind = POST_OTHER, .title = "методист", .main = true,
                                .from = day_of(2020, 9, 1) };
    if (uuid_equal(where, &CENTRE_ORG))
        source_add(&b->roster, "roster.post.opened", &post_opened_desc, &post);
    else
        bench_post(b, &id, where, day_of(2020, 9, 1), 0);
    bench_follow(b);
    return id;
}

static struct outcome appoint(struct bench *b, struct principal who, const struct uuid *tutor, int kind, uint64_t limit)
{
    struct tutor_appoint body = { *tutor, kind, limit, 0 };
    return bench_do(b, b->routes, who, "routes.tutor.appoint", &tutor_appoint_desc, &body);
}

static struct outcome release(struct bench *b, struct principal who, const struct uuid *tutor)
{
    struct tutor_release body = { *tutor, TUTOR_OF_ROUTES, "уволился" };
    return bench_do(b, b->routes, who, "routes.tutor.release", &tutor_release_desc, &body);
}

static struct outcome assign(struct bench *b, const struct uuid *charge, const struct uuid *tutor, day_t day)
{
    struct tutor_assign body = { *charge, TUTOR_OF_ROUTES, tutor != NULL ? *tutor : UUID_NIL, day };
    return bench_do(b, b->routes, rig_centre(), "routes.tutor.assign", &tutor_assign_desc, &body);
}

static struct tutor_list tutors(struct bench *b, struct principal who, uint64_t limit, struct bytes after)
{
    struct tutors_of of = { after, limit };
    struct tutor_list list;
    struct outcome o = bench_ask(b, b->routes, who, "routes.tutor.list", &tutors_of_desc, &of);
    assert_reason(b, o, "");
    toy_decode(&tutor_list_desc, o.body, &list, &b->arena);
    return list;
}

/* Charges of the tutor; -1: he is not in the list. */
static int load_of(struct bench *b, const struct uuid *tutor)
{
    struct tutor_list list = tutors(b, rig_centre(), 0, bytes(NULL, 0));
    for (uint32_t i = 0; i < list.rows.n; i++)
        if (uuid_equal(&list.rows.at[i].tutor->person, tutor))
            return (int)list.rows.at[i].charges;
    return -1;
}

/* ── given by itself ──────────────────────────────────────────────────────── */

static void a_new_route_is_given_to_whoever_is_free(void **state)
{
    struct bench *b = *state;
    struct tutor_assigned given;
    bench_publish(b);
    struct uuid none = rig_drafted(b, &ANNA, 15);           /* nobody is appointed */
    struct uuid of_town = somebody(b, 1, &SCHOOL_A), of_centre = somebody(b, 2, &CENTRE_ORG);
    allowed(b, appoint(b, rig_centre(), &of_town, TUTOR_OF_ROUTES, 0));
    allowed(b, appoint(b, rig_centre(), &of_centre, TUTOR_OF_ROUTES, 0));
    struct route route = rig_route(b, &none);
    assert_true(uuid_is_nil(&route.tutor));
    struct uuid anna = rig_drafted(b, &ANNA, 15), boris = rig_drafted(b, &BORIS, 15);
    route = rig_route(b, &anna);
    assert_true(uuid_equal(&route.tutor, &of_town));        /* equal loads: her own town first */
    assert_true(uuid_is_nil(&route.methodologist));
    route = rig_route(b, &boris);
    assert_true(uuid_equal(&route.tutor, &of_centre));      /* the only one who covers town B */
    assert_int_equal(bench_events(b, b->routes, "routes.tutor.assigned", &tutor_assigned_desc, &given), 2);
    assert_true(uuid_equal(&given.charge, &BORIS));
    assert_int_equal(given.day, TODAY);
    rig_drafted(b, &ANNA, 15);                              /* accompanied already */
    assert_int_equal(rig_count(b, "routes.tutor.assigned"), 2);
    assert_int_equal(load_of(b, &of_town), 1);
    bench_sound(b->routes);
}

static void nobody_passes_his_limit_or_accompanies_himself(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    struct uuid tutor = somebody(b, 1, &SCHOOL_A), second = somebody(b, 2, &SCHOOL_A), third = somebody(b, 3, &SCHOOL_A);
    allowed(b, appoint(b, bench_who(ROLE_MUNICIPAL, &TOWN_A, NULL), &tutor, TUTOR_OF_ROUTES, 2));
    refused(b, appoint(b, bench_who(ROLE_MUNICIPAL, &TOWN_B, NULL), &tutor, TUTOR_OF_ROUTES, 2), "out_of_reach");
    refused(b, assign(b, &tutor, NULL, 0), "no_tutor");
    refused(b, assign(b, &tutor, &tutor, 0), "own_tutor");
    rig_drafted(b, &ANNA, 15);
    allowed(b, assign(b, &second, NULL, 0));
    refused(b, assign(b, &third, NULL, 0), "no_tutor");
    struct outcome o = assign(b, &third, &tutor, 0);
    assert_reason(b, o, "tutor_full");
    assert_string_equal(bench_arg(b, &o, "limit"), "2");
    allowed(b, appoint(b, rig_centre(), &tutor, TUTOR_OF_ROUTES, 3));       /* again: another limit, the same charges */
    assert_int_equal(load_of(b, &tutor), 2);
    allowed(b, assign(b, &third, NULL, 0));
    assert_int_equal(load_of(b, &tutor), 3);
    bench_sound(b->routes);
}

static void the_corridor_of_the_profile_binds_methodologists(void **state)
{
    struct bench *b = *state;
    struct uuid tutor = somebody(b, 1, &SCHOOL_A);
    allowed(b, appoint(b, rig_centre(), &tutor, TUTOR_METHODOLOGIST, 50));
    allowed(b, appoint(b, rig_centre(), &tutor, TUTOR_OF_ROUTES, 50));
    struct tutor_list list = tutors(b, rig_centre(), 0, bytes(NULL, 0));
    assert_int_equal(list.rows.n, 2);
    assert_int_equal(list.rows.at[0].tutor->kind, TUTOR_OF_ROUTES);
    assert_int_equal(list.rows.at[0].tutor->limit, 50);
    assert_int_equal(list.rows.at[0].least, 0);
    assert_int_equal(list.rows.at[1].tutor->limit, 3);
    assert_int_equal(list.rows.at[1].least, 2);
    bench_sound(b->routes);
}

/* ── by hand ──────────────────────────────────────────────────────────────── */

static void somebody_named_takes_over(void **state)
{
    struct bench *b = *state;
    struct tutor_assigned gone;
    struct uuid one = somebody(b, 1, &SCHOOL_A), other = somebody(b, 2, &SCHOOL_B), third = somebody(b, 3, &SCHOOL_A);
    refused(b, assign(b, &ANNA, &one, 0), "tutor_unknown");
    allowed(b, appoint(b, rig_centre(), &one, TUTOR_OF_ROUTES, 0));
    allowed(b, appoint(b, rig_centre(), &other, TUTOR_OF_ROUTES, 0));
    allowed(b, assign(b, &ANNA, NULL, 0));
    refused(b, assign(b, &ANNA, NULL, 0), "no_tutor");          /* another one: nobody else covers her town */
    refused(b, assign(b, &ANNA, &one, 0), "already_assigned");
    refused(b, assign(b, &NOBODY, &one, 0), "person_unknown");
    allowed(b, assign(b, &ANNA, &other, 0));                    /* named, he may be of any town */
    assert_int_equal(bench_events(b, b->routes, "routes.tutor.unassigned", &tutor_assigned_desc, &gone), 1);
    assert_true(uuid_equal(&gone.tutor, &one));
    assert_int_equal(load_of(b, &one), 0);
    assert_int_equal(load_of(b, &other), 1);
    allowed(b, appoint(b, rig_centre(), &third, TUTOR_OF_ROUTES, 0));
    allowed(b, assign(b, &ANNA, NULL, 0));                      /* two of her town are free: the lower id */
    assert_int_equal(load_of(b, &one), 1);
    bench_sound(b->routes);
}

static void history_says_its_own(void **state)
{
    struct bench *b = *state;
    struct tutor_assigned given;
    struct uuid tutor = somebody(b, 1, &SCHOOL_A);
    bench_publish(b);
    struct tutor_appoint then = { tutor, TUTOR_OF_ROUTES, 0, day_of(2024, 2, 1) };
    allowed(b, bench_do(b, b->routes, rig_centre(), "routes.tutor.appoint", &tutor_appoint_desc, &then));
    allowed(b, bench_record(b, &ANNA, day_of(2024, 9, 2), 15));
    bench_follow(b);
    assert_int_equal(rig_count(b, "routes.tutor.assigned"), 0);
    refused(b, assign(b, &ANNA, &tutor, TODAY + 1), "day_not_allowed");
    refused(b, assign(b, &ANNA, &tutor, TODAY - 401), "day_not_allowed");
    refused(b, assign(b, &ANNA, &tutor, day_of(2020, 1, 1)), "no_post_on_day");
    allowed(b, assign(b, &ANNA, &tutor, day_of(2024, 3, 1)));
    bench_events(b, b->routes, "routes.tutor.assigned", &tutor_assigned_desc, &given);
    assert_int_equal(given.day, day_of(2024, 3, 1));
}

/* ── handing over ─────────────────────────────────────────────────────────── */

#define CHARGES 75

static void who_is_released_hands_over_evenly(void **state)
{
    struct bench *b = *state;
    struct uuid leaving = somebody(b, 1, &SCHOOL_A), one = somebody(b, 2, &SCHOOL_A), two = somebody(b, 3, &SCHOOL_A),
                far = somebody(b, 4, &SCHOOL_B);
    allowed(b, appoint(b, rig_centre(), &leaving, TUTOR_OF_ROUTES, 0));
    for (unsigned i = 0; i < CHARGES; i++) {
        struct uuid charge = somebody(b, 100 + i, &SCHOOL_A);
        allowed(b, assign(b, &charge, NULL, 0));
    }
    assert_int_equal(load_of(b, &leaving), CHARGES);
    allowed(b, appoint(b, rig_centre(), &one, TUTOR_OF_ROUTES, 0));
    allowed(b, appoint(b, rig_centre(), &two, TUTOR_OF_ROUTES, 30));
    allowed(b, appoint(b, rig_centre(), &far, TUTOR_OF_ROUTES, 0));
    refused(b, release(b, bench_who(ROLE_MUNICIPAL, &TOWN_B, NULL), &leaving), "out_of_reach");
    uint64_t before = machine_head(b->routes);
    allowed(b, release(b, bench_who(ROLE_MUNICIPAL, &TOWN_A, NULL), &leaving));
    assert_true(machine_head(b->routes) - before <= 1 + 2 * 32);            /* no more at once; the rest follows */
    assert_int_equal(load_of(b, &leaving), CHARGES - 32);
    refused(b, release(b, rig_centre(), &leaving), "tutor_unknown");        /* he is none any more */
    struct uuid new = somebody(b, 99, &SCHOOL_A);
    refused(b, assign(b, &new, &leaving, 0), "tutor_unknown");
    bench_sound(b->routes);
    bench_reopen(b);                                                        /* an end in between does not stop it */
    for (int i = 0; i < 4; i++)
        bench_pass(b, MOMENT_SECOND);
    assert_int_equal(load_of(b, &leaving), -1);
    assert_int_equal(load_of(b, &two), 30);
    assert_int_equal(load_of(b, &one), CHARGES - 30);
    assert_int_equal(load_of(b, &far), 0);
    assert_int_equal(rig_count(b, "routes.tutor.unassigned"), CHARGES);
    assert_int_equal(machine_next_due(b->routes), 0);
    bench_sound(b->routes);
}

static void where_nobody_is_free_charges_are_without(void **state)
{
    struct bench *b = *state;
    struct uuid tutor = somebody(b, 1, &SCHOOL_A);
    allowed(b, appoint(b, rig_centre(), &tutor, TUTOR_OF_ROUTES, 0));
    allowed(b, assign(b, &ANNA, NULL, 0));
    allowed(b, release(b, rig_centre(), &tutor));
    assert_int_equal(load_of(b, &tutor), -1);
    assert_int_equal(rig_count(b, "routes.tutor.assigned"), 1);
    assert_int_equal(rig_count(b, "routes.tutor.unassigned"), 1);
    refused(b, release(b, rig_centre(), &tutor), "tutor_unknown");
    bench_sound(b->routes);
}

static void who_is_appointed_again_keeps_what_was_not_handed_over(void **state)
{
    struct bench *b = *state;
    struct uuid tutor = somebody(b, 1, &SCHOOL_A), other = somebody(b, 2, &SCHOOL_A);
    allowed(b, appoint(b, rig_centre(), &tutor, TUTOR_OF_ROUTES, 0));
    for (unsigned i = 0; i < 72; i++) {     /* 32 with the release, 32 before the next command */
        struct uuid charge = somebody(b, 100 + i, &SCHOOL_A);
        allowed(b, assign(b, &charge, NULL, 0));
    }
    allowed(b, appoint(b, rig_centre(), &other, TUTOR_OF_ROUTES, 0));
    allowed(b, release(b, rig_centre(), &tutor));
    allowed(b, appoint(b, rig_centre(), &tutor, TUTOR_OF_ROUTES, 0));
    bench_pass(b, MOMENT_SECOND);
    assert_int_equal(load_of(b, &tutor), 8);
    assert_int_equal(load_of(b, &other), 64);
    assert_int_equal(machine_next_due(b->routes), 0);
    bench_sound(b->routes);
}

static void lists_whose_place_is_in_reach(void **state)
{
    struct bench *b = *state;
    struct bytes after = bytes(NULL, 0);
    unsigned n = 0, pages = 0;
    for (unsigned i = 0; i < 5; i++) {
        struct uuid tutor = somebody(b, 1 + i, i < 2 ? &SCHOOL_A : &SCHOOL_B);
        allowed(b, appoint(b, rig_centre(), &tutor, TUTOR_OF_ROUTES, 0));
    }
    do {
        struct tutor_list list = tutors(b, rig_centre(), 2, after);
        n += list.rows.n;
        after = list.next;
        pages++;
    } while (after.n > 0);
    assert_int_equal(n, 5);
    assert_int_equal(pages, 3);
    assert_int_equal(tutors(b, bench_who(ROLE_MUNICIPAL, &TOWN_A, NULL), 0, bytes(NULL, 0)).rows.n, 2);
    assert_int_equal(tutors(b, bench_who(ROLE_CONSOLE, NULL), 0, bytes(NULL, 0)).rows.n, 0);
}

/* ── the effect ───────────────────────────────────────────────────────────── */

static struct effect_list effects(struct bench *b, struct principal who, const struct uuid *of_person, const struct uuid *unit)
{
    struct effects_of of = { .person = of_person != NULL ? *of_person : UUID_NIL, .unit = unit != NULL ? *unit : UUID_NIL };
    struct effect_list list;
    struct outcome o = bench_ask(b, b->routes, who, "routes.effect.list", &effects_of_desc, &of);
    assert_reason(b, o, "");
    toy_decode(&effect_list_desc, o.body, &list, &b->arena);
    return list;
}

static void a_second_result_shows_the_effect(void **state)
{
    struct bench *b = *state;
    struct sitting_scored scored;
    bench_publish(b);
    allowed(b, bench_record(b, &ANNA, day_of(2024, 9, 2), 1));              /* method and digital are missing */
    bench_events(b, b->diagnostics, "diagnostics.sitting.scored", &sitting_scored_desc, &scored);
    bench_follow(b);
    assert_int_equal(rig_count(b, "routes.effect.shown"), 0);
    struct uuid second = bench_sitting(b, &ANNA, 4);                        /* method known now, subject and digital are not */
    bench_follow(b);
    rig_drafted(b, &BORIS, 1);
    assert_int_equal(rig_count(b, "routes.effect.shown"), 1);
    struct effect_list list = effects(b, rig_centre(), &ANNA, NULL);
    assert_int_equal(list.rows.n, 1);
    struct effect *effect = &list.rows.at[0];
    struct uuid first = rig_route_of(&scored.sitting);
    assert_true(uuid_equal(&effect->route, &first));
    assert_true(uuid_equal(&effect->before, &scored.sitting));
    assert_true(uuid_equal(&effect->after, &second));
    assert_int_equal(effect->day, TODAY);
    assert_int_equal(effect->rows.n, 3);
    static const struct { const char *competency; uint64_t got, then; bool before, after; } ROWS[] = {
        { "subject", 3, 0, false, true }, { "method", 0, 2, true, false }, { "digital", 0, 0, true, true } };
    for (int i = 0; i < 3; i++) {
        assert_string_equal(effect->rows.at[i].competency, ROWS[i].competency);
        assert_int_equal(effect->rows.at[i].before_got, ROWS[i].got);
        assert_int_equal(effect->rows.at[i].after_got, ROWS[i].then);
        assert_int_equal(effect->rows.at[i].deficit_before, ROWS[i].before);
        assert_int_equal(effect->rows.at[i].deficit_after, ROWS[i].after);
    }
    assert_int_equal(effects(b, rig_centre(), NULL, &TOWN_A).rows.n, 1);
    assert_int_equal(effects(b, rig_centre(), NULL, &TOWN_B).rows.n, 0);
    assert_int_equal(effects(b, bench_who(ROLE_MUNICIPAL, &TOWN_B, NULL), NULL, NULL).rows.n, 0);
    assert_int_equal(effects(b, rig_worker(&ANNA), NULL, NULL).rows.n, 1);
    struct effects_of of = { .unit = TOWN_A };
    refused(b, bench_ask(b, b->routes, bench_who(ROLE_MUNICIPAL, &TOWN_B, NULL), "routes.effect.list", &effects_of_desc, &of),
            "out_of_reach");
    bench_sound(b->routes);
}

static void a_second_result_of_the_same_day_is_no_effect(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    rig_drafted(b, &ANNA, 1);
    rig_drafted(b, &ANNA, 15);
    assert_int_equal(rig_count(b, "routes.effect.shown"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_route_is_given_to_whoever_is_free),
        TEST(nobody_passes_his_limit_or_accompanies_himself),
        TEST(the_corridor_of_the_profile_binds_methodologists),
        TEST(somebody_named_takes_over),
        TEST(history_says_its_own),
        TEST(who_is_released_hands_over_evenly),
        TEST(where_nobody_is_free_charges_are_without),
        TEST(who_is_appointed_again_keeps_what_was_not_handed_over),
        TEST(lists_whose_place_is_in_reach),
        TEST(a_second_result_shows_the_effect),
        TEST(a_second_result_of_the_same_day_is_no_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
