#include "tests/service/region.h"

#include "common/service/vault.h"

const struct service *const REGION_SERVICE[R_SERVICES] = {
    &roster_service, &diagnostics_service, &programmes_service, &routes_service, &indicators_service, &federal_service };

struct principal region_who(int role, const struct uuid *reach)
{
    struct principal who = toy_principal(role);
    if (reach != NULL)
        who.reach = (struct reach){ .n = 1, .id = { *reach } };
    return who;
}

static struct uuid next_id(struct region *r)
{
    uint8_t random[10] = { 0 };
    r->commands++;
    memcpy(random, &r->commands, sizeof r->commands);
    return uuid_v7(r->time.wall / MOMENT_MS, random);
}

struct outcome region_do(struct region *r, int service, struct principal who, const char *method,
                         const struct msg_desc *takes, const void *body)
{
    r->time.wall += MOMENT_MS;
    r->time.boot += MOMENT_MS;
    return toy_command(r->machine[service], &who, next_id(r), method, takes, body, &r->arena);
}

struct outcome region_ask(struct region *r, int service, struct principal who, const char *method,
                          const struct msg_desc *takes, const void *body)
{
    return toy_ask(r->machine[service], &who, method, takes, body, &r->arena);
}

void region_follow(struct region *r)
{
    for (int round = 0; round < 3; round++)
        for (int to = 0; to < R_SERVICES; to++)
            for (uint32_t i = 0; i < machine_streams(r->machine[to]); i++)
                for (int from = 0; from < R_SERVICES; from++)
                    if (strcmp(REGION_SERVICE[from]->name, machine_stream(r->machine[to], i)) == 0)
                        toy_follow(r->machine[from], r->machine[to], &r->arena);
}

static void open_machine(struct region *r, int service)
{
    char profile[400], says[400] = "";
    const char *source = getenv("RSNMS_SOURCE");
    snprintf(profile, sizeof profile, "%s/config/regions/tomsk.yaml", source != NULL ? source : ".");
    r->dir[service] = toy_dir();
    struct machine_options options = toy_options(r->dir[service], &r->time);
    options.profile = profile;
    options.master_key_file = service == R_ROSTER ? r->keys : NULL;
    options.says = says;
    int err = machine_open(&r->machine[service], REGION_SERVICE[service], &options);
    if (err != ERR_OK)
        fail_msg("%s: %s", REGION_SERVICE[service]->name, says);
}

/* What a command that makes one thing answers. */
static struct uuid made(struct region *r, struct outcome outcome)
{
    struct registered registered;
    if (outcome.kind != OUTCOME_REPLY)
        fail_msg("refused: %s", toy_reason(&outcome, &r->arena));
    toy_decode(&registered_desc, outcome.body, &registered, &r->arena);
    return registered.id;
}

static struct uuid organisation(struct region *r, const char *code, int kind, const struct uuid *parent, const struct uuid *id)
{
    struct organisation_register body = { .code = code, .kind = kind, .title = code };
    if (parent != NULL)
        body.parent = *parent;
    if (id != NULL)
        body.id = *id;
    return made(r, region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.organisation.register",
                             &organisation_register_desc, &body));
}

static struct worker_recorded worker(struct region *r, const char *code, const char *family, const char *school)
{
    struct worker_record body = { .code = code, .family = family, .given = "Анна", .born = "1980-05-05",
                                  .organisation = school, .post = "учитель", .from = day_of(2020, 9, 1) };
    struct worker_recorded recorded;
    struct outcome outcome = region_do(r, R_ROSTER, region_who(ROLE_CENTRE, NULL), "roster.worker.record",
                                       &worker_record_desc, &body);
    if (outcome.kind != OUTCOME_REPLY)
        fail_msg("refused: %s", toy_reason(&outcome, &r->arena));
    toy_decode(&worker_recorded_desc, outcome.body, &recorded, &r->arena);
    return recorded;
}

static void people(struct region *r)
{
    r->id = (struct uuid){ { 0x70, 0, 0, 0, 0x12, 0x33, 0x80, 0, 0x80, 0x21, 0x07, 0x15, 0, 0, 0, 0x70 } };
    organisation(r, "70", ORG_REGION, NULL, &r->id);
    r->centre = organisation(r, "centre", ORG_CENTRE, &r->id, NULL);
    r->institute = organisation(r, "institute", ORG_INSTITUTE, &r->id, NULL);
    r->town_a = organisation(r, "town-a", ORG_MUNICIPALITY, &r->id, NULL);
    r->town_b = organisation(r, "town-b", ORG_MUNICIPALITY, &r->id, NULL);
    r->school_a = organisation(r, "school-a", ORG_SCHOOL, &r->town_a, NULL);
    r->school_b = organisation(r, "school-b", ORG_SCHOOL, &r->town_b, NULL);
    struct worker_recorded anna = worker(r, "a", "Иванова", "school-a");
    r->anna = anna.person;
    r->post_a = anna.post;
    r->boris = worker(r, "b", "Петрова", "school-b").person;
    region_follow(r);
}

static void materials(struct region *r)
{
    struct competency competency = { .code = "K1", .title = "Оценивание" };
    struct framework framework = { .code = "F", .title = "Рамка", .competencies = { 1, &competency } };
    struct principal centre = region_who(ROLE_CENTRE, NULL);
    const char *options[] = { "да", "нет" }, *codes[] = { "K1" };
    uint64_t key[] = { 1 };
    struct task task = { .number = 1, .kind = TASK_SINGLE, .competency = "K1", .text = "Верно ли?", .options = { 2, options },
                         .key = { 1, key }, .points = 1 };
    r->framework = made(r, region_do(r, R_DIAGNOSTICS, centre, "diagnostics.framework.publish", &framework_desc, &framework));
    struct instrument instrument = { .code = "I", .title = "Работа", .framework = r->framework, .minutes = 30, .cut_percent = 60,
                                     .tasks = { 1, &task } };
    r->instrument = made(r, region_do(r, R_DIAGNOSTICS, centre, "diagnostics.instrument.publish", &instrument_desc, &instrument));
    day_t today = day_of_moment(r->time.wall, 420);
    struct procedure procedure = { .code = "P", .title = "Осень", .instrument = r->instrument, .owner = r->centre,
                                   .opens = today - 10, .closes = today + 10 };
    r->procedure = made(r, region_do(r, R_DIAGNOSTICS, centre, "diagnostics.procedure.open", &procedure_desc, &procedure));
    struct programme programme = { .code = "ДПП-1", .title = "Оценивание", .kind = PROGRAMME_DEVELOPMENT, .hours = 36,
                                   .competencies = { 1, codes }, .provider = r->institute };
    r->programme = made(r, region_do(r, R_PROGRAMMES, centre, "programmes.programme.register", &programme_desc, &programme));
    struct programme_included included = { .programme = r->programme, .day = today - 100, .number = "1" };
    region_do(r, R_PROGRAMMES, centre, "programmes.programme.include", &programme_included_desc, &included);
    region_follow(r);
}

static void one_enrolment(struct region *r)
{
    struct principal institute = region_who(ROLE_INSTITUTE, &r->institute);
    struct programme course = { .code = "ДПП-2", .title = "Наставничество", .kind = PROGRAMME_DEVELOPMENT, .hours = 72,
                                .provider = r->institute };
    r->course = made(r, region_do(r, R_PROGRAMMES, institute, "programmes.programme.register", &programme_desc, &course));
    struct run run = { .programme = r->course, .day = day_of_moment(r->time.wall, 420) + 30, .places = 25, .code = "Н-1" };
    r->run = made(r, region_do(r, R_PROGRAMMES, institute, "programmes.run.record", &run_desc, &run));
    struct enrolment_open open = { .run = r->run, .person = r->anna };
    r->enrolment = made(r, region_do(r, R_PROGRAMMES, institute, "programmes.enrolment.open", &enrolment_open_desc, &open));
}

static void one_sitting(struct region *r)
{
    struct principal anna = region_who(ROLE_WORKER, &r->anna);
    struct sitting_start start = { r->procedure, r->anna };
    struct sitting_begun begun;
    struct outcome outcome = region_do(r, R_DIAGNOSTICS, anna, "diagnostics.sitting.start", &sitting_start_desc, &start);
    if (outcome.kind != OUTCOME_REPLY)
        fail_msg("refused: %s", toy_reason(&outcome, &r->arena));
    toy_decode(&sitting_begun_desc, outcome.body, &begun, &r->arena);
    r->sitting = begun.sitting;
    struct sitting_id submit = { r->sitting };
    outcome = region_do(r, R_DIAGNOSTICS, anna, "diagnostics.sitting.submit", &sitting_id_desc, &submit);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    r->route = uuid_derive("route", bytes(r->sitting.b, sizeof r->sitting.b));
    region_follow(r);
}

struct region *region_open(void)
{
    struct region *r = calloc(1, sizeof *r);
    char *dir = toy_dir(), file[200];
    snprintf(file, sizeof file, "%s/master.key", dir);
    assert_int_equal(vault_master_new(file), ERR_OK);
    r->keys = strdup(file);
    for (int i = 0; i < R_SERVICES; i++)
        open_machine(r, i);
    free(dir);
    people(r);
    materials(r);
    one_enrolment(r);
    one_sitting(r);
    return r;
}

void region_close(struct region *r)
{
    for (int i = 0; i < R_SERVICES; i++) {
        machine_close(&r->machine[i]);
        toy_remove(r->dir[i]);
    }
    *strrchr(r->keys, '/') = '\0';
    toy_remove(r->keys);
    arena_free(&r->arena);
    free(r);
}
