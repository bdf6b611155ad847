#include "tests/fault/sim/town.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/service/chain.h"
#include "services/node/take.h"
#include "tests/fault/sim/desk.h"
#include "tests/fault/sim/story.h"

#define LANES_MAX 64

struct ran { struct uuid command, lane, previous; uint64_t number; };
struct ledger {
    struct ran *ran; size_t n, room;
    struct sender_accept admitted[LANES_MAX]; uint32_t admitted_n;
    struct { struct uuid lane, head; bool known; } lane[LANES_MAX]; uint32_t lanes;     /* as the service should have it */
};
struct town {
    struct arena arena;
    char profile[300];
    struct taking taking;
    bool revoked;
    struct uuid first_lane;                 /* of the first node that there was */
    struct ledger ledger[NODES];
};

struct uuid town_id(void)
{
    return uuid_derive("principal", bytes_of("town"));
}

struct reach town_reach(void)
{
    return (struct reach){ .n = 1, .id = { story_org(ORG_0_FIRST_MUNICIPALITY + TOWN_MUNICIPALITY) } };
}

struct principal town_who(void)
{
    return (struct principal){ .id = town_id(), .role = ROLE_MUNICIPAL, .reach = town_reach(), .name = "town" };
}

const char *town_profile(const struct world *w)
{
    return w->town->profile;
}

const struct taking *town_taking(const struct world *w)
{
    return &w->town->taking;
}

/* ── its folders and keys ─────────────────────────────────────────────────── */

static void put(struct world *w, const char *path, const void *at, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd == -1 || write(fd, at, n) != (ssize_t)n || close(fd) != 0)
        world_violation(w, "%s cannot be written", path);
}

/* From the seed, like everything: signatures stand in journals. */
static void put_sign_pair(struct world *w, struct prng *prng, const char *name)
{
    uint8_t seed[crypto_sign_SEEDBYTES], public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    char path[300], line[2 * sizeof public_key + 2];
    prng_fill(prng, seed, sizeof seed);
    crypto_sign_seed_keypair(public_key, secret, seed);
    snprintf(path, sizeof path, "%s/keys/%s.sign", w->dir, name);
    put(w, path, seed, sizeof seed);
    sodium_bin2hex(line, sizeof line, public_key, sizeof public_key);
    line[sizeof line - 2] = '\n';
    snprintf(path, sizeof path, "%s/keys/%s.pub", w->dir, name);
    put(w, path, line, sizeof line - 1);
}

static void put_settings(struct world *w, const char *dir, const uint8_t intake[32])
{
    struct uuid municipality = story_org(ORG_0_FIRST_MUNICIPALITY + TOWN_MUNICIPALITY);
    char path[300], text[400], id[UUID_TEXT + 1], key[65];
    uuid_format(&municipality, id);
    sodium_bin2hex(key, sizeof key, intake, 32);
    snprintf(text, sizeof text, "name: town\nmunicipality: \"%s\"\ntitle: \"Городской округ\"\nintake: \"%s\"\n", id, key);
    snprintf(path, sizeof path, "%s/node.yaml", dir);
    put(w, path, text, strlen(text));
}

static void link_to(struct world *w, const char *from, const char *dir, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    if (symlink(from, path) != 0)
        world_violation(w, "%s cannot be made", path);
}

static void ask_intake(struct world *w, struct arena *arena, uint8_t intake[32])
{
    struct principal who = town_who();
    struct intake_key key;
    struct msg_error error;
    struct outcome outcome;
    machine_query(w->node[ROSTER]->process.machine, &who, "roster.intake.get", bytes("\x80", 1), NULL, 0, arena, &outcome);
    if (outcome.kind != OUTCOME_REPLY || msg_decode(&intake_key_desc, outcome.body, MSG_LENIENT, arena, &key, &error) != 0 || key.key.n != 32)
        world_violation(w, "roster does not tell its intake key");
    else
        memcpy(intake, key.key.at, 32);
}

void town_prepare(struct world *w)
{
    struct town *town = w->town = calloc(1, sizeof *town);
    uint8_t rows[32], intake[32] = { 0 };
    char dir[260], path[300], posts[300], says[400] = "";
    struct prng prng;
    const void *config = NULL;
    int zone;
    if (town == NULL)
        abort();
    prng_seed(&prng, w->seed ^ 0x746f776e);
    prng_fill(&prng, rows, sizeof rows);
    snprintf(dir, sizeof dir, "%s/keys", w->dir);
    mkdir(dir, 0700);
    snprintf(path, sizeof path, "%s/" TAKE_KEY_FILE, dir);
    put(w, path, rows, sizeof rows);
    put_sign_pair(w, &prng, "federal");
    put_sign_pair(w, &prng, "operator");
    snprintf(dir, sizeof dir, "%s/town", w->dir);
    mkdir(dir, 0700);
    snprintf(posts, sizeof posts, "%.*sposts.yaml", (int)(strrchr(w->profile, '/') + 1 - w->profile), w->profile);
    link_to(w, w->profile, dir, "profile.yaml");
    link_to(w, posts, dir, "posts.yaml");
    ask_intake(w, &town->arena, intake);
    put_settings(w, dir, intake);
    snprintf(town->profile, sizeof town->profile, "%s/profile.yaml", dir);
    if (!w->violated && node_configure(town->profile, &town->arena, &config, &zone, says) != ERR_OK)
        world_violation(w, "the node's settings: %s", says);
    snprintf(path, sizeof path, "%s/keys", w->dir);
    if (!w->violated && taking_open(&town->taking, path, config, &town->arena, 0) != ERR_OK)
        world_violation(w, "the node's own key cannot be read");
}

void town_free(struct world *w)
{
    if (w->town == NULL)
        return;
    for (int i = 0; i < NODES; i++)
        free(w->town->ledger[i].ran);
    arena_free(&w->town->arena);
    free(w->town);
    w->town = NULL;
}

/* ── what is done to it ───────────────────────────────────────────────────── */

void town_clone(struct world *w)
{
    struct node *town = w->node[TOWN], *copy = w->node[COPY];
    if (!node_up(town) || !copy->absent || w->cloned)
        return;
    if (store_backup(machine_store(town->process.machine), copy->dir) != ERR_OK) {
        world_violation(w, "the node's image cannot be made");
        return;
    }
    w->cloned = true;
    copy->absent = false;
    for (size_t i = 0; i < town->orders.n; i++)             /* what was asked of the one stands in both */
        ids_add_one(&copy->orders, &town->orders.at[i]);
    for (uint32_t i = 0; i < w->client[CLERK]->count; i++)
        node_order(copy, &w->client[CLERK]->sent[i]->id, &w->client[CLERK]->sent[i]->who.id);
    world_plan(w, 5 * MS, EVENT_START, COPY, copy->life, NULL);
    world_say(w, "node: an image of it begins beside it");
    world_fault(w, FAULT_CLONE);
}

void town_revoke(struct world *w, bool revoked)
{
    w->town->revoked = revoked;
    world_say(w, "node: its key is %s", revoked ? "revoked" : "good again");
}

bool town_is_revoked(const struct world *w, uint32_t party)
{
    return (party == TOWN || party == COPY) && w->town->revoked;
}

/* ── is there anything left? ──────────────────────────────────────────────── */

/* The service has been made again from a backup since it answered. */
static bool its_answers_are_old(struct ctx *ctx, const struct world *w, int service)
{
    const struct node *at = w->node[service_number(NODE_SERVICE[service])];
    struct node_position_row position;
    if (!node_up(at) || !position_get(ctx, service, &position))
        return false;
    struct meta meta = machine_meta(at->process.machine);
    return !uuid_equal(&meta.incarnation, &position.incarnation) || position.again_until != 0;
}

bool town_rests(struct node *node)
{
    struct arena arena = { 0 };
    struct node_copy_row row;
    struct txn txn;
    struct ctx ctx = { .txn = &txn, .arena = &arena };
    uint64_t waiting = 0;
    bool lags = false;
    txn_begin(&txn, machine_store(node->process.machine), TXN_READ);
    bool there = copy_get(&ctx, &row);
    for (int i = 0; i < NODE_SERVICES; i++) {
        waiting += counts_waiting(&ctx, i);
        lags |= its_answers_are_old(&ctx, node->w, i);
    }
    txn_end(&txn);
    arena_free(&arena);
    if (node->number == COPY)
        return there && waiting == 0 && row.state != NODE_COPY_TAKEN && row.state != NODE_COPY_HELD && !lags;
    return there && waiting == 0 && row.state == NODE_COPY_LIVE;
}

static void say_rows(struct world *w, const struct node *node)
{
    struct principal who = { .id = uuid_derive("operator", bytes("", 0)), .role = ROLE_OPERATOR, .reach.all = true };
    char lane[UUID_TEXT + 1], head[UUID_TEXT + 1];
    struct arena arena = { 0 };
    struct outcome outcome;
    struct sender_rows rows;
    struct msg_error error;
    machine_senders(node->process.machine, SENDERS_LIST, &who, bytes(NULL, 0), &arena, &outcome);
    if (outcome.kind == OUTCOME_REPLY && msg_decode(&sender_rows_desc, outcome.body, MSG_LENIENT, &arena, &rows, &error) == ERR_OK)
        for (uint32_t i = 0; i < rows.list.n; i++) {
            uuid_format(&rows.list.at[i].lane, lane);
            uuid_format(&rows.list.at[i].head, head);
            world_say(w, "%s: lane %s is %s, head %s", node->service->name, lane, sender_state_names.names[rows.list.at[i].state], head);
        }
    arena_free(&arena);
}

void town_say(struct world *w)
{
    for (uint32_t i = TOWN; i <= COPY; i++) {
        struct node *node = w->node[i];
        struct arena arena = { 0 };
        struct node_copy_row row = { 0 };
        char lane[UUID_TEXT + 1];
        struct txn txn;
        struct ctx ctx = { .txn = &txn, .arena = &arena };
        if (!node_up(node))
            continue;
        txn_begin(&txn, machine_store(node->process.machine), TXN_READ);
        copy_get(&ctx, &row);
        uuid_format(&row.lane, lane);
        for (int s = 0; s < NODE_SERVICES; s++)
            world_say(w, "node%s: lane %s is %s; %llu wait for %s, the first %llu", i == COPY ? " (the image)" : "", lane,
                      node_copy_state_names.names[row.state], (unsigned long long)counts_waiting(&ctx, s), NODE_SERVICE[s],
                      (unsigned long long)waiting_first(&ctx, s, 0));
        txn_end(&txn);
        arena_free(&arena);
    }
    for (int s = 0; s < NODE_SERVICES; s++)
        if (node_up(w->node[service_number(NODE_SERVICE[s])]))
            say_rows(w, w->node[service_number(NODE_SERVICE[s])]);
}

/* ── the region's operator ────────────────────────────────────────────────── */

static bool lane_of(const struct node *node, struct uuid *lane)
{
    struct arena arena = { 0 };
    struct node_copy_row row;
    struct txn txn;
    struct ctx ctx = { .txn = &txn, .arena = &arena };
    if (!node_up(node))
        return false;
    txn_begin(&txn, machine_store(node->process.machine), TXN_READ);
    bool there = copy_get(&ctx, &row);
    if (there)
        *lane = row.lane;
    txn_end(&txn);
    arena_free(&arena);
    return there;
}

static void admit(struct node *node, const struct uuid *lane, int how)
{
    struct ledger *ledger = &node->w->town->ledger[node->number];
    if (node->admits == ADMITS_MAX || ledger->admitted_n == LANES_MAX)
        return;
    node->admit[node->admits++] = (struct sender_accept){ town_id(), *lane, how };
    ledger->admitted[ledger->admitted_n++] = node->admit[node->admits - 1];
    node_plan(node);
}

/* He has the screens of both before him, and knows which of them is to go on. */
void town_operator(struct world *w, struct node *node)
{
    struct principal who = { .id = uuid_derive("operator", bytes("", 0)), .role = ROLE_OPERATOR, .reach.all = true };
    struct uuid town = UUID_NIL, copy = UUID_NIL;
    struct sender_rows rows;
    struct msg_error error;
    struct outcome outcome;
    struct arena arena = { 0 };
    if (node->admits > 0 || !lane_of(w->node[TOWN], &town))
        return;
    lane_of(w->node[COPY], &copy);
    machine_senders(node->process.machine, SENDERS_LIST, &who, bytes(NULL, 0), &arena, &outcome);
    if (outcome.kind == OUTCOME_REPLY && msg_decode(&sender_rows_desc, outcome.body, MSG_LENIENT, &arena, &rows, &error) == ERR_OK)
        for (uint32_t i = 0; i < rows.list.n; i++) {
            const struct sender *row = &rows.list.at[i];
            if (row->state != SENDER_HELD)
                continue;
            if (uuid_equal(&row->lane, &town))
                admit(node, &row->lane, SENDER_REPLACE);
            else if (!uuid_is_nil(&copy) && uuid_equal(&row->lane, &copy))
                admit(node, &row->lane, SENDER_TAKE);
        }
    arena_free(&arena);
}

/* ── the ledger ───────────────────────────────────────────────────────────── */

static const struct ran *ran_find(const struct ledger *ledger, const struct uuid *command)
{
    for (size_t i = 0; i < ledger->n; i++)
        if (uuid_equal(&ledger->ran[i].command, command))
            return &ledger->ran[i];
    return NULL;
}

static bool let_in(const struct ledger *ledger, const struct uuid *lane, int how)
{
    for (uint32_t i = 0; i < ledger->admitted_n; i++)
        if (uuid_equal(&ledger->admitted[i].lane, lane) && (int)ledger->admitted[i].how == how)
            return true;
    return false;
}

/* The first lane needs nobody's leave, here or anywhere. Nor does one that comes first to a service which a restore has
 * made forget all others: those that were let in to bring what they hold, and no more, are nobody's queue. */
static bool admitted(const struct town *town, struct ledger *ledger, const struct uuid *lane)
{
    if (uuid_equal(&town->first_lane, lane) || let_in(ledger, lane, SENDER_REPLACE) || let_in(ledger, lane, SENDER_TAKE))
        return true;
    for (size_t i = 0; i < ledger->n; i++)
        if (let_in(ledger, &ledger->ran[i].lane, SENDER_REPLACE) || !let_in(ledger, &ledger->ran[i].lane, SENDER_TAKE))
            return false;
    if (ledger->admitted_n == LANES_MAX)
        return false;
    ledger->admitted[ledger->admitted_n++] = (struct sender_accept){ town_id(), *lane, SENDER_REPLACE };
    return true;
}

static bool has_verdict(struct node *node, const struct uuid *command)
{
    struct uuid who = town_id();
    struct txn txn;
    uint64_t number;
    txn_begin(&txn, machine_store(node->process.machine), TXN_READ);
    bool has = verdict_find(&txn, command, &who, &number);
    txn_end(&txn);
    return has;
}

static void look_at_order(struct node *node, struct ledger *ledger, const struct ran *now)
{
    const char *name = node->service->name;
    if (!uuid_is_nil(&now->previous) && !has_verdict(node, &now->previous))
        world_violation(node->w, "%s has run a chained command whose predecessor has no verdict", name);
    for (size_t i = 0; i < ledger->n; i++)
        if (uuid_equal(&ledger->ran[i].lane, &now->lane) && uuid_equal(&ledger->ran[i].previous, &now->previous))
            world_violation(node->w, "%s has run two commands after the same one of a lane", name);
    if (!admitted(node->w->town, ledger, &now->lane))
        world_violation(node->w, "%s has run a command of a second copy that nobody has let in", name);
}

/* Where a lane stands: after the last that was run in it. Not known where an answer was lost with a process, or one was
 * answered again in its turn. (An image beside the node speaks in the same lane at first.) */
static void look_at_head(struct node *node, struct ledger *ledger, const struct letter *letter, bool fresh)
{
    uint32_t i = 0;
    while (i < ledger->lanes && !uuid_equal(&ledger->lane[i].lane, &letter->lane))
        i++;
    if (i == LANES_MAX)
        return;
    if (i == ledger->lanes)
        ledger->lane[ledger->lanes++].lane = letter->lane;
    bool turn = ledger->lane[i].known && uuid_equal(&ledger->lane[i].head, &letter->previous);
    if (fresh && ledger->lane[i].known && !turn)
        world_violation(node->w, "%s has run a command out of its turn", node->service->name);
    if (fresh)
        ledger->lane[i].head = letter->command;
    ledger->lane[i].known = fresh || (ledger->lane[i].known && !turn);    /* told again: it moves, if there was room */
}

/* Whoever goes on after what it has never queued is not the one whose lane it is. */
static void look_at_sender(struct node *node, const struct letter *letter)
{
    const struct node *from = node->w->node[letter->from];
    struct arena arena = { 0 };
    struct node_item_row row;
    struct node_place place;
    struct txn txn;
    struct ctx ctx = { .txn = &txn, .arena = &arena };
    if (uuid_is_nil(&letter->previous) || !node_up(from) || from->lives > 1)
        return;
    txn_begin(&txn, machine_store(from->process.machine), TXN_READ);
    if (!item_find(&ctx, &letter->previous, &place, &row))
        world_violation(node->w, "%s has let a copy go on after what it has never seen", node->service->name);
    txn_end(&txn);
    arena_free(&arena);
}

void town_forget(struct node *node)
{
    struct ledger *ledger = &node->w->town->ledger[node->number];
    for (uint32_t i = 0; i < ledger->lanes; i++)
        ledger->lane[i].known = false;
}

/* Not fresh: it was run before, and its answer was lost with a process. */
void town_ran(struct node *node, const struct letter *letter, const struct outcome *outcome, bool fresh)
{
    struct ledger *ledger = &node->w->town->ledger[node->number];
    const struct ran now = { letter->command, fresh ? letter->lane : UUID_NIL, letter->previous, outcome->position.number };
    const struct ran *before = ran_find(ledger, &letter->command);
    if (uuid_is_nil(&node->w->town->first_lane))
        node->w->town->first_lane = letter->lane;
    if (!outcome->has_position)
        return;
    look_at_head(node, ledger, letter, fresh && before == NULL);
    if (fresh && before == NULL)
        look_at_sender(node, letter);
    if (before != NULL) {
        if (before->number != now.number)
            world_violation(node->w, "%s: an item has had two effects", node->service->name);
        return;
    }
    if (fresh)
        look_at_order(node, ledger, &now);
    if (ledger->n == ledger->room) {
        ledger->room = ledger->room != 0 ? ledger->room * 2 : 64;
        if ((ledger->ran = realloc(ledger->ran, ledger->room * sizeof *ledger->ran)) == NULL)
            abort();
    }
    ledger->ran[ledger->n++] = now;
}

void town_restored(struct node *node, uint64_t kept)
{
    struct ledger *ledger = &node->w->town->ledger[node->number];
    size_t n = 0;
    town_forget(node);
    for (size_t i = 0; i < ledger->n; i++)
        if (ledger->ran[i].number <= kept)
            ledger->ran[n++] = ledger->ran[i];
    ledger->n = n;
}
