#include "tests/service/workbench.h"

/* Diagnostics by the command: what is published, the life of a sitting, results, who may what. */

static struct principal centre(void)                    { return bench_who(ROLE_CENTRE, &REGION, NULL); }
static struct principal worker(const struct uuid *id)   { return bench_who(ROLE_WORKER, id, NULL); }

static struct sitting get_sitting(struct bench *b, struct principal who, const struct uuid *id)
{
    struct sitting_id query = { *id };
    struct sitting sitting;
    struct outcome o = bench_ask(b, b->diagnostics, who, "diagnostics.sitting.get", &sitting_id_desc, &query);
    assert_reason(b, o, "");
    toy_decode(&sitting_desc, o.body, &sitting, &b->arena);
    return sitting;
}

static struct outcome submit(struct bench *b, struct principal who, const struct uuid *sitting)
{
    struct sitting_id id = { *sitting };
    return bench_do(b, b->diagnostics, who, "diagnostics.sitting.submit", &sitting_id_desc, &id);
}

static struct outcome start(struct bench *b, struct principal who, const struct uuid *person)
{
    struct sitting_start body = { PROCEDURE, *person };
    return bench_do(b, b->diagnostics, who, "diagnostics.sitting.start", &sitting_start_desc, &body);
}

/* ── what is published ────────────────────────────────────────────────────── */

static void refuses_a_framework_that_is_no_tree(void **state)
{
    struct bench *b = *state;
    struct competency circle[] = { { "a", "A", "c" }, { "b", "B", "a" }, { "c", "C", "b" } };
    struct competency orphan[] = { { "a", "A", NULL }, { "b", "B", "x" } }, twice[] = { { "a", "A", NULL }, { "a", "B", NULL } };
    const struct { struct competency *list; uint32_t n; const char *rule; } ROWS[] = {
        { circle, 3, "parent_circle" }, { orphan, 2, "no_such_parent" }, { twice, 2, "repeated" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct framework framework = { .code = "x", .title = "X", .competencies = { ROWS[i].n, ROWS[i].list } };
        struct outcome o = bench_do(b, b->diagnostics, centre(), "diagnostics.framework.publish", &framework_desc, &framework);
        assert_reason(b, o, "bad_competency");
        assert_string_equal(bench_rule(b, &o), ROWS[i].rule);
    }
}

static void refuses_an_instrument_that_cannot_be_scored(void **state)
{
    struct bench *b = *state;
    uint64_t two[] = { 1, 2 }, zero[] = { 0 }, four[] = { 4 }, falling[] = { 3, 1 };
    bench_publish(b);
    const struct { uint32_t task; uint32_t n; uint64_t *key; uint64_t number; const char *competency, *rule; } ROWS[] = {
        { 0, 2, two,     1, "subject", "key_not_one" },
        { 0, 0, NULL,    1, "subject", "key_missing" },
        { 2, 0, NULL,    3, "method",  "key_missing" },
        { 0, 1, zero,    1, "subject", "key_range" },
        { 0, 1, four,    1, "subject", "key_range" },
        { 2, 2, falling, 3, "method",  "key_order" },
        { 1, 1, two,     1, "subject", "repeated" },
        { 1, 1, two,     2, "nothing", "not_in_framework" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct instrument instrument = bench_instrument();
        struct task *task = &instrument.tasks.at[ROWS[i].task];
        instrument.id = UUID_NIL;
        instrument.code = "other";
        task->key.n = ROWS[i].n;
        task->key.at = ROWS[i].key;
        task->number = ROWS[i].number;
        task->competency = ROWS[i].competency;
        struct outcome o = bench_do(b, b->diagnostics, centre(), "diagnostics.instrument.publish", &instrument_desc, &instrument);
        assert_reason(b, o, "bad_task");
        assert_string_equal(bench_rule(b, &o), ROWS[i].rule);
    }
}

static void what_is_published_stays_as_it_is(void **state)
{
    struct bench *b = *state;
    struct instrument instrument = bench_instrument();
    struct framework framework = bench_framework();
    struct procedure procedure = bench_procedure();
    bench_publish(b);
    struct outcome o = bench_do(b, b->diagnostics, centre(), "diagnostics.instrument.publish", &instrument_desc, &instrument);
    assert_reason(b, o, "already_published");
    instrument.id = UUID_NIL;
    o = bench_do(b, b->diagnostics, centre(), "diagnostics.instrument.publish", &instrument_desc, &instrument);
    assert_reason(b, o, "code_taken");
    framework.id = UUID_NIL;
    framework.code = "f2";
    o = bench_do(b, b->diagnostics, centre(), "diagnostics.framework.publish", &framework_desc, &framework);
    assert_reason(b, o, "competency_taken");
    instrument.code = "i2";
    instrument.framework = NOBODY;
    o = bench_do(b, b->diagnostics, centre(), "diagnostics.instrument.publish", &instrument_desc, &instrument);
    assert_reason(b, o, "framework_unknown");
    procedure.id = UUID_NIL;
    procedure.code = "p2";
    procedure.closes = procedure.opens - 1;
    o = bench_do(b, b->diagnostics, centre(), "diagnostics.procedure.open", &procedure_desc, &procedure);
    assert_reason(b, o, "bad_dates");
    procedure.owner = NOBODY;
    o = bench_do(b, b->diagnostics, centre(), "diagnostics.procedure.open", &procedure_desc, &procedure);
    assert_reason(b, o, "organisation_unknown");
    procedure.owner = CENTRE_ORG;
    o = bench_do(b, b->diagnostics, bench_who(ROLE_INSTITUTE, &SCHOOL_A, NULL), "diagnostics.procedure.open", &procedure_desc, &procedure);
    assert_reason(b, o, "out_of_reach");
}

/* It has to fit into one entry; a refusal, and the service goes on. */
static void refuses_an_instrument_that_fits_into_no_entry(void **state)
{
    struct bench *b = *state;
    struct instrument instrument = bench_instrument();
    struct task *tasks = ARENA_LIST(&b->arena, struct task, TASKS_MAX);
    char *text = arena_alloc(&b->arena, 2001);
    bench_publish(b);
    memset(text, 'x', 2000);
    for (unsigned i = 0; i < TASKS_MAX; i++) {
        tasks[i] = instrument.tasks.at[0];
        tasks[i].number = i + 1;
        tasks[i].text = i < 100 ? text : "?";
    }
    instrument.id = UUID_NIL;
    instrument.code = "large";
    instrument.tasks.n = TASKS_MAX;
    instrument.tasks.at = tasks;
    struct outcome o = bench_do(b, b->diagnostics, centre(), "diagnostics.instrument.publish", &instrument_desc, &instrument);
    assert_int_equal(o.kind, OUTCOME_PROBLEM);
    text[200] = '\0';
    o = bench_do(b, b->diagnostics, centre(), "diagnostics.instrument.publish", &instrument_desc, &instrument);
    assert_reason(b, o, "");
    bench_sound(b->diagnostics);
}

static void keys_leave_for_the_centre_alone(void **state)
{
    struct bench *b = *state;
    struct id id = { INSTRUMENT };
    struct instrument instrument;
    struct feed_result result;
    struct buf out = { 0 };
    struct entries entries;
    bench_publish(b);
    const struct { struct principal who; uint32_t keys; } ROWS[] = {
        { centre(), 1 }, { worker(&ANNA), 0 }, { bench_who(ROLE_INSTITUTE, &REGION, NULL), 0 }, { bench_who(ROLE_SCHOOL, &SCHOOL_A, NULL), 0 },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct outcome o = bench_ask(b, b->diagnostics, ROWS[i].who, "diagnostics.instrument.get", &id_desc, &id);
        assert_reason(b, o, "");
        toy_decode(&instrument_desc, o.body, &instrument, &b->arena);
        assert_int_equal(instrument.tasks.n, 4);
        assert_int_equal(instrument.tasks.at[0].key.n, ROWS[i].keys);
    }
    struct feed_wish wish = { .cursor = cursor_start(), .reach = { .n = 1, .id = { REGION } }, .entries = 100, .bytes = 1 << 20 };
    assert_int_equal(machine_feed(b->diagnostics, &wish, &b->arena, &out, &result), ERR_OK);
    toy_decode(&entries_desc, buf_bytes(&out), &entries, &b->arena);
    assert_int_equal(entries.list.n, 2);        /* framework and procedure */
    buf_free(&out);
}

static void procedures_are_listed_in_pages(void **state)
{
    struct bench *b = *state;
    struct procedure_list list;
    struct page page = { .limit = 2 };
    unsigned seen = 0, pages = 0;
    bench_publish(b);
    for (int i = 0; i < 4; i++) {
        struct procedure procedure = bench_procedure();
        procedure.id = UUID_NIL;
        procedure.code = arena_format(&b->arena, "more%d", i);
        bench_do(b, b->diagnostics, centre(), "diagnostics.procedure.open", &procedure_desc, &procedure);
    }
    do {
        struct outcome o = bench_ask(b, b->diagnostics, worker(&ANNA), "diagnostics.procedure.list", &page_desc, &page);
        assert_reason(b, o, "");
        toy_decode(&procedure_list_desc, o.body, &list, &b->arena);
        assert_int_equal(list.rows.at[0].owner_kind, ORG_CENTRE);
        seen += list.rows.n;
        pages++;
        page.after = list.next;
    } while (list.next.n > 0);
    assert_int_equal(seen, 5);
    assert_int_equal(pages, 3);
}

/* ── a sitting ────────────────────────────────────────────────────────────── */

static void a_sitting_is_scored_when_it_is_handed_in(void **state)
{
    struct bench *b = *state;
    struct sitting_scored scored;
    bench_publish(b);
    struct uuid id = bench_sitting(b, &ANNA, 1 | 8);
    assert_int_equal(bench_events(b, b->diagnostics, "diagnostics.sitting.scored", &sitting_scored_desc, &scored), 1);
    assert_true(uuid_equal(&scored.sitting, &id));
    assert_true(uuid_equal(&scored.person, &ANNA));
    assert_int_equal(scored.chain.n, 3);
    assert_true(uuid_equal(&scored.chain.at[0], &SCHOOL_A));
    assert_int_equal(scored.owner_kind, ORG_CENTRE);
    assert_int_equal(scored.day, TODAY);
    assert_int_equal(scored.ends, CLOSES);
    assert_false(scored.recorded);
    assert_int_equal(scored.shares.n, 3);
    assert_int_equal(scored.shares.at[0].got, 3);       /* 3 of 5 is 60 %: the cut, so no deficit */
    assert_false(scored.shares.at[0].deficit);
    assert_true(scored.shares.at[1].deficit);
    assert_false(scored.shares.at[2].deficit);
    struct sitting sitting = get_sitting(b, worker(&ANNA), &id);
    assert_int_equal(sitting.state, SITTING_SUBMITTED);
    assert_int_equal(sitting.shares.n, 3);
    struct outcome o = submit(b, worker(&ANNA), &id);
    assert_reason(b, o, "sitting_over");
    o = bench_save(b, &ANNA, &id, 15);
    assert_reason(b, o, "sitting_over");
    bench_pass(b, 31 * MOMENT_MINUTE);                  /* its timer is gone */
    assert_int_equal(bench_events(b, b->diagnostics, "diagnostics.sitting.timed_out", NULL, NULL), 0);
    bench_sound(b->diagnostics);
}

static void a_sitting_goes_on_where_it_was_cut_off(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    struct uuid id = bench_start(b, &ANNA);
    struct outcome o = bench_save(b, &ANNA, &id, 1);
    assert_reason(b, o, "");
    bench_reopen(b);

    /* another machine: it does not know the sitting, and is told */
    struct principal console = bench_who(ROLE_CONSOLE, NULL);
    console.actor = ANNA;
    o = start(b, console, &ANNA);
    assert_reason(b, o, "sitting_open");
    char text[UUID_TEXT + 1];
    uuid_format(&id, text);
    assert_string_equal(bench_arg(b, &o, "sitting"), text);
    struct sitting sitting = get_sitting(b, console, &id);
    assert_int_equal(sitting.state, SITTING_OPEN);
    assert_int_equal(sitting.answers.n, 4);
    assert_int_equal(sitting.answers.at[0].chosen.at[0], 1);
    assert_int_equal(sitting.answers.at[3].chosen.at[0], 2);

    uint64_t one[] = { 1 };
    struct answer answers[] = { { 4, { 1, one } }, { 2, { 0, NULL } } };
    struct sitting_save save = { id, { 2, answers } };      /* answers merge by task; an empty one takes back */
    o = bench_do(b, b->diagnostics, console, "diagnostics.sitting.save", &sitting_save_desc, &save);
    assert_reason(b, o, "");
    sitting = get_sitting(b, console, &id);
    assert_int_equal(sitting.answers.n, 4);
    assert_int_equal(sitting.answers.at[0].chosen.at[0], 1);
    assert_int_equal(sitting.answers.at[1].chosen.n, 0);
    assert_int_equal(sitting.answers.at[3].chosen.at[0], 1);
    o = submit(b, console, &id);
    assert_reason(b, o, "");
    sitting = get_sitting(b, worker(&ANNA), &id);
    assert_int_equal(sitting.shares.at[0].got, 3);
    assert_int_equal(sitting.shares.at[2].got, 2);
    bench_sound(b->diagnostics);
}

static void the_clock_ends_a_sitting_and_what_was_saved_counts(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    struct uuid id = bench_start(b, &ANNA);
    bench_save(b, &ANNA, &id, 1 | 4);
    bench_pass(b, 30 * MOMENT_MINUTE - 1);
    struct outcome o = bench_save(b, &ANNA, &id, 1 | 4 | 8);    /* the last moment */
    assert_reason(b, o, "");
    assert_int_equal(get_sitting(b, worker(&ANNA), &id).state, SITTING_OPEN);
    b->time.wall += 1;
    b->time.boot += 1;
    o = bench_save(b, &ANNA, &id, 15);                          /* its end: refused, whether the timer was first or not */
    assert_reason(b, o, "sitting_over");
    bench_pass(b, 0);
    struct sitting sitting = get_sitting(b, worker(&ANNA), &id);
    assert_int_equal(sitting.state, SITTING_TIMED_OUT);
    assert_int_equal(sitting.shares.n, 3);
    assert_int_equal(sitting.shares.at[0].got, 3);
    assert_int_equal(sitting.shares.at[1].got, 2);
    assert_int_equal(sitting.shares.at[2].got, 2);
    o = submit(b, worker(&ANNA), &id);
    assert_reason(b, o, "sitting_over");
    assert_int_equal(bench_events(b, b->diagnostics, "diagnostics.sitting.scored", NULL, NULL), 1);
    bench_start(b, &ANNA);                                      /* a new one may begin */
    bench_sound(b->diagnostics);
}

static void answers_must_fit_the_form(void **state)
{
    struct bench *b = *state;
    uint64_t four[] = { 4 }, both[] = { 1, 2 }, falling[] = { 2, 1 }, zero[] = { 0 };
    bench_publish(b);
    struct uuid id = bench_start(b, &ANNA);
    const struct { struct answer answer[2]; uint32_t n; const char *rule; } ROWS[] = {
        { { { 5, { 1, both } } }, 1, "no_such_task" },
        { { { 1, { 1, four } } }, 1, "range" },
        { { { 1, { 1, zero } } }, 1, "range" },
        { { { 1, { 2, both } } }, 1, "only_one" },
        { { { 3, { 2, falling } } }, 1, "order" },
        { { { 1, { 1, both } }, { 1, { 1, both } } }, 2, "repeated" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct answer answers[2] = { ROWS[i].answer[0], ROWS[i].answer[1] };
        struct sitting_save save = { id, { ROWS[i].n, answers } };
        struct outcome o = bench_do(b, b->diagnostics, worker(&ANNA), "diagnostics.sitting.save", &sitting_save_desc, &save);
        assert_reason(b, o, "bad_answer");
        assert_string_equal(bench_rule(b, &o), ROWS[i].rule);
    }
    assert_int_equal(get_sitting(b, worker(&ANNA), &id).answers.n, 0);
}

static void nobody_sits_for_another(void **state)
{
    struct bench *b = *state;
    struct sitting_id query;
    bench_publish(b);
    struct uuid id = bench_start(b, &ANNA);
    struct outcome o = start(b, worker(&BORIS), &ANNA);
    assert_reason(b, o, "out_of_reach");
    o = start(b, worker(&BORIS), &NOBODY);                      /* nor learns who is there */
    assert_reason(b, o, "out_of_reach");
    o = start(b, bench_who(ROLE_CONSOLE, NULL), &BORIS);        /* a console that names nobody */
    assert_reason(b, o, "out_of_reach");
    struct principal console = bench_who(ROLE_CONSOLE, NULL);
    console.actor = BORIS;
    o = submit(b, console, &id);
    assert_reason(b, o, "out_of_reach");
    o = start(b, centre(), &BORIS);
    assert_reason(b, o, "role");
    struct answer answer = { 1, { 0, NULL } };
    struct sitting_save save = { id, { 1, &answer } };
    o = bench_do(b, b->diagnostics, worker(&BORIS), "diagnostics.sitting.save", &sitting_save_desc, &save);
    assert_reason(b, o, "out_of_reach");
    query.sitting = id;
    o = bench_ask(b, b->diagnostics, worker(&BORIS), "diagnostics.sitting.get", &sitting_id_desc, &query);
    assert_reason(b, o, "out_of_reach");
    o = bench_ask(b, b->diagnostics, bench_who(ROLE_TUTOR, &SCHOOL_B, NULL), "diagnostics.sitting.get", &sitting_id_desc, &query);
    assert_reason(b, o, "out_of_reach");
    get_sitting(b, bench_who(ROLE_TUTOR, &TOWN_A, NULL), &id);
    get_sitting(b, centre(), &id);
}

static void a_sitting_needs_a_procedure_and_a_post(void **state)
{
    struct bench *b = *state;
    struct outcome o = start(b, worker(&ANNA), &ANNA);
    assert_reason(b, o, "procedure_unknown");
    bench_publish(b);
    o = start(b, worker(&DORA), &DORA);
    assert_reason(b, o, "person_left");
    o = start(b, worker(&NOBODY), &NOBODY);
    assert_reason(b, o, "person_unknown");
    bench_pass(b, 5 * MOMENT_DAY);
    o = start(b, worker(&ANNA), &ANNA);
    assert_reason(b, o, "procedure_not_open");
    assert_string_equal(bench_arg(b, &o, "closes"), "2024-09-20");
}

/* ── history and deficits ─────────────────────────────────────────────────── */

static void history_is_recorded_by_its_own_day(void **state)
{
    struct bench *b = *state;
    struct sitting_scored scored;
    bench_publish(b);
    struct outcome o = bench_record(b, &ANNA, TODAY + 1, 0);
    assert_reason(b, o, "day_not_allowed");
    o = bench_record(b, &ANNA, TODAY - 401, 0);
    assert_reason(b, o, "day_not_allowed");
    o = bench_record(b, &ANNA, day_of(2024, 8, 31), 0);
    assert_reason(b, o, "day_outside_procedure");
    o = bench_record(b, &DORA, day_of(2024, 9, 2), 0);
    assert_reason(b, o, "person_left");
    o = bench_record(b, &ANNA, day_of(2024, 9, 2), 15);
    assert_reason(b, o, "");
    o = bench_record(b, &ANNA, day_of(2024, 9, 2), 15);
    assert_reason(b, o, "already_recorded");
    bench_events(b, b->diagnostics, "diagnostics.sitting.scored", &sitting_scored_desc, &scored);
    assert_true(scored.recorded);
    assert_int_equal(scored.day, day_of(2024, 9, 2));
    for (uint32_t i = 0; i < 3; i++)
        assert_false(scored.shares.at[i].deficit);
    struct sitting sitting = get_sitting(b, centre(), &scored.sitting);
    assert_int_equal(sitting.state, SITTING_RECORDED);
    assert_int_equal(sitting.until, 0);
    assert_int_equal(sitting.answers.n, 4);
    assert_int_equal(machine_next_due(b->diagnostics), 0);
    o = bench_save(b, &ANNA, &scored.sitting, 0);
    assert_reason(b, o, "sitting_over");
    bench_start(b, &ANNA);                                      /* history does not stand in the way */
    bench_sound(b->diagnostics);
}

static struct deficit_summary summary(struct bench *b, const struct uuid *unit, uint64_t year)
{
    struct unit_year of = { *unit, year };
    struct deficit_summary summary;
    struct outcome o = bench_ask(b, b->diagnostics, centre(), "diagnostics.deficit.summary", &unit_year_desc, &of);
    assert_reason(b, o, "");
    toy_decode(&deficit_summary_desc, o.body, &summary, &b->arena);
    return summary;
}

static void deficits_are_counted_by_distinct_persons(void **state)
{
    struct bench *b = *state;
    bench_publish(b);
    bench_sitting(b, &ANNA, 15 & ~4);           /* method */
    bench_sitting(b, &ANNA, 15 & ~4 & ~8);      /* method again, and digital */
    bench_sitting(b, &BORIS, 15 & ~4);
    struct deficit_summary region = summary(b, &REGION, 2024), school = summary(b, &SCHOOL_A, 2024);
    assert_int_equal(region.persons, 2);
    assert_int_equal(region.rows.n, 2);
    assert_string_equal(region.rows.at[0].competency, "method");
    assert_string_equal(region.rows.at[0].title, "Методические");
    assert_int_equal(region.rows.at[0].persons, 2);
    assert_string_equal(region.rows.at[1].competency, "digital");
    assert_int_equal(region.rows.at[1].persons, 1);
    assert_int_equal(school.persons, 1);
    assert_int_equal(school.rows.at[0].persons, 1);
    assert_int_equal(summary(b, &REGION, 2023).persons, 0);

    struct unit_year of = { SCHOOL_B, 2024 };
    struct outcome o = bench_ask(b, b->diagnostics, bench_who(ROLE_SCHOOL, &SCHOOL_A, NULL), "diagnostics.deficit.summary", &unit_year_desc, &of);
    assert_reason(b, o, "out_of_reach");
    of.unit = NOBODY;
    o = bench_ask(b, b->diagnostics, centre(), "diagnostics.deficit.summary", &unit_year_desc, &of);
    assert_reason(b, o, "organisation_unknown");
    bench_sound(b->diagnostics);
}

static void a_command_sent_twice_has_one_effect(void **state)
{
    struct bench *b = *state;
    struct sitting_start body = { PROCEDURE, ANNA };
    struct principal who = worker(&ANNA);
    struct uuid id = uuid_v7(b->time.wall / MOMENT_MS, (const uint8_t[10]){ 9, 9 });
    struct sitting_begun first, again;
    bench_publish(b);
    struct outcome o = toy_command(b->diagnostics, &who, id, "diagnostics.sitting.start", &sitting_start_desc, &body, &b->arena);
    toy_decode(&sitting_begun_desc, o.body, &first, &b->arena);
    o = toy_command(b->diagnostics, &who, id, "diagnostics.sitting.start", &sitting_start_desc, &body, &b->arena);
    assert_reason(b, o, "");
    toy_decode(&sitting_begun_desc, o.body, &again, &b->arena);
    assert_true(uuid_equal(&first.sitting, &again.sitting));
    assert_int_equal(bench_events(b, b->diagnostics, "diagnostics.sitting.started", NULL, NULL), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(refuses_a_framework_that_is_no_tree),
        TEST(refuses_an_instrument_that_cannot_be_scored),
        TEST(what_is_published_stays_as_it_is),
        TEST(refuses_an_instrument_that_fits_into_no_entry),
        TEST(keys_leave_for_the_centre_alone),
        TEST(procedures_are_listed_in_pages),
        TEST(a_sitting_is_scored_when_it_is_handed_in),
        TEST(a_sitting_goes_on_where_it_was_cut_off),
        TEST(the_clock_ends_a_sitting_and_what_was_saved_counts),
        TEST(answers_must_fit_the_form),
        TEST(nobody_sits_for_another),
        TEST(a_sitting_needs_a_procedure_and_a_post),
        TEST(history_is_recorded_by_its_own_day),
        TEST(deficits_are_counted_by_distinct_persons),
        TEST(a_command_sent_twice_has_one_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
