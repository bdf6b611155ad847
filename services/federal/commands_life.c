#include "services/federal/federal.h"

/* passport.submit, .approve, .return, .send, .recall; answer.enter: the life of a version (F2). */

enum verdict decide_passport_submit(struct ctx *ctx, const void *command)
{
    struct passport passport;
    struct passport_moved move = { .passport = ((const struct passport_id *)command)->passport, .day = ctx->today };
    if (need_passport(ctx, &move.passport, PASSPORT_DRAFT, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    uint64_t block = passport_unfilled(&passport);
    if (block != 0) {
        refuse(ctx, PROBLEM_CONFLICT, "not_filled");
        refuse_arg(ctx, "block", arena_format(ctx->arena, "%llu", (unsigned long long)block));
        return VERDICT_REFUSED;
    }
    federal_emit(ctx, "federal.passport.submitted", &move);
    return VERDICT_OK;
}

enum verdict decide_passport_approve(struct ctx *ctx, const void *command)
{
    const struct passport_approve *approve = command;
    struct passport passport;
    if (need_passport(ctx, &approve->passport, PASSPORT_SUBMITTED, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct hash content;
    unsigned words = content_edition(ctx, &passport, approve->content, &content);
    if (words == 0)
        return refuse(ctx, PROBLEM_CONFLICT, "content_changed");
    struct passport_moved move = { .passport = approve->passport, .day = ctx->today, .document = approve->document,
                                   .content = bytes(content.b, HASH_SIZE), .words = words };
    federal_emit(ctx, "federal.passport.approved", &move);
    return VERDICT_OK;
}

enum verdict decide_passport_return(struct ctx *ctx, const void *command)
{
    const struct passport_return *back = command;
    struct passport passport;
    struct passport_moved move = { .passport = back->passport, .day = ctx->today, .remarks = back->remarks };
    if (need_passport(ctx, &back->passport, -1, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (passport.state != PASSPORT_APPROVED && need_passport(ctx, &back->passport, PASSPORT_SUBMITTED, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    federal_emit(ctx, "federal.passport.returned", &move);
    return VERDICT_OK;
}

enum verdict decide_passport_send(struct ctx *ctx, const void *command)
{
    struct passport passport;
    struct passport_moved move = { .passport = ((const struct passport_id *)command)->passport, .day = ctx->today };
    if (need_passport(ctx, &move.passport, PASSPORT_APPROVED, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    move.content = passport.content;
    federal_emit(ctx, "federal.passport.sent", &move);
    return VERDICT_OK;
}

enum verdict decide_passport_recall(struct ctx *ctx, const void *command)
{
    const struct passport_recall *recall = command;
    struct passport passport;
    struct passport_moved move = { .passport = recall->passport, .day = ctx->today, .remarks = recall->reason };
    if (need_passport(ctx, &recall->passport, PASSPORT_SENT, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (passport.package.n != 0)
        return refuse(ctx, PROBLEM_CONFLICT, "package_delivered");
    if (!passport_asked_back(&passport))    /* asked already: once is enough */
        federal_emit(ctx, "federal.recall.asked", &move);
    return VERDICT_OK;
}

/* ── the federal operator's answer ────────────────────────────────────────── */

static enum verdict answer_day(struct ctx *ctx, day_t day, day_t sent)
{
    if (day >= sent && day <= ctx->today)
        return VERDICT_OK;
    refuse(ctx, PROBLEM_INVALID, day < sent ? "answer_before_sending" : "answer_in_future");
    return refuse_arg_day(ctx, day < sent ? "sent" : "today", day < sent ? sent : ctx->today);
}

enum verdict take_answer(struct ctx *ctx, const struct operator_answer *answer)
{
    struct passport passport;
    if (need_passport(ctx, &answer->passport, -1, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (passport.state == PASSPORT_AGREED || passport.state == PASSPORT_RETURNED) {
        refuse(ctx, PROBLEM_CONFLICT, "already_answered");
        refuse_arg(ctx, "state", passport_state_names.names[passport.state]);
        return VERDICT_REFUSED;
    }
    if (need_passport(ctx, &answer->passport, PASSPORT_SENT, &passport) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (answer->package.n != 0 && !bytes_equal(answer->package, passport.package))
        return refuse(ctx, PROBLEM_CONFLICT, "package_differs");
    if (answer_day(ctx, answer->day, passport.sent) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (answer->outcome == ANSWER_RETURNED && (answer->remarks == NULL || answer->remarks[0] == '\0'))
        return refuse(ctx, PROBLEM_INVALID, "remarks_needed");
    federal_emit(ctx, "federal.answer.taken", answer);
    return VERDICT_OK;
}

/* Typed in from the personal cabinet, where no receipt comes by file: never with a receipt's marks. */
enum verdict decide_answer_enter(struct ctx *ctx, const void *command)
{
    struct operator_answer answer = *(const struct operator_answer *)command;
    answer.package = answer.receipt = bytes(NULL, 0);
    answer.file = NULL;
    return take_answer(ctx, &answer);
}
