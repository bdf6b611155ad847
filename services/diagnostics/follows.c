#include "services/diagnostics/diagnostics.h"

/* The time of a sitting is up: what was saved is what is scored. One that was handed in cleared its
 * timer; should the two ever meet, the first stands. */
enum verdict fire_sitting_end(struct ctx *ctx, const struct uuid *key, moment_t due)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct sitting_id ended = { *key };
    struct sitting_row row;
    (void)due;
    if (!sitting_find(ctx, key, &row) || row.state != SITTING_OPEN)
        return VERDICT_REFUSED;
    emit(ctx, "diagnostics.sitting.timed_out", &ended, scope, sitting_scope(&row, scope));
    sitting_score(ctx, key, &row, answers_of(ctx, key));
    return VERDICT_OK;
}
