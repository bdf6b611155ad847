#include "tests/service/indicators_rig.h"

#include "proto/roster_merge.h"

#include "proto/profile.h"

extern const struct service indicators_service;

struct uuid region;

struct uuid id_of(const char *kind, uint32_t n)
{
    return uuid_derive(kind, bytes(&n, sizeof n));
}

day_t date(const char *text)
{
    day_t day = 0;
    if (text != NULL)
        assert_true(day_parse(&day, text, strlen(text)));
    return day;
}

void rig_region(void)
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

void world_start(struct world *w)
{
    static const char *const names[STREAMS] = { "roster", "diagnostics", "routes", "programmes" };
    for (int i = 0; i < STREAMS; i++)
        source_start(&w->source[i], names[i], &w->arena);
}

void chain_of(uint32_t school, struct uuid chain[3])
{
    chain[0] = id_of("school", school);
    chain[1] = id_of("municipality", school / 2);
    chain[2] = region;
}

static void say_unit(struct world *w, struct uuid id, int kind, const char *code, uint32_t n, struct uuid *chain)
{
    struct organisation unit = { .id = id, .kind = kind, .code = code, .title = arena_format(&w->arena, "Организация %s", code) };
    unit.chain.n = n;
    unit.chain.at = chain;
    source_add(&w->source[STREAM_ROSTER], "roster.organisation.registered", &organisation_desc, &unit);
}

void say_units(struct world *w, uint32_t schools)
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

void say_person(struct world *w, uint32_t n, const char *event, day_t young_from, day_t young_until)
{
    static const uint8_t hash[32] = { 1 };
    struct person_registered person = { .person = id_of("person", n), .sealed = bytes("x", 1), .match_code = bytes(hash, 32),
        .match_name = bytes(hash, 32), .bands = { young_until != 0, &(struct band_span){ BAND_YOUNG, young_from, young_until } } };
    source_add(&w->source[STREAM_ROSTER], event, &person_registered_desc, &person);
}

void say_merged(struct world *w, uint32_t kept, uint32_t gone)
{
    struct person_merged merged = { .kept = id_of("person", kept), .gone = id_of("person", gone), .day = date("2024-01-01"), .ground = "т" };
    source_add(&w->source[STREAM_ROSTER], "roster.person.merged", &person_merged_desc, &merged);
}

void say_unmerged(struct world *w, uint32_t kept, uint32_t gone)
{
    struct person_unmerged undone = { id_of("person", kept), id_of("person", gone), date("2024-01-01"), "т" };
    source_add(&w->source[STREAM_ROSTER], "roster.person.unmerged", &person_unmerged_desc, &undone);
}

void say_post(struct world *w, uint32_t n, uint32_t person, uint32_t school, int kind, day_t from, day_t until)
{
    struct post_opened post = { .post = id_of("post", n), .person = id_of("person", person), .organisation_kind = ORG_SCHOOL,
        .kind = kind, .title = "должность", .main = true, .from = from, .until = until };
    CHAIN(post, school);
    source_add(&w->source[STREAM_ROSTER], "roster.post.opened", &post_opened_desc, &post);
}

void say_closed(struct world *w, uint32_t n, uint32_t person, day_t until)
{
    struct post_closed closed = { .post = id_of("post", n), .person = id_of("person", person), .until = until };
    source_add(&w->source[STREAM_ROSTER], "roster.post.closed", &post_closed_desc, &closed);
}

void say_sitting(struct world *w, uint32_t n, uint32_t person, uint32_t school, int owner, day_t day)
{
    struct share share = { "К1", 1, 2, true };
    struct sitting_scored sitting = { .sitting = id_of("sitting", n), .procedure = id_of("procedure", 1), .person = id_of("person", person),
        .owner_kind = owner, .day = day, .ends = day, .shares = { 1, &share } };
    CHAIN(sitting, school);
    source_add(&w->source[STREAM_DIAGNOSTICS], "diagnostics.sitting.scored", &sitting_scored_desc, &sitting);
}

void say_route(struct world *w, uint32_t n, uint32_t person, uint32_t school, int owner, uint32_t programme, day_t day, bool agreed)
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

void say_support(struct world *w, uint32_t n, uint32_t person, uint32_t school, day_t day)
{
    struct support support = { .support = id_of("support", n), .person = id_of("person", person), .form = "наставничество", .day = day };
    CHAIN(support, school);
    source_add(&w->source[STREAM_ROUTES], "routes.support.recorded", &support_desc, &support);
}

void say_programme(struct world *w, uint32_t n, int kind, int provider_kind)
{
    struct programme programme = { .id = id_of("programme", n), .code = arena_format(&w->arena, "П-%u", n), .title = "Программа", .kind = kind,
        .hours = 36, .provider = id_of("provider", (uint32_t)provider_kind), .provider_kind = provider_kind };
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.programme.registered", &programme_desc, &programme);
}

void say_included(struct world *w, uint32_t programme, day_t day)
{
    struct programme_included included = { .programme = id_of("programme", programme), .day = day };
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.programme.included", &programme_included_desc, &included);
}

void say_run(struct world *w, uint32_t n, uint32_t programme, day_t day)
{
    struct run run = { .id = id_of("run", n), .programme = id_of("programme", programme), .day = day };
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.run.recorded", &run_desc, &run);
}

void say_done(struct world *w, uint32_t n, uint32_t person, uint32_t school, uint32_t programme, uint32_t route, bool federal,
                     const char *topic, day_t day)
{
    struct completion done = { .completion = id_of("completion", n), .programme = id_of("programme", programme), .person = id_of("person", person),
        .enrolled = day, .day = day, .federal = federal,
        .kind = programme == SHORT_COURSE ? PROGRAMME_NON_FORMAL : PROGRAMME_DEVELOPMENT, .route = id_of("route", route), .document = "У-1", .topics = { topic != NULL, &topic } };
    CHAIN(done, school);
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.completion.recorded", &completion_desc, &done);
}

void say_excluded(struct world *w, uint32_t programme, day_t day)
{
    struct programme_included excluded = { .programme = id_of("programme", programme), .day = day };
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.programme.excluded", &programme_included_desc, &excluded);
}

void say_enrolled(struct world *w, uint32_t n, uint32_t person, uint32_t school, uint32_t programme, uint32_t route, day_t day)
{
    struct enrolment enrolment = { .enrolment = id_of("enrolment", n), .run = id_of("run", programme * 3), .programme = id_of("programme", programme),
        .person = id_of("person", person), .day = day, .route = id_of("route", route) };
    CHAIN(enrolment, school);
    source_add(&w->source[STREAM_PROGRAMMES], "programmes.enrolment.opened", &enrolment_desc, &enrolment);
}

void say_appointed(struct world *w, uint32_t person, uint32_t school, int kind, day_t day)
{
    struct tutor_appointed appointed = { .person = id_of("person", person), .kind = kind, .day = day };
    CHAIN(appointed, school);
    appointed.covers = region;
    source_add(&w->source[STREAM_ROUTES], "routes.tutor.appointed", &tutor_appointed_desc, &appointed);
}

void say_released(struct world *w, uint32_t person, uint32_t school, int kind, day_t day)
{
    struct tutor_released released = { .person = id_of("person", person), .kind = kind, .day = day };
    CHAIN(released, school);
    source_add(&w->source[STREAM_ROUTES], "routes.tutor.released", &tutor_released_desc, &released);
}

void say_assigned(struct world *w, uint32_t charge, uint32_t school, uint32_t tutor, int kind, day_t day, bool over)
{
    struct tutor_assigned assigned = { .charge = id_of("person", charge), .tutor = id_of("person", tutor), .kind = kind, .day = day };
    CHAIN(assigned, school);
    source_add(&w->source[STREAM_ROUTES], over ? "routes.tutor.unassigned" : "routes.tutor.assigned", &tutor_assigned_desc, &assigned);
}

void world_by_dice(struct world *w, uint64_t seed, uint32_t persons, uint32_t schools)
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
    for (uint32_t n = 0; n + 2 < persons; n += 7) {             /* some are one, some are so for a while, some in threes */
        say_merged(w, n, n + 1);
        if (DICE(3) == 0)
            say_merged(w, n, n + 2);
        say_post(w, posts++, n + DICE(2), DICE(schools), DICE(2) == 0 ? POST_HEAD : POST_EDUCATOR, first + DICE(900), 0);
        if (DICE(2) == 0)
            say_unmerged(w, n, n + 1);
        say_post(w, posts++, n + DICE(2), DICE(schools), DICE(2) == 0 ? POST_DEPUTY : POST_EDUCATOR, first + DICE(900), 0);
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

void rig_open(struct rig *rig, const char *profile)
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

void rig_close(struct rig *rig)
{
    machine_close(&rig->machine);
    toy_remove(rig->dir);
    arena_free(&rig->arena);
    *rig = (struct rig){ 0 };
}

void feed_all(struct rig *rig, struct world *w)
{
    for (int i = 0; i < STREAMS; i++)
        while (source_feed(&w->source[i], rig->machine, 200))
            ;
}

struct recount recount_of(struct rig *rig)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    struct recount recount;
    struct outcome outcome = toy_ask(rig->machine, &who, "indicators.value.recount", &nothing_desc, &(struct nothing){ 0 }, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&recount_desc, outcome.body, &recount, &rig->arena);
    return recount;
}

struct outcome ask_values(struct rig *rig, const struct principal *who, const struct values_of *of)
{
    return toy_ask(rig->machine, who, "indicators.value.list", &values_of_desc, of, &rig->arena);
}

const char *rich_profile(struct rig *rig)
{
    return arena_format(&rig->arena, "%s/tests/service/indicators.yaml", getenv("RSNMS_SOURCE"));
}

struct value value_of(struct rig *rig, const char *act, const char *code, uint64_t year, struct uuid unit)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    struct values_of of = { .act = act, .indicator = code, .year = year, .unit = unit };
    struct value_list list;
    struct outcome outcome = ask_values(rig, &who, &of);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&value_list_desc, outcome.body, &list, &rig->arena);
    assert_true(list.rows.n <= 1);
    return list.rows.n == 1 ? list.rows.at[0] : (struct value){ 0 };
}
