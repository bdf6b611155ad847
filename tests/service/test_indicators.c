#include "tests/service/indicators_rig.h"

#include "services/indicators/indicators_state.h"

/* Values of a small region by hand; the same tables whatever the order of the streams; a recount that
 * agrees, and one that finds what was spoilt; counters made anew for an act that was amended. */

static void check_value(struct rig *rig, const char *code, uint64_t year, struct uuid unit, uint64_t num, uint64_t den)
{
    struct principal who = toy_principal(ROLE_CENTRE);
    struct values_of of = { .indicator = code, .year = year, .unit = unit };
    struct value_list list;
    struct outcome outcome = ask_values(rig, &who, &of);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&value_list_desc, outcome.body, &list, &rig->arena);
    uint64_t got_num = list.rows.n == 1 ? list.rows.at[0].numerator : 0, got_den = list.rows.n == 1 ? list.rows.at[0].denominator : 0;
    if (got_num != num || got_den != den)
        fail_msg("indicator %s, %llu: %llu/%llu, by hand %llu/%llu", code, (unsigned long long)year, (unsigned long long)got_num,
                 (unsigned long long)got_den, (unsigned long long)num, (unsigned long long)den);
}

/* Two municipalities, three schools (0 and 1 in the first, 2 in the second).
 * persons: 0 head of school 0, trained; 1 deputy there, left on 30 December 2022; 2 teacher in schools 0
 * and 2; 3 young teacher in school 1, supported; 4 accountant in school 1; 5 head of school 2, a short
 * course only. */
static void a_small_region_counts_as_by_hand(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct uuid m0 = id_of("municipality", 0), m1 = id_of("municipality", 1), s0 = id_of("school", 0), s2 = id_of("school", 2);
    day_t start = date("2020-09-01");
    (void)state;
    world_start(&w);
    say_units(&w, 3);
    for (uint32_t n = 0; n < 6; n++)
        say_person(&w, n, "roster.person.registered", n == 3 ? start : 0, n == 3 ? date("2023-01-01") : 0);
    say_post(&w, 0, 0, 0, POST_HEAD, start, 0);
    say_post(&w, 1, 1, 0, POST_DEPUTY, start, 0);
    say_closed(&w, 1, 1, date("2022-12-30"));
    say_post(&w, 2, 2, 0, POST_EDUCATOR, start, 0);
    say_post(&w, 3, 2, 2, POST_EDUCATOR, start, 0);
    say_post(&w, 4, 3, 1, POST_EDUCATOR, start, 0);
    say_post(&w, 5, 4, 1, POST_OTHER, start, 0);
    say_post(&w, 6, 5, 2, POST_HEAD, start, 0);
    say_sitting(&w, 0, 2, 0, ORG_CENTRE, date("2022-03-01"));
    say_sitting(&w, 1, 2, 2, ORG_CENTRE, date("2022-04-01"));
    say_sitting(&w, 2, 3, 1, ORG_INSTITUTE, date("2022-04-01"));
    say_route(&w, 0, 2, 0, ORG_CENTRE, 0, date("2022-03-02"), true);
    say_route(&w, 1, 3, 1, ORG_CENTRE, 0, date("2022-03-02"), false);
    say_support(&w, 0, 3, 1, date("2022-02-01"));
    say_programme(&w, 0, PROGRAMME_DEVELOPMENT, ORG_INSTITUTE);
    say_programme(&w, 1, PROGRAMME_DEVELOPMENT, ORG_INSTITUTE);
    say_run(&w, 0, 0, date("2021-10-01"));
    say_run(&w, 1, 1, date("2022-10-01"));
    say_included(&w, 0, date("2022-01-01"));
    say_done(&w, 0, 2, 0, 0, 0, true, NULL, date("2022-11-01"));
    say_done(&w, 2, 5, 2, SHORT_COURSE, 9, false, "управление качеством образования", date("2022-11-01"));
    say_done(&w, 1, 0, 0, 1, 9, false, "управление качеством образования", date("2022-11-01"));
    rig_open(&rig, NULL);
    feed_all(&rig, &w);

    check_value(&rig, "1", 2021, region, 0, 5);             /* all but the accountant */
    check_value(&rig, "1", 2022, region, 1, 4);             /* the deputy left on 30 December; two sittings, one person */
    check_value(&rig, "1", 2022, m0, 1, 3);
    check_value(&rig, "1", 2022, m1, 1, 2);                 /* and once in each municipality */
    check_value(&rig, "1", 2022, s2, 1, 2);
    check_value(&rig, "2", 2022, region, 1, 4);             /* the draft does not count */
    check_value(&rig, "3", 2022, region, 1, 2);
    check_value(&rig, "3", 2022, m1, 0, 1);                 /* completed at the other place */
    check_value(&rig, "4", 2021, region, 0, 2);
    check_value(&rig, "4", 2022, region, 1, 2);             /* the deputy is not asked any more */
    check_value(&rig, "4", 2022, s0, 1, 1);
    check_value(&rig, "5", 2022, region, 1, 1);
    check_value(&rig, "5", 2023, region, 0, 0);
    check_value(&rig, "6", 2021, region, 0, 1);
    check_value(&rig, "6", 2022, region, 1, 2);
    check_value(&rig, "6", 2024, region, 1, 2);             /* cumulative */
    assert_int_equal(recount_of(&rig).differences, 0);
    rig_close(&rig);
    arena_free(&w.arena);
}

/* 2 teaches in school 0, and was entered once more as 9, under whom he was diagnosed and supported; 1 leads, and was trained
 * as 8. As one each they count once, with everything; and apart again as before. */
static void who_was_entered_twice_counts_once_with_all_his_facts(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    day_t start = date("2020-09-01");
    (void)state;
    world_start(&w);
    say_units(&w, 3);
    for (uint32_t n = 0; n < 10; n++)
        say_person(&w, n, "roster.person.registered", n == 2 ? start : 0, n == 2 ? date("2024-01-01") : 0);
    say_post(&w, 0, 0, 0, POST_HEAD, start, 0);
    say_post(&w, 1, 1, 0, POST_DEPUTY, start, 0);
    say_post(&w, 2, 2, 0, POST_EDUCATOR, start, 0);
    say_post(&w, 3, 9, 0, POST_EDUCATOR, start, 0);
    say_post(&w, 4, 8, 0, POST_DEPUTY, start, 0);
    say_sitting(&w, 0, 9, 0, ORG_CENTRE, date("2022-03-01"));
    say_support(&w, 0, 9, 0, date("2022-02-01"));
    say_programme(&w, 0, PROGRAMME_DEVELOPMENT, ORG_INSTITUTE);
    say_done(&w, 0, 0, 0, 0, 9, false, "управление качеством образования", date("2022-11-01"));
    say_done(&w, 1, 8, 0, 0, 9, false, "управление качеством образования", date("2022-11-01"));
    rig_open(&rig, NULL);
    feed_all(&rig, &w);
    check_value(&rig, "1", 2022, region, 1, 5);
    check_value(&rig, "5", 2022, region, 0, 1);             /* young, and nobody has supported him */
    check_value(&rig, "4", 2022, region, 0, 1);             /* one deputy of two is not trained */
    say_merged(&w, 2, 9);
    say_merged(&w, 1, 8);
    feed_all(&rig, &w);
    check_value(&rig, "1", 2022, region, 1, 3);
    check_value(&rig, "5", 2022, region, 1, 1);
    check_value(&rig, "4", 2022, region, 1, 1);
    say_sitting(&w, 1, 9, 0, ORG_CENTRE, date("2023-03-01"));   /* under the old name still */
    feed_all(&rig, &w);
    check_value(&rig, "1", 2023, region, 1, 3);
    assert_int_equal(recount_of(&rig).differences, 0);
    say_unmerged(&w, 2, 9);
    say_unmerged(&w, 1, 8);
    feed_all(&rig, &w);
    check_value(&rig, "1", 2022, region, 1, 5);
    check_value(&rig, "5", 2022, region, 0, 1);
    check_value(&rig, "4", 2022, region, 0, 1);
    assert_int_equal(recount_of(&rig).differences, 0);
    rig_close(&rig);
    arena_free(&w.arena);
}

static void orders_agree(bool of_every_kind, uint64_t rounds)
{
    struct world w = { 0 };
    struct hash first = { 0 }, digest;
    uint64_t counters = 0;
    world_by_dice(&w, 11, 60, of_every_kind ? 12 : 6);      /* small teams, of whom some are trained */
    for (uint64_t round = 0; round < rounds; round++) {
        struct rig rig = { 0 };
        struct prng dice;
        uint32_t left = STREAMS;
        bool done[STREAMS] = { false };
        prng_seed(&dice, 100 + round);
        rig_open(&rig, of_every_kind ? rich_profile(&rig) : NULL);
        while (left > 0) {
            uint32_t i = (uint32_t)prng_below(&dice, STREAMS);
            if (!done[i] && !source_feed(&w.source[i], rig.machine, 1 + (uint32_t)prng_below(&dice, 20))) {
                done[i] = true;
                left--;
            }
        }
        struct recount recount = recount_of(&rig);
        assert_int_equal(recount.differences, 0);
        assert_true(recount.counters > 100);
        assert_int_equal(store_digest(machine_store(rig.machine), TABLE_COPY, &digest), ERR_OK);
        if (round == 0) {
            first = digest;
            counters = recount.counters;
        }
        assert_true(hash_equal(&first, &digest));
        assert_int_equal(recount.counters, counters);
        rig_close(&rig);
    }
    arena_free(&w.arena);
}

static void any_order_of_the_streams_gives_the_same_tables(void **state)
{
    (void)state;
    orders_agree(false, 12);
}

static void any_order_of_the_streams_gives_the_same_tables_of_every_kind(void **state)
{
    (void)state;
    orders_agree(true, 12);
}

/* ── every kind of count, in a region of its own ──────────────────────────── */

#define CHECK_FIGURES(value, num, den) do { \
        if ((value).numerator != (num) || (value).denominator != (den)) \
            fail_msg("line %d: %s %s of %llu: %llu/%llu", __LINE__, (value).act, (value).indicator, (unsigned long long)(value).year, \
                     (unsigned long long)(value).numerator, (unsigned long long)(value).denominator); \
    } while (0)

/* Two schools (0, 1) of one municipality. 0 head and 1 deputy of school 0, 2 head of school 1, 3 and 4 teachers of
 * school 0, 5 and 6 of school 1. Methodologists are 3 and 5, the tutor is 6. */
static void say_small_region(struct world *w)
{
    static const struct { uint32_t school; int kind; } people[] = { { 0, POST_HEAD }, { 0, POST_DEPUTY }, { 1, POST_HEAD },
        { 0, POST_EDUCATOR }, { 0, POST_EDUCATOR }, { 1, POST_EDUCATOR }, { 1, POST_EDUCATOR } };
    const char *topic = "управление качеством образования";
    world_start(w);
    say_units(w, 2);
    for (uint32_t n = 0; n < 7; n++) {
        say_person(w, n, "roster.person.registered", 0, 0);
        say_post(w, n, n, people[n].school, people[n].kind, date("2020-09-01"), 0);
    }
    for (uint32_t n = 0; n < 3; n++)                        /* more leaders are diagnosed than there are educators */
        say_sitting(w, n, n, people[n].school, ORG_CENTRE, date("2022-02-01"));
    for (uint32_t n = 3; n < 7; n++)
        say_sitting(w, n, n, people[n].school, ORG_CENTRE, date("2022-02-02"));
    say_sitting(w, 10, 3, 0, ORG_INSTITUTE, date("2023-02-02"));
    say_sitting(w, 11, 4, 0, ORG_INSTITUTE, date("2023-02-02"));

    say_programme(w, 0, PROGRAMME_DEVELOPMENT, ORG_INSTITUTE);
    say_programme(w, 1, PROGRAMME_DEVELOPMENT, ORG_UNIVERSITY);
    say_run(w, 0, 0, date("2022-03-01"));
    say_run(w, 1, 0, date("2023-03-01"));
    say_run(w, 2, 0, date("2024-03-01"));
    say_included(w, 0, date("2021-05-01"));
    say_excluded(w, 0, date("2023-12-31"));
    say_done(w, 0, 0, 0, 0, 99, false, topic, date("2022-05-01"));         /* school 0: the head in 2022, the deputy in 2023 */
    say_done(w, 1, 1, 0, 0, 99, false, topic, date("2023-05-01"));
    say_done(w, 2, 2, 1, 0, 99, false, topic, date("2023-05-01"));         /* school 1: its head in 2023 */
    say_done(w, 3, 0, 0, 1, 99, false, topic, date("2024-05-01"));         /* school 0: both in 2024 */
    say_done(w, 4, 1, 0, 1, 99, false, topic, date("2024-05-01"));
    say_enrolled(w, 0, 2, 1, 0, 99, date("2022-03-01"));                    /* at the institute */
    say_enrolled(w, 1, 0, 0, 1, 99, date("2022-03-01"));                    /* at a university */

    say_route(w, 3, 3, 0, ORG_CENTRE, 0, date("2022-02-03"), true);
    say_route(w, 4, 4, 0, ORG_CENTRE, 0, date("2022-02-03"), false);        /* a draft */
    say_enrolled(w, 3, 3, 0, 0, 3, date("2022-06-01"));
    say_enrolled(w, 4, 4, 0, 0, 9, date("2022-06-01"));                     /* names a route that is not his */
    say_done(w, 5, 3, 0, 0, 3, true, NULL, date("2023-06-01"));
    say_done(w, 6, 4, 0, 0, 4, true, NULL, date("2023-06-01"));

    say_appointed(w, 3, 0, TUTOR_METHODOLOGIST, date("2023-01-10"));
    say_appointed(w, 5, 1, TUTOR_METHODOLOGIST, date("2024-01-10"));
    say_assigned(w, 4, 0, 3, TUTOR_METHODOLOGIST, date("2023-02-01"), false);
    say_assigned(w, 6, 1, 3, TUTOR_METHODOLOGIST, date("2023-02-01"), false);
    say_assigned(w, 0, 0, 3, TUTOR_METHODOLOGIST, date("2023-02-01"), false);   /* a head: no educator, not counted */
    say_assigned(w, 6, 1, 3, TUTOR_METHODOLOGIST, date("2024-06-01"), true);
    say_assigned(w, 3, 0, 6, TUTOR_OF_ROUTES, date("2023-02-01"), false);
    say_assigned(w, 3, 0, 6, TUTOR_OF_ROUTES, date("2024-12-31"), true);        /* no longer on the last day of the year */
}

static void check_shares_by_hand(struct rig *rig)
{
    struct uuid s0 = id_of("school", 0), s1 = id_of("school", 1);
    struct value v = value_of(rig, "A", "1", 2022, region);
    CHECK_FIGURES(v, 7, 4);                                 /* leaders above, educators alone below */
    assert_int_equal(v.beside.n, 1);
    assert_int_equal(v.beside.at[0].numerator, 7);
    assert_int_equal(v.beside.at[0].denominator, 7);
    assert_true(v.has_target && v.met && v.bound == 10 && !v.verdicts.at[0].applies);
    assert_string_equal(v.edition, "1 от 01.01.2021");
    CHECK_FIGURES(value_of(rig, "B", "1", 2022, region), 4, 4);
    v = value_of(rig, "B", "1", 2023, region);
    CHECK_FIGURES(v, 2, 4);
    assert_true(v.has_target && !v.met && v.verdicts.at[0].op == OP_RISING);
    assert_false(value_of(rig, "B", "1", 2024, region).has_target);            /* that act is no longer in force */
    CHECK_FIGURES(value_of(rig, "A", "5", 2022, region), 1, 1);
    CHECK_FIGURES(value_of(rig, "A", "5", 2023, region), 0, 1);                /* excluded on the last day of the year */
    CHECK_FIGURES(value_of(rig, "A", "5", 2024, region), 0, 1);
    CHECK_FIGURES(value_of(rig, "A", "4", 2022, region), 1, 2);                /* the university is no institute */
    CHECK_FIGURES(value_of(rig, "A", "4", 2022, s1), 1, 1);
    CHECK_FIGURES(value_of(rig, "B", "2", 2023, region), 1, 1);                /* 3; the route of 4 was not agreed */
    CHECK_FIGURES(value_of(rig, "B", "5", 2022, s0), 1, 2);
    CHECK_FIGURES(value_of(rig, "B", "5", 2024, s0), 1, 2);                    /* нарастающим итогом */
    v = value_of(rig, "B", "4", 2023, region);
    CHECK_FIGURES(v, 2, 4);
    assert_true(!v.has_target && v.verdicts.n == 1 && v.verdicts.at[0].op == OP_DOCUMENT && !v.verdicts.at[0].applies);
    CHECK_FIGURES(value_of(rig, "B", "4", 2024, region), 1, 4);
}

static void check_teams_by_hand(struct rig *rig)
{
    struct value v = value_of(rig, "A", "2", 2022, region);
    CHECK_FIGURES(v, 0, 2);                                 /* half a team */
    assert_int_equal(v.beside.at[1].numerator, 2);          /* by the softer rule both its members */
    v = value_of(rig, "A", "2", 2023, region);
    CHECK_FIGURES(v, 1, 2);                                 /* school 1; in school 0 the deputy alone this year */
    assert_true(v.has_cumulative && v.cumulative_numerator == 1 && v.cumulative_denominator == 2);
    assert_int_equal(v.beside.at[0].numerator, 1);
    assert_int_equal(v.beside.at[0].denominator, 3);
    v = value_of(rig, "A", "2", 2024, region);
    CHECK_FIGURES(v, 1, 2);
    assert_true(v.cumulative_numerator == 2 && v.cumulative_denominator == 2);
    assert_int_equal(v.beside.at[0].numerator, 2);
    assert_true(v.met && v.verdicts.at[1].applies && v.verdicts.at[1].met && v.verdicts.at[1].cumulative);
}

static void check_tutors_by_hand(struct rig *rig)
{
    struct value v = value_of(rig, "A", "3", 2022, region);
    CHECK_FIGURES(v, 0, 0);
    v = value_of(rig, "A", "3", 2023, region);
    CHECK_FIGURES(v, 2, 1);                                 /* 4 and 6; the head is no educator */
    assert_true(v.least == 2 && v.greatest == 2 && v.below == 0 && v.met);
    v = value_of(rig, "A", "3", 2024, region);
    CHECK_FIGURES(v, 1, 2);                                 /* 4; and a methodologist without anybody */
    assert_true(v.least == 0 && v.greatest == 1 && v.below == 2 && v.above == 0 && !v.met);
    CHECK_FIGURES(value_of(rig, "A", "3", 2024, id_of("school", 0)), 1, 1);    /* where the methodologist works */
    v = value_of(rig, "B", "3", 2023, region);
    CHECK_FIGURES(v, 1, 0);
    assert_int_equal(v.beside.at[0].denominator, 2);
    CHECK_FIGURES(value_of(rig, "B", "3", 2024, region), 0, 0);
}

static void every_kind_counts_as_by_hand(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    (void)state;
    say_small_region(&w);
    rig_open(&rig, rich_profile(&rig));
    feed_all(&rig, &w);
    check_shares_by_hand(&rig);
    check_teams_by_hand(&rig);
    check_tutors_by_hand(&rig);
    struct value v = value_of(&rig, "A", "6", 2023, region);
    assert_true(v.state == VALUE_NO_FACTS && v.awaits.n == 1 && strcmp(v.awaits.at[0], "M8") == 0 && v.has_target && !v.met);
    assert_int_equal(v.denominator, 2);
    assert_int_equal(value_of(&rig, "A", "6", 2023, id_of("school", 0)).verdicts.n, 0);     /* of the region alone */
    assert_int_equal(recount_of(&rig).differences, 0);
    rig_close(&rig);
    arena_free(&w.arena);
}

/* The control of the recount: it sees what it should see. */
static void a_recount_finds_a_spoilt_counter(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct txn txn;
    struct bytes value;
    struct key key = key_of_uuid(&region);
    uint8_t row[4096];
    (void)state;
    world_by_dice(&w, 12, 20, 4);
    rig_open(&rig, NULL);
    feed_all(&rig, &w);
    assert_int_equal(recount_of(&rig).differences, 0);

    txn_begin(&txn, machine_store(rig.machine), TXN_WRITE);
    assert_true(txn_get(&txn, T_COUNTERS, key_bytes(&key), &value));
    size_t n = value.n;
    assert_true(n <= sizeof row);
    memcpy(row, value.at, n);
    assert_in_range(row[1], 1, 126);                        /* the first pair: zeroes to skip, number */
    row[1]++;
    txn_put(&txn, T_COUNTERS, key_bytes(&key), bytes(row, n));
    assert_int_equal(txn_end(&txn), ERR_OK);
    assert_int_equal(recount_of(&rig).differences, 1);

    struct uuid stranger = id_of("nobody", 1);              /* a row that no record answers for */
    key = key_of_uuid(&stranger);
    row[0] = 0;
    row[1] = 3;
    txn_begin(&txn, machine_store(rig.machine), TXN_WRITE);
    txn_put(&txn, T_COUNTERS, key_bytes(&key), bytes(row, 2));
    assert_int_equal(txn_end(&txn), ERR_OK);
    assert_int_equal(recount_of(&rig).differences, 2);
    rig_close(&rig);
    arena_free(&w.arena);
}

/* The act is amended: leaders are educators now. Counters made by the old counts are made again from the
 * records when the service starts with the new profile. */
static void a_profile_that_counts_otherwise_counts_anew(void **state)
{
    struct world w = { 0 };
    struct rig rig = { 0 };
    struct principal centre = toy_principal(ROLE_CENTRE);
    struct values_of of = { .year = 2022 };
    char command[600];
    (void)state;
    world_by_dice(&w, 14, 20, 4);
    rig_open(&rig, NULL);
    feed_all(&rig, &w);
    struct bytes before = arena_bytes(&w.arena, ask_values(&rig, &centre, &of).body);
    machine_close(&rig.machine);
    const char *amended = arena_format(&rig.arena, "%s/amended.yaml", rig.dir);
    snprintf(command, sizeof command, "sed 's/posts: \\[educator\\]/posts: [educator, head]/' '%s/config/regions/tomsk.yaml' > '%s' && "
             "cp '%s/config/posts.yaml' '%s'", getenv("RSNMS_SOURCE"), amended, getenv("RSNMS_SOURCE"), rig.dir);
    assert_int_equal(system(command), 0);
    rig_open(&rig, amended);
    struct outcome outcome = ask_values(&rig, &centre, &of);       /* the start has counted anew, nothing need come */
    assert_string_equal(toy_reason(&outcome, &rig.arena), "");
    assert_false(bytes_equal(outcome.body, before));
    assert_int_equal(recount_of(&rig).differences, 0);
    say_support(&w, 9999, 0, 0, date("2022-02-02"));
    feed_all(&rig, &w);
    outcome = ask_values(&rig, &centre, &of);
    assert_string_equal(toy_reason(&outcome, &rig.arena), "");
    assert_int_equal(recount_of(&rig).differences, 0);
    rig_close(&rig);
    arena_free(&w.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_region_counts_as_by_hand),
        cmocka_unit_test(who_was_entered_twice_counts_once_with_all_his_facts),
        cmocka_unit_test(any_order_of_the_streams_gives_the_same_tables),
        cmocka_unit_test(any_order_of_the_streams_gives_the_same_tables_of_every_kind),
        cmocka_unit_test(every_kind_counts_as_by_hand),
        cmocka_unit_test(a_recount_finds_a_spoilt_counter),
        cmocka_unit_test(a_profile_that_counts_otherwise_counts_anew),
    };
    rig_region();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
