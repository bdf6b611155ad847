#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* bytes: a view of memory that somebody else owns.
 * buf:   memory that grows, owned by its holder; buf_free() gives it back and leaves an empty one.
 *
 * Errors     a buf that cannot grow ends the process (what was not answered was never half
 *            done); what a peer can make it hold is bounded by the limits of messages. */
struct bytes { const void *at; size_t n; };

static inline struct bytes bytes(const void *at, size_t n) { return (struct bytes){ at, n }; }
static inline struct bytes bytes_of(const char *text)      { return (struct bytes){ text, text != NULL ? strlen(text) : 0 }; }
static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

struct buf { uint8_t *at; size_t n, room; };

void buf_put(struct buf *buf, const void *at, size_t n);
void buf_byte(struct buf *buf, uint8_t byte);
void buf_text(struct buf *buf, const char *text);
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_reserve(struct buf *buf, size_t more);
void buf_free(struct buf *buf);
static inline void buf_clear(struct buf *buf)              { buf->n = 0; }
static inline struct bytes buf_bytes(const struct buf *buf){ return (struct bytes){ buf->at, buf->n }; }
const char *buf_string(struct buf *buf);    /* NUL-terminated, valid until the next change */
