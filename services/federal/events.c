#include "services/federal/federal.h"

/* What has been decided, folded into the tables. */

static void each_block(struct ctx *ctx, struct passport *passport)
{
    passport->blocks.n = PASSPORT_BLOCKS;
    passport->blocks.at = ARENA_LIST(ctx->arena, struct block_state, PASSPORT_BLOCKS);
    for (uint64_t i = 0; i < PASSPORT_BLOCKS; i++)
        passport->blocks.at[i].number = i + 1;
}

/* What was typed into the version before stands in the new one, until a count takes its place. */
static void take_typed(struct ctx *ctx, const struct uuid *from, struct passport *to)
{
    struct cells cells = passport_content(ctx, from);
    for (uint32_t i = 0; i < cells.n; i++)
        if (cells.at[i].kind == CELL_DOCUMENT)
            cell_put(ctx, to, &cells.at[i]);
}

void apply_passport_opened(struct ctx *ctx, const void *event)
{
    const struct passport_opened *opened = event;
    struct passport passport = {
        .id = opened->passport, .year = opened->year, .version = opened->version, .title = opened->title,
        .operator = opened->operator, .region = opened->region, .act = opened->act, .previous = opened->previous, .opened = opened->day, .state = PASSPORT_DRAFT, .fill = 1,
        .filling_at = ctx->entry->moment,
    };
    each_block(ctx, &passport);
    for (uint32_t i = 0; i < opened->gaps.n; i++)
        cell_put(ctx, &passport, &opened->gaps.at[i]);
    if (!uuid_is_nil(&opened->previous))
        take_typed(ctx, &opened->previous, &passport);
    passport_put(ctx, &passport);
}

/* The event is about a passport that decide has seen; that it is gone is a journal that is not ours. */
static bool moved(struct ctx *ctx, const struct uuid *id, struct passport *passport)
{
    if (passport_find(ctx, id, passport))
        return true;
    txn_fail(ctx->txn, ERR_CORRUPT);
    return false;
}

void apply_filling_begun(struct ctx *ctx, const void *event)
{
    struct passport passport;
    if (!moved(ctx, &((const struct passport_moved *)event)->passport, &passport))
        return;
    passport.fill++;
    passport.filling_at = ctx->entry->moment;
    passport_put(ctx, &passport);
}

/* A new attempt drops what an earlier filling or attempt has put; what was typed in stays. */
static void drop_filled(struct ctx *ctx, struct passport *passport, uint64_t block)
{
    struct cells cells = passport_content(ctx, &passport->id);
    for (uint32_t i = 0; i < cells.n; i++)
        if (cells.at[i].block == block && cells.at[i].kind != CELL_DOCUMENT)
            cell_drop(ctx, passport, &cells.at[i]);
}

void apply_block_filled(struct ctx *ctx, const void *event)
{
    const struct block_fill *fill = event;
    struct passport passport;
    struct cell there;
    if (!moved(ctx, &fill->passport, &passport))
        return;
    struct block_state *block = passport_block(&passport, fill->block);
    if (fill->part == 1) {
        drop_filled(ctx, &passport, fill->block);
        block->attempt = fill->attempt;
        block->digest = fill->digest;
        block->of_fill = fill->fill;
        block->sources.n = fill->sources.n;
        block->sources.at = fill->sources.at;
    }
    for (uint32_t i = 0; i < fill->cells.n; i++) {
        const struct cell *cell = &fill->cells.at[i];
        if (cell->kind == CELL_GAP && cell_find(ctx, &passport.id, cell->block, cell->row, cell->column, &there) &&
            there.kind == CELL_DOCUMENT)
            continue;                       /* a gap that somebody has filled from a document */
        cell_put(ctx, &passport, cell);
    }
    block->done = fill->part;
    if (fill->part == fill->parts)
        block->filled = fill->fill;
    passport_put(ctx, &passport);
}

void apply_cell_entered(struct ctx *ctx, const void *event)
{
    const struct cell_entered *entered = event;
    struct passport passport;
    if (!moved(ctx, &entered->passport, &passport))
        return;
    cell_put(ctx, &passport, entered->cell);
    passport_put(ctx, &passport);
}

/* In the place of what was typed there stands a gap again, until the next filling says which. */
void apply_cell_withdrawn(struct ctx *ctx, const void *event)
{
    const struct cell_entered *withdrawn = event;
    struct passport passport;
    if (!moved(ctx, &withdrawn->passport, &passport))
        return;
    if (withdrawn->cell->kind == CELL_GAP)
        cell_put(ctx, &passport, withdrawn->cell);
    else
        cell_drop(ctx, &passport, withdrawn->cell);
    passport_put(ctx, &passport);
}

void apply_passport_submitted(struct ctx *ctx, const void *event)
{
    const struct passport_moved *move = event;
    struct passport passport;
    if (!moved(ctx, &move->passport, &passport))
        return;
    passport.state = PASSPORT_SUBMITTED;
    passport.submitted = move->day;
    passport_put(ctx, &passport);
}

void apply_passport_approved(struct ctx *ctx, const void *event)
{
    const struct passport_moved *move = event;
    struct passport passport;
    if (!moved(ctx, &move->passport, &passport))
        return;
    passport.state = PASSPORT_APPROVED;
    passport.approved = move->day;
    passport.approval = move->document;
    passport.content = move->content;
    passport.words = move->words;
    passport_put(ctx, &passport);
}

void apply_passport_returned(struct ctx *ctx, const void *event)
{
    const struct passport_moved *move = event;
    struct passport passport;
    if (!moved(ctx, &move->passport, &passport))
        return;
    passport.state = PASSPORT_DRAFT;
    passport.remarks = move->remarks;
    passport.approved = 0;                  /* where it was: nothing is frozen any more */
    passport.approval = NULL;
    passport.content = bytes(NULL, 0);
    passport.words = 0;
    passport.recalled = NULL;
    passport_put(ctx, &passport);
}

/* The package's name comes from here: the journal, and the number of this entry. */
void apply_passport_sent(struct ctx *ctx, const void *event)
{
    const struct passport_moved *move = event;
    struct passport passport;
    if (!moved(ctx, &move->passport, &passport))
        return;
    passport.state = PASSPORT_SENT;
    passport.sent = move->day;
    passport.sent_at = ctx->entry->moment;
    passport.sending = ctx->entry->number;
    passport.recalled = NULL;
    passport_put(ctx, &passport);
}

void apply_recall_asked(struct ctx *ctx, const void *event)
{
    const struct passport_moved *move = event;
    struct passport passport;
    if (!moved(ctx, &move->passport, &passport))
        return;
    passport.recall = move->remarks;
    passport_put(ctx, &passport);
}

/* As if it had not been sent; the next sending is another entry, and so another name. */
void apply_passport_recalled(struct ctx *ctx, const void *event)
{
    const struct passport_moved *move = event;
    struct passport passport;
    if (!moved(ctx, &move->passport, &passport))
        return;
    passport.state = PASSPORT_APPROVED;
    passport.sent = 0;
    passport.sent_at = 0;
    passport.sending = 0;
    passport.fault = passport.recall = NULL;
    passport.recalled = move->remarks;
    passport_put(ctx, &passport);
}

void apply_package_delivered(struct ctx *ctx, const void *event)
{
    const struct package_deliver *delivered = event;
    struct passport passport;
    if (!moved(ctx, &delivered->passport, &passport))
        return;
    passport.name = delivered->name;
    passport.package = delivered->hash;
    passport.signature = delivered->signature;
    passport.key = delivered->key;
    passport.fault = passport.recall = NULL;        /* asked back too late */
    passport_put(ctx, &passport);
}

void apply_package_faulted(struct ctx *ctx, const void *event)
{
    const struct package_fault *fault = event;
    struct passport passport;
    if (!moved(ctx, &fault->passport, &passport))
        return;
    passport.fault = fault->reason;
    passport_put(ctx, &passport);
}

void apply_answer_taken(struct ctx *ctx, const void *event)
{
    const struct operator_answer *answer = event;
    struct passport passport;
    if (!moved(ctx, &answer->passport, &passport))
        return;
    passport.state = answer->outcome == ANSWER_AGREED ? PASSPORT_AGREED : PASSPORT_RETURNED;
    passport.answer = arena_copy(ctx->arena, answer, sizeof *answer);
    passport.recall = NULL;
    passport_put(ctx, &passport);
}

void apply_letter_refused(struct ctx *ctx, const void *event)
{
    struct dead_letter letter = { ctx->entry->moment, arena_copy(ctx->arena, event, sizeof(struct letter_refused)) };
    struct key number = key_of_u64(ctx->entry->number), oldest = { 0 };
    struct bytes key, value;
    struct scan scan;
    txn_put_msg(ctx->txn, T_LETTER, key_bytes(&number), &dead_letter_desc, &letter);
    if (txn_count(ctx->txn, T_LETTER) <= LETTERS_MAX)
        return;
    scan_begin(&scan, ctx->txn, T_LETTER, bytes(NULL, 0));
    if (scan_next(&scan, &key, &value))
        key_raw(&oldest, key.at, key.n);
    scan_end(&scan);
    txn_delete(ctx->txn, T_LETTER, key_bytes(&oldest));
}
