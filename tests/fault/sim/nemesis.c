#include "tests/fault/sim/nemesis.h"

#include <string.h>

#include "tests/fault/sim/node.h"
#include "tests/fault/sim/town.h"

#define SMALL_STEP (9 * MOMENT_MINUTE)
#define SKEW_MOST  (3 * MOMENT_DAY)

static struct node *somebody(struct world *w)
{
    struct node *node;
    do
        node = w->node[prng_below(&w->prng, NODES)];
    while (node->absent);
    return node;
}

/* The failpoint lies in wait; it is counted when it strikes. */
static void lie_in_wait(struct world *w, const char *at)
{
    struct node *node = somebody(w);
    bool follows = strcmp(at, "between_effects_and_cursor") == 0;
    while ((follows && node->sources == 0) || (!follows && node->number == AUDITOR))
        node = somebody(w);
    node->process.die_at = at;
    node->process.arrivals = (uint32_t)world_between(w, 1, 4);
}

static void set_clock(struct world *w, moment_t least, moment_t most, int sign, enum fault_kind kind)
{
    struct node *node = somebody(w);
    moment_t by = sign * world_between(w, least, most);
    if (node->skew + by > SKEW_MOST || node->skew + by < -SKEW_MOST)
        return;
    node->skew += by;
    world_fault(w, kind);
    world_say(w, "%s: clock set by %lld s", node->service->name, (long long)(by / MOMENT_SECOND));
}

static void cut_link(struct world *w)
{
    uint32_t a = (uint32_t)prng_below(&w->prng, NODES), b = (uint32_t)prng_below(&w->prng, w->registry ? PARTIES : PARTIES - 1);
    int64_t until = w->now + world_between(w, 50 * MS, 1500 * MS);
    w->cut_until[a][b] = until;
    if (world_chance(w, 700))               /* else one way only */
        w->cut_until[b][a] = until;
    world_fault(w, FAULT_CUT);
}

static void restore(struct world *w)
{
    struct node *node = somebody(w);
    if (!node->has_backup)
        node_back_up(node);
    else if (node->number != COPY && node_restore(node)) {
        world_fault(w, FAULT_RESTORE);
        if (node->number == TOWN)
            world_fault(w, FAULT_OLD_IMAGE);
    }
}

/* A new version of a layout: the state is made again from the journal, copies are followed again. */
static void restart(struct world *w)
{
    static const enum fault_kind kinds[] = { FAULT_RESTART, FAULT_NEW_STATE, FAULT_NEW_COPIES };
    uint32_t what = (uint32_t)prng_below(&w->prng, 3);
    if (node_restart(somebody(w), what == 1, what == 2))
        world_fault(w, kinds[what]);
}

/* Within an errand: at one of its own points, or at those of the files it writes. */
static const char *const ERRAND_POINTS[] = {
    "node_check", "node_item_sent", "node_answers_before", "node_answers_kept", "node_resolved",
    "part_filled", "parcel_made", "parcel_file", "parcel_put", "parcel_said",
    "letter_half_moved", "letter_reason", "letter_refused", "letter_taken", "receipt_submitted", "file_written", "file_renamed", "file_moved",
};
#define FIRST_OF_FEDERAL 5
#define ERRAND_POINT_COUNT (sizeof ERRAND_POINTS / sizeof *ERRAND_POINTS)
/* Of roster's, which turns the keys after each erasure: met in the seeds in which somebody is erased. */
static const char *const VAULT_POINTS[] = { "vault_part_made", "vault_next_made", "vault_old_wiped", "vault_renamed", "vault_rewrapped" };
#define VAULT_POINT_COUNT (sizeof VAULT_POINTS / sizeof *VAULT_POINTS)

static void lie_in_wait_for_keys(struct world *w)
{
    w->node[ROSTER]->process.die_at = VAULT_POINTS[prng_below(&w->prng, VAULT_POINT_COUNT)];
    w->node[ROSTER]->process.arrivals = 1;
}

static bool among(const char *how, const char *const *points, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(points[i], how) == 0)
            return true;
    return false;
}

static void lie_in_wait_within(struct world *w)
{
    if (w->registry && world_chance(w, 500)) {
        lie_in_wait_for_keys(w);
        return;
    }
    struct node *node = w->node[world_chance(w, 400) ? FEDERAL : w->node[COPY]->absent || world_chance(w, 800) ? TOWN : COPY];
    node->process.die_at = node->number == FEDERAL ? ERRAND_POINTS[FIRST_OF_FEDERAL + prng_below(&w->prng, ERRAND_POINT_COUNT - FIRST_OF_FEDERAL)]
                                                   : ERRAND_POINTS[prng_below(&w->prng, FIRST_OF_FEDERAL)];
    node->process.arrivals = (uint32_t)world_between(w, 1, 3);
}

/* Longer than anybody else is without the others; the queue goes on growing. */
static void go_away(struct world *w)
{
    int64_t until = w->now + world_between(w, 500 * MS, 6000 * MS);
    for (uint32_t i = 0; i < TOWN; i++)
        w->cut_until[TOWN][i] = w->cut_until[i][TOWN] = until;
    world_fault(w, FAULT_AWAY);
}

static void revoke(struct world *w)
{
    if (w->revoked_until > w->now)
        return;
    w->revoked_until = w->now + world_between(w, 300 * MS, 3000 * MS);
    town_revoke(w, true);
    world_fault(w, FAULT_REVOKED);
}

static void plant_commit(struct node *node, uint32_t commits)
{
    node->process.commit = world_chance(node->w, 500) ? COMMIT_FAILS : COMMIT_UNKNOWN;
    node->process.commits = commits;
}

void nemesis_start(struct node *node)
{
    if (!node->w->calm && node->life > 0 && world_chance(node->w, 60))
        plant_commit(node, (uint32_t)world_between(node->w, 0, 3));
}

void nemesis_forked(struct node *node)
{
    if (!node->w->calm && world_chance(node->w, 300))
        plant_commit(node, 0);
}

static void strike(struct world *w)
{
    struct node *node = somebody(w);
    switch (prng_below(&w->prng, 25)) {
    case 20: case 21: lie_in_wait_within(w); break;
    case 22: go_away(w); break;
    case 23: revoke(w); break;
    case 24: town_clone(w); break;
    case 0: case 1: lie_in_wait(w, "after_decide"); break;
    case 2: case 3: lie_in_wait(w, "before_commit"); break;
    case 4: case 5: lie_in_wait(w, "after_commit"); break;
    case 6: case 7: lie_in_wait(w, "between_effects_and_cursor"); break;
    case 8:  node->process.commit = COMMIT_FAILS; break;
    case 9:  node->process.commit = COMMIT_UNKNOWN; break;
    case 10: set_clock(w, MOMENT_SECOND, SMALL_STEP, +1, FAULT_STEP_ON); break;
    case 11: set_clock(w, MOMENT_SECOND, SMALL_STEP, -1, FAULT_STEP_BACK); break;
    case 12: set_clock(w, 11 * MOMENT_MINUTE, 2 * MOMENT_DAY, +1, FAULT_JUMP_ON); break;
    case 13: set_clock(w, 11 * MOMENT_MINUTE, 2 * MOMENT_DAY, -1, FAULT_JUMP_BACK); break;
    case 14: restart(w); break;
    case 15:
        if (node_up(node)) {
            node_kill(node, world_between(w, 5 * MS, 800 * MS));
            world_fault(w, FAULT_KILL);
        }
        break;
    case 16:
        node->stalled_until = w->now + world_between(w, 100 * MS, 2000 * MS);
        world_fault(w, FAULT_STALL);
        break;
    case 17:
        node->full_until = w->now + world_between(w, 50 * MS, 800 * MS);
        world_fault(w, FAULT_DISK_FULL);
        break;
    case 18: cut_link(w); break;
    default:
        w->storm_until = w->now + world_between(w, 50 * MS, 400 * MS);
        world_fault(w, FAULT_STORM);
        break;
    }
}

void nemesis_look(struct world *w)
{
    if (w->revoked_until != 0 && w->now >= w->revoked_until) {
        w->revoked_until = 0;
        town_revoke(w, false);
    }
    if (w->batches >= w->next_spell) {
        w->next_spell = w->batches + (uint64_t)world_between(w, 10, 50);
        world_spell(w, world_chance(w, 750) ? world_between(w, MOMENT_SECOND, 10 * MOMENT_MINUTE)
                                            : world_between(w, 60 * MOMENT_MINUTE, 10 * 60 * MOMENT_MINUTE));
    }
    if (w->batches < w->next_fault)
        return;
    w->next_fault = w->batches + (uint64_t)world_between(w, 4, 18);
    const uint32_t chance = w->backups ? 250 : 80;
    if (world_chance(w, chance))
        node_back_up(somebody(w));
    else if (world_chance(w, chance))
        restore(w);
    else
        strike(w);
}

void nemesis_died(struct world *w, const char *how)
{
    static const struct { const char *how; enum fault_kind kind; } rows[] = {
        { "after_decide", FAULT_AFTER_DECIDE }, { "before_commit", FAULT_BEFORE_COMMIT },
        { "after_commit", FAULT_AFTER_COMMIT }, { "between_effects_and_cursor", FAULT_BETWEEN },
        { "commit failed", FAULT_COMMIT_FAILS }, { "commit unknown", FAULT_COMMIT_UNKNOWN },
    };
    if (how == NULL)
        return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].how, how) == 0) {
            world_fault(w, rows[i].kind);
            return;
        }
    if (among(how, ERRAND_POINTS, ERRAND_POINT_COUNT) || among(how, VAULT_POINTS, VAULT_POINT_COUNT)) {
        world_fault(w, FAULT_ERRAND);
        return;
    }
    world_violation(w, "a batch ended the process: %s", how);
}

/* Nothing more is done to anybody, and what was done ends. */
void nemesis_heal(struct world *w)
{
    w->calm = true;
    w->revoked_until = 0;
    town_revoke(w, false);
    world_spell(w, 2 * MOMENT_MINUTE);      /* who backs off has waited long enough */
    w->storm_until = 0;
    memset(w->cut_until, 0, sizeof w->cut_until);
    for (int i = 0; i < NODES; i++) {
        struct node *node = w->node[i];
        node->process.die_at = NULL;
        node->process.commit = COMMIT_WELL;
        node->stalled_until = node->full_until = 0;
    }
}
