/* A node beside a service that has not heard yet of whom it is asked: what it would refuse now it takes when it has.
 * What holds it up is a roster that stands still (a stopped process), so that nothing is left to chance. */
#include <signal.h>

#include "common/service/machine.h"
#include "services/node/node.h"
#include "tests/service/node_stage.h"

enum { ROSTER, DIAGNOSTICS, PROGRAMMES, ROUTES };
#define STANDS_STILL_MS 9000            /* enough for several attempts, whose pauses grow from half a second */
#define DRAIN_MS        60000

/* What was followed is gone, as after a new version of the copies. */
static void forget_copies(void)
{
    struct machine *machine = node_rig_machine(&rig, rig.region, "routes");
    assert_int_equal(machine_refollow(machine), ERR_OK);
    machine_close(&machine);
}

static void await_state(int service, int state)
{
    struct node_status status = { 0 };
    for (int waited = 0; waited < 30000; waited += 100) {
        if (node_rig_status(&rig, rig.node, &status) && status.links.n > 0 && status.links.at[service].state == state)
            return;
        node_rig_sleep(100);
    }
    fail_msg("the line is not as it should be");
}

/* Neither knows anybody yet: a node that was set up a month ago, and a service whose copies are being made. */
static void a_service_without_copies_is_given_nothing(void **state)
{
    enum { QUEUED = 40 };
    (void)state;

    node_rig_region(&rig, false);
    node_rig_fill_away(&rig, rig.node, QUEUED, 30);
    node_rig_region(&rig, true);
    assert_int_equal(node_rig_stop(&rig.daemon[ROUTES], SIGTERM), 0);
    forget_copies();
    assert_int_equal(kill(rig.daemon[ROSTER], SIGSTOP), 0);
    node_rig_region(&rig, true);
    run_node(NULL);
    node_rig_sleep(STANDS_STILL_MS);
    bool said = says(rig.node, "node status", "копии службы ещё не дошли");
    assert_int_equal(kill(rig.daemon[ROSTER], SIGCONT), 0);
    assert_true(said);
    assert_true(node_rig_drained(&rig, rig.node, DRAIN_MS, NULL));
    assert_all_once(QUEUED);
}

static bool node_knows(const char *person)
{
    char out[8192];
    return node_rig_rsnms(&rig, rig.node, "call node.person.list '{}'", out, sizeof out) == 0 && strstr(out, person) != NULL;
}

/* The node has heard of somebody new; routes, which was down, has not. */
static void an_item_waits_for_what_the_node_knows(void **state)
{
    char out[8192], person[60], args[300];
    (void)state;

    run_node(NULL);
    await_state(NODE_ROUTES, NODE_LINK_UP);
    assert_int_equal(node_rig_stop(&rig.daemon[ROUTES], SIGTERM), 0);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "call roster.worker.record '{\"code\":\"new\",\"family\":\"Новикова\",\"given\":\"Ольга\","
        "\"born\":\"1990-02-03\",\"organisation\":\"school-a\",\"post\":\"учитель\",\"from\":\"2024-09-01\"}'", out, sizeof out), 0);
    value_at(out, "\"person\":", person);
    for (int waited = 0; waited < 30000 && !node_knows(person); waited += 100)
        node_rig_sleep(100);
    assert_true(node_knows(person));
    assert_int_equal(kill(rig.daemon[ROSTER], SIGSTOP), 0);
    node_rig_region(&rig, true);
    snprintf(args, sizeof args, "node enter routes.support.record '{\"person\":\"%s\",\"form\":\"x\",\"day\":\"2025-10-01\"}'", person);
    int entered = node_rig_rsnms(&rig, rig.node, args, NULL, 0);
    node_rig_sleep(STANDS_STILL_MS);
    assert_int_equal(kill(rig.daemon[ROSTER], SIGCONT), 0);
    assert_int_equal(entered, 0);
    assert_true(node_rig_drained(&rig, rig.node, DRAIN_MS, NULL));
    assert_all_once(1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_service_without_copies_is_given_nothing),
        TEST(an_item_waits_for_what_the_node_knows),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
