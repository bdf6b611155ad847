#include "services/federal/federal.h"
#include "services/federal/words.h"

/* passport.open, .fill, cell.enter, .withdraw: how a draft comes about (F1). */

#define DOCUMENT_BACK_DAYS 3660

void federal_emit(struct ctx *ctx, const char *event, const void *body)
{
    const struct profile *profile = federal_profile(ctx);
    emit(ctx, event, body, &profile->region->id, 1);
}

enum verdict need_region(struct ctx *ctx)
{
    const struct profile *profile = federal_profile(ctx);
    if (profile == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_profile");
    return may_reach(ctx, &profile->region->id, 1) ? VERDICT_OK : REFUSE_REACH(ctx);
}

enum verdict need_passport(struct ctx *ctx, const struct uuid *id, int state, struct passport *passport)
{
    if (need_region(ctx) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!passport_find(ctx, id, passport))
        return refuse(ctx, PROBLEM_NOT_FOUND, "passport_unknown");
    if (state < 0 || passport->state == state)
        return VERDICT_OK;
    refuse(ctx, PROBLEM_CONFLICT, "passport_wrong_state");
    refuse_arg(ctx, "state", passport_state_names.names[passport->state]);
    refuse_arg(ctx, "needed", passport_state_names.names[state]);
    return VERDICT_REFUSED;
}

/* Blocks that nothing fills yet, each with one named gap. */
static void name_gaps(struct ctx *ctx, struct passport_opened *opened)
{
    opened->gaps.at = ARENA_LIST(ctx->arena, struct cell, WORDS_WAITING_COUNT);
    for (uint32_t i = 0; i < WORDS_WAITING_COUNT; i++) {
        const struct words_waiting *waiting = &WORDS_WAITING[i];
        struct cell *gap = &opened->gaps.at[opened->gaps.n++];
        *gap = (struct cell){ .block = waiting->block, .row = waiting->row, .title = waiting->title, .column = "value",
                              .kind = CELL_GAP, .gap = GAP_NO_FUNCTION };
        gap->functions.at = ARENA_LIST(ctx->arena, const char *, 2);
        while (gap->functions.n < 2 && waiting->functions[gap->functions.n] != NULL) {
            gap->functions.at[gap->functions.n] = waiting->functions[gap->functions.n];
            gap->functions.n++;
        }
    }
}

enum verdict decide_passport_open(struct ctx *ctx, const void *command)
{
    const struct passport_open *open = command;
    const struct profile *profile = federal_profile(ctx);
    struct passport newest;
    struct passport_opened opened = { .year = open->year, .version = 1, .day = ctx->today };
    if (need_region(ctx) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (open->year < profile->first_year || open->year > profile->last_year) {
        refuse(ctx, PROBLEM_NOT_FOUND, "year_unknown");
        refuse_arg(ctx, "year", arena_format(ctx->arena, "%llu", (unsigned long long)open->year));
        return VERDICT_REFUSED;
    }
    if (passport_newest(ctx, open->year, &newest)) {
        if (newest.state != PASSPORT_RETURNED && newest.state != PASSPORT_AGREED) {
            refuse(ctx, PROBLEM_CONFLICT, "passport_open");
            refuse_arg(ctx, "state", passport_state_names.names[newest.state]);
            return VERDICT_REFUSED;
        }
        opened.previous = newest.id;
        opened.version = newest.version + 1;
    }
    opened.passport = decide_id(ctx);
    opened.title = federal_title(profile);
    opened.operator = federal_operator(profile);
    opened.region = profile->region->title;
    opened.act = profile->region->act;
    name_gaps(ctx, &opened);
    struct registered answer = { opened.passport };
    federal_emit(ctx, "federal.passport.opened", &opened);
    reply(ctx, &answer);
    return VERDICT_OK;
}

/* Again: what the services know now takes the place of what they knew then. */
enum verdict decide_passport_fill(struct ctx *ctx, const void *command)
{
    struct passport passport;
    struct passport_moved move = { .passport = ((const struct passport_id *)command)->passport, .day = ctx->today };
    if (need_passport(ctx, &move.passport, PASSPORT_DRAFT, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (passport_unfilled(&passport) == 0)  /* under way: one filling is enough */
        federal_emit(ctx, "federal.filling.begun", &move);
    return VERDICT_OK;
}

/* ── what is typed in ─────────────────────────────────────────────────────── */

static enum verdict need_key(struct ctx *ctx, const char *row, const char *column)
{
    if (row[0] == '\0' || strlen(row) > 80)
        return refuse_field(ctx, "message", "row", row[0] == '\0' ? "too_short" : "too_long");
    if (column[0] == '\0' || strlen(column) > 40)
        return refuse_field(ctx, "message", "column", column[0] == '\0' ? "too_short" : "too_long");
    return VERDICT_OK;
}

static enum verdict need_day(struct ctx *ctx, day_t day)
{
    if (day_allowed(ctx, day, DOCUMENT_BACK_DAYS))
        return VERDICT_OK;
    refuse(ctx, PROBLEM_INVALID, "day_not_allowed");
    refuse_arg(ctx, "back_days", arena_format(ctx->arena, "%u", DOCUMENT_BACK_DAYS));
    return VERDICT_REFUSED;
}

enum verdict decide_cell_enter(struct ctx *ctx, const void *command)
{
    const struct cell_enter *enter = command;
    struct passport passport;
    struct cell there = { 0 };
    const char *row = text_nfc(ctx->arena, enter->row), *column = text_nfc(ctx->arena, enter->column);
    if (need_passport(ctx, &enter->passport, PASSPORT_DRAFT, &passport) != VERDICT_OK ||
        need_key(ctx, row, column) != VERDICT_OK || need_day(ctx, enter->day) != VERDICT_OK)
        return VERDICT_REFUSED;
    bool known = cell_find(ctx, &passport.id, enter->block, row, column, &there);
    if (known && there.kind == CELL_SERVICE)
        return refuse(ctx, PROBLEM_CONFLICT, "cell_counted");
    if (!known && passport_cells(&passport) >= PASSPORT_CELLS_MAX) {
        refuse(ctx, PROBLEM_TOO_LARGE, "cells_too_many");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%u", PASSPORT_CELLS_MAX));
        return VERDICT_REFUSED;
    }
    struct cell cell = {
        .block = enter->block, .row = row, .column = column, .line = known ? there.line : 100000, .place = there.place,
        .title = enter->title != NULL && enter->title[0] != '\0' ? enter->title : there.title, .kind = CELL_DOCUMENT,
        .text = enter->value, .unit = enter->unit != NULL && enter->unit[0] != '\0' ? enter->unit : there.unit,
        .document = enter->document, .day = enter->day, .act = there.act, .edition = there.edition, .indicator = there.indicator,
    };
    struct cell_entered entered = { passport.id, &cell };
    federal_emit(ctx, "federal.cell.entered", &entered);
    return VERDICT_OK;
}

enum verdict decide_cell_withdraw(struct ctx *ctx, const void *command)
{
    const struct cell_at *at = command;
    struct passport passport;
    struct cell there;
    const char *row = text_nfc(ctx->arena, at->row), *column = text_nfc(ctx->arena, at->column);
    if (need_passport(ctx, &at->passport, PASSPORT_DRAFT, &passport) != VERDICT_OK || need_key(ctx, row, column) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!cell_find(ctx, &passport.id, at->block, row, column, &there) || there.kind != CELL_DOCUMENT)
        return refuse(ctx, PROBLEM_NOT_FOUND, "cell_unknown");
    /* What stood in the document's order was a gap, and is one again; a row of its own goes. */
    struct cell left = there;
    if (there.line != 100000) {
        left = (struct cell){ .block = there.block, .row = there.row, .column = there.column, .line = there.line, .place = there.place,
                              .title = there.title, .unit = there.unit, .act = there.act, .edition = there.edition,
                              .indicator = there.indicator, .kind = CELL_GAP, .gap = GAP_NOT_SAID };
    }
    struct cell_entered withdrawn = { passport.id, &left };
    federal_emit(ctx, "federal.cell.withdrawn", &withdrawn);
    return VERDICT_OK;
}
