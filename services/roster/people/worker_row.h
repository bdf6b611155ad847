#pragma once
#include "proto/roster_lists.h"
#include "services/roster/people/bands.h"
#include "services/roster/roster.h"

/* worker_row: what one row of a staff list means and would change: the one set of rules that roster.worker.record
 * enters by and roster.list.check answers by. Reads, emits nothing.
 *
 * Ahead      a question about many rows is answered as if those before a row were entered already: `struct ahead` holds
 *            what they would have made, and is looked at before the state. NULL: there are none.
 * Ground     a keyed hash of all that the answer rests on: the organisation and its place, the person as known
 *            (card, band, whether the code is his), his posts. Identifiers of persons and posts are not in it: those of
 *            a row that is not entered yet are not known. So it is the same before and after an unrelated change,
 *            and another one after any that the row could notice. */
struct ahead;

enum edit { EDIT_NONE, EDIT_NEW, EDIT_CHANGED, EDIT_ENDED };

struct candidate { struct uuid person; uint32_t score; };
struct match {
    bool found;                         /* known is a person there is */
    struct known known;
    bool decided;                       /* not found, and a person has said that he is new */
    uint32_t n;                         /* who it may be, likeliest first */
    struct candidate candidate[LIST_CANDIDATES_MAX];
    bool more;                          /* and others, as like as the last of them */
};
struct worker_row {
    struct worker_record in;            /* texts in NFC, empty ones NULL */
    bool unsealed;                      /* it came sealed, and opened, also where the row is refused: */
    uint64_t generation;                /* under this one of the intake's keys */
    struct staff_row read;
    struct organisation organisation;
    int kind;
    struct person_card card;            /* as the row has it, then as it will be sealed */
    struct match_hashes hashes;
    struct match match;
    bool card_changed, person_changed, code_known;
    struct uuid person;
    struct person_bands bands;          /* as they will be */
    struct staff_education education;
    unsigned rate;
    int matching;
    struct moves moves;                 /* as they will be */
    struct post_opened was, post;       /* was: of a post that is known */
    enum edit edit;
    struct hash ground;
};
enum verdict worker_row_take(struct ctx *ctx, const struct ahead *ahead, const struct worker_record *given, struct worker_row *row);

/* ── match.c ── */
/* By code, then SNILS, then name and birth. OK and not found: a new person. */
enum verdict match_person(struct ctx *ctx, const struct ahead *ahead, const struct person_card *row,
                          const struct match_hashes *hashes, struct match *match);

/* ── ahead.c ── */
struct ahead_row { struct hash code; struct known known; struct moves moves; };
struct ahead { uint32_t n; struct ahead_row *row; };            /* room for LIST_ROWS_MAX; the last row about a person counts */
const struct ahead_row *ahead_of(const struct ahead *ahead, const struct uuid *person);
bool ahead_code(struct ctx *ctx, const struct ahead *ahead, const struct hash *code, struct uuid *person);
bool ahead_snils(struct ctx *ctx, const struct ahead *ahead, const struct hash *snils, struct uuid *person);
uint32_t ahead_namesakes(struct ctx *ctx, const struct ahead *ahead, const struct hash *name, struct uuid *persons, uint32_t max, bool *more);
void ahead_posts(struct ctx *ctx, const struct ahead *ahead, const struct uuid *person, struct moves *moves);
void ahead_add(struct ctx *ctx, struct ahead *ahead, const struct worker_row *row);
