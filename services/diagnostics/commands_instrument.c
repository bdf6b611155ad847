#include "services/diagnostics/diagnostics.h"

/* framework.publish, instrument.publish, procedure.open: what a sitting stands on. */

static enum verdict refuse_published(struct ctx *ctx, const struct uuid *id)
{
    char text[UUID_TEXT + 1];
    uuid_format(id, text);
    refuse(ctx, PROBLEM_CONFLICT, "already_published");
    refuse_arg(ctx, "id", text);
    return VERDICT_REFUSED;
}

static enum verdict refuse_code(struct ctx *ctx, const char *reason, const char *code)
{
    refuse(ctx, PROBLEM_CONFLICT, reason);
    refuse_arg(ctx, "code", code);
    return VERDICT_REFUSED;
}

static enum verdict answer_with_id(struct ctx *ctx, const struct uuid *id)
{
    struct registered answer = { *id };
    reply(ctx, &answer);
    return VERDICT_OK;
}

/* ── frameworks (D1) ──────────────────────────────────────────────────────── */

static const struct competency *competency_named(const struct framework *framework, const char *code)
{
    for (uint32_t i = 0; i < framework->competencies.n; i++)
        if (strcmp(framework->competencies.at[i].code, code) == 0)
            return &framework->competencies.at[i];
    return NULL;
}

static bool has_parent(const struct competency *competency)
{
    return competency->parent != NULL && competency->parent[0] != '\0';
}

/* NULL: a tree. Up from here in at most as many steps as there are competencies. */
static const char *parent_fault(const struct framework *framework, const struct competency *from)
{
    for (uint32_t steps = 0; has_parent(from); steps++) {
        if (steps == framework->competencies.n)
            return "parent_circle";
        from = competency_named(framework, from->parent);
        if (from == NULL)
            return "no_such_parent";
    }
    return NULL;
}

static enum verdict check_competency(struct ctx *ctx, const struct framework *framework, uint32_t i)
{
    const struct competency *competency = &framework->competencies.at[i];
    struct competency_row row;
    const char *fault = parent_fault(framework, competency);
    if (competency_named(framework, competency->code) != competency)
        return refuse_field(ctx, "bad_competency", arena_format(ctx->arena, "competencies[%u].code", i), "repeated");
    if (fault != NULL)
        return refuse_field(ctx, "bad_competency", arena_format(ctx->arena, "competencies[%u].parent", i), fault);
    if (competency_find(ctx, competency->code, &row))
        return refuse_code(ctx, "competency_taken", competency->code);
    return VERDICT_OK;
}

enum verdict decide_framework_publish(struct ctx *ctx, const void *command)
{
    struct framework framework = *(const struct framework *)command, known;
    struct uuid taken;
    if (!uuid_is_nil(&framework.id) && framework_find(ctx, &framework.id, &known))
        return refuse_published(ctx, &framework.id);
    if (code_find(ctx, CODE_FRAMEWORK, framework.code, &taken))
        return refuse_code(ctx, "code_taken", framework.code);
    for (uint32_t i = 0; i < framework.competencies.n; i++)
        if (check_competency(ctx, &framework, i) != VERDICT_OK)
            return VERDICT_REFUSED;
    if (uuid_is_nil(&framework.id))
        framework.id = decide_id(ctx);
    emit(ctx, "diagnostics.framework.published", &framework, NULL, 0);
    return answer_with_id(ctx, &framework.id);
}

/* ── instruments (D2) ─────────────────────────────────────────────────────── */

static const char *key_fault(const struct task *task)
{
    if (task->key.n == 0)
        return "key_missing";
    if (task->kind == TASK_SINGLE && task->key.n != 1)
        return "key_not_one";
    for (uint32_t i = 0; i < task->key.n; i++) {
        if (task->key.at[i] < 1 || task->key.at[i] > task->options.n)
            return "key_range";
        if (i > 0 && task->key.at[i] <= task->key.at[i - 1])
            return "key_order";
    }
    return NULL;
}

static enum verdict check_task(struct ctx *ctx, const struct instrument *instrument, uint32_t i)
{
    const struct task *task = &instrument->tasks.at[i];
    struct competency_row row;
    const char *fault = key_fault(task);
    for (uint32_t k = 0; k < i; k++)
        if (instrument->tasks.at[k].number == task->number)
            return refuse_field(ctx, "bad_task", arena_format(ctx->arena, "tasks[%u].number", i), "repeated");
    if (fault != NULL)
        return refuse_field(ctx, "bad_task", arena_format(ctx->arena, "tasks[%u].key", i), fault);
    if (!competency_find(ctx, task->competency, &row) || !uuid_equal(&row.framework, &instrument->framework))
        return refuse_field(ctx, "bad_task", arena_format(ctx->arena, "tasks[%u].competency", i), "not_in_framework");
    return VERDICT_OK;
}

enum verdict decide_instrument_publish(struct ctx *ctx, const void *command)
{
    struct instrument instrument = *(const struct instrument *)command, known;
    struct framework framework;
    struct uuid taken;
    if (!uuid_is_nil(&instrument.id) && instrument_find(ctx, &instrument.id, &known))
        return refuse_published(ctx, &instrument.id);
    if (code_find(ctx, CODE_INSTRUMENT, instrument.code, &taken))
        return refuse_code(ctx, "code_taken", instrument.code);
    if (!framework_find(ctx, &instrument.framework, &framework))
        return refuse(ctx, PROBLEM_NOT_FOUND, "framework_unknown");
    for (uint32_t i = 0; i < instrument.tasks.n; i++)
        if (check_task(ctx, &instrument, i) != VERDICT_OK)
            return VERDICT_REFUSED;
    if (uuid_is_nil(&instrument.id))
        instrument.id = decide_id(ctx);
    /* the keys: for those alone who see everything */
    emit(ctx, "diagnostics.instrument.published", &instrument, &instrument.id, 1);
    return answer_with_id(ctx, &instrument.id);
}

/* ── procedures (D3) ──────────────────────────────────────────────────────── */

void refuse_window(struct ctx *ctx, const struct procedure *procedure)
{
    char text[DAY_TEXT + 1];
    day_format(procedure->opens, text);
    refuse_arg(ctx, "opens", text);
    day_format(procedure->closes, text);
    refuse_arg(ctx, "closes", text);
}

enum verdict decide_procedure_open(struct ctx *ctx, const void *command)
{
    struct procedure procedure = *(const struct procedure *)command, known;
    struct instrument instrument;
    struct workplace owner;
    struct uuid taken;
    if (!places_unit(ctx, &procedure.owner, &owner))
        return refuse(ctx, PROBLEM_NOT_FOUND, "organisation_unknown");
    if (!may_reach(ctx, owner.chain.at, owner.chain.n))
        return REFUSE_REACH(ctx);
    if (!uuid_is_nil(&procedure.id) && procedure_find(ctx, &procedure.id, &known))
        return refuse_published(ctx, &procedure.id);
    if (code_find(ctx, CODE_PROCEDURE, procedure.code, &taken))
        return refuse_code(ctx, "code_taken", procedure.code);
    if (!instrument_find(ctx, &procedure.instrument, &instrument))
        return refuse(ctx, PROBLEM_NOT_FOUND, "instrument_unknown");
    if (procedure.opens == 0 || procedure.opens > procedure.closes)
        return refuse_field(ctx, "bad_dates", "closes", "before_opens");
    if (uuid_is_nil(&procedure.id))
        procedure.id = decide_id(ctx);
    procedure.owner_kind = owner.kind;
    emit(ctx, "diagnostics.procedure.opened", &procedure, NULL, 0);
    return answer_with_id(ctx, &procedure.id);
}
