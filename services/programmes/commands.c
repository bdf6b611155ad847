#include "services/programmes/programme_rules.h"
#include "services/shared/reach.h"

/* A programme enters and leaves the federal registry a few times in its life. */
#define REGISTRY_CHANGES_MAX 64

static uint32_t back_days(const struct ctx *ctx)
{
    return (uint32_t)((const struct profile *)ctx->config)->routes->back_days;
}

static enum verdict day_need(struct ctx *ctx, day_t day, const char *field)
{
    return day_allowed(ctx, day, back_days(ctx)) ? VERDICT_OK
                                                 : refuse_field(ctx, "day_out_of_range", field, "range");
}

/* The programme, within the principal's reach by its provider. */
static enum verdict programme_need(struct ctx *ctx, const struct uuid *id, struct programme *programme)
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
    char text[DAY_TEXT + 1];

    if (programme_need(ctx, &command->programme, &programme) != VERDICT_OK
        || day_need(ctx, command->day, "day") != VERDICT_OK)
        return VERDICT_REFUSED;
    if (programme.kind == PROGRAMME_NON_FORMAL)
        return refuse(ctx, PROBLEM_CONFLICT, "not_for_registry");
    uint32_t n = registry_changes(ctx, &command->programme, list, REGISTRY_CHANGES_MAX);
    const char *fault = n == REGISTRY_CHANGES_MAX ? "out_of_order" : registry_fault(list, n, included, command->day);
    if (fault != NULL) {
        refuse(ctx, PROBLEM_CONFLICT, fault);
        if (n > 0) {
            day_format(list[n - 1].day, text);
            refuse_arg(ctx, "last", text);
        }
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

static bool run_known(struct ctx *ctx, const struct run *run)
{
    struct key key = run_key(run);
    struct bytes value;
    return txn_get(ctx->txn, T_RUNS, key_bytes(&key), &value);
}

enum verdict decide_run(struct ctx *ctx, const void *command)
{
    struct run run = *(const struct run *)command;
    struct programme programme;

    if (programme_need(ctx, &run.programme, &programme) != VERDICT_OK || day_need(ctx, run.day, "day") != VERDICT_OK)
        return VERDICT_REFUSED;
    if (uuid_is_nil(&run.id))
        run.id = decide_id(ctx);
    else if (run_known(ctx, &run))
        return refuse(ctx, PROBLEM_CONFLICT, "already_recorded");
    run.provider_kind = programme.provider_kind;
    emit(ctx, "programmes.run.recorded", &run, NULL, 0);
    reply(ctx, &(struct registered){ run.id });
    return VERDICT_OK;
}

/* Who records: the provider of the programme, wherever its learners work, or who has the person in reach
 * (documents of outside providers). */
static enum verdict completion_place(struct ctx *ctx, const struct completion_record *record, const struct programme *programme,
                                     struct workplace *place, struct uuid scope[ENTRY_SCOPES_MAX], uint32_t *n)
{
    struct workplace provider;

    if (!places_unit(ctx, &programme->provider, &provider) || !may_reach(ctx, provider.chain.at, provider.chain.n))
        return reach_place(ctx, &record->person, &record->organisation, record->day, place, scope, n);
    if (places_need(ctx, &record->person, &record->organisation, record->day, place) != VERDICT_OK)
        return VERDICT_REFUSED;
    *n = places_scope(&record->person, place, scope);
    return VERDICT_OK;
}

static enum verdict completion_days(struct ctx *ctx, const struct completion_record *record)
{
    if (record->enrolled == 0)
        return refuse_field(ctx, "day_out_of_range", "enrolled", "range");
    if (record->enrolled > record->day)
        return refuse_field(ctx, "enrolled_after_day", "enrolled", "range");
    return day_need(ctx, record->day, "day");
}

enum verdict decide_completion(struct ctx *ctx, const void *command)
{
    const struct completion_record *record = command;
    struct registry_change list[REGISTRY_CHANGES_MAX];
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct programme programme;
    struct workplace place;
    struct bytes known;
    uint32_t scopes;

    if (!programme_get(ctx, &record->programme, &programme))
        return refuse(ctx, PROBLEM_NOT_FOUND, "programme_unknown");
    if (completion_days(ctx, record) != VERDICT_OK
        || completion_place(ctx, record, &programme, &place, scope, &scopes) != VERDICT_OK)
        return VERDICT_REFUSED;
    struct key key = completion_key(&record->person, &record->programme, record->day);
    if (txn_get(ctx->txn, T_COMPLETIONS, key_bytes(&key), &known))
        return refuse(ctx, PROBLEM_CONFLICT, "already_recorded");

    uint32_t changes = registry_changes(ctx, &record->programme, list, REGISTRY_CHANGES_MAX);
    struct completion done = {
        .completion = decide_id(ctx), .programme = record->programme, .person = record->person,
        .chain = { place.chain.n, place.chain.at }, .enrolled = record->enrolled, .day = record->day,
        .federal = registry_holds(list, changes, record->enrolled), .kind = programme.kind,
        .topics = { programme.topics.n, programme.topics.at }, .route = record->route, .document = record->document,
    };
    emit(ctx, "programmes.completion.recorded", &done, scope, scopes);
    reply(ctx, &(struct registered){ done.completion });
    return VERDICT_OK;
}
