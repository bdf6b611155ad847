#include "services/indicators/tutors.h"

#include "common/core/err.h"
#include "common/store/store.h"
#include "services/indicators/counting_parts.h"
#include "services/indicators/records.h"

struct tutor_load { struct worker worker; uint64_t *charges; };     /* by tutor column and year */
struct tutors {
    const struct rules *rules;
    uint32_t *slot;                                                 /* column → its place among the tutors' columns */
    uint32_t n, room;
    struct tutor_load *at;
};

/* Their cells only: the rest of a row is nobody's. */
static uint64_t *charges_of(const struct tutors *t, const uint64_t *cell, uint32_t columns, struct arena *arena)
{
    const struct rules *rules = t->rules;
    uint64_t *charges = ARENA_LIST(arena, uint64_t, columns * rules->years);

    for (uint32_t c = 0; c < rules->columns; c++)
        for (uint32_t y = 0; y < rules->years && rules->column[c].subject == SUBJECT_TUTOR; y++)
            charges[t->slot[c] * rules->years + y] = cell[cell_of(rules, c, y)];
    return charges;
}

const struct tutors *tutors_load(struct ctx *ctx, const struct rules *rules)
{
    struct tutors *t = ARENA_NEW(ctx->arena, struct tutors);
    uint64_t *cell = ARENA_LIST(ctx->arena, uint64_t, rules->cells);
    uint32_t columns = 0;
    struct bytes key, value;
    struct scan scan;

    t->rules = rules;
    t->slot = ARENA_LIST(ctx->arena, uint32_t, rules->columns);
    for (uint32_t c = 0; c < rules->columns; c++)
        if (rules->column[c].subject == SUBJECT_TUTOR)
            t->slot[c] = columns++;
    t->room = (uint32_t)txn_count(ctx->txn, T_TUTORS);
    t->at = ARENA_LIST(ctx->arena, struct tutor_load, t->room);
    scan_begin(&scan, ctx->txn, T_TUTORS, bytes(NULL, 0));
    while (t->n < t->room && scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        struct uuid id = key_read_uuid(&reader);
        struct key person = key_of_uuid(&id);
        struct tutor_load *load = &t->at[t->n++];
        if (txn_get(ctx->txn, T_WORKERS, key_bytes(&person), &value)
            && !worker_decode(arena_bytes(ctx->arena, value), ctx->arena, &load->worker)) {
            txn_fail(ctx->txn, ERR_CORRUPT);
            load->worker = (struct worker){ 0 };
        }
        counters_get(ctx, &id, cell);
        load->charges = charges_of(t, cell, columns, ctx->arena);
    }
    scan_end(&scan);
    return t;
}

bool tutor_in(const struct rules *rules, const struct worker *tutor, const struct uuid *unit, uint32_t year)
{
    day_t day = rules->ends[year];
    bool anywhere = false;

    if (uuid_equal(unit, &rules->profile->region->id))
        return true;
    for (uint32_t i = 0; i < tutor->posts.n; i++) {
        const struct worker_post *post = &tutor->posts.at[i];
        if (post->from > day || (post->until != 0 && post->until < day))
            continue;
        anywhere = true;
        if (place_has(&post->place, unit))
            return true;
    }
    for (uint32_t i = 0; i < tutor->tutorings.n && !anywhere; i++)
        if (place_has(&tutor->tutorings.at[i].place, unit))
            return true;
    return false;
}

bool tutor_in_office(const struct rules *rules, const struct worker *tutor, uint32_t column, uint32_t year)
{
    uint32_t kinds = rules->column[column].want.tutors;
    day_t day = rules->ends[year];

    for (uint32_t i = 0; i < tutor->tutorings.n; i++) {
        const struct worker_tutoring *own = &tutor->tutorings.at[i];
        if ((kinds == 0 || (kinds >> own->kind & 1) != 0) && own->from <= day && (own->until == 0 || day < own->until))
            return true;
    }
    return false;
}

struct corridor tutors_corridor(const struct tutors *t, const struct uuid *unit, uint32_t column, uint32_t year,
                                uint64_t at_least, uint64_t at_most, uint64_t *with)
{
    struct corridor c = { 0 };

    *with = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        uint64_t charges = t->at[i].charges[t->slot[column] * t->rules->years + year];
        if ((charges == 0 && !tutor_in_office(t->rules, &t->at[i].worker, column, year))
            || !tutor_in(t->rules, &t->at[i].worker, unit, year))
            continue;
        c.least = c.n == 0 || charges < c.least ? charges : c.least;
        c.greatest = charges > c.greatest ? charges : c.greatest;
        c.n++;
        c.sum += charges;
        *with += charges != 0;
        c.below += charges < at_least;
        c.above += at_most != 0 && charges > at_most;
    }
    return c;
}
