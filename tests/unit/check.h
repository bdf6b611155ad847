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
