#include "tests/fault/sim/story.h"

/* The centre and the institute. First what everything stands on, step by step; then whatever comes. */

enum { STEP_ORGS, STEP_FRAMEWORK = ORGS, STEP_INSTRUMENTS, STEP_PROCEDURES = STEP_INSTRUMENTS + INSTRUMENTS,
       STEP_PROGRAMMES = STEP_PROCEDURES + 2, SETUP_STEPS = STEP_PROGRAMMES + 5 };

bool centre_ready(const struct client *client)
{
    return centre_of(client)->setup >= SETUP_STEPS;
}

/* ── organisations ────────────────────────────────────────────────────────── */

static int org_kind_of(uint32_t org)
{
    if (org >= ORG_0_FIRST_SCHOOL)
        return org % 2 == 0 ? ORG_SCHOOL : ORG_KINDERGARTEN;
    return org >= ORG_0_FIRST_MUNICIPALITY ? ORG_MUNICIPALITY : org == ORG_0_REGION ? ORG_REGION
         : org == ORG_0_CENTRE ? ORG_CENTRE : ORG_INSTITUTE;
}

static void register_org(struct client *client, uint32_t org, uint32_t title)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    struct organisation_register body = {
        .id = story_org(org), .kind = org_kind_of(org),
        .code = arena_format(&client->arena, "O-%u", org),
        .title = arena_format(&client->arena, "Организация %u, название %u", org, title),
    };
    if (org >= ORG_0_FIRST_SCHOOL)
        body.parent = story_org(ORG_0_FIRST_MUNICIPALITY + (org - ORG_0_FIRST_SCHOOL) / SCHOOLS);
    else if (org != ORG_0_REGION)
        body.parent = REGION;
    client_says(client, &who, "roster.organisation.register", &body, org);
}

/* ── diagnostics ──────────────────────────────────────────────────────────── */

static const char *competency(struct client *client, uint32_t i)
{
    return arena_format(&client->arena, "К%u", i + 1);
}

static void publish_framework(struct client *client)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    struct competency list[COMPETENCIES];
    struct framework body = { .id = story_id("framework", 0), .code = "Ф-1", .title = "Рамка", .competencies = { COMPETENCIES, list } };
    for (uint32_t i = 0; i < COMPETENCIES; i++)
        list[i] = (struct competency){ .code = competency(client, i), .title = "Компетенция", .parent = i % 3 == 2 ? competency(client, 0) : NULL };
    client_says(client, &who, "diagnostics.framework.publish", &body, 0);
}

static void publish_instrument(struct client *client, uint32_t number)
{
    static const char *const options[] = { "да", "нет", "не знаю" };
    static uint64_t key[] = { 1, 2 };
    struct principal who = story_who(client, ROLE_CENTRE);
    struct task tasks[TASKS];
    struct instrument body = {
        .id = story_id("instrument", number), .code = arena_format(&client->arena, "И-%u", number), .title = "Инструмент",
        .framework = story_id("framework", 0), .minutes = number == 0 ? 45 : 240, .cut_percent = 60, .tasks = { TASKS, tasks },
    };
    for (uint32_t i = 0; i < TASKS; i++)
        tasks[i] = (struct task){
            .number = i + 1, .kind = i % 2 == 0 ? TASK_SINGLE : TASK_MULTIPLE, .competency = competency(client, i % COMPETENCIES),
            .text = "Задание", .options = { 3, (const char **)(uintptr_t)options }, .key = { i % 2 == 0 ? 1 : 2, key }, .points = 1 + i % 3,
        };
    client_says(client, &who, "diagnostics.instrument.publish", &body, number);
}

static void open_procedure(struct client *client, uint32_t number)
{
    struct story *story = client->story;
    struct principal who = story_who(client, ROLE_CENTRE);
    day_t today = story_today(client);
    uint32_t owner = number < 2 || client_below(client, 3) > 0 ? ORG_0_CENTRE : ORG_0_FIRST_SCHOOL + (uint32_t)client_below(client, 4);
    struct procedure body = {
        .id = story_id("procedure", number), .code = arena_format(&client->arena, "П-%u", number), .title = "Процедура",
        .instrument = story_id("instrument", number % INSTRUMENTS), .purpose = (int)client_below(client, purpose_count),
        .owner = story_org(owner), .opens = today - 60, .closes = today + (number % 2 == 0 ? 30 : 1 + (day_t)client_below(client, 6)),
    };
    story->procedure[number] = (struct story_procedure){ .owner = owner, .opens = body.opens, .closes = body.closes };
    if (number >= story->procedures)
        story->procedures = number + 1;
    client_says(client, &who, "diagnostics.procedure.open", &body, number);
}

/* ── programmes ───────────────────────────────────────────────────────────── */

static void register_programme(struct client *client, uint32_t number)
{
    static const char *const topics[] = { "управление качеством образования" };
    struct principal who = story_who(client, ROLE_INSTITUTE);
    uint32_t first = (uint32_t)client_below(client, COMPETENCIES), n = 1 + (uint32_t)client_below(client, 3);
    const char *codes[3];
    bool formal = client_below(client, 5) > 0;
    struct programme body = {
        .code = arena_format(&client->arena, "ПР-%u", number), .title = "Программа",
        .kind = formal ? PROGRAMME_DEVELOPMENT : PROGRAMME_NON_FORMAL, .form = (int)client_below(client, programme_form_count),
        .hours = formal ? 16 + client_below(client, 90) : 8, .competencies = { n, codes },
        .topics = { client_below(client, 2) ? 1 : 0, (const char **)(uintptr_t)topics },
        .provider = story_org(client_below(client, 4) > 0 ? ORG_0_INSTITUTE : ORG_0_CENTRE),
    };
    for (uint32_t i = 0; i < n; i++)
        codes[i] = competency(client, (first + i) % COMPETENCIES);
    if (number >= client->story->programmes)
        client->story->programmes = number + 1;
    client_says(client, &who, "programmes.programme.register", &body, number);
}

static void change_registry(struct client *client, uint32_t number)
{
    struct story_programme *programme = &client->story->programme[number];
    struct principal who = story_who(client, ROLE_INSTITUTE);
    struct programme_included body = { .programme = programme->id };
    programme->changed = programme->changed != 0 ? programme->changed + 1 + (day_t)client_below(client, 20)
                                                 : day_of(2024, 9, 1) + (day_t)client_below(client, 60);
    body.day = programme->changed;
    client_says(client, &who, programme->included ? "programmes.programme.exclude" : "programmes.programme.include", &body, number);
}

/* Some lie ahead and have a place or two: the steps of routes find them, and wait for the next. */
static void record_run(struct client *client, uint32_t programme)
{
    struct story *story = client->story;
    uint32_t number = story->runs < RUNS_MOST ? story->runs++ : (uint32_t)client_below(client, RUNS_MOST);
    struct principal who = story_who(client, ROLE_INSTITUTE);
    struct run body = { .id = story_id("run", number), .programme = story->programme[programme].id };
    if (client_below(client, 2) == 0) {
        body.day = story_today(client) + (client_below(client, 2) ? 0 : (day_t)client_below(client, 40));
        body.places = client_below(client, 3);
    } else
        body.day = story_today(client) - (day_t)client_below(client, 200);
    client_says(client, &who, "programmes.run.record", &body, number);
}

/* ── what nobody counts ───────────────────────────────────────────────────── */

static void judge(struct client *client)
{
    static const char *documents[] = { "приказ № 1" };
    struct principal who = story_who(client, client_below(client, 2) ? ROLE_CENTRE : ROLE_AUTHORITY);
    struct judgement body = { .indicator = client_below(client, 5) > 0 ? "Д" : "1", .year = 2024 + client_below(client, 2),
                              .yes = client_below(client, 2) > 0, .text = "по отчёту", .documents = { 1, documents },
                              .day = story_today(client) - (day_t)client_below(client, 30) };
    client_says(client, &who, "indicators.judgement.record", &body, 0);
}

/* ── acting ───────────────────────────────────────────────────────────────── */

static void set_up(struct client *client)
{
    uint32_t step = client->story->setup;
    client->story->busy = true;
    client->story->step_sent = client->count;
    if (step < STEP_FRAMEWORK)
        register_org(client, step, 0);
    else if (step < STEP_INSTRUMENTS)
        publish_framework(client);
    else if (step < STEP_PROCEDURES)
        publish_instrument(client, step - STEP_INSTRUMENTS);
    else if (step < STEP_PROGRAMMES)
        open_procedure(client, step - STEP_PROCEDURES);
    else
        register_programme(client, step - STEP_PROGRAMMES);
}

static void ask(struct client *client)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    struct nothing nothing = { 0 };
    struct page page = { .limit = 20 };
    switch (client_below(client, 3)) {
    case 0: client_query(client, &who, INDICATORS, "indicators.value.recount", &nothing_desc, &nothing, 0); break;
    case 1: client_query(client, &who, PROGRAMMES, "programmes.programme.list", &page_desc, &page, 0); break;
    default: client_query(client, &who, DIAGNOSTICS, "diagnostics.procedure.list", &page_desc, &page, 0); break;
    }
}

static void go_on(struct client *client)
{
    struct story *story = client->story;
    uint32_t programme = (uint32_t)client_below(client, story->programmes);
    bool known = story->programme[programme].known && client_waiting(client, PROGRAMMES) < 3;
    switch (client_below(client, 20)) {
    case 12:
        judge(client);
        break;
    case 13: case 14: case 15: case 16: case 17: case 18:
        office_act(client);
        break;
    case 0:
        register_org(client, (uint32_t)client_below(client, ORGS), client_below(client, 2) ? ++story->titles : 0);
        break;
    case 1:
        if (story->procedures < PROCEDURES_MOST)
            open_procedure(client, story->procedures);
        break;
    case 2: case 3:
        if (story->programmes < PROGRAMMES_MOST)
            register_programme(client, story->programmes);
        break;
    case 4: case 5: case 6:
        if (known)
            change_registry(client, programme);
        break;
    case 7: case 8: case 9:
        if (known)
            record_run(client, programme);
        break;
    case 10:
        publish_framework(client);              /* a second time: refused */
        break;
    default:
        ask(client);
        break;
    }
}

void centre_act(struct client *client)
{
    if (client->story->busy || client->resending[ROSTER] || client->resending[DIAGNOSTICS])
        return;
    if (client->story->setup < SETUP_STEPS)
        set_up(client);
    else if (client_below(client, 4) == 0)
        office_act(client);
    else if (client_below(client, 3) == 0)
        go_on(client);
}

void centre_told(struct client *client, struct sent *sent)
{
    struct story *story = client->story;
    if (story->busy && client->sent[story->step_sent] == sent) {     /* refused: tried again by another */
        story->busy = false;
        story->setup += !sent->refused;
    }
    if (sent->refused)
        return;
    if (sent->service == FEDERAL)
        office_told(client, sent);
    else if (strcmp(sent->method, "programmes.programme.register") == 0) {
        story->programme[sent->subject].known = true;
        story->programme[sent->subject].id = answered_id(client, sent);
    } else if (strcmp(sent->method, "programmes.run.record") == 0)
        story->run[sent->subject].known = true;
    else if (strcmp(sent->method, "diagnostics.procedure.open") == 0)
        story->procedure[sent->subject].known = true;
    else if (strcmp(sent->method, "programmes.programme.include") == 0)
        story->programme[sent->subject].included = true;
    else if (strcmp(sent->method, "programmes.programme.exclude") == 0)
        story->programme[sent->subject].included = false;
}
