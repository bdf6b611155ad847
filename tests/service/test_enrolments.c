#include "tests/service/programmes_rig.h"

/* Runs, enrolments, attestations and documents, driven by hand: refusals with their reasons, and what the
 * events carry. */

#define COURSE 100
#define OTHER  101

static int set_up(void **state)
{
    rig_set_up(state);
    rig_register(*state, COURSE, PROGRAMME_DEVELOPMENT, 36);
    rig_register(*state, OTHER, PROGRAMME_DEVELOPMENT, 72);
    return 0;
}

static struct enrolment_row the(struct rig *rig, uint8_t id)
{
    return rig_enrolment(rig, &ID(id));
}

static const char *open_reason(struct rig *rig, uint8_t run, uint8_t person, bool again)
{
    struct enrolment_open open = { .run = ID(run), .person = ID(person), .again = again };
    return rig_reason(rig, "programmes.enrolment.open", &enrolment_open_desc, &open);
}

static const char *end_reason(struct rig *rig, uint8_t id, const char *day)
{
    struct enrolment_end end = { ID(id), date(day), END_EXPELLED };
    return rig_reason(rig, "programmes.enrolment.end", &enrolment_end_desc, &end);
}

static const char *attest_reason(struct rig *rig, uint8_t id, int kind, bool passed, const char *day)
{
    struct attestation_record record = { ID(id), kind, passed, date(day) };
    return rig_reason(rig, "programmes.attestation.record", &attestation_record_desc, &record);
}

static const char *issue_reason(struct rig *rig, uint8_t id, const char *document, const char *day)
{
    struct certificate_issue issue = { ID(id), document, date(day) };
    return rig_reason(rig, "programmes.certificate.issue", &certificate_issue_desc, &issue);
}

static uint64_t learners(struct rig *rig, uint8_t run)
{
    struct runs_of of = { .limit = 1000 };
    struct run_list list;
    struct uuid id = ID(run);
    struct outcome outcome = toy_ask(rig->machine, &rig->institute, "programmes.run.list", &runs_of_desc, &of, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&run_list_desc, outcome.body, &list, &rig->arena);
    for (uint32_t i = 0; i < list.rows.n; i++)
        if (uuid_equal(&list.rows.at[i].run->id, &id))
            return list.rows.at[i].learners;
    fail_msg("run %u is not listed", run);
    return 0;
}

/* ── runs ─────────────────────────────────────────────────────────────────── */

static void a_run_may_lie_ahead_within_bounds(void **state)
{
    static const struct { const char *day, *until, *reason; } rows[] = {
        { "2024-03-15", NULL, "" }, { "2024-03-16", NULL, "" }, { "2027-03-16", NULL, "" },
        { "2027-03-17", NULL, "day_out_of_range" }, { "1990-01-01", NULL, "day_out_of_range" },
        { "2024-04-01", "2024-04-01", "" }, { "2024-04-01", "2024-03-31", "until_before_day" },
        { "2024-04-01", "2029-04-02", "" }, { "2024-04-01", "2029-04-03", "until_before_day" },
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run run = { .programme = ID(COURSE), .day = date(rows[i].day), .until = rows[i].until != NULL ? date(rows[i].until) : 0 };
        assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), rows[i].reason);
    }
}

static void a_run_has_an_id_and_a_code_of_its_own(void **state)
{
    struct rig *rig = *state;
    struct run run = { .id = ID(200), .programme = ID(COURSE), .day = date("2024-04-01"), .code = "П\xD0\xB8\xCC\x86-1" };
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), "");
    run.day++;
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), "already_recorded");
    run.id = UUID_NIL;
    run.code = "П\xD0\xB9-1";                            /* the same, composed */
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), "code_taken");
    run.programme = ID(OTHER);
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), "");
}

static void runs_are_listed_page_by_page(void **state)
{
    struct rig *rig = *state;
    struct principal worker = toy_principal(ROLE_WORKER);
    struct runs_of of = { .programme = ID(COURSE), .limit = 2 };
    struct run_list list;
    day_t before = 0;
    uint32_t rows = 0;
    rig_run(rig, 205, OTHER, "2024-05-01", 0);
    for (uint8_t i = 0; i < 5; i++)
        rig_run(rig, (uint8_t)(200 + i), COURSE, "2024-04-01", i);
    do {
        struct outcome outcome = toy_ask(rig->machine, &worker, "programmes.run.list", &runs_of_desc, &of, &rig->arena);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&run_list_desc, outcome.body, &list, &rig->arena);
        for (uint32_t i = 0; i < list.rows.n; i++) {
            assert_true(list.rows.at[i].run->day >= before);
            assert_int_equal(list.rows.at[i].run->provider_kind, ORG_INSTITUTE);
            before = list.rows.at[i].run->day;
        }
        rows += list.rows.n;
        of.after = list.next;
    } while (list.next.n != 0);
    assert_int_equal(rows, 5);
    of.programme = ID(OTHER);
    of.after = bytes("nobody's", 8);
    struct outcome outcome = toy_ask(rig->machine, &worker, "programmes.run.list", &runs_of_desc, &of, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "page_unknown");
}

/* ── enrolment ────────────────────────────────────────────────────────────── */

static void who_is_enrolled_and_who_is_not(void **state)
{
    struct rig *rig = *state;
    struct enrolment opened;
    rig_run(rig, 200, COURSE, "2024-04-01", 2);
    rig_run(rig, 201, COURSE, "2024-05-01", 0);
    rig_run(rig, 202, COURSE, "2024-03-14", 0);
    rig_run(rig, 203, OTHER, "2024-03-15", 0);
    assert_string_equal(open_reason(rig, 99, 50, false), "run_unknown");
    assert_string_equal(open_reason(rig, 202, 50, false), "run_over");              /* began yesterday, its last day not said */
    assert_string_equal(open_reason(rig, 200, 99, false), "person_unknown");
    assert_string_equal(open_reason(rig, 200, 51, false), "person_left");
    assert_string_equal(open_reason(rig, 200, 50, false), "");
    assert_int_equal(rig_events(rig, "programmes.enrolment.opened", &enrolment_desc, &opened), 1);
    assert_true(uuid_equal(&opened.chain.at[0], &ID(SCHOOL)));
    assert_true(uuid_equal(&opened.provider, &ID(INSTITUTE)));
    assert_int_equal(opened.provider_kind, ORG_INSTITUTE);
    assert_int_equal(opened.day, date("2024-03-15"));
    assert_false(opened.recorded);
    assert_string_equal(open_reason(rig, 200, 50, false), "already_enrolled");
    assert_string_equal(open_reason(rig, 201, 50, false), "already_enrolled");      /* in this programme */
    assert_string_equal(open_reason(rig, 203, 50, false), "");                      /* today, in another */
    assert_string_equal(open_reason(rig, 200, 52, false), "");
    assert_string_equal(open_reason(rig, 200, 53, false), "no_places");
    assert_string_equal(open_reason(rig, 201, 53, false), "");
    assert_int_equal(learners(rig, 200), 2);
    struct completion_record done = { .programme = ID(COURSE), .person = ID(54), .enrolled = date("2023-01-10"), .day = date("2023-02-10"), .document = "У-7" };
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &done), "");
    assert_string_equal(open_reason(rig, 201, 54, false), "already_completed");
    assert_string_equal(open_reason(rig, 201, 54, true), "");
}

static void only_the_provider_enrols(void **state)
{
    struct rig *rig = *state;
    struct principal school = toy_principal(ROLE_SCHOOL), academy = rig->school_institute;
    struct enrolment_open open = { .run = ID(200), .person = ID(50) };
    rig_run(rig, 200, COURSE, "2024-04-01", 0);
    academy.reach.id[0] = ID(ACADEMY);
    const struct { const struct principal *who; const char *reason; } rows[] = {
        { &school, "role" }, { &academy, "out_of_reach" }, { &rig->school_institute, "" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outcome outcome = rig_send(rig, rows[i].who, "programmes.enrolment.open", &enrolment_open_desc, &open);
        assert_string_equal(toy_reason(&outcome, &rig->arena), rows[i].reason);
    }
}

static void what_happened_is_written_down(void **state)
{
    struct rig *rig = *state;
    struct run run = { .id = ID(200), .programme = ID(COURSE), .day = date("2023-02-01"), .until = date("2023-03-01"), .places = 1 };
    const struct enrolment_record good = { .id = ID(210), .run = ID(200), .person = ID(50), .day = date("2023-01-20") };
    struct enrolment_record rows[8];
    static const char *const reasons[] = { "run_unknown", "person_unknown", "day_out_of_range", "run_over", "message", "message", "person_left", "" };
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), "");
    for (size_t i = 0; i < 8; i++)
        rows[i] = good;
    rows[0].run = ID(99);
    rows[1].person = ID(99);
    rows[2].day = date("2024-03-16");
    rows[3].day = date("2023-03-02");
    rows[4].step = 1;
    rows[5].route = ID(70);
    rows[6].person = ID(51);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &rows[i]), reasons[i]);
    assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &good), "already_recorded");
    struct enrolment_record again = good;
    again.id = UUID_NIL;
    assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &again), "already_enrolled");
    again.person = ID(52);
    assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &again), "");
    assert_int_equal(learners(rig, 200), 2);            /* more than there were places: so it was */
    assert_true(the(rig, 210).enrolment->recorded);
}

static void who_leaves_gives_his_place_back(void **state)
{
    struct rig *rig = *state;
    struct enrolment_ended ended;
    rig_run(rig, 200, COURSE, "2024-04-01", 1);
    rig_enrol(rig, 210, 200, 50, "2024-03-01");
    assert_string_equal(open_reason(rig, 200, 52, false), "no_places");
    assert_string_equal(end_reason(rig, 99, "2024-03-10"), "enrolment_unknown");
    assert_string_equal(end_reason(rig, 210, "2024-03-16"), "day_out_of_range");
    assert_string_equal(end_reason(rig, 210, "2024-02-29"), "day_before_enrolment");
    assert_string_equal(end_reason(rig, 210, "2024-03-01"), "");
    assert_int_equal(rig_events(rig, "programmes.enrolment.ended", &enrolment_ended_desc, &ended), 1);
    assert_int_equal(ended.reason, END_EXPELLED);
    assert_true(uuid_equal(&ended.run, &ID(200)));
    assert_string_equal(end_reason(rig, 210, "2024-03-01"), "enrolment_over");
    assert_int_equal(the(rig, 210).state, ENROLMENT_ENDED);
    assert_int_equal(learners(rig, 200), 0);
    assert_string_equal(open_reason(rig, 200, 52, false), "");
    assert_string_equal(open_reason(rig, 200, 50, false), "no_places");
    assert_string_equal(attest_reason(rig, 210, ATTESTATION_FINAL, true, "2024-03-10"), "enrolment_over");
}

/* ── attestations and the document ────────────────────────────────────────── */

static void a_certificate_needs_a_passed_final_attestation(void **state)
{
    struct rig *rig = *state;
    struct completion done;
    struct attestation held;
    rig_run(rig, 200, COURSE, "2024-02-01", 0);
    rig_enrol(rig, 210, 200, 50, "2024-01-20");
    assert_string_equal(attest_reason(rig, 99, ATTESTATION_FINAL, true, "2024-02-20"), "enrolment_unknown");
    assert_string_equal(attest_reason(rig, 210, ATTESTATION_FINAL, true, "2024-01-19"), "day_before_enrolment");
    assert_string_equal(attest_reason(rig, 210, ATTESTATION_FINAL, true, "2024-01-31"), "run_not_begun");
    assert_string_equal(issue_reason(rig, 210, "У-1", "2024-03-01"), "no_final_attestation");
    assert_string_equal(attest_reason(rig, 210, ATTESTATION_INTERIM, true, "2024-02-10"), "");
    assert_string_equal(attest_reason(rig, 210, ATTESTATION_FINAL, false, "2024-02-20"), "");
    assert_string_equal(issue_reason(rig, 210, "У-1", "2024-03-01"), "no_final_attestation");
    assert_string_equal(attest_reason(rig, 210, ATTESTATION_FINAL, true, "2024-02-20"), "already_recorded");
    assert_string_equal(attest_reason(rig, 210, ATTESTATION_FINAL, true, "2024-02-25"), "");
    assert_string_equal(attest_reason(rig, 210, ATTESTATION_FINAL, true, "2024-02-26"), "already_attested");
    assert_string_equal(issue_reason(rig, 210, "У-1", "2024-02-24"), "day_before_attestation");
    assert_string_equal(issue_reason(rig, 210, "У-1", "2024-03-16"), "day_out_of_range");
    assert_string_equal(issue_reason(rig, 210, "У-1", "2024-02-25"), "");
    assert_string_equal(issue_reason(rig, 210, "У-2", "2024-02-26"), "already_issued");
    assert_string_equal(end_reason(rig, 210, "2024-03-01"), "enrolment_over");

    assert_int_equal(rig_events(rig, "programmes.attestation.recorded", &attestation_desc, &held), 3);
    assert_true(held.passed);
    assert_true(uuid_equal(&held.run, &ID(200)));
    assert_int_equal(rig_events(rig, "programmes.completion.recorded", &completion_desc, &done), 1);
    assert_true(uuid_equal(&done.enrolment, &ID(210)));
    assert_true(uuid_equal(&done.provider, &ID(INSTITUTE)));
    assert_int_equal(done.provider_kind, ORG_INSTITUTE);
    assert_int_equal(done.enrolled, date("2024-01-20"));
    assert_string_equal(done.document, "У-1");
    struct enrolment_row row = the(rig, 210);
    assert_int_equal(row.state, ENROLMENT_COMPLETED);
    assert_true(uuid_equal(&row.completion, &done.completion));
    assert_int_equal(row.attestations.n, 3);
    assert_int_equal(learners(rig, 200), 1);            /* his place was used */
}

static void the_number_of_a_document_is_one_of_its_provider(void **state)
{
    struct rig *rig = *state;
    struct programme elsewhere = programme_like(102, PROGRAMME_DEVELOPMENT, 36);
    elsewhere.provider = ID(ACADEMY);
    assert_string_equal(rig_reason(rig, "programmes.programme.register", &programme_desc, &elsewhere), "");
    rig_run(rig, 200, COURSE, "2024-02-01", 0);
    rig_run(rig, 201, OTHER, "2024-02-01", 0);
    rig_run(rig, 202, 102, "2024-02-01", 0);
    for (uint8_t i = 0; i < 3; i++) {
        rig_enrol(rig, (uint8_t)(210 + i), (uint8_t)(200 + i), (uint8_t)(52 + i), "2024-02-01");
        assert_string_equal(attest_reason(rig, (uint8_t)(210 + i), ATTESTATION_FINAL, true, "2024-02-25"), "");
    }
    assert_string_equal(issue_reason(rig, 210, "У-\xD0\xB9", "2024-03-01"), "");
    assert_string_equal(issue_reason(rig, 211, "У-\xD0\xB8\xCC\x86", "2024-03-01"), "document_taken");
    assert_string_equal(issue_reason(rig, 211, "У-2", "2024-03-01"), "");
    assert_string_equal(issue_reason(rig, 212, "У-2", "2024-03-01"), "");
    /* What was recorded as history holds its number too. */
    struct completion_record old = { .programme = ID(COURSE), .person = ID(55), .enrolled = date("2023-01-10"), .day = date("2023-02-10"), .document = "У-9" };
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &old), "");
    rig_enrol(rig, 213, 200, 56, "2024-02-01");
    assert_string_equal(attest_reason(rig, 213, ATTESTATION_FINAL, true, "2024-02-25"), "");
    assert_string_equal(issue_reason(rig, 213, "У-9", "2024-03-01"), "document_taken");
}

static void a_long_number_is_a_number(void **state)
{
    struct rig *rig = *state;
    char number[81] = "";
    for (int i = 0; i < 20; i++)
        text_append(number, sizeof number, "\xF0\x9D\x85\xA0");             /* grows threefold when it is normalised */
    rig_run(rig, 200, COURSE, "2024-02-01", 0);
    rig_enrol(rig, 210, 200, 52, "2024-02-01");
    assert_string_equal(attest_reason(rig, 210, ATTESTATION_FINAL, true, "2024-02-25"), "");
    assert_string_equal(issue_reason(rig, 210, number, "2024-03-01"), "");
}

static void post_of(struct rig *rig, uint8_t id, uint8_t person, uint8_t school, const char *from, const char *until)
{
    struct uuid chain[3] = { ID(school), ID(MUNICIPALITY), ID(REGION) };
    struct post_opened opened = { .post = ID(id), .person = ID(person), .organisation_kind = ORG_SCHOOL, .kind = POST_EDUCATOR,
                                  .title = "учитель", .main = true, .from = date(from), .until = until != NULL ? date(until) : 0,
                                  .chain = { 3, chain } };
    source_add(&rig->roster, "roster.post.opened", &post_opened_desc, &opened);
    source_feed(&rig->roster, rig->machine, 1000);
}

/* The organisation that sent him, while he works there; else where he works; else that which sent him. */
static void a_document_belongs_where_the_learner_works(void **state)
{
    static const struct { uint8_t person, from, where; const char *moved; } rows[] = {
        { 50, OTHER_SCHOOL, OTHER_SCHOOL, NULL },       /* sent from his second post, and still there */
        { 52, SCHOOL, OTHER_SCHOOL, "2024-02-20" },     /* has moved */
        { 53, SCHOOL, SCHOOL, "" },                     /* has left the region */
    };
    struct rig *rig = *state;
    rig_run(rig, 200, COURSE, "2024-02-01", 0);
    for (uint8_t i = 0; i < 3; i++) {
        struct enrolment_record record = { .id = ID(210 + i), .run = ID(200), .person = ID(rows[i].person),
                                           .organisation = ID(rows[i].from), .day = date("2024-02-01") };
        struct completion done;
        char number[8];
        snprintf(number, sizeof number, "У-%u", i);
        assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &record), "");
        assert_string_equal(attest_reason(rig, (uint8_t)(210 + i), ATTESTATION_FINAL, true, "2024-02-25"), "");
        if (rows[i].moved != NULL)
            post_of(rig, (uint8_t)(rows[i].person + 100), rows[i].person, SCHOOL, "2020-09-01", "2024-02-19");
        if (rows[i].moved != NULL && rows[i].moved[0] != '\0')
            post_of(rig, 250, rows[i].person, OTHER_SCHOOL, rows[i].moved, NULL);
        assert_string_equal(issue_reason(rig, (uint8_t)(210 + i), number, "2024-03-01"), "");
        rig_events(rig, "programmes.completion.recorded", &completion_desc, &done);
        assert_true(uuid_equal(&done.chain.at[0], &ID(rows[i].where)));
    }
}

/* ── the record of a document, tied to its enrolment ──────────────────────── */

static void a_recorded_document_agrees_with_its_enrolment(void **state)
{
    struct rig *rig = *state;
    struct enrolment_record entered = { .id = ID(210), .run = ID(200), .person = ID(50), .day = date("2024-02-01"), .route = ID(70), .step = 3 };
    const struct completion_record good = { .programme = ID(COURSE), .person = ID(50), .enrolled = date("2024-02-01"), .day = date("2024-03-01"),
                                            .document = "У-1", .enrolment = ID(210) };
    static const char *const fields[] = { "programme", "person", "enrolled", "route", "step" };
    struct completion_record rows[5];
    struct completion done;
    rig_run(rig, 200, COURSE, "2024-02-01", 0);
    assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &entered), "");
    for (size_t i = 0; i < 5; i++)
        rows[i] = good;
    rows[0].programme = ID(OTHER);
    rows[1].person = ID(52);
    rows[2].enrolled--;
    rows[3].route = ID(71);
    rows[4].step = 2;
    for (size_t i = 0; i < 5; i++) {
        struct outcome outcome = rig_send(rig, &rig->institute, "programmes.completion.record", &completion_record_desc, &rows[i]);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "enrolment_differs");
        assert_string_equal(rig_arg(rig, &outcome, "field"), fields[i]);
    }
    struct completion_record record = good;
    record.enrolment = ID(99);
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &record), "enrolment_unknown");
    record.enrolment = UUID_NIL;
    record.step = 3;
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &record), "message");
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &good), "");
    rig_events(rig, "programmes.completion.recorded", &completion_desc, &done);
    assert_true(uuid_equal(&done.route, &ID(70)));
    assert_int_equal(done.step, 3);
    record = good;
    record.day++;
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &record), "already_issued");
}

/* Nobody stays a learner who has his document. */
static void a_document_that_names_no_enrolment_finds_it(void **state)
{
    struct rig *rig = *state;
    struct completion_record record = { .programme = ID(COURSE), .person = ID(50), .enrolled = date("2024-02-02"), .day = date("2024-03-01"), .document = "У-1" };
    rig_run(rig, 200, COURSE, "2024-02-01", 0);
    rig_enrol(rig, 210, 200, 50, "2024-02-01");
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &record), "");
    assert_int_equal(the(rig, 210).state, ENROLMENT_OPEN);          /* another day of enrolment: another course */
    record.enrolled--;
    record.day++;
    assert_string_equal(rig_reason(rig, "programmes.completion.record", &completion_record_desc, &record), "");
    assert_int_equal(the(rig, 210).state, ENROLMENT_COMPLETED);
}

/* ── who sees what ────────────────────────────────────────────────────────── */

static uint32_t listed(struct rig *rig, struct principal who, struct enrolments_of of)
{
    struct enrolment_list list;
    uint32_t rows = 0;
    do {
        struct outcome outcome = toy_ask(rig->machine, &who, "programmes.enrolment.list", &enrolments_of_desc, &of, &rig->arena);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&enrolment_list_desc, outcome.body, &list, &rig->arena);
        rows += list.rows.n;
        of.after = list.next;
    } while (list.next.n != 0);
    return rows;
}

static void learners_are_seen_within_reach(void **state)
{
    struct rig *rig = *state;
    const struct { int role; uint8_t reach; uint32_t rows; bool one; } rows[] = {
        { ROLE_AUTHORITY, REGION, 9, true }, { ROLE_MUNICIPAL, MUNICIPALITY, 9, true }, { ROLE_SCHOOL, SCHOOL, 8, true },
        { ROLE_SCHOOL, OTHER_SCHOOL, 1, false }, { ROLE_WORKER, 52, 1, true }, { ROLE_WORKER, 60, 1, false },
        { ROLE_INSTITUTE, INSTITUTE, 9, true }, { ROLE_INSTITUTE, ACADEMY, 0, false }, { ROLE_SCHOOL, INSTITUTE, 0, false },
    };
    struct id id = { ID(212) };
    rig_run(rig, 200, COURSE, "2024-02-01", 0);
    rig_run(rig, 201, OTHER, "2024-02-01", 0);
    for (uint8_t person = 52; person < 61; person++)
        rig_enrol(rig, (uint8_t)(160 + person), 200, person, "2024-02-01");
    rig_enrol(rig, 230, 201, 52, "2024-02-01");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct principal who = toy_principal(rows[i].role);
        who.reach = (struct reach){ .n = 1, .id = { ID(rows[i].reach) } };
        assert_int_equal(listed(rig, who, (struct enrolments_of){ .run = ID(200), .limit = 4 }), rows[i].rows);
        struct outcome outcome = toy_ask(rig->machine, &who, "programmes.enrolment.get", &id_desc, &id, &rig->arena);
        assert_string_equal(toy_reason(&outcome, &rig->arena), rows[i].one ? "" : "out_of_reach");
    }
    assert_int_equal(listed(rig, rig->institute, (struct enrolments_of){ .person = ID(52), .limit = 1 }), 2);
    struct enrolments_of both = { .person = ID(52), .run = ID(200) }, neither = { .limit = 1 };
    struct outcome outcome = toy_ask(rig->machine, &rig->institute, "programmes.enrolment.list", &enrolments_of_desc, &both, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "person_or_run");
    outcome = toy_ask(rig->machine, &rig->institute, "programmes.enrolment.list", &enrolments_of_desc, &neither, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "person_or_run");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, rig_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_run_may_lie_ahead_within_bounds), CASE(a_run_has_an_id_and_a_code_of_its_own), CASE(runs_are_listed_page_by_page),
        CASE(who_is_enrolled_and_who_is_not), CASE(only_the_provider_enrols), CASE(what_happened_is_written_down),
        CASE(who_leaves_gives_his_place_back), CASE(a_certificate_needs_a_passed_final_attestation),
        CASE(the_number_of_a_document_is_one_of_its_provider), CASE(a_long_number_is_a_number),
        CASE(a_document_belongs_where_the_learner_works), CASE(a_recorded_document_agrees_with_its_enrolment),
        CASE(a_document_that_names_no_enrolment_finds_it), CASE(learners_are_seen_within_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
