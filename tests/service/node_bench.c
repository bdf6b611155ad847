#include "tests/service/node_bench.h"
#include "tests/unit/traces.h"

#include "common/service/vault.h"
#include "proto/roles.h"

extern const struct service node_service;

static const struct errand_world ALONE = { .submit = errand_submit_direct };

/* ── set-up ───────────────────────────────────────────────────────────────── */

static void hex_of(const uint8_t *at, size_t n, char *text)
{
    for (size_t i = 0; i < n; i++)
        snprintf(text + 2 * i, 3, "%02x", at[i]);
}

static void write_settings(struct bench *bench)
{
    struct rig *rig = bench->rig;
    struct intake_key key;
    static const struct nothing none;
    char path[300], municipality[UUID_TEXT + 1], hex[65], command[900];
    const char *source = getenv("RSNMS_SOURCE");
    struct outcome outcome = toy_ask(rig->machine, &rig->centre, "roster.intake.get", &nothing_desc, &none, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&intake_key_desc, outcome.body, &key, &rig->arena);
    hex_of(key.key.at, 32, hex);
    uuid_format(&rig->north, municipality);
    snprintf(path, sizeof path, "%s/node.yaml", bench->dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "name: north\nmunicipality: %s\ntitle: \"Север\"\nintake: \"%s\"\n", municipality, hex);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command, "cp '%s' '%s/region.yaml' && cp -r '%s/config/messages' '%s/messages' && mkdir '%s/keys'",
             rig->profile, bench->dir, source != NULL ? source : ".", bench->dir, bench->dir);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/keys/" TAKE_KEY_FILE, bench->dir);
    assert_int_equal(vault_master_new(path), ERR_OK);
}

void bench_open(struct bench *bench, uint64_t cap)
{
    static char store[300], profile[300], says[400], keys[300], files[300];
    struct machine_options options;

    snprintf(store, sizeof store, "%s/data", bench->dir);
    snprintf(profile, sizeof profile, "%s/region.yaml", bench->dir);
    snprintf(keys, sizeof keys, "%s/keys", bench->dir);
    snprintf(files, sizeof files, "%s/files", bench->dir);
    options = toy_options(store, &bench->rig->time);
    options.profile = profile;
    options.says = says;
    options.cap_bytes = cap;
    options.no_sync = true;
    if (machine_open(&bench->node, &node_service, &options) != ERR_OK)
        fail_msg("%s", says);
    errand_start(&bench->intake, bench->node, 1, &ALONE);
    assert_string_equal(bench->intake.def->name, "intake");
    bench->intake.keys = keys;
    bench->intake.files = files;
    bench->intake.who.id = toy_principal(ROLE_SERVICE).id;
}

void bench_close(struct bench *bench)
{
    errand_end(&bench->intake);
    machine_close(&bench->node);
}

void bench_follow(struct bench *bench)
{
    struct rig *rig = bench->rig;
    for (bool more = true; more; ) {
        struct follow wish;
        struct feed_result result;
        struct outcome outcome;
        struct buf message = { 0 };
        assert_int_equal(machine_follow(bench->node, "roster", &rig->arena, &wish), ERR_OK);
        struct feed_wish feed = { .cursor = *wish.cursor, .prefixes = wish.prefixes.at, .prefix_count = wish.prefixes.n,
                                  .reach = { .n = 1, .id = { rig->north } }, .entries = 1000, .bytes = 1 << 20 };
        assert_int_equal(machine_feed(rig->machine, &feed, &rig->arena, &message, &result), ERR_OK);
        struct input input = { .kind = INPUT_ENTRIES, .stream = "roster", .body = buf_bytes(&message) };
        assert_int_equal(machine_batch(bench->node, &input, 1, &rig->arena, &outcome), ERR_OK);
        assert_int_equal(outcome.kind, OUTCOME_TAKEN);
        buf_free(&message);
        more = !result.at_head;
    }
}

int bench_set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    void *rig;
    assert_int_equal(rig_set_up(&rig), 0);
    bench->rig = rig;
    bench->dir = toy_dir();
    bench->own = toy_principal(ROLE_SERVICE);
    bench->own.self = true;
    bench->local = toy_principal(ROLE_MUNICIPAL);
    bench->town = reaching(ROLE_MUNICIPAL, &bench->rig->north);
    write_settings(bench);
    bench_open(bench, 0);
    bench_follow(bench);
    *state = bench;
    return 0;
}

int bench_tear_down(void **state)
{
    struct bench *bench = *state;
    void *rig = bench->rig;
    bench_close(bench);
    toy_remove(bench->dir);
    free(bench);
    return rig_tear_down(&rig);
}

struct taking bench_taking(struct bench *bench)
{
    struct taking taking;
    assert_int_equal(taking_open(&taking, bench->intake.keys, bench->intake.config, &bench->rig->arena, day("2022-09-15")), ERR_OK);
    return taking;
}

struct outcome bench_enter(struct bench *bench, const struct node_enter *enter)
{
    uint8_t random[10] = { [5] = (uint8_t)(bench->rig->commands >> 8), [6] = (uint8_t)bench->rig->commands };
    bench->rig->commands++;
    return toy_command(bench->node, &bench->local, uuid_v7(bench->rig->time.wall / MOMENT_MS, random), "node.item.enter",
                       &node_enter_desc, enter, &bench->rig->arena);
}

struct node_status bench_status(struct bench *bench)
{
    static const struct nothing none;
    struct node_status now;
    struct outcome outcome = toy_ask(bench->node, &bench->local, "node.status.get", &nothing_desc, &none, &bench->rig->arena);
    assert_string_equal(toy_reason(&outcome, &bench->rig->arena), "");
    toy_decode(&node_status_desc, outcome.body, &now, &bench->rig->arena);
    return now;
}

static bool holds;
static void holding(const char *file, const struct trace *trace)
{
    print_message("%s: %s in %s\n", file, trace->form, trace->coding);
    holds = true;
}

bool bench_holds(struct bench *bench, const char *text)
{
    struct traces traces = { .arena = &bench->rig->arena };
    traces_add(&traces, text);
    holds = false;
    assert_true(traces_walk(&traces, arena_format(&bench->rig->arena, "%s/data", bench->dir), holding) > 0);
    return holds;
}

struct outcome bench_at_region(struct bench *bench, struct bytes body, unsigned number)
{
    struct rig *rig = bench->rig;
    uint8_t random[10] = { [4] = (uint8_t)(number >> 16), [5] = (uint8_t)(number >> 8), [6] = (uint8_t)number, [7] = 0x77 };
    struct input input = { .kind = INPUT_COMMAND, .who = bench->town, .command = uuid_v7(rig->time.wall / MOMENT_MS, random),
                           .method = "roster.worker.record", .body = body };
    struct outcome outcome;
    assert_int_equal(machine_batch(rig->machine, &input, 1, &rig->arena, &outcome), ERR_OK);
    return outcome;
}
