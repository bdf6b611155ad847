#include <unistd.h>

#include "tests/service/federal_desk.h"

/* What is sent, and what is taken back before it is; falls on the way out. The real daemon is killed at the same
 * places by tests/fault/federal.py. */

/* ── out ──────────────────────────────────────────────────────────────────── */

static void what_was_sent_lies_in_the_outbox_whole_and_signed(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_sent(desk);
    desk_run(desk, OUTBOX);
    struct passport passport = desk_get(desk, &id);
    uint8_t key[PUBLIC_SIZE];
    char fault[200] = "";
    assert_non_null(passport.name);
    assert_string_equal(passport.name, desk_name(desk, &id));
    assert_int_equal(desk_files(desk, "outbox"), 3);
    assert_int_equal(desk_files(desk, "sent"), 3);
    struct buf json = desk_file(desk, "outbox", passport.name, ".json"), sig = desk_file(desk, "outbox", passport.name, ".json.sig"),
               again = desk_file(desk, "sent", passport.name, ".json");
    struct hash hash = package_hash(buf_bytes(&json));
    assert_int_equal(sign_load_public(arena_format(&desk->r->arena, "%s/federal.pub", desk->keys), key, fault), ERR_OK);
    assert_true(sign_holds(key, buf_bytes(&json), buf_bytes(&sig)));
    assert_true(bytes_equal(passport.package, bytes(hash.b, HASH_SIZE)));
    assert_true(bytes_equal(buf_bytes(&json), buf_bytes(&again)));
    struct package_says says;
    assert_int_equal(package_read(buf_bytes(&json), &desk->r->arena, &says, fault), ERR_OK);
    assert_string_equal(says.name, passport.name);
    assert_int_equal(says.cells, passport_cells(&passport));
    assert_int_equal(says.year, desk->year);
    assert_int_equal(says.sending, passport.sending);

    /* A process that has forgotten everything but its journal writes the same bytes: nothing in the folder changes. */
    uint64_t head = machine_head(desk->r->machine[R_FEDERAL]);
    desk_run(desk, OUTBOX);
    assert_int_equal(machine_head(desk->r->machine[R_FEDERAL]), head);
    buf_free(&json);
    buf_free(&sig);
    buf_free(&again);
    desk_sound(desk);
}

/* A step that ends in the middle (its memory is lost with it), then a whole one, an hour later: one file a name, of
 * the same bytes as where nothing fell. */
static void a_fall_on_the_way_out_changes_no_byte(void **state)
{
    static const struct kill_at POINTS[] = { { "parcel_made", 1 }, { "file_written", 1 }, { "file_renamed", 1 }, { "parcel_file", 1 },
        { "parcel_file", 2 }, { "parcel_file", 3 }, { "parcel_file", 4 }, { "file_written", 1 }, { "parcel_file", 6 }, { "parcel_put", 1 } };
    struct desk *desk = *state;
    struct uuid id = desk_sent(desk);
    struct buf first[3] = { 0 };
    static const char *const SUFFIX[] = { ".json", ".json.sig", ".xlsx" };
    const char *name = NULL;
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        if (!desk_falls(desk, OUTBOX, POINTS[i]))
            fail_msg("%s was not reached", POINTS[i].name);
        desk_pass(desk, 60 * MOMENT_MINUTE);
        if (name == NULL)
            name = desk_name(desk, &id);
    }
    desk_run(desk, OUTBOX);
    struct passport passport = desk_get(desk, &id);
    assert_string_equal(passport.name, name);
    assert_int_equal(desk_files(desk, "outbox"), 3);
    assert_int_equal(desk_files(desk, "sent"), 3);
    for (size_t i = 0; i < 3; i++) {
        first[i] = desk_file(desk, "outbox", name, SUFFIX[i]);
        struct buf kept = desk_file(desk, "sent", name, SUFFIX[i]);
        assert_true(bytes_equal(buf_bytes(&first[i]), buf_bytes(&kept)));
        buf_free(&kept);
        buf_free(&first[i]);
    }
    desk_sound(desk);
}

static void a_name_that_is_taken_and_a_key_that_is_missing_are_said(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_sent(desk);
    const char *name = desk_name(desk, &id), *key = desk->errand[OUTBOX].sign_key;
    const char *outbox = arena_format(&desk->r->arena, "%s/outbox", desk->files), *file = arena_format(&desk->r->arena, "%s.json", name);
    desk->errand[OUTBOX].sign_key = NULL;
    desk_run(desk, OUTBOX);
    assert_string_equal(desk_get(desk, &id).fault, "no_sign_key");
    desk->errand[OUTBOX].sign_key = key;
    assert_int_equal(dir_make(outbox, 0750), ERR_OK);
    assert_int_equal(file_put(outbox, file, bytes_of("somebody else's")), ERR_OK);
    desk_run(desk, OUTBOX);
    desk_run(desk, OUTBOX);
    assert_string_equal(desk_get(desk, &id).fault, "name_taken");
    struct buf there = desk_file(desk, "outbox", name, ".json");
    assert_true(bytes_equal(buf_bytes(&there), bytes_of("somebody else's")));
    buf_free(&there);
    assert_int_equal(file_drop(outbox, file), ERR_OK);
    desk_run(desk, OUTBOX);
    assert_null(desk_get(desk, &id).fault);
    assert_int_equal(desk_files(desk, "outbox"), 3);
    desk_sound(desk);
}

/* What cannot be delivered waits alone. */
static void one_that_is_stuck_holds_up_no_other(void **state)
{
    struct desk *desk = *state;
    struct uuid stuck = desk_sent(desk), next;
    const char *name = desk_name(desk, &stuck);
    const char *outbox = arena_format(&desk->r->arena, "%s/outbox", desk->files), *file = arena_format(&desk->r->arena, "%s.json", name);
    assert_int_equal(dir_make(outbox, 0750), ERR_OK);
    assert_int_equal(file_put(outbox, file, bytes_of("somebody else's")), ERR_OK);
    desk->year--;
    next = desk_sent(desk);
    for (int i = 0; i < 3; i++)
        desk_run(desk, OUTBOX);
    assert_string_equal(desk_get(desk, &stuck).fault, "name_taken");
    assert_non_null(desk_get(desk, &next).name);
    assert_int_equal(file_drop(outbox, file), ERR_OK);
    for (int i = 0; i < 3; i++)
        desk_run(desk, OUTBOX);
    assert_null(desk_get(desk, &stuck).fault);
    assert_int_equal(desk_files(desk, "outbox"), 6);
    desk_sound(desk);
}

/* Two journals of one id and one number, the entry another: what a restore makes of it. */
static void two_lives_of_a_journal_share_no_name(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_sent(desk), journal = machine_meta(desk->r->machine[R_FEDERAL]).journal;
    struct hash one = { { 1 } }, two = { { 2 } };
    uint64_t sending = desk_get(desk, &id).sending;
    struct arena *arena = &desk->r->arena;
    assert_string_equal(package_name(arena, &journal, sending, &one), package_name(arena, &journal, sending, &one));
    assert_string_not_equal(package_name(arena, &journal, sending, &one), package_name(arena, &journal, sending, &two));
    assert_true(strlen(desk_name(desk, &id)) < PACKAGE_NAME_MAX);
    assert_string_equal(desk_name(desk, &id), desk_name(desk, &id));
}

/* However long it was stuck: what is said of it is not refused for the age of its sending. */
static void a_package_that_was_stuck_for_years_is_delivered(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_sent(desk);
    const char *key = desk->errand[OUTBOX].sign_key;
    desk->errand[OUTBOX].sign_key = NULL;
    desk_pass(desk, 500 * MOMENT_DAY);
    desk_run(desk, OUTBOX);
    assert_string_equal(desk_get(desk, &id).fault, "no_sign_key");
    desk->errand[OUTBOX].sign_key = key;
    desk_pass(desk, 500 * MOMENT_DAY);
    desk_run(desk, OUTBOX);
    assert_null(desk_get(desk, &id).fault);
    assert_int_equal(desk_files(desk, "outbox"), 3);
    desk_sound(desk);
}

/* ── back ─────────────────────────────────────────────────────────────────── */

static void ask_back(struct desk *desk, const struct uuid *id)
{
    struct passport_recall recall = { *id, "не та версия" };
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.recall", &passport_recall_desc, &recall);
}

static void is_approved_again(struct desk *desk, const struct uuid *id)
{
    struct passport passport = desk_get(desk, id);
    if (passport.state != PASSPORT_APPROVED)
        fail_msg("it is %s", passport_state_names.names[passport.state]);
    assert_string_equal(passport.recalled, "не та версия");
    assert_null(passport.recall);
    assert_null(passport.fault);
    assert_int_equal(passport.sending, 0);
    assert_int_equal(passport.sent, 0);
    assert_int_equal(passport.content.n, HASH_SIZE);
}

static void what_was_not_delivered_can_be_taken_back(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_sent(desk);
    const char *key = desk->errand[OUTBOX].sign_key, *first = desk_name(desk, &id);
    desk->errand[OUTBOX].sign_key = NULL;
    desk_run(desk, OUTBOX);
    ask_back(desk, &id);
    ask_back(desk, &id);                    /* twice is once */
    assert_string_equal(desk_get(desk, &id).recall, "не та версия");
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_SENT);
    desk_run(desk, OUTBOX);
    is_approved_again(desk, &id);
    assert_int_equal(desk_events(desk, "federal.recall.asked"), 1);
    desk->errand[OUTBOX].sign_key = key;
    desk_run(desk, OUTBOX);
    assert_int_equal(desk_files(desk, "outbox"), 0);

    /* From there on both ways: to the authority's remarks, and out again under another name. */
    struct passport_return back = { id, "и ещё блок 3" };
    struct passport_approve approve = { .passport = id };
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.return", &passport_return_desc, &back);
    assert_int_equal(desk_get(desk, &id).state, PASSPORT_DRAFT);
    assert_null(desk_get(desk, &id).recalled);
    desk_move(desk, ROLE_CENTRE, "federal.passport.submit", &id);
    desk_do(desk, ROLE_AUTHORITY, "federal.passport.approve", &passport_approve_desc, &approve);
    desk_move(desk, ROLE_CENTRE, "federal.passport.send", &id);
    desk_run(desk, OUTBOX);
    assert_int_equal(desk_files(desk, "outbox"), 3);
    assert_string_not_equal(desk_get(desk, &id).name, first);
    struct passport_recall late = { id, "поздно" };
    assert_string_equal(desk_say(desk, ROLE_CENTRE, "federal.passport.recall", &passport_recall_desc, &late), "package_delivered");
    desk_sound(desk);
}

/* A name that somebody else has taken: his file stays, and the passport has a way on. */
static void a_taken_name_is_left_behind(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_sent(desk);
    const char *outbox = arena_format(&desk->r->arena, "%s/outbox", desk->files), *first = desk_name(desk, &id);
    assert_int_equal(dir_make(outbox, 0750), ERR_OK);
    assert_int_equal(file_put(outbox, arena_format(&desk->r->arena, "%s.json", first), bytes_of("other")), ERR_OK);
    desk_run(desk, OUTBOX);
    assert_string_equal(desk_get(desk, &id).fault, "name_taken");
    ask_back(desk, &id);
    desk_run(desk, OUTBOX);
    is_approved_again(desk, &id);
    desk_move(desk, ROLE_CENTRE, "federal.passport.send", &id);
    desk_run(desk, OUTBOX);
    assert_int_equal(desk_get(desk, &id).package.n, HASH_SIZE);
    struct buf there = desk_file(desk, "outbox", first, ".json");
    assert_true(bytes_equal(buf_bytes(&there), bytes_of("other")));
    buf_free(&there);
    desk_sound(desk);
}

/* Wherever the writing fell: where NAME.json lies in the outbox it may have been carried away, and it is delivered;
 * where it does not, it never will. */
static void what_lies_in_the_outbox_cannot_be_taken_back(void **state)
{
    static const struct { struct kill_at at; bool out; } FALLS[] = {
        { { "parcel_made", 1 }, false }, { { "parcel_file", 3 }, false }, { { "parcel_file", 5 }, false }, { { "parcel_file", 6 }, true },
        { { "parcel_put", 1 }, true } };
    struct desk *desk = *state;
    unsigned out = 0, files = 0;
    for (size_t i = 0; i < sizeof FALLS / sizeof *FALLS; i++, desk->year--) {
        struct uuid id = desk_sent(desk);
        if (!desk_falls(desk, OUTBOX, FALLS[i].at))
            fail_msg("%s was not reached", FALLS[i].at.name);
        const char *name = desk_name(desk, &id);
        ask_back(desk, &id);
        if (!FALLS[i].out)
            assert_true(desk_falls(desk, OUTBOX, (struct kill_at){ "parcel_back", 1 }));
        desk_pass(desk, MOMENT_DAY);
        desk_run(desk, OUTBOX);
        struct passport passport = desk_get(desk, &id);
        if (!FALLS[i].out) {
            is_approved_again(desk, &id);
        } else {
            assert_int_equal(passport.state, PASSPORT_SENT);
            assert_string_equal(passport.name, name);
            assert_null(passport.recall);
            out++;
        }
        const char *json = arena_format(&desk->r->arena, "%s/outbox/%s.json", desk->files, name);
        assert_int_equal(access(json, F_OK) == 0, FALLS[i].out);
        files += access(json, F_OK) == 0;
    }
    assert_int_equal(out, files);
    assert_int_equal(desk_events(desk, "federal.passport.recalled"), 3);
    assert_int_equal(desk_events(desk, "federal.package.delivered"), 2);
    desk_sound(desk);
}

/* Whole in the outbox and not yet said, then a library that makes other sheets: nothing is written over it, and it
 * is no stranger's either. */
static void what_lies_there_whole_is_not_made_again(void **state)
{
    struct desk *desk = *state;
    struct uuid id = desk_sent(desk);
    assert_true(desk_falls(desk, OUTBOX, (struct kill_at){ "parcel_put", 1 }));
    const char *sheets = arena_format(&desk->r->arena, "%s.xlsx", desk_name(desk, &id));
    assert_int_equal(file_put_over(arena_format(&desk->r->arena, "%s/outbox", desk->files), sheets, bytes_of("older")), ERR_OK);
    desk_run(desk, OUTBOX);
    assert_int_equal(desk_get(desk, &id).package.n, HASH_SIZE);
    struct buf there = desk_file(desk, "outbox", sheets, "");
    assert_true(bytes_equal(buf_bytes(&there), bytes_of("older")));
    buf_free(&there);
    desk_sound(desk);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_set_up, desk_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_sent_lies_in_the_outbox_whole_and_signed),
        TEST(a_fall_on_the_way_out_changes_no_byte),
        TEST(a_name_that_is_taken_and_a_key_that_is_missing_are_said),
        TEST(one_that_is_stuck_holds_up_no_other),
        TEST(two_lives_of_a_journal_share_no_name),
        TEST(a_package_that_was_stuck_for_years_is_delivered),
        TEST(what_was_not_delivered_can_be_taken_back),
        TEST(a_taken_name_is_left_behind),
        TEST(what_lies_in_the_outbox_cannot_be_taken_back),
        TEST(what_lies_there_whole_is_not_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
