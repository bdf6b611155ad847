#include "common/core/err.h"
#include "proto/indicators.h"
#include "tests/fault/sim/checks.h"
#include "tests/fault/sim/node.h"
#include "tests/fault/sim/registrar.h"
#include "tests/fault/sim/registry_fold.h"
#include "tests/fault/sim/story.h"
#include "tests/fault/sim/town.h"

#include <stdlib.h>

/* What the clients count themselves, from nothing but the answers that they were given. */

#define YEAR 2025

struct counted { struct ids persons, diagnosed, agreed, run, included; };

static bool yes(const struct sent *sent, const char *method)
{
    return sent->state == SENT_ANSWERED && !sent->refused && strcmp(sent->method, method) == 0;
}

static void read_body(const struct msg_desc *desc, const struct buf *from, struct arena *arena, void *out)
{
    struct msg_error error;
    if (msg_decode(desc, buf_bytes(from), MSG_LENIENT, arena, out, &error) != ERR_OK)
        abort();                            /* its own words */
}

static bool of_centre(const struct world *w, const struct uuid *procedure)
{
    const struct story *centre = w->client[0]->story;
    for (uint32_t i = 0; i < centre->procedures; i++) {
        struct uuid id = story_id("procedure", i);
        if (uuid_equal(&id, procedure))
            return centre->procedure[i].owner == ORG_0_CENTRE;
    }
    return false;
}

/* A sitting that was begun is scored in the end; all of this happens in one year. */
static void count_sitting(struct client *client, const struct sent *sent, struct counted *n)
{
    struct sitting_start start;
    struct sitting_record record;
    if (yes(sent, "diagnostics.sitting.start")) {
        read_body(&sitting_start_desc, &sent->body, &client->arena, &start);
        if (of_centre(client->w, &start.procedure))
            ids_add_one(&n->diagnosed, &start.person);
    } else if (yes(sent, "diagnostics.sitting.record")) {
        read_body(&sitting_record_desc, &sent->body, &client->arena, &record);
        if (of_centre(client->w, &record.procedure))
            ids_add_one(&n->diagnosed, &record.person);
    }
}

/* The route stays agreed also where its sitting went with a restore. */
static void count_agreed(struct client *client, const struct sent *sent, struct counted *n)
{
    const struct story_person *person = &client->story->person[SUBJECT_NUMBER(sent->subject)];
    const struct story_sitting *sitting = &person->sitting[SUBJECT_WHAT(sent->subject)];
    struct uuid procedure = story_id("procedure", sitting->procedure);
    if ((yes(sent, "routes.route.agree") || yes(sent, "routes.agreement.record")) && of_centre(client->w, &procedure))
        ids_add_one(&n->agreed, &sitting->person);
}

/* A part-time post that was closed last year makes nobody's worker of him who has no other: his other rows
 * may have been refused when they were sent again. */
static void count_worker(struct client *client, const struct sent *sent, const struct ids *closed, struct counted *n)
{
    struct worker_recorded recorded;
    if (!yes(sent, "roster.worker.record"))
        return;
    read_body(&worker_recorded_desc, &sent->answer, &client->arena, &recorded);
    if (SUBJECT_WHAT(sent->subject) != WORKER_PART || !ids_have(closed, &recorded.post))
        ids_add_one(&n->persons, &recorded.person);
}

static void count_closed(struct client *client, struct ids *closed)
{
    for (uint32_t i = 0; i < client->count; i++) {
        struct post_close close;
        if (!yes(client->sent[i], "roster.post.close"))
            continue;
        read_body(&post_close_desc, &client->sent[i]->body, &client->arena, &close);
        ids_add_one(closed, &close.post);
    }
    ids_sort(closed);
}

static void count_client(struct client *client, struct counted *n)
{
    struct ids closed = { 0 };
    count_closed(client, &closed);
    for (uint32_t i = 0; i < client->count; i++) {
        if (client->number != REGISTRAR)
            count_worker(client, client->sent[i], &closed, n);
        count_sitting(client, client->sent[i], n);
        if (client->number > 0 && client->number <= PEOPLE)
            count_agreed(client, client->sent[i], n);
        arena_reset(&client->arena);
    }
    free(closed.at);
}

/* Whom the node's rows have made: as roster's journal says, whichever of the images has sent them. */
static void count_town(struct world *w, struct counted *n)
{
    struct arena arena = { .keep = 1 << 16 };
    struct uuid who = town_id();
    struct worker_recorded recorded;
    struct msg_error error;
    struct entry entry;
    struct txn txn;
    txn_begin(&txn, machine_store(w->node[ROSTER]->process.machine), TXN_READ);
    for (uint64_t number = 1; journal_get(&txn, number, &arena, &entry, NULL); number++) {
        if (entry.ask.n > 0 && uuid_equal(&entry.who, &who) && strcmp(entry.event, ENTRY_REFUSED) != 0 &&
            msg_decode(&worker_recorded_desc, entry.reply, MSG_LENIENT, &arena, &recorded, &error) == ERR_OK)
            ids_add_one(&n->persons, &recorded.person);
        arena_reset(&arena);
    }
    txn_end(&txn);
    arena_free(&arena);
}

/* The registrar's people are merged and part again, leave and are erased: who of them is in a post at the end of the year is
 * what the journal says, and whoever has several records is counted once, under the one that he is known as. */
static void count_registry(struct world *w, struct counted *n)
{
    struct registry_fold fold;
    registry_read(w, &fold);
    for (uint32_t i = 0; i < fold.posts.n; i++) {
        const struct fold_post *post = &fold.posts.at[i];
        const struct fold_person *person = registry_person(&fold, &post->person);
        if (person != NULL && person->own && (post->until == 0 || post->until >= day_of(YEAR, 12, 31)))
            ids_add_one(&n->persons, &post->person);
    }
    for (size_t i = 0; i < n->diagnosed.n; i++)
        n->diagnosed.at[i] = registry_known_as(&fold, &n->diagnosed.at[i]);
    registry_drop(&fold);
}

/* Programmes of the institute that lead to a document, run in the span; and of those, the included. */
static void count_programmes(struct client *client, struct counted *n)
{
    struct ids own = { 0 }, included = { 0 };
    for (uint32_t i = 0; i < client->count; i++) {
        const struct sent *sent = client->sent[i];
        struct programme programme;
        struct programme_included change;
        struct uuid institute = story_org(ORG_0_INSTITUTE), id;
        if (yes(sent, "programmes.programme.register")) {
            read_body(&programme_desc, &sent->body, &client->arena, &programme);
            id = answered_id(client, sent);
            if (programme.kind != PROGRAMME_NON_FORMAL && uuid_equal(&programme.provider, &institute))
                ids_add_one(&own, &id);
        } else if (yes(sent, "programmes.programme.include")) {
            read_body(&programme_included_desc, &sent->body, &client->arena, &change);
            if (day_year(change.day) <= YEAR)
                ids_add_one(&included, &change.programme);
        }
    }
    ids_sort(&own);
    ids_sort(&included);
    for (uint32_t i = 0; i < client->count; i++) {
        struct run run;
        if (!yes(client->sent[i], "programmes.run.record"))
            continue;
        read_body(&run_desc, &client->sent[i]->body, &client->arena, &run);
        if (!ids_have(&own, &run.programme) || day_year(run.day) > YEAR)
            continue;
        ids_add_one(&n->run, &run.programme);
        if (ids_have(&included, &run.programme))
            ids_add_one(&n->included, &run.programme);
    }
    arena_reset(&client->arena);
    free(own.at);
    free(included.at);
}

/* ── against the service ──────────────────────────────────────────────────── */

/* Who was lost with a restore and could not be made again is nobody's worker. */
static uint64_t known_of(const struct ids *persons, struct ids *some)
{
    uint64_t n = 0;
    ids_distinct(some);
    for (size_t i = 0; i < some->n; i++)
        n += ids_have(persons, &some->at[i]);
    return n;
}

static void compare(struct world *w, const struct value_list *values, const char *indicator, uint64_t numerator, uint64_t denominator)
{
    for (uint32_t i = 0; i < values->rows.n; i++) {
        const struct value *value = &values->rows.at[i];
        if (strcmp(value->indicator, indicator) != 0)
            continue;
        if (value->numerator != numerator || value->denominator != denominator)
            world_violation(w, "indicator %s is %llu of %llu, and the clients count %llu of %llu", indicator,
                            (unsigned long long)value->numerator, (unsigned long long)value->denominator,
                            (unsigned long long)numerator, (unsigned long long)denominator);
        return;
    }
    world_violation(w, "indicator %s is not told", indicator);
}

static bool ask(struct world *w, const char *method, const struct msg_desc *takes, const void *query,
                const struct msg_desc *gives, struct arena *arena, void *out)
{
    struct principal who = story_who(w->client[0], ROLE_CENTRE);
    struct msg_error error;
    struct outcome outcome;
    machine_query(w->node[INDICATORS]->process.machine, &who, method, msg_encode_in(arena, takes, query), NULL, 0, arena, &outcome);
    if (outcome.kind == OUTCOME_REPLY && msg_decode(gives, outcome.body, MSG_LENIENT, arena, out, &error) == ERR_OK)
        return true;
    world_violation(w, "%s is not answered", method);
    return false;
}

void checks_numbers(struct world *w)
{
    struct arena arena = { 0 };
    struct counted n = { 0 };
    struct nothing nothing = { 0 };
    struct values_of of = { .year = YEAR, .level = LEVEL_REGION };
    struct recount recount;
    struct value_list values;

    for (int i = 0; i < CLIENTS; i++)
        count_client(w->client[i], &n);
    count_town(w, &n);
    if (w->registry)
        count_registry(w, &n);
    count_programmes(w->client[0], &n);
    uint64_t persons = ids_distinct(&n.persons);
    if (ask(w, "indicators.value.recount", &nothing_desc, &nothing, &recount_desc, &arena, &recount) && recount.differences > 0)
        world_violation(w, "%llu of %llu counters differ from the records", (unsigned long long)recount.differences,
                        (unsigned long long)recount.counters);
    if (persons > 0 && ask(w, "indicators.value.list", &values_of_desc, &of, &value_list_desc, &arena, &values)) {
        compare(w, &values, "1", known_of(&n.persons, &n.diagnosed), persons);
        compare(w, &values, "2", known_of(&n.persons, &n.agreed), persons);
        compare(w, &values, "6", ids_distinct(&n.included), ids_distinct(&n.run));
    }
    free(n.persons.at), free(n.diagnosed.at), free(n.agreed.at), free(n.run.at), free(n.included.at);
    arena_free(&arena);
}
