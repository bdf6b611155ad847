#include "tests/service/roster_rig.h"

#include "proto/roles.h"
#include "proto/roster_lists.h"

/* roster.list.check: what a list would do is what it then does, or it is said that the ground has moved. */

static struct list_checked check_as(struct rig *rig, const struct principal *who, struct worker_record *rows, uint32_t n)
{
    struct list_check body = { .rows = { n, rows }, .purpose = "сверка списка" };
    struct list_checked checked;
    struct outcome outcome = rig_send_as(rig, who, "roster.list.check", &list_check_desc, &body);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&list_checked_desc, outcome.body, &checked, &rig->arena);
    assert_int_equal(checked.rows.n, n);
    return checked;
}

static struct listed check(struct rig *rig, struct worker_record row)
{
    return check_as(rig, &rig->centre, &row, 1).rows.at[0];
}

static bool says(const struct listed *listed, const char *field)
{
    for (uint32_t i = 0; i < listed->changes.n; i++)
        if (strcmp(listed->changes.at[i].field, field) == 0)
            return true;
    return false;
}

static void a_question_enters_nothing(void **state)
{
    struct rig *rig = *state;
    uint64_t head = machine_head(rig->machine);
    struct listed listed = check(rig, anna());
    assert_int_equal(listed.outcome, LIST_NEW_PERSON);
    assert_int_equal(listed.ground.n, 32);
    assert_true(uuid_is_nil(&listed.person));
    assert_string_equal(rig_entries_after(rig, head, NULL), "list.checked");
    assert_int_equal(rig_population(rig, &rig->school1, "2022-09-10").workers, 0);
}

static struct list_read entry_of(struct rig *rig, uint64_t number)
{
    struct list_read said;
    struct entry entry;
    struct txn txn;
    txn_begin(&txn, machine_store(rig->machine), TXN_READ);
    assert_true(journal_get(&txn, number, &rig->arena, &entry, NULL));
    txn_end(&txn);
    assert_int_equal(entry.reply.n, 0);                         /* what was answered is not kept */
    toy_decode(&list_read_desc, entry.body, &said, &rig->arena);
    return said;
}

/* Who, whom, which fields, why: and nothing that the rows say. */
static void each_check_is_an_entry_of_whom_it_was_held_against(void **state)
{
    struct rig *rig = *state;
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    struct uuid known = rig_record(rig, anna()).person;
    struct worker_record rows[3] = { anna(), boris(), anna() };
    rows[0].family = "Соколова";
    rows[2].snils = "112-233-445 96";
    rig_record(rig, boris());
    rows[1].code = "Ю-9";                                       /* he is known by name and birth */
    uint64_t head = machine_head(rig->machine);
    check_as(rig, &rig->centre, rows, 3);
    assert_string_equal(rig_entries_after(rig, head, NULL), "list.checked");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "");
    assert_string_equal(rig_entries_after(rig, head, &REGION), "list.checked");
    struct list_read said = entry_of(rig, head + 1);
    assert_int_equal(said.rows, 3);
    assert_int_equal(said.persons.n, 2);
    assert_memory_equal(&said.persons.at[0], &known, sizeof known);
    assert_string_equal(said.purpose, "сверка списка");
    const char *const fields[] = { "code", "family", "given", "patronymic", "born", "snils", "teaching_since" };
    assert_int_equal(said.fields.n, sizeof fields / sizeof *fields);
    for (uint32_t i = 0; i < said.fields.n; i++)
        assert_string_equal(said.fields.at[i], fields[i]);
    rows[0].organisation = "S3";                                /* whoever is known elsewhere: what differs is told, so it is said */
    rows[0].part_time = true;
    rows[0].family = "Воробьёва";
    struct listed listed = check_as(rig, &south, rows, 1).rows.at[0];
    assert_true(uuid_is_nil(&listed.person));
    said = entry_of(rig, machine_head(rig->machine));
    assert_int_equal(said.persons.n, 1);
    assert_memory_equal(&said.persons.at[0], &known, sizeof known);
    rows[0] = anna();
    rows[0].organisation = "S9";                                /* refused before anybody is looked for */
    rows[0].code = "Ю-5";
    check_as(rig, &rig->centre, rows, 1);
    assert_int_equal(entry_of(rig, machine_head(rig->machine)).persons.n, 0);
    rig_check(rig);
}

/* The same id again is for an answer that was lost: it is built anew, without an entry, and tells of nobody but those whom the entry names. */
static void an_answer_that_was_lost_is_made_again_and_reads_nobody_else(void **state)
{
    struct rig *rig = *state;
    struct worker_record rows[2] = { anna(), boris() };
    struct list_check body = { .rows = { 2, rows }, .purpose = "сверка списка" };
    struct uuid id = uuid_v7(rig->time.wall / MOMENT_MS, (const uint8_t[10]){ 9 });
    rig_record(rig, anna());
    struct outcome first = toy_command(rig->machine, &rig->centre, id, "roster.list.check", &list_check_desc, &body, &rig->arena);
    struct bytes answer = arena_bytes(&rig->arena, first.body);
    uint64_t head = machine_head(rig->machine);
    struct outcome again = toy_command(rig->machine, &rig->centre, id, "roster.list.check", &list_check_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&again, &rig->arena), "");
    assert_true(answer.n > 100 && bytes_equal(again.body, answer));
    assert_int_equal(machine_head(rig->machine), head);
    rig_record(rig, boris());                                   /* now there is somebody to be told of */
    again = toy_command(rig->machine, &rig->centre, id, "roster.list.check", &list_check_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&again, &rig->arena), "reading_over");
    rig_check(rig);
}

static void a_row_does_what_it_was_shown_to_do(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    row.ground = check(rig, row).ground;
    struct worker_recorded recorded = rig_record(rig, row);
    assert_true(recorded.new_person && recorded.new_post);
    struct listed listed = check(rig, anna());
    assert_int_equal(listed.outcome, LIST_UNCHANGED);
    assert_memory_equal(&listed.person, &recorded.person, sizeof listed.person);
    assert_memory_equal(&listed.post, &recorded.post, sizeof listed.post);
    assert_int_equal(listed.changes.n, 0);
    rig_check(rig);
}

static void what_has_moved_since_is_not_entered(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna(), other = anna();
    rig_record(rig, anna());
    row.subject = "физика";
    row.ground = check(rig, row).ground;
    other.family = "Соколова";                                  /* somebody else, meanwhile */
    rig_record(rig, other);
    uint64_t head = machine_head(rig->machine);
    struct problem problem = rig_refused(rig, &rig->centre, row);
    assert_string_equal(problem.reason, "ground_moved");
    assert_int_equal(problem.code, PROBLEM_CONFLICT);
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    row.ground = check(rig, row).ground;
    assert_true(rig_record(rig, row).changed);                  /* shown again, with the family of the row */
    rig_check(rig);
}

/* Each of these is something that a row rests on; boris's affairs are none of anna's. */
static void the_ground_is_all_that_the_answer_rests_on_and_no_more(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna(), second = anna();
    rig_record(rig, anna());
    struct bytes ground = check(rig, row).ground;
    rig_record(rig, boris());
    assert_memory_equal(check(rig, row).ground.at, ground.at, 32);
    second.organisation = "S3";
    second.part_time = true;
    second.from = day("2021-09-01");
    second.code = "Ю-7";
    struct worker_recorded recorded = rig_record(rig, second);  /* another post of hers */
    struct bytes after = check(rig, row).ground;
    assert_memory_not_equal(after.at, ground.at, 32);
    struct post_close close = { recorded.post, day("2022-01-31") };
    struct outcome outcome = rig_send(rig, "roster.post.close", &post_close_desc, &close);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    assert_memory_not_equal(check(rig, row).ground.at, after.at, 32);
    after = check(rig, row).ground;
    row.code = "Т-900";                                         /* a code that is not hers yet */
    assert_memory_not_equal(check(rig, row).ground.at, after.at, 32);
    machine_close(&rig->machine);
    rig_open(rig);
    assert_memory_equal(check(rig, anna()).ground.at, after.at, 32);
}

static void rows_about_one_person_are_answered_one_after_another(void **state)
{
    struct rig *rig = *state;
    struct worker_record rows[4] = { anna(), anna(), anna(), boris() };
    rows[1].code = "Ю-7";
    rows[1].organisation = "S3";
    rows[1].part_time = true;
    rows[1].from = day("2021-09-01");
    rows[2].organisation = "S2";                                /* she moves: the post in S1 ends */
    rows[2].from = day("2022-09-01");
    struct list_checked checked = check_as(rig, &rig->centre, rows, 4);
    assert_int_equal(checked.rows.at[0].outcome, LIST_NEW_PERSON);
    assert_int_equal(checked.rows.at[1].outcome, LIST_NEW_POST);
    assert_int_equal(checked.rows.at[2].outcome, LIST_MOVED);
    assert_int_equal(checked.rows.at[2].ends.n, 1);
    assert_int_equal(checked.rows.at[2].ends.at[0].until, day("2022-08-31"));
    assert_int_equal(checked.rows.at[3].outcome, LIST_NEW_PERSON);
    for (int i = 0; i < 4; i++) {
        rows[i].ground = checked.rows.at[i].ground;
        rig_record(rig, rows[i]);
    }
    assert_int_equal(rig_population(rig, &rig->school1, "2022-09-10").workers, 1);
    assert_int_equal(rig_population(rig, &rig->school2, "2022-09-10").workers, 1);
    rig_check(rig);
}

static void what_differs_is_named_and_nothing_personal_shown(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    rig_record(rig, anna());
    row.family = "Соколова";
    row.subject = "физика";
    row.until = day("2022-08-31");
    row.snils = NULL;
    struct list_check body = { .rows = { 1, &row }, .purpose = "сверка списка" };
    struct outcome outcome = rig_send(rig, "roster.list.check", &list_check_desc, &body);
    struct list_checked checked;
    toy_decode(&list_checked_desc, outcome.body, &checked, &rig->arena);
    const struct listed *listed = &checked.rows.at[0];
    assert_int_equal(listed->outcome, LIST_CHANGED);
    assert_true(says(listed, "family") && says(listed, "subject") && says(listed, "until"));
    assert_int_equal(listed->changes.n, 3);
    for (uint32_t i = 0; i < listed->changes.n; i++)
        if (strcmp(listed->changes.at[i].field, "subject") == 0) {
            assert_string_equal(listed->changes.at[i].from, "химия");
            assert_string_equal(listed->changes.at[i].to, "физика");
        }
    static const char *const PERSONAL[] = { "Воробьёва", "Воробьева", "Соколова", "Анна", "Сергеевна", "1991-03-14", "11223344595" };
    for (size_t i = 0; i < sizeof PERSONAL / sizeof *PERSONAL; i++)
        assert_null(memmem(outcome.body.at, outcome.body.n, PERSONAL[i], strlen(PERSONAL[i])));
    assert_non_null(memmem(outcome.body.at, outcome.body.n, "химия", strlen("химия")));     /* the search finds what is there */
}

static void a_refused_row_says_why_and_whom_its_code_means(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    struct worker_recorded known = rig_record(rig, anna());
    row.snils = "112-233-445 96";
    struct listed listed = check(rig, row);
    assert_int_equal(listed.outcome, LIST_REFUSED);
    assert_string_equal(listed.reason, "snils_check");
    assert_string_equal(listed.field, "snils");
    assert_int_equal(listed.args.n, 2);
    assert_string_equal(listed.args.at[1].value, "95");
    assert_memory_equal(&listed.person, &known.person, sizeof known.person);
    assert_int_equal(listed.ground.n, 0);
    row = anna();
    row.organisation = "S9";
    assert_string_equal(check(rig, row).reason, "organisation_unknown");
    row = boris();
    row.family = NULL;
    listed = check(rig, row);
    assert_string_equal(listed.reason, "message");
    assert_string_equal(listed.field, "family");
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    row = anna();
    listed = check_as(rig, &south, &row, 1).rows.at[0];
    assert_string_equal(listed.reason, "out_of_reach");
    assert_true(uuid_is_nil(&listed.person));                   /* nor is it told that there is such a one */
}

static void in_doubt_candidates_are_named_to_those_who_reach_them(void **state)
{
    struct rig *rig = *state;
    struct worker_record one = boris(), two = boris(), row = boris();
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    one.snils = NULL;
    struct worker_recorded first = rig_record(rig, one);
    two.code = "Ю-1";
    two.organisation = "S3";
    two.patronymic = "Олегович";
    struct worker_recorded second = rig_record(rig, two);
    assert_true(second.new_person);
    row.code = "Ю-9";
    row.organisation = "S3";
    row.patronymic = NULL;                                      /* either of the two */
    struct listed listed = check(rig, row);
    assert_int_equal(listed.outcome, LIST_DOUBTFUL);
    assert_string_equal(listed.reason, "person_ambiguous");
    assert_int_equal(listed.candidates.n, 2);
    assert_int_equal(listed.candidates.at[0].score, 45);        /* name and birth */
    listed = check_as(rig, &south, &row, 1).rows.at[0];
    assert_int_equal(listed.candidates.n, 1);
    assert_memory_equal(&listed.candidates.at[0].person, &second.person, sizeof second.person);
    row = anna();
    row.code = "Т-102";                                         /* his code, nothing else of his */
    listed = check(rig, row);
    assert_int_equal(listed.outcome, LIST_DOUBTFUL);
    assert_int_equal(listed.candidates.n, 1);
    assert_memory_equal(&listed.candidates.at[0].person, &first.person, sizeof first.person);
    assert_int_equal(listed.candidates.at[0].score, 5);
}

/* More of one name and birth than are opened: nobody is taken for new, and who is told by code or SNILS is found all the same. */
static void among_many_namesakes_who_is_named_exactly_is_found(void **state)
{
    static const char *const PATRONYMICS[] = { "Ильич", "Львович", "Олегович", "Петрович", "Сергеевич", "Иванович", "Глебович", "Маркович",
        "Егорович", "Юрьевич", "Павлович", "Фомич", "Лукич", "Кузьмич", "Никитич", "Борисович", "Тарасович" };
    enum { MANY = sizeof PATRONYMICS / sizeof *PATRONYMICS };
    struct rig *rig = *state;
    struct worker_record row = boris();
    struct uuid ids[MANY];
    char code[20];

    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(code, sizeof code, "Н-%u", i);
        row.code = code;
        row.patronymic = PATRONYMICS[i];
        row.snils = i == MANY - 1 ? "112-233-445 95" : NULL;
        struct worker_recorded made = rig_record(rig, row);
        assert_true(made.new_person);
        ids[i] = made.person;
    }
    row.code = "Ю-1";
    row.snils = NULL;
    row.patronymic = PATRONYMICS[0];
    struct listed listed = check(rig, row);                     /* whose cards are opened is chance: a person decides */
    assert_int_equal(listed.outcome, LIST_DOUBTFUL);
    assert_string_equal(listed.reason, "person_ambiguous");
    assert_true(listed.more);
    assert_string_equal(rig_refused(rig, &rig->centre, row).reason, "person_ambiguous");
    row.snils = "112-233-445 95";
    row.patronymic = "Тарасович";
    listed = check(rig, row);
    assert_int_equal(listed.outcome, LIST_CHANGED);             /* another list's code, the same SNILS */
    assert_memory_equal(&listed.person, &ids[MANY - 1], sizeof *ids);
    row.snils = NULL;
    row.code = "Н-3";
    row.patronymic = PATRONYMICS[3];
    listed = check(rig, row);
    assert_int_equal(listed.outcome, LIST_UNCHANGED);
    assert_memory_equal(&listed.person, &ids[3], sizeof *ids);
    rig_check(rig);
}

/* A likeness is shown with a few, and it is said that there are more. */
static void of_many_alike_a_few_are_looked_at(void **state)
{
    static const char *const FAMILIES[] = { "Лосев", "Волков", "Зайцев", "Орлов", "Соколов", "Лебедев", "Медведев", "Баранов", "Козлов", "Комаров",
                                            "Жуков", "Быков" };
    struct rig *rig = *state;
    struct worker_record row = boris();
    char code[20];

    for (uint32_t i = 0; i < sizeof FAMILIES / sizeof *FAMILIES; i++) {
        snprintf(code, sizeof code, "П-%u", i);
        row.code = code;
        row.family = FAMILIES[i];
        struct listed listed = check(rig, row);
        assert_int_equal(listed.outcome, LIST_NEW_PERSON);
        assert_int_equal(listed.candidates.n, i < LIST_CANDIDATES_MAX ? i : LIST_CANDIDATES_MAX);
        assert_int_equal(listed.more, i > LIST_CANDIDATES_MAX);
        assert_true(rig_record(rig, row).new_person);
    }
    row.family = "Воронин";
    row.code = "Ю-2";
    struct listed listed = check(rig, row);
    assert_int_equal(listed.outcome, LIST_NEW_PERSON);
    assert_true(listed.more);
    row.family = FAMILIES[11];                                  /* himself, by name and birth, however many are like him */
    assert_int_equal(check(rig, row).outcome, LIST_CHANGED);
}

static void a_second_head_is_noticed_and_not_refused(void **state)
{
    struct rig *rig = *state;
    struct worker_record row = anna();
    rig_record(rig, boris());
    assert_false(check(rig, anna()).head);
    assert_int_equal(check(rig, boris()).heads, 0);             /* he himself is no other */
    row.post = "директор";
    row.from = day("2022-09-01");
    struct listed listed = check(rig, row);
    assert_int_equal(listed.outcome, LIST_NEW_PERSON);
    assert_true(listed.head);
    assert_int_equal(listed.heads, 1);
    row.organisation = "S2";
    assert_int_equal(check(rig, row).heads, 0);
    row.organisation = "S1";
    row.from = day("2009-09-01");                               /* before him */
    assert_int_equal(check(rig, row).heads, 0);
}

/* ── what is answered is what happens: random lists over few people ───────── */

static const char *pick(struct prng *prng, const char *const *list, uint32_t n) { return list[prng_below(prng, n)]; }

static struct worker_record random_row(struct prng *prng)
{
    static const char *const CODES[] = { "А-1", "А-2", "а-2", "Б-1", "Б-2", "Б-3" };
    static const char *const FAMILIES[] = { "Лосев", "ЛОСЕВ", "Берёзкин", "Березкин", "Losев" };
    static const char *const GIVEN[] = { "Пётр", "Петр", "Иван" };
    static const char *const PATRONYMICS[] = { NULL, "Ильич", "Львович" };
    static const char *const BORN[] = { "1980-02-03", "03.02.1980", "1990-05-06", "1990-05-41" };
    static const char *const SNILS[] = { NULL, NULL, "112-233-445 95", "11223344595", "087-654-303 00",
                                         "12000000025", "12765432164", "13530864245", "14296296388", "15061728443", "15827160578", "16592592611",
                                         "17358024776", "18123456857", "18888888996", "19654321092", "20419753146", "21185185245", "21950617362", "112-233-445 96" };
    static const char *const PLACES[] = { "S1", "S2", "S3", "S9" };
    static const char *const POSTS[] = { "учитель", "Учитель", "директор", "звездочёт" };
    static const char *const SUBJECTS[] = { NULL, "химия", "физика" };
    static const char *const DAYS[] = { "2019-09-01", "2020-09-01", "2021-09-01", "2022-09-01" };
#define PICK(list) pick(prng, list, sizeof list / sizeof *list - (prng_below(prng, 8) != 0))     /* the last, a bad one, seldom */
    struct worker_record row = {
        .code = PICK(CODES), .family = PICK(FAMILIES), .given = PICK(GIVEN), .patronymic = PICK(PATRONYMICS),
        .born = PICK(BORN), .snils = PICK(SNILS), .organisation = PICK(PLACES), .post = PICK(POSTS), .subject = PICK(SUBJECTS),
        .part_time = prng_below(prng, 3) == 0, .from = day(PICK(DAYS)) };
    if (prng_below(prng, 4) == 0)
        row.until = row.from + prng_below(prng, 800);
    return row;
}

static void held_against(struct rig *rig, const struct worker_record *row, const struct listed *listed)
{
    if (listed->outcome == LIST_REFUSED || listed->outcome == LIST_DOUBTFUL) {
        assert_string_equal(rig_refused(rig, &rig->centre, *row).reason, listed->reason);
        return;
    }
    struct worker_record entered = *row;
    entered.ground = listed->ground;
    struct worker_recorded recorded = rig_record(rig, entered);
    assert_int_equal(recorded.new_person, listed->outcome == LIST_NEW_PERSON);
    assert_int_equal(recorded.new_post, listed->outcome == LIST_NEW_PERSON || listed->outcome == LIST_NEW_POST || listed->outcome == LIST_MOVED);
    if (listed->outcome == LIST_CHANGED || listed->outcome == LIST_UNCHANGED)
        assert_int_equal(recorded.changed, listed->outcome == LIST_CHANGED);
    assert_true(listed->outcome != LIST_CHANGED || listed->changes.n > 0);
    if (!uuid_is_nil(&listed->post))
        assert_memory_equal(&listed->post, &recorded.post, sizeof recorded.post);
    if (!uuid_is_nil(&listed->person))
        assert_memory_equal(&listed->person, &recorded.person, sizeof recorded.person);
}

static void what_is_answered_is_what_happens(void **state)
{
    struct rig *rig = *state;
    struct worker_record rows[40];
    uint32_t seen[list_outcome_count] = { 0 };
    struct prng prng;

    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint32_t n = 1 + (uint32_t)(seed * 7 % 40);
        prng_seed(&prng, seed);
        for (uint32_t i = 0; i < n; i++)
            rows[i] = random_row(&prng);
        struct list_checked checked = check_as(rig, &rig->centre, rows, n);
        for (uint32_t i = 0; i < n; i++) {
            seen[checked.rows.at[i].outcome]++;
            held_against(rig, &rows[i], &checked.rows.at[i]);
        }
    }
    for (int i = 0; i < list_outcome_count; i++)
        if (seen[i] == 0)
            fail_msg("no row was %s", list_outcome_names.names[i]);
    rig_check(rig);
}

/* Whatever is entered between a check and its rows: each does what was shown of it, or is refused; none does something else. */
static void what_was_shown_is_done_or_the_ground_has_moved(void **state)
{
    struct rig *rig = *state;
    struct worker_record rows[20];
    uint32_t moved = 0, done = 0;
    struct prng prng;

    for (uint64_t seed = 1; seed <= 300; seed++) {
        uint32_t n = 1 + (uint32_t)(seed * 7 % 20);
        prng_seed(&prng, 1000 + seed);
        for (uint32_t i = 0; i < n; i++)
            rows[i] = random_row(&prng);
        struct list_checked checked = check_as(rig, &rig->centre, rows, n);
        for (uint64_t k = prng_below(&prng, 10); k > 0; k--) {
            struct worker_record other = random_row(&prng), *one = &rows[prng_below(&prng, n)];
            if (prng_below(&prng, 3) != 0) {                    /* one of the list's own people, otherwise */
                const struct worker_record as = other;
                other = *one;
                other.organisation = prng_below(&prng, 2) == 0 ? as.organisation : one->organisation;
                other.subject = as.subject;
                other.until = as.until > other.from ? as.until : 0;
            }
            rig_send(rig, "roster.worker.record", &worker_record_desc, &other);
        }
        for (uint32_t i = 0; i < n; i++) {
            const struct listed *listed = &checked.rows.at[i];
            struct worker_record row = rows[i];
            if (listed->ground.n == 0)
                continue;
            row.ground = listed->ground;
            struct outcome outcome = rig_send(rig, "roster.worker.record", &worker_record_desc, &row);
            if (outcome.kind == OUTCOME_PROBLEM) {
                moved += strcmp(toy_reason(&outcome, &rig->arena), "ground_moved") == 0;
                continue;
            }
            struct worker_recorded recorded;
            toy_decode(&worker_recorded_desc, outcome.body, &recorded, &rig->arena);
            assert_int_equal(recorded.new_person, listed->outcome == LIST_NEW_PERSON);
            assert_int_equal(recorded.new_post, listed->outcome == LIST_NEW_PERSON || listed->outcome == LIST_NEW_POST || listed->outcome == LIST_MOVED);
            if (listed->outcome == LIST_CHANGED || listed->outcome == LIST_UNCHANGED)
                assert_int_equal(recorded.changed, listed->outcome == LIST_CHANGED);
            done++;
        }
    }
    if (moved < 20 || done < 50)
        fail_msg("%u rows refused since the ground has moved, %u done", moved, done);
    rig_check(rig);
}

#define T(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_question_enters_nothing), T(each_check_is_an_entry_of_whom_it_was_held_against),
        T(an_answer_that_was_lost_is_made_again_and_reads_nobody_else), T(a_row_does_what_it_was_shown_to_do), T(what_has_moved_since_is_not_entered),
        T(the_ground_is_all_that_the_answer_rests_on_and_no_more), T(rows_about_one_person_are_answered_one_after_another),
        T(what_differs_is_named_and_nothing_personal_shown), T(a_refused_row_says_why_and_whom_its_code_means),
        T(in_doubt_candidates_are_named_to_those_who_reach_them), T(among_many_namesakes_who_is_named_exactly_is_found), T(of_many_alike_a_few_are_looked_at),
        T(a_second_head_is_noticed_and_not_refused), T(what_is_answered_is_what_happens), T(what_was_shown_is_done_or_the_ground_has_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
