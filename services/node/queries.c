#include "common/journal/entry.h"
#include "common/net/client.h"
#include "services/node/node.h"

/* What the screen shows: the queue, and what has become of it. */

#define SILENT_AFTER (CLIENT_RETRY_MS * MOMENT_MS)
#define PAGE_ROWS  100
#define PAGE_BYTES (180 * 1024)             /* of bodies and problems, so that a page fits into a frame */

/* ── status ───────────────────────────────────────────────────────────────── */

static moment_t oldest_of(struct ctx *ctx)
{
    uint64_t first = 0;
    struct node_queued queued;

    for (int s = 0; s < NODE_SERVICES; s++) {
        uint64_t number = waiting_first(ctx, s, 0);
        if (number != 0 && (first == 0 || number < first))
            first = number;
    }
    return first != 0 && item_queued(ctx, first, &queued, NULL) ? queued.made_at : 0;
}

/* A link that nobody cut is quiet when nothing is asked. One that has been asked, and not been heard for longer than it
 * takes to ask again, is silent: the sender gives it up later (sender.c, STALL). */
static void silence_tell(const struct ctx *ctx, struct node_link *link, moment_t asked)
{
    if (link->state == NODE_LINK_UP && asked != 0 && ctx->now - asked > SILENT_AFTER && !SABOTAGE("node_never_silent")) {
        link->state = NODE_LINK_SILENT;
        link->since = link->heard > asked ? link->heard : asked;
    }
}

enum verdict query_status(struct ctx *ctx, const void *query)
{
    const struct node_config *config = node_config(ctx);
    struct node_status status = { .links = { NODE_SERVICES, ARENA_LIST(ctx->arena, struct node_link, NODE_SERVICES) } };
    struct link_now now[NODE_SERVICES];
    struct node_copy_row copy;
    (void)query;

    if (config != NULL) {
        status.municipality = config->settings.municipality;
        status.title = config->settings.title;
    }
    for (uint32_t i = 0; i < NODE_METHOD_COUNT; i++) {
        struct node_counts counts = counts_get(ctx, i);
        status.accepted += counts.accepted;
        status.refused += counts.refused;
        status.conflicts += counts.conflicts;
        status.waiting += counts.queued - counts.accepted - counts.refused;
    }
    link_read(ctx->machine, now);
    status.sent = status.accepted + status.refused;
    for (int s = 0; s < NODE_SERVICES; s++) {
        status.links.at[s] = (struct node_link){
            .service = NODE_SERVICE[s], .state = now[s].state, .since = now[s].since, .heard = now[s].heard,
            .waiting = counts_waiting(ctx, s), .on_the_way = now[s].on_the_way,
            .reason = arena_string(ctx->arena, now[s].reason, strlen(now[s].reason)) };
        silence_tell(ctx, &status.links.at[s], now[s].asked);
        status.sent += now[s].on_the_way < status.links.at[s].waiting ? now[s].on_the_way : status.links.at[s].waiting;
    }
    if (copy_get(ctx, &copy)) {
        status.copy = copy.state;
        status.since = copy.since;
        status.told_by = copy.told_by;
    }
    status.oldest = oldest_of(ctx);
    status.used_bytes = store_used(ctx);
    status.cap_bytes = service_cap_bytes(ctx);
    reply(ctx, &status);
    return VERDICT_OK;
}

/* For who enters from the command line: what is sealed before it comes here. */
enum verdict query_intake(struct ctx *ctx, const void *query)
{
    uint8_t *key = arena_alloc(ctx->arena, sizeof node_config(ctx)->intake);
    (void)query;

    if (node_config(ctx) == NULL)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_profile");
    uint64_t generation = intake_now(ctx, key);
    reply(ctx, &(struct intake_key){ bytes(key, sizeof node_config(ctx)->intake), generation });
    return VERDICT_OK;
}

/* ── the items ────────────────────────────────────────────────────────────── */

static bool item_row(struct ctx *ctx, struct node_place place, struct node_item *out)
{
    struct node_item_row row;
    struct node_queued queued;
    struct node_answered answered = { 0 };
    struct problem problem;
    struct msg_error error;

    *out = (struct node_item){ .number = place.number };
    if (!item_get(ctx, place, &row) || !item_queued(ctx, place.number, &queued, &out->entered))
        return false;
    out->item = row.item;
    out->method = queued.method;
    out->state = row.state;
    out->conflict = row.conflict;
    out->source = queued.source;
    if (row.answered != 0 && item_answer(ctx, &row, &answered, &out->answered)) {
        out->reply = answered.reply;
        out->problem = answered.problem;
        if (answered.problem.n > 0 && msg_decode(&problem_desc, answered.problem, MSG_LENIENT, ctx->arena, &problem, &error) == ERR_OK)
            out->reason = problem.reason;
    }
    return true;
}

/* The next item after a number in a list whose keys are service and number: of all services the lowest. */
static struct node_place next_by_service(struct ctx *ctx, table_t table, uint64_t after)
{
    struct node_place best = { -1, 0 };

    for (int s = 0; s < NODE_SERVICES; s++) {
        struct key prefix = { 0 }, from = item_key((struct node_place){ s, after + 1 });
        struct bytes key, value;
        struct scan scan;
        key_u8(&prefix, (uint8_t)s);
        scan_begin(&scan, ctx->txn, table, key_bytes(&prefix));
        scan_from(&scan, key_bytes(&from));
        if (scan_next(&scan, &key, &value)) {
            struct key_reader reader = key_read(key);
            key_read_u8(&reader);
            uint64_t number = key_read_u64(&reader);
            if (best.service < 0 || number < best.number)
                best = (struct node_place){ s, number };
        }
        scan_end(&scan);
    }
    return best;
}

static struct node_place next_by_number(struct ctx *ctx, table_t table, uint64_t after)
{
    struct key from = key_of_u64(after + 1);
    struct node_place place = { -1, 0 };
    struct bytes key, value;
    struct scan scan;

    scan_begin(&scan, ctx->txn, table, bytes(NULL, 0));
    scan_from(&scan, key_bytes(&from));
    if (scan_next(&scan, &key, &value) && value.n == 1) {
        struct key_reader reader = key_read(key);
        place = (struct node_place){ *(const uint8_t *)value.at, key_read_u64(&reader) };
    }
    scan_end(&scan);
    return place;
}

static struct node_place next_of(struct ctx *ctx, enum node_list list, uint64_t after)
{
    switch (list) {
    case NODE_LIST_WAITING:   return next_by_service(ctx, T_WAITING, after);
    case NODE_LIST_REFUSED:   return next_by_number(ctx, T_REFUSED, after);
    case NODE_LIST_CONFLICTS: return next_by_number(ctx, T_CONFLICTS, after);
    default:                  return next_by_service(ctx, T_ITEMS, after);
    }
}

enum verdict query_items(struct ctx *ctx, const void *query)
{
    const struct node_items_of *of = query;
    uint32_t limit = of->limit == 0 ? PAGE_ROWS : (uint32_t)of->limit;
    struct node_items items = { .rows.at = ARENA_LIST(ctx->arena, struct node_item, limit) };
    uint64_t after = of->after;
    size_t used = 0;

    for (;;) {
        struct node_place place = next_of(ctx, of->list, after);
        if (place.service < 0)
            break;
        if (items.rows.n == limit || used > PAGE_BYTES) {
            items.next = after;
            break;
        }
        after = place.number;
        struct node_item *row = &items.rows.at[items.rows.n];
        if (item_row(ctx, place, row)) {
            used += 400 + row->problem.n + row->reply.n;
            items.rows.n++;
        }
    }
    reply(ctx, &items);
    return VERDICT_OK;
}

/* ── for the stick ────────────────────────────────────────────────────────── */

/* An item whose person only the region can tell ends it: what comes after may rest on it. */
enum verdict query_letters(struct ctx *ctx, const void *query)
{
    const struct node_letters_of *of = query;
    uint32_t limit = of->limit == 0 ? 100 : (uint32_t)of->limit;
    struct node_letters letters = { .rows.at = ARENA_LIST(ctx->arena, struct node_letter, limit) };
    struct node_copy_row copy;
    uint64_t after = of->after;
    size_t used = 0;

    if (!copy_get(ctx, &copy))
        return refuse(ctx, PROBLEM_UNAVAILABLE, "no_lane");
    for (;;) {
        struct node_place place = next_of(ctx, NODE_LIST_WAITING, after);
        struct node_item_row row;
        struct node_queued queued;
        if (place.service < 0)
            break;
        if (letters.rows.n == limit || used > PAGE_BYTES) {
            letters.next = after;
            break;
        }
        if (!item_get(ctx, place, &row) || !item_queued(ctx, place.number, &queued, NULL))
            break;
        if (row.unsure) {
            letters.unknown = counts_waiting(ctx, -1);
            break;
        }
        after = place.number;
        struct node_letter *letter = &letters.rows.at[letters.rows.n++];
        *letter = (struct node_letter){ .number = place.number, .item = row.item, .service = NODE_SERVICE[place.service],
                                        .method = queued.method, .lane = copy.lane, .previous = item_previous(ctx, place),
                                        .made_at = queued.made_at, .body = item_body(ctx, &row, &queued) };
        used += 300 + letter->body.n;
    }
    reply(ctx, &letters);
    return VERDICT_OK;
}
