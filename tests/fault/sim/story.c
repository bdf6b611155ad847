#include "tests/fault/sim/story.h"

#include <stdlib.h>

#include "tests/fault/sim/node.h"
#include "tests/fault/sim/registrar.h"

const struct uuid REGION = { { 0x70, 0, 0, 0, 0x12, 0x33, 0x80, 0, 0x80, 0x21, 0x07, 0x15, 0, 0, 0, 0x70 } };

struct uuid story_id(const char *what, uint32_t number)
{
    return uuid_derive(what, bytes(&number, sizeof number));
}

struct uuid story_org(uint32_t org)
{
    return org == ORG_0_REGION ? REGION : story_id("organisation", org);
}

day_t story_today(const struct client *client)
{
    const struct node *node = client->w->node[ROSTER];
    return day_of_moment(node_wall((void *)(uintptr_t)node) - node->skew, 7 * 60);
}

struct principal story_who(const struct client *client, int role)
{
    uint32_t key[2] = { client->number, (uint32_t)role };
    return (struct principal){ .id = uuid_derive("principal", bytes(key, sizeof key)), .role = role,
                               .reach.all = true, .name = role_names.names[role] };
}

struct uuid answered_id(struct client *client, const struct sent *sent)
{
    struct registered registered = { UUID_NIL };
    struct msg_error error;
    msg_decode(&registered_desc, buf_bytes(&sent->answer), MSG_LENIENT, &client->arena, &registered, &error);
    return registered.id;
}

const struct story *centre_of(const struct client *client)
{
    return client->w->client[0]->story;
}

struct story *story_new(struct client *client)
{
    struct story *story = calloc(1, sizeof *story);
    if (story == NULL)
        abort();
    if (client->number == REGISTRAR)
        story->registry = registry_new();
    return story;
}

void story_free(struct story **story)
{
    registry_free(&(*story)->registry);
    free(*story);
    *story = NULL;
}

void story_act(struct client *client)
{
    if (client->number == 0)
        centre_act(client);
    else if (client->number == REGISTRAR)
        registrar_act(client);
    else if (client->number >= CLERK)
        clerk_act(client);
    else if (centre_ready(client)) {
        if (client_below(client, 4) == 0)
            client_hear(client, client->w->client[0]);
        people_act(client);
    }
    arena_reset(&client->arena);
}

void story_told(struct client *client, struct sent *sent)
{
    if (client->number == 0)
        centre_told(client, sent);
    else if (client->number == REGISTRAR)
        registrar_told(client, sent);
    else if (client->number >= CLERK)
        clerk_told(client, sent);
    else
        people_told(client, sent);
    arena_reset(&client->arena);
}
