#include "tests/service/source.h"

void source_start(struct source *source, const char *stream, struct arena *arena)
{
    *source = (struct source){ .stream = stream, .arena = arena, .journal = uuid_derive("source", bytes_of(stream)) };
}

void source_add(struct source *source, const char *event, const struct msg_desc *desc, const void *body)
{
    struct entry_cause cause = { .command = uuid_derive("cause", bytes(&source->n, sizeof source->n)) };
    struct entry entry = { .number = source->n + 1, .group = source->n + 1, .last = true, .moment = MOMENT_SECOND,
                           .event = event, .version = 1, .cause = &cause,
                           .body = msg_encode_in(source->arena, desc, body) };
    struct bytes stored = msg_encode_in(source->arena, &entry_desc, &entry);
    struct bytes before = source->n == 0 ? bytes(&source->journal, sizeof source->journal)
                                         : bytes(source->at[source->n - 1].hash.b, HASH_SIZE);

    if (source->n == source->room) {
        uint32_t room = source->room != 0 ? source->room * 2 : 256;
        struct source_entry *at = ARENA_LIST(source->arena, struct source_entry, room);
        if (source->n != 0)
            memcpy(at, source->at, source->n * sizeof *at);
        source->at = at;
        source->room = room;
    }
    source->at[source->n++] = (struct source_entry){ stored, hash_two(before, stored) };
}

static struct cursor cursor_at(const struct source *source, uint64_t number)
{
    struct cursor cursor = { .journal = source->journal, .incarnation = source->journal, .epoch = 1, .number = number };
    if (number > 0)
        cursor.hash = bytes(source->at[number - 1].hash.b, HASH_SIZE);
    return cursor;
}

bool source_feed(struct source *source, struct machine *machine, uint32_t most)
{
    struct arena arena = { 0 };
    struct follow follow;
    struct outcome outcome;

    assert_int_equal(machine_follow(machine, source->stream, &arena, &follow), ERR_OK);
    uint64_t from = follow.cursor->number;
    uint32_t n = source->n - from < most ? (uint32_t)(source->n - from) : most;
    struct cursor before = cursor_at(source, from), examined = cursor_at(source, from + n);
    struct entries message = { .from = &before, .examined = &examined, .head = source->n };
    message.list.n = n;
    message.list.at = ARENA_LIST(&arena, struct fed, n);
    for (uint32_t i = 0; i < n; i++)
        message.list.at[i].stored = source->at[from + i].stored;
    struct input input = { .kind = INPUT_ENTRIES, .stream = source->stream,
                           .body = msg_encode_in(&arena, &entries_desc, &message) };
    if (n > 0) {
        assert_int_equal(machine_batch(machine, &input, 1, &arena, &outcome), ERR_OK);
        if (outcome.kind != OUTCOME_TAKEN)
            fail_msg("%s: entries after %llu were not taken: %s", source->stream, (unsigned long long)from,
                     outcome.kind == OUTCOME_IGNORED ? "ignored" : toy_reason(&outcome, &arena));
    }
    arena_free(&arena);
    return n > 0;
}
