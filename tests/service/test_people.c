#include "tests/service/roster_rig.h"

#include "proto/roles.h"
#include "proto/roster_lists.h"
#include "proto/roster_people.h"
#include "proto/roster_registers.h"

/* roster: education and service, bands that the calendar changes, populations that the profile defines. */

static struct bytes asked(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, method, takes, body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    return outcome.body;
}

static struct bytes sizes_body(struct rig *rig, const struct uuid *unit, day_t on)
{
    struct population_of body = { *unit, on };
    return asked(rig, "roster.population.sizes", &population_of_desc, &body);
}

static uint64_t size_of(struct rig *rig, const struct uuid *unit, const char *id, const char *on)
{
    struct population_sizes sizes;
    toy_decode(&population_sizes_desc, sizes_body(rig, unit, day(on)), &sizes, &rig->arena);
    for (uint32_t i = 0; i < sizes.rows.n; i++)
        if (strcmp(sizes.rows.at[i].id, id) == 0)
            return sizes.rows.at[i].size;
    fail_msg("no population %s on %s", id, on);
    return 0;
}

static struct population_list list_of(struct rig *rig, const struct uuid *unit, const char *id, const char *on, struct bytes after, uint64_t limit)
{
    struct population_yields body = { .unit = *unit, .population = id, .on = day(on), .after = after, .limit = limit };
    struct population_list list;
    toy_decode(&population_list_desc, asked(rig, "roster.population.list", &population_yields_desc, &body), &list, &rig->arena);
    return list;
}

static struct post_opened post_of(struct rig *rig, const struct uuid *unit, const struct uuid *id, const char *on)
{
    struct workers_of body = { .unit = *unit, .on = day(on) };
    struct worker_list list;
    toy_decode(&worker_list_desc, asked(rig, "roster.worker.list", &workers_of_desc, &body), &list, &rig->arena);
    for (uint32_t i = 0; i < list.rows.n; i++)
        if (uuid_equal(&list.rows.at[i].post, id))
            return list.rows.at[i];
    fail_msg("no such post");
    return list.rows.at[0];
}

static struct listed checked(struct rig *rig, struct worker_record row)
{
    struct list_check body = { .rows = { 1, &row }, .purpose = "сверка списка" };
    struct list_checked answer;
    toy_decode(&list_checked_desc, rig_send(rig, "roster.list.check", &list_check_desc, &body).body, &answer, &rig->arena);
    return answer.rows.at[0];
}

static char *names_of(struct rig *rig, const struct listed *listed)
{
    char *line = "";
    for (uint32_t i = 0; i < listed->changes.n; i++)
        line = arena_format(&rig->arena, "%s%s%s", line, i > 0 ? " " : "", listed->changes.at[i].field);
    return line;
}

/* ── what a list says of education and service ────────────────────────────── */

static void education_and_terms_are_kept_and_left_alone(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna(), bare = anna();
    struct person_card card;
    row.rate = "0,75";
    row.matching = "нет";
    row.education = "Высшее (непедагогическое)";
    row.working_since = day("2013-07-01");
    struct worker_recorded recorded = rig_record(rig, row);
    uint64_t head = machine_head(rig->machine);
    struct worker_recorded again = rig_record(rig, row);
    assert_false(again.changed || again.new_post);
    again = rig_record(rig, bare);                              /* left out: not said */
    assert_false(again.changed || again.new_post);
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    struct post_opened post = post_of(rig, &rig->school1, &recorded.post, "2022-06-01");
    assert_int_equal(post.rate, 75);
    assert_int_equal(post.matching, SAID_NO);

    struct person_read read = { recorded.person, "проверка" };
    struct outcome outcome = rig_send(rig, "roster.person.read", &person_read_desc, &read);
    toy_decode(&person_card_desc, outcome.body, &card, &rig->arena);
    assert_int_equal(card.education, EDUCATION_HIGHER);
    assert_int_equal(card.pedagogical, SAID_NO);
    assert_int_equal(card.working_since, day("2013-07-01"));

    row.rate = "1";
    row.matching = "да";
    row.education = NULL;
    row.pedagogical_since = day("2022-06-20");                  /* retrained since */
    struct listed listed = checked(rig, row);
    assert_string_equal(names_of(rig, &listed), "education pedagogical_since rate matching");
    assert_true(rig_record(rig, row).changed);
    assert_string_equal(rig_entries_after(rig, head, NULL), "person.was_read list.checked person.changed post.opened");
    post = post_of(rig, &rig->school1, &recorded.post, "2022-06-01");
    assert_int_equal(post.rate, 100);
    assert_int_equal(post.matching, SAID_YES);
    rig_check(rig);
}

static const struct { const char *education, *document, *rate, *matching, *reason, *field; } WRONG[] = {
    { "кажется, да", NULL, NULL, NULL, "education_unknown", "education" },
    { "высшее непедагогическое", "2015-06-20", NULL, NULL, "education_denied", "pedagogical_since" },
    { NULL, "2022-09-16", NULL, NULL, "educated_future", "pedagogical_since" },
    { NULL, NULL, "5", NULL, "rate_malformed", "rate" },
    { NULL, NULL, NULL, "отчасти", "matching_malformed", "matching" },
};

static void what_cannot_be_read_is_refused_with_its_field(void **state)
{
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        struct worker_record row = anna();
        row.education = WRONG[i].education;
        row.pedagogical_since = day(WRONG[i].document);
        row.rate = WRONG[i].rate;
        row.matching = WRONG[i].matching;
        struct problem problem = rig_refused(rig, &rig->centre, row);
        assert_string_equal(problem.reason, WRONG[i].reason);
        assert_string_equal(problem.fields.at[0].path, WRONG[i].field);
    }
    rig_check(rig);
}

/* A student of a college who teaches a few hours: his own kind there, a teacher here, and no employer loses him. */
static void who_is_on_no_staff_list_is_a_kind_of_his_own(void **state)
{
    struct rig *rig = *state;
    struct worker_record studies = anna(), teaches = anna();
    studies.organisation = "S3";
    studies.post = "студент";
    studies.subject = NULL;
    studies.teaching_since = 0;
    teaches.from = teaches.teaching_since = day("2022-02-01");
    struct worker_recorded one = rig_record(rig, studies), two = rig_record(rig, teaches);
    assert_memory_equal(&one.person, &two.person, sizeof one.person);
    assert_false(post_of(rig, &rig->school3, &one.post, "2022-03-01").main);
    assert_true(post_of(rig, &rig->school1, &two.post, "2022-03-01").main);
    assert_int_equal(size_of(rig, &REGION, "students", "2022-01-31"), 1);
    assert_int_equal(size_of(rig, &REGION, "students", "2022-03-01"), 1);      /* still, beside the post */
    assert_int_equal(rig_population(rig, &rig->south, "2022-03-01").workers, 0);
    assert_int_equal(rig_population(rig, &rig->north, "2022-03-01").workers, 1);
    rig_check(rig);
}

/* ── populations ──────────────────────────────────────────────────────────── */

static struct worker_record deputy_who_teaches(const char *post)
{
    struct worker_record row = anna();
    row.code = "Т-110";
    row.family = "Дёмина";
    row.given = "Вера";
    row.snils = NULL;
    row.born = "1975-05-05";
    row.teaching_since = day("1998-09-01");
    row.from = day("2019-09-01");
    row.post = post;
    return row;
}

static void populations_are_the_profiles_definitions_of_a_day(void **state)
{
    struct rig *rig = *state;
    struct worker_record unit_head = boris();
    struct worker_recorded young = rig_record(rig, anna());
    rig_record(rig, boris());
    rig_record(rig, deputy_who_teaches("заместитель директора"));
    rig_record(rig, deputy_who_teaches("учитель"));
    unit_head.code = "Т-111";
    unit_head.family = "Лесков";
    unit_head.organisation = "S2";
    unit_head.post = "заведующий отделением";
    rig_record(rig, unit_head);
    assert_int_equal(size_of(rig, &REGION, "educators", "2022-06-01"), 2);
    assert_int_equal(size_of(rig, &REGION, "leaders", "2021-12-31"), 3);        /* heads of units are among them … */
    assert_int_equal(size_of(rig, &REGION, "leaders", "2022-01-01"), 2);        /* … until the definition changed */
    assert_int_equal(size_of(rig, &REGION, "workers", "2022-06-01"), 4);        /* who teaches and leads is one person */
    assert_int_equal(size_of(rig, &REGION, "young", "2022-06-01"), 1);
    assert_int_equal(size_of(rig, &REGION, "young", "2023-09-01"), 0);
    assert_int_equal(size_of(rig, &REGION, "others", "2022-06-01"), 1);
    assert_int_equal(size_of(rig, &REGION, "others", "2023-09-01"), 2);
    assert_int_equal(size_of(rig, &REGION, "teams", "2022-06-01"), 1);
    assert_int_equal(size_of(rig, &rig->school2, "educators", "2022-06-01"), 0);
    struct population_list list = list_of(rig, &rig->north, "young", "2022-06-01", bytes(NULL, 0), 0);
    assert_int_equal(list.rows.n, 1);
    assert_memory_equal(&list.rows.at[0].person, &young.person, sizeof young.person);
    assert_memory_equal(&list.rows.at[0].post, &young.post, sizeof young.post);
    rig_check(rig);
}

static void what_is_known_of_education_makes_populations(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    row.education = "высшее непедагогическое";
    row.matching = "нет";
    rig_record(rig, row);
    rig_record(rig, deputy_who_teaches("учитель"));             /* nothing said: in neither */
    assert_int_equal(size_of(rig, &REGION, "unschooled", "2022-06-01"), 1);
    assert_int_equal(size_of(rig, &REGION, "mismatched", "2022-06-01"), 1);
    row.education = NULL;
    row.pedagogical_since = day("2022-06-20");
    rig_record(rig, row);
    assert_int_equal(size_of(rig, &REGION, "unschooled", "2022-05-31"), 1);     /* not then yet */
    assert_int_equal(size_of(rig, &REGION, "unschooled", "2022-06-30"), 0);
    rig_check(rig);
}

/* Pages of every length give the same persons, each once, whoever has several posts. */
static void a_population_is_listed_in_pages(void **state)
{
    static const char *const FAMILY[] = { "Абрамова", "Белова", "Волкова", "Громова", "Дёмина", "Ежова" };
    struct rig *rig = *state;
    for (int i = 0; i < 6; i++)
        for (int post = 0; post < 1 + i % 3; post++) {
            struct worker_record row = anna();
            row.code = row.family = FAMILY[i];
            row.snils = NULL;
            row.part_time = post > 0;
            row.organisation = post == 0 ? "S1" : post == 1 ? "S2" : "S3";
            rig_record(rig, row);
        }
    for (uint64_t limit = 1; limit <= 7; limit++) {
        struct population_list list = { 0 };
        struct uuid seen[8];
        uint32_t n = 0, pages = 0;
        do {
            list = list_of(rig, &REGION, "educators", "2022-06-01", list.next, limit);
            for (uint32_t i = 0; i < list.rows.n; i++, n++) {
                assert_true(n < 8);
                for (uint32_t k = 0; k < n; k++)
                    assert_false(uuid_equal(&seen[k], &list.rows.at[i].person));
                seen[n] = list.rows.at[i].person;
            }
        } while (list.next.n > 0 && ++pages < 20);
        assert_int_equal(n, 6);
    }
    assert_int_equal(size_of(rig, &REGION, "educators", "2022-06-01"), 6);
}

static void an_unknown_population_is_said_to_be_so(void **state)
{
    struct rig *rig = *state;
    struct population_yields body = { .unit = REGION, .population = "нет такой" };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.population.list", &population_yields_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "population_unknown");
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    struct population_of of = { rig->north, day("2022-06-01") };
    outcome = toy_ask(rig->machine, &south, "roster.population.sizes", &population_of_desc, &of, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    body = (struct population_yields){ .unit = rig->north, .population = "young" };
    outcome = toy_ask(rig->machine, &south, "roster.population.list", &population_yields_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
}

/* ── what the calendar changes ────────────────────────────────────────────── */

#define MONTHS 12
struct year_told { struct bytes sizes[MONTHS], count[MONTHS]; };

/* As answered, byte for byte, on the last day of each month. */
static struct year_told told_of(struct rig *rig, int year)
{
    struct year_told told;
    for (int month = 0; month < MONTHS; month++) {
        day_t last = day_add_months(day_of(year, month + 1, 1), 1) - 1;
        struct population_of body = { REGION, last };
        told.sizes[month] = sizes_body(rig, &REGION, last);
        told.count[month] = asked(rig, "roster.population.count", &population_of_desc, &body);
    }
    return told;
}

static bool years_equal(const struct year_told *a, const struct year_told *b)
{
    for (int month = 0; month < MONTHS; month++)
        if (!bytes_equal(a->sizes[month], b->sizes[month]) || !bytes_equal(a->count[month], b->count[month]))
            return false;
    return true;
}

/* Anna is 31 and in her second year. Half a year after 2022 was closed it turns out that she was born ten years earlier. */
static void a_mended_birth_moves_no_closed_year(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    rig_record(rig, row);
    rig_record(rig, boris());
    struct year_told before = told_of(rig, 2022), open = told_of(rig, 2023);
    assert_int_equal(size_of(rig, &REGION, "young", "2022-12-31"), 1);
    assert_int_equal(size_of(rig, &REGION, "young", "2023-06-30"), 1);
    rig_pass(rig, "2023-09-15");
    row.born = "1981-03-14";
    assert_true(rig_record(rig, row).changed);
    struct year_told after = told_of(rig, 2022), mended = told_of(rig, 2023);
    assert_true(years_equal(&before, &after));
    assert_false(years_equal(&open, &mended));
    assert_int_equal(size_of(rig, &REGION, "young", "2022-12-31"), 1);          /* as it was reported */
    assert_int_equal(size_of(rig, &REGION, "young", "2023-01-31"), 0);          /* for past days too, of the open year */
    assert_int_equal(size_of(rig, &REGION, "young", "2021-12-31"), 0);          /* closed before she was told of here: nothing was reported */
    assert_false(rig_record(rig, row).changed);
    row.born = "1991-03-14";                                    /* and back: nothing is left of it */
    assert_true(rig_record(rig, row).changed);
    struct year_told back = told_of(rig, 2023);
    assert_true(years_equal(&open, &back));
    rig_check(rig);
}

/* Before the year is closed its figures are nobody's yet. */
static void a_mended_birth_moves_an_open_year(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    rig_record(rig, row);
    rig_pass(rig, "2023-03-31");
    row.born = "1981-03-14";
    rig_record(rig, row);
    assert_int_equal(size_of(rig, &REGION, "young", "2022-12-31"), 0);
    rig_check(rig);
}

/* No follower and no table sees more of a birth than the month. */
static void bands_are_told_to_who_takes_him_over(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    struct worker_recorded recorded = rig_record(rig, row);
    uint64_t head = machine_head(rig->machine);
    row.organisation = "S3";
    row.from = day("2022-09-01");
    row.working_since = day("2019-01-10");
    rig_record(rig, row);
    struct txn txn;
    bool handed = false;
    txn_begin(&txn, machine_store(rig->machine), TXN_READ);
    for (uint64_t n = head + 1; n <= machine_head(rig->machine); n++) {
        struct entry entry;
        struct hash hash;
        struct person_handed_over over;
        assert_true(journal_get(&txn, n, &rig->arena, &entry, &hash));
        if (strcmp(entry.event, "roster.person.handed_over") != 0)
            continue;
        toy_decode(&person_handed_over_desc, entry.body, &over, &rig->arena);
        handed = true;
        assert_memory_equal(&over.person, &recorded.person, sizeof over.person);
        assert_int_equal(over.bands.n, 4);                      /* young, under_35, beginners, forty: as they are after this row */
        assert_string_equal(over.bands.at[2].band, "beginners");
        assert_int_equal(over.bands.at[2].from, day("2019-01-01"));
        assert_int_equal(over.bands.at[2].until, day("2022-01-01"));
    }
    txn_end(&txn);
    assert_true(handed);
    rig_check(rig);
}

/* The region gets another act: "young" ends at 30. Whoever is known already is told of anew, once that was asked for. */
static void a_band_that_changed_is_told_of_everybody(void **state)
{
    struct rig *rig = *state;
    char *old = arena_copy(&rig->arena, rig->profile, sizeof rig->profile);
    const uint32_t people = 450;                                /* several batches, by either bound */
    rig_record(rig, boris());
    for (uint32_t i = 0; i < people; i++) {
        static const char *const LETTER[] = { "а", "б", "в", "г", "д", "е", "ж", "з", "и", "к" };
        struct worker_record row = anna();
        row.snils = NULL;
        row.code = arena_format(&rig->arena, "К-%u", i);
        row.family = arena_format(&rig->arena, "Иван%s%s%sов", LETTER[i / 100], LETTER[i / 10 % 10], LETTER[i % 10]);
        row.born = i % 3 == 0 ? "1981-03-14" : "1991-03-14";
        rig_record(rig, row);
    }
    assert_int_equal(size_of(rig, &REGION, "not_yet_35", "2022-12-31"), 300);
    machine_close(&rig->machine);
    snprintf(rig->profile, sizeof rig->profile, "%s/profile.yaml", rig->dir);
    char *command = arena_format(&rig->arena, "sed '/id: under_35/s/under_years: 35/under_years: 30/' '%s' >'%s'", old, rig->profile);
    assert_int_equal(system(command), 0);
    rig_open(rig);
    assert_int_equal(size_of(rig, &REGION, "not_yet_35", "2022-12-31"), 300);   /* nobody has asked for it yet */
    assert_string_equal(rig_reason(rig, "roster.bands.renew", &nothing_desc, &(struct nothing){ 0 }), "");
    for (int i = 0; i < 40; i++)
        assert_int_equal(machine_batch(rig->machine, NULL, 0, &rig->arena, NULL), ERR_OK);
    assert_int_equal(size_of(rig, &REGION, "not_yet_35", "2022-12-31"), 0);
    assert_int_equal(size_of(rig, &REGION, "young", "2022-12-31"), 300);
    uint64_t head = machine_head(rig->machine);
    assert_int_equal(machine_batch(rig->machine, NULL, 0, &rig->arena, NULL), ERR_OK);
    assert_int_equal(machine_head(rig->machine), head);         /* it has come to its end */
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(education_and_terms_are_kept_and_left_alone),
        TEST(what_cannot_be_read_is_refused_with_its_field),
        TEST(who_is_on_no_staff_list_is_a_kind_of_his_own),
        TEST(populations_are_the_profiles_definitions_of_a_day),
        TEST(what_is_known_of_education_makes_populations),
        TEST(a_population_is_listed_in_pages),
        TEST(an_unknown_population_is_said_to_be_so),
        TEST(a_mended_birth_moves_no_closed_year),
        TEST(a_mended_birth_moves_an_open_year),
        TEST(a_band_that_changed_is_told_of_everybody),
        TEST(bands_are_told_to_who_takes_him_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
