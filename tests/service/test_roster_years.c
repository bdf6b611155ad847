#include "tests/service/roster_rig.h"

#include "proto/roster_tree.h"

/* Five years in which five hundred schools are merged, split and moved, and a municipality becomes part of another: what was
 * asked for a past day is answered with the same bytes ever after, and the series "as now" adds up. */

enum { TOWNS = 20, SCHOOLS = 500, YEARS = 5, PEOPLE = 2, ORDERS = SCHOOLS / YEARS, UNITS = 1 + TOWNS + SCHOOLS + YEARS * ORDERS / 10 * 2 };

struct years {
    struct rig *rig;
    struct uuid unit[UNITS];            /* the region, towns, schools, then those that were split off */
    uint32_t n;
    struct { day_t day; uint32_t n; struct bytes reply[UNITS]; } past[YEARS];
    struct arena kept;
    unsigned moved, merged, split;
};

static void send(struct years *y, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = rig_send(y->rig, method, takes, body);
    assert_string_equal(toy_reason(&outcome, &y->rig->arena), "");
}

static void settle(struct rig *rig)
{
    for (int i = 0; i < 100000 && machine_next_due(rig->machine) != 0 && machine_next_due(rig->machine) <= rig->time.wall; i++) {
        assert_int_equal(machine_batch(rig->machine, NULL, 0, &rig->arena, NULL), ERR_OK);
        arena_reset(&rig->arena);
    }
}

static struct bytes asked(struct years *y, const struct uuid *unit, day_t on, int as)
{
    struct population_in body = { *unit, on, as, TREE_TERRITORY };
    struct outcome outcome = toy_ask(y->rig->machine, &y->rig->centre, "roster.population.count", &population_in_desc, &body, &y->rig->arena);
    assert_string_equal(toy_reason(&outcome, &y->rig->arena), "");
    return outcome.body;
}

static uint64_t workers(struct years *y, const struct uuid *unit, day_t on, int as)
{
    struct population population;
    toy_decode(&population_desc, asked(y, unit, on, as), &population, &y->rig->arena);
    return population.workers;
}

/* ── a region ─────────────────────────────────────────────────────────────── */

static const char *const SYLLABLE[] = { "ба", "ве", "го", "ди", "жу", "за", "ки", "ло", "ми", "ну" };

static void person(struct years *y, uint32_t school, const char *code, uint32_t number)
{
    char family[40] = "", own[40];
    for (uint32_t n = number + 1; n > 0; n /= 10)
        text_append(family, sizeof family, SYLLABLE[n % 10]);
    snprintf(own, sizeof own, "Р-%u", number);
    struct worker_record row = boris();
    row.code = own;
    row.family = family;
    row.organisation = code;
    row.post = number % PEOPLE == 0 ? "директор" : "учитель";
    row.from = day("2012-09-01") + school % 700;
    send(y, "roster.worker.record", &worker_record_desc, &row);
}

static struct uuid town_of(const struct years *y, uint32_t i) { return y->unit[1 + i % TOWNS]; }

static void build(struct years *y)
{
    char code[20];
    y->unit[y->n++] = REGION;
    for (uint32_t i = 0; i < TOWNS; i++) {
        snprintf(code, sizeof code, "М%u", i);
        y->unit[y->n++] = rig_organise(y->rig, code, ORG_MUNICIPALITY, &REGION);
    }
    for (uint32_t i = 0; i < SCHOOLS; i++) {
        struct uuid town = town_of(y, i);
        snprintf(code, sizeof code, "Ш%u", i);
        y->unit[y->n++] = rig_organise(y->rig, code, ORG_SCHOOL, &town);
        for (uint32_t k = 0; k < PEOPLE; k++)
            person(y, i, code, i * PEOPLE + k);
        arena_reset(&y->rig->arena);
    }
}

/* ── a year's orders, of 25 September ─────────────────────────────────────── */

static void order(struct years *y, uint32_t i, day_t on)
{
    struct uuid *school = &y->unit[1 + TOWNS + i];
    if (i % 10 < 5) {
        struct organisation_move move = { *school, town_of(y, i * 7 % 18), on, "постановление", NULL };
        send(y, "roster.organisation.move", &organisation_move_desc, &move);
        y->moved++;
    } else if (i % 10 == 5 || i % 10 == 7) {
        struct organisation_merge merge = { { 1, school }, y->unit[1 + TOWNS + i + 1], on, "постановление", "№ 12" };
        send(y, "roster.organisation.merge", &organisation_merge_desc, &merge);
        y->merged += 2;
    } else if (i % 10 == 9) {
        char code[20];
        for (uint32_t k = 0; k < 2; k++) {
            struct uuid town = town_of(y, (i + k) % 18);
            snprintf(code, sizeof code, "Ч%u-%u", i, k);
            y->unit[y->n++] = rig_organise(y->rig, code, ORG_SCHOOL, &town);
        }
        struct organisation_split split = { *school, { 2, &y->unit[y->n - 2] }, false, on, "постановление", NULL };
        send(y, "roster.organisation.split", &organisation_split_desc, &split);
        y->split++;
    }
}

static void keep_totals(struct years *y, uint32_t year, day_t on)
{
    y->past[year].day = on;
    y->past[year].n = y->n;
    for (uint32_t u = 0; u < y->n; u++) {
        y->past[year].reply[u] = arena_bytes(&y->kept, asked(y, &y->unit[u], on, AS_THEN));
        arena_reset(&y->rig->arena);
    }
}

static void live(struct years *y)
{
    for (uint32_t year = 0; year < YEARS; year++) {
        rig_clock(y->rig, day_of(2022 + (int)year, 10, 1));
        settle(y->rig);
        keep_totals(y, year, day_of(2022 + (int)year, 9, 1));
        for (uint32_t i = year * ORDERS; i < (year + 1) * ORDERS; i++) {
            order(y, i, day_of(2022 + (int)year, 9, 25));
            if (i % 7 == 0)
                settle(y->rig);         /* the others come while people are still on their way */
        }
        if (year == 1) {
            struct organisation_merge merge = { { 1, &y->unit[TOWNS] }, y->unit[TOWNS - 1], day_of(2023, 9, 28), "закон", NULL };
            send(y, "roster.organisation.merge", &organisation_merge_desc, &merge);
        }
        settle(y->rig);
    }
}

/* ── what is asked afterwards ─────────────────────────────────────────────── */

static unsigned past_days_that_differ(struct years *y)
{
    unsigned differ = 0;
    for (uint32_t year = 0; year < YEARS; year++)
        for (uint32_t u = 0; u < y->past[year].n; u++) {
            struct bytes again = asked(y, &y->unit[u], y->past[year].day, AS_THEN);
            differ += !bytes_equal(again, y->past[year].reply[u]);
            arena_reset(&y->rig->arena);
        }
    return differ;
}

static uint64_t sum(struct years *y, uint32_t from, uint32_t until, day_t on, int as)
{
    uint64_t all = 0;
    for (uint32_t u = from; u < until; u++)
        all += workers(y, &y->unit[u], on, as);
    arena_reset(&y->rig->arena);
    return all;
}

static void the_past_stays_and_as_now_adds_up(void **state)
{
    struct years *y = calloc(1, sizeof *y);
    unsigned elsewhere = 0;
    y->rig = *state;
    build(y);
    live(y);
    assert_int_equal(y->moved + y->merged + y->split, SCHOOLS);
    assert_int_equal(past_days_that_differ(y), 0);
    for (uint32_t year = 0; year < YEARS; year++) {
        day_t on = y->past[year].day;
        assert_int_equal(workers(y, &REGION, on, AS_NOW), SCHOOLS * PEOPLE);
        assert_int_equal(sum(y, 1, 1 + TOWNS, on, AS_NOW), SCHOOLS * PEOPLE);
        assert_int_equal(sum(y, 1 + TOWNS, y->n, on, AS_NOW), SCHOOLS * PEOPLE);
        assert_int_equal(sum(y, 1, 1 + TOWNS, on, AS_THEN), SCHOOLS * PEOPLE);
        assert_int_equal(sum(y, 1 + TOWNS, y->n, on, AS_THEN), SCHOOLS * PEOPLE);
        assert_int_equal(workers(y, &y->unit[TOWNS], on, AS_NOW), 0);          /* the town that is no more */
        for (uint32_t u = 1; u < 1 + TOWNS; u++)
            elsewhere += workers(y, &y->unit[u], on, AS_THEN) != workers(y, &y->unit[u], on, AS_NOW);
    }
    assert_true(elsewhere > TOWNS);     /* or nothing had moved */
    for (uint32_t u = 0; u < y->n; u++) /* as the tree is now, today is the same as then */
        assert_int_equal(workers(y, &y->unit[u], day_of(2026, 10, 1), AS_NOW), workers(y, &y->unit[u], day_of(2026, 10, 1), AS_THEN));
    rig_check(y->rig);
    arena_free(&y->kept);
    free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_past_stays_and_as_now_adds_up, rig_set_up, rig_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
