#pragma once
/* check: cmocka with what it wants included before it, and the few shorthands the unit tests share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(list)     (sizeof(list) / sizeof *(list))
#define LITERAL(text)   ((struct bytes){ (text), sizeof(text) - 1 })

/* `more` behind a text that has `room` bytes; one that does not fit is a fault of the test. */
static inline void text_append(char *text, size_t room, const char *more)
{
    size_t n = strlen(text), added = strlen(more);
    assert_true(added < room - n);
    memcpy(text + n, more, added + 1);
}
