#include "tests/service/roster_rig.h"

#include "common/service/vault.h"
#include "proto/roles.h"

extern const struct service roster_service;

const struct uuid REGION = { { 0, 0, 0, 0, 0, 0, 0x80, 0, 0x80, 0, 0, 0, 0, 0, 0, 0xa1 } };

day_t day(const char *text)
{
    day_t d = 0;
    if (text != NULL)
        assert_true(day_parse(&d, text, strlen(text)));
    return d;
}

struct outcome rig_send_as(struct rig *rig, const struct principal *who, const char *method,
                              const struct msg_desc *takes, const void *body)
{
    uint8_t random[10] = { (uint8_t)(rig->commands >> 8), (uint8_t)rig->commands };
    rig->commands++;
    return toy_command(rig->machine, who, uuid_v7(rig->time.wall / MOMENT_MS, random), method, takes, body, &rig->arena);
}

struct outcome rig_send(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body)
{
    return rig_send_as(rig, &rig->centre, method, takes, body);
}

const char *rig_reason_as(struct rig *rig, const struct principal *who, const char *method,
                          const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = rig_send_as(rig, who, method, takes, body);
    return toy_reason(&outcome, &rig->arena);
}

const char *rig_reason(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body)
{
    return rig_reason_as(rig, &rig->centre, method, takes, body);
}

struct problem rig_problem_as(struct rig *rig, const struct principal *who, const char *method,
                              const struct msg_desc *takes, const void *body)
{
    struct problem problem = { .reason = "" };
    struct outcome outcome = rig_send_as(rig, who, method, takes, body);
    assert_int_equal(outcome.kind, OUTCOME_PROBLEM);
    toy_decode(&problem_desc, outcome.body, &problem, &rig->arena);
    return problem;
}

struct uuid rig_made_as(struct rig *rig, const struct principal *who, const char *method,
                        const struct msg_desc *takes, const void *body)
{
    struct registered registered;
    struct outcome outcome = rig_send_as(rig, who, method, takes, body);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&registered_desc, outcome.body, &registered, &rig->arena);
    return registered.id;
}

struct uuid rig_made(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body)
{
    return rig_made_as(rig, &rig->centre, method, takes, body);
}

struct uuid rig_organise(struct rig *rig, const char *code, int kind, const struct uuid *parent)
{
    struct organisation_register body = { .code = code, .kind = kind, .title = code, .parent = *parent };
    return rig_made(rig, "roster.organisation.register", &organisation_register_desc, &body);
}

void rig_open(struct rig *rig)
{
    char says[400] = "";
    struct machine_options options = toy_options(rig->dir, &rig->time);
    options.profile = rig->profile;
    options.master_key_file = rig->key;
    options.no_sync = true;             /* processes are killed here, the power is never cut */
    options.unlocked = true;            /* test_names is about memory that cannot be locked */
    options.says = says;
    if (machine_open(&rig->machine, &roster_service, &options) != ERR_OK)
        fail_msg("%s", says);
}

int rig_set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    const char *source = getenv("RSNMS_SOURCE");
    rig->dir = toy_dir();
    snprintf(rig->key, sizeof rig->key, "%s.key", rig->dir);
    snprintf(rig->profile, sizeof rig->profile, "%s/tests/data/roster_profile.yaml", source != NULL ? source : ".");
    rig->time = (struct toy_time){ .wall = day_start(day("2022-09-15"), 0) + 5 * 60 * MOMENT_MINUTE, .boot = MOMENT_DAY };
    prng_seed(&rig->time.prng, 7);
    assert_int_equal(vault_master_new(rig->key), ERR_OK);
    rig->centre = toy_principal(ROLE_CENTRE);
    rig_open(rig);
    rig_organise(rig, "70", ORG_REGION, &UUID_NIL);
    rig->north = rig_organise(rig, "70-01", ORG_MUNICIPALITY, &REGION);
    rig->south = rig_organise(rig, "70-02", ORG_MUNICIPALITY, &REGION);
    rig->school1 = rig_organise(rig, "S1", ORG_SCHOOL, &rig->north);
    rig->school2 = rig_organise(rig, "S2", ORG_SCHOOL, &rig->north);
    rig->school3 = rig_organise(rig, "S3", ORG_SCHOOL, &rig->south);
    *state = rig;
    return 0;
}

int rig_tear_down(void **state)
{
    struct rig *rig = *state;
    machine_close(&rig->machine);
    arena_free(&rig->arena);
    unlink(rig->key);
    toy_remove(rig->dir);
    free(rig);
    return 0;
}

struct principal reaching(int role, const struct uuid *unit)
{
    struct principal who = toy_principal(role);
    who.reach = (struct reach){ .n = 1, .id = { *unit } };
    who.id = uuid_derive("principal of", bytes(unit, sizeof *unit));
    return who;
}

/* ── staff lists ──────────────────────────────────────────────────────────── */

struct worker_record anna(void)
{
    return (struct worker_record){
        .code = "Т-101", .family = "Воробьёва", .given = "Анна", .patronymic = "Сергеевна", .born = "1991-03-14",
        .snils = "112-233-445 95", .organisation = "S1", .post = "учитель", .subject = "химия",
        .teaching_since = day("2020-09-01"), .from = day("2020-09-01") };
}

struct worker_record boris(void)
{
    return (struct worker_record){
        .code = "Т-102", .family = "Кедров", .given = "Борис", .patronymic = "Ильич", .born = "12.11.1961",
        .organisation = "S1", .post = "директор", .teaching_since = day("1984-09-01"), .from = day("2010-08-01") };
}

struct worker_recorded rig_record(struct rig *rig, struct worker_record row)
{
    struct worker_recorded recorded = { 0 };
    struct outcome outcome = rig_send(rig, "roster.worker.record", &worker_record_desc, &row);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&worker_recorded_desc, outcome.body, &recorded, &rig->arena);
    return recorded;
}

struct problem rig_refused(struct rig *rig, const struct principal *who, struct worker_record row)
{
    return rig_problem_as(rig, who, "roster.worker.record", &worker_record_desc, &row);
}

const char *arg(const struct problem *problem, const char *name)
{
    for (uint32_t i = 0; i < problem->args.n; i++)
        if (strcmp(problem->args.at[i].name, name) == 0)
            return problem->args.at[i].value;
    return "";
}

struct population rig_population(struct rig *rig, const struct uuid *unit, const char *on)
{
    struct population_of body = { *unit, day(on) };
    struct population population;
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.population.count", &population_of_desc, &body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&population_desc, outcome.body, &population, &rig->arena);
    return population;
}

char *rig_entries_after(struct rig *rig, uint64_t since, const struct uuid *scoped)
{
    char *line = arena_alloc(&rig->arena, 2000);
    struct txn txn;
    txn_begin(&txn, machine_store(rig->machine), TXN_READ);
    for (uint64_t n = since + 1; n <= machine_head(rig->machine); n++) {
        struct reach reach = { .all = scoped == NULL, .n = scoped != NULL, .id = { scoped != NULL ? *scoped : UUID_NIL } };
        struct entry entry;
        struct hash hash;
        assert_true(journal_get(&txn, n, &rig->arena, &entry, &hash));
        if (strncmp(entry.event, "roster.", 7) == 0 && reach_sees(&reach, entry.scope.at, entry.scope.n))
            snprintf(line + strlen(line), 2000 - strlen(line), "%s%s", line[0] != '\0' ? " " : "", entry.event + 7);
    }
    txn_end(&txn);
    return line;
}

void rig_check(struct rig *rig)
{
    uint64_t checked, bad;
    const char *why;
    bool same = false;
    struct machine_health health;
    assert_int_equal(machine_verify(rig->machine, &checked, &bad, &why), ERR_OK);
    assert_int_equal(machine_rebuild(rig->machine, false, &same), ERR_OK);
    assert_true(same);
    machine_health(rig->machine, &health);
    assert_int_equal(health.internal_errors, 0);
}

struct uuid rig_find(struct rig *rig, const struct principal *who, const char *method, const char *code)
{
    struct codes codes = { .codes = { 1, &code } };
    struct found found;
    struct outcome outcome = toy_ask(rig->machine, who, method, &codes_desc, &codes, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&found_desc, outcome.body, &found, &rig->arena);
    assert_int_equal(found.ids.n, 1);
    return found.ids.at[0];
}

void rig_clock(struct rig *rig, day_t to)
{
    moment_t step = day_start(to, 7 * 60) - rig->time.wall;
    rig->time.wall += step;
    rig->time.boot += step;
}

void rig_idle(struct rig *rig)
{
    assert_int_equal(machine_batch(rig->machine, NULL, 0, &rig->arena, NULL), ERR_OK);
}

void rig_pass(struct rig *rig, const char *until)
{
    rig_clock(rig, day(until));
    rig_idle(rig);
}

void rig_ask(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body, const struct msg_desc *gives, void *answer)
{
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, method, takes, body, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(gives, outcome.body, answer, &rig->arena);
}

/* ── two records of one person ────────────────────────────────────────────── */

struct worker_record anna_again(void)
{
    struct worker_record row = anna();
    row.code = "Ю-7";
    row.snils = NULL;
    row.born = "1991-03-15";
    row.organisation = "S3";
    row.from = day("2021-09-01");
    return row;
}

const char *rig_merge_as(struct rig *rig, const struct principal *who, const struct uuid *kept, const struct uuid *gone)
{
    struct person_merge body = { *kept, *gone, "паспорт сверен в школе" };
    return rig_reason_as(rig, who, "roster.person.merge", &person_merge_desc, &body);
}

const char *rig_merge(struct rig *rig, const struct uuid *kept, const struct uuid *gone)
{
    return rig_merge_as(rig, &rig->centre, kept, gone);
}

const char *rig_unmerge(struct rig *rig, const struct uuid *gone)
{
    struct person_unmerge body = { *gone, "это разные люди" };
    return rig_reason(rig, "roster.person.unmerge", &person_unmerge_desc, &body);
}
