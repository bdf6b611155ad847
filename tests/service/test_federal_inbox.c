#include <unistd.h>

#include "tests/service/federal_desk.h"

/* What comes back, and what is no receipt at all; falls on the way in. The real daemon is killed at the same places by
 * tests/fault/federal.py. */

/* ── in ───────────────────────────────────────────────────────────────────── */

static void drop(struct desk *desk, const char *name, struct bytes content, const struct sign_pair *by)
{
    const char *inbox = arena_format(&desk->r->arena, "%s/inbox", desk->files);
    uint8_t signature[SIGNATURE_SIZE];
    assert_int_equal(dir_make(inbox, 0750), ERR_OK);
    assert_int_equal(file_put_over(inbox, name, content), ERR_OK);
    if (by != NULL) {
        sign_make(by, content, signature);
        assert_int_equal(file_put_over(inbox, arena_format(&desk->r->arena, "%s.sig", name), bytes(signature, sizeof signature)), ERR_OK);
    }
}

static struct receipt receipt_for(struct desk *desk, const struct passport *passport, int outcome)
{
    struct receipt receipt = { .package = passport->name, .outcome = outcome, .number = "77-пк",
                               .day = day_of_moment(desk->r->time.wall, 420), .remarks = outcome == ANSWER_RETURNED ? "Уточнить блок 4" : NULL };
    memcpy(receipt.hash.b, passport->package.at, HASH_SIZE);
    return receipt;
}

static struct buf receipt_bytes(const struct receipt *receipt)
{
    struct buf out = { 0 };
    receipt_write(receipt, &out);
    return out;
}

/* A passport that lies with the ministry, and the bytes of its answer. */
static struct uuid sent_and_answered(struct desk *desk, int outcome, struct buf *answer)
{
    struct uuid id = desk_sent(desk);
    desk_run(desk, OUTBOX);
    struct passport passport = desk_get(desk, &id);
    struct receipt receipt = receipt_for(desk, &passport, outcome);
    *answer = receipt_bytes(&receipt);
    return id;
}

static void a_receipt_is_taken_once(void **state)
{
    struct desk *desk = *state;
    struct buf content;
    struct uuid id = sent_and_answered(desk, ANSWER_RETURNED, &content);
    drop(desk, "ответ.json", buf_bytes(&content), &desk->operator);
    desk_run(desk, INBOX);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_RETURNED);
    assert_string_equal(desk_get(desk, &id).answer->number, "77-пк");
    assert_int_equal(desk_files(desk, "inbox"), 0);
    assert_int_equal(desk_files(desk, "inbox/taken"), 2);
    uint64_t head = machine_head(desk->r->machine[R_FEDERAL]);
    drop(desk, "ответ.json", buf_bytes(&content), &desk->operator);
    drop(desk, "копия.json", buf_bytes(&content), &desk->operator);
    desk_run(desk, INBOX);
    assert_int_equal(machine_head(desk->r->machine[R_FEDERAL]), head);      /* not even a refusal */
    assert_int_equal(desk_files(desk, "inbox/taken"), 6);
    struct passport passport = desk_get(desk, &id);
    struct receipt other = receipt_for(desk, &passport, ANSWER_AGREED);
    buf_clear(&content);
    receipt_write(&other, &content);
    drop(desk, "другой.json", buf_bytes(&content), &desk->operator);
    desk_run(desk, INBOX);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_RETURNED);
    assert_int_equal(desk_files(desk, "inbox/refused"), 3);       /* letter, signature, reason */
    buf_free(&content);
    desk_sound(desk);
}

/* The operator answers when he answers; and what he said once is not said again years later. */
static void an_answer_may_come_years_later_and_once(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_sent(desk);
    desk_run(desk, OUTBOX);
    desk_pass(desk, 500 * MOMENT_DAY);
    struct passport passport = desk_get(desk, &id);
    struct receipt receipt = receipt_for(desk, &passport, ANSWER_AGREED);
    struct buf content = receipt_bytes(&receipt);
    drop(desk, "late.json", buf_bytes(&content), &desk->operator);
    assert_true(desk_falls(desk, INBOX, (struct kill_at){ "receipt_submitted", 1 }));
    desk_pass(desk, 2 * MOMENT_DAY);        /* read again on another day, and so under another id */
    desk_run(desk, INBOX);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_AGREED);
    desk_pass(desk, 500 * MOMENT_DAY);
    drop(desk, "later.json", buf_bytes(&content), &desk->operator);
    desk_run(desk, INBOX);
    assert_int_equal(desk_files(desk, "inbox"), 0);
    assert_int_equal(desk_files(desk, "inbox/refused"), 0);
    assert_int_equal(desk_files(desk, "inbox/taken"), 4);
    assert_int_equal(desk_events(desk, "federal.answer.taken"), 1);
    buf_free(&content);
    desk_sound(desk);
}

/* Not before the sending and not in the future; the days at both ends are good. */
static void an_answer_has_a_day_that_can_be(void **state)
{
    static const struct { int after_sending; const char *reason; } DAYS[] = {
        { -1, "answer_before_sending" }, { -4000, "answer_before_sending" }, { 6, "answer_in_future" }, { 0, "" } };
    struct desk *desk = *state;
    for (int last = 0; last <= 1; last++, desk->year--) {
        struct uuid id = desk_sent(desk);
        day_t sent = desk_get(desk, &id).sent;
        desk_pass(desk, 5 * MOMENT_DAY);
        for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
            bool good = DAYS[i].reason[0] == '\0';
            struct operator_answer answer = { .passport = id, .outcome = ANSWER_AGREED, .number = "1",
                                              .day = sent + (good && last ? 5 : DAYS[i].after_sending) };
            assert_string_equal(desk_say(desk, ROLE_CENTRE, "federal.answer.enter", &operator_answer_desc, &answer), DAYS[i].reason);
            assert_int_equal(desk_get(desk, &id).state, good ? PASSPORT_AGREED : PASSPORT_SENT);
        }
    }
    desk_sound(desk);
}

static void a_fall_on_the_way_in_takes_it_once(void **state)
{
    static const char *const POINTS[] = { "receipt_submitted", "letter_taken", "letter_half_moved", "file_moved" };
    struct desk *desk = *state;
    struct buf content;
    struct uuid id = sent_and_answered(desk, ANSWER_AGREED, &content);
    uint64_t head = machine_head(desk->r->machine[R_FEDERAL]);
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        drop(desk, arena_format(&desk->r->arena, "r%zu.json", i), buf_bytes(&content), &desk->operator);
        if (!desk_falls(desk, INBOX, (struct kill_at){ POINTS[i], 1 }))
            fail_msg("%s was not reached", POINTS[i]);
        desk_run(desk, INBOX);
    }
    for (int i = 0; i < 3; i++) {           /* a letter that lost its signature to a fall is put away in its time */
        desk_pass(desk, 3 * MOMENT_MINUTE);
        desk_run(desk, INBOX);
    }
    assert_int_equal(desk_files(desk, "inbox"), 0);
    assert_int_equal(desk_files(desk, "inbox/refused"), 0);
    assert_int_equal(desk_files(desk, "inbox/taken"), 8);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_AGREED);
    unsigned taken = 0;
    struct txn txn;
    struct entry entry;
    txn_begin(&txn, machine_store(desk->r->machine[R_FEDERAL]), TXN_READ);
    for (uint64_t n = head + 1; journal_get(&txn, n, &desk->r->arena, &entry, NULL); n++)
        taken += strcmp(entry.event, "federal.answer.taken") == 0;
    assert_int_equal(txn_end(&txn), ERR_OK);
    if (taken != 1)
        fail_msg("the receipt had its effect %u times", taken);
    buf_free(&content);
    desk_sound(desk);
}

/* The one argument of its reason; NULL: it has none. */
static bool has_arg(const struct letter_refused *letter, const char *value)
{
    return value == NULL ? letter->args.n == 0 : letter->args.n == 1 && strcmp(letter->args.at[0].value, value) == 0;
}

/* What is no receipt goes to refused with its reason, and nothing of it is lost. */
static void what_is_no_receipt_is_put_aside_with_its_reason(void **state)
{
    struct desk *desk = *state;
    struct region *r = desk->r;
    struct uuid id = desk_sent(desk);
    desk_run(desk, OUTBOX);
    struct passport passport = desk_get(desk, &id);
    struct receipt good = receipt_for(desk, &passport, ANSWER_AGREED), other = good, future = good, before = good;
    struct sign_pair stranger;
    char fault[200] = "";
    static char large[RECEIPT_MAX + 10];
    memset(large, ' ', sizeof large);
    other.hash.b[5] ^= 1;
    future.day += 2;
    before.day = passport.sent - 1;
    struct buf content = receipt_bytes(&good), other_bytes = receipt_bytes(&other), future_bytes = receipt_bytes(&future), before_bytes = receipt_bytes(&before);
    assert_int_equal(sign_new(arena_format(&r->arena, "%s/x.sign", desk->dir), arena_format(&r->arena, "%s/x.pub", desk->dir)), ERR_OK);
    assert_int_equal(sign_load(arena_format(&r->arena, "%s/x.sign", desk->dir), &stranger, fault), ERR_OK);
    drop(desk, "a-unsigned.json", buf_bytes(&content), NULL);
    drop(desk, "b-forged.json", buf_bytes(&content), &stranger);
    drop(desk, "c-other.json", buf_bytes(&other_bytes), &desk->operator);
    drop(desk, "d-half.json", bytes(content.at, content.n / 2), &desk->operator);
    drop(desk, "e-large.json", bytes(large, sizeof large), &desk->operator);
    drop(desk, "f-note.txt", bytes_of("здравствуйте"), NULL);
    drop(desk, "g-future.json", buf_bytes(&future_bytes), &desk->operator);
    drop(desk, "h-lonely.json.sig", bytes_of("x"), NULL);
    const char *deep = arena_format(&r->arena, "%.*s", 3000, large);
    memset((char *)deep, '[', 3000);
    drop(desk, "i-deep.json", bytes_of(deep), &desk->operator);
    drop(desk, "j-before.json", buf_bytes(&before_bytes), &desk->operator);
    char name[190];
    memset(name, 'n', sizeof name);
    snprintf(name + 180, 10, ".json");
    drop(desk, name, buf_bytes(&content), &stranger);
    unsigned dropped = desk_files(desk, "inbox");
    desk_run(desk, INBOX);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_SENT);
    assert_true(desk_files(desk, "inbox") > 0);           /* some may still be on their way in */
    desk_pass(desk, 3 * MOMENT_MINUTE);
    desk_run(desk, INBOX);
    assert_int_equal(desk_files(desk, "inbox"), 0);
    assert_int_equal(desk_files(desk, "inbox/refused"), dropped + 11);
    char sent[DAY_TEXT + 1], today[DAY_TEXT + 1];
    day_format(passport.sent, sent);
    day_format(day_of_moment(r->time.wall, 420), today);
    const struct { const char *file, *reason, *arg; } WANTED[] = {
        { "a-unsigned.json", "not_signed", NULL }, { "b-forged.json", "signature_wrong", NULL },
        { "c-other.json", "package_differs", NULL }, { "d-half.json", "receipt_malformed", NULL },
        { "e-large.json", "too_large", NULL }, { "f-note.txt", "not_a_receipt", NULL },
        { "g-future.json", "answer_in_future", today }, { "h-lonely.json.sig", "letter_missing", NULL },
        { "i-deep.json", "receipt_malformed", NULL }, { "j-before.json", "answer_before_sending", sent } };
    struct letters_of ask = { 0 };
    struct letter_list letters;
    struct outcome outcome = region_ask(r, R_FEDERAL, region_who(ROLE_OPERATOR, NULL), "federal.letter.list", &letters_of_desc, &ask);
    toy_decode(&letter_list_desc, outcome.body, &letters, &r->arena);
    assert_int_equal(letters.rows.n, 11);
    for (size_t i = 0; i < sizeof WANTED / sizeof *WANTED; i++) {
        struct buf why = desk_file(desk, "inbox/refused", WANTED[i].file, ".reason.txt");
        bool found = false;
        if (strncmp(buf_string(&why), WANTED[i].reason, strlen(WANTED[i].reason)) != 0 ||
            (WANTED[i].arg != NULL && strstr(buf_string(&why), WANTED[i].arg) == NULL))
            fail_msg("%s: %s", WANTED[i].file, buf_string(&why));
        buf_free(&why);
        for (uint32_t k = 0; k < letters.rows.n; k++)
            found |= strcmp(letters.rows.at[k].refused->file, WANTED[i].file) == 0 &&
                     strcmp(letters.rows.at[k].refused->reason, WANTED[i].reason) == 0 && has_arg(letters.rows.at[k].refused, WANTED[i].arg);
        if (!found)
            fail_msg("%s is not in the list with %s", WANTED[i].file, WANTED[i].reason);
    }
    /* And the one that is right is still taken. */
    drop(desk, "z-good.json", buf_bytes(&content), &desk->operator);
    desk_run(desk, INBOX);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_AGREED);
    buf_free(&content);
    buf_free(&other_bytes);
    buf_free(&future_bytes);
    buf_free(&before_bytes);
    desk_sound(desk);
}

/* Whatever lies in the folder, and however much of it: what is right is taken in the first round. */
static void a_receipt_is_found_behind_a_heap_of_other_files(void **state)
{
    struct desk *desk = *state;
    struct buf content;
    struct uuid id = sent_and_answered(desk, ANSWER_AGREED, &content);
    drop(desk, "z-good.json", buf_bytes(&content), &desk->operator);
    for (unsigned i = 0; i < DIR_EACH_MAX + 100; i++) {
        FILE *file = fopen(arena_format(&desk->r->arena, "%s/inbox/a%06u.txt", desk->files, i), "w");
        assert_non_null(file);
        fclose(file);
    }
    desk_run(desk, INBOX);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_AGREED);
    buf_free(&content);
    desk_sound(desk);
}

/* Names come from shares of other systems: what is no UTF-8 cannot be said in an entry, and a line's end would forge one. */
static void a_name_that_is_no_text_is_put_aside_under_another(void **state)
{
    struct desk *desk = *state;
    static const char *const NAMES[] = { "\xcf\xf0\xe8.json", "\xcf\xf0\xe8.json.sig", "\xee\xf2.txt", "new\nline.json" };
    struct letters_of ask = { 0 };
    struct letter_list letters;
    struct uuid id = desk_sent(desk);
    desk_run(desk, OUTBOX);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        drop(desk, NAMES[i], bytes_of("x"), NULL);
    desk_run(desk, INBOX);
    desk_pass(desk, 3 * MOMENT_MINUTE);
    desk_run(desk, INBOX);
    assert_int_equal(desk_files(desk, "inbox"), 0);
    assert_int_equal(desk_files(desk, "inbox/refused"), 4 + 3);
    struct outcome outcome = region_ask(desk->r, R_FEDERAL, region_who(ROLE_OPERATOR, NULL), "federal.letter.list", &letters_of_desc, &ask);
    toy_decode(&letter_list_desc, outcome.body, &letters, &desk->r->arena);
    assert_int_equal(letters.rows.n, 3);
    for (uint32_t i = 0; i < letters.rows.n; i++)
        assert_memory_equal(letters.rows.at[i].refused->file, "letter-", 7);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_SENT);
    desk_sound(desk);
}

/* A file that is still being written is not refused for what it is not yet. */
static void a_letter_on_its_way_in_is_waited_for(void **state)
{
    struct desk *desk = *state;
    struct buf content;
    struct uuid id = sent_and_answered(desk, ANSWER_AGREED, &content);
    for (size_t n = 0; n < content.n; n += 40) {
        drop(desk, "slow.json", bytes(content.at, n), NULL);
        desk_run(desk, INBOX);
        desk_pass(desk, MOMENT_MINUTE);
    }
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_SENT);
    assert_int_equal(desk_files(desk, "inbox"), 1);
    drop(desk, "slow.json", buf_bytes(&content), &desk->operator);
    desk_run(desk, INBOX);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_AGREED);
    buf_free(&content);
    desk_sound(desk);
}

/* ── an inbox full of everything ──────────────────────────────────────────── */

enum fault { WHOLE, AGAIN, CUT, FLIPPED, FOREIGN, OTHER_HASH, UNSIGNED, FAULTS };
#define LETTERS 700

struct mail { struct desk *desk; struct prng prng; struct passport passport[2]; struct buf right[2]; };

/* One letter, right or wrong, about one of two passports, in no order. */
static void post(struct mail *mail, uint32_t i)
{
    struct desk *desk = mail->desk;
    unsigned which = (unsigned)prng_below(&mail->prng, 2);
    enum fault fault = i < 2 ? WHOLE : (enum fault)prng_below(&mail->prng, FAULTS);
    struct receipt receipt = receipt_for(desk, &mail->passport[which], ANSWER_AGREED);
    struct sign_pair other = desk->operator;
    const char *name = arena_format(&desk->r->arena, "%08llx-%u.json", (unsigned long long)prng_below(&mail->prng, UINT32_MAX), i);
    receipt.number = arena_format(&desk->r->arena, "%u", i);
    receipt.hash.b[0] ^= fault == OTHER_HASH;
    struct buf content = receipt_bytes(&receipt);
    if (fault == AGAIN) {
        buf_clear(&content);
        buf_put(&content, mail->right[which].at, mail->right[which].n);
    }
    if (fault == CUT)
        content.n = prng_below(&mail->prng, content.n);
    drop(desk, name, buf_bytes(&content), fault == UNSIGNED ? NULL : &other);
    if (fault == FLIPPED) {
        content.at[prng_below(&mail->prng, content.n)] ^= 1;
        assert_int_equal(file_put_over(arena_format(&desk->r->arena, "%s/inbox", desk->files), name, buf_bytes(&content)), ERR_OK);
    }
    if (fault == FOREIGN) {
        uint8_t signature[SIGNATURE_SIZE] = { 1 };
        assert_int_equal(file_put_over(arena_format(&desk->r->arena, "%s/inbox", desk->files), arena_format(&desk->r->arena, "%s.sig", name),
                                       bytes(signature, sizeof signature)), ERR_OK);
    }
    buf_free(&content);
}

static unsigned answers(struct desk *desk, const struct uuid *id)
{
    struct operator_answer answer;
    struct entry entry;
    struct txn txn;
    unsigned n = 0;
    txn_begin(&txn, machine_store(desk->r->machine[R_FEDERAL]), TXN_READ);
    for (uint64_t i = 1; journal_get(&txn, i, &desk->r->arena, &entry, NULL); i++)
        if (strcmp(entry.event, "federal.answer.taken") == 0) {
            toy_decode(&operator_answer_desc, entry.body, &answer, &desk->r->arena);
            n += uuid_equal(&answer.passport, id);
        }
    assert_int_equal(txn_end(&txn), ERR_OK);
    return n;
}

static int count_reason(void *arg, const char *name)
{
    *(unsigned *)arg += strstr(name, ".reason.txt") != NULL;
    return ERR_OK;
}

/* Right ones, copies, cut off, changed, foreign, about another package, unsigned, in any order, with falls on the way:
 * each passport is answered once, and every letter lies somewhere. */
static void in_a_flood_of_letters_each_effect_comes_once_and_none_is_lost(void **state)
{
    static const char *const POINTS[] = { "receipt_submitted", "letter_taken", "letter_reason", "letter_refused", "letter_half_moved", "file_moved",
                                          "file_written", "file_renamed" };
    struct desk *desk = *state;
    struct mail mail = { .desk = desk };
    prng_seed(&mail.prng, 25);
    for (size_t i = 0; i < 2; i++, desk->year--) {
        struct uuid id = desk_sent(desk);
        desk_run(desk, OUTBOX);
        mail.passport[i] = desk_get(desk, &id);
        struct receipt receipt = receipt_for(desk, &mail.passport[i], ANSWER_AGREED);
        mail.right[i] = receipt_bytes(&receipt);
    }
    for (uint32_t i = 0; i < LETTERS; i++)
        post(&mail, i);
    unsigned falls = 0, files = desk_files(desk, "inbox");
    for (unsigned round = 0; round < 400 && desk_files(desk, "inbox") > 0; round++) {
        falls += desk_falls(desk, INBOX, (struct kill_at){ POINTS[round % 8], 1 + (int)prng_below(&mail.prng, 20) });
        desk_pass(desk, 3 * MOMENT_MINUTE);
    }
    assert_true(falls > 20);
    assert_int_equal(desk_files(desk, "inbox"), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(desk_get(desk, &mail.passport[i].id).state, PASSPORT_AGREED);
        if (answers(desk, &mail.passport[i].id) != 1)
            fail_msg("passport %zu was answered %u times", i, answers(desk, &mail.passport[i].id));
        buf_free(&mail.right[i]);
    }
    unsigned reasons = 0, refused = desk_files(desk, "inbox/refused");
    dir_each(arena_format(&desk->r->arena, "%s/inbox/refused", desk->files), count_reason, &reasons);
    assert_int_equal(desk_files(desk, "inbox/taken") + refused - reasons, files);
    desk_sound(desk);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_set_up, desk_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_receipt_is_taken_once),
        TEST(an_answer_may_come_years_later_and_once),
        TEST(an_answer_has_a_day_that_can_be),
        TEST(a_fall_on_the_way_in_takes_it_once),
        TEST(what_is_no_receipt_is_put_aside_with_its_reason),
        TEST(a_receipt_is_found_behind_a_heap_of_other_files),
        TEST(a_name_that_is_no_text_is_put_aside_under_another),
        TEST(a_letter_on_its_way_in_is_waited_for),
        TEST(in_a_flood_of_letters_each_effect_comes_once_and_none_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
