#pragma once
#include "common/core/err.h"
#include "common/core/text.h"
#include "common/service/errand.h"
#include "proto/federal.h"
#include "proto/roles.h"

/* federal: what its files share and nobody else includes. main.c is the table of contents.
 *
 * Rules      draft → submitted → approved → sent → agreed | returned; submitted or approved → draft by the authority,
 *            with remarks; sent → approved where the package was not delivered, with a reason; no other way (Югра
 *            п. 3.2.1 (2); F2). After `returned`, and after `agreed` when the year has moved on, a new version is
 *            opened; what was typed into the one before comes along.
 *            A draft alone is filled and typed into. Approval freezes: the hash of the content is kept, and the edition
 *            of the words that it was made with (words.h); a package of other content is never written.
 *            Taking back is asked for, and happens when the errand of the outbox says that the package does not lie
 *            there: decide cannot look, and nobody else writes there. One that lies there is delivered, and stays sent.
 *            What a service has counted cannot be typed over: a figure is the same on the screen, in the sheet and in
 *            the passport. A gap can be typed into, and a count that comes later takes its place.
 *
 * Outside    is the errands' alone: filling.c asks indicators, programmes and roster; outbox.c writes what was sent;
 *            inbox.c takes receipts. Each can be killed at any instruction and does the same again.
 *
 * Reasons of refusals, and their args:
 *   out_of_reach             the region is not the principal's
 *   not_ours                 the errands' commands, from anybody but the service itself
 *   no_profile               started without the region's settings
 *   year_unknown {year}      not of the profile
 *   passport_unknown  package_unknown
 *   passport_open {state}    the year's newest version is not through yet
 *   passport_wrong_state {state, needed}
 *   not_filled {block}       its filling is not done
 *   cell_counted             a service's value stands there
 *   cell_unknown             nothing typed in stands there
 *   cells_too_many {most}
 *   content_changed          what is approved is not what was read
 *   package_delivered        it lies in the outbox, and may be on its way: it cannot be taken back
 *   day_not_allowed {back_days}     a document's
 *   answer_before_sending {sent}  answer_in_future {today}
 *   filling_over  part_out_of_order      an attempt that is not the one under way (the errand begins anew)
 *   package_differs          the receipt speaks of another package
 *   already_answered {state}  remarks_needed */

enum {
    T_PASSPORT = TABLE_OWN, /* passport → passport */
    T_BY_YEAR,              /* u32 year, u32 version → passport id */
    T_CELL,                 /* passport, u8 block, text row, text column → cell */
    T_LETTER,               /* u64 number of the entry → letter; the newest LETTERS_MAX */
    T_DONE,                 /* programme, u32 year → two u64: enrolled, completed: copy of programmes' facts, as T_LEARNER */
    T_LEARNER,              /* programme, u32 year, person → u8: enrolled, completed */
    T_READ,                 /* nothing → u64: number of the newest entry of programmes in T_DONE */
    T_REGISTRY,             /* programme → u32 day, text: number in the federal registry, the newest that was said */
};
#define LETTERS_MAX 1000
#define PAGE_BYTES  (128 * 1024)

/* What a region's act makes of the passport; the profile. */
const struct profile *federal_profile(const struct ctx *ctx);     /* NULL: none */
const char *federal_title(const struct profile *profile);
const char *federal_operator(const struct profile *profile);

/* ── state.c: own tables ── */
bool passport_find(struct ctx *ctx, const struct uuid *id, struct passport *passport);
void passport_put(struct ctx *ctx, const struct passport *passport);
/* The newest version of the year. */
bool passport_newest(struct ctx *ctx, uint64_t year, struct passport *passport);
/* The next passport after `*id` (nil: the first) in the order of ids; false: none. */
bool passport_next(struct ctx *ctx, struct uuid *id, struct passport *passport);
struct block_state *passport_block(struct passport *passport, uint64_t number);     /* it has all eight */
uint64_t passport_cells(const struct passport *passport);
/* The first block whose filling is not done, 0: all are. */
uint64_t passport_unfilled(const struct passport *passport);
bool passport_asked_back(const struct passport *passport);     /* and it is not known yet whether in time */

struct key cell_key(const struct uuid *passport, const struct cell *cell);
bool cell_find(struct ctx *ctx, const struct uuid *passport, uint64_t block, const char *row, const char *column, struct cell *cell);
/* Puts and takes away, and keeps the block's counts. */
void cell_put(struct ctx *ctx, struct passport *passport, const struct cell *cell);
void cell_drop(struct ctx *ctx, struct passport *passport, const struct cell *cell);
/* All cells in the order of the document (block, line, row, place, column), in the arena. */
struct cells { uint32_t n; struct cell *at; };
struct cells passport_content(struct ctx *ctx, const struct uuid *passport);
/* The package's facts of it, see package.h. */
struct package_facts;
void passport_facts(const struct ctx *ctx, const struct passport *passport, const struct uuid *journal, struct package_facts *facts);
struct hash content_hash(struct ctx *ctx, const struct passport *passport);
/* The edition of the words in which the content has the hash that was read (none was said: the newest); 0: in none. */
unsigned content_edition(struct ctx *ctx, const struct passport *passport, struct bytes read, struct hash *content);
/* NAME, from the journal and from number and hash of the sending entry: the same after every restart and every restore
 * that keeps the entry, and never the one of an entry that got the number in another life of the journal. */
#define NAME_DIGITS 16                      /* of the hash */
const char *package_name(struct arena *arena, const struct uuid *journal, uint64_t number, const struct hash *hash);

/* ── commands.c, commands_life.c, commands_errand.c ── */
enum verdict decide_passport_open(struct ctx *ctx, const void *command);
enum verdict decide_passport_fill(struct ctx *ctx, const void *command);
enum verdict decide_cell_enter(struct ctx *ctx, const void *command);
enum verdict decide_cell_withdraw(struct ctx *ctx, const void *command);
enum verdict decide_passport_submit(struct ctx *ctx, const void *command);
enum verdict decide_passport_approve(struct ctx *ctx, const void *command);
enum verdict decide_passport_return(struct ctx *ctx, const void *command);
enum verdict decide_passport_send(struct ctx *ctx, const void *command);
enum verdict decide_passport_recall(struct ctx *ctx, const void *command);
enum verdict decide_answer_enter(struct ctx *ctx, const void *command);
enum verdict decide_block_fill(struct ctx *ctx, const void *command);
enum verdict decide_package_deliver(struct ctx *ctx, const void *command);
enum verdict decide_package_fault(struct ctx *ctx, const void *command);
enum verdict decide_package_recall(struct ctx *ctx, const void *command);
enum verdict decide_receipt_take(struct ctx *ctx, const void *command);
enum verdict decide_letter_refuse(struct ctx *ctx, const void *command);
/* The region has to be the principal's; a passport has to be there, in that state (−1: any). */
enum verdict need_region(struct ctx *ctx);
enum verdict need_passport(struct ctx *ctx, const struct uuid *id, int state, struct passport *passport);
void federal_emit(struct ctx *ctx, const char *event, const void *body);
enum verdict take_answer(struct ctx *ctx, const struct operator_answer *answer);

/* ── events.c ── */
void apply_passport_opened(struct ctx *ctx, const void *event);
void apply_filling_begun(struct ctx *ctx, const void *event);
void apply_block_filled(struct ctx *ctx, const void *event);
void apply_cell_entered(struct ctx *ctx, const void *event);
void apply_cell_withdrawn(struct ctx *ctx, const void *event);
void apply_passport_submitted(struct ctx *ctx, const void *event);
void apply_passport_approved(struct ctx *ctx, const void *event);
void apply_passport_returned(struct ctx *ctx, const void *event);
void apply_passport_sent(struct ctx *ctx, const void *event);
void apply_recall_asked(struct ctx *ctx, const void *event);
void apply_passport_recalled(struct ctx *ctx, const void *event);
void apply_package_delivered(struct ctx *ctx, const void *event);
void apply_package_faulted(struct ctx *ctx, const void *event);
void apply_answer_taken(struct ctx *ctx, const void *event);
void apply_letter_refused(struct ctx *ctx, const void *event);

/* ── follows.c: what programmes says of learners ── */
struct done { uint64_t enrolled, completed; };
struct done done_find(struct ctx *ctx, const struct uuid *programme, uint64_t year);
uint64_t done_read(struct ctx *ctx);        /* up to which entry of programmes */
const char *registry_number(struct ctx *ctx, const struct uuid *programme);     /* NULL: none is known */
void take_programme_included(struct ctx *ctx, const void *event);
void take_enrolment_opened(struct ctx *ctx, const void *event);
void take_completion_recorded(struct ctx *ctx, const void *event);

/* ── queries.c ── */
enum verdict answer_passport_get(struct ctx *ctx, const void *query);
enum verdict answer_passport_list(struct ctx *ctx, const void *query);
enum verdict answer_cell_list(struct ctx *ctx, const void *query);
enum verdict answer_passport_compare(struct ctx *ctx, const void *query);
enum verdict answer_letter_list(struct ctx *ctx, const void *query);

/* ── the errands ── */
uint32_t filling_step(struct errand *errand);
uint32_t outbox_step(struct errand *errand);
uint32_t inbox_step(struct errand *errand);
#define INBOX_MEMORY 32768           /* bytes: what the inbox watches */
/* Command ids of the errands: the time of what they are about, and the rest from what they say. An id must not be
 * old (machine: `expired`), and what it is about may be: then the time is the day's on which it is said. So an id
 * holds what is said within a day together, and decide has to find out by itself what was said on another one. */
struct uuid federal_command(const struct errand *errand, moment_t about, const char *kind, struct bytes of);
