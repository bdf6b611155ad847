#include "proto/roles.h"
#include "proto/roster_bookings.h"
#include "services/roster/registers/bookings.h"
#include "tests/service/roster_rig.h"

/* roster: places of a room, taken from day to day, never more than there are. */

/* ── the fullest day ──────────────────────────────────────────────────────── */

static const struct { struct { day_t from, until; uint64_t places; bool cancelled; } bookings[4]; uint32_t n; day_t from, until; uint64_t peak; } PEAKS[] = {
    { { { 0 } }, 0, 10, 20, 0 },
    { { { 10, 12, 3, false } }, 1, 12, 20, 3 },
    { { { 10, 12, 3, false } }, 1, 13, 20, 0 },
    { { { 10, 12, 3, false } }, 1, 1, 9, 0 },
    { { { 10, 12, 3, false }, { 12, 14, 4, false } }, 2, 1, 30, 7 },
    { { { 10, 11, 3, false }, { 12, 14, 4, false } }, 2, 1, 30, 4 },           /* one after the other */
    { { { 10, 12, 3, false }, { 12, 14, 4, true } }, 2, 1, 30, 3 },
    { { { 1, 30, 1, false }, { 5, 6, 2, false }, { 8, 9, 2, false }, { 6, 8, 2, false } }, 4, 2, 29, 5 },
    { { { 1, 30, 1, false }, { 5, 6, 2, false } }, 2, 6, 6, 3 },               /* begun before */
};

static void the_fullest_of_the_days_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PEAKS / sizeof *PEAKS; i++) {
        struct booking list[4] = { { .places = 0 } };
        for (uint32_t k = 0; k < PEAKS[i].n; k++)
            list[k] = (struct booking){ .from = PEAKS[i].bookings[k].from, .until = PEAKS[i].bookings[k].until,
                                        .places = PEAKS[i].bookings[k].places, .cancelled = PEAKS[i].bookings[k].cancelled };
        assert_int_equal(bookings_peak(list, PEAKS[i].n, PEAKS[i].from, PEAKS[i].until), PEAKS[i].peak);
    }
}

/* ── a room ───────────────────────────────────────────────────────────────── */

static struct uuid room(struct rig *rig, const struct uuid *unit, const char *title, uint64_t seats)
{
    static struct entry_ground ground[] = { { .ground = "owned" } };
    struct entry_value value = { .name = "seats", .number = seats };
    struct entry_record body = { .register_id = "rooms", .organisation = *unit, .title = title, .grounds = { 1, ground }, .from = day("2022-01-01"),
                                 .until = day("2023-06-30") };
    body.values.n = seats != 0;
    body.values.at = &value;
    return rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
}

static struct booking_make days(const struct uuid *entry, const char *from, const char *until, uint64_t places)
{
    return (struct booking_make){ .entry = *entry, .from = day(from), .until = day(until), .places = places, .purpose = "стажировка" };
}

static const char *book(struct rig *rig, struct booking_make body)
{
    return rig_reason(rig, "roster.booking.make", &booking_make_desc, &body);
}

static struct free_list is_free(struct rig *rig, const struct principal *who, const char *from, const char *until, uint64_t places)
{
    struct free_of body = { .register_id = "rooms", .unit = REGION, .from = day(from), .until = day(until), .places = places };
    struct outcome outcome = toy_ask(rig->machine, who, "roster.booking.free", &free_of_desc, &body, &rig->arena);
    struct free_list list;
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&free_list_desc, outcome.body, &list, &rig->arena);
    return list;
}

static void no_more_places_are_taken_than_there_are(void **state)
{
    struct rig *rig = *state;
    struct uuid hall = room(rig, &rig->school1, "Зал", 20), cabinet = room(rig, &rig->school3, "Кабинет", 5), cellar = room(rig, &rig->school2, "Подвал", 0);
    assert_string_equal(book(rig, days(&cellar, "2022-10-01", "2022-10-02", 1)), "not_bookable");
    struct booking_make body = days(&hall, "2022-10-01", "2022-10-05", 15);
    uint64_t head = machine_head(rig->machine);
    struct uuid first = rig_made(rig, "roster.booking.make", &booking_make_desc, &body);
    assert_string_equal(rig_entries_after(rig, head, &rig->school1), "booking.made");
    assert_string_equal(rig_entries_after(rig, head, &rig->south), "");
    struct problem problem = rig_problem_as(rig, &rig->centre, "roster.booking.make", &booking_make_desc, &body);
    assert_string_equal(problem.reason, "places_taken");
    assert_string_equal(arg(&problem, "free"), "5");
    assert_string_equal(book(rig, days(&hall, "2022-10-05", "2022-10-08", 5)), "");
    assert_string_equal(book(rig, days(&hall, "2022-10-05", "2022-10-05", 1)), "places_taken");
    assert_string_equal(book(rig, days(&hall, "2022-10-09", "2022-10-09", 20)), "");
    struct principal school = reaching(ROLE_SCHOOL, &rig->school3);
    assert_int_equal(is_free(rig, &school, "2022-10-05", "2022-10-06", 0).rows.n, 1);       /* the register is public: the cabinet */
    assert_memory_equal(&is_free(rig, &school, "2022-10-05", "2022-10-06", 0).rows.at[0].entry, &cabinet, 16);
    assert_int_equal(is_free(rig, &school, "2022-10-06", "2022-10-08", 0).rows.n, 2);
    assert_int_equal(is_free(rig, &school, "2022-10-06", "2022-10-08", 6).rows.n, 1);
    assert_int_equal(is_free(rig, &school, "2023-06-30", "2023-07-01", 0).rows.n, 0);       /* the rooms are no more */
    struct bookings_of of = { .entry = hall };
    struct outcome outcome = toy_ask(rig->machine, &school, "roster.booking.list", &bookings_of_desc, &of, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "out_of_reach");                 /* by whom is nobody else's business */
    struct booking_cancel cancel = { first, "не приедут" };
    assert_string_equal(rig_reason(rig, "roster.booking.cancel", &booking_cancel_desc, &cancel), "");
    assert_string_equal(rig_reason(rig, "roster.booking.cancel", &booking_cancel_desc, &cancel), "booking_cancelled");
    assert_string_equal(book(rig, days(&hall, "2022-10-05", "2022-10-05", 15)), "");
    outcome = toy_ask(rig->machine, &rig->centre, "roster.booking.list", &bookings_of_desc, &of, &rig->arena);
    struct booking_list list;
    toy_decode(&booking_list_desc, outcome.body, &list, &rig->arena);
    assert_int_equal(list.rows.n, 3);
    rig_check(rig);
}

static void days_and_whom_are_asked_about(void **state)
{
    struct rig *rig = *state;
    struct uuid hall = room(rig, &rig->school1, "Зал", 20), anna_is = rig_record(rig, anna()).person;
    assert_string_equal(book(rig, days(&hall, "2022-10-05", "2022-10-04", 1)), "booking_until_before_from");
    assert_string_equal(book(rig, days(&hall, "2022-10-05", "2023-10-06", 1)), "booking_too_long");
    assert_string_equal(book(rig, days(&hall, "2022-09-14", "2022-09-16", 1)), "booking_past");
    assert_string_equal(book(rig, days(&hall, "2023-06-30", "2023-07-01", 1)), "entry_not_then");
    struct booking_make body = days(&hall, "2022-10-05", "2022-10-05", 1);
    body.person = anna_is;
    body.organisation = rig->school2;
    assert_string_equal(book(rig, body), "booking_of_two");
    body.person = (struct uuid){ { 5 } };
    body.organisation = UUID_NIL;
    assert_string_equal(book(rig, body), "person_unknown");
    body.person = anna_is;
    uint64_t head = machine_head(rig->machine);
    assert_string_equal(book(rig, body), "");
    assert_string_equal(rig_entries_after(rig, head, &anna_is), "booking.made");
    body.entry = (struct uuid){ { 5 } };
    assert_string_equal(book(rig, body), "entry_unknown");
    struct booking_cancel cancel = { { { 5 } }, "нет" };
    assert_string_equal(rig_reason(rig, "roster.booking.cancel", &booking_cancel_desc, &cancel), "booking_unknown");
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fullest_of_the_days_counts),
        TEST(no_more_places_are_taken_than_there_are),
        TEST(days_and_whom_are_asked_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
