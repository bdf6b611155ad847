#include "tests/fault/sim/registry_fold.h"

#include <stdlib.h>

#include "proto/roster_merge.h"
#include "tests/fault/sim/node.h"
#include "tests/fault/sim/registrar.h"

#define WORKS_AT_ONCE 5     /* load of the profile's direction (tomsk.yaml) */

static void *grown(struct arena *arena, void *at, uint32_t n, uint32_t *room, size_t size)
{
    if (n < *room)
        return at;
    *room = *room != 0 ? *room * 2 : 64;
    void *more = arena_alloc(arena, *room * size);
    if (n > 0)
        memcpy(more, at, n * size);
    return more;
}

/* Room for one more at the end of a list, zeroed. */
#define ONE_MORE(fold, list) \
    ((fold)->list.at = grown(&(fold)->arena, (fold)->list.at, (fold)->list.n, &(fold)->list.room, sizeof *(fold)->list.at), \
     memset(&(fold)->list.at[(fold)->list.n], 0, sizeof *(fold)->list.at), &(fold)->list.at[(fold)->list.n++])
/* Every struct that is looked for begins with its id. */
#define FIND(fold, list, wanted) find((fold)->list.at, (fold)->list.n, sizeof *(fold)->list.at, wanted)

static void *find(void *list, uint32_t n, size_t size, const struct uuid *wanted)
{
    for (uint32_t i = 0; i < n; i++)
        if (uuid_equal((const struct uuid *)((char *)list + i * size), wanted))
            return (char *)list + i * size;
    return NULL;
}

static void *known(struct registry_fold *fold, void *found, const char *event)
{
    if (found == NULL)
        world_violation(fold->w, "%s is about what its journal has not made", event);
    return found;
}

#define READ(fold, entry, name) ((const struct name *)checks_body((fold)->w, entry, &name##_desc, &(fold)->scratch))
#define KNOWN(fold, entry, list, id) known(fold, FIND(fold, list, id), (entry)->event)

struct fold_person *registry_person(const struct registry_fold *fold, const struct uuid *id) { return FIND(fold, persons, id); }

struct uuid registry_known_as(const struct registry_fold *fold, const struct uuid *person)
{
    const struct fold_person *found = registry_person(fold, person);
    return found == NULL || uuid_is_nil(&found->into) ? *person : found->into;
}

bool registry_works(int stage)
{
    return stage == ASSIGNMENT_OFFERED || stage == ASSIGNMENT_ACCEPTED || stage == ASSIGNMENT_RETURNED;
}

bool registry_on(const struct fold_entry *entry, day_t day)
{
    for (uint32_t i = 0; i < entry->spans; i++)
        if (entry->span[i].from <= day && (entry->span[i].until == 0 || entry->span[i].until >= day))
            return true;
    return false;
}

/* ── people ───────────────────────────────────────────────────────────────── */

static void see_registered(struct registry_fold *fold, const struct entry *entry)
{
    const struct principal registrar = story_who(fold->w->client[REGISTRAR], ROLE_CENTRE);
    struct fold_person *person = ONE_MORE(fold, persons);
    person->id = READ(fold, entry, person_registered)->person;
    person->own = uuid_equal(&entry->who, &registrar.id);
}

static void see_merged(struct registry_fold *fold, const struct entry *entry)
{
    const struct person_merged *merged = READ(fold, entry, person_merged);
    struct fold_person *gone = KNOWN(fold, entry, persons, &merged->gone);
    if (gone != NULL)
        gone->into = merged->kept;
}

static void see_unmerged(struct registry_fold *fold, const struct entry *entry)
{
    const struct person_unmerged *undone = READ(fold, entry, person_unmerged);
    struct fold_person *gone = KNOWN(fold, entry, persons, &undone->gone);
    if (gone != NULL)
        gone->into = UUID_NIL;
}

static void see_erased(struct registry_fold *fold, const struct entry *entry)
{
    struct fold_person *person = KNOWN(fold, entry, persons, &READ(fold, entry, person_erased)->person);
    if (person != NULL && person->erased)
        world_violation(fold->w, "somebody is erased twice");
    if (person != NULL)
        person->erased = true;
}

static void see_opened(struct registry_fold *fold, const struct entry *entry)
{
    const struct post_opened *opened = READ(fold, entry, post_opened);
    struct fold_post *post = FIND(fold, posts, &opened->post);
    if (post == NULL)
        post = ONE_MORE(fold, posts);
    *post = (struct fold_post){ opened->post, opened->person, opened->chain.at[0], opened->from, opened->until };
}

static void see_closed(struct registry_fold *fold, const struct entry *entry)
{
    const struct post_closed *closed = READ(fold, entry, post_closed);
    struct fold_post *post = KNOWN(fold, entry, posts, &closed->post);
    if (post != NULL)
        post->until = closed->until;
}

/* ── registers ────────────────────────────────────────────────────────────── */

static void see_listing(struct registry_fold *fold, const struct entry *entry)
{
    const struct listing *listing = READ(fold, entry, listing);
    struct fold_entry *made = FIND(fold, entries, &listing->entry);
    if (made == NULL)
        made = ONE_MORE(fold, entries);
    *made = (struct fold_entry){ .id = listing->entry, .member = listing->member,
                                 .register_id = arena_string(&fold->arena, listing->register_id, strlen(listing->register_id)),
                                 .proposed = listing->stage == STAGE_PROPOSED, .admitted = listing->stage == STAGE_ADMITTED };
    for (uint32_t i = 0; i < listing->spans.n; i++)
        made->span[made->spans++] = listing->spans.at[i];
}

static void see_decided(struct registry_fold *fold, const struct entry *entry)
{
    struct fold_entry *made = NULL;
    if (strcmp(entry->event, "roster.entry.declined") == 0) {
        if ((made = KNOWN(fold, entry, entries, &READ(fold, entry, entry_declined)->entry)) != NULL)
            made->proposed = false;
    } else if (strcmp(entry->event, "roster.entry.renewed") == 0) {
        const struct entry_renewed *renewed = READ(fold, entry, entry_renewed);
        if ((made = KNOWN(fold, entry, entries, &renewed->entry)) != NULL && made->spans < SPANS_MAX)
            made->span[made->spans++] = (struct entry_span){ .from = renewed->from, .until = renewed->until };
    } else if (strcmp(entry->event, "roster.entry.ended") == 0) {
        const struct entry_ended *ended = READ(fold, entry, entry_ended);
        if ((made = KNOWN(fold, entry, entries, &ended->entry)) != NULL && made->spans > 0)
            made->span[made->spans - 1].until = ended->until;
    }
}

static void see_called(struct registry_fold *fold, const struct entry *entry)
{
    if (strcmp(entry->event, "roster.call.opened") == 0) {
        const struct call *call = READ(fold, entry, call);
        *ONE_MORE(fold, calls) = (struct fold_call){ call->call, call->seats };
    } else if (strcmp(entry->event, "roster.call.applied") == 0) {
        const struct application *applied = READ(fold, entry, application);
        *ONE_MORE(fold, applied) = (struct fold_applied){ applied->call, applied->entry };
    }
}

static void duty_over(struct registry_fold *fold, struct fold_duty *duty)
{
    if (duty != NULL && duty->over)
        world_violation(fold->w, "a duty is fulfilled or dropped that was over");
    if (duty != NULL)
        duty->over = true;
}

static void see_duty(struct registry_fold *fold, const struct entry *entry)
{
    struct fold_duty *duty;
    if (strcmp(entry->event, "roster.duty.set") == 0)
        *ONE_MORE(fold, duties) = (struct fold_duty){ .id = READ(fold, entry, duty)->duty };
    else if (strcmp(entry->event, "roster.duty.fulfilled") == 0)
        duty_over(fold, KNOWN(fold, entry, duties, &READ(fold, entry, duty_fulfilled)->duty));
    else if (strcmp(entry->event, "roster.duty.dropped") == 0)
        duty_over(fold, KNOWN(fold, entry, duties, &READ(fold, entry, duty_dropped)->duty));
    else if (strcmp(entry->event, "roster.duty.overdue") == 0) {
        if ((duty = KNOWN(fold, entry, duties, &READ(fold, entry, duty_overdue)->duty)) == NULL)
            return;
        if (duty->over || duty->overdue)
            world_violation(fold->w, "a duty is overdue that was %s", duty->over ? "over" : "overdue before");
        duty->overdue = true;
    }
}

static void see_booking(struct registry_fold *fold, const struct entry *entry)
{
    const struct booking *booking = READ(fold, entry, booking);
    struct fold_booking *held = FIND(fold, bookings, &booking->booking);
    if (held == NULL)
        held = ONE_MORE(fold, bookings);
    held->is = *booking;                    /* of its texts nothing is read */
}

/* ── documents ────────────────────────────────────────────────────────────── */

static struct fold_sent *sent_to(struct registry_fold *fold, const struct uuid *document, const struct uuid *to)
{
    for (uint32_t i = 0; i < fold->sent.n; i++)
        if (uuid_equal(&fold->sent.at[i].document, document) && uuid_equal(&fold->sent.at[i].to, to))
            return &fold->sent.at[i];
    return NULL;
}

static void see_document(struct registry_fold *fold, const struct entry *entry)
{
    if (strcmp(entry->event, "roster.document.registered") == 0) {
        const struct document *document = READ(fold, entry, document);
        *ONE_MORE(fold, documents) = (struct fold_document){ document->id, document->previous, UUID_NIL, document->edition };
    } else if (strcmp(entry->event, "roster.document.superseded") == 0) {
        const struct document_superseded *superseded = READ(fold, entry, document_superseded);
        struct fold_document *document = KNOWN(fold, entry, documents, &superseded->id);
        if (document != NULL && !uuid_is_nil(&document->replaced_by))
            world_violation(fold->w, "two editions take the place of one document");
        if (document != NULL)
            document->replaced_by = superseded->by;
    } else if (strcmp(entry->event, "roster.document.sent") == 0) {
        const struct document_sent *sent = READ(fold, entry, document_sent);
        if (sent_to(fold, &sent->document, &sent->organisation) != NULL)
            world_violation(fold->w, "a document is sent twice to one organisation");
        *ONE_MORE(fold, sent) = (struct fold_sent){ sent->document, sent->organisation, 0 };
    } else if (strcmp(entry->event, "roster.document.acknowledged") == 0) {
        const struct document_acknowledged *read = READ(fold, entry, document_acknowledged);
        struct fold_sent *sent = known(fold, sent_to(fold, &read->document, &read->organisation), entry->event);
        if (sent != NULL && sent->acknowledged++ > 0)
            world_violation(fold->w, "one organisation acknowledges a document twice");
    }
}

/* ── expert work ──────────────────────────────────────────────────────────── */

static void see_review(struct registry_fold *fold, const struct entry *entry)
{
    const struct review *review = READ(fold, entry, review);
    struct fold_review *made = FIND(fold, reviews, &review->review);
    if (made != NULL && made->outcome != REVIEW_OPEN)
        world_violation(fold->w, "a review is closed that was closed before");
    if (made == NULL)
        made = ONE_MORE(fold, reviews);
    *made = (struct fold_review){ .id = review->review, .outcome = (int)review->outcome };
    for (uint32_t i = 0; i < review->authors.n; i++)
        made->author[made->authors++] = review->authors.at[i];
    for (uint32_t i = 0; i < fold->works.n && made->outcome != REVIEW_OPEN; i++)
        if (uuid_equal(&fold->works.at[i].review, &made->id) && registry_works(fold->works.at[i].stage))
            fold->works.at[i].stage = ASSIGNMENT_WITHDRAWN;         /* what is open is taken back with it */
}

static bool one(const struct registry_fold *fold, const struct uuid *a, const struct uuid *b)
{
    struct uuid x = registry_known_as(fold, a), y = registry_known_as(fold, b);
    return uuid_equal(&x, &y);
}

/* As it was on that day: who turns out later to be the author's other record could not be known. */
static void see_given(struct registry_fold *fold, const struct fold_work *work)
{
    const struct fold_review *review = FIND(fold, reviews, &work->review);
    uint32_t open = 0;
    for (uint32_t i = 0; review != NULL && i < review->authors; i++)
        if (one(fold, &review->author[i], &work->expert))
            world_violation(fold->w, "somebody is given a work of his own to review");
    for (uint32_t i = 0; i < fold->works.n; i++)
        open += one(fold, &fold->works.at[i].expert, &work->expert) && registry_works(fold->works.at[i].stage);
    if (open > WORKS_AT_ONCE)
        world_violation(fold->w, "an expert is given %u works at once", open);
}

static void see_work(struct registry_fold *fold, const struct entry *entry)
{
    const struct assignment *assignment = READ(fold, entry, assignment);
    struct fold_work *work = FIND(fold, works, &assignment->assignment);
    bool new = work == NULL;
    if (new)
        work = ONE_MORE(fold, works);
    *work = (struct fold_work){ assignment->assignment, assignment->review, assignment->expert, (int)assignment->stage };
    if (new)
        see_given(fold, work);
}

/* ── the walk ─────────────────────────────────────────────────────────────── */

static const struct { const char *event; void (*see)(struct registry_fold *fold, const struct entry *entry); } SEEN[] = {
    { "roster.person.registered", see_registered }, { "roster.person.merged", see_merged }, { "roster.person.unmerged", see_unmerged },
    { "roster.person.erased", see_erased }, { "roster.post.opened", see_opened }, { "roster.post.closed", see_closed },
    { "roster.entry.proposed", see_listing }, { "roster.entry.admitted", see_listing }, { "roster.entry.", see_decided },
    { "roster.call.", see_called }, { "roster.duty.", see_duty }, { "roster.booking.", see_booking }, { "roster.document.", see_document },
    { "roster.review.opened", see_review }, { "roster.review.closed", see_review }, { "roster.review.", see_work },
};

static void see(struct registry_fold *fold, const struct entry *entry)
{
    for (size_t i = 0; i < sizeof SEEN / sizeof *SEEN; i++)
        if (strncmp(entry->event, SEEN[i].event, strlen(SEEN[i].event)) == 0) {
            SEEN[i].see(fold, entry);
            return;
        }
}

void registry_read(struct world *w, struct registry_fold *fold)
{
    struct entry entry;
    struct txn txn;
    *fold = (struct registry_fold){ .w = w, .arena = { .keep = 1 << 18 }, .scratch = { .keep = 1 << 16 } };
    txn_begin(&txn, machine_store(w->node[ROSTER]->process.machine), TXN_READ);
    for (uint64_t number = 1; !w->violated && journal_get(&txn, number, &fold->scratch, &entry, NULL); number++) {
        see(fold, &entry);
        arena_reset(&fold->scratch);
    }
    txn_end(&txn);
}

void registry_drop(struct registry_fold *fold)
{
    arena_free(&fold->arena);
    arena_free(&fold->scratch);
}
