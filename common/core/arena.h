#pragma once
#include <stdarg.h>
#include "common/core/bytes.h"

/* arena: memory of one batch, one request or one message.
 *
 * Ownership  everything in it goes at once: arena_reset() keeps the first blocks for the next
 *            round (at most `keep` bytes), arena_free() gives all back. Nothing is freed by hand.
 * Threads    one thread uses an arena.
 * Errors     allocation never fails: memory that is not to be had ends the process. What comes
 *            from a peer is bounded before it gets here (msg_decode() takes a budget). */
struct arena { struct arena_block *block; size_t used, keep; };

void *arena_alloc(struct arena *arena, size_t n);            /* zeroed, aligned to 16 */
void *arena_copy(struct arena *arena, const void *at, size_t n);
char *arena_string(struct arena *arena, const char *at, size_t n);   /* adds the NUL */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct bytes arena_bytes(struct arena *arena, struct bytes from);
void arena_wipe(struct arena *arena);       /* what was given out becomes zero: for what must not stay in memory */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#define ARENA_NEW(arena, type)       ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_LIST(arena, type, n)   ((type *)arena_alloc((arena), sizeof(type) * (n)))
