#pragma once
#include "proto/roster_bookings.h"
#include "proto/roster_calls.h"
#include "proto/roster_documents.h"
#include "tests/fault/sim/checks.h"

/* registry_fold: what roster's journal says of people, posts, registers and what hangs on them, read by itself: nothing of the
 * service's own code but the messages. Lists are in the order of the journal; everything lives in `arena`. */
struct fold_person { struct uuid id, into; bool own, erased; };     /* own: registered by the registrar */
struct fold_post { struct uuid id, person, unit; day_t from, until; };
struct fold_entry { struct uuid id, member; const char *register_id; bool proposed, admitted; uint32_t spans; struct entry_span span[SPANS_MAX]; };
struct fold_document { struct uuid id, previous, replaced_by; uint64_t edition; };
struct fold_sent { struct uuid document, to; uint32_t acknowledged; };
struct fold_work { struct uuid id, review, expert; int stage; };    /* an assignment */
struct fold_review { struct uuid id; uint32_t authors; struct uuid author[REVIEW_PARTIES_MAX]; int outcome; };
struct fold_duty { struct uuid id; bool over, overdue; };            /* over: fulfilled, or dropped */
struct fold_call { struct uuid id; uint64_t seats; };
struct fold_applied { struct uuid call, entry; };
struct fold_booking { struct booking is; };

#define FOLD_LIST(type) struct { struct type *at; uint32_t n, room; }
struct registry_fold {
    struct world *w;
    struct arena arena, scratch;
    FOLD_LIST(fold_person) persons;
    FOLD_LIST(fold_post) posts;
    FOLD_LIST(fold_entry) entries;
    FOLD_LIST(fold_document) documents;
    FOLD_LIST(fold_sent) sent;
    FOLD_LIST(fold_work) works;
    FOLD_LIST(fold_review) reviews;
    FOLD_LIST(fold_duty) duties;
    FOLD_LIST(fold_call) calls;
    FOLD_LIST(fold_applied) applied;
    FOLD_LIST(fold_booking) bookings;
};

void registry_read(struct world *w, struct registry_fold *fold);
void registry_drop(struct registry_fold *fold);
/* Whom he is known as: his own id, or that of the record that his was merged into. */
struct uuid registry_known_as(const struct registry_fold *fold, const struct uuid *person);
struct fold_person *registry_person(const struct registry_fold *fold, const struct uuid *id);       /* NULL: not in the journal */
bool registry_on(const struct fold_entry *entry, day_t day);
bool registry_works(int stage);         /* of an assignment: it is still to be done */
