#include "common/core/err.h"
#include "services/indicators/indicators_state.h"

/* Counters as they are stored, and moved by a difference. */

/* A row tells its cells that are not zero, one after another: how many zeroes to skip, and the number; both as
 * varints. A school that counts in a third of them takes some two hundred bytes. */
static void put_varint(struct buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_byte(out, (uint8_t)(v | 0x80));
    buf_byte(out, (uint8_t)v);
}

static bool take_varint(struct bytes *from, uint64_t *v)
{
    const uint8_t *at = from->at;

    *v = 0;
    for (unsigned i = 0; i < from->n && i < 9; i++) {
        *v |= (uint64_t)(at[i] & 0x7f) << 7 * i;
        if (at[i] < 0x80) {
            *from = bytes(at + i + 1, from->n - i - 1);
            return true;
        }
    }
    return false;
}

static bool row_read(struct bytes row, uint64_t *cell, uint32_t cells)
{
    uint64_t at = 0, skip;

    while (row.n != 0) {
        if (!take_varint(&row, &skip) || skip >= cells - at || !take_varint(&row, &cell[at + skip]))
            return false;
        at += skip + 1;
        if (at == cells)
            return row.n == 0;
    }
    return true;
}

bool counters_get(struct ctx *ctx, const struct uuid *unit, uint64_t *cell)
{
    const struct rules *rules = ctx->config;
    struct key key = key_of_uuid(unit);
    struct bytes value;

    memset(cell, 0, rules->cells * sizeof *cell);
    if (!txn_get(ctx->txn, T_COUNTERS, key_bytes(&key), &value))
        return false;
    if (row_read(value, cell, rules->cells))
        return true;
    txn_fail(ctx->txn, ERR_CORRUPT);
    memset(cell, 0, rules->cells * sizeof *cell);
    return false;
}

/* A difference in one unit. A row of zeroes is no row: equal records make equal tables. */
static void row_move(struct ctx *ctx, const struct tally_unit *by, struct arena *arena)
{
    const struct rules *rules = ctx->config;
    uint64_t *cell = ARENA_LIST(arena, uint64_t, rules->cells), moved = 0, zeroes = 0;
    struct key key = key_of_uuid(&by->unit);
    struct buf row = { 0 };

    for (uint32_t i = 0; i < rules->cells; i++)
        moved |= (uint64_t)by->cell[i];
    if (moved == 0)
        return;
    counters_get(ctx, &by->unit, cell);
    for (uint32_t i = 0; i < rules->cells; i++) {
        cell[i] += (uint64_t)by->cell[i];
        if (cell[i] == 0) {
            zeroes++;
            continue;
        }
        put_varint(&row, zeroes);
        put_varint(&row, cell[i]);
        zeroes = 0;
    }
    if (row.n != 0)
        txn_put(ctx->txn, T_COUNTERS, key_bytes(&key), buf_bytes(&row));
    else
        txn_delete(ctx->txn, T_COUNTERS, key_bytes(&key));
    buf_free(&row);
}

void counters_move(struct ctx *ctx, const struct tally *tally)
{
    for (uint32_t i = 0; i < tally->n; i++)
        row_move(ctx, &tally->at[i], tally->arena);
}
