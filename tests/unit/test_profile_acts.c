#include "tests/unit/acts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/core/err.h"
#include "services/indicators/counting.h"
#include "services/roster/people/populations.h"
#include "tests/unit/check.h"

/* Every region's profile against the acts. */
static const char *const REGIONS[] = { "tomsk", "yugra", "stavropol", "khabarovsk" };

static const struct profile *profile_of(struct arena *arena, const char *file, int *zone)
{
    const struct profile *profile = NULL;
    char says[400] = "";

    if (profile_read(file, arena, &profile, zone, says) != ERR_OK)
        fail_msg("%s", says);
    return profile;
}

static const struct profile *profile_named(struct arena *arena, const char *region, int *zone)
{
    return profile_of(arena, acts_path(arena_format(arena, "config/regions/%s.yaml", region)), zone);
}

/* ── tests ────────────────────────────────────────────────────────────────── */

static void every_line_of_the_acts_is_in_a_profile_to_the_letter(void **state)
{
    struct differences *found = calloc(1, sizeof *found);
    struct arena arena = { 0 };
    int zone;
    (void)state;

    for (size_t i = 0; i < COUNT(REGIONS); i++)
        acts_compare(&arena, REGIONS[i], profile_named(&arena, REGIONS[i], &zone), found);
    for (uint32_t i = 0; i < found->n && i < COUNT(found->at); i++)
        print_error("%s\n", found->at[i]);
    assert_int_equal(found->n, 0);
    assert_int_equal(found->lines, ACTS_LINES);
    arena_free(&arena);
    free(found);
}

/* Whom each region counts is asked for by the same names, whatever its act makes of the words. */
static void every_profile_defines_its_populations(void **state)
{
    static const char *const IDS[] = { "educators", "leaders", "workers", "young", "first_years", "newcomers", "school_educators",
                                       "unpedagogical", "mismatched", "teams", "students", "gifted", "guests" };
    struct arena arena = { 0 };
    int zone;
    (void)state;

    for (size_t r = 0; r < COUNT(REGIONS); r++) {
        const struct profile *profile = profile_named(&arena, REGIONS[r], &zone);
        struct population_rule leaders;
        for (size_t i = 0; i < COUNT(IDS); i++)
            if (!population_named(profile, IDS[i]))
                fail_msg("%s has no population %s", REGIONS[r], IDS[i]);
        assert_true(population_on(profile, "leaders", day_of(2024, 12, 31), &leaders));
        assert_int_equal(leaders.posts >> POST_UNIT_HEAD & 1, strcmp(REGIONS[r], "khabarovsk") != 0);  /* K 2.4: head and deputies alone */
    }
    arena_free(&arena);
}

static void each_reading_is_argued(void **state)
{
    struct arena arena = { 0 };
    int zone;
    (void)state;

    for (size_t r = 0; r < COUNT(REGIONS); r++) {
        const struct profile *profile = profile_named(&arena, REGIONS[r], &zone);
        for (uint32_t i = 0; i < profile->indicators.n; i++)
            if (strlen(profile->indicators.at[i].reading) < 150)
                fail_msg("%s %s", profile->indicators.at[i].act, profile->indicators.at[i].code);
    }
    arena_free(&arena);
}

static void each_profile_can_be_counted(void **state)
{
    struct arena arena = { 0 };
    int zone;
    (void)state;

    for (size_t r = 0; r < COUNT(REGIONS); r++) {
        const char *code = NULL, *fault = NULL;
        struct rules rules;
        if (!rules_make(&rules, profile_named(&arena, REGIONS[r], &zone), &arena, &code, &fault))
            fail_msg("%s %s: %s", REGIONS[r], code, fault);
    }
    arena_free(&arena);
}

/* One place of one profile changed, and what the comparison says of it. */
static const struct { const char *region, *what, *by, *says; uint32_t n; } CHANGES[] = {
    { "yugra", "Доля педагогов, прошедших оценочную", "Доля педагогов, прошедшие оценочную", "C 1.1: title", 1 },
    { "yugra", "АУ «Институт развития образования»\"\n    unit", "АУ «Институт развития образования».\"\n    unit", "U 6.1.6: title", 1 },
    { "yugra", "\"5. Поддержка молодых", "\"5. Поддержка молодых ", "C 5.1: criterion", 1 },
    { "yugra", "    unit: \"программ\"", "    unit: \"программы\"", "C 3.5: unit", 1 },
    { "yugra", "unit: \"да/нет\"", "unit: \"да\"", "C 7.1: unit", 1 },
    { "yugra", "code: \"6.2\"", "code: \"6.4\"", "C 6.2: not in the profile once", 2 },
    { "yugra", "code: \"Э2.2\"", "code: \"Э2.3\"", "C Э2.2: not in the profile once", 2 },
    { "yugra", "targets: [{when: any, op: yes}]", "targets: []", "C 7.1: number of targets", 1 },
    { "yugra", "awaits: [F8]", "awaits: [F9]", "C 3.3: awaits F9, which is no function", 1 },
    { "yugra", "функция R12", "функция R99", "C 7.2: names R99", 1 },
    { "yugra", "awaits: [I2]", "awaits: [R3]", "C 4.4: awaits R3, which is done", 1 },
    { "yugra", "    awaits_why: \"Реестр проектов", "    origin_note: \"Реестр проектов", "C 5.1: awaits and", 1 },
    { "stavropol", "вошедшие в ФР ДПП и подобранные с учетом диагностики", "вошедшие в ФР ДПП и подобранные с учетом Диагностики", "S 7.1 no. 3: title", 1 },
    { "stavropol", "no. 6", "no. 7", "S 7.1 no. 6: not in the profile once", 2 },
    { "stavropol", "(в год открытия 3%)", "(в год открытия 5%)", "S прил. 6: printed", 1 },
    { "stavropol", "unit: \"%\"", "unit: \"процент\"", "S прил. 1: unit", 1 },
    { "stavropol", "{when: opening, value: 3}", "{when: opening, value: 4}", "S прил. 6: target", 1 },
    { "khabarovsk", "unit: \"чел.\"", "unit: \"чел\"", "K 3.2.: unit", 1 },
    { "khabarovsk", "unit: \"мероприятий\"\n    unit_implied: true", "unit: \"мероприятий\"", "K 2.8.: unit", 1 },
    { "khabarovsk", "value: 40, cumulative: true", "value: 40", "K 2.4.: target", 1 },
    { "khabarovsk", "year: 2021, to: 2024, op: yes", "year: 2021, op: yes", "K 1.1.: target", 1 },
    { "khabarovsk", "{when: from, year: 2023, op: yes}", "{when: by, year: 2023, op: yes}", "K 1.2.: target", 1 },
    { "khabarovsk", "op: at_most, value: 100", "value: 100", "K 3.2.: target", 1 },
    { "khabarovsk", "document: \"паспорт регионального", "document: \"Паспорт регионального", "K 2.10.: target", 1 },
    { "khabarovsk", "level: \"региональный\"", "level: \"муниципальный\"", "K 1.1.: level", 1 },
    { "khabarovsk", "2. Показатели эффективности", "2. показатели эффективности", "K 2.1.: criterion", 1 },
    { "tomsk", "{year: 2024, value: 50}", "{year: 2024, value: 51}", "T 5: target", 1 },
    { "tomsk", "    cumulative: true\n", "", "T 6: cumulative", 1 },
    { "tomsk", "unit: \"процент\"", "unit: \"процент\"\n    unit_implied: true", "T 1: unit", 1 },
};

static void changed_into(struct arena *arena, const char *file, const char *region, const char *what, const char *by)
{
    const char *text = acts_text(arena, acts_path(arena_format(arena, "config/regions/%s.yaml", region))), *at = strstr(text, what);
    FILE *out = fopen(file, "wb");

    if (at == NULL)
        fail_msg("%s: %s is nowhere", region, what);
    assert_non_null(out);
    fprintf(out, "%.*s%s%s", (int)(at - text), text, by, at + strlen(what));
    assert_int_equal(fclose(out), 0);
}

static void a_changed_letter_is_found(void **state)
{
    char dir[] = "/tmp/rsnms-acts-XXXXXX", file[100], posts[100];
    struct arena arena = { 0 };
    int zone;
    (void)state;

    assert_non_null(mkdtemp(dir));
    snprintf(file, sizeof file, "%s/region.yaml", dir);
    snprintf(posts, sizeof posts, "%s/posts.yaml", dir);
    assert_int_equal(symlink(acts_path("config/posts.yaml"), posts), 0);
    for (size_t i = 0; i < COUNT(CHANGES); i++) {
        struct differences *found = calloc(1, sizeof *found);
        changed_into(&arena, file, CHANGES[i].region, CHANGES[i].what, CHANGES[i].by);
        acts_compare(&arena, CHANGES[i].region, profile_of(&arena, file, &zone), found);
        if (found->n != CHANGES[i].n || strstr(found->at[0], CHANGES[i].says) == NULL)
            fail_msg("%s: %u found, %s", CHANGES[i].says, found->n, found->at[0]);
        free(found);
        arena_reset(&arena);
    }
    unlink(file);
    unlink(posts);
    rmdir(dir);
    arena_free(&arena);
}

/* What the acts say of their regions beside the indicators. */
static void regions_are_as_their_acts_say(void **state)
{
    static const struct { const char *region, *acts; int zone; uint64_t agree_days, least, most; } ROWS[] = {
        { "stavropol",  "S",  3 * 60,  0, 0,  0 },
        { "yugra",      "UC", 5 * 60,  7, 0,  0 },          /* C, roadmap 17: within a week of the procedure */
        { "tomsk",      "T",  7 * 60,  0, 0,  0 },
        { "khabarovsk", "K",  10 * 60, 0, 10, 100 },        /* K 3.2 */
    };
    struct arena arena = { 0 };
    (void)state;

    for (size_t i = 0; i < COUNT(ROWS); i++) {
        int zone = 0;
        const struct profile *profile = profile_named(&arena, ROWS[i].region, &zone);
        assert_int_equal(zone, ROWS[i].zone);
        assert_int_equal(profile->acts.n, strlen(ROWS[i].acts));
        for (uint32_t k = 0; k < profile->acts.n; k++)
            assert_int_equal(profile->acts.at[k].code[0], ROWS[i].acts[k]);
        assert_int_equal(profile->young->under_years, 35);
        assert_int_equal(profile->young->first_months, 36);
        assert_int_equal(profile->routes->agree_days, ROWS[i].agree_days);
        assert_int_equal(profile->routes->methodologist_least, ROWS[i].least);
        assert_int_equal(profile->routes->methodologist_most, ROWS[i].most);
        assert_int_equal(profile->centre_opened, day_of(2021, 9, 1));
        assert_int_equal(profile->first_year, 2021);
        assert_non_null(profile->passport);
        for (size_t k = 0; k < i; k++) {                    /* each region stands at the root of a tree of its own */
            int other;
            assert_false(uuid_equal(&profile->region->id, &profile_named(&arena, ROWS[k].region, &other)->region->id));
        }
    }
    arena_free(&arena);
}

/* U, S, T: head, deputy, head of unit, nobody of higher education; C: head and deputy, higher education too; K: head and
 * deputy (2.4, 2.9), educators as U, S and T define them. */
static bool names_have(const char *const *at, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(at[i], name) == 0)
            return true;
    return false;
}

static void check_population(const struct indicator *in, const struct count *count)
{
    bool concept = in->act[0] == 'C', head_and_deputy = concept || in->act[0] == 'K', all, leaders, units;

    if (count == NULL || count->organisations.n == 0)
        return;
    all = names_have(count->organisations.at, count->organisations.n, "kindergarten");     /* not schools alone */
    leaders = names_have(count->posts.at, count->posts.n, "head");
    units = names_have(count->posts.at, count->posts.n, "unit_head");
    if (names_have(count->organisations.at, count->organisations.n, "university") != (concept && all))
        fail_msg("%s %s: higher education", in->act, in->code);
    if (leaders != names_have(count->posts.at, count->posts.n, "deputy"))
        fail_msg("%s %s: a deputy is a leader too", in->act, in->code);
    if (units != (leaders && !head_and_deputy && count->subject == SUBJECT_PERSON))         /* a team is head and deputies */
        fail_msg("%s %s: heads of units", in->act, in->code);
}

static void leaders_and_educators_are_those_of_the_act(void **state)
{
    struct arena arena = { 0 };
    int zone;
    (void)state;

    for (size_t r = 0; r < COUNT(REGIONS); r++) {
        const struct profile *profile = profile_named(&arena, REGIONS[r], &zone);
        for (uint32_t i = 0; i < profile->indicators.n; i++) {
            const struct indicator *in = &profile->indicators.at[i];
            check_population(in, in->numerator);
            check_population(in, in->denominator);
            for (uint32_t b = 0; b < in->beside.n; b++) {
                check_population(in, in->beside.at[b].numerator);
                check_population(in, in->beside.at[b].denominator);
            }
        }
    }
    arena_free(&arena);
}

/* U прил. № 1, S 2, T 1.3: who is an educator and who is a leader. */
static void post_titles_are_of_the_kinds_of_the_acts(void **state)
{
    static const struct { const char *title; int kind; } POSTS[] = {
        { "учитель", POST_EDUCATOR }, { "учитель-логопед", POST_EDUCATOR }, { "методист", POST_EDUCATOR },
        { "старший вожатый", POST_EDUCATOR }, { "директор", POST_HEAD }, { "заведующий", POST_HEAD },
        { "заместитель директора по УВР", POST_DEPUTY }, { "заместитель заведующего", POST_DEPUTY },
        { "руководитель структурного подразделения", POST_UNIT_HEAD }, { "заведующий отделением", POST_UNIT_HEAD },
        { "бухгалтер", POST_OTHER }, { "секретарь", POST_OTHER },
    };
    struct arena arena = { 0 };
    int zone;
    (void)state;

    for (size_t r = 0; r < COUNT(REGIONS); r++) {
        const struct profile *profile = profile_named(&arena, REGIONS[r], &zone);
        for (size_t i = 0; i < COUNT(POSTS); i++) {
            int kind = -1;
            for (uint32_t p = 0; p < profile->posts.n; p++)
                if (strcmp(profile->posts.at[p].title, POSTS[i].title) == 0)
                    kind = profile->posts.at[p].kind;
            if (kind != POSTS[i].kind)
                fail_msg("%s: %s", REGIONS[r], POSTS[i].title);
        }
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_the_acts_is_in_a_profile_to_the_letter),
        cmocka_unit_test(every_profile_defines_its_populations),
        cmocka_unit_test(each_reading_is_argued),
        cmocka_unit_test(each_profile_can_be_counted),
        cmocka_unit_test(a_changed_letter_is_found),
        cmocka_unit_test(regions_are_as_their_acts_say),
        cmocka_unit_test(leaders_and_educators_are_those_of_the_act),
        cmocka_unit_test(post_titles_are_of_the_kinds_of_the_acts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
