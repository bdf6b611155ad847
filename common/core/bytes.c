#include "common/core/bytes.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/core/log.h"

#define BUF_ROOM_MIN 256       /* a header or a small record, without growing on the way */

void buf_reserve(struct buf *buf, size_t more)
{
    if (more <= buf->room - buf->n)
        return;
    size_t room = buf->room < BUF_ROOM_MIN ? BUF_ROOM_MIN : buf->room;
    while (room - buf->n < more) {
        if (room > SIZE_MAX / 4)
            log_die("buf", "%zu more bytes asked for", more);
        room *= 2;
    }
    uint8_t *at = realloc(buf->at, room);
    if (at == NULL)
        log_die("buf", "out of memory for %zu bytes", room);
    buf->at = at;
    buf->room = room;
}

void buf_put(struct buf *buf, const void *at, size_t n)
{
    if (n == 0)
        return;
    buf_reserve(buf, n);
    memcpy(buf->at + buf->n, at, n);
    buf->n += n;
}

void buf_byte(struct buf *buf, uint8_t byte)
{
    buf_reserve(buf, 1);
    buf->at[buf->n++] = byte;
}

void buf_text(struct buf *buf, const char *text)
{
    buf_put(buf, text, strlen(text));
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);
    buf_reserve(buf, (size_t)n + 1);
    vsnprintf((char *)buf->at + buf->n, (size_t)n + 1, format, again);
    va_end(again);
    buf->n += (size_t)n;
}

void buf_free(struct buf *buf)
{
    free(buf->at);
    *buf = (struct buf){ 0 };
}

const char *buf_string(struct buf *buf)
{
    buf_reserve(buf, 1);
    buf->at[buf->n] = '\0';
    return (const char *)buf->at;
}
