#pragma once
#include "tests/unit/toy.h"

/* source: a journal made by hand, to be followed by a machine under test: entries are appended one by one
 * as their service would have written them, and fed in portions of the test's choosing.
 *
 * Ownership  everything lives in the arena given to source_start(). */
struct source_entry { struct bytes stored; struct hash hash; };
struct source {
    const char *stream;
    struct arena *arena;
    struct uuid journal;
    struct source_entry *at; uint32_t n, room;
};
void source_start(struct source *source, const char *stream, struct arena *arena);
void source_add(struct source *source, const char *event, const struct msg_desc *desc, const void *body);
/* Feeds at most `most` entries after the machine's cursor; false: nothing was left. */
bool source_feed(struct source *source, struct machine *machine, uint32_t most);
