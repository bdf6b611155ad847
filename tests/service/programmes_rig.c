#include "tests/service/programmes_rig.h"

extern const struct service programmes_service;

day_t date(const char *text)
{
    day_t day;
    assert_true(day_parse(&day, text, strlen(text)));
    return day;
}

static void organisation(struct rig *rig, uint8_t id, int kind, uint8_t parent)
{
    struct uuid chain[3] = { ID(id) };
    struct organisation unit = { .id = ID(id), .code = arena_format(&rig->arena, "o-%u", id), .kind = kind, .title = "Организация" };
    unit.chain.at = chain;
    unit.chain.n = 1;
    if (parent != 0)
        chain[unit.chain.n++] = ID(parent);
    if (parent != 0 && parent != REGION)
        chain[unit.chain.n++] = ID(REGION);
    source_add(&rig->roster, "roster.organisation.registered", &organisation_desc, &unit);
}

static void post(struct rig *rig, uint8_t id, uint8_t person, uint8_t school, const char *from, const char *until, bool main)
{
    struct uuid chain[3] = { ID(school), ID(MUNICIPALITY), ID(REGION) };
    struct post_opened opened = { .post = ID(id), .person = ID(person), .organisation_kind = ORG_SCHOOL, .kind = POST_EDUCATOR,
                                  .title = "учитель", .main = main, .from = date(from), .until = until != NULL ? date(until) : 0 };
    opened.chain.n = 3;
    opened.chain.at = chain;
    source_add(&rig->roster, "roster.post.opened", &post_opened_desc, &opened);
}

int rig_set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    char says[400] = "";
    rig->dir = toy_dir();
    rig->time.wall = 0;
    struct machine_options options = toy_options(rig->dir, &rig->time);
    rig->time.wall = day_start(date("2024-03-15"), 0);
    options.profile = arena_format(&rig->arena, "%s/config/regions/tomsk.yaml", getenv("RSNMS_SOURCE"));
    options.says = says;
    if (machine_open(&rig->machine, &programmes_service, &options) != ERR_OK)
        fail_msg("%s", says);
    rig->institute = toy_principal(ROLE_INSTITUTE);
    rig->school_institute = toy_principal(ROLE_INSTITUTE);
    rig->school_institute.reach = (struct reach){ .n = 1, .id = { ID(INSTITUTE) } };
    source_start(&rig->roster, "roster", &rig->arena);
    organisation(rig, REGION, ORG_REGION, 0);
    organisation(rig, INSTITUTE, ORG_INSTITUTE, REGION);
    organisation(rig, ACADEMY, ORG_UNIVERSITY, REGION);
    organisation(rig, MUNICIPALITY, ORG_MUNICIPALITY, REGION);
    organisation(rig, SCHOOL, ORG_SCHOOL, MUNICIPALITY);
    organisation(rig, OTHER_SCHOOL, ORG_SCHOOL, MUNICIPALITY);
    post(rig, 40, 50, SCHOOL, "2020-09-01", NULL, true);
    post(rig, 41, 50, OTHER_SCHOOL, "2020-09-01", NULL, false);
    post(rig, 42, 51, SCHOOL, "2020-09-01", "2022-06-30", true);
    for (uint8_t person = 52; person < 61; person++)
        post(rig, (uint8_t)(person + 100), person, person == 60 ? OTHER_SCHOOL : SCHOOL, "2020-09-01", NULL, true);
    source_feed(&rig->roster, rig->machine, 1000);
    source_start(&rig->routes, "routes", &rig->arena);
    *state = rig;
    return 0;
}

int rig_tear_down(void **state)
{
    struct rig *rig = *state;
    uint64_t checked, bad;
    const char *why;
    bool same;
    assert_int_equal(machine_verify(rig->machine, &checked, &bad, &why), ERR_OK);
    assert_int_equal(machine_rebuild(rig->machine, false, &same), ERR_OK);
    assert_true(same);
    machine_close(&rig->machine);
    toy_remove(rig->dir);
    arena_free(&rig->arena);
    free(rig);
    return 0;
}

struct outcome rig_send(struct rig *rig, const struct principal *who, const char *method, const struct msg_desc *takes, const void *body)
{
    unsigned n = ++rig->commands;
    uint8_t random[10] = { (uint8_t)(n >> 8), (uint8_t)n };
    return toy_command(rig->machine, who, uuid_v7(rig->time.wall / MOMENT_MS, random), method, takes, body, &rig->arena);
}

const char *rig_reason(struct rig *rig, const char *method, const struct msg_desc *takes, const void *body)
{
    struct outcome outcome = rig_send(rig, &rig->institute, method, takes, body);
    return toy_reason(&outcome, &rig->arena);
}

struct programme programme_like(uint8_t id, int kind, uint64_t hours)
{
    static const char *topics[] = { "управление качеством образования" };
    static char code[8];
    snprintf(code, sizeof code, "П-%u", id);
    struct programme programme = { .id = ID(id), .code = code, .title = "Программа", .kind = kind, .hours = hours, .provider = ID(INSTITUTE) };
    programme.topics.n = 1;
    programme.topics.at = topics;
    return programme;
}

void rig_register(struct rig *rig, uint8_t id, int kind, uint64_t hours)
{
    struct programme programme = programme_like(id, kind, hours);
    assert_string_equal(rig_reason(rig, "programmes.programme.register", &programme_desc, &programme), "");
}

void rig_run(struct rig *rig, uint8_t id, uint8_t programme, const char *day, uint64_t places)
{
    struct run run = { .id = ID(id), .programme = ID(programme), .day = date(day), .places = places };
    assert_string_equal(rig_reason(rig, "programmes.run.record", &run_desc, &run), "");
}

void rig_enrol(struct rig *rig, uint8_t id, uint8_t run, uint8_t person, const char *day)
{
    struct enrolment_record record = { .id = ID(id), .run = ID(run), .person = ID(person), .day = date(day) };
    assert_string_equal(rig_reason(rig, "programmes.enrolment.record", &enrolment_record_desc, &record), "");
}

const char *rig_arg(struct rig *rig, const struct outcome *outcome, const char *name)
{
    struct problem problem;
    if (outcome->kind != OUTCOME_PROBLEM)
        return "";
    toy_decode(&problem_desc, outcome->body, &problem, &rig->arena);
    for (uint32_t i = 0; i < problem.args.n; i++)
        if (strcmp(problem.args.at[i].name, name) == 0)
            return problem.args.at[i].value;
    return "";
}

struct enrolment_row rig_enrolment(struct rig *rig, const struct uuid *id)
{
    struct enrolment_row row;
    struct id query = { *id };
    struct outcome outcome = toy_ask(rig->machine, &rig->institute, "programmes.enrolment.get", &id_desc, &query, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&enrolment_row_desc, outcome.body, &row, &rig->arena);
    return row;
}

unsigned rig_events(struct rig *rig, const char *event, const struct msg_desc *desc, void *last)
{
    struct feed_wish wish = { .cursor = cursor_start(), .reach = { .all = true }, .entries = 10000, .bytes = FEED_BYTES_MAX };
    struct feed_result result;
    unsigned n = 0;
    do {
        struct entries message;
        struct buf buf = { 0 };
        assert_int_equal(machine_feed(rig->machine, &wish, &rig->arena, &buf, &result), ERR_OK);
        toy_decode(&entries_desc, buf_bytes(&buf), &message, &rig->arena);
        for (uint32_t i = 0; i < message.list.n; i++) {
            struct entry entry;
            toy_decode(&entry_desc, message.list.at[i].stored, &entry, &rig->arena);
            if (strcmp(entry.event, event) != 0)
                continue;
            n++;
            if (last != NULL)
                toy_decode(desc, entry.body, last, &rig->arena);
        }
        wish.cursor = *message.examined;
        buf_free(&buf);
    } while (!result.at_head);
    return n;
}

void rig_say(struct rig *rig, const char *event, const struct msg_desc *desc, const void *body)
{
    source_add(&rig->routes, event, desc, body);
    assert_true(source_feed(&rig->routes, rig->machine, 1000));
}

void rig_choose(struct rig *rig, uint8_t route, uint64_t step, uint8_t programme, uint8_t person)
{
    struct uuid chain[] = { ID(person == 60 ? OTHER_SCHOOL : SCHOOL), ID(MUNICIPALITY), ID(REGION) };
    struct step_chosen chosen = { .route = ID(route), .step = step, .programme = ID(programme), .person = ID(person),
                                  .chain = { 3, chain }, .owner_kind = ORG_CENTRE, .day = day_of_moment(rig->time.wall, 420) };
    rig_say(rig, "routes.step.chosen", &step_chosen_desc, &chosen);
}

/* A batch of nothing fires what is due; hands of the waiting list follow one another. */
void rig_fire(struct rig *rig)
{
    for (int i = 0; i < 100; i++) {
        moment_t due = machine_next_due(rig->machine);
        if (due == 0 || due > rig->time.wall)
            return;
        assert_int_equal(machine_batch(rig->machine, NULL, 0, &rig->arena, NULL), ERR_OK);
    }
    fail_msg("the timers do not come to rest");
}
