/* A node and its region as real processes: away for a month, killed at every failpoint, a service that is silent, a
 * stick. What is looked at is always the same: the region has every effect once, the node has every verdict, nothing
 * waits. Where the link is cut: test_node_cut.c; copies of a node: test_node_copies.c. */
#include <signal.h>
#include <sys/stat.h>

#include "services/node/node.h"
#include "tests/service/node_stage.h"

#define QUEUED_MONTH   500000u              /* fewer where everything is slower: RSNMS_NODE_QUEUE */
#define MONTH_DAYS     30
#define MORE_MOST      3                    /* lists that are given besides, until a failpoint is reached */
#define RSS_MOST_KIB   (64 * 1024)
#define DRAIN_MS       600000

static unsigned queue_of_a_month(void)
{
    const char *wanted = getenv("RSNMS_NODE_QUEUE");
    return wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : QUEUED_MONTH;
}

/* ── (b) a month away ─────────────────────────────────────────────────────── */

/* It was set up a month ago and has had no link since. On its way it is killed with answers that it has not kept. */
static void after_a_month_away_all_is_sent_once_in_little_memory(void **state)
{
    unsigned queued = queue_of_a_month();
    char failpoint[60];
    struct node_status status = { 0 };
    long rss = 0;
    (void)state;

    node_rig_region(&rig, false);
    node_rig_fill_away(&rig, rig.node, queued, MONTH_DAYS);
    run_node(NULL);
    assert_true(node_rig_status(&rig, rig.node, &status));
    assert_int_equal(status.waiting, queued);
    assert_true(CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self) - status.oldest > (MONTH_DAYS - 1) * MOMENT_DAY);
    node_rig_stop(&rig.node_pid, SIGTERM);
    node_rig_region(&rig, true);
    snprintf(failpoint, sizeof failpoint, "node_answers_before:%u", queued / 2000 + 2);
    run_node(failpoint);
    assert_int_equal(node_rig_waited(&rig.node_pid, DRAIN_MS), -SIGKILL);
    run_node(NULL);
    bool drained = node_rig_drained(&rig, rig.node, DRAIN_MS, &rss);
    if (!drained)
        node_rig_tell(&rig, rig.node);
    assert_true(drained);
    print_message("%u commands of %d days, RssAnon at most %ld KiB\n", queued, MONTH_DAYS, rss);
    assert_true(rss > 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)       /* their shadows are no memory of ours */
    assert_true(rss < RSS_MOST_KIB);
#endif
    assert_all_once(queued);
}

/* ── (b) killed at every failpoint ────────────────────────────────────────── */

static void drop_lists(unsigned round)
{
    char path[300];
    snprintf(path, sizeof path, "%s/files/drop/staff-%u.csv", rig.node, round);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("Код;Фамилия;Имя;Дата рождения;Код организации;Должность;Работает с\n", file);
    for (unsigned i = 0; i < 70; i++)       /* more than one piece */
        fprintf(file, "n%u-%u;Новикова;Ольга;%02u.%02u.%u;school-a;учитель;01.09.2020\n", round, i, i % 28 + 1, i / 28 + 1, 1960 + round);
    fputs("bad;Ivanova;Ольга;01.01.1980;school-a;учитель;01.09.2020\n", file);
    assert_int_equal(fclose(file), 0);
    snprintf(path, sizeof path, "%s/files/drop/support-%u.csv", rig.node, round);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("Код работника;Форма;Дата\n", file);
    for (unsigned i = 0; i < 70; i++)
        fprintf(file, "n%u-%u;наставничество;01.10.2025\n", round, i);
    fputs("nobody;наставничество;01.10.2025\n", file);
    assert_int_equal(fclose(file), 0);
}

static void killed_at_every_failpoint_it_goes_on_where_it_was(void **state)
{
    static const char *const POINTS[] = {
        "node_check:1", "node_check:3", "node_rows_before:1", "node_rows_before:2", "node_rows_queued:1", "node_rows_queued:3",
        "file_written:1", "file_renamed:1", "node_reported:1", "node_list_before_drop:1", "node_list_dropped:1", "node_item_sent:1",
        "node_item_sent:50", "node_answers_before:2", "node_answers_kept:2", "node_answers_kept:5", "node_resolved:1",
        "before_commit:7", "after_commit:7", "before_commit:20", "after_commit:20",
    };
    const unsigned rounds = sizeof POINTS / sizeof *POINTS;
    struct node_status status;
    unsigned reached = 0, lists = 0;
    (void)state;

    first_meeting();
    for (unsigned i = 0; i < rounds; i++) {
        drop_lists(lists++);
        run_node(POINTS[i]);
        int how = rig.node_pid == 0 ? -SIGKILL : node_rig_waited(&rig.node_pid, 4000);
        /* How commits are grouped is up to the load: it is given work until it comes there. */
        for (int more = 0; how == INT_MAX && more < MORE_MOST; more++) {
            drop_lists(lists++);
            how = node_rig_waited(&rig.node_pid, 8000);
        }
        if (how == INT_MAX) {
            print_error("%s was not reached\n", POINTS[i]);
            node_rig_stop(&rig.node_pid, SIGTERM);
        } else {
            assert_int_equal(how, -SIGKILL);
            reached++;
        }
        run_node(NULL);
        await_lists();
        node_rig_stop(&rig.node_pid, SIGTERM);
    }
    assert_int_equal(reached, rounds);
    run_node(NULL);
    node_rig_sleep(500);
    assert_true(node_rig_status(&rig, rig.node, &status));
    assert_int_equal(status.waiting, 0);
    if (status.accepted != lists * 140) {
        char command[300];
        snprintf(command, sizeof command, "'%s/rsnms' --config '%s/rsnms.yaml' node refused | cut -c 18- | sort | uniq -c | sort -n | tail -40 >&2",
                 getenv("RSNMS_BUILD"), rig.node);
        if (system(command) != 0)
            print_error("the refused cannot be told\n");
    }
    assert_int_equal(status.accepted, lists * 140);
    assert_int_equal(status.refused, lists);                /* nobody's support, in each */
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), lists * 70);
    assert_int_equal(node_rig_events(&rig, "roster", "roster.person.registered"), NODE_WORKERS + 1 + lists * 70);
    node_rig_stop(&rig.node_pid, SIGTERM);
    assert_false(node_rig_holds(&rig, rig.node, "Новикова"));
    assert_false(node_rig_holds(&rig, rig.node, "n0-11"));
}

/* ── what it takes ────────────────────────────────────────────────────────── */

/* A method that no municipality may use would be queued here for a month to be refused. */
static void what_a_node_takes_a_municipality_may_say(void **state)
{
    extern const struct service roster_service, routes_service, programmes_service, diagnostics_service;
    const struct service *services[NODE_SERVICES] = { [NODE_ROSTER] = &roster_service, [NODE_ROUTES] = &routes_service,
        [NODE_PROGRAMMES] = &programmes_service, [NODE_DIAGNOSTICS] = &diagnostics_service };
    (void)state;
    for (uint32_t i = 0; i < NODE_METHOD_COUNT; i++) {
        const struct service *service = services[NODE_METHOD[i].service];
        bool may = false;
        for (size_t c = 0; c < service->command_count; c++)
            may |= strcmp(service->commands[c].name, NODE_METHOD[i].name) == 0 && (service->commands[c].roles & ROLE(ROLE_MUNICIPAL)) != 0;
        if (!may)
            fail_msg("%s: not for a municipality", NODE_METHOD[i].name);
    }
}


/* The events that a key of the region may follow of diagnostics, each name once, into `names`; how many entries. */
static unsigned followed(const char *key_name, char *names, size_t room)
{
    struct config config;
    struct key_pair server, own;
    struct client_options options = { 0 };
    struct client *client;
    struct cursor start = cursor_start();
    const struct follow wish = { .cursor = &start, .entries = 1000, .bytes = 1 << 20 };
    struct client_entries entries = { .head = 1 };
    const struct problem *problem = NULL;
    char file[200], endpoint[WIRE_ENDPOINT_MAX + 1], says_why[400];
    unsigned n = 0;
    int err = ERR_OK;

    snprintf(file, sizeof file, "%s/rsnms.yaml", rig.region);
    arena_reset(&rig.arena);
    assert_int_equal(config_load(file, &rig.arena, &config, says_why), ERR_OK);
    assert_int_equal(config_endpoint(&config, config_find(&config, "diagnostics"), endpoint), ERR_OK);
    assert_int_equal(key_load(config.keys, "diagnostics", &server, says_why), ERR_OK);
    assert_int_equal(key_load(config.keys, key_name, &own, says_why), ERR_OK);
    options.endpoint = endpoint;
    options.key = own;
    memcpy(options.server_key, server.public_key, sizeof options.server_key);
    assert_int_equal(client_open(&client, &options), ERR_OK);
    assert_int_equal(client_follow(client, "diagnostics", &wish), ERR_OK);
    for (int waited = 0; waited < 30000 && entries.examined.number < entries.head; waited += 100) {
        err = client_entries(client, 100, &rig.arena, &entries, &problem);
        if (err == ERR_TIMEOUT)
            continue;
        assert_int_equal(err, ERR_OK);
        for (uint32_t i = 0; i < entries.n; i++, n++) {
            struct entry entry;
            struct msg_error error;
            assert_int_equal(msg_decode(&entry_desc, entries.list[i].stored, MSG_LENIENT, &rig.arena, &entry, &error), ERR_OK);
            if (strstr(names, entry.event) == NULL)
                snprintf(names + strlen(names), room - strlen(names), "%s ", entry.event);
        }
        client_committed(client);
    }
    assert_true(entries.examined.number == entries.head);
    client_close(&client);
    return n;
}

/* Frameworks and procedures; neither the instruments, which hold the right answers, nor what anybody has answered, be he
 * of this municipality or of another. */
static void a_municipality_follows_of_diagnostics_what_is_public_alone(void **state)
{
    char args[300], out[8192], id[60], names[2000] = "", all[2000] = "";
    const char *source = getenv("RSNMS_SOURCE");
    (void)state;

    snprintf(args, sizeof args, "history load '%s/tests/data/thirty'", source != NULL ? source : ".");
    node_rig_rsnms(&rig, rig.region, args, out, sizeof out);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "call roster.organisation.find '{\"codes\":[\"70-01\"]}'", out, sizeof out), 0);
    value_at(out, "\"ids\": [", id);
    snprintf(args, sizeof args, "keys new town-spy --role municipal --scope %s", id);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, args, NULL, 0), 0);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, "keys new watcher --role service --all", NULL, 0), 0);
    node_rig_region(&rig, false);
    node_rig_region(&rig, true);
    assert_true(followed("watcher", all, sizeof all) > 20);
    assert_non_null(strstr(all, "diagnostics.instrument.published"));
    assert_non_null(strstr(all, "diagnostics.sitting.scored"));
    assert_true(followed("town-spy", names, sizeof names) > 0);
    if (strcmp(names, "diagnostics.framework.published diagnostics.procedure.opened ") != 0)
        fail_msg("it may follow %s", names);
}

/* ── the screen ───────────────────────────────────────────────────────────── */

/* Nobody hangs up, and nothing comes back: what a cut link looks like from here. */
static void a_service_that_does_not_answer_is_said_to_be_silent(void **state)
{
    enum { ROUTES = 3, LINK = NODE_ROUTES };
    struct node_status status = { 0 };
    char args[300], person[UUID_TEXT + 1];
    (void)state;

    run_node(NULL);
    for (int waited = 0; waited < 30000 && (status.links.n == 0 || status.links.at[LINK].state != NODE_LINK_UP); waited += 100) {
        node_rig_sleep(100);
        assert_true(node_rig_status(&rig, rig.node, &status));
    }
    assert_int_equal(kill(rig.daemon[ROUTES], SIGSTOP), 0);
    uuid_format(&rig.worker[0], person);
    snprintf(args, sizeof args, "node enter routes.support.record '{\"person\":\"%s\",\"form\":\"x\",\"day\":\"2025-10-01\"}'", person);
    int entered = node_rig_rsnms(&rig, rig.node, args, NULL, 0);
    for (int waited = 0; waited < 30000 && status.links.at[LINK].state == NODE_LINK_UP; waited += 100) {
        node_rig_sleep(100);
        if (!node_rig_status(&rig, rig.node, &status))
            break;
    }
    bool said = says(rig.node, "node status", "молчит с");
    assert_int_equal(kill(rig.daemon[ROUTES], SIGCONT), 0);
    assert_int_equal(entered, 0);
    assert_int_equal(status.links.at[LINK].state, NODE_LINK_SILENT);
    assert_int_equal(status.links.at[NODE_ROSTER].state, NODE_LINK_UP);
    assert_int_equal(status.waiting, 1);
    assert_true(said);
    assert_true(node_rig_drained(&rig, rig.node, 60000, NULL));
    assert_true(node_rig_status(&rig, rig.node, &status));
    assert_int_equal(status.links.at[LINK].state, NODE_LINK_UP);
}

/* ── the stick ────────────────────────────────────────────────────────────── */

static void a_stick_carries_what_waits_and_brings_the_answers_back(void **state)
{
    char args[300];
    struct node_status status;
    (void)state;

    first_meeting();
    node_rig_fill(&rig, rig.node, 0, 57);
    node_rig_region(&rig, false);
    run_node(NULL);
    snprintf(args, sizeof args, "node export '%s/stick'", rig.dir);
    assert_int_equal(node_rig_rsnms(&rig, rig.node, args, NULL, 0), 0);
    node_rig_region(&rig, true);
    node_rig_stop(&rig.node_pid, SIGTERM);
    snprintf(args, sizeof args, "node import '%s/stick'", rig.dir);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, args, NULL, 0), 0);
    node_rig_region(&rig, false);           /* the answers come back by the stick, not over the link */
    run_node(NULL);
    snprintf(args, sizeof args, "node answers '%s/stick.answers'", rig.dir);
    assert_int_equal(node_rig_rsnms(&rig, rig.node, args, NULL, 0), 0);
    assert_true(node_rig_status(&rig, rig.node, &status));
    assert_int_equal(status.waiting, 0);
    assert_int_equal(status.accepted, 57);
    node_rig_region(&rig, true);            /* and the link: the same ids, nothing twice */
    node_rig_stop(&rig.node_pid, SIGTERM);
    node_rig_fill(&rig, rig.node, 57, 3);
    run_node(NULL);
    assert_true(node_rig_drained(&rig, rig.node, 30000, NULL));
    snprintf(args, sizeof args, "node import '%s/stick'", rig.dir);
    assert_int_equal(node_rig_rsnms(&rig, rig.region, args, NULL, 0), 0);
    assert_all_once(60);
    snprintf(args, sizeof args, "printf x >> '%s/stick'", rig.dir);
    assert_int_equal(system(args), 0);
    snprintf(args, sizeof args, "node import '%s/stick'", rig.dir);
    char out[8192];
    assert_int_equal(node_rig_rsnms(&rig, rig.region, args, out, sizeof out), 1);
    assert_non_null(strstr(out, "nothing was taken"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_node_takes_a_municipality_may_say),
        TEST(a_municipality_follows_of_diagnostics_what_is_public_alone),
        TEST(a_service_that_does_not_answer_is_said_to_be_silent),
        TEST(a_stick_carries_what_waits_and_brings_the_answers_back),
        TEST(killed_at_every_failpoint_it_goes_on_where_it_was),
        TEST(after_a_month_away_all_is_sent_once_in_little_memory),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
