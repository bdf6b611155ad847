#pragma once
#include "tests/unit/check.h"

#include "common/core/arena.h"

/* own_arena: memory of a whole test program, and the group's teardown that gives it back. */
static struct arena arena;

static inline int arena_forget(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}
