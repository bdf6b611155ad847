#include "tests/fault/sim/story.h"

/* What becomes of a result: routes and their steps, learning, documents, support, and those who accompany. */

static const char *const FORMS[] = { "наставничество", "школа молодого учителя", "стажировка" };
#define PICK(list, i) ((list)[(i) % (sizeof(list) / sizeof *(list))])

/* ── learning by hand ─────────────────────────────────────────────────────── */

/* Enrolled on paper, attested, and then a document, or he leaves. Some of it comes too early and is refused. */
void person_learns(struct client *client, struct story_person *person)
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
    case 0: client_says(client, &who, "programmes.enrolment.record", &record, person->number); break;
    case 1: client_says(client, &who, "programmes.attestation.record", &attestation, person->number); break;
    default:
        if (client_below(client, 2) > 0)
            client_says(client, &who, "programmes.certificate.issue", &certificate, person->number);
        else
            client_says(client, &who, "programmes.enrolment.end", &end, person->number);
        break;
    }
}

/* ── routes, completions, support ─────────────────────────────────────────── */

static struct uuid route_of(const struct story_sitting *sitting)
{
    return uuid_derive("route", bytes(&sitting->id, sizeof sitting->id));
}

void route_move(struct client *client, struct story_person *person, uint32_t i)
{
    static const char *const steps[] = { "routes.route.agree", "routes.route.activate", "routes.route.close" };
    struct story_sitting *sitting = &person->sitting[i];
    struct principal who = story_who(client, ROLE_CENTRE);
    struct route_move body = { .route = route_of(sitting) };
    struct agreement_record record = { .route = body.route, .day = story_today(client) - (day_t)client_below(client, 3) };
    struct route_end end = { body.route, "переехала" };
    if (sitting->steps == 3 || client_waiting(client, ROUTES) > 2)
        return;
    if (sitting->steps > 0 && client_below(client, 5) == 0)
        client_says(client, &who, "routes.route.end", &end, SUBJECT(person->number, i));
    else if (sitting->steps == 0 && client_below(client, 4) == 0)
        client_says(client, &who, "routes.agreement.record", &record, SUBJECT(person->number, i));
    else
        client_says(client, &who, steps[sitting->steps], &body, SUBJECT(person->number, i));
}

void person_completes(struct client *client, struct story_person *person)
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
    client_says(client, &who, "programmes.completion.record", &body, person->number);
}

void person_supported(struct client *client, struct story_person *person)
{
    struct principal who = story_who(client, ROLE_MUNICIPAL);
    struct support_record body = { .person = person->id, .form = PICK(FORMS, client_below(client, 3)),
                                   .day = story_today(client) - (day_t)client_below(client, 60) };
    client_says(client, &who, "routes.support.record", &body, person->number);
}

void routes_act(struct client *client, struct story_person *person)
{
    uint32_t from = (uint32_t)client_below(client, SITTINGS_MOST);
    for (uint32_t k = 0; k < SITTINGS_MOST; k++) {
        const struct story_sitting *sitting = &person->sitting[(from + k) % SITTINGS_MOST];
        if (sitting->scored && !uuid_is_nil(&sitting->id) && sitting->steps < 3) {
            route_move(client, person, (from + k) % SITTINGS_MOST);
            return;
        }
    }
}

/* ── steps ────────────────────────────────────────────────────────────────── */

/* As routes tells it: which programmes the steps are of, and how they stand. */
void steps_told(struct story_person *person, const struct route_list *routes)
{
    for (uint32_t r = 0; r < routes->rows.n; r++)
        for (uint32_t i = 0; i < person->sittings; i++) {
            const struct route *route = &routes->rows.at[r];
            struct story_sitting *sitting = &person->sitting[i];
            if (!uuid_equal(&route->draft->sitting, &sitting->id))
                continue;
            sitting->route_state = route->state;
            person->learning |= route->state != ROUTE_DRAFT && route->step_states.n > 0;
            sitting->step_count = 0;
            for (uint32_t k = 0; k < route->step_states.n && k < STEPS_KEPT; k++) {
                const struct step_now *now = &route->step_states.at[k];
                sitting->step[sitting->step_count++] =
                    (struct story_step){ now->programme, now->enrolment, route->draft->steps.at[k].alternative, now->completion, now->state };
            }
        }
}

static void step_of_person(struct client *client, struct story_person *person, uint32_t i, uint32_t k)
{
    struct story_sitting *sitting = &person->sitting[i];
    struct principal himself = person_self(client, person), tutor = story_who(client, ROLE_TUTOR);
    struct uuid route = route_of(sitting);
    struct step_submit submit = { route, k + 1, "проведён открытый урок" };
    struct step_accept accept = { route, k + 1, "зачтено" };
    struct step_return back = { route, k + 1, "нет плана занятия" };
    struct step_choose choose = { route, k + 1, uuid_is_nil(&sitting->step[k].alternative) ? sitting->step[k].programme : sitting->step[k].alternative };
    bool submitted = sitting->step[k].state == STEP_SUBMITTED;
    switch (client_below(client, 8)) {
    case 0: client_says(client, &himself, "routes.step.choose", &choose, SUBJECT(person->number, i)); break;
    case 1: client_says(client, &himself, "routes.step.submit", &submit, SUBJECT(person->number, i)); break;
    case 2: client_says(client, &tutor, "routes.step.accept", &accept, SUBJECT(person->number, i)); break;
    case 3: case 4: case 5:
        client_says(client, submitted ? &tutor : &himself, submitted ? "routes.step.return" : "routes.step.submit",
                    submitted ? (const void *)&back : &submit, SUBJECT(person->number, i));
        break;
    default:
        client_says(client, submitted ? &tutor : &himself, submitted ? "routes.step.accept" : "routes.step.submit",
                    submitted ? (const void *)&accept : &submit, SUBJECT(person->number, i));
        break;
    }
}

/* He is enrolled by what the two journals say to one another; his provider attests and certifies. */
static void step_of_provider(struct client *client, struct story_person *person, uint32_t i, const struct story_step *step)
{
    struct principal who = story_who(client, ROLE_INSTITUTE);
    day_t today = story_today(client);
    char number[UUID_TEXT + 1];
    uuid_format(&step->enrolment, number);
    struct enrolment_open open = { .run = story_id("run", (uint32_t)client_below(client, RUNS_MOST)), .person = person->id };
    struct attestation_record attestation = { step->enrolment, client_below(client, 4) == 0 ? ATTESTATION_INTERIM : ATTESTATION_FINAL,
                                              client_below(client, 5) > 0, today };
    struct certificate_issue certificate = { step->enrolment, number, today };
    struct enrolment_end end = { step->enrolment, today, END_WITHDREW };
    if (client_waiting(client, PROGRAMMES) > 2)
        return;
    struct completion_record document = {                   /* a person has accepted it, and here is what it rests on */
        .programme = step->programme, .person = person->id, .enrolled = today, .day = today, .document = arena_format(&client->arena, "Д-%u-%u", person->number, i),
        .route = route_of(&person->sitting[i]) };
    if (step->state == STEP_ACCEPTED && (uuid_is_nil(&step->enrolment) || client_below(client, 2)))
        client_says(client, &who, "programmes.completion.record", &document, SUBJECT(person->number, i));
    else if (uuid_is_nil(&step->enrolment))
        client_says(client, &who, "programmes.enrolment.open", &open, SUBJECT(person->number, i));
    else if (client_below(client, 12) == 0)
        client_says(client, &who, "programmes.enrolment.end", &end, SUBJECT(person->number, i));
    else if (client_below(client, 2) == 0)
        client_says(client, &who, "programmes.attestation.record", &attestation, SUBJECT(person->number, i));
    else
        client_says(client, &who, "programmes.certificate.issue", &certificate, SUBJECT(person->number, i));
}

void steps_act(struct client *client, struct story_person *person)
{
    uint32_t from = (uint32_t)client_below(client, SITTINGS_MOST);
    for (uint32_t n = 0; n < SITTINGS_MOST; n++) {
        uint32_t i = (from + n) % SITTINGS_MOST;
        struct story_sitting *sitting = &person->sitting[i];
        if (sitting->step_count == 0 || sitting->route_state == ROUTE_DRAFT || sitting->route_state == ROUTE_ENDED)
            continue;
        uint32_t k = (uint32_t)client_below(client, sitting->step_count), open = 0;
        bool paper = false;
        while (open < sitting->step_count && sitting->step[open].state == STEP_ACCEPTED)
            open++;
        for (uint32_t done = 0; done < sitting->step_count && !paper; done++)
            if (sitting->step[done].state == STEP_ACCEPTED && uuid_is_nil(&sitting->step[done].completion) && client_below(client, 2)) {
                k = done;
                paper = true;               /* the document for what a person has accepted */
            }
        if (!paper && open < sitting->step_count && client_below(client, 4) > 0)
            k = open;                       /* one after the other, as a rule */
        if (paper || client_below(client, 3) == 0 || sitting->route_state == ROUTE_CLOSED)
            step_of_provider(client, person, i, &sitting->step[k]);
        else if (client_waiting(client, ROUTES) < 3)
            step_of_person(client, person, i, k);
        return;
    }
}

/* ── tutors ───────────────────────────────────────────────────────────────── */

void tutors_act(struct client *client, struct story_person *person)
{
    struct principal who = story_who(client, client_below(client, 2) ? ROLE_MUNICIPAL : ROLE_CENTRE);
    int kind = (int)client_below(client, tutor_kind_count);
    struct tutor_appoint appoint = { .person = person->id, .kind = kind, .limit = client_below(client, 4) };
    struct tutor_release release = { person->id, kind, "уехала" };
    struct tutor_assign assign = { .person = person->id, .kind = kind };
    if (client_waiting(client, ROUTES) > 0)
        return;
    if (!person->tutor && client_below(client, 2) == 0)
        client_says(client, &who, "routes.tutor.appoint", &appoint, person->number);
    else if (person->tutor && client_below(client, 3) > 0)
        client_says(client, &who, "routes.tutor.release", &release, person->number);
    else
        client_says(client, &who, "routes.tutor.assign", &assign, person->number);
}
