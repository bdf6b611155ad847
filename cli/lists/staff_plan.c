#include "cli/lists/staff_plan.h"

#include <stdlib.h>

#include "cli/lists/staff_list.h"
#include "common/core/err.h"
#include "common/core/log.h"

#define QUESTION_BYTES 200000           /* of rows in one question: a frame has 256 KiB */
#define PURPOSE        "сверка списка работников"
#define QUESTION       (1u << 31)       /* lines of the pipe from here on are questions, not rows */

/* ── lists of ids ─────────────────────────────────────────────────────────── */

void uuids_add(struct uuids *list, const struct uuid *id)
{
    if (list->n == list->room) {
        list->room = list->room == 0 ? 256 : list->room * 2;
        list->at = realloc(list->at, list->room * sizeof *list->at);
        if (list->at == NULL)
            log_die("staff list", "out of memory");
    }
    list->at[list->n++] = *id;
}

static int by_id(const void *a, const void *b) { return uuid_compare(a, b); }

void uuids_sort(struct uuids *list)
{
    if (list->n > 1)
        qsort(list->at, list->n, sizeof *list->at, by_id);
}

bool uuids_have(const struct uuids *list, const struct uuid *id)
{
    return list->n > 0 && bsearch(id, list->at, list->n, sizeof *list->at, by_id) != NULL;
}

void uuids_free(struct uuids *list)
{
    free(list->at);
    *list = (struct uuids){ 0 };
}

/* ── the rows ─────────────────────────────────────────────────────────────── */

static bool row_read(struct plan *plan, const struct csv_row *row, struct buf *body, struct worker_record *record,
                     struct msg_error *error)
{
    struct sheet *sheet = &plan->sheet;

    list_message(&sheet->list, &worker_record_desc, row, body);
    return msg_decode(&worker_record_desc, buf_bytes(body), MSG_STRICT, &sheet->list.row_arena, record, error) == ERR_OK;
}

static bool row_again(struct plan *plan, uint32_t i, struct buf *body, struct worker_record *record)
{
    struct msg_error error;
    struct csv_row row;

    buf_clear(body);
    list_seek(&plan->sheet.list, plan->row[i].at, plan->row[i].next_line);
    return sheet_next(&plan->sheet, &row) && row_read(plan, &row, body, record, &error);
}

bool plan_row(struct plan *plan, uint32_t i, struct worker_record *record)
{
    struct buf body = { 0 };
    bool good = row_again(plan, i, &body, record);

    buf_free(&body);
    return good;
}

/* What cannot be decoded is refused here, and is not asked about. */
static void rows_read(struct plan *plan)
{
    struct sheet *sheet = &plan->sheet;
    struct groups groups = { 0 };
    struct worker_record record;
    struct msg_error error;
    struct buf body = { 0 };
    struct csv_row row;
    uint32_t i = 0;

    groups_start(&groups, plan->n);
    for (;; i++) {
        uint32_t next_line;
        size_t at = list_at(&sheet->list, &next_line);
        if (i == plan->n || !sheet_next(sheet, &row))
            break;
        plan->row[i] = (struct planned){ .at = at, .next_line = next_line, .line = row.line, .first = i, .outcome = LIST_REFUSED };
        buf_clear(&body);
        if (row_read(plan, &row, &body, &record, &error)) {
            plan->row[i].outcome = LIST_UNCHANGED;
            groups_join(&groups, plan->row, i, &record);
        } else {
            plan->count[LIST_REFUSED]++;
            sheet_refuse(sheet, &plan->pipe, &row, &error);
        }
    }
    plan->n = i;
    groups_order(plan->row, plan->n, plan->order);
    groups_free(&groups);
    buf_free(&body);
}

/* ── the answers ──────────────────────────────────────────────────────────── */

static void detail_keep(struct plan *plan, uint32_t row, const struct listed *listed)
{
    if (plan->detail.n == PLAN_DETAILS_MAX) {
        plan->detail.more++;
        return;
    }
    if (plan->detail.n == plan->detail.room) {
        plan->detail.room = plan->detail.room == 0 ? 64 : plan->detail.room * 2;
        plan->detail.at = realloc(plan->detail.at, plan->detail.room * sizeof *plan->detail.at);
        if (plan->detail.at == NULL)
            log_die("staff list", "out of memory");
    }
    plan->detail.at[plan->detail.n++] = (struct plan_detail){ row, msg_encode_in(&plan->arena, &listed_desc, listed) };
}

static void head_keep(struct plan *plan, uint32_t row, uint64_t others)
{
    if (plan->heads.n == plan->heads.room) {
        plan->heads.room = plan->heads.room == 0 ? 64 : plan->heads.room * 2;
        plan->heads.at = realloc(plan->heads.at, plan->heads.room * sizeof *plan->heads.at);
        if (plan->heads.at == NULL)
            log_die("staff list", "out of memory");
    }
    plan->heads.at[plan->heads.n++] = (struct plan_head){ row, others };
}

static void refusal_keep(struct plan *plan, uint32_t line, const struct listed *listed)
{
    struct problem_field field = { listed->field != NULL ? listed->field : "", listed->rule != NULL ? listed->rule : "", listed->limit };
    struct problem_arg args[4];
    struct problem problem = { .code = PROBLEM_INVALID, .reason = listed->reason, .args = { listed->args.n, args },
                               .fields = { listed->field != NULL, &field } };

    for (uint32_t i = 0; i < listed->args.n; i++)
        args[i] = (struct problem_arg){ listed->args.at[i].name, listed->args.at[i].value };
    pipe_refused(&plan->pipe, line, &problem);
}

static void listed_take(struct plan *plan, uint32_t i, const struct listed *listed)
{
    struct planned *row = &plan->row[i];
    bool refused = listed->outcome == LIST_REFUSED || listed->outcome == LIST_DOUBTFUL;

    row->outcome = (uint8_t)listed->outcome;
    row->mended = listed->changes.n > 0;
    plan->count[listed->outcome]++;
    if (listed->ground.n == sizeof row->ground)
        memcpy(row->ground, listed->ground.at, sizeof row->ground);
    if (!uuid_is_nil(&listed->post))
        uuids_add(&plan->seen, &listed->post);
    for (uint32_t k = 0; k < listed->ends.n; k++)
        uuids_add(&plan->seen, &listed->ends.at[k].post);
    if (refused && !uuid_is_nil(&listed->person))
        uuids_add(&plan->kept, &listed->person);
    for (uint32_t k = 0; refused && k < listed->candidates.n; k++)       /* who merely is like a new one may be gone */
        uuids_add(&plan->kept, &listed->candidates.at[k].person);
    if (listed->head)
        head_keep(plan, i, listed->heads);
    if (refused)
        refusal_keep(plan, row->line, listed);
    if (row->mended || listed->ends.n > 0 || listed->candidates.n > 0)
        detail_keep(plan, i, listed);
}

/* The question's number is the place in `order` at which it begins. */
static void question_answered(void *arg, uint32_t number, const struct client_reply *reply)
{
    struct plan *plan = arg;
    struct arena arena = { 0 };
    struct list_checked checked;
    struct msg_error error;
    uint32_t at = number - QUESTION;

    if (reply->problem == NULL && msg_decode(&list_checked_desc, reply->body, MSG_LENIENT, &arena, &checked, &error) == ERR_OK) {
        plan->vanish_percent = checked.vanish_percent;
        for (uint32_t k = 0; k < checked.rows.n && at < plan->n; at++)
            if (plan->row[plan->order[at]].outcome != LIST_REFUSED)     /* those refused here were not in it */
                listed_take(plan, plan->order[at], &checked.rows.at[k++]);
    } else {
        plan->pipe.err = plan->pipe.err == ERR_OK ? ERR_MALFORMED : plan->pipe.err;
    }
    arena_free(&arena);
}

/* ── the questions ────────────────────────────────────────────────────────── */

struct question { struct buf rows, body; uint32_t from, n; };

static void question_send(struct plan *plan, struct question *question, uint32_t next)
{
    static const char why[] = PURPOSE;
    const uint8_t map[] = { 0x82, 0xa7, 'p', 'u', 'r', 'p', 'o', 's', 'e', 0xd9, sizeof why - 1 };
    const uint8_t head[] = { 0xa4, 'r', 'o', 'w', 's', 0xdc, (uint8_t)(question->n >> 8), (uint8_t)question->n };

    if (question->n > 0) {
        buf_clear(&question->body);
        buf_put(&question->body, map, sizeof map);              /* msgpack: a map of two, a text, an array of n */
        buf_put(&question->body, why, sizeof why - 1);
        buf_put(&question->body, head, sizeof head);
        buf_put(&question->body, question->rows.at, question->rows.n);
        pipe_send(&plan->pipe, QUESTION + question->from, buf_bytes(&question->body));
    }
    buf_clear(&question->rows);
    question->from = next;
    question->n = 0;
}

/* A group does not begin where it would not fit; one that is longer than a question is cut. */
static uint32_t group_rows(const struct plan *plan, uint32_t at)
{
    uint32_t n = 1, first = plan->row[plan->order[at]].first;

    while (at + n < plan->n && n < LIST_ROWS_MAX && plan->row[plan->order[at + n]].first == first)
        n++;
    return n;
}

static void questions_send(struct plan *plan)
{
    struct question question = { 0 };
    struct worker_record record;
    struct buf body = { 0 };
    uint32_t before = UINT32_MAX;

    for (uint32_t at = 0; at < plan->n && plan->pipe.err == ERR_OK; at++) {
        struct planned *row = &plan->row[plan->order[at]];
        bool begins = row->first != before;
        before = row->first;
        if (question.n == LIST_ROWS_MAX || question.rows.n > QUESTION_BYTES ||
            (begins && question.n + group_rows(plan, at) > LIST_ROWS_MAX))
            question_send(plan, &question, at);
        if (row->outcome == LIST_REFUSED || !row_again(plan, plan->order[at], &body, &record))
            continue;
        buf_put(&question.rows, body.at, body.n);
        question.n++;
    }
    question_send(plan, &question, plan->n);
    buf_free(&question.rows);
    buf_free(&question.body);
    buf_free(&body);
}

/* ── the whole ────────────────────────────────────────────────────────────── */

/* A question that was refused as a whole is nothing about a row. */
static int asked_code(struct plan *plan)
{
    struct client_reply reply = { 0 };
    struct problem problem;
    struct msg_error error;
    int code = pipe_close(&plan->pipe);
    uint32_t n = plan->pipe.refused.n;

    if (code != CLI_OK || n == 0 || plan->pipe.refused.at[n - 1].line < QUESTION)
        return code;
    reply.problem = &problem;
    reply.err = msg_decode(&problem_desc, plan->pipe.refused.at[n - 1].problem, MSG_LENIENT, &plan->arena, &problem, &error);
    return cli_outcome(plan->cli, "roster.list.check", reply.err, &reply, "its endpoint");
}

static int by_row(const void *a, const void *b)
{
    const struct plan_detail *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

static int plan_ask(struct plan *plan)
{
    int code = pipe_open(&plan->pipe, plan->cli, "roster.list.check", &plan->sheet.hash, "Сверка, по 200 строк",
                         plan->sheet.list.rows / LIST_ROWS_MAX + 1);

    if (code != CLI_OK)
        return code;
    plan->once = uuid_new();
    plan->pipe.salt = bytes(plan->once.b, sizeof plan->once.b);     /* each check is a reading of its own */
    plan->pipe.taken = question_answered;
    plan->pipe.arg = plan;
    rows_read(plan);
    questions_send(plan);
    code = asked_code(plan);
    uuids_sort(&plan->seen);
    uuids_sort(&plan->kept);
    if (plan->detail.n > 1)
        qsort(plan->detail.at, plan->detail.n, sizeof *plan->detail.at, by_row);
    return code;
}

int plan_open(struct plan *plan, struct cli *cli, const char *path, const char *map)
{
    *plan = (struct plan){ .cli = cli };
    int code = sheet_open_mapped(cli, &plan->sheet, path, STAFF_COLUMN, STAFF_COLUMN_COUNT, map);

    if (code != CLI_OK)
        return code;
    plan->n = (uint32_t)plan->sheet.list.rows;
    plan->row = calloc((size_t)plan->n + 1, sizeof *plan->row);
    plan->order = calloc((size_t)plan->n + 1, sizeof *plan->order);
    if (plan->row == NULL || plan->order == NULL)
        log_die("staff list", "out of memory");
    return plan_ask(plan);
}

void plan_close(struct plan *plan)
{
    free(plan->row);
    free(plan->order);
    free(plan->detail.at);
    free(plan->heads.at);
    uuids_free(&plan->seen);
    uuids_free(&plan->kept);
    pipe_free(&plan->pipe);
    sheet_close(&plan->sheet);
    arena_free(&plan->arena);
    *plan = (struct plan){ 0 };
}
