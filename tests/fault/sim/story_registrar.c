#include "tests/fault/sim/registrar.h"

#include <stdlib.h>

#include "proto/roster_calls.h"
#include "proto/roster_privacy.h"

struct registry *registry_new(void)
{
    struct registry *registry = calloc(1, sizeof *registry);
    if (registry == NULL)
        abort();
    return registry;
}

void registry_free(struct registry **registry)
{
    if (*registry != NULL)
        free((*registry)->erased.at);
    free(*registry);
    *registry = NULL;
}

/* ── what the stories need ────────────────────────────────────────────────── */

static void keep(struct registry *registry, enum kept_kind kind, const struct uuid *id)
{
    struct kept *kept = &registry->kept[kind];
    kept->id[kept->n++ % KEPT_MOST] = *id;
}

bool kept_pick(struct client *client, enum kept_kind kind, struct uuid *id)
{
    const struct kept *kept = &client->story->registry->kept[kind];
    if (kept->n == 0)
        return false;
    *id = kept->id[client_below(client, kept->n < KEPT_MOST ? kept->n : KEPT_MOST)];
    return true;
}

bool person_any(struct client *client, struct uuid *id)
{
    struct registry *registry = client->story->registry;
    const struct story *town = client->w->client[1 + client_below(client, PEOPLE)]->story;
    uint32_t record = registry->records > 0 ? (uint32_t)client_below(client, registry->records) : 0;
    uint32_t person = town->persons > 0 ? (uint32_t)client_below(client, town->persons) : 0;
    bool own = client_below(client, 2) > 0;
    *id = own ? registry->record[record].id : town->person[person].id;
    return own ? registry->record[record].known : town->person[person].known;
}

day_t days_ago(struct client *client, uint32_t most)
{
    return story_today(client) - (day_t)client_below(client, most);
}

const char *titled(struct client *client, const char *what)
{
    return arena_format(&client->arena, "%s %u", what, ++client->story->registry->made);
}

void centre_says_of(struct client *client, const char *method, const void *body, uint32_t record, enum kept_kind kept)
{
    struct principal who = story_who(client, ROLE_CENTRE);
    client_says(client, &who, method, body, SUBJECT(record, kept));
}

void centre_says(struct client *client, const char *method, const void *body, enum kept_kind kept)
{
    centre_says_of(client, method, body, 0, kept);
}

/* ── acting ───────────────────────────────────────────────────────────────── */

#define WAITS_MOST 6
static const struct { uint32_t weight; deed *act; } DEEDS[] = {
    { 6, record_next }, { 4, record_changed }, { 2, record_facts }, { 5, records_merged }, { 5, records_unmerged }, { 4, consent_moves },
    { 2, record_blocked }, { 9, record_leaves }, { 6, doubt_moves }, { 2, record_looked_at },
    { 2, unit_more }, { 1, unit_renamed }, { 2, unit_moved }, { 1, unit_founded }, { 2, unit_closed }, { 2, unit_reopened }, { 1, unit_merged },
    { 1, unit_split }, { 2, post_transferred },
    { 6, staff_entered }, { 3, site_entered }, { 2, agreement_entered }, { 2, room_entered }, { 8, entry_goes_on }, { 4, part_moves }, { 5, duty_moves },
    { 8, document_moves }, { 2, review_opens }, { 22, review_moves }, { 4, call_moves }, { 4, training_moves }, { 4, vacancy_moves },
    { 6, booking_moves }, { 1, tie_told },
};

static deed *drawn(struct client *client)
{
    uint32_t sum = 0, i = 0;
    for (size_t k = 0; k < sizeof DEEDS / sizeof *DEEDS; k++)
        sum += DEEDS[k].weight;
    for (uint64_t left = client_below(client, sum); left >= DEEDS[i].weight; i++)
        left -= DEEDS[i].weight;
    return DEEDS[i].act;
}

void registrar_act(struct client *client)
{
    const struct registry *registry = client->story->registry;
    if (!centre_ready(client) || client_waiting(client, ROSTER) >= WAITS_MOST || client->resending[ROSTER])
        return;
    if (registry->units < TOWNS + 4)
        unit_next(client);
    else if (registry->records < 4)
        record_next(client);
    else
        drawn(client)(client);
}

/* ── what comes back ──────────────────────────────────────────────────────── */

static void told_record(struct client *client, const struct sent *sent, struct record *record)
{
    struct worker_recorded recorded;
    struct msg_error error;
    if (strcmp(sent->method, "roster.worker.record") != 0 ||
        msg_decode(&worker_recorded_desc, buf_bytes(&sent->answer), MSG_LENIENT, &client->arena, &recorded, &error) != 0)
        return;
    record->known = true;
    record->id = recorded.person;
    record->post = recorded.post;
}

static void told_applied(struct client *client, const struct sent *sent)
{
    struct application application;
    struct msg_error error;
    if (msg_decode(&application_desc, buf_bytes(&sent->answer), MSG_LENIENT, &client->arena, &application, &error) != 0)
        return;
    keep(client->story->registry, KEPT_SITES, &application.entry);
    keep(client->story->registry, KEPT_REVIEWS, &application.review);
}

/* Whoever is entered there can be given works. */
static void told_staff(struct client *client, const struct sent *sent)
{
    struct entry_record entry;
    struct msg_error error;
    if (strcmp(sent->method, "roster.entry.record") == 0 &&
        msg_decode(&entry_record_desc, buf_bytes(&sent->body), MSG_LENIENT, &client->arena, &entry, &error) == 0)
        keep(client->story->registry, KEPT_EXPERTS, &entry.person);
}

static void told_erased(struct client *client, const struct sent *sent)
{
    struct person_erase erase;
    struct msg_error error;
    if (msg_decode(&person_erase_desc, buf_bytes(&sent->body), MSG_LENIENT, &client->arena, &erase, &error) == 0)
        ids_add_one(&client->story->registry->erased, &erase.person);
}

void registrar_told(struct client *client, struct sent *sent)
{
    struct registry *registry = client->story->registry;
    enum kept_kind kept = SUBJECT_WHAT(sent->subject);
    struct record *record = &registry->record[SUBJECT_NUMBER(sent->subject) % RECORDS_MOST];
    if (sent->refused)
        return;
    if (kept == KEPT_STAFF)
        told_staff(client, sent);
    if (strcmp(sent->method, "roster.person.erase") == 0)
        told_erased(client, sent);
    else if (strcmp(sent->method, "roster.call.apply") == 0)
        told_applied(client, sent);
    else if (kept == KEPT_RECORD)
        told_record(client, sent, record);
    else if (kept == KEPT_MERGED || kept == KEPT_PARTED)
        record->merged = kept == KEPT_MERGED;
    else if (kept == KEPT_LEFT)
        record->left = true;
    else if (kept == KEPT_UNIT)
        registry->unit[SUBJECT_NUMBER(sent->subject)] = true;
    else if (kept != KEPT_NOTHING && sent->gives == &registered_desc) {
        struct uuid id = answered_id(client, sent);
        keep(registry, kept, &id);
    }
}
