#include "common/core/arena.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/core/log.h"

/* Under AddressSanitizer what was not given out is poisoned, with a gap after each piece, so that
 * running past a piece of an arena is seen as running past a malloc()ed one would be. */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_WATCHED 1
#endif
#endif
#ifdef ARENA_WATCHED
#include <sanitizer/asan_interface.h>
#define GAP             ALIGN
#define HIDE(at, n)     ASAN_POISON_MEMORY_REGION(at, n)
#define SHOW(at, n)     ASAN_UNPOISON_MEMORY_REGION(at, n)
#else
#define GAP             0
#define HIDE(at, n)     ((void)(at), (void)(n))
#define SHOW(at, n)     ((void)(at), (void)(n))
#endif

#define ALIGN           ((size_t)16)
#define BLOCK_MIN       ((size_t)4096)
#define BLOCK_MAX       ((size_t)1 << 20)

/* The blocks form a chain in both directions; those after the current one were kept by a reset. */
struct arena_block {
    struct arena_block *before, *after;
    size_t room;
    unsigned char at[] __attribute__((aligned(16)));
};

static struct arena_block *block_add(struct arena *arena, size_t need)
{
    struct arena_block *last = arena->block;
    size_t room = BLOCK_MIN;

    if (last != NULL)
        room = last->room < BLOCK_MAX / 2 ? last->room * 2 : BLOCK_MAX;
    if (room < need)
        room = need;
    struct arena_block *block = malloc(sizeof *block + room);
    if (block == NULL)
        log_die("arena", "out of memory for %zu bytes", room);
    *block = (struct arena_block){ .before = last, .room = room };
    if (last != NULL) {
        block->after = last->after;
        last->after = block;
    }
    if (block->after != NULL)
        block->after->before = block;
    HIDE(block->at, room);
    return block;
}

void *arena_alloc(struct arena *arena, size_t n)
{
    if (n > SIZE_MAX / 4)
        log_die("arena", "%zu bytes asked for", n);
    size_t need = (n + ALIGN - 1) / ALIGN * ALIGN + GAP;
    if (arena->block == NULL || arena->block->room - arena->used < need) {
        struct arena_block *next = arena->block != NULL ? arena->block->after : NULL;
        arena->block = next != NULL && next->room >= need ? next : block_add(arena, need);
        arena->used = 0;
    }
    void *at = arena->block->at + arena->used;
    arena->used += need;
    SHOW(at, n);
    return memset(at, 0, n);
}

void *arena_copy(struct arena *arena, const void *at, size_t n)
{
    void *copy = arena_alloc(arena, n);
    if (n > 0)
        memcpy(copy, at, n);
    return copy;
}

char *arena_string(struct arena *arena, const char *at, size_t n)
{
    char *copy = arena_alloc(arena, n + 1);
    if (n > 0)
        memcpy(copy, at, n);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);
    char *text = arena_alloc(arena, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

struct bytes arena_bytes(struct arena *arena, struct bytes from)
{
    return bytes(arena_copy(arena, from.at, from.n), from.n);
}

static struct arena_block *block_first(const struct arena *arena)
{
    struct arena_block *block = arena->block;
    while (block != NULL && block->before != NULL)
        block = block->before;
    return block;
}

/* The unused end of a block too; until the reset running past a piece goes unseen there. */
void arena_wipe(struct arena *arena)
{
    struct arena_block *block = block_first(arena);

    for (; block != NULL; block = block != arena->block ? block->after : NULL) {
        SHOW(block->at, block->room);
        explicit_bzero(block->at, block->room);
    }
}

void arena_reset(struct arena *arena)
{
    struct arena_block *block = block_first(arena), *kept = NULL;
    size_t left = arena->keep;

    for (struct arena_block *after; block != NULL; block = after) {
        after = block->after;
        if (block->room > left) {
            free(block);
            continue;
        }
        left -= block->room;
        HIDE(block->at, block->room);
        block->before = kept;
        block->after = NULL;
        if (kept != NULL)
            kept->after = block;
        kept = block;
    }
    arena->block = kept;
    arena->block = block_first(arena);
    arena->used = 0;
}

void arena_free(struct arena *arena)
{
    for (struct arena_block *block = block_first(arena), *after; block != NULL; block = after) {
        after = block->after;
        free(block);
    }
    arena->block = NULL;
    arena->used = 0;
}
