#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/core/err.h"
#include "proto/profile.h"

/* The whole of a good profile is read; each fault, put in alone, is said with its line and field. */

static char *good_text(void)
{
    char path[500], *text = calloc(1, 1 << 16);
    snprintf(path, sizeof path, "%s/tests/data/roster_profile.yaml", getenv("RSNMS_SOURCE") != NULL ? getenv("RSNMS_SOURCE") : ".");
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

/* `what` replaced by `by`, read back; ERR and the words. */
static int read_changed(const char *what, const char *by, int *zone, char says[400])
{
    char name[] = "/tmp/rsnms-profile-XXXXXX", *text = good_text();
    const char *at = strstr(text, what);
    const struct profile *profile = NULL;
    struct arena arena = { 0 };
    FILE *file = fdopen(mkstemp(name), "wb");

    assert_non_null(at);
    fprintf(file, "%.*s%s%s", (int)(at - text), text, by, at + strlen(what));
    fclose(file);
    int err = profile_read(name, &arena, &profile, zone, says);
    assert_int_equal(err == ERR_OK, profile != NULL);
    arena_free(&arena);
    unlink(name);
    free(text);
    return err;
}

static const struct { const char *what, *by, *says; } FAULTS[] = {
    { "+07:00", "+7:000", ":2:" },
    { "+07:00", "+07:60", "region.time_zone: not a time zone" },
    { "+07:00", "+14:01", "region.time_zone: not a time zone" },
    { "+07:00", " 07:00", "region.time_zone: not a time zone" },
    { "+07:00", "+07-00", "region.time_zone: not a time zone" },
    { "00000000-0000-8000-8000-0000000000a1", "00000000-0000-0000-0000-000000000000", "region.id" },
    { "last_year: 2024", "last_year: 2020", ":5:" },
    { "last_year: 2024", "last_year: 2020", "last_year: before first_year" },
    { "kind: head}", "kind: deputy}", "posts: no title of the kind head" },
    { "\"секретарь\"", "\"УЧИТЕЛЬ\"", "posts[5].title: the same title as posts[3]" },
    { "kind: other", "kind: others", "posts[5].kind" },
    { "[educator, head]", "[educator, heads]", "indicators[0].denominator.posts[1]: no such name, one of: other, educator" },
    { "[school]", "[schools]", "indicators[0].denominator.organisations[0]: no such name" },
    { "owners: [centre]", "owners: [center]", "indicators[0].numerator.owners[0]: no such name" },
    { "{year: 2022,", "{year: 2021,", "indicators[0].targets[1].year: this year has a target already" },
    { "{year: 2022,", "{year: 2025,", "indicators[0].targets[1].year: outside of first_year" },
    { "first_year:", "erste_jahr:", "erste_jahr" },
    { "last_year: 2024", "last_year: 2041", "last_year: more than 20 years" },
    { "title: \"ведёт уроки\", population: educators", "title: \"ведёт уроки\", population: nobody", "grounds[0].population: no population of people" },
    { "title: \"ведёт уроки\", population: educators", "title: \"ведёт уроки\", population: teams", "grounds[0].population: no population of people" },
    { "population: not_yet_35", "population: nobody", "training[3].population: no population has this id" },
    { "population: not_yet_35", "population: teams", "training[3].population: it counts organisations" },
    { "population: not_yet_35", "population: not_yet_35\n    register_id: experts", "training[3].population: either a register or a population" },
    { "    deciders: [centre]\n    outside: true\n    within_months: 12", "    outside: true\n    within_months: 12", "training[3].deciders: missing" },
    { "    roles: [\"участник\"]\n", "    roles: [\"тамада\"]\n", "training[2].roles[0]: the register has no such role" },
    { "    roles: [\"участник\"]\n", "", "training[2].register_id: its members are no persons" },
    { "    choice: \"школьная\"", "    choice: \"школьные\"", "training[2].choice: not among the choices" },
    { "    field: kind\n", "    field: sort\n", "training[2].field: the register has no such field" },

    { "act: A", "act: B", "indicators[0].act: no edition in acts has this code" },
    { "acts: [{code: A,", "acts: [{code: A, title: \"x\", number: \"1\", day: 2021-01-01, from: 2021-01-01}, {code: A,", "acts[1].code: the same code as acts[0]" },
    { "from: 2021-01-01}]", "from: 2021-01-02, until: 2021-01-01}]", "acts[0].until: before from" },
    { "{year: 2022, value: 10}", "{value: 10}", "indicators[0].targets[1].year: missing" },
    { "{year: 2022, value: 10}", "{when: any, year: 2022, value: 10}", "indicators[0].targets[1].year: has no meaning" },
    { "{year: 2022, value: 10}", "{year: 2022}", "indicators[0].targets[1].value: missing" },
    { "{year: 2022, value: 10}", "{year: 2022, value: 101}", "indicators[0].targets[1].value: more than 100 percent" },
    { "{year: 2022, value: 10}", "{when: any, op: rising, value: 10}", "indicators[0].targets[1].value: has no meaning" },
    { "{year: 2022, value: 10}", "{when: opening, value: 10}", "indicators[0].targets[1].when: centre_opened is not said" },
    { "{year: 2022, value: 10}", "{when: by, year: 2024, to: 2023, value: 10}", "indicators[0].targets[1].to: ends before it begins" },
    { "{year: 2022, value: 10}", "{when: any, op: \"yes\"}", "indicators[0].targets[1].op: only of measure yes_no" },
    { "{year: 2022, value: 10}", "{when: any, op: judgement}", "indicators[0].targets[1].op: only of measure judged" },
    { "{year: 2022, value: 10}", "{when: any, op: document}", "indicators[0].targets[1].document: missing" },
    { "{year: 2022, value: 10}", "{when: any, op: rising, cumulative: true}", "indicators[0].targets[1].cumulative: only of a number" },
    { "unit: \"процент\"", "unit: \"процент\"\n    awaits: [R4]", "indicators[0].numerator: awaits its facts" },
    { "unit: \"процент\"", "unit: \"процент\"\n    measure: yes_no", "indicators[0].numerator: nothing is counted where a person judges" },
    { "unit: \"процент\"", "unit: \"процент\"\n    measure: count", "indicators[0].denominator: only a share has one" },
    { "unit: \"процент\"", "unit: \"процент\"\n    measure: corridor", "indicators[0].numerator: a corridor is of the charges of each tutor" },
    { "    denominator: {subject: person, posts: [educator, head], organisations: [school]}\n", "", "indicators[0].denominator: missing" },
    { "fact: diagnosed, owners: [centre]}", "fact: diagnosed, also: [{fact: none}]}", "indicators[0].numerator.also[0].fact: says nothing" },
    { "fact: diagnosed, owners: [centre]}", "fact: assigned, tutors: [mentor]}", "indicators[0].numerator.tutors[0]: no such name, one of: tutor, methodologist" },

    { "id: sites", "id: panel", "registers[2].id: this register is there already" },
    { "code: results", "code: association", "registers[0].grounds[1].code: this ground is there already" },
    { "name: since", "name: rank", "registers[0].fields[3].name: this field is there already" },
    { ", choices: [\"ведущий\", \"старший\"]", "", "registers[0].fields[0].choices: missing" },
    { "choices: [\"ведущий\", \"старший\"]", "choices: [\"ведущий\", \"ведущий\"]", "registers[0].fields[0].choices: the same choice twice" },
    { "kind: person}", "kind: person, choices: [\"да\"]}", "registers[0].fields[1].choices: only of kind choice" },
    { "proposers: [school, municipal]", "proposers: [school, tutor]", "registers[0].proposers[1]: this role has no such command" },
    { "proposers: [school, municipal]", "proposers: [head]", "registers[0].proposers[0]: no such role" },
    { "deciders: [centre, authority]", "deciders: [centre, school]", "registers[1].deciders[1]: this role has no such command" },
    { "roles: [\"сторона\", \"свидетель\"]", "roles: [\"сторона\", \"сторона\"]", "registers[3].roles: the same role twice" },
    { "duties: [\"обязательство\"]", "duties: [\"отчёт\", \"отчёт\"]", "registers[3].duties: the same kind twice" },
    { "members: both", "members: anybody", "registers[2].members" },
    { "yearly: {duty: \"отчёт\"", "yearly: {duty: \"отчет\"", "registers[5].yearly.duty: not among the duties of this register" },
    { "organisations: [school, council]", "organisations: [school, club]", "registers[10].grounds[0].organisations: no such kind of organisation" },
    { "partners: [municipality]", "partners: [district]", "registers[11].partners: no such kind of organisation" },
    { "roles: [\"обслуживаемый\"]", "", "registers[11].partners: nobody takes part in this register" },
    { "untitled: true", "untitled: true\n    capacity: x", "registers[10].capacity" },
    { "members: both", "members: both\n    untitled: true", "registers[2].untitled: only of kind text" },
    { "requires: labs", "requires: lab", "registers[6].requires: no register has this id" },
    { "requires: labs", "requires: bases", "registers[6].requires: a register cannot require itself" },
    { "requires: labs", "requires: panel", "registers[6].requires: its members are of another kind" },
    { "capacity: seats", "capacity: places", "registers[7].capacity: not a number among the fields of this register" },
    { "passport: 3", "passport: 4", "registers[7].passport: registers stand in blocks 3 and 6" },

    { "registers: [experts]", "registers: [wizards]", "expert_work[0].registers[0]: no register has this id" },
    { "registers: [experts]", "registers: [agreements]", "expert_work[0].registers[0]: an expert is a person" },
    { "code: spread", "code: use", "expert_work[0].criteria[1].code: this criterion is there already" },
    { "    deciders: [centre, municipal]\n    criteria", "    deciders: [centre, school]\n    criteria", "expert_work[0].deciders[1]: this role has no such command" },
    { "opinions: 2", "opinions: 16", "expert_work[0].opinions" },
    { "register_id: experts\n    providers", "register_id: agreements\n    providers", "training[0].register_id: its members are no persons" },
    { "providers: [institute]", "providers: [academy]", "training[0].providers[0]: there is no such kind" },
    { "agreements: agreements", "agreements: experts", "training[0].agreements: this register has no duties" },
    { "id: here_only", "id: experts_school", "training[1].id: this training is there already" },
    { "population: educators\n  bands", "population: wizards\n  bands", "staffing.population: no population has this id" },
    { "bands: [under_35, forty]", "bands: [under_35, fifty]", "staffing.bands[1]: no band has this id" },
    { "leaving: forty", "leaving: never", "staffing.leaving: no band has this id" },

    { "fact: diagnosed, owners: [centre]}", "fact: diagnosed, bands: [under_40]}", "indicators[0].numerator.bands[0]: no such band" },
    { "fact: diagnosed, owners: [centre]}", "fact: diagnosed, young: true, bands: [under_35]}", "indicators[0].numerator.young: name the band young" },
    { "id: unschooled, title: \"без", "id: under_35, title: \"без", "bands[1].id: this band is there already" },
    { "id: under_35", "id: young", "bands[0].id: this is the band of the section young" },
    { "under_years: 35}\n  - {id: unsch", "from_years: 35, under_years: 35}\n  - {id: unsch", "bands[0].under_years: not more than from_years" },
    { "service: work, under_months: 36", "service: work", "bands[2].id: says nothing" },
    { "until: 2021-12-31, posts", "until: 2022-01-01, posts", "populations[2].id: this population has a definition for some of these days" },
    { "from: 2022-01-01, posts", "from: 2022-01-01, until: 2021-01-01, posts", "populations[2].until: before from" },
    { "bands: [unschooled]", "bands: [beginner]", "populations[6].bands[0]: no such band" },
    { "outside: [young]", "outside: [old]", "populations[5].outside[0]: no such band" },
    { "posts: [student]", "posts: [pupil]", "populations[9].posts[0]: no such kind of post" },
    { "organisations: [school], outside", "organisations: [schools], outside", "populations[5].organisations[0]: no such kind of organisation" },
};

static void each_fault_is_said_with_its_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
        char says[400] = "";
        int zone;
        assert_int_equal(read_changed(FAULTS[i].what, FAULTS[i].by, &zone, says), ERR_MALFORMED);
        if (strstr(says, FAULTS[i].says) == NULL)
            print_message("%s → %s: %s\n", FAULTS[i].what, FAULTS[i].by, says);
        assert_non_null(strstr(says, FAULTS[i].says));
    }
}

static void zones_lie_on_both_sides_of_greenwich(void **state)
{
    static const struct { const char *zone; int minutes; } ZONES[] = {
        { "+07:00", 420 }, { "+00:00", 0 }, { "-03:30", -210 }, { "+14:00", 840 }, { "-14:00", -840 }, { "+05:45", 345 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof ZONES / sizeof *ZONES; i++) {
        char says[400];
        int zone = 1;
        assert_int_equal(read_changed("+07:00", ZONES[i].zone, &zone, says), ERR_OK);
        assert_int_equal(zone, ZONES[i].minutes);
    }
}

/* ── posts_from ── */

static void put(const char *dir, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static const char OTHERS[] = "posts:\n  - {title: \"повар\", kind: other}\n";
static const char SHARED[] = "posts:\n  - {title: \"ректор\", kind: head}\n  - {title: \"тьютор\", kind: educator}\n";

/* In a fresh folder: regions/one.yaml is the good profile with `from` for its head of the list of posts, and `shared`, unless
 * NULL, is put as `where`. The profile read is handed on in the arena. */
static int read_shared(const char *from, const char *where, const char *shared, struct arena *arena,
                       const struct profile **profile, char says[400])
{
    char dir[] = "/tmp/rsnms-posts-XXXXXX", path[300], whole[1 << 16], command[400], *good = good_text();
    const char *at = strstr(good, "posts:\n");
    int zone;

    assert_non_null(mkdtemp(dir));
    snprintf(command, sizeof command, "mkdir '%s/regions'", dir);
    assert_int_equal(system(command), 0);
    assert_non_null(at);
    snprintf(whole, sizeof whole, "%.*s%s%s", (int)(at - good), good, from, at);
    put(dir, "regions/one.yaml", whole);
    if (shared != NULL)
        put(dir, where, shared);
    snprintf(path, sizeof path, "%s/regions/one.yaml", dir);
    *profile = NULL;
    int err = profile_read(path, arena, profile, &zone, says);
    snprintf(command, sizeof command, "rm -r '%s'", dir);
    assert_int_equal(system(command), 0);
    free(good);
    return err;
}

static void shared_posts_come_before_the_regions_own(void **state)
{
    static const struct { const char *where; const char *shared; const char *first; uint32_t n; } ROWS[] = {
        { "posts.yaml", SHARED, "ректор", 9 }, { "regions/posts.yaml", OTHERS, "повар", 8 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct arena arena = { 0 };
        const struct profile *profile;
        char says[400] = "";
        if (read_shared("posts_from: posts.yaml\n", ROWS[i].where, ROWS[i].shared, &arena, &profile, says) != ERR_OK)
            fail_msg("%s", says);
        assert_int_equal(profile->posts.n, ROWS[i].n);
        assert_string_equal(profile->posts.at[0].title, ROWS[i].first);
        assert_string_equal(profile->posts.at[ROWS[i].n - 1].title, "педагог-психолог");
        arena_free(&arena);
    }
}

static void a_fault_of_shared_posts_is_said_where_it_stands(void **state)
{
    static const struct { const char *from, *shared, *says; } ROWS[] = {
        { "posts_from: posts.yaml\n",    NULL,   "posts_from: no such file beside this one, nor one folder up" },
        { "posts_from: ../posts.yaml\n", SHARED, "posts_from: a name of a file" },
        { "posts_from: posts.yaml\n",    "posts:\n  - {title: \"ректор\"}\n", "posts.yaml:2:5: posts[0].kind: missing" },
        { "posts_from: posts.yaml\n",    "posts: []\n", "posts.yaml:1:" },
        { "posts_from: posts.yaml\n",    "posts:\n  - {title: \"ректор\", kind: head}\n  - {title: \"Ректор\", kind: head}\n",
          "posts.yaml:3:13: posts[1].title: the same title as posts[0]" },
        { "posts_from: posts.yaml\n",    "posts:\n  - {title: \"ДИРЕКТОР\", kind: head}\n", "posts[0].title: the same title as posts[0] of " },
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct arena arena = { 0 };
        const struct profile *profile;
        char says[400] = "";
        assert_int_equal(read_shared(ROWS[i].from, "posts.yaml", ROWS[i].shared, &arena, &profile, says), ERR_MALFORMED);
        assert_null(profile);
        if (strstr(says, ROWS[i].says) == NULL)
            fail_msg("%s, not %s", says, ROWS[i].says);
        arena_free(&arena);
    }
}

static void a_file_that_is_not_there_is_said(void **state)
{
    const struct profile *profile = NULL;
    struct arena arena = { 0 };
    char says[400] = "";
    int zone;
    (void)state;
    assert_int_not_equal(profile_read("/nonexistent.yaml", &arena, &profile, &zone, says), ERR_OK);
    assert_non_null(strstr(says, "/nonexistent.yaml"));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_said_with_its_field),
        cmocka_unit_test(zones_lie_on_both_sides_of_greenwich),
        cmocka_unit_test(shared_posts_come_before_the_regions_own),
        cmocka_unit_test(a_fault_of_shared_posts_is_said_where_it_stands),
        cmocka_unit_test(a_file_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
