#include "proto/programmes.h"
#include "proto/roster_doubts.h"
#include "proto/roster_merge.h"
#include "proto/roster_search.h"
#include "tests/fault/sim/registrar.h"

/* Records of people: two in a row are one human, entered from two lists. */

static const char *const FAMILIES[] = { "Орлова", "Соколова", "Воробьёва", "Голубева", "Лебедева", "Журавлёва" };
#define PICK(list, i) ((list)[(i) % (sizeof(list) / sizeof *(list))])

static const char *born(struct client *client, uint32_t record)
{
    return arena_format(&client->arena, "19%02u-0%u-1%u", 60 + record / 2, 1 + record % 2, record % 10);
}

static void send(struct client *client, uint32_t number)
{
    const struct record *record = &client->story->registry->record[number];
    struct principal who = story_who(client, ROLE_CENTRE);
    struct worker_record body = {
        .code = arena_format(&client->arena, "Р-%u", number), .family = PICK(FAMILIES, record->family), .given = "Нина", .patronymic = "Олеговна",
        .born = born(client, number), .organisation = arena_format(&client->arena, "Р-%u", record->unit), .post = "учитель", .from = record->from,
        .education = number % 4 == 1 ? "высшее педагогическое" : NULL,
    };
    client_says(client, &who, "roster.worker.record", &body, SUBJECT(number, KEPT_RECORD));
}

void record_next(struct client *client)
{
    struct registry *registry = client->story->registry;
    if (registry->records == RECORDS_MOST)
        return;
    registry->record[registry->records] = (struct record){ .unit = unit_any(client), .family = registry->records / 2,
                                                           .from = day_of(2023, 9, 1) + (day_t)client_below(client, 300) };
    send(client, registry->records++);
}

static struct record *some(struct client *client, uint32_t *number)
{
    struct registry *registry = client->story->registry;
    *number = (uint32_t)client_below(client, registry->records);
    return registry->record[*number].known ? &registry->record[*number] : NULL;
}

void record_changed(struct client *client)
{
    uint32_t number;
    struct record *record = some(client, &number);
    if (record == NULL || LEAVES(number))
        return;
    if (client_below(client, 2) > 0)
        record->family++;
    else {
        record->unit = unit_any(client);
        record->from = day_of(2024, 9, 1) + (day_t)client_below(client, 60);
    }
    send(client, number);
}

/* What others know of him: it is counted once, whichever of his records it is under. */
void record_facts(struct client *client)
{
    struct principal centre = story_who(client, ROLE_CENTRE), institute = story_who(client, ROLE_INSTITUTE);
    const struct story *story = centre_of(client);
    uint32_t number;
    const struct record *record = some(client, &number);
    uint64_t one[1] = { 1 };
    struct answer answer = { .task = 1, .chosen = { 1, one } };
    if (record == NULL || LEAVES(number))
        return;
    day_t day = story_today(client) - 5 - (day_t)client_below(client, 30);
    uint32_t procedure = (uint32_t)client_below(client, 2);
    struct sitting_record sitting = { .procedure = story_id("procedure", procedure), .person = record->id, .day = day, .answers = { 1, &answer } };
    struct support_record support = { .person = record->id, .form = "наставничество", .day = day };
    struct completion_record completion = { .programme = story->programme[0].id, .person = record->id, .enrolled = day - 20, .day = day, .document = "удостоверение" };
    switch (client_below(client, 3)) {
    case 0:
        if (story->procedure[procedure].known)
            client_says(client, &centre, "diagnostics.sitting.record", &sitting, 0);
        break;
    case 1:
        client_says(client, &centre, "routes.support.record", &support, 0);
        break;
    default:
        if (story->programme[0].known)
            client_says(client, &institute, "programmes.completion.record", &completion, 0);
        break;
    }
}

/* ── one of two ───────────────────────────────────────────────────────────── */

void records_merged(struct client *client)
{
    struct registry *registry = client->story->registry;
    uint32_t pair = (uint32_t)client_below(client, registry->records / 2), first = pair * 2 + (uint32_t)client_below(client, 2);
    const struct record *kept = &registry->record[first], *gone = &registry->record[first ^ 1];
    struct person_merge body = { .kept = kept->id, .gone = gone->id, .ground = "один приказ о приёме" };
    if (kept->known && gone->known && (!kept->merged || client_below(client, 8) == 0))
        centre_says_of(client, "roster.person.merge", &body, first ^ 1, KEPT_MERGED);
}

void records_unmerged(struct client *client)
{
    uint32_t number;
    const struct record *record = some(client, &number);
    if (record == NULL || (!record->merged && client_below(client, 8) > 0))
        return;
    struct person_unmerge body = { .gone = record->id, .ground = "однофамильцы" };
    centre_says_of(client, "roster.person.unmerge", &body, number, KEPT_PARTED);
}

/* A row with somebody's code and nobody's name waits for a person; when it has been decided, it is sent again. */
static struct worker_record doubtful(struct client *client, uint32_t doubt)
{
    return (struct worker_record){
        .code = arena_format(&client->arena, "Р-%u", doubt % 4), .family = "Сомова", .given = "Рита", .patronymic = "Львовна",
        .born = arena_format(&client->arena, "1985-04-1%u", doubt), .organisation = "Р-2", .post = "учитель", .from = day_of(2024, 9, 1) };
}

void doubt_moves(struct client *client)
{
    uint32_t doubt = (uint32_t)client_below(client, DOUBTS_HE_HAS), number;
    const struct record *record = some(client, &number);
    struct worker_record row = doubtful(client, doubt);
    struct doubt_raise raise = { .row = &row, .list = "список", .line = doubt + 1 };
    struct doubt_decide decide = { .outcome = (int)client_below(client, doubt_outcome_count) };
    switch (client_below(client, 4)) {
    case 0:
        centre_says(client, "roster.worker.record", &row, KEPT_NOTHING);
        break;
    case 1:
        centre_says(client, "roster.doubt.raise", &raise, KEPT_DOUBTS);
        break;
    default:
        if (!kept_pick(client, KEPT_DOUBTS, &decide.doubt) || (decide.outcome == DOUBT_PERSON && record == NULL))
            return;
        if (decide.outcome == DOUBT_PERSON)
            decide.person = record->id;
        centre_says(client, "roster.doubt.decide", &decide, KEPT_NOTHING);
        break;
    }
}

/* ── his data ─────────────────────────────────────────────────────────────── */

void consent_moves(struct client *client)
{
    uint32_t number;
    const struct record *record = some(client, &number);
    if (record == NULL)
        return;
    int purpose = (int)client_below(client, 2);
    struct consent_give give = { .person = record->id, .purpose = purpose, .text = "1", .day = days_ago(client, 60) };
    struct consent_withdraw withdraw = { .person = record->id, .purpose = purpose, .day = days_ago(client, 10) };
    if (client_below(client, 2) > 0)
        centre_says(client, "roster.consent.give", &give, KEPT_NOTHING);
    else
        centre_says(client, "roster.consent.withdraw", &withdraw, KEPT_NOTHING);
}

void record_blocked(struct client *client)
{
    uint32_t number;
    const struct record *record = some(client, &number);
    if (record == NULL)
        return;
    struct person_block block = { .person = record->id, .act = "Б-1", .ground = BLOCK_STORAGE, .until = story_today(client) + (day_t)client_below(client, 6),
                                  .erase = LEAVES(number) };
    struct person_unblock unblock = { .person = record->id, .act = "Б-2" };
    if (client_below(client, 2) > 0)
        centre_says(client, "roster.person.block", &block, KEPT_NOTHING);
    else
        centre_says(client, "roster.person.unblock", &unblock, KEPT_NOTHING);
}

void record_leaves(struct client *client)
{
    uint32_t number;
    const struct record *record = some(client, &number);
    if (record == NULL || !LEAVES(number))
        return;
    struct post_close close = { .post = record->post, .until = day_of(2025, 1, 10) + (day_t)client_below(client, 20) };
    struct person_erase erase = { .person = record->id, .act = "А-1", .ground = ERASE_PURPOSE };
    if (record->left && client_below(client, 3) == 0)
        close.until = days_ago(client, 40);                 /* mended */
    if (!record->left || close.until >= day_of(2025, 2, 1))
        centre_says_of(client, "roster.post.close", &close, number, KEPT_LEFT);
    else
        centre_says(client, "roster.person.erase", &erase, KEPT_NOTHING);
}

void record_looked_at(struct client *client)
{
    static const char *words[] = { "ни", "ор" };
    uint32_t number;
    struct record *record = some(client, &number);
    struct person_search search = { .words = { 1 + (uint32_t)client_below(client, 2), words }, .purpose = "проверка списка" };
    if (record == NULL)
        return;
    struct person_read read = { .person = record->id, .purpose = "проверка списка" };
    struct person_name name = { .persons = { 1, &record->id }, .purpose = "проверка списка" };
    switch (client_below(client, 3)) {
    case 0: centre_says(client, "roster.person.search", &search, KEPT_NOTHING); break;
    case 1: centre_says(client, "roster.person.name", &name, KEPT_NOTHING); break;
    default: centre_says(client, "roster.person.read", &read, KEPT_NOTHING); break;
    }
}
