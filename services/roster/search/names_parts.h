#pragma once
#include "services/roster/search/names.h"

/* names_parts: what the files of the index share: sorted blocks of (key, slot), and who stands in a slot. */
#define NAMES_BLOCK 340
struct names_block { uint32_t n; uint32_t slot[NAMES_BLOCK]; uint64_t key[NAMES_BLOCK]; };
_Static_assert(sizeof(struct names_block) <= LOCKED_PIECE, "a block is one piece");

struct names_sorted { struct names_block **block; uint32_t n, room; uint64_t entries; };
struct names_place { uint32_t block, at; };

bool sorted_put(struct names_sorted *sorted, struct locked *memory, uint64_t key, uint32_t slot);   /* false: no room */
void sorted_take(struct names_sorted *sorted, struct locked *memory, uint64_t key, uint32_t slot);
void sorted_clear(struct names_sorted *sorted, struct locked *memory);
/* The first entry that is not before (key, slot); sorted_at() is NULL-like (false) past the last. */
struct names_place sorted_find(const struct names_sorted *sorted, uint64_t key, uint32_t slot);
static inline bool sorted_at(const struct names_sorted *sorted, struct names_place *place, uint64_t *key, uint32_t *slot)
{
    if (place->block < sorted->n && place->at == sorted->block[place->block]->n)
        *place = (struct names_place){ place->block + 1, 0 };
    if (place->block >= sorted->n)
        return false;
    *key = sorted->block[place->block]->key[place->at];
    *slot = sorted->block[place->block]->slot[place->at];
    return true;
}
/* About how many entries lie between: blocks are half full at least, mostly. */
uint64_t sorted_between(const struct names_sorted *sorted, struct names_place from, struct names_place to);

/* One person: his id, and his folded name in locked memory. */
struct names_slot { struct uuid id; char *text; uint32_t n, seen, next; };    /* n: bytes of the text and its zero; next: of those free */
#define NAMES_NONE UINT32_MAX

struct names {
    pthread_mutex_t lock;
    struct locked *memory;
    bool unlocked;
    enum names_phase phase;
    bool begun; struct uuid after;          /* building: who was the last one */
    uint64_t floor;                         /* building: from a state that has this entry */
    struct names_sorted words, ids;
    struct names_slot *slot; uint32_t slots, room, free, people;
    uint32_t search;                        /* its number stands in `seen` of those it has met */
    struct names_marked *mark; uint32_t marks;
};

uint32_t names_slot(const struct names *names, const struct uuid *id);      /* NAMES_NONE: not there */
/* The first eight bytes of a word, so that their order is that of the words; `fill` stands where it is shorter. */
uint64_t names_key(const char *word, size_t n, uint8_t fill);
