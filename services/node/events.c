#include "services/node/node.h"

/* What the events make of the tables. */

static struct key mark_key(struct bytes mark)
{
    struct key key = { 0 };
    key_raw(&key, mark.at, mark.n);
    return key;
}

static struct key number_key(uint64_t number)
{
    return key_of_u64(number);
}

static void under_number(struct ctx *ctx, table_t table, struct node_place place)
{
    struct key key = number_key(place.number);
    uint8_t service = (uint8_t)place.service;
    txn_put(ctx->txn, table, key_bytes(&key), bytes(&service, 1));
}

/* ── items ────────────────────────────────────────────────────────────────── */

void apply_item_queued(struct ctx *ctx, const void *event)
{
    const struct node_queued *queued = event;
    int method = node_method_find(queued->method);
    if (method < 0)
        return txn_fail(ctx->txn, ERR_NEWER);           /* a newer node took it in */
    struct node_place place = { (int)NODE_METHOD[method].service, ctx->entry->number };
    struct node_item_row row = { .item = queued->item, .method = (uint64_t)method, .unsure = queued->person_sealed.n > 0,
                                 .row_key = queued->row_key, .code_mark = queued->code_mark };
    struct key at = item_key(place), id = key_of_uuid(&queued->item);
    struct node_counts counts = counts_get(ctx, (uint32_t)method);

    item_put(ctx, place, &row);
    txn_put(ctx->txn, T_IDS, key_bytes(&id), key_bytes(&at));
    txn_put(ctx->txn, T_WAITING, key_bytes(&at), bytes("", 0));
    if (queued->row_key.n > 0) {
        struct key key = mark_key(queued->row_key), value = mark_key(queued->row_mark);
        key_uuid(&value, &queued->item);
        txn_put(ctx->txn, T_ROWS, key_bytes(&key), key_bytes(&value));
    }
    counts.queued++;
    counts_put(ctx, (uint32_t)method, &counts);
}

void apply_item_completed(struct ctx *ctx, const void *event)
{
    const struct node_completed *completed = event;
    struct node_item_row row;
    struct node_place place;

    if (!item_find(ctx, &completed->item, &place, &row))
        return;
    row.unsure = false;
    row.completed = ctx->entry->number;
    item_put(ctx, place, &row);
}

/* Refused: the same row may be entered again, when what it missed has come. */
static void row_forget(struct ctx *ctx, const struct node_item_row *row)
{
    struct key key = mark_key(row->row_key);
    struct bytes value;

    if (row->row_key.n == NODE_MARK && txn_get(ctx->txn, T_ROWS, key_bytes(&key), &value) &&
        value.n == NODE_MARK + sizeof row->item.b &&
        memcmp((const uint8_t *)value.at + NODE_MARK, row->item.b, sizeof row->item.b) == 0)
        txn_delete(ctx->txn, T_ROWS, key_bytes(&key));
}

/* Whom the region has made of a code: later rows that name it need not ask. */
static void code_learn(struct ctx *ctx, const struct node_item_row *row, const struct node_answered *answered)
{
    struct worker_recorded recorded;
    struct msg_error error;
    struct key key = mark_key(row->code_mark);

    if (answered->outcome != NODE_ACCEPTED || row->code_mark.n != NODE_MARK ||
        NODE_METHOD[row->method].takes != &worker_record_desc ||
        msg_decode(&worker_recorded_desc, answered->reply, MSG_LENIENT, ctx->arena, &recorded, &error) != ERR_OK)
        return;
    txn_put(ctx->txn, T_CODES, key_bytes(&key), bytes(recorded.person.b, sizeof recorded.person.b));
}

/* The furthest one: answers that were lost come again, and out of order. From another incarnation all of them come again,
 * the one furthest back in the queue when all others have (sender.c, closes()). */
static void position_keep(struct ctx *ctx, struct node_place place, const struct node_position *position)
{
    struct node_position_row row = { .number = 0 };
    struct key key = { 0 };

    if (position == NULL)
        return;
    bool known = position_get(ctx, place.service, &row);
    bool same = known && uuid_equal(&row.incarnation, &position->incarnation) && uuid_equal(&row.journal, &position->journal);
    if (!same) {
        row.journal = position->journal;
        row.incarnation = position->incarnation;
        row.again_until = row.reached;
    }
    if (!same || position->number > row.number)
        row.number = position->number;
    if (place.number >= row.again_until)
        row.again_until = 0;
    if (place.number > row.reached)
        row.reached = place.number;
    key_u8(&key, (uint8_t)place.service);
    txn_put_msg(ctx->txn, T_POSITIONS, key_bytes(&key), &node_position_row_desc, &row);
}

static void count_move(struct ctx *ctx, uint32_t method, enum node_item_state from, enum node_item_state to, bool conflict)
{
    struct node_counts counts = counts_get(ctx, method);
    counts.accepted += (to == NODE_ITEM_ACCEPTED) - (from == NODE_ITEM_ACCEPTED);
    counts.refused += (to == NODE_ITEM_REFUSED) - (from == NODE_ITEM_REFUSED);
    counts.conflicts += conflict;
    counts_put(ctx, method, &counts);
}

static void answer_keep(struct ctx *ctx, const struct node_answered *answered, bool conflict)
{
    enum node_item_state to = answered->outcome == NODE_ACCEPTED ? NODE_ITEM_ACCEPTED : NODE_ITEM_REFUSED;
    struct node_item_row row;
    struct node_place place;

    if (!item_find(ctx, &answered->item, &place, &row))
        return;
    struct key at = item_key(place), number = number_key(place.number);
    code_learn(ctx, &row, answered);
    if (to == NODE_ITEM_REFUSED) {
        row_forget(ctx, &row);
        under_number(ctx, T_REFUSED, place);
    } else {
        txn_delete(ctx->txn, T_REFUSED, key_bytes(&number));
    }
    if (conflict)
        under_number(ctx, T_CONFLICTS, place);
    count_move(ctx, (uint32_t)row.method, row.state, to, conflict && !row.conflict);
    txn_delete(ctx->txn, T_WAITING, key_bytes(&at));
    position_keep(ctx, place, answered->position);
    row.state = to;
    row.aside = answered->position == NULL;
    row.conflict |= conflict;
    row.answered = ctx->entry->number;
    item_put(ctx, place, &row);
}

void apply_item_answered(struct ctx *ctx, const void *event)
{
    answer_keep(ctx, event, false);
}

void apply_item_conflicted(struct ctx *ctx, const void *event)
{
    answer_keep(ctx, event, true);
}

/* ── lists ────────────────────────────────────────────────────────────────── */

void apply_file_taken(struct ctx *ctx, const void *event)
{
    const struct node_file *file = event;
    struct key key = key_of_uuid(&file->file);
    txn_put_msg(ctx->txn, T_FILES, key_bytes(&key), &node_file_desc, file);
}

void apply_file_closed(struct ctx *ctx, const void *event)
{
    struct key key = key_of_uuid(&((const struct node_file_id *)event)->file);
    txn_delete(ctx->txn, T_FILES, key_bytes(&key));
}

/* ── the copy ─────────────────────────────────────────────────────────────── */

static void copy_put(struct ctx *ctx, const struct node_copy_row *copy)
{
    struct key key = { 0 };
    key_u8(&key, 0);
    txn_put_msg(ctx->txn, T_COPY, key_bytes(&key), &node_copy_row_desc, copy);
}

void apply_lane_opened(struct ctx *ctx, const void *event)
{
    const struct node_lane *lane = event;
    copy_put(ctx, &(struct node_copy_row){ .lane = lane->lane, .incarnation = lane->incarnation, .state = NODE_COPY_LIVE,
                                           .since = ctx->now });
}

void apply_copy_held(struct ctx *ctx, const void *event)
{
    const struct node_held *held = event;
    copy_put(ctx, &(struct node_copy_row){ .lane = held->lane, .incarnation = held->incarnation, .state = NODE_COPY_HELD,
                                           .since = ctx->now, .told_by = held->service });
}

void apply_copy_released(struct ctx *ctx, const void *event)
{
    const struct node_released *released = event;
    struct node_copy_row copy;

    if (!copy_get(ctx, &copy))
        return;
    copy.state = released->state;
    copy.since = ctx->now;
    copy_put(ctx, &copy);
}
