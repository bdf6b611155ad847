#pragma once
#include "common/core/arena.h"
#include "proto/roster_registers.h"

/* register_rules: what an entry of a register must say, by the register's own settings. Pure: values in, the first
 * fault out. Whether persons and organisations that it names are there is asked by the caller.
 *
 * Rules      grounds are the act's closed list and stand there once each; any one of them is enough, or all are needed
 *            (`all_grounds`: педагоги-методисты have passed the federal *and* the regional selection, C табл. 1 кр. 6 (2)).
 *            What a ground wants as evidence has to be said, with its day where it is dated. Fields are the register's own. */
struct register_fault { const char *reason, *path, *rule, *arg, *value; };      /* arg, value: for the sentence; NULL: none */

struct register_about {                     /* the same fields of a proposal and of a record */
    const struct uuid *person, *organisation;
    const char *title;
    const struct entry_ground *grounds; uint32_t ground_n;
    const struct entry_value *values; uint32_t value_n;
};
bool register_about_good(const struct profile_register *reg, const struct register_about *about, day_t today,
                         struct arena *arena, struct register_fault *fault);

/* The last day of a membership that begins on `from`: as asked for, else as the term has it; 0: open. */
bool register_term(const struct profile_register *reg, day_t from, day_t asked, struct arena *arena, day_t *until,
                   struct register_fault *fault);

/* The register's ground of that code, its field of that name; NULL: none. */
const struct register_ground *register_ground_of(const struct profile_register *reg, const char *code);
const struct register_field *register_field_of(const struct profile_register *reg, const char *name);

/* The first day on or after `from` on which a yearly report is due. */
day_t register_report_day(const struct register_yearly *yearly, day_t from);

/* ── dated membership ── */
bool span_empty(const struct entry_span *span);                 /* ended before it began: by mistake, never was */
bool span_holds(const struct entry_span *span, day_t on);
bool spans_overlap(const struct entry_span *a, const struct entry_span *b);
/* In the register on that day: what has been decided, however it ended later. */
bool listing_holds(const struct listing *listing, day_t on);
/* The first span that a new one would overlap; NULL: none. */
const struct entry_span *listing_overlap(const struct listing *listing, const struct entry_span *span);
