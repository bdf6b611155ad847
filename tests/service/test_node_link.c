/* A node and its region as real processes: away for a month, killed at every failpoint, cut at every byte, copied,
 * restored, revoked, stolen. What is looked at is always the same: the region has every effect once, the node has every
 * verdict, nothing waits. */
#include <signal.h>
#include <sys/stat.h>

#include "services/node/node.h"
#include "tests/service/node_rig.h"

#define QUEUED_MONTH   500000u              /* fewer where everything is slower: RSNMS_NODE_QUEUE */
#define MONTH_DAYS     30
#define RSS_MOST_KIB   (64 * 1024)
#define DRAIN_MS       600000

static struct node_rig rig;

static int set_up(void **state)
{
    (void)state;
    node_rig_open(&rig);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    node_rig_close(&rig);
    return 0;
}

static unsigned queue_of_a_month(void)
{
    const char *wanted = getenv("RSNMS_NODE_QUEUE");
    return wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : QUEUED_MONTH;
}

static void run_node(const char *failpoint)
{
    rig.node_pid = node_rig_start(&rig, rig.node, failpoint);
}

static void first_meeting(void)
{
    run_node(NULL);
    node_rig_sleep(1500);                   /* the copies come down, a lane is opened */
    assert_int_equal(node_rig_stop(&rig.node_pid, SIGTERM), 0);
}

/* Every effect once: as many supports in the region's journal as were queued, and so many verdicts at the node. */
static void assert_all_once(unsigned queued)
{
    struct node_status status;
    assert_true(node_rig_status(&rig, rig.node, &status));
    assert_int_equal(status.waiting, 0);
    assert_int_equal(status.accepted, queued);
    assert_int_equal(status.refused, 0);
    assert_int_equal(status.conflicts, 0);
    assert_int_equal(status.copy, NODE_COPY_LIVE);
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), queued);
    node_rig_region(&rig, true);
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

static void drop_staff(const char *name, const char *rows)
{
    char path[300];
    snprintf(path, sizeof path, "%s/files/drop/%s", rig.node, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "Код;Фамилия;Имя;Дата рождения;Код организации;Должность;Работает с\n%s", rows);
    assert_int_equal(fclose(file), 0);
}

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

static bool drop_is_empty(void)
{
    char command[200];
    snprintf(command, sizeof command, "[ -z \"$(ls -A '%s/files/drop')\" ]", rig.node);
    return system(command) == 0;
}

static void await_lists(void)
{
    for (int waited = 0; !drop_is_empty() && waited < 30000; waited += 100)
        node_rig_sleep(100);
    bool drained = drop_is_empty() && node_rig_drained(&rig, rig.node, 60000, NULL);
    if (!drained)
        node_rig_tell(&rig, rig.node);
    assert_true(drained);
}

static void killed_at_every_failpoint_it_goes_on_where_it_was(void **state)
{
    static const char *const POINTS[] = {
        "node_check:1", "node_check:3", "node_rows_before:1", "node_rows_before:2", "node_rows_queued:1", "node_rows_queued:3",
        "file_written:1", "file_renamed:1", "node_reported:1", "node_list_before_drop:1", "node_list_dropped:1", "node_item_sent:1",
        "node_item_sent:50", "node_answers_before:1", "node_answers_kept:1", "node_answers_kept:3", "node_resolved:1",
        "before_commit:4", "after_commit:4", "before_commit:11", "after_commit:11",
    };
    const unsigned rounds = sizeof POINTS / sizeof *POINTS;
    struct node_status status;
    unsigned reached = 0;
    (void)state;

    first_meeting();
    for (unsigned i = 0; i < rounds; i++) {
        drop_lists(i);
        run_node(POINTS[i]);
        int how = rig.node_pid == 0 ? -SIGKILL : node_rig_waited(&rig.node_pid, 8000);
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
    if (status.accepted != rounds * 140) {
        char command[300];
        snprintf(command, sizeof command, "'%s/rsnms' --config '%s/rsnms.yaml' node refused | cut -c 18- | sort | uniq -c | sort -n | tail -40 >&2",
                 getenv("RSNMS_BUILD"), rig.node);
        if (system(command) != 0)
            print_error("the refused cannot be told\n");
    }
    assert_int_equal(status.accepted, rounds * 140);
    assert_int_equal(status.refused, rounds);               /* nobody's support, each round */
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), rounds * 70);
    assert_int_equal(node_rig_events(&rig, "roster", "roster.person.registered"), NODE_WORKERS + 1 + rounds * 70);
    node_rig_stop(&rig.node_pid, SIGTERM);
    assert_false(node_rig_holds(&rig, rig.node, "Новикова"));
    assert_false(node_rig_holds(&rig, rig.node, "n0-11"));
}

static bool says(const char *dir, const char *args, const char *text)
{
    char out[8192];
    node_rig_rsnms(&rig, dir, args, out, sizeof out);
    bool there = strstr(out, text) != NULL;
    if (!there)
        print_error("rsnms %s: no «%s» in:\n%s\n", args, text, out);
    return there;
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

/* The first text between quotes after `mark`. */
static void value_at(const char *text, const char *mark, char value[60])
{
    const char *at = strstr(text, mark), *open = at != NULL ? strchr(at + strlen(mark), '"') : NULL;
    if (open == NULL)
        fail_msg("no %s in: %s", mark, text);
    snprintf(value, 60, "%.*s", (int)strcspn(open + 1, "\""), open + 1);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_node_takes_a_municipality_may_say),
        TEST(a_municipality_follows_of_diagnostics_what_is_public_alone),
        TEST(a_clone_is_held_back_and_what_it_holds_is_taken_over),
        TEST(a_taken_copy_does_not_pass_for_a_new_sender),
        TEST(a_restored_node_replaces_the_lost_one),
        TEST(a_revoked_node_keeps_everything_and_goes_on_under_a_new_key),
        TEST(a_verdict_that_a_restore_has_changed_is_shown_as_a_conflict),
        TEST(a_service_that_does_not_answer_is_said_to_be_silent),
        TEST(a_restored_service_gets_again_what_it_lost),
        TEST(a_stolen_key_is_shut_out_and_the_node_put_back),
        TEST(a_stick_carries_what_waits_and_brings_the_answers_back),
        TEST(killed_at_every_failpoint_it_goes_on_where_it_was),
        TEST(after_a_month_away_all_is_sent_once_in_little_memory),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
