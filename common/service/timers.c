#include <assert.h>

#include "common/service/machine_parts.h"

/* TABLE_TIMERS: 0, due, kind, key → nothing; 1, kind, key → due. A timer's row goes away by the entry
 * that says it fired, so that the table is the fold of the journal like any other. */

MSG_DEFINE(timer_fired, TIMER_FIRED_FIELDS)

enum { BY_DUE, BY_KEY };

static struct key due_key(const char *kind, const struct uuid *id, moment_t due)
{
    struct key key = { 0 };
    key_u8(&key, BY_DUE);
    key_i64(&key, due);
    key_text(&key, kind);
    key_uuid(&key, id);
    return key;
}

static struct key name_key(const char *kind, const struct uuid *id)
{
    struct key key = { 0 };
    key_u8(&key, BY_KEY);
    key_text(&key, kind);
    key_uuid(&key, id);
    return key;
}

static const struct timer_def *timer_named(const struct machine *machine, const char *kind)
{
    for (size_t i = 0; i < machine->service->timer_count; i++)
        if (strcmp(machine->service->timers[i].kind, kind) == 0)
            return &machine->service->timers[i];
    return NULL;
}

void timer_clear(struct ctx *ctx, const char *kind, const struct uuid *id)
{
    struct key name = name_key(kind, id);
    struct bytes value;
    if (!txn_get(ctx->txn, TABLE_TIMERS, key_bytes(&name), &value))
        return;
    struct key_reader reader = key_read(value);
    struct key due = due_key(kind, id, key_read_i64(&reader));
    txn_delete(ctx->txn, TABLE_TIMERS, key_bytes(&due));
    txn_delete(ctx->txn, TABLE_TIMERS, key_bytes(&name));
}

moment_t timer_at_once(const struct ctx *ctx)
{
    return (moment_t)ctx->entry->number;            /* microseconds after 1970 began: numbers do not come again */
}

void timer_set(struct ctx *ctx, const char *kind, const struct uuid *id, moment_t when)
{
    assert(timer_named(ctx->machine, kind) != NULL && when > 0);
    timer_clear(ctx, kind, id);
    struct key due = due_key(kind, id, when), name = name_key(kind, id), value = { 0 };
    key_i64(&value, when);
    txn_put(ctx->txn, TABLE_TIMERS, key_bytes(&due), bytes("", 0));
    txn_put(ctx->txn, TABLE_TIMERS, key_bytes(&name), key_bytes(&value));
}

void timer_apply_fired(struct ctx *ctx, const struct entry *entry)
{
    struct timer_fired fired;
    struct msg_error error;
    if (msg_decode(&timer_fired_desc, entry->body, MSG_LENIENT, ctx->arena, &fired, &error) != ERR_OK)
        txn_fail(ctx->txn, ERR_CORRUPT);
    else
        timer_clear(ctx, fired.kind, &fired.key);
}

static struct timer_fired timer_read(struct bytes key, bool *bad)
{
    struct key_reader reader = key_read(key);
    struct timer_fired timer = { 0 };
    key_read_u8(&reader);
    timer.due = key_read_i64(&reader);
    timer.kind = key_read_text(&reader);
    timer.key = key_read_uuid(&reader);
    *bad = reader.bad;
    return timer;
}

static struct uuid timer_id(const struct timer_fired *due)
{
    struct key key = due_key(due->kind, &due->key, due->due);
    struct hash hash = hash_two(bytes_of("timer"), key_bytes(&key));
    return uuid_v7(due->due / MOMENT_MS, hash.b);
}

static bool is_aside(const struct machine *m, const struct uuid *id)
{
    for (uint32_t i = 0; i < m->timers_aside; i++)
        if (uuid_equal(&m->timer_aside[i], id))
            return true;
    return false;
}

/* One whose handler or apply fails would fail at each batch: the others must not wait for it. */
void timer_put_aside(struct machine *machine, const struct uuid *timer)
{
    if (machine->timers_aside < TIMERS_ASIDE_MAX)
        machine->timer_aside[machine->timers_aside++] = *timer;
}

/* The earliest timers that are due, copied out: firing them changes the table. */
static uint32_t collect(struct work *work, struct timer_fired *due, uint32_t most)
{
    struct scan scan;
    struct bytes key;
    uint8_t by_due = BY_DUE;
    uint32_t n = 0;
    scan_begin(&scan, &work->txn, TABLE_TIMERS, bytes(&by_due, 1));
    while (n < most && scan_next(&scan, &key, NULL)) {
        bool bad;
        struct timer_fired timer = timer_read(key, &bad);
        if (bad)
            txn_fail(&work->txn, ERR_CORRUPT);
        if (bad || timer.due > work->now)
            break;
        due[n] = timer;
        due[n++].kind = arena_string(work->arena, timer.kind, strlen(timer.kind));
    }
    scan_end(&scan);
    return n;
}

static void fire(struct work *work, const struct timer_fired *due, const struct uuid *id)
{
    struct machine *m = work->machine;
    const struct timer_def *def = timer_named(m, due->kind);
    struct decision *decision = ARENA_NEW(work->arena, struct decision);
    struct origin origin = { .cause.command = *id };
    struct ctx ctx = { .txn = &work->txn, .arena = work->arena, .config = m->config, .now = work->now,
                       .today = work->today, .command = origin.cause.command, .machine = m, .decision = decision };

    decision_add(decision, work->arena, (struct emitted){
        NULL, ENTRY_FIRED, msg_encode_in(work->arena, &timer_fired_desc, due), NULL, 0 });
    if (def == NULL)
        log_warning("timer", "nothing fires %s any more", due->kind);
    else if (def->fire(&ctx, &due->key, due->due) == VERDICT_REFUSED || decision->too_large)
        decision->count = 1;
    group_write(work, decision, &origin, bytes(NULL, 0));
}

void timers_fire(struct work *work)
{
    struct timer_fired due[MACHINE_TIMERS_BATCH];
    uint32_t n = collect(work, due, MACHINE_TIMERS_BATCH);
    for (uint32_t i = 0; i < n && work->txn.err == ERR_OK; i++) {
        work->timer = timer_id(&due[i]);
        if (is_aside(work->machine, &work->timer))
            continue;
        fire(work, &due[i], &work->timer);
        work->timer_failed = work->txn.err != ERR_OK;
        if (work->timer_failed)
            log_error("timer", "%s failed (%s) and is put aside", due[i].kind, err_text(work->txn.err));
    }
}

moment_t machine_next_due(struct machine *machine)
{
    struct txn txn;
    struct scan scan;
    struct bytes key;
    uint8_t by_due = BY_DUE;
    moment_t due = 0;
    txn_begin(&txn, machine->store, TXN_READ);
    scan_begin(&scan, &txn, TABLE_TIMERS, bytes(&by_due, 1));
    for (bool bad = false; due == 0 && !bad && scan_next(&scan, &key, NULL); ) {
        struct timer_fired timer = timer_read(key, &bad);
        struct uuid id = timer_id(&timer);
        if (!is_aside(machine, &id))
            due = timer.due;
    }
    scan_end(&scan);
    txn_end(&txn);
    return due;
}
