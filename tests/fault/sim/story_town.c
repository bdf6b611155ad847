#include "services/node/take.h"
#include "tests/fault/sim/node.h"
#include "tests/fault/sim/story.h"
#include "tests/fault/sim/town.h"

/* The clerks of the municipality that has a node of its own: rows of the staff list and what they tell of persons are
 * entered there, whether the region can be reached or not. One of them sits at the image that somebody has started. */

#define ROWS_MOST 80

static const char *const NAMES[] = { "Белова", "Волкова", "Гусева", "Дроздова", "Жукова" };
static const char *const POSTS[] = { "учитель", "учитель математики", "методист" };

/* Both clerks have the same list before them; each has rows of his own besides. */
static const char *code_of(struct client *client, uint32_t row)
{
    bool own = client->number == COPY_CLERK && row % 3 != 0;
    return arena_format(&client->arena, "%s-%u", own ? "К" : "Г", row);
}

static void enter(struct client *client, const char *method, const void *message, const char *code, uint32_t row)
{
    struct principal who = story_who(client, ROLE_MUNICIPAL);
    struct taking taking = *town_taking(client->w);
    struct node_enter body;
    struct staff_fault fault;
    taking.arena = &client->arena;
    taking.today = story_today(client);
    if (take_message(&taking, node_method_find(method), message, code, "список", &body, &fault))
        client_says(client, &who, "node.item.enter", &body, row);
    taking_wipe(&taking);
}

static void enter_worker(struct client *client, uint32_t row, bool changed)
{
    uint32_t school = ORG_0_FIRST_SCHOOL + TOWN_MUNICIPALITY * SCHOOLS + row % SCHOOLS;
    const struct worker_record body = {
        .code = code_of(client, row), .family = NAMES[(row + changed) % 5], .given = "Вера", .patronymic = "Ильинична",
        .born = arena_format(&client->arena, "19%02u-%02u-11", 60 + row % 40, 1 + client->number + row / 40),
        .organisation = arena_format(&client->arena, "O-%u", school), .post = POSTS[row % 3], .from = day_of(2023, 9, 1) + (day_t)row,
    };
    enter(client, "roster.worker.record", &body, NULL, row);
}

static void enter_fact(struct client *client, uint32_t row)
{
    const struct story *centre = centre_of(client);
    day_t day = story_today(client) - (day_t)client_below(client, 50);
    struct support_record support = { .form = client_below(client, 2) ? "наставничество" : "стажировка", .day = day };
    struct completion_record completion = { .programme = centre->programme[0].id, .enrolled = day - 20, .day = day, .document = "удостоверение" };
    if (client_below(client, 3) > 0 || !centre->programme[0].known)
        enter(client, "routes.support.record", &support, code_of(client, row), row);
    else
        enter(client, "programmes.completion.record", &completion, code_of(client, row), row);
}

/* Not sealed: nobody's name may come to lie in the queue. */
static void enter_openly(struct client *client)
{
    struct principal who = story_who(client, ROLE_MUNICIPAL);
    const struct worker_record open = { .code = "Г-0", .family = "Белова", .given = "Вера", .born = "1970-01-01",
                                        .organisation = "O-1", .post = "учитель", .from = day_of(2024, 9, 1) };
    const struct node_enter body = { .method = "roster.worker.record", .body = msg_encode_in(&client->arena, &worker_record_desc, &open) };
    client_says(client, &who, "node.item.enter", &body, 0);
}

void clerk_act(struct client *client)
{
    struct story *story = client->story;
    uint32_t service = client->number == COPY_CLERK ? COPY : TOWN;
    if (client->w->node[service]->absent || client_waiting(client, service) > 2 || story->titles >= ROWS_MOST || client_below(client, 3) > 0)
        return;
    story->titles++;
    if (story->rows < 3 || client_below(client, 4) == 0)
        enter_worker(client, story->rows++, false);
    else if (client_below(client, 12) == 0)
        enter_openly(client);
    else if (client_below(client, 4) == 0)
        enter_worker(client, (uint32_t)client_below(client, story->rows), client_below(client, 2));
    else
        enter_fact(client, (uint32_t)client_below(client, story->rows + 1));
}

void clerk_told(struct client *client, struct sent *sent)
{
    (void)client, (void)sent;                   /* what becomes of it is the node's to know: checks_town.c */
}
