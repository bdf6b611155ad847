/* A node that is copied, restored, revoked or stolen, and a region's service that is: real processes. A second copy runs
 * nothing, nothing is lost, and the screens say what to do. */
#include <signal.h>
#include <sys/stat.h>

#include "services/node/node.h"
#include "tests/service/node_stage.h"

/* ── (d) copies ───────────────────────────────────────────────────────────── */

static void copy_dir(const char *from, const char *to)
{
    char command[400];
    snprintf(command, sizeof command, "cp -a -- '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

/* Until the region has been told of so many. */
static void await_held(unsigned count)
{
    char text[60], out[8192];
    snprintf(text, sizeof text, "routes.support.record %u", count);
    for (int waited = 0; waited < 30000; waited += 200) {
        node_rig_rsnms(&rig, rig.region, "node list", out, sizeof out);
        if (strstr(out, text) != NULL)
            return;
        node_rig_sleep(200);
    }
    fail_msg("no «%s» in:\n%s", text, out);
}

/* Yesterday's image beside the live node: refused, listed, taken over by one command, nothing lost and nothing twice. */
static void a_clone_is_held_back_and_what_it_holds_is_taken_over(void **state)
{
    char image[100], out[8192];
    pid_t clone;
    struct node_status status;
    (void)state;

    first_meeting();
    node_rig_fill(&rig, rig.node, 0, 20);
    snprintf(image, sizeof image, "%s/image", rig.dir);
    copy_dir(rig.node, image);              /* 20 wait in both */
    node_rig_fill(&rig, rig.node, 20, 10);
    node_rig_fill(&rig, image, 100, 14);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    clone = node_rig_start(&rig, image, NULL);
    assert_true(node_rig_becomes(&rig, image, NODE_COPY_HELD, 30000));
    assert_true(node_rig_status(&rig, image, &status));
    assert_int_equal(status.waiting, 34);
    assert_true(says(image, "node status", "ЗАДЕРЖАН"));
    assert_true(says(image, "node status", "node accept"));
    await_held(34);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "node accept town-a", out, sizeof out), 0);
    assert_true(node_rig_becomes(&rig, image, NODE_COPY_CLOSED, 30000));
    assert_true(says(image, "node status", "выключить"));
    assert_int_equal(node_rig_rsnms(&rig, image, "node enter routes.support.record '{\"person\":\"018f0000-0000-7000-8000-000000000001\","
                                    "\"form\":\"x\",\"day\":\"2025-10-01\"}'", out, sizeof out), 1);
    assert_int_equal(node_rig_stop(&clone, SIGTERM), 0);
    node_rig_stop(&rig.node_pid, SIGTERM);
    node_rig_fill(&rig, rig.node, 200, 5);  /* the live one goes on */
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), 30 + 14 + 5);
    node_rig_region(&rig, true);
}

/* A copy was let through, and before it had sent anything the service is made again from a backup that knows neither it
 * nor the live node: it does not pass for the live one, and is let through once more. */
static void a_taken_copy_does_not_pass_for_a_new_sender(void **state)
{
    char image[100], args[300], out[8192], last[60] = "", head[60];
    struct node_status status = { 0 };
    pid_t copy;
    (void)state;

    first_meeting();
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "backup routes b0", NULL, 0), 0);
    node_rig_fill(&rig, rig.node, 0, 10);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    assert_int_equal(node_rig_rsnms(&rig, rig.node, "call node.item.list '{\"list\":\"all\"}'", out, sizeof out), 0);
    for (const char *at = out; (at = strstr(at, "\"item\": \"")) != NULL; at++)
        snprintf(last, sizeof last, "%.36s", at + 9);
    node_rig_stop(&rig.node_pid, SIGTERM);
    snprintf(image, sizeof image, "%s/image", rig.dir);
    copy_dir(rig.node, image);
    node_rig_fill(&rig, rig.node, 10, 10);
    node_rig_fill(&rig, image, 100, 5);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    node_rig_stop(&rig.node_pid, SIGTERM);
    copy = node_rig_start(&rig, image, NULL);
    assert_true(node_rig_becomes(&rig, image, NODE_COPY_HELD, 30000));
    await_held(5);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "call routes.sender.list '{}'", out, sizeof out), 0);
    const char *held = strstr(out, "\"state\": \"held\"");
    assert_non_null(held);
    value_at(held, "\"head\":", head);
    assert_string_equal(head, last);        /* after what it has an answer to */
    node_rig_stop(&copy, SIGTERM);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "node accept town-a", out, sizeof out), 0);
    copy = node_rig_start(&rig, image, "node_check:1");
    assert_int_equal(copy == 0 ? -SIGKILL : node_rig_waited(&copy, 30000), -SIGKILL);
    node_rig_region(&rig, false);
    snprintf(args, sizeof args, "restore routes '%s/backup/b0/routes'", rig.region);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, args, NULL, 0), 0);
    node_rig_region(&rig, true);
    copy = node_rig_start(&rig, image, NULL);
    assert_true(node_rig_becomes(&rig, image, NODE_COPY_HELD, 30000));
    await_held(15);                         /* it cannot know what of the ten is there */
    node_rig_fill(&rig, rig.node, 20, 1);
    run_node(NULL);                         /* the live one is the live one */
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    assert_true(node_rig_status(&rig, rig.node, &status));
    assert_int_equal(status.copy, NODE_COPY_LIVE);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "node accept town-a", out, sizeof out), 0);
    assert_true(node_rig_becomes(&rig, image, NODE_COPY_CLOSED, 30000));
    node_rig_stop(&copy, SIGTERM);
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), 26);
    node_rig_region(&rig, true);
}

/* The live node's disk is lost: its backup is restored, held back, and let through in its place. */
static void a_restored_node_replaces_the_lost_one(void **state)
{
    char args[300], out[8192], lost[100];
    (void)state;

    first_meeting();
    node_rig_fill(&rig, rig.node, 0, 10);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    assert_int_equal(node_rig_rsnms(&rig, rig.node, "backup node b1", NULL, 0), 0);
    node_rig_stop(&rig.node_pid, SIGTERM);
    node_rig_fill(&rig, rig.node, 10, 10);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    node_rig_stop(&rig.node_pid, SIGTERM);
    snprintf(args, sizeof args, "restore node '%s/backup/b1/node'", rig.node);
    assert_int_equal(node_rig_rsnms(&rig, rig.node, args, NULL, 0), 0);
    snprintf(lost, sizeof lost, "%s/data/node.before-restore", rig.node);
    node_rig_fill(&rig, rig.node, 300, 7);
    run_node(NULL);
    assert_true(node_rig_becomes(&rig, rig.node, NODE_COPY_HELD, 30000));
    node_rig_sleep(1500);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "node accept --replace town-a", out, sizeof out), 0);
    assert_true(node_rig_becomes(&rig, rig.node, NODE_COPY_LIVE, 30000));
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), 27);
    node_rig_region(&rig, true);
}

/* The key was stolen, so it is revoked: the node is shut out at once, says what to do, keeps everything, and goes on
 * under a new key. */
static void a_revoked_node_keeps_everything_and_goes_on_under_a_new_key(void **state)
{
    struct node_status status;
    bool shut_out = false;
    char args[300];
    (void)state;

    first_meeting();
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "keys revoke town-a", NULL, 0), 0);
    node_rig_fill(&rig, rig.node, 0, 12);
    run_node(NULL);
    for (int waited = 0; waited < 30000 && !shut_out; waited += 200) {
        node_rig_sleep(200);
        shut_out = node_rig_status(&rig, rig.node, &status) && status.links.n > 0 && status.links.at[0].state == NODE_LINK_REVOKED;
    }
    assert_true(shut_out);
    assert_int_equal(status.waiting, 12);
    assert_true(says(rig.node, "node status", "КЛЮЧ НЕ ПРИНЯТ"));
    node_rig_stop(&rig.node_pid, SIGTERM);
    snprintf(args, sizeof args, "node rekey town-a '%s'", rig.node);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, args, NULL, 0), 0);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 60000, NULL));
    assert_all_once(12);
}

/* What the region has decided otherwise, made again from a backup of before a school was opened, is no silent change:
 * the item is refused now, and says that it was not. */
static void a_verdict_that_a_restore_has_changed_is_shown_as_a_conflict(void **state)
{
    struct node_status status = { 0 };
    char args[300], out[8192];
    (void)state;

    assert_int_equal(node_rig_rsnms(&rig, rig.region, "backup roster b1", NULL, 0), 0);
    node_rig_region(&rig, false);
    node_rig_school(&rig, "school-new");
    node_rig_region(&rig, true);
    first_meeting();
    run_node(NULL);
    drop_staff("two.csv", "new-1;Новикова;Ольга;01.02.1980;school-new;учитель;01.09.2020\n"
                          "new-2;Осипова;Ольга;01.02.1980;school-a;учитель;01.09.2020\n");
    await_lists();
    assert_true(node_rig_status(&rig, rig.node, &status));
    assert_int_equal(status.accepted, 2);
    node_rig_stop(&rig.node_pid, SIGTERM);
    node_rig_region(&rig, false);
    snprintf(args, sizeof args, "restore roster '%s/backup/b1/roster'", rig.region);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, args, NULL, 0), 0);
    node_rig_region(&rig, true);
    run_node(NULL);
    for (int waited = 0; status.conflicts == 0 && waited < 30000; waited += 100) {
        node_rig_sleep(100);
        assert_true(node_rig_status(&rig, rig.node, &status));
    }
    assert_int_equal(status.conflicts, 1);
    assert_int_equal(status.accepted, 1);
    assert_int_equal(status.refused, 1);
    assert_int_equal(status.waiting, 0);
    assert_true(says(rig.node, "node status", "изменила: 1"));
    assert_true(says(rig.node, "node refused", "two.csv"));
    assert_true(says(rig.node, "node refused", "прежнее решение было другим"));
    assert_true(says(rig.node, "node refused --conflicts", "roster.worker.record"));
    assert_true(says(rig.region, "journal roster --event refused", "\"method\":\"roster.worker.record\""));
    assert_int_equal(node_rig_rsnms(&rig, rig.node, "node refused --conflicts", out, sizeof out), 0);
    assert_null(strstr(out, "Новикова"));
}

/* A service of the region is made again from a backup: it is sent again what it lost, with the same verdicts. */
static void a_restored_service_gets_again_what_it_lost(void **state)
{
    struct node_status status;
    char args[300];
    (void)state;

    first_meeting();
    node_rig_fill(&rig, rig.node, 0, 10);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "backup routes b1", NULL, 0), 0);
    node_rig_stop(&rig.node_pid, SIGTERM);
    node_rig_fill(&rig, rig.node, 10, 10);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    node_rig_stop(&rig.node_pid, SIGTERM);
    node_rig_region(&rig, false);
    snprintf(args, sizeof args, "restore routes '%s/backup/b1/routes'", rig.region);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, args, NULL, 0), 0);
    node_rig_fill(&rig, rig.node, 20, 5);
    node_rig_region(&rig, true);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 60000, NULL));
    assert_true(node_rig_status(&rig, rig.node, &status));
    assert_int_equal(status.accepted, 25);
    assert_int_equal(status.conflicts, 0);
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), 25);
    node_rig_region(&rig, true);
}

/* A thief has the whole folder and speaks first: the true node is held back, which is how it comes to light. The key is
 * revoked, the node gets a new one and its place again; the thief is shut out. */
static void a_stolen_key_is_shut_out_and_the_node_put_back(void **state)
{
    char thief[100], args[300], out[8192];
    struct node_status status = { 0 };
    bool shut_out = false;
    pid_t pid;
    (void)state;

    first_meeting();
    node_rig_fill(&rig, rig.node, 0, 10);
    snprintf(thief, sizeof thief, "%s/thief", rig.dir);
    copy_dir(rig.node, thief);
    node_rig_fill(&rig, thief, 100, 5);
    rig.node_pid = node_rig_start(&rig, thief, NULL);
    assert_true(node_rig_drained(&rig, thief, 30000, NULL));
    node_rig_stop(&rig.node_pid, SIGTERM);
    node_rig_fill(&rig, rig.node, 20, 5);
    run_node(NULL);
    assert_true(node_rig_becomes(&rig, rig.node, NODE_COPY_HELD, 30000));
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "keys revoke town-a", NULL, 0), 0);
    node_rig_stop(&rig.node_pid, SIGTERM);
    snprintf(args, sizeof args, "node rekey town-a '%s'", rig.node);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, args, NULL, 0), 0);
    run_node(NULL);
    node_rig_sleep(2000);                   /* it says what it holds, under its new key */
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "node accept --replace town-a", out, sizeof out), 0);
    assert_true(node_rig_becomes(&rig, rig.node, NODE_COPY_LIVE, 30000));
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    node_rig_fill(&rig, thief, 200, 1);
    pid = node_rig_start(&rig, thief, NULL);
    for (int waited = 0; waited < 30000 && !shut_out; waited += 200) {
        node_rig_sleep(200);
        shut_out = node_rig_status(&rig, thief, &status) && status.links.n > 0 && status.links.at[0].state == NODE_LINK_REVOKED;
    }
    assert_true(shut_out);
    assert_int_equal(status.waiting, 1);
    assert_int_equal(node_rig_stop(&pid, SIGTERM), 0);
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), 10 + 5 + 5);
    node_rig_region(&rig, true);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_clone_is_held_back_and_what_it_holds_is_taken_over),
        TEST(a_taken_copy_does_not_pass_for_a_new_sender),
        TEST(a_restored_node_replaces_the_lost_one),
        TEST(a_revoked_node_keeps_everything_and_goes_on_under_a_new_key),
        TEST(a_verdict_that_a_restore_has_changed_is_shown_as_a_conflict),
        TEST(a_restored_service_gets_again_what_it_lost),
        TEST(a_stolen_key_is_shut_out_and_the_node_put_back),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
