#include "common/core/failpoint.h"
#include "services/federal/federal.h"

/* What the errands say has come of their work. Only the service itself may. */

static enum verdict need_self(struct ctx *ctx)
{
    if (federal_profile(ctx) == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_profile");
    return ctx->who->self ? VERDICT_OK : refuse(ctx, PROBLEM_DENIED, "not_ours");
}

/* None of the following refusals may be kept as a verdict where the same id could be right later: the ids of
 * parts hold passport, filling, attempt, digest and part, so what is refused once is refused for good. */
enum verdict decide_block_fill(struct ctx *ctx, const void *command)
{
    const struct block_fill *fill = command;
    struct passport passport;
    if (need_self(ctx) != VERDICT_OK || need_passport(ctx, &fill->passport, PASSPORT_DRAFT, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    const struct block_state *block = passport_block(&passport, fill->block);
    if (fill->fill != passport.fill || block->filled == passport.fill)
        return refuse(ctx, PROBLEM_CONFLICT, "filling_over");
    bool first = fill->part == 1 && fill->attempt == block->attempt + 1;
    bool next = fill->attempt == block->attempt && block->of_fill == fill->fill && fill->part == block->done + 1 &&
                bytes_equal(fill->digest, block->digest);
    if ((!first && !next) || fill->part > fill->parts)
        return refuse(ctx, PROBLEM_CONFLICT, "part_out_of_order");
    for (uint32_t i = 0; i < fill->cells.n; i++)
        if (fill->cells.at[i].block != fill->block)
            return refuse_field(ctx, "message", "cells", "no_such_name");
    if (passport_cells(&passport) - (first ? block->cells : 0) + fill->cells.n > PASSPORT_CELLS_MAX + 1000) {
        refuse(ctx, PROBLEM_TOO_LARGE, "cells_too_many");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%u", PASSPORT_CELLS_MAX));
        return VERDICT_REFUSED;
    }
    federal_emit(ctx, "federal.block.filled", fill);
    return VERDICT_OK;
}

enum verdict decide_package_deliver(struct ctx *ctx, const void *command)
{
    const struct package_deliver *deliver = command;
    struct passport passport;
    if (need_self(ctx) != VERDICT_OK || need_passport(ctx, &deliver->passport, PASSPORT_SENT, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (passport.package.n == 0)            /* said twice: nothing more */
        federal_emit(ctx, "federal.package.delivered", deliver);
    return VERDICT_OK;
}

enum verdict decide_package_fault(struct ctx *ctx, const void *command)
{
    const struct package_fault *fault = command;
    struct passport passport;
    if (need_self(ctx) != VERDICT_OK || need_passport(ctx, &fault->passport, PASSPORT_SENT, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (passport.fault == NULL || strcmp(passport.fault, fault->reason) != 0)
        federal_emit(ctx, "federal.package.faulted", fault);
    return VERDICT_OK;
}

/* The package does not lie in the outbox, and will not: the sending is undone. */
enum verdict decide_package_recall(struct ctx *ctx, const void *command)
{
    struct passport passport;
    struct passport_moved move = { .passport = ((const struct passport_id *)command)->passport, .day = ctx->today };
    if (need_self(ctx) != VERDICT_OK || need_passport(ctx, &move.passport, PASSPORT_SENT, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    move.remarks = passport.recall;
    if (passport.package.n == 0 && passport_asked_back(&passport))
        federal_emit(ctx, "federal.passport.recalled", &move);
    return VERDICT_OK;
}

/* The very receipt that has answered it, read again after a fall or dropped again a year later: it had its effect,
 * whatever id it comes under. */
static bool had_its_effect(struct ctx *ctx, const struct operator_answer *answer)
{
    struct passport passport;
    return !SABOTAGE("receipt_by_chance") && answer->receipt.n != 0 && passport_find(ctx, &answer->passport, &passport) &&
           passport.answer != NULL && bytes_equal(passport.answer->receipt, answer->receipt);
}

enum verdict decide_receipt_take(struct ctx *ctx, const void *command)
{
    if (need_self(ctx) != VERDICT_OK)
        return VERDICT_REFUSED;
    return had_its_effect(ctx, command) ? VERDICT_OK : take_answer(ctx, command);
}

enum verdict decide_letter_refuse(struct ctx *ctx, const void *command)
{
    if (need_self(ctx) != VERDICT_OK)
        return VERDICT_REFUSED;
    federal_emit(ctx, "federal.letter.refused", command);
    return VERDICT_OK;
}
