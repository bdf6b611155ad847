#pragma once
#include "services/roster/state.h"
#include "services/roster/units/lineage.h"

/* units: what roster keeps of an organisation through time, beside its present state.
 *
 * A unit that was never reorganised and stands under none that was has no record: it stands where its present chain says,
 * since ever. Reads and writes STATE tables; what is loaded lives in ctx->arena. */
#define UNIT_TITLE_FIELDS(X, S)                                                             \
    X(S, DAY,  from,  _, 0, 0,   OPTIONAL)                                                   \
    X(S, STR,  title, _, 1, 300, REQUIRED)
MSG_DECLARE(unit_title, UNIT_TITLE_FIELDS)
#define UNIT_STATE_FIELDS(X, S)                                                             \
    X(S, LIST, parents,   unit_link,  0, LINEAGE_MAX, OPTIONAL)                              \
    X(S, LIST, founders,  unit_link,  0, LINEAGE_MAX, OPTIONAL)                              \
    X(S, LIST, titles,    unit_title, 0, LINEAGE_MAX, OPTIONAL)                              \
    X(S, LIST, territory, unit_span,  0, LINEAGE_MAX, OPTIONAL)                              \
    X(S, LIST, founder,   unit_span,  0, LINEAGE_MAX, OPTIONAL)
MSG_DECLARE(unit_state, UNIT_STATE_FIELDS)

struct unit_titles { uint32_t n; struct unit_title *at; };
struct unit {
    struct organisation now;
    struct lineage_links parents, founders;
    struct unit_titles titles;
    struct lineage_spans spans[org_tree_count];
};
bool unit_load(struct ctx *ctx, const struct uuid *id, struct unit *unit);
void unit_save(struct ctx *ctx, const struct unit *unit);           /* all but `now` */
bool unit_title_set(struct unit *unit, day_t from, const char *title, struct arena *arena);
const char *unit_title_on(const struct unit *unit, day_t day);

/* Makes its spans again of its links and of what it stands under, its heir's with them. False: too deep, a circle, or too many. */
bool unit_derive(struct ctx *ctx, struct unit *unit);
/* Its chain of today; of one that has an heir, that of its last day. */
const struct unit_span *unit_present(const struct unit *unit, day_t today);
bool unit_goes_on(struct ctx *ctx, const struct organisation *unit);        /* it is there today, or the last of its heirs is */
bool unit_there(const struct organisation *unit, day_t day);        /* opened by then, and not closed yet */
/* A branch or a unit (K 3.3.2: «Точка роста», IT-куб, Кванториум) is a part of what it belongs to. */
bool unit_is_part(int kind);
/* As what its people count: a part as the organisation that it belongs to; one that belongs to none, as what it is. */
int unit_counted_kind(struct ctx *ctx, const struct organisation *unit);

/* What has to be looked at when the spans of `of` change: what stands or stood under it, and whose heir it is. */
void unit_depends(struct ctx *ctx, const struct uuid *of, const struct uuid *unit);
bool unit_has_dependents(struct ctx *ctx, const struct uuid *of);

/* The unit and all that stood within it on that day in that tree, in no order. As now: what is within it today, and what it
 * or they are heirs of. */
struct units { uint32_t n, room; struct uuid *at; };
void units_depending(struct ctx *ctx, const struct uuid *of, struct units *units);
void units_within(struct ctx *ctx, enum org_tree tree, const struct uuid *unit, day_t day, struct units *units);
/* The longest way from something within the unit up to it: 1 for itself alone. */
uint32_t unit_height(struct ctx *ctx, const struct uuid *unit, day_t day);

/* ── changes, as they were entered ── */
void unit_change_put(struct ctx *ctx, const struct uuid *unit, const struct organisation_changed *change);
/* ── how far its people have followed it ── */
struct uuid unit_followed(struct ctx *ctx, const struct uuid *unit);
void unit_followed_put(struct ctx *ctx, const struct uuid *unit, const struct uuid *person);
