#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/core/err.h"
#include "services/indicators/counting.h"
#include "services/indicators/records.h"

/* Which cells a record counts in, by hand: one row for each rule and each boundary. The rules are those of
 * config/regions/tomsk.yaml: 1 diagnosed, 2 route agreed, 3 completed by a route, 4 teams, 5 young and
 * supported, 6 programmes. */

static struct rules rules;
static struct arena arena;

#define ID(n)     ((struct uuid){ { [15] = (n) } })
#define REGION_ID ((struct uuid){ { 0x70, [15] = 1 } })
static struct uuid A1[3], A2[3], B1[3];         /* schools 1 and 2 of municipality A, school 1 of B */

static int set_up(void **state)
{
    const struct profile *profile;
    const char *code, *fault;
    char says[400] = "";
    int zone;
    (void)state;
    const char *file = arena_format(&arena, "%s/config/regions/tomsk.yaml", getenv("RSNMS_SOURCE"));
    if (profile_read(file, &arena, &profile, &zone, says) != ERR_OK)
        fail_msg("%s", says);
    if (!rules_make(&rules, profile, &arena, &code, &fault))
        fail_msg("%s: %s", code, fault);
    const struct uuid chains[3][3] = { { ID(11), ID(1), REGION_ID }, { ID(12), ID(1), REGION_ID }, { ID(21), ID(2), REGION_ID } };
    memcpy(A1, chains[0], sizeof A1);
    memcpy(A2, chains[1], sizeof A2);
    memcpy(B1, chains[2], sizeof B1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static day_t date(const char *text)
{
    day_t day = 0;
    if (text != NULL)
        assert_true(day_parse(&day, text, strlen(text)));
    return day;
}

/* ── persons ──────────────────────────────────────────────────────────────── */

struct post_row { const struct uuid *at; int kind, org; const char *from, *until; };
enum fact_row { NOTHING, SITTING, ROUTE, DRAFT, DONE, SUPPORT };
struct row {
    const char *says;
    struct post_row post[2];
    const char *young_from, *young_until;
    struct { enum fact_row kind; const char *day; const struct uuid *at; int owner; bool not_federal, no_route, other_step, short_course; } fact;
    const char *code; enum side side; int year; struct uuid unit; bool counts;
};
#define TEACHER(at, from, until) { at, POST_EDUCATOR, ORG_SCHOOL, from, until }
#define HEAD(at, from, until)    { at, POST_HEAD, ORG_SCHOOL, from, until }
#define DEN SIDE_DENOMINATOR
#define NUM SIDE_NUMERATOR

static const struct row ROWS_OF_PERSONS[] = {
    { "in post on 31 December", { TEACHER(A1, "2022-12-31", NULL) }, .code = "1", .side = DEN, .year = 2022, .unit = ID(11), .counts = true },
    { "begins on 1 January after", { TEACHER(A1, "2023-01-01", NULL) }, .code = "1", .side = DEN, .year = 2022, .unit = ID(11) },
    { "31 December is the last day", { TEACHER(A1, "2020-09-01", "2022-12-31") }, .code = "1", .side = DEN, .year = 2022, .unit = ID(11), .counts = true },
    { "left on 30 December", { TEACHER(A1, "2020-09-01", "2022-12-30") }, .code = "1", .side = DEN, .year = 2022, .unit = ID(11) },
    { "a post without end counts in each year", { TEACHER(A1, "2019-09-01", NULL) }, .code = "1", .side = DEN, .year = 2024, .unit = ID(1), .counts = true },
    { "before the first year of the table nothing is lost", { TEACHER(A1, "2019-09-01", "2021-06-01") }, .code = "1", .side = DEN, .year = 2021, .unit = REGION_ID },
    { "leaders are in the first denominator", { HEAD(A1, "2020-01-01", NULL) }, .code = "1", .side = DEN, .year = 2022, .unit = REGION_ID, .counts = true },
    { "heads of units are leaders", { { A1, POST_UNIT_HEAD, ORG_SCHOOL, "2020-01-01", NULL } }, .code = "1", .side = DEN, .year = 2022, .unit = REGION_ID, .counts = true },
    { "leaders are not in the third", { HEAD(A1, "2020-01-01", NULL) }, .code = "3", .side = DEN, .year = 2022, .unit = REGION_ID },
    { "other staff count nowhere", { { A1, POST_OTHER, ORG_SCHOOL, "2020-01-01", NULL } }, .code = "1", .side = DEN, .year = 2022, .unit = REGION_ID },
    { "universities are left out", { { A1, POST_EDUCATOR, ORG_UNIVERSITY, "2020-01-01", NULL } }, .code = "1", .side = DEN, .year = 2022, .unit = REGION_ID },
    { "two posts in two municipalities: the first", { TEACHER(A1, "2020-01-01", NULL), TEACHER(B1, "2020-01-01", NULL) }, .code = "1", .side = DEN, .year = 2022, .unit = ID(1), .counts = true },
    { "two posts in two municipalities: the second", { TEACHER(A1, "2020-01-01", NULL), TEACHER(B1, "2020-01-01", NULL) }, .code = "1", .side = DEN, .year = 2022, .unit = ID(2), .counts = true },

    { "scored on 1 January", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = SITTING, .day = "2022-01-01", .at = A1, .owner = ORG_CENTRE }, .code = "1", .side = NUM, .year = 2022, .unit = ID(11), .counts = true },
    { "scored on 31 December", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = SITTING, .day = "2022-12-31", .at = A1, .owner = ORG_CENTRE }, .code = "1", .side = NUM, .year = 2022, .unit = REGION_ID, .counts = true },
    { "not in the next year", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = SITTING, .day = "2022-12-31", .at = A1, .owner = ORG_CENTRE }, .code = "1", .side = NUM, .year = 2023, .unit = REGION_ID },
    { "a procedure of the institute is not the centre's", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = SITTING, .day = "2022-05-05", .at = A1, .owner = ORG_INSTITUTE }, .code = "1", .side = NUM, .year = 2022, .unit = REGION_ID },
    { "left later in the year: the fact's day decides", { TEACHER(A1, "2020-01-01", "2022-06-01") }, .fact = { .kind = SITTING, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE }, .code = "1", .side = NUM, .year = 2022, .unit = REGION_ID, .counts = true },
    { "not yet in post on the fact's day", { TEACHER(A1, "2022-09-01", NULL) }, .fact = { .kind = SITTING, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE }, .code = "1", .side = NUM, .year = 2022, .unit = REGION_ID },
    { "a fact of school 1 does not count in school 2", { TEACHER(A1, "2020-01-01", NULL), TEACHER(A2, "2020-01-01", NULL) }, .fact = { .kind = SITTING, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE }, .code = "1", .side = NUM, .year = 2022, .unit = ID(12) },
    { "but in the municipality of both", { TEACHER(A1, "2020-01-01", NULL), TEACHER(A2, "2020-01-01", NULL) }, .fact = { .kind = SITTING, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE }, .code = "1", .side = NUM, .year = 2022, .unit = ID(1), .counts = true },
    { "head here, teacher next door: an educator of the municipality", { HEAD(A1, "2020-01-01", NULL), TEACHER(A2, "2020-01-01", NULL) }, .fact = { .kind = DONE, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE }, .code = "3", .side = NUM, .year = 2022, .unit = ID(1), .counts = true },
    { "and none of the school where he is head", { HEAD(A1, "2020-01-01", NULL), TEACHER(A2, "2020-01-01", NULL) }, .fact = { .kind = DONE, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE }, .code = "3", .side = NUM, .year = 2022, .unit = ID(11) },

    { "an agreed route counts", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = ROUTE, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE }, .code = "2", .side = NUM, .year = 2022, .unit = ID(11), .counts = true },
    { "a draft does not", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = DRAFT, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE }, .code = "2", .side = NUM, .year = 2022, .unit = ID(11) },

    { "completed: federal, by a route of the centre", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = DONE, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE }, .code = "3", .side = NUM, .year = 2022, .unit = ID(11), .counts = true },
    { "completed: not federal on enrolment", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = DONE, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE, .not_federal = true }, .code = "3", .side = NUM, .year = 2022, .unit = ID(11) },
    { "completed: by no route", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = DONE, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE, .no_route = true }, .code = "3", .side = NUM, .year = 2022, .unit = ID(11) },
    { "completed: not a step of the route it names", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = DONE, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE, .other_step = true }, .code = "3", .side = NUM, .year = 2022, .unit = ID(11) },
    { "completed: the route rests on another's procedure", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = DONE, .day = "2022-05-05", .at = A1, .owner = ORG_INSTITUTE }, .code = "3", .side = NUM, .year = 2022, .unit = ID(11) },
    { "completed: under 16 hours", { TEACHER(A1, "2020-01-01", NULL) }, .fact = { .kind = DONE, .day = "2022-05-05", .at = A1, .owner = ORG_CENTRE, .short_course = true }, .code = "3", .side = NUM, .year = 2022, .unit = ID(11) },

    { "35 on 1 January: still 34 on 31 December", { TEACHER(A1, "2020-01-01", NULL) }, "2021-09-01", "2023-01-01", .code = "5", .side = DEN, .year = 2022, .unit = ID(11), .counts = true },
    { "35 on 31 December", { TEACHER(A1, "2020-01-01", NULL) }, "2021-09-01", "2022-12-01", .code = "5", .side = DEN, .year = 2022, .unit = ID(11) },
    { "the band's last day is the day before its end", { TEACHER(A1, "2020-01-01", NULL) }, "2021-09-01", "2022-12-31", .code = "5", .side = DEN, .year = 2022, .unit = ID(11) },
    { "the band begins on 31 December", { TEACHER(A1, "2020-01-01", NULL) }, "2022-12-31", "2024-01-01", .code = "5", .side = DEN, .year = 2022, .unit = ID(11), .counts = true },
    { "36 months full on 1 January", { TEACHER(A1, "2020-01-01", NULL) }, "2020-01-01", "2023-01-01", .code = "5", .side = DEN, .year = 2022, .unit = ID(11), .counts = true },
    { "36 months full in December", { TEACHER(A1, "2020-01-01", NULL) }, "2019-12-01", "2022-12-01", .code = "5", .side = DEN, .year = 2022, .unit = ID(11) },
    { "never young", { TEACHER(A1, "2020-01-01", NULL) }, .code = "5", .side = DEN, .year = 2022, .unit = ID(11) },
    { "a young head is no educator", { HEAD(A1, "2020-01-01", NULL) }, "2021-09-01", "2024-01-01", .code = "5", .side = DEN, .year = 2022, .unit = ID(11) },
    { "young and supported", { TEACHER(A1, "2020-01-01", NULL) }, "2021-09-01", "2024-01-01", .fact = { .kind = SUPPORT, .day = "2022-02-02", .at = A1 }, .code = "5", .side = NUM, .year = 2022, .unit = ID(11), .counts = true },
    { "young when supported, not on 31 December", { TEACHER(A1, "2020-01-01", NULL) }, "2021-09-01", "2022-10-01", .fact = { .kind = SUPPORT, .day = "2022-02-02", .at = A1 }, .code = "5", .side = NUM, .year = 2022, .unit = ID(11) },
    { "supported in the year before", { TEACHER(A1, "2020-01-01", NULL) }, "2021-09-01", "2024-01-01", .fact = { .kind = SUPPORT, .day = "2021-12-31", .at = A1 }, .code = "5", .side = NUM, .year = 2022, .unit = ID(11) },
    { "supported, not in post on 31 December", { TEACHER(A1, "2020-01-01", "2022-12-30") }, "2021-09-01", "2024-01-01", .fact = { .kind = SUPPORT, .day = "2022-02-02", .at = A1 }, .code = "5", .side = NUM, .year = 2022, .unit = ID(11) },
};

static void add_fact(struct worker *w, const struct row *row)
{
    struct place at = { 3, row->fact.at };
    day_t day = date(row->fact.day);
    struct uuid route = ID(70), programme = ID(80), other = ID(81);
    static const char *const topics[] = { "управление качеством образования" };

    if (row->fact.kind == SITTING) {
        *worker_sitting_edit(w, &ID(60), &arena) = (struct worker_sitting){ ID(60), row->fact.owner, day, at };
    } else if (row->fact.kind == SUPPORT) {
        *worker_support_edit(w, &ID(61), &arena) = (struct worker_support){ ID(61), day, at };
    } else if (row->fact.kind != NOTHING && !row->fact.no_route) {
        struct worker_route *r = worker_route_edit(w, &route, &arena);
        r->owner = row->fact.owner;
        ids_add(&r->programmes, &programme, &arena);
        if (row->fact.kind == ROUTE) {
            r->agreed = day;
            r->place = at;
        }
    }
    if (row->fact.kind == DONE)
        *worker_completion_edit(w, &ID(62), &arena) = (struct worker_training){
            .id = ID(62), .day = day, .federal = !row->fact.not_federal, .raises = !row->fact.short_course,
            .route = route, .programme = row->fact.other_step ? other : programme, .place = at, .topics = { 1, topics } };
}

static uint32_t indicator_at(const char *code)
{
    uint32_t i = 0;
    while (strcmp(rules.profile->indicators.at[i].code, code) != 0)
        i++;
    return i;
}

static uint32_t column_at(const char *code, enum side side)
{
    return rules.line[indicator_at(code)][LINE_MAIN].column[side];
}

static bool counted(const struct marks *marks, const char *code, enum side side, int year, const struct uuid *unit)
{
    return marked(marks, unit, cell_of(marks->rules, column_at(code, side), (uint32_t)(year - (int)rules.profile->first_year)));
}

static void persons_count_as_the_rows_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS_OF_PERSONS); i++) {
        const struct row *row = &ROWS_OF_PERSONS[i];
        struct worker w = { .bands = { row->young_from != NULL, &(struct band_span){ BAND_YOUNG, date(row->young_from), date(row->young_until) } } }, back;
        struct marks marks;
        struct buf buf = { 0 };
        for (uint8_t p = 0; p < 2 && row->post[p].at != NULL; p++)
            *worker_post_edit(&w, &ID(50 + p), &arena) = (struct worker_post){ ID(50 + p), row->post[p].kind, row->post[p].org,
                date(row->post[p].from), date(row->post[p].until), { 3, row->post[p].at } };
        add_fact(&w, row);
        worker_encode(&w, &buf);                            /* what is stored counts like what was made */
        assert_true(worker_decode(arena_bytes(&arena, buf_bytes(&buf)), &arena, &back));
        count_worker(&rules, &back, &arena, &marks);
        if (counted(&marks, row->code, row->side, row->year, &row->unit) != row->counts)
            fail_msg("%s", row->says);
        for (size_t n = 0; n < buf.n; n++)                  /* no prefix of a record is a record */
            assert_false(worker_decode(bytes(buf.at, n), &arena, &back));
        buf_free(&buf);
    }
}

static void a_person_is_counted_once_at_each_level(void **state)
{
    struct worker w = { 0 };
    struct marks marks;
    struct tally tally;
    uint32_t cell = cell_of(&rules, column_at("1", SIDE_DENOMINATOR), 1);
    (void)state;

    *worker_post_edit(&w, &ID(50), &arena) = (struct worker_post){ ID(50), POST_EDUCATOR, ORG_SCHOOL, date("2020-01-01"), 0, { 3, A1 } };
    *worker_post_edit(&w, &ID(51), &arena) = (struct worker_post){ ID(51), POST_EDUCATOR, ORG_SCHOOL, date("2020-01-01"), 0, { 3, B1 } };
    *worker_post_edit(&w, &ID(52), &arena) = (struct worker_post){ ID(52), POST_DEPUTY, ORG_SCHOOL, date("2020-01-01"), 0, { 3, A1 } };
    tally_start(&tally, &rules, &arena);
    count_worker(&rules, &w, &arena, &marks);
    tally_add(&tally, &marks, +1);
    const struct uuid units[] = { REGION_ID, ID(1), ID(2), ID(11), ID(21) };
    for (size_t i = 0; i < COUNT(units); i++)
        assert_int_equal(tally_find(&tally, &units[i])->cell[cell], 1);
    tally_add(&tally, &marks, -1);
    assert_int_equal(tally_find(&tally, &REGION_ID)->cell[cell], 0);
    assert_null(tally_find(&tally, &ID(99)));
}

static void a_cumulative_fact_counts_in_each_later_year(void **state)
{
    struct rule *rule = &rules.column[column_at("1", SIDE_NUMERATOR)];
    struct worker w = { 0 };
    struct marks marks;
    (void)state;

    *worker_post_edit(&w, &ID(50), &arena) = (struct worker_post){ ID(50), POST_EDUCATOR, ORG_SCHOOL, date("2020-01-01"), 0, { 3, A1 } };
    *worker_sitting_edit(&w, &ID(60), &arena) = (struct worker_sitting){ ID(60), ORG_CENTRE, date("2022-05-05"), { 3, A1 } };
    *worker_sitting_edit(&w, &ID(61), &arena) = (struct worker_sitting){ ID(61), ORG_CENTRE, date("2020-12-31"), { 3, A1 } };
    rule->cumulative = true;
    count_worker(&rules, &w, &arena, &marks);
    rule->cumulative = false;
    assert_false(counted(&marks, "1", SIDE_NUMERATOR, 2021, &REGION_ID));    /* before the first year is before all */
    assert_true(counted(&marks, "1", SIDE_NUMERATOR, 2022, &REGION_ID));
    assert_true(counted(&marks, "1", SIDE_NUMERATOR, 2024, &REGION_ID));
}

/* ── teams ────────────────────────────────────────────────────────────────── */

struct member { int kind; const char *until, *trained; bool other_topic, short_course; };
static const struct { const char *says; struct member member[3]; int year; bool den, all, any, head_and_one; } TEAMS[] = {
    { "nobody trained", { { .kind = POST_HEAD }, { .kind = POST_DEPUTY } }, 2022, true, false, false, false },
    { "all trained in the year", { { .kind = POST_HEAD, .trained = "2022-03-01" }, { .kind = POST_DEPUTY, .trained = "2022-12-31" } }, 2022, true, true, true, true },
    { "one of them in the year before", { { .kind = POST_HEAD, .trained = "2022-03-01" }, { .kind = POST_DEPUTY, .trained = "2021-12-31" } }, 2022, true, false, true, false },
    { "who left before 31 December is not asked", { { .kind = POST_HEAD, .trained = "2022-03-01" }, { .kind = POST_DEPUTY, .until = "2022-12-30" } }, 2022, true, true, true, true },
    { "head and one of two deputies", { { .kind = POST_HEAD, .trained = "2022-03-01" }, { .kind = POST_DEPUTY, .trained = "2022-03-01" }, { .kind = POST_DEPUTY } }, 2022, true, false, true, true },
    { "both deputies without the head", { { .kind = POST_HEAD }, { .kind = POST_DEPUTY, .trained = "2022-03-01" }, { .kind = POST_DEPUTY, .trained = "2022-03-01" } }, 2022, true, false, true, false },
    { "another topic", { { .kind = POST_HEAD, .trained = "2022-03-01", .other_topic = true } }, 2022, true, false, false, false },
    { "under 16 hours", { { .kind = POST_HEAD, .trained = "2022-03-01", .short_course = true } }, 2022, true, false, false, false },
    { "a head alone is a team", { { .kind = POST_HEAD, .trained = "2022-03-01" } }, 2022, true, true, true, true },
    { "heads of units are not in it", { { .kind = POST_UNIT_HEAD, .trained = "2022-03-01" } }, 2022, false, false, false, false },
};

static void teams_count_by_the_rule_of_the_profile(void **state)
{
    static const char *const right[] = { "управление качеством образования" }, *const wrong[] = { "качество" };
    uint32_t four = column_at("4", SIDE_NUMERATOR);
    (void)state;
    for (size_t i = 0; i < COUNT(TEAMS); i++) {
        const struct worker *members[3];
        uint8_t n = 0;
        for (; n < 3 && TEAMS[i].member[n].kind != 0; n++) {
            const struct member *m = &TEAMS[i].member[n];
            struct worker *w = ARENA_NEW(&arena, struct worker);
            *worker_post_edit(w, &ID(50), &arena) = (struct worker_post){ ID(50), m->kind, ORG_SCHOOL, date("2020-01-01"), date(m->until), { 3, A1 } };
            if (m->trained != NULL)
                *worker_completion_edit(w, &ID(62), &arena) = (struct worker_training){ .id = ID(62), .day = date(m->trained),
                    .raises = !m->short_course, .place = { 3, A1 }, .topics = { 1, m->other_topic ? wrong : right } };
            members[n] = w;
        }
        struct team_record team = { ID(11), n, members };
        const bool expected[] = { TEAMS[i].all, TEAMS[i].any, TEAMS[i].head_and_one };
        for (int rule = 0; rule < team_rule_count; rule++) {
            struct marks marks;
            rules.column[four].members = rule;
            count_team(&rules, &team, &arena, &marks);
            if (counted(&marks, "4", SIDE_DENOMINATOR, 2022, &REGION_ID) != TEAMS[i].den
                || counted(&marks, "4", SIDE_NUMERATOR, 2022, &ID(1)) != expected[rule])
                fail_msg("%s, rule %s", TEAMS[i].says, team_rule_names.names[rule]);
        }
        rules.column[four].members = TEAM_ALL;
    }
}

/* ── programmes ───────────────────────────────────────────────────────────── */

static const struct { const char *says; int kind, provider; const char *run, *included; int year; bool den, num; } PROGRAMMES[] = {
    { "run and included", PROGRAMME_DEVELOPMENT, ORG_INSTITUTE, "2021-03-01", "2021-06-01", 2021, true, true },
    { "cumulative: still there three years later", PROGRAMME_DEVELOPMENT, ORG_INSTITUTE, "2021-03-01", "2021-06-01", 2024, true, true },
    { "included later", PROGRAMME_RETRAINING, ORG_INSTITUTE, "2021-03-01", "2023-01-01", 2022, true, false },
    { "from the year of inclusion on", PROGRAMME_RETRAINING, ORG_INSTITUTE, "2021-03-01", "2023-01-01", 2023, true, true },
    { "included but not yet run", PROGRAMME_DEVELOPMENT, ORG_INSTITUTE, "2023-03-01", "2021-06-01", 2022, false, false },
    { "run before the first year only", PROGRAMME_DEVELOPMENT, ORG_INSTITUTE, "2020-12-31", "2021-06-01", 2022, false, false },
    { "included before the first year only", PROGRAMME_DEVELOPMENT, ORG_INSTITUTE, "2021-01-01", "2020-12-31", 2022, true, false },
    { "run on 31 December", PROGRAMME_DEVELOPMENT, ORG_INSTITUTE, "2021-12-31", "2021-12-31", 2021, true, true },
    { "another provider", PROGRAMME_DEVELOPMENT, ORG_UNIVERSITY, "2021-03-01", "2021-06-01", 2022, false, false },
    { "under 16 hours", PROGRAMME_NON_FORMAL, ORG_INSTITUTE, "2021-03-01", NULL, 2022, false, false },
};

static void programmes_count_from_the_first_year_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(PROGRAMMES); i++) {
        struct programme_record p = { .kind = PROGRAMMES[i].kind, .provider_kind = PROGRAMMES[i].provider, .provider = ID(30) }, back;
        struct marks marks;
        struct buf buf = { 0 };
        days_add(&p.runs, date(PROGRAMMES[i].run), &arena);
        days_add(&p.runs, date(PROGRAMMES[i].run), &arena);
        if (PROGRAMMES[i].included != NULL)
            days_add(&p.included, date(PROGRAMMES[i].included), &arena);
        programme_encode(&p, &buf);
        assert_true(programme_decode(buf_bytes(&buf), &arena, &back));
        assert_int_equal(back.runs.n, 1);
        buf_free(&buf);
        count_programme(&rules, &back, &arena, &marks);
        const struct uuid units[] = { rules.profile->region->id, ID(30) };
        for (size_t u = 0; u < COUNT(units); u++)
            if (counted(&marks, "6", SIDE_DENOMINATOR, PROGRAMMES[i].year, &units[u]) != PROGRAMMES[i].den
                || counted(&marks, "6", SIDE_NUMERATOR, PROGRAMMES[i].year, &units[u]) != PROGRAMMES[i].num)
                fail_msg("%s", PROGRAMMES[i].says);
    }
}

static void counts_that_cannot_be_are_named(void **state)
{
    static const char *posts[] = { "educator" }, *owners[] = { "centre" }, *tutors[] = { "tutor" };
    static struct also run = { .fact = FACT_RUN };
    static struct count good = { .subject = SUBJECT_PERSON, .posts = { 1, posts } }, bad;
    const struct { struct count count; const char *fault; } rows[] = {
        { { .subject = SUBJECT_PERSON }, "counts_nobody" },
        { { .subject = SUBJECT_PERSON, .posts = { 1, posts }, .fact = FACT_RUN }, "fact_of_another_subject" },
        { { .subject = SUBJECT_PROGRAMME, .fact = FACT_DIAGNOSED }, "fact_of_another_subject" },
        { { .subject = SUBJECT_PERSON, .posts = { 1, posts }, .fact = FACT_DIAGNOSED, .federal = true }, "qualifier_without_training" },
        { { .subject = SUBJECT_PERSON, .posts = { 1, posts }, .fact = FACT_SUPPORTED, .owners = { 1, owners } }, "owner_without_procedure" },
        { { .subject = SUBJECT_PERSON, .posts = { 1, posts }, .fact = FACT_DIAGNOSED, .providers = { 1, owners } }, "provider_without_programme" },
        { { .subject = SUBJECT_PERSON, .posts = { 1, posts }, .fact = FACT_ENROLLED, .federal = true }, "qualifier_without_training" },
        { { .subject = SUBJECT_PERSON, .posts = { 1, posts }, .fact = FACT_COMPLETED, .tutors = { 1, tutors } }, "tutors_without_assignment" },
        { { .subject = SUBJECT_PERSON, .posts = { 1, posts }, .also = { 1, &run } }, "fact_of_another_subject" },
        { { .subject = SUBJECT_PROGRAMME, .fact = FACT_RUN, .also = { 1, &run } }, "also_of_no_person" },
        { { .subject = SUBJECT_TUTOR, .on = ON_FACT, .fact = FACT_ASSIGNED }, "tutors_are_counted_on_a_date" },
        { { .subject = SUBJECT_TUTOR, .fact = FACT_SUPPORTED }, "tutors_are_counted_on_a_date" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct profile profile = *rules.profile;
        struct indicator indicator = { .code = "x", .numerator = &bad, .denominator = &good };
        struct rules made;
        const char *code, *fault;
        bad = rows[i].count;
        profile.indicators.n = 1;
        profile.indicators.at = &indicator;
        assert_false(rules_make(&made, &profile, &arena, &code, &fault));
        assert_string_equal(fault, rows[i].fault);
    }
}

/* ── records: everything at once is stored and read, and no part of it is a record ── */

static void a_record_of_everything_comes_back_whole(void **state)
{
    static const char *const topics[] = { "управление качеством образования", "" };
    struct programme_record p = { .kind = PROGRAMME_RETRAINING, .provider_kind = ORG_COLLEGE, .provider = ID(30), .topics = { 2, topics } }, p_back;
    struct place at = { 3, A1 };
    struct worker w = { .bands = { 2, (struct band_span[]){ { BAND_YOUNG, 5, 9 }, { "under_35", 20, 0 } } } }, back;
    struct buf buf = { 0 }, again = { 0 };
    (void)state;
    *worker_post_edit(&w, &ID(50), &arena) = (struct worker_post){ ID(50), POST_EDUCATOR, ORG_SCHOOL, 100, 200, at };
    *worker_enrolment_edit(&w, &ID(63), &arena) = (struct worker_training){ .id = ID(63), .day = 120, .raises = true, .provider_kind = ORG_UNIVERSITY,
        .route = ID(70), .programme = ID(80), .place = at, .topics = { 2, topics } };
    *worker_assignment_edit(&w, &ID(64), &arena) = (struct worker_assignment){ ID(64), ID(90), TUTOR_METHODOLOGIST, 130, 140, at };
    *worker_tutoring_edit(&w, &ID(65), &arena) = (struct worker_tutoring){ ID(65), TUTOR_METHODOLOGIST, 150, 0, at };
    worker_encode(&w, &buf);
    assert_true(worker_decode(buf_bytes(&buf), &arena, &back));
    assert_true(back.bands.n == 2 && back.bands.at[0].until == 9 && back.bands.at[1].from == 20 && back.bands.at[1].until == 0);
    assert_string_equal(back.bands.at[1].band, "under_35");
    assert_int_equal(back.enrolments.n, 1);
    assert_int_equal(back.enrolments.at[0].provider_kind, ORG_UNIVERSITY);
    assert_string_equal(back.enrolments.at[0].topics.at[0], topics[0]);
    assert_true(uuid_equal(&back.assignments.at[0].tutor, &ID(90)) && back.assignments.at[0].until == 140);
    assert_true(back.tutorings.at[0].kind == TUTOR_METHODOLOGIST && back.tutorings.at[0].from == 150);
    worker_encode(&back, &again);
    assert_true(bytes_equal(buf_bytes(&buf), buf_bytes(&again)));
    for (size_t n = 0; n < buf.n; n++)
        assert_false(worker_decode(bytes(buf.at, n), &arena, &back));
    buf_clear(&buf);
    days_add(&p.excluded, 77, &arena);
    programme_encode(&p, &buf);
    assert_true(programme_decode(buf_bytes(&buf), &arena, &p_back));
    assert_true(p_back.excluded.n == 1 && p_back.excluded.at[0] == 77 && p_back.topics.n == 2);
    for (size_t n = 0; n < buf.n; n++)
        assert_false(programme_decode(bytes(buf.at, n), &arena, &p_back));
    buf_free(&buf);
    buf_free(&again);
}

/* An assignment holds from its first day until the day before its last one says; 31 December decides. */
static void a_charge_counts_for_his_tutor_on_the_last_day_of_the_year(void **state)
{
    static const struct { const char *from, *until; int kind; bool counts[2]; } SPELLS[] = {       /* in 2022, in 2023 */
        { "2022-12-31", NULL, TUTOR_METHODOLOGIST, { true, true } },
        { "2023-01-01", NULL, TUTOR_METHODOLOGIST, { false, true } },
        { "2022-01-01", "2022-12-31", TUTOR_METHODOLOGIST, { false, false } },
        { "2022-01-01", "2023-01-01", TUTOR_METHODOLOGIST, { true, false } },
        { "2022-01-01", NULL, TUTOR_OF_ROUTES, { false, false } },
        { "2022-01-01", "2022-01-01", TUTOR_METHODOLOGIST, { false, false } },
    };
    struct rule rule = { .subject = SUBJECT_TUTOR, .posts = 1u << POST_EDUCATOR, .want = { .fact = FACT_ASSIGNED, .tutors = 1u << TUTOR_METHODOLOGIST } };
    struct rules one = rules_of_column(&rules, 0);
    (void)state;
    one.column = &rule;
    for (size_t i = 0; i < COUNT(SPELLS); i++) {
        struct worker w = { 0 };
        struct marks marks;
        *worker_post_edit(&w, &ID(50), &arena) = (struct worker_post){ ID(50), POST_EDUCATOR, ORG_SCHOOL, date("2020-01-01"), 0, { 3, A1 } };
        *worker_assignment_edit(&w, &ID(64), &arena) = (struct worker_assignment){ ID(64), ID(90), SPELLS[i].kind, date(SPELLS[i].from),
            date(SPELLS[i].until), { 3, A1 } };
        for (int leader = 0; leader < 2; leader++) {        /* a head is no educator: never counted */
            w.posts.at[0].kind = leader ? POST_HEAD : POST_EDUCATOR;
            count_worker(&one, &w, &arena, &marks);
            for (int y = 0; y < 2; y++)
                if (marked(&marks, &ID(90), cell_of(&one, 0, (uint32_t)(2022 + y - (int)rules.profile->first_year))) != (SPELLS[i].counts[y] && !leader))
                    fail_msg("from %s, %d", SPELLS[i].from, 2022 + y);
        }
    }
}

/* ── rules ────────────────────────────────────────────────────────────────── */

static void counts_that_say_the_same_are_one_column(void **state)
{
    (void)state;
    assert_int_equal(column_at("1", SIDE_DENOMINATOR), column_at("2", SIDE_DENOMINATOR));
    assert_int_not_equal(column_at("1", SIDE_NUMERATOR), column_at("2", SIDE_NUMERATOR));
    assert_int_not_equal(column_at("1", SIDE_DENOMINATOR), column_at("3", SIDE_DENOMINATOR));
    assert_int_equal(rules.line[indicator_at("1")][LINE_CUMULATIVE].column[SIDE_NUMERATOR], NO_COLUMN);
    assert_true(rules.columns < 2 * rules.indicators);
    struct rules one = rules_of_column(&rules, column_at("3", SIDE_NUMERATOR));
    assert_int_equal(one.cells, rules.years);
    assert_int_equal(one.column->want.fact, FACT_COMPLETED);
    assert_true(one.column->want.federal && one.column->want.by_route);
}

/* What waits for its facts, what persons say, lines beside and along: no region's settings stop the service. */
static void the_settings_of_every_region_can_be_counted(void **state)
{
    static const struct { const char *region; uint32_t indicators; } REGIONS[] = { { "tomsk", 6 }, { "yugra", 31 }, { "stavropol", 7 }, { "khabarovsk", 14 } };
    (void)state;
    for (size_t i = 0; i < COUNT(REGIONS); i++) {
        const struct profile *profile;
        struct rules made;
        const char *code, *fault;
        char says[400] = "";
        int zone;
        const char *file = arena_format(&arena, "%s/config/regions/%s.yaml", getenv("RSNMS_SOURCE"), REGIONS[i].region);
        if (profile_read(file, &arena, &profile, &zone, says) != ERR_OK)
            fail_msg("%s", says);
        if (!rules_make(&made, profile, &arena, &code, &fault))
            fail_msg("%s: %s: %s", REGIONS[i].region, code, fault);
        assert_true(made.indicators >= REGIONS[i].indicators);
        for (uint32_t n = 0; n < made.indicators; n++) {
            bool waits = profile->indicators.at[n].awaits.n != 0, said = profile->indicators.at[n].measure >= MEASURE_YES_NO;
            assert_int_equal(made.line[n][LINE_MAIN].column[SIDE_NUMERATOR] == NO_COLUMN, waits || said);
        }
    }
}

/* C 8.1: educators under 35 of all, whatever their service; beside it, heads and deputies. Bands may have gaps. */
static void a_band_of_the_profile_is_asked_for_on_the_day(void **state)
{
    static const struct { int year; bool young; } YEARS[] = { { 2021, true }, { 2022, false }, { 2023, true }, { 2024, false } };
    const struct profile *profile;
    const char *code, *fault;
    struct rules yugra;
    struct marks marks;
    char says[400] = "";
    uint32_t at = 0;
    int zone;
    struct band_span spans[] = { { "under_35", 0, date("2022-03-01") }, { BAND_YOUNG, 0, 0 }, { "under_35", date("2023-01-01"), date("2024-12-01") } };
    struct worker w = { .bands = { COUNT(spans), spans } };
    (void)state;
    assert_int_equal(profile_read(arena_format(&arena, "%s/config/regions/yugra.yaml", getenv("RSNMS_SOURCE")), &arena, &profile, &zone, says), ERR_OK);
    assert_true(rules_make(&yugra, profile, &arena, &code, &fault));
    while (strcmp(profile->indicators.at[at].code, "8.1") != 0)
        assert_true(++at < profile->indicators.n);
    const struct line *line = yugra.line[at];
    *worker_post_edit(&w, &ID(50), &arena) = (struct worker_post){ ID(50), POST_EDUCATOR, ORG_SCHOOL, date("2020-01-01"), 0, { 3, A1 } };
    count_worker(&yugra, &w, &arena, &marks);
    for (size_t i = 0; i < COUNT(YEARS); i++) {
        uint32_t year = (uint32_t)(YEARS[i].year - (int)profile->first_year);
        assert_int_equal(marked(&marks, &A1[0], cell_of(&yugra, line[LINE_MAIN].column[SIDE_NUMERATOR], year)), YEARS[i].young);
        assert_true(marked(&marks, &A1[0], cell_of(&yugra, line[LINE_MAIN].column[SIDE_DENOMINATOR], year)));
        assert_false(marked(&marks, &A1[0], cell_of(&yugra, line[LINE_BESIDE_1].column[SIDE_DENOMINATOR], year)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(persons_count_as_the_rows_say),
        cmocka_unit_test(a_person_is_counted_once_at_each_level),
        cmocka_unit_test(a_cumulative_fact_counts_in_each_later_year),
        cmocka_unit_test(teams_count_by_the_rule_of_the_profile),
        cmocka_unit_test(programmes_count_from_the_first_year_on),
        cmocka_unit_test(counts_that_cannot_be_are_named),
        cmocka_unit_test(a_record_of_everything_comes_back_whole),
        cmocka_unit_test(a_charge_counts_for_his_tutor_on_the_last_day_of_the_year),
        cmocka_unit_test(counts_that_say_the_same_are_one_column),
        cmocka_unit_test(a_band_of_the_profile_is_asked_for_on_the_day),
        cmocka_unit_test(the_settings_of_every_region_can_be_counted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
