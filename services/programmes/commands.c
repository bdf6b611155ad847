#include "services/programmes/programme_rules.h"

/* The registry of programmes, and runs. */

/* A run is announced so far ahead, and lasts so long, at most. */
#define RUN_AHEAD_DAYS 1096
#define RUN_LAST_DAYS  1827

enum verdict day_need(struct ctx *ctx, day_t day, const char *field)
{
    return day_allowed(ctx, day, back_days(ctx)) ? VERDICT_OK
                                                 : refuse_field(ctx, "day_out_of_range", field, "range");
}

enum verdict programme_need(struct ctx *ctx, const struct uuid *id, struct programme *programme)
{
    struct workplace provider;

    if (!programme_get(ctx, id, programme))
        return refuse(ctx, PROBLEM_NOT_FOUND, "programme_unknown");
    if (!places_unit(ctx, &programme->provider, &provider))
        return refuse(ctx, PROBLEM_NOT_FOUND, "provider_unknown");
    return may_reach(ctx, provider.chain.at, provider.chain.n) ? VERDICT_OK : REFUSE_REACH(ctx);
}

enum verdict decide_register(struct ctx *ctx, const void *command)
{
    struct programme programme = *(const struct programme *)command, known;
    struct workplace provider;
    struct uuid other;
    const char *rule = hours_rule(programme.kind, programme.hours);

    if (rule != NULL)
        return refuse_field(ctx, "hours_do_not_fit", "hours", rule);
    if (!places_unit(ctx, &programme.provider, &provider))
        return refuse(ctx, PROBLEM_NOT_FOUND, "provider_unknown");
    if (!may_reach(ctx, provider.chain.at, provider.chain.n))
        return REFUSE_REACH(ctx);
    if (programme_by_code(ctx, programme.code, &other)) {
        refuse(ctx, PROBLEM_CONFLICT, "code_taken");
        refuse_arg(ctx, "code", programme.code);
        return VERDICT_REFUSED;
    }
    if (uuid_is_nil(&programme.id))
        programme.id = decide_id(ctx);
    else if (programme_get(ctx, &programme.id, &known))
        return refuse(ctx, PROBLEM_CONFLICT, "already_registered");
    programme.provider_kind = provider.kind;
    emit(ctx, "programmes.programme.registered", &programme, NULL, 0);
    reply(ctx, &(struct registered){ programme.id });
    return VERDICT_OK;
}

static enum verdict registry_change(struct ctx *ctx, const struct programme_included *command, bool included)
{
    struct registry_change list[REGISTRY_CHANGES_MAX];
    struct programme programme;

    if (programme_need(ctx, &command->programme, &programme) != VERDICT_OK
        || day_need(ctx, command->day, "day") != VERDICT_OK)
        return VERDICT_REFUSED;
    if (programme.kind == PROGRAMME_NON_FORMAL)
        return refuse(ctx, PROBLEM_CONFLICT, "not_for_registry");
    uint32_t n = registry_changes(ctx, &command->programme, list, REGISTRY_CHANGES_MAX);
    const char *fault = n == REGISTRY_CHANGES_MAX ? "out_of_order" : registry_fault(list, n, included, command->day);
    if (fault != NULL) {
        refuse(ctx, PROBLEM_CONFLICT, fault);
        if (n > 0)
            refuse_arg_day(ctx, "last", list[n - 1].day);
        return VERDICT_REFUSED;
    }
    emit(ctx, included ? "programmes.programme.included" : "programmes.programme.excluded", command, NULL, 0);
    return VERDICT_OK;
}

enum verdict decide_include(struct ctx *ctx, const void *command)
{
    return registry_change(ctx, command, true);
}

enum verdict decide_exclude(struct ctx *ctx, const void *command)
{
    return registry_change(ctx, command, false);
}

/* A run may lie ahead: that is what people are entered in. */
static enum verdict run_days(struct ctx *ctx, const struct run *run)
{
    if (run->day <= ctx->today ? !day_allowed(ctx, run->day, back_days(ctx)) : run->day - ctx->today > RUN_AHEAD_DAYS)
        return refuse_field(ctx, "day_out_of_range", "day", "range");
    if (run->until != 0 && (run->until < run->day || run->until - run->day > RUN_LAST_DAYS))
        return refuse_field(ctx, "until_before_day", "until", "range");
    return VERDICT_OK;
}

static enum verdict run_new(struct ctx *ctx, const struct run *run)
{
    struct run_row known;
    struct bytes value;

    if (run_get(ctx, &run->id, &known))
        return refuse(ctx, PROBLEM_CONFLICT, "already_recorded");
    if (run->code == NULL)
        return VERDICT_OK;
    struct key code = run_code_key(ctx, run);
    if (!txn_get(ctx->txn, T_RUN_CODES, key_bytes(&code), &value))
        return VERDICT_OK;
    refuse(ctx, PROBLEM_CONFLICT, "code_taken");
    refuse_arg(ctx, "code", run->code);
    return VERDICT_REFUSED;
}

enum verdict decide_run(struct ctx *ctx, const void *command)
{
    struct run run = *(const struct run *)command;
    struct programme programme;

    if (uuid_is_nil(&run.id))
        run.id = decide_id(ctx);
    if (programme_need(ctx, &run.programme, &programme) != VERDICT_OK || run_days(ctx, &run) != VERDICT_OK
        || run_new(ctx, &run) != VERDICT_OK)
        return VERDICT_REFUSED;
    run.provider_kind = programme.provider_kind;
    emit(ctx, "programmes.run.recorded", &run, NULL, 0);
    reply(ctx, &(struct registered){ run.id });
    return VERDICT_OK;
}
