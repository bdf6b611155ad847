#include "tests/service/workbench.h"

extern const struct service diagnostics_service, routes_service;

#define ID(n) { { [0] = 0x01, [15] = (n) } }
const struct uuid REGION = ID(1), TOWN_A = ID(2), TOWN_B = ID(3), SCHOOL_A = ID(4), SCHOOL_B = ID(5), CENTRE_ORG = ID(6),
                  ANNA = ID(7), BORIS = ID(8), DORA = ID(9), NOBODY = ID(10),
                  FRAMEWORK = ID(11), INSTRUMENT = ID(12), PROCEDURE = ID(13);

/* ── machines ─────────────────────────────────────────────────────────────── */

static struct machine *open_one(struct bench *bench, const struct service *service, char *dir)
{
    static char profile[400], says[400];
    struct machine_options options = toy_options(dir, &bench->time);
    struct machine *machine;
    snprintf(profile, sizeof profile, "%s/tests/service/region.yaml", getenv("RSNMS_SOURCE") != NULL ? getenv("RSNMS_SOURCE") : ".");
    options.profile = service->configure != NULL ? profile : NULL;
    options.says = says;
    if (machine_open(&machine, service, &options) != ERR_OK)
        fail_msg("%s: %s", service->name, says);
    return machine;
}

static void say_organisation(struct bench *bench, const struct uuid *id, int kind, const char *title,
                             const struct uuid *one, const struct uuid *two)
{
    struct uuid chain[3] = { *id };
    struct organisation organisation = { .id = *id, .code = title, .kind = kind, .title = title, .chain = { 1, chain } };
    if (one != NULL)
        chain[organisation.chain.n++] = *one;
    if (two != NULL)
        chain[organisation.chain.n++] = *two;
    source_add(&bench->roster, "roster.organisation.registered", &organisation_desc, &organisation);
}

int bench_set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    for (int i = 0; i < 2; i++)
        bench->dir[i] = toy_dir();
    bench->time = (struct toy_time){ .wall = day_start(TODAY, 7 * 60) + 12 * 60 * MOMENT_MINUTE, .boot = 1000 * MOMENT_SECOND };
    prng_seed(&bench->time.prng, 1);
    source_start(&bench->roster, "roster", &bench->arena);
    source_start(&bench->programmes, "programmes", &bench->arena);
    bench->diagnostics = open_one(bench, &diagnostics_service, bench->dir[0]);
    bench->routes = open_one(bench, &routes_service, bench->dir[1]);

    say_organisation(bench, &REGION, ORG_REGION, "region", NULL, NULL);
    say_organisation(bench, &TOWN_A, ORG_MUNICIPALITY, "town a", &REGION, NULL);
    say_organisation(bench, &TOWN_B, ORG_MUNICIPALITY, "town b", &REGION, NULL);
    say_organisation(bench, &SCHOOL_A, ORG_SCHOOL, "school a", &TOWN_A, &REGION);
    say_organisation(bench, &SCHOOL_B, ORG_SCHOOL, "school b", &TOWN_B, &REGION);
    say_organisation(bench, &CENTRE_ORG, ORG_CENTRE, "centre", &REGION, NULL);
    bench_post(bench, &ANNA, &SCHOOL_A, day_of(2020, 9, 1), 0);
    bench_post(bench, &BORIS, &SCHOOL_B, day_of(2020, 9, 1), 0);
    bench_post(bench, &DORA, &SCHOOL_A, day_of(2020, 9, 1), day_of(2023, 8, 31));
    bench_follow(bench);
    *state = bench;
    return 0;
}

int bench_tear_down(void **state)
{
    struct bench *bench = *state;
    machine_close(&bench->diagnostics);
    machine_close(&bench->routes);
    arena_free(&bench->arena);
    for (int i = 0; i < 2; i++)
        toy_remove(bench->dir[i]);
    free(bench);
    return 0;
}

void bench_reopen(struct bench *bench)
{
    machine_close(&bench->diagnostics);
    machine_close(&bench->routes);
    bench->diagnostics = open_one(bench, &diagnostics_service, bench->dir[0]);
    bench->routes = open_one(bench, &routes_service, bench->dir[1]);
}

void bench_reopen_routes(struct bench *bench, const struct service *service)
{
    machine_close(&bench->routes);
    bench->routes = open_one(bench, service, bench->dir[1]);
}

void bench_pass(struct bench *bench, moment_t time)
{
    bench->time.wall += time;
    bench->time.boot += time;
    assert_int_equal(machine_batch(bench->diagnostics, NULL, 0, &bench->arena, NULL), ERR_OK);
    assert_int_equal(machine_batch(bench->routes, NULL, 0, &bench->arena, NULL), ERR_OK);
}

void bench_follow(struct bench *bench)
{
    while (source_feed(&bench->roster, bench->diagnostics, 2) || source_feed(&bench->roster, bench->routes, 3) ||
           source_feed(&bench->programmes, bench->routes, 2))
        continue;
    toy_follow(bench->diagnostics, bench->routes, &bench->arena);
}

/* ── speaking ─────────────────────────────────────────────────────────────── */

struct principal bench_who(int role, ...)
{
    struct principal who = toy_principal(role);
    const struct uuid *id;
    va_list args;
    va_start(args, role);
    while ((id = va_arg(args, const struct uuid *)) != NULL) {
        who.reach.all = false;
        who.reach.id[who.reach.n++] = *id;
    }
    va_end(args);
    return who;
}

struct outcome bench_do(struct bench *bench, struct machine *machine, struct principal who, const char *method,
                        const struct msg_desc *takes, const void *body)
{
    unsigned n = ++bench->commands;
    uint8_t random[10] = { (uint8_t)(n >> 8), (uint8_t)n };
    return toy_command(machine, &who, uuid_v7(bench->time.wall / MOMENT_MS, random), method, takes, body, &bench->arena);
}

struct outcome bench_ask(struct bench *bench, struct machine *machine, struct principal who, const char *method,
                         const struct msg_desc *takes, const void *body)
{
    return toy_ask(machine, &who, method, takes, body, &bench->arena);
}

const char *bench_arg(struct bench *bench, const struct outcome *outcome, const char *name)
{
    struct problem problem;
    assert_int_equal(outcome->kind, OUTCOME_PROBLEM);
    toy_decode(&problem_desc, outcome->body, &problem, &bench->arena);
    for (uint32_t i = 0; i < problem.args.n; i++)
        if (strcmp(problem.args.at[i].name, name) == 0)
            return problem.args.at[i].value;
    return "";
}

const char *bench_rule(struct bench *bench, const struct outcome *outcome)
{
    struct problem problem;
    assert_int_equal(outcome->kind, OUTCOME_PROBLEM);
    toy_decode(&problem_desc, outcome->body, &problem, &bench->arena);
    return problem.fields.n > 0 ? problem.fields.at[0].rule : "";
}

void bench_sound(struct machine *machine)
{
    uint64_t checked, bad;
    const char *why;
    bool same;
    struct machine_health health;
    machine_health(machine, &health);
    assert_int_equal(health.internal_errors, 0);
    assert_int_equal(health.stopped_streams, 0);
    assert_int_equal(machine_verify(machine, &checked, &bad, &why), ERR_OK);
    assert_int_equal(machine_rebuild(machine, false, &same), ERR_OK);
    assert_true(same);
}

unsigned bench_events(struct bench *bench, struct machine *machine, const char *event, const struct msg_desc *desc, void *last)
{
    struct entry entry;
    struct hash hash;
    struct txn txn;
    unsigned n = 0;
    txn_begin(&txn, machine_store(machine), TXN_READ);
    for (uint64_t i = 1; journal_get(&txn, i, &bench->arena, &entry, &hash); i++)
        if (strcmp(entry.event, event) == 0) {
            n++;
            if (last != NULL)
                toy_decode(desc, entry.body, last, &bench->arena);
        }
    assert_int_equal(txn_end(&txn), ERR_OK);
    return n;
}

/* ── what the other journals say ──────────────────────────────────────────── */

void bench_post(struct bench *bench, const struct uuid *person, const struct uuid *organisation, day_t from, day_t until)
{
    bool in_b = uuid_equal(organisation, &SCHOOL_B);
    struct uuid chain[] = { *organisation, in_b ? TOWN_B : TOWN_A, REGION };
    struct post_opened post = {
        .post = uuid_derive("post", bytes(person->b, 16)), .person = *person, .chain = { 3, chain },
        .organisation_kind = ORG_SCHOOL, .kind = POST_EDUCATOR, .title = "учитель", .main = true, .from = from, .until = until,
    };
    source_add(&bench->roster, "roster.post.opened", &post_opened_desc, &post);
}

struct uuid bench_programme_id(uint8_t number)
{
    return (struct uuid)ID(100 + number);
}

void bench_programme(struct bench *bench, uint8_t number, uint64_t hours, const char *one, const char *two)
{
    const char *competencies[] = { one, two };
    char *code = arena_format(&bench->arena, "p%u", number);
    struct programme programme = {
        .id = bench_programme_id(number), .code = code, .title = code, .kind = PROGRAMME_DEVELOPMENT,
        .form = FORM_DISTANCE, .hours = hours, .competencies = { two != NULL ? 2 : 1, competencies }, .provider = CENTRE_ORG,
    };
    source_add(&bench->programmes, "programmes.programme.registered", &programme_desc, &programme);
}

void bench_federal(struct bench *bench, uint8_t number, day_t day, bool in)
{
    struct programme_included change = { .programme = bench_programme_id(number), .day = day };
    source_add(&bench->programmes, in ? "programmes.programme.included" : "programmes.programme.excluded",
               &programme_included_desc, &change);
}

/* ── diagnostics ──────────────────────────────────────────────────────────── */

struct framework bench_framework(void)
{
    static struct competency competencies[] = {
        { "subject", "Предметные", NULL }, { "method", "Методические", "subject" }, { "digital", "Цифровые", NULL },
    };
    return (struct framework){ .id = FRAMEWORK, .code = "f1", .title = "Рамка", .competencies = { 3, competencies } };
}

struct instrument bench_instrument(void)
{
    static const char *options[] = { "а", "б", "в" };
    static uint64_t one[] = { 1 }, one_three[] = { 1, 3 };
    static struct task tasks[4];
    static const char *const COMPETENCY[] = { "subject", "subject", "method", "digital" };
    for (unsigned i = 0; i < 4; i++) {
        tasks[i] = (struct task){ .number = i + 1, .kind = TASK_SINGLE, .competency = COMPETENCY[i], .text = "?",
                                  .options = { 3, options }, .key = { 1, one }, .points = i == 0 ? 3 : 2 };
        if (i == 2) {
            tasks[i].kind = TASK_MULTIPLE;
            tasks[i].key.n = 2;
            tasks[i].key.at = one_three;
        }
    }
    return (struct instrument){ .id = INSTRUMENT, .code = "i1", .title = "Работа", .framework = FRAMEWORK, .minutes = 30,
                                .cut_percent = 60, .tasks = { 4, tasks } };
}

struct procedure bench_procedure(void)
{
    return (struct procedure){ .id = PROCEDURE, .code = "p1", .title = "Сентябрь", .instrument = INSTRUMENT,
                               .purpose = PURPOSE_ENTRY, .owner = CENTRE_ORG, .opens = day_of(2024, 9, 1), .closes = CLOSES };
}

void bench_publish(struct bench *bench)
{
    struct framework framework = bench_framework();
    struct instrument instrument = bench_instrument();
    struct procedure procedure = bench_procedure();
    struct principal centre = bench_who(ROLE_CENTRE, &REGION, NULL);
    struct outcome o = bench_do(bench, bench->diagnostics, centre, "diagnostics.framework.publish", &framework_desc, &framework);
    assert_reason(bench, o, "");
    o = bench_do(bench, bench->diagnostics, centre, "diagnostics.instrument.publish", &instrument_desc, &instrument);
    assert_reason(bench, o, "");
    o = bench_do(bench, bench->diagnostics, centre, "diagnostics.procedure.open", &procedure_desc, &procedure);
    assert_reason(bench, o, "");
}

struct uuid bench_start(struct bench *bench, const struct uuid *person)
{
    struct sitting_start start = { PROCEDURE, *person };
    struct sitting_begun begun;
    struct outcome o = bench_do(bench, bench->diagnostics, bench_who(ROLE_WORKER, person, NULL),
                                "diagnostics.sitting.start", &sitting_start_desc, &start);
    assert_reason(bench, o, "");
    toy_decode(&sitting_begun_desc, o.body, &begun, &bench->arena);
    return begun.sitting;
}

static uint32_t answers_for(unsigned right, struct answer *answers)
{
    static uint64_t one[] = { 1 }, two[] = { 2 }, one_three[] = { 1, 3 };
    for (unsigned i = 0; i < 4; i++) {
        bool good = right >> i & 1;
        answers[i] = (struct answer){ i + 1, { 1, good ? one : two } };
        if (i == 2 && good) {
            answers[i].chosen.n = 2;
            answers[i].chosen.at = one_three;
        }
    }
    return 4;
}

struct outcome bench_save(struct bench *bench, const struct uuid *person, const struct uuid *sitting, unsigned right)
{
    struct answer answers[4];
    struct sitting_save save = { *sitting, { answers_for(right, answers), answers } };
    return bench_do(bench, bench->diagnostics, bench_who(ROLE_WORKER, person, NULL),
                    "diagnostics.sitting.save", &sitting_save_desc, &save);
}

struct uuid bench_sitting(struct bench *bench, const struct uuid *person, unsigned right)
{
    struct sitting_id id = { bench_start(bench, person) };
    struct outcome o = bench_save(bench, person, &id.sitting, right);
    assert_reason(bench, o, "");
    o = bench_do(bench, bench->diagnostics, bench_who(ROLE_WORKER, person, NULL), "diagnostics.sitting.submit", &sitting_id_desc, &id);
    assert_reason(bench, o, "");
    return id.sitting;
}

struct outcome bench_record(struct bench *bench, const struct uuid *person, day_t day, unsigned right)
{
    struct answer answers[4];
    struct sitting_record record = { PROCEDURE, *person, { { 0 } }, day, { answers_for(right, answers), answers } };
    return bench_do(bench, bench->diagnostics, bench_who(ROLE_CENTRE, &REGION, NULL),
                    "diagnostics.sitting.record", &sitting_record_desc, &record);
}
