#include "services/node/sender_parts.h"

#include <stdio.h>

#include "common/core/failpoint.h"
#include "common/core/log.h"

#define CLOSED_MS      30000
#define LOOK_AGAIN     (60 * MOMENT_SECOND) /* an idle line hears of no restart */
#define IDLE_MS        5000             /* nothing waits: the commit of the next item wakes it */
#define POLL_MS        50
#define STALL          (15 * MOMENT_SECOND)
#define DEADLINE_MS    30000
#define BACK_OFF_MAX   (60 * MOMENT_SECOND)
#define PICK_MOST      64
#define ANSWERS_BYTES  (100 * 1024)     /* of one command */

/* ── ids and submits ──────────────────────────────────────────────────────── */

struct uuid sender_id(const struct sending *s, const char *kind, struct bytes of)
{
    struct hash_state state;
    hash_start(&state, NULL);
    hash_more(&state, kind, strlen(kind) + 1);
    hash_more(&state, s->errand->journal.b, sizeof s->errand->journal.b);
    hash_more(&state, s->errand->incarnation.b, sizeof s->errand->incarnation.b);
    hash_more(&state, &s->errand->now, sizeof s->errand->now);
    hash_more(&state, of.at, of.n);
    struct hash hash = hash_end(&state);
    return uuid_v7(s->errand->now / MOMENT_MS, hash.b);
}

/* Decide looks at the state and does nothing twice, so the id need not be the same after a failure. */
bool sender_submit(struct sending *s, const char *kind, const char *method, const struct msg_desc *takes, const void *body)
{
    const struct problem *problem = NULL;
    struct uuid id = sender_id(s, kind, msg_encode_in(s->errand->arena, takes, body));
    int err = errand_submit(s->errand, &id, method, takes, body, NULL, NULL, &problem);

    if (err == ERR_OK && problem != NULL)
        log_warning("sender", "%s: %s", method, problem->reason);
    return err == ERR_OK && problem == NULL;
}

/* ── lines ────────────────────────────────────────────────────────────────── */

static void link_publish(struct sending *s, int service)
{
    struct sender_line *line = &s->sender->line[service];
    line->link.on_the_way = s->sender->flights > 0 && s->sender->busy == service ? s->sender->flights : 0;
    if (s->sender->machine != NULL)
        link_note(s->sender->machine, service, &line->link);
}

/* Asked, and waited for: what the screen says meanwhile. */
void sender_asking(struct sending *s, int service, bool asking)
{
    struct link_now *link = &s->sender->line[service].link;
    link->asked = asking ? s->errand->now : 0;
    link_publish(s, service);
}

static void link_set(struct sending *s, int service, enum node_link_state state, const char *reason)
{
    struct link_now *link = &s->sender->line[service].link;

    if (link->state != state || strcmp(link->reason, reason) != 0) {
        log_info("sender", "%s: %s%s%s", NODE_SERVICE[service], node_link_state_names.names[state], reason[0] != '\0' ? ", " : "",
                 reason);
        link->since = s->errand->now;
    }
    link->state = state;
    snprintf(link->reason, sizeof link->reason, "%s", reason);
    link_publish(s, service);
}

/* The conversation is over; it is begun anew with a check, later each time. */
void sender_line_down(struct sending *s, int service, enum node_link_state state, const char *reason)
{
    struct sender_line *line = &s->sender->line[service];
    moment_t wait = MOMENT_SECOND / 2 << (line->failures < 7 ? line->failures : 7);

    errand_hang_up(s->errand, NODE_SERVICE[service]);
    if (s->sender->busy == service) {
        memset(s->sender->flight, 0, sizeof s->sender->flight);
        s->sender->flights = 0;
    }
    line->link.asked = 0;
    line->checked = false;
    line->failures++;
    line->again = s->errand->now + (wait < BACK_OFF_MAX ? wait : BACK_OFF_MAX);
    line->window = line->window > 2 * SENDER_WINDOW_MIN ? line->window / 2 : SENDER_WINDOW_MIN;
    /* What it waited for may be the place of another, which was made again from a backup and has had nothing to do since. */
    for (int i = 0; i < NODE_SERVICES && !SABOTAGE("node_stale_places"); i++)
        if (i != service && !(s->sender->flights > 0 && s->sender->busy == i))
            s->sender->line[i].checked = false;
    link_set(s, service, state, reason);
}

void sender_line_up(struct sending *s, int service)
{
    struct sender_line *line = &s->sender->line[service];
    line->checked = true;
    line->again = 0;
    line->progress = line->link.heard = s->errand->now;
    line->link.asked = 0;
    if (line->window == 0)
        line->window = 32;
    link_set(s, service, NODE_LINK_UP, "");
}

/* ── what the store says ──────────────────────────────────────────────────── */

static void read_view(struct ctx *ctx, void *arg)
{
    struct sending *s = arg;

    s->sender->machine = ctx->machine;
    s->config = node_config(ctx);
    s->has_copy = copy_get(ctx, &s->copy);
    for (int i = 0; i < NODE_SERVICES; i++) {
        s->waiting[i] = counts_waiting(ctx, i);
        s->has_position[i] = position_get(ctx, i, &s->position[i]);
    }
}

struct picking { struct sending *s; struct outgoing *list; uint32_t n, most; int service; };

/* The next item of a service from where its line stands. Items that have been answered are sent again where they come
 * after its head, which is where it has lost them. */
static uint64_t next_item(struct ctx *ctx, const struct sender_line *line, int service, uint64_t from, struct node_item_row *row)
{
    struct key prefix = { 0 }, at = item_key((struct node_place){ service, from });
    struct bytes key, value;
    struct scan scan;
    struct msg_error error;
    uint64_t number = 0;

    key_u8(&prefix, (uint8_t)service);
    scan_begin(&scan, ctx->txn, T_ITEMS, key_bytes(&prefix));
    scan_from(&scan, key_bytes(&at));
    while (number == 0 && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        key_read_u8(&reader);
        uint64_t found = key_read_u64(&reader);
        if (msg_decode(&node_item_row_desc, arena_bytes(ctx->arena, value), MSG_LENIENT, ctx->arena, row, &error) != ERR_OK)
            txn_fail(ctx->txn, ERR_CORRUPT);
        else if (line->again_to != 0 && found > line->again_to)
            break;
        else if (row->state == NODE_ITEM_WAITING || (!row->aside && (line->again_to == 0 || line->again_all)))
            number = found;
    }
    scan_end(&scan);
    return number;
}

/* How far the copies have come, when an item is sent that may have been queued since this was read. */
static void read_known(struct ctx *ctx, struct node_sender *sender, uint64_t number)
{
    if (number <= sender->known_to)
        return;
    sender->known_to = number;
    for (int i = 0; i < NODE_SERVICES; i++) {
        struct cursor cursor = cursor_start();
        cursor_get(ctx->txn, NODE_SERVICE[i], ctx->arena, &cursor);
        sender->known[i] = (struct position){ cursor.journal, cursor.incarnation, cursor.number };
        if (item_last(ctx, i) > sender->known_to)
            sender->known_to = item_last(ctx, i);
    }
}

/* In the order of the queue, until an item of another service comes. One that cannot be sent to now stops all: what
 * comes later may rest on what waits for it. */
static void read_outgoing(struct ctx *ctx, void *arg)
{
    struct picking *p = arg;
    uint64_t next[NODE_SERVICES];
    bool stands[NODE_SERVICES];             /* what waits for it cannot be sent now, and nothing after it */
    struct node_item_row row[NODE_SERVICES];

    for (int i = 0; i < NODE_SERVICES; i++) {
        struct sender_line *line = &p->s->sender->line[i];
        next[i] = line->checked ? next_item(ctx, line, i, line->next, &row[i]) : 0;
        p->s->asks_on[i] = next[i] != 0;
        stands[i] = next[i] == 0 && (!line->checked || line->again_to != 0);
        if (stands[i])
            next[i] = waiting_first(ctx, i, line->checked ? line->again_to + 1 : 0);
    }
    while (p->n < p->most) {
        int first = -1;
        for (int i = 0; i < NODE_SERVICES; i++)
            if (next[i] != 0 && (first < 0 || next[i] < next[first]))
                first = i;
        if (first < 0 || stands[first] || (p->service >= 0 && first != p->service))
            break;
        struct outgoing *out = &p->list[p->n];
        struct node_queued queued;
        if (!item_queued(ctx, next[first], &queued, NULL))
            break;
        *out = (struct outgoing){ .number = next[first], .item = row[first].item, .method = (int)row[first].method,
                                  .body = item_body(ctx, &row[first], &queued), .made_at = queued.made_at,
                                  .unsure = row[first].unsure, .code_mark = queued.code_mark,
                                  .person_sealed = queued.person_sealed };
        p->service = first;
        p->n++;
        next[first] = next_item(ctx, &p->s->sender->line[first], first, next[first] + 1, &row[first]);
        if (next[first] == 0 && p->s->sender->line[first].again_to != 0)
            break;
    }
    if (p->n > 0)
        read_known(ctx, p->s->sender, p->list[p->n - 1].number);
}

/* ── sending ──────────────────────────────────────────────────────────────── */

/* Of each of the others, where it has to have been followed to: to the last answer that it gave, or to what is known of it
 * here. */
static uint32_t positions_of(struct sending *s, int service, struct position *after)
{
    uint32_t n = 0;
    for (int i = 0; i < NODE_SERVICES; i++) {
        const struct node_position_row *answer = &s->position[i];
        const struct position *known = &s->sender->known[i];
        bool answered = s->has_position[i] && !s->sender->line[i].lag;
        if (i == service || (!answered && (known->number == 0 || SABOTAGE("node_sends_blind"))))
            continue;
        after[n] = answered ? (struct position){ answer->journal, answer->incarnation, answer->number } : *known;
        if (uuid_equal(&after[n].incarnation, &known->incarnation) && known->number > after[n].number)
            after[n].number = known->number;
        n++;
    }
    return n;
}

/* What is sent a second time goes under the id that it had from the first. */
static struct uuid id_to_send(const struct sending *s, const struct sender_line *line, const struct outgoing *out)
{
    return line->again_to != 0 && SABOTAGE("node_new_id") ? sender_id(s, "again", bytes(out->item.b, sizeof out->item.b)) : out->item;
}

static bool send_one(struct sending *s, int service, const struct outgoing *out)
{
    struct sender_line *line = &s->sender->line[service];
    struct position after[NODE_SERVICES];
    uint32_t slot = 0;
    struct client_request request = {
        .method = NODE_METHOD[out->method].name, .body = out->body, .command = id_to_send(s, line, out), .made_at = out->made_at,
        .after = after, .after_count = positions_of(s, service, after), .deadline_ms = DEADLINE_MS };

    /* One that has been decided already is asked for outside of the chain: as its next command it would move the head
     * back, and another copy could go on from there. */
    if (line->again_to == 0 || SABOTAGE("node_asks_in_chain")) {
        request.lane = s->copy.lane;
        request.previous = line->tail;
    }
    while (s->sender->flight[slot].used)
        slot++;
    if (errand_send(s->errand, NODE_SERVICE[service], &request, &s->sender->flight[slot]) != ERR_OK)
        return false;
    if (s->sender->flights == 0)
        line->progress = line->link.asked = s->errand->now;
    s->sender->flight[slot] = (struct sender_flight){ true, out->number, out->item };
    s->sender->flights++;
    s->sender->busy = service;
    if (line->again_to == 0)
        line->tail = out->item;             /* else it has its verdict already, and moves nothing */
    line->next = out->number + 1;
    FAILPOINT("node_item_sent");
    return true;
}

/* With its answer all those of another incarnation count as asked for again, so it goes out when no other is on its way:
 * answers do not come in the order of their questions. */
static bool closes(const struct sending *s, int service, uint64_t number)
{
    const struct node_position_row *position = &s->position[service];
    const struct sender_line *line = &s->sender->line[service];

    if (!s->has_position[service] || SABOTAGE("node_closes_early"))
        return false;
    if (position->again_until != 0)
        return number >= position->again_until;
    return number >= position->reached && !(uuid_equal(&position->journal, &line->journal) &&
                                            uuid_equal(&position->incarnation, &line->incarnation));
}

/* Fills the window; true when something was sent, or found out. */
static bool fill(struct sending *s)
{
    struct node_sender *sender = s->sender;
    struct picking p = { .s = s, .list = ARENA_LIST(s->errand->arena, struct outgoing, PICK_MOST), .most = PICK_MOST,
                         .service = sender->flights > 0 ? sender->busy : -1 };
    uint32_t unsure = 0, room = sender->flights > 0 ? sender->line[sender->busy].window : PICK_MOST;

    p.most = room > sender->flights + PICK_MOST ? PICK_MOST : room - sender->flights;
    if (sender->flights >= room || (sender->flights > 0 && p.most < room / 4) || errand_read(s->errand, read_outgoing, &p) != ERR_OK || p.n == 0)
        return false;
    while (unsure < p.n && p.list[unsure].unsure)
        unsure++;
    if (unsure > 0) {
        if (sender->flights > 0)
            return false;                   /* who they are may be known by what is on its way */
        sender_resolve(s, p.list, unsure);
        return true;
    }
    room = sender->line[p.service].window;
    bool sent = false;
    for (uint32_t i = 0; i < p.n && sender->flights < room && !p.list[i].unsure; i++) {
        if ((sender->flights > 0 && closes(s, p.service, p.list[i].number)) || !send_one(s, p.service, &p.list[i]))
            break;
        sent = true;
    }
    return sent;
}

/* ── answers ──────────────────────────────────────────────────────────────── */

/* Not an answer to this command, but to being asked now: it stays where it is. */
static bool is_pause(const struct problem *problem)
{
    return problem->code == PROBLEM_BUSY || problem->code == PROBLEM_UNAVAILABLE || problem->code == PROBLEM_DEADLINE ||
           problem->code == PROBLEM_FORK || strcmp(problem->reason, "revoked") == 0;
}

static void answer_keep(struct sending *s, const struct uuid *item, const struct client_reply *reply)
{
    struct node_answered *answered = &s->answers[s->answer_n++];
    struct arena *arena = s->errand->arena;

    *answered = (struct node_answered){ .item = *item, .outcome = reply->problem == NULL ? NODE_ACCEPTED : NODE_REFUSED };
    if (reply->problem != NULL) {
        answered->problem = msg_encode_in(arena, &problem_desc, reply->problem);
        if (answered->problem.n > NODE_PROBLEM_MAX)
            answered->problem = msg_encode_in(arena, &problem_desc, &(struct problem){ .code = reply->problem->code,
                                                                                       .reason = reply->problem->reason });
    } else if (reply->body.n <= NODE_REPLY_MAX) {
        answered->reply = arena_bytes(arena, reply->body);
    }
    if (reply->has_position) {
        answered->position = ARENA_NEW(arena, struct node_position);
        *answered->position = (struct node_position){ reply->position.journal, reply->position.incarnation, reply->position.number };
    }
}

/* For a control: answers that are never let go. */
static void keep_for_ever(void)
{
    enum { EACH = 4096 };
    static struct arena kept;
    memset(arena_alloc(&kept, EACH), 1, EACH);
}

static void take_answer(void *arg, void *tag, const struct client_reply *reply)
{
    struct sending *s = arg;
    struct sender_flight *flight = tag;
    int service = s->sender->busy;
    struct sender_line *line = &s->sender->line[service];

    if (!flight->used || s->cut[service])
        return;                             /* of a conversation that is over */
    if (reply->err != ERR_OK || (reply->problem != NULL && !reply->has_position && is_pause(reply->problem))) {
        s->cut[service] = true;
        if (reply->problem != NULL && reply->problem->code != PROBLEM_FORK)
            snprintf(line->link.reason, sizeof line->link.reason, "%s", reply->problem->reason);
        return;
    }
    answer_keep(s, &flight->item, reply);
    if (SABOTAGE("node_keeps_answers"))
        keep_for_ever();
    if (reply->problem != NULL && !reply->has_position)
        s->cut[service] = true;             /* no verdict, so no link: what is behind it hangs in the air */
    flight->used = false;
    s->sender->flights--;
    line->progress = line->link.heard = s->errand->now;
    line->link.asked = s->sender->flights > 0 ? s->errand->now : 0;
    line->failures = 0;
    if (line->window < SENDER_WINDOW)
        line->window++;
}

/* Journals what has come, as few commands as their sizes allow. Failing that, nothing is lost: it is asked again. */
static bool answers_submit(struct sending *s)
{
    struct errand_command *list = ARENA_LIST(s->errand->arena, struct errand_command, s->answer_n + 1);
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->answer_n; n++) {
        struct node_answer answer = { .answers = { 0, &s->answers[i] } };
        size_t size = 0;
        while (i < s->answer_n && answer.answers.n < NODE_ANSWERS_MAX && size < ANSWERS_BYTES) {
            size += 200 + s->answers[i].problem.n + s->answers[i].reply.n;
            answer.answers.n++;
            i++;
        }
        list[n] = (struct errand_command){ .method = "node.items.answer",
                                           .body = msg_encode_in(s->errand->arena, &node_answer_desc, &answer) };
        list[n].command = sender_id(s, "answer", list[n].body);
    }
    s->answer_n = 0;
    if (n == 0)
        return true;
    FAILPOINT("node_answers_before");
    if (SABOTAGE("node_drop_answers"))
        return true;
    int err = errand_submit_all(s->errand, list, n);
    FAILPOINT("node_answers_kept");
    for (uint32_t i = 0; i < n && err == ERR_OK; i++)
        if (list[i].problem != NULL) {
            log_error("sender", "answers are not taken: %s", list[i].problem->reason);
            err = ERR_DENIED;
        }
    return err == ERR_OK;
}

static void poll_lines(struct sending *s)
{
    struct node_sender *sender = s->sender;
    int service = sender->busy;

    if (sender->flights == 0)
        return;
    while (s->answer_n + sender->flights <= SENDER_WINDOW && sender->flights > 0 && !s->cut[service] &&
           errand_poll(s->errand, NODE_SERVICE[service], s->answer_n == 0 ? POLL_MS : 0, take_answer, s) > 0)
        continue;
    if (sender->flights > 0 && s->errand->now - sender->line[service].progress > STALL)
        s->cut[service] = true;
    if (!answers_submit(s))
        s->cut[service] = true;
    if (s->cut[service])
        sender_line_down(s, service, NODE_LINK_DOWN, sender->line[service].link.reason);
    else
        link_publish(s, service);
}

/* ── the step ─────────────────────────────────────────────────────────────── */

static bool lane_ready(struct sending *s)
{
    if (s->has_copy && uuid_equal(&s->copy.incarnation, &s->errand->incarnation))
        return true;
    struct node_lane lane = { .incarnation = s->errand->incarnation, .reason = s->has_copy ? NODE_LANE_RESTORED : NODE_LANE_FIRST,
                              .lane = sender_id(s, "lane", bytes(NULL, 0)) };
    return sender_submit(s, "lane", "node.lane.open", &node_lane_desc, &lane) && false;     /* read again first */
}

static void look_again(struct sending *s)
{
    for (int i = 0; i < NODE_SERVICES && s->sender->flights == 0; i++)
        if (s->sender->line[i].checked && s->sender->line[i].again_to == 0 && s->errand->now - s->sender->line[i].link.heard > LOOK_AGAIN)
            s->sender->line[i].checked = false;
}

static bool something_to_check(struct sending *s)
{
    for (int i = 0; i < NODE_SERVICES; i++)
        if (!s->sender->line[i].checked && s->errand->now >= s->sender->line[i].again)
            return true;
    return false;
}

/* A service with nothing waiting is asked too: the screen shows it, and a copy is noticed before it has work. */
static void check_lines(struct sending *s)
{
    int state = s->copy.state;
    for (int i = 0; i < NODE_SERVICES && s->copy.state == state && !errand_ending(s->errand); i++)
        if (!s->sender->line[i].checked && s->errand->now >= s->sender->line[i].again)
            sender_check_line(s, i);
}

/* All answers that were lost have come: from here on as its head says now. */
static void answers_asked(struct sending *s)
{
    for (int i = 0; i < NODE_SERVICES; i++)
        if (s->sender->line[i].checked && s->sender->line[i].again_to != 0 && !s->asks_on[i]) {
            s->sender->line[i].checked = false;
            if (s->sender->line[i].again_all) {
                s->sender->line[i].again_done = s->sender->line[i].incarnation;
                s->sender->line[i].again_done_to = s->sender->line[i].again_to;
            }
        }
}

static uint32_t rest_ms(struct sending *s)
{
    moment_t soonest = s->errand->now + IDLE_MS * MOMENT_MS;
    for (int i = 0; i < NODE_SERVICES; i++)
        if (!s->sender->line[i].checked && s->sender->line[i].again < soonest)
            soonest = s->sender->line[i].again;
    return soonest <= s->errand->now ? 1 : (uint32_t)((soonest - s->errand->now) / MOMENT_MS) + 1;
}

/* Waits are short: what lies further ahead was planned before the clock was set back, and is not waited for. */
static void clock_set_back(struct sending *s)
{
    struct node_sender *sender = s->sender;
    if (SABOTAGE("node_waits_for_clock"))
        return;
    for (int i = 0; i < NODE_SERVICES; i++) {
        struct sender_line *line = &sender->line[i];
        if (line->again > s->errand->now + BACK_OFF_MAX)
            line->again = s->errand->now;
        if (line->progress > s->errand->now)
            line->progress = s->errand->now;
    }
    if (sender->hold_again > s->errand->now + BACK_OFF_MAX)
        sender->hold_again = s->errand->now;
}

uint32_t sender_step(struct errand *errand)
{
    struct sending *s = ARENA_NEW(errand->arena, struct sending);
    s->errand = errand;
    s->sender = errand->memory;

    if (errand_read(errand, read_view, s) != ERR_OK || s->config == NULL)
        return IDLE_MS;
    clock_set_back(s);
    if (!lane_ready(s))
        return 1;
    if (s->copy.state == NODE_COPY_CLOSED || s->copy.state == NODE_COPY_HELD) {
        sender_hold_step(s);
        return s->copy.state == NODE_COPY_CLOSED ? CLOSED_MS : 1000;
    }
    look_again(s);
    if (something_to_check(s))
        check_lines(s);
    if (errand_ending(errand) || (s->copy.state != NODE_COPY_LIVE && s->copy.state != NODE_COPY_TAKEN))
        return 1;
    bool idle = s->sender->flights == 0;    /* else items of another service may be next */
    bool sent = fill(s);
    poll_lines(s);
    if (!sent && s->sender->flights == 0)
        answers_asked(s);
    if (s->copy.state == NODE_COPY_TAKEN && idle && !sent)
        sender_hold_step(s);
    return sent || s->sender->flights > 0 ? 0 : rest_ms(s);
}

void sender_end(struct errand *errand)
{
    struct node_sender *sender = errand->memory;
    if (sender->machine != NULL)
        link_forget(sender->machine);
}
