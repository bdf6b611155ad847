/* fault_driver: a ledger, and a mirror that follows it, without sockets: a script of deeds made from a seed,
 * each batch acknowledged line by line in a file outside the stores. Started again, it goes on with the same
 * deeds under the same ids.
 *
 *   fault_driver run DIR --acks FILE [--seed S] [--count N] [--batch B] [--mirror] [--reserve-mb M] [--again]
 *       Ends with 0 when all are answered, 70 when a commit failed, 2 when the stores do not open,
 *       75 when commands are turned away for want of space, 1 when an answer differs from the kept one.
 *       --again repeats those that the file has, too.
 *   fault_driver check DIR --acks FILE [--seed S] [--mirror]
 *       Opens the stores and holds them against the file: 0, or 1 and "violation found: …".
 *       --state-version V: with services whose tables are laid out anew, so that opening makes the state again.
 *
 * The file: "base MS", then "i kind number answer" a line; i counts from 0. */
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/core/failpoint.h"
#include "tests/fault/model.h"
#include "tests/unit/toy.h"

#define BATCH_MAX 256
#define MAP_SIZE  ((size_t)256 << 20)

enum { EXIT_DONE = 0, EXIT_VIOLATION = 1, EXIT_NOT_OPENED = 2, EXIT_USAGE = 3, EXIT_COMMIT = 70, EXIT_NO_SPACE = 75 };

struct driver {
    const char *dir, *acks_file;
    uint64_t seed, count, batch, reserve_mb;
    uint32_t state_version;
    struct service ledger_service, mirror_service;
    bool mirrored, again;
    int64_t base_ms;
    int acks;
    struct deed *deed;
    struct model model;
    struct machine *ledger, *mirror;
    struct arena arena;
};

/* ── acknowledgements ─────────────────────────────────────────────────────── */

/* A deed is put on record with one write, so that no line is half there. */
static void ack_write(struct driver *d, uint64_t i)
{
    const struct deed *deed = &d->deed[i];
    char line[160], answer[HASH_TEXT + 1];

    hash_format(&deed->answer, answer);
    int n = snprintf(line, sizeof line, "%" PRIu64 " %c %" PRIu64 " %s\n", i, deed->state == DEED_DONE ? 'd' : 'r',
                     deed->number, answer);
    if (write(d->acks, line, (size_t)n) != n) {
        perror(d->acks_file);
        exit(EXIT_USAGE);
    }
}

static bool hash_parse(const char *text, struct hash *hash)
{
    for (int i = 0; i < HASH_SIZE; i++) {
        unsigned byte;
        if (sscanf(text + 2 * i, "%2x", &byte) != 1)
            return false;
        hash->b[i] = (uint8_t)byte;
    }
    return true;
}

static void acks_read(struct driver *d)
{
    FILE *in = fopen(d->acks_file, "re");
    char line[200], kind, answer[HASH_TEXT + 1];
    uint64_t i, number;

    while (in != NULL && fgets(line, sizeof line, in) != NULL) {
        if (sscanf(line, "base %" SCNd64, &d->base_ms) == 1 ||
            sscanf(line, "%" SCNu64 " %c %" SCNu64 " %64s", &i, &kind, &number, answer) != 4 || i >= d->count)
            continue;
        d->deed[i].state = kind == 'd' ? DEED_DONE : DEED_REFUSED;
        d->deed[i].number = number;
        hash_parse(answer, &d->deed[i].answer);
    }
    if (in != NULL)
        fclose(in);
}

static void acks_open(struct driver *d)
{
    char line[40];

    d->deed = calloc(d->count, sizeof *d->deed);
    acks_read(d);
    d->acks = open(d->acks_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (d->acks == -1 || d->deed == NULL) {
        perror(d->acks_file);
        exit(EXIT_USAGE);
    }
    if (d->base_ms == 0) {
        d->base_ms = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self) / MOMENT_MS - (int64_t)d->count;
        int n = snprintf(line, sizeof line, "base %" PRId64 "\n", d->base_ms);
        if (write(d->acks, line, (size_t)n) != n)
            exit(EXIT_USAGE);
    }
    for (uint64_t i = 0; i < d->count; i++) {
        struct deed known = d->deed[i];
        d->deed[i] = deed_make(d->seed, d->base_ms, i);
        d->deed[i].state = known.state;
        d->deed[i].number = known.number;
        d->deed[i].answer = known.answer;
        model_add(&d->model, &d->deed[i]);
    }
}

/* ── the machines ─────────────────────────────────────────────────────────── */

static int machine_start(struct driver *d, struct machine **out, const struct service *service)
{
    char dir[4096], says[400] = "";

    snprintf(dir, sizeof dir, "%s/%s", d->dir, service->name);
    const struct machine_options options = {
        .dir = dir, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM, .map_size = MAP_SIZE,
        .reserve_bytes = d->reserve_mb << 20, .says = says,
    };
    int err = machine_open(out, service, &options);
    if (err != ERR_OK)
        fprintf(stderr, "%s: %s\n", dir, says[0] != '\0' ? says : err_text(err));
    return err;
}

static int open_all(struct driver *d)
{
    d->ledger_service = toy_ledger_service;
    d->mirror_service = toy_mirror_service;
    d->ledger_service.state_version = d->mirror_service.state_version = d->state_version;
    int err = machine_start(d, &d->ledger, &d->ledger_service);

    if (err == ERR_OK && d->mirrored)
        err = machine_start(d, &d->mirror, &d->mirror_service);
    return err;
}

/* The mirror takes what the ledger has committed. */
static int follow(struct driver *d)
{
    struct follow wish_of;
    struct feed_result result;
    struct outcome outcome = { 0 };
    struct buf message = { 0 };
    int err = machine_follow(d->mirror, "toy", &d->arena, &wish_of);

    if (err != ERR_OK)
        return err;
    struct feed_wish wish = { .cursor = *wish_of.cursor, .prefixes = wish_of.prefixes.at, .prefix_count = wish_of.prefixes.n,
                              .reach = { .all = true }, .entries = wish_of.entries, .bytes = wish_of.bytes };
    err = machine_feed(d->ledger, &wish, &d->arena, &message, &result);
    if (err == ERR_OK && result.cursor.number > wish_of.cursor->number) {
        struct input input = { .kind = INPUT_ENTRIES, .stream = "toy", .body = buf_bytes(&message) };
        err = machine_batch(d->mirror, &input, 1, &d->arena, &outcome);
    }
    if (err != ERR_OK)
        fprintf(stderr, "mirror: %s\n", err_text(err));
    buf_free(&message);
    return err;
}

/* One batch of deeds; their answers are put on record after the commit. Counts those turned away. */
static int batch(struct driver *d, const uint64_t *which, size_t n, size_t *away)
{
    struct input *input = ARENA_LIST(&d->arena, struct input, n);
    struct outcome *outcome = ARENA_LIST(&d->arena, struct outcome, n);

    for (size_t k = 0; k < n; k++)
        input[k] = (struct input){
            .kind = INPUT_COMMAND, .command = d->deed[which[k]].id, .method = "toy.account.add",
            .who = { .id = { { 1 } }, .role = ROLE_OPERATOR, .reach = { .all = true }, .name = "driver" },
            .body = deed_body(&d->deed[which[k]], &d->arena),
        };
    int err = machine_batch(d->ledger, input, n, &d->arena, outcome);
    for (size_t k = 0; k < n && err == ERR_OK; k++) {
        if (!outcome[k].has_position) {
            ++*away;
            continue;
        }
        struct deed *deed = &d->deed[which[k]];
        bool new = deed->state == DEED_UNKNOWN;
        model_answered(&d->model, deed, outcome[k].kind == OUTCOME_REPLY, outcome[k].position.number,
                       deed_answer(outcome[k].body));
        if (new)
            ack_write(d, which[k]);
    }
    return err;
}

static int run(struct driver *d)
{
    struct prng prng;
    size_t away = 0;
    uint64_t next = 0;

    if (open_all(d) != ERR_OK)
        return EXIT_NOT_OPENED;
    prng_seed(&prng, d->seed);
    while (next < d->count && away == 0) {
        uint64_t which[BATCH_MAX];
        size_t n = 0, wanted = 1 + prng_below(&prng, d->batch);
        for (; next < d->count && n < wanted; next++)
            if (d->again || d->deed[next].state == DEED_UNKNOWN)
                which[n++] = next;
        int err = n > 0 ? batch(d, which, n, &away) : ERR_OK;
        if (err == ERR_OK && d->mirrored)
            err = follow(d);
        if (err != ERR_OK) {
            fprintf(stderr, "commit: %s\n", err_text(err));
            _exit(EXIT_COMMIT);             /* as the daemon does */
        }
        arena_reset(&d->arena);
    }
    machine_close(&d->mirror);
    machine_close(&d->ledger);
    return d->model.violations > 0 ? EXIT_VIOLATION : away > 0 ? EXIT_NO_SPACE : EXIT_DONE;
}

static int check(struct driver *d)
{
    if (open_all(d) != ERR_OK) {
        violation(&d->model, "the stores do not open");
        return EXIT_VIOLATION;
    }
    check_ledger(&d->model, d->ledger, true);
    if (d->mirrored)
        check_mirror(&d->model, d->ledger, d->mirror, false, true);
    printf("checked %llu entries\n", (unsigned long long)machine_head(d->ledger));
    machine_close(&d->mirror);
    machine_close(&d->ledger);
    return d->model.violations > 0 ? EXIT_VIOLATION : EXIT_DONE;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        { "acks", required_argument, NULL, 'a' }, { "seed", required_argument, NULL, 's' },
        { "count", required_argument, NULL, 'n' }, { "batch", required_argument, NULL, 'b' },
        { "reserve-mb", required_argument, NULL, 'r' }, { "mirror", no_argument, NULL, 'm' },
        { "again", no_argument, NULL, 'g' }, { "state-version", required_argument, NULL, 'v' }, { 0 },
    };
    struct driver d = { .seed = 1, .count = 60000, .batch = 8, .state_version = 1 };

    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;)
        switch (c) {
        case 'a': d.acks_file = optarg; break;
        case 's': d.seed = strtoull(optarg, NULL, 10); break;
        case 'n': d.count = strtoull(optarg, NULL, 10); break;
        case 'b': d.batch = strtoull(optarg, NULL, 10); break;
        case 'r': d.reserve_mb = strtoull(optarg, NULL, 10); break;
        case 'm': d.mirrored = true; break;
        case 'g': d.again = true; break;
        case 'v': d.state_version = (uint32_t)strtoul(optarg, NULL, 10); break;
        default:  return EXIT_USAGE;
        }
    if (optind + 2 != argc || d.acks_file == NULL || d.count == 0 || d.batch == 0 || d.batch > BATCH_MAX) {
        fprintf(stderr, "Usage: fault_driver run|check DIR --acks FILE [--seed S] [--count N] [--batch B] [--mirror]\n");
        return EXIT_USAGE;
    }
    d.dir = argv[optind + 1];
    d.arena.keep = 1u << 20;
    failpoint_open();
    if (crypto_start() != ERR_OK)
        return EXIT_NOT_OPENED;
    acks_open(&d);
    int code = strcmp(argv[optind], "check") == 0 ? check(&d) : run(&d);
    model_free(&d.model);
    arena_free(&d.arena);
    free(d.deed);
    return code;
}
