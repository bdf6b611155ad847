#include "services/programmes/programmes_state.h"

/* Who learns in which run: enrolment.open, .record, .end. */

enum verdict refuse_day(struct ctx *ctx, const char *reason, day_t day)
{
    refuse(ctx, PROBLEM_CONFLICT, reason);
    return refuse_arg_day(ctx, "day", day);
}

static enum verdict refuse_enrolled(struct ctx *ctx, const struct uuid *enrolment)
{
    char text[UUID_TEXT + 1];

    uuid_format(enrolment, text);
    refuse(ctx, PROBLEM_CONFLICT, "already_enrolled");
    refuse_arg(ctx, "enrolment", text);
    return VERDICT_REFUSED;
}

enum verdict enrolment_need(struct ctx *ctx, const struct uuid *id, struct enrolment_row *row, struct programme *programme)
{
    if (!enrolment_get(ctx, id, row))
        return refuse(ctx, PROBLEM_NOT_FOUND, "enrolment_unknown");
    return programme_need(ctx, &row->enrolment->programme, programme);
}

/* The run, within the principal's reach by the provider of its programme. */
static enum verdict run_need(struct ctx *ctx, const struct uuid *id, struct run_row *row, struct programme *programme)
{
    if (!run_get(ctx, id, row))
        return refuse(ctx, PROBLEM_NOT_FOUND, "run_unknown");
    return programme_need(ctx, &row->run->programme, programme);
}

static void enrol(struct ctx *ctx, struct enrolment *enrolment, const struct run_row *row, const struct programme *programme,
                  const struct workplace *place)
{
    struct uuid scope[ENTRY_SCOPES_MAX];

    enrolment->run = row->run->id;
    enrolment->programme = programme->id;
    enrolment->chain.n = place->chain.n;
    enrolment->chain.at = place->chain.at;
    enrolment->provider = programme->provider;
    enrolment->provider_kind = programme->provider_kind;
    emit(ctx, "programmes.enrolment.opened", enrolment, scope, places_scope(&enrolment->person, place, scope));
    reply(ctx, &(struct registered){ enrolment->enrolment });
}

static enum verdict room_need(struct ctx *ctx, const struct run_row *row)
{
    if (run_free(row) > 0)
        return VERDICT_OK;
    refuse(ctx, PROBLEM_CONFLICT, "no_places");
    refuse_arg(ctx, "places", arena_format(ctx->arena, "%llu", (unsigned long long)row->run->places));
    return VERDICT_REFUSED;
}

static day_t run_last(const struct run *run)
{
    return run->until != 0 ? run->until : run->day;
}

/* Somebody who waits for the programme leaves the list by this, and his step learns of it. */
enum verdict decide_enrolment_open(struct ctx *ctx, const void *command)
{
    const struct enrolment_open *open = command;
    struct enrolment enrolment = { .person = open->person, .day = ctx->today };
    struct programme programme;
    struct workplace place;
    struct run_row row;
    struct uuid other;
    struct wish wish;

    if (run_need(ctx, &open->run, &row, &programme) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (run_over(row.run, ctx->today))
        return refuse_day(ctx, "run_over", run_last(row.run));
    if (places_need(ctx, &open->person, &open->organisation, ctx->today, &place) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (enrolment_open_in(ctx, &open->person, &programme.id, &other) || enrolment_in_run(ctx, &open->run, &open->person, &other))
        return refuse_enrolled(ctx, &other);
    if (!open->again && completed_before(ctx, &open->person, &programme.id))
        return refuse(ctx, PROBLEM_CONFLICT, "already_completed");
    if (room_need(ctx, &row) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (wish_of(ctx, &open->person, &programme.id, &wish)) {
        enrolment.route = wish.route;
        enrolment.step = wish.step;
    }
    enrolment.enrolment = decide_id(ctx);
    enrol(ctx, &enrolment, &row, &programme, &place);
    return VERDICT_OK;
}

static enum verdict record_days(struct ctx *ctx, const struct enrolment_record *record, const struct run *run)
{
    if (day_need(ctx, record->day, "day") != VERDICT_OK)
        return VERDICT_REFUSED;
    return run->until != 0 && record->day > run->until ? refuse_day(ctx, "run_over", run->until) : VERDICT_OK;
}

/* A route is one person's: where its step is known to be another's, the row names the wrong one. */
static bool step_of_another(struct ctx *ctx, const struct enrolment_record *record)
{
    struct step_stands stands;
    struct enrolment_row row;
    struct wish wish;

    if (uuid_is_nil(&record->route) || !step_get(ctx, &record->route, record->step, &stands))
        return false;
    if (stands.number != 0 && wish_get(ctx, &stands.programme, stands.number, &wish))
        return !uuid_equal(&wish.person, &record->person);
    return !uuid_is_nil(&stands.enrolment) && enrolment_get(ctx, &stands.enrolment, &row)
        && !uuid_equal(&row.enrolment->person, &record->person);
}

/* What happened is written down: neither places nor what was completed before forbid it now. */
enum verdict decide_enrolment_record(struct ctx *ctx, const void *command)
{
    const struct enrolment_record *record = command;
    struct enrolment enrolment = { .enrolment = record->id, .person = record->person, .day = record->day,
                                   .route = record->route, .step = record->step, .recorded = true };
    struct enrolment_row known;
    struct programme programme;
    struct workplace place;
    struct run_row row;
    struct uuid other;

    if (uuid_is_nil(&record->route) != (record->step == 0))
        return refuse_field(ctx, "message", record->step == 0 ? "step" : "route", "missing");
    if (run_need(ctx, &record->run, &row, &programme) != VERDICT_OK || record_days(ctx, record, row.run) != VERDICT_OK
        || places_need(ctx, &record->person, &record->organisation, record->day, &place) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (uuid_is_nil(&enrolment.enrolment))
        enrolment.enrolment = decide_id(ctx);
    else if (enrolment_get(ctx, &enrolment.enrolment, &known))
        return refuse(ctx, PROBLEM_CONFLICT, "already_recorded");
    if (enrolment_in_run(ctx, &record->run, &record->person, &other))
        return refuse_enrolled(ctx, &other);
    if (step_of_another(ctx, record))
        return refuse(ctx, PROBLEM_CONFLICT, "step_of_another");
    enrol(ctx, &enrolment, &row, &programme, &place);
    return VERDICT_OK;
}

void emit_ended(struct ctx *ctx, const struct enrolment *enrolment, day_t day, enum end_reason reason)
{
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct enrolment_ended ended = {
        .enrolment = enrolment->enrolment, .run = enrolment->run, .programme = enrolment->programme,
        .person = enrolment->person, .chain = { enrolment->chain.n, enrolment->chain.at }, .day = day, .reason = (int)reason,
        .route = enrolment->route, .step = enrolment->step,
    };
    emit(ctx, "programmes.enrolment.ended", &ended, scope,
         enrolment_scope(&enrolment->person, enrolment->chain.at, enrolment->chain.n, scope));
}

enum verdict decide_enrolment_end(struct ctx *ctx, const void *command)
{
    const struct enrolment_end *end = command;
    struct programme programme;
    struct enrolment_row row;
    const char *fault;

    if (enrolment_need(ctx, &end->enrolment, &row, &programme) != VERDICT_OK || day_need(ctx, end->day, "day") != VERDICT_OK)
        return VERDICT_REFUSED;
    if ((fault = end_fault(&row, end->day)) != NULL)
        return refuse_day(ctx, fault, row.state == ENROLMENT_OPEN ? row.enrolment->day : row.ended);
    emit_ended(ctx, row.enrolment, end->day, (enum end_reason)end->reason);
    return VERDICT_OK;
}
