#include "services/indicators/indicators_state.h"

/* What a query or a command names: found, or refused with what was not. */

/* The region's own row is known before roster's entry of it arrives. */
bool unit_find(struct ctx *ctx, const struct uuid *id, struct organisation *unit)
{
    const struct profile *profile = ((const struct rules *)ctx->config)->profile;
    struct key key = key_of_uuid(id);

    if (txn_get_msg(ctx->txn, T_UNITS, key_bytes(&key), &organisation_desc, ctx->arena, unit))
        return true;
    if (!uuid_equal(id, &profile->region->id))
        return false;
    *unit = (struct organisation){ .id = *id, .kind = ORG_REGION, .code = "", .title = profile->region->title };
    unit->chain.n = 1;
    unit->chain.at = arena_copy(ctx->arena, id, sizeof *id);
    return true;
}

bool indicator_find(const struct profile *profile, const char *act, const char *code, uint32_t *at, const char **fault)
{
    bool any_act = act == NULL || act[0] == '\0';
    uint32_t found = 0;

    for (uint32_t i = 0; i < profile->indicators.n; i++)
        if (profile_code_is(profile->indicators.at[i].code, code) && (any_act || strcmp(profile->indicators.at[i].act, act) == 0)) {
            *at = i;
            found++;
        }
    *fault = found == 0 ? "indicator_unknown" : found > 1 ? "act_needed" : NULL;
    return found == 1;
}

enum verdict refuse_indicator(struct ctx *ctx, const char *fault, const char *code)
{
    refuse(ctx, strcmp(fault, "indicator_unknown") == 0 ? PROBLEM_NOT_FOUND : PROBLEM_INVALID, fault);
    refuse_arg(ctx, "indicator", code);
    return VERDICT_REFUSED;
}

enum verdict refuse_year(struct ctx *ctx, uint64_t year, const char *reason)
{
    refuse(ctx, PROBLEM_NOT_FOUND, reason);
    refuse_arg(ctx, "year", arena_format(ctx->arena, "%llu", (unsigned long long)year));
    return VERDICT_REFUSED;
}

enum verdict refuse_unit(struct ctx *ctx, const struct uuid *unit)
{
    char text[UUID_TEXT + 1];

    uuid_format(unit, text);
    refuse(ctx, PROBLEM_NOT_FOUND, "unit_unknown");
    refuse_arg(ctx, "unit", text);
    return VERDICT_REFUSED;
}
