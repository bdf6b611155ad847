#include <stdlib.h>

#include "proto/roster_merge.h"
#include "proto/roster_tree.h"
#include "tests/fault/sim/node.h"
#include "tests/fault/sim/registrar.h"
#include "tests/fault/sim/registry_fold.h"

/* What must hold of units, people and registers, whatever was cut, killed and restored: the journal by itself, and roster's
 * own answers beside it. */

static bool ask(struct registry_fold *fold, const char *method, const struct msg_desc *takes, const void *query, const struct msg_desc *gives, void *out)
{
    struct principal who = story_who(fold->w->client[REGISTRAR], ROLE_CENTRE);
    struct msg_error error;
    struct outcome outcome;
    machine_query(fold->w->node[ROSTER]->process.machine, &who, method, msg_encode_in(&fold->arena, takes, query), NULL, 0, &fold->arena, &outcome);
    if (outcome.kind == OUTCOME_REPLY && msg_decode(gives, outcome.body, MSG_LENIENT, &fold->arena, out, &error) == 0)
        return true;
    world_violation(fold->w, "%s is not answered", method);
    return false;
}

/* ── people ───────────────────────────────────────────────────────────────── */

static bool has_key(struct registry_fold *fold, const struct uuid *person)
{
    struct key key = key_of_uuid(person);
    struct bytes value;
    struct txn txn;
    txn_begin(&txn, machine_store(fold->w->node[ROSTER]->process.machine), TXN_READ);
    bool has = txn_get(&txn, TABLE_VAULT_KEYS, key_bytes(&key), &value);
    txn_end(&txn);
    return has;
}

static bool lasts(const struct fold_post *post) { return post->until == 0 || post->until >= post->from; }

static void check_person(struct registry_fold *fold, const struct fold_person *person)
{
    const struct fold_person *into = uuid_is_nil(&person->into) ? NULL : registry_person(fold, &person->into);
    struct person_of of = { person->id };
    struct person_standing standing;
    struct merges merges;
    if (has_key(fold, &person->id) == person->erased)
        world_violation(fold->w, person->erased ? "the key of somebody who was erased is there" : "the key of somebody who was not erased is gone");
    if (ask(fold, "roster.person.standing", &person_of_desc, &of, &person_standing_desc, &standing) && (standing.erased != NULL) != person->erased)
        world_violation(fold->w, "whether somebody is erased, roster says otherwise than its journal");
    if (ask(fold, "roster.person.merges", &person_of_desc, &of, &merges_desc, &merges) && !uuid_equal(&merges.into, &person->into))
        world_violation(fold->w, "where a record has gone, roster says otherwise than its journal");
    if (!uuid_is_nil(&person->into) && (into == NULL || !uuid_is_nil(&into->into)))
        world_violation(fold->w, "a record is merged into one that is no more");
    if (into != NULL && into->erased != person->erased)
        world_violation(fold->w, "of one human's records one is erased, and another is not");
}

static void check_post(struct registry_fold *fold, const struct fold_post *post)
{
    const struct fold_person *person = registry_person(fold, &post->person);
    struct organisation_at at = { .id = post->unit };
    struct organisation unit;
    if (!lasts(post))
        return;
    if (person == NULL)
        world_violation(fold->w, "somebody holds a post who was never registered");
    else if (!uuid_is_nil(&person->into))
        world_violation(fold->w, "a record that was merged into another still holds a post");
    else if (person->erased && post->until == 0)
        world_violation(fold->w, "somebody who was erased is in a post");
    if (ask(fold, "roster.organisation.get", &organisation_at_desc, &at, &organisation_desc, &unit) &&
        unit.closed != 0 && (post->until == 0 || post->until >= unit.closed))
        world_violation(fold->w, "somebody works where an organisation is no more");
}

/* Whose erasure was answered once is erased in whatever was restored since. */
static void check_erased(struct registry_fold *fold)
{
    const struct ids *erased = &fold->w->client[REGISTRAR]->story->registry->erased;
    for (size_t i = 0; i < erased->n; i++) {
        const struct fold_person *person = registry_person(fold, &erased->at[i]);
        if (person != NULL && !person->erased)
            world_violation(fold->w, "a restore has brought back somebody who was erased");
    }
}

/* ── registers ────────────────────────────────────────────────────────────── */

static void check_entry(struct registry_fold *fold, const struct fold_entry *entry)
{
    struct registered id = { entry->id };
    struct listing listing;
    for (uint32_t i = 1; i < entry->spans; i++)
        if (entry->span[i].from <= entry->span[i - 1].from || entry->span[i - 1].until == 0 || entry->span[i - 1].until >= entry->span[i].from)
            world_violation(fold->w, "an entry of %s holds twice on one day", entry->register_id);
    if (!ask(fold, "roster.entry.get", &registered_desc, &id, &listing_desc, &listing))
        return;
    bool same = listing.spans.n == entry->spans && (listing.stage == STAGE_PROPOSED) == entry->proposed;
    for (uint32_t i = 0; i < entry->spans && same; i++)
        same = listing.spans.at[i].from == entry->span[i].from && listing.spans.at[i].until == entry->span[i].until;
    if (!same)
        world_violation(fold->w, "an entry of %s stands otherwise than its journal says", entry->register_id);
}

/* Of one member one entry of a register holds on a day. */
static void check_members(struct registry_fold *fold, const struct fold_entry *entry, day_t day)
{
    if (!registry_on(entry, day))
        return;
    for (const struct fold_entry *other = fold->entries.at; other < entry; other++)
        if (registry_on(other, day) && strcmp(other->register_id, entry->register_id) == 0 && uuid_equal(&other->member, &entry->member))
            world_violation(fold->w, "somebody stands twice in %s on one day", entry->register_id);
}

/* Each human once, whatever records of his stand there. */
static void check_register(struct registry_fold *fold, const char *id, day_t day)
{
    struct register_count_of of = { .register_id = id, .unit = REGION, .on = day };
    struct register_count count;
    uint64_t proposed = 0;
    struct ids held = { 0 };
    for (uint32_t i = 0; i < fold->entries.n; i++)
        if (strcmp(fold->entries.at[i].register_id, id) == 0) {
            struct uuid member = registry_known_as(fold, &fold->entries.at[i].member);
            if (registry_on(&fold->entries.at[i], day))
                ids_add_one(&held, &member);
            proposed += fold->entries.at[i].proposed;
        }
    uint64_t members = ids_distinct(&held);
    free(held.at);
    if (ask(fold, "roster.register.count", &register_count_of_desc, &of, &register_count_desc, &count) &&
        (count.members != members || count.proposed != proposed))
        world_violation(fold->w, "%s has %llu members and %llu proposals, and its journal says %llu and %llu", id, (unsigned long long)count.members,
                        (unsigned long long)count.proposed, (unsigned long long)members, (unsigned long long)proposed);
}

/* Nobody is admitted where all seats are taken. */
static void check_call(struct registry_fold *fold, const struct fold_call *call)
{
    uint64_t admitted = 0;
    for (uint32_t i = 0; i < fold->applied.n; i++)
        for (uint32_t k = 0; uuid_equal(&fold->applied.at[i].call, &call->id) && k < fold->entries.n; k++)
            if (uuid_equal(&fold->entries.at[k].id, &fold->applied.at[i].entry))
                admitted += fold->entries.at[k].admitted;
    if (call->seats > 0 && admitted > call->seats)
        world_violation(fold->w, "a call of %llu seats has admitted %llu", (unsigned long long)call->seats, (unsigned long long)admitted);
}

static void check_booking(struct registry_fold *fold, const struct booking *booking)
{
    for (day_t day = booking->from; !booking->cancelled && day <= booking->until; day++) {
        uint64_t taken = 0;
        for (uint32_t i = 0; i < fold->bookings.n; i++) {
            const struct booking *other = &fold->bookings.at[i].is;
            if (!other->cancelled && uuid_equal(&other->entry, &booking->entry) && other->from <= day && other->until >= day)
                taken += other->places;
        }
        if (taken > ROOM_SEATS)
            world_violation(fold->w, "%llu places of a room of %u are taken on one day", (unsigned long long)taken, ROOM_SEATS);
    }
}

/* ── documents and expert work ────────────────────────────────────────────── */

static void check_document(struct registry_fold *fold, const struct fold_document *document)
{
    const struct fold_document *previous = NULL;
    for (uint32_t i = 0; i < fold->documents.n; i++)
        if (uuid_equal(&fold->documents.at[i].id, &document->previous))
            previous = &fold->documents.at[i];
    if (uuid_is_nil(&document->previous) ? document->edition != 1
                                         : previous == NULL || previous->edition + 1 != document->edition || !uuid_equal(&previous->replaced_by, &document->id))
        world_violation(fold->w, "the editions of a document are no chain");
}

static void check_work(struct registry_fold *fold, const struct fold_work *work)
{
    const struct fold_review *review = NULL;
    for (uint32_t i = 0; i < fold->reviews.n; i++)
        if (uuid_equal(&fold->reviews.at[i].id, &work->review))
            review = &fold->reviews.at[i];
    if (review == NULL) {
        world_violation(fold->w, "somebody works on a review that is not there");
        return;
    }
    if (registry_works(work->stage) && review->outcome != REVIEW_OPEN)
        world_violation(fold->w, "a review is closed, and somebody still works on it");
}

static bool known_as(const struct registry_fold *fold, const struct uuid *person, const struct uuid *he)
{
    struct uuid known = registry_known_as(fold, person);
    return uuid_equal(&known, he);
}

/* Each work stands as its journal says, and of each expert so many are open as there are. */
static void check_review(struct registry_fold *fold, const struct fold_review *review)
{
    struct registered id = { review->id };
    struct review_card card;
    if (!ask(fold, "roster.review.get", &registered_desc, &id, &review_card_desc, &card))
        return;
    for (uint32_t i = 0; i < card.assignments.n; i++)
        for (uint32_t k = 0; k < fold->works.n; k++)
            if (uuid_equal(&fold->works.at[k].id, &card.assignments.at[i].assignment) && (int)card.assignments.at[i].stage != fold->works.at[k].stage)
                world_violation(fold->w, "an expert's work stands otherwise than its journal says");
}

static void check_load(struct registry_fold *fold, const struct uuid *expert)
{
    struct expert_of of = { *expert };
    struct expert_standing standing;
    struct uuid he = registry_known_as(fold, expert);
    uint64_t open = 0, done = 0;
    for (uint32_t i = 0; i < fold->works.n; i++)
        if (known_as(fold, &fold->works.at[i].expert, &he)) {
            open += registry_works(fold->works.at[i].stage);
            done += fold->works.at[i].stage == ASSIGNMENT_SUBMITTED;
        }
    if (ask(fold, "roster.expert.get", &expert_of_desc, &of, &expert_standing_desc, &standing) && (standing.open != open || standing.done != done))
        world_violation(fold->w, "of an expert %llu works are open and %llu done, and the journal says %llu and %llu", (unsigned long long)standing.open,
                        (unsigned long long)standing.done, (unsigned long long)open, (unsigned long long)done);
}

/* ── all ──────────────────────────────────────────────────────────────────── */

void checks_registry(struct world *w)
{
    static const char *const REGISTERS[] = { "method_staff", "sites", "tripartite", "rooms" };
    struct registry_fold fold;
    day_t today = day_of_moment(node_wall(w->node[ROSTER]), 420);
    registry_read(w, &fold);
    for (uint32_t i = 0; i < fold.persons.n && !w->violated; i++)
        check_person(&fold, &fold.persons.at[i]);
    for (uint32_t i = 0; i < fold.posts.n && !w->violated; i++)
        check_post(&fold, &fold.posts.at[i]);
    check_erased(&fold);
    for (uint32_t i = 0; i < fold.entries.n && !w->violated; i++) {
        check_entry(&fold, &fold.entries.at[i]);
        check_members(&fold, &fold.entries.at[i], today);
        check_members(&fold, &fold.entries.at[i], today - 30);
    }
    for (size_t i = 0; i < sizeof REGISTERS / sizeof *REGISTERS && !w->violated; i++) {
        check_register(&fold, REGISTERS[i], today);
        check_register(&fold, REGISTERS[i], today - 30);
    }
    for (uint32_t i = 0; i < fold.calls.n && !w->violated; i++)
        check_call(&fold, &fold.calls.at[i]);
    for (uint32_t i = 0; i < fold.bookings.n && !w->violated; i++)
        check_booking(&fold, &fold.bookings.at[i].is);
    for (uint32_t i = 0; i < fold.documents.n && !w->violated; i++)
        check_document(&fold, &fold.documents.at[i]);
    for (uint32_t i = 0; i < fold.works.n && !w->violated; i++)
        check_work(&fold, &fold.works.at[i]);
    for (uint32_t i = 0; i < fold.reviews.n && !w->violated; i++)
        check_review(&fold, &fold.reviews.at[i]);
    for (uint32_t i = 0; i < fold.works.n && !w->violated; i++)
        check_load(&fold, &fold.works.at[i].expert);
    registry_drop(&fold);
}
