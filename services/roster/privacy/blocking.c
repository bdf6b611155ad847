#include "proto/roles.h"
#include "services/roster/merge/merge.h"
#include "services/roster/search/search.h"

/* 152-FZ art. 21: what may not be destroyed yet, or is disputed, is kept and not used. */

bool state_blocked(struct ctx *ctx, const struct uuid *person, struct person_blocked *blocked)
{
    struct uuid now = person_now(ctx, person);
    struct key key = key_of_uuid(&now);
    return txn_get_msg(ctx->txn, T_BLOCKS, key_bytes(&key), &person_blocked_desc, ctx->arena, blocked);
}

enum verdict refuse_blocked(struct ctx *ctx, enum problem_code code, const struct person_blocked *blocked)
{
    refuse(ctx, code, "person_blocked");
    return refuse_arg_day(ctx, "until", blocked->until);
}

/* The centre clears it up; the person has a right to his own (art. 14): a worker reaches nobody else. */
bool block_passes(const struct ctx *ctx)
{
    return ctx->who == NULL || ctx->who->role == ROLE_CENTRE || ctx->who->role == ROLE_WORKER;
}

enum verdict decide_person_block(struct ctx *ctx, const void *command)
{
    const struct person_block *block = command;
    struct person_blocked blocked = { .person = block->person, .act = block->act, .ground = block->ground,
                                      .day = ctx->today, .until = block->until, .erase = block->erase };
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct person_state state;
    struct post_opened post;

    if (privacy_person(ctx, &block->person, &state) != VERDICT_OK || not_merged(ctx, &state) != VERDICT_OK || privacy_act(ctx, &blocked.act) != VERDICT_OK ||
        texts_fit(ctx, &person_blocked_desc, &blocked) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (block->until != 0 && (block->until < ctx->today || block->until >= DAY_MAX))
        return refuse_field(ctx, "block_until_past", "until", "range");
    if (block->erase && block->until == 0)
        return refuse_field(ctx, "erase_needs_until", "erase", "conflict");
    if (block->erase && post_unended(ctx, &block->person, &post)) {
        refuse(ctx, PROBLEM_CONFLICT, "in_post");
        refuse_days(ctx, post.from, post.until);
        return VERDICT_REFUSED;
    }
    if (block->until != 0)
        blocked.over_at = day_start(block->until + 1, roster_config(ctx)->zone_minutes);
    emit(ctx, "roster.person.blocked", &blocked, scope, privacy_scope(&block->person, &state, scope));
    return VERDICT_OK;
}

static void emit_unblocked(struct ctx *ctx, const struct person_state *state, const struct uuid *person, const char *act, bool by_term)
{
    struct person_unblocked unblocked = { *person, act, by_term };
    struct uuid scope[ENTRY_SCOPES_MAX];
    emit(ctx, "roster.person.unblocked", &unblocked, scope, privacy_scope(person, state, scope));
}

enum verdict decide_person_unblock(struct ctx *ctx, const void *command)
{
    const struct person_unblock *unblock = command;
    struct person_unblocked tidied = { .person = unblock->person, .act = unblock->act };
    struct person_blocked blocked;
    struct person_state state;

    if (privacy_person(ctx, &unblock->person, &state) != VERDICT_OK || not_merged(ctx, &state) != VERDICT_OK || privacy_act(ctx, &tidied.act) != VERDICT_OK ||
        texts_fit(ctx, &person_unblocked_desc, &tidied) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!state_blocked(ctx, &unblock->person, &blocked))
        return refuse(ctx, PROBLEM_CONFLICT, "not_blocked");
    emit_unblocked(ctx, &state, &unblock->person, tidied.act, false);
    return VERDICT_OK;
}

/* The term is over. Who has come into a post again meanwhile has given a new ground: he is not erased. */
enum verdict fire_block_over(struct ctx *ctx, const struct uuid *person, moment_t due)
{
    struct person_blocked blocked;
    struct person_state state;
    struct post_opened post;

    (void)due;
    if (!state_blocked(ctx, person, &blocked) || !state_person(ctx, person, &state))
        return VERDICT_OK;
    emit_unblocked(ctx, &state, person, blocked.act, true);
    struct person_erased erased = { .person = *person, .act = blocked.act, .ground = ERASE_TERM, .day = ctx->today };
    if (blocked.erase && !post_unended(ctx, person, &post))
        erase_now(ctx, &state, &erased);
    return VERDICT_OK;
}

void apply_person_blocked(struct ctx *ctx, const void *event)
{
    const struct person_blocked *blocked = event;
    struct key key = key_of_uuid(&blocked->person);

    txn_put_msg(ctx->txn, T_BLOCKS, key_bytes(&key), &person_blocked_desc, blocked);
    if (blocked->over_at != 0)
        timer_set(ctx, TIMER_BLOCK_OVER, &blocked->person, blocked->over_at);
    else
        timer_clear(ctx, TIMER_BLOCK_OVER, &blocked->person);
    search_mark(ctx, &blocked->person, true);
}

void block_lift(struct ctx *ctx, const struct uuid *person)
{
    struct key key = key_of_uuid(person);

    if (!txn_delete(ctx->txn, T_BLOCKS, key_bytes(&key)))
        return;
    timer_clear(ctx, TIMER_BLOCK_OVER, person);
    search_mark(ctx, person, false);
}

void apply_person_unblocked(struct ctx *ctx, const void *event)
{
    const struct person_unblocked *unblocked = event;
    block_lift(ctx, &unblocked->person);
}
