#include "tests/fault/sim/node.h"
#include "tests/fault/sim/story.h"

/* A municipality: its schools' staff lists, and what its workers and those who accompany them do. */

static const char *const FAMILIES[] = { "Иванова", "Петрова", "Сидорова", "Кузнецова", "Смирнова", "Попова", "Ёлкина", "Щукина" };
static const char *const GIVEN[] = { "Анна", "Мария", "Елена", "Ольга", "Наталья" };
static const char *const TITLES[] = { "учитель", "учитель математики", "директор", "заместитель директора", "методист" };
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
    client_says(client, &who, "roster.worker.record", &body, SUBJECT(person->number, what));
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
        person->from = day_of(2025, 1, 1) + (day_t)client_below(client, 20);     /* before any sitting, however far the clock was set back */
        send_row(client, person, person->school, person->from, WORKER_MOVE);
        break;
    case 2:
        if (!person->has_part)
            send_row(client, person, (person->school + 1) % SCHOOLS, day_of(2024, 10, 1), WORKER_PART);
        break;
    case 3:
        if (person->has_part) {
            struct post_close body = { .post = person->part_post, .until = day_of(2024, 11, 1) + (day_t)client_below(client, 40) };
            client_says(client, &who, "roster.post.close", &body, person->number);
        }
        break;
    default: {
        struct person_read body = { .person = person->id, .purpose = "проверка списка" };
        client_says(client, &who, "roster.person.read", &body, person->number);
        break;
    }
    }
}

/* ── sittings ─────────────────────────────────────────────────────────────── */

/* The worker himself, or a console that acts for him. */
struct principal person_self(struct client *client, const struct story_person *person)
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
    struct principal who = person_self(client, person);
    uint32_t procedure;
    if (person->sittings == SITTINGS_MOST || !pick_procedure(client, &procedure))
        return;
    for (uint32_t i = 0; i < person->sittings; i++)
        if (person->sitting[i].procedure == procedure)
            return;
    struct sitting_start body = { .procedure = story_id("procedure", procedure), .person = person->id };
    person->sitting[person->sittings] = (struct story_sitting){ .person = person->id, .procedure = procedure };
    client_says(client, &who, "diagnostics.sitting.start", &body, SUBJECT(person->number, person->sittings++));
}

static void go_on_sitting(struct client *client, struct story_person *person, uint32_t i)
{
    struct principal who = person_self(client, person);
    struct sitting_id body = { .sitting = person->sitting[i].id };
    struct answer answers[TASKS];
    uint64_t chosen[TASKS][2];
    if (client_below(client, 2) > 0) {
        struct sitting_save save = { .sitting = person->sitting[i].id, .answers = { answers_make(client, answers, chosen), answers } };
        client_says(client, &who, "diagnostics.sitting.save", &save, SUBJECT(person->number, i));
    } else
        client_says(client, &who, "diagnostics.sitting.submit", &body, SUBJECT(person->number, i));
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
    client_says(client, &who, "diagnostics.sitting.record", &body, SUBJECT(person->number, person->sittings++));
}

/* ── asking ───────────────────────────────────────────────────────────────── */

static void ask_routes(struct client *client, struct story_person *person)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    struct routes_of routes = { .person = person->id };
    uint32_t scored = 0;                    /* those whose result stands at a position that goes along */
    for (uint32_t i = 0; i < person->sittings; i++)
        scored |= (uint32_t)person->sitting[i].handed_in << i;
    client_query(client, &who, ROUTES, "routes.route.list", &routes_of_desc, &routes, SUBJECT(person->number, scored));
}

static void ask(struct client *client, struct story_person *person)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    const char *code = arena_format(&client->arena, "М%u-%u", client->number, person->number);
    struct codes codes = { .codes = { 1, &code } };
    if (client_below(client, 4))
        ask_routes(client, person);
    else
        client_query(client, &who, ROSTER, "roster.person.find", &codes_desc, &codes, person->number);
}

/* ── acting ───────────────────────────────────────────────────────────────── */

/* What is open goes on before another begins: results are what everything else comes from. */
static void act_on_sitting(struct client *client, struct story_person *person)
{
    uint32_t last = person->sittings > 0 ? person->sittings - 1 : 0, open = SITTINGS_MOST;
    for (uint32_t i = 0; i < person->sittings; i++)
        if (person->sitting[i].open && !uuid_is_nil(&person->sitting[i].id))
            open = i;
    if (open < SITTINGS_MOST)
        go_on_sitting(client, person, open);
    else if (person->sittings > 0 && person->sitting[last].scored && person->sitting[last].steps == 0)
        route_move(client, person, last);
    else if (client_below(client, 3) > 0)
        begin_sitting(client, person);
    else
        record_sitting(client, person);
}

void people_act(struct client *client)
{
    struct story *story = client->story;
    if (story->persons < 3 || client_below(client, 12) == 0) {
        if (client_waiting(client, ROSTER) < 3)
            hire(client);
        return;
    }
    /* Half of what happens, happens to the first few: their stories go on to the end. */
    struct story_person *person = &story->person[client_below(client, client_below(client, 2) ? 3 : story->persons)];
    if (!person->known)
        return;
    if (person->learning && client_below(client, 2)) {
        steps_act(client, person);
        return;
    }
    switch (client_below(client, 22)) {
    case 0: case 1: change_staff(client, person); break;
    case 2: case 3:                         /* what hangs together with nothing does not keep the rest waiting */
        if (client_waiting(client, PROGRAMMES) == 0 && client_below(client, 2))
            person_completes(client, person);
        else if (client_waiting(client, ROUTES) == 0)
            person_supported(client, person);
        break;
    case 4: case 5: case 6: ask(client, person); break;
    case 7: case 8: routes_act(client, person); break;
    case 9: person_learns(client, person); break;
    case 10: case 11: case 12: tutors_act(client, person); break;
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
    else if (strncmp(sent->method, "routes.tutor.", 13) == 0)
        person->tutor = strcmp(sent->method, "routes.tutor.appoint") == 0 || (person->tutor && strcmp(sent->method, "routes.tutor.release") != 0);
    else if (strncmp(sent->method, "routes.route.", 13) == 0 || strcmp(sent->method, "routes.agreement.record") == 0)
        sitting->steps += sitting->steps < 3;
    if (!sent->refused && (sent->service == ROUTES || sent->service == PROGRAMMES) && person->known)
        ask_routes(client, person);
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
    struct story_person *person = &client->story->person[SUBJECT_NUMBER(subject) % PERSONS_MOST];
    struct route_list routes;
    struct found found;
    struct msg_error error;
    if (client->number == 0 || client->number > PEOPLE)
        return;
    if (service == ROUTES && msg_decode(&route_list_desc, reply, MSG_LENIENT, &client->arena, &routes, &error) == 0)
        steps_told(person, &routes);
    if (!nothing_dropped(client)) {
        arena_reset(&client->arena);
        return;
    }
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
