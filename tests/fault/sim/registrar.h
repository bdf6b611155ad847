#pragma once
#include "tests/fault/sim/ids.h"
#include "tests/fault/sim/story.h"

/* registrar: a desk of the centre that keeps organisations, records of people and registers: reorganisations, doubts, merging and
 * undoing it, blocking and erasing; entries, documents, expert work, calls, training, vacancies, bookings.
 *
 * Seeds      it plays in one of three; the others run as they do without it.
 * People     some deeds are about the people of the towns as well. Merged and erased are only its own: two records in a row
 *            are one human, and of each third such pair the posts are closed and the data erased.
 *
 *   story_registrar.c  what is done when, and what comes back    story_units.c     organisations
 *   story_records.c    people                                    story_registers.c everything else
 *   checks_registry.c  what must hold of it */
#define REGISTRY_EVERY  3
#define UNITS_MOST      14          /* the first two are municipalities */
#define TOWNS           2
#define RECORDS_MOST    18
#define DOUBTS_HE_HAS   6
#define KEPT_MOST       8
#define ROOM_SEATS      3

/* What of the answers is remembered: the last ones of each kind. */
#define KEPT_KINDS(X)                                                                       \
    X(KEPT_NOTHING) X(KEPT_STAFF) X(KEPT_SITES) X(KEPT_AGREEMENTS) X(KEPT_ROOMS) X(KEPT_PARTS) X(KEPT_DUTIES) X(KEPT_DOCUMENTS) \
    X(KEPT_REVIEWS) X(KEPT_ASSIGNMENTS) X(KEPT_CALLS) X(KEPT_TRAININGS) X(KEPT_VACANCIES) X(KEPT_BOOKINGS) X(KEPT_DOUBTS) \
    X(KEPT_PROPOSALS) X(KEPT_EXPERTS) X(KEPT_RECORD) X(KEPT_UNIT) X(KEPT_MERGED) X(KEPT_PARTED) X(KEPT_LEFT)
enum kept_kind {
#define KEPT_NAME(name) name,
    KEPT_KINDS(KEPT_NAME)
#undef KEPT_NAME
    KEPT_COUNT
};
struct kept { uint32_t n; struct uuid id[KEPT_MOST]; };
struct record { bool known, merged, left; struct uuid id, post; uint32_t unit, family; day_t from; };
struct registry {
    struct kept kept[KEPT_COUNT];
    struct record record[RECORDS_MOST];
    bool unit[UNITS_MOST];              /* registered */
    uint32_t records, units, made;      /* made: numbers for titles */
    struct ids erased;                  /* whose erasure was answered once, in whichever incarnation */
};

struct registry *registry_new(void);
void registry_free(struct registry **registry);
void registrar_act(struct client *client);
void registrar_told(struct client *client, struct sent *sent);

/* ── for its stories ── */
typedef void deed(struct client *client);
bool kept_pick(struct client *client, enum kept_kind kind, struct uuid *id);
struct uuid unit_id(uint32_t unit);
uint32_t unit_any(struct client *client);           /* a school, maybe one that is closed by now */
bool person_any(struct client *client, struct uuid *id);        /* of a record, or of a town */
day_t days_ago(struct client *client, uint32_t most);
void centre_says(struct client *client, const char *method, const void *body, enum kept_kind kept);
void centre_says_of(struct client *client, const char *method, const void *body, uint32_t record, enum kept_kind kept);
const char *titled(struct client *client, const char *what);    /* a title that was not there yet */
#define LEAVES(record) ((record) / 2 % 3 == 2)

/* ── story_units.c ── */
void unit_next(struct client *client);              /* the first ones, one after the other */
deed unit_more, unit_renamed, unit_moved, unit_founded, unit_closed, unit_reopened, unit_merged, unit_split, post_transferred;
/* ── story_records.c ── */
deed record_next, record_changed, record_facts, records_merged, records_unmerged, consent_moves, record_blocked, record_leaves, doubt_moves,
     record_looked_at;
/* ── story_registers.c ── */
deed staff_entered, site_entered, agreement_entered, room_entered, entry_goes_on, part_moves, duty_moves, document_moves, review_moves,
     review_opens, call_moves, training_moves, vacancy_moves, booking_moves, tie_told;
