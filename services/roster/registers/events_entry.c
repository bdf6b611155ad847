#include "services/roster/registers/registers.h"

/* What each event of a register makes of the tables. The timer's table keeps the moment: an entry, as lists give it,
 * is without it. */

static void listing_fold(struct ctx *ctx, struct listing *listing, moment_t over_at, moment_t report_at)
{
    listing->over_at = listing->report_at = 0;
    state_listing_put(ctx, listing);
    if (over_at != 0)
        timer_set(ctx, TIMER_ENTRY_OVER, &listing->entry, over_at);
    else
        timer_clear(ctx, TIMER_ENTRY_OVER, &listing->entry);
    if (report_at != 0)
        timer_set(ctx, TIMER_ENTRY_REPORT, &listing->entry, report_at);
    else
        timer_clear(ctx, TIMER_ENTRY_REPORT, &listing->entry);
}

void apply_entry_proposed(struct ctx *ctx, const void *event)
{
    struct listing listing = *(const struct listing *)event;
    listing_fold(ctx, &listing, 0, 0);
}

void apply_entry_admitted(struct ctx *ctx, const void *event)
{
    struct listing listing = *(const struct listing *)event;
    listing_fold(ctx, &listing, listing.over_at, listing.report_at);
}

void apply_entry_declined(struct ctx *ctx, const void *event)
{
    const struct entry_declined *declined = event;
    struct listing listing;

    if (!state_listing(ctx, &declined->entry, &listing))
        return;
    listing.stage = STAGE_DECLINED;
    listing.reason = declined->reason;
    listing.exit = declined->document;
    listing_fold(ctx, &listing, 0, 0);
}

void apply_entry_renewed(struct ctx *ctx, const void *event)
{
    const struct entry_renewed *renewed = event;
    struct listing listing;

    if (!state_listing(ctx, &renewed->entry, &listing) || listing.spans.n == SPANS_MAX)
        return;
    struct entry_span *spans = ARENA_LIST(ctx->arena, struct entry_span, listing.spans.n + 1);
    memcpy(spans, listing.spans.at, listing.spans.n * sizeof *spans);
    spans[listing.spans.n++] = (struct entry_span){ renewed->from, renewed->until, renewed->document };
    listing.spans.at = spans;
    listing.stage = STAGE_ADMITTED;
    listing_fold(ctx, &listing, renewed->over_at, renewed->report_at);
}

void apply_entry_ended(struct ctx *ctx, const void *event)
{
    const struct entry_ended *ended = event;
    struct listing listing;

    if (!state_listing(ctx, &ended->entry, &listing) || listing.spans.n == 0)
        return;
    listing.spans.at[listing.spans.n - 1].until = ended->until;
    listing.stage = STAGE_ENDED;
    listing.reason = ended->reason;
    listing.exit = ended->document;
    listing_fold(ctx, &listing, 0, 0);
}

void apply_entry_lapsed(struct ctx *ctx, const void *event)
{
    const struct entry_lapsed *lapsed = event;
    struct listing listing;

    if (!state_listing(ctx, &lapsed->entry, &listing))
        return;
    listing.stage = STAGE_LAPSED;
    listing_fold(ctx, &listing, 0, 0);
}
