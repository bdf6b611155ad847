#include "proto/roster_bookings.h"
#include "proto/roster_calls.h"
#include "proto/roster_documents.h"
#include "proto/roster_staffing.h"
#include "proto/roster_training.h"
#include "tests/fault/sim/registrar.h"

/* Registers of the profile (tomsk.yaml) and what hangs on them. */

/* ── entries ──────────────────────────────────────────────────────────────── */

static void enter(struct client *client, struct entry_record *body, const char *code, const struct entry_value *values, uint32_t n, enum kept_kind kept)
{
    struct entry_ground ground = { .ground = code, .evidence = "приказ № 3", .day = story_today(client) - 300 };
    body->grounds.n = 1;
    body->grounds.at = &ground;
    body->values.n = n;
    body->values.at = (struct entry_value *)(uintptr_t)values;
    struct entry_propose propose = { .register_id = body->register_id, .person = body->person, .organisation = body->organisation,
                                     .title = body->title, .grounds = { 1, &ground }, .values = { n, body->values.at } };
    struct principal proposer = story_who(client, ROLE_MUNICIPAL);
    if (client_below(client, 2) > 0)
        centre_says(client, "roster.entry.record", body, kept);
    else
        client_says(client, &proposer, "roster.entry.propose", &propose, SUBJECT(0, KEPT_PROPOSALS));
}

static day_t until_any(struct client *client)
{
    return client_below(client, 2) ? story_today(client) + 1 + (day_t)client_below(client, 9) : 0;
}

void staff_entered(struct client *client)
{
    struct entry_record body = { .register_id = "method_staff", .from = days_ago(client, 200), .until = until_any(client) };
    if (person_any(client, &body.person))
        enter(client, &body, "post", NULL, 0, KEPT_STAFF);
}

void site_entered(struct client *client)
{
    struct entry_value profile = { .name = "profile", .text = "математика" };
    struct entry_record body = { .register_id = "sites", .organisation = unit_id(unit_any(client)), .from = days_ago(client, 300), .until = until_any(client) };
    enter(client, &body, "experience", &profile, 1, KEPT_SITES);
}

void agreement_entered(struct client *client)
{
    struct entry_record body = { .register_id = "tripartite", .organisation = unit_id((uint32_t)client_below(client, TOWNS)),
                                 .title = titled(client, "Соглашение"), .from = days_ago(client, 200), .until = until_any(client) };
    enter(client, &body, "signed", NULL, 0, KEPT_AGREEMENTS);
}

void room_entered(struct client *client)
{
    struct entry_value values[] = { { .name = "kind", .text = "зал" }, { .name = "seats", .number = ROOM_SEATS } };
    struct entry_record body = { .register_id = "rooms", .organisation = unit_id(unit_any(client)), .title = titled(client, "Зал"),
                                 .from = days_ago(client, 200) };
    enter(client, &body, "owned", values, 2, KEPT_ROOMS);
}

void entry_goes_on(struct client *client)
{
    static const enum kept_kind kinds[] = { KEPT_STAFF, KEPT_SITES, KEPT_AGREEMENTS, KEPT_ROOMS };
    bool proposed = client_below(client, 2) > 0;
    struct uuid entry;
    if (!kept_pick(client, proposed ? KEPT_PROPOSALS : kinds[client_below(client, 4)], &entry))
        return;
    struct entry_decide decide = { .entry = entry, .admit = client_below(client, 3) > 0, .from = days_ago(client, 30), .until = until_any(client),
                                   .reason = "решение комиссии" };
    struct entry_renew renew = { .entry = entry, .until = until_any(client) };
    struct entry_end end = { .entry = entry, .until = days_ago(client, 20), .reason = "закрыто" };
    if (proposed)
        centre_says(client, "roster.entry.decide", &decide, KEPT_NOTHING);
    else if (client_below(client, 2) > 0)
        centre_says(client, "roster.entry.renew", &renew, KEPT_NOTHING);
    else
        centre_says(client, "roster.entry.end", &end, KEPT_NOTHING);
}

/* ── parts and duties ─────────────────────────────────────────────────────── */

void part_moves(struct client *client)
{
    static const char *const roles[] = { "департамент", "институт" };
    struct part_join join = { .role = roles[client_below(client, 2)], .from = days_ago(client, 100), .until = until_any(client) };
    struct part_leave leave = { .until = days_ago(client, 10) };
    bool leaves = client_below(client, 3) == 0;
    if (leaves && kept_pick(client, KEPT_PARTS, &leave.part))
        centre_says(client, "roster.part.leave", &leave, KEPT_NOTHING);
    if (leaves || !kept_pick(client, KEPT_AGREEMENTS, &join.entry))
        return;
    switch (client_below(client, 3)) {
    case 0: join.organisation = unit_id(unit_any(client)); break;
    case 1: join.title = "ассоциация"; break;
    default:
        if (!person_any(client, &join.person))
            return;
        break;
    }
    centre_says(client, "roster.part.join", &join, KEPT_PARTS);
}

void duty_moves(struct client *client)
{
    struct duty_set set = { .kind = "обязательство", .title = titled(client, "Обучить"), .due = story_today(client) + (day_t)client_below(client, 9) };
    struct duty_fulfil fulfil = { .day = days_ago(client, 3), .result = "сделано" };
    if (client_below(client, 2) > 0 && kept_pick(client, KEPT_AGREEMENTS, &set.entry)) {
        if (client_below(client, 2) > 0 && !kept_pick(client, KEPT_PARTS, &set.part))
            set.part = UUID_NIL;
        centre_says(client, "roster.duty.set", &set, KEPT_DUTIES);
    } else if (kept_pick(client, KEPT_DUTIES, &fulfil.duty)) {
        struct duty_drop drop = { .duty = fulfil.duty, .reason = "отложено" };
        if (client_below(client, 3) > 0)
            centre_says(client, "roster.duty.fulfil", &fulfil, KEPT_NOTHING);
        else
            centre_says(client, "roster.duty.drop", &drop, KEPT_NOTHING);
    }
}

/* ── documents ────────────────────────────────────────────────────────────── */

void document_moves(struct client *client)
{
    struct document_register made = { .kind = (int)client_below(client, document_kind_count), .issuer = REGION, .number = titled(client, "Д"),
                                      .day = days_ago(client, 100), .title = "Положение", .public = client_below(client, 2) > 0 };
    struct uuid to[2] = { unit_id(unit_any(client) % 4), unit_id(unit_any(client) % 4) }, document;
    uint32_t n = uuid_equal(&to[0], &to[1]) ? 1 : 2;
    if (!kept_pick(client, KEPT_DOCUMENTS, &document) || client_below(client, 8) == 0) {
        centre_says(client, "roster.document.register", &made, KEPT_DOCUMENTS);
        return;
    }
    struct document_edition edition = { .of = document, .kind = made.kind, .issuer = REGION, .number = made.number, .day = days_ago(client, 20),
                                        .title = "Положение, новая редакция" };
    struct document_send send = { .document = document, .to = { n, to }, .day = days_ago(client, 5) };
    struct document_acknowledge acknowledge = { .document = document, .organisation = to[0] };
    switch (client_below(client, 5)) {
    case 0: centre_says(client, "roster.document.edition", &edition, KEPT_DOCUMENTS); break;
    case 1: case 2: centre_says(client, "roster.document.send", &send, KEPT_NOTHING); break;
    default: centre_says(client, "roster.document.acknowledge", &acknowledge, KEPT_NOTHING); break;
    }
}

/* ── expert work ──────────────────────────────────────────────────────────── */

void review_opens(struct client *client)
{
    struct uuid author = UUID_NIL;
    bool has = client_below(client, 2) > 0 && person_any(client, &author);
    struct review_open open = { .direction = "sites", .unit = unit_id(unit_any(client)), .title = titled(client, "Заявка"), .authors = { has ? 1 : 0, &author } };
    centre_says(client, "roster.review.open", &open, KEPT_REVIEWS);
}

static void opinion(struct client *client, const struct uuid *assignment)
{
    struct expert_point points[] = { { .criterion = "relevance", .points = client_below(client, 11) }, { .criterion = "content", .points = client_below(client, 11) },
                                     { .criterion = "result", .points = client_below(client, 11) } };
    struct review_submit submit = { .assignment = *assignment, .points = { 3, points }, .summary = "заключение" };
    centre_says(client, "roster.review.submit", &submit, KEPT_NOTHING);
}

static void assignment_moves(struct client *client, const struct uuid *assignment)
{
    struct review_answer answer = { .assignment = *assignment, .accept = client_below(client, 3) > 0, .reason = "в отпуске" };
    struct review_return back = { .assignment = *assignment, .reason = "дополнить" };
    struct review_withdraw withdraw = { .assignment = *assignment, .reason = "передано другому" };
    struct review_pay pay = { .assignment = *assignment, .day = days_ago(client, 3) };
    switch (client_below(client, 15)) {
    case 0: case 1: case 2: case 8: case 9: case 10: opinion(client, assignment); break;
    case 3: case 11: centre_says(client, "roster.review.return", &back, KEPT_NOTHING); break;
    case 4: centre_says(client, "roster.review.withdraw", &withdraw, KEPT_NOTHING); break;
    case 5: case 12: case 14: centre_says(client, "roster.review.pay", &pay, KEPT_NOTHING); break;
    default: centre_says(client, "roster.review.answer", &answer, KEPT_NOTHING); break;
    }
}

void review_moves(struct client *client)
{
    struct uuid review, assignment, expert;
    if (client_below(client, 3) > 0 && kept_pick(client, KEPT_ASSIGNMENTS, &assignment)) {
        assignment_moves(client, &assignment);
        return;
    }
    if (!kept_pick(client, KEPT_REVIEWS, &review) || !kept_pick(client, KEPT_EXPERTS, &expert))
        return;
    struct review_assign assign = { .review = review, .expert = expert, .due = story_today(client) + (day_t)client_below(client, 9) };
    struct review_close close = { .review = review, .outcome = (int)client_below(client, review_outcome_count), .reason = "решение комиссии" };
    if (client_below(client, 6) > 0)
        centre_says(client, "roster.review.assign", &assign, KEPT_ASSIGNMENTS);
    else
        centre_says(client, "roster.review.close", &close, KEPT_NOTHING);
}

void tie_told(struct client *client)
{
    struct tie tie = { .kind = (int)client_below(client, tie_kind_count), .until = until_any(client) };
    if (person_any(client, &tie.person) && person_any(client, &tie.other))
        centre_says(client, "roster.tie.declare", &tie, KEPT_NOTHING);
}

void call_moves(struct client *client)
{
    struct call_open open = { .register_id = "sites", .direction = "sites", .title = titled(client, "Отбор"), .from = days_ago(client, 10),
                              .until = story_today(client) + (day_t)client_below(client, 5), .seats = client_below(client, 3) };
    struct entry_ground ground = { .ground = "experience", .evidence = "протокол № 2" };
    struct entry_value profile = { .name = "profile", .text = "физика" };
    struct call_apply apply = { .organisation = unit_id(unit_any(client)), .grounds = { 1, &ground }, .values = { 1, &profile } };
    struct principal applicant = story_who(client, ROLE_MUNICIPAL);
    if (client_below(client, 3) > 0 && kept_pick(client, KEPT_CALLS, &apply.call))
        client_says(client, &applicant, "roster.call.apply", &apply, 0);
    else
        centre_says(client, "roster.call.open", &open, KEPT_CALLS);
}

/* ── training, vacancies, bookings ────────────────────────────────────────── */

void training_moves(struct client *client)
{
    struct training_record record = { .training = "municipal_tutors", .day = days_ago(client, 100), .document = titled(client, "У"), .provider = "институт" };
    struct training_strike strike = { .reason = "внесено по ошибке" };
    if (client_below(client, 3) == 0 && kept_pick(client, KEPT_TRAININGS, &strike.id))
        centre_says(client, "roster.training.strike", &strike, KEPT_NOTHING);
    else if (person_any(client, &record.person))
        centre_says(client, "roster.training.record", &record, KEPT_TRAININGS);
}

void vacancy_moves(struct client *client)
{
    struct vacancy_open open = { .organisation = unit_id(unit_any(client)), .post = "учитель", .load = 100, .from = days_ago(client, 60) };
    struct vacancy_close close = { .end = client_below(client, 2) ? VACANCY_WITHDRAWN : VACANCY_MISTAKEN, .until = days_ago(client, 3) };
    if (client_below(client, 2) > 0 && kept_pick(client, KEPT_VACANCIES, &close.vacancy))
        centre_says(client, "roster.vacancy.close", &close, KEPT_NOTHING);
    else
        centre_says(client, "roster.vacancy.open", &open, KEPT_VACANCIES);
}

void booking_moves(struct client *client)
{
    struct booking_make make = { .from = story_today(client) + 1 + (day_t)client_below(client, 5), .places = 1 + client_below(client, ROOM_SEATS),
                                 .purpose = "стажировка" };
    struct booking_cancel cancel = { .reason = "перенесено" };
    make.until = make.from + (day_t)client_below(client, 3);
    if (client_below(client, 3) == 0 && kept_pick(client, KEPT_BOOKINGS, &cancel.booking))
        centre_says(client, "roster.booking.cancel", &cancel, KEPT_NOTHING);
    else if (kept_pick(client, KEPT_ROOMS, &make.entry))
        centre_says(client, "roster.booking.make", &make, KEPT_BOOKINGS);
}
