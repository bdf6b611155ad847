/* fill: a region by its own commands: organisations, workers, an instrument of the day, programmes, open
 * sittings; and saves by the million. */
#include "tests/bench/site.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/core/err.h"

#define AT_ONCE 500             /* commands in one batch */
#define TOWNS   10

/* ── commands in batches ──────────────────────────────────────────────────── */

struct bulk {
    struct site *site;
    int service;
    struct arena arena;
    struct input input[AT_ONCE];
    struct outcome outcome[AT_ONCE];
    uint32_t n;
    void (*each)(struct bulk *bulk, const struct outcome *outcome);     /* in order; may be NULL */
    uint32_t done;
};

static void bulk_flush(struct bulk *bulk)
{
    struct problem problem = { .reason = "?" };
    struct msg_error error;

    if (bulk->n == 0)
        return;
    int err = machine_batch(site_machine(bulk->site, bulk->service), bulk->input, bulk->n, &bulk->arena, bulk->outcome);
    need(err == ERR_OK, "a batch: %s", err_text(err));
    for (uint32_t i = 0; i < bulk->n; i++) {
        if (bulk->outcome[i].kind != OUTCOME_REPLY)
            msg_decode(&problem_desc, bulk->outcome[i].body, MSG_LENIENT, &bulk->arena, &problem, &error);
        need(bulk->outcome[i].kind == OUTCOME_REPLY, "%s: %s", bulk->input[i].method, problem.reason);
        if (bulk->each != NULL)
            bulk->each(bulk, &bulk->outcome[i]);
        bulk->done++;
    }
    bulk->n = 0;
    arena_reset(&bulk->arena);
}

static void bulk_put(struct bulk *bulk, int role, const char *method, struct bytes body)
{
    struct input *input = &bulk->input[bulk->n++];

    *input = (struct input){ .kind = INPUT_COMMAND, .command = uuid_new(), .method = method, .body = body };
    input->who = (struct principal){ .role = role, .reach.all = true, .name = "bench" };
    input->who.id = uuid_derive("bench", bytes(&role, sizeof role));
    if (bulk->n == AT_ONCE)
        bulk_flush(bulk);
}

static struct uuid made;

static void keep_made(struct bulk *bulk, const struct outcome *outcome)
{
    struct registered registered;
    struct msg_error error;

    need(msg_decode(&registered_desc, outcome->body, MSG_LENIENT, &bulk->arena, &registered, &error) == ERR_OK, "no id");
    made = registered.id;
}

/* One command that makes one thing. */
static struct uuid make(struct site *site, int service, const char *method, const struct msg_desc *takes, const void *body)
{
    static struct bulk bulk;

    bulk = (struct bulk){ .site = site, .service = service, .each = keep_made };
    bulk_put(&bulk, ROLE_CENTRE, method, msg_encode_in(&bulk.arena, takes, body));
    bulk_flush(&bulk);
    arena_free(&bulk.arena);
    return made;
}

/* ── roster ───────────────────────────────────────────────────────────────── */

static struct uuid organisation(struct site *site, const char *code, int kind, const struct uuid *parent, const struct uuid *id)
{
    struct organisation_register body = { .code = code, .kind = kind, .title = code };

    if (parent != NULL)
        body.parent = *parent;
    if (id != NULL)
        body.id = *id;
    return make(site, P_ROSTER, "roster.organisation.register", &organisation_register_desc, &body);
}

static void organisations(struct site *site)
{
    char code[40];

    organisation(site, "70", ORG_REGION, NULL, &site->region);
    site->centre = organisation(site, "centre", ORG_CENTRE, &site->region, NULL);
    site->institute = organisation(site, "institute", ORG_INSTITUTE, &site->region, NULL);
    for (int t = 0; t < TOWNS; t++) {
        snprintf(code, sizeof code, "town-%d", t);
        struct uuid town = organisation(site, code, ORG_MUNICIPALITY, &site->region, NULL);
        for (int s = 0; s < SCHOOLS / TOWNS; s++) {
            snprintf(code, sizeof code, "school-%d", t * (SCHOOLS / TOWNS) + s);
            organisation(site, code, ORG_SCHOOL, &town, NULL);
        }
    }
}

static void keep_person(struct bulk *bulk, const struct outcome *outcome)
{
    struct worker_recorded recorded;
    struct msg_error error;

    need(msg_decode(&worker_recorded_desc, outcome->body, MSG_LENIENT, &bulk->arena, &recorded, &error) == ERR_OK, "no id");
    bulk->site->person[bulk->done] = recorded.person;
}

/* Nobody has the same name and birthday as another: that would be one person with two posts. */
static void workers(struct site *site)
{
    static const char *const PART[10] = { "ва", "ро", "ми", "ле", "ну", "ко", "та", "си", "бо", "ди" };
    static struct bulk bulk;

    site->person = calloc(site->persons, sizeof *site->person);
    need(site->person != NULL, "out of memory");
    bulk = (struct bulk){ .site = site, .service = P_ROSTER, .each = keep_person };
    for (uint32_t i = 0; i < site->persons; i++) {
        char code[20], family[80], born[11], school[20];
        snprintf(code, sizeof code, "w%u", i);
        snprintf(school, sizeof school, "school-%u", i % SCHOOLS);
        snprintf(born, sizeof born, "19%02u-%02u-%02u", 60 + i % 35, 1 + i % 12, 1 + i % 28);
        snprintf(family, sizeof family, "И%s%s%s%s%s", PART[i % 10], PART[i / 10 % 10], PART[i / 100 % 10],
                 PART[i / 1000 % 10], PART[i / 10000 % 10]);
        struct worker_record body = { .code = code, .family = family, .given = "Анна", .born = born, .organisation = school,
                                      .post = "учитель", .from = day_of(2015, 9, 1) };
        bulk_put(&bulk, ROLE_CENTRE, "roster.worker.record", msg_encode_in(&bulk.arena, &worker_record_desc, &body));
    }
    bulk_flush(&bulk);
    arena_free(&bulk.arena);
}

/* ── materials ────────────────────────────────────────────────────────────── */

static const char *const CODE[] = { "K1", "K2", "K3", "K4" };

static struct uuid instrument(struct site *site)
{
    static const char *options[] = { "да", "нет", "не знаю", "иногда" };
    struct competency competency[4];
    struct task task[SAVE_TASKS];
    uint64_t key[] = { 1 };

    for (int i = 0; i < 4; i++)
        competency[i] = (struct competency){ .code = CODE[i], .title = "Компетенция" };
    struct framework framework = { .code = "F", .title = "Рамка", .competencies = { 4, competency } };
    for (uint32_t i = 0; i < SAVE_TASKS; i++)
        task[i] = (struct task){ .number = i + 1, .kind = TASK_SINGLE, .competency = CODE[i % 4], .text = "Верно ли?",
                                 .options = { 4, options }, .key = { 1, key }, .points = 1 };
    struct instrument body = { .code = "I", .title = "Работа", .minutes = 1440, .cut_percent = 60, .tasks = { SAVE_TASKS, task } };
    body.framework = make(site, P_DIAGNOSTICS, "diagnostics.framework.publish", &framework_desc, &framework);
    return make(site, P_DIAGNOSTICS, "diagnostics.instrument.publish", &instrument_desc, &body);
}

static void materials(struct site *site)
{
    day_t today = day_of_moment(CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self), machine_zone(site_machine(site, P_DIAGNOSTICS)));
    struct procedure procedure = { .code = "P", .title = "Осень", .instrument = instrument(site), .owner = site->centre,
                                   .opens = today - 10, .closes = today + 10 };

    site->procedure = make(site, P_DIAGNOSTICS, "diagnostics.procedure.open", &procedure_desc, &procedure);
    for (uint32_t i = 0; i < 40; i++) {
        const char *codes[] = { CODE[i % 4], CODE[(i + 1 + i / 4) % 4] };
        char code[20];
        snprintf(code, sizeof code, "DPP-%u", i);
        struct programme programme = { .code = code, .title = "Программа", .kind = PROGRAMME_DEVELOPMENT, .hours = 16 + i,
                                       .competencies = { codes[0] == codes[1] ? 1 : 2, codes }, .provider = site->institute };
        make(site, P_PROGRAMMES, "programmes.programme.register", &programme_desc, &programme);

    }
}

/* ── sittings ─────────────────────────────────────────────────────────────── */

static void keep_sitting(struct bulk *bulk, const struct outcome *outcome)
{
    struct sitting_begun begun;
    struct msg_error error;

    need(msg_decode(&sitting_begun_desc, outcome->body, MSG_LENIENT, &bulk->arena, &begun, &error) == ERR_OK, "no id");
    bulk->site->sitting[bulk->done] = begun.sitting;
}

static void sittings(struct site *site)
{
    static struct bulk bulk;

    bulk = (struct bulk){ .site = site, .service = P_DIAGNOSTICS, .each = keep_sitting };
    for (uint32_t i = 0; i < SITTINGS; i++) {
        struct sitting_start start = { site->procedure, site->person[i] };
        bulk_put(&bulk, ROLE_WORKER, "diagnostics.sitting.start", msg_encode_in(&bulk.arena, &sitting_start_desc, &start));
    }
    bulk_flush(&bulk);
    arena_free(&bulk.arena);
}

struct bytes save_body(struct site *site, uint64_t n, struct arena *arena)
{
    uint64_t chosen = 1 + n / 7 % 4;
    struct answer answer[SAVE_ANSWERS];

    for (uint32_t i = 0; i < SAVE_ANSWERS; i++)
        answer[i] = (struct answer){ .task = 1 + (n + i) % SAVE_TASKS, .chosen = { 1, &chosen } };
    struct sitting_save save = { site->sitting[n % SITTINGS], { SAVE_ANSWERS, answer } };
    return msg_encode_in(arena, &sitting_save_desc, &save);
}

static void entry_measure(struct site *site, struct machine *machine)
{
    struct bytes key, value = { 0 };
    struct txn txn;

    txn_begin(&txn, machine_store(machine), TXN_READ);
    need(txn_last(&txn, TABLE_ENTRIES, &key, &value), "no entry");
    site->entry_bytes = value.n;
    txn_end(&txn);
}

void site_grow(struct site *site, uint64_t entries)
{
    static struct bulk bulk;
    double begun = bench_now();

    site_stop_all(site);
    struct machine *machine = site_machine(site, P_DIAGNOSTICS);
    uint64_t from = machine_head(machine);
    bulk = (struct bulk){ .site = site, .service = P_DIAGNOSTICS, .arena.keep = 4 << 20 };
    while (machine_head(machine) + bulk.n < entries)
        bulk_put(&bulk, ROLE_WORKER, "diagnostics.sitting.save", save_body(site, site->saves++, &bulk.arena));
    bulk_flush(&bulk);
    arena_free(&bulk.arena);
    entry_measure(site, machine);
    if (entries > from)
        bench_say("%llu saves in this process without syncs: %.0f a second", (unsigned long long)(entries - from),
                  (double)(entries - from) / (bench_now() - begun));
    site_release(site);
}

/* ── followers ────────────────────────────────────────────────────────────── */

uint64_t site_follow(struct machine *from, struct machine *to, struct arena *arena)
{
    const char *stream = machine_service(from)->name;
    struct buf message = { 0 };
    uint64_t taken = 0;

    for (bool more = true; more; taken++) {
        struct feed_result result;
        struct outcome outcome;
        struct follow follow;
        need(machine_follow(to, stream, arena, &follow) == ERR_OK, "%s is not followed", stream);
        const struct feed_wish wish = { .cursor = *follow.cursor, .prefixes = follow.prefixes.at, .reach.all = true,
                                        .prefix_count = follow.prefixes.n, .entries = follow.entries, .bytes = follow.bytes };
        buf_clear(&message);
        need(machine_feed(from, &wish, arena, &message, &result) == ERR_OK, "%s does not feed", stream);
        struct input input = { .kind = INPUT_ENTRIES, .stream = stream, .body = buf_bytes(&message) };
        need(machine_batch(to, &input, 1, arena, &outcome) == ERR_OK && outcome.kind == OUTCOME_TAKEN, "%s was not taken", stream);
        more = result.cursor.number != wish.cursor.number && !result.at_head;
        arena_reset(arena);
    }
    buf_free(&message);
    return taken;
}

static void follow_all(struct site *site)
{
    struct arena arena = { .keep = 1 << 20 };

    for (int to = 0; to < P_SERVICES; to++)
        for (uint32_t i = 0; i < machine_streams(site_machine(site, to)); i++)
            for (int from = 0; from < P_SERVICES; from++)
                if (strcmp(SITE_SERVICE[from]->name, machine_stream(site_machine(site, to), i)) == 0)
                    site_follow(site_machine(site, from), site_machine(site, to), &arena);
    arena_free(&arena);
}

void site_fill(struct site *site)
{
    site->persons = site->bench->quick ? 4000 : 20000;
    bench_say("a region of %u workers", site->persons);
    organisations(site);
    workers(site);
    follow_all(site);
    materials(site);
    sittings(site);
    follow_all(site);
}
