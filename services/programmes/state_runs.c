#include "common/core/failpoint.h"
#include "common/core/text.h"
#include "services/programmes/programmes_state.h"

struct key run_key(const struct run *run)
{
    struct key key = key_of_uuid(&run->programme);

    key_u32(&key, run->day);
    key_uuid(&key, &run->id);
    return key;
}

struct key run_code_key(struct ctx *ctx, const struct run *run)
{
    struct key key = key_of_uuid(&run->programme);

    key_text(&key, text_nfc(ctx->arena, run->code));
    return key;
}

bool run_get(struct ctx *ctx, const struct uuid *id, struct run_row *row)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_RUN, key_bytes(&key), &run_row_desc, ctx->arena, row);
}

void run_put(struct ctx *ctx, const struct run_row *row)
{
    struct key key = key_of_uuid(&row->run->id);
    txn_put_msg(ctx->txn, T_RUN, key_bytes(&key), &run_row_desc, row);
}

/* More runs ahead than are looked at would be a timetable of years. */
uint32_t run_choices(struct ctx *ctx, const struct uuid *programme, day_t from, struct run_choice list[CHOICES_MAX])
{
    struct key prefix = key_of_uuid(programme), start = prefix;
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0;

    key_u32(&start, from);
    scan_begin(&scan, ctx->txn, T_RUNS, key_bytes(&prefix));
    scan_from(&scan, key_bytes(&start));
    while (n < CHOICES_MAX && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        list[n].day = key_read_u32(&reader);
        list[n++].run = key_read_uuid(&reader);
    }
    scan_end(&scan);
    for (uint32_t i = 0; i < n; i++) {
        struct run_row row;
        list[i].free = !run_get(ctx, &list[i].run, &row) ? 0 : SABOTAGE("overbook") ? RUN_UNLIMITED : run_free(&row);
    }
    return n;
}
