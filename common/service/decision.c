#include <assert.h>

#include "common/service/machine_parts.h"

/* What decide, react, fire and query may say. */

void decision_add(struct decision *decision, struct arena *arena, struct emitted emitted)
{
    if (decision->count == decision->room) {
        struct emitted *more = ARENA_LIST(arena, struct emitted, decision->room == 0 ? 4 : decision->room * 4);
        if (decision->count > 0)
            memcpy(more, decision->list, decision->count * sizeof *more);
        decision->list = more;
        decision->room = decision->room == 0 ? 4 : decision->room * 4;
    }
    decision->list[decision->count++] = emitted;
}

void emit(struct ctx *ctx, const char *event, const void *body, const struct uuid *scope, uint32_t n)
{
    struct decision *d = ctx->decision;
    const struct event_def *def = machine_event(ctx->machine, event);
    assert(def != NULL && n <= ENTRY_SCOPES_MAX);
    if (ctx->txn->err != ERR_OK)
        return;                             /* the batch is lost already, and the body may rest on what failed */
    if (d->count == ENTRY_GROUP_MAX || d->bytes > ENTRY_GROUP_BYTES) {
        d->too_large = true;
        return;
    }
    struct bytes encoded = msg_encode_in(ctx->arena, def->body, body);
    decision_add(d, ctx->arena, (struct emitted){
        def, def->name, encoded, n > 0 ? arena_copy(ctx->arena, scope, n * sizeof *scope) : NULL, n });
    d->bytes += encoded.n + 300;            /* and what stands around it */
    if (encoded.n > ENTRY_BODY_MAX || d->bytes > ENTRY_GROUP_BYTES)
        d->too_large = true;
}

void reply(struct ctx *ctx, const void *body)
{
    struct decision *d = ctx->decision;
    d->reply = msg_encode_in(ctx->arena, d->gives, body);
    if (!d->passing)
        d->bytes += d->reply.n;
}

enum verdict refuse(struct ctx *ctx, enum problem_code code, const char *reason)
{
    struct problem *problem = ARENA_NEW(ctx->arena, struct problem);
    problem->code = code;
    problem->reason = reason;
    ctx->decision->problem = problem;
    return VERDICT_REFUSED;
}

enum verdict refuse_field(struct ctx *ctx, const char *reason, const char *path, const char *rule)
{
    refuse(ctx, PROBLEM_INVALID, reason);
    struct problem *problem = ctx->decision->problem;
    problem->fields.at = ARENA_NEW(ctx->arena, struct problem_field);
    problem->fields.n = 1;
    *problem->fields.at = (struct problem_field){ .path = path, .rule = rule };
    return VERDICT_REFUSED;
}

void refuse_arg(struct ctx *ctx, const char *name, const char *value)
{
    struct problem *problem = ctx->decision->problem;
    const uint32_t most = 16;
    const size_t length = strlen(value), longest = 400;
    assert(problem != NULL);
    if (problem->args.at == NULL)
        problem->args.at = ARENA_LIST(ctx->arena, struct problem_arg, most);
    if (problem->args.n < most)
        problem->args.at[problem->args.n++] = (struct problem_arg){
            arena_string(ctx->arena, name, strlen(name)), arena_string(ctx->arena, value, length < longest ? length : longest) };
}

enum verdict refuse_arg_day(struct ctx *ctx, const char *name, day_t day)
{
    char text[DAY_TEXT + 1] = "…";

    if (day != 0)
        day_format(day, text);
    refuse_arg(ctx, name, text);
    return VERDICT_REFUSED;
}

const struct problem *refusal_take(struct ctx *ctx)
{
    const struct problem *problem = ctx->decision->problem;
    ctx->decision->problem = NULL;
    return problem;
}

/* An actor can only narrow: the console's reach has to cover him, and he reaches himself. */
bool may_reach(const struct ctx *ctx, const struct uuid *scope, uint32_t n)
{
    const struct principal *who = ctx->who;
    if (who == NULL || SABOTAGE("no_reach"))
        return true;                        /* a reaction or a timer of the service itself */
    if (!uuid_is_nil(&who->actor)) {
        for (uint32_t i = 0; i < n; i++)
            if (uuid_equal(&scope[i], &who->actor))
                return who->reach.all || reach_sees(&who->reach, scope, n);
        return false;
    }
    return who->reach.all || (n > 0 && reach_sees(&who->reach, scope, n));
}

uint64_t store_used(const struct ctx *ctx)
{
    return txn_used_bytes(ctx->txn);
}

uint64_t service_cap_bytes(const struct ctx *ctx)
{
    return ctx->machine->cap_bytes;
}

void *service_memory(const struct ctx *ctx)
{
    return ctx->machine->memory;
}

/* All of it comes from the command, its time too: sent again after a restore, it makes the same things, and
 * what other journals say about them still means something. */
struct uuid decide_id(struct ctx *ctx)
{
    struct hash_state state;
    hash_start(&state, NULL);
    hash_more(&state, ctx->command.b, sizeof ctx->command.b);
    if (ctx->who != NULL)
        hash_more(&state, ctx->who->id.b, sizeof ctx->who->id.b);
    hash_more(&state, &ctx->decision->ids, sizeof ctx->decision->ids);
    ctx->decision->ids++;
    struct hash hash = hash_end(&state);
    int64_t ms = ctx->entry != NULL ? ctx->entry->moment / MOMENT_MS : uuid_ms(&ctx->command);     /* a reaction: the entry's */
    return uuid_v7(SABOTAGE("id_by_clock") ? ctx->now / MOMENT_MS : ms, hash.b);
}

bool day_allowed(const struct ctx *ctx, day_t day, uint32_t back_max)
{
    return day > 0 && day <= ctx->today && ctx->today - day <= back_max;
}

/* ── problems as bytes ────────────────────────────────────────────────────── */

struct bytes problem_encode(struct arena *arena, const struct problem *problem)
{
    return msg_encode_in(arena, &problem_desc, problem);
}

struct bytes problem_simple(struct arena *arena, enum problem_code code, const char *reason, uint64_t retry_after_ms)
{
    struct problem problem = { .code = code, .reason = reason, .retry_after_ms = retry_after_ms };
    return problem_encode(arena, &problem);
}

struct bytes problem_of_message(struct arena *arena, const struct msg_error *error)
{
    struct problem_field field = { .path = error->path, .rule = error->rule, .limit = error->limit };
    struct problem problem = { .code = PROBLEM_INVALID, .reason = "message", .fields = { 1, &field } };
    return problem_encode(arena, &problem);
}
