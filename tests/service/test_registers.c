#include "proto/roles.h"
#include "proto/roster_documents.h"
#include "proto/roster_duties.h"
#include "proto/roster_registers.h"
#include "tests/service/roster_rig.h"

/* roster's registers: grounds, proposals and decisions, terms that the calendar ends, who was in it on a day. */

/* ── what is sent ─────────────────────────────────────────────────────────── */

static struct entry_ground ASSOCIATION[] = { { .ground = "association", .evidence = "приказ 17", .day = 0 } };
static struct entry_value RANK[] = { { .name = "rank", .text = "ведущий" } };

static struct entry_propose for_panel(const struct uuid *person)
{
    return (struct entry_propose){ .register_id = "panel", .person = *person, .grounds = { 1, ASSOCIATION }, .values = { 1, RANK } };
}

static struct entry_record panel_record(const struct uuid *person, const char *from, const char *until)
{
    return (struct entry_record){ .register_id = "panel", .person = *person, .grounds = { 1, ASSOCIATION }, .values = { 1, RANK },
                                  .from = day(from), .until = day(until) };
}

static struct entry_record site(const struct uuid *person, const struct uuid *organisation, const char *from)
{
    static struct entry_ground experience[] = { { .ground = "experience", .evidence = NULL, .day = 0 } };
    return (struct entry_record){ .register_id = "sites", .person = *person, .organisation = *organisation,
                                  .grounds = { 1, experience }, .from = day(from) };
}

static struct uuid recorded(struct rig *rig, struct entry_record body)
{
    return rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
}

static const char *record_refused(struct rig *rig, struct entry_record body)
{
    return rig_problem_as(rig, &rig->centre, "roster.entry.record", &entry_record_desc, &body).reason;
}

static struct entry_list list_as(struct rig *rig, const struct principal *who, const char *id, const struct uuid *unit, int which,
                                 const char *on)
{
    struct entries_of body = { .register_id = id, .unit = *unit, .which = which, .on = day(on) };
    struct outcome outcome = toy_ask(rig->machine, who, "roster.entry.list", &entries_of_desc, &body, &rig->arena);
    struct entry_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&entry_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static uint32_t listed(struct rig *rig, const char *id, const char *on)
{
    return list_as(rig, &rig->centre, id, &UUID_NIL, LIST_ON_DAY, on).rows.n;
}

static struct register_count counted(struct rig *rig, const char *id, const struct uuid *unit, const char *on)
{
    struct register_count_of body = { .register_id = id, .unit = *unit, .on = day(on) };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.register.count", &register_count_of_desc, &body, &rig->arena);
    struct register_count count;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&register_count_desc, outcome.body, &count, &rig->arena);
    return count;
}

static struct listing entry_of(struct rig *rig, const struct uuid *id)
{
    struct registered body = { *id };
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.entry.get", &registered_desc, &body, &rig->arena);
    struct listing listing;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&listing_desc, outcome.body, &listing, &rig->arena);
    return listing;
}

/* ── the way of an entry ──────────────────────────────────────────────────── */

static void a_proposal_is_decided_and_its_term_ends_by_the_calendar(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded anna_is = rig_record(rig, anna());
    struct principal school = reaching(ROLE_SCHOOL, &rig->school1);
    struct entry_propose body = for_panel(&anna_is.person);
    struct uuid entry = rig_made_as(rig, &school, "roster.entry.propose", &entry_propose_desc, &body);
    assert_int_equal(listed(rig, "panel", "2022-09-15"), 0);
    assert_int_equal(list_as(rig, &rig->centre, "panel", &UUID_NIL, LIST_PROPOSED, NULL).rows.n, 1);
    assert_int_equal(counted(rig, "panel", &rig->north, NULL).proposed, 1);
    assert_string_equal(rig_reason_as(rig, &school, "roster.entry.propose", &entry_propose_desc, &body), "already_proposed");
    struct entry_decide decide = { .entry = entry, .admit = true, .from = day("2022-09-20") };
    uint64_t head = machine_head(rig->machine);
    assert_string_equal(rig_reason(rig, "roster.entry.decide", &entry_decide_desc, &decide), "");
    assert_string_equal(rig_entries_after(rig, head, NULL), "entry.admitted");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "entry.admitted");
    assert_string_equal(rig_entries_after(rig, head, &anna_is.person), "entry.admitted");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "");
    assert_string_equal(rig_reason(rig, "roster.entry.decide", &entry_decide_desc, &decide), "entry_not_proposed");
    assert_int_equal(listed(rig, "panel", "2022-09-19"), 0);
    assert_int_equal(listed(rig, "panel", "2022-09-20"), 1);
    assert_int_equal(listed(rig, "panel", "2023-09-19"), 1);
    assert_int_equal(listed(rig, "panel", "2023-09-20"), 0);
    assert_int_equal(entry_of(rig, &entry).spans.at[0].until, day("2023-09-19"));
    head = machine_head(rig->machine);
    rig_clock(rig, day("2023-09-20"));
    rig->time.wall -= MOMENT_SECOND;
    rig_idle(rig);
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    rig->time.wall += 40 * MOMENT_DAY;                          /* the daemon was down, say */
    rig->time.boot += 40 * MOMENT_DAY;
    rig_idle(rig);
    assert_string_equal(rig_entries_after(rig, head, NULL), "entry.lapsed");
    assert_int_equal(entry_of(rig, &entry).stage, STAGE_LAPSED);
    assert_int_equal(listed(rig, "panel", "2023-09-19"), 1);    /* a past day does not move */
    assert_int_equal(listed(rig, "panel", "2023-09-20"), 0);
    struct entry_renew renew = { .entry = entry, .from = day("2023-10-25") };
    assert_string_equal(rig_reason(rig, "roster.entry.renew", &entry_renew_desc, &renew), "");
    assert_int_equal(listed(rig, "panel", "2023-10-01"), 0);    /* the gap stays one */
    assert_int_equal(counted(rig, "panel", &rig->north, "2023-10-01").members, 0);
    assert_int_equal(listed(rig, "panel", "2023-10-25"), 1);
    assert_int_equal(counted(rig, "panel", &rig->north, "2023-10-25").members, 1);
    assert_int_equal(counted(rig, "panel", &rig->south, "2023-10-25").members, 0);
    rig_check(rig);
}

static void a_proposal_may_be_declined_and_made_again(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded anna_is = rig_record(rig, anna());
    struct principal municipal = reaching(ROLE_MUNICIPAL, &rig->north);
    struct entry_propose body = for_panel(&anna_is.person);
    struct uuid entry = rig_made_as(rig, &municipal, "roster.entry.propose", &entry_propose_desc, &body);
    struct entry_decide decide = { .entry = entry };
    assert_string_equal(rig_reason_as(rig, &municipal, "roster.entry.decide", &entry_decide_desc, &decide), "register_not_decider");
    assert_string_equal(rig_reason(rig, "roster.entry.decide", &entry_decide_desc, &decide), "decline_reason_missing");
    decide.reason = "стаж меньше трёх лет";
    assert_string_equal(rig_reason(rig, "roster.entry.decide", &entry_decide_desc, &decide), "");
    assert_string_equal(entry_of(rig, &entry).reason, "стаж меньше трёх лет");
    struct entry_renew renew = { .entry = entry };
    assert_string_equal(rig_reason(rig, "roster.entry.renew", &entry_renew_desc, &renew), "entry_not_admitted");
    struct entry_end end = { entry, day("2022-09-30"), "ошибка", UUID_NIL };
    assert_string_equal(rig_reason(rig, "roster.entry.end", &entry_end_desc, &end), "entry_not_admitted");
    rig_made_as(rig, &municipal, "roster.entry.propose", &entry_propose_desc, &body);
    assert_int_equal(listed(rig, "panel", NULL), 0);
    assert_int_equal(list_as(rig, &rig->centre, "panel", &UUID_NIL, LIST_ALL, NULL).rows.n, 2);
    rig_check(rig);
}

static void nobody_is_twice_in_one_register_on_one_day(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded anna_is = rig_record(rig, anna());
    struct uuid first = recorded(rig, panel_record(&anna_is.person, "2021-03-01", "2021-12-31"));
    struct entry_record over = panel_record(&anna_is.person, "2021-12-31", NULL);
    struct problem problem = rig_problem_as(rig, &rig->centre, "roster.entry.record", &entry_record_desc, &over);
    assert_string_equal(problem.reason, "already_listed");
    assert_string_equal(arg(&problem, "from"), "2021-03-01");
    assert_string_equal(arg(&problem, "until"), "2021-12-31");
    struct uuid second = recorded(rig, panel_record(&anna_is.person, "2022-01-01", NULL));
    struct entry_renew renew = { .entry = first };
    rig_idle(rig);                                                  /* long over: written down at once, dated as it was */
    assert_int_equal(entry_of(rig, &first).stage, STAGE_LAPSED);
    assert_string_equal(rig_reason(rig, "roster.entry.renew", &entry_renew_desc, &renew), "already_listed");
    struct entry_end mistake = { second, day("2021-12-31"), "внесено по ошибке", UUID_NIL };
    assert_string_equal(rig_reason(rig, "roster.entry.end", &entry_end_desc, &mistake), "");
    assert_int_equal(listed(rig, "panel", "2022-01-01"), 0);
    assert_int_equal(counted(rig, "panel", &REGION, "2022-01-01").members, 0);
    assert_string_equal(rig_reason(rig, "roster.entry.renew", &entry_renew_desc, &renew), "");
    assert_int_equal(listed(rig, "panel", "2022-01-01"), 1);
    assert_int_equal(listed(rig, "panel", "2021-12-31"), 1);
    rig_check(rig);
}

static void an_end_keeps_the_days_before_it(void **state)
{
    struct rig *rig = *state;
    struct worker_recorded anna_is = rig_record(rig, anna());
    struct uuid entry = recorded(rig, panel_record(&anna_is.person, "2022-03-01", NULL));
    struct entry_end end = { entry, day("2023-03-01"), "по собственной просьбе", UUID_NIL };
    assert_string_equal(rig_reason(rig, "roster.entry.end", &entry_end_desc, &end), "term_exceeded");
    end.until = day("2022-02-27");
    assert_string_equal(rig_reason(rig, "roster.entry.end", &entry_end_desc, &end), "entry_until_before_from");
    end.until = day("2022-08-31");
    assert_string_equal(rig_reason(rig, "roster.entry.end", &entry_end_desc, &end), "");
    uint64_t head = machine_head(rig->machine);
    assert_string_equal(rig_reason(rig, "roster.entry.end", &entry_end_desc, &end), "");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");        /* nothing new was said */
    assert_int_equal(listed(rig, "panel", "2022-08-31"), 1);
    assert_int_equal(listed(rig, "panel", "2022-09-01"), 0);
    rig_pass(rig, "2023-06-01");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");        /* its timer is gone */
    rig_check(rig);
}

/* ── grounds and fields ───────────────────────────────────────────────────── */

static void grounds_are_the_closed_list_with_their_evidence(void **state)
{
    struct rig *rig = *state;
    struct uuid anna_is = rig_record(rig, anna()).person;
    struct entry_record row = panel_record(&anna_is, "2022-01-01", NULL);
    struct entry_ground grounds[2] = { { .ground = "friend", .evidence = "знакомый", .day = 0 } };
    row.grounds.at = grounds;
    assert_string_equal(record_refused(rig, row), "ground_unknown");
    grounds[0] = (struct entry_ground){ .ground = "association", .evidence = NULL, .day = 0 };
    struct problem problem = rig_problem_as(rig, &rig->centre, "roster.entry.record", &entry_record_desc, &row);
    assert_string_equal(problem.reason, "evidence_missing");
    assert_string_equal(problem.fields.at[0].path, "grounds[0].evidence");
    assert_string_equal(arg(&problem, "evidence"), "приказ о назначении");
    grounds[0].evidence = "приказ 3";
    grounds[0].day = day("2022-09-16");
    assert_string_equal(record_refused(rig, row), "evidence_future");
    grounds[0].day = 0;
    grounds[1] = grounds[0];
    row.grounds.n = 2;
    assert_string_equal(record_refused(rig, row), "ground_repeated");
    grounds[1] = (struct entry_ground){ .ground = "results", .document = { { 4 } } };
    problem = rig_problem_as(rig, &rig->centre, "roster.entry.record", &entry_record_desc, &row);
    assert_string_equal(problem.reason, "document_unknown");
    assert_string_equal(problem.fields.at[0].path, "grounds[1].document");
    struct document_register order = { .kind = DOCUMENT_ORDER, .issuer_title = "ЦНППМ", .number = "3", .day = day("2022-01-10"), .title = "О составе актива" };
    grounds[1].document = rig_made(rig, "roster.document.register", &document_register_desc, &order);
    struct uuid entry = recorded(rig, row);
    assert_memory_equal(&entry_of(rig, &entry).grounds.at[1].document, &grounds[1].document, sizeof(struct uuid));
    rig_check(rig);
}

static void where_all_grounds_are_needed_one_is_not_enough(void **state)
{
    struct rig *rig = *state;
    struct uuid anna_is = rig_record(rig, anna()).person;
    struct entry_ground grounds[2] = { { .ground = "federal", .evidence = "протокол 1", .day = day("2022-03-01") }, { .ground = "regional", .evidence = "протокол 2", .day = 0 } };
    struct entry_record row = { .register_id = "selected", .person = anna_is, .grounds = { 1, grounds }, .from = day("2022-09-01") };
    struct problem problem = rig_problem_as(rig, &rig->centre, "roster.entry.record", &entry_record_desc, &row);
    assert_string_equal(problem.reason, "ground_missing");
    assert_string_equal(arg(&problem, "ground"), "региональный отбор");
    row.grounds.n = 2;
    assert_string_equal(record_refused(rig, row), "evidence_day_missing");
    grounds[1].day = day("2022-08-15");
    struct entry_propose propose = { .register_id = "selected", .person = anna_is, .grounds = { 2, grounds } };
    assert_string_equal(rig_reason(rig, "roster.entry.propose", &entry_propose_desc, &propose), "register_not_proposer");
    struct uuid entry = recorded(rig, row);
    assert_int_equal(entry_of(rig, &entry).spans.at[0].until, 0);
    struct entry_renew renew = { .entry = entry };
    assert_string_equal(rig_reason(rig, "roster.entry.renew", &entry_renew_desc, &renew), "entry_has_no_term");
    rig_check(rig);
}

static void fields_are_the_registers_own_and_of_their_kind(void **state)
{
    struct rig *rig = *state;
    struct uuid anna_is = rig_record(rig, anna()).person, boris_is = rig_record(rig, boris()).person;
    const struct { struct entry_value value; const char *reason; } rows[] = {
        { { .name = "colour", .text = "синий" }, "field_unknown" },
        { { .name = "rank", .text = "старший" }, "field_repeated" },
        { { .name = "mentor", .text = "Кедров" }, "field_kind_differs" },
        { { .name = "mentor", .id = { { 1 } } }, "person_unknown" },
        { { .name = "base", .id = { { 1 } } }, "organisation_unknown" },
        { { .name = "since", .text = "вчера" }, "field_kind_differs" },
        { { .name = "load", .number = 7, .text = "семь" }, "field_kind_differs" },
        { { .name = "theme" }, "field_kind_differs" },
    };
    struct entry_value values[6] = { RANK[0] };
    struct entry_record row = panel_record(&anna_is, "2022-01-01", NULL);
    row.values.at = values;
    row.values.n = 0;
    assert_string_equal(record_refused(rig, row), "field_missing");
    row.values.n = 1;
    values[0].text = "главный";
    assert_string_equal(record_refused(rig, row), "choice_unknown");
    values[0].text = "ведущий";
    row.values.n = 2;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        values[1] = rows[i].value;
        assert_string_equal(record_refused(rig, row), rows[i].reason);
    }
    values[1] = (struct entry_value){ .name = "mentor", .id = boris_is };
    values[2] = (struct entry_value){ .name = "base", .id = rig->school2 };
    values[3] = (struct entry_value){ .name = "since", .day = day("2021-05-05") };
    values[4] = (struct entry_value){ .name = "load" };                 /* none: 0 */
    values[5] = (struct entry_value){ .name = "theme", .text = "  Читательская   грамотность " };
    row.values.n = 6;
    struct uuid entry = recorded(rig, row);
    struct listing listing = entry_of(rig, &entry);
    assert_int_equal(listing.values.n, 6);
    assert_string_equal(listing.values.at[5].text, "Читательская грамотность");
    rig_check(rig);
}

/* ── members ──────────────────────────────────────────────────────────────── */

static void members_are_of_the_kind_that_the_register_keeps(void **state)
{
    struct rig *rig = *state;
    struct uuid anna_is = rig_record(rig, anna()).person;
    struct entry_record row = panel_record(&UUID_NIL, "2022-01-01", NULL);
    row.organisation = rig->school1;
    assert_string_equal(record_refused(rig, row), "member_missing");
    row = panel_record(&anna_is, "2022-01-01", NULL);
    row.title = "Анна";
    assert_string_equal(record_refused(rig, row), "member_kind_differs");
    row = panel_record(&anna_is, "2022-01-01", NULL);
    row.organisation = rig->school3;
    assert_string_equal(record_refused(rig, row), "not_his_place");
    row.organisation = rig->north;                                      /* above his school */
    struct uuid entry = recorded(rig, row);
    assert_memory_equal(&entry_of(rig, &entry).chain.at[0], &rig->north, sizeof rig->north);
    row = panel_record(&(struct uuid){ { 9 } }, "2022-01-01", NULL);
    assert_string_equal(record_refused(rig, row), "person_unknown");
    row.register_id = "nothing";
    assert_string_equal(record_refused(rig, row), "register_unknown");
    recorded(rig, site(&anna_is, &UUID_NIL, "2022-01-01"));             /* both: one of the two */
    recorded(rig, site(&UUID_NIL, &rig->school1, "2022-01-01"));
    assert_string_equal(record_refused(rig, site(&UUID_NIL, &UUID_NIL, "2022-01-01")), "member_missing");
    assert_string_equal(record_refused(rig, site(&UUID_NIL, &rig->school1, "2022-02-01")), "already_listed");
    assert_string_equal(record_refused(rig, site(&UUID_NIL, &rig->school2, "2023-09-16")), "entry_day_far");
    struct entry_ground grounds[] = { { .ground = "signed", .evidence = "экземпляр 1", .day = day("2022-03-01") } };
    struct entry_record agreement = { .register_id = "agreements", .organisation = rig->north, .title = "О взаимодействии",
                                      .grounds = { 1, grounds }, .from = day("2022-03-01") };
    recorded(rig, agreement);
    agreement.title = "о  ВЗАИМОДЕЙСТВИИ";
    assert_string_equal(record_refused(rig, agreement), "already_listed");
    agreement.organisation = rig->south;
    recorded(rig, agreement);
    assert_int_equal(listed(rig, "agreements", "2022-09-15"), 2);
    assert_int_equal(counted(rig, "agreements", &rig->south, NULL).members, 1);
    rig_check(rig);
}

/* R1: who the subjects are is a closed list of kinds, each of certain organisations; some take part by agreement only. */
static void a_subject_is_of_a_kind_that_the_closed_list_has(void **state)
{
    struct rig *rig = *state;
    struct entry_ground grounds[] = { { .ground = "council", .evidence = NULL, .day = 0 } };
    struct entry_record council = { .register_id = "subjects", .organisation = rig->school1, .title = "Методический совет",
                                    .grounds = { 1, grounds }, .from = day("2022-01-01") };
    recorded(rig, council);
    council.organisation = rig->north;                                  /* a municipality has no council of this kind */
    struct problem problem = rig_problem_as(rig, &rig->centre, "roster.entry.record", &entry_record_desc, &council);
    assert_string_equal(problem.reason, "ground_not_of_kind");
    assert_string_equal(problem.fields.at[0].path, "grounds[0].ground");
    assert_string_equal(arg(&problem, "ground"), "методический совет");
    struct entry_ground school[] = { { .ground = "school", .evidence = NULL, .day = 0 } };
    struct entry_record itself = { .register_id = "subjects", .organisation = rig->school1, .grounds = { 1, school }, .from = day("2022-01-01") };
    assert_string_equal(record_refused(rig, itself), "evidence_missing");           /* by agreement: its document */
    school[0].evidence = "письмо 4";
    assert_string_equal(record_refused(rig, itself), "evidence_day_missing");
    school[0].day = day("2021-12-20");
    recorded(rig, itself);                                              /* without a title: the organisation itself */
    assert_string_equal(record_refused(rig, itself), "already_listed");
    school[0].ground = "club";
    itself.organisation = rig->school2;
    assert_string_equal(record_refused(rig, itself), "ground_unknown");
    struct entry_ground signed_[] = { { .ground = "signed", .evidence = "экземпляр 1", .day = day("2022-03-01") } };
    struct entry_record agreement = { .register_id = "agreements", .organisation = rig->north, .grounds = { 1, signed_ }, .from = day("2022-03-01") };
    assert_string_equal(record_refused(rig, agreement), "member_missing");          /* other things have a title */
    assert_int_equal(listed(rig, "subjects", "2021-12-31"), 0);
    assert_int_equal(listed(rig, "subjects", "2022-01-01"), 2);
    rig_check(rig);
}

static uint32_t serving(struct rig *rig, const struct uuid *municipality, int which, const char *on, struct uuid *service)
{
    struct entries_of body = { .register_id = "services", .which = which, .on = day(on), .partner = *municipality };
    struct entry_list list;
    rig_ask(rig, "roster.entry.list", &entries_of_desc, &body, &entry_list_desc, &list);
    if (list.rows.n > 0)
        *service = list.rows.at[0].entry;
    return list.rows.n;
}

/* R1: a service over many municipalities; which of them, from day to day. */
static void a_service_serves_its_municipalities_from_day_to_day(void **state)
{
    struct rig *rig = *state;
    struct entry_ground grounds[] = { { .ground = "serves", .evidence = NULL, .day = 0 } };
    struct entry_record row = { .register_id = "services", .organisation = REGION, .title = "Сетевая служба", .grounds = { 1, grounds },
                                .from = day("2021-09-01") };
    struct uuid network = recorded(rig, row), service = UUID_NIL;
    row.organisation = rig->south;
    row.title = NULL;
    struct uuid own = recorded(rig, row);
    struct part_join join = { .entry = network, .organisation = rig->north, .role = "обслуживаемый", .from = day("2021-09-01") };
    rig_made(rig, "roster.part.join", &part_join_desc, &join);
    join.organisation = rig->south;
    struct part_leave leave = { .part = rig_made(rig, "roster.part.join", &part_join_desc, &join), .until = day("2021-12-31") };
    assert_string_equal(rig_reason(rig, "roster.part.leave", &part_leave_desc, &leave), "");
    join = (struct part_join){ .entry = own, .organisation = rig->south, .role = "обслуживаемый", .from = day("2022-01-01") };
    rig_made(rig, "roster.part.join", &part_join_desc, &join);
    assert_int_equal(serving(rig, &rig->south, LIST_ON_DAY, "2021-08-31", &service), 0);
    assert_int_equal(serving(rig, &rig->south, LIST_ON_DAY, "2021-12-31", &service), 1);
    assert_memory_equal(&service, &network, sizeof network);
    assert_int_equal(serving(rig, &rig->south, LIST_ON_DAY, "2022-01-01", &service), 1);
    assert_memory_equal(&service, &own, sizeof own);
    assert_int_equal(serving(rig, &rig->north, LIST_ON_DAY, NULL, &service), 1);
    assert_memory_equal(&service, &network, sizeof network);
    assert_int_equal(serving(rig, &rig->south, LIST_ALL, NULL, &service), 2);
    join = (struct part_join){ .entry = network, .organisation = rig->school1, .role = "обслуживаемый", .from = day("2022-01-01") };
    assert_string_equal(rig_reason(rig, "roster.part.join", &part_join_desc, &join), "part_not_of_kind");
    join.organisation = UUID_NIL;
    join.title = "Соседний район";
    assert_string_equal(rig_reason(rig, "roster.part.join", &part_join_desc, &join), "part_not_of_kind");
    struct principal north = reaching(ROLE_MUNICIPAL, &rig->north);     /* public: whoever asks learns who serves whom */
    struct entries_of body = { .register_id = "services", .partner = rig->south };
    struct outcome outcome = toy_ask(rig->machine, &north, "roster.entry.list", &entries_of_desc, &body, &rig->arena);
    struct entry_list list;
    toy_decode(&entry_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 1);
    rig_check(rig);
}

static void an_entry_stays_with_the_place_it_was_made_for(void **state)
{
    struct rig *rig = *state;
    struct worker_record moved = anna();
    struct uuid anna_is = rig_record(rig, anna()).person;
    struct uuid entry = recorded(rig, panel_record(&anna_is, "2022-01-01", NULL));
    moved.organisation = "S3";
    moved.from = day("2022-09-01");
    rig_record(rig, moved);
    assert_int_equal(counted(rig, "panel", &rig->north, NULL).members, 1);
    assert_int_equal(counted(rig, "panel", &rig->south, NULL).members, 0);
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south), north = reaching(ROLE_MUNICIPAL, &rig->north);
    struct registered body = { entry };
    struct outcome outcome = toy_ask(rig->machine, &south, "roster.entry.get", &registered_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");         /* whose he is, sees what he is in */
    outcome = toy_ask(rig->machine, &north, "roster.entry.get", &registered_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    uint64_t head = machine_head(rig->machine);
    struct entry_end end = { entry, day("2022-09-10"), "переход", UUID_NIL };
    assert_string_equal(rig_reason(rig, "roster.entry.end", &entry_end_desc, &end), "");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "entry.ended");
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "entry.ended");      /* which counts it */
    rig_check(rig);
}

/* ── who sees what ────────────────────────────────────────────────────────── */

static void out_of_reach_nothing_is_done_and_little_is_seen(void **state)
{
    struct rig *rig = *state;
    struct uuid anna_is = rig_record(rig, anna()).person;
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south), north = reaching(ROLE_MUNICIPAL, &rig->north);
    struct entry_propose propose = for_panel(&anna_is);
    assert_string_equal(rig_reason_as(rig, &south, "roster.entry.propose", &entry_propose_desc, &propose), "out_of_reach");
    struct uuid member = recorded(rig, panel_record(&anna_is, "2022-01-01", NULL)), place = recorded(rig, site(&anna_is, &UUID_NIL, "2022-01-01"));
    assert_int_equal(list_as(rig, &south, "panel", &UUID_NIL, LIST_ON_DAY, NULL).rows.n, 0);
    assert_int_equal(list_as(rig, &north, "panel", &UUID_NIL, LIST_ON_DAY, NULL).rows.n, 1);
    struct entry_list seen = list_as(rig, &south, "sites", &UUID_NIL, LIST_ON_DAY, NULL);     /* public */
    assert_int_equal(seen.rows.n, 1);
    assert_memory_equal(&seen.rows.at[0].entry, &place, sizeof place);
    struct entry_end end = { place, day("2022-09-01"), "утрата", UUID_NIL };
    assert_string_equal(rig_reason_as(rig, &south, "roster.entry.end", &entry_end_desc, &end), "out_of_reach");
    assert_string_equal(rig_reason_as(rig, &north, "roster.entry.end", &entry_end_desc, &end), "");
    assert_int_equal(list_as(rig, &south, "sites", &UUID_NIL, LIST_ALL, NULL).rows.n, 0);     /* what it was is not public */
    assert_int_equal(list_as(rig, &north, "sites", &UUID_NIL, LIST_ALL, NULL).rows.n, 1);
    struct entries_of unit = { .register_id = "panel", .unit = rig->north };
    struct outcome outcome = toy_ask(rig->machine, &south, "roster.entry.list", &entries_of_desc, &unit, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    struct memberships_of of = { .member = anna_is };
    struct entry_list list;
    outcome = toy_ask(rig->machine, &rig->centre, "roster.entry.of", &memberships_of_desc, &of, &rig->arena);
    toy_decode(&entry_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 2);
    outcome = toy_ask(rig->machine, &south, "roster.entry.of", &memberships_of_desc, &of, &rig->arena);
    toy_decode(&entry_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 0);
    struct principal herself = reaching(ROLE_WORKER, &anna_is);
    outcome = toy_ask(rig->machine, &herself, "roster.entry.get", &registered_desc, &(struct registered){ member }, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    rig_check(rig);
}

static void a_public_register_shows_no_evidence(void **state)
{
    struct rig *rig = *state;
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south);
    struct entry_ground grounds[] = { { .ground = "experience", .evidence = "письмо директора", .day = 0 } };
    struct entry_record row = site(&UUID_NIL, &rig->school1, "2022-01-01");
    row.grounds.at = grounds;
    recorded(rig, row);
    struct entry_list theirs = list_as(rig, &south, "sites", &rig->north, LIST_ON_DAY, NULL);
    assert_int_equal(theirs.rows.n, 1);
    assert_string_equal(theirs.rows.at[0].grounds.at[0].ground, "experience");
    assert_null(theirs.rows.at[0].grounds.at[0].evidence);
    assert_string_equal(list_as(rig, &rig->centre, "sites", &rig->north, LIST_ON_DAY, NULL).rows.at[0].grounds.at[0].evidence, "письмо директора");
    rig_check(rig);
}

static void a_long_register_comes_in_pages(void **state)
{
    struct rig *rig = *state;
    struct entries_of body = { .register_id = "agreements", .limit = 3 };
    struct entry_ground grounds[] = { { .ground = "signed", .evidence = "экземпляр", .day = day("2022-03-01") } };
    uint32_t seen = 0, pages = 0;
    for (int i = 0; i < 8; i++)
        recorded(rig, (struct entry_record){ .register_id = "agreements", .organisation = rig->north,
                       .title = arena_format(&rig->arena, "№ %d", i), .grounds = { 1, grounds }, .from = day("2022-03-01") });
    do {
        struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.entry.list", &entries_of_desc, &body, &rig->arena);
        struct entry_list list;
        toy_decode(&entry_list_desc, outcome.body, &list, &rig->arena);
        assert_in_range(list.rows.n, 1, 3);
        seen += list.rows.n;
        pages++;
        body.after = list.next;
    } while (body.after.n > 0);
    assert_int_equal(seen, 8);
    assert_int_equal(pages, 3);
    body.after = bytes("x", 1);
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.entry.list", &entries_of_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "page_unknown");
}

static void the_region_says_which_registers_it_keeps(void **state)
{
    struct rig *rig = *state;
    struct register_list list;
    struct profile_register reg;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.register.list", &nothing_desc, &(struct nothing){ 0 }, &rig->arena);
    toy_decode(&register_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 12);
    assert_string_equal(list.rows.at[2].title, "Стажировочные площадки");
    assert_true(list.rows.at[2].public);
    outcome = toy_ask(rig->machine, &rig->centre, "roster.register.get", &register_of_desc, &(struct register_of){ "selected" }, &rig->arena);
    toy_decode(&profile_register_desc, outcome.body, &reg, &rig->arena);
    assert_true(reg.all_grounds);
    assert_int_equal(reg.grounds.n, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_proposal_is_decided_and_its_term_ends_by_the_calendar),
        TEST(a_proposal_may_be_declined_and_made_again),
        TEST(nobody_is_twice_in_one_register_on_one_day),
        TEST(an_end_keeps_the_days_before_it),
        TEST(grounds_are_the_closed_list_with_their_evidence),
        TEST(where_all_grounds_are_needed_one_is_not_enough),
        TEST(fields_are_the_registers_own_and_of_their_kind),
        TEST(members_are_of_the_kind_that_the_register_keeps),
        TEST(a_subject_is_of_a_kind_that_the_closed_list_has),
        TEST(a_service_serves_its_municipalities_from_day_to_day),
        TEST(an_entry_stays_with_the_place_it_was_made_for),
        TEST(out_of_reach_nothing_is_done_and_little_is_seen),
        TEST(a_public_register_shows_no_evidence),
        TEST(a_long_register_comes_in_pages),
        TEST(the_region_says_which_registers_it_keeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
