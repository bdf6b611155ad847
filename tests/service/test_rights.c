#include "tests/service/region.h"

#include "common/codec/csv.h"
#include "common/service/system_methods.h"
#include "proto/roster_documents.h"
#include "proto/roster_duties.h"
#include "proto/roster_privacy.h"
#include "proto/roster_registers.h"
#include "proto/roster_tree.h"

/* Who may do what: tests/data/rights.csv, written by hand, against the tables of the services and what they
 * really answer. */

extern const struct service node_service;

struct right { const char *method; roles_t roles; const char *reach; bool seen; };
static struct right rights[200];
static size_t right_count;
static struct arena arena;

static const char *source_file(const char *name)
{
    const char *source = getenv("RSNMS_SOURCE");
    return arena_format(&arena, "%s/%s", source != NULL ? source : ".", name);
}

static void read_roles(struct right *right, const char *text)
{
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        int role = enum_find(&role_names, text, n);
        if (role < 0)
            fail_msg("%s: no such role: %.*s", right->method, (int)n, text);
        right->roles |= ROLE(role);
        text += n + (text[n] == ' ');
    }
}

static int read_rights(void **state)
{
    static char line[400];
    FILE *file = fopen(source_file("tests/data/rights.csv"), "r");
    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#' || strncmp(line, "method;", 7) == 0)
            continue;
        line[strcspn(line, "\n")] = '\0';
        char *roles = strchr(line, ';'), *reach = roles != NULL ? strchr(roles + 1, ';') : NULL;
        assert_non_null(reach);
        *roles++ = '\0';
        *reach++ = '\0';
        struct right *right = &rights[right_count++];
        *right = (struct right){ .method = arena_string(&arena, line, strlen(line)),
                                 .reach = arena_string(&arena, reach, strlen(reach)) };
        read_roles(right, roles);
    }
    fclose(file);
    return 0;
}

static struct right *right_of(const char *method)
{
    for (size_t i = 0; i < right_count; i++) {
        const char *name = rights[i].method, *dot = strchr(method, '.');
        if (strcmp(name, method) == 0 || (name[0] == '*' && dot != NULL && strcmp(name + 1, dot) == 0)) {
            rights[i].seen = true;
            return &rights[i];
        }
    }
    return NULL;
}

static unsigned compare(const char *method, roles_t roles)
{
    struct right *right = right_of(method);
    if (right == NULL)
        print_error("%s is not in rights.csv\n", method);
    else if (right->roles != roles)
        print_error("%s: roles %#x, rights.csv says %#x\n", method, roles, right->roles);
    return right == NULL || right->roles != roles;
}

static unsigned compare_service(const struct service *service)
{
    unsigned faults = 0;
    for (size_t i = 0; i < service->command_count; i++)
        faults += compare(service->commands[i].name, service->commands[i].roles);
    for (size_t i = 0; i < service->query_count; i++)
        faults += compare(service->queries[i].name, service->queries[i].roles);
    faults += compare(arena_format(&arena, "%s journal", service->name), service->follow_roles);
    for (int i = 0; i < SYSTEM_METHOD_COUNT; i++)
        faults += compare(arena_format(&arena, "%s.%s", service->name, SYSTEM_METHOD[i].name), system_method_roles(service, i));
    return faults;
}

/* The node is no part of a region, but what it takes stands in the same file. */
static void every_method_stands_in_the_file_with_its_roles(void **state)
{
    unsigned faults = compare_service(&node_service);
    (void)state;
    for (int s = 0; s < R_SERVICES; s++)
        faults += compare_service(REGION_SERVICE[s]);
    for (size_t i = 0; i < right_count; i++)
        if (!rights[i].seen) {
            print_error("%s is in rights.csv and nowhere else\n", rights[i].method);
            faults++;
        }
    assert_int_equal(faults, 0);
}

/* ── a body for each method, about ANNA, school A, or what belongs to them ── */

struct asked { const struct msg_desc *takes; const void *body; };

/* ANNA in a register of the region that is public to nobody, made once. */
static const struct uuid *listed(struct region *r)
{
    static struct entry_ground post[] = { { "post", "приказ 1", 0 } };
    static struct uuid entry;
    struct entry_record body = { .register_id = "method_staff", .person = r->anna, .grounds = { 1, post }, .from = day_of(2021, 9, 1) };
    if (uuid_is_nil(&entry)) {
        struct registered registered;
        struct outcome outcome = region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.entry.record", &entry_record_desc, &body);
        assert_string_equal(toy_reason(&outcome, &r->arena), "");
        toy_decode(&registered_desc, outcome.body, &registered, &r->arena);
        entry = registered.id;
    }
    return &entry;
}

static struct uuid one_made(struct region *r, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), method, takes, body);
    struct registered registered;
    assert_string_equal(toy_reason(&outcome, &r->arena), "");
    toy_decode(&registered_desc, outcome.body, &registered, &r->arena);
    return registered.id;
}

static struct asked register_subject(struct region *r, const char *method)
{
    static struct entry_ground post[] = { { "post", "приказ 1", 0 } };
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
    static struct uuid part, duty;
    static const char *const PREFIXES[] = { "roster.entry.", "roster.register.", "roster.part.", "roster.duty." };
    bool ours = false;
    for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES; i++)
        ours |= strncmp(method, PREFIXES[i], strlen(PREFIXES[i])) == 0;
    if (!ours)
        return (struct asked){ NULL, NULL };
    const struct uuid *entry = listed(r);           /* what is asked of it is refused, if he may at all: it stays */
    propose = (struct entry_propose){ .register_id = "method_staff", .person = r->anna, .grounds = { 1, post } };
    record = (struct entry_record){ .register_id = "method_staff", .person = r->anna, .grounds = { 1, post }, .from = day_of(2022, 9, 1) };
    decide = (struct entry_decide){ .entry = *entry, .admit = true };
    renew = (struct entry_renew){ .entry = *entry };
    end = (struct entry_end){ *entry, day_of(2019, 1, 1), "ошибка" };
    get = (struct registered){ *entry };
    count = (struct register_count_of){ "method_staff", r->school_a, 0 };
    join = (struct part_join){ .entry = *entry, .organisation = r->school_a, .role = "куратор", .from = day_of(2021, 9, 1) };
    set = (struct duty_set){ .entry = *entry, .kind = "обучение", .title = "Пройти обучение", .due = day_of(2030, 9, 1) };
    if (uuid_is_nil(&part)) {
        part = one_made(r, "roster.part.join", &part_join_desc, &join);
        duty = one_made(r, "roster.duty.set", &duty_set_desc, &set);
    }
    leave = (struct part_leave){ part, day_of(2019, 1, 1) };
    parts = (struct parts_of){ .entry = *entry };
    fulfil = (struct duty_fulfil){ .duty = duty, .day = day_of(2040, 1, 1) };
    duties = (struct duties_of){ .entry = *entry };
    const struct { const char *method; struct asked subject; } rows[] = {
        { "roster.entry.propose", { &entry_propose_desc, &propose } }, { "roster.entry.record", { &entry_record_desc, &record } },
        { "roster.entry.decide", { &entry_decide_desc, &decide } }, { "roster.entry.renew", { &entry_renew_desc, &renew } },
        { "roster.entry.end", { &entry_end_desc, &end } }, { "roster.entry.get", { &registered_desc, &get } },
        { "roster.register.count", { &register_count_of_desc, &count } },
        { "roster.part.join", { &part_join_desc, &join } }, { "roster.part.leave", { &part_leave_desc, &leave } },
        { "roster.part.list", { &parts_of_desc, &parts } }, { "roster.duty.set", { &duty_set_desc, &set } },
        { "roster.duty.fulfil", { &duty_fulfil_desc, &fulfil } }, { "roster.duty.list", { &duties_of_desc, &duties } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].method, method) == 0)
            return rows[i].subject;
    return (struct asked){ NULL, NULL };
}

/* A plan of town A, made once and sent to school A: whoever works there may read it. */
static struct asked document_subject(struct region *r, const char *method)
{
    static struct document_register plan;
    static struct document_edition edition;
    static struct document_send send;
    static struct document_acknowledge read;
    static struct registered get;
    if (strncmp(method, "roster.document.", 16) != 0)
        return (struct asked){ NULL, NULL };
    plan = (struct document_register){ .kind = DOCUMENT_PLAN, .issuer_title = "МОУО", .number = "1", .day = day_of(2021, 9, 1), .title = "План",
                                       .unit = r->town_a };
    if (uuid_is_nil(&get.id)) {
        struct outcome outcome = region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.document.register", &document_register_desc, &plan);
        assert_string_equal(toy_reason(&outcome, &r->arena), "");
        toy_decode(&registered_desc, outcome.body, &get, &r->arena);
        send = (struct document_send){ .document = get.id, .to = { 1, &r->school_a } };
        outcome = region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.document.send", &document_send_desc, &send);
        assert_string_equal(toy_reason(&outcome, &r->arena), "");
    }
    edition = (struct document_edition){ .of = get.id, .kind = DOCUMENT_PLAN, .issuer_title = "МОУО", .number = "2", .day = day_of(2021, 8, 1),
                                         .title = "План", .unit = r->town_a };     /* before it: refused, if he may at all */
    read = (struct document_acknowledge){ .document = get.id, .organisation = r->school_a };
    const struct { const char *method; struct asked subject; } rows[] = {
        { "roster.document.register", { &document_register_desc, &plan } }, { "roster.document.edition", { &document_edition_desc, &edition } },
        { "roster.document.send", { &document_send_desc, &send } }, { "roster.document.get", { &registered_desc, &get } },
        { "roster.document.acknowledge", { &document_acknowledge_desc, &read } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].method, method) == 0)
            return rows[i].subject;
    return (struct asked){ NULL, NULL };
}

static struct asked roster_subject(struct region *r, const char *method)
{
    static struct organisation_register organisation;
    static struct worker_record worker;
    static struct post_close close;
    static struct person_read read;
    static struct workers_of workers;
    static struct organisation_rename renaming;
    static struct organisation_move moving;
    static struct organisation_found founding;
    static struct organisation_close closing;
    static struct organisation_merge merging;
    static struct organisation_split splitting;
    static struct post_transfer transfer;
    day_t never = day_of(2190, 1, 1);                                  /* refused, if he may at all */
    static struct population_of population;
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
    organisation = (struct organisation_register){ .code = "new", .kind = ORG_SCHOOL, .title = "Новая", .parent = r->town_a };
    worker = (struct worker_record){ .code = "z", .family = "Сидорова", .given = "Ольга", .born = "1985-01-01",
                                     .organisation = "school-a", .post = "учитель", .from = day_of(2021, 9, 1) };
    close = (struct post_close){ r->post_a, day_of(2019, 1, 1) };     /* before it begins: refused, if he may at all */
    read = (struct person_read){ r->anna, "проверка прав" };
    workers = (struct workers_of){ .unit = r->school_a };
    population = (struct population_of){ r->school_a, day_of(2024, 12, 31) };
    renaming = (struct organisation_rename){ r->school_a, "Лицей", never, "приказ", NULL };
    moving = (struct organisation_move){ r->school_a, r->town_a, never, "приказ", NULL };
    founding = (struct organisation_found){ r->school_a, r->town_a, never, "приказ", NULL };
    closing = (struct organisation_close){ r->school_a, never, "приказ", NULL };
    transfer = (struct post_transfer){ r->post_a, r->school_a, never };
    merging = (struct organisation_merge){ { 1, &r->school_a }, r->school_a, never, "приказ", NULL };
    splitting = (struct organisation_split){ r->school_a, { 1, &r->school_a }, false, never, "приказ", NULL };
    const struct { const char *method; struct asked subject; } rows[] = {
        { "roster.organisation.register", { &organisation_register_desc, &organisation } },
        { "roster.organisation.rename", { &organisation_rename_desc, &renaming } },
        { "roster.organisation.move", { &organisation_move_desc, &moving } },
        { "roster.organisation.found", { &organisation_found_desc, &founding } },
        { "roster.organisation.close", { &organisation_close_desc, &closing } },
        { "roster.organisation.reopen", { &organisation_close_desc, &closing } },
        { "roster.organisation.merge", { &organisation_merge_desc, &merging } },
        { "roster.post.transfer", { &post_transfer_desc, &transfer } },
        { "roster.organisation.split", { &organisation_split_desc, &splitting } },
        { "roster.worker.record", { &worker_record_desc, &worker } }, { "roster.post.close", { &post_close_desc, &close } },
        { "roster.person.read", { &person_read_desc, &read } }, { "roster.worker.list", { &workers_of_desc, &workers } },
        { "roster.population.count", { &population_of_desc, &population } },
        { "roster.team.get", { &population_of_desc, &population } },
        { "roster.person.erase", { &person_erase_desc, &erase } }, { "roster.person.block", { &person_block_desc, &block } },
        { "roster.person.unblock", { &person_unblock_desc, &unblock } }, { "roster.consent.give", { &consent_give_desc, &give } },
        { "roster.consent.withdraw", { &consent_withdraw_desc, &withdraw } },
        { "roster.person.standing", { &person_of_desc, &person } }, { "roster.consent.list", { &person_of_desc, &person } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].method, method) == 0)
            return rows[i].subject;
    return strncmp(method, "roster.document.", 16) == 0 ? document_subject(r, method) : register_subject(r, method);
}

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
    const struct { const char *method; struct asked subject; } rows[] = {
        { "diagnostics.procedure.open", { &procedure_desc, &procedure } },
        { "diagnostics.sitting.start", { &sitting_start_desc, &start } }, { "diagnostics.sitting.save", { &sitting_save_desc, &save } },
        { "diagnostics.sitting.submit", { &sitting_id_desc, &id } }, { "diagnostics.sitting.get", { &sitting_id_desc, &id } },
        { "diagnostics.sitting.record", { &sitting_record_desc, &record } },
        { "diagnostics.deficit.summary", { &unit_year_desc, &summary } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].method, method) == 0)
            return rows[i].subject;
    return (struct asked){ NULL, NULL };
}

static struct asked other_subject(struct region *r, const char *method)
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
    const struct { const char *method; struct asked subject; } rows[] = {
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
        { "routes.route.agree", { &route_move_desc, &route } }, { "routes.route.activate", { &route_move_desc, &route } },
        { "routes.route.close", { &route_move_desc, &route } }, { "routes.route.get", { &route_move_desc, &route } },
        { "routes.agreement.record", { &agreement_record_desc, &agreement } },
        { "routes.support.record", { &support_record_desc, &support } },
        { "routes.route.end", { &route_end_desc, &give_up } }, { "routes.step.choose", { &step_choose_desc, &choose } },
        { "routes.step.submit", { &step_submit_desc, &submit } }, { "routes.step.accept", { &step_accept_desc, &accept } },
        { "routes.step.return", { &step_return_desc, &back } }, { "routes.tutor.appoint", { &tutor_appoint_desc, &appoint } },
        { "routes.tutor.release", { &tutor_release_desc, &release } }, { "routes.tutor.assign", { &tutor_assign_desc, &assign } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].method, method) == 0)
            return rows[i].subject;
    return (struct asked){ NULL, NULL };
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
    return (struct asked){ NULL, NULL };
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
    const struct { const char *method; struct asked subject; } rows[] = {
        { "federal.passport.open", { &passport_open_desc, &open } }, { "federal.passport.fill", { &passport_id_desc, &id } },
        { "federal.passport.submit", { &passport_id_desc, &id } }, { "federal.passport.send", { &passport_id_desc, &id } },
        { "federal.passport.get", { &passport_id_desc, &id } }, { "federal.passport.approve", { &passport_approve_desc, &approve } },
        { "federal.passport.return", { &passport_return_desc, &back } }, { "federal.passport.recall", { &passport_recall_desc, &recall } },
        { "federal.cell.enter", { &cell_enter_desc, &enter } },
        { "federal.cell.withdraw", { &cell_at_desc, &at } }, { "federal.answer.enter", { &operator_answer_desc, &answer } },
        { "federal.passport.list", { &passports_of_desc, &passports } }, { "federal.cell.list", { &cells_of_desc, &cells } },
        { "federal.passport.compare", { &compare_of_desc, &compare } }, { "federal.letter.list", { &letters_of_desc, &letters } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].method, method) == 0)
            return rows[i].subject;
    return (struct asked){ NULL, NULL };
}

static struct outcome speak(struct region *r, int service, const struct principal *who, const char *method, struct asked subject)
{
    roles_t roles;
    if (machine_method(r->machine[service], method, &roles) == METHOD_QUERY)
        return region_ask(r, service, *who, method, subject.takes, subject.body);
    return region_do(r, service, *who, method, subject.takes, subject.body);
}

static bool denied(struct region *r, const struct outcome *outcome)
{
    struct problem problem;
    if (outcome->kind == OUTCOME_REPLY)
        return false;
    toy_decode(&problem_desc, outcome->body, &problem, &r->arena);
    return problem.code == PROBLEM_DENIED;
}

/* The reaches that must not, and one that must, suffice. The subject of a programme is the institute's. */
static unsigned try_reaches(struct region *r, int service, const struct right *right, int role, struct asked subject)
{
    bool programme = service == R_PROGRAMMES && strcmp(right->reach, "unit") == 0 &&
                     strcmp(right->method, "programmes.programme.register") != 0;
    bool self = strcmp(right->reach, "self") == 0 && role != ROLE_MUNICIPAL;
    const struct uuid *within = programme ? &r->institute : self || role == ROLE_WORKER ? &r->anna
                              : strcmp(right->reach, "region") == 0 ? &r->id : &r->town_a;
    struct principal nobody = region_who(role, &r->town_a), other = region_who(role, &r->town_b),
                     stranger = region_who(role, &r->boris), mine = region_who(role, within), console = region_who(role, NULL);
    const struct principal *out[] = { &nobody, &other, &stranger };
    unsigned faults = 0;
    nobody.reach.n = 0;
    if (role == ROLE_CONSOLE) {
        other.reach = stranger.reach = console.reach;
        other.actor = r->boris;
        stranger.actor = r->town_b;
        mine = console;
        mine.actor = r->anna;
    }
    for (size_t i = 0; i < sizeof out / sizeof *out; i++) {
        struct outcome outcome = speak(r, service, out[i], right->method, subject);
        if (!denied(r, &outcome)) {
            print_error("%s as %s: out of reach (%zu) and not denied: %s\n", right->method, role_names.names[role], i,
                        toy_reason(&outcome, &r->arena));
            faults++;
        }
    }
    if (self && role != ROLE_CONSOLE) {
        struct principal above = region_who(role, &r->town_a);
        struct outcome outcome = speak(r, service, &above, right->method, subject);
        if (!denied(r, &outcome)) {
            print_error("%s as %s: for another, and not denied\n", right->method, role_names.names[role]);
            faults++;
        }
    }
    struct outcome outcome = speak(r, service, &mine, right->method, subject);
    if (denied(r, &outcome)) {
        print_error("%s as %s: within reach and denied: %s\n", right->method, role_names.names[role], toy_reason(&outcome, &r->arena));
        faults++;
    }
    return faults;
}

static void reach_is_asked_of_every_method_that_has_a_subject(void **state)
{
    struct region *r = region_open();
    unsigned faults = 0, tried = 0;
    (void)state;
    for (size_t i = 0; i < right_count; i++) {
        const struct right *right = &rights[i];
        int service = -1;
        if (strcmp(right->reach, "open") == 0 || strcmp(right->reach, "filtered") == 0)
            continue;
        for (int s = 0; s < R_SERVICES; s++)
            if (strncmp(REGION_SERVICE[s]->name, right->method, strcspn(right->method, ".")) == 0)
                service = s;
        struct asked subject = service == R_ROSTER ? roster_subject(r, right->method)
                               : service == R_DIAGNOSTICS ? diagnostics_subject(r, right->method) :
                                 service == R_INDICATORS ? indicators_subject(r, right->method) :
                                 service == R_FEDERAL ? federal_subject(r, right->method) : other_subject(r, right->method);
        if (service < 0 || subject.takes == NULL) {
            print_error("%s: the test has no subject for it\n", right->method);
            faults++;
            continue;
        }
        for (int role = 0; role < role_count; role++)
            if ((right->roles & ROLE(role)) != 0) {
                faults += try_reaches(r, service, right, role, subject);
                tried++;
            }
    }
    region_close(r);
    assert_int_equal(faults, 0);
    assert_true(tried > 40);
}

static void a_role_that_is_not_in_the_row_is_denied(void **state)
{
    struct region *r = region_open();
    unsigned faults = 0;
    (void)state;
    for (int s = 0; s < R_SERVICES; s++)
        for (size_t i = 0; i < REGION_SERVICE[s]->command_count + REGION_SERVICE[s]->query_count; i++) {
            const struct service *service = REGION_SERVICE[s];
            bool command = i < service->command_count;
            const char *method = command ? service->commands[i].name : service->queries[i - service->command_count].name;
            const struct right *right = right_of(method);
            struct nothing nothing = { 0 };
            for (int role = 0; role < role_count && right != NULL; role++) {
                struct principal who = region_who(role, NULL);
                struct outcome outcome = speak(r, s, &who, method, (struct asked){ &nothing_desc, &nothing });
                bool expected = (right->roles & ROLE(role)) == 0;
                bool role_denied = outcome.kind == OUTCOME_PROBLEM && strcmp(toy_reason(&outcome, &r->arena), "role") == 0;
                if (role_denied != expected) {
                    print_error("%s as %s: %s\n", method, role_names.names[role], expected ? "not denied" : "denied");
                    faults++;
                }
            }
        }
    region_close(r);
    assert_int_equal(faults, 0);
}

/* Lists that leave out what is out of reach: the id of who is not ours is nowhere in the answer. */
static void lists_hold_nothing_that_is_out_of_reach(void **state)
{
    struct region *r = region_open();
    struct routes_of routes = { 0 };
    struct values_of values = { .level = LEVEL_ORGANISATION };
    struct enrolments_of learners = { .run = r->run };
    struct principal mine = region_who(ROLE_MUNICIPAL, &r->town_a), theirs = region_who(ROLE_MUNICIPAL, &r->town_b);
    struct entries_of entries = { .register_id = "method_staff" };
    struct memberships_of memberships = { .member = r->anna };
    region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.entry.record", &entry_record_desc, &(struct entry_record){
              .register_id = "method_staff", .person = r->anna, .grounds = { 1, (struct entry_ground[]){ { "post", "приказ 1", 0 } } },
              .from = day_of(2021, 9, 1) });
    const struct { int service; const char *method; struct asked subject; const struct uuid *secret; } rows[] = {
        { R_ROSTER, "roster.entry.list", { &entries_of_desc, &entries }, &r->anna },
        { R_ROSTER, "roster.entry.of", { &memberships_of_desc, &memberships }, &r->anna },
        { R_ROUTES, "routes.route.list", { &routes_of_desc, &routes }, &r->anna },
        { R_PROGRAMMES, "programmes.enrolment.list", { &enrolments_of_desc, &learners }, &r->anna },
        { R_INDICATORS, "indicators.value.list", { &values_of_desc, &values }, &r->school_a },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outcome ours = speak(r, rows[i].service, &mine, rows[i].method, rows[i].subject);
        struct outcome others = speak(r, rows[i].service, &theirs, rows[i].method, rows[i].subject);
        assert_int_equal(ours.kind, OUTCOME_REPLY);
        assert_int_equal(others.kind, OUTCOME_REPLY);
        assert_non_null(memmem(ours.body.at, ours.body.n, rows[i].secret->b, 16));
        assert_null(memmem(others.body.at, others.body.n, rows[i].secret->b, 16));
    }
    region_close(r);
}

/* A journal followed with a reach: whatever is about ANNA is in it for her town, and for no other. */
static void a_followed_journal_holds_nothing_that_is_out_of_reach(void **state)
{
    struct region *r = region_open();
    const struct { const struct uuid *reach; bool sees; } rows[] = { { &r->id, true }, { &r->town_a, true }, { &r->anna, true },
                                                                     { &r->town_b, false }, { &r->boris, false } };
    static const int services[] = { R_ROSTER, R_DIAGNOSTICS, R_PROGRAMMES, R_ROUTES };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t s = 0; s < sizeof services / sizeof *services; s++) {
            struct feed_wish wish = { .cursor = cursor_start(), .reach = { .n = 1, .id = { *rows[i].reach } },
                                      .entries = 100000, .bytes = 64 << 20 };
            struct feed_result result;
            struct buf out = { 0 };
            assert_int_equal(machine_feed(r->machine[services[s]], &wish, &r->arena, &out, &result), ERR_OK);
            assert_true(result.at_head);
            assert_int_equal(memmem(out.at, out.n, r->anna.b, 16) != NULL, rows[i].sees);
            buf_free(&out);
        }
    region_close(r);
}

/* A reading is an entry; the same id again is for an answer that was lost, not for reading on. */
static void a_reading_is_repeated_for_minutes_only(void **state)
{
    struct region *r = region_open();
    struct person_read read = { r->anna, "сверка списков" };
    struct principal centre = region_who(ROLE_CENTRE, NULL);
    struct uuid id = uuid_v7(r->time.wall / MOMENT_MS, (const uint8_t[10]){ 9 });
    static const struct { moment_t later; const char *reason; } rows[] = {
        { 0, "" }, { 9 * MOMENT_MINUTE, "" }, { 2 * MOMENT_MINUTE, "reading_over" } };
    (void)state;
    uint64_t head = machine_head(r->machine[R_ROSTER]) + 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r->time.wall += rows[i].later;
        r->time.boot += rows[i].later;
        struct outcome outcome = toy_command(r->machine[R_ROSTER], &centre, id, "roster.person.read", &person_read_desc, &read, &r->arena);
        assert_string_equal(toy_reason(&outcome, &r->arena), rows[i].reason);
        assert_int_equal(machine_head(r->machine[R_ROSTER]), head);
    }
    region_close(r);
}

static int forget(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_stands_in_the_file_with_its_roles),
        cmocka_unit_test(a_role_that_is_not_in_the_row_is_denied),
        cmocka_unit_test(reach_is_asked_of_every_method_that_has_a_subject),
        cmocka_unit_test(lists_hold_nothing_that_is_out_of_reach),
        cmocka_unit_test(a_reading_is_repeated_for_minutes_only),
        cmocka_unit_test(a_followed_journal_holds_nothing_that_is_out_of_reach),
    };
    return cmocka_run_group_tests(tests, read_rights, forget);
}
