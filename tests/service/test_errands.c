/* Errands in a real daemon: pigeon carries notes from a folder to parrot and puts the answers into another. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/files.h"
#include "common/service/system_methods.h"
#include "tests/service/nest.h"

#define WAIT_MS 30000

static struct nest nest;
static char in[200], out[200];

static int set_up(void **state)
{
    (void)state;
    nest_open(&nest, false);
    snprintf(in, sizeof in, "%s/files/pigeon/in", nest.dir);
    snprintf(out, sizeof out, "%s/files/pigeon/out", nest.dir);
    assert_int_equal(dir_make(in, 0750), ERR_OK);
    assert_int_equal(dir_make(out, 0750), ERR_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    nest_close(&nest);
    return 0;
}

static void note_put(const char *name, const char *text)
{
    assert_int_equal(file_put(in, name, bytes_of(text)), ERR_OK);
}

static struct pigeon_count counts(struct client *client)
{
    const struct client_request request = { .method = "pigeon.note.count" };
    struct nothing none = { 0 };
    struct pigeon_count count = { 0 };
    struct client_reply reply;
    struct arena arena = { 0 };
    assert_int_equal(client_ask(client, &request, &nothing_desc, &none, &pigeon_count_desc, &count, &arena, &reply), ERR_OK);
    assert_null(reply.problem);
    arena_free(&arena);
    return count;
}

static void wait_for(uint64_t answered)
{
    struct client *client = nest_client(&nest, "pigeon", "node");
    int waited = 0;
    while (counts(client).answered < answered && waited < WAIT_MS) {
        nest_sleep(20);
        waited += 20;
    }
    assert_int_equal(counts(client).answered, answered);
    assert_int_equal(counts(client).taken, answered);
    client_close(&client);
}

static int count_name(void *arg, const char *name)
{
    (void)name;
    ++*(uint32_t *)arg;
    return ERR_OK;
}

static uint32_t files_in(const char *dir)
{
    uint32_t n = 0;
    assert_int_equal(dir_each(dir, count_name, &n), ERR_OK);
    return n;
}

static void assert_text(const char *name, const char *begins)
{
    char path[400];
    struct buf text = { 0 };
    snprintf(path, sizeof path, "%s/%s", out, name);
    assert_int_equal(file_get(path, 1000, &text), ERR_OK);
    assert_memory_equal(buf_string(&text), begins, strlen(begins));
    buf_free(&text);
}

static void files_go_to_another_daemon_and_its_answers_come_back(void **state)
{
    (void)state;
    note_put("one", "hello");
    note_put("two", "no");
    nest.parrot = nest_start(&nest, "parrotd");
    nest.pigeon = nest_start(&nest, "pigeond");
    wait_for(2);
    assert_text("one", "said 1");
    assert_text("two", "will_not");
    assert_int_equal(files_in(in), 0);
    note_put("three", "again");             /* into the folder of one that runs */
    wait_for(3);
    assert_text("three", "said 2");
}

static void what_is_down_is_waited_for_and_the_daemon_still_ends_in_order(void **state)
{
    (void)state;
    nest.pigeon = nest_start(&nest, "pigeond");
    note_put("one", "hello");
    struct client *client = nest_client(&nest, "pigeon", "node");
    for (int waited = 0; counts(client).taken < 1 && waited < WAIT_MS; waited += 20)
        nest_sleep(20);
    assert_int_equal(counts(client).taken, 1);
    assert_int_equal(counts(client).answered, 0);
    client_close(&client);
    assert_int_equal(nest_stop(nest.pigeon, SIGTERM), 0);       /* with a request outstanding */
    nest.parrot = nest_start(&nest, "parrotd");
    nest.pigeon = nest_start(&nest, "pigeond");
    wait_for(1);
    assert_text("one", "said 1");
}

static void its_own_commands_cannot_be_given_by_others(void **state)
{
    const struct pigeon_note note = { .name = "forged", .text = "hello" };
    struct client_request request = { .method = "pigeon.note.take", .command = uuid_new() };
    struct nothing none;
    struct client_reply reply;
    struct arena arena = { 0 };
    (void)state;
    nest.pigeon = nest_start(&nest, "pigeond");
    struct client *client = nest_client(&nest, "pigeon", "node");
    assert_int_equal(client_ask(client, &request, &pigeon_note_desc, &note, &nothing_desc, &none, &arena, &reply), ERR_OK);
    assert_string_equal(reply.problem->reason, "not_yours");
    client_close(&client);
    client = nest_client(&nest, "pigeon", "pigeon");            /* with the service's own key, but over a socket */
    request.command = uuid_new();
    assert_int_equal(client_ask(client, &request, &pigeon_note_desc, &note, &nothing_desc, &none, &arena, &reply), ERR_OK);
    assert_string_equal(reply.problem->reason, "not_yours");
    client_close(&client);
    arena_free(&arena);
}

/* Killed at each of its own points and at many moments, with notes under way: each is said once, each has one answer. */
static void killed_anywhere_nothing_is_lost_and_nothing_said_twice(void **state)
{
    static const char *const points[] = { "file_written", "file_renamed", "file_dropped", "pigeon_took", "before_commit",
                                          "after_commit", "before_reply" };
    const uint32_t points_n = sizeof points / sizeof *points, notes = 40;
    uint32_t said = 0;
    (void)state;
    nest.parrot = nest_start(&nest, "parrotd");
    for (uint32_t round = 0; round < 2 * points_n; round++) {
        char value[80], name[40];
        for (uint32_t i = 0; i < notes / points_n; i++, said++) {
            snprintf(name, sizeof name, "note-%03u", said);
            note_put(name, name);
        }
        snprintf(value, sizeof value, "%s:%u", points[round % points_n], round < points_n ? 1 : 3);
        setenv("RSNMS_FAILPOINT", value, 1);
        nest.pigeon = nest_start(&nest, "pigeond");
        unsetenv("RSNMS_FAILPOINT");
        pid_t killed = nest.pigeon;
        nest.pigeon = 0;
        assert_int_equal(nest_wait(killed), -SIGKILL);          /* it does reach the point */
    }
    nest.pigeon = nest_start(&nest, "pigeond");
    wait_for(said);
    assert_int_equal(files_in(in), 0);
    assert_int_equal(files_in(out), said);
    struct client *client = nest_client(&nest, "parrot", "node");
    assert_int_equal(nest_count(client, "parrot.word.count"), said);
    client_close(&client);
}

static void a_service_takes_in_no_more_than_its_cap(void **state)
{
    char name[40], *text = malloc(8000);
    (void)state;
    memset(text, 'x', 7999);
    text[7999] = '\0';
    for (uint32_t i = 0; i < 400; i++) {    /* some three megabytes, twice in the tables */
        snprintf(name, sizeof name, "note-%04u", i);
        note_put(name, text);
    }
    free(text);
    nest.pigeon = nest_start(&nest, "pigeond");
    struct client *client = nest_client(&nest, "pigeon", "node");
    uint64_t taken = 0, before;
    do {
        before = taken;
        nest_sleep(1000);
        taken = counts(client).taken;
    } while (taken == 0 || taken != before);
    assert_true(taken > 20 && taken < 200);
    assert_int_equal(files_in(in), 400 - taken);                /* nothing is dropped */
    client_close(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_go_to_another_daemon_and_its_answers_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_down_is_waited_for_and_the_daemon_still_ends_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(its_own_commands_cannot_be_given_by_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(killed_anywhere_nothing_is_lost_and_nothing_said_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_service_takes_in_no_more_than_its_cap, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
