/* search: the first page of people found by words of their names, of 100,000, against a bare reading of their rows: what a
 * search without an index would have to do at the least, before it opens any of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/err.h"
#include "common/service/errand.h"
#include "common/service/vault.h"
#include "proto/roster.h"
#include "proto/roster_search.h"
#include "services/roster/state.h"
#include "tests/bench/site.h"

#define PEOPLE     100000u
#define AT_ONCE    500
#define EACH       20           /* searches in one measurement */
#define NAMES_ROW  1            /* the errand that keeps the index, in services/roster/main.c */

struct people { struct site *site; struct machine *machine; struct arena arena; struct uuid school; bool school_asks; };

static struct outcome *send(struct people *people, struct input *input, struct outcome *outcome, uint32_t n)
{
    arena_reset(&people->arena);
    for (uint32_t i = 0; i < n; i++) {
        input[i].kind = INPUT_COMMAND;
        input[i].command = uuid_new();
        input[i].who = (struct principal){ .role = ROLE_CENTRE, .reach.all = !people->school_asks, .name = "bench", .id = people->site->region };
        input[i].who.reach.n = people->school_asks;
        input[i].who.reach.id[0] = people->school;
    }
    need(machine_batch(people->machine, input, n, &people->arena, outcome) == ERR_OK, "a batch");
    for (uint32_t i = 0; i < n; i++)
        if (outcome[i].kind != OUTCOME_REPLY) {
            struct problem problem = { .reason = "?" };
            struct msg_error error;
            msg_decode(&problem_desc, outcome[i].body, MSG_LENIENT, &people->arena, &problem, &error);
            need(false, "%s: %s", input[i].method, problem.reason);
        }
    return outcome;
}

static struct uuid organisation(struct people *people, const char *code, int kind, const struct uuid *id)
{
    struct organisation_register body = { .code = code, .kind = kind, .title = code };
    struct arena arena = { 0 };
    struct outcome outcome;

    if (kind == ORG_REGION)
        body.id = *id;
    else
        body.parent = *id;
    struct input input = { .method = "roster.organisation.register", .body = msg_encode_in(&arena, &organisation_register_desc, &body) };
    struct registered registered;
    struct msg_error error;
    send(people, &input, &outcome, 1);
    need(msg_decode(&registered_desc, outcome.body, MSG_LENIENT, &arena, &registered, &error) == ERR_OK, "no id");
    arena_free(&arena);
    return registered.id;
}

/* Names as frequent as they are: a dozen given names for all, a thousand families. */
static void worker(uint32_t i, struct arena *arena, struct input *input)
{
    static const char *const GIVEN[12] = { "Анна", "Елена", "Ольга", "Наталья", "Татьяна", "Ирина", "Светлана", "Марина", "Юлия",
                                           "Сергей", "Александр", "Дмитрий" };
    static const char *const FIRST[10] = { "Ко", "Ма", "По", "Ку", "Бе", "Со", "Ива", "Ан", "Шу", "Ро" };
    static const char *const PART[10] = { "вале", "роми", "мино", "лени", "нуко", "коре", "таро", "сима", "боро", "дину" };
    struct worker_record body = {
        .code = arena_format(arena, "w%u", i), .given = GIVEN[i % 12], .patronymic = i % 12 < 9 ? "Сергеевна" : "Иванович",
        .family = arena_format(arena, "%s%s%s%s", FIRST[i / 12 % 10], PART[i / 120 % 10], PART[i / 1200 % 10], i % 12 < 9 ? "ва" : "в"),
        .born = arena_format(arena, "19%02u-%02u-%02u", 55 + i / 12000 % 45, 1 + i / 997 % 12, 1 + i % 28),
        .organisation = arena_format(arena, "s-%u", (i + i / 12) % SCHOOLS), .post = "учитель", .from = day_of(2020, 9, 1) };

    *input = (struct input){ .method = "roster.worker.record", .body = msg_encode_in(arena, &worker_record_desc, &body) };
}

static void people_fill(struct people *people, uint32_t n)
{
    static struct input input[AT_ONCE];
    static struct outcome outcome[AT_ONCE];
    struct arena arena = { .keep = 1 << 20 };
    char code[20];

    organisation(people, "70", ORG_REGION, &people->site->region);
    for (int i = 0; i < SCHOOLS; i++) {
        snprintf(code, sizeof code, "s-%d", i);
        people->school = organisation(people, code, ORG_SCHOOL, &people->site->region);
    }
    for (uint32_t i = 0; i < n; i += AT_ONCE) {
        uint32_t some = n - i < AT_ONCE ? n - i : AT_ONCE;
        for (uint32_t k = 0; k < some; k++)
            worker(i + k, &arena, &input[k]);
        send(people, input, outcome, some);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

/* Seconds until everybody can be found. */
static double index_build(struct people *people)
{
    static const struct errand_world world = { .submit = errand_submit_direct };
    struct errand names;
    double begun = bench_now();

    errand_start(&names, people->machine, NAMES_ROW, &world);
    while (errand_step(&names, CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self)) == 0) { }
    errand_end(&names);
    return bench_now() - begun;
}

/* Every row of a person read, and every byte of it looked at. */
static double rows_read(struct people *people, uint32_t n)
{
    struct bytes key, value;
    struct scan scan;
    struct txn txn;
    uint32_t rows = 0;
    uint64_t sum = 0;
    double begun = bench_now();

    txn_begin(&txn, machine_store(people->machine), TXN_READ);
    scan_begin(&scan, &txn, T_PERSONS, bytes("", 0));
    while (scan_next(&scan, &key, &value)) {
        for (size_t i = 0; i + sizeof sum <= value.n; i += sizeof sum) {
            uint64_t word;
            memcpy(&word, (const uint8_t *)value.at + i, sizeof word);
            sum += word;
        }
        rows++;
    }
    scan_end(&scan);
    need(txn_end(&txn) == ERR_OK && rows == n && sum != 1, "the table of persons");
    return bench_now() - begun;
}

/* The median of some searches, each an entry with its own commit; all of them go into `all`. */
static double first_page(struct people *people, const char *words, struct series *all)
{
    const struct person_search ask = { .words = { 1, (const char *[]){ words } }, .purpose = "bench" };
    struct arena arena = { 0 };
    struct bytes body = msg_encode_in(&arena, &person_search_desc, &ask);
    struct series these = { 0 };

    for (int i = 0; i < EACH; i++) {
        struct input input = { .method = "roster.person.search", .body = body };
        struct people_found found = { 0 };
        struct msg_error error;
        struct outcome outcome;
        double begun = bench_now();
        send(people, &input, &outcome, 1);
        double took = (bench_now() - begun) * 1e3;
        series_add(&these, took);
        series_add(all, took);
        need(msg_decode(&people_found_desc, outcome.body, MSG_LENIENT, &people->arena, &found, &error) == ERR_OK && found.rows.n > 0,
             "nobody is found by %s", words);
    }
    double median = series_quantile(&these, 0.5);
    arena_free(&arena);
    series_free(&these);
    return median;
}

static void line_measure(struct bench *bench, struct people *people, uint32_t n, const char *what, const char *words)
{
    struct line *line = line_new(bench, what, "ms", "a bare reading of the same people's rows");
    struct series all = { 0 };

    line->goal[0] = (struct goal){ OURS_BELOW, 20 };
    for (uint32_t i = 0; i < bench->pairs; i++) {
        double ours = first_page(people, words, &all);
        line_pair(line, ours, rows_read(people, n) * 1e3);
    }
    line_note(line, "«%s», of %u people; entry, sync and answer included; p90 %.1f ms, most %.1f ms of %u", words, n,
              series_quantile(&all, 0.9), series_quantile(&all, 1), all.n);
    series_free(&all);
}

void row_search(struct bench *bench)
{
    struct people people = { .site = bench_site(bench), .arena = { .keep = 4 << 20 } };
    uint32_t n = bench->quick ? PEOPLE / 5 : PEOPLE;
    char dir[300], key[300], says[400] = "";

    snprintf(dir, sizeof dir, "%s/people", bench->dir);
    snprintf(key, sizeof key, "%s/people.key", bench->dir);
    need(vault_master_new(key) == ERR_OK, "no key");
    struct machine_options options = { .dir = dir, .profile = people.site->profile, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM,
                                       .master_key_file = key, .no_sync = true, .unlocked = true, .says = says };
    need(machine_open(&people.machine, &roster_service, &options) == ERR_OK, "people: %s", says);
    people_fill(&people, n);
    machine_close(&people.machine);
    options.no_sync = false;
    need(machine_open(&people.machine, &roster_service, &options) == ERR_OK, "people: %s", says);
    struct line *built = line_new(bench, "the index of names built at the start", "ms", "a bare reading of the same people's rows");
    line_pair(built, index_build(&people) * 1e3, rows_read(&people, n) * 1e3);
    line_measure(bench, &people, n, "first page by a whole family", "ивавалероми");
    line_measure(bench, &people, n, "first page by two letters and a given name", "ив анна");
    line_measure(bench, &people, n, "first page by a given name", "елена");
    line_measure(bench, &people, n, "first page by what most have in common", "сергеевна");
    people.school_asks = true;
    line_measure(bench, &people, n, "the same given name, asked by one of a hundred schools", "елена");
    machine_close(&people.machine);
    arena_free(&people.arena);
    bench_shell("rm -rf '%s'", dir);
}
