#pragma once
#include "tests/service/roster_rig.h"

#include "common/service/errand.h"
#include "proto/node.h"
#include "services/node/take.h"

/* node_bench: a node of the municipality `north` beside the roster of roster_rig, both driven in one process. What
 * the node knows of the region comes when bench_follow() is called; its queue goes nowhere. */
struct bench {
    struct rig *rig;
    char *dir;
    struct machine *node;
    struct errand intake;
    struct principal own, local, town;      /* the node itself, who enters, who may do the same at the region */
};

int bench_set_up(void **state);
int bench_tear_down(void **state);
void bench_open(struct bench *bench, uint64_t cap);     /* cap: bytes of the store, 0: none */
void bench_close(struct bench *bench);
void bench_follow(struct bench *bench);                 /* to the region's head, as far as the municipality reaches */

struct taking bench_taking(struct bench *bench);
struct outcome bench_enter(struct bench *bench, const struct node_enter *enter);
struct node_status bench_status(struct bench *bench);
bool bench_holds(struct bench *bench, const char *text);       /* the node's store, in any coding */
/* The same row at the region, as its municipality sends it; `number` makes the command's id. */
struct outcome bench_at_region(struct bench *bench, struct bytes body, unsigned number);
