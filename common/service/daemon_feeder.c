/* daemon_feeder: the one thread that serves followers. It goes round them, one message each, reads from the
 * store at that moment and queues nothing: what a follower has not asked for by credit stays in the store.
 * While commands arrive, all of them together get one byte rate. */
#include <stdlib.h>

#include "common/core/failpoint.h"
#include "common/service/daemon_parts.h"

#define ARENA_KEEP    (1u << 20)
#define COMMANDS_LULL (100 * MS)            /* no command for so long: followers may have it all */
#define BURST         (256 * 1024)
#define IDLE_MS       1000
#define PACE_MS       5
#define BARE_US(n)    (2 * MS + (n) * (MS / 2))     /* between messages that only move the cursor */

struct feeder {
    struct daemon *d;
    struct arena arena;
    struct buf out;
    struct follower *ring;                  /* circular; the one after the last served is next */
    uint32_t n;
    double budget;                          /* bytes that may be sent now */
    int64_t filled;
};

/* ── bytes on their way ───────────────────────────────────────────────────── */

struct parcel { struct follower *follower; size_t n; unsigned char at[]; };

static void parcel_done(void *at, void *hint)
{
    struct parcel *parcel = hint;
    uint64_t before = atomic_fetch_sub(&parcel->follower->unread, parcel->n);

    (void)at;
    if (before >= LIMIT_FOLLOWER_UNREAD && before - parcel->n < LIMIT_FOLLOWER_UNREAD)
        queue_wake(&parcel->follower->daemon->to_feeder);
    follower_release(parcel->follower);
    free(parcel);
}

static void body_give(struct wire_frame *frame, struct follower *follower, struct bytes body)
{
    struct parcel *parcel = malloc(sizeof *parcel + body.n);

    if (parcel == NULL)
        log_die("feeder", "out of memory");
    parcel->follower = follower;
    parcel->n = body.n;
    memcpy(parcel->at, body.at, body.n);
    atomic_fetch_add(&follower->holders, 1);
    atomic_fetch_add(&follower->unread, body.n);
    wire_frame_give(frame, parcel->at, body.n, parcel_done, parcel);
}

static struct job *fed_new(struct follower *follower, enum wire_kind kind, uint64_t entries, uint64_t size)
{
    struct job *job = job_new(JOB_FED);
    const struct wire_header header = { .version = WIRE_VERSION, .kind = (int)kind, .id = follower->peer.id,
                                        .entries = entries, .bytes = size };

    job->follower = follower;
    atomic_fetch_add(&follower->holders, 1);
    job->answer.route = follower->peer.route;
    wire_frame_header(&job->answer.header, &header);
    return job;
}

static void fed_put(struct feeder *f, struct job *job)
{
    atomic_fetch_add(&f->d->feed_on_the_way, 1);
    queue_put_one(&f->d->to_io, &job->node);
}

/* ── the ring ─────────────────────────────────────────────────────────────── */

static void ring_add(struct feeder *f, struct follower *follower)
{
    follower->next = f->ring != NULL ? f->ring->next : follower;
    if (f->ring != NULL)
        f->ring->next = follower;
    f->ring = follower;
    f->n++;
}

/* Takes out the one after `before`. */
static void ring_drop(struct feeder *f, struct follower *before)
{
    struct follower *gone = before->next;

    before->next = gone->next;
    if (f->ring == gone)
        f->ring = gone == before ? NULL : before;
    f->n--;
    follower_release(gone);
}

static void ring_take_new(struct feeder *f)
{
    for (struct queue_node *node = queue_take(&f->d->to_feeder, LIMIT_FOLLOWERS), *next; node != NULL; node = next) {
        next = node->next;
        ring_add(f, (struct follower *)node);
    }
}

/* ── one message ──────────────────────────────────────────────────────────── */

static bool ready(const struct feeder *f, struct follower *follower, int64_t now, int64_t *wake)
{
    if (atomic_load(&follower->credit_entries) <= 0 || atomic_load(&follower->credit_bytes) <= 0
        || atomic_load(&follower->unread) >= LIMIT_FOLLOWER_UNREAD)
        return false;
    if (follower->at_head && machine_head(f->d->machine) <= follower->cursor.number)
        return false;
    if (follower->stuck && atomic_load(&follower->credit_entries) == follower->stuck_entries
        && atomic_load(&follower->credit_bytes) == follower->stuck_bytes)
        return false;
    if (now < follower->not_before) {
        if (follower->not_before < *wake)
            *wake = follower->not_before;
        return false;
    }
    return true;
}

static void feed_end(struct feeder *f, struct follower *follower, int err)
{
    struct job *job = fed_new(follower, WIRE_ERROR, 0, 0);

    if (err == ERR_FORK || err == ERR_NOTFOUND)
        problem_body(&job->answer.body, PROBLEM_FORK, "not_this_history", 0);
    else {
        log_error("feeder", "%s: %s", follower->peer.account->name, err_text(err));
        problem_body(&job->answer.body, PROBLEM_INTERNAL, "feed", 0);
    }
    job->last = true;
    atomic_store(&follower->over, true);
    fed_put(f, job);
}

static int feed_try(struct feeder *f, struct follower *follower, uint64_t entries, uint64_t bytes_most,
                    struct feed_result *result)
{
    bool open = (f->d->service->follow_public & ROLE(follower->role)) != 0 && !SABOTAGE("no_public");
    struct feed_wish wish = {
        .cursor = follower->cursor, .prefixes = follower->wish.prefixes.at,
        .prefix_count = follower->wish.prefixes.n, .reach = open ? (struct reach){ 0 } : follower->reach,
        .entries = entries, .bytes = bytes_most,
    };

    buf_clear(&f->out);
    return machine_feed(f->d->machine, &wish, &f->arena, &f->out, result);
}

/* A group may be larger than all the credit there is: with nothing outstanding it is sent all the same, so
 * that a small credit is slow and never stuck. */
static int feed_read(struct feeder *f, struct follower *follower, struct feed_result *result)
{
    int64_t entries = atomic_load(&follower->credit_entries), room = atomic_load(&follower->credit_bytes);
    int err = feed_try(f, follower, (uint64_t)entries, (uint64_t)room, result);

    follower->stuck_entries = entries;      /* no place for the next group: until there is more credit */
    follower->stuck_bytes = room;
    if (err == ERR_OK && result->cursor.number == follower->cursor.number && !result->at_head
        && entries >= (int64_t)follower->wish.entries && room >= (int64_t)follower->wish.bytes)
        err = feed_try(f, follower, ENTRY_GROUP_MAX, FEED_BYTES_MAX, result);
    return err;
}

static void feed_one(struct feeder *f, struct follower *follower)
{
    struct feed_result result;
    int err = feed_read(f, follower, &result);

    if (err != ERR_OK) {
        feed_end(f, follower, err);
        arena_reset(&f->arena);
        return;
    }
    bool moved = result.cursor.number != follower->cursor.number;
    follower->cursor = result.cursor;
    if (result.cursor.hash.n > 0)
        memcpy(follower->hash, result.cursor.hash.at, result.cursor.hash.n);
    follower->cursor.hash.at = follower->hash;
    follower->at_head = result.at_head;
    follower->not_before = result.sent > 0 || !result.at_head ? 0 : now_us() + BARE_US(f->n);
    follower->stuck = !moved && !result.at_head;
    if (moved || follower->at_head) {
        struct job *job = fed_new(follower, WIRE_ENTRIES, result.sent, result.sent_bytes);
        body_give(&job->answer.body, follower, buf_bytes(&f->out));
        atomic_fetch_sub(&follower->credit_entries, SABOTAGE("no_credit") ? 0 : (int64_t)result.sent);
        atomic_fetch_sub(&follower->credit_bytes, (int64_t)result.sent_bytes);
        fed_put(f, job);
        metric_add(&f->d->totals.feed_messages, 1);
        metric_add(&f->d->totals.feed_entries, result.sent);
        metric_add(&f->d->totals.feed_bytes, f->out.n);
        f->budget -= (double)f->out.n;
    }
    arena_reset(&f->arena);
}

/* ── the pace ─────────────────────────────────────────────────────────────── */

static bool may_send(struct feeder *f, int64_t now)
{
    double rate = (double)f->d->config.feed_kb_s * 1024;

    f->budget += rate * (double)(now - f->filled) / 1e6;
    f->filled = now;
    if (f->budget > BURST)
        f->budget = BURST;
    return f->budget > 0
        || now - atomic_load_explicit(&f->d->command_at, memory_order_relaxed) > COMMANDS_LULL;
}

/* Once round. Microseconds to wait when nobody could be served; 0: somebody was. */
static int64_t round_once(struct feeder *f)
{
    int64_t wake = now_us() + IDLE_MS * (int64_t)MS;
    bool served = false;

    for (uint32_t left = f->n; left > 0 && f->ring != NULL; left--) {
        struct follower *follower = f->ring->next;
        int64_t now = now_us();
        if (atomic_load(&follower->over)) {
            ring_drop(f, f->ring);
            continue;
        }
        if (ready(f, follower, now, &wake)) {
            if (atomic_load(&f->d->feed_on_the_way) >= LIMIT_FEED_ON_THE_WAY)
                return served ? 0 : PACE_MS * MS;
            if (!may_send(f, now))
                return PACE_MS * MS;
            feed_one(f, follower);
            served = true;
        }
        f->ring = follower;
    }
    int64_t now = now_us();
    return served ? 0 : wake > now ? wake - now : 0;
}

/* How far the last of them is behind. */
static void lag_tell(struct feeder *f)
{
    uint64_t head = machine_head(f->d->machine), worst = 0;
    struct follower *follower = f->ring;

    for (uint32_t left = f->n; left > 0; left--, follower = follower->next)
        if (head > follower->cursor.number && head - follower->cursor.number > worst)
            worst = head - follower->cursor.number;
    atomic_store(&f->d->totals.feed_lag, worst);
}

void *feeder_run(void *daemon)
{
    struct feeder f = { .d = daemon, .arena = { .keep = ARENA_KEEP }, .filled = now_us() };
    struct daemon *d = daemon;

    while (!atomic_load(&d->ended)) {
        ring_take_new(&f);
        int64_t wait = round_once(&f);
        lag_tell(&f);
        if (wait > 0)
            queue_wait(&d->to_feeder, (int)((wait + MS - 1) / MS));
    }
    ring_take_new(&f);
    while (f.ring != NULL)
        ring_drop(&f, f.ring);
    buf_free(&f.out);
    arena_free(&f.arena);
    return NULL;
}
