#include "tests/unit/toy.h"

#include "proto/roles.h"
#include "services/shared/places.h"

/* The read copy of organisations and posts: a pretended roster writes, a follower looks up. */

/* ── a roster that says what it is told, and a follower that answers where somebody belongs ── */
static void apply_nothing(struct ctx *ctx, const void *event) { (void)ctx; (void)event; }

#define SAY(name, event_name)                                                       \
    static enum verdict name(struct ctx *ctx, const void *command)                  \
    {                                                                               \
        emit(ctx, event_name, command, NULL, 0);                                    \
        return VERDICT_OK;                                                          \
    }
SAY(say_organisation, "roster.organisation.registered")
SAY(say_opened, "roster.post.opened")
SAY(say_closed, "roster.post.closed")
SAY(say_handed_over, "roster.person.handed_over")
SAY(say_merged, "roster.person.merged")
SAY(say_unmerged, "roster.person.unmerged")

static const struct command_def SAYS[] = {
    { "roster.organisation.say", &organisation_desc,       &nothing_desc, ROLE(ROLE_CENTRE), say_organisation, NULL },
    { "roster.opened.say",       &post_opened_desc,        &nothing_desc, ROLE(ROLE_CENTRE), say_opened,       NULL },
    { "roster.closed.say",       &post_closed_desc,        &nothing_desc, ROLE(ROLE_CENTRE), say_closed,       NULL },
    { "roster.handed_over.say",  &person_handed_over_desc, &nothing_desc, ROLE(ROLE_CENTRE), say_handed_over,  NULL },
    { "roster.merged.say",       &person_merged_desc,      &nothing_desc, ROLE(ROLE_CENTRE), say_merged,       NULL },
    { "roster.unmerged.say",     &person_unmerged_desc,    &nothing_desc, ROLE(ROLE_CENTRE), say_unmerged,     NULL },
};
static const struct event_def SAID[] = {
    { "roster.organisation.registered", 1, &organisation_desc,       apply_nothing },
    { "roster.post.opened",             1, &post_opened_desc,        apply_nothing },
    { "roster.post.closed",             1, &post_closed_desc,        apply_nothing },
    { "roster.person.handed_over",      1, &person_handed_over_desc, apply_nothing },
    { "roster.person.merged",           1, &person_merged_desc,      apply_nothing },
    { "roster.person.unmerged",         1, &person_unmerged_desc,    apply_nothing },
};
static const struct service ROSTER = {
    .name = "roster", .state_version = 1, .copy_version = 1, .commands = ROWS(SAYS), .events = ROWS(SAID),
    .roles = &role_names,
};

#define WHERE_FIELDS(X, S)                              \
    X(S, UUID, person,       _, 0, 0, REQUIRED)         \
    X(S, UUID, organisation, _, 0, 0, OPTIONAL)         \
    X(S, DAY,  day,          _, 0, 0, REQUIRED)
MSG_DECLARE(where, WHERE_FIELDS)
MSG_DEFINE(where, WHERE_FIELDS)
#define HERE_FIELDS(X, S)                               \
    X(S, UUID,  organisation, _,        0, 0, REQUIRED) \
    X(S, ENUM,  kind,         org_kind, 0, 0, REQUIRED) \
    X(S, UUIDS, scope,        _,        0, 8, REQUIRED)
MSG_DECLARE(here, HERE_FIELDS)
MSG_DEFINE(here, HERE_FIELDS)

static enum verdict query_where(struct ctx *ctx, const void *query)
{
    const struct where *where = query;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct workplace place;
    enum verdict verdict = places_need(ctx, &where->person, &where->organisation, where->day, &place);

    if (verdict != VERDICT_OK)
        return verdict;
    struct here here = { place.organisation, place.kind, { places_scope(&where->person, &place, scope), scope } };
    reply(ctx, &here);
    return VERDICT_OK;
}

static enum verdict query_now(struct ctx *ctx, const void *query)
{
    const struct registered *of = query;
    struct workplace place;

    if (!places_now(ctx, &of->id, &place))
        return refuse(ctx, PROBLEM_NOT_FOUND, "organisation_unknown");
    struct here here = { place.organisation, place.kind, { place.chain.n, place.chain.at } };
    reply(ctx, &here);
    return VERDICT_OK;
}

static const struct table_def TABLES[] = { PLACES_TABLES };
static const struct projection_def PROJECTIONS[] = { PLACES_PROJECTIONS };
static const struct query_def QUERIES[] = {
    { "copy.place.get", &where_desc, &here_desc, ROLE(ROLE_CENTRE), query_where },
    { "copy.place.now", &registered_desc, &here_desc, ROLE(ROLE_CENTRE), query_now },
};
static const struct service COPY = {
    .name = "copy", .state_version = 1, .copy_version = 1, .tables = ROWS(TABLES), .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS), .roles = &role_names,
};

/* ── the bench ────────────────────────────────────────────────────────────── */
struct rig { char *dir, *dir2; struct toy_time time; struct machine *roster, *copy; struct arena arena; unsigned n; };

static struct uuid id(const char *name) { return uuid_derive("test", bytes_of(name)); }
#define ID(name) (&(struct uuid[]){ id(name) }[0])

static day_t day(const char *text)
{
    day_t d = 0;
    if (text != NULL)
        assert_true(day_parse(&d, text, strlen(text)));
    return d;
}

static void say(struct rig *rig, const char *method, const struct msg_desc *desc, const void *body)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    uint8_t random[10] = { (uint8_t)rig->n++ };
    struct outcome o = toy_command(rig->roster, &who, uuid_v7(rig->time.wall / MOMENT_MS, random), method, desc, body, &rig->arena);
    assert_string_equal(toy_reason(&o, &rig->arena), "");
    toy_follow(rig->roster, rig->copy, &rig->arena);
}

static struct post_opened post(struct rig *rig, const char *name, const char *person, const char *org, bool main,
                               const char *from, const char *until)
{
    struct uuid *chain = ARENA_LIST(&rig->arena, struct uuid, 2);
    chain[0] = id(org);
    chain[1] = id("region");
    return (struct post_opened){ .post = id(name), .person = id(person), .chain = { 2, chain }, .kind = POST_EDUCATOR,
        .organisation_kind = ORG_SCHOOL, .title = "учитель", .main = main, .from = day(from), .until = day(until) };
}

static void organisation(struct rig *rig, const char *name, int kind)
{
    struct uuid chain[2] = { id(name), id("region") };
    struct organisation body = { .id = id(name), .code = name, .kind = kind, .title = name, .chain = { 2, chain } };
    say(rig, "roster.organisation.say", &organisation_desc, &body);
}

static const char *ask(struct rig *rig, const char *person, const char *org, const char *on, struct here *here)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    struct where where = { id(person), org != NULL ? id(org) : UUID_NIL, day(on) };
    struct outcome o = toy_ask(rig->copy, &who, "copy.place.get", &where_desc, &where, &rig->arena);
    if (o.kind == OUTCOME_REPLY)
        toy_decode(&here_desc, o.body, here, &rig->arena);
    return toy_reason(&o, &rig->arena);
}

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    rig->dir = toy_dir();
    rig->dir2 = toy_dir();
    struct machine_options options = toy_options(rig->dir, &rig->time);
    assert_int_equal(machine_open(&rig->roster, &ROSTER, &options), ERR_OK);
    options.dir = rig->dir2;
    assert_int_equal(machine_open(&rig->copy, &COPY, &options), ERR_OK);
    organisation(rig, "A", ORG_SCHOOL);
    organisation(rig, "B", ORG_COLLEGE);
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    machine_close(&rig->roster);
    machine_close(&rig->copy);
    arena_free(&rig->arena);
    toy_remove(rig->dir);
    toy_remove(rig->dir2);
    free(rig);
    return 0;
}

static void the_main_post_on_the_day_else_any(void **state)
{
    struct rig *rig = *state;
    struct post_opened side = post(rig, "p1", "anna", "B", false, "2015-01-01", NULL);
    struct post_opened main = post(rig, "p2", "anna", "A", true, "2020-09-01", "2021-08-31");
    static const struct { const char *on, *org; } ROWS[] = {
        { "2014-12-31", NULL }, { "2015-01-01", "B" }, { "2020-08-31", "B" }, { "2020-09-01", "A" },
        { "2021-08-31", "A" },  { "2021-09-01", "B" },
    };
    struct here here;
    say(rig, "roster.opened.say", &post_opened_desc, &side);
    say(rig, "roster.opened.say", &post_opened_desc, &main);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const char *reason = ask(rig, "anna", NULL, ROWS[i].on, &here);
        assert_string_equal(reason, ROWS[i].org != NULL ? "" : "no_post_on_day");
        if (ROWS[i].org != NULL)
            assert_true(uuid_equal(&here.organisation, ID(ROWS[i].org)));
    }
}

static void a_named_organisation_has_to_exist_and_so_has_the_person(void **state)
{
    struct rig *rig = *state;
    struct post_opened main = post(rig, "p1", "anna", "A", true, "2020-09-01", NULL);
    struct here here;
    say(rig, "roster.opened.say", &post_opened_desc, &main);
    assert_string_equal(ask(rig, "anna", "B", "2022-01-01", &here), "");
    assert_int_equal(here.kind, ORG_COLLEGE);
    assert_int_equal(here.scope.n, 3);
    assert_true(uuid_equal(&here.scope.at[0], ID("anna")));
    assert_true(uuid_equal(&here.scope.at[2], ID("region")));
    assert_string_equal(ask(rig, "anna", "C", "2022-01-01", &here), "organisation_unknown");
    assert_string_equal(ask(rig, "boris", "A", "2022-01-01", &here), "person_unknown");
    assert_string_equal(ask(rig, "boris", NULL, "2022-01-01", &here), "person_unknown");
}

/* A gives way to B, and B to C: what was counted for A counts for C. In a circle nobody goes round for ever. */
static void an_organisation_counts_as_what_goes_on_in_its_place(void **state)
{
    struct rig *rig = *state;
    static const struct { const char *unit, *heir, *now; } ROWS[] = {
        { "A", NULL, "A" }, { "A", "B", "B" }, { "B", "C", NULL }, { "C", NULL, "C" }, { "B", "C", "C" }, { "A", "B", "C" },
        { "C", "A", "" },
    };
    struct principal who = toy_principal(ROLE_CENTRE);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct uuid chain[2] = { id(ROWS[i].unit), id("region") };
        struct organisation body = { .id = chain[0], .code = ROWS[i].unit, .kind = ORG_SCHOOL, .title = ROWS[i].unit, .chain = { 2, chain },
                                     .closed = ROWS[i].heir != NULL ? day("2021-09-01") : 0,
                                     .heir = ROWS[i].heir != NULL ? id(ROWS[i].heir) : UUID_NIL };
        struct registered of = { chain[0] };
        struct here here;
        say(rig, "roster.organisation.say", &organisation_desc, &body);
        struct outcome o = toy_ask(rig->copy, &who, "copy.place.now", &registered_desc, &of, &rig->arena);
        assert_string_equal(toy_reason(&o, &rig->arena), ROWS[i].now != NULL ? "" : "organisation_unknown");
        if (ROWS[i].now == NULL || ROWS[i].now[0] == '\0')
            continue;
        toy_decode(&here_desc, o.body, &here, &rig->arena);
        assert_true(uuid_equal(&here.organisation, ID(ROWS[i].now)));
        assert_true(uuid_equal(&here.scope.at[0], ID(ROWS[i].now)));
    }
}

/* Whoever is named by the record that has gone works where the kept one does; and after that was undone, nowhere. */
static void a_merged_record_is_known_by_both_ids(void **state)
{
    struct rig *rig = *state;
    struct post_opened main = post(rig, "p1", "anna", "A", true, "2020-09-01", NULL), never = post(rig, "p2", "anja", "B", true, "2020-09-01", "2020-08-31");
    struct person_merged merged = { .kept = id("anna"), .gone = id("anja"), .day = day("2022-01-01"), .ground = "паспорт" };
    struct person_unmerged undone = { id("anna"), id("anja"), day("2022-01-01"), "ошибка" };
    struct here here;
    say(rig, "roster.opened.say", &post_opened_desc, &main);
    say(rig, "roster.opened.say", &post_opened_desc, &never);
    assert_string_equal(ask(rig, "anja", NULL, "2022-01-01", &here), "no_post_on_day");
    say(rig, "roster.merged.say", &person_merged_desc, &merged);
    assert_string_equal(ask(rig, "anja", NULL, "2022-01-01", &here), "");
    assert_true(uuid_equal(&here.organisation, ID("A")));
    assert_true(uuid_equal(&here.scope.at[0], ID("anja")));     /* the fact keeps the id that it was entered under */
    assert_string_equal(ask(rig, "anna", NULL, "2022-01-01", &here), "");
    say(rig, "roster.unmerged.say", &person_unmerged_desc, &undone);
    assert_string_equal(ask(rig, "anja", NULL, "2022-01-01", &here), "no_post_on_day");
}

static void a_closed_a_changed_and_a_handed_over_post_are_followed(void **state)
{
    struct rig *rig = *state;
    struct post_opened main = post(rig, "p1", "anna", "A", true, "2020-09-01", NULL);
    struct post_opened other = post(rig, "p2", "boris", "B", true, "2019-09-01", NULL);
    struct post_closed closed = { .post = main.post, .person = main.person, .until = day("2021-12-31") };
    struct here here;
    say(rig, "roster.opened.say", &post_opened_desc, &main);
    say(rig, "roster.closed.say", &post_closed_desc, &closed);
    assert_string_equal(ask(rig, "anna", NULL, "2021-12-31", &here), "");
    assert_string_equal(ask(rig, "anna", NULL, "2022-01-01", &here), "person_left");
    main.until = day("2022-06-30");                     /* the same post again: its present state */
    say(rig, "roster.opened.say", &post_opened_desc, &main);
    assert_string_equal(ask(rig, "anna", NULL, "2022-01-01", &here), "");
    closed = (struct post_closed){ .post = id("p9"), .person = id("vera"), .until = day("2021-12-31") };
    say(rig, "roster.closed.say", &post_closed_desc, &closed);      /* never seen open */
    assert_string_equal(ask(rig, "vera", NULL, "2021-12-31", &here), "person_unknown");
    struct person_handed_over handed = { .person = id("boris"), .chain = { other.chain.n, other.chain.at },
                                         .posts = { 1, &other } };
    say(rig, "roster.handed_over.say", &person_handed_over_desc, &handed);
    assert_string_equal(ask(rig, "boris", NULL, "2020-01-01", &here), "");
    assert_true(uuid_equal(&here.organisation, ID("B")));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_organisation_counts_as_what_goes_on_in_its_place),
        TEST(a_merged_record_is_known_by_both_ids),
        TEST(the_main_post_on_the_day_else_any),
        TEST(a_named_organisation_has_to_exist_and_so_has_the_person),
        TEST(a_closed_a_changed_and_a_handed_over_post_are_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
