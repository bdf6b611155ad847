#include "tests/service/roster_rig.h"

#include "proto/roles.h"
#include "tests/unit/traces.h"

/* roster: staff lists, counting, who may, personal data. */

/* ── staff lists ──────────────────────────────────────────────────────────── */

static void two_posts_under_one_snils_are_one_person(void **state)
{
    struct rig *rig = *state;
    struct worker_record second = anna();
    second.code = "Ю-7";
    second.organisation = "S3";
    second.part_time = true;
    second.from = day("2021-09-01");
    struct worker_recorded one = rig_record(rig, anna()), two = rig_record(rig, second);
    assert_true(one.new_person);
    assert_false(two.new_person);
    assert_true(two.new_post);
    assert_memory_equal(&one.person, &two.person, sizeof one.person);
    assert_int_equal(rig_population(rig, &REGION, "2022-06-01").workers, 1);
    assert_int_equal(rig_population(rig, &rig->north, "2022-06-01").workers, 1);
    assert_int_equal(rig_population(rig, &rig->south, "2022-06-01").workers, 1);
    rig_check(rig);
}

static void a_list_sent_again_does_nothing(void **state)
{
    struct rig *rig = *state;
    struct worker_record shouted = anna(), second = anna();
    rig_record(rig, anna());
    second.code = "Ю-7";
    second.organisation = "S3";
    second.part_time = true;
    second.from = day("2021-09-01");
    rig_record(rig, second);
    uint64_t head = machine_head(rig->machine);
    struct worker_recorded again = rig_record(rig, anna());
    assert_false(again.new_person || again.new_post || again.changed);
    again = rig_record(rig, second);        /* under another code of the same person */
    assert_false(again.new_person || again.new_post || again.changed);
    shouted.family = "ВОРОБЬЕВА";
    shouted.snils = NULL;               /* left out: not said */
    shouted.patronymic = NULL;
    again = rig_record(rig, shouted);
    assert_false(again.new_person || again.new_post || again.changed);
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    rig_check(rig);
}

static void a_wrong_check_of_a_snils_is_named(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    row.snils = "112-233-445 96";
    struct problem problem = rig_refused(rig, &rig->centre, row);
    assert_string_equal(problem.reason, "snils_check");
    assert_string_equal(problem.fields.at[0].path, "snils");
    assert_string_equal(arg(&problem, "expected"), "95");
    assert_string_equal(arg(&problem, "found"), "96");
    assert_int_equal(rig_population(rig, &REGION, "2022-06-01").workers, 0);
}

static void rows_that_cannot_be_placed_are_refused(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    row.organisation = "S9";
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "organisation_unknown");
    row = anna();
    row.post = "звездочёт";
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "post_unknown");
    row = anna();
    row.family = "Boробьёва";
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "name_latin");
    rig_record(rig, anna());
    row = anna();
    row.from = day("2020-10-01");
    struct problem problem = rig_refused(rig, &rig->centre, row);
    assert_string_equal(problem.reason, "post_overlaps");
    assert_string_equal(arg(&problem, "from"), "2020-09-01");
    rig_check(rig);
}

static void a_match_has_to_agree(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = boris();
    rig_record(rig, anna());
    rig_record(rig, boris());
    row.code = "Т-101";                                         /* Anna's code, nothing else of hers */
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "code_of_another");
    row = boris();
    row.snils = "11223344595";                                  /* Boris by code, Anna by SNILS */
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "snils_of_another");
    row.code = "Т-103";
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "snils_of_another");
    row = boris();
    row.code = "X-1";                                           /* by name and birth */
    assert_false(rig_record(rig, row).new_person);
    row.code = "X-2";
    row.born = "1961-11-13";
    assert_true(rig_record(rig, row).new_person);
    row.code = "X-3";
    row.born = "1961-11-12";
    row.patronymic = "Олегович";                                /* a namesake, born on the same day */
    row.part_time = true;
    assert_true(rig_record(rig, row).new_person);
    rig_check(rig);
}

static void a_marriage_changes_the_card_and_nothing_else(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    struct worker_recorded one = rig_record(rig, anna());
    uint64_t head = machine_head(rig->machine);
    row.family = "Соколова";
    struct worker_recorded two = rig_record(rig, row);
    assert_memory_equal(&one.person, &two.person, sizeof one.person);
    assert_true(two.changed && !two.new_post);
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.changed");
    row.code = "N-1";
    row.snils = NULL;
    assert_false(rig_record(rig, row).new_person);              /* the new name is matched by */
    row = anna();
    row.code = "N-2";
    row.snils = NULL;
    assert_true(rig_record(rig, row).new_person);               /* the old one no longer */
    rig_check(rig);
}

static void a_spelling_is_news_only_when_it_says_more(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    row.family = "Воробьева";
    rig_record(rig, row);
    assert_true(rig_record(rig, anna()).changed);               /* е becomes ё */
    assert_false(rig_record(rig, row).changed);                 /* and not back */
}

static void a_part_time_list_does_not_rewrite_the_card(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    rig_record(rig, anna());
    row.organisation = "S3";
    row.part_time = true;
    row.family = "Соколова";
    assert_string_equal(rig_refused(rig, &south, row).reason, "person_kept_elsewhere");
    row.family = "Воробьева";
    struct outcome outcome = rig_send_as(rig, &south, "roster.worker.record", &worker_record_desc, &row);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
}

/* ── counting ─────────────────────────────────────────────────────────────── */

static void populations_are_as_of_a_day(void **state)
{
    struct rig *rig = *state;
    struct worker_record teaches = boris(), clerk = boris();
    rig_record(rig, anna());
    rig_record(rig, boris());
    teaches.post = "учитель";
    teaches.from = day("2015-09-01");
    teaches.until = day("2022-05-31");
    rig_record(rig, teaches);                                   /* a head who teaches: in both, once in the sum */
    clerk.code = "Т-104";
    clerk.family = "Писарева";
    clerk.given = "Вера";
    clerk.patronymic = NULL;
    clerk.post = "секретарь";
    rig_record(rig, clerk);
    struct population p = rig_population(rig, &rig->school1, "2022-05-31");
    assert_int_equal(p.workers, 2);
    assert_int_equal(p.educators, 2);
    assert_int_equal(p.leaders, 1);
    assert_int_equal(p.young, 1);
    assert_int_equal(p.teams, 1);
    p = rig_population(rig, &REGION, "2022-06-01");
    assert_int_equal(p.workers, 2);
    assert_int_equal(p.educators, 1);
    assert_int_equal(p.leaders, 1);
    p = rig_population(rig, &rig->school1, "2020-08-31");       /* the day before Anna came */
    assert_int_equal(p.workers, 1);
    assert_int_equal(p.young, 0);
    assert_int_equal(rig_population(rig, &rig->school1, "2020-09-01").young, 1);
    assert_int_equal(rig_population(rig, &rig->school1, "2023-08-31").young, 1);    /* three years on */
    assert_int_equal(rig_population(rig, &rig->school1, "2023-09-01").young, 0);
    assert_int_equal(rig_population(rig, &rig->school2, "2022-06-01").workers, 0);
}

static struct team team_of(struct rig *rig, const struct uuid *unit, const char *on)
{
    struct population_of body = { *unit, day(on) };
    struct team team;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.team.get", &population_of_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&team_desc, outcome.body, &team, &rig->arena);
    return team;
}

static void the_team_is_the_head_and_the_deputies(void **state)
{
    struct rig *rig = *state;
    struct worker_record deputy = anna();
    struct worker_recorded head = rig_record(rig, boris());
    rig_record(rig, anna());
    deputy.post = "Заместитель  директора";                     /* as people write it */
    deputy.from = day("2022-01-10");
    deputy.until = day("2022-06-30");
    struct worker_recorded second = rig_record(rig, deputy);
    assert_int_equal(team_of(rig, &rig->school1, "2022-01-09").members.n, 1);
    struct team team = team_of(rig, &rig->school1, "2022-06-30");
    assert_int_equal(team.members.n, 2);
    assert_true(uuid_equal(&team.members.at[0].person, &head.person) || uuid_equal(&team.members.at[1].person, &head.person));
    assert_true(uuid_equal(&team.members.at[0].person, &second.person) || uuid_equal(&team.members.at[1].person, &second.person));
    assert_int_equal(team_of(rig, &rig->school1, "2022-07-01").members.n, 1);
    assert_int_equal(team_of(rig, &rig->north, "2022-06-30").members.n, 0);     /* no organisation's own */
    assert_int_equal(rig_population(rig, &rig->north, "2022-06-30").teams, 1);
}

static void lists_come_in_pages(void **state)
{
    struct rig *rig = *state;
    struct workers_of body = { .unit = rig->north, .on = day("2022-06-01"), .limit = 2 };
    struct worker_list list;
    uint32_t seen = 0, pages = 0;
    for (int i = 0; i < 5; i++) {
        struct worker_record row = anna();
        static const char *const FAMILY[] = { "Абрамова", "Белова", "Волкова", "Громова", "Дёмина" };
        row.code = FAMILY[i];
        row.family = FAMILY[i];
        row.snils = NULL;
        row.organisation = i % 2 == 0 ? "S1" : "S2";
        rig_record(rig, row);
    }
    do {
        struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.worker.list", &workers_of_desc, &body, &rig->arena);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&worker_list_desc, outcome.body, &list, &rig->arena);
        seen += list.rows.n;
        pages++;
        body.after = list.next;
    } while (list.next.n > 0 && pages < 10);
    assert_int_equal(seen, 5);
    assert_int_equal(pages, 3);
    body.after = bytes("x", 1);
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.worker.list", &workers_of_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "page_unknown");
    struct page page = { .limit = 4 };
    struct organisation_list organisations;
    seen = 0;
    do {
        outcome = toy_ask(rig->machine, &rig->centre, "roster.organisation.list", &page_desc, &page, &rig->arena);
        toy_decode(&organisation_list_desc, outcome.body, &organisations, &rig->arena);
        seen += organisations.rows.n;
        page.after = organisations.next;
    } while (organisations.next.n > 0);
    assert_int_equal(seen, 6);
}

/* ── who may ──────────────────────────────────────────────────────────────── */

static void rights_are_role_times_reach(void **state)
{
    struct rig *rig = *state;
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south), school = reaching(ROLE_SCHOOL, &rig->school1);
    struct principal operator = toy_principal(ROLE_OPERATOR), self;
    struct worker_recorded one = rig_record(rig, anna());
    struct person_read read = { one.person, "проверка" };
    struct population_of count = { rig->north, day("2022-06-01") };
    struct post_close close = { one.post, day("2022-01-01") };
    self = reaching(ROLE_WORKER, &one.person);

    assert_string_equal(rig_refused(rig, &south, anna()).reason, "out_of_reach");
    assert_int_equal(rig_refused(rig, &operator, anna()).code, PROBLEM_DENIED);
    struct outcome o = rig_send_as(rig, &south, "roster.post.close", &post_close_desc, &close);
    assert_string_equal(toy_reason(&o, &rig->arena), "out_of_reach");
    o = rig_send_as(rig, &south, "roster.person.read", &person_read_desc, &read);
    assert_string_equal(toy_reason(&o, &rig->arena), "out_of_reach");
    o = rig_send_as(rig, &operator, "roster.person.read", &person_read_desc, &read);
    assert_int_equal(o.kind, OUTCOME_PROBLEM);
    o = rig_send_as(rig, &self, "roster.person.read", &person_read_desc, &read);
    assert_int_equal(o.kind, OUTCOME_REPLY);
    o = rig_send_as(rig, &school, "roster.person.read", &person_read_desc, &read);
    assert_int_equal(o.kind, OUTCOME_REPLY);
    o = toy_ask(rig->machine, &south, "roster.population.count", &population_of_desc, &count, &rig->arena);
    assert_string_equal(toy_reason(&o, &rig->arena), "out_of_reach");
    struct uuid id = rig_find(rig, &school, "roster.person.find", "Т-101");
    assert_memory_equal(&id, &one.person, sizeof id);
    id = rig_find(rig, &south, "roster.person.find", "Т-101");  /* as one who is not there */
    assert_true(uuid_is_nil(&id));
    id = rig_find(rig, &south, "roster.organisation.find", "S1");   /* organisations are public */
    assert_memory_equal(&id, &rig->school1, sizeof id);
}

static const struct { const char *code; int kind; int parent; const char *reason; } TREE[] = {
    { "70",    ORG_REGION,       -1, "" },                      /* the same again */
    { "71",    ORG_REGION,       -1, "code_differs" },
    { "70-03", ORG_MUNICIPALITY, -1, "parent_missing" },
    { "70-03", ORG_MUNICIPALITY, 1,  "parent_kind" },
    { "S1",    ORG_SCHOOL,       1,  "" },
    { "S1",    ORG_SCHOOL,       2,  "parent_differs" },
    { "S1",    ORG_COLLEGE,      1,  "kind_differs" },
    { "S4",    ORG_SCHOOL,       0,  "" },                      /* the region's own */
    { "S1",    ORG_REGION,       -1, "code_taken" },
};

static void organisations_stand_in_one_tree(void **state)
{
    struct rig *rig = *state;
    const struct uuid parent[] = { REGION, rig->north, rig->south };
    for (size_t i = 0; i < sizeof TREE / sizeof *TREE; i++) {
        struct organisation_register body = { .code = TREE[i].code, .kind = TREE[i].kind, .title = TREE[i].code,
                                              .parent = TREE[i].parent < 0 ? UUID_NIL : parent[TREE[i].parent] };
        struct outcome outcome = rig_send(rig, "roster.organisation.register", &organisation_register_desc, &body);
        assert_string_equal(toy_reason(&outcome, &rig->arena), TREE[i].reason);
    }
    struct principal north = reaching(ROLE_CENTRE, &rig->north);
    struct organisation_register body = { .code = "S5", .kind = ORG_SCHOOL, .title = "S5", .parent = rig->south };
    struct outcome outcome = rig_send_as(rig, &north, "roster.organisation.register", &organisation_register_desc, &body);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    body = (struct organisation_register){ .code = "S1", .kind = ORG_SCHOOL, .title = "Школа № 1", .parent = rig->north };
    outcome = rig_send(rig, "roster.organisation.register", &organisation_register_desc, &body);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    struct registered which = { rig->school1 };
    struct organisation organisation;
    outcome = toy_ask(rig->machine, &rig->centre, "roster.organisation.get", &registered_desc, &which, &rig->arena);
    toy_decode(&organisation_desc, outcome.body, &organisation, &rig->arena);
    assert_string_equal(organisation.title, "Школа № 1");
    assert_int_equal(organisation.chain.n, 3);
    assert_memory_equal(&organisation.chain.at[2], &REGION, sizeof REGION);
    rig_check(rig);
}

/* ── personal data ────────────────────────────────────────────────────────── */

static void a_reading_is_an_entry_and_then_the_card(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded one = rig_record(rig, anna());
    struct person_read read = { one.person, "сверка списков" };
    struct person_card card;
    uint64_t head = machine_head(rig->machine);
    struct outcome outcome = rig_send(rig, "roster.person.read", &person_read_desc, &read);
    toy_decode(&person_card_desc, outcome.body, &card, &rig->arena);
    assert_string_equal(card.family, "Воробьёва");
    assert_string_equal(card.born, "1991-03-14");
    assert_string_equal(card.snils, "11223344595");
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.was_read");
    assert_string_equal(rig_entries_after(rig, head, &rig->school1), "");
    assert_string_equal(rig_entries_after(rig, head, &REGION), "person.was_read");
    read.person = rig->school1;
    outcome = rig_send(rig, "roster.person.read", &person_read_desc, &read);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "person_unknown");
    rig_check(rig);
}

/* An answer that got lost is asked for again; it is built anew, and reach with it. */
static void a_reading_again_asks_for_reach_again(void **state)
{
    struct rig *rig = *state;
    struct person_read read = { rig_record(rig, anna()).person, "сверка списков" };
    struct principal north = reaching(ROLE_MUNICIPAL, &rig->north);
    struct uuid id = uuid_v7(rig->time.wall / MOMENT_MS, (const uint8_t[10]){ 0xee });
    struct worker_record moved = anna();
    struct outcome outcome = toy_command(rig->machine, &north, id, "roster.person.read", &person_read_desc, &read, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    outcome = toy_command(rig->machine, &north, id, "roster.person.read", &person_read_desc, &read, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    moved.organisation = "S3";
    moved.from = day("2022-09-01");
    rig_record(rig, moved);
    outcome = toy_command(rig->machine, &north, id, "roster.person.read", &person_read_desc, &read, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    rig_check(rig);
}

/* Three bytes that are six in normal form: within the limit as sent, past it as kept. */
static void texts_that_grow_past_their_limit_are_refused(void **state)
{
    struct rig *rig = *state;
    char grows[200] = "";
    for (int i = 0; i < 13; i++)
        text_append(grows, sizeof grows, "\u0958");
    struct worker_record row = anna();
    row.code = grows;
    struct problem problem = rig_refused(rig, &rig->centre, row);
    assert_string_equal(problem.fields.at[0].path, "code");
    assert_string_equal(problem.fields.at[0].rule, "too_long");
    struct organisation_register unit = { .code = grows, .kind = ORG_SCHOOL, .title = "S9", .parent = rig->north };
    struct outcome outcome = rig_send(rig, "roster.organisation.register", &organisation_register_desc, &unit);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "message");
    for (int i = 0; i < 20; i++)
        text_append(grows, sizeof grows, "\u0958");
    row = anna();
    row.subject = grows;
    problem = rig_refused(rig, &rig->centre, row);
    assert_string_equal(problem.fields.at[0].path, "subject");
    rig_check(rig);
}

static unsigned finds;
static void found(const char *file, const struct trace *trace)
{
    print_error("%s: %s in %s\n", file, trace->form, trace->coding);
    finds++;
}

static void nothing_personal_can_be_read_in_any_file(void **state)
{
    static const char *const SECRETS[] = {
        "Воробьёва", "Сергеевна", "1991-03-14", "11223344595", "11223344596", "Т-101", "Кедров", "1961-11-12", "Соколова",
    };
    struct rig *rig = *state;
    struct traces secret = { .arena = &rig->arena }, known = { .arena = &rig->arena };
    struct worker_record row = anna();
    struct worker_recorded one = rig_record(rig, anna());
    struct person_read read = { one.person, "сверка списков" };
    rig_record(rig, boris());
    row.family = "Соколова";
    rig_record(rig, row);
    row.snils = "112-233-445 96";
    rig_refused(rig, &rig->centre, row);
    rig_send(rig, "roster.person.read", &person_read_desc, &read);
    rig_find(rig, &rig->centre, "roster.person.find", "Т-101");
    machine_close(&rig->machine);
    for (size_t i = 0; i < sizeof SECRETS / sizeof *SECRETS; i++)
        traces_add(&secret, SECRETS[i]);
    traces_add(&known, "химия");
    finds = 0;
    assert_true(traces_walk(&secret, rig->dir, found) >= 2);        /* data.mdb and its lock */
    assert_int_equal(finds, 0);
    assert_true(traces_walk(&known, rig->dir, found) >= 2);         /* the search would find what does lie there */
    assert_true(finds > 0);
    rig_open(rig);
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(two_posts_under_one_snils_are_one_person),
        TEST(a_list_sent_again_does_nothing),
        TEST(a_wrong_check_of_a_snils_is_named),
        TEST(rows_that_cannot_be_placed_are_refused),
        TEST(a_match_has_to_agree),
        TEST(a_marriage_changes_the_card_and_nothing_else),
        TEST(a_spelling_is_news_only_when_it_says_more),
        TEST(a_part_time_list_does_not_rewrite_the_card),
        TEST(populations_are_as_of_a_day),
        TEST(the_team_is_the_head_and_the_deputies),
        TEST(lists_come_in_pages),
        TEST(rights_are_role_times_reach),
        TEST(organisations_stand_in_one_tree),
        TEST(a_reading_is_an_entry_and_then_the_card),
        TEST(a_reading_again_asks_for_reach_again),
        TEST(texts_that_grow_past_their_limit_are_refused),
        TEST(nothing_personal_can_be_read_in_any_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
