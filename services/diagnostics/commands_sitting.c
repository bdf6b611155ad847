#include "services/diagnostics/diagnostics.h"
#include "services/shared/reach.h"

/* sitting.start, .save, .submit, .record (D4, D5). */

uint32_t sitting_scope(const struct sitting_row *row, struct uuid scope[ENTRY_SCOPES_MAX])
{
    struct workplace place = { .chain = { row->chain.n, row->chain.at } };
    return places_scope(&row->person, &place, scope);
}

void sitting_score(struct ctx *ctx, const struct uuid *id, const struct sitting_row *row, struct answer_list answers)
{
    struct share *shares = ARENA_LIST(ctx->arena, struct share, DEFICITS_MAX);
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct instrument instrument;
    struct procedure procedure;
    if (!procedure_find(ctx, &row->procedure, &procedure) || !instrument_find(ctx, &row->instrument, &instrument)) {
        txn_fail(ctx->txn, ERR_CORRUPT);
        return;
    }
    struct sitting_scored scored = {
        .sitting = *id, .procedure = row->procedure, .person = row->person,
        .chain = { row->chain.n, row->chain.at }, .owner_kind = procedure.owner_kind,
        .day = row->day, .ends = procedure.closes, .recorded = row->state == SITTING_RECORDED,
        .shares = { scoring_shares(&instrument, answers.at, answers.n, shares), shares },
    };
    emit(ctx, "diagnostics.sitting.scored", &scored, scope, sitting_scope(row, scope));
}

static enum verdict refuse_sitting(struct ctx *ctx, const char *reason, const struct uuid *sitting)
{
    char text[UUID_TEXT + 1];
    uuid_format(sitting, text);
    refuse(ctx, PROBLEM_CONFLICT, reason);
    refuse_arg(ctx, "sitting", text);
    return VERDICT_REFUSED;
}

/* ── answers against the form ─────────────────────────────────────────────── */

static const char *choice_fault(const struct answer *answer, enum task_kind kind, uint32_t options)
{
    for (uint32_t i = 0; i < answer->chosen.n; i++) {
        if (answer->chosen.at[i] < 1 || answer->chosen.at[i] > options)
            return "range";
        if (i > 0 && answer->chosen.at[i] <= answer->chosen.at[i - 1])
            return "order";
    }
    return kind == TASK_SINGLE && answer->chosen.n > 1 ? "only_one" : NULL;
}

static enum verdict check_answers(struct ctx *ctx, const struct uuid *instrument, struct answer_list answers)
{
    bool seen[TASKS_MAX + 1] = { false };
    for (uint32_t i = 0; i < answers.n; i++) {
        const struct answer *answer = &answers.at[i];
        enum task_kind kind;
        uint32_t options;
        const char *fault = NULL;
        if (!form_find(ctx, instrument, answer->task, &kind, &options))
            fault = "no_such_task";
        else if (seen[answer->task])
            fault = "repeated";
        if (fault != NULL)
            return refuse_field(ctx, "bad_answer", arena_format(ctx->arena, "answers[%u].task", i), fault);
        fault = choice_fault(answer, kind, options);
        if (fault != NULL)
            return refuse_field(ctx, "bad_answer", arena_format(ctx->arena, "answers[%u].chosen", i), fault);
        seen[answer->task] = true;
    }
    return VERDICT_OK;
}

/* ── by the worker himself ────────────────────────────────────────────────── */

enum verdict decide_sitting_start(struct ctx *ctx, const void *command)
{
    const struct sitting_start *start = command;
    struct uuid scope[ENTRY_SCOPES_MAX], open;
    struct procedure procedure;
    struct instrument instrument;
    struct workplace place;
    uint32_t n;
    if (reach_place(ctx, &start->person, NULL, ctx->today, &place, scope, &n) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!reach_self(ctx, &start->person, scope, n))
        return REFUSE_REACH(ctx);
    if (!procedure_find(ctx, &start->procedure, &procedure))
        return refuse(ctx, PROBLEM_NOT_FOUND, "procedure_unknown");
    if (ctx->today < procedure.opens || ctx->today > procedure.closes) {
        refuse(ctx, PROBLEM_CONFLICT, "procedure_not_open");
        refuse_window(ctx, &procedure);
        return VERDICT_REFUSED;
    }
    if (sitting_of_one(ctx, &start->person, &start->procedure, 0, &open))
        return refuse_sitting(ctx, "sitting_open", &open);
    if (!instrument_find(ctx, &procedure.instrument, &instrument))
        return refuse(ctx, PROBLEM_NOT_FOUND, "instrument_unknown");

    struct sitting_started started = {
        .sitting = decide_id(ctx), .procedure = procedure.id, .person = start->person,
        .chain = { place.chain.n, place.chain.at }, .day = ctx->today,
        .until = ctx->now + (moment_t)instrument.minutes * MOMENT_MINUTE,
    };
    struct sitting_begun begun = { started.sitting, started.until };
    emit(ctx, "diagnostics.sitting.started", &started, scope, n);
    reply(ctx, &begun);
    return VERDICT_OK;
}

/* A sitting of the principal's own that still takes answers. The timer may be late; its hour is not. */
static enum verdict need_open(struct ctx *ctx, const struct uuid *sitting, struct sitting_row *row,
                              struct uuid scope[ENTRY_SCOPES_MAX], uint32_t *n)
{
    if (!sitting_find(ctx, sitting, row))
        return refuse(ctx, PROBLEM_NOT_FOUND, "sitting_unknown");
    *n = sitting_scope(row, scope);
    if (!reach_self(ctx, &row->person, scope, *n))
        return REFUSE_REACH(ctx);
    if (row->state != SITTING_OPEN || ctx->now >= row->until)
        return refuse(ctx, PROBLEM_CONFLICT, "sitting_over");
    return VERDICT_OK;
}

enum verdict decide_sitting_save(struct ctx *ctx, const void *command)
{
    const struct sitting_save *save = command;
    struct answer_list answers = { save->answers.n, save->answers.at };
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct sitting_row row;
    uint32_t n = 0;
    if (need_open(ctx, &save->sitting, &row, scope, &n) != VERDICT_OK ||
        check_answers(ctx, &row.instrument, answers) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "diagnostics.sitting.saved", save, scope, n);
    return VERDICT_OK;
}

enum verdict decide_sitting_submit(struct ctx *ctx, const void *command)
{
    const struct sitting_id *submit = command;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct sitting_row row;
    uint32_t n = 0;
    if (need_open(ctx, &submit->sitting, &row, scope, &n) != VERDICT_OK)
        return VERDICT_REFUSED;
    emit(ctx, "diagnostics.sitting.submitted", submit, scope, n);
    sitting_score(ctx, &submit->sitting, &row, answers_of(ctx, &submit->sitting));
    return VERDICT_OK;
}

/* ── history, by the centre ───────────────────────────────────────────────── */

static enum verdict need_day(struct ctx *ctx, day_t day)
{
    const struct profile *profile = ctx->config;
    if (profile == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_profile");
    uint32_t back_days = (uint32_t)profile->routes->back_days;
    if (day_allowed(ctx, day, back_days))
        return VERDICT_OK;
    refuse(ctx, PROBLEM_INVALID, "day_not_allowed");
    refuse_arg(ctx, "back_days", arena_format(ctx->arena, "%u", (unsigned)back_days));
    return VERDICT_REFUSED;
}

static enum verdict check_record(struct ctx *ctx, const struct sitting_record *record, const struct procedure *procedure)
{
    struct uuid there;
    if (record->day < procedure->opens || record->day > procedure->closes) {
        refuse(ctx, PROBLEM_INVALID, "day_outside_procedure");
        refuse_window(ctx, procedure);
        return VERDICT_REFUSED;
    }
    if (sitting_of_one(ctx, &record->person, &record->procedure, record->day, &there))
        return refuse_sitting(ctx, "already_recorded", &there);
    return VERDICT_OK;
}

static void emit_answers(struct ctx *ctx, const struct uuid *sitting, struct answer_list answers,
                         const struct uuid *scope, uint32_t n)
{
    for (uint32_t from = 0; from < answers.n; from += SAVE_MAX) {
        uint32_t count = answers.n - from < SAVE_MAX ? answers.n - from : SAVE_MAX;
        struct sitting_save saved = { *sitting, { count, answers.at + from } };
        emit(ctx, "diagnostics.sitting.saved", &saved, scope, n);
    }
}

enum verdict decide_sitting_record(struct ctx *ctx, const void *command)
{
    const struct sitting_record *record = command;
    struct answer_list answers = { record->answers.n, record->answers.at };
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct procedure procedure;
    struct workplace place;
    uint32_t n;
    if (need_day(ctx, record->day) != VERDICT_OK ||
        reach_place(ctx, &record->person, &record->organisation, record->day, &place, scope, &n) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!procedure_find(ctx, &record->procedure, &procedure))
        return refuse(ctx, PROBLEM_NOT_FOUND, "procedure_unknown");
    if (check_record(ctx, record, &procedure) != VERDICT_OK ||
        check_answers(ctx, &procedure.instrument, answers) != VERDICT_OK)
        return VERDICT_REFUSED;

    struct sitting_row row = {
        .procedure = procedure.id, .instrument = procedure.instrument, .person = record->person,
        .chain = { place.chain.n, place.chain.at }, .day = record->day, .state = SITTING_RECORDED,
    };
    struct sitting_started started = {
        .sitting = decide_id(ctx), .procedure = procedure.id, .person = record->person,
        .chain = { place.chain.n, place.chain.at }, .day = record->day,
    };
    struct registered answer = { started.sitting };
    emit(ctx, "diagnostics.sitting.started", &started, scope, n);
    emit_answers(ctx, &started.sitting, answers, scope, n);
    sitting_score(ctx, &started.sitting, &row, answers);
    reply(ctx, &answer);
    return VERDICT_OK;
}
