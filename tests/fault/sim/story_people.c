#include "tests/fault/sim/node.h"
#include "tests/fault/sim/story.h"

/* A municipality: its schools' staff lists, and what its workers and those who accompany them do. */

static const char *const FAMILIES[] = { "Иванова", "Петрова", "Сидорова", "Кузнецова", "Смирнова", "Попова", "Ёлкина", "Щукина" };
static const char *const GIVEN[] = { "Анна", "Мария", "Елена", "Ольга", "Наталья" };
static const char *const TITLES[] = { "учитель", "учитель математики", "директор", "заместитель директора", "методист" };
static const char *const FORMS[] = { "наставничество", "школа молодого учителя", "стажировка" };
#define PICK(list, i) ((list)[(i) % (sizeof(list) / sizeof *(list))])

static uint32_t school_of(const struct client *client, uint32_t school)
{
    return ORG_0_FIRST_SCHOOL + (client->number - 1) * SCHOOLS + school;
}

/* ── the staff list ───────────────────────────────────────────────────────── */

static void send_row(struct client *client, const struct story_person *person, uint32_t school, day_t from, uint32_t what)
{
    struct principal who = story_who(client, ROLE_MUNICIPAL);
    day_t born = day_of(1971, 1, 1) + client->number * 1500 + person->number * 37;
    int year, month, day;
    day_split(born, &year, &month, &day);
    struct worker_record body = {
        .code = arena_format(&client->arena, "М%u-%u", client->number, person->number),
        .family = PICK(FAMILIES, person->family), .given = PICK(GIVEN, person->number), .patronymic = "Петровна",
        .born = arena_format(&client->arena, "%04d-%02d-%02d", year, month, day),
        .organisation = arena_format(&client->arena, "O-%u", school_of(client, school)),
        .post = what == WORKER_PART ? "методист" : PICK(TITLES, person->number), .part_time = what == WORKER_PART,
        .teaching_since = person->number % 4 == 0 ? day_of(2023, 9, 1) : 0, .from = from,
    };
    client_send(client, &who, "roster.worker.record", &body, SUBJECT(person->number, what));
}

static void hire(struct client *client)
{
    struct story *story = client->story;
    if (story->persons == PERSONS_MOST)
        return;
    struct story_person *person = &story->person[story->persons];
    *person = (struct story_person){ .number = story->persons++, .family = (uint32_t)client_below(client, 8),
                                     .school = (uint32_t)client_below(client, SCHOOLS) };
    person->from = day_of(2023, 9, 1) + (day_t)client_below(client, 300);
    send_row(client, person, person->school, person->from, WORKER_MAIN);
}

static void change_staff(struct client *client, struct story_person *person)
{
    struct principal who = story_who(client, ROLE_MUNICIPAL);
    if (client_waiting(client, ROSTER) > 0 || client->resending[ROSTER])
        return;                             /* rows about one person go one after the other */
    switch (client_below(client, 5)) {
    case 0:
        person->family++;
        send_row(client, person, person->school, person->from, WORKER_NAME);
        break;
    case 1:
        if (person->moved)
            return;
        person->moved = true;
        person->school = (person->school + 1) % SCHOOLS;
        person->from = day_of(2025, 1, 20) + (day_t)client_below(client, 20);
        send_row(client, person, person->school, person->from, WORKER_MOVE);
        break;
    case 2:
        if (!person->has_part)
            send_row(client, person, (person->school + 1) % SCHOOLS, day_of(2024, 10, 1), WORKER_PART);
        break;
    case 3:
        if (person->has_part) {
            struct post_close body = { .post = person->part_post, .until = day_of(2024, 11, 1) + (day_t)client_below(client, 40) };
            client_send(client, &who, "roster.post.close", &body, person->number);
        }
        break;
    default: {
        struct person_read body = { .person = person->id, .purpose = "проверка списка" };
        client_send(client, &who, "roster.person.read", &body, person->number);
        break;
    }
    }
}

/* ── sittings ─────────────────────────────────────────────────────────────── */

/* The worker himself, or a console that acts for him. */
static struct principal self(struct client *client, const struct story_person *person)
{
    struct principal who = story_who(client, person->number % 2 == 0 ? ROLE_WORKER : ROLE_CONSOLE);
    if (who.role == ROLE_WORKER) {
        who.id = uuid_derive("worker", bytes(&person->id, sizeof person->id));
        who.reach = (struct reach){ .n = 1, .id = { person->id } };
    } else
        who.actor = person->id;
    return who;
}

static uint32_t answers_make(struct client *client, struct answer *answers, uint64_t (*chosen)[2])
{
    uint32_t n = 0;
    for (uint32_t task = 1; task <= TASKS; task++) {
        if (client_below(client, 3) == 0)
            continue;
        chosen[n][0] = 1 + client_below(client, 2);
        chosen[n][1] = 3;
        answers[n] = (struct answer){ .task = task, .chosen = { task % 2 == 1 ? 1 : 1 + (uint32_t)client_below(client, 2), chosen[n] } };
        n++;
    }
    if (n == 0) {
        answers[0] = (struct answer){ .task = 1 };
        n = 1;
    }
    return n;
}

static bool pick_procedure(struct client *client, uint32_t *procedure)
{
    const struct story *centre = centre_of(client);
    *procedure = (uint32_t)client_below(client, centre->procedures);
    return centre->procedure[*procedure].known;
}

static void begin_sitting(struct client *client, struct story_person *person)
{
    struct principal who = self(client, person);
    uint32_t procedure;
    if (person->sittings == SITTINGS_MOST || !pick_procedure(client, &procedure))
        return;
    for (uint32_t i = 0; i < person->sittings; i++)
        if (person->sitting[i].procedure == procedure)
            return;
    struct sitting_start body = { .procedure = story_id("procedure", procedure), .person = person->id };
    person->sitting[person->sittings] = (struct story_sitting){ .person = person->id, .procedure = procedure };
    client_send(client, &who, "diagnostics.sitting.start", &body, SUBJECT(person->number, person->sittings++));
}

static void go_on_sitting(struct client *client, struct story_person *person, uint32_t i)
{
    struct principal who = self(client, person);
    struct sitting_id body = { .sitting = person->sitting[i].id };
    struct answer answers[TASKS];
    uint64_t chosen[TASKS][2];
    if (client_below(client, 2) > 0) {
        struct sitting_save save = { .sitting = person->sitting[i].id, .answers = { answers_make(client, answers, chosen), answers } };
        client_send(client, &who, "diagnostics.sitting.save", &save, SUBJECT(person->number, i));
    } else
        client_send(client, &who, "diagnostics.sitting.submit", &body, SUBJECT(person->number, i));
}

static void record_sitting(struct client *client, struct story_person *person)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    struct answer answers[TASKS];
    uint64_t chosen[TASKS][2];
    uint32_t procedure;
    if (person->sittings == SITTINGS_MOST || !pick_procedure(client, &procedure))
        return;
    struct sitting_record body = {
        .procedure = story_id("procedure", procedure), .person = person->id,
        .day = story_today(client) - 5 - (day_t)client_below(client, 40),
        .answers = { answers_make(client, answers, chosen), answers },
    };
    person->sitting[person->sittings] = (struct story_sitting){ .person = person->id, .procedure = procedure, .day = body.day };
    client_send(client, &who, "diagnostics.sitting.record", &body, SUBJECT(person->number, person->sittings++));
}

/* ── learning by hand ─────────────────────────────────────────────────────── */

/* Enrolled on paper, attested, and then a document, or he leaves. Some of it comes too early and is refused. */
static void learn(struct client *client, struct story_person *person)
{
    const struct story *centre = centre_of(client);
    struct principal who = story_who(client, ROLE_INSTITUTE);
    uint32_t key[3] = { client->number, person->number, person->learned / 3 };
    uint32_t run = centre->runs > 0 ? (uint32_t)client_below(client, centre->runs) : 0;
    day_t today = story_today(client);
    struct uuid id = uuid_derive("enrolment", bytes(key, sizeof key));
    struct enrolment_record record = { .id = id, .run = story_id("run", run), .person = person->id, .day = today - 30 };
    struct attestation_record attestation = { id, ATTESTATION_FINAL, true, today - 10 };
    struct certificate_issue certificate = { id, arena_format(&client->arena, "У-%u-%u-%u", key[0], key[1], key[2]), today - 5 };
    struct enrolment_end end = { id, today - 5, (int)client_below(client, end_reason_count) };
    if (!centre->run[run].known || client_waiting(client, PROGRAMMES) > 2)
        return;
    switch (person->learned++ % 3) {
    case 0: client_send(client, &who, "programmes.enrolment.record", &record, person->number); break;
    case 1: client_send(client, &who, "programmes.attestation.record", &attestation, person->number); break;
    default:
        if (client_below(client, 2) > 0)
            client_send(client, &who, "programmes.certificate.issue", &certificate, person->number);
        else
            client_send(client, &who, "programmes.enrolment.end", &end, person->number);
        break;
    }
}

/* ── routes, completions, support ─────────────────────────────────────────── */

static struct uuid route_of(const struct story_sitting *sitting)
{
    return uuid_derive("route", bytes(&sitting->id, sizeof sitting->id));
}

static void move_route(struct client *client, struct story_person *person, uint32_t i)
{
    static const char *const steps[] = { "routes.route.agree", "routes.route.activate", "routes.route.close" };
    struct story_sitting *sitting = &person->sitting[i];
    struct principal who = story_who(client, ROLE_CENTRE);
    struct route_move body = { .route = route_of(sitting) };
    struct agreement_record record = { .route = body.route, .day = story_today(client) - (day_t)client_below(client, 3) };
    struct route_end end = { body.route, "переехала" };
    if (sitting->steps == 3 || client_waiting(client, ROUTES) > 2)
        return;
    if (sitting->steps > 0 && client_below(client, 3) == 0)
        client_send(client, &who, "routes.route.end", &end, SUBJECT(person->number, i));
    else if (sitting->steps == 0 && client_below(client, 2) == 0)
        client_send(client, &who, "routes.agreement.record", &record, SUBJECT(person->number, i));
    else
        client_send(client, &who, steps[sitting->steps], &body, SUBJECT(person->number, i));
}

static void complete(struct client *client, struct story_person *person)
{
    const struct story *centre = centre_of(client);
    const struct story_programme *programme = &centre->programme[client_below(client, centre->programmes)];
    struct principal who = story_who(client, ROLE_INSTITUTE);
    struct completion_record body = {
        .programme = programme->id, .person = person->id, .document = "удостоверение",
        .day = story_today(client) - 1 - (day_t)client_below(client, 90),
    };
    if (!programme->known)
        return;
    body.enrolled = body.day - (day_t)client_below(client, 30);
    if (person->sittings > 0 && client_below(client, 2) > 0)
        body.route = route_of(&person->sitting[client_below(client, person->sittings)]);
    client_send(client, &who, "programmes.completion.record", &body, person->number);
}

static void support(struct client *client, struct story_person *person)
{
    struct principal who = story_who(client, ROLE_MUNICIPAL);
    struct support_record body = { .person = person->id, .form = PICK(FORMS, client_below(client, 3)),
                                   .day = story_today(client) - (day_t)client_below(client, 60) };
    client_send(client, &who, "routes.support.record", &body, person->number);
}

static void ask(struct client *client, struct story_person *person)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    struct routes_of routes = { .person = person->id };
    const char *code = arena_format(&client->arena, "М%u-%u", client->number, person->number);
    struct codes codes = { .codes = { 1, &code } };
    uint32_t scored = 0;                    /* those whose result stands at a position that goes along */
    for (uint32_t i = 0; i < person->sittings; i++)
        scored |= (uint32_t)person->sitting[i].handed_in << i;
    if (client_below(client, 2))
        client_query(client, &who, ROUTES, "routes.route.list", &routes_of_desc, &routes, SUBJECT(person->number, scored));
    else
        client_query(client, &who, ROSTER, "roster.person.find", &codes_desc, &codes, person->number);
}

/* ── acting ───────────────────────────────────────────────────────────────── */

static void act_on_route(struct client *client, struct story_person *person)
{
    uint32_t from = (uint32_t)client_below(client, SITTINGS_MOST);
    for (uint32_t k = 0; k < SITTINGS_MOST; k++) {
        const struct story_sitting *sitting = &person->sitting[(from + k) % SITTINGS_MOST];
        if (sitting->scored && !uuid_is_nil(&sitting->id) && sitting->steps < 3) {
            move_route(client, person, (from + k) % SITTINGS_MOST);
            return;
        }
    }
}

static void act_on_sitting(struct client *client, struct story_person *person)
{
    uint32_t i = person->sittings > 0 ? (uint32_t)client_below(client, person->sittings) : 0;
    struct story_sitting *sitting = &person->sitting[i];
    if (person->sittings == 0 || (!sitting->open && !sitting->scored) || uuid_is_nil(&sitting->id)) {
        if (client_below(client, 3) > 0)
            begin_sitting(client, person);
        else
            record_sitting(client, person);
    } else if (sitting->open)
        go_on_sitting(client, person, i);
    else if (person->sittings < SITTINGS_MOST && sitting->steps == 3)
        begin_sitting(client, person);
    else
        move_route(client, person, i);
}

void people_act(struct client *client)
{
    struct story *story = client->story;
    if (story->persons < 3 || client_below(client, 12) == 0) {
        if (client_waiting(client, ROSTER) < 3)
            hire(client);
        return;
    }
    struct story_person *person = &story->person[client_below(client, story->persons)];
    if (!person->known)
        return;
    switch (client_below(client, 16)) {
    case 14: case 15: learn(client, person); break;
    case 0: case 1: change_staff(client, person); break;
    case 2: complete(client, person); break;
    case 3: support(client, person); break;
    case 4: ask(client, person); break;
    case 5: case 6: act_on_route(client, person); break;
    default:
        if (client_waiting(client, DIAGNOSTICS) < 3)
            act_on_sitting(client, person);
        break;
    }
}

/* ── what comes back ──────────────────────────────────────────────────────── */

static void told_worker(struct client *client, struct story_person *person, const struct sent *sent)
{
    struct worker_recorded recorded;
    struct msg_error error;
    if (msg_decode(&worker_recorded_desc, buf_bytes(&sent->answer), MSG_LENIENT, &client->arena, &recorded, &error) != 0)
        return;
    person->known = true;
    person->id = recorded.person;
    if (SUBJECT_WHAT(sent->subject) == WORKER_PART) {
        person->part_post = recorded.post;
        person->has_part = true;
    }
}

static void told_sitting(struct client *client, struct story_sitting *sitting, const struct sent *sent)
{
    struct sitting_begun begun;
    struct msg_error error;
    const char *verb = strrchr(sent->method, '.') + 1;
    if (strcmp(verb, "start") == 0) {
        if (msg_decode(&sitting_begun_desc, buf_bytes(&sent->answer), MSG_LENIENT, &client->arena, &begun, &error) != 0)
            return;
        sitting->id = begun.sitting;
        sitting->open = !sitting->scored;
    } else if (strcmp(verb, "record") == 0) {
        sitting->id = answered_id(client, sent);
        sitting->scored = sitting->handed_in = true;
    } else if (strcmp(verb, "submit") == 0) {
        sitting->open = false;
        sitting->scored = sitting->handed_in = true;
    }
}

/* The command is about the very person that the row has made: after a restore it may have been another row
 * of his that made him. */
static bool names(struct client *client, const struct sent *sent, const struct sent *row)
{
    struct worker_recorded recorded;
    struct msg_error error;
    return msg_decode(&worker_recorded_desc, buf_bytes(&row->answer), MSG_LENIENT, &client->arena, &recorded, &error) == 0 &&
           memmem(sent->body.at, sent->body.n, &recorded.person, sizeof recorded.person) != NULL;
}

/* Who was recorded before this was sent, and in the history that is still there, is known to everybody who
 * was told to look after that. */
static void look_unknown(struct client *client, const struct story_person *person, const struct sent *sent)
{
    const struct node *roster = client->w->node[ROSTER];
    if (!sent->fresh || sent->bare || sent->service == ROSTER || strcmp(client_reason(client, sent), "person_unknown") != 0)
        return;
    for (uint32_t i = 0; i < client->count; i++) {
        const struct sent *row = client->sent[i];
        if (row->subject == SUBJECT(person->number, WORKER_MAIN) && row->state == SENT_ANSWERED && !row->refused &&
            strcmp(row->method, "roster.worker.record") == 0 && row->answered_at < sent->flown_at &&
            row->life + 1 == roster->lives && names(client, sent, row))
            world_violation(client->w, "%s was asked after its person was recorded, and does not know him", sent->method);
    }
}

static void told_refusal(struct client *client, struct story_person *person, const struct sent *sent)
{
    struct story_sitting *sitting = &person->sitting[SUBJECT_WHAT(sent->subject) % SITTINGS_MOST];
    look_unknown(client, person, sent);
    if (strcmp(sent->method, "diagnostics.sitting.save") == 0 || strcmp(sent->method, "diagnostics.sitting.submit") == 0) {
        sitting->open = false;              /* its time is up: it will be scored by itself */
        sitting->scored = true;
    }
}

void people_told(struct client *client, struct sent *sent)
{
    struct story_person *person = &client->story->person[SUBJECT_NUMBER(sent->subject) % PERSONS_MOST];
    struct story_sitting *sitting = &person->sitting[SUBJECT_WHAT(sent->subject) % SITTINGS_MOST];
    if (sent->refused)
        told_refusal(client, person, sent);
    else if (strcmp(sent->method, "roster.worker.record") == 0)
        told_worker(client, person, sent);
    else if (strncmp(sent->method, "diagnostics.sitting.", 20) == 0)
        told_sitting(client, sitting, sent);
    else if (strcmp(sent->method, "routes.route.end") == 0)
        sitting->steps = 3;
    else if (strncmp(sent->method, "routes.route.", 13) == 0 || strcmp(sent->method, "routes.agreement.record") == 0)
        sitting->steps += sitting->steps < 3;
}

/* ── reading one's writes ─────────────────────────────────────────────────── */

/* Nothing that was asked after may be missing, unless a restore has dropped it since. */
static bool nothing_dropped(const struct client *client)
{
    for (uint32_t i = 0; i < NODES; i++)
        if (client->w->node[i]->lives > 1)
            return false;
    return true;
}

static bool drafted_of(const struct route_list *routes, const struct story_sitting *sitting)
{
    for (uint32_t i = 0; i < routes->rows.n; i++)
        if (uuid_equal(&routes->rows.at[i].draft->sitting, &sitting->id))
            return true;
    return false;
}

void story_read(struct client *client, uint32_t service, uint32_t subject, struct bytes reply)
{
    const struct story_person *person = &client->story->person[SUBJECT_NUMBER(subject)];
    struct route_list routes;
    struct found found;
    struct msg_error error;
    if (client->number == 0 || !nothing_dropped(client))
        return;
    if (service == ROSTER && msg_decode(&found_desc, reply, MSG_LENIENT, &client->arena, &found, &error) == 0) {
        if (found.ids.n != 1 || !uuid_equal(&found.ids.at[0], &person->id))
            world_violation(client->w, "a person who was recorded before is not found");
    } else if (service == ROUTES && msg_decode(&route_list_desc, reply, MSG_LENIENT, &client->arena, &routes, &error) == 0) {
        for (uint32_t i = 0; i < person->sittings; i++)
            if ((SUBJECT_WHAT(subject) >> i & 1) != 0 && !drafted_of(&routes, &person->sitting[i]))
                world_violation(client->w, "a route is missing for who has read after its sitting's result");
    }
    arena_reset(&client->arena);
}
