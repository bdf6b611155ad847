/* An errand by hand, in one process without threads: what the simulation does. */
#include "common/service/errand.h"
#include "tests/unit/machine_rig.h"

/* postman: adds what stands in account 1 to account 2, once; keeps how often it ran in its own memory. */
struct bag { uint32_t steps; };
static struct toy_sum seen;

static void look(struct ctx *ctx, void *arg)
{
    struct key key = key_of_u64(1);
    (void)arg;
    seen = (struct toy_sum){ 0 };
    assert_null(ctx->who);
    txn_get_msg(ctx->txn, TABLE_OWN, key_bytes(&key), &toy_sum_desc, ctx->arena, &seen);
}

static const struct problem *last;
static struct toy_sum given;

static uint32_t step(struct errand *errand)
{
    struct bag *bag = errand->memory;
    struct uuid id = rig_id(&(struct rig){ .time = { .wall = 1700000000 * MOMENT_SECOND } }, 77);
    assert_int_equal(errand_read(errand, look, NULL), ERR_OK);
    id = uuid_v7(errand->now / MOMENT_MS, id.b);
    struct toy_add add = { .account = 2, .amount = seen.sum };
    assert_int_equal(errand_submit(errand, &id, "toy.account.add", &toy_add_desc, &add, &toy_sum_desc, &given, &last), ERR_OK);
    return ++bag->steps * 1000;
}

static int ended;
static void end(struct errand *errand)
{
    struct bag *bag = errand->memory;
    ended = (int)bag->steps;
}

static const struct errand_def ERRANDS[] = { { "postman", sizeof(struct bag), step, end } };
static const struct errand_world WORLD = { .submit = errand_submit_direct };

static struct machine *open_with_errand(struct rig *rig, struct service *service)
{
    static struct command_def command;
    struct machine_options options = toy_options(rig->dir, &rig->time);
    struct machine *machine;
    machine_close(&rig->ledger);
    command = toy_ledger_service.commands[0];
    command.roles |= ROLE(ROLE_SERVICE);
    *service = toy_ledger_service;
    service->commands = &command;
    service->errands = ERRANDS;
    service->errand_count = 1;
    assert_int_equal(machine_open(&machine, service, &options), ERR_OK);
    return rig->ledger = machine;
}

static void a_step_reads_the_state_and_submits_as_the_service_itself(void **state)
{
    struct rig *rig = *state;
    struct service service;
    struct errand errand;
    struct machine *machine = open_with_errand(rig, &service);
    rig_add(rig, 1, 1, 40);
    errand_start(&errand, machine, 0, &WORLD);
    errand.who.id = uuid_derive("service", bytes_of("toy"));
    assert_int_equal(errand_step(&errand, rig->time.wall), 1000);
    assert_null(last);
    assert_int_equal(given.sum, 40);
    assert_int_equal(rig_sum(rig, machine, "toy.account.get", 2), 40);
    assert_int_equal(errand_step(&errand, rig->time.wall), 2000);       /* the same id: nothing happens again */
    assert_int_equal(rig_sum(rig, machine, "toy.account.get", 2), 40);
    uint64_t head = machine_head(machine);
    errand_end(&errand);
    assert_int_equal(ended, 2);
    /* The entry says who it was. */
    struct entry entry;
    struct txn txn;
    txn_begin(&txn, machine_store(machine), TXN_READ);
    assert_true(journal_get(&txn, head, &rig->arena, &entry, NULL));
    assert_int_equal(txn_end(&txn), ERR_OK);
    struct uuid self = uuid_derive("service", bytes_of("toy"));
    assert_true(uuid_equal(&entry.who, &self));
    /* Its memory is lost with the process, what it did is not. */
    errand_start(&errand, machine, 0, &WORLD);
    errand.who.id = uuid_derive("service", bytes_of("toy"));
    assert_int_equal(errand_step(&errand, rig->time.wall), 1000);
    assert_int_equal(rig_sum(rig, machine, "toy.account.get", 2), 40);
    errand_end(&errand);
    assert_int_equal(ended, 1);
}

static void refusals_are_told_and_what_is_not_decided_is_not_a_refusal(void **state)
{
    struct rig *rig = *state;
    struct service service;
    struct errand errand;
    struct machine *machine = open_with_errand(rig, &service);
    errand_start(&errand, machine, 0, &WORLD);
    errand.who.id = uuid_derive("service", bytes_of("toy"));
    errand_step(&errand, rig->time.wall);
    const struct toy_add rows[] = { { .account = 3, .amount = 5 }, { .account = 3, .amount = 5000 }, { .account = 3, .amount = 13 },
                                    { .account = 3, .amount = 6 } };
    struct errand_command list[4] = { 0 };
    for (unsigned i = 0; i < 4; i++)
        list[i] = (struct errand_command){ .command = rig_id(rig, 10 + i), .method = "toy.account.add",
                                           .body = msg_encode_in(errand.arena, &toy_add_desc, &rows[i]) };
    assert_int_equal(errand_submit_all(&errand, list, 4), ERR_OK);
    assert_null(list[0].problem);
    assert_string_equal(list[1].problem->reason, "over_limit");
    assert_int_equal(list[2].problem->code, PROBLEM_INTERNAL);          /* the others stand */
    assert_null(list[3].problem);
    assert_int_equal(rig_sum(rig, machine, "toy.account.get", 3), 11);
    rig->time.wall += 3600 * MOMENT_SECOND;                             /* the clock jumps: not decided */
    list[0].command = rig_id(rig, 20);
    assert_int_equal(errand_submit_all(&errand, list, 1), ERR_BUSY);
    assert_string_equal(list[0].problem->reason, "clock");
    errand_end(&errand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_step_reads_the_state_and_submits_as_the_service_itself, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(refusals_are_told_and_what_is_not_decided_is_not_a_refusal, rig_set_up, rig_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
