#include "tests/service/programmes_rig.h"

/* The steps of routes find their runs by themselves, or wait for one in the order of their wishes. What routes
 * says is written by the test. */

#define COURSE 100
#define OTHER  101
#define TODAY  date("2024-03-15")

static int set_up(void **state)
{
    rig_set_up(state);
    rig_register(*state, COURSE, PROGRAMME_DEVELOPMENT, 36);
    rig_register(*state, OTHER, PROGRAMME_DEVELOPMENT, 72);
    return 0;
}

static struct uuid first_id(uint8_t route, uint64_t step, uint8_t programme)
{
    return enrolment_id(&ID(route), step, &ID(programme), 0);
}

static unsigned opened(struct rig *rig, struct enrolment *last)
{
    return rig_events(rig, "programmes.enrolment.opened", &enrolment_desc, last);
}

static unsigned declined(struct rig *rig, struct enrolment_declined *last)
{
    return rig_events(rig, "programmes.enrolment.declined", &enrolment_declined_desc, last);
}

static unsigned ended(struct rig *rig, struct enrolment_ended *last)
{
    return rig_events(rig, "programmes.enrolment.ended", &enrolment_ended_desc, last);
}

/* The step was declined just now, for this reason. */
static void assert_declined(struct rig *rig, unsigned count, enum decline_reason reason)
{
    struct enrolment_declined last;
    assert_int_equal(declined(rig, &last), count);
    assert_string_equal(decline_reason_names.names[last.reason], decline_reason_names.names[reason]);
}

static struct wish_list waiting(struct rig *rig, struct principal who, struct runs_of of)
{
    struct wish_list list;
    struct outcome outcome = toy_ask(rig->machine, &who, "programmes.wish.list", &runs_of_desc, &of, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&wish_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static uint32_t waits(struct rig *rig, uint8_t programme)
{
    return waiting(rig, rig->institute, (struct runs_of){ .programme = ID(programme), .limit = 1000 }).rows.n;
}

static void end_it(struct rig *rig, struct uuid id)
{
    struct enrolment_end end = { id, TODAY, END_WITHDREW };
    assert_string_equal(rig_reason(rig, "programmes.enrolment.end", &enrolment_end_desc, &end), "");
}

/* ── asked about ──────────────────────────────────────────────────────────── */

static void of_an_enrolment_that_is_not_here_it_is_said_so(void **state)
{
    struct rig *rig = *state;
    struct enrolment last;
    struct enrolment_unknown unknown;
    rig_run(rig, 200, COURSE, "2024-04-01", 0);
    rig_choose(rig, 50, 1, COURSE, 61);
    assert_int_equal(opened(rig, &last), 1);
    struct step_asked asked = { .route = ID(50), .step = 1, .programme = ID(COURSE), .person = ID(61),
                                .chain = { last.chain.n, last.chain.at }, .enrolment = last.enrolment, .day = TODAY };
    rig_say(rig, "routes.step.asked", &step_asked_desc, &asked);
    assert_int_equal(rig_events(rig, "programmes.enrolment.unknown", &enrolment_unknown_desc, &unknown), 0);
    asked.enrolment = ID(77);
    rig_say(rig, "routes.step.asked", &step_asked_desc, &asked);
    assert_int_equal(rig_events(rig, "programmes.enrolment.unknown", &enrolment_unknown_desc, &unknown), 1);
    assert_true(uuid_equal(&unknown.enrolment, &asked.enrolment));
    assert_int_equal(opened(rig, &last), 1);
}

/* ── a place at once ──────────────────────────────────────────────────────── */

static void a_step_finds_the_run_that_begins_first_and_has_a_place(void **state)
{
    struct rig *rig = *state;
    struct enrolment last;
    rig_run(rig, 200, COURSE, "2024-03-14", 0);         /* has begun */
    rig_run(rig, 204, COURSE, "2024-05-01", 0);
    rig_run(rig, 203, COURSE, "2024-04-01", 0);         /* of two that begin on one day, the lower id */
    rig_run(rig, 202, COURSE, "2024-04-01", 1);
    rig_run(rig, 201, OTHER, "2024-03-20", 0);          /* another programme's */
    static const uint8_t runs[] = { 202, 203, 203 };
    for (uint8_t i = 0; i < 3; i++) {
        rig_choose(rig, (uint8_t)(70 + i), 2, COURSE, (uint8_t)(52 + i));
        assert_int_equal(opened(rig, &last), i + 1);
        assert_true(uuid_equal(&last.run, &ID(runs[i])));
    }
    struct uuid id = first_id(72, 2, COURSE);
    assert_true(uuid_equal(&last.enrolment, &id));
    assert_true(uuid_equal(&last.route, &ID(72)));
    assert_int_equal(last.step, 2);
    assert_int_equal(last.day, TODAY);
    assert_int_equal(last.chain.n, 3);
    assert_true(uuid_equal(&last.provider, &ID(INSTITUTE)));
    assert_false(last.recorded);
    assert_int_equal(declined(rig, NULL), 0);
}

static void history_brings_its_own_enrolments(void **state)
{
    struct rig *rig = *state;
    struct uuid chain[] = { ID(SCHOOL), ID(MUNICIPALITY), ID(REGION) };
    struct step_chosen chosen = { .route = ID(70), .step = 1, .programme = ID(COURSE), .person = ID(50), .chain = { 3, chain },
                                  .owner_kind = ORG_CENTRE, .day = TODAY, .recorded = true };
    rig_run(rig, 200, COURSE, "2024-04-01", 0);
    rig_say(rig, "routes.step.chosen", &step_chosen_desc, &chosen);
    assert_int_equal(opened(rig, NULL), 0);
    chosen.recorded = false;
    rig_say(rig, "routes.step.chosen", &step_chosen_desc, &chosen);
    assert_int_equal(opened(rig, NULL), 1);
}

static void who_needs_no_place_is_told_so(void **state)
{
    struct rig *rig = *state;
    struct completion_record done = { .programme = ID(COURSE), .person = ID(52), .enrolled = date("2023-01-10"), .day = date("2023-02-10"), .document = "У-7" };
    rig_run(rig, 200, COURSE, "2024-04-01", 0);
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &done), "");
    rig_choose(rig, 70, 1, COURSE, 52);
    assert_declined(rig, 1, DECLINE_ALREADY_COMPLETED);
    rig_enrol(rig, 210, 200, 53, "2024-03-01");
    rig_choose(rig, 71, 1, COURSE, 53);
    assert_declined(rig, 2, DECLINE_ALREADY_ENROLLED);
    rig_choose(rig, 72, 1, 99, 53);
    assert_declined(rig, 3, DECLINE_PROGRAMME_UNKNOWN);
    assert_int_equal(opened(rig, NULL), 1);
    assert_int_equal(waits(rig, COURSE) + waits(rig, 99), 0);
}

/* ── chosen again ─────────────────────────────────────────────────────────── */

/* A service that was restored asks again: it gets the same answer, and nobody is a learner twice. */
static void the_same_choice_is_answered_by_the_same_enrolment(void **state)
{
    struct rig *rig = *state;
    struct enrolment first, again;
    rig_run(rig, 200, COURSE, "2024-04-01", 5);
    rig_choose(rig, 70, 1, COURSE, 52);
    opened(rig, &first);
    rig->time.wall += 2 * MOMENT_DAY;
    rig->time.boot += 2 * MOMENT_DAY;
    rig_choose(rig, 70, 1, COURSE, 52);
    assert_int_equal(opened(rig, &again), 2);
    assert_true(uuid_equal(&again.enrolment, &first.enrolment));
    assert_int_equal(again.day, first.day);
    struct runs_of of = { .programme = ID(COURSE) };
    struct run_list list;
    struct outcome outcome = toy_ask(rig->machine, &rig->institute, "programmes.run.list", &runs_of_desc, &of, &rig->arena);
    toy_decode(&run_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.at[0].learners, 1);
}

static void another_programme_gives_up_what_has_not_begun(void **state)
{
    struct rig *rig = *state;
    struct enrolment_ended last;
    struct enrolment now;
    rig_run(rig, 200, COURSE, "2024-04-01", 1);
    rig_run(rig, 201, OTHER, "2024-05-01", 0);
    rig_choose(rig, 70, 1, COURSE, 52);
    rig_choose(rig, 71, 1, COURSE, 53);
    assert_declined(rig, 1, DECLINE_NO_PLACES);
    rig_choose(rig, 70, 1, OTHER, 52);
    assert_int_equal(ended(rig, &last), 1);
    assert_int_equal(last.reason, END_WITHDREW);
    assert_true(uuid_equal(&last.run, &ID(200)));
    assert_true(uuid_equal(&last.route, &ID(70)));
    assert_int_equal(opened(rig, &now), 2);
    assert_true(uuid_equal(&now.run, &ID(201)));
    rig_fire(rig);                                      /* and the next gets the place */
    assert_int_equal(opened(rig, &now), 3);
    assert_true(uuid_equal(&now.person, &ID(53)));
    /* What has begun goes on. */
    rig->time.wall += 30 * MOMENT_DAY;
    rig->time.boot += 30 * MOMENT_DAY;
    rig_choose(rig, 71, 1, OTHER, 53);
    assert_int_equal(ended(rig, NULL), 1);
    assert_int_equal(opened(rig, &now), 4);
    assert_true(uuid_equal(&now.run, &ID(201)));
}

static void who_has_left_may_come_again(void **state)
{
    struct rig *rig = *state;
    struct enrolment again;
    struct uuid id = first_id(70, 1, COURSE), second = enrolment_id(&ID(70), 1, &ID(COURSE), 1);
    rig_run(rig, 200, COURSE, "2024-04-01", 0);
    rig_choose(rig, 70, 1, COURSE, 52);
    end_it(rig, id);
    rig_choose(rig, 70, 1, COURSE, 52);
    assert_int_equal(opened(rig, &again), 2);
    assert_true(uuid_equal(&again.enrolment, &second));
    assert_int_equal(rig_enrolment(rig, &id).state, ENROLMENT_ENDED);
    assert_int_equal(rig_enrolment(rig, &second).state, ENROLMENT_OPEN);
}

/* ── the waiting list ─────────────────────────────────────────────────────── */

static void places_are_handed_out_in_the_order_of_the_wishes(void **state)
{
    struct rig *rig = *state;
    struct enrolment last;
    static const uint8_t order[] = { 55, 53, 54, 52 };
    for (uint8_t i = 0; i < 4; i++)
        rig_choose(rig, (uint8_t)(80 - i), 1, COURSE, order[i]);
    assert_declined(rig, 4, DECLINE_NO_RUN);
    rig_choose(rig, 80, 1, COURSE, 55);                 /* asks again, and keeps his place */
    assert_declined(rig, 5, DECLINE_NO_RUN);
    assert_int_equal(waits(rig, COURSE), 4);
    rig_run(rig, 200, OTHER, "2024-04-01", 0);
    rig_fire(rig);
    assert_int_equal(opened(rig, NULL), 0);
    rig_run(rig, 201, COURSE, "2024-03-01", 0);         /* of the past: nobody's place */
    rig_fire(rig);
    assert_int_equal(opened(rig, NULL), 0);
    rig_run(rig, 202, COURSE, "2024-04-01", 2);
    rig_fire(rig);
    assert_int_equal(opened(rig, &last), 2);
    assert_true(uuid_equal(&last.person, &ID(53)));
    assert_int_equal(waits(rig, COURSE), 2);
    rig_choose(rig, 90, 1, COURSE, 56);                 /* comes last */
    assert_declined(rig, 6, DECLINE_NO_PLACES);
    end_it(rig, first_id(80, 1, COURSE));
    rig_fire(rig);
    assert_int_equal(opened(rig, &last), 3);
    assert_true(uuid_equal(&last.person, &ID(54)));
    rig_run(rig, 203, COURSE, "2024-03-20", 0);         /* without limit */
    rig_fire(rig);
    assert_int_equal(opened(rig, &last), 5);
    assert_true(uuid_equal(&last.person, &ID(56)));
    assert_true(uuid_equal(&last.run, &ID(203)));
    assert_int_equal(waits(rig, COURSE), 0);
    assert_int_equal(machine_next_due(rig->machine), 0);
}

/* A place comes free, and another asks for it in the same message, before the timer can fire: it is for who waits. */
static void nobody_overtakes(void **state)
{
    struct rig *rig = *state;
    struct uuid chain[] = { ID(SCHOOL), ID(MUNICIPALITY), ID(REGION) };
    struct step_chosen swap = { .route = ID(70), .step = 1, .programme = ID(OTHER), .person = ID(52), .chain = { 3, chain },
                                .owner_kind = ORG_CENTRE, .day = TODAY };
    struct enrolment last;
    rig_run(rig, 200, COURSE, "2024-04-01", 1);
    rig_choose(rig, 70, 1, COURSE, 52);
    rig_choose(rig, 71, 1, COURSE, 53);
    source_add(&rig->routes, "routes.step.chosen", &step_chosen_desc, &swap);
    rig_choose(rig, 72, 1, COURSE, 54);
    assert_int_equal(ended(rig, NULL), 1);
    assert_int_equal(opened(rig, &last), 2);
    assert_true(uuid_equal(&last.person, &ID(53)));
    assert_declined(rig, 3, DECLINE_NO_PLACES);
    rig_fire(rig);
    assert_int_equal(opened(rig, NULL), 2);
    assert_int_equal(waits(rig, COURSE), 1);
}

/* How many entries the longest group of the journal has. */
static unsigned longest_group(struct rig *rig)
{
    struct txn txn;
    struct entry entry;
    unsigned longest = 0;
    txn_begin(&txn, machine_store(rig->machine), TXN_READ);
    for (uint64_t number = 1; journal_get(&txn, number, &rig->arena, &entry, NULL); number++)
        if (entry.number - entry.group + 1 > longest)
            longest = (unsigned)(entry.number - entry.group + 1);
    txn_end(&txn);
    return longest;
}

static void a_long_list_is_worked_off_some_at_a_time(void **state)
{
    enum { MANY = 150, PLACES = 140 };
    struct rig *rig = *state;
    struct enrolment last;
    for (uint8_t i = 0; i < MANY; i++)
        rig_choose(rig, (uint8_t)(100 + i), 1, COURSE, (uint8_t)(100 + i));
    assert_int_equal(waits(rig, COURSE), MANY);
    rig_run(rig, 200, COURSE, "2024-04-01", PLACES);
    rig_fire(rig);
    assert_int_equal(opened(rig, &last), PLACES);
    assert_true(uuid_equal(&last.person, &ID(100 + PLACES - 1)));
    assert_int_equal(waits(rig, COURSE), MANY - PLACES);
    assert_in_range(longest_group(rig), 2, 65);         /* the timer's own entry, and 64 */
}

static void who_needs_none_any_more_leaves_the_list(void **state)
{
    struct rig *rig = *state;
    struct completion_record done = { .programme = ID(COURSE), .person = ID(52), .enrolled = date("2023-01-10"), .day = date("2023-02-10"), .document = "У-7" };
    struct enrolment last;
    for (uint8_t i = 0; i < 3; i++)
        rig_choose(rig, (uint8_t)(70 + i), 1, COURSE, (uint8_t)(52 + i));
    rig_choose(rig, 79, 1, COURSE, 53);                 /* wants it by two routes */
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &done), "");
    rig_choose(rig, 72, 1, OTHER, 54);                  /* thinks better of it */
    assert_int_equal(waits(rig, COURSE), 3);
    rig_run(rig, 200, COURSE, "2024-04-01", 0);
    rig_fire(rig);
    assert_int_equal(opened(rig, &last), 1);
    assert_true(uuid_equal(&last.person, &ID(53)));
    assert_true(uuid_equal(&last.route, &ID(71)));
    assert_declined(rig, 5 + 2, DECLINE_ALREADY_ENROLLED);  /* one has his document, one is entered by his other route */
    assert_int_equal(waits(rig, COURSE), 0);
    assert_int_equal(waits(rig, OTHER), 1);
}

static void an_enrolment_by_hand_answers_the_step_that_waits(void **state)
{
    struct rig *rig = *state;
    struct enrolment_open open = { .run = ID(200), .person = ID(52) };
    struct enrolment last;
    rig_choose(rig, 70, 4, COURSE, 52);
    struct run begun = { .id = ID(200), .programme = ID(COURSE), .day = date("2024-03-10"), .until = date("2024-04-10") };
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &begun), "");
    rig_fire(rig);
    assert_int_equal(waits(rig, COURSE), 1);            /* has begun: nobody is entered by himself */
    assert_string_equal(rig_reason(rig, "programmes.enrolment.open", &enrolment_open_desc, &open), "");
    assert_int_equal(opened(rig, &last), 1);
    assert_true(uuid_equal(&last.route, &ID(70)));
    assert_int_equal(last.step, 4);
    assert_int_equal(waits(rig, COURSE), 0);
}

/* A row of history that names somebody else's step takes nothing from him. */
static void a_step_is_one_person_s(void **state)
{
    struct rig *rig = *state;
    struct enrolment_record record = { .id = ID(210), .run = ID(200), .person = ID(53), .day = TODAY, .route = ID(70), .step = 1 };
    struct uuid chain[] = { ID(SCHOOL), ID(MUNICIPALITY), ID(REGION) };
    struct route_moved moved = { .route = ID(71), .person = ID(52), .chain = { 3, chain }, .owner_kind = ORG_CENTRE, .day = TODAY };
    struct enrolment last;
    rig_choose(rig, 70, 1, OTHER, 52);
    rig_run(rig, 200, COURSE, "2024-04-01", 0);
    assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &record), "step_of_another");  /* who waits */
    rig_run(rig, 201, OTHER, "2024-04-01", 0);
    rig_fire(rig);
    assert_int_equal(opened(rig, NULL), 1);
    assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &record), "step_of_another");  /* who learns */
    record.route = ID(71);                              /* of which nothing is known yet */
    assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &record), "");
    rig_choose(rig, 71, 1, COURSE, 52);
    assert_int_equal(opened(rig, &last), 3);
    assert_true(uuid_equal(&last.person, &ID(52)));
    rig_choose(rig, 72, 1, COURSE, 54);
    record = (struct enrolment_record){ .id = ID(211), .run = ID(201), .person = ID(53), .day = TODAY, .route = ID(73), .step = 1 };
    assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &record), "");
    moved.route = ID(73);
    rig_say(rig, "routes.route.ended", &route_moved_desc, &moved);
    assert_int_equal(ended(rig, NULL), 0);
}

/* ── a route that needs no run any more ───────────────────────────────────── */

static void a_step_that_is_accepted_waits_no_longer(void **state)
{
    struct rig *rig = *state;
    struct uuid chain[] = { ID(SCHOOL), ID(MUNICIPALITY), ID(REGION) };
    struct step_moved moved = { .route = ID(70), .step = 1, .programme = ID(COURSE), .person = ID(52), .chain = { 3, chain },
                                .owner_kind = ORG_CENTRE, .day = TODAY, .by = STEP_BY_PERSON };
    struct wish dropped;
    rig_choose(rig, 70, 1, COURSE, 52);
    rig_choose(rig, 70, 2, OTHER, 52);
    rig_say(rig, "routes.step.accepted", &step_moved_desc, &moved);
    rig_say(rig, "routes.step.accepted", &step_moved_desc, &moved);
    assert_int_equal(rig_events(rig, "programmes.wish.dropped", &wish_desc, &dropped), 1);
    assert_true(uuid_equal(&dropped.programme, &ID(COURSE)));
    assert_int_equal(waits(rig, COURSE), 0);
    assert_int_equal(waits(rig, OTHER), 1);
    rig_run(rig, 200, COURSE, "2024-04-01", 0);
    rig_fire(rig);
    assert_int_equal(opened(rig, NULL), 0);
}

static void a_route_that_ends_takes_back_what_has_not_begun(void **state)
{
    struct rig *rig = *state;
    struct uuid chain[] = { ID(SCHOOL), ID(MUNICIPALITY), ID(REGION) };
    struct route_moved moved = { .route = ID(70), .person = ID(52), .chain = { 3, chain }, .owner_kind = ORG_CENTRE, .day = TODAY + 20,
                                 .reason = "уволился" };
    struct enrolment_ended last;
    rig_register(rig, 102, PROGRAMME_DEVELOPMENT, 18);
    rig_run(rig, 200, COURSE, "2024-03-25", 0);
    rig_run(rig, 201, OTHER, "2024-05-01", 0);
    rig_choose(rig, 70, 1, COURSE, 52);
    rig_choose(rig, 70, 2, OTHER, 52);
    rig_choose(rig, 70, 3, 102, 52);
    rig_choose(rig, 71, 1, 102, 53);
    rig->time.wall += 20 * MOMENT_DAY;
    rig->time.boot += 20 * MOMENT_DAY;
    rig_say(rig, "routes.route.ended", &route_moved_desc, &moved);
    assert_int_equal(ended(rig, &last), 1);
    assert_true(uuid_equal(&last.run, &ID(201)));
    assert_int_equal(waits(rig, 102), 1);               /* another's */
    struct uuid begun = first_id(70, 1, COURSE);
    assert_int_equal(rig_enrolment(rig, &begun).state, ENROLMENT_OPEN);
}

/* ── who sees who waits ───────────────────────────────────────────────────── */

static void those_who_wait_are_seen_within_reach(void **state)
{
    struct rig *rig = *state;
    static const struct { int role; uint8_t reach; uint32_t rows; } rows[] = {
        { ROLE_MUNICIPAL, MUNICIPALITY, 4 }, { ROLE_SCHOOL, SCHOOL, 3 }, { ROLE_SCHOOL, OTHER_SCHOOL, 1 }, { ROLE_WORKER, 60, 1 },
        { ROLE_INSTITUTE, INSTITUTE, 4 }, { ROLE_INSTITUTE, ACADEMY, 0 }, { ROLE_MUNICIPAL, INSTITUTE, 0 } };
    rig_choose(rig, 70, 1, COURSE, 52);
    rig_choose(rig, 71, 1, COURSE, 60);
    rig_choose(rig, 72, 1, OTHER, 53);
    rig_choose(rig, 73, 1, OTHER, 54);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct principal who = toy_principal(rows[i].role);
        struct runs_of of = { .limit = 3 };
        struct wish_list list;
        uint32_t n = 0;
        who.reach = (struct reach){ .n = 1, .id = { ID(rows[i].reach) } };
        do {
            list = waiting(rig, who, of);
            n += list.rows.n;
            of.after = list.next;
        } while (list.next.n != 0);
        assert_int_equal(n, rows[i].rows);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, rig_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(of_an_enrolment_that_is_not_here_it_is_said_so),
        CASE(a_step_finds_the_run_that_begins_first_and_has_a_place), CASE(history_brings_its_own_enrolments),
        CASE(who_needs_no_place_is_told_so), CASE(the_same_choice_is_answered_by_the_same_enrolment),
        CASE(another_programme_gives_up_what_has_not_begun), CASE(who_has_left_may_come_again),
        CASE(places_are_handed_out_in_the_order_of_the_wishes), CASE(nobody_overtakes),
        CASE(a_long_list_is_worked_off_some_at_a_time), CASE(who_needs_none_any_more_leaves_the_list),
        CASE(an_enrolment_by_hand_answers_the_step_that_waits), CASE(a_step_is_one_person_s), CASE(a_step_that_is_accepted_waits_no_longer),
        CASE(a_route_that_ends_takes_back_what_has_not_begun), CASE(those_who_wait_are_seen_within_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
