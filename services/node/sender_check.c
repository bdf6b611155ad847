#include "common/service/chain.h"
#include "services/node/sender_parts.h"

#include "common/core/failpoint.h"
#include "common/core/log.h"

/* Where the queue stands at a service, and what is done when another copy of this node is the live one. */

#define CHECK_MS   5000
#define HOLD_EVERY (5 * MOMENT_SECOND)

static const char *method_of(struct sending *s, int service, const char *method)
{
    return arena_format(s->errand->arena, "%s.%s", NODE_SERVICE[service], method);
}

/* ── what the store knows of a head ───────────────────────────────────────── */

struct looking { int service; const struct uuid *head; bool found; uint64_t number, first_waiting, last; };

static void read_head(struct ctx *ctx, void *arg)
{
    struct looking *looking = arg;
    struct node_item_row row;
    struct node_place place;

    looking->found = item_find(ctx, looking->head, &place, &row) && place.service == looking->service;
    looking->number = looking->found ? place.number : 0;
    looking->first_waiting = waiting_first(ctx, looking->service, 0);
    looking->last = item_last(ctx, looking->service);
}

static bool ask(struct sending *s, int service, struct sender_standing *standing)
{
    const struct sender_check check = { s->copy.lane };
    const struct problem *problem = NULL;
    int err = errand_ask(s->errand, NODE_SERVICE[service], method_of(s, service, "sender.check"), &sender_check_desc, &check,
                         &sender_standing_desc, standing, CHECK_MS, &problem);

    if (err != ERR_OK)
        sender_line_down(s, service, err == ERR_DENIED ? NODE_LINK_REVOKED : NODE_LINK_DOWN, err == ERR_NOTFOUND ? "no_endpoint_or_key" : "");
    else if (problem != NULL)
        sender_line_down(s, service, strcmp(problem->reason, "revoked") == 0 ? NODE_LINK_REVOKED : NODE_LINK_REFUSED, problem->reason);
    return err == ERR_OK && problem == NULL;
}

/* ── held back ────────────────────────────────────────────────────────────── */

static void copy_hold(struct sending *s, int service, const struct sender_standing *standing)
{
    struct node_held held = { .service = NODE_SERVICE[service], .live_lane = standing->live_lane,
                              .incarnation = s->errand->incarnation, .lane = sender_id(s, "copy", bytes(standing->live_lane.b, 16)) };

    log_error("sender", "%s knows another copy of this node: nothing more is sent from here", NODE_SERVICE[service]);
    for (int i = 0; i < NODE_SERVICES; i++)
        sender_line_down(s, i, NODE_LINK_REFUSED, "second_copy");
    if (sender_submit(s, "hold", "node.copy.hold", &node_held_desc, &held)) {
        s->copy.lane = held.lane;
        s->copy.state = NODE_COPY_HELD;
    }
    s->sender->hold_again = 0;
}

static void copy_release(struct sending *s, enum node_copy_state state)
{
    struct node_released released = { s->copy.lane, (int)state };

    if (!sender_submit(s, "release", "node.copy.release", &node_released_desc, &released))
        return;
    log_warning("sender", "this copy is %s now", node_copy_state_names.names[state]);
    s->copy.state = (int)state;
    for (int i = 0; i < NODE_SERVICES; i++) {
        s->sender->line[i].checked = false;
        s->sender->line[i].again = 0;
        s->sender->line[i].failures = 0;
    }
}

/* The answers here are of another incarnation of it. */
static bool lags(const struct sending *s, int service, const struct sender_standing *standing)
{
    const struct node_position_row *position = &s->position[service];
    return s->has_position[service] && !(uuid_equal(&position->journal, &standing->journal) &&
                                         uuid_equal(&position->incarnation, &standing->incarnation));
}

/* Or some of them still are. */
static bool lags_or_did(const struct sending *s, int service, const struct sender_standing *standing)
{
    return lags(s, service, standing) || (s->has_position[service] && s->position[service].again_until != 0);
}

/* What a copy holds for a service: what waits. One whose answers there are of another incarnation holds all that it has
 * sent too (`all`): nobody can tell here what of it came back. */
struct holding {
    int service;
    bool all;
    struct uuid after, last;
    moment_t from, until;
    struct sender_count list[NODE_METHODS_MAX];
    uint32_t n;
    uint64_t count;
};

static void holding_end(struct ctx *ctx, struct holding *h, uint64_t first, uint64_t last)
{
    struct node_queued queued;

    if (item_queued(ctx, first, &queued, NULL))
        h->from = queued.made_at;
    if (item_queued(ctx, last, &queued, NULL))
        h->until = queued.made_at;
    h->last = item_previous(ctx, (struct node_place){ h->service, last + 1 });     /* one that will be sent */
    if (!SABOTAGE("node_hold_bare"))
        h->after = item_previous(ctx, (struct node_place){ h->service, first });
}

static void read_holding(struct ctx *ctx, void *arg)
{
    struct holding *h = arg;

    for (uint32_t i = 0; i < NODE_METHOD_COUNT; i++) {
        struct node_counts counts = counts_get(ctx, i);
        uint64_t n = h->all ? counts.queued : counts.queued - counts.accepted - counts.refused;
        if ((int)NODE_METHOD[i].service != h->service || n == 0)
            continue;
        h->list[h->n++] = (struct sender_count){ NODE_METHOD[i].name, n };
        h->count += n;
    }
    if (h->count > 0)
        holding_end(ctx, h, h->all ? item_first(ctx, h->service) : waiting_first(ctx, h->service, 0),
                    h->all ? item_last(ctx, h->service) : waiting_last(ctx, h->service));
}

/* Says what this copy holds for a service; where its lane stands there then. Whether that is all has to be known before:
 * an operator may take it on its first word. */
static bool hold_say(struct sending *s, int service, enum sender_state *state)
{
    struct arena *arena = s->errand->arena;
    struct holding h = { .service = service };
    struct sender_standing standing;
    struct client_reply reply = { 0 };
    struct msg_error error;

    if (!ask(s, service, &standing))
        return false;
    h.all = lags_or_did(s, service, &standing);
    if (errand_read(s->errand, read_holding, &h) != ERR_OK)
        return false;
    const struct sender_hold hold = { .lane = s->copy.lane, .after = h.after, .last = h.last, .count = h.count, .from = h.from,
                                      .until = h.until, .list = { h.n, h.list } };
    struct bytes body = msg_encode_in(arena, &sender_hold_desc, &hold);
    const struct client_request request = { .method = method_of(s, service, "sender.hold"), .body = body, .deadline_ms = CHECK_MS,
                                            .command = sender_id(s, NODE_SERVICE[service], body) };
    if (errand_call(s->errand, NODE_SERVICE[service], &request, &reply) != ERR_OK) {
        sender_line_down(s, service, reply.err == ERR_DENIED ? NODE_LINK_REVOKED : NODE_LINK_DOWN, "");
        return false;
    }
    s->sender->line[service].link.heard = s->errand->now;
    if (reply.problem != NULL) {
        *state = SENDER_LIVE;
        return strcmp(reply.problem->reason, "lane_is_live") == 0;
    }
    if (msg_decode(&sender_standing_desc, reply.body, MSG_LENIENT, arena, &standing, &error) != ERR_OK)
        return false;
    *state = standing.state;
    /* Made again from a backup in between: the next word says what is held now. */
    return standing.state != SENDER_HELD || lags_or_did(s, service, &standing) == h.all;
}

static uint64_t waiting_all(const struct sending *s)
{
    uint64_t waiting = 0;
    for (int i = 0; i < NODE_SERVICES; i++)
        waiting += s->waiting[i];
    return waiting;
}

static void held_step(struct sending *s)
{
    uint32_t in[SENDER_CLOSED + 1] = { 0 };
    bool all = true;

    if (s->errand->now < s->sender->hold_again)
        return;
    s->sender->hold_again = s->errand->now + HOLD_EVERY;
    for (int i = 0; i < NODE_SERVICES; i++) {
        enum sender_state state;
        if (hold_say(s, i, &state))
            in[state]++;
        else
            all = false;
    }
    if (!all || in[SENDER_HELD] > 0 || in[SENDER_UNKNOWN] > 0)
        return;
    if (in[SENDER_TAKEN] == 0 && in[SENDER_LIVE] == 0 && waiting_all(s) > 0 && !SABOTAGE("node_close_early")) {
        copy_hold(s, 0, &(struct sender_standing){ 0 });    /* entered after it had said what it holds: it says so anew */
        return;
    }
    copy_release(s, in[SENDER_TAKEN] > 0 ? NODE_COPY_TAKEN : in[SENDER_LIVE] > 0 ? NODE_COPY_LIVE : NODE_COPY_CLOSED);
}

/* ── asking ───────────────────────────────────────────────────────────────── */

static bool is_another(struct sending *s, const struct sender_standing *standing, const struct looking *looking)
{
    switch ((enum sender_state)standing->state) {
    case SENDER_UNKNOWN:                    /* taken before, and made again from a backup of before that: no new sender */
        return !uuid_is_nil(&standing->live_lane) || (s->copy.state == NODE_COPY_TAKEN && !SABOTAGE("node_passes_for_new"));
    case SENDER_LIVE:    return !uuid_is_nil(&standing->head) && !looking->found && !SABOTAGE("node_blind_copy");
    case SENDER_HELD:    return true;
    case SENDER_TAKEN:   return false;
    default:             /* closed: what it still has to send there is held anew */
        return s->copy.state != NODE_COPY_TAKEN || looking->first_waiting != 0 || lags_or_did(s, looking->service, standing);
    }
}

/* It was taken over, and may be switched off. As long as it is not, or when it is started again for this: what a service
 * has lost by a restore is held here, and is offered anew. */
static void closed_step(struct sending *s)
{
    struct sender_standing standing;

    for (int i = 0; i < NODE_SERVICES && s->copy.state == NODE_COPY_CLOSED && !errand_ending(s->errand); i++)
        if (s->has_position[i] && ask(s, i, &standing) && lags_or_did(s, i, &standing) && !SABOTAGE("node_closed_deaf"))
            copy_hold(s, i, &standing);
}

/* Nothing waits, and no answer is of another incarnation. Where one still is when nothing is left to be sent to anybody,
 * the service was made again after it had heard what is held here: all of it is held anew. */
static bool all_is_there(struct sending *s)
{
    for (int i = 0; i < NODE_SERVICES; i++)
        if (!s->sender->line[i].checked || s->waiting[i] > 0)
            return false;
    for (int i = 0; i < NODE_SERVICES; i++) {
        const struct sender_line *line = &s->sender->line[i];
        const struct sender_standing standing = { .journal = line->journal, .incarnation = line->incarnation };
        if (lags_or_did(s, i, &standing)) {
            copy_hold(s, i, &standing);
            return false;
        }
    }
    return true;
}

void sender_hold_step(struct sending *s)
{
    if (s->copy.state == NODE_COPY_HELD)
        held_step(s);
    else if (s->copy.state == NODE_COPY_CLOSED)
        closed_step(s);
    else if (s->copy.state == NODE_COPY_TAKEN && all_is_there(s))
        copy_release(s, NODE_COPY_CLOSED);
}

bool sender_check_line(struct sending *s, int service)
{
    struct sender_line *line = &s->sender->line[service];
    struct sender_standing standing;
    struct looking looking = { .service = service };

    FAILPOINT("node_check");
    if (!ask(s, service, &standing))
        return false;
    looking.head = &standing.head;
    if (errand_read(s->errand, read_head, &looking) != ERR_OK)
        return false;
    if (is_another(s, &standing, &looking)) {
        copy_hold(s, service, &standing);
        return false;
    }
    if (standing.behind != NULL && !SABOTAGE("node_trusts_copies")) {
        sender_line_down(s, service, NODE_LINK_REFUSED, "behind");
        return false;
    }
    s->sender->known_to = 0;                /* another incarnation of it may have been followed since */
    line->journal = standing.journal;
    line->incarnation = standing.incarnation;
    line->lag = lags_or_did(s, service, &standing);
    line->tail = standing.head;
    /* After its head; from the first it has not, where it is made again from a backup that knows nothing of us. */
    line->next = looking.found ? looking.number + 1 : line->lag ? 1
               : looking.first_waiting != 0 ? looking.first_waiting : looking.last + 1;
    line->again_to = 0;
    uint64_t known_to = uuid_equal(&line->again_done, &standing.incarnation) ? line->again_done_to : 0;
    line->again_all = line->lag && looking.found && known_to < looking.number && !SABOTAGE("node_trusts_head");
    if (line->again_all) {
        line->again_to = looking.number;
        line->next = known_to + 1;
    } else if (looking.first_waiting != 0 && looking.first_waiting < line->next && !SABOTAGE("node_lost_answers")) {
        line->again_to = line->next - 1;    /* it has decided them, and the process ended before the answers were safe */
        line->next = looking.first_waiting;
    }
    sender_line_up(s, service);
    return true;
}
