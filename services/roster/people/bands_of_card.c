#include "common/core/failpoint.h"
#include "services/roster/roster.h"

enum verdict bands_of_card(struct ctx *ctx, const struct person_card *card, const struct person_bands *was, struct person_bands *bands)
{
    const struct profile *profile = roster_config(ctx)->profile;
    struct band_span *now = ARENA_LIST(ctx->arena, struct band_span, BANDS_MAX + 1), *mended;
    struct life life = { .teaching_since = card->teaching_since, .working_since = card->working_since,
                         .pedagogical = (int)card->pedagogical, .pedagogical_since = card->pedagogical_since };
    struct closed closed;

    civil_parse(&life.born, card->born);
    bands->told = was != NULL ? was->told : ctx->today;
    bands->spans.n = bands_of(profile, &life, now);
    bands->spans.at = now;
    if (was == NULL || SABOTAGE("closed_years_drift") || !bands_closed(profile, was->told, ctx->today, &closed))
        return VERDICT_OK;
    mended = ARENA_LIST(ctx->arena, struct band_span, BAND_SPANS_MAX);
    bool fit = bands_mend(was->spans.at, was->spans.n, now, bands->spans.n, &closed, mended, &bands->spans.n);
    bands->spans.at = mended;
    return fit ? VERDICT_OK : refuse_most(ctx, "too_many_bands", BAND_SPANS_MAX);
}
