#include "tests/service/roster_rig.h"

#include "proto/roles.h"
#include "proto/roster_tree.h"

/* roster: organisations that are renamed, moved, founded anew, closed, merged and split, and the people in them. */

#define GROUND "постановление администрации"

static const char *change(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = rig_send(rig, method, takes, body);
    for (int i = 0; i < 100 && machine_next_due(rig->machine) != 0 && machine_next_due(rig->machine) <= rig->time.wall; i++)
        assert_int_equal(machine_batch(rig->machine, NULL, 0, &rig->arena, NULL), ERR_OK);
    return toy_reason(&outcome, &rig->arena);
}

static const char *rename_to(struct rig *rig, const struct uuid *id, const char *title, const char *on)
{
    struct organisation_rename body = { *id, title, day(on), GROUND, "№ 1" };
    return change(rig, "roster.organisation.rename", &organisation_rename_desc, &body);
}

static const char *move(struct rig *rig, const struct uuid *id, const struct uuid *parent, const char *on)
{
    struct organisation_move body = { *id, *parent, day(on), GROUND, NULL };
    return change(rig, "roster.organisation.move", &organisation_move_desc, &body);
}

static const char *found(struct rig *rig, const struct uuid *id, const struct uuid *founder, const char *on)
{
    struct organisation_found body = { *id, *founder, day(on), GROUND, NULL };
    return change(rig, "roster.organisation.found", &organisation_found_desc, &body);
}

static const char *close_on(struct rig *rig, const char *method, const struct uuid *id, const char *on)
{
    struct organisation_close body = { *id, day(on), GROUND, NULL };
    return change(rig, method, &organisation_close_desc, &body);
}

static const char *merge(struct rig *rig, struct uuid *units, uint32_t n, const struct uuid *into, const char *on)
{
    struct organisation_merge body = { { n, units }, *into, day(on), GROUND, NULL };
    return change(rig, "roster.organisation.merge", &organisation_merge_desc, &body);
}

static const char *split(struct rig *rig, const struct uuid *id, struct uuid *into, uint32_t n, bool goes_on, const char *on)
{
    struct organisation_split body = { *id, { n, into }, goes_on, day(on), GROUND, NULL };
    return change(rig, "roster.organisation.split", &organisation_split_desc, &body);
}

static struct organisation get(struct rig *rig, const struct uuid *id, const char *on, int as)
{
    struct organisation_at body = { *id, day(on), as };
    struct organisation organisation;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.organisation.get", &organisation_at_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&organisation_desc, outcome.body, &organisation, &rig->arena);
    return organisation;
}

static unsigned workers(struct rig *rig, const struct uuid *unit, const char *on, int as, int tree)
{
    struct population_in body = { *unit, day(on), as, tree };
    struct population population;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.population.count", &population_in_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&population_desc, outcome.body, &population, &rig->arena);
    return (unsigned)population.workers;
}
#define THEN(unit, on) workers(rig, &rig->unit, on, AS_THEN, TREE_TERRITORY)
#define NOW(unit, on)  workers(rig, &rig->unit, on, AS_NOW, TREE_TERRITORY)

static struct worker_list people_of(struct rig *rig, const struct uuid *unit, const char *on)
{
    struct workers_of body = { .unit = *unit, .on = day(on) };
    struct worker_list list;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.worker.list", &workers_of_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&worker_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

/* ── names ────────────────────────────────────────────────────────────────── */

static void a_new_name_holds_from_its_day(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(rename_to(rig, &rig->school1, "Гимназия", "2021-09-01"), "");
    assert_string_equal(get(rig, &rig->school1, NULL, AS_THEN).title, "Гимназия");
    assert_string_equal(get(rig, &rig->school1, "2021-09-01", AS_THEN).title, "Гимназия");
    assert_string_equal(get(rig, &rig->school1, "2021-08-31", AS_THEN).title, "S1");
    uint64_t head = machine_head(rig->machine);
    assert_string_equal(rename_to(rig, &rig->school1, "Гимназия", "2022-01-01"), "");      /* it has it already */
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    assert_string_equal(rename_to(rig, &rig->school1, "Лицей", "2015-01-01"), "");         /* said late, and earlier */
    assert_string_equal(get(rig, &rig->school1, NULL, AS_THEN).title, "Гимназия");
    assert_string_equal(get(rig, &rig->school1, "2020-01-01", AS_THEN).title, "Лицей");
    assert_string_equal(get(rig, &rig->school1, "2014-01-01", AS_THEN).title, "S1");
    assert_string_equal(rename_to(rig, &rig->school1, "Завтра", "2022-09-16"), "day_future");
    assert_string_equal(rename_to(rig, &rig->school1, "  ", "2022-09-01"), "empty");
    rig_check(rig);
}

/* ── places ───────────────────────────────────────────────────────────────── */

static void a_moved_school_is_where_it_was_on_each_day(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded one = rig_record(rig, anna());
    rig_record(rig, boris());
    uint64_t head = machine_head(rig->machine);
    assert_string_equal(move(rig, &rig->school1, &rig->south, "2022-01-01"), "");
    assert_string_equal(rig_entries_after(rig, head, NULL),
        "organisation.moved organisation.registered organisation.placed "
        "post.closed post.opened person.handed_over person.withdrawn post.closed post.opened person.handed_over person.withdrawn");
    assert_int_equal(THEN(north, "2021-12-31"), 2);
    assert_int_equal(THEN(south, "2021-12-31"), 0);
    assert_int_equal(THEN(north, "2022-01-01"), 0);
    assert_int_equal(THEN(south, "2022-01-01"), 2);
    assert_int_equal(THEN(school1, "2021-12-31"), 2);
    assert_int_equal(THEN(school1, "2022-01-01"), 2);
    assert_int_equal(NOW(south, "2021-12-31"), 2);
    assert_int_equal(NOW(north, "2021-12-31"), 0);
    assert_true(uuid_equal(&get(rig, &rig->school1, "2021-12-31", AS_THEN).chain.at[1], &rig->north));
    assert_true(uuid_equal(&get(rig, &rig->school1, NULL, AS_THEN).chain.at[1], &rig->south));
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south), north = reaching(ROLE_MUNICIPAL, &rig->north);
    struct person_read read = { one.person, "сверка" };
    struct outcome outcome = rig_send_as(rig, &south, "roster.person.read", &person_read_desc, &read);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    outcome = rig_send_as(rig, &north, "roster.person.read", &person_read_desc, &read);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    struct worker_list list = people_of(rig, &rig->school1, "2022-02-01");
    assert_int_equal(list.rows.n, 2);
    for (uint32_t i = 0; i < list.rows.n; i++)
        assert_true(list.rows.at[i].began != 0 && list.rows.at[i].from == day("2022-01-01"));
    head = machine_head(rig->machine);
    rig_record(rig, anna());                                    /* the same list again says nothing new */
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    rig_check(rig);
}

/* Lists and orders come in any order: what comes late is cut where it would have been. */
static void a_list_after_the_move_gives_the_same(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(move(rig, &rig->school1, &rig->south, "2022-01-01"), "");
    rig_record(rig, anna());
    assert_int_equal(machine_batch(rig->machine, NULL, 0, &rig->arena, NULL), ERR_OK);
    assert_int_equal(THEN(north, "2021-12-31"), 1);
    assert_int_equal(THEN(south, "2021-12-31"), 0);
    assert_int_equal(THEN(north, "2022-01-01"), 0);
    assert_int_equal(THEN(south, "2022-01-01"), 1);
    assert_string_equal(move(rig, &rig->school1, &rig->north, "2022-06-01"), "");       /* and back */
    assert_int_equal(THEN(south, "2022-05-31"), 1);
    assert_int_equal(THEN(north, "2022-06-01"), 1);
    assert_string_equal(move(rig, &rig->school1, &rig->south, "2021-01-01"), "");       /* earlier than was thought */
    assert_int_equal(THEN(north, "2020-12-31"), 1);
    assert_int_equal(THEN(south, "2021-01-01"), 1);
    assert_int_equal(THEN(north, "2021-01-01"), 0);
    assert_int_equal(THEN(north, "2022-06-01"), 1);
    struct worker_record row = anna();
    row.until = day("2022-08-31");                              /* she leaves: the employment's last part ends */
    rig_record(rig, row);
    assert_int_equal(rig_population(rig, &REGION, "2022-08-31").workers, 1);
    assert_int_equal(rig_population(rig, &REGION, "2022-09-01").workers, 0);
    rig_check(rig);
}

static void a_move_is_refused_where_it_makes_no_tree(void **state)
{
    struct rig *rig = *state;
    struct uuid unit = rig_organise(rig, "S1/1", ORG_UNIT, &rig->school1), room = rig_organise(rig, "S1/1/1", ORG_UNIT, &unit);
    struct uuid deep = rig_organise(rig, "S2/1", ORG_UNIT, &rig->school2), deeper = rig_organise(rig, "S2/1/1", ORG_UNIT, &deep);
    const struct { const struct uuid *id, *parent; const char *on, *reason; } ROWS[] = {
        { &rig->school1, &rig->south, "2022-09-16", "day_future" }, { &rig->school1, &rig->school1, "2022-01-01", "organisation_itself" },
        { &rig->school1, &room, "2022-01-01", "unit_circle" },      { &rig->north, &rig->south, "2022-01-01", "parent_kind" },
        { &REGION, &rig->south, "2022-01-01", "parent_kind" },      { &rig->school1, &deep, "2022-01-01", "too_deep" },
        { &rig->school1, &unit, "2022-01-01", "unit_circle" },      { &unit, &deeper, "2022-01-01", "too_deep" },
        { &room, &deeper, "2022-01-01", "" },                       { &rig->school1, &room, "2022-02-01", "too_deep" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_string_equal(move(rig, ROWS[i].id, ROWS[i].parent, ROWS[i].on), ROWS[i].reason);
    assert_string_equal(found(rig, &rig->school1, &unit, "2022-03-01"), "unit_circle");
    assert_string_equal(found(rig, &rig->school1, &deeper, "2022-03-01"), "too_deep");
    assert_string_equal(found(rig, &rig->school1, &deep, "2022-03-01"), "");
    rig_check(rig);
}

/* ── founders ─────────────────────────────────────────────────────────────── */

static void a_regional_school_is_in_the_municipality_and_not_its_own(void **state)
{
    struct rig *rig = *state;
    struct uuid authority = rig_organise(rig, "70-A", ORG_AUTHORITY, &REGION);
    rig_record(rig, anna());
    rig_record(rig, boris());
    assert_string_equal(found(rig, &rig->school1, &authority, "2022-01-01"), "");
    assert_int_equal(workers(rig, &rig->north, "2022-02-01", AS_THEN, TREE_TERRITORY), 2);
    assert_int_equal(workers(rig, &rig->north, "2022-02-01", AS_THEN, TREE_FOUNDER), 0);
    assert_int_equal(workers(rig, &authority, "2022-02-01", AS_THEN, TREE_FOUNDER), 2);
    assert_int_equal(workers(rig, &authority, "2022-02-01", AS_THEN, TREE_TERRITORY), 0);
    assert_int_equal(workers(rig, &rig->north, "2021-12-31", AS_THEN, TREE_FOUNDER), 2);
    assert_int_equal(workers(rig, &rig->north, "2021-12-31", AS_NOW, TREE_FOUNDER), 0);
    assert_int_equal(workers(rig, &authority, "2021-12-31", AS_NOW, TREE_FOUNDER), 2);
    assert_int_equal(workers(rig, &REGION, "2022-02-01", AS_THEN, TREE_FOUNDER), 2);
    struct organisation now = get(rig, &rig->school1, NULL, AS_THEN), then = get(rig, &rig->school1, "2021-12-31", AS_THEN);
    assert_true(uuid_equal(&now.founder, &authority) && uuid_is_nil(&then.founder));
    struct uuid unit = rig_organise(rig, "S1/1", ORG_UNIT, &rig->school1);      /* entered later, and with it */
    struct worker_record row = anna();
    row.code = "Т-900"; row.family = "Зимина"; row.snils = NULL; row.organisation = "S1/1";
    rig_record(rig, row);
    assert_int_equal(workers(rig, &unit, "2022-02-01", AS_THEN, TREE_FOUNDER), 1);
    assert_int_equal(workers(rig, &authority, "2022-02-01", AS_THEN, TREE_FOUNDER), 3);
    rig_check(rig);
}

/* ── reorganisation ───────────────────────────────────────────────────────── */

static void merged_schools_go_on_as_their_heir(void **state)
{
    struct rig *rig = *state;
    struct uuid both[2] = { rig->school1, rig->school2 };
    struct worker_record row = boris();
    row.organisation = "S2";
    row.code = "Т-300"; row.family = "Снегирёв";
    rig_record(rig, anna());
    rig_record(rig, boris());
    rig_record(rig, row);
    assert_string_equal(merge(rig, both, 2, &rig->school3, "2022-01-01"), "");
    assert_int_equal(THEN(school1, "2021-12-31"), 2);
    assert_int_equal(THEN(school1, "2022-01-01"), 0);
    assert_int_equal(THEN(school3, "2021-12-31"), 0);
    assert_int_equal(THEN(school3, "2022-01-01"), 3);
    assert_int_equal(THEN(north, "2021-12-31"), 3);
    assert_int_equal(THEN(south, "2022-01-01"), 3);
    assert_int_equal(NOW(south, "2021-12-31"), 3);
    assert_int_equal(NOW(school3, "2021-12-31"), 3);
    assert_int_equal(NOW(north, "2021-12-31"), 0);
    assert_int_equal(NOW(school1, "2021-12-31"), 0);
    struct organisation was = get(rig, &rig->school1, NULL, AS_THEN), now = get(rig, &rig->school1, NULL, AS_NOW);
    assert_int_equal(was.closed, day("2022-01-01"));
    assert_true(uuid_equal(&was.heir, &rig->school3) && uuid_equal(&now.id, &rig->school3));
    assert_int_equal(get(rig, &rig->school1, "2021-12-31", AS_THEN).closed, 0);
    uint64_t head = machine_head(rig->machine);
    rig_record(rig, anna());                                    /* the old list again */
    row = anna();
    row.organisation = "S3";                                    /* and the new one, with the day she was taken on */
    rig_record(rig, row);
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    row = anna();
    row.until = day("2022-03-31");
    struct problem problem = rig_refused(rig, &rig->centre, row);
    assert_string_equal(problem.reason, "organisation_closed");
    assert_string_equal(arg(&problem, "day"), "2022-01-01");
    assert_string_equal(merge(rig, both, 2, &rig->school3, "2022-01-01"), "organisation_closed");
    assert_string_equal(merge(rig, &rig->school3, 1, &rig->school1, "2022-02-01"), "organisation_closed");
    assert_string_equal(close_on(rig, "roster.organisation.reopen", &rig->school1, "2022-02-01"), "has_an_heir");
    rig_check(rig);
}

static void merged_municipalities_take_their_schools_along(void **state)
{
    struct rig *rig = *state;
    struct uuid unit = rig_organise(rig, "S1/1", ORG_UNIT, &rig->school1);
    struct worker_record row = anna();
    row.organisation = "S1/1";
    rig_record(rig, row);
    rig_record(rig, boris());
    assert_string_equal(merge(rig, &rig->north, 1, &rig->school3, "2022-01-01"), "heir_kind");
    assert_string_equal(merge(rig, &rig->north, 1, &rig->south, "2022-01-01"), "");
    assert_int_equal(THEN(north, "2021-12-31"), 2);
    assert_int_equal(THEN(north, "2022-01-01"), 0);
    assert_int_equal(THEN(south, "2022-01-01"), 2);
    assert_int_equal(NOW(south, "2021-12-31"), 2);
    assert_int_equal(THEN(school1, "2022-01-01"), 2);
    struct organisation moved = get(rig, &unit, NULL, AS_THEN);
    assert_int_equal(moved.chain.n, 4);
    assert_true(uuid_equal(&moved.chain.at[2], &rig->south));
    rig_check(rig);
}

static void a_split_school_goes_on_as_its_heir_or_stays(void **state)
{
    struct rig *rig = *state;
    struct uuid parts[2] = { rig_organise(rig, "S4", ORG_SCHOOL, &rig->north), rig_organise(rig, "S5", ORG_SCHOOL, &rig->south) };
    rig_record(rig, anna());
    assert_string_equal(split(rig, &rig->school1, parts, 1, false, "2022-01-01"), "split_in_one");
    assert_string_equal(split(rig, &rig->school1, (struct uuid[]){ parts[0], parts[0] }, 2, false, "2022-01-01"), "organisation_twice");
    assert_string_equal(split(rig, &rig->school1, parts, 1, true, "2022-01-01"), "");      /* S4 has left it */
    assert_int_equal(THEN(school1, "2022-01-01"), 1);
    assert_int_equal(get(rig, &rig->school1, NULL, AS_THEN).closed, 0);
    assert_string_equal(split(rig, &rig->school1, parts, 2, false, "2022-02-01"), "");
    assert_int_equal(THEN(school1, "2022-01-31"), 1);
    assert_int_equal(THEN(school1, "2022-02-01"), 0);
    assert_int_equal(workers(rig, &parts[0], "2022-02-01", AS_THEN, TREE_TERRITORY), 1);
    assert_int_equal(workers(rig, &parts[1], "2022-02-01", AS_NOW, TREE_TERRITORY), 0);
    struct history_of of = { .id = rig->school1 };
    struct organisation_history history;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.organisation.history", &history_of_desc, &of, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&organisation_history_desc, outcome.body, &history, &rig->arena);
    assert_int_equal(history.rows.n, 3);
    assert_false(history.rows.at[0].heir);
    assert_true(history.rows.at[1].heir != history.rows.at[2].heir);
    assert_string_equal(history.rows.at[2].ground, GROUND);
    rig_check(rig);
}

/* The heir takes all; who goes on with another part is transferred, from the same day or later. */
static void people_of_a_split_school_go_on_with_its_parts(void **state)
{
    struct rig *rig = *state;
    struct uuid parts[2] = { rig_organise(rig, "S4", ORG_SCHOOL, &rig->north), rig_organise(rig, "S5", ORG_SCHOOL, &rig->south) };
    rig_record(rig, anna());
    rig_record(rig, boris());
    assert_string_equal(split(rig, &rig->school1, parts, 2, false, "2022-02-01"), "");
    struct worker_list heirs = people_of(rig, &parts[0], "2022-02-01");
    assert_int_equal(heirs.rows.n, 2);
    struct uuid first = heirs.rows.at[0].post, second = heirs.rows.at[1].post, old = people_of(rig, &rig->school1, "2022-01-31").rows.at[0].post;
    const struct { struct uuid post; const struct uuid *to; const char *on, *reason; } ROWS[] = {
        { first, &parts[0], "2022-02-01", "organisation_itself" }, { first, &parts[1], "2022-01-31", "post_not_held" },
        { first, &parts[1], "2022-09-16", "day_future" },          { first, &rig->school1, "2022-03-01", "organisation_closed" },
        { old, &parts[1], "2022-01-31", "post_goes_on" },          { rig->school2, &parts[1], "2022-03-01", "post_not_found" },
        { first, &REGION, "2022-02-01", "" },                      { first, &parts[1], "2022-02-01", "post_not_held" },
        { second, &parts[1], "2022-05-01", "" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct post_transfer body = { ROWS[i].post, *ROWS[i].to, day(ROWS[i].on) };
        assert_string_equal(change(rig, "roster.post.transfer", &post_transfer_desc, &body), ROWS[i].reason);
    }
    static const struct { const char *on; unsigned old, heir, part; } TOTALS[] = {
        { "2022-01-31", 2, 0, 0 }, { "2022-02-01", 0, 1, 0 }, { "2022-04-30", 0, 1, 0 }, { "2022-05-01", 0, 0, 1 },
    };
    for (size_t i = 0; i < sizeof TOTALS / sizeof *TOTALS; i++) {
        assert_int_equal(THEN(school1, TOTALS[i].on), TOTALS[i].old);
        assert_int_equal(workers(rig, &parts[0], TOTALS[i].on, AS_THEN, TREE_TERRITORY), TOTALS[i].heir);
        assert_int_equal(workers(rig, &parts[1], TOTALS[i].on, AS_THEN, TREE_TERRITORY), TOTALS[i].part);
        assert_int_equal(workers(rig, &REGION, TOTALS[i].on, AS_THEN, TREE_TERRITORY), 2);
        assert_int_equal(workers(rig, &REGION, TOTALS[i].on, AS_NOW, TREE_TERRITORY), 2);
    }
    rig_check(rig);
}

static unsigned listed(struct rig *rig, const char *on, const char *title)
{
    struct organisations_at body = { .limit = 3, .on = day(on) };
    unsigned found = 0;
    do {                                        /* page by page */
        struct organisation_list list;
        struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.organisation.list", &organisations_at_desc, &body, &rig->arena);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&organisation_list_desc, outcome.body, &list, &rig->arena);
        for (uint32_t i = 0; i < list.rows.n; i++)
            found += title == NULL || strcmp(list.rows.at[i].title, title) == 0;
        body.after = list.next;
    } while (body.after.n > 0);
    return found;
}

static void the_list_of_a_day_has_what_there_was(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(rename_to(rig, &rig->school1, "Гимназия", "2021-09-01"), "");
    assert_string_equal(merge(rig, &rig->school1, 1, &rig->school2, "2022-01-01"), "");
    assert_int_equal(listed(rig, "2021-08-31", NULL), 6);
    assert_int_equal(listed(rig, "2021-08-31", "Гимназия"), 0);
    assert_int_equal(listed(rig, "2021-09-01", "Гимназия"), 1);
    assert_int_equal(listed(rig, "2021-12-31", NULL), 6);
    assert_int_equal(listed(rig, "2022-01-01", NULL), 5);
    assert_int_equal(listed(rig, "2022-01-01", "Гимназия"), 0);
    assert_int_equal(listed(rig, NULL, "Гимназия"), 1);         /* all that there ever were */
    rig_check(rig);
}

/* ── closing ──────────────────────────────────────────────────────────────── */

static void nobody_is_dismissed_by_a_closure(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded one = rig_record(rig, anna());
    assert_string_equal(close_on(rig, "roster.organisation.close", &rig->north, "2022-01-01"), "units_remain");
    assert_string_equal(close_on(rig, "roster.organisation.close", &rig->school1, "2022-01-01"), "people_remain");
    struct post_close left = { one.post, day("2021-12-31") };
    assert_string_equal(change(rig, "roster.post.close", &post_close_desc, &left), "");
    assert_string_equal(close_on(rig, "roster.organisation.close", &rig->school1, "2022-01-01"), "");
    assert_string_equal(close_on(rig, "roster.organisation.close", &rig->school1, "2022-01-01"), "organisation_closed");
    left.until = day("2022-02-01");
    assert_string_equal(change(rig, "roster.post.close", &post_close_desc, &left), "organisation_closed");
    assert_int_equal(THEN(school1, "2021-12-31"), 1);
    struct worker_record row = anna();
    row.code = "Т-900"; row.family = "Зимина"; row.snils = NULL;
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "organisation_closed");
    row.until = day("2021-12-31");
    rig_record(rig, row);                                       /* a past post there is welcome */
    assert_int_equal(NOW(north, "2021-12-31"), 2);
    assert_string_equal(close_on(rig, "roster.organisation.reopen", &rig->school1, "2022-02-01"), "");
    assert_string_equal(close_on(rig, "roster.organisation.reopen", &rig->school1, "2022-02-01"), "not_closed");
    row.until = 0;
    row.from = day("2022-03-01");
    rig_record(rig, row);
    rig_check(rig);
}

/* A post that was cut is closed where it goes on, and only there. */
/* It gave way to one that has been closed since, for good. */
static void nobody_begins_where_no_heir_is_left(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna(), other = boris();
    other.organisation = "S3";
    struct worker_recorded elsewhere = rig_record(rig, other);
    assert_string_equal(merge(rig, &rig->school1, 1, &rig->school2, "2022-01-01"), "");
    assert_string_equal(close_on(rig, "roster.organisation.close", &rig->school2, "2022-02-01"), "");
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "organisation_closed");
    struct post_transfer transfer = { elsewhere.post, rig->school1, day("2021-10-01") };
    assert_string_equal(change(rig, "roster.post.transfer", &post_transfer_desc, &transfer), "organisation_closed");
    row.until = day("2021-12-31");
    rig_record(rig, row);                                       /* a past post there is welcome */
    rig_check(rig);
}

static void a_cut_post_is_closed_at_its_end(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded one = rig_record(rig, anna());
    assert_string_equal(move(rig, &rig->school1, &rig->south, "2022-01-01"), "");
    struct post_close first = { one.post, day("2022-03-31") };
    assert_string_equal(change(rig, "roster.post.close", &post_close_desc, &first), "post_goes_on");
    first.post = people_of(rig, &rig->school1, "2022-02-01").rows.at[0].post;
    assert_string_equal(change(rig, "roster.post.close", &post_close_desc, &first), "");
    assert_int_equal(THEN(south, "2022-03-31"), 1);
    assert_int_equal(THEN(south, "2022-04-01"), 0);
    rig_check(rig);
}

/* More people than fit into one batch, and more units. */
static void many_follow_in_batches(void **state)
{
    struct rig *rig = *state;
    char code[20], family[40];
    for (unsigned i = 0; i < 150; i++) {
        struct worker_record row = boris();
        snprintf(code, sizeof code, "Ш-%u", i);
        snprintf(family, sizeof family, "Гусев%s%s", (const char *[]){ "а", "о", "ин", "ов", "ев", "их", "ый", "ец", "ак", "ук", "ич", "ан", "ень" }[i % 13],
                 (const char *[]){ "а", "о", "ин", "ов", "ев", "их", "ый", "ец", "ак", "ук", "ич", "ан" }[i / 13]);
        row.code = code;
        row.family = family;
        rig_record(rig, row);
        snprintf(code, sizeof code, "Ш%u", i);
        rig_organise(rig, code, ORG_SCHOOL, &rig->north);
    }
    assert_int_equal(THEN(north, "2022-01-01"), 150);
    assert_string_equal(merge(rig, &rig->north, 1, &rig->south, "2022-01-01"), "");
    assert_int_equal(machine_next_due(rig->machine), 0);
    assert_int_equal(THEN(north, "2021-12-31"), 150);
    assert_int_equal(THEN(north, "2022-01-01"), 0);
    assert_int_equal(THEN(south, "2022-01-01"), 150);
    struct uuid last = rig_find(rig, &rig->centre, "roster.organisation.find", "Ш149");
    assert_true(uuid_equal(&get(rig, &last, NULL, AS_THEN).chain.at[1], &rig->south));
    rig_check(rig);
}

int main(void)
{
#define UNITS(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)
    const struct CMUnitTest tests[] = {
        UNITS(a_new_name_holds_from_its_day),
        UNITS(a_moved_school_is_where_it_was_on_each_day),
        UNITS(a_list_after_the_move_gives_the_same),
        UNITS(a_move_is_refused_where_it_makes_no_tree),
        UNITS(a_regional_school_is_in_the_municipality_and_not_its_own),
        UNITS(merged_schools_go_on_as_their_heir),
        UNITS(merged_municipalities_take_their_schools_along),
        UNITS(a_split_school_goes_on_as_its_heir_or_stays),
        UNITS(people_of_a_split_school_go_on_with_its_parts),
        UNITS(the_list_of_a_day_has_what_there_was),
        UNITS(nobody_is_dismissed_by_a_closure),
        UNITS(nobody_begins_where_no_heir_is_left), UNITS(a_cut_post_is_closed_at_its_end),
        UNITS(many_follow_in_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
