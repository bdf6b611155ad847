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
