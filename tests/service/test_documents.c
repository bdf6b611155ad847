#include "proto/roles.h"
#include "proto/roster_documents.h"
#include "tests/service/roster_rig.h"

/* roster's register of acts and documents: editions in force, sending, acknowledgement, who may read. */

static const uint8_t HASH[32] = { 1, 2, 3 };

static struct document_register statute(void)
{
    return (struct document_register){ .kind = DOCUMENT_STATUTE, .issuer_title = "Министерство", .number = "759", .day = day("2021-06-28"),
                                       .title = "Положение о системе", .file = "759.pdf", .sha256 = bytes(HASH, 32), .public = true };
}

static const char *refused(struct rig *rig, struct document_register body)
{
    return rig_reason(rig, "roster.document.register", &document_register_desc, &body);
}

static struct uuid registered(struct rig *rig, struct document_register body)
{
    return rig_made(rig, "roster.document.register", &document_register_desc, &body);
}

static struct document_card card_of(struct rig *rig, const struct uuid *id)
{
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.document.get", &registered_desc, &(struct registered){ *id }, &rig->arena);
    struct document_card card;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&document_card_desc, outcome.body, &card, &rig->arena);
    return card;
}

static struct document_list list_as(struct rig *rig, const struct principal *who, struct documents_of of)
{
    struct outcome outcome = toy_ask(rig->machine, who, "roster.document.list", &documents_of_desc, &of, &rig->arena);
    struct document_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&document_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static void an_edition_takes_the_place_of_the_one_before(void **state)
{
    struct rig *rig = *state;
    struct uuid first = registered(rig, statute());
    struct document_edition next = { .of = first, .kind = DOCUMENT_ORDER, .issuer_title = "Министерство", .number = "907",
                                     .day = day("2022-06-30"), .title = "Новая редакция", .from = day("2022-07-10"), .public = true };
    uint64_t head = machine_head(rig->machine);
    struct uuid second = rig_made(rig, "roster.document.edition", &document_edition_desc, &next);
    assert_string_equal(rig_entries_after(rig, head, NULL), "document.registered document.superseded");
    struct document_card card = card_of(rig, &second);
    assert_int_equal(card.document->edition, 2);
    assert_int_equal(card.editions.n, 2);
    assert_memory_equal(&card.editions.at[0], &first, sizeof first);
    assert_int_equal(card_of(rig, &first).document->until, day("2022-07-09"));
    const struct { const char *on; const struct uuid *id; } rows[] = {
        { "2021-06-27", NULL }, { "2021-06-28", &first }, { "2022-07-09", &first }, { "2022-07-10", &second }, { "2030-01-01", &second },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct document_list list = list_as(rig, &rig->centre, (struct documents_of){ .on = day(rows[i].on) });
        assert_int_equal(list.rows.n, rows[i].id != NULL);
        if (rows[i].id != NULL)
            assert_memory_equal(&list.rows.at[0].id, rows[i].id, sizeof first);
    }
    next.number = "908";
    assert_string_equal(rig_reason(rig, "roster.document.edition", &document_edition_desc, &next), "edition_not_last");
    next.of = second;
    assert_string_equal(rig_reason(rig, "roster.document.edition", &document_edition_desc, &next), "edition_before");
    rig_check(rig);
}

static void a_document_is_known_by_issuer_number_and_day(void **state)
{
    struct rig *rig = *state;
    struct document_register again = statute();
    registered(rig, statute());
    again.title = "Другое название";
    again.issuer_title = "МИНИСТЕРСТВО ";
    assert_string_equal(refused(rig, again), "document_known");
    again.day = day("2021-06-29");
    registered(rig, again);
    again = statute();
    again.issuer_title = NULL;
    again.issuer = rig->school1;
    registered(rig, again);
    rig_check(rig);
}

static void what_cannot_be_a_document_is_refused(void **state)
{
    struct rig *rig = *state;
    const struct { const char *reason; struct document_register body; } rows[] = {
        { "issuer_missing", { .number = "1", .title = "т", .day = 19000 } },
        { "issuer_twice", { .number = "1", .title = "т", .day = 19000, .issuer = rig->school1, .issuer_title = "мы" } },
        { "organisation_unknown", { .number = "1", .title = "т", .day = 19000, .issuer = { { 7 } } } },
        { "organisation_unknown", { .number = "1", .title = "т", .day = 19000, .issuer_title = "мы", .unit = { { 7 } } } },
        { "document_future", { .number = "1", .title = "т", .day = day("2022-09-16"), .issuer_title = "мы" } },
        { "document_until_before_from", { .number = "1", .title = "т", .day = 19000, .until = 18999, .issuer_title = "мы" } },
        { "file_and_hash", { .number = "1", .title = "т", .day = 19000, .issuer_title = "мы", .file = "a.pdf" } },
        { "file_and_hash", { .number = "1", .title = "т", .day = 19000, .issuer_title = "мы", .sha256 = bytes(HASH, 32) } },
        { "file_and_hash", { .number = "1", .title = "т", .day = 19000, .issuer_title = "мы", .file = "a.pdf", .sha256 = bytes(HASH, 31) } },
        { "file_is_a_path", { .number = "1", .title = "т", .day = 19000, .issuer_title = "мы", .file = "../a.pdf", .sha256 = bytes(HASH, 32) } },
        { "signature_without_file", { .number = "1", .title = "т", .day = 19000, .issuer_title = "мы", .signature = "a.sig", .signature_sha256 = bytes(HASH, 32) } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(refused(rig, rows[i].body), rows[i].reason);
    assert_int_equal(list_as(rig, &rig->centre, (struct documents_of){ 0 }).rows.n, 0);
}

static void sending_is_told_to_each_and_acknowledged_once(void **state)
{
    struct rig *rig = *state;
    struct document_register letter = { .kind = DOCUMENT_LETTER, .issuer_title = "ЦНППМ", .number = "12", .day = day("2022-09-01"), .title = "О сроках" };
    struct uuid id = registered(rig, letter), to[] = { rig->school1, rig->school3, rig->school1 };
    struct document_send send = { .document = id, .to = { 3, to }, .day = day("2022-08-31") };
    assert_string_equal(rig_reason(rig, "roster.document.send", &document_send_desc, &send), "sent_before");
    send.day = day("2022-09-16");
    assert_string_equal(rig_reason(rig, "roster.document.send", &document_send_desc, &send), "sent_in_future");
    send.day = day("2022-09-02");
    uint64_t head = machine_head(rig->machine);
    assert_string_equal(rig_reason(rig, "roster.document.send", &document_send_desc, &send), "");
    assert_string_equal(rig_entries_after(rig, head, NULL), "document.sent document.sent");
    assert_string_equal(rig_entries_after(rig, head, &rig->school3), "document.sent");
    assert_string_equal(rig_entries_after(rig, head, &rig->school2), "");
    head = machine_head(rig->machine);
    assert_string_equal(rig_reason(rig, "roster.document.send", &document_send_desc, &send), "");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");            /* they have it */
    struct principal school1 = reaching(ROLE_SCHOOL, &rig->school1), school2 = reaching(ROLE_SCHOOL, &rig->school2);
    struct document_acknowledge read = { .document = id, .organisation = rig->school1, .day = day("2022-09-01") };
    assert_string_equal(rig_reason_as(rig, &school2, "roster.document.acknowledge", &document_acknowledge_desc, &read), "out_of_reach");
    assert_string_equal(rig_reason_as(rig, &school1, "roster.document.acknowledge", &document_acknowledge_desc, &read), "acknowledged_before_sent");
    read.day = 0;
    assert_string_equal(rig_reason_as(rig, &school1, "roster.document.acknowledge", &document_acknowledge_desc, &read), "");
    head = machine_head(rig->machine);
    assert_string_equal(rig_reason_as(rig, &school1, "roster.document.acknowledge", &document_acknowledge_desc, &read), "");
    assert_string_equal(rig_entries_after(rig, head, NULL), "");
    read.organisation = rig->school2;
    assert_string_equal(rig_reason_as(rig, &school2, "roster.document.acknowledge", &document_acknowledge_desc, &read), "document_not_sent");
    struct sendings_of of = { .document = id };
    struct sending_list list;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.document.sendings", &sendings_of_desc, &of, &rig->arena);
    toy_decode(&sending_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 2);
    for (uint32_t i = 0; i < list.rows.n; i++)
        assert_int_equal(list.rows.at[i].acknowledged, uuid_equal(&list.rows.at[i].organisation, &rig->school1) ? day("2022-09-15") : 0);
    outcome = toy_ask(rig->machine, &school1, "roster.document.sendings", &sendings_of_desc, &of, &rig->arena);
    toy_decode(&sending_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 1);                                       /* its own */
    rig_check(rig);
}

static void who_is_not_meant_does_not_see_it(void **state)
{
    struct rig *rig = *state;
    struct principal school1 = reaching(ROLE_SCHOOL, &rig->school1), north = reaching(ROLE_MUNICIPAL, &rig->north);
    struct document_register town = { .kind = DOCUMENT_PLAN, .issuer_title = "ММС", .number = "1", .day = day("2022-09-01"), .title = "План", .unit = rig->north };
    struct document_register other = town;
    other.unit = rig->south;
    assert_string_equal(rig_reason_as(rig, &north, "roster.document.register", &document_register_desc, &other), "out_of_reach");
    uint64_t head = machine_head(rig->machine);
    struct uuid id = registered(rig, town);
    assert_string_equal(rig_entries_after(rig, head, &rig->north), "document.registered");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "");
    struct registered get = { id };
    struct outcome outcome = toy_ask(rig->machine, &school1, "roster.document.get", &registered_desc, &get, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    assert_int_equal(list_as(rig, &school1, (struct documents_of){ 0 }).rows.n, 0);
    struct document_send send = { .document = id, .to = { 1, &rig->school1 } };
    assert_string_equal(rig_reason(rig, "roster.document.send", &document_send_desc, &send), "");
    outcome = toy_ask(rig->machine, &school1, "roster.document.get", &registered_desc, &get, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    assert_int_equal(list_as(rig, &school1, (struct documents_of){ 0 }).rows.n, 1);
    struct uuid anna_is = rig_record(rig, anna()).person;                   /* who works there */
    struct worker_record gone = boris();
    gone.until = day("2022-09-14");
    struct uuid boris_is = rig_record(rig, gone).person;                    /* who has left */
    struct principal teacher = reaching(ROLE_WORKER, &anna_is), former = reaching(ROLE_WORKER, &boris_is);
    assert_int_equal(list_as(rig, &teacher, (struct documents_of){ 0 }).rows.n, 1);
    assert_int_equal(list_as(rig, &former, (struct documents_of){ 0 }).rows.n, 0);
    registered(rig, statute());                                             /* public */
    assert_int_equal(list_as(rig, &school1, (struct documents_of){ 0 }).rows.n, 2);
    assert_int_equal(list_as(rig, &school1, (struct documents_of){ .since = day("2022-09-01") }).rows.n, 1);
    rig_check(rig);
}

static void a_long_list_comes_in_pages(void **state)
{
    struct rig *rig = *state;
    struct documents_of of = { .limit = 2 };
    uint32_t seen = 0, pages = 0;
    for (int i = 0; i < 5; i++)
        registered(rig, (struct document_register){ .kind = DOCUMENT_LETTER, .issuer_title = "ЦНППМ", .number = arena_format(&rig->arena, "%d", i),
                                                    .day = day("2022-09-01"), .title = "О сроках" });
    do {
        struct document_list list = list_as(rig, &rig->centre, of);
        seen += list.rows.n;
        pages++;
        of.after = list.next;
    } while (of.after.n > 0);
    assert_int_equal(seen, 5);
    assert_int_equal(pages, 3);
}

static struct sending_list inbox_as(struct rig *rig, const struct principal *who, struct inbox_of of)
{
    struct outcome outcome = toy_ask(rig->machine, who, "roster.document.inbox", &inbox_of_desc, &of, &rig->arena);
    struct sending_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&sending_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static void what_has_come_is_told_to_whom_it_came(void **state)
{
    struct rig *rig = *state;
    struct principal south = reaching(ROLE_MUNICIPAL, &rig->south), school = reaching(ROLE_SCHOOL, &rig->school1);
    struct uuid first = registered(rig, statute());
    struct document_register letter = { .kind = DOCUMENT_LETTER, .issuer_title = "Институт", .number = "5", .day = day("2022-09-01"), .title = "О сроках",
                                        .unit = rig->north };
    struct uuid second = registered(rig, letter);
    struct document_send send = { .document = second, .to = { 1, &rig->school1 }, .day = day("2022-09-02") };
    assert_string_equal(rig_reason(rig, "roster.document.send", &document_send_desc, &send), "");
    send = (struct document_send){ .document = first, .to = { 1, &rig->school1 }, .day = day("2022-09-10") };
    assert_string_equal(rig_reason(rig, "roster.document.send", &document_send_desc, &send), "");
    struct sending_list list = inbox_as(rig, &school, (struct inbox_of){ .organisation = rig->school1 });
    assert_int_equal(list.rows.n, 2);                           /* in the order of their sending */
    assert_string_equal(list.rows.at[0].number, "5");
    assert_true(list.rows.at[0].kind == DOCUMENT_LETTER && list.rows.at[0].dated == day("2022-09-01"));
    assert_string_equal(list.rows.at[1].title, "Положение о системе");
    assert_memory_equal(list.rows.at[1].sha256.at, HASH, 32);
    struct document_acknowledge read = { .document = second, .organisation = rig->school1 };
    assert_string_equal(rig_reason_as(rig, &school, "roster.document.acknowledge", &document_acknowledge_desc, &read), "");
    list = inbox_as(rig, &school, (struct inbox_of){ .organisation = rig->school1, .open = true });
    assert_int_equal(list.rows.n, 1);
    assert_memory_equal(&list.rows.at[0].document, &first, sizeof first);
    struct inbox_of page = { .organisation = rig->school1, .limit = 1 };
    list = inbox_as(rig, &school, page);
    assert_true(list.rows.n == 1 && list.next.n > 0);
    page.after = list.next;
    assert_memory_equal(&inbox_as(rig, &school, page).rows.at[0].document, &first, sizeof first);
    struct inbox_of theirs = { .organisation = rig->school1 };
    struct outcome outcome = toy_ask(rig->machine, &south, "roster.document.inbox", &inbox_of_desc, &theirs, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");
    assert_int_equal(inbox_as(rig, &south, (struct inbox_of){ .organisation = rig->school3 }).rows.n, 0);
    rig_check(rig);
}

static void who_signed_is_said_of_a_signature(void **state)
{
    struct rig *rig = *state;
    struct document_register body = statute();
    body.signed_as = "министр";
    assert_string_equal(refused(rig, body), "signer_without_signature");
    body.signature = "759.pdf.sig";
    body.signature_sha256 = bytes(HASH, 32);
    body.signed_on = day("2022-09-16");
    assert_string_equal(refused(rig, body), "signed_in_future");
    body.signed_on = day("2021-06-28");
    body.certificate = "00 A1";
    struct uuid id = registered(rig, body);
    struct document_card card = card_of(rig, &id);
    assert_string_equal(card.document->signed_as, "министр");
    assert_string_equal(card.document->certificate, "00 A1");
    assert_int_equal(card.document->signed_on, day("2021-06-28"));
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_edition_takes_the_place_of_the_one_before),
        TEST(a_document_is_known_by_issuer_number_and_day),
        TEST(what_cannot_be_a_document_is_refused),
        TEST(sending_is_told_to_each_and_acknowledged_once),
        TEST(who_is_not_meant_does_not_see_it),
        TEST(a_long_list_comes_in_pages),
        TEST(what_has_come_is_told_to_whom_it_came),
        TEST(who_signed_is_said_of_a_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
