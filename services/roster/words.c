#include "common/core/text.h"
#include "services/roster/roster.h"

const char *tidied(struct ctx *ctx, const char *text)
{
    const char *nfc = text != NULL ? text_nfc(ctx->arena, text) : NULL;
    return nfc != NULL && nfc[0] != '\0' ? nfc : NULL;
}

enum verdict refuse_most(struct ctx *ctx, const char *reason, unsigned most)
{
    refuse(ctx, PROBLEM_CONFLICT, reason);
    refuse_arg(ctx, "most", arena_format(ctx->arena, "%u", most));
    return VERDICT_REFUSED;
}

enum verdict reply_made(struct ctx *ctx, const struct uuid *id)
{
    const struct registered made = { *id };
    reply(ctx, &made);
    return VERDICT_OK;
}

enum verdict texts_fit(struct ctx *ctx, const struct msg_desc *desc, const void *tidied)
{
    struct staff_fault fault;
    return staff_texts_fit(desc, tidied, ctx->arena, &fault) ? VERDICT_OK : staff_refuse(ctx, &fault);
}
