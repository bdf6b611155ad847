#include "services/indicators/counting.h"

/* Adding up marks by unit: the difference that one entry makes, or all records at once. */

void tally_start(struct tally *tally, const struct rules *rules, struct arena *arena)
{
    *tally = (struct tally){ .rules = rules, .arena = arena, .slots = 32 };
    tally->slot = ARENA_LIST(arena, uint32_t, tally->slots);
}

/* Where the unit is, or the empty slot where it would be. Identifiers given by hand may be alike but for
 * a byte anywhere, hence the multiplication. */
static uint32_t slot_of(const struct tally *tally, const struct uuid *unit)
{
    uint64_t half[2];

    memcpy(half, unit->b, sizeof half);
    uint64_t hash = (half[0] * UINT64_C(0x9e3779b97f4a7c15) ^ half[1]) * UINT64_C(0xff51afd7ed558ccd);
    for (uint32_t at = (uint32_t)(hash >> 32) & (tally->slots - 1); ; at = (at + 1) & (tally->slots - 1))
        if (tally->slot[at] == 0 || uuid_equal(&tally->at[tally->slot[at] - 1].unit, unit))
            return at;
}

static void tally_grow(struct tally *tally)
{
    tally->room = tally->room != 0 ? tally->room * 2 : 16;
    struct tally_unit *at = ARENA_LIST(tally->arena, struct tally_unit, tally->room);
    if (tally->n != 0)
        memcpy(at, tally->at, tally->n * sizeof *at);
    tally->at = at;
    tally->slots = tally->room * 2;                 /* at most half full */
    tally->slot = ARENA_LIST(tally->arena, uint32_t, tally->slots);
    for (uint32_t i = 0; i < tally->n; i++)
        tally->slot[slot_of(tally, &tally->at[i].unit)] = i + 1;
}

void tally_add(struct tally *tally, const struct marks *marks, int sign)
{
    for (uint32_t i = 0; i < marks->n; i++) {
        const struct unit_marks *from = &marks->at[i];
        if (tally->n == tally->room)
            tally_grow(tally);
        uint32_t slot = slot_of(tally, &from->unit);
        if (tally->slot[slot] == 0) {
            tally->at[tally->n] = (struct tally_unit){
                from->unit, ARENA_LIST(tally->arena, int64_t, tally->rules->cells) };
            tally->slot[slot] = ++tally->n;
        }
        struct tally_unit *to = &tally->at[tally->slot[slot] - 1];
        for (uint32_t word = 0; word <= tally->rules->cells / 64; word++)
            for (uint64_t bits = from->bits[word]; bits != 0; bits &= bits - 1)
                to->cell[word * 64 + (uint32_t)__builtin_ctzll(bits)] += sign;
    }
}

const struct tally_unit *tally_find(const struct tally *tally, const struct uuid *unit)
{
    uint32_t slot = slot_of(tally, unit);

    return tally->slot[slot] != 0 ? &tally->at[tally->slot[slot] - 1] : NULL;
}
