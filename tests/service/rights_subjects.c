#include "tests/service/rights_subjects.h"

#include "proto/roster_activity.h"
#include "proto/roster_documents.h"
#include "proto/roster_bookings.h"
#include "proto/roster_calls.h"
#include "proto/roster_duties.h"
#include "proto/roster_doubts.h"
#include "proto/roster_merge.h"
#include "proto/roster_people.h"
#include "proto/roster_expert.h"
#include "proto/roster_privacy.h"
#include "proto/roster_registers.h"
#include "proto/roster_staffing.h"
#include "proto/roster_training.h"
#include "proto/roster_tree.h"

#define NO_SUBJECT      ((struct asked){ NULL, NULL })

struct row { const char *method; struct asked subject; };

static struct asked found(const struct row *rows, size_t n, const char *method)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].method, method) == 0)
            return rows[i].subject;
    return NO_SUBJECT;
}

/* By the centre, in roster. */
static struct outcome done(struct region *r, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), method, takes, body);
    assert_string_equal(toy_reason(&outcome, &r->arena), "");
    return outcome;
}

static struct uuid made(struct region *r, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = done(r, method, takes, body);
    struct registered registered;
    toy_decode(&registered_desc, outcome.body, &registered, &r->arena);
    return registered.id;
}

/* ── roster ───────────────────────────────────────────────────────────────── */

/* ANNA in a register of the region that is public to nobody, made once. */
static const struct uuid *listed(struct region *r)
{
    static struct entry_ground post[] = { { .ground = "post", .evidence = "приказ 1", .day = 0 } };
    static struct uuid entry;
    struct entry_record body = { .register_id = "method_staff", .person = r->anna, .grounds = { 1, post }, .from = day_of(2021, 9, 1) };
    if (uuid_is_nil(&entry))
        entry = made(r, "roster.entry.record", &entry_record_desc, &body);
    return &entry;
}

static struct asked register_subject(struct region *r, const char *method)
{
    static struct entry_ground post[] = { { .ground = "post", .evidence = "приказ 1", .day = 0 } };
    static struct entry_propose propose;
    static struct entry_record record;
    static struct entry_decide decide;
    static struct entry_renew renew;
    static struct entry_end end;
    static struct registered get;
    static struct register_count_of count;
    static struct part_join join;
    static struct part_leave leave;
    static struct parts_of parts;
    static struct duty_set set;
    static struct duty_fulfil fulfil;
    static struct duties_of duties;
    static struct duty_drop drop;
    static struct activity_of activity;
    static struct uuid part, duty;
    const struct uuid *entry = listed(r);           /* what is asked of it is refused, if he may at all: it stays */
    propose = (struct entry_propose){ .register_id = "method_staff", .person = r->anna, .grounds = { 1, post } };
    record = (struct entry_record){ .register_id = "method_staff", .person = r->anna, .grounds = { 1, post }, .from = day_of(2022, 9, 1) };
    decide = (struct entry_decide){ .entry = *entry, .admit = true };
    renew = (struct entry_renew){ .entry = *entry };
    end = (struct entry_end){ *entry, day_of(2019, 1, 1), "ошибка", UUID_NIL };
    get = (struct registered){ *entry };
    count = (struct register_count_of){ .register_id = "method_staff", .unit = r->school_a };
    join = (struct part_join){ .entry = *entry, .organisation = r->school_a, .role = "куратор", .from = day_of(2021, 9, 1) };
    set = (struct duty_set){ .entry = *entry, .kind = "обучение", .title = "Пройти обучение", .due = day_of(2030, 9, 1) };
    if (uuid_is_nil(&part)) {
        part = made(r, "roster.part.join", &part_join_desc, &join);
        duty = made(r, "roster.duty.set", &duty_set_desc, &set);
    }
    leave = (struct part_leave){ part, day_of(2019, 1, 1) };
    parts = (struct parts_of){ .entry = *entry };
    fulfil = (struct duty_fulfil){ .duty = duty, .day = day_of(2040, 1, 1) };
    duties = (struct duties_of){ .entry = *entry };
    drop = (struct duty_drop){ duty, "  ", 0 };
    activity = (struct activity_of){ .register_id = "method_staff", .unit = r->school_a };
    const struct row rows[] = {
        { "roster.entry.propose", { &entry_propose_desc, &propose } }, { "roster.entry.record", { &entry_record_desc, &record } },
        { "roster.entry.decide", { &entry_decide_desc, &decide } }, { "roster.entry.renew", { &entry_renew_desc, &renew } },
        { "roster.entry.end", { &entry_end_desc, &end } }, { "roster.entry.get", { &registered_desc, &get } },
        { "roster.register.count", { &register_count_of_desc, &count } },
        { "roster.part.join", { &part_join_desc, &join } }, { "roster.part.leave", { &part_leave_desc, &leave } },
        { "roster.part.list", { &parts_of_desc, &parts } }, { "roster.duty.set", { &duty_set_desc, &set } },
        { "roster.duty.fulfil", { &duty_fulfil_desc, &fulfil } }, { "roster.duty.list", { &duties_of_desc, &duties } },
        { "roster.duty.drop", { &duty_drop_desc, &drop } }, { "roster.register.activity", { &activity_of_desc, &activity } },
    };
    return found(rows, COUNT(rows), method);
}

/* Two works of town A: one given to ANNA, the other closed without a result. What is asked of them is refused, if he may at all. */
static struct asked review_subject(struct region *r, const char *method)
{
    static struct review_open open;
    static struct review_assign assign;
    static struct review_answer answer;
    static struct expert_point point = { .criterion = "нет такого", .points = 1 };
    static struct review_submit submit;
    static struct review_return back;
    static struct review_withdraw withdraw;
    static struct review_close over;
    static struct review_pay pay;
    static struct registered get;
    static struct reviews_of list;
    static struct candidates_of candidates;
    static struct expert_of expert;
    static struct assignments_of works;
    static struct tie tie;
    static struct uuid closed, given;
    listed(r);
    open = (struct review_open){ .direction = "sites", .unit = r->town_a, .title = "Заявка" };
    if (uuid_is_nil(&given)) {
        closed = made(r, "roster.review.open", &review_open_desc, &open);
        over = (struct review_close){ closed, REVIEW_CANCELLED, "проба" };
        done(r, "roster.review.close", &review_close_desc, &over);
        get.id = made(r, "roster.review.open", &review_open_desc, &open);
        assign = (struct review_assign){ .review = get.id, .expert = r->anna };
        given = made(r, "roster.review.assign", &review_assign_desc, &assign);
    }
    open.title = " ";
    assign = (struct review_assign){ .review = get.id, .expert = r->anna };
    answer = (struct review_answer){ .assignment = given };
    submit = (struct review_submit){ .assignment = given, .points = { 1, &point }, .summary = "да" };
    back = (struct review_return){ .assignment = given, .reason = "мало" };
    withdraw = (struct review_withdraw){ given, " " };
    over = (struct review_close){ .review = closed };
    pay = (struct review_pay){ .assignment = given, .day = day_of(2021, 9, 1) };
    list = (struct reviews_of){ .unit = r->town_a, .direction = "sites" };
    candidates = (struct candidates_of){ .review = get.id };
    expert = (struct expert_of){ r->anna };
    works = (struct assignments_of){ .expert = r->anna };
    tie = (struct tie){ .person = r->anna, .other = r->anna };
    const struct row rows[] = {
        { "roster.review.open", { &review_open_desc, &open } }, { "roster.review.assign", { &review_assign_desc, &assign } },
        { "roster.review.answer", { &review_answer_desc, &answer } }, { "roster.review.submit", { &review_submit_desc, &submit } },
        { "roster.review.return", { &review_return_desc, &back } }, { "roster.review.withdraw", { &review_withdraw_desc, &withdraw } },
        { "roster.review.close", { &review_close_desc, &over } }, { "roster.review.pay", { &review_pay_desc, &pay } },
        { "roster.review.get", { &registered_desc, &get } }, { "roster.review.list", { &reviews_of_desc, &list } },
        { "roster.review.candidates", { &candidates_of_desc, &candidates } }, { "roster.expert.get", { &expert_of_desc, &expert } },
        { "roster.expert.works", { &assignments_of_desc, &works } }, { "roster.tie.declare", { &tie_desc, &tie } },
        { "roster.tie.list", { &expert_of_desc, &expert } },
    };
    return found(rows, COUNT(rows), method);
}

/* A call that was open long ago: whoever may apply learns it. */
static struct asked call_subject(struct region *r, const char *method)
{
    static struct entry_ground experience = { .ground = "experience", .evidence = "протокол 1" };
    static struct entry_value profile = { .name = "profile", .text = "химия" };
    static struct call_open open;
    static struct call_apply apply;
    static struct duties_in due;
    open = (struct call_open){ .register_id = "sites", .direction = "sites", .title = "Отбор", .from = day_of(2015, 2, 1), .until = day_of(2015, 3, 1) };
    if (uuid_is_nil(&apply.call))
        apply.call = made(r, "roster.call.open", &call_open_desc, &open);
    open.title = " ";
    apply.organisation = r->school_a;
    apply.grounds.n = apply.values.n = 1;
    apply.grounds.at = &experience;
    apply.values.at = &profile;
    due = (struct duties_in){ .register_id = "sites", .unit = r->town_a };
    const struct row rows[] = {
        { "roster.call.open", { &call_open_desc, &open } }, { "roster.call.apply", { &call_apply_desc, &apply } },
        { "roster.duty.due", { &duties_in_desc, &due } },
    };
    return found(rows, COUNT(rows), method);
}

static struct asked training_subject(struct region *r, const char *method)
{
    static struct training_record record;
    static struct training_strike strike;
    static struct trainings_of list;
    static struct training_count_of count;
    static struct person_of person;
    person = (struct person_of){ r->anna };
    record = (struct training_record){ .person = r->anna, .training = "municipal_tutors", .day = day_of(2021, 9, 1), .document = "7", .provider = "Академия" };
    if (uuid_is_nil(&strike.id))
        strike = (struct training_strike){ made(r, "roster.training.record", &training_record_desc, &record), " " };
    list = (struct trainings_of){ .training = "municipal_tutors", .unit = r->town_a };
    count = (struct training_count_of){ .training = "municipal_tutors", .unit = r->town_a };
    const struct row rows[] = {
        { "roster.training.record", { &training_record_desc, &record } }, { "roster.training.strike", { &training_strike_desc, &strike } },
        { "roster.training.list", { &trainings_of_desc, &list } }, { "roster.training.count", { &training_count_of_desc, &count } },
        { "roster.training.of", { &person_of_desc, &person } },
    };
    return found(rows, COUNT(rows), method);
}

/* A room of town A, which is taken as it is. */
static struct asked booking_subject(struct region *r, const char *method)
{
    static struct entry_ground ground = { .ground = "owned", .evidence = "опись 1" };
    static struct entry_value values[] = { { .name = "kind", .text = "аудитория" }, { .name = "seats", .number = 20 } };
    static struct booking_make make;
    static struct booking_cancel cancel;
    static struct bookings_of list;
    static struct free_of is_free;
    day_t today = day_of_moment(r->time.wall, 420);
    struct entry_record room = { .register_id = "rooms", .organisation = r->town_a, .title = "Аудитория 5", .grounds = { 1, &ground },
                                 .values = { 2, values }, .from = day_of(2015, 9, 1) };
    if (uuid_is_nil(&make.entry)) {
        make = (struct booking_make){ .entry = made(r, "roster.entry.record", &entry_record_desc, &room), .from = today, .until = today, .places = 1,
                                      .purpose = "стажировка" };
        cancel = (struct booking_cancel){ made(r, "roster.booking.make", &booking_make_desc, &make), " " };
    }
    make.places = 1000;
    list = (struct bookings_of){ .entry = make.entry };
    is_free = (struct free_of){ .register_id = "rooms", .unit = r->town_a, .from = today, .until = today };
    const struct row rows[] = {
        { "roster.booking.make", { &booking_make_desc, &make } }, { "roster.booking.cancel", { &booking_cancel_desc, &cancel } },
        { "roster.booking.list", { &bookings_of_desc, &list } }, { "roster.booking.free", { &free_of_desc, &is_free } },
    };
    return found(rows, COUNT(rows), method);
}

static struct asked staffing_subject(struct region *r, const char *method)
{
    static struct vacancy_open open;
    static struct vacancy_close over;
    static struct vacancies_of list;
    static struct population_of staff;
    static struct retraining_of retraining;
    open = (struct vacancy_open){ .organisation = r->school_a, .post = "учитель", .load = 100, .from = day_of(2021, 9, 1) };
    if (uuid_is_nil(&over.vacancy))
        over = (struct vacancy_close){ .vacancy = made(r, "roster.vacancy.open", &vacancy_open_desc, &open), .end = VACANCY_FILLED };
    list = (struct vacancies_of){ .unit = r->town_a };
    staff = (struct population_of){ r->town_a, day_of(2021, 9, 1) };
    retraining = (struct retraining_of){ .unit = r->town_a };
    const struct row rows[] = {
        { "roster.vacancy.open", { &vacancy_open_desc, &open } }, { "roster.vacancy.close", { &vacancy_close_desc, &over } },
        { "roster.vacancy.list", { &vacancies_of_desc, &list } }, { "roster.staffing.get", { &population_of_desc, &staff } },
        { "roster.retraining.list", { &retraining_of_desc, &retraining } },
    };
    return found(rows, COUNT(rows), method);
}

/* A plan of town A, made once and sent to school A: whoever works there may read it. */
static struct asked document_subject(struct region *r, const char *method)
{
    static struct document_register plan;
    static struct document_edition edition;
    static struct document_send send;
    static struct document_acknowledge read;
    static struct inbox_of inbox;
    static struct registered get;
    plan = (struct document_register){ .kind = DOCUMENT_PLAN, .issuer_title = "МОУО", .number = "1", .day = day_of(2021, 9, 1), .title = "План",
                                       .unit = r->town_a };
    if (uuid_is_nil(&get.id)) {
        get.id = made(r, "roster.document.register", &document_register_desc, &plan);
        send = (struct document_send){ .document = get.id, .to = { 1, &r->school_a } };
        done(r, "roster.document.send", &document_send_desc, &send);
    }
    edition = (struct document_edition){ .of = get.id, .kind = DOCUMENT_PLAN, .issuer_title = "МОУО", .number = "2", .day = day_of(2021, 8, 1),
                                         .title = "План", .unit = r->town_a };     /* before it: refused, if he may at all */
    read = (struct document_acknowledge){ .document = get.id, .organisation = r->school_a };
    inbox = (struct inbox_of){ .organisation = r->school_a };
    const struct row rows[] = {
        { "roster.document.register", { &document_register_desc, &plan } }, { "roster.document.edition", { &document_edition_desc, &edition } },
        { "roster.document.send", { &document_send_desc, &send } }, { "roster.document.get", { &registered_desc, &get } },
        { "roster.document.acknowledge", { &document_acknowledge_desc, &read } }, { "roster.document.inbox", { &inbox_of_desc, &inbox } },
    };
    return found(rows, COUNT(rows), method);
}

static struct asked organisation_subject(struct region *r, const char *method)
{
    static struct organisation_register organisation;
    static struct organisation_rename renaming;
    static struct organisation_move moving;
    static struct organisation_found founding;
    static struct organisation_close closing;
    static struct organisation_merge merging;
    static struct organisation_split splitting;
    day_t never = day_of(2190, 1, 1);               /* refused, if he may at all */
    organisation = (struct organisation_register){ .code = "new", .kind = ORG_SCHOOL, .title = "Новая", .parent = r->town_a };
    renaming = (struct organisation_rename){ r->school_a, "Лицей", never, "приказ", NULL };
    moving = (struct organisation_move){ r->school_a, r->town_a, never, "приказ", NULL };
    founding = (struct organisation_found){ r->school_a, r->town_a, never, "приказ", NULL };
    closing = (struct organisation_close){ r->school_a, never, "приказ", NULL };
    merging = (struct organisation_merge){ { 1, &r->school_a }, r->school_a, never, "приказ", NULL };
    splitting = (struct organisation_split){ r->school_a, { 1, &r->school_a }, false, never, "приказ", NULL };
    const struct row rows[] = {
        { "roster.organisation.register", { &organisation_register_desc, &organisation } },
        { "roster.organisation.rename", { &organisation_rename_desc, &renaming } },
        { "roster.organisation.move", { &organisation_move_desc, &moving } },
        { "roster.organisation.found", { &organisation_found_desc, &founding } },
        { "roster.organisation.close", { &organisation_close_desc, &closing } },
        { "roster.organisation.reopen", { &organisation_close_desc, &closing } },
        { "roster.organisation.merge", { &organisation_merge_desc, &merging } },
        { "roster.organisation.split", { &organisation_split_desc, &splitting } },
    };
    return found(rows, COUNT(rows), method);
}

static struct asked people_subject(struct region *r, const char *method)
{
    static struct worker_record worker;
    static struct post_close close;
    static struct person_read read;
    static struct workers_of workers;
    static struct post_transfer transfer;
    static struct population_of population;
    static struct population_yields yields;
    static struct person_merge merge;
    static struct person_unmerge unmerge;
    static struct person_erase erase;
    static struct person_block block;
    static struct person_unblock unblock;
    static struct consent_give give;
    static struct consent_withdraw withdraw;
    static struct person_of person;
    erase = (struct person_erase){ r->anna, "1", ERASE_PURPOSE };                       /* in post: refused, if he may at all */
    block = (struct person_block){ .person = r->anna, .act = "1", .until = day_of(2019, 1, 1) };      /* past: likewise */
    unblock = (struct person_unblock){ r->anna, "1" };
    give = (struct consent_give){ .person = r->anna, .text = "1", .day = day_of(2020, 1, 1) };
    withdraw = (struct consent_withdraw){ .person = r->anna, .purpose = CONSENT_SURVEY, .day = day_of(2020, 1, 1) };
    person = (struct person_of){ r->anna };
    worker = (struct worker_record){ .code = "z", .family = "Сидорова", .given = "Ольга", .born = "1985-01-01",
                                     .organisation = "school-a", .post = "учитель", .from = day_of(2021, 9, 1) };
    close = (struct post_close){ r->post_a, day_of(2019, 1, 1) };     /* before it begins: refused, if he may at all */
    transfer = (struct post_transfer){ r->post_a, r->school_a, day_of(2190, 1, 1) };      /* likewise */
    read = (struct person_read){ r->anna, "проверка прав" };
    workers = (struct workers_of){ .unit = r->school_a };
    population = (struct population_of){ r->school_a, day_of(2024, 12, 31) };
    merge = (struct person_merge){ r->anna, r->anna, "проверка прав" };
    unmerge = (struct person_unmerge){ r->anna, "проверка прав" };
    yields = (struct population_yields){ .unit = r->school_a, .population = "educators" };
    const struct row rows[] = {
        { "roster.worker.record", { &worker_record_desc, &worker } },
        { "roster.post.close", { &post_close_desc, &close } }, { "roster.post.transfer", { &post_transfer_desc, &transfer } },
        { "roster.person.read", { &person_read_desc, &read } }, { "roster.worker.list", { &workers_of_desc, &workers } },
        { "roster.population.count", { &population_of_desc, &population } },
        { "roster.person.merge", { &person_merge_desc, &merge } }, { "roster.person.unmerge", { &person_unmerge_desc, &unmerge } },
        { "roster.person.merges", { &person_of_desc, &person } },
        { "roster.population.list", { &population_yields_desc, &yields } }, { "roster.population.sizes", { &population_of_desc, &population } },
        { "roster.team.get", { &population_of_desc, &population } },
        { "roster.person.erase", { &person_erase_desc, &erase } }, { "roster.person.block", { &person_block_desc, &block } },
        { "roster.person.unblock", { &person_unblock_desc, &unblock } }, { "roster.consent.give", { &consent_give_desc, &give } },
        { "roster.consent.withdraw", { &consent_withdraw_desc, &withdraw } },
        { "roster.post.of", { &person_of_desc, &person } },
        { "roster.person.standing", { &person_of_desc, &person } }, { "roster.consent.list", { &person_of_desc, &person } },
    };
    return found(rows, COUNT(rows), method);
}

/* A row of school A with a code that is another's. */
static struct asked doubt_subject(struct region *r, const char *method)
{
    static struct worker_record row;
    static struct doubt_raise raise;
    static struct doubt_decide decide;
    static struct doubts_of doubts;
    row = (struct worker_record){ .code = "a", .family = "Сидоров", .given = "Иван", .born = "1977-07-07", .organisation = "school-a",
                                  .post = "учитель", .from = day_of(2021, 9, 1) };
    raise = (struct doubt_raise){ .row = &row };
    if (uuid_is_nil(&decide.doubt))
        decide = (struct doubt_decide){ .doubt = made(r, "roster.doubt.raise", &doubt_raise_desc, &raise) };   /* without a person: refused, if he may at all */
    doubts = (struct doubts_of){ .unit = r->school_a };
    const struct row rows[] = {
        { "roster.doubt.raise", { &doubt_raise_desc, &raise } }, { "roster.doubt.decide", { &doubt_decide_desc, &decide } },
        { "roster.doubt.list", { &doubts_of_desc, &doubts } },
    };
    return found(rows, COUNT(rows), method);
}

/* ── the other services ───────────────────────────────────────────────────── */

static struct asked diagnostics_subject(struct region *r, const char *method)
{
    static struct procedure procedure;
    static struct sitting_start start;
    static struct sitting_save save;
    static struct sitting_id id;
    static struct sitting_record record;
    static struct unit_year summary;
    static struct answer answer;
    static uint64_t one = 1;
    answer = (struct answer){ .task = 1, .chosen = { 1, &one } };
    procedure = (struct procedure){ .code = "P2", .title = "Зима", .instrument = r->instrument, .owner = r->school_a,
                                    .opens = day_of(2024, 1, 1), .closes = day_of(2024, 2, 1) };
    start = (struct sitting_start){ r->procedure, r->anna };
    save = (struct sitting_save){ .sitting = r->sitting, .answers = { 1, &answer } };
    id = (struct sitting_id){ r->sitting };
    record = (struct sitting_record){ .procedure = r->procedure, .person = r->anna, .day = day_of_moment(r->time.wall, 420),
                                      .answers = { 1, &answer } };
    summary = (struct unit_year){ r->school_a, 2024 };
    const struct row rows[] = {
        { "diagnostics.procedure.open", { &procedure_desc, &procedure } },
        { "diagnostics.sitting.start", { &sitting_start_desc, &start } }, { "diagnostics.sitting.save", { &sitting_save_desc, &save } },
        { "diagnostics.sitting.submit", { &sitting_id_desc, &id } }, { "diagnostics.sitting.get", { &sitting_id_desc, &id } },
        { "diagnostics.sitting.record", { &sitting_record_desc, &record } },
        { "diagnostics.deficit.summary", { &unit_year_desc, &summary } },
    };
    return found(rows, COUNT(rows), method);
}

static struct asked programmes_subject(struct region *r, const char *method)
{
    static struct programme programme;
    static struct programme_included included;
    static struct run run;
    static struct completion_record completion;
    static struct enrolment_open open;
    static struct enrolment_record entered;
    static struct enrolment_end end;
    static struct attestation_record attested;
    static struct certificate_issue certificate;
    static struct id enrolment;
    day_t today = day_of_moment(r->time.wall, 420);
    programme = (struct programme){ .code = "ДПП-9", .title = "Ещё одна", .hours = 16, .provider = r->school_a };
    included = (struct programme_included){ r->programme, today, "2" };
    run = (struct run){ .programme = r->programme, .day = today };
    completion = (struct completion_record){ .programme = r->programme, .person = r->anna, .enrolled = today, .day = today, .document = "1" };
    open = (struct enrolment_open){ .run = r->run, .person = r->anna };
    entered = (struct enrolment_record){ .run = r->run, .person = r->anna, .day = today };
    end = (struct enrolment_end){ r->enrolment, today - 1000, END_WITHDREW };       /* before it begins: refused, if he may at all */
    attested = (struct attestation_record){ r->enrolment, ATTESTATION_FINAL, true, today };
    certificate = (struct certificate_issue){ r->enrolment, "1", today };
    enrolment = (struct id){ r->enrolment };
    const struct row rows[] = {
        { "programmes.programme.register", { &programme_desc, &programme } },
        { "programmes.programme.include", { &programme_included_desc, &included } },
        { "programmes.programme.exclude", { &programme_included_desc, &included } },
        { "programmes.run.record", { &run_desc, &run } }, { "programmes.completion.record", { &completion_record_desc, &completion } },
        { "programmes.enrolment.open", { &enrolment_open_desc, &open } },
        { "programmes.enrolment.record", { &enrolment_record_desc, &entered } },
        { "programmes.enrolment.end", { &enrolment_end_desc, &end } },
        { "programmes.attestation.record", { &attestation_record_desc, &attested } },
        { "programmes.certificate.issue", { &certificate_issue_desc, &certificate } },
        { "programmes.enrolment.get", { &id_desc, &enrolment } },
    };
    return found(rows, COUNT(rows), method);
}

static struct asked routes_subject(struct region *r, const char *method)
{
    static struct route_move route;
    static struct agreement_record agreement;
    static struct support_record support;
    static struct route_end give_up;
    static struct step_choose choose;
    static struct step_submit submit;
    static struct step_accept accept;
    static struct step_return back;
    static struct tutor_appoint appoint;
    static struct tutor_release release;
    static struct tutor_assign assign;
    day_t today = day_of_moment(r->time.wall, 420);
    route = (struct route_move){ r->route };
    agreement = (struct agreement_record){ r->route, today };
    give_up = (struct route_end){ r->route, " " };                            /* says nothing: refused, if he may at all */
    choose = (struct step_choose){ r->route, 1, r->programme };
    submit = (struct step_submit){ r->route, 1, "конспект" };
    accept = (struct step_accept){ r->route, 1, NULL };
    back = (struct step_return){ r->route, 1, "не видно урока" };
    appoint = (struct tutor_appoint){ r->anna, TUTOR_OF_ROUTES, 0, 0 };
    release = (struct tutor_release){ r->anna, TUTOR_OF_ROUTES, NULL };
    assign = (struct tutor_assign){ r->anna, TUTOR_METHODOLOGIST, UUID_NIL, 0 };
    support = (struct support_record){ .person = r->anna, .form = "наставничество", .day = today };
    const struct row rows[] = {
        { "routes.route.agree", { &route_move_desc, &route } }, { "routes.route.activate", { &route_move_desc, &route } },
        { "routes.route.close", { &route_move_desc, &route } }, { "routes.route.get", { &route_move_desc, &route } },
        { "routes.agreement.record", { &agreement_record_desc, &agreement } },
        { "routes.support.record", { &support_record_desc, &support } },
        { "routes.route.end", { &route_end_desc, &give_up } }, { "routes.step.choose", { &step_choose_desc, &choose } },
        { "routes.step.submit", { &step_submit_desc, &submit } }, { "routes.step.accept", { &step_accept_desc, &accept } },
        { "routes.step.return", { &step_return_desc, &back } }, { "routes.tutor.appoint", { &tutor_appoint_desc, &appoint } },
        { "routes.tutor.release", { &tutor_release_desc, &release } }, { "routes.tutor.assign", { &tutor_assign_desc, &assign } },
    };
    return found(rows, COUNT(rows), method);
}

static struct asked indicators_subject(struct region *r, const char *method)
{
    static const char *documents[] = { "приказ 1" };
    static struct subjects_of subjects;
    static struct judgement judgement;
    subjects = (struct subjects_of){ .indicator = "1", .year = 2024, .unit = r->school_a };
    judgement = (struct judgement){ .indicator = "1", .year = 2024, .text = "так", .documents = { 1, documents },
                                    .day = day_of(2024, 5, 5) };
    if (strcmp(method, "indicators.value.subjects") == 0)
        return (struct asked){ &subjects_of_desc, &subjects };
    if (strcmp(method, "indicators.judgement.record") == 0)
        return (struct asked){ &judgement_desc, &judgement };
    return NO_SUBJECT;
}

/* Nobody's passport: who may not touch the region's learns nothing of that. */
static struct asked federal_subject(struct region *r, const char *method)
{
    static struct passport_open open;
    static struct passport_id id;
    static struct passport_approve approve;
    static struct passport_return back;
    static struct passport_recall recall;
    static struct cell_enter enter;
    static struct cell_at at;
    static struct operator_answer answer;
    static struct passports_of passports;
    static struct cells_of cells;
    static struct compare_of compare;
    static struct letters_of letters;
    day_t today = day_of_moment(r->time.wall, 420);
    open = (struct passport_open){ 1999 };
    id = (struct passport_id){ r->anna };
    approve = (struct passport_approve){ .passport = r->anna };
    back = (struct passport_return){ r->anna, "нет подписи" };
    recall = (struct passport_recall){ r->anna, "не тот год" };
    enter = (struct cell_enter){ .passport = r->anna, .block = 4, .row = "a", .column = "b", .value = "1", .document = "письмо", .day = today };
    at = (struct cell_at){ r->anna, 4, "a", "b" };
    answer = (struct operator_answer){ .passport = r->anna, .number = "1", .day = today };
    passports = (struct passports_of){ .year = 2024 };
    cells = (struct cells_of){ .passport = r->anna };
    compare = (struct compare_of){ .before = r->anna, .after = r->anna };
    letters = (struct letters_of){ .limit = 1 };
    const struct row rows[] = {
        { "federal.passport.open", { &passport_open_desc, &open } }, { "federal.passport.fill", { &passport_id_desc, &id } },
        { "federal.passport.submit", { &passport_id_desc, &id } }, { "federal.passport.send", { &passport_id_desc, &id } },
        { "federal.passport.get", { &passport_id_desc, &id } }, { "federal.passport.approve", { &passport_approve_desc, &approve } },
        { "federal.passport.return", { &passport_return_desc, &back } }, { "federal.passport.recall", { &passport_recall_desc, &recall } },
        { "federal.cell.enter", { &cell_enter_desc, &enter } },
        { "federal.cell.withdraw", { &cell_at_desc, &at } }, { "federal.answer.enter", { &operator_answer_desc, &answer } },
        { "federal.passport.list", { &passports_of_desc, &passports } }, { "federal.cell.list", { &cells_of_desc, &cells } },
        { "federal.passport.compare", { &compare_of_desc, &compare } }, { "federal.letter.list", { &letters_of_desc, &letters } },
    };
    return found(rows, COUNT(rows), method);
}

/* ── all of them ──────────────────────────────────────────────────────────── */

/* The first prefix that fits. */
static const struct { const char *prefix; struct asked (*subject)(struct region *, const char *method); } SUBJECTS[] = {
    { "roster.entry.", register_subject }, { "roster.register.", register_subject }, { "roster.part.", register_subject },
    { "roster.duty.due", call_subject }, { "roster.call.", call_subject }, { "roster.training.", training_subject },
    { "roster.booking.", booking_subject }, { "roster.vacancy.", staffing_subject }, { "roster.staffing.", staffing_subject }, { "roster.retraining.", staffing_subject }, { "roster.duty.", register_subject }, { "roster.review.", review_subject }, { "roster.expert.", review_subject },
    { "roster.tie.", review_subject }, { "roster.document.", document_subject }, { "roster.organisation.", organisation_subject },
    { "roster.doubt.", doubt_subject }, { "roster.", people_subject }, { "diagnostics.", diagnostics_subject }, { "programmes.", programmes_subject },
    { "routes.", routes_subject }, { "indicators.", indicators_subject }, { "federal.", federal_subject },
};

struct asked rights_subject(struct region *r, const char *method)
{
    for (size_t i = 0; i < COUNT(SUBJECTS); i++)
        if (strncmp(method, SUBJECTS[i].prefix, strlen(SUBJECTS[i].prefix)) == 0)
            return SUBJECTS[i].subject(r, method);
    return NO_SUBJECT;
}
