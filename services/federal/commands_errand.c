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

enum verdict decide_receipt_take(struct ctx *ctx, const void *command)
{
    return need_self(ctx) == VERDICT_OK ? take_answer(ctx, command) : VERDICT_REFUSED;
}

enum verdict decide_letter_refuse(struct ctx *ctx, const void *command)
{
    if (need_self(ctx) != VERDICT_OK)
        return VERDICT_REFUSED;
    federal_emit(ctx, "federal.letter.refused", command);
    return VERDICT_OK;
}
