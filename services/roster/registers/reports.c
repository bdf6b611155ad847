#include "services/roster/registers/duties.h"

/* Yearly reports of who is in a register (R7: «ежегодный отчёт»): one duty a year. */

moment_t report_at(const struct ctx *ctx, const struct profile_register *reg, day_t from)
{
    return reg->yearly != NULL ? day_start(from > ctx->today ? from : ctx->today, roster_config(ctx)->zone_minutes) : 0;
}

/* What the timer was due for says which year's it is, however late the timer is. Who is not in the register on the last
 * day owes none, and is asked again when he is renewed. */
enum verdict fire_entry_report(struct ctx *ctx, const struct uuid *id, moment_t due)
{
    int zone = roster_config(ctx)->zone_minutes;
    const struct profile_register *reg;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct listing listing;

    if (!state_listing(ctx, id, &listing) || listing.stage != STAGE_ADMITTED ||
        (reg = register_named(ctx, listing.register_id)) == NULL || reg->yearly == NULL)
        return VERDICT_OK;
    day_t day = register_report_day(reg->yearly, day_of_moment(due, zone));
    if (!listing_holds(&listing, day) || day >= DAY_MAX - 366)
        return VERDICT_OK;
    struct duty duty = { .duty = decide_id(ctx), .entry = *id, .register_id = listing.register_id, .kind = reg->yearly->duty,
                         .title = arena_format(ctx->arena, "%s, %d", reg->yearly->duty, day_year(day)), .due = day,
                         .over_at = day_start(day + 1, zone), .again_at = day_start(day + 1, zone) };
    emit(ctx, "roster.duty.set", &duty, scope, listing_scope(ctx, &listing, scope));
    return VERDICT_OK;
}

day_t report_owed(struct ctx *ctx, const struct uuid *entry, const char *kind)
{
    struct key prefix = key_of_uuid(entry);
    struct bytes key, value;
    struct scan scan;
    struct duty duty;
    day_t owed = 0;

    scan_begin(&scan, ctx->txn, T_ENTRY_DUTIES, key_bytes(&prefix));
    while (owed == 0 && scan_next(&scan, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        if (state_duty(ctx, &id, &duty) && strcmp(duty.kind, kind) == 0 && duty_owed(&duty) && duty.due < ctx->today)
            owed = duty.due;
    }
    scan_end(&scan);
    return owed;
}
