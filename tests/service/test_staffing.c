#include "proto/roles.h"
#include "proto/roster_staffing.h"
#include "tests/service/roster_rig.h"

/* roster: vacancies, the structure of a staff on a day, who is expected to leave, whom to retrain. */

static struct worker_record someone(const char *code, const char *family, const char *organisation, const char *born)
{
    struct worker_record row = anna();
    row.code = code;
    row.family = family;
    row.snils = NULL;
    row.organisation = organisation;
    row.born = born;
    row.teaching_since = day("2019-09-01");
    return row;
}

static struct staffing staff(struct rig *rig, const struct uuid *unit, const char *on)
{
    struct population_of body = { *unit, day(on) };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.staffing.get", &population_of_desc, &body, &rig->arena);
    struct staffing got;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&staffing_desc, outcome.body, &got, &rig->arena);
    return got;
}

static struct vacancy_list vacant(struct rig *rig, const struct uuid *unit, const char *on, const char *subject)
{
    struct vacancies_of body = { .unit = *unit, .on = day(on), .subject = subject };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.vacancy.list", &vacancies_of_desc, &body, &rig->arena);
    struct vacancy_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&vacancy_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static struct uuid vacancy(struct rig *rig, const struct uuid *organisation, const char *subject, uint64_t load, const char *from)
{
    struct vacancy_open body = { .organisation = *organisation, .post = "учитель", .subject = subject, .load = load, .from = day(from) };
    return rig_made(rig, "roster.vacancy.open", &vacancy_open_desc, &body);
}

/* ── vacancies ────────────────────────────────────────────────────────────── */

static void a_vacancy_lasts_from_day_to_day(void **state)
{
    struct rig *rig = *state;
    uint64_t head = machine_head(rig->machine);
    struct uuid chemistry = vacancy(rig, &rig->school1, "химия", 75, "2022-01-10"), physics = vacancy(rig, &rig->school1, "физика", 100, "2021-09-01"),
                wrong = vacancy(rig, &rig->school3, "физика", 100, "2022-02-01");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "vacancy.opened vacancy.opened");
    struct vacancy_list list = vacant(rig, &REGION, "2022-03-01", NULL);
    assert_int_equal(list.rows.n, 3);
    assert_memory_equal(&list.rows.at[0].vacancy, &physics, 16);                    /* vacant longest */
    assert_int_equal(vacant(rig, &REGION, "2022-01-09", NULL).rows.n, 1);
    assert_int_equal(vacant(rig, &rig->north, "2022-03-01", "Химия").rows.n, 1);
    assert_int_equal(vacant(rig, &rig->south, "2022-03-01", "химия").rows.n, 0);
    struct worker_record row = someone("Т-1", "Новый", "S1", "1980-05-05");
    row.from = day("2022-06-01");
    struct worker_recorded hired = rig_record(rig, row);
    struct vacancy_close over = { .vacancy = chemistry, .end = VACANCY_FILLED };
    assert_string_equal(rig_reason(rig, "roster.vacancy.close", &vacancy_close_desc, &over), "vacancy_filled_by_whom");
    over.by = hired.post;
    over.end = VACANCY_WITHDRAWN;
    assert_string_equal(rig_reason(rig, "roster.vacancy.close", &vacancy_close_desc, &over), "vacancy_filled_by_whom");
    over.end = VACANCY_FILLED;
    over.vacancy = wrong;
    assert_string_equal(rig_reason(rig, "roster.vacancy.close", &vacancy_close_desc, &over), "vacancy_filled_by_whom");    /* of another school */
    over.vacancy = chemistry;
    assert_string_equal(rig_reason(rig, "roster.vacancy.close", &vacancy_close_desc, &over), "");
    assert_string_equal(rig_reason(rig, "roster.vacancy.close", &vacancy_close_desc, &over), "vacancy_over");
    assert_int_equal(vacant(rig, &rig->north, "2022-05-31", "химия").rows.n, 1);    /* the eve of the post */
    assert_int_equal(vacant(rig, &rig->north, "2022-06-01", "химия").rows.n, 0);
    over = (struct vacancy_close){ .vacancy = wrong, .end = VACANCY_MISTAKEN };
    assert_string_equal(rig_reason(rig, "roster.vacancy.close", &vacancy_close_desc, &over), "");
    assert_int_equal(vacant(rig, &rig->south, "2022-03-01", NULL).rows.n, 0);       /* never was */
    over = (struct vacancy_close){ .vacancy = physics, .end = VACANCY_WITHDRAWN, .until = day("2022-09-16") };
    assert_string_equal(rig_reason(rig, "roster.vacancy.close", &vacancy_close_desc, &over), "vacancy_future");
    over.until = day("2021-08-31");
    assert_string_equal(rig_reason(rig, "roster.vacancy.close", &vacancy_close_desc, &over), "vacancy_until_before_from");
    over.until = 0;
    assert_string_equal(rig_reason(rig, "roster.vacancy.close", &vacancy_close_desc, &over), "");
    assert_int_equal(vacant(rig, &REGION, "2022-09-15", NULL).rows.n, 1);           /* its last day is today */
    rig_check(rig);
}

static void a_vacancy_is_a_post_of_the_profile_in_an_organisation_that_is_there(void **state)
{
    struct rig *rig = *state;
    struct vacancy_open body = { .organisation = rig->school1, .post = "волшебник", .load = 100, .from = day("2022-01-10") };
    assert_string_equal(rig_reason(rig, "roster.vacancy.open", &vacancy_open_desc, &body), "post_unknown");
    body.post = "учитель";
    body.from = day("2022-09-16");
    assert_string_equal(rig_reason(rig, "roster.vacancy.open", &vacancy_open_desc, &body), "vacancy_future");
    body.from = day("2022-09-01");
    struct principal south = reaching(ROLE_SCHOOL, &rig->school3);
    assert_string_equal(rig_reason_as(rig, &south, "roster.vacancy.open", &vacancy_open_desc, &body), "out_of_reach");
    body.organisation = (struct uuid){ { 4 } };
    assert_string_equal(rig_reason(rig, "roster.vacancy.open", &vacancy_open_desc, &body), "organisation_unknown");
}

/* ── the staff ────────────────────────────────────────────────────────────── */

static const struct staffing_subject *subject_in(const struct staffing *got, const char *name)
{
    for (uint32_t i = 0; i < got->subjects.n; i++)
        if (strcmp(got->subjects.at[i].subject != NULL ? got->subjects.at[i].subject : "", name) == 0)
            return &got->subjects.at[i];
    return NULL;
}

static void the_structure_of_a_staff_is_told_by_bands_without_a_birth_date(void **state)
{
    struct rig *rig = *state;
    rig_record(rig, someone("Т-1", "Первый", "S1", "1991-03-14"));                  /* under 35 until 2026; forty in 2031 */
    rig_record(rig, someone("Т-2", "Второй", "S1", "1984-07-20"));                  /* forty in 2024 */
    rig_record(rig, someone("Т-3", "Третий", "S3", "1970-01-01"));                  /* forty long since */
    rig_record(rig, boris());                                                       /* the head is none of the educators */
    vacancy(rig, &rig->school1, "физика", 50, "2022-01-10");
    vacancy(rig, &rig->school1, "химия", 100, "2022-01-10");
    struct staffing got = staff(rig, &REGION, "2022-09-15");
    assert_int_equal(got.people, 3);
    assert_int_equal(got.bands.n, 2);
    assert_string_equal(got.bands.at[0].title, "до 35 лет");
    assert_int_equal(got.bands.at[0].people, 1);
    assert_int_equal(got.bands.at[1].people, 1);
    assert_int_equal(got.leaving.n, 10);
    assert_int_equal(got.leaving.at[0].people, 1);                                  /* there already */
    assert_int_equal(got.leaving.at[1].year, 2022);
    assert_true(got.leaving.at[3].year == 2024 && got.leaving.at[3].people == 1);
    uint64_t ahead = 0;
    for (uint32_t i = 1; i < got.leaving.n; i++)
        ahead += got.leaving.at[i].people;
    assert_int_equal(ahead, 1);                                                     /* 2031 lies beyond the nine years */
    assert_int_equal(got.vacancies, 2);
    assert_int_equal(got.load, 150);
    assert_int_equal(got.subjects.n, 2);
    assert_true(subject_in(&got, "химия")->posts == 3 && subject_in(&got, "химия")->vacancies == 1);
    assert_true(subject_in(&got, "физика")->posts == 0 && subject_in(&got, "физика")->load == 50);
    assert_int_equal(staff(rig, &rig->south, "2022-09-15").people, 1);
    assert_int_equal(staff(rig, &REGION, "2024-08-31").bands.at[1].people, 2);      /* on another day, other bands */
    rig_check(rig);
}

static void whom_to_retrain_is_who_lists_say_has_not_learnt_it(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = someone("Т-1", "Первый", "S1", "1991-03-14");
    row.matching = "нет";
    struct uuid one = rig_record(rig, row).person;
    row = someone("Т-2", "Второй", "S1", "1984-07-20");
    row.education = "высшее непедагогическое";
    struct uuid two = rig_record(rig, row).person;
    row = someone("Т-3", "Третий", "S3", "1970-01-01");
    row.matching = "да";
    rig_record(rig, row);
    rig_record(rig, someone("Т-4", "Четвёртый", "S3", "1975-01-01"));               /* nothing said: counted nowhere */
    struct retraining_of body = { .unit = REGION };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.retraining.list", &retraining_of_desc, &body, &rig->arena);
    struct retraining_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&retraining_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 2);
    for (uint32_t i = 0; i < 2; i++) {
        bool first = uuid_equal(&list.rows.at[i].person, &one);
        assert_true(first || uuid_equal(&list.rows.at[i].person, &two));
        assert_int_equal(list.rows.at[i].why, first ? RETRAIN_MISMATCHED : RETRAIN_UNPEDAGOGICAL);
        assert_string_equal(list.rows.at[i].subject, "химия");
    }
    struct staffing got = staff(rig, &REGION, "2022-09-15");
    assert_true(got.mismatched == 1 && got.unpedagogical == 1 && subject_in(&got, "химия")->mismatched == 1);
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    outcome = toy_ask(rig->machine, &south, "roster.retraining.list", &retraining_of_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_vacancy_lasts_from_day_to_day),
        TEST(a_vacancy_is_a_post_of_the_profile_in_an_organisation_that_is_there),
        TEST(the_structure_of_a_staff_is_told_by_bands_without_a_birth_date),
        TEST(whom_to_retrain_is_who_lists_say_has_not_learnt_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
