#include "tests/fault/sim/node.h"

#include "common/core/err.h"
#include "tests/fault/sim/town.h"

/* As the daemon's feeder: read at send time, nothing queued, never more than was granted. */

static void say_end(struct node *node, uint32_t to, uint64_t id, enum letter_kind kind)
{
    world_post(node->w, letter_new(kind, node->number, to, id, bytes(NULL, 0)));
}

static void begin(struct node *node, const struct letter *letter)
{
    struct follower *f = &node->follower[letter->from];
    struct msg_error error;
    if (f->there && letter->id <= f->id)
        return;                             /* a repetition of what is over */
    arena_reset(&f->arena);
    if (msg_decode(&follow_desc, buf_bytes(&letter->body), MSG_STRICT, &f->arena, &f->wish, &error) != ERR_OK) {
        world_violation(node->w, "%s: FOLLOW cannot be read: %s: %s", node->service->name, error.path, error.rule);
        return;
    }
    f->there = true;
    f->id = letter->id;
    f->cursor = *f->wish.cursor;
    f->at_head = f->stuck = false;
    f->credit_entries = (int64_t)f->wish.entries;
    f->credit_bytes = (int64_t)f->wish.bytes;
}

void feed_letter(struct node *node, const struct letter *letter)
{
    struct follower *f = &node->follower[letter->from];
    if (letter->kind == LETTER_FOLLOW)
        begin(node, letter);
    else if (f->there && f->id == letter->id) {
        f->credit_entries += (int64_t)letter->entries;
        f->credit_bytes += (int64_t)letter->bytes;
    } else if (!f->there)
        say_end(node, letter->from, letter->id, LETTER_NOT_FOLLOWING);
    feed_all(node);
}

static bool ready(struct node *node, const struct follower *f)
{
    if (!f->there || f->credit_entries <= 0 || f->credit_bytes <= 0)
        return false;
    if (f->at_head && machine_head(node->process.machine) <= f->cursor.number)
        return false;
    return !f->stuck || f->credit_entries != f->stuck_entries || f->credit_bytes != f->stuck_bytes;
}

/* What of a journal a follower may see: the node its own municipality's. */
static struct reach follower_reach(uint32_t to)
{
    return to == TOWN || to == COPY ? town_reach() : (struct reach){ .all = true };
}

static int read_next(struct node *node, uint32_t to, struct follower *f, struct feed_result *result)
{
    struct feed_wish wish = {
        .cursor = f->cursor, .prefixes = f->wish.prefixes.at, .prefix_count = f->wish.prefixes.n, .reach = follower_reach(to),
        .entries = (uint64_t)f->credit_entries, .bytes = (uint64_t)f->credit_bytes,
    };
    buf_clear(&node->out);
    int err = machine_feed(node->process.machine, &wish, &node->scratch, &node->out, result);
    if (err == ERR_OK && result->cursor.number == f->cursor.number && !result->at_head &&
        f->credit_entries >= (int64_t)f->wish.entries && f->credit_bytes >= (int64_t)f->wish.bytes) {
        wish.entries = ENTRY_GROUP_MAX;     /* a group larger than all the credit there is */
        wish.bytes = FEED_BYTES_MAX;
        buf_clear(&node->out);
        err = machine_feed(node->process.machine, &wish, &node->scratch, &node->out, result);
    }
    return err;
}

static void feed_one(struct node *node, uint32_t to)
{
    struct follower *f = &node->follower[to];
    struct feed_result result;
    int err = read_next(node, to, f, &result);
    if (err != ERR_OK) {
        f->there = false;
        if (err != ERR_FORK && err != ERR_NOTFOUND)
            world_violation(node->w, "%s: feeding %s: %s", node->service->name, service_of((int)to)->name, err_text(err));
        else
            say_end(node, to, f->id, LETTER_FORK);
        return;
    }
    bool moved = result.cursor.number != f->cursor.number;
    f->stuck_entries = f->credit_entries;
    f->stuck_bytes = f->credit_bytes;
    f->cursor = result.cursor;
    if (result.cursor.hash.n == HASH_SIZE)
        memcpy(f->hash, result.cursor.hash.at, HASH_SIZE);
    f->cursor.hash.at = f->hash;
    f->at_head = result.at_head;
    f->stuck = !moved && !result.at_head;
    if (f->stuck)
        return;
    struct letter *letter = letter_new(LETTER_ENTRIES, node->number, to, f->id, buf_bytes(&node->out));
    letter->entries = result.sent;
    letter->bytes = result.sent_bytes;
    f->credit_entries -= (int64_t)result.sent;
    f->credit_bytes -= (int64_t)result.sent_bytes;
    world_post(node->w, letter);
}

void feed_all(struct node *node)
{
    for (uint32_t to = 0; to < NODES && !node->w->violated; to++)
        for (int most = 0; most < 8 && ready(node, &node->follower[to]); most++) {
            feed_one(node, to);
            arena_reset(&node->scratch);
        }
}
