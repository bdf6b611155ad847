#include "tests/service/roster_rig.h"

#include "proto/roles.h"
#include "proto/roster_people.h"
#include "proto/roster_registers.h"
#include "proto/roster_staffing.h"
#include "proto/roster_tree.h"

/* roster: every total of a past day as the tree was then, which nothing moves, and as it is now, which adds up. */

#define GROUND "постановление администрации"
#define PAST "2021-12-31"

static void listed(struct rig *rig, const char *register_id, const char *ground, const struct uuid *person, const struct uuid *organisation)
{
    struct entry_ground grounds[] = { { .ground = ground } };
    struct entry_record body = { .register_id = register_id, .person = *person, .organisation = *organisation, .grounds = { 1, grounds },
                                 .from = day("2021-10-01") };
    rig_made(rig, "roster.entry.record", &entry_record_desc, &body);
}

/* Schools 1 and 3 become one in the south on 1 February 2022; before it each was a site, and had a teacher who is an expert; school 1 had
 * a vacancy and a head. School 2 is the authority's, whatever municipality it lies in. */
static void done(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body)
{
    assert_string_equal(rig_reason(rig, method, takes, body), "");
    rig_pass(rig, "2022-09-16");
}

static struct uuid authority;

static void peopled(struct rig *rig)
{
    struct worker_record third = boris();
    struct uuid one, two;

    third.code = "Т-120";
    third.family = "Лесков";
    third.snils = NULL;
    third.organisation = "S2";
    one = rig_record(rig, anna()).person;
    two = rig_record(rig, anna_again()).person;
    rig_record(rig, boris());
    rig_record(rig, third);
    listed(rig, "experts", "passed", &one, &UUID_NIL);
    listed(rig, "experts", "passed", &two, &UUID_NIL);
    listed(rig, "sites", "experience", &UUID_NIL, &rig->school1);
    listed(rig, "sites", "experience", &UUID_NIL, &rig->school3);
    struct vacancy_open vacancy = { .organisation = rig->school1, .post = "учитель", .subject = "химия", .load = 18, .from = day("2021-11-01") };
    rig_made(rig, "roster.vacancy.open", &vacancy_open_desc, &vacancy);
    authority = rig_organise(rig, "70-ОО", ORG_AUTHORITY, &REGION);
}

static void reorganised(struct rig *rig)
{
    struct organisation_merge into = { { 1, &rig->school1 }, rig->school3, day("2022-02-01"), GROUND, NULL };
    struct organisation_found found = { rig->school2, authority, day("2021-01-01"), GROUND, NULL };

    done(rig, "roster.organisation.merge", &organisation_merge_desc, &into);
    done(rig, "roster.organisation.found", &organisation_found_desc, &found);
}

/* ── each total ───────────────────────────────────────────────────────────── */

static struct bytes told(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, method, takes, body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    return arena_bytes(&rig->arena, outcome.body);
}

static uint64_t population(struct rig *rig, const char *id, const struct uuid *unit, int as, int tree)
{
    struct population_in of = { *unit, day(PAST), as, tree };
    struct population_sizes sizes;
    toy_decode(&population_sizes_desc, told(rig, "roster.population.sizes", &population_in_desc, &of), &sizes, &rig->arena);
    for (uint32_t i = 0; i < sizes.rows.n; i++)
        if (strcmp(sizes.rows.at[i].id, id) == 0)
            return sizes.rows.at[i].size;
    fail_msg("no population %s", id);
    return 0;
}

static uint64_t educators(struct rig *rig, const struct uuid *unit, int as, int tree) { return population(rig, "educators", unit, as, tree); }
static uint64_t leaders(struct rig *rig, const struct uuid *unit, int as, int tree) { return population(rig, "leaders", unit, as, tree); }
static uint64_t teams(struct rig *rig, const struct uuid *unit, int as, int tree) { return population(rig, "teams", unit, as, tree); }

static uint64_t counted(struct rig *rig, const char *register_id, const struct uuid *unit, int as, int tree)
{
    struct register_count_of of = { register_id, *unit, day(PAST), as, tree };
    struct register_count count;
    toy_decode(&register_count_desc, told(rig, "roster.register.count", &register_count_of_desc, &of), &count, &rig->arena);
    return count.members;
}

static uint64_t experts(struct rig *rig, const struct uuid *unit, int as, int tree) { return counted(rig, "experts", unit, as, tree); }
static uint64_t sites(struct rig *rig, const struct uuid *unit, int as, int tree) { return counted(rig, "sites", unit, as, tree); }

static struct staffing staff(struct rig *rig, const struct uuid *unit, int as, int tree)
{
    struct population_in of = { *unit, day(PAST), as, tree };
    struct staffing sum;
    toy_decode(&staffing_desc, told(rig, "roster.staffing.get", &population_in_desc, &of), &sum, &rig->arena);
    return sum;
}

static uint64_t staffed(struct rig *rig, const struct uuid *unit, int as, int tree) { return staff(rig, unit, as, tree).people; }
static uint64_t vacant(struct rig *rig, const struct uuid *unit, int as, int tree) { return staff(rig, unit, as, tree).vacancies; }

/* On the last day of 2021; adds: of what is nobody's twice, so that the municipalities' sum is the region's. */
static const struct {
    const char *what;
    uint64_t (*of)(struct rig *rig, const struct uuid *unit, int as, int tree);
    uint64_t north_then, south_then, region_then, north_now, south_now, region_now, founders;
} TOTALS[] = {
    { "educators", educators, 1, 1, 2, 0, 2, 2, 0 },
    { "leaders",   leaders,   2, 0, 2, 1, 1, 2, 1 },
    { "teams",     teams,     2, 0, 2, 1, 1, 2, 1 },
    { "experts",   experts,   1, 1, 2, 0, 2, 2, 0 },
    { "sites",     sites,     1, 1, 2, 0, 1, 1, 0 },        /* two sites have become one organisation */
    { "staff",     staffed,   1, 1, 2, 0, 2, 2, 0 },
    { "vacancies", vacant,    1, 0, 1, 0, 1, 1, 0 },
};

static void each_total_is_told_as_then_and_as_now(void **state)
{
    struct rig *rig = *state;
    peopled(rig);
    reorganised(rig);
    for (size_t i = 0; i < sizeof TOTALS / sizeof *TOTALS; i++) {
        const uint64_t got[] = {
            TOTALS[i].of(rig, &rig->north, AS_THEN, TREE_TERRITORY), TOTALS[i].of(rig, &rig->south, AS_THEN, TREE_TERRITORY),
            TOTALS[i].of(rig, &REGION, AS_THEN, TREE_TERRITORY),     TOTALS[i].of(rig, &rig->north, AS_NOW, TREE_TERRITORY),
            TOTALS[i].of(rig, &rig->south, AS_NOW, TREE_TERRITORY),  TOTALS[i].of(rig, &REGION, AS_NOW, TREE_TERRITORY),
            TOTALS[i].of(rig, &authority, AS_THEN, TREE_FOUNDER) };
        const uint64_t want[] = { TOTALS[i].north_then, TOTALS[i].south_then, TOTALS[i].region_then, TOTALS[i].north_now, TOTALS[i].south_now,
                                  TOTALS[i].region_now, TOTALS[i].founders };
        for (size_t k = 0; k < sizeof got / sizeof *got; k++)
            if (got[k] != want[k])
                fail_msg("%s, column %u: %u instead of %u", TOTALS[i].what, (unsigned)k, (unsigned)got[k], (unsigned)want[k]);
    }
    rig_check(rig);
}

/* All of them, as bytes. */
static struct bytes as_then(struct rig *rig)
{
    const struct uuid *units[] = { &REGION, &rig->north, &rig->south, &rig->school1, &rig->school2, &rig->school3 };
    struct buf all = { 0 };

    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        struct population_in of = { *units[u], day(PAST), AS_THEN, TREE_TERRITORY };
        struct register_count_of member = { "experts", *units[u], day(PAST), AS_THEN, TREE_TERRITORY }, site = member;
        site.register_id = "sites";
        const struct bytes told_of[] = {
            told(rig, "roster.population.count", &population_in_desc, &of), told(rig, "roster.population.sizes", &population_in_desc, &of),
            told(rig, "roster.staffing.get", &population_in_desc, &of), told(rig, "roster.register.count", &register_count_of_desc, &member),
            told(rig, "roster.register.count", &register_count_of_desc, &site) };
        for (size_t i = 0; i < sizeof told_of / sizeof *told_of; i++)
            buf_put(&all, told_of[i].at, told_of[i].n);
    }
    struct bytes kept = arena_bytes(&rig->arena, buf_bytes(&all));
    buf_free(&all);
    return kept;
}

static void a_past_day_stays_as_it_was_told(void **state)
{
    struct rig *rig = *state;
    peopled(rig);
    struct bytes before = as_then(rig);
    reorganised(rig);
    struct bytes after = as_then(rig);
    assert_true(bytes_equal(before, after));
    rig_check(rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(each_total_is_told_as_then_and_as_now), TEST(a_past_day_stays_as_it_was_told) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
