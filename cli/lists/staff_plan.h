#pragma once
#include "cli/lists/pipe.h"
#include "cli/lists/sheet.h"
#include "proto/roster_lists.h"

/* staff_plan: a staff list held against what roster knows (roster.list.check), row by row, before anything is entered.
 *
 * Order      rows that may be about one person (the same code, SNILS, or name and birth) are asked in one question and
 *            entered in that order: each is answered as it will be after those before it.
 * Ownership  plan_open() takes, plan_close() gives back. Nothing of the list is written anywhere.
 * Memory     about 100 bytes a row beside the file itself; what is kept of rows in full (changes) is limited. */
#define PLAN_DETAILS_MAX 20000          /* rows whose changes are kept to be shown */

struct planned {
    size_t at; uint32_t next_line;      /* where the row is read from */
    uint32_t line;
    uint32_t first;                     /* row of the same person that is entered first */
    uint8_t outcome;                    /* enum list_outcome */
    bool mended;                        /* of a new post or a move: the person changes too */
    uint8_t ground[HASH_SIZE];
};
struct plan_head { uint32_t row; uint64_t others; };             /* a row that makes somebody the head of an organisation */
struct plan_detail { uint32_t row; struct bytes listed; };       /* an encoded `listed` */
struct uuids { uint32_t n, room; struct uuid *at; };
struct plan {
    struct cli *cli;
    struct sheet sheet;
    uint32_t n;
    struct planned *row;
    uint32_t *order;                    /* rows as they are asked and entered */
    uint64_t count[list_outcome_count];
    uint64_t vanish_percent;
    struct uuid once;                   /* of this check alone: the salt of its questions */
    struct pipe pipe;                   /* holds what was refused, for sheet_say_refused() */
    struct uuids seen;                  /* posts that the list has or ends */
    struct uuids kept;                  /* people of rows that were refused or doubtful: not known to be gone */
    struct { uint32_t n, room; struct plan_detail *at; uint64_t more; } detail;
    struct { uint32_t n, room; struct plan_head *at; } heads;
    struct arena arena;
};
int  plan_open(struct plan *plan, struct cli *cli, const char *path, const char *map);      /* reads and asks; map: columns.h */
void plan_close(struct plan *plan);
/* The row as a message; lives until the next row is read. False: it is none, see its refusal. */
bool plan_row(struct plan *plan, uint32_t row, struct worker_record *record);
/* Organisations that would have two heads at a time, by the list itself or with one who is known: a line each. */
void plan_say_heads(struct plan *plan);
void uuids_add(struct uuids *list, const struct uuid *id);
void uuids_sort(struct uuids *list);
bool uuids_have(const struct uuids *list, const struct uuid *id);           /* sorted */
void uuids_free(struct uuids *list);

/* ── staff_groups.c: rows that may be about one person ── */
struct groups { size_t slots; struct { uint64_t key; uint32_t row; } *slot; struct arena arena; };
void groups_start(struct groups *groups, uint32_t rows);
/* Joins the row with those that have any key in common; `rows` hold `first`. */
void groups_join(struct groups *groups, struct planned *rows, uint32_t row, const struct worker_record *record);
void groups_order(struct planned *rows, uint32_t n, uint32_t *order);
void groups_free(struct groups *groups);
