#include "tests/service/source.h"
#include "tests/unit/check.h"

#include "proto/profile.h"
#include "proto/roles.h"
#include "services/indicators/indicators_state.h"

/* Values of a small region by hand; the same tables whatever the order of the streams; a recount that
 * agrees, and one that finds what was spoilt; who may read what, page by page. */

extern const struct service indicators_service;

enum { STREAM_ROSTER, STREAM_DIAGNOSTICS, STREAM_ROUTES, STREAM_PROGRAMMES, STREAMS };
struct world { struct arena arena; struct source source[STREAMS]; };
struct rig { struct toy_time time; char *dir; struct machine *machine; struct arena arena; };

#define SHORT_COURSE 7          /* the programme of under 16 hours */
static struct uuid region;

static struct uuid id_of(const char *kind, uint32_t n)
{
    return uuid_derive(kind, bytes(&n, sizeof n));
}

static day_t date(const char *text)
{
    day_t day = 0;
    if (text != NULL)
        assert_true(day_parse(&day, text, strlen(text)));
    return day;
}

static void profile_region_id(void)
{
    struct arena arena = { 0 };
    const struct profile *profile;
    char says[400] = "";
    int zone;
    if (profile_read(arena_format(&arena, "%s/config/regions/tomsk.yaml", getenv("RSNMS_SOURCE")), &arena, &profile, &zone, says) != ERR_OK)
        fail_msg("%s", says);
    region = profile->region->id;
    arena_free(&arena);
}

/* ── what the other services would have written ───────────────────────────── */

static void world_start(struct world *w)
{
    static const char *const names[STREAMS] = { "roster", "diagnostics", "routes", "programmes" };
    for (int i = 0; i < STREAMS; i++)
        source_start(&w->source[i], names[i], &w->arena);
}

/* Schools stand two to a municipality. */
static void chain_of(uint32_t school, struct uuid chain[3])
{
    chain[0] = id_of("school", school);
    chain[1] = id_of("municipality", school / 2);
    chain[2] = region;
}
#define CHAIN(event, school) \
    struct uuid chain_[3]; chain_of((school), chain_); (event).chain.n = 3; (event).chain.at = chain_

static void say_unit(struct world *w, struct uuid id, int kind, const char *code, uint32_t n, struct uuid *chain)
{
    struct organisation unit = { .id = id, .kind = kind, .code = code, .title = arena_format(&w->arena, "Организация %s", code) };
    unit.chain.n = n;
    unit.chain.at = chain;
    source_add(&w->source[STREAM_ROSTER], "roster.organisation.registered", &organisation_desc, &unit);
}

static void say_units(struct world *w, uint32_t schools)
{
    say_unit(w, region, ORG_REGION, "70", 1, &region);
    for (uint32_t s = 0; s < schools; s++) {
        struct uuid chain[3];
        chain_of(s, chain);
        if (s % 2 == 0)
            say_unit(w, chain[1], ORG_MUNICIPALITY, arena_format(&w->arena, "м-%u", s / 2), 2, chain + 1);
        say_unit(w, chain[0], ORG_SCHOOL, arena_format(&w->arena, "ш-%02u", s), 3, chain);
    }
}

static void say_person(struct world *w, uint32_t n, const char *event, day_t young_from, day_t young_until)
{
    static const uint8_t hash[32] = { 1 };
    struct person_registered person = { .person = id_of("person", n), .sealed = bytes("x", 1), .match_code = bytes(hash, 32),
        .match_name = bytes(hash, 32), .young_from = young_from, .young_until = young_until };
    source_add(&w->source[STREAM_ROSTER], event, &person_registered_desc, &person);
}

static void say_post(struct world *w, uint32_t n, uint32_t person, uint32_t school, int kind, day_t from, day_t until)
{
    struct post_opened post = { .post = id_of("post", n), .person = id_of("person", person), .organisation_kind = ORG_SCHOOL,
        .kind = kind, .title = "должность", .main = true, .from = from, .until = until };
    CHAIN(post, school);
    source_add(&w->source[STREAM_ROSTER], "roster.post.opened", &post_opened_desc, &post);
}

static void say_closed(struct world *w, uint32_t n, uint32_t person, day_t until)
{
    struct post_closed closed = { .post = id_of("post", n), .person = id_of("person", person), .until = until };
    source_add(&w->source[STREAM_ROSTER], "roster.post.closed", &post_closed_desc, &closed);
}

static void say_sitting(struct world *w, uint32_t n, uint32_t person, uint32_t school, int owner, day_t day)
{
    struct share share = { "К1", 1, 2, true };
    struct sitting_scored sitting = { .sitting = id_of("sitting", n), .procedure = id_of("procedure", 1), .person = id_of("person", person),
        .owner_kind = owner, .day = day, .ends = day, .shares = { 1, &share } };
    CHAIN(sitting, school);
    source_add(&w->source[STREAM_DIAGNOSTICS], "diagnostics.sitting.scored", &sitting_scored_desc, &sitting);
}

static void say_route(struct world *w, uint32_t n, uint32_t person, uint32_t school, int owner, uint32_t programme, day_t day, bool agreed)
{
    const char *deficits[] = { "К1" };
    struct uuid programmes[] = { id_of("programme", programme) };
    struct step step = { .number = 1, .programme = programmes[0], .title = "Программа", .hours = 36, .deficits = { 1, deficits } };
    struct route_drafted draft = { .route = id_of("route", n), .sitting = id_of("sitting", n), .procedure = id_of("procedure", 1),
        .owner_kind = owner, .person = id_of("person", person), .day = day, .steps = { 1, &step } };
    struct route_moved moved = { .route = draft.route, .person = draft.person, .owner_kind = owner, .day = day };
    CHAIN(draft, school);
    moved.chain.n = 3;
    moved.chain.at = chain_;
    moved.programmes.n = 1;
    moved.programmes.at = programmes;
    source_add(&w->source[STREAM_ROUTES], "routes.route.drafted", &route_drafted_desc, &draft);
    if (agreed)
        source_add(&w->source[STREAM_ROUTES], "routes.route.agreed", &route_moved_desc, &moved);
}

static void say_support(struct world *w, uint32_t n, uint32_t person, uint32_t school, day_t day)
{
    struct support support = { .support = id_of("support", n), .person = id_of("person", person), .form = "наставничество", .day = day };
    CHAIN(support, school);
    source_add(&w->source[STREAM_ROUTES], "routes.support.recorded", &support_desc, &support);
}

static void say_programme(struct world *w, uint32_t n, int kind, int provider_kind)
{
    struct programme programme = { .id = id_of("programme", n), .code = arena_format(&w->arena, "П-%u", n), .title = "Программа", .kind = kind,
        .hours = 36, .provider = id_of("provider", (uint32_t)provider_kind), .provider_kind = provider_kind };
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.programme.registered", &programme_desc, &programme);
}

static void say_included(struct world *w, uint32_t programme, day_t day)
{
    struct programme_included included = { .programme = id_of("programme", programme), .day = day };
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.programme.included", &programme_included_desc, &included);
}

static void say_run(struct world *w, uint32_t n, uint32_t programme, day_t day)
{
    struct run run = { .id = id_of("run", n), .programme = id_of("programme", programme), .day = day };
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.run.recorded", &run_desc, &run);
}

static void say_done(struct world *w, uint32_t n, uint32_t person, uint32_t school, uint32_t programme, uint32_t route, bool federal,
                     const char *topic, day_t day)
{
    struct completion done = { .completion = id_of("completion", n), .programme = id_of("programme", programme), .person = id_of("person", person),
        .enrolled = day, .day = day, .federal = federal,
        .kind = programme == SHORT_COURSE ? PROGRAMME_NON_FORMAL : PROGRAMME_DEVELOPMENT, .route = id_of("route", route), .document = "У-1", .topics = { topic != NULL, &topic } };
    CHAIN(done, school);
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.completion.recorded", &completion_desc, &done);
}

static void say_excluded(struct world *w, uint32_t programme, day_t day)
{
    struct programme_included excluded = { .programme = id_of("programme", programme), .day = day };
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.programme.excluded", &programme_included_desc, &excluded);
}

static void say_enrolled(struct world *w, uint32_t n, uint32_t person, uint32_t school, uint32_t programme, uint32_t route, day_t day)
{
    struct enrolment enrolment = { .enrolment = id_of("enrolment", n), .run = id_of("run", programme * 3), .programme = id_of("programme", programme),
        .person = id_of("person", person), .day = day, .route = id_of("route", route) };
    CHAIN(enrolment, school);
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.enrolment.opened", &enrolment_desc, &enrolment);
}

static void say_appointed(struct world *w, uint32_t person, uint32_t school, int kind, day_t day)
{
    struct tutor_appointed appointed = { .person = id_of("person", person), .kind = kind, .day = day };
    CHAIN(appointed, school);
    appointed.covers = region;
    source_add(&w->source[STREAM_ROUTES], "routes.tutor.appointed", &tutor_appointed_desc, &appointed);
}

static void say_released(struct world *w, uint32_t person, uint32_t school, int kind, day_t day)
{
    struct tutor_released released = { .person = id_of("person", person), .kind = kind, .day = day };
    CHAIN(released, school);
    source_add(&w->source[STREAM_ROUTES], "routes.tutor.released", &tutor_released_desc, &released);
}

static void say_assigned(struct world *w, uint32_t charge, uint32_t school, uint32_t tutor, int kind, day_t day, bool over)
{
    struct tutor_assigned assigned = { .charge = id_of("person", charge), .tutor = id_of("person", tutor), .kind = kind, .day = day };
    CHAIN(assigned, school);
    source_add(&w->source[STREAM_ROUTES], over ? "routes.tutor.unassigned" : "routes.tutor.assigned", &tutor_assigned_desc, &assigned);
}

/* A region by the dice: people who come, move, lead and leave, and what they do. */
static void world_by_dice(struct world *w, uint64_t seed, uint32_t persons, uint32_t schools)
{
    struct prng dice;
    uint32_t posts = 0, facts = 0;
    day_t first = date("2020-06-01");
#define DICE(n) ((uint32_t)prng_below(&dice, (n)))
    prng_seed(&dice, seed);
    world_start(w);
    say_units(w, schools);
    for (uint32_t p = 0; p < 8; p++) {
        say_programme(w, p, p == SHORT_COURSE ? PROGRAMME_NON_FORMAL : PROGRAMME_DEVELOPMENT, p % 3 == 2 ? ORG_UNIVERSITY : ORG_INSTITUTE);
        for (uint32_t r = 0; r < 3; r++)
            say_run(w, p * 3 + r, p, first + DICE(1500));
        if (DICE(2) == 0)
            say_included(w, p, first + DICE(1500));
        if (DICE(4) == 0)
            say_excluded(w, p, first + DICE(1500));
    }
    for (uint32_t n = 0; n < persons; n++) {
        day_t young = DICE(3) == 0 ? first + DICE(700) : 0;
        say_person(w, n, "roster.person.registered", young, young != 0 ? young + DICE(1100) : 0);
        for (uint32_t i = 0; i <= DICE(3); i++, posts++) {
            static const int kinds[] = { POST_EDUCATOR, POST_EDUCATOR, POST_EDUCATOR, POST_HEAD, POST_DEPUTY, POST_UNIT_HEAD, POST_OTHER };
            day_t from = first + DICE(900);
            say_post(w, posts, n, DICE(schools), kinds[DICE(7)], from, DICE(4) == 0 ? from + DICE(600) : 0);
            if (DICE(4) == 0)
                say_closed(w, posts, n, from + DICE(900));
            if (DICE(6) == 0)                               /* corrected afterwards: another school, another kind */
                say_post(w, posts, n, DICE(schools), kinds[DICE(7)], from, 0);
        }
        if (DICE(5) == 0)
            say_person(w, n, "roster.person.changed", first, first + DICE(1500));
    }
    for (uint32_t i = 0; i < persons * 5; i++, facts++) {
        uint32_t n = DICE(persons), school = DICE(schools);
        day_t day = first + DICE(1600);
        uint32_t tutor = DICE(4);
        switch (DICE(7)) {
        case 0: say_sitting(w, facts, n, school, DICE(3) == 0 ? ORG_INSTITUTE : ORG_CENTRE, day); break;
        case 1: say_route(w, n, n, school, ORG_CENTRE, DICE(8), day, DICE(2) == 0); break;
        case 2: say_support(w, facts, n, school, day); break;
        case 3: say_enrolled(w, facts, n, school, DICE(8), n, day); break;
        case 4:
            say_assigned(w, n, school, tutor, tutor % 2, day, false);
            if (DICE(3) == 0)
                say_assigned(w, n, school, tutor, tutor % 2, day + DICE(400), true);
            break;
        case 5:
            say_appointed(w, tutor, school, tutor % 2, day);
            if (DICE(3) == 0)
                say_released(w, tutor, school, tutor % 2, day + DICE(400));
            break;
        default: say_done(w, facts, n, school, DICE(8), n, DICE(2) == 0, DICE(2) == 0 ? "управление качеством образования" : NULL, day); break;
        }
    }
#undef DICE
}

/* ── the machine under test ───────────────────────────────────────────────── */

static void rig_open(struct rig *rig, const char *profile)
{
    char says[400] = "";
    bool fresh = rig->dir == NULL;
    if (fresh)
        rig->dir = toy_dir();
    struct machine_options options = toy_options(rig->dir, &rig->time);
    rig->time.wall = day_start(date("2024-06-15"), 0);
    options.profile = profile != NULL ? profile : arena_format(&rig->arena, "%s/config/regions/tomsk.yaml", getenv("RSNMS_SOURCE"));
    options.says = says;
    if (machine_open(&rig->machine, &indicators_service, &options) != ERR_OK)
        fail_msg("%s", says);
}

static void rig_close(struct rig *rig)
{
    machine_close(&rig->machine);
    toy_remove(rig->dir);
    arena_free(&rig->arena);
    *rig = (struct rig){ 0 };
}

static void feed_all(struct rig *rig, struct world *w)
{
    for (int i = 0; i < STREAMS; i++)
        while (source_feed(&w->source[i], rig->machine, 200))
            ;
}

static struct recount recount_of(struct rig *rig)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    struct recount recount;
    struct outcome outcome = toy_ask(rig->machine, &who, "indicators.value.recount", &nothing_desc, &(struct nothing){ 0 }, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&recount_desc, outcome.body, &recount, &rig->arena);
    return recount;
}

static struct outcome ask(struct rig *rig, const struct principal *who, const struct values_of *of)
{
    return toy_ask(rig->machine, who, "indicators.value.list", &values_of_desc, of, &rig->arena);
}

static void check_value(struct rig *rig, const char *code, uint64_t year, struct uuid unit, uint64_t num, uint64_t den)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    struct values_of of = { .indicator = code, .year = year, .unit = unit };
    struct value_list list;
    struct outcome outcome = ask(rig, &who, &of);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&value_list_desc, outcome.body, &list, &rig->arena);
    uint64_t got_num = list.rows.n == 1 ? list.rows.at[0].numerator : 0, got_den = list.rows.n == 1 ? list.rows.at[0].denominator : 0;
    if (got_num != num || got_den != den)
        fail_msg("indicator %s, %llu: %llu/%llu, by hand %llu/%llu", code, (unsigned long long)year, (unsigned long long)got_num,
                 (unsigned long long)got_den, (unsigned long long)num, (unsigned long long)den);
}

/* ── tests ────────────────────────────────────────────────────────────────── */

/* Two municipalities, three schools (0 and 1 in the first, 2 in the second).
 * persons: 0 head of school 0, trained; 1 deputy there, left on 30 December 2022; 2 teacher in schools 0
 * and 2; 3 young teacher in school 1, supported; 4 accountant in school 1; 5 head of school 2, a short
 * course only. */
static void a_small_region_counts_as_by_hand(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct uuid m0 = id_of("municipality", 0), m1 = id_of("municipality", 1), s0 = id_of("school", 0), s2 = id_of("school", 2);
    day_t start = date("2020-09-01");
    (void)state;
    world_start(&w);
    say_units(&w, 3);
    for (uint32_t n = 0; n < 6; n++)
        say_person(&w, n, "roster.person.registered", n == 3 ? start : 0, n == 3 ? date("2023-01-01") : 0);
    say_post(&w, 0, 0, 0, POST_HEAD, start, 0);
    say_post(&w, 1, 1, 0, POST_DEPUTY, start, 0);
    say_closed(&w, 1, 1, date("2022-12-30"));
    say_post(&w, 2, 2, 0, POST_EDUCATOR, start, 0);
    say_post(&w, 3, 2, 2, POST_EDUCATOR, start, 0);
    say_post(&w, 4, 3, 1, POST_EDUCATOR, start, 0);
    say_post(&w, 5, 4, 1, POST_OTHER, start, 0);
    say_post(&w, 6, 5, 2, POST_HEAD, start, 0);
    say_sitting(&w, 0, 2, 0, ORG_CENTRE, date("2022-03-01"));
    say_sitting(&w, 1, 2, 2, ORG_CENTRE, date("2022-04-01"));
    say_sitting(&w, 2, 3, 1, ORG_INSTITUTE, date("2022-04-01"));
    say_route(&w, 0, 2, 0, ORG_CENTRE, 0, date("2022-03-02"), true);
    say_route(&w, 1, 3, 1, ORG_CENTRE, 0, date("2022-03-02"), false);
    say_support(&w, 0, 3, 1, date("2022-02-01"));
    say_programme(&w, 0, PROGRAMME_DEVELOPMENT, ORG_INSTITUTE);
    say_programme(&w, 1, PROGRAMME_DEVELOPMENT, ORG_INSTITUTE);
    say_run(&w, 0, 0, date("2021-10-01"));
    say_run(&w, 1, 1, date("2022-10-01"));
    say_included(&w, 0, date("2022-01-01"));
    say_done(&w, 0, 2, 0, 0, 0, true, NULL, date("2022-11-01"));
    say_done(&w, 2, 5, 2, SHORT_COURSE, 9, false, "управление качеством образования", date("2022-11-01"));
    say_done(&w, 1, 0, 0, 1, 9, false, "управление качеством образования", date("2022-11-01"));
    rig_open(&rig, NULL);
    feed_all(&rig, &w);

    check_value(&rig, "1", 2021, region, 0, 5);             /* all but the accountant */
    check_value(&rig, "1", 2022, region, 1, 4);             /* the deputy left on 30 December; two sittings, one person */
    check_value(&rig, "1", 2022, m0, 1, 3);
    check_value(&rig, "1", 2022, m1, 1, 2);                 /* and once in each municipality */
    check_value(&rig, "1", 2022, s2, 1, 2);
    check_value(&rig, "2", 2022, region, 1, 4);             /* the draft does not count */
    check_value(&rig, "3", 2022, region, 1, 2);
    check_value(&rig, "3", 2022, m1, 0, 1);                 /* completed at the other place */
    check_value(&rig, "4", 2021, region, 0, 2);
    check_value(&rig, "4", 2022, region, 1, 2);             /* the deputy is not asked any more */
    check_value(&rig, "4", 2022, s0, 1, 1);
    check_value(&rig, "5", 2022, region, 1, 1);
    check_value(&rig, "5", 2023, region, 0, 0);
    check_value(&rig, "6", 2021, region, 0, 1);
    check_value(&rig, "6", 2022, region, 1, 2);
    check_value(&rig, "6", 2024, region, 1, 2);             /* cumulative */
    assert_int_equal(recount_of(&rig).differences, 0);
    rig_close(&rig);
    arena_free(&w.arena);
}

static const char *rich(struct rig *rig)
{
    return arena_format(&rig->arena, "%s/tests/service/indicators.yaml", getenv("RSNMS_SOURCE"));
}

static void orders_agree(bool of_every_kind, uint64_t rounds)
{
    struct world w = { 0 };
    struct hash first = { 0 }, digest;
    uint64_t counters = 0;
    world_by_dice(&w, 11, 60, of_every_kind ? 12 : 6);      /* small teams, of whom some are trained */
    for (uint64_t round = 0; round < rounds; round++) {
        struct rig rig = { 0 };
        struct prng dice;
        uint32_t left = STREAMS;
        bool done[STREAMS] = { false };
        prng_seed(&dice, 100 + round);
        rig_open(&rig, of_every_kind ? rich(&rig) : NULL);
        while (left > 0) {
            uint32_t i = (uint32_t)prng_below(&dice, STREAMS);
            if (!done[i] && !source_feed(&w.source[i], rig.machine, 1 + (uint32_t)prng_below(&dice, 20))) {
                done[i] = true;
                left--;
            }
        }
        struct recount recount = recount_of(&rig);
        assert_int_equal(recount.differences, 0);
        assert_true(recount.counters > 100);
        assert_int_equal(store_digest(machine_store(rig.machine), TABLE_COPY, &digest), ERR_OK);
        if (round == 0) {
            first = digest;
            counters = recount.counters;
        }
        assert_true(hash_equal(&first, &digest));
        assert_int_equal(recount.counters, counters);
        rig_close(&rig);
    }
    arena_free(&w.arena);
}

static void any_order_of_the_streams_gives_the_same_tables(void **state)
{
    (void)state;
    orders_agree(false, 12);
}

static void any_order_of_the_streams_gives_the_same_tables_of_every_kind(void **state)
{
    (void)state;
    orders_agree(true, 12);
}

/* ── every kind of count, in a region of its own ──────────────────────────── */

static struct value value_of(struct rig *rig, const char *act, const char *code, uint64_t year, struct uuid unit)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    struct values_of of = { .act = act, .indicator = code, .year = year, .unit = unit };
    struct value_list list;
    struct outcome outcome = ask(rig, &who, &of);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&value_list_desc, outcome.body, &list, &rig->arena);
    assert_true(list.rows.n <= 1);
    return list.rows.n == 1 ? list.rows.at[0] : (struct value){ 0 };
}

#define CHECK_FIGURES(value, num, den) do { \
        if ((value).numerator != (num) || (value).denominator != (den)) \
            fail_msg("line %d: %s %s of %llu: %llu/%llu", __LINE__, (value).act, (value).indicator, (unsigned long long)(value).year, \
                     (unsigned long long)(value).numerator, (unsigned long long)(value).denominator); \
    } while (0)

/* Two schools (0, 1) of one municipality. 0 head and 1 deputy of school 0, 2 head of school 1, 3 and 4 teachers of
 * school 0, 5 and 6 of school 1. Methodologists are 3 and 5, the tutor is 6. */
static void say_small_region(struct world *w)
{
    static const struct { uint32_t school; int kind; } people[] = { { 0, POST_HEAD }, { 0, POST_DEPUTY }, { 1, POST_HEAD },
        { 0, POST_EDUCATOR }, { 0, POST_EDUCATOR }, { 1, POST_EDUCATOR }, { 1, POST_EDUCATOR } };
    const char *topic = "управление качеством образования";
    world_start(w);
    say_units(w, 2);
    for (uint32_t n = 0; n < 7; n++) {
        say_person(w, n, "roster.person.registered", 0, 0);
        say_post(w, n, n, people[n].school, people[n].kind, date("2020-09-01"), 0);
    }
    for (uint32_t n = 0; n < 3; n++)                        /* more leaders are diagnosed than there are educators */
        say_sitting(w, n, n, people[n].school, ORG_CENTRE, date("2022-02-01"));
    for (uint32_t n = 3; n < 7; n++)
        say_sitting(w, n, n, people[n].school, ORG_CENTRE, date("2022-02-02"));
    say_sitting(w, 10, 3, 0, ORG_INSTITUTE, date("2023-02-02"));
    say_sitting(w, 11, 4, 0, ORG_INSTITUTE, date("2023-02-02"));

    say_programme(w, 0, PROGRAMME_DEVELOPMENT, ORG_INSTITUTE);
    say_programme(w, 1, PROGRAMME_DEVELOPMENT, ORG_UNIVERSITY);
    say_run(w, 0, 0, date("2022-03-01"));
    say_run(w, 1, 0, date("2023-03-01"));
    say_run(w, 2, 0, date("2024-03-01"));
    say_included(w, 0, date("2021-05-01"));
    say_excluded(w, 0, date("2023-12-31"));
    say_done(w, 0, 0, 0, 0, 99, false, topic, date("2022-05-01"));         /* school 0: the head in 2022, the deputy in 2023 */
    say_done(w, 1, 1, 0, 0, 99, false, topic, date("2023-05-01"));
    say_done(w, 2, 2, 1, 0, 99, false, topic, date("2023-05-01"));         /* school 1: its head in 2023 */
    say_done(w, 3, 0, 0, 1, 99, false, topic, date("2024-05-01"));         /* school 0: both in 2024 */
    say_done(w, 4, 1, 0, 1, 99, false, topic, date("2024-05-01"));
    say_enrolled(w, 0, 2, 1, 0, 99, date("2022-03-01"));                    /* at the institute */
    say_enrolled(w, 1, 0, 0, 1, 99, date("2022-03-01"));                    /* at a university */

    say_route(w, 3, 3, 0, ORG_CENTRE, 0, date("2022-02-03"), true);
    say_route(w, 4, 4, 0, ORG_CENTRE, 0, date("2022-02-03"), false);        /* a draft */
    say_enrolled(w, 3, 3, 0, 0, 3, date("2022-06-01"));
    say_enrolled(w, 4, 4, 0, 0, 9, date("2022-06-01"));                     /* names a route that is not his */
    say_done(w, 5, 3, 0, 0, 3, true, NULL, date("2023-06-01"));
    say_done(w, 6, 4, 0, 0, 4, true, NULL, date("2023-06-01"));

    say_appointed(w, 3, 0, TUTOR_METHODOLOGIST, date("2023-01-10"));
    say_appointed(w, 5, 1, TUTOR_METHODOLOGIST, date("2024-01-10"));
    say_assigned(w, 4, 0, 3, TUTOR_METHODOLOGIST, date("2023-02-01"), false);
    say_assigned(w, 6, 1, 3, TUTOR_METHODOLOGIST, date("2023-02-01"), false);
    say_assigned(w, 0, 0, 3, TUTOR_METHODOLOGIST, date("2023-02-01"), false);   /* a head: no educator, not counted */
    say_assigned(w, 6, 1, 3, TUTOR_METHODOLOGIST, date("2024-06-01"), true);
    say_assigned(w, 3, 0, 6, TUTOR_OF_ROUTES, date("2023-02-01"), false);
    say_assigned(w, 3, 0, 6, TUTOR_OF_ROUTES, date("2024-12-31"), true);        /* no longer on the last day of the year */
}

static void check_shares_by_hand(struct rig *rig)
{
    struct uuid s0 = id_of("school", 0), s1 = id_of("school", 1);
    struct value v = value_of(rig, "A", "1", 2022, region);
    CHECK_FIGURES(v, 7, 4);                                 /* leaders above, educators alone below */
    assert_int_equal(v.beside.n, 1);
    assert_int_equal(v.beside.at[0].numerator, 7);
    assert_int_equal(v.beside.at[0].denominator, 7);
    assert_true(v.has_target && v.met && v.bound == 10 && !v.verdicts.at[0].applies);
    assert_string_equal(v.edition, "1 от 01.01.2021");
    CHECK_FIGURES(value_of(rig, "B", "1", 2022, region), 4, 4);
    v = value_of(rig, "B", "1", 2023, region);
    CHECK_FIGURES(v, 2, 4);
    assert_true(v.has_target && !v.met && v.verdicts.at[0].op == OP_RISING);
    assert_false(value_of(rig, "B", "1", 2024, region).has_target);            /* that act is no longer in force */
    CHECK_FIGURES(value_of(rig, "A", "5", 2022, region), 1, 1);
    CHECK_FIGURES(value_of(rig, "A", "5", 2023, region), 0, 1);                /* excluded on the last day of the year */
    CHECK_FIGURES(value_of(rig, "A", "5", 2024, region), 0, 1);
    CHECK_FIGURES(value_of(rig, "A", "4", 2022, region), 1, 2);                /* the university is no institute */
    CHECK_FIGURES(value_of(rig, "A", "4", 2022, s1), 1, 1);
    CHECK_FIGURES(value_of(rig, "B", "2", 2023, region), 1, 1);                /* 3; the route of 4 was not agreed */
    CHECK_FIGURES(value_of(rig, "B", "5", 2022, s0), 1, 2);
    CHECK_FIGURES(value_of(rig, "B", "5", 2024, s0), 1, 2);                    /* нарастающим итогом */
    v = value_of(rig, "B", "4", 2023, region);
    CHECK_FIGURES(v, 2, 4);
    assert_true(!v.has_target && v.verdicts.n == 1 && v.verdicts.at[0].op == OP_DOCUMENT && !v.verdicts.at[0].applies);
    CHECK_FIGURES(value_of(rig, "B", "4", 2024, region), 1, 4);
}

static void check_teams_by_hand(struct rig *rig)
{
    struct value v = value_of(rig, "A", "2", 2022, region);
    CHECK_FIGURES(v, 0, 2);                                 /* half a team */
    assert_int_equal(v.beside.at[1].numerator, 2);          /* by the softer rule both its members */
    v = value_of(rig, "A", "2", 2023, region);
    CHECK_FIGURES(v, 1, 2);                                 /* school 1; in school 0 the deputy alone this year */
    assert_true(v.has_cumulative && v.cumulative_numerator == 1 && v.cumulative_denominator == 2);
    assert_int_equal(v.beside.at[0].numerator, 1);
    assert_int_equal(v.beside.at[0].denominator, 3);
    v = value_of(rig, "A", "2", 2024, region);
    CHECK_FIGURES(v, 1, 2);
    assert_true(v.cumulative_numerator == 2 && v.cumulative_denominator == 2);
    assert_int_equal(v.beside.at[0].numerator, 2);
    assert_true(v.met && v.verdicts.at[1].applies && v.verdicts.at[1].met && v.verdicts.at[1].cumulative);
}

static void check_tutors_by_hand(struct rig *rig)
{
    struct value v = value_of(rig, "A", "3", 2022, region);
    CHECK_FIGURES(v, 0, 0);
    v = value_of(rig, "A", "3", 2023, region);
    CHECK_FIGURES(v, 2, 1);                                 /* 4 and 6; the head is no educator */
    assert_true(v.least == 2 && v.greatest == 2 && v.below == 0 && v.met);
    v = value_of(rig, "A", "3", 2024, region);
    CHECK_FIGURES(v, 1, 2);                                 /* 4; and a methodologist without anybody */
    assert_true(v.least == 0 && v.greatest == 1 && v.below == 2 && v.above == 0 && !v.met);
    CHECK_FIGURES(value_of(rig, "A", "3", 2024, id_of("school", 0)), 1, 1);    /* where the methodologist works */
    v = value_of(rig, "B", "3", 2023, region);
    CHECK_FIGURES(v, 1, 0);
    assert_int_equal(v.beside.at[0].denominator, 2);
    CHECK_FIGURES(value_of(rig, "B", "3", 2024, region), 0, 0);
}

static void every_kind_counts_as_by_hand(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    (void)state;
    say_small_region(&w);
    rig_open(&rig, rich(&rig));
    feed_all(&rig, &w);
    check_shares_by_hand(&rig);
    check_teams_by_hand(&rig);
    check_tutors_by_hand(&rig);
    struct value v = value_of(&rig, "A", "6", 2023, region);
    assert_true(v.state == VALUE_NO_FACTS && v.awaits.n == 1 && strcmp(v.awaits.at[0], "M8") == 0 && v.has_target && !v.met);
    assert_int_equal(v.denominator, 2);
    assert_int_equal(value_of(&rig, "A", "6", 2023, id_of("school", 0)).verdicts.n, 0);     /* of the region alone */
    assert_int_equal(recount_of(&rig).differences, 0);
    rig_close(&rig);
    arena_free(&w.arena);
}

/* ── who is counted ───────────────────────────────────────────────────────── */

static struct outcome ask_subjects(struct rig *rig, const struct principal *who, const struct subjects_of *of)
{
    return toy_ask(rig->machine, who, "indicators.value.subjects", &subjects_of_desc, of, &rig->arena);
}

/* How many there are over all pages; each once, unless they are the charges of a corridor. */
static uint64_t subjects_count(struct rig *rig, struct subjects_of of, bool repeats, int *kind)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    struct subject_ids found;
    struct uuid last = UUID_NIL;
    uint64_t n = 0;
    do {
        struct outcome outcome = ask_subjects(rig, &who, &of);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&subject_ids_desc, outcome.body, &found, &rig->arena);
        assert_true(found.ids.n <= of.limit || repeats);
        for (uint32_t i = 0; i < found.ids.n; i++) {
            int order = uuid_compare(&last, &found.ids.at[i]);
            assert_true(order < 0 || (repeats && order == 0));
            last = found.ids.at[i];
        }
        n += found.ids.n;
        of.after = found.next;
    } while (found.next.n != 0);
    *kind = found.kind;
    return n;
}

static void one_side_agrees(struct rig *rig, const struct value *v, int line, int side, uint64_t number, uint64_t seen[subject_count])
{
    struct subjects_of of = { .act = v->act, .indicator = v->indicator, .year = v->year, .unit = v->unit, .side = side, .line = line,
                              .limit = 1 + v->year % 7 };
    int kind;
    uint64_t n = subjects_count(rig, of, v->measure == MEASURE_CORRIDOR && side == OF_NUMERATOR, &kind);
    if (n != number)
        fail_msg("%s %s of %llu, %s, %s %s: %llu are named, %llu were counted", v->act, v->indicator, (unsigned long long)v->year,
                 v->unit_code, value_line_names.names[line], value_side_names.names[side], (unsigned long long)n, (unsigned long long)number);
    seen[kind] += n;
}

static void value_agrees(struct rig *rig, const struct value *v, uint64_t seen[subject_count])
{
    if (v->state == VALUE_JUDGED || v->state == VALUE_NOT_JUDGED)
        return;
    if (v->state == VALUE_COUNTED)
        one_side_agrees(rig, v, LINE_MAIN, OF_NUMERATOR, v->numerator, seen);
    if (v->measure != MEASURE_COUNT)
        one_side_agrees(rig, v, LINE_MAIN, OF_DENOMINATOR, v->denominator, seen);
    if (v->has_cumulative) {
        one_side_agrees(rig, v, LINE_CUMULATIVE, OF_NUMERATOR, v->cumulative_numerator, seen);
        one_side_agrees(rig, v, LINE_CUMULATIVE, OF_DENOMINATOR, v->cumulative_denominator, seen);
    }
    for (uint32_t b = 0; b < v->beside.n; b++) {
        one_side_agrees(rig, v, LINE_BESIDE_1 + (int)b, OF_NUMERATOR, v->beside.at[b].numerator, seen);
        one_side_agrees(rig, v, LINE_BESIDE_1 + (int)b, OF_DENOMINATOR, v->beside.at[b].denominator, seen);
    }
}

static void who_is_counted_agrees_with_every_number(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal who = toy_principal(ROLE_CENTRE);
    uint64_t seen[subject_count] = { 0 }, rows = 0;
    (void)state;
    world_by_dice(&w, 21, 40, 12);
    rig_open(&rig, rich(&rig));
    feed_all(&rig, &w);
    for (int level = 0; level < level_count; level++) {
        struct values_of of = { .level = level, .limit = 1000 };
        struct value_list list;
        do {
            struct outcome outcome = ask(&rig, &who, &of);
            assert_string_equal(toy_reason(&outcome, &rig.arena), "");
            toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
            for (uint32_t i = 0; i < list.rows.n; i++, rows++)
                value_agrees(&rig, &list.rows.at[i], seen);
            of.after = list.next;
        } while (list.next.n != 0);
    }
    assert_true(rows > 150);
    for (int kind = 0; kind < subject_count; kind++)
        if (seen[kind] == 0)
            fail_msg("nobody of the kind %s was counted", subject_names.names[kind]);
    rig_close(&rig);
    arena_free(&w.arena);
}

static void who_is_counted_is_told_within_reach(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal municipal = toy_principal(ROLE_MUNICIPAL), operator = toy_principal(ROLE_OPERATOR), centre = toy_principal(ROLE_CENTRE);
    struct uuid s0 = id_of("school", 0);
    (void)state;
    world_by_dice(&w, 22, 40, 4);
    rig_open(&rig, rich(&rig));
    feed_all(&rig, &w);
    municipal.reach = (struct reach){ .n = 1, .id = { id_of("municipality", 0) } };
    const struct { const struct principal *who; struct subjects_of of; const char *reason; } rows[] = {
        { &municipal, { .act = "A", .indicator = "1", .year = 2022, .unit = s0 }, "" },
        { &municipal, { .act = "A", .indicator = "1", .year = 2022, .unit = id_of("school", 2) }, "out_of_reach" },
        { &municipal, { .act = "A", .indicator = "1", .year = 2022 }, "out_of_reach" },       /* the region's number is open, its people are not */
        { &operator, { .act = "A", .indicator = "1", .year = 2022, .unit = s0 }, "role" },
        { &centre, { .indicator = "1", .year = 2022 }, "act_needed" },
        { &centre, { .act = "C", .indicator = "1", .year = 2022 }, "indicator_unknown" },
        { &centre, { .act = "A", .indicator = "1", .year = 2020 }, "year_unknown" },
        { &centre, { .act = "A", .indicator = "1", .year = 2022, .unit = id_of("nobody", 1) }, "unit_unknown" },
        { &centre, { .act = "A", .indicator = "1", .year = 2022, .line = LINE_CUMULATIVE }, "side_not_counted" },
        { &centre, { .act = "A", .indicator = "6", .year = 2022 }, "side_not_counted" },
        { &centre, { .act = "A", .indicator = "7", .year = 2022 }, "side_not_counted" },
        { &centre, { .act = "A", .indicator = "1", .year = 2022, .after = bytes("xx", 2) }, "page_unknown" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct outcome outcome = ask_subjects(&rig, rows[i].who, &rows[i].of);
        assert_string_equal(toy_reason(&outcome, &rig.arena), rows[i].reason);
    }
    rig_close(&rig);
    arena_free(&w.arena);
}

/* ── what persons say ─────────────────────────────────────────────────────── */

static const char *record(struct rig *rig, int role, struct judgement said)
{
    static const char *documents[] = { "приказ № 1", "отчёт" };
    struct principal who = toy_principal(role);
    if (said.documents.n == 0) {
        said.documents.n = 2;
        said.documents.at = documents;
    }
    uint8_t random[10] = { 0 };
    static uint8_t next;
    random[9] = ++next;
    said.text = said.text != NULL ? said.text : "утверждён и исполняется";
    said.day = said.day != 0 ? said.day : date("2024-06-01");
    struct outcome outcome = toy_command(rig->machine, &who, uuid_v7(rig->time.wall / MOMENT_MS, random), "indicators.judgement.record", &judgement_desc, &said, &rig->arena);
    return toy_reason(&outcome, &rig->arena);
}

static void what_persons_say_counts_from_its_newest_word(void **state)
{
    struct rig rig = { 0 };
    struct principal who = toy_principal(ROLE_SCHOOL);
    static const char *empty[] = { "" };
    struct judgement_list list;
    (void)state;
    rig_open(&rig, rich(&rig));
    struct value v = value_of(&rig, "A", "7", 2023, region);
    assert_true(v.state == VALUE_NOT_JUDGED && v.has_target && !v.met);
    const struct { struct judgement said; const char *reason; } refused[] = {
        { { .indicator = "1", .year = 2023 }, "act_needed" },
        { { .act = "A", .indicator = "1", .year = 2023 }, "indicator_not_judged" },
        { { .act = "A", .indicator = "9", .year = 2023 }, "indicator_unknown" },
        { { .indicator = "7", .year = 2023, .graded = true, .grade = 50 }, "grade_not_asked" },
        { { .act = "B", .indicator = "6", .year = 2023, .grade = 50 }, "grade_not_said" },
        { { .indicator = "7", .year = 2020 }, "year_unknown" },
        { { .indicator = "7", .year = 2025 }, "year_to_come" },
        { { .indicator = "7", .year = 2023, .day = date("2024-06-16") }, "day_not_allowed" },
        { { .indicator = "7", .year = 2023, .day = date("2023-01-01") }, "day_not_allowed" },
        { { .indicator = "7", .year = 2023, .documents = { 1, empty } }, "document_empty" },
    };
    for (size_t i = 0; i < COUNT(refused); i++)
        assert_string_equal(record(&rig, ROLE_CENTRE, refused[i].said), refused[i].reason);
    assert_string_equal(record(&rig, ROLE_MUNICIPAL, (struct judgement){ .indicator = "7", .year = 2023, .yes = true }), "role");

    assert_string_equal(record(&rig, ROLE_AUTHORITY, (struct judgement){ .indicator = "7", .year = 2023, .yes = true }), "");
    v = value_of(&rig, "A", "7", 2023, region);
    assert_true(v.state == VALUE_JUDGED && v.yes && v.met && v.judged_on == date("2024-06-01"));
    assert_string_equal(v.judged, "утверждён и исполняется");
    assert_string_equal(record(&rig, ROLE_CENTRE, (struct judgement){ .indicator = "7", .year = 2023, .text = "план не исполнен" }), "");
    v = value_of(&rig, "A", "7", 2023, region);
    assert_true(v.state == VALUE_JUDGED && !v.yes && !v.met);
    assert_string_equal(v.judged, "план не исполнен");
    assert_string_equal(record(&rig, ROLE_CENTRE, (struct judgement){ .act = "B", .indicator = "6", .year = 2023, .graded = true, .grade = 60 }), "");
    v = value_of(&rig, "B", "6", 2023, region);
    assert_true(v.state == VALUE_JUDGED && v.graded && v.grade == 60 && v.met);

    struct judgements_of of = { .act = "A", .limit = 1 };
    uint32_t n = 0, counting = 0;
    do {
        struct outcome outcome = toy_ask(rig.machine, &who, "indicators.judgement.list", &judgements_of_desc, &of, &rig.arena);
        assert_string_equal(toy_reason(&outcome, &rig.arena), "");
        toy_decode(&judgement_list_desc, outcome.body, &list, &rig.arena);
        for (uint32_t i = 0; i < list.rows.n; i++, n++) {
            counting += list.rows.at[i].counts;
            assert_int_equal(list.rows.at[i].counts, n == 1);
            assert_int_equal(list.rows.at[i].judgement->documents.n, 2);
            assert_string_equal(list.rows.at[i].judgement->act, "A");
        }
        of.after = list.next;
    } while (list.next.n != 0);
    assert_int_equal(n, 2);
    assert_int_equal(counting, 1);
    rig_close(&rig);
}

/* The control of the recount: it sees what it should see. */
static void a_recount_finds_a_spoilt_counter(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct txn txn;
    struct bytes value;
    struct key key = key_of_uuid(&region);
    uint8_t row[4096];
    (void)state;
    world_by_dice(&w, 12, 20, 4);
    rig_open(&rig, NULL);
    feed_all(&rig, &w);
    assert_int_equal(recount_of(&rig).differences, 0);

    txn_begin(&txn, machine_store(rig.machine), TXN_WRITE);
    assert_true(txn_get(&txn, T_COUNTERS, key_bytes(&key), &value));
    size_t n = value.n;
    assert_true(n <= sizeof row);
    memcpy(row, value.at, n);
    assert_in_range(row[1], 1, 126);                        /* the first pair: zeroes to skip, number */
    row[1]++;
    txn_put(&txn, T_COUNTERS, key_bytes(&key), bytes(row, n));
    assert_int_equal(txn_end(&txn), ERR_OK);
    assert_int_equal(recount_of(&rig).differences, 1);

    struct uuid stranger = id_of("nobody", 1);              /* a row that no record answers for */
    key = key_of_uuid(&stranger);
    row[0] = 0;
    row[1] = 3;
    txn_begin(&txn, machine_store(rig.machine), TXN_WRITE);
    txn_put(&txn, T_COUNTERS, key_bytes(&key), bytes(row, 2));
    assert_int_equal(txn_end(&txn), ERR_OK);
    assert_int_equal(recount_of(&rig).differences, 2);
    rig_close(&rig);
    arena_free(&w.arena);
}

static void values_are_read_within_reach_and_page_by_page(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal municipal = toy_principal(ROLE_MUNICIPAL), worker = toy_principal(ROLE_WORKER), centre = toy_principal(ROLE_CENTRE);
    struct value_list list;
    (void)state;
    world_by_dice(&w, 13, 40, 6);
    rig_open(&rig, NULL);
    feed_all(&rig, &w);
    municipal.reach = (struct reach){ .n = 1, .id = { id_of("municipality", 1) } };

    struct values_of of = { .level = LEVEL_ORGANISATION, .indicator = "1", .year = 2022 };
    struct outcome outcome = ask(&rig, &municipal, &of);
    toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
    assert_int_equal(list.rows.n, 2);                       /* its two schools, by their codes */
    assert_string_equal(list.rows.at[0].unit_code, "ш-02");
    assert_string_equal(list.rows.at[1].unit_code, "ш-03");
    of.unit = id_of("school", 0);
    outcome = ask(&rig, &municipal, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "out_of_reach");
    of = (struct values_of){ .year = 2022 };                /* the region's own are open to all who may ask */
    outcome = ask(&rig, &municipal, &of);
    toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
    assert_int_equal(list.rows.n, 6);
    assert_true(list.rows.at[0].has_target);
    assert_int_equal(list.rows.at[0].bound, 10);
    outcome = ask(&rig, &worker, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "role");
    of.indicator = "7";
    outcome = ask(&rig, &centre, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "indicator_unknown");
    of = (struct values_of){ .year = 2020 };
    outcome = ask(&rig, &centre, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "year_unknown");
    of = (struct values_of){ .level = LEVEL_ORGANISATION, .after = bytes("xx", 2) };
    outcome = ask(&rig, &centre, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "page_unknown");

    of = (struct values_of){ .level = LEVEL_ORGANISATION, .limit = 1000 };
    outcome = ask(&rig, &centre, &of);
    struct value_list whole;
    toy_decode(&value_list_desc, outcome.body, &whole, &rig.arena);
    assert_int_equal(whole.next.n, 0);
    uint32_t rows = 0;
    of.limit = 7;
    do {
        outcome = ask(&rig, &centre, &of);
        toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
        for (uint32_t i = 0; i < list.rows.n; i++, rows++) {
            assert_true(uuid_equal(&list.rows.at[i].unit, &whole.rows.at[rows].unit));
            assert_string_equal(list.rows.at[i].indicator, whole.rows.at[rows].indicator);
            assert_int_equal(list.rows.at[i].year, whole.rows.at[rows].year);
        }
        of.after = list.next;
    } while (list.next.n != 0);
    assert_int_equal(rows, whole.rows.n);
    rig_close(&rig);
    arena_free(&w.arena);
}

/* Titles as the register of legal persons has them: the page ends where the frame would. */
static void a_page_of_long_titles_fits_into_a_frame(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal centre = toy_principal(ROLE_CENTRE);
    struct values_of of = { .level = LEVEL_ORGANISATION, .limit = 1000 };
    struct value_list list;
    uint32_t rows = 0, pages = 0;
    char title[301] = "";
    (void)state;
    memset(title, 'x', 300);
    world_by_dice(&w, 15, 1500, 60);
    for (uint32_t s = 0; s < 60; s++) {
        struct organisation unit = { .id = id_of("school", s), .kind = ORG_SCHOOL, .title = title,
                                     .code = arena_format(&w.arena, "ш-%02u", s) };
        CHAIN(unit, s);
        source_add(&w.source[STREAM_ROSTER], "roster.organisation.registered", &organisation_desc, &unit);
    }
    rig_open(&rig, NULL);
    feed_all(&rig, &w);
    do {
        struct outcome outcome = ask(&rig, &centre, &of);
        assert_string_equal(toy_reason(&outcome, &rig.arena), "");
        toy_decode(&value_list_desc, outcome.body, &list, &rig.arena);
        rows += list.rows.n;
        pages++;
        of.after = list.next;
    } while (list.next.n != 0);
    assert_in_range(rows, 700, 60 * 24);
    assert_in_range(pages, 2, 8);
    rig_close(&rig);
    arena_free(&w.arena);
}

/* The act is amended: leaders are educators now. Counters made by the old counts are made again from the
 * records when the service starts with the new profile. */
static void a_profile_that_counts_otherwise_counts_anew(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal centre = toy_principal(ROLE_CENTRE);
    struct values_of of = { .year = 2022 };
    char command[600];
    (void)state;
    world_by_dice(&w, 14, 20, 4);
    rig_open(&rig, NULL);
    feed_all(&rig, &w);
    struct bytes before = arena_bytes(&w.arena, ask(&rig, &centre, &of).body);
    machine_close(&rig.machine);
    const char *amended = arena_format(&rig.arena, "%s/amended.yaml", rig.dir);
    snprintf(command, sizeof command, "sed 's/posts: \\[educator\\]/posts: [educator, head]/' '%s/config/regions/tomsk.yaml' > '%s' && "
             "cp '%s/config/posts.yaml' '%s'", getenv("RSNMS_SOURCE"), amended, getenv("RSNMS_SOURCE"), rig.dir);
    assert_int_equal(system(command), 0);
    rig_open(&rig, amended);
    struct outcome outcome = ask(&rig, &centre, &of);       /* the start has counted anew, nothing need come */
    assert_string_equal(toy_reason(&outcome, &rig.arena), "");
    assert_false(bytes_equal(outcome.body, before));
    assert_int_equal(recount_of(&rig).differences, 0);
    say_support(&w, 9999, 0, 0, date("2022-02-02"));
    feed_all(&rig, &w);
    outcome = ask(&rig, &centre, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "");
    assert_int_equal(recount_of(&rig).differences, 0);
    rig_close(&rig);
    arena_free(&w.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_region_counts_as_by_hand),
        cmocka_unit_test(any_order_of_the_streams_gives_the_same_tables),
        cmocka_unit_test(any_order_of_the_streams_gives_the_same_tables_of_every_kind),
        cmocka_unit_test(every_kind_counts_as_by_hand),
        cmocka_unit_test(who_is_counted_agrees_with_every_number),
        cmocka_unit_test(who_is_counted_is_told_within_reach),
        cmocka_unit_test(what_persons_say_counts_from_its_newest_word),
        cmocka_unit_test(a_recount_finds_a_spoilt_counter),
        cmocka_unit_test(values_are_read_within_reach_and_page_by_page),
        cmocka_unit_test(a_page_of_long_titles_fits_into_a_frame),
        cmocka_unit_test(a_profile_that_counts_otherwise_counts_anew),
    };
    profile_region_id();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
