/* What the node takes for the region, and what it can tell of it on the spot: by the messages' own limits and by the
 * rules of services/shared, which the region decides by as well. */
#include "common/core/text.h"
#include "proto/diagnostics.h"
#include "services/node/node.h"
#include "services/shared/fact_rules.h"

const char *const NODE_SERVICE[NODE_SERVICES] = {
    [NODE_ROSTER] = "roster", [NODE_ROUTES] = "routes", [NODE_PROGRAMMES] = "programmes", [NODE_DIAGNOSTICS] = "diagnostics",
};

static bool fault_is(struct staff_fault *fault, const char *reason, const char *path, const char *rule)
{
    *fault = (struct staff_fault){ .reason = reason, .path = path, .rule = rule };
    return false;
}

static uint64_t back_days(const struct ctx *ctx)
{
    return node_config(ctx)->profile->routes->back_days;
}

/* ── staff ────────────────────────────────────────────────────────────────── */

/* An heir that this node has not heard of is the region's to know. */
static bool goes_on(struct ctx *ctx, const struct organisation *unit)
{
    struct organisation last = *unit;

    for (uint32_t heirs = 0; heirs < PLACES_HEIRS_MAX && !uuid_is_nil(&last.heir); heirs++) {
        struct uuid heir = last.heir;
        if (!places_organisation(ctx, &heir, &last))
            return true;
    }
    return last.closed == 0;
}

/* By the copy of the region's organisations: as the region will find it, as far as it has been heard of. */
static enum staff_place place_of_row(void *arg, const char *code, struct staff_unit *unit)
{
    struct ctx *ctx = arg;
    struct organisation organisation;
    struct uuid id;

    if (!copy_unit_by_code(ctx, code, &id) || !places_organisation(ctx, &id, &organisation))
        return STAFF_PLACE_UNKNOWN;
    if (!SABOTAGE("node_ignores_closing"))
        *unit = (struct staff_unit){ organisation.closed, goes_on(ctx, &organisation) };
    for (uint32_t i = 0; i < organisation.chain.n; i++)
        if (uuid_equal(&organisation.chain.at[i], &node_config(ctx)->settings.municipality))
            return STAFF_PLACE_GOOD;
    return STAFF_PLACE_BEYOND;
}

static struct staff_check staff_check_of(struct ctx *ctx)
{
    day_t today = SABOTAGE("node_other_rules") ? ctx->today + 1 : ctx->today;
    return (struct staff_check){ .posts = &node_config(ctx)->posts, .today = today, .arena = ctx->arena,
                                 .place = place_of_row, .arg = ctx };
}

bool node_staff_check(struct ctx *ctx, const struct worker_record *row, struct staff_fault *fault)
{
    const struct staff_check check = staff_check_of(ctx);
    struct staff_record record;
    return staff_record_check(row, &check, &record, fault);
}

/* What comes here is sealed; whoever sealed it has checked the rest (take.c). */
static bool check_worker(struct ctx *ctx, const void *body, struct staff_fault *fault)
{
    const struct worker_record *row = body;
    const struct staff_check check = staff_check_of(ctx);
    const char *open = row->code != NULL ? "code" : row->family != NULL ? "family" : row->given != NULL ? "given" :
                       row->patronymic != NULL ? "patronymic" : row->born != NULL ? "born" : row->snils != NULL ? "snils" :
                       row->teaching_since != 0 ? "teaching_since" : row->working_since != 0 ? "working_since" :
                       row->education != NULL ? "education" : row->pedagogical_since != 0 ? "pedagogical_since" : NULL;

    if (open != NULL && !SABOTAGE("node_in_clear"))
        return fault_is(fault, "personal_in_clear", open, "conflict");
    if (open == NULL && row->sealed.n == 0)
        return fault_is(fault, "message", "sealed", "missing");
    return staff_work_check(row, &check, fault);
}

static bool check_post_close(struct ctx *ctx, const void *body, struct staff_fault *fault)
{
    const struct post_close *close = body;
    return !staff_day_ahead(close->until, ctx->today) || fault_is(fault, "until_future", "until", "range");
}

/* ── facts ────────────────────────────────────────────────────────────────── */

static bool check_support(struct ctx *ctx, const void *body, struct staff_fault *fault)
{
    const char *form;
    return support_check(body, ctx->today, back_days(ctx), ctx->arena, &form, fault);
}

static bool check_completion(struct ctx *ctx, const void *body, struct staff_fault *fault)
{
    return completion_check(body, ctx->today, back_days(ctx), fault);
}

static bool check_sitting(struct ctx *ctx, const void *body, struct staff_fault *fault)
{
    const struct sitting_record *record = body;
    return fact_day_good(record->day, ctx->today, back_days(ctx)) || fault_is(fault, "day_not_allowed", "day", "range");
}

static bool check_nothing(struct ctx *ctx, const void *body, struct staff_fault *fault)
{
    (void)ctx, (void)body, (void)fault;
    return true;
}

#define PERSON(message) (long)offsetof(struct message, person)
const struct node_method NODE_METHOD[] = {
    { "roster.worker.record",         NODE_ROSTER,      &worker_record_desc,     -1, true,  check_worker },
    { "roster.post.close",            NODE_ROSTER,      &post_close_desc,        -1, false, check_post_close },
    { "routes.support.record",        NODE_ROUTES,      &support_record_desc,    PERSON(support_record), false, check_support },
    { "routes.step.submit",           NODE_ROUTES,      &step_submit_desc,       -1, false, check_nothing },
    { "programmes.completion.record", NODE_PROGRAMMES,  &completion_record_desc, PERSON(completion_record), false, check_completion },
    { "diagnostics.sitting.record",   NODE_DIAGNOSTICS, &sitting_record_desc,    PERSON(sitting_record), false, check_sitting },
    { "roster.intake.took",           NODE_ROSTER,      &intake_took_desc,       -1, false, check_nothing },
};
const uint32_t NODE_METHOD_COUNT = sizeof NODE_METHOD / sizeof *NODE_METHOD;
_Static_assert(sizeof NODE_METHOD / sizeof *NODE_METHOD <= NODE_METHODS_MAX, "more methods than rows can name");

int node_method_find(const char *name)
{
    for (uint32_t i = 0; i < NODE_METHOD_COUNT; i++)
        if (strcmp(NODE_METHOD[i].name, name) == 0)
            return (int)i;
    return -1;
}

enum verdict node_body_check(struct ctx *ctx, const struct node_enter *enter, int *found)
{
    struct msg_error error;
    struct staff_fault fault;

    if ((*found = node_method_find(enter->method)) < 0)
        return refuse_field(ctx, "method_not_taken", "method", "unknown");
    const struct node_method *method = &NODE_METHOD[*found];
    void *body = arena_alloc(ctx->arena, method->takes->size);
    if (msg_decode(method->takes, enter->body, MSG_STRICT, ctx->arena, body, &error) != ERR_OK)
        return refuse_field(ctx, "message", arena_string(ctx->arena, error.path, strlen(error.path)), error.rule);
    const struct uuid *person = method->person >= 0 ? (const struct uuid *)((const char *)body + method->person) : NULL;
    if (person != NULL && uuid_is_nil(person) && enter->person_sealed.n == 0)
        return refuse_field(ctx, "message", "person", "missing");
    return method->check(ctx, body, &fault) ? VERDICT_OK : staff_refuse(ctx, &fault);
}
