#include "tests/unit/machine_rig.h"

struct uuid rig_id(struct rig *rig, unsigned n)
{
    uint8_t random[10] = { (uint8_t)(n >> 8), (uint8_t)n };
    return uuid_v7(rig->time.wall / MOMENT_MS, random);
}

void rig_open_ledger(struct rig *rig)
{
    struct machine_options options = toy_options(rig->dir, &rig->time);
    assert_int_equal(machine_open(&rig->ledger, &toy_ledger_service, &options), ERR_OK);
}

void rig_open_mirror(struct rig *rig)
{
    struct machine_options options = toy_options(rig->dir2, &rig->time);
    assert_int_equal(machine_open(&rig->mirror, &toy_mirror_service, &options), ERR_OK);
}

int rig_set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    rig->dir = toy_dir();
    rig->dir2 = toy_dir();
    rig->who = toy_principal(ROLE_OPERATOR);
    rig_open_ledger(rig);
    rig_open_mirror(rig);
    *state = rig;
    return 0;
}

int rig_tear_down(void **state)
{
    struct rig *rig = *state;
    machine_close(&rig->ledger);
    machine_close(&rig->mirror);
    arena_free(&rig->arena);
    toy_remove(rig->dir);
    toy_remove(rig->dir2);
    free(rig);
    return 0;
}

struct outcome rig_add(struct rig *rig, unsigned n, uint64_t account, uint64_t amount)
{
    struct toy_add body = { .account = account, .amount = amount };
    return toy_command(rig->ledger, &rig->who, rig_id(rig, n), "toy.account.add", &toy_add_desc, &body, &rig->arena);
}

uint64_t rig_sum(struct rig *rig, struct machine *machine, const char *method, uint64_t account)
{
    struct toy_which which = { account };
    struct toy_sum sum;
    struct outcome outcome = toy_ask(machine, &rig->who, method, &toy_which_desc, &which, &rig->arena);
    assert_int_equal(outcome.kind, OUTCOME_REPLY);
    toy_decode(&toy_sum_desc, outcome.body, &sum, &rig->arena);
    return sum.sum;
}

void rig_check(struct machine *machine)
{
    uint64_t checked, bad;
    const char *why;
    bool same;
    assert_int_equal(machine_verify(machine, &checked, &bad, &why), ERR_OK);
    assert_int_equal(machine_rebuild(machine, false, &same), ERR_OK);
    assert_true(same);
}
