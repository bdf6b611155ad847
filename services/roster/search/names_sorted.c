#include <stdlib.h>

#include "common/core/log.h"
#include "services/roster/search/names_parts.h"

/* Entries in their order, in blocks of a page: putting one in moves half a block, not all of them. */

static bool before(const struct names_block *block, uint32_t i, uint64_t key, uint32_t slot)
{
    return block->key[i] < key || (block->key[i] == key && block->slot[i] < slot);
}

/* The last block whose first entry is not after; the first one of all otherwise. */
static uint32_t block_of(const struct names_sorted *sorted, uint64_t key, uint32_t slot)
{
    uint32_t low = 0, high = sorted->n;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        const struct names_block *block = sorted->block[middle];
        if (before(block, 0, key, slot) || (block->key[0] == key && block->slot[0] == slot))
            low = middle;
        else
            high = middle;
    }
    return low;
}

static uint32_t place_in(const struct names_block *block, uint64_t key, uint32_t slot)
{
    uint32_t low = 0, high = block->n;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (before(block, middle, key, slot))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct names_place sorted_find(const struct names_sorted *sorted, uint64_t key, uint32_t slot)
{
    if (sorted->n == 0)
        return (struct names_place){ 0, 0 };
    uint32_t block = block_of(sorted, key, slot);
    return (struct names_place){ block, place_in(sorted->block[block], key, slot) };
}

static struct names_block *block_add(struct names_sorted *sorted, struct locked *memory, uint32_t at)
{
    if (sorted->n == sorted->room) {
        uint32_t room = sorted->room == 0 ? 64 : sorted->room * 2;
        struct names_block **more = realloc(sorted->block, room * sizeof *more);
        if (more == NULL)
            log_die("names", "out of memory");
        sorted->block = more;
        sorted->room = room;
    }
    struct names_block *block = locked_alloc(memory, sizeof *block);
    if (block == NULL)
        return NULL;
    memmove(&sorted->block[at + 1], &sorted->block[at], (sorted->n - at) * sizeof *sorted->block);
    sorted->block[at] = block;
    sorted->n++;
    return block;
}

/* The upper half goes into a block behind it; at the very end only the new entry does, as when ids come in their order. */
static bool block_split(struct names_sorted *sorted, struct locked *memory, uint32_t at)
{
    struct names_block *full = sorted->block[at], *next = block_add(sorted, memory, at + 1);
    uint32_t kept = NAMES_BLOCK / 2, moved = NAMES_BLOCK - kept;

    if (next == NULL)
        return false;
    memcpy(next->key, full->key + kept, moved * sizeof *next->key);
    memcpy(next->slot, full->slot + kept, moved * sizeof *next->slot);
    memset(full->key + kept, 0, moved * sizeof *full->key);
    next->n = moved;
    full->n = kept;
    return true;
}

bool sorted_put(struct names_sorted *sorted, struct locked *memory, uint64_t key, uint32_t slot)
{
    if (sorted->n == 0 && block_add(sorted, memory, 0) == NULL)
        return false;
    uint32_t at = block_of(sorted, key, slot);
    if (sorted->block[at]->n == NAMES_BLOCK) {
        if (!block_split(sorted, memory, at))
            return false;
        at = block_of(sorted, key, slot);
    }
    struct names_block *block = sorted->block[at];
    uint32_t i = place_in(block, key, slot);
    if (i < block->n && block->key[i] == key && block->slot[i] == slot)
        return true;                            /* a name with one word twice */
    memmove(block->key + i + 1, block->key + i, (block->n - i) * sizeof *block->key);
    memmove(block->slot + i + 1, block->slot + i, (block->n - i) * sizeof *block->slot);
    block->key[i] = key;
    block->slot[i] = slot;
    block->n++;
    sorted->entries++;
    return true;
}

void sorted_take(struct names_sorted *sorted, struct locked *memory, uint64_t key, uint32_t slot)
{
    if (sorted->n == 0)
        return;
    uint32_t at = block_of(sorted, key, slot);
    struct names_block *block = sorted->block[at];
    uint32_t i = place_in(block, key, slot);
    if (i == block->n || block->key[i] != key || block->slot[i] != slot)
        return;
    block->n--;
    memmove(block->key + i, block->key + i + 1, (block->n - i) * sizeof *block->key);
    memmove(block->slot + i, block->slot + i + 1, (block->n - i) * sizeof *block->slot);
    block->key[block->n] = 0;
    sorted->entries--;
    if (block->n > 0)
        return;
    locked_free(memory, block, sizeof *block);
    sorted->n--;
    memmove(&sorted->block[at], &sorted->block[at + 1], (sorted->n - at) * sizeof *sorted->block);
}

void sorted_clear(struct names_sorted *sorted, struct locked *memory)
{
    for (uint32_t i = 0; i < sorted->n; i++)
        locked_free(memory, sorted->block[i], sizeof **sorted->block);
    free(sorted->block);
    *sorted = (struct names_sorted){ 0 };
}

uint64_t sorted_between(const struct names_sorted *sorted, struct names_place from, struct names_place to)
{
    if (from.block == to.block)
        return to.at > from.at ? to.at - from.at : 0;
    if (from.block > to.block || from.block >= sorted->n)
        return 0;
    return (uint64_t)(to.block - from.block) * NAMES_BLOCK * 3 / 4;
}
