/* counting: all indicators again from the records, beside the same shares by SQL. */
#include "tests/bench/counting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/core/err.h"

#define MESSAGE 800             /* entries in one message */
#define TOPIC   "управление качеством образования"

/* ── forged journals ──────────────────────────────────────────────────────── */

struct forged { const char *stream; struct uuid journal; uint64_t number; struct fed at[MESSAGE]; uint32_t n; };
struct maker {
    struct machine *machine;
    struct made_region *region;
    struct forged roster, diagnostics, routes, programmes;
    struct arena arena;
    struct prng prng;
    FILE *rows[FACTS];
    uint64_t next;                          /* ids of routes, completions … */
};

static struct uuid id_of(uint8_t kind, uint64_t n)
{
    struct uuid id = { { kind, 0x11 } };

    for (int i = 15; i >= 8; i--, n >>= 8)
        id.b[i] = (uint8_t)n;
    return id;
}

static struct cursor cursor_at(struct maker *m, struct forged *forged, uint64_t number)
{
    struct cursor cursor = { .journal = forged->journal, .incarnation = forged->journal, .epoch = 1, .number = number };
    struct hash hash = hash_two(bytes_of(forged->stream), bytes(&number, sizeof number));

    if (number > 0)
        cursor.hash = arena_bytes(&m->arena, bytes(hash.b, sizeof hash.b));
    return cursor;
}

static void forged_flush(struct maker *m, struct forged *forged)
{
    if (forged->n == 0)
        return;
    struct cursor from = cursor_at(m, forged, forged->number - forged->n), to = cursor_at(m, forged, forged->number);
    const struct entries message = { .from = &from, .examined = &to, .head = forged->number, .list = { forged->n, forged->at } };
    const struct input input = { .kind = INPUT_ENTRIES, .stream = forged->stream,
                                 .body = msg_encode_in(&m->arena, &entries_desc, &message) };
    struct outcome outcome;

    int err = machine_batch(m->machine, &input, 1, &m->arena, &outcome);
    need(err == ERR_OK && outcome.kind == OUTCOME_TAKEN, "%s: %s: not taken", forged->stream, err_text(err));
    forged->n = 0;
}

static void flush_all(struct maker *m)
{
    forged_flush(m, &m->roster);
    forged_flush(m, &m->programmes);
    forged_flush(m, &m->diagnostics);
    forged_flush(m, &m->routes);
    arena_reset(&m->arena);
}

static void forge(struct maker *m, struct forged *forged, const char *event, const struct msg_desc *desc, const void *body)
{
    struct entry_cause cause = { .command = id_of(0xcc, forged->number) };
    const struct entry entry = { .number = forged->number + 1, .group = forged->number + 1, .last = true,
                                 .moment = MOMENT_SECOND, .event = event, .version = 1, .cause = &cause,
                                 .body = msg_encode_in(&m->arena, desc, body) };

    forged->at[forged->n++].stored = msg_encode_in(&m->arena, &entry_desc, &entry);
    forged->number++;
    m->region->facts++;
    if (forged->n == MESSAGE / 2)
        flush_all(m);
}

/* ── the region: units by number: 0 the region, 1 … towns, 900 the institute, 1000 … schools ── */

struct chain_of { struct uuid id[3]; uint32_t school, town; };

static struct chain_of chain_of(struct maker *m, uint32_t worker)
{
    uint32_t school = worker % m->region->schools, town = 1 + school % m->region->towns;

    return (struct chain_of){ { id_of('u', 1000 + school), id_of('u', town), id_of('u', 0) }, 1000 + school, town };
}

static void unit(struct maker *m, const char *code, int kind, struct uuid *chain, uint32_t n)
{
    const struct organisation body = { .id = chain[0], .code = code, .kind = kind, .title = code, .chain = { n, chain } };

    forge(m, &m->roster, "roster.organisation.registered", &organisation_desc, &body);
}

static void units(struct maker *m)
{
    struct uuid town[2] = { id_of('u', 0), id_of('u', 0) }, institute[2] = { id_of('u', 900), id_of('u', 0) };
    char code[20];

    unit(m, "70", ORG_REGION, town, 1);
    unit(m, "institute", ORG_INSTITUTE, institute, 2);
    for (uint32_t t = 1; t <= m->region->towns; t++) {
        snprintf(code, sizeof code, "t%u", t);
        town[0] = id_of('u', t);
        unit(m, code, ORG_MUNICIPALITY, town, 2);
    }
    for (uint32_t s = 0; s < m->region->schools; s++) {
        struct chain_of chain = chain_of(m, s);
        snprintf(code, sizeof code, "s%u", s);
        unit(m, code, ORG_SCHOOL, chain.id, 3);
    }
}

static void programmes(struct maker *m)
{
    for (uint32_t i = 0; i < m->region->programmes; i++) {
        const char *codes[] = { "K1" };
        struct programme body = { .id = id_of('p', i), .code = "p", .title = "p", .kind = PROGRAMME_DEVELOPMENT, .hours = 36,
                                  .competencies = { 1, codes }, .provider = id_of('u', 900), .provider_kind = ORG_INSTITUTE };
        struct run run = { .id = id_of('r', i), .programme = body.id, .provider_kind = ORG_INSTITUTE,
                           .day = day_of(COUNT_YEAR + (int)(i % COUNT_YEARS), 3, 1) };
        struct programme_included included = { .programme = body.id, .day = run.day - 30, .number = "1" };
        forge(m, &m->programmes, "programmes.programme.registered", &programme_desc, &body);
        forge(m, &m->programmes, "programmes.run.recorded", &run_desc, &run);
        fprintf(m->rows[F_PROGRAMME], "%u\t900\n", i);
        fprintf(m->rows[F_RUN], "%u\t%u\n", i, run.day);
        if (i % 2 == 0) {
            forge(m, &m->programmes, "programmes.programme.included", &programme_included_desc, &included);
            fprintf(m->rows[F_INCLUDED], "%u\t%u\n", i, included.day);
        }
    }
}

/* ── a worker's five years ────────────────────────────────────────────────── */

static void person_and_post(struct maker *m, uint32_t i, int kind, bool young, struct chain_of *chain)
{
    const uint8_t match[32] = { 1 };
    struct person_registered person = { .person = id_of('w', i), .sealed = bytes("x", 1), .match_code = bytes(match, 32),
                                        .match_name = bytes(match, 32) };
    struct post_opened post = { .post = id_of('o', i), .person = person.person, .chain = { 3, chain->id },
                                .organisation_kind = ORG_SCHOOL, .kind = kind, .title = "t", .main = true,
                                .from = day_of(2015 + (int)(i % 7), 9, 1) };

    struct band_span span = { BAND_YOUNG, young ? day_of(2019, 1, 1) : 0, young ? day_of(2022 + (int)(i % 6), 6, 1) : 0 };
    person.bands.n = young;
    person.bands.at = &span;
    if (i % 11 == 0)
        post.until = day_of(2023, 8, 31);
    forge(m, &m->roster, "roster.person.registered", &person_registered_desc, &person);
    forge(m, &m->roster, "roster.post.opened", &post_opened_desc, &post);
    fprintf(m->rows[F_PERSON], "%u\t%u\t%u\n", i, span.from, span.until);
    fprintf(m->rows[F_POST], "%u\t%d\t%u\t%u\t%u\t%u\n", i, kind, chain->school, chain->town, post.from, post.until);
}

static void completion(struct maker *m, uint32_t i, struct chain_of *chain, day_t day, uint64_t route, uint64_t programme, bool topic)
{
    const char *topics[] = { TOPIC };
    struct completion body = { .completion = id_of('c', m->next++), .programme = id_of('p', programme), .person = id_of('w', i),
                               .chain = { 3, chain->id }, .enrolled = day - 20, .day = day, .federal = programme % 2 == 0,
                               .kind = PROGRAMME_DEVELOPMENT, .topics = { topic, topics }, .document = "d" };

    if (route != 0)
        body.route = id_of('m', route);
    forge(m, &m->programmes, "programmes.completion.recorded", &completion_desc, &body);
    fprintf(m->rows[F_COMPLETION], "%u\t%u\t%u\t%u\t%d\t%llu\t%d\n", i, day, chain->school, chain->town, body.federal,
            (unsigned long long)route, topic);
}

static void diagnosed(struct maker *m, uint32_t i, struct chain_of *chain, int year)
{
    struct share share = { .competency = "K1", .got = 1, .of = 4, .deficit = true };
    day_t day = day_of(year, 2, 1) + (day_t)prng_below(&m->prng, 60);
    uint64_t number = m->next++, programme = prng_below(&m->prng, m->region->programmes);
    struct uuid programme_id = id_of('p', programme);
    struct sitting_scored scored = { .sitting = id_of('s', number), .procedure = id_of('q', 1), .person = id_of('w', i),
                                     .chain = { 3, chain->id }, .owner_kind = ORG_CENTRE, .day = day, .ends = day,
                                     .shares = { 1, &share } };
    struct route_moved moved = { .route = id_of('m', number), .person = id_of('w', i), .chain = { 3, chain->id },
                                 .owner_kind = ORG_CENTRE, .day = day + 10, .programmes = { 1, &programme_id } };

    forge(m, &m->diagnostics, "diagnostics.sitting.scored", &sitting_scored_desc, &scored);
    fprintf(m->rows[F_SITTING], "%u\t%u\t%u\t%u\n", i, day, chain->school, chain->town);
    if (prng_below(&m->prng, 10) >= 8)
        return;
    forge(m, &m->routes, "routes.route.agreed", &route_moved_desc, &moved);
    fprintf(m->rows[F_ROUTE], "%llu\t%u\t%u\t%u\t%u\n", (unsigned long long)number, i, moved.day, chain->school, chain->town);
    if (prng_below(&m->prng, 2) == 0)
        completion(m, i, chain, day + 100, number, programme, false);
}

static void supported(struct maker *m, uint32_t i, struct chain_of *chain, int year)
{
    struct support body = { .support = id_of('h', m->next++), .person = id_of('w', i), .chain = { 3, chain->id }, .form = "f",
                            .day = day_of(year, 10, 1) };

    forge(m, &m->routes, "routes.support.recorded", &support_desc, &body);
    fprintf(m->rows[F_SUPPORT], "%u\t%u\t%u\t%u\n", i, body.day, chain->school, chain->town);
}

static void worker(struct maker *m, uint32_t i)
{
    struct chain_of chain = chain_of(m, i);
    uint32_t in_school = i / m->region->schools;
    int kind = in_school == 0 ? POST_HEAD : in_school <= 2 ? POST_DEPUTY : POST_EDUCATOR;
    bool young = kind == POST_EDUCATOR && prng_below(&m->prng, 8) == 0;

    person_and_post(m, i, kind, young, &chain);
    for (int year = COUNT_YEAR; year < COUNT_YEAR + COUNT_YEARS; year++) {
        if (prng_below(&m->prng, 5) == 0)
            diagnosed(m, i, &chain, year);
        if (kind != POST_EDUCATOR && prng_below(&m->prng, 10) < 7)
            completion(m, i, &chain, day_of(year, 11, 1), 0, prng_below(&m->prng, m->region->programmes), true);
        if (young && prng_below(&m->prng, 3) == 0)
            supported(m, i, &chain, year);
    }
}

/* ── made ─────────────────────────────────────────────────────────────────── */

static void rows_open(struct maker *m)
{
    char file[340];

    for (int i = 0; i < FACTS; i++) {
        snprintf(file, sizeof file, "%s/%d", m->region->rows, i);
        m->rows[i] = fopen(file, "w");
        need(m->rows[i] != NULL, "%s cannot be written", file);
    }
}

static void rows_close(struct maker *m)
{
    for (int i = 0; i < FACTS; i++)
        need(fclose(m->rows[i]) == 0, "rows cannot be written");
}

static struct forged forged_of(const char *stream)
{
    return (struct forged){ .stream = stream, .journal = uuid_derive("forged", bytes_of(stream)) };
}

struct machine *region_make(struct bench *bench, struct made_region *region, const char *dir)
{
    struct maker *m = calloc(1, sizeof *m);
    char says[400] = "";
    double begun = bench_now();

    need(m != NULL, "out of memory");
    snprintf(region->profile, sizeof region->profile, "%s/five-years.yaml", bench->dir);
    snprintf(region->rows, sizeof region->rows, "%s/rows", bench->dir);
    bench_shell("mkdir -p '%s' && sed -e 's/^last_year: .*/last_year: %d/' -e 's/\"70000000-1233-8000-8021-071500000070\"/"
                "\"75110000-0000-0000-0000-000000000000\"/' '%s/config/regions/tomsk.yaml' > '%s' && cp '%s/config/posts.yaml' '%s'",
                region->rows, COUNT_YEAR + COUNT_YEARS - 1, bench->source, region->profile, bench->source, bench->dir);
    const struct machine_options options = { .dir = dir, .profile = region->profile, .clock = CLOCK_SYSTEM,
                                             .random = RANDOM_SYSTEM, .no_sync = true, .says = says };
    need(machine_open(&m->machine, &indicators_service, &options) == ERR_OK, "indicators: %s", says);
    *m = (struct maker){ .machine = m->machine, .region = region, .roster = forged_of("roster"), .arena.keep = 4 << 20,
                         .diagnostics = forged_of("diagnostics"), .routes = forged_of("routes"),
                         .programmes = forged_of("programmes"), .next = 1 };
    prng_seed(&m->prng, 7);
    rows_open(m);
    units(m);
    programmes(m);
    for (uint32_t i = 0; i < region->workers; i++)
        worker(m, i);
    flush_all(m);
    rows_close(m);
    struct machine *machine = m->machine;
    arena_free(&m->arena);
    free(m);
    bench_say("%llu facts followed: %.0f a second", (unsigned long long)region->facts, (double)region->facts / (bench_now() - begun));
    return machine;
}

/* One page of the values of a level added up, by the place of the indicator in the profile. */
static struct bytes sums_page(struct machine *machine, const struct values_of *of, struct arena *arena, double sum[INDICATORS])
{
    const struct principal who = { .role = ROLE_OPERATOR, .reach.all = true, .name = "bench" };
    struct value_list list;
    struct outcome outcome;
    struct msg_error error;

    machine_query(machine, &who, "indicators.value.list", msg_encode_in(arena, &values_of_desc, of), NULL, 0, arena, &outcome);
    need(outcome.kind == OUTCOME_REPLY
         && msg_decode(&value_list_desc, outcome.body, MSG_LENIENT, arena, &list, &error) == ERR_OK, "no values");
    for (uint32_t i = 0; i < list.rows.n; i++) {
        long at = strtol(list.rows.at[i].indicator, NULL, 10) - 1;
        need(at >= 0 && at < INDICATORS, "an indicator of another profile: %s", list.rows.at[i].indicator);
        sum[at] += (double)list.rows.at[i].numerator + (double)list.rows.at[i].denominator;
    }
    return list.next;
}

void region_sums(struct machine *machine, double sum[INDICATORS])
{
    memset(sum, 0, INDICATORS * sizeof *sum);
    for (int level = 0; level < level_count; level++) {
        struct values_of of = { .level = level, .limit = 1000 };
        uint8_t after[511];
        do {
            struct arena arena = { 0 };
            struct bytes next = sums_page(machine, &of, &arena, sum);
            memcpy(after, next.at, next.n);
            of.after = bytes(after, next.n);
            arena_free(&arena);
        } while (of.after.n != 0);
    }
}

/* ── the row ──────────────────────────────────────────────────────────────── */

static double recounted(struct machine *machine, struct recount *recount)
{
    const struct principal who = { .role = ROLE_OPERATOR, .reach.all = true, .name = "bench" };
    struct arena arena = { 0 };
    struct outcome outcome;
    struct msg_error error;
    double begun = bench_now();

    machine_query(machine, &who, "indicators.value.recount", bytes(NULL, 0), NULL, 0, &arena, &outcome);
    double took = bench_now() - begun;
    need(outcome.kind == OUTCOME_REPLY
         && msg_decode(&recount_desc, outcome.body, MSG_LENIENT, &arena, recount, &error) == ERR_OK, "no recount");
    need(recount->differences == 0, "%llu differences", (unsigned long long)recount->differences);
    arena_free(&arena);
    return took;
}

static void compare(struct bench *bench, struct line *line, struct machine *machine, struct sql *sql)
{
    double ours[INDICATORS], theirs[INDICATORS];
    struct recount recount;

    recounted(machine, &recount);
    for (uint32_t i = 0; i < bench->pairs; i++) {
        double took = recounted(machine, &recount) * 1e3;
        if (sql != NULL)
            line_pair(line, took, sql_count(sql, theirs) * 1e3);
        else
            series_add(&line->ours, took);
    }
    region_sums(machine, ours);
    for (int i = 0; i < INDICATORS && sql != NULL; i++)
        need(fabs(ours[i] - theirs[i]) < 0.5, "indicator %d: ours %.0f, by SQL %.0f", i + 1, ours[i], theirs[i]);
}

void row_recount(struct bench *bench)
{
    struct made_region region = { .workers = bench->quick ? 10000 : 100000, .schools = bench->quick ? 100 : 1000, .towns = 20,
                                  .programmes = 200 };
    struct line *line = line_new(bench, "all indicators recounted in memory", "ms", "the same shares by SQL in PostgreSQL, warm");
    char dir[300], why[200] = "";

    line->goal[0] = (struct goal){ RATIO_AT_MOST, 3 };
    snprintf(dir, sizeof dir, "%s/counted", bench->dir);
    struct machine *machine = region_make(bench, &region, dir);
    struct sql *sql = sql_open(bench, &region, why);
    compare(bench, line, machine, sql);
    if (sql == NULL)
        line->goal[0].kind = GOAL_NONE;
    line_note(line, "%u workers x %d years, %llu facts, six indicators, %u units; %s%s", region.workers, COUNT_YEARS,
              (unsigned long long)region.facts, region.schools + region.towns + 2,
              sql != NULL ? "both agree in every sum" : "NO PostgreSQL to compare with: ", why);
    sql_close(&sql);
    machine_close(&machine);
}
