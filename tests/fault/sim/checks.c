#include "tests/fault/sim/checks.h"

#include <stdlib.h>

#include "common/core/err.h"
#include "proto/routes.h"
#include "tests/fault/sim/client.h"
#include "tests/fault/sim/node.h"

#define FIRED_FIELDS(X, S)                          \
    X(S, STR,    kind, _, 1, 40, REQUIRED)          \
    X(S, MOMENT, due,  _, 0, 0,  REQUIRED)
MSG_DECLARE(fired, FIRED_FIELDS)
MSG_DEFINE(fired, FIRED_FIELDS)

/* ── one walk through all journals ────────────────────────────────────────── */

struct findings {
    struct ids verdicts[NODES];         /* command and principal in one */
    struct ids followed, noted;         /* identities of entries, as a reaction has them */
    struct ids scored, drafted;         /* sittings */
};

const void *checks_body(struct world *w, const struct entry *entry, const struct msg_desc *desc, struct arena *arena)
{
    struct msg_error error;
    void *out = arena_alloc(arena, desc->size);
    if (msg_decode(desc, entry->body, MSG_LENIENT, arena, out, &error) != ERR_OK)
        world_violation(w, "entry %llu, %s: its body cannot be read", (unsigned long long)entry->number, entry->event);
    return out;
}

static void look_at(struct node *node, const struct entry *entry, struct bytes stored, struct arena *arena, struct findings *found)
{
    struct world *w = node->w;
    counts_event(w->counts, entry->event, 1);
    w->counts->entries++;
    if (entry->ask.n > 0) {
        struct uuid verdict = ids_verdict(&entry->cause->command, &entry->who);
        ids_add_one(&found->verdicts[node->number], &verdict);
    }
    if (strcmp(entry->event, ENTRY_FIRED) == 0) {
        const struct fired *fired = checks_body(w, entry, &fired_desc, arena);
        if (fired->due > entry->moment)
            world_violation(w, "%s: timer %s fired before its time", node->service->name, fired->kind);
    } else if (strcmp(entry->event, "diagnostics.sitting.scored") == 0)
        ids_add_one(&found->scored, &((const struct sitting_scored *)checks_body(w, entry, &sitting_scored_desc, arena))->sitting);
    else if (strcmp(entry->event, "routes.route.drafted") == 0)
        ids_add_one(&found->drafted, &((const struct route_drafted *)checks_body(w, entry, &route_drafted_desc, arena))->sitting);
    else if (strcmp(entry->event, AUDIT_NOTED) == 0)
        ids_add_one(&found->noted, &((const struct audit_note *)checks_body(w, entry, &audit_note_desc, arena))->id);
    if (node->number < AUDITED && strncmp(entry->event, node->service->name, strlen(node->service->name)) == 0) {
        struct uuid id = audit_id(stored);
        ids_add_one(&found->followed, &id);
    }
}

static void walk(struct node *node, struct findings *found)
{
    struct arena arena = { .keep = 1 << 16 };
    struct entry entry;
    struct bytes stored;
    struct hash hash;
    struct txn txn;
    txn_begin(&txn, machine_store(node->process.machine), TXN_READ);
    for (uint64_t number = 1; journal_raw(&txn, number, &stored, &hash) && journal_get(&txn, number, &arena, &entry, NULL); number++) {
        look_at(node, &entry, stored, &arena, found);
        arena_reset(&arena);
    }
    if (txn_end(&txn) != ERR_OK)
        world_violation(node->w, "%s: the journal cannot be read", node->service->name);
    arena_free(&arena);
}

/* ── journals and states ──────────────────────────────────────────────────── */

static void check_store(struct node *node)
{
    uint64_t checked, bad;
    const char *why = NULL;
    bool same = false;
    int err = machine_verify(node->process.machine, &checked, &bad, &why);
    if (err != ERR_OK)
        world_violation(node->w, "%s: entry %llu: %s", node->service->name, (unsigned long long)bad, why != NULL ? why : err_text(err));
    else if (checked != machine_head(node->process.machine))
        world_violation(node->w, "%s: %llu entries, and the last is %llu", node->service->name, (unsigned long long)checked,
                        (unsigned long long)machine_head(node->process.machine));
    else if ((err = machine_rebuild(node->process.machine, false, &same)) != ERR_OK)
        world_violation(node->w, "%s: rebuilding: %s", node->service->name, err_text(err));
    else if (!same)
        world_violation(node->w, "%s: the state is not the fold of the journal", node->service->name);
}

/* ── answers ──────────────────────────────────────────────────────────────── */

static void check_answer(struct client *client, const struct sent *sent, struct txn *txn, struct arena *arena)
{
    struct entry entry;
    bool own = client_answer_is_own(sent);
    const struct node *node = client->w->node[sent->service];
    struct meta meta = machine_meta(node->process.machine);
    if (!uuid_equal(&sent->position.incarnation, &meta.incarnation))
        world_violation(client->w, "%s was not sent again after a restore", sent->method);
    else if (!journal_get(txn, sent->position.number, arena, &entry, NULL) ||
             !uuid_equal(&entry.cause->command, &sent->id) || !uuid_equal(&entry.who, &sent->who.id))
        world_violation(client->w, "%s was answered at %llu, where its entry does not stand", sent->method,
                        (unsigned long long)sent->position.number);
    else if (!own && !bytes_equal(entry.reply, buf_bytes(&sent->answer)))
        world_violation(client->w, "%s was answered otherwise than its entry says", sent->method);
    else if ((strcmp(entry.event, ENTRY_REFUSED) == 0) != sent->refused && !own)
        world_violation(client->w, "%s: refused or not, its entry says otherwise", sent->method);
}

static void check_answers_of(struct world *w, uint32_t service, struct ids *asked)
{
    struct arena arena = { .keep = 1 << 16 };
    struct txn txn;
    txn_begin(&txn, machine_store(w->node[service]->process.machine), TXN_READ);
    for (int c = 0; c < CLIENTS; c++)
        for (uint32_t i = 0; i < w->client[c]->count; i++) {
            const struct sent *sent = w->client[c]->sent[i];
            if (sent->service != service || sent->state == SENT_GIVEN_UP)
                continue;
            struct uuid verdict = ids_verdict(&sent->id, &sent->who.id);
            ids_add_one(asked, &verdict);
            if (sent->state != SENT_ANSWERED)
                world_violation(w, "%s was never answered", sent->method);
            else
                check_answer(w->client[c], sent, &txn, &arena);
            arena_reset(&arena);
        }
    txn_end(&txn);
    arena_free(&arena);
    ids_sort(asked);
}

static void check_verdicts(struct world *w, uint32_t service, struct ids *verdicts)
{
    struct ids asked = { 0 }, *orders = &w->node[service]->orders;
    size_t of_clients = 0;
    const char *name = service_of((int)service)->name;
    check_answers_of(w, service, &asked);
    ids_sort(verdicts);
    if (ids_twice(verdicts) != NULL)
        world_violation(w, "%s: one command id has had two effects", name);
    ids_sort(orders);
    for (size_t i = 0; i < verdicts->n && !w->violated; i++) {
        if (ids_have(&asked, &verdicts->at[i]))
            of_clients++;
        else if (!ids_have(orders, &verdicts->at[i]))
            world_violation(w, "%s: a verdict on what nobody has asked", name);
    }
    if (of_clients != asked.n)
        world_violation(w, "%s: %zu verdicts of %zu commands", name, of_clients, asked.n);
    free(asked.at);
}

/* ── followers ────────────────────────────────────────────────────────────── */

static bool restored(const struct node *node)
{
    return node->lives > 1;
}

/* One note for each entry, and none for what is no entry (any more, where a restore has dropped some). */
static void check_notes(struct world *w, struct findings *found)
{
    bool any = restored(w->node[AUDITOR]);
    for (int i = 0; i < AUDITED; i++)
        any |= restored(w->node[i]);
    ids_sort(&found->followed);
    ids_sort(&found->noted);
    if (ids_twice(&found->noted) != NULL)
        world_violation(w, "an entry has been reacted to twice");
    for (size_t i = 0; i < found->followed.n && !w->violated; i++)
        if (!ids_have(&found->noted, &found->followed.at[i]))
            world_violation(w, "an entry has not been reacted to");
    if (!any && found->noted.n != found->followed.n)
        world_violation(w, "%zu reactions to %zu entries", found->noted.n, found->followed.n);
}

static void check_routes(struct world *w, struct findings *found)
{
    ids_sort(&found->scored);
    ids_sort(&found->drafted);
    if (ids_twice(&found->scored) != NULL)
        world_violation(w, "a sitting has been scored twice");
    else if (ids_twice(&found->drafted) != NULL)
        world_violation(w, "two routes have been drafted from one sitting");
    for (size_t i = 0; i < found->scored.n && !w->violated; i++)
        if (!ids_have(&found->drafted, &found->scored.at[i]))
            world_violation(w, "a sitting was scored, and no route drafted");
    if (!restored(w->node[DIAGNOSTICS]) && found->scored.n != found->drafted.n)
        world_violation(w, "%zu routes from %zu sittings", found->drafted.n, found->scored.n);
}

/* The auditor's counts are sums: an entry that was projected twice, or not at all, shows. */
static void check_seen(struct world *w)
{
    struct node *node = w->node[AUDITOR];
    struct bytes key, value;
    struct scan scan;
    struct txn txn;
    uint64_t seen = 0, entries = 0;
    txn_begin(&txn, machine_store(node->process.machine), TXN_READ);
    scan_begin(&scan, &txn, AUDIT_SEEN, bytes(NULL, 0));
    while (scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(value);
        seen += key_read_u64(&reader);
    }
    scan_end(&scan);
    txn_end(&txn);
    for (int i = 0; i < AUDITED; i++) {
        struct findings none = { 0 };
        struct counts aside = { 0 }, *counts = w->counts;
        w->counts = &aside;                 /* counted before */
        walk(w->node[i], &none);
        w->counts = counts;
        entries += none.followed.n;
        free(none.followed.at), free(none.scored.at), free(none.drafted.at), free(none.noted.at);
        free(none.verdicts[i].at);
    }
    if (seen != entries)
        world_violation(w, "%llu entries were projected, of %llu", (unsigned long long)seen, (unsigned long long)entries);
}

/* ── all ──────────────────────────────────────────────────────────────────── */

static void hash_journals(struct world *w, struct hash *journals)
{
    struct hash_state state;
    hash_start(&state, NULL);
    for (int i = 0; i < NODES; i++) {
        struct txn txn;
        struct bytes stored;
        struct hash last = { 0 };
        if (w->node[i]->absent)
            continue;
        txn_begin(&txn, machine_store(w->node[i]->process.machine), TXN_READ);
        journal_raw(&txn, machine_head(w->node[i]->process.machine), &stored, &last);
        txn_end(&txn);
        hash_more(&state, last.b, sizeof last.b);
    }
    *journals = hash_end(&state);
}

void checks_run(struct world *w, struct hash *journals)
{
    struct findings found = { 0 };
    for (uint32_t i = 0; i < NODES && !w->violated; i++) {
        if (w->node[i]->absent)
            continue;
        walk(w->node[i], &found);
        check_store(w->node[i]);
    }
    for (uint32_t i = 0; i < NODES && !w->violated; i++)
        if (!w->node[i]->absent)
            check_verdicts(w, i, &found.verdicts[i]);
    if (!w->violated)
        check_notes(w, &found);
    if (!w->violated)
        check_routes(w, &found);
    if (!w->violated)
        check_seen(w);
    if (!w->violated)
        checks_places(w);
    if (!w->violated)
        checks_steps(w);
    if (!w->violated)
        checks_town(w);
    if (!w->violated)
        checks_federal(w);
    if (!w->violated && w->registry)
        checks_registry(w);
    if (!w->violated) {
        checks_copies(w, INDICATORS);
        checks_copies(w, (uint32_t)(w->seed % NODES));
        checks_numbers(w);
    }
    for (int i = 0; i < NODES; i++)
        free(found.verdicts[i].at);
    free(found.followed.at), free(found.noted.at), free(found.scored.at), free(found.drafted.at);
    if (!w->violated)
        hash_journals(w, journals);
}
