#pragma once
#include "tests/unit/toy.h"

/* machine_rig: a ledger and the mirror that follows it, with a clock of the test's own. */
struct rig { char *dir, *dir2; struct toy_time time; struct machine *ledger, *mirror; struct arena arena; struct principal who; };

int rig_set_up(void **state);
int rig_tear_down(void **state);
void rig_open_ledger(struct rig *rig);
void rig_open_mirror(struct rig *rig);

struct uuid rig_id(struct rig *rig, unsigned n);            /* of a command, of now */
struct outcome rig_add(struct rig *rig, unsigned n, uint64_t account, uint64_t amount);     /* under the n-th id */
uint64_t rig_sum(struct rig *rig, struct machine *machine, const char *method, uint64_t account);
void rig_check(struct machine *machine);                    /* the journal is whole, and the state is its fold */
