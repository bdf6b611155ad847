#pragma once
#include "common/journal/journal.h"

/* feed: the source's side of following. Given a cursor and what the follower may see, the next whole
 * groups within its credit, read from the store at send time; nothing is queued for anybody.
 *
 * Scope      a follower sees entries that are public, and those that carry one of its scope ids; an
 *            entry lists all ids above its subject, so "below mine in the tree" is one comparison. */
struct reach { bool all; uint32_t n; struct uuid id[ENTRY_SCOPES_MAX]; };
bool reach_sees(const struct reach *reach, const struct uuid *scope, uint32_t n);

struct feed_wish {
    struct cursor cursor;
    const char *const *prefixes; uint32_t prefix_count;     /* 0: all */
    struct reach reach;
    uint64_t entries, bytes;                                /* credit left */
};

/* One ENTRIES message, encoded into out. ERR_FORK when the cursor is not of this history;
 * ERR_NOTFOUND when the cursor is of another journal. `*cursor` moves to the last examined entry,
 * `sent` counts entries, `at_head` says nothing is left. At most FEED_SCAN_MAX entries are looked at. */
#define FEED_SCAN_MAX  4096
#define FEED_BYTES_MAX (240 * 1024)
struct feed_result { struct cursor cursor; uint64_t sent, sent_bytes; bool at_head; };
int feed_next(struct store *store, const struct meta *meta, const struct feed_wish *wish,
              struct arena *arena, struct buf *out, struct feed_result *result);
/* A cursor before the first entry of whatever journal the source has. */
struct cursor cursor_start(void);
