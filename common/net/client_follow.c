/* client_follow: one journal, taken in the order of its numbers, whatever happens to the connection. */
#include "common/net/client_parts.h"

#include <stdio.h>

#include "common/core/err.h"

#define LOOK_MS 50
#define END_MS  500

static void cursor_keep(struct cursor *to, uint8_t hash[HASH_SIZE], const struct cursor *from)
{
    *to = *from;
    if (from->hash.n > 0)
        memcpy(hash, from->hash.at, from->hash.n);
    to->hash = bytes(hash, from->hash.n);
}

static void pending_clear(struct following *follow)
{
    while (follow->pending_n > 0) {
        wire_frame_close(&follow->pending[follow->pending_first]);
        follow->pending_first = (follow->pending_first + 1) % CLIENT_PENDING_MAX;
        follow->pending_n--;
    }
}

void following_forget(struct following *follow)
{
    pending_clear(follow);
    buf_free(&follow->wish);
    buf_free(&follow->ended);
    memset(follow, 0, sizeof *follow);
}

int client_follow(struct client *client, const char *stream, const struct follow *wish)
{
    struct following *follow = &client->follow;
    struct msg_error error;

    if (msg_check(&follow_desc, wish, &error) != ERR_OK || strlen(stream) > ENTRY_NAME_MAX)
        return ERR_MALFORMED;
    following_forget(follow);
    msg_encode(&follow_desc, wish, &follow->wish);
    snprintf(follow->stream, sizeof follow->stream, "%s", stream);
    cursor_keep(&follow->committed, follow->committed_hash, wish->cursor);
    follow->on = follow->lost = true;
    return ERR_OK;
}

static int put_credit(struct client *client, uint64_t id, const struct credit *credit)
{
    const struct wire_header header = { .version = WIRE_VERSION, .kind = WIRE_CREDIT, .id = id };
    struct buf body = { 0 };

    msg_encode(&credit_desc, credit, &body);
    int err = client_put(client, &header, buf_bytes(&body));
    buf_free(&body);
    return err;
}

/* Asks anew from the last committed cursor; what has come and was not handed out is forgotten. */
static void follow_again(struct client *client, struct arena *arena)
{
    struct following *follow = &client->follow;
    struct follow wish;
    struct msg_error error;

    pending_clear(follow);
    if (msg_decode(&follow_desc, buf_bytes(&follow->wish), MSG_STRICT, arena, &wish, &error) != ERR_OK)
        return;
    wish.cursor = &follow->committed;
    cursor_keep(&follow->expected, follow->expected_hash, &follow->committed);
    follow->owed_entries = follow->owed_bytes = 0;
    const uint64_t before = client->following;
    follow->id = client->following = ++client->counter << 12 | 0xfff;
    const struct wire_header header = { .version = WIRE_VERSION, .kind = WIRE_FOLLOW, .id = follow->id,
                                        .method = follow->stream };
    struct bytes body = msg_encode_in(arena, &follow_desc, &wish);
    if (before != 0)                        /* of the same connection, if it still is: a credit of nothing ends it */
        put_credit(client, before, &(struct credit){ 0, 0 });
    follow->lost = client_put(client, &header, body) != ERR_OK;
    follow->pinged = client_now();
}

void following_heard(struct client *client, const struct wire_header *header, struct wire_frame *body)
{
    struct following *follow = &client->follow;
    struct problem problem;
    struct msg_error error;

    follow->ponged |= header->kind == WIRE_PONG;
    if (!follow->on || header->id != follow->id)
        return;
    if (header->kind == WIRE_ENTRIES && follow->pending_n < CLIENT_PENDING_MAX) {
        struct wire_frame *slot = &follow->pending[(follow->pending_first + follow->pending_n++) % CLIENT_PENDING_MAX];
        wire_frame_start(slot);
        wire_frame_move(slot, body);
        follow->cost[slot - follow->pending] = (struct credit){ header->entries, header->bytes };
    } else if (header->kind == WIRE_ENTRIES)
        follow->lost = true;                /* far beyond the credit given */
    else if (header->kind == WIRE_ERROR) {
        int err = msg_decode(&problem_desc, wire_frame_bytes(body), MSG_LENIENT, &client->arena, &problem, &error);
        if (err == ERR_OK && (strcmp(problem.reason, "not_following") == 0 || problem.code == PROBLEM_BUSY)) {
            follow->lost = strcmp(problem.reason, "not_following") == 0;    /* busy: after the next silence */
            return;
        }
        follow->has_ended = true;
        buf_clear(&follow->ended);
        buf_put(&follow->ended, wire_frame_bytes(body).at, wire_frame_bytes(body).n);
    }
}

/* A socket is closed when nothing more comes: of a message that has come by half libzmq keeps the first frame for ever. */
void following_end(struct client *client)
{
    struct following *follow = &client->follow;
    const struct wire_header ping = { .version = WIRE_VERSION, .kind = WIRE_PING, .id = client->following };
    const int64_t until = client_now() + END_MS;

    if (client->following == 0 || client->socket == NULL)
        return;
    follow->on = follow->ponged = false;
    if (put_credit(client, client->following, &(struct credit){ 0, 0 }) != ERR_OK || client_put(client, &ping, bytes("\x80", 1)) != ERR_OK)
        return;
    while (!follow->ponged && client_now() < until) {
        client_wait(client, LOOK_MS);
        client_receive(client, NULL, NULL);
    }
}

static bool cursor_same(const struct cursor *a, const struct cursor *b)
{
    return a->number == b->number && (a->number == 0 || bytes_equal(a->hash, b->hash));
}

/* ERR_TIMEOUT: nothing waits; ERR_MALFORMED: what waited is not what comes next. */
static int entries_take(struct following *follow, struct arena *arena, struct client_entries *out)
{
    struct entries entries;
    struct msg_error error;

    if (follow->pending_n == 0)
        return ERR_TIMEOUT;
    struct wire_frame *frame = &follow->pending[follow->pending_first];
    out->message = arena_bytes(arena, wire_frame_bytes(frame));
    wire_frame_close(frame);
    const struct credit cost = follow->cost[follow->pending_first];
    follow->pending_first = (follow->pending_first + 1) % CLIENT_PENDING_MAX;
    follow->pending_n--;
    if (msg_decode(&entries_desc, out->message, MSG_LENIENT, arena, &entries, &error) != ERR_OK
        || !cursor_same(entries.from, &follow->expected) || entries.examined->hash.n > HASH_SIZE)
        return ERR_MALFORMED;
    out->from = *entries.from;
    out->examined = *entries.examined;
    out->head = entries.head;
    out->n = entries.list.n;
    out->list = entries.list.at;
    cursor_keep(&follow->expected, follow->expected_hash, entries.examined);
    follow->owed_entries += cost.entries;
    follow->owed_bytes += cost.bytes;
    return ERR_OK;
}

static int ended(struct following *follow, struct arena *arena, const struct problem **problem)
{
    struct problem *kept = ARENA_NEW(arena, struct problem);
    struct msg_error error;

    follow->on = false;
    if (msg_decode(&problem_desc, buf_bytes(&follow->ended), MSG_LENIENT, arena, kept, &error) != ERR_OK)
        return ERR_MALFORMED;
    *problem = kept;
    switch (kept->code) {
    case PROBLEM_FORK:      return ERR_FORK;
    case PROBLEM_DENIED:    return ERR_DENIED;
    case PROBLEM_NOT_FOUND: return ERR_NOTFOUND;
    default:                return ERR_MALFORMED;
    }
}

static void keep_alive(struct client *client, struct arena *arena)
{
    struct following *follow = &client->follow;
    int64_t now = client_now();

    if (now - client->heard >= CLIENT_SILENCE_MS)
        client_reconnect(client);
    if (follow->lost)
        follow_again(client, arena);
    else if (now - follow->pinged >= CLIENT_PING_MS) {
        const struct wire_header ping = { .version = WIRE_VERSION, .kind = WIRE_PING, .id = follow->id };
        client_put(client, &ping, bytes("\x80", 1));
        follow->pinged = now;
    }
}

int client_entries(struct client *client, int timeout_ms, struct arena *arena, struct client_entries *entries,
                   const struct problem **problem)
{
    int64_t until = client_now() + timeout_ms;

    *problem = NULL;
    if (!client->follow.on)
        return ERR_NOTFOUND;
    for (;;) {
        client_receive(client, NULL, NULL);
        if (client->follow.has_ended)
            return ended(&client->follow, arena, problem);
        keep_alive(client, arena);
        int err = entries_take(&client->follow, arena, entries);
        if (err == ERR_OK)
            return ERR_OK;
        if (err == ERR_MALFORMED)
            client->follow.lost = true;
        int64_t left = until - client_now();
        if (left <= 0)
            return ERR_TIMEOUT;
        client_wait(client, left < LOOK_MS ? left : LOOK_MS);
    }
}

void client_committed(struct client *client)
{
    struct following *follow = &client->follow;
    const struct credit credit = { follow->owed_entries, follow->owed_bytes };

    cursor_keep(&follow->committed, follow->committed_hash, &follow->expected);
    if (credit.entries == 0 && credit.bytes == 0)
        return;
    if (put_credit(client, follow->id, &credit) != ERR_OK)
        follow->lost = true;
    follow->owed_entries = follow->owed_bytes = 0;
}
