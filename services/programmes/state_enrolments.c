#include "common/core/err.h"
#include "services/programmes/programmes_state.h"

MSG_DEFINE(step_stands, STEP_STANDS_FIELDS)
_Static_assert(ROUTE_STEPS_MAX == STEPS_MAX, "one number of steps");

/* ── enrolments ───────────────────────────────────────────────────────────── */

bool enrolment_get(struct ctx *ctx, const struct uuid *id, struct enrolment_row *row)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_ENROLMENTS, key_bytes(&key), &enrolment_row_desc, ctx->arena, row);
}

void enrolment_put(struct ctx *ctx, const struct enrolment_row *row)
{
    struct key key = key_of_uuid(&row->enrolment->enrolment);
    txn_put_msg(ctx->txn, T_ENROLMENTS, key_bytes(&key), &enrolment_row_desc, row);
}

static struct key two_key(const struct uuid *a, const struct uuid *b)
{
    struct key key = key_of_uuid(a);
    key_uuid(&key, b);
    return key;
}

static struct key open_key(const struct enrolment *enrolment)
{
    struct key key = two_key(&enrolment->person, &enrolment->programme);
    key_uuid(&key, &enrolment->enrolment);
    return key;
}

static void learning_put(struct ctx *ctx, const struct uuid *of, uint64_t number, const struct uuid *enrolment)
{
    struct key key = key_of_uuid(of);
    key_u64(&key, number);
    txn_put(ctx->txn, T_LEARNING, key_bytes(&key), bytes(enrolment, sizeof *enrolment));
}

static void learners_add(struct ctx *ctx, const struct uuid *run, int more)
{
    struct run_row row;

    if (!run_get(ctx, run, &row)) {
        txn_fail(ctx->txn, ERR_CORRUPT);            /* decide has seen it: the journal is not whole */
        return;
    }
    row.learners = more > 0 ? row.learners + 1 : row.learners - 1;
    run_put(ctx, &row);
}

void enrolment_enter(struct ctx *ctx, const struct enrolment *enrolment, uint64_t number)
{
    struct key open = open_key(enrolment), place = two_key(&enrolment->run, &enrolment->person);

    learning_put(ctx, &enrolment->run, number, &enrolment->enrolment);
    learning_put(ctx, &enrolment->person, number, &enrolment->enrolment);
    txn_put(ctx->txn, T_OPEN, key_bytes(&open), bytes("", 0));
    txn_put(ctx->txn, T_IN_RUN, key_bytes(&place), bytes(&enrolment->enrolment, sizeof enrolment->enrolment));
    learners_add(ctx, &enrolment->run, 1);
}

void enrolment_leave(struct ctx *ctx, const struct enrolment *enrolment, bool place)
{
    struct key open = open_key(enrolment), held = two_key(&enrolment->run, &enrolment->person);

    txn_delete(ctx->txn, T_OPEN, key_bytes(&open));
    if (place) {
        txn_delete(ctx->txn, T_IN_RUN, key_bytes(&held));
        learners_add(ctx, &enrolment->run, -1);
    }
}

bool enrolment_open_in(struct ctx *ctx, const struct uuid *person, const struct uuid *programme, struct uuid *id)
{
    struct uuid ids[PLACES_SAME_MAX];
    uint32_t n = places_same_one(ctx, person, ids);
    struct bytes key, value;
    struct scan scan;
    bool found = false;

    for (uint32_t i = 0; i < n && !found; i++) {
        struct key prefix = two_key(&ids[i], programme);
        scan_begin(&scan, ctx->txn, T_OPEN, key_bytes(&prefix));
        if ((found = scan_next(&scan, &key, &value)))
            *id = key_last_uuid(key);
        scan_end(&scan);
    }
    return found;
}

bool enrolment_in_run(struct ctx *ctx, const struct uuid *run, const struct uuid *person, struct uuid *id)
{
    struct uuid ids[PLACES_SAME_MAX];
    struct bytes value;

    for (uint32_t i = places_same_one(ctx, person, ids); i > 0; i--) {
        struct key key = two_key(run, &ids[i - 1]);
        if (txn_get(ctx->txn, T_IN_RUN, key_bytes(&key), &value))
            return programme_id_of(value, id);
    }
    return false;
}

uint32_t enrolment_scope(const struct uuid *person, const struct uuid *chain, uint32_t n, struct uuid scope[ENTRY_SCOPES_MAX])
{
    struct workplace place = { .chain = { n, (struct uuid *)(uintptr_t)chain } };
    return places_scope(person, &place, scope);
}

/* ── the steps of routes ──────────────────────────────────────────────────── */

static struct key step_key(const struct uuid *route, uint64_t step)
{
    struct key key = key_of_uuid(route);
    key_u32(&key, (uint32_t)step);
    return key;
}

bool step_get(struct ctx *ctx, const struct uuid *route, uint64_t step, struct step_stands *stands)
{
    struct key key = step_key(route, step);
    return txn_get_msg(ctx->txn, T_STEPS, key_bytes(&key), &step_stands_desc, ctx->arena, stands);
}

void step_put(struct ctx *ctx, const struct uuid *route, uint64_t step, const struct step_stands *stands)
{
    struct key key = step_key(route, step);
    txn_put_msg(ctx->txn, T_STEPS, key_bytes(&key), &step_stands_desc, stands);
}

/* ── the waiting list ─────────────────────────────────────────────────────── */

static struct key waiting_key(const struct uuid *programme, uint64_t number)
{
    struct key key = key_of_uuid(programme);
    key_u64(&key, number);
    return key;
}

static struct key wish_key(const struct wish *wish, uint64_t number)
{
    struct key key = two_key(&wish->person, &wish->programme);
    key_u64(&key, number);
    return key;
}

bool wish_get(struct ctx *ctx, const struct uuid *programme, uint64_t number, struct wish *wish)
{
    struct key key = waiting_key(programme, number);
    return txn_get_msg(ctx->txn, T_WAITING, key_bytes(&key), &wish_desc, ctx->arena, wish);
}

void wish_put(struct ctx *ctx, uint64_t number, const struct wish *wish)
{
    struct key waiting = waiting_key(&wish->programme, number), own = wish_key(wish, number);
    txn_put_msg(ctx->txn, T_WAITING, key_bytes(&waiting), &wish_desc, wish);
    txn_put(ctx->txn, T_WISHES, key_bytes(&own), bytes("", 0));
}

void wish_drop(struct ctx *ctx, const struct uuid *programme, uint64_t number)
{
    struct key waiting = waiting_key(programme, number);
    struct wish wish;

    if (!wish_get(ctx, programme, number, &wish))
        return;
    struct key own = wish_key(&wish, number);
    txn_delete(ctx->txn, T_WAITING, key_bytes(&waiting));
    txn_delete(ctx->txn, T_WISHES, key_bytes(&own));
}

static uint64_t number_of(struct bytes key, int ids)
{
    struct key_reader reader = key_read(key);
    for (int i = 0; i < ids; i++)
        key_read_uuid(&reader);
    return key_read_u64(&reader);
}

uint32_t wishes_first(struct ctx *ctx, const struct uuid *programme, struct wish *list, uint32_t most)
{
    uint64_t *numbers = ARENA_LIST(ctx->arena, uint64_t, most);
    struct key prefix = key_of_uuid(programme);
    struct bytes key, value;
    struct scan scan;
    uint32_t n = 0, taken = 0;

    scan_begin(&scan, ctx->txn, T_WAITING, key_bytes(&prefix));
    while (n < most && scan_next(&scan, &key, &value))
        numbers[n++] = number_of(key, 1);
    scan_end(&scan);
    for (uint32_t i = 0; i < n; i++)
        taken += wish_get(ctx, programme, numbers[i], &list[taken]);
    return taken;
}

bool wish_of(struct ctx *ctx, const struct uuid *person, const struct uuid *programme, struct wish *wish)
{
    struct uuid ids[PLACES_SAME_MAX];
    uint32_t n = places_same_one(ctx, person, ids);
    struct bytes key, value;
    struct scan scan;
    uint64_t number = 0;

    for (uint32_t i = 0; i < n && number == 0; i++) {
        struct key prefix = two_key(&ids[i], programme);
        scan_begin(&scan, ctx->txn, T_WISHES, key_bytes(&prefix));
        if (scan_next(&scan, &key, &value))
            number = number_of(key, 2);
        scan_end(&scan);
    }
    return number != 0 && wish_get(ctx, programme, number, wish);
}

bool somebody_waits(struct ctx *ctx, const struct uuid *programme)
{
    struct key prefix = key_of_uuid(programme);
    struct bytes key, value;
    struct scan scan;

    scan_begin(&scan, ctx->txn, T_WAITING, key_bytes(&prefix));
    bool some = scan_next(&scan, &key, &value);
    scan_end(&scan);
    return some;
}
