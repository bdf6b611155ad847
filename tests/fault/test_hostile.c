#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "tests/fault/assault.h"
#include "tests/service/nest.h"

/* Hostile bytes on every way into a daemon (assault.h), one attack after the other on the same process: its own memory
 * (RssAnon) stays within 64 MiB of its start, and honest commands are answered all the while. */

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define GROWTH_MAX_KB (2 * 1024 * 1024)     /* a sanitizer's shadow and quarantine: there it is only survival */
#else
#define GROWTH_MAX_KB (64 * 1024)
#endif
#define HONEST_EACH   125               /* commands after each attack: a thousand in all */

static struct nest nest;
static struct client *honest;
static unsigned honest_done;
static long start_kb, worst_kb;

static long rss_anon_kb(void)
{
    char path[64], line[200];
    long kb = -1;
    snprintf(path, sizeof path, "/proc/%d/status", nest.parrot);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "RssAnon: %ld", &kb) == 1)
            break;
    fclose(file);
    assert_true(kb > 0);
    return kb;
}

static void look(const char *when)
{
    long grown = rss_anon_kb() - start_kb;
    if (grown > worst_kb)
        worst_kb = grown;
    if (grown > GROWTH_MAX_KB)
        fail_msg("%s: RssAnon grew by %ld KiB", when, grown);
}

static void be_honest(const char *when)
{
    char reason[61];
    print_message("%s: RssAnon grown by %ld KiB\n", when, rss_anon_kb() - start_kb);
    for (int i = 0; i < HONEST_EACH; i++) {
        assert_int_equal(nest_say(honest, "слово", 1, uuid_new(), NULL, NULL, reason), ERR_OK);
        assert_string_equal(reason, "");
        honest_done++;
        if (i % 25 == 0)
            look(when);
    }
}

static int set_up(void **state)
{
    struct rlimit limit = { ASSAULT_HALF_OPEN + 500, ASSAULT_HALF_OPEN + 500 };
    char reason[61];
    (void)state;
    setrlimit(RLIMIT_NOFILE, &limit);
    nest_open(&nest, true);
    nest.parrot = nest_start(&nest, "parrotd");
    honest = nest_client(&nest, "parrot", "console");
    for (int i = 0; i < 300; i++)           /* past the careful batches of a start, arenas and caches filled */
        assert_int_equal(nest_say(honest, "слово", 1, uuid_new(), NULL, NULL, reason), ERR_OK);
    start_kb = rss_anon_kb();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&honest);
    nest_close(&nest);
    print_message("honest commands %u, RssAnon %ld KiB at the start, grown by %ld KiB at most\n", honest_done, start_kb, worst_kb);
    return 0;
}

static struct assault aim(void)
{
    static struct arena arena;
    static char endpoint[WIRE_ENDPOINT_MAX + 1], server_key[KEY_TEXT + 1];
    const struct parrot_say say = { .text = "слово", .times = 1 };
    const struct parrot_repeat repeat = { .bytes = 200000 };
    struct key_pair server = nest_key(&nest, "parrot");

    arena_reset(&arena);
    nest_endpoint(&nest, "parrot", endpoint);
    memcpy(server_key, server.public_key, sizeof server_key);
    return (struct assault){ .endpoint = endpoint, .server_key = server_key, .own = nest_key(&nest, "node"),
                             .follower = nest_key(&nest, "node"), .service = "parrot",
                             .method = "parrot.word.say", .body = msg_encode_in(&arena, &parrot_say_desc, &say),
                             .asked = "parrot.word.repeat", .ask = msg_encode_in(&arena, &parrot_repeat_desc, &repeat),
                             .look = look, .stands = be_honest };
}

static void stood(bool (*assault)(const struct assault *a))
{
    const struct assault a = aim();
    assert_true(assault(&a));
}

static void every_prefix_of_a_message(void **state)               { (void)state; stood(assault_prefixes); }
static void bits_that_are_turned_over(void **state)               { (void)state; stood(assault_flips); }
static void bombs_of_size_depth_and_count(void **state)           { (void)state; stood(assault_bombs); }
static void wrong_numbers_of_frames_and_giants(void **state)      { (void)state; stood(assault_frames); }
static void a_peer_that_asks_much_and_never_reads(void **state)   { (void)state; stood(assault_unread); }
static void followers_that_give_credit_and_never_read(void **state) { (void)state; stood(assault_followers); }
static void garbage_on_the_port(void **state)                     { (void)state; stood(assault_garbage); }
static void ten_thousand_half_open_connections(void **state)      { (void)state; stood(assault_half_open); }

static void a_thousand_honest_commands_were_answered(void **state)
{
    char reason[61];
    (void)state;
    assert_true(honest_done >= 1000);
    struct client *fresh = nest_client(&nest, "parrot", "operator");   /* and a newcomer gets in */
    assert_int_equal(nest_say(fresh, "слово", 1, uuid_new(), NULL, NULL, reason), ERR_OK);
    client_close(&fresh);
    look("the end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prefix_of_a_message),
        cmocka_unit_test(bits_that_are_turned_over),
        cmocka_unit_test(bombs_of_size_depth_and_count),
        cmocka_unit_test(wrong_numbers_of_frames_and_giants),
        cmocka_unit_test(a_peer_that_asks_much_and_never_reads),
        cmocka_unit_test(followers_that_give_credit_and_never_read),
        cmocka_unit_test(garbage_on_the_port),
        cmocka_unit_test(ten_thousand_half_open_connections),
        cmocka_unit_test(a_thousand_honest_commands_were_answered),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
