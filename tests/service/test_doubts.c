#include "tests/service/roster_rig.h"

#include "proto/roles.h"
#include "proto/roster_doubts.h"
#include "proto/roster_privacy.h"
#include "tests/unit/traces.h"

/* roster: rows of lists that only a person can tell the meaning of. */

static struct worker_record of_another(void)        /* Anna's code, and nothing else of hers */
{
    struct worker_record row = boris();
    row.code = "Т-101";
    row.family = "Журавлёв";
    row.given = "Пётр";
    row.born = "1988-08-08";
    row.post = "учитель";
    row.subject = "физика";
    row.from = day("2021-09-01");
    row.teaching_since = 0;
    return row;
}

static struct uuid raise(struct rig *rig, struct worker_record *row)
{
    struct doubt_raise body = { .row = row, .list = "список школы", .line = 17 };
    return rig_made(rig, "roster.doubt.raise", &doubt_raise_desc, &body);
}

static const char *raise_as(struct rig *rig, const struct principal *who, struct worker_record *row)
{
    struct doubt_raise body = { .row = row };
    return rig_reason_as(rig, who, "roster.doubt.raise", &doubt_raise_desc, &body);
}

static const char *decide_as(struct rig *rig, const struct principal *who, const struct uuid *doubt, int outcome, const struct uuid *person)
{
    struct doubt_decide body = { *doubt, outcome, person != NULL ? *person : UUID_NIL };
    return rig_reason_as(rig, who, "roster.doubt.decide", &doubt_decide_desc, &body);
}

static const char *decide(struct rig *rig, const struct uuid *doubt, int outcome, const struct uuid *person)
{
    return decide_as(rig, &rig->centre, doubt, outcome, person);
}

static struct doubt_list waiting_as(struct rig *rig, const struct principal *who, const struct uuid *unit)
{
    struct doubts_of body = { .unit = *unit };
    struct doubt_list list = { 0 };
    struct outcome outcome = toy_ask(rig->machine, who, "roster.doubt.list", &doubts_of_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&doubt_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static struct doubt_list waiting(struct rig *rig, const struct uuid *unit) { return waiting_as(rig, &rig->centre, unit); }

/* Two namesakes born on one day, and a list that gives no SNILS. */
static void what_was_decided_of_a_row_is_done_with_it(void **state)
{
    struct rig *rig = *state;
    struct worker_record one = boris(), other = boris(), row = boris();
    one.patronymic = "Ильич";
    other.code = "Т-103";
    other.patronymic = "Олегович";
    other.organisation = "S2";
    row.code = "Н-9";
    row.patronymic = NULL;
    row.organisation = "S2";
    row.part_time = true;
    rig_record(rig, one);
    struct worker_recorded second = rig_record(rig, other);
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "person_ambiguous");
    struct uuid doubt = raise(rig, &row), again = raise(rig, &row);
    assert_memory_equal(&doubt, &again, sizeof doubt);
    struct doubt_list list = waiting(rig, &rig->school2);
    assert_int_equal(list.rows.n, 1);
    assert_string_equal(list.rows.at[0].reason, "person_ambiguous");
    assert_int_equal(list.rows.at[0].candidates.n, 2);
    assert_int_equal(list.rows.at[0].line, 17);
    assert_int_equal(waiting(rig, &rig->south).rows.n, 0);
    assert_string_equal(decide(rig, &doubt, DOUBT_PERSON, &second.person), "");
    assert_int_equal(waiting(rig, &REGION).rows.n, 0);
    struct worker_recorded taken = rig_record(rig, row);
    assert_memory_equal(&taken.person, &second.person, sizeof taken.person);
    assert_false(taken.new_person);
    uint64_t head = machine_head(rig->machine);
    taken = rig_record(rig, row);
    assert_memory_equal(&taken.person, &second.person, sizeof taken.person);
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    assert_string_equal(decide(rig, &doubt, DOUBT_NEW, NULL), "doubt_unknown");
    rig_check(rig);
}

static void somebody_new_is_made_once(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = of_another();
    struct worker_recorded one = rig_record(rig, anna());
    struct uuid doubt = raise(rig, &row);
    assert_string_equal(decide(rig, &doubt, DOUBT_NEW, NULL), "");
    struct worker_recorded made = rig_record(rig, row);
    assert_true(made.new_person);
    assert_false(uuid_equal(&made.person, &one.person));
    struct worker_recorded again = rig_record(rig, row);
    assert_memory_equal(&again.person, &made.person, sizeof made.person);
    assert_false(again.new_person || again.new_post || again.changed);
    assert_int_equal(rig_population(rig, &REGION, "2022-06-01").educators, 2);
    rig_check(rig);
}

static void what_was_dropped_is_as_doubtful_as_before(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = of_another();
    rig_record(rig, anna());
    struct uuid doubt = raise(rig, &row);
    assert_string_equal(decide(rig, &doubt, DOUBT_DROP, NULL), "");
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "code_of_another");
    struct uuid next = raise(rig, &row);
    assert_false(uuid_equal(&doubt, &next));
    rig_check(rig);
}

static void only_what_can_be_decided_is(void **state)
{
    struct rig *rig = *state;
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south), north = reaching(ROLE_MUNICIPAL, &rig->north);
    struct worker_record row = of_another(), plain = boris(), wrong = of_another(), numbered = boris();
    struct worker_recorded one = rig_record(rig, anna());
    struct uuid nobody = one.post;
    assert_string_equal(raise_as(rig, &rig->centre, &plain), "not_doubtful");
    wrong.post = "звездочёт";
    assert_string_equal(raise_as(rig, &rig->centre, &wrong), "post_unknown");
    assert_string_equal(raise_as(rig, &south, &row), "out_of_reach");
    struct uuid doubt = raise(rig, &row);
    assert_string_equal(decide(rig, &doubt, DOUBT_PERSON, NULL), "doubt_needs_person");
    assert_string_equal(decide(rig, &doubt, DOUBT_NEW, &one.person), "doubt_has_no_person");
    assert_string_equal(decide(rig, &doubt, DOUBT_PERSON, &nobody), "person_unknown");
    assert_string_equal(decide(rig, &nobody, DOUBT_NEW, NULL), "doubt_unknown");
    assert_string_equal(decide_as(rig, &south, &doubt, DOUBT_DROP, NULL), "out_of_reach");
    numbered.snils = "112-233-445 95";                          /* Anna's, and neither name nor birth agree */
    numbered.organisation = "S3";
    struct uuid second = raise(rig, &numbered);
    assert_string_equal(decide(rig, &second, DOUBT_NEW, NULL), "snils_taken");
    assert_string_equal(decide_as(rig, &south, &second, DOUBT_PERSON, &one.person), "out_of_reach");
    assert_int_equal(waiting_as(rig, &south, &rig->south).rows.at[0].candidates.n, 0);     /* she is not theirs to hear of */
    assert_int_equal(waiting_as(rig, &north, &rig->north).rows.at[0].candidates.n, 1);
    assert_int_equal(waiting(rig, &REGION).rows.n, 2);
    rig_check(rig);
}

static unsigned finds;

static void found(const char *file, const struct trace *trace)
{
    (void)file;
    (void)trace;
    finds++;
}

/* What waits says nothing of whom it is about. */
static void nothing_personal_waits(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = of_another();
    static const char *const PERSONAL[] = { "Журавлёв", "1988-08-08", "Воробьёва" };
    struct traces secret = { .arena = &rig->arena }, known = { .arena = &rig->arena };
    rig_record(rig, anna());
    raise(rig, &row);
    machine_close(&rig->machine);
    for (size_t i = 0; i < sizeof PERSONAL / sizeof *PERSONAL; i++)
        traces_add(&secret, PERSONAL[i]);
    traces_add(&known, "code_of_another");
    finds = 0;
    assert_true(traces_walk(&secret, rig->dir, found) >= 2);
    assert_int_equal(finds, 0);
    assert_true(traces_walk(&known, rig->dir, found) >= 2);         /* the search would find what does lie there */
    assert_true(finds > 0);
    rig_open(rig);
    rig_check(rig);
}

static void who_is_erased_takes_the_decisions_along(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = of_another(), left = anna();
    left.until = day("2022-05-31");
    struct worker_recorded one = rig_record(rig, left);
    struct uuid doubt = raise(rig, &row);
    assert_string_equal(decide(rig, &doubt, DOUBT_PERSON, &one.person), "");
    struct person_erase erase = { one.person, "12-у", ERASE_CONSENT };
    assert_string_equal(rig_reason(rig, "roster.person.erase", &person_erase_desc, &erase), "");
    struct worker_recorded made = rig_record(rig, row);
    assert_true(made.new_person);
    assert_false(uuid_equal(&made.person, &one.person));
    rig_check(rig);
}

static struct listed checked_as(struct rig *rig, const struct principal *who, struct worker_record row)
{
    struct list_check body = { .rows = { 1, &row }, .purpose = "сверка списка" };
    struct list_checked answer = { 0 };
    struct outcome outcome = rig_send_as(rig, who, "roster.list.check", &list_check_desc, &body);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&list_checked_desc, outcome.body, &answer, &rig->arena);
    return answer.rows.at[0];
}

/* Who is new and yet alike is shown with whom: a slip in the day of birth, another family name. */
static void who_is_alike_is_shown_and_taken_for_nobody(void **state)
{
    struct rig *rig = *state;
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south), centre = rig->centre;
    struct worker_recorded one = rig_record(rig, anna());
    static const struct { const char *family, *given, *patronymic, *born, *snils; uint32_t n; } ROWS[] = {
        { "Воробьева", "Анна", "Сергеевна", "1991-04-13", NULL, 1 },           /* day and month changed about */
        { "Соколова", "Анна", "Сергеевна", "1991-03-14", NULL, 1 },
        { "Соколова", "Анна", "Сергеевна", "1991-03-14", "087-654-303 00", 0 },         /* another SNILS: another person */
        { "Соколова", "Анна", "Сергеевна", "1991-04-13", NULL, 0 },
        { "Воробьева", "Анна", "Павловна", "1991-04-13", NULL, 0 },
        { "Воробьева", "Анна", NULL, "1991-04-13", NULL, 0 },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct worker_record row = anna();
        row.code = "Н-1";
        row.organisation = "S3";
        row.family = ROWS[i].family;
        row.given = ROWS[i].given;
        row.patronymic = ROWS[i].patronymic;
        row.born = ROWS[i].born;
        row.snils = ROWS[i].snils;
        struct listed listed = checked_as(rig, &centre, row);
        assert_int_equal(listed.outcome, LIST_NEW_PERSON);
        assert_int_equal(listed.candidates.n, ROWS[i].n);
        if (ROWS[i].n > 0)
            assert_memory_equal(&listed.candidates.at[0].person, &one.person, sizeof one.person);
        assert_int_equal(checked_as(rig, &south, row).candidates.n, 0);        /* whom one does not reach one does not hear of */
    }
    struct worker_record short_row = anna(), row = anna();      /* a list that leaves the patronymic out takes nothing from what is known */
    short_row.patronymic = NULL;
    short_row.education = "высшее педагогическое";
    rig_record(rig, short_row);
    row.code = "Н-1";
    row.snils = NULL;
    row.organisation = "S3";
    row.born = "1991-04-13";
    assert_int_equal(checked_as(rig, &centre, row).candidates.n, 1);
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_decided_of_a_row_is_done_with_it),
        TEST(somebody_new_is_made_once),
        TEST(what_was_dropped_is_as_doubtful_as_before),
        TEST(only_what_can_be_decided_is),
        TEST(nothing_personal_waits),
        TEST(who_is_alike_is_shown_and_taken_for_nobody),
        TEST(who_is_erased_takes_the_decisions_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
