#include "proto/federal.h"
#include "tests/fault/sim/story.h"

/* The passport's way: opened, filled by itself, submitted, approved, sent; and again when it has been answered. */

enum { STAGE_NONE, STAGE_DRAFT, STAGE_SUBMITTED, STAGE_APPROVED, STAGE_SENT };

static void cell(struct client *client, const struct uuid *passport)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    struct cell_enter enter = { .passport = *passport, .block = 3, .row = "р-1", .column = "значение",
                                .title = "Строка", .value = arena_format(&client->arena, "%llu", (unsigned long long)client_below(client, 90)),
                                .document = "приказ", .day = story_today(client) - 1 };
    struct cell_at at = { *passport, enter.block, "р-1", "значение" };
    if (client_below(client, 2) > 0)
        client_says(client, &who, "federal.cell.enter", &enter, 0);
    else
        client_says(client, &who, "federal.cell.withdraw", &at, 0);
}

static void go_back(struct client *client, const struct uuid *passport)
{
    struct principal centre = story_who(client, ROLE_CENTRE), authority = story_who(client, ROLE_AUTHORITY);
    struct passport_id id = { *passport };
    struct passport_return back = { *passport, "не сходится" };
    struct operator_answer typed = { .passport = *passport, .outcome = ANSWER_AGREED, .number = "ЛК-1", .day = story_today(client) };
    struct passport_recall recall = { *passport, "ошибка в строке" };
    if (client->story->stage == STAGE_SENT && client_below(client, 2)) {
        client_says(client, &centre, "federal.passport.recall", &recall, 0);
        return;
    }
    switch (client_below(client, 5)) {
    case 3: case 0: client_says(client, &authority, "federal.passport.return", &back, 0); break;
    case 1: client_says(client, &centre, "federal.passport.fill", &id, 0); break;
    case 2:
        if (client_below(client, 4) == 0)
            client_says(client, &centre, "federal.answer.enter", &typed, 0);
        break;
    default: cell(client, passport); break;
    }
}

void office_act(struct client *client)
{
    struct story *story = client->story;
    struct principal centre = story_who(client, ROLE_CENTRE), authority = story_who(client, ROLE_AUTHORITY);
    struct passport_open open = { 2024 + client_below(client, 2) };
    struct passport_id id = { story->passport };
    struct passport_approve approve = { .passport = story->passport, .document = "распоряжение" };
    if (client_waiting(client, FEDERAL) > 0)
        return;
    if (story->stage != STAGE_NONE && client_below(client, 2) == 0)
        go_back(client, &story->passport);
    else if (story->stage == STAGE_DRAFT)
        client_says(client, &centre, "federal.passport.submit", &id, 0);
    else if (story->stage == STAGE_SUBMITTED)
        client_says(client, &authority, "federal.passport.approve", &approve, 0);
    else if (story->stage == STAGE_APPROVED)
        client_says(client, &centre, "federal.passport.send", &id, 0);
    else
        client_says(client, &centre, "federal.passport.open", &open, 0);
}

void office_told(struct client *client, struct sent *sent)
{
    static const struct { const char *verb; uint32_t stage; } rows[] = {
        { "open", STAGE_DRAFT }, { "submit", STAGE_SUBMITTED }, { "return", STAGE_DRAFT }, { "approve", STAGE_APPROVED }, { "send", STAGE_SENT },
    };
    struct story *story = client->story;
    const char *verb = strrchr(sent->method, '.') + 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(verb, rows[i].verb) == 0)
            story->stage = rows[i].stage;
    if (strcmp(verb, "open") == 0)
        story->passport = answered_id(client, sent);
}
