/* following: what a source gives, what a follower takes, and what fifty of them cost a command. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/core/err.h"
#include "services/shared/places.h"
#include "tests/bench/raw.h"

#define CREDIT_ENTRIES 20000
#define CREDIT_BYTES   (4u << 20)
#define FRAME          (240 * 1024)

/* ── the source ───────────────────────────────────────────────────────────── */

static void follow_from_start(struct client *client, const char *stream, struct cursor *start)
{
    *start = cursor_start();
    const struct follow wish = { .cursor = start, .entries = CREDIT_ENTRIES, .bytes = CREDIT_BYTES };

    need(client_follow(client, stream, &wish) == ERR_OK, "%s cannot be followed", stream);
}

/* Bytes of entries a second, up to that number. */
static double followed(struct site *site, uint64_t entries, struct arena *arena)
{
    struct client *client = site_client(site, P_DIAGNOSTICS, "follower", 4);
    const struct problem *problem;
    struct client_entries got;
    struct cursor start;
    uint64_t seen = 0, bytes_ = 0;
    double begun = bench_now();

    follow_from_start(client, "diagnostics", &start);
    while (seen < entries) {
        int err = client_entries(client, 5000, arena, &got, &problem);
        need(err == ERR_OK, "following: %s %s", err_text(err), problem != NULL ? problem->reason : "");
        for (uint32_t i = 0; i < got.n; i++)
            bytes_ += got.list[i].stored.n;
        seen = got.examined.number;
        client_committed(client);
        arena_reset(arena);
    }
    double took = bench_now() - begun;
    client_close(&client);
    return (double)bytes_ / took;
}

void row_source(struct bench *bench)
{
    struct site *site = bench_site(bench);
    struct arena arena = { .keep = 1 << 20 };
    struct line *line = line_new(bench, "following: the source", "MB/s", "a scan + the same bytes over CURVE");
    const uint64_t entries = bench->quick ? 150000 : 500000;
    char endpoint[300];

    line->goal[0] = (struct goal){ RATIO_AT_LEAST, 0.5 };
    site_grow(site, bench->grown);
    struct raw_store *raw = raw_open(site);
    site_start(site, P_DIAGNOSTICS);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/run/stream.sock", site->dir);
    followed(site, entries, &arena);        /* both from memory, not from the disk */
    raw_stream(raw, endpoint, entries, FRAME);
    for (uint32_t i = 0; i < bench->pairs; i++) {
        double ours = followed(site, entries, &arena);
        line_pair(line, ours / 1e6, raw_stream(raw, endpoint, entries, FRAME) / 1e6);
    }
    line_note(line, "the first %llu entries of %llu, one follower, ipc; %.0f entries a second", (unsigned long long)entries,
              (unsigned long long)bench->grown, series_quantile(&line->ours, 0.5) * 1e6 / (double)(site->entry_bytes - HASH_SIZE));
    raw_close(&raw);
    site_stop(site, P_DIAGNOSTICS);
    arena_free(&arena);
}

/* ── the follower ─────────────────────────────────────────────────────────── */

#define MESSAGES_MAX 4096

struct kept { struct key key; struct bytes value; table_t table; };
struct message { struct bytes body; uint32_t n; struct kept *fact; struct bytes cursor; };
struct feed { struct arena arena; struct message at[MESSAGES_MAX]; uint32_t n; uint64_t facts; };

static bool fact_of(struct feed *feed, const struct fed *fed, struct kept *fact)
{
    struct post_opened post;
    struct organisation unit;
    struct entry entry;
    struct msg_error error;

    need(msg_decode(&entry_desc, fed->stored, MSG_LENIENT, &feed->arena, &entry, &error) == ERR_OK, "an entry");
    if (strcmp(entry.event, "roster.post.opened") == 0) {
        need(msg_decode(&post_opened_desc, entry.body, MSG_LENIENT, &feed->arena, &post, &error) == ERR_OK, "a post");
        fact->key = key_of_uuid(&post.person);
        key_uuid(&fact->key, &post.post);
        fact->table = PLACES_POSTS;
    } else if (strcmp(entry.event, "roster.organisation.registered") == 0) {
        need(msg_decode(&organisation_desc, entry.body, MSG_LENIENT, &feed->arena, &unit, &error) == ERR_OK, "a unit");
        fact->key = key_of_uuid(&unit.id);
        fact->table = PLACES_UNITS;
    } else
        return false;
    fact->value = arena_bytes(&feed->arena, entry.body);
    return true;
}

/* All messages that routes would get of roster's journal, and the facts in them as they lie in its copies. */
static struct feed *feed_take(struct machine *roster, struct machine *routes)
{
    struct feed *feed = calloc(1, sizeof *feed);
    struct feed_wish wish = { .reach.all = true };
    struct buf buf = { 0 };
    struct feed_result result = { .at_head = false };
    struct follow follow;
    struct msg_error error;

    need(feed != NULL && machine_follow(routes, "roster", &feed->arena, &follow) == ERR_OK, "roster is not followed");
    wish = (struct feed_wish){ .cursor = *follow.cursor, .prefixes = follow.prefixes.at, .prefix_count = follow.prefixes.n,
                               .reach.all = true, .entries = follow.entries, .bytes = follow.bytes };
    while (!result.at_head) {
        struct message *message = &feed->at[feed->n++];
        struct entries entries;
        need(feed->n < MESSAGES_MAX, "too many messages");
        buf_clear(&buf);
        need(machine_feed(roster, &wish, &feed->arena, &buf, &result) == ERR_OK, "roster does not feed");
        message->body = arena_bytes(&feed->arena, buf_bytes(&buf));
        need(msg_decode(&entries_desc, message->body, MSG_LENIENT, &feed->arena, &entries, &error) == ERR_OK, "entries");
        message->fact = ARENA_LIST(&feed->arena, struct kept, entries.list.n);
        for (uint32_t i = 0; i < entries.list.n; i++)
            message->n += fact_of(feed, &entries.list.at[i], &message->fact[message->n]);
        message->cursor = msg_encode_in(&feed->arena, &cursor_desc, &result.cursor);
        feed->facts += message->n;
        wish.cursor = result.cursor;
    }
    buf_free(&buf);
    return feed;
}

static double taken(struct site *site, const struct feed *feed, const char *dir)
{
    const struct machine_options options = { .dir = dir, .profile = site->profile, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM };
    struct arena arena = { .keep = 4 << 20 };
    struct machine *machine;
    struct outcome outcome;

    bench_shell("rm -rf '%s'", dir);
    need(machine_open(&machine, &routes_service, &options) == ERR_OK, "routes cannot be opened");
    double begun = bench_now();
    for (uint32_t i = 0; i < feed->n; i++) {
        const struct input input = { .kind = INPUT_ENTRIES, .stream = "roster", .body = feed->at[i].body };
        need(machine_batch(machine, &input, 1, &arena, &outcome) == ERR_OK && outcome.kind == OUTCOME_TAKEN, "not taken");
        arena_reset(&arena);
    }
    double took = bench_now() - begun;
    machine_close(&machine);
    arena_free(&arena);
    return (double)feed->facts / took;
}

static double put_bare(const struct feed *feed, const char *dir)
{
    const struct store_options options = { .dir = dir, .tables = routes_service.tables, .table_count = routes_service.table_count };
    struct store *store;

    bench_shell("rm -rf '%s'", dir);
    need(store_open(&store, &options) == ERR_OK, "%s cannot be opened", dir);
    double begun = bench_now();
    for (uint32_t i = 0; i < feed->n; i++) {
        const struct message *message = &feed->at[i];
        struct txn txn;
        txn_begin(&txn, store, TXN_WRITE);
        for (uint32_t k = 0; k < message->n; k++)
            txn_put(&txn, message->fact[k].table, key_bytes(&message->fact[k].key), message->fact[k].value);
        txn_put(&txn, TABLE_CURSORS, bytes_of("roster"), message->cursor);
        need(txn_end(&txn) == ERR_OK, "a bare commit");
    }
    double took = bench_now() - begun;
    store_close(&store);
    return (double)feed->facts / took;
}

void row_follower(struct bench *bench)
{
    struct site *site = bench_site(bench);
    struct line *line = line_new(bench, "following: the follower", "facts/s", "puts of the same facts in the same batches, bare");
    char dir[300];

    line->goal[0] = (struct goal){ RATIO_AT_LEAST, 0.5 };
    snprintf(dir, sizeof dir, "%s/fresh", bench->dir);
    bench_shell("rm -rf '%s'", dir);
    const struct machine_options options = { .dir = dir, .profile = site->profile, .clock = CLOCK_SYSTEM, .random = RANDOM_SYSTEM };
    struct machine *fresh;
    need(machine_open(&fresh, &routes_service, &options) == ERR_OK, "routes cannot be opened");
    struct feed *feed = feed_take(site_machine(site, P_ROSTER), fresh);
    machine_close(&fresh);
    site_release(site);
    for (uint32_t i = 0; i < bench->pairs; i++) {
        double ours = taken(site, feed, dir);
        line_pair(line, ours, put_bare(feed, dir));
    }
    line_note(line, "routes takes its copies of roster's %llu posts and organisations in %u messages",
              (unsigned long long)feed->facts, feed->n);
    arena_free(&feed->arena);
    free(feed);
}

/* ── fifty of them ────────────────────────────────────────────────────────── */

#define FOLLOWERS 50

struct crowd { struct site *site; pthread_t thread; atomic_bool ended, ready; _Atomic uint64_t bytes; };

/* They begin again when they have reached the end: for as long as it is measured they are catching up. */
static void *crowd_run(void *arg)
{
    static const char *const KEY[] = { "follower", "roster", "programmes", "routes", "indicators" };
    struct crowd *crowd = arg;
    struct arena arena = { .keep = 1 << 20 };
    struct client *client[FOLLOWERS];
    struct client_entries got;
    const struct problem *problem;
    struct cursor start;

    for (int i = 0; i < FOLLOWERS; i++) {
        client[i] = site_client(crowd->site, P_DIAGNOSTICS, KEY[i % 5], 4);
        follow_from_start(client[i], "diagnostics", &start);
    }
    atomic_store(&crowd->ready, true);
    while (!atomic_load(&crowd->ended)) {
        bool any = false;
        for (int i = 0; i < FOLLOWERS; i++)
            if (client_entries(client[i], 0, &arena, &got, &problem) == ERR_OK) {
                any = true;
                crowd->bytes += got.message.n;
                if (got.examined.number == got.head)
                    follow_from_start(client[i], "diagnostics", &start);
                else
                    client_committed(client[i]);
                arena_reset(&arena);
            }
        if (!any)
            usleep(1000);
    }
    for (int i = 0; i < FOLLOWERS; i++)
        client_close(&client[i]);
    arena_free(&arena);
    return NULL;
}

/* The median of so many saves one after another, in seconds. */
static double lock_step(struct site *site, struct client *client, int times)
{
    struct arena arena = { .keep = 1 << 16 };
    struct series took = { 0 };

    for (int i = 0; i < times; i++) {
        const struct client_request request = { .method = "diagnostics.sitting.save", .command = uuid_new(),
                                                .body = save_body(site, site->saves++, &arena) };
        struct client_reply reply;
        double begun = bench_now();
        need(client_call(client, &request, &arena, &reply) == ERR_OK && reply.problem == NULL, "a save failed");
        series_add(&took, bench_now() - begun);
        arena_reset(&arena);
    }
    double median = series_quantile(&took, 0.5);
    series_free(&took);
    arena_free(&arena);
    return median;
}

void row_fifty(struct bench *bench)
{
    struct site *site = bench_site(bench);
    struct line *line = line_new(bench, "a command while 50 followers catch up", "us", "the same command without them");
    const int times = bench->quick ? 1000 : 5000;
    double bytes_ = 0, seconds = 0;

    line->goal[0] = (struct goal){ RATIO_AT_MOST, 1.5 };
    site_grow(site, bench->grown);
    site_start(site, P_DIAGNOSTICS);
    struct client *client = site_client(site, P_DIAGNOSTICS, "worker", 4);
    lock_step(site, client, 50);
    for (uint32_t i = 0; i < bench->pairs; i++) {
        struct crowd crowd = { .site = site };
        double without = lock_step(site, client, times);
        need(pthread_create(&crowd.thread, NULL, crowd_run, &crowd) == 0, "no thread");
        while (!atomic_load(&crowd.ready))
            usleep(1000);
        lock_step(site, client, times / 2); /* all of them are under way, at the rate that commands leave them */
        double begun = bench_now();
        uint64_t had = atomic_load(&crowd.bytes);
        double with = lock_step(site, client, times);
        seconds += bench_now() - begun;
        bytes_ += (double)(atomic_load(&crowd.bytes) - had);
        atomic_store(&crowd.ended, true);
        pthread_join(crowd.thread, NULL);
        line_pair(line, with * 1e6, without * 1e6);
    }
    line_note(line, "medians of %d commands one after another; the followers get about %.1f MB/s together", times, bytes_ / seconds / 1e6);
    client_close(&client);
    site_stop(site, P_DIAGNOSTICS);
}
