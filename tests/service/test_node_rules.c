/* The node as a machine: it says of a row what the region decides. */
#include "tests/service/node_bench.h"

#include "common/service/vault_intake.h"
#include "proto/roster_tree.h"
#include "services/node/intake.h"

#define ROWS_COMPARED 100000u               /* fewer where everything is slower: RSNMS_NODE_ROWS */

static const char *pick(struct prng *prng, const char *const *list, uint64_t n)
{
    return list[prng_below(prng, 3) > 0 ? 0 : prng_below(prng, n)];     /* the first, a good one, mostly */
}
#define PICK(prng, ...) pick(prng, (const char *const[]){ __VA_ARGS__ }, sizeof (const char *const[]){ __VA_ARGS__ } / sizeof(char *))

static struct worker_record generated(struct bench *bench, struct prng *prng, unsigned number)
{
    struct arena *arena = &bench->rig->arena;
    static const char *const DAYS[] = { "2015-09-01", "1999-12-31", "2022-09-15", "2023-09-15", "2023-09-16", "2030-01-01", "1971-05-05",
                                        "2020-05-31", "2020-06-01", "2020-06-02" };
    struct worker_record row = {
        .code = prng_below(prng, 40) == 0 ? PICK(prng, " ", "  \t") : prng_below(prng, 60) == 0 ? NULL : arena_format(arena, "%u", number),
        .family = PICK(prng, "Иванова", "Петрова", "Сидорова-Кац", "Ивaнова", "Ivanova", "Ива1", "-", "О’Нил", "Семёнов", NULL,
                       "ЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙЙ"),
        .given = PICK(prng, "Анна", "Ольга", "Мария", "Anna", "А.", NULL),
        .patronymic = PICK(prng, NULL, "Ильинична", "Ivanovna", "", "Петровна"),
        .born = PICK(prng, "1985-04-12", "12.04.1985", "1961-03-15", "1985-02-30", "1899-12-31", "2010-01-01", "1921-09-01", "2009-09-15",
                     "05.5.1990", "18.05.1970"),
        .snils = PICK(prng, NULL, NULL, NULL, "112-233-445 95", "112-233-445 96", "1122334459", "112x33-445 95", "001-001-998 00"),
        .organisation = PICK(prng, "S1", "S2", "S3", "S4", "S5", "S9", "70-01", " S1 ", "70"),
        .post = PICK(prng, "учитель", "директор", "Учитель", "космонавт", "заместитель директора"),
        .subject = PICK(prng, NULL, "математика", ""),
        .part_time = prng_below(prng, 4) == 0,
        .from = day(DAYS[prng_below(prng, 3) > 0 ? 0 : prng_below(prng, 10)]),
    };
    if (prng_below(prng, 3) == 0)
        row.until = day(DAYS[prng_below(prng, 10)]);
    if (prng_below(prng, 5) == 0)
        row.teaching_since = day(DAYS[prng_below(prng, 7)]);
    return row;
}

/* What rests on whom the region knows already. */
static bool needs_the_region(const char *reason)
{
    static const char *const REASONS[] = { "code_of_another", "snils_of_another", "person_ambiguous", "person_kept_elsewhere",
                                           "post_overlaps", "main_post_overlaps", "too_many_posts" };
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (strcmp(reason, REASONS[i]) == 0)
            return true;
    return false;
}

struct checking { const struct worker_record *row; struct staff_fault fault; bool good; };

static void read_check(struct ctx *ctx, void *arg)
{
    struct checking *checking = arg;
    checking->good = node_staff_check(ctx, checking->row, &checking->fault);
}

/* reason|path|rule|arg=value…, empty when it is taken */
static const char *told(struct arena *arena, const struct staff_fault *fault)
{
    const char *text = fault->denied ? "out_of_reach" : arena_format(arena, "%s|%s|%s", fault->reason, fault->path, fault->rule);
    for (uint32_t i = 0; i < fault->n && !fault->denied; i++)
        text = arena_format(arena, "%s|%s=%s", text, fault->arg[i].name, fault->arg[i].value);
    return text;
}

static const char *decided(struct arena *arena, const struct outcome *outcome)
{
    struct problem problem;
    if (outcome->kind == OUTCOME_REPLY)
        return "";
    toy_decode(&problem_desc, outcome->body, &problem, arena);
    if (needs_the_region(problem.reason))
        return "";
    const char *text = problem.fields.n == 0 ? problem.reason
                     : arena_format(arena, "%s|%s|%s", problem.reason, problem.fields.at[0].path, problem.fields.at[0].rule);
    for (uint32_t i = 0; i < problem.args.n; i++)
        text = arena_format(arena, "%s|%s=%s", text, problem.args.at[i].name, problem.args.at[i].value);
    return text;
}

static struct bytes sealed_body(struct bench *bench, const struct worker_record *row)
{
    struct rig *rig = bench->rig;
    const struct node_config *config = bench->intake.config;
    struct random_source random = { prng_fill, &rig->time.prng };
    const struct worker_person person = { .code = row->code, .family = row->family, .given = row->given, .patronymic = row->patronymic,
                                          .born = row->born, .snils = row->snils, .teaching_since = row->teaching_since };
    struct worker_record sealed = *row;
    sealed.code = sealed.family = sealed.given = sealed.patronymic = sealed.born = sealed.snils = NULL;
    sealed.teaching_since = 0;
    assert_int_equal(intake_seal(config->intake, msg_encode_in(&rig->arena, &worker_person_desc, &person), &random, &rig->arena,
                                 &sealed.sealed), ERR_OK);
    return msg_encode_in(&rig->arena, &worker_record_desc, &sealed);
}

static void changed(struct bench *bench, const char *method, const struct msg_desc *takes, const void *body)
{
    struct rig *rig = bench->rig;
    uint8_t random[10] = { [3] = 0x33, [5] = (uint8_t)rig->commands++ };
    struct outcome outcome = toy_command(rig->machine, &rig->centre, uuid_v7(rig->time.wall / MOMENT_MS, random), method, takes, body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
}

/* S4 is no more, S5 has become S1. */
static void two_schools_end(struct bench *bench)
{
    struct uuid closed = rig_organise(bench->rig, "S4", ORG_SCHOOL, &bench->rig->north);
    struct uuid merged = rig_organise(bench->rig, "S5", ORG_SCHOOL, &bench->rig->north);
    const struct organisation_close close = { closed, day("2020-06-01"), "приказ", NULL };
    const struct organisation_merge merge = { { 1, &merged }, bench->rig->school1, day("2020-06-01"), "приказ", NULL };

    changed(bench, "roster.organisation.close", &organisation_close_desc, &close);
    changed(bench, "roster.organisation.merge", &organisation_merge_desc, &merge);
    bench_follow(bench);
}

static void the_node_says_of_every_row_what_the_region_decides(void **state)
{
    struct bench *bench = *state;
    struct rig *rig = bench->rig;
    const char *wanted = getenv("RSNMS_NODE_ROWS");
    unsigned rows = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : ROWS_COMPARED, taken = 0, different = 0, sealed = 0, closed = 0;
    struct prng prng;

    prng_seed(&prng, 20);
    two_schools_end(bench);
    bench->intake.now = rig->time.wall;
    bench->intake.today = day("2022-09-15");
    for (unsigned i = 0; i < rows; i++) {
        arena_reset(&rig->arena);
        arena_reset(bench->intake.arena);
        struct worker_record row = generated(bench, &prng, i);
        struct checking checking = { .row = &row };
        bool whole = row.code != NULL && row.family != NULL && row.given != NULL;
        bool seal = whole && i % 3 == 0;    /* a row that says too little cannot be sealed */
        assert_int_equal(errand_read(&bench->intake, read_check, &checking), ERR_OK);
        const char *here = checking.good ? "" : told(&rig->arena, &checking.fault);
        struct bytes body = seal ? sealed_body(bench, &row) : msg_encode_in(&rig->arena, &worker_record_desc, &row);
        struct outcome outcome = bench_at_region(bench, body, i);
        const char *there = decided(&rig->arena, &outcome);
        if (strcmp(here, there) != 0 && different++ < 10)
            print_error("row %u (%s): the node says «%s», the region «%s»\n", i, seal ? "sealed" : "open", here, there);
        taken += checking.good;
        sealed += seal;
        closed += strncmp(here, "organisation_closed|", 20) == 0;
    }
    print_message("%u rows, %u taken, %u sealed\n", rows, taken, sealed);
    assert_int_equal(different, 0);
    assert_true(taken > rows / 100);
    assert_true(taken < rows / 2);
    assert_true(closed > rows / 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_node_says_of_every_row_what_the_region_decides),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
