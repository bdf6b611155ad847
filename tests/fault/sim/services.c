#include "tests/fault/sim/services.h"

#include <assert.h>

extern const struct service roster_service, diagnostics_service, programmes_service, routes_service, indicators_service, federal_service, node_service;

MSG_DEFINE(audit_note, AUDIT_NOTE_FIELDS)

/* ── the auditor ──────────────────────────────────────────────────────────── */

struct uuid audit_id(struct bytes stored)
{
    return uuid_derive("entry", stored);
}

static void add_one(struct ctx *ctx, table_t table, struct key key)
{
    struct bytes value;
    uint64_t n = 0;
    if (txn_get(ctx->txn, table, key_bytes(&key), &value)) {
        struct key_reader reader = key_read(value);
        n = key_read_u64(&reader);
    }
    struct key more = key_of_u64(n + 1);
    txn_put(ctx->txn, table, key_bytes(&key), key_bytes(&more));
}

static void see(struct ctx *ctx, const void *event)
{
    struct key key = { 0 };
    (void)event;
    key_text(&key, ctx->entry->event);
    add_one(ctx, AUDIT_SEEN, key);
}

static enum verdict note(struct ctx *ctx, const void *event)
{
    const char *dot = strchr(ctx->entry->event, '.');
    struct audit_note noted = {
        .id = audit_id(msg_encode_in(ctx->arena, &entry_desc, ctx->entry)), .number = ctx->entry->number,
        .stream = arena_string(ctx->arena, ctx->entry->event, (size_t)(dot - ctx->entry->event)),
    };
    (void)event;
    emit(ctx, AUDIT_NOTED, &noted, NULL, 0);
    return VERDICT_OK;
}

static void apply_noted(struct ctx *ctx, const void *event)
{
    add_one(ctx, AUDIT_NOTES, key_of_uuid(&((const struct audit_note *)event)->id));
}

#define AUDITED_MAX 128
static const struct table_def TABLES[] = { { "seen", TABLE_COPY }, { "notes", TABLE_STATE } };
static const struct event_def EVENTS[] = { { AUDIT_NOTED, 1, &audit_note_desc, apply_noted } };
static struct projection_def projections[AUDITED_MAX];
static struct reaction_def reactions[AUDITED_MAX];
static struct service auditor = {
    .name = "auditor", .state_version = 1, .copy_version = 1, .tables = ROWS(TABLES), .events = ROWS(EVENTS),
    .projections = projections, .reactions = reactions,
};

/* Every event that there is, as the services name them. */
static const struct service *auditor_made(void)
{
    size_t n = 0;
    for (int s = ROSTER; s < AUDITED && auditor.projection_count == 0; s++)
        for (size_t i = 0; i < service_of(s)->event_count; i++, n++) {
            const struct event_def *event = &service_of(s)->events[i];
            assert(n < AUDITED_MAX);
            projections[n] = (struct projection_def){ service_of(s)->name, event->name, event->version, &nothing_desc, see };
            reactions[n] = (struct reaction_def){ service_of(s)->name, event->name, event->version, &nothing_desc, note };
        }
    if (n > 0)
        auditor.projection_count = auditor.reaction_count = n;
    return &auditor;
}

/* ── all of them ──────────────────────────────────────────────────────────── */

const struct service *service_of(int node)
{
    static const struct service *const chain[] = {
        &roster_service, &diagnostics_service, &programmes_service, &routes_service, &indicators_service, &federal_service,
        &node_service, &node_service,
    };
    return node == AUDITOR ? auditor_made() : chain[node];
}

int service_number(const char *name)
{
    for (int i = 0; i < NODES; i++)
        if (strcmp(service_of(i)->name, name) == 0)
            return i;
    return -1;
}
