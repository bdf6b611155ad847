#include "services/node/node.h"

/* What the node is told: rows and commands that come in, what has come of them, and who speaks. */

/* ── taking in ────────────────────────────────────────────────────────────── */

/* Only what comes in is turned away at the cap: answers, which make the queue shorter, are always taken. */
static enum verdict room_need(struct ctx *ctx)
{
    uint64_t used = store_used(ctx), cap = service_cap_bytes(ctx);

    if (cap == 0 || used < cap || SABOTAGE("node_no_cap"))
        return VERDICT_OK;
    refuse(ctx, PROBLEM_UNAVAILABLE, "node_full");
    refuse_arg(ctx, "used_mb", arena_format(ctx->arena, "%llu", (unsigned long long)(used >> 20)));
    refuse_arg(ctx, "cap_mb", arena_format(ctx->arena, "%llu", (unsigned long long)(cap >> 20)));
    return VERDICT_REFUSED;
}

static enum verdict intake_open(struct ctx *ctx)
{
    struct node_copy_row copy;

    if (node_config(ctx) == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_profile");
    if (copy_get(ctx, &copy) && (copy.state == NODE_COPY_TAKEN || copy.state == NODE_COPY_CLOSED))
        return refuse(ctx, PROBLEM_CONFLICT, "copy_closed");
    return room_need(ctx);
}

/* What this command has queued so far: two equal rows of one piece are one. */
struct entering { uint32_t n, known; struct { struct bytes key, mark; struct uuid item; } at[NODE_ROWS_MAX]; uint64_t order[NODE_SERVICES]; };

static bool row_known(struct ctx *ctx, const struct entering *entering, const struct node_enter *enter, struct uuid *item)
{
    struct key key = { 0 };
    struct bytes value;

    if (enter->row_key.n == 0)
        return false;
    for (uint32_t i = entering->n; i-- > 0; )
        if (bytes_equal(entering->at[i].key, enter->row_key)) {
            *item = entering->at[i].item;
            return bytes_equal(entering->at[i].mark, enter->row_mark);
        }
    key_raw(&key, enter->row_key.at, enter->row_key.n);
    if (!txn_get(ctx->txn, T_ROWS, key_bytes(&key), &value) || value.n != NODE_MARK + sizeof item->b)
        return false;
    memcpy(item->b, (const uint8_t *)value.at + NODE_MARK, sizeof item->b);
    return bytes_equal(bytes(value.at, NODE_MARK), enter->row_mark) && !SABOTAGE("node_forget_rows");
}

static uint64_t order_next(struct ctx *ctx, struct entering *entering, enum node_service service)
{
    if (entering->order[service] == 0)
        for (uint32_t i = 0; i < NODE_METHOD_COUNT; i++)
            if (NODE_METHOD[i].service == service)
                entering->order[service] += counts_get(ctx, i).queued;
    return ++entering->order[service];
}

static enum verdict enter_one(struct ctx *ctx, struct entering *entering, const struct node_enter *enter,
                              struct node_entered *entered)
{
    int method;

    if (node_body_check(ctx, enter, &method) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (row_known(ctx, entering, enter, &entered->item)) {
        entered->known = true;
        entering->known++;
        return VERDICT_OK;
    }
    struct node_queued queued = {
        .item = decide_id(ctx), .method = NODE_METHOD[method].name, .body = enter->body,
        .order = order_next(ctx, entering, NODE_METHOD[method].service), .made_at = ctx->made_at != 0 ? ctx->made_at : ctx->now,
        .row_key = enter->row_key, .row_mark = enter->row_mark, .code_mark = enter->code_mark,
        .person_sealed = enter->person_sealed, .source = enter->source };
    entering->at[entering->n].key = enter->row_key;
    entering->at[entering->n].mark = enter->row_mark;
    entering->at[entering->n++].item = queued.item;
    entered->item = queued.item;
    emit(ctx, "node.item.queued", &queued, NULL, 0);
    return VERDICT_OK;
}

/* A mark without its key, or the other way round, would make two rows of one, or one of two. */
static enum verdict marks_fit(struct ctx *ctx, const struct node_enter *enter)
{
    return (enter->row_key.n == 0) == (enter->row_mark.n == 0) ? VERDICT_OK
                                                               : refuse_field(ctx, "message", "row_mark", "missing");
}

enum verdict decide_item_enter(struct ctx *ctx, const void *command)
{
    const struct node_enter *enter = command;
    struct entering *entering = ARENA_NEW(ctx->arena, struct entering);
    struct node_entered entered = { 0 };

    if (intake_open(ctx) != VERDICT_OK || marks_fit(ctx, enter) != VERDICT_OK ||
        enter_one(ctx, entering, enter, &entered) != VERDICT_OK)
        return VERDICT_REFUSED;
    reply(ctx, &entered);
    return VERDICT_OK;
}

enum verdict decide_rows_enter(struct ctx *ctx, const void *command)
{
    const struct node_rows *rows = command;
    struct entering *entering = ARENA_NEW(ctx->arena, struct entering);
    struct node_file file = { .file = rows->file, .name = rows->name };

    if (intake_open(ctx) != VERDICT_OK)
        return VERDICT_REFUSED;
    file_get_row(ctx, &rows->file, &file);
    if (file.line != rows->from && !SABOTAGE("node_lines_again")) {
        refuse(ctx, PROBLEM_CONFLICT, "file_moved_on");
        refuse_arg(ctx, "line", arena_format(ctx->arena, "%llu", (unsigned long long)file.line));
        return VERDICT_REFUSED;
    }
    for (uint32_t i = 0; i < rows->rows.n; i++) {
        struct node_entered entered = { 0 };
        if (marks_fit(ctx, &rows->rows.at[i]) != VERDICT_OK ||
            enter_one(ctx, entering, &rows->rows.at[i], &entered) != VERDICT_OK)
            return VERDICT_REFUSED;
    }
    struct node_rows_entered entered = { .entered = entering->n, .known = entering->known };
    file.line = rows->line;
    file.entered += entering->n;
    file.known += entering->known;
    file.refused += rows->refused;
    emit(ctx, "node.file.taken", &file, NULL, 0);
    reply(ctx, &entered);
    return VERDICT_OK;
}

enum verdict decide_file_close(struct ctx *ctx, const void *command)
{
    const struct node_file_id *id = command;
    struct node_file file;

    if (file_get_row(ctx, &id->file, &file))
        emit(ctx, "node.file.closed", id, NULL, 0);
    return VERDICT_OK;
}

/* ── what has come of them ────────────────────────────────────────────────── */

enum verdict decide_items_complete(struct ctx *ctx, const void *command)
{
    const struct node_complete *complete = command;
    struct node_item_row row;
    struct node_place place;

    for (uint32_t i = 0; i < complete->items.n; i++)
        if (item_find(ctx, &complete->items.at[i].item, &place, &row) && row.state == NODE_ITEM_WAITING && row.unsure)
            emit(ctx, "node.item.completed", &complete->items.at[i], NULL, 0);
    return VERDICT_OK;
}

static bool reason_same(struct ctx *ctx, struct bytes one, struct bytes two)
{
    struct problem a, b;
    struct msg_error error;
    return msg_decode(&problem_desc, one, MSG_LENIENT, ctx->arena, &a, &error) == ERR_OK &&
           msg_decode(&problem_desc, two, MSG_LENIENT, ctx->arena, &b, &error) == ERR_OK && strcmp(a.reason, b.reason) == 0;
}

/* A service that was made again from a backup has answered again what it had lost. */
static bool verdict_same(struct ctx *ctx, const struct node_item_row *row, const struct node_answered *now)
{
    struct node_answered was;

    if (!item_answer(ctx, row, &was, NULL) || was.outcome != now->outcome)
        return false;
    return now->outcome == NODE_ACCEPTED ? bytes_equal(was.reply, now->reply) : reason_same(ctx, was.problem, now->problem);
}

/* The place that others have to wait for; or the last of those that are asked for again. */
static bool position_moved(struct ctx *ctx, struct node_place place, const struct node_answered *answered)
{
    struct node_position_row known;
    return answered->position != NULL && (!position_get(ctx, place.service, &known) ||
           (known.again_until != 0 && place.number >= known.again_until) ||
           !uuid_equal(&known.incarnation, &answered->position->incarnation) || !uuid_equal(&known.journal, &answered->position->journal));
}

enum verdict decide_items_answer(struct ctx *ctx, const void *command)
{
    const struct node_answer *answer = command;
    struct node_answers_taken taken = { 0 };
    struct node_item_row row;
    struct node_place place;

    for (uint32_t i = 0; i < answer->answers.n; i++) {
        const struct node_answered *answered = &answer->answers.at[i];
        if (!item_find(ctx, &answered->item, &place, &row)) {
            taken.strange++;
        } else if (row.state == NODE_ITEM_WAITING) {
            emit(ctx, "node.item.answered", answered, NULL, 0);
            taken.taken++;
        } else if (verdict_same(ctx, &row, answered) || SABOTAGE("node_no_conflicts")) {
            taken.known++;
            if (position_moved(ctx, place, answered))
                emit(ctx, "node.item.answered", answered, NULL, 0);
        } else {
            emit(ctx, "node.item.conflicted", answered, NULL, 0);
            taken.conflicts++;
        }
    }
    reply(ctx, &taken);
    return VERDICT_OK;
}

/* ── who speaks ───────────────────────────────────────────────────────────── */

enum verdict decide_lane_open(struct ctx *ctx, const void *command)
{
    const struct node_lane *lane = command;
    struct node_copy_row copy;

    if (copy_get(ctx, &copy) && uuid_equal(&copy.incarnation, &lane->incarnation))
        return VERDICT_OK;                  /* it is open */
    emit(ctx, "node.lane.opened", lane, NULL, 0);
    return VERDICT_OK;
}

enum verdict decide_copy_hold(struct ctx *ctx, const void *command)
{
    const struct node_held *held = command;
    struct node_copy_row copy;

    if (!copy_get(ctx, &copy) || copy.state != NODE_COPY_HELD || !uuid_equal(&copy.lane, &held->lane))
        emit(ctx, "node.copy.held", held, NULL, 0);
    return VERDICT_OK;
}

enum verdict decide_copy_release(struct ctx *ctx, const void *command)
{
    const struct node_released *released = command;
    struct node_copy_row copy;

    if (!copy_get(ctx, &copy) || !uuid_equal(&copy.lane, &released->lane))
        return refuse(ctx, PROBLEM_CONFLICT, "lane_differs");
    /* What was entered meanwhile is not to be shut in: it stays as it is, and says anew what it holds. */
    if (released->state == NODE_COPY_CLOSED && counts_waiting(ctx, -1) > 0 && !SABOTAGE("node_close_early"))
        return VERDICT_OK;
    if (copy.state != released->state)
        emit(ctx, "node.copy.released", released, NULL, 0);
    return VERDICT_OK;
}
