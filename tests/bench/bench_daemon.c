/* bench_daemon: durable commands through a real daemon over CURVE, and beside it the same machine without the
 * network, in batches of the same size. Usage: bench_daemon [commands] [window] [rounds] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/service/nest.h"

static double seconds(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

struct tally { uint32_t answers, problems; };

static void tally_one(void *arg, void *tag, const struct client_reply *reply)
{
    struct tally *tally = arg;
    (void)tag;

    tally->answers++;
    tally->problems += reply->err != ERR_OK || reply->problem != NULL;
}

static struct bytes say_body(struct arena *arena)
{
    char text[121];
    struct parrot_say say = { .text = text };

    memset(text, 'w', 120);
    text[120] = '\0';
    return msg_encode_in(arena, &parrot_say_desc, &say);
}

static double piped(struct nest *nest, uint32_t most, uint32_t window)
{
    struct client *client = nest_client(nest, "parrot", "node");
    struct arena arena = { 0 };
    struct bytes body = say_body(&arena);
    struct tally tally = { 0 };
    double begun = seconds();

    for (uint32_t sent = 0; tally.answers < most;) {
        const struct client_request request = { .method = "parrot.word.say", .command = uuid_new(), .body = body };
        if (sent < most && client_outstanding(client) < window && client_send(client, &request, NULL) == ERR_OK)
            sent++;
        else
            client_poll(client, 1000, tally_one, &tally);
    }
    double took = seconds() - begun;
    assert_int_equal(tally.problems, 0);
    client_close(&client);
    arena_free(&arena);
    return most / took;
}

/* The same commands straight into a machine, in batches of `batch`. */
static double bare(uint32_t most, uint32_t batch)
{
    char dir[] = "/tmp/rsnms-bench-XXXXXX", command[100];
    const struct machine_options options = { .dir = mkdtemp(dir), .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM };
    struct input *inputs = calloc(batch, sizeof *inputs);
    struct outcome *outcomes = calloc(batch, sizeof *outcomes);
    struct arena arena = { .keep = 4 << 20 }, kept = { 0 };
    struct bytes body = say_body(&kept);
    struct machine *machine;

    assert_int_equal(machine_open(&machine, &parrot_service, &options), ERR_OK);
    double begun = seconds();
    for (uint32_t done = 0; done < most; done += batch) {
        for (uint32_t i = 0; i < batch; i++)
            inputs[i] = (struct input){ .kind = INPUT_COMMAND, .command = uuid_new(), .method = "parrot.word.say",
                                        .body = body, .who = { .id = NEST_SCOPE, .role = ROLE_SERVICE, .reach.all = true } };
        assert_int_equal(machine_batch(machine, inputs, batch, &arena, outcomes), ERR_OK);
        arena_reset(&arena);
    }
    double took = seconds() - begun;
    machine_close(&machine);
    snprintf(command, sizeof command, "rm -rf -- '%s'", dir);
    assert_int_equal(system(command), 0);
    arena_free(&arena);
    arena_free(&kept);
    free(inputs);
    free(outcomes);
    return most / took;
}

int main(int argc, char **argv)
{
    uint32_t most = argc > 1 ? (uint32_t)atoi(argv[1]) : 50000, window = argc > 2 ? (uint32_t)atoi(argv[2]) : 256;
    int rounds = argc > 3 ? atoi(argv[3]) : 3;
    struct nest nest;
    struct position position;
    char reason[61];

    assert_int_equal(crypto_start(), ERR_OK);
    for (int round = 0; round < rounds; round++) {
        nest_open(&nest, true);
        nest.parrot = nest_start(&nest, "parrotd");
        double through = piped(&nest, most, window);
        struct client *client = nest_client(&nest, "parrot", "node");
        double begun = seconds();
        for (int i = 0; i < 500; i++)
            nest_say(client, "one", 1, uuid_new(), NULL, &position, reason);
        double one = (seconds() - begun) / 500;
        client_close(&client);
        nest_close(&nest);
        printf("window %u: %.0f commands/s; machine alone, batches of %u: %.0f/s; one at a time %.0f us\n", window,
               through, window / 2, bare(most, window / 2), one * 1e6);
    }
    return 0;
}
