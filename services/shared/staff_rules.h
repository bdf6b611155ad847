#pragma once
#include "common/service/service.h"
#include "proto/profile.h"
#include "services/shared/civil.h"
#include "services/shared/snils.h"

/* staff_rules: what one row of a staff list must satisfy before anybody is looked up (R9: the same rules
 * check each row on the spot as check it at the region).
 *
 * Use        pure: a row (texts in NFC) and the day in, the first fault or the row's meaning out.
 * Rules      employment from 14 years (ТК РФ ст. 63), at most 100; names in Cyrillic as identity documents
 *            write them, since a Latin look-alike letter makes a second person of one; a post begins at
 *            most a year ahead; the check of a SNILS as in snils.h. The past is open: lists are old.
 * Privacy    a fault's args hold letters, digits of a check, limits and days, never a whole value. */
#define STAFF_AGE_MIN     14
#define STAFF_AGE_MAX     100
#define STAFF_AHEAD_MONTHS 12
#define STAFF_ARGS_MAX    3

struct staff_fault {
    bool denied;                            /* out of reach: no verdict */
    const char *reason, *path, *rule;       /* see the table of reasons in services/roster/roster.h */
    uint32_t n;
    struct { const char *name; char value[24]; } arg[STAFF_ARGS_MAX];
};
struct staff_education { int level, pedagogical; };         /* enum education_level, enum yes_no */
struct staff_row { struct civil born; char snils[SNILS_DIGITS + 1]; };      /* snils empty: none */

bool staff_row_read(const struct worker_record *row, day_t today, struct staff_row *out, struct staff_fault *fault);
/* One name by itself: Cyrillic letters, hyphen, space, apostrophe; at least one letter. */
bool staff_name_good(const char *name, const char *path, struct staff_fault *fault);
/* Days of a post: also for closing one. `from` may lie at most a year ahead. */
bool staff_day_ahead(day_t day, day_t today);

/* ── the whole of a row, in the one order in which its faults are told ── */
/* Titles of the profile's posts, folded for comparing. */
struct staff_posts { const struct profile *profile; const char **folded; };
void staff_posts_read(struct staff_posts *posts, const struct profile *profile, struct arena *arena);
int  staff_post_kind(const struct staff_posts *posts, const char *title, struct arena *arena);  /* -1: no such title */

/* No post lasts past the end of its organisation, and one without an end begins there only while something goes on in its
 * place (proto/roster_tree.h): the post will be cut over to the heir. */
struct staff_unit { day_t closed; bool goes_on; };      /* closed: the first day on which it is no more; 0: it is there. goes_on: its heir is, or the heir's */
bool staff_unit_holds(const struct staff_unit *unit, day_t from, day_t until);
enum staff_place { STAFF_PLACE_GOOD, STAFF_PLACE_UNKNOWN, STAFF_PLACE_BEYOND };     /* BEYOND: out of reach */
struct staff_check {
    const struct staff_posts *posts;
    day_t today;
    struct arena *arena;
    /* Asked about the organisation of the row; `unit` comes zeroed. */
    enum staff_place (*place)(void *arg, const char *code, struct staff_unit *unit);
    void *arg;
};
struct staff_record {
    struct worker_record in;                /* texts in NFC; empty ones NULL where they may be */
    struct staff_row read;
    int kind;                               /* enum post_kind */
    struct staff_education education;
    unsigned rate;                          /* hundredths; 0: not said */
    int matching;                           /* enum yes_no */
};
/* An open row (not sealed); what it says lives in the arena and in `given`. */
bool staff_record_check(const struct worker_record *given, const struct staff_check *check, struct staff_record *out,
                        struct staff_fault *fault);
/* The same of a sealed one, as far as it can be read: organisation, post and the days of it. */
bool staff_work_check(const struct worker_record *given, const struct staff_check *check, struct staff_fault *fault);
/* A message whose texts have been normalised still has its limits; what is empty has a reason of its own. */
bool staff_texts_fit(const struct msg_desc *desc, const void *tidied, struct arena *arena, struct staff_fault *fault);
/* The fault as a refusal, for decide: return staff_refuse(ctx, &fault); */
enum verdict staff_refuse(struct ctx *ctx, const struct staff_fault *fault);
