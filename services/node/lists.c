#include "common/core/text.h"
#include "services/node/intake_parts.h"
#include "services/shared/staff_columns.h"

/* The lists that the drop folder takes. */

#define SUPPORT_LINE_FIELDS(X, S)                       \
    X(S, STR, person, _, 1, 40,  REQUIRED)              \
    X(S, STR, form,   _, 1, 120, REQUIRED)              \
    X(S, DAY, day,    _, 0, 0,   REQUIRED)
MSG_DECLARE(support_line, SUPPORT_LINE_FIELDS)
MSG_DEFINE(support_line, SUPPORT_LINE_FIELDS)
#define COMPLETION_LINE_FIELDS(X, S)                    \
    X(S, STR, person,    _, 1, 40, REQUIRED)            \
    X(S, STR, programme, _, 1, 40, REQUIRED) /* code */ \
    X(S, DAY, enrolled,  _, 0, 0,  REQUIRED)            \
    X(S, DAY, day,       _, 0, 0,  REQUIRED)            \
    X(S, STR, document,  _, 1, 80, REQUIRED)
MSG_DECLARE(completion_line, COMPLETION_LINE_FIELDS)
MSG_DEFINE(completion_line, COMPLETION_LINE_FIELDS)

static const char *const PERSON[] = { "Код работника", "Код", "Табельный номер", "person", NULL };
static const char *const FORM[] = { "Форма", "Форма поддержки", "form", NULL };
static const char *const DAY[] = { "Дата", "day", NULL };
static const char *const PROGRAMME[] = { "Код программы", "Программа", "Мероприятие или программа", "programme", NULL };
static const char *const ENROLLED[] = { "Зачислен", "Дата зачисления", "enrolled", NULL };
static const char *const ISSUED[] = { "Дата документа", "Выдан", "issued", NULL };
static const char *const DOCUMENT[] = { "Документ", "Номер документа", "document", NULL };

static const struct csv_column SUPPORT_COLUMN[] = { { "person", PERSON, true }, { "form", FORM, true }, { "day", DAY, true } };
static const size_t SUPPORT_COLUMN_N = sizeof SUPPORT_COLUMN / sizeof *SUPPORT_COLUMN;
static const struct csv_column COMPLETION_COLUMN[] = { { "person", PERSON, true }, { "programme", PROGRAMME, true },
    { "enrolled", ENROLLED, true }, { "day", ISSUED, true }, { "document", DOCUMENT, true } };
static const size_t COMPLETION_COLUMN_N = sizeof COMPLETION_COLUMN / sizeof *COMPLETION_COLUMN;

static bool make_staff(struct ctx *ctx, const void *line, void *message, const char **code, struct staff_fault *fault)
{
    *code = NULL;
    *(struct worker_record *)message = *(const struct worker_record *)line;
    return node_staff_check(ctx, line, fault);
}

static bool make_support(struct ctx *ctx, const void *line, void *message, const char **code, struct staff_fault *fault)
{
    const struct support_line *read = line;
    int method = node_method_find("routes.support.record");

    *code = read->person;
    *(struct support_record *)message = (struct support_record){ .form = read->form, .day = read->day };
    return NODE_METHOD[method].check(ctx, message, fault);
}

static bool make_completion(struct ctx *ctx, const void *line, void *message, const char **code, struct staff_fault *fault)
{
    const struct completion_line *read = line;
    int method = node_method_find("programmes.completion.record");
    struct completion_record *record = message;

    *code = read->person;
    *record = (struct completion_record){ .enrolled = read->enrolled, .day = read->day, .document = read->document };
    if (!catalogue_by_code(ctx, text_nfc(ctx->arena, read->programme), &record->programme)) {
        *fault = (struct staff_fault){ .reason = "programme_unknown", .path = "programme", .rule = "unknown" };
        return false;
    }
    return NODE_METHOD[method].check(ctx, message, fault);
}

const struct list_kind LIST_KIND[] = {
    { "list.staff",       "roster.worker.record",         STAFF_COLUMN,      &STAFF_COLUMN_COUNT,  &worker_record_desc,   make_staff },
    { "list.support",     "routes.support.record",        SUPPORT_COLUMN,    &SUPPORT_COLUMN_N,    &support_line_desc,    make_support },
    { "list.completions", "programmes.completion.record", COMPLETION_COLUMN, &COMPLETION_COLUMN_N, &completion_line_desc, make_completion },
};
const uint32_t LIST_KIND_COUNT = sizeof LIST_KIND / sizeof *LIST_KIND;
