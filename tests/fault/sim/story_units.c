#include "proto/roster_tree.h"
#include "tests/fault/sim/registrar.h"

/* Organisations that change: some of it is refused, since others have closed meanwhile, or people work there. */

struct uuid unit_id(uint32_t unit)
{
    return story_id("registrar's unit", unit);
}

uint32_t unit_any(struct client *client)
{
    uint32_t units = client->story->registry->units;
    return TOWNS + (uint32_t)client_below(client, units > TOWNS ? units - TOWNS : 1);
}

static void unit_register(struct client *client, uint32_t unit)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    struct organisation_register body = {
        .id = unit_id(unit), .code = arena_format(&client->arena, "Р-%u", unit), .kind = unit < TOWNS ? ORG_MUNICIPALITY : ORG_SCHOOL,
        .title = arena_format(&client->arena, "Единица %u", unit), .parent = unit < TOWNS ? REGION : unit_id(unit % TOWNS), .opened = day_of(2020, 1, 1),
    };
    client_says(client, &who, "roster.organisation.register", &body, SUBJECT(unit, KEPT_UNIT));
}

/* Those that all the others stand on: sent until they are there. */
void unit_next(struct client *client)
{
    struct registry *registry = client->story->registry;
    if (registry->units > 0 && !registry->unit[registry->units - 1])
        unit_register(client, registry->units - 1);
    else
        unit_register(client, registry->units++);
}

void unit_more(struct client *client)
{
    struct registry *registry = client->story->registry;
    if (registry->units < UNITS_MOST)
        unit_register(client, registry->units++);
}

#define CHANGE(client) .day = days_ago(client, 40), .ground = "приказ", .document = "№ 7"

void unit_renamed(struct client *client)
{
    struct organisation_rename body = { .id = unit_id(unit_any(client)), .title = titled(client, "Школа"), CHANGE(client) };
    centre_says(client, "roster.organisation.rename", &body, KEPT_NOTHING);
}

void unit_moved(struct client *client)
{
    struct organisation_move body = { .id = unit_id(unit_any(client)), .parent = unit_id((uint32_t)client_below(client, TOWNS)), CHANGE(client) };
    centre_says(client, "roster.organisation.move", &body, KEPT_NOTHING);
}

void unit_founded(struct client *client)
{
    struct organisation_found body = { .id = unit_id(unit_any(client)),
                                       .founder = client_below(client, 2) ? REGION : unit_id((uint32_t)client_below(client, TOWNS)), CHANGE(client) };
    centre_says(client, "roster.organisation.found", &body, KEPT_NOTHING);
}

void unit_closed(struct client *client)
{
    struct organisation_close body = { .id = unit_id(unit_any(client)), CHANGE(client) };
    centre_says(client, "roster.organisation.close", &body, KEPT_NOTHING);
}

void unit_reopened(struct client *client)
{
    struct organisation_close body = { .id = unit_id(unit_any(client)), CHANGE(client) };
    centre_says(client, "roster.organisation.reopen", &body, KEPT_NOTHING);
}

void unit_merged(struct client *client)
{
    struct uuid units[2] = { unit_id(unit_any(client)), unit_id(unit_any(client)) };
    uint32_t n = uuid_equal(&units[0], &units[1]) ? 1 : 1 + (uint32_t)client_below(client, 2);
    struct organisation_merge body = { .units = { n, units }, .into = unit_id(unit_any(client)), CHANGE(client) };
    centre_says(client, "roster.organisation.merge", &body, KEPT_NOTHING);
}

void unit_split(struct client *client)
{
    struct uuid into[2] = { unit_id(unit_any(client)), unit_id(unit_any(client)) };
    bool goes_on = client_below(client, 2) > 0;
    struct organisation_split body = { .id = unit_id(unit_any(client)), .into = { goes_on ? 1 : 2, into }, .goes_on = goes_on, CHANGE(client) };
    centre_says(client, "roster.organisation.split", &body, KEPT_NOTHING);
}

void post_transferred(struct client *client)
{
    struct registry *registry = client->story->registry;
    const struct record *record = &registry->record[client_below(client, registry->records)];
    struct post_transfer body = { .post = record->post, .organisation = unit_id(unit_any(client)), .day = days_ago(client, 40) };
    if (record->known)
        centre_says(client, "roster.post.transfer", &body, KEPT_NOTHING);
}
