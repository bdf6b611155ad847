#include "common/core/text.h"
#include "services/roster/merge/one.h"
#include "services/roster/registers/duties.h"

/* The tables of parts and duties, and what their events make of them. */

bool state_part(struct ctx *ctx, const struct uuid *id, struct part *part)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_PARTS, key_bytes(&key), &part_desc, ctx->arena, part);
}

/* Whoever it is, as one id. */
static struct uuid who_of(struct ctx *ctx, const struct part *part)
{
    if (!uuid_is_nil(&part->person))
        return part->person;
    if (!uuid_is_nil(&part->organisation))
        return part->organisation;
    return uuid_derive("roster part by title", bytes_of(text_fold(ctx->arena, part->title)));
}

static struct key entry_part(struct ctx *ctx, const struct part *part)
{
    struct key key = key_of_uuid(&part->entry);
    struct uuid who = who_of(ctx, part);
    key_uuid(&key, &who);
    return key;
}

void state_part_put(struct ctx *ctx, const struct part *part)
{
    struct key key = key_of_uuid(&part->part), of = entry_part(ctx, part);
    key_uuid(&of, &part->part);
    txn_put_msg(ctx->txn, T_PARTS, key_bytes(&key), &part_desc, part);
    txn_put(ctx->txn, T_ENTRY_PARTS, key_bytes(&of), bytes("", 0));
}

uint32_t state_parts_of_one(struct ctx *ctx, const struct part *like, struct part *parts, uint32_t max)
{
    struct uuid *ids = ARENA_LIST(ctx->arena, struct uuid, max), who[SAME_ONE_MAX], one = who_of(ctx, like);
    uint32_t same = same_one(ctx, &one, who), taken = 0;

    for (uint32_t k = 0; k < same && taken < max; k++) {
        struct key prefix = key_of_uuid(&like->entry);
        key_uuid(&prefix, &who[k]);
        uint32_t n = txn_ids(ctx->txn, T_ENTRY_PARTS, key_bytes(&prefix), false, ids, max - taken);
        for (uint32_t i = 0; i < n; i++)
            taken += state_part(ctx, &ids[i], &parts[taken]);
    }
    return taken;
}

bool state_duty(struct ctx *ctx, const struct uuid *id, struct duty *duty)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_DUTIES, key_bytes(&key), &duty_desc, ctx->arena, duty);
}

bool duty_owed(const struct duty *duty) { return duty->fulfilled == 0 && duty->dropped == 0; }

void state_duty_put(struct ctx *ctx, const struct duty *duty)
{
    struct key key = key_of_uuid(&duty->duty), of = key_of_uuid(&duty->entry);
    key_u32(&of, duty->due);
    key_uuid(&of, &duty->duty);
    txn_put_msg(ctx->txn, T_DUTIES, key_bytes(&key), &duty_desc, duty);
    txn_put(ctx->txn, T_ENTRY_DUTIES, key_bytes(&of), bytes("", 0));
}

/* ── events ───────────────────────────────────────────────────────────────── */

void apply_part_joined(struct ctx *ctx, const void *event)
{
    state_part_put(ctx, event);
}

void apply_part_left(struct ctx *ctx, const void *event)
{
    state_part_put(ctx, event);             /* whole, with its last day */
}

/* The timer's table keeps the moment. */
void apply_duty_set(struct ctx *ctx, const void *event)
{
    struct duty duty = *(const struct duty *)event;

    if (duty.over_at != 0)
        timer_set(ctx, TIMER_DUTY_OVER, &duty.duty, duty.over_at);
    if (duty.again_at != 0)
        timer_set(ctx, TIMER_ENTRY_REPORT, &duty.entry, duty.again_at);
    duty.over_at = duty.again_at = 0;
    state_duty_put(ctx, &duty);
}

void apply_duty_fulfilled(struct ctx *ctx, const void *event)
{
    const struct duty_fulfilled *fulfilled = event;
    struct duty duty;

    if (!state_duty(ctx, &fulfilled->duty, &duty))
        return;
    duty.fulfilled = fulfilled->day;
    duty.result = fulfilled->result;
    duty.document = fulfilled->document;
    duty.people = fulfilled->people;
    if (fulfilled->day <= duty.due)
        duty.overdue = 0;
    timer_clear(ctx, TIMER_DUTY_OVER, &duty.duty);
    state_duty_put(ctx, &duty);
}

void apply_duty_overdue(struct ctx *ctx, const void *event)
{
    const struct duty_overdue *overdue = event;
    struct duty duty;

    if (!state_duty(ctx, &overdue->duty, &duty))
        return;
    duty.overdue = overdue->day;
    state_duty_put(ctx, &duty);
}

/* The day since which it was late stays: it was. */
void apply_duty_dropped(struct ctx *ctx, const void *event)
{
    const struct duty_dropped *dropped = event;
    struct duty duty;

    if (!state_duty(ctx, &dropped->duty, &duty))
        return;
    duty.dropped = dropped->day;
    duty.result = dropped->reason;
    timer_clear(ctx, TIMER_DUTY_OVER, &duty.duty);
    state_duty_put(ctx, &duty);
}
