/* chain: from a submitted sitting to a drafted route, and from an agreed route to the indicator, through four
 * daemons, under the load of a busy day. One loop plays all the people: sends are due at their moments, whether
 * earlier answers have come or not. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/core/err.h"
#include "tests/bench/raw.h"

#define SAVES_A_SECOND   700
#define SUBMITS_A_SECOND 20

struct item { struct uuid sitting, route; double submitted, drafted, agreed, visible; struct chain *chain; };

struct chain {
    struct site *site;
    struct client *saves, *submits, *drafts, *agrees, *values;
    struct item *item; uint32_t n, sent, drafted, visible;
    uint64_t saved, problems;
    struct arena arena;
};

static void check(struct chain *chain, const struct client_reply *reply)
{
    if (reply->err != ERR_OK || reply->problem != NULL) {
        bench_say("failed: %s", reply->problem != NULL ? reply->problem->reason : err_text(reply->err));
        chain->problems++;
    }
}

static void send_one(struct client *client, const char *method, bool command, struct bytes body, const struct position *after,
                     void *tag)
{
    const struct client_request request = { .method = method, .body = body, .command = command ? uuid_new() : UUID_NIL,
                                            .after = after, .after_count = after != NULL };

    need(client_send(client, &request, tag) == ERR_OK, "%s: the window is full: what is sent does not come back", method);
}

/* ── what comes back ──────────────────────────────────────────────────────── */

static void started(void *arg, void *tag, const struct client_reply *reply)
{
    struct chain *chain = arg;
    struct item *item = tag;
    struct sitting_begun begun;
    struct msg_error error;

    check(chain, reply);
    need(reply->err == ERR_OK && reply->problem == NULL
         && msg_decode(&sitting_begun_desc, reply->body, MSG_LENIENT, &chain->arena, &begun, &error) == ERR_OK, "no sitting");
    item->sitting = begun.sitting;
    item->route = uuid_derive("route", bytes(begun.sitting.b, sizeof begun.sitting.b));
}

static void answered(void *arg, void *tag, const struct client_reply *reply)
{
    (void)tag;
    check(arg, reply);
}

static void seen(void *arg, void *tag, const struct client_reply *reply)
{
    struct chain *chain = arg;

    check(chain, reply);
    ((struct item *)tag)->visible = bench_now();
    chain->visible++;
}

/* Agreed: who asks for the indicator says what the answer depends on. */
static void agreed(void *arg, void *tag, const struct client_reply *reply)
{
    struct chain *chain = arg;
    const struct values_of of = { .indicator = "2" };

    check(chain, reply);
    need(reply->has_position, "an answer without a position");
    send_one(chain->values, "indicators.value.list", false, msg_encode_in(&chain->arena, &values_of_desc, &of),
             &reply->position, tag);
}

static void agree(struct chain *chain, struct item *item)
{
    const struct route_move move = { item->route };

    item->agreed = bench_now();
    send_one(chain->agrees, "routes.route.agree", true, msg_encode_in(&chain->arena, &route_move_desc, &move), NULL, item);
}

static void draft_seen(struct chain *chain, const struct fed *fed)
{
    struct route_drafted draft;
    struct entry entry;
    struct msg_error error;

    need(msg_decode(&entry_desc, fed->stored, MSG_LENIENT, &chain->arena, &entry, &error) == ERR_OK
         && msg_decode(&route_drafted_desc, entry.body, MSG_LENIENT, &chain->arena, &draft, &error) == ERR_OK, "a draft");
    for (uint32_t i = 0; i < chain->sent; i++)
        if (uuid_equal(&chain->item[i].route, &draft.route)) {
            chain->item[i].drafted = bench_now();
            chain->drafted++;
            agree(chain, &chain->item[i]);
        }
}

static void drafts_take(struct chain *chain, int wait_ms)
{
    const struct problem *problem;
    struct client_entries got;

    while (client_entries(chain->drafts, wait_ms, &chain->arena, &got, &problem) == ERR_OK) {
        for (uint32_t i = 0; i < got.n; i++)
            draft_seen(chain, &got.list[i]);
        client_committed(chain->drafts);
    }
}

/* ── the people ───────────────────────────────────────────────────────────── */

static void sittings_start(struct chain *chain)
{
    for (uint32_t i = 0; i < chain->n; i++) {
        const struct sitting_start start = { chain->site->procedure,
                                             chain->site->person[SITTINGS + i % (chain->site->persons - SITTINGS)] };
        while (client_outstanding(chain->submits) >= 64)
            client_poll(chain->submits, 1000, started, chain);
        send_one(chain->submits, "diagnostics.sitting.start", true,
                 msg_encode_in(&chain->arena, &sitting_start_desc, &start), NULL, &chain->item[i]);
    }
    while (client_outstanding(chain->submits) > 0)
        client_poll(chain->submits, 1000, started, chain);
    need(chain->problems == 0, "sittings were not started");
}

static void due_send(struct chain *chain, double since)
{
    while (chain->sent < chain->n && chain->sent < (uint32_t)(since * SUBMITS_A_SECOND)) {
        struct item *item = &chain->item[chain->sent++];
        const struct sitting_id submit = { item->sitting };
        item->submitted = bench_now();
        send_one(chain->submits, "diagnostics.sitting.submit", true,
                 msg_encode_in(&chain->arena, &sitting_id_desc, &submit), NULL, item);
    }
    for (; chain->sent < chain->n && chain->saved < (uint64_t)(since * SAVES_A_SECOND); chain->saved++)
        send_one(chain->saves, "diagnostics.sitting.save", true, save_body(chain->site, chain->site->saves++, &chain->arena),
                 NULL, NULL);
}

static void run(struct chain *chain)
{
    double begun = bench_now();

    while (chain->visible < chain->n) {
        double since = bench_now() - begun;
        need(since < chain->n / SUBMITS_A_SECOND + 30, "%u of %u drafted, %u visible: it does not end", chain->drafted,
             chain->n, chain->visible);
        due_send(chain, since);
        client_poll(chain->saves, 0, answered, chain);
        client_poll(chain->submits, 0, answered, chain);
        drafts_take(chain, 0);
        client_poll(chain->agrees, 0, agreed, chain);
        client_poll(chain->values, 0, seen, chain);
        arena_reset(&chain->arena);
        usleep(200);
    }
    need(chain->problems == 0, "%llu requests failed", (unsigned long long)chain->problems);
}

/* ── three bare commits in series, now and then ───────────────────────────── */

struct bare { struct raw_store *raw; struct series three; atomic_bool ended; pthread_t thread; };

static void *bare_run(void *arg)
{
    struct bare *bare = arg;

    while (!atomic_load(&bare->ended)) {
        double sum = 0;
        for (int i = 0; i < 3; i++)
            sum += raw_commit(bare->raw);
        series_add(&bare->three, sum * 1e3);
        usleep(100000);
    }
    return NULL;
}

/* ── the row ──────────────────────────────────────────────────────────────── */

static void chain_open(struct chain *chain, struct site *site, uint32_t n)
{
    static const char *prefix[] = { "routes.route.drafted" };
    struct cursor start = cursor_start();
    const struct follow wish = { .cursor = &start, .entries = 1000, .bytes = 1 << 20, .prefixes = { 1, prefix } };

    *chain = (struct chain){ .site = site, .n = n, .arena.keep = 1 << 20 };
    chain->item = calloc(n, sizeof *chain->item);
    need(chain->item != NULL, "out of memory");
    for (int i = 0; i < P_SERVICES; i++)
        site_start(site, i);
    chain->saves = site_client(site, P_DIAGNOSTICS, "worker", 4096);
    chain->submits = site_client(site, P_DIAGNOSTICS, "worker2", 1024);
    chain->drafts = site_client(site, P_ROUTES, "follower", 4);
    chain->agrees = site_client(site, P_ROUTES, "centre", 1024);
    chain->values = site_client(site, P_INDICATORS, "authority", 1024);
    need(client_follow(chain->drafts, "routes", &wish) == ERR_OK, "routes cannot be followed");
    sittings_start(chain);
    drafts_take(chain, 2000);               /* everybody has found everybody */
}

static void chain_close(struct chain *chain)
{
    struct client *all[] = { chain->saves, chain->submits, chain->drafts, chain->agrees, chain->values };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        client_close(&all[i]);
    site_stop_all(chain->site);
    arena_free(&chain->arena);
    free(chain->item);
}

static void chain_line(struct line *line, const struct series *took, const struct series *three, uint64_t entries)
{
    line->goal[0] = (struct goal){ RATIO_AT_MOST, 5 };
    line->goal[1] = (struct goal){ OURS_BELOW, 50 };
    line_pair(line, series_quantile(took, 0.99), series_quantile(three, 0.5));
    line_note(line, "p50 %.1f ms, most %.1f ms of %u, over %llu entries; three bare commits meanwhile: median %.1f ms, p99 %.1f ms",
              series_quantile(took, 0.5), series_quantile(took, 1), took->n, (unsigned long long)entries,
              series_quantile(three, 0.5), series_quantile(three, 0.99));
}

void row_chain(struct bench *bench)
{
    struct site *site = bench_site(bench);
    struct line *drafted = line_new(bench, "submitted -> drafted, p99", "ms", "three bare commits in series, at the same time");
    struct line *visible = line_new(bench, "agreed -> indicator visible, p99", "ms", "three bare commits in series, at the same time");
    struct series took[2] = { 0 };
    struct bare bare = { 0 };
    struct chain chain;

    site_grow(site, bench->grown);
    bare.raw = raw_open(site);
    chain_open(&chain, site, SUBMITS_A_SECOND * (bench->quick ? 10 : 60));
    need(pthread_create(&bare.thread, NULL, bare_run, &bare) == 0, "no thread");
    run(&chain);
    atomic_store(&bare.ended, true);
    pthread_join(bare.thread, NULL);
    for (uint32_t i = 0; i < chain.n; i++) {
        series_add(&took[0], (chain.item[i].drafted - chain.item[i].submitted) * 1e3);
        series_add(&took[1], (chain.item[i].visible - chain.item[i].agreed) * 1e3);
    }
    chain_line(drafted, &took[0], &bare.three, bench->grown);
    chain_line(visible, &took[1], &bare.three, bench->grown);
    chain_close(&chain);
    raw_close(&bare.raw);
    series_free(&took[0]);
    series_free(&took[1]);
    series_free(&bare.three);
}
