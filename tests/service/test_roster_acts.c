/* Whom each of the four regions counts, by its act and by its own days: populations of the profile against plain loops over a
 * made-up staff, with the words of the acts written down here once more; and that a day ends where the region lies. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/service/vault.h"
#include "proto/profile.h"
#include "proto/roles.h"
#include "proto/roster_people.h"
#include "proto/roster_tree.h"
#include "tests/service/roster_rig.h"

#define STAFF      240
#define BIT(kind)  (UINT32_C(1) << (kind))

extern const struct service roster_service;

static const struct region { const char *file; int zone; } REGIONS[] = {
    { "tomsk", 7 * 60 }, { "yugra", 5 * 60 }, { "stavropol", 3 * 60 }, { "khabarovsk", 10 * 60 },
};

/* ── the words of the acts ────────────────────────────────────────────────── */
/* U прил. № 1, S 2, T 1.3: who teaches, brings up or organises learning, without higher education; C II has it, too. Leaders: U, S
 * and T with heads of units, C II and K 2.4 head and deputies alone. */
#define TEACHING  (BIT(ORG_SCHOOL) | BIT(ORG_KINDERGARTEN) | BIT(ORG_FURTHER) | BIT(ORG_COLLEGE) | BIT(ORG_INSTITUTE) | BIT(ORG_CENTRE))
#define HIGHER    (TEACHING | BIT(ORG_UNIVERSITY))
#define TEAM      (BIT(POST_HEAD) | BIT(POST_DEPUTY))
#define LEADING   (TEAM | BIT(POST_UNIT_HEAD))
#define EDUCATOR  BIT(POST_EDUCATOR)
enum wants { ANY, YOUNG, FIRST_YEARS, NEWCOMER, UNPEDAGOGICAL, MISMATCHED, TEAMS };
static const struct said { const char *regions, *id; uint32_t posts, kinds; enum wants wants; } SAID[] = {
    { "TUSK", "educators", EDUCATOR, TEACHING, ANY },           { "TUS", "leaders", LEADING, TEACHING, ANY },
    { "K", "leaders", TEAM, TEACHING, ANY },                    { "TUS", "workers", EDUCATOR | LEADING, TEACHING, ANY },
    { "K", "workers", EDUCATOR | TEAM, TEACHING, ANY },         { "U", "educators_c", EDUCATOR, HIGHER, ANY },
    { "U", "leaders_c", TEAM, HIGHER, ANY },                    { "U", "workers_c", EDUCATOR | TEAM, HIGHER, ANY },
    { "TUSK", "young", EDUCATOR, TEACHING, YOUNG },             { "TUSK", "first_years", EDUCATOR, TEACHING, FIRST_YEARS },
    { "TUSK", "newcomers", EDUCATOR, TEACHING, NEWCOMER },      { "TUSK", "school_educators", EDUCATOR, BIT(ORG_SCHOOL), ANY },
    { "K", "general_educators", EDUCATOR, BIT(ORG_SCHOOL) | BIT(ORG_KINDERGARTEN), ANY },      /* K 3.2(4): основные общеобразовательные программы */
    { "TUSK", "unpedagogical", EDUCATOR, TEACHING, UNPEDAGOGICAL }, { "TUSK", "mismatched", EDUCATOR, TEACHING, MISMATCHED },
    { "TUSK", "teams", TEAM, TEACHING, TEAMS },                 { "TUSK", "students", BIT(POST_STUDENT), ~0u, ANY },
    { "TUSK", "gifted", BIT(POST_GIFTED), ~0u, ANY },           { "TUSK", "guests", BIT(POST_GUEST), ~0u, ANY },
};

/* ── a made-up staff ──────────────────────────────────────────────────────── */
static const struct { const char *title; int kind; } POSTS[] = {
    { "учитель", POST_EDUCATOR }, { "воспитатель", POST_EDUCATOR }, { "директор", POST_HEAD }, { "заместитель директора", POST_DEPUTY },
    { "учитель", POST_EDUCATOR }, { "руководитель структурного подразделения", POST_UNIT_HEAD }, { "секретарь", POST_OTHER },
    { "студент", POST_STUDENT }, { "участник программы для одарённой педагогической молодёжи", POST_GIFTED }, { "стажёр другого региона", POST_GUEST },
};
/* A part counts as what it belongs to: a «Точка роста» as its school, a branch as its university. */
static const struct { const char *code, *above; int kind, counted; } UNITS[] = {
    { "S1", "M", ORG_SCHOOL, ORG_SCHOOL },       { "S2", "M", ORG_SCHOOL, ORG_SCHOOL },         { "D1", "M", ORG_KINDERGARTEN, ORG_KINDERGARTEN },
    { "F1", "M", ORG_FURTHER, ORG_FURTHER },     { "C1", "M", ORG_COLLEGE, ORG_COLLEGE },       { "U1", "R", ORG_UNIVERSITY, ORG_UNIVERSITY },
    { "I1", "R", ORG_INSTITUTE, ORG_INSTITUTE }, { "Z1", "R", ORG_CENTRE, ORG_CENTRE },         { "A1", "M", ORG_MUNICIPAL_AUTHORITY, ORG_MUNICIPAL_AUTHORITY },
    { "S1T", "S1", ORG_GROWTH_POINT, ORG_SCHOOL }, { "U1F", "U1", ORG_BRANCH, ORG_UNIVERSITY }, { "F1K", "F1", ORG_QUANTORIUM, ORG_FURTHER },
};
struct post { int unit, kind; day_t from, until; int matching; };
struct human { int born_year, born_month, born_day; day_t teaching, working; int pedagogical; uint32_t n; struct post post[2]; };
struct world { const struct region *region; const struct profile *profile; struct rig *rig; struct human staff[STAFF]; struct uuid root, unit[COUNT(UNITS)]; };

static struct rig *rig_of(struct world *w, const char *now)
{
    struct rig *rig = calloc(1, sizeof *rig);
    const char *source = getenv("RSNMS_SOURCE");
    char says[400] = "";
    int zone;

    assert_non_null(rig);
    rig->dir = toy_dir();
    snprintf(rig->key, sizeof rig->key, "%s.key", rig->dir);
    snprintf(rig->profile, sizeof rig->profile, "%s/config/regions/%s.yaml", source != NULL ? source : ".", w->region->file);
    if (profile_read(rig->profile, &rig->arena, &w->profile, &zone, says) != ERR_OK)
        fail_msg("%s", says);
    assert_int_equal(zone, w->region->zone);
    rig->time = (struct toy_time){ .wall = day_start(day(now), zone), .boot = MOMENT_DAY };
    prng_seed(&rig->time.prng, 7);
    assert_int_equal(vault_master_new(rig->key), ERR_OK);
    rig->centre = toy_principal(ROLE_CENTRE);
    rig_open(rig);
    w->rig = rig;
    w->root = w->profile->region->id;
    rig_organise(rig, "R", ORG_REGION, &UUID_NIL);
    rig_organise(rig, "M", ORG_MUNICIPALITY, &w->root);
    for (size_t i = 0; i < COUNT(UNITS); i++) {
        struct uuid above = rig_find(rig, &rig->centre, "roster.organisation.find", UNITS[i].above);
        w->unit[i] = rig_organise(rig, UNITS[i].code, UNITS[i].kind, &above);
    }
    return rig;
}

static void enter(struct world *w, uint32_t i, struct human *human, const struct post *post, const char *title, bool main)
{
    char code[20], born[36], given[80];
    snprintf(code, sizeof code, "Ч-%u", i);
    snprintf(born, sizeof born, "%04d-%02d-%02d", human->born_year, human->born_month, human->born_day);
    snprintf(given, sizeof given, "Анна%.*s", (int)(i % 20) * 2, "аббвгдежзиклмнопрстуфх");
    const struct worker_record row = {
        .code = code, .family = "Лесная", .given = given, .born = born, .organisation = UNITS[post->unit].code, .post = title,
        .part_time = !main, .teaching_since = human->teaching, .working_since = human->working, .from = post->from, .until = post->until,
        .education = human->pedagogical == 1 ? "высшее педагогическое" : human->pedagogical == 2 ? "высшее непедагогическое" : NULL,
        .pedagogical_since = human->pedagogical == 1 ? day("1995-07-01") : 0,
        .subject = POSTS[0].kind == post->kind ? "химия" : NULL, .matching = post->matching == 1 ? "да" : post->matching == 2 ? "нет" : NULL };
    const char *reason = rig_reason(w->rig, "roster.worker.record", &worker_record_desc, &row);
    if (reason[0] != '\0')
        fail_msg("%s %s at %s: %s", code, title, row.organisation, reason);
}

static void people(struct world *w)
{
    struct prng random;
    prng_seed(&random, 20240901);
    for (uint32_t i = 0; i < STAFF; i++) {
        struct human *human = &w->staff[i];
        size_t what = prng_below(&random, COUNT(POSTS));
        int age = 20 + (int)prng_below(&random, 30);
        *human = (struct human){ .born_year = 2024 - age, .born_month = 1 + (int)prng_below(&random, 12), .born_day = 1 + (int)prng_below(&random, 28),
                                 .pedagogical = (int)prng_below(&random, 3), .n = 1 };
        human->working = day_of(2018 + (int)prng_below(&random, 6), 1 + (int)prng_below(&random, 12), 1 + (int)prng_below(&random, 28));
        human->teaching = prng_below(&random, 5) == 0 ? 0 : human->working + (day_t)prng_below(&random, 400);
        if (human->born_year > 2000)                        /* nobody works as a child */
            human->working = human->teaching = day_of(2024, 3, 5);
        bool staff = POSTS[what].kind < POST_STUDENT;
        human->post[0] = (struct post){ (int)prng_below(&random, COUNT(UNITS)), POSTS[what].kind, day_of(2024, 1 + (int)prng_below(&random, 12), 1), 0,
                                        POSTS[what].kind == POST_EDUCATOR ? (int)prng_below(&random, 3) : 0 };
        if (prng_below(&random, 4) == 0)
            human->post[0].until = human->post[0].from + 30 + (day_t)prng_below(&random, 200);
        enter(w, i, human, &human->post[0], POSTS[what].title, staff);
        if (staff && prng_below(&random, 3) == 0) {         /* a second post elsewhere, part-time */
            human->post[human->n++] = (struct post){ (human->post[0].unit + 1) % (int)COUNT(UNITS), POST_EDUCATOR, human->post[0].from, 0, 2 };
            enter(w, i, human, &human->post[1], "учитель", false);
        }
    }
}

/* ── counted by loops of our own ──────────────────────────────────────────── */
/* Months, for what the calendar changes begins and ends with the first of one. */
static int month_of(day_t day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return year * 12 + month;
}

static bool within(day_t since, int months, int now) { return since != 0 && month_of(since) <= now && now < month_of(since) + months; }

static bool wanted(const struct human *human, const struct post *post, enum wants wants, int now)
{
    bool under_35 = now < (human->born_year + 35) * 12 + human->born_month;
    switch (wants) {
    case YOUNG:         return under_35 && within(human->teaching, 36, now);
    case FIRST_YEARS:   return within(human->teaching, 36, now);
    case NEWCOMER:      return within(human->working, 36, now);
    case UNPEDAGOGICAL: return human->pedagogical == 2;
    case MISMATCHED:    return post->matching == 2;
    default:            return true;
    }
}

static uint64_t count(const struct world *w, const struct said *said, day_t on)
{
    bool team[COUNT(UNITS)] = { false };
    uint64_t people = 0, teams = 0;
    for (uint32_t i = 0; i < STAFF; i++) {
        bool is = false;
        for (uint32_t k = 0; k < w->staff[i].n; k++) {
            const struct post *post = &w->staff[i].post[k];
            bool held = post->from <= on && (post->until == 0 || on <= post->until);
            if (!held || (said->posts & BIT(post->kind)) == 0 || (said->kinds & BIT(UNITS[post->unit].counted)) == 0
                || !wanted(&w->staff[i], post, said->wants, month_of(on)))
                continue;
            is = team[post->unit] = true;
        }
        people += is;
    }
    for (size_t i = 0; i < COUNT(UNITS); i++)
        teams += team[i];
    return said->wants == TEAMS ? teams : people;
}

static void drop(struct world *w)
{
    void *rig = w->rig;
    rig_tear_down(&rig);
}

/* Today, as the region's own clock has it. */
static uint64_t today(struct world *w, const char *id)
{
    const struct population_yields ask = { .unit = w->root, .population = id };
    struct population_list list;
    rig_ask(w->rig, "roster.population.list", &population_yields_desc, &ask, &population_list_desc, &list);
    return list.rows.n;
}

static struct population_sizes sizes_on(struct world *w, day_t on)
{
    const struct population_of ask = { w->root, on };
    struct population_sizes sizes;
    rig_ask(w->rig, "roster.population.sizes", &population_of_desc, &ask, &population_sizes_desc, &sizes);
    return sizes;
}

static uint64_t size_of(const struct population_sizes *sizes, const char *id)
{
    for (uint32_t i = 0; i < sizes->rows.n; i++)
        if (strcmp(sizes->rows.at[i].id, id) == 0)
            return sizes->rows.at[i].size;
    fail_msg("no population %s", id);
    return 0;
}

/* ── tests ────────────────────────────────────────────────────────────────── */

static void each_population_is_whom_its_act_means(void **state)
{
    static const char *const DAYS[] = { "2024-02-29", "2024-08-31", "2024-09-01", "2024-12-31", "2025-01-01", "2026-12-31" };
    (void)state;
    for (size_t r = 0; r < COUNT(REGIONS); r++) {
        struct world *w = calloc(1, sizeof *w);
        assert_non_null(w);
        w->region = &REGIONS[r];
        rig_of(w, "2026-06-15");
        people(w);
        for (size_t d = 0; d < COUNT(DAYS); d++) {
            struct population_sizes sizes = sizes_on(w, day(DAYS[d]));
            uint32_t told = 0;
            for (size_t i = 0; i < COUNT(SAID); i++) {
                if (strchr(SAID[i].regions, "TUSK"[r]) == NULL)
                    continue;
                uint64_t own = count(w, &SAID[i], day(DAYS[d])), its = size_of(&sizes, SAID[i].id);
                told++;
                if (own != its)
                    fail_msg("%s, %s on %s: %u by its profile, %u by the act", REGIONS[r].file, SAID[i].id, DAYS[d], (unsigned)its, (unsigned)own);
                if (own == 0 && strcmp(DAYS[d], "2024-12-31") == 0)
                    fail_msg("nobody among %s: nothing was tested", SAID[i].id);
            }
            assert_int_equal(told, sizes.rows.n);           /* none that the acts are not asked about here */
        }
        rig_check(w->rig);
        drop(w);
        free(w);
    }
}

/* The last moment of a year is still of it, and the next one is not: there, not in Greenwich. */
static void a_day_ends_where_the_region_lies(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT(REGIONS); r++) {
        struct world *w = calloc(1, sizeof *w);
        assert_non_null(w);
        w->region = &REGIONS[r];
        struct rig *rig = rig_of(w, "2024-12-31");
        moment_t midnight = rig->time.wall + MOMENT_DAY;
        assert_int_equal(midnight, day_start(day("2025-01-01"), 0) - REGIONS[r].zone * MOMENT_MINUTE);
        rig->time.wall = midnight - 2 * MOMENT_SECOND;
        rig->time.boot += MOMENT_DAY - 2 * MOMENT_SECOND;
        struct human human = { .born_year = 1990, .born_month = 1, .born_day = 1, .teaching = day("2023-09-01"), .working = day("2023-09-01"), .n = 1 };
        const struct post post = { 0, POST_EDUCATOR, day("2023-09-01"), day("2024-12-31"), 0 };
        enter(w, 1, &human, &post, "учитель", true);
        assert_int_equal(today(w, "educators"), 1);
        assert_int_equal(today(w, "young"), 1);             /* 34 until the year is over */
        const struct worker_recorded made = rig_record(rig, (struct worker_record){ .code = "Ч-2", .family = "Лесная", .given = "Вера", .born = "1990-01-01",
            .organisation = "S1", .post = "учитель", .teaching_since = day("2023-09-01"), .from = day("2024-09-01") });
        struct post_transfer moved = { made.post, w->unit[1], day("2025-01-01") };
        assert_string_equal(rig_reason(rig, "roster.post.transfer", &post_transfer_desc, &moved), "day_future");
        rig->time.wall = midnight;
        rig->time.boot += 2 * MOMENT_SECOND;
        assert_int_equal(machine_batch(rig->machine, NULL, 0, &rig->arena, NULL), ERR_OK);
        assert_int_equal(today(w, "educators"), 1);         /* she who stays; the other's last day is over */
        assert_int_equal(today(w, "young"), 0);             /* born on the first of January 1990: 35 today */
        struct population_sizes sizes = sizes_on(w, day("2024-12-31"));
        assert_int_equal(size_of(&sizes, "educators"), 2);  /* the closed year has not moved */
        assert_int_equal(size_of(&sizes, "young"), 2);
        assert_string_equal(rig_reason(rig, "roster.post.transfer", &post_transfer_desc, &moved), "");
        rig_check(rig);
        drop(w);
        free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_population_is_whom_its_act_means),
        cmocka_unit_test(a_day_ends_where_the_region_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
